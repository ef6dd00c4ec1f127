"""Columns of printed effect sizes: which of them follow from the printed tests, by which convention and split."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from math import inf
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..reported import Rounding
from ._effect_conventions import Convention, Design
from ._printed import Column, Ends
from ._printed_tests import exact_magnitude, magnitude

__all__ = ["PrintedEffects"]

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

# A float this close to an edge, in parts of the edge, leaves the decision to fractions.
_NEAR = 1e-11


@dataclass(frozen=True, slots=True)
class PrintedEffects:
    """Effect sizes and tests by columns.

    Parameters
    ----------
    value, statistic : Column
        What was printed.
    squared : bool
        Whether the statistic is t or z, whose square the formulas take.
    directed : bool
        Whether effect size and statistic both have a direction.
    signed : bool
        Whether the effect size may be below 0 although it has no direction, as omega squared may.
    n, n1, n2 : ndarray of int
        People in all and in each group; `n1` is 0 where the split is unknown.
    least : ndarray of int
        The smallest group that is thought possible.
    df1, df2, j : ndarray
        Degrees of freedom of the equivalent F, and the correction for bias.
    """

    value: Column
    statistic: Column
    squared: bool
    directed: bool
    n: IntArray
    n1: IntArray
    n2: IntArray
    least: IntArray
    df1: FloatArray
    df2: FloatArray
    j: FloatArray
    _ends: dict[tuple[str, bool], Ends] = field(default_factory=dict)

    def statistics(self, *, truncated: bool) -> Ends:
        """Return what F, chi-squared, or the square of t or z can be in each row."""
        key = ("statistic", truncated)
        if key not in self._ends:
            size, _ = magnitude(self.statistic.ends(_rule(truncated)), self.statistic)
            found = size.take(self.statistic.code)
            if self.squared:
                found = Ends(np.square(found.low), np.square(found.high), found.closed_low, found.closed_high)
            self._ends[key] = found
        return self._ends[key]

    def values(self, *, truncated: bool) -> Ends:
        """Return what the effect size can be in each row; its absolute value where it has a direction."""
        key = ("value", truncated)
        if key not in self._ends:
            ends = self.value.ends(_rule(truncated))
            size = magnitude(ends, self.value)[0] if self.directed else ends
            self._ends[key] = size.take(self.value.code)
        return self._ends[key]

    def possible(self) -> BoolArray:
        """Whether each statistic can be one at all: no F is negative."""
        negative = self.statistic.ends().high < 0
        return np.asarray(self.squared | ~negative[self.statistic.code])

    def opposite(self) -> BoolArray:
        """Rows whose statistic and effect size point in opposite directions."""
        if not (self.directed and self.squared):
            return np.zeros(self.n.shape, dtype=bool)
        signs = [magnitude(column.ends(), column)[1][column.code] for column in (self.value, self.statistic)]
        return np.asarray(signs[0] * signs[1] < 0)

    def holds(self, convention: Convention, *, truncated: bool = False) -> BoolArray:
        """Return for each row whether the sizes agree by a convention, over all splits and shapes that are possible."""
        if convention.by_split:
            first, last = self.splits(convention, truncated=truncated)
            return np.asarray(first <= last)
        out = np.zeros(self.n.shape, dtype=bool)
        most = int(np.sqrt(self.df1.max(initial=1.0))) if convention.by_shape else 1
        rows = np.arange(self.n.size)
        for k in range(1, most + 1):
            fits = (self.df1 % k == 0) & (k * k <= self.df1) if convention.by_shape else np.ones_like(out)
            at = rows[fits & ~out]
            design = [self.design(at, truncated=truncated, upper=upper, k=k) for upper in (False, True)]
            out[at] = self._reaches(convention, design[1], at, truncated) & (
                convention.at_most | self._stays(convention, design[0], at, truncated)
            )
        return out

    def splits(self, convention: Convention, *, truncated: bool = False) -> tuple[IntArray, IntArray]:
        """Return the smallest and the largest smaller group for which a row agrees; the second is less if none does."""
        rows = np.arange(self.n.size)
        known = self.n1 > 0
        low = np.where(known, np.minimum(self.n1, self.n2), np.minimum(self.least, self.n // 2))
        high = np.where(known, low, self.n // 2)
        # The effect falls as the groups get more equal: too small from some split on, too large up to another.
        last = self._bisect(lambda at, n1: self._split(convention, at, n1, truncated, upper=True), rows, low, high)
        first = self._bisect(lambda at, n1: ~self._split(convention, at, n1, truncated, upper=False), rows, low, high)
        return first + 1, last

    def _bisect(self, holds: Any, rows: IntArray, low: IntArray, high: IntArray) -> IntArray:
        """Return the last whole number from `low` to `high` up to which a condition holds, or ``low - 1``."""
        first, last = low - 1, high.copy()
        at = rows[first < last]
        while at.size:
            middle = (first[at] + last[at] + 1) // 2
            yes = holds(at, middle)
            first[at[yes]] = middle[yes]
            last[at[~yes]] = middle[~yes] - 1
            at = at[first[at] < last[at]]
        return first

    def _split(self, convention: Convention, at: IntArray, n1: IntArray, truncated: bool, *, upper: bool) -> BoolArray:
        design = self.design(at, truncated=truncated, upper=upper, n1=n1)
        if upper:
            return self._reaches(convention, design, at, truncated, n1)
        return self._stays(convention, design, at, truncated, n1)

    def design(self, at: IntArray, *, truncated: bool, upper: bool, n1: IntArray | None = None, k: int = 1) -> Design:
        """Return what the formulas use, with the smallest or the largest statistic of some rows."""
        ends = self.statistics(truncated=truncated)
        n = self.n[at].astype(np.float64)
        small = 0.5 * n if n1 is None else n1.astype(np.float64)
        f = (ends.high if upper else ends.low)[at]
        # Beyond it no effect size differs from that of an endless statistic.
        f = np.minimum(f, 1e200)
        w = n / (small * (n - small))
        return Design(f=f, n=n, df1=self.df1[at], df2=self.df2[at], w=w, j=self.j[at], k=float(k))

    def _reaches(
        self, convention: Convention, design: Design, at: IntArray, truncated: bool, n1: IntArray | None = None
    ) -> BoolArray:
        """Whether the largest effect is as large as the smallest that prints so."""
        edges, found = self.values(truncated=truncated), convention.formula(design)
        edge = np.maximum(edges.low[at], 0.0) ** convention.power if convention.power == 2 else edges.low[at]
        closed = edges.closed_low[at] & self.statistics(truncated=truncated).closed_high[at]
        below_zero = (edges.low[at] < 0) & (convention.power == 2)
        out = (found > edge) | ((found == edge) & closed) | below_zero
        for k in np.nonzero(_near(found, edge) & ~below_zero)[0]:
            side = self._side(
                convention, int(at[k]), truncated, None if n1 is None else int(n1[k]), design.k, upper=True
            )
            out[k] = side > 0 or (side == 0 and bool(closed[k]))
        return np.asarray(out)

    def _stays(
        self, convention: Convention, design: Design, at: IntArray, truncated: bool, n1: IntArray | None = None
    ) -> BoolArray:
        """Whether the smallest effect is as small as the largest that prints so."""
        edges, found = self.values(truncated=truncated), convention.formula(design)
        edge = np.where(edges.high[at] < 0, -1.0, edges.high[at] ** 2) if convention.power == 2 else edges.high[at]
        closed = edges.closed_high[at] & self.statistics(truncated=truncated).closed_low[at]
        out = (found < edge) | ((found == edge) & closed)
        for k in np.nonzero(_near(found, edge))[0]:
            side = self._side(
                convention, int(at[k]), truncated, None if n1 is None else int(n1[k]), design.k, upper=False
            )
            out[k] = side < 0 or (side == 0 and bool(closed[k]))
        return np.asarray(out)

    def _side(self, convention: Convention, row: int, truncated: bool, n1: int | None, k: float, *, upper: bool) -> int:
        """Return -1, 0 or 1 as the effect of one row is below, at or above its edge, by fractions."""
        place = int(self.statistic.code[row])
        size = exact_magnitude(
            self.statistic.exact(place, _rule(truncated)),
            int(self.statistic.relation[place]),
            negative=bool(self.statistic.negative[place]),
        )
        end = size.high if upper else size.low
        if not end.is_finite():
            return 1
        f = Fraction(end) ** (2 if self.squared else 1)
        n = Fraction(int(self.n[row]))
        small = n / 2 if n1 is None else Fraction(n1)
        df1, df2, j = (Fraction(repr(float(part[row]))) for part in (self.df1, self.df2, self.j))
        exact = Design(f=f, n=n, df1=df1, df2=df2, w=n / (small * (n - small)), j=j, k=Fraction(int(k)))
        found = convention.formula(exact)
        edge = self._edge(row, truncated, upper=upper)
        target = edge**convention.power
        return int(found > target) - int(found < target)

    def _edge(self, row: int, truncated: bool, *, upper: bool) -> Fraction:
        """Return the end of the printed effect size that a statistic has to reach, exactly."""
        place = int(self.value.code[row])
        interval = self.value.exact(place, _rule(truncated))
        if self.directed:
            interval = exact_magnitude(
                interval, int(self.value.relation[place]), negative=bool(self.value.negative[place])
            )
        end: Decimal = interval.low if upper else interval.high
        return Fraction(end)


def _rule(truncated: bool) -> Rounding | None:
    return Rounding.TRUNCATE if truncated else None


def _near(found: FloatArray, edge: FloatArray) -> BoolArray:
    finite = np.isfinite(edge) & (np.abs(edge) < inf)
    with np.errstate(invalid="ignore"):
        return np.asarray(finite & (np.abs(found - edge) <= _NEAR * np.abs(edge)) & (edge != 0))
