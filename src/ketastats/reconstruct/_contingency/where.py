"""Further numbers about a set of tables with several rows and columns: which tables remain, and what was removed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import permutations
from typing import TYPE_CHECKING, Any

import numpy as np

from ... import _validate
from ...errors import BudgetExceeded, InvalidArgument
from .._steps import free_name, removed
from .._words import DEFAULT_BUDGET
from .constraints import Tested
from .given import KEYWORDS, Given, read_roundings
from .search import kept, ordered
from .words import assumptions, find_alternatives, printed_words

if TYPE_CHECKING:
    from .compatible import CompatibleContingency

__all__ = ["narrowed"]


def narrowed(
    found: CompatibleContingency, printed: Mapping[str, Any], *, test: object, rounding: object
) -> CompatibleContingency:
    """Return the tables of a set that also print what is given."""
    for name in printed:
        _validate.choice(name, "where", KEYWORDS)
    given = {name: value for name, value in printed.items() if value is not None}
    if not given:
        raise InvalidArgument("where", {}, "at least one keyword of contingency", 'Write where(p="0.04").')
    shape = (found.cells.shape[1], found.cells.shape[2])
    plain = Given(given, shape, read_roundings(rounding), labelled=found.labelled)
    turned = not found.labelled and any(each.directed for each in plain.constraints())
    reader = Given(given, shape, plain.roundings, labelled=found.labelled or turned)
    named = reader.tests(found.tests or None if test is None else test)
    constraints = [
        replace(each, tests=named) if isinstance(each, Tested) and each.tests is None and test is not None else each
        for each in reader.constraints()
    ]
    cells, printed_by, at = _oriented(found, turned)
    keep = [kept(cells, constraints, name, labelled=True) for name in found.tests or (None,)]
    printed_by = printed_by & np.stack(keep, axis=1) if found.tests else printed_by
    left = np.nonzero(printed_by.any(axis=1) if found.tests else keep[0])[0]
    rest = cells[left]
    words = {name: printed_words(name, value) for name, value in given.items()}
    old = {name: (options, prints[at[left]]) for name, (options, prints) in found.alternatives.items()}
    labelled = found.labelled or turned
    before = [sentence for sentence in found.assumptions if labelled == found.labelled or "told apart" not in sentence]
    return replace(
        found,
        cells=rest,
        printed_by=printed_by[left],
        labelled=labelled,
        printed=found.printed | {free_name(name, found.printed): value for name, value in words.items()},
        assumptions=tuple(dict.fromkeys([*before, *assumptions((), labelled, constraints)])),
        emptied_by="" if left.size else found.emptied_by or _blame(cells, constraints, found, at),
        alternatives=old
        | {free_name(name, old): value for name, value in find_alternatives(rest, constraints).items()},
        steps=(*found.steps, removed(words, len(found), np.unique(at[left]).size, "table")),
    )


def _oriented(found: CompatibleContingency, turned: bool) -> tuple[Any, Any, Any]:
    """Return the tables, with their groups in every order if `turned`, and the table that each came from."""
    at = np.arange(len(found))
    if not turned:
        return found.cells, found.printed_by, at
    orders = list(permutations(range(found.cells.shape[1])))
    if len(orders) * len(found) > DEFAULT_BUDGET:
        advice = "Give what tells the groups apart to contingency itself."
        raise BudgetExceeded(
            "tables with their groups in every order", len(orders) * len(found), DEFAULT_BUDGET, advice
        )
    cells, place = ordered(np.concatenate([found.cells[:, list(order)] for order in orders]))
    came = np.zeros(len(cells), dtype=np.int64)
    came[place] = np.tile(at, len(orders))
    return cells, found.printed_by[came], came


def _blame(cells: Any, constraints: list[Any], found: CompatibleContingency, at: Any) -> str:
    for last in range(1, len(constraints)):
        keep = [kept(cells, constraints[:last], name, labelled=True) for name in found.tests or (None,)]
        stands = np.stack(keep, axis=1) & found.printed_by[at] if found.tests else np.stack(keep, axis=1)
        if constraints[last].label != constraints[last - 1].label and not stands.any():
            return str(constraints[last - 1].label)
    return str(constraints[-1].label)
