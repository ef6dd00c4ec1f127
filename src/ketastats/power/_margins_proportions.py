"""Power of tests of two proportions against a margin: exact, by enumeration of what the test rejects."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .. import _validate
from ..errors import InvalidArgument
from ..numerics import binomial_power, ratio_power
from ..numerics.ratio_power import Question
from ._margins_means import MURPHY, PIAGGIO, direction
from ._proportions import ProportionsPower, _design, _result

__all__ = [
    "proportions_minimum_effect",
    "proportions_noninferiority",
    "proportions_ratio_equivalence",
    "proportions_superiority",
]

_SCORE = "Miettinen & Nurminen 1985, doi:10.1002/sim.4780040211"
_FM = "Farrington & Manning 1990, doi:10.1002/sim.4780091208"

#: Name and whether the variance is multiplied by N/(N-1); None where nothing is enumerated.
METHODS: dict[str, dict[str, tuple[str, bool | None]]] = {
    "difference": {
        "score": ("exact, by enumeration of the Miettinen-Nurminen score test", True),
        "mee": ("exact, by enumeration of Mee's score test", False),
        "normal": ("normal approximation, variance restricted under the margin (Farrington-Manning)", None),
    },
    "ratio": {
        "score": ("exact, by enumeration of the Miettinen-Nurminen score test", True),
        "koopman": ("exact, by enumeration of Koopman's score test", False),
        "normal": ("normal approximation, variance restricted under the margin (Farrington-Manning)", None),
    },
    "odds_ratio": {
        "score": ("exact, by enumeration of the Miettinen-Nurminen score test", True),
        "cornfield": ("exact, by enumeration of Cornfield's score test", False),
        "normal": ("normal approximation on the log odds ratio", None),
    },
}


def proportions_noninferiority(
    *,
    n1: ArrayLike,
    n2: ArrayLike,
    p1: ArrayLike,
    p2: ArrayLike,
    margin: float,
    higher_is_better: bool,
    measure: str = "difference",
    alpha: float = 0.05,
    method: str = "score",
) -> ProportionsPower:
    """Return the power to show that the rate of group 1 is not worse than that of group 2 by a margin.

    Parameters
    ----------
    n1, n2 : int or array_like of int
        People in group 1 and in group 2.
    p1, p2 : float or array_like of float
        True rates, between 0 and 1. All four broadcast together; each different pair of sizes is enumerated once.
    margin : float
        How much worse is still acceptable: a positive difference below 1, or for ratios any positive number but 1 (0.8
        and 1.25 are the same margin).
    higher_is_better : bool
        Whether events are good (response) or bad (relapse).
    measure : {"difference", "ratio", "odds_ratio"}
        What the margin is about.
    alpha : float
        One-sided level; confirmatory trials often use 0.025.
    method : str
        "score" (Miettinen-Nurminen) or without N/(N-1) "mee", "koopman" or "cornfield", each by enumeration of every
        table that the test rejects; or "normal", an approximation.

    Returns
    -------
    ProportionsPower
        Probability of rejection; at the margin it is the true type I error.

    Raises
    ------
    InvalidType
        If the direction is not said.
    InvalidArgument
        If a size, a rate, the margin, alpha or a choice is not allowed.

    References
    ----------
    .. [1] Farrington CP, Manning G (1990). Test statistics and sample size formulae for comparative binomial trials
       with null hypothesis of non-zero risk difference or non-unity relative risk. Statistics in Medicine 9, 1447-1454.
       doi:10.1002/sim.4780091208

    Examples
    --------
    >>> import ketastats as ks
    >>> plan = ks.power.proportions_noninferiority(
    ...     n1=200, n2=200, p1=0.7, p2=0.7, margin=0.10, higher_is_better=True
    ... )
    >>> print(f"{plan.power:.3f}")
    0.704
    """
    sign = direction(higher_is_better)
    return _one_sided(n1, n2, p1, p2, margin, -sign, sign, measure, alpha, method, "noninferiority")


def proportions_superiority(
    *,
    n1: ArrayLike,
    n2: ArrayLike,
    p1: ArrayLike,
    p2: ArrayLike,
    margin: float,
    higher_is_better: bool,
    measure: str = "difference",
    alpha: float = 0.05,
    method: str = "score",
) -> ProportionsPower:
    """Return the power to show that the rate of group 1 is better than that of group 2 by more than a margin.

    Parameters
    ----------
    n1, n2 : int or array_like of int
        People in group 1 and in group 2.
    p1, p2 : float or array_like of float
        True rates, between 0 and 1. All four broadcast together; each different pair of sizes is enumerated once.
    margin : float
        How much better is not yet enough: 0 or a positive difference below 1, or for ratios any positive number (0.8
        and 1.25 are the same margin; 1 is plain superiority).
    higher_is_better : bool
        Whether events are good (response) or bad (relapse).
    measure : {"difference", "ratio", "odds_ratio"}
        What the margin is about.
    alpha : float
        One-sided level; confirmatory trials often use 0.025.
    method : str
        As in `proportions_noninferiority`.

    Returns
    -------
    ProportionsPower
        Probability of rejection; at the margin it is the true type I error.

    Raises
    ------
    InvalidType
        If the direction is not said.
    InvalidArgument
        If a size, a rate, the margin, alpha or a choice is not allowed.

    References
    ----------
    .. [1] Farrington CP, Manning G (1990). Test statistics and sample size formulae for comparative binomial trials
       with null hypothesis of non-zero risk difference or non-unity relative risk. Statistics in Medicine 9, 1447-1454.
       doi:10.1002/sim.4780091208

    Examples
    --------
    >>> import ketastats as ks
    >>> plan = ks.power.proportions_superiority(
    ...     n1=200, n2=200, p1=0.75, p2=0.55, margin=0.05, higher_is_better=True
    ... )
    >>> print(f"{plan.power:.3f}")
    0.939
    """
    sign = direction(higher_is_better)
    return _one_sided(n1, n2, p1, p2, margin, sign, sign, measure, alpha, method, "superiority by a margin")


def proportions_minimum_effect(
    *,
    n1: ArrayLike,
    n2: ArrayLike,
    p1: ArrayLike,
    p2: ArrayLike,
    margin: Any,
    measure: str = "difference",
    alpha: float = 0.05,
    method: str = "score",
) -> ProportionsPower:
    """Return the power to show that two proportions differ by more than a margin.

    Parameters
    ----------
    n1, n2 : int or array_like of int
        People in group 1 and in group 2.
    p1, p2 : float or array_like of float
        True rates, between 0 and 1. All four broadcast together; each different pair of sizes is enumerated once.
    margin : float or pair of float
        One positive number m for -m to m (for ratios a number above 1, for 1/m to m), or a pair.
    measure : {"difference", "ratio", "odds_ratio"}
        What the margin is about.
    alpha : float
        One-sided level, for each direction.
    method : str
        As in `proportions_noninferiority`.

    Returns
    -------
    ProportionsPower
        Probability that one of the two one-sided tests rejects.

    Raises
    ------
    InvalidArgument
        If a size, a rate, the margin, alpha or a choice is not allowed.

    References
    ----------
    .. [1] Murphy KR, Myors B (1999). Testing the hypothesis that treatments have negligible effects: minimum-effect
       tests in the general linear model. Journal of Applied Psychology 84, 234-248. doi:10.1037/0021-9010.84.2.234

    Examples
    --------
    >>> import ketastats as ks
    >>> plan = ks.power.proportions_minimum_effect(n1=200, n2=200, p1=0.7, p2=0.45, margin=0.10)
    >>> print(f"{plan.power:.3f}")
    0.922
    """
    low, high = _pair(margin, measure)
    return _asked(n1, n2, p1, p2, (high, low), "outside", measure, alpha, method, "minimum-effect test", MURPHY)


def proportions_ratio_equivalence(
    *,
    n1: ArrayLike,
    n2: ArrayLike,
    p1: ArrayLike,
    p2: ArrayLike,
    margin: Any,
    measure: str = "ratio",
    alpha: float = 0.05,
    method: str = "score",
) -> ProportionsPower:
    """Return the power to establish that the ratio of two rates, or of their odds, lies inside a margin.

    Parameters
    ----------
    n1, n2 : int or array_like of int
        People in group 1 and in group 2.
    p1, p2 : float or array_like of float
        True rates, between 0 and 1. All four broadcast together; each different pair of sizes is enumerated once.
    margin : float or pair of float
        A number m above 1, for 1/m to m, or a pair.
    measure : {"ratio", "odds_ratio"}
        What the margin is about; `proportions_equivalence` is for the difference.
    alpha : float
        One-sided level.
    method : str
        As in `proportions_noninferiority`.

    Returns
    -------
    ProportionsPower
        Probability that both one-sided tests reject; at an end of the margin it is the true type I error.

    Raises
    ------
    InvalidArgument
        If a size, a rate, the margin, alpha or a choice is not allowed.

    References
    ----------
    .. [1] Farrington CP, Manning G (1990). Test statistics and sample size formulae for comparative binomial trials
       with null hypothesis of non-zero risk difference or non-unity relative risk. Statistics in Medicine 9, 1447-1454.
       doi:10.1002/sim.4780091208

    Examples
    --------
    >>> import ketastats as ks
    >>> plan = ks.power.proportions_ratio_equivalence(n1=300, n2=300, p1=0.6, p2=0.6, margin=1.25)
    >>> print(f"{plan.power:.3f}")
    0.905
    """
    _validate.choice(measure, "measure", ("ratio", "odds_ratio"))
    ends = _pair(margin, measure)
    return _asked(n1, n2, p1, p2, ends, "equivalence", measure, alpha, method, "two one-sided tests", _SCORE)


def _one_sided(
    n1: Any,
    n2: Any,
    p1: Any,
    p2: Any,
    margin: Any,
    side: float,
    sign: float,
    measure: str,
    alpha: float,
    method: str,
    question: str,
) -> ProportionsPower:
    """Return the power of one test, with its bound on one `side` of no difference and better on another."""
    bound = _bound(margin, measure, side, allow_none=side == sign)
    asked: Question = "greater" if sign > 0 else "less"
    name = f"{question}, {'higher' if sign > 0 else 'lower'} is better"
    return _asked(n1, n2, p1, p2, (bound, bound), asked, measure, alpha, method, name, PIAGGIO)


def _bound(margin: Any, measure: str, side: float, *, allow_none: bool) -> float:
    kind = _validate.choice(measure, "measure", METHODS)
    if kind == "difference":
        return side * _validate.real(margin, "margin", low=0.0, high=1.0, open_low=not allow_none, open_high=True)
    size = _validate.real(margin, "margin", low=0.0, open_low=True)
    if size == 1 and not allow_none:
        raise InvalidArgument("margin", margin, "a ratio other than 1", "A ratio of 1 is no difference.")
    return max(size, 1.0 / size) if side > 0 else min(size, 1.0 / size)


def _pair(margin: Any, measure: str) -> tuple[float, float]:
    ratio = _validate.choice(measure, "measure", METHODS) != "difference"
    low, high = _validate.margins(margin, ratio=ratio)
    if low.ndim or high.ndim:
        raise InvalidArgument("margin", margin, "one margin", "Each margin is an enumeration of its own.")
    return float(low), float(high)


def _asked(
    n1: Any,
    n2: Any,
    p1: Any,
    p2: Any,
    ends: tuple[float, float],
    question: Question,
    measure: str,
    alpha: float,
    method: str,
    name: str,
    source: str,
) -> ProportionsPower:
    """Return the power of the tests "greater" and "less" at `ends`, joined as the question asks."""
    known = METHODS[measure]
    text, corrected = known[_validate.choice(method, "method", known)]
    level = _validate.alpha(alpha)
    design = _design(n1, n2, p1, p2)
    size1, size2, rate1, rate2 = (column.reshape(-1) for column in design)
    power = np.empty(size1.shape)
    pairs, which = np.unique(np.stack([size1, size2]), axis=1, return_inverse=True)
    for i, (a, b) in enumerate(pairs.T.tolist()):
        at = np.flatnonzero(which.reshape(-1) == i)
        power[at] = _power((a, b), (rate1[at], rate2[at]), ends, level, question, measure, corrected)
    labels = {"difference": "difference of rates", "ratio": "ratio of rates", "odds_ratio": "odds ratio"}
    references = (source, _FM if corrected is None else _SCORE)
    return _result(design, power.reshape(design[0].shape), level, f"{name}, {labels[measure]}, {text}", references)


def _power(
    sizes: tuple[int, int],
    rates: tuple[NDArray[np.float64], NDArray[np.float64]],
    ends: tuple[float, float],
    alpha: float,
    question: Question,
    measure: str,
    corrected: bool | None,
) -> NDArray[np.float64]:
    floats = np.asarray(float(sizes[0])), np.asarray(float(sizes[1]))
    if measure != "difference":
        if corrected is None:
            return ratio_power.normal_power(floats, rates, ends, alpha, question, measure)
        return ratio_power.exact_power(sizes, rates, ends, alpha, question, measure, corrected)
    # Each of the two tests at alpha is a "two-sided" test at twice that.
    asked: binomial_power.Alternative = "two-sided" if question == "outside" else question
    level = 2.0 * alpha if question == "outside" else alpha
    if corrected is None:
        return binomial_power.normal_power(floats, rates, ends, level, asked)
    return binomial_power.exact_power(sizes, rates, ends, level, asked, corrected)
