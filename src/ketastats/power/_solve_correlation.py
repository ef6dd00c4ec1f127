"""Sample sizes and detectable values of a correlation, many designs at once."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import special

from .. import _validate
from ..errors import InvalidArgument, NoSolution
from ..numerics.rootfinding import increasing_root
from ._correlation import (
    ANY_NULL,
    EQUIVALENCE_METHODS,
    EQUIVALENCE_NAMES,
    LEAST,
    NAMES,
    SOURCES,
    correlations,
    ends,
    equivalence_power,
    power_of,
)
from ._means import ALTERNATIVES
from ._one_sample import OneSampleDetectableResult, OneSampleSizeResult
from ._solve_means import folded, normal_precision
from ._solve_one_sample import fewest, refuse_effect, refuse_margin, refuse_ratio

__all__ = ["detectable_correlation", "detectable_margin", "size_correlation", "size_equivalence"]

Array = NDArray[np.float64]
Index = NDArray[np.intp]

#: A correlation this far out on Fisher's scale is one in floating point.
_ONE = 19.0


def size_correlation(
    target: float,
    alpha: float,
    ratio: float,
    *,
    r: Any,
    null: Any = 0.0,
    alternative: str = "two-sided",
    method: str = "exact",
) -> OneSampleSizeResult:
    """Return the number of pairs of the test of a correlation."""
    refuse_ratio(ratio)
    way, side = _choices(method, alternative)
    true, zero = _validate.broadcast(r=correlations(r, "r"), null=correlations(null, "null"))
    _refuse_null(zero, way)
    apart = np.arctanh(true) - np.arctanh(zero)
    sign = np.where(apart < 0, -1.0, 1.0) if side == "two-sided" else 1.0 if side == "greater" else -1.0
    away, ours, others = sign * apart, sign * np.arctanh(true), sign * np.arctanh(zero)
    refuse_effect(true, away, target, alpha, side)

    def _power(n: Array, at: Index) -> Array:
        return power_of(n, ours.flat[at], others.flat[at], alpha, folded(side), way)

    tail = special.ndtri(alpha / 2 if side == "two-sided" else alpha)
    guess = np.square((-tail - special.ndtri(1.0 - target)) / away) + 3.0
    return fewest(_power, guess, target, alpha, LEAST[way], NAMES[way].format(side), SOURCES[way])


def size_equivalence(
    target: float, alpha: float, ratio: float, *, margin: Any, r: Any = 0.0, method: str = "fisher_z"
) -> OneSampleSizeResult:
    """Return the number of pairs of two one-sided Fisher z tests."""
    refuse_ratio(ratio)
    way = _validate.choice(method, "method", EQUIVALENCE_METHODS)
    low, high = _validate.margins(margin)
    true, low, high = _validate.broadcast(r=correlations(r, "r"), margin_low=low, margin_high=high)
    refuse_margin(true, low, high, target, alpha)
    zeta, left, right = np.arctanh(true), ends(low), ends(high)

    def _power(n: Array, at: Index) -> Array:
        return equivalence_power(n, zeta.flat[at], left.flat[at], right.flat[at], alpha, way)

    near, far = np.minimum(zeta - left, right - zeta), np.maximum(zeta - left, right - zeta)
    guess = np.square(normal_precision(near, far, special.ndtri(alpha), target)) + 3.0
    return fewest(_power, guess, target, alpha, 4, EQUIVALENCE_NAMES[way], SOURCES[way])


def detectable_correlation(
    target: float, alpha: float, *, n: Any, alternative: str = "two-sided", method: str = "exact"
) -> OneSampleDetectableResult:
    """Return the smallest absolute correlation that its test detects."""
    way, side = _choices(method, alternative)
    size = _validate.integers(n, "n", low=LEAST[way]).astype(np.float64)
    if target <= alpha:
        raise NoSolution(f"power {target:g} needs no effect: the level alpha = {alpha:g} reaches it", nearest=0.0)
    flat = size.ravel()

    def _power(zeta: Array, at: Index) -> Array:
        return power_of(flat[at], zeta, np.zeros(at.size), alpha, folded(side), way)

    tail = special.ndtri(alpha / 2 if side == "two-sided" else alpha)
    zeta = _root(_power, (special.ndtri(target) - tail) / np.sqrt(flat - 2.5), np.sqrt(flat - 2.5), target)
    return _found(zeta, size, target, alpha, NAMES[way].format(side), SOURCES[way])


def detectable_margin(
    target: float, alpha: float, *, n: Any, r: Any = 0.0, method: str = "fisher_z"
) -> OneSampleDetectableResult:
    """Return the smallest symmetric margin that two one-sided Fisher z tests rule out."""
    way = _validate.choice(method, "method", EQUIVALENCE_METHODS)
    size, true = _validate.broadcast(n=_validate.integers(n, "n", low=4).astype(np.float64), r=correlations(r, "r"))
    flat, zeta = size.ravel(), np.arctanh(true).ravel()

    def _power(half: Array, at: Index) -> Array:
        return equivalence_power(flat[at], zeta[at], -half, half, alpha, way)

    root = np.sqrt(flat - 3.0)
    start = np.abs(zeta) - (special.ndtri(alpha) + special.ndtri(0.5 * (1.0 - target))) / root
    return _found(_root(_power, start, root, target), size, target, alpha, EQUIVALENCE_NAMES[way], SOURCES[way])


def _root(power: Any, start: Array, slope: Array, target: float) -> Array:
    """Return where a power that rises on Fisher's scale reaches the target."""
    goal = special.ndtri(target)

    def _gap(zeta: Array, at: Index) -> Array:
        here = np.clip(zeta, 0.0, _ONE)
        with np.errstate(divide="ignore"):
            value = special.ndtri(power(here, at))
        return np.asarray(np.clip(value, -38.0, 38.0) - goal + (zeta - here))

    return increasing_root(_gap, np.maximum(start, 1e-3), slope)


def _choices(method: Any, alternative: Any) -> tuple[str, str]:
    return _validate.choice(method, "method", LEAST), _validate.choice(alternative, "alternative", ALTERNATIVES)


def _refuse_null(null: Array, method: str) -> None:
    if method not in ANY_NULL and np.any(null != 0):
        remedy = "The t test of a correlation asks about 0 only."
        raise InvalidArgument("null", float(null[null != 0].flat[0]), f"0 with method={method!r}", remedy)


def _found(
    zeta: Array, n: Array, target: float, alpha: float, method: str, references: tuple[str, ...]
) -> OneSampleDetectableResult:
    return OneSampleDetectableResult(
        value=np.tanh(zeta).reshape(n.shape)[()],
        n=n.astype(np.int64)[()],
        power=target,
        alpha=alpha,
        method=method,
        references=references,
    )
