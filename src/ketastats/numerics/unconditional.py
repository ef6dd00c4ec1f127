"""Exact unconditional tests of two proportions: Barnard's and Boschloo's, over arrays of tables.

A test orders all tables of a design (n1, n2) by a statistic. The p-value of a table is the largest probability, over
the common proportion, of all tables at least as extreme. Given the number of events s, that set has a hypergeometric
probability h(s), so one pass over the tables of a design gives h for every table asked for, as cumulative sums in the
order of the statistic; `binomial_supremum` then finds the maximum.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import betainccinv, betaincinv, gammaln

from . import conditional_tests
from .binomial_supremum import supremum
from .table_tests import RELATIVE_TIE

__all__ = ["TESTS", "count_tables", "pvalue", "statistic"]

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
#: Numbers of tables, sets (one row each), and the row of each table.
Batch = tuple[IntArray, FloatArray, IntArray]

TESTS = ("barnard", "barnard_unpooled", "boschloo")
# Values of z that differ by less than this, relatively, differ by rounding only.
_ROUNDING = 1e-12
# Unpooled z is infinite where all of one group and none of the other have the event.
_INFINITE = 1e300
# Parts that stay in the processor's cache are twice as fast.
_CHUNK = 100_000
_ELEMENTS = 4_000_000


def count_tables(n1: IntArray, n2: IntArray) -> int:
    """Return how many tables the distinct designs have together, at most 2**63."""
    designs = np.unique(np.sort(np.stack([np.ravel(n1), np.ravel(n2)], axis=1), axis=1), axis=0)
    return sum((a + 1) * (b + 1) for a, b in designs.tolist())


def statistic(test: str, alternative: str, x1: IntArray, n1: IntArray, x2: IntArray, n2: IntArray) -> FloatArray:
    """Return the statistic by which the test orders tables: z with the sign of group 1 minus group 2, or Fisher's p."""
    if test == "boschloo":
        return conditional_tests.pvalue("fisher", alternative, x1, n1, x2, n2)
    first, second = n1.astype(np.float64), n2.astype(np.float64)
    events = (x1 + x2).astype(np.float64)
    difference = x1 * second - x2 * first
    if test == "barnard":
        variance = first * second * events * (first + second - events) / (first + second)
    else:
        variance = x1 * (first - x1) * (second / first) * second + x2 * (second - x2) * (first / second) * first
    with np.errstate(invalid="ignore", divide="ignore"):
        z = difference / np.sqrt(variance)
    # Where everyone or no one has the event the groups do not differ.
    return np.where(difference == 0.0, 0.0, z)


