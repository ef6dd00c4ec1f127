"""Equivalence of an estimate with a standard error."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from .. import _validate, effects
from ..effects._base import RATIOS
from ..errors import InvalidArgument
from ._base import EquivalenceResult

__all__ = ["estimate"]

# Scales on which nothing is larger than 1.
_SHARES = ("risk_difference", "proportion")
_SCHUIRMANN = "Schuirmann 1987, doi:10.1007/BF01068419"


def estimate(
    estimate: ArrayLike,
    se: ArrayLike | None = None,
    *,
    margin: Any,
    df: ArrayLike = np.inf,
    low: ArrayLike | None = None,
    high: ArrayLike | None = None,
    level: float = 0.95,
    alpha: float = 0.05,
    measure: str = "mean_difference",
) -> EquivalenceResult:
    """Test the equivalence of an estimate by two one-sided tests.

    Parameters
    ----------
    estimate : array_like
        The estimate; for a ratio the ratio itself.
    se : array_like, optional
        Its standard error; for a ratio that of its logarithm.
    margin : float or pair
        One positive number for ``-margin`` to ``margin`` (for ratios one number above 1, for ``1 / margin`` to
        ``margin``), or a pair, whose ends may be arrays. An infinite end (for ratios 0) makes it noninferiority.
    df : array_like
        Degrees of freedom; infinite for the normal distribution.
    low, high : array_like, optional
        A printed confidence interval in place of `se`.
    level : float
        Confidence level of the printed interval.
    alpha : float
        One-sided level.
    measure : str
        What is estimated, as in `ketastats.effects.estimate`.

    Returns
    -------
    EquivalenceResult
        Both one-sided tests, the ``1 - 2 alpha`` interval and the threshold margin.

    Raises
    ------
    InvalidType
        If neither a standard error nor both ends of an interval are given, or both are.
    InvalidArgument
        If a value is out of range.

    References
    ----------
    .. [1] Schuirmann DJ (1987). A comparison of the two one-sided tests procedure and the power approach for assessing
       the equivalence of average bioavailability. Journal of Pharmacokinetics and Biopharmaceutics 15, 657-680.
       doi:10.1007/BF01068419

    Examples
    --------
    >>> import ketastats as ks
    >>> result = ks.equivalence.estimate(-0.002, se=1.35, df=60, margin=2.3)
    >>> print(f"p = {result.pvalue:.4f}, 90 % interval {result.low:.2f} to {result.high:.2f}")
    p = 0.0469, 90 % interval -2.26 to 2.25
    >>> print(f"established at any margin above {result.threshold_margin:.3f}")
    established at any margin above 2.257
    """
    value = effects.estimate(estimate, se, df=df, low=low, high=high, level=level, measure=measure)
    return two_one_sided(value, margin, alpha)


def two_one_sided(value: effects.Estimate, margin: Any, alpha: float) -> EquivalenceResult:
    """Return the two one-sided tests of any estimate, by its own p-value function and interval."""
    ratio = value.scale in RATIOS
    lower, upper = _validate.margins(margin, ratio=ratio, reach=1.0 if value.scale in _SHARES else np.inf)
    size = _validate.alpha(alpha)
    if 1.0 - 2.0 * size == 1.0:
        raise InvalidArgument("alpha", alpha, "at least 1e-16", "Beyond it the level of the interval rounds to 1.")
    p_lower = pvalue_at(value, lower, "greater", absent=0.0)
    p_upper = pvalue_at(value, upper, "less", absent=0.0)
    # At alpha = 0.5 the interval is the median-unbiased point, the limit of ever narrower intervals.
    interval = value.confidence_interval(max(1.0 - 2.0 * size, 1e-15))
    if ratio:
        with np.errstate(divide="ignore", over="ignore"):
            threshold = np.maximum(1.0 / np.asarray(interval.low), interval.high)
    else:
        threshold = np.maximum(np.negative(interval.low), interval.high)
    return EquivalenceResult(
        estimate=value.point,
        margin_low=lower[()],
        margin_high=upper[()],
        p_lower=p_lower,
        p_upper=p_upper,
        pvalue=np.maximum(p_lower, p_upper),
        low=interval.low,
        high=interval.high,
        threshold_margin=threshold[()],
        alpha=size,
        method=f"two one-sided tests, {value.method}",
        references=(_SCHUIRMANN, *value.references),
    )


def pvalue_at(value: effects.Estimate, bound: Any, alternative: str, *, absent: float) -> Any:
    """Return the one-sided p at an end of a margin; `absent` where the end is infinite (or a ratio of 0).

    Not every scale has such a value, and none is needed: nothing lies beyond it.
    """
    end = np.asarray(bound, dtype=np.float64)
    ratio = value.scale in RATIOS
    gone = np.isinf(end) | (ratio & (end == 0.0))
    p = value.pvalue(np.where(gone, 1.0 if ratio else 0.0, end), alternative=alternative)
    return np.where(gone, absent, p)[()]
