"""Counting on one split what outcomes that nesting links can show, by their totals, without listing it.

Nesting holds the count of an inner outcome in each group between two ends that the outer one sets. Running sums over
the counts of one outcome therefore tell, for each table of the other, how many tables go with it; and sums of these
sums, for each run of neighbouring tables. Along a tree of nestings that counts all combinations. Nestings that form no
tree (a chain of three whose outcomes miss people) are listed.
"""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...errors import BudgetExceeded
from .._outcomes.splits import BoolArray, implied
from .._sizes import IntArray
from .rows import Rows

__all__ = ["ADVICE", "Links", "Pairs", "linked"]

Pairs = tuple[tuple[str, str], ...]
ADVICE = "Give events or n of some outcomes, more printed digits, or fewer outcomes at once."
# Numbers held at once while windows are summed.
_SLICE = 2_000_000
#: Most combinations to list on one split, where nestings do not form a tree.
_MOST_LISTED = 20_000_000


def linked(nested: Pairs, names: list[str], *, missing: bool) -> Pairs:
    """Return the nestings among some outcomes that have to be checked."""
    pairs = tuple((a, b) for a, b in implied(nested) if a in names and b in names and a != b)
    if missing or any((b, a) in pairs for a, b in pairs):
        # With missing outcomes, a in b and b in c do not imply a in c by the counts of b alone.
        return pairs
    return tuple(
        (a, c) for a, c in pairs if not any((a, b) in pairs and (b, c) in pairs for b in names if b not in (a, c))
    )


