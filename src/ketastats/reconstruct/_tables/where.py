"""Further numbers about a set of 2x2 tables: which tables remain, and what was removed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from ...errors import InvalidArgument
from .._sizes import Splits
from .._steps import free_name, removed
from .._words import equation
from . import search
from .constraints import Columns, Constraint, taken
from .find import assumptions, find_alternatives
from .read import TESTED, Reader, read_roundings
from .tests import parted, read_sides, read_tests

if TYPE_CHECKING:
    from .compatible import CompatibleTables

__all__ = ["narrowed"]


def narrowed(
    found: CompatibleTables, given: Mapping[str, Any], *, test: object, alternative: object, rounding: object
) -> CompatibleTables:
    """Return the tables of a set that also print what is given."""
    if not given:
        raise InvalidArgument("where", {}, "at least one keyword of tables", 'Write where(rate1="18.9%").')
    given = _with_test(given, test, alternative)
    reader = Reader(given, read_roundings(rounding), {})
    if reader.needs_test():
        names = tuple(dict.fromkeys(parted(name)[0] for name in found.tests))
        read_tests(names or None, needed=True, exact=reader.allows_exact_test())
    constraints = reader.constraints(found.tests)
    turned = not found.labelled and any(constraint.directed for constraint in constraints)
    columns, printed_by, at = _oriented(found, turned)
    keep = np.asarray(search.accepted(columns, constraints, found.tests))
    printed_by = printed_by & keep if found.tests else printed_by
    left = np.nonzero(printed_by.any(axis=1) if found.tests else keep[:, 0])[0]
    labelled = found.labelled or turned
    rest = taken(columns, left)
    sizes = _both_ways(found.sizes) if turned else found.sizes
    new = assumptions((), labelled, constraints)
    old = [sentence for sentence in found.assumptions if labelled == found.labelled or "told apart" not in sentence]
    remaining = np.unique(at[left]).size
    step = removed({name: equation(value) for name, value in given.items()}, len(found), remaining, "table")
    return replace(
        found,
        x1=rest[0],
        n1=rest[1],
        x2=rest[2],
        n2=rest[3],
        printed_by=printed_by[left],
        labelled=labelled,
        printed=found.printed | {free_name(name, found.printed): equation(value) for name, value in given.items()},
        possible=sizes.tables(),
        possible_splits=len(sizes),
        assumptions=tuple(dict.fromkeys([*old, *new])),
        emptied_by="" if left.size else found.emptied_by or _blame(columns, constraints, found, at),
        alternatives=_alternatives(found, at[left], rest, constraints),
        steps=(*found.steps, step),
        sizes=sizes,
    )


def _with_test(given: Mapping[str, Any], test: object, alternative: object) -> dict[str, Any]:
    """Return what was given with the test that was named for it; without one it is the test of the set."""
    more = {} if test is None else {"test": test}
    sides = {} if alternative is None else {"alternative": read_sides(alternative)}

    def named(value: Any, options: dict[str, Any]) -> Any:
        if isinstance(value, list):
            return [named(entry, options) for entry in value]
        return options | (dict(value) if isinstance(value, Mapping) else {"value": value}) if options else value

    return {
        name: named(value, more | (sides if name == "p" else {})) if name in TESTED else value
        for name, value in given.items()
    }


def _oriented(found: CompatibleTables, turned: bool) -> tuple[Columns, Any, Any]:
    """Return the tables, each also with its groups exchanged if `turned`, and the row that each came from."""
    columns, at = (found.x1, found.n1, found.x2, found.n2), np.arange(len(found))
    if not turned:
        return columns, found.printed_by, at
    other = np.nonzero((found.n1 != found.n2) | (found.x1 != found.x2))[0]
    x1, n1, x2, n2 = columns
    pairs = ((x1, x2), (n1, n2), (x2, x1), (n2, n1))
    first, second, third, fourth = (np.concatenate([one, two[other]]) for one, two in pairs)
    order = search.ordered((first, second, third, fourth))
    at = np.concatenate([at, other])[order]
    return taken((first, second, third, fourth), order), found.printed_by[at], at


def _both_ways(sizes: Splits) -> Splits:
    pairs = np.stack([np.concatenate([sizes.n1, sizes.n2]), np.concatenate([sizes.n2, sizes.n1])], axis=1)
    n1, n2 = np.unique(pairs, axis=0).T
    return Splits(n1, n2, True)


def _blame(columns: Columns, constraints: tuple[Constraint, ...], found: CompatibleTables, at: Any) -> str:
    for last in range(1, len(constraints) + 1):
        keep = search.accepted(columns, constraints[:last], found.tests)
        if not (keep & found.printed_by[at] if found.tests else keep).any():
            return constraints[last - 1].label
    return constraints[-1].label


def _alternatives(
    found: CompatibleTables, at: Any, rest: Columns, constraints: tuple[Constraint, ...]
) -> dict[str, tuple[tuple[str, ...], Any]]:
    old = {name: (options, prints[at]) for name, (options, prints) in found.alternatives.items()}
    for name, value in find_alternatives(rest, constraints).items():
        free, number = name, 1
        while free in old:
            number += 1
            free = f"{name}_{number}"
        old[free] = value
    return old
