"""Noncentralities of complete repeated-measures designs.

The means of groups over times stand in an array ``(..., groups, times)``, sizes in ``(..., groups)``, covariance
matrices of one person's times in ``(..., times, times)``; all broadcast over the leading axes. Each function returns
sums of squares of the true effects, in units of the error variance that the F statistic divides by.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from . import noncentral_f
from .rootfinding import increasing_root

__all__ = [
    "autoregressive",
    "equivalence_critical",
    "helmert",
    "interaction_effects",
    "mean_effects",
    "people_behind_mean",
    "quadratic_form",
]

Array = NDArray[np.float64]

#: So few quantiles are worth a better start each.
_FEW = 16


def helmert(times: int) -> Array:
    """Return orthonormal contrasts of the times, one row each: ``times - 1`` rows."""
    rows = np.tril(np.ones((times, times)), -1)[1:]
    rows[np.arange(times - 1), np.arange(1, times)] = -np.arange(1, times)
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True))


def autoregressive(rho: ArrayLike, times: int) -> Array:
    """Return correlations ``rho ** |i - j|`` as matrices on the last two axes."""
    lag = np.abs(np.subtract.outer(np.arange(times), np.arange(times)))
    return np.asarray(np.asarray(rho, dtype=np.float64)[..., None, None] ** lag)


def mean_effects(values: Array, sizes: Array) -> Array:
    """Return each group's value, on the last axis, less the mean over all people."""
    total = np.sum(values * sizes, axis=-1, keepdims=True)
    return np.asarray(values - total / np.sum(sizes, axis=-1, keepdims=True))


def interaction_effects(means: Array, sizes: Array) -> Array:
    """Return what is left of the means when groups (weighted by their sizes) and times are taken out."""
    profiles = means - np.mean(means, axis=-1, keepdims=True)
    return np.swapaxes(mean_effects(np.swapaxes(profiles, -1, -2), sizes[..., None, :]), -1, -2)


def people_behind_mean(sizes: Array) -> Array:
    """Return the number of people whose mean is as precise as the mean of the groups, each counting alike."""
    return np.asarray(np.square(sizes.shape[-1]) / np.sum(1.0 / sizes, axis=-1))


def quadratic_form(vectors: Array, matrix: Array) -> Array:
    """Return ``v' M^-1 v`` over the last axis, never below zero."""
    vectors, matrix = np.asarray(vectors), np.asarray(matrix)
    solved = np.linalg.solve(matrix, vectors[..., None])[..., 0]
    return np.asarray(np.maximum(np.sum(vectors * solved, axis=-1), 0.0))


def equivalence_critical(alpha: ArrayLike, df1: ArrayLike, df2: ArrayLike, ncp: ArrayLike) -> Array:
    """Return f with ``P(F <= f) = alpha`` at noncentrality `ncp`: below it, the effect is smaller than `ncp` says."""
    arrays = np.broadcast_arrays(*(np.asarray(v, dtype=np.float64) for v in (alpha, df1, df2, ncp)))
    shape = arrays[0].shape
    alpha, df1, df2, ncp = (np.array(array.ravel()) for array in arrays)
    goal = special.ndtri(alpha)

    def gap(log_f: Array, at: NDArray[np.intp]) -> Array:
        tail = noncentral_f.cdf(np.exp(np.clip(log_f, -700.0, 700.0)), df1[at], df2[at], ncp[at])
        # On the probit scale the tail is almost a straight line. The last term keeps it rising where it underflows.
        return np.asarray(np.clip(special.ndtri(tail), -38.0, 38.0) - goal[at] + np.minimum(log_f + 700.0, 0.0))

    start, slope = _cube_root_start(alpha, df1, df2, ncp)
    if start.size <= _FEW:
        # SciPy's quantile is not right everywhere, but where it is two steps suffice from there.
        with np.errstate(all="ignore"):
            near = np.log(special.ncfdtri(df1, df2, ncp, alpha))
        start = np.where(np.isfinite(near) & (np.abs(near - start) < 1.0), near, start)
    # After a secant step this short the next would be of the size of rounding.
    return np.asarray(np.exp(increasing_root(gap, start, slope, tolerance=1e-12))).reshape(shape)


def _cube_root_start(alpha: Array, df1: Array, df2: Array, ncp: Array) -> tuple[Array, Array]:
    """Return the log quantile, and the slope of the tail's probit there, were the cube root of F normal.

    Severo and Zelen (1960, Biometrika 47, 411-416) give the approximation; where it leaves the positive numbers, the
    tail of the central distribution, which falls like f to the power of df1 / 2, serves.
    """
    z = special.ndtri(alpha)
    size, error = df1 + ncp, 2.0 / (9.0 * df2)
    spread = 2.0 * (df1 + 2.0 * ncp) / (9.0 * np.square(size))
    lead, centre = np.square(1.0 - error) - np.square(z) * error, (1.0 - error) * (1.0 - spread)
    rest = np.square(1.0 - spread) - np.square(z) * spread
    usable = (lead > 0) & (rest > 0)
    with np.errstate(invalid="ignore", divide="ignore"):
        root = rest / (centre + np.sqrt(np.maximum(centre * centre - lead * rest, 0.0)))
        steep = root * (1.0 - error) / (3.0 * np.sqrt(spread + error * root * root))
        start = np.where(usable, 3.0 * np.log(root), 2.0 * np.log(alpha) / df1)
        slope = np.where(usable, steep, 0.5 * df1 / np.maximum(-z, 1.0))
    return start + np.log(size / df1), np.maximum(slope, 1e-3)
