"""Columns of arguments: the rows of each, one cell standing for all, and what is no printed number."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .. import _validate
from ..errors import InvalidArgument
from ..reported import Reported

__all__ = ["cells", "distinct", "lengths", "rows", "several", "sizes", "words"]

IntArray = NDArray[np.int64]

_LARGEST_SIZE = 10**9


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


def rows(**columns: object) -> tuple[int, dict[str, list[Any]]]:
    """Return how many rows there are, and the cells of each column."""
    found = {name: cells(value, name) for name, value in columns.items()}
    return lengths(**found), found


def sizes(value: object, name: str, number: int | None = None, *, low: int = 1) -> IntArray:
    """Return a column of whole numbers, one per row; `number` is how many rows there are."""
    found = _validate.integers(value, name, low=low, high=_LARGEST_SIZE)
    if found.ndim > 1:
        raise InvalidArgument(name, value, "one whole number or a column of them, in one dimension")
    column = found.reshape(-1)
    return column if number is None else np.broadcast_to(column, (number,))
