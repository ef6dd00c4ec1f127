"""Two proportions of the same people: the design, and the counts of changed pairs that a test rejects."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .. import _validate
from ..effects._paired_proportions import RULES
from ..errors import BudgetExceeded, InvalidArgument
from ..numerics.paired_power import count_tables, exact_power, normal_power
from ._noun import Noun
from ._one_sample import OneSamplePowerResult

__all__ = ["PairedProportionsPower", "paired_noun"]

Array = NDArray[np.float64]

#: More pairs of counts than this would take minutes.
_LARGEST = 50_000_000
_ROUNDING = 1e-12


@dataclass(frozen=True, slots=True, kw_only=True)
class PairedProportionsPower(OneSamplePowerResult):
    """Power of tests of two proportions of the same people.

    Parameters
    ----------
    power, n, effect, alpha, method, references : object
        As in `OneSamplePowerResult`; the effect is the true difference or odds ratio, ``n`` all pairs.
    p10, p01 : float or ndarray
        True shares of pairs with the event the first time only, and the second time only.
    """

    p10: Any
    p01: Any


def paired_noun(n: Any, p10: Any, p01: Any, measure: Any, method: Any) -> Noun:
    """Return the noun of paired proportions, its margins on the scale of differences or of log odds ratios."""
    kind = _validate.choice(measure, "measure", RULES)
    way = _validate.choice(method, "method", (*RULES[kind], "normal"))
    size, first, second = _validate.broadcast(
        n=_validate.integers(n, "n", low=1),
        p10=_validate.array(p10, "p10", low=0.0, high=1.0),
        p01=_validate.array(p01, "p01", low=0.0, high=1.0),
    )
    if np.any(first + second > 1.0 + _ROUNDING):
        raise InvalidArgument("p10 + p01", float(np.max(first + second)), "at most 1", "A pair changes in one way.")

    def within(low: Array, high: Array, alpha: float) -> Array:
        left, people, up, down, right = np.broadcast_arrays(low, size, first, second, high)
        if way == "normal":
            return normal_power(people.astype(np.float64), up, down, (left, right), alpha, kind)
        power = np.empty(left.shape)
        for at in np.ndindex(*left.shape):
            limits = float(left[at]), float(right[at])
            power[at] = _exact(kind, way, limits, alpha, (int(people[at]), float(up[at]), float(down[at])))
        return power

    def answer(power: Array, alpha: float, method: str, references: tuple[str, ...]) -> PairedProportionsPower:
        people, up, down = (np.broadcast_to(column, power.shape)[()] for column in (size, first, second))
        text = "normal approximation" if way == "normal" else f"exact, by enumeration of {RULES[kind][way].name}"
        source = RULES[kind]["score" if way == "normal" else way].reference
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            effect = up - down if kind == "difference" else np.where(up + down > 0, up / down, 1.0)[()]
        return PairedProportionsPower(
            power=power[()],
            n=people,
            effect=effect,
            alpha=alpha,
            method=f"{method}, {text}",
            references=(*references, source),
            p10=up,
            p01=down,
        )

    names = {"difference": "paired difference of rates", "odds_ratio": "odds ratio within pairs"}
    test = f"test of a {names[kind]}" if kind == "difference" else f"test of an {names[kind]}"
    return Noun(within=within, answer=answer, shape=size.shape, test=test, ratio=kind == "odds_ratio")


def _exact(kind: str, way: str, ends: tuple[float, float], alpha: float, design: tuple[int, float, float]) -> float:
    n, first, second = design
    count = count_tables(n, first, second)
    if count > _LARGEST:
        raise BudgetExceeded("counts of changed pairs", int(count), _LARGEST, "Use method='normal'.")
    rule = RULES[kind][way]
    low, high = (np.exp(end) if kind == "odds_ratio" else end for end in ends)

    def rejects(b: Array, c: Array, pairs: Array) -> NDArray[np.bool_]:
        good = np.ones(b.shape, dtype=bool)
        if np.isfinite(ends[0]):
            good &= rule.one_sided((b, c, pairs), np.full_like(b, low))[0] < alpha
        if np.isfinite(ends[1]):
            good &= rule.one_sided((b, c, pairs), np.full_like(b, high))[1] < alpha
        return good

    return exact_power(rejects, n, first, second)
