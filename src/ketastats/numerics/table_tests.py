"""p-values of 2x2 tables, forwards and over arrays.

Counts are ``int64`` arrays of one shape: `x1` events among `n1` people, `x2` among `n2`. A test that is not defined
for a table (no events at all, or only events) gives NaN, which the callers read as "prints nothing".
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import erfc, gammaln

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

#: Two tables count as equally likely when their probabilities differ by less than this, relatively.
RELATIVE_TIE = 1e-7
_ROW_ELEMENTS = 200_000
# Up to here log factorials from a table leave the probabilities good to 1e-10, and are faster.
_LOG_FACTORIAL_PEOPLE = 10_000


def _margins(x1: IntArray, n1: IntArray, x2: IntArray, n2: IntArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return the absolute determinant, the total and the product of the margins over the total."""
    determinant = np.abs(x1 * (n2 - x2) - x2 * (n1 - x1)).astype(np.float64)
    total = (n1 + n2).astype(np.float64)
    events = (x1 + x2).astype(np.float64)
    # Products of four margins leave the range of int64 long before that of floats.
    product = (n1.astype(np.float64) / total) * n2 * events * (total - events)
    return determinant, total, product


def pearson_statistic(x1: IntArray, n1: IntArray, x2: IntArray, n2: IntArray) -> FloatArray:
    """Return the uncorrected chi-square."""
    determinant, _, product = _margins(x1, n1, x2, n2)
    with np.errstate(invalid="ignore", divide="ignore"):
        return determinant * determinant / product


def yates_statistic(x1: IntArray, n1: IntArray, x2: IntArray, n2: IntArray) -> FloatArray:
    """Return the chi-square with the continuity correction min(1/2, abs(O - E))."""
    determinant, total, product = _margins(x1, n1, x2, n2)
    corrected = np.maximum(determinant - total / 2.0, 0.0)
    with np.errstate(invalid="ignore", divide="ignore"):
        return corrected * corrected / product


def n_minus_1_statistic(x1: IntArray, n1: IntArray, x2: IntArray, n2: IntArray) -> FloatArray:
    """Return the chi-square times (N - 1)/N."""
    total = (n1 + n2).astype(np.float64)
    return pearson_statistic(x1, n1, x2, n2) * ((total - 1.0) / total)


def lr_statistic(x1: IntArray, n1: IntArray, x2: IntArray, n2: IntArray) -> FloatArray:
    """Return the likelihood-ratio chi-square G.

    The four deviations O - E are equal up to sign, so each term is E h((O - E)/E) with
    h(r) = (1 + r) log(1 + r) - r, which is never negative and loses no digits when O is near E.
    """
    total = (n1 + n2).astype(np.float64)
    events = x1 + x2
    deviation = (x1 * (n2 - x2) - x2 * (n1 - x1)) / total
    statistic = np.zeros(np.shape(deviation))
    with np.errstate(invalid="ignore", divide="ignore"):
        for size, sign in ((n1, 1.0), (n2, -1.0)):
            for margin, side in ((events, sign), (n1 + n2 - events, -sign)):
                expected = size * (margin / total)
                statistic = statistic + expected * _entropy_excess(side * deviation / expected)
    return 2.0 * statistic


def _entropy_excess(ratio: FloatArray) -> FloatArray:
    """Return (1 + r) log(1 + r) - r for r >= -1."""
    small = np.abs(ratio) < 0.05
    near = np.where(small, ratio, 0.0)
    series = np.zeros(np.shape(ratio))
    for k in range(13, 1, -1):
        series = 1.0 / (k * (k - 1.0)) - near * series
    away = np.where(small, 0.5, np.maximum(ratio, -1.0))
    with np.errstate(divide="ignore", invalid="ignore"):
        # At r = -1 the product 0 log 0 is 0.
        closed = np.where(away <= -1.0, 1.0, (1.0 + away) * np.log1p(away) - away)
    return np.where(small, near * near * series, closed)


def wald_statistic(x1: IntArray, n1: IntArray, x2: IntArray, n2: IntArray) -> FloatArray:
    """Return the squared unpooled z of the difference of proportions; infinite when the groups are all and none."""
    difference = (x1 * n2 - x2 * n1).astype(np.float64)
    spread1 = (x1 * (n1 - x1)).astype(np.float64) * n2 * (n2.astype(np.float64) / n1)
    spread2 = (x2 * (n2 - x2)).astype(np.float64) * n1 * (n1.astype(np.float64) / n2)
    with np.errstate(invalid="ignore", divide="ignore"):
        return difference * difference / (spread1 + spread2)


