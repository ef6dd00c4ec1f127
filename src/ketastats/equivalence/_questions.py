"""Inside a margin or outside it, whatever was estimated."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .. import _validate, effects
from .._results import Result
from ..effects._base import RATIOS
from ..errors import InvalidArgument, InvalidType
from ._base import EquivalenceResult
from ._estimate import pvalue_at, two_one_sided

__all__ = [
    "MinimumEffectResult",
    "minimum_effect",
    "tost",
]

#: Scales that measure a size without a direction.
UNSIGNED = ("partial_eta_squared", "cohens_f", "noncentrality")
MURPHY = "Murphy & Myors 1999, doi:10.1037/0021-9010.84.2.234"

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class MinimumEffectResult(Result):
    """Two one-sided tests that the true value lies outside a margin.

    Parameters
    ----------
    estimate : float or ndarray
        The estimate.
    margin_low, margin_high : float or ndarray
        Ends of the margin.
    p_below : float or ndarray
        One-sided p that the true value lies below `margin_low`; 1 where that end is not there.
    p_above : float or ndarray
        One-sided p that the true value lies above `margin_high`; 1 where that end is not there.
    pvalue : float or ndarray
        The smaller of the two.
    low, high : float or ndarray
        The central ``1 - 2 alpha`` interval, by the same method as the tests.
    alpha : float
        One-sided level.
    method : str
        The method that was used.
    references : tuple of str
        Where it was published.
    """

    estimate: Any
    margin_low: Any
    margin_high: Any
    p_below: Any
    p_above: Any
    pvalue: Any
    low: Any
    high: Any
    alpha: float
    method: str
    references: tuple[str, ...] = ()

    @property
    def established(self) -> Any:
        """Whether an effect outside the margin is established: p below alpha, elementwise."""
        return self.pvalue < self.alpha


def tost(estimate: effects.Estimate, *, margin: Any, alpha: float = 0.05) -> EquivalenceResult:
    """Test the equivalence of any estimate by two one-sided tests.

    Parameters
    ----------
    estimate : Estimate
        What a function of `ketastats.effects` returned.
    margin : float or pair
        One positive number for ``-margin`` to ``margin`` (for ratios one number above 1, for ``1 / margin`` to
        ``margin``), or a pair, whose ends may be arrays. An infinite end (for ratios 0) makes it noninferiority.
    alpha : float
        One-sided level.

    Returns
    -------
    EquivalenceResult
        Both one-sided tests, the ``1 - 2 alpha`` interval and the threshold margin.

    Raises
    ------
    InvalidType
        If `estimate` is a bare number.
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
    >>> counts = ks.effects.proportions(7, 37, 14, 46, method="newcombe")
    >>> result = ks.equivalence.tost(counts, margin=0.20)
    >>> print(f"p = {result.pvalue:.3f}, established at any margin above {result.threshold_margin:.3f}")
    p = 0.175, established at any margin above 0.261
    """
    value = known_estimate(estimate)
    ends = _ends(value, margin)
    return two_one_sided(value, ends, _validate.alpha(alpha))


def minimum_effect(estimate: effects.Estimate, *, margin: Any, alpha: float = 0.05) -> MinimumEffectResult:
    """Test that a true value lies outside a margin: the minimum-effect test.

    Parameters
    ----------
    estimate : Estimate
        What a function of `ketastats.effects` returned. For a size without direction (such as partial eta squared) one
        number is the upper end alone.
    margin : float or pair
        One positive number for ``-margin`` to ``margin`` (for ratios one number above 1, for ``1 / margin`` to
        ``margin``), or a pair, whose ends may be arrays. An infinite end (for ratios 0) leaves one direction only.
    alpha : float
        One-sided level, for each direction. The chance to reject in either direction, with the true value on an end, is
        hardly above it when the margin is some standard errors wide, and twice this level when it is very narrow.

    Returns
    -------
    MinimumEffectResult
        Both one-sided tests, and the ``1 - 2 alpha`` interval, which lies wholly outside the margin exactly when one of
        them rejects.

    Raises
    ------
    InvalidType
        If `estimate` is a bare number.
    InvalidArgument
        If a value is out of range.

    References
    ----------
    .. [1] Murphy KR, Myors B (1999). Testing the hypothesis that treatments have negligible effects: minimum-effect
       tests in the general linear model. Journal of Applied Psychology 84, 234-248. doi:10.1037/0021-9010.84.2.234

    Examples
    --------
    >>> import ketastats as ks
    >>> symptoms = ks.effects.means(9.8, 4.5, 37, 13.7, 5.8, 46)
    >>> result = ks.equivalence.minimum_effect(symptoms, margin=2.0)
    >>> print(f"p = {result.pvalue:.4f} that the difference is below {result.margin_low:.0f} or above 2")
    p = 0.0484 that the difference is below -2 or above 2
    """
    value = known_estimate(estimate)
    low, high = _ends(value, margin)
    size, interval = matching_interval(value, alpha)
    below = pvalue_at(value, low, "less", absent=1.0)
    above = pvalue_at(value, high, "greater", absent=1.0)
    return MinimumEffectResult(
        estimate=value.point,
        margin_low=low[()],
        margin_high=high[()],
        p_below=below,
        p_above=above,
        pvalue=np.minimum(below, above),
        low=interval.low,
        high=interval.high,
        alpha=size,
        method=f"minimum-effect test, two one-sided tests, {value.method}",
        references=(MURPHY, *value.references),
    )


def known_estimate(value: Any) -> effects.Estimate:
    """Return the estimate, if it is one."""
    if not isinstance(value, effects.Estimate):
        remedy = "Give what a function of ketastats.effects returned, e.g. effects.estimate(point, se)."
        raise InvalidType("estimate", value, "an Estimate", remedy)
    return value


def _ends(value: effects.Estimate, margin: Any) -> tuple[Array, Array]:
    """Return the ends of the margin; a size without direction has no lower one."""
    single = not isinstance(margin, (tuple, list)) and np.ndim(margin) == 0
    if value.scale in UNSIGNED and single:
        return _validate.margins((-np.inf, margin))
    if value.scale == "proportion" and single and isinstance(margin, (int, float, np.number)):
        raise InvalidArgument("margin", margin, "a pair (low, high)", "One proportion has no value of no difference.")
    return _validate.margins(margin, ratio=value.scale in RATIOS)


def matching_interval(value: effects.Estimate, alpha: float) -> tuple[float, effects.ConfidenceInterval]:
    """Return alpha and the central ``1 - 2 alpha`` interval."""
    size = _validate.alpha(alpha)
    # At alpha = 0.5 the interval is the median-unbiased point, the limit of ever narrower intervals.
    return size, value.confidence_interval(max(1.0 - 2.0 * size, 1e-15))
