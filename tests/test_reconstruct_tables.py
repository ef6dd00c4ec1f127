"""Compatible tables against brute force over all tables, published counts and properties that need no reference."""

from __future__ import annotations

import math
from fractions import Fraction
from functools import cache
from pathlib import Path

import mpmath
import numpy as np
import pytest

import ketastats as ks
from ketastats.reconstruct import tables

GOLDEN = Path(__file__).parent / "golden" / "tables.csv"
TESTS = ("pearson", "yates", "n_minus_1", "lr", "fisher", "midp", "wald")
RULES = ("half", "half_up", "half_even", "truncate", "up")
LARGEST = 30
# Every edge of a number with up to four decimals is a multiple of 1/20000.
EDGES = 20_000
UNDEFINED = -1


# --------------------------------------------------------------------------------------------------- the brute force
def exact_conditional(x1: int, n1: int, x2: int, n2: int, *, midp: bool) -> Fraction:
    """Fisher's p from whole numbers: the sum of all tables that are not likelier."""
    events = x1 + x2
    observed = math.comb(n1, x1) * math.comb(n2, x2)
    every = [math.comb(n1, x) * math.comb(n2, events - x) for x in range(events + 1)]
    tail = sum(weight for weight in every if 10**7 * weight <= (10**7 + 1) * observed)
    return (Fraction(tail) - (Fraction(observed, 2) if midp else 0)) / math.comb(n1 + n2, events)


def chi_square(test: str, x1: int, n1: int, x2: int, n2: int) -> Fraction | mpmath.mpf | None:
    """The statistic by its textbook definition over the four cells; None where it is not defined."""
    total, events = n1 + n2, x1 + x2
    if test == "wald":
        variance = Fraction(x1 * (n1 - x1), n1**3) + Fraction(x2 * (n2 - x2), n2**3)
        gap = Fraction(x1, n1) - Fraction(x2, n2)
        if variance == 0:
            return mpmath.inf if gap else None
        return gap * gap / variance
    if events in (0, total):
        return None
    cells = [
        (observed, Fraction(size * margin, total))
        for size, row in ((n1, (x1, n1 - x1)), (n2, (x2, n2 - x2)))
        for observed, margin in zip(row, (events, total - events), strict=True)
    ]
    if test == "lr":
        if x1 * n2 == x2 * n1:
            return Fraction(0)
        return sum(2 * observed * mpmath.log(observed / mpmath.mpf(e.numerator) * e.denominator)
                   for observed, e in cells if observed)  # fmt: skip
    correction = min(Fraction(1, 2), abs(cells[0][0] - cells[0][1])) if test == "yates" else Fraction(0)
    statistic = sum((abs(observed - e) - correction) ** 2 / e for observed, e in cells)
    return statistic * Fraction(total - 1, total) if test == "n_minus_1" else statistic


def position(p: float | Fraction | mpmath.mpf) -> int:
    """Where p lies among the edges: 2 k exactly at k/20000, 2 k + 1 between k and k + 1."""
    scaled = p * EDGES
    whole = int(mpmath.floor(scaled)) if isinstance(scaled, mpmath.mpf) else math.floor(scaled)
    return 2 * whole + (scaled != whole)


def position_of_table(test: str, table: tuple[int, int, int, int]) -> int:
    if test in ("fisher", "midp"):
        return position(exact_conditional(*table, midp=test == "midp"))
    statistic = chi_square(test, *table)
    if statistic is None:
        return UNDEFINED
    if statistic == 0:
        return 2 * EDGES
    if statistic == mpmath.inf:
        return 0
    p = math.erfc(math.sqrt(float(statistic) / 2))
    nearest = round(p * EDGES)
    if abs(p * EDGES - nearest) > 1e-6:
        return position(p)
    with mpmath.workdps(50):
        if isinstance(statistic, Fraction):
            statistic = mpmath.mpf(statistic.numerator) / statistic.denominator
        else:
            statistic = chi_square(test, *table)
        return position(mpmath.erfc(mpmath.sqrt(statistic / 2)))


