"""Ranges of t, d and the difference behind printed numbers, for every split."""

from __future__ import annotations

import math
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import stats

import ketastats as ks
from ketastats.reconstruct import means

EVERY_RULE = ["half", "half_up", "half_even", "truncate", "up"]


def row(found, n1):
    (at,) = np.nonzero(found.n1 == n1)[0]
    return int(at)


def student(a, b):
    """t, p, difference, pooled SD and the limits of the 95 % interval, from the formulas of a textbook."""
    n1, n2 = len(a), len(b)
    df = n1 + n2 - 2
    pooled = math.sqrt((np.sum((a - a.mean()) ** 2) + np.sum((b - b.mean()) ** 2)) / df)
    error = pooled * math.sqrt(1 / n1 + 1 / n2)
    difference = float(np.mean(a) - np.mean(b))
    half = stats.t.isf(0.025, df) * error
    return difference / error, 2 * stats.t.sf(abs(difference / error), df), difference, pooled, half


# ---------------------------------------------------------------------------------- the numbers that the article prints
def test_0_572_among_83_is_41_splits_of_unknown_sign():
    found = means(n=83, p="0.572")
    assert len(found) == len(found.splits) == found.possible_splits == 41
    assert found.n1.tolist() == list(range(1, 42))
    assert np.all(found.n1 + found.n2 == 83)
    assert (found.sign_known, found.labelled, found.exhaustive, found.emptied_by) == (False, False, True, "")
    assert found.t_low == pytest.approx(np.full(41, 0.567), abs=5e-4)
    assert any("sign is unknown" in sentence for sentence in found.assumptions)
    assert "sign is unknown" in found.identifiability


@pytest.mark.parametrize(
    ("n1", "d", "low", "high"),
    [
        (41, "0.125", "-0.24", "0.49"),
        (33, "0.127", "-0.24", "0.50"),
        (23, "0.139", "-0.27", "0.54"),
        (13, "0.171", "-0.33", "0.67"),
    ],
)
def test_d_of_0_572_with_its_exact_interval(n1, d, low, high):
    # Limits solve P(T > t) = .05 for the noncentrality. The table derived for this article prints -.25 at 33/50 and .55
    # at 23/60: its limits are d -+ t_crit u, which the next test meets.
    found = means(n=83, p="0.572")
    at = row(found, n1)
    limits = found.intervals(0.90)
    middle = 0.5 * (found.d_low[at] + found.d_high[at])
    ends = (0.5 * (limits.low_min[at] + limits.low_max[at]), 0.5 * (limits.high_min[at] + limits.high_max[at]))
    assert (f"{middle:.3f}", f"{ends[0]:.2f}", f"{ends[1]:.2f}") == (d, low, high)
    assert limits.high_max[at] - limits.high_min[at] < 1e-3
    unit = math.sqrt(1 / n1 + 1 / (83 - n1))
    assert stats.nct.sf(found.t_low[at], 81, limits.low_min[at] / unit) == pytest.approx(0.05, abs=1e-8)


@pytest.mark.parametrize(
    ("n1", "low", "high"), [(41, "-0.24", "0.49"), (33, "-0.25", "0.50"), (23, "-0.27", "0.55"), (13, "-0.33", "0.67")]
)
def test_limits_in_units_of_a_known_sd(n1, low, high):
    # The working table derived from p = .572: d -+ t_crit sqrt(1/n1 + 1/n2).
    limits = means(n=83, p="0.572", sd="1.000000").intervals(0.90, measure="mean_difference")
    at = n1 - 1
    assert (f"{limits.low_min[at]:.2f}", f"{limits.high_max[at]:.2f}") == (low, high)


# ------------------------------------------------------------------------------------------------ ends of the intervals
@pytest.mark.parametrize("rounding", EVERY_RULE)
@pytest.mark.parametrize("text", ["0.572", "0.05", "0.9", "1.00", "0.0004", "0.000", "< .05", "ns", "57.2%", "> 0.999"])
def test_p_of_the_ends_is_the_end_of_the_rounding_interval(text, rounding):
    found = means(n=range(3, 90, 12), p=text, rounding=rounding)
    ends = ks.Reported(text, rounding=rounding).proportion
    low, high = max(float(ends.low), 0.0), min(float(ends.high), 1.0)
    assert 2 * stats.t.sf(found.t_low, found.df) == pytest.approx(np.full(len(found), high), rel=1e-12)
    assert 2 * stats.t.sf(found.t_high, found.df) == pytest.approx(np.full(len(found), low), rel=1e-12, abs=1e-300)


