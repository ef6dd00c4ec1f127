"""Effects of joined subgroup variables, and what a further printed number would leave of their combinations."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from .._frames import best_first
from .._tables.figures import figures as possible_figures
from .._tables.figures import narrowing
from .._tables.tables import CompatibleTables

if TYPE_CHECKING:
    import pandas as pd

    from .compatible import CompatibleSubgroups

__all__ = ["effects_frame", "informative_frame"]

#: What is printed of all people together says the same by every variable.
_OF_ALL = ("n", "events", "rate")
_LARGEST_EXPONENT = 1000


def _proportions(joint: CompatibleSubgroups) -> Iterator[tuple[str, str]]:
    """Yield each variable with each of its outcomes that are proportions."""
    for variable, parts in joint.sets.items():
        yield from ((variable, name) for name, part in parts.items() if isinstance(part, CompatibleTables))


def effects_frame(joint: CompatibleSubgroups) -> pd.DataFrame:
    """Return the range of every effect of each outcome of each variable."""
    import pandas as pd

    frames = []
    for variable, name in _proportions(joint):
        part = joint.part(variable, name)
        if isinstance(part, CompatibleTables):
            frame = part.effects()
            frame.insert(0, "variable", variable)
            frame.insert(1, "outcome", name)
            frames.append(frame)
    columns = ["variable", "outcome", "effect", "low", "high", "distinct", "undefined"]
    return pd.concat(frames, ignore_index=True) if joint and frames else pd.DataFrame(columns=columns)


def informative_frame(joint: CompatibleSubgroups, names: Any, decimals: Any, tests: Any) -> pd.DataFrame:
    """Return how many combinations each number that could be printed would leave."""
    rows: list[dict[str, Any]] = []
    known: dict[Any, list[dict[str, Any]]] = {}
    said: set[str] = set()
    for variable, name in _proportions(joint):
        # Variables of which the same was printed would be narrowed alike.
        key = (name, *((each, id(part)) for each, part in joint.sets[variable].items()))
        if key not in known:
            known[key] = list(_narrowed(joint, variable, name, (names, decimals, tests)))
        for row in known[key]:
            shared = row["figure"] in _OF_ALL
            if not (shared and name in said):
                rows.append({"outcome": name, "variable": "" if shared else variable} | row)
        said.add(name)
    return best_first(rows, "outcome", "variable", "figure", "test")


def _narrowed(joint: CompatibleSubgroups, variable: str, name: str, asked: tuple[Any, Any, Any]) -> Iterator[Any]:
    """Yield what each number about one outcome of one variable would leave, in combinations."""
    tables = joint.marginal(name, variable)
    chosen = list(possible_figures(*asked, len(tables)))
    columns = tables.x1.to_numpy(), tables.n1.to_numpy(), tables.x2.to_numpy(), tables.n2.to_numpy()
    # A count too large for a float is told as infinite; the bits are not touched by that.
    whole = float(joint.count) if joint.count.bit_length() < _LARGEST_EXPONENT else np.inf
    for figure in chosen if joint else ():
        row = narrowing(figure, columns, joint.sets[variable][name].labelled, tables["share"].to_numpy())
        yield row | {"expected": whole * row["expected"], "most": whole * row["most"]}
