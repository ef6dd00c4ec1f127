"""Tables with several rows and columns, against every table and tests recomputed with fractions."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterable, Iterator
from decimal import Decimal
from fractions import Fraction
from functools import cache
from math import comb, factorial, prod

import mpmath
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import ketastats as ks
from ketastats.errors import BudgetExceeded, InvalidArgument, InvalidType
from ketastats.numerics import rxc, rxc_exact, rxc_grow
from ketastats.reconstruct import CompatibleContingency, contingency, tables
from ketastats.reconstruct._contingency import search as _contingency_search

Cells = tuple[tuple[int, ...], ...]


# ---------------------------------------------------------------------------------------- everything, by brute force
@cache
def lines(total: int, width: int) -> tuple[tuple[int, ...], ...]:
    """Every way to spread people over cells."""
    return tuple(line for line in itertools.product(range(total + 1), repeat=width) if sum(line) == total)


@cache
def every(n: int, height: int, width: int) -> tuple[Cells, ...]:
    """Every table of n people in which each row has people."""
    result = []
    for totals in lines(n, height):
        if all(totals):
            result += list(itertools.product(*(lines(total, width) for total in totals)))
    return tuple(result)


def margins(cells: Cells) -> tuple[tuple[int, ...], tuple[int, ...]]:
    return tuple(map(sum, cells)), tuple(map(sum, zip(*cells, strict=True)))


def trend(cells: Cells, test: str) -> mpmath.mpf | None:
    """n r^2 or (n - 1) r^2 of the scores of all people, as fractions; None where a score does not vary."""
    scored = [(x, (i, j)) for i, row in enumerate(cells) for j, x in enumerate(row)]
    n = sum(x for x, _ in scored)
    means = [Fraction(sum(x * score[axis] for x, score in scored), n) for axis in (0, 1)]
    xy, xx, yy = (
        sum(x * (score[a] - means[a]) * (score[b] - means[b]) for x, score in scored)
        for a, b in ((0, 1), (0, 0), (1, 1))
    )
    if not xx * yy:
        return None
    value = (n - 1 if test == "linear" else n) * xy * xy / (xx * yy)
    with mpmath.workdps(40):
        return mpmath.mpf(value.numerator) / value.denominator


@cache
def chi_square(cells: Cells, test: str) -> mpmath.mpf | None:
    """Chi-square to 40 digits; None where a column is empty."""
    if test in rxc.TREND:
        return trend(cells, test)
    rows, columns = margins(cells)
    if not all(columns):
        return None
    n = sum(rows)
    with mpmath.workdps(40):
        total = mpmath.mpf(0)
        for row, r in zip(cells, rows, strict=True):
            for x, c in zip(row, columns, strict=True):
                e = mpmath.mpf(r * c) / n
                total += (x - e) ** 2 / e if test == "pearson" else 2 * x * mpmath.log(x / e) if x else 0
        return total


@cache
def exact_tails(rows: tuple[int, ...], columns: tuple[int, ...]) -> dict[Cells, Fraction]:
    """The p of Freeman and Halton for every table with given totals, as fractions."""
    found = [
        cells
        for cells in itertools.product(*(lines(total, len(columns)) for total in rows))
        if tuple(map(sum, zip(*cells, strict=True))) == columns
    ]
    weight = {cells: Fraction(1, prod(factorial(x) for row in cells for x in row)) for cells in found}
    whole = sum(weight.values())
    return {
        cells: sum(other for other in weight.values() if other <= own * (1 + Fraction(1, 10**7))) / whole
        for cells, own in weight.items()
    }


def pvalue(cells: Cells, test: str) -> mpmath.mpf | None:
    if test == "fisher":
        p = exact_tails(*margins(cells))[cells]
        return mpmath.mpf(p.numerator) / p.denominator
    value = chi_square(cells, test)
    df = 1 if test in rxc.TREND else (len(cells) - 1) * (len(cells[0]) - 1)
    with mpmath.workdps(40):
        return None if value is None else mpmath.gammainc(mpmath.mpf(df) / 2, value / 2, regularized=True)


def prints(value: mpmath.mpf | None, text: str) -> bool:
    """Whether a value rounds to the printed digits, half either way; a value is on an edge when 30 digits say so."""
    if value is None:
        return False
    half = Decimal(1).scaleb(Decimal(text).as_tuple().exponent) / 2  # type: ignore[arg-type]
    with mpmath.workdps(40):
        low, high = (mpmath.mpf(str(Decimal(text) + side)) for side in (-half, half))
        slack = mpmath.mpf(10) ** -30
        return bool(low - slack <= value <= high + slack)


def as_tuples(found: CompatibleContingency) -> list[Cells]:
    return [tuple(map(tuple, cells)) for cells in found.cells.tolist()]


def sorted_rows(cells: Cells) -> Cells:
    return tuple(sorted(cells, key=lambda row: (sum(row), row)))


def usual(found: Iterable[Cells], test: str) -> str:
    """The p-value with two digits that the most of some tables print, apart from 1."""
    values = (pvalue(cells, test) for cells in found)
    times = Counter(f"{float(value):.2f}" for value in values if value is not None and value < 0.9)
    return times.most_common(1)[0][0]


@pytest.mark.parametrize(
    ("n", "height", "width", "test"),
    [
        *[(*shape, test) for shape in ((7, 2, 3), (6, 3, 2), (5, 3, 3)) for test in ("pearson", "lr", "fisher")],
        (6, 2, 3, "linear"),
        (5, 3, 2, "armitage"),
        (4, 3, 3, "linear"),
    ],
)
def test_all_totals_unknown(n: int, height: int, width: int, test: str) -> None:
    p = usual(every(n, height, width), test)
    expected = [cells for cells in every(n, height, width) if prints(pvalue(cells, test), p)]
    assert expected
    if height == 2 or test not in rxc.TREND:
        found = contingency(rows=height, columns=width, n=n, p=p, test=test)
        assert not found.labelled
        assert sorted(as_tuples(found)) == sorted(set(map(sorted_rows, expected)))
    told_apart = contingency(rows=[None] * height, columns=width, n=n, p=p, test=test)
    assert sorted(as_tuples(told_apart)) == sorted(expected)
    assert told_apart.possible == len(every(n, height, width))


@pytest.mark.parametrize("test", rxc.TESTS)
def test_some_totals_known(test: str) -> None:
    n = 7
    known = [cells for cells in every(n, 2, 3) if margins(cells)[0][0] == 3 and margins(cells)[1][1] == 2]
    p = usual(known, test)
    expected = [cells for cells in known if prints(pvalue(cells, test), p)]
    assert expected
    found = contingency(rows=(3, None), columns=(None, 2, None), n=n, p=p, test=test)
    assert as_tuples(found) == sorted(expected, key=lambda cells: (*margins(cells), cells))
    both = contingency(rows=(3, 4), columns=(None, 2, None), p=p, test=test)
    assert as_tuples(both) == as_tuples(found)


def test_a_statistic_and_cramers_v_and_rates() -> None:
    every_table = every(8, 2, 3)
    values = {cells: chi_square(cells, "pearson") for cells in every_table}
    wanted = [cells for cells in every_table if prints(values[cells], "2.7")]
    found = contingency(rows=[None, None], columns=3, n=8, statistic="2.7", test="pearson")
    assert sorted(as_tuples(found)) == sorted(wanted)
    effects = {cells: None if value is None else mpmath.sqrt(value / 8) for cells, value in values.items()}
    wanted = [cells for cells in every_table if prints(effects[cells], "0.50")]
    assert sorted(as_tuples(contingency(rows=[None, None], columns=3, n=8, cramers_v="0.50"))) == sorted(wanted)
    wanted = [cells for cells in every_table if 2 * cells[0][1] == sum(cells[0]) and prints(effects[cells], "0.5")]
    rates = [[None, "50%", None], [None, None, None]]
    found = contingency(rows=[None, None], columns=3, n=8, cramers_v="0.5", rates=rates)
    assert wanted
    assert sorted(as_tuples(found)) == sorted(wanted)
    assert "rates as printed" in found.identifiability


def test_a_range_of_n_is_each_n() -> None:
    together = contingency(rows=2, columns=3, n=range(6, 9), p="0.2", test="lr")
    apart = [contingency(rows=2, columns=3, n=n, p="0.2", test="lr") for n in range(6, 9)]
    assert as_tuples(together) == [cells for found in apart for cells in as_tuples(found)]
    assert together.possible == sum(found.possible or 0 for found in apart)


def share_prints(x: int, size: int, text: str, rule: str = "half") -> bool:
    """Whether x of size people print as a proportion with the digits of `text`."""
    digits = -int(Decimal(text).as_tuple().exponent)
    scaled, whole = Fraction(x, size) * 10**digits, int(Decimal(text).scaleb(digits)) if size else -1
    if rule == "truncate":
        return whole <= scaled < whole + 1
    return abs(scaled - whole) <= Fraction(1, 2)


def every_constraint(cells: Cells) -> bool:
    """What the next test asks for, checked in the plainest way."""
    (r1, r2), (c1, c2, _) = margins(cells)
    n = r1 + r2
    # The cheap checks first.
    return (
        r1 in (4, 5, 6)
        and share_prints(c2, n, "0.3")
        and cells[0][2] in (0, 1, 2)
        and share_prints(cells[1][0], r2, "0.1")
        and c1 > 0
        and share_prints(cells[0][0], c1, "0.7")
        and (share_prints(cells[1][1], n, "0.2") or share_prints(cells[1][1], n, "0.2", "truncate"))
        and any(prints(pvalue(cells, test), "0.4") for test in ("pearson", "lr"))
        and pvalue(cells, "fisher") > mpmath.mpf("0.1")
    )


TOTALS = {"rows": (range(4, 7), None), "columns": (None, "0.3", None)}
MIXED = {
    "cells": [[None, None, range(3)], [None, None, None]],
    "rates": [[None, None, None], ["0.1", None, None]],
    "column_rates": [["0.7", None, None], [None, None, None]],
    "total_rates": [[None, None, None], [None, ks.Reported("0.2"), None]],
    "p": [{"value": "0.4", "test": ("pearson", "lr")}, {"value": "> .1", "test": "fisher"}],
}


def test_any_mix_of_constraints_is_what_a_plain_check_of_all_tables_leaves() -> None:
    found = contingency(**TOTALS, n=12, **MIXED)
    halves = {cells for cells in every(12, 2, 3) if every_constraint(cells) and share_prints(cells[1][1], 12, "0.2")}
    assert len(found) == len(halves) > 1
    assert set(as_tuples(found)) == halves
    wider = contingency(
        **TOTALS,
        n=12,
        **(MIXED | {"total_rates": [[None] * 3, [None, "0.2", None]]}),
        rounding=("half", "truncate"),
    )
    assert halves < set(as_tuples(wider))
    by = found.alternatives["p[0]_test"]
    assert by[0] == ("pearson", "lr")
    for cells, hits in zip(as_tuples(found), by[1].tolist(), strict=True):
        assert hits == [prints(pvalue(cells, test), "0.4") for test in by[0]]
    assert "p[0]_test" in found.to_frame().columns


def test_numbers_in_steps_are_all_numbers_at_once() -> None:
    once = contingency(**TOTALS, n=12, **MIXED)
    step = contingency(rows=[None, None], columns=3, n=12, total_rates=MIXED["total_rates"])
    for name, value in (MIXED | TOTALS).items():
        fewer = step.where(**{name: value})
        assert set(as_tuples(fewer)) <= set(as_tuples(step))
        step = fewer
    assert as_tuples(step) == as_tuples(once)
    assert len(once) > 1
    assert len(step.steps) == len(MIXED) + 2
    assert f"{step.steps[-1]}." in step.summary().split("\n")
    # The groups that a later number tells apart stand in every order that prints so.
    base = contingency(rows=3, columns=2, n=8, p="0.5", test="pearson")
    rates = [["50%", None], [None, None], [None, None]]
    told = contingency(rows=[None] * 3, columns=2, n=8, p="0.5", test="pearson", rates=rates)
    later = base.where(rates=rates)
    assert as_tuples(later) == as_tuples(told)
    assert later.labelled
    assert not any("told apart" in sentence for sentence in later.assumptions)
    nothing = base.where(n=8).where(p="0.9", statistic="1.4", test="lr")
    assert not nothing
    assert nothing.emptied_by == "p"


# ------------------------------------------------------------------------------------------------ against 2x2 tables
@pytest.mark.parametrize("test", rxc.TESTS)
@pytest.mark.parametrize("p", ["0.230", "< .001", "1.00", "0.05"])
def test_two_by_two_is_what_tables_finds(p: str, test: str) -> None:
    """The other search solves margins for counts, and decides by other code."""
    n = 30
    other = tables(n=n, p=p, test={"linear": "n_minus_1", "armitage": "pearson"}.get(test, test))
    expected = {
        ((x1, n1 - x1), (x2, n2 - x2))
        for x1, n1, x2, n2 in zip(*(c.tolist() for c in (other.x1, other.n1, other.x2, other.n2)), strict=True)
    }
    found = contingency(rows=2, columns=2, n=n, p=p, test=test)
    assert {tuple(sorted(cells)) for cells in as_tuples(found)} == {tuple(sorted(cells)) for cells in expected}
    assert len(found) == len(expected)


def test_several_tests_are_united_and_told_apart() -> None:
    both = contingency(rows=(6, 7, 5), columns=3, p="0.23", test=("pearson", "lr", "fisher"))
    for place, test in enumerate(both.tests):
        one = contingency(rows=(6, 7, 5), columns=3, p="0.23", test=test)
        assert [
            cells for cells, hit in zip(as_tuples(both), both.printed_by[:, place], strict=True) if hit
        ] == as_tuples(one)
    assert both.printed_by.any(axis=1).all()
    frame = both.to_frame()
    assert set(frame["tests"]) <= {
        "pearson",
        "lr",
        "fisher",
        "pearson+lr",
        "pearson+fisher",
        "lr+fisher",
        "pearson+lr+fisher",
    }
    assert list(frame.columns[:4]) == ["n", "x11", "x12", "x13"]


# ------------------------------------------------------------------------------------------ the numbers on their own
@pytest.mark.parametrize("seed", range(4))
def test_statistics_and_tails_at_forty_digits(seed: int) -> None:
    cells = np.random.default_rng(seed).integers(1, 40, size=(30, 3, 4))
    tuples = [tuple(map(tuple, table)) for table in cells.tolist()]
    for test in ("pearson", "lr", *rxc.TREND):
        values = rxc.statistic(test, cells)
        exact = [float(chi_square(table, test)) for table in tuples]
        np.testing.assert_allclose(values, exact, rtol=1e-11)
        np.testing.assert_allclose(
            rxc.chi_square_sf(values, rxc.degrees_of_freedom(test, (3, 4))),
            [float(pvalue(t, test)) for t in tuples],
            rtol=1e-9,
        )
    np.testing.assert_allclose(
        rxc.cramers_v(cells), np.sqrt(rxc.statistic("pearson", cells) / (2 * cells.sum(axis=(1, 2)))), rtol=1e-14
    )


def test_the_exact_test_of_small_tables_is_a_fraction() -> None:
    rows, columns = (4, 3, 3), (5, 3, 2)
    owner, cells = (
        np.concatenate(part) for part in zip(*rxc_grow.tables(np.array([rows]), np.array([columns])), strict=True)
    )
    expected = exact_tails(rows, columns)
    assert {tuple(map(tuple, table)) for table in cells.tolist()} == set(expected)
    found = rxc.fisher_pvalues(owner, cells)
    for table, p in zip(cells, found, strict=True):
        exact = expected[tuple(map(tuple, table.tolist()))]
        assert p == pytest.approx(float(exact), rel=1e-12)
        assert rxc_exact.fisher_pvalue(table) == exact
        assert rxc_exact.compare_pvalue("fisher", table, exact) == 0


def test_a_likelihood_ratio_with_two_degrees_of_freedom_has_a_p_that_is_a_fraction() -> None:
    """A p of exactly 1/4 lies on an edge of 0.2 and of 0.3, and follows the rule."""
    on_edge = {
        cells
        for cells in every(8, 2, 3)
        if all(margins(cells)[1]) and rxc_exact.lr_tail_of_two(np.array(cells)) == Fraction(1, 4)
    }
    assert on_edge
    for cells in on_edge:
        table = np.array(cells)
        assert float(pvalue(cells, "lr")) == pytest.approx(0.25, rel=1e-15)
        assert rxc_exact.compare_pvalue("lr", table, Fraction(1, 4)) == 0
        assert rxc_exact.compare_pvalue("lr", table, Fraction(1, 4) - Fraction(1, 10**40)) == 1
    for text, rule, inside in (("0.2", "half_even", True), ("0.3", "half_up", True), ("0.2", "half_up", False)):
        found = contingency(rows=[None, None], columns=3, n=8, p=text, test="lr", rounding=rule)
        assert (on_edge <= set(as_tuples(found))) == inside
        assert bool(on_edge & set(as_tuples(found))) == inside


@pytest.mark.parametrize("shape", [(2, 2), (2, 4), (3, 3)])
def test_near_an_edge_the_likelihood_ratio_is_decided_with_more_digits(shape: tuple[int, int]) -> None:
    table = np.random.default_rng(5).integers(1, 9, size=shape)
    with mpmath.workdps(60):
        n = int(table.sum())
        value = mpmath.mpf(0)
        for i, j in np.ndindex(*shape):
            x, e = int(table[i, j]), mpmath.mpf(int(table[i].sum()) * int(table[:, j].sum())) / n
            value += 2 * x * mpmath.log(x / e)
        df = (shape[0] - 1) * (shape[1] - 1)
        exact = mpmath.gammainc(mpmath.mpf(df) / 2, value / 2, regularized=True)
        edge, statistic = (Fraction(mpmath.nstr(number, 40)) for number in (exact, value))
    step = Fraction(1, 10**30)
    assert rxc_exact.compare_pvalue("lr", table, edge - step) == 1
    assert rxc_exact.compare_pvalue("lr", table, edge + step) == -1
    assert rxc_exact.compare_pvalue("lr", table, Fraction(0)) == 1
    assert rxc_exact.compare_statistic("lr", table, statistic - step) == 1
    assert rxc_exact.compare_statistic("lr", table, statistic + step) == -1
    even = np.array([[2, 4, 6], [1, 2, 3]])
    assert rxc_exact.compare_pvalue("lr", even, Fraction(1)) == 0
    assert rxc_exact.compare_statistic("lr", even, Fraction(0)) == 0
    assert rxc_exact.compare_cramers_v(even, Fraction(-1)) == 1


def test_a_table_exactly_or_nearly_as_expected_has_a_p_of_or_near_one() -> None:
    for even in ([[3, 6], [2, 4]], [[1, 2, 3], [2, 4, 6], [1, 2, 3]]):
        table = np.array(even)
        for test in ("pearson", "lr", "fisher"):
            sides = [
                rxc_exact.compare_pvalue(test, table, edge) for edge in (Fraction(999, 1000), Fraction(1), Fraction(2))
            ]
            assert sides == [1, 0, -1]
    near = np.array([[5, 5], [5, 6]])
    p = float(pvalue(tuple(map(tuple, near.tolist())), "lr"))
    assert 0.5 < p < 0.99
    assert rxc_exact.compare_pvalue("lr", near, Fraction(p) - Fraction(1, 10**9)) == 1
    assert rxc_exact.compare_pvalue("lr", near, Fraction(p) + Fraction(1, 10**9)) == -1


@pytest.mark.parametrize(
    ("rows", "columns"),
    [
        ((3, 4), (2, 5)),
        ((3, 2, 4), (4, 5)),
        ((2, 3, 2), (3, 3, 1)),
        ((2, 2, 1, 3), (3, 3, 2)),
        ((2, 1, 2, 1), (2, 2, 1, 1)),
    ],
)
def test_the_count_is_the_number_of_tables(rows: tuple[int, ...], columns: tuple[int, ...]) -> None:
    expected = sum(margins(cells)[1] == columns for cells in itertools.product(*(lines(r, len(columns)) for r in rows)))
    both = np.array([rows]), np.array([columns])
    assert rxc.count(*both, 10**6) == rxc.count(*reversed(both), 10**6) == expected
    assert sum(len(owner) for owner, _ in rxc_grow.tables(*both)) == expected


def test_published_and_large_counts() -> None:
    """The 4 x 4 tables with all totals r: 24, 282, 2008 (OEIS A001496, Stanley's magic squares)."""
    for total, number in ((1, 24), (2, 282), (3, 2008)):
        line = np.full((1, 4), total)
        assert rxc.count(line, line, 10**6) == number
    # Two rows: the second follows from the first. Far beyond 64 bits, and exact.
    wide = np.full((1, 12), 100_000)
    assert rxc.fillings(wide, np.array([100_000])).tolist() == [comb(100_011, 11)]
    assert rxc.count(np.array([[50, 60, 70, 80]]), np.array([[50, 60, 70, 80]]), 10) is None


# -------------------------------------------------------------------------------------------------------- properties
shapes = st.tuples(st.integers(2, 3), st.integers(2, 3))


@st.composite
def some_table(draw: st.DrawFn) -> np.ndarray[tuple[int, int], np.dtype[np.int64]]:
    height, width = draw(shapes)
    cells = draw(st.lists(st.integers(0, 2), min_size=height * width, max_size=height * width))
    table = np.array(cells, dtype=np.int64).reshape(height, width)
    table[:, 0] += table.sum(axis=1) == 0
    # Few enough people for every table with the same totals to be written down.
    assume(table.sum() <= 9)
    return table


def forward(table: np.ndarray[tuple[int, int], np.dtype[np.int64]], test: str, digits: int) -> str | None:
    """What the table itself prints."""
    p = pvalue(tuple(map(tuple, table.tolist())), test)
    return None if p is None else mpmath.nstr(p, 20) and f"{float(p):.{digits}f}"


@settings(max_examples=40)
@given(some_table(), st.sampled_from(rxc.TESTS), st.integers(1, 3))
def test_the_true_table_is_in_its_own_set(
    table: np.ndarray[tuple[int, int], np.dtype[np.int64]], test: str, digits: int
) -> None:
    text = forward(table, test, digits)
    if text is None:
        return
    rows, columns = table.sum(axis=1).tolist(), table.sum(axis=0).tolist()
    known = contingency(rows=rows, columns=columns, p=text, test=test)
    wider = contingency(rows=rows, columns=[None] * len(columns), p=text, test=test)
    coarse = contingency(
        rows=rows, columns=columns, p=f"{float(text):.{digits - 1}f}" if digits > 1 else ">= 0", test=test
    )
    own = tuple(map(tuple, table.tolist()))
    assert own in as_tuples(known)
    assert set(as_tuples(known)) <= set(as_tuples(wider))
    if digits == 1:
        assert set(as_tuples(known)) <= set(as_tuples(coarse))
    # Exchanging two groups, or two categories, exchanges them in every table.
    turned = contingency(rows=rows[::-1], columns=columns[::-1], p=text, test=test)
    assert {tuple(row[::-1] for row in cells[::-1]) for cells in as_tuples(turned)} == set(as_tuples(known))
    aside = contingency(rows=columns, columns=rows, p=text, test=test) if all(columns) else None
    if aside is not None:
        assert {tuple(zip(*cells, strict=True)) for cells in as_tuples(aside)} == set(as_tuples(known))


@settings(max_examples=30)
@given(some_table(), st.sampled_from(rxc.TESTS), st.data())
def test_more_numbers_never_add_and_exchanged_lines_mirror(
    table: np.ndarray[tuple[int, int], np.dtype[np.int64]], test: str, data: st.DataObject
) -> None:
    text = forward(table, test, 2)
    assume(text is not None)
    height, width = table.shape
    n, rows, columns = int(table.sum()), table.sum(axis=1), table.sum(axis=0)
    base = contingency(rows=[None] * height, columns=width, n=n, p=text, test=test)
    row, column = data.draw(st.integers(0, height - 1)), data.draw(st.integers(0, width - 1))

    def at(value: object) -> list[list[object]]:
        return [[value if (i, j) == (row, column) else None for j in range(width)] for i in range(height)]

    cell = int(table[row, column])
    more: dict[str, object] = {
        "cells": at(cell),
        "rates": at(f"{np.floor(cell / rows[row] * 100 + 0.5) / 100:.2f}"),
        "total_rates": at(f"{np.floor(cell / n * 100 + 0.5) / 100:.2f}"),
        "rows": [int(rows[row]) if i == row else None for i in range(height)],
    }
    if columns[column]:
        more["column_rates"] = at(f"{np.floor(cell / columns[column] * 100 + 0.5) / 100:.2f}")
    own = tuple(map(tuple, table.tolist()))
    name = data.draw(st.sampled_from(sorted(more)))
    fewer = base.where(**{name: more[name]})
    assert own in as_tuples(fewer)
    assert set(as_tuples(fewer)) <= set(as_tuples(base))
    given_at_once = {"rows": [None] * height, "columns": width, "n": n, "p": text, "test": test} | {name: more[name]}
    assert as_tuples(contingency(**given_at_once)) == as_tuples(fewer)
    back = {
        key: value[::-1] if key != "n" and isinstance(value, list) else value for key, value in given_at_once.items()
    }
    mirrored = {cells[::-1] for cells in as_tuples(contingency(**back))}
    assert mirrored == set(as_tuples(fewer))


def test_a_value_on_a_rounding_edge_follows_the_rule() -> None:
    """Chi-square of exactly 2.25 prints as 2.3 half up and as 2.2 half to even."""

    def exact(cells: Cells) -> Fraction | None:
        return rxc_exact.pearson_statistic(np.array(cells)) if all(margins(cells)[1]) else None

    on_edge = {cells for cells in every(8, 2, 3) if exact(cells) == Fraction(9, 4)} or {
        cells for cells in every(9, 2, 3) if exact(cells) == Fraction(9, 4)
    }
    assert on_edge
    n = sum(map(sum, next(iter(on_edge))))
    texts = {}
    for text, rule in itertools.product(("2.2", "2.3"), ("half", "half_up", "half_even", "truncate", "up")):
        found = contingency(rows=[None, None], columns=3, n=n, statistic=text, test="pearson", rounding=rule)
        texts[text, rule] = on_edge <= set(as_tuples(found))
    assert [rule for (text, rule), hit in texts.items() if text == "2.2" and hit] == ["half", "half_even", "truncate"]
    assert [rule for (text, rule), hit in texts.items() if text == "2.3" and hit] == ["half", "half_up", "up"]


# -------------------------------------------------------------------------------------- the set, and what is refused
def test_what_the_set_says_of_itself() -> None:
    found = contingency(rows=(30, 28, 25), columns=2, p="0.041", test="pearson")
    assert found
    assert len(found) == 24
    assert found.possible == 31 * 29 * 26
    assert found.identifiability.startswith("24 tables with n = 83, rows (30, 28, 25), columns (?, ?), p = 0.041, with")
    np.testing.assert_array_equal(found.row_totals, np.tile([30, 28, 25], (24, 1)))
    np.testing.assert_array_equal(found.n, np.full(24, 83))
    np.testing.assert_allclose(found.shares.sum(axis=2), 1.0)
    np.testing.assert_allclose(found.cramers_v, np.sqrt(found.chi_square / 83))
    marginal = found.marginal("x11")
    assert dict(zip(marginal["x11"], marginal["members"], strict=True)) == Counter(found.cells[:, 0, 0].tolist())
    assert found.marginal("chi_square")["share"].sum() == pytest.approx(1.0)
    for name, column in (("row2", found.row_totals[:, 1]), ("column1", found.column_totals[:, 0]), ("n", found.n)):
        counted = found.marginal(name)
        assert dict(zip(counted[name], counted["members"], strict=True)) == Counter(column.tolist())
    assert found.marginal("share32")["share32"].iloc[-1] == found.shares[:, 2, 1].max()
    with pytest.raises(InvalidArgument, match="x11"):
        found.marginal("x41")
    drawn = found.draw(2000, rng=83)
    cells = drawn[[f"x{i}{j}" for i in (1, 2, 3) for j in (1, 2)]].to_numpy().reshape(-1, 3, 2)
    times = Counter(map(str, cells.tolist()))
    assert set(times) == set(map(str, found.cells.tolist()))
    assert 40 < min(times.values()) <= max(times.values()) < 140
    assert "the test was Pearson's chi-square" in found.summary()
    assert isinstance(found, ks.reconstruct.CompatibleSet)


def test_without_digits_all_tables_of_known_totals_are_listed() -> None:
    found = contingency(rows=(3, 4), columns=(2, 3, 2))
    assert len(found) == found.possible
    assert found.tests == ()
    assert contingency(rows=(3, 4), columns=(0, 7)).identifiability.count("Cramer") == 0


def test_an_empty_set_names_the_first_constraint_that_emptied_it() -> None:
    nothing = contingency(rows=(28, 28, 27), columns=(62, 21), p="0.230", test="pearson")
    assert not nothing
    assert nothing.emptied_by == "p"
    assert nothing.identifiability == (
        "No table with n = 83, rows (28, 28, 27), columns (62, 21), p = 0.230 exists: p leaves nothing of 253 tables."
    )
    rates = [["31%", None], [None, None]]
    first = contingency(rows=(5, 6), columns=2, rates=rates, p="0.5", test="pearson")
    assert first.emptied_by == "rates"
    second = contingency(rows=(5, 6), columns=2, p="0.00001", rates=rates, test="pearson")
    assert second.emptied_by == "p"
    assert nothing.draw(1).shape[0] == 0
    assert nothing.most_informative().shape == (0, 7)
    assert nothing.effects().shape == (0, 5)
    # Shares that no number of people has are a finding, as are shares that do not add up.
    shares = contingency(rows=("36%", "34%", "33%"), columns=2, n=83, p="0.04", test="pearson")
    assert not shares
    assert shares.emptied_by == "rows"
    assert "rows (36%, 34%, 33%)" in shares.identifiability
    both = contingency(rows=("36%", "34%", "33%"), columns=("31%", None), n=8, p="0.04", test="pearson")
    assert both.emptied_by == "rows"
    assert contingency(rows=(3, 4), columns=("30%", None), n=7, p="> .1", test="lr").emptied_by == "columns"


def test_what_is_too_large_is_counted_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_contingency_search, "_FEWEST_TRIES", 1000)
    monkeypatch.setattr(rxc_grow, "_CHUNK", 500)
    with pytest.raises(BudgetExceeded, match="tables to try") as caught:
        contingency(rows=(23, 20, 19), columns=4, p="0.23", test="pearson", budget=10)
    assert caught.value.count == prod(comb(total + 3, 3) for total in (23, 20, 19))
    with pytest.raises(BudgetExceeded, match="tables to try") as caught:
        contingency(rows=(90, 80, 70), columns=(100, 90, 50), p="< .001", test="pearson", budget=10)
    assert caught.value.count == rxc.count(np.array([(90, 80, 70)]), np.array([(100, 90, 50)]), 10**8)
    with pytest.raises(BudgetExceeded, match="tables or more"):
        contingency(rows=(90, 80, 70), columns=(100, 90, 50), p="> .2", test="pearson", budget=20)
    monkeypatch.undo()
    with pytest.raises(BudgetExceeded, match="ways to fill"):
        contingency(rows=6, columns=6, n=500, p="0.23", test="pearson")
    with pytest.raises(BudgetExceeded, match="tables or more"):
        contingency(rows=(9, 8), columns=2, p=">= 0", test="fisher", budget=20)