def test_certain_and_impossible_p():
    assert means(n=20, p="1.000").t_low.tolist() == [0.0] * 10
    assert not np.signbit(means(n=20, p="1.000").t_low).any()
    assert np.all(np.isposinf(means(n=20, p="0.000").t_high))
    significant = means(n1=20, n2=20, p="< 0.05")
    assert significant.t_low[0] == pytest.approx(stats.t.isf(0.025, 38), rel=1e-13)
    assert significant.t_high[0] == math.inf


def test_f_is_the_square_of_t():
    found = means(n1=20, n2=63, f="0.32")
    assert (found.t_low[0] ** 2, found.t_high[0] ** 2) == pytest.approx((0.315, 0.325), rel=1e-14)
    assert not found.sign_known


@pytest.mark.parametrize(
    ("text", "low", "high", "known"),
    [
        ("0.567", 0.5665, 0.5675, False),
        ("+0.567", 0.5665, 0.5675, True),
        ("-0.567", -0.5675, -0.5665, True),
        ("\u22120.567", -0.5675, -0.5665, True),
        ("t = -0.57", -0.575, -0.565, True),
        ("< 1", 0.0, 1.0, False),
        ("0.00", 0.0, 0.005, False),
        ("-0.00", -0.005, 0.0, True),
        ("5.7e-1", 0.565, 0.575, False),
        ("+5.7e-1", 0.565, 0.575, True),
        ("> 2", 2.0, math.inf, False),
    ],
)
def test_the_sign_of_t_is_known_when_it_is_printed(text, low, high, known):
    found = means(n=83, t=text)
    assert found.sign_known is known
    assert (found.t_low[0], found.t_high[0]) == pytest.approx((low, high), rel=1e-15)


# ------------------------------------------------------------------------------------------------------------ raw truth
@given(
    seed=st.integers(0, 10**6),
    n1=st.integers(1, 40),
    n2=st.integers(2, 40),
    shift=st.floats(-2, 2),
    sd=st.floats(0.2, 20),
    what=st.sets(st.sampled_from(["p", "t", "f", "ci", "sd"]), min_size=1),
)
def test_the_true_data_are_in_their_own_reconstruction(seed, n1, n2, shift, sd, what):
    assume(what != {"sd"})
    rng = np.random.default_rng(seed)
    a, b = rng.normal(shift * sd, sd, n1), rng.normal(0, sd, n2)
    t, p, difference, pooled, half = student(a, b)
    printed = {
        "p": f"{p:.3f}",
        "t": f"{t:+.2f}",
        "f": f"{t * t:.2f}",
        "ci": (f"{difference - half:.2f}", f"{difference + half:.2f}"),
        "sd": f"{pooled:.2f}",
    }
    assume(float(printed["sd"]) > 0)
    known = {key: printed[key] for key in what} | ({"level": 0.95} if "ci" in what else {})
    for sizes in ({"n1": n1, "n2": n2}, {"n": n1 + n2}, {"n": range(n1 + n2 - 1, n1 + n2 + 2)}):
        if sizes.get("n") == range(2, 5):
            continue
        found = means(**sizes, **known)
        one, two = (n1, n2) if "n1" in sizes else sorted((n1, n2))
        (rows,) = np.nonzero((found.n1 == one) & (found.n2 == two))
        truth = t if found.sign_known else abs(t)
        true_difference = difference if found.sign_known else abs(difference)
        slack = 1e-9 * (1 + abs(t))
        hits = [
            found.t_low[at] - slack <= truth <= found.t_high[at] + slack
            and found.d_low[at] - slack <= truth * math.sqrt(1 / n1 + 1 / n2) <= found.d_high[at] + slack
            and found.difference_low[at] - slack <= true_difference <= found.difference_high[at] + slack
            and found.sd_low[at] - slack <= pooled <= found.sd_high[at] + slack
            for at in rows
        ]
        assert sum(hits) >= 1


