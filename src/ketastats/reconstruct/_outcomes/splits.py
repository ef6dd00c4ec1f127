"""Joining the compatible sets of several outcomes on the split that they share."""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from math import prod
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from ...errors import BudgetExceeded
from .._means.means import CompatibleMeans
from .._sizes import IntArray
from .._tables.tables import CompatibleTables
from .relations import Relations

__all__ = [
    "BoolArray",
    "CompatiblePart",
    "Join",
    "Rows",
    "canonical",
    "distinct_pairs",
    "fitting",
    "implied",
    "kept",
    "oriented",
    "shared_splits",
]

BoolArray = NDArray[np.bool_]
CompatiblePart = CompatibleTables | CompatibleMeans
Rows = dict[str, tuple[IntArray, BoolArray]]
_SLICE = 1_000_000
# Above any group size: two of them in one whole number.
_BASE = 1 << 31
# Small budgets may still try this many combinations: it takes a second.
_TRIES = 10_000_000
_TRIES_PER_MEMBER = 50
_ADVICE = "Give n1 and n2, more printed digits, or fewer values of n; or raise budget. subgroups counts without a list."


class Join:
    """Collects the members split by split."""

    def __init__(
        self, sets: dict[str, CompatiblePart], relations: Relations, labelled: bool, *, missing: bool, budget: int
    ) -> None:
        self.sets = sets
        self.labelled = labelled
        self.missing = missing
        self.budget = budget
        self.same_test = relations.same_test
        self.members = 0
        self.pieces: list[tuple[int, int, Rows]] = []
        names = list(sets)
        known = [names[:place] for place in range(len(names))]
        self.rules = {name: relations.rules(name, before) for name, before in zip(names, known, strict=True)}
        self.sums = {name: relations.sums_with(name, before) for name, before in zip(names, known, strict=True)}

    def add(self, n1: int, n2: int) -> int:
        """Join the outcomes on one split, and return how many members that gave."""
        rows: Rows = {}
        size = 1
        for name in self.sets:
            rows, size = self._extend(rows, size, name, n1, n2)
        if self.same_test and size:
            keep = _by_one_test(self.sets, rows)
            rows, size = kept(rows, keep), int(keep.sum())
        if n1 == n2 and not self.labelled:
            keep = canonical(self.sets, rows, size)
            rows, size = kept(rows, keep), int(keep.sum())
        if size:
            self.members += size
            if self.members > self.budget:
                raise BudgetExceeded("combinations or more", self.members, self.budget, _ADVICE)
            self.pieces.append((n1, n2, rows))
        return size

    def count_first(self, splits: Iterable[tuple[int, int]]) -> None:
        """Count what the splits allow, where nothing else relates the outcomes, and refuse more than the budget."""
        total = 0
        for n1, n2 in splits:
            found = [fitting(part, n1, n2, missing=self.missing)[1] for part in self.sets.values()]
            number = prod(turned.size for turned in found)
            if n1 == n2 and not self.labelled:
                # Each stands for its mirror image too, unless it is that itself.
                number = (number + prod(turned.size - 2 * int(turned.sum()) for turned in found)) // 2
            total += number
        if total > self.budget:
            raise BudgetExceeded("combinations", total, self.budget, _ADVICE)

    def _extend(self, rows: Rows, size: int, name: str, n1: int, n2: int) -> tuple[Rows, int]:
        """Combine what is joined so far with one more outcome, in slices that fit into memory."""
        index, swapped = fitting(self.sets[name], n1, n2, missing=self.missing)
        limit = max(_TRIES_PER_MEMBER * self.budget, _TRIES)
        if size * index.size > limit:
            raise BudgetExceeded("combinations to try on one split", size * index.size, limit, _ADVICE)
        pieces: list[Rows] = []
        found = 0
        step = max(1, _SLICE // max(1, index.size))
        for start in range(0, size, step):
            old, new = np.indices((min(step, size - start), index.size)).reshape(2, -1)
            piece = {key: (at[start + old], turned[start + old]) for key, (at, turned) in rows.items()}
            piece[name] = (index[new], swapped[new])
            keep = self._related(piece, new.size, name, n1, n2)
            found += int(keep.sum())
            if found > max(self.budget, _TRIES):
                raise BudgetExceeded("combinations or more on one split", found, self.budget, _ADVICE)
            pieces.append(kept(piece, keep))
        if not pieces:
            nothing = (np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.bool_))
            return dict.fromkeys((*rows, name), nothing), 0
        joined = {
            key: (
                np.concatenate([piece[key][0] for piece in pieces]),
                np.concatenate([piece[key][1] for piece in pieces]),
            )
            for key in (*rows, name)
        }
        return joined, found

    def _related(self, rows: Rows, size: int, name: str, n1: int, n2: int) -> BoolArray:
        """Return which combinations hold together as far as the newest outcome is concerned."""
        keep = np.ones(size, dtype=bool)
        names = {state[0] for rule in self.rules[name] for state in rule.states}
        names |= {part for total, parts in self.sums[name] for part in (total, *parts) if part in rows}
        columns = {each: oriented(cast(CompatibleTables, self.sets[each]), *rows[each]) for each in names}
        for rule in self.rules[name]:
            first, second = (
                sum(_people(columns[each], group, event) for each, event in rule.states) for group in (0, 1)
            )
            keep &= (first <= (0 if rule.never else n1)) & (second <= (0 if rule.never else n2))
        for total, parts in self.sums[name]:
            keep &= _adds_up([columns[part] for part in parts], columns.get(total))
        return keep

    def columns(self) -> tuple[IntArray, IntArray, dict[str, IntArray], dict[str, BoolArray]]:
        """Return the splits of all members, and for each outcome the rows of its set and whether they are exchanged."""
        sizes = [piece[2][next(iter(self.sets))][0].size for piece in self.pieces]
        n1, n2 = (np.repeat(np.array([piece[at] for piece in self.pieces], dtype=np.int64), sizes) for at in (0, 1))
        index = {name: self._gather(name, 0, np.int64) for name in self.sets}
        return n1, n2, index, {name: self._gather(name, 1, np.bool_) for name in self.sets}

    def _gather(self, name: str, which: int, kind: type) -> Any:
        return np.concatenate([np.zeros(0, dtype=kind), *(piece[2][name][which] for piece in self.pieces)])


