"""Bayes factors of an estimate with a standard error, on the log scale.

The estimate is normal about the true effect, or, with finite degrees of freedom, Student's t. All arrays are
one-dimensional and of equal length.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy import special

from .log_student import log_t_density
from .special import chi_log_density, ndtr_between
from .window import log_integral

__all__ = [
    "log_bayes_factor",
    "log_marginal_cauchy",
    "log_marginal_half_normal",
    "log_marginal_normal",
    "log_marginal_uniform",
]

FloatArray = NDArray[np.float64]
#: Log density of the estimate, given the estimate and its standard error, averaged over a prior.
Marginal = Callable[[FloatArray, FloatArray], FloatArray]

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(10)
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
    width = (high - low) / se
    narrow, far = width * np.maximum(np.abs(b), 1.0) < 1.0, b < -30.0
    plain = ~(narrow | far)
    with np.errstate(divide="ignore"):
        # Nothing is left beyond 50 standard errors.
        between = np.log(ndtr_between(np.where(plain, np.maximum(a, -50.0), -1.0), np.where(plain, b, 1.0)))
    wide = np.where(far, _log_far_between(np.where(far, b, -30.0), width), between) - np.log(high - low)
    # The width of the prior may be lost beside the estimate; its mean density is not.
    distance = np.where(narrow, width, 0.0)[..., None] * (0.5 + 0.5 * _NODES)
    mean = np.exp(np.where(narrow, b, 0.0)[..., None] * distance - 0.5 * distance * distance) @ (0.5 * _WEIGHTS)
    return np.where(narrow, np.log(mean) - 0.5 * b * b - _LOG_ROOT_2PI - np.log(se), wide)


def _log_far_between(b: FloatArray, width: FloatArray) -> FloatArray:
    """Return the log of the normal probability between ``b - width`` and `b`, for b of at most -30, -b width over 1."""
    # The upper tail is a share of the lower one, by the scaled complementary error function.
    ratio = special.erfcx((width - b) * np.sqrt(0.5)) / special.erfcx(-b * np.sqrt(0.5))
    fall = np.maximum(width * (0.5 * width - b), 1.0)
    return np.asarray(special.log_ndtr(b) + np.log1p(-ratio * np.exp(-fall)))


def log_marginal_cauchy(x: FloatArray, se: FloatArray, scale: FloatArray) -> FloatArray:
    """Return the log density of `x` when the effect is Cauchy about zero: a Voigt profile."""
    return np.asarray(np.log(special.voigt_profile(x, se, scale)))
