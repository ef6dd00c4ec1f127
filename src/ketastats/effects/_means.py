"""Differences of two means, in the units of the scale or in standard deviations."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .. import _validate
from ..errors import InvalidArgument
from ..numerics import noncentral_t, student_t
from ._base import Estimate
from ._estimate import TEstimate

__all__ = ["SMDEstimate", "means", "smd_from_t"]

MEASURES = ("difference", "smd", "smd_unbiased")
VARIANCES = ("unequal", "equal")


@dataclass(frozen=True, slots=True, kw_only=True)
class SMDEstimate(Estimate):
    """A standardised mean difference, with the exact interval of the noncentral t distribution.

    ``d = t sqrt(1/n1 + 1/n2)`` for the t of Student's test, whose noncentrality is the true standardised difference
    divided by the same root. Intervals and p-values invert the distribution of t; `standard_error` is only the usual
    large-sample value, and neither uses it.

    Parameters
    ----------
    point, standard_error, df, scale, method, references : object
        As in `Estimate`; the point is d, or ``J d`` when `correction` is not 1.
    statistic : float or ndarray
        Student's t.
    n1, n2 : int or ndarray
        People in each group.
    correction : float or ndarray
        Factor J of the unbiased estimate (Hedges' g), by which the limits of d are multiplied too; 1 for d.
    """

    statistic: Any
    n1: Any
    n2: Any
    correction: Any

    def _unit(self) -> Any:
        """Return the standardised difference that one unit of noncentrality stands for."""
        return self.correction * np.sqrt(1.0 / self.n1 + 1.0 / self.n2)

    def _interval(self, level: float) -> tuple[Any, Any]:
        tail = 0.5 * (1.0 - level)
        low = noncentral_t.noncentrality(self.statistic, self.df, tail)
        # The upper limit is the lower limit of the mirrored statistic: no 1 - tail is rounded.
        high = -noncentral_t.noncentrality(np.negative(self.statistic), self.df, tail)
        # Where the level leaves only a point, each end is rounded for itself.
        return (np.minimum(low, high) * self._unit())[()], (np.maximum(low, high) * self._unit())[()]

    def _one_sided(self, null: Any) -> tuple[Any, Any]:
        with np.errstate(over="ignore"):
            ncp = np.asarray(null) / self._unit()
        greater = noncentral_t.sf(self.statistic, self.df, ncp)
        less = noncentral_t.cdf(self.statistic, self.df, ncp)
        return greater[()], less[()]


def means(
    m1: ArrayLike,
    s1: ArrayLike,
    n1: ArrayLike,
    m2: ArrayLike,
    s2: ArrayLike,
    n2: ArrayLike,
    *,
    measure: str = "difference",
    variances: str | None = None,
) -> TEstimate | SMDEstimate:
    """Compare two means from their summaries: group 1 minus group 2.

    Parameters
    ----------
    m1, s1, n1, m2, s2, n2 : array_like
        Mean, standard deviation (divisor ``n - 1``, not a standard error) and number of people, at least 2, of group 1
        and of group 2; all six broadcast together.
    measure : {"difference", "smd", "smd_unbiased"}
        The difference in the units of the scale; divided by the pooled standard deviation (Cohen's d); or that times
        the exact factor J that removes its bias (Hedges' g), whose limits are J times those of d. These limits cover
        J times the true difference, so a margin is better tested with "smd": in small groups g errs more often.
    variances : {"unequal", "equal"}, optional
        Welch's or Student's method for the difference; Welch's if not said. A standardised difference needs the pooled
        standard deviation and so takes only "equal".

    Returns
    -------
    TEstimate or SMDEstimate
        The estimate with its interval and p-value function.

    Raises
    ------
    InvalidArgument
        If a value is out of range, the measure does not fit `variances`, or a pooled standard deviation of zero leaves
        nothing to standardise by.

    References
    ----------
    .. [1] Welch BL (1947). The generalization of Student's problem when several different population variances are
       involved. Biometrika 34, 28-35. doi:10.1093/biomet/34.1-2.28
    .. [2] Hedges LV (1981). Distribution theory for Glass's estimator of effect size and related estimators. Journal of
       Educational Statistics 6, 107-128. doi:10.3102/10769986006002107

    Examples
    --------
    >>> import ketastats as ks
    >>> welch = ks.effects.means(17.9, 4.6, 37, 18.4, 5.1, 46)
    >>> interval = welch.confidence_interval(0.95)
    >>> print(f"{welch.point:.2f} ({interval.low:.2f} to {interval.high:.2f}), p = {welch.pvalue():.3f}")
    -0.50 (-2.62 to 1.62), p = 0.640
    >>> d = ks.effects.means(17.9, 4.6, 37, 18.4, 5.1, 46, measure="smd")
    >>> interval = d.confidence_interval(0.95)
    >>> print(f"{d.point:.3f} ({interval.low:.3f} to {interval.high:.3f})")
    -0.102 (-0.535 to 0.331)
    """
    kind = _validate.choice(measure, "measure", MEASURES)
    model = _variance_model(kind, variances)
    mean1, sd1, size1, mean2, sd2, size2 = _summaries(m1, s1, n1, m2, s2, n2)
    difference = mean1 - mean2
    if model == "unequal":
        error, df = student_t.welch(sd1, size1, sd2, size2)
        method, source = "difference of means, Welch", "Welch 1947, doi:10.1093/biomet/34.1-2.28"
    else:
        df = size1 + size2 - 2.0
        pooled = _pooled_sd(sd1, size1, sd2, size2)
        error = pooled * np.sqrt(1.0 / size1 + 1.0 / size2)
        method, source = "difference of means, Student", "Student 1908, doi:10.1093/biomet/6.1.1"
        if kind != "difference":
            if np.any(error == 0):
                remedy = "Without spread there is no standardised difference; use measure='difference'."
                raise InvalidArgument("s1", 0.0, "a positive pooled standard deviation", remedy)
            with np.errstate(over="ignore"):
                statistic = _validate.moderate(difference / error, "(m1 - m2) / its standard error")
            return _smd(statistic, size1, size2, unbiased=kind == "smd_unbiased")
    return TEstimate(
        point=difference[()],
        standard_error=error[()],
        df=df[()],
        scale="mean_difference",
        method=method,
        references=(source,),
    )


def smd_from_t(t: ArrayLike, n1: ArrayLike, n2: ArrayLike, *, unbiased: bool = False) -> SMDEstimate:
    """Read the standardised mean difference out of Student's t.

    Parameters
    ----------
    t : array_like
        Student's t with pooled variance (not Welch's), group 1 minus group 2; for an F with one numerator degree of
        freedom its root, whose sign is then unknown.
    n1, n2 : array_like of int
        People in each group, at least 1 each and 3 together.
    unbiased : bool
        Whether to multiply estimate and limits by Hedges' exact factor J, which needs ``n1 + n2`` of at least 4.

    Returns
    -------
    SMDEstimate
        ``d = t sqrt(1/n1 + 1/n2)``, or g, with exact limits.

    Raises
    ------
    InvalidArgument
        If a value is out of range.

    References
    ----------
    .. [1] Hedges LV (1981). Distribution theory for Glass's estimator of effect size and related estimators. Journal of
       Educational Statistics 6, 107-128. doi:10.3102/10769986006002107
    .. [2] Owen DB (1965). A special case of a bivariate non-central t-distribution. Biometrika 52, 437-446.
       doi:10.1093/biomet/52.3-4.437

    Examples
    --------
    >>> import ketastats as ks
    >>> d = ks.effects.smd_from_t(0.567, 37, 46)
    >>> interval = d.confidence_interval(0.90)
    >>> print(f"{d.point:.3f} ({interval.low:.3f} to {interval.high:.3f})")
    0.125 (-0.239 to 0.488)
    """
    statistic = _validate.moderate(t, "t")
    size1 = _validate.integers(n1, "n1", low=1).astype(np.float64)
    size2 = _validate.integers(n2, "n2", low=1).astype(np.float64)
    statistic, size1, size2 = _validate.broadcast(t=statistic, n1=size1, n2=size2)
    corrected = _validate.flag(unbiased, "unbiased")
    least = 4 if corrected else 3
    if np.any(size1 + size2 < least):
        raise InvalidArgument("n1 + n2", int(np.min(size1 + size2)), f"at least {least}")
    return _smd(statistic, size1, size2, unbiased=corrected)


def _smd(t: NDArray[np.float64], n1: NDArray[np.float64], n2: NDArray[np.float64], *, unbiased: bool) -> SMDEstimate:
    df = n1 + n2 - 2.0
    factor = student_t.hedges_correction(df) if unbiased else np.ones_like(df)
    d = t * np.sqrt(1.0 / n1 + 1.0 / n2)
    # A root of two squares, which does not overflow where they would.
    error = np.hypot(np.sqrt(1.0 / n1 + 1.0 / n2), d / np.sqrt(2.0 * df))
    name = "Hedges' g (exact J)" if unbiased else "Cohen's d (pooled SD)"
    return SMDEstimate(
        point=(factor * d)[()],
        standard_error=(factor * error)[()],
        df=df[()],
        scale="smd",
        method=f"{name}, exact noncentral t",
        references=("Hedges 1981, doi:10.3102/10769986006002107", "Owen 1965, doi:10.1093/biomet/52.3-4.437"),
        statistic=t[()],
        n1=n1.astype(np.int64)[()],
        n2=n2.astype(np.int64)[()],
        correction=factor[()],
    )


def _variance_model(measure: str, variances: str | None) -> str:
    if measure == "difference":
        return "unequal" if variances is None else _validate.choice(variances, "variances", VARIANCES)
    model = "equal" if variances is None else _validate.choice(variances, "variances", VARIANCES)
    if model != "equal":
        remedy = "The exact interval of d holds for the pooled standard deviation."
        raise InvalidArgument("variances", variances, f"'equal' with measure={measure!r}", remedy)
    return model


def _summaries(m1: Any, s1: Any, n1: Any, m2: Any, s2: Any, n2: Any) -> list[NDArray[np.float64]]:
    return _validate.broadcast(
        m1=_validate.array(m1, "m1", wide=True),
        s1=_validate.array(s1, "s1", low=0.0, wide=True),
        n1=_validate.integers(n1, "n1", low=2).astype(np.float64),
        m2=_validate.array(m2, "m2", wide=True),
        s2=_validate.array(s2, "s2", low=0.0, wide=True),
        n2=_validate.integers(n2, "n2", low=2).astype(np.float64),
    )


def _pooled_sd(s1: Any, n1: Any, s2: Any, n2: Any) -> NDArray[np.float64]:
    df = n1 + n2 - 2.0
    pooled: NDArray[np.float64] = np.hypot(s1 * np.sqrt((n1 - 1.0) / df), s2 * np.sqrt((n2 - 1.0) / df))
    return pooled
