"""Sample sizes and detectable effects of means, many designs at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import special

from .. import _validate
from ..errors import NoSolution
from ..numerics import student_t, tost
from ..numerics.rootfinding import increasing_root
from ._base import DetectableResult, SampleSizeResult
from ._means import ALTERNATIVES, OWEN, PHILLIPS, t_power

__all__ = [
    "detectable_effect",
    "detectable_half_width",
    "detectable_margin",
    "detectable_noncentrality",
    "folded",
    "normal_precision",
    "second_size",
    "size_equivalence",
    "size_means",
    "smallest",
]

Array = NDArray[np.float64]
Index = NDArray[np.intp]

#: The largest group that is tried.
LARGEST = 10**9
_T_TEST = "Student's t test, {}, exact noncentral t"
_TOST = "two one-sided t tests, exact (integral over the chi density)"


def second_size(n1: Array, ratio: float) -> Array:
    """Return the size of group 2, ``ratio * n1`` rounded up and at least 2."""
    # 1.1 * 10 is a hair above 11 in floating point and must not become 12.
    return np.asarray(np.maximum(np.ceil(np.round(ratio * n1, 9)), 2.0))


def size_means(
    target: float, alpha: float, ratio: float, *, effect: Any, sd: Any = 1.0, alternative: str = "two-sided"
) -> SampleSizeResult:
    """Return the sample size of a t test."""
    side = _validate.choice(alternative, "alternative", ALTERNATIVES)
    true, spread = _true_effect(effect, sd)
    standard = true / spread
    away = np.abs(standard) if side == "two-sided" else standard if side == "greater" else -standard
    if np.any(away <= 0):
        raise NoSolution(
            f"no sample reaches power {target:g}: the effect {true[away <= 0].flat[0]:g} is not one that the {side} "
            f"test looks for, and its power does not rise above alpha = {alpha:g}",
            nearest=alpha,
        )

    def _power(n1: Array, at: Index) -> Array:
        n2 = second_size(n1, ratio)
        return t_power(away.flat[at] / np.sqrt(1 / n1 + 1 / n2), n1 + n2 - 2.0, alpha, folded(side))

    tail = special.ndtri(alpha / 2 if side == "two-sided" else alpha)
    z = -tail - special.ndtri(1.0 - target)
    precision = z / np.maximum(away, _validate.SMALLEST)
    guess = (1.0 + 1.0 / ratio) * np.square(precision) + np.square(tail) / (2.0 + 2.0 * ratio)
    return _sized(_power, guess, target, alpha, ratio, _T_TEST.format(side), (OWEN,))


def size_equivalence(
    target: float, alpha: float, ratio: float, *, margin: Any, effect: Any = 0.0, sd: Any = 1.0
) -> SampleSizeResult:
    """Return the sample size of two one-sided t tests."""
    true, spread = _true_effect(effect, sd)
    low, high = _validate.margins(margin)
    true, spread, low, high = _validate.broadcast(effect=true, sd=spread, margin_low=low, margin_high=high)
    below, above = (low - true) / spread, (high - true) / spread
    outside = (below >= 0) | (above <= 0)
    if outside.any():
        raise NoSolution(
            f"no sample reaches power {target:g}: the true difference {true[outside].flat[0]:g} is not inside the "
            f"margin {low[outside].flat[0]:g} to {high[outside].flat[0]:g}, and the power does not rise above "
            f"alpha = {alpha:g}",
            nearest=alpha,
        )

    def _power(n1: Array, at: Index) -> Array:
        n2 = second_size(n1, ratio)
        unit = np.sqrt(1 / n1 + 1 / n2)
        return tost.power(below.flat[at] / unit, above.flat[at] / unit, n1 + n2 - 2.0, alpha)

    near, far = np.minimum(-below, above), np.maximum(-below, above)
    tail = special.ndtri(alpha)
    guess = (1.0 + 1.0 / ratio) * np.square(normal_precision(near, far, tail, target))
    guess += np.square(tail) / (2.0 + 2.0 * ratio)
    return _sized(_power, guess, target, alpha, ratio, _TOST, (PHILLIPS, OWEN))


def detectable_effect(
    target: float, alpha: float, *, n1: Any, n2: Any, sd: Any = 1.0, alternative: str = "two-sided"
) -> DetectableResult:
    """Return the smallest absolute difference that a t test detects."""
    side = _validate.choice(alternative, "alternative", ALTERNATIVES)
    size1, size2, spread = _sizes(n1, n2, sd)
    ncp = detectable_noncentrality(target, alpha, size1 + size2 - 2.0, side)
    value = ncp * spread * np.sqrt(1 / size1 + 1 / size2)
    return _detected(value, size1, size2, target, alpha, _T_TEST.format(side), (OWEN,))


def detectable_margin(
    target: float, alpha: float, *, n1: Any, n2: Any, effect: Any = 0.0, sd: Any = 1.0
) -> DetectableResult:
    """Return the smallest symmetric margin that two one-sided t tests rule out."""
    size1, size2, spread = _sizes(n1, n2, sd)
    true = _validate.moderate(effect, "effect")
    size1, size2, spread, true = _validate.broadcast(n1=size1, n2=size2, sd=spread, effect=true)
    unit = spread * np.sqrt(1 / size1 + 1 / size2)
    half = detectable_half_width(target, alpha, size1 + size2 - 2.0, true / unit)
    return _detected(half * unit, size1, size2, target, alpha, _TOST, (PHILLIPS, OWEN))


def detectable_noncentrality(target: float, alpha: float, df: Array, side: str) -> Array:
    """Return the noncentrality with which a t test on `df` degrees of freedom has the power."""
    if target <= alpha:
        raise NoSolution(f"power {target:g} needs no effect: the level alpha = {alpha:g} reaches it", nearest=0.0)
    flat = df.ravel()
    goal = special.ndtri(target)

    def _gap(ncp: Array, at: Index) -> Array:
        value = special.ndtri(t_power(np.maximum(ncp, 0.0), flat[at], alpha, folded(side)))
        return np.asarray(np.clip(value, -38.0, 38.0) - goal + np.minimum(ncp, 0.0))

    start = student_t.isf(alpha / 2 if side == "two-sided" else alpha, flat) + goal
    return increasing_root(_gap, np.maximum(start, 0.1), np.ones_like(flat)).reshape(df.shape)


def detectable_half_width(target: float, alpha: float, df: Array, shift: Array) -> Array:
    """Return the half width of the margin, in standard errors, with which two one-sided t tests have the power.

    `shift` is the true difference in standard errors; infinite `df` make them z tests.
    """
    shape = np.broadcast_shapes(df.shape, shift.shape)
    flat, away = np.broadcast_to(df, shape).ravel(), np.broadcast_to(np.abs(shift), shape).ravel()
    goal = special.ndtri(target)

    def _gap(half: Array, at: Index) -> Array:
        wide = np.maximum(half, 1e-300)
        value = special.ndtri(tost.power(-wide - away[at], wide - away[at], flat[at], alpha))
        return np.asarray(np.clip(value, -38.0, 38.0) - goal + np.minimum(half, 0.0))

    miss = np.where(away < 0.1, 0.5, 1.0) * (1.0 - target)
    start = away + student_t.isf(alpha, flat) - special.ndtri(miss)
    return increasing_root(_gap, np.maximum(start, 0.1), np.ones_like(flat)).reshape(shape)


def normal_precision(near: Array, far: Array, tail: float, target: float) -> Array:
    """Return the inverse standard error with which two one-sided z tests have the power, to a few digits."""
    # In the middle of the margin both tests can fail, near one end only one can: the answer lies between these two.
    x = -(tail + special.ndtri(1.0 - target)) / near
    for _ in range(4):
        a, b = near * x + tail, far * x + tail
        missing = target - (special.ndtr(a) - special.ndtr(-b))
        slope = near * np.exp(-0.5 * a * a) + np.where(np.isinf(far), 0.0, np.minimum(far, 1e9) * np.exp(-0.5 * b * b))
        x = x + np.sqrt(2.0 * np.pi) * missing / np.maximum(slope, 1e-3 * near)
    return np.asarray(np.maximum(x, 1.0 / near))


def folded(side: str) -> str:
    """Return the side on which an effect of positive sign is looked for."""
    return "two-sided" if side == "two-sided" else "greater"


def _true_effect(effect: Any, sd: Any) -> list[Array]:
    return _validate.broadcast(
        effect=_validate.moderate(effect, "effect"), sd=_validate.moderate(sd, "sd", positive=True)
    )


def _sizes(n1: Any, n2: Any, sd: Any) -> list[Array]:
    return _validate.broadcast(
        n1=_validate.integers(n1, "n1", low=2).astype(np.float64),
        n2=_validate.integers(n2, "n2", low=2).astype(np.float64),
        sd=_validate.moderate(sd, "sd", positive=True),
    )


def _sized(
    power: Callable[[Array, Index], Array],
    guess: Array,
    target: float,
    alpha: float,
    ratio: float,
    method: str,
    references: tuple[str, ...],
) -> SampleSizeResult:
    n1 = smallest(power, guess.ravel(), target)
    reached = power(n1, np.arange(n1.size))
    first, second = (size.astype(np.int64).reshape(guess.shape) for size in (n1, second_size(n1, ratio)))
    return SampleSizeResult(
        n1=first[()],
        n2=second[()],
        power=reached.reshape(guess.shape)[()],
        target=target,
        alpha=alpha,
        method=method,
        references=references,
    )


def smallest(power: Callable[[Array, Index], Array], guess: Array, target: float) -> Array:
    """Return the smallest whole number from 2 up whose power reaches the target, by steps from a guess and halving."""
    n = np.clip(np.ceil(guess), 2.0, LARGEST)
    low, high = np.full_like(n, 1.0), np.full_like(n, np.inf)
    stride = np.maximum(1.0, np.ceil(0.002 * n))
    at: Index = np.arange(n.size)
    while at.size:
        value = power(n[at], at)
        good = value >= target
        high[at] = np.where(good, n[at], high[at])
        low[at] = np.where(good, low[at], n[at])
        if np.any(low[at] >= LARGEST):
            best = float(np.max(value[low[at] >= LARGEST]))
            raise NoSolution(f"no group of up to {LARGEST:,} reaches power {target:g}", nearest=best)
        new = np.where(
            np.isinf(high[at]),
            np.minimum(low[at] + stride[at], LARGEST),
            np.where(low[at] <= 1, np.maximum(high[at] - stride[at], 2.0), np.floor(0.5 * (low[at] + high[at]))),
        )
        stride[at] *= 4.0
        n[at] = new
        at = at[(high[at] - low[at] > 1.0)]
    return high


def _detected(
    value: Array, n1: Array, n2: Array, target: float, alpha: float, method: str, references: tuple[str, ...]
) -> DetectableResult:
    return DetectableResult(
        value=value[()],
        n1=n1.astype(np.int64)[()],
        n2=n2.astype(np.int64)[()],
        power=target,
        alpha=alpha,
        method=method,
        references=references,
    )
