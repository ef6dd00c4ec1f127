"""Tables that may fit, margin by margin: a statistic is solved for `x1`, given the group sizes and the events."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.special import erfcinv, ndtri

from ...errors import BudgetExceeded
from ...numerics import table_solve
from ...numerics.table_tests import BY_Z
from .._sizes import IntArray
from .constraints import Columns, Constraint, Measured, Tested
from .tests import parted

__all__ = ["ADVICE", "CHUNK", "LONGEST", "MOST_MARGINS", "SAMPLED", "Margins", "Piece", "Ranges", "find_solver"]

#: A part of the search, which yields its candidates when called.
Piece = Callable[[], Iterable[Columns]]

#: Few enough elements to stay in the processor's cache.
CHUNK = 60_000
#: Most elements of one array.
LONGEST = 1_000_000
#: So many pieces tell how large a search is.
SAMPLED = 64
#: Most pairs of split and number of events to solve, about half a minute.
MOST_MARGINS = 1_000_000_000
_TINY = 1e-290
# No finite z or chi-square of counts is larger.
_HUGE = 1e40
ADVICE = "Give n1 and n2, events, a rate, or more printed digits; or raise budget."


@dataclass(frozen=True, slots=True)
class Ranges:
    """The counts that the simple constraints leave on each split."""

    n1: IntArray
    low1: IntArray
    high1: IntArray
    n2: IntArray
    low2: IntArray
    high2: IntArray
    low: IntArray
    high: IntArray

    def taken(self, at: Any) -> Ranges:
        """Return some of the splits."""
        return Ranges(*(getattr(self, name)[at] for name in self.__slots__))

    def tables(self) -> Any:
        """Return how many tables each split has inside its ranges, as whole numbers of any size."""
        width1 = np.maximum(self.high1 - self.low1 + 1, 0).astype(object)
        width2 = np.maximum(self.high2 - self.low2 + 1, 0).astype(object)
        least, most = self.low1 + self.low2, self.high1 + self.high2
        # Of all pairs, those with too few events and those with too many form a corner each.
        too_few, too_many = (self.low - least).astype(object), (most - self.high).astype(object)
        total = width1 * width2 - _corner(too_few, width1, width2) - _corner(too_many, width1, width2)
        return np.where((self.low <= self.high) & (width1 > 0) & (width2 > 0), np.maximum(total, 0), 0)


def _corner(size: Any, width1: Any, width2: Any) -> Any:
    """Return how many pairs (i, j) below the widths have i + j < size."""

    def triangle(side: Any) -> Any:
        side = np.maximum(side, 0)
        return side * (side + 1) // 2

    return triangle(size) - triangle(size - width1) - triangle(size - width2) + triangle(size - width1 - width2)


@dataclass(frozen=True, slots=True)
class Solver:
    """A test whose statistic is known to lie between two values (chi-square, or squared z for ``wald``)."""

    test: str
    low: float
    high: float
    phi: tuple[float, float] | None

    def ends(self, total: int) -> tuple[float, float]:
        """Return the smallest and largest statistic for a number of people, slightly wide."""
        low, high = self.low, self.high
        if self.phi is not None:
            low, high = max(low, total * self.phi[0] ** 2), min(high, total * self.phi[1] ** 2)
        return low * (1.0 - 1e-9), high * (1.0 + 1e-9)


def find_solver(constraints: tuple[Constraint, ...], test: str | None) -> Solver | None:
    """Return the test that narrows the margins, if there is one."""
    tested = [constraint for constraint in constraints if isinstance(constraint, Tested)]
    phi = _phi_range(constraints)
    behind = [constraint.under(test) for constraint in tested]
    own = [parted(names[0])[0] for names in behind if len(names) == 1]
    for name in (*own, *(["pearson"] if phi is not None else ())):
        if name in table_solve.SOLVABLE:
            low, high = 0.0, np.inf
            for constraint, names in zip(tested, behind, strict=True):
                if len(names) == 1 and parted(names[0])[0] == name:
                    first, last = _statistic_range(constraint, name, one_sided=parted(names[0])[1] != "two-sided")
                    low, high = max(low, first), min(high, last)
            return Solver(name, low, high, phi if name == "pearson" else None)
    return None


def _phi_range(constraints: tuple[Constraint, ...]) -> tuple[float, float] | None:
    for constraint in constraints:
        if isinstance(constraint, Measured) and constraint.measure == "phi":
            low, high = float(constraint.printed.interval.low), float(constraint.printed.interval.high)
            return (0.0 if low < 0.0 < high else min(abs(low), abs(high))), max(abs(low), abs(high))
    return None


def _statistic_range(constraint: Tested, test: str, *, one_sided: bool) -> tuple[float, float]:
    """Return the range of chi-square (squared z for ``wald``) that one printed number allows."""
    interval = constraint.printed.interval
    low, high = float(interval.low), float(interval.high)
    if constraint.kind == "p" and one_sided:
        ends = -ndtri(max(high, _TINY)), -ndtri(low) if low > _TINY else np.inf
        return _squared(float(ends[0]), float(ends[1]))
    if constraint.kind == "p":
        # Towards the smallest floats p loses its digits: there the net is wider.
        least = 2.0 * float(erfcinv(min(1.0, max(high, _TINY)))) ** 2
        return least, 2.0 * float(erfcinv(low)) ** 2 if low > _TINY else np.inf
    if constraint.kind == "statistic" and test not in BY_Z:
        return min(low, _HUGE), min(high, _HUGE) if high < np.inf else np.inf
    return _squared(low, high)


def _squared(low: float, high: float) -> tuple[float, float]:
    """Return the range of the squares of numbers between two ends."""
    least, most = (0.0 if low < 0.0 < high else min(abs(low), abs(high))), max(abs(low), abs(high))
    return min(least, _HUGE) ** 2, min(most, _HUGE) ** 2 if most < np.inf else np.inf


@dataclass(frozen=True, slots=True)
class _MarginPiece:
    """Splits of one total, and a run of numbers of events or some single ones."""

    n1: IntArray
    n2: IntArray
    events: range | IntArray

    def solved_for(self) -> tuple[IntArray, IntArray, IntArray]:
        """Return the columns that the kernels take."""
        if isinstance(self.events, range):
            return self.n1, self.n2, np.arange(self.events.start, self.events.stop)
        return self.n1, self.n2, self.events


@dataclass(frozen=True, slots=True)
class Margins:
    """The search margin by margin, on what simple constraints leave of each split."""

    left: Ranges
    events: IntArray | None
    solver: Solver
    labelled: bool

    def pairs(self) -> int:
        """Return how many pairs of split and number of events there are to solve."""
        return sum(number * len(events) for number, runs in self._totals() for events in runs)

    def too_many(self) -> bool:
        """Whether solving takes longer than anyone would wait."""
        return self.pairs() > MOST_MARGINS

    def pieces(self, budget: int | None) -> list[Piece]:
        """Return the pieces of the search; first count the tables, where a budget for candidates is given."""
        pairs = self.pairs()
        if pairs > MOST_MARGINS:
            raise BudgetExceeded("pairs of margins to solve", pairs, MOST_MARGINS, ADVICE)
        # A sample of the splits tells whether the full count, which takes as long as the search, is worth taking.
        if budget is not None and self.count(exactly=False) > budget:
            total = int(self.count(exactly=True))
            if total > budget:
                raise BudgetExceeded("tables or more", total, budget, ADVICE)
        return [lambda piece=piece: [self._solve(piece)] for piece in self._pieces()]  # type: ignore[misc]

    def count(self, *, exactly: bool) -> float:
        """Return a number of tables that the search is certain to exceed or meet, or an estimate of it."""
        pieces = list(self._pieces())
        sampled = pieces if exactly else pieces[:: max(1, len(pieces) // SAMPLED)]
        total = 0
        for piece in sampled:
            ends = self.solver.ends(int(piece.n1[0] + piece.n2[0]))
            first, last = table_solve.certain(self.solver.test, *ends, *piece.solved_for())
            # Each stands for its mirror image too, unless equal groups cannot be told apart.
            weight = np.where((piece.n1 == piece.n2) & (not self.labelled), 1, 2)
            total += int(np.sum(weight[:, None] * np.maximum(last - first + 1.0, 0.0)))
        return total * (len(pieces) / max(1, len(sampled)))

    def _solve(self, piece: _MarginPiece) -> Columns:
        ends, columns = self.solver.ends(int(piece.n1[0] + piece.n2[0])), piece.solved_for()
        first, last = table_solve.candidates(self.solver.test, *ends, *columns)
        found: Columns = table_solve.expand(first, last, *columns)
        return found

    def _totals(self) -> Iterator[tuple[int, list[range | IntArray]]]:
        """Yield for each total how many splits it has, and the numbers of events that are solved on each."""
        totals = self.left.n1 + self.left.n2
        for total in np.unique(totals):
            inside = totals == total
            yield int(np.count_nonzero(inside)), self._runs(int(total), self.left.taken(inside))

    def _runs(self, total: int, left: Ranges) -> list[range | IntArray]:
        """Return the numbers of events to solve: the mirror image of a table with e events has N - e."""
        low, high = max(1, int(left.low.min())), min(total - 1, int(left.high.max()))
        if self.events is not None:
            inside = self.events[(self.events >= low) & (self.events <= high)]
            return [np.union1d(inside, total - inside)]
        if low > high:
            return []
        first, second = sorted([(low, high), (total - high, total - low)])
        if second[0] <= first[1] + 1:
            return [range(first[0], second[1] + 1)]
        return [range(first[0], first[1] + 1), range(second[0], second[1] + 1)]

    def _pieces(self) -> Iterator[_MarginPiece]:
        totals = self.left.n1 + self.left.n2
        for total in np.unique(totals):
            inside = totals == total
            n1, n2 = self.left.n1[inside], self.left.n2[inside]
            for run in self._runs(int(total), self.left.taken(inside)):
                step = max(1, CHUNK // max(1, len(run)))
                for start in range(0, n1.size, step):
                    part = slice(start, start + step)
                    for at in range(0, len(run), LONGEST):
                        yield _MarginPiece(n1[part], n2[part], run[at : at + LONGEST])
