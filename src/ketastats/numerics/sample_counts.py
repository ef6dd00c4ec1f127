"""How many samples of whole numbers have a given size, sum and sum of squares, exactly.

Samples are multisets: how often each value of a scale occurs. Two neighbouring values near the mean, the origins, are
left out; the values below the lower origin and those above the upper one form two halves, each counted in a table by
count, sum and energy (`sample_tables`). The energies of the halves must add up to that of the sample, and then the
counts of the two origins follow from size and sum, so that two inequalities remain: they are met by sums over
rectangles of the other half's table.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import comb
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from . import sample_numbers as numbers
from . import sample_tables as tables
from .sample_numbers import Layers

IntArray = NDArray[np.int64]

# Tables of so many cells may be held twice.
_SMALL = 2_000_000
# Windows of energies whose prefix sums are kept at a time.
_MOST_KEPT = 16


class Target(NamedTuple):
    """One admissible sum, counted from the lower origin, and the first and last admissible energy with it."""

    total: int
    first: int
    last: int


class Ways(NamedTuple):
    """One energy of the left half: its cells that are not empty, and how many right halves fit each."""

    energy: int
    people: IntArray
    total: IntArray
    lefts: Layers
    rights: Layers


def targets(squares: Sequence[tuple[int, int, int]], people: int, origin: int) -> list[Target]:
    """Return sums and sums of squares, given as (sum, first, last), as sums and energies from an origin.

    Energies are half of ``sum of (v - origin)(v - origin - 1)``.
    """
    found = []
    for total, low, high in squares:
        moved = total - people * origin
        shift = people * origin * origin - 2 * origin * total - moved
        first, last = -(-(low + shift) // 2), (high + shift) // 2
        if last >= max(first, 0):
            found.append(Target(moved, max(first, 0), last))
    return found


def mirrored_targets(wanted: Sequence[Target], people: int) -> tuple[Target, ...]:
    """Return the targets as the mirrored scale has them, counted from the upper origin."""
    return tuple(Target(people - total, first, last) for total, first, last in wanted)


class Halves:
    """The two halves of a scale and how they fit together.

    Parameters
    ----------
    people : int
        Size of the samples.
    wanted : sequence of Target
        Admissible sums and energies.
    left, right : sequence of pairs
        Parts below the lower and above the upper origin: steps away from it, and how often at most.
    low_cap, high_cap : int
        How often at most the lower and the upper origin occur.
    """

    def __init__(
        self,
        people: int,
        wanted: Sequence[Target],
        left: Sequence[tables.Part],
        right: Sequence[tables.Part],
        low_cap: int,
        high_cap: int,
    ) -> None:
        self.people = people
        self.wanted = tuple(wanted)
        self.caps = (min(low_cap, people), min(high_cap, people))
        top = max((target.last for target in wanted), default=0)
        self.left, self.right = tables.useful(left, people, top), tables.useful(right, people, top)
        # Origins occur at least 0 times: count + sum of one half is bounded by the sum of the other.
        lowest = min((target.total for target in wanted), default=0)
        highest = max((target.total for target in wanted), default=0)
        sums = [np.maximum.accumulate(tables.largest_sums(parts, people, top)) for parts in (self.left, self.right)]
        self.left_grid = tables.grid(self.left, people, np.maximum(people - lowest + sums[1][::-1], 0))
        self.right_grid = tables.grid(self.right, people, np.maximum(highest + sums[0][::-1], 0))
        #: In how many layers the numbers of multisets are kept; see `sample_numbers` and `enough`.
        self.layers = 1

    @property
    def room(self) -> float:
        """Up to which sum the numbers in these layers are exact."""
        return numbers.NARROW if self.layers == 1 else numbers.WIDE

    @property
    def cells(self) -> int:
        """How many whole numbers of 64 bits the two tables hold."""
        return self.layers * (self.left_grid.cells + self.right_grid.cells)

    def enough(self) -> int:
        """Return how many layers are enough to keep all sums of cells exact."""
        return 1 if self.ways() * (self.people + 1) <= numbers.NARROW else 2

    def ways(self) -> float:
        """Return an upper bound of the sums of cells that are worked with: those of the widest window of energies."""
        most = max(len(self.left), len(self.right))
        rough = comb(self.people + most, most)
        if rough * (self.people + 1) < numbers.NARROW:
            return float(rough)
        top = self.left_grid.top
        widest = max((target.last - target.first + 1 for target in self.wanted), default=1)
        return widest * max(tables.largest_ways(parts, self.people, top) for parts in (self.left, self.right))

    def build(self) -> None:
        """Count the multisets of each half; the tables take their memory now."""
        self._kept: dict[int, tuple[IntArray, IntArray, Layers]] = {}
        moduli = numbers.moduli(self.layers)
        self.left_values: Layers
        self.right_values: Layers
        self.left_values, self.right_values = (
            tuple(tables.build(cells, parts, self.people, modulus=modulus) for modulus in moduli)
            for cells, parts in ((self.left_grid, self.left), (self.right_grid, self.right))
        )

    def mirrored(self) -> Halves:
        """Return the same samples with the scale turned round: right half as left half."""
        turned = Halves.__new__(Halves)
        turned.layers = self.layers
        turned.people, turned.caps = self.people, (self.caps[1], self.caps[0])
        turned.wanted = mirrored_targets(self.wanted, self.people)
        turned.left, turned.right = self.right, self.left
        turned.left_grid, turned.right_grid = self.right_grid, self.left_grid
        turned.left_values, turned.right_values = self.right_values, self.left_values
        turned._kept = {}
        return turned

    def sweep(self, target: Target, energies: Sequence[int] | None = None) -> Iterator[Ways]:
        """Give, for each energy of the left half, its cells and how many right halves fit each of them."""
        return (ways for _, ways in self.sweep_all([target], energies))

    def sweep_all(self, wanted: Sequence[Target], energies: Sequence[int] | None = None) -> Iterator[tuple[int, Ways]]:
        """Give the same for several targets, with the place of the target; they share what they have in common."""
        windows = Windows(self.right_grid, self.right_values, min(_MOST_KEPT, 2 * len(wanted) - 1))
        last = max((target.last for target in wanted), default=-1)
        for at in range(min(last, self.left_grid.top) + 1) if energies is None else energies:
            count, total, lefts = self._left_cells(at)
            if count.size == 0:
                continue
            for index, target in enumerate(wanted):
                low, high = max(target.first - at, 0), min(target.last - at, self.right_grid.top)
                if high < low:
                    continue
                rights = self.fitting(windows.prefix(low, high), target.total, count, total)
                kept = numbers.not_zero(rights)
                if kept.any():
                    found = numbers.at(lefts, kept), numbers.at(rights, kept)
                    yield index, Ways(at, count[kept], total[kept], *found)

    def _left_cells(self, at: int) -> tuple[IntArray, IntArray, Layers]:
        """Return count, sum and multisets of the cells of one energy that are not empty."""
        if at in self._kept:
            return self._kept[at]
        blocks = tuple(tables.block(self.left_grid, values, at) for values in self.left_values)
        rows, columns = np.nonzero(numbers.not_zero(blocks))
        low_count, low_sum = self.left_grid.plain[at][0], self.left_grid.plain[at][2]
        found = (rows + low_count, columns + low_sum, numbers.at(blocks, (rows, columns)))
        if self.left_grid.cells <= _SMALL:
            self._kept[at] = found
        return found

    def fitting(self, sums: Layers, origin_sum: int, count: IntArray, total: IntArray) -> Layers:
        """Return how many right halves leave both origins an allowed number of people."""
        f_low, f_high, s_low, s_high = self.limits(origin_sum, count, total)
        if min(self.caps) < self.people:
            return rectangle(sums, f_low, f_high, s_low, s_high)
        # Neither origin can hold more people than there are.
        rows, columns = sums[0].shape
        at, where = within(f_high, rows - 1), within(s_low, columns - 1)
        return reduced([layer[at, -1] - layer[at, where] for layer in sums])

    def limits(
        self, origin_sum: int | IntArray, count: IntArray, total: IntArray
    ) -> tuple[IntArray, IntArray, IntArray, IntArray]:
        """Return the ends (low end included, high end not) of count + sum and of the sum of a fitting right half."""
        high = origin_sum + total + 1
        low = count + total - (self.people - origin_sum)
        return high - 1 - self.caps[1], high, low, low + self.caps[0] + 1


class Windows:
    """Prefix sums of a table over windows of energies, the last few kept: neighbouring sums have the same windows.

    Parameters
    ----------
    grid, values
        The table of the right half.
    most : int
        How many windows to keep.
    """

    def __init__(self, grid: tables.Grid, values: Layers, most: int) -> None:
        self._grid, self._values, self._most = grid, values, max(most, 1)
        self._counts = np.maximum.accumulate(np.maximum(grid.high_count, 0)) + 1
        self._totals = np.maximum.accumulate(np.maximum(grid.high_sum, 0)) + 1
        self._windows = [np.zeros((self._counts[-1], self._totals[-1]), dtype=np.int64) for _ in values]
        self._held = range(0)
        self._kept: dict[tuple[int, int], Layers] = {}

    def prefix(self, low: int, high: int) -> Layers:
        """Return the prefix sums over the energies from `low` to `high`."""
        if (low, high) not in self._kept:
            self._slide(range(low, high + 1))
            if len(self._kept) == self._most:
                del self._kept[next(iter(self._kept))]
            counts, totals = self._counts[high], self._totals[high]
            self._kept[low, high] = tuple(prefix_sums(window[:counts, :totals]) for window in self._windows)
        return self._kept[low, high]

    def _slide(self, asked: range) -> None:
        for at in self._held:
            if at not in asked:
                self._put(at, -1)
        for at in asked:
            if at not in self._held:
                self._put(at, 1)
        self._held = asked

    def _put(self, at: int, sign: int) -> None:
        c, s = self._grid.plain[at][0], self._grid.plain[at][2]
        for window, values in zip(self._windows, self._values, strict=True):
            block = tables.block(self._grid, values, at)
            place = window[c : c + block.shape[0], s : s + block.shape[1]]
            if sign > 0:
                place += block
            else:
                place -= block


def prefix_sums(window: IntArray) -> IntArray:
    """Return the sums over everything below, by count + sum and by sum, of an array by count and sum.

    Entry [f, s] adds all cells with count + sum < f and sum < s.
    """
    counts, sums = window.shape
    result = np.zeros((counts + sums, sums + 1), dtype=np.int64)
    width = result.strides[1]
    # Cell (count, sum) lands at [count + sum + 1, sum + 1]: a skewed view of the result.
    skewed: IntArray = np.ndarray(
        window.shape, np.int64, result, result.strides[0] + width, (result.strides[0], result.strides[0] + width)
    )
    skewed[...] = window
    np.cumsum(result, axis=0, out=result)
    np.cumsum(result, axis=1, out=result)
    return result


def within(index: IntArray, last: int) -> IntArray:
    """Return an index cut to the range from 0 to `last`; quicker on short arrays than `numpy.clip`."""
    return np.minimum(np.maximum(index, 0), last)


def energy_prefix(halves: Halves, energy: int) -> Layers:
    """Return the prefix sums of the right half at one energy."""
    grid = halves.right_grid
    low_count, _, low_sum, _, _ = grid.plain[energy]
    found = []
    for values in halves.right_values:
        block = tables.block(grid, values, energy)
        window = np.zeros((low_count + block.shape[0], low_sum + block.shape[1]), dtype=np.int64)
        window[low_count:, low_sum:] = block
        found.append(prefix_sums(window) if block.size else np.zeros((2, 2), dtype=np.int64))
    return tuple(found)


def rectangle(sums: Layers, f_low: IntArray, f_high: IntArray, s_low: IntArray, s_high: IntArray) -> Layers:
    """Return the sum over f_low <= count + sum < f_high and s_low <= sum < s_high, from prefix sums."""
    rows, columns = sums[0].shape
    a, b = within(f_low, rows - 1), within(f_high, rows - 1)
    c, d = within(s_low, columns - 1), within(s_high, columns - 1)
    return reduced([(layer[b, d] - layer[a, d]) - (layer[b, c] - layer[a, c]) for layer in sums])


def reduced(layers: list[IntArray]) -> Layers:
    """Return numbers whose second layer may lie outside of what division by the prime leaves."""
    if len(layers) > 1:
        layers[1] = layers[1] % numbers.PRIME
    return tuple(layers)


def count_blocks(halves: Halves) -> list[tuple[int, int, int]]:
    """Return (target, energy of the left half, samples) for everything that is not empty."""
    return sorted(
        (index, ways.energy, numbers.dot(ways.lefts, ways.rights)) for index, ways in halves.sweep_all(halves.wanted)
    )
