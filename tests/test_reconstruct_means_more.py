"""Ranges from any mix of summaries of two groups, by Student's and by Welch's test, against random values and data."""

from __future__ import annotations

import math
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

import ketastats as ks
from ketastats.numerics.vertices import corners, half_space, least_maximum
from ketastats.reconstruct import means

BOTH = ("student", "welch")
NAMES = ("t", "df", "p", "d", "difference", "se", "sd", "sd1", "sd2", "mean1", "mean2")


def computed(m1, s1, n1, m2, s2, n2, test):
    """Everything that a program would print, from the formulas of a textbook."""
    v1, v2 = s1**2 / n1, s2**2 / n2
    pooled = np.sqrt(((n1 - 1) * s1**2 + (n2 - 1) * s2**2) / (n1 + n2 - 2))
    if test == "student":
        se, df = pooled * math.sqrt(1 / n1 + 1 / n2), n1 + n2 - 2 + 0 * s1
    else:
        se, df = np.sqrt(v1 + v2), (v1 + v2) ** 2 / (v1**2 / (n1 - 1) + v2**2 / (n2 - 1))
    t = (m1 - m2) / se
    values = (t, df, 2 * stats.t.sf(np.abs(t), df), (m1 - m2) / pooled, m1 - m2, se, pooled, s1, s2, m1, m2)
    return dict(zip(NAMES, values, strict=True))


def printed_of(values, test, places, what, level=0.95, n=(0, 0)):
    """The keywords for some of the values, as they would be printed."""
    half = stats.t.isf(0.5 - level / 2, values["df"]) * values["se"]
    limits = {"ci": (values["difference"] - half, values["difference"] + half)}
    for group, size in zip("12", n, strict=True):
        width = stats.t.isf(0.5 - level / 2, size - 1) * values[f"sd{group}"] / math.sqrt(size)
        limits[f"ci{group}"] = (values[f"mean{group}"] - width, values[f"mean{group}"] + width)
    out = {}
    for name in what:
        if name in limits:
            out[name] = tuple(f"{end:.{places}f}" for end in limits[name])
            out["level"] = level
        elif name[:-1] == "se":
            size = n[int(name[-1]) - 1]
            out[name] = f"{values[f'sd{name[-1]}'] / math.sqrt(size):.{places}f}"
        else:
            out[name] = f"{values[name]:.{places}f}"
    return out | {"test": test}


def inside(found, at, values, slack=1e-9):
    for name in NAMES:
        low, high = getattr(found, f"{name}_low")[at], getattr(found, f"{name}_high")[at]
        value = values[name]
        if name in ("t", "d", "difference") and not found.sign_known:
            value = abs(value)
        margin = slack * (1 + abs(value))
        assert low - margin <= value <= high + margin, (name, low, value, high)


# --------------------------------------------------------------------------- the true data are in their own set
MIXES = [
    ("mean1", "sd1", "mean2", "sd2"),
    ("mean1", "sd1", "mean2", "sd2", "p"),
    ("mean1", "se1", "mean2", "se2", "t"),
    ("mean1", "ci1", "mean2", "ci2", "p"),
    ("ci1", "ci2"),
    ("mean1", "sd1", "mean2", "p"),
    ("mean1", "mean2", "p"),
    ("difference", "p"),
    ("difference", "se", "d"),
    ("sd1", "sd2", "ci"),
    ("sd1", "sd2", "t"),
    ("d", "p"),
    ("p", "sd1", "mean1"),
]


MIXES_AND_TESTS = [
    (what, test) for at, what in enumerate(MIXES) for test in (BOTH if at % 3 == 1 else BOTH[at % 2 :][:1])
]


@pytest.mark.parametrize(
    ("what", "test"), MIXES_AND_TESTS, ids=["+".join([*mix, test]) for mix, test in MIXES_AND_TESTS]
)
def test_the_true_data_are_in_their_own_reconstruction(what, test):
    rng = np.random.default_rng(len("".join(what)))
    for n1, n2, places in [(9, 23, 1), (40, 12, 2)][len(what) % 2 :]:
        a, b = rng.normal(12.0, 3.0, n1), rng.normal(10.5, 5.0, n2)
        values = computed(a.mean(), a.std(ddof=1), n1, b.mean(), b.std(ddof=1), n2, test)
        found = means(n1=n1, n2=n2, **printed_of(values, test, places, what, n=(n1, n2)))
        assert found
        at = (
            0
            if len(found) == 1
            else int(np.nonzero((found.t_low <= values["t"]) & (values["t"] <= found.t_high))[0][0])
        )
        inside(found, at, values)


