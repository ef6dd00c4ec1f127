"""Sample sizes and detectable effects of one mean, of pairs and of a correlation, many designs at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import special

from .. import _validate
from ..errors import InvalidArgument, NoSolution
from ..numerics import tost
from ._means import ALTERNATIVES, OWEN, PHILLIPS, t_power
from ._one_sample import OneSampleDetectableResult, OneSampleSizeResult, design
from ._solve_means import detectable_half_width, detectable_noncentrality, folded, normal_precision, smallest

__all__ = [
    "detectable_one_sample",
    "detectable_one_sample_margin",
    "detectable_paired",
    "detectable_paired_margin",
    "fewest",
    "size_one_sample",
    "size_one_sample_equivalence",
    "size_paired",
    "size_paired_equivalence",
]

Array = NDArray[np.float64]
Index = NDArray[np.intp]

_T = "{}, {}, exact noncentral t"
_TOST = "two one-sided t tests of {}, exact (integral over the chi density)"


def size_one_sample(
    target: float, alpha: float, ratio: float, *, effect: Any, sd: Any = 1.0, alternative: str = "two-sided"
) -> OneSampleSizeResult:
    """Return the sample size of a t test of one mean."""
    return _size(target, alpha, ratio, effect, sd, alternative, ("sd", "t test of one mean"))


def size_paired(
    target: float, alpha: float, ratio: float, *, effect: Any, sd_difference: Any = 1.0, alternative: str = "two-sided"
) -> OneSampleSizeResult:
    """Return the number of pairs of a paired t test."""
    return _size(target, alpha, ratio, effect, sd_difference, alternative, ("sd_difference", "paired t test"))


def size_one_sample_equivalence(
    target: float, alpha: float, ratio: float, *, margin: Any, effect: Any = 0.0, sd: Any = 1.0
) -> OneSampleSizeResult:
    """Return the sample size of two one-sided t tests of one mean."""
    return _size_equivalence(target, alpha, ratio, margin, effect, sd, ("sd", "one mean"))


def size_paired_equivalence(
    target: float, alpha: float, ratio: float, *, margin: Any, effect: Any = 0.0, sd_difference: Any = 1.0
) -> OneSampleSizeResult:
    """Return the number of pairs of two one-sided paired t tests."""
    return _size_equivalence(target, alpha, ratio, margin, effect, sd_difference, ("sd_difference", "paired means"))


def detectable_one_sample(
    target: float, alpha: float, *, n: Any, sd: Any = 1.0, alternative: str = "two-sided"
) -> OneSampleDetectableResult:
    """Return the smallest absolute difference that a t test of one mean detects."""
    return _detectable(target, alpha, n, sd, alternative, ("sd", "t test of one mean"))


def detectable_paired(
    target: float, alpha: float, *, n: Any, sd_difference: Any = 1.0, alternative: str = "two-sided"
) -> OneSampleDetectableResult:
    """Return the smallest absolute difference that a paired t test detects."""
    return _detectable(target, alpha, n, sd_difference, alternative, ("sd_difference", "paired t test"))


def detectable_one_sample_margin(
    target: float, alpha: float, *, n: Any, effect: Any = 0.0, sd: Any = 1.0
) -> OneSampleDetectableResult:
    """Return the smallest symmetric margin that two one-sided t tests of one mean rule out."""
    return _detectable_margin(target, alpha, n, effect, sd, ("sd", "one mean"))


def detectable_paired_margin(
    target: float, alpha: float, *, n: Any, effect: Any = 0.0, sd_difference: Any = 1.0
) -> OneSampleDetectableResult:
    """Return the smallest symmetric margin that two one-sided paired t tests rule out."""
    return _detectable_margin(target, alpha, n, effect, sd_difference, ("sd_difference", "paired means"))


def fewest(
    power: Callable[[Array, Index], Array],
    guess: Array,
    target: float,
    alpha: float,
    least: int,
    method: str,
    references: tuple[str, ...],
) -> OneSampleSizeResult:
    """Return the smallest whole number from `least` up whose power reaches the target."""
    # The search begins at 2.
    start = least - 2.0

    def _shifted(n: Array, at: Index) -> Array:
        return power(n + start, at)

    n = smallest(_shifted, guess.ravel() - start, target) + start
    return OneSampleSizeResult(
        n=n.astype(np.int64).reshape(guess.shape)[()],
        power=power(n, np.arange(n.size)).reshape(guess.shape)[()],
        target=target,
        alpha=alpha,
        method=method,
        references=references,
    )


def refuse_ratio(ratio: float) -> None:
    """Refuse an allocation where there is only one group."""
    if ratio != 1.0:
        raise InvalidArgument("ratio", ratio, "1 for one group and for pairs", "There is no second group to allocate.")


def _size(
    target: float, alpha: float, ratio: float, effect: Any, sd: Any, alternative: Any, words: tuple[str, str]
) -> OneSampleSizeResult:
    refuse_ratio(ratio)
    side = _validate.choice(alternative, "alternative", ALTERNATIVES)
    _, true, spread = design(2, effect, sd, words[0])
    standard = true / spread
    away = np.abs(standard) if side == "two-sided" else standard if side == "greater" else -standard
    refuse_effect(true, away, target, alpha, side)

    def _power(n: Array, at: Index) -> Array:
        return t_power(away.flat[at] * np.sqrt(n), n - 1.0, alpha, folded(side))

    tail = special.ndtri(alpha / 2 if side == "two-sided" else alpha)
    guess = np.square((-tail - special.ndtri(1.0 - target)) / away) + 0.5 * np.square(tail)
    return fewest(_power, guess, target, alpha, 2, _T.format(words[1], side), (OWEN,))


def refuse_effect(effect: Array, away: Array, target: float, alpha: float, side: str) -> None:
    """Refuse a true effect for which no sample is large enough."""
    if np.any(away <= 0):
        raise NoSolution(
            f"no sample reaches power {target:g}: the effect {effect[away <= 0].flat[0]:g} is not one that the {side} "
            f"test looks for, and its power does not rise above alpha = {alpha:g}",
            nearest=alpha,
        )


def refuse_margin(effect: Array, low: Array, high: Array, target: float, alpha: float) -> None:
    """Refuse a true effect outside the margin."""
    outside = (effect <= low) | (effect >= high)
    if outside.any():
        raise NoSolution(
            f"no sample reaches power {target:g}: the true effect {effect[outside].flat[0]:g} is not inside the margin "
            f"{low[outside].flat[0]:g} to {high[outside].flat[0]:g}, and the power does not rise above "
            f"alpha = {alpha:g}",
            nearest=alpha,
        )


def _size_equivalence(
    target: float, alpha: float, ratio: float, margin: Any, effect: Any, sd: Any, words: tuple[str, str]
) -> OneSampleSizeResult:
    refuse_ratio(ratio)
    low, high = _validate.margins(margin)
    _, true, spread = design(2, effect, sd, words[0])
    true, spread, low, high = _validate.broadcast(effect=true, **{words[0]: spread}, margin_low=low, margin_high=high)
    refuse_margin(true, low, high, target, alpha)
    below, above = (low - true) / spread, (high - true) / spread

    def _power(n: Array, at: Index) -> Array:
        root = np.sqrt(n)
        return tost.power(below.flat[at] * root, above.flat[at] * root, n - 1.0, alpha)

    tail = special.ndtri(alpha)
    precision = normal_precision(np.minimum(-below, above), np.maximum(-below, above), tail, target)
    guess = np.square(precision) + 0.5 * np.square(tail)
    return fewest(_power, guess, target, alpha, 2, _TOST.format(words[1]), (PHILLIPS, OWEN))


def _detectable(
    target: float, alpha: float, n: Any, sd: Any, alternative: Any, words: tuple[str, str]
) -> OneSampleDetectableResult:
    side = _validate.choice(alternative, "alternative", ALTERNATIVES)
    size, _, spread = design(n, 0.0, sd, words[0])
    value = detectable_noncentrality(target, alpha, size - 1.0, side) * spread / np.sqrt(size)
    return _found(value, size, target, alpha, _T.format(words[1], side), (OWEN,))


def _detectable_margin(
    target: float, alpha: float, n: Any, effect: Any, sd: Any, words: tuple[str, str]
) -> OneSampleDetectableResult:
    size, true, spread = design(n, effect, sd, words[0])
    unit = spread / np.sqrt(size)
    half = detectable_half_width(target, alpha, size - 1.0, true / unit)
    return _found(half * unit, size, target, alpha, _TOST.format(words[1]), (PHILLIPS, OWEN))


def _found(
    value: Array, n: Array, target: float, alpha: float, method: str, references: tuple[str, ...]
) -> OneSampleDetectableResult:
    return OneSampleDetectableResult(
        value=value[()],
        n=n.astype(np.int64)[()],
        power=target,
        alpha=alpha,
        method=method,
        references=references,
    )
