"""Exact decisions against mpmath at sixty digits, at and next to the edges."""

from __future__ import annotations

import math
from decimal import Context, Decimal, localcontext
from fractions import Fraction

import mpmath
import numpy as np
import pytest

from ketastats.numerics import conditional_digits, exact_tests
from ketastats.numerics.table_tests import TESTS

CHI_SQUARE = ("pearson", "yates", "n_minus_1", "lr", "wald")


def reference_statistic(test: str, x1: int, n1: int, x2: int, n2: int) -> mpmath.mpf:
    """The textbook statistics over the four cells, at the working precision of mpmath."""
    a, b, c, d = (mpmath.mpf(v) for v in (x1, n1 - x1, x2, n2 - x2))
    n = a + b + c + d
    if test == "wald":
        p1, p2 = a / (a + b), c / (c + d)
        return (p1 - p2) ** 2 / (p1 * (1 - p1) / (a + b) + p2 * (1 - p2) / (c + d))
    cells = [(o, r * k / n) for o, r, k in ((a, a + b, a + c), (b, a + b, b + d), (c, c + d, a + c), (d, c + d, b + d))]
    if test == "lr":
        return 2 * sum(o * mpmath.log(o / e) for o, e in cells if o)
    off = min(mpmath.mpf("0.5"), abs(cells[0][0] - cells[0][1])) if test == "yates" else 0
    return sum((abs(o - e) - off) ** 2 / e for o, e in cells) * ((n - 1) / n if test == "n_minus_1" else 1)


def reference_pvalue(test: str, table: tuple[int, int, int, int]) -> mpmath.mpf:
    x1, n1, x2, n2 = table
    if test not in ("fisher", "midp"):
        return mpmath.erfc(mpmath.sqrt(reference_statistic(test, *table) / 2))
    e = x1 + x2
    weight = {x: mpmath.binomial(n1, x) * mpmath.binomial(n2, e - x) for x in range(max(0, e - n2), min(n1, e) + 1)}
    tail = sum(w for w in weight.values() if w <= weight[x1] * (1 + mpmath.mpf(10) ** -7))
    return (tail - (weight[x1] / 2 if test == "midp" else 0)) / sum(weight.values())


def random_tables(seed: int, number: int, largest: int) -> list[tuple[int, int, int, int]]:
    rng = np.random.default_rng(seed)
    result = []
    while len(result) < number:
        n1, n2 = (int(v) for v in rng.integers(1, largest, 2))
        share = rng.random()
        x1, x2 = int(rng.binomial(n1, share)), int(rng.binomial(n2, share))
        if 0 < x1 + x2 < n1 + n2 and x1 * n2 != x2 * n1 and (x1, x2) not in ((0, n2), (n1, 0)):
            result.append((x1, n1, x2, n2))
    return result


def as_fraction(value: mpmath.mpf) -> Fraction:
    sign, mantissa, exponent, _ = value._mpf_
    return (-1) ** sign * Fraction(int(mantissa)) * Fraction(2) ** exponent


@pytest.mark.parametrize("test", TESTS)
def test_sides_of_edges_a_hair_away_at_sixty_digits(test: str) -> None:
    """An edge 1e-38 (and 1e-50) beside p is on the side where mpmath puts it, whatever the caller's context is."""
    for context in (Context(), Context(prec=3)):
        with mpmath.workdps(75), localcontext(context):
            for table in random_tables(7, 15, 60):
                p = as_fraction(reference_pvalue(test, table))
                for hair in (Fraction(1, 10**38), Fraction(1, 10**50)):
                    if p * (1 + hair) < 1:
                        assert exact_tests.compare_pvalue(test, *table, p * (1 + hair)) == -1
                    assert exact_tests.compare_pvalue(test, *table, p * (1 - hair)) == 1


@pytest.mark.parametrize("test", CHI_SQUARE)
def test_statistics_a_hair_away_from_an_edge(test: str) -> None:
    with mpmath.workdps(75):
        for table in random_tables(8, 30, 200):
            value = as_fraction(reference_statistic(test, *table))
            if test == "yates" and value < Fraction(1, 10**60):
                # The correction takes everything: exactly zero, which mpmath only nears.
                assert exact_tests.compare_statistic(test, *table, Fraction(0)) == 0
                continue
            for hair in (Fraction(1, 10**38), Fraction(1, 10**50)):
                assert exact_tests.compare_statistic(test, *table, value * (1 + hair)) == -1
                assert exact_tests.compare_statistic(test, *table, value * (1 - hair)) == 1


def test_the_chi_square_tail_at_sixty_digits() -> None:
    with mpmath.workdps(90):
        for text in ("1e-30", "0.001", "0.7", "1.4409", "3.84", "29.7", "412.3", "1500"):
            expected = mpmath.erfc(mpmath.sqrt(mpmath.mpf(text) / 2))
            value = mpmath.mpf(str(exact_tests.chi_square_tail(Decimal(text), 60)))
            assert abs(value / expected - 1) < mpmath.mpf(10) ** -58


def test_pi_is_right_to_a_thousand_digits() -> None:
    with mpmath.workdps(1020):
        assert abs(mpmath.mpf(str(exact_tests.pi(1000))) - mpmath.pi) < mpmath.mpf(10) ** -1000


