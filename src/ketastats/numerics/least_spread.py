"""The smallest variance of ordered values between knots, for every mean.

The free values between two knots are all equal to each other then, so that few values remain: the nearest point of a
convex body, which Lawson and Hanson (1974, chapter 23) find as a problem of least squares with signs.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .order_chain import Chain

__all__ = ["Nearest"]

Array = NDArray[np.float64]

# Limits are met within more than the error that corners may have; a residual so small means that nothing meets them.
_SLACK, _NOTHING = 1e-11, 1e-10
_ROUNDING_ERROR, _REACHED = 1e-14, 1e-11
_STEPS = 200


class Nearest:
    """The smallest sum of squares about the mean, as a function of the mean."""

    def __init__(self, body: Chain) -> None:
        knots = body.places.size
        blocks = np.flatnonzero(body.between)
        # Knots and the values between them in turn.
        order = np.argsort(np.concatenate([np.arange(knots), blocks + 0.5]), kind="stable")
        self.count = np.concatenate([np.ones(knots, dtype=np.int64), body.between[blocks]])[order]
        self.n = body.n
        where = np.empty(order.size, dtype=np.int64)
        where[order] = np.arange(order.size)
        rows = np.zeros((body.low.size, order.size))
        rows[:, where[:knots]] = body.rows
        rising = np.diff(np.eye(order.size), axis=0)
        self.faces = np.concatenate([rising, rows[np.isfinite(body.low)], -rows[np.isfinite(body.high)]])
        bounds = body.low[np.isfinite(body.low)], -body.high[np.isfinite(body.high)]
        self.bounds = np.concatenate([np.zeros(order.size - 1), *bounds])

    def at(self, mean: float) -> tuple[float, Array]:
        """Return the smallest sum of squares of values with this mean, and the values; infinite when none have it.

        One value is returned for each knot and for each group of values between two of them.
        """
        squares, values, _ = self._nearest(mean)
        return squares, values

    def least(self, low: float, high: float) -> tuple[float, Array]:
        """Return the smallest sum of squares of values whose mean lies between two ends, and the values.

        There must be values with every mean between the ends.
        """
        return self.at(self._best(low, high))

    def means_within(self, squares: float, low: float, high: float) -> tuple[float, float]:
        """Return the smallest and the largest mean between two ends at which a sum of squares is not passed."""
        if np.isinf(squares):
            return low, high
        centre = self._best(low, high)
        # An end that was found before counts as reached again.
        if self.at(centre)[0] > squares * (1.0 + _REACHED) + _SLACK:
            return np.inf, -np.inf
        return self._last(squares, centre, low), self._last(squares, centre, high)

    def expanded(self, values: Array) -> Array:
        """Return all ordered values."""
        return np.repeat(values, self.count)

    def _best(self, low: float, high: float) -> float:
        """Return the mean between two ends with the smallest sum of squares: where its slope, which rises, is zero."""
        start = float(np.clip(0.0, low, high))
        low, high = self._turn(start, low, -1.0), self._turn(start, high, 1.0)
        down, up = self._nearest(low)[2], self._nearest(high)[2]
        if down >= 0 or up <= 0:
            return low if down >= 0 else high
        for step in range(_STEPS):
            # Straight lines between two slopes; halves in between, lest one end stays where it is.
            middle = 0.5 * (low + high) if step % 3 == 2 else low - down * (high - low) / (up - down)
            slope = self._nearest(middle)[2] if low < middle < high else 0.0
            if slope == 0 or high - low <= _ROUNDING_ERROR * (1.0 + abs(low)):
                return float(np.clip(middle, low, high))
            low, high, down, up = (middle, high, slope, up) if slope < 0 else (low, middle, down, slope)
        return 0.5 * (low + high)

    def _turn(self, start: float, end: float, sign: float) -> float:
        """Return an end, or in its place one beyond which the sum of squares grows."""
        step = 1.0
        while np.isinf(end):
            if sign * self._nearest(start + sign * step)[2] > 0:
                return start + sign * step
            step *= 2.0
        return end

    def _last(self, squares: float, inside: float, outside: float) -> float:
        """Return the last mean at which the sum of squares is not passed, on the way to an end."""
        step = np.copysign(1.0 + np.sqrt(squares), outside)
        while np.isinf(outside):
            if self.at(inside + step)[0] > squares:
                outside = inside + step
            else:
                inside, step = inside + step, 2.0 * step
        for _ in range(_STEPS):
            found, _, half_slope = self._nearest(outside)
            # From outside Newton's steps stay outside: the sum of squares is convex in the mean.
            step = (found - squares) / (2.0 * half_slope) if half_slope != 0 else 0.0
            if found <= squares or abs(step) <= _ROUNDING_ERROR * (1.0 + abs(outside)):
                break
            if not np.isfinite(found) or not min(inside, outside) <= outside - step <= max(inside, outside):
                step = 0.5 * (outside - inside)
            outside -= step
        return outside

    def _nearest(self, mean: float) -> tuple[float, Array, float]:
        """Return the smallest sum of squares, the values, and half the slope of the sum along the mean."""
        from scipy.optimize import nnls

        root = np.sqrt(self.count)
        shares = self.count / self.n
        faces = np.concatenate([self.faces, [shares, -shares]])
        shift = faces.sum(axis=1)
        bounds = np.concatenate([self.bounds, [mean, -mean]])
        scaled = faces / root
        length = np.sqrt(np.sum(np.square(scaled), axis=1))
        exact, loose = ((end - shift * mean) / length for end in (bounds, bounds - _SLACK * (1.0 + np.abs(bounds))))
        system = np.concatenate([(scaled / length[:, None]).T, loose[None, :]])
        wanted = np.zeros(system.shape[0])
        wanted[-1] = 1.0
        signs, size = nnls(system, wanted, maxiter=50 * system.shape[1])
        rest = system @ signs - wanted
        if size <= _NOTHING or rest[-1] >= 0:
            return np.inf, np.zeros(0), 0.0
        active = signs > 0
        # With the faces known that are met, the nearest point is that of their planes, to the last digit.
        nearest = np.linalg.lstsq(system[:-1, active].T, exact[active], rcond=None)[0]
        values = mean + nearest / root
        own_mean = np.sum(self.count * values) / self.n
        squares = float(np.sum(self.count * np.square(values - own_mean)))
        # The limits of the mean move with it, all others against it.
        return squares, values, float(np.sum((signs / length * shift)[:-2]) / rest[-1])
