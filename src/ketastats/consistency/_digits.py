"""Columns of printed numbers as exact whole numbers, and the ways in which their digits may have been cut."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .. import _validate
from ..errors import InvalidArgument, InvalidType
from ..numerics import lattice
from ..reported import Reported, Rounding, cut_point
from ._base import CONSISTENT
from ._columns import cells, lengths

__all__ = [
    "Digits",
    "Ends",
    "agreement",
    "branches",
    "divisor_branches",
    "read_digits",
    "row_words",
    "rows",
    "sizes",
]

IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

_LARGEST_SIZE = 10**9
#: A plain decimal or percentage, as nearly all printed numbers are; `Reported` reads the rest.
_PLAIN = re.compile(r"\s*([+-]?)(\d*)\.?(\d*)\s*(%?)\s*", re.ASCII)
_MOST_DIGITS = 14
_BRANCHES = {
    "truncated": Rounding.TRUNCATE,
    "rounded away from zero": Rounding.UP,
    "rounded to the nearest": Rounding.HALF,
}


def branches(rule: Rounding) -> dict[str, Rounding | None]:
    """Return the assumptions about how the digits were cut, the stated rule first."""
    others = {
        f"only if {words}": other
        for words, other in _BRANCHES.items()
        if other is not rule and not (other is Rounding.HALF and rule.value.startswith("half"))
    }
    return {CONSISTENT: None, **others}


def divisor_branches(rules: Mapping[str, Rounding | None], ddof: int) -> dict[str, tuple[Rounding | None, int]]:
    """Return the assumptions about how digits were cut and about the divisor of the variance, the stated ones first."""
    other = f"the SD divides by {'n' if ddof else 'n - 1'}"
    stated = {label: (rule, ddof) for label, rule in rules.items()}
    changed = {
        f"only if {other}" if label == CONSISTENT else f"{label} and {other}": (rule, 1 - ddof)
        for label, rule in rules.items()
    }
    return {**stated, **changed}


def agreement(holds: Mapping[str, BoolArray], row: int) -> str:
    """Return under which assumptions a row agrees after all, as a sentence that follows another."""
    others = [label for label, column in holds.items() if column[row]]
    return f" It agrees {', or '.join(others)}." if others else ""


@dataclass(frozen=True, slots=True)
class Digits:
    """A column of printed numbers, one per row, on the scale of the quantity: percentages as proportions.

    Parameters
    ----------
    name : str
        Name of the argument.
    cells : list
        The distinct texts, or printed numbers that were read before.
    rules : list of Rounding
        How the digits of each were cut.
    units, step : ndarray of int
        The printed digits without sign and point, and the size of one in the last place printed; both whole numbers, in
        units of ``1 / scale``.
    scale : ndarray of int
        What both are divided by.
    negative, percent : ndarray of bool
        Whether a minus sign and a per cent sign were printed.
    code : ndarray of int
        For each row the place of its number.
    """

    name: str
    cells: list[str | Reported]
    rules: list[Rounding]
    units: NDArray[Any]
    step: NDArray[Any]
    scale: NDArray[Any]
    negative: BoolArray
    percent: BoolArray
    code: IntArray

    @property
    def texts(self) -> NDArray[np.str_]:
        """What was printed in each row."""
        words = [cell.text if isinstance(cell, Reported) else cell for cell in self.cells]
        return np.array([text.strip() for text in words], dtype=np.str_)[self.code]

    @property
    def values(self) -> tuple[NDArray[Any], NDArray[Any]]:
        """Numerator and denominator of the printed number of each row."""
        return (np.where(self.negative, -1, 1) * self.units * self.step)[self.code], self.scale[self.code]

    def at(self, row: int) -> Reported:
        """Return the printed number of a row."""
        place = int(self.code[row])
        cell = self.cells[place]
        return cell if isinstance(cell, Reported) else Reported(cell, rounding=self.rules[place])

    def ends(self, rule: Rounding | None = None) -> Ends:
        """Return for each row the ends of what prints so when it is cut by `rule`, or as stated."""
        number = len(self.cells)
        wide = self.units.dtype == object
        low, high = (np.zeros(number, dtype=object if wide else np.int64) for _ in range(2))
        closed_low, closed_high = np.zeros(number, dtype=bool), np.zeros(number, dtype=bool)
        used = np.array([self.rules.index(entry) for entry in self.rules]) if rule is None else np.zeros(number, int)
        for first in np.unique(used):
            at = used == first
            ends = _tenths(self.units[at], self.negative[at], rule or self.rules[first])
            low[at], high[at], closed_low[at], closed_high[at] = ends
        found = Ends(low * self.step, high * self.step, 10 * self.scale, closed_low, closed_high)
        return found.take(self.code)


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


@dataclass(frozen=True, slots=True)
class Ends:
    """Exact intervals, one per row: ``low / scale`` to ``high / scale``, whole numbers all three."""

    low: NDArray[Any]
    high: NDArray[Any]
    scale: NDArray[Any]
    closed_low: BoolArray
    closed_high: BoolArray

    def take(self, keep: Any) -> Ends:
        """Return the intervals of some rows."""
        return Ends(self.low[keep], self.high[keep], self.scale[keep], self.closed_low[keep], self.closed_high[keep])

    def sums(self, size: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
        """Return the first and last whole number that, divided by `size`, lies in the interval of its row."""
        wide = lattice.widest(max(lattice.largest(self.low), lattice.largest(self.high)), lattice.largest(size))
        many = size.astype(object) if wide else size
        return lattice.whole_between(
            self.low * many, self.high * many, self.closed_low, self.closed_high, self.scale + 0 * many
        )


def rows(**columns: object) -> tuple[int, dict[str, list[Any]]]:
    """Return how many rows there are, and the cells of each column."""
    found = {name: cells(value, name) for name, value in columns.items()}
    return lengths(**found), found


def read_digits(
    column: list[Any], name: str, rule: Rounding, number: int, *, signed: bool = True, share: bool = False
) -> Digits:
    """Return a column of printed numbers, each without < or >.

    Numbers with a minus sign are refused unless `signed`, and with `share` what is no share of events is; otherwise
    only percentages must be shares.
    """
    places: dict[Any, int] = {}
    code = []
    for cell in column:
        if not isinstance(cell, (str, Reported)):
            remedy = f'Write {name}="0.230" with every printed digit: a number has lost them.'
            raise InvalidType(name, cell, "the text that was printed", remedy)
        code.append(places.setdefault(cell, len(places)))
    found = list(places)
    parts = [_parts(cell, name, rule) for cell in found]
    for cell, part in zip(found, parts, strict=True):
        text = cell.text if isinstance(cell, Reported) else cell
        if part.negative and not signed:
            raise InvalidArgument(name, text, "a printed number that is not negative")
        size = part.units * part.step
        if (share or part.percent) and (part.negative or size > part.scale):
            remedy = f'Write {name}="{text.strip()}%" if it is a percentage.' if 1 < size / part.scale <= 100 else ""
            raise InvalidArgument(name, text, "a percentage from 0% to 100% or a proportion from 0 to 1", remedy)
    return Digits(
        name,
        found,
        [part.rule for part in parts],
        _whole([part.units for part in parts]),
        _whole([part.step for part in parts]),
        _whole([part.scale for part in parts]),
        np.array([part.negative for part in parts], dtype=bool),
        np.array([part.percent for part in parts], dtype=bool),
        np.broadcast_to(np.array(code, dtype=np.int64), (number,)),
    )


class _Parts(NamedTuple):
    units: int
    step: int
    scale: int
    negative: bool
    percent: bool
    rule: Rounding


def _parts(cell: str | Reported, name: str, rule: Rounding) -> _Parts:
    match = _PLAIN.fullmatch(cell) if isinstance(cell, str) else None
    if match and 0 < len(match[2] + match[3]) <= _MOST_DIGITS:
        scale = 10 ** (len(match[3]) + 2 * bool(match[4]))
        return _Parts(int(match[2] + match[3]), 1, scale, match[1] == "-", bool(match[4]), rule)
    if isinstance(cell, str):
        try:
            cell = Reported(cell, rounding=rule)
        except InvalidArgument as error:
            raise InvalidArgument(name, cell, error.allowed, error.remedy) from None
    if cell.relation != "=":
        raise InvalidArgument(name, cell.text, "a printed number without < or >")
    sign, digits, exponent = cell.value.as_tuple()
    whole = int("".join(map(str, digits)))
    step, scale = 10 ** max(int(exponent), 0), 10 ** (max(-int(exponent), 0) + 2 * cell.percent)
    return _Parts(whole, step, scale, bool(sign), cell.percent, cell.rounding)


def _whole(values: list[int]) -> NDArray[Any]:
    # Ends are tenths of these, and sums of two.
    fits = all(value < 2**57 for value in values)
    return np.array(values, dtype=np.int64 if fits else object)


def sizes(value: object, name: str, number: int | None = None, *, low: int = 1) -> IntArray:
    """Return a column of whole numbers, one per row; `number` is how many rows there are."""
    found = _validate.integers(value, name, low=low, high=_LARGEST_SIZE)
    if found.ndim > 1:
        raise InvalidArgument(name, value, "one whole number or a column of them, in one dimension")
    column = found.reshape(-1)
    return column if number is None else np.broadcast_to(column, (number,))


def row_words(many: object, noun: str) -> str:
    """Return a count with its noun."""
    return f"{many:,} {noun}{'' if many == 1 else 's'}"