@pytest.mark.parametrize("test", BOTH)
def test_the_true_split_is_among_all_splits(test):
    rng = np.random.default_rng(8)
    a, b = rng.normal(12.0, 3.0, 5), rng.normal(9.0, 4.0, 9)
    values = computed(a.mean(), a.std(ddof=1), 5, b.mean(), b.std(ddof=1), 9, test)
    found = means(n=14, **printed_of(values, test, 2, ("mean1", "sd1", "mean2", "sd2", "p")))
    assert found.labelled
    assert 1 <= len(found) < found.possible_splits == 11
    (at,) = np.nonzero(found.n1 == 5)[0]
    inside(found, at, values)


# -------------------------------------------------------------------------- no value leaves the range, all reach it
BOXES = [
    (3, 30, ("10.0", "0.4", "9.0", "4")),
    (2, 40, ("3", "1", "1", "2")),
    (25, 3, ("1", "3", "2.0", "0.1")),
    (12, 14, ("8.2", "2.1", "7.9", "2.3")),
]


@pytest.mark.parametrize("test", BOTH)
@pytest.mark.parametrize(("n1", "n2", "texts"), BOXES)
def test_ranges_are_those_of_all_values_in_the_rounding_boxes(n1, n2, texts, test):
    names = ("mean1", "sd1", "mean2", "sd2")
    found = means(n1=n1, n2=n2, test=test, **dict(zip(names, texts, strict=True)))
    ends = [ks.Reported(text).interval for text in texts]
    # Both means at their ends, where their difference is extreme; the SDs on a fine grid that holds the corners.
    grids = [np.linspace(float(end.low), float(end.high), 3 if at % 2 == 0 else 201) for at, end in enumerate(ends)]
    values = computed(grids[0][:, None, None, None], grids[1][:, None, None], n1, grids[2][:, None],
                      grids[3], n2, test)  # fmt: skip
    for name in ("t", "df", "p", "d", "difference", "se", "sd"):
        low, high = getattr(found, f"{name}_low")[0], getattr(found, f"{name}_high")[0]
        value = values[name]
        assert low <= value.min() + 1e-9 * abs(low), name
        assert high >= value.max() - 1e-9 * abs(high), name
        # The grid has spacings of half a per cent, and the extremes are flat or at its ends.
        assert (low, high) == (pytest.approx(value.min(), rel=1e-3, abs=1e-9), pytest.approx(value.max(), rel=1e-3))


def test_the_largest_df_of_welch_lies_between_the_corners():
    found = means(n1=8, n2=8, mean1="3", sd1="1", mean2="1", sd2="1", test="welch")
    ends = (0.5, 1.5)
    at_corners = [computed(3.0, s1, 8, 1.0, s2, 8, "welch")["df"] for s1, s2 in product(ends, ends)]
    assert found.df_high[0] == pytest.approx(14.0, abs=1e-9)  # at equal SDs
    assert found.df_low[0] == pytest.approx(min(at_corners), rel=1e-9)


def test_the_smallest_p_of_welch_lies_between_the_corners():
    # With two people in group 2 more spread in group 1 first buys degrees of freedom, and only then costs.
    text = {"mean1": "30", "sd1": "5e0", "mean2": "1", "sd2": "1"}
    wide = {"sd1": ks.Reported("5", rounding="half"), "mean1": "30"}
    found = means(n1=60, n2=2, **(text | wide | {"sd1": ks.Reported("1e1")}), test="welch")
    low, high = (float(end) for end in (ks.Reported("1e1").interval.low, ks.Reported("1e1").interval.high))
    s1 = np.linspace(low, high, 2001)[:, None]
    s2 = np.linspace(0.5, 1.5, 201)
    values = computed(30.5, s1, 60, 0.5, s2, 2, "welch")["p"]
    corner = min(values[0, 0], values[0, -1], values[-1, 0], values[-1, -1])
    assert values.min() < 0.999 * corner
    assert found.p_low[0] == pytest.approx(values.min(), rel=1e-5)
    assert found.p_low[0] <= values.min()


