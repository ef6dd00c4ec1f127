"""Which sums and energies samples can have at all, and how many people can be in a part of the scale.

Here a table says only whether a cell is possible: for each count and sum a whole number whose bits are the energies.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .sample_counts import Target

IntArray = NDArray[np.int64]
#: Value counted from the lower origin, and how often it may occur at most.
Step = tuple[int, int]
# Stands for no sample in tables of 32 bits; sums of cubes are less than half of it.
_NONE = 1 << 30
# The same in results.
_NOWHERE = 1 << 60
# Tables of more bits are not kept for the next question.
_MOST_KEPT = 1 << 32
#: For each count, the energies (as bits) by sum.
Reach = list[dict[int, int]]


def energy(step: int) -> int:
    """Return the energy of a value by its distance from the lower origin: 0 for it and the next."""
    return step * (step - 1) // 2


def reach(steps: Iterable[Step], people: int, top: int, *, turned: bool = False) -> Reach:
    """Return the sums and energies (at most `top`) that so many people can have, for 0 to `people` of them.

    When `turned`, bit ``top - e`` stands for energy e, so that energies beyond `top` fall off by themselves.
    """
    table: Reach = [{0: 1 << top if turned else 1}, *({} for _ in range(people))]
    for step, cap in steps:
        if cap > 0 and energy(step) <= top:
            extend(table, step, cap, None if turned else (1 << (top + 1)) - 1)
    return table


def extend(table: Reach, step: int, cap: int, mask: int | None) -> None:
    """Let one more value occur, up to `cap` times, in place; without a mask the energies are turned round."""
    people = len(table) - 1
    if cap >= people:
        for count in range(1, people + 1):
            _join(table[count], table[count - 1], step, 1, mask)
        return
    for count in range(people, 0, -1):
        for times in range(1, min(cap, count) + 1):
            _join(table[count], table[count - times], step, times, mask)


def _join(into: dict[int, int], source: dict[int, int], step: int, times: int, mask: int | None) -> None:
    """Add what comes from the source by so many more people with one value."""
    move, shift = times * energy(step), times * step
    for total, bits in source.items():
        moved = bits >> move if mask is None else (bits << move) & mask
        if moved:
            into[total + shift] = into.get(total + shift, 0) | moved


def possible_counts(inside: Sequence[Step], outside: Sequence[Step], people: int, wanted: Sequence[Target]) -> IntArray:
    """Return every number of people whose value can be one of `inside`, in ascending order.

    Parameters
    ----------
    inside, outside : sequence of pairs
        The values of the scale, from the lower origin, and how often each may occur.
    people : int
        Size of the samples.
    wanted : sequence of Target
        Admissible sums and energies.

    Returns
    -------
    ndarray of int64
        Empty when no sample has such a sum and energy.
    """
    parts = _parts(tuple(inside), tuple(outside), people)
    parts.fill(max((target.last for target in wanted), default=0))
    found = np.zeros(people + 1, dtype=bool)
    for target in wanted:
        least = parts.least(target.total)
        for count in np.flatnonzero(~found & (least.min(axis=1, initial=_NOWHERE) <= target.last)).tolist():
            totals = parts.base(target.total) + np.flatnonzero(least[count] <= target.last)
            found[count] = any(parts.meet(count, total, target) for total in totals.tolist())
    if parts.bits > _MOST_KEPT:
        _parts.cache_clear()
    return np.flatnonzero(found)


class _Parts:
    """What people inside and outside a part of the scale can have, up to some energy."""

    def __init__(self, inside: Sequence[Step], outside: Sequence[Step], people: int) -> None:
        self._steps, self._people = (inside, outside), people
        self._top = -1

    def fill(self, top: int) -> None:
        """Let energies go up to `top` at least."""
        if top <= self._top:
            return
        self._top = top
        self._inside = reach(self._steps[0], self._people, top)
        self._outside = reach(self._steps[1], self._people, top, turned=True)
        totals = {total for table in (self._inside, self._outside) for row in table for total in row}
        self._low = min(totals)
        shape = (self._people + 1, max(totals) - self._low + 1)
        self._least = np.full((2, *shape), _NOWHERE, dtype=np.int64)
        for count, (row, other) in enumerate(zip(self._inside, reversed(self._outside), strict=True)):
            self._least[0, count, [total - self._low for total in row]] = [
                (bits & -bits).bit_length() - 1 for bits in row.values()
            ]
            self._least[1, count, [total - self._low for total in other]] = [
                top + 1 - bits.bit_length() for bits in other.values()
            ]

    @property
    def bits(self) -> int:
        """About how many bits the tables hold, at most."""
        return self._least.size * (self._top + 1)

    def base(self, total: int) -> int:
        """Return the sum of those inside to which the first column of `least` belongs."""
        return max(self._low, total - self._low - self._least.shape[2] + 1)

    def least(self, total: int) -> IntArray:
        """Return for each number of people inside and each sum of theirs the least that both parts' energies make."""
        first = self.base(total) - self._low
        last = min(self._least.shape[2] - 1, total - 2 * self._low)
        # Column j of the others belongs to the sum that makes the total with that of column last - j of these.
        start = total - 2 * self._low - last
        width = max(last - first + 1, 0)
        others = self._least[1, :, start : start + width] if width else self._least[1, :, :0]
        return np.asarray(self._least[0, :, first : first + width] + others[:, ::-1], dtype=np.int64)

    def meet(self, count: int, total: int, target: Target) -> bool:
        """Return whether energies of both parts add up to the target, where `count` people inside have this sum."""
        bits = self._inside[count][total] & ((2 << target.last) - 1)
        other = self._outside[self._people - count][target.total - total] >> (self._top - target.last)
        # Bit e of the one and bit last - e' of the other are both set when e + e' is an energy asked for.
        return _smeared(bits, target.last - target.first + 1) & other != 0


