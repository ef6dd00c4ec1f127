"""The search behind `contingency`: all tables with the totals, and the forward check of each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import chdtri

from ..errors import BudgetExceeded
from ..numerics import rxc, rxc_exact
from ..reported import Interval
from ._constraints import Printed, count_range
from ._contingency_read import Margins
from ._sizes import IntArray
from ._table_constraints import nearness

__all__ = ["Constraints", "blame", "run"]

BoolArray = NDArray[np.bool_]
Compare = Callable[[IntArray, Fraction], int]
_ADVICE = "Give row totals, column totals, rates or more printed digits; or raise budget."
#: How many tables may be tried for each one that may be returned.
_TRIES_PER_TABLE = 50
_MARGINS_AT_ONCE = 20_000
_MOST_OF_ONE_MARGIN = 5_000_000
_TINY = 1e-290


@dataclass(frozen=True, slots=True)
class Constraints:
    """What was printed about one table; None where nothing was. Rates are by row and column."""

    p: Printed | None = None
    statistic: Printed | None = None
    cramers_v: Printed | None = None
    rates: tuple[tuple[int, int, Printed], ...] = ()

    @property
    def tested(self) -> bool:
        """Whether a test decides."""
        return self.p is not None or self.statistic is not None


def run(margins: Margins, constraints: Constraints, tests: tuple[str, ...], budget: int) -> tuple[IntArray, BoolArray]:
    """Return all compatible tables in order, and which tests print each."""
    shape = (margins.rows.shape[1], margins.columns.shape[1])
    used = tests if constraints.tested else ()
    most = budget * _TRIES_PER_TABLE
    if not constraints.rates or "fisher" in used:
        possible = margins.possible
        if possible is None or possible > most:
            what = "tables to try" if possible is not None else "steps to count them, or more,"
            raise BudgetExceeded(what, possible or most + 1, most, _ADVICE)
    found = []
    for test in used or ("",):
        pieces = [np.zeros((0, *shape), dtype=np.int64)]
        tried = kept = 0
        for cells in _candidates(margins, constraints, test):
            tried += len(cells)
            piece = cells[_accept(cells, constraints, test, margins.labelled)]
            kept += len(piece)
            if tried > most or kept > budget:
                what = "tables to try, or more," if tried > most else "tables or more"
                raise BudgetExceeded(what, max(tried, kept), most if tried > most else budget, _ADVICE)
            pieces.append(piece)
        found.append(np.concatenate(pieces))
    return _union(found, len(used))


def blame(margins: Margins, constraints: Constraints, tests: tuple[str, ...], order: list[str], budget: int) -> str:
    """Return the first constraint, in the order given, with which nothing is left."""
    given = Constraints()
    for name in order:
        given = replace(given, **{name: getattr(constraints, name)})
        if not len(run(margins, given, tests, budget)[0]):
            return name
    return order[-1] if order else "the totals"


def _candidates(margins: Margins, constraints: Constraints, test: str) -> Iterator[IntArray]:
    """Yield tables in order, tables of the same margins whole where the test compares them."""
    largest = _largest_statistic(constraints, test, margins)
    # Where a category is empty chi-square is not defined.
    some = slice(None) if test in ("fisher", "") else (margins.columns > 0).all(axis=1)
    all_rows, all_columns = margins.rows[some], margins.columns[some]
    for start in range(0, len(all_rows), _MARGINS_AT_ONCE):
        rows, columns = (part[start : start + _MARGINS_AT_ONCE] for part in (all_rows, all_columns))
        if test == "fisher":
            # Fisher's p needs every table of the margins, whatever else was printed of the one at hand.
            yield from _with_fisher(rows, columns, constraints)
            continue
        low, high = _limits(constraints, rows, columns) if constraints.rates else (None, None)
        for _, cells in rxc.tables(rows, columns, low=low, high=high, test=test, largest=largest):
            yield cells


def _largest_statistic(constraints: Constraints, test: str, margins: Margins) -> float:
    """Return the largest chi-square that the printed numbers allow, slightly wide."""
    df = (margins.rows.shape[1] - 1) * (margins.columns.shape[1] - 1)
    largest = np.inf
    if test in ("pearson", "lr"):
        if constraints.p is not None and float(constraints.p.interval.low) > _TINY:
            largest = float(chdtri(df, float(constraints.p.interval.low)))
        if constraints.statistic is not None:
            largest = min(largest, float(constraints.statistic.interval.high))
    return largest * (1.0 + 1e-9) + 1e-9


def _limits(constraints: Constraints, rows: IntArray, columns: IntArray) -> tuple[IntArray, IntArray]:
    low = np.zeros((*rows.shape, columns.shape[1]), dtype=np.int64)
    high = np.broadcast_to(rows[:, :, None], low.shape).copy()
    for row, column, printed in constraints.rates:
        low[:, row, column], high[:, row, column] = count_range(printed, rows[:, row])
    return low, high


def _with_fisher(rows: IntArray, columns: IntArray, constraints: Constraints) -> Iterator[IntArray]:
    """Yield the tables whose exact p prints so."""
    for owner, cells in _whole_margins(rows, columns):
        if constraints.p is not None:
            values = rxc.fisher_pvalues(owner, cells)
            yield cells[_inside(values, constraints.p.interval, 1, cells, _exact_p("fisher"))]
        else:
            yield cells


def _whole_margins(rows: IntArray, columns: IntArray) -> Iterator[tuple[IntArray, IntArray]]:
    kept: list[tuple[IntArray, IntArray]] = []
    for piece in rxc.tables(rows, columns):
        owner = piece[0]
        if not owner.size:
            continue
        # The last margin of a piece may go on in the next one.
        cut = int(np.searchsorted(owner, owner[-1]))
        if cut or (kept and kept[-1][0][-1] != owner[0]):
            done = [*kept, (owner[:cut], piece[1][:cut])]
            if kept and not cut:
                done = kept
            yield np.concatenate([each[0] for each in done]), np.concatenate([each[1] for each in done])
            kept = []
        kept.append((owner[cut:], piece[1][cut:]))
        held = sum(each[0].size for each in kept)
        if held > _MOST_OF_ONE_MARGIN:
            raise BudgetExceeded("tables or more of one margin", held, _MOST_OF_ONE_MARGIN, "Name another test.")
    if kept:
        yield np.concatenate([each[0] for each in kept]), np.concatenate([each[1] for each in kept])


# --- the forward check ----------------------------------------------------------------------------------------


def _accept(cells: IntArray, constraints: Constraints, test: str, labelled: bool) -> BoolArray:
    keep = np.ones(len(cells), dtype=bool)
    if not labelled:
        keep &= _in_order(cells)
    rows = cells.sum(axis=2)
    for row, column, printed in constraints.rates:
        low, high = count_range(printed, rows[:, row])
        keep &= (cells[:, row, column] >= low) & (cells[:, row, column] <= high)
    if constraints.cramers_v is not None:
        at = np.nonzero(keep)[0]
        values = rxc.cramers_v(cells[at])
        compare: Compare = rxc_exact.compare_cramers_v
        keep[at] = _inside(values, constraints.cramers_v.interval, 1, cells[at], compare)
    if test in ("pearson", "lr"):
        at = np.nonzero(keep)[0]
        keep[at] = _prints(cells[at], constraints, test)
    return keep


def _in_order(cells: IntArray) -> BoolArray:
    """Whether rows of equal totals stand in the order of their cells."""
    keep = np.ones(len(cells), dtype=bool)
    totals = cells.sum(axis=2)
    for row in range(cells.shape[1] - 1):
        step = cells[:, row + 1] - cells[:, row]
        first = np.argmax(step != 0, axis=1)
        backwards = step[np.arange(len(step)), first] < 0
        keep &= (totals[:, row] < totals[:, row + 1]) | ((totals[:, row] == totals[:, row + 1]) & ~backwards)
    return keep


def _prints(cells: IntArray, constraints: Constraints, test: str) -> BoolArray:
    values = rxc.statistic(test, cells)
    result = np.ones(len(cells), dtype=bool)
    if constraints.p is not None:
        tails = rxc.chi_square_sf(values, rxc.degrees_of_freedom(cells))
        result &= _inside(tails, constraints.p.interval, 1, cells, _exact_p(test))
    if constraints.statistic is not None:
        exact: Compare = lambda table, edge: rxc_exact.compare_statistic(test, table, edge)  # noqa: E731
        result &= _inside(values, constraints.statistic.interval, None, cells, exact)
    return result


def _exact_p(test: str) -> Compare:
    return lambda table, edge: rxc_exact.compare_pvalue(test, table, edge)


def _inside(values: Any, interval: Interval, most: int | None, cells: IntArray, compare: Compare) -> BoolArray:
    """Whether values from 0 to `most` lie in an interval; those next to an edge are compared exactly."""
    low, high = float(interval.low), float(interval.high)
    # An end that no value can pass decides nothing.
    edges = [] if interval.low <= 0 and interval.closed_low else [low]
    if interval.high.is_finite() and not (most is not None and interval.high >= most and interval.closed_high):
        edges.append(high)
    if most is not None:
        values = np.minimum(values, float(most))
    with np.errstate(invalid="ignore"):
        result = np.asarray((values >= low) & (values <= high))
        near = np.zeros(result.shape, dtype=bool)
        for edge in edges:
            near |= np.abs(values - edge) <= nearness(edge)
    for index in np.nonzero(near)[0]:
        result[index] = _exactly_inside(interval, cells[index], compare)
    return np.asarray(result & ~np.isnan(values))


def _exactly_inside(interval: Interval, table: IntArray, compare: Compare) -> bool:
    low = compare(table, Fraction(interval.low))
    if low < 0 or (low == 0 and not interval.closed_low):
        return False
    if not interval.high.is_finite():
        return True
    high = compare(table, Fraction(interval.high))
    return high < 0 or (high == 0 and interval.closed_high)


def _union(found: list[IntArray], number: int) -> tuple[IntArray, BoolArray]:
    """Return the distinct tables of several tests, in order, and which test found each."""
    if len(found) == 1:
        return found[0], np.ones((len(found[0]), number), dtype=bool)
    shape = found[0].shape[1:]
    cells = np.concatenate(found)
    label = np.repeat(np.arange(len(found)), [len(piece) for piece in found])
    rows, columns = cells.sum(axis=2), cells.sum(axis=1)
    people = rows.sum(axis=1, keepdims=True)
    key = np.concatenate([people, rows, columns, cells.reshape(len(cells), -1)], axis=1)
    distinct, place = np.unique(key, axis=0, return_inverse=True)
    printed_by = np.zeros((len(distinct), number), dtype=bool)
    printed_by[place.ravel(), label] = True
    return distinct[:, 1 + sum(shape) :].reshape(len(distinct), *shape), printed_by