def test_rational_p_values_meet_their_edges_exactly() -> None:
    """Tables small enough to count by hand."""
    # 1 of 2 against 0 of 2: the two tables with one event are equally likely.
    assert conditional_digits.pvalue("fisher", "two-sided", 1, 2, 0, 2) == 1
    assert conditional_digits.pvalue("midp", "two-sided", 1, 2, 0, 2) == Fraction(3, 4)
    # 2 of 2 against 0 of 2: weights 1, 4, 1.
    assert conditional_digits.pvalue("fisher", "two-sided", 2, 2, 0, 2) == Fraction(1, 3)
    assert exact_tests.compare_pvalue("fisher", 2, 2, 0, 2, Fraction(1, 3)) == 0
    # 1 of 1 against 1 of 3: weights 3 (none in group 1) and 3.
    assert conditional_digits.pvalue("midp", "two-sided", 1, 1, 1, 3) == Fraction(3, 4)
    # No events: one table only.
    assert conditional_digits.pvalue("fisher", "two-sided", 0, 4, 0, 5) == 1
    assert exact_tests.compare_pvalue("fisher", 0, 4, 0, 5, Fraction(1)) == 0
    assert exact_tests.compare_pvalue("midp", 0, 4, 0, 5, Fraction(1, 2)) == 0


def test_fisher_is_one_only_at_the_likeliest_table_and_its_ties() -> None:
    for x1, n1, x2, n2 in random_tables(9, 200, 25):
        p = conditional_digits.pvalue("fisher", "two-sided", x1, n1, x2, n2)
        assert exact_tests.compare_pvalue("fisher", x1, n1, x2, n2, Fraction(1)) == (0 if p == 1 else -1)


@pytest.mark.parametrize(
    ("n", "ties"), [(30_000_000, True), (21_000_000, True), (19_000_000, False), (9_000_000, False)]
)
def test_fisher_counts_what_is_a_ten_millionth_likelier_as_tied(n: int, ties: bool) -> None:
    # Two events among n and n + 1 people: both in the larger group is likelier than both in the smaller by 2 / n.
    p = conditional_digits.pvalue("fisher", "two-sided", 2, n, 0, n + 1)
    assert float(p) == pytest.approx(0.5 if ties else 0.25, rel=1e-6)


def test_fisher_of_large_tables_keeps_sixty_digits(monkeypatch: pytest.MonkeyPatch) -> None:
    tables = [(70, 200, 81, 190), (3, 400, 9, 390), (0, 120, 30, 200), (199, 200, 180, 200)]
    exact = [conditional_digits.pvalue("fisher", "two-sided", *table) for table in tables]
    monkeypatch.setattr(conditional_digits, "_EXACT_PEOPLE", 10)
    for table, value in zip(tables, exact, strict=True):
        close = conditional_digits.pvalue("fisher", "two-sided", *table)
        assert abs(close - value) < value / 10**60
    with mpmath.workdps(40):
        p = conditional_digits.pvalue("fisher", "two-sided", 188_000, 10**6, 189_000, 10**6)
        normal = math.erfc(1000 / math.sqrt(2e6 * 0.1885 * 0.8115) / math.sqrt(2))
        assert float(p) == pytest.approx(normal, rel=0.005)


def test_values_that_are_certain_are_not_computed() -> None:
    # A separated table of two millions has a tail of 10^5 digits; its z of Wald is infinite.
    assert exact_tests.compare_pvalue("wald", 0, 10**6, 10**6, 10**6, Fraction(0)) == 0
    assert exact_tests.compare_pvalue("wald", 0, 10**6, 10**6, 10**6, Fraction(1, 10**400)) == -1
    assert exact_tests.compare_statistic("wald", 0, 5, 5, 5, Fraction(10**400)) == 1
    assert exact_tests.compare_pvalue("pearson", 0, 10**6, 10**6, 10**6, Fraction(1, 10**400)) == -1
    assert exact_tests.compare_pvalue("lr", 0, 10**6, 10**6, 10**6, Fraction(1, 10**400)) == -1
    for test in TESTS:
        assert exact_tests.compare_pvalue(test, 3, 7, 2, 9, Fraction(0)) == 1
        assert exact_tests.compare_pvalue(test, 3, 7, 2, 9, Fraction(-1, 2)) == 1
        assert exact_tests.compare_pvalue(test, 3, 7, 2, 9, Fraction(3, 2)) == -1
    for test in CHI_SQUARE:
        assert exact_tests.compare_pvalue(test, 3, 6, 4, 8, Fraction(1)) == 0
        assert exact_tests.compare_pvalue(test, 3, 6, 4, 8, Fraction(999, 1000)) == 1
        assert exact_tests.compare_statistic(test, 3, 6, 4, 8, Fraction(0)) == 0
        assert exact_tests.compare_statistic(test, 3, 6, 4, 8, Fraction(1, 10**30)) == -1
        assert exact_tests.compare_statistic(test, 3, 6, 4, 8, Fraction(-1)) == 1


def test_a_tiny_edge_beside_a_tiny_p() -> None:
    with mpmath.workdps(60):
        p = as_fraction(reference_pvalue("pearson", (0, 1000, 900, 900)))
    assert p < Fraction(1, 10**300)
    assert exact_tests.compare_pvalue("pearson", 0, 1000, 900, 900, p * Fraction(10**30 + 1, 10**30)) == -1
    assert exact_tests.compare_pvalue("pearson", 0, 1000, 900, 900, p * Fraction(10**30 - 1, 10**30)) == 1
