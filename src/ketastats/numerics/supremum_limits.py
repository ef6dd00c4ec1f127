"""Ends of the exact unconditional intervals of one table against an edge, to as many digits as it takes.

Which tables count as extreme is settled by `exact_difference` and `exact_ratio`; here the largest probability of
these tables, at the edge, is compared with the tail that the interval leaves.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from math import comb
from typing import Any

import numpy as np

from . import exact_difference, exact_ratio
from .normal_digits import tail
from .supremum_digits import compare_largest, highest

__all__ = ["compare_difference", "compare_ratio"]

Counts = tuple[int, int, int, int]


def compare_difference(table: Counts, *, level: float, upper: bool, edge: Fraction) -> int:
    """Return -1, 0 or 1 as the end of the interval of the risk difference is below, at or above `edge`."""
    x1, n1, x2, n2 = table
    if upper:
        return -compare_difference((x2, n2, x1, n1), level=level, upper=False, edge=-edge)
    extreme = exact_difference._Extreme(*map(float, table))
    if extreme.all or extreme.first.size == 0:
        return (edge < -1) - (edge > -1)
    if not -1 < edge < 1:
        return 1 if edge <= -1 else -1
    low, high = max(Fraction(0), -edge), min(Fraction(1), 1 - edge)

    def rates(place: Any, null: Any, width: Any, least: Any) -> tuple[Any, Any]:
        second = least + width * place
        return second + null, second

    angle = np.linspace(0.0, np.pi, extreme.steps + 1)[1:-1]
    value = extreme._probability(float(low), float(high), float(edge), angle)
    place = (edge, high - low, low)
    return _compare(extreme, lambda w, numbers: rates(w, *numbers), place, (angle, value), level)


def compare_ratio(table: Counts, *, level: float, upper: bool, edge: Fraction) -> int:
    """Return -1, 0 or 1 as the end of the interval of the risk ratio is below, at or above `edge`."""
    x1, n1, x2, n2 = table
    if upper:
        return 1 if edge <= 0 else -compare_ratio((x2, n2, x1, n1), level=level, upper=False, edge=1 / edge)
    extreme = exact_ratio._Extreme(*map(float, table))
    if extreme.all:
        return (edge < 0) - (edge > 0)
    if edge <= 0:
        return 1
    share = min(edge, 1 / edge)
    angle = np.linspace(0.0, np.pi, extreme.steps + 1)[1:-1]
    value = extreme._probability(float(edge), angle)

    def rates(place: Any, numbers: tuple[Any, ...]) -> tuple[Any, Any]:
        return (numbers[0] * place, place) if edge <= 1 else (place, numbers[0] * place)

    return _compare(extreme, rates, (share,), (angle, value), level)


def _compare(extreme: Any, rates: Any, numbers: tuple[Fraction, ...], grid: tuple[Any, Any], level: float) -> int:
    """Compare the end by the largest probability of the extreme tables along a curve of both rates."""
    n1, n2 = extreme.sizes
    sets = [(int(k), int(upto)) for k, upto in zip(extreme.first, extreme.upto, strict=True)]

    def curve(place: Decimal, _: Decimal) -> Decimal:
        p1, p2 = rates(place, [Decimal(number.numerator) / Decimal(number.denominator) for number in numbers])
        return Decimal(_probability(sets, n1, n2, p1, p2))

    ends = max(_probability(sets, n1, n2, *rates(end, numbers)) for end in (Fraction(0), Fraction(1)))
    angle, value = grid
    starts = highest(np.sin(0.5 * angle) ** 2, value)
    return -compare_largest(curve, starts, tail(level), ends=ends)


def _probability(sets: list[tuple[int, int]], n1: int, n2: int, p1: Any, p2: Any) -> Any:
    """Return the probability of a set of tables: for each `x1` all `x2` up to a number."""
    below, total = [], 0 * p2
    for k in range(n2 + 1):
        total += comb(n2, k) * p2**k * (1 - p2) ** (n2 - k)
        below.append(total)
    return sum((comb(n1, k) * p1**k * (1 - p1) ** (n1 - k) * below[upto] for k, upto in sets), 0 * p1)