def log_ratio_statistic(x1: IntArray, n1: IntArray, x2: IntArray, n2: IntArray) -> FloatArray:
    """Return the squared z of the log risk ratio; NaN where a group has no events, or all people have them."""
    first, second = (x.astype(np.float64) for x in (x1, x2))
    with np.errstate(invalid="ignore", divide="ignore"):
        return _log_z(x1 * n2, x2 * n1, (n1 - x1) / (n1 * first) + (n2 - x2) / (n2 * second))


def log_odds_statistic(x1: IntArray, n1: IntArray, x2: IntArray, n2: IntArray) -> FloatArray:
    """Return the squared z of the log odds ratio, which logistic regression prints; NaN where a cell is empty."""
    with np.errstate(invalid="ignore", divide="ignore"):
        variance = 1.0 / x1 + 1.0 / (n1 - x1) + 1.0 / x2 + 1.0 / (n2 - x2)
        return _log_z(x1 * (n2 - x2), x2 * (n1 - x1), variance)


def _log_z(above: IntArray, below: IntArray, variance: FloatArray) -> FloatArray:
    # Next to 1 the difference of the products keeps the digits that their ratio loses.
    log_ratio = np.log1p((above - below) / below)
    return np.where(np.isfinite(variance) & (variance > 0.0), log_ratio * log_ratio / variance, np.nan)


STATISTICS: dict[str, Callable[[IntArray, IntArray, IntArray, IntArray], FloatArray]] = {
    "pearson": pearson_statistic,
    "yates": yates_statistic,
    "n_minus_1": n_minus_1_statistic,
    "lr": lr_statistic,
    "wald": wald_statistic,
    "log_risk_ratio": log_ratio_statistic,
    "log_odds_ratio": log_odds_statistic,
}
#: Tests whose printed statistic is z rather than its square.
BY_Z = ("wald", "log_risk_ratio", "log_odds_ratio")
TESTS = ("pearson", "yates", "n_minus_1", "lr", "fisher", "midp", "wald")


def chi_square_sf(statistic: FloatArray) -> FloatArray:
    """Return the upper tail of chi-square with one degree of freedom."""
    return np.asarray(erfc(np.sqrt(0.5 * statistic)))


def pvalue(test: str, x1: IntArray, n1: IntArray, x2: IntArray, n2: IntArray) -> FloatArray:
    """Return the two-sided p of each table under a named test; NaN where the test is not defined."""
    if test in STATISTICS:
        return chi_square_sf(STATISTICS[test](x1, n1, x2, n2))
    return _exact_conditional(x1, n1, x2, n2, midp=test == "midp")


