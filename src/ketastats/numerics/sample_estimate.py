"""About how many samples of whole numbers there are, where counting them would take too long."""

from __future__ import annotations

from collections.abc import Sequence
from math import log, log10, pi

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

_ROUNDS = 200
_SINGULAR = 1e14


def log10_samples(values: Sequence[int], people: int, wanted: Sequence[tuple[int, int, int]]) -> float:
    """Return the decimal logarithm of about how many samples there are.

    Parameters
    ----------
    values : sequence of int
        The scale.
    people : int
        Size of the samples.
    wanted : sequence of (sum, smallest, largest sum of squares)
        Which samples count.

    Returns
    -------
    float
        By the local limit theorem: the frequencies are taken as geometric variables whose mean size, sum and sum of
        squares are those of the sample in the middle; minus infinity where there is none such between the ends.
    """
    if not wanted or len(values) < 3:
        return -np.inf
    total, low, high = wanted[len(wanted) // 2]
    cells = sum((last - first) // 2 + 1 for _, first, last in wanted)
    # In units of half of the scale about its middle, so that the three sums are of one size.
    scale = np.array(values, dtype=np.float64)
    middle, unit = (scale[0] + scale[-1]) / 2.0, (scale[-1] - scale[0]) / 2.0
    places = (scale - middle) / unit
    square = (low + high) / 2.0
    sums = np.array([people, (total - people * middle) / unit, 0.0])
    sums[2] = (square - 2.0 * middle * total + people * middle**2) / unit**2
    with np.errstate(over="ignore", divide="ignore"):
        found = _solve(np.stack([np.ones_like(places), places, places**2]), sums)
    if found is None or np.linalg.det(found[1]) <= 0.0:
        return -np.inf
    entropy, curvature = found
    # Sum and sum of squares have the same parity, so that every second cell is empty; each step counts `unit`.
    density = entropy - 0.5 * np.linalg.slogdet(2.0 * pi * curvature)[1] - 3.0 * log(unit) + log(2.0)
    return float(density / log(10.0) + log10(cells))


def _solve(terms: FloatArray, sums: FloatArray) -> tuple[float, FloatArray] | None:
    """Return the largest entropy of geometric frequencies with these mean sums, and their covariance matrix."""
    tilt = np.array([np.log1p(-terms.shape[1] / (sums[0] + terms.shape[1])), 0.0, 0.0])
    best = _dual(terms, sums, tilt)
    for _ in range(_ROUNDS):
        mean = 1.0 / np.expm1(-(tilt @ terms))
        gap = sums - terms @ mean
        curvature = (terms * (mean * (1.0 + mean))) @ terms.T
        if np.max(np.abs(gap)) < 1e-6 * sums[0]:
            return best, curvature
        if not np.linalg.cond(curvature) < _SINGULAR:
            return None
        step, size = np.linalg.solve(curvature, gap), 1.0
        while size > 1e-12:
            value = _dual(terms, sums, tilt + size * step)
            if value < best:
                break
            size /= 2.0
        else:
            return None
        tilt, best = tilt + size * step, value
    return None


def _dual(terms: FloatArray, sums: FloatArray, tilt: FloatArray) -> float:
    """Return the logarithm of all samples' weight over that of each one with these sums; its least is the entropy."""
    exponents = tilt @ terms
    if np.any(exponents >= 0.0):
        return np.inf
    return float(-np.log(-np.expm1(exponents)).sum() - tilt @ sums)
