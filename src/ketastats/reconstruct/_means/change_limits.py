"""Confidence intervals of a mean change, over all values that would print as reported."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ... import _validate
from ..._results import Result
from ...errors import InvalidArgument
from ...numerics import student_t
from ...numerics.vertices import least_maximum
from .change_solve import points

if TYPE_CHECKING:
    from .change_set import CompatibleChange

__all__ = ["ChangeLimits", "distance_outside", "intervals"]

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeLimits(Result):
    """Between which values each limit of the confidence interval of a mean change lies.

    Parameters
    ----------
    n : ndarray of int64, shape (rows,)
        People measured twice.
    low_min, low_max : ndarray, shape (rows,)
        Smallest and largest lower limit.
    high_min, high_max : ndarray, shape (rows,)
        Smallest and largest upper limit.
    level : float
        Confidence level.
    method : str
        The method that was used.
    references : tuple of str
        Where the method was published.
    """

    n: Any
    low_min: Any
    low_max: Any
    high_min: Any
    high_max: Any
    level: float
    method: str
    references: tuple[str, ...]


def intervals(found: CompatibleChange, level: float) -> ChangeLimits:
    """Return the range of each limit."""
    clean = _validate.level(level)
    lower, upper = (np.concatenate(limit, axis=1) for limit in zip(*_limits(found, clean), strict=True))
    return ChangeLimits(
        n=found.n,
        low_min=np.fmin.reduce(lower, axis=1),
        low_max=np.fmax.reduce(lower, axis=1),
        high_min=np.fmin.reduce(upper, axis=1),
        high_max=np.fmax.reduce(upper, axis=1),
        level=clean,
        method="mean change, paired t",
        references=("Student 1908, doi:10.1093/biomet/6.1.1",),
    )


def distance_outside(found: CompatibleChange, low: float, high: float, level: float) -> FloatArray:
    """Return how far outside two ends the worse limit lies, at least; one end may be infinite."""
    nearest = np.full(len(found), np.inf)
    for lower, upper in _limits(found, _validate.level(level)):
        below, above = low - lower, upper - high
        # An end at infinity is never the worse one.
        below, above = (below if np.isfinite(low) else above), (above if np.isfinite(high) else below)
        nearest = np.fmin(nearest, least_maximum(below, above))
    return nearest


def _limits(found: CompatibleChange, level: float) -> list[tuple[FloatArray, FloatArray]]:
    """Return both limits at the corners of what the numbers leave, for each direction."""
    if not np.all(found.n):
        raise InvalidArgument("n", None, "a number of people", "Without n a mean change has no interval.")
    if not np.all(np.isfinite(found.sd_change_high) & np.isfinite(found.mean_change_high - found.mean_change_low)):
        remedy = "Give mean_change and sd_change, or numbers from which they follow."
        raise InvalidArgument("change", ", ".join(found.printed), "a change whose mean and SD are bounded", remedy)
    critical = student_t.isf(0.5 * (1.0 - level), found.n - 1.0)[:, None]
    parts = points(found.n, found._printed)
    return [(mean - critical * error, mean + critical * error) for mean, error in parts]
