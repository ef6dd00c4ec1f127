"""Equivalence and noninferiority of two proportions, from counts."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from .. import _validate
from ..effects._proportions import ProportionsEstimate
from ..effects._proportions import proportions as compare
from ..errors import InvalidArgument
from ._base import EquivalenceResult

__all__ = ["proportions"]

_TOST = "Schuirmann 1987, doi:10.1007/BF01068419"


def proportions(
    x1: ArrayLike,
    n1: ArrayLike,
    x2: ArrayLike,
    n2: ArrayLike,
    *,
    margin: Any,
    alpha: float = 0.05,
    method: str = "score",
    measure: str = "difference",
) -> EquivalenceResult:
    """Test whether two proportions differ by less than a margin.

    Each end of the margin is tested directly, one-sided, and equivalence is established where both tests reject;
    that is exactly where the central ``1 - 2 alpha`` interval of the same method lies inside the margin.

    Parameters
    ----------
    x1, n1, x2, n2 : int or array_like of int
        Events and people in group 1 and in group 2; they broadcast together.
    margin : float or pair of float
        For a difference (group 1 minus group 2) one positive number m for -m to m, or a pair. For a ratio one
        number m for 1/m to m, or a pair. An infinite end (also 0 as the lower end for a ratio) asks for
        noninferiority only: its p is 0. So it is for a difference beyond -1 or 1, which nothing can have; at -1 or
        1 itself only the table that shows this very difference leaves doubt.
    alpha : float
        One-sided level.
    method : str
        As in `ketastats.effects.proportions`; "score" is Miettinen-Nurminen.
    measure : {"difference", "ratio", "odds_ratio"}
        What the margin is about.

    Returns
    -------
    EquivalenceResult
        Both one-sided p-values, the interval, and the smallest symmetric margin that the data would establish.

    Raises
    ------
    InvalidArgument
        If a count, the margin, alpha or a choice is not allowed.

    References
    ----------
    Schuirmann (1987), Journal of Pharmacokinetics and Biopharmaceutics 15, 657-680, doi:10.1007/BF01068419.
    Farrington & Manning (1990), Statistics in Medicine 9, 1447-1454, doi:10.1002/sim.4780091208.

    Examples
    --------
    >>> import ketastats as ks
    >>> result = ks.equivalence.proportions(7, 37, 14, 46, margin=0.10)
    >>> bool(result.established)
    False
    >>> float(result.threshold_margin)
    0.266

    Noninferiority: group 1 responds at most 10 points less often.

    >>> result = ks.equivalence.proportions(80, 100, 78, 100, margin=(-0.10, float("inf")))
    >>> float(result.pvalue)
    0.0198
    """
    estimate = compare(x1, n1, x2, n2, measure=measure, method=method)
    low_end, high_end = _margin(margin, measure)
    level = _validate.alpha(alpha)
    # An end that is not there excludes nothing, not even an infinite estimate of a ratio.
    p_lower = estimate.pvalue(low_end, alternative="greater") * np.isfinite(low_end)
    p_upper = estimate.pvalue(high_end, alternative="less") * np.isfinite(high_end)
    low, high = estimate.ends(level)
    return EquivalenceResult(
        estimate=estimate.point,
        margin_low=low_end,
        margin_high=high_end,
        p_lower=p_lower,
        p_upper=p_upper,
        pvalue=np.maximum(p_lower, p_upper),
        low=low,
        high=high,
        threshold_margin=_threshold(estimate, low, high),
        alpha=level,
        method=f"two one-sided tests, {estimate.method}",
        references=(_TOST, *estimate.references),
    )


def _margin(margin: Any, measure: str) -> tuple[float, float]:
    """Return both ends; one number is symmetric, for a ratio on the log scale."""
    if measure == "difference":
        return _validate.margin(margin, reach=1.0)
    allowed = "one positive number other than 1 (for 1/m to m) or a pair (low, high) with 0 <= low < high"
    if not isinstance(margin, (tuple, list, str, bytes)) and margin is not None and np.ndim(margin) == 0:
        one = _validate.real(margin, "margin", infinite=True)
        if one <= 0 or one == 1:
            raise InvalidArgument("margin", margin, allowed, "A ratio of 1 is no difference.")
        far = max(one, 1 / one)
        return 1 / far, far
    low, high = _validate.margin(margin)
    if low < 0 and low != -np.inf:
        raise InvalidArgument("margin", margin, allowed, "Ratios are never negative.")
    return (low if low > 0 else -np.inf), high


def _threshold(estimate: ProportionsEstimate, low: Any, high: Any) -> Any:
    if estimate.scale == "risk_difference":
        return np.maximum(-low, high)
    with np.errstate(divide="ignore"):
        return np.maximum(np.divide(1.0, low), high)
