"""Samples by their rank: the k-th sample without listing those before it, for many ranks at once.

A rank falls into a block (sum, energy of the left half), then into a cell of the left half; what remains is a rank of
the left half there and one of the right halves that fit. A rank in a table is read part by part, the farthest first:
the multisets without that part come before those with it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate, groupby
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from . import sample_numbers as numbers
from . import sample_tables as tables
from .sample_counts import Halves, Target, Ways
from .sample_numbers import Layers
from .sample_window import Cumulated

IntArray = NDArray[np.int64]
#: Whole numbers of 64 bits, or Python's where these do not hold them.
Ranks = NDArray[Any]
_SAFE = 1 << 62
# Sums of so many cells in floating point are far nearer than this part of them.
_DOUBT = 1e-9


class Cells(NamedTuple):
    """Cells of a table, and a rank within each."""

    energy: IntArray
    people: IntArray
    total: IntArray
    rank: Ranks


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


def ranks_below_each(counts: Ranks, rng: np.random.Generator) -> Ranks:
    """Return one whole number for each of several counts, drawn uniformly from 0 to the count less 1."""
    if counts.dtype != object:
        return rng.integers(0, counts)
    return np.array([ranks_below(count, 1, rng)[0] for count in counts], dtype=object)


def unrank(
    halves: Halves, blocks: Sequence[tuple[int, int, int]], ranks: Ranks, rng: np.random.Generator | None = None
) -> IntArray:
    """Return the samples with the given ranks.

    Parameters
    ----------
    halves : Halves
        The two halves, built.
    blocks : sequence of (target, energy, samples)
        What `count_blocks` returned.
    ranks : ndarray of int, shape (samples,)
        From 0 to the number of samples less 1; of Python's whole numbers when these are large.
    rng : numpy.random.Generator, optional
        For ranks that were drawn uniformly: what large ranks say beyond a cell of the left half is then drawn anew,
        which is quicker and leaves every sample the same probability.

    Returns
    -------
    ndarray of int64, shape (samples, left parts + 2 + right parts)
        How often each value occurs: the left parts from the farthest to the nearest, the two origins, the right parts.
    """
    left, right, origin_sum = _cells(halves, blocks, ranks, rng)
    below = _parts(halves.left_grid, halves.left_values, halves.left, halves.people, left)
    above = _parts(halves.right_grid, halves.right_values, halves.right, halves.people, right)
    high = origin_sum + left.total - right.total - right.people
    low = halves.people - left.people - right.people - high
    return np.concatenate([below[:, ::-1], low[:, None], high[:, None], above], axis=1)


def _cells(
    halves: Halves, blocks: Sequence[tuple[int, int, int]], ranks: Ranks, rng: np.random.Generator | None
) -> tuple[Cells, Cells, IntArray]:
    """Return the cell of each half and the rank in it, and the sum of the sample from the lower origin."""
    which, rest = _blocks(blocks, ranks)
    order = np.argsort(which, kind="stable")
    first = np.flatnonzero(np.diff(which[order], prepend=-1))
    members = np.split(order, first[1:]) if ranks.size else []
    places = {blocks[which[at[0]]][:2]: at for at in members}
    left, right = _no_cells(ranks.size, halves.layers), _no_cells(ranks.size, halves.layers)
    origin_sum = np.zeros(ranks.size, dtype=np.int64)
    for group in _together(halves, sorted({index for index, _ in places})):
        wanted = [halves.wanted[index] for index in group]
        cumulated = Cumulated(halves, wanted)
        energies = sorted({energy for index, energy in places if index in group})
        for energy, several in groupby(halves.sweep_all(wanted, energies), key=lambda found: found[1].energy):
            asked = []
            for local, ways in several:
                at = places.get((group[local], energy))
                if at is not None:
                    target = wanted[local]
                    cell, rank, other = _left_cell(ways, rest[at], rng)
                    _set(left, at, energy, ways.people[cell], ways.total[cell], rank)
                    origin_sum[at] = target.total
                    asked.append(_Asked(at, other, *_window(target, energy, halves, at.size)))
            if asked:
                _right_cells(halves, cumulated, asked, left, right, origin_sum)
    return left, right, origin_sum


def _no_cells(size: int, layers: int) -> Cells:
    energy, people, total = (np.zeros(size, dtype=np.int64) for _ in range(3))
    return Cells(energy, people, total, np.zeros(size, dtype=np.int64 if layers == 1 else object))


class _Asked(NamedTuple):
    """Ranks among right halves, and the ends of the energies that these may have."""

    at: IntArray
    rank: Ranks
    low: IntArray
    high: IntArray


def _window(target: Target, energy: int, halves: Halves, size: int) -> tuple[IntArray, IntArray]:
    low, high = max(target.first - energy, 0), min(target.last - energy, halves.right_grid.top)
    return np.full(size, low), np.full(size, high)


def _blocks(blocks: Sequence[tuple[int, int, int]], ranks: Ranks) -> tuple[IntArray, Ranks]:
    """Return the block that each rank falls into and the rank there."""
    ends = list(accumulate(block[2] for block in blocks))
    starts = np.array([end - block[2] for end, block in zip(ends, blocks, strict=True)], dtype=ranks.dtype)
    if ranks.dtype == object:
        which = np.array([bisect_right(ends, rank) for rank in ranks], dtype=np.int64)
    else:
        which = np.searchsorted(np.array(ends, dtype=np.int64), ranks, side="right")
    return which, ranks - starts[which]


def _together(halves: Halves, indices: Sequence[int]) -> Iterator[list[int]]:
    """Give targets in groups whose windows of energies fit into memory together, or one by one."""
    group: list[int] = []
    for index in sorted(indices, key=lambda index: halves.wanted[index].first):
        if group and not Cumulated.fits(halves, [halves.wanted[one] for one in (*group, index)]):
            yield group
            group = []
        group.append(index)
    if group:
        yield group


def _set(cells: Cells, at: IntArray, energy: Any, count: Any, total: Any, rank: Any) -> None:
    for column, value in zip(cells, (energy, count, total, rank), strict=True):
        column[at] = value


def _left_cell(ways: Ways, ranks: Ranks, rng: np.random.Generator | None) -> tuple[IntArray, Ranks, Ranks]:
    """Return which cell of the left half each rank in a block falls into, and a rank of either half there."""
    near = numbers.floats(ways.lefts) * numbers.floats(ways.rights)
    ends = np.cumsum(near)
    if ends[-1] < _SAFE:
        return _exact_cell(ways, ranks.astype(np.int64), np.int64)
    if rng is None:
        return _exact_cell(ways, ranks, object)
    where = ranks.astype(np.float64)
    cell = np.searchsorted(ends, where, side="right")
    gap = np.minimum(
        np.abs(ends[np.minimum(cell, ends.size - 1)] - where), np.abs(where - ends[np.maximum(cell - 1, 0)])
    )
    doubtful = np.flatnonzero((gap < _DOUBT * ends[-1]) | (cell == ends.size))
    if doubtful.size:
        cell[doubtful] = _exact_cell(ways, ranks[doubtful], object)[0]
    counts = [numbers.whole(numbers.at(half, cell)) for half in (ways.lefts, ways.rights)]
    return cell, ranks_below_each(counts[0], rng), ranks_below_each(counts[1], rng)


def _exact_cell(ways: Ways, ranks: Ranks, kind: Any) -> tuple[IntArray, Ranks, Ranks]:
    """Return the same from whole numbers."""
    lefts, rights = (numbers.whole(half).astype(kind) for half in (ways.lefts, ways.rights))
    ends = np.cumsum(lefts * rights)
    cell = np.searchsorted(ends, ranks, side="right")
    rest = ranks - (ends - lefts * rights)[cell]
    return cell, rest // rights[cell], rest % rights[cell]


def _right_cells(
    halves: Halves, cumulated: Cumulated, asked: Sequence[_Asked], left: Cells, right: Cells, origin_sum: IntArray
) -> None:
    """Fill in energy, count, sum and rank of the right halves that go with left halves of one energy."""
    at, rank, low, high = (np.concatenate(column) for column in zip(*asked, strict=True))
    rank = rank.astype(right.rank.dtype)
    limits = halves.limits(origin_sum[at], left.people[at], left.total[at])
    cumulated.reach(int(left.energy[at[0]]))
    # The farthest energy comes first: the energy is the largest with which more than `rank` halves are passed.
    first = _first(lambda step: cumulated.ways(high - step, high, limits) > rank, np.zeros_like(low), high - low + 1)
    energy = high - first
    rank = rank - cumulated.ways(energy + 1, high, limits)
    f_low, f_high, s_low, s_high = cumulated.cut(limits)
    total = _first(lambda s: cumulated.ways(energy, energy, (f_low, f_high, s_low, s + 1)) > rank, s_low, s_high)
    rank = rank - cumulated.ways(energy, energy, (f_low, f_high, s_low, total))
    both = _first(lambda f: cumulated.ways(energy, energy, (f_low, f + 1, total, total + 1)) > rank, f_low, f_high)
    rank = rank - cumulated.ways(energy, energy, (f_low, both, total, total + 1))
    _set(right, at, energy, both - total, total, rank)


def _first(reached: Callable[[IntArray], Any], low: IntArray, high: IntArray) -> IntArray:
    """Return the first whole number from `low` on at which a condition holds, by halving; it holds before `high`."""
    low, high = low.copy(), high - 1
    while np.any(low < high):
        middle = (low + high) // 2
        held = reached(middle)
        high = np.where(held, middle, high)
        low = np.where(held, low, np.minimum(middle + 1, high))
    return low


def _parts(cells: tables.Grid, values: Layers, parts: Sequence[tables.Part], people: int, where: Cells) -> IntArray:
    """Return how often each part occurs in the multisets with the given ranks in their cells."""
    energy, count, total, rank = (column.copy() for column in where)
    found = np.zeros((rank.size, len(parts)), dtype=np.int64)
    for column, ((x, _), without) in zip(
        range(len(parts) - 1, -1, -1), tables.stages(cells, values, parts, people), strict=True
    ):
        active = np.flatnonzero(count)
        while active.size:
            base = numbers.whole(tables.look_up(cells, without, energy[active], count[active], total[active]))
            more = np.asarray(rank[active] >= base, dtype=bool)
            active = active[more]
            rank[active] -= base[more]
            energy[active] -= tables.energy(x)
            count[active] -= 1
            total[active] -= x
            found[active, column] += 1
    return found
