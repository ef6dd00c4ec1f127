"""Exact power of two one-sided binomial tests of one proportion."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import special

__all__ = ["between", "fewest_rejected"]

Array = NDArray[np.float64]


def fewest_rejected(n: Array, null: Array, alpha: float) -> Array:
    """Return the smallest x with ``P(X >= x) <= alpha`` at the rate `null`, and n + 1 where none is.

    Without a null (minus infinity) it is 0.
    """
    low, high = np.zeros_like(n), n + 1.0
    while np.any(high - low > 1):
        middle = np.floor(0.5 * (low + high))
        small = _at_least(middle, n, np.clip(null, 0.0, 1.0)) <= alpha
        low, high = np.where(small, low, middle), np.where(small, middle, high)
    return np.where(np.isneginf(null), 0.0, high)


def between(first: Array, last: Array, n: Array, p: Array) -> Array:
    """Return ``P(first <= X <= last)``, zero where they are out of order; taken from the smaller tails."""
    upper = _at_least(first, n, p) - _at_least(last + 1.0, n, p)
    lower = _at_least(n - last, n, 1.0 - p) - _at_least(n - first + 1.0, n, 1.0 - p)
    inside = np.where(first > n * p, upper, lower)
    return np.asarray(np.where(first <= last, np.clip(inside, 0.0, 1.0), 0.0))


def _at_least(x: Array, n: Array, p: Array) -> Array:
    inside = np.clip(x, 1.0, n)
    return np.where(x <= 0, 1.0, np.where(x > n, 0.0, special.betainc(inside, n - inside + 1.0, p)))