def test_welch_without_any_sd_is_bounded_by_its_degrees_of_freedom():
    found = means(n1=6, n2=20, p="0.03", test="welch")
    for p, df, end in ((0.035, 24, found.t_low), (0.025, 5, found.t_high)):
        assert end[0] == pytest.approx(stats.t.isf(p / 2, df), rel=1e-9)
    assert (found.df_low[0], found.df_high[0]) == pytest.approx((5, 24))
    assert math.isinf(found.sd_high[0])
    share = np.linspace(0, 1, 4001)
    v1, v2 = share * 6, (1 - share) * 20  # squares of the SDs, for a standard error of one
    df = 1 / (share**2 / 5 + (1 - share) ** 2 / 19)
    d = np.stack([stats.t.isf(p / 2, df) for p in (0.0175 * 2, 0.0125 * 2)]) / np.sqrt((5 * v1 + 19 * v2) / 24)
    assert (found.d_low[0], found.d_high[0]) == (pytest.approx(d.min(), rel=1e-6), pytest.approx(d.max(), rel=1e-6))
    assert found.d_low[0] <= d.min() * (1 + 1e-12)


def test_intervals_of_groups_leave_what_random_values_in_their_boxes_leave():
    given_ = {"ci1": ("9.8", "14.1"), "ci2": ("7.9", "11.2"), "mean1": "12", "level": 0.95, "n1": 11, "n2": 17}
    rng = np.random.default_rng(1)
    lower1, upper1, lower2, upper2 = (rng.uniform(x - 0.05, x + 0.05, 200_000) for x in (9.8, 14.1, 7.9, 11.2))
    m1, m2 = (lower1 + upper1) / 2, (lower2 + upper2) / 2
    s1 = (upper1 - lower1) / 2 / stats.t.isf(0.025, 10) * math.sqrt(11)
    s2 = (upper2 - lower2) / 2 / stats.t.isf(0.025, 16) * math.sqrt(17)
    for test in BOTH:
        found = means(**given_, test=test)
        values = computed(m1, s1, 11, m2, s2, 17, test)
        keep = (m1 >= 11.5) & (m1 <= 12.5)
        for name in NAMES:
            low, high = getattr(found, f"{name}_low")[0], getattr(found, f"{name}_high")[0]
            least, most = values[name][keep].min(), values[name][keep].max()
            assert low <= least + 1e-9, name
            assert most <= high + 1e-9, name
            # So many random points come near every end.
            assert high - low <= 1.2 * (most - least) + 1e-9, name


# ---------------------------------------------------------------------------------------------- what was not printed
def test_the_sd_of_the_other_group_follows_from_t():
    found = means(n1=20, n2=30, mean1="14.20", sd1="3.10", mean2="11.90", t="2.41")
    s2 = [
        math.sqrt((48 * (difference / (t * math.sqrt(1 / 20 + 1 / 30))) ** 2 - 19 * s1**2) / 29)
        for difference, t, s1 in ((2.29, 2.415, 3.105), (2.31, 2.405, 3.095))
    ]
    assert (found.sd2_low[0], found.sd2_high[0]) == pytest.approx(tuple(s2), rel=1e-9)


def test_the_other_mean_follows_from_t_and_both_sds():
    found = means(n1=20, n2=30, mean1="14.20", sd1="3.10", sd2="3.50", t="+2.41")
    pooled = [
        math.sqrt((19 * a**2 + 29 * b**2) / 48) * math.sqrt(1 / 20 + 1 / 30)
        for a, b in ((3.095, 3.495), (3.105, 3.505))
    ]
    assert (found.mean2_low[0], found.mean2_high[0]) == pytest.approx(
        (14.195 - 2.415 * pooled[1], 14.205 - 2.405 * pooled[0]), rel=1e-9
    )
    unknown = means(n1=20, n2=30, mean1="14.20", sd1="3.10", sd2="3.50", t="2.41")
    assert not unknown.sign_known
    assert unknown.mean2_high[0] == pytest.approx(14.205 + 2.415 * pooled[1], rel=1e-9)


def test_hedges_g_is_read_by_either_factor():
    exact = math.exp(math.lgamma(9) - math.lgamma(8.5)) / 3.0
    for factor in (exact, 1 - 3 / (4 * 18 - 1)):
        assert means(n1=10, n2=10, g=f"{0.8 * factor:.6f}", d="0.800000")
    assert not means(n1=10, n2=10, g="0.80", d="0.90")


