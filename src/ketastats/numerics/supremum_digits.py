"""The largest value of a smooth probability over one rate, against an edge, to as many digits as it takes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Context, Decimal, getcontext, localcontext
from fractions import Fraction
from functools import lru_cache
from math import comb

import numpy as np
from numpy.typing import NDArray

__all__ = ["Curve", "compare_largest", "compare_mixture", "highest"]

FloatArray = NDArray[np.float64]
#: A probability as a function of a rate and its complement.
Curve = Callable[[Decimal, Decimal], Decimal]

# Maxima that agree with an edge to this many digits are the edge: at a rate of 1/2 all sums are binary fractions.
_PRECISIONS = (40, 120, 360)
_STEPS = 40
_HALVINGS = 6
_POINTS = 20
# Peaks of the grid lower than this part of the highest are not the largest.
_LOWER = 0.98


def compare_largest(curve: Curve, starts: Sequence[float], edge: Fraction, *, ends: Fraction) -> int:
    """Return -1, 0 or 1 as the largest value of a curve over rates from 0 to 1 is below, at or above `edge`.

    Parameters
    ----------
    curve : callable
        The probability at a rate and its complement.
    starts : sequence of float
        Rates between 0 and 1 next to each peak that may be the highest.
    edge : Fraction
        What the largest value is compared with.
    ends : Fraction
        The larger of the values at rates of 0 and 1.
    """
    if ends >= edge:
        # Nothing inside is known to be larger than the ends, unless it is found to be.
        side = (ends > edge) - (ends < edge)
        return side if side > 0 or not starts else max(side, _compare(curve, starts, edge))
    return _compare(curve, starts, edge) if starts else -1


def _compare(curve: Curve, starts: Sequence[float], edge: Fraction) -> int:
    for digits in _PRECISIONS:
        largest = max(Fraction(_peak(curve, start, digits)) for start in starts)
        if abs(largest - edge) * 10 ** (digits - 10) > abs(edge):
            return 1 if largest > edge else -1
    return 0


def _peak(curve: Curve, start: float, digits: int) -> Decimal:
    """Return the value of the peak next to a rate, by Newton's method on differences.

    With steps of h the place is good to about h^2, and so the height to h^4.
    """
    with localcontext(Context(prec=2 * digits + 20)):
        width = Decimal(10) ** (-(digits // 3) - 2)
        place = Decimal(start)
        height = curve(place, 1 - place)
        for _ in range(_STEPS):
            before, after = (curve(place + step, 1 - place - step) for step in (-width, width))
            bend = before - 2 * height + after
            most = min(place, 1 - place) / 4
            # Where the curve does not bend down, as far up as is allowed.
            move = (before - after) * width / (2 * bend) if bend < 0 else most.copy_sign(after - before)
            move = max(min(move, most), -most)
            value = curve(place + move, 1 - place - move)
            for _ in range(_HALVINGS):
                if value > height:
                    break
                move /= 2
                value = curve(place + move, 1 - place - move)
            if value <= height:
                break
            place, height = place + move, value
        return height


def compare_mixture(counts: Sequence[int], edge: Fraction) -> int:
    """Return how the largest ``sum of counts[s] p^s (1 - p)^(N - s)`` over p, with N + 1 counts, lies to `edge`."""
    people = len(counts) - 1
    if edge <= 0:
        return 1 if any(counts) or edge < 0 else 0
    # Where every table of some number of events counts, the curve can reach 1 only at an end, or everywhere.
    ends = Fraction(max(counts[0], counts[-1]))
    if ends >= 1:
        return (edge < 1) - (edge > 1)

    rounded: dict[int, list[Decimal]] = {}

    def curve(rate: Decimal, rest: Decimal) -> Decimal:
        precision = getcontext().prec
        if precision not in rounded:
            rounded[precision] = [+Decimal(count) for count in reversed(counts)]
        ratio, total = rate / rest, Decimal(0)
        for count in rounded[precision]:
            total = total * ratio + count
        return total * rest**people

    return compare_largest(curve, _peaks(_shares(counts)), edge, ends=ends)


def _shares(counts: Sequence[int]) -> FloatArray:
    people = len(counts) - 1
    return np.array([count / each for count, each in zip(counts, _binomials(people), strict=True)])


@lru_cache(maxsize=8)
def _binomials(people: int) -> tuple[int, ...]:
    return tuple(comb(people, s) for s in range(people + 1))


def _peaks(share: FloatArray) -> list[float]:
    """Return the rates of the peaks of a mixture of binomial probabilities that may be the highest."""
    from scipy.special import gammaln

    people = share.size - 1
    angle = np.linspace(0.0, np.pi, max(40, int(_POINTS * np.sqrt(people))) + 1)[1:-1]
    s = np.arange(people + 1.0)[:, None]
    logs = gammaln(people + 1.0) - gammaln(s + 1.0) - gammaln(people - s + 1.0)
    rate = np.sin(0.5 * angle) ** 2
    weight = np.exp(logs + 2.0 * s * np.log(np.sin(0.5 * angle)) + 2.0 * (people - s) * np.log(np.cos(0.5 * angle)))
    return highest(rate, share @ weight)


def highest(rate: FloatArray, value: FloatArray) -> list[float]:
    """Return the places of a grid, in order, that are peaks about as high as the highest."""
    padded = np.concatenate([[-1.0], value, [-1.0]])
    peak = (padded[1:-1] >= padded[:-2]) & (padded[1:-1] >= padded[2:]) & (value >= _LOWER * value.max())
    return [float(place) for place in rate[peak]]
