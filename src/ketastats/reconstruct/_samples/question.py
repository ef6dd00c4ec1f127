"""What was printed of one sample of whole numbers, as sums and sums of squares that it may have."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from math import ceil, comb, floor

from ... import _validate
from ...errors import BudgetExceeded, InvalidArgument, InvalidType
from ...numerics import sample_counts, sample_estimate, sample_search
from ...reported import Interval, Reported
from .._constraints import read_reported

__all__ = ["Question", "Squares", "place", "read_moment", "read_scale", "squares"]

_NOT_NEGATIVE = Interval(Decimal(0), Decimal("Infinity"), True, False)
_LARGEST_VALUE = 10**6
_MOST_PEOPLE = 10**6
_MOST_SUMS = 10**6
# Half a minute or so.
_MOST_WORDS = 20_000_000_000
_ADVICE = (
    "Give more digits of the mean or SD, fewer people or a narrower scale, or raise budget (bounds such as people and "
    "median_range fill no tables)."
)
#: Sum, smallest and largest sum of squares.
Squares = tuple[int, int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A sample of `n` people on a scale in whole steps, and what is known of it.

    Values are whole numbers from `low` to `high`: those of the scale times `items`. `least` and `most` say how often
    each occurs, from the lowest value on.
    """

    n: int
    items: int
    low: int
    high: int
    mean: Interval
    sd: Interval
    population: bool
    least: tuple[int, ...]
    most: tuple[int, ...]

    @property
    def values(self) -> range:
        """The values of the scale, times the number of items."""
        return range(self.low, self.high + 1)

    @property
    def possible(self) -> int:
        """How many samples there are of so many people on such a scale."""
        return comb(self.n + len(self.values) - 1, self.n)

    def unbounded(self) -> Question:
        """Return the same question without what is known of single values."""
        width = len(self.values)
        return replace(self, least=(0,) * width, most=(self.n,) * width)

    def without_sd(self) -> Question:
        """Return the same question without the standard deviation."""
        return replace(self, sd=_NOT_NEGATIVE)

    def rest(self) -> tuple[int, list[Squares]]:
        """Return how many people are not yet placed, and their sums and sums of squares."""
        placed = list(zip(self.values, self.least, strict=True))
        people = sum(many for _, many in placed)
        total = sum(value * many for value, many in placed)
        square = sum(value * value * many for value, many in placed)
        return self.n - people, [(one - total, first - square, last - square) for one, first, last in squares(self)]

    def origin(self) -> int:
        """Return the value at or below the mean of those not yet placed, within the scale."""
        people, wanted = self.rest()
        middle = wanted[len(wanted) // 2][0] // max(people, 1) if wanted else self.low
        return min(max(middle, self.low), self.high)

    def halves(self, budget: int, origin: int | None = None) -> sample_counts.Halves:
        """Return the tables that count the samples, planned but not filled, if they have at most `budget` cells.

        They leave out the origin and the value above it; another one than `origin` serves as well, less cheaply.
        """
        people, wanted = self.rest()
        origin = self.origin() if origin is None else origin
        if people < 0 or any(low > high for low, high in zip(self.least, self.most, strict=True)):
            people, wanted = 0, []
        targets = sample_counts.targets(wanted, people, origin)
        top = max((target.last for target in targets), default=0)
        if top >= budget:
            raise BudgetExceeded("cells", top + 1, budget, self._advice())
        caps = {value: most - least for value, least, most in zip(self.values, self.least, self.most, strict=True)}
        found = sample_counts.Halves(
            people,
            targets,
            [(origin - value, caps[value]) for value in range(self.low, origin)],
            [(value - origin - 1, caps[value]) for value in range(origin + 2, self.high + 1)],
            caps[origin],
            caps.get(origin + 1, 0),
        )
        if found.cells <= budget:
            found.layers = found.enough()
        if found.cells > budget:
            raise BudgetExceeded("cells", found.cells, budget, self._advice())
        return found

    def _advice(self) -> str:
        """Return how to make the search smaller, and about how many samples there are."""
        found = sample_estimate.log10_samples(self.values, self.n, squares(self))
        return f"{_ADVICE} There are about 10^{found:.0f} samples." if found > 0 else _ADVICE

    def exists(self) -> bool:
        """Return whether there is any such sample, without counting them."""
        people, wanted = self.rest()
        caps = [most - least for most, least in zip(self.most, self.least, strict=True)]
        if people < 0 or min(caps) < 0:
            return False
        origin = self.origin()
        steps = [(value - origin, cap) for value, cap in zip(self.values, caps, strict=True)]
        targets = sample_counts.targets(wanted, people, origin)
        if sample_search.spread(steps, people, targets) is not None:
            return True
        words = sample_search.work(steps, people, targets)
        if words > _MOST_WORDS:
            raise BudgetExceeded("words of possible energies", words, _MOST_WORDS, _ADVICE)
        return sample_search.trace(steps, people, targets) is not None

    def emptied_by(self) -> str:
        """Return the first of mean, sd and counts with which nothing is left; empty text if something is."""
        if self.exists():
            return ""
        if not squares(self.without_sd()):
            return "mean"
        free = self.unbounded()
        return "counts" if free != self and free.exists() else "sd"


def read_moment(value: object, name: str, rounding: str) -> Interval:
    """Return the values that a printed mean or standard deviation allows; an interval stands for itself."""
    if isinstance(value, Interval):
        interval = value
    else:
        reported = read_reported(value, name, rounding)
        if reported.percent:
            raise InvalidArgument(name, reported.text, "a number in units of the scale, not a percentage")
        interval = reported.interval
    if name == "sd":
        interval = interval.intersect(_NOT_NEGATIVE)
        if interval.empty or (isinstance(value, (str, Reported)) and str(value).strip().startswith(("-", "\u2212"))):
            raise InvalidArgument(name, str(value), "a standard deviation that is not negative")
    return interval


def read_scale(scale: object, items: object) -> tuple[int, int, int]:
    """Return the ends of a scale times the number of items, and that number."""
    allowed = "a pair (low, high) of whole numbers with low < high"
    if not isinstance(scale, (tuple, list)):
        raise InvalidType("scale", scale, allowed, "Write scale=(1, 7).")
    if len(scale) != 2:
        raise InvalidArgument("scale", scale, allowed)
    ends = [_validate.integer(end, "scale", low=-_LARGEST_VALUE, high=_LARGEST_VALUE) for end in scale]
    if ends[0] >= ends[1]:
        raise InvalidArgument("scale", scale, allowed)
    many = _validate.integer(items, "items", low=1, high=1000)
    return ends[0] * many, ends[1] * many, many


def read_people(value: object, name: str = "n") -> int:
    """Return a number of people whose standard deviation can be printed."""
    return _validate.integer(value, name, low=2, high=_MOST_PEOPLE)


def read_counts(counts: object, n: int, low: int, high: int, items: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Return how often each value occurs at least and at most."""
    least, most = [0] * (high - low + 1), [n] * (high - low + 1)
    allowed = "a mapping from values of the scale to a count or a pair (least, most)"
    if counts is None:
        return tuple(least), tuple(most)
    if not isinstance(counts, Mapping):
        raise InvalidType("counts", counts, allowed, "Write counts={7: (0, 2)}.")
    for value, many in counts.items():
        at = place(value, low, high, items)
        ends = list(many) if isinstance(many, (tuple, list)) else [many, many]
        if len(ends) != 2:
            raise InvalidArgument(f"counts[{value!r}]", many, allowed)
        first, last = (_validate.integer(end, f"counts[{value!r}]", low=0, high=n) for end in ends)
        if first > last:
            raise InvalidArgument(f"counts[{value!r}]", many, "a pair (least, most) with least at most most")
        least[at], most[at] = first, last
    return tuple(least), tuple(most)


def place(value: object, low: int, high: int, items: int, *, name: str = "counts") -> int:
    """Return which value of the scale is meant, counted from the lowest."""
    moved = _validate.real(value, name) * items
    nearest = round(moved)
    if abs(moved - nearest) > 1e-6 * items or not low <= nearest <= high:
        step = "" if items == 1 else f" in steps of 1/{items}"
        raise InvalidArgument(name, value, f"values from {low / items:g} to {high / items:g}{step}")
    return nearest - low


def squares(question: Question) -> list[Squares]:
    """Return every sum that prints the mean, and with it the ends of the sums of squares that print the SD.

    Sums of squares lie between that of the most equal sample and that of the most unequal one.
    """
    n, mean, sd = question.n, question.mean, question.sd
    first, last = _whole(mean, Fraction(n * question.items), Fraction(0), (n * question.low, n * question.high))
    if last - first >= _MOST_SUMS:
        raise BudgetExceeded("sums", last - first + 1, _MOST_SUMS, _ADVICE)
    divisor = n if question.population else n - 1
    found = []
    for total in range(first, last + 1):
        ends = _extremes(total, n, question.low, question.high)
        low, high = _whole_squares(sd, Fraction(divisor * question.items**2), Fraction(total * total, n), ends)
        if low <= high:
            found.append((total, low, high))
    return found


def _whole(interval: Interval, factor: Fraction, shift: Fraction, ends: tuple[int, int]) -> tuple[int, int]:
    """Return the first and last whole number in ``factor * interval + shift`` that lies between the ends."""
    low, high = ends
    if interval.empty:
        return low, low - 1
    if interval.low.is_finite():
        exact = Fraction(interval.low) * factor + shift
        low = max(low, ceil(exact) + (not interval.closed_low and exact.denominator == 1))
    if interval.high.is_finite():
        exact = Fraction(interval.high) * factor + shift
        high = min(high, floor(exact) - (not interval.closed_high and exact.denominator == 1))
    return low, high


def _whole_squares(sd: Interval, factor: Fraction, shift: Fraction, ends: tuple[int, int]) -> tuple[int, int]:
    """Return the ends of the sums of squares that print a standard deviation, exactly."""
    low, high = ends
    if sd.low.is_finite():
        exact = Fraction(sd.low) ** 2 * factor + shift
        low = max(low, ceil(exact) + (not sd.closed_low and exact.denominator == 1))
    if sd.high.is_finite():
        exact = Fraction(sd.high) ** 2 * factor + shift
        high = min(high, floor(exact) - (not sd.closed_high and exact.denominator == 1))
    return low, high


def _extremes(total: int, n: int, low: int, high: int) -> tuple[int, int]:
    """Return the smallest and largest sum of squares of `n` whole numbers between two ends with a given sum."""
    equal, more = divmod(total, n)
    least = (n - more) * equal * equal + more * (equal + 1) ** 2
    at_top, left = divmod(total - n * low, high - low)
    if at_top == n:
        return least, n * high * high
    return least, at_top * high * high + (low + left) ** 2 + (n - at_top - 1) * low * low
