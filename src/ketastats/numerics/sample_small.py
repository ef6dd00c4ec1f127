"""How many samples there are when all tables are small: in a few passes over whole arrays, without a list of blocks."""

from __future__ import annotations

from collections.abc import Sequence
from math import comb

import numpy as np
from numpy.typing import NDArray

from . import sample_numbers as numbers
from . import sample_tables as tables
from .sample_counts import Halves, Target, within

IntArray = NDArray[np.int64]
# Beyond so many cells of a box the tables that are cut to what is possible are quicker.
_MOST = 100_000


def is_small(halves: Halves) -> bool:
    """Return whether `count` may be asked."""
    most = max(len(halves.left), len(halves.right))
    sizes = [_shape(halves, parts) for parts in (halves.left, halves.right)]
    # Sums over all energies must stay exact.
    return all(e * (c + s) * s <= _MOST for e, c, s in sizes) and comb(halves.people + most, most) < numbers.NARROW


def count(halves: Halves) -> int:
    """Return the number of samples, exactly; `halves` need not be built."""
    left, right = (_box(halves, parts) for parts in (halves.left, halves.right))
    sums = _prefix(right)
    cells = np.nonzero(left)
    lefts = left[cells]
    return sum(numbers.exact_dot(lefts, _rights(halves, target, sums, *cells)) for target in halves.wanted)


def _shape(halves: Halves, parts: Sequence[tables.Part]) -> tuple[int, int, int]:
    """Return how many energies, counts and sums a half can have."""
    top = halves.left_grid.top
    sums = int(tables.largest_sums(parts, halves.people, top).max())
    return top + 1, min(halves.people, sums // parts[0][0] if parts else 0) + 1, sums + 1


def _box(halves: Halves, parts: Sequence[tables.Part]) -> IntArray:
    """Return how many multisets have each energy, count and sum."""
    box = np.zeros(_shape(halves, parts), dtype=np.int64)
    box[0, 0, 0] = 1
    for x, cap in parts:
        step = tables.energy(x)
        # As many energies at a time as do not depend on each other.
        for at in range(step, len(box), step):
            into = box[at : at + step, 1:, x:]
            into += box[at - step : at, :-1, :-x][: len(into)]
        if cap < halves.people:
            for at in range(len(box) - 1, (cap + 1) * step - 1, -1):
                box[at, cap + 1 :, (cap + 1) * x :] -= box[at - (cap + 1) * step, : -cap - 1, : -(cap + 1) * x]
    return box


def _prefix(box: IntArray) -> IntArray:
    """Return the sums over everything below, by energy, count + sum, and sum."""
    energies, counts, sums = box.shape
    result = np.zeros((energies + 1, counts + sums, sums + 1), dtype=np.int64)
    for total in range(sums):
        result[1:, total + 1 : total + counts + 1, total + 1] = box[:, :, total]
    for axis in range(3):
        np.cumsum(result, axis=axis, out=result)
    return result


def _rights(
    halves: Halves, target: Target, sums: IntArray, energy: IntArray, people: IntArray, total: IntArray
) -> IntArray:
    """Return how many right halves fit each left half."""
    limits = halves.limits(target.total, people, total)
    ends = [within(limit, sums.shape[1 + at // 2] - 1) for at, limit in enumerate(limits)]
    f_low, f_high, s_low, s_high = ends
    found = np.zeros_like(energy)
    for sign, edge in ((1, target.last - energy + 1), (-1, target.first - energy)):
        at = within(edge, sums.shape[0] - 1)
        found += sign * (
            (sums[at, f_high, s_high] - sums[at, f_low, s_high]) - (sums[at, f_high, s_low] - sums[at, f_low, s_low])
        )
    return found
