"""Exact power of score tests of two proportions, by enumeration, and the normal approximation to it.

The score statistic rises with every event in group 1 and falls with every event in group 2 (Barnard's convexity;
shown for all small and many larger designs by tests/test_power_proportions.py). So for each x1 the test rejects up
to some x2, or from some x2 on, and a search over all x1 at once finds where, instead of a test of each table.
"""

from __future__ import annotations

import math
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from .chandrupatla import FloatArray
from .score import difference_pieces, statistic

__all__ = ["Alternative", "binomial_mass", "exact_power", "largest_rejected", "limits", "normal_power"]

Alternative = Literal["two-sided", "greater", "less", "equivalence"]
IntArray = NDArray[np.int64]
#: So many times the next x2 is aimed at before halving takes over.
_AIMED = 6


def binomial_mass(n: int, p: float) -> tuple[int, FloatArray]:
    """Return the first count that matters and the probabilities from there on; what is left out is below 1e-20.

    Ratios of neighbours are multiplied outwards from the mode: no logarithm of a factorial costs digits for large n.
    """
    if p <= 0 or p >= 1:
        return (n if p >= 1 else 0), np.ones(1)
    # Bernstein's inequality: beyond this distance from the mean lies less than exp(-46).
    reach = 32 + 9.6 * math.sqrt(n * p * (1 - p))
    low, high = max(0, math.floor(n * p - reach)), min(n, math.ceil(n * p + reach))
    mode = min(max(math.floor((n + 1) * p), low), high)
    odds = p / (1 - p)
    up = np.arange(mode, high, dtype=np.float64)
    down = np.arange(mode, low, -1, dtype=np.float64)
    above = np.cumprod((n - up) / (up + 1) * odds)
    below = np.cumprod(down / ((n - down + 1) * odds))
    mass = np.concatenate([below[::-1], [1.0], above])
    return low, mass / math.fsum(mass)


def largest_rejected(x1: FloatArray, sizes: tuple[int, int], null: FloatArray, z: float, factor: float) -> IntArray:
    """Return the largest x2 at which the statistic of p1 - p2 > `null` passes `z`, or -1 where none does.

    Each x2 tried tells about where the limit lies, and after a few of them the rest is halved.
    """
    n1, n2 = (np.full(x1.shape, float(size)) for size in sizes)
    reject = np.full(x1.shape, -1, dtype=np.int64)
    keep = np.full(x1.shape, sizes[1] + 1, dtype=np.int64)
    pooled = not null.any()
    aim = _normal_limit(x1 / n1, sizes, null, z, factor)
    turn = 0
    while (rows := np.flatnonzero(keep - reject > 1)).size:
        low, high = reject[rows] + 1, keep[rows] - 1
        middle = np.clip(aim[rows], low, high).astype(np.int64) if turn < _AIMED else (low + high) // 2
        at = middle.astype(np.float64)
        table = (x1[rows], n1[rows], at, n2[rows])
        pieces = _no_difference_pieces(*table) if pooled else difference_pieces(table, null[rows])
        value = statistic(pieces, factor)
        passes = value > z
        reject[rows], keep[rows] = np.where(passes, middle, reject[rows]), np.where(passes, keep[rows], middle)
        # One event more in group 2 takes about so much from the statistic.
        with np.errstate(invalid="ignore"):
            step = (value - z) * np.sqrt(pieces[1] * factor) * sizes[1]
        aim[rows] = np.floor(at + np.where(np.isfinite(step), step, 0.0))
        turn += 1
    return reject


def _normal_limit(rate: FloatArray, sizes: tuple[int, int], null: FloatArray, z: float, factor: float) -> FloatArray:
    """Return about the x2 at which the statistic passes `z`: where Wald's does, at the rates that the null leaves."""
    other = np.clip(rate - null, 0.0, 1.0)
    variance = rate * (1 - rate) / sizes[0] + other * (1 - other) / sizes[1]
    return np.floor(sizes[1] * (rate - null - z * np.sqrt(variance * factor)))


