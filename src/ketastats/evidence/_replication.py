"""Bayes factors of a replication: the effect as the original left it, against none."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .. import _validate
from .._results import number
from ..errors import InvalidArgument
from ..numerics import bayes_estimate
from ..numerics.replication import log_replication
from ._base import BayesFactor

__all__ = ["replication_estimate", "replication_means"]

FloatArray = NDArray[np.float64]

_SIDES = {"two-sided": 0, "greater": 1, "less": -1}
_VERHAGEN = "Verhagen & Wagenmakers 2014, doi:10.1037/a0036731"
_LY = "Ly et al. 2019, doi:10.3758/s13428-018-1092-x"


def replication_means(
    *,
    t: ArrayLike,
    n1: ArrayLike,
    n2: ArrayLike | None = None,
    original_t: ArrayLike,
    original_n1: ArrayLike,
    original_n2: ArrayLike | None = None,
    scale: ArrayLike = np.inf,
    alternative: str = "two-sided",
) -> BayesFactor:
    """Return the replication Bayes factor of a t statistic: the original's posterior against no effect.

    Both studies have the same standardised effect, and variances of their own. Arguments broadcast together like
    those of a NumPy ufunc.

    Parameters
    ----------
    t : array_like
        Student's t statistic of the replication, group 1 minus group 2.
    n1 : array_like of int
        People in group 1 of the replication, or pairs, or the people of a single sample.
    n2 : array_like of int, optional
        People in group 2 of the replication; left out for paired differences and single samples.
    original_t : array_like
        Student's t statistic of the original study, with the groups in the same order.
    original_n1 : array_like of int
        People in group 1 of the original, or pairs, or the people of a single sample.
    original_n2 : array_like of int, optional
        People in group 2 of the original; left out for paired differences and single samples.
    scale : array_like
        Half-width at half-maximum of the Cauchy prior that the original data updated. Infinite, every effect was as
        likely before, as in the first paper below; finite, the answer is the factor of all data over the factor of
        the original, as in the second.
    alternative : {"two-sided", "greater", "less"}
        Which effects the prior admits.

    Returns
    -------
    BayesFactor
        The Bayes factor of the shape of the arguments, on the log scale.

    Raises
    ------
    InvalidArgument
        If a statistic is not finite, a sample leaves no degrees of freedom, or the scale is not positive.

    References
    ----------
    .. [1] Verhagen J, Wagenmakers EJ (2014). Bayesian tests to quantify the result of a replication attempt. Journal
       of Experimental Psychology: General 143, 1457-1475. doi:10.1037/a0036731
    .. [2] Ly A, Etz A, Marsman M, Wagenmakers EJ (2019). Replication Bayes factors from evidence updating. Behavior
       Research Methods 51, 2498-2508. doi:10.3758/s13428-018-1092-x

    Examples
    --------
    >>> import ketastats as ks
    >>> result = ks.evidence.replication_means(t=0.2, n1=80, n2=80, original_t=2.5, original_n1=20, original_n2=20)
    >>> print(f"{result.bf01:.1f}")
    20.3
    """
    side = _SIDES[_validate.choice(alternative, "alternative", _SIDES)]
    new, original = _study(t, n1, n2, ""), _study(original_t, original_n1, original_n2, "original_")
    width = _validate.array(scale, "scale", low=0.0, open_low=True, infinite=True)
    names = ("t", "n1", "n2", "original_t", "original_n1", "original_n2", "scale")
    values = _validate.broadcast(**dict(zip(names, (*new, *original, width), strict=True)))
    flat = [np.ravel(value) for value in values]
    low = np.full(flat[-1].shape, 0.0 if side > 0 else -np.inf)
    high = np.full(flat[-1].shape, 0.0 if side < 0 else np.inf)
    log_bf = log_replication((flat[0], flat[1], flat[2]), (flat[3], flat[4], flat[5]), low, high, flat[6])
    text = number(np.asarray(scale, dtype=float))
    before = "anything" if np.all(np.isinf(width)) else f"Cauchy(0, {text})"
    return BayesFactor(
        log_bf10=log_bf.reshape(values[0].shape)[()],
        null="delta = 0",
        alternative={0: "delta as the original left it", 1: "delta > 0", -1: "delta < 0"}[side],
        prior=f"posterior of the original study, before which delta ~ {before}",
        method="replication Bayes factor of a t statistic",
        references=(_VERHAGEN,) if np.all(np.isinf(width)) else (_LY,),
    )


def replication_estimate(
    estimate: ArrayLike, *, se: ArrayLike, original: ArrayLike, original_se: ArrayLike
) -> BayesFactor:
    """Return the replication Bayes factor of an estimate with a standard error.

    Both estimates are normal with known standard errors, and every effect was as likely before the original. Arguments
    broadcast together like those of a NumPy ufunc.

    Parameters
    ----------
    estimate : array_like
        Estimate of the replication, on a scale where its error is normal (ratios: their logarithm).
    se : array_like
        Its standard error.
    original : array_like
        Estimate of the original study, on the same scale.
    original_se : array_like
        Its standard error.

    Returns
    -------
    BayesFactor
        The Bayes factor of the shape of the arguments, on the log scale.

    Raises
    ------
    InvalidArgument
        If an estimate is not finite or a standard error not positive.

    References
    ----------
    .. [1] Verhagen J, Wagenmakers EJ (2014). Bayesian tests to quantify the result of a replication attempt. Journal
       of Experimental Psychology: General 143, 1457-1475. doi:10.1037/a0036731

    Examples
    --------
    >>> import ketastats as ks
    >>> result = ks.evidence.replication_estimate(0.05, se=0.1, original=0.6, original_se=0.25)
    >>> print(f"{result.bf01:.1f}")
    19.1
    """
    values = _validate.broadcast(
        estimate=_validate.array(estimate, "estimate"),
        se=_validate.array(se, "se", low=0.0, open_low=True),
        original=_validate.array(original, "original"),
        original_se=_validate.array(original_se, "original_se", low=0.0, open_low=True),
    )
    point, error, centre, spread = values
    # The original's error and this one's add up; the null has this one's only.
    marginal = bayes_estimate.log_marginal_normal(point, error, centre, spread)
    null = bayes_estimate.log_marginal_normal(point, error, np.zeros_like(point), np.zeros_like(point))
    return BayesFactor(
        log_bf10=np.asarray(marginal - null)[()],
        null="effect = 0",
        alternative="effect as the original left it",
        prior="posterior of the original study, before which every effect was as likely",
        method="replication Bayes factor of an estimate",
        references=(_VERHAGEN,),
    )


def _study(t: ArrayLike, n1: ArrayLike, n2: ArrayLike | None, prefix: str) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return t, effective size and degrees of freedom of one study."""
    statistic = _validate.array(t, f"{prefix}t")
    first = _validate.integers(n1, f"{prefix}n1", low=1 if n2 is not None else 2).astype(np.float64)
    if n2 is None:
        return statistic, first, first - 1.0
    second = _validate.integers(n2, f"{prefix}n2", low=1).astype(np.float64)
    first, second = _validate.broadcast(**{f"{prefix}n1": first, f"{prefix}n2": second})
    if np.any(first + second < 3):
        raise InvalidArgument(f"{prefix}n1", 1, "n1 + n2 of at least 3", "Two people leave no degrees of freedom.")
    return statistic, first * (second / (first + second)), first + second - 2.0
