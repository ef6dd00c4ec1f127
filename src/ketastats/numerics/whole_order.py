"""Ordered whole numbers of which some quantities are known: their sums, and the squares that go with each sum.

Only a few of the numbers, the knots, matter by themselves; the others lie anywhere between two of them. For given knots
every sum between two ends is possible, with the most squares where the highest numbers stand at the knot after them and
the lowest at the knot before them, and with the least where they are as near to each other as they can be.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

__all__ = ["squares_by_sum", "whole_knots"]

IntArray = NDArray[np.int64]

# Sums of knots handled at once.
_CHUNK = 1 << 16


def whole_knots(
    knots: int, low: int, high: int, rows: IntArray, first: IntArray, last: IntArray, most: int
) -> tuple[IntArray, int]:
    """Return all ordered whole knots from `low` to `high` with quantities between two ends.

    Parameters
    ----------
    knots : int
        How many.
    low, high : int
        Ends of every knot.
    rows : ndarray of int, shape (quantities, knots)
        Weights of the knots in each quantity.
    first, last : ndarray of int, shape (quantities,)
        Smallest and largest value of each quantity.
    most : int
        So many beginnings of knots are not passed.

    Returns
    -------
    found : ndarray of int, shape (choices, knots)
        All of them; none when there would be more than `most` at any step.
    count : int
        How many there are, or how many there were at the step that passed `most`.
    """
    width = high - low
    found = np.zeros((1, 0), dtype=np.int64)
    for knot in range(knots):
        before = found[:, -1] if knot else np.full(1, low)
        many = high - before + 1
        if int(many.sum()) > 64 * most:
            return found[:0], int(many.sum())
        at = np.repeat(np.arange(found.shape[0]), many)
        value = np.arange(at.size) - np.repeat(np.cumsum(many) - many, many) + before[at]
        found = np.concatenate([found[at], value[:, None]], axis=1)
        rest = rows[:, knot + 1 :]
        # What the later knots, which are between this one and the upper end, can still add at least and at most.
        so_far = found @ rows[:, : knot + 1].T
        ends = [np.minimum(rest, 0).sum(axis=1), np.maximum(rest, 0).sum(axis=1)]
        least = so_far + ends[1] * value[:, None] + ends[0] * (low + width)
        greatest = so_far + ends[0] * value[:, None] + ends[1] * (low + width)
        found = found[((least <= last) & (greatest >= first)).all(axis=1)]
        if found.shape[0] > most:
            return found[:0], found.shape[0]
    return found, found.shape[0]


def squares_by_sum(knots: IntArray, between: IntArray, start: int, stop: int) -> tuple[IntArray, IntArray]:
    """Return the least and the most sum of squares for every sum from `start` to `stop`, over all choices of knots.

    Where no numbers have a sum the least is above the most. `between` says how many free numbers lie between each two
    knots. Numbers and sums are so small that squares fit 64 bits.
    """
    sums = np.arange(start, stop + 1)
    least, most = np.full(sums.size, np.iinfo(np.int64).max), np.full(sums.size, -1, dtype=np.int64)
    step = max(1, _CHUNK // max(1, sums.size))
    for at in range(0, knots.shape[0], step):
        part = knots[at : at + step]
        bottom = part.sum(axis=1) + part[:, :-1] @ between
        top = part.sum(axis=1) + part[:, 1:] @ between
        base = np.square(part).sum(axis=1) + np.square(part[:, :-1]) @ between
        # Only the sums that these knots have.
        begin, end = np.clip((bottom.min() - start, top.max() - start + 1), 0, sums.size)
        extra = sums[begin:end] - bottom[:, None]
        inside = (extra >= 0) & (extra <= (top - bottom)[:, None])
        few = base[:, None] + _added(part, between, extra, lowest=True)
        many = base[:, None] + _added(part, between, extra, lowest=False)
        least[begin:end] = np.minimum(least[begin:end], np.where(inside, few, np.iinfo(np.int64).max).min(axis=0))
        most[begin:end] = np.maximum(most[begin:end], np.where(inside, many, -1).max(axis=0))
    return least, most


def _added(knots: IntArray, between: IntArray, extra: IntArray, *, lowest: bool) -> IntArray:
    """Return what squares gain when the free numbers, all at the knot before them, rise by `extra` together.

    The lowest of them rise first, level by level; or the highest, each all the way to the knot after it.
    """
    out = np.zeros_like(extra)
    used = np.zeros(knots.shape[0], dtype=np.int64)
    blocks = list(enumerate(pairwise(range(knots.shape[1]))))
    for block, (left, right) in blocks if lowest else blocks[::-1]:
        many = int(between[block])
        if many == 0:
            continue
        low, gap = knots[:, left, None], (knots[:, right] - knots[:, left])[:, None]
        rise = np.clip(extra - used[:, None], 0, many * gap)
        if lowest:
            level = rise // many
            # All of them at this level above the knot, the rest of the rise one higher each.
            out += many * level * level + 2 * low * rise + (rise - many * level) * (2 * level + 1)
        else:
            whole = rise // np.maximum(gap, 1)
            rest = rise - whole * gap
            out += 2 * low * rise + whole * np.square(gap) + np.square(rest)
        used += many * gap[:, 0]
    return out
