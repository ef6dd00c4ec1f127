"""Second-generation p-values and S-values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .. import _validate
from .._results import Result
from ..errors import InvalidArgument

__all__ = ["SecondGenerationP", "sgpv", "svalue"]

FloatArray = NDArray[np.float64]

_BLUME = "Blume et al. 2018, doi:10.1371/journal.pone.0188299"


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondGenerationP(Result):
    """How much of an interval lies inside a margin.

    Parameters
    ----------
    sgpv : float or ndarray
        Second-generation p-value: 1 if the interval lies inside the margin, 0 if it lies outside, and one half at most
        if it is more than twice as wide as the margin.
    gap : float or ndarray
        Distance between interval and margin; zero where they meet.
    margin_low, margin_high : float or ndarray
        Ends of the margin.
    method : str
        The method that was used.
    references : tuple of str
        Where it was published.
    """

    sgpv: Any
    gap: Any
    margin_low: Any
    margin_high: Any
    method: str
    references: tuple[str, ...] = ()


def sgpv(low: ArrayLike, high: ArrayLike, *, margin: Any) -> SecondGenerationP:
    """Return the second-generation p-value of an interval: the share of it that lies inside a margin.

    Arguments broadcast together like those of a NumPy ufunc. Infinite ends are read as limits: all of them go to
    infinity at the same pace.

    Parameters
    ----------
    low, high : array_like
        Ends of an interval, usually a confidence interval at 95 %; they may be infinite.
    margin : float or pair of array_like
        The interval null: one positive number is symmetric, a pair is taken as it is, and one of its ends may be
        infinite.

    Returns
    -------
    SecondGenerationP
        The second-generation p-value and the gap, of the shape of the arguments.

    Raises
    ------
    InvalidArgument
        If an interval ends before it starts, or the margin holds every effect.

    References
    ----------
    .. [1] Blume JD, D'Agostino McGowan L, Dupont WD, Greevy RA (2018). Second-generation p-values: improved rigor,
       reproducibility, & transparency in statistical analyses. PLoS ONE 13, e0188299.
       doi:10.1371/journal.pone.0188299

    Examples
    --------
    >>> import ketastats as ks
    >>> result = ks.evidence.sgpv([-0.05, 4.9], [0.15, 5.1], margin=0.10)
    >>> [f"{value:.2f}" for value in result.sgpv]
    ['0.75', '0.00']
    """
    edge_low, edge_high = _validate.margins(margin)
    if np.any(np.isneginf(edge_low) & np.isposinf(edge_high)):
        raise InvalidArgument("margin", margin, "a margin with something outside it", "Make one end finite.")
    start, stop, edge_low, edge_high = _validate.broadcast(
        low=_validate.array(low, "low", infinite=True),
        high=_validate.array(high, "high", infinite=True),
        margin_low=edge_low,
        margin_high=edge_high,
    )
    wrong = (start > stop) | np.isposinf(start) | np.isneginf(stop)
    if wrong.any():
        raise InvalidArgument("high", stop[wrong].flat[0].item(), f"at least low, here {start[wrong].flat[0]:g}")
    bottom, top = np.maximum(start, edge_low), np.minimum(stop, edge_high)
    gap = np.maximum(bottom - top, 0.0)
    return SecondGenerationP(
        sgpv=_share(start, stop, edge_low, edge_high)[()],
        gap=gap[()],
        margin_low=edge_low[()],
        margin_high=edge_high[()],
        method="second-generation p-value",
        references=(_BLUME,),
    )


def _share(start: FloatArray, stop: FloatArray, low: FloatArray, high: FloatArray) -> FloatArray:
    # A length is a number of infinite ends and a finite part; only the first counts where there is one.
    ends, width = _length(start, stop)
    margin_ends, margin_width = _length(low, high)
    bottom, top = np.maximum(start, low), np.minimum(stop, high)
    meets = bottom <= top
    common_ends, common = _length(np.where(meets, bottom, 0.0), np.where(meets, top, 0.0))
    point = (ends == 0) & (width == 0)
    # Blume et al., equation 2: the share of the interval, or of twice the margin where that is narrower.
    narrow = np.where(margin_ends > 0, width, np.minimum(width, 2.0 * margin_width))
    finite = common / np.where(point, 1.0, narrow)
    endless = np.where(margin_ends > 0, common_ends / np.maximum(ends, 1), common / (2.0 * margin_width))
    share = np.where(ends > 0, endless, np.where(point, 1.0, finite))
    return np.asarray(np.where(meets, np.minimum(share, 1.0), 0.0))


def _length(low: FloatArray, high: FloatArray) -> tuple[NDArray[np.int64], FloatArray]:
    ends = np.isinf(low).astype(np.int64) + np.isinf(high)
    inside = ends == 0
    return ends, np.where(inside, np.where(inside, high, 1.0) - np.where(inside, low, 0.0), 1.0)


def svalue(pvalue: ArrayLike) -> Any:
    """Return the bits of information that a p-value holds against its hypothesis.

    Parameters
    ----------
    pvalue : array_like
        P-values, from 0 to 1.

    Returns
    -------
    float or ndarray
        Minus the binary logarithm: 4.3 bits for 0.05, as surprising as four heads in a row.

    Raises
    ------
    InvalidArgument
        If a p-value lies outside 0 to 1.

    References
    ----------
    .. [1] Rafi Z, Greenland S (2020). Semantic and cognitive tools to aid statistical science: replace confidence and
       significance by compatibility and surprise. BMC Medical Research Methodology 20, 244.
       doi:10.1186/s12874-020-01105-9

    Examples
    --------
    >>> import ketastats as ks
    >>> print(f"{ks.evidence.svalue(0.572):.2f}")
    0.81
    """
    p = _validate.array(pvalue, "pvalue", low=0.0, high=1.0)
    with np.errstate(divide="ignore"):
        # Adding zero makes the S-value of p = 1 a plain zero.
        return np.asarray(0.0 - np.log2(p))[()]
