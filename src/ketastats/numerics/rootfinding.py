"""Roots of many increasing functions at once."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

__all__ = ["increasing_root"]

Array = NDArray[np.float64]


def increasing_root(
    f: Callable[[Array, NDArray[np.intp]], Array],
    start: Array,
    slope: Array,
    *,
    tolerance: float = 2e-14,
    rounds: int = 200,
) -> Array:
    """Return where the increasing functions ``f(x, at)`` cross zero; `at` are the positions that are asked for.

    Secant steps from `start` with the first `slope`, kept inside a bracket that is widened until both signs
    are seen and halved whenever the secant leaves it or has stopped gaining.
    """
    x = np.array(start, dtype=np.float64)
    slope = np.array(slope, dtype=np.float64)
    low, high = np.full_like(x, -np.inf), np.full_like(x, np.inf)
    last_x, last_f = np.full_like(x, np.nan), np.full_like(x, np.nan)
    stride = np.full_like(x, np.nan)
    at = np.arange(x.size)
    for turn in range(rounds):
        value = f(x[at], at)
        here = x[at]
        low[at] = np.where(value <= 0, here, low[at])
        high[at] = np.where(value >= 0, here, high[at])
        with np.errstate(invalid="ignore", divide="ignore"):
            secant = (value - last_f[at]) / (here - last_x[at])
        slope[at] = np.where(np.isfinite(secant) & (secant > 0), secant, slope[at])
        last_x[at], last_f[at] = here, value
        new = _next_point(here, value, slope[at], low[at], high[at], stride[at], turn)
        close = tolerance * np.maximum(1.0, np.abs(here))
        stride[at] = np.abs(new - here)
        done = (value == 0) | (stride[at] <= close) | (high[at] - low[at] <= close)
        x[at] = np.where(value == 0, here, new)
        at = at[~done]
        if not at.size:
            break
    return x


def _next_point(here: Array, value: Array, slope: Array, low: Array, high: Array, stride: Array, turn: int) -> Array:
    with np.errstate(over="ignore", invalid="ignore"):
        new = here - value / slope
        # A secant far from the root can point anywhere: no step is more than eight times the one before it.
        most = np.where(np.isnan(stride), np.maximum(1.0, np.abs(here)), 8.0 * np.maximum(stride, 1e-3))
        new = np.clip(new, here - most, here + most)
        bracketed = np.isfinite(low) & np.isfinite(high)
        middle = 0.5 * (low + high)
        outside = ~((new >= low) & (new <= high)) | ~np.isfinite(new)
    halve = bracketed & (outside | (turn % 6 == 5))
    new = np.where(halve, middle, new)
    lost = ~bracketed & outside
    return np.where(lost, here - np.sign(value) * np.maximum(1.0, np.abs(here)), new)
