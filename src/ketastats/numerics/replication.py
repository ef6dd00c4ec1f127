"""What one t statistic predicts for another of the same effect, on the log scale.

All arrays are one-dimensional and of equal length.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .bayes import laplace, log_likelihood_ratio
from .window import log_integral

__all__ = ["log_replication"]

FloatArray = NDArray[np.float64]
#: A t statistic, its effective size and its degrees of freedom.
Statistic = tuple[FloatArray, FloatArray, FloatArray]

_CHUNK = 64


def log_replication(
    new: Statistic, original: Statistic, low: FloatArray, high: FloatArray, scale: FloatArray
) -> FloatArray:
    """Return the log Bayes factor of the original's posterior against no effect, in the new data.

    Before the original data the effect was Cauchy about zero with `scale`, or anything where `scale` is infinite;
    either way between `low` and `high`, which may be infinite.
    """
    out = np.empty_like(scale)
    for first in range(0, scale.size, _CHUNK):
        at = slice(first, first + _CHUNK)
        one, two = (tuple(field[at] for field in statistic) for statistic in (new, original))
        rest = low[at], high[at], scale[at]
        out[at] = _log_average([two, one], *rest) - _log_average([two], *rest)
    return out


def _log_average(
    statistics: list[tuple[FloatArray, ...]], low: FloatArray, high: FloatArray, scale: FloatArray
) -> FloatArray:
    """Return the log of the product of the likelihood ratios, averaged over the prior up to its constant."""
    flat = np.isinf(scale)
    peaks = [t / np.sqrt(size) for t, size, _ in statistics]
    sizes = [size for _, size, _ in statistics]
    total = np.sum(sizes, axis=0)
    pooled = np.asarray(np.sum([p * s for p, s in zip(peaks, sizes, strict=True)], axis=0) / total, dtype=np.float64)
    # Effects are location + width sinh(x): as fine as need be about the place where prior or likelihood is narrow.
    location = np.where(flat, pooled, 0.0)
    width = np.where(flat, 1.0 / np.sqrt(total), scale)

    def place(effect: FloatArray) -> FloatArray:
        return np.asarray(np.arcsinh((effect - location) / width))

    hints = np.stack([place(effect) for effect in (*peaks, pooled, np.zeros_like(pooled))], axis=1)
    reach = 60.0 + np.abs(hints).max(axis=1)
    start, stop = np.maximum(place(low), -reach), np.minimum(place(high), reach)
    start, stop = np.minimum(start, stop), np.maximum(start, stop)
    columns = [tuple(field[:, None] for field in statistic) for statistic in statistics]
    centre, spread, uniform = location[:, None], width[:, None], flat[:, None]

    def prior(x: FloatArray) -> FloatArray:
        bend = np.abs(x) + np.log1p(np.exp(-2.0 * np.abs(x)))
        return np.where(uniform, bend + np.log(spread), -bend)

    def exact(x: FloatArray) -> FloatArray:
        effect = centre + spread * np.sinh(x)
        return np.asarray(prior(x) + sum(log_likelihood_ratio(effect, *column) for column in columns))

    def outline(x: FloatArray) -> FloatArray:
        effect = centre + spread * np.sinh(x)
        return np.asarray(prior(x) + sum(laplace(effect, *column)[0] for column in columns))

    return log_integral(exact, start, stop, hints, outline)
