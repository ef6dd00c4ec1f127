"""Between odds ratios, standardised differences and risks, each with its assumption in the argument."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from .. import _validate
from ..errors import InvalidArgument, InvalidType

__all__ = [
    "d_from_odds_ratio",
    "odds_ratio_from_d",
    "odds_ratio_from_risk_ratio",
    "risk_difference_from_odds_ratio",
    "risk_ratio_from_odds_ratio",
]

#: What one standard deviation is in log odds, by the assumed distribution behind the yes or no.
UNITS = {"logistic": np.pi / np.sqrt(3.0), "cox": 1.65, "probit": np.nan}

Array = NDArray[np.float64]


def d_from_odds_ratio(odds_ratio: ArrayLike, *, assuming: str, base_risk: ArrayLike | None = None) -> Any:
    """Return the standardised difference of an unseen continuous outcome that an odds ratio of its halves stands for.

    Parameters
    ----------
    odds_ratio : array_like
        The odds ratio, group 1 over group 2, above 0.
    assuming : {"logistic", "cox", "probit"}
        What is taken for granted of the continuous outcome that was cut in two: logistic in both groups, so that d is
        the log odds ratio times ``sqrt(3) / pi``; nearly normal, with Cox's ``log(odds_ratio) / 1.65``; or normal, with
        the cut where `base_risk` of group 2 lies above it.
    base_risk : array_like, optional
        Risk in group 2, above 0 and below 1; for "probit", which depends on it, and only there.

    Returns
    -------
    float or ndarray
        The standardised difference, group 1 minus group 2.

    Raises
    ------
    InvalidArgument
        If a value is out of range.
    InvalidType
        If `base_risk` is missing or not asked for.

    References
    ----------
    .. [1] Chinn S (2000). A simple method for converting an odds ratio to effect size for use in meta-analysis.
       Statistics in Medicine 19, 3127-3131. doi:10.1002/1097-0258(20001130)19:22<3127::AID-SIM784>3.0.CO;2-M
    .. [2] Sanchez-Meca J, Marin-Martinez F, Chacon-Moscoso S (2003). Effect-size indices for dichotomized outcomes in
       meta-analysis. Psychological Methods 8, 448-467. doi:10.1037/1082-989X.8.4.448
    .. [3] Chen H, Cohen P, Chen S (2010). How big is a big odds ratio? Interpreting the magnitudes of odds ratios in
       epidemiological studies. Communications in Statistics - Simulation and Computation 39, 860-864.
       doi:10.1080/03610911003650383

    Examples
    --------
    >>> import ketastats as ks
    >>> for assuming in ("logistic", "cox"):
    ...     print(f"{assuming}: {ks.effects.d_from_odds_ratio(0.2, assuming=assuming):.3f}")
    logistic: -0.887
    cox: -0.975
    >>> print(f"{ks.effects.d_from_odds_ratio(1.6814, assuming='probit', base_risk=0.01):.2f}")
    0.20
    """
    kind, risk = _assumption(assuming, base_risk)
    ratio = _validate.array(odds_ratio, "odds_ratio", low=0.0, open_low=True, wide=True)
    if kind != "probit":
        return (np.log(ratio) / UNITS[kind])[()]
    ratio, risk = _validate.broadcast(odds_ratio=ratio, base_risk=risk)
    return (_probit(np.log(ratio) + special.logit(risk)) - special.ndtri(risk))[()]


def odds_ratio_from_d(d: ArrayLike, *, assuming: str, base_risk: ArrayLike | None = None) -> Any:
    """Return the odds ratio that a standardised difference becomes when the outcome is cut in two.

    Parameters
    ----------
    d : array_like
        The standardised difference, group 1 minus group 2.
    assuming : {"logistic", "cox", "probit"}
        As in `d_from_odds_ratio`, whose inverse this is.
    base_risk : array_like, optional
        Risk in group 2, above 0 and below 1; for "probit" and only there.

    Returns
    -------
    float or ndarray
        The odds ratio, group 1 over group 2; infinite where it is too large for a number.

    Raises
    ------
    InvalidArgument
        If a value is out of range.
    InvalidType
        If `base_risk` is missing or not asked for.

    References
    ----------
    .. [1] Chinn S (2000). A simple method for converting an odds ratio to effect size for use in meta-analysis.
       Statistics in Medicine 19, 3127-3131. doi:10.1002/1097-0258(20001130)19:22<3127::AID-SIM784>3.0.CO;2-M

    Examples
    --------
    >>> import ketastats as ks
    >>> print(f"{ks.effects.odds_ratio_from_d(0.5, assuming='logistic'):.3f}")
    2.477
    """
    kind, risk = _assumption(assuming, base_risk)
    effect = _validate.array(d, "d", wide=True)
    with np.errstate(over="ignore", under="ignore"):
        if kind != "probit":
            return np.exp(effect * UNITS[kind])[()]
        effect, risk = _validate.broadcast(d=effect, base_risk=risk)
        return np.exp(_log_odds(special.ndtri(risk) + effect) - special.logit(risk))[()]


def risk_ratio_from_odds_ratio(odds_ratio: ArrayLike, base_risk: ArrayLike) -> Any:
    """Return the risk ratio that an odds ratio is at a given risk of group 2.

    Parameters
    ----------
    odds_ratio : array_like
        The odds ratio, group 1 over group 2, above 0.
    base_risk : array_like
        Risk in group 2, above 0 and below 1.

    Returns
    -------
    float or ndarray
        ``odds_ratio / (1 - base_risk + base_risk odds_ratio)``: exact for an unadjusted odds ratio, and no more than a
        rule of thumb for an adjusted one.

    Raises
    ------
    InvalidArgument
        If a value is out of range.

    References
    ----------
    .. [1] Zhang J, Yu KF (1998). What's the relative risk? A method of correcting the odds ratio in cohort studies of
       common outcomes. JAMA 280, 1690-1691. doi:10.1001/jama.280.19.1690

    Examples
    --------
    >>> import ketastats as ks
    >>> print(f"{ks.effects.risk_ratio_from_odds_ratio(3.5, 0.4):.2f}")
    1.75
    """
    ratio, risk = _ratio_and_risk(odds_ratio, "odds_ratio", base_risk)
    larger, rest = _whole(ratio, risk)
    return (ratio / larger / rest)[()]


def odds_ratio_from_risk_ratio(risk_ratio: ArrayLike, base_risk: ArrayLike) -> Any:
    """Return the odds ratio that a risk ratio is at a given risk of group 2.

    Parameters
    ----------
    risk_ratio : array_like
        The risk ratio, group 1 over group 2, above 0; times `base_risk` it stays below 1.
    base_risk : array_like
        Risk in group 2, above 0 and below 1.

    Returns
    -------
    float or ndarray
        ``risk_ratio (1 - base_risk) / (1 - risk_ratio base_risk)``.

    Raises
    ------
    InvalidArgument
        If a value is out of range, or the risk in group 1 would reach 1.

    References
    ----------
    .. [1] Zhang J, Yu KF (1998). What's the relative risk? A method of correcting the odds ratio in cohort studies of
       common outcomes. JAMA 280, 1690-1691. doi:10.1001/jama.280.19.1690

    Examples
    --------
    >>> import ketastats as ks
    >>> print(f"{ks.effects.odds_ratio_from_risk_ratio(1.75, 0.4):.2f}")
    3.50
    """
    ratio, risk = _ratio_and_risk(risk_ratio, "risk_ratio", base_risk)
    bad = ratio * risk >= 1.0
    if bad.any():
        allowed = f"below 1 / base_risk, here {1.0 / risk[bad][0]:g}"
        raise InvalidArgument("risk_ratio", float(ratio[bad][0]), allowed, "No risk is above 1.")
    return (ratio * (1.0 - risk) / (1.0 - ratio * risk))[()]


def risk_difference_from_odds_ratio(odds_ratio: ArrayLike, base_risk: ArrayLike) -> Any:
    """Return the risk difference that an odds ratio is at a given risk of group 2.

    Parameters
    ----------
    odds_ratio : array_like
        The odds ratio, group 1 over group 2, above 0.
    base_risk : array_like
        Risk in group 2, above 0 and below 1.

    Returns
    -------
    float or ndarray
        Risk in group 1 minus risk in group 2.

    Raises
    ------
    InvalidArgument
        If a value is out of range.

    References
    ----------
    .. [1] Zhang J, Yu KF (1998). What's the relative risk? A method of correcting the odds ratio in cohort studies of
       common outcomes. JAMA 280, 1690-1691. doi:10.1001/jama.280.19.1690

    Examples
    --------
    >>> import ketastats as ks
    >>> print(f"{ks.effects.risk_difference_from_odds_ratio(3.5, 0.4):.2f}")
    0.30
    """
    ratio, risk = _ratio_and_risk(odds_ratio, "odds_ratio", base_risk)
    # p1 - p2 = p2 (1 - p2) (OR - 1) / (1 - p2 + p2 OR), without a difference of two near risks.
    larger, rest = _whole(ratio, risk)
    return (risk * (1.0 - risk) * ((ratio - 1.0) / larger / rest))[()]


def _assumption(assuming: Any, base_risk: Any) -> tuple[str, Any]:
    kind = _validate.choice(assuming, "assuming", UNITS)
    if (kind == "probit") != (base_risk is not None):
        allowed = "a risk with assuming='probit'" if kind == "probit" else f"left out with assuming={kind!r}"
        raise InvalidType("base_risk", base_risk, allowed, "Only the probit assumption depends on where the cut lies.")
    return kind, None if base_risk is None else _risk(base_risk)


def _risk(base_risk: Any) -> Array:
    return _validate.array(base_risk, "base_risk", low=0.0, high=1.0, open_low=True, open_high=True)


def _ratio_and_risk(ratio: Any, name: str, base_risk: Any) -> list[Array]:
    clean = _validate.array(ratio, name, low=0.0, open_low=True, wide=True)
    return _validate.broadcast(**{name: clean}, base_risk=_risk(base_risk))


def _whole(ratio: Array, risk: Array) -> tuple[Array, Array]:
    """Return two factors of ``1 - risk + risk ratio``, neither of which overflows."""
    larger = np.maximum(ratio, 1.0)
    return larger, (1.0 - risk) / larger + risk * (ratio / larger)


def _probit(log_odds: Array) -> Array:
    """Return the normal quantile of a risk from its log odds, by the smaller tail."""
    return np.asarray(-np.sign(log_odds) * special.ndtri_exp(special.log_expit(-np.abs(log_odds))))


def _log_odds(quantile: Array) -> Array:
    return np.asarray(special.log_ndtr(quantile) - special.log_ndtr(-quantile))
