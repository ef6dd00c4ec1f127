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
from .rxc_grow import Growing, Growth, Heads

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

# Far more than rounding can shift an edge; what lies in between is checked one by one.
_SLACK = 1e-7


class Open(NamedTuple):
    """Tables with one free cell: `first` to `last` are the values that the margins and limits leave to it.

    `heads` holds their finished rows, and `at` is the head of each; `cells` are the filled cells of the last row but
    one, `other` those of the last one. `row`, `one` and `two` are how many are to stand in the two open cells of the
    last row but one, and of the last two columns.
    """

    heads: Heads
    at: IntArray
    cells: list[IntArray]
    other: list[IntArray]
    row: IntArray
    one: IntArray
    two: IntArray
    first: IntArray
    last: IntArray

    @property
    def owner(self) -> IntArray:
        """The margin of each."""
        return self.heads.owner[self.at]

    def taken(self, at: IntArray) -> Open:
        """Return some of them."""
        cells, other = ([cell[at] for cell in part] for part in (self.cells, self.other))
        return Open(self.heads, self.at[at], cells, other, *(column[at] for column in self[4:]))

    def completed(self, at: IntArray, free: IntArray) -> IntArray:
        """Return tables with the free cell filled, of shape (tables, rows, columns)."""
        row, one, two = self.row[at], self.one[at], self.two[at]
        upper = np.stack([*(cell[at] for cell in self.cells), free, row - free], axis=1)
        lower = np.stack([*(cell[at] for cell in self.other), one - free, two - row + free], axis=1)
        return np.concatenate([self.heads.filled[self.at[at]], upper[:, None], lower[:, None]], axis=1)


def opened(growth: Growth, state: Growing) -> Open:
    """Return tables that are filled but for the last two cells of the last two rows."""
    heads, at, row, width = state.heads, state.at, state.rest, growth.columns.shape[1]
    other = [heads.left[at, column] - cell for column, cell in enumerate(state.cells)]
    one, two = heads.left[at, width - 2], heads.left[at, width - 1]
    first = np.maximum(heads.low[at, width - 2], row - heads.high[at, width - 1])
    last = np.minimum(heads.high[at, width - 2], row - heads.low[at, width - 1])
    first, last = np.maximum(first, row - two), np.minimum(last, one)
    if growth.low is not None and growth.high is not None:
        low, high = (limit[heads.owner, -1][at].T for limit in (growth.low, growth.high))
        first = np.maximum(first, np.maximum(one - high[-2], low[-1] - two + row))
        last = np.minimum(last, np.minimum(one - low[-2], high[-1] - two + row))
        for column, cell in enumerate(other):
            last = np.where((cell >= low[column]) & (cell <= high[column]), last, first - 1)
    return Open(heads, at, state.cells, other, row, one, two, first, last)


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
    heads, at = found.heads, found.at
    rows, columns = growth.rows[heads.owner], growth.columns[heads.owner]
    people = rows.sum(axis=1).astype(np.float64)
    if test in TREND:
        return _trend_parabola(found, rows[at], columns[at], people[at], test)
    # What a squared count adds to the sum of x^2 / (r c), of which chi-square is n times what goes beyond 1.
    weight = 1.0 / (rows[:, :, None] * columns[:, None, :].astype(np.float64))
    total = (np.sum(heads.filled.astype(np.float64) ** 2 * weight[:, :-2], axis=(1, 2)) - 1.0)[at]
    for line, cells in ((-2, found.cells), (-1, found.other)):
        for column, cell in enumerate(cells):
            total += cell.astype(np.float64) ** 2 * weight[:, line, column][at]
    ends = [weight[:, line, column][at] for line in (-2, -1) for column in (-2, -1)]
    row, one, two = (part.astype(np.float64) for part in (found.row, found.one, found.two))
    lead = ends[0] + ends[1] + ends[2] + ends[3]
    centre = (ends[1] * row + ends[2] * one - ends[3] * (two - row)) / lead
    for value, each in zip((centre, row - centre, one - centre, two - row + centre), ends, strict=True):
        total += value * value * each
    number = people[at]
    return number * lead, centre, number * total


def _trend_parabola(
    found: Open, rows: IntArray, columns: IntArray, people: FloatArray, test: str
) -> tuple[FloatArray, FloatArray, FloatArray]:
    first, second = np.arange(rows.shape[1]), np.arange(columns.shape[1])
    # One more person in the free cell is one more in the sum of products, since neighbouring scores differ by 1.
    base = found.completed(np.arange(found.at.size), np.zeros_like(found.first))
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
    heads, row, one, two = found.heads, found.row, found.one, found.two
    rows, columns = growth.rows[heads.owner], growth.columns[heads.owner]
    fixed = _entropy(rows.sum(axis=1)) - _entropy(rows).sum(axis=1) - _entropy(columns).sum(axis=1)
    fixed = (fixed + _entropy(heads.filled).sum(axis=(1, 2)))[found.at]
    for cell in (*found.cells, *found.other):
        fixed = fixed + _entropy(cell)

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
