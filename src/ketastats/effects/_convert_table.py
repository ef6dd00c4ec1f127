"""From two risks or a 2x2 table to measures of association without a unit."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from .. import _validate
from ..errors import InvalidArgument
from ..numerics import tetrachoric
from ._convert_odds import UNITS

__all__ = ["arcsine_from_risk", "association", "cohens_h", "d_from_risks"]

Array = NDArray[np.float64]

MEASURES = ("phi", "yule_q", "yule_y", "tetrachoric")


def association(x1: ArrayLike, n1: ArrayLike, x2: ArrayLike, n2: ArrayLike, *, measure: str) -> Any:
    """Return how strongly group and event go together, from -1 to 1.

    Parameters
    ----------
    x1, n1, x2, n2 : array_like of int
        Events and people in each group; each group, events and people without one occur at least once.
    measure : {"phi", "yule_q", "yule_y", "tetrachoric"}
        Pearson's correlation of the two yes-or-no variables; Yule's ``(OR - 1) / (OR + 1)``; the same of the root of
        the odds ratio; or the correlation of two normal variables that were both cut in two, which is -1 or 1 when a
        cell is empty.

    Returns
    -------
    float or ndarray
        The measure, positive where the event is more frequent in group 1.

    Raises
    ------
    InvalidArgument
        If a count is out of range, or nobody or everybody has the event.

    References
    ----------
    .. [1] Yule GU (1912). On the methods of measuring association between two attributes. Journal of the Royal
       Statistical Society 75, 579-652. doi:10.2307/2340126
    .. [2] Kirk DB (1973). On the numerical approximation of the bivariate normal (tetrachoric) correlation coefficient.
       Psychometrika 38, 259-268. doi:10.1007/BF02291118

    Examples
    --------
    >>> import ketastats as ks
    >>> for measure in ("phi", "yule_q", "yule_y", "tetrachoric"):
    ...     print(f"{measure}: {ks.effects.association(135, 150, 40, 50, measure=measure):.4f}")
    phi: 0.1309
    yule_q: 0.3846
    yule_y: 0.2000
    tetrachoric: 0.2603
    """
    kind = _validate.choice(measure, "measure", MEASURES)
    events1, size1, events2, size2 = _validate.counts(x1, n1, x2, n2)
    events = events1 + events2
    bad = (events == 0) | (events == size1 + size2)
    if bad.any():
        allowed = f"from 1 to {int((size1 + size2)[bad][0]) - 1} events in both groups together"
        raise InvalidArgument("x1 + x2", int(events[bad][0]), allowed, "What never varies goes together with nothing.")
    a, b, c, d = (part.astype(np.float64) for part in (events1, size1 - events1, events2, size2 - events2))
    if kind == "tetrachoric":
        total = a + b + c + d
        shares = [np.ravel(part / total) for part in (a, a + b, a + c)]
        return tetrachoric.correlation(*shares).reshape(a.shape)[()]
    if kind == "phi":
        # Root by root, since the product of four counts may be too large.
        scale = np.sqrt(a + b) * np.sqrt(c + d) * np.sqrt(a + c) * np.sqrt(b + d)
        return ((a * d - b * c) / scale)[()]
    same, other = a * d, b * c
    if kind == "yule_y":
        same, other = np.sqrt(same), np.sqrt(other)
    return ((same - other) / (same + other))[()]


def d_from_risks(risk1: ArrayLike, risk2: ArrayLike, *, assuming: str) -> Any:
    """Return the standardised difference of an unseen continuous outcome that two risks stand for.

    Parameters
    ----------
    risk1, risk2 : array_like
        Risk in each group, above 0 and below 1.
    assuming : {"logistic", "cox", "probit"}
        What is taken for granted of the continuous outcome that was cut in two, as in `d_from_odds_ratio`: logistic,
        nearly normal in Cox's sense, or normal.

    Returns
    -------
    float or ndarray
        The standardised difference, group 1 minus group 2, positive where the risk of group 1 is higher.

    Raises
    ------
    InvalidArgument
        If a value is out of range.

    References
    ----------
    .. [1] Sanchez-Meca J, Marin-Martinez F, Chacon-Moscoso S (2003). Effect-size indices for dichotomized outcomes in
       meta-analysis. Psychological Methods 8, 448-467. doi:10.1037/1082-989X.8.4.448

    Examples
    --------
    >>> import ketastats as ks
    >>> for assuming in ("logistic", "cox", "probit"):
    ...     print(f"{assuming}: {ks.effects.d_from_risks(0.9, 0.8, assuming=assuming):.4f}")
    logistic: 0.4471
    cox: 0.4915
    probit: 0.4399
    """
    kind = _validate.choice(assuming, "assuming", UNITS)
    one, two = _validate.broadcast(risk1=_inner_risk(risk1, "risk1"), risk2=_inner_risk(risk2, "risk2"))
    if kind == "probit":
        return (special.ndtri(one) - special.ndtri(two))[()]
    return ((special.logit(one) - special.logit(two)) / UNITS[kind])[()]


def cohens_h(risk1: ArrayLike, risk2: ArrayLike) -> Any:
    """Return Cohen's h: how far two risks are apart on the scale on which their errors have one size.

    Parameters
    ----------
    risk1, risk2 : array_like
        Risk in each group, from 0 to 1.

    Returns
    -------
    float or ndarray
        ``2 arcsin(sqrt(risk1)) - 2 arcsin(sqrt(risk2))``.

    Raises
    ------
    InvalidArgument
        If a value is out of range.

    References
    ----------
    .. [1] Cohen J (1988). Statistical Power Analysis for the Behavioral Sciences, 2nd edition, chapter 6.
       doi:10.4324/9780203771587

    Examples
    --------
    >>> import ketastats as ks
    >>> print(f"{ks.effects.cohens_h(0.70, 0.50):.4f}")
    0.4115
    """
    one, two = _validate.broadcast(
        risk1=_validate.array(risk1, "risk1", low=0.0, high=1.0),
        risk2=_validate.array(risk2, "risk2", low=0.0, high=1.0),
    )
    return (2.0 * (_angle(one) - _angle(two)))[()]


def arcsine_from_risk(risk: ArrayLike) -> Any:
    """Return a risk on the arcsine scale, on which its error hardly depends on it.

    Parameters
    ----------
    risk : array_like
        The risk, from 0 to 1.

    Returns
    -------
    float or ndarray
        ``arcsin(sqrt(risk))``, from 0 to pi / 2; its standard error with n people is about ``1 / sqrt(4 n)``.

    Raises
    ------
    InvalidArgument
        If a value is out of range.

    References
    ----------
    .. [1] Cohen J (1988). Statistical Power Analysis for the Behavioral Sciences, 2nd edition, chapter 6.
       doi:10.4324/9780203771587

    Examples
    --------
    >>> import ketastats as ks
    >>> print(f"{ks.effects.arcsine_from_risk(0.5):.4f}")
    0.7854
    """
    return _angle(_validate.array(risk, "risk", low=0.0, high=1.0))[()]


def _angle(risk: Array) -> Array:
    # Both legs of the triangle, so that risks next to 1 keep their digits.
    return np.asarray(np.arctan2(np.sqrt(risk), np.sqrt(1.0 - risk)))


def _inner_risk(value: Any, name: str) -> Array:
    return _validate.array(value, name, low=0.0, high=1.0, open_low=True, open_high=True)
