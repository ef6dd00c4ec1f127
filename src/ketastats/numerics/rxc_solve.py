"""The last free cell of a table with several rows and columns, solved for a range of its statistic.

With its margins fixed, and all cells filled but the last two of the last two rows, a table has one free cell t.
Pearson's chi-square and that of a trend are parabolas in t, and the likelihood ratio falls to its least value and rises
again. The values of t that a range of the statistic leaves are therefore at most two runs of whole numbers.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import xlogy

from .rxc import TREND
from .rxc_grow import Growing, Growth

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

# Far more than rounding can shift an edge; what lies in between is checked one by one.
_SLACK = 1e-7


class Open(NamedTuple):
    """Tables with one free cell: `first` to `last` are the values that the margins and limits leave to it.

    `owner` is the margin of each; `heads` its rows (tables, rows - 2, columns), `cells` (tables, columns - 2) those of
    the last row but one, `other` those of the last one, and `sums` (3, tables) how many are to stand in the two open
    cells of the last row but one and of the two last columns.
    """

    owner: IntArray
    heads: IntArray
    cells: IntArray
    other: IntArray
    sums: IntArray
    first: IntArray
    last: IntArray

    def completed(self, at: IntArray, free: IntArray) -> IntArray:
        """Return tables with the free cell filled, of shape (tables, rows, columns)."""
        row, one, two = self.sums[:, at]
        upper = np.concatenate([self.cells[at], np.stack([free, row - free], axis=1)], axis=1)
        lower = np.concatenate([self.other[at], np.stack([one - free, two - row + free], axis=1)], axis=1)
        return np.concatenate([self.heads[at], upper[:, None], lower[:, None]], axis=1)


def opened(growth: Growth, state: Growing) -> Open:
    """Return tables that are filled but for the last two cells of the last two rows."""
    heads, at, width = state.heads, state.at, growth.columns.shape[1]
    owner, left = heads.owner[at], heads.left[at]
    cells = np.stack(state.cells, axis=1) if state.cells else np.zeros((at.size, 0), dtype=np.int64)
    other, one, two, row = left[:, : width - 2] - cells, left[:, width - 2], left[:, width - 1], state.rest
    low, high = heads.low[at], heads.high[at]
    first = np.maximum(low[:, width - 2], row - high[:, width - 1])
    last = np.minimum(high[:, width - 2], row - low[:, width - 1])
    first, last = np.maximum(first, row - two), np.minimum(last, one)
    if growth.low is not None and growth.high is not None:
        low, high = growth.low[owner, -1], growth.high[owner, -1]
        first = np.maximum(first, np.maximum(one - high[:, -2], low[:, -1] - two + row))
        last = np.minimum(last, np.minimum(one - low[:, -2], high[:, -1] - two + row))
        inside = ((other >= low[:, :-2]) & (other <= high[:, :-2])).all(axis=1)
        last = np.where(inside, last, first - 1)
    return Open(owner, heads.filled[at], cells, other, np.stack([row, one, two]), first, last)


def runs(
    growth: Growth, found: Open, test: str, low: FloatArray, high: FloatArray, *, wide: bool
) -> tuple[IntArray, IntArray, IntArray, IntArray]:
    """Return the two runs of the free cell, first and last of each, at which the statistic lies in a range.

    Parameters
    ----------
    growth, found
        Tables with one free cell, and how they were filled.
    test : str
        ``pearson``, ``lr``, or a trend.
    low, high : ndarray of float64, shape (tables,)
        Range of the statistic.
    wide : bool
        Whether the runs hold whatever may be in the range, or only what is sure to be.
    """
    slack = _SLACK if wide else -_SLACK
    low = low - slack * (1.0 + low)
    high = np.where(np.isfinite(high), high + slack * (1.0 + np.where(np.isfinite(high), high, 0.0)), high)
    if test == "lr":
        return _convex_runs(growth, found, low, high)
    lead, centre, least = _parabola(growth, found, test)
    with np.errstate(invalid="ignore", divide="ignore"):
        outer = np.where((high >= least) & np.isfinite(least), np.sqrt(np.maximum(high - least, 0.0) / lead), -1.0)
        inner = np.where(low > least, np.sqrt(np.maximum(low - least, 0.0) / lead), -2.0)
    reach = np.float64(1e12)
    outer, inner = np.clip(outer, -1.0, reach), np.clip(inner, -2.0, reach)
    limits = [
        np.ceil(centre - outer - slack),
        np.floor(centre - inner + slack),
        np.ceil(centre + inner - slack),
        np.floor(centre + outer + slack),
    ]
    one, two, three, four = (np.clip(limit, -(2.0**52), 2.0**52).astype(np.int64) for limit in limits)
    four = np.where(outer < 0.0, three - 1, four)
    one = np.where(outer < 0.0, two + 1, one)
    # Without a lower end the two runs are one.
    two = np.where(inner < 0.0, four, two)
    three = np.where(inner < 0.0, four + 1, three)
    one, two = np.maximum(one, found.first), np.minimum(two, found.last)
    return one, two, np.maximum(three, np.maximum(found.first, two + 1)), np.minimum(four, found.last)


def _parabola(growth: Growth, found: Open, test: str) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return the leading coefficient of the statistic in the free cell, where it is least, and its least value."""
    rows, columns = growth.rows[found.owner], growth.columns[found.owner]
    people = rows.sum(axis=1).astype(np.float64)
    if test in TREND:
        return _trend_parabola(found, rows, columns, people, test)
    weight = 1.0 / (rows[:, -2:, None] * columns[:, None, -2:].astype(np.float64))
    row, one, two = found.sums.astype(np.float64)
    lead = weight.sum(axis=(1, 2))
    centre = (weight[:, 0, 1] * row + weight[:, 1, 0] * one - weight[:, 1, 1] * (two - row)) / lead
    total = _share(found.heads, rows[:, :-2], columns) - 1.0
    for cells, size in ((found.cells, rows[:, -2]), (found.other, rows[:, -1])):
        total += _share(cells[:, None], size[:, None], columns[:, :-2])
    ends = (centre, row - centre, one - centre, two - row + centre)
    total += sum(value**2 * each for value, each in zip(ends, weight.reshape(-1, 4).T, strict=True))
    return people * lead, centre, people * total


