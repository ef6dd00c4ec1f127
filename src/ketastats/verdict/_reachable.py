"""Whether some value of t that prints so brings the whole interval of a mean difference into a region."""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import effects
from ..numerics.chandrupatla import find_roots
from ..reconstruct import CompatibleMeans
from ..regions import Region

__all__ = ["reachable"]

_FAR = 1e4


def reachable(region: Region, means: CompatibleMeans, low: Any, high: Any, estimand: str, level: float) -> Any:
    """Return, for each split, whether both limits can lie in the region at once.

    `low` and `high` hold the smallest and the largest value of each limit. The question arises only where each limit
    can come to lie in the region, but not always does: the digits leave a wide range of t, and the region is not
    symmetric.
    """
    asked = region.covers(low[1], high[0]) & ~region.covers(low[0], high[1])
    result = np.ones(asked.shape, dtype=bool)
    if region.symmetric and not means.sign_known:
        # The smallest |t| has the smallest upper limit, and its lower limit lies nearer to zero: it serves for both.
        return result
    at = np.nonzero(asked)[0]
    if at.size and estimand == "smd":
        result[at] = _smd(region, means, at, level)
    elif at.size:
        result[at] = means.distance_outside(region.low, region.high, level)[at] < 0
    return result


def _smd(region: Region, means: CompatibleMeans, at: Any, level: float) -> Any:
    """Both limits of d grow with t: where the lower one enters the region, the upper one must not have left it."""
    tail = 0.5 * (1.0 - level)
    n1, n2 = means.n1[at], means.n2[at]

    def missing(t: Any, rows: Any) -> Any:
        """Return how far the lower limit stays outside, on the scale of p."""
        estimate = effects.smd_from_t(t, n1[rows], n2[rows])
        return np.atleast_1d(estimate.pvalue(region.low, alternative="greater")) - tail

    # Far out the upper limit of d has left any finite region, so that an infinite t is never needed.
    unit = np.sqrt(1.0 / n1 + 1.0 / n2)
    start, stop = np.maximum(means.d_low[at] / unit, -_FAR), np.minimum(means.d_high[at] / unit, _FAR)
    every = np.arange(at.size)
    first = find_roots(missing, (start, stop), (missing(start, every), missing(stop, every)))
    # Where the lower limit lies in the region from the start, the start serves.
    first = np.where(missing(start, every) < 0, start, first)
    return effects.smd_from_t(first, n1, n2).pvalue(region.high, alternative="less") < tail
