"""Ratios of two means by Fieller's method."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

import ketastats as ks
from ketastats.effects import mean_ratio, mean_ratio_paired

EQUAL = {"method": "fieller", "variances": "equal"}


def textbook(m1, v1, m2, v2, c, t):
    """The ends from the quadratic ``(m1 - r m2)^2 = t^2 (v1 - 2 r c + r^2 v2)``."""
    a, b, d = m2**2 - t**2 * v2, m1 * m2 - t**2 * c, m1**2 - t**2 * v1
    root = math.sqrt(b * b - a * d)
    return (b - root) / a, (b + root) / a


def test_two_groups_by_the_quadratic():
    m1, s1, n1, m2, s2, n2 = 9.8, 4.5, 37, 13.7, 5.8, 46
    found = mean_ratio(m1, s1, n1, m2, s2, n2, **EQUAL)
    pooled = ((n1 - 1) * s1**2 + (n2 - 1) * s2**2) / (n1 + n2 - 2)
    expected = textbook(m1, pooled / n1, m2, pooled / n2, 0.0, stats.t.isf(0.025, n1 + n2 - 2))
    interval = found.confidence_interval(0.95)
    assert (interval.low, interval.high) == pytest.approx(expected, rel=1e-12)
    assert found.point == pytest.approx(m1 / m2)
    t = (m1 - 0.8 * m2) / math.sqrt(pooled / n1 + 0.64 * pooled / n2)
    assert found.pvalue(0.8, alternative="greater") == pytest.approx(stats.t.sf(t, n1 + n2 - 2), rel=1e-10)
    assert found.df == n1 + n2 - 2


def test_pairs_by_the_quadratic():
    m1, s1, m2, s2, n, r = 13.7, 5.8, 9.8, 4.5, 40, 0.6
    interval = mean_ratio_paired(m1, s1, m2, s2, n, r=r, method="fieller").confidence_interval(0.90)
    t = stats.t.isf(0.05, n - 1)
    assert (interval.low, interval.high) == pytest.approx(
        textbook(m1, s1**2 / n, m2, s2**2 / n, r * s1 * s2 / n, t), rel=1e-12
    )
    # The test of a ratio is the paired t test of the first values against so many times the second.
    rng = np.random.default_rng(1)
    y = rng.normal(10, 2, 12)
    x = 0.5 * y + rng.normal(8, 2, 12)
    found = mean_ratio_paired(
        x.mean(), x.std(ddof=1), y.mean(), y.std(ddof=1), 12, r=np.corrcoef(x, y)[0, 1], method="fieller"
    )
    for value in (1.0, 1.4):
        expected = stats.ttest_rel(x, value * y, alternative="greater").pvalue
        assert found.pvalue(value, alternative="greater") == pytest.approx(expected, rel=1e-9)


def test_unequal_variances_are_welch_of_a_multiple():
    rng = np.random.default_rng(2)
    x, y = rng.normal(12, 3, 9), rng.normal(10, 1, 14)
    found = mean_ratio(x.mean(), x.std(ddof=1), 9, y.mean(), y.std(ddof=1), 14, method="fieller")
    for value in (0.9, 1.0, 1.3):
        for side in ("greater", "less"):
            expected = stats.ttest_ind(x, value * y, equal_var=False, alternative=side).pvalue
            assert found.pvalue(value, alternative=side) == pytest.approx(expected, rel=1e-9)
    interval = found.confidence_interval(0.9)
    assert found.pvalue(interval.low, alternative="greater") == pytest.approx(0.05, rel=1e-9)
    assert found.pvalue(interval.high, alternative="less") == pytest.approx(0.05, rel=1e-9)


def test_interval_and_test_agree_and_mirror():
    rng = np.random.default_rng(3)
    size = 300
    m1, m2 = 10 ** rng.uniform(-2, 2, size), 10 ** rng.uniform(-2, 2, size)
    s1, s2 = m1 * 10 ** rng.uniform(-3, 1, size), m2 * 10 ** rng.uniform(-3, 1, size)
    n1, n2 = rng.integers(2, 60, size), rng.integers(2, 60, size)
    for more in ({}, {"variances": "equal"}):
        found = mean_ratio(m1, s1, n1, m2, s2, n2, method="fieller", **more)
        turned = mean_ratio(m2, s2, n2, m1, s1, n1, method="fieller", **more)
        for level in (0.5, 0.95, 1 - 1e-12):
            interval, other = found.confidence_interval(level), turned.confidence_interval(level)
            assert np.all(interval.low <= found.point * (1 + 1e-12))
            assert np.all(interval.high >= found.point * (1 - 1e-12))
            some = (interval.low > 0) & (other.high < np.inf)
            assert some.sum() > 50
            np.testing.assert_allclose(interval.low[some], 1 / other.high[some], rtol=1e-9)
            np.testing.assert_array_equal(interval.low == 0, np.isinf(other.high))
            p = found.pvalue(interval.low, alternative="greater")
            np.testing.assert_allclose(p[some], 0.5 * (1 - level), rtol=1e-6)
        both = found.pvalue(1.0, alternative="greater") + found.pvalue(1.0, alternative="less")
        np.testing.assert_allclose(both, 1.0, rtol=1e-12)


def test_without_an_end():
    wide = mean_ratio(5.0, 3.0, 10, 1.0, 4.0, 10, **EQUAL).confidence_interval(0.95)
    assert wide.high == math.inf
    assert wide.low > 0
    nothing = mean_ratio(1.0, 9.0, 5, 1.0, 9.0, 5, **EQUAL).confidence_interval(0.95)
    assert (nothing.low, nothing.high) == (0.0, math.inf)
    sure = mean_ratio(4.0, 0.0, 5, 2.0, 0.0, 5, method="fieller")
    assert (sure.confidence_interval(0.95).low, sure.confidence_interval(0.95).high) == (2.0, 2.0)
    assert sure.pvalue(1.0, alternative="greater") == 0.0
    with pytest.raises(ks.InvalidArgument, match="null is -1"):
        sure.pvalue(-1.0)


def test_its_level_is_exact():
    rng = np.random.default_rng(4)
    x, y = rng.normal(3.0, 2.0, (20_000, 6)), rng.normal(2.0, 2.0, (20_000, 9))
    use = (x.mean(axis=1) > 0) & (y.mean(axis=1) > 0)
    x, y = x[use], y[use]
    found = mean_ratio(x.mean(1), x.std(1, ddof=1), 6, y.mean(1), y.std(1, ddof=1), 9, **EQUAL)
    interval = found.confidence_interval(0.90)
    inside = np.mean((interval.low <= 1.5) & (interval.high >= 1.5))
    assert inside == pytest.approx(0.90, abs=0.0085)


def test_equivalence_by_fieller():
    result = ks.equivalence.mean_ratio(101.0, 20.0, 50, 98.0, 22.0, 50, margin=1.25, method="fieller")
    delta = ks.equivalence.mean_ratio(101.0, 20.0, 50, 98.0, 22.0, 50, margin=1.25)
    assert "Fieller" in result.method
    assert result.established
    assert result.low == pytest.approx(delta.low, rel=0.01)
    assert result.threshold_margin == pytest.approx(max(1 / result.low, result.high))
