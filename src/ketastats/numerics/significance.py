"""What estimates look like once only the significant ones are kept.

An estimate has a normal error of known size one around `effect`, and its t statistic divides it by an independent
standard deviation s, with ``df * s**2`` chi-squared; it counts when the statistic is beyond `critical` on either side.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from . import noncentral_t
from .quadrature import log_integral
from .special import chi_log_density

__all__ = ["mean_magnitude", "tails"]

Array = NDArray[np.float64]

_LOG_ROOT_2PI = 0.5 * np.log(2.0 * np.pi)
#: With more degrees of freedom than this, s is 1.
_LARGEST_DF = 1e20


def tails(effect: ArrayLike, df: ArrayLike, critical: ArrayLike) -> tuple[Array, Array]:
    """Return the probabilities of a significant estimate above and below zero."""
    return noncentral_t.sf(critical, df, effect), noncentral_t.cdf(np.negative(critical), df, effect)


def mean_magnitude(effect: ArrayLike, df: ArrayLike, critical: ArrayLike) -> Array:
    """Return the mean of ``|estimate|`` where it is significant and of 0 where it is not.

    Given s, the mean of Z + effect beyond a is ``phi(a - effect) + effect P(Z + effect > a)``; the first term is
    averaged over s, the second is the tail of the noncentral t.
    """
    effect, df, critical = np.broadcast_arrays(*(np.asarray(v, dtype=np.float64) for v in (effect, df, critical)))
    above, below = tails(effect, df, critical)
    edges = _mean_density(effect, df, critical) + _mean_density(-effect, df, critical)
    return np.asarray(edges + effect * (above - below))


def _mean_density(effect: Array, df: Array, critical: Array) -> Array:
    """Return the mean of the normal density at ``critical * s - effect`` over s."""
    shape = effect.shape
    effect, df, critical = (np.array(array.ravel()) for array in (effect, df, critical))
    with np.errstate(over="ignore"):
        out = np.exp(-0.5 * np.square(np.minimum(np.abs(critical - effect), 1e10)) - _LOG_ROOT_2PI)
    (at,) = np.nonzero((df < _LARGEST_DF) & np.isfinite(critical) & (np.abs(effect) < 1e10))
    effect, df, critical = effect[at], df[at], critical[at]
    # The slope of the log integrand in x = log s is a quadratic in s.
    pull, both = critical * effect, np.square(critical) + df
    root = np.sqrt(np.square(pull) + 4.0 * df * both)
    mode = np.where(pull > 0, (pull + root) / (2.0 * both), 2.0 * df / (root - pull))
    width = 1.0 / np.sqrt(2.0 * both * mode * mode - pull * mode)
    out[at] = np.exp(log_integral(_log_density, (effect, df, critical), df, np.log(mode), width))
    return np.asarray(out).reshape(shape)


def _log_density(x: Array, effect: Array, df: Array, critical: Array) -> Array:
    gap = critical * np.exp(x) - effect
    return np.asarray(chi_log_density(x, df) - 0.5 * gap * gap - _LOG_ROOT_2PI)
