"""Score statistics and intervals of two proportions against their definition, at high precision."""

from __future__ import annotations

import csv
from pathlib import Path

import mpmath
import numpy as np
import pytest

from ketastats.numerics import rates, score
from ketastats.numerics.chandrupatla import find_roots

GOLDEN = Path(__file__).parent / "golden" / "score_intervals.csv"


def all_tables(largest: int) -> tuple[np.ndarray, ...]:
    sizes = range(1, largest + 1)
    rows = [(a, n, b, m) for n in sizes for m in sizes for a in range(n + 1) for b in range(m + 1)]
    return tuple(np.array(rows, dtype=float).T)


def random_tables(rng: np.random.Generator, count: int, largest: int) -> tuple[np.ndarray, ...]:
    n1, n2 = np.exp(rng.uniform(0, np.log(largest), (2, count))).round()
    edge = rng.integers(0, 4, (2, count))  # a quarter each: no events, all events, few, anything
    few = rng.integers(0, 4, (2, count))
    x1, x2 = (
        np.select([e == 0, e == 1, e == 2], [0 * n, n, np.minimum(f, n)], np.floor(rng.random(count) * (n + 1)))
        for e, f, n in zip(edge, few, (n1, n2), strict=True)
    )
    return x1, n1, x2, n2


# -------------------- root finding
def test_roots_of_easy_and_hard_functions() -> None:
    offsets = np.array([0.0, 0.25, 0.9, 0.999999, 1e-12])

    def cubic(x, rows):
        return (x - offsets[rows]) ** 3

    low, high = np.full(5, -1.0), np.full(5, 1.0)
    rows = np.arange(5)
    roots = find_roots(cubic, (low, high), (cubic(low, rows), cubic(high, rows)))
    np.testing.assert_allclose(roots, offsets, atol=2e-15)


@pytest.mark.parametrize(
    "function",
    [
        lambda x: np.exp(x) - 2.0,
        lambda x: np.log(x + 1.5),
        lambda x: np.tanh(3.0 * (x - 0.3)),
        lambda x: x**3 - 0.2,
        lambda x: 1.0 / (x - 1.2) + 1.0,
    ],
)
def test_roots_of_smooth_functions_take_far_fewer_looks_than_bisection(function) -> None:
    looks = []

    def counted(x, rows):
        looks.append(x)
        return function(x)

    ends = np.array([-1.0]), np.array([1.0])
    root = find_roots(counted, ends, (function(ends[0]), function(ends[1])))
    assert abs(function(root)[0]) < 1e-14
    # Bisection takes 53.
    assert len(looks) <= 13


def test_an_end_that_is_the_root_is_returned() -> None:
    ends = np.array([0.0, -1.0]), np.array([1.0, 0.0])
    assert find_roots(lambda x, rows: x, ends, ends).tolist() == [0.0, 0.0]


# -------------------- closed forms
def test_wilson_interval_of_no_width_is_the_proportion() -> None:
    x = np.array([0.0, 3.0, 7.0, 10.0])
    low, high = rates.wilson_interval((x, np.full(4, 10.0)), 0.0)
    assert low.tolist() == high.tolist() == [0.0, 0.3, 0.7, 1.0]


# -------------------- restricted likelihood
def exact_restricted(x1, n1, x2, n2, null):
    """Return p2 that maximises the likelihood where p1 = p2 + null, by bisecting the slope at 60 digits."""
    with mpmath.workdps(60):
        d = mpmath.mpf(null)
        low, high = mpmath.mpf(0), 1 - d

        def slope(p):
            total = mpmath.mpf(0)
            for count, rate, sign in ((x1, p + d, 1), (n1 - x1, 1 - p - d, -1), (x2, p, 1), (n2 - x2, 1 - p, -1)):
                total += sign * mpmath.mpf(int(count)) / rate if count else 0
            return total

        for _ in range(190):
            middle = (low + high) / 2
            low, high = (middle, high) if slope(middle) > 0 else (low, middle)
        return (low + high) / 2


@pytest.mark.parametrize("largest", [12, 1000, 10**6])
def test_restricted_rates_match_bisection_at_sixty_digits(largest) -> None:
    rng = np.random.default_rng(largest)
    table = random_tables(rng, 60, largest)
    null = np.concatenate([rng.random(30), 10 ** rng.uniform(-8, -1, 20), 1 - 10 ** rng.uniform(-8, -1, 10)])
    p1, q1, p2, q2 = score.restricted_rates(table, null)
    for i in range(60):
        exact = exact_restricted(*(column[i] for column in table), null[i])
        d = mpmath.mpf(null[i])
        for got, want in ((p1[i], exact + d), (q1[i], 1 - exact - d), (p2[i], exact), (q2[i], 1 - exact)):
            assert abs(got - want) <= 1e-13 * abs(want) + 2e-16, (i, null[i], got, want)


def test_restricted_rates_stay_proportions_and_keep_the_difference() -> None:
    table = all_tables(8)
    for null in (0.0, 1e-300, 1e-9, 0.1, 0.5, 1 - 1e-12, 1.0):
        p1, q1, p2, q2 = score.restricted_rates(table, np.full(table[0].shape, null))
        for rate in (p1, q1, p2, q2):
            assert np.all((rate >= 0) & (rate <= 1))
        np.testing.assert_allclose(p1 - p2, null, atol=1e-15)
        np.testing.assert_allclose(p1 + q1, 1, atol=1e-15)


