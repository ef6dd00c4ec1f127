"""How outcomes of the same people hold together: one inside another, excluding each other, adding up."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np

from ... import _validate
from ...errors import InvalidArgument, InvalidType

__all__ = ["EVERYONE", "Relations", "Rule", "listed", "read_nested", "read_relations"]

#: The name under which outcomes add up to all people.
EVERYONE = "n"

# An outcome, and whether with its event or without.
State = tuple[str, bool]
Graph = dict[State, set[State]]


@dataclass(frozen=True, slots=True)
class Rule:
    """People in some states are different people: together no more than there are, or none at all.

    Parameters
    ----------
    states : tuple of (str, bool)
        Outcomes, and whether with the event or without.
    never : bool
        Whether nobody can be in any of these states.
    """

    states: tuple[State, ...]
    never: bool = False


@dataclass(frozen=True, slots=True)
class Relations:
    """What holds between the outcomes of the same people.

    Parameters
    ----------
    nested : tuple of pairs of str
        Pairs (inner, outer): everyone with the inner event has the outer one.
    exclusive : tuple of tuples of str
        Outcomes of which nobody has more than one.
    sums : tuple of (str, tuple of str)
        A total and its parts: whoever has the total has exactly one of the parts.
    same_test : bool
        Whether outcomes of one kind, proportions or means, were tested by the same test.
    """

    nested: tuple[tuple[str, str], ...] = ()
    exclusive: tuple[tuple[str, ...], ...] = ()
    sums: tuple[tuple[str, tuple[str, ...]], ...] = ()
    same_test: bool = False

    def __len__(self) -> int:
        return len(self.nested) + len(self.exclusive) + len(self.sums) + self.same_test

    def first(self, number: int) -> Relations:
        """Return the first of them, in their order."""
        after = max(0, number - len(self.nested))
        rest = max(0, after - len(self.exclusive))
        test = self.same_test and number == len(self)
        return Relations(self.nested[:number], self.exclusive[:after], self.sums[:rest], test)

    def labels(self) -> list[str]:
        """Return what each is called when it leaves nothing."""
        return [
            *(f"nesting {inner} in {outer}" for inner, outer in self.nested),
            *(f"{listed(names)} excluding each other" for names in self.exclusive),
            *(f"{listed(parts)} adding up to {total}" for total, parts in self.sums),
            *(["one test for all outcomes"] if self.same_test else []),
        ]

    def sentences(self) -> list[str]:
        """Return what each assumes."""
        whole = {total: "everyone has" if total == EVERYONE else f"whoever has {total} has" for total, _ in self.sums}
        return [
            *(f"everyone with {inner} has {outer}" for inner, outer in self.nested),
            *(f"nobody has more than one of {listed(names)}" for names in self.exclusive),
            *(f"{whole[total]} exactly one of {listed(parts)}, known of the same people" for total, parts in self.sums),
            *(["outcomes of one kind were tested by the same test"] if self.same_test else []),
        ]

    def sums_with(self, name: str, known: Collection[str]) -> list[tuple[str, tuple[str, ...]]]:
        """Return the sums of which `name` is a part and all else is known."""
        return [
            (total, parts)
            for total, parts in self.sums
            if name in (total, *parts) and {total, *parts} - {EVERYONE} <= {name, *known}
        ]

    def rules(self, name: str, known: Collection[str]) -> list[Rule]:
        """Return the rules between one outcome and some others.

        Whatever follows from chains of relations is part of them. People of the largest sets of states that exclude
        each other must not be more than there are: that is necessary, and enough unless five or more outcomes exclude
        each other in a ring.
        """
        graph = self._conflicts({name, *known})
        names = {name, *known}
        never = [state for state in graph if state in graph[state] and state[0] in names]
        found = [Rule((state,), never=True) for state in never if state[0] == name]
        possible = {
            state: {other for other in others if other[0] in names and other not in never}
            for state, others in graph.items()
            if state[0] in names and state not in never
        }
        found += [
            Rule(tuple(sorted(states)))
            for states in _cliques(possible, set(), set(possible), set())
            if any(state[0] == name for state in states) and len({state[0] for state in states}) > 1
        ]
        return found

    def _conflicts(self, names: Collection[str]) -> Graph:
        """Return for each state the states that nobody can be in at once."""
        pairs: set[tuple[State, State]] = set()
        for inner, outer in self.nested:
            pairs.add(((inner, True), (outer, False)))
        for group in (*self.exclusive, *(parts for _, parts in self.sums)):
            pairs |= {((a, True), (b, True)) for a, b in combinations(group, 2)}
        for total, parts in self.sums:
            if total != EVERYONE:
                pairs |= {((part, True), (total, False)) for part in parts}
            elif len(parts) == 2:
                pairs.add(((parts[0], False), (parts[1], False)))
        graph: Graph = {(name, event): {(name, not event)} for name in names for event in (True, False)}
        for one, other in pairs:
            graph.setdefault(one, {_opposite(one)}).add(other)
            graph.setdefault(other, {_opposite(other)}).add(one)
        for state in list(graph):
            graph.setdefault(_opposite(state), {state})
        return _closed(graph)


def _opposite(state: State) -> State:
    return state[0], not state[1]


def _closed(graph: Graph) -> Graph:
    """Return the conflicts with all that follow: who is in a state is in the opposite of what excludes it."""
    while True:
        more = {state: set().union(*(graph[_opposite(other)] for other in others)) for state, others in graph.items()}
        if all(more[state] <= graph[state] for state in graph):
            return graph
        graph = {state: graph[state] | more[state] for state in graph}


def _cliques(graph: Graph, chosen: set[State], open_: set[State], done: set[State]) -> Iterator[set[State]]:
    """Yield the largest sets of states that all exclude each other."""
    if not open_ and not done:
        yield chosen
    for state in sorted(open_):
        yield from _cliques(graph, chosen | {state}, open_ & graph[state], done & graph[state])
        open_, done = open_ - {state}, done | {state}


def listed(names: Iterable[str]) -> str:
    """Return names as in a sentence."""
    *most, last = names
    return f"{', '.join(most)} and {last}" if most else last


# --- reading --------------------------------------------------------------------------------------------------------


def read_relations(
    nested: object, exclusive: object, sums: object, same_test: object, proportions: Collection[str]
) -> Relations:
    """Return the relations between outcomes, those between events for outcomes that are proportions."""
    return Relations(
        read_nested(nested, proportions),
        _read_exclusive(exclusive, proportions),
        _read_sums(sums, proportions),
        _validate.flag(same_test, "same_test"),
    )


def read_nested(nested: object, proportions: Collection[str]) -> tuple[tuple[str, str], ...]:
    """Return the pairs (inner, outer) of outcomes."""
    allowed, remedy = "pairs (inner, outer) of outcome names", 'Write nested=[("remission", "response")].'
    pairs = []
    if isinstance(nested, (str, np.ndarray)) or not isinstance(nested, Iterable):
        raise InvalidType("nested", nested, allowed, remedy)
    for pair in nested:
        if not isinstance(pair, (tuple, list)) or len(pair) != 2:
            raise InvalidType("nested", pair, allowed, remedy)
        pairs.append(tuple(_known(pair, "nested", proportions)))
    return tuple(pairs)  # type: ignore[arg-type]


def _read_exclusive(exclusive: object, proportions: Collection[str]) -> tuple[tuple[str, ...], ...]:
    allowed, remedy = "groups of outcome names", 'Write exclusive=[("remission", "relapse")].'
    if isinstance(exclusive, (str, np.ndarray)) or not isinstance(exclusive, Iterable):
        raise InvalidType("exclusive", exclusive, allowed, remedy)
    groups = []
    for group in exclusive:
        if not isinstance(group, (tuple, list)):
            raise InvalidType("exclusive", group, allowed, remedy)
        groups.append(_distinct(group, "exclusive", proportions))
    return tuple(groups)


def _read_sums(sums: object, proportions: Collection[str]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    allowed = "a mapping from a total to the outcomes that add up to it"
    remedy = f'Write sums={{"response": ("partial", "full")}}; "{EVERYONE}" is the total of all people.'
    if sums is None:
        return ()
    if not isinstance(sums, Mapping):
        raise InvalidType("sums", sums, allowed, remedy)
    found = []
    for total, parts in sums.items():
        if total != EVERYONE or total in proportions:
            _known([total], "sums", proportions)
        if not isinstance(parts, (tuple, list)):
            raise InvalidType("sums", parts, allowed, remedy)
        names = _distinct(parts, "sums", proportions)
        if total in names:
            raise InvalidArgument("sums", dict(sums), "parts other than the total", remedy)
        found.append((total, names))
    return tuple(found)


def _known(names: Any, argument: str, proportions: Collection[str]) -> list[str]:
    return [_validate.choice(name, argument, tuple(proportions)) for name in names]


def _distinct(names: Any, argument: str, proportions: Collection[str]) -> tuple[str, ...]:
    known = tuple(_known(names, argument, proportions))
    if len(known) < 2 or len(set(known)) < len(known):
        raise InvalidArgument(argument, names, "at least two outcomes, each once")
    return known
