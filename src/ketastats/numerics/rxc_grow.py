"""Filling tables with several rows and columns cell by cell, in pieces of bounded size.

Row totals are ``int64`` arrays of shape (margins, rows), column totals (margins, columns). Tables are filled row by
row; a row is dropped as soon as the statistic is sure to become too large.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import xlogy

from .rxc import spread

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

_CHUNK = 100_000


class Heads(NamedTuple):
    """Tables of which some rows are filled.

    `owner` is the margin of each, `filled` its rows (tables, rows, columns), `left` the people that are left in each
    column, `spent` what the filled rows add to the statistic; `low` and `high` are limits of the cells of the next row.
    """

    owner: IntArray
    filled: IntArray
    left: IntArray
    spent: FloatArray
    low: IntArray
    high: IntArray

    def taken(self, at: Any) -> Heads:
        """Return some of them."""
        return Heads(*(column[at] for column in self))


class Growing(NamedTuple):
    """Tables whose next row is filled in part: the head of each, the cells of its row, and how many people are left."""

    heads: Heads
    at: IntArray
    cells: list[IntArray]
    rest: IntArray

    def taken(self, at: Any) -> Growing:
        """Return some of them."""
        return Growing(self.heads, self.at[at], [cell[at] for cell in self.cells], self.rest[at])

    def part(self, start: int, stop: int) -> Growing:
        """Return those from `start` to before `stop`, with the heads that they have and no others."""
        at = self.at[start:stop]
        first, last = int(at[0]), int(at[-1]) + 1
        cells = [cell[start:stop] for cell in self.cells]
        return Growing(self.heads.taken(slice(first, last)), at - first, cells, self.rest[start:stop])


class Growth:
    """How tables with given margins are filled.

    Parameters
    ----------
    rows, columns : ndarray of int64
        Margins.
    low, high : ndarray of int64, shape (margins, rows, columns), optional
        Limits of the cells.
    test : str
        With ``pearson`` or ``lr``, tables of a larger statistic than `largest` are left out as far as that is seen
        before they are complete; then no total may be 0.
    largest : ndarray of float64, shape (margins,), optional
        Largest statistic.
    """

    def __init__(
        self,
        rows: IntArray,
        columns: IntArray,
        *,
        low: IntArray | None = None,
        high: IntArray | None = None,
        test: str = "",
        largest: FloatArray | None = None,
    ) -> None:
        self.rows, self.columns = rows, columns
        self.low, self.high = low, high
        self.test, self.largest = test if largest is not None else "", largest

    def open(self, cells: int) -> Iterator[Growing]:
        """Yield all tables, in order, of which so many cells are filled."""
        height, width = self.rows.shape[1], self.columns.shape[1]
        nothing = np.zeros((len(self.rows), 0, width), dtype=np.int64)
        stack = [self._next_row(np.arange(len(self.rows)), nothing, self.columns, np.zeros(len(self.rows)))]
        while stack:
            state = stack.pop()
            row, column = state.heads.filled.shape[1], len(state.cells)
            if column == width:
                stack.append(self._closed(state))
            elif row * width + column == cells or row == height:
                yield state
            else:
                stack += self._wider(state, column)

    def _next_row(self, owner: IntArray, filled: IntArray, left: IntArray, spent: FloatArray) -> Growing:
        row = filled.shape[1]
        low, high = np.zeros_like(left), left
        if self.low is not None and self.high is not None:
            low, high = np.maximum(low, self.low[owner, row]), np.minimum(high, self.high[owner, row])
        if self.test == "pearson" and self.largest is not None:
            first, last = _reachable(self.rows[owner], self.columns[owner], row, self.largest[owner] - spent)
            low, high = np.maximum(low, first), np.minimum(high, last)
        return Growing(Heads(owner, filled, left, spent, low, high), np.arange(owner.size), [], self.rows[owner, row])

    def _wider(self, state: Growing, column: int) -> list[Growing]:
        """Return the state with one more cell of the row, or pieces of it that have to go one by one."""
        low, high = state.heads.low, state.heads.high
        # How many the cells after this one can take, and must take.
        room, need = high[:, column + 1 :].sum(axis=1), low[:, column + 1 :].sum(axis=1)
        first = np.maximum(low[state.at, column], state.rest - room[state.at])
        last = np.minimum(high[state.at, column], state.rest - need[state.at])
        size = np.cumsum(np.maximum(last - first + 1, 0))
        if size.size > 1 and size[-1] > _CHUNK:
            ends = [0, *(np.nonzero(np.diff(size // _CHUNK))[0] + 1).tolist(), size.size]
            if len(ends) > 2:
                # The first piece has to be on top, so that tables come in order.
                return [state.part(start, stop) for start, stop in reversed(list(pairwise(ends)))]
        again, value = spread(first, last)
        state = state.taken(again)
        return [state._replace(cells=[*state.cells, value], rest=state.rest - value)]

    def _closed(self, state: Growing) -> Growing:
        """Return the tables with their row filled, ready for the next one."""
        row = state.heads.filled.shape[1]
        cells = np.stack(state.cells, axis=1)
        owner, left = state.heads.owner[state.at], state.heads.left[state.at] - cells
        filled = np.concatenate([state.heads.filled[state.at], cells[:, None]], axis=1)
        spent = state.heads.spent[state.at]
        if self.test in ("pearson", "lr") and self.largest is not None:
            rows, columns = self.rows[owner], self.columns[owner]
            spent = spent + distance(self.test, cells, rows[:, row], rows, columns)
            # The rows that are left are at least as far from their expectation as all of them taken together.
            rest = distance(self.test, left, rows[:, row + 1 :].sum(axis=1), rows, columns)
            keep = spent + rest <= self.largest[owner]
            owner, filled, left, spent = owner[keep], filled[keep], left[keep], spent[keep]
        return self._next_row(owner, filled, left, spent)


def tables(
    rows: IntArray, columns: IntArray, *, low: IntArray | None = None, high: IntArray | None = None
) -> Iterator[tuple[IntArray, IntArray]]:
    """Yield all tables with given margins, in pieces, sorted by the margin and then by their cells.

    Parameters
    ----------
    rows, columns : ndarray of int64
        Margins.
    low, high : ndarray of int64, shape (margins, rows, columns), optional
        Limits of the cells.

    Yields
    ------
    owner : ndarray of int64, shape (tables,)
        The margin that each table has.
    cells : ndarray of int64, shape (tables, rows, columns)
        The tables.
    """
    height, width = rows.shape[1], columns.shape[1]
    for state in Growth(rows, columns, low=low, high=high).open((height - 1) * width):
        heads = state.heads
        keep = ((heads.left >= heads.low) & (heads.left <= heads.high)).all(axis=1)
        yield heads.owner[keep], np.concatenate([heads.filled, heads.left[:, None]], axis=1)[keep]


def _reachable(rows: IntArray, columns: IntArray, row: int, left: FloatArray) -> tuple[IntArray, IntArray]:
    """Return limits of the cells of a row beyond which it alone would add more to Pearson's chi-square than is left.

    A cell that is d off its expectation e leaves the rest of its row, of which r - e are expected, d off as well.
    """
    total = rows[:, row][:, None]
    expected = columns * (total / rows.sum(axis=1, keepdims=True))
    # No cell is further off than the whole table.
    most = rows.sum(axis=1, keepdims=True).astype(np.float64)
    reach = np.sqrt(np.maximum(left, 0.0)[:, None] * expected * np.maximum(1.0 - expected / total, 0.0)) + 1e-6
    reach = np.minimum(reach, most)
    return np.ceil(expected - reach).astype(np.int64), np.floor(expected + reach).astype(np.int64)


def distance(test: str, cells: IntArray, total: IntArray, rows: IntArray, columns: IntArray) -> FloatArray:
    """Return what one row adds to the statistic."""
    expected = columns * (total / rows.sum(axis=1))[:, None]
    if test == "pearson":
        return np.asarray(np.sum((cells - expected) ** 2 / expected, axis=1))
    return np.asarray(2.0 * np.sum(xlogy(cells, cells / expected), axis=1))
