"""Compatible tables by every test of one and two sides, against brute force from whole numbers."""

from __future__ import annotations

import math
from fractions import Fraction
from functools import cache
from typing import Any

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_tables import LARGEST, Table, every_table

import ketastats as ks
from ketastats.errors import BudgetExceeded, InvalidArgument, InvalidType
from ketastats.numerics import conditional_digits, conditional_tests, table_sides, unconditional, unconditional_digits
from ketastats.reconstruct import tables
from ketastats.reconstruct._constraints import count_range, read_rate
from ketastats.reconstruct._tables import candidates as _candidates

SIDES = ("two-sided", "greater", "less")
# Floats of the brute force this close to an edge decide nothing.
CLOSE = 1e-6


# --------------------------------------------------------------------------------------------------- the brute force
@cache
def conditional(test: str, side: str, table: Table) -> Fraction:
    """The p given the margins, by sums over all tables that have them."""
    x1, n1, x2, n2 = table
    events = x1 + x2
    weight = {x: math.comb(n1, x) * math.comb(n2, events - x) for x in range(events + 1)}
    total, own = sum(weight.values()), weight[x1]
    less, more = (sum(w for x, w in weight.items() if keep(x)) for keep in (lambda x: x <= x1, lambda x: x >= x1))
    half = Fraction(own, 2) if test == "midp" else Fraction(0)
    if side != "two-sided":
        return (Fraction(more if side == "greater" else less) - half) / total
    if test == "fisher_central":
        return min(Fraction(2 * min(less, more), total), Fraction(1))
    if test == "blaker":
        tail = {
            x: min(sum(weight[k] for k in weight if k <= x), sum(weight[k] for k in weight if k >= x)) for x in weight
        }
        return Fraction(sum(w for x, w in weight.items() if tail[x] <= tail[x1] * (1 + Fraction(1, 10**7))), total)
    return (sum(w for w in weight.values() if w <= own * (1 + Fraction(1, 10**7))) - half) / total


def order(test: str, side: str, table: Table) -> Fraction | float:
    """What is the smaller the more extreme a table is."""
    x1, n1, x2, n2 = table
    if test == "boschloo":
        return conditional("fisher", side, table)
    gap = Fraction(x1, n1) - Fraction(x2, n2)
    if gap == 0:
        return 0
    pooled = Fraction(x1 + x2, n1 + n2)
    variance = (
        pooled * (1 - pooled) * (Fraction(1, n1) + Fraction(1, n2))
        if test == "barnard"
        else Fraction(x1 * (n1 - x1), n1**3) + Fraction(x2 * (n2 - x2), n2**3)
    )
    square = gap * gap / variance if variance else math.inf
    return -square if side == "two-sided" or (gap > 0) == (side == "greater") else square


@cache
def coefficients(test: str, side: str, table: Table) -> tuple[int, ...]:
    """In how many ways people fall into tables at least as extreme, by the number of events."""
    _, n1, _, n2 = table
    limit = order(test, side, table)
    limit = limit * (1 + Fraction(1, 10**7)) if test == "boschloo" else limit
    found = [0] * (n1 + n2 + 1)
    for x1 in range(n1 + 1):
        for x2 in range(n2 + 1):
            if order(test, side, (x1, n1, x2, n2)) <= limit:
                found[x1 + x2] += math.comb(n1, x1) * math.comb(n2, x2)
    return tuple(found)


@cache
def largest(counts: tuple[int, ...]) -> float:
    """The largest value of the polynomial over a dense grid of the common rate, good to 1e-7."""
    return float((grid(len(counts) - 1) @ np.array(counts, dtype=float)).max())


@cache
def grid(people: int) -> np.ndarray:
    rate = np.sin(np.linspace(0.0, math.pi / 2, 6_001)) ** 2
    s = np.arange(people + 1)
    return np.asarray(rate[:, None] ** s * (1.0 - rate[:, None]) ** (people - s))


