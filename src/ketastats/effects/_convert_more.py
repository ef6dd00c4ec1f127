"""From F to shares of variance, and from an estimate with its p-value to its standard error."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .. import _validate
from ..errors import InvalidArgument
from ..numerics import student_t
from ._base import RATIOS
from ._estimate import SCALES

__all__ = ["eta_squared_from_f", "se_from_p"]

Array = NDArray[np.float64]

SHARES = ("eta_squared", "epsilon_squared", "omega_squared")


def eta_squared_from_f(f: ArrayLike, df1: ArrayLike, df2: ArrayLike, *, measure: str = "eta_squared") -> Any:
    """Return the partial share of variance behind an F statistic, plain or corrected for chance.

    `variance_explained` gives the first of these with an interval.

    Parameters
    ----------
    f : array_like
        The F statistic, at least 0.
    df1, df2 : array_like
        Degrees of freedom of numerator and denominator, above 0.
    measure : {"eta_squared", "epsilon_squared", "omega_squared"}
        ``f df1 / (f df1 + df2)``, which chance alone makes positive; ``(f - 1) df1 / (f df1 + df2)``; or
        ``(f - 1) df1 / (f df1 + df2 + 1)``. The last two are below 0 when F is below 1.

    Returns
    -------
    float or ndarray
        The share.

    Raises
    ------
    InvalidArgument
        If a value is out of range.

    References
    ----------
    .. [1] Okada K (2013). Is omega squared less biased? A comparison of three major effect size indices in one-way
       ANOVA. Behaviormetrika 40, 129-147. doi:10.2333/bhmk.40.129

    Examples
    --------
    >>> import ketastats as ks
    >>> for measure in ("eta_squared", "epsilon_squared", "omega_squared"):
    ...     print(f"{measure}: {ks.effects.eta_squared_from_f(4, 3, 123, measure=measure):.3f}")
    eta_squared: 0.089
    epsilon_squared: 0.067
    omega_squared: 0.066
    """
    kind = _validate.choice(measure, "measure", SHARES)
    # Far below the largest float, so that the product of both is one too.
    statistic, numerator, denominator = _validate.broadcast(
        f=_validate.array(f, "f", low=0.0, high=_validate.LARGEST),
        df1=_validate.moderate(df1, "df1", positive=True),
        df2=_validate.moderate(df2, "df2", positive=True),
    )
    whole = statistic * numerator + denominator + (kind == "omega_squared")
    above = statistic if kind == "eta_squared" else statistic - 1.0
    return (above * numerator / whole)[()]


def se_from_p(estimate: ArrayLike, p: ArrayLike, *, df: ArrayLike = np.inf, measure: str = "mean_difference") -> Any:
    """Return the standard error of an estimate whose two-sided p-value was printed.

    Parameters
    ----------
    estimate : array_like
        The estimate, not 0; for a ratio the ratio itself, not 1.
    p : array_like
        The two-sided p-value of no difference, above 0 and below 1.
    df : array_like
        Degrees of freedom; infinite for the normal distribution.
    measure : str
        What is estimated, as in `estimate`.

    Returns
    -------
    float or ndarray
        The standard error; for a ratio that of its logarithm.

    Raises
    ------
    InvalidArgument
        If a value is out of range: an estimate of no difference has p = 1 whatever its standard error.

    References
    ----------
    .. [1] Altman DG, Bland JM (2011). How to obtain the confidence interval from a P value. BMJ 343, d2090.
       doi:10.1136/bmj.d2090

    Examples
    --------
    >>> import ketastats as ks
    >>> se = ks.effects.se_from_p(0.39, 0.12, measure="odds_ratio")
    >>> interval = ks.effects.estimate(0.39, se, measure="odds_ratio").confidence_interval(0.95)
    >>> print(f"{se:.4f}: {interval.low:.2f} to {interval.high:.2f}")
    0.6056: 0.12 to 1.28
    """
    ratio = _validate.choice(measure, "measure", SCALES) in RATIOS
    lowest = 0.0 if ratio else -np.inf
    value, chance, freedom = _validate.broadcast(
        estimate=_validate.array(estimate, "estimate", low=lowest, open_low=ratio),
        p=_validate.array(p, "p", low=0.0, high=1.0, open_low=True, open_high=True),
        df=_validate.array(df, "df", low=0.0, open_low=True, infinite=True),
    )
    distance = np.abs(np.log(value)) if ratio else np.abs(value)
    none = 1.0 if ratio else 0.0
    if np.any(distance == 0):
        raise InvalidArgument("estimate", none, f"anything but {none:g}", "No difference has p = 1 at every precision.")
    t = student_t.isf(0.5 * chance, freedom)
    with np.errstate(over="ignore"):
        return (distance / t)[()]
