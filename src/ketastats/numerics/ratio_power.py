"""Exact power of score tests of a ratio of rates or of odds, by enumeration, and normal approximations to it.

As for a difference, the statistic rises with every event in group 1 and falls with every event in group 2 (shown for
all small designs by tests/test_power_margins.py), so for each x1 a binary search finds the x2 where the test turns.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from .binomial_power import _Tails, binomial_mass
from .chandrupatla import FloatArray
from .rates import score_zscore
from .score import ratio_pieces

__all__ = ["Question", "exact_power", "normal_power", "turning_point"]

Question = Literal["greater", "less", "equivalence", "outside"]
IntArray = NDArray[np.int64]


def exact_power(
    sizes: tuple[int, int],
    rates: tuple[FloatArray, FloatArray],
    ends: tuple[float, float],
    alpha: float,
    question: Question,
    measure: str,
    corrected: bool,
) -> FloatArray:
    """Return the probability of rejection for each pair of true rates in one design.

    `ends` are the null values of the tests "greater" and "less", each at `alpha`. "equivalence" rejects where both do,
    "outside" where either does.
    """
    n1, n2 = sizes
    masses = {float(p): binomial_mass(n1, float(p)) for p in np.unique(rates[0])}
    first = min(start for start, _ in masses.values())
    last = max(start + mass.size for start, mass in masses.values())
    x1 = np.arange(first, last, dtype=np.float64)
    z = -float(ndtri(alpha))
    none = np.full(x1.shape, -1, dtype=np.int64)
    above = none if question == "less" else turning_point(x1, sizes, ends[0], z, measure, corrected, above=True)
    below = (
        none + n2 + 2
        if question == "greater"
        else turning_point(x1, sizes, ends[1], -z, measure, corrected, above=False)
    )
    others = {float(p): _Tails(n2, float(p)) for p in np.unique(rates[1])}
    power = np.empty(rates[0].shape)
    for i, (p1, p2) in enumerate(zip(rates[0].tolist(), rates[1].tolist(), strict=True)):
        start, mass = masses[p1]
        part = slice(start - first, start - first + mass.size)
        chance = others[p2]
        if question == "equivalence":
            given = chance.between(below[part], above[part])
        else:
            given = chance.up_to(above[part]) + chance.onwards(below[part])
        power[i] = mass @ given
    return np.clip(power, 0.0, 1.0)


def turning_point(
    x1: FloatArray, sizes: tuple[int, int], null: float, z: float, measure: str, corrected: bool, *, above: bool
) -> IntArray:
    """Return the largest x2 whose statistic lies above `z` (-1: none), or the smallest below it (n2 + 1: none)."""
    if null <= 0 or null == np.inf:
        # Every ratio lies above 0 and below infinity, and none beyond: every table rejects, or none.
        return np.full(x1.shape, -1 if null > 0 else sizes[1], dtype=np.int64) + (0 if above else 1)
    n1, n2 = (np.full(x1.shape, float(size)) for size in sizes)
    value = np.full(x1.shape, null)
    low, high = np.full(x1.shape, -1, dtype=np.int64), np.full(x1.shape, sizes[1] + 1, dtype=np.int64)
    # The statistic falls with x2: it passes up to `low`, and no longer from `high` on.
    while np.any(high - low > 1):
        middle = np.clip((low + high) // 2, 0, sizes[1])
        score = score_zscore((x1, n1, middle.astype(np.float64), n2), value, measure=measure, corrected=corrected)
        left = (score > z) if above else (score >= z)
        open_ = high - low > 1
        low, high = np.where(open_ & left, middle, low), np.where(open_ & ~left, middle, high)
    return low if above else high


def normal_power(
    sizes: tuple[FloatArray, FloatArray],
    rates: tuple[FloatArray, FloatArray],
    ends: tuple[float, float],
    alpha: float,
    question: Question,
    measure: str,
) -> FloatArray:
    """Return a normal approximation to the power; sizes need not be whole.

    For a ratio of rates the statistic is p1 - ratio p2 with its restricted variance under the null (Farrington &
    Manning 1990); for an odds ratio the distance on the log scale and its expected variance.
    """
    n1, n2, p1, p2 = np.broadcast_arrays(*sizes, *rates)
    z = -float(ndtri(alpha))

    def _beyond(null: float, sign: float) -> FloatArray:
        if null <= 0 or null == np.inf:
            return np.full(n1.shape, float((null <= 0) == (sign > 0)))
        if measure == "ratio":
            # Below 1 the pieces are divided by the null.
            distance, variance = ratio_pieces((n1 * p1, n1, n2 * p2, n2), np.full(n1.shape, null))
            spread = (p1 * (1 - p1) / n1 + null**2 * p2 * (1 - p2) / n2) / min(null, 1.0) ** 2
            return _share(sign * distance - z * np.sqrt(variance), np.sqrt(spread))
        with np.errstate(divide="ignore", invalid="ignore"):
            log_ratio = np.log(p1 / (1 - p1)) - np.log(p2 / (1 - p2))
            error = np.sqrt(1 / (n1 * p1 * (1 - p1)) + 1 / (n2 * p2 * (1 - p2)))
            share = ndtr(sign * (log_ratio - np.log(null)) / error - z)
        # Without variance in a group its odds are 0 or infinite, and no approximation holds: nothing is promised.
        return np.where(np.isfinite(error), share, 0.0)

    greater = _beyond(ends[0], 1.0) if question != "less" else np.zeros(n1.shape)
    less = _beyond(ends[1], -1.0) if question != "greater" else np.zeros(n1.shape)
    if question == "equivalence":
        return np.maximum(greater + less - 1.0, 0.0)
    return np.asarray(np.minimum(greater + less, 1.0))


def _share(distance: FloatArray, error: FloatArray) -> FloatArray:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(error > 0, ndtr(distance / error), np.heaviside(distance, 0.5))