@pytest.mark.parametrize(("s1", "s2"), [(3.0, 1.0), (1.0, 3.0), (2.0, 2.1)])
def test_printed_degrees_of_freedom_of_welch_tell_the_ratio_of_the_sds(s1, s2):
    values = computed(7.0, s1, 14, 5.0, s2, 33, "welch")
    found = means(n1=14, n2=33, t=f"{values['t']:.2f}", df=f"{values['df']:.1f}", test="welch")
    share = s1**2 / 14 / (s1**2 / 14 + s2**2 / 33)
    shares = np.linspace(0, 1, 200_001)
    df = 1 / (shares**2 / 13 + (1 - shares) ** 2 / 32)
    kappa = np.sqrt((13 * 14 * shares + 32 * 33 * (1 - shares)) / 45)  # of the pooled SD, for a standard error of one
    fits = np.abs(df - round(float(values["df"]), 1)) <= 0.05
    assert fits[int(share * 200_000)]
    t = float(f"{values['t']:.2f}")
    assert found.d_low.min() == pytest.approx(((t - 0.005) / kappa[fits]).min(), rel=1e-4)
    assert found.d_high.max() == pytest.approx(((t + 0.005) / kappa[fits]).max(), rel=1e-4)
    assert len(found) == 1 + (np.diff(np.nonzero(fits)[0]).max() > 1)
    assert ((found.d_low <= values["d"]) & (values["d"] <= found.d_high)).any()
    # Welch's degrees of freedom lie between those of the smaller group and those of both.
    unknown = means(n1=14, n2=range(13, 40, 5), t=f"{values['t']:.2f}", df=f"{values['df']:.1f}", test="welch")
    possible = [
        n2 for n2 in range(13, 40, 5) if min(13, n2 - 1) <= values["df"] + 0.05 and values["df"] - 0.05 <= 12 + n2
    ]
    assert sorted(set(unknown.n2.tolist())) == possible
    # All numbers together leave the branch that is true.
    known = means(n1=14, n2=33, sd1=f"{s1:.2f}", sd2=f"{s2:.2f}", df=f"{values['df']:.1f}", p="0.5", test="welch")
    assert len(known) == 1


def test_degrees_of_freedom_of_student_are_the_people_less_two():
    found = means(n=range(40, 60), p="0.03", df="45")
    assert set(found.n1 + found.n2) == {47}
    assert means(n1=20, n2=20, p="0.03", df="45").emptied_by == "df = 45"
    assert means(n1=20, n2=20, p="0.03", df="38", test=BOTH).test.tolist() == ["student", "welch"]


def test_the_standard_error_is_that_of_the_test():
    welch, student = (math.sqrt(2.0**2 / 12 + 5.0**2 / 40), 4.49 * math.sqrt(1 / 12 + 1 / 40))
    known = {"n1": 12, "n2": 40, "mean1": "9.00", "sd1": "2.00", "mean2": "7.00", "sd2": "5.00"}
    assert means(**known, se=f"{welch:.2f}", test=BOTH).test.tolist() == ["welch"]
    assert means(**known, se=f"{student:.2f}", test=BOTH).test.tolist() == ["student"]
    assert means(**known, test=BOTH).test.tolist() == ["student", "welch"]


def test_a_contradiction_names_the_first_number_that_leaves_nothing():
    found = means(n1=20, n2=30, mean1="14.2", sd1="3.1", mean2="11.9", sd2="3.5", p="0.50", t="2.4", test=BOTH)
    assert (len(found), found.emptied_by) == (0, "p = 0.50")
    assert (
        means(n1=20, n2=30, mean1="14.2", sd1="3.1", mean2="11.9", sd2="3.5", t="2.4", p="0.50").emptied_by
        == "p = 0.50"
    )
    frame = found.to_frame()
    assert len(frame) == 0


