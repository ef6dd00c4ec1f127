"""F approximations to tests of times and of groups by times whose contrasts do not vary alike.

`sigma` is the covariance of the orthonormal contrasts of the times, ``(..., b, b)``; `delta` the sum of squares and
products of the true effects in these contrasts, of the same shape; `ranks` the degrees of freedom between groups and
`free` those of people within groups. All broadcast over the leading axes.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["expected_epsilon", "hotelling_lawley", "numerator_epsilon", "pillai", "sphericity"]

Array = NDArray[np.float64]


def _traces(sigma: Array) -> tuple[Array, Array]:
    return np.trace(sigma, axis1=-2, axis2=-1), np.sum(np.square(sigma), axis=(-2, -1))


def sphericity(sigma: Array) -> Array:
    """Return Box's epsilon: 1 where all contrasts vary alike, at least 1 / b."""
    first, second = _traces(sigma)
    return np.asarray(np.square(first) / (sigma.shape[-1] * second))


def expected_epsilon(sigma: Array, free: Array, kind: str) -> Array:
    """Return about what the estimate of epsilon will be: the ratio of the expectations of its two parts.

    The moments are those of a Wishart matrix; Muller, Edwards, Simpson and Taylor (2007, Statistics in Medicine 26,
    3639-3660). `kind` is "greenhouse_geisser" or "huynh_feldt", the latter with Lecoutre's degrees of freedom.
    """
    b = float(sigma.shape[-1])
    first, second = _traces(sigma)
    square = np.square(free * first) + 2.0 * free * second
    squares = free * (free + 1.0) * second + free * np.square(first)
    if kind == "greenhouse_geisser":
        return np.asarray(np.clip(square / (b * squares), 1.0 / b, 1.0))
    top, bottom = (free + 1.0) * square - 2.0 * squares, b * (free * squares - square)
    return np.asarray(np.clip(top / np.where(bottom > 0, bottom, np.inf), 1.0 / b, 1.0))


def numerator_epsilon(sigma: Array, delta: Array, ranks: float) -> Array:
    """Return the epsilon with which a noncentral chi-squared has the mean and variance of the sum of squares."""
    first, second = _traces(sigma)
    effect, product = np.trace(delta, axis1=-2, axis2=-1), np.sum(sigma * delta, axis=(-2, -1))
    top = np.square(first) + 2.0 * first * effect / ranks
    return np.asarray(top / (sigma.shape[-1] * (second + 2.0 * product / ranks)))


def _roots(sigma: Array, delta: Array) -> Array:
    """Return the eigenvalues of delta in units of sigma, never negative."""
    lower = np.linalg.cholesky(sigma)
    half = np.linalg.solve(lower, delta)
    white = np.linalg.solve(lower, np.swapaxes(half, -1, -2))
    return np.asarray(np.maximum(np.linalg.eigvalsh(0.5 * (white + np.swapaxes(white, -1, -2))), 0.0))


def hotelling_lawley(sigma: Array, delta: Array, ranks: float, free: Array) -> tuple[Array, Array]:
    """Return the degrees of freedom of the error and the noncentrality of McKeon's F; exact where `ranks` is 1.

    McKeon (1974), Biometrika 61, 381-383; the noncentrality as O'Brien and Shieh (1999) take it.
    """
    a, b = ranks, float(sigma.shape[-1])
    g = (free * free - free * (2.0 * b + 3.0) + b * (b + 3.0)) / (free * (a + b + 1.0) - (a + 2.0 * b + b * b - 1.0))
    ncp = np.sum(_roots(sigma, delta), axis=-1)
    return np.asarray(4.0 + (a * b + 2.0) * g) + np.zeros_like(ncp), np.asarray(ncp + 0.0 * free)


def pillai(sigma: Array, delta: Array, ranks: float, free: Array, people: Array) -> tuple[Array, Array]:
    """Return the same of the Pillai-Bartlett trace; Muller and Peterson (1984), O'Brien and Shieh (1999)."""
    s = min(ranks, float(sigma.shape[-1]))
    roots = _roots(sigma, delta) / people[..., None]
    value = np.sum(roots / (1.0 + roots), axis=-1)
    rest = np.maximum(s - value, 1e-12)
    return np.asarray(s * (free + s - sigma.shape[-1])) + np.zeros_like(value), np.asarray(people * s * value / rest)
