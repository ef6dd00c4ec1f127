"""Unconditional p-values of single 2x2 tables against an edge, decided without rounding error."""

from __future__ import annotations

from fractions import Fraction
from math import comb

import numpy as np
from numpy.typing import NDArray

from . import conditional_digits, unconditional
from .supremum_digits import compare_mixture

__all__ = ["compare_pvalue", "counts"]

Table = tuple[int, int, int, int]
#: Floats that are further apart than this, relatively, decide which of two tables is the more extreme.
_CLEAR = 1e-9
_INFINITE = 1e300


def compare_pvalue(test: str, alternative: str, table: Table, edge: Fraction) -> int:
    """Return -1, 0 or 1 as the p-value of a table is below, at or above `edge`."""
    if edge >= 1:
        _, n1, _, n2 = table
        # Only where no events, or nothing but events, are as extreme does a rate of 0 or 1 make the set certain.
        ends = (0, n1, 0, n2), (n1, n1, n2, n2)
        certain = any(_at_least_as_extreme(test, alternative, end, table) for end in ends)
        return 0 if certain and edge == 1 else -1
    return compare_mixture(counts(test, alternative, table), edge)


def counts(test: str, alternative: str, table: Table) -> list[int]:
    """Return, by the number of events, in how many ways people can fall into tables at least as extreme."""
    _, n1, _, n2 = table
    first, second = (grid.ravel() for grid in np.meshgrid(np.arange(n1 + 1), np.arange(n2 + 1), indexing="ij"))
    inside, doubt = _by_floats(test, alternative, table, first, second)
    for place in np.nonzero(doubt)[0]:
        other = int(first[place]), n1, int(second[place]), n2
        inside[place] = _at_least_as_extreme(test, alternative, other, table)
    ways1, ways2 = [comb(n1, k) for k in range(n1 + 1)], [comb(n2, k) for k in range(n2 + 1)]
    found = [0] * (n1 + n2 + 1)
    for a, b in zip(first[inside].tolist(), second[inside].tolist(), strict=True):
        found[a + b] += ways1[a] * ways2[b]
    return found


def _by_floats(
    test: str, alternative: str, table: Table, first: NDArray[np.int64], second: NDArray[np.int64]
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Return which tables of the design are more extreme, and which ones floats cannot tell."""
    x1, n1, x2, n2 = table
    sizes = np.full_like(first, n1), np.full_like(first, n2)
    value = unconditional.statistic(test, alternative, first, sizes[0], second, sizes[1])
    if test == "boschloo":
        key, most = value, 1.0 + 1.0 / conditional_digits.TIE
    else:
        signed = np.abs(value) if alternative == "two-sided" else value * (1 if alternative == "greater" else -1)
        key, most = np.clip(-signed, -_INFINITE, _INFINITE), 1.0
    limit = float(key[x1 * (n2 + 1) + x2]) * most
    doubt = np.abs(key - limit) <= _CLEAR * abs(limit)
    return (key < limit) & ~doubt, doubt


def _at_least_as_extreme(test: str, alternative: str, other: Table, table: Table) -> bool:
    if test == "boschloo":
        one, two = (conditional_digits.pvalue("fisher", alternative, *each) for each in (other, table))
        return one * conditional_digits.TIE <= two * (conditional_digits.TIE + 1)
    return _square(test, alternative, other) >= _square(test, alternative, table)


def _square(test: str, alternative: str, table: Table) -> Fraction | float:
    """Return z times its size, with the sign that makes larger more extreme."""
    x1, n1, x2, n2 = table
    difference, events = x1 * n2 - x2 * n1, x1 + x2
    if difference == 0:
        return Fraction(0)
    if test == "barnard":
        variance = Fraction(n1 * n2 * events * (n1 + n2 - events), n1 + n2)
    else:
        variance = Fraction(x1 * (n1 - x1) * n2**3, n1) + Fraction(x2 * (n2 - x2) * n1**3, n2)
    side = 1 if alternative == "two-sided" or (difference > 0) == (alternative == "greater") else -1
    return side * (Fraction(difference**2) / variance if variance else float("inf"))
