"""Student's t distribution on the log scale, the normal among it: tail, density, and mass of an interval."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import special

from .special import stirling_error
from .window import log_sum_exp

__all__ = ["log_mass", "log_t_density", "log_t_sf"]

FloatArray = NDArray[np.float64]

_LAGUERRE_NODES, _LAGUERRE_WEIGHTS = np.polynomial.laguerre.laggauss(24)
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(16)
_LOG_ROOT_2PI = 0.5 * np.log(2.0 * np.pi)
_LOG_WEIGHTS = np.log(0.5 * _WEIGHTS)


def log_t_sf(z: FloatArray, df: FloatArray) -> FloatArray:
    """Return the log of the upper tail of Student's t, also where the tail is below the range of floats."""
    z, df = np.broadcast_arrays(np.asarray(z, dtype=np.float64), np.asarray(df, dtype=np.float64))
    size = np.abs(z)
    tail = np.asarray(special.stdtr(df, -size))
    far = size > 12.0
    log_tail = np.log(np.where(far, 0.5, tail))
    if far.any():
        log_tail[far] = _log_far_tail(size[far], df[far])
    return np.where(z >= 0, log_tail, np.log1p(-np.exp(log_tail)))


def _log_far_tail(z: FloatArray, df: FloatArray) -> FloatArray:
    # With u = (df/2) log((df + s^2) / (df + z^2)) the tail is an integral of exp(-u) times a function that hardly
    # bends, so Gauss-Laguerre has twelve digits from z = 12 on.
    half = 0.5 * df
    log_centre = half * np.log1p(0.5 / half) - 0.5 + stirling_error(half + 0.5) - stirling_error(half)
    log_centre -= 0.5 * np.log(2.0 * np.pi)
    root = np.sqrt((z * z)[:, None] - df[:, None] * np.expm1(-2.0 * _LAGUERRE_NODES / df[:, None]))
    total = (_LAGUERRE_WEIGHTS / root).sum(axis=1)
    # z * z overflows only where the tail is below exp(-10^154).
    return np.asarray(log_centre - 0.5 * (df - 1.0) * np.log1p(z * z / df) + np.log(total))


def log_t_density(z: FloatArray, df: FloatArray) -> FloatArray:
    """Return the log density of Student's t; infinite `df` is the normal."""
    normal = np.isinf(df)
    finite = np.where(normal, 1.0, df)
    half = 0.5 * finite
    constant = half * np.log1p(0.5 / half) - 0.5 + stirling_error(half + 0.5) - stirling_error(half)
    with np.errstate(over="ignore"):
        square = z * z
    # Far out hypot does not overflow where the square does.
    far = square > finite
    with np.errstate(over="ignore"):
        growth = np.log1p(np.where(far, 0.0, square) / finite)
    growth = np.where(far, 2.0 * np.log(np.hypot(1.0, z / np.sqrt(finite))), growth)
    return np.asarray(np.where(normal, -0.5 * square, constant - 0.5 * (finite + 1.0) * growth) - _LOG_ROOT_2PI)


def log_mass(low: FloatArray, high: FloatArray, location: FloatArray, scale: FloatArray, df: FloatArray) -> FloatArray:
    """Return the log probability between two values of ``location + scale`` times t; infinite ends are allowed."""
    cauchy = df == 1.0
    width = (high - low) / scale
    a, b = (low - location) / scale, (high - location) / scale
    mass = np.empty_like(location)
    mass[cauchy] = _cauchy_log_mass(a[cauchy], b[cauchy], width[cauchy])
    mass[~cauchy] = _student_log_mass(a[~cauchy], b[~cauchy], width[~cauchy], df[~cauchy])
    return mass


def _cauchy_log_mass(a: FloatArray, b: FloatArray, width: FloatArray) -> FloatArray:
    # The difference of two arctangents is one arctangent, of a width that has not lost its digits to the location.
    finite = np.isfinite(a) & np.isfinite(b)
    angle = np.arctan2(np.where(finite, width, 0.0), 1.0 + np.where(finite, a, 0.0) * np.where(finite, b, 0.0))
    with np.errstate(invalid="ignore"):
        above = np.arctan2(1.0, a)
        below = np.arctan2(1.0, -b)
    tail = np.where(np.isposinf(b), np.where(np.isneginf(a), np.pi, above), below)
    with np.errstate(divide="ignore"):
        return np.asarray(np.log(np.where(finite, angle, tail) / np.pi))


def _student_log_mass(a: FloatArray, b: FloatArray, width: FloatArray, df: FloatArray) -> FloatArray:
    with np.errstate(invalid="ignore"):  # everything has no middle, and none is needed
        flip = a + b > 0
    a, b = np.where(flip, -b, a), np.where(flip, -a, b)
    lower, upper = (_log_cdf(end, df) for end in (a, b))
    with np.errstate(divide="ignore", invalid="ignore"):
        apart = upper + np.log1p(-np.exp(np.where(np.isneginf(lower), -np.inf, lower - upper)))
    # Ends that are close, on the scale on which the log density bends, lose the digits of their difference.
    reach = np.where(np.isfinite(a), np.maximum(np.abs(b), 1.0), 1.0)
    bend = np.minimum(reach, (df + 1.0) / reach)
    close = np.isfinite(a) & (width * bend < 1.0) & (width < np.hypot(reach, np.sqrt(df)))
    inner = np.where(close, b, 0.0)[:, None] - np.where(close, width, 1.0)[:, None] * 0.5 * (1.0 + _NODES)
    with np.errstate(divide="ignore"):
        mean = log_sum_exp(log_t_density(inner, df[:, None]) + _LOG_WEIGHTS) + np.log(width)
    return np.where(close, mean, apart)


def _log_cdf(z: FloatArray, df: FloatArray) -> FloatArray:
    finite = np.isfinite(z)
    normal = np.isinf(df)
    inside = np.where(finite, z, 0.0)
    log_cdf = np.where(normal, special.log_ndtr(inside), log_t_sf(-inside, np.where(normal, 1.0, df)))
    return np.where(finite, log_cdf, np.where(z > 0, 0.0, -np.inf))
