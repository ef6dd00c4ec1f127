"""Pooling of estimates with known variances: the variance between studies, and what follows from it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .chandrupatla import find_roots

__all__ = ["cochran_q", "dersimonian_laird", "knapp_hartung", "paule_mandel", "pooled", "reml"]

FloatArray = NDArray[np.float64]

_GRID = 400


def pooled(y: FloatArray, v: FloatArray, tau2: float) -> tuple[FloatArray, float, float]:
    """Return the weights (adding to 1), the pooled estimate and its variance."""
    # Relative to the largest weight nothing overflows, and estimates are averaged around one of them.
    total = v + tau2
    least = float(total.min())
    relative = least / total
    share = relative / relative.sum()
    return share, float(y[0] + np.sum(share * (y - y[0]))), float(least / relative.sum())


def cochran_q(y: FloatArray, v: FloatArray, tau2: float) -> float:
    """Return the weighted sum of squares around the pooled estimate."""
    _, centre, _ = pooled(y, v, tau2)
    return float(np.sum(np.square(y - centre) / (v + tau2)))


def dersimonian_laird(y: FloatArray, v: FloatArray) -> float:
    """Return the estimate by the moments of Cochran's Q, at least 0."""
    least = float(v.min())
    weight = least / v
    # The sum of weights less that of their squares over it, without cancellation where one study outweighs the rest.
    before = np.concatenate([[0.0], np.cumsum(weight)[:-1]])
    after = np.concatenate([np.cumsum(weight[::-1])[::-1][1:], [0.0]])
    spread = float(np.sum(weight * (before + after)) / weight.sum())
    excess = cochran_q(y, v, 0.0) - (y.size - 1.0)
    return max(0.0, float(least * excess / spread))


def paule_mandel(y: FloatArray, v: FloatArray) -> float:
    """Return the variance at which Cochran's Q equals its degrees of freedom, 0 where it never exceeds them."""
    df = y.size - 1.0
    start = cochran_q(y, v, 0.0) - df
    if start <= 0:
        return 0.0
    high = float(np.sum(np.square(y - y.mean())) / df)
    while cochran_q(y, v, high) > df:
        high *= 2.0

    def _gap(tau2: FloatArray, rows: NDArray[np.intp]) -> FloatArray:
        return np.array([cochran_q(y, v, value) / df - 1.0 for value in tau2[: rows.size].tolist()])

    ends = np.zeros(1), np.array([high])
    values = np.array([start / df]), _gap(ends[1], np.zeros(1, dtype=np.intp))
    return float(find_roots(_gap, ends, values, atol=0.0)[0])


def _slope(y: FloatArray, v: FloatArray, tau2: FloatArray) -> FloatArray:
    """Return twice the slope of the restricted log likelihood at each variance, in units of the smallest total one."""
    total = v + tau2[:, None]
    least = total.min(axis=1, keepdims=True)
    weight = least / total
    both = weight.sum(axis=1)
    centre = y[0] + (weight * (y - y[0])).sum(axis=1) / both
    squares = np.square(weight) * np.square(y - centre[:, None]) / least
    return np.asarray(squares.sum(axis=1) - both + np.square(weight).sum(axis=1) / both)


def _log_likelihood(y: FloatArray, v: FloatArray, tau2: float) -> float:
    _, _, variance = pooled(y, v, tau2)
    return float(-0.5 * (np.log(v + tau2).sum() - np.log(variance) + cochran_q(y, v, tau2)))


def reml(y: FloatArray, v: FloatArray) -> float:
    """Return the variance that maximises the restricted likelihood.

    The likelihood may have several peaks: every change of sign of its slope on a grid is refined, and the highest wins.
    """
    # Beyond this the slope is negative: each squared deviation is at most the squared range.
    far = float(np.square(np.ptp(y)) * y.size + v.max())
    grid = np.concatenate([[0.0], np.geomspace(1e-6 * float(v.min()), far, _GRID)])
    slope = _slope(y, v, grid)
    at = np.flatnonzero((slope[:-1] > 0) & (slope[1:] <= 0))

    def _gap(tau2: FloatArray, rows: NDArray[np.intp]) -> FloatArray:
        del rows  # every peak is of the same likelihood
        return _slope(y, v, tau2)

    peaks = find_roots(_gap, (grid[at], grid[at + 1]), (slope[at], slope[at + 1]), atol=0.0)
    candidates = [0.0, *peaks.tolist()]
    return float(max(candidates, key=lambda value: _log_likelihood(y, v, value)))


def knapp_hartung(y: FloatArray, v: FloatArray, tau2: float) -> float:
    """Return the factor by which the variance of the pooled estimate is multiplied."""
    return cochran_q(y, v, tau2) / (y.size - 1.0)
