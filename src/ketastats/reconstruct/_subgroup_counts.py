"""Counting what one subgroup variable can show, by the totals of its outcomes, without listing it.

On one split of the whole sample the outcomes of a variable are linked only by nesting, which holds the count of an
inner outcome in each group between two ends that the outer one sets. Running sums over the counts of one outcome
therefore tell, for each table of the other, how many tables go with it; along a tree of nestings that counts all
combinations in time proportional to the tables of one outcome times the totals of the rest. Nestings that form no tree
(a chain of three whose outcomes miss people) are listed split by split.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import prod
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..errors import BudgetExceeded
from ._join import BoolArray, CompatiblePart, canonical, fitting, implied, shared_splits
from ._means import CompatibleMeans
from ._sizes import IntArray

__all__ = ["Pairs", "Rows", "Subgroup", "packed", "totals_of"]

Pairs = tuple[tuple[str, str], ...]
Masks = dict[str, BoolArray]
# Numbers held at once while windows are summed.
_SLICE = 2_000_000
#: Most combinations to list on one split, where nestings do not form a tree.
_MOST_LISTED = 20_000_000
_ADVICE = "Give events or n of some outcomes, more printed digits, or fewer outcomes at once."


class Rows(NamedTuple):
    """The tables of one outcome on one split, each in an orientation that fits it, sorted by total.

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


def events_of(part: CompatiblePart) -> tuple[IntArray, IntArray]:
    """Return the events in each group of every member; means have none."""
    if isinstance(part, CompatibleMeans):
        return np.zeros_like(part.n1), np.zeros_like(part.n1)
    return part.x1, part.x2


def totals_of(part: CompatiblePart) -> IntArray:
    """Return people and events of every member, one row (n, events) each."""
    x1, x2 = events_of(part)
    return np.stack([part.n1 + part.n2, x1 + x2], axis=1)


def _linked(nested: Pairs, names: list[str], *, missing: bool) -> Pairs:
    """Return the nestings among some outcomes that have to be checked."""
    pairs = tuple((a, b) for a, b in implied(nested) if a in names and b in names and a != b)
    if missing or any((b, a) in pairs for a, b in pairs):
        # With missing outcomes, a in b and b in c do not imply a in c by the counts of b alone.
        return pairs
    return tuple(
        (a, c) for a, c in pairs if not any((a, b) in pairs and (b, c) in pairs for b in names if b not in (a, c))
    )


