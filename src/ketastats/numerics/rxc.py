"""Tables with several rows and columns: how many there are with given totals, all of them, and their tests.

Row totals are ``int64`` arrays of shape (margins, rows), column totals (margins, columns); tables have the shape
(tables, rows, columns). Totals of one margin add up to the same number of people.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from math import comb
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import chdtrc, gammaln, xlogy

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

TESTS = ("pearson", "lr", "fisher")
#: Two tables count as equally likely when their probabilities differ by less than this, relatively.
RELATIVE_TIE = 1e-7
_CHUNK = 100_000
_LARGEST = 2.0**61


def spread(low: IntArray, high: IntArray) -> tuple[IntArray, IntArray]:
    """Return every whole number from `low` to `high` of each entry, with the entry that it comes from."""
    size = np.maximum(high - low + 1, 0)
    start = np.cumsum(size) - size
    entry = np.repeat(np.arange(size.size), size)
    return entry, np.repeat(low - start, size) + np.arange(entry.size)


# --- how many -------------------------------------------------------------------------------------------------


def fillings(left: IntArray, total: IntArray) -> Any:
    """Return in how many ways people can fill a row whose cells have upper limits.

    Parameters
    ----------
    left : ndarray of int64, shape (rows, columns)
        Most people in each cell.
    total : ndarray of int64, shape (rows,)
        People in the row.

    Returns
    -------
    ndarray of shape (rows,)
        Exact whole numbers: ``int64`` where they fit, Python's own where they do not.
    """
    columns = left.shape[1]
    # By inclusion and exclusion over the cells that are above their limit.
    largest = 2.0**columns * float(comb(int(total.max(initial=0)) + columns, columns))
    kind: Any = np.int64 if largest < _LARGEST else object
    result = np.zeros(total.shape, dtype=kind)
    for size in range(columns + 1):
        for over in combinations(range(columns), size):
            rest = total - (left[:, list(over)] + 1).sum(axis=1)
            result = result + (-1) ** size * _free_fillings(rest, columns, kind)
    return result


def _free_fillings(total: IntArray, columns: int, kind: Any) -> Any:
    """Return in how many ways people can fill a row without limits."""
    number = np.maximum(total, 0).astype(kind)
    result = np.ones(total.shape, dtype=kind)
    for k in range(1, columns):
        # The product of k neighbours is divisible by k!, so that no division leaves a rest.
        result = result * (number + k) // k
    return np.where(total >= 0, result, 0).astype(kind)


def count(rows: IntArray, columns: IntArray, most: int) -> int | None:
    """Return how many tables have one of some margins, exactly; None where counting takes more than `most` steps."""
    if columns.shape[1] < rows.shape[1]:
        rows, columns = columns, rows
    owner = np.arange(len(rows))
    left, weight = columns, np.ones(len(rows), dtype=object)
    for row in range(rows.shape[1] - 2):
        if int(np.sum(fillings(left, rows[owner, row]))) > most:
            return None
        state, cells = expand(left, rows[owner, row])
        # The rest of a table minds how many are left in each column, not how that came about.
        key = np.concatenate([owner[state, None], left[state] - cells], axis=1)
        distinct, place = np.unique(key, axis=0, return_inverse=True)
        merged = np.zeros(len(distinct), dtype=object)
        np.add.at(merged, place.ravel(), weight[state])
        owner, left, weight = distinct[:, 0], distinct[:, 1:], merged
    return int(sum((weight * fillings(left, rows[owner, -2]).astype(object)).tolist()))


# --- all of them ----------------------------------------------------------------------------------------------


def expand(
    left: IntArray, total: IntArray, low: IntArray | None = None, high: IntArray | None = None
) -> tuple[IntArray, IntArray]:
    """Return every filling of a row, with the entry that it belongs to.

    Parameters
    ----------
    left : ndarray of int64, shape (rows, columns)
        Most people in each cell.
    total : ndarray of int64, shape (rows,)
        People in the row.
    low, high : ndarray of int64, shape (rows, columns), optional
        Further limits of the cells.
    """
    most = left if high is None else np.minimum(left, high)
    least = np.zeros_like(left) if low is None else low
    # How many the cells after each one can take, and must take.
    nothing = np.zeros((len(left), 1), dtype=np.int64)
    room, need = (
        np.concatenate([np.cumsum(limit[:, ::-1], axis=1)[:, ::-1][:, 1:], nothing], axis=1) for limit in (most, least)
    )
    state, rest = np.arange(len(left)), total
    cells: list[IntArray] = []
    for column in range(left.shape[1]):
        first = np.maximum(least[state, column], rest - room[state, column])
        again, value = spread(first, np.minimum(most[state, column], rest - need[state, column]))
        state, rest = state[again], rest[again] - value
        cells = [*(cell[again] for cell in cells), value]
    return state, np.stack(cells, axis=1)


def tables(
    rows: IntArray,
    columns: IntArray,
    *,
    low: IntArray | None = None,
    high: IntArray | None = None,
    test: str = "",
    largest: float = np.inf,
) -> Iterator[tuple[IntArray, IntArray]]:
    """Yield all tables with given margins, in pieces, sorted by the margin and then by their cells.

    Parameters
    ----------
    rows, columns : ndarray of int64
        Margins.
    low, high : ndarray of int64, shape (margins, rows, columns), optional
        Limits of the cells.
    test : str
        With ``pearson`` or ``lr``, tables of a larger statistic than `largest` are left out as far as that is seen
        before they are complete; then no total may be 0.
    largest : float
        Largest statistic.

    Yields
    ------
    owner : ndarray of int64, shape (tables,)
        The margin that each table has.
    cells : ndarray of int64, shape (tables, rows, columns)
        The tables.
    """
    height, width = rows.shape[1], columns.shape[1]
    filled = np.zeros((len(rows), 0, width), dtype=np.int64)
    stack = [(np.arange(len(rows)), columns, filled, np.zeros(len(rows)))]
    while stack:
        owner, left, filled, spent = stack.pop()
        row = filled.shape[1]
        ends = (None, None) if low is None or high is None else (low[owner, row], high[owner, row])
        if row == height - 1:
            keep = np.ones(owner.size, dtype=bool)
            if ends[0] is not None and ends[1] is not None:
                keep = ((left >= ends[0]) & (left <= ends[1])).all(axis=1)
            yield owner[keep], np.concatenate([filled, left[:, None]], axis=1)[keep]
            continue
        number = fillings(left, rows[owner, row]).astype(float)
        if owner.size > 1 and number.sum() > _CHUNK:
            # The first piece has to be on top, so that tables come in order.
            group = (np.cumsum(number) // _CHUNK).astype(np.int64)
            pieces = np.split(np.arange(owner.size), np.nonzero(np.diff(group))[0] + 1)
            if len(pieces) > 1:
                stack += [(owner[at], left[at], filled[at], spent[at]) for at in reversed(pieces)]
                continue
        if test == "pearson" and np.isfinite(largest):
            ends = _reachable(rows[owner], columns[owner], row, largest - spent, *ends)
        state, cells = expand(left, rows[owner, row], *ends)
        owner, left = owner[state], left[state] - cells
        filled, spent = np.concatenate([filled[state], cells[:, None]], axis=1), spent[state]
        if test in ("pearson", "lr"):
            spent = spent + _distance(test, cells, rows[owner, row], rows[owner], columns[owner])
            # The rows that are left are at least as far from their expectation as all of them taken together.
            rest = _distance(test, left, rows[owner, row + 1 :].sum(axis=1), rows[owner], columns[owner])
            keep = spent + rest <= largest
            owner, left, filled, spent = owner[keep], left[keep], filled[keep], spent[keep]
        stack.append((owner, left, filled, spent))


def _reachable(
    rows: IntArray, columns: IntArray, row: int, left: FloatArray, low: IntArray | None, high: IntArray | None
) -> tuple[IntArray, IntArray]:
    """Return limits of the cells of a row beyond which it alone would add more to Pearson's chi-square than is left.

    A cell that is d off its expectation e leaves the rest of its row, of which r - e are expected, d off as well.
    """
    total = rows[:, row][:, None]
    expected = columns * (total / rows.sum(axis=1, keepdims=True))
    reach = np.sqrt(np.maximum(left, 0.0)[:, None] * expected * np.maximum(1.0 - expected / total, 0.0)) + 1e-6
    first, last = np.ceil(expected - reach).astype(np.int64), np.floor(expected + reach).astype(np.int64)
    first = np.maximum(first, 0 if low is None else low)
    return first, last if high is None else np.minimum(last, high)


def _distance(test: str, cells: IntArray, total: IntArray, rows: IntArray, columns: IntArray) -> FloatArray:
    """Return what one row adds to the statistic."""
    expected = columns * (total / rows.sum(axis=1))[:, None]
    if test == "pearson":
        return np.asarray(np.sum((cells - expected) ** 2 / expected, axis=1))
    return np.asarray(2.0 * np.sum(xlogy(cells, cells / expected), axis=1))


# --- tests ----------------------------------------------------------------------------------------------------


def statistic(test: str, cells: IntArray) -> FloatArray:
    """Return the chi-square of each table, Pearson's or of the likelihood ratio; NaN where a row or column is empty."""
    rows, columns = cells.sum(axis=2), cells.sum(axis=1)
    people = rows.sum(axis=1).astype(np.float64)
    with np.errstate(invalid="ignore", divide="ignore"):
        expected = rows[:, :, None] * (columns / people[:, None])[:, None, :]
        if test == "pearson":
            return np.asarray(np.sum((cells - expected) ** 2 / expected, axis=(1, 2)))
        found = 2.0 * np.sum(xlogy(cells, cells / expected), axis=(1, 2))
    return np.asarray(np.where((rows > 0).all(axis=1) & (columns > 0).all(axis=1), np.maximum(found, 0.0), np.nan))