# --------------------------------------------------------------------------------------------------------- properties
@settings(max_examples=6)
@given(
    st.integers(2, 25), st.integers(2, 25), st.integers(50, 90), st.integers(5, 40), st.integers(50, 90),
    st.integers(5, 40), st.sampled_from(BOTH),
)  # fmt: skip
def test_more_numbers_and_more_digits_never_widen(n1, n2, m1, s1, m2, s2, test):
    values = computed(m1 / 10 + 0.013, s1 / 10 + 0.004, n1, m2 / 10, s2 / 10, n2, test)
    what = ("mean1", "sd1", "mean2", "sd2")
    sets = [
        means(n1=n1, n2=n2, **printed_of(values, test, 1, what)),
        means(n1=n1, n2=n2, **printed_of(values, test, 1, (*what, "p"))),
        means(n1=n1, n2=n2, **(printed_of(values, test, 1, what) | printed_of(values, test, 2, ("p", "sd1")))),
    ]
    for wide, narrow in ((sets[0], sets[1]), (sets[0], sets[2])):
        for name in NAMES:
            low, high = getattr(narrow, f"{name}_low").min(), getattr(narrow, f"{name}_high").max()
            slack = 1e-9 * (1 + abs(high))
            assert getattr(wide, f"{name}_low").min() <= low + slack, name
            assert high <= getattr(wide, f"{name}_high").max() + slack, name


@pytest.mark.parametrize("test", BOTH)
def test_swapping_the_groups_mirrors_the_set(test):
    one = means(n1=9, n2=21, mean1="5.1", sd1="2", mean2="3.4", sd2="0.9", p="< .2", test=test)
    two = means(n1=21, n2=9, mean1="3.4", sd1="0.9", mean2="5.1", sd2="2", p="< .2", test=test)
    for name, other, sign in (("t", "t", -1), ("d", "d", -1), ("p", "p", 1), ("df", "df", 1), ("sd1", "sd2", 1)):
        ends = [getattr(two, f"{other}_{end}")[0] for end in ("low", "high")]
        ends = [sign * end for end in ends[::sign]]
        assert [getattr(one, f"{name}_{end}")[0] for end in ("low", "high")] == pytest.approx(ends, rel=1e-8)


# -------------------------------------------------------------------------------------------------- intervals, rulings
@pytest.mark.parametrize("test", BOTH)
def test_limits_of_the_difference_are_those_of_values_in_the_boxes(test):
    found = means(n1=6, n2=15, mean1="5.1", sd1="2", mean2="3.4", sd2="0.9", test=test)
    limits = found.intervals(0.90, measure="mean_difference")
    s1, s2 = np.linspace(1.5, 2.5, 301)[:, None], np.linspace(0.85, 0.95, 101)
    values = computed(np.array([5.05, 5.15])[:, None, None], s1, 6, 3.4, s2, 15, test)
    half = stats.t.isf(0.05, values["df"]) * values["se"]
    for centre, ends in (
        (values["difference"] - half, (limits.low_min[0] + 0.05, limits.low_max[0] - 0.05)),
        (values["difference"] + half, (limits.high_min[0] + 0.05, limits.high_max[0] - 0.05)),
    ):
        assert ends == (pytest.approx(centre.min(), abs=1e-4), pytest.approx(centre.max(), abs=1e-4))
    assert limits.method.endswith(test.capitalize())


def test_the_distance_outside_is_that_of_the_best_value():
    found = means(n1=6, n2=15, mean1="5.1", sd1="2", mean2="3.4", sd2="0.9", test="welch")
    s1, s2 = np.linspace(1.5, 2.5, 201)[:, None], np.linspace(0.85, 0.95, 11)
    difference = np.linspace(1.6, 1.8, 41)[:, None, None]
    values = computed(difference, s1, 6, 0.0, s2, 15, "welch")
    half = stats.t.isf(0.05, values["df"]) * values["se"]
    for low, high in ((0.5, 2.8), (-math.inf, 2.0)):
        brute = np.maximum(low - (difference - half), (difference + half) - high).min()
        assert found.distance_outside(low, high, 0.90)[0] == pytest.approx(brute, abs=2e-3)
        assert found.distance_outside(low, high, 0.90)[0] <= brute + 1e-9


def test_a_claim_may_depend_on_the_test():
    found = means(n1=10, n2=60, mean1="5.00", sd1="3.00", mean2="4.50", sd2="1.00", test=BOTH)
    widths = {test: means(n1=10, n2=60, mean1="5.00", sd1="3.00", mean2="4.50", sd2="1.00", test=test) for test in BOTH}
    high = {test: part.intervals(0.90, measure="mean_difference").high_max[0] for test, part in widths.items()}
    margin = 0.5 * (high["student"] + high["welch"])
    claim = ks.Claim(text="no difference", estimand="mean_difference", region=ks.within(margin), where="a test")
    verdict = ks.judge(claim, found)
    assert verdict.ruling == "depends"
    assert verdict.decides[0] == "the test"
    assert verdict.to_frame()["test"].tolist() == ["student", "welch"]
    assert ks.judge(claim, widths["student"]).ruling == "established"


