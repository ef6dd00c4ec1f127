"""Tables that may fit an exact test, margin by margin: p falls on either side of the likeliest table."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from ...errors import BudgetExceeded
from ...numerics import exact_solve
from .._sizes import IntArray
from .constraints import Columns, Constraint, Tested, taken
from .margins import ADVICE, Piece, Ranges
from .tests import parted

__all__ = ["by_exact_margin", "exact_rows", "find_exact"]

#: Most probabilities to compute, about a minute.
_MOST_ELEMENTS = 2_000_000_000
_ROWS = 5_000
_SAMPLED = 4
_CLOSE = 10_000
_NEARLY_ONE = 0.999
#: Which tail a tail is when events and others change places.
_OTHER = {"up": "down", "down": "up"}


@dataclass(frozen=True, slots=True)
class Exact:
    """The range of an exact p; `side` is that of `exact_solve.tail_candidates`, None for Fisher's two-sided p."""

    midp: bool
    low: float
    high: float
    side: str | None = None


def find_exact(constraints: tuple[Constraint, ...], test: str | None) -> Exact | None:
    """Return the exact test whose p narrows the margins, if there is one."""
    for constraint in constraints:
        if isinstance(constraint, Tested) and constraint.kind == "p":
            names = constraint.under(test)
            low, high = float(constraint.printed.interval.low), float(constraint.printed.interval.high)
            name, alternative = parted(names[0]) if len(names) == 1 else ("", "")
            if name in ("fisher", "midp") and alternative == "two-sided":
                return Exact(name == "midp", low, high)
            if name == "fisher_central" and alternative == "two-sided":
                return Exact(False, low, high, "both")
            # Of the tables far on the other side, whose p is 1, there are too many.
            if name in ("fisher", "midp", "fisher_central") and high < _NEARLY_ONE:
                return Exact(name == "midp", low, high, "up" if alternative == "greater" else "down")
    return None


def exact_rows(left: Ranges) -> int:
    """Return how many pairs of split and number of events there are, mirror images counted once."""
    return int(np.sum(np.maximum(np.minimum(left.high, (left.n1 + left.n2) // 2) - left.low + 1, 1).astype(object)))


def _elements(left: Ranges) -> int:
    """Return about how many tables of each row have a probability that counts, in all rows."""
    smaller = np.minimum(left.n1, left.n2).astype(np.float64)
    width = np.minimum(smaller, 26.0 + 9.0 * np.sqrt(smaller)) + 1.0
    number = np.maximum(np.minimum(left.high, (left.n1 + left.n2) // 2) - left.low + 1, 1)
    return int(np.sum(width * number))


def by_exact_margin(left: Ranges, events: IntArray | None, exact: Exact, budget: int | None) -> list[Piece]:
    """Return the pieces of the search; where a budget for candidates is given, after an estimate of their number."""
    work = _elements(left)
    if work > _MOST_ELEMENTS:
        raise BudgetExceeded("probabilities to compute", work, _MOST_ELEMENTS, ADVICE)
    parts = list(_parts(left))
    if budget is not None:
        # A few parts tell roughly how many tables there are; what comes close to the budget is counted as it is found.
        sampled = parts[:: max(1, len(parts) // _SAMPLED)]
        found = sum(_tables(part, events, exact)[0].size for part in sampled)
        estimate = found * len(parts) // len(sampled)
        if estimate > 4 * budget + _CLOSE:
            raise BudgetExceeded("tables, roughly", estimate, budget, ADVICE)
    return [lambda part=part: [_tables(part, events, exact)] for part in parts]  # type: ignore[misc]


def _parts(left: Ranges) -> Iterator[Ranges]:
    """Yield the splits in groups with a bounded number of rows."""
    number = np.minimum(left.high, left.n1 + left.n2) - left.low + 1
    group = (np.cumsum(number) - number) // _ROWS
    for inside in np.split(np.arange(number.size), np.nonzero(np.diff(group))[0] + 1):
        if inside.size:
            yield left.taken(inside)


def _tables(part: Ranges, events: IntArray | None, exact: Exact) -> Columns:
    """Return the tables of some splits; those with more events than not are mirror images of others."""
    total = part.n1 + part.n2
    row, margin = _rows(part, events)
    half = np.minimum(margin, total[row] - margin)
    base = int(total.max()) + 1
    # Both a number of events and its mirror image may be asked for: each row is solved once.
    keys = np.unique(row * base + half)
    row, half = keys // base, keys % base
    columns = _asked(exact, exact.side, part, row, half)
    # Two sides are their own mirror image.
    other = _asked(exact, _OTHER[exact.side], part, row, half) if exact.side in _OTHER else columns
    one, two, three, four = (np.concatenate(pair) for pair in zip(columns, _mirrored(other), strict=True))
    return one, two, three, four


def _asked(exact: Exact, side: str | None, part: Ranges, row: IntArray, events: IntArray) -> Columns:
    margins = part.n1[row], part.n2[row], events
    if side is None:
        return exact_solve.candidates(exact.low, exact.high, *margins, midp=exact.midp)
    return exact_solve.tail_candidates(exact.low, exact.high, *margins, midp=exact.midp, side=side)


def _mirrored(columns: Columns) -> Columns:
    """Return what events and others make when they change places; half of all as events is its own mirror image."""
    x1, n1, x2, n2 = taken(columns, np.nonzero(2 * (columns[0] + columns[2]) != columns[1] + columns[3])[0])
    return n1 - x1, n1, n2 - x2, n2


def _rows(part: Ranges, events: IntArray | None) -> tuple[IntArray, IntArray]:
    if events is not None:
        row, place = np.nonzero((events >= part.low[:, None]) & (events <= part.high[:, None]))
        return row, events[place]
    size = part.high - part.low + 1
    start = np.cumsum(size) - size
    return np.repeat(np.arange(size.size), size), np.repeat(part.low - start, size) + np.arange(int(size.sum()))
