"""Reading what was printed of each of several outcomes of the same people."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from inspect import signature
from typing import Any

from ... import _validate
from ...errors import InvalidArgument, InvalidType
from ...reported import Reported
from .._means.means import TESTS as TESTS_OF_MEANS
from .._means.means import CompatibleMeans, means
from .._sizes import read_counts
from .._tables.tables import CompatibleTables, tables
from .splits import CompatiblePart

__all__ = ["Printed", "read_part", "read_parts", "whole_samples"]

Printed = CompatiblePart | Mapping[str, Any] | str | Reported

_ALLOWED = "a mapping from the name of each outcome to what was printed of it"
_PART = "a compatible set, keywords of tables or of means, or a printed p-value as text"


@cache
def _keywords(function: Any) -> frozenset[str]:
    return frozenset(signature(function).parameters)


def read_parts(printed: object, common: Mapping[str, Any]) -> dict[str, CompatiblePart]:
    """Return the compatible set of each outcome, by name."""
    if not isinstance(printed, Mapping):
        raise InvalidType("printed", printed, _ALLOWED)
    if not printed:
        raise InvalidArgument("printed", printed, _ALLOWED)
    _refuse_unused(printed, common)
    return {name: read_part(name, value, common) for name, value in printed.items()}


def _refuse_unused(printed: Mapping[Any, Any], common: Mapping[str, Any]) -> None:
    """Refuse keywords for all outcomes that no outcome would use."""
    given = [value for value in printed.values() if not isinstance(value, (CompatibleTables, CompatibleMeans))]
    if common and not given:
        remedy = "The sets were found already; give their keywords to tables or means."
        raise InvalidArgument(next(iter(common)), next(iter(common.values())), "no keywords here", remedy)
    asked = {_asked(value, common) for value in given} - {None}
    for key, value in common.items():
        if asked == {means} and key in _keywords(tables) - _keywords(means):
            raise InvalidArgument(key, value, "a keyword of means, as every outcome is one of means")
        if asked == {tables} and key in _keywords(means) - _keywords(tables):
            raise InvalidArgument(key, value, "a keyword of tables, as every outcome is a proportion")


def read_part(name: object, value: object, common: Mapping[str, Any]) -> CompatiblePart:
    """Return the compatible set of one outcome from whatever was given of it."""
    if not isinstance(name, str) or not name:
        raise InvalidType("printed", name, "names of outcomes as text")
    if isinstance(value, (CompatibleTables, CompatibleMeans)):
        return value
    if not isinstance(value, (str, Reported, Mapping)):
        raise InvalidType(f"printed[{name!r}]", value, _PART)
    own: dict[str, Any] = dict(value) if isinstance(value, Mapping) else {"p": value}
    function = _asked(value, common)
    if function is None:
        allowed = f"tests of one kind: {name!r} may be a proportion or a mean"
        remedy = f'Write {name!r}: {{"p": ..., "test": ...}} with the test of this outcome.'
        raise InvalidArgument("test", common["test"], allowed, remedy)
    for key in own:
        _validate.choice(key, f"printed[{name!r}]", sorted(_keywords(function)))
    other = tables if function is means else means
    shared = {key: entry for key, entry in common.items() if key in _keywords(function) or key not in _keywords(other)}
    if "test" in shared and "test" not in own:
        shared["test"] = _tests_for(function, shared["test"])
        if isinstance(shared["test"], tuple) and not shared["test"]:
            del shared["test"]
    try:
        return function(**{**shared, **own})  # type: ignore[no-any-return]
    except (InvalidArgument, InvalidType) as error:
        # Of several outcomes, say which one it is.
        if function is means and error.argument == "rounding" and "rounding" not in own:
            remedy = f"Of means one way of rounding can be tried at a time: give {name!r} a rounding of its own."
            raise type(error)("rounding", error.value, error.allowed, remedy) from None
        if _first_word(error.argument) not in own:
            raise
        where = f"printed[{name!r}] {error.argument}"
        means_too = function is tables and error.argument == "test"
        allowed = f"{error.allowed}; of means {', '.join(TESTS_OF_MEANS)}" if means_too else error.allowed
        raise type(error)(where, error.value, allowed, error.remedy) from None


def _asked(value: object, common: Mapping[str, Any]) -> Any:
    """Return the function whose keywords these are: a test or a keyword that only one of them has decides.

    None where nothing of the outcome itself decides, and the common tests are of both kinds.
    """
    own = value if isinstance(value, Mapping) else {}
    if own.get("test") is not None:
        return means if _of_means(own["test"]) else tables
    if own.keys() & (_keywords(means) - _keywords(tables)):
        return means
    if own.keys() & (_keywords(tables) - _keywords(means)):
        return tables
    kinds = {name in TESTS_OF_MEANS for name in _names(common.get("test"))}
    return None if len(kinds) > 1 else means if kinds == {True} else tables


def _of_means(test: object) -> bool:
    """Whether all tests that are named compare means."""
    names = _names(test)
    return bool(names) and all(name in TESTS_OF_MEANS for name in names)


def _names(test: object) -> list[object]:
    return [test] if isinstance(test, str) else list(test) if isinstance(test, (list, tuple)) else []


def _tests_for(function: Any, test: Any) -> Any:
    """Return those of several common tests that a function knows; what is no list of names is left to it."""
    if isinstance(test, str):
        return () if (test in TESTS_OF_MEANS) != (function is means) else test
    if not isinstance(test, (list, tuple)):
        return test
    return tuple(name for name in test if (name in TESTS_OF_MEANS) == (function is means))


def _first_word(argument: str) -> str:
    found = re.match(r"\w+", argument)
    return found.group() if found else ""


def whole_samples(sets: Mapping[str, CompatiblePart], total: object) -> tuple[tuple[int, ...], bool]:
    """Return the sizes that the whole sample may have, and whether outcomes may miss people of it."""
    sizes = [set((part.n1 + part.n2).tolist()) for part in sets.values() if part]
    if total is not None:
        given = read_counts(total, "total", low=2).tolist()
        # The smallest size of each outcome must fit.
        least = max((min(values) for values in sizes), default=0)
        if max(given) < least:
            raise InvalidArgument("total", total, f"at least the largest n, here {least}")
        return tuple(size for size in given if size >= least), True
    common = set.intersection(*sizes) if sizes else set()
    largest = max((max(values) for values in sizes), default=0)
    return (tuple(sorted(common)), False) if common else ((largest,), bool(sizes))
