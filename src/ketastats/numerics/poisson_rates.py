"""Two Poisson rates: statistics of their ratio and their difference, and the intervals that invert them.

A `table` is a tuple of flat float arrays x1, t1, x2, t2: events and the person-time (or any exposure) in which they
were counted. Given all events, those of group 1 are binomial with odds ``ratio * t1 / t2``, so the exact, mid-p and
score methods of a ratio are those of one proportion.
"""

from __future__ import annotations

import numpy as np
from scipy.special import ndtri

from .chandrupatla import FloatArray, IndexArray, find_roots
from .paired_counts import (
    exact_odds_interval,
    midp_interval,
    midp_tails,
    odds_interval,
    odds_zscore,
    rate_of_odds,
)
from .rates import Ends, binomial_tails, wilson_interval
from .score import BoolArray, Table, statistic

__all__ = [
    "conditional_interval",
    "conditional_tails",
    "fieller_interval",
    "fieller_zscore",
    "log_interval",
    "log_zscore",
    "score_difference_interval",
    "score_difference_zscore",
    "score_interval",
    "score_zscore",
    "sqrt_interval",
    "sqrt_zscore",
    "wald_difference_interval",
    "wald_difference_zscore",
]


def _odds(table: Table, null: FloatArray) -> FloatArray:
    """Return the odds that an event belongs to group 1."""
    return np.asarray(null * (table[1] / table[3]))


def _single(table: Table) -> tuple[FloatArray, FloatArray]:
    return table[0], table[0] + table[2]


def _as_ratio(table: Table, ends: Ends) -> Ends:
    scale = table[3] / table[1]
    return ends[0] * scale, ends[1] * scale


# ---------------------------------------------------------------------------- ratio, given all events
def score_interval(table: Table, z: float) -> Ends:
    """Return the score interval of the ratio."""
    return _as_ratio(table, odds_interval(_single(table), z, kind=wilson_interval))


def score_zscore(table: Table, null: FloatArray) -> FloatArray:
    """Return the score statistic of the ratio; W2 of Gu et al. 2008, Biometrical Journal 50, 283-298."""
    return odds_zscore(_single(table), _odds(table, null))


def conditional_interval(table: Table, tail: float, *, midp: bool) -> Ends:
    """Return the ratios at which the binomial tails are `tail`."""
    if midp:
        return _as_ratio(table, odds_interval(_single(table), tail, kind=midp_interval))
    return _as_ratio(table, exact_odds_interval(_single(table), abs(float(ndtri(tail)))))


def conditional_tails(table: Table, null: FloatArray, *, midp: bool) -> Ends:
    """Return the binomial tails of the events in group 1 among all."""
    x, n = _single(table)
    odds = _odds(table, null)
    rate = rate_of_odds(odds)
    some = n > 0
    kernel = midp_tails if midp else binomial_tails
    upper, lower = kernel((np.where(some, x, 0.0), np.where(some, n, 1.0)), rate)
    sure = np.where(odds < 0, 0.0, 1.0), np.ones_like(upper)
    return np.where(some, upper, sure[0]), np.where(some, lower, sure[1])


# ---------------------------------------------------------------------------- ratio, normal approximations
def log_interval(table: Table, z: float) -> Ends:
    """Return the Wald interval on the log scale; from 0 to infinity where a count is zero."""
    x1, t1, x2, t2 = table
    known = (x1 > 0) & (x2 > 0)
    a, b = np.where(known, x1, 1.0), np.where(known, x2, 1.0)
    point, reach = (a / t1) / (b / t2), np.exp(z * np.sqrt(1.0 / a + 1.0 / b))
    return np.where(known, point / reach, 0.0), np.where(known, point * reach, np.inf)


def log_zscore(table: Table, null: FloatArray) -> FloatArray:
    """Return the distance on the log scale over its standard error."""
    x1, t1, x2, t2 = table
    known, inside = (x1 > 0) & (x2 > 0), (null > 0) & (null < np.inf)
    a, b = np.where(known, x1, 1.0), np.where(known, x2, 1.0)
    distance = np.log(a / b) - np.log(np.where(inside, null, 1.0)) - np.log(t1 / t2)
    value = np.where(known, distance / np.sqrt(1.0 / a + 1.0 / b), 0.0)
    return _beyond(value, null, known)


def _beyond(value: FloatArray, null: FloatArray, known: BoolArray) -> FloatArray:
    """Return the statistic also at a ratio of 0 or infinity, which only data without events allow, and below 0."""
    low = np.where((null < 0) | known, np.inf, 0.0)
    return np.where(null <= 0, low, np.where(null == np.inf, np.where(known, -np.inf, 0.0), value))


