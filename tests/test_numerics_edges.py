"""Kernels at the ends of what they are asked, where another branch answers than elsewhere."""

from __future__ import annotations

import math
from fractions import Fraction
from itertools import product

import mpmath as mp
import numpy as np
import pytest
from scipy import stats

import ketastats as ks
from ketastats.numerics import (
    assured_counts,
    bayes_estimate,
    beta_rates,
    binary,
    change_scores,
    conditional_odds,
    corrected_f,
    exact_proportion,
    noncentral_t,
    paired_counts,
    poisson_rates,
    rxc_exact,
    table_measures,
    unconditional,
    vertices,
)


def one(*values):
    return tuple(np.array([float(value)]) for value in values)


@pytest.mark.parametrize("b", [-29.0, -31.0, -37.0, -42.0, -60.0])
@pytest.mark.parametrize("width", [0.5, 3.0, 1e4])
def test_a_uniform_prior_far_from_the_estimate(b, width):
    # Effects from b - width to b in units of the standard error, the estimate at 0: the mean of normal densities.
    with mp.workdps(60):
        expected = mp.log((mp.ncdf(b) - mp.ncdf(b - width)) / width)
    for low, high in ((b - width, b), (-b, width - b)):
        assert bayes_estimate.log_marginal_uniform(*one(0.0, 1.0, low, high))[0] == pytest.approx(float(expected))


@pytest.mark.parametrize(("size", "digits"), [(10**4, 4), (10**6, 6), (10**7, 8), (10**8, 7)])
def test_products_of_counts_beyond_the_whole_numbers_of_a_machine(size, digits):
    # Printed 0.3: the squared deviation x (n - x) / (n (n - 1)) lies between (0.3 -+ half a digit)^2.
    scale, value = 2 * 10**digits, 6 * 10 ** (digits - 1)
    columns = [np.array([x], dtype=object) for x in (value - 1, value + 1, scale)]
    true = np.array([True])
    first, last = binary.products_between(np.array([size]), 1, *columns, true, true)
    ends = [Fraction(end * end * size * (size - 1), scale * scale) for end in (value - 1, value + 1)]
    assert (first[0], last[0]) == (math.ceil(ends[0]), math.floor(ends[1]))


def test_a_small_sd_of_change():
    pre, post, r = (np.array([0.1]), np.array([0.2])), (np.array([0.15]), np.array([0.3])), one(0.2, 0.6)
    low, high = change_scores.change_sd_range(pre, post, r)
    grid = [
        math.sqrt(a * a + b * b - 2 * rho * a * b)
        for a, b, rho in product(np.linspace(0.1, 0.2, 41), np.linspace(0.15, 0.3, 61), (0.2, 0.6))
    ]
    assert high[0] == pytest.approx(max(grid), rel=1e-12)
    assert low[0] == pytest.approx(min(grid), rel=1e-3)


def test_a_ratio_of_rates_that_no_events_allow():
    found = poisson_rates.log_zscore(one(4, 1.5, 7, 2.0), np.array([np.inf]))
    assert found[0] == -np.inf
    assert poisson_rates.log_zscore(one(4, 1.5, 7, 2.0), np.array([0.0]))[0] == np.inf
    assert poisson_rates.log_zscore(one(0, 1.5, 0, 2.0), np.array([np.inf]))[0] == 0.0


def test_midp_of_a_proportion_beyond_0_and_1():
    upper, lower = paired_counts.midp_tails(one(3, 10), np.array([-0.5, 0.0, 1.0, 1.5]))
    # Below 0 and above 1 there is no binomial: what is out of reach is rejected outright.
    assert upper.tolist() == [0.0, 0.0, 1.0, 1.0]
    assert lower.tolist() == [1.0, 1.0, 0.0, 0.0]


def test_conditional_tails_of_many_tables_in_small_pieces(monkeypatch):
    rng = np.random.default_rng(8)
    n1, n2 = rng.integers(1, 40, (2, 30)).astype(float)
    table = (np.floor(rng.random(30) * (n1 + 1)), n1, np.floor(rng.random(30) * (n2 + 1)), n2)
    null = rng.uniform(0.2, 5.0, 30)
    whole = conditional_odds.tails(table, null, midp=False)
    monkeypatch.setattr(conditional_odds, "_ELEMENTS", 10)
    for ours, theirs in zip(conditional_odds.tails(table, null, midp=False), whole, strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-13)


@pytest.mark.parametrize("n", [30, 1990, 2010, 10**6])
def test_the_tail_of_equal_groups_is_fishers(n):
    # P(X1 >= x1) of the hypergeometric distribution by whole numbers.
    x1, x2 = 12, 5
    weights = [math.comb(n, k) * math.comb(n, x1 + x2 - k) for k in range(x1 + x2 + 1)]
    expected = Fraction(sum(weights[x1:]), sum(weights))
    upper, _ = conditional_odds.tails(one(x1, n, x2, n), np.array([1.0]), midp=False)
    assert upper[0] == pytest.approx(float(expected), rel=1e-11)


@pytest.mark.parametrize(("n", "alpha", "fewest"), [(5, 2.0**-5, 5), (5, 6 * 2.0**-5, 4), (5, 0.03, 6)])
def test_a_tail_that_is_exactly_the_level_rejects(n, alpha, fewest):
    # At one half P(X >= 5) = 1/32 and P(X >= 4) = 6/32, without any rounding.
    assert exact_proportion.fewest_rejected(*one(n, 0.5), alpha)[0] == fewest


