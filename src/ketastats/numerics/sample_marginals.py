"""How the samples of a set spread: how often each value occurs in them, and over sums and energies."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from functools import partial

import numpy as np
from numpy.typing import NDArray

from . import sample_numbers as numbers
from . import sample_tables as tables
from .sample_counts import Halves, Target, energy_prefix, rectangle
from .sample_numbers import Layers

IntArray = NDArray[np.int64]


def occurrences(halves: Halves) -> tuple[list[int], list[int]]:
    """Return how often each left and each right part occurs in all samples together, the nearest part first.

    Parameters
    ----------
    halves : Halves
        The two halves, built.

    Returns
    -------
    left, right : list of int
        Exact, however large.
    """
    return _left_occurrences(halves), _left_occurrences(halves.mirrored())


def _left_occurrences(halves: Halves) -> list[int]:
    """Weight the multisets of the left half, each part counted as often as it occurs, by what fits on the right."""
    found = [0] * len(halves.left)
    for weights in _weights(halves):
        for at, part in enumerate(halves.left):
            found[at] += _weighted(halves, weights, part)
    return found


def _weighted(halves: Halves, weights: Layers, part: tables.Part) -> int:
    """Return the sum over all cells of weight times multisets, each counted as often as it holds the part."""
    x, cap = part
    grid, people, moduli = halves.left_grid, halves.people, numbers.moduli(halves.layers)
    # With F the table without the part: sum of j X^j F = X G / (1 - X), where G = F / (1 - X) is the table.
    table = tuple(values.copy() for values in halves.left_values)
    for values, modulus in zip(table, moduli, strict=True):
        if cap < people:
            tables.remove(grid, values, part, people, modulus=modulus)
        else:
            tables.add(grid, values, part, people, modulus=modulus)
    result = 0
    for times in range(1, cap + 1 if cap < people else 2):
        for at in range(times * tables.energy(x), grid.top + 1):
            pairs = [tables.overlap(grid, *both, at, x, times) for both in zip(weights, table, strict=True)]
            mine, source = (tuple(layer.ravel() for layer in layers) for layers in zip(*pairs, strict=True))
            result += times * numbers.dot(mine, source)
    return result


def _weights(halves: Halves) -> Iterator[Layers]:
    """Give, for each cell of the left half, how many right halves fit it, over as many targets as keep that exact."""
    several = max(1, int(halves.room / halves.ways()))
    for first in range(0, len(halves.wanted), several):
        yield _weights_of(halves, halves.wanted[first : first + several])


def _weights_of(halves: Halves, wanted: Sequence[Target]) -> Layers:
    weights = tuple(np.zeros_like(values) for values in halves.left_values)
    for _, ways in halves.sweep_all(wanted):
        low_count, _, low_sum, _, _ = halves.left_grid.plain[ways.energy]
        where = ways.people - low_count, ways.total - low_sum
        for layer, values, modulus in zip(weights, ways.rights, numbers.moduli(halves.layers), strict=True):
            block = tables.block(halves.left_grid, layer, ways.energy)
            block[where] += values
            if modulus:
                block[where] %= modulus
    return weights


def distribution(halves: Halves, inside: Collection[int], most: int) -> list[int]:
    """Return how many samples hold 0, 1, 2, ... people in some parts of the left half.

    Parameters
    ----------
    halves : Halves
        The two halves, built.
    inside : collection of int
        Distances of the parts from the lower origin.
    most : int
        At least the number of samples.

    Returns
    -------
    list of int, length people + 1
        Exact, however large.

    Notes
    -----
    Each multiset of the parts inside is weighted by all that can stand beside it: the right halves that fit, added up
    over the other parts of the left half.
    """
    chosen = [part for part in halves.left if part[0] in inside]
    others = [part for part in halves.left if part[0] not in inside]

    def rests(weights: Layers, modulus: int) -> list[int]:
        beside = numbers.rests(weights, modulus)
        for part in others:
            tables.draw_in(halves.left_grid, beside, part, halves.people, modulus=modulus)
        table = tables.build(halves.left_grid, chosen, halves.people, modulus=modulus)
        return _by_count(halves, table, beside, modulus)

    groups = [numbers.from_rests(partial(rests, weights), most) for weights in _weights(halves)]
    return [sum(each) for each in zip(*groups, strict=True)] if groups else [0] * (halves.people + 1)


def _by_count(halves: Halves, table: IntArray, weights: IntArray, modulus: int) -> list[int]:
    """Return the sum of table times weights over all cells with each count."""
    found = np.zeros(halves.people + 1, dtype=np.int64)
    for at, (low, high, *_) in enumerate(halves.left_grid.plain):
        pair = tables.block(halves.left_grid, table, at), tables.block(halves.left_grid, weights, at)
        if pair[0].size:
            product = pair[0] * pair[1]
            found[low : high + 1] += (product % modulus if modulus else product).sum(axis=1)
            if modulus:
                found %= modulus
    return [int(value) for value in found]


def by_energy(halves: Halves, target: Target) -> dict[int, int]:
    """Return the number of samples with one sum, by their energy; energies that no sample has are left out."""
    found: dict[int, int] = {}
    prefixes: dict[int, Layers] = {}
    right = halves.right_grid
    for ways in halves.sweep(target):
        window = range(max(target.first - ways.energy, 0), min(target.last - ways.energy, right.top) + 1)
        limits = halves.limits(target.total, ways.people, ways.total)
        for energy in [key for key in prefixes if key not in window]:
            del prefixes[energy]
        for energy in window:
            if energy not in prefixes:
                prefixes[energy] = energy_prefix(halves, energy)
            many = numbers.dot(ways.lefts, rectangle(prefixes[energy], *limits))
            if many:
                found[ways.energy + energy] = found.get(ways.energy + energy, 0) + many
    return found
