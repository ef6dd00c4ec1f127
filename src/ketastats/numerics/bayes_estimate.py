"""Bayes factors of an estimate with a standard error, on the log scale.

The estimate is normal about the true effect, or, with finite degrees of freedom, Student's t. All arrays are
one-dimensional and of equal length.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy import special

from .special import chi_log_density, ndtr_between, stirling_error
from .window import log_integral

__all__ = [
    "log_bayes_factor",
    "log_marginal_cauchy",
    "log_marginal_half_normal",
    "log_marginal_normal",
    "log_marginal_uniform",
    "log_t_density",
]

FloatArray = NDArray[np.float64]
#: Log density of the estimate, given the estimate and its standard error, averaged over a prior.
Marginal = Callable[[FloatArray, FloatArray], FloatArray]

_LOG_ROOT_2PI = 0.5 * np.log(2.0 * np.pi)


def log_bayes_factor(estimate: FloatArray, se: FloatArray, df: FloatArray, marginal: Marginal) -> FloatArray:
    """Return the log of the marginal density of the estimates over their density at a true effect of zero.

    `marginal` takes arrays whose last axis runs over the elements.
    """
    value = np.empty_like(estimate)
    normal = np.isinf(df)
    # The marginal knows only whole arrays, since its own parameters run along with the estimates.
    with np.errstate(divide="ignore"):
        if normal.any():
            null = -0.5 * (estimate / se) ** 2 - np.log(se) - _LOG_ROOT_2PI
            value[normal] = (marginal(estimate, se) - null)[normal]
        if not normal.all():
            finite = np.where(normal, 100.0, df)
            null = log_t_density(estimate / se, finite) - np.log(se)
            value[~normal] = (_log_mixture(estimate, se, finite, marginal) - null)[~normal]
    return value


def _log_mixture(estimate: FloatArray, se: FloatArray, df: FloatArray, marginal: Marginal) -> FloatArray:
    # Student's t is a normal whose standard error is divided by s, where df s^2 is chi-squared.
    pull = -0.5 * np.log1p((estimate / se) ** 2 / df)
    drop = 120.0 / df
    low = pull - 0.5 * (0.5 * drop + np.sqrt(0.25 * drop * drop + 2.0 * drop))
    high = 0.5 * np.minimum(np.sqrt(2.0 * drop), 2.0 + np.log1p(drop))

    def kernel(x: FloatArray) -> FloatArray:
        return np.asarray(chi_log_density(x, df[:, None]) + marginal(estimate, (se * np.exp(-x.T))).T)

    return log_integral(kernel, low, high, np.stack([pull, np.zeros_like(pull)], axis=1), kernel)


def log_t_density(z: FloatArray, df: FloatArray) -> FloatArray:
    """Return the log density of Student's t with finite degrees of freedom."""
    half = 0.5 * df
    constant = half * np.log1p(0.5 / half) - 0.5 + stirling_error(half + 0.5) - stirling_error(half)
    return np.asarray(constant - _LOG_ROOT_2PI - 0.5 * (df + 1.0) * np.log1p(z * z / df))


def log_marginal_normal(x: FloatArray, se: FloatArray, mean: FloatArray, sd: FloatArray) -> FloatArray:
    """Return the log density of `x` when the effect is normal with `mean` and `sd`."""
    total = np.hypot(se, sd)
    return np.asarray(-0.5 * ((x - mean) / total) ** 2 - np.log(total) - _LOG_ROOT_2PI)


def log_marginal_half_normal(x: FloatArray, se: FloatArray, sd: FloatArray) -> FloatArray:
    """Return the log density of `x` when the effect is the absolute value of a normal with mean zero."""
    positive = special.log_ndtr(x * (sd / se) / np.hypot(se, sd))
    return np.asarray(np.log(2.0) + positive + log_marginal_normal(x, se, np.zeros_like(sd), sd))


def log_marginal_uniform(x: FloatArray, se: FloatArray, low: FloatArray, high: FloatArray) -> FloatArray:
    """Return the log density of `x` when every effect from `low` to `high` is as likely."""
    a, b = (low - x) / se, (high - x) / se
    flip = a + b > 0
    a, b = np.where(flip, -b, a), np.where(flip, -a, b)
    # Far outside the interval the probabilities themselves underflow; there, their logs differ by much.
    far = special.log_ndtr(b) + np.log1p(-np.exp(np.minimum(special.log_ndtr(a) - special.log_ndtr(b), 0.0)))
    return np.asarray(np.where(b > -30.0, np.log(ndtr_between(a, b)), far) - np.log(high - low))


def log_marginal_cauchy(x: FloatArray, se: FloatArray, scale: FloatArray) -> FloatArray:
    """Return the log density of `x` when the effect is Cauchy about zero: a Voigt profile."""
    return np.asarray(np.log(special.voigt_profile(x, se, scale)))