def chi_squared(test: str, table: Table) -> tuple[float, bool] | None:
    """The z with its sign, and whether it is exactly 0; None where it is not defined."""
    x1, n1, x2, n2 = table
    a, b, c, d = x1, n1 - x1, x2, n2 - x2
    total = n1 + n2
    gap = a * d - b * c
    if test in ("log_risk_ratio", "log_odds_ratio"):
        if 0 in ((a, c) if test == "log_risk_ratio" else (a, b, c, d)) or b == d == 0:
            return None
        if test == "log_risk_ratio":
            return math.log(a * n2 / (c * n1)) / math.sqrt(1 / a - 1 / n1 + 1 / c - 1 / n2), gap == 0
        return math.log(a * d / (b * c)) / math.sqrt(1 / a + 1 / b + 1 / c + 1 / d), gap == 0
    if a + c in (0, total):
        return None
    if test == "wald":
        variance = a * b / n1**3 + c * d / n2**3
        return (math.copysign(math.inf, gap) if variance == 0 else (a / n1 - c / n2) / math.sqrt(variance)), gap == 0
    if test == "lr":
        cells = ((a, n1, a + c), (b, n1, b + d), (c, n2, a + c), (d, n2, b + d))
        square = 2 * sum(k * math.log(k * total / (row * column)) for k, row, column in cells if k)
        return math.copysign(math.sqrt(max(square, 0.0)), gap), gap == 0
    away = max(abs(gap) - total / 2, 0) if test == "yates" else abs(gap)
    square = away**2 * (total - 1 if test == "n_minus_1" else total) / (n1 * n2 * (a + c) * (b + d))
    return math.copysign(math.sqrt(square), gap), away == 0


def place(test: str, side: str, table: Table) -> tuple[float | Fraction, bool] | None:
    """The p of a table and whether it is exact; None where the test is not defined."""
    if test in table_sides.CONDITIONAL:
        return conditional(test, side, table), True
    if test in table_sides.UNCONDITIONAL:
        return largest(coefficients(test, side, table)), False
    found = chi_squared(test, table)
    if found is None:
        return None
    z, nothing = found
    if nothing:
        return (Fraction(1) if side == "two-sided" else Fraction(1, 2)), True
    z = abs(z) if side == "two-sided" else z if side == "greater" else -z
    return 0.5 * math.erfc(z / math.sqrt(2)) * (2 if side == "two-sided" else 1), False


def unordered(table: Table) -> bool:
    x1, n1, x2, n2 = table
    return n1 < n2 or (n1 == n2 and x1 <= x2)


def rows_of(found: ks.reconstruct.CompatibleTables) -> set[Table]:
    return set(zip(*(column.tolist() for column in (found.x1, found.n1, found.x2, found.n2)), strict=True))


ASKED = [
    (test, side)
    for test in table_sides.TESTS
    for side in SIDES
    if side == "two-sided" or test not in ("blaker", "barnard_unpooled")
]


@pytest.mark.parametrize(("test", "side"), ASKED)
def test_every_small_table_and_no_other_is_found(test: str, side: str) -> None:
    values, some = {table: place(test, side, table) for table in every_table()}, False
    for text, low, high in (("0.12", 115, 125), ("0.5", 450, 550), ("1.00", 995, 1000), ("0.01", 5, 15)):
        want, doubt = set(), set()
        for table, value in values.items():
            if value is None or (side == "two-sided" and not unordered(table)):
                continue
            p, exact = value
            if not exact and min(abs(p * 1000 - low), abs(p * 1000 - high)) < 1000 * CLOSE:
                doubt.add(table)
            elif low <= p * 1000 <= high:
                want.add(table)
        found = tables(n=range(2, LARGEST + 1), p=text, test=test, alternative=side)
        assert found.labelled == (side != "two-sided")
        assert rows_of(found) - doubt == want
        some |= bool(want)
    assert some