def degrees_of_freedom(cells: IntArray) -> int:
    """Return (rows - 1) (columns - 1)."""
    return int((cells.shape[1] - 1) * (cells.shape[2] - 1))


def chi_square_sf(value: FloatArray, df: int) -> FloatArray:
    """Return the upper tail of chi-square."""
    return np.asarray(chdtrc(df, value))


def fisher_pvalues(owner: IntArray, cells: IntArray) -> FloatArray:
    """Return the Fisher-Freeman-Halton p of all tables of whole margins: those no likelier, summed.

    Parameters
    ----------
    owner : ndarray of int64, shape (tables,)
        Margins, ascending.
    cells : ndarray of int64, shape (tables, rows, columns)
        All tables of these margins.
    """
    logs = gammaln(np.arange(int(cells.max(initial=0)) + 2, dtype=np.float64))
    weight = -logs[cells + 1].sum(axis=(1, 2))
    result = np.empty(weight.size)
    starts = np.nonzero(np.diff(owner, prepend=-1))[0]
    for start, stop in zip(starts, [*starts[1:], owner.size], strict=True):
        own = weight[start:stop]
        order = np.sort(own)
        sums = np.cumsum(np.exp(order - order[-1]))
        last = np.searchsorted(order, own + np.log1p(RELATIVE_TIE), side="right") - 1
        result[start:stop] = np.minimum(sums[last] / sums[-1], 1.0)
    return result


def cramers_v(cells: IntArray) -> FloatArray:
    """Return Cramer's V of each table; NaN where a row or column is empty."""
    people = cells.sum(axis=(1, 2))
    return np.asarray(np.sqrt(statistic("pearson", cells) / (people * (min(cells.shape[1:]) - 1))))
