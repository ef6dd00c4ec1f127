"""Bayes factors of a t statistic under a Student prior (such as Cauchy or normal) on the effect, on the log scale.

Notation: the statistic `t` has `df` degrees of freedom and noncentrality ``delta * sqrt(size)``, where `size` is
``n1 n2 / (n1 + n2)`` for two groups and ``n`` for one. All arrays are one-dimensional and of equal length.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
from numpy.typing import NDArray

from .log_student import log_t_density, log_t_sf
from .special import expm1_minus
from .window import log_integral, log_sum_exp

__all__ = ["laplace", "log_jzs", "log_likelihood_ratio", "log_prior_average"]

FloatArray = NDArray[np.float64]

# Elements per pass: bounds the work space. At some forty points an element five hundred of them stay in the cache,
# which makes the JZS factors three times as fast as with eight thousand.
_CHUNK_JZS = 512
_CHUNK_AVERAGE = 64


def log_jzs(t: FloatArray, size: FloatArray, df: FloatArray, scale: FloatArray, side: int = 0) -> FloatArray:
    """Return the log Bayes factor of ``delta ~ Cauchy(0, scale)`` against ``delta = 0``.

    `side` 0 takes the whole prior; 1 and -1 its half above and below zero, doubled.
    """
    return _in_chunks(partial(_log_jzs, side), _CHUNK_JZS, t, size, df, scale)


def _log_jzs(side: int, t: FloatArray, size: FloatArray, df: FloatArray, scale: FloatArray) -> FloatArray:
    # The Cauchy is a normal with variance g ~ inverse gamma(1/2, scale^2 / 2) (Rouder et al. 2009, equation 1). In
    # psi = log g the integrand falls doubly exponentially to the left and as exp(-psi) to the right; psi = c + x +
    # exp(x) makes it fall doubly exponentially on both sides, where equal steps are as good as Gauss's rule.
    t, size, df, scale = (value[:, None] for value in (t, size, df, scale))
    ratio = t * t / df
    centre = np.log(scale * scale + 0.3 * (1.0 + t * t + ratio) / size)
    reach = 2.0 * np.log(scale) - np.log(88.0) - centre
    start = reach - np.exp(reach)
    for _ in range(3):
        start -= (start + np.exp(start) - reach) / (1.0 + np.exp(start))
    stop = np.log(80.0)
    count = int(np.ceil(np.max(stop - start) / 0.25)) + 1
    x = start + (stop - start) * np.linspace(0.0, 1.0, count)
    growth = np.exp(x)
    psi = centre + x + growth
    shrunk = 1.0 / (1.0 + size * np.exp(psi))
    terms = np.log1p(growth) - 0.5 * (psi + scale * scale * np.exp(-psi)) + 0.5 * np.log(shrunk)
    terms -= 0.5 * (df + 1.0) * (np.log1p(ratio * shrunk) - np.log1p(ratio))
    if side:
        # Given g, delta is positive with a probability of Student's t with one more degree of freedom.
        z = -side * t * np.sqrt((1.0 - shrunk) * (df + 1.0) / (df + t * t * shrunk))
        terms += np.log(2.0) + log_t_sf(z, df + 1.0)
    step = (stop - start) / (count - 1)
    return np.asarray(log_sum_exp(terms) + np.log(scale * step / np.sqrt(2.0 * np.pi))[:, 0])


def log_likelihood_ratio(delta: FloatArray, t: FloatArray, size: FloatArray, df: FloatArray) -> FloatArray:
    """Return the log density of `t` at effect `delta` minus that at effect zero; arguments broadcast."""
    value, excess = laplace(delta, t, size, df)
    return np.asarray(value + _log_chi_ratio(excess, df + 1.0))


def laplace(delta: FloatArray, t: FloatArray, size: FloatArray, df: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the log ratio without its slowly varying factor, and the argument of that factor.

    The ratio is ``exp(-mu^2 / 2) E exp(y S)`` with ``S`` chi-distributed on ``k = df + 1`` degrees of freedom,
    ``mu = delta sqrt(size)`` and ``y = mu t / sqrt(df + t^2)``. The exponent is expanded at its peak in ``log s``,
    where ``s = sqrt(k) exp(a)`` and ``sinh(a) = y / (2 sqrt(k))``.
    """
    k = df + 1.0
    mu = delta * np.sqrt(size)
    q = 0.5 * mu * (t / np.hypot(np.sqrt(df), t)) / np.sqrt(k)
    a = np.arcsinh(q)
    # For q > 0, y^2 / 2 is part of the peak and is taken out of mu^2 / 2 by hand, since the two nearly cancel.
    left = np.where(q > 0, df / (df + t * t), 1.0)
    peak = k * (a + q / (np.sqrt(q * q + 1.0) + np.abs(q)))
    return peak - 0.5 * mu * mu * left, 2.0 * a


def _log_chi_ratio(log_e: FloatArray, k: FloatArray) -> FloatArray:
    """Return the log of ``J(log_e) / J(0)``, the integrals around the peak of the chi variable.

    ``J`` integrates ``exp(-k (e^v - 1 - v + e (e^v - 1)^2 / 2))`` over ``v``, with ``e = exp(log_e)``.
    """
    log_e, k = np.broadcast_arrays(log_e, k)
    return np.asarray(_log_chi_integral(np.exp(log_e), k) - _log_chi_integral(np.ones_like(k), k))


