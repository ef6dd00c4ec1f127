"""Sums and sums of squares that print a mean and a standard deviation, row by row."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import BudgetExceeded
from ..numerics import lattice, square_sums
from ..numerics.square_sums import NO_SUM, OFF_SCALE, POSSIBLE
from ._printed import Column
from ._roundings import Reading
from ._scale import Wanted, first_on_scale

__all__ = ["DEFAULT_BUDGET", "Moments", "Sums", "admissible"]

BoolArray = NDArray[np.bool_]
#: Most steps of work, one per sum and one per 64 bits of a table of sums of squares.
DEFAULT_BUDGET = 2_000_000_000
_CHUNK = 500_000
_FIRST_STEP = 64


@dataclass(frozen=True, slots=True)
class Moments:
    """Rows of a mean and a standard deviation.

    Parameters
    ----------
    mean, sd : Column
        What was printed.
    people, items : ndarray of int
        Size of each row, and the whole numbers averaged to each score.
    low, high : ndarray of int or None
        Ends of the scale of one score.
    ddof : int
        What is taken from the number of people in the divisor of the variance.
    budget : int
        Most steps of work.
    """

    mean: Column
    sd: Column
    people: NDArray[Any]
    items: NDArray[Any]
    low: NDArray[Any] | None
    high: NDArray[Any] | None
    ddof: int
    budget: int


@dataclass(frozen=True, slots=True)
class Sums:
    """Sums that print the mean of their row, with the sums of squares that print the deviation.

    Parameters
    ----------
    row : ndarray of int
        The row to which each sum belongs.
    total, first, last : ndarray of int
        The sum, the first sum of squares that whole numbers have with it and whose deviation prints so, and the last
        whole number that does. The first means nothing where the sum is not possible.
    stage : ndarray of int
        How far the sum comes: one of the constants of `numerics.square_sums`.
    """

    row: NDArray[np.int64]
    total: NDArray[Any]
    first: NDArray[Any]
    last: NDArray[Any]
    stage: NDArray[np.int64]

    def furthest(self, rows: int) -> NDArray[np.int64]:
        """Return for each row how far its best sum comes."""
        found = np.full(rows, NO_SUM, dtype=np.int64)
        np.maximum.at(found, self.row, self.stage)
        return found


def admissible(moments: Moments, reading: Reading, *, every: bool = False) -> Sums:
    """Return the sums of each row under a reading, and how far each comes.

    Sums are tried from the smallest up, until one is possible or, with `every`, all are tried.
    """
    rows = np.flatnonzero(moments.people > reading.ddof)
    first, last = moments.mean.whole(reading.mean).take(rows).sums(moments.people[rows] * moments.items[rows])
    parts: list[Sums] = []
    step = _FIRST_STEP
    while rows.size:
        many = np.maximum(last - first + 1, 0)
        number = int(many.sum())
        if number > moments.budget:
            raise BudgetExceeded("sums", number, moments.budget, "Give more decimals of the mean, or raise budget.")
        taken = (many if every else np.minimum(many, step)).astype(np.int64)
        found = _run(moments, reading, rows, first, taken)
        parts.append(found)
        left = (taken < many) & ~np.isin(rows, found.row[found.stage == POSSIBLE])
        rows, first, last = rows[left], (first + taken)[left], last[left]
        step *= 8
    return _joined(parts)


def _run(moments: Moments, reading: Reading, rows: NDArray[Any], first: NDArray[Any], many: NDArray[np.int64]) -> Sums:
    """Return `many` sums of each row from the first on."""
    parts = []
    for begin, end in _chunks(many):
        repeat = many[begin:end]
        place = np.repeat(np.arange(begin, end), repeat)
        offset = np.arange(place.size) - np.repeat(np.cumsum(repeat) - repeat, repeat)
        parts.append(_squares(moments, reading, rows[place], first[place] + offset))
    return _joined(parts)


def _chunks(many: NDArray[np.int64]) -> list[tuple[int, int]]:
    """Return runs of rows with about so many sums each, so that memory stays bounded."""
    if not many.size:
        return []
    cuts = np.flatnonzero(np.diff(np.cumsum(many) // _CHUNK)) + 1
    ends = [0, *cuts.tolist(), many.size]
    return list(pairwise(ends))


def _joined(parts: list[Sums]) -> Sums:
    if not parts:
        empty = np.zeros(0, dtype=np.int64)
        return Sums(empty, empty, empty, empty, empty)
    names = ("row", "total", "first", "last", "stage")
    return Sums(*(np.concatenate([getattr(part, name) for part in parts]) for name in names))


def _squares(moments: Moments, reading: Reading, row: NDArray[Any], total: NDArray[Any]) -> Sums:
    """Return the sums of squares of some sums, those that need wide arithmetic apart."""
    size, items = moments.people[row], moments.items[row]
    ends = moments.sd.whole(reading.sd).take(row)
    weight = size.astype(float) ** (3 if reading.error else 2) * items.astype(float) ** 2
    wide = square_sums.too_wide(size, weight, ends.high, ends.scale)
    wide |= np.abs(total.astype(float)) > 2.0**52
    parts = []
    for group, kind in ((np.flatnonzero(~wide), np.int64), (np.flatnonzero(wide), object)):
        if not group.size:
            continue
        people = size[group].astype(kind)
        weights = people * (people - reading.ddof) * items[group].astype(kind) ** 2
        if reading.error:
            weights = weights * people
        centre, shift = square_sums.centred(total[group].astype(kind), people)
        found = ends.take(group)
        low, high, scale = (part.astype(kind) for part in (found.low, found.high, found.scale))
        # A deviation is not below zero, which then belongs to what prints as zero.
        closed_low = found.closed_low | np.asarray(low < 0, dtype=bool)
        low = np.maximum(low, 0)
        first, last = square_sums.squares_between(
            centre, people, weights, low, high, scale, closed_low, found.closed_high
        )
        stage, start = square_sums.stages(centre, people, first, last)
        moved = [square_sums.uncentred(squares, centre, shift, people) for squares in (start, last)]
        parts.append(_on_scale(moments, Sums(row[group], total[group].astype(kind), moved[0], moved[1], stage)))
    return _joined(parts)


def _on_scale(moments: Moments, sums: Sums) -> Sums:
    """Return the sums with those marked that no numbers on the scale have."""
    if moments.low is None or moments.high is None:
        return sums
    at = np.flatnonzero(sums.stage == POSSIBLE)
    row = sums.row[at]
    ends = max(lattice.largest(moments.low), lattice.largest(moments.high), 1) * lattice.largest(moments.items)
    wide = lattice.widest(ends, ends, lattice.largest(moments.people)) or sums.total.dtype == object
    items, people = (part[row].astype(object if wide else np.int64) for part in (moments.items, moments.people))
    low, width = moments.low[row] * items, (moments.high[row] - moments.low[row]) * items
    start = first_on_scale(
        Wanted(people, width, sums.total[at] - people * low, *_from_low(sums, at, people, low)), moments.budget
    )
    stage, first = sums.stage.copy(), sums.first.astype(object) if wide else sums.first.copy()
    found = np.asarray(start >= 0, dtype=bool)
    stage[at[~found]] = OFF_SCALE
    first[at[found]] = (start + 2 * low * sums.total[at] - people * low * low)[found]
    return Sums(sums.row, sums.total, first, sums.last, stage)


def _from_low(
    sums: Sums, at: NDArray[Any], people: NDArray[Any], low: NDArray[Any]
) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return the first and last sum of squares of numbers that are counted from the lower end of the scale."""
    shift = 2 * low * sums.total[at] - people * low * low
    return sums.first[at] - shift, sums.last[at] - shift
