"""Ratios of two means."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .. import _validate
from ..numerics import student_t
from ._estimate import TEstimate
from ._fieller import FiellerEstimate, fieller_estimate
from ._means import VARIANCES

__all__ = ["mean_ratio", "mean_ratio_paired"]

METHODS = ("delta", "lajeunesse", "fieller")
_SOURCES = {
    "delta": ("Hedges, Gurevitch & Curtis 1999, doi:10.2307/177062",),
    "lajeunesse": ("Lajeunesse 2015, doi:10.1890/14-2402.1",),
}
_NAMES = {"delta": "delta method", "lajeunesse": "delta method to second order (Lajeunesse)"}

Array = NDArray[np.float64]


def mean_ratio(
    m1: ArrayLike,
    s1: ArrayLike,
    n1: ArrayLike,
    m2: ArrayLike,
    s2: ArrayLike,
    n2: ArrayLike,
    *,
    method: str = "delta",
    variances: str = "unequal",
) -> TEstimate | FiellerEstimate:
    """Compare two means of a ratio scale by their ratio: group 1 over group 2.

    Parameters
    ----------
    m1, s1, n1, m2, s2, n2 : array_like
        Mean, above 0, standard deviation (divisor ``n - 1``, not a standard error) and number of people, at least 2, of
        group 1 and of group 2; all six broadcast together.
    method : {"delta", "lajeunesse", "fieller"}
        The logarithm of the ratio with the delta method's standard error ``sqrt(v1 + v2)``, where
        ``v = s**2 / (n m**2)``; or with the next term of the series in estimate (``(v1 - v2) / 2``) and variance
        (``(v1**2 + v2**2) / 2``), for small samples. Or Fieller's method, which tests a ratio by ``m1 - ratio * m2``:
        exact for normal data with equal variances, and without an upper end where the second mean is not clear of 0.
    variances : {"unequal", "equal"}
        Degrees of freedom by Welch and Satterthwaite from v1 and v2; or ``n1 + n2 - 2`` with the pooled standard
        deviation in place of `s1` and `s2`. Where the smaller group varied twice as much, "equal" covered 85 % at 95 %.

    Returns
    -------
    TEstimate or FiellerEstimate
        The ratio; its interval works on the log scale, with Student's t. `standard_error` is that of the logarithm.

    Raises
    ------
    InvalidArgument
        If a value is out of range. A mean that is not above 0 has no ratio.

    References
    ----------
    .. [1] Hedges LV, Gurevitch J, Curtis PS (1999). The meta-analysis of response ratios in experimental ecology.
       Ecology 80, 1150-1156. doi:10.2307/177062
    .. [2] Lajeunesse MJ (2015). Bias and correction for the log response ratio in ecological meta-analysis. Ecology 96,
       2056-2063. doi:10.1890/14-2402.1
    .. [3] Fieller EC (1954). Some problems in interval estimation. Journal of the Royal Statistical Society B 16,
       175-185. doi:10.1111/j.2517-6161.1954.tb00159.x

    Examples
    --------
    >>> import ketastats as ks
    >>> ratio = ks.effects.mean_ratio(9.8, 4.5, 37, 13.7, 5.8, 46)
    >>> interval = ratio.confidence_interval(0.95)
    >>> print(f"{ratio.point:.3f} ({interval.low:.3f} to {interval.high:.3f})")
    0.715 (0.588 to 0.869)
    """
    kind = _validate.choice(method, "method", METHODS)
    model = _validate.choice(variances, "variances", VARIANCES)
    mean1, sd1, size1, mean2, sd2, size2 = _validate.broadcast(
        m1=_validate.array(m1, "m1", low=0.0, open_low=True),
        s1=_validate.array(s1, "s1", low=0.0, wide=True),
        n1=_validate.integers(n1, "n1", low=2).astype(np.float64),
        m2=_validate.array(m2, "m2", low=0.0, open_low=True),
        s2=_validate.array(s2, "s2", low=0.0, wide=True),
        n2=_validate.integers(n2, "n2", low=2).astype(np.float64),
    )
    df = size1 + size2 - 2.0
    if model == "equal":
        sd1 = sd2 = np.hypot(sd1 * np.sqrt((size1 - 1.0) / df), sd2 * np.sqrt((size2 - 1.0) / df))
    one, two = sd1 / mean1 / np.sqrt(size1), sd2 / mean2 / np.sqrt(size2)
    if kind == "fieller":
        dfs = (df, df) if model == "equal" else (size1 - 1.0, size2 - 1.0)
        point = _quotient(mean1, mean2)
        return fieller_estimate(point, one, two, np.zeros_like(one), dfs, model == "equal", "ratio of means")
    if model == "unequal":
        _, df = student_t.welch(sd1 / mean1, size1, sd2 / mean2, size2)
    return _ratio(_quotient(mean1, mean2), one, two, np.hypot(one, two), df, kind, f"ratio of means, {_NAMES[kind]}")


def mean_ratio_paired(
    m1: ArrayLike,
    s1: ArrayLike,
    m2: ArrayLike,
    s2: ArrayLike,
    n: ArrayLike,
    *,
    r: ArrayLike,
    method: str = "delta",
) -> TEstimate | FiellerEstimate:
    """Compare two means of the same people by their ratio: first over second.

    Parameters
    ----------
    m1, s1, m2, s2 : array_like
        Mean, above 0, and standard deviation (divisor ``n - 1``) of the first and of the second measurement.
    n : array_like of int
        Pairs, at least 2; all arguments broadcast together.
    r : array_like
        Correlation of the two measurements.
    method : {"delta", "lajeunesse", "fieller"}
        As in `mean_ratio`; the covariance enters the variance to first order, and Fieller's method exactly.

    Returns
    -------
    TEstimate or FiellerEstimate
        The ratio; its interval works on the log scale, with Student's t and ``n - 1`` degrees of freedom.

    Raises
    ------
    InvalidArgument
        If a value is out of range. A mean that is not above 0 has no ratio.

    References
    ----------
    .. [1] Lajeunesse MJ (2011). On the meta-analysis of response ratios for studies with correlated and multi-group
       designs. Ecology 92, 2049-2055. doi:10.1890/11-0423.1

    Examples
    --------
    >>> import ketastats as ks
    >>> ratio = ks.effects.mean_ratio_paired(13.7, 5.8, 9.8, 4.5, 40, r=0.6)
    >>> interval = ratio.confidence_interval(0.90)
    >>> print(f"{ratio.point:.3f} ({interval.low:.3f} to {interval.high:.3f})")
    1.398 (1.258 to 1.553)
    """
    kind = _validate.choice(method, "method", METHODS)
    mean1, sd1, mean2, sd2, size, rho = _validate.broadcast(
        m1=_validate.array(m1, "m1", low=0.0, open_low=True),
        s1=_validate.array(s1, "s1", low=0.0, wide=True),
        m2=_validate.array(m2, "m2", low=0.0, open_low=True),
        s2=_validate.array(s2, "s2", low=0.0, wide=True),
        n=_validate.integers(n, "n", low=2).astype(np.float64),
        r=_validate.array(r, "r", low=-1.0, high=1.0),
    )
    one, two = sd1 / mean1 / np.sqrt(size), sd2 / mean2 / np.sqrt(size)
    if kind == "fieller":
        dfs = size - 1.0, size - 1.0
        return fieller_estimate(_quotient(mean1, mean2), one, two, rho, dfs, pooled=True, name="ratio of paired means")
    error = np.hypot(one - two, np.sqrt(2.0 * (1.0 - rho)) * np.sqrt(one) * np.sqrt(two))
    return _ratio(_quotient(mean1, mean2), one, two, error, size - 1.0, kind, f"ratio of paired means, {_NAMES[kind]}")


def _quotient(m1: Array, m2: Array) -> Array:
    with np.errstate(over="ignore", under="ignore"):
        return m1 / m2


def _ratio(ratio: Array, one: Array, two: Array, error: Array, df: Array, kind: str, name: str) -> TEstimate:
    """Return the estimate; `one` and `two` are the standard errors of the means as shares of the means."""
    shift = np.zeros_like(one)
    if kind == "lajeunesse":
        # Relative errors of more than a few tens say that the series does not hold; the answer stays a number.
        one, two = np.minimum(one, 1e75), np.minimum(two, 1e75)
        shift = np.clip(0.5 * (one - two) * (one + two), -300.0, 300.0)
        error = np.hypot(error, np.hypot(np.square(one), np.square(two)) / np.sqrt(2.0))
    ratio = np.clip(ratio, 1e-150, 1e150) * np.exp(shift)
    return TEstimate(
        point=ratio[()],
        standard_error=error[()],
        df=df[()],
        scale="mean_ratio",
        method=f"{name}, Student t, log scale",
        references=_SOURCES[kind],
    )
