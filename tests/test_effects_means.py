"""Differences of means and standardised differences."""

from __future__ import annotations

import mpmath as mp
import numpy as np
import pytest
from golden_means import rows
from scipy import stats

import ketastats as ks
from ketastats.effects import means, smd_from_t

SUMMARY = (17.9, 4.6, 37, 18.4, 5.1, 46)
SWAPPED = (18.4, 5.1, 46, 17.9, 4.6, 37)


@pytest.mark.parametrize("equal", [True, False])
def test_difference_agrees_with_the_raw_data(equal):
    rng = np.random.default_rng(5)
    a, b = rng.normal(0, 1, 13), rng.normal(0.4, 2, 21)
    raw = stats.ttest_ind(a, b, equal_var=equal)
    ours = means(a.mean(), a.std(ddof=1), 13, b.mean(), b.std(ddof=1), 21, variances="equal" if equal else "unequal")
    assert ours.pvalue() == pytest.approx(raw.pvalue, rel=1e-12)
    assert ours.df == pytest.approx(raw.df, rel=1e-13)
    theirs = raw.confidence_interval(0.9)
    interval = ours.confidence_interval(0.9)
    assert (interval.low, interval.high) == pytest.approx((theirs.low, theirs.high), rel=1e-12)


@pytest.mark.parametrize("measure", ["difference", "smd", "smd_unbiased"])
def test_swapping_the_groups_mirrors_the_result(measure):
    one, two = means(*SUMMARY, measure=measure), means(*SWAPPED, measure=measure)
    assert one.point == -two.point
    a, b = one.confidence_interval(0.9), two.confidence_interval(0.9)
    assert (a.low, a.high) == pytest.approx((-b.high, -b.low), rel=1e-13)
    assert one.pvalue(0.3, alternative="greater") == pytest.approx(two.pvalue(-0.3, alternative="less"), rel=1e-13)


def test_standardised_difference_ignores_shift_and_scale():
    m1, s1, n1, m2, s2, n2 = SUMMARY
    here = means(*SUMMARY, measure="smd")
    there = means(7 * m1 - 3, 7 * s1, n1, 7 * m2 - 3, 7 * s2, n2, measure="smd")
    assert there.point == pytest.approx(here.point, rel=1e-13)


@pytest.mark.parametrize("unbiased", [False, True])
@pytest.mark.parametrize("t", [0.0, 0.567, -3.2, 25.0])
def test_limits_are_the_values_that_the_test_just_keeps(t, unbiased):
    d = smd_from_t(t, 12, 30, unbiased=unbiased)
    interval = d.confidence_interval(0.95)
    assert d.pvalue(interval.low, alternative="greater") == pytest.approx(0.025, rel=1e-11)
    assert d.pvalue(interval.high, alternative="less") == pytest.approx(0.025, rel=1e-11)
    assert d.pvalue([interval.low, interval.high]) == pytest.approx([0.05, 0.05], rel=1e-11)


def test_p_of_no_difference_is_that_of_student():
    assert smd_from_t(2.1, 20, 25).pvalue() == pytest.approx(2 * stats.t.sf(2.1, 43), rel=1e-12)


@pytest.mark.parametrize(("n1", "n2"), [(2, 2), (3, 4), (10, 11), (37, 46), (500_000, 400_000)])
def test_hedges_correction_against_mpmath(n1, n2):
    with mp.workdps(40):
        df = mp.mpf(n1 + n2 - 2)
        exact = mp.gammaprod([df / 2], [(df - 1) / 2]) / mp.sqrt(df / 2) if n1 < 100 else None
        if exact is None:
            exact = mp.exp(mp.loggamma(df / 2) - mp.loggamma((df - 1) / 2)) / mp.sqrt(df / 2)
    g = smd_from_t(1.0, n1, n2, unbiased=True)
    assert g.correction == pytest.approx(float(exact), rel=4e-15)
    assert g.point == pytest.approx(float(exact) * np.sqrt(1 / n1 + 1 / n2), rel=4e-15)


def test_t_to_d_uses_the_group_sizes():
    # effectsize's t_to_d gives 2 t / sqrt(df) = 0.970 here.
    assert smd_from_t(4.0, 35, 35).point == pytest.approx(0.956, abs=5e-4)


def test_golden_d_of_a_correlation_with_a_group():
    given_, expected = rows()["ES-006"]
    r, df = given_["r"], given_["n1"] + given_["n2"] - 2
    t = r * np.sqrt(df / (1 - r * r))
    assert smd_from_t(t, given_["n1"], given_["n2"]).point == pytest.approx(expected["d"], abs=1e-6)


def test_arrays_of_splits_in_one_call():
    n1 = np.arange(1, 83)
    d = smd_from_t(0.567, n1, 83 - n1)
    interval = d.confidence_interval(0.90)
    assert interval.low.shape == (82,)
    one = smd_from_t(0.567, 37, 46).confidence_interval(0.90)
    assert interval.low[36] == pytest.approx(one.low, rel=1e-13)
    assert np.all((interval.low < d.point) & (d.point < interval.high))


def test_zero_spread_leaves_the_point_alone():
    flat = means(3.0, 0.0, 5, 1.0, 0.0, 7)
    interval = flat.confidence_interval()
    assert (interval.low, interval.high, flat.df) == (2.0, 2.0, 10.0)
    assert flat.pvalue([0.0, 2.0, 3.0]).tolist() == [0.0, 1.0, 0.0]
    assert flat.pvalue(0.0, alternative="greater") == 0.0
    assert flat.pvalue(0.0, alternative="less") == 1.0


def test_one_group_without_spread_uses_the_other():
    assert means(3.0, 0.0, 5, 1.0, 2.0, 7).df == pytest.approx(6.0, rel=1e-14)


def test_huge_and_tiny_units_do_not_overflow():
    for unit in (1e-200, 1e200):
        estimate = means(unit, unit, 10, 2 * unit, unit, 12)
        assert estimate.df == pytest.approx(means(1, 1, 10, 2, 1, 12).df, rel=1e-13)
        assert np.isfinite(estimate.standard_error)


def test_what_cannot_be_standardised_is_refused():
    with pytest.raises(ks.InvalidArgument, match="pooled standard deviation"):
        means(3.0, 0.0, 5, 1.0, 0.0, 7, measure="smd")
    with pytest.raises(ks.InvalidArgument, match="variances"):
        means(*SUMMARY, measure="smd", variances="unequal")
    with pytest.raises(ks.InvalidArgument, match="at least 4"):
        smd_from_t(1.0, 1, 2, unbiased=True)
    with pytest.raises(ks.InvalidArgument, match="at least 3"):
        smd_from_t(1.0, 1, 1)
    with pytest.raises(ks.InvalidArgument, match="n1 is 1"):
        means(1.0, 1.0, 1, 1.0, 1.0, 5)


def test_result_is_a_tidy_table():
    frame = smd_from_t(0.5, [10, 20], 30).to_frame()
    assert list(frame.columns) == ["point", "standard_error", "df", "scale", "statistic", "n1", "n2", "correction"]
    assert len(frame) == 2
