"""Intervals of one proportion and of two, and the statistics that they invert, one pair of functions per method.

A `table` is a tuple of flat float arrays x1, n1, x2, n2 (x, n for one proportion). `z` is a normal quantile, not
negative. Where the interval at `z` ends, the statistic of that null value is `z` or `-z`: test and interval agree.
"""

from __future__ import annotations

import numpy as np
from scipy.special import betainc, betaincc, betaincinv, ndtr

from .chandrupatla import FloatArray, IndexArray, find_roots
from .score import (
    BoolArray,
    Table,
    difference_pieces,
    interval_difference,
    interval_ratio,
    odds_pieces,
    ratio_pieces,
    sample_difference,
    statistic,
)

__all__ = [
    "agresti_caffo_interval",
    "agresti_caffo_zscore",
    "binomial_tails",
    "clopper_pearson_interval",
    "log_interval",
    "log_zscore",
    "newcombe_interval",
    "newcombe_zscore",
    "observed",
    "sample_ratio",
    "score_interval",
    "score_zscore",
    "single_wald_interval",
    "single_wald_zscore",
    "wald_interval",
    "wald_zscore",
    "wilson_interval",
    "wilson_zscore",
]

Single = tuple[FloatArray, FloatArray]
Measure = str
Ends = tuple[FloatArray, FloatArray]


def sample_ratio(table: Table, measure: Measure, half: float = 0.0) -> FloatArray:
    """Return the observed ratio of rates or odds, with `half` added to the counts.

    Where neither group says anything about the ratio (no events at all; for odds also no failures) it is 1, the
    middle of an interval from 0 to infinity.
    """
    x1, n1, x2, n2 = table
    if measure == "ratio":
        above, below = (x1 + half) * (n2 + half), (x2 + half) * (n1 + half)
    else:
        above, below = (x1 + half) * (n2 - x2 + half), (x2 + half) * (n1 - x1 + half)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where((above == 0) & (below == 0), 1.0, above / below)


def observed(table: Table, measure: Measure) -> tuple[FloatArray, FloatArray]:
    """Return the observed measure and its standard error, on the log scale for ratios; arrays of any shape."""
    if measure == "difference":
        return sample_difference(table), np.sqrt(_variance(table))
    return sample_ratio(table, measure), _log_pieces(table, measure, 0.0)[1]


# --------------------------------------------------------------------------------------------------------------- score
def _factor(table: Table, corrected: bool) -> FloatArray:
    total = table[1] + table[3]
    return total / (total - 1) if corrected else np.ones_like(total)


def score_interval(table: Table, z: float, *, measure: Measure, corrected: bool) -> Ends:
    """Return the ends of the score interval; `corrected` multiplies the variance by N/(N-1)."""
    factor = _factor(table, corrected)
    if measure == "difference":
        return interval_difference(table, z, factor)
    pieces = ratio_pieces if measure == "ratio" else odds_pieces
    return interval_ratio(pieces, table, sample_ratio(table, measure), z, factor)


def score_zscore(table: Table, null: FloatArray, *, measure: Measure, corrected: bool) -> FloatArray:
    """Return the score statistic at any null value, also one that no pair of proportions has."""
    factor = _factor(table, corrected)
    if measure == "difference":
        return statistic(difference_pieces(table, null), factor)
    pieces = ratio_pieces if measure == "ratio" else odds_pieces
    positive = (null > 0) & (null < np.inf)
    value = statistic(pieces(table, np.where(positive, null, 1.0)), factor)
    return np.where(positive, value, _beyond(null, sample_ratio(table, measure), known=_informative(table, measure)))


def _informative(table: Table, measure: Measure) -> BoolArray:
    x1, n1, x2, n2 = table
    known = x1 + x2 > 0
    return np.asarray(known if measure == "ratio" else known & (x1 + x2 < n1 + n2))


def _beyond(null: FloatArray, point: FloatArray, known: BoolArray) -> FloatArray:
    """Return the statistic at a null ratio of 0, below 0, or infinity: infinite unless the data allow that value."""
    low = np.where((null < 0) | (known & (point > 0)), np.inf, 0.0)
    high = np.where(known & (point < np.inf), -np.inf, 0.0)
    return np.where(null <= 0, low, high)


