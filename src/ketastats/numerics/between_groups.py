"""The sum of squares between groups, over ranges of their means, for many group sizes at once."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["between_range", "reach"]

Array = NDArray[np.float64]

# Corners looked at together.
_CORNERS = 1 << 14
# After so many halvings an interval is as small as the last bits of its ends.
_HALVINGS = 60


def between_range(low: Array, high: Array, n: Array) -> tuple[Array, Array]:
    """Return the smallest and the largest ``sum n (m - mean)**2`` for means between `low` and `high`.

    The sum is convex in the means. It is smallest where every mean is as near as it can be to a common value, and
    largest at a corner of the box.

    Parameters
    ----------
    low, high : ndarray, shape (groups,)
        Ends of the range of each mean; where they are infinite nothing is known of the mean.
    n : ndarray, shape (..., groups)
        People in each group.

    Returns
    -------
    tuple of ndarray, shape (...)
        Both ends; the largest is infinite where nothing is known of a mean.
    """
    known = np.isfinite(low) & np.isfinite(high)
    if not known.any():
        return np.zeros(n.shape[:-1]), np.full(n.shape[:-1], np.inf)
    # Counted from a common point, the squares keep the digits that the means differ by. A free mean adds nothing.
    sizes = n[..., known]
    centre = np.sum(sizes * (low[known] + high[known]), axis=-1, keepdims=True) / (
        2.0 * np.sum(sizes, -1, keepdims=True)
    )
    bottom, top = low[known] - centre, high[known] - centre
    most = _most(bottom, top, sizes) if known.all() else np.full(n.shape[:-1], np.inf)
    return _least(bottom, top, sizes), most


def _least(low: Array, high: Array, n: Array) -> Array:
    middle = _common(low, high, n)
    # The means that are held, about their own mean, so that nothing is lost in the last bits of the common value.
    common = np.where(low.max(axis=-1) <= high.min(axis=-1), low.max(axis=-1), middle)
    nearest = np.clip(common[..., None], low, high)
    held = nearest != common[..., None]
    people = np.sum(n * held, axis=-1)
    mean = np.sum(n * held * nearest, axis=-1) / np.maximum(people, 1.0)
    return np.asarray(np.sum(n * held * np.square(nearest - mean[..., None]), axis=-1))


def _most(low: Array, high: Array, n: Array) -> Array:
    groups = n.shape[-1]
    total = np.sum(n, axis=-1)
    best = np.zeros(n.shape[:-1])
    step = max(1, _CORNERS // max(1, best.size))
    for start in range(0, 1 << groups, step):
        code = np.arange(start, min(start + step, 1 << groups))
        upper = (code[:, None] >> np.arange(groups)) & 1
        means = np.where(upper == 1, high[..., None, :], low[..., None, :])
        common = np.sum(n[..., None, :] * means, axis=-1) / total[..., None]
        squares = np.sum(n[..., None, :] * np.square(means - common[..., None]), axis=-1)
        best = np.maximum(best, squares.max(axis=-1))
    return best


def reach(low: Array, high: Array, n: Array, group: int, most: Array) -> tuple[Array, Array]:
    """Return between which values the mean of one group lies when the sum of squares is at most `most`.

    With all other means as near as they can be to the common mean, the sum grows with the distance of that mean from
    the least: the common mean is searched, which tells the mean of the group.
    """
    others = (np.arange(low.size) != group) & np.isfinite(low) & np.isfinite(high)
    bottom, top, sizes, own = low[others], high[others], n[..., others], n[..., group]
    ends = []
    for sign in (-1.0, 1.0):
        inside = _common(bottom, top, sizes)
        # One group of n people so far away adds at least this much with any of the others.
        outside = inside + sign * (np.sqrt(most / np.minimum(own, sizes.min(axis=-1))) + np.ptp([bottom, top]) + 1.0)
        for _ in range(_HALVINGS):
            middle = 0.5 * (inside + outside)
            nearest = np.clip(middle[..., None], bottom, top)
            away = np.sum(sizes * (middle[..., None] - nearest), axis=-1) / own
            squares = np.sum(sizes * np.square(nearest - middle[..., None]), axis=-1) + own * np.square(away)
            fits = squares <= most * (1.0 + 1e-14)
            inside, outside = np.where(fits, middle, inside), np.where(fits, outside, middle)
        nearest = np.clip(inside[..., None], bottom, top)
        ends.append(inside + np.sum(sizes * (inside[..., None] - nearest), axis=-1) / own)
    return ends[0], ends[1]


def _common(low: Array, high: Array, n: Array) -> Array:
    """Return a value to which all means together are as near as they can be."""
    start, stop = (np.broadcast_to(end, n.shape[:-1]) for end in (low.min(axis=-1), high.max(axis=-1)))
    for _ in range(_HALVINGS):
        middle = 0.5 * (start + stop)
        pull = np.sum(n * (np.clip(middle[..., None], low, high) - middle[..., None]), axis=-1)
        start, stop = np.where(pull > 0, middle, start), np.where(pull > 0, stop, middle)
    return np.asarray(0.5 * (start + stop))
