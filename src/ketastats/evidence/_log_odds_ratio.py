"""Bayes factors of two binomial samples with a normal prior on the log odds ratio."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from .. import _validate
from .._results import number
from ..numerics import log_odds
from ._base import BayesFactor

__all__ = ["log_odds_ratio"]

_SIDES = {"two-sided": 0, "greater": 1, "less": -1}
# Log odds and log odds ratios are single figures.
_FAR = 1e4
_KASS = "Kass & Vaidyanathan 1992, doi:10.1111/j.2517-6161.1992.tb01868.x"
_GRONAU = "Gronau et al. 2021, doi:10.18637/jss.v100.i17"


def log_odds_ratio(
    x1: ArrayLike,
    n1: ArrayLike,
    x2: ArrayLike,
    n2: ArrayLike,
    *,
    prior_mean: ArrayLike = 0.0,
    prior_sd: ArrayLike = 1.0,
    grand_mean: ArrayLike = 0.0,
    grand_sd: ArrayLike = 1.0,
    alternative: str = "two-sided",
) -> BayesFactor:
    """Return the Bayes factor of two binomial samples with a normal prior on their log odds ratio.

    The log odds of the two groups are their common mean plus and minus half the log odds ratio; the common mean is
    normal under both hypotheses. Arguments broadcast together like those of a NumPy ufunc.

    Parameters
    ----------
    x1, n1, x2, n2 : array_like of int
        Events and people in group 1 and in group 2.
    prior_mean, prior_sd : array_like
        Mean and standard deviation of the prior of the log odds ratio, group 1 over group 2.
    grand_mean, grand_sd : array_like
        Mean and standard deviation of the prior of the mean of the two log odds.
    alternative : {"two-sided", "greater", "less"}
        Which log odds ratios the prior admits; one-sided priors are cut at zero and renormalised.

    Returns
    -------
    BayesFactor
        The Bayes factor of the shape of the arguments, on the log scale.

    Raises
    ------
    InvalidArgument
        If a count is negative, not whole, or larger than its group, or a standard deviation is not positive.

    References
    ----------
    .. [1] Kass RE, Vaidyanathan SK (1992). Approximate Bayes factors and orthogonal parameters, with application to
       testing equality of two binomial proportions. Journal of the Royal Statistical Society B 54, 129-144.
       doi:10.1111/j.2517-6161.1992.tb01868.x
    .. [2] Gronau QF, Raj KNA, Wagenmakers EJ (2021). Informed Bayesian inference for the A/B test. Journal of
       Statistical Software 100 (17). doi:10.18637/jss.v100.i17

    Examples
    --------
    >>> import ketastats as ks
    >>> result = ks.evidence.log_odds_ratio(7, 37, 14, 46)
    >>> print(f"{result.bf01:.2f}")
    1.27
    """
    side = _SIDES[_validate.choice(alternative, "alternative", _SIDES)]
    counts = _validate.counts(x1, n1, x2, n2)
    values = _validate.broadcast(
        x1=counts[0],
        n1=counts[1],
        x2=counts[2],
        n2=counts[3],
        prior_mean=_validate.array(prior_mean, "prior_mean", low=-_FAR, high=_FAR),
        prior_sd=_validate.array(prior_sd, "prior_sd", low=0.0, open_low=True),
        grand_mean=_validate.array(grand_mean, "grand_mean", low=-_FAR, high=_FAR),
        grand_sd=_validate.array(grand_sd, "grand_sd", low=0.0, open_low=True),
    )
    design = log_odds.Design(*(np.ravel(value).astype(np.float64) for value in values))
    below, above = log_odds.log_halves(design)
    if side:
        log_bf = (above if side > 0 else below) - special.log_ndtr(side * design.mean / design.sd)
    else:
        log_bf = np.logaddexp(below, above)
    centre, width = (number(np.asarray(value, dtype=float)) for value in (prior_mean, prior_sd))
    half = {0: "", 1: ", restricted to positive ones", -1: ", restricted to negative ones"}[side]
    return BayesFactor(
        log_bf10=log_bf.reshape(values[0].shape)[()],
        null="log odds ratio = 0",
        alternative={0: "log odds ratio != 0", 1: "log odds ratio > 0", -1: "log odds ratio < 0"}[side],
        prior=f"log odds ratio ~ normal with mean {centre} and SD {width}" + half,
        method="Bayes factor of two binomial samples, normal prior on the log odds ratio",
        references=(_KASS, _GRONAU),
    )
