"""Power of two one-sided t tests on each of two correlated endpoints, by a double integral.

The two estimates are normal with correlation rho; the two estimated variances are the diagonal of a Wishart matrix,
independent of them. Given the standard deviations s1 and s2 that the data show, in units of the true ones, all four
tests reject when the estimates fall in a rectangle. Given s1, the square of s2 is a multiple of a noncentral
chi-squared variable (Bartlett's decomposition), so the power is an integral over s1 and s2 of bivariate normal
probabilities.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import special

from . import student_t
from .bivariate import normal_cdf
from .special import chi_log_density

__all__ = ["log_bessel", "power_of_two"]

Array = NDArray[np.float64]

_OUTER, _OUTER_WEIGHTS = np.polynomial.legendre.leggauss(80)
_INNER, _INNER_WEIGHTS = np.polynomial.legendre.leggauss(64)
#: The root of a chi-squared variable, central or not, stays this close to the middle of its distribution.
_REACH = 9.0
#: Ends of a margin further out than this, in standard errors, are never missed.
_FAR = 40.0
#: From this order on the uniform expansion of the Bessel function has an error below 1e-11.
_LARGE = 60.0
_ENDLESS = 1e8


def power_of_two(low: tuple[float, float], high: tuple[float, float], rho: float, df: float, alpha: float) -> float:
    """Return the probability that all four one-sided tests reject.

    `low` and `high` are, for each endpoint, the ends of the margin minus the true value in true standard errors; `rho`
    is the correlation of the estimates, strictly between -1 and 1.
    """
    # At a level of one half the critical value is 0, and the standard deviations do not matter.
    critical = max(float(student_t.isf(alpha, np.asarray(df))), 1e-14)
    left, right = np.clip(low, -_FAR * (1 + critical), None), np.clip(high, None, _FAR * (1 + critical))
    # Beyond these standard deviations the tests of one endpoint cannot both reject.
    meet = (right - left) / (2.0 * critical)
    if np.any(meet <= 0):
        return 0.0
    root, rest = np.sqrt(df), np.sqrt((1.0 - rho) * (1.0 + rho))
    first, weight = _between(np.maximum(root - _REACH, 0.0) / root, np.minimum((root + _REACH) / root, meet[0]))
    if first.size == 0:
        return 0.0
    weight = weight * np.exp(chi_log_density(np.log(first), np.full_like(first, df))) / first
    # Given the first, the second is rest / root times a noncentral chi variable, which is nearly normal.
    shift = abs(rho) / rest * root * first
    middle = np.sqrt(df + np.square(shift))
    bottom, top = np.maximum(middle - _REACH, 0.0) * rest / root, (middle + _REACH) * rest / root
    top = np.minimum(top, meet[1])
    half = 0.5 * np.maximum(top - bottom, 0.0)[:, None]
    second = bottom[:, None] + half * (_INNER + 1.0)
    density = np.exp(_noncentral_chi(second * root / rest, df, shift[:, None])) * root / rest
    inside = _rectangle(left, right, critical * first[:, None], critical * second, rho, rest)
    return float(np.clip(np.sum(weight[:, None] * half * _INNER_WEIGHTS * density * inside), 0.0, 1.0))


def _between(low: float, high: float) -> tuple[Array, Array]:
    if not high > low:
        return np.empty(0), np.empty(0)
    half = 0.5 * (high - low)
    return low + half * (_OUTER + 1.0), half * _OUTER_WEIGHTS


def _rectangle(left: Array, right: Array, reach1: Array, reach2: Array, rho: float, rest: float) -> Array:
    """Return the probability of the rectangle that is left of the margins; each corner broadcasts."""
    a, b = np.broadcast_arrays(left[0] + reach1, left[1] + reach2)
    c, d = np.broadcast_arrays(right[0] - reach1, right[1] - reach2)
    parts = [
        normal_cdf(h.ravel(), k.ravel(), np.full(h.size, rho), np.full(h.size, rest))
        for h, k in ((c, d), (a, d), (c, b), (a, b))
    ]
    inside = (parts[0] - parts[1]) - (parts[2] - parts[3])
    return np.asarray(np.maximum(inside, 0.0).reshape(a.shape))


def _noncentral_chi(x: Array, df: float, shift: Array) -> Array:
    """Return the log density of the length of a normal vector in `df` dimensions whose mean is `shift` long."""
    order = 0.5 * df - 1.0
    with np.errstate(divide="ignore"):
        logs = np.log(x)
    central = (df - 1.0) * logs - 0.5 * np.square(x) - order * np.log(2.0) - special.gammaln(0.5 * df)
    some = shift * x > 1e-12
    z = np.where(some, shift * x, 1.0)
    safe = np.where(shift > 0, shift, 1.0)
    away = -0.5 * np.square(x - shift) + logs + order * (logs - np.log(safe)) + log_bessel(order, z)
    return np.asarray(np.where(some, away, central))


def log_bessel(order: float, z: Array) -> Array:
    """Return the log of ``exp(-z) I(z)``, the scaled modified Bessel function of the first kind, for z above 0."""
    if order >= _LARGE:
        return _uniform(order, z)
    far = z > _ENDLESS
    value = special.ive(order, np.where(far, 1.0, z))
    quarter = 0.25 * np.square(z)
    # Where it underflows z is so small that three terms of the series are exact.
    near = 1.0 + quarter / (order + 1.0) * (1.0 + 0.5 * quarter / (order + 2.0))
    series = order * np.log(0.5 * z) - special.gammaln(order + 1.0) + np.log(near) - z
    tiny = value < 1e-290
    # SciPy has no value far out, where two terms of the expansion are more than enough.
    large = np.where(far, z, 1e9)
    endless = -0.5 * np.log(2.0 * np.pi * large) + np.log1p(-(4.0 * order * order - 1.0) / (8.0 * large))
    return np.asarray(np.where(far, endless, np.where(tiny, series, np.log(np.where(tiny, 1.0, value)))))


def _uniform(order: float, z: Array) -> Array:
    """Return the same from Debye's expansion; DLMF 10.41.3, doi:10.18434/M32W2T."""
    x = z / order
    root = np.hypot(1.0, x)
    t = 1.0 / root
    # root - x, without cancellation.
    exponent = order * (1.0 / (root + x) + np.log(x / (1.0 + root)))
    s = t * t
    u1 = t * (3.0 - 5.0 * s) / 24.0
    u2 = s * (81.0 + s * (-462.0 + 385.0 * s)) / 1152.0
    u3 = s * t * (30375.0 + s * (-369603.0 + s * (765765.0 - 425425.0 * s))) / 414720.0
    u4 = s * s * (4465125.0 + s * (-94121676.0 + s * (349922430.0 + s * (-446185740.0 + 185910725.0 * s)))) / 39813120.0
    terms = 1.0 + (u1 + (u2 + (u3 + u4 / order) / order) / order) / order
    return np.asarray(exponent - 0.5 * np.log(2.0 * np.pi * order * root) + np.log(terms))
