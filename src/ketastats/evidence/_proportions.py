"""Evidence about two proportions: one rate against two, and a difference inside a margin against outside."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .. import _validate
from .._results import number
from ..errors import InvalidArgument
from ..numerics.beta_rates import log_bayes_factor, log_difference_above
from ._base import BayesFactor, IntervalBayesFactor

__all__ = ["proportions", "proportions_interval"]

FloatArray = NDArray[np.float64]

_DICKEY = "Gunel & Dickey 1974, doi:10.1093/biomet/61.3.545"
_MOREY = "Morey & Rouder 2011, doi:10.1037/a0024377"


def proportions(x1: ArrayLike, n1: ArrayLike, x2: ArrayLike, n2: ArrayLike, *, prior: ArrayLike = 1.0) -> BayesFactor:
    """Return the Bayes factor of two different proportions against one common proportion.

    Both groups are binomial samples of fixed size. Under the alternative each rate has a Beta(prior, prior)
    distribution, independent of the other; under the null both share one rate with the same distribution.

    Parameters
    ----------
    x1, n1, x2, n2 : int or array_like of int
        Events and people in group 1 and in group 2; they broadcast together.
    prior : float or array_like of float
        Both parameters of the beta distributions: 1 is uniform, 0.5 is Jeffreys'. Broadcasts too.

    Returns
    -------
    BayesFactor
        Log Bayes factor of the alternative over the null.

    Raises
    ------
    InvalidArgument
        If a count is negative, not whole, or larger than its group, or the prior is not positive.

    References
    ----------
    .. [1] Gunel E, Dickey J (1974). Bayes factors for independence in contingency tables. Biometrika 61, 545-557.
       doi:10.1093/biomet/61.3.545

    Examples
    --------
    >>> import ketastats as ks
    >>> result = ks.evidence.proportions(7, 37, 14, 46)
    >>> print(f"{result.bf01:.2f}")
    2.14
    """
    shape, columns = _columns(x1, n1, x2, n2, prior)
    return BayesFactor(
        log_bf10=log_bayes_factor(*columns).reshape(shape)[()],
        null="both groups have one rate",
        alternative="each group has its own rate",
        prior=f"each rate ~ {_beta(prior)}, independent",
        method="Bayes factor of two independent binomial samples with beta priors",
        references=(_DICKEY,),
    )


def proportions_interval(
    x1: ArrayLike, n1: ArrayLike, x2: ArrayLike, n2: ArrayLike, *, margin: Any, prior: ArrayLike = 1.0
) -> IntervalBayesFactor:
    """Return the Bayes factor of risk differences outside a margin against differences inside it.

    The two rates have independent Beta(prior, prior) distributions; the margin cuts their joint distribution in two,
    and each part, renormalised, is a hypothesis.

    Parameters
    ----------
    x1, n1, x2, n2 : int or array_like of int
        Events and people in group 1 and in group 2; they broadcast together.
    margin : float or pair of float
        Margin of the difference, group 1 minus group 2: one positive number is symmetric, a pair is taken as it is,
        and one of its ends may be infinite. Some difference must lie outside it and some inside.
    prior : float or array_like of float
        Both parameters of the beta distributions: 1 is uniform, 0.5 is Jeffreys'. Broadcasts too.

    Returns
    -------
    IntervalBayesFactor
        Outside against inside, each against the whole prior, and the prior and posterior mass of the inside.

    Raises
    ------
    InvalidArgument
        If a count or the prior is out of range, or the margin leaves no difference inside or outside.

    References
    ----------
    .. [1] Morey RD, Rouder JN (2011). Bayes factor approaches for testing interval null hypotheses. Psychological
       Methods 16, 406-419. doi:10.1037/a0024377

    Examples
    --------
    >>> import ketastats as ks
    >>> result = ks.evidence.proportions_interval(7, 37, 14, 46, margin=0.10)
    >>> print(f"{result.bf01:.2f}, posterior mass inside {result.posterior_mass:.2f}")
    3.49, posterior mass inside 0.45
    """
    low, high = _validate.margin(margin)
    if (low <= -1 and high >= 1) or low >= 1 or high <= -1:
        allowed = "a margin with differences between -1 and 1 both inside and outside it"
        raise InvalidArgument("margin", margin, allowed)
    shape, (events1, size1, events2, size2, weight) = _columns(x1, n1, x2, n2, prior)
    before = _log_masses((weight, weight, weight, weight), low, high)
    after = _log_masses(
        (events1 + weight, size1 - events1 + weight, events2 + weight, size2 - events2 + weight), low, high
    )
    log_inside = (after[0] - before[0]).reshape(shape)[()]
    log_outside = (after[1] - before[1]).reshape(shape)[()]
    return IntervalBayesFactor(
        log_bf10=log_outside - log_inside,
        log_bf_inside_all=log_inside,
        log_bf_outside_all=log_outside,
        margin_low=low,
        margin_high=high,
        prior_mass=np.exp(before[0]).reshape(shape)[()],
        posterior_mass=np.exp(after[0]).reshape(shape)[()],
        null=f"p1 - p2 between {low:g} and {high:g}",
        alternative=f"p1 - p2 outside {low:g} to {high:g}",
        prior=f"each rate ~ {_beta(prior)}, independent",
        method="interval-null Bayes factor of the difference of two binomial rates with beta priors",
        references=(_MOREY,),
    )


def _columns(x1: Any, n1: Any, x2: Any, n2: Any, prior: Any) -> tuple[tuple[int, ...], list[FloatArray]]:
    """Return the shape of the answer, and counts and prior as flat float arrays."""
    table = _validate.counts(x1, n1, x2, n2)
    weight = _validate.array(prior, "prior", low=1e-6, high=1e6)
    values = _validate.broadcast(x1=table[0], n1=table[1], x2=table[2], n2=table[3], prior=weight)
    return values[0].shape, [np.ravel(value).astype(np.float64) for value in values]


def _log_masses(
    betas: tuple[FloatArray, FloatArray, FloatArray, FloatArray], low: float, high: float
) -> tuple[FloatArray, FloatArray]:
    """Return the log of the mass inside the margin and outside it, each without cancellation."""
    a1, b1, a2, b2 = betas
    turned = (a2, b2, a1, b1)

    def tail(rows: Any, end: float, above: bool) -> FloatArray:
        first, second = (betas, end) if above else (turned, -end)
        part = (first[0][rows], first[1][rows], first[2][rows], first[3][rows])
        return log_difference_above(part, np.full(part[0].shape, second))

    every = slice(None)
    over, under = tail(every, high, True), tail(every, low, False)
    outside = np.logaddexp(over, under)
    half = -np.log(2.0)
    with np.errstate(divide="ignore"):
        inside = _log_difference(np.zeros_like(outside), np.minimum(outside, 0.0))
        # Where most of the mass lies beyond one end, the inside is a difference of two small tails instead.
        for rows, far, near in (
            (np.flatnonzero(over > half), under, (high, False)),
            (np.flatnonzero(under > half), over, (low, True)),
        ):
            if rows.size:
                inside[rows] = _log_difference(tail(rows, *near), far[rows])
    return inside, outside


def _log_difference(larger: FloatArray, smaller: FloatArray) -> FloatArray:
    """Return log(exp(larger) - exp(smaller))."""
    with np.errstate(invalid="ignore"):
        gap = np.where(smaller == -np.inf, -np.inf, smaller - larger)
    # Two forms, each exact on its side of log 2.
    return larger + np.where(gap > -np.log(2.0), np.log(-np.expm1(gap)), np.log1p(-np.exp(gap)))


def _beta(prior: ArrayLike) -> str:
    text = number(np.asarray(prior, dtype=float))
    return f"Beta({text}, {text})"
