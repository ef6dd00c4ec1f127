"""Samples by their rank: the k-th sample without listing those before it, for many ranks at once.

A rank falls into a block (sum, energy of the left half), then into a cell of the left half; what remains is a rank of
the left half there and one of the right halves that fit. A rank in a table is read part by part, the farthest first:
the multisets without that part come before those with it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from . import sample_tables as tables
from .sample_counts import Halves, Ways, energy_prefix, rectangle, within

IntArray = NDArray[np.int64]
#: Whole numbers of 64 bits, or Python's where these do not hold them.
Ranks = NDArray[Any]
_SAFE = 1 << 62


class Cells(NamedTuple):
    """Cells of a table, and a rank within each."""

    energy: IntArray
    people: IntArray
    total: IntArray
    rank: IntArray


def ranks_below(count: int, size: int, rng: np.random.Generator) -> Ranks:
    """Return whole numbers drawn uniformly from 0 to `count` - 1, however large it is."""
    if count < _SAFE:
        return rng.integers(0, count, size=size, dtype=np.int64)
    words = -(-count.bit_length() // 32)
    excess = 32 * words - count.bit_length()
    drawn: list[int] = []
    while len(drawn) < size:
        bits = rng.integers(0, 1 << 32, size=(size - len(drawn), words), dtype=np.uint64)
        whole = [int.from_bytes(row.astype("<u4").tobytes(), "little") >> excess for row in bits]
        drawn += [value for value in whole if value < count]
    return np.array(drawn, dtype=object)


def unrank(halves: Halves, blocks: Sequence[tuple[int, int, int]], ranks: Ranks) -> IntArray:
    """Return the samples with the given ranks.

    Parameters
    ----------
    halves : Halves
        The two halves, built.
    blocks : sequence of (target, energy, samples)
        What `count_blocks` returned.
    ranks : ndarray of int, shape (samples,)
        From 0 to the number of samples less 1; of Python's whole numbers when these are large.

    Returns
    -------
    ndarray of int64, shape (samples, left parts + 2 + right parts)
        How often each value occurs: the left parts from the farthest to the nearest, the two origins, the right parts.
    """
    left, right, origin_sum = _cells(halves, blocks, ranks)
    below = _parts(halves.left_grid, halves.left_values, halves.left, halves.people, left)
    above = _parts(halves.right_grid, halves.right_values, halves.right, halves.people, right)
    high = origin_sum + left.total - right.total - right.people
    low = halves.people - left.people - right.people - high
    return np.concatenate([below[:, ::-1], low[:, None], high[:, None], above], axis=1)


def _cells(halves: Halves, blocks: Sequence[tuple[int, int, int]], ranks: Ranks) -> tuple[Cells, Cells, IntArray]:
    """Return the cell of each half and the rank in it, and the sum of the sample from the lower origin."""
    ends = list(accumulate(block[2] for block in blocks))
    starts = np.array([end - block[2] for end, block in zip(ends, blocks, strict=True)], dtype=ranks.dtype)
    if ranks.dtype == object:
        which = np.array([bisect_right(ends, rank) for rank in ranks], dtype=np.int64)
    else:
        which = np.searchsorted(np.array(ends, dtype=np.int64), ranks, side="right")
    ranks_within = ranks - starts[which]
    order = np.argsort(which, kind="stable")
    groups = dict(zip(*_runs(which[order], order), strict=True))
    left = Cells(*(np.zeros(ranks.size, dtype=np.int64) for _ in range(4)))
    right = Cells(*(np.zeros(ranks.size, dtype=np.int64) for _ in range(4)))
    origin_sum = np.zeros(ranks.size, dtype=np.int64)
    for index, target in enumerate(halves.wanted):
        mine = {blocks[block][1]: at for block, at in groups.items() if blocks[block][0] == index}
        if not mine:
            continue
        prefixes: dict[int, IntArray] = {}
        for ways in halves.sweep(target, sorted(mine)):
            at = mine[ways.energy]
            cell, rest = _left_cell(ways, ranks_within[at])
            _set(left, at, ways.energy, ways.people[cell], ways.total[cell], (rest // ways.rights[cell]))
            low, high = max(target.first - ways.energy, 0), min(target.last - ways.energy, halves.right_grid.top)
            limits = halves.limits(target.total, ways.people[cell], ways.total[cell])
            energies, rest = _right_energy(halves, prefixes, range(low, high + 1), limits, rest % ways.rights[cell])
            _set(right, at, energies, 0, 0, rest)
            origin_sum[at] = target.total
    _right_cells(halves, left, right, origin_sum)
    return left, right, origin_sum


def _runs(keys: IntArray, items: IntArray) -> tuple[list[int], list[IntArray]]:
    """Return each key of a sorted array once, and the items that have it."""
    first = np.flatnonzero(np.diff(keys, prepend=-1))
    return keys[first].tolist(), np.split(items, first[1:])


def _set(cells: Cells, at: IntArray, energy: Any, count: Any, total: Any, rank: Any) -> None:
    for column, value in zip(cells, (energy, count, total, rank), strict=True):
        column[at] = value


def _left_cell(ways: Ways, ranks: Ranks) -> tuple[IntArray, Ranks]:
    """Return which cell of the left half a rank in the block falls into, and its rank among the samples there."""
    bits = int(ways.lefts.max()).bit_length() + int(ways.rights.max()).bit_length() + ways.lefts.size.bit_length()
    kind: Any = np.int64 if bits <= 62 else object
    ends = np.cumsum(ways.lefts.astype(kind) * ways.rights.astype(kind))
    cell = np.searchsorted(ends, ranks.astype(kind), side="right")
    return cell, ranks - np.concatenate([[0], ends[:-1]]).astype(kind)[cell]


def _right_energy(
    halves: Halves, prefixes: dict[int, IntArray], window: range, limits: tuple[IntArray, ...], rank: Ranks
) -> tuple[IntArray, IntArray]:
    """Return the energy of the right half that each rank falls into, and the rank there."""
    for energy in [key for key in prefixes if key not in window]:
        del prefixes[energy]
    rest = rank.astype(np.int64)
    energies = np.full(rest.size, -1, dtype=np.int64)
    if len(window) == 1:
        return np.full(rest.size, window[0], dtype=np.int64), rest
    pending = np.arange(rest.size)
    for energy in window:
        if energy not in prefixes:
            prefixes[energy] = energy_prefix(halves, energy)
        ways = rectangle(prefixes[energy], *(limit[pending] for limit in limits))
        here = rest[pending] < ways
        energies[pending[here]] = energy
        rest[pending[~here]] -= ways[~here]
        pending = pending[~here]
        if pending.size == 0:
            break
    return energies, rest


def _right_cells(halves: Halves, left: Cells, right: Cells, origin_sum: IntArray) -> None:
    """Fill in count and sum of the right half from its energy and the rank there; leave the rank in the cell."""
    order = np.argsort(right.energy, kind="stable")
    limits = halves.limits(origin_sum, left.people, left.total)
    for energy, at in zip(*_runs(right.energy[order], order), strict=True):
        sums = energy_prefix(halves, energy)
        _set(right, at, energy, *_right_cell(sums, [limit[at] for limit in limits], right.rank[at]))


def _right_cell(sums: IntArray, limits: Sequence[IntArray], rank: IntArray) -> tuple[IntArray, IntArray, IntArray]:
    """Return count and sum of the right half, and the rank in its cell, from the rank at one energy."""
    rows, columns = sums.shape
    f_low, f_high = (within(limit, rows - 1) for limit in limits[:2])
    s_low, s_high = (within(limit, columns - 1) for limit in limits[2:])
    total = _first(lambda s: rectangle(sums, f_low, f_high, s_low, s + 1) > rank, s_low, s_high)
    rest = rank - rectangle(sums, f_low, f_high, s_low, total)
    both = _first(lambda f: rectangle(sums, f_low, f + 1, total, total + 1) > rest, f_low, f_high)
    return both - total, total, rest - rectangle(sums, f_low, both, total, total + 1)


def _first(reached: Any, low: IntArray, high: IntArray) -> IntArray:
    """Return the first whole number from `low` on at which a condition holds, by halving; it holds before `high`."""
    low, high = low.copy(), high - 1
    while np.any(low < high):
        middle = (low + high) // 2
        held = reached(middle)
        high = np.where(held, middle, high)
        low = np.where(held, low, np.minimum(middle + 1, high))
    return low


def _parts(cells: tables.Grid, values: IntArray, parts: Sequence[tables.Part], people: int, where: Cells) -> IntArray:
    """Return how often each part occurs in the multisets with the given ranks in their cells."""
    energy, count, total, rank = (column.copy() for column in where)
    found = np.zeros((rank.size, len(parts)), dtype=np.int64)
    for column, ((x, _), without) in zip(
        range(len(parts) - 1, -1, -1), tables.stages(cells, values, parts, people), strict=True
    ):
        active = np.flatnonzero(count)
        while active.size:
            base = tables.look_up(cells, without, energy[active], count[active], total[active])
            more = rank[active] >= base
            active = active[more]
            rank[active] -= base[more]
            energy[active] -= tables.energy(x)
            count[active] -= 1
            total[active] -= x
            found[active, column] += 1
    return found
