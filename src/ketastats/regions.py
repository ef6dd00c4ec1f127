"""Regions of an estimand's scale, and what an interval says about them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from . import _validate
from .errors import InvalidArgument

__all__ = ["Region", "above", "below", "within"]


@dataclass(frozen=True, slots=True)
class Region:
    """The part of an estimand's scale that a claim occupies.

    Make one with `within`, `above` or `below`; ``~region`` is everything else.

    Parameters
    ----------
    low, high : float
        Ends of the region, on the scale of the estimand; infinite ends are allowed.
    inside : bool
        Whether the region lies between the ends (True) or outside them (False).

    Examples
    --------
    >>> import ketastats as ks
    >>> ks.within(0.10)
    Region(low=-0.1, high=0.1, inside=True)
    >>> print(~ks.within(0.10))
    outside -0.1 to 0.1
    """

    low: float
    high: float
    inside: bool = True

    def __post_init__(self) -> None:
        low = _validate.real(self.low, "low", infinite=True)
        high = _validate.real(self.high, "high", infinite=True)
        if not low < high:
            raise InvalidArgument("high", high, f"above low, here {low:g}")
        if math.isinf(low) and math.isinf(high):
            raise InvalidArgument("high", high, "a finite end, here or below", "A region without ends claims nothing.")
        object.__setattr__(self, "low", low)
        object.__setattr__(self, "high", high)

    def __invert__(self) -> Region:
        return Region(self.low, self.high, not self.inside)

    def __str__(self) -> str:
        if self.low == -math.inf:
            return f"{'below' if self.inside else 'at or above'} {self.high:g}"
        if self.high == math.inf:
            return f"{'above' if self.inside else 'at or below'} {self.low:g}"
        return f"{'within' if self.inside else 'outside'} {self.low:g} to {self.high:g}"

    @property
    def symmetric(self) -> bool:
        """Whether a change of sign leaves the region as it is."""
        return self.low == -self.high

    def covers(self, low: ArrayLike, high: ArrayLike) -> NDArray[np.bool_]:
        """Whether intervals lie inside the region, elementwise.

        An interval that only touches an end is not inside: the one-sided test is then exactly at its level.

        Parameters
        ----------
        low, high : array_like
            Ends of the intervals.

        Returns
        -------
        ndarray of bool
            True where the whole interval lies in the region.

        Examples
        --------
        >>> import ketastats as ks
        >>> ks.within(0.10).covers([-0.05, -0.05], [0.05, 0.15]).tolist()
        [True, False]
        """
        return self._between(low, high) if self.inside else self._apart(low, high)

    def excludes(self, low: ArrayLike, high: ArrayLike) -> NDArray[np.bool_]:
        """Whether intervals lie wholly outside the region, elementwise.

        Parameters
        ----------
        low, high : array_like
            Ends of the intervals.

        Returns
        -------
        ndarray of bool
            True where no part of the interval lies in the region.

        Examples
        --------
        >>> import ketastats as ks
        >>> ks.within(0.10).excludes([0.12, 0.05], [0.30, 0.30]).tolist()
        [True, False]
        """
        return self._apart(low, high) if self.inside else self._between(low, high)

    def _between(self, low: Any, high: Any) -> NDArray[np.bool_]:
        # An infinite end excludes nothing, so it also covers an interval that reaches to infinity.
        above = (np.asarray(low) > self.low) | np.isneginf(self.low)
        return above & ((np.asarray(high) < self.high) | np.isposinf(self.high))

    def _apart(self, low: Any, high: Any) -> NDArray[np.bool_]:
        return (np.asarray(low) > self.high) | (np.asarray(high) < self.low)


def within(low: float, high: float | None = None) -> Region:
    """Return the region between two ends, or between ``-low`` and ``low``.

    Parameters
    ----------
    low : float
        Lower end; alone, the half-width of a symmetric region and so positive.
    high : float, optional
        Upper end.

    Returns
    -------
    Region
        The region between the ends.

    Raises
    ------
    InvalidArgument
        If the ends are not in order.

    Examples
    --------
    >>> import ketastats as ks
    >>> print(ks.within(0.10))
    within -0.1 to 0.1
    >>> print(ks.within(-2, 3))
    within -2 to 3
    """
    if high is None:
        half = _validate.real(low, "low", low=0.0, open_low=True)
        return Region(-half, half)
    return Region(low, high)


def above(x: float) -> Region:
    """Return the region above `x`.

    Parameters
    ----------
    x : float
        Lower end.

    Returns
    -------
    Region
        All values above `x`.

    Examples
    --------
    >>> import ketastats as ks
    >>> print(ks.above(2))
    above 2
    """
    return Region(_validate.real(x, "x"), math.inf)


def below(x: float) -> Region:
    """Return the region below `x`.

    Parameters
    ----------
    x : float
        Upper end.

    Returns
    -------
    Region
        All values below `x`.

    Examples
    --------
    >>> import ketastats as ks
    >>> print(ks.below(0.16))
    below 0.16
    """
    return Region(-math.inf, _validate.real(x, "x"))
