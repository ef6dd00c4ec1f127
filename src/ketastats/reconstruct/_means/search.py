"""The ranges that printed numbers about two groups leave, over the ratio of their SDs as well."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from operator import attrgetter

import numpy as np
from numpy.typing import NDArray

from .faces import Body, Points

__all__ = ["Area", "Measure", "measure", "search"]

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.intp]
#: Something to find the range of: one value per corner.
Measure = Callable[[Points], FloatArray]

# Angles looked at before the best is refined; a curve bends at the faces, but seldom more often than this.
_ANGLES = 33
_GOLDEN = 0.5 * (np.sqrt(5.0) - 1.0)
# After so many steps a golden section has shrunk below the spacing of floats.
_STEPS = 48
_HALVINGS = 50
# Between angles so near to each other nothing changes that a float could show.
_NARROW = 1e-13
# Values so near to each other differ by their rounding errors only.
_FLAT = 1e-14
# Bodies handled at once, so that their corners stay within about 50 megabytes.
_BODIES = 2_000


@dataclass(frozen=True, slots=True)
class Area:
    """The group sizes that are left, each with the angles between which its body is not empty."""

    body: Body
    at: IntArray
    n1: FloatArray
    n2: FloatArray
    start: FloatArray
    stop: FloatArray

    def ranges(self, measures: Sequence[Measure]) -> tuple[FloatArray, FloatArray]:
        """Return the smallest and the largest value of each measure in each row, both of shape (measures, rows)."""
        grid = self._grid()
        low, high = self._extremes(measures, np.repeat(np.arange(self.at.size), grid.shape[1]), grid.ravel())
        # The largest value of a measure is one more value to make as large as can be, beside the negative of the least.
        ends = np.concatenate([-low, high]).reshape(2 * len(measures), *grid.shape)
        best = self._refined(measures, grid, ends)
        return -best[: len(measures)], best[len(measures) :]

    def smallest(self, measure: Measure) -> FloatArray:
        """Return the smallest value of a measure in each row."""
        grid = self._grid()
        low, _ = self._extremes([measure], np.repeat(np.arange(self.at.size), grid.shape[1]), grid.ravel())
        return np.asarray(-self._refined([measure], grid, -low.reshape(1, *grid.shape))[0])

    def _grid(self) -> FloatArray:
        """Return the angles to look at, shape (rows, angles)."""
        if not self.body.turns:
            return self.start[:, None]
        return self.start[:, None] + np.linspace(0.0, 1.0, _ANGLES) * (self.stop - self.start)[:, None]

    def _extremes(
        self, measures: Sequence[Measure], rows: IntArray, angle: FloatArray
    ) -> tuple[FloatArray, FloatArray]:
        """Return the smallest and the largest value of each measure over the corners; inf and -inf of empty bodies."""
        low, high = np.full((len(measures), rows.size), np.inf), np.full((len(measures), rows.size), -np.inf)
        for part in _slices(rows.size):
            points, _ = self.body.points(self.n1[rows[part]], self.n2[rows[part]], angle[part])
            for which, measure in enumerate(measures):
                values = measure(points)
                low[which, part] = np.where(np.isnan(values), np.inf, values).min(axis=1)
                high[which, part] = np.where(np.isnan(values), -np.inf, values).max(axis=1)
        return low, high

    def _refined(self, measures: Sequence[Measure], grid: FloatArray, values: FloatArray) -> FloatArray:
        """Return the largest value of each measure and its negative, by golden sections around the best angle."""
        best = values.max(axis=2)
        if grid.shape[1] == 1:
            return np.asarray(best)
        rows = np.arange(self.at.size)
        index = values.argmax(axis=2)
        left = grid[rows, np.maximum(index - 1, 0)]
        right = grid[rows, np.minimum(index + 1, _ANGLES - 1)]
        # Where three neighbours are as large as any the curve is flat: its limit was printed, and nothing is above it.
        with np.errstate(invalid="ignore"):
            top = values >= (best - _FLAT * np.abs(best))[..., None]
        wanted = ~(top[..., :-2] & top[..., 1:-1] & top[..., 2:]).any(axis=2)

        def value(angle: FloatArray) -> FloatArray:
            return self._each(measures, angle, wanted)

        inner = right - _GOLDEN * (right - left), left + _GOLDEN * (right - left)
        found = [value(angle) for angle in inner]
        one, two = inner
        for _ in range(_STEPS):
            best = np.maximum(best, np.maximum(*found))
            keep_left = found[0] >= found[1]
            left, right = np.where(keep_left, left, one), np.where(keep_left, two, right)
            new = np.where(keep_left, right - _GOLDEN * (right - left), left + _GOLDEN * (right - left))
            fresh = value(new)
            one, two = np.where(keep_left, new, two), np.where(keep_left, one, new)
            found = [np.where(keep_left, fresh, found[1]), np.where(keep_left, found[0], fresh)]
            if np.all(right - left <= _NARROW):
                break
        return np.asarray(np.maximum(best, np.maximum(*found)))

    def _each(self, measures: Sequence[Measure], angle: FloatArray, wanted: NDArray[np.bool_]) -> FloatArray:
        """Return the negative smallest values, then the largest, each measure and row at its own angle.

        Where they are not wanted they are minus infinity.
        """
        out = np.full(angle.size, -np.inf)
        which, row = np.nonzero(wanted)
        place, flat = np.flatnonzero(wanted), angle[wanted]
        for part in _slices(flat.size):
            points, _ = self.body.points(self.n1[row[part]], self.n2[row[part]], flat[part])
            for kind in np.unique(which[part]):
                own = np.nonzero(which[part] == kind)[0]
                values = measures[kind % len(measures)](points.taken(own))
                sign = -1.0 if kind < len(measures) else 1.0
                out[place[part.start + own]] = np.where(np.isnan(values), -np.inf, sign * values).max(axis=1)
        return out.reshape(angle.shape)


def search(body: Body, n1: IntArray, n2: IntArray) -> Area:
    """Return the group sizes that the printed numbers leave."""
    first, second = n1.astype(np.float64), n2.astype(np.float64)
    every = np.nonzero(body.fits(first, second))[0]
    first, second = first[every], second[every]
    if not body.turns:
        angle = np.full(every.size, 0.25 * np.pi)
        fits = _slack(body, first, second, angle) >= 0
        return Area(body, every[fits], first[fits], second[fits], angle[fits], angle[fits])
    low, high = body.angles(first, second)
    some = low <= high
    at = every[some]
    first, second, low, high = (x[some] for x in (first, second, low, high))
    start, stop, found = _extent(body, first, second, low, high)
    return Area(body, at[found], first[found], second[found], start[found], stop[found])


def _extent(
    body: Body, n1: FloatArray, n2: FloatArray, low: FloatArray, high: FloatArray
) -> tuple[FloatArray, FloatArray, NDArray[np.bool_]]:
    """Return between which angles the body of each row is not empty, and whether there are any."""
    rows = np.arange(n1.size)
    grid = low[:, None] + np.linspace(0.0, 1.0, _ANGLES) * (high - low)[:, None]
    room = _slack(body, np.repeat(n1, _ANGLES), np.repeat(n2, _ANGLES), grid.ravel()).reshape(grid.shape)
    fits = room >= 0
    best = np.where(fits.any(axis=1), fits.argmax(axis=1), room.argmax(axis=1))
    last = np.where(fits.any(axis=1), _ANGLES - 1 - fits[:, ::-1].argmax(axis=1), best)
    before, after = grid[rows, np.maximum(best - 1, 0)], grid[rows, np.minimum(last + 1, _ANGLES - 1)]
    start, stop = grid[rows, best], grid[rows, last]
    # Between two angles that do not fit, a narrow body may still lie: look where it is nearest to fitting.
    lost = np.nonzero(~fits.any(axis=1))[0]
    if lost.size:
        start[lost] = stop[lost] = _nearest(body, n1[lost], n2[lost], before[lost], after[lost])
    found = _slack(body, n1, n2, start) >= 0
    kept = np.nonzero(found)[0]
    if kept.size:
        # Both ends at once.
        twice = np.concatenate([kept, kept])
        inside, outside = np.concatenate([start[kept], stop[kept]]), np.concatenate([before[kept], after[kept]])
        ends = _edge(body, n1[twice], n2[twice], inside, outside)
        start[kept], stop[kept] = ends[: kept.size], ends[kept.size :]
    return start, stop, found


def _nearest(body: Body, n1: FloatArray, n2: FloatArray, left: FloatArray, right: FloatArray) -> FloatArray:
    """Return an angle at which the body is not empty, or the one at which it is nearest to it."""
    best, best_room = left, np.full_like(left, -np.inf)
    people1, people2 = np.concatenate([n1, n1]), np.concatenate([n2, n2])
    for _ in range(_STEPS):
        one, two = right - _GOLDEN * (right - left), left + _GOLDEN * (right - left)
        room_one, room_two = np.split(_slack(body, people1, people2, np.concatenate([one, two])), 2)
        for angle, room in ((one, room_one), (two, room_two)):
            best, best_room = np.where(room > best_room, angle, best), np.maximum(room, best_room)
        if np.all(best_room >= 0):
            break
        better = room_one >= room_two
        left, right = np.where(better, left, one), np.where(better, two, right)
    return np.asarray(best)


def _edge(body: Body, n1: FloatArray, n2: FloatArray, inside: FloatArray, outside: FloatArray) -> FloatArray:
    """Return the last angle that fits on the way from one that does to one that may not."""
    reached = _slack(body, n1, n2, outside) >= 0
    inside = np.where(reached, outside, inside)
    for _ in range(_HALVINGS):
        if np.all(inside == outside):
            break
        middle = 0.5 * (inside + outside)
        fits = _slack(body, n1, n2, middle) >= 0
        inside, outside = np.where(fits, middle, inside), np.where(fits, outside, middle)
    return inside


def _slack(body: Body, n1: FloatArray, n2: FloatArray, angle: FloatArray) -> FloatArray:
    out = np.empty(angle.size)
    for part in _slices(angle.size):
        out[part] = body.points(n1[part], n2[part], angle[part])[1]
    return out


def _slices(size: int) -> list[slice]:
    return [slice(begin, begin + _BODIES) for begin in range(0, size, _BODIES)]


def measure(name: str) -> Measure:
    """Return the measure that the corners hold under a name."""
    return attrgetter(name)
