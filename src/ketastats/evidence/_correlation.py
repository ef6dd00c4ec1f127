"""Bayes factors of a correlation coefficient."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .. import _validate
from .._results import number
from ..numerics import bayes, correlation_density
from ._base import BayesFactor

__all__ = ["correlation", "correlation_jzs"]

FloatArray = NDArray[np.float64]

SIDES = {"two-sided": 0, "greater": 1, "less": -1}
_LY = "Ly et al. 2016, doi:10.1016/j.jmp.2015.06.004"
_WETZELS = "Wetzels & Wagenmakers 2012, doi:10.3758/s13423-012-0295-x"
_WORDS = {0: "rho != 0", 1: "rho > 0", -1: "rho < 0"}
_HALF = {0: "", 1: " restricted to positive correlations", -1: " restricted to negative correlations"}


def correlation(r: ArrayLike, n: ArrayLike, *, kappa: ArrayLike = 1.0, alternative: str = "two-sided") -> BayesFactor:
    """Return Jeffreys' Bayes factor of a Pearson correlation: a stretched beta prior against no correlation.

    Arguments broadcast together like those of a NumPy ufunc.

    Parameters
    ----------
    r : array_like
        Observed correlation, from -1 to 1.
    n : array_like of int
        Pairs of observations, at least 3.
    kappa : array_like
        Width of the prior: ``(1 + rho) / 2`` has a Beta(1/kappa, 1/kappa) distribution. One is uniform on (-1, 1);
        smaller values expect weaker correlations.
    alternative : {"two-sided", "greater", "less"}
        Which correlations the prior admits; one-sided priors are cut at zero and renormalised.

    Returns
    -------
    BayesFactor
        The Bayes factor of the shape of the arguments, on the log scale. A correlation of exactly one is infinite
        evidence unless ``n - 2 < 2 / kappa``.

    Raises
    ------
    InvalidArgument
        If a correlation lies outside -1 to 1, a sample has fewer than three pairs, or kappa is not positive.

    References
    ----------
    .. [1] Ly A, Verhagen J, Wagenmakers EJ (2016). Harold Jeffreys's default Bayes factor hypothesis tests:
       explanation, extension, and application in psychology. Journal of Mathematical Psychology 72, 19-32.
       doi:10.1016/j.jmp.2015.06.004

    Examples
    --------
    >>> import ketastats as ks
    >>> result = ks.evidence.correlation(0.6, 20)
    >>> print(f"{result.bf10:.3f}")
    10.634
    """
    side = SIDES[_validate.choice(alternative, "alternative", SIDES)]
    values = _validate.broadcast(
        r=_validate.array(r, "r", low=-1.0, high=1.0),
        n=_validate.integers(n, "n", low=3),
        kappa=_validate.array(kappa, "kappa", low=0.0, open_low=True),
    )
    observed, size, width = (np.ravel(value).astype(np.float64) for value in values)
    with np.errstate(divide="ignore"):
        z = np.arctanh(observed)
    negative, positive = correlation_density.log_halves(z, size, width)
    log_bf = {
        0: np.logaddexp(negative, positive),
        1: np.log(2.0) + positive,
        -1: np.log(2.0) + negative,
    }[side]
    text = number(np.asarray(kappa, dtype=float))
    return BayesFactor(
        log_bf10=log_bf.reshape(values[0].shape)[()],
        null="rho = 0",
        alternative=_WORDS[side],
        prior=f"rho ~ stretched Beta(1/kappa, 1/kappa), kappa {text}" + _HALF[side],
        method="Jeffreys' exact Bayes factor of a correlation",
        references=(_LY,),
    )


def correlation_jzs(
    r: ArrayLike, n: ArrayLike, *, scale: ArrayLike = 1.0, alternative: str = "two-sided"
) -> BayesFactor:
    """Return the JZS Bayes factor of a correlation: a Cauchy prior on the standardised slope against no slope.

    Arguments broadcast together like those of a NumPy ufunc.

    Parameters
    ----------
    r : array_like
        Observed correlation, from -1 to 1.
    n : array_like of int
        Pairs of observations, at least 3.
    scale : array_like
        Half-width at half-maximum of the Cauchy prior on the slope, in standard deviations of the residuals.
    alternative : {"two-sided", "greater", "less"}
        Which slopes the prior admits; one-sided priors are cut at zero and renormalised.

    Returns
    -------
    BayesFactor
        The Bayes factor of the shape of the arguments, on the log scale; infinite for a correlation of exactly one.

    Raises
    ------
    InvalidArgument
        If a correlation lies outside -1 to 1, a sample has fewer than three pairs, or the scale is not positive.

    References
    ----------
    .. [1] Wetzels R, Wagenmakers EJ (2012). A default Bayesian hypothesis test for correlations and partial
       correlations. Psychonomic Bulletin & Review 19, 1057-1064. doi:10.3758/s13423-012-0295-x

    Examples
    --------
    >>> import ketastats as ks
    >>> result = ks.evidence.correlation_jzs(0.6, 20)
    >>> print(f"{result.bf10:.3f}")
    8.221
    """
    side = SIDES[_validate.choice(alternative, "alternative", SIDES)]
    values = _validate.broadcast(
        r=_validate.array(r, "r", low=-1.0, high=1.0),
        n=_validate.integers(n, "n", low=3),
        scale=_validate.array(scale, "scale", low=0.0, open_low=True),
    )
    observed, size, width = (np.ravel(value).astype(np.float64) for value in values)
    log_bf = np.full_like(observed, np.inf)
    inside = np.abs(observed) < 1
    log_bf[inside] = _log_jzs(observed[inside], size[inside], width[inside], side)
    if side:
        # All points on a line that falls leave nothing to a slope that rises.
        log_bf[observed == -side] = _against(size[observed == -side], width[observed == -side])
    return BayesFactor(
        log_bf10=log_bf.reshape(values[0].shape)[()],
        null="rho = 0",
        alternative=_WORDS[side],
        prior=f"standardised slope ~ Cauchy(0, {number(np.asarray(scale, dtype=float))})" + _HALF[side],
        method="JZS Bayes factor of a correlation",
        references=(_WETZELS,),
    )


def _log_jzs(r: FloatArray, n: FloatArray, scale: FloatArray, side: int) -> FloatArray:
    t = r * np.sqrt((n - 2.0) / ((1.0 - r) * (1.0 + r)))
    return bayes.log_jzs(t, n, n - 2.0, scale, side)


def _against(n: FloatArray, scale: FloatArray) -> FloatArray:
    """Return the limit of the one-sided factor as the correlation tends to one on the wrong side."""
    # The factor has long settled at the last correlation below one that a float can hold.
    edge = np.full_like(n, -np.nextafter(1.0, 0.0))
    return _log_jzs(edge, n, scale, 1)