# ------------------------------------------------------------------------------------ closed forms for the difference
def _centred(centre: FloatArray, error: FloatArray, z: float) -> Ends:
    return np.maximum(centre - z * error, -1.0), np.minimum(centre + z * error, 1.0)


def _centred_zscore(centre: FloatArray, error: FloatArray, null: FloatArray) -> FloatArray:
    distance = np.where(np.abs(null) > 1, -np.sign(null), centre - null)
    return statistic((distance, np.where(np.abs(null) > 1, 0.0, error**2)))


def _variance(table: Table) -> FloatArray:
    x1, n1, x2, n2 = table
    return x1 * (n1 - x1) / n1**3 + x2 * (n2 - x2) / n2**3


def wald_interval(table: Table, z: float) -> Ends:
    """Return difference plus and minus z standard errors, within -1 and 1."""
    return _centred(sample_difference(table), np.sqrt(_variance(table)), z)


def wald_zscore(table: Table, null: FloatArray) -> FloatArray:
    """Return distance over the unrestricted standard error."""
    return _centred_zscore(sample_difference(table), np.sqrt(_variance(table)), null)


def _four_more(table: Table) -> Table:
    x1, n1, x2, n2 = table
    return x1 + 1, n1 + 2, x2 + 1, n2 + 2


def agresti_caffo_interval(table: Table, z: float) -> Ends:
    """Return the Wald interval of the table with one event and one failure more in each group."""
    return wald_interval(_four_more(table), z)


def agresti_caffo_zscore(table: Table, null: FloatArray) -> FloatArray:
    """Return the Wald statistic of the table with one event and one failure more in each group."""
    return wald_zscore(_four_more(table), null)


def newcombe_interval(table: Table, z: float | FloatArray) -> Ends:
    """Return the ends that square and add the distances to the ends of two Wilson intervals."""
    x1, n1, x2, n2 = table
    low1, high1 = wilson_interval((x1, n1), z)
    low2, high2 = wilson_interval((x2, n2), z)
    point = sample_difference(table)
    return point - np.hypot(x1 / n1 - low1, high2 - x2 / n2), point + np.hypot(high1 - x1 / n1, x2 / n2 - low2)


def newcombe_zscore(table: Table, null: FloatArray) -> FloatArray:
    """Return the normal quantile at which an end of Newcombe's interval reaches `null`."""
    above = null > sample_difference(table)
    x1, n1, x2, n2 = table
    # Group 1 minus group 2 from above is group 2 minus group 1 from below.
    turned = (np.where(above, x2, x1), np.where(above, n2, n1), np.where(above, x1, x2), np.where(above, n1, n2))
    target = np.where(above, -null, null)

    def gap(z: FloatArray, rows: IndexArray) -> FloatArray:
        a, b, c, d = (column[rows] for column in turned)
        return newcombe_interval((a, b, c, d), z)[0] - target[rows]

    # Beyond 40 standard deviations the normal tail is below the smallest float.
    zero, far = np.zeros_like(target), np.full_like(target, 40.0)
    rows = np.arange(target.size)
    at_far = gap(far, rows)
    z = find_roots(gap, (zero, far), (sample_difference(turned) - target, at_far))
    z = np.where(at_far > 0, np.inf, z)
    return np.where(null == sample_difference(table), 0.0, np.where(above, -z, z))


# ---------------------------------------------------------------------------------------------- closed forms for ratios
def _log_pieces(table: Table, measure: Measure, half: float) -> tuple[FloatArray, FloatArray]:
    """Return the log of the ratio and its standard error; infinite where a needed count is zero."""
    x1, n1, x2, n2 = (column + half for column in table)
    if measure == "odds_ratio":
        n1, n2 = n1 + half, n2 + half
    with np.errstate(divide="ignore"):
        log_point = np.log(sample_ratio(table, measure, half))
        if measure == "ratio":
            variance = (n1 - x1) / (n1 * x1) + (n2 - x2) / (n2 * x2)
        else:
            variance = n1 / (x1 * (n1 - x1)) + n2 / (x2 * (n2 - x2))
    return log_point, np.sqrt(variance)


