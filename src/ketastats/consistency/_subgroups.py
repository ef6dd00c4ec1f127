"""Columns of what was printed of subgroups and of all people, and what the means of the subgroups leave for all."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .. import _validate
from ..errors import InvalidArgument, InvalidType
from ..reported import Reported, Rounding
from ._columns import cells, lengths
from ._pooled import Ends
from ._printed import Column, read_column

__all__ = ["Figures", "Limits", "Part", "Reach", "read_figures"]

IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

_LARGEST = 10**9


@dataclass(frozen=True, slots=True)
class Limits:
    """Between which numbers the mean of a part lies in each row: ``low / scale`` to ``high / scale``, whole numbers.

    Where `free` nothing is known of it; where `low` is above `high` no whole numbers have it.
    """

    low: NDArray[Any]
    high: NDArray[Any]
    scale: NDArray[Any]
    closed_low: BoolArray
    closed_high: BoolArray
    free: BoolArray

    def at(self, row: int) -> Ends:
        """Return the limits of one row as fractions."""
        if self.free[row]:
            return Ends(None, None)
        low, high = (Fraction(int(end[row]), int(self.scale[row])) for end in (self.low, self.high))
        return Ends(low, high, bool(self.closed_low[row]), bool(self.closed_high[row]))


@dataclass(frozen=True, slots=True)
class Part:
    """A subgroup or all people: how many, and what was printed of them; 0 stands where nothing was.

    Parameters
    ----------
    size : ndarray of int
        People in each row.
    mean, sd : Column or None
        What was printed, and in which rows.
    knows_mean, knows_sd : ndarray of bool
        Rows in which something was printed.
    count : ndarray of int or None
        People with the event, in place of a mean.
    """

    size: IntArray
    mean: Column | None
    knows_mean: BoolArray
    count: IntArray | None
    sd: Column | None
    knows_sd: BoolArray

    def limits(self, cut: Rounding | None, items: int, *, share: bool) -> Limits:
        """Return what the mean can be; with `items` it is a whole sum over so many numbers per person."""
        sure, none = np.ones(self.size.shape, dtype=bool), np.zeros(self.size.shape, dtype=bool)
        people = self.size.astype(object)
        if self.count is not None:
            count = self.count.astype(object)
            return Limits(count, count, people, sure, sure, none)
        if self.mean is None:
            return Limits(
                0 * people, people * items, people**0 if not items else people * items, sure, sure, sure ^ share
            )
        found = self.mean.whole(cut)
        if not items:
            low, high, scale = (part.astype(object) for part in (found.low, found.high, found.scale))
            return Limits(low, high, scale, found.closed_low, found.closed_high, ~self.knows_mean)
        first, last = (end.astype(object) for end in found.sums(self.size * items))
        if share:
            first, last = np.maximum(first, 0), np.minimum(last, people)
            # Where nothing was printed, anything from nobody to all is possible.
            first, last = np.where(self.knows_mean, first, 0), np.where(self.knows_mean, last, people)
        return Limits(first, last, people * items, sure, sure, ~self.knows_mean & (not share))

    def spread(self, row: int, cut: Rounding | None, *, error: bool) -> Ends:
        """Return the square of the deviation, or of what stands for it, in one row."""
        if self.sd is None or not self.knows_sd[row]:
            return Ends(Fraction(0), None)
        found, place = self.sd.whole_texts(cut), int(self.sd.code[row])
        low, high = (Fraction(int(end[place]), int(found.scale[place])) for end in (found.low, found.high))
        people = int(self.size[row]) if error else 1
        # Below zero there is no deviation, and zero then belongs to the interval.
        closed = bool(found.closed_low[place]) or low < 0
        return Ends(max(low, Fraction(0)) ** 2 * people, high**2 * people, closed, bool(found.closed_high[place]))


@dataclass(frozen=True, slots=True)
class Reach:
    """What the mean of all can be by its subgroups, in each row, and whether it meets what was printed."""

    low: NDArray[np.float64]
    high: NDArray[np.float64]
    #: Rows in which some subgroup has no possible mean.
    nothing: BoolArray
    fits: BoolArray


@dataclass(frozen=True, slots=True)
class Figures:
    """Everything that was printed, by columns.

    Parameters
    ----------
    whole : Part
        All people.
    parts : list of Part
        The subgroups.
    items : int
        How many whole numbers stand behind each person's score; 0 where scores may be any numbers.
    share : bool
        Whether means are shares of people.
    """

    whole: Part
    parts: list[Part]
    items: int
    share: bool

    @property
    def given(self) -> IntArray:
        """People in all subgroups together."""
        found: IntArray = np.sum([part.size for part in self.parts], axis=0)
        return found

    def limits(self, cut: Rounding | None) -> list[Limits]:
        """Return the limits of the mean of each subgroup."""
        return [part.limits(cut, self.items, share=self.share) for part in self.parts]

    def reach(self, cut: Rounding | None) -> Reach:
        """Return what the mean of all can be, under one way of cutting digits."""
        found = self.limits(cut)
        rest = (self.whole.size - self.given).astype(object)
        number = np.maximum(self.whole.size, self.given).astype(object)
        whole = self.whole.limits(cut, self.items, share=self.share)
        free = np.logical_or.reduce([part.free for part in found]) | _bools(rest > 0) & (not self.share)
        # Whole sums count units of their own; otherwise every unit is a power of ten, and the largest fits all.
        unit: Any = self.items or np.max([part.scale for part in (*found, whole)], axis=0)
        pairs = list(zip(self.parts, found, strict=True))
        low = sum(part.low * self._weight(one, part, unit) for one, part in pairs)
        high = sum(part.high * self._weight(one, part, unit) for one, part in pairs)
        high = high + (np.maximum(rest, 0) if self.share else 0)
        nothing = np.logical_or.reduce([_bools(part.low > part.high) & ~part.free for part in found])
        first, last = (end * self._weight(self.whole, whole, unit) for end in (whole.low, whole.high))
        closed = [
            np.logical_and.reduce([getattr(part, name) for part in found]) for name in ("closed_low", "closed_high")
        ]
        reaches = _bools(high > first) | _bools(high == first) & closed[1] & whole.closed_low
        stays = _bools(low < last) | _bools(low == last) & closed[0] & whole.closed_high
        real = _bools(first <= last) & reaches & stays
        low, high = (np.asarray(end / (number * unit), dtype=np.float64) for end in (low, high))
        return Reach(
            np.where(free, -np.inf, low),
            np.where(free, np.inf, high),
            nothing,
            ~nothing & (free | whole.free | real),
        )

    def averaged(self, cut: Rounding | None) -> BoolArray:
        """Return where the average of the means of the subgroups, whatever their sizes, meets the mean of all."""
        found, whole = self.limits(cut), self.whole.limits(cut, 0, share=False)
        unit = prod(part.scale for part in found)
        low, high = (
            sum(getattr(part, end) * (unit // part.scale) for part in found) * whole.scale for end in ("low", "high")
        )
        first, last = (end * unit * len(found) for end in (whole.low, whole.high))
        closed_low = np.logical_and.reduce([part.closed_low for part in found]) & whole.closed_high
        closed_high = np.logical_and.reduce([part.closed_high for part in found]) & whole.closed_low
        known = ~np.logical_or.reduce([part.free | _bools(part.low > part.high) for part in found]) & ~whole.free
        reaches = _bools(high > first) | (_bools(high == first) & closed_high)
        return _bools(known & reaches & (_bools(low < last) | (_bools(low == last) & closed_low)))

    def _weight(self, part: Part, limits: Limits, unit: Any) -> Any:
        """Return what turns a limit of the mean into a sum over all people of a part, in units."""
        return 1 if self.items else part.size.astype(object) * (unit // limits.scale)


def _bools(values: Any) -> BoolArray:
    return np.asarray(values, dtype=bool)


def read_figures(given: dict[str, Any], items: object, rule: Rounding) -> Figures:
    """Return everything that was printed; `given` holds the arguments of `total` by name."""
    counts, averaged = given["counts"], 0 if items is None else _validate.integer(items, "items", low=1, high=10**6)
    for one, other in (("mean", "count"), ("means", "counts")):
        if given[one] is not None and given[other] is not None:
            raise InvalidArgument(other, given[other], f"left out where {one} is given", "Give one of them.")
    optional = [name for name in ("means", "counts", "sds") if given[name] is not None]
    each = {name: _sequence(given[name], name) for name in ("sizes", *optional)}
    groups = len(each["sizes"])
    if not groups:
        raise InvalidArgument("sizes", given["sizes"], "at least one subgroup")
    for name, column in each.items():
        if len(column) != groups:
            raise InvalidArgument(name, given[name], f"as many as sizes, here {groups}")
    columns = {name: cells(given[name], name) for name in ("n", "mean", "count", "sd")}
    columns |= {f"{name} {k}": cells(cell, name) for name, column in each.items() for k, cell in enumerate(column)}
    number = lengths(**columns)
    share = counts is not None or given["count"] is not None or _percentages(columns)
    read = _Reader(columns, rule, number, share=share)
    whole = read.part("n", "mean", "count", "sd")
    parts = [read.part(f"sizes {k}", f"means {k}", f"counts {k}", f"sds {k}") for k in range(groups)]
    if any(np.any(part.knows_sd & (part.size < 2)) for part in (whole, *parts)):
        raise InvalidArgument("sizes", given["sizes"], "at least 2 people in each subgroup with a standard deviation")
    return Figures(whole, parts, 1 if share else averaged, share)


def _sequence(values: object, name: str) -> list[Any]:
    allowed = "a list with one entry per subgroup, each a value or a column"
    if (
        isinstance(values, (str, bytes, dict, Reported))
        or not isinstance(values, Iterable)
        or hasattr(values, "columns")
    ):
        raise InvalidType(name, values, allowed)
    if getattr(values, "ndim", 1) not in (1, 2):
        raise InvalidArgument(name, values, allowed)
    return list(values)


def _percentages(columns: dict[str, list[Any]]) -> bool:
    """Return whether means are percentages: all that were printed, or none."""
    printed = [
        cell for name, column in columns.items() if name.startswith("mean") for cell in column if cell is not None
    ]
    texts = [str(cell) for cell in printed if isinstance(cell, (str, Reported))]
    kinds = {"%" in text for text in texts}
    if len(kinds) == 2:
        found = next(text for text in texts if "%" not in text)
        raise InvalidArgument("means", found, "percentages throughout, or numbers throughout")
    return kinds == {True}


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads the columns of one part after the other."""

    columns: dict[str, list[Any]]
    rule: Rounding
    number: int
    share: bool

    def part(self, size: str, mean: str, count: str, sd: str) -> Part:
        """Return a part from the names of its columns."""
        people = self._whole_numbers(size)
        counted = self.columns.get(count, [None])
        events = None if counted == [None] else self._whole_numbers(count, low=0)
        if events is not None and np.any(events > people):
            at = int(np.argmax(events > people))
            raise InvalidArgument(
                count.split(maxsplit=1)[0], int(events[at]), f"at most the people, here {int(people[at])}"
            )
        printed, knows_mean = self._printed(mean, share=self.share)
        spread, knows_sd = self._printed(sd, signed=False)
        return Part(people, printed, knows_mean, events, spread, knows_sd)

    def _whole_numbers(self, name: str, *, low: int = 1) -> IntArray:
        title = name.split(maxsplit=1)[0]
        found = [_validate.integer(cell, title, low=low, high=_LARGEST) for cell in self.columns[name]]
        return np.broadcast_to(np.array(found, dtype=np.int64), (self.number,))

    def _printed(self, name: str, *, signed: bool = True, share: bool = False) -> tuple[Column | None, BoolArray]:
        found = self.columns.get(name, [None])
        known = np.broadcast_to(np.array([cell is not None for cell in found], dtype=bool), (self.number,))
        if not known.any():
            return None, known
        filled = ["0" if cell is None else cell for cell in found]
        return read_column(filled, name.split(maxsplit=1)[0], self.rule, self.number, signed=signed, share=share), known