@lru_cache(maxsize=1)
def _parts(inside: tuple[Step, ...], outside: tuple[Step, ...], people: int) -> _Parts:
    """Return the tables of the last question: the next one often differs from it in the targets alone."""
    return _Parts(inside, outside, people)


def energies(steps: Sequence[Step], people: int, wanted: Sequence[Target]) -> list[list[int]]:
    """Return, for each target, the energies that samples can have, in ascending order; arguments as above."""
    table = reach(steps, people, max((target.last for target in wanted), default=0))
    found = []
    for target in wanted:
        bits = table[people].get(target.total, 0)
        found.append([at for at in range(target.first, target.last + 1) if bits >> at & 1])
    return found


def _smeared(bits: int, width: int) -> int:
    """Return the bits with each set bit spread over `width` bits from its own on."""
    done = 1
    while done < width:
        step = min(done, width - done)
        bits |= bits << step
        done += step
    return bits


def attainable(steps: Iterable[Step], people: int, wanted: Sequence[Target], most: dict[int, int]) -> bool:
    """Return whether a sample exists in which the values up to each key of `most` hold at most so many people.

    Values in ascending order; the keys are steps from the lower origin.
    """
    top = max((target.last for target in wanted), default=0)
    mask = (1 << (top + 1)) - 1
    table: Reach = [{0: 1}, *({} for _ in range(people))]
    bounds = sorted(most.items())
    for step, cap in steps:
        while bounds and bounds[0][0] < step:
            _cut(table, bounds.pop(0)[1])
        if cap > 0 and energy(step) <= top:
            extend(table, step, cap, mask)
    for _, many in bounds:
        _cut(table, many)
    window = [(target.total, ((2 << (target.last - target.first)) - 1) << target.first) for target in wanted]
    return any(table[people].get(total, 0) & bits for total, bits in window)


def _cut(table: Reach, most: int) -> None:
    for row in table[most + 1 :]:
        row.clear()


