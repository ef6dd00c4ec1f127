"""What two limits can be when each, their middle and their distance were rounded: an octagon, tightened."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["corners", "tighten"]

Array = NDArray[np.float64]
Pair = tuple[Array, Array]

# The bounds of an octagon settle after two rounds, the third repairs what the rounding of the second one left.
_ROUNDS = 3


def tighten(low: Pair, high: Pair, total: Pair, width: Pair) -> tuple[Pair, Pair, Pair, Pair, Array]:
    """Return the bounds of each part that the other parts allow.

    Parameters
    ----------
    low, high : pair of ndarray
        Smallest and largest value of two limits.
    total, width : pair of ndarray
        Smallest and largest value of ``low + high`` and of ``high - low``; infinite where nothing is known.

    Returns
    -------
    low, high, total, width : pair of ndarray
        The bounds, each of which is reached when the octagon is not empty.
    slack : ndarray
        The room between the closest two opposite bounds, negative when the octagon is empty.
    """
    (l0, l1), (h0, h1), (t0, t1), (w0, w1) = low, high, total, width
    w0 = np.maximum(w0, 0.0)
    with np.errstate(invalid="ignore"):
        for _ in range(_ROUNDS):
            t0, t1 = np.maximum(t0, l0 + h0), np.minimum(t1, l1 + h1)
            w0, w1 = np.maximum(w0, h0 - l1), np.minimum(w1, h1 - l0)
            t0, t1 = (
                np.maximum(t0, np.maximum(2.0 * l0 + w0, 2.0 * h0 - w1)),
                np.minimum(t1, np.minimum(2.0 * h1 - w0, 2.0 * l1 + w1)),
            )
            w0, w1 = (
                np.maximum(w0, np.maximum(2.0 * h0 - t1, t0 - 2.0 * l1)),
                np.minimum(w1, np.minimum(2.0 * h1 - t0, t1 - 2.0 * l0)),
            )
            l0, l1 = (
                np.maximum(l0, np.maximum(t0 - h1, 0.5 * (t0 - w1))),
                np.minimum(l1, np.minimum(t1 - h0, 0.5 * (t1 - w0))),
            )
            h0, h1 = (
                np.maximum(h0, np.maximum(t0 - l1, 0.5 * (t0 + w0))),
                np.minimum(h1, np.minimum(t1 - l0, 0.5 * (t1 + w1))),
            )
    slack = np.min(np.stack([l1 - l0, h1 - h0, t1 - t0, w1 - w0]), axis=0)
    return (l0, l1), (h0, h1), (t0, t1), (w0, w1), slack


def corners(low: Pair, high: Pair, total: Pair, width: Pair) -> tuple[Array, Array]:
    """Return total and width at the eight corners of octagons whose bounds were tightened, shape (8, rows).

    Neighbouring sides meet in each corner; sides of length 0 repeat one. A corner that is infinitely far in both is no
    number.
    """
    (l0, l1), (h0, h1), (t0, t1), (w0, w1) = low, high, total, width
    with np.errstate(invalid="ignore"):
        at_total = [t0, t0, 2.0 * h0 - w0, 2.0 * l1 + w0, t1, t1, 2.0 * h1 - w1, 2.0 * l0 + w1]
        at_width = [t0 - 2.0 * l0, 2.0 * h0 - t0, w0, w0, t1 - 2.0 * l1, 2.0 * h1 - t1, w1, w1]
    return np.stack(at_total), np.maximum(np.stack(at_width), 0.0)