class Subgroup:
    """All that one variable can show in a sample of a given size.

    Parameters
    ----------
    parts : dict
        The compatible set of each outcome.
    nested : tuple of pairs
        Nestings among these outcomes.
    sample : int
        People in the whole sample.
    totals : dict of ndarray, shape (totals, 2)
        For each outcome the totals (n, events) that are left, sorted.
    missing : bool
        Whether outcomes may miss people of the sample.
    """

    def __init__(
        self,
        parts: dict[str, CompatiblePart],
        nested: Pairs,
        sample: int,
        totals: dict[str, IntArray],
        *,
        missing: bool,
    ) -> None:
        self.parts = parts
        self.labelled = any(part.labelled for part in parts.values())
        self.nested = _linked(nested, list(parts), missing=missing)
        self.totals = {name: totals[name] for name in parts}
        self.groups = _linked_groups(list(parts), self.nested)
        self._all: Any = None
        splits = shared_splits(parts, sample, self.labelled, missing=missing)
        self.splits = splits[splits.sum(axis=1) == sample]
        self.rows = [
            {name: self._rows(name, int(n1), int(n2), missing=missing) for name in parts} for n1, n2 in self.splits
        ]

    def _rows(self, name: str, n1: int, n2: int, *, missing: bool) -> Rows:
        part, totals = self.parts[name], self.totals[name]
        at, turned = fitting(part, n1, n2, missing=missing)
        x1, x2 = (column[at] for column in events_of(part))
        size1, size2 = part.n1[at], part.n2[at]
        key, known = packed(np.stack([size1 + size2, x1 + x2], axis=1)), packed(totals)
        place = np.searchsorted(known, key)
        inside = (place < known.size) & (known[np.minimum(place, known.size - 1)] == key) if known.size else place < 0
        events = np.where(turned, x2, x1)
        others = np.where(turned, size2 - x2, size1 - x1)
        alike = (size1 == size2) & (x1 == x2)
        rows = Rows(place, events, others, at, turned, alike).taken(inside)
        return rows.taken(np.argsort(rows.total, kind="stable"))

    # --- counting -------------------------------------------------------------------------------------------------

    def counts(self, masks: Masks | None = None, *, directed: bool = False) -> Any:
        """Return how many combinations there are for every combination of totals, one axis per outcome.

        Parameters
        ----------
        masks : dict of ndarray of bool, shape (2, members of the set), optional
            Which members of each set count, read straight and with their groups exchanged.
        directed : bool
            Whether the two directions of groups that cannot be told apart count each.
        """
        if self._all is not None and masks is None and not directed:
            return self._all
        found = sum(self.counts_by_split(masks, directed=directed), np.zeros(self._shape(), dtype=np.int64))
        if masks is None and not directed:
            self._all = found
        return found

    def counts_by_split(self, masks: Masks | None = None, *, directed: bool = False) -> Iterator[Any]:
        """Yield the counts of one split after the other."""
        exchanged = {name: mask[::-1] for name, mask in masks.items()} if masks else None
        for (n1, n2), rows in zip(self.splits.tolist(), self.rows, strict=True):
            found = self._split_counts(_masked(rows, masks), n1, n2)
            if not self.labelled and n1 != n2 and directed:
                found = found + self._split_counts(_masked(rows, exchanged), n1, n2)
            elif not self.labelled and n1 == n2 and not directed:
                # Of two mirror images one counts; what is its own mirror image counts once.
                found = (found + self._split_counts(_masked(rows, masks, alike=True), n1, n2)) // 2
            yield found

    def _shape(self) -> tuple[int, ...]:
        return tuple(len(totals) for totals in self.totals.values())

    def _split_counts(self, rows: dict[str, Rows], n1: int, n2: int) -> Any:
        axes: list[str] = []
        result: Any = np.ones((), dtype=np.int64)
        for group in self.groups:
            found, order = self._group_counts(group, rows, n1, n2)
            result = np.multiply.outer(result, found)
            axes += order
        return np.transpose(result, [axes.index(name) for name in self.parts])

    def _group_counts(self, group: list[str], rows: dict[str, Rows], n1: int, n2: int) -> tuple[Any, list[str]]:
        """Return the counts of outcomes that hang together, and the order of the axes."""
        if self._is_tree(group):
            return self._tree_counts(group[0], rows, n1, n2)
        listed = self._listed(group, rows, n1, n2)
        shape = tuple(len(self.totals[name]) for name in group)
        key = np.ravel_multi_index(tuple(listed[name].total for name in group), shape)
        return np.bincount(key, minlength=prod(shape)).reshape(shape), group

    def _is_tree(self, group: list[str]) -> bool:
        return sum(inner in group for inner, _ in self.nested) == len(group) - 1

    def _tree_counts(self, root: str, rows: dict[str, Rows], n1: int, n2: int) -> tuple[Any, list[str]]:
        here = rows[root]
        order = [root, *self._below(root, None)]
        shape = tuple(len(self.totals[name]) for name in order)
        found = np.zeros((shape[0], int(np.prod(shape[1:], dtype=np.int64))), dtype=np.int64)
        step = max(1, _SLICE // max(1, found.shape[1]))
        for start in range(0, here.total.size, step):
            part = here.taken(slice(start, start + step))
            first, begin = np.unique(part.total, return_index=True)
            found[first] += np.add.reduceat(self._weights(root, None, part, rows, n1, n2), begin, axis=0)
        return found.reshape(shape), order

    def _below(self, name: str, above: str | None) -> list[str]:
        """Return the outcomes that hang on one, in the order of the axes."""
        found = []
        for other in self._neighbours(name):
            if other != above:
                found += [other, *self._below(other, name)]
        return found

    def _neighbours(self, name: str) -> list[str]:
        return [b if a == name else a for a, b in self.nested if name in (a, b)]

    def _weights(self, name: str, above: str | None, here: Rows, rows: dict[str, Rows], n1: int, n2: int) -> Any:
        """Return for each table of an outcome how many combinations of what hangs on it go with it, by totals."""
        weights = np.ones((here.total.size, 1), dtype=np.int64)
        for other in self._neighbours(name):
            if other != above:
                window = self._windows(name, other, here, rows, n1, n2)
                width = weights.shape[1] * window.shape[1]
                weights = (weights[:, :, None] * window[:, None, :]).reshape(here.total.size, width)
        return weights

    def _windows(self, name: str, other: str, here: Rows, rows: dict[str, Rows], n1: int, n2: int) -> Any:
        """Return the combinations of `other` and what hangs on it that go with each table of `name`."""
        there = rows[other]
        sums = _running_sums(
            there.total,
            self._coordinate(there, other, name),
            self._weights(other, name, there, rows, n1, n2),
            len(self.totals[other]),
            max(n1, n2),
        )
        # Those with the inner event and those without the outer one are different people, seen or not.
        mine = self._coordinate(here, name, other)
        all_mine = self._whole(name, other)[here.total]
        all_theirs = self._whole(other, name)
        last = np.clip(n1 - mine, -1, max(n1, n2))
        first = np.clip((all_mine - mine - n2)[:, None] + all_theirs[None, :], 0, last[:, None] + 1)
        kinds = np.arange(all_theirs.size)[None, :]
        window = sums[kinds, last[:, None] + 1] - sums[kinds, first]
        return window.reshape(here.total.size, all_theirs.size * sums.shape[2])

    def _inner(self, name: str, other: str) -> bool:
        return (name, other) in self.nested

    def _coordinate(self, rows: Rows, name: str, other: str) -> IntArray:
        return rows.events if self._inner(name, other) else rows.others

    def _whole(self, name: str, other: str) -> IntArray:
        totals = self.totals[name]
        events: IntArray = totals[:, 1]
        return events if self._inner(name, other) else totals[:, 0] - events

    # --- single tables --------------------------------------------------------------------------------------------

    def shares(self, name: str, weight: Any) -> Any:
        """Return how many combinations each member of the set of one outcome is part of.

        Parameters
        ----------
        name : str
            The outcome.
        weight : ndarray of float64
            How much a combination with given totals counts; one axis per outcome.
        """
        result = np.zeros(len(self.parts[name]))
        for (n1, n2), rows in zip(self.splits.tolist(), self.rows, strict=True):
            mirrored = n1 == n2 and not self.labelled
            result += self._row_sums(name, weight, rows, n1, n2) * (0.5 if mirrored else 1.0)
            if mirrored:
                result += 0.5 * self._row_sums(name, weight, _masked(rows, None, alike=True), n1, n2)
        return result

    def _row_sums(self, name: str, weight: Any, rows: dict[str, Rows], n1: int, n2: int) -> Any:
        names = list(self.parts)
        own = next(group for group in self.groups if name in group)
        tree = self._is_tree(own)
        below = self._below(name, None) if tree else [other for other in own if other != name]
        rest: Any = np.ones(())
        order: list[str] = []
        for group in self.groups:
            if group is not own:
                found, axes = self._group_counts(group, rows, n1, n2)
                rest = np.multiply.outer(rest, found)
                order += axes
        ordered = np.transpose(weight, [names.index(each) for each in (name, *below, *order)])
        kinds = int(np.prod([len(self.totals[each]) for each in below], dtype=np.int64))
        ordered = ordered.reshape(len(self.totals[name]), kinds, rest.size) @ rest.ravel().astype(float)
        result = np.zeros(len(self.parts[name]))
        if not tree:
            listed = self._listed(own, rows, n1, n2)
            shape = tuple(len(self.totals[each]) for each in below)
            place = np.ravel_multi_index(tuple(listed[each].total for each in below), shape)
            np.add.at(result, listed[name].row, ordered[listed[name].total, place])
            return result
        here = rows[name]
        step = max(1, _SLICE // max(1, ordered.shape[1]))
        for start in range(0, here.total.size, step):
            part = here.taken(slice(start, start + step))
            weights = self._weights(name, None, part, rows, n1, n2)
            # A table may stand there in both orientations.
            np.add.at(result, part.row, np.einsum("ij,ij->i", weights, ordered[part.total]))
        return result

    # --- listing --------------------------------------------------------------------------------------------------

    def members(self, split: int, key: dict[str, int]) -> dict[str, tuple[IntArray, BoolArray]]:
        """Return every combination on one split with given totals: the rows of each set, and whether they are turned.

        Parameters
        ----------
        split : int
            Place of the split in `splits`.
        key : dict of str to int
            For each outcome the place of its total in `totals`.
        """
        n1, n2 = self.splits[split].tolist()
        rows = {}
        for name, each in self.rows[split].items():
            low, high = np.searchsorted(each.total, [key[name], key[name] + 1])
            rows[name] = each.taken(slice(low, high))
        chosen = self._listed(list(self.parts), rows, n1, n2)
        size = next(iter(chosen.values())).total.size
        found = {name: (rows.row, rows.turned) for name, rows in chosen.items()}
        if n1 == n2 and not self.labelled:
            keep = canonical(self.parts, found, size)
            found = {name: (at[keep], turned[keep]) for name, (at, turned) in found.items()}
        return found

    def _listed(self, names: list[str], rows: dict[str, Rows], n1: int, n2: int) -> dict[str, Rows]:
        """Return every combination of tables of some outcomes on one split."""
        chosen: dict[str, Rows] = {}
        size = 1
        for name in names:
            more = rows[name]
            if size * more.total.size > _MOST_LISTED:
                raise BudgetExceeded("combinations to list", size * more.total.size, _MOST_LISTED, _ADVICE)
            old, new = np.indices((size, more.total.size)).reshape(2, -1)
            chosen = {other: taken.taken(old) for other, taken in chosen.items()} | {name: more.taken(new)}
            keep = np.ones(new.size, dtype=bool)
            for inner, outer in self.nested:
                if name in (inner, outer) and inner in chosen and outer in chosen:
                    keep &= self._fits(chosen[inner], chosen[outer], inner, outer, n1, n2)
            chosen = {other: taken.taken(keep) for other, taken in chosen.items()}
            size = int(keep.sum())
        return chosen

    def _fits(self, inner: Rows, outer: Rows, inner_name: str, outer_name: str, n1: int, n2: int) -> BoolArray:
        events = self.totals[inner_name][inner.total, 1]
        people, with_event = self.totals[outer_name][outer.total].T
        others = people - with_event
        first = inner.events + outer.others <= n1
        return np.asarray(first & (events - inner.events + others - outer.others <= n2))


def packed(totals: IntArray) -> IntArray:
    """Return each pair (n, events) as one number that sorts alike."""
    return totals[:, 0] * (1 << 31) + totals[:, 1]


def _masked(rows: dict[str, Rows], masks: Masks | None, *, alike: bool = False) -> dict[str, Rows]:
    if masks is not None:
        rows = {
            name: each.taken(masks[name][each.turned.astype(np.int64), each.row]) if name in masks else each
            for name, each in rows.items()
        }
    return {name: each.taken(each.alike) for name, each in rows.items()} if alike else rows


def _running_sums(total: IntArray, place: IntArray, weights: Any, kinds: int, largest: int) -> NDArray[np.int64]:
    """Return the sums of weights by total and up to each place, with a leading zero."""
    width = largest + 2
    sums = np.zeros((kinds * width, weights.shape[1]), dtype=np.int64)
    if total.size:
        key = total * width + place + 1
        order = np.argsort(key, kind="stable")
        distinct, begin = np.unique(key[order], return_index=True)
        sums[distinct] = np.add.reduceat(weights[order], begin, axis=0)
    return np.cumsum(sums.reshape(kinds, width, weights.shape[1]), axis=1)


def _linked_groups(names: list[str], nested: Pairs) -> list[list[str]]:
    """Return the outcomes that hang together, outermost first."""
    groups = [[name] for name in names]
    for inner, outer in nested:
        one, two = (next(group for group in groups if name in group) for name in (inner, outer))
        if one is not two:
            groups = [group for group in groups if group is not one and group is not two] + [two + one]
    return [sorted(group, key=lambda name: sum(a == name for a, _ in nested)) for group in groups]
