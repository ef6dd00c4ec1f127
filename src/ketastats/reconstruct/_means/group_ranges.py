"""What the median, the quartiles and the range of one of two groups leave of its mean and its SD, for every size."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .._constraints import Printed
from .printed import QUANTILES, PrintedMeans
from .quantile_question import QuantileQuestion

__all__ = ["GroupRanges", "group_ranges"]

FloatArray = NDArray[np.float64]
Range = tuple[FloatArray, FloatArray]


@dataclass(frozen=True, slots=True)
class GroupRanges:
    """Ranges of the mean and of the SD of one group, for some sizes in order.

    `possible` says among which sizes any values print so; ranges of the others mean nothing.
    """

    n: FloatArray
    possible: NDArray[np.bool_]
    mean: Range
    sd: Range

    def _at(self, n: FloatArray) -> NDArray[np.intp]:
        return np.searchsorted(self.n, n)

    def fits(self, n: FloatArray) -> NDArray[np.bool_]:
        """Return where groups of these sizes can print so."""
        return self.possible[self._at(n)]

    def means(self, n: FloatArray) -> Range:
        """Return the smallest and the largest mean of groups of these sizes."""
        at = self._at(n)
        return self.mean[0][at], self.mean[1][at]

    def sds(self, n: FloatArray) -> Range:
        """Return the smallest and the largest SD of groups of these sizes."""
        at = self._at(n)
        return self.sd[0][at], self.sd[1][at]


def group_ranges(printed: PrintedMeans, group: str, sizes: NDArray[np.int64]) -> GroupRanges | None:
    """Return the ranges of a group, or None when neither its quantiles nor a scale bound them."""
    bounded = printed.whole is not None or np.isfinite(printed.scale).any()
    used = [name for name in printed.numbers if name in QUANTILES and name.endswith(group)]
    if not used and not (bounded and any(f"{kind}{group}" in printed.numbers for kind in ("mean", "sd", "se"))):
        return None
    numbers: list[tuple[str, Printed]] = []
    for name in (*used, f"mean{group}", f"sd{group}"):
        kind = name.removesuffix(group)
        ends = {"quartiles": ("q1", "q3"), "range": ("minimum", "maximum")}.get(kind, (kind,))
        numbers += zip(ends, printed.numbers.get(name, ()), strict=False)
    n = np.unique(sizes)
    question = QuantileQuestion(tuple(numbers), printed.scale, tuple(n.tolist()), printed.definitions, printed.whole)
    found = np.full((n.size, 4), [np.inf, -np.inf, np.inf, -np.inf])
    for size, same in question.cases():
        left = _left(question, printed, group, size, same[0])
        if left is not None:
            row = found[np.searchsorted(n, size)]
            row[0::2] = np.minimum(row[0::2], [left[0][0], left[1][0]])
            row[1::2] = np.maximum(row[1::2], [left[0][1], left[1][1]])
    possible = found[:, 0] <= found[:, 1]
    found[~possible] = [-np.inf, np.inf, 0.0, np.inf]
    return GroupRanges(n.astype(np.float64), possible, (found[:, 0], found[:, 1]), (found[:, 2], found[:, 3]))


def _left(
    question: QuantileQuestion, printed: PrintedMeans, group: str, n: int, definition: str
) -> tuple[tuple[float, float], tuple[float, float]] | None:
    """Return the ends of mean and SD of one group of n people."""
    if question.whole is not None:
        return question.left(n, definition)
    found = question.within(n, definition, printed.ends(f"mean{group}"), _spread(printed, group, n))
    return None if found is None else (found.mean, found.sd)


def _spread(printed: PrintedMeans, group: str, n: int) -> tuple[float, float]:
    """Return the SDs that a printed SD and standard error leave."""
    low, high = printed.ends(f"sd{group}", 0.0)
    error_low, error_high = printed.ends(f"se{group}", 0.0)
    root = float(np.sqrt(n))
    return max(low, error_low * root), min(high, error_high * root)
