"""Exact conditional p-values of arrays of 2x2 tables, with one row of probabilities for each distinct set of margins.

The distribution of one cell given all margins does not change when the groups, the outcomes, or the margins of group
and outcome trade places. So every table is turned until its cell belongs to the smaller group and to the rarer
outcome, which leaves an eighth of the margins of all tables of one size, and the shortest rows.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .table_tests import RELATIVE_TIE, _hypergeometric, _window

__all__ = ["TESTS", "longest_row", "pvalue"]

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

TESTS = ("fisher", "fisher_central", "blaker", "midp")
_ROW_ELEMENTS = 400_000
# The table of margins that occur may have this many places for each 2x2 table asked for.
_PLACES = 64


def pvalue(test: str, alternative: str, x1: IntArray, n1: IntArray, x2: IntArray, n2: IntArray) -> FloatArray:
    """Return the p-value of each table given its margins.

    Parameters
    ----------
    test : str
        One of `TESTS`. All but ``midp`` have the same one-sided p.
    alternative : {"two-sided", "greater", "less"}
        "greater": the events of group 1 are more than chance allows.
    x1, n1, x2, n2 : ndarray of int64, all of one shape
        Events and people.

    Returns
    -------
    ndarray of float64
        p-values.
    """
    shape = np.shape(x1)
    if np.size(x1) == 0:
        return np.zeros(shape)
    x, margins, turned = _canonical(*(np.ravel(value) for value in (x1, n1, x2, n2)))
    rows, row = _distinct(margins)
    result = np.empty(x.size)
    for members, part in _parts(rows, row):
        at = row[members] - part.start
        first, last = _window(*(rows[part, k] for k in (1, 2, 3)))
        place = x[members] - first[at]
        inside = (place >= 0) & (place <= (last - first)[at])
        probability, valid = _probabilities(rows[part], first, last)
        left, right = _tails(probability)
        at_place = at, np.where(inside, place, 0)
        if alternative == "two-sided":
            # What lies beyond the window is less than any float.
            result[members] = np.where(inside, _two_sided(test, probability, valid, left, right)[at_place], 0.0)
            continue
        half = 0.5 * probability if test == "midp" else 0.0
        upper = turned[members] != (alternative == "greater")
        chosen = np.where(upper, (right - half)[at_place], (left - half)[at_place])
        result[members] = np.where(inside, chosen, (place < 0) == upper)
    return np.minimum(result, 1.0).reshape(shape)


def longest_row(x1: IntArray, n1: IntArray, x2: IntArray, n2: IntArray) -> int:
    """Return how many probabilities the longest row has."""
    if np.size(x1) == 0:
        return 0
    _, (total, small, large), _ = _canonical(*(np.ravel(value) for value in (x1, n1, x2, n2)))
    first, last = _window(small, total - small, large)
    return int((last - first).max()) + 1


def _canonical(x1: IntArray, n1: IntArray, x2: IntArray, n2: IntArray) -> tuple[IntArray, IntArray, BoolArray]:
    """Return the cell of the smaller group and the rarer outcome, (total, group, outcome), and whether it turned.

    A table has turned when many events in group 1 make the cell small.
    """
    total, events = n1 + n2, x1 + x2
    second = n1 > n2
    x, group = np.where(second, x2, x1), np.minimum(n1, n2)
    common = 2 * events > total
    x, rare = np.where(common, group - x, x), np.where(common, total - events, events)
    return x, np.stack([total, np.minimum(group, rare), np.maximum(group, rare)]), second != common


def _distinct(margins: IntArray) -> tuple[IntArray, IntArray]:
    """Return the distinct rows (total, smaller, rest, larger), and for each table the number of its row."""
    total, small, large = margins
    lowest, highest = int(total.min()), int(total.max())
    base = highest // 2 + 1
    spread = highest - lowest + 1
    places = spread * base * base
    if places >= 2**62:
        rows, row = np.unique(margins.T, axis=0, return_inverse=True)
        row = np.ravel(row)
    else:
        # One packed number sorts many times faster than rows, and a table of those that occur needs no sort.
        key = ((total - lowest) * base + small) * base + large
        if places <= _PLACES * max(key.size, 1000):
            seen = np.zeros(places, dtype=np.int64)
            seen[key] = 1
            distinct = np.flatnonzero(seen)
            seen[distinct] = np.arange(distinct.size)
            row = seen[key]
        else:
            distinct, row = np.unique(key, return_inverse=True)
        rows = np.stack([distinct // base**2 + lowest, distinct // base % base, distinct % base], axis=1)
    return np.stack([rows[:, 0], rows[:, 1], rows[:, 0] - rows[:, 1], rows[:, 2]], axis=1), row


def _parts(rows: IntArray, row: IntArray) -> Iterator[tuple[Any, slice]]:
    """Yield slices of rows whose padded width fits into memory, each with the tables that belong to it."""
    first, last = _window(rows[:, 1], rows[:, 2], rows[:, 3])
    width = last - first + 1
    if rows.shape[0] * int(width.max()) <= _ROW_ELEMENTS:
        yield slice(None), slice(0, rows.shape[0])
        return
    order = np.argsort(row, kind="stable")
    ordered = row[order]
    start = 0
    while start < rows.shape[0]:
        count = max(1, _ROW_ELEMENTS // int(width[start]))
        count = max(1, _ROW_ELEMENTS // int(width[start : start + count].max()))
        low, high = np.searchsorted(ordered, [start, start + count])
        yield order[low:high], slice(start, min(start + count, rows.shape[0]))
        start += count


def _probabilities(rows: IntArray, first: IntArray, last: IntArray) -> tuple[FloatArray, BoolArray]:
    """Return the probabilities of each row, padded with zeros, and where they are."""
    width = int((last - first).max()) + 1
    x = first[:, None] + np.arange(width)
    valid = x <= last[:, None]
    small, rest, large = (rows[:, k][:, None] for k in (1, 2, 3))
    probability = np.where(valid, _hypergeometric(np.where(valid, x, first[:, None]), small, rest, large), 0.0)
    return probability / probability.sum(axis=1, keepdims=True), valid


def _tails(probability: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return P(X <= x) and P(X >= x), each summed from its own end."""
    return np.cumsum(probability, axis=1), np.cumsum(probability[:, ::-1], axis=1)[:, ::-1]