def test_effects_are_those_of_pairs_of_people() -> None:
    found = contingency(rows=(3, 4), columns=(2, 3, 2), p="> .3", test="pearson")
    frame = found.effects().set_index("effect")
    gammas, correlations = [], []
    for cells in as_tuples(found):
        people = [(i, j) for i, row in enumerate(cells) for j, x in enumerate(row) for _ in range(x)]
        signs = [np.sign((a[0] - b[0]) * (a[1] - b[1])) for a, b in itertools.combinations(people, 2)]
        gammas.append((signs.count(1) - signs.count(-1)) / (signs.count(1) + signs.count(-1)))
        correlations.append(np.corrcoef(np.array(people).T)[0, 1])
    for name, values in (("gamma", gammas), ("correlation", correlations)):
        assert (frame.loc[name, "low"], frame.loc[name, "high"]) == pytest.approx((min(values), max(values)))
        assert frame.loc[name, "distinct"] == len(set(np.round(values, 12)))
        assert found.marginal(name)["members"].sum() == len(found)
    chi = found.chi_square
    assert frame.loc["contingency_coefficient", "high"] == pytest.approx(np.sqrt(chi / (chi + 7)).max())
    assert frame.loc["share21", "low"] == found.shares[:, 1, 0].min()


@pytest.mark.parametrize("labelled", [True, False])
def test_what_a_further_number_would_leave(labelled: bool) -> None:
    found = contingency(rows=[None] * 3 if labelled else 3, columns=2, n=7, p="> .4", test="pearson")
    frame = found.most_informative(["cell", "row", "n", "p"], decimals=2, tests="fisher").set_index("figure")
    tables = as_tuples(found)

    def expected(shown: list[set[object]]) -> float:
        each = [[sum(value in other for other in shown) for value in own] for own in shown]
        return float(np.mean([np.mean(left) for left in each])) if labelled else float("nan")

    if labelled:
        assert len(frame) == 6 + 3 + 1 + 1
        assert frame.loc["cell21", "expected"] == pytest.approx(expected([{cells[1][0]} for cells in tables]))
        fisher = [{f"{float(pvalue(cells, 'fisher')) + 1e-12:.2f}"} for cells in tables]
        assert frame.loc["p", "expected"] == pytest.approx(expected(fisher))
    else:
        assert list(frame.index[frame.index.str.startswith("cell")]) == ["cell11", "cell12"] or len(frame) == 5
        values = [[row[0] for row in cells] for cells in tables]
        left = [[sum(value in other for other in values) for value in own] for own in values]
        assert frame.loc["cell11", "expected"] == pytest.approx(np.mean(left))
    assert frame.loc["n", "expected"] == len(found)
    assert frame["expected"].is_monotonic_increasing
    with pytest.raises(InvalidArgument, match="tests of p"):
        found.most_informative("cell", tests="lr")