def log_interval(table: Table, z: float, *, measure: Measure, half: float) -> Ends:
    """Return the Wald interval on the log scale; from 0 to infinity where a needed count is zero."""
    log_point, error = _log_pieces(table, measure, half)
    known = np.isfinite(error)
    centre, reach = np.where(known, log_point, 0.0), z * np.where(known, error, 0.0)
    return np.where(known, np.exp(centre - reach), 0.0), np.where(known, np.exp(centre + reach), np.inf)


def log_zscore(table: Table, null: FloatArray, *, measure: Measure, half: float) -> FloatArray:
    """Return the distance on the log scale over its standard error."""
    log_point, error = _log_pieces(table, measure, half)
    known = np.isfinite(error)
    positive = (null > 0) & (null < np.inf)
    distance = np.where(known, log_point, 0.0) - np.log(np.where(positive, null, 1.0))
    value = np.where(known, statistic((distance, np.where(known, error, 1.0) ** 2)), 0.0)
    return np.where(positive, value, _beyond(null, np.ones_like(null), known=known))


# ------------------------------------------------------------------------------------------------------ one proportion
def wilson_interval(table: Single, z: float | FloatArray) -> Ends:
    """Return both ends of the score interval of one proportion."""
    x, n = table
    y, z2 = n - x, np.square(z)
    root = z * np.sqrt(4 * x * y / n + z2)
    # Each end by the form that does not cancel, from the side of the rarer outcome.
    events, failures = 2 * x + z2 + root, 2 * y + z2 + root
    rare = x <= y
    with np.errstate(divide="ignore", invalid="ignore"):
        low = np.where(rare, np.where(x == 0, 0.0, 2 * x * x / (n * events)), 1 - failures / (2 * (n + z2)))
        high = np.where(rare, events / (2 * (n + z2)), 1 - np.where(y == 0, 0.0, 2 * y * y / (n * failures)))
    return low, high


def wilson_zscore(table: Single, null: FloatArray) -> FloatArray:
    """Return distance over the standard error under the null value."""
    x, n = table
    outside = (null < 0) | (null > 1)
    distance = np.where(outside, 0.5 - null, x / n - null)
    return statistic((distance, np.where(outside, 0.0, null * (1 - null) / n)))


def single_wald_interval(table: Single, z: float) -> Ends:
    """Return the proportion plus and minus z standard errors, within 0 and 1."""
    x, n = table
    error = np.sqrt(x * (n - x) / n**3)
    return np.maximum(x / n - z * error, 0.0), np.minimum(x / n + z * error, 1.0)


def single_wald_zscore(table: Single, null: FloatArray) -> FloatArray:
    """Return distance over the standard error at the observed proportion."""
    x, n = table
    outside = (null < 0) | (null > 1)
    distance = np.where(outside, 0.5 - null, x / n - null)
    return statistic((distance, np.where(outside, 0.0, x * (n - x) / n**3)))


def clopper_pearson_interval(table: Single, z: float) -> Ends:
    """Return the proportions whose binomial tail beyond the data is the normal tail beyond z."""
    x, n = table
    tail = ndtr(-z)
    low = np.where(x == 0, 0.0, betaincinv(np.maximum(x, 0.5), n - x + 1, tail))
    # The upper end is the lower end of the failures, seen from 1: no tail is taken from 1.
    y = n - x
    high = np.where(y == 0, 1.0, 1 - betaincinv(np.maximum(y, 0.5), x + 1, tail))
    return low, high


def binomial_tails(table: Single, null: FloatArray) -> Ends:
    """Return the chances of at least, and of at most, the observed events at rate `null`."""
    x, n = table
    rate = np.clip(null, 0.0, 1.0)
    upper = np.where(x == 0, 1.0, betainc(np.maximum(x, 0.5), n - x + 1, rate))
    lower = np.where(x == n, 1.0, betaincc(x + 1, np.maximum(n - x, 0.5), rate))
    upper = np.where(null < 0, 0.0, np.where(null > 1, 1.0, upper))
    return upper, np.where(null > 1, 0.0, np.where(null < 0, 1.0, lower))
