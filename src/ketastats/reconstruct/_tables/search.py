"""The search behind `tables`: candidates, then the forward check of each, test by test."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from ...errors import BudgetExceeded
from .._sizes import IntArray, Splits
from .candidates import SLOW, candidates
from .constraints import BoolArray, Columns, Constraint, Tested, taken
from .margins import ADVICE, Piece

__all__ = ["accepted", "blame", "ordered", "run", "unordered"]

Constraints = tuple[Constraint, ...]
# To say which constraint emptied a set, parts of the constraints are searched, but not for ever.
_TRIES_TO_BLAME = 100_000_000
_TRIES_OF_SLOW = 50


def run(
    sizes: Splits, constraints: Constraints, tests: tuple[str, ...], budget: int, *, progress: bool
) -> tuple[Columns, BoolArray]:
    """Return all compatible tables, sorted, and which tests print each."""
    found: list[Columns] = []
    for test in tests or (None,):
        pieces: list[Columns] = []
        size = 0
        for tables in _with_progress(candidates(sizes, constraints, test, budget), progress, test):
            kept = taken(tables, _accept(tables, constraints, test, sizes.labelled))
            size += kept[0].size
            if size > budget:
                raise BudgetExceeded("tables or more", size, budget, ADVICE)
            pieces.append(kept)
        found.append(_concatenate(pieces))
    columns, printed_by = _union(found, len(tests))
    if columns[0].size > budget:
        raise BudgetExceeded("tables", columns[0].size, budget, ADVICE)
    return columns, printed_by


def blame(sizes: Splits, constraints: Constraints, tests: tuple[str, ...]) -> str:
    """Return the label of the first constraint, in their order, with which no table is left.

    Where it takes too long to say whether fewer constraints leave any, the label says that one of those may do.
    """
    least, most, sure = 1, len(constraints), 0
    # With fewer constraints more is left: halving finds the place.
    while least < most:
        middle = (least + most) // 2
        left = _any(sizes, constraints[:middle], tests)
        if left is False:
            most = middle
        else:
            least, sure = middle + 1, middle if left else sure
    label = constraints[least - 1].label
    return label if sure == least - 1 else f"{label} or one given before it"


def _any(sizes: Splits, constraints: Constraints, tests: tuple[str, ...]) -> bool | None:
    """Whether any table meets the constraints; None when that would take too long to say."""
    asked = tests if any(isinstance(part, Tested) and part.tests is None for part in constraints) else ()
    each = _TRIES_OF_SLOW if any(part.cost >= SLOW for part in constraints) else 1
    left, given_up = _TRIES_TO_BLAME // each, False
    for test in asked or (None,):
        try:
            for tables in _here_and_there(candidates(sizes, constraints, test, 10**12)):
                if _accept(tables, constraints, test, sizes.labelled).any():
                    return True
                left -= tables[0].size
                if left < 0:
                    return None
        except BudgetExceeded:
            given_up = True
    return None if given_up else False


def _here_and_there(pieces: list[Piece]) -> Iterator[Columns]:
    """Yield what pieces hold, in no order: what is left may stand together, and is found sooner so."""
    for at in np.random.default_rng(0).permutation(len(pieces)):
        yield from pieces[at]()


def _accept(tables: Columns, constraints: Constraints, test: str | None, labelled: bool) -> BoolArray:
    keep = np.ones(tables[0].shape, dtype=bool) if labelled else unordered(tables)
    for constraint in sorted(constraints, key=lambda constraint: constraint.cost):
        at = np.nonzero(keep)[0]
        if at.size == 0:
            break
        common = isinstance(constraint, Tested) and constraint.tests is None
        part = tables if at.size == keep.size else taken(tables, at)
        keep[at] = constraint.keep(part, test if common else None)
    return keep


def unordered(tables: Columns) -> BoolArray:
    """Of each table and its mirror image, when the groups cannot be told apart, return which one stands for both."""
    x1, n1, x2, n2 = tables
    return np.asarray((n1 < n2) | ((n1 == n2) & (x1 <= x2)))


def accepted(tables: Columns, constraints: Constraints, tests: tuple[str, ...]) -> BoolArray:
    """Return which tables meet the constraints under each test (or at all, in one column)."""
    columns = [_accept(tables, constraints, test, labelled=True) for test in tests or (None,)]
    return np.stack(columns, axis=1)


# --- joining the pieces ---------------------------------------------------------------------------------------


def _union(found: list[Columns], number: int) -> tuple[Columns, BoolArray]:
    """Return the distinct tables of several tests, sorted, and which test found each."""
    columns = found[0] if len(found) == 1 else _concatenate(found)
    order = ordered(columns)
    columns = taken(columns, order)
    if len(found) == 1:
        return columns, np.ones((order.size, number), dtype=bool)
    label = np.repeat(np.arange(len(found)), [piece[0].size for piece in found])
    fresh = np.ones(order.size, dtype=bool)
    if order.size:
        fresh[1:] = np.any([column[1:] != column[:-1] for column in columns], axis=0)
    place = np.cumsum(fresh) - 1
    printed_by = np.zeros((int(fresh.sum()), number), dtype=bool)
    printed_by[place, label[order]] = True
    return taken(columns, np.nonzero(fresh)[0]), printed_by


def ordered(columns: Columns) -> IntArray:
    """Return the order by n1 + n2, n1, x1, x2."""
    x1, n1, x2, n2 = columns
    total = n1 + n2
    base = int(total.max(initial=0)) + 1
    if base**4 >= 2**63:
        return np.asarray(np.lexsort((x2, x1, n1, total)))
    # One key of packed digits sorts several times faster than four. The pieces come in sorted runs, which the stable
    # sort only has to merge.
    return np.argsort(((total * base + n1) * base + x1) * base + x2, kind="stable")


def _concatenate(pieces: list[Columns]) -> Columns:
    if not pieces:
        empty = np.zeros(0, dtype=np.int64)
        return empty, empty, empty, empty
    x1, n1, x2, n2 = (np.concatenate(parts) for parts in zip(*pieces, strict=True))
    return x1, n1, x2, n2


def _with_progress(pieces: list[Piece], progress: bool, test: str | None) -> Iterator[Columns]:
    steps: Iterable[Piece] = pieces
    if progress:
        from tqdm import tqdm

        # Short work needs no bar.
        steps = tqdm(pieces, desc=f"tables {test or ''}".strip(), unit="piece", delay=1.0, leave=False)
    for piece in steps:
        yield from piece()
