"""Conversions that need the sizes of both groups, where only their sum is known: an interval over all splits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from .. import _validate
from .._results import Result
from ..errors import InvalidArgument
from ._convert import d_from_t, t_from_r
from ._convert_p import t_from_p

__all__ = ["RangeOverSplits", "d_range_from_p", "d_range_from_r", "d_range_from_t"]

_HEDGES = "Hedges 1981, doi:10.3102/10769986006002107"


@dataclass(frozen=True, slots=True, kw_only=True)
class RangeOverSplits(Result):
    """The values of an effect over every way to split the people into two groups.

    Parameters
    ----------
    low, high : float or ndarray
        The smallest and the largest value.
    balanced : float or ndarray
        The value with groups as equal as can be: the one nearest 0.
    lopsided : float or ndarray
        The value with the smallest group that is allowed: the one farthest from 0.
    n : int or ndarray
        People in both groups together.
    least : int or ndarray
        People in the smallest group that is allowed.
    method : str
        What was converted into what.
    references : tuple of str
        Where the formula was published.
    """

    low: Any
    high: Any
    balanced: Any
    lopsided: Any
    n: Any
    least: Any
    method: str
    references: tuple[str, ...] = ()


def d_range_from_t(t: ArrayLike, n: ArrayLike, *, least: ArrayLike = 2) -> RangeOverSplits:
    """Return what Cohen's d can be, given Student's t and the sum of both groups.

    Parameters
    ----------
    t : array_like
        Student's t with pooled variance, group 1 minus group 2.
    n : array_like of int
        People in both groups together.
    least : array_like of int
        People in the smallest group that is thought possible.

    Returns
    -------
    RangeOverSplits
        The values of d over every split.

    Raises
    ------
    InvalidArgument
        If a value is out of range, or `n` has no room for two groups of `least`.

    References
    ----------
    .. [1] Hedges LV (1981). Distribution theory for Glass's estimator of effect size and related estimators. Journal of
       Educational Statistics 6, 107-128. doi:10.3102/10769986006002107

    Examples
    --------
    >>> import ketastats as ks
    >>> d = ks.effects.d_range_from_t(0.567, 83, least=20)
    >>> print(f"{d.low:.3f} to {d.high:.3f}")
    0.124 to 0.146
    """
    return _range(_validate.array(t, "t"), "t", n, least, "Cohen's d from Student's t, over all splits")


def d_range_from_p(p: ArrayLike, n: ArrayLike, *, least: ArrayLike = 2) -> RangeOverSplits:
    """Return what the absolute Cohen's d can be, given the two-sided p of Student's t test and the sum of both groups.

    Parameters
    ----------
    p : array_like
        The two-sided p-value, above 0 and at most 1.
    n : array_like of int
        People in both groups together.
    least : array_like of int
        People in the smallest group that is thought possible.

    Returns
    -------
    RangeOverSplits
        The values of the absolute d over every split.

    Raises
    ------
    InvalidArgument
        If a value is out of range, or `n` has no room for two groups of `least`.

    References
    ----------
    .. [1] Hedges LV (1981). Distribution theory for Glass's estimator of effect size and related estimators. Journal of
       Educational Statistics 6, 107-128. doi:10.3102/10769986006002107

    Examples
    --------
    >>> import ketastats as ks
    >>> d = ks.effects.d_range_from_p(0.572, 83, least=20)
    >>> print(f"{d.low:.3f} to {d.high:.3f}")
    0.125 to 0.146
    """
    size = _validate.integers(n, "n", low=3)
    t = np.asarray(t_from_p(p, size - 2.0))
    return _range(t, "p", n, least, "absolute Cohen's d from a two-sided p of Student's t test, over all splits")


def d_range_from_r(r: ArrayLike, n: ArrayLike, *, least: ArrayLike = 2) -> RangeOverSplits:
    """Return what Cohen's d can be, given the point-biserial correlation and the sum of both groups.

    Parameters
    ----------
    r : array_like
        Correlation of the outcome with the group, above -1 and below 1.
    n : array_like of int
        People in both groups together.
    least : array_like of int
        People in the smallest group that is thought possible.

    Returns
    -------
    RangeOverSplits
        The values of d over every split.

    Raises
    ------
    InvalidArgument
        If a value is out of range, or `n` has no room for two groups of `least`.

    References
    ----------
    .. [1] McGrath RE, Meyer GJ (2006). When effect sizes disagree: the case of r and d. Psychological Methods 11,
       386-401. doi:10.1037/1082-989X.11.4.386

    Examples
    --------
    >>> import ketastats as ks
    >>> d = ks.effects.d_range_from_r(0.5, 22)
    >>> print(f"{d.low:.3f} to {d.high:.3f}")
    1.101 to 1.915
    """
    size = _validate.integers(n, "n", low=3)
    return _range(np.asarray(t_from_r(r, size - 2.0)), "r", n, least, "Cohen's d from r, over all splits")


def _range(t: Any, name: str, n: Any, least: Any, method: str) -> RangeOverSplits:
    size, small = _validate.integers(n, "n", low=3), _validate.integers(least, "least", low=1)
    t, size, small = _validate.broadcast(**{name: t}, n=size, least=small)
    bad = 2 * small > size
    if bad.any():
        allowed = f"at most n / 2, here {int(size[bad][0]) // 2}"
        raise InvalidArgument(
            "least", int(small[bad][0]), allowed, "The smaller group cannot be larger than the other."
        )
    half = size // 2
    balanced, lopsided = np.asarray(d_from_t(t, half, size - half)), np.asarray(d_from_t(t, small, size - small))
    return RangeOverSplits(
        low=np.minimum(balanced, lopsided)[()],
        high=np.maximum(balanced, lopsided)[()],
        balanced=balanced[()],
        lopsided=lopsided[()],
        n=size[()],
        least=small[()],
        method=method,
        references=(_HEDGES,),
    )
