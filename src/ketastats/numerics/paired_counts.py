"""Paired proportions from their discordant counts, and odds in one binomial.

A `table` of pairs is a tuple of flat float arrays b, c, n: pairs with the event at the first measurement only, at the
second only, and all. `z` is a normal quantile, not negative. Where the interval at `z` ends, the statistic of that
null value is `z` or `-z`.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy.special import betainc, betaincc

from .chandrupatla import FloatArray, IndexArray, find_roots
from .rates import Ends, binomial_tails, clopper_pearson_interval, wilson_interval, wilson_zscore
from .score import statistic

__all__ = [
    "bonett_price_interval",
    "bonett_price_zscore",
    "exact_odds_interval",
    "midp_interval",
    "midp_tails",
    "odds_interval",
    "odds_zscore",
    "rate_of_odds",
    "tango_interval",
    "tango_null_variance",
    "tango_zscore",
    "wald_interval",
    "wald_zscore",
    "wilson_odds_interval",
]

Pairs = tuple[FloatArray, FloatArray, FloatArray]
Single = tuple[FloatArray, FloatArray]


# ---------------------------------------------------------------------------- difference of rates
def _tango_pieces(table: Pairs, null: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return distance and variance at the restricted maximum of the likelihood; Tango 1998, Stat Med 17, 891-908."""
    b, c, n = table
    swap = null < 0
    size = np.minimum(np.abs(null), 1.0)
    more, less = np.where(swap, c, b), np.where(swap, b, c)
    # The rate of the rarer kind of discordant pair: the root that is not negative of a quadratic with opposite signs.
    half = 2.0 * n * size - (more + less) - size * (more - less)
    constant = less * size * (1.0 - size)
    root = np.sqrt(half * half + 8.0 * n * constant)
    with np.errstate(divide="ignore", invalid="ignore"):
        rare = np.where(
            half > 0, np.where(constant > 0, 2.0 * constant / (root + half), 0.0), (root - half) / (4.0 * n)
        )
    variance = (2.0 * rare + size * (1.0 - size)) / n
    return np.where(np.abs(null) > 1, -np.sign(null), (b - c) / n - null), variance


def tango_null_variance(table: Pairs, null: FloatArray) -> FloatArray:
    """Return the variance of the difference that the score test expects under a null; counts need not be whole."""
    return _tango_pieces(table, null)[1]


def tango_zscore(table: Pairs, null: FloatArray) -> FloatArray:
    """Return Tango's score statistic; at no difference it is McNemar's."""
    return statistic(_tango_pieces(table, null))


def tango_interval(table: Pairs, z: float) -> Ends:
    """Return the ends of the score interval."""
    b, c, n = table
    return -_upper((c, b, n), z), _upper(table, z)


def _upper(table: Pairs, z: float) -> FloatArray:
    def gap(null: FloatArray, rows: IndexArray) -> FloatArray:
        b, c, n = (column[rows] for column in table)
        distance, variance = _tango_pieces((b, c, n), null)
        square = distance**2
        with np.errstate(invalid="ignore"):
            value = (z * z * variance - square) / (variance + square)
        return np.where(square + variance > 0, value, z * z)

    b, c, n = table
    point = (b - c) / n
    return find_roots(gap, (point, np.ones_like(point)), (np.full_like(point, z * z), np.where(point < 1, -1.0, 0.0)))


def _wald_pieces(table: Pairs, added: float) -> tuple[FloatArray, FloatArray]:
    b, c, n = table
    first, second, total = b + added, c + added, n + 2.0 * added
    point = (first - second) / total
    # Pairs: b + c - (b - c)^2 / n, without cancellation.
    spread = (first + second) * (total - first - second) / total + 4.0 * first * second / total
    return point, np.sqrt(spread) / total


def _centred(pieces: tuple[FloatArray, FloatArray], z: float) -> Ends:
    point, error = pieces
    return np.maximum(point - z * error, -1.0), np.minimum(point + z * error, 1.0)


def _centred_zscore(pieces: tuple[FloatArray, FloatArray], null: FloatArray) -> FloatArray:
    point, error = pieces
    outside = np.abs(null) > 1
    return statistic((np.where(outside, -np.sign(null), point - null), np.where(outside, 0.0, error**2)))


