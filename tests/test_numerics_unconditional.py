"""Exact unconditional p-values: attained, never exceeded, and the same by brute force."""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from itertools import product
from math import comb

import numpy as np
import pytest
from scipy.stats import binom

from ketastats.numerics import binomial_supremum, conditional_tests, unconditional
from ketastats.numerics.binomial_supremum import TOLERANCE, supremum

SIDES = ("two-sided", "greater", "less")


def whole(share):
    """The supremum of each row over all proportions."""
    return supremum(share, np.arange(len(share)), np.zeros(len(share)), np.ones(len(share)))


def values(share, p):
    """The probability of each set at each p, by scipy's binomial."""
    people = share.shape[1] - 1
    return share @ binom.pmf(np.arange(people + 1)[:, None], people, p)


def all_tables(*designs):
    return np.array([(a, n, b, m) for n, m in designs for a in range(n + 1) for b in range(m + 1)]).T


# --------------------------------------------------------------------------------------------------------- the supremum
@pytest.mark.parametrize("people", [1, 2, 3, 7, 12])
def test_supremum_is_the_largest_critical_value(people) -> None:
    rng = np.random.default_rng(people)
    share = rng.random((12, people + 1)) * (rng.random((12, people + 1)) < 0.6)
    share[0] = 1.0
    value, maximiser, bound = whole(share)
    for i in range(12):
        powers = bernstein_to_powers([Fraction(h) for h in share[i]])
        slope = np.polynomial.Polynomial([float(k * c) for k, c in enumerate(powers)][1:])
        # A root that is wrong by 1e-8 moves the maximum by 1e-16.
        roots = [Fraction(root.real) for root in slope.roots() if abs(root.imag) < 1e-6 and 0 < root.real < 1]
        best = float(max(horner(powers, at) for at in [Fraction(0), Fraction(1), *roots]))
        assert best * (1 - 1.1 * TOLERANCE) <= value[i] <= best * (1 + 1e-13)
        assert best <= value[i] + bound[i] <= best + 3 * TOLERANCE
        assert float(horner(powers, Fraction(maximiser[i]))) == pytest.approx(value[i], rel=1e-12)


def horner(powers, at):
    total = Fraction(0)
    for coefficient in reversed(powers):
        total = total * at + coefficient
    return total


def bernstein_to_powers(h):
    degree = len(h) - 1
    return [comb(degree, k) * sum((-1) ** (k - i) * comb(k, i) * h[i] for i in range(k + 1)) for k in range(degree + 1)]