def cube_cells(steps: Sequence[Step], people: int, wanted: Sequence[Target]) -> int:
    """Return how many whole numbers, of 32 bits where these hold them, `cube_range` keeps at a time."""
    top = max((target.last for target in wanted), default=0)
    low, high = sum_range(steps, people, top)
    wide = 1 if people * _largest_cube(steps) < _NONE // 2 else 2
    return wide * (people + 1) * (high - low + 1) * (top + 1)


def cube_range(steps: Sequence[Step], people: int, wanted: Sequence[Target]) -> list[IntArray]:
    """Return, for each energy of each target, the smallest and the largest sum of cubes of steps.

    Parameters
    ----------
    steps : sequence of pairs
        The values of the scale, from the lower origin, and how often each may occur.
    people : int
        Size of the samples.
    wanted : sequence of Target
        Admissible sums and the ends of their energies.

    Returns
    -------
    list of ndarray of int64, shape (energies, 3)
        For each target its energies and their smallest and largest sum of cubes; energies that no sample has are left
        out.
    """
    ends = [[sign * row for row in _least_cubes(steps, people, wanted, sign)] for sign in (1, -1)]
    found = []
    for target, least, most in zip(wanted, *ends, strict=True):
        energies = np.arange(target.first, target.last + 1)
        found.append(np.stack([energies, least, most], axis=1)[np.abs(least) < _NOWHERE])
    return found


def _least_cubes(steps: Sequence[Step], people: int, wanted: Sequence[Target], sign: int) -> list[IntArray]:
    """Return the least sum of signed cubes by energy, of samples with each target's sum."""
    top = max((target.last for target in wanted), default=0)
    low, high = sum_range(steps, people, top)
    kind: Any = np.int32 if people * _largest_cube(steps) < _NONE // 2 else np.int64
    none = _NONE if kind is np.int32 else 2 * _NOWHERE
    table = np.full((people + 1, high - low + 1, top + 1), none, dtype=kind)
    table[0, -low, 0] = 0
    for step, cap in steps:
        if cap <= 0 or energy(step) > top:
            continue
        if cap >= people:
            for count in range(1, people + 1):
                _lower(table[count], table[count - 1], step, 1, sign)
        else:
            for count in range(people, 0, -1):
                for times in range(1, min(cap, count) + 1):
                    _lower(table[count], table[count - times], step, times, sign)
    found = []
    for target in wanted:
        row = np.full(target.last + 1 - target.first, _NOWHERE, dtype=np.int64)
        if low <= target.total <= high:
            cells = table[people, target.total - low, target.first : target.last + 1]
            row[cells < none // 2] = cells[cells < none // 2]
        found.append(row)
    return found


def _largest_cube(steps: Sequence[Step]) -> int:
    return max((abs(step) ** 3 for step, _ in steps), default=0)


def sum_range(steps: Sequence[Step], people: int, top: int) -> tuple[int, int]:
    """Return the smallest and largest sum that Cauchy's inequality leaves any number of people at these energies."""
    ends = [step for step, cap in steps if cap > 0 and energy(step) <= top] or [0]
    # sum of (v - 1/2)^2 is 2 top + people / 4 at most.
    root = int(np.sqrt(people * (2 * top + people / 4.0))) + 1
    low = max(-root - 1, people * min(*ends, 0))
    return min(low, 0), max(min(root + people // 2 + 1, people * max(*ends, 0)), 0)


def _lower(into: IntArray, source: IntArray, step: int, times: int, sign: int) -> None:
    """Take the smaller of what a cell holds and what so many more people with one value make of another cell."""
    move, shift = times * energy(step), times * step
    rows, columns = into.shape
    if move >= columns or abs(shift) >= rows:
        return
    target = into[max(shift, 0) : rows + min(shift, 0), move:]
    origin = source[max(-shift, 0) : rows + min(-shift, 0), : columns - move]
    # What stands for no sample stays so large that it is never taken for one.
    np.minimum(target, origin + into.dtype.type(sign * times * step**3), out=target)
