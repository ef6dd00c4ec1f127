"""Exact power of tests of two Poisson rates, by enumeration of what the test rejects."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from .chandrupatla import FloatArray
from .score import Table

__all__ = ["exact_power", "poisson_mass"]

_ELEMENTS = 4_000_000


def poisson_mass(mean: float) -> tuple[int, FloatArray]:
    """Return the first count that matters and the probabilities from there on; what is left out is below 1e-20.

    Ratios of neighbours are multiplied outwards from the mode: no logarithm of a factorial costs digits.
    """
    if mean == 0:
        return 0, np.ones(1)
    # Bernstein's inequality: beyond this distance from the mean lies less than exp(-46).
    reach = 62 + 9.6 * math.sqrt(mean)
    low, high = max(0, math.floor(mean - reach)), math.ceil(mean + reach)
    mode = max(low, math.floor(mean))
    above = np.cumprod(mean / np.arange(mode + 1, high + 1, dtype=np.float64))
    below = np.cumprod(np.arange(mode, low, -1, dtype=np.float64) / mean)
    mass = np.concatenate([below[::-1], [1.0], above])
    return low, mass / math.fsum(mass)


def exact_power(
    reject: Callable[[Table], NDArray[np.bool_]], means: tuple[float, float], times: tuple[float, float]
) -> float:
    """Return the probability of all pairs of counts that `reject` holds for; `means` are the expected counts."""
    (start1, mass1), (start2, mass2) = poisson_mass(means[0]), poisson_mass(means[1])
    x2 = start2 + np.arange(mass2.size, dtype=np.float64)
    step = max(1, _ELEMENTS // mass2.size)
    total = 0.0
    for first in range(0, mass1.size, step):
        part = mass1[first : first + step]
        x1 = start1 + first + np.arange(part.size, dtype=np.float64)
        one, two = (np.ravel(value) for value in np.meshgrid(x1, x2, indexing="ij"))
        rejected = reject((one, np.full_like(one, times[0]), two, np.full_like(one, times[1])))
        total += float(part @ (rejected.reshape(part.size, mass2.size) @ mass2))
    return min(total, 1.0)
