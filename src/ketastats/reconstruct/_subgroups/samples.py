"""All combinations of several subgroup variables, sample by sample and, where there are many, piece by piece."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from math import prod
from typing import Any

import numpy as np

from ...errors import BudgetExceeded
from .._outcomes.splits import implied
from .._sizes import IntArray
from .counts import LARGEST, MOST_AT_ONCE, Subgroup, read_subgroup
from .join import Sample, Sets, drawn_places
from .links import ADVICE, Pairs
from .rows import packed, totals_of

__all__ = ["Samples"]

#: Most combinations of totals to go through.
_MOST_KEYS = 200_000_000


class Samples:
    """The combinations of all variables for every size of the sample, found when they are asked for.

    What is found stays in memory as long as there is little of it; otherwise it is found again for every question, for
    some of the totals of one outcome at a time.
    """

    def __init__(self, sets: Sets, nested: Pairs, sizes: list[int], *, missing: bool) -> None:
        self.sizes = sizes
        self._pieces = [
            (whole, places)
            for size in sizes
            for whole in [_Whole(sets, nested, size, missing=missing)]
            for places in whole.places
        ]
        self._kept: dict[int, Sample] = {}
        self._held = 0
        self._counts: list[int | None] = [None] * len(self._pieces)

    def _found(self, number: int) -> Sample:
        if number in self._kept:
            return self._kept[number]
        whole, places = self._pieces[number]
        sample = whole.sample(places)
        if self._counts[number] is None:
            self._counts[number] = sample.count()
        if self._held + len(sample.keys) <= MOST_AT_ONCE:
            self._kept[number] = sample
            self._held += len(sample.keys)
        return sample

    def __iter__(self) -> Iterator[Sample]:
        for number in range(len(self._pieces)):
            if self._counts[number] != 0:
                sample = self._found(number)
                if len(sample.keys):
                    yield sample

    def __bool__(self) -> bool:
        return next(iter(self), None) is not None

    def counts(self) -> list[int]:
        """Return how many combinations each piece has."""
        for number, count in enumerate(self._counts):
            if count is None:
                self._found(number)
        return [count for count in self._counts if count is not None]

    def picked(self, size: int, rng: np.random.Generator) -> Iterator[tuple[Sample, IntArray, IntArray]]:
        """Yield random keys with the weight that they have: for each piece the places of its draws, and their keys."""
        which = drawn_places(self.counts(), size, rng)
        for number in np.unique(which).tolist():
            sample = self._found(number)
            places = np.nonzero(which == number)[0]
            yield sample, places, sample.picked(places.size, rng)


class _Whole:
    """All variables in a sample of one size."""

    def __init__(self, sets: Sets, nested: Pairs, size: int, *, missing: bool) -> None:
        self.size, self.nested = size, nested
        self.totals = _shared_totals(sets, size, missing=missing)
        kinds = {name: len(part) for name, part in self.totals.items()}
        number = prod(kinds.values())
        # Variables of which the same was printed share their counts.
        known: dict[tuple[tuple[str, int], ...], Subgroup] = {}
        self.groups = {}
        for variable, parts in sets.items():
            alike = tuple((name, id(part)) for name, part in parts.items())
            if alike not in known:
                known[alike] = read_subgroup(parts, nested, size, self.totals, missing=missing)
            self.groups[variable] = known[alike]
        # A variable with few combinations of all outcomes says which totals to look at.
        self.narrow = next((group for group in known.values() if group.few and len(group.names) == len(kinds)), None)
        for group in known.values():
            _refuse_more(group.size, LARGEST if group.few else _MOST_KEYS)
        _refuse_more(number, LARGEST if self.narrow is not None else _MOST_KEYS)
        self.lead = max(kinds, key=lambda name: kinds[name])
        step = max(1, MOST_AT_ONCE * kinds[self.lead] // max(1, number))
        whole = np.arange(kinds[self.lead])
        self.places: list[IntArray | None] = [None]
        if self.narrow is None and number > MOST_AT_ONCE:
            self.places = [whole[start : start + step] for start in range(0, whole.size, step)]

    def sample(self, places: IntArray | None) -> Sample:
        """Return the combinations with some totals of one outcome, or all of them."""
        totals, groups = self.totals, self.groups
        if places is not None:
            totals = totals | {self.lead: totals[self.lead][places]}
            pieces = {id(group): group.restricted(self.lead, places) for group in groups.values()}
            groups = {variable: pieces[id(group)] for variable, group in groups.items()}
        sample = Sample(self.size, groups, totals, self._possible_keys(groups, totals), {})
        counts: dict[int, IntArray] = {}
        for variable, group in groups.items():
            if id(group) not in counts:
                found = group.at(sample.keys_of(variable))
                left = found > 0
                sample = replace(sample, keys=sample.keys[left])
                counts = {key: values[left] for key, values in counts.items()} | {id(group): found[left]}
        return replace(sample, factors={variable: counts[id(group)] for variable, group in groups.items()})

    def _possible_keys(self, groups: dict[str, Subgroup], totals: dict[str, IntArray]) -> IntArray:
        """Return totals that may go together, in order."""
        names = list(totals)
        if self.narrow is not None:
            keys = self.narrow.keys()[:, [self.narrow.names.index(name) for name in names]]
            keys = keys[np.lexsort(keys.T[::-1])]
            people, events = ([totals[name][keys[:, axis], at] for axis, name in enumerate(names)] for at in (0, 1))
            return np.asarray(keys[np.broadcast_to(self._nesting_holds(names, people, events), len(keys))])
        shape = [len(part) for part in totals.values()]
        open_axes = np.ix_(*(np.arange(size) for size in shape))
        people, events = (
            [totals[name][place, at] for name, place in zip(names, open_axes, strict=True)] for at in (0, 1)
        )
        left = np.broadcast_to(self._nesting_holds(names, people, events), shape)
        for group in {id(group): group for group in groups.values()}.values():
            left = left & _aligned(group.table() > 0, group.names, names)
        return np.argwhere(left)

    def _nesting_holds(self, names: list[str], people: list[IntArray], events: list[IntArray]) -> Any:
        """Whether totals allow the nestings in the whole sample; also for outcomes that no variable has together."""
        holds: Any = np.ones((), dtype=bool)
        for inner, outer in implied(self.nested):
            one, two = names.index(inner), names.index(outer)
            holds = holds & (events[one] + people[two] - events[two] <= self.size)
        return holds


def _refuse_more(number: int, most: int) -> None:
    if number > most:
        raise BudgetExceeded("combinations of totals", number, _MOST_KEYS, ADVICE)


def _shared_totals(sets: Sets, size: int, *, missing: bool) -> dict[str, IntArray]:
    """Return for each outcome the totals that every variable which has it allows."""
    found: dict[str, IntArray] = {}
    known: dict[int, IntArray] = {}
    for parts in sets.values():
        for name, part in parts.items():
            if id(part) not in known:
                totals = totals_of(part)
                known[id(part)] = np.unique(packed(totals if missing else totals[totals[:, 0] == size]))
            found[name] = np.intersect1d(found[name], known[id(part)]) if name in found else known[id(part)]
    return {name: np.stack([key >> 31, key & ((1 << 31) - 1)], axis=1) for name, key in found.items()}


def _aligned(table: Any, names: list[str], everything: list[str]) -> Any:
    """Return a table with one axis for each of all outcomes, of length one for those that it lacks."""
    order = [names.index(name) for name in everything if name in names]
    shape = [table.shape[names.index(name)] if name in names else 1 for name in everything]
    return np.transpose(table, order).reshape(shape)
