"""Which further printed number of which outcome would narrow a joint set most."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ... import _validate
from .._frames import best_first
from .._means.figures import FIGURES as FIGURES_OF_MEANS
from .._means.figures import informative
from .._means.means import CompatibleMeans
from .._tables.figures import FIGURES, figures, narrowing
from .._tables.tables import CompatibleTables
from .columns import distinct
from .splits import oriented

if TYPE_CHECKING:
    import pandas as pd

    from .compatible import CompatibleOutcomes

__all__ = ["figures_frame"]

Names = Sequence[str] | str | None

_SIZES = ("n1", "n2", "n")


def figures_frame(
    joint: CompatibleOutcomes, names: Names, decimals: int | None, tests: Names, outcomes: Names
) -> pd.DataFrame:
    """Return how far each further number of each outcome would narrow the set, the best first."""
    known = tuple(dict.fromkeys((*FIGURES, *FIGURES_OF_MEANS)))
    chosen = None if names is None else _validate.choices(names, "figures", known)
    asked = tuple(joint.sets) if outcomes is None else _validate.choices(outcomes, "outcomes", tuple(joint.sets))
    rows = [*_of_tables(joint, asked, chosen, decimals, tests), *_of_means(joint, asked, chosen, decimals)]
    if not joint.missing:
        rows = _sizes_once(rows)
    return best_first(rows if joint else [], "outcome", "figure", "test")


def _of_tables(
    joint: CompatibleOutcomes, asked: Sequence[str], chosen: Names, decimals: int | None, tests: Names
) -> list[dict[str, Any]]:
    """Return a row for each number that can be printed of a table; what is the same table is looked at once."""
    tables = {}
    for name in asked:
        part = joint.sets[name]
        if isinstance(part, CompatibleTables):
            at, swapped, members = distinct(joint, name)
            tables[name] = oriented(part, at, swapped), members
    own = None if chosen is None else [figure for figure in chosen if figure in FIGURES]
    if not tables or own == []:
        return []
    rows = []
    for figure in figures(own, decimals, tests, max(members.size for _, members in tables.values())):
        for name, (columns, members) in tables.items():
            if members.size:
                found = narrowing(figure, columns, joint.labelled, members)
                rows.append({"outcome": name} | found | {"most": int(found["most"])})
    return rows


def _of_means(
    joint: CompatibleOutcomes, asked: Sequence[str], chosen: Names, decimals: int | None
) -> list[dict[str, Any]]:
    """Return a row for each number that can be printed of two means."""
    own = FIGURES_OF_MEANS if chosen is None else [figure for figure in chosen if figure in FIGURES_OF_MEANS]
    rows: list[dict[str, Any]] = []
    for name in asked:
        part = joint.sets[name]
        if isinstance(part, CompatibleMeans) and own and joint:
            found = informative(part, own, decimals, joint.index[name])
            rows += found.assign(outcome=name, test="").to_dict("records")  # type: ignore[arg-type]
    return rows


def _sizes_once(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the rows with the group sizes once: without missing people they are those of every outcome."""
    found, seen = [], set()
    for row in rows:
        if row["figure"] not in _SIZES:
            found.append(row)
        elif row["figure"] not in seen:
            seen.add(row["figure"])
            found.append(row | {"outcome": "all"})
    return found
