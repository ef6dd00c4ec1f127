"""Over which scales of the prior a conclusion holds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .. import _validate
from .._results import Result
from ..errors import InvalidType
from ..numerics.chandrupatla import find_roots
from ._base import BayesFactor

__all__ = ["RobustnessRegion", "robustness_region"]

FloatArray = NDArray[np.float64]
IndexArray = NDArray[np.intp]

_DIENES = "Dienes 2019, Advances in Methods and Practices in Psychological Science 2, 364-377"
# Scales per factor of ten that are looked at before the ends are refined.
_PER_DECADE = 24
# Beyond this the log factor only needs a sign.
_LARGEST = 1e12
_WORDS = np.array(["null", "neither", "alternative"])


@dataclass(frozen=True, slots=True, kw_only=True)
class RobustnessRegion(Result):
    """The range of prior scales about a stated one over which the conclusion stays the same.

    Parameters
    ----------
    scale : float or ndarray
        The stated scale.
    conclusion : str or ndarray of str
        What the data support there: "alternative", "null" or "neither".
    low, high : float or ndarray
        The scales between which that holds.
    ends_low, ends_high : bool or ndarray
        Whether the conclusion changes at that end; if not, it holds as far as was looked.
    log_bf10 : float or ndarray
        Natural logarithm of the Bayes factor at the stated scale.
    threshold : float
        The Bayes factor, either way, that counts as support.
    method : str
        The method that was used.
    references : tuple of str
        Where it was published.
    """

    scale: Any
    conclusion: Any
    low: Any
    high: Any
    ends_low: Any
    ends_high: Any
    log_bf10: Any
    threshold: float
    method: str
    references: tuple[str, ...] = ()


def robustness_region(
    factor: Callable[[Any], BayesFactor], scale: ArrayLike, *, threshold: float, reach: float = 1000.0
) -> RobustnessRegion:
    """Return the range of prior scales over which the conclusion from a Bayes factor stays the same.

    The conclusion is "alternative" where the factor is at least the threshold, "null" where its inverse is, and
    "neither" between. The region is the unbroken one that holds the stated scale.

    Parameters
    ----------
    factor : callable
        Takes prior scales, alone or as an array that broadcasts against the data, and returns a `BayesFactor`: usually
        ``lambda scale: ks.evidence.means(..., scale=scale)``. Any parameter that is a scale will do: the SD of a normal
        prior, the width kappa of a correlation's.
    scale : array_like
        The stated scale, or one for each set of data.
    threshold : float
        The Bayes factor that counts as support, above 1; there is no default.
    reach : float
        How far to look: from the stated scale divided by this to the stated scale times it.

    Returns
    -------
    RobustnessRegion
        Conclusion and ends, of the shape of the Bayes factor.

    Raises
    ------
    InvalidType
        If `factor` cannot be called or does not return a `BayesFactor`.
    InvalidArgument
        If a scale is not positive, or threshold or reach not above 1.

    References
    ----------
    .. [1] Dienes Z (2019). How do I know what my theory predicts? Advances in Methods and Practices in Psychological
       Science 2, 364-377.

    Examples
    --------
    >>> import ketastats as ks
    >>> region = ks.evidence.robustness_region(
    ...     lambda scale: ks.evidence.means(t=0.567, n1=37, n2=46, scale=scale), 0.707, threshold=3
    ... )
    >>> print(region.conclusion, f"from {region.low:.2f}")
    null from 0.53
    """
    bar = float(np.log(_validate.real(threshold, "threshold", low=1.0, open_low=True)))
    width = float(np.log(_validate.real(reach, "reach", low=1.0, open_low=True)))
    stated = _validate.array(scale, "scale", low=0.0, open_low=True)
    here = _evaluate(factor, stated)
    shape = here.shape
    centre = np.log(np.broadcast_to(stated, shape).ravel())
    half = max(1, int(np.ceil(width / np.log(10.0) * _PER_DECADE)))
    steps = np.linspace(-1.0, 1.0, 2 * half + 1)[:, None] * width
    grid = centre + steps
    values = _evaluate(factor, np.exp(grid).reshape(steps.shape[:1] + shape)).reshape(grid.shape)
    values[half] = here.ravel()
    state = (values >= bar).astype(np.int64) - (values <= -bar)

    def refine(at: IndexArray) -> tuple[FloatArray, NDArray[np.bool_]]:
        """Return where the state changes between the last point of the region and its neighbour beyond."""
        inner, outer = at
        changes = inner != outer
        column = np.arange(centre.size)
        target = _target(state[inner, column], state[outer, column], bar)
        ends = grid[inner, column], grid[outer, column]

        def gap(x: FloatArray, rows: IndexArray) -> FloatArray:
            place = centre.copy()
            place[rows] = x
            return np.asarray(_evaluate(factor, np.exp(place).reshape(shape)).ravel()[rows] - target[rows])

        gaps = values[inner, column] - target, values[outer, column] - target
        return np.where(changes, find_roots(gap, ends, gaps), ends[0]), changes

    low, ends_low = refine(_edge(state, half, -1))
    high, ends_high = refine(_edge(state, half, 1))
    return RobustnessRegion(
        scale=np.broadcast_to(stated, shape)[()],
        conclusion=_WORDS[state[half] + 1].reshape(shape)[()],
        low=np.exp(low).reshape(shape)[()],
        high=np.exp(high).reshape(shape)[()],
        ends_low=ends_low.reshape(shape)[()],
        ends_high=ends_high.reshape(shape)[()],
        log_bf10=here[()],
        threshold=float(threshold),
        method="robustness region of a Bayes factor",
        references=(_DIENES,),
    )


def _evaluate(factor: Callable[[Any], BayesFactor], scale: FloatArray) -> FloatArray:
    if not callable(factor):
        raise InvalidType("factor", factor, "a function of the prior scale that returns a BayesFactor")
    try:
        result = factor(scale[()])
    except TypeError as error:
        raise InvalidType("factor", factor, "a function of the prior scale that returns a BayesFactor") from error
    if not isinstance(result, BayesFactor):
        raise InvalidType("factor", result, "a function of the prior scale that returns a BayesFactor")
    return np.array(np.clip(result.log_bf10, -_LARGEST, _LARGEST), dtype=np.float64)


def _edge(state: NDArray[np.int64], middle: int, way: int) -> IndexArray:
    """Return the last row of each region on one side, and the row beyond it (the same where there is none)."""
    side = state[middle::way]
    same = np.cumprod(side == side[0], axis=0).sum(axis=0)
    last = middle + way * (same - 1)
    beyond = np.where(same < side.shape[0], last + way, last)
    return np.asarray(np.stack([last, beyond]), dtype=np.intp)


def _target(inner: NDArray[np.int64], outer: NDArray[np.int64], bar: float) -> FloatArray:
    """Return the log factor at which the conclusion changes; a region without support ends at its neighbour's."""
    decides = np.where(inner == 0, outer, inner)
    return np.asarray(decides * bar, dtype=np.float64)
