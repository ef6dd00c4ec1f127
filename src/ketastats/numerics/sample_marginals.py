"""How often each value occurs over all samples together, and how the samples spread over sums and energies."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from . import sample_tables as tables
from .sample_counts import Halves, Target, energy_prefix, rectangle

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
    # So many targets together keep the weights within 64 bits.
    several = max(1, int(2.0**62 / halves.ways()))
    found = [0] * len(halves.left)
    for first in range(0, len(halves.wanted), several):
        weights = _weights(halves, halves.wanted[first : first + several])
        for at, part in enumerate(halves.left):
            found[at] += _weighted(halves.left_grid, halves.left_values, weights, part, halves.people)
    return found


def _weighted(grid: tables.Grid, values: IntArray, weights: IntArray, part: tables.Part, people: int) -> int:
    """Return the sum over all cells of weight times multisets, each counted as often as it holds the part."""
    x, cap = part
    step = tables.energy(x)
    result = 0
    if cap >= people:
        # With F the table without the part: sum of j X^j F = X G / (1 - X), where G = F / (1 - X) is the table.
        again = values.copy()
        for at in range(step, grid.top + 1):
            into, source = tables.overlap(grid, again, again, at, x, 1)
            mine, _ = tables.overlap(grid, weights, again, at, x, 1)
            into += source
            result += tables.exact_dot(mine.ravel(), source.ravel())
        return result
    without = values.copy()
    tables.remove(grid, without, part, people)
    for times in range(1, cap + 1):
        for at in range(times * step, grid.top + 1):
            mine, source = tables.overlap(grid, weights, without, at, x, times)
            result += times * tables.exact_dot(mine.ravel(), source.ravel())
    return result


def _weights(halves: Halves, wanted: Sequence[Target]) -> IntArray:
    """Return, for each cell of the left half, how many right halves fit it, over some targets."""
    weights = np.zeros_like(halves.left_values)
    for _, ways in halves.sweep_all(wanted):
        block = tables.block(halves.left_grid, weights, ways.energy)
        rows = ways.people - halves.left_grid.low_count[ways.energy]
        block[rows, ways.total - halves.left_grid.low_sum[ways.energy]] += ways.rights
    return weights


def by_energy(halves: Halves, target: Target) -> dict[int, int]:
    """Return the number of samples with one sum, by their energy; energies that no sample has are left out."""
    found: dict[int, int] = {}
    prefixes: dict[int, IntArray] = {}
    right = halves.right_grid
    for ways in halves.sweep(target):
        window = range(max(target.first - ways.energy, 0), min(target.last - ways.energy, right.top) + 1)
        limits = halves.limits(target.total, ways.people, ways.total)
        for energy in [key for key in prefixes if key not in window]:
            del prefixes[energy]
        for energy in window:
            if energy not in prefixes:
                prefixes[energy] = energy_prefix(halves, energy)
            many = tables.exact_dot(ways.lefts, rectangle(prefixes[energy], *limits))
            if many:
                found[ways.energy + energy] = found.get(ways.energy + energy, 0) + many
    return found
