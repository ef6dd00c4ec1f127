"""People behind an F test, and the noncentrality within its reach."""

from __future__ import annotations

from collections.abc import Callable
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
from ._f_margins import MEASURES, f_test_equivalence, f_test_minimum_effect
from ._means import FTestPowerResult
from ._one_sample import OneSampleSizeResult
from ._solve_one_sample import fewest, refuse_ratio

__all__ = [
    "FTestDetectableResult",
    "detectable_f_effect",
    "detectable_f_margin",
    "detectable_noncentrality",
    "size_f_equivalence",
    "size_f_minimum_effect",
    "size_f_test",
]

Array = NDArray[np.float64]
Index = NDArray[np.intp]

_METHOD = "F test, exact noncentral F"
_SOURCES = ("Patnaik 1949, doi:10.1093/biomet/36.1-2.202",)
_LARGEST = 1e9
_LEAST_LEVEL = 1e-100


@dataclass(frozen=True, slots=True, kw_only=True)
class FTestDetectableResult(Result):
    """The smallest noncentrality, or margin, that an F test detects or rules out with a stated power.

    Parameters
    ----------
    value : float or ndarray
        The noncentrality, the sum of squares of the true effects divided by the error variance; or the margin.
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


def size_f_equivalence(
    target: float, alpha: float, ratio: float, *, df1: Any, margin: Any, f2: Any = 0.0, measure: Any = MEASURES[0]
) -> OneSampleSizeResult:
    """Return the people of an equivalence F test in a linear model, with the true f2 inside the margin."""
    return _size_against(f_test_equivalence, target, alpha, ratio, (df1, margin, f2, measure))


def size_f_minimum_effect(
    target: float, alpha: float, ratio: float, *, df1: Any, margin: Any, f2: Any, measure: Any = MEASURES[0]
) -> OneSampleSizeResult:
    """Return the people of a minimum-effect F test in a linear model, with the true f2 beyond the margin."""
    return _size_against(f_test_minimum_effect, target, alpha, ratio, (df1, margin, f2, measure))


def _size_against(
    ask: Callable[..., FTestPowerResult], target: float, alpha: float, ratio: float, told: tuple[Any, Any, Any, Any]
) -> OneSampleSizeResult:
    refuse_ratio(ratio)
    kind = _validate.choice(told[3], "measure", MEASURES)
    top, size, effect = _validate.broadcast(
        df1=_freedom(told[0], "df1"),
        margin=_validate.array(told[1], "margin", low=0.0, open_low=True),
        f2=_validate.array(told[2], "f2", low=0.0, high=1e6),
    )

    def power(n: Array, at: Index) -> Array:
        bottom = n - top.flat[at] - 1.0
        people = np.minimum(n, _LARGEST)
        ncp = np.minimum(people * effect.flat[at], _LARGEST)
        design = {"df1": top.flat[at], "df2": np.clip(bottom, 1.0, _LARGEST), "margin": size.flat[at], "measure": kind}
        return np.where(bottom < 1.0, 0.0, ask(**design, ncp=ncp, alpha=alpha).power)

    found = ask(df1=top, df2=10.0, margin=size, ncp=0.0, measure=kind, alpha=alpha)
    text = f"{found.method}, n - df1 - 1 for the error"
    return fewest(power, np.full(top.shape, 64.0), target, alpha, 1, text, found.references)


def detectable_f_margin(
    target: float, alpha: float, *, df1: Any, df2: Any, ncp: Any = 0.0, measure: Any = MEASURES[0]
) -> FTestDetectableResult:
    """Return the smallest margin that an equivalence F test rules out."""
    kind = _validate.choice(measure, "measure", MEASURES)

    def put(limit: Array, bottom: Array) -> Array:
        if kind == "noncentrality":
            return limit
        share = limit / bottom
        return np.sqrt(share) if kind == "cohens_f" else share / (1.0 + share)

    def ask(limit: Array, top: Array, bottom: Array, true: Array) -> FTestPowerResult:
        return f_test_equivalence(df1=top, df2=bottom, ncp=true, margin=limit, measure="noncentrality", alpha=alpha)

    return _detect_against(ask, put, target, alpha, df1, df2, ncp)


def detectable_f_effect(
    target: float, alpha: float, *, df1: Any, df2: Any, margin: Any, measure: Any = MEASURES[0]
) -> FTestDetectableResult:
    """Return the smallest noncentrality that a minimum-effect F test detects."""

    def ask(limit: Array, top: Array, bottom: Array, size: Array) -> FTestPowerResult:
        design = {"df1": top, "df2": bottom, "ncp": limit, "margin": size, "measure": measure}
        return f_test_minimum_effect(**design, alpha=alpha)

    size = _validate.array(margin, "margin", low=0.0, open_low=True)
    return _detect_against(ask, lambda limit, bottom: limit + 0.0 * bottom, target, alpha, df1, df2, size)


def _detect_against(
    ask: Callable[[Array, Array, Array, Array], FTestPowerResult],
    put: Callable[[Array, Array], Array],
    target: float,
    alpha: float,
    df1: Any,
    df2: Any,
    other: Any,
) -> FTestDetectableResult:
    """Return the noncentrality at which a test against a margin has the power, on the scale that `put` gives it."""
    if target <= alpha:
        raise NoSolution(f"power {target:g} needs no effect: the level alpha = {alpha:g} reaches it", nearest=0.0)
    top, bottom, rest = _validate.broadcast(
        df1=_freedom(df1, "df1"), df2=_freedom(df2, "df2"), other=_validate.array(other, "ncp", low=0.0, high=_LARGEST)
    )
    flat = [column.ravel() for column in (top, bottom, rest)]
    goal = special.ndtri(target)

    def gap(root: Array, at: Index) -> Array:
        limit = np.clip(np.square(np.maximum(root, 1e-6)), 1e-12, _LARGEST)
        value = special.ndtri(ask(limit, *(column[at] for column in flat)).power)
        past = np.maximum(root - np.sqrt(_LARGEST), 0.0)
        return np.asarray(np.clip(value, -38.0, 38.0) - goal + np.minimum(root - 1e-6, 0.0) + past)

    root = increasing_root(gap, np.full(flat[0].shape, 4.0), np.full(flat[0].shape, 1.0))
    limit = np.square(root).reshape(top.shape)
    found = ask(np.minimum(limit, _LARGEST), top, bottom, rest)
    best = float(np.min(found.power, initial=1.0))
    if best < target * (1.0 - 1e-6):
        raise NoSolution(f"nothing up to {_LARGEST:g} reaches power {target:g}", nearest=best)
    return FTestDetectableResult(
        value=put(limit, bottom)[()],
        df1=top[()],
        df2=bottom[()],
        power=target,
        alpha=alpha,
        method=found.method,
        references=found.references,
    )


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
