"""Which means and standard deviations do ordered values have of which some quantities are known? Sharp ends."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .least_spread import Nearest
from .most_spread import largest, mean_ends, means_reaching
from .order_chain import Chain, corners

__all__ = ["Moments", "moments"]

Array = NDArray[np.float64]

# A value that nothing bounds ends here, in units of what was printed; one near it is read as infinite.
_FAR, _ENDLESS = 2.0**30, 2.0**24
_HALVINGS = 60
# The weights of a quantile add up to one, those of a distance to nothing.
_LOCATED = 0.5


class Moments(NamedTuple):
    """Ends of the mean and of the standard deviation (divisor n - 1), each reached.

    `least` and `most` are values of the smallest and the largest spread with such means; where ends of the SD were
    asked for, values between them have both ends of `sd`.
    """

    mean: tuple[float, float]
    sd: tuple[float, float]
    least: Array
    most: Array

    def sample(self, sd: float) -> Array:
        """Return values with a given SD, on the straight way from the least to the most spread."""
        share, other = 0.0, 1.0
        for _ in range(_HALVINGS):
            middle = 0.5 * (share + other)
            values = (1.0 - middle) * self.least + middle * self.most
            share, other = (middle, other) if np.std(values, ddof=1) <= sd else (share, middle)
        return (1.0 - share) * self.least + share * self.most


def moments(body: Chain, mean: tuple[float, float], sd: tuple[float, float]) -> Moments | None:
    """Return the ranges of mean and SD of n >= 2 values, both also within ends of their own; None when none fit.

    The first and the last value are the first and the last knot of `body`; every knot is part of some quantity.
    """
    if not np.isfinite(mean).any() and not np.any(body.rows.sum(axis=1) > _LOCATED):
        # Distances alone say nothing of where the values are: one place is as good as another.
        found = moments(body, (0.0, 0.0), sd)
        return None if found is None else found._replace(mean=(-np.inf, np.inf))
    centre, unit = _units(body, mean, sd)
    near = body.moved(centre, unit)
    ends = tuple((end - centre) / unit for end in mean)
    spread = float(np.square(sd[0] / unit) * (body.n - 1.0)), float(np.square(sd[1] / unit) * (body.n - 1.0))
    near = _bounded(near, (ends[0], ends[1]), sd[1] / unit)
    points = corners(near)
    if points.shape[0] == 0:
        return None
    reach = mean_ends(near, points)
    low, high = max(reach[0], ends[0]), min(reach[1], ends[1])
    slack = 1e-12 * (1.0 + abs(low) + abs(high))
    if low > high + slack:
        return None
    low, high = min(low, high), max(low, high)
    nearest = Nearest(near)
    low, high = nearest.means_within(spread[1] * (1.0 + 1e-12) + 1e-300, *_open(low, high))
    low, high = max(low, reach[0], ends[0]), min(high, reach[1], ends[1])
    if low > high + slack:
        return None
    return _ends(near, points, nearest, (low, max(low, high)), spread, centre, unit)


def _ends(
    body: Chain,
    points: Array,
    nearest: Nearest,
    mean: tuple[float, float],
    spread: tuple[float, float],
    centre: float,
    unit: float,
) -> Moments | None:
    if spread[0] > 0:
        mean = means_reaching(body, points, spread[0] * (1.0 - 1e-12), *mean)
    if mean[0] > mean[1]:
        return None
    least, values = nearest.least(*_open(*mean))
    most = largest(body, points, *mean)
    if most is None or not np.isfinite(least):
        return None
    low = np.sqrt(max(least, spread[0]) / (body.n - 1.0))
    high = np.sqrt(min(most.squares, spread[1]) / (body.n - 1.0))
    means = [np.copysign(np.inf, end) if abs(end) >= _ENDLESS else end * unit + centre for end in mean]
    sds = [np.inf if end >= _ENDLESS else end * unit for end in (low, high)]
    return Moments(
        (float(means[0]), float(means[1])),
        (float(sds[0]), float(max(sds))),
        nearest.expanded(values) * unit + centre,
        most.values * unit + centre,
    )


def _units(body: Chain, mean: tuple[float, float], sd: tuple[float, float]) -> tuple[float, float]:
    """Return a value near the middle of what was printed, and a size of its distances from there."""
    level = body.rows.sum(axis=1)
    known = [end for end in (*body.low[level > _LOCATED], *body.high[level > _LOCATED], *mean) if np.isfinite(end)]
    centre = 0.5 * (min(known) + max(known)) if known else 0.0
    widths = [end for end in (*body.high[level <= _LOCATED], sd[1], sd[0]) if np.isfinite(end)]
    return centre, max([0.0, *(end - centre for end in known), *widths]) or 1.0


def _bounded(body: Chain, mean: tuple[float, float], sd: float) -> Chain:
    """Return the chain with the limits that mean and SD imply, or far ones, so that its body has corners."""
    n, level = body.n, body.rows.sum(axis=1)
    low, high = body.low.copy(), body.high.copy()
    first, last = np.zeros(body.places.size), np.zeros(body.places.size)
    first[0], last[-1] = 1.0, 1.0
    bottom, top = np.max(low[level > _LOCATED], initial=-_FAR), np.min(high[level > _LOCATED], initial=_FAR)
    if np.isfinite(sd):
        # No two values are further apart than that.
        width = sd * np.sqrt(2.0 * (n - 1.0)) * (1.0 + 1e-9)
        reach = [end for end in (bottom, mean[0]) if np.isfinite(end) and end > -_FAR]
        start = max([*reach, -_FAR]) - width
        stop = min([end for end in (top, mean[1]) if np.isfinite(end)]) + width
    else:
        start, stop = -_FAR, _FAR
    lowest = float(np.max(np.where(body.rows[:, 0] == 1.0, np.where(level > _LOCATED, low, -np.inf), -np.inf)))
    highest = float(np.min(np.where(body.rows[:, -1] == 1.0, np.where(level > _LOCATED, high, np.inf), np.inf)))
    if np.isfinite(lowest) and np.isfinite(mean[1]):
        stop = min(stop, n * mean[1] - (n - 1.0) * lowest)
    if np.isfinite(highest) and np.isfinite(mean[0]):
        start = max(start, n * mean[0] - (n - 1.0) * highest)
    rows = np.concatenate([body.rows, [first, last]])
    return Chain(body.places, rows, np.concatenate([low, [start, start]]), np.concatenate([high, [stop, stop]]))


def _open(low: float, high: float) -> tuple[float, float]:
    return (-np.inf if low <= -_ENDLESS else low), (np.inf if high >= _ENDLESS else high)
