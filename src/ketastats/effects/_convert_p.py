"""From statistic to p-value and back: t, z and chi squared."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from .. import _validate
from ..numerics import student_t

__all__ = ["chi2_from_p", "p_from_chi2", "p_from_t", "t_from_p"]

ALTERNATIVES = ("two-sided", "greater", "less")

Array = NDArray[np.float64]


def p_from_t(t: ArrayLike, df: ArrayLike = np.inf, *, alternative: str = "two-sided") -> Any:
    """Return the p-value of a t or z statistic.

    Parameters
    ----------
    t : array_like
        The statistic; for an F with one numerator degree of freedom its root.
    df : array_like
        Degrees of freedom; infinite for z.
    alternative : {"two-sided", "greater", "less"}
        The side that the test looks at.

    Returns
    -------
    float or ndarray
        The p-value.

    Raises
    ------
    InvalidArgument
        If a value is out of range.

    References
    ----------
    .. [1] Student (1908). The probable error of a mean. Biometrika 6, 1-25. doi:10.1093/biomet/6.1.1

    Examples
    --------
    >>> import ketastats as ks
    >>> print(f"{ks.effects.p_from_t(2.2, 28):.4f}")
    0.0362
    """
    side = _validate.choice(alternative, "alternative", ALTERNATIVES)
    statistic, freedom = t_and_df(t, df)
    if side == "two-sided":
        return np.minimum(1.0, 2.0 * student_t.sf(np.abs(statistic), freedom))[()]
    return student_t.sf(statistic if side == "greater" else -statistic, freedom)[()]


def t_from_p(p: ArrayLike, df: ArrayLike = np.inf, *, alternative: str = "two-sided") -> Any:
    """Return the t or z statistic behind a p-value.

    Parameters
    ----------
    p : array_like
        The p-value, above 0; at most 1, and below 1 if one-sided.
    df : array_like
        Degrees of freedom; infinite for z.
    alternative : {"two-sided", "greater", "less"}
        The side that the test looked at.

    Returns
    -------
    float or ndarray
        The statistic; for a two-sided p its absolute value, since the sign is lost.

    Raises
    ------
    InvalidArgument
        If a value is out of range.

    References
    ----------
    .. [1] Altman DG, Bland JM (2011). How to obtain the confidence interval from a P value. BMJ 343, d2090.
       doi:10.1136/bmj.d2090

    Examples
    --------
    >>> import ketastats as ks
    >>> print(f"{ks.effects.t_from_p(0.572, 81):.3f}")
    0.567
    """
    side = _validate.choice(alternative, "alternative", ALTERNATIVES)
    two = side == "two-sided"
    chance, freedom = _validate.broadcast(
        p=_validate.array(p, "p", low=0.0, high=1.0, open_low=True, open_high=not two),
        df=_validate.array(df, "df", low=0.0, open_low=True, infinite=True),
    )
    if two:
        return np.abs(student_t.isf(0.5 * chance, freedom))[()]
    t = student_t.isf(chance, freedom)
    return (t if side == "greater" else -t)[()]


def p_from_chi2(chi2: ArrayLike, df: ArrayLike = 1) -> Any:
    """Return the p-value of a chi-squared statistic.

    Parameters
    ----------
    chi2 : array_like
        The statistic, at least 0.
    df : array_like
        Degrees of freedom.

    Returns
    -------
    float or ndarray
        The upper tail.

    Raises
    ------
    InvalidArgument
        If a value is out of range.

    References
    ----------
    .. [1] Pearson K (1900). On the criterion that a given system of deviations from the probable in the case of a
       correlated system of variables is such that it can be reasonably supposed to have arisen from random sampling.
       Philosophical Magazine 50, 157-175. doi:10.1080/14786440009463897

    Examples
    --------
    >>> import ketastats as ks
    >>> print(f"{ks.effects.p_from_chi2(3.84):.3f}")
    0.050
    """
    statistic, freedom = _validate.broadcast(
        chi2=_validate.array(chi2, "chi2", low=0.0, wide=True), df=_validate.array(df, "df", low=0.0, open_low=True)
    )
    return np.asarray(special.chdtrc(freedom, statistic))[()]


def chi2_from_p(p: ArrayLike, df: ArrayLike = 1) -> Any:
    """Return the chi-squared statistic behind a p-value.

    Parameters
    ----------
    p : array_like
        The p-value, above 0 and at most 1.
    df : array_like
        Degrees of freedom.

    Returns
    -------
    float or ndarray
        The statistic.

    Raises
    ------
    InvalidArgument
        If a value is out of range.

    References
    ----------
    .. [1] Pearson K (1900). On the criterion that a given system of deviations from the probable in the case of a
       correlated system of variables is such that it can be reasonably supposed to have arisen from random sampling.
       Philosophical Magazine 50, 157-175. doi:10.1080/14786440009463897

    Examples
    --------
    >>> import ketastats as ks
    >>> print(f"{ks.effects.chi2_from_p(0.230):.3f}")
    1.441
    """
    chance, freedom = _validate.broadcast(
        p=_validate.array(p, "p", low=0.0, high=1.0, open_low=True),
        df=_validate.array(df, "df", low=0.0, open_low=True),
    )
    # With one degree of freedom it is a squared z, which keeps its digits for the smallest p.
    one = freedom == 1.0
    square = np.square(special.ndtri(0.5 * chance))
    return np.where(one, square, special.chdtri(np.where(one, 2.0, freedom), chance))[()]


def t_and_df(t: Any, df: Any, *, finite: bool = False) -> list[Array]:
    """Return a t statistic and its degrees of freedom, broadcast together."""
    return _validate.broadcast(
        t=_validate.array(t, "t", wide=True), df=_validate.array(df, "df", low=0.0, open_low=True, infinite=not finite)
    )
