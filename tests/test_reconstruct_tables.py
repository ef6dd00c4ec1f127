"""Compatible tables against brute force over all tables, published counts and properties that need no reference."""

from __future__ import annotations

import csv
import json
import math
import pickle
from decimal import Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import erfc

import ketastats as ks
from ketastats.errors import BudgetExceeded, InvalidArgument, InvalidType, KetastatsError
from ketastats.numerics import table_tests
from ketastats.reconstruct import tables
from ketastats.reconstruct._tables import candidates as _candidates

GOLDEN = Path(__file__).parent / "golden" / "tables.csv"
REAL = "printed p of a real 2x2 (the table must be among those rebuilt from N and p)"
TESTS = ("pearson", "yates", "n_minus_1", "lr", "fisher", "midp", "wald")
RULES = ("half", "half_up", "half_even", "truncate", "up")
LARGEST = 24
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
    x1, n1, x2, n2 = table
    if x1 + x2 in (0, n1 + n2):
        return UNDEFINED
    if test == "wald" and (x1, x2) in ((0, n2), (n1, 0)):
        return 0
    p = float(naive_pvalue(test, *(np.float64(count) for count in table)))
    if abs(p * EDGES - round(p * EDGES)) > 1e-6:
        return position(p)
    with mpmath.workdps(50):
        statistic = chi_square(test, *table)
        assert statistic is not None
        if statistic == 0:
            return 2 * EDGES
        if isinstance(statistic, Fraction):
            statistic = mpmath.mpf(statistic.numerator) / statistic.denominator
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
    rows = ordered_tables()
    x1, n1, x2, n2 = rows.T
    images = [(x1, n1, x2, n2), (x2, n2, x1, n1), (n1 - x1, n1, n2 - x2, n2), (n2 - x2, n2, n1 - x1, n1)]
    keys = [((a * 32 + b) * 32 + c) * 32 + d for a, b, c, d in images]
    first, inverse = np.unique(np.min(keys, axis=0), return_inverse=True)
    distinct = np.stack([first >> 15, (first >> 10) % 32, (first >> 5) % 32, first % 32], axis=1)
    if test in ("fisher", "midp"):
        return np.array([position_of_table(test, tuple(row)) for row in distinct.tolist()])[inverse]
    x1, n1, x2, n2 = distinct.T
    p = naive_pvalue(test, *distinct.T.astype(float))
    scaled = np.nan_to_num(p) * EDGES
    result = 2 * np.floor(scaled).astype(int) + 1
    # Floats decide what is far from every edge, and nothing else.
    for at in np.nonzero((np.abs(scaled - np.round(scaled)) <= 1e-6) | np.isnan(p))[0]:
        result[at] = position_of_table(test, tuple(distinct[at].tolist()))
    return result[inverse]


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