def _share(cells: IntArray, rows: IntArray, columns: IntArray) -> FloatArray:
    return np.asarray(np.sum(cells.astype(np.float64) ** 2 / (rows[:, :, None] * columns[:, None, :]), axis=(1, 2)))


def _trend_parabola(
    found: Open, rows: IntArray, columns: IntArray, people: FloatArray, test: str
) -> tuple[FloatArray, FloatArray, FloatArray]:
    first, second = np.arange(rows.shape[1]), np.arange(columns.shape[1])
    # One more person in the free cell is one more in the sum of products, since neighbouring scores differ by 1.
    base = found.completed(np.arange(found.owner.size), np.zeros_like(found.first))
    sum1, sum2 = rows @ first, columns @ second
    squares = (people * (rows @ first**2) - sum1**2) * (people * (columns @ second**2) - sum2**2)
    centre = sum1 * sum2 / people - np.einsum("kij,i,j->k", base, first, second)
    scale = people - 1.0 if test == "linear" else people
    with np.errstate(divide="ignore", invalid="ignore"):
        lead = scale * people**2 / squares
    # Without two groups and two categories there is no trend: no value of the cell lies in any range.
    none = squares <= 0.0
    return np.where(none, 1.0, lead), centre, np.where(none, np.inf, 0.0)


def _convex_runs(
    growth: Growth, found: Open, low: FloatArray, high: FloatArray
) -> tuple[IntArray, IntArray, IntArray, IntArray]:
    """Return the two runs for the likelihood ratio, by halving on both sides of its least value."""
    rows, columns = growth.rows[found.owner], growth.columns[found.owner]
    filled = [found.heads, found.cells, found.other]
    fixed = sum(_entropy(cells).reshape(len(cells), -1).sum(axis=1) for cells in filled)
    fixed = fixed + _entropy(rows.sum(axis=1)) - _entropy(rows).sum(axis=1) - _entropy(columns).sum(axis=1)
    row, one, two = found.sums

    def statistic(free: IntArray) -> FloatArray:
        ends = (free, row - free, one - free, two - row + free)
        return np.asarray(2.0 * (fixed + sum(_entropy(np.maximum(end, 0)) for end in ends)))

    # Where the odds ratio of the four cells is 1.
    centre = np.floor(row * one / np.maximum(one + two, 1)).astype(np.int64)
    centre = np.clip(centre, found.first, np.maximum(found.last, found.first))
    after = np.minimum(centre + 1, found.last)
    centre = np.where(statistic(after) < statistic(centre), after, centre)
    last = found.last
    one_first = _first(lambda free: statistic(free) <= high, found.first, centre)
    one_last = _first(lambda free: statistic(free) < low, found.first, centre) - 1
    two_first = _first(lambda free: statistic(free) >= low, centre + 1, last)
    two_last = _first(lambda free: statistic(free) > high, centre + 1, last) - 1
    return one_first, np.minimum(one_last, last), two_first, np.minimum(two_last, last)


def _first(holds: Callable[[IntArray], Any], low: IntArray, high: IntArray) -> IntArray:
    """Return the first whole number from `low` to `high` from which on something holds; if none, `high` + 1."""
    low, high = low.copy(), np.maximum(high, low - 1) + 1
    while (low < high).any():
        middle = (low + high) // 2
        here = holds(np.minimum(middle, high - 1)) & (low < high)
        high = np.where(here, middle, high)
        low = np.where(here | (low >= high), low, middle + 1)
    return low


def _entropy(counts: IntArray) -> FloatArray:
    return np.asarray(xlogy(counts, counts))
