"""Reverse Bayes: which prior would change the conclusion."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from .. import _validate
from .._results import Result
from ..errors import NoSolution
from ..numerics.chandrupatla import find_roots

__all__ = ["Credibility", "PriorRange", "credibility", "reverse_bayes"]

FloatArray = NDArray[np.float64]
IndexArray = NDArray[np.intp]

_MATTHEWS = "Matthews 2001, Drug Information Journal 35, 1469-1478"
_HELD = "Held 2019, doi:10.1098/rsos.181534"
_PAWEL = "Held et al. 2022, Research Synthesis Methods 13, 295-314, arXiv:2102.13443"


@dataclass(frozen=True, slots=True, kw_only=True)
class Credibility(Result):
    """The prior that would just change whether an estimate is convincing.

    Parameters
    ----------
    significant : bool or ndarray
        Whether the interval of the estimate excludes zero. If it does, the prior is the sceptical one, which just
        takes that away; if not, it is the advocacy prior, which just brings it about.
    prior_mean, prior_sd : float or ndarray
        The critical normal prior.
    prior_low, prior_high : float or ndarray
        Its central interval at the level: minus and plus the scepticism limit, or zero and the advocacy limit.
    intrinsic_pvalue : float or ndarray
        The p-value for intrinsic credibility: one minus the level at which the estimate would just be in conflict with
        what its own sceptical prior predicts.
    level : float
        Level of the intervals.
    method : str
        The method that was used.
    references : tuple of str
        Where it was published.
    """

    significant: Any
    prior_mean: Any
    prior_sd: Any
    prior_low: Any
    prior_high: Any
    intrinsic_pvalue: Any
    level: float
    method: str
    references: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PriorRange(Result):
    """The normal priors about zero under which the data reach a Bayes factor.

    Parameters
    ----------
    prior_sd_low, prior_sd_high : float or ndarray
        Standard deviations between which the Bayes factor of the alternative is at least `bf10`.
    bf10 : float or ndarray
        The Bayes factor that was asked for.
    log_largest_bf10 : float or ndarray
        Natural logarithm of the Bayes factor under the prior that favours the alternative most.
    method : str
        The method that was used.
    references : tuple of str
        Where it was published.
    """

    prior_sd_low: Any
    prior_sd_high: Any
    bf10: Any
    log_largest_bf10: Any
    method: str
    references: tuple[str, ...] = ()


def credibility(estimate: ArrayLike, *, se: ArrayLike, level: float = 0.95) -> Credibility:
    """Return the prior that would just change whether an estimate is convincing.

    Of a significant estimate: how sceptical one would have to be to find it unconvincing. Of one that is not: how much
    one would have to believe in the effect beforehand to find it convincing now. Arguments broadcast together like
    those of a NumPy ufunc.

    Parameters
    ----------
    estimate : array_like
        The estimate, on a scale where its error is normal and zero means no effect (ratios: their logarithm).
    se : array_like
        Its standard error.
    level : float
        Level of the intervals, e.g. 0.95.

    Returns
    -------
    Credibility
        The critical prior, of the shape of the arguments. At the very edge of significance it is flat (infinite).

    Raises
    ------
    InvalidArgument
        If an estimate is not finite, a standard error not positive, or the level not between 0 and 1.

    References
    ----------
    .. [1] Matthews RAJ (2001). Methods for assessing the credibility of clinical trial outcomes. Drug Information
       Journal 35, 1469-1478.
    .. [2] Held L (2019). The assessment of intrinsic credibility and a new argument for p < 0.005. Royal Society Open
       Science 6, 181534. doi:10.1098/rsos.181534

    Examples
    --------
    >>> import ketastats as ks
    >>> result = ks.evidence.credibility(0.5, se=0.2)
    >>> print(f"{result.prior_low:.2f} to {result.prior_high:.2f}")
    -0.50 to 0.50
    """
    share = _validate.level(level)
    point, error = _validate.broadcast(
        estimate=_validate.array(estimate, "estimate", wide=True), se=_validate.array(se, "se", low=0.0, open_low=True)
    )
    critical = float(-special.ndtri(0.5 * (1.0 - share)))
    with np.errstate(divide="ignore", over="ignore"):
        z = np.abs(point / error)
        significant = z > critical
        room = (z - critical) * (z + critical)
        sceptical = critical / np.sqrt(np.where(significant, room, 1.0))
        # The prior mean is the critical value times its standard deviation, so that its interval starts at zero.
        advocate = 2.0 * z * critical / np.where(significant, 1.0, -room)
        spread = error * np.where(significant, sceptical, advocate)
        centre = np.where(significant, 0.0, np.copysign(critical * spread, point))
        ends = np.stack([centre - critical * spread, centre + critical * spread])
    # The end at zero is exactly that, also where the other is infinite.
    below, above = np.where(significant, ends[0], np.minimum(2.0 * centre, 0.0)), ends[1]
    above = np.where(significant, above, np.maximum(2.0 * centre, 0.0))
    return Credibility(
        significant=significant[()],
        prior_mean=centre[()],
        prior_sd=spread[()],
        prior_low=below[()],
        prior_high=above[()],
        intrinsic_pvalue=np.asarray(2.0 * special.ndtr(-z / np.sqrt(2.0)))[()],
        level=share,
        method="analysis of credibility",
        references=(_MATTHEWS, _HELD),
    )


def reverse_bayes(estimate: ArrayLike, *, se: ArrayLike, bf10: ArrayLike) -> PriorRange:
    """Return the normal priors about zero under which an estimate reaches a Bayes factor.

    With `bf10` above 1: which priors make the data evidence for an effect. Below 1: the priors wider than the upper
    end make them evidence for its absence. Arguments broadcast together like those of a NumPy ufunc.

    Parameters
    ----------
    estimate : array_like
        The estimate, on a scale where its error is normal and zero means no effect (ratios: their logarithm).
    se : array_like
        Its standard error.
    bf10 : array_like
        Bayes factor of an effect over none, e.g. 3, or 1/3.

    Returns
    -------
    PriorRange
        The range of prior standard deviations, of the shape of the arguments; its upper end may be infinite where it
        is beyond the range of floats.

    Raises
    ------
    InvalidArgument
        If an estimate is not finite, or a standard error or the Bayes factor not positive.
    NoSolution
        If no normal prior about zero gives so large a Bayes factor; the nearest is the largest there is.

    References
    ----------
    .. [1] Held L, Matthews R, Ott M, Pawel S (2022). Reverse-Bayes methods for evidence assessment and research
       synthesis. Research Synthesis Methods 13, 295-314. arXiv:2102.13443

    Examples
    --------
    >>> import ketastats as ks
    >>> result = ks.evidence.reverse_bayes(0.5, se=0.2, bf10=3)
    >>> print(f"{result.prior_sd_low:.2f} to {result.prior_sd_high:.2f}")
    0.18 to 1.41
    """
    values = _validate.broadcast(
        estimate=_validate.array(estimate, "estimate"),
        se=_validate.array(se, "se", low=0.0, open_low=True),
        bf10=_validate.array(bf10, "bf10", low=0.0, open_low=True, wide=True),
    )
    point, error, wanted = (np.ravel(value).astype(np.float64) for value in values)
    z, target = np.abs(point / error), np.log(wanted)
    # v = log(1 + prior variance / se^2); the log factor rises up to v = 2 log z, and falls from there.
    best = 2.0 * np.log(np.maximum(z, 1.0))
    largest = _log_factor(best, z)
    short = target > largest
    if short.any():
        nearest = float(np.exp(largest[short][0]))
        raise NoSolution(
            f"no normal prior about zero gives a Bayes factor of {wanted[short][0]:g}: the estimate lies "
            f"{z[short][0]:.3g} standard errors from zero, and the largest is {nearest:.4g}",
            nearest=nearest,
        )

    def gap(v: FloatArray, at: IndexArray) -> FloatArray:
        return _log_factor(v, z[at]) - target[at]

    every = np.arange(z.size)
    # The log factor is at most (z^2 - v) / 2, so it has fallen below the target here.
    limit = np.maximum(z * z - 2.0 * target, best) + 1.0
    high = find_roots(gap, (best, limit), (gap(best, every), gap(limit, every)))
    zero = np.zeros_like(best)
    low = np.where(target > 0, find_roots(gap, (zero, best), (gap(zero, every), gap(best, every))), 0.0)
    shape = values[0].shape
    with np.errstate(over="ignore"):
        ends = [error * np.exp(0.5 * v) * np.sqrt(-np.expm1(-v)) for v in (low, high)]
    return PriorRange(
        prior_sd_low=ends[0].reshape(shape)[()],
        prior_sd_high=ends[1].reshape(shape)[()],
        bf10=values[2][()],
        log_largest_bf10=largest.reshape(shape)[()],
        method="reverse Bayes, normal prior about zero",
        references=(_PAWEL,),
    )


def _log_factor(v: FloatArray, z: FloatArray) -> FloatArray:
    return np.asarray(-0.5 * v - 0.5 * z * z * np.expm1(-v))