@pytest.mark.parametrize("test", table_sides.UNCONDITIONAL)
def test_an_unconditional_p_exactly_at_an_edge_falls_on_both_sides_of_it(test: str) -> None:
    # Two of two against none of two: each of the two extreme tables has p^2 (1 - p)^2, at most 1/16.
    same = {"n1": 2, "n2": 2, "test": test}
    assert {
        rule: (2, 2, 0, 2) in rows_of(tables(**same, p="0.12", rounding=rule))
        for rule in ("half_up", "half", "truncate")
    } == {
        "half_up": False,
        "half": True,
        "truncate": True,
    }
    assert (2, 2, 0, 2) in rows_of(tables(**same, p="0.13", rounding="half_up"))
    assert (2, 2, 0, 2) not in rows_of(tables(**same, p="< 0.125"))
    assert (2, 2, 0, 2) in rows_of(tables(**same, p="<= 0.125"))
    # One side: a sixteenth, which half to even prints as 0.062.
    one = {**same, "alternative": "greater", "rounding": "half_even"}
    assert rows_of(tables(**one, p="0.062")) == {(2, 2, 0, 2)}


@pytest.mark.parametrize("test", table_sides.UNCONDITIONAL)
@pytest.mark.parametrize("side", SIDES)
def test_unconditional_p_is_decided_where_a_float_cannot(test: str, side: str) -> None:
    for higher in ((3, 7, 1, 9), (5, 8, 1, 12)):
        table = higher[2:] + higher[:2] if side == "less" else higher
        counts = unconditional_digits.counts(test, side, table)
        assert tuple(counts) == coefficients(test, side, table)
        start = float(unconditional.pvalue(test, side, 0.0, *(np.array([count]) for count in table))[1][0])
        with mpmath.workdps(45):
            people = len(counts) - 1

            def slope(p: Any, counts: list[int] = counts, people: int = people) -> Any:
                return mpmath.fsum(
                    c * p ** (s - 1) * (1 - p) ** (people - s - 1) * (s - people * p) for s, c in enumerate(counts) if c
                )

            p = mpmath.findroot(slope, (start - 1e-5, start + 1e-5))
            value = mpmath.fsum(c * p**s * (1 - p) ** (people - s) for s, c in enumerate(counts))
            scaled = mpmath.floor(value * 10**30)
            exact = Fraction(int(scaled), 10**30)
        assert table_sides.compare_pvalue(test, side, *table, exact) == 1
        assert table_sides.compare_pvalue(test, side, *table, exact + Fraction(1, 10**30)) == -1


@pytest.mark.parametrize("test", table_sides.UNCONDITIONAL)
@pytest.mark.parametrize("side", SIDES)
def test_an_unconditional_p_is_1_where_an_end_of_the_rate_makes_it_so(test: str, side: str) -> None:
    found = rows_of(tables(n1=4, n2=5, p=">= 1", test=test, alternative=side))
    every = [(x1, 4, x2, 5) for x1 in range(5) for x2 in range(6)]
    assert found == {t for t in every if 1 in (coefficients(test, side, t)[0], coefficients(test, side, t)[-1])}
    assert rows_of(tables(n1=4, n2=5, p="< 1", test=test, alternative=side)) == set(every) - found
    assert table_sides.compare_pvalue(test, side, 0, 4, 0, 5, Fraction(11, 10)) == -1


@pytest.mark.parametrize("test", table_sides.CONDITIONAL)
def test_fractions_of_conditional_tests_are_those_of_the_kernel(test: str) -> None:
    table = (17, 57, 9, 61)
    for side in SIDES[: 1 if test == "blaker" else 3]:
        kernel = conditional_tests.pvalue(test, side, *(np.array([count]) for count in table))[0]
        assert float(conditional_digits.pvalue(test, side, *table)) == pytest.approx(kernel, rel=1e-12)


