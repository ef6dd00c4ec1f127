"""The exact unconditional interval of a risk ratio."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

import ketastats as ks
from ketastats.effects import proportions

EXACT = {"measure": "ratio", "method": "exact"}


def all_tables(n1, n2):
    x1, x2 = (grid.ravel() for grid in np.meshgrid(np.arange(n1 + 1), np.arange(n2 + 1), indexing="ij"))
    return x1, x2


@pytest.mark.parametrize(("n1", "n2"), [(4, 5), (1, 4)])
def test_no_end_is_beyond_the_truth_more_often_than_stated(n1, n2):
    x1, x2 = all_tables(n1, n2)
    interval = proportions(x1, n1, x2, n2, **EXACT).confidence_interval(0.90)
    rates = np.concatenate([np.geomspace(1e-4, 0.5, 25), 1 - np.geomspace(0.4, 1e-4, 25)])
    p1, p2 = (grid.ravel()[:, None] for grid in np.meshgrid(rates, rates))
    chance = stats.binom.pmf(x1, n1, p1) * stats.binom.pmf(x2, n2, p2)
    truth = p1 / p2
    above = np.sum(chance * (interval.low > truth * (1 + 1e-9)), axis=1)
    below = np.sum(chance * (interval.high < truth * (1 - 1e-9)), axis=1)
    assert above.max() <= 0.05 + 1e-9
    assert below.max() <= 0.05 + 1e-9
    # And somewhere it comes near: the interval is not wider than it must be.
    assert above.max() > 0.01


def test_the_pvalue_by_a_dense_grid():
    n1, n2, a, b = 8, 9, 5, 2
    x1, x2 = all_tables(n1, n2)
    order = proportions(x1, n1, x2, n2, measure="ratio", method="koopman").confidence_interval(0.95).low
    observed = order[(x1 == a) & (x2 == b)][0]
    extreme = order >= observed * (1 - 1e-9)
    table = proportions(a, n1, b, n2, **EXACT)
    for ratio in (0.3, 1.0, 1.7):
        p2 = np.linspace(0, min(1, 1 / ratio), 4001)[:, None]
        chance = stats.binom.pmf(x1, n1, np.minimum(ratio * p2, 1.0)) * stats.binom.pmf(x2, n2, p2)
        expected = np.sum(chance[:, extreme], axis=1).max()
        found = table.pvalue(ratio, alternative="greater")
        assert found >= expected * (1 - 1e-12)
        assert found == pytest.approx(expected, rel=1e-4)


def test_interval_and_test_agree_mirror_and_nest():
    x1, x2 = all_tables(3, 2)
    found = proportions(x1, 3, x2, 2, **EXACT)
    turned = proportions(x2, 2, x1, 3, **EXACT)
    last = None
    for level in (0.5, 0.95):
        interval, other = found.confidence_interval(level), turned.confidence_interval(level)
        with np.errstate(divide="ignore"):
            np.testing.assert_allclose(interval.low, 1 / other.high, rtol=1e-9, atol=0)
        assert np.all(interval.low <= interval.high)
        if last is not None:
            assert np.all(interval.low <= last.low * (1 + 1e-9))
            assert np.all(interval.high >= last.high * (1 - 1e-9))
        last = interval
        some = interval.low > 0
        p = proportions(x1[some], 3, x2[some], 2, **EXACT).pvalue(interval.low[some], alternative="greater")
        np.testing.assert_allclose(p, 0.5 * (1 - level), rtol=1e-7)


def test_tables_without_events():
    nothing = proportions(0, 9, 0, 7, **EXACT).confidence_interval(0.95)
    assert (nothing.low, nothing.high) == (0.0, math.inf)
    some = proportions(4, 9, 0, 7, **EXACT).confidence_interval(0.95)
    assert some.high == math.inf
    assert 0.9 < some.low < 2.5
    one = proportions(4, 9, 0, 7, **EXACT)
    assert one.pvalue(0.0, alternative="greater") == 0.0
    assert one.pvalue(some.low, alternative="greater") == pytest.approx(0.025, rel=1e-7)


def test_it_holds_the_score_interval_in_larger_samples():
    exact = proportions(75, 100, 70, 105, **EXACT).confidence_interval(0.95)
    score = proportions(75, 100, 70, 105, measure="ratio", method="koopman").confidence_interval(0.95)
    # Rates near 0, at which the score test is not at its level, make it wider.
    assert 0.8 * score.low < exact.low <= score.low
    assert score.high <= exact.high < 1.2 * score.high
    result = ks.equivalence.proportions(30, 40, 31, 42, margin=1.6, **EXACT)
    assert "exact unconditional" in result.method
    with pytest.raises(ks.BudgetExceeded, match="people"):
        proportions(10**5, 10**6, 10**5, 10**6, **EXACT)
