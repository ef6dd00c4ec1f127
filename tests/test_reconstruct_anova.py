"""F of several groups from means and SDs, and back, against random values, raw data and the two-group case."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

import ketastats as ks
from ketastats.numerics.between_groups import between_range
from ketastats.reconstruct import anova, means

N, MEANS, SDS = [20, 22, 19], ["5.1", "4.2", "6.0"], ["1.9", "2.2", "2.0"]


def ends(texts):
    intervals = [ks.Reported(text).interval for text in texts]
    return np.array([float(x.low) for x in intervals]), np.array([float(x.high) for x in intervals])


def between(m, n):
    centre = (m * n).sum(axis=-1, keepdims=True) / n.sum()
    return (n * (m - centre) ** 2).sum(axis=-1)


def inside(rng, texts, size):
    low, high = ends(texts)
    values = rng.uniform(low, high, (size, low.size))
    # A third of the values at an end of its interval, where extremes lie.
    pick = rng.integers(0, 6, values.shape)
    return np.where(pick == 0, low, np.where(pick == 1, high, values))


@pytest.mark.parametrize(
    ("n", "centres", "sds"),
    [
        (N, MEANS, SDS),
        ([5, 9, 6, 7], ["1.0", "1.1", "0.9", "1.2"], ["1", "1", "2", "1"]),
        ([8, 30], ["3", "4"], ["2", "1"]),
    ],
)
def test_ranges_are_those_of_all_values_in_the_rounding_boxes(n, centres, sds):
    rng = np.random.default_rng(1)
    m, s, size = inside(rng, centres, 300_000), inside(rng, sds, 300_000), np.array(n)
    df1, df2 = len(n) - 1, sum(n) - len(n)
    b, w = between(m, size), ((size - 1) * s**2).sum(axis=1) / df2
    f = b / df1 / w
    found = anova(n=n, means=centres, sds=sds)
    for name, value in (
        ("f", f),
        ("between", b),
        ("within", w),
        ("sd", np.sqrt(w)),
        ("eta_squared", b / (b + df2 * w)),
    ):
        low, high = getattr(found, f"{name}_low"), getattr(found, f"{name}_high")
        assert low - 1e-9 <= value.min(), name
        assert value.max() <= high + 1e-9, name
        assert value.max() - value.min() >= 0.93 * (high - low), name
    assert found.p_low == pytest.approx(stats.f.sf(found.f_high, df1, df2), rel=1e-10)
    assert found.p_high == pytest.approx(stats.f.sf(found.f_low, df1, df2), rel=1e-10)


def test_the_smallest_sum_of_squares_is_not_at_a_corner():
    low, high = np.array([0.5, 0.0, 2.0, 1.4]), np.array([1.5, 3.0, 3.0, 1.6])
    n = np.array([4.0, 9.0, 2.0, 7.0])
    grids = np.meshgrid(*[np.linspace(a, b, 21) for a, b in zip(low, high, strict=True)], indexing="ij")
    values = between(np.stack([grid.ravel() for grid in grids], axis=1), n)
    corners = between(np.array([[low[i] if code >> i & 1 else high[i] for i in range(4)] for code in range(16)]), n)
    least, most = between_range(low, high, n)
    assert most == pytest.approx(corners.max(), rel=1e-12)
    assert least <= values.min() + 1e-12
    assert least == pytest.approx(values.min(), abs=2e-2)
    assert corners.min() > least + 0.1
    assert between_range(low, np.maximum(high, 2.0), n)[0] == 0.0


def test_two_groups_are_the_t_test():
    one = anova(n=[16, 28], means=["42.25", "38.21"], sds=["12.49", "16.13"])
    two = means(n1=16, n2=28, mean1="42.25", sd1="12.49", mean2="38.21", sd2="16.13")
    assert (one.f_low, one.f_high) == pytest.approx((two.t_low[0] ** 2, two.t_high[0] ** 2), rel=1e-10)
    assert (one.p_low, one.p_high) == pytest.approx((two.p_low[0], two.p_high[0]), rel=1e-10)
    assert (one.sd_low, one.sd_high) == pytest.approx((two.sd_low[0], two.sd_high[0]), rel=1e-12)


@pytest.mark.parametrize("seed", range(6))
def test_the_true_data_are_in_their_own_reconstruction(seed):
    rng = np.random.default_rng(seed)
    n = rng.integers(3, 20, rng.integers(3, 6))
    data = [rng.normal(10 + rng.normal(), 3.0, size) for size in n]
    f, p = stats.f_oneway(*data)
    m, s = [f"{x.mean():.1f}" for x in data], [f"{x.std(ddof=1):.1f}" for x in data]
    ses = [f"{x.std(ddof=1) / math.sqrt(x.size):.2f}" for x in data]
    for given_ in ({"sds": s}, {"ses": ses}, {"sds": s, "ses": ses}, {}):
        found = anova(n=n, means=m, f=f"{f:.2f}", p=f"{p:.3f}", **given_)
        assert found
        assert found.f_low - 1e-9 <= f <= found.f_high + 1e-9
        assert found.p_low - 1e-12 <= p <= found.p_high + 1e-12
        for low, x, high in zip(found.group_sd_low, data, found.group_sd_high, strict=True):
            assert low - 1e-9 <= x.std(ddof=1) <= high + 1e-9


# ------------------------------------------------------------------------------------------------- unknown group sizes
def test_unknown_sizes_are_all_choices_of_known_ones():
    found = anova(n=[None, None, 5], total=14, means=["5.1", "4.2", "6.0"], sds=["1.9", "2.2", "2.0"], p="0.4")
    each = [
        anova(n=[k, 9 - k, 5], means=["5.1", "4.2", "6.0"], sds=["1.9", "2.2", "2.0"], p="0.4") for k in range(2, 8)
    ]
    left = [one for one in each if one]
    assert 0 < len(left) < len(each) == found.possible_sizes
    assert found.sizes.tolist() == [one.n.tolist() for one in left]
    for name in ("f", "p", "eta_squared", "between", "within", "sd"):
        lows, highs = ([getattr(one, f"{name}_{end}") for one in left] for end in ("low", "high"))
        assert (getattr(found, f"{name}_low"), getattr(found, f"{name}_high")) == pytest.approx(
            (min(lows), max(highs)), rel=1e-9
        )
        assert found.by_sizes()[f"{name}_low"].tolist() == pytest.approx(lows, rel=1e-9)
    assert found.n.tolist() == [0, 0, 5]
    assert found.group_sd_low.tolist() == pytest.approx(np.min([one.group_sd_low for one in left], axis=0).tolist())
    assert f"{len(left)} of 6 choices of group sizes" in found.identifiability
    assert found.marginal("n3")["n3"].tolist() == [5]
    assert len(found.draw(4, rng=1)) == 4


def test_two_groups_of_unknown_size_are_the_t_test():
    known = {"mean1": "42.25", "sd1": "12.49", "mean2": "38.21", "sd2": "16.13"}
    one = anova(n=[None, None], total=44, means=["42.25", "38.21"], sds=["12.49", "16.13"], p="0.393")
    two = means(n=44, **known, p="0.393")
    assert one.sizes[:, 0].tolist() == two.n1.tolist()
    f_low, f_high = one.by_sizes()["f_low"].to_numpy(), one.by_sizes()["f_high"].to_numpy()
    np.testing.assert_allclose(f_low, two.t_low**2, rtol=1e-9)
    np.testing.assert_allclose(f_high, two.t_high**2, rtol=1e-9)


def test_a_range_of_sizes_and_what_cannot_add_up():
    found = anova(n=[range(3, 6), range(3, 6), None], total=12, f="2.0")
    assert {tuple(row) for row in found.sizes.tolist()} == {(a, b, 12 - a - b) for a in (3, 4, 5) for b in (3, 4, 5)}
    with pytest.raises(ks.InvalidArgument, match=r"^total is"):
        anova(n=[3, None, None], f="2.0")
    with pytest.raises(ks.InvalidArgument, match=r"^total is"):
        anova(n=[3, 4, 5], total=13, f="2.0")
    with pytest.raises(ks.InvalidArgument, match=r"^n is"):
        anova(n=[range(1, 3), range(1, 3)], total=3, sds=["1.0", "1.0"], f="2.0")
    with pytest.raises(ks.BudgetExceeded, match="group sizes"):
        anova(n=[None] * 5, total=200, means=["1", "2", "3", "4", "5"])


def test_one_mean_that_was_not_printed_follows_from_f():
    found = anova(n=N, means=["5.10", None, "6.00"], sds=["1.9", "2.2", "2.0"], f="4.02")
    rng = np.random.default_rng(3)
    draws = inside(rng, ["5.10", "6.00"], 400_000)
    m = np.stack([draws[:, 0], rng.uniform(0, 9, draws.shape[0]), draws[:, 1]], axis=1)
    within = ((np.array(N) - 1) * inside(rng, SDS, draws.shape[0]) ** 2).sum(axis=1) / 58
    f = between(m, np.array(N)) / 2 / within
    seen = m[(f >= 4.015) & (f <= 4.025), 1]
    assert seen.size > 100
    low, high = found.group_mean_low[1], found.group_mean_high[1]
    assert low <= seen.min() <= low + 0.1
    assert high - 0.1 <= seen.max() <= high
    free = anova(n=N, means=["5.10", None, "6.00"], sds=SDS)
    assert (free.f_high, free.group_mean_low[1], free.group_mean_high[1]) == (math.inf, -math.inf, math.inf)
    # Without the second group the two others differ at least so much.
    assert free.between_low == pytest.approx(20 * 19 / 39 * (5.995 - 5.105) ** 2, rel=1e-9)
    assert anova(n=N, means=[None, None, "6.00"], f="4.02").between_low == 0.0


def test_where_is_everything_at_once_and_says_what_it_removed():
    found = anova(n=[20, None, None], total=61, means=MEANS, sd="2.04")
    narrowed = found.where(f="4.02", sds=["1.9", None, None])
    together = anova(n=[20, None, None], total=61, means=MEANS, sd="2.04", f="4.02", sds=["1.9", None, None])
    assert narrowed.sizes.tolist() == together.sizes.tolist()
    assert narrowed.to_frame().equals(together.to_frame())
    assert narrowed.steps[0].endswith(f"removed {len(found) - len(narrowed)} of {len(found)} rows")
    assert narrowed.steps[0] + "." in narrowed.summary()
    twice = narrowed.where(f="4.020")
    assert list(twice.printed)[-1] == "f (2)"
    assert twice.f_low >= 4.0195
    gone = narrowed.where(eta_squared="0.12", p="0.5")
    assert (bool(gone), gone.emptied_by) == (False, "p = 0.5")
    assert gone.where(f="4").emptied_by == "p = 0.5"
    assert gone.to_frame().empty
    for wrong in ({}, {"mean": "3"}, {"means": ["1", "2"]}, {"rounding": "odd", "f": "4"}):
        with pytest.raises(ks.KetastatsError):
            found.where(**wrong)
    with pytest.raises(ks.InvalidArgument, match="name"):
        found.marginal("n4")


@pytest.mark.parametrize("seed", range(2))
def test_the_truth_is_inside_with_unknown_sizes_and_missing_numbers(seed):
    rng = np.random.default_rng(seed)
    n = rng.integers(2, 9, 3)
    data = [rng.normal(10 + 2 * rng.normal(), 3.0, size) for size in n]
    f, p = stats.f_oneway(*data)
    m, s = [f"{x.mean():.1f}" for x in data], [f"{x.std(ddof=1):.1f}" for x in data]
    for given_ in (
        {"means": m, "sds": s},
        {"means": [m[0], None, m[2]], "sds": s, "p": f"{p:.3f}"},
        {"means": m, "sds": [s[0], None, s[2]], "f": f"{f:.2f}"},
        {"f": f"{f:.2f}", "means": m},
    ):
        found = anova(n=[None, None, None], total=int(n.sum()), **given_)
        assert n.tolist() in found.sizes.tolist()
        row = found.by_sizes().iloc[found.sizes.tolist().index(n.tolist())]
        assert row["f_low"] - 1e-9 <= f <= row["f_high"] + 1e-9
        for at, x in enumerate(data):
            assert found.group_sd_low[at] - 1e-9 <= x.std(ddof=1) <= found.group_sd_high[at] + 1e-9
            assert found.group_mean_low[at] - 1e-9 <= x.mean() <= found.group_mean_high[at] + 1e-9


def test_one_sd_that_was_not_printed_follows_from_f():
    found = anova(n=N, means=MEANS, sds=["1.90", None, "2.00"], f="4.02")
    rng = np.random.default_rng(2)
    m, size = inside(rng, MEANS, 200_000), np.array(N)
    f, s1, s3 = (
        rng.uniform(4.015, 4.025, m.shape[0]),
        rng.uniform(1.895, 1.905, m.shape[0]),
        rng.uniform(1.995, 2.005, m.shape[0]),
    )
    s2 = np.sqrt((58 * between(m, size) / 2 / f - 19 * s1**2 - 18 * s3**2) / 21)
    assert found.group_sd_low[1] <= s2.min()
    assert s2.max() <= found.group_sd_high[1]
    assert s2.max() - s2.min() > 0.95 * (found.group_sd_high[1] - found.group_sd_low[1])


def test_p_and_eta_squared_are_read_as_ranges_of_f():
    by_p = anova(n=N, p="0.023")
    assert (by_p.f_low, by_p.f_high) == pytest.approx(
        (stats.f.isf(0.0235, 2, 58), stats.f.isf(0.0225, 2, 58)), rel=1e-10
    )
    assert math.isinf(by_p.sd_high)
    by_share = anova(n=N, eta_squared="0.12", means=MEANS)
    assert by_share.f_low == pytest.approx(0.115 / 0.885 * 29, rel=1e-12)
    tiny = anova(n=N, p="< 1e-300")
    assert tiny.p_high == pytest.approx(1e-300, rel=1e-9)


def test_a_contradiction_names_its_cause():
    found = anova(n=N, means=MEANS, sds=SDS, f="5.9", p="0.01")
    assert (len(found), found.emptied_by) == (0, "f = 5.9")
    assert "leaves nothing" in found.summary()
    assert len(found.to_frame()) == 0
    assert anova(n=N, sds=SDS, ses=["0.5", "0.4", "0.4"]).emptied_by == "ses = 0.5, 0.4, 0.4"


def test_table_and_words():
    found = anova(n=N, means=MEANS, sds=SDS)
    frame = found.to_frame()
    assert frame["quantity"].tolist() == [
        "f",
        "p",
        "eta_squared",
        "between",
        "within",
        "sd",
        *["group_sd"] * 3,
        *["group_mean"] * 3,
    ]
    assert frame["group"].tolist() == [0] * 6 + [1, 2, 3] * 2
    assert "3 groups with means = 5.1, 4.2, 6.0" in found.identifiability


@settings(max_examples=8)
@given(st.lists(st.tuples(st.integers(2, 30), st.integers(-50, 50), st.integers(1, 40)), min_size=2, max_size=5))
def test_digits_narrow_order_does_not_matter_and_more_never_widens(groups):
    n = [group[0] for group in groups]
    coarse = {"means": [f"{m / 10:.1f}" for _, m, _ in groups], "sds": [f"{s / 10:.1f}" for _, _, s in groups]}
    fine = {"means": [f"{m / 10:.2f}" for _, m, _ in groups], "sds": [f"{s / 10:.2f}" for _, _, s in groups]}
    wide, narrow = anova(n=n, **coarse), anova(n=n, **fine)
    assert wide.f_low <= narrow.f_low + 1e-9
    assert narrow.f_high <= wide.f_high * (1 + 1e-9)
    turned = anova(n=n[::-1], means=coarse["means"][::-1], sds=coarse["sds"][::-1])
    assert (turned.f_low, turned.f_high) == pytest.approx((wide.f_low, wide.f_high), rel=1e-9, abs=1e-12)
    more = anova(n=n, **coarse, p="0.5")
    if more:
        assert wide.f_low - 1e-9 <= more.f_low <= more.f_high <= wide.f_high * (1 + 1e-9)


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"means": None}, "f"),
        ({"n": 20}, "n"),
        ({"n": [20]}, "n"),
        ({"n": [1, 1, 1]}, "n"),
        ({"n": [20, 22, 0]}, "n"),
        ({"means": ["5.1", "4.2"]}, "means"),
        ({"means": ["5.1", 4.2, "6.0"]}, r"means\[1\]"),
        ({"means": ["5.1", "< 4.2", "6.0"]}, r"means\[1\]"),
        ({"sds": ["5.1", "-4.2", "6.0"]}, r"sds\[1\]"),
        ({"sds": "5.1"}, "sds"),
        ({"n": [20, 1, 19], "sds": SDS}, r"sds\[1\]"),
        ({"f": "-1"}, "f"),
        ({"p": "1.5"}, "p"),
        ({"eta_squared": "1.5"}, "eta_squared"),
        ({"budget": 0}, "budget"),
    ],
)
def test_bad_arguments_are_named(change, name):
    with pytest.raises(ks.KetastatsError, match=rf"^{name} is"):
        anova(**({"n": N, "means": MEANS} | change))


def test_many_groups_are_counted_first():
    with pytest.raises(ks.BudgetExceeded, match="1,073,741,824 combinations"):
        anova(n=[5] * 30, means=["1.0"] * 30)
    assert anova(n=[5] * 30, f="1.2")
