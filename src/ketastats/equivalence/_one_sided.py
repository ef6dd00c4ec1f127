"""Noninferiority and superiority by a margin, whatever was estimated."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from .. import _validate, effects
from .._results import Result
from ..effects._base import RATIOS
from ..errors import InvalidArgument, InvalidType
from ._estimate import pvalue_at
from ._questions import UNSIGNED, Array, known_estimate, matching_interval

__all__ = ["NoninferiorityResult", "SuperiorityResult", "noninferiority", "superiority"]

PIAGGIO = "Piaggio et al. 2012, doi:10.1001/jama.2012.87802"


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
       randomized trials: extension of the CONSORT 2010 statement. JAMA 308, 2594-2604. doi:10.1001/jama.2012.87802

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
    size, interval = matching_interval(value, alpha)
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
       randomized trials: extension of the CONSORT 2010 statement. JAMA 308, 2594-2604. doi:10.1001/jama.2012.87802

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
    size, interval = matching_interval(value, alpha)
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


def _directed(
    estimate: Any, margin: Any, higher_is_better: Any, *, allow_none: bool
) -> tuple[effects.Estimate, float, Array]:
    """Return the estimate, the sign of better, and the margin as it was given."""
    value = known_estimate(estimate)
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
    with np.errstate(divide="ignore", over="ignore"):
        turned = np.divide(1.0, size)
    return (np.maximum(size, turned) if sign > 0 else np.minimum(size, turned))[()]


def _reach(value: effects.Estimate, end: Any, sign: float) -> Any:
    """Return how far an end of the interval lies from no difference in the direction `sign`, as a margin."""
    if value.scale in RATIOS and sign < 0:
        with np.errstate(divide="ignore", over="ignore"):
            return np.divide(1.0, end)
    return np.multiply(1.0 if value.scale in RATIOS else sign, end)[()]
