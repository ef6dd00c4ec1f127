"""How many multisets of a few whole numbers have each count, sum and energy: the half of a scale beyond one value.

A part `x` stands for one person who is `x` steps away from an origin; it adds 1 to the count, `x` to the sum and
``x (x + 1) / 2`` to the energy. Energies are small where most samples lie, and every parity holds a cell. The cells of
one energy form a rectangle of counts and sums, cut to what Cauchy's inequality and the chord between the smallest and
the largest part allow, and lie one after the other in a flat array.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .sample_numbers import Layers, moduli

IntArray = NDArray[np.int64]
#: Distance from the origin, and how often it may occur.
Part = tuple[int, int]


class Grid(NamedTuple):
    """Where the cells of a table lie, by energy: ends of the counts and of the sums, and where the rectangle starts.

    `plain` holds the same five numbers of each energy as Python's, which single look-ups read faster.
    """

    low_count: IntArray
    high_count: IntArray
    low_sum: IntArray
    high_sum: IntArray
    start: IntArray
    plain: list[tuple[int, int, int, int, int]]

    @property
    def top(self) -> int:
        """The largest energy."""
        return self.low_count.size - 1

    @property
    def cells(self) -> int:
        """How many cells there are."""
        return int(self.start[-1])


def energy(x: int) -> int:
    """Return what one part adds to the energy."""
    return x * (x + 1) // 2


def useful(parts: Sequence[Part], people: int, top: int) -> tuple[Part, ...]:
    """Return the parts that can occur at all, the nearest first; `people` stands for no bound of their own."""
    found = []
    for x, cap in sorted(parts):
        most = min(people, top // energy(x))
        if min(most, cap) > 0:
            found.append((x, people if cap >= most else cap))
    return tuple(found)


def largest_sums(parts: Sequence[Part], people: int, top: int) -> IntArray:
    """Return, for each energy, the largest sum that Cauchy's inequality and the nearest part leave.

    From sum^2 <= count * (2 energy - sum) with at most `people` parts, and energy >= sum (nearest + 1) / 2.
    """
    if not parts:
        return np.zeros(top + 1, dtype=np.int64)
    nearest = parts[0][0]
    energies = np.arange(top + 1)
    roots = (whole_root(people * (people + 8 * energies)) - people) // 2
    return np.minimum(roots, 2 * energies // (nearest + 1))


def whole_root(squares: IntArray) -> IntArray:
    """Return the whole part of square roots of numbers below 2**62."""
    roots = np.sqrt(squares.astype(np.float64)).astype(np.int64)
    roots -= roots * roots > squares
    return np.asarray(roots + ((roots + 1) ** 2 <= squares))


def grid(parts: Sequence[Part], people: int, reach: IntArray) -> Grid:
    """Return the cells of a table.

    Parameters
    ----------
    parts : sequence of pairs
        Parts as `useful` returns them.
    people : int
        Largest count.
    reach : ndarray of int64, shape (top + 1,)
        Largest sum of count and sum that matters, by energy; must not grow with the energy.

    Returns
    -------
    Grid
        A rectangle for each energy, maybe empty.
    """
    energies = np.arange(reach.size)
    if not parts:
        zero, none = np.zeros_like(energies), np.where(energies == 0, 0, -1)
        return _grid(zero, none, zero, none, np.minimum(np.arange(reach.size + 1), 1))
    near, far = parts[0][0], parts[-1][0]
    low_sum = -(-2 * energies // (far + 1))
    high_sum = np.minimum(largest_sums(parts, people, reach.size - 1), reach - 1)
    high_sum[0] = 0
    squares = np.maximum(2 * energies - low_sum, 1)
    low_count = np.maximum(-(-low_sum // far), -(-(low_sum**2) // squares))
    # (x - near)(far - x) >= 0, summed over the parts.
    chord = ((near + far + 1) * high_sum - 2 * energies) // (near * far)
    high_count = np.minimum.reduce([np.full_like(energies, people), high_sum // near, chord, reach - low_sum])
    sizes = np.maximum(high_count - low_count + 1, 0) * np.maximum(high_sum - low_sum + 1, 0)
    start = np.concatenate([[0], np.cumsum(sizes)])
    return _grid(low_count, high_count, low_sum, high_sum, start)


def _grid(*columns: IntArray) -> Grid:
    low_count, high_count, low_sum, high_sum, start = columns
    plain = list(
        zip(*(column.tolist() for column in (low_count, high_count, low_sum, high_sum, start[:-1])), strict=True)
    )
    return Grid(low_count, high_count, low_sum, high_sum, start, plain)


def block(cells: Grid, values: IntArray, at: int) -> IntArray:
    """Return the rectangle of one energy, counts by sums, as a view; empty where there is none."""
    low_count, high_count, low_sum, high_sum, start = cells.plain[at]
    rows, columns = max(high_count - low_count + 1, 0), max(high_sum - low_sum + 1, 0)
    return values[start : start + rows * columns].reshape(rows, columns)


def build(cells: Grid, parts: Sequence[Part], people: int, *, modulus: int = 0) -> IntArray:
    """Return the number of multisets in each cell; with a modulus, what division by it leaves."""
    values = np.zeros(cells.cells, dtype=np.int64)
    values[:1] = 1
    for part in parts:
        add(cells, values, part, people, last=people * energy(part[0]), modulus=modulus)
    return values


def add(cells: Grid, values: IntArray, part: Part, people: int, *, last: int | None = None, modulus: int = 0) -> None:
    """Let one more part occur: multiply by (1 - X^(cap + 1)) / (1 - X), in place; nothing lies beyond energy `last`."""
    x, cap = part
    top = cells.top if last is None else min(cells.top, last)
    for at in range(energy(x), top + 1):
        into, source = overlap(cells, values, values, at, x, 1)
        into += source
        if modulus:
            into %= modulus
    if cap < people:
        for at in range(top, (cap + 1) * energy(x) - 1, -1):
            into, source = overlap(cells, values, values, at, x, cap + 1)
            into -= source
            if modulus:
                into %= modulus


def remove(
    cells: Grid, values: IntArray, part: Part, people: int, *, last: int | None = None, modulus: int = 0
) -> None:
    """Undo `add`, in place."""
    x, cap = part
    top = cells.top if last is None else min(cells.top, last)
    if cap < people:
        for at in range((cap + 1) * energy(x), top + 1):
            into, source = overlap(cells, values, values, at, x, cap + 1)
            into += source
            if modulus:
                into %= modulus
    for at in range(top, energy(x) - 1, -1):
        into, source = overlap(cells, values, values, at, x, 1)
        into -= source
        if modulus:
            into %= modulus


def draw_in(cells: Grid, weights: IntArray, part: Part, people: int, *, modulus: int = 0) -> None:
    """Add to each cell, in place, the weights of the cells that more of one part lead to: `add` turned round.

    After this the weight of a multiset without the part is the sum of the weights of the same with 0, 1, 2, ... of it.
    """
    x, cap = part
    if cap < people:
        for at in range((cap + 1) * energy(x), cells.top + 1):
            into, source = overlap(cells, weights, weights, at, x, cap + 1)
            source -= into
    for at in range(cells.top, energy(x) - 1, -1):
        into, source = overlap(cells, weights, weights, at, x, 1)
        source += into
        if modulus:
            source %= modulus


def stages(cells: Grid, tables: Layers, parts: Sequence[Part], people: int) -> Iterator[tuple[Part, Layers]]:
    """Take the parts out again, the last first; give each part with the table without it (arrays that are reused)."""
    without = tuple(values.copy() for values in tables)
    for part in reversed(parts):
        for values, modulus in zip(without, moduli(len(tables)), strict=True):
            remove(cells, values, part, people, last=people * energy(part[0]), modulus=modulus)
        yield part, without


def overlap(
    cells: Grid, values: IntArray, origin_values: IntArray, at: int, x: int, times: int
) -> tuple[IntArray, IntArray]:
    """Return the cells of one energy that `times` more parts `x` can reach, and those that they come from."""
    origin = at - times * energy(x)
    first_c, last_c, first_s, last_s, _ = cells.plain[at]
    source_c, source_end_c, source_s, source_end_s, _ = cells.plain[origin]
    shift = times * x
    low_c, high_c = max(first_c, source_c + times), min(last_c, source_end_c + times)
    low_s, high_s = max(first_s, source_s + shift), min(last_s, source_end_s + shift)
    if high_c < low_c or high_s < low_s:
        return values[:0], values[:0]
    into = block(cells, values, at)[low_c - first_c : high_c - first_c + 1, low_s - first_s : high_s - first_s + 1]
    d, u = low_c - times - source_c, low_s - shift - source_s
    source = block(cells, origin_values, origin)[d : d + high_c - low_c + 1, u : u + high_s - low_s + 1]
    return into, source


def look_up(cells: Grid, tables: Layers, at: IntArray, count: IntArray, total: IntArray) -> Layers:
    """Return the values of cells by energy, count and sum; 0 where there is no cell."""
    inside = (at >= 0) & (at <= cells.top)
    at = np.where(inside, at, 0)
    low_c, low_s = cells.low_count[at], cells.low_sum[at]
    high_c, high_s = cells.high_count[at], cells.high_sum[at]
    inside &= (count >= low_c) & (count <= high_c) & (total >= low_s) & (total <= high_s)
    where = cells.start[at] + (count - low_c) * (high_s - low_s + 1) + (total - low_s)
    return tuple(np.where(inside, values[np.where(inside, where, 0)], 0) for values in tables)


def largest_ways(parts: Sequence[Part], people: int, top: int) -> float:
    """Return an upper bound of the sum of all cells of one energy: multisets of any count, bounds of parts left out."""
    ways = np.zeros((people + 1, top + 1))
    ways[0, 0] = 1.0
    for x, _ in parts:
        step = energy(x)
        for count in range(1, people + 1):
            ways[count, step:] += ways[count - 1, : top + 1 - step]
    return float(ways.sum(axis=0).max())
