"""Which unconditional p-values lie below, between and above given values, without computing each.

Of two tables of one design the more extreme one has the smaller p, since its set of tables is part of the other's. So
the distinct statistics of a design are sorted, and a few p-values tell where each given value falls.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from .binomial_supremum import supremum
from .table_tests import RELATIVE_TIE
from .unconditional import _ROUNDING, _key, _oriented, _shares

__all__ = ["ranks"]

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
# So many p-values of each design are computed at a time for each value that is looked for.
_PROBES = 6


def ranks(
    test: str, alternative: str, values: Sequence[float], x1: IntArray, n1: IntArray, x2: IntArray, n2: IntArray
) -> IntArray:
    """Return how many of the given values lie at or below the p-value of each table.

    Parameters
    ----------
    test : {"barnard", "barnard_unpooled", "boschloo"}
        What orders the tables.
    alternative : {"two-sided", "greater", "less"}
        "greater": the proportion of group 1 is larger.
    values : sequence of float
        Values to compare with, ascending; floats within 1e-10 of a p-value, relatively, may fall on either side.
    x1, n1, x2, n2 : ndarray of int64, shape (tables,)
        Events and people.

    Returns
    -------
    ndarray of int64, shape (tables,)
        From 0 (below all values) to ``len(values)``.
    """
    result = np.zeros(x1.shape, dtype=np.int64)
    if not x1.size or not values:
        return result
    table, _ = _oriented(alternative, x1, n1, x2, n2)
    side = "two-sided" if alternative == "two-sided" else "greater"
    key = _key(test, side, table)
    order = np.lexsort([key, table[1], table[3]])
    change = np.diff(table[1][order], prepend=-1) | np.diff(table[3][order], prepend=-1)
    for members in np.split(order, np.flatnonzero(change)[1:]):
        result[members] = _design(
            test, side, key[members], (int(table[1, members[0]]), int(table[3, members[0]])), values
        )
    return result


def _design(test: str, side: str, own: FloatArray, sizes: tuple[int, int], values: Sequence[float]) -> IntArray:
    """Return the ranks of tables of one design, sorted by the key that is the smaller the more extreme they are."""
    new = np.append(True, own[1:] > own[:-1] + _ROUNDING * np.abs(own[:-1]))
    row = np.cumsum(new) - 1
    limits = own[np.append(np.flatnonzero(new)[1:] - 1, own.size - 1)]
    limits = limits + (RELATIVE_TIE if test == "boschloo" else _ROUNDING) * np.abs(limits)

    def pvalue(at: IntArray) -> FloatArray:
        share = _shares(test, side, sizes, limits[at])
        return supremum(share, np.arange(at.size), np.zeros(at.size), np.ones(at.size))[0]

    places = _places(pvalue, limits.size, np.asarray(values))
    return np.asarray(np.searchsorted(places, np.arange(limits.size), side="right")[row])


def _places(pvalue: Callable[[IntArray], FloatArray], size: int, values: FloatArray) -> IntArray:
    """Return for each value the first place of an ascending sequence that is not below it."""
    low, high = np.zeros(values.size, dtype=np.int64), np.full(values.size, size)
    while True:
        open_ = np.flatnonzero(low < high)
        if not open_.size:
            return low
        probes = [np.linspace(low[k], high[k] - 1, min(_PROBES, high[k] - low[k])).astype(np.int64) for k in open_]
        at = np.unique(np.concatenate(probes))
        found = pvalue(at)
        for k in open_:
            below = at[found < values[k]]
            others = at[found >= values[k]]
            low[k] = max(low[k], below.max(initial=-1) + 1)
            high[k] = max(low[k], min(high[k], others.min(initial=size)))
