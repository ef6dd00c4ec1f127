"""An estimate with a standard error, as it stands in a table of coefficients."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from .. import _validate
from ..errors import InvalidArgument, InvalidType
from ..numerics import student_t
from ._base import RATIOS, Estimate

__all__ = ["TEstimate", "estimate"]

SCALES = ("mean_difference", "risk_difference", "rate_difference", "proportion", "smd", *RATIOS)


@dataclass(frozen=True, slots=True, kw_only=True)
class TEstimate(Estimate):
    """An estimate whose error, divided by its standard error, follows Student's t or the normal distribution.

    For ratios the method works on the log scale; the point, the interval and the hypothesised values of `pvalue` are
    ratios. A standard error of zero leaves only the point: the interval collapses, and the one-sided p-value is 0 for
    every value that the point lies clear of, in the direction asked for, and 1 for all others, the point included.

    Parameters
    ----------
    point, standard_error, df, scale, method, references : object
        As in `Estimate`.
    """

    def _interval(self, level: float) -> tuple[Any, Any]:
        with np.errstate(invalid="ignore", over="ignore"):
            half = student_t.isf(0.5 * (1.0 - level), self.df) * self.standard_error
        if self.scale in RATIOS:
            # With one degree of freedom and a tiny level the ratio may be anything: 0 to infinity.
            with np.errstate(over="ignore", under="ignore"):
                return self.point * np.exp(-half), self.point * np.exp(half)
        return self.point - half, self.point + half

    def _one_sided(self, null: Any) -> tuple[Any, Any]:
        if self.scale in RATIOS:
            if np.any(np.asarray(null) < 0):
                raise InvalidArgument("null", np.min(null), "at least 0", "No difference is a ratio of 1.")
            with np.errstate(divide="ignore"):
                distance = np.log(self.point) - np.log(null)
        else:
            distance = self.point - np.asarray(null)
        error = np.asarray(self.standard_error, dtype=np.float64)
        some = error > 0
        with np.errstate(over="ignore"):
            t = distance / np.where(some, error, 1.0)
        greater = np.where(some, student_t.sf(t, self.df), np.where(distance > 0, 0.0, 1.0))
        less = np.where(some, student_t.sf(-t, self.df), np.where(distance < 0, 0.0, 1.0))
        return greater[()], less[()]


def estimate(
    estimate: ArrayLike,
    se: ArrayLike | None = None,
    *,
    df: ArrayLike = np.inf,
    low: ArrayLike | None = None,
    high: ArrayLike | None = None,
    level: float = 0.95,
    measure: str = "mean_difference",
) -> TEstimate:
    """Read an estimate with its standard error, or with its printed confidence interval.

    Parameters
    ----------
    estimate : array_like
        The estimate; for a ratio the ratio itself, not its logarithm.
    se : array_like, optional
        Its standard error; for a ratio that of its logarithm.
    df : array_like
        Degrees of freedom; infinite for the normal distribution.
    low, high : array_like, optional
        A printed confidence interval in place of `se`. Only its width counts, on the log scale for ratios; the point
        is `estimate`.
    level : float
        Confidence level of the printed interval.
    measure : str
        What is estimated: ``mean_difference``, ``smd``, ``risk_difference``, ``rate_difference``, ``proportion``,
        ``risk_ratio``, ``odds_ratio``, ``mean_ratio`` or ``rate_ratio``.

    Returns
    -------
    TEstimate
        Point, standard error and degrees of freedom, with intervals at any level and the p-value of any value.

    Raises
    ------
    InvalidType
        If neither a standard error nor both ends of an interval are given, or both are.
    InvalidArgument
        If a value is out of range, or the estimate lies outside its interval.

    References
    ----------
    .. [1] Altman DG, Bland JM (2011). How to obtain the P value from a confidence interval. BMJ 343, d2304.
       doi:10.1136/bmj.d2304
    .. [2] Student (1908). The probable error of a mean. Biometrika 6, 1-25. doi:10.1093/biomet/6.1.1

    Examples
    --------
    An odds ratio with its 95 % interval, read at 90 %:

    >>> import ketastats as ks
    >>> odds = ks.effects.estimate(2.03, low=1.37, high=3.01, measure="odds_ratio")
    >>> interval = odds.confidence_interval(0.90)
    >>> print(f"{interval.low:.2f} to {interval.high:.2f}")
    1.46 to 2.82
    """
    scale = _validate.choice(measure, "measure", SCALES)
    ratio = scale in RATIOS
    lowest = 0.0 if ratio else -np.inf
    point = _validate.array(estimate, "estimate", low=lowest, open_low=ratio)
    freedom = _validate.array(df, "df", low=0.0, open_low=True, infinite=True)
    if (se is None) == (low is None and high is None) or (low is None) != (high is None):
        raise InvalidType("se", se, "either se, or both low and high", "Give the standard error or the interval.")
    if se is not None:
        error = _validate.array(se, "se", low=0.0)
    else:
        error = _width(point, low, high, freedom, _validate.level(level), lowest, ratio)
    point, error, freedom = _validate.broadcast(estimate=point, se=error, df=freedom)
    normal = bool(np.all(np.isinf(freedom)))
    distribution = "normal" if normal else "Student t"
    return TEstimate(
        point=point[()],
        standard_error=error[()],
        df=freedom[()],
        scale=scale,
        method=f"estimate and standard error, {distribution}{', log scale' if ratio else ''}",
        references=("Altman & Bland 2011, doi:10.1136/bmj.d2304",)
        if normal
        else ("Student 1908, doi:10.1093/biomet/6.1.1",),
    )


def _width(point: Any, low: Any, high: Any, df: Any, level: float, lowest: float, ratio: bool) -> Any:
    """Return the standard error that a printed interval implies."""
    ends = [_validate.array(low, "low", low=lowest, open_low=ratio), _validate.array(high, "high", low=lowest)]
    left, middle, right, df = _validate.broadcast(low=ends[0], estimate=point, high=ends[1], df=df)
    bad = (left > middle) | (middle > right)
    if bad.any():
        allowed = f"between low and high, here {left[bad][0]:g} and {right[bad][0]:g}"
        raise InvalidArgument("estimate", middle[bad][0].item(), allowed)
    width = np.log(right / left) if ratio else right - left
    return width / (2.0 * student_t.isf(0.5 * (1.0 - level), df))
