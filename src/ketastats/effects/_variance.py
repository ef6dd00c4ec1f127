"""The share of variance that a term explains, read out of its F statistic."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .. import _validate
from ..errors import InvalidArgument
from ..numerics import noncentral_f
from ._base import Estimate

__all__ = ["VarianceEstimate", "f_from_p", "variance_explained"]

MEASURES = ("partial_eta_squared", "cohens_f", "noncentrality")
_METHODS = {
    "partial_eta_squared": "partial eta squared, exact noncentral F",
    "cohens_f": "Cohen's f (partial), exact noncentral F",
    "noncentrality": "noncentrality of F, exact",
}
# Beyond this the sum that is the noncentral F has more terms than memory holds.
LARGEST = 1e12
_STEIGER = "Steiger 2004, doi:10.1037/1082-989X.9.2.164"


@dataclass(frozen=True, slots=True, kw_only=True)
class VarianceEstimate(Estimate):
    """The size of an effect with any number of degrees of freedom, with the exact interval of the noncentral F.

    Intervals and p-values invert the distribution of F. The lower limit is 0 where even no effect at all makes so large
    an F likely enough, and both limits are 0 where it makes so small an F unlikely. ``pvalue(0,
    alternative="greater")`` is the p-value of the F test itself.

    Parameters
    ----------
    point, standard_error, df, scale, method, references : object
        As in `Estimate`; `df` is that of the denominator, `scale` the measure, and the standard error is that of the
        noncentrality in large samples, which nothing here uses.
    statistic : float or ndarray
        The F statistic.
    df1 : float or ndarray
        Numerator degrees of freedom.
    """

    statistic: Any
    df1: Any

    def _interval(self, level: float) -> tuple[Any, Any]:
        tail = 0.5 * (1.0 - level)
        low = noncentral_f.noncentrality(self.statistic, self.df1, self.df, tail)
        high = noncentral_f.noncentrality(self.statistic, self.df1, self.df, 1.0 - tail)
        if level < 1e-9:  # the ends meet, and rounding may swap them
            low, high = np.minimum(low, high), np.maximum(low, high)
        return _measure(low, self.df, self.scale)[()], _measure(high, self.df, self.scale)[()]

    def _one_sided(self, null: Any) -> tuple[Any, Any]:
        ncp = _noncentrality(null, self.df, self.scale)
        endless = np.isinf(ncp)
        finite = np.where(endless, 0.0, ncp)
        greater = np.where(endless, 1.0, noncentral_f.sf(self.statistic, self.df1, self.df, finite))
        less = np.where(endless, 0.0, noncentral_f.cdf(self.statistic, self.df1, self.df, finite))
        return greater[()], less[()]


def variance_explained(
    f: ArrayLike, df1: ArrayLike, df2: ArrayLike, *, measure: str = "partial_eta_squared"
) -> VarianceEstimate:
    """Read the size of an effect out of an F statistic with any number of numerator degrees of freedom.

    Parameters
    ----------
    f : array_like
        The F statistic, at least 0.
    df1, df2 : array_like
        Degrees of freedom of numerator and denominator, positive and finite, as the model states them; the three
        arguments broadcast together.
    measure : {"partial_eta_squared", "cohens_f", "noncentrality"}
        The share ``ncp / (ncp + df2)`` of the variance that other terms leave; ``sqrt(ncp / df2)``, the size of the
        term in standard deviations of the error that the F divides by; or the noncentrality `ncp` itself. The point
        puts ``f df1`` in its place.

    Returns
    -------
    VarianceEstimate
        The estimate with its interval and p-value function. It has no sign, and with more than one numerator degree
        of freedom it does not say where the differences lie.

    Raises
    ------
    InvalidArgument
        If a value is out of range.

    References
    ----------
    .. [1] Steiger JH (2004). Beyond the F test: effect size confidence intervals and tests of close fit in the analysis
       of variance and contrast analysis. Psychological Methods 9, 164-182. doi:10.1037/1082-989X.9.2.164

    Examples
    --------
    >>> import ketastats as ks
    >>> eta = ks.effects.variance_explained(45.8, 3, 35)
    >>> interval = eta.confidence_interval(0.90)
    >>> print(f"{eta.point:.3f} ({interval.low:.3f} to {interval.high:.3f})")
    0.797 (0.686 to 0.856)
    """
    kind = _validate.choice(measure, "measure", MEASURES)
    statistic, numerator, denominator = _validate.broadcast(
        f=_validate.array(f, "f", low=0.0, high=LARGEST),
        df1=_validate.array(df1, "df1", low=1.0 / LARGEST, high=LARGEST),
        df2=_validate.array(df2, "df2", low=1.0 / LARGEST, high=LARGEST),
    )
    ncp = statistic * numerator
    if np.any(ncp > LARGEST):
        raise InvalidArgument("f * df1", float(np.max(ncp)), f"at most {LARGEST:g}", "No study is that large.")
    error = np.sqrt(2.0 * numerator + 4.0 * ncp + 2.0 * np.square(ncp) / denominator)
    return VarianceEstimate(
        point=_measure(ncp, denominator, kind)[()],
        standard_error=error[()],
        df=denominator[()],
        scale=kind,
        method=_METHODS[kind],
        references=(_STEIGER,),
        statistic=statistic[()],
        df1=numerator[()],
    )


def f_from_p(p: ArrayLike, df1: ArrayLike, df2: ArrayLike) -> Any:
    """Return the F statistic whose p-value this is.

    Parameters
    ----------
    p : array_like
        Upper-tail p-value of the F test, above 0 and at most 1.
    df1, df2 : array_like
        Degrees of freedom of numerator and denominator; the three arguments broadcast together.

    Returns
    -------
    float or ndarray
        The F statistic; with ``df1 = 1`` it is the square of t.

    Raises
    ------
    InvalidArgument
        If a value is out of range.

    References
    ----------
    .. [1] Johnson NL, Kotz S, Balakrishnan N (1995). Continuous Univariate Distributions, volume 2, chapter 27. Wiley.

    Examples
    --------
    >>> import ketastats as ks
    >>> print(f"{ks.effects.f_from_p(0.05, 1, 10):.3f}")
    4.965
    """
    tail, numerator, denominator = _validate.broadcast(
        p=_validate.array(p, "p", low=0.0, high=1.0, open_low=True),
        df1=_validate.array(df1, "df1", low=0.0, open_low=True),
        df2=_validate.array(df2, "df2", low=0.0, open_low=True),
    )
    return noncentral_f.isf(tail, numerator, denominator)[()]


def _measure(ncp: Any, df2: Any, kind: str) -> NDArray[np.float64]:
    if kind == "partial_eta_squared":
        return np.asarray(ncp / (ncp + df2))
    return np.asarray(np.sqrt(ncp / df2) if kind == "cohens_f" else ncp)


def _noncentrality(value: Any, df2: Any, kind: str) -> NDArray[np.float64]:
    """Return the noncentrality behind a value of the measure; below 0 it is 0, for all of the variance infinite."""
    clean = np.maximum(np.asarray(value, dtype=np.float64), 0.0)
    if kind == "partial_eta_squared":
        whole = clean >= 1.0
        share = np.where(whole, 0.0, clean)
        return np.where(whole, np.inf, df2 * share / (1.0 - share))
    return np.asarray(df2 * np.square(clean) if kind == "cohens_f" else clean)
