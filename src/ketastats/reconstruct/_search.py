"""The search behind `tables`: candidates by solving or by trying, then the forward check of each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import erfcinv

from ..errors import BudgetExceeded
from ..numerics import exact_tests, table_solve, table_tests
from ..reported import Interval
from ._constraints import Constraints, count_range
from ._sizes import IntArray, Splits

__all__ = ["blame", "run"]

Columns = tuple[IntArray, IntArray, IntArray, IntArray]
BoolArray = NDArray[np.bool_]

# Few enough elements to stay in the processor's cache.
_CHUNK = 60_000
_LONGEST = 1_000_000
#: How many tables may be tried for each one that may be returned.
_TRIES_PER_TABLE = 50
_SAMPLED_SPLITS = 64
#: Most pairs of split and number of events to solve, about half a minute.
_MOST_MARGINS = 1_000_000_000
_TINY = 1e-290
# No finite z or chi-square of counts is larger.
_HUGE = 1e40
_ADVICE = "Give n1 and n2, events, a rate, or more printed digits; or raise budget."


def run(
    sizes: Splits, constraints: Constraints, tests: tuple[str, ...], budget: int, *, progress: bool
) -> tuple[Columns, BoolArray]:
    """Return all compatible tables, sorted, and which tests print each."""
    found: list[Columns] = []
    for test in tests or (None,):
        pieces: list[Columns] = []
        size = 0
        for candidates in _with_progress(_candidates(sizes, constraints, test, budget), progress, test):
            kept = _select(candidates, _accept(candidates, constraints, test, sizes.labelled))
            size += kept[0].size
            if size > budget:
                raise BudgetExceeded("tables or more", size, budget, _ADVICE)
            pieces.append(kept)
        found.append(_concatenate(pieces))
    columns, printed_by = _union(found, len(tests))
    if columns[0].size > budget:
        raise BudgetExceeded("tables", columns[0].size, budget, _ADVICE)
    return columns, printed_by


def blame(sizes: Splits, constraints: Constraints, tests: tuple[str, ...]) -> str:
    """Return the name of the first constraint that leaves no table."""
    empty = {"p": None, "statistic": None, "events": None, "rate1": None, "rate2": None}
    given: dict[str, Any] = dict(empty)
    for name in ("rate1", "rate2", "events"):
        if getattr(constraints, name) is None:
            continue
        given[name] = getattr(constraints, name)
        if not _margins_possible(sizes, Constraints(**given)):
            return name
    if constraints.p is not None and constraints.statistic is not None:
        given["p"] = constraints.p
        found, _ = run(sizes, Constraints(**given), tests, 10**9, progress=False)
        return "statistic" if found[0].size else "p"
    return "p" if constraints.p is not None else "statistic"


def _margins_possible(sizes: Splits, constraints: Constraints) -> bool:
    low1, high1 = count_range(constraints.rate1, sizes.n1)
    low2, high2 = count_range(constraints.rate2, sizes.n2)
    possible = (low1 <= high1) & (low2 <= high2)
    if constraints.events is None:
        return bool(possible.any())
    events = constraints.events[None, :]
    inside = (events >= (low1 + low2)[:, None]) & (events <= (high1 + high2)[:, None])
    return bool((inside & possible[:, None]).any())


# --- candidates -----------------------------------------------------------------------------------------------


def _candidates(sizes: Splits, constraints: Constraints, test: str | None, budget: int) -> list[Callable[[], Columns]]:
    """Return the pieces of the search as callables, after checking their number against the budget."""
    if test in table_solve.SOLVABLE:
        return _solved(sizes, constraints, test, budget)
    return _tried(sizes, constraints, budget)


def _solved(sizes: Splits, constraints: Constraints, test: str, budget: int) -> list[Callable[[], Columns]]:
    low, high = _statistic_range(constraints, test)
    pairs = sum(size * number for size, number in _margin_work(sizes, constraints.events))
    if pairs > _MOST_MARGINS:
        raise BudgetExceeded("pairs of margins to solve", pairs, _MOST_MARGINS, _ADVICE)
    pieces = list(_solve_pieces(sizes, constraints.events))
    if constraints.rate1 is None and constraints.rate2 is None and constraints.events is None:
        sampled = pieces[:: max(1, len(pieces) // _SAMPLED_SPLITS)]
        # A sample of the splits tells whether the full count, which takes as long as the search, is worth taking.
        if _count_pieces(sampled, test, low, high, sizes.labelled) * (len(pieces) / max(1, len(sampled))) > budget:
            total = _count_pieces(pieces, test, low, high, sizes.labelled)
            if total > budget:
                raise BudgetExceeded("tables or more", total, budget, _ADVICE)
    return [lambda piece=piece: _solve(piece, test, low, high) for piece in pieces]  # type: ignore[misc]


def _margin_work(sizes: Splits, events: IntArray | None) -> Iterator[tuple[int, int]]:
    """Yield for each total how many splits it has and how many numbers of events are solved on each."""
    for total, number in zip(*np.unique(sizes.n1 + sizes.n2, return_counts=True), strict=True):
        yield int(number), int(total) - 1 if events is None else _margins(int(total), events).size


def _margins(total: int, events: IntArray) -> IntArray:
    # The mirror image of a table with e events has N - e, and both are solved together.
    margins = np.union1d(events, total - events)
    return margins[(margins >= 1) & (margins < total)]


def _solve_pieces(sizes: Splits, events: IntArray | None) -> Iterator[tuple[IntArray, IntArray, IntArray]]:
    totals = sizes.n1 + sizes.n2
    for total in np.unique(totals):
        inside = totals == total
        n1, n2 = sizes.n1[inside], sizes.n2[inside]
        margins = np.arange(1, total) if events is None else _margins(int(total), events)
        step = max(1, _CHUNK // max(1, margins.size))
        for start in range(0, n1.size, step):
            for place in range(0, margins.size, _LONGEST):
                yield n1[start : start + step], n2[start : start + step], margins[place : place + _LONGEST]


def _count_pieces(
    pieces: Iterable[tuple[IntArray, IntArray, IntArray]], test: str, low: float, high: float, labelled: bool
) -> int:
    """Return a number of tables that the search is certain to exceed or meet."""
    total = 0
    for n1, n2, margins in pieces:
        first, last = table_solve.certain(test, low, high, n1, n2, margins)
        # Each stands for its mirror image too, unless equal groups cannot be told apart.
        weight = np.where((n1 == n2) & (not labelled), 1, 2)
        total += int(np.sum(weight[:, None] * np.maximum(last - first + 1.0, 0.0)))
    return total


def _solve(piece: tuple[IntArray, IntArray, IntArray], test: str, low: float, high: float) -> Columns:
    first, last = table_solve.candidates(test, low, high, *piece)
    columns: Columns = table_solve.expand(first, last, *piece)
    return columns


def _statistic_range(constraints: Constraints, test: str) -> tuple[float, float]:
    """Return the range of chi-square (squared z for ``wald``) that the printed numbers allow, slightly wide."""
    low, high = 0.0, np.inf
    if constraints.p is not None:
        ends = constraints.p.interval
        # Towards the smallest floats p loses its digits: there the net is wider.
        least = float(ends.low)
        low = max(low, 2.0 * float(erfcinv(min(1.0, max(float(ends.high), _TINY)))) ** 2)
        high = min(high, 2.0 * float(erfcinv(least)) ** 2 if least > _TINY else np.inf)
    if constraints.statistic is not None:
        ends = constraints.statistic.interval
        power = 2 if test == "wald" else 1
        low, high = max(low, min(float(ends.low), _HUGE) ** power), min(high, min(float(ends.high), _HUGE) ** power)
    return low * (1.0 - 1e-9), high * (1.0 + 1e-9)


def _tried(sizes: Splits, constraints: Constraints, budget: int) -> list[Callable[[], Columns]]:
    low1, high1 = count_range(constraints.rate1, sizes.n1)
    low2, high2 = count_range(constraints.rate2, sizes.n2)
    ends = np.stack([sizes.n1, low1, high1, sizes.n2, low2, high2], axis=1)
    work = _tables_to_try(ends, constraints.events)
    total = int(np.sum(work))
    if total > budget * _TRIES_PER_TABLE:
        raise BudgetExceeded("tables to try", total, budget * _TRIES_PER_TABLE, _ADVICE)
    ends, number = ends[work > 0], work[work > 0].astype(np.int64)
    group = (np.cumsum(number) - number) // _CHUNK
    pieces: list[Callable[[], Columns]] = []
    for inside in np.split(np.arange(number.size), np.nonzero(np.diff(group))[0] + 1) if number.size else ():
        margins = _events_to_try(ends[inside], constraints.events)
        # Tables with the same margins stay together, because an exact test takes them all at once.
        parts = -(-int(number[inside].sum()) // _CHUNK)
        slices = np.array_split(margins, min(parts, margins.size)) if margins.size else []
        pieces += [lambda inside=inside, part=part: _try(ends[inside], part) for part in slices]  # type: ignore[misc]
    return pieces


def _tables_to_try(ends: IntArray, events: IntArray | None) -> Any:
    """Return how many tables each split has inside its ranges, as whole numbers of any size."""
    width1 = np.maximum(ends[:, 2] - ends[:, 1] + 1, 0)
    width2 = np.maximum(ends[:, 5] - ends[:, 4] + 1, 0)
    if events is None:
        return width1.astype(object) * width2
    work = np.zeros(width1.shape, dtype=np.int64)
    for number in events:
        # With the events known, x1 fixes x2.
        above = number - ends[:, 1] - ends[:, 4]
        work += np.maximum(
            np.minimum(np.minimum(above + 1, width1 + width2 - 1 - above), np.minimum(width1, width2)), 0
        )
    return work


def _events_to_try(ends: IntArray, events: IntArray | None) -> IntArray:
    least, most = int((ends[:, 1] + ends[:, 4]).min()), int((ends[:, 2] + ends[:, 5]).max())
    return np.arange(least, most + 1) if events is None else events[(events >= least) & (events <= most)]


def _try(ends: IntArray, margins: IntArray) -> Columns:
    """Return every table of the splits and ranges in `ends` with one of these numbers of events."""
    n1, low1, high1, n2, low2, high2 = ends.T
    first, last = np.searchsorted(margins, low1 + low2), np.searchsorted(margins, high1 + high2, side="right") - 1
    row, place = _ranges(np.arange(n1.size), first, last)
    events = margins[place]
    again, x1 = _ranges(
        np.arange(row.size), np.maximum(low1[row], events - high2[row]), np.minimum(high1[row], events - low2[row])
    )
    row, events = row[again], events[again]
    return x1, n1[row], events - x1, n2[row]


def _ranges(row: IntArray, low: IntArray, high: IntArray) -> tuple[IntArray, IntArray]:
    """Return every whole number from `low` to `high` of each row, with the row that it came from."""
    size = np.maximum(high - low + 1, 0)
    start = np.cumsum(size) - size
    return np.repeat(row, size), np.repeat(low - start, size) + np.arange(int(size.sum()))


# --- the forward check ----------------------------------------------------------------------------------------


def _accept(tables: Columns, constraints: Constraints, test: str | None, labelled: bool) -> BoolArray:
    x1, n1, x2, n2 = tables
    keep = np.ones(x1.shape, dtype=bool)
    if not labelled:
        keep &= (n1 < n2) | (x1 <= x2)
    if constraints.events is not None:
        keep &= np.isin(x1 + x2, constraints.events)
    for printed, x, n in ((constraints.rate1, x1, n1), (constraints.rate2, x2, n2)):
        if printed is not None:
            low, high = count_range(printed, n)
            keep &= (x >= low) & (x <= high)
    if test is not None:
        at = np.nonzero(keep)[0]
        keep[at] = _prints(_select(tables, at), constraints, test)
    return keep


def _prints(tables: Columns, constraints: Constraints, test: str) -> BoolArray:
    result = np.ones(tables[0].shape, dtype=bool)
    if constraints.p is not None:
        values = table_tests.pvalue(test, *tables)
        result &= _inside(values, constraints.p.interval, 1, tables, _exact_p(test))
    if constraints.statistic is not None:
        values = table_tests.STATISTICS[test](*tables)
        values = np.sqrt(values) if test == "wald" else values
        result &= _inside(values, constraints.statistic.interval, None, tables, _exact_statistic(test))
    return result


Compare = Callable[[int, int, int, int, Fraction], int]


def _inside(values: Any, interval: Interval, most: int | None, tables: Columns, compare: Compare) -> BoolArray:
    """Whether values from 0 to `most` lie in an interval; those next to an edge are compared exactly."""
    edges = []
    # An end that no value can pass decides nothing.
    if not (interval.low <= 0 and interval.closed_low):
        edges.append(float(interval.low))
    if not (most is not None and interval.high >= most and interval.closed_high):
        edges.append(float(interval.high))
    with np.errstate(invalid="ignore"):
        result = np.asarray((values >= float(interval.low)) & (values <= float(interval.high)))
        near = np.zeros(result.shape, dtype=bool)
        for edge in edges:
            if np.isfinite(edge):
                near |= np.abs(values - edge) <= _nearness(edge)
    for index in np.nonzero(near)[0]:
        result[index] = _exactly_inside(interval, [int(column[index]) for column in tables], compare)
    return np.asarray(result & ~np.isnan(values))


def _nearness(edge: float) -> float:
    # Within 1e-9 of an edge a float does not decide; for tiny edges the distance is relative.
    return min(1e-9, 1e-6 * abs(edge)) if edge else 1e-300


def _exactly_inside(interval: Interval, table: list[int], compare: Compare) -> bool:
    x1, n1, x2, n2 = table
    low = compare(x1, n1, x2, n2, Fraction(interval.low))
    if low < 0 or (low == 0 and not interval.closed_low):
        return False
    if not interval.high.is_finite():
        return True
    high = compare(x1, n1, x2, n2, Fraction(interval.high))
    return high < 0 or (high == 0 and interval.closed_high)


def _exact_p(test: str) -> Compare:
    return lambda x1, n1, x2, n2, edge: exact_tests.compare_pvalue(test, x1, n1, x2, n2, edge)


def _exact_statistic(test: str) -> Compare:
    def compare(x1: int, n1: int, x2: int, n2: int, edge: Fraction) -> int:
        return exact_tests.compare_statistic(test, x1, n1, x2, n2, edge * edge if test == "wald" else edge)

    return compare


# --- joining the pieces ---------------------------------------------------------------------------------------


def _union(found: list[Columns], number: int) -> tuple[Columns, BoolArray]:
    """Return the distinct tables of several tests, sorted, and which test found each."""
    columns = found[0] if len(found) == 1 else _concatenate(found)
    order = _order(columns)
    columns = _select(columns, order)
    if len(found) == 1:
        return columns, np.ones((order.size, number), dtype=bool)
    label = np.repeat(np.arange(len(found)), [piece[0].size for piece in found])
    fresh = np.ones(order.size, dtype=bool)
    if order.size:
        fresh[1:] = np.any([column[1:] != column[:-1] for column in columns], axis=0)
    place = np.cumsum(fresh) - 1
    printed_by = np.zeros((int(fresh.sum()), number), dtype=bool)
    printed_by[place, label[order]] = True
    return _select(columns, np.nonzero(fresh)[0]), printed_by


def _order(columns: Columns) -> IntArray:
    """Return the order by n1 + n2, n1, x1, x2."""
    x1, n1, x2, n2 = columns
    total = n1 + n2
    base = int(total.max(initial=0)) + 1
    if base**4 >= 2**63:
        return np.asarray(np.lexsort((x2, x1, n1, total)))
    # One key of packed digits sorts several times faster than four. The pieces come in sorted runs, which the stable
    # sort only has to merge.
    return np.argsort(((total * base + n1) * base + x1) * base + x2, kind="stable")


def _select(columns: Columns, at: Any) -> Columns:
    x1, n1, x2, n2 = columns
    return x1[at], n1[at], x2[at], n2[at]


def _concatenate(pieces: list[Columns]) -> Columns:
    if not pieces:
        empty = np.zeros(0, dtype=np.int64)
        return empty, empty, empty, empty
    x1, n1, x2, n2 = (np.concatenate(parts) for parts in zip(*pieces, strict=True))
    return x1, n1, x2, n2


def _with_progress(pieces: list[Callable[[], Columns]], progress: bool, test: str | None) -> Iterator[Columns]:
    steps: Iterable[Callable[[], Columns]] = pieces
    if progress:
        from tqdm import tqdm

        # Short work needs no bar.
        steps = tqdm(pieces, desc=f"tables {test or ''}".strip(), unit="piece", delay=1.0, leave=False)
    for piece in steps:
        yield piece()
