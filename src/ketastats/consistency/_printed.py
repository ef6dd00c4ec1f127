"""Columns of printed numbers: each distinct text is read once, as whole numbers that decide every digit exactly."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from math import inf
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..errors import InvalidArgument, InvalidType
from ..numerics import lattice
from ..reported import Interval, Reported, Rounding, cut_point
from ._columns import distinct

__all__ = [
    "ABOVE",
    "AT_LEAST",
    "AT_MOST",
    "BELOW",
    "EQUAL",
    "Column",
    "Ends",
    "WholeEnds",
    "read_column",
    "read_number",
]

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

#: A plain decimal or percentage, as nearly all printed numbers are; `Reported` reads the rest.
_PLAIN = re.compile(r"\s*(?:[A-Za-z]\w*\s*(?=[=<>]))?(<=|>=|[=<>])?\s*([+-]?)(\d*)\.?(\d*)\s*(%?)\s*", re.ASCII)
_MOST_DIGITS = 14
_RELATIONS = ("=", "<", "<=", ">", ">=")
EQUAL, BELOW, AT_MOST, ABOVE, AT_LEAST = range(5)
_RULES = tuple(Rounding)
# Tenths of digits below the first are exact as floats, as is a power of ten below the second; both fit 64 bits.
_MOST_WHOLE, _MOST_SCALE = 2**49, 2**57


@dataclass(frozen=True, slots=True)
class Ends:
    """Intervals as floats next to the exact ends, one per distinct text or per row."""

    low: FloatArray
    high: FloatArray
    closed_low: BoolArray
    closed_high: BoolArray

    def take(self, at: Any) -> Ends:
        """Return the intervals of some texts."""
        return Ends(self.low[at], self.high[at], self.closed_low[at], self.closed_high[at])


@dataclass(frozen=True, slots=True)
class WholeEnds:
    """Exact intervals, one per distinct text or per row: ``low / scale`` to ``high / scale``, whole numbers all three.

    They are those of a number printed with ``=``.
    """

    low: NDArray[Any]
    high: NDArray[Any]
    scale: NDArray[Any]
    closed_low: BoolArray
    closed_high: BoolArray

    def take(self, at: Any) -> WholeEnds:
        """Return the intervals of some rows."""
        return WholeEnds(self.low[at], self.high[at], self.scale[at], self.closed_low[at], self.closed_high[at])

    def sums(self, size: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
        """Return the first and last whole number that, divided by `size`, lies in the interval of its row."""
        wide = lattice.widest(max(lattice.largest(self.low), lattice.largest(self.high)), lattice.largest(size))
        many = size.astype(object) if wide else size
        return lattice.whole_between(
            self.low * many, self.high * many, self.closed_low, self.closed_high, self.scale + 0 * many
        )


@dataclass(frozen=True, eq=False)
class Column:
    """A column of printed numbers on the scale of the quantity: percentages as proportions.

    Parameters
    ----------
    name : str
        Name of the argument.
    cells : list
        The distinct texts, or printed numbers that were read before.
    code : ndarray of int
        For each row the place of its text.
    units, step : ndarray of int
        For each text the printed digits without sign and point, and the size of one in the last place printed; both in
        units of ``1 / scale``.
    scale : ndarray of int
        What both are divided by.
    rule : ndarray of int
        How its digits were cut, by the place among all of `Rounding`.
    relation : ndarray of int
        Its relation by its place in ``= < <= > >=``.
    negative, percent : ndarray of bool
        Whether a minus sign and a per cent sign were printed.
    """

    name: str
    cells: list[Any]
    code: IntArray
    units: NDArray[Any]
    step: NDArray[Any]
    scale: NDArray[Any]
    rule: IntArray
    relation: IntArray
    negative: BoolArray
    percent: BoolArray
    _known: dict[Rounding | None, WholeEnds] = field(default_factory=dict, repr=False)

    @cached_property
    def values(self) -> FloatArray:
        """The printed number of each distinct text."""
        return np.where(self.negative, -1.0, 1.0) * _quotient(self.units * self.step, self.scale)

    @cached_property
    def texts(self) -> NDArray[np.str_]:
        """What was printed in each row."""
        return np.array([self.text(place) for place in range(len(self.cells))], dtype=np.str_)[self.code]

    @property
    def quotients(self) -> tuple[NDArray[Any], NDArray[Any]]:
        """Numerator and denominator of the printed number of each row."""
        return (np.where(self.negative, -1, 1) * self.units * self.step)[self.code], self.scale[self.code]

    def text(self, place: int) -> str:
        """Return a distinct text as it was printed."""
        cell = self.cells[place]
        return (cell.text if isinstance(cell, Reported) else str(cell)).strip()

    def at(self, row: int) -> Reported:
        """Return the printed number of a row."""
        return self.reported(int(self.code[row]))

    def reported(self, place: int, rule: Rounding | None = None) -> Reported:
        """Return a distinct text as a printed number, cut by `rule` or as stated."""
        cell = self.cells[place]
        if not isinstance(cell, Reported):
            return read_number(cell, self.name, rule or _RULES[self.rule[place]])
        return cell if rule is None else Reported(cell.text, rounding=rule)

    def exact(self, place: int, rule: Rounding | None = None) -> Interval:
        """Return exactly the values that print as a distinct text; per cent as proportions."""
        return self.reported(place, rule).proportion

    def whole(self, rule: Rounding | None = None) -> WholeEnds:
        """Return for each row exactly what prints so when it is cut by `rule`, or as stated."""
        return self.whole_texts(rule).take(self.code)

    def ends(self, rule: Rounding | None = None) -> Ends:
        """Return the interval of each distinct text as floats, cut by `rule` or as stated."""
        found = self.whole_texts(rule)
        low, high = _quotient(found.low, found.scale), _quotient(found.high, found.scale)
        if not self.relation.any():
            return Ends(low, high, found.closed_low, found.closed_high)
        below = (self.relation == BELOW) | (self.relation == AT_MOST)
        above = (self.relation == ABOVE) | (self.relation == AT_LEAST)
        return Ends(
            np.where(below, -inf, np.where(above, self.values, low)),
            np.where(above, inf, np.where(below, self.values, high)),
            np.where(below | above, self.relation == AT_LEAST, found.closed_low),
            np.where(below | above, self.relation == AT_MOST, found.closed_high),
        )

    def whole_texts(self, rule: Rounding | None = None) -> WholeEnds:
        """Return the same for each distinct text."""
        if rule not in self._known:
            self._known[rule] = self._whole(rule)
        return self._known[rule]

    def _whole(self, rule: Rounding | None) -> WholeEnds:
        number = len(self.cells)
        low, high = (np.zeros(number, dtype=self.units.dtype) for _ in range(2))
        closed_low, closed_high = np.zeros(number, dtype=bool), np.zeros(number, dtype=bool)
        used = self.rule if rule is None else np.full(number, _RULES.index(rule))
        for first in np.unique(used):
            at = used == first
            ends = _tenths(self.units[at], self.negative[at], _RULES[first])
            low[at], high[at], closed_low[at], closed_high[at] = ends
        return WholeEnds(low * self.step, high * self.step, 10 * self.scale, closed_low, closed_high)


def _quotient(top: NDArray[Any], bottom: NDArray[Any]) -> FloatArray:
    """Return the floats next to quotients of whole numbers."""
    if top.dtype != object:
        return np.asarray(top / bottom)
    found = [_float(int(a), int(b)) for a, b in zip(top, bottom, strict=True)]
    return np.array(found, dtype=np.float64)


def _float(top: int, bottom: int) -> float:
    try:
        return top / bottom
    except OverflowError:
        return inf if top > 0 else -inf


def _tenths(
    units: NDArray[Any], negative: BoolArray, rule: Rounding
) -> tuple[NDArray[Any], NDArray[Any], BoolArray, BoolArray]:
    """Return the ends of what prints as so many units, in tenths of one, and whether they are closed."""
    zero, even = units == 0, units % 2 == 0
    if rule in (Rounding.FLOOR, Rounding.CEILING):
        floor = rule is Rounding.FLOOR
        low = np.where(negative, -10, 10) * units - (0 if floor else 10)
        high = np.where(zero & negative, 0, low + 10)
        return low, high, np.full_like(zero, floor), np.where(zero & negative, True, not floor)
    (cut, when_even), (_, when_odd) = cut_point(rule, True), cut_point(rule, False)
    tenths, half = int(10 * cut), rule is Rounding.HALF
    goes_up, below_goes_up = np.where(even, when_even, when_odd), np.where(even, when_odd, when_even)
    near, far = 10 * units - 10 + tenths, 10 * units + tenths
    closed_near, closed_far = below_goes_up | half, ~goes_up | half
    near = np.where(zero, np.where(negative, 0, -far), near)
    closed_near = np.where(zero, negative | closed_far, closed_near)
    return (
        np.where(negative, -far, near),
        np.where(negative, -near, far),
        np.where(negative, closed_far, closed_near),
        np.where(negative, closed_near, closed_far),
    )


def read_column(
    rows: list[Any],
    name: str,
    rounding: Rounding,
    number: int,
    *,
    relations: bool = False,
    signed: bool = True,
    share: bool = False,
) -> Column:
    """Return a column of printed numbers.

    Parameters
    ----------
    rows : list
        Texts, or printed numbers that were read before.
    name : str
        Name of the argument.
    rounding : Rounding
        How the digits of the texts were cut.
    number : int
        How many rows there are, where one cell may stand for all.
    relations : bool
        Whether ``<`` and the like may stand before a number; percentages then are what they are, also beyond 100.
    signed : bool
        Whether there may be minus signs.
    share : bool
        Whether every number, not percentages alone, must be a share of events.

    Returns
    -------
    Column
        The distinct texts and where they stand.
    """
    found, code = distinct(rows, number)
    parts = [_parts(cell, name, rounding) for cell in found]
    if not relations:
        for cell, part in zip(found, parts, strict=True):
            _refuse(cell, part, name, signed=signed, share=share)
    units, step, scale, rule, relation, negative, percent = zip(*parts, strict=True) if parts else ((),) * 7
    return Column(
        name,
        found,
        code,
        *_whole_numbers(units, step, scale),
        np.array(rule, dtype=np.int64),
        np.array(relation, dtype=np.int64),
        np.array(negative, dtype=bool),
        np.array(percent, dtype=bool),
    )


class _Parts(NamedTuple):
    units: int
    step: int
    scale: int
    rule: int
    relation: int
    negative: bool
    percent: bool


def _parts(cell: Any, name: str, rounding: Rounding) -> _Parts:
    match = _PLAIN.fullmatch(cell) if isinstance(cell, str) else None
    if match:
        relation, sign, before, behind, percent = match.groups()
        if 0 < len(before) + len(behind) <= _MOST_DIGITS:
            scale = 10 ** (len(behind) + 2 * bool(percent))
            place = _RELATIONS.index(relation or "=")
            return _Parts(int(before + behind), 1, scale, _PLACES[rounding], place, sign == "-", bool(percent))
    read = read_number(cell, name, rounding)
    sign, digits, exponent = read.value.as_tuple()
    step, scale = 10 ** max(int(exponent), 0), 10 ** (max(-int(exponent), 0) + 2 * read.percent)
    whole = int(Decimal((0, digits, 0)))
    return _Parts(whole, step, scale, _PLACES[read.rounding], _RELATIONS.index(read.relation), bool(sign), read.percent)


_PLACES = {rule: place for place, rule in enumerate(_RULES)}


def read_number(cell: Any, name: str, rounding: Rounding) -> Reported:
    """Return one cell as a printed number."""
    if isinstance(cell, Reported):
        return cell
    if not isinstance(cell, str):
        remedy = f'Write {name}="0.230" with every printed digit: a number has lost them.'
        raise InvalidType(name, cell, "the text that was printed", remedy)
    try:
        return Reported(cell, rounding=rounding)
    except InvalidArgument as error:
        raise InvalidArgument(name, cell, error.allowed, error.remedy) from None


def _refuse(cell: str | Reported, part: _Parts, name: str, *, signed: bool, share: bool) -> None:
    text = cell.text if isinstance(cell, Reported) else cell
    if part.relation != EQUAL:
        raise InvalidArgument(name, text, "one printed number, without < or >")
    if part.negative and not signed:
        raise InvalidArgument(name, text, "a printed number that is not negative")
    size = part.units * part.step
    if (share or part.percent) and (part.negative or size > part.scale):
        hundred = not part.percent and part.scale < size <= 100 * part.scale
        remedy = f'Write {name}="{text.strip()}%" if it is a percentage.' if hundred else ""
        raise InvalidArgument(name, text, "a percentage from 0% to 100% or a proportion from 0 to 1", remedy)


def _whole_numbers(
    units: tuple[int, ...], step: tuple[int, ...], scale: tuple[int, ...]
) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
    """Return whole numbers as arrays, of 64 bits where all of them are far from filling these."""
    fits = all(digits * one < _MOST_WHOLE for digits, one in zip(units, step, strict=True))
    kind: Any = np.int64 if fits and all(value < _MOST_SCALE for value in scale) else object
    return np.array(units, dtype=kind), np.array(step, dtype=kind), np.array(scale, dtype=kind)
