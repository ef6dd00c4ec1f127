"""Two Poisson rates: the design, and the counts that a test rejects."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import special

from .. import _validate
from ..effects._rates import RULES
from ..errors import BudgetExceeded
from ..numerics.poisson_power import exact_power
from ..numerics.score import Table
from ._noun import Noun
from ._rates import LARGEST, RatesPower

__all__ = ["rates_noun"]

Array = NDArray[np.float64]


def rates_noun(t1: Any, t2: Any, rate1: Any, rate2: Any, measure: Any, method: Any) -> Noun:
    """Return the noun of two rates, its margins on the scale of differences or of log ratios."""
    kind = _validate.choice(measure, "measure", RULES)
    way = _validate.choice(method, "method", (*RULES[kind], "normal"))
    time1, time2, first, second = _validate.broadcast(
        t1=_validate.array(t1, "t1", low=0.0, open_low=True),
        t2=_validate.array(t2, "t2", low=0.0, open_low=True),
        rate1=_validate.array(rate1, "rate1", low=0.0),
        rate2=_validate.array(rate2, "rate2", low=0.0),
    )

    def within(low: Array, high: Array, alpha: float) -> Array:
        left, right, *design = np.broadcast_arrays(low, high, time1, time2, first, second)
        if way == "normal":
            return _normal(kind, (left, right), alpha, design)
        power = np.empty(left.shape)
        for at in np.ndindex(*left.shape):
            power[at] = _exact(kind, way, (float(left[at]), float(right[at])), alpha, [float(c[at]) for c in design])
        return power

    def answer(power: Array, alpha: float, method: str, references: tuple[str, ...]) -> RatesPower:
        columns = [np.broadcast_to(column, power.shape)[()] for column in (time1, time2, first, second)]
        text = "normal approximation, variance at the true rates"
        return RatesPower(
            power=power[()],
            t1=columns[0],
            t2=columns[1],
            rate1=columns[2],
            rate2=columns[3],
            null=1.0 if kind == "ratio" else 0.0,
            alpha=alpha,
            method=f"{method}, {text if way == 'normal' else f'exact, by enumeration of {RULES[kind][way].name}'}",
            references=(*references, "Gu, Ng, Tang & Schucany 2008, doi:10.1002/bimj.200710403"),
        )

    test = f"test of the {kind} of two Poisson rates"
    return Noun(within=within, answer=answer, shape=first.shape, test=test, ratio=kind == "ratio")


def _exact(kind: str, way: str, ends: tuple[float, float], alpha: float, design: list[float]) -> float:
    time1, time2, rate1, rate2 = design
    means = time1 * rate1, time2 * rate2
    if sum(means) > LARGEST:
        raise BudgetExceeded("expected events", int(sum(means)), LARGEST, "Use method='normal'.")
    rule = RULES[kind][way]
    low, high = (float(np.exp(end)) if kind == "ratio" else end for end in ends)

    def reject(table: Table) -> NDArray[np.bool_]:
        good = np.ones(table[0].shape, dtype=bool)
        if np.isfinite(ends[0]):
            good &= rule.one_sided(table, np.full_like(table[0], low))[0] < alpha
        if np.isfinite(ends[1]):
            good &= rule.one_sided(table, np.full_like(table[0], high))[1] < alpha
        return good

    return exact_power(reject, means, (time1, time2))


def _normal(kind: str, ends: tuple[Array, Array], alpha: float, design: list[Array]) -> Array:
    time1, time2, rate1, rate2 = design
    z = -special.ndtri(alpha)
    with np.errstate(divide="ignore", invalid="ignore"):
        if kind == "ratio":
            value = np.log(rate1) - np.log(rate2)
            error = np.sqrt(1.0 / (time1 * rate1) + 1.0 / (time2 * rate2))
        else:
            value, error = rate1 - rate2, np.sqrt(rate1 / time1 + rate2 / time2)
        known = np.isfinite(value) & np.isfinite(error) & (error > 0)
        missed = special.ndtr(z - (value - ends[0]) / error) + special.ndtr(z - (ends[1] - value) / error)
    # Without events no approximation holds: nothing is promised.
    return np.asarray(np.where(known, np.clip(1.0 - missed, 0.0, 1.0), 0.0))
