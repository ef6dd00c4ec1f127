"""F tests against a margin that is not 0: critical values of the noncentral F distribution from above."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from . import noncentral_f
from .rootfinding import increasing_root

__all__ = ["minimum_effect_critical"]

Array = NDArray[np.float64]


def minimum_effect_critical(alpha: float, df1: ArrayLike, df2: ArrayLike, ncp: ArrayLike) -> Array:
    """Return f with ``P(F > f) = alpha`` at noncentrality `ncp`: above it, the effect is larger than `ncp` says."""
    arrays = np.broadcast_arrays(*(np.asarray(v, dtype=np.float64) for v in (df1, df2, ncp)))
    shape = arrays[0].shape
    df1, df2, ncp = (np.array(array.ravel()) for array in arrays)
    goal = special.ndtri(alpha)

    def gap(log_f: Array, at: NDArray[np.intp]) -> Array:
        tail = noncentral_f.sf(np.exp(np.clip(log_f, -700.0, 700.0)), df1[at], df2[at], ncp[at])
        # On the probit scale the tail is almost a straight line. The last term keeps it falling where it underflows.
        return np.asarray(goal - np.clip(special.ndtri(tail), -38.0, 38.0) + np.maximum(log_f - 700.0, 0.0))

    start = np.log1p(ncp / df1) + np.log(np.maximum(noncentral_f.isf(alpha, df1, df2), 1e-300)) * 0.5
    return np.asarray(np.exp(increasing_root(gap, start, np.ones_like(start), tolerance=1e-13))).reshape(shape)