def _no_difference_pieces(
    x1: FloatArray, n1: FloatArray, x2: FloatArray, n2: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Return the pieces of the statistic of no difference, where the restricted rate is the pooled one."""
    total = n1 + n2
    events = x1 + x2
    return x1 / n1 - x2 / n2, events * (total - events) / (total * n1 * n2)


def exact_power(
    sizes: tuple[int, int],
    rates: tuple[FloatArray, FloatArray],
    ends: tuple[float, float],
    alpha: float,
    alternative: Alternative,
    corrected: bool,
) -> FloatArray:
    """Return the probability of rejection for each pair of true rates in one design.

    `ends` are the null values of the tests "greater" and "less". "equivalence" rejects where both do, each at `alpha`,
    "two-sided" where either does at half of it. `corrected` multiplies the variance by N/(N-1).
    """
    n1, n2 = sizes
    masses = {float(p): binomial_mass(n1, float(p)) for p in np.unique(rates[0])}
    first = min(start for start, _ in masses.values())
    last = max(start + mass.size for start, mass in masses.values())
    above, below = limits(sizes, np.arange(first, last, dtype=np.float64), ends, alpha, alternative, corrected)
    others = {float(p): _Tails(n2, float(p)) for p in np.unique(rates[1])}
    power = np.empty(rates[0].shape)
    for i, (p1, p2) in enumerate(zip(rates[0].tolist(), rates[1].tolist(), strict=True)):
        start, mass = masses[p1]
        part = slice(start - first, start - first + mass.size)
        low, high = above[part], below[part]
        chance = others[p2]
        given = chance.between(high, low) if alternative == "equivalence" else chance.up_to(low) + chance.onwards(high)
        power[i] = mass @ given
    return np.clip(power, 0.0, 1.0)


def limits(
    sizes: tuple[int, int],
    x1: FloatArray,
    ends: tuple[float, float],
    alpha: float,
    alternative: Alternative,
    corrected: bool,
) -> tuple[IntArray, IntArray]:
    """Return per x1 the largest x2 of the test "greater" (-1: none) and the smallest of "less" (n2 + 1: none)."""
    n1, n2 = sizes
    factor = (n1 + n2) / (n1 + n2 - 1) if corrected else 1.0
    z = -float(ndtri(0.5 * alpha if alternative == "two-sided" else alpha))
    # The test "less" of the events is the test "greater" of the failures, so one search serves both.
    count = np.concatenate([x1, n1 - x1])
    null = np.repeat([ends[0], -ends[1]], x1.size)
    found = largest_rejected(count, sizes, null, z, factor)
    above, below = found[: x1.size], n2 - found[x1.size :]
    if alternative == "less":
        above = np.full_like(above, -1)
    if alternative == "greater":
        below = np.full_like(below, n2 + 1)
    return above, below


class _Tails:
    """Cumulative binomial probabilities, each summed from its own end."""

    def __init__(self, n: int, p: float) -> None:
        self.start, mass = binomial_mass(n, p)
        self.size = mass.size
        self.left = np.concatenate([[0.0], np.cumsum(mass)])
        self.right = np.concatenate([np.cumsum(mass[::-1])[::-1], [0.0]])
        self.middle = self.start + int(np.searchsorted(self.left, 0.5))

    def up_to(self, x: IntArray) -> FloatArray:
        """Return P(X <= x)."""
        return self.left[np.clip(x + 1 - self.start, 0, self.size)]

    def onwards(self, x: IntArray) -> FloatArray:
        """Return P(X >= x)."""
        return self.right[np.clip(x - self.start, 0, self.size)]

    def between(self, low: IntArray, high: IntArray) -> FloatArray:
        """Return P(low <= X <= high), from the smaller tails."""
        from_left = self.up_to(high) - self.up_to(low - 1)
        from_right = self.onwards(low) - self.onwards(high + 1)
        return np.where(low <= high, np.where(low > self.middle, from_right, from_left), 0.0)


def normal_power(
    sizes: tuple[FloatArray, FloatArray],
    rates: tuple[FloatArray, FloatArray],
    ends: tuple[float, float],
    alpha: float,
    alternative: Alternative,
) -> FloatArray:
    """Return the normal approximation to the power; sizes need not be whole.

    The variance under the null is that of the rates that the score test would expect there (Farrington & Manning
    1990); without a margin these are the pooled rate. Accurate enough to start a search for the exact answer.
    """
    n1, n2, p1, p2 = np.broadcast_arrays(*sizes, *rates)
    effect = p1 - p2
    error = np.sqrt(p1 * (1 - p1) / n1 + p2 * (1 - p2) / n2)
    z = -float(ndtri(0.5 * alpha if alternative == "two-sided" else alpha))

    def beyond(null: float) -> FloatArray:
        limit = float(np.clip(null, -1.0, 1.0))
        table = (n1 * p1, n1, n2 * p2, n2)
        return np.asarray(z * np.sqrt(difference_pieces(table, np.full(n1.shape, limit))[1]))

    greater = _share(effect - ends[0] - beyond(ends[0]), error)
    less = _share(ends[1] - effect - beyond(ends[1]), error)
    if alternative == "equivalence":
        return np.maximum(greater + less - 1, 0.0)
    return {"greater": greater, "less": less, "two-sided": greater + less}[alternative]


def _share(distance: FloatArray, error: FloatArray) -> FloatArray:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(error > 0, ndtr(distance / error), np.heaviside(distance, 0.5))