@pytest.mark.parametrize("test", ["pearson", "yates", "lr", "wald", "log_odds_ratio", "log_risk_ratio"])
def test_one_side_is_decided_where_a_float_cannot(test: str) -> None:
    table = (17, 57, 9, 61)
    found = chi_squared(test, table)
    assert found is not None
    with mpmath.workdps(60):
        square = mpmath.findroot(lambda s: s - mp_square(test, table), found[0] ** 2)
        for side, p in (
            ("greater", mpmath.erfc(mpmath.sqrt(square / 2)) / 2),
            ("less", 1 - mpmath.erfc(mpmath.sqrt(square / 2)) / 2),
        ):
            exact = Fraction(int(mpmath.floor(p * 10**40)), 10**40)
            assert table_sides.compare_pvalue(test, side, *table, exact) == 1
            assert table_sides.compare_pvalue(test, side, *table, exact + Fraction(1, 10**40)) == -1


def mp_square(test: str, table: Table) -> Any:
    """The squared z by its textbook formula, to the working precision."""
    x1, n1, x2, n2 = (mpmath.mpf(count) for count in table)
    a, b, c, d, total = x1, n1 - x1, x2, n2 - x2, n1 + n2
    if test == "log_odds_ratio":
        return mpmath.log(a * d / (b * c)) ** 2 / (1 / a + 1 / b + 1 / c + 1 / d)
    if test == "log_risk_ratio":
        return mpmath.log(a * n2 / (c * n1)) ** 2 / (1 / a - 1 / n1 + 1 / c - 1 / n2)
    if test == "wald":
        return (a / n1 - c / n2) ** 2 / (a * b / n1**3 + c * d / n2**3)
    if test == "lr":
        cells = ((a, n1, a + c), (b, n1, b + d), (c, n2, a + c), (d, n2, b + d))
        return 2 * sum(k * mpmath.log(k * total / (row * column)) for k, row, column in cells)
    away = abs(a * d - b * c) - (total / 2 if test == "yates" else 0)
    return away**2 * total / (n1 * n2 * (a + c) * (b + d))


# ------------------------------------------------------------------------------------------------------- properties
@settings(max_examples=40)
@given(
    st.tuples(st.integers(1, 12), st.integers(1, 12)).flatmap(
        lambda n: st.tuples(st.integers(0, n[0]), st.just(n[0]), st.integers(0, n[1]), st.just(n[1]))
    ),
    st.sampled_from(ASKED),
    st.integers(1, 4),
)
def test_the_truth_is_found_mirrored_and_never_lost_by_wider_rounding(
    table: Table, asked: tuple[str, str], decimals: int
) -> None:
    test, side = asked
    p = float(table_sides.pvalue(test, side, *(np.array([count]) for count in table))[0])
    if math.isnan(p):
        return
    total = {"n": table[1] + table[3], "test": test}
    found = rows_of(tables(**total, n1=range(1, total["n"]), p=f"{p:.{decimals}f}", alternative=side))
    assert table in found
    other = {"greater": "less", "less": "greater"}.get(side, side)
    mirrored = rows_of(tables(**total, n1=range(1, total["n"]), p=f"{p:.{decimals}f}", alternative=other))
    assert found == {(x2, n2, x1, n1) for x1, n1, x2, n2 in mirrored}
    wider = rows_of(
        tables(**total, n1=range(1, total["n"]), p=f"{p:.{decimals}f}", alternative=side, rounding=("half", "truncate"))
    )
    assert found <= wider


def test_alternatives_are_a_union_and_each_says_which_prints() -> None:
    both = tables(n=20, p="0.115", test=("pearson", "fisher"), alternative=["greater", "less"])
    assert both.tests == ("pearson (greater)", "pearson (less)", "fisher (greater)", "fisher (less)")
    for column, name in zip(both.printed_by.T, both.tests, strict=True):
        test, side = name.removesuffix(")").split(" (")
        alone = tables(n=20, p="0.115", test=test, alternative=side)
        assert len(alone) == column.sum()
        assert rows_of(alone) <= rows_of(both)
    assert any("one-sided: more events in group 1" in sentence for sentence in both.assumptions)