def test_ranges_are_exactly_those_of_the_values_that_print_so():
    # Brute force over the plane of difference and SD: print every point, keep those that print as reported.
    n1, n2, df = 9, 14, 21
    unit, critical = math.sqrt(1 / n1 + 1 / n2), stats.t.isf(0.025, df)
    difference = np.linspace(0.5, 1.7, 1201)[:, None]
    sd = np.linspace(2.5, 3.9, 1401)[None, :]
    t = difference / (sd * unit)
    half = critical * sd * unit
    p = 2 * stats.t.sf(t, df)
    keep = (np.abs(p - 0.42) <= 0.005) & (np.abs(difference - half + 1.7) <= 0.05)
    keep &= (np.abs(difference + half - 3.9) <= 0.05) & (np.abs(sd - 3.2) <= 0.05)
    assert keep.sum() > 500
    found = means(n1=n1, n2=n2, p="0.42", ci=("-1.7", "3.9"), level=0.95, sd="3.2")
    assert len(found) == 1
    inside = [np.broadcast_to(values, keep.shape)[keep] for values in (t, difference, sd)]
    ranges = [
        (found.t_low[0], found.t_high[0]),
        (found.difference_low[0], found.difference_high[0]),
        (found.sd_low[0], found.sd_high[0]),
    ]
    for values, (low, high), step in zip(inside, ranges, (0.002, 0.002, 0.002), strict=True):
        assert low <= values.min() <= low + step
        assert high - step <= values.max() <= high
    limits = found.intervals(0.90, measure="mean_difference")
    other = stats.t.isf(0.05, df) * sd * unit
    lower = (difference - other)[keep]
    assert limits.low_min[0] <= lower.min() <= limits.low_min[0] + 0.003
    assert limits.low_max[0] - 0.003 <= lower.max() <= limits.low_max[0]


def test_interval_alone_gives_the_ranges_of_its_corners():
    found = means(n1=32, n2=30, ci=("-2.71", "2.71"), level=0.95)
    assert found.sign_known
    assert (found.difference_low[0], found.difference_high[0]) == pytest.approx((-0.005, 0.005), abs=1e-15)
    unit, critical = math.sqrt(1 / 32 + 1 / 30), stats.t.isf(0.025, 60)
    assert found.sd_low[0] == pytest.approx(2.705 / critical / unit, rel=1e-13)
    assert found.sd_high[0] == pytest.approx(2.715 / critical / unit, rel=1e-13)
    assert found.t_high[0] == pytest.approx(critical * 0.01 / (2.715 + 2.705), rel=1e-12)
    again = found.intervals(0.95, measure="mean_difference")
    ends = (again.low_min[0], again.low_max[0], again.high_min[0], again.high_max[0])
    assert ends == pytest.approx((-2.715, -2.705, 2.705, 2.715), rel=1e-13)


def test_interval_and_sd_together_rule_out_splits():
    everything = means(n=62, ci=("-2.71", "2.71"), level=0.95)
    assert len(everything) == 31
    some = means(n=62, ci=("-2.71", "2.71"), level=0.95, sd="5.3")
    assert 0 < len(some) < 31
    # s u t_crit must print a half-width of 2.71: u = 2.71 / (5.3 * 2.0003).
    best = some.n1[np.argmin(np.abs(np.sqrt(1 / some.n1 + 1 / some.n2) - 2.71 / 5.3 / stats.t.isf(0.025, 60)))]
    assert abs(int(best) - 31) <= 4


def test_a_coarse_interval_leaves_both_signs_and_p_a_gap_between_them():
    found = means(n1=20, n2=20, ci=("-1", "1"), level=0.95, p="0.80")
    assert len(found) == 2
    assert len(found.splits) == 1
    assert found.t_high[0] < 0 < found.t_low[1]
    assert (found.t_low[0], found.t_high[0]) == pytest.approx((-found.t_high[1], -found.t_low[1]))
    whole = means(n1=20, n2=20, ci=("-1", "1"), level=0.95, p="1.0")
    assert len(whole) == 1
    assert whole.t_low[0] < 0 < whole.t_high[0]


# ----------------------------------------------------------------------------------------------------------- invariants
@given(st.integers(3, 60), st.integers(1, 999))
def test_more_digits_narrow_and_never_move(n, thousandths):
    assume(thousandths % 10 != 5)
    fine = means(n=n, p=f"0.{thousandths:03d}")
    coarse = means(n=n, p=f"{Decimal(thousandths) / 1000:.2f}")
    assert np.all(coarse.t_low <= fine.t_low)
    assert np.all(fine.t_high <= coarse.t_high)


