"""Sample sizes of noninferiority, superiority by a margin and minimum-effect tests."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import special

from .. import _validate
from ..errors import NoSolution
from ._base import PowerResult, SampleSizeResult
from ._margins_means import MURPHY, PIAGGIO, direction, one_sided_power, outside_power
from ._margins_proportions import (
    _bound,
    _pair,
    proportions_minimum_effect,
    proportions_noninferiority,
    proportions_ratio_equivalence,
    proportions_superiority,
)
from ._means import OWEN
from ._solve_means import _sized as sized_means
from ._solve_means import second_size
from ._solve_proportions import LARGEST, _rate
from ._solve_proportions import _sized as sized_proportions

__all__ = [
    "size_means_minimum_effect",
    "size_means_noninferiority",
    "size_means_superiority",
    "size_proportions_minimum_effect",
    "size_proportions_noninferiority",
    "size_proportions_ratio_equivalence",
    "size_proportions_superiority",
]

Array = NDArray[np.float64]
Index = NDArray[np.intp]


# --------------------------------------------------------------------------------------------------------------- means
def size_means_noninferiority(
    target: float,
    alpha: float,
    ratio: float,
    *,
    margin: Any,
    higher_is_better: bool,
    effect: Any = 0.0,
    sd: Any = 1.0,
) -> SampleSizeResult:
    """Return the sample size of a noninferiority t test."""
    size = _validate.array(margin, "margin", low=0.0, open_low=True)
    return _one_sided(target, alpha, ratio, size, higher_is_better, effect, sd, "noninferiority")


def size_means_superiority(
    target: float,
    alpha: float,
    ratio: float,
    *,
    margin: Any,
    higher_is_better: bool,
    effect: Any,
    sd: Any = 1.0,
) -> SampleSizeResult:
    """Return the sample size of a t test of superiority by a margin."""
    size = -_validate.array(margin, "margin", low=0.0)
    return _one_sided(target, alpha, ratio, size, higher_is_better, effect, sd, "superiority by a margin")


def _one_sided(
    target: float, alpha: float, ratio: float, size: Array, higher_is_better: Any, effect: Any, sd: Any, name: str
) -> SampleSizeResult:
    true, spread, size = _validate.broadcast(
        effect=_validate.array(effect, "effect"), sd=_validate.array(sd, "sd", low=0.0, open_low=True), margin=size
    )
    distance = (direction(higher_is_better) * true + size) / spread
    _refuse(distance, true, target, alpha)

    def _power(n1: Array, at: Index) -> Array:
        sizes = n1, second_size(n1, ratio)
        return one_sided_power(distance.flat[at], np.ones_like(n1), sizes, alpha)

    guess = _guess(distance, alpha, target, ratio)
    return sized_means(_power, guess, target, alpha, ratio, f"{name}, one-sided t test, exact", (PIAGGIO, OWEN))


def size_means_minimum_effect(
    target: float, alpha: float, ratio: float, *, margin: Any, effect: Any, sd: Any = 1.0
) -> SampleSizeResult:
    """Return the sample size of a minimum-effect test of means."""
    low, high = _validate.margins(margin)
    true, spread, low, high = _validate.broadcast(
        effect=_validate.array(effect, "effect"),
        sd=_validate.array(sd, "sd", low=0.0, open_low=True),
        margin_low=low,
        margin_high=high,
    )
    distance = np.maximum(true - high, low - true) / spread
    _refuse(distance, true, target, alpha)

    def _power(n1: Array, at: Index) -> Array:
        ends = low.flat[at], high.flat[at]
        return outside_power(true.flat[at], spread.flat[at], ends, (n1, second_size(n1, ratio)), alpha)

    guess = _guess(distance, alpha, target, ratio)
    method = "minimum-effect test, two one-sided t tests, exact"
    return sized_means(_power, guess, target, alpha, ratio, method, (MURPHY, OWEN))


def _guess(distance: Array, alpha: float, target: float, ratio: float) -> Array:
    tail = special.ndtri(alpha)
    guess = (1.0 + 1.0 / ratio) * np.square((tail + special.ndtri(1.0 - target)) / distance)
    return np.asarray(guess + np.square(tail) / (2.0 + 2.0 * ratio))


def _refuse(distance: Array, effect: Array, target: float, alpha: float) -> None:
    wrong = distance <= 0
    if wrong.any():
        raise NoSolution(
            f"no sample reaches power {target:g}: the true effect {effect[wrong].flat[0]:g} is not on the side of the "
            f"margin that the test looks for, and the power does not rise above about alpha = {alpha:g}",
            nearest=alpha,
        )


# --------------------------------------------------------------------------------------------------------- proportions
def size_proportions_noninferiority(
    target: float,
    alpha: float,
    ratio: float,
    *,
    p1: Any,
    p2: Any,
    margin: Any,
    higher_is_better: bool,
    measure: str = "difference",
    method: str = "score",
) -> SampleSizeResult:
    """Return the sample size of the noninferiority of two proportions."""
    sign = direction(higher_is_better)
    bound = _bound(margin, measure, -sign, allow_none=False)
    away = sign * _distance(p1, p2, measure, bound)
    ask = partial(proportions_noninferiority, higher_is_better=higher_is_better)
    return _solved(ask, away, target, alpha, ratio, p1=p1, p2=p2, margin=margin, measure=measure, method=method)


def size_proportions_superiority(
    target: float,
    alpha: float,
    ratio: float,
    *,
    p1: Any,
    p2: Any,
    margin: Any,
    higher_is_better: bool,
    measure: str = "difference",
    method: str = "score",
) -> SampleSizeResult:
    """Return the sample size of the superiority by a margin of two proportions."""
    sign = direction(higher_is_better)
    bound = _bound(margin, measure, sign, allow_none=True)
    away = sign * _distance(p1, p2, measure, bound)
    ask = partial(proportions_superiority, higher_is_better=higher_is_better)
    return _solved(ask, away, target, alpha, ratio, p1=p1, p2=p2, margin=margin, measure=measure, method=method)


def size_proportions_minimum_effect(
    target: float,
    alpha: float,
    ratio: float,
    *,
    p1: Any,
    p2: Any,
    margin: Any,
    measure: str = "difference",
    method: str = "score",
) -> SampleSizeResult:
    """Return the sample size of a minimum-effect test of two proportions."""
    low, high = _pair(margin, measure)
    away = max(_distance(p1, p2, measure, high), -_distance(p1, p2, measure, low))
    ask = proportions_minimum_effect
    return _solved(ask, away, target, alpha, ratio, p1=p1, p2=p2, margin=margin, measure=measure, method=method)


def size_proportions_ratio_equivalence(
    target: float,
    alpha: float,
    ratio: float,
    *,
    p1: Any,
    p2: Any,
    margin: Any,
    measure: str = "ratio",
    method: str = "score",
) -> SampleSizeResult:
    """Return the sample size of the equivalence of two proportions by their ratio or odds ratio."""
    _validate.choice(measure, "measure", ("ratio", "odds_ratio"))
    low, high = _pair(margin, measure)
    away = min(_distance(p1, p2, measure, low), -_distance(p1, p2, measure, high))
    ask = proportions_ratio_equivalence
    return _solved(ask, away, target, alpha, ratio, p1=p1, p2=p2, margin=margin, measure=measure, method=method)


def _distance(p1: Any, p2: Any, measure: str, bound: float) -> float:
    """Return how far the truth lies above a bound, on the scale of rates or of odds."""
    rate1, rate2 = _rate(p1, "p1"), _rate(p2, "p2")
    if np.isinf(bound):
        return -float(np.sign(bound)) * np.inf
    if measure == "difference":
        return rate1 - rate2 - bound
    if measure == "ratio":
        return rate1 - bound * rate2
    return rate1 * (1.0 - rate2) - bound * rate2 * (1.0 - rate1)


def _solved(
    ask: Callable[..., PowerResult], away: float, target: float, alpha: float, ratio: float, **design: Any
) -> SampleSizeResult:
    """Return the smallest exact sample, from the one that the normal approximation gives."""
    if away <= 0:
        raise NoSolution(
            f"no sample reaches power {target:g}: the true rates {design['p1']:g} and {design['p2']:g} are not on the "
            f"side of the margin that the test looks for, and the power does not rise above about alpha = {alpha:g}",
            nearest=alpha,
        )

    def _power(n1: int, n2: int) -> PowerResult:
        return ask(n1=n1, n2=n2, alpha=alpha, **design)

    rough = {**design, "method": "normal"}
    guess = 2
    while guess < LARGEST and ask(n1=guess, n2=int(np.ceil(ratio * guess)), alpha=alpha, **rough).power < target:
        guess = min(int(1.2 * guess) + 1, LARGEST)
    return sized_proportions(_power, float(guess), target, alpha, ratio)