def _exact_conditional(x1: IntArray, n1: IntArray, x2: IntArray, n2: IntArray, *, midp: bool) -> FloatArray:
    """Return Fisher's p of arbitrary tables, one row of probabilities per distinct set of margins."""
    shape = np.shape(x1)
    x, size1, size2 = (np.ravel(value) for value in (x1, n1, n2))
    if x.size == 0:
        return np.zeros(shape)
    events = x + np.ravel(x2)
    # Counting non-events instead gives the same p: half of the margins serve both.
    most = 2 * events > size1 + size2
    x, events = np.where(most, size1 - x, x), np.where(most, size1 + size2 - events, events)
    rows, inverse = _distinct_margins(size1, size2, events)
    order = np.argsort(inverse, kind="stable")
    result = np.empty(x.size)
    # Rows of unlike width would be padded to the widest, so they go in slices of a bounded size.
    low, high = _window(*rows.T)
    width = int((high - low).max()) + 1
    step = max(1, _ROW_ELEMENTS // width)
    for start in range(0, rows.shape[0], step):
        part = rows[start : start + step]
        low, table = conditional_rows(part[:, 0], part[:, 1], part[:, 2], midp=midp)
        members = order[np.searchsorted(inverse[order], start) : np.searchsorted(inverse[order], start + len(part))]
        at = inverse[members] - start
        place = x[members] - low[at]
        inside = (place >= 0) & (place < table.shape[1])
        # What lies beyond the window is less than any float.
        result[members] = np.where(inside, table[at, np.where(inside, place, 0)], 0.0)
    return result.reshape(shape)


def _distinct_margins(n1: IntArray, n2: IntArray, events: IntArray) -> tuple[IntArray, IntArray]:
    """Return the distinct rows (n1, n2, events), and for each table the row that it belongs to."""
    base = int(n1.max() + n2.max()) + 1
    if base**3 >= 2**63:
        rows, inverse = np.unique(np.stack([n1, n2, events], axis=1), axis=0, return_inverse=True)
        return rows, np.ravel(inverse)
    # One packed key sorts many times faster than rows.
    keys, inverse = np.unique((n1 * base + n2) * base + events, return_inverse=True)
    return np.stack([keys // base**2, keys // base % base, keys % base], axis=1), np.ravel(inverse)


def conditional_rows(n1: IntArray, n2: IntArray, events: IntArray, *, midp: bool) -> tuple[IntArray, FloatArray]:
    """Return Fisher's p for every `x1` that each set of margins allows.

    Parameters
    ----------
    n1, n2, events : ndarray of int64, shape (rows,)
        Margins.
    midp : bool
        Whether half the probability of the table itself is taken off.

    Returns
    -------
    low : ndarray of int64, shape (rows,)
        Smallest `x1` of each row whose p-value is not below the smallest float; column j of `table` is
        ``x1 = low + j``.
    table : ndarray of float64, shape (rows, width)
        p-values; NaN beyond the largest such `x1`.
    """
    low, high = _window(n1, n2, events)
    width = int((high - low).max()) + 1
    x = low[:, None] + np.arange(width)
    valid = x <= high[:, None]
    probability = _hypergeometric(np.where(valid, x, low[:, None]), n1[:, None], n2[:, None], events[:, None])
    probability = np.where(valid, probability, 0.0)
    probability /= probability.sum(axis=1, keepdims=True)
    # Empty places sort last and must not enter the sums.
    keyed = np.where(valid, probability, np.inf)
    order = np.argsort(keyed, axis=1, kind="stable")
    ascending = np.take_along_axis(keyed, order, axis=1)
    sums = np.cumsum(np.where(np.isfinite(ascending), ascending, 0.0), axis=1)
    last = _last_tie(ascending)
    sorted_p = np.take_along_axis(sums, last, axis=1)
    table = np.empty_like(sums)
    np.put_along_axis(table, order, np.minimum(sorted_p, 1.0), axis=1)
    if midp:
        table = table - 0.5 * probability
    return low, np.where(valid, table, np.nan)


def _window(n1: IntArray, n2: IntArray, events: IntArray) -> tuple[IntArray, IntArray]:
    """Return the range of `x1` outside which even the sum of all probabilities is below the smallest float."""
    low, high = np.maximum(0, events - n2), np.minimum(n1, events)
    share = events / (n1 + n2)
    expected = n1 * share
    # Bernstein: P(|X - E| >= t) <= 2 exp(-t^2 / (2 V + 2 t / 3)), with V of sampling with replacement.
    reach = 40.0 * np.sqrt(expected * (1.0 - share)) + 1500.0
    first, last = np.floor(expected - reach).astype(np.int64), np.ceil(expected + reach).astype(np.int64)
    return np.maximum(low, first), np.minimum(high, last)


def _last_tie(ascending: FloatArray) -> IntArray:
    """Return, for each entry of ascending rows, the index of the last entry that is no likelier."""
    width = ascending.shape[1]
    # Probabilities below the smallest float are all zero, and tie.
    zeros = np.count_nonzero(ascending == 0.0, axis=1)[:, None]
    last = np.maximum(np.arange(width), zeros - 1)
    bound = ascending * (1.0 + RELATIVE_TIE)
    while True:
        after = np.minimum(last + 1, width - 1)
        grows = (np.take_along_axis(ascending, after, axis=1) <= bound) & (after > last) & np.isfinite(bound)
        if not grows.any():
            return np.asarray(last)
        last = np.where(grows, after, last)


def _hypergeometric(x: IntArray, n1: Any, n2: Any, events: Any) -> FloatArray:
    """Return hypergeometric probabilities up to a factor that is common to the row."""
    largest = int(np.max(n1 + n2))
    if largest <= _LOG_FACTORIAL_PEOPLE:
        logs = gammaln(np.arange(largest + 2, dtype=np.float64))
        weight = -(logs[x + 1] + logs[n1 - x + 1] + logs[events - x + 1] + logs[n2 - events + x + 1])
    else:
        # The large terms of the four log factorials make up the likelihood ratio, where they cancel without loss.
        weight = -0.5 * lr_statistic(x, n1, events - x, n2)
        weight -= sum(_stirling_rest(count) for count in (x, n1 - x, events - x, n2 - events + x))
    return np.asarray(np.exp(weight - weight.max(axis=1, keepdims=True)))


def _stirling_rest(count: IntArray) -> FloatArray:
    """Return log(count!) - count log(count) + count."""
    small = np.arange(16.0)
    known = gammaln(small + 1.0) - small * np.log(np.maximum(small, 1.0)) + small
    n = np.maximum(count, 16).astype(np.float64)
    inverse = 1.0 / (n * n)
    series = (1.0 / 12.0 - inverse * (1.0 / 360.0 - inverse * (1.0 / 1260.0 - inverse / 1680.0))) / n
    return np.where(count < 16, known[np.minimum(count, 15)], 0.5 * np.log(2.0 * np.pi * n) + series)
