"""Joining subgroup variables of the same people on the totals of the outcomes that they share."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection
from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...numerics import exact_sums
from .._outcomes.splits import BoolArray, CompatiblePart
from .._sizes import IntArray
from .counts import LARGEST, Subgroup

__all__ = ["Chosen", "Sample", "Sets", "drawn_places"]

Sets = dict[str, dict[str, CompatiblePart]]
#: For each variable the places of the splits, and for each of its outcomes the rows of the set and their orientation.
Chosen = dict[str, tuple[IntArray, dict[str, tuple[IntArray, BoolArray]]]]
# Keys whose weights are looked at one by one when one of them is drawn.
_PIECE = 4096


@dataclass(frozen=True, slots=True)
class Sample:
    """All combinations of the variables in a sample of one size, or those with some of the totals.

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
    factors : dict of ndarray of int64, shape (keys,)
        For each variable how many combinations of its tables go with each key: their products count all combinations.
    """

    size: int
    groups: dict[str, Subgroup]
    totals: dict[str, IntArray]
    keys: IntArray
    factors: dict[str, IntArray]

    def count(self, at: Any = slice(None)) -> int:
        """Return how many combinations there are, or of some keys."""
        return exact_sums.sum_of_products([factor[at] for factor in self.factors.values()])

    def weights(self, at: Any = slice(None)) -> NDArray[np.object_]:
        """Return how many combinations each key has, or some of them, as whole numbers of any size."""
        return exact_sums.products([factor[at] for factor in self.factors.values()])

    def keys_of(self, variable: str) -> IntArray:
        """Return the totals of the outcomes of one variable at every key."""
        names = list(self.totals)
        return self.keys[:, [names.index(name) for name in self.groups[variable].names]]

    def count_of(self, masks: dict[str, dict[str, Any]], directed: Collection[str]) -> int:
        """Return how many combinations are made of some members of the sets only."""
        known: dict[Any, Any] = {}
        factors = []
        for variable, group in self.groups.items():
            own, both = masks[variable], variable in directed
            # Variables that look alike are counted once.
            key = (id(group), both, *((name, mask.tobytes()) for name, mask in own.items()))
            if key not in known:
                known[key] = group.at(self.keys_of(variable), own or None, directed=both)
            factors.append(known[key])
        return exact_sums.sum_of_products(factors)

    def shares(self, variable: str, count: int) -> NDArray[np.float64]:
        """Return which share of `count` combinations those of the other variables have that go with each key."""
        result = np.ones(len(self.keys))
        # One after the other, so that no number grows beyond what a float can hold.
        for name, factor in self.factors.items():
            if name != variable:
                result *= factor / max(1, int(factor.max(initial=1)))
        scale = prod(max(1, int(factor.max(initial=1))) for name, factor in self.factors.items() if name != variable)
        return np.asarray(result * float(Fraction(scale, count)))

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
        return dict(zip(self.groups[variable].names, self.keys_of(variable)[place].tolist(), strict=True))

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
        sums = np.cumsum(group.by_split(self.keys_of(variable)[places]), axis=0)
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

    def picked(self, size: int, rng: np.random.Generator) -> IntArray:
        """Return random keys, each with the weight that it has: first a piece of the keys, then one in it."""
        starts = range(0, len(self.keys), _PIECE)
        which = drawn_places([self.count(slice(start, start + _PIECE)) for start in starts], size, rng)
        result = np.zeros(size, dtype=np.int64)
        for piece in np.unique(which).tolist():
            at = np.nonzero(which == piece)[0]
            weights = self.weights(slice(starts[piece], starts[piece] + _PIECE)).tolist()
            result[at] = starts[piece] + drawn_places(weights, at.size, rng)
        return result


def drawn_places(weights: list[int], size: int, rng: np.random.Generator) -> IntArray:
    """Return random places in a list, each with its weight, a whole number of any size."""
    ends = list(accumulate(weights))
    if ends[-1] < LARGEST:
        return np.searchsorted(np.array(ends, dtype=np.int64), rng.integers(0, ends[-1], size=size), side="right")
    return np.array([bisect_right(ends, random_below(rng, ends[-1])) for _ in range(size)], dtype=np.int64)


def random_below(rng: np.random.Generator, bound: int) -> int:
    """Return a random whole number from 0 to below `bound`, which may be of any size."""
    bits = bound.bit_length()
    while True:
        number = int.from_bytes(rng.bytes((bits + 7) // 8), "little") & ((1 << bits) - 1)
        if number < bound:
            return number
