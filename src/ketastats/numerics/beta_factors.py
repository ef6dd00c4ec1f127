"""Bayes factors of one rate with a beta prior, and of 2x2 tables by the way in which they were sampled.

All arrays are one-dimensional and of equal length.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import xlog1py, xlogy

from .beta_rates import deviance, log_cdf, log_width
from .special import stirling_error

__all__ = ["log_hypergeometric", "log_joint_excess", "log_one_rate", "log_poisson_excess", "log_tables", "support"]

Array = NDArray[np.float64]

# Terms of the sum over tables with the same margins that are held at once.
_CHUNK = 1 << 18


# ---------------------------------------------------------------------------------------------------------- one rate
def log_one_rate(x: Array, n: Array, null: Array, a: Array, b: Array, *, side: int) -> Array:
    """Return the log Bayes factor of ``rate ~ Beta(a, b)`` against ``rate = null``.

    `side` 1 and -1 take the prior above and below the null, renormalised; the null is then inside (0, 1).
    """
    a1, b1 = x + a, n - x + b
    inside = (null > 0) & (null < 1)
    p = np.where(inside, null, 0.5)
    # Written around the null, so that the large terms of beta function and likelihood have cancelled.
    value = deviance(a1, (a1 + b1) * p) + deviance(b1, (a1 + b1) * (1.0 - p)) + a * np.log(p) + b * np.log1p(-p)
    value = value + log_width(a1, b1) - _log_beta(a, b)
    with np.errstate(divide="ignore", invalid="ignore"):
        # At a null of 0 or 1 the data either contradict it or had probability one.
        edge = _log_beta(a1, b1) - _log_beta(a, b) - xlogy(x, null) - xlog1py(n - x, -null)
    value = np.where(inside, value, edge)
    if side:
        value = value + _log_tail(p, a1, b1, side) - _log_tail(p, a, b, side)
    return np.asarray(value)


def _log_tail(p: Array, a: Array, b: Array, side: int) -> Array:
    """Return the log probability that a beta variable lies above `p`, or below it for a `side` of -1."""
    place = np.stack([p, 1.0 - p, np.log(p), np.log1p(-p)])
    return log_cdf(place[[1, 0, 3, 2]], b, a) if side > 0 else log_cdf(place, a, b)


def _log_beta(a: Array, b: Array) -> Array:
    total = a + b
    return np.asarray(log_width(a, b) + a * np.log(a / total) + b * np.log(b / total))


# ------------------------------------------------------------------------------------------------------- 2x2 tables
def log_tables(x1: Array, n1: Array, x2: Array, n2: Array, prior: Array) -> Array:
    """Return the log Bayes factor of two rates over one, with fixed group sizes (Gunel & Dickey 1974, equation 4.7).

    Each rate has a Beta(a, a); the common one a Beta(2a - 1, 2a - 1), which is what makes the other sampling plans
    differ from this by elementary factors only.
    """
    a1, b1, a2, b2 = x1 + prior, n1 - x1 + prior, x2 + prior, n2 - x2 + prior
    common = 2.0 * prior - 1.0
    a0, b0 = x1 + x2 + common, n1 + n2 - x1 - x2 + common
    rate, rest = a0 / (a0 + b0), b0 / (a0 + b0)
    value = np.log(rate) + np.log(rest)
    for a, b in ((a1, b1), (a2, b2)):
        value = value + deviance(a, (a + b) * rate) + deviance(b, (a + b) * rest)
    value = value + log_width(a1, b1) + log_width(a2, b2) - log_width(a0, b0)
    # B(a, a)^2 / B(2a-1, 2a-1), whose powers of two leave a factor four.
    return np.asarray(value + 2.0 * np.log(2.0) + log_width(common, common) - 2.0 * log_width(prior, prior))


def log_joint_excess(n1: Array, n2: Array, prior: Array) -> Array:
    """Return what the log Bayes factor gains when only the total is fixed, not the sizes of the groups (4.4)."""
    common, total = 2.0 * prior - 1.0, n1 + n2
    share1, share2 = (n1 + common) / (total + 2.0 * common), (n2 + common) / (total + 2.0 * common + 1.0)
    return np.asarray(np.log(share1) + np.log(share2) + np.log(2.0 * (2.0 * common + 1.0) / common))


def log_poisson_excess(n1: Array, n2: Array, prior: Array) -> Array:
    """Return what the log Bayes factor gains when not even the total is fixed (4.2, with b = 4a / total)."""
    total, cells = n1 + n2, 4.0 * prior
    return np.asarray(np.log((total + cells - 1.0) / (total + cells)) + np.log(cells / (cells - 1.0)))


def support(n1: Array, n2: Array, events: Array) -> tuple[Array, Array]:
    """Return the least and the largest number of events in group 1 that the margins allow."""
    return np.maximum(0.0, events - n2), np.minimum(n1, events)


def log_hypergeometric(x1: Array, n1: Array, x2: Array, n2: Array, prior: Array) -> Array:
    """Return the log Bayes factor with both margins fixed (Gunel & Dickey 1974, equation 4.11)."""
    events = x1 + x2
    low, high = support(n1, n2, events)
    null = _log_binomial(x1, n1, events, n1 + n2) + _log_binomial(x2, n2, events, n1 + n2)
    null -= _log_binomial(events, n1 + n2, events, n1 + n2)
    size = high - low + 1.0
    total = np.log(size)
    # With a prior of one every table with these margins is as likely; otherwise they are added up.
    rows = np.flatnonzero(prior != 1.0)
    for at in rows:
        total[at] = _log_sum(low[at], high[at], n1[at], n2[at], events[at], prior[at])
    weight = _log_weight(x1, n1, x2, n2, prior)
    return np.asarray(weight - total - null)


def _log_sum(low: float, high: float, n1: float, n2: float, events: float, prior: float) -> float:
    top, total = -np.inf, 0.0
    for first in range(int(low), int(high) + 1, _CHUNK):
        k = np.arange(first, min(first + _CHUNK, int(high) + 1), dtype=np.float64)
        weight = _log_weight(k, np.full_like(k, n1), events - k, np.full_like(k, n2), np.full_like(k, prior))
        peak = max(top, float(weight.max()))
        total = total * np.exp(top - peak) + np.exp(weight - peak).sum()
        top = peak
    return float(top + np.log(total))


def _log_weight(x1: Array, n1: Array, x2: Array, n2: Array, prior: Array) -> Array:
    """Return the sum over the four cells of log gamma(y + a) / gamma(y + 1), up to what is common to all tables."""
    value = np.zeros_like(x1)
    for cell in (x1, n1 - x1, x2, n2 - x2):
        step, one = prior - 1.0, cell + 1.0
        value += (cell + prior - 0.5) * np.log1p(step / one) + step * np.log(one) - step
        value += stirling_error(cell + prior) - stirling_error(one)
    return np.where(prior == 1.0, 0.0, value)


def _log_binomial(x: Array, n: Array, events: Array, total: Array) -> Array:
    """Return the log of the binomial probability of `x` of `n` at the rate ``events / total`` (Loader's form)."""
    p, q = events / total, (total - events) / total
    inner = (x > 0) & (x < n)
    k = np.where(inner, x, 0.5 * n)
    safe_p, safe_q = np.where(inner, p, 0.5), np.where(inner, q, 0.5)
    value = -deviance(k, n * safe_p) - deviance(n - k, n * safe_q)
    value += stirling_error(n) - stirling_error(k) - stirling_error(n - k)
    value += 0.5 * (np.log(n) - np.log(2.0 * np.pi) - np.log(k) - np.log(n - k))
    with np.errstate(divide="ignore"):
        edge = xlogy(n, np.where(x > 0, p, q))
        # Near one the rate has lost digits that its complement still has.
        edge = np.where((x == 0) & (p < 0.5), xlog1py(n, -p), np.where((x == n) & (q < 0.5), xlog1py(n, -q), edge))
    return np.asarray(np.where(inner, value, edge))
