"""The correlation of two normal variables of which only the sides of two cuts were seen."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import special

from .bivariate import normal_cdf
from .chandrupatla import find_roots

__all__ = ["correlation"]

Array = NDArray[np.float64]

_TIE = 1e-15


def correlation(both: Array, first: Array, second: Array) -> Array:
    """Return the correlation at which both variables lie below their cuts with the probability `both`.

    `first` and `second` are the probabilities of each cut, between 0 and 1. Where `both` is as small or as large as the
    cuts allow, the correlation is -1 or 1. One-dimensional arrays of one length.
    """
    least, most = np.maximum(first + second - 1.0, 0.0), np.minimum(first, second)
    h, k = special.ndtri(first), special.ndtri(second)
    # In the angle whose sine is the correlation nothing is lost next to -1 and 1.
    end = np.full_like(both, 0.5 * np.pi)

    def excess(angle: Array, at: NDArray[np.intp]) -> Array:
        return normal_cdf(h[at], k[at], np.sin(angle), np.maximum(np.cos(angle), 1e-17)) - both[at]

    # An end that is off by rounding stays an end.
    out = np.where(most - both <= _TIE, 1.0, -1.0)
    at = np.nonzero((both - least > _TIE) & (most - both > _TIE))[0]
    if at.size:
        part = find_roots(
            lambda angle, rows: excess(angle, at[rows]), (-end[at], end[at]), ((least - both)[at], (most - both)[at])
        )
        out[at] = np.sin(part)
    return out
