"""Joining subgroup variables of the same people on the totals of the outcomes that they share."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from itertools import accumulate
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import BudgetExceeded
from ._join import BoolArray, CompatiblePart, implied
from ._sizes import IntArray
from ._subgroup_counts import Pairs, Subgroup, packed, totals_of

__all__ = ["Chosen", "Sample", "Sets", "pick", "samples"]

Sets = dict[str, dict[str, CompatiblePart]]
#: For each variable the places of the splits, and for each of its outcomes the rows of the set and their orientation.
Chosen = dict[str, tuple[IntArray, dict[str, tuple[IntArray, BoolArray]]]]
Counter = Callable[[str, Subgroup], Any]
_MOST_KEYS = 20_000_000
_LARGEST = 2**62
_ADVICE = "Give events or n of some outcomes, more printed digits, or fewer outcomes at once."


@dataclass(frozen=True, slots=True)
class Sample:
    """All combinations of the variables in a sample of one size.

    Parameters
    ----------
    size : int
        People in the whole sample.
    groups : dict of Subgroup
        What each variable can show.
    totals : dict of ndarray, shape (totals, 2)
        For each outcome the totals (n, events) that all variables allow.
    keys : ndarray, shape (keys, outcomes)
        Combinations of totals that are left, as places in `totals`.
    weights : ndarray of object, shape (keys,)
        How many combinations each of them has, as whole numbers of any size.
    """

    size: int
    groups: dict[str, Subgroup]
    totals: dict[str, IntArray]
    keys: IntArray
    weights: NDArray[np.object_]

    @property
    def count(self) -> int:
        """How many combinations there are."""
        return int(sum(self.weights.tolist()))

    def axes(self, variable: str) -> list[int]:
        """Return the columns of `keys` that the outcomes of a variable have."""
        names = list(self.totals)
        return [names.index(name) for name in self.groups[variable].parts]

    def at_keys(self, variable: str, table: Any) -> Any:
        """Return the entries of a table over the totals of one variable at every key."""
        return table[tuple(self.keys[:, axis] for axis in self.axes(variable))]

    def products(self, count: Counter) -> Any:
        """Return for each key the product over the variables of what `count` counts, as whole numbers."""
        result = np.ones(len(self.keys), dtype=object)
        for variable, group in self.groups.items():
            result = result * self.at_keys(variable, count(variable, group)).astype(object)
        return result

    def count_of(self, masks: dict[str, dict[str, Any]], directed: Collection[str]) -> int:
        """Return how many combinations are made of some members of the sets only."""
        known: dict[Any, Any] = {}

        def count(variable: str, group: Subgroup) -> Any:
            """Return the counts of a variable; those that look alike are counted once."""
            own, both = masks[variable], variable in directed
            key = (id(group), both, *((name, mask.tobytes()) for name, mask in own.items()))
            if key not in known:
                known[key] = group.counts(own or None, directed=both)
            return known[key]

        return int(sum(self.products(count).tolist()))

    def without(self, variable: str) -> Any:
        """Return how many combinations of all other variables go with each key."""
        own = self.at_keys(variable, self.groups[variable].counts())
        return [weight // int(count) for weight, count in zip(self.weights.tolist(), own.tolist(), strict=True)]

    def spread(self, variable: str, values: Any) -> Any:
        """Return values per key as a table over the totals of one variable."""
        table = np.zeros(tuple(len(part) for part in self.groups[variable].totals.values()))
        np.add.at(table, tuple(self.keys[:, axis] for axis in self.axes(variable)), values)
        return table

    # --- members --------------------------------------------------------------------------------------------------

    def members(self, place: int) -> Chosen:
        """Return every combination of one key."""
        listed = {variable: self._members_of(variable, place) for variable in self.groups}
        sizes = [split.size for split, _ in listed.values()]
        at = np.indices(sizes).reshape(len(sizes), -1)
        return {
            variable: (split[i], {name: (row[i], turned[i]) for name, (row, turned) in rows.items()})
            for (variable, (split, rows)), i in zip(listed.items(), at, strict=True)
        }

    def _key(self, variable: str, place: int) -> dict[str, int]:
        own = self.keys[place, self.axes(variable)].tolist()
        return dict(zip(self.groups[variable].parts, own, strict=True))

    def _members_of(self, variable: str, place: int) -> tuple[IntArray, dict[str, tuple[IntArray, BoolArray]]]:
        group, key = self.groups[variable], self._key(variable, place)
        found = [group.members(split, key) for split in range(len(group.splits))]
        size = [rows[next(iter(key))][0].size for rows in found]
        joined = {
            name: (np.concatenate([rows[name][0] for rows in found]), np.concatenate([rows[name][1] for rows in found]))
            for name in key
        }
        return np.repeat(np.arange(len(found)), size), joined

    def drawn(self, places: IntArray, rng: np.random.Generator) -> Chosen:
        """Return one combination of each of some keys, all of them equally likely."""
        distinct, inverse = np.unique(places, return_inverse=True)
        return {variable: self._drawn_of(variable, distinct, inverse, rng) for variable in self.groups}

    def _drawn_of(
        self, variable: str, places: IntArray, inverse: IntArray, rng: np.random.Generator
    ) -> tuple[IntArray, dict[str, tuple[IntArray, BoolArray]]]:
        group = self.groups[variable]
        at = tuple(self.keys[places, axis] for axis in self.axes(variable))
        sums = np.cumsum(np.stack([table[at] for table in group.counts_by_split()]), axis=0)
        split = np.sum(rng.integers(0, sums[-1][inverse]) >= sums[:, inverse], axis=0)
        rows = {name: np.zeros(inverse.size, dtype=np.int64) for name in group.parts}
        turned = {name: np.zeros(inverse.size, dtype=np.bool_) for name in group.parts}
        both, member = np.unique(np.stack([inverse, split]), axis=1, return_inverse=True)
        order = np.argsort(member.ravel(), kind="stable")
        ends = np.cumsum(np.bincount(member.ravel(), minlength=both.shape[1]))
        for (place, which), draws in zip(both.T.tolist(), np.split(order, ends[:-1]), strict=True):
            found = group.members(which, self._key(variable, int(places[place])))
            pick = rng.integers(0, next(iter(found.values()))[0].size, size=draws.size)
            for name, (row, swapped) in found.items():
                rows[name][draws], turned[name][draws] = row[pick], swapped[pick]
        return split, {name: (rows[name], turned[name]) for name in group.parts}


def samples(sets: Sets, nested: Pairs, sizes: list[int], *, missing: bool) -> tuple[Sample, ...]:
    """Return the combinations of all variables for every size of the sample."""
    return tuple(_sample(sets, nested, size, missing=missing) for size in sizes)


def _sample(sets: Sets, nested: Pairs, size: int, *, missing: bool) -> Sample:
    totals = _shared_totals(sets, size, missing=missing)
    kinds = [len(part) for part in totals.values()]
    if prod(kinds) > _MOST_KEYS:
        raise BudgetExceeded("combinations of totals", prod(kinds), _MOST_KEYS, _ADVICE)
    # Variables of which the same was printed share their counts.
    known: dict[tuple[tuple[str, int], ...], Subgroup] = {}
    groups = {}
    for variable, parts in sets.items():
        alike = tuple((name, id(part)) for name, part in parts.items())
        if alike not in known:
            known[alike] = Subgroup(parts, nested, size, totals, missing=missing)
            _refuse_overflow(known[alike])
        groups[variable] = known[alike]
    left = np.broadcast_to(_nesting_holds(totals, nested, size), kinds)
    for group in groups.values():
        left = left & _aligned(group.counts() > 0, list(group.parts), list(totals))
    keys = np.argwhere(left)
    sample = Sample(size, groups, totals, keys, np.zeros(0, dtype=object))
    return replace(sample, weights=sample.products(lambda _, group: group.counts()))


def _shared_totals(sets: Sets, size: int, *, missing: bool) -> dict[str, IntArray]:
    """Return for each outcome the totals that every variable which has it allows."""
    found: dict[str, IntArray] = {}
    for parts in sets.values():
        for name, part in parts.items():
            totals = totals_of(part)
            if not missing:
                totals = totals[totals[:, 0] == size]
            key = np.unique(packed(totals))
            found[name] = np.intersect1d(found[name], key) if name in found else key
    return {name: np.stack([key >> 31, key & ((1 << 31) - 1)], axis=1) for name, key in found.items()}


def _nesting_holds(totals: dict[str, IntArray], nested: Pairs, size: int) -> Any:
    """Whether totals allow the nestings in the whole sample; also for outcomes that no variable has together."""
    names = list(totals)
    holds: Any = np.ones([1] * len(names), dtype=bool)
    for inner, outer in implied(nested):
        others = totals[outer][:, 0] - totals[outer][:, 1]
        shapes = {name: [-1 if each == name else 1 for each in names] for name in (inner, outer)}
        events = totals[inner][:, 1]
        holds = holds & (events.reshape(shapes[inner]) + others.reshape(shapes[outer]) <= size)
    return holds


def _aligned(table: Any, names: list[str], everything: list[str]) -> Any:
    """Return a table with one axis for each of all outcomes, of length one for those that it lacks."""
    order = [names.index(name) for name in everything if name in names]
    shape = [table.shape[names.index(name)] if name in names else 1 for name in everything]
    return np.transpose(table, order).reshape(shape)


def _refuse_overflow(group: Subgroup) -> None:
    """Counts of one variable are kept in whole numbers of 64 bits."""
    widest = [
        max((int(np.bincount(rows[name].total).max(initial=0)) for rows in group.rows), default=0)
        for name in group.parts
    ]
    most = prod(widest) * len(group.splits)
    if most > _LARGEST:
        raise BudgetExceeded("combinations of the outcomes of one variable", most, _LARGEST, _ADVICE)


def pick(found: tuple[Sample, ...], size: int, rng: np.random.Generator) -> list[tuple[Sample, IntArray, IntArray]]:
    """Return keys drawn with the weight that they have: for each sample the places of its draws, and their keys."""
    ends = list(accumulate(weight for sample in found for weight in sample.weights.tolist()))
    if ends[-1] < _LARGEST:
        draws = np.searchsorted(np.array(ends, dtype=np.int64), rng.integers(0, ends[-1], size=size), side="right")
    else:
        draws = np.array([bisect_right(ends, _below(rng, ends[-1])) for _ in range(size)], dtype=np.int64)
    result, start = [], 0
    for sample in found:
        inside = np.nonzero((draws >= start) & (draws < start + len(sample.keys)))[0]
        result.append((sample, inside, draws[inside] - start))
        start += len(sample.keys)
    return result


def _below(rng: np.random.Generator, bound: int) -> int:
    """Return a random whole number from 0 to below `bound`, which may be of any size."""
    bits = bound.bit_length()
    while True:
        number = int.from_bytes(rng.bytes((bits + 7) // 8), "little") & ((1 << bits) - 1)
        if number < bound:
            return number
