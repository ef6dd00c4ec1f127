"""Columns of printed numbers: each distinct text is read once, its interval as floats for all and exactly for some."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .. import _validate
from ..errors import InvalidArgument, InvalidType
from ..reported import Interval, Reported, Rounding

__all__ = [
    "ABOVE",
    "AT_LEAST",
    "AT_MOST",
    "BELOW",
    "EQUAL",
    "Column",
    "Ends",
    "cells",
    "lengths",
    "read_column",
    "read_freedom",
    "several",
    "words",
]

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

#: A plain decimal, as nearly all printed statistics are; `Reported` reads the rest.
_PLAIN = re.compile(r"\s*(?:[A-Za-z]\w*\s*(?=[=<>]))?(<=|>=|[=<>])?\s*([+-]?)(\d*)\.?(\d*)\s*", re.ASCII)
_MOST_DIGITS = 14
_RELATIONS = ("=", "<", "<=", ">", ">=")
EQUAL, BELOW, AT_MOST, ABOVE, AT_LEAST = range(5)
# What a float rounds an end to; these rules need no more than the last digit.
_QUICK = (Rounding.HALF, Rounding.TRUNCATE)


@dataclass(frozen=True, slots=True)
class Ends:
    """Intervals as floats, one per distinct text or per row."""

    low: FloatArray
    high: FloatArray
    closed_low: BoolArray
    closed_high: BoolArray

    def take(self, at: IntArray) -> Ends:
        """Return the intervals of some texts."""
        return Ends(self.low[at], self.high[at], self.closed_low[at], self.closed_high[at])


@dataclass(frozen=True, slots=True)
class Column:
    """A column of printed numbers.

    Parameters
    ----------
    name : str
        Name of the argument.
    cells : list
        The distinct texts, or printed numbers that were read before.
    code : ndarray of int
        For each row the place of its text.
    rounding : Rounding
        How the digits were cut.
    whole, decimals : ndarray
        Digits without the point, and how many stand behind it, for each distinct text.
    relation, negative : ndarray
        Its relation by its place in ``= < <= > >=``, and whether a minus sign was printed.
    slow : list of int
        Places of the texts that are no plain decimals.
    """

    name: str
    cells: list[Any]
    code: IntArray
    rounding: Rounding
    whole: FloatArray
    decimals: IntArray
    relation: IntArray
    negative: BoolArray
    slow: list[int]

    @property
    def values(self) -> FloatArray:
        """The printed number of each distinct text; per cent as a proportion."""
        out = self.whole / 10.0**self.decimals * np.where(self.negative, -1.0, 1.0)
        for place in self.slow:
            cell = self.reported(place)
            out[place] = float(cell.value) / (100.0 if cell.percent else 1.0)
        return out

    def text(self, place: int) -> str:
        """Return a distinct text as it was printed."""
        cell = self.cells[place]
        return cell.text if isinstance(cell, Reported) else str(cell)

    def reported(self, place: int, rule: Rounding | None = None) -> Reported:
        """Return a distinct text as a printed number, cut by `rule` or as stated."""
        cell = self.cells[place]
        if isinstance(cell, Reported):
            return cell if rule is None else Reported(cell.text, rounding=rule)
        return _reported(cell, self.name, rule or self.rounding)

    def exact(self, place: int, rule: Rounding | None = None) -> Interval:
        """Return exactly the values that print so; per cent as proportions."""
        return self.reported(place, rule).proportion

    def ends(self, rule: Rounding | None = None) -> Ends:
        """Return the interval of each distinct text, cut by `rule` or as stated."""
        used = rule or self.rounding
        slow = self.slow if used in _QUICK else range(len(self.cells))
        found = _quick_ends(self.whole, self.decimals, self.negative, self.relation, used)
        for place in slow:
            interval = self.exact(place, rule)
            found.low[place], found.high[place] = float(interval.low), float(interval.high)
            found.closed_low[place], found.closed_high[place] = interval.closed_low, interval.closed_high
        return found


def _quick_ends(whole: FloatArray, decimals: IntArray, negative: BoolArray, relation: IntArray, rule: Rounding) -> Ends:
    # Both parts of these quotients are whole floats, so each end is the float next to the exact one.
    scale = 10.0**decimals
    zero = whole == 0
    if rule is Rounding.TRUNCATE:
        near, far = whole / scale, (whole + 1.0) / scale
        closed_near, closed_far = ~zero, np.zeros_like(zero)
    else:
        near, far = (2.0 * whole - 1.0) / (2.0 * scale), (2.0 * whole + 1.0) / (2.0 * scale)
        closed_near = closed_far = np.ones_like(zero)
    # Zero may have had either sign, unless a minus stands before it.
    near = np.where(zero & ~negative, -far, np.where(zero, 0.0, near))
    closed_near = closed_near | (zero & negative)
    low, high = np.where(negative, -far, near), np.where(negative, -near, far)
    closed_low = np.where(negative, closed_far, closed_near)
    closed_high = np.where(negative, closed_near, closed_far)
    value = np.where(negative, -whole, whole) / scale
    below, above = (relation == BELOW) | (relation == AT_MOST), (relation == ABOVE) | (relation == AT_LEAST)
    return Ends(
        np.where(below, -np.inf, np.where(above, value, low)),
        np.where(above, np.inf, np.where(below, value, high)),
        np.where(below | above, relation == AT_LEAST, closed_low),
        np.where(below | above, relation == AT_MOST, closed_high),
    )


def cells(value: Any, name: str) -> list[Any]:
    """Return the rows of a column: one for a scalar."""
    if value is None or isinstance(value, (str, bytes, Reported, int, float)):
        return [value]
    if isinstance(value, np.ndarray) or hasattr(value, "to_numpy"):
        array = np.asarray(value)
        if array.ndim > 1:
            raise InvalidArgument(name, value, "one value or a column of them, in one dimension")
        found = list(array.reshape(-1).tolist())
        # What pandas leaves out is left out here too.
        return [None if type(cell).__name__ == "NAType" else cell for cell in found] if array.dtype == object else found
    if isinstance(value, Iterable) and not isinstance(value, (dict, set, frozenset)):
        return list(value)
    return [value]


def lengths(**columns: list[Any]) -> int:
    """Return the common number of rows; a single row stands beside all."""
    sizes = {name: len(column) for name, column in columns.items()}
    most = max(sizes.values())
    if 0 in sizes.values():
        most = 0
    if any(size not in (1, most) for size in sizes.values()):
        shown = ", ".join(f"{name} {size}" for name, size in sizes.items())
        raise InvalidArgument("rows", shown, "columns of one length, or single values")
    return most


def distinct(rows: list[Any], number: int) -> tuple[list[Any], IntArray]:
    """Return the distinct cells and the place of each row among them, one cell standing for all rows."""
    # A cell that is no number and no text is refused later, by name; True would pass for 1 here.
    if not set(map(type, rows)) <= {str, int, float, type(None), Reported}:
        return rows, np.broadcast_to(np.arange(len(rows)), (number,))
    places = {cell: place for place, cell in enumerate(dict.fromkeys(rows))}
    code = np.fromiter(map(places.__getitem__, rows), dtype=np.int64, count=len(rows))
    return list(places), np.broadcast_to(code, (number,))


def several(values: ArrayLike, name: str, *, low: float, high: float) -> list[float]:
    """Return the numbers of a list, each once, strictly between two bounds."""
    found = _validate.array(values, name, low=low, high=high, open_low=True, open_high=True).reshape(-1)
    return list(dict.fromkeys(found.tolist()))


def words(
    rows: list[Any], name: str, options: Iterable[str], number: int, aliases: Mapping[str, str] | None = None
) -> IntArray:
    """Return for each row the place of its word among the options."""
    found, code = distinct(rows, number)
    known, other = list(options), aliases or {}
    each = [
        known.index(_validate.choice(other.get(cell, cell) if isinstance(cell, str) else cell, name, known))
        for cell in found
    ]
    return np.array(each, dtype=np.int64)[code]


def read_column(rows: list[Any], name: str, rounding: Rounding, number: int) -> Column:
    """Return a column of printed numbers.

    Parameters
    ----------
    rows : list
        Texts, or printed numbers that were read before.
    name : str
        Name of the argument.
    rounding : Rounding
        How the digits were cut.
    number : int
        How many rows there are, where one cell may stand for all.

    Returns
    -------
    Column
        The distinct texts and where they stand.
    """
    found, code = distinct(rows, number)
    size = len(found)
    whole, decimals = np.zeros(size), np.zeros(size, dtype=np.int64)
    relation, negative = np.zeros(size, dtype=np.int64), np.zeros(size, dtype=bool)
    slow: list[int] = []
    for place, cell in enumerate(found):
        match = _PLAIN.fullmatch(cell) if isinstance(cell, str) else None
        digits = match[3] + match[4] if match else ""
        if match is None or not 0 < len(digits) <= _MOST_DIGITS:
            reported = cell if isinstance(cell, Reported) else _reported(cell, name, rounding)
            relation[place] = _RELATIONS.index(reported.relation)
            negative[place] = reported.value.is_signed()
            slow.append(place)
            continue
        whole[place], decimals[place] = int(digits), len(match[4])
        relation[place] = _RELATIONS.index(match[1] or "=")
        negative[place] = match[2] == "-"
    return Column(name, found, code, rounding, whole, decimals, relation, negative, slow)


def _reported(cell: Any, name: str, rounding: Rounding) -> Reported:
    if not isinstance(cell, str):
        remedy = f'Write {name}="0.230" with every printed digit: a number has lost them.'
        raise InvalidType(name, cell, "the text that was printed", remedy)
    try:
        return Reported(cell, rounding=rounding)
    except InvalidArgument as error:
        raise InvalidArgument(name, cell, error.allowed, error.remedy) from None


def read_freedom(rows: list[Any], name: str, number: int) -> tuple[FloatArray, FloatArray, BoolArray]:
    """Return the least and the most degrees of freedom of each row, and whether none were given.

    Numbers and whole numbers in text are exact; decimals in text were rounded.
    """
    found, code = distinct(rows, number)
    low, high = np.zeros(len(found)), np.zeros(len(found))
    missing = np.zeros(len(found), dtype=bool)
    for place, cell in enumerate(found):
        if cell is None or cell == "" or (isinstance(cell, float) and np.isnan(cell)):
            missing[place] = True
        elif isinstance(cell, (str, Reported)):
            low[place], high[place] = _printed_freedom(cell, name)
        else:
            low[place] = high[place] = _validate.real(cell, name, low=0.0, infinite=True)
            if not low[place] > 0:
                raise InvalidArgument(name, cell, _FREEDOM)
    return low[code], high[code], missing[code]


_FREEDOM = "degrees of freedom, above 0"


def _printed_freedom(cell: str | Reported, name: str) -> tuple[float, float]:
    reported = cell if isinstance(cell, Reported) else _reported(cell, name, Rounding.HALF)
    if reported.relation != "=" or reported.percent or not reported.value > 0:
        raise InvalidArgument(name, reported.text, _FREEDOM)
    if reported.decimals == 0:
        return float(reported.value), float(reported.value)
    return float(reported.interval.low), float(reported.interval.high)
