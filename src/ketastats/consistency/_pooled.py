"""Ranges of a mean and of a sum of squares over subgroups whose own figures lie in boxes: exact fractions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import gcd, lcm
from typing import Any

__all__ = ["Box", "Ends", "corners", "greatest_between", "least_between", "mean_range"]


@dataclass(frozen=True, slots=True)
class Ends:
    """An interval of exact numbers; an end that is None is infinite."""

    low: Fraction | None
    high: Fraction | None
    closed_low: bool = True
    closed_high: bool = True

    def __contains__(self, value: Fraction) -> bool:
        above = self.low is None or value > self.low or (self.closed_low and value == self.low)
        return above and (self.high is None or value < self.high or (self.closed_high and value == self.high))

    def meets(self, other: Ends) -> bool:
        """Return whether the two intervals share a number."""
        return _before(self, other) and _before(other, self)

    def clip(self, value: Fraction) -> Fraction:
        """Return the number nearest to `value` between the ends, both taken as closed."""
        value = value if self.low is None else max(value, self.low)
        return value if self.high is None else min(value, self.high)


def _before(one: Ends, other: Ends) -> bool:
    """Whether the lower end of one interval does not lie beyond the upper end of the other."""
    if one.low is None or other.high is None or one.low < other.high:
        return True
    return one.low == other.high and one.closed_low and other.closed_high


@dataclass(frozen=True, slots=True)
class Box:
    """A subgroup: how many people, and between which ends their mean lies."""

    size: int
    mean: Ends


def mean_range(boxes: Sequence[Box]) -> Ends:
    """Return the interval of the mean of all people."""
    number = sum(box.size for box in boxes)
    means = [box.mean for box in boxes]
    lows = [box.size * box.mean.low for box in boxes if box.mean.low is not None]
    highs = [box.size * box.mean.high for box in boxes if box.mean.high is not None]
    return Ends(
        sum(lows, Fraction(0)) / number if len(lows) == len(boxes) else None,
        sum(highs, Fraction(0)) / number if len(highs) == len(boxes) else None,
        all(mean.closed_low for mean in means),
        all(mean.closed_high for mean in means),
    )


def _pull(boxes: Sequence[Box], pole: Fraction) -> Fraction:
    """Return the mean of all people when each subgroup comes as near to the pole as it can."""
    return Fraction(sum(box.size * box.mean.clip(pole) for box in boxes), sum(box.size for box in boxes))


def _pole(boxes: Sequence[Box], wanted: Fraction) -> Fraction:
    """Return a pole to which the mean of all people is pulled that equals `wanted`, which can be reached."""
    knots = sorted({end for box in boxes for end in (box.mean.low, box.mean.high) if end is not None} | {wanted})
    reach = [_pull(boxes, knot) for knot in knots]
    free = sum(box.size for box in boxes if box.mean.low is None or box.mean.high is None)
    number = sum(box.size for box in boxes)
    if wanted <= reach[0] or wanted >= reach[-1]:
        # Beyond the outer knots only subgroups without end follow the pole.
        knot, there = (knots[0], reach[0]) if wanted <= reach[0] else (knots[-1], reach[-1])
        return knot if wanted == there else knot + (wanted - there) * number / free
    place = next(k for k, there in enumerate(reach) if there >= wanted)
    step = reach[place] - reach[place - 1]
    return knots[place - 1] + (knots[place] - knots[place - 1]) * (wanted - reach[place - 1]) / step


def _balance(boxes: Sequence[Box]) -> tuple[Fraction, Fraction]:
    """Return the poles, from the first to the last, to which the mean of all people is pulled exactly."""
    knots = sorted({end for box in boxes for end in (box.mean.low, box.mean.high) if end is not None})
    if not knots:
        return Fraction(0), Fraction(0)
    gaps = [_pull(boxes, knot) - knot for knot in knots]
    level = [knot for knot, gap in zip(knots, gaps, strict=True) if gap == 0]
    if level:
        return level[0], level[-1]
    # The gap falls and is linear between knots. It is above zero at the first and below at the last, because there
    # no subgroup is pulled beyond the pole.
    place = next(k for k, gap in enumerate(gaps) if gap < 0)
    (left, right), (gap, next_gap) = knots[place - 1 : place + 1], gaps[place - 1 : place + 1]
    root = left + (right - left) * gap / (gap - next_gap)
    return root, root


def least_between(boxes: Sequence[Box], total: Ends) -> tuple[Fraction, bool]:
    """Return the least sum of squares between subgroups when the mean of all lies in `total`.

    With it comes whether it is reached. All means come as near to one pole as their boxes allow; the pole is the mean
    itself unless `total` forbids it.
    """
    first, last = _balance(boxes)
    low = first if total.low is None else max(first, total.low)
    high = last if total.high is None else min(last, total.high)
    if low <= high:
        pole = (low + high) / 2
    else:
        pole = _pole(boxes, total.low if total.low is not None and total.low > last else total.clip(first))
    means = [box.mean.clip(pole) for box in boxes]
    reached = all(mean in box.mean for box, mean in zip(boxes, means, strict=True))
    return _between(boxes, means), reached and _pull(boxes, pole) in total


def greatest_between(boxes: Sequence[Box], total: Ends) -> tuple[Fraction | None, bool]:
    """Return the greatest sum of squares between subgroups when the mean of all lies in `total`; None has no end.

    It is convex in the means, and greatest at a corner: all means but at most one at an end of their boxes, and that
    one where the mean of all meets an end of `total`. Corners with the same sum share what they need: the greatest sum
    of squares of the means with that sum. With it comes whether it is reached.
    """
    if any(end is None for box in boxes for end in (box.mean.low, box.mean.high)):
        return None, True
    unit = _unit(boxes, total)
    groups = [_Whole.of(box, unit) for box in boxes]
    number = sum(group.size for group in groups)
    first, last = (None if end is None else int(end * unit * number) for end in (total.low, total.high))
    best: tuple[Fraction, bool] | None = None
    for place, states in _leaving_one_out(groups, 0, len(groups), {0: (0, True)}):
        for end, closed in ((first, total.closed_low), (last, total.closed_high)):
            if end is not None:
                best = _better(best, groups[place].filled(states, end, number, closed))
    inside = [
        (Fraction(squares) - Fraction(whole * whole, number), reached and _ends_allow(whole, first, last, total))
        for whole, (squares, reached) in _with_all(groups, {0: (0, True)}).items()
        if (first is None or whole >= first) and (last is None or whole <= last)
    ]
    best = _better(best, max(inside, default=None))
    return (None, False) if best is None else (best[0] / unit**2, best[1])


def corners(boxes: Sequence[Box]) -> int:
    """Return how many sums the corners of the boxes have at most, which `greatest_between` has to hold."""
    if any(end is None for box in boxes for end in (box.mean.low, box.mean.high)):
        return 1
    unit = _unit(boxes, Ends(None, None))
    steps = [group.size * (group.high - group.low) for group in (_Whole.of(box, unit) for box in boxes)]
    wide = [step for step in steps if step]
    return min(2 ** len(wide), sum(wide) // gcd(*wide) + 1) if wide else 1


#: For each sum of people times means the greatest sum of squares, and whether closed ends reach it.
_States = dict[int, tuple[int, bool]]


@dataclass(frozen=True, slots=True)
class _Whole:
    """A box whose ends are whole numbers of some unit."""

    size: int
    low: int
    high: int
    closed_low: bool
    closed_high: bool

    @classmethod
    def of(cls, box: Box, unit: int) -> _Whole:
        low, high = (int((end or 0) * unit) for end in (box.mean.low, box.mean.high))
        return cls(box.size, low, high, box.mean.closed_low, box.mean.closed_high)

    def filled(self, states: _States, wanted: int, number: int, closed: bool) -> tuple[Fraction, bool] | None:
        """Return the best of all states when this mean makes up what is left to the wanted sum."""
        best: tuple[int, bool] | None = None
        for whole, (squares, reached) in states.items():
            rest = wanted - whole
            if self.size * self.low <= rest <= self.size * self.high:
                inside = (rest > self.size * self.low or self.closed_low) and (
                    rest < self.size * self.high or self.closed_high
                )
                best = _better(best, (self.size * squares + rest * rest, reached and inside and closed))
        if best is None:
            return None
        return Fraction(best[0], self.size) - Fraction(wanted * wanted, number), best[1]


def _unit(boxes: Sequence[Box], total: Ends) -> int:
    ends = [end for interval in (total, *(box.mean for box in boxes)) for end in (interval.low, interval.high)]
    return lcm(*(end.denominator for end in ends if end is not None))


def _better(one: tuple[Any, bool] | None, other: tuple[Any, bool] | None) -> Any:
    if one is None or other is None:
        return other if one is None else one
    return max(one, other)


def _ends_allow(whole: int, first: int | None, last: int | None, total: Ends) -> bool:
    return (whole != first or total.closed_low) and (whole != last or total.closed_high)


def _with_all(groups: Sequence[_Whole], states: _States) -> _States:
    """Return the states after each group took either end of its box."""
    for group in groups:
        found: _States = {}
        ends = {group.low: group.closed_low}
        ends[group.high] = group.closed_high and ends.get(group.high, True)
        for end, closed in ends.items():
            whole, squares = group.size * end, group.size * end * end
            for before, (sum_before, reached) in states.items():
                state = (sum_before + squares, reached and closed)
                if before + whole not in found or state > found[before + whole]:
                    found[before + whole] = state
        states = found
    return states


def _leaving_one_out(groups: Sequence[_Whole], begin: int, end: int, states: _States) -> Iterator[tuple[int, _States]]:
    """Yield for each group the states of all others, each half of the groups added once for all of the other half."""
    if end - begin == 1:
        yield begin, states
        return
    middle = (begin + end) // 2
    yield from _leaving_one_out(groups, begin, middle, _with_all(groups[middle:end], states))
    yield from _leaving_one_out(groups, middle, end, _with_all(groups[begin:middle], states))


def _between(boxes: Sequence[Box], means: Sequence[Fraction]) -> Fraction:
    number = sum(box.size for box in boxes)
    whole = sum((box.size * mean for box, mean in zip(boxes, means, strict=True)), Fraction(0))
    squares = sum((box.size * mean * mean for box, mean in zip(boxes, means, strict=True)), Fraction(0))
    return squares - whole * whole / number