class Links:
    """How the outcomes of one variable hang together.

    Parameters
    ----------
    nested : tuple of pairs
        Nestings among the outcomes.
    totals : dict of ndarray, shape (totals, 2)
        For each outcome the totals (n, events) that are left, sorted.
    """

    def __init__(self, nested: Pairs, totals: dict[str, IntArray]) -> None:
        self.nested = nested
        self.totals = totals
        self.groups = _groups(list(totals), nested)

    def shape(self, names: list[str]) -> tuple[int, ...]:
        """Return how many totals some outcomes have."""
        return tuple(len(self.totals[name]) for name in names)

    def counts(self, group: list[str], rows: dict[str, Rows], n1: int, n2: int) -> Any:
        """Return how many combinations outcomes that hang together have on a split, one axis of totals for each."""
        if len(group) == 1:
            (name,) = group
            return np.bincount(rows[name].total, minlength=len(self.totals[name]))
        if not self.is_tree(group):
            listed = self.listed(group, rows, n1, n2)
            key = np.ravel_multi_index(tuple(listed[name].total for name in group), self.shape(group))
            return np.bincount(key, minlength=prod(self.shape(group))).reshape(self.shape(group))
        ends = [name for name in group if len(self._neighbours(name)) == 1]
        root = max(ends, key=lambda name: len(self.totals[name]))
        order = [root, *self.below(root, None)]
        found = self._root_counts(root, rows, n1, n2).reshape(self.shape(order))
        return np.transpose(found, [order.index(name) for name in group])

    def is_tree(self, group: list[str]) -> bool:
        """Whether outcomes that hang together do so in one way only."""
        return sum(inner in group for inner, _ in self.nested) == len(group) - 1

    def below(self, name: str, above: str | None) -> list[str]:
        """Return the outcomes that hang on one, in the order of the axes of `weights`."""
        found = []
        for other in self._neighbours(name):
            if other != above:
                found += [other, *self.below(other, name)]
        return found

    def _neighbours(self, name: str) -> list[str]:
        return [b if a == name else a for a, b in self.nested if name in (a, b)]

    # --- along a tree ---------------------------------------------------------------------------------------------

    def _root_counts(self, root: str, rows: dict[str, Rows], n1: int, n2: int) -> Any:
        """Return the counts of a tree by the totals of an outcome at its end, in runs of neighbouring tables."""
        (other,) = self._neighbours(root)
        sums = self._sums(other, root, rows, n1, n2)
        kinds, width, depth = sums.shape
        # Sums over all places up to each one of the sums up to there.
        twice = np.cumsum(sums, axis=1).reshape(kinds * width, depth)
        total, first, last = self._runs(rows[root], root, other)
        found = np.zeros((len(self.totals[root]), kinds * depth), dtype=np.int64)
        start_of = np.arange(kinds)[None, :] * width
        theirs = self._whole(other, root)[None, :]
        step = max(1, _SLICE // max(1, kinds * depth))
        for start in range(0, total.size, step):
            at = slice(start, start + step)
            mine, low, high = self._whole(root, other)[total[at]][:, None], first[at][:, None], last[at][:, None]
            # A table at place x goes with those from `fewest - x` to n1 - x of the other outcome.
            fewest = mine + theirs - n2
            window = twice[start_of + n1 + 1 - low] - twice[start_of + n1 - high]
            window -= twice[start_of + np.clip(fewest - low, 0, width - 1)]
            window += twice[start_of + np.clip(fewest - high - 1, 0, width - 1)]
            window[(fewest > n1)] = 0
            distinct, begin = np.unique(total[at], return_index=True)
            found[distinct] += np.add.reduceat(window.reshape(len(window), -1), begin, axis=0)
        return found

    def _runs(self, rows: Rows, name: str, other: str) -> tuple[IntArray, IntArray, IntArray]:
        """Return runs of tables with neighbouring counts: their total, and the first and last count."""
        place = self._coordinate(rows, name, other)
        step = 1 if self._inner(name, other) else -1
        fresh = np.ones(place.size, dtype=bool)
        fresh[1:] = (np.diff(place) != step) | (np.diff(rows.total) != 0)
        begin = np.nonzero(fresh)[0]
        end = np.append(begin, place.size)[1:] - 1
        first, last = place[begin], place[end]
        return rows.total[begin], np.minimum(first, last), np.maximum(first, last)

    def weights(self, name: str, above: str | None, here: Rows, rows: dict[str, Rows], n1: int, n2: int) -> Any:
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
        sums = self._sums(other, name, rows, n1, n2)
        # Those with the inner event and those without the outer one are different people, seen or not.
        mine = self._coordinate(here, name, other)
        all_mine = self._whole(name, other)[here.total]
        all_theirs = self._whole(other, name)
        last = np.clip(n1 - mine, -1, max(n1, n2))
        first = np.clip((all_mine - mine - n2)[:, None] + all_theirs[None, :], 0, last[:, None] + 1)
        kinds = np.arange(all_theirs.size)[None, :]
        window = sums[kinds, last[:, None] + 1] - sums[kinds, first]
        return window.reshape(here.total.size, all_theirs.size * sums.shape[2])

    def _sums(self, other: str, name: str, rows: dict[str, Rows], n1: int, n2: int) -> NDArray[np.int64]:
        """Return how many combinations of `other` and what hangs on it stand up to each place, by its total."""
        there = rows[other]
        weights = self.weights(other, name, there, rows, n1, n2)
        kinds, width = len(self.totals[other]), max(n1, n2) + 2
        key = there.total * width + self._coordinate(there, other, name) + 1
        if len(self._neighbours(other)) == 1:
            sums = np.bincount(key, minlength=kinds * width)
        else:
            sums = np.zeros((kinds * width, weights.shape[1]), dtype=np.int64)
            if key.size:
                order = np.argsort(key, kind="stable")
                distinct, begin = np.unique(key[order], return_index=True)
                sums[distinct] = np.add.reduceat(weights[order], begin, axis=0)
        return np.cumsum(sums.reshape(kinds, width, weights.shape[1]), axis=1)

    def _inner(self, name: str, other: str) -> bool:
        return (name, other) in self.nested

    def _coordinate(self, rows: Rows, name: str, other: str) -> IntArray:
        return rows.events if self._inner(name, other) else rows.others

    def _whole(self, name: str, other: str) -> IntArray:
        totals = self.totals[name]
        events: IntArray = totals[:, 1]
        return events if self._inner(name, other) else totals[:, 0] - events

    # --- listing --------------------------------------------------------------------------------------------------

    def listed(self, names: list[str], rows: dict[str, Rows], n1: int, n2: int) -> dict[str, Rows]:
        """Return every combination of tables of some outcomes on one split."""
        chosen: dict[str, Rows] = {}
        size = 1
        for name in names:
            more = rows[name]
            if size * more.total.size > _MOST_LISTED:
                raise BudgetExceeded("combinations to list", size * more.total.size, _MOST_LISTED, ADVICE)
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


def _groups(names: list[str], nested: Pairs) -> list[list[str]]:
    """Return the outcomes that hang together, outermost first."""
    groups = [[name] for name in names]
    for inner, outer in nested:
        one, two = (next(group for group in groups if name in group) for name in (inner, outer))
        if one is not two:
            groups = [group for group in groups if group is not one and group is not two] + [two + one]
    return [sorted(group, key=lambda name: sum(a == name for a, _ in nested)) for group in groups]
