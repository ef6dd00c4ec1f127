"""Counts of a yes-or-no variable behind its standard deviation: exact integers in arrays."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from .lattice import whole_between

IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]


def integer_root(values: IntArray) -> IntArray:
    """Return the largest whole number whose square is at most each value; values are from 0 to 2**62."""
    root = np.sqrt(values.astype(np.float64)).astype(np.int64)
    # A float near 2**62 is off by at most 2**-53 of it, and its root by less than half the step of floats near 2**31:
    # the root is never too small, and too large by at most one.
    return root - (root * root > values)


def products_between(
    size: IntArray,
    ddof: int,
    low: NDArray[Any],
    high: NDArray[Any],
    scale: NDArray[Any],
    closed_low: BoolArray,
    closed_high: BoolArray,
    *,
    error: bool = False,
) -> tuple[IntArray, IntArray]:
    """Return the least and greatest product of both counts for a deviation between ``low`` and ``high`` over `scale`.

    The squared deviation is ``x (n - x) / (n (n - ddof))``, and that of the `error` of the mean is n times less; the
    ends are not below zero.
    """
    reach = np.abs(high.astype(np.float64)) * size.astype(np.float64) ** (1.5 if error else 1.0)
    kind: Any = object if np.any(np.maximum(reach, scale.astype(np.float64)) > 2.0**30) else np.int64
    weight = size.astype(kind) * (size - ddof).astype(kind) * (size.astype(kind) if error else 1)
    lows, highs, scales = (part.astype(kind) for part in (low, high, scale))
    first, last = whole_between(lows * lows * weight, highs * highs * weight, closed_low, closed_high, scales * scales)
    # Beyond a quarter of n^2 there is no product.
    most = size.astype(object) ** 2 // 4 + 1 if kind is object else size * size // 4 + 1
    return np.minimum(first, most).astype(np.int64), np.minimum(last, most).astype(np.int64)


def counts_between(size: IntArray, first: IntArray, last: IntArray) -> tuple[IntArray, IntArray]:
    """Return the least and greatest count up to half of `size` whose product with the rest lies in a range.

    The greatest is below the least where there is none.
    """
    square = size * size
    least_root = integer_root(np.maximum(square - 4 * np.maximum(first, 0), 0))
    least = -((least_root - size) // 2)
    least = np.where(4 * first > square, size, least)
    wanted = np.maximum(square - 4 * np.maximum(last, 0), 0)
    root = integer_root(wanted)
    ceiling = root + (root * root < wanted)
    greatest = np.where(last < 0, -1, (size - ceiling) // 2)
    return least, greatest