def _two_sided(test: str, probability: FloatArray, valid: BoolArray, left: FloatArray, right: FloatArray) -> FloatArray:
    """Return the two-sided p-value at each place of the rows."""
    if test == "fisher_central":
        return 2.0 * np.minimum(left, right)
    if test == "blaker":
        return _sum_in_order(np.minimum(left, right), probability, valid)
    exact = _sum_in_order(probability, probability, valid)
    return exact - 0.5 * probability if test == "midp" else exact


def _sum_in_order(key: FloatArray, probability: FloatArray, valid: BoolArray) -> FloatArray:
    """Return for each place the probability of all places of its row whose key is no larger, up to ties."""
    # Empty places sort last; their probability is zero.
    keyed = np.where(valid, key, np.inf)
    order = np.argsort(keyed, axis=1)
    ascending = np.take_along_axis(keyed, order, axis=1)
    sums = np.cumsum(np.take_along_axis(probability, order, axis=1), axis=1)
    last = _last_within(ascending)
    table = np.empty_like(sums)
    np.put_along_axis(table, order, np.take_along_axis(sums, last, axis=1), axis=1)
    return table


def _last_within(ascending: FloatArray) -> IntArray:
    """Return, for each entry of ascending rows, the index of the last entry that exceeds it by no more than a tie."""
    width = ascending.shape[1]
    bound = np.where(np.isfinite(ascending), ascending * (1.0 + RELATIVE_TIE), 0.0)
    # Keys below the smallest float are all zero, and tie.
    zeros = np.count_nonzero(ascending == 0.0, axis=1)[:, None]
    last: IntArray = np.maximum(np.arange(width), zeros - 1)
    while True:
        after = np.minimum(last + 1, width - 1)
        grows = (np.take_along_axis(ascending, after, axis=1) <= bound) & (after > last)
        if not grows.any():
            return last
        last = np.where(grows, after, last)
