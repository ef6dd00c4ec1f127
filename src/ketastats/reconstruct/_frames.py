"""Data frames about all members of a set: how large an effect can be, and which further number would tell most."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["TOLD", "best_first", "effect_ranges"]

#: What is said of a number that could be printed.
TOLD = ("decimals", "printed", "expected", "most", "bits")


def effect_ranges(effects: Iterable[tuple[str, Any]]) -> pd.DataFrame:
    """Return the range of each effect over all members, where it is defined in any; NaN where it is 0/0."""
    import pandas as pd

    rows = []
    for name, column in effects:
        values = np.asarray(column)
        known = values[~np.isnan(values)]
        if known.size:
            distinct = np.unique(np.round(known, 12)).size
            rows.append((name, float(known.min()), float(known.max()), distinct, values.size - known.size))
    return pd.DataFrame(rows, columns=["effect", "low", "high", "distinct", "undefined"])


def best_first(rows: Sequence[Any], *names: str) -> pd.DataFrame:
    """Return one row for each number that could be printed: what it is called, and TOLD; the best first."""
    import pandas as pd

    frame = pd.DataFrame(rows, columns=[*names, *TOLD])
    return frame.sort_values(["expected", "most", "decimals"], kind="stable", ignore_index=True)
