"""Members, draws and marginals of joined subgroup variables as arrays and data frames."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np

from .._means.means import CompatibleMeans
from .._outcomes.splits import CompatiblePart, oriented
from .._sizes import IntArray
from .join import Chosen, Sample, Sets
from .samples import Samples

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["drawn_frame", "marginal_of_outcome", "marginal_of_table", "members_frame", "remaining"]

Columns = dict[str, Any]


def members_frame(found: Iterable[Sample], sets: Sets) -> pd.DataFrame:
    """Return every combination, sorted by the size of the sample and the totals."""
    import pandas as pd

    pieces = [_columns(sample, sets, sample.members(key)) for sample in found for key in range(len(sample.keys))]
    names = list(pieces[0]) if pieces else _names(sets)
    empty = np.zeros(0, dtype=np.int64)
    return pd.DataFrame({name: np.concatenate([empty, *(piece[name] for piece in pieces)]) for name in names})


def drawn_frame(found: Samples, sets: Sets, size: int, rng: np.random.Generator) -> pd.DataFrame:
    """Return random combinations in the order in which they were drawn."""
    import pandas as pd

    result: Columns = {}
    for sample, places, keys in found.picked(size, rng):
        for name, column in _columns(sample, sets, sample.drawn(keys, rng)).items():
            result.setdefault(name, np.zeros(size, dtype=np.int64))[places] = column
    return pd.DataFrame(result)


def _columns(sample: Sample, sets: Sets, chosen: Chosen) -> Columns:
    columns: Columns = {}
    for variable, (split, rows) in chosen.items():
        sizes = sample.groups[variable].splits[split]
        columns[f"{variable}_n1"], columns[f"{variable}_n2"] = sizes[:, 0], sizes[:, 1]
        for outcome, (at, turned) in rows.items():
            part = sets[variable][outcome]
            for name, column in _oriented(part, at, turned).items():
                columns[f"{variable}_{outcome}_{name}"] = column
    return columns


def _oriented(part: CompatiblePart, at: IntArray, turned: Any) -> Columns:
    if isinstance(part, CompatibleMeans):
        n1, n2 = part.n1[at], part.n2[at]
        return {"n1": np.where(turned, n2, n1), "n2": np.where(turned, n1, n2)}
    return dict(zip(("x1", "n1", "x2", "n2"), oriented(part, at, turned), strict=True))


def _names(sets: Sets) -> list[str]:
    nothing = np.zeros(0, dtype=np.int64)
    names = []
    for variable, parts in sets.items():
        names += [f"{variable}_n1", f"{variable}_n2"]
        for outcome, part in parts.items():
            names += [f"{variable}_{outcome}_{name}" for name in _oriented(part, nothing, nothing.astype(bool))]
    return names


def marginal_of_outcome(found: Iterable[Sample], outcome: str, count: int) -> pd.DataFrame:
    """Return how many combinations have each total of an outcome."""
    import pandas as pd

    tally: dict[tuple[int, int], int] = {}
    for sample in found:
        axis = list(sample.totals).index(outcome)
        order = np.argsort(sample.keys[:, axis], kind="stable")
        place, begin = np.unique(sample.keys[order, axis], return_index=True)
        sums = [sample.count(at) for at in np.split(order, begin[1:])]
        for (people, events), weight in zip(sample.totals[outcome][place].tolist(), sums, strict=True):
            tally[people, events] = tally.get((people, events), 0) + weight
    rows = [(n, events, weight, weight / count) for (n, events), weight in sorted(tally.items())]
    return pd.DataFrame(rows, columns=["n", "events", "combinations", "share"])


def marginal_of_table(
    found: Iterable[Sample], part: CompatiblePart, variable: str, outcome: str, count: int
) -> pd.DataFrame:
    """Return the share of combinations that each table of a variable is part of."""
    import pandas as pd

    share = np.zeros(len(part))
    for sample in found:
        others = sample.shares(variable, count)
        share += sample.groups[variable].shares(outcome, sample.keys_of(variable), others)
    at = np.nonzero(share)[0]
    return pd.DataFrame(_oriented(part, at, np.zeros(at.size, dtype=bool)) | {"share": share[at]})


def remaining(found: Iterable[Sample], variable: str, outcome: str, size: int) -> IntArray:
    """Return which of `size` members of one set are part of some combination."""
    hit = np.zeros(size, dtype=bool)
    for sample in found:
        keys = sample.keys_of(variable)
        hit |= sample.groups[variable].shares(outcome, keys, np.ones(len(keys))) > 0
    return np.nonzero(hit)[0]
