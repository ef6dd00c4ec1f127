"""Tables that may fit: by solving for one count where that is possible, by trying every table where it is not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import reduce

import numpy as np

from ...errors import BudgetExceeded
from ...numerics import table_measures, table_sides
from ...reported import Interval
from .._sizes import IntArray, Splits
from .constraints import Among, BoolArray, Columns, Constraint, Measured, Share, Tested
from .exact_margins import by_exact_margin, exact_rows, find_exact
from .limits import Limits
from .margins import ADVICE, CHUNK, LONGEST, MOST_MARGINS, SAMPLED, Margins, Piece, Ranges, find_solver
from .tests import parted

__all__ = ["SLOW", "candidates"]

#: How many tables may be tried for each one that may be returned.
_TRIES_PER_TABLE = 50
# A row of tables with the same margins is solved in the time in which so many are tried.
_TRIES_PER_ROW = 40
# So many pairs of split and events are solved in the time in which one table is tried.
_PAIRS_PER_TRY = 6
# Slow methods of intervals are tried on fewer tables.
_SLOW_TRIES_PER_TABLE = 2
SLOW = 6
# What bounds a measure by its limits is a little wider than they are.
_WIDER = 1e-9
# All tables of the same group sizes are held at once for unconditional tests; for all sizes it takes about a minute.
_LARGEST_DESIGN = 5_000_000
_MOST_IN_DESIGNS = 100_000_000
_ADVICE_DESIGNS = "Unconditional tests need every table of a design: give n1 and n2, or another test."
RowRange = tuple[str, float, float]
# So few tables are tried faster than any plan is made.
_FEW = 200_000
# Beyond so many, solving for them takes less time than trying them.
_FEW_TO_SOLVE = 5_000


def ranges(sizes: Splits, constraints: tuple[Constraint, ...]) -> Ranges:
    """Return the counts that the constraints on counts and shares leave, split by split."""
    total = sizes.n1 + sizes.n2
    ends = {
        "x1": [np.zeros_like(total), sizes.n1.copy()],
        "x2": [np.zeros_like(total), sizes.n2.copy()],
        "events": [np.zeros_like(total), total.copy()],
    }
    shares = {"rate1": ("x1", sizes.n1), "rate2": ("x2", sizes.n2), "rate": ("events", total)}
    others = {"y1": ("x1", sizes.n1), "y2": ("x2", sizes.n2), "nonevents": ("events", total)}
    keep = np.ones(total.shape, dtype=bool)
    for constraint in constraints:
        if isinstance(constraint, Among) and constraint.of in ends:
            name, low, high = constraint.of, constraint.allowed[0], constraint.allowed[-1]
        elif isinstance(constraint, Among) and constraint.of in others:
            name, size = others[constraint.of]
            low, high = size - constraint.allowed[-1], size - constraint.allowed[0]
        elif isinstance(constraint, Share):
            name, size = shares[constraint.of]
            low, high = constraint.count_range(size)
        else:
            keep &= _keeps_split(constraint, sizes)
            continue
        ends[name] = [np.maximum(ends[name][0], low), np.minimum(ends[name][1], high)]
    (low1, high1), (low2, high2), (low, high) = ends["x1"], ends["x2"], ends["events"]
    found = Ranges(sizes.n1, low1, high1, sizes.n2, low2, high2, low, high)
    return found.taken(keep)


def _keeps_split(constraint: Constraint, sizes: Splits) -> BoolArray:
    """Return which splits meet a constraint on nothing but the group sizes."""
    none = np.zeros_like(sizes.n1)
    of_sizes = isinstance(constraint, Among) and constraint.of in ("n1", "n2", "n")
    if of_sizes or (isinstance(constraint, Measured) and constraint.measure == "prevalence"):
        return constraint.keep((none, sizes.n1, none, sizes.n2), None)
    return np.ones(none.shape, dtype=bool)


def candidates(sizes: Splits, constraints: tuple[Constraint, ...], test: str | None, budget: int) -> list[Piece]:
    """Return the pieces of the search, after checking their number against the budget."""
    left = ranges(sizes, constraints)
    work = left.tables()
    left, work = left.taken(work > 0), work[work > 0]
    slow = any(constraint.cost >= SLOW for constraint in constraints)
    to_try, most = int(np.sum(work)), budget * (_SLOW_TRIES_PER_TABLE if slow else _TRIES_PER_TABLE)
    events = _counted_events(constraints)
    if to_try > _FEW_TO_SOLVE:
        solver = find_solver(constraints, test)
        margins = None if solver is None else Margins(left, events, solver, sizes.labelled)
        if margins is not None and to_try * _PAIRS_PER_TRY <= margins.pairs():
            margins = None
        rows = _solved_rows(constraints)
        if rows:
            counted = _count_rows(left, rows, most)
            if margins is None or margins.too_many() or counted <= margins.count(exactly=False):
                _refuse(counted, most)
                return _by_row(left, rows)
        if margins is not None:
            return margins.pieces(budget if _only_tested(constraints) else None)
    exact = find_exact(constraints, test)
    if exact is not None and to_try > max(_FEW, _TRIES_PER_ROW * exact_rows(left)):
        _refuse(exact_rows(left), most)
        return by_exact_margin(left, events, exact, budget if _only_tested(constraints) else None)
    _refuse(to_try, most)
    designs = _needs_designs(constraints, test)
    if designs:
        _refuse_designs(left)
    return _tried(left, work.astype(np.int64), events, whole=designs)


def _refuse(to_try: int, most: int) -> None:
    if to_try > max(most, _FEW):
        raise BudgetExceeded("tables to try", to_try, most, ADVICE)


def _needs_designs(constraints: tuple[Constraint, ...], test: str | None) -> bool:
    """Whether a p depends on all tables of the same group sizes."""
    names = [name for part in constraints if isinstance(part, Tested) for name in part.under(test)]
    return any(parted(name)[0] in table_sides.UNCONDITIONAL for name in names)


def _refuse_designs(left: Ranges) -> None:
    size = (left.n1 + 1).astype(object) * (left.n2 + 1)
    largest, total = int(size.max(initial=0)), int(size.sum())
    if largest > _LARGEST_DESIGN:
        raise BudgetExceeded("tables of one pair of group sizes", largest, _LARGEST_DESIGN, _ADVICE_DESIGNS)
    if total > _MOST_IN_DESIGNS:
        raise BudgetExceeded("tables of all group sizes", total, _MOST_IN_DESIGNS, _ADVICE_DESIGNS)


def _counted_events(constraints: tuple[Constraint, ...]) -> IntArray | None:
    """Return the numbers of events that were given as counts; None if none were."""
    given = [
        constraint.allowed for constraint in constraints if isinstance(constraint, Among) and constraint.of == "events"
    ]
    return None if not given else reduce(np.intersect1d, given)


def _only_tested(constraints: tuple[Constraint, ...]) -> bool:
    """Whether every table that a solver finds is also printed, so that candidates count as tables."""
    return all(isinstance(part, Tested) and part.tests is None and not part.directed for part in constraints)


# --- row by row: x2 from x1 and a measure ---------------------------------------------------------------------


def _parts(left: Ranges) -> list[Ranges]:
    """Return the splits in groups with a bounded number of rows; a long split is cut."""
    width = left.high1 - left.low1 + 1
    number = -(-width // LONGEST)
    split = np.repeat(np.arange(width.size), number)
    place = np.arange(split.size) - np.repeat(np.cumsum(number) - number, number)
    cut = left.taken(split)
    low1 = cut.low1 + place * LONGEST
    cut = replace(cut, low1=low1, high1=np.minimum(cut.high1, low1 + LONGEST - 1))
    width = cut.high1 - cut.low1 + 1
    group = (np.cumsum(width) - width) // CHUNK
    ends = np.nonzero(np.diff(group))[0] + 1
    return [cut.taken(at) for at in np.split(np.arange(width.size), ends)]


def _row_ranges(part: Ranges, rows: list[RowRange]) -> tuple[IntArray, IntArray, IntArray, IntArray]:
    """Return for every row of a part: its split, x1, and the first and last x2."""
    split, x1 = spread(np.arange(part.n1.size), part.low1, part.high1)
    first = np.maximum(part.low2[split], part.low[split] - x1)
    last = np.minimum(part.high2[split], part.high[split] - x1)
    a, n1, n2 = (count.astype(np.float64) for count in (x1, part.n1[split], part.n2[split]))
    for measure, low, high in rows:
        least, most = table_measures.x2_range(measure, low, high, a, n1, n2)
        first = np.maximum(first, np.clip(least, -1.0, n2 + 1.0).astype(np.int64))
        last = np.minimum(last, np.clip(most, -1.0, n2 + 1.0).astype(np.int64))
    return split, x1, first, last


def _solved_rows(constraints: tuple[Constraint, ...]) -> list[RowRange]:
    """Return the measures that give a range of `x2` for every `x1`, each with the values that it can have."""
    found: list[RowRange] = []
    for constraint in constraints:
        if isinstance(constraint, Measured) and constraint.measure in table_measures.SOLVABLE:
            interval: Interval = constraint.printed.interval
            low, high = float(interval.low), float(interval.high)
            found.append((constraint.measure, -high if constraint.absolute else low, high))
        elif isinstance(constraint, Limits) and constraint.measure in table_measures.SOLVABLE:
            ends = constraint.point_range()
            if ends is not None:
                least, most = table_measures.BOUNDS[constraint.measure]
                low, high = ends[0] - _WIDER * (1.0 + abs(ends[0])), ends[1] + _WIDER * (1.0 + abs(ends[1]))
                found.append((constraint.measure, max(low, least), min(high, most)))
    return found


def _count_rows(left: Ranges, rows: list[RowRange], most: int) -> int:
    """Return how many tables the rows hold; from a sample of the splits when that is clearly within the budget."""
    width = int(np.sum((left.high1 - left.low1 + 1).astype(object)))
    if width > MOST_MARGINS:
        raise BudgetExceeded("rows to solve", width, MOST_MARGINS, ADVICE)
    parts = _parts(left)
    sampled = parts[:: max(1, len(parts) // SAMPLED)]
    estimate = round(_rows_held(sampled, rows) * (len(parts) / len(sampled)))
    return estimate if estimate <= most // 2 else _rows_held(parts, rows)


def _rows_held(parts: list[Ranges], rows: list[RowRange]) -> int:
    total = 0
    for part in parts:
        _, _, first, last = _row_ranges(part, rows)
        total += int(np.sum(np.maximum(last - first + 1, 0)))
    return total


def _by_row(left: Ranges, rows: list[RowRange]) -> list[Piece]:
    return [lambda part=part: _row_tables(part, rows) for part in _parts(left)]  # type: ignore[misc]


def _row_tables(part: Ranges, rows: list[RowRange]) -> Iterator[Columns]:
    split, x1, first, last = _row_ranges(part, rows)
    held = np.cumsum(np.maximum(last - first + 1, 0))
    if not held.size or not held[-1]:
        return
    # Rows go on in slices of a bounded number of tables.
    starts = np.searchsorted(held, np.arange(0, int(held[-1]), LONGEST), side="right")
    for start, stop in zip(starts, [*starts[1:], held.size], strict=True):
        at = slice(start, stop)
        row, x2 = spread(np.arange(start, stop), first[at], last[at])
        yield x1[row], part.n1[split[row]], x2, part.n2[split[row]]


# --- every table ----------------------------------------------------------------------------------------------


def _tried(left: Ranges, number: IntArray, events: IntArray | None, *, whole: bool = False) -> list[Piece]:
    group = (np.cumsum(number) - number) // CHUNK
    pieces: list[Piece] = []
    for inside in np.split(np.arange(number.size), np.nonzero(np.diff(group))[0] + 1) if number.size else ():
        part = left.taken(inside)
        margins = _events_to_try(part, events)
        # Tables with the same margins stay together, because an exact test takes them all at once.
        # An unconditional one takes all of the same group sizes.
        parts = 1 if whole else -(-int(number[inside].sum()) // CHUNK)
        slices = np.array_split(margins, min(parts, margins.size)) if margins.size else []
        pieces += [lambda part=part, these=these: [_try(part, these)] for these in slices]  # type: ignore[misc]
    return pieces


def _events_to_try(part: Ranges, events: IntArray | None) -> IntArray:
    least = int(np.maximum(part.low, part.low1 + part.low2).min())
    most = int(np.minimum(part.high, part.high1 + part.high2).max())
    return np.arange(least, most + 1) if events is None else events[(events >= least) & (events <= most)]


def _try(part: Ranges, margins: IntArray) -> Columns:
    """Return every table of the splits and ranges with one of these numbers of events."""
    least = np.maximum(part.low, part.low1 + part.low2)
    most = np.minimum(part.high, part.high1 + part.high2)
    first, last = np.searchsorted(margins, least), np.searchsorted(margins, most, side="right") - 1
    row, place = spread(np.arange(part.n1.size), first, last)
    events = margins[place]
    low = np.maximum(part.low1[row], events - part.high2[row])
    high = np.minimum(part.high1[row], events - part.low2[row])
    again, x1 = spread(np.arange(row.size), low, high)
    row, events = row[again], events[again]
    return x1, part.n1[row], events - x1, part.n2[row]


def spread(row: IntArray, low: IntArray, high: IntArray) -> tuple[IntArray, IntArray]:
    """Return every whole number from `low` to `high` of each row, with the row that it came from."""
    size = np.maximum(high - low + 1, 0)
    start = np.cumsum(size) - size
    return np.repeat(row, size), np.repeat(low - start, size) + np.arange(int(size.sum()))
