"""Which unreported details decide a ruling."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["ROUNDING", "decisive"]

#: What is named where one data set rules either way, by digits that were not printed.
ROUNDING = "the digits that rounding took away"

# So many rows, spread over all, show at once that most details do not decide.
_SAMPLE = 4096

Codes = NDArray[np.int64]


def decisive(rulings: Any, details: dict[str, Any], undecided: object) -> tuple[str, ...]:
    """Return the fewest unreported details that together fix the ruling.

    `undecided` is the ruling of a data set that its own digits leave open. Details are tried in their order, so that
    of several that decide alone the first is named.
    """
    open_ = rulings == undecided
    digits = (ROUNDING,) if open_.any() else ()
    word = _code(rulings)
    if open_.all() or word.max() == 0:
        return digits
    rows, columns = _columns(details, rulings.size)
    word = word[rows]
    sample = slice(None, None, max(1, word.size // _SAMPLE))
    for size in range(1, len(columns) + 1):
        for names in combinations(columns, size):
            chosen = [columns[name] for name in names]
            if _fixed([column[sample] for column in chosen], word[sample]) and _fixed(chosen, word):
                return (*names, *digits)
    return (*columns, *digits)


def _columns(details: dict[str, Any], size: int) -> tuple[Codes, dict[str, Codes]]:
    """Return the details that vary as whole numbers, in rows of which several may stand for one data set."""
    rows = np.arange(size)
    columns: dict[str, Codes] = {}
    for name, key in details.items():
        if key.ndim == 2:
            # A table that several tests print stands under each of them.
            at, column = np.nonzero(key[rows])
            rows, columns = rows[at], {other: codes[at] for other, codes in columns.items()}
            columns[name] = column
        else:
            columns[name] = _code(key)[rows]
    return rows, {name: column for name, column in columns.items() if column.min() != column.max()}


def _code(values: Any) -> Codes:
    return np.asarray(np.unique(values, return_inverse=True)[1], dtype=np.int64)


def _fixed(columns: list[Codes], word: Codes) -> bool:
    """Whether data sets that agree in the columns always have the same ruling."""
    kinds = int(word.max()) + 1
    code = np.sort(_coded([*columns, word]))
    group = code // kinds
    # Neighbours with the same columns and another ruling.
    return not bool(np.any((group[1:] == group[:-1]) & (code[1:] != code[:-1])))


def _coded(columns: Sequence[Codes]) -> Codes:
    """Return one whole number for each row; its remainder by one more than the largest of the last column is that."""
    code = np.zeros(columns[0].size, dtype=np.int64)
    for column in columns:
        width = int(column.max(initial=0)) + 1
        if (int(code.max(initial=0)) + 1) * width >= 2**62:
            code = _code(code)
        code = code * width + column
    return code
