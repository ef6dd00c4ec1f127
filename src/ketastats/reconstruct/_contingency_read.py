"""Row and column totals of a table: known, unknown in part, or only how many there are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import comb
from typing import Any

import numpy as np

from .. import _validate
from ..errors import BudgetExceeded, InvalidArgument, InvalidType
from ..numerics import rxc
from ._sizes import IntArray, read_counts

__all__ = ["Margins", "margins"]

_MOST_LINES = 12
_MOST_PEOPLE = 100_000
_MOST_MARGINS = 5_000_000
_ADVICE = "Give row totals, column totals or n."


@dataclass(frozen=True, slots=True)
class Margins:
    """All pairs of row and column totals to search.

    Parameters
    ----------
    rows : ndarray of int64, shape (margins, rows)
        Row totals; ascending when rows cannot be told apart.
    columns : ndarray of int64, shape (margins, columns)
        Column totals.
    labelled : bool
        Whether it is known which row is which.
    possible : int or None
        How many tables have these totals, rows told apart; None where that is not known without long work.
    """

    rows: IntArray
    columns: IntArray
    labelled: bool
    possible: int | None

    def __len__(self) -> int:
        return len(self.rows)


def margins(rows: object, columns: object, n: object) -> Margins:
    """Return all totals that agree with what is known of them."""
    row_totals, column_totals = _read_lines(rows, "rows", least=1), _read_lines(columns, "columns", least=0)
    sizes = _sizes(n, row_totals, column_totals)
    labelled = isinstance(rows, (Sequence, np.ndarray))
    pairs = []
    for size in sizes:
        first = _totals(row_totals, size, least=1)
        if not labelled:
            first = first[(np.diff(first, axis=1) >= 0).all(axis=1)]
        second = _totals(column_totals, size, least=0)
        if len(first) * len(second) > _MOST_MARGINS:
            raise BudgetExceeded("pairs of row and column totals", len(first) * len(second), _MOST_MARGINS, _ADVICE)
        pairs.append((np.repeat(first, len(second), axis=0), np.tile(second, (len(first), 1)), first))
    if not sum(len(pair[0]) for pair in pairs):
        raise InvalidArgument("n", n, "a total that the row and column totals can add up to")
    found = [np.concatenate([pair[at] for pair in pairs]) for at in range(3)]
    free = all(total is None for total in column_totals)
    return Margins(found[0], found[1], labelled, _possible(*found, width=len(column_totals), free=free))


def _read_lines(value: object, name: str, *, least: int) -> list[int | None]:
    allowed = "a whole number of at least 2, or a sequence of totals with None where one is unknown"
    if (
        isinstance(value, (str, bytes, set, dict))
        or value is None
        or (isinstance(value, np.ndarray) and value.ndim != 1)
    ):
        raise InvalidType(name, value, allowed)
    if isinstance(value, (Sequence, np.ndarray)):
        totals = [
            None if entry is None else _validate.integer(entry, name, low=least, high=_MOST_PEOPLE) for entry in value
        ]
        if not 2 <= len(totals) <= _MOST_LINES:
            raise InvalidArgument(name, value, f"2 to {_MOST_LINES} totals")
        return totals
    return [None] * _validate.integer(value, name, low=2, high=_MOST_LINES)


def _sizes(n: object, rows: list[int | None], columns: list[int | None]) -> list[int]:
    sums = {sum(total for total in line if total is not None) for line in (rows, columns) if None not in line}
    if n is None:
        if not sums:
            raise InvalidArgument("n", None, "a whole number or a range", "Give n, or all row or all column totals.")
        return sorted(sums)
    return [size for size in read_counts(n, "n", low=2).tolist() if sums <= {size}]


def _totals(known: list[int | None], size: int, *, least: int) -> IntArray:
    """Return every way to fill in the unknown totals."""
    rest = size - sum(total for total in known if total is not None)
    places = [at for at, total in enumerate(known) if total is None]
    if not places:
        return np.array([known] if rest == 0 else [], dtype=np.int64).reshape(-1, len(known))
    left = rest - least * len(places)
    if left < 0:
        return np.zeros((0, len(known)), dtype=np.int64)
    number = comb(left + len(places) - 1, len(places) - 1)
    if number > _MOST_MARGINS:
        raise BudgetExceeded("ways to fill in the totals", number, _MOST_MARGINS, _ADVICE)
    _, cells = rxc.expand(np.full((1, len(places)), left, dtype=np.int64), np.array([left], dtype=np.int64))
    result = np.tile(np.array([total or 0 for total in known], dtype=np.int64), (len(cells), 1))
    result[:, places] = cells + least
    return result


def _possible(rows: IntArray, columns: IntArray, alone: IntArray, *, width: int, free: bool) -> int | None:
    """Return the number of tables, by products where the columns are free and by counting otherwise."""
    if free:
        ways: Any = 0
        for totals in alone.tolist():
            product = 1
            for total in totals:
                product *= comb(total + width - 1, width - 1)
            ways += product
        return int(ways)
    return rxc.count(rows, columns, 10 * _MOST_MARGINS)