@pytest.mark.parametrize(("t", "ncp"), [(2.2e200, 2e200), (1.8e200, 2e200), (-2.2e200, -2e200)])
def test_a_noncentrality_beside_which_the_normal_part_is_nothing(t, ncp):
    # P(T <= t) is then that of ncp / s <= t, with s the root of a chi-squared variable over its degrees of freedom.
    edge = 5.0 * (ncp / t) ** 2
    expected = mp.gammainc(5, edge, regularized=True) if t > 0 else mp.gammainc(5, 0, edge, regularized=True)
    assert noncentral_t.cdf(t, 10.0, ncp) == pytest.approx(float(expected), rel=1e-12)


@pytest.mark.parametrize(("x", "a", "b"), [(0.1, 900.0, 1100.0), (0.02, 1100.0, 12000.0), (0.4, 3000.0, 900.0)])
def test_the_far_tail_of_a_beta_distribution(x, a, b):
    # The mean stands far to the right: below x is less than any float. A sum of positive terms, as an infinite series.
    with mp.workdps(40):
        front = a * mp.log(x) + b * mp.log1p(-x) - mp.log(a) - mp.log(mp.beta(a, b))
        expected = front + mp.log(mp.hyp2f1(a + b, 1, a + 1, x))
    place = np.array([[x], [1.0 - x], [math.log(x)], [math.log1p(-x)]])
    assert expected < math.log(1e-280)
    assert beta_rates.log_cdf(place, *one(a, b))[0] == pytest.approx(float(expected), rel=1e-14)


@pytest.mark.parametrize("free", [9.0, 14.0, 60.0])
def test_expected_epsilon_of_huynh_and_feldt_by_its_traces(free):
    # (nu + 1) b eps - 2 over b (nu - b eps), numerator and denominator each in expectation: Muller et al. (2007).
    sigma = np.diag([1.0, 2.0, 5.0])
    first, second = 8.0, 30.0
    square, squares = (free * first) ** 2 + 2 * free * second, free * (free + 1) * second + free * first**2
    expected = ((free + 1) * square - 2 * squares) / (3 * (free * squares - square))
    found = corrected_f.expected_epsilon(sigma, np.asarray(free), "huynh_feldt")
    assert 0.5 < expected < 0.9
    assert found == pytest.approx(expected, rel=1e-13)


def test_expected_epsilon_is_never_above_one():
    # With equal variances that of Huynh and Feldt is 1 on the average, that of Greenhouse and Geisser below.
    assert corrected_f.expected_epsilon(np.eye(4), np.asarray(10.0), "huynh_feldt") == 1.0
    assert corrected_f.expected_epsilon(np.eye(4), np.asarray(10.0), "greenhouse_geisser") < 1.0


@pytest.mark.parametrize(("edge", "sign"), [("0", 1), ("1/4", 1), ("1/2", 0), ("3/4", -1), ("1", -1), ("-1", 1)])
def test_cramers_v_beside_an_edge(edge, sign):
    # Chi-square is 8 (3 3 - 1 1)^2 / 4^4 = 2, and V the root of 2 / 8.
    assert rxc_exact.compare_cramers_v(np.array([[3, 1], [1, 3]]), Fraction(edge)) == sign


def test_half_spaces_have_normals_of_length_one():
    assert vertices.half_space(3.0, 4.0, 0.0, 10.0, 2).tolist() == [[0.6, 0.8, 0.0, 2.0]] * 2


@pytest.mark.parametrize("events", [0, 1])
def test_unconditional_tests_of_groups_alike_within_an_interval_of_the_proportion(events):
    # Nothing, or everything, happened in both groups: whatever the proportion, all tables are as extreme.
    table = np.array([[6 * events], [6], [9 * events], [9]])
    value, where, _ = unconditional.pvalue("barnard", "greater", 0.01, *table)
    assert value[0] == 1.0
    assert where[0] == events


@pytest.mark.parametrize("name", table_measures.BOUNDS)
def test_the_bounds_of_a_measure_are_reached(name):
    sizes = (1, 2, 3, 5, 10**7)
    tables = [(a, n, b, m) for n in sizes for m in sizes for a in {0, 1, n - 1, n} for b in {0, 1, m - 1, m}]
    with np.errstate(all="ignore"):
        value = np.asarray(table_measures.value(name, *np.array(tables).T), dtype=np.float64)
    value = value[~np.isnan(value)]
    assert (value.min(), value.max()) == pytest.approx(table_measures.BOUNDS[name], abs=1e-6)


@pytest.mark.parametrize("method", ["score", "mee"])
@pytest.mark.parametrize(("n1", "n2", "margin"), [(5, 4, 0.05), (25, 30, 0.5), (18, 6, 0.7)])
def test_assured_equivalence_by_every_table(n1, n2, margin, method):
    x1, x2 = np.meshgrid(np.arange(n1 + 1), np.arange(n2 + 1), indexing="ij")
    found = ks.equivalence.proportions(x1, n1, x2, n2, margin=margin, alpha=0.05, method=method).established
    weight = np.outer(stats.betabinom.pmf(x1[:, 0], n1, 3, 2), stats.betabinom.pmf(x2[0], n2, 4, 3))
    power = assured_counts.assured_power(
        (n1, n2), ((3.0, 2.0), (4.0, 3.0)), (-margin, margin), 0.05, "equivalence", method == "score"
    )
    assert power == pytest.approx(float(np.sum(weight[found])), rel=1e-10, abs=0.0)
