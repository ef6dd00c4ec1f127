"""Ranges of a mean and of a sum of squares over subgroups whose own figures lie in boxes: exact fractions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product

__all__ = ["Box", "Ends", "greatest_between", "least_between", "mean_range"]


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
    one where the mean of all meets an end of `total`.
    """
    ends = [(box.mean.low, box.mean.high) for box in boxes]
    if any(end is None for pair in ends for end in pair):
        return None, True
    number = sum(box.size for box in boxes)
    best: Fraction | None = None
    reached = False
    for corner in _corners([(low, high) for low, high in ends if low is not None and high is not None], boxes, total):
        mean = sum((box.size * value for box, value in zip(boxes, corner, strict=True)), Fraction(0)) / number
        found = _between(boxes, corner)
        there = mean in total and all(value in box.mean for box, value in zip(boxes, corner, strict=True))
        if best is None or found > best:
            best, reached = found, there
        elif found == best:
            reached = reached or there
    return best, reached


def _corners(ends: list[tuple[Fraction, Fraction]], boxes: Sequence[Box], total: Ends) -> list[list[Fraction]]:
    closed = Ends(total.low, total.high)
    number = sum(box.size for box in boxes)
    found = []
    for corner in product(*ends):
        sums = [box.size * value for box, value in zip(boxes, corner, strict=True)]
        whole = sum(sums, Fraction(0))
        if whole / number in closed:
            found.append(list(corner))
        for place, box in enumerate(boxes):
            for end in (total.low, total.high):
                if end is not None:
                    moved = (number * end - whole + sums[place]) / box.size
                    if ends[place][0] <= moved <= ends[place][1]:
                        found.append([*corner[:place], moved, *corner[place + 1 :]])
    return found


def _between(boxes: Sequence[Box], means: Sequence[Fraction]) -> Fraction:
    number = sum(box.size for box in boxes)
    whole = sum((box.size * mean for box, mean in zip(boxes, means, strict=True)), Fraction(0))
    squares = sum((box.size * mean * mean for box, mean in zip(boxes, means, strict=True)), Fraction(0))
    return squares - whole * whole / number