def wald_interval(table: Pairs, z: float) -> Ends:
    """Return difference plus and minus z standard errors, within -1 and 1."""
    return _centred(_wald_pieces(table, 0.0), z)


def wald_zscore(table: Pairs, null: FloatArray) -> FloatArray:
    """Return distance over the unrestricted standard error."""
    return _centred_zscore(_wald_pieces(table, 0.0), null)


def bonett_price_interval(table: Pairs, z: float) -> Ends:
    """Return the Wald interval with one pair added to each kind of discordant pair; Bonett & Price 2012."""
    return _centred(_wald_pieces(table, 1.0), z)


def bonett_price_zscore(table: Pairs, null: FloatArray) -> FloatArray:
    """Return the Wald statistic with one pair added to each kind of discordant pair."""
    return _centred_zscore(_wald_pieces(table, 1.0), null)


# ---------------------------------------------------------------------------- odds in one binomial, any scale
Kind = Callable[[Single, float], Ends]


def odds_interval(single: Single, tail_or_z: float, *, kind: Kind) -> Ends:
    """Return an interval of a proportion as one of odds; from 0 to infinity without any counts."""
    x, n = single
    some = n > 0
    safe = np.where(some, n, 1.0)
    low, high = kind((np.where(some, x, 0.0), safe), tail_or_z)
    # The complement of each end is an end of the complement, so that odds near infinity keep their digits.
    other_low, other_high = kind((np.where(some, n - x, 0.0), safe), tail_or_z)
    with np.errstate(divide="ignore"):
        return np.where(some, low / other_high, 0.0), np.where(some, high / other_low, np.inf)


def odds_zscore(single: Single, odds: FloatArray) -> FloatArray:
    """Return Wilson's statistic of a proportion at its odds."""
    x, n = single
    some = n > 0
    rate = rate_of_odds(odds)
    value = wilson_zscore((np.where(some, x, 0.0), np.where(some, n, 1.0)), rate)
    return np.where(some, value, np.where(odds < 0, np.inf, 0.0))


def rate_of_odds(odds: FloatArray) -> FloatArray:
    """Return the proportion at its odds; -1, which no data allow, at odds below 0."""
    size = np.where((odds >= 0) & (odds < np.inf), odds, 0.0)
    return np.where(odds < 0, -1.0, np.where(odds == np.inf, 1.0, size / (1.0 + size)))


def midp_tails(single: Single, null: FloatArray) -> Ends:
    """Return the binomial tails with half the probability of the count itself."""
    upper, lower = binomial_tails(single, null)
    x, n = single
    rate = np.clip(null, 0.0, 1.0)
    beyond_up = np.where(x == n, 0.0, betainc(x + 1.0, np.maximum(n - x, 0.5), rate))
    beyond_down = np.where(x == 0, 0.0, betaincc(np.maximum(x, 0.5), n - x + 1.0, rate))
    outside = (null < 0) | (null > 1)
    return (
        np.where(outside, upper, 0.5 * (upper + beyond_up)),
        np.where(outside, lower, 0.5 * (lower + beyond_down)),
    )


def midp_interval(single: Single, tail: float) -> Ends:
    """Return the proportions at which the mid-p tails are `tail`."""
    x, n = single
    return _midp_low(x, n, tail), 1.0 - _midp_low(n - x, n, tail)


def _midp_low(x: FloatArray, n: FloatArray, tail: float) -> FloatArray:
    def gap(log_rate: FloatArray, rows: IndexArray) -> FloatArray:
        upper, _ = midp_tails((x[rows], n[rows]), np.exp(log_rate))
        return np.asarray(np.log(np.maximum(upper, 1e-320)) - np.log(tail))

    low, high = np.full_like(x, -745.0), np.zeros_like(x)
    at_high = gap(high, np.arange(x.size))
    root = find_roots(gap, (low, high), (np.full_like(x, -1.0), at_high))
    return np.where(x == 0, 0.0, np.where(at_high < 0, 1.0, np.exp(root)))


def exact_odds_interval(single: Single, z: float) -> Ends:
    """Return the odds at which the binomial tails are the normal tail beyond z."""
    return odds_interval(single, z, kind=clopper_pearson_interval)


def wilson_odds_interval(single: Single, z: float) -> Ends:
    """Return the odds at the ends of Wilson's interval."""
    return odds_interval(single, z, kind=wilson_interval)
