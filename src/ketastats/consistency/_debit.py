"""Can a yes-or-no variable have this mean and this standard deviation?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .. import _validate
from ..errors import InvalidArgument
from ..numerics import binary
from ..reported import Rounding
from ._base import CONSISTENT, Consistency, agreement, least_assumption
from ._columns import rows, sizes
from ._printed import Column, read_column
from ._roundings import Reading, readings

__all__ = ["binary_sd", "debit"]

_HEATHERS = "Heathers & Brown 2019, DEBIT: a simple consistency test for binary data. https://osf.io/5vb3u"
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]


def debit(mean: object, sd: object, n: object, *, ddof: int = 1, rounding: str = "half") -> Consistency:
    """Say whether a yes-or-no variable can have the printed mean and standard deviation.

    Every count of people is tried that prints the mean, so that the answer is exact where the known test compares two
    intervals only.

    Parameters
    ----------
    mean : str, Reported or a column of them
        Share of people with the event as printed, ``"0.44"`` or ``"44%"``.
    sd : str, Reported or a column of them
        Standard deviation of the zeros and ones as printed.
    n : int or a column of ints
        People, at least 2.
    ddof : {1, 0}
        Whether the variance was divided by n - 1 or by n.
    rounding : str
        How the digits were cut; see `Rounding`.

    Returns
    -------
    Consistency
        Labels ``"consistent"``, ``"only if truncated"``, ``"only if the SD is truncated"``, ``"only if the SD divides
        by n"``, ``"only if the SD is a standard error"`` and so on, ``"impossible"``. Columns: mean, sd, n; failed,
        which is ``"GRIM"`` where no count prints the mean and ``"SD"`` where none of them prints the deviation; count,
        the first that prints both, or -1; intervals_meet, the answer of DEBIT as published, which asks only whether
        the interval of the deviation meets that of the mean.

    Raises
    ------
    InvalidArgument, InvalidType
        If an argument cannot be used.

    References
    ----------
    Heathers & Brown (2019), https://osf.io/5vb3u.

    Examples
    --------
    >>> import ketastats as ks
    >>> found = ks.consistency.debit(["0.44", "0.11"], ["0.50", "0.31"], n=[1683, 40])
    >>> found.label.tolist(), found["intervals_meet"].tolist()
    (['consistent', 'impossible'], [True, True])
    >>> print(found.explanation[1])
    No count of 40 people prints as 0.11.
    """
    rule = Rounding(_validate.choice(rounding, "rounding", tuple(Rounding)))
    taken = _validate.integer(ddof, "ddof", low=0, high=1)
    people = sizes(n, "n", low=2)
    number, columns = rows(mean=mean, sd=sd, n=list(people))
    shares = read_column(columns["mean"], "mean", rule, number, share=True)
    spread = read_column(columns["sd"], "sd", rule, number, signed=False)
    people = sizes(people, "n", number)
    counts = {label: _first_count(shares, spread, people, reading) for label, reading in readings(rule, taken).items()}
    holds = {label: found >= 0 for label, found in counts.items()}
    first, last = _counts_of_mean(shares, people, None)
    failed = np.where(holds[CONSISTENT], "", np.where(first <= last, "SD", "GRIM"))
    return Consistency(
        label=least_assumption(holds),
        holds=holds,
        columns={
            "mean": shares.texts,
            "sd": spread.texts,
            "n": people,
            "failed": failed,
            "count": counts[CONSISTENT],
            "intervals_meet": _intervals_meet(shares, spread, people, taken),
        },
        method="DEBIT over every count that prints the mean, by exact arithmetic",
        references=(_HEATHERS,),
        assumptions=("every value is 0 or 1",),
        _explain=_Sentences(shares, spread, people, failed, counts[CONSISTENT], holds),
    )


def binary_sd(x: object, n: object, *, ddof: int = 1) -> Any:
    """Return the standard deviation of a yes-or-no variable.

    Parameters
    ----------
    x : int or array_like
        People with the event.
    n : int or array_like
        People in all.
    ddof : {1, 0}
        Whether the variance is divided by n - 1 or by n.

    Returns
    -------
    float or ndarray
        The standard deviation of x ones and n - x zeros.

    Raises
    ------
    InvalidArgument, InvalidType
        If an argument cannot be used.

    Examples
    --------
    >>> import ketastats as ks
    >>> round(float(ks.consistency.binary_sd(15, 27)), 7)
    0.5063697
    """
    taken = _validate.integer(ddof, "ddof", low=0, high=1)
    events, people = _validate.integers(x, "x"), _validate.integers(n, "n", low=1 + taken)
    events, people = _validate.broadcast(x=events, n=people)
    if np.any(events > people):
        bad = int(events[events > people].reshape(-1)[0])
        raise InvalidArgument("x", bad, "at most n", "x counts the people with the event among the n people.")
    share = events / people
    return np.sqrt(share * ((people - events) / (people - taken)))[()]


def _counts_of_mean(shares: Column, people: IntArray, cut: Rounding | None) -> tuple[IntArray, IntArray]:
    first, last = shares.whole(cut).sums(people)
    return np.maximum(first, 0).astype(np.int64), np.minimum(last, people).astype(np.int64)


def _first_count(shares: Column, spread: Column, people: IntArray, reading: Reading) -> IntArray:
    """Return the first count that prints the mean and the deviation, or -1."""
    first, last = _counts_of_mean(shares, people, reading.mean)
    ends = spread.whole(reading.sd)
    closed_low = ends.closed_low | np.asarray(ends.low < 0, dtype=bool)
    low = np.maximum(ends.low, 0)
    product = binary.products_between(
        people, reading.ddof, low, ends.high, ends.scale, closed_low, ends.closed_high, error=reading.error
    )
    least, greatest = binary.counts_between(people, *product)
    found = np.full(people.shape, -1, dtype=np.int64)
    # The same products belong to counts below and above half of the people.
    for low, high in ((people - greatest, people - least), (least, greatest)):
        start = np.maximum(first, low)
        found = np.where((start <= np.minimum(last, high)) & (least <= greatest), start, found)
    return found


def _intervals_meet(shares: Column, spread: Column, people: IntArray, ddof: int) -> BoolArray:
    """Return whether the deviations of all shares in the interval of the mean meet the interval of the deviation."""
    mean, sd = shares.whole(), spread.whole()
    scale = mean.scale.astype(object)
    low, high = (np.clip(end.astype(object), 0, scale) for end in (mean.low, mean.high))
    products = low * (scale - low), high * (scale - high)
    # Twice the scale, so that a share of one half is a whole number too.
    top = np.where((2 * low <= scale) & (scale <= 2 * high), scale * scale, 4 * np.maximum(*products))
    many = people.astype(object)
    unit = sd.scale.astype(object) ** 2
    weight = scale * scale * (many - ddof)
    below = top * many * unit >= 4 * np.maximum(sd.low.astype(object), 0) ** 2 * weight
    above = np.minimum(*products) * many * unit <= sd.high.astype(object) ** 2 * weight
    return np.asarray(below & above, dtype=bool)


@dataclass(frozen=True, slots=True)
class _Sentences:
    """Says why a row has its label."""

    shares: Column
    spread: Column
    people: IntArray
    failed: NDArray[np.str_]
    count: IntArray
    holds: Mapping[str, BoolArray]

    def __call__(self, row: int) -> str:
        mean, sd = (digits.at(row).text.strip() for digits in (self.shares, self.spread))
        people = f"{self.people[row]:,} people"
        if self.holds[CONSISTENT][row]:
            return f"{self.count[row]:,} of {people} print as {mean} and {sd}."
        if self.failed[row] == "GRIM":
            return f"No count of {people} prints as {mean}.{agreement(self.holds, row)}"
        return f"No count of {people} that prints as {mean} has a deviation of {sd}.{agreement(self.holds, row)}"
