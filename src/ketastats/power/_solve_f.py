"""People behind an F test, and the noncentrality within its reach."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import special

from .. import _validate
from .._results import Result
from ..errors import NoSolution
from ..numerics import noncentral_f
from ..numerics.rootfinding import increasing_root
from ._one_sample import OneSampleSizeResult
from ._solve_one_sample import fewest, refuse_ratio

__all__ = ["FTestDetectableResult", "detectable_noncentrality", "size_f_test"]

Array = NDArray[np.float64]
Index = NDArray[np.intp]

_METHOD = "F test, exact noncentral F"
_SOURCES = ("Patnaik 1949, doi:10.1093/biomet/36.1-2.202",)
_LARGEST = 1e9
_LEAST_LEVEL = 1e-100


@dataclass(frozen=True, slots=True, kw_only=True)
class FTestDetectableResult(Result):
    """The smallest noncentrality that an F test detects with a stated power.

    Parameters
    ----------
    value : float or ndarray
        The noncentrality: the sum of squares of the true effects divided by the error variance.
    df1, df2 : float or ndarray
        Degrees of freedom of the numerator and the denominator.
    power : float
        Power that was asked for.
    alpha : float
        Level of the test.
    method : str
        The method that was used.
    references : tuple of str
        Where it was published.
    """

    value: Any
    df1: Any
    df2: Any
    power: float
    alpha: float
    method: str
    references: tuple[str, ...] = ()


def size_f_test(target: float, alpha: float, ratio: float, *, df1: Any, f2: Any) -> OneSampleSizeResult:
    """Return the people of an F test of `df1` terms in a linear model without others, at Cohen's f squared."""
    refuse_ratio(ratio)
    level = _validate.real(alpha, "alpha", low=_LEAST_LEVEL, high=0.5)
    top, effect = _validate.broadcast(df1=_freedom(df1, "df1"), f2=_validate.array(f2, "f2", low=0.0, high=1e12))
    if np.any(effect == 0):
        raise NoSolution(f"no sample reaches power {target:g}: f2 is 0, and the power stays alpha = {level:g}", level)
    least = int(np.max(top, initial=1.0)) + 2

    def power(n: Array, at: Index) -> Array:
        first = top.flat[at]
        # Below one degree of freedom for the error there is no test, and no power.
        bottom = n - first - 1.0
        value = _power(first, np.maximum(bottom, 1.0), np.minimum(n * effect.flat[at], 1e15), level)
        return np.where(bottom < 1.0, 0.0, value)

    guess = np.square(special.ndtri(level) - special.ndtri(target)) / effect + least
    return fewest(power, guess, target, level, 1, f"{_METHOD}, n - df1 - 1 for the error", _SOURCES)


def detectable_noncentrality(target: float, alpha: float, *, df1: Any, df2: Any) -> FTestDetectableResult:
    """Return the smallest noncentrality that an F test detects."""
    level = _validate.real(alpha, "alpha", low=_LEAST_LEVEL, high=0.5)
    top, bottom = _validate.broadcast(df1=_freedom(df1, "df1"), df2=_freedom(df2, "df2"))
    if target <= level:
        raise NoSolution(f"power {target:g} needs no effect: the level alpha = {level:g} reaches it", nearest=0.0)
    first, second, goal = top.ravel(), bottom.ravel(), special.ndtri(target)

    def gap(root: Array, at: Index) -> Array:
        value = special.ndtri(_power(first[at], second[at], np.square(np.maximum(root, 0.0)), level))
        return np.asarray(np.clip(value, -38.0, 38.0) - goal + np.minimum(root, 0.0))

    critical = np.minimum(first * noncentral_f.isf(level, first, second), 1e12)
    root = increasing_root(gap, np.sqrt(np.maximum(critical - first + 1.0, 1.0)), np.ones_like(first))
    return FTestDetectableResult(
        value=np.square(root).reshape(top.shape)[()],
        df1=top[()],
        df2=bottom[()],
        power=target,
        alpha=level,
        method=_METHOD,
        references=_SOURCES,
    )


def _power(df1: Array, df2: Array, ncp: Array, alpha: float) -> Array:
    return noncentral_f.sf(noncentral_f.isf(alpha, df1, df2), df1, df2, ncp)


def _freedom(df: Any, name: str) -> Array:
    return _validate.array(df, name, low=1.0, high=_LARGEST)
