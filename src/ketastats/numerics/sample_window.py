"""Sums over rectangles of a table and over windows of energies that move down, for many rectangles at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from . import sample_numbers as numbers
from . import sample_tables as tables
from .sample_counts import Halves, Target, prefix_sums, reduced, within

IntArray = NDArray[np.int64]
#: Ends of count + sum and of the sum, the low ones included, the high ones not.
Limits = tuple[IntArray, IntArray, IntArray, IntArray]
# Windows that together take no more cells than this are always held at once.
_SMALL = 1_000_000


class Cumulated:
    """Prefix sums of the right half, added up from the farthest energy of a window to each nearer one.

    Parameters
    ----------
    halves : Halves
        The two halves, built.
    wanted : sequence of Target
        The window reaches from the first to the last energy that any of them leaves to the right half.
    """

    def __init__(self, halves: Halves, wanted: Sequence[Target]) -> None:
        self._grid, self._values = halves.right_grid, halves.right_values
        self._ends = min(target.first for target in wanted), max(target.last for target in wanted)
        slots, counts, totals = _shape(halves, wanted)
        self._window = np.zeros((counts, totals), dtype=np.int64)
        self._sums = [np.zeros((slots, counts + totals, totals + 1), dtype=np.int64) for _ in self._values]
        self._slots, self._rows, self._columns = self._sums[0].shape
        # Sums are held for these energies and the one above them.
        self._held, self._started = range(0), False

    @staticmethod
    def fits(halves: Halves, wanted: Sequence[Target]) -> bool:
        """Return whether the window takes no more memory than half of the tables."""
        slots, counts, totals = _shape(halves, wanted)
        return halves.layers * slots * (counts + totals) * (totals + 1) <= max(halves.cells // 2, _SMALL)

    def reach(self, energy: int) -> None:
        """Make the window hold what left halves of one energy leave to the right half; these must not go down."""
        low, high = max(self._ends[0] - energy, 0), min(self._ends[1] - energy, self._grid.top)
        if self._held.start > high + 1 or not self._started:
            self._held, self._started = range(high + 1, high + 1), True
            for sums in self._sums:
                sums[(high + 1) % self._slots] = 0
        for at in range(self._held.start - 1, low - 1, -1):
            self._add(at)
        self._held = range(min(low, self._held.start), self._held.stop)

    def _add(self, at: int) -> None:
        low_count, _, low_sum, _, _ = self._grid.plain[at]
        for sums, values in zip(self._sums, self._values, strict=True):
            block = tables.block(self._grid, values, at)
            place = self._window[low_count : low_count + block.shape[0], low_sum : low_sum + block.shape[1]]
            place[...] = block
            np.add(sums[(at + 1) % self._slots], prefix_sums(self._window), out=sums[at % self._slots])
            place[...] = 0

    def cut(self, limits: Limits) -> Limits:
        """Return limits cut to the table."""
        rows, columns = self._rows - 1, self._columns - 1
        return (
            within(limits[0], rows),
            within(limits[1], rows),
            within(limits[2], columns),
            within(limits[3], columns),
        )

    def ways(self, low: IntArray, high: IntArray, limits: Limits) -> NDArray[Any]:
        """Return how many multisets with energies from `low` to `high` lie within limits."""
        f_low, f_high, s_low, s_high = self.cut(limits)
        lower, upper = f_low * self._columns, f_high * self._columns
        size = self._rows * self._columns
        near, far = low % self._slots * size, (high + 1) % self._slots * size
        found = []
        for sums in self._sums:
            flat = sums.reshape(-1)
            parts = [
                (flat[at + upper + s_high] - flat[at + lower + s_high])
                - (flat[at + upper + s_low] - flat[at + lower + s_low])
                for at in (near, far)
            ]
            found.append(parts[0] - parts[1])
        return numbers.whole(reduced(found))


def _shape(halves: Halves, wanted: Sequence[Target]) -> tuple[int, int, int]:
    """Return how many energies a window has, and how many counts and sums the table has below its top."""
    first, last = min(target.first for target in wanted), max(target.last for target in wanted)
    grid = halves.right_grid
    top = min(last, grid.top) + 1
    counts, totals = int(grid.high_count[:top].max()), int(grid.high_sum[:top].max())
    return last - first + 2, max(counts, 0) + 1, max(totals, 0) + 1