def test_together_is_the_intersection():
    p, t = means(n=83, p="0.57"), means(n=83, t="0.57")
    both = means(n=83, p="0.57", t="0.57")
    np.testing.assert_array_equal(both.t_low, np.maximum(p.t_low, t.t_low))
    np.testing.assert_array_equal(both.t_high, np.minimum(p.t_high, t.t_high))


def test_swapping_known_groups_mirrors_the_interval():
    one = means(n1=12, n2=30, ci=("-1.2", "3.4"), level=0.9)
    two = means(n1=30, n2=12, ci=("-3.4", "1.2"), level=0.9)
    assert (one.t_low[0], one.t_high[0]) == pytest.approx((-two.t_high[0], -two.t_low[0]), rel=1e-13)
    assert (one.sd_low[0], one.sd_high[0]) == pytest.approx((two.sd_low[0], two.sd_high[0]), rel=1e-13)


def test_change_of_units_changes_only_the_scale():
    one = means(n1=12, n2=30, ci=("-1.2", "3.4"), level=0.9)
    ten = means(n1=12, n2=30, ci=("-12", "34"), level=0.9)
    assert ten.t_low[0] == pytest.approx(one.t_low[0], rel=1e-12)
    assert ten.difference_high[0] == pytest.approx(10 * one.difference_high[0], rel=1e-12)


def test_a_range_of_totals_is_each_total_in_turn():
    together = means(n=range(75, 84), p="0.572")
    alone = [means(n=n, p="0.572") for n in range(75, 84)]
    assert len(together) == sum(map(len, alone))
    np.testing.assert_array_equal(together.t_low, np.concatenate([part.t_low for part in alone]))
    np.testing.assert_array_equal(together.n1, np.concatenate([part.n1 for part in alone]))


def test_groups_of_one_need_another_of_two():
    assert means(n=3, p="0.5").splits.tolist() == [[1, 2]]
    assert means(n=range(2, 4), p="0.5").splits.tolist() == [[1, 2]]
    with pytest.raises(ks.InvalidArgument, match=r"^n is 2; allowed: at least 3 people"):
        means(n=2, p="0.5")


def test_unbiased_effects_are_the_exact_factor_times_d():
    found = means(n=range(3, 12), p="0.2")
    # J = gamma(df/2) / (sqrt(df/2) gamma((df-1)/2)); with df = 1 the gamma below the line is infinite.
    factor = [0.0 if k == 1 else math.gamma(k / 2) / math.sqrt(k / 2) / math.gamma((k - 1) / 2) for k in found.df]
    np.testing.assert_allclose(found.g_high, found.d_high * factor, rtol=1e-12)
    assert np.all(found.g_low[found.df == 1] == 0)


# --------------------------------------------------------------------------------------------------------- limits, ends
@pytest.mark.parametrize("measure", ["smd", "smd_unbiased"])
def test_limits_run_with_t(measure):
    found = means(n=range(20, 23), p="0.1")
    limits = found.intervals(0.90, measure=measure)
    assert np.all(limits.low_min < limits.low_max)
    assert np.all(limits.high_min < limits.high_max)
    for end, low, high in (("low", limits.low_min, limits.high_min), ("high", limits.low_max, limits.high_max)):
        interval = found.estimates(end, unbiased=measure == "smd_unbiased").confidence_interval(0.90)
        np.testing.assert_allclose(low, interval.low, rtol=1e-13)
        np.testing.assert_allclose(high, interval.high, rtol=1e-13)
    assert (limits.level, limits.measure) == (0.90, measure)
    assert "noncentral t" in limits.method


def test_an_open_end_has_open_limits():
    limits = means(n1=20, n2=25, p="< .05").intervals(0.95)
    assert pytest.approx(limits.low_min[0], abs=1e-9) == 0
    assert (limits.low_max[0], limits.high_max[0]) == (math.inf, math.inf)
    with pytest.raises(ks.InvalidArgument, match=r"^end is 'high'"):
        means(n1=20, n2=25, p="< .05").estimates("high")


