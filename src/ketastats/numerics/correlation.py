"""The exact distribution of a correlation of normal data, for arrays of any shape.

Everything is on Fisher's scale: `z` is ``atanh(r)``, `zeta` is ``atanh(rho)``; both may be infinite.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from .correlation_density import log_sf
from .rootfinding import increasing_root

__all__ = ["between", "cdf", "limit", "sf"]

Array = NDArray[np.float64]

#: Beyond this on Fisher's scale a correlation is one in floating point: ``1 - tanh(40)`` is 4e-35.
_ONE = 40.0


def sf(z: ArrayLike, n: ArrayLike, zeta: ArrayLike) -> Array:
    """Return ``P(R > tanh(z))`` for `n` pairs, at least 3, whose true correlation is ``tanh(zeta)``."""
    z, n, zeta = np.broadcast_arrays(*(np.asarray(v, dtype=np.float64) for v in (z, n, zeta)))
    certain = np.isinf(zeta) | np.isinf(z)
    # A true correlation of one shows itself in the data, and no other shows a correlation of one.
    out = np.where(np.where(np.isinf(zeta), zeta > z, z < 0), 1.0, 0.0)
    at = ~certain
    out[at] = np.exp(log_sf(z[at], n[at], zeta[at]))
    return out


def cdf(z: ArrayLike, n: ArrayLike, zeta: ArrayLike) -> Array:
    """Return ``P(R < tanh(z))``."""
    return sf(np.negative(z), n, np.negative(zeta))


def between(low: ArrayLike, high: ArrayLike, n: ArrayLike, zeta: ArrayLike) -> Array:
    """Return ``P(tanh(low) < R < tanh(high))``, 0 where the ends are out of order."""
    low, high, zeta = np.broadcast_arrays(*(np.asarray(v, dtype=np.float64) for v in (low, high, zeta)))
    # The smaller tail carries the digits.
    flip = low + high < 2.0 * zeta
    left, right = np.where(flip, -high, low), np.where(flip, -low, high)
    centre = np.where(flip, -zeta, zeta)
    return np.asarray(np.where(low < high, np.maximum(sf(left, n, centre) - sf(right, n, centre), 0.0), 0.0))


def limit(z: ArrayLike, n: ArrayLike, tail: ArrayLike) -> Array:
    """Return the `zeta` for which ``P(R > tanh(z))`` is `tail`: the lower confidence limit on Fisher's scale."""
    arrays = np.broadcast_arrays(*(np.asarray(v, dtype=np.float64) for v in (z, n, tail)))
    shape = arrays[0].shape
    z, n, tail = (np.array(array.ravel()) for array in arrays)
    out = z.copy()
    (at,) = np.nonzero(np.isfinite(z))
    target = special.ndtri(tail[at])
    slope = np.sqrt(np.maximum(n[at] - 2.5, 0.5))

    def _gap(zeta: Array, index: NDArray[np.intp]) -> Array:
        here = np.clip(zeta, -_ONE, _ONE)
        chance = special.ndtri_exp(np.minimum(log_sf(z[at][index], n[at][index], here), -1e-300))
        return np.asarray(np.clip(chance, -1e3, 1e3) - target[index] + (zeta - here))

    out[at] = increasing_root(_gap, z[at] + target / slope, slope)
    return out.reshape(shape)
