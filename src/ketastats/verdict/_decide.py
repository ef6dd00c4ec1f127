"""Which unreported details decide a ruling."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np

__all__ = ["ROUNDING", "decisive"]

#: What is named where one data set rules either way, by digits that were not printed.
ROUNDING = "the digits that rounding took away"


def decisive(rulings: Any, details: dict[str, Any], undecided: str) -> tuple[str, ...]:
    """Return the fewest unreported details that together fix the ruling.

    `undecided` is the ruling of a data set that its own digits leave open. Details are tried in their order, so that
    of several that decide alone the first is named.
    """
    open_ = rulings == undecided
    digits = (ROUNDING,) if open_.any() else ()
    if open_.all() or np.unique(rulings).size == 1:
        return digits
    varying = [name for name in details if _varies(details[name])]
    for size in range(1, len(varying) + 1):
        for names in combinations(varying, size):
            if _fixed(rulings, [details[name] for name in names]):
                return (*names, *digits)
    return (*varying, *digits)


def _varies(keys: Any) -> bool:
    return bool(keys.shape[1] > 1) if keys.ndim == 2 else np.unique(keys).size > 1


def _fixed(rulings: Any, keys: list[Any]) -> bool:
    """Whether data sets that agree in the keys always have the same ruling."""
    rows = np.arange(rulings.size)
    labels: list[Any] = []
    for key in keys:
        if key.ndim == 2:
            # A table that several tests print stands under each of them.
            at, column = np.nonzero(key[rows])
            rows, labels = rows[at], [*(label[at] for label in labels), column]
        else:
            labels.append(key[rows])
    coded = [np.unique(label, return_inverse=True)[1] for label in labels]
    group = np.unique(np.stack(coded, axis=1), axis=0, return_inverse=True)[1].ravel()
    code = np.unique(rulings, return_inverse=True)[1][rows]
    return bool(np.unique(np.stack([group, code], axis=1), axis=0).shape[0] == np.unique(group).size)
