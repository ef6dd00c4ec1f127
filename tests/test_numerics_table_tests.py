"""p-values of 2x2 tables over arrays: mirrors, high precision, and the limits of size."""

from __future__ import annotations

import csv
import json
import math
from pathlib import Path

import mpmath
import numpy as np
import pytest
import test_numerics_exact_tests as reference

from ketastats.numerics import conditional_digits, table_tests

GOLDEN = Path(__file__).parent / "golden" / "tables.csv"
TESTS = table_tests.TESTS


def all_tables(largest: int) -> tuple[np.ndarray, ...]:
    sizes = range(1, largest + 1)
    rows = [(a, n, b, m) for n in sizes for m in sizes for a in range(n + 1) for b in range(m + 1)]
    return tuple(np.array(rows).T)


@pytest.mark.parametrize("test", TESTS)
def test_mirrors_and_range_over_all_small_tables(test: str) -> None:
    x1, n1, x2, n2 = all_tables(9)
    p = table_tests.pvalue(test, x1, n1, x2, n2)
    defined = ~np.isnan(p)
    assert ((p[defined] >= 0) & (p[defined] <= 1)).all()
    close = {"rtol": 1e-11, "atol": 0}
    np.testing.assert_allclose(table_tests.pvalue(test, x2, n2, x1, n1), p, **close)
    np.testing.assert_allclose(table_tests.pvalue(test, n1 - x1, n1, n2 - x2, n2), p, **close)
    degenerate = (x1 + x2 == 0) | (x1 + x2 == n1 + n2)
    np.testing.assert_array_equal(defined, True if test in ("fisher", "midp") else ~degenerate)
    if test in ("fisher", "midp"):
        np.testing.assert_array_equal(p[degenerate], 1.0 if test == "fisher" else 0.5)
    if test == "wald":
        np.testing.assert_array_equal(p == 0.0, ((x1 == 0) & (x2 == n2)) | ((x1 == n1) & (x2 == 0)))


@pytest.mark.parametrize("test", TESTS)
def test_random_tables_against_forty_digits(test: str) -> None:
    rows = reference.random_tables(11, 40, 40) + reference.random_tables(12, 20, 500)
    values = table_tests.pvalue(test, *np.array(rows).T)
    with mpmath.workdps(40):
        for row, value in zip(rows, values, strict=True):
            expected = reference.reference_pvalue(test, row)
            assert abs(value / expected - 1) < 2e-11


@pytest.mark.parametrize("test", ["pearson", "yates", "n_minus_1", "lr", "wald"])
def test_statistics_next_to_equality_and_of_large_tables(test: str) -> None:
    rows = [(500_000, 10**9, 500_003, 10**9), (333_333_334, 10**9, 10**5, 3 * 10**5), (10**9 - 1, 10**9, 3, 5)]
    rows += [(5001, 10**4, 5000, 10**4), (1, 10**6, 0, 10**6), (0, 10**9, 10**9 - 1, 10**9)]
    values = table_tests.STATISTICS[test](*np.array(rows).T)
    with mpmath.workdps(60):
        for row, value in zip(rows, values, strict=True):
            expected = reference.reference_statistic(test, *row)
            assert abs(value - expected) <= 4e-15 * expected + 1e-30


@pytest.mark.parametrize("test", ["fisher", "midp"])
def test_exact_tests_of_large_tables(test: str) -> None:
    """Log factorials of a million lose nine digits; the p-values must not."""
    rng = np.random.default_rng(5)
    for total in (2_000, 9_000, 11_000, 10**6, 2 * 10**9):
        n1 = int(rng.integers(total // 3, total // 2))
        events = int(rng.integers(total // 9, total // 3)) if total < 10**9 else 40_000
        spread = math.sqrt(n1 * (total - n1) / total * events / total * (1 - events / total))
        for z in (-2.0, 0.4, 5.0):
            x1 = round(n1 * events / total + z * spread)
            row = (x1, n1, events - x1, total - n1)
            exact = float(conditional_digits.pvalue(test, "two-sided", *row))
            value = table_tests.pvalue(test, *(np.array([count]) for count in row))
            np.testing.assert_allclose(value, exact, rtol=5e-11)


def test_a_table_too_far_out_for_a_float_has_p_zero_and_its_row_stays_right() -> None:
    x1 = np.array([0, 3000, 2900, 1500])
    p = table_tests.pvalue("fisher", x1, np.full(4, 3000), 3000 - x1, np.full(4, 3000))
    assert p[0] == p[1] == p[2] == 0.0
    assert p[3] == 1.0
    # Beyond the window: a million a group.
    p = table_tests.pvalue("fisher", *(np.array([v]) for v in (0, 10**6, 10**6, 10**6)))
    assert p[0] == 0.0


def test_ties_within_a_relative_1e_7_are_ties_and_wider_ones_are_not() -> None:
    """Weights of 7 events among 10 + 10: the table and its mirror tie although their floats may differ."""
    low, table = table_tests.conditional_rows(np.array([10]), np.array([10]), np.array([7]), midp=False)
    weights = [math.comb(10, x) * math.comb(10, 7 - x) for x in range(8)]
    expected = [sum(w for w in weights if w <= observed) / sum(weights) for observed in weights]
    assert low[0] == 0
    np.testing.assert_allclose(table[0], expected, rtol=1e-13)
    ascending = np.array([[1.0, 1.0 + 5e-8, 1.0 + 9.9e-8, 1.0 + 1.2e-7, 2.0, np.inf]])
    np.testing.assert_array_equal(table_tests._last_tie(ascending), [[2, 3, 3, 3, 4, 5]])
    np.testing.assert_array_equal(table_tests._last_tie(np.array([[0.0, 0.0, 0.0, 1e-300, 1.0]])), [[2, 2, 2, 3, 4]])


def test_no_tables_and_any_shape() -> None:
    none = np.zeros(0, dtype=np.int64)
    square = np.array([[1, 2], [3, 4]])
    for test in TESTS:
        assert table_tests.pvalue(test, none, none, none, none).shape == (0,)
        p = table_tests.pvalue(test, square, square + 5, square, square + 9)
        assert p.shape == (2, 2)
        flat = table_tests.pvalue(test, *(np.ravel(v) for v in (square, square + 5, square, square + 9)))
        np.testing.assert_array_equal(np.ravel(p), flat)


def golden(topic: str) -> list[dict[str, str]]:
    with GOLDEN.open(encoding="utf-8") as stream:
        return [row for row in csv.DictReader(stream) if row["topic"] == topic]


@pytest.mark.parametrize("row", golden("p of a table"), ids=lambda row: row["id"])
def test_p_values_that_other_programs_print(row: dict[str, str]) -> None:
    inputs, expected = json.loads(row["inputs_json"]), json.loads(row["expected_json"])
    table = [np.array(inputs[name]) for name in ("x1", "n1", "x2", "n2")]
    for test, value in expected.items():
        assert float(table_tests.pvalue(test, *table)) == pytest.approx(value, abs=float(row["tolerance"]))
