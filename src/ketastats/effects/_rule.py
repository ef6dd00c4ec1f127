"""A method of estimation in full: what it is called, and how its interval and its tests are computed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.special import ndtr, ndtri

__all__ = ["Columns", "Rule"]

Columns = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """A method in full: its name, where it was published, and its kernels on flat float columns.

    `interval` takes the normal quantile, or the tail itself if `by_tail`; `tails` stands in for `zscore` where given.
    """

    name: str
    reference: str
    interval: Callable[[Columns, float], Columns]
    zscore: Callable[[Columns, Any], Any]
    tails: Callable[[Columns, Any], Columns] | None = None
    by_tail: bool = False

    def one_sided(self, columns: Columns, null: Any) -> Columns:
        """Return the p-values against "greater" and "less", for columns and null of one shape."""
        flat = [np.asarray(column, dtype=np.float64).reshape(-1) for column in columns]
        values = np.asarray(null, dtype=np.float64)
        if self.tails is not None:
            sides = self.tails(tuple(flat), values.reshape(-1))
        else:
            z = self.zscore(tuple(flat), values.reshape(-1))
            sides = ndtr(-z), ndtr(z)
        return tuple(side.reshape(values.shape)[()] for side in sides)

    def ends(self, columns: Columns, tail: float) -> Columns:
        """Return the ends of the central interval that leaves `tail` on each side."""
        shape = np.shape(columns[0])
        flat = tuple(np.asarray(column, dtype=np.float64).reshape(-1) for column in columns)
        if self.by_tail:
            low, high = self.interval(flat, tail)
            return low.reshape(shape)[()], high.reshape(shape)[()]
        # At a tail of one half the quantile is 0, possibly with a minus sign.
        z = abs(float(ndtri(tail)))
        low, high = self.interval(flat, z)
        if z < 1e-9:  # the ends meet, and rounding may swap them
            low, high = np.minimum(low, high), np.maximum(low, high)
        return low.reshape(shape)[()], high.reshape(shape)[()]
