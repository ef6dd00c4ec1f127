"""The odds ratio of a 2x2 table given its margins: exact tails of Fisher's noncentral hypergeometric distribution.

Given all margins, the count x1 of a table with odds ratio psi has probability proportional to
``C(n1, k) C(n2, s - k) psi^k``. Tails are sums over this row, kept on the log scale so that neither a far psi nor a
tail of 1e-300 is lost; the limits of the interval are the psi at which a tail has a given size.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln

from .chandrupatla import FloatArray, IndexArray, find_roots
from .score import BoolArray, Table
from .table_tests import _stirling_rest, lr_statistic

__all__ = ["interval", "tails"]

_ELEMENTS = 400_000
#: Natural logarithm of an odds ratio beyond which no float lies.
_FAR = 745.0
_SMALL = 4000


def tails(table: Table, null: FloatArray, *, midp: bool) -> tuple[FloatArray, FloatArray]:
    """Return P(X >= x1) and P(X <= x1) at odds ratio `null`, with half of P(X = x1) if `midp`."""
    result = np.empty((2, null.size))
    inside = (null > 0) & (null < np.inf)
    shift = np.log(np.where(inside, null, 1.0))
    for members, weight, place in _rows(table):
        upper, lower = _log_tails(weight, place, shift[members], midp)
        result[:, members] = np.exp(upper), np.exp(lower)
    return _at_the_edges(result, table, null, midp)


def interval(table: Table, tail: float, *, midp: bool) -> tuple[FloatArray, FloatArray]:
    """Return the odds ratios at which the upper and the lower tail are `tail`; 0 and infinity where none is."""
    x1, n1, x2, n2 = table
    ends = []
    for turned in (False, True):
        # Exchanging the groups turns the odds ratio and the tails.
        column = (x2, n2, x1, n1) if turned else table
        log_end = np.empty(x1.size)
        for members, weight, place in _rows(column):
            log_end[members] = _lower_end(weight, place, tail, midp)
        with np.errstate(over="ignore"):
            ends.append(np.exp(-log_end if turned else log_end))
    return ends[0], ends[1]


def _lower_end(weight: FloatArray, place: IndexArray, tail: float, midp: bool) -> FloatArray:
    """Return the log odds ratio at which the upper tail is `tail`, minus infinity where it never is so small."""
    target = np.log(tail)

    def gap(shift: FloatArray, rows: IndexArray) -> FloatArray:
        return np.asarray(_log_tails(weight[rows], place[rows], shift, midp)[0] - target)

    size = place.size
    far, rows = np.full(size, _FAR), np.arange(size)
    low, high = gap(-far, rows), gap(far, rows)
    # With x1 as small as the margins allow, half of its probability is left in the mid-p tail at psi = 0.
    root = find_roots(gap, (-far, far), (low, high))
    return np.where(low >= 0, -np.inf, np.where(high <= 0, np.inf, root))


def _log_tails(weight: FloatArray, place: IndexArray, shift: FloatArray, midp: bool) -> tuple[FloatArray, FloatArray]:
    """Return the logs of both tails of rows of log weights, tilted by `shift` a step."""
    k = np.arange(weight.shape[1])
    tilted = weight + shift[:, None] * (k - place[:, None])
    tilted -= tilted.max(axis=1, keepdims=True)
    mass = np.exp(tilted)
    at = place[:, None]
    own = np.take_along_axis(tilted, at, axis=1)[:, 0]
    above, below = np.where(k > at, mass, 0.0).sum(axis=1), np.where(k < at, mass, 0.0).sum(axis=1)
    total = np.log(above + below + np.exp(own))
    part = own - (np.log(2.0) if midp else 0.0)
    with np.errstate(divide="ignore"):
        return np.logaddexp(np.log(above), part) - total, np.logaddexp(np.log(below), part) - total


def _rows(table: Table) -> Iterator[tuple[IndexArray, FloatArray, IndexArray]]:
    """Yield tables with the log weights of all counts that their margins allow, and the place of their own."""
    x1, n1, x2, n2 = table
    events = x1 + x2
    first, last = np.maximum(0.0, events - n2), np.minimum(n1, events)
    width = (last - first + 1).astype(np.int64)
    order = np.argsort(width, kind="stable")
    start = 0
    while start < order.size:
        step = max(1, _ELEMENTS // int(width[order[start]]))
        step = max(1, _ELEMENTS // int(width[order[min(start + step, order.size) - 1]]))
        members = order[start : start + step]
        k = first[members, None] + np.arange(int(width[members].max()))
        valid = k <= last[members, None]
        counts = np.where(valid, k, first[members, None])
        weight = _log_weight(counts, n1[members, None], events[members, None], n2[members, None])
        yield members, np.where(valid, weight, -np.inf), (x1 - first)[members].astype(np.intp)
        start += step


def _log_weight(k: FloatArray, n1: FloatArray, events: FloatArray, n2: FloatArray) -> FloatArray:
    """Return log C(n1, k) C(n2, events - k) up to a constant of the row."""
    if float((n1 + n2).max()) <= _SMALL:
        cells = (k, n1 - k, events - k, n2 - events + k)
        return np.asarray(-sum(gammaln(cell + 1.0) for cell in cells))
    counts = [np.broadcast_to(value, k.shape).astype(np.int64) for value in (k, n1, events, n2)]
    own, first, all_, second = counts
    # Where log factorials are large they cancel in the likelihood ratio without loss.
    rest = sum(_stirling_rest(count) for count in (own, first - own, all_ - own, second - all_ + own))
    # Where all or none have the event there is one table only, and G is no number.
    several = (events > 0) & (events < n1 + n2)
    return np.where(several, -0.5 * lr_statistic(own, first, all_ - own, second) - rest, 0.0)


def _at_the_edges(
    result: NDArray[np.float64], table: Table, null: FloatArray, midp: bool
) -> tuple[FloatArray, FloatArray]:
    """Return the tails also at odds ratios of 0, infinity and below 0."""
    x1, n1, x2, n2 = table
    lowest: BoolArray = x1 == np.maximum(0.0, x1 + x2 - n2)
    highest: BoolArray = x1 == np.minimum(n1, x1 + x2)
    sure = 0.5 if midp else 1.0
    upper, lower = result
    upper = np.where(null <= 0, np.where(lowest & (null == 0), sure, 0.0), upper)
    lower = np.where(null <= 0, np.where(lowest & (null == 0), sure, 1.0), lower)
    upper = np.where(null == np.inf, np.where(highest, sure, 1.0), upper)
    lower = np.where(null == np.inf, np.where(highest, sure, 0.0), lower)
    # Where the margins leave one table only, every odds ratio fits it.
    alone = lowest & highest & (null >= 0)
    return np.where(alone, sure, upper), np.where(alone, sure, lower)
