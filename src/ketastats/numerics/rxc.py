"""Tables with several rows and columns: how many there are with given totals, all of them, and their tests.

Row totals are ``int64`` arrays of shape (margins, rows), column totals (margins, columns); tables have the shape
(tables, rows, columns). Totals of one margin add up to the same number of people.
"""

from __future__ import annotations

from itertools import combinations
from math import comb
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import chdtrc, gammaln, xlogy

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

TESTS = ("pearson", "lr", "fisher", "linear", "armitage")
#: Tests of a linear trend over groups and categories in their order, with the scores 1, 2, 3, ...
TREND = ("linear", "armitage")
#: Two tables count as equally likely when their probabilities differ by less than this, relatively.
RELATIVE_TIE = 1e-7
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


def expand(left: IntArray, total: IntArray) -> tuple[IntArray, IntArray]:
    """Return every filling of a row, with the entry that it belongs to.

    Parameters
    ----------
    left : ndarray of int64, shape (rows, columns)
        Most people in each cell.
    total : ndarray of int64, shape (rows,)
        People in the row.
    """
    # How many the cells after each one can take.
    room = left.sum(axis=1, keepdims=True) - np.cumsum(left, axis=1)
    state, rest = np.arange(len(left)), total
    cells: list[IntArray] = []
    for column in range(left.shape[1]):
        again, value = spread(np.maximum(rest - room[state, column], 0), np.minimum(left[state, column], rest))
        state, rest = state[again], rest[again] - value
        cells = [*(cell[again] for cell in cells), value]
    return state, np.stack(cells, axis=1)


# --- tests ----------------------------------------------------------------------------------------------------


def statistic(test: str, cells: IntArray) -> FloatArray:
    """Return the chi-square of each table; NaN where a row or column is empty, or for a trend all but one."""
    if test in TREND:
        return _trend(test, cells)
    rows, columns = cells.sum(axis=2), cells.sum(axis=1)
    people = rows.sum(axis=1).astype(np.float64)
    with np.errstate(invalid="ignore", divide="ignore"):
        expected = rows[:, :, None] * (columns / people[:, None])[:, None, :]
        if test == "pearson":
            return np.asarray(np.sum((cells - expected) ** 2 / expected, axis=(1, 2)))
        found = 2.0 * np.sum(xlogy(cells, cells / expected), axis=(1, 2))
    return np.asarray(np.where((rows > 0).all(axis=1) & (columns > 0).all(axis=1), np.maximum(found, 0.0), np.nan))


def _trend(test: str, cells: IntArray) -> FloatArray:
    """Return n r^2 (Cochran and Armitage) or (n - 1) r^2 (Mantel) for the correlation r of the scores."""
    between, within_rows, within_columns, people = trend_sums(cells)
    with np.errstate(invalid="ignore", divide="ignore"):
        square = between.astype(np.float64) ** 2 / within_rows / within_columns
    return np.asarray((people - 1 if test == "linear" else people) * square)


def trend_sums(cells: IntArray) -> tuple[IntArray, IntArray, IntArray, IntArray]:
    """Return n times the sums of products of the scores of rows and columns about their means, of squares, and n."""
    rows, columns = cells.sum(axis=2), cells.sum(axis=1)
    first, second = np.arange(cells.shape[1]), np.arange(cells.shape[2])
    people, sum1, sum2 = rows.sum(axis=1), rows @ first, columns @ second
    both = np.einsum("kij,i,j->k", cells, first, second)
    squares1, squares2 = people * (rows @ first**2) - sum1**2, people * (columns @ second**2) - sum2**2
    return people * both - sum1 * sum2, squares1, squares2, people


def degrees_of_freedom(test: str, shape: tuple[int, int]) -> int:
    """Return (rows - 1) (columns - 1), or 1 for a trend."""
    return 1 if test in TREND else (shape[0] - 1) * (shape[1] - 1)


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
