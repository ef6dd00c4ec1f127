"""What was printed about one 2x2 table: constraints that a table meets when its own computation prints the digits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from ...numerics import exact_solve, exact_tests, table_measures, table_sides, table_tests
from ...reported import Interval
from .._constraints import Printed, count_range
from .._sizes import IntArray
from .tests import label as labelled
from .tests import parted

__all__ = [
    "Among",
    "BoolArray",
    "Columns",
    "Compare",
    "Constraint",
    "Measured",
    "Share",
    "Tested",
    "deciding",
    "inside",
    "nearness",
    "pvalue",
    "settled",
    "taken",
]

Columns = tuple[IntArray, IntArray, IntArray, IntArray]
BoolArray = NDArray[np.bool_]
# Between these numbers of people a window of each row is quicker than the whole row, and packed margins fit 64 bits.
_PEOPLE = (500, 1_000_000)
Compare = Callable[[int, int, int, int, Fraction], int | None]


class Constraint(Protocol):
    """One thing that was printed of a table."""

    @property
    def label(self) -> str:
        """The keyword under which it was given."""

    @property
    def directed(self) -> bool:
        """Whether it tells the two groups apart."""

    @property
    def cost(self) -> int:
        """How long the check takes, in classes: the cheap ones come first."""

    @property
    def options(self) -> tuple[str, ...]:
        """The alternatives of its own (tests, methods) under which it may have been printed."""

    @property
    def numbers(self) -> tuple[Printed, ...]:
        """The printed numbers."""

    def keep(self, tables: Columns, option: str | None) -> BoolArray:
        """Return which tables print so, under one alternative or (None) under any."""


def taken(columns: Columns, at: Any) -> Columns:
    """Return some of the tables."""
    x1, n1, x2, n2 = columns
    return x1[at], n1[at], x2[at], n2[at]


@dataclass(frozen=True, slots=True)
class Among:
    """A count that is one of some whole numbers."""

    label: str
    of: str
    allowed: IntArray
    options: tuple[str, ...] = ()
    numbers: tuple[Printed, ...] = ()
    cost: int = 0

    @property
    def directed(self) -> bool:
        """Whether it tells the two groups apart."""
        return self.of not in ("events", "nonevents", "n")

    def keep(self, tables: Columns, option: str | None) -> BoolArray:  # noqa: ARG002 - see Constraint
        """Return which tables print so, under one alternative or under any."""
        x1, n1, x2, n2 = tables
        counts = {"x1": x1, "x2": x2, "n1": n1, "n2": n2, "events": x1 + x2, "n": n1 + n2}
        counts |= {"y1": n1 - x1, "y2": n2 - x2, "nonevents": n1 - x1 + n2 - x2}
        counted = counts[self.of]
        low, high = int(self.allowed[0]), int(self.allowed[-1])
        if high - low + 1 == self.allowed.size:
            return np.asarray((counted >= low) & (counted <= high))
        return np.isin(counted, self.allowed)


@dataclass(frozen=True, slots=True)
class Share:
    """A printed share of events: of group 1, of group 2, or of all; of those without the event if `nonevents`."""

    label: str
    of: str
    printed: Printed
    nonevents: bool = False
    options: tuple[str, ...] = ()
    cost: int = 1

    @property
    def directed(self) -> bool:
        """Whether it tells the two groups apart."""
        return self.of != "rate"

    @property
    def numbers(self) -> tuple[Printed, ...]:
        """The printed numbers."""
        return (self.printed,)

    def keep(self, tables: Columns, option: str | None) -> BoolArray:  # noqa: ARG002 - see Constraint
        """Return which tables print so, under one alternative or under any."""
        x1, n1, x2, n2 = tables
        counted, size = {"rate1": (x1, n1), "rate2": (x2, n2), "rate": (x1 + x2, n1 + n2)}[self.of]
        low, high = self.count_range(size)
        return np.asarray((counted >= low) & (counted <= high))

    def count_range(self, size: IntArray) -> tuple[IntArray, IntArray]:
        """Return the smallest and largest number of events that print so, for each number of people."""
        low, high = count_range(self.printed, size)
        return (size - high, size - low) if self.nonevents else (low, high)


@dataclass(frozen=True, slots=True)
class Measured:
    """A printed measure, such as a risk ratio; without its sign if `absolute`."""

    label: str
    measure: str
    printed: Printed
    absolute: bool = False
    options: tuple[str, ...] = ()
    cost: int = 2

    @property
    def directed(self) -> bool:
        """Whether it tells the two groups apart."""
        return not (self.absolute or self.measure in table_measures.UNDIRECTED)

    @property
    def numbers(self) -> tuple[Printed, ...]:
        """The printed numbers."""
        return (self.printed,)

    def keep(self, tables: Columns, option: str | None) -> BoolArray:  # noqa: ARG002 - see Constraint
        """Return which tables print so, under one alternative or under any."""
        values = table_measures.value(self.measure, *tables)
        bounds = table_measures.BOUNDS[self.measure]
        if self.absolute:
            values, bounds = np.abs(values), (0.0, bounds[1])
        return inside(values, self.printed.interval, bounds, tables, self._compare)

    def _compare(self, x1: int, n1: int, x2: int, n2: int, edge: Fraction) -> int | None:
        side = table_measures.compare(self.measure, x1, n1, x2, n2, edge)
        if not self.absolute or side is None:
            return side
        # The measures that may be printed without sign only turn it when the groups are exchanged.
        other = table_measures.compare(self.measure, x2, n2, x1, n1, edge)
        return side if other is None else max(side, other)


@dataclass(frozen=True, slots=True)
class Tested:
    """A printed p-value, chi-square or z of a test; `tests` is None when it is the test of the whole search.

    `sides` are alternatives that were said of this number alone, for the test of the whole search. `one_sided` says
    whether any test behind the number has one side.
    """

    label: str
    kind: str
    printed: Printed
    tests: tuple[str, ...] | None = None
    sides: tuple[str, ...] | None = None
    one_sided: bool = False

    @property
    def directed(self) -> bool:
        """Whether it tells the two groups apart."""
        return self.kind == "z" or self.one_sided

    @property
    def options(self) -> tuple[str, ...]:
        """The alternatives of its own under which it may have been printed."""
        return self.tests or ()

    @property
    def cost(self) -> int:
        """How long the check takes, in classes."""
        if self.kind != "p":
            return 3
        slow = any(parted(test)[0] in table_sides.UNCONDITIONAL for test in self.options)
        return 5 if slow else 4

    @property
    def numbers(self) -> tuple[Printed, ...]:
        """The printed numbers."""
        return (self.printed,)

    def under(self, common: str | None) -> tuple[str, ...]:
        """Return the tests that may have printed it when `common` is the test of the whole search."""
        if self.tests is not None:
            return self.tests
        if common is None:
            return ()
        test = parted(common)[0]
        if self.kind != "p":
            return (test,)
        return (common,) if self.sides is None else tuple(labelled(test, side) for side in self.sides)

    def keep(self, tables: Columns, option: str | None) -> BoolArray:
        """Return which tables print so, under one alternative or under any."""
        own = self.tests is not None and option is not None
        result = np.zeros(tables[0].shape, dtype=bool)
        for test in (option,) if own else self.under(option):
            rest = np.nonzero(~result)[0]
            result[rest] = self._prints(taken(tables, rest), str(test))
        return result

    def _prints(self, tables: Columns, name: str) -> BoolArray:
        test, alternative = parted(name)
        if self.kind == "p":
            compare = _exact_p(test, alternative)
            if test in table_sides.UNCONDITIONAL:
                return _ranked(test, alternative, tables, self.printed.interval, compare)
            values = pvalue(name, tables)
            return inside(values, self.printed.interval, (0.0, 1.0), tables, compare)
        if self.kind == "statistic":
            values = table_tests.STATISTICS[test](*tables)
            values = np.sqrt(values) if test in table_tests.BY_Z else values
            return inside(values, self.printed.interval, (0.0, np.inf), tables, _exact_statistic(test))
        values, low = table_sides.signed_z(test, *tables), -np.inf
        if self.kind == "|z|":
            values, low = np.abs(values), 0.0
        return inside(values, self.printed.interval, (low, np.inf), tables, _exact_z(test, self.kind == "z"))


def pvalue(name: str, tables: Columns) -> Any:
    """Return p, for exact tests of large tables with few margins in common by the kernel that is made for them."""
    x1, n1, x2, n2 = tables
    if name not in ("fisher", "midp") or not x1.size or not _PEOPLE[0] <= int((n1 + n2).max()) <= _PEOPLE[1]:
        return table_sides.pvalue(*parted(name), *tables)
    base = int((n1 + n2).max()) + 1
    if 4 * np.unique((n1 * base + n2) * base + x1 + x2).size < x1.size:
        return table_tests.pvalue(name, *tables)
    values = exact_solve.pvalues(*tables, midp=name == "midp")
    rest = np.isnan(values)
    values[rest] = table_tests.pvalue(name, *taken(tables, rest))
    return values


def _ranked(test: str, alternative: str, tables: Columns, interval: Interval, compare: Compare) -> BoolArray:
    """Return which tables have a p in the interval, for a test whose p falls as its statistic grows."""
    edges = deciding(interval, (0.0, 1.0))
    values = sorted(edge + side * nearness(edge) for edge in edges for side in (-1, 1))
    place = table_sides.ranks(test, alternative, values, *tables)
    # A number between the values stands for each place: next to an edge the edge itself, which is then compared.
    middle = [(low + high) / 2 for low, high in pairwise([0.0, *values, 1.0])]
    return inside(np.asarray(middle)[place], interval, (0.0, 1.0), tables, compare)


def _exact_p(test: str, alternative: str) -> Compare:
    return lambda x1, n1, x2, n2, edge: table_sides.compare_pvalue(test, alternative, x1, n1, x2, n2, edge)


def _exact_statistic(test: str) -> Compare:
    def compare(x1: int, n1: int, x2: int, n2: int, edge: Fraction) -> int:
        return exact_tests.compare_statistic(test, x1, n1, x2, n2, edge * edge if test in table_tests.BY_Z else edge)

    return compare


def _exact_z(test: str, signed: bool) -> Compare:
    def compare(x1: int, n1: int, x2: int, n2: int, edge: Fraction) -> int:
        turned = signed and x1 * n2 < x2 * n1
        target = -edge if turned else edge
        side = 1 if target < 0 else exact_tests.compare_statistic(test, x1, n1, x2, n2, target * target)
        return -side if turned else side

    return compare


# --- values against the interval that prints so ---------------------------------------------------------------


def inside(
    values: Any, interval: Interval, bounds: tuple[float, float], tables: Columns, compare: Compare
) -> BoolArray:
    """Whether values between bounds lie in an interval; those next to an edge are compared exactly.

    NaN lies nowhere.
    """
    edges = deciding(interval, bounds)
    # Rounding may carry a float past the bounds.
    values = np.clip(values, *bounds)
    with np.errstate(invalid="ignore"):
        result = np.asarray((values >= float(interval.low)) & (values <= float(interval.high)))
        near = np.zeros(result.shape, dtype=bool)
        for edge in edges:
            near |= np.abs(values - edge) <= nearness(edge)
    return np.asarray(settled(result, near, interval, tables, compare) & ~np.isnan(values))


def settled(result: BoolArray, doubt: BoolArray, interval: Interval, tables: Columns, compare: Compare) -> BoolArray:
    """Return which tables lie in an interval, those in doubt compared exactly with its ends."""
    for index in np.nonzero(doubt)[0]:
        result[index] = _exactly_inside(interval, [int(column[index]) for column in tables], compare)
    return result


def deciding(interval: Interval, bounds: tuple[float, float]) -> list[float]:
    """Return the ends of an interval that values between the bounds can pass."""
    edges = []
    if not (interval.low <= bounds[0] and interval.closed_low) and interval.low.is_finite():
        edges.append(float(interval.low))
    if not (interval.high >= bounds[1] and interval.closed_high) and interval.high.is_finite():
        edges.append(float(interval.high))
    return edges


def nearness(edge: float) -> float:
    """Return the distance from an edge within which a float does not decide: 1e-9, for other sizes in proportion."""
    size = abs(edge)
    return 1e-9 * size if size > 1.0 else min(1e-9, 1e-6 * size) or 1e-300


def _exactly_inside(interval: Interval, table: list[int], compare: Compare) -> bool:
    x1, n1, x2, n2 = table
    if interval.low.is_finite():
        low = compare(x1, n1, x2, n2, Fraction(interval.low))
        if low is None or low < 0 or (low == 0 and not interval.closed_low):
            return False
    if not interval.high.is_finite():
        return True
    high = compare(x1, n1, x2, n2, Fraction(interval.high))
    return high is not None and (high < 0 or (high == 0 and interval.closed_high))
