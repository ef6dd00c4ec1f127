"""Sums of squares of whole numbers that must lie on a scale."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .. import _validate
from ..errors import BudgetExceeded, InvalidArgument
from ..numerics import lattice, sample_search, square_sums
from ..numerics.sample_counts import Target

__all__ = ["Wanted", "first_on_scale", "read_scale", "squares_on_scale"]


# Steps of 64 bits for which a table is made without asking whether it is needed.
_LITTLE = 20_000_000
# Up to this width one sample is looked for by moving people apart, before anything is worked out.
_WIDEST_SPREAD = 500
_REMEDY = "Leave out scale, or raise budget."


def read_scale(scale: Any) -> tuple[NDArray[np.int64], NDArray[np.int64]] | None:
    """Return the ends of a scale, as columns of one length."""
    if scale is None:
        return None
    allowed = "a pair (lowest, highest) of whole numbers, the lowest first"
    if not isinstance(scale, (tuple, list)) or len(scale) != 2:
        raise InvalidArgument("scale", scale, allowed)
    ends = [_validate.integers(end, "scale", low=-(10**6), high=10**6).reshape(-1) for end in scale]
    low, high = _validate.broadcast(low=ends[0], high=ends[1])
    if np.any(low >= high):
        raise InvalidArgument("scale", scale, allowed)
    return low, high


Row = tuple[int, int, int, int]


class Wanted(NamedTuple):
    """Numbers from 0 to `width`, how many, with which sum, and with sums of squares from `first` to `last`."""

    people: NDArray[Any]
    width: NDArray[Any]
    total: NDArray[Any]
    first: NDArray[Any]
    last: NDArray[Any]

    def take(self, at: NDArray[Any]) -> Wanted:
        """Return some of the rows."""
        return Wanted(*(part[at] for part in self))


def first_on_scale(wanted: Wanted, budget: int) -> NDArray[Any]:
    """Return for each row the first sum of squares that numbers on the scale have, or -1.

    `wanted.first` is one that they have on an endless scale.
    """
    if lattice.widest(*(lattice.largest(part) for part in (wanted.people, wanted.width, wanted.width, wanted.width))):
        wanted = Wanted(*(part.astype(object) for part in wanted))
    people, width, total, first, _ = wanted
    found = np.full(first.shape, -1, dtype=first.dtype)
    inside = np.asarray((total >= 0) & (total <= people * width), dtype=bool)
    greatest = lattice.greatest_squares(np.where(inside, total, 0), people, 0 * width, width)
    inside &= np.asarray(first <= greatest, dtype=bool)
    least = lattice.least_squares(total, people)
    sure = inside & np.asarray((first == least) | (first <= square_sums.reached_by_steps(total, width)), dtype=bool)
    found[sure] = first[sure]
    left = np.flatnonzero(inside & ~sure)
    for size in np.unique(width[left]):
        rows = left[width[left] == size]
        found[rows] = _one_width(wanted.take(rows), int(size), budget)
    return found


def _one_width(wanted: Wanted, width: int, budget: int) -> list[int]:
    """Return the first sums of squares on one scale: from one table for all rows, or row by row."""
    columns = (wanted.people, wanted.total, wanted.first, wanted.last)
    rows = [(int(a), int(b), int(c), int(d)) for a, b, c, d in zip(*columns, strict=True)]
    if width**4 <= _LITTLE:
        return _by_loss(rows, width, budget)
    return _by_table(rows, width, budget)


def _by_loss(rows: list[Row], width: int, budget: int) -> list[int]:
    """Return the first sums of squares from what is missing from the greatest, where the sum is far from both ends."""
    reach = width * (width * width - 1) // 6
    far = [reach <= total <= people * width - reach for people, total, _, _ in rows]
    left = [row for row, away in zip(rows, far, strict=True) if not away]
    others = iter(_by_table(left, width, budget) if left else [])
    return [
        square_sums.first_with_loss(total, width, first, last) if away else next(others)
        for (_, total, first, last), away in zip(rows, far, strict=True)
    ]


def _by_table(rows: list[Row], width: int, budget: int) -> list[int]:
    """Return the first sums of squares from a table of sums of squares, for all rows or for each."""
    # Those at the lower end of the scale add nothing.
    rows = [(min(people, max(total, 1)), total, first, last) for people, total, first, last in rows]
    if square_sums.layers_work(max(people for people, *_ in rows), width) <= _LITTLE:
        return _together(rows, width)
    found = [-1] * len(rows)
    unsure = []
    for place, (people, total, first, _) in enumerate(rows):
        if square_sums.certainly_on_scale(total, first, people, width):
            found[place] = first
        else:
            unsure.append(place)
    if not unsure:
        return found
    left = [rows[place] for place in unsure]
    together = square_sums.layers_work(max(people for people, *_ in left), width)
    apart = sum(_least_work(people, total, first, width) for people, total, first, _ in left)
    if together <= min(apart, budget):
        answers = _together(left, width)
    else:
        answers = [_single(*row, width, budget) for row in left]
    for place, answer in zip(unsure, answers, strict=True):
        found[place] = answer
    return found


def _together(rows: list[Row], width: int) -> list[int]:
    """Return the first sums of squares of all rows from the tables of one person, two, and so on."""
    found = [-1] * len(rows)
    by_size: dict[int, list[int]] = {}
    for place, row in enumerate(rows):
        by_size.setdefault(row[0], []).append(place)
    tables = square_sums.layers(width)
    for people in range(1, max(by_size) + 1):
        layer = next(tables)
        for place in by_size.get(people, ()):
            _, total, first, last = rows[place]
            found[place] = square_sums.first_bit(layer[total], first, last)
    return found


def _least_work(people: int, total: int, first: int, width: int) -> int:
    upwards = square_sums.scale_work(total, people, width)
    return min(upwards, square_sums.loss_work(total, people, width, first))


def _single(people: int, total: int, first: int, last: int, width: int, budget: int) -> int:
    energy = (first - total) // 2
    if (
        width <= _WIDEST_SPREAD
        and sample_search.spread(
            [(value, people) for value in range(width + 1)], people, [Target(total, energy, energy)]
        )
        is not None
    ):
        return first
    work = _least_work(people, total, first, width)
    if work > budget:
        raise BudgetExceeded("steps", work, budget, _REMEDY)
    if work < square_sums.scale_work(total, people, width):
        return square_sums.first_near_greatest(total, people, width, first, last)
    return square_sums.first_bit(squares_on_scale(total, people, width, budget), first, last)


@lru_cache(maxsize=16)
def squares_on_scale(total: int, people: int, width: int, budget: int) -> int:
    """Return which sums of squares numbers from 0 to `width` with this sum have, as the bits of one number."""
    work = square_sums.scale_work(total, people, width)
    if work > budget:
        raise BudgetExceeded("steps", work, budget, _REMEDY)
    return square_sums.squares_on_scale(total, people, width)
