"""Bracketed root finding for many equations at once."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

__all__ = ["find_roots"]

FloatArray = NDArray[np.float64]
IndexArray = NDArray[np.intp]

_EPS = float(np.finfo(np.float64).eps)


def find_roots(
    function: Callable[[FloatArray, IndexArray], FloatArray],
    ends: tuple[FloatArray, FloatArray],
    values: tuple[FloatArray, FloatArray],
    atol: float = 1e-16,
) -> FloatArray:
    """Find one root of each of many functions inside its bracket by Chandrupatla's method.

    `function(x, rows)` returns the values at `x` of the functions numbered `rows`. `values` at the ends are finite;
    where their signs do not differ, the end with the smaller absolute value is returned. The bracket shrinks until
    it is a few units in the last place (or `atol`) wide, so no tolerance has to fit the scale of the problem.

    Chandrupatla (1997), Advances in Engineering Software 28, 145-149: inverse quadratic interpolation where the
    three points allow it, bisection otherwise.
    """
    a, b = (np.array(end, dtype=np.float64) for end in ends)
    fa, fb = (np.array(value, dtype=np.float64) for value in values)
    root = np.where(np.abs(fa) <= np.abs(fb), a, b)
    rows: IndexArray = np.flatnonzero(np.sign(fa) * np.sign(fb) < 0)
    a, b, fa, fb = a[rows], b[rows], fa[rows], fb[rows]
    step = np.full(rows.shape, 0.5)
    for _ in range(200):
        if not rows.size:
            break
        point = a + step * (b - a)
        value = function(point, rows)
        same = np.sign(value) == np.sign(fa)
        c, fc = np.where(same, a, b), np.where(same, fa, fb)
        b, fb = np.where(same, b, a), np.where(same, fb, fa)
        a, fa = point, value
        best = np.where(np.abs(fa) < np.abs(fb), a, b)
        with np.errstate(divide="ignore", over="ignore", invalid="ignore"):
            smallest = (_EPS * np.abs(best) + 0.5 * atol) / np.abs(b - a)
            step = _interpolate((a, b, c), (fa, fb, fc), smallest)
        done = (fa == 0) | (fb == 0) | ~(smallest <= 0.5)
        if done.any():
            root[rows[done]] = best[done]
            left = ~done
            rows, a, b, fa, fb, step = rows[left], a[left], b[left], fa[left], fb[left], step[left]
    root[rows] = 0.5 * (a + b)
    return root


def _interpolate(
    points: tuple[FloatArray, FloatArray, FloatArray],
    values: tuple[FloatArray, FloatArray, FloatArray],
    smallest: FloatArray,
) -> FloatArray:
    """Return how far along from `a` to `b` to look next."""
    a, b, c = points
    fa, fb, fc = values
    xi, phi = (a - b) / (c - b), (fa - fb) / (fc - fb)
    quadratic = (phi**2 < xi) & ((1 - phi) ** 2 < 1 - xi)
    step = fa / (fb - fa) * (fc / (fb - fc)) + (c - a) / (b - a) * (fa / (fc - fa)) * (fb / (fc - fb))
    step = np.where(quadratic & np.isfinite(step), step, 0.5)
    return np.asarray(np.clip(step, smallest, 1 - smallest), dtype=np.float64)
