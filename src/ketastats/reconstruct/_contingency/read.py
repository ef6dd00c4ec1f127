"""Row and column totals of a table: known, known as a share or a range, unknown, or only how many there are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import comb, factorial, prod
from typing import Any

import numpy as np

from ... import _validate
from ...errors import BudgetExceeded, InvalidArgument, InvalidType
from ...numerics import rxc
from ...reported import Reported
from .._constraints import Printed, count_range, read_rate
from .._sizes import IntArray, read_counts

__all__ = ["Line", "Lines", "Margins", "margins", "read_line", "read_lines"]

_MOST_LINES = 12
_MOST_PEOPLE = 100_000
_MOST_MARGINS = 5_000_000
_ADVICE = "Give row totals, column totals or n."
#: What is known of a total: nothing, the numbers that it may be, or its share of all as printed.
Line = IntArray | tuple[Printed, ...] | None


@dataclass(frozen=True, slots=True)
class Lines:
    """What is known of the rows and columns, and whether it is known which row is which."""

    rows: list[Line]
    columns: list[Line]
    labelled: bool

    @property
    def shares(self) -> tuple[str, ...]:
        """Which lines were printed as shares of all people, which need not fit any number of them."""
        both = (("rows", self.rows), ("columns", self.columns))
        return tuple(name for name, line in both if any(isinstance(total, tuple) for total in line))

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return len(self.rows), len(self.columns)


@dataclass(frozen=True, slots=True)
class Margins:
    """All pairs of row and column totals to search.

    Parameters
    ----------
    rows : ndarray of int64, shape (margins, rows)
        Row totals; ascending when rows cannot be told apart.
    columns : ndarray of int64, shape (margins, columns)
        Column totals.
    orders : ndarray of int64, shape (margins,)
        How many pairs of totals each stands for: free lines stand in ascending order only.
    labelled : bool
        Whether it is known which row is which.
    free_rows, free_columns : bool
        Whether the rows, and the columns, may stand in any order because nothing printed tells one from another.
    possible : int or None
        How many tables have these totals, rows told apart; None where that is not known without long work.
    misfit : str
        The lines whose printed shares no number of people has; empty text when there are pairs of totals.
    """

    rows: IntArray
    columns: IntArray
    orders: IntArray
    labelled: bool
    free_rows: bool
    free_columns: bool
    possible: int | None
    misfit: str

    def __len__(self) -> int:
        return len(self.rows)


def read_lines(rows: object, columns: object, roundings: tuple[str, ...]) -> Lines:
    """Return what is known of all lines."""
    return Lines(
        _read_lines(rows, "rows", roundings, least=1),
        _read_lines(columns, "columns", roundings, least=0),
        isinstance(rows, (Sequence, np.ndarray)),
    )


def margins(lines: Lines, n: object, *, told: bool) -> Margins:
    """Return all totals that agree with what is known of them; `told` says whether something else tells lines apart."""
    unknown = all(total is None for total in lines.columns)
    free_rows = lines.labelled and not told and all(total is None for total in lines.rows)
    free_columns = unknown and not told
    pairs = []
    for size in _sizes(n, lines.rows, lines.columns):
        first = _totals(lines.rows, size, least=1)
        second = _totals(lines.columns, size, least=0)
        first = _ascending(first) if free_rows or not lines.labelled else first
        second = _ascending(second) if free_columns else second
        if len(first) * len(second) > _MOST_MARGINS:
            raise BudgetExceeded("pairs of row and column totals", len(first) * len(second), _MOST_MARGINS, _ADVICE)
        pairs.append((np.repeat(first, len(second), axis=0), np.tile(second, (len(first), 1)), first))
    misfit = ""
    if not sum(len(pair[0]) for pair in pairs):
        misfit = "columns" if sum(len(pair[2]) for pair in pairs) else "rows"
        if misfit not in lines.shares:
            raise InvalidArgument("n", n, "a total that the row and column totals can add up to")
    row_totals, column_totals, alone = (np.concatenate([pair[at] for pair in pairs]) for at in range(3))
    orders = np.ones(len(row_totals), dtype=np.int64)
    for free, totals in ((free_rows, row_totals), (free_columns, column_totals)):
        orders *= _orders(totals) if free else 1
    possible: int | None
    if unknown:
        possible = _possible(alone, _orders(alone) if free_rows else np.ones(len(alone)), len(lines.columns))
    else:
        possible = rxc.count(row_totals, column_totals, 10 * _MOST_MARGINS)
    return Margins(row_totals, column_totals, orders, lines.labelled, free_rows, free_columns, possible, misfit)


def _ascending(totals: IntArray) -> IntArray:
    return totals[(np.diff(totals, axis=1) >= 0).all(axis=1)]


def _orders(totals: IntArray) -> IntArray:
    """Return in how many orders ascending totals can stand."""
    result = np.full(len(totals), factorial(totals.shape[1]))
    length = np.ones(len(totals), dtype=np.int64)
    for column in range(1, totals.shape[1]):
        length = np.where(totals[:, column] == totals[:, column - 1], length + 1, 1)
        result //= length
    return result


def read_line(value: object, name: str, roundings: tuple[str, ...], *, least: int) -> Line:
    """Return what is known of one total."""
    if value is None:
        return None
    if isinstance(value, (str, Reported)):
        printed = (read_rate(value, name, rule) for rule in roundings)
        return tuple(each for each in printed if each is not None)
    totals = read_counts(value, name, low=least)
    _validate.integer(int(totals[-1]), name, low=least, high=_MOST_PEOPLE)
    return totals


def _read_lines(value: object, name: str, roundings: tuple[str, ...], *, least: int) -> list[Line]:
    allowed = "a whole number of at least 2, or a sequence of totals with None where one is unknown"
    if (
        isinstance(value, (str, bytes, set, dict, range))
        or value is None
        or (isinstance(value, np.ndarray) and value.ndim != 1)
    ):
        raise InvalidType(name, value, allowed)
    if isinstance(value, (Sequence, np.ndarray)):
        if not 2 <= len(value) <= _MOST_LINES:
            raise InvalidArgument(name, value, f"2 to {_MOST_LINES} totals")
        return [read_line(entry, name, roundings, least=least) for entry in value]
    return [None] * _validate.integer(value, name, low=2, high=_MOST_LINES)


def _sizes(n: object, rows: list[Line], columns: list[Line]) -> list[int]:
    if n is not None:
        return [int(size) for size in read_counts(n, "n", low=2)]
    known = [line for line in (rows, columns) if all(isinstance(total, np.ndarray) for total in line)]
    if not known:
        raise InvalidArgument("n", None, "a whole number or a range", "Give n, or all row or all column totals.")
    sums = []
    for line in known:
        reached = {0}
        for total in line:
            reached = {one + other for one in reached for other in (total.tolist() if total is not None else [0])}  # type: ignore[union-attr]
        sums.append(reached)
    return sorted(size for size in set.intersection(*sums) if size >= 2)


def _totals(known: list[Line], size: int, *, least: int) -> IntArray:
    """Return every way to fill in the totals."""
    choices = [_choices(total, size, least) for total in known if total is not None]
    number = prod(len(values) for values in choices)
    _refuse(number)
    chosen = np.stack([grid.ravel() for grid in np.meshgrid(*choices, indexing="ij")], axis=1) if choices else None
    chosen = np.zeros((1, 0), dtype=np.int64) if chosen is None else chosen
    places = [at for at, total in enumerate(known) if total is None]
    left = size - chosen.sum(axis=1) - least * len(places)
    inside = left >= 0 if places else left == 0
    chosen, left = chosen[inside], left[inside]
    if places:
        _refuse(sum(comb(rest + len(places) - 1, len(places) - 1) for rest in left.tolist()))
        state, cells = rxc.expand(np.repeat(left[:, None], len(places), axis=1), left)
        chosen, rest = chosen[state], cells + least
    result = np.zeros((len(chosen), len(known)), dtype=np.int64)
    result[:, [at for at, total in enumerate(known) if total is not None]] = chosen
    if places:
        result[:, places] = rest
    return result[np.lexsort(result.T[::-1])]


def _choices(total: IntArray | tuple[Printed, ...], size: int, least: int) -> IntArray:
    if isinstance(total, np.ndarray):
        return total
    ends = [count_range(printed, np.array([size])) for printed in total]
    values = [np.arange(max(int(low[0]), least), int(high[0]) + 1) for low, high in ends]
    return np.unique(np.concatenate(values)).astype(np.int64)


def _refuse(number: int) -> None:
    if number > _MOST_MARGINS:
        raise BudgetExceeded("ways to fill in the totals", number, _MOST_MARGINS, _ADVICE)


def _possible(rows: IntArray, orders: Any, width: int) -> int:
    """Return the number of tables with some row totals and any column totals."""
    return sum(
        int(times) * prod(comb(total + width - 1, width - 1) for total in totals)
        for totals, times in zip(rows.tolist(), orders.tolist(), strict=True)
    )
