"""The tables of one outcome on one split of the whole sample, in an orientation that fits it."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from .._means.means import CompatibleMeans
from .._outcomes.splits import BoolArray, CompatiblePart, fitting
from .._sizes import IntArray

__all__ = ["BySplit", "Masks", "Rows", "masked", "packed", "restricted", "totals_of"]

#: For each outcome which members of its set count, read straight and with their groups exchanged.
Masks = dict[str, BoolArray]


class Rows(NamedTuple):
    """The tables of one outcome on one split, sorted by total, events and others.

    `total` numbers the total in the list of totals, `events` and `others` are the people with and without the event in
    group 1, `row` is the table in its set, `turned` whether its groups are exchanged, and `alike` whether it is its own
    mirror image.
    """

    total: IntArray
    events: IntArray
    others: IntArray
    row: IntArray
    turned: BoolArray
    alike: BoolArray

    def taken(self, at: Any) -> Rows:
        """Return the tables at given places."""
        return Rows(*(column[at] for column in self))


def _events_of(part: CompatiblePart) -> tuple[IntArray, IntArray]:
    """Return the events in each group of every member; means have none."""
    if isinstance(part, CompatibleMeans):
        return np.zeros_like(part.n1), np.zeros_like(part.n1)
    return part.x1, part.x2


def totals_of(part: CompatiblePart) -> IntArray:
    """Return people and events of every member, one row (n, events) each."""
    x1, x2 = _events_of(part)
    return np.stack([part.n1 + part.n2, x1 + x2], axis=1)


def packed(totals: IntArray) -> IntArray:
    """Return each pair (n, events) as one number that sorts alike."""
    return np.asarray(_pair(totals[:, 0], totals[:, 1]))


class BySplit:
    """A set whose members are found by the sizes of their groups."""

    def __init__(self, part: CompatiblePart, *, missing: bool) -> None:
        self.part = part
        self.missing = missing
        key = _pair(part.n1, part.n2)
        self._order = np.argsort(key, kind="stable")
        self._keys = key[self._order]

    def rows(self, totals: IntArray, n1: int, n2: int) -> Rows:
        """Return the tables that fit a split and have one of some totals."""
        if self.missing:
            return _read_rows(self.part, totals, *fitting(self.part, n1, n2, missing=True))
        straight = self._of_sizes(n1, n2)
        if self.part.labelled:
            return _read_rows(self.part, totals, straight, np.zeros(straight.size, dtype=bool))
        turned = self._of_sizes(n2, n1)
        if n1 == n2:
            # What is its own mirror image stands once.
            x1, x2 = _events_of(self.part)
            turned = turned[x1[turned] != x2[turned]]
        at = np.concatenate([straight, turned])
        return _read_rows(self.part, totals, at, np.repeat([False, True], [straight.size, turned.size]))

    def _of_sizes(self, n1: int, n2: int) -> IntArray:
        low, high = np.searchsorted(self._keys, [_pair(n1, n2), _pair(n1, n2) + 1])
        return self._order[low:high]


def _pair(first: Any, second: Any) -> Any:
    return first * (1 << 31) + second


def _read_rows(part: CompatiblePart, totals: IntArray, at: IntArray, turned: BoolArray) -> Rows:
    x1, x2 = (column[at] for column in _events_of(part))
    size1, size2 = part.n1[at], part.n2[at]
    key, known = packed(np.stack([size1 + size2, x1 + x2], axis=1)), packed(totals)
    place = np.searchsorted(known, key)
    inside = (place < known.size) & (known[np.minimum(place, known.size - 1)] == key) if known.size else place < 0
    events = np.where(turned, x2, x1)
    others = np.where(turned, size2 - x2, size1 - x1)
    alike = (size1 == size2) & (x1 == x2)
    rows = Rows(place, events, others, at, turned, alike).taken(inside)
    return rows.taken(np.lexsort((rows.others, rows.events, rows.total)))


def restricted(rows: Rows, places: IntArray, size: int) -> Rows:
    """Return the tables that have one of some totals, of `size`; these are numbered anew."""
    number = np.full(size, -1, dtype=np.int64)
    number[places] = np.arange(places.size)
    total = number[rows.total]
    return rows._replace(total=total).taken(total >= 0)


def masked(rows: dict[str, Rows], masks: Masks | None, *, alike: bool = False) -> dict[str, Rows]:
    """Return the tables that count, and of these only mirror images of themselves if `alike`."""
    if masks is not None:
        rows = {
            name: each.taken(masks[name][each.turned.astype(np.int64), each.row]) if name in masks else each
            for name, each in rows.items()
        }
    return {name: each.taken(each.alike) for name, each in rows.items()} if alike else rows
