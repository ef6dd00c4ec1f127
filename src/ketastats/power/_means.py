"""Power of t tests and of F tests."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .. import _validate
from .._results import Result
from ..numerics import noncentral_f, noncentral_t, student_t, tost
from ._base import PowerResult

__all__ = ["FTestPowerResult", "f_test", "means", "means_equivalence"]

ALTERNATIVES = ("two-sided", "greater", "less")
OWEN = "Owen 1965, doi:10.1093/biomet/52.3-4.437"
PHILLIPS = "Phillips 1990, doi:10.1007/BF01063556"

Array = NDArray[np.float64]

_LARGEST = 1e9
_LEAST_LEVEL = 1e-100


@dataclass(frozen=True, slots=True, kw_only=True)
class FTestPowerResult(Result):
    """Probability that an F test rejects, at a stated noncentrality.

    Parameters
    ----------
    power : float or ndarray
        Probability of rejection.
    df1, df2 : float or ndarray
        Degrees of freedom of the numerator and the denominator.
    ncp : float or ndarray
        Noncentrality at which the power holds.
    alpha : float
        Level of the test.
    method : str
        The method that was used.
    references : tuple of str
        Where it was published.
    """

    power: Any
    df1: Any
    df2: Any
    ncp: Any
    alpha: float
    method: str
    references: tuple[str, ...] = ()


def means(
    *,
    n1: ArrayLike,
    n2: ArrayLike,
    effect: ArrayLike,
    sd: ArrayLike = 1.0,
    alpha: float = 0.05,
    alternative: str = "two-sided",
) -> PowerResult:
    """Return the power of Student's t test of two means, exactly.

    Parameters
    ----------
    n1, n2 : array_like of int
        People in each group, at least 2.
    effect : array_like
        True difference, group 1 minus group 2, in the units of `sd`.
    sd : array_like
        True standard deviation, the same in both groups; with 1 the effect is in standard deviations.
    alpha : float
        Level of the test.
    alternative : {"two-sided", "greater", "less"}
        What the test asks. The two-sided power counts rejections on either side.

    Returns
    -------
    PowerResult
        The power, with the design.

    Raises
    ------
    InvalidArgument
        If a value is out of range.

    References
    ----------
    .. [1] Owen DB (1965). A special case of a bivariate non-central t-distribution. Biometrika 52, 437-446.
       doi:10.1093/biomet/52.3-4.437

    Examples
    --------
    >>> import ketastats as ks
    >>> print(f"{ks.power.means(n1=37, n2=46, effect=0.5).power:.3f}")
    0.609
    """
    size1, size2, true, spread = _design(n1, n2, effect, sd)
    level = _validate.alpha(alpha)
    side = _validate.choice(alternative, "alternative", ALTERNATIVES)
    unit = spread * np.sqrt(1.0 / size1 + 1.0 / size2)
    return PowerResult(
        power=t_power(true / unit, size1 + size2 - 2.0, level, side)[()],
        n1=size1.astype(np.int64)[()],
        n2=size2.astype(np.int64)[()],
        effect=true[()],
        alpha=level,
        method=f"Student's t test, {side}, exact noncentral t",
        references=(OWEN,),
    )


def means_equivalence(
    *,
    n1: ArrayLike,
    n2: ArrayLike,
    margin: Any,
    effect: ArrayLike = 0.0,
    sd: ArrayLike = 1.0,
    alpha: float = 0.05,
) -> PowerResult:
    """Return the power of two one-sided t tests of the equivalence of two means, exactly.

    Parameters
    ----------
    n1, n2 : array_like of int
        People in each group, at least 2.
    margin : float or pair
        One positive number (symmetric) or a pair, whose ends may be arrays, in the units of `sd`. An infinite end makes
        it noninferiority.
    effect : array_like
        True difference, group 1 minus group 2, in the units of `sd`.
    sd : array_like
        True standard deviation, the same in both groups.
    alpha : float
        One-sided level.

    Returns
    -------
    PowerResult
        The probability that both tests reject, with the design.

    Raises
    ------
    InvalidArgument
        If a value is out of range.

    References
    ----------
    .. [1] Phillips KF (1990). Power of the two one-sided tests procedure in bioequivalence. Journal of Pharmacokinetics
       and Biopharmaceutics 18, 137-144. doi:10.1007/BF01063556
    .. [2] Owen DB (1965). A special case of a bivariate non-central t-distribution. Biometrika 52, 437-446.
       doi:10.1093/biomet/52.3-4.437

    Examples
    --------
    >>> import ketastats as ks
    >>> print(f"{ks.power.means_equivalence(n1=37, n2=46, margin=0.5).power:.3f}")
    0.452
    """
    size1, size2, true, spread = _design(n1, n2, effect, sd)
    low, high = _validate.margins(margin)
    level = _validate.alpha(alpha)
    size1, size2, true, spread, low, high = _validate.broadcast(
        n1=size1, n2=size2, effect=true, sd=spread, margin_low=low, margin_high=high
    )
    unit = spread * np.sqrt(1.0 / size1 + 1.0 / size2)
    return PowerResult(
        power=tost.power((low - true) / unit, (high - true) / unit, size1 + size2 - 2.0, level)[()],
        n1=size1.astype(np.int64)[()],
        n2=size2.astype(np.int64)[()],
        effect=true[()],
        alpha=level,
        method="two one-sided t tests, exact (integral over the chi density)",
        references=(PHILLIPS, OWEN),
    )


def f_test(*, df1: ArrayLike, df2: ArrayLike, ncp: ArrayLike, alpha: float = 0.05) -> FTestPowerResult:
    """Return the power of an F test at a noncentrality, exactly.

    Parameters
    ----------
    df1, df2 : array_like
        Degrees of freedom of the numerator and the denominator, from 1 to 1e9.
    ncp : array_like
        Noncentrality, up to 1e9: the sum of squares of the true effects divided by the error variance. For a
        regression with Cohen's f2 it is ``f2 * n``.
    alpha : float
        Level of the test.

    Returns
    -------
    FTestPowerResult
        The power, with the design.

    Raises
    ------
    InvalidArgument
        If a value is out of range.

    References
    ----------
    .. [1] Patnaik PB (1949). The non-central chi-square and F-distributions and their applications. Biometrika 36,
       202-232. doi:10.1093/biomet/36.1-2.202

    Examples
    --------
    A group by time interaction over five visits, 83 people, at a noncentrality of 10:

    >>> import ketastats as ks
    >>> print(f"{ks.power.f_test(df1=4, df2=324, ncp=10.0).power:.3f}")
    0.709
    """
    top, bottom, noncentrality = _validate.broadcast(
        df1=_validate.array(df1, "df1", low=1.0, high=_LARGEST),
        df2=_validate.array(df2, "df2", low=1.0, high=_LARGEST),
        ncp=_validate.array(ncp, "ncp", low=0.0, high=_LARGEST),
    )
    level = _validate.real(alpha, "alpha", low=_LEAST_LEVEL, high=0.5)
    critical = noncentral_f.isf(level, top, bottom)
    return FTestPowerResult(
        power=noncentral_f.sf(critical, top, bottom, noncentrality)[()],
        df1=top[()],
        df2=bottom[()],
        ncp=noncentrality[()],
        alpha=level,
        method="F test, exact noncentral F",
        references=("Patnaik 1949, doi:10.1093/biomet/36.1-2.202",),
    )


def t_power(ncp: Array, df: Array, alpha: float, alternative: str) -> Array:
    """Return the power of a t test with noncentrality `ncp`."""
    if alternative == "two-sided":
        critical = student_t.isf(0.5 * alpha, df)
        both = noncentral_t.sf(critical, df, ncp) + noncentral_t.cdf(-critical, df, ncp)
        return np.asarray(np.minimum(both, 1.0))
    critical = student_t.isf(alpha, df)
    return noncentral_t.sf(critical, df, ncp if alternative == "greater" else -ncp)


def _design(n1: Any, n2: Any, effect: Any, sd: Any) -> list[Array]:
    return _validate.broadcast(
        n1=_validate.integers(n1, "n1", low=2).astype(np.float64),
        n2=_validate.integers(n2, "n2", low=2).astype(np.float64),
        effect=_validate.moderate(effect, "effect"),
        sd=_validate.moderate(sd, "sd", positive=True),
    )
