"""Power of equivalence of one proportion to a fixed range."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from .. import _validate
from ..errors import InvalidArgument
from ..numerics.exact_proportion import between, fewest_rejected
from ._one_sample import OneSamplePowerResult

__all__ = ["ProportionPower", "proportion_equivalence"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProportionPower(OneSamplePowerResult):
    """Power of tests of one proportion, with the events that reject.

    Parameters
    ----------
    power, n, effect, alpha, method, references : object
        As in `OneSamplePowerResult`; the effect is the true proportion.
    reject_low, reject_high : int or ndarray
        Both tests reject from this number of events to that one; where the first is larger, they never do.
    """

    reject_low: Any
    reject_high: Any


def proportion_equivalence(*, n: ArrayLike, p: ArrayLike, margin: Any, alpha: float = 0.05) -> ProportionPower:
    """Return the power of two one-sided exact binomial tests that a proportion lies in a range, by enumeration.

    Parameters
    ----------
    n : array_like of int
        People.
    p : array_like
        True proportion, from 0 to 1.
    margin : pair
        Ends of the range, proportions from 0 to 1 that may be arrays. An infinite end asks for one side only.
    alpha : float
        One-sided level.

    Returns
    -------
    ProportionPower
        The probability that both tests reject, and the events with which they do.

    Raises
    ------
    InvalidArgument
        If a value is out of range.

    References
    ----------
    .. [1] Wellek S (2010). Testing Statistical Hypotheses of Equivalence and Noninferiority, 2nd edition, chapter 4.
       CRC Press. doi:10.1201/EBK1439808184

    Examples
    --------
    >>> import ketastats as ks
    >>> plan = ks.power.proportion_equivalence(n=500, p=0.60, margin=(0.5, 0.7))
    >>> print(f"{plan.power:.4f}, with {plan.reject_low} to {plan.reject_high} events")
    0.9965, with 269 to 332 events
    """
    allowed = "a pair (low, high) of proportions from 0 to 1, or one infinite end"
    paired = isinstance(margin, (tuple, list))
    if not paired and not isinstance(margin, (str, bytes)) and margin is not None and np.ndim(margin) == 0:
        raise InvalidArgument("margin", margin, allowed, "The range of one proportion has no symmetric form.")
    low, high = _validate.margins(margin)
    for end in (low, high):
        bad = np.isfinite(end) & ((end < 0) | (end > 1))
        if np.any(bad):
            raise InvalidArgument("margin", float(end[bad].flat[0]), allowed)
    level = _validate.alpha(alpha)
    size, true, low, high = _validate.broadcast(
        n=_validate.integers(n, "n", low=1).astype(np.float64),
        p=_validate.array(p, "p", low=0.0, high=1.0),
        margin_low=low,
        margin_high=high,
    )
    # The test of the upper end is the test of the lower end of the events that did not happen.
    first, last = fewest_rejected(size, low, level), size - fewest_rejected(size, 1.0 - high, level)
    return ProportionPower(
        power=between(first, last, size, true)[()],
        n=size.astype(np.int64)[()],
        effect=true[()],
        alpha=level,
        method="two one-sided exact binomial tests, exact, by enumeration",
        references=("Wellek 2010, doi:10.1201/EBK1439808184",),
        reject_low=first.astype(np.int64)[()],
        reject_high=last.astype(np.int64)[()],
    )