@pytest.mark.parametrize("pieces", [score.ratio_pieces, score.odds_pieces])
def test_restricted_ratio_statistics_match_a_maximised_likelihood(pieces) -> None:
    rng = np.random.default_rng(5)
    table = random_tables(rng, 80, 300)
    null = np.exp(rng.uniform(-5, 5, 80))
    z = score.statistic(pieces(table, null))
    with mpmath.workdps(50):
        for i in range(80):
            want = exact_ratio_z(pieces is score.odds_pieces, [int(column[i]) for column in table], mpmath.mpf(null[i]))
            assert abs(z[i] - want) <= 1e-12 * max(1, abs(want)), (i, z[i], want)


def exact_ratio_z(odds, table, null):
    x1, n1, x2, n2 = table
    if x1 + x2 == 0 or (odds and x1 + x2 == n1 + n2):
        return mpmath.mpf(0)

    def first(p2):
        return null * p2 / (1 - p2 + null * p2) if odds else null * p2

    def slope(p2):
        # Derivative of the log likelihood times p2, which the chain rule leaves simple for both measures.
        p1 = first(p2)
        if odds:
            return x1 - n1 * p1 + x2 - n2 * p2
        return x1 - (n1 - x1) * p1 / (1 - p1) + x2 - (n2 - x2) * p2 / (1 - p2)

    low, high = mpmath.mpf(0), mpmath.mpf(1) if odds else min(mpmath.mpf(1), 1 / null)
    for _ in range(130):
        middle = (low + high) / 2
        low, high = (middle, high) if slope(middle) > 0 else (low, middle)
    p2 = (low + high) / 2
    p1 = first(p2)
    if odds:
        return (x1 - n1 * p1) * mpmath.sqrt(1 / (n1 * p1 * (1 - p1)) + 1 / (n2 * p2 * (1 - p2)))
    variance = p1 * (1 - p1) / n1 + null**2 * p2 * (1 - p2) / n2
    distance = mpmath.mpf(x1) / n1 - null * mpmath.mpf(x2) / n2
    return distance / mpmath.sqrt(variance)


# -------------------- the intervals
def test_intervals_match_fifty_digit_root_finding() -> None:
    # tests/golden/make_score_intervals.py made the file.
    with GOLDEN.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) >= 150
    table = tuple(np.array([float(row[name]) for row in rows]) for name in ("x1", "n1", "x2", "n2"))
    for level, z in (("90", 1.6448536269514722), ("99", 2.5758293035489004)):
        for corrected, name in ((True, "mn"), (False, "mee")):
            low, high = rates.score_interval(table, z, measure="difference", corrected=corrected)
            for got, side in ((low, "low"), (high, "high")):
                want = np.array([float(row[f"{name}{level}_{side}"]) for row in rows])
                np.testing.assert_allclose(got, want, rtol=0, atol=1e-14)


def test_the_statistic_falls_as_the_null_rises() -> None:
    # Else the set of values that the test keeps would not be one interval.
    table = all_tables(10)
    grid = np.unique(np.concatenate([np.linspace(-1, 1, 161), [-1 + 1e-9, -1e-9, 1e-9, 1 - 1e-9]]))
    before = np.full(table[0].shape, np.inf)
    for null in grid:
        z = score.statistic(score.difference_pieces(table, np.full(table[0].shape, null)))
        assert np.all(z <= before + 1e-12)
        before = z


@pytest.mark.parametrize("measure", ["ratio", "odds_ratio"])
def test_the_ratio_statistic_falls_as_the_null_rises(measure) -> None:
    table = all_tables(8)
    before = np.full(table[0].shape, np.inf)
    for null in np.exp(np.linspace(-12, 12, 97)):
        z = rates.score_zscore(table, np.full(table[0].shape, null), measure=measure, corrected=True)
        assert np.all(z <= before + 1e-12)
        before = z


@pytest.mark.parametrize("largest", [100, 10**6])
def test_ends_solve_the_equation_that_defines_them(largest) -> None:
    table = random_tables(np.random.default_rng(largest + 1), 3000, largest)
    total = table[1] + table[3]
    factor = total / (total - 1)
    for z in (1e-3, 1.6448536269514722, 6.0):
        ends = score.interval_difference(table, z, factor)
        point = score.sample_difference(table)
        assert np.all((ends[0] <= point) & (point <= ends[1]))
        for end, sign, limit in ((ends[0], 1, -1), (ends[1], -1, 1)):
            found = score.statistic(score.difference_pieces(table, end), factor)
            inner = end != limit
            # The last place of the end is 1e-16 of its distance to the estimate, or to -1 or 1 where variance ends.
            nearest = np.maximum(np.minimum(np.abs(end - point), 1 - np.abs(end)), 1e-300)
            slack = 4e-16 * max(1.0, z) / nearest + 1e-11
            assert np.all(np.abs(found - sign * z)[inner] <= slack[inner])


def test_every_arm_size_up_to_a_million_has_an_interval() -> None:
    big = 10**6
    pairs = [(n, x) for n in (1, 2, big) for x in sorted({0, 1, n // 2, n - 1, n})]
    rows = [(a, n, b, m) for n, a in pairs for m, b in pairs]
    table = tuple(np.array(rows, dtype=float).T)
    for measure in ("difference", "ratio", "odds_ratio"):
        low, high = rates.score_interval(table, 1.959963984540054, measure=measure, corrected=True)
        point = rates.observed(table, measure)[0]
        assert not np.isnan(low).any()
        assert not np.isnan(high).any()
        assert np.all((low <= point) & (point <= high) & (low < high))