def pvalue(
    test: str, alternative: str, gamma: float, x1: IntArray, n1: IntArray, x2: IntArray, n2: IntArray
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return the p-value of each table, the common proportion that gives it, and a bound on the error.

    Parameters
    ----------
    test : str
        One of `TESTS`.
    alternative : {"two-sided", "greater", "less"}
        "greater": the proportion of group 1 is larger.
    gamma : float
        Berger and Boos: the maximum is over the Clopper-Pearson interval of level 1 - gamma, and gamma is added.
    x1, n1, x2, n2 : ndarray of int64, all of one shape
        Events and people.

    Returns
    -------
    pvalue, maximiser, bound : ndarray of float64
        The true value lies between `pvalue` and ``pvalue + bound``.
    """
    shape = np.shape(x1)
    table, turned = _oriented(alternative, *(np.ravel(value) for value in (x1, n1, x2, n2)))
    side = "two-sided" if alternative == "two-sided" else "greater"
    result = np.empty((3, turned.size))
    for members, share, row in _pooled(_sets(test, side, table)):
        if gamma == 0.0:
            # Equally extreme tables of a design ask the same question.
            ends = np.zeros(len(share)), np.ones(len(share))
            result[:, members] = np.stack(supremum(share, np.arange(len(share)), *ends))[:, row]
        else:
            result[:, members] = np.stack(supremum(share, row, *_range(gamma, table[:, members])))
    value, maximiser, bound = result.reshape(3, *shape)
    value = np.minimum(value + gamma, 1.0)
    turn = turned.reshape(shape)
    return value, np.where(turn, 1.0 - maximiser, maximiser), np.minimum(bound, 1.0 - value)


def _oriented(alternative: str, x1: IntArray, n1: IntArray, x2: IntArray, n2: IntArray) -> tuple[IntArray, Any]:
    """Return tables with the smaller group first that pose the same question, "greater" if one-sided.

    Also returned: whether events and non-events have changed places.
    """
    if alternative == "less":
        x1, n1, x2, n2 = x2, n2, x1, n1
    swap = n1 > n2
    turned = swap & (alternative != "two-sided")
    first, second = np.where(turned, n1 - x1, x1), np.where(turned, n2 - x2, x2)
    return np.where(swap, np.stack([second, n2, first, n1]), np.stack([first, n1, second, n2])), turned


def _range(gamma: float, table: IntArray) -> tuple[FloatArray, FloatArray]:
    """Return the Clopper-Pearson interval of the common proportion."""
    x1, n1, x2, n2 = table.astype(np.float64)
    events, others = x1 + x2, n1 - x1 + n2 - x2
    low = betaincinv(np.maximum(events, 0.5), others + 1.0, 0.5 * gamma)
    high = betainccinv(events + 1.0, np.maximum(others, 0.5), 0.5 * gamma)
    return np.where(events == 0.0, 0.0, low), np.where(others == 0.0, 1.0, high)


def _key(test: str, side: str, table: IntArray) -> FloatArray:
    """Return the statistic as a finite number, the smaller the more extreme."""
    value = statistic(test, side, *table)
    if test == "boschloo":
        return value
    value = -np.abs(value) if side == "two-sided" else -value
    return np.clip(value, -_INFINITE, _INFINITE)


def _sets(test: str, side: str, table: IntArray) -> Iterator[Batch]:
    """Yield the tables of each design, the sets of tables at least as extreme, and which set belongs to which table."""
    _, n1, _, n2 = table
    if n1.size == 0:
        return
    people = n1 + n2
    key = _key(test, side, table)
    tie = RELATIVE_TIE if test == "boschloo" else _ROUNDING
    order = np.lexsort([key, n1, people])
    change = np.diff(people[order], prepend=-1) | np.diff(n1[order], prepend=-1)
    for members in np.split(order, np.flatnonzero(change)[1:]):
        own = key[members]
        new = np.append(True, own[1:] > own[:-1] + _ROUNDING * np.abs(own[:-1]))
        row = np.cumsum(new) - 1
        # The last of each group, and what ties with it.
        limits = own[np.append(np.flatnonzero(new)[1:] - 1, own.size - 1)]
        limits = limits + tie * np.abs(limits)
        sizes = int(n1[members[0]]), int(n2[members[0]])
        step = max(1, _ELEMENTS // (sum(sizes) + 1))
        for start in range(0, limits.size, step):
            part = slice(*np.searchsorted(row, [start, start + step]))
            yield members[part], _shares(test, side, sizes, limits[start : start + step]), row[part] - start


def _pooled(batches: Iterator[Batch]) -> Iterator[Batch]:
    """Yield batches about as many people together, up to what fits into memory."""
    waiting: list[Batch] = []
    for batch in batches:
        share = batch[1]
        if waiting:
            size = sum(item[1].size for item in waiting) + share.size
            if size > _ELEMENTS or share.shape[1] != waiting[0][1].shape[1]:
                yield _join(waiting)
                waiting = []
        waiting.append(batch)
    if waiting:
        yield _join(waiting)


def _join(batches: list[Batch]) -> Batch:
    members, shares, rows = zip(*batches, strict=True)
    before = np.cumsum([0, *(len(share) for share in shares[:-1])])
    row = np.concatenate([row + start for row, start in zip(rows, before, strict=True)])
    return np.concatenate(members), np.concatenate(shares), row


def _shares(test: str, side: str, sizes: tuple[int, int], limits: FloatArray) -> FloatArray:
    """Return the probability, given each number of events, of the tables whose key is within each limit.

    `limits` ascend, so each set contains the one before: every table is counted where it first belongs.
    """
    n1, n2 = sizes
    width = n1 + n2 + 1
    logs = gammaln(np.arange(1.0, width + 1.0))
    whole = logs + logs[::-1] + logs[n1] + logs[n2] - logs[-1]
    total, mass = np.zeros(limits.size * width), np.zeros(width)
    for events, x1 in _cells(n1, n2, max(_CHUNK, total.size)):
        x2 = events - x1
        weight = np.exp(whole[events] - (logs[x1] + logs[n1 - x1] + logs[x2] + logs[n2 - x2]))
        key = _key(test, side, np.stack([x1, np.full_like(x1, n1), x2, np.full_like(x1, n2)]))
        place = np.searchsorted(limits, key)
        mass += np.bincount(events, weight, width)
        inside = place < limits.size
        total += np.bincount((place * width + events)[inside], weight[inside], total.size)
    return np.asarray(np.cumsum(total.reshape(limits.size, width) / mass, axis=0))


def _cells(n1: int, n2: int, size: int) -> Iterator[tuple[IntArray, IntArray]]:
    """Yield the number of events and `x1` of every table of a design, in parts of about `size` tables."""
    events = np.arange(n1 + n2 + 1)
    low = np.maximum(0, events - n2)
    width = np.minimum(n1, events) - low + 1
    before = np.cumsum(width) - width
    for part in np.split(events, np.flatnonzero(np.diff(before // size)) + 1):
        offset = np.repeat(low[part] - (before[part] - before[part[0]]), width[part])
        yield np.repeat(part, width[part]), offset + np.arange(offset.size)
