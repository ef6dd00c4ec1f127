"""Integrals of positive functions, on the log scale, for arrays of parameters at once."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

__all__ = ["log_integral", "log_sum_exp"]

FloatArray = NDArray[np.float64]
Kernel = Callable[[FloatArray], FloatArray]

# Below exp(-45) of the peak an integrand adds less than the rounding of what is above it.
_DROP = 45.0
_GRID = 64
_PANELS = 12
_MOST_PASSES = 8
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(16)
_FRACTIONS = ((np.arange(_PANELS)[:, None] + 0.5 * (_NODES + 1.0)) / _PANELS).reshape(-1)
_LOG_WEIGHTS = np.tile(np.log(0.5 * _WEIGHTS / _PANELS), _PANELS)


def log_sum_exp(values: FloatArray) -> FloatArray:
    """Return ``log(sum(exp(values)))`` over the last axis; minus infinity where every term is."""
    top = np.max(values, axis=-1, keepdims=True)
    top = np.where(np.isfinite(top), top, 0.0)
    with np.errstate(divide="ignore", under="ignore"):
        return np.asarray(np.log(np.sum(np.exp(values - top), axis=-1)) + top[..., 0])


def log_integral(kernel: Kernel, low: FloatArray, high: FloatArray, hints: FloatArray, shape: Kernel) -> FloatArray:
    """Return the log of the integral of ``exp(kernel(x))`` from `low` to `high`.

    The window that holds the mass is found first: the function is looked at on a grid, the window shrinks to what
    lies within ``exp(-45)`` of the highest value, and so on until that no longer helps. Composite Gauss-Legendre
    does the rest.

    Parameters
    ----------
    kernel : callable
        Log of the integrand; takes and returns shape ``(elements, points)``.
    low, high : ndarray
        Finite ends, one per element.
    hints : ndarray
        Shape ``(elements, k)``: places where a narrow peak may hide; brought inside the ends.
    shape : callable
        A cheap stand-in for `kernel`, used to find the window only.

    Returns
    -------
    ndarray
        One value per element.
    """
    start, stop = low, high
    inside = np.clip(hints, low[:, None], high[:, None])
    steps = np.linspace(0.0, 1.0, _GRID + 1)
    for _ in range(_MOST_PASSES):
        even = start[:, None] + (stop - start)[:, None] * steps
        points = np.sort(np.concatenate([even, np.clip(inside, start[:, None], stop[:, None])], axis=1), axis=1)
        before = stop - start
        start, stop = _window(points, shape(points))
        if not np.any(stop - start < 0.5 * before):
            break
    width = stop - start
    nodes = start[:, None] + width[:, None] * _FRACTIONS
    with np.errstate(divide="ignore"):
        return np.asarray(log_sum_exp(kernel(nodes) + _LOG_WEIGHTS) + np.log(width))


def _window(points: FloatArray, values: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the points just outside everything that matters."""
    matters = values > np.max(values, axis=1, keepdims=True) - _DROP
    last = points.shape[1] - 1
    first_index = np.maximum(np.argmax(matters, axis=1) - 1, 0)
    last_index = np.minimum(last - np.argmax(matters[:, ::-1], axis=1) + 1, last)
    rows = np.arange(points.shape[0])
    return points[rows, first_index], points[rows, last_index]
