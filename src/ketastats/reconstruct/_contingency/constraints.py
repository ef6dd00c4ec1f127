"""What was printed about one table with several rows and columns: limits of its cells, and checks of whole tables."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import chdtri

from ...numerics import rxc, rxc_exact
from ...reported import Interval
from .._constraints import Printed, count_range
from .._sizes import IntArray
from .._tables.constraints import nearness
from .fisher import fisher_pvalues

__all__ = ["Cell", "Constraint", "Share", "Strength", "Tested", "Total"]

BoolArray = NDArray[np.bool_]
FloatArray = NDArray[np.float64]
Compare = Callable[[IntArray, Fraction], int]
_TINY = 1e-290


@dataclass(frozen=True, slots=True)
class Cell:
    """The people in one cell are one of some numbers."""

    label: str
    row: int
    column: int
    allowed: IntArray
    directed: bool = True
    options: tuple[str, ...] = ()
    printed: tuple[Printed, ...] = ()

    def limits(self, rows: IntArray, columns: IntArray) -> tuple[IntArray, IntArray]:  # noqa: ARG002 - as in Share
        """Return the least and largest number that each pair of margins leaves to the cell."""
        nothing = np.zeros(len(rows), dtype=np.int64)
        return nothing + self.allowed[0], nothing + self.allowed[-1]

    def keep(self, cells: IntArray, test: str | None) -> BoolArray:  # noqa: ARG002 - as in Tested
        """Return which tables print so."""
        return np.isin(cells[:, self.row, self.column], self.allowed)


@dataclass(frozen=True, slots=True)
class Share:
    """The printed share of one cell of its row, its column, or the whole table."""

    label: str
    row: int
    column: int
    of: str
    printed: tuple[Printed, ...]
    directed: bool = True
    options: tuple[str, ...] = ()

    def limits(self, rows: IntArray, columns: IntArray) -> tuple[IntArray, IntArray]:
        """Return the least and largest number that each pair of margins leaves to the cell."""
        sizes = {"row": rows[:, self.row], "column": columns[:, self.column], "table": rows.sum(axis=1)}[self.of]
        ends = [count_range(printed, sizes) for printed in self.printed]
        return np.min([low for low, _ in ends], axis=0), np.max([high for _, high in ends], axis=0)

    def keep(self, cells: IntArray, test: str | None) -> BoolArray:  # noqa: ARG002 - as in Tested
        """Return which tables print so; of an empty category no share is printed."""
        value = cells[:, self.row, self.column]
        axis: Any = {"row": 2, "column": 1, "table": (1, 2)}[self.of]
        sizes = cells.sum(axis=axis)
        sizes = sizes if self.of == "table" else sizes[:, self.row if self.of == "row" else self.column]
        ends = [count_range(printed, sizes) for printed in self.printed]
        return np.asarray(np.any([(value >= low) & (value <= high) for low, high in ends], axis=0) & (sizes > 0))


@dataclass(frozen=True, slots=True)
class Total:
    """A row or column total, or the number of people, is one of some numbers, or prints as a share of all."""

    label: str
    axis: str
    place: int
    allowed: IntArray | None
    printed: tuple[Printed, ...] = ()
    options: tuple[str, ...] = ()

    @property
    def directed(self) -> bool:
        """Whether it tells the groups apart."""
        return self.axis == "row"

    def keep(self, cells: IntArray, test: str | None) -> BoolArray:  # noqa: ARG002 - as in Tested
        """Return which tables print so."""
        people = cells.sum(axis=(1, 2))
        value = people
        if self.axis != "table":
            value = cells.sum(axis=2 if self.axis == "row" else 1)[:, self.place]
        if self.allowed is not None:
            return np.isin(value, self.allowed)
        ends = [count_range(printed, people) for printed in self.printed]
        return np.asarray(np.any([(value >= low) & (value <= high) for low, high in ends], axis=0))


@dataclass(frozen=True, slots=True)
class Strength:
    """Cramer's V as printed."""

    label: str
    printed: tuple[Printed, ...]
    directed: bool = False
    options: tuple[str, ...] = ()

    def range_of(self, test: str, rows: IntArray, columns: IntArray) -> tuple[Any, Any] | None:
        """Return the range of a statistic that this leaves, if it is told by it."""
        if test != "pearson":
            return None
        most = rows.sum(axis=1) * (min(rows.shape[1], columns.shape[1]) - 1)
        low, high = _hull(self.printed)
        return low**2 * most, min(high, 1.0) ** 2 * most

    def keep(self, cells: IntArray, test: str | None) -> BoolArray:  # noqa: ARG002 - as in Tested
        """Return which tables print so."""
        return _inside_any(rxc.cramers_v(cells), self.printed, 1, cells, rxc_exact.compare_cramers_v)