def test_without_a_scale_the_difference_is_without_bound():
    found = means(n=83, p="0.572")
    assert (found.difference_low[0], found.difference_high[0]) == (0.0, math.inf)
    assert (found.sd_low[0], found.sd_high[0]) == (0.0, math.inf)
    with pytest.raises(ks.InvalidArgument, match=r"^measure is 'mean_difference'.*Give sd"):
        found.intervals(measure="mean_difference")


def test_points_of_the_scale_with_a_printed_sd():
    found = means(n1=33, n2=50, p="0.572", sd="5.3")
    unit = math.sqrt(1 / 33 + 1 / 50)
    assert found.difference_low[0] == pytest.approx(found.t_low[0] * 5.25 * unit, rel=1e-14)
    assert found.difference_high[0] == pytest.approx(found.t_high[0] * 5.35 * unit, rel=1e-14)


# -------------------------------------------------------------------------------------------------- empty, words, table
@pytest.mark.parametrize(
    ("printed", "culprit"),
    [
        ({"p": "0.572", "t": "1.24"}, "t = 1.24"),
        ({"p": "0.572", "f": "0.32", "t": "0.90"}, "t = 0.90"),
        ({"t": "-0.57", "ci": ("0.1", "0.9"), "level": 0.95}, "ci 0.1 to 0.9 at level 0.95"),
        ({"ci": ("-2.71", "2.71"), "level": 0.95, "sd": "50"}, "sd = 50"),
        ({"p": "0.80", "ci": ("1.5", "2.5"), "level": 0.95}, "ci 1.5 to 2.5 at level 0.95"),
    ],
)
def test_contradiction_is_a_result_that_names_its_cause(printed, culprit):
    found = means(n=83, **printed)
    assert not found
    assert len(found) == 0
    assert found.emptied_by == culprit
    assert culprit in found.identifiability
    assert found.summary().startswith("No two-group t-test")
    assert len(found.to_frame()) == 0
    assert found.intervals(0.9).low_min.shape == (0,)


def test_words_and_table():
    found = means(n=83, p="0.572")
    assert found.identifiability == (
        "41 splits of 41 with n = 83, unknown split, p = 0.572, with |d| from 0.124 to 0.572, known to 0.0015 at most "
        "when the split is known; the sign is unknown."
    )
    frame = found.to_frame()
    assert list(frame.columns[:9]) == ["n1", "n2", "df", "t_low", "t_high", "d_low", "d_high", "g_low", "g_high"]
    assert len(frame) == 41
    assert "not the study's data" in found.summary()
    assert "without bound" in means(n=83, p="< .05").identifiability
    assert "<pre>" in found._repr_html_()


def test_a_reported_number_brings_its_own_rounding():
    text = means(n1=20, n2=20, p=ks.Reported("0.572", rounding="truncate"))
    assert 2 * stats.t.sf(text.t_low[0], 38) == pytest.approx(0.573, rel=1e-12)


# --------------------------------------------------------------------------------------------------------------- errors
@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"p": 0.572}, "p"),
        ({"p": "1.2"}, "p"),
        ({"p": None}, "p"),
        ({"p": None, "sd": "5.3"}, "p"),
        ({"t": 0.567}, "t"),
        ({"f": "-0.3"}, "f"),
        ({"f": "< 0"}, "f"),
        ({"t": "5%"}, "t"),
        ({"sd": "0.0"}, "sd"),
        ({"sd": "< 3"}, "sd"),
        ({"ci": ("1", "2")}, "level"),
        ({"level": 0.9}, "level"),
        ({"ci": ("1", "2"), "level": 1.0}, "level"),
        ({"ci": ("2", "1"), "level": 0.9}, "ci"),
        ({"ci": ("< 2", "3"), "level": 0.9}, "ci"),
        ({"ci": "1 to 2", "level": 0.9}, "ci"),
        ({"test": "pearson"}, "test"),
        ({"test": "anova"}, "test"),
        ({"rounding": "down"}, "rounding"),
        ({"n": None}, "n"),
        ({"n": 83.0}, "n"),
        ({"budget": 0}, "budget"),
    ],
)
def test_bad_arguments_are_named(change, name):
    with pytest.raises(ks.KetastatsError, match=rf"^{name} is"):
        means(**({"n": 83, "p": "0.572"} | change))


def test_a_search_beyond_the_budget_is_refused():
    with pytest.raises(ks.BudgetExceeded, match="41 splits"):
        means(n=83, p="0.572", budget=40)
