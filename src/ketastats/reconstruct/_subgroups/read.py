"""Reading what was printed about several subgroup variables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ... import _validate
from ...errors import InvalidArgument, InvalidType
from ...reported import Reported
from .._base import CompatibleSet
from .._outcomes.read import read_part
from .._outcomes.splits import CompatiblePart, implied
from .._tables.tables import CompatibleTables
from .._words import equation
from .join import Sets
from .rows import totals_of

__all__ = [
    "assumed",
    "check_given",
    "narrowed",
    "one_of_each",
    "read_masks",
    "read_once",
    "sample_sizes",
    "with_overall",
    "words",
]

#: What can be printed of all people together, however they are split.
_OF_ALL = ("rate", "events", "n")


def check_given(printed: object) -> dict[str, dict[str, Any]]:
    """Return what was given for each outcome of each variable, or say what is wrong with its form."""
    allowed = "a mapping from the name of each variable to a mapping from the name of each outcome to what was printed"
    if not isinstance(printed, Mapping):
        raise InvalidType("printed", printed, allowed)
    if not printed:
        raise InvalidArgument("printed", printed, allowed)
    for variable, parts in printed.items():
        if not isinstance(variable, str) or not variable:
            raise InvalidType("printed", variable, "names of variables as text")
        if not isinstance(parts, Mapping):
            raise InvalidType(f"printed[{variable!r}]", parts, "a mapping from outcomes to what was printed of them")
        if not parts:
            raise InvalidArgument(f"printed[{variable!r}]", parts, "at least one outcome")
    return {variable: dict(parts) for variable, parts in printed.items()}


def with_overall(given: dict[str, dict[str, Any]], overall: object) -> dict[str, dict[str, Any]]:
    """Return what was given, with what was printed of all people together added for each variable."""
    if overall is None:
        return given
    allowed = "a mapping from outcomes to keywords of tables, such as {'response': {'rate': '70%'}}"
    if not isinstance(overall, Mapping):
        raise InvalidType("overall", overall, allowed)
    known = dict.fromkeys(name for parts in given.values() for name in parts)
    for name, more in overall.items():
        _validate.choice(name, "overall", known)
        if not isinstance(more, Mapping):
            raise InvalidType(f"overall[{name!r}]", more, "a mapping such as {'rate': '70%'}")
        for keyword in more:
            _validate.choice(keyword, f"overall[{name!r}]", _OF_ALL)
    return {
        variable: {name: _with_more(value, overall.get(name)) for name, value in parts.items()}
        for variable, parts in given.items()
    }


def _with_more(value: Any, more: Mapping[str, Any] | None) -> Any:
    if not more:
        return value
    if isinstance(value, CompatibleTables):
        return value.where(**more)
    if isinstance(value, (str, Reported)):
        return {"p": value, **more}
    return {**value, **more} if isinstance(value, Mapping) else value


def read_once(name: object, value: object, common: dict[str, Any], known: dict[str, CompatiblePart]) -> CompatiblePart:
    """Return the set of one outcome; what is printed alike is searched once."""
    if isinstance(value, CompatibleSet):
        return read_part(name, value, {})
    try:
        key = repr(dict(value) if isinstance(value, Mapping) else value)
    except Exception:  # noqa: BLE001 - a value that cannot be shown, such as an int of 5,000 digits, is read and refused
        return read_part(name, value, common)
    if key not in known:
        known[key] = read_part(name, value, common)
    return known[key]


def one_of_each(sets: Sets) -> dict[str, CompatiblePart]:
    """Return one set for each outcome, a table wherever one variable has tables of it."""
    found: dict[str, CompatiblePart] = {}
    for parts in sets.values():
        for name, part in parts.items():
            other = found.setdefault(name, part)
            if isinstance(other, CompatibleTables) != isinstance(part, CompatibleTables):
                raise InvalidArgument("printed", name, "tables of one outcome in all variables, or means of it in all")
    return found


def sample_sizes(sets: Sets, total: object) -> tuple[list[int], bool]:
    """Return the sizes that the whole sample may have, and whether outcomes may miss people of it."""
    parts = [part for each in sets.values() for part in each.values() if part]
    sizes = [set(np.unique(totals_of(part)[:, 0]).tolist()) for part in parts]
    largest = max((max(values) for values in sizes), default=2)
    if total is not None:
        whole = _validate.integer(total, "total", low=2)
        if whole < largest:
            raise InvalidArgument("total", total, f"at least the largest n, here {largest}")
        return [whole], True
    common = set.intersection(*sizes) if sizes else {largest}
    return (sorted(common), False) if common else ([largest], True)


def assumed(sets: Sets, nested: tuple[tuple[str, str], ...], sizes: list[int], *, missing: bool) -> tuple[str, ...]:
    """Return what is assumed, one sentence each."""
    shared = [sentence for parts in sets.values() for part in parts.values() for sentence in part.assumptions]
    sentences = [*shared, *(f"everyone with {inner} has {outer}" for inner, outer in nested)]
    sentences.append("every variable splits the same people, and is known of all of them")
    if missing:
        sentences.append(f"the whole sample has {sizes[0]} people, of whom each outcome may miss some")
    else:
        sentences.append("the same people have every outcome")
    names = {name for parts in sets.values() for name in parts}
    chain = all(any({a, b} == {c, d} for c, d in implied(nested)) for a in names for b in names if a < b)
    if not chain or (missing and len(names) > 1):
        sentences.append("of different variables the totals of each outcome are compared, not who has several outcomes")
    return tuple(dict.fromkeys(sentences))


def narrowed(sets: Sets, outcome: str, variable: str | None, printed: dict[str, Any]) -> Sets:
    """Return the sets of all variables, with one outcome held to more; what is the same set stays the same."""
    known: dict[int, CompatiblePart] = {}

    def more(part: CompatiblePart) -> CompatiblePart:
        if not isinstance(part, CompatibleTables):
            raise InvalidArgument("outcome", outcome, "an outcome that is a proportion", "Narrow the means themselves.")
        if id(part) not in known:
            known[id(part)] = part.where(**printed)
        return known[id(part)]

    return {
        name: {
            each: more(part) if each == outcome and variable in (None, name) else part for each, part in parts.items()
        }
        for name, parts in sets.items()
    }


def words(name: str, value: object) -> str:
    """Return a keyword and its value in words."""
    if isinstance(value, range) and len(value):
        return f"{name} from {min(value)} to {max(value)}"
    return f"{name} {equation(value)}"


def read_masks(members: object, sets: Sets) -> dict[str, dict[str, Any]]:
    """Return for each variable which members of the sets of its outcomes count, as listed and with groups exchanged."""
    allowed = "a mapping from pairs (variable, outcome) to arrays of bool"
    if not isinstance(members, Mapping):
        raise InvalidType("members", members, allowed)
    masks: dict[str, dict[str, Any]] = {variable: {} for variable in sets}
    for pair, chosen in members.items():
        if not isinstance(pair, tuple) or len(pair) != 2:
            raise InvalidArgument("members", pair, allowed)
        variable, outcome = pair
        _validate.choice(variable, "variable", sets)
        _validate.choice(outcome, "outcome", sets[variable])
        mask, size = np.asarray(chosen), len(sets[variable][outcome])
        if mask.dtype != np.bool_ or mask.shape not in ((size,), (2, size)):
            raise InvalidArgument("members", chosen, f"arrays of bool of shape ({size},) or (2, {size})")
        masks[variable][outcome] = np.broadcast_to(mask, (2, size))
    return masks
