"""Sample sizes and detectable differences of proportions, one design at a time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from scipy import special

from .. import _validate
from ..errors import NoSolution
from ._base import DetectableResult, PowerResult, SampleSizeResult
from ._proportions import proportions, proportions_equivalence

__all__ = ["detectable_difference", "detectable_margin", "first_size", "size_equivalence", "size_proportions"]

#: Beyond this size of group 1 no sample is looked for.
LARGEST = 100_000
#: The saw of the exact power is about this many roots of n deep, and more.
_SAWTOOTH = 4.0
#: Rates whose power is asked for at once.
_TOGETHER = 50


def size_proportions(
    target: float,
    alpha: float,
    ratio: float,
    *,
    p1: Any,
    p2: Any,
    alternative: str = "two-sided",
    method: str = "score",
) -> SampleSizeResult:
    """Return the sample size of a test of two proportions."""
    rate1, rate2 = _rate(p1, "p1"), _rate(p2, "p2")
    side = _validate.choice(alternative, "alternative", ("two-sided", "greater", "less"))
    difference = rate1 - rate2
    if difference == 0 or (side == "greater" and difference < 0) or (side == "less" and difference > 0):
        raise NoSolution(
            f"no sample reaches power {target:g}: the difference {difference:g} is not one that the {side} test "
            f"looks for, and its power does not rise above about alpha = {alpha:g}",
            nearest=alpha,
        )
    tail = alpha / 2 if side == "two-sided" else alpha
    guess = _normal_size(rate1, rate2, abs(difference), tail, 1.0 - target, ratio)

    def _power(n1: int, n2: int) -> PowerResult:
        return proportions(n1=n1, n2=n2, p1=rate1, p2=rate2, alpha=alpha, alternative=side, method=method)

    return _sized(_power, guess, target, alpha, ratio)


def size_equivalence(
    target: float, alpha: float, ratio: float, *, p1: Any, p2: Any, margin: Any, method: str = "score"
) -> SampleSizeResult:
    """Return the sample size of the equivalence of two proportions."""
    rate1, rate2 = _rate(p1, "p1"), _rate(p2, "p2")
    low, high = _validate.margin(margin, reach=1.0)
    difference = rate1 - rate2
    if not low < difference < high:
        raise NoSolution(
            f"no sample reaches power {target:g}: the true difference {difference:g} is not inside the margin {low:g} "
            f"to {high:g}, and the power does not rise above about alpha = {alpha:g}",
            nearest=alpha,
        )
    near, far = sorted((difference - low, high - difference))
    miss = (1.0 - target) * (0.5 if far < 1.05 * near else 1.0)
    guess = _normal_size(rate1, rate2, min(near, 2.0), alpha, miss, ratio)

    def _power(n1: int, n2: int) -> PowerResult:
        return proportions_equivalence(n1=n1, n2=n2, p1=rate1, p2=rate2, margin=(low, high), alpha=alpha, method=method)

    return _sized(_power, guess, target, alpha, ratio)


def detectable_difference(
    target: float,
    alpha: float,
    *,
    n1: Any,
    n2: Any,
    p1: Any,
    direction: str = "above",
    alternative: str = "two-sided",
    method: str = "score",
) -> DetectableResult:
    """Return the smallest difference from `p1`, in one direction, that a test detects."""
    size1, size2, rate = _validate.integer(n1, "n1", low=1), _validate.integer(n2, "n2", low=1), _rate(p1, "p1")
    way = _validate.choice(direction, "direction", ("above", "below"))
    end = 1.0 if way == "above" else 0.0

    def _powers(p2: Any) -> PowerResult:
        return proportions(n1=size1, n2=size2, p1=rate, p2=p2, alpha=alpha, alternative=alternative, method=method)

    # The first cell of a fine grid that reaches the target is refined.
    low, high = rate, end
    for _ in range(4):
        grid = np.linspace(low, high, 401)
        good, best, result = _first_good(_powers, grid, target)
        if good < 0:
            raise NoSolution(
                f"no rate {way} p1 = {rate:g} is detected with power {target:g}; the highest power is {best:.4g}",
                nearest=best,
            )
        if good == 0:
            raise NoSolution(f"power {target:g} needs no difference: the test reaches it at p2 = p1", nearest=0.0)
        low, high = float(grid[good - 1]), float(grid[good])
    return DetectableResult(
        value=abs(high - rate),
        n1=size1,
        n2=size2,
        power=target,
        alpha=alpha,
        method=f"{result.method}; p2 {way} p1",
        references=result.references,
    )


def _first_good(powers: Callable[[Any], PowerResult], grid: Any, target: float) -> tuple[int, float, PowerResult]:
    """Return the place of the first rate that reaches the power, the highest power met, and the last answer.

    The place is -1 if none does. Rates that are tried together share one enumeration.
    """
    best = 0.0
    for first in range(0, grid.size, _TOGETHER):
        result = powers(grid[first : first + _TOGETHER])
        best = max(best, float(np.max(result.power)))
        good = np.flatnonzero(result.power >= target)
        if good.size:
            return first + int(good[0]), best, result
    return -1, best, result


def detectable_margin(
    target: float, alpha: float, *, n1: Any, n2: Any, p1: Any, p2: Any, method: str = "score"
) -> DetectableResult:
    """Return the smallest symmetric margin that two one-sided tests rule out."""
    size1, size2 = _validate.integer(n1, "n1", low=1), _validate.integer(n2, "n2", low=1)
    rate1, rate2 = _rate(p1, "p1"), _rate(p2, "p2")

    def _power(margin: float) -> PowerResult:
        return proportions_equivalence(
            n1=size1, n2=size2, p1=rate1, p2=rate2, margin=margin, alpha=alpha, method=method
        )

    low, high = 0.0, 1.0
    best = _power(np.nextafter(high, 0.0))
    if not best.power >= target:
        raise NoSolution(
            f"no margin below 1 is ruled out with power {target:g}; the highest power is {float(best.power):.4g}",
            nearest=float(best.power),
        )
    # A wider margin rejects every table that a narrower one rejects, so halving cannot miss; `high` has the power.
    while high - low > 1e-8:
        middle = 0.5 * (low + high)
        low, high = (low, middle) if _power(middle).power >= target else (middle, high)
    return DetectableResult(
        value=high, n1=size1, n2=size2, power=target, alpha=alpha, method=best.method, references=best.references
    )


def _rate(value: Any, name: str) -> float:
    return _validate.real(value, name, low=0.0, high=1.0)


def _normal_size(p1: float, p2: float, distance: float, tail: float, miss: float, ratio: float) -> float:
    variance = p1 * (1 - p1) + p2 * (1 - p2) / ratio
    z = special.ndtri(tail) + special.ndtri(miss)
    return float(max(variance, 0.01) * np.square(z / distance))


def _sized(
    power: Callable[[int, int], PowerResult], guess: float, target: float, alpha: float, ratio: float
) -> SampleSizeResult:
    def second(n1: int) -> int:
        return int(max(np.ceil(np.round(ratio * n1, 9)), 1))

    n1 = first_size(lambda n: float(power(n, second(n)).power), target, guess)
    result = power(n1, second(n1))
    return SampleSizeResult(
        n1=n1,
        n2=second(n1),
        power=result.power,
        target=target,
        alpha=alpha,
        method=result.method,
        references=result.references,
    )


def first_size(power: Callable[[int], float], target: float, guess: float, least: int = 1, growth: float = 1.1) -> int:
    """Return the smallest size that reaches the power.

    From the guess on, ever larger sizes are tried until one does, and halving finds a tooth of the saw; the teeth
    before it are tried one by one, as far down as the saw can be deep.
    """

    def reaches(n: int) -> bool:
        return bool(power(n) >= target)

    high = int(np.clip(np.ceil(guess), max(least, 2), LARGEST))
    while not reaches(high):
        if high >= LARGEST:
            raise NoSolution(f"no group of up to {LARGEST:,} reaches power {target:g}", nearest=power(high))
        high = min(int(np.ceil(growth * high)) + 1, LARGEST)
    low = least - 1
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if reaches(middle) else (middle, high)
    depth = max(60, int(_SAWTOOTH * np.sqrt(high)))
    return next(n for n in range(max(high - depth, least), high + 1) if reaches(n))