@pytest.mark.parametrize("people", [1, 2, 5, 20, 83, 400])
def test_nothing_on_a_fine_grid_exceeds_value_plus_bound(people) -> None:
    # Alternating and sparse sets of tables oscillate as fast as any can.
    rng = np.random.default_rng(people)
    share = (rng.random((8, people + 1)) < 0.3).astype(float)
    share[0], share[1] = np.arange(people + 1) % 2, np.arange(people + 1) % 3 == 1
    share[2] *= 1e-250
    share[3] = 0.0
    share[3, people // 2] = 1.0
    value, maximiser, bound = whole(share)
    fine = values(share, np.sin(np.linspace(0, np.pi / 2, 20 * people + 4_001)) ** 2).max(axis=1)
    assert np.all(fine <= (value + bound) * (1 + 1e-12))
    assert np.all(value <= fine * (1 + 1e-5))
    np.testing.assert_allclose(np.diag(values(share, maximiser)), value, rtol=1e-11)


def test_supremum_over_an_interval() -> None:
    rng = np.random.default_rng(3)
    people = 30
    share = rng.random((12, people + 1)) ** 5
    ends = np.sort(rng.random((2, 12)), axis=0)
    ends[:, :4] = [[0.4, 0.0, 1 - 1e-5, 0.5], [0.4 + 1e-9, 1e-5, 1.0, 0.5]]
    value, maximiser, bound = supremum(share, np.arange(12), *ends)
    assert np.all((maximiser >= ends[0]) & (maximiser <= ends[1]))
    assert np.all(bound <= 1e-9)
    for i in range(12):
        fine = values(share[i : i + 1], np.linspace(ends[0, i], ends[1, i], 3_001)).max()
        assert fine <= (value[i] + bound[i]) * (1 + 1e-12)
        assert value[i] <= fine * (1 + 1e-5)


def test_error_of_interpolation_falls_with_the_number_of_points() -> None:
    for people in (1, 2, 10, 83, 2000, 10**6):
        width = np.pi / np.ceil(20 * np.sqrt(people))
        errors = [binomial_supremum._error(nodes, people, width) for nodes in (2, 4, 16)]
        assert errors[0] < 0.01
        assert errors[1] < 2e-4
        assert errors[2] < 1e-11


@pytest.mark.parametrize("nodes", [2, 4, 16])
def test_error_of_interpolation_is_that_of_the_worst_place_between_the_nodes(nodes) -> None:
    # |f - p| <= max |f^(k)| / k! times the product of the distances; f = cos(v)^N is as large as 1.
    people, width = 83, 0.05
    at = np.array(binomial_supremum._around(nodes))
    distances = np.abs(np.linspace(0.0, 1.0, 1001)[:, None] - at).prod(axis=1).max()
    v = np.linspace(1e-3, 3.0, 30_001)
    derivative = np.exp(people * np.log(np.cosh(v)) - nodes * np.log(v)).min()
    error = binomial_supremum._error(nodes, people, width)
    # The bound takes one v of many, close to the best.
    assert distances * derivative * width**nodes <= error <= 1.5 * distances * derivative * width**nodes


def test_the_bound_covers_what_interpolation_can_miss(monkeypatch) -> None:
    monkeypatch.setattr(binomial_supremum, "_error", lambda nodes, people, width: 1e-3 if nodes == 16 else 1e-6)
    share = (np.arange(31) % 4 == 1).astype(float)[None, :]
    value, _, bound = whole(share)
    assert bound[0] >= 0.99e-3 * value[0]
    assert bound[0] == pytest.approx(1e-3 * value[0], rel=0.1)


def test_interpolation_and_halving_are_exact_for_polynomials() -> None:
    # A polynomial of degree 3 through 4 or 16 nodes, as Bernstein coefficients: its values at both ends and the middle.
    for nodes in (4, 16):
        at = np.array(binomial_supremum._around(nodes), dtype=float)
        coefficients = (1 + at - 2 * at**2 + 0.5 * at**3) @ binomial_supremum._interpolation(nodes)
        assert coefficients[[0, -1]] == pytest.approx([1.0, 0.5], abs=1e-12)
        if nodes == 16:
            left, right = (coefficients @ half for half in binomial_supremum._halving())
            middle = 1 + 0.5 - 0.5 + 0.0625
            assert (left[0], left[-1], right[0], right[-1]) == pytest.approx((1.0, middle, middle, 0.5), abs=1e-12)


# ---------------------------------------------------------------------------------------------------------- brute force
@cache
def conditional(n1, n2, x1, x2, side):
    """Fisher's p, exactly."""
    weights = {a: comb(n1, a) * comb(n2, x1 + x2 - a) for a in range(max(0, x1 + x2 - n2), min(n1, x1 + x2) + 1)}
    if side == "greater":
        tail = sum(w for a, w in weights.items() if a >= x1)
    elif side == "less":
        tail = sum(w for a, w in weights.items() if a <= x1)
    else:
        tail = sum(w for w in weights.values() if w <= weights[x1] * (1 + Fraction(1, 10**7)))
    return Fraction(tail, sum(weights.values()))


def extremeness(test, side, n1, n2, x1, x2):
    """An exact number that is the larger, the more extreme the table."""
    if test == "boschloo":
        return -conditional(n1, n2, x1, x2, side)
    difference = Fraction(x1, n1) - Fraction(x2, n2)
    if test == "barnard":
        pooled = Fraction(x1 + x2, n1 + n2)
        variance = pooled * (1 - pooled) * (Fraction(1, n1) + Fraction(1, n2))
    else:
        variance = Fraction(x1 * (n1 - x1), n1**3) + Fraction(x2 * (n2 - x2), n2**3)
    square = Fraction(0) if difference == 0 else Fraction(10**9) if variance == 0 else difference**2 / variance
    sign = -1 if (difference < 0) != (side == "less") else 1
    return square if side == "two-sided" else sign * square


def brute_probability(test, side, n1, n2, x1, x2, p):
    """The probability of all tables at least as extreme at each p."""
    own = extremeness(test, side, n1, n2, x1, x2)
    total = np.zeros(p.shape)
    for a, b in product(range(n1 + 1), range(n2 + 1)):
        if extremeness(test, side, n1, n2, a, b) >= own:
            total += comb(n1, a) * comb(n2, b) * p ** (a + b) * (1 - p) ** (n1 + n2 - a - b)
    return total


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("test", unconditional.TESTS)
def test_p_is_the_maximum_by_brute_force(test, side) -> None:
    tables = all_tables((1, 1), (2, 3), (4, 4), (5, 3))
    value, maximiser, bound = unconditional.pvalue(test, side, 0.0, *tables)
    p = np.linspace(0, 1, 10_001)
    for i, (x1, n1, x2, n2) in enumerate(tables.T.tolist()):
        fine = brute_probability(test, side, n1, n2, x1, x2, p)
        assert fine.max() <= value[i] + bound[i] + 1e-13
        assert value[i] <= fine.max() + 1e-7
        attained = brute_probability(test, side, n1, n2, x1, x2, maximiser[i : i + 1])[0]
        assert attained == pytest.approx(value[i], rel=1e-12)


@pytest.mark.parametrize("test", unconditional.TESTS)
def test_interval_for_the_common_proportion_by_brute_force(test) -> None:
    gamma = 0.02
    tables = all_tables((2, 3), (5, 4))
    value, maximiser, bound = unconditional.pvalue(test, "two-sided", gamma, *tables)
    for i, (x1, n1, x2, n2) in enumerate(tables.T.tolist()):
        events, people = x1 + x2, n1 + n2
        low = crossing(events, people, gamma / 2) if events else 0.0
        high = 1 - crossing(people - events, people, gamma / 2) if events < people else 1.0
        assert low - 1e-12 <= maximiser[i] <= high + 1e-12
        fine = brute_probability(test, "two-sided", n1, n2, x1, x2, np.linspace(low, high, 4_001)).max()
        assert fine + gamma <= value[i] + bound[i] + 1e-12 or value[i] == 1
        assert value[i] <= min(1, fine + gamma) + 1e-6


def crossing(s, n, target):
    """The q at which P(S >= s), which rises with q, reaches the target."""
    low, high = 0.0, 1.0
    for _ in range(60):
        q = 0.5 * (low + high)
        above = sum(comb(n, k) * q**k * (1 - q) ** (n - k) for k in range(s, n + 1)) > target
        low, high = (low, q) if above else (q, high)
    return low


@pytest.mark.parametrize(("test", "side"), [("barnard", "two-sided"), ("boschloo", "greater")])
def test_a_thousand_in_each_group(test, side) -> None:
    table = [np.array([value]) for value in (530, 1000, 480, 1000)]
    (value,), (maximiser,), (bound,) = unconditional.pvalue(test, side, 0.0, *table)
    x1, x2 = np.meshgrid(np.arange(1001), np.arange(1001), indexing="ij")
    sizes = np.full_like(x1, 1000)
    if test == "barnard":
        # Squared z, with integers: D^2 / (s (N - s)), where equal sizes make D = x1 - x2.
        own = Fraction(50**2, 1010 * 990)
        events = x1 + x2
        extreme = (x1 - x2) ** 2 * own.denominator >= own.numerator * events * (2000 - events)
        extreme &= events * (2000 - events) > 0
    else:
        p = conditional_tests.pvalue("fisher", "greater", x1, sizes, x2, sizes)
        extreme = p <= p[530, 480] * (1 + 1e-7)
    k = np.arange(1001)
    for q in (0.01, 0.3, maximiser, 0.5, 0.505):
        mass = binom.pmf(k, 1000, q)
        probability = mass @ extreme @ mass
        assert probability <= (value + bound) * (1 + 1e-10)
        if q == maximiser:
            assert probability == pytest.approx(value, rel=1e-10)


# ------------------------------------------------------------------------------------------------------ slices of work
@pytest.mark.parametrize("test", unconditional.TESTS)
@pytest.mark.parametrize("gamma", [0.0, 0.001])
def test_results_do_not_depend_on_how_the_work_is_cut(test, gamma, monkeypatch) -> None:
    tables = all_tables((3, 9), (6, 6), (9, 3), (7, 5), (8, 5))
    expected = unconditional.pvalue(test, "greater", gamma, *tables)
    monkeypatch.setattr(unconditional, "_CHUNK", 7)
    monkeypatch.setattr(unconditional, "_ELEMENTS", 100)
    monkeypatch.setattr(binomial_supremum, "_ELEMENTS", 150)
    monkeypatch.setattr(conditional_tests, "_ROW_ELEMENTS", 20)
    got = unconditional.pvalue(test, "greater", gamma, *tables)
    # Where several proportions are equally bad, rounding chooses among them.
    np.testing.assert_allclose(got[0], expected[0], rtol=3e-10)
    np.testing.assert_allclose(got[2], expected[2], atol=3e-10)


@pytest.mark.parametrize("limit", [1, 30, 200])
def test_parts_of_the_work_hold_each_row_once_and_fit(limit, monkeypatch) -> None:
    x, margins, _ = conditional_tests._canonical(*all_tables((3, 9), (40, 60), (7, 5)))
    rows, row = conditional_tests._distinct(margins)
    first, last = conditional_tests._window(rows[:, 1], rows[:, 2], rows[:, 3])
    monkeypatch.setattr(conditional_tests, "_ROW_ELEMENTS", limit)
    parts = list(conditional_tests._parts(rows, row))
    assert len(parts) > 1
    assert [k for _, part in parts for k in range(part.start, part.stop)] == list(range(len(rows)))
    assert sorted(np.concatenate([members for members, _ in parts])) == list(range(x.size))
    for members, part in parts:
        assert np.all((row[members] >= part.start) & (row[members] < part.stop))
        count, width = part.stop - part.start, (last - first)[part].max() + 1
        assert count == 1 or count * width <= limit


def test_tables_are_counted_once_per_design() -> None:
    assert unconditional.count_tables(np.array([3, 5, 3, 3]), np.array([5, 3, 5, 3])) == 24 + 16
    assert unconditional.count_tables(np.array(2**53), np.array(2**53)) == (2**53 + 1) ** 2


def test_arrays_without_tables() -> None:
    none = np.zeros((0, 3), dtype=np.int64)
    assert [part.shape for part in unconditional.pvalue("barnard", "less", 0.0, none, none, none, none)] == [(0, 3)] * 3
    assert conditional_tests.pvalue("fisher", "less", none, none, none, none).shape == (0, 3)
    assert conditional_tests.longest_row(none, none, none, none) == 0
