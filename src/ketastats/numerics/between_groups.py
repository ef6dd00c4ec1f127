"""The sum of squares between groups, over ranges of their means."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["between_range"]

Array = NDArray[np.float64]

# Corners looked at together.
_CORNERS = 1 << 14


def between_range(low: Array, high: Array, n: Array) -> tuple[float, float]:
    """Return the smallest and the largest ``sum n (m - mean)**2`` for means between `low` and `high`.

    The sum is convex in the means. It is smallest where every mean is as near as it can be to a common value, and
    largest at a corner of the box.

    Parameters
    ----------
    low, high : ndarray, shape (groups,)
        Ends of the range of each mean, finite.
    n : ndarray, shape (groups,)
        People in each group.
    """
    # Counted from a common point, the squares keep the digits that the means differ by.
    centre = float(np.sum(n * (low + high)) / (2.0 * np.sum(n)))
    return _least(low - centre, high - centre, n), _most(low - centre, high - centre, n)


def _least(low: Array, high: Array, n: Array) -> float:
    if low.max() <= high.min():
        return 0.0
    # The distance to the box of all means grows on both sides of one value; between two ends it is a parabola.
    ends = np.unique(np.concatenate([low, high]))
    pull = [float(np.sum(n * (np.clip(end, low, high) - end))) for end in ends]
    at = int(np.argmax(np.array(pull) <= 0))
    middle = 0.5 * (ends[max(at - 1, 0)] + ends[at])
    held = (low > middle) | (high < middle)
    nearest = np.where(low > middle, low, high)
    common = float(np.sum(n[held] * nearest[held]) / np.sum(n[held]))
    return float(np.sum(n[held] * np.square(nearest[held] - common)))


def _most(low: Array, high: Array, n: Array) -> float:
    groups = low.size
    best = 0.0
    for start in range(0, 1 << groups, _CORNERS):
        code = np.arange(start, min(start + _CORNERS, 1 << groups))
        upper = (code[:, None] >> np.arange(groups)) & 1
        means = np.where(upper == 1, high, low)
        common = np.sum(n * means, axis=1) / np.sum(n)
        best = max(best, float(np.max(np.sum(n * np.square(means - common[:, None]), axis=1))))
    return best