@pytest.mark.parametrize("test", [name for name in rxc.TESTS if name != "fisher"])
@pytest.mark.parametrize("known", [{"p": "0.23"}, {"statistic": "< 1.5"}, {"p": "< .01"}])
def test_what_is_over_budget_is_counted_as_it_would_be_listed(test: str, known: dict[str, str]) -> None:
    for rows, columns in (([None, None], 3), (2, 3), ([None] * 3, 2), ([4, 5, 3], [3, None, None])):
        question = {"rows": rows, "columns": columns, "n": 12, "test": test, **known}
        size = len(contingency(**question))
        if size < 3:
            continue
        for budget in (1, size - 1):
            with pytest.raises(BudgetExceeded, match="tables, more") as caught:
                contingency(**question, budget=budget)
            assert caught.value.count == size


@pytest.mark.parametrize("test", [name for name in rxc.TESTS if name != "fisher"])
@pytest.mark.parametrize("printed", [{"p": "0.2"}, {"p": "> .2"}, {"statistic": "4"}, {"p": "0.01"}])
def test_the_solved_cell_loses_no_table_that_a_list_of_all_has(test: str, printed: dict[str, str]) -> None:
    rows, columns = (10, 12, 9), (13, 11, 7)
    everything = np.concatenate([cells for _, cells in rxc_grow.tables(np.array([rows]), np.array([columns]))])
    values = rxc.statistic(test, everything)
    tails = rxc.chi_square_sf(values, rxc.degrees_of_freedom(test, (3, 3)))
    low, high = {"0.2": (0.15, 0.25), "> .2": (0.2, 1.0), "4": (3.5, 4.5), "0.01": (0.005, 0.015)}[
        next(iter(printed.values()))
    ]
    column = values if "statistic" in printed else tails
    expected = everything[(column >= low) & (column <= high)]
    found = contingency(rows=rows, columns=columns, test=test, **printed)
    np.testing.assert_array_equal(found.cells, expected)
    assert len(expected) > 1
    known = [[None, range(2, 5), None], [None] * 3, [range(2, 6), None, range(1, 3)]]
    limited = contingency(rows=rows, columns=columns, test=test, cells=known, **printed)
    first, second, third = expected[:, 0, 1], expected[:, 2, 0], expected[:, 2, 2]
    inside = (first >= 2) & (first <= 4) & (second >= 2) & (second <= 5) & (third >= 1) & (third <= 2)
    np.testing.assert_array_equal(limited.cells, expected[inside])


