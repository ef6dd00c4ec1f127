"""Which means and standard deviations do whole numbers have with printed quantiles? Exact integers decide."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from math import ceil, floor, inf, isfinite, sqrt

import numpy as np

from ...errors import BudgetExceeded
from ...numerics.order_sample import quantity_weights
from ...numerics.whole_order import squares_by_sum, whole_knots
from ...reported import Interval
from .._constraints import Printed

__all__ = ["WholeNumbers", "whole_ends"]

Ends = tuple[float, float]

# The weights of quartiles are multiples of one part in so many.
_PARTS = 48
_MOST_CHOICES, _MOST_SUMS = 200_000, 50_000_000
_ADVICE = "Leave out items, or give a definition or more of the quantiles."


@dataclass(frozen=True, slots=True)
class WholeNumbers:
    """Values that average whole numbers: so many to each, in steps of one over their number, on a scale."""

    items: int
    low: int
    high: int

    def ends(self, n: int, definition: str, numbers: Sequence[tuple[str, Printed]]) -> tuple[Ends, Ends] | None:
        """Return the ends of mean and SD of n such values that print so; None when none do."""
        weights = quantity_weights(n, definition)
        rows = [(weights[name], part.interval) for name, part in numbers if name not in ("mean", "sd")]
        places = sorted({1, n}.union(*(row for row, _ in rows)))
        table = np.array([[int(row.get(rank, 0) * _PARTS) for rank in places] for row, _ in rows], dtype=np.int64)
        limits = [whole_ends(interval, self.items * _PARTS) for _, interval in rows]
        table = table.reshape(len(rows), len(places))
        width = self.high - self.low
        # Counted from the lower end of the scale; the weights of a distance add up to nothing.
        shift = table.sum(axis=1) * self.low
        first, last = (np.array([pair[end] for pair in limits], dtype=np.int64) - shift for end in (0, 1))
        knots, count = whole_knots(len(places), 0, width, table, first, last, _MOST_CHOICES)
        if count > _MOST_CHOICES:
            raise BudgetExceeded("choices of whole numbers", count, _MOST_CHOICES, _ADVICE)
        if not count:
            return None
        start, stop = self._sums(n, numbers)
        if start > stop:
            return None
        if (stop - start + 1) * count > _MOST_SUMS or (n * max(width, 1)) ** 2 >= 2**61:
            raise BudgetExceeded("sums of whole numbers", (stop - start + 1) * count, _MOST_SUMS, _ADVICE)
        between = np.array([b - a - 1 for a, b in pairwise(places)], dtype=np.int64)
        least, most = squares_by_sum(knots, between, start - n * self.low, stop - n * self.low)
        return self._spreads(n, start, least.tolist(), most.tolist(), numbers)

    def _sums(self, n: int, numbers: Sequence[tuple[str, Printed]]) -> tuple[int, int]:
        """Return the smallest and the largest sum that the scale and the printed mean leave."""
        start, stop = n * self.low, n * self.high
        for name, part in numbers:
            if name == "mean":
                first, last = whole_ends(part.interval, n * self.items)
                start, stop = max(start, first), min(stop, last)
        return start, stop

    def _spreads(
        self, n: int, start: int, least: list[int], most: list[int], numbers: Sequence[tuple[str, Printed]]
    ) -> tuple[Ends, Ends] | None:
        """Return the ends over the sums whose spread meets what was printed of the SD.

        ``n Q - S**2`` is a whole number: n (n - 1) items**2 times the squared SD.
        """
        weight = n * (n - 1) * self.items**2
        bottom, top = 0, inf
        for name, part in numbers:
            if name == "sd":
                low, high = _squared(part.interval, weight)
                bottom, top = max(bottom, low), min(top, high)
        means, spreads = [], []
        for at, (few, many) in enumerate(zip(least, most, strict=True)):
            if few > many:
                continue
            total = start + at - n * self.low
            low, high = n * few - total * total, n * many - total * total
            if low <= top and high >= bottom:
                means.append(start + at)
                spreads += [max(low, bottom), min(high, top)]
        if not means:
            return None
        mean = means[0] / (n * self.items), means[-1] / (n * self.items)
        return mean, (sqrt(min(spreads) / weight), sqrt(max(spreads) / weight))


def whole_ends(interval: Interval, factor: int) -> tuple[int, int]:
    """Return the first and the last whole number that lies in an interval when it is divided by a factor."""
    endless = 2**60
    first, last = -endless, endless
    if isfinite(interval.low):
        low = Fraction(interval.low) * factor
        first = ceil(low) + (not interval.closed_low and ceil(low) == low)
    if isfinite(interval.high):
        high = Fraction(interval.high) * factor
        last = floor(high) - (not interval.closed_high and floor(high) == high)
    return max(first, -endless), min(last, endless)


def _squared(interval: Interval, weight: int) -> tuple[int, float]:
    """Return the first and the last whole number whose share of `weight` is the square of a number in an interval."""
    low = max(Fraction(interval.low), Fraction(0)) ** 2 * weight if isfinite(interval.low) else Fraction(0)
    first = ceil(low) + (not interval.closed_low and interval.low >= 0 and ceil(low) == low)
    if not isfinite(interval.high):
        return first, inf
    high = Fraction(interval.high) ** 2 * weight
    return first, floor(high) - (not interval.closed_high and floor(high) == high)