def _by_one_test(sets: dict[str, CompatiblePart], rows: Rows) -> BoolArray:
    """Whether some test prints the digits of all tables, and one test those of all means."""
    tables = [(part, rows[name][0]) for name, part in sets.items() if isinstance(part, CompatibleTables) and part.tests]
    means = [part.test[rows[name][0]] for name, part in sets.items() if isinstance(part, CompatibleMeans)]
    keep = np.ones(next(iter(rows.values()))[0].size, dtype=bool)
    if tables:
        shared = set.intersection(*(set(part.tests) for part, _ in tables))
        printed = [[part.printed_by[at, part.tests.index(test)] for part, at in tables] for test in sorted(shared)]
        keep &= np.any([np.logical_and.reduce(columns) for columns in printed], axis=0) if printed else False
    for test in means[1:]:
        keep &= test == means[0]
    return keep


def _people(columns: tuple[IntArray, ...], group: int, event: bool) -> IntArray:
    """Return how many people of one group were seen with the event, or without it."""
    x, n = columns[2 * group : 2 * group + 2]
    return x if event else n - x


def _adds_up(parts: list[tuple[IntArray, ...]], total: tuple[IntArray, ...] | None) -> BoolArray:
    """Whether outcomes known of the same people add up to a total, or without one to all of these people."""
    x1, n1, x2, n2 = parts[0] if total is None else total
    keep = np.ones(x1.shape, dtype=bool)
    for part in parts:
        keep &= (part[1] == n1) & (part[3] == n2)
    sums = [sum(part[place] for part in parts) for place in (0, 2)]
    return np.asarray(keep & (sums[0] == (n1 if total is None else x1)) & (sums[1] == (n2 if total is None else x2)))