def _smaller_root(first: FloatArray, last: FloatArray, product: FloatArray) -> FloatArray:
    """Return the root of first t^2 - 2 product t + last = 0 that is the lower end, 0 where that is not positive."""
    inside = np.maximum(product * product - first * last, 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        root = last / (product + np.sqrt(inside))
    return np.where(last > 0, root, 0.0)


def _both_ends(first: FloatArray, last: FloatArray, product: FloatArray) -> Ends:
    low = _smaller_root(first, last, product)
    # Exchanging the groups turns the ratio and its ends.
    with np.errstate(divide="ignore"):
        return low, 1.0 / _smaller_root(last, first, product)


def fieller_interval(table: Table, z: float) -> Ends:
    """Return the ratios at which x1 - x2 times the odds is z standard errors of its own."""
    x1, _, x2, _ = table
    ends = _both_ends(x2 * (x2 - z * z), x1 * (x1 - z * z), x1 * x2)
    return _as_ratio(table, ends)


def fieller_zscore(table: Table, null: FloatArray) -> FloatArray:
    """Return the unconditional Wald statistic of the ratio; W1 of Gu et al. 2008."""
    x1, _, x2, _ = table
    odds = np.where((null >= 0) & (null < np.inf), _odds(table, null), 0.0)
    # Divided by the odds where these are large, so that nothing overflows.
    scale = np.maximum(odds, 1.0)
    value = statistic((x1 / scale - x2 * (odds / scale), x1 / scale**2 + x2 * (odds / scale) ** 2))
    return np.where(null < 0, np.inf, np.where(null == np.inf, -np.sqrt(x2), value))


def sqrt_interval(table: Table, z: float) -> Ends:
    """Return the ratios at which the statistic of square roots is z."""
    a, b, k = table[0] + 0.375, table[2] + 0.375, 0.25 * z * z
    low, high = _both_ends(b - k, a - k, np.sqrt(a * b))
    return _as_ratio(table, (low * low, high * high))


def sqrt_zscore(table: Table, null: FloatArray) -> FloatArray:
    """Return the statistic of square roots with 3/8 added; W5 of Gu et al. 2008."""
    a, b = np.sqrt(table[0] + 0.375), np.sqrt(table[2] + 0.375)
    odds = np.where((null >= 0) & (null < np.inf), _odds(table, null), 0.0)
    value = 2.0 * (a - b * np.sqrt(odds)) / np.sqrt(1.0 + odds)
    return np.where(null < 0, np.inf, np.where(null == np.inf, -2.0 * b, value))


# ---------------------------------------------------------------------------- difference of rates
def _difference_pieces(table: Table, null: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return distance and variance at the restricted maximum of the likelihood."""
    x1, t1, x2, t2 = table
    swap = null < 0
    size = np.abs(null)
    total = t1 + t2
    less = np.where(swap, x1, x2)
    half = total * size - (x1 + x2)
    constant = less * size * total
    root = np.sqrt(half * half + 4.0 * constant)
    # The lower rate: the root that is not negative of total t^2 + half t - less size = 0.
    with np.errstate(divide="ignore", invalid="ignore"):
        small = np.where(
            half > 0, np.where(constant > 0, 2.0 * less * size / (root + half), 0.0), (root - half) / (2.0 * total)
        )
    rate1, rate2 = np.where(swap, small, small + size), np.where(swap, small + size, small)
    return x1 / t1 - x2 / t2 - null, rate1 / t1 + rate2 / t2


def score_difference_zscore(table: Table, null: FloatArray) -> FloatArray:
    """Return the score statistic of the difference."""
    finite = np.isfinite(null)
    value = statistic(_difference_pieces(table, np.where(finite, null, 0.0)))
    return np.where(finite, value, np.where(null > 0, -np.inf, np.inf))


def score_difference_interval(table: Table, z: float) -> Ends:
    """Return the ends of the score interval of the difference."""
    x1, t1, x2, t2 = table
    return -_upper_difference((x2, t2, x1, t1), z), _upper_difference(table, z)


def _upper_difference(table: Table, z: float) -> FloatArray:
    def gap(null: FloatArray, rows: IndexArray) -> FloatArray:
        x1, t1, x2, t2 = (column[rows] for column in table)
        distance, variance = _difference_pieces((x1, t1, x2, t2), null)
        square = distance**2
        with np.errstate(invalid="ignore"):
            value = (z * z * variance - square) / (variance + square)
        return np.where(square + variance > 0, value, z * z)

    x1, t1, x2, t2 = table
    point = x1 / t1 - x2 / t2
    # About as far as the statistic reaches z; doubled where it is not far enough.
    spread = (x1 / t1 + x2 / t2) * (1.0 / t1 + 1.0 / t2)
    far = point + z * z * (1.0 / t1 + 1.0 / t2) + 2.0 * z * np.sqrt(spread) + 1e-300
    rows = np.arange(point.size)
    for _ in range(60):
        short = gap(far, rows) > 0
        if not short.any():
            break
        far = np.where(short, point + 2.0 * (far - point), far)
    return find_roots(gap, (point, far), (np.full_like(point, z * z), gap(far, rows)), atol=0.0)


def _wald_error(table: Table) -> FloatArray:
    x1, t1, x2, t2 = table
    return np.asarray(np.hypot(np.sqrt(x1) / t1, np.sqrt(x2) / t2))


def wald_difference_interval(table: Table, z: float) -> Ends:
    """Return difference plus and minus z standard errors."""
    x1, t1, x2, t2 = table
    point, reach = x1 / t1 - x2 / t2, z * _wald_error(table)
    return point - reach, point + reach


def wald_difference_zscore(table: Table, null: FloatArray) -> FloatArray:
    """Return distance over the unrestricted standard error."""
    x1, t1, x2, t2 = table
    return statistic((x1 / t1 - x2 / t2 - null, _wald_error(table) ** 2))
