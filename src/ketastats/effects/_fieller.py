"""The ratio of two means by Fieller's method."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import InvalidArgument
from ..numerics import student_t
from ..numerics.chandrupatla import find_roots
from ._base import Estimate

__all__ = ["FiellerEstimate", "fieller_estimate"]

Array = NDArray[np.float64]
IndexArray = NDArray[np.intp]

_FIELLER = "Fieller 1954, doi:10.1111/j.2517-6161.1954.tb00159.x"


@dataclass(frozen=True, slots=True, kw_only=True)
class FiellerEstimate(Estimate):
    """A ratio of two means whose values are tested by ``m1 - value * m2``, which is normal if the means are.

    Where the second mean is not clear of 0 at a level, the interval has no upper end, and where the first is not, it
    begins at 0.

    Parameters
    ----------
    point, standard_error, df, scale, method, references : object
        As in `Estimate`; standard error and degrees of freedom are those of the log ratio by the delta method.
    """

    _one: Any
    _two: Any
    _r: Any
    _df1: Any
    _df2: Any

    def _interval(self, level: float) -> tuple[Any, Any]:
        tail = 0.5 * (1.0 - level)
        parts = np.broadcast_arrays(self._one, self._two, self._r, self._df1, self._df2)
        one, two, r, df1, df2 = (np.ravel(part).astype(np.float64) for part in parts)
        low, inverse = _lower(one, two, r, df1, df2, tail), _lower(two, one, r, df2, df1, tail)
        with np.errstate(divide="ignore", over="ignore", under="ignore"):
            ends = [(share.reshape(parts[0].shape) * self.point)[()] for share in (low, 1.0 / inverse)]
        return ends[0], ends[1]

    def _one_sided(self, null: Any) -> tuple[Any, Any]:
        value = np.asarray(null, dtype=np.float64)
        if np.any(value < 0):
            raise InvalidArgument("null", float(np.min(value)), "at least 0", "No difference is a ratio of 1.")
        with np.errstate(over="ignore", under="ignore"):
            share = np.minimum(value / self.point, 1e300)
        # Above the point everything is turned around, so that no large number is squared.
        with np.errstate(divide="ignore"):
            inverse = np.where(share > 1.0, 1.0 / share, 1.0)
        below = _statistic(np.minimum(share, 1.0), self._one, self._two, self._r, self._df1, self._df2)
        above = _statistic(inverse, self._two, self._one, self._r, self._df2, self._df1)
        (tail, rest), (other, remains) = _tails(*below), _tails(*above)
        return np.where(share > 1.0, remains, tail)[()], np.where(share > 1.0, other, rest)[()]


def fieller_estimate(
    point: Array, one: Array, two: Array, r: Any, dfs: tuple[Array, Array], pooled: bool, name: str
) -> FiellerEstimate:
    """Return the estimate; `one` and `two` are the standard errors of the means as shares of the means.

    `r` is the correlation of the means. `dfs` are those of each mean's variance, or, if `pooled`, both of the common
    one.
    """
    error = np.hypot(one - two, np.sqrt(2.0 * (1.0 - np.asarray(r)) * one * two))
    sizes = dfs[0] + 1.0, dfs[1] + 1.0
    df = dfs[0] if pooled else student_t.welch(one * np.sqrt(sizes[0]), sizes[0], two * np.sqrt(sizes[1]), sizes[1])[1]
    return FiellerEstimate(
        point=np.clip(point, 1e-150, 1e150)[()],
        standard_error=error[()],
        df=np.broadcast_to(df, error.shape)[()],
        scale="mean_ratio",
        method=f"{name}, Fieller",
        references=(_FIELLER,),
        _one=one,
        _two=two,
        _r=r,
        _df1=dfs[0],
        _df2=np.full_like(dfs[0], np.nan) if pooled else dfs[1],
    )


def _statistic(share: Array, one: Any, two: Any, r: Any, df1: Any, df2: Any) -> tuple[Array, Array, Array]:
    """Return distance, standard error and degrees of freedom where the ratio is `share` times the estimate."""
    part = share * two
    error = np.hypot(one - part, np.sqrt(2.0 * (1.0 - np.asarray(r)) * one * part))
    largest = np.maximum(np.maximum(one, part), 1e-300)
    first, second = np.square(one / largest), np.square(part / largest)
    with np.errstate(invalid="ignore"):
        welch = np.square(first + second) / (np.square(first) / df1 + np.square(second) / df2)
    # Pooled, or of pairs: one number for both.
    df = np.where(np.isnan(df2) | np.isnan(df1), np.fmax(df1, df2), np.where(largest > 1e-300, welch, df1))
    return 1.0 - share, error, np.asarray(df)


def _tails(distance: Array, error: Array, df: Array) -> tuple[Array, Array]:
    some = error > 0
    with np.errstate(over="ignore"):
        t = distance / np.where(some, error, 1.0)
    upper = np.where(some, student_t.sf(t, df), np.where(distance > 0, 0.0, 1.0))
    return upper, np.where(some, student_t.sf(-t, df), np.where(distance < 0, 0.0, 1.0))


def _lower(one: Array, two: Array, r: Array, df1: Array, df2: Array, tail: float) -> Array:
    """Return the lower end as a share of the estimate: 0 where the first mean is not clear of 0."""

    def gap(share: Array, at: IndexArray) -> Array:
        distance, error, df = _statistic(share, one[at], two[at], r[at], df1[at], df2[at])
        with np.errstate(over="ignore"):
            reach = np.minimum(student_t.isf(tail, df), 1e150) * np.minimum(error, 1e150)
        # Between -1 and 1, so that the ends of the bracket are finite.
        return np.asarray((distance - reach) / (distance + reach + 1e-300))

    every = np.arange(one.size)
    zero, unit = np.zeros_like(one), np.ones_like(one)
    at_zero, at_one = gap(zero, every), gap(unit, every)
    found = find_roots(gap, (zero, unit), (at_zero, at_one), atol=1e-300)
    return np.where(at_zero <= 0, 0.0, np.where(at_one >= 0, 1.0, found))
