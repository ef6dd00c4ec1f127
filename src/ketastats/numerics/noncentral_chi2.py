"""The upper tail of the noncentral chi-squared distribution, as a sum of positive terms.

    P(X > x) = sum over j of Poisson(j; ncp / 2) * Q(df / 2 + j, x / 2),

where Q is the regularised upper incomplete gamma function. Those of all j come from the first by adding positive
terms, and only the j around the largest product count. Everything broadcasts; degrees of freedom are positive.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from .special import log1p_minus, stirling_error

__all__ = ["isf", "sf"]

Array = NDArray[np.float64]

_CHUNK_TERMS = 400_000
#: The square root of the statistic stands this far (in standard deviations) below its mean: the tail is 1.
_CERTAIN = 9.0


def isf(p: ArrayLike, df: ArrayLike) -> Array:
    """Return x with ``P(X > x) = p`` for the central distribution."""
    half, tail = 0.5 * np.asarray(df, dtype=np.float64), np.asarray(p, dtype=np.float64)
    return np.asarray(2.0 * special.gammainccinv(half, tail), dtype=np.float64)


def sf(x: ArrayLike, df: ArrayLike, ncp: ArrayLike) -> Array:
    """Return ``P(X > x)``."""
    arrays = np.broadcast_arrays(*(np.asarray(v, dtype=np.float64) for v in (x, df, ncp)))
    h, a, m = (np.array(0.5 * array.ravel()) for array in arrays)
    out = np.ones_like(h)
    # P(X <= x) is at most the normal probability of sqrt(x) - sqrt(ncp); this spares sums of a million terms.
    (at,) = np.nonzero((h > 0) & (np.sqrt(2.0 * m) - np.sqrt(2.0 * h) < _CERTAIN))
    if at.size:
        h, a, m = h[at], a[at], m[at]
        peak = np.maximum(2.0 * m * h / (a + np.hypot(a, 2.0 * np.sqrt(m * h))), m)
        reach = 11.0 * np.sqrt(peak) + 40.0
        first, last = np.floor(np.maximum(peak - reach, 0.0)), np.ceil(peak + reach)
        # Similar widths go together, so that one long sum does not lengthen all.
        order = np.argsort(last - first, kind="stable")
        step = max(1, int(_CHUNK_TERMS // (np.max(last - first) + 1)))
        for start in range(0, order.size, step):
            i = order[start : start + step]
            out[at[i]] = _sum(h[i], a[i], m[i], first[i], last[i])
    return out.reshape(arrays[0].shape)


def _sum(h: Array, a: Array, m: Array, first: Array, last: Array) -> Array:
    j = first[:, None] + np.arange(int(np.max(last - first)) + 1)
    with np.errstate(divide="ignore"):
        more = np.log(m[:, None] / j[:, 1:])
    grow = np.log(h[:, None] / (a[:, None] + j[:, 1:]))
    weights = np.exp(np.cumsum(np.column_stack([_log_poisson(first, m), more]), axis=1))
    steps = np.exp(np.cumsum(np.column_stack([_log_poisson(a + first, h), grow]), axis=1))
    tails = special.gammaincc(a + first, h)[:, None] + np.cumsum(steps, axis=1) - steps
    return np.asarray(np.minimum(np.sum(weights * tails, axis=1), 1.0))


def _log_poisson(j: Array, m: Array) -> Array:
    """Return ``log(m**j exp(-m) / gamma(j + 1))``, in Loader's form, where no large logarithms cancel."""
    safe = np.where(j > 0, j, 1.0)
    main = safe * log1p_minus((m - safe) / safe, m / safe) - 0.5 * np.log(2.0 * np.pi * safe) - stirling_error(safe)
    return np.asarray(np.where(j > 0, main, -m))
