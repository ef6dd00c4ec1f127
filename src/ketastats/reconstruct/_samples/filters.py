"""Further numbers about samples that are decided sample by sample: quantiles, skewness, people beyond a cut-off."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...reported import Interval
from .._sizes import IntArray
from .question import Question

__all__ = [
    "Filter",
    "median_in",
    "medians",
    "people_between",
    "quantile_in",
    "quantile_rank",
    "quantiles",
    "skewness_in",
]

#: Which of some samples, given as how often each value occurs, print a number.
Filter = Callable[[IntArray], NDArray[np.bool_]]
# A skewness nearer to an edge than this is decided by whole numbers.
_NEAR = 1e-6


def people_between(inside: NDArray[np.bool_], least: int, most: int) -> Filter:
    """Return whether so many people have some of the values."""

    def holds(rows: IntArray) -> NDArray[np.bool_]:
        people = rows[:, inside].sum(axis=1)
        return np.asarray((people >= least) & (people <= most))

    return holds


def quantile_rank(share: float, people: int) -> int:
    """Return which value, counted from the lowest, is the smallest that a share of the people do not exceed."""
    return max(1, -int(-(Fraction(str(share)) * people) // 1))


def quantiles(rows: IntArray, rank: int) -> IntArray:
    """Return the place on the scale of the value at a rank of each sample."""
    return np.asarray(np.argmax(np.cumsum(rows, axis=1) >= rank, axis=1), dtype=np.int64)


def medians(rows: IntArray, people: int) -> IntArray:
    """Return the sum of the places of the two middle values, or twice the place of the middle one."""
    return quantiles(rows, (people + 1) // 2) + quantiles(rows, people // 2 + 1)


def quantile_in(interval: Interval, rank: int, question: Question) -> Filter:
    """Return whether the value at a rank lies in an interval."""
    allowed = [Fraction(value, question.items) in interval for value in question.values]
    return lambda rows: np.asarray(allowed)[quantiles(rows, rank)]


def median_in(interval: Interval, question: Question) -> Filter:
    """Return whether the median, the midpoint of the two middle values, lies in an interval."""
    doubled = range(2 * question.low, 2 * question.high + 1)
    allowed = [Fraction(value, 2 * question.items) in interval for value in doubled]
    return lambda rows: np.asarray(allowed)[medians(rows, question.n)]


def skewness_in(interval: Interval, question: Question) -> Filter:
    """Return whether the skewness, both moments dividing by the number of people, lies in an interval."""
    places = np.arange(len(question.values), dtype=np.int64)
    ends = [float(interval.low), float(interval.high)]

    def holds(rows: IntArray) -> NDArray[np.bool_]:
        mean = rows @ places / question.n
        moved = places - mean[:, None]
        square, cube = (np.einsum("ij,ij->i", rows, moved**power) / question.n for power in (2, 3))
        spread = np.count_nonzero(rows, axis=1) > 1
        skewness = np.divide(cube, square**1.5, out=np.zeros_like(cube), where=spread)
        found = spread & (skewness > ends[0]) & (skewness < ends[1])
        near = spread & (np.minimum(*(np.abs(skewness - end) for end in ends)) < _NEAR)
        for at in np.flatnonzero(near):
            found[at] = _skewness_inside(rows[at].tolist(), interval)
        return np.asarray(found)

    return holds


def _skewness_inside(row: list[int], interval: Interval) -> bool:
    """Decide the same for one sample, exactly: by the sign and the square of the skewness."""
    people = sum(row)
    mean = Fraction(sum(at * many for at, many in enumerate(row)), people)
    square, cube = (sum(many * (at - mean) ** power for at, many in enumerate(row)) / people for power in (2, 3))
    signed = (1 if cube > 0 else -1) * cube**2 / square**3

    def signed_square(end: Any) -> Fraction:
        exact = Fraction(end)
        return exact * abs(exact)

    low, high = interval.low, interval.high
    above = not low.is_finite() or signed > signed_square(low) or (interval.closed_low and signed == signed_square(low))
    below = (
        not high.is_finite() or signed < signed_square(high) or (interval.closed_high and signed == signed_square(high))
    )
    return above and below