@cache
def ordered_tables() -> np.ndarray:
    rows = [
        (x1, n1, x2, total - n1)
        for total in range(2, LARGEST + 1)
        for n1 in range(1, total)
        for x1 in range(n1 + 1)
        for x2 in range(total - n1 + 1)
    ]
    return np.array(rows)


@cache
def positions(test: str) -> np.ndarray:
    """The position of every ordered table; tables that are mirror images of each other are computed once."""
    known: dict[tuple[int, int, int, int], int] = {}
    result = []
    for x1, n1, x2, n2 in ordered_tables().tolist():
        images = ((x1, n1, x2, n2), (x2, n2, x1, n1), (n1 - x1, n1, n2 - x2, n2), (n2 - x2, n2, n1 - x1, n1))
        table = min(images)
        if table not in known:
            known[table] = position_of_table(test, table)
        result.append(known[table])
    return np.array(result)


def rounded(whole: np.ndarray, twice: np.ndarray, unit: np.ndarray | int, rule: str) -> list[np.ndarray]:
    """The digits that ``whole + twice / (2 unit)`` may print as."""
    if rule == "truncate":
        return [whole]
    if rule == "up":
        return [whole + (twice > 0)]
    up, down = whole + (twice >= unit), whole + (twice > unit)
    even = np.where(whole % 2 == 1, up, down)
    return {"half_up": [up], "half_even": [even], "half": [up, down]}[rule]