def _log_chi_integral(e: FloatArray, k: FloatArray) -> FloatArray:
    drop = 40.0 / k
    # Where either part of the exponent alone has fallen by `drop`; the integrand is entire, so equal steps converge
    # geometrically: 0.55 of its standard deviation for the bell, 0.1 where a small k makes the left tail slow.
    part = np.sqrt(2.0 * drop / e)
    with np.errstate(invalid="ignore", divide="ignore"):
        steep = np.where(part < 1.0, -np.log1p(-np.minimum(part, 1.0)), np.inf)
    low = -np.minimum(0.5 * drop + np.sqrt(0.25 * drop * drop + 2.0 * drop), steep)
    high = np.minimum(np.where(drop < 2.0, np.sqrt(2.0 * drop), np.log1p(2.0 * drop)), np.log1p(part))
    step = np.minimum(0.55 / np.sqrt(k * (1.0 + e)), 0.1)
    count = int(np.ceil(np.max((high - low) / step))) + 1
    total = np.zeros_like(k)
    for fraction in np.linspace(0.0, 1.0, count):
        v = low + (high - low) * fraction
        total += np.exp(-k * (expm1_minus(v) + 0.5 * e * np.expm1(v) ** 2))
    return np.asarray(np.log(total * (high - low) / (count - 1)))


def log_prior_average(
    t: FloatArray,
    size: FloatArray,
    df: FloatArray,
    low: FloatArray,
    high: FloatArray,
    location: FloatArray,
    scale: FloatArray,
    prior_df: FloatArray,
) -> FloatArray:
    """Return the log of the likelihood ratio integrated over a prior of the effect from `low` to `high`.

    The prior is ``location + scale`` times Student's t with `prior_df` degrees of freedom: 1 is the Cauchy, infinity
    the normal. It is not renormalised to the interval; divide by `log_mass` for that. Infinite ends are allowed.
    """
    return _in_chunks(_log_prior_average, _CHUNK_AVERAGE, t, size, df, low, high, location, scale, prior_df)


def _log_prior_average(
    t: FloatArray,
    size: FloatArray,
    df: FloatArray,
    low: FloatArray,
    high: FloatArray,
    location: FloatArray,
    scale: FloatArray,
    prior_df: FloatArray,
) -> FloatArray:
    # In delta = location + scale sinh(x) a Cauchy is sech(x) / pi, smooth on the scale of one, and lighter tails are
    # no wider; the likelihood is a bump of known place.
    peak = np.arcsinh((t / np.sqrt(size) - location) / scale)
    origin = np.arcsinh(-location / scale)
    start, stop = np.arcsinh((low - location) / scale), np.arcsinh((high - location) / scale)
    reach = 60.0 + np.abs(peak) + np.abs(np.where(np.isfinite(start), start, 0.0))
    reach += np.abs(np.where(np.isfinite(stop), stop, 0.0))
    start, stop = np.maximum(start, -reach), np.minimum(stop, reach)
    between = _between(t, size, df, location, scale, prior_df)
    hints = np.stack([peak, origin, np.zeros_like(peak), *between], axis=1)
    t, size, df, location, scale, prior_df = (v[:, None] for v in (t, size, df, location, scale, prior_df))

    def prior(x: FloatArray) -> FloatArray:
        log_cosh = np.abs(x) + np.log1p(np.exp(-2.0 * np.abs(x))) - np.log(2.0)
        # Of the Cauchy the cosine is one factor of the density: nothing cancels.
        density = log_t_density(np.sinh(x), np.where(prior_df == 1.0, 2.0, prior_df))
        return np.asarray(np.where(prior_df == 1.0, -np.log(np.pi) - log_cosh, density + log_cosh))

    def exact(x: FloatArray) -> FloatArray:
        return np.asarray(prior(x) + log_likelihood_ratio(location + scale * np.sinh(x), t, size, df))

    def shape(x: FloatArray) -> FloatArray:
        return np.asarray(prior(x) + laplace(location + scale * np.sinh(x), t, size, df)[0])

    return log_integral(exact, start, stop, hints, shape)


def _between(
    t: FloatArray, size: FloatArray, df: FloatArray, location: FloatArray, scale: FloatArray, prior_df: FloatArray
) -> list[FloatArray]:
    """Return where prior and likelihood agree on a compromise, one place seen from each of the two, in units of x."""
    weight = size * scale * scale / (1.0 + 0.5 * t * t / df)
    target = (t / np.sqrt(size) - location) / scale
    # A Student prior is a normal whose precision falls with the distance from its centre.
    finite = np.where(np.isinf(prior_df), 1e300, prior_df)
    places = []
    for first in (target, np.zeros_like(target)):
        z = first
        for _ in range(30):
            pull = (finite + 1.0) / (finite + np.minimum(np.abs(z), 1e100) ** 2)
            z = target * (weight / (weight + pull))
        places.append(np.arcsinh(z))
    return places


def _in_chunks(function: Callable[..., FloatArray], length: int, *arrays: FloatArray) -> FloatArray:
    total = len(arrays[0])
    if total == 0:
        return np.empty(0)
    if total <= length:
        return function(*arrays)
    parts = [function(*(array[at : at + length] for array in arrays)) for at in range(0, total, length)]
    return np.concatenate(parts)
