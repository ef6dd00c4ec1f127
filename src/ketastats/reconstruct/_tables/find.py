"""From what was printed to the compatible set of 2x2 tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ... import _validate
from ...errors import InvalidArgument
from .._sizes import Splits, splits
from .._words import equation, rounding_words
from . import search
from .compatible import CompatibleTables
from .constraints import Among, Columns, Constraint, Tested
from .read import Reader, read_roundings
from .tests import read_tests, test_words

__all__ = ["assumptions", "find_alternatives", "find_tables"]


def find_tables(
    given: Mapping[str, Any],
    sizes: tuple[object, object, object],
    *,
    test: object,
    alternative: object = "two-sided",
    rounding: object,
    budget: object,
    progress: object,
    aliases: Mapping[str, str] | None = None,
    labelled: bool = False,
) -> CompatibleTables:
    """Return the set for keywords in their order; `aliases` are other words for them."""
    reader = Reader(given, read_roundings(rounding), aliases or {})
    if not given:
        remedy = "Give p, statistic, events, a rate or a measure as text."
        raise InvalidArgument("p", None, "a printed p-value", remedy)
    tests = read_tests(test, alternative, needed=reader.needs_test(), exact=reader.allows_exact_test())
    constraints = reader.constraints(tests)
    pairs = splits(*sizes, labelled=labelled or any(constraint.directed for constraint in constraints))
    _refuse_impossible(constraints, pairs)
    limit = _validate.integer(budget, "budget", low=1)
    flag = _validate.flag(progress, "progress")
    found, printed_by = search.run(pairs, constraints, tests, limit, progress=flag)
    return CompatibleTables(
        x1=found[0],
        n1=found[1],
        x2=found[2],
        n2=found[3],
        tests=tests,
        printed_by=printed_by,
        labelled=pairs.labelled,
        printed={"sizes": pairs.describe()} | {name: equation(value) for name, value in given.items()},
        possible=pairs.tables(),
        possible_splits=len(pairs),
        exhaustive=True,
        assumptions=assumptions(tests, pairs.labelled, constraints),
        emptied_by="" if found[0].size else search.blame(pairs, constraints, tests),
        alternatives=find_alternatives(found, constraints),
        sizes=pairs,
    )


def _refuse_impossible(constraints: tuple[Constraint, ...], pairs: Splits) -> None:
    """Refuse counts that no group of the given sizes can have."""
    largest = {"x1": pairs.n1, "x2": pairs.n2, "events": pairs.n1 + pairs.n2}
    largest |= {"y1": pairs.n1, "y2": pairs.n2, "nonevents": pairs.n1 + pairs.n2}
    group = {"x1": "n1", "x2": "n2", "events": "n", "y1": "n1", "y2": "n2", "nonevents": "n"}
    for constraint in constraints:
        if isinstance(constraint, Among) and constraint.of in largest:
            most = int(largest[constraint.of].max())
            if constraint.allowed[0] > most:
                raise InvalidArgument(
                    constraint.label, int(constraint.allowed[0]), f"at most {group[constraint.of]}, here {most}"
                )


def find_alternatives(found: Columns, constraints: tuple[Constraint, ...]) -> dict[str, tuple[tuple[str, ...], Any]]:
    """Return for each constraint with alternatives of its own which of them print each table."""
    return {
        _alternative_name(constraint): (
            constraint.options,
            np.stack([constraint.keep(found, option) for option in constraint.options], axis=1),
        )
        for constraint in constraints
        if len(constraint.options) > 1
    }


def _alternative_name(constraint: Constraint) -> str:
    return f"{constraint.label.replace(chr(32), chr(95))}_{'test' if isinstance(constraint, Tested) else 'method'}"


def assumptions(tests: tuple[str, ...], labelled: bool, constraints: tuple[Constraint, ...]) -> tuple[str, ...]:
    """Return what a set assumes, one sentence each."""
    sentences = []
    if tests:
        sentences.append("the test was " + " or ".join(test_words(name) for name in tests))
    for constraint in constraints:
        if isinstance(constraint, Tested) and constraint.sides:
            sentences.append(f"{constraint.label}: the alternative was " + " or ".join(constraint.sides))
        if constraint.options:
            kind = "test" if isinstance(constraint, Tested) else "interval"
            sentences.append(f"{constraint.label}: the {kind} was " + " or ".join(constraint.options))
    numbers = [number for constraint in constraints for number in constraint.numbers if number.reported.relation == "="]
    rules = dict.fromkeys(rule for number in numbers for rule in number.rules or (number.reported.rounding,))
    if rules:
        sentences.append("digits were " + " or ".join(rounding_words(rule) for rule in rules))
    sentences.append("every person is in one of two groups and either has the event or not")
    if not labelled:
        sentences.append("the groups cannot be told apart: the smaller one stands first, so the sign is unknown")
    return tuple(sentences)