def prints(text: str, rule: str, place: np.ndarray) -> np.ndarray:
    """Which positions print as the text; the forward direction, without intervals."""
    defined = place != UNDEFINED
    text = {"ns": "> 0.05"}.get(text, text)
    for sign, relation in (("<=", np.less_equal), (">=", np.greater_equal), ("<", np.less), (">", np.greater)):
        if text.startswith(sign):
            edge = Fraction(text.removeprefix(sign).strip()) * 2 * EDGES
            return defined & relation(place, int(edge))
    decimals = len(text.partition(".")[2])
    unit = 2 * EDGES // 10**decimals
    values = rounded(place // unit, 2 * (place % unit), unit, rule)
    return defined & np.any([value == int(text.replace(".", "")) for value in values], axis=0)


def unordered(rows: np.ndarray) -> np.ndarray:
    x1, n1, x2, n2 = rows.T
    return (n1 < n2) | ((n1 == n2) & (x1 <= x2))


def found_rows(found: ks.reconstruct.CompatibleTables) -> np.ndarray:
    return np.stack([found.x1, found.n1, found.x2, found.n2], axis=1)


def assert_same(found: ks.reconstruct.CompatibleTables, expected: np.ndarray) -> None:
    x1, n1, x2, n2 = expected.T
    expected = expected[np.lexsort((x2, x1, n1, n1 + n2))]
    np.testing.assert_array_equal(found_rows(found), expected)


# Ends of the scale, few and many digits, and ties: Fisher's p is exactly 0.5, 0.05 or 0.35 in small tables.
ROUNDED = ("0.0", "1.0", "0.12", "1.00", "0.000", "0.500", "0.3", "0.0500")


@pytest.mark.parametrize("test", TESTS)
@pytest.mark.parametrize("rule", RULES)
def test_every_table_up_to_thirty_people_and_no_other_is_found(test: str, rule: str) -> None:
    rows, place = ordered_tables(), positions(test)
    for text in ROUNDED:
        found = tables(n=range(2, LARGEST + 1), p=text, test=test, rounding=rule)
        assert_same(found, rows[prints(text, rule, place) & unordered(rows)])
        assert found.exhaustive
        assert bool(found) == (len(found) > 0)
        assert (found.emptied_by == "") == bool(found)


@pytest.mark.parametrize("test", TESTS)
def test_relations_and_known_sizes_are_found_by_brute_force(test: str) -> None:
    rows, place = ordered_tables(), positions(test)
    sizes = {"n": range(2, LARGEST + 1), "n1": range(1, LARGEST), "n2": range(1, LARGEST)}
    for text in ("< .001", ">0.05", "ns", "<= 0.05", ">= 1", "<= 0", "0.230"):
        found = tables(**sizes, p=text, test=test)
        assert found.labelled
        assert_same(found, rows[prints(text, "half", place)])


def percent_prints(x: np.ndarray, n: np.ndarray, text: str, rule: str) -> np.ndarray:
    """Which shares x/n print as the percentage, by whole numbers."""
    digits = text.rstrip("%")
    scaled = x * 100 * 10 ** len(digits.partition(".")[2])
    values = rounded(scaled // n, 2 * (scaled % n), n, rule)
    return np.any([value == int(digits.replace(".", "")) for value in values], axis=0)


@pytest.mark.parametrize(
    ("test", "rule"), [*zip(TESTS, RULES + RULES, strict=False), ("fisher", "half"), ("wald", "up")]
)
def test_constraints_are_found_by_brute_force(test: str, rule: str) -> None:
    rows, place = ordered_tables(), positions(test)
    x1, n1, x2, n2 = rows.T
    rate1, rate2 = percent_prints(x1, n1, "12%", rule), percent_prints(x2, n2, "37.5%", rule)
    p = prints("0.3", rule, place)
    total = {"n": range(2, LARGEST + 1), "test": test, "rounding": rule}
    assert_same(tables(**total, p="0.3", rate1="12%"), rows[p & rate1])
    assert_same(tables(**total, p="0.3", rate2="37.5%"), rows[p & rate2])
    assert_same(tables(**total, p="0.3", rate1="12%", rate2="0.375"), rows[p & rate1 & rate2])
    assert_same(tables(**total, p="0.3", events=range(3, 6)), rows[p & np.isin(x1 + x2, (3, 4, 5)) & unordered(rows)])
    assert_same(tables(**total, p="0.3", n1=8, events=0), rows[p & (n1 == 8) & (x1 + x2 == 0)])
    assert_same(
        tables(**total, p="0.3", n2=(7, 8), events=[4, 30]), rows[p & np.isin(n2, (7, 8)) & np.isin(x1 + x2, (4, 30))]
    )


def test_without_a_test_the_counts_follow_from_the_rates_alone() -> None:
    rows = ordered_tables()
    x1, n1, x2, n2 = rows.T
    for rule in RULES:
        inside = percent_prints(x1, n1, "12%", rule) & percent_prints(x2, n2, "33%", rule)
        found = tables(n=range(2, LARGEST + 1), rate1="12%", rate2="33%", rounding=rule)
        assert_same(found, rows[inside])
        assert found.tests == ()
    assert_same(tables(n=9, events=2), rows[(n1 + n2 == 9) & (x1 + x2 == 2) & unordered(rows)])


@cache
def statistic_positions(test: str, largest: int) -> np.ndarray:
    result = []
    for row in ordered_tables().tolist():
        value = chi_square(test, *row) if row[1] + row[3] <= largest else None
        if value is None or value == mpmath.inf:
            result.append(UNDEFINED)
        elif test == "wald":
            square = value * EDGES**2
            whole = math.isqrt(square.numerator // square.denominator)
            result.append(2 * whole + (whole * whole != square))
        else:
            result.append(position(value))
    return np.array(result)


@pytest.mark.parametrize("test", ["pearson", "yates", "n_minus_1", "lr", "wald"])
def test_statistics_are_found_by_brute_force(test: str) -> None:
    rows, place = ordered_tables(), statistic_positions(test, 16)
    for rule in RULES:
        for text in ("0.00", "0.4", "1.33", "2.0", "12"):
            found = tables(n=range(2, 17), statistic=text, test=test, rounding=rule)
            assert_same(found, rows[prints(text, rule, place) & unordered(rows)])
    signed = tables(n=range(2, 17), statistic="-1.33", test=test)
    assert_same(signed, rows[prints("1.33", "half", place) & unordered(rows)])
