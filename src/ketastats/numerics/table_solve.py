"""The 2x2 tables whose statistic lies between two values, solved for the counts margin by margin.

For fixed margins the statistic grows with the distance of `x1` from its expectation, so each pair of margins is
solved for the first and last `x1`, and no table has to be tried. Only the side above expectation is solved: turning
every event into a non-event (x1 -> n1 - x1, events -> N - events) gives the other.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

#: Tests whose statistic can be solved for `x1` in closed form.
SOLVABLE = ("pearson", "yates", "n_minus_1", "wald")
# The closed form is good to about 1e-9 of a count at N = 10,000; a wider net only adds candidates to check.
_SLACK = 1e-6
_DOUBT = 1e-8


def offsets(test: str, statistic: float, n1: IntArray, n2: IntArray, events: IntArray) -> FloatArray:
    """Return how far above its expectation `x1` gives the statistic, for every split and every number of events.

    Parameters
    ----------
    test : str
        One of `SOLVABLE`.
    statistic : float
        Chi-square, or squared z for ``wald``; may be infinite.
    n1, n2 : ndarray of int64, shape (splits,)
        Group sizes, all with the same total.
    events : ndarray of int64, shape (margins,)
        Events in both groups together.

    Returns
    -------
    ndarray of float64, shape (splits, margins)
        Distances in counts.
    """
    total = float(n1[0] + n2[0])
    first, second = n1.astype(np.float64)[:, None], n2.astype(np.float64)[:, None]
    share = events / total
    spread = share * (1.0 - share)
    if np.isinf(statistic):
        return np.full((n1.size, events.size), np.inf)
    if test == "wald":
        # (u N / (n1 n2))^2 = c (V0 + b u - e u^2), a quadratic in the distance u.
        slope = (1.0 - 2.0 * share) * (1.0 / first**2 - 1.0 / second**2)
        curve = 1.0 / first**3 + 1.0 / second**3
        leading = (total / (first * second)) ** 2 + statistic * curve
        half = 0.5 * statistic * slope
        constant = statistic * spread * (1.0 / first + 1.0 / second)
        return np.asarray((half + np.sqrt(half * half + leading * constant)) / leading)
    scale = total - 1.0 if test == "n_minus_1" else total
    away = np.sqrt(statistic * (first * second / scale)) * np.sqrt(spread)
    if test == "yates":
        away += 0.5
    return np.asarray(away)


def candidates(
    test: str, low: float, high: float, n1: IntArray, n2: IntArray, events: IntArray
) -> tuple[FloatArray, FloatArray]:
    """Return the first and last `x1` above expectation whose statistic lies between `low` and `high`.

    Returns
    -------
    first, last : ndarray of float64, shape (splits, margins)
        Whole numbers; ``last < first`` where there is none. The net is slightly wide: check what it holds.
    """
    if n1.size == 0 or events.size == 0:
        empty = np.zeros((n1.size, events.size))
        return empty, empty - 1.0
    # This is the inner loop of the search: each line below is one pass over splits x margins.
    expected = n1[:, None].astype(np.float64) * (events / float(n1[0] + n2[0]))
    last = offsets(test, high, n1, n2, events)
    last += expected
    last += _SLACK
    np.floor(last, out=last)
    np.minimum(last, np.minimum(n1[:, None], events), out=last)
    first = expected
    if low > 0.0:
        first += offsets(test, low, n1, n2, events)
    first -= _SLACK
    np.ceil(first, out=first)
    return first, last


def certain(
    test: str, low: float, high: float, n1: IntArray, n2: IntArray, events: IntArray
) -> tuple[FloatArray, FloatArray]:
    """Return like `candidates` the first and last `x1` strictly above expectation, but none that is in doubt."""
    expected = n1[:, None].astype(np.float64) * (events / float(n1[0] + n2[0]))
    last = np.floor(expected + offsets(test, high * (1.0 - _DOUBT), n1, n2, events) - _SLACK)
    last = np.minimum(last, np.minimum(n1[:, None], events))
    first = np.ceil(expected + offsets(test, low * (1.0 + _DOUBT), n1, n2, events) + _SLACK)
    return first, last


def expand(
    first: FloatArray, last: FloatArray, n1: IntArray, n2: IntArray, events: IntArray
) -> tuple[IntArray, IntArray, IntArray, IntArray]:
    """Return the tables in the ranges, both sides of expectation, as four columns."""
    row, column = np.nonzero(last >= first)
    begin = first[row, column].astype(np.int64)
    size = last[row, column].astype(np.int64) - begin + 1
    row, column = np.repeat(row, size), np.repeat(column, size)
    x1 = np.repeat(begin - (np.cumsum(size) - size), size) + np.arange(size.sum())
    size1, size2, margin = n1[row], n2[row], events[column]
    above = x1 * (size1 + size2) >= size1 * margin
    x1, size1, size2, margin = (value[above] for value in (x1, size1, size2, margin))
    # Tables exactly at expectation are their own mirror image in another margin, which is solved too.
    strict = x1 * (size1 + size2) > size1 * margin
    x2 = margin - x1
    above_side = (x1, size1, x2, size2)
    below_side = (size1 - x1, size1, size2 - x2, size2)
    first1, first2, second1, second2 = (
        np.concatenate([up, down[strict]]) for up, down in zip(above_side, below_side, strict=True)
    )
    return first1, first2, second1, second2
