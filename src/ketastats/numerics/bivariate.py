"""The bivariate normal distribution, and the power of two tests that share one estimated standard deviation."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import special

from . import student_t
from .special import chi_log_density

__all__ = ["normal_cdf", "power_of_both"]

Array = NDArray[np.float64]

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(128)
#: The root of a chi-squared variable stays this close to the root of its degrees of freedom.
_REACH = 9.5
_CHUNK = 2048


def normal_cdf(h: Array, k: Array, rho: Array, rest: Array) -> Array:
    """Return ``P(Z1 <= h, Z2 <= k)`` at the correlation `rho`, with ``rest = sqrt(1 - rho**2)`` above 0.

    Owen (1956), Annals of Mathematical Statistics 27, 1075-1090, equation 2.1. The error is a few times 1e-16.
    """
    # A value of 0 has the limit of a value that is hardly positive.
    h, k = np.where(h == 0, 1e-300, h), np.where(k == 0, 1e-300, k)
    with np.errstate(over="ignore"):
        slope_h, slope_k = (k / h - rho) / rest, (h / k - rho) / rest
    both = 0.5 * (special.ndtr(h) + special.ndtr(k)) - special.owens_t(h, slope_h) - special.owens_t(k, slope_k)
    return np.asarray(np.clip(both - np.where((h < 0) != (k < 0), 0.5, 0.0), 0.0, 1.0))


def power_of_both(first: Array, second: Array, rho: Array, rest: Array, df: Array, alpha: float) -> Array:
    """Return the probability that two one-sided t statistics both reject upwards.

    `first` and `second` are their noncentralities; their normal parts have the correlation `rho`, and one estimated
    standard deviation on `df` degrees of freedom divides both. All arrays are one-dimensional and of equal length.
    """
    arrays = (first, second, rho, rest, df)
    parts = [_power(*(a[at : at + _CHUNK] for a in arrays), alpha=alpha) for at in range(0, df.size, _CHUNK)]
    return np.concatenate(parts) if parts else np.empty(0)


def _power(first: Array, second: Array, rho: Array, rest: Array, df: Array, *, alpha: float) -> Array:
    critical = student_t.isf(alpha, df)
    root = np.sqrt(df)
    low = np.maximum(root - _REACH, 0.0) / root
    # From where no normal part reaches the critical value any more, nothing counts.
    most = np.maximum(np.minimum(first, second) + _REACH, 0.0) / np.maximum(critical, 1e-300)
    high = np.maximum(np.minimum((root + _REACH) / root, most), low)
    half = 0.5 * (high - low)[:, None]
    s = low[:, None] + half * (_NODES + 1.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        density = np.where(s > 0, np.exp(chi_log_density(np.log(s), df[:, None])) / s, 0.0)
    reach = critical[:, None] * s
    given = normal_cdf(first[:, None] - reach, second[:, None] - reach, rho[:, None], rest[:, None])
    return np.asarray(np.clip(np.sum(_WEIGHTS * half * density * given, axis=1), 0.0, 1.0))