def canonical(sets: dict[str, CompatiblePart], rows: Rows, size: int) -> BoolArray:
    """Of each member and its mirror image keep one: groups of equal size cannot be told apart."""
    keep = np.ones(size, dtype=bool)
    undecided = np.ones(size, dtype=bool)
    for name, part in sets.items():
        at, swapped = rows[name]
        if isinstance(part, CompatibleTables):
            x1, n1, x2, n2 = oriented(part, at, swapped)
        else:
            n1, n2 = np.where(swapped, part.n2[at], part.n1[at]), np.where(swapped, part.n1[at], part.n2[at])
            x1 = x2 = np.zeros_like(n1)
        lower = (n1 < n2) | ((n1 == n2) & (x1 < x2))
        higher = (n1 > n2) | ((n1 == n2) & (x1 > x2))
        keep &= ~(undecided & higher)
        undecided &= ~(lower | higher)
    return keep


def kept(rows: Rows, keep: BoolArray) -> Rows:
    """Return the members to keep."""
    return {key: (at[keep], turned[keep]) for key, (at, turned) in rows.items()}


def oriented(part: CompatibleTables, at: IntArray, swapped: BoolArray) -> tuple[IntArray, IntArray, IntArray, IntArray]:
    """Return rows of a set, with the two groups exchanged where asked."""
    x1, n1, x2, n2 = part.x1[at], part.n1[at], part.x2[at], part.n2[at]
    return (
        np.where(swapped, x2, x1),
        np.where(swapped, n2, n1),
        np.where(swapped, x1, x2),
        np.where(swapped, n1, n2),
    )


def fitting(part: CompatiblePart, n1: int, n2: int, *, missing: bool) -> tuple[IntArray, BoolArray]:
    """Return the rows of a set that fit a split, in either orientation, and which of them are exchanged."""

    def fits(first: IntArray, second: IntArray) -> IntArray:
        inside = (first <= n1) & (second <= n2) if missing else (first == n1) & (second == n2)
        return np.nonzero(inside)[0]

    straight = fits(part.n1, part.n2)
    if part.labelled:
        return straight, np.zeros(straight.size, dtype=bool)
    turned = fits(part.n2, part.n1)
    # What is its own mirror image stands once.
    alike = part.n1[turned] == part.n2[turned]
    if isinstance(part, CompatibleTables):
        alike &= part.x1[turned] == part.x2[turned]
    turned = turned[~alike]
    swapped = np.repeat([False, True], [straight.size, turned.size])
    return np.concatenate([straight, turned]), swapped


def implied(nested: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    """Return the pairs given and all that follow from chains of them."""
    pairs = dict.fromkeys(nested)
    while True:
        further = {(a, d): None for a, b in pairs for c, d in pairs if b == c and a != d and (a, d) not in pairs}
        if not further:
            return tuple(pairs)
        pairs |= further


def shared_splits(sets: dict[str, CompatiblePart], sample: int, labelled: bool, *, missing: bool) -> IntArray:
    """Return the splits of the whole sample that every outcome fits."""
    if missing:
        first = np.arange(1, sample if labelled else sample // 2 + 1)
        return np.stack([first, sample - first], axis=1)
    codes = []
    for part in sets.values():
        pairs = distinct_pairs(part.n1, part.n2)
        # A set without labels fits either way round.
        both = np.concatenate([pairs, pairs[:, ::-1]]) if labelled and not part.labelled else pairs
        codes.append(np.unique(both[:, 0] * _BASE + both[:, 1]))
    shared = reduce(lambda one, other: np.intersect1d(one, other, assume_unique=True), codes)
    return np.stack([shared // _BASE, shared % _BASE], axis=1)


def distinct_pairs(first: IntArray, second: IntArray) -> IntArray:
    """Return the distinct pairs of two columns, sorted; quick where equal ones stand together."""
    starts = np.ones(first.size, dtype=bool)
    starts[1:] = (first[1:] != first[:-1]) | (second[1:] != second[:-1])
    return np.unique(np.stack([first[starts], second[starts]], axis=1), axis=0)