def test_one_number_can_have_a_side_of_its_own() -> None:
    found = tables(n=20, statistic="2.50", p={"value": "0.057", "alternative": "greater"}, test="pearson")
    assert rows_of(found) == rows_of(tables(n=20, statistic="2.50", p="0.057", test="pearson", alternative="greater"))
    assert found.tests == ("pearson",)
    named = {"value": "0.057", "test": "pearson", "alternative": "greater"}
    assert rows_of(tables(n=20, statistic={"value": "2.50", "test": "pearson"}, p=named)) == rows_of(found)
    assert "p: the alternative was greater" in found.assumptions
    later = tables(n=20, statistic="2.50", test="pearson").where(p="0.057", alternative="greater")
    assert rows_of(later) == rows_of(found)
    assert rows_of(tables(n=20, statistic="2.50", test="pearson").where(p=named)) == rows_of(found)


def test_not_significant_is_above_the_level_that_was_said() -> None:
    said = tables(n=14, p={"value": "ns", "alpha": 0.1}, test="boschloo")
    assert rows_of(said) == rows_of(tables(n=14, p="> 0.1", test="boschloo"))
    assert len(said) < len(tables(n=14, p="ns", test="boschloo"))


def test_people_without_the_event_are_counted_too() -> None:
    asked: dict[str, Any] = {"n": 20, "p": "0.3", "test": "pearson"}
    assert rows_of(tables(**asked, nonevents=6)) == rows_of(tables(**asked, events=14))
    ones = tables(**asked, n1=8, y1=range(2, 4), y2=9)
    assert rows_of(ones) == rows_of(tables(**asked, n1=8, x1=range(5, 7), x2=3))
    share = {"value": "37.5%", "of": "nonevents"}
    assert rows_of(tables(**asked, rate1=share)) == rows_of(tables(**asked, rate1="62.5%"))
    limits = {"value": "30%", "ci": ("14.5%", "51.9%"), "method": "wilson", "of": "nonevents"}
    turned = {"value": "70%", "ci": ("48.1%", "85.5%"), "method": "wilson"}
    assert rows_of(tables(n=50, n1=20, rate1=limits)) == rows_of(tables(n=50, n1=20, rate1=turned))
    assert tables(n=50, n1=20, rate1=limits)


def test_logistic_regression_prints_the_p_of_the_log_odds() -> None:
    # 60 of 122 against 38 of 118: odds ratio 2.037, z 2.66.
    shown = {"value": "2.04", "ci": ("1.21", "3.44"), "method": "log"}
    found = tables(n1=122, n2=118, odds_ratio=shown, p="0.008", test="log_odds_ratio")
    assert (60, 122, 38, 118) in rows_of(found)
    assert found
    assert rows_of(found) <= rows_of(tables(n1=122, n2=118, odds_ratio=shown))
    z = [chi_squared("log_odds_ratio", table) for table in rows_of(found)]
    assert all(0.0075 <= math.erfc(each[0] / math.sqrt(2)) <= 0.0085 for each in z if each is not None)


@pytest.mark.parametrize(
    ("change", "argument"),
    [
        ({"alternative": "up"}, "alternative"),
        ({"test": "blaker", "alternative": "less"}, "alternative"),
        ({"p": {"value": "0.2", "test": "blaker", "alternative": "greater"}}, "p alternative"),
        ({"p": {"value": "0.2", "alternative": "both"}}, "p alternative"),
        ({"p": {"value": "0.2", "alpha": 0.05}}, "p alpha"),
        ({"p": {"value": "ns", "alpha": 2.0}}, "p alpha"),
        ({"statistic": "1.2", "test": "boschloo"}, "test"),
        ({"statistic": {"value": "1.2", "alternative": "greater"}}, "statistic"),
        ({"rate1": {"value": "20%", "of": "people"}}, "rate1 of"),
        ({"nonevents": 21}, "nonevents"),
    ],
)
def test_what_cannot_be_used_is_named(change: dict[str, Any], argument: str) -> None:
    with pytest.raises(InvalidArgument) as caught:
        tables(**{"n": 20, "p": "0.230", "test": "pearson", **change})
    assert caught.value.argument == argument


