"""The confidence intervals of a set of means, each limit as a range."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..._results import Result

__all__ = ["MeanLimits"]


@dataclass(frozen=True, slots=True, kw_only=True)
class MeanLimits(Result):
    """Between which values each limit of a confidence interval lies, over the values that would print so.

    Parameters
    ----------
    n1, n2 : ndarray of int64, shape (rows,)
        People in each group.
    low_min, low_max : ndarray, shape (rows,)
        Smallest and largest lower limit.
    high_min, high_max : ndarray, shape (rows,)
        Smallest and largest upper limit.
    level : float
        Confidence level.
    measure : str
        What the limits are limits of.
    method : str
        The method that was used.
    references : tuple of str
        Where the method was published.
    """

    n1: Any
    n2: Any
    low_min: Any
    low_max: Any
    high_min: Any
    high_max: Any
    level: float
    measure: str
    method: str
    references: tuple[str, ...]
