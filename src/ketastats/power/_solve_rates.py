"""Person-time of a test of two Poisson rates, and the rate within its reach."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from .. import _validate
from .._results import Result
from ..errors import NoSolution
from ._rates import RatesPower, rates
from ._rates_margins import rates_minimum_effect, rates_noninferiority, rates_superiority

__all__ = [
    "PersonTimeResult",
    "RateDetectableResult",
    "detectable_rate",
    "detectable_rate_margin",
    "person_time",
    "time_minimum_effect",
    "time_noninferiority",
    "time_superiority",
]

#: Answers are as close as this, relative to themselves, and have the power.
_CLOSE = 1e-7
#: No wider margin is looked for.
_WIDEST = 1e6


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonTimeResult(Result):
    """The least person-time with which a test of two rates of events reaches a power.

    Parameters
    ----------
    t1, t2 : float
        Person-time in each group.
    power : float
        Power that it gives.
    target : float
        Power that was asked for.
    alpha : float
        Level of the test.
    method : str
        The method that was used.
    references : tuple of str
        Where it was published.
    """

    t1: Any
    t2: Any
    power: Any
    target: float
    alpha: float
    method: str
    references: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RateDetectableResult(Result):
    """The rate of events nearest to that of group 1 that a test detects, or its smallest margin, with a stated power.

    Parameters
    ----------
    value : float
        True rate of group 2, or the margin.
    t1, t2 : float
        Person-time in each group.
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
    t1: Any
    t2: Any
    power: float
    alpha: float
    method: str
    references: tuple[str, ...] = ()


def person_time(target: float, alpha: float, ratio: float, *, rate1: Any, rate2: Any, **choices: Any) -> Any:
    """Return the least person-time, of group 1 and `ratio` times as much of group 2."""
    return _time(rates, target, alpha, ratio, rate1, rate2, choices)


def time_noninferiority(target: float, alpha: float, ratio: float, *, rate1: Any, rate2: Any, **choices: Any) -> Any:
    """Return the least person-time that shows noninferiority."""
    return _time(rates_noninferiority, target, alpha, ratio, rate1, rate2, choices)


def time_superiority(target: float, alpha: float, ratio: float, *, rate1: Any, rate2: Any, **choices: Any) -> Any:
    """Return the least person-time that shows superiority by a margin."""
    return _time(rates_superiority, target, alpha, ratio, rate1, rate2, choices)


def time_minimum_effect(target: float, alpha: float, ratio: float, *, rate1: Any, rate2: Any, **choices: Any) -> Any:
    """Return the least person-time that shows a difference beyond a margin."""
    return _time(rates_minimum_effect, target, alpha, ratio, rate1, rate2, choices)


def _time(
    question: Callable[..., RatesPower],
    target: float,
    alpha: float,
    ratio: float,
    rate1: Any,
    rate2: Any,
    choices: dict[str, Any],
) -> PersonTimeResult:
    first, second = (_validate.real(v, name, low=0.0) for v, name in ((rate1, "rate1"), (rate2, "rate2")))

    def ask(time: float, **other: Any) -> RatesPower:
        return question(t1=time, t2=ratio * time, rate1=first, rate2=second, alpha=alpha, **choices | other)

    if target <= alpha:
        raise NoSolution(f"power {target:g} needs no events: the level alpha = {alpha:g} reaches it", nearest=0.0)
    events = max(first, second)
    far = 1e12 / events if events > 0 else 1.0
    most = float(ask(far, method="normal").power)
    if most < target:
        raise NoSolution(
            f"no person-time reaches power {target:g}: the rates {first:g} and {second:g} are not what the test looks "
            f"for; the highest power is about {most:.3g}",
            nearest=most,
        )
    rough = _first(lambda time: float(ask(time, method="normal").power) >= target, 1.0 / events, 1.1)
    time = _first(lambda time: float(ask(time).power) >= target, rough, 1.1)
    found = ask(time)
    return PersonTimeResult(
        t1=time,
        t2=ratio * time,
        power=found.power,
        target=target,
        alpha=alpha,
        method=found.method,
        references=found.references,
    )


def detectable_rate_margin(
    target: float, alpha: float, *, t1: Any, t2: Any, measure: str = "ratio", **design: Any
) -> RateDetectableResult:
    """Return the smallest margin of noninferiority, above 0 for a difference and above 1 for a ratio."""
    time1, time2 = (_validate.real(t, name, low=0.0, open_low=True) for t, name in ((t1, "t1"), (t2, "t2")))
    none = 1.0 if _validate.choice(measure, "measure", ("ratio", "difference")) == "ratio" else 0.0

    def ask(size: float) -> RatesPower:
        return rates_noninferiority(t1=time1, t2=time2, margin=none + size, alpha=alpha, measure=measure, **design)

    if float(ask(1e-9).power) >= target:
        raise NoSolution(f"power {target:g} needs no margin: the test reaches it without any", nearest=none)
    if float(ask(_WIDEST).power) < target:
        raise NoSolution(f"no margin up to {_WIDEST:g} reaches power {target:g}", nearest=float(ask(_WIDEST).power))
    size = _first(lambda size: float(ask(size).power) >= target, 0.1, 1.5)
    found = ask(size)
    return RateDetectableResult(
        value=none + size,
        t1=time1,
        t2=time2,
        power=target,
        alpha=alpha,
        method=found.method,
        references=found.references,
    )


def detectable_rate(
    target: float, alpha: float, *, t1: Any, t2: Any, rate1: Any, direction: str = "above", **choices: Any
) -> RateDetectableResult:
    """Return the rate of group 2, on one side of that of group 1, which the test detects."""
    way = _validate.choice(direction, "direction", ("above", "below"))
    time1, time2 = (_validate.real(t, name, low=0.0, open_low=True) for t, name in ((t1, "t1"), (t2, "t2")))
    rate = _validate.real(rate1, "rate1", low=0.0)

    def ask(away: float, **other: Any) -> RatesPower:
        rate2 = rate + away if way == "above" else max(rate - away, 0.0)
        return rates(t1=time1, t2=time2, rate1=rate, rate2=rate2, alpha=alpha, **choices | other)

    if float(ask(0.0).power) >= target:
        raise NoSolution(f"power {target:g} needs no difference: the test reaches it at rate2 = rate1", nearest=0.0)
    if choices.get("alternative") == ("greater" if way == "above" else "less"):
        raise NoSolution(f"no rate {way} {rate:g} is what the test looks for", nearest=alpha)
    start = math.sqrt(rate / time1 + rate / time2) + 1.0 / time1 + 1.0 / time2
    if way == "below":
        # Group 2 can do no more than have no events.
        most = float(ask(rate).power)
        if most < target:
            raise NoSolution(f"no rate below {rate:g} is detected with power {target:g}", nearest=most)
        start = min(start, rate)
    away = _first(lambda size: float(ask(size).power) >= target, start, 1.5)
    found = ask(away)
    return RateDetectableResult(
        value=found.rate2,
        t1=time1,
        t2=time2,
        power=target,
        alpha=alpha,
        method=f"{found.method}; rate2 {way} rate1",
        references=found.references,
    )


def _first(reaches: Callable[[float], bool], start: float, growth: float) -> float:
    """Return the smallest positive number that reaches, from a start by steps and halving."""
    high = start
    while not reaches(high):
        high *= growth
    low = high / growth
    while reaches(low):
        high, low = low, low / growth
    while high - low > _CLOSE * high:
        middle = 0.5 * (low + high)
        low, high = (low, middle) if reaches(middle) else (middle, high)
    return high
