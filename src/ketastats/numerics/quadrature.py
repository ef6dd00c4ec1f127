"""Integrals of unimodal functions of ``x = log s``, many at once, on the log scale.

The noncentral t distribution, its density and the power of two one-sided tests are all integrals over the
standard deviation that the data happen to show. Their integrands are positive with one peak and tails that fall at
least exponentially, but the widths differ by five powers of ten: each integral gets its own panels.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache

import numpy as np
from numpy.polynomial.legendre import leggauss
from numpy.typing import NDArray

__all__ = ["log_integral"]

Array = NDArray[np.float64]
LogFunction = Callable[..., Array]

#: What lies this many natural logarithms below the peak adds less than 1e-17 of the integral.
_DROP = 42.0
#: Gauss-Legendre nodes per panel by degrees of freedom; few degrees of freedom leave long, crooked tails.
_TIERS = ((0.0, 10.0, 48), (10.0, 100.0, 32), (100.0, np.inf, 24))
#: Integrals per pass, so that the nodes of a panel stay in the processor's cache.
_CHUNK = 1024


def log_integral(
    log_f: LogFunction,
    parameters: Sequence[Array],
    df: Array,
    mode: Array,
    width: Array,
    breaks: Sequence[Array] = (),
    upper: Array | None = None,
) -> Array:
    """Return the log of the integral of ``exp(log_f(x, *parameters))`` over all x below `upper`.

    All arrays have one dimension. `mode` is near the peak, `width` its scale, `breaks` are places where the integrand
    bends more sharply than its width suggests, and `df` sets the number of nodes.
    """
    out = np.empty_like(mode)
    limit = np.full_like(mode, np.inf) if upper is None else upper
    for low, high, count in _TIERS:
        (tier,) = np.nonzero((df >= low) & (df < high))
        for start in range(0, tier.size, _CHUNK):
            at = tier[start : start + _CHUNK]
            pick = [parameter[at] for parameter in parameters]
            corners = [corner[at] for corner in breaks]
            out[at] = _one_pass(log_f, pick, mode[at], width[at], corners, limit[at], count)
    return out


def _one_pass(
    log_f: LogFunction,
    parameters: list[Array],
    mode: Array,
    width: Array,
    breaks: list[Array],
    upper: Array,
    count: int,
) -> Array:
    top = log_f(mode, *parameters)
    dead = ~(top > -np.inf)
    top = np.where(dead, 0.0, top)
    left = -_reach(log_f, parameters, mode, width, top, -1.0)
    right = np.minimum(_reach(log_f, parameters, mode, width, top, 1.0), _unwalk(upper - mode))
    edges = np.stack([left, right, np.zeros_like(left), *(np.clip(_unwalk(b - mode), left, right) for b in breaks)])
    edges.sort(axis=0)
    nodes, weights = _rule(count)
    total = np.zeros_like(mode)
    for i in range(len(edges) - 1):
        # Breaks outside the support leave empty panels; nobody pays for them.
        (at,) = np.nonzero((edges[i + 1] > edges[i]) & ~dead)
        half = 0.5 * (edges[i + 1, at] - edges[i, at])
        v = (0.5 * (edges[i + 1, at] + edges[i, at]))[:, None] + half[:, None] * nodes
        fall = np.expm1(-v)
        x = mode[at, None] + (v - fall)
        # The cap is met only where the mode was missed far out, in integrals that underflow anyway.
        height = np.minimum(log_f(x, *(p[at, None] for p in parameters)) - top[at, None], 600.0)
        values = np.exp(height) * (2.0 + fall)
        total[at] += half * (values @ weights)
    with np.errstate(divide="ignore"):
        return np.where(dead, -np.inf, top + np.log(total))


@cache
def _rule(count: int) -> tuple[Array, Array]:
    """Return Gauss-Legendre nodes and weights, computed once: they cost as much as a small integral."""
    return leggauss(count)


def _reach(log_f: LogFunction, parameters: list[Array], mode: Array, width: Array, top: Array, side: float) -> Array:
    """Return how far (in v) one must walk from the mode until the integrand no longer counts."""
    outer = np.minimum(4.0 * width, 1.5)
    inner = np.zeros_like(outer)

    def low(v: Array) -> NDArray[np.bool_]:
        return np.asarray(log_f(mode + _walk(side * v), *parameters) < top - _DROP)

    for _ in range(200):
        short = ~low(outer)
        if not short.any():
            break
        inner = np.where(short, outer, inner)
        outer = np.where(short, 1.6 * outer, outer)
    for _ in range(2):
        middle = 0.5 * (inner + outer)
        short = ~low(middle)
        inner, outer = np.where(short, middle, inner), np.where(short, outer, middle)
    return outer


def _walk(v: Array) -> Array:
    """Return the distance from the mode in x: linear to the right, exponential to the left.

    An integrand that falls like ``exp(df * x)`` on the left then falls doubly exponentially, so few nodes do.
    """
    return v - np.expm1(-v)


def _unwalk(y: Array) -> Array:
    """Return v with ``_walk(v)`` near y; only panel edges depend on it, and `upper`, where it is exact enough."""
    y = np.clip(y, -1e4, 1e4)
    v = np.where(y > -1.0, 0.5 * y, -np.log(np.maximum(1.0 - y, 1.0)))
    for _ in range(5):
        fall = np.expm1(-v)
        v = v - (v - fall - y) / (2.0 + fall)
    return v
