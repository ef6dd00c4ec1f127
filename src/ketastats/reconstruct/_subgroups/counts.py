"""Counting what one subgroup variable can show, by the totals of its outcomes, without listing it.

On one split of the whole sample outcomes that nothing links are independent: the count of a combination of totals is a
sum over the splits of products, one factor for each group of outcomes that hang together. These sums are matrix
products. Where there are few combinations they are listed instead.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import prod
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ...errors import BudgetExceeded
from .._outcomes.splits import BoolArray, CompatiblePart, canonical, shared_splits
from .._sizes import IntArray
from .links import ADVICE, Links, Pairs, linked
from .rows import BySplit, Masks, Rows, masked, restricted

__all__ = ["LARGEST", "MOST_AT_ONCE", "Subgroup", "read_subgroup"]

FloatArray = NDArray[np.float64]
#: Most combinations of totals held at once.
MOST_AT_ONCE = 2_000_000
#: Counts of one variable are whole numbers of 64 bits.
LARGEST = 2**62
# Up to so many combinations are listed rather than summed.
_FEW = 1_000_000
# Up to here floats hold every whole number, so that their matrix products are exact.
_EXACT = 2**53
# Most products of totals and splits to sum for outcomes that hang together.
_MOST_STEPS = 10_000_000_000


class Term(NamedTuple):
    """The tables of one split that count, and how much, in halves: of mirror images only one does."""

    place: int
    n1: int
    n2: int
    halves: int
    rows: dict[str, Rows]


class Subgroup:
    """All that one variable can show in a sample of a given size, with some totals.

    Parameters
    ----------
    parts : dict
        The compatible set of each outcome.
    links : Links
        How the outcomes hang together, and for each outcome the totals (n, events) that are left, sorted.
    splits : ndarray, shape (splits, 2)
        Splits of the whole sample.
    rows : list of dict of Rows
        For each split the tables of each outcome.
    """

    def __init__(
        self, parts: dict[str, CompatiblePart], links: Links, splits: IntArray, rows: list[dict[str, Rows]]
    ) -> None:
        self.parts = parts
        self.names = list(parts)
        self.labelled = any(part.labelled for part in parts.values())
        self.links = links
        self.splits = splits
        self.rows = rows
        self.size = prod(links.shape(self.names))
        # Few enough to list: then no table over all totals is needed.
        self.few = sum(prod(each.total.size for each in split.values()) for split in rows) <= _FEW
        self._all: Any = None

    def restricted(self, name: str, places: IntArray) -> Subgroup:
        """Return the variable with some totals of one outcome only."""
        if name not in self.parts:
            return self
        totals = self.links.totals
        rows = [split | {name: restricted(split[name], places, len(totals[name]))} for split in self.rows]
        links = Links(self.links.nested, totals | {name: totals[name][places]})
        return Subgroup(self.parts, links, self.splits, rows)

    def pieces(self, keys: IntArray) -> Iterator[tuple[Subgroup, IntArray, IntArray]]:
        """Yield the variable in pieces that can be held at once, each with the keys that are in it and their places.

        Keys are rows of places in the totals, one column per outcome.
        """
        if self.size <= MOST_AT_ONCE:
            yield self, keys, np.arange(len(keys))
            return
        shape = self.links.shape(self.names)
        axis = int(np.argmax(shape))
        step = max(1, MOST_AT_ONCE * shape[axis] // self.size)
        for start in range(0, shape[axis], step):
            places = np.arange(start, min(start + step, shape[axis]))
            inside = np.nonzero((keys[:, axis] >= start) & (keys[:, axis] < start + step))[0]
            if inside.size:
                moved = keys[inside]
                moved[:, axis] -= start
                yield self.restricted(self.names[axis], places), moved, inside

    # --- counting -------------------------------------------------------------------------------------------------

    def terms(self, masks: Masks | None = None, *, directed: bool = False) -> Iterator[Term]:
        """Yield the tables of one split after the other.

        Parameters
        ----------
        masks : dict of ndarray of bool, shape (2, members of the set), optional
            Which members of each set count, read straight and with their groups exchanged.
        directed : bool
            Whether the two directions of groups that cannot be told apart count each.
        """
        exchanged = {name: mask[::-1] for name, mask in masks.items()} if masks else None
        for place, ((n1, n2), rows) in enumerate(zip(self.splits.tolist(), self.rows, strict=True)):
            mirrored = not self.labelled and n1 == n2 and not directed
            yield Term(place, n1, n2, 1 if mirrored else 2, masked(rows, masks))
            if not self.labelled and n1 != n2 and directed:
                yield Term(place, n1, n2, 2, masked(rows, exchanged))
            elif mirrored:
                # Of two mirror images one counts; what is its own mirror image counts once.
                yield Term(place, n1, n2, 1, masked(rows, masks, alike=True))

    def table(self, masks: Masks | None = None, *, directed: bool = False) -> Any:
        """Return how many combinations there are for every combination of totals, one axis per outcome."""
        if self._all is not None and masks is None and not directed:
            return self._all
        terms = self.terms(masks, directed=directed)
        shape = self.links.shape(self.names)
        if self.few:
            key, counts = self._listed_counts(terms)
            found = np.zeros(self.size, dtype=np.int64)
            found[key] = counts
            found = found.reshape(shape)
        else:
            found = self._summed(terms)
        if masks is None and not directed:
            self._all = found
        return found

    def at(self, keys: IntArray, masks: Masks | None = None, *, directed: bool = False) -> IntArray:
        """Return how many combinations have each of some keys."""
        if self.few:
            known, counts = self._listed_counts(self.terms(masks, directed=directed))
            return np.asarray(_looked_up(known, counts, self._packed(keys.T)))
        result = np.zeros(len(keys), dtype=np.int64)
        for piece, inside, at in self.pieces(keys):
            result[at] = piece.table(masks, directed=directed)[tuple(inside.T)]
        return result

    def keys(self) -> IntArray:
        """Return the combinations of totals that there are, of a variable with few."""
        key, _ = self._listed_counts(self.terms())
        return np.stack(np.unravel_index(key, self.links.shape(self.names)), axis=1)

    def _packed(self, places: Any) -> IntArray:
        return np.asarray(np.ravel_multi_index(tuple(places), self.links.shape(self.names)))

    def _listed_counts(self, terms: Iterator[Term]) -> tuple[IntArray, IntArray]:
        """Return the keys of all combinations, packed and sorted, and how many combinations have each."""
        keys, halves = [np.zeros(0, dtype=np.int64)], [np.zeros(0, dtype=np.int64)]
        for term in terms:
            listed = self.links.listed(self.names, term.rows, term.n1, term.n2)
            keys.append(self._packed(listed[name].total for name in self.names))
            halves.append(np.full(keys[-1].size, term.halves))
        key, place = np.unique(np.concatenate(keys), return_inverse=True)
        counts = np.zeros(key.size, dtype=np.int64)
        np.add.at(counts, place, np.concatenate(halves))
        return key[counts > 0], counts[counts > 0] // 2

    def _sides(self) -> tuple[list[list[str]], list[list[str]]]:
        """Return the groups of outcomes that hang together in two halves with about as many totals."""
        sides: tuple[list[list[str]], list[list[str]]] = ([], [])
        sizes = [1, 1]
        for group in sorted(self.links.groups, key=lambda group: -prod(self.links.shape(group))):
            side = int(sizes[1] < sizes[0])
            sides[side].append(group)
            sizes[side] *= prod(self.links.shape(group))
        return sides

    def _factors(self, groups: list[list[str]], term: Term) -> IntArray:
        """Return the counts of some groups of outcomes on one split, as one axis."""
        result = np.ones(1, dtype=np.int64)
        for group in groups:
            found = self.links.counts(group, term.rows, term.n1, term.n2)
            result = np.multiply.outer(result, found.ravel()).ravel()
        return result

    def _batches(self, terms: Iterator[Term], width: int) -> Iterator[list[Term]]:
        """Yield as many splits at a time as fit into memory, each with `width` numbers."""
        many = max(1, MOST_AT_ONCE // max(1, width))
        held: list[Term] = []
        for term in terms:
            held.append(term)
            if len(held) == many:
                yield held
                held = []
        if held:
            yield held

    def _summed(self, terms: Iterator[Term]) -> Any:
        """Return the counts by totals as a sum over splits of products of independent groups of outcomes."""
        sides = self._sides()
        sizes = [prod(prod(self.links.shape(group)) for group in side) for side in sides]
        found = np.zeros((sizes[0], sizes[1]), dtype=np.int64)
        for batch in self._batches(terms, sum(sizes)):
            left = np.stack([self._factors(sides[0], term) * term.halves for term in batch])
            right = np.stack([self._factors(sides[1], term) for term in batch])
            if not sides[1]:
                found[:, 0] += left.sum(axis=0)
            elif sum(int(a) * int(b) for a, b in zip(left.max(axis=1), right.max(axis=1), strict=True)) < _EXACT:
                found += (left.T.astype(np.float64) @ right.astype(np.float64)).astype(np.int64)
            else:
                found += left.T @ right
        order = [name for side in sides for group in side for name in group]
        table = (found // 2).reshape(self.links.shape(order))
        return np.transpose(table, [order.index(name) for name in self.names])

    # --- single tables and splits ---------------------------------------------------------------------------------

    def spread(self, keys: IntArray, values: Any) -> FloatArray:
        """Return values of keys as a table over the totals."""
        table = np.zeros(self.links.shape(self.names))
        np.add.at(table, tuple(keys.T), values)
        return table

    def shares(self, name: str, keys: IntArray, values: Any) -> FloatArray:
        """Return of how many combinations each member of the set of one outcome is part.

        Parameters
        ----------
        name : str
            The outcome.
        keys : ndarray, shape (keys, outcomes)
            Totals.
        values : ndarray of float64
            How much a combination with these totals counts.
        """
        result = np.zeros(len(self.parts[name]))
        if self.few:
            for term, listed, value in self._listed_values(keys, values):
                np.add.at(result, listed[name].row, value * (term.halves / 2))
            return result
        for piece, inside, at in self.pieces(keys):
            piece.add_shares(result, name, piece.spread(inside, np.asarray(values)[at]))
        return result

    def add_shares(self, result: FloatArray, name: str, weight: FloatArray) -> None:
        """Add to each member of the set of one outcome what the combinations weigh of which it is part."""
        own = next(group for group in self.links.groups if name in group)
        rest = [group for group in self.links.groups if group is not own]
        tree = self.links.is_tree(own)
        order = [name, *(self.links.below(name, None) if tree else [other for other in own if other != name])]
        axes = [self.names.index(each) for group in (order, *rest) for each in group]
        kinds = prod(self.links.shape(order))
        table = np.transpose(weight, axes).reshape(kinds, -1)
        for batch in self._batches(self.terms(), kinds):
            others = np.stack([self._factors(rest, term) for term in batch], axis=1).astype(np.float64)
            sums = (table @ others).reshape(len(self.links.totals[name]), -1, len(batch))
            for place, term in enumerate(batch):
                # A table may stand there in both orientations.
                row, value = self._row_sums(order, sums[:, :, place], term, tree=tree)
                np.add.at(result, row, value * (term.halves / 2))

    def _row_sums(self, order: list[str], weight: Any, term: Term, *, tree: bool) -> tuple[IntArray, Any]:
        """Return rows of the set of the first outcome, and what the combinations of outcomes linked to it weigh."""
        name, *below = order
        if not tree:
            listed = self.links.listed(order, term.rows, term.n1, term.n2)
            place = np.ravel_multi_index(tuple(listed[each].total for each in below), self.links.shape(below))
            return listed[name].row, weight[listed[name].total, place]
        here = term.rows[name]
        found = np.zeros(here.total.size)
        step = max(1, MOST_AT_ONCE // max(1, weight.shape[1]))
        for start in range(0, here.total.size, step):
            part = here.taken(slice(start, start + step))
            counts = self.links.weights(name, None, part, term.rows, term.n1, term.n2)
            found[start : start + step] = np.einsum("ij,ij->i", counts, weight[part.total])
        return here.row, found

    def _listed_values(self, keys: IntArray, values: Any) -> Iterator[tuple[Term, dict[str, Rows], Any]]:
        """Yield the combinations of each split with what they weigh by their totals."""
        known, place = np.unique(self._packed(keys.T), return_inverse=True)
        weight = np.bincount(place, weights=values, minlength=known.size)
        for term in self.terms():
            listed = self.links.listed(self.names, term.rows, term.n1, term.n2)
            key = self._packed(listed[name].total for name in self.names)
            yield term, listed, _looked_up(known, weight, key)

    def split_sums(self, keys: IntArray, values: Any) -> FloatArray:
        """Return what the combinations on each split weigh together."""
        result = np.zeros(len(self.splits))
        if self.few:
            for term, _, value in self._listed_values(keys, values):
                result[term.place] += value.sum() * term.halves / 2
            return result
        for piece, inside, at in self.pieces(keys):
            sides = piece._sides()
            axes = [piece.names.index(name) for side in sides for group in side for name in group]
            width = prod(prod(piece.links.shape(group)) for group in sides[0])
            table = np.transpose(piece.spread(inside, np.asarray(values)[at]), axes).reshape(width, -1)
            for batch in piece._batches(piece.terms(), sum(table.shape)):
                left = np.stack([piece._factors(sides[0], term) * (term.halves / 2) for term in batch])
                right = np.stack([piece._factors(sides[1], term) for term in batch], axis=1)
                sums = np.einsum("ij,ji->i", left, table @ right.astype(np.float64))
                np.add.at(result, [term.place for term in batch], sums)
        return result

    # --- members --------------------------------------------------------------------------------------------------

    def by_split(self, keys: IntArray) -> IntArray:
        """Return how many combinations each split has of each of a few keys."""
        result = np.zeros((len(self.splits), len(keys)), dtype=np.int64)
        for term in self.terms():
            counts = np.full(len(keys), term.halves, dtype=np.int64)
            for group in self.links.groups:
                found = self.links.counts(group, term.rows, term.n1, term.n2)
                counts *= found[tuple(keys[:, self.names.index(name)] for name in group)]
            result[term.place] += counts
        return result // 2

    def members(self, split: int, key: dict[str, int]) -> dict[str, tuple[IntArray, BoolArray]]:
        """Return every combination on one split with given totals: the rows of each set, and whether they are turned.

        Parameters
        ----------
        split : int
            Place of the split in `splits`.
        key : dict of str to int
            For each outcome the place of its total.
        """
        n1, n2 = self.splits[split].tolist()
        rows = {}
        for name, each in self.rows[split].items():
            low, high = np.searchsorted(each.total, [key[name], key[name] + 1])
            rows[name] = each.taken(slice(low, high))
        chosen = self.links.listed(self.names, rows, n1, n2)
        size = next(iter(chosen.values())).total.size
        found = {name: (rows.row, rows.turned) for name, rows in chosen.items()}
        if n1 == n2 and not self.labelled:
            keep = canonical(self.parts, found, size)
            found = {name: (at[keep], turned[keep]) for name, (at, turned) in found.items()}
        return found


def read_subgroup(
    parts: dict[str, CompatiblePart], nested: Pairs, sample: int, totals: dict[str, IntArray], *, missing: bool
) -> Subgroup:
    """Return what one variable can show in a sample of a given size.

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
    own = {name: totals[name] for name in parts}
    links = Links(linked(nested, list(parts), missing=missing), own)
    splits = shared_splits(parts, sample, any(part.labelled for part in parts.values()), missing=missing)
    splits = splits[splits.sum(axis=1) == sample]
    found_by = {name: BySplit(part, missing=missing) for name, part in parts.items()}
    rows = [
        {name: by_split.rows(own[name], n1, n2) for name, by_split in found_by.items()} for n1, n2 in splits.tolist()
    ]
    found = Subgroup(parts, links, splits, rows)
    _refuse_large(found)
    return found


def _refuse_large(group: Subgroup) -> None:
    """Refuse counts of one variable beyond 64 bits, and more sums than can be computed."""
    widest = [
        max((int(np.bincount(rows[name].total).max(initial=0)) for rows in group.rows), default=0)
        for name in group.parts
    ]
    most = prod(widest) * len(group.splits)
    if most > LARGEST // 2:
        raise BudgetExceeded("combinations of the outcomes of one variable", most, LARGEST // 2, ADVICE)
    if not group.few:
        steps = max(prod(group.links.shape(names)) for names in group.links.groups) * len(group.splits)
        if steps > _MOST_STEPS:
            raise BudgetExceeded("sums over totals and splits", steps, _MOST_STEPS, ADVICE)


def _looked_up(known: IntArray, values: Any, key: IntArray) -> Any:
    """Return the values of keys among sorted ones, 0 for those that are not there."""
    if not known.size:
        return np.zeros(key.size, dtype=values.dtype)
    place = np.minimum(np.searchsorted(known, key), known.size - 1)
    return np.where(known[place] == key, values[place], 0)
