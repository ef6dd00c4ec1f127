"""Exact power of two one-sided t tests.

Given the standard deviation s that the data happen to show, in units of the true one, both tests reject when the
standardised difference lies between ``low + c s`` and ``high - c s``. The power is the integral of that normal
probability over the density of s, up to the s at which the two ends meet: a difference of Owen's Q functions (Owen
1965, Biometrika 52, 437-446; Phillips 1990, J Pharmacokinet Biopharm 18, 137-144), taken as one integral
so that nothing cancels and a power of 1e-30 is neither lost nor negative.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from . import noncentral_t, student_t
from .quadrature import log_integral
from .special import chi_log_constant, expm1_minus, ndtr_between

__all__ = ["power", "power_beyond"]

Array = NDArray[np.float64]

#: The normal probability bends between -7 and 7 standard errors around an end.
_BEND = 7.0
# Ends further out, in standard errors, are never missed, and their squares still are floats.
_FAR = 1e100
_NARROW = 1e-170


def power(low: ArrayLike, high: ArrayLike, df: ArrayLike, alpha: ArrayLike) -> Array:
    """Return the probability that both one-sided tests at `alpha` reject.

    `low` and `high` are the ends of the margin minus the true difference, in units of its true standard error; one or
    both may be infinite (noninferiority). Shapes broadcast.
    """
    arrays = np.broadcast_arrays(*(np.asarray(v, dtype=np.float64) for v in (low, high, df, alpha)))
    shape = arrays[0].shape
    low, high, df, alpha = (np.array(array.ravel()) for array in arrays)
    low, high = (np.where(np.isinf(end), end, np.clip(end, -_FAR, _FAR)) for end in (low, high))
    return _power(low, high, df, student_t.isf(alpha, df)).reshape(shape)


def power_beyond(low: ArrayLike, high: ArrayLike, df: ArrayLike, critical: ArrayLike) -> Array:
    """Return the probability that both one-sided statistics are beyond `critical`, not negative; else as `power`."""
    arrays = np.broadcast_arrays(*(np.asarray(v, dtype=np.float64) for v in (low, high, df, critical)))
    low, high, df, critical = (np.array(array.ravel()) for array in arrays)
    return _power(low, high, df, critical).reshape(arrays[0].shape)


def _power(low: Array, high: Array, df: Array, critical: Array) -> Array:
    out = np.zeros_like(low)
    # Without degrees of freedom to integrate over, or with a critical value of 0, s does not matter.
    plain = np.isinf(df) | (critical == 0)
    if plain.any():
        out[plain] = ndtr_between(low[plain] + critical[plain], high[plain] - critical[plain])
    one_sided = ~plain & (np.isinf(low) | np.isinf(high))
    if one_sided.any():
        out[one_sided] = _one_sided(low[one_sided], high[one_sided], df[one_sided], critical[one_sided])
    # In a margin that narrow the power, less than its square, is below the smallest float.
    at = ~one_sided & ~plain & np.isfinite(critical) & (low + _NARROW < high)
    out[at] = _two_sided(low[at], high[at], df[at], critical[at])
    return np.asarray(np.minimum(out, 1.0))


def _one_sided(low: Array, high: Array, df: Array, critical: Array) -> Array:
    distance = np.where(np.isneginf(low), high, -low)
    endless = np.isinf(distance)
    power = noncentral_t.sf(critical, df, np.where(endless, 0.0, distance))
    return np.where(endless, np.where(distance > 0, 1.0, 0.0), power)


def _two_sided(low: Array, high: Array, df: Array, critical: Array) -> Array:
    meet = (high - low) / (2.0 * critical)
    mode, width = _mode(low, high, df, critical, meet)
    step, bend = np.minimum(high, -low) / critical, _BEND / critical
    with np.errstate(divide="ignore"):
        breaks = [np.log(np.maximum(step + k * bend, 0.0)) for k in (-1.0, 0.0, 1.0)]
        parameters = (low, high, df, critical, chi_log_constant(df))
        return np.exp(log_integral(_integrand, parameters, df, mode, width, breaks, np.log(meet)))


def _integrand(x: Array, low: Array, high: Array, df: Array, critical: Array, constant: Array) -> Array:
    reach = critical * np.exp(x)
    with np.errstate(divide="ignore"):
        chance = np.log(ndtr_between(low + reach, high - reach))
    return np.asarray(chance + (constant - 0.5 * df * expm1_minus(2.0 * x)))


def _mode(low: Array, high: Array, df: Array, critical: Array, meet: Array) -> tuple[Array, Array]:
    """Return the peak of the integrand in x, and its width, by Newton's method inside a bracket.

    The log integrand is concave in s; its slope in x, divided by s, falls from infinity at 0 to minus infinity at
    `meet`.
    """
    x = np.log(np.minimum(1.0, meet * df / (df + 1.0)))
    left, right = np.full_like(x, -np.inf), np.minimum(np.log(meet), 0.0)
    bend = -2.0 * df
    for _ in range(12):
        s = np.exp(x)
        a, b = low + critical * s, high - critical * s
        inside = ndtr_between(a, b)
        some = inside > 0
        inside = np.where(some, inside, 1.0)
        da, db = _density(a) / inside, _density(b) / inside
        pull = np.where(some, critical * s * (da + db), np.inf)
        slope = -df * np.expm1(2.0 * x) - pull
        with np.errstate(invalid="ignore"):
            curve = np.square(critical * s) * (b * db - a * da) + np.square(pull)
        bend = -df - df * s * s - np.where(some, np.maximum(curve, 0.0), 0.0)
        left, right = np.where(slope > 0, x, left), np.where(slope <= 0, x, right)
        with np.errstate(invalid="ignore"):
            new = x - slope / bend
            middle = np.where(np.isfinite(left), 0.5 * (left + right), right - np.log(2.0))
        new = np.where((new > left) & (new < right), new, middle)
        moved = np.abs(new - x)
        x = new
        # Where exactly the peak is found does not matter: the panels reach far to both sides of it.
        if np.all(moved < 1e-6):
            break
    return x, 1.0 / np.sqrt(-bend)


def _density(z: Array) -> Array:
    return np.asarray(np.exp(-0.5 * z * z) / np.sqrt(2.0 * np.pi))
