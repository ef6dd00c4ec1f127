"""Power of F tests against a margin: that a term explains less, or more, than what matters."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .. import _validate
from ..numerics import noncentral_f
from ..numerics.f_margin import minimum_effect_critical
from ..numerics.repeated_measures import equivalence_critical
from ._margins_means import MURPHY
from ._means import FTestPowerResult

__all__ = ["f_test_equivalence", "f_test_minimum_effect"]

Array = NDArray[np.float64]

MEASURES = ("partial_eta_squared", "cohens_f", "noncentrality")
_LARGEST = 1e9
_CAMPBELL = "Campbell & Lakens 2021, doi:10.1111/bmsp.12201"


def f_test_equivalence(
    *,
    df1: ArrayLike,
    df2: ArrayLike,
    margin: ArrayLike,
    ncp: ArrayLike = 0.0,
    measure: str = "partial_eta_squared",
    alpha: float = 0.05,
) -> FTestPowerResult:
    """Return the power to show by an F test that a term explains less than a margin, exactly.

    Parameters
    ----------
    df1, df2 : array_like
        Degrees of freedom of the numerator and the denominator, from 1 to 1e9.
    margin : array_like
        Largest size that still counts as none, positive, on the scale of `measure`.
    ncp : array_like
        True noncentrality, as in `f_test`.
    measure : {"partial_eta_squared", "cohens_f", "noncentrality"}
        Scale of the margin, as in `ketastats.equivalence.variance_explained`: at a partial eta squared the
        noncentrality is ``df2 * eta / (1 - eta)``.
    alpha : float
        One-sided level.

    Returns
    -------
    FTestPowerResult
        The probability that the test rejects every size from the margin up.

    Raises
    ------
    InvalidArgument
        If a value is out of range.

    References
    ----------
    .. [1] Campbell H, Lakens D (2021). Can we disregard the whole model? Omnibus non-inferiority testing for R2 in
       multi-variable linear regression and eta2 in ANOVA. British Journal of Mathematical and Statistical Psychology
       74, 64-89. doi:10.1111/bmsp.12201

    Examples
    --------
    >>> import ketastats as ks
    >>> print(f"{ks.power.f_test_equivalence(df1=4, df2=324, margin=0.04).power:.3f}")
    0.823
    """
    top, bottom, true, limit, level = _design(df1, df2, ncp, margin, measure, alpha)
    critical = equivalence_critical(level, top, bottom, limit)
    power = noncentral_f.cdf(critical, top, bottom, true)
    return _result(power, top, bottom, true, level, "equivalence by an F test, exact noncentral F", _CAMPBELL)


def f_test_minimum_effect(
    *,
    df1: ArrayLike,
    df2: ArrayLike,
    margin: ArrayLike,
    ncp: ArrayLike,
    measure: str = "partial_eta_squared",
    alpha: float = 0.05,
) -> FTestPowerResult:
    """Return the power to show by an F test that a term explains more than a margin, exactly.

    Parameters
    ----------
    df1, df2 : array_like
        Degrees of freedom of the numerator and the denominator, from 1 to 1e9.
    margin : array_like
        Largest size that does not matter yet, positive, on the scale of `measure`.
    ncp : array_like
        True noncentrality, as in `f_test`.
    measure : {"partial_eta_squared", "cohens_f", "noncentrality"}
        As in `f_test_equivalence`.
    alpha : float
        Level of the test.

    Returns
    -------
    FTestPowerResult
        The probability that the test rejects every size up to the margin.

    Raises
    ------
    InvalidArgument
        If a value is out of range.

    References
    ----------
    .. [1] Murphy KR, Myors B (1999). Testing the hypothesis that treatments have negligible effects: minimum-effect
       tests in the general linear model. Journal of Applied Psychology 84, 234-248. doi:10.1037/0021-9010.84.2.234

    Examples
    --------
    >>> import ketastats as ks
    >>> print(f"{ks.power.f_test_minimum_effect(df1=4, df2=324, margin=0.01, ncp=25.0).power:.3f}")
    0.902
    """
    top, bottom, true, limit, level = _design(df1, df2, ncp, margin, measure, alpha)
    critical = minimum_effect_critical(level, top, bottom, limit)
    power = noncentral_f.sf(critical, top, bottom, true)
    return _result(power, top, bottom, true, level, "minimum-effect F test, exact noncentral F", MURPHY)


def _design(
    df1: Any, df2: Any, ncp: Any, margin: Any, measure: Any, alpha: Any
) -> tuple[Array, Array, Array, Array, float]:
    kind = _validate.choice(measure, "measure", MEASURES)
    share = kind == "partial_eta_squared"
    top, bottom, true, size = _validate.broadcast(
        df1=_validate.array(df1, "df1", low=1.0, high=_LARGEST),
        df2=_validate.array(df2, "df2", low=1.0, high=_LARGEST),
        ncp=_validate.array(ncp, "ncp", low=0.0, high=_LARGEST),
        margin=_validate.array(
            margin, "margin", low=1e-12, high=1.0 - 1e-9 if share else 1e4 if kind == "cohens_f" else _LARGEST
        ),
    )
    limit = size if kind == "noncentrality" else bottom * (np.square(size) if not share else size / (1.0 - size))
    return top, bottom, true, np.minimum(limit, 1e15), _validate.real(alpha, "alpha", low=1e-100, high=0.5)


def _result(
    power: Array, df1: Array, df2: Array, ncp: Array, alpha: float, method: str, reference: str
) -> FTestPowerResult:
    return FTestPowerResult(
        power=np.asarray(power)[()],
        df1=df1[()],
        df2=df2[()],
        ncp=ncp[()],
        alpha=alpha,
        method=method,
        references=(reference,),
    )
