"""Columns of printed estimates with their limits: which middles, standard errors and p they allow together."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray
from scipy import special

from ..numerics import octagons, student_t
from ..reported import Interval, Rounding
from ._departures import Departure
from ._printed import EQUAL, Column, Ends

__all__ = ["FISHER", "LOG", "PLAIN", "PrintedLimits"]

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]
Pair = tuple[FloatArray, FloatArray]

# Floats this close to each other, in parts of the limits, leave the decision to fractions.
_NEAR = 1e-9
_TIE = 1e-12
_SMALLEST = 1e-300
_LEAST_LEVEL = 1e-12
_ALMOST_ONE = float(np.nextafter(1.0, 0.0))
#: Where intervals are symmetric.
SCALES = ("plain", "log", "fisher")
PLAIN, LOG, FISHER = range(3)


@dataclass(frozen=True, slots=True)
class PrintedLimits:
    """Estimates, limits, standard errors and p by columns.

    Parameters
    ----------
    estimate, low, high, se, p : Column
        What was printed.
    known : dict of str to ndarray of bool
        For each of these the rows in which it was printed.
    level, df, n : ndarray
        Level of each interval, its degrees of freedom, and how many people there are, 0 where that is unknown.
    scale : ndarray of int
        On which of `SCALES` each interval was stated to be symmetric: the plain one, the logarithm for ratios,
        Fisher's z for correlations.
    one_sided : ndarray of bool
        Rows whose p was stated to be one-sided.
    """

    estimate: Column
    low: Column
    high: Column
    se: Column
    p: Column
    known: dict[str, BoolArray]
    level: FloatArray
    df: FloatArray
    n: FloatArray
    scale: NDArray[np.int64]
    one_sided: BoolArray
    _cache: dict[Departure, tuple[BoolArray, FloatArray, FloatArray]] = field(default_factory=dict)
    _ends: dict[tuple[str, Rounding | None], Ends] = field(default_factory=dict)

    def ends(self, name: str, rule: Rounding | None = None) -> Ends:
        """Return the interval of each row; everything where nothing was printed."""
        key = (name, rule)
        if key not in self._ends:
            column: Column = getattr(self, name)
            found = column.ends(rule).take(column.code)
            missing = ~self.known[name]
            found.low[missing], found.high[missing] = 0.0 if name == "se" else -np.inf, np.inf
            self._ends[key] = found
        return self._ends[key]

    @property
    def single(self) -> BoolArray:
        """Rows with one limit, which is that of a one-sided interval."""
        return self.known["low"] ^ self.known["high"]

    @property
    def turned(self) -> BoolArray:
        """Rows whose lower limit is above the upper one."""
        values = self.low.values[self.low.code], self.high.values[self.high.code]
        return (values[0] > values[1]) & ~self.single

    def applies(self, departure: Departure) -> BoolArray:
        """Rows for which the departures change anything, and on whose scale the numbers lie."""
        out = np.ones(self.level.shape, dtype=bool)
        if departure.scale:
            # Nobody takes the logarithm of a correlation.
            out &= (self.scale == PLAIN) if departure.scale == "log" else (self.scale != PLAIN)
        if departure.level:
            out &= self.level != departure.level
        if departure.one_sided:
            out &= self.known["p"] & ~self.one_sided
        if departure.normal:
            out &= np.isfinite(self.df)
        if departure.student:
            out &= np.isinf(self.df) & (self.n > 1.0)
        if departure.swapped:
            out &= self.turned
        if departure.errors:
            out &= ~self.single
        if departure.deviation:
            out &= self.known["se"] & (self.n > 1.0)
        if departure.two_sided:
            out &= self.single
        return out

    def scales(self, departure: Departure) -> NDArray[np.int64]:
        """Return on which of `SCALES` the interval of each row is symmetric under a departure."""
        if not departure.scale:
            return self.scale
        return np.full_like(self.scale, LOG if departure.scale == "log" else PLAIN)

    def holds(self, departure: Departure) -> BoolArray:
        """Return for each row whether the numbers agree under a departure."""
        applies = self.applies(departure)
        if not applies.any():
            return applies
        possible, nearest, farthest = self._ratios(departure)
        out = applies & possible
        at = np.nonzero(out & self.known["p"])[0]
        if at.size:
            rule = Rounding.TRUNCATE if departure.truncated else None
            half = np.where(self.one_sided[at] | departure.one_sided, 0.5, 1.0)
            least, most = (half * p for p in self._two_sided(departure, nearest[at], farthest[at], at))
            out[at] = _meets(least, most, self.ends("p", rule).take(at))
        return out

    def _ratios(self, departure: Departure) -> tuple[BoolArray, FloatArray, FloatArray]:
        """Return where a middle fits its limits, and its smallest and largest distance from 0 in half widths."""
        key = replace(departure, one_sided=False)
        if not self.known["se"].any():
            # Without a standard error the multiple of it does not matter here.
            key = Departure(truncated=key.truncated, scale=key.scale, swapped=key.swapped)
        if key not in self._cache:
            parts = self.octagon(departure)
            on_scale, slack, size = parts[0], parts[-1], self._size(parts)
            out = on_scale & (slack >= -_TIE * size)
            near = (
                on_scale & (np.abs(slack) <= _NEAR * size) & self.known["estimate"] & ~self.known["se"] & ~self.single
            )
            rows = np.nonzero(near)[0]
            out[rows] = self._exactly(rows, departure)
            self._cache[key] = (out, *self._distances(parts))
        return self._cache[key]

    def octagon(
        self, departure: Departure, *, alone: bool = False
    ) -> tuple[BoolArray, Pair, Pair, Pair, Pair, FloatArray]:
        """Return which rows lie on their scale, then what the printed numbers leave of limits, sum and width there.

        With `alone` only the limits count.
        """
        rule = Rounding.TRUNCATE if departure.truncated else None
        names = ("high", "low", "estimate") if departure.swapped else ("low", "high", "estimate")
        scales = self.scales(departure)
        on_scale = np.ones(scales.shape, dtype=bool)
        scaled: list[Pair] = []
        for name in names:
            ends = self.ends(name, rule)
            on_scale &= (scales == PLAIN) | (ends.high > np.where(scales == FISHER, -1.0, 0.0))
            on_scale &= (scales != FISHER) | (ends.low < 1.0)
            low, high = _transform(ends.low, scales), _transform(ends.high, scales)
            scaled.append((low, high))
        low_pair, high_pair, middle = scaled
        endless = np.full(scales.shape, np.inf)
        se = self.ends("se", rule)
        multiple = 2.0 * self.quantile(departure)
        total = (-endless, endless) if alone else (2.0 * middle[0], 2.0 * middle[1])
        width = (np.zeros_like(endless), endless) if alone else (multiple * np.maximum(se.low, 0.0), multiple * se.high)
        if departure.deviation:
            with np.errstate(divide="ignore"):
                width = width[0] / np.sqrt(self.n), width[1] / np.sqrt(self.n)
        on_scale &= alone | (se.high >= 0)
        return on_scale, *octagons.tighten(low_pair, high_pair, total, width)

    def freedom(self, departure: Departure) -> FloatArray:
        """Return the degrees of freedom of each row, infinite for the normal distribution."""
        if departure.normal:
            return np.full_like(self.df, np.inf)
        return np.where(np.isinf(self.df) & (self.n > 1.0), self.n - 1.0, self.df) if departure.student else self.df

    def quantile(self, departure: Departure) -> FloatArray:
        """Return half the width of each interval in standard errors."""
        if departure.errors:
            return np.ones_like(self.level)
        level = np.full_like(self.level, departure.level) if departure.level else self.level
        if not departure.two_sided:
            # As much is beyond the limit of a one-sided interval as beyond both of a wider one.
            level = np.where(self.single, np.maximum(2.0 * level - 1.0, _LEAST_LEVEL), level)
        out = -special.ndtri(0.5 * (1.0 - level))
        df = self.freedom(departure)
        at = np.nonzero(np.isfinite(df))[0]
        if at.size:
            pairs, place = np.unique(np.stack([level[at], df[at]]), axis=1, return_inverse=True)
            out[at] = student_t.isf(0.5 * (1.0 - pairs[0]), pairs[1])[place]
        return out

    def _size(self, parts: tuple[BoolArray, Pair, Pair, Pair, Pair, FloatArray]) -> FloatArray:
        low, high = (np.where(np.isfinite(end), np.abs(end), 0.0) for end in (parts[1][0], parts[2][1]))
        return np.maximum(low, high) + _SMALLEST

    def _distances(self, parts: tuple[BoolArray, Pair, Pair, Pair, Pair, FloatArray]) -> Pair:
        total, width = octagons.corners(*parts[1:5])
        with np.errstate(divide="ignore", invalid="ignore"):
            ratio = np.where(width > 0, total / width, np.where(total == 0, 0.0, np.copysign(np.inf, total)))
        # Of a single limit without an estimate anything follows.
        unknown = np.isnan(ratio).any(axis=0)
        ratio = np.where(unknown, 0.0, ratio)
        over_zero = (ratio.min(axis=0) <= 0) & (ratio.max(axis=0) >= 0)
        size = np.abs(ratio)
        return np.where(over_zero, 0.0, size.min(axis=0)), np.where(unknown, np.inf, size.max(axis=0))

    def _two_sided(
        self, departure: Departure, nearest: FloatArray, farthest: FloatArray, at: NDArray[np.int64]
    ) -> Pair:
        """Return the smallest and the largest two-sided p of some rows."""
        multiple = self.quantile(departure)[at]
        df = self.freedom(departure)[at]
        least, most = (_two_tails(multiple * distance, df) for distance in (farthest, nearest))
        return least, most

    def p_range(self, departure: Departure, parts: tuple[BoolArray, Pair, Pair, Pair, Pair, FloatArray]) -> Pair:
        """Return the two-sided p over an octagon."""
        return self._two_sided(departure, *self._distances(parts), np.arange(self.level.size))

    def _exactly(self, rows: NDArray[np.int64], departure: Departure) -> BoolArray:
        """Decide in whole numbers whether the estimate can be the middle of the limits."""
        rule = Rounding.TRUNCATE if departure.truncated else None
        names = ("high", "low", "estimate") if departure.swapped else ("low", "high", "estimate")
        columns: list[Column] = [getattr(self, name) for name in names]
        ends = [column.whole(rule).take(rows) for column in columns]
        scales = self.scales(departure)[rows]
        logs = scales == LOG
        # Every unit is a power of ten, so that the largest is a multiple of all; products may be of any size.
        unit = np.max([end.scale.astype(object) for end in ends], axis=0)
        low0, low1, high0, high1, middle0, middle1 = (
            part.astype(object) * (unit // end.scale) for end in ends for part in (end.low, end.high)
        )
        low, high, middle = ends
        # On the log scale the product of the limits is the square of the middle.
        bottom = np.where(logs, np.maximum(low0, 0) * np.maximum(high0, 0), low0 + high0)
        top = np.where(logs, low1 * high1, low1 + high1)
        first = np.where(logs, np.maximum(middle0, 0) ** 2, 2 * middle0)
        last = np.where(logs, middle1**2, 2 * middle1)
        reaches = (top > first) | ((top == first) & low.closed_high & high.closed_high & middle.closed_low)
        stays = (bottom < last) | ((bottom == last) & low.closed_low & high.closed_low & middle.closed_high)
        out = np.asarray(reaches & stays & (low0 <= high1), dtype=bool)
        for place in np.nonzero(scales == FISHER)[0]:
            low_end, high_end, centre = (column.exact(int(column.code[rows[place]]), rule) for column in columns)
            out[place] = _fits(low_end, high_end, centre)
        return out

    def asymmetric(self, null: FloatArray) -> BoolArray:
        """Return for each row whether the estimate may lie inside, and p on the side of the level where 0 effect lies.

        This is all that an exact, profile or bootstrap interval promises.
        """
        low, high, middle, p = (self.ends(name) for name in ("low", "high", "estimate", "p"))
        inside = (middle.high >= low.low) & (middle.low <= high.high) & (low.low <= high.high)
        may_hold = (low.low <= null) & (high.high >= null)
        may_exclude = (self.known["low"] & (low.high > null)) | (self.known["high"] & (high.low < null))
        half = np.where(self.one_sided, 2.0, 1.0)
        outside = np.where(self.single, 2.0, 1.0) * (1.0 - self.level)
        small, large = half * p.low <= outside, half * p.high >= outside
        exact = (self.low.relation == EQUAL)[self.low.code] & (self.high.relation == EQUAL)[self.high.code]
        return np.asarray(inside & exact & ((may_hold & large) | (may_exclude & small)))


def _two_tails(t: FloatArray, df: FloatArray) -> FloatArray:
    out = 2.0 * special.ndtr(-t)
    at = np.nonzero(np.isfinite(df))[0]
    if at.size:
        out[at] = 2.0 * student_t.sf(t[at], df[at])
    return np.minimum(out, 1.0)


def _transform(value: FloatArray, scales: NDArray[np.int64]) -> FloatArray:
    """Return numbers on the scales of their rows; what lies beyond a scale goes to its end."""
    out = value
    if np.any(scales == LOG):
        out = np.where(scales == LOG, np.log(np.maximum(value, _SMALLEST)), out)
    if np.any(scales == FISHER):
        out = np.where(scales == FISHER, np.arctanh(np.clip(value, -_ALMOST_ONE, _ALMOST_ONE)), out)
    return out


def _fits(low: Interval, high: Interval, middle: Interval) -> bool:
    """Whether a correlation fits its limits, by fractions."""
    l0, l1, h0, h1, m0, m1 = (_rise(Fraction(end)) for part in (low, high, middle) for end in (part.low, part.high))
    # On this scale the product of the limits is the square of the middle.
    bottom, top, first, last = l0 * h0, l1 * h1, m0**2, m1**2
    reaches = top > first or (top == first and low.closed_high and high.closed_high and middle.closed_low)
    stays = bottom < last or (bottom == last and low.closed_low and high.closed_low and middle.closed_high)
    return reaches and stays and l0 <= h1


def _rise(value: Fraction) -> Fraction:
    """Return ``exp(2 z)`` of Fisher's z of a correlation."""
    inside = min(max(value, Fraction(-1)), 1 - Fraction(1, 2**53))
    return (1 + inside) / (1 - inside)


def _meets(least: FloatArray, most: FloatArray, printed: Ends) -> BoolArray:
    """Whether ranges of p meet what was printed; an edge reached up to rounding error counts where it is closed."""
    with np.errstate(invalid="ignore"):
        tie_low = (np.abs(most - printed.low) <= _TIE * np.abs(printed.low)) & np.isfinite(printed.low)
        tie_high = (np.abs(least - printed.high) <= _TIE * np.abs(printed.high)) & np.isfinite(printed.high)
    reaches = np.where(tie_low, printed.closed_low, most > printed.low)
    stays = np.where(tie_high, printed.closed_high, least < printed.high)
    return np.asarray(reaches & stays)
