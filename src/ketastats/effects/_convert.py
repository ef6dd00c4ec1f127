"""From one effect or statistic to another: t, z, chi squared, p, r and d."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .. import _validate
from ..errors import InvalidArgument
from ._convert_p import t_and_df, t_from_p

__all__ = [
    "d_from_p",
    "d_from_r",
    "d_from_t",
    "d_from_z",
    "r_from_chi2",
    "r_from_d",
    "r_from_t",
    "t_from_d",
    "t_from_r",
]

Array = NDArray[np.float64]
#: Beyond this the statistic of a large sample is no float.
_FAR = 1e300


def d_from_t(t: ArrayLike, n1: ArrayLike, n2: ArrayLike) -> Any:
    """Return Cohen's d of two independent groups from Student's t.

    `smd_from_t` does the same with an interval; `d_range_from_t` where only the sum of both groups is known.

    Parameters
    ----------
    t : array_like
        Student's t with pooled variance, group 1 minus group 2; for an F with one numerator degree of freedom its root.
    n1, n2 : array_like of int
        People in each group, at least 1 each and 3 together.

    Returns
    -------
    float or ndarray
        ``t sqrt(1/n1 + 1/n2)``.

    Raises
    ------
    InvalidArgument
        If a value is out of range.

    References
    ----------
    .. [1] Hedges LV (1981). Distribution theory for Glass's estimator of effect size and related estimators. Journal of
       Educational Statistics 6, 107-128. doi:10.3102/10769986006002107

    Examples
    --------
    >>> import ketastats as ks
    >>> print(f"{ks.effects.d_from_t(4.0, 35, 35):.3f}")
    0.956
    """
    statistic, size1, size2 = two_groups(t, "t", n1, n2)
    return (statistic * np.sqrt(1.0 / size1 + 1.0 / size2))[()]


def t_from_d(d: ArrayLike, n1: ArrayLike, n2: ArrayLike) -> Any:
    """Return Student's t of two independent groups from Cohen's d with the pooled standard deviation.

    Parameters
    ----------
    d : array_like
        Cohen's d, group 1 minus group 2.
    n1, n2 : array_like of int
        People in each group, at least 1 each and 3 together.

    Returns
    -------
    float or ndarray
        ``d / sqrt(1/n1 + 1/n2)``.

    Raises
    ------
    InvalidArgument
        If a value is out of range.

    References
    ----------
    .. [1] Hedges LV (1981). Distribution theory for Glass's estimator of effect size and related estimators. Journal of
       Educational Statistics 6, 107-128. doi:10.3102/10769986006002107

    Examples
    --------
    >>> import ketastats as ks
    >>> print(f"{ks.effects.t_from_d(0.5, 37, 46):.3f}")
    2.264
    """
    effect, size1, size2 = two_groups(d, "d", n1, n2)
    return (effect / np.sqrt(1.0 / size1 + 1.0 / size2))[()]


def d_from_z(z: ArrayLike, n1: ArrayLike, n2: ArrayLike) -> Any:
    """Return the standardised difference of two independent groups from a z statistic, in known standard deviations.

    Parameters
    ----------
    z : array_like
        The z statistic, group 1 minus group 2.
    n1, n2 : array_like of int
        People in each group, at least 1 each and 3 together.

    Returns
    -------
    float or ndarray
        ``z sqrt(1/n1 + 1/n2)``.

    Raises
    ------
    InvalidArgument
        If a value is out of range.

    References
    ----------
    .. [1] Rosenthal R (1994). Parametric measures of effect size. In: The Handbook of Research Synthesis. Russell Sage.

    Examples
    --------
    >>> import ketastats as ks
    >>> print(f"{ks.effects.d_from_z(4.0, 34, 34):.3f}")
    0.970
    """
    statistic, size1, size2 = two_groups(z, "z", n1, n2)
    return (statistic * np.sqrt(1.0 / size1 + 1.0 / size2))[()]


def d_from_p(p: ArrayLike, n1: ArrayLike, n2: ArrayLike) -> Any:
    """Return the absolute Cohen's d of two independent groups from the two-sided p-value of Student's t test.

    Parameters
    ----------
    p : array_like
        The two-sided p-value, above 0 and at most 1.
    n1, n2 : array_like of int
        People in each group, at least 1 each and 3 together.

    Returns
    -------
    float or ndarray
        The absolute d: a two-sided p-value has no sign.

    Raises
    ------
    InvalidArgument
        If a value is out of range.

    References
    ----------
    .. [1] Rosenthal R (1994). Parametric measures of effect size. In: The Handbook of Research Synthesis. Russell Sage.

    Examples
    --------
    >>> import ketastats as ks
    >>> print(f"{ks.effects.d_from_p(0.572, 37, 46):.3f}")
    0.125
    """
    chance, size1, size2 = two_groups(p, "p", n1, n2)
    return d_from_t(t_from_p(chance, size1 + size2 - 2.0), size1, size2)


def d_from_r(r: ArrayLike, n1: ArrayLike, n2: ArrayLike) -> Any:
    """Return Cohen's d of two independent groups from the correlation of the outcome with the group.

    Parameters
    ----------
    r : array_like
        Point-biserial correlation, between -1 and 1, positive where group 1 is higher.
    n1, n2 : array_like of int
        People in each group, at least 1 each and 3 together.

    Returns
    -------
    float or ndarray
        ``r sqrt((m/n1 + m/n2) / (1 - r**2))`` with ``m = n1 + n2 - 2``: exactly the d of the same data, also in unequal
        groups.

    Raises
    ------
    InvalidArgument
        If a value is out of range.

    References
    ----------
    .. [1] McGrath RE, Meyer GJ (2006). When effect sizes disagree: the case of r and d. Psychological Methods 11,
       386-401. doi:10.1037/1082-989X.11.4.386

    Examples
    --------
    >>> import ketastats as ks
    >>> print(f"{ks.effects.d_from_r(0.5, 20, 2):.6f}")
    1.914854
    """
    value, size1, size2 = two_groups(r, "r", n1, n2)
    return d_from_t(t_from_r(value, size1 + size2 - 2.0), size1, size2)


def r_from_d(d: ArrayLike, n1: ArrayLike, n2: ArrayLike) -> Any:
    """Return the point-biserial correlation of the outcome with the group from Cohen's d.

    Parameters
    ----------
    d : array_like
        Cohen's d with the pooled standard deviation, group 1 minus group 2.
    n1, n2 : array_like of int
        People in each group, at least 1 each and 3 together.

    Returns
    -------
    float or ndarray
        ``d / sqrt(d**2 + m/n1 + m/n2)`` with ``m = n1 + n2 - 2``: exactly the correlation in the same data.

    Raises
    ------
    InvalidArgument
        If a value is out of range.

    References
    ----------
    .. [1] McGrath RE, Meyer GJ (2006). When effect sizes disagree: the case of r and d. Psychological Methods 11,
       386-401. doi:10.1037/1082-989X.11.4.386

    Examples
    --------
    >>> import ketastats as ks
    >>> print(f"{ks.effects.r_from_d(1.914854, 20, 2):.3f}")
    0.500
    """
    effect, size1, size2 = two_groups(d, "d", n1, n2)
    return r_from_t(t_from_d(effect, size1, size2), size1 + size2 - 2.0)


def r_from_t(t: ArrayLike, df: ArrayLike) -> Any:
    """Return the (partial) correlation behind a t statistic.

    Parameters
    ----------
    t : array_like
        The t statistic of a correlation, of a coefficient in a regression (then the correlation is partial), or of two
        groups (then it is point-biserial); for an F with one numerator degree of freedom its root.
    df : array_like
        Its degrees of freedom, finite.

    Returns
    -------
    float or ndarray
        ``t / sqrt(t**2 + df)``.

    Raises
    ------
    InvalidArgument
        If a value is out of range.

    References
    ----------
    .. [1] Rosenthal R (1994). Parametric measures of effect size. In: The Handbook of Research Synthesis. Russell Sage.

    Examples
    --------
    >>> import ketastats as ks
    >>> print(f"{ks.effects.r_from_t(2.2, 28):.3f}")
    0.384
    """
    statistic, freedom = t_and_df(t, df, finite=True)
    return (statistic / np.hypot(statistic, np.sqrt(freedom)))[()]


def t_from_r(r: ArrayLike, df: ArrayLike) -> Any:
    """Return the t statistic of a correlation.

    Parameters
    ----------
    r : array_like
        The correlation, above -1 and below 1.
    df : array_like
        Degrees of freedom: pairs less 2, and less the controlled variables if it is partial.

    Returns
    -------
    float or ndarray
        ``r sqrt(df / (1 - r**2))``.

    Raises
    ------
    InvalidArgument
        If a value is out of range.

    References
    ----------
    .. [1] Rosenthal R (1994). Parametric measures of effect size. In: The Handbook of Research Synthesis. Russell Sage.

    Examples
    --------
    >>> import ketastats as ks
    >>> print(f"{ks.effects.t_from_r(0.3, 81):.3f}")
    2.830
    """
    value, freedom = _validate.broadcast(
        r=_validate.array(r, "r", low=-1.0, high=1.0, open_low=True, open_high=True),
        df=_validate.array(df, "df", low=0.0, open_low=True),
    )
    return (value * np.sqrt(freedom / ((1.0 - value) * (1.0 + value))))[()]


def r_from_chi2(chi2: ArrayLike, n: ArrayLike) -> Any:
    """Return the absolute phi coefficient of a 2x2 table from its chi-squared statistic.

    Parameters
    ----------
    chi2 : array_like
        Pearson's statistic with one degree of freedom and no continuity correction, at most `n`.
    n : array_like of int
        People in the table.

    Returns
    -------
    float or ndarray
        ``sqrt(chi2 / n)``, the correlation of two yes-or-no variables without its sign.

    Raises
    ------
    InvalidArgument
        If a value is out of range; no 2x2 table has a statistic above `n`.

    References
    ----------
    .. [1] Rosenthal R (1994). Parametric measures of effect size. In: The Handbook of Research Synthesis. Russell Sage.

    Examples
    --------
    >>> import ketastats as ks
    >>> print(f"{ks.effects.r_from_chi2(1.441, 83):.3f}")
    0.132
    """
    statistic, size = _validate.broadcast(
        chi2=_validate.array(chi2, "chi2", low=0.0), n=_validate.integers(n, "n", low=1).astype(np.float64)
    )
    bad = statistic > size
    if bad.any():
        allowed = f"at most n, here {size[bad][0]:g}"
        raise InvalidArgument("chi2", float(statistic[bad][0]), allowed, "No 2x2 table of n people reaches it.")
    return np.sqrt(statistic / size)[()]


def two_groups(value: Any, name: str, n1: Any, n2: Any) -> list[Array]:
    """Return a statistic and the sizes of both groups, which are at least 3 together."""
    size1 = _validate.integers(n1, "n1", low=1).astype(np.float64)
    size2 = _validate.integers(n2, "n2", low=1).astype(np.float64)
    clean = _validate.array(value, name, low=-_FAR, high=_FAR)
    statistic, size1, size2 = _validate.broadcast(**{name: clean}, n1=size1, n2=size2)
    if np.any(size1 + size2 < 3):
        raise InvalidArgument("n1 + n2", int(np.min(size1 + size2)), "at least 3")
    return [statistic, size1, size2]