def bad() -> Iterator[tuple[dict[str, object], str, type[Exception]]]:
    yield {"rows": 1}, "rows", InvalidArgument
    yield {"rows": "3"}, "rows", InvalidType
    yield {"rows": None}, "rows", InvalidType
    yield {"rows": [3]}, "rows", InvalidArgument
    yield {"rows": [0, 9]}, "rows", InvalidArgument
    yield {"rows": [3.5, 2]}, "rows", InvalidType
    yield {"columns": [-1, 4]}, "columns", InvalidArgument
    yield {"columns": {2, 3}}, "columns", InvalidType
    yield {"columns": 99}, "columns", InvalidArgument
    yield {"n": None}, "n", InvalidArgument
    yield {"n": 1}, "n", InvalidArgument
    yield {"n": "9"}, "n", InvalidType
    yield {"rows": [8, 8]}, "n", InvalidArgument
    yield {"rows": [4, 5], "columns": [3, 3]}, "n", InvalidArgument
    yield {"p": None}, "p", InvalidArgument
    yield {"p": 0.23}, "p", InvalidType
    yield {"p": "2"}, "p", InvalidArgument
    yield {"test": None}, "test", InvalidArgument
    yield {"test": "yates"}, "test", InvalidArgument
    yield {"test": "fisher", "statistic": "2.0"}, "test", InvalidArgument
    yield {"cramers_v": "1.2"}, "cramers_v", InvalidArgument
    yield {"test": "linear", "rows": 3}, "test", InvalidArgument
    yield {"p": []}, "p", InvalidArgument
    yield {"p": {"test": "pearson"}}, "p", InvalidArgument
    yield {"p": {"value": "0.5", "side": 1}}, "p", InvalidArgument
    yield {"statistic": {"value": "2.0", "test": "fisher"}}, "statistic test", InvalidArgument
    yield {"rows": range(2, 9)}, "rows", InvalidType
    yield {"rows": ["150%", None]}, "rows", InvalidArgument
    yield {"cells": [[1, None], [None, None]]}, "cells", InvalidArgument
    yield {"rows": [4, 5], "cells": [[5, None], [None, None]]}, "cells", InvalidArgument
    yield {"rows": [4, 5], "cells": [[1.5, None], [None, None]]}, "cells", InvalidType
    yield {"rows": [4, 5], "total_rates": [[1, None], [None, None]]}, "total_rates", InvalidType
    yield {"rates": "50%"}, "rates", InvalidType
    yield {"rates": [["50%", None], [None, None]]}, "rates", InvalidArgument
    yield {"rows": [4, 5], "rates": [["50%"], [None]]}, "rates", InvalidArgument
    yield {"rows": [4, 5], "rates": [["150%", None], [None, None]]}, "rates", InvalidArgument
    yield {"rounding": "nearest"}, "rounding", InvalidArgument
    yield {"budget": 0}, "budget", InvalidArgument


@pytest.mark.parametrize(("change", "argument", "kind"), list(bad()))
def test_what_cannot_be_used_is_named(change: dict[str, object], argument: str, kind: type[Exception]) -> None:
    good = {"rows": 2, "columns": 2, "n": 9, "p": "0.5", "test": "pearson"}
    with pytest.raises(kind) as caught:
        contingency(**(good | change))
    assert caught.value.argument == argument
