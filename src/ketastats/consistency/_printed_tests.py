"""Columns of printed tests: which p each can have given, and whether that meets the p that was printed."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal, localcontext
from fractions import Fraction
from math import inf, isfinite
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..numerics import printed_pvalues as kernel
from ..numerics.tail_digits import compare_tail
from ..reported import Interval, Rounding
from ._branches import ONE_SIDED, OTHER_DIRECTION, TWO_SIDED, Branch
from ._printed import ABOVE, AT_LEAST, AT_MOST, BELOW, EQUAL, Column, Ends

__all__ = ["AGAINST", "ALONG", "BOTH", "EITHER", "PrintedTests", "Range", "magnitude"]

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]
Pair = tuple[FloatArray, FloatArray]

_EPSILONS = 9
_SIDAK_DIGITS = 200

#: From which tail p was taken: both, that of the statistic, the opposite one, or one of them when its sign is unknown.
BOTH, ALONG, AGAINST, EITHER = range(4)


@dataclass(frozen=True, slots=True)
class Range:
    """The two-sided (or upper) p of each row over everything that prints as its test."""

    least: FloatArray
    most: FloatArray
    closed_least: BoolArray
    closed_most: BoolArray
    at_least: FloatArray
    at_most: FloatArray


@dataclass(frozen=True, slots=True)
class PrintedTests:
    """Printed tests by columns.

    Parameters
    ----------
    family : ndarray of int
        Families as in `numerics.printed_pvalues`.
    df1, df2 : pair of ndarray
        Smallest and largest degrees of freedom.
    welch : ndarray of bool
        Rows of t and F whose whole degrees of freedom may have been rounded.
    directed : ndarray of bool
        Rows whose statistic has a direction, so that one tail of it can be asked for.
    tail : ndarray of int
        From which tail p was taken as stated.
    statistic, p : Column
        What was printed.
    """

    family: IntArray
    df1: tuple[FloatArray, FloatArray]
    df2: tuple[FloatArray, FloatArray]
    welch: BoolArray
    directed: BoolArray
    tail: IntArray
    statistic: Column
    p: Column
    _ranges: dict[tuple[Rounding | None, bool, float], Range] = field(default_factory=dict)
    _targets: dict[Rounding | None, Ends] = field(default_factory=dict)

    def possible(self) -> BoolArray:
        """Whether each statistic and each p can be one at all."""
        ends = self.statistic.ends()
        size, _ = magnitude(ends, self.statistic)
        negative = (ends.high < 0) & (self.statistic.relation == EQUAL)
        code, of_p, target = self.statistic.code, self.p.code, self.p.ends()
        at_most_one = (target.low < 1) | ((target.low == 1) & target.closed_low)
        at_least_zero = (target.high > 0) | ((target.high == 0) & target.closed_high)
        wrong = ((self.family == kernel.F) | (self.family == kernel.CHI2)) & negative[code]
        beyond = (size.low > 1) | ((size.low == 1) & ~size.closed_low)
        wrong |= (self.family == kernel.R) & beyond[code]
        return np.asarray(~wrong & (at_most_one & at_least_zero)[of_p])

    def applies(self, branch: Branch) -> BoolArray:
        """Rows for which the departures of a branch change anything."""
        out = np.ones(self.family.shape, dtype=bool)
        equal, zero = self.p.relation == EQUAL, self.p.values == 0
        if branch.p_cut:
            out &= (equal & ~zero)[self.p.code]
        if branch.p_zero:
            out &= (equal & zero)[self.p.code]
        if branch.statistic_cut:
            out &= (self.statistic.relation == EQUAL)[self.statistic.code]
        if branch.df_rounded:
            out &= self.welch
        if branch.epsilon != 1.0:
            out &= (self.family == kernel.F) & (self.df1[0] > 1.0)
        if branch.side:
            out &= self.directed
        if branch.doubled:
            out &= self.tail == BOTH
        if branch.side == ONE_SIDED:
            out &= self.tail == BOTH
        if branch.side == TWO_SIDED:
            out &= self.tail != BOTH
        if branch.side == OTHER_DIRECTION:
            out &= self.tail != EITHER
        return out

    def tails(self, branch: Branch) -> IntArray:
        """From which tail p was taken under a branch."""
        if branch.side == ONE_SIDED:
            return np.full_like(self.tail, ALONG)
        if branch.side == TWO_SIDED:
            return np.full_like(self.tail, BOTH)
        if branch.side == OTHER_DIRECTION:
            return np.where(self.tail == AGAINST, ALONG, AGAINST)
        return self.tail

    def range(self, branch: Branch) -> Range:
        """Return the p that each row to which a branch applies can have given."""
        key = (branch.statistic_cut, branch.df_rounded, branch.epsilon)
        if key not in self._ranges:
            alone = Branch(statistic_cut=key[0], df_rounded=key[1], epsilon=key[2])
            rows = self.applies(alone) if branch.epsilon else self.applies(alone) & ~self.holds(Branch())
            self._ranges[key] = self._range(branch, np.nonzero(rows)[0])
        return self._ranges[key]

    def _range(self, branch: Branch, at: IntArray) -> Range:
        size, _ = magnitude(self.statistic.ends(branch.statistic_cut), self.statistic)
        size = size.take(self.statistic.code[at])
        most = np.where(self.family[at] == kernel.R, 1.0, inf)
        statistics = np.minimum(size.low, most), np.minimum(size.high, most)
        found: tuple[FloatArray, ...]
        if branch.epsilon:
            found = kernel.ends(self.family[at], *statistics, *self._freedom(branch, at, branch.epsilon))
        else:
            found = self._any_epsilon(branch, at, statistics)
        full = [np.zeros((*part.shape[:-1], self.family.size)) for part in found]
        for whole, part in zip(full, found, strict=True):
            whole[..., at] = part
        closed = [np.zeros(self.family.shape, dtype=bool) for _ in range(2)]
        # p falls as the statistic grows; the ends of the degrees of freedom belong to them.
        closed[0][at], closed[1][at] = size.closed_high | (size.high > most), size.closed_low
        return Range(full[0], full[1], closed[0], closed[1], full[2], full[3])

    def _freedom(self, branch: Branch, at: IntArray, epsilon: Any) -> tuple[Pair, Pair]:
        """Return the smallest and largest degrees of freedom of some rows."""
        df1, df2 = ((low[at] * epsilon, high[at] * epsilon) for low, high in (self.df1, self.df2))
        if branch.df_rounded:
            df2 = df2[0] - 0.5, df2[1] + 0.5
        return df1, df2

    def _any_epsilon(self, branch: Branch, at: IntArray, statistics: Pair) -> tuple[FloatArray, ...]:
        """Return the least and the most p over epsilons from ``1 / df1`` to 1, between which none is left out."""
        least = 1.0 / self.df1[1][at]
        found: tuple[FloatArray, ...] = ()
        for part in np.linspace(0.0, 1.0, _EPSILONS):
            here = kernel.ends(self.family[at], *statistics, *self._freedom(branch, at, least + part * (1.0 - least)))
            if not found:
                found = here
                continue
            lower, higher = here[0] < found[0], here[1] > found[1]
            found = tuple(np.where(lower if k % 2 == 0 else higher, here[k], found[k]) for k in range(4))
        return found

    def target(self, branch: Branch) -> Ends:
        """Return the p that print so, for each row."""
        if branch.p_rule not in self._targets:
            self._targets[branch.p_rule] = self.p.ends(branch.p_rule).take(self.p.code)
        return self._targets[branch.p_rule]

    def holds(self, branch: Branch) -> BoolArray:
        """Return for each row whether test and p agree under a branch."""
        rows = self.applies(branch)
        out = np.zeros(rows.shape, dtype=bool)
        if not branch.epsilon:
            # What agrees as it stands does so with an epsilon of 1.
            out = rows & self.holds(Branch())
            rows &= ~out
        if not rows.any():
            return out
        found, tails = self.range(branch), self.tails(branch)
        for tail in (BOTH, ALONG, AGAINST):
            at = np.nonzero(rows & ((tails == tail) | ((tails == EITHER) & (tail != BOTH))))[0]
            if at.size:
                out[at] |= self._meets(branch, tail, found, at)
        return out

    def _meets(self, branch: Branch, tail: int, found: Range, at: IntArray) -> BoolArray:
        target = self.target(branch)
        low, high = undo(target.low[at], np.where(target.high[at] >= 1, inf, target.high[at]), tail, branch)
        closed_low, closed_high = target.closed_low[at], target.closed_high[at]
        if tail == AGAINST:
            closed_low, closed_high = closed_high, closed_low
        meets, near_low, near_high = kernel.overlap(found.least[at], found.most[at], low, high)
        # Where the ends are the same float by definition, 0 or 1, closedness decides; floats within know no ties.
        meets &= (found.most[at] > low) | (closed_low & found.closed_most[at])
        meets &= (found.least[at] < high) | (closed_high & found.closed_least[at])
        for k in np.nonzero(near_low | near_high)[0]:
            meets[k] = self._exactly(branch, tail, found, int(at[k]))
        return meets

    def _exactly(self, branch: Branch, tail: int, found: Range, row: int) -> bool:
        """Decide one row by fractions and tails of as many digits as it takes."""
        place = int(self.statistic.code[row])
        size = exact_magnitude(
            self.statistic.exact(place, branch.statistic_cut),
            int(self.statistic.relation[place]),
            negative=bool(self.statistic.negative[place]),
        )
        printed = self.p.exact(int(self.p.code[row]), branch.p_rule)
        cut = inf if printed.high >= 1 else _exact_end(printed.high)
        low, high = undo(_exact_end(printed.low), cut, tail, branch)
        closed_low, closed_high = printed.closed_low, printed.closed_high
        if tail == AGAINST:
            closed_low, closed_high = closed_high, closed_low
        family = kernel.FAMILIES[int(self.family[row])]
        above = _compare(family, size.low, found.at_most[:, row], low)
        below = _compare(family, size.high, found.at_least[:, row], high)
        reaches_low = above > 0 or (above == 0 and closed_low and size.closed_low)
        return reaches_low and (below < 0 or (below == 0 and closed_high and size.closed_high))


def magnitude(ends: Ends, column: Column) -> tuple[Ends, IntArray]:
    """Return the absolute values of printed statistics, and their sign where it is known.

    "t < 1" speaks of the absolute value, and so does "t < -2.2", which says that it is large.
    """
    low, high, relation, negative = ends.low, ends.high, column.relation, column.negative
    equal = relation == EQUAL
    over_zero = equal & (low <= 0) & (high >= 0)
    flip = negative & ~over_zero
    small = ~equal & ((relation == BELOW) | (relation == AT_MOST)) & ~negative
    small |= ~equal & ((relation == ABOVE) | (relation == AT_LEAST)) & negative
    from_zero = over_zero | small
    size_low = np.where(flip, -high, low)
    size_high = np.where(flip, -low, high)
    closed_low = np.where(flip, ends.closed_high, ends.closed_low)
    closed_high = np.where(flip, ends.closed_low, ends.closed_high)
    size_high = np.where(over_zero, np.maximum(-low, high), size_high)
    out = Ends(np.where(from_zero, 0.0, size_low), size_high, closed_low | from_zero, closed_high)
    sign = np.where(from_zero, 0, np.where(negative, -1, np.where(equal, 1, 0)))
    return out, sign


def exact_magnitude(interval: Interval, relation: int, *, negative: bool) -> Interval:
    """Return the absolute values of one printed statistic exactly."""
    zero = Decimal(0)
    if relation == EQUAL and interval.low <= 0 <= interval.high:
        return Interval(zero, max(-interval.low, interval.high), True, interval.closed_high)
    flipped = Interval(-interval.high, -interval.low, interval.closed_high, interval.closed_low)
    size = flipped if negative else interval
    return size.intersect(Interval(zero, Decimal("Infinity"), True, False))


def undo(low: Any, high: Any, tail: int, branch: Branch) -> tuple[Any, Any]:
    """Return which two-sided p give the p of one tail after it was corrected: floats in arrays, or fractions.

    `high` is infinite where p may be 1, at which a product is cut.
    """
    low, high = (_uncorrected(end, branch) for end in (low, high))
    if tail == ALONG:
        return 2 * low, 2 * high
    if tail == AGAINST:
        return 2 * (1 - high), 2 * (1 - low)
    return low, high


def _uncorrected(p: Any, branch: Branch) -> Any:
    """Return p before it was doubled, or multiplied, or corrected by Sidak."""
    exact = isinstance(p, Fraction)
    factor = 2 if branch.doubled else branch.factor
    p = p / (Fraction(repr(float(factor))) if exact else factor)
    if branch.sidak == 1.0:
        return p
    if exact:
        # The root is no fraction, so that a p is never exactly there, and far more digits than are compared decide.
        with localcontext(prec=_SIDAK_DIGITS):
            rest = Decimal((1 - p).numerator) / Decimal((1 - p).denominator)
            return 1 - Fraction(rest ** (1 / Decimal(branch.sidak)))
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(np.asarray(p) >= 1, inf, -np.expm1(np.log1p(-p) / branch.sidak))[()]


def _exact_end(end: Decimal) -> Fraction | float:
    return Fraction(end) if end.is_finite() else float(end)


def _compare(family: str, statistic: Decimal, df: FloatArray, edge: Fraction | float) -> int:
    """Return -1, 0 or 1 as the p of a printed statistic is below, at or above an edge."""
    if isinstance(edge, float):
        return -1 if edge > 0 else 1
    if statistic.is_infinite():
        return (edge < 0) - (edge > 0)
    # The shortest text of a float gives back the decimal that was printed.
    df1, df2 = (Fraction(repr(float(part))) if isfinite(part) else Fraction(0) for part in df)
    return compare_tail(family, Fraction(statistic), df1, df2, edge)
