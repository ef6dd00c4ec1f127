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
    n, places = body.n, body.rows.sum(axis=1) > _LOCATED
    first, last = np.zeros(body.places.size), np.zeros(body.places.size)
    first[0], last[-1] = 1.0, 1.0
    # No two values are further apart than this; some value lies above, and some below, any that is known.
    width = min(sd * np.sqrt(2.0 * (n - 1.0)) * (1.0 + 1e-9), _widest(body, ~places))
    start = max(np.max(body.low[places], initial=-np.inf), mean[0]) - width
    stop = min(np.min(body.high[places], initial=np.inf), mean[1]) + width
    lowest = np.max(body.low[(body.rows == first).all(axis=1)], initial=-np.inf)
    highest = np.min(body.high[(body.rows == last).all(axis=1)], initial=np.inf)
    if np.isfinite(lowest) and np.isfinite(mean[1]):
        stop = min(stop, n * mean[1] - (n - 1.0) * lowest)
    if np.isfinite(highest) and np.isfinite(mean[0]):
        start = max(start, n * mean[0] - (n - 1.0) * highest)
    start, stop = (start if np.isfinite(start) else -_FAR), (stop if np.isfinite(stop) else _FAR)
    rows, low, high = body.rows, body.low.copy(), body.high.copy()
    for row, least, most in ((first, start, np.inf), (last, -np.inf, stop)):
        same = np.flatnonzero((rows == row).all(axis=1))
        if same.size:
            low[same[0]], high[same[0]] = max(low[same[0]], least), min(high[same[0]], most)
        else:
            rows = np.concatenate([rows, [row]])
            low, high = np.append(low, least), np.append(high, most)
    return Chain(body.places, rows, low, high)


def _widest(body: Chain, distances: NDArray[np.bool_]) -> float:
    """Return how far the first and the last value can be apart by the distances alone."""
    if not np.isfinite(body.high[distances]).any():
        return np.inf
    ends = np.zeros((2, body.places.size))
    ends[0, 0], ends[1, -1] = 1.0, 1.0
    rows = np.concatenate([body.rows[distances], ends])
    low, high = (np.concatenate([part[distances], tail]) for part, tail in ((body.low, [0, 0]), (body.high, [0, _FAR])))
    points = corners(Chain(body.places, rows, low, high))
    widest = float(np.max(points[:, -1], initial=0.0))
    return np.inf if widest >= _ENDLESS or points.shape[0] == 0 else widest


def _open(low: float, high: float) -> tuple[float, float]:
    return (-np.inf if low <= -_ENDLESS else low), (np.inf if high >= _ENDLESS else high)