def test_designs_beyond_memory_and_time_are_refused_first() -> None:
    with pytest.raises(BudgetExceeded, match="tables of one pair"):
        tables(n1=3000, n2=3000, p="0.230", test="boschloo")
    with pytest.raises(BudgetExceeded, match="tables of all group sizes"):
        tables(n=1100, p="0.230", test="barnard")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"test": "chi-square"}, "without correction is pearson"),
        ({"test": ["fisher", "chi2"]}, "without correction is pearson"),
        ({"test": "Fisher's exact"}, "test is fisher"),
        ({"test": "z-test"}, "unpooled one wald"),
        ({"test": "student"}, "reconstruct.means"),
        ({"p": ("0.230", "0.227")}, "stand in a list"),
        ({"odds_ratio": ("2.05", "1.21", "3.49")}, "stand in a mapping"),
        ({"odds_ratio": "2.05 (1.21-3.49)"}, "is a mapping"),
    ],
)
def test_remedies_say_what_to_write(change: dict[str, Any], words: str) -> None:
    with pytest.raises((InvalidArgument, InvalidType), match=words):
        tables(**{"n": 20, "p": "0.230", "test": "pearson", **change})


@pytest.mark.parametrize("text", ["70%", "> 50%", "< 0.25", "0.12345", "100%", "0%", "0.000000000000000000000001"])
@pytest.mark.parametrize("rule", ["half", "half_up", "truncate"])
def test_counts_of_a_share_are_those_whose_fraction_prints_so(text: str, rule: str) -> None:
    printed = read_rate(text, "rate", rule)
    assert printed is not None
    sizes = np.array([1, 2, 3, 7, 40, 41, 200, 999_983])
    low, high = count_range(printed, sizes)
    for size, first, last in zip(sizes.tolist(), low.tolist(), high.tolist(), strict=True):
        near = [x for end in (first, last) for x in range(max(end - 2, 0), min(end + 2, size) + 1)]
        assert all((Fraction(x, size) in printed.interval) == (first <= x <= last) for x in near)


def test_many_sizes_with_printed_rates_are_tried_not_solved(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: dict[str, Any] = {"n": range(70, 90), "rate1": "70%", "rate2": "41%", "p": "0.01", "test": "pearson"}
    tried = rows_of(tables(**asked))
    monkeypatch.setattr(_candidates, "_PAIRS_PER_TRY", 10**9)
    monkeypatch.setattr(_candidates, "_FEW_TO_SOLVE", 0)
    assert rows_of(tables(**asked)) == tried
    assert len(tried) > 5


@pytest.mark.parametrize(
    ("test", "side"), [("fisher", "greater"), ("fisher", "less"), ("midp", "less"), ("fisher_central", "two-sided")]
)
def test_tails_are_solved_as_they_are_tried(test: str, side: str, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[dict[str, Any]] = [
        {"p": "0.049"}, {"p": "0.50"}, {"p": "< .001"}, {"p": "1.00"}, {"p": "0.9", "events": range(3, 30)},
        {"p": "0.2", "events": range(8, 20)},
    ]  # fmt: skip
    tried = [rows_of(tables(n=41, test=test, alternative=side, **each)) for each in asked]
    monkeypatch.setattr(_candidates, "_FEW", 0)
    monkeypatch.setattr(_candidates, "_TRIES_PER_ROW", 0)
    solved = [tables(n=41, test=test, alternative=side, **each) for each in asked]
    assert [rows_of(found) for found in solved] == tried
    assert [len(found) for found in solved] == [len(rows) for rows in tried]
    assert all(tried[:2])