# ---------------------------------------------------------------------------------------------------------- bad input
@pytest.mark.parametrize(
    ("given_", "name"),
    [
        ({"mean1": "3.2", "mean2": "4.0"}, "p"),
        ({"mean1": "3.2", "sd1": "1.0", "sd2": "2.0"}, "p"),
        ({"difference": "3.2", "sd1": "1.0"}, "p"),
        ({"p": "0.03", "sd1": "-1.0"}, "sd1"),
        ({"p": "0.03", "sd1": "< 2"}, "sd1"),
        ({"p": "0.03", "mean1": 3.2}, "mean1"),
        ({"p": "0.03", "mean1": "32%"}, "mean1"),
        ({"p": "0.03", "ci1": ("1", "2")}, "level"),
        ({"p": "0.03", "ci2": ("3", "2"), "level": 0.95}, "ci2"),
        ({"p": "0.03", "test": ("student", "anova")}, "test"),
        ({"p": "0.03", "test": ()}, "test"),
        ({"p": "0.03", "n1": 1, "sd1": "2"}, "n"),
        ({"p": "0.03", "n1": 1, "test": "welch"}, "n"),
    ],
)
def test_bad_arguments_are_named(given_, name):
    with pytest.raises(ks.KetastatsError, match=rf"^{name} is"):
        means(**({"n1": 10, "n2": 12} | given_))


def test_a_search_over_the_ratio_of_sds_counts_more():
    with pytest.raises(ks.BudgetExceeded, match="8,200 splits"):
        means(n=83, p="0.03", test="welch", budget=5_000)
    with pytest.raises(ks.InvalidArgument, match=r"^corners is"):
        _ = means(n1=5, n2=6, p="0.03", test="welch").corners


# ------------------------------------------------------------------------------------------------------------ kernels
@pytest.mark.parametrize("test", BOTH)
def test_what_nothing_bounds_is_infinite(test):
    found = means(n1=10, n2=12, p="< .001", mean1="5", test=test)
    assert math.isinf(found.t_high[0])
    assert math.isinf(found.d_high[0])
    assert (found.p_low[0], found.difference_high[0], found.mean2_low[0]) == (0.0, math.inf, -math.inf)
    spread = means(n1=10, n2=12, mean1="1.0", sd1="0.0", mean2="3.0", sd2="0.0", p="< .001", test=test)
    assert (spread.t_low[0], spread.se_low[0], spread.d_low[0]) == (-math.inf, 0.0, -math.inf)
    assert spread.difference_low[0] == pytest.approx(-2.1)
    assert not spread.to_frame().isna().any().any()
    without = means(n1=10, n2=12, mean1="1.0", mean2="3.0", p="ns", test=test)
    assert math.isinf(without.sd_high[0])
    assert without.t_high[0] == pytest.approx(0.0, abs=1e-9)


def test_corners_of_boxes_and_of_nothing():
    sides = [half_space(*(np.eye(3)[axis] * sign), -1.0, 2) for axis in range(3) for sign in (1, -1)]
    faces = np.stack(sides, axis=1)
    faces[1, 0, 3] = 1.5  # x >= 1.5 and x <= 1
    points, slack = corners(faces)
    assert {tuple(point) for point in points[0]} == set(product((-1.0, 1.0), repeat=3))
    assert np.isnan(points[1]).all()
    assert slack[0] > 0
    assert slack[1] == pytest.approx(-0.5 / 2.5)


def test_the_least_maximum_of_two_lines_over_a_triangle():
    corners_ = np.array([[0.0, 0.0], [4.0, 0.0], [0.0, 3.0], [np.nan, np.nan]])
    f, g = 1.0 + corners_[:, 0] - 2 * corners_[:, 1], 2.0 - corners_[:, 0] + corners_[:, 1]
    shares = np.random.default_rng(3).dirichlet(np.ones(3), 200_000)
    brute = np.maximum(shares @ f[:3], shares @ g[:3]).min()
    assert least_maximum(f[None], g[None])[0] == pytest.approx(brute, abs=1e-2)
    assert least_maximum(f[None], g[None])[0] <= brute
