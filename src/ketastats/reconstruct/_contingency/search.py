"""The search behind `contingency`: tables whose last free cell is solved for, and the forward check of each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import permutations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...errors import BudgetExceeded
from ...numerics import rxc
from ...numerics.rxc_grow import Growth
from ...numerics.rxc_solve import Open, opened, runs
from .._sizes import IntArray
from .constraints import Cell, Constraint, Share, Strength, Tested
from .fisher import whole_margins
from .read import Margins

__all__ = ["blame", "kept", "ordered", "run"]

BoolArray = NDArray[np.bool_]
FloatArray = NDArray[np.float64]
_ADVICE = "Give row totals, column totals, cells, rates or more printed digits; or raise budget."
#: How many tables may be tried for each one that may be returned.
_TRIES_PER_TABLE = 50
# Small budgets may still try this many: it takes some seconds, and tells how many tables there are.
_FEWEST_TRIES = 50_000_000
_MARGINS_AT_ONCE = 20_000
_TABLES_AT_ONCE = 200_000
# So many pairs of margins tell how large a search is.
_SAMPLED = 64
# To say which constraint emptied a set, parts of the constraints are searched, but not for ever.
_TRIES_TO_BLAME = 5_000_000


@dataclass(frozen=True, slots=True)
class Search:
    """What is searched by one test: pairs of margins, constraints, and the statistic that is solved for."""

    rows: IntArray
    columns: IntArray
    orders: IntArray
    labelled: bool
    constraints: tuple[Constraint, ...]
    test: str | None

    def taken(self, at: Any) -> Search:
        """Return the search of some pairs of margins."""
        return replace(self, rows=self.rows[at], columns=self.columns[at], orders=self.orders[at])

    def alike(self) -> Iterator[tuple[Search, int]]:
        """Yield pairs of margins that stand for as many others, and for how many."""
        for times in np.unique(self.orders).tolist():
            yield self.taken(self.orders == times), times

    @property
    def solved(self) -> str:
        """The test whose statistic is solved for; empty text when there is none."""
        named = [(each.tests or (self.test,)) for each in self.constraints if isinstance(each, Tested)]
        single = [names[0] for names in named if len(names) == 1 and names[0] != "fisher"]
        if not single and any(isinstance(each, Strength) for each in self.constraints):
            return "pearson"
        return str(single[0]) if single else ""

    def levels(self) -> tuple[FloatArray, FloatArray]:
        """Return the range of the statistic that is solved for, of every pair of margins."""
        low, high = np.zeros(len(self.rows)), np.full(len(self.rows), np.inf)
        for each in self.constraints:
            ends = None
            if isinstance(each, Strength) or (
                isinstance(each, Tested) and (each.tests or (self.test,)) == (self.solved,)
            ):
                ends = each.range_of(self.solved, self.rows, self.columns)
            if ends is not None:
                low, high = np.maximum(low, ends[0]), np.minimum(high, ends[1])
        return low, high

    def decided(self) -> bool:
        """Whether limits of cells and the solved statistic are all that was printed, one rounding each."""
        for each in self.constraints:
            if isinstance(each, Tested):
                if (each.tests or (self.test,)) != (self.solved,) or len(each.printed) > 1:
                    return False
            elif isinstance(each, Strength):
                if self.solved != "pearson" or len(each.printed) > 1:
                    return False
            elif not isinstance(each, Cell) or each.allowed[-1] - each.allowed[0] + 1 != each.allowed.size:
                return False
        return True

    def limits(self) -> tuple[IntArray, IntArray] | tuple[None, None]:
        """Return limits of all cells, if there are any."""
        boxed = [each for each in self.constraints if isinstance(each, (Cell, Share))]
        if not boxed:
            return None, None
        low = np.zeros((*self.rows.shape, self.columns.shape[1]), dtype=np.int64)
        high = np.minimum(self.rows[:, :, None], self.columns[:, None, :])
        for each in boxed:
            least, most = each.limits(self.rows, self.columns)
            low[:, each.row, each.column] = np.maximum(low[:, each.row, each.column], least)
            high[:, each.row, each.column] = np.minimum(high[:, each.row, each.column], most)
        return low, high

    def opened(self) -> Iterator[tuple[Growth, Open]]:
        """Yield tables with one free cell in pieces, in order."""
        height, width = self.rows.shape[1], self.columns.shape[1]
        for start in range(0, len(self.rows), _MARGINS_AT_ONCE):
            part = self.taken(slice(start, start + _MARGINS_AT_ONCE))
            low, high = part.limits()
            largest = part.levels()[1] * (1.0 + 1e-7) + 1e-7 if self.solved in ("pearson", "lr") else None
            growth = Growth(part.rows, part.columns, low=low, high=high, test=self.solved, largest=largest)
            for state in growth.open((height - 2) * width + width - 2):
                yield growth, opened(growth, state)

    def runs(self, growth: Growth, found: Open, *, wide: bool) -> tuple[IntArray, IntArray, IntArray, IntArray]:
        """Return two runs of the free cell that may print so, or (not `wide`) are sure to."""
        if not self.solved:
            nothing = found.last + 1
            return found.first, found.last, nothing, found.last
        ends = replace(self, rows=growth.rows, columns=growth.columns).levels()
        low, high = (end[found.owner] for end in ends)
        return runs(growth, found, self.solved, low, high, wide=wide)

    def accepted(self, cells: IntArray) -> IntArray:
        """Return the tables that print so, each once."""
        # Fisher's p was looked at when all tables of the margins were at hand.
        done = self.test == "fisher"
        rest = [each for each in self.constraints if not (done and isinstance(each, Tested) and each.tests is None)]
        return cells[kept(cells, rest, self.test, self.labelled)]


def run(
    margins: Margins, constraints: tuple[Constraint, ...], tests: tuple[str, ...], budget: int
) -> tuple[IntArray, BoolArray]:
    """Return all compatible tables in order, and which tests print each."""
    found = [_found(_search(margins, constraints, test), margins, budget) for test in tests or (None,)]
    cells, printed_by = _union(found, len(tests))
    if len(cells) > budget:
        raise BudgetExceeded("tables", len(cells), budget, _ADVICE)
    return cells, printed_by


def _search(margins: Margins, constraints: tuple[Constraint, ...], test: str | None) -> Search:
    search = Search(margins.rows, margins.columns, margins.orders, margins.labelled, constraints, test)
    # Where a category is empty chi-square is not defined.
    return search.taken((margins.columns > 0).all(axis=1)) if search.solved in ("pearson", "lr") else search


def _found(search: Search, margins: Margins, budget: int) -> IntArray:
    """Return the tables that one test prints so."""
    most = max(budget * _TRIES_PER_TABLE, _FEWEST_TRIES)
    if search.test == "fisher":
        if margins.possible is None or margins.possible > most:
            what = "tables to try" if margins.possible is not None else "steps to count them, or more,"
            raise BudgetExceeded(what, margins.possible or most + 1, most, _ADVICE)
        pieces = _with_fisher(search)
    else:
        tries, size = _estimated(search, most)
        if not tries and margins.possible is not None and np.isinf(search.levels()[1]).all():
            # Nothing but the free cell is solved for.
            tries = margins.possible // (int(search.columns.max(initial=0)) + 1)
        if tries > most:
            what = "tables to try" if margins.possible is not None else "tables to try, roughly"
            raise BudgetExceeded(what, margins.possible or tries, most, _ADVICE)
        if size > 2 * budget:
            _refuse_counted(search, budget, most)
        pieces = _solved(search, most)
    result = [np.zeros((0, search.rows.shape[1], search.columns.shape[1]), dtype=np.int64)]
    held = 0
    for cells, times in pieces:
        piece = search.accepted(cells)
        held += len(piece) * times
        if held > budget:
            del result
            if search.test == "fisher":
                raise BudgetExceeded("tables or more", held, budget, _ADVICE)
            _refuse_counted(search, budget, most)
        result.append(piece)
    return _rearranged(np.concatenate(result), margins)


def _with_fisher(search: Search) -> Iterator[tuple[IntArray, int]]:
    """Yield the tables whose exact p prints so, and how many there are of each kind but for the order of free lines."""
    printed = [each for each in search.constraints if isinstance(each, Tested) and each.tests is None]
    for alike, times in search.alike():
        for start in range(0, len(alike.rows), _MARGINS_AT_ONCE):
            part = alike.taken(slice(start, start + _MARGINS_AT_ONCE))
            for owner, cells in whole_margins(part.rows, part.columns):
                values = rxc.fisher_pvalues(owner, cells)
                keep = np.ones(owner.size, dtype=bool)
                for each in printed:
                    keep &= each.holds(values, cells, "fisher")
                yield cells[keep], times


def _solved(search: Search, most: int) -> Iterator[tuple[IntArray, int]]:
    """Yield tables that may print so, and how many there are of each kind but for the order of free lines."""
    tried = 0
    for part, times in search.alike():
        for growth, found in part.opened():
            tried += found.at.size
            if tried > most:
                raise BudgetExceeded("tables to try, or more,", tried, most, _ADVICE)
            for cells in _completed(found, part.runs(growth, found, wide=True)):
                yield cells, times


def _completed(found: Open, ends: tuple[IntArray, IntArray, IntArray, IntArray]) -> Iterator[IntArray]:
    """Yield the tables of two runs of the free cell, in order and in pieces."""
    one, two, three, four = ends
    size = np.cumsum(np.maximum(two - one + 1, 0) + np.maximum(four - three + 1, 0))
    if not size.size:
        return
    for at in np.split(np.arange(size.size), np.nonzero(np.diff(size // _TABLES_AT_ONCE))[0] + 1):
        first, low = rxc.spread(one[at], two[at])
        second, high = rxc.spread(three[at], four[at])
        place = np.concatenate([first, second])
        order = np.argsort(place, kind="stable")
        yield found.completed(at[place[order]], np.concatenate([low, high])[order])


def kept(cells: IntArray, constraints: Iterable[Constraint], test: str | None, labelled: bool) -> BoolArray:
    """Return which tables print so; where the groups cannot be told apart, of tables that are alike the first."""
    keep = np.ones(len(cells), dtype=bool) if labelled else _in_order(cells)
    for each in sorted(constraints, key=lambda each: isinstance(each, Tested)):
        at = np.nonzero(keep)[0]
        if at.size:
            keep[at] = each.keep(cells[at], test)
    return keep


def _in_order(cells: IntArray) -> BoolArray:
    """Whether rows of equal totals stand in the order of their cells."""
    keep = np.ones(len(cells), dtype=bool)
    totals = cells.sum(axis=2)
    for row in range(cells.shape[1] - 1):
        step = cells[:, row + 1] - cells[:, row]
        first = np.argmax(step != 0, axis=1)
        backwards = step[np.arange(len(step)), first] < 0
        keep &= (totals[:, row] < totals[:, row + 1]) | ((totals[:, row] == totals[:, row + 1]) & ~backwards)
    return keep


# --- how many -------------------------------------------------------------------------------------------------


def _estimated(search: Search, most: int) -> tuple[int, int]:
    """Return about how many tables are tried and found, from a few of the pairs of margins; nothing for few of them.

    Once it is clear that more than `most` will be tried, no more are.
    """
    tried = size = 0
    for part, times in search.alike():
        number = len(part.rows)
        if number <= _SAMPLED:
            continue
        for growth, found in part.taken(np.linspace(0, number - 1, _SAMPLED).astype(np.int64)).opened():
            one, two, three, four = part.runs(growth, found, wide=True)
            tried += found.at.size * number // _SAMPLED
            if tried > 2 * most:
                return tried, size
            size += (
                times * int(np.sum(np.maximum(two - one + 1, 0) + np.maximum(four - three + 1, 0))) * number // _SAMPLED
            )
    return tried, size


def _refuse_counted(search: Search, budget: int, most: int) -> None:
    """Refuse a set that is too large, with the number of its tables: exact if at most `most` are tried for it."""
    number = tried = 0
    for part, times in search.alike():
        for growth, found in part.opened():
            number += times * _counted(part, growth, found)
            tried += found.at.size
            if tried > most and number > budget:
                raise BudgetExceeded("tables or more", number, budget, _ADVICE)
    if number > budget:
        raise BudgetExceeded("tables", number, budget, _ADVICE)


def _rearranged(cells: IntArray, margins: Margins) -> IntArray:
    """Return tables with their free lines in every order, sorted."""
    if not (margins.free_rows or margins.free_columns):
        return cells
    for axis, free in ((1, margins.free_rows), (2, margins.free_columns)):
        if free:
            # Piece by piece, so that not much more is held than what is returned.
            pieces = (np.take(cells, order, axis=axis) for order in permutations(range(cells.shape[axis])))
            cells = np.concatenate([piece if margins.labelled else _smaller_first(piece) for piece in pieces])
    return ordered(cells)[0]


def _smaller_first(cells: IntArray) -> IntArray:
    """Return tables with their groups by size, and those of equal size in the order of their cells."""
    keys = [*(cells[:, :, at] for at in reversed(range(cells.shape[2]))), cells.sum(axis=2)]
    return np.take_along_axis(cells, np.lexsort(keys, axis=1)[:, :, None], axis=1)


def _counted(search: Search, growth: Growth, found: Open) -> int:
    """Return how many tables with one free cell print so; only what is near an edge is looked at one by one."""
    wide = search.runs(growth, found, wide=True)
    if not search.decided():
        return sum(len(search.accepted(cells)) for cells in _completed(found, wide))
    narrow = search.runs(growth, found, wide=False)
    sizes = [np.maximum(b - a + 1, 0) + np.maximum(d - c + 1, 0) for a, b, c, d in (wide, narrow)]
    unsure = sizes[0] != sizes[1]
    if not search.labelled:
        # Of groups of equal size those that are alike count once.
        rows = growth.rows[found.owner]
        unsure |= ((rows[:, 1:] == rows[:, :-1]).any(axis=1)) & (sizes[0] > 0)
    at = np.nonzero(unsure)[0]
    ends = (wide[0][at], wide[1][at], wide[2][at], wide[3][at])
    checked = sum(len(search.accepted(cells)) for cells in _completed(found.taken(at), ends))
    return int(sizes[0][~unsure].sum()) + checked


# --- joining and blaming --------------------------------------------------------------------------------------


def blame(margins: Margins, constraints: tuple[Constraint, ...], tests: tuple[str, ...]) -> str:
    """Return the label of the first constraint, in their order, with which nothing is left."""
    for last in range(1, len(constraints)):
        if constraints[last].label != constraints[last - 1].label and not _any(margins, constraints[:last], tests):
            return constraints[last - 1].label
    return constraints[-1].label if constraints else "the totals"


def _any(margins: Margins, constraints: tuple[Constraint, ...], tests: tuple[str, ...]) -> bool:
    """Whether any table meets the constraints; taken for granted when that would take too long to say."""
    common = any(isinstance(each, Tested) and each.tests is None for each in constraints)
    for test in tests if common else (None,):
        search, tried = _search(margins, constraints, test), 0
        for cells, _ in _with_fisher(search) if test == "fisher" else _solved(search, 10**12):
            if len(search.accepted(cells)):
                return True
            tried += len(cells) + 1000
            if tried > _TRIES_TO_BLAME:
                return True
    return False


def _union(found: list[IntArray], number: int) -> tuple[IntArray, BoolArray]:
    """Return the distinct tables of several tests, in order, and which test found each."""
    if len(found) == 1:
        return found[0], np.ones((len(found[0]), number), dtype=bool)
    cells, place = ordered(np.concatenate(found))
    label = np.repeat(np.arange(len(found)), [len(piece) for piece in found])
    printed_by = np.zeros((len(cells), number), dtype=bool)
    printed_by[place, label] = True
    return cells, printed_by


def ordered(cells: IntArray) -> tuple[IntArray, IntArray]:
    """Return the distinct tables by people, row totals, column totals and cells, and the place of each given one."""
    # A few packed numbers sort faster than many small ones.
    bits = max(1, int(cells.sum(axis=(1, 2)).max(initial=0)).bit_length())
    keys: list[IntArray] = []
    for number, column in enumerate(_sorted_by(cells)):
        if number % (62 // bits) == 0:
            keys.append(np.zeros(len(cells), dtype=np.int64))
        keys[-1] = (keys[-1] << bits) | column
    order = np.lexsort(keys[::-1])
    fresh = np.ones(len(cells), dtype=bool)
    if len(cells):
        fresh[1:] = np.any([np.diff(key[order]) != 0 for key in keys], axis=0)
    place = np.empty(len(cells), dtype=np.int64)
    place[order] = np.cumsum(fresh) - 1
    return cells[order[fresh]], place


def _sorted_by(cells: IntArray) -> Iterator[IntArray]:
    yield cells.sum(axis=(1, 2))
    yield from (cells[:, row].sum(axis=1) for row in range(cells.shape[1]))
    yield from (cells[:, :, column].sum(axis=1) for column in range(cells.shape[2]))
    yield from (cells[:, row, column] for row in range(cells.shape[1]) for column in range(cells.shape[2]))
