"""One sample of whole numbers with a given sum and energy: an equal one spread, else what can be reached."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from .sample_counts import Target
from .sample_reach import Reach, Step, energy, extend, sum_range

IntArray = NDArray[np.int64]


def work(steps: Sequence[Step], people: int, wanted: Sequence[Target]) -> int:
    """Return about how many machine words the search goes through when spreading finds nothing."""
    top = max((target.last for target in wanted), default=0)
    low, high = sum_range(steps, people, top)
    return len(steps) * (people + 1) * (high - low + 1) * (top // 64 + 1)


def spread(steps: Sequence[Step], people: int, wanted: Sequence[Target]) -> IntArray | None:
    """Return how often each value occurs in one sample, if moving people apart finds one at once.

    Parameters
    ----------
    steps : sequence of pairs
        Neighbouring values of a scale in ascending order, from the lower origin, and how often each may occur.
    people : int
        Size of the sample.
    wanted : sequence of Target
        Admissible sums and energies.

    Returns
    -------
    ndarray of int64, shape (values,), or None
        A sample with one of the targets; None says nothing.
    """
    if all(cap >= people for _, cap in steps):
        for target in wanted:
            found = _spread([step for step, _ in steps], people, target)
            if found is not None:
                return found
    return None


def _spread(values: Sequence[int], people: int, target: Target) -> IntArray | None:
    """Move pairs of people apart, from the most equal sample, by the widest move that does not go too far."""
    if people == 0 and target.total != 0:
        return None
    equal, more = divmod(target.total - people * values[0], people) if people else (0, 0)
    if not 0 <= equal < len(values) or (more and equal + 1 >= len(values)):
        return None
    counts = np.zeros(len(values), dtype=np.int64)
    counts[equal] = people - more
    if more:
        counts[equal + 1] = more
    places = np.arange(len(values))
    # Moving one person from u down and one from w >= u up by a step each adds w - u + 1 to the energy.
    gains = places[None, :] - places[:, None] + 1
    left = target.last - int(counts @ np.array([energy(value) for value in values]))
    room = target.last - target.first
    while left > room:
        movable = (counts[:, None] > 0) & (counts[None, :] > 0) & (gains > 0) & (gains <= left)
        movable &= (gains > 1) | (counts[:, None] > 1)
        movable[0, :] = movable[:, -1] = False
        if not movable.any():
            return None
        down, up = np.unravel_index(int(np.argmax(np.where(movable, gains, 0))), gains.shape)
        gain = int(gains[down, up])
        pairs = int(counts[down]) // 2 if down == up else int(min(counts[down], counts[up]))
        pairs = min(pairs, left // gain)
        # One place after the other: both people may stand at the same value.
        for place, change in ((down, -pairs), (down - 1, pairs), (up, -pairs), (up + 1, pairs)):
            counts[place] += change
        left -= gain * pairs
    return counts if left >= 0 else None


def trace(steps: Sequence[Step], people: int, wanted: Sequence[Target]) -> IntArray | None:
    """Return how often each value occurs in one sample, or None when there is none.

    Arguments as in `spread`. All that can be reached is worked out, and the sample read back, the last value first.
    """
    top = max((target.last for target in wanted), default=0)
    mask = (1 << (top + 1)) - 1
    table: Reach = [{0: 1}, *({} for _ in range(people))]
    tables = [[dict(row) for row in table]]
    for step, cap in steps:
        if cap > 0 and energy(step) <= top:
            extend(table, step, cap, mask)
        tables.append([dict(row) for row in table])
    for target in wanted:
        bits = table[people].get(target.total, 0) >> target.first
        bits &= (2 << (target.last - target.first)) - 1
        if bits:
            lowest = (bits & -bits).bit_length() - 1
            return _back(steps, tables, people, target.total, target.first + lowest)
    return None


def _back(steps: Sequence[Step], tables: Sequence[Reach], people: int, total: int, left: int) -> IntArray:
    counts = np.zeros(len(steps), dtype=np.int64)
    for at in range(len(steps) - 1, -1, -1):
        step, before = steps[at][0], tables[at]
        while not (before[people].get(total, 0) >> left) & 1:
            counts[at] += 1
            people, total, left = people - 1, total - step, left - energy(step)
    return counts