@dataclass(frozen=True, slots=True)
class Tested:
    """A printed p or chi-square; `tests` is None when it is of the test of the whole search."""

    label: str
    kind: str
    printed: tuple[Printed, ...]
    tests: tuple[str, ...] | None = None
    directed: bool = False

    @property
    def options(self) -> tuple[str, ...]:
        """The tests of its own by which it may have been printed."""
        return self.tests or ()

    def range_of(self, test: str, rows: IntArray, columns: IntArray) -> tuple[Any, Any] | None:
        """Return the range of a statistic that this leaves, if it is of that test; from 0 where it is not told."""
        if test == "fisher":
            return None
        low, high = _hull(self.printed)
        if self.kind == "p":
            df = rxc.degrees_of_freedom(test, (rows.shape[1], columns.shape[1]))
            low, high = (
                float(chdtri(df, high)) if high < 1.0 else 0.0,
                float(chdtri(df, low)) if low > _TINY else np.inf,
            )
        people = np.ones(len(rows))
        return low * people, high * people

    def keep(self, cells: IntArray, test: str | None) -> BoolArray:
        """Return which tables print so, by one test, or by any of its own."""
        result = np.zeros(len(cells), dtype=bool)
        for option in self.tests or (test,):
            rest = np.nonzero(~result)[0]
            result[rest] = self.prints(cells[rest], str(option))
        return result

    def prints(self, cells: IntArray, test: str) -> BoolArray:
        """Return which tables print so by one test."""
        if self.kind == "statistic":
            exact: Compare = lambda table, edge: rxc_exact.compare_statistic(test, table, edge)  # noqa: E731
            return _inside_any(rxc.statistic(test, cells), self.printed, None, cells, exact)
        if test == "fisher":
            values = fisher_pvalues(cells)
        else:
            shape = (cells.shape[1], cells.shape[2])
            values = rxc.chi_square_sf(rxc.statistic(test, cells), rxc.degrees_of_freedom(test, shape))
        return self.holds(values, cells, test)

    def holds(self, values: FloatArray, cells: IntArray, test: str) -> BoolArray:
        """Return which p-values print so."""
        return _inside_any(
            values, self.printed, 1, cells, lambda table, edge: rxc_exact.compare_pvalue(test, table, edge)
        )


Constraint = Cell | Share | Total | Strength | Tested


def _hull(printed: tuple[Printed, ...]) -> tuple[float, float]:
    return min(float(each.interval.low) for each in printed), max(float(each.interval.high) for each in printed)


def _inside_any(
    values: Any, printed: tuple[Printed, ...], most: int | None, cells: IntArray, compare: Compare
) -> BoolArray:
    return np.asarray(np.any([_inside(values, each.interval, most, cells, compare) for each in printed], axis=0))


def _inside(values: Any, interval: Interval, most: int | None, cells: IntArray, compare: Compare) -> BoolArray:
    """Whether values from 0 to `most` lie in an interval; those next to an edge are compared exactly."""
    low, high = float(interval.low), float(interval.high)
    # An end that no value can pass decides nothing.
    edges = [] if interval.low <= 0 and interval.closed_low else [low]
    if interval.high.is_finite() and not (most is not None and interval.high >= most and interval.closed_high):
        edges.append(high)
    if most is not None:
        values = np.minimum(values, float(most))
    with np.errstate(invalid="ignore"):
        result = np.asarray((values >= low) & (values <= high))
        near = np.zeros(result.shape, dtype=bool)
        for edge in edges:
            near |= np.abs(values - edge) <= nearness(edge)
    for index in np.nonzero(near)[0]:
        result[index] = _exactly_inside(interval, cells[index], compare)
    return np.asarray(result & ~np.isnan(values))


def _exactly_inside(interval: Interval, table: IntArray, compare: Compare) -> bool:
    low = compare(table, Fraction(interval.low))
    if low < 0 or (low == 0 and not interval.closed_low):
        return False
    if not interval.high.is_finite():
        return True
    high = compare(table, Fraction(interval.high))
    return high < 0 or (high == 0 and interval.closed_high)
