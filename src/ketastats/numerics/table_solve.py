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

#: Tests whose statistic can be solved for `x1`: by a closed form, or for ``lr`` by Newton's method.
SOLVABLE = ("pearson", "yates", "n_minus_1", "wald", "lr")
# The closed form is good to about 1e-9 of a count at N = 10,000; a wider net only adds candidates to check.
_SLACK = {"lr": 1e-5}
_CLOSED_SLACK = 1e-6
_STEPS = 6
# Below this the likelihood ratio is a difference of large numbers, and its expansion tells more.
_NO_DIGITS = 1e-6
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
    if test == "lr":
        return _lr_offsets(statistic, first, second, share)
    scale = total - 1.0 if test == "n_minus_1" else total
    away = np.sqrt(statistic * (first * second / scale)) * np.sqrt(spread)
    if test == "yates":
        away += 0.5
    return np.asarray(away)


def _lr_offsets(statistic: float, first: FloatArray, second: FloatArray, share: FloatArray) -> FloatArray:
    """Return the root u of the likelihood ratio G(u) = statistic above expectation; beyond it where G stays below.

    G is convex and grows with u, so that Newton's method ends on the right of the root and comes down to it. Its
    derivative is twice the log odds ratio of the table.
    """
    cells = [first * share, first * (1.0 - share), second * share, second * (1.0 - share)]
    spread = first * second / (first + second) * share * (1.0 - share)
    if statistic < _NO_DIGITS:
        # Near expectation G is u^2 / spread, which is wrong by less than the slack.
        return np.sqrt(statistic * spread)
    most = np.minimum(cells[1], cells[2])
    with np.errstate(divide="ignore", invalid="ignore"):
        largest, _ = _lr(cells, most)
        beyond = largest < statistic * (1.0 - 1e-9)
        away = np.minimum(np.sqrt(statistic * spread), 0.9 * most)
        for _ in range(_STEPS):
            value, slope = _lr(cells, away)
            away = np.clip(away - (value - statistic) / slope, 0.1 * away, 0.5 * (away + most))
    left = np.nonzero(~beyond & ~(np.abs(_lr(cells, away)[0] - statistic) <= 1e-9 * (1.0 + statistic)))
    if left[0].size:
        away[left] = _bisected([cell[left] for cell in cells], most[left], statistic)
    return np.where(beyond, most + 1.0, away)


def _lr(cells: list[FloatArray], away: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the likelihood ratio and its derivative at a distance from expectation."""
    steps = (away, -away, -away, away)
    observed = [cell + step for cell, step in zip(cells, steps, strict=True)]
    with np.errstate(divide="ignore", invalid="ignore"):
        # The logarithm of a ratio near 1 must not lose its digits where counts are large.
        logs = [np.log1p(step / cell) for cell, step in zip(cells, steps, strict=True)]
        parts = [np.where(count > 0.0, count * log, 0.0) for count, log in zip(observed, logs, strict=True)]
    return 2.0 * sum(parts[1:], parts[0]), 2.0 * (logs[0] - logs[1] - logs[2] + logs[3])


def _bisected(cells: list[FloatArray], most: FloatArray, statistic: float) -> FloatArray:
    """Return the root by halving, for the few rows where the steps have not arrived."""
    low, high = np.zeros_like(most), most.copy()
    for _ in range(80):
        middle = 0.5 * (low + high)
        below = _lr(cells, middle)[0] < statistic
        low, high = np.where(below, middle, low), np.where(below, high, middle)
    return 0.5 * (low + high)


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
    slack = _SLACK.get(test, _CLOSED_SLACK)
    last += expected
    last += slack
    np.floor(last, out=last)
    np.minimum(last, np.minimum(n1[:, None], events), out=last)
    first = expected
    if low > 0.0:
        first += offsets(test, low, n1, n2, events)
    first -= slack
    np.ceil(first, out=first)
    return first, last


def certain(
    test: str, low: float, high: float, n1: IntArray, n2: IntArray, events: IntArray
) -> tuple[FloatArray, FloatArray]:
    """Return like `candidates` the first and last `x1` strictly above expectation, but none that is in doubt."""
    slack = _SLACK.get(test, _CLOSED_SLACK)
    expected = n1[:, None].astype(np.float64) * (events / float(n1[0] + n2[0]))
    last = np.floor(expected + offsets(test, high * (1.0 - _DOUBT), n1, n2, events) - slack)
    last = np.minimum(last, np.minimum(n1[:, None], events))
    first = np.ceil(expected + offsets(test, low * (1.0 + _DOUBT), n1, n2, events) + slack)
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