# Every rounding with one statistic and one sum over tables; two roundings with each of the others.
@pytest.mark.parametrize(
    ("test", "rule"),
    [(t, r) for i, t in enumerate(TESTS) for j, r in enumerate(RULES) if t in ("pearson", "fisher") or (i + j) % 5 < 2],
)
def test_every_table_up_to_24_people_and_no_other_is_found(
    test: str, rule: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows, place = ordered_tables(), positions(test)
    for number, text in enumerate(ROUNDED):
        # So few tables are all tried; every other text is solved, as where they are many.
        monkeypatch.setattr(_candidates, "_FEW", 0 if number % 2 else 200_000)
        monkeypatch.setattr(_candidates, "_TRIES_PER_ROW", 0)
        found = tables(n=range(2, LARGEST + 1), p=text, test=test, rounding=rule)
        assert_same(found, rows[prints(text, rule, place) & unordered(rows)])
        assert found.exhaustive
        assert bool(found) == (len(found) > 0)
        assert (found.emptied_by == "") == bool(found)


@pytest.mark.parametrize("test", TESTS)
def test_relations_and_known_sizes_are_found_by_brute_force(test: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_candidates, "_FEW", 0)
    monkeypatch.setattr(_candidates, "_TRIES_PER_ROW", 0)
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
def test_statistics_are_found_by_brute_force(test: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_candidates, "_FEW", 0)
    rows, place = ordered_tables(), statistic_positions(test, 12)
    for rule in RULES:
        for text in ("0.00", "0.4", "1.33", "2.0", "12"):
            found = tables(n=range(2, 13), statistic=text, test=test, rounding=rule)
            assert_same(found, rows[prints(text, rule, place) & unordered(rows)])
    signed = tables(n=range(2, 13), statistic="-1.33", test=test)
    assert_same(signed, rows[prints("1.33", "half", place) & unordered(rows)])


# ------------------------------------------------------------------------------------------------- published counts
def golden(topic: str) -> list[dict[str, str]]:
    with GOLDEN.open(encoding="utf-8") as stream:
        return [row for row in csv.DictReader(stream) if row["topic"] == topic]


COUNTS = [  # test, ordered tables for 0.230, for 0.397, both with n = 83
    ("pearson", 28, 32),
    ("yates", 28, 48),
    ("fisher", 56, 24),
    ("lr", 56, 32),
    ("n_minus_1", 96, 40),
    ("wald", 36, 36),
]


@pytest.mark.parametrize(("test", "response", "remission"), COUNTS)
def test_published_counts_of_eighty_three_people(test: str, response: int, remission: int) -> None:
    for p, count in (("0.230", response), ("0.397", remission)):
        labelled = tables(n=83, n1=range(1, 83), p=p, test=test)
        alone = tables(n=83, p=p, test=test)
        assert (len(labelled), len(alone)) == (count, count // 2)
        # Counted for another purpose: all tables of 83 people.
        assert labelled.possible == 102_172
        assert labelled.possible_splits == 82


@pytest.mark.parametrize("test", TESTS)
def test_more_people_against_all_tables_at_once(test: str) -> None:
    """Every table of 130 people (60 under the tests that sum) by formulas that share nothing with the search."""
    total = 60 if test in ("fisher", "midp") else 130
    rows = [
        np.stack([grid.ravel() for grid in np.meshgrid(np.arange(a + 1), a, np.arange(total - a + 1), total - a)])
        for a in range(1, total // 2 + 1)
    ]
    x1, n1, x2, n2 = np.concatenate(rows, axis=1)
    keep = ((n1 < n2) | (x1 <= x2)) & (x1 + x2 > 0) & (x1 + x2 < total)
    x1, n1, x2, n2 = (column[keep] for column in (x1, n1, x2, n2))
    p = naive_pvalue(test, x1.astype(float), n1.astype(float), x2.astype(float), n2.astype(float))
    for low, high, text in ((0.2295, 0.2305, "0.230"), (0.9985, 0.9995, "0.999"), (0.0005, 0.0015, "0.001")):
        clear = np.minimum(np.abs(p - low), np.abs(p - high)) > 1e-9
        assert np.count_nonzero(~clear) <= 4
        found = tables(n=total, p=text, test=test)
        expected = {tuple(row) for row in np.stack([x1, n1, x2, n2], axis=1)[clear & (p > low) & (p < high)].tolist()}
        near = {tuple(row) for row in np.stack([x1, n1, x2, n2], axis=1)[~clear].tolist()}
        got = {tuple(row) for row in found_rows(found).tolist()}
        assert got - near == expected


def naive_pvalue(test: str, x1: np.ndarray, n1: np.ndarray, x2: np.ndarray, n2: np.ndarray) -> np.ndarray:
    if test in ("fisher", "midp"):
        rows = [[math.comb(n, k) for k in range(80)] for n in range(80)]
        binomial = np.array(rows, dtype=float)
        own = binomial[n1.astype(int), x1.astype(int)] * binomial[n2.astype(int), x2.astype(int)]
        events = (x1 + x2).astype(int)
        p = np.zeros(x1.shape)
        for x in range(int(n1.max()) + 1):
            other = np.where(
                x <= events, binomial[n1.astype(int), x] * binomial[n2.astype(int), np.abs(events - x)], 0.0
            )
            p += np.where(other <= own * (1 + 1e-7), other, 0.0)
        p -= own / 2 if test == "midp" else 0.0
        return p / binomial[(n1 + n2).astype(int), events]
    total, events = n1 + n2, x1 + x2
    with np.errstate(divide="ignore", invalid="ignore"):
        if test == "wald":
            statistic = (x1 / n1 - x2 / n2) ** 2 / (x1 * (n1 - x1) / n1**3 + x2 * (n2 - x2) / n2**3)
        else:
            cells = [(x1, n1 * events / total), (n1 - x1, n1 * (total - events) / total)]
            cells += [(x2, n2 * events / total), (n2 - x2, n2 * (total - events) / total)]
            if test == "lr":
                statistic = 2 * sum(np.where(o > 0, o * np.log(np.maximum(o, 1) / e), 0.0) for o, e in cells)
                statistic = np.maximum(statistic, 0.0)
            else:
                off = np.minimum(0.5, np.abs(cells[0][0] - cells[0][1])) if test == "yates" else 0.0
                statistic = sum((np.abs(o - e) - off) ** 2 / e for o, e in cells)
                statistic = statistic * (total - 1) / total if test == "n_minus_1" else statistic
    return erfc(np.sqrt(statistic / 2))


@pytest.mark.parametrize("row", golden(REAL), ids=lambda row: row["id"])
def test_real_tables_are_among_those_rebuilt(row: dict[str, str]) -> None:
    inputs, expected = json.loads(row["inputs_json"]), json.loads(row["expected_json"])
    table = (inputs["a"], inputs["n1"], inputs["c"], inputs["n2"])
    table = table if (table[1], table[0]) <= (table[3], table[2]) else (*table[2:], *table[:2])
    found = tables(n=inputs["N"], p=inputs["printed_p"], test="pearson")
    inside = list(table) in found_rows(found).tolist()
    assert inside == expected["reproduced_by_uncorrected_pearson"]


# ---------------------------------------------------------------------------------------------- exactly at the edges
@pytest.mark.parametrize("row", golden("p next to an edge"), ids=lambda row: row["id"])
def test_a_p_within_1e_9_of_an_edge_falls_on_its_side(row: dict[str, str]) -> None:
    inputs, side = json.loads(row["inputs_json"]), json.loads(row["expected_json"])["side"]
    edge = Decimal(inputs.pop("edge"))
    half = Decimal("0.0005")
    given_sizes = {
        "n1": inputs["n1"],
        "n2": inputs["n2"],
        "events": inputs["x1"] + inputs["x2"],
        "test": inputs["test"],
    }
    for rule in ("half", "half_up", "half_even"):
        below = tables(**given_sizes, p=f"{edge - half:f}"[:-1], rounding=rule)
        above = tables(**given_sizes, p=f"{edge + half:f}"[:-1], rounding=rule)
        assert (inputs["x1"] in below.x1, inputs["x1"] in above.x1) == (side < 0, side > 0)
    # Cut off, the edge is a printed number itself.
    at = tables(**given_sizes, p=f"{edge:f}", rounding="truncate")
    assert (inputs["x1"] in at.x1) == (side > 0)
    at = tables(**given_sizes, p=f"{edge:f}", rounding="up")
    assert (inputs["x1"] in at.x1) == (side < 0)


def digits_of(p: Fraction | mpmath.mpf, decimals: int) -> int:
    if isinstance(p, Fraction):
        return round(p * 10**decimals)
    return int(mpmath.nint(p * mpmath.mpf(10) ** decimals))


@pytest.mark.parametrize("test", TESTS)
def test_thirty_digits_are_decided_where_a_float_holds_sixteen(test: str) -> None:
    rng = np.random.default_rng(3)
    for n1, n2 in ((20, 31), (57, 33), (150, 141)):
        x1, x2 = int(rng.integers(1, n1)), int(rng.integers(1, n2))
        with mpmath.workdps(60):
            if test in ("fisher", "midp"):
                p: Fraction | mpmath.mpf = exact_conditional(x1, n1, x2, n2, midp=test == "midp")
            else:
                value = chi_square(test, x1, n1, x2, n2)
                value = mpmath.mpf(value.numerator) / value.denominator if isinstance(value, Fraction) else value
                p = mpmath.erfc(mpmath.sqrt(value / 2))
            number = digits_of(p, 30)
        for step in (-1, 0, 1) if number else (0, 1):
            text = f"0.{number + step:030d}"
            found = tables(n1=n1, n2=n2, p=text, test=test, events=x1 + x2)
            assert (x1 in found.x1) == (step == 0), (x1, n1, x2, n2, text)


RATIONAL = [  # Fisher's p by counting: each is exactly this fraction
    ((1, 2, 0, 2), Fraction(1)),
    ((2, 2, 0, 2), Fraction(1, 3)),
    ((1, 2, 2, 14), Fraction(7, 20)),
    ((0, 1, 1, 1), Fraction(1)),
    ((1, 1, 0, 1), Fraction(1)),
    ((1, 1, 0, 3), Fraction(1, 4)),
    ((1, 1, 0, 7), Fraction(1, 8)),
    ((1, 1, 0, 19), Fraction(1, 20)),
    ((1, 1, 0, 15), Fraction(1, 16)),
    ((0, 2, 3, 7), Fraction(1, 2)),
    ((2, 2, 1, 14), Fraction(1, 40)),
    ((1, 2, 3, 14), Fraction(9, 20)),
]


@pytest.mark.parametrize(("table", "p"), RATIONAL)
def test_p_exactly_at_an_edge(table: tuple[int, int, int, int], p: Fraction) -> None:
    """A p of 1/8 prints as 0.12 and 0.13, by rule, and as itself; none of it is left to a float."""
    x1, n1, x2, n2 = table
    assert exact_conditional(*table, midp=False) == p
    given_sizes = {"n1": n1, "n2": n2, "events": x1 + x2, "test": "fisher"}
    for rule in RULES:
        for decimals in (1, 2, 3, 4):
            scaled = p * 10**decimals
            texts = {
                f"{Decimal(int(number)).scaleb(-decimals):f}"
                for number in (math.floor(scaled), math.ceil(scaled), math.floor(scaled) + 1)
                if number <= 10**decimals
            }
            for text in texts:
                expected = bool(prints(text, rule, np.array([position(p)]))[0])
                assert (x1 in tables(**given_sizes, p=text, rounding=rule).x1) == expected, (text, rule)
    for relation, holds in (("<", False), ("<=", True), (">", False), (">=", True)):
        if p.denominator not in (1, 3):
            text = f"{relation} {float(p)}"
            assert (x1 in tables(**given_sizes, p=text).x1) == holds


def test_shares_exactly_at_an_edge() -> None:
    """One in eight prints as 12 % by half to even, as 13 % by half up, as both by the default."""
    for text, rules in (("12%", {"half", "half_even", "truncate"}), ("13%", {"half", "half_up", "up"})):
        for rule in RULES:
            found = tables(n1=8, n2=10, rate1=text, events=1, rounding=rule)
            assert (1 in found.x1) == (rule in rules)
            assert (found.emptied_by == "rate1") == (rule not in rules)
    # A third never prints as a finite decimal; two thirds by each rule.
    assert 2 in tables(n1=3, n2=3, rate1="66.7%", events=2).x1
    assert 2 in tables(n1=3, n2=3, rate1="66.6%", events=2, rounding="truncate").x1
    assert not tables(n1=3, n2=3, rate1="66.6%", events=2)


def test_a_z_without_bound_prints_zero_and_below_any_limit() -> None:
    for text in ("0.000", "< .001", "<1e-400", "<= 0", "0.000000000000000000"):
        found = tables(n1=5, n2=5, p=text, test="wald", events=5)
        assert found_rows(found).tolist() == [[0, 5, 5, 5], [5, 5, 0, 5]]
    assert len(tables(n=10, p="0.000", rounding="up", test="wald")) == 9
    assert not tables(n1=5, n2=5, p="0.001", test="wald", events=5, rounding="up")
    assert not tables(n1=5, n2=5, p="> 0", test="wald", events=5, rate1="0%")
    assert len(tables(n1=5, n2=5, statistic="> 1e300", test="wald")) == 2
    assert len(tables(n1=5, n2=5, statistic=">= 1e400", test="wald")) == 2
    assert not tables(n1=5, n2=5, statistic="1e300", test="wald")


@pytest.mark.parametrize("test", TESTS)
def test_far_tails_beyond_the_floats(test: str) -> None:
    sizes = {"n1": 1200, "n2": 1200, "events": 1200, "rate1": "0%", "rounding": "truncate", "test": test}
    assert 0 in tables(**sizes, p="< .001").x1
    assert 0 in tables(**sizes, p="< 1e-320").x1
    assert 0 in tables(**sizes, p="0.000").x1
    assert (0 in tables(**sizes, p="> 0").x1) == (test != "wald")


@pytest.mark.parametrize("test", TESTS)
def test_tables_without_events_print_only_under_exact_tests(test: str) -> None:
    p = {"fisher": "1.00", "midp": "0.50"}.get(test, "1.00")
    found = tables(n=9, p=p, test=test, events=[0, 9])
    assert len(found) == (8 if test in ("fisher", "midp") else 0)
    ones = tables(n=2, p="1.00", test=test)
    assert found_rows(ones).tolist() == {
        "fisher": [[0, 1, 0, 1], [0, 1, 1, 1], [1, 1, 1, 1]],
        "yates": [[0, 1, 1, 1]],
    }.get(test, [])


# ------------------------------------------------------------------------------------------------------- properties
@st.composite
def real_tables(draw: st.DrawFn, largest: int = 40) -> tuple[int, int, int, int]:
    n1, n2 = draw(st.integers(1, largest)), draw(st.integers(1, largest))
    return draw(st.integers(0, n1)), n1, draw(st.integers(0, n2)), n2


def print_p(test: str, table: tuple[int, int, int, int], decimals: int, rule: str) -> str | None:
    place = position_of_table(test, table)
    if place == UNDEFINED:
        return None
    unit = 2 * EDGES // 10**decimals
    number = int(rounded(np.array(place // unit), np.array(2 * (place % unit)), unit, rule)[0])
    return f"{Decimal(number).scaleb(-decimals):.{decimals}f}"


def contains(found: ks.reconstruct.CompatibleTables, table: tuple[int, int, int, int]) -> bool:
    x1, n1, x2, n2 = table
    mirror = (x2, n2, x1, n1)
    row = table if found.labelled or (n1, x1) <= (n2, x2) else mirror
    return list(row) in found_rows(found).tolist()


@settings(max_examples=60)
@given(real_tables(), st.sampled_from(TESTS), st.sampled_from(RULES), st.integers(1, 4))
def test_the_true_table_is_in_its_own_reconstruction(
    table: tuple[int, int, int, int], test: str, rule: str, decimals: int
) -> None:
    x1, n1, x2, n2 = table
    text = print_p(test, table, decimals, rule)
    if text is None:
        assert test not in ("fisher", "midp")
        return
    narrowest = tables(n1=n1, n2=n2, events=x1 + x2, p=text, test=test, rounding=rule)
    assert contains(narrowest, table)
    assert contains(tables(n1=n1, n2=n2, p=text, test=test, rounding=rule), table)
    everything = tables(n=n1 + n2, p=text, test=test, rounding=rule)
    assert contains(everything, table)
    if decimals > 1 and rule in ("truncate", "up"):
        # Fewer digits of the same table: a wider interval loses nothing. (Half rules cut twice differently.)
        wider = tables(n=n1 + n2, p=print_p(test, table, decimals - 1, rule), test=test, rounding=rule)
        assert {tuple(row) for row in found_rows(everything).tolist()} <= {
            tuple(row) for row in found_rows(wider).tolist()
        }


@settings(max_examples=40)
@given(real_tables(25), st.sampled_from(TESTS), st.sampled_from(RULES), st.integers(1, 3))
def test_mirrors_and_constraints(table: tuple[int, int, int, int], test: str, rule: str, decimals: int) -> None:
    x1, n1, x2, n2 = table
    text = print_p(test, table, decimals, rule) or "0.5"
    common = {"p": text, "test": test, "rounding": rule}
    one = found_rows(tables(n1=n1, n2=n2, rate1="< 60%", **common))
    # Exchanging the groups exchanges the columns.
    two = found_rows(tables(n1=n2, n2=n1, rate2="< 60%", **common))
    assert sorted(one.tolist()) == sorted(two[:, [2, 3, 0, 1]].tolist())
    # Counting non-events instead of events.
    three = found_rows(tables(n1=n1, n2=n2, rate1="> 40%", **common))
    mirrored = np.stack([n1 - three[:, 0], three[:, 1], n2 - three[:, 2], three[:, 3]], axis=1)
    assert sorted(one.tolist()) == sorted(mirrored.tolist())
    # Every further constraint takes away.
    free = {tuple(row) for row in found_rows(tables(n1=n1, n2=n2, **common)).tolist()}
    fewer = {tuple(row) for row in found_rows(tables(n1=n1, n2=n2, events=x1 + x2, **common)).tolist()}
    assert {tuple(row) for row in one.tolist()} <= free
    assert fewer == {row for row in free if row[0] + row[2] == x1 + x2}


@pytest.mark.parametrize("pair", [("pearson", "fisher"), ("yates", "lr", "midp"), TESTS])
def test_several_tests_are_the_union_and_say_which_prints(pair: tuple[str, ...]) -> None:
    both = tables(n=41, p="0.23", test=pair)
    assert both.tests == tuple(pair)
    assert both.printed_by.shape == (len(both), len(pair))
    assert both.printed_by.any(axis=1).all()
    for column, test in enumerate(pair):
        alone = tables(n=41, p="0.23", test=test)
        np.testing.assert_array_equal(found_rows(both)[both.printed_by[:, column]], found_rows(alone))
        assert alone.printed_by.all()
    frame = both.to_frame()
    assert list(frame.columns) == ["x1", "n1", "x2", "n2", "risk1", "risk2", "risk_difference", "tests"]
    names = ["+".join(test for test, hit in zip(pair, row, strict=True) if hit) for row in both.printed_by]
    assert frame["tests"].tolist() == names
    np.testing.assert_allclose(frame["risk_difference"], both.x1 / both.n1 - both.x2 / both.n2)


@pytest.mark.parametrize("test", TESTS)
def test_a_range_of_n_is_the_union_over_n(test: str) -> None:
    together = found_rows(tables(n=range(20, 26), p="0.23", test=test))
    apart = [found_rows(tables(n=n, p="0.23", test=test)) for n in range(20, 26)]
    np.testing.assert_array_equal(together, np.concatenate(apart))


@pytest.mark.parametrize("test", TESTS)
def test_unlabelled_tables_stand_once_and_labelled_ones_twice(test: str) -> None:
    for n in (22, 23):
        once = found_rows(tables(n=n, p="0.4", test=test))
        twice = found_rows(tables(n=n, n1=range(1, n), p="0.4", test=test))
        images = {tuple(row) for row in once.tolist()} | {tuple(row) for row in once[:, [2, 3, 0, 1]].tolist()}
        assert {tuple(row) for row in twice.tolist()} == images
        assert len(twice) == len(images)


def test_texts_that_mean_the_same_give_the_same_set() -> None:
    expected = found_rows(tables(n=50, p="0.23", test="pearson"))
    for text in (".23", "23%", "p = .23", ks.Reported("0.23")):
        np.testing.assert_array_equal(found_rows(tables(n=50, p=text, test="pearson")), expected)
    assert len(tables(n=50, p="0.2300", test="pearson")) < len(expected)
    # A printed number that was read before keeps its own rule.
    cut = ks.Reported("0.23", rounding="truncate")
    np.testing.assert_array_equal(
        found_rows(tables(n=50, p=cut, test="pearson")),
        found_rows(tables(n=50, p="0.23", test="pearson", rounding="truncate")),
    )


def test_p_and_statistic_together_are_the_intersection() -> None:
    p = {tuple(row) for row in found_rows(tables(n=60, p="0.23", test="pearson")).tolist()}
    statistic = {tuple(row) for row in found_rows(tables(n=60, statistic="1.4", test="pearson")).tolist()}
    both = tables(n=60, p="0.23", statistic="1.4", test="pearson")
    assert {tuple(row) for row in found_rows(both).tolist()} == p & statistic
    assert len(both) > 0
    nothing = tables(n=60, p="0.23", statistic="9.9", test="pearson")
    assert nothing.emptied_by == "statistic"
    assert not nothing
    assert "statistic leaves nothing" in nothing.summary()


def test_the_set_says_what_is_left() -> None:
    found = tables(n=83, p="p = 0.230", test="pearson")
    low, high = found.risk_difference.min(), found.risk_difference.max()
    assert found.identifiability == (
        "14 tables with n = 83, unknown split, p = 0.230 on 7 splits of 41, with 14 risk differences from "
        f"{low:+.3f} to {high:+.3f}: the digits ruled out 99.97 % of 51,086 tables."
    )
    assert "p p" not in found.identifiability
    assert "not the study's data" in found.summary()
    assert "cannot be told apart" in found.summary()
    assert found._repr_html_().startswith("<pre>")
    assert found.splits.shape == (7, 2)
    assert found.possible == sum((a + 1) * (84 - a) for a in range(1, 42))
    empty = tables(n=5, p="0.230", test="pearson")
    assert not empty
    assert empty.emptied_by == "p"
    assert empty.splits.shape == (0, 2)
    assert list(empty.to_frame().columns)[:4] == ["x1", "n1", "x2", "n2"]
    assert "exists: p leaves nothing" in empty.identifiability
    with pytest.raises(AttributeError):
        found.x1 = np.zeros(3)  # type: ignore[misc]


@pytest.mark.parametrize(
    ("constraints", "name"),
    [
        ({"rate1": "33.3%", "n1": 10, "n2": 9}, "rate1"),
        ({"rate2": "0.333", "n1": 9, "n2": 10}, "rate2"),
        ({"rate1": "50%", "rate2": "50%", "events": 3, "n1": 10, "n2": 10}, "events"),
        ({"events": 7, "n1": 10, "n2": 10, "p": "0.001", "test": "pearson", "rate1": "50%"}, "rate1"),
        ({"events": 7, "n1": 10, "n2": 10, "rate1": "50%", "p": "0.001", "test": "pearson"}, "p"),
        ({"n": 20, "statistic": "77", "test": "yates"}, "statistic"),
    ],
)
def test_an_empty_set_names_what_emptied_it(constraints: dict[str, object], name: str) -> None:
    found = tables(**constraints)
    assert not found
    assert found.emptied_by == name


# ---------------------------------------------------------------------------------------------------- size and limits
def test_a_million_in_each_group_is_quick_and_does_not_overflow() -> None:
    big = {"n1": 10**6, "n2": 10**6}
    found = tables(
        **big, p="0.0708", test="fisher", rate1="18.8000%", rate2="18.9%", rounding="truncate", events=377_000
    )
    x1, x2 = 188_000, 189_000
    assert [x1, x2] in found_rows(found)[:, [0, 2]].tolist()
    p = table_tests.pvalue("fisher", found.x1, found.n1, found.x2, found.n2)
    assert ((p >= 0.0708) & (p < 0.0709)).all()
    for test in ("pearson", "yates", "n_minus_1", "wald", "lr"):
        value = float(naive_pvalue(test, *(np.array([float(v)]) for v in (x1, 10**6, x2, 10**6)))[0])
        found = tables(**big, p=f"{value:.6f}", test=test, events=x1 + x2)
        assert x1 in found.x1
        assert (found.x1 + found.x2 == x1 + x2).all()
        assert len(found) == 2


@pytest.mark.parametrize("test", TESTS)
def test_a_thousand_million_in_each_group_is_the_limit(test: str) -> None:
    found = tables(n1=10**9, n2=10**9, p="1.00", test=test, events=3)
    rows = found_rows(found)
    assert (rows >= 0).all()
    assert (rows[:, 0] + rows[:, 2] == 3).all()
    with pytest.raises(InvalidArgument, match="at most 1e\\+09"):
        tables(n1=10**9 + 1, n2=5, p="1.00", test=test, events=3)
    with pytest.raises(InvalidArgument, match="n is"):
        tables(n=10**12, p="0.5", test=test)


@pytest.mark.parametrize("test", TESTS)
def test_the_budget_is_exact_and_nothing_is_cut(test: str) -> None:
    number = len(tables(n=40, p="0.2", test=test))
    assert len(tables(n=40, p="0.2", test=test, budget=number)) == number
    with pytest.raises(BudgetExceeded) as caught:
        tables(n=40, p="0.2", test=test, budget=number - 1)
    assert caught.value.budget == number - 1
    assert caught.value.count >= number
    assert "budget" in str(caught.value)
    assert "n1 and n2" in str(caught.value)
    assert pickle.loads(pickle.dumps(caught.value)).count == caught.value.count


def test_the_budget_of_equal_groups_counts_each_table_once() -> None:
    for n in (2, 3, 4):
        for p in ("> 0", "1.0", "0.5", "0.2"):
            number = len(tables(n=n, p=p, test="yates"))
            assert len(tables(n=n, p=p, test="yates", budget=max(number, 1))) == number


def test_the_budget_holds_for_the_union_of_tests() -> None:
    both = tables(n=60, p="0.2", test=("pearson", "wald"))
    larger = max(len(tables(n=60, p="0.2", test=test)) for test in ("pearson", "wald"))
    assert larger < len(both)
    with pytest.raises(BudgetExceeded):
        tables(n=60, p="0.2", test=("pearson", "wald"), budget=len(both) - 1)


@pytest.mark.parametrize(
    "sizes",
    [
        {"n": 10_000, "p": "ns", "test": "pearson"},
        {"n": 10_000, "p": "ns", "test": "fisher"},
        {"n": 10**9, "p": "0.230", "test": "pearson"},
        {"n": 10**6, "p": "0.230", "test": "lr"},
        {"n1": 10**9, "n2": 10**9, "p": "0.230", "test": "pearson"},
        {"n1": 10**6, "n2": 10**6, "p": "0.230", "test": "fisher"},
        {"n1": range(1, 10**5), "n2": range(1, 10**5), "p": "0.230", "test": "pearson"},
        {"n": 500, "events": range(1, 500)},
    ],
)
def test_what_would_explode_is_refused_before_it_starts(sizes: dict[str, object]) -> None:
    with pytest.raises(BudgetExceeded) as caught:
        tables(**sizes, budget=1000)
    assert caught.value.count > caught.value.budget


# --------------------------------------------------------------------------------------------------------- bad input
GOOD = {"n": 30, "p": "0.230", "test": "pearson"}


@pytest.mark.parametrize(
    ("change", "argument", "kind"),
    [
        ({"p": 0.23}, "p", InvalidType),
        ({"p": Decimal("0.23")}, "p", InvalidType),
        ({"p": True}, "p", InvalidType),
        ({"p": [0.23]}, "p", InvalidType),
        ({"p": []}, "p", InvalidArgument),
        ({"p": "abc"}, "p", InvalidArgument),
        ({"p": ""}, "p", InvalidArgument),
        ({"p": "1.01"}, "p", InvalidArgument),
        ({"p": "-0.1"}, "p", InvalidArgument),
        ({"p": "-0.00"}, "p", InvalidArgument),
        ({"p": "< 0"}, "p", InvalidArgument),
        ({"p": "> 1"}, "p", InvalidArgument),
        ({"p": "101%"}, "p", InvalidArgument),
        ({"p": "0,23"}, "p", InvalidArgument),
        ({"p": None}, "p", InvalidArgument),
        ({"test": None}, "test", InvalidArgument),
        ({"test": "chi2"}, "test", InvalidArgument),
        ({"test": ()}, "test", InvalidArgument),
        ({"test": ("pearson", "bernard")}, "test", InvalidArgument),
        ({"test": 3}, "test", InvalidType),
        ({"test": "fisher", "statistic": "1.2"}, "test", InvalidArgument),
        ({"test": ("pearson", "midp"), "statistic": "1.2"}, "test", InvalidArgument),
        ({"n": 30.0}, "n", InvalidType),
        ({"n": "30"}, "n", InvalidType),
        ({"n": True}, "n", InvalidType),
        ({"n": None}, "n", InvalidArgument),
        ({"n": 1}, "n", InvalidArgument),
        ({"n": 0}, "n", InvalidArgument),
        ({"n": -5}, "n", InvalidArgument),
        ({"n": range(0)}, "n", InvalidArgument),
        ({"n": range(5)}, "n", InvalidArgument),
        ({"n": range(2, 10**10)}, "n", InvalidArgument),
        ({"n": [30, 30.5]}, "n", InvalidType),
        ({"n1": 30}, "n1", InvalidArgument),
        ({"n1": 31}, "n1", InvalidArgument),
        ({"n2": 30}, "n2", InvalidArgument),
        ({"n1": 10, "n2": 10}, "n", InvalidArgument),
        ({"n1": 0}, "n1", InvalidArgument),
        ({"n1": 9.5}, "n1", InvalidType),
        ({"n1": "9"}, "n1", InvalidType),
        ({"n2": range(0)}, "n2", InvalidArgument),
        ({"n": None, "n1": 10}, "n", InvalidArgument),
        ({"events": 31}, "events", InvalidArgument),
        ({"events": -1}, "events", InvalidArgument),
        ({"events": 2.0}, "events", InvalidType),
        ({"events": "7"}, "events", InvalidType),
        ({"events": range(0)}, "events", InvalidArgument),
        ({"rate1": 0.2}, "rate1", InvalidType),
        ({"rate1": "18.9"}, "rate1", InvalidArgument),
        ({"rate1": "101%"}, "rate1", InvalidArgument),
        ({"rate2": "-1%"}, "rate2", InvalidArgument),
        ({"rate2": "-0.0"}, "rate2", InvalidArgument),
        ({"rate2": "a fifth"}, "rate2", InvalidArgument),
        ({"statistic": 1.44}, "statistic", InvalidType),
        ({"statistic": "large"}, "statistic", InvalidArgument),
        ({"statistic": "14%"}, "statistic", InvalidArgument),
        ({"statistic": "< -3"}, "statistic", InvalidArgument),
        ({"rounding": "bankers"}, "rounding", InvalidArgument),
        ({"rounding": None}, "rounding", InvalidType),
        ({"budget": 0}, "budget", InvalidArgument),
        ({"budget": 1e6}, "budget", InvalidType),
        ({"budget": "all"}, "budget", InvalidType),
    ],
)
def test_what_cannot_be_used_is_named(change: dict[str, object], argument: str, kind: type[KetastatsError]) -> None:
    with pytest.raises(kind) as caught:
        tables(**(GOOD | change))
    assert caught.value.argument == argument
    assert "allowed" in str(caught.value)


def test_remedies_say_what_to_write() -> None:
    with pytest.raises(InvalidArgument, match=r'Write rate1="18\.9%"'):
        tables(n=30, rate1="18.9")
    with pytest.raises(InvalidArgument, match=r"never guessed"):
        tables(n=30, p="0.2")
    with pytest.raises(InvalidType, match="lost"):
        tables(n=30, p=0.2, test="pearson")  # type: ignore[arg-type]
    with pytest.raises(InvalidArgument, match="no statistic"):
        tables(n=30, statistic="2", test="fisher")
    with pytest.raises(TypeError):
        tables(30, "0.2", "pearson")  # type: ignore[misc]


def test_groups_of_one_person() -> None:
    for test in TESTS:
        everything = tables(n1=1, n2=1, p="> 0", test=test)
        assert everything.labelled
        number = {"fisher": 4, "midp": 4, "wald": 0}.get(test, 2)
        assert len(everything) == number
        assert len(tables(n1=1, n2=1, p=">= 0", test=test)) == (2 if test == "wald" else number)
