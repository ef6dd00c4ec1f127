"""Numbers needed to treat, with an interval that passes through infinity where the difference may be zero."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from .. import _validate
from .._results import Result, number
from ..errors import InvalidType
from ._proportions import proportions

__all__ = ["NumberNeeded", "number_needed_to_treat"]

_COOK = "Cook & Sackett 1995, doi:10.1136/bmj.310.6977.452"
_ALTMAN = "Altman 1998, doi:10.1136/bmj.317.7168.1309"


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberNeeded(Result):
    """How many people treated make one more good outcome, or one more bad one.

    A number needed is one over the difference, so an interval of the difference that holds 0 becomes two pieces that
    meet at infinity. Each piece is given by its ends; where the interval leaves out a side, both ends are infinite.

    Parameters
    ----------
    benefit : float or ndarray
        Number needed to treat for one person to benefit (NNTB); infinite where the estimate shows harm or neither.
    harm : float or ndarray
        Number needed to treat for one person to be harmed (NNTH); infinite where the estimate shows benefit or neither.
    benefit_low, benefit_high : float or ndarray
        Smallest and largest NNTB in the interval; the largest is infinite where the interval reaches no difference.
    harm_low, harm_high : float or ndarray
        Smallest and largest NNTH in the interval, likewise.
    through_infinity : bool or ndarray of bool
        Whether the interval holds both benefit and harm.
    difference, difference_low, difference_high : float or ndarray
        Group 1 minus group 2, in the good direction, with its interval.
    level : float
        Confidence level.
    method : str
        The method that was used.
    references : tuple of str
        Where it was published.
    """

    benefit: Any
    harm: Any
    benefit_low: Any
    benefit_high: Any
    harm_low: Any
    harm_high: Any
    through_infinity: Any
    difference: Any
    difference_low: Any
    difference_high: Any
    level: float
    method: str
    references: tuple[str, ...] = ()

    @property
    def text(self) -> Any:
        """The interval as it should be printed, e.g. ``NNTB 8.7 (NNTB 3.8 to infinity to NNTH 22)``, elementwise."""
        rows = np.broadcast_arrays(
            *(self.benefit, self.harm, self.benefit_low, self.benefit_high, self.harm_low, self.harm_high)
        )
        texts = [_text(*(float(value) for value in row)) for row in zip(*(array.flat for array in rows), strict=True)]
        return np.array(texts, dtype=object).reshape(rows[0].shape)[()]


def number_needed_to_treat(
    x1: ArrayLike,
    n1: ArrayLike,
    x2: ArrayLike,
    n2: ArrayLike,
    *,
    event_is_good: bool,
    level: float = 0.95,
    method: str = "score",
) -> NumberNeeded:
    """Return the number needed to treat, with its interval through infinity.

    Parameters
    ----------
    x1, n1, x2, n2 : int or array_like of int
        Events and people in group 1 (treated) and in group 2 (control); they broadcast together.
    event_is_good : bool
        Whether an event is a good outcome (response) or a bad one (relapse). There is no default.
    level : float
        Confidence level.
    method : str
        Method of the risk difference, as in `proportions`.

    Returns
    -------
    NumberNeeded
        The number for benefit or for harm, and the pieces of the interval on either side.

    Raises
    ------
    InvalidType
        If the direction is not said.
    InvalidArgument
        If a count, the level or the method is not allowed.

    References
    ----------
    .. [1] Cook RJ, Sackett DL (1995). The number needed to treat: a clinically useful measure of treatment effect. BMJ
       310, 452-454. doi:10.1136/bmj.310.6977.452
    .. [2] Altman DG (1998). Confidence intervals for the number needed to treat. BMJ 317, 1309-1312.
       doi:10.1136/bmj.317.7168.1309

    Examples
    --------
    >>> import ketastats as ks
    >>> ks.effects.number_needed_to_treat(14, 46, 7, 37, event_is_good=True).text
    'NNTB 8.7 (NNTB 3.4 to infinity to NNTH 13)'
    """
    if not isinstance(event_is_good, (bool, np.bool_)):
        raise InvalidType("event_is_good", event_is_good, "True or False", "Say whether an event is a good outcome.")
    estimate = proportions(x1, n1, x2, n2, method=method)
    interval = estimate.confidence_interval(_validate.level(level))
    point, low, high = (np.asarray(value, dtype=np.float64) for value in (estimate.point, interval.low, interval.high))
    if not event_is_good:
        point, low, high = -point, -high, -low
    return NumberNeeded(
        benefit=_needed(point),
        harm=_needed(-point),
        benefit_low=_needed(high),
        benefit_high=np.where(high > 0, _needed(low), np.inf)[()],
        harm_low=_needed(-low),
        harm_high=np.where(low < 0, _needed(-high), np.inf)[()],
        through_infinity=((low < 0) & (high > 0))[()],
        difference=(point + 0.0)[()],
        difference_low=(low + 0.0)[()],
        difference_high=(high + 0.0)[()],
        level=interval.level,
        method=f"one over the risk difference, {interval.method}",
        references=(_COOK, _ALTMAN, *interval.references),
    )


def _needed(difference: Any) -> Any:
    """Return one over a positive difference, infinity otherwise."""
    positive = difference > 0
    with np.errstate(over="ignore"):
        return np.where(positive, 1.0 / np.where(positive, difference, 1.0), np.inf)[()]


def _text(benefit: float, harm: float, b_low: float, b_high: float, h_low: float, h_high: float) -> str:
    def show(value: float) -> str:
        return "infinity" if np.isinf(value) else number(value, 2 if value < 100 else 3)

    point = f"NNTB {show(benefit)}" if np.isfinite(benefit) else f"NNTH {show(harm)}" if np.isfinite(harm) else "none"
    has_benefit, has_harm = np.isfinite(b_low), np.isfinite(h_low)
    if has_benefit and has_harm:
        return f"{point} (NNTB {show(b_low)} to infinity to NNTH {show(h_low)})"
    if has_benefit:
        return f"{point} (NNTB {show(b_low)} to {show(b_high)})"
    if has_harm:
        return f"{point} (NNTH {show(h_low)} to {show(h_high)})"
    return f"{point} (no benefit and no harm)"
