"""Questions about an estimate and a margin, whatever was estimated."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .. import _validate, effects
from .._results import Result
from ..effects._base import RATIOS
from ..errors import InvalidArgument, InvalidType
from ._base import EquivalenceResult
from ._estimate import pvalue_at, two_one_sided

__all__ = [
    "MinimumEffectResult",
    "NoninferiorityResult",
    "SuperiorityResult",
    "minimum_effect",
    "noninferiority",
    "superiority",
    "tost",
]

#: Scales that measure a size without a direction.
UNSIGNED = ("partial_eta_squared", "cohens_f", "noncentrality")
PIAGGIO = "Piaggio et al. 2012, doi:10.1001/jama.2012.87802"
MURPHY = "Murphy & Myors 1999, doi:10.1037/0021-9010.84.2.234"

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class NoninferiorityResult(Result):
    """One one-sided test that group 1 is not worse than group 2 by a margin or more.

    Parameters
    ----------
    estimate : float or ndarray
        The estimate.
    bound : float or ndarray
        The value that is tested: the margin below no difference if higher is better, else above it.
    p_noninferiority : float or ndarray
        One-sided p that the true value lies on the good side of `bound`.
    p_superiority : float or ndarray
        One-sided p that it lies on the good side of no difference. It may be read after noninferiority is established,
        without correction for two tests, since the second claim contains the first.
    low, high : float or ndarray
        The central ``1 - 2 alpha`` interval, by the same method as the tests.
    threshold_margin : float or ndarray
        The smallest margin at which the data would establish noninferiority at `alpha`; not above 0 (for ratios 1)
        where they establish superiority.
    alpha : float
        One-sided level.
    higher_is_better : bool
        Which direction is the good one.
    method : str
        The method that was used.
    references : tuple of str
        Where it was published.
    """

    estimate: Any
    bound: Any
    p_noninferiority: Any
    p_superiority: Any
    low: Any
    high: Any
    threshold_margin: Any
    alpha: float
    higher_is_better: bool
    method: str
    references: tuple[str, ...] = ()

    @property
    def established(self) -> Any:
        """Whether noninferiority is established: p below alpha, elementwise."""
        return self.p_noninferiority < self.alpha


@dataclass(frozen=True, slots=True, kw_only=True)
class SuperiorityResult(Result):
    """One one-sided test that group 1 is better than group 2 by more than a margin.

    Parameters
    ----------
    estimate : float or ndarray
        The estimate.
    bound : float or ndarray
        The value that is tested: the margin above no difference if higher is better, else below it.
    p_superiority : float or ndarray
        One-sided p that the true value lies on the good side of `bound`.
    low, high : float or ndarray
        The central ``1 - 2 alpha`` interval, by the same method as the test.
    threshold_margin : float or ndarray
        The largest margin at which the data would establish superiority at `alpha`; below 0 (for ratios 1) where they
        establish none.
    alpha : float
        One-sided level.
    higher_is_better : bool
        Which direction is the good one.
    method : str
        The method that was used.
    references : tuple of str
        Where it was published.
    """

    estimate: Any
    bound: Any
    p_superiority: Any
    low: Any
    high: Any
    threshold_margin: Any
    alpha: float
    higher_is_better: bool
    method: str
    references: tuple[str, ...] = ()

    @property
    def established(self) -> Any:
        """Whether superiority by the margin is established: p below alpha, elementwise."""
        return self.p_superiority < self.alpha


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
    value = _estimate(estimate)
    ends = _ends(value, margin)
    return two_one_sided(value, ends, _validate.alpha(alpha))


def noninferiority(
    estimate: effects.Estimate, *, margin: ArrayLike, higher_is_better: bool, alpha: float = 0.05
) -> NoninferiorityResult:
    """Test that group 1 is not worse than group 2 by a margin or more.

    Parameters
    ----------
    estimate : Estimate
        What a function of `ketastats.effects` returned: a difference of group 1 minus group 2, or a ratio.
    margin : array_like
        How much worse is still acceptable: a positive number, for ratios any positive number but 1 (0.8 and 1.25 are
        the same margin). It may be an array.
    higher_is_better : bool
        Whether larger values are the good ones (response) or the bad ones (symptoms). There is no default.
    alpha : float
        One-sided level; confirmatory trials often use 0.025.

    Returns
    -------
    NoninferiorityResult
        The one-sided test at the margin and that at no difference, the ``1 - 2 alpha`` interval and the smallest margin
        that the data would establish.

    Raises
    ------
    InvalidType
        If `estimate` is a bare number.
    InvalidArgument
        If a value is out of range, or the estimate has no direction.

    References
    ----------
    .. [1] Piaggio G, Elbourne DR, Pocock SJ, Evans SJW, Altman DG (2012). Reporting of noninferiority and equivalence
       randomized trials. JAMA 308, 2594-2604. doi:10.1001/jama.2012.87802

    Examples
    --------
    >>> import ketastats as ks
    >>> response = ks.effects.proportions(80, 100, 78, 100)
    >>> result = ks.equivalence.noninferiority(response, margin=0.10, higher_is_better=True)
    >>> print(f"p = {result.p_noninferiority:.4f}, established at any margin above {result.threshold_margin:.3f}")
    p = 0.0198, established at any margin above 0.076
    """
    value, sign, gap = _directed(estimate, margin, higher_is_better, allow_none=False)
    bound, none = _bound(value, gap, -sign), 1.0 if value.scale in RATIOS else 0.0
    size, interval = _interval(value, alpha)
    worst = interval.low if sign > 0 else interval.high
    side = "greater" if sign > 0 else "less"
    return NoninferiorityResult(
        estimate=value.point,
        bound=bound,
        p_noninferiority=pvalue_at(value, bound, side, absent=0.0),
        p_superiority=pvalue_at(value, none, side, absent=0.0),
        low=interval.low,
        high=interval.high,
        threshold_margin=_reach(value, worst, -sign),
        alpha=size,
        higher_is_better=sign > 0,
        method=f"noninferiority, one-sided test, {value.method}",
        references=(PIAGGIO, *value.references),
    )


def superiority(
    estimate: effects.Estimate, *, margin: ArrayLike, higher_is_better: bool, alpha: float = 0.05
) -> SuperiorityResult:
    """Test that group 1 is better than group 2 by more than a margin.

    Parameters
    ----------
    estimate : Estimate
        What a function of `ketastats.effects` returned: a difference of group 1 minus group 2, or a ratio.
    margin : array_like
        How much better is not yet enough: 0 (for ratios 1) for plain superiority, or a positive number; for ratios 0.8
        and 1.25 are the same margin. It may be an array.
    higher_is_better : bool
        Whether larger values are the good ones (response) or the bad ones (symptoms). There is no default.
    alpha : float
        One-sided level; confirmatory trials often use 0.025.

    Returns
    -------
    SuperiorityResult
        The one-sided test at the margin, the ``1 - 2 alpha`` interval and the largest margin that the data would
        establish.

    Raises
    ------
    InvalidType
        If `estimate` is a bare number.
    InvalidArgument
        If a value is out of range, or the estimate has no direction.

    References
    ----------
    .. [1] Piaggio G, Elbourne DR, Pocock SJ, Evans SJW, Altman DG (2012). Reporting of noninferiority and equivalence
       randomized trials. JAMA 308, 2594-2604. doi:10.1001/jama.2012.87802

    Examples
    --------
    >>> import ketastats as ks
    >>> symptoms = ks.effects.means(9.8, 4.5, 37, 13.7, 5.8, 46)
    >>> result = ks.equivalence.superiority(symptoms, margin=1.0, higher_is_better=False)
    >>> print(f"p = {result.p_superiority:.4f}, established at any margin below {result.threshold_margin:.2f}")
    p = 0.0061, established at any margin below 2.02
    """
    value, sign, gap = _directed(estimate, margin, higher_is_better, allow_none=True)
    bound = _bound(value, gap, sign)
    size, interval = _interval(value, alpha)
    return SuperiorityResult(
        estimate=value.point,
        bound=bound,
        # Nothing is better by an infinite margin.
        p_superiority=pvalue_at(value, bound, "greater" if sign > 0 else "less", absent=1.0),
        low=interval.low,
        high=interval.high,
        threshold_margin=_reach(value, interval.low if sign > 0 else interval.high, sign),
        alpha=size,
        higher_is_better=sign > 0,
        method=f"superiority by a margin, one-sided test, {value.method}",
        references=(PIAGGIO, *value.references),
    )


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
    value = _estimate(estimate)
    low, high = _ends(value, margin)
    size, interval = _interval(value, alpha)
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


def _estimate(value: Any) -> effects.Estimate:
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


def _directed(
    estimate: Any, margin: Any, higher_is_better: Any, *, allow_none: bool
) -> tuple[effects.Estimate, float, Array]:
    """Return the estimate, the sign of better, and the margin as it was given."""
    value = _estimate(estimate)
    if value.scale in UNSIGNED or value.scale == "proportion":
        remedy = "Use minimum_effect, or the estimate's own pvalue(limit, alternative=...)."
        raise InvalidArgument("estimate", value.scale, "a difference, a correlation or a ratio of two groups", remedy)
    if not isinstance(higher_is_better, (bool, np.bool_)):
        remedy = "Say which direction is the good one."
        raise InvalidType("higher_is_better", higher_is_better, "True or False", remedy)
    ratio = value.scale in RATIOS
    if margin is None or isinstance(margin, (str, bytes)):
        remedy = "A margin is a scientific claim: there is no default."
        raise InvalidType("margin", margin, "a positive number or an array of them", remedy)
    size = _validate.array(margin, "margin", infinite=True)
    least = "at least 0" if allow_none and not ratio else "a positive number"
    bad = (size < 0) | ((size == 0) & (ratio or not allow_none))
    if np.any(bad):
        raise InvalidArgument("margin", float(size[bad][0]), least, "higher_is_better says the direction.")
    if ratio and not allow_none and np.any(size == 1):
        raise InvalidArgument("margin", 1.0, "a ratio other than 1", "A ratio of 1 is no difference.")
    return value, (1.0 if higher_is_better else -1.0), size


def _bound(value: effects.Estimate, size: Array, sign: float) -> Any:
    """Return the value that lies a margin above (sign 1) or below (-1) no difference."""
    if value.scale not in RATIOS:
        return (sign * size)[()]
    with np.errstate(divide="ignore"):
        turned = np.divide(1.0, size)
    return (np.maximum(size, turned) if sign > 0 else np.minimum(size, turned))[()]


def _interval(value: effects.Estimate, alpha: float) -> tuple[float, effects.ConfidenceInterval]:
    size = _validate.alpha(alpha)
    # At alpha = 0.5 the interval is the median-unbiased point, the limit of ever narrower intervals.
    return size, value.confidence_interval(max(1.0 - 2.0 * size, 1e-15))


def _reach(value: effects.Estimate, end: Any, sign: float) -> Any:
    """Return how far an end of the interval lies from no difference in the direction `sign`, as a margin."""
    if value.scale in RATIOS and sign < 0:
        with np.errstate(divide="ignore"):
            return np.divide(1.0, end)
    return np.multiply(1.0 if value.scale in RATIOS else sign, end)[()]
