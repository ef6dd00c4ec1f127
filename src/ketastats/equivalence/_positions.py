"""Where an interval lies relative to a margin and to no difference, and what may be written about it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .. import _validate
from .._results import Result
from ..errors import InvalidArgument

__all__ = ["Position", "Positions", "positions"]

_SOURCES = (
    "Lakens 2017, doi:10.1177/1948550617697177",
    "Altman & Bland 1995, doi:10.1136/bmj.311.7003.485",
    "Amrhein, Greenland & McShane 2019, doi:10.1038/d41586-019-00857-9",
)


class Position(StrEnum):
    """How an interval lies relative to the lower margin, no difference and the upper margin.

    ``EQUIVALENT``: inside the margin, and it holds no difference. ``EQUIVALENT_BUT_DIFFERENT``: inside the margin, on
    one side of no difference. ``IMPORTANTLY_DIFFERENT``: wholly beyond one end of the margin. ``DIFFERENT``: on one
    side of no difference, across an end of the margin. ``ONE_DIRECTION_OPEN``: it holds no difference and crosses one
    end. ``INCONCLUSIVE``: it holds no difference and crosses both ends.

    Examples
    --------
    >>> import ketastats as ks
    >>> print(ks.equivalence.Position.ONE_DIRECTION_OPEN)
    one direction open
    """

    EQUIVALENT = "equivalent"
    EQUIVALENT_BUT_DIFFERENT = "equivalent but different"
    IMPORTANTLY_DIFFERENT = "importantly different"
    DIFFERENT = "different"
    ONE_DIRECTION_OPEN = "one direction open"
    INCONCLUSIVE = "inconclusive"


#: What may be written, and what may not; {low}, {high} are the ends of the margin, {none} is no difference.
_SENTENCES = {
    (Position.EQUIVALENT, 0): (
        "Every compatible value lies between {low} and {high}: a difference that matters is ruled out.",
        "There is no difference.",
    ),
    (Position.EQUIVALENT_BUT_DIFFERENT, 1): (
        "There is a difference, above {none}, and it is below {high}: too small to matter.",
        "The difference is significant, and so it matters.",
    ),
    (Position.EQUIVALENT_BUT_DIFFERENT, -1): (
        "There is a difference, below {none}, and it is above {low}: too small to matter.",
        "The difference is significant, and so it matters.",
    ),
    (Position.IMPORTANTLY_DIFFERENT, 1): (
        "There is a difference that matters: above {high}.",
        "The difference is as large as the estimate says.",
    ),
    (Position.IMPORTANTLY_DIFFERENT, -1): (
        "There is a difference that matters: below {low}.",
        "The difference is as large as the estimate says.",
    ),
    (Position.DIFFERENT, 1): (
        "There is a difference, above {none}; whether it exceeds {high} and so matters is open.",
        "There is a difference that matters.",
    ),
    (Position.DIFFERENT, -1): (
        "There is a difference, below {none}; whether it goes beyond {low} and so matters is open.",
        "There is a difference that matters.",
    ),
    (Position.ONE_DIRECTION_OPEN, 1): (
        "No difference was shown; one of {low} or beyond is ruled out, one of {high} or beyond is not.",
        "There is no difference.",
    ),
    (Position.ONE_DIRECTION_OPEN, -1): (
        "No difference was shown; one of {high} or beyond is ruled out, one of {low} or beyond is not.",
        "There is no difference.",
    ),
    (Position.INCONCLUSIVE, 0): (
        "The data leave open a difference that matters in either direction: they are too few to tell.",
        "No difference was found, and so there is none.",
    ),
}
#: What may be written where the end of the margin that a sentence above calls safe is not there.
_ENDLESS = {
    (Position.EQUIVALENT, 1): "Every compatible value lies above {low}: a difference that matters is ruled out.",
    (Position.EQUIVALENT, -1): "Every compatible value lies below {high}: a difference that matters is ruled out.",
    (Position.EQUIVALENT, 0): "There is no difference that matters, since the margin holds every value.",
    (Position.EQUIVALENT_BUT_DIFFERENT, 1): "There is a difference, above {none}, where none matters.",
    (Position.EQUIVALENT_BUT_DIFFERENT, -1): "There is a difference, below {none}, where none matters.",
    (Position.ONE_DIRECTION_OPEN, 1): "No difference was shown; one of {high} or beyond is not ruled out.",
    (Position.ONE_DIRECTION_OPEN, -1): "No difference was shown; one of {low} or beyond is not ruled out.",
}
_KEYS = list(_SENTENCES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Positions(Result):
    """The position of each interval, and the sentences that go with it.

    Parameters
    ----------
    low, high : float or ndarray
        Ends of the interval.
    margin_low, margin_high : float or ndarray
        Ends of the margin.
    position : Position or ndarray of str
        One of the six positions.
    direction : int or ndarray of int
        1 where the interval lies above no difference, or where only the upper end of the margin is crossed; -1 where
        it is the other side; 0 where there is none.
    may_write : str or ndarray of str
        A sentence that the interval supports.
    may_not_write : str or ndarray of str
        A sentence that is often written there, and that the interval does not support.
    method : str
        The rule that was used.
    references : tuple of str
        Where it was published.
    """

    low: Any
    high: Any
    margin_low: Any
    margin_high: Any
    position: Any
    direction: Any
    may_write: Any
    may_not_write: Any
    method: str
    references: tuple[str, ...] = ()


def positions(low: ArrayLike, high: ArrayLike, *, margin: Any, ratio: bool = False) -> Positions:
    """Say where intervals lie relative to a margin and to no difference, and what may be written about each.

    Parameters
    ----------
    low, high : array_like
        Ends of a confidence interval; they may be infinite. With the central ``1 - 2 alpha`` interval each statement
        has a one-sided error of `alpha`: 90 % for the usual equivalence test. The difference itself is then also
        judged one-sided; for the usual two-sided test of it give the 95 % interval.
    margin : float or pair
        The smallest differences that matter: one positive number for ``-margin`` to ``margin`` (for ratios one number
        above 1, for ``1 / margin`` to ``margin``), or a pair around no difference, whose ends may be arrays. An
        infinite end says that in this direction nothing matters.
    ratio : bool
        Whether the interval is that of a ratio, whose value of no difference is 1 instead of 0.

    Returns
    -------
    Positions
        For each interval one of six positions, and a sentence that may and one that may not be written. An interval
        that only touches an end crosses it.

    Raises
    ------
    InvalidArgument
        If an interval or a margin is not in order, or the margin does not lie around no difference.

    References
    ----------
    .. [1] Lakens D (2017). Equivalence tests: a practical primer for t tests, correlations, and meta-analyses. Social
       Psychological and Personality Science 8, 355-362. doi:10.1177/1948550617697177
    .. [2] Altman DG, Bland JM (1995). Absence of evidence is not evidence of absence. BMJ 311, 485.
       doi:10.1136/bmj.311.7003.485
    .. [3] Amrhein V, Greenland S, McShane B (2019). Scientists rise up against statistical significance. Nature 567,
       305-307. doi:10.1038/d41586-019-00857-9

    Examples
    --------
    >>> import ketastats as ks
    >>> interval = ks.effects.proportions(7, 37, 14, 46).confidence_interval(0.90)
    >>> found = ks.equivalence.positions(interval.low, interval.high, margin=0.16)
    >>> print(found.position)
    one direction open
    >>> print(found.may_write)
    No difference was shown; one of 0.16 or beyond is ruled out, one of -0.16 or beyond is not.
    >>> print(found.may_not_write)
    There is no difference.
    """
    none = 1.0 if _validate.flag(ratio, "ratio") else 0.0
    lower, upper = _validate.margins(margin, ratio=bool(ratio))
    if np.any(lower >= none) or np.any(upper <= none):
        raise InvalidArgument("margin", margin, f"a margin around no difference, which is {none:g}")
    left = _validate.array(low, "low", low=none - 1.0 if ratio else -np.inf, infinite=True)
    right = _validate.array(high, "high", infinite=True)
    left, right, lower, upper = _validate.broadcast(low=left, high=right, margin_low=lower, margin_high=upper)
    if np.any(left > right):
        at = left > right
        raise InvalidArgument("low", float(left[at][0]), f"at most high, here {float(right[at][0]):g}")
    which = _which(left, right, (lower, upper), none)
    texts = [_texts(*row, none) for row in zip(which.flat, lower.flat, upper.flat, strict=True)]
    columns = [np.array([text[part] for text in texts], dtype=object).reshape(which.shape)[()] for part in range(3)]
    return Positions(
        low=left[()],
        high=right[()],
        margin_low=lower[()],
        margin_high=upper[()],
        position=columns[0],
        direction=np.array([side for _, side in _KEYS])[which][()],
        may_write=columns[1],
        may_not_write=columns[2],
        method="position of a confidence interval relative to a margin and to no difference",
        references=_SOURCES,
    )


def _which(low: NDArray[Any], high: NDArray[Any], margin: tuple[NDArray[Any], NDArray[Any]], none: float) -> Any:
    """Return the number of the sentences of each interval."""
    # No value lies beyond an infinite end, so none crosses it.
    crosses_low = (low <= margin[0]) & np.isfinite(margin[0]) & ((margin[0] > 0) | (none == 0))
    crosses_high = (high >= margin[1]) & np.isfinite(margin[1])
    side = np.where(low > none, 1, np.where(high < none, -1, 0))
    beyond = (low > margin[1]) | (high < margin[0])
    crosses = np.where(side > 0, crosses_high, np.where(side < 0, crosses_low, crosses_low | crosses_high))
    open_side = np.where(crosses_low & crosses_high, 0, np.where(crosses_high, 1, -1))
    kind = np.select(
        [(side != 0) & beyond, (side != 0) & crosses, side != 0, ~crosses.astype(bool), open_side == 0],
        [2, 3, 1, 0, 5],
        default=4,
    )
    way = np.where(kind == 4, open_side, side)
    table = np.zeros((6, 3), dtype=np.int64)
    for number, (position, direction) in enumerate(_KEYS):
        table[list(Position).index(position), direction + 1] = number
    return table[kind, way + 1]


def _texts(which: int, low: float, high: float, none: float) -> tuple[Position, str, str]:
    position, side = _KEYS[which]
    may, may_not = _SENTENCES[position, side]
    ends = bool(np.isinf(low) or (low == 0.0 and none == 1.0)), bool(np.isinf(high))
    safe = {Position.EQUIVALENT_BUT_DIFFERENT: ends[side > 0], Position.ONE_DIRECTION_OPEN: ends[side < 0]}
    if position is Position.EQUIVALENT and any(ends):
        may = _ENDLESS[position, ends[1] - ends[0]]
    elif safe.get(position, False):
        may = _ENDLESS[position, side]
    return position, may.format(low=f"{low:g}", high=f"{high:g}", none=f"{none:g}"), may_not
