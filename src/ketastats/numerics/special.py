"""Small special functions that keep their relative accuracy where the textbook formula cancels."""

from __future__ import annotations

from math import factorial

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

__all__ = ["chi_log_constant", "chi_log_density", "expm1_minus", "log1p_minus", "ndtr_between", "stirling_error"]

_EXP_TERMS = [1.0 / factorial(k) for k in range(16, 1, -1)]
_LOG_TERMS = [(-1.0) ** (k + 1) / k for k in range(22, 1, -1)]
_STIRLING_TERMS = [-691 / 360360, 1 / 1188, -1 / 1680, 1 / 1260, -1 / 360, 1 / 12]


def expm1_minus(w: ArrayLike) -> NDArray[np.float64]:
    """Return ``exp(w) - 1 - w``, which is ``w**2 / 2`` near zero."""
    w = np.asarray(w, dtype=np.float64)
    small = np.clip(w, -0.5, 0.5)
    series = np.full_like(small, _EXP_TERMS[0])
    for term in _EXP_TERMS[1:]:
        series = series * small + term
    return np.asarray(np.where(np.abs(w) < 0.5, series * small * small, np.expm1(w) - w))


def log1p_minus(y: ArrayLike, one_plus: ArrayLike | None = None) -> NDArray[np.float64]:
    """Return ``log(1 + y) - y``, which is ``-y**2 / 2`` near zero.

    `one_plus` is ``1 + y`` where the caller has it with more digits, near ``y = -1``.
    """
    y = np.asarray(y, dtype=np.float64)
    with np.errstate(divide="ignore"):
        direct = np.log1p(y) if one_plus is None else np.log(one_plus)
    small = np.clip(y, -0.2, 0.2)
    series = np.full_like(small, _LOG_TERMS[0])
    for term in _LOG_TERMS[1:]:
        series = series * small + term
    return np.asarray(np.where(np.abs(y) < 0.2, series * small * small, direct - y))


def stirling_error(z: ArrayLike) -> NDArray[np.float64]:
    """Return ``log gamma(z) - [(z - 1/2) log z - z + log(2 pi) / 2]`` for ``z > 0``."""
    z = np.asarray(z, dtype=np.float64)
    large = np.maximum(z, 10.0)
    inverse = 1.0 / large
    square = inverse * inverse
    series = np.full_like(large, _STIRLING_TERMS[0])
    for term in _STIRLING_TERMS[1:]:
        series = series * square + term
    low = np.minimum(z, 10.0)
    direct = special.gammaln(low) - ((low - 0.5) * np.log(low) - low + 0.5 * np.log(2 * np.pi))
    return np.asarray(np.where(z < 10.0, direct, series * inverse))


def chi_log_density(x: NDArray[np.float64], df: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the log density of ``x = log s``, where ``df * s**2`` is chi-squared with `df` degrees of freedom.

    Written around ``s = 1``, so that nothing cancels when `df` is large.
    """
    return np.asarray(chi_log_constant(df) - 0.5 * df * expm1_minus(2.0 * x))


def chi_log_constant(df: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the log of that density at its peak, ``x = 0``."""
    return np.asarray(0.5 * np.log(df / np.pi) - stirling_error(0.5 * df))


def ndtr_between(low: NDArray[np.float64], high: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the normal probability between `low` and `high`, zero where they are out of order."""
    with np.errstate(invalid="ignore"):  # between two infinities there is no middle, and none is needed
        middle, half = 0.5 * (low + high), 0.5 * (high - low)
    # Both tails are small numbers on the side where the interval lies; their difference keeps its digits.
    flip = middle > 0
    far, near = np.where(flip, -high, low), np.where(flip, -low, high)
    direct = special.ndtr(near) - special.ndtr(far)
    with np.errstate(invalid="ignore"):
        narrow = (half < 0.01) & (half * np.abs(middle) < 0.05)
    if narrow.any():
        m2, h2 = np.square(np.where(narrow, middle, 0.0)), np.square(np.where(narrow, half, 0.0))
        terms = 1.0 + h2 * ((m2 - 1.0) / 6.0 + h2 * ((m2 * m2 - 6.0 * m2 + 3.0) / 120.0))
        density = np.exp(-0.5 * m2) / np.sqrt(2.0 * np.pi)
        direct = np.where(narrow, 2.0 * half * density * terms, direct)
    return np.asarray(np.maximum(direct, 0.0))
