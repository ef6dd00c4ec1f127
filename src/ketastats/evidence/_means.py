"""Bayes factors of a t statistic."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .. import _validate
from .._results import number
from ..errors import InvalidArgument
from ..numerics import bayes, log_student
from ._base import BayesFactor, IntervalBayesFactor

__all__ = ["means", "means_interval"]

FloatArray = NDArray[np.float64]

#: The scale of the Cauchy prior that is called "medium".
MEDIUM = math.sqrt(0.5)

_SIDES = {"two-sided": 0, "greater": 1, "less": -1}
_HALF = {1: " restricted to positive effects", -1: " restricted to negative effects", 0: ""}
_ROUDER = "Rouder et al. 2009, doi:10.3758/PBR.16.2.225"
_GRONAU = "Gronau et al. 2020, doi:10.1080/00031305.2018.1562983"
_MOREY = "Morey & Rouder 2011, doi:10.1037/a0024377"


def means(
    *,
    t: ArrayLike,
    n1: ArrayLike,
    n2: ArrayLike | None = None,
    scale: ArrayLike = MEDIUM,
    location: ArrayLike = 0.0,
    prior_df: ArrayLike = 1.0,
    alternative: str = "two-sided",
) -> BayesFactor:
    """Return the JZS Bayes factor of a t statistic: a Cauchy prior on the standardised effect against none.

    With a `location` or other `prior_df` the prior is an informed one: Student's t or the normal about any centre.
    Arguments broadcast together like those of a NumPy ufunc.

    Parameters
    ----------
    t : array_like
        Student's t statistic, group 1 minus group 2.
    n1 : array_like of int
        People in group 1, or pairs, or the people of a single sample.
    n2 : array_like of int, optional
        People in group 2; left out for paired differences and single samples.
    scale : array_like
        Scale of the prior, in standard deviations: of a Cauchy the half-width at half-maximum, of a normal the standard
        deviation. The default, the square root of one half, is the Cauchy that is called "medium".
    location : array_like
        Centre of the prior; other than zero, an informed prior.
    prior_df : array_like
        Degrees of freedom of the prior, at least 1: 1 is a Cauchy, infinity a normal, between them Student's t.
    alternative : {"two-sided", "greater", "less"}
        Which effects the prior admits; one-sided priors are cut at zero and renormalised.

    Returns
    -------
    BayesFactor
        The Bayes factor of the shape of the arguments, on the log scale.

    Raises
    ------
    InvalidArgument
        If a statistic is not finite, the sample leaves no degrees of freedom, or the scale is not positive.

    References
    ----------
    .. [1] Rouder JN, Speckman PL, Sun D, Morey RD, Iverson G (2009). Bayesian t tests for accepting and rejecting the
       null hypothesis. Psychonomic Bulletin & Review 16, 225-237. doi:10.3758/PBR.16.2.225
    .. [2] Gronau QF, Ly A, Wagenmakers EJ (2020). Informed Bayesian t-tests. The American Statistician 74, 137-143.
       doi:10.1080/00031305.2018.1562983

    Examples
    --------
    >>> import ketastats as ks
    >>> result = ks.evidence.means(t=0.567, n1=37, n2=46, scale=0.707)
    >>> print(f"{result.bf01:.2f}")
    3.78
    """
    side = _SIDES[_validate.choice(alternative, "alternative", _SIDES)]
    shape, statistic, size, df, width, centre, tail = _design(t, n1, n2, scale, location, prior_df)
    if np.all((centre == 0) & (tail == 1)):
        log_bf = bayes.log_jzs(statistic, size, df, width, side)
        method, references = "JZS Bayes factor of a t statistic", (_ROUDER,)
    else:
        low = np.full_like(statistic, 0.0 if side > 0 else -np.inf)
        high = np.full_like(statistic, 0.0 if side < 0 else np.inf)
        log_bf = bayes.log_prior_average(statistic, size, df, low, high, centre, width, tail)
        log_bf -= log_student.log_mass(low, high, centre, width, tail)
        method, references = "informed Bayes factor of a t statistic", (_GRONAU,)
    return BayesFactor(
        log_bf10=log_bf.reshape(shape)[()],
        null="delta = 0",
        alternative={0: "delta != 0", 1: "delta > 0", -1: "delta < 0"}[side],
        prior=_prior(location, scale, prior_df) + _HALF[side],
        method=method,
        references=references,
    )


def means_interval(
    *,
    t: ArrayLike,
    n1: ArrayLike,
    n2: ArrayLike | None = None,
    margin: Any,
    scale: ArrayLike = MEDIUM,
    location: ArrayLike = 0.0,
    prior_df: ArrayLike = 1.0,
) -> IntervalBayesFactor:
    """Return the Bayes factor of standardised effects outside a margin against effects inside it.

    One prior is cut at the margin; each part, renormalised, is a hypothesis.

    Parameters
    ----------
    t : array_like
        Student's t statistic, group 1 minus group 2.
    n1 : array_like of int
        People in group 1, or pairs, or the people of a single sample.
    n2 : array_like of int, optional
        People in group 2; left out for paired differences and single samples.
    margin : float or pair of float
        Margin in standard deviations: one positive number is symmetric, a pair is taken as it is, and one of its
        ends may be infinite.
    scale : array_like
        Scale of the prior, in standard deviations: of a Cauchy the half-width at half-maximum.
    location : array_like
        Centre of the prior.
    prior_df : array_like
        Degrees of freedom of the prior, at least 1: 1 is a Cauchy, infinity a normal, between them Student's t.

    Returns
    -------
    IntervalBayesFactor
        Outside against inside, each against the whole prior, and the prior and posterior mass of the inside.

    Raises
    ------
    InvalidArgument
        If an argument is out of range, or the margin holds every effect.

    References
    ----------
    .. [1] Morey RD, Rouder JN (2011). Bayes factor approaches for testing interval null hypotheses. Psychological
       Methods 16, 406-419. doi:10.1037/a0024377

    Examples
    --------
    >>> import ketastats as ks
    >>> result = ks.evidence.means_interval(t=0.567, n1=37, n2=46, margin=0.24, scale=0.707)
    >>> print(f"{result.bf01:.2f}, posterior mass inside {result.posterior_mass:.2f}")
    8.69, posterior mass inside 0.70
    """
    low, high = _validate.margin(margin)
    if np.isneginf(low) and np.isposinf(high):
        raise InvalidArgument("margin", margin, "a margin with something outside it", "Make one end finite.")
    shape, statistic, size, df, width, centre, tail = _design(t, n1, n2, scale, location, prior_df)
    parts = []
    for start, stop in ((-np.inf, low), (low, high), (high, np.inf)):
        if start == stop:
            parts.append((np.full_like(statistic, -np.inf), np.full_like(statistic, -np.inf)))
            continue
        ends = np.full_like(statistic, start), np.full_like(statistic, stop)
        average = bayes.log_prior_average(statistic, size, df, *ends, centre, width, tail)
        parts.append((average, log_student.log_mass(*ends, centre, width, tail)))
    below, inside, above = parts
    outside = np.logaddexp(below[0], above[0]), np.logaddexp(below[1], above[1])
    whole = np.logaddexp(inside[0], outside[0])
    log_inside = (inside[0] - inside[1] - whole).reshape(shape)[()]
    log_outside = (outside[0] - outside[1] - whole).reshape(shape)[()]
    return IntervalBayesFactor(
        log_bf10=log_outside - log_inside,
        log_bf_inside_all=log_inside,
        log_bf_outside_all=log_outside,
        margin_low=low,
        margin_high=high,
        prior_mass=np.exp(inside[1]).reshape(shape)[()],
        posterior_mass=np.exp(inside[0] - whole).reshape(shape)[()],
        null=f"delta between {low:g} and {high:g}",
        alternative=f"delta outside {low:g} to {high:g}",
        prior=_prior(location, scale, prior_df),
        method="interval-null Bayes factor of a t statistic",
        references=(_MOREY, _GRONAU),
    )


def _design(
    t: ArrayLike, n1: ArrayLike, n2: ArrayLike | None, scale: ArrayLike, location: ArrayLike, prior_df: ArrayLike
) -> tuple[tuple[int, ...], FloatArray, FloatArray, FloatArray, FloatArray, FloatArray, FloatArray]:
    """Return the shape of the answer, and flat arrays: t, effective size, df, scale, location and df of the prior."""
    people1 = _validate.integers(n1, "n1", low=1 if n2 is not None else 2)
    people2 = _validate.integers(n2, "n2", low=1) if n2 is not None else np.zeros_like(people1)
    values = _validate.broadcast(
        t=_validate.moderate(t, "t"),
        n1=people1,
        n2=people2,
        scale=_validate.moderate(scale, "scale", positive=True),
        location=_validate.moderate(location, "location"),
        prior_df=_validate.array(prior_df, "prior_df", low=1.0, infinite=True),
    )
    statistic, first, second, width, centre, tail = (np.ravel(value).astype(np.float64) for value in values)
    if n2 is None:
        size, df = first, first - 1.0
    else:
        if np.any(first + second < 3):
            raise InvalidArgument("n1", 1, "n1 + n2 of at least 3", "Two people leave no degrees of freedom.")
        size, df = first * (second / (first + second)), first + second - 2.0
    return values[0].shape, statistic, size, df, width, centre, tail


def _prior(location: ArrayLike, scale: ArrayLike, prior_df: ArrayLike) -> str:
    tail = np.asarray(prior_df, dtype=float)
    centre, width = (number(np.asarray(value, dtype=float)) for value in (location, scale))
    if np.all(tail == 1):
        return f"delta ~ Cauchy({centre}, {width})"
    if np.all(np.isinf(tail)):
        return f"delta ~ Normal({centre}, {width})"
    return f"delta ~ t({number(tail)} df, {centre}, {width})"
