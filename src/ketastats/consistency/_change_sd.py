"""Can three standard deviations, before, after and of the change, belong to the same people?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .. import _validate
from ..errors import InvalidArgument
from ..numerics.change_scores import correlation_range
from ..reported import Rounding
from ._base import CONSISTENT, Consistency, agreement, least_assumption
from ._columns import rows
from ._printed import Column, WholeEnds, read_column
from ._roundings import branches

__all__ = ["change_sd"]

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]


def change_sd(sd_pre: object, sd_post: object, sd_change: object, *, rounding: str = "half") -> Consistency:
    """Say whether the standard deviations before, after and of the change can belong to the same people.

    They imply the correlation of both measurements, which lies between -1 and 1: the deviation of the change is at
    least the difference of the other two and at most their sum.

    Parameters
    ----------
    sd_pre, sd_post : str, Reported or a column of them
        Standard deviations before and after as printed, above zero.
    sd_change : str, Reported or a column of them
        Standard deviation of the change as printed.
    rounding : str
        How the digits were cut; see `Rounding`.

    Returns
    -------
    Consistency
        Labels ``"consistent"``, ``"only if truncated"`` and so on, ``"impossible"``. Columns: sd_pre, sd_post,
        sd_change; failed, which is ``"r > 1"``, ``"r < -1"`` or nothing; r_low and r_high, the correlation over the
        rounding intervals, also where it is beyond -1 or 1.

    Raises
    ------
    InvalidArgument, InvalidType
        If an argument cannot be used.

    Examples
    --------
    >>> import ketastats as ks
    >>> found = ks.consistency.change_sd("8.0", "5.0", ["2.0", "6.0", "13.5"])
    >>> found["failed"].tolist()
    ['r > 1', '', 'r < -1']
    >>> print(found.explanation[1])
    Deviations of 8.0, 5.0 and 6.0 imply a correlation of 0.649 to 0.676.
    """
    rule = Rounding(_validate.choice(rounding, "rounding", tuple(Rounding)))
    number, columns = rows(sd_pre=sd_pre, sd_post=sd_post, sd_change=sd_change)
    printed = {name: read_column(cells, name, rule, number, signed=False) for name, cells in columns.items()}
    for name in ("sd_pre", "sd_post"):
        if np.any(printed[name].units == 0):
            raise InvalidArgument(name, "0", "printed deviations above zero", "Without spread there is no correlation.")
    outcomes = {
        label: _too_far([printed[name].whole(cut) for name in columns]) for label, cut in branches(rule).items()
    }
    holds = {label: ~(above | below) for label, (above, below) in outcomes.items()}
    above, below = outcomes[CONSISTENT]
    failed = np.where(above, "r > 1", np.where(below, "r < -1", ""))
    low, high = _correlations([printed[name].whole() for name in columns])
    return Consistency(
        label=least_assumption(holds),
        holds=holds,
        columns={
            **{name: digits.texts for name, digits in printed.items()},
            "failed": failed,
            "r_low": low,
            "r_high": high,
        },
        method="the correlation that three standard deviations imply, decided by exact arithmetic",
        assumptions=("all three deviations are of the same people, with the same divisor",),
        _explain=_Sentences(list(printed.values()), low, high, holds),
    )


def _common(ends: list[WholeEnds]) -> list[tuple[NDArray[Any], NDArray[Any]]]:
    """Return the ends of the three intervals as whole numbers of one unit per row, none below zero."""
    scales = [end.scale.astype(object) for end in ends]
    units = [scales[1] * scales[2], scales[0] * scales[2], scales[0] * scales[1]]
    return [
        (np.maximum(end.low.astype(object) * unit, 0), end.high.astype(object) * unit)
        for end, unit in zip(ends, units, strict=True)
    ]


def _too_far(ends: list[WholeEnds]) -> tuple[BoolArray, BoolArray]:
    """Return where every correlation is above 1, and where every one is below -1."""
    (low_a, high_a), (low_b, high_b), (low_c, high_c) = _common(ends)
    a, b, c = ends
    # The least difference of the first two, and whether it is reached.
    gap_ab, gap_ba = low_a - high_b, low_b - high_a
    gap = np.maximum(gap_ab, gap_ba)
    reached = np.where(gap_ab >= gap_ba, a.closed_low & b.closed_high, b.closed_low & a.closed_high) & c.closed_high
    above = (gap > high_c) | ((gap == high_c) & (gap > 0) & ~reached)
    most = high_a + high_b
    below = (most < low_c) | ((most == low_c) & ~(a.closed_high & b.closed_high & c.closed_low))
    return np.asarray(above, dtype=bool), np.asarray(below, dtype=bool)


def _correlations(ends: list[WholeEnds]) -> tuple[FloatArray, FloatArray]:
    floats = [
        (np.maximum((end.low / end.scale).astype(np.float64), 0.0), (end.high / end.scale).astype(np.float64))
        for end in ends
    ]
    # A deviation just above zero is divided by; a printed one of at least half a unit is not.
    for place in (0, 1):
        low, high = floats[place]
        floats[place] = (np.maximum(low, high * 1e-6), high)
    return correlation_range(*floats)


@dataclass(frozen=True, slots=True)
class _Sentences:
    """Says why a row has its label."""

    printed: list[Column]
    low: FloatArray
    high: FloatArray
    holds: Mapping[str, BoolArray]

    def __call__(self, row: int) -> str:
        first, second, third = (digits.at(row).text.strip() for digits in self.printed)
        implied = f"{self.low[row]:.3f} to {self.high[row]:.3f}"
        sentence = f"Deviations of {first}, {second} and {third} imply a correlation of {implied}."
        return sentence if self.holds[CONSISTENT][row] else sentence + agreement(self.holds, row)
