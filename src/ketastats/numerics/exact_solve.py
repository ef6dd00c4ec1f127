"""The 2x2 tables whose exact conditional p lies between two values, found margin by margin without trying each.

On either side of the likeliest table Fisher's p falls (and so does the mid-p, but for a part in 10^7 between tied
tables), so that in each row of tables with the same margins the ones sought are next to each other: their place is
guessed from the one-sided tail, and the guess is walked to the exact place.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from .table_tests import RELATIVE_TIE

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
Columns = tuple[IntArray, IntArray, IntArray, IntArray]

#: Elements of one slice of rows.
_ELEMENTS = 80_000
# The net is a little wider than asked for: it must hold what lies next to an edge.
_NET = 1e-6
# What lies outside a row has less than this of its probability.
_OUTSIDE = 1e-13
_TINY = 1e-30
# Smaller p-values are left to the kernel that keeps every table of a row.
_SMALLEST = 1e-8


def candidates(low: float, high: float, n1: IntArray, n2: IntArray, events: IntArray, *, midp: bool) -> Columns:
    """Return the tables of given margins whose two-sided p lies between two values.

    Parameters
    ----------
    low, high : float
        Smallest and largest p, from 0 to 1.
    n1, n2, events : ndarray of int64, shape (rows,)
        Margins.
    midp : bool
        Whether half the probability of the table itself is taken off.

    Returns
    -------
    x1, n1, x2, n2 : ndarray of int64
        The tables; the net is slightly wide, so that what it holds must be checked.
    """
    low, high = low * (1.0 - _NET) - _OUTSIDE, high * (1.0 + _NET) + _OUTSIDE
    first, last = _window(n1, n2, events, low)
    found = [(n1[:0], n1[:0], n1[:0], n1[:0])]
    for rows in _slices(last - first):
        table = _rows(first[rows], last[rows], (n1[rows], n2[rows], events[rows]), low, midp)
        up, down = table.side(low, high, upwards=True), table.side(low, high, upwards=False)
        row, place = (np.concatenate(parts) for parts in zip(up, down, strict=True))
        x1, row = place + first[rows][row], rows[row]
        found.append((x1, n1[row], events[row] - x1, n2[row]))
    x1, size1, x2, size2 = (np.concatenate(parts) for parts in zip(*found, strict=True))
    return x1, size1, x2, size2


def tail_candidates(
    low: float, high: float, n1: IntArray, n2: IntArray, events: IntArray, *, midp: bool, side: str
) -> Columns:
    """Return the tables of given margins whose tail lies between two values.

    Parameters
    ----------
    low, high : float
        Smallest and largest tail; far enough from 1 that no table with nothing but its own tail is asked for.
    n1, n2, events : ndarray of int64, shape (rows,)
        Margins.
    midp : bool
        Whether half the probability of the table itself is taken off.
    side : {"up", "down", "both"}
        The tail of more events in group 1, of fewer, or twice the smaller one and at most 1.

    Returns
    -------
    x1, n1, x2, n2 : ndarray of int64
        The tables; the net is slightly wide, so that what it holds must be checked.
    """
    low, high = low * (1.0 - _NET) - _OUTSIDE, high * (1.0 + _NET) + _OUTSIDE
    first, last = _window(n1, n2, events, low)
    found = [(n1[:0], n1[:0], n1[:0], n1[:0])]
    for rows in _slices(last - first):
        table = _rows(first[rows], last[rows], (n1[rows], n2[rows], events[rows]), low, midp)
        tail = {"up": table.above, "down": table.below}.get(side)
        tail = np.minimum(2.0 * np.minimum(table.above, table.below), 1.0) if tail is None else tail
        tail = tail - 0.5 * table.weight if midp else tail
        inside = np.arange(tail.shape[1]) <= table.end[:, None]
        row, place = np.nonzero((tail >= low) & (tail <= high) & inside)
        x1, row = place + first[rows][row], rows[row]
        found.append((x1, n1[row], events[row] - x1, n2[row]))
    x1, size1, x2, size2 = (np.concatenate(parts) for parts in zip(*found, strict=True))
    return x1, size1, x2, size2


def pvalues(x1: IntArray, n1: IntArray, x2: IntArray, n2: IntArray, *, midp: bool) -> FloatArray:
    """Return the two-sided p of tables that have few margins in common; NaN where it is too small for this kernel."""
    events = x1 + x2
    first, last = _window(n1, n2, events, _SMALLEST)
    result = np.full(x1.shape, np.nan)
    within = np.nonzero((x1 >= first) & (x1 <= last))[0]
    for part in _slices((last - first)[within]):
        rows = within[part]
        table = _rows(first[rows], last[rows], (n1[rows], n2[rows], events[rows]), _SMALLEST, midp)
        result[rows] = table.pvalue(np.arange(rows.size), x1[rows] - first[rows])
    result[result < _SMALLEST] = np.nan
    return result


def _slices(width: IntArray) -> Iterator[IntArray]:
    """Yield rows in slices of a bounded size, rows of like width together: a slice is as wide as its widest row."""
    order = np.argsort(width, kind="stable")
    start = 0
    while start < order.size:
        near = int(width[order[min(order.size, start + 64) - 1]]) + 1
        stop = min(order.size, start + max(64, _ELEMENTS // near))
        yield order[start:stop]
        start = stop


def _window(n1: IntArray, n2: IntArray, events: IntArray, low: float) -> tuple[IntArray, IntArray]:
    """Return the range of `x1` outside which the tables of each row have no probability that counts."""
    share = events / (n1 + n2)
    expected, spread = n1 * share, n1 * share * (1.0 - share)
    # Bernstein: P(|X - E| >= t) <= 2 exp(-t^2 / (2 V + 2 t / 3)), with V of sampling with replacement; both groups and
    # both outcomes have the same distance.
    spread = np.minimum(spread, events * (n1 / (n1 + n2)) * (n2 / (n1 + n2)))
    nothing = -2.0 * np.log(_OUTSIDE * max(low, 1e-200) * 0.5)
    reach = nothing / 6.0 + np.sqrt((nothing / 6.0) ** 2 + nothing * spread)
    first = np.maximum(np.maximum(0, events - n2), np.floor(expected - reach).astype(np.int64))
    return first, np.minimum(np.minimum(n1, events), np.ceil(expected + reach).astype(np.int64))


def _rows(first: IntArray, last: IntArray, margins: tuple[IntArray, ...], low: float, midp: bool) -> _Rows:
    """Return the tables of each row between two counts, with their sums from either end."""
    weight, mode = _weights(first, last, margins, low)
    above = np.cumsum(weight[:, ::-1], axis=1)[:, ::-1]
    return _Rows(weight, np.cumsum(weight, axis=1), above, mode, last - first, midp)


def _weights(first: IntArray, last: IntArray, margins: tuple[IntArray, ...], low: float) -> tuple[FloatArray, IntArray]:
    """Return the probabilities of each row, and the place of the likeliest table."""
    n1, n2, events = (margin[:, None].astype(np.float64) for margin in margins)
    width = int((last - first).max()) + 1
    x = first[:, None] + np.arange(width - 1.0)
    ratio = n1 - x
    ratio *= events - x
    x += 1.0
    ratio /= x
    x += n2 - events
    ratio /= x
    # Beyond the end of a row, where the formula means nothing, the ratio is 0.
    ratio[np.arange(width - 1) >= (last - first)[:, None]] = 0.0
    weight = np.ones((first.size, width))
    if low > _TINY:
        np.cumprod(ratio, axis=1, out=weight[:, 1:])
    else:
        # The products of so wide a row would overflow.
        with np.errstate(divide="ignore"):
            np.cumsum(np.log(ratio), axis=1, out=weight[:, 1:])
        weight[:, 0] = 0.0
        weight = np.exp(weight - weight.max(axis=1, keepdims=True))
    weight /= weight.sum(axis=1, keepdims=True)
    return weight, np.argmax(weight, axis=1)


class _Rows:
    """The probabilities of tables with the same margins, row by row, and their sums from either end."""

    def __init__(
        self, weight: FloatArray, below: FloatArray, above: FloatArray, mode: IntArray, end: IntArray, midp: bool
    ) -> None:
        self.weight, self.below, self.above = weight, below, above
        self.mode, self.end, self.midp = mode, end, midp

    def pvalue(self, row: IntArray, place: IntArray) -> FloatArray:
        """Return the two-sided p at one place of some rows."""
        own = self.weight[row, place]
        bound = own * (1.0 + RELATIVE_TIE)
        weight = self.weight if row.size == self.mode.size else self.weight[row]
        mode, end = self.mode[row], self.end[row]
        # The tables no likelier than this one are the outermost on each side of the mode; what stands beyond the end of
        # a row counts for nothing.
        outer = np.count_nonzero(weight <= bound[:, None], axis=1) - (weight.shape[1] - 1 - end)
        upwards = place > mode
        inner = np.where(upwards, place - 1, place + 1)
        tied = (inner != mode) & (self.weight[row, np.clip(inner, 0, end)] <= bound)
        same = np.where(upwards, end - place + 1, place + 1) + tied
        upper, lower = np.where(upwards, same, outer - same), np.where(upwards, outer - same, same)
        left = np.where(lower > 0, self.below[row, np.clip(lower - 1, 0, end)], 0.0)
        right = np.where(upper > 0, self.above[row, np.clip(end - upper + 1, 0, end)], 0.0)
        total = np.where(self.weight[row, mode] <= bound, 1.0, left + right)
        return np.minimum(total, 1.0) - (0.5 * own if self.midp else 0.0)

    def side(self, low: float, high: float, *, upwards: bool) -> tuple[IntArray, IntArray]:
        """Return row and place of the tables in the range, from the mode upwards, or below the mode downwards."""
        step = 1 if upwards else -1
        innermost = self.mode if upwards else self.mode - 1
        row = np.nonzero(innermost >= 0)[0]
        ends = innermost[row], (self.end if upwards else np.zeros_like(self.mode))[row]
        near = self._innermost(row, ends, high, step)
        # The first place beyond the range.
        far = self._innermost(row, ends, float(np.nextafter(low, -1.0)), step)
        size = np.maximum((far - near) * step, 0)
        start = np.cumsum(size) - size
        along = np.arange(int(size.sum())) - np.repeat(start, size)
        return np.repeat(row, size), np.repeat(near, size) + step * along

    def _innermost(self, row: IntArray, ends: tuple[IntArray, IntArray], most: float, step: int) -> IntArray:
        """Return the innermost place of each row with p <= most; one past the outermost where there is none."""
        innermost, outermost = ends
        place = np.clip(self._guess(row, 0.5 * most, step), np.minimum(*ends), np.maximum(*ends))
        inside = self.pvalue(row, place) <= most
        # Inwards while the next place still has p <= most; outwards until a place has it.
        active = np.nonzero(inside & (place != innermost))[0]
        while active.size:
            good = self.pvalue(row[active], place[active] - step) <= most
            active = active[good]
            place[active] -= step
            active = active[place[active] != innermost[active]]
        active = np.nonzero(~inside)[0]
        while active.size:
            place[active] += step
            active = active[(place[active] - outermost[active]) * step <= 0]
            active = active[self.pvalue(row[active], place[active]) > most]
        return place

    def _guess(self, row: IntArray, half: float, step: int) -> IntArray:
        """Return the innermost place whose tail holds at most `half`."""
        tail = self.above if step > 0 else self.below
        places = np.count_nonzero((tail if row.size == self.mode.size else tail[row]) > half, axis=1)
        end = self.end[row]
        return np.asarray(places if step > 0 else end - (places - (tail.shape[1] - 1 - end)))
