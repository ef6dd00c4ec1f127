"""The distribution of Mann and Whitney's U without ties, in whole numbers, and its normal approximation."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from itertools import accumulate
from math import comb

__all__ = ["exact_tail", "squared_z"]


@lru_cache(maxsize=256)
def _cumulative(n1: int, n2: int) -> list[int]:
    """Return in how many of all orders U is at most 0, 1, ..., half of its largest value."""
    half = n1 * n2 // 2
    counts = [1] + [0] * half
    # The generating function of U is a Gaussian binomial: a product of (1 - q ** (n2 + i)) / (1 - q ** i).
    for i in range(1, min(n1, n2) + 1):
        step = max(n1, n2) + i
        for u in range(half, step - 1, -1):
            counts[u] -= counts[u - step]
        for u in range(i, half + 1):
            counts[u] += counts[u - i]
    return list(accumulate(counts))


def exact_tail(u: int, n1: int, n2: int) -> Fraction:
    """Return the two-sided p of U: twice the smaller tail, at most 1."""
    least = min(u, n1 * n2 - u)
    return min(Fraction(1), Fraction(2 * _cumulative(n1, n2)[least], comb(n1 + n2, n1)))


def squared_z(u: Fraction, n1: int, n2: int, *, corrected: bool) -> Fraction:
    """Return the square of the normal statistic of U without ties; `corrected` moves U half a step to the middle."""
    distance = abs(u - Fraction(n1 * n2, 2))
    if corrected:
        distance = max(distance - Fraction(1, 2), Fraction(0))
    return distance * distance * 12 / (n1 * n2 * (n1 + n2 + 1))
