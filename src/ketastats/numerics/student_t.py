"""Student's t with any degrees of freedom, infinity included, by its lower tail."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from .special import log1p_minus, stirling_error

__all__ = ["hedges_correction", "isf", "sf", "welch"]

Array = NDArray[np.float64]

#: Beyond it, in roots of the degrees of freedom, the square of t overflows or the leading term is all there is.
_FAR = 1e100


def sf(t: ArrayLike, df: ArrayLike) -> Array:
    """Return ``P(T > t)``."""
    t, df = np.asarray(t, dtype=np.float64), np.asarray(df, dtype=np.float64)
    finite = np.where(np.isinf(df), 1.0, df)
    # Near the middle stdtr is only good to 1e-9 for some degrees of freedom; the probability between -t and t is exact.
    length = np.hypot(np.sqrt(finite), np.where(np.isinf(t), 0.0, t))
    between = special.betainc(0.5, 0.5 * finite, np.square(np.where(np.isinf(t), 1.0, t / length)))
    tail = np.where(between < 0.5, 0.5 - 0.5 * np.sign(t) * between, special.stdtr(finite, -t))
    far = (t > _FAR * np.sqrt(finite)) & np.isfinite(t)
    if far.any():
        log_share = np.where(far, np.log(finite) - 2.0 * np.log(np.where(far, t, 1.0)), 0.0)
        tail = np.where(far, 0.5 * np.exp(0.5 * finite * log_share - _log_lead(finite)), tail)
    return np.where(np.isinf(df), special.ndtr(-t), tail)


def isf(p: ArrayLike, df: ArrayLike) -> Array:
    """Return t with ``P(T > t) = p``."""
    p, df = np.broadcast_arrays(np.asarray(p, dtype=np.float64), np.asarray(df, dtype=np.float64))
    endless = np.isinf(df)
    finite = np.where(endless, 1.0, df)
    t = np.where(p > 0, -special.stdtrit(finite, p), np.inf)
    middle = np.abs(p - 0.5) < 0.25
    if middle.any():
        share = special.betaincinv(0.5, 0.5 * finite, np.where(middle, np.abs(1.0 - 2.0 * p), 0.5))
        t = np.where(middle, np.sign(0.5 - p) * np.sqrt(finite * share / (1.0 - share)), t)
    far = (p > 0) & (p < 1e-15)
    if far.any():
        t = np.where(far, _far_quantile(p, finite, t), t)
    return np.where(endless, -special.ndtri(p), t)


def _far_quantile(p: Array, df: Array, t: Array) -> Array:
    """Return t or the quantile by the beta distribution, whichever gives p back: each fails for some far tails."""
    share = special.betaincinv(0.5 * df, 0.5, 2.0 * p)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        other = np.sqrt(df * ((1.0 - share) / share))
        # A share below the smallest float has only its leading term.
        log_share = (np.log(2.0 * p) + _log_lead(df)) * (2.0 / df)
        other = np.where(log_share < -600.0, np.exp(0.5 * (np.log(df) - log_share)), other)
        miss, other_miss = (np.abs(np.log(sf(value, df) / p)) for value in (t, other))
    return np.where(~(miss <= other_miss) & np.isfinite(other), other, t)


def _log_lead(df: Array) -> Array:
    """Return the log of ``df / 2 * B(df / 2, 1 / 2)``: far out ``2 P(T > t)`` is ``(df / t**2)**(df / 2)`` over it."""
    return np.asarray(np.log(0.5 * df) + special.betaln(0.5 * df, 0.5))


def welch(s1: Array, n1: Array, s2: Array, n2: Array) -> tuple[Array, Array]:
    """Return the standard error and Welch's degrees of freedom of a difference of means.

    Where both standard deviations are zero the standard error is zero and the degrees of freedom, which no longer
    matter, are ``n1 + n2 - 2``.
    """
    one, two = s1 / np.sqrt(n1), s2 / np.sqrt(n2)
    error = np.hypot(one, two)
    share = np.square(one / np.where(error > 0, error, 1.0))
    rest = np.square(two / np.where(error > 0, error, 1.0))
    spread = np.square(share) / (n1 - 1.0) + np.square(rest) / (n2 - 1.0)
    return error, np.where(error > 0, 1.0 / np.where(error > 0, spread, 1.0), n1 + n2 - 2.0)


def hedges_correction(df: ArrayLike) -> Array:
    """Return ``J = gamma(df/2) / (sqrt(df/2) gamma((df-1)/2))`` for ``df > 1``, without a difference of large logs."""
    z = 0.5 * np.asarray(df, dtype=np.float64)
    # (z - 1) log(z / (z - 1/2)) - 1/2, with log1p(y) taken apart as y + (log1p(y) - y) at y = -1 / (2 z).
    main = -(z - 1.0) * log1p_minus(-0.5 / z) - 0.5 / z
    return np.exp(main + stirling_error(z) - stirling_error(z - 0.5))
