"""Standardised differences whose interval is that of a noncentrality."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import InvalidArgument
from ..numerics import noncentral_t, student_t
from ._base import Estimate

__all__ = ["NoncentralTEstimate", "standardised"]

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class NoncentralTEstimate(Estimate):
    """A mean or difference in standard deviations, with the interval of the noncentral t distribution.

    ``point = statistic * unit``, and the distribution of the statistic is noncentral t, exactly or nearly so (the
    method says which), with the true standardised difference over `unit` as noncentrality. Intervals and p-values
    invert that distribution; `standard_error` is only the usual large-sample value, and neither uses it.

    Parameters
    ----------
    point, standard_error, df, scale, method, references : object
        As in `Estimate`; `df` is that of the standard deviation that standardises.
    statistic : float or ndarray
        The t statistic.
    unit : float or ndarray
        The standardised difference that one unit of noncentrality stands for, correction included.
    correction : float or ndarray
        Hedges' exact factor J, by which point and limits are multiplied; 1 where no correction was asked for.
    """

    statistic: Any
    unit: Any
    correction: Any

    def _interval(self, level: float) -> tuple[Any, Any]:
        tail = 0.5 * (1.0 - level)
        low = noncentral_t.noncentrality(self.statistic, self.df, tail)
        # The upper limit is the lower limit of the mirrored statistic: no 1 - tail is rounded.
        high = -noncentral_t.noncentrality(np.negative(self.statistic), self.df, tail)
        # Where the level leaves only a point, each end is rounded for itself.
        return (np.minimum(low, high) * self.unit)[()], (np.maximum(low, high) * self.unit)[()]

    def _one_sided(self, null: Any) -> tuple[Any, Any]:
        ncp = np.asarray(null) / self.unit
        greater = noncentral_t.sf(self.statistic, self.df, ncp)
        less = noncentral_t.cdf(self.statistic, self.df, ncp)
        return greater[()], less[()]


def standardised(
    t: Array, unit: Array, df: Array, *, unbiased: bool, name: str, references: tuple[str, ...]
) -> NoncentralTEstimate:
    """Return the standardised difference ``t * unit`` with `df` degrees of freedom, bias-corrected if asked."""
    if unbiased and np.any(df <= 1):
        remedy = "Hedges' J needs more than one degree of freedom; take unbiased=False."
        raise InvalidArgument("unbiased", True, "False with so little to estimate the standard deviation from", remedy)
    factor = student_t.hedges_correction(df) if unbiased else np.ones_like(df)
    point = t * unit
    # The squares of the large-sample error, taken by hypot so that none overflows.
    error = np.hypot(unit, point / np.sqrt(2.0 * df))
    sources = (*references, "Hedges 1981, doi:10.3102/10769986006002107") if unbiased else references
    return NoncentralTEstimate(
        point=(factor * point)[()],
        standard_error=(factor * error)[()],
        df=df[()],
        scale="smd",
        method=f"{name}{' times J' if unbiased else ''}",
        references=sources,
        statistic=t[()],
        unit=(factor * unit)[()],
        correction=factor[()],
    )
