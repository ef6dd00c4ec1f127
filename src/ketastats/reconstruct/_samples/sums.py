"""Sums and sums of squares that samples of several groups have together."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...errors import BudgetExceeded
from .._sizes import IntArray
from .compatible import CompatibleSamples
from .question import Question, squares

__all__ = ["MOST_PAIRS", "Moments", "as_array", "combined", "emptied_by", "holding", "holds", "summary"]

#: Most pairs of sums that are looked through.
MOST_PAIRS = 5_000_000
#: Number of samples by their sum and sum of squares, in steps of the scale.
Moments = dict[tuple[int, int], int]


def holds(allowed: dict[int, tuple[int, int]], total: int, square: int) -> bool:
    """Return whether a sum and a sum of squares of all people print what was printed of them."""
    low, high = allowed.get(total, (1, 0))
    return low <= square <= high


def combined(cells: list[Moments]) -> Moments:
    """Return how many combinations have each sum and sum of squares."""
    together: Moments = {(0, 0): 1}
    for part in cells:
        check_pairs(len(together) * len(part))
        found: Moments = {}
        for (total, square), ways in together.items():
            for (more, squared), times in part.items():
                key = (total + more, square + squared)
                found[key] = found.get(key, 0) + ways * times
        together = found
    return together


def emptied_by(parts: dict[str, CompatibleSamples], total: Question, allowed: dict[int, tuple[int, int]]) -> str:
    """Return the group, or the mean or SD of all people, that leaves nothing; empty text if something is left."""
    for name, part in parts.items():
        if not part:
            return f"group {name}"
    together = np.zeros((1, 2), dtype=np.int64)
    for part in parts.values():
        cells = as_array(part.sums())
        check_pairs(len(together) * len(cells))
        together = np.unique((together[:, None] + cells[None]).reshape(-1, 2), axis=0)
    if holding(allowed, together[:, 0], together[:, 1]).any():
        return ""
    sums = {one for one, _, _ in squares(total.without_sd())}
    return "sd" if any(one in sums for one in together[:, 0].tolist()) else "mean"


def check_pairs(pairs: int) -> None:
    """Refuse more pairs of sums than can be looked at."""
    if pairs > MOST_PAIRS:
        raise BudgetExceeded("sums of two groups", pairs, MOST_PAIRS, "Give more digits of the means and SDs.")


def as_array(sums: list[tuple[int, int]]) -> IntArray:
    """Return sums and sums of squares as an array of two columns, also when there is none."""
    return np.array(sums, dtype=np.int64).reshape(-1, 2)


def holding(allowed: dict[int, tuple[int, int]], total: IntArray, square: IntArray) -> NDArray[np.bool_]:
    """Return the same as `holds` for arrays."""
    values, at = np.unique(total, return_inverse=True)
    ends = np.array([allowed.get(int(one), (1, 0)) for one in values], dtype=np.int64).reshape(-1, 2)[at.ravel()]
    return np.asarray((square >= ends[:, 0]) & (square <= ends[:, 1]))


def summary(group: CompatibleSamples, sums: IntArray) -> dict[str, Any]:
    """Return mean and standard deviation (people less 1) from sums and sums of squares, in steps of the scale."""
    people, items = group.n, group._question.items
    total, square = sums[:, 0].astype(object), sums[:, 1].astype(object)
    variance = np.array((people * square - total * total) / (people * (people - 1)), dtype=np.float64)
    mean = np.array(total / (people * items), dtype=np.float64)
    return {"mean": mean, "sd": np.sqrt(variance) / items, "sum": sums[:, 0], "squares": sums[:, 1]}
