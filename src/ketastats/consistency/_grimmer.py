"""Can whole numbers have this mean and this standard deviation?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import isqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .. import _validate
from ..errors import BudgetExceeded, InvalidArgument
from ..numerics import square_sums
from ..reported import Reported, Rounding
from ._base import CONSISTENT, Consistency, Plain, agreement, least_assumption, row_words
from ._columns import rows, sizes
from ._moments import DEFAULT_BUDGET, Moments, Sums, admissible
from ._printed import read_column
from ._roundings import Reading, readings
from ._scale import read_scale, squares_on_scale

__all__ = ["AdmissibleSums", "admissible_sums", "grimmer"]

_ANAYA = "Anaya 2016, doi:10.7287/peerj.preprints.2400v1"
_BROWN = "Brown & Heathers 2017, doi:10.1177/1948550616673876"
_FAILED = np.array(["GRIM", "GRIMMER test 1", "GRIMMER test 3", "no whole numbers", "scale", ""])
_REASONS = {
    "GRIM": "no sum of {size} has a mean that prints as {mean}",
    "GRIMMER test 1": "no whole sum of squares gives a standard deviation that prints as {sd}",
    "GRIMMER test 3": "every sum of squares that prints as {sd} is odd where the sum is even, or even where it is odd",
    "no whole numbers": "no {size} have such a sum and sum of squares",
    "scale": "no {size} on the scale have such a sum and sum of squares",
}


def grimmer(
    mean: object,
    sd: object,
    n: object,
    *,
    items: object = 1,
    scale: tuple[object, object] | None = None,
    ddof: int = 1,
    rounding: str = "half",
    budget: int = DEFAULT_BUDGET,
) -> Consistency:
    """Say whether whole numbers can have the printed mean and standard deviation.

    Every sum that prints the mean is tried with every sum of squares that prints the deviation. The answer is exact:
    the numbers exist, and with `scale` they exist between its ends.

    Parameters
    ----------
    mean : str, Reported or a column of them
        Mean as printed.
    sd : str, Reported or a column of them
        Standard deviation as printed, of the same scores.
    n : int or a column of ints
        People, at least 2.
    items : int or a column of ints
        How many whole numbers were averaged to each person's score: 1 when scores are sums or single answers.
    scale : pair, optional
        Lowest and highest possible score, whole numbers or columns of them.
    ddof : {1, 0}
        Whether the variance was divided by n - 1 or by n.
    rounding : str
        How the digits were cut; see `Rounding`.
    budget : int
        Most steps of work.

    Returns
    -------
    Consistency
        Labels ``"consistent"``, ``"only if truncated"``, ``"only if the SD is truncated"``, ``"only if the SD divides
        by n"``, ``"only if the SD is a standard error"`` and so on, ``"impossible"``. Columns: mean, sd, n, items;
        failed, which says where the numbers as stated fail: ``"GRIM"``, ``"GRIMMER test 1"`` (no whole sum of squares),
        ``"GRIMMER test 3"`` (none of the parity of the sum), ``"no whole numbers"``, ``"scale"``, or nothing; sum and
        sum_of_squares, the first pair that prints so, in whole numbers before they are averaged, and -1 twice where
        there is none.

    Raises
    ------
    InvalidArgument, InvalidType
        If an argument cannot be used.
    BudgetExceeded
        If there are more sums to try than `budget`.

    References
    ----------
    Anaya (2016), doi:10.7287/peerj.preprints.2400v1; Brown & Heathers (2017), doi:10.1177/1948550616673876.

    Examples
    --------
    >>> import ketastats as ks
    >>> found = ks.consistency.grimmer("8.9", "2.81", n=25)
    >>> found.label.tolist(), found["sum"].tolist(), found["sum_of_squares"].tolist()
    (['consistent'], [223], [2179])
    >>> ks.consistency.grimmer("5.24", "2.51", n=40)["failed"].tolist()
    ['GRIM']
    >>> ks.consistency.grimmer("4", "5", n=20, scale=(1, 7))["failed"].tolist()
    ['scale']
    """
    moments = _read(mean, sd, n, items, scale, ddof, rounding, budget)
    number = moments.people.size
    stated = admissible(moments, Reading(ddof=moments.ddof))
    furthest = stated.furthest(number)
    holds = {CONSISTENT: furthest == square_sums.POSSIBLE}
    for label, reading in readings(Rounding(rounding), moments.ddof).items():
        if label != CONSISTENT:
            holds[label] = admissible(moments, reading).furthest(number) == square_sums.POSSIBLE
    failed = _FAILED[furthest]
    pairs = _first_pairs(moments, stated)
    given = {"mean": moments.mean.texts, "sd": moments.sd.texts, "n": moments.people, "items": moments.items}
    scores = "every score lies on the scale" if scale is not None else "scores have no ends"
    return Consistency(
        label=least_assumption(holds),
        holds=holds,
        columns={**given, "failed": failed, **pairs},
        method="GRIMMER: every sum and sum of squares, by exact arithmetic",
        references=(_ANAYA, _BROWN),
        assumptions=("each score is an average of as many whole numbers as items says", scores),
        _explain=_Sentences(moments, failed, pairs["sum"], pairs["sum_of_squares"], holds),
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class AdmissibleSums(Plain):
    """Every sum and sum of squares that prints a mean and a standard deviation.

    Parameters
    ----------
    sum, sum_of_squares : ndarray of int, shape (pairs,)
        In whole numbers, before they are averaged over the items of a person.
    mean, sd : ndarray, shape (pairs,)
        The mean and standard deviation of the scores that follow.
    method : str
        What was listed.
    references : tuple of str
        Where it was published.
    """

    sum: NDArray[Any]
    sum_of_squares: NDArray[Any]
    mean: NDArray[np.float64]
    sd: NDArray[np.float64]
    method: str
    references: tuple[str, ...] = ()

    def __len__(self) -> int:
        return int(self.sum.size)


def admissible_sums(
    mean: str | Reported,
    sd: str | Reported,
    n: int,
    *,
    items: int = 1,
    scale: tuple[int, int] | None = None,
    ddof: int = 1,
    rounding: str = "half",
    budget: int = 10_000_000,
) -> AdmissibleSums:
    """Return every sum and sum of squares of whole numbers that prints a mean and a standard deviation.

    Parameters
    ----------
    mean, sd : str or Reported
        Mean and standard deviation as printed.
    n : int
        People, at least 2.
    items : int
        How many whole numbers were averaged to each person's score.
    scale : pair of int, optional
        Lowest and highest possible score.
    ddof : {1, 0}
        Whether the variance was divided by n - 1 or by n.
    rounding : str
        How the digits were cut; see `Rounding`.
    budget : int
        Most pairs to return.

    Returns
    -------
    AdmissibleSums
        Sorted by sum and sum of squares; empty when no whole numbers print so.

    Raises
    ------
    InvalidArgument, InvalidType
        If an argument cannot be used.
    BudgetExceeded
        If there are more pairs than `budget`.

    References
    ----------
    Anaya (2016), doi:10.7287/peerj.preprints.2400v1.

    Examples
    --------
    >>> import ketastats as ks
    >>> found = ks.consistency.admissible_sums("3.33", "1.234", n=250)
    >>> [round(float(sd), 4) for sd in found.sd]
    [1.2339, 1.2345]
    """
    moments = _read(mean, sd, n, items, scale, ddof, rounding, DEFAULT_BUDGET)
    if moments.people.size != 1:
        raise InvalidArgument("n", n, "one set of printed numbers", "For many rows use grimmer.")
    limit = _validate.integer(budget, "budget", low=1)
    found = admissible(moments, Reading(ddof=moments.ddof), every=True)
    possible = found.stage == square_sums.POSSIBLE
    most = sum(int(last) - int(first) for first, last in zip(found.first[possible], found.last[possible], strict=True))
    if most // 2 > limit:
        raise BudgetExceeded(
            "pairs", most // 2, limit, "Give more decimals of the standard deviation, or raise budget."
        )
    pairs = [
        (int(total), squares)
        for total, first, last in zip(found.total[possible], found.first[possible], found.last[possible], strict=True)
        for squares in _listed(moments, int(total), int(first), int(last))
    ]
    size, items_each = int(moments.people[0]), int(moments.items[0])
    weight = size * (size - moments.ddof) * items_each**2
    return AdmissibleSums(
        sum=_integers([total for total, _ in pairs]),
        sum_of_squares=_integers([squares for _, squares in pairs]),
        mean=np.array([float(Fraction(total, size * items_each)) for total, _ in pairs], dtype=np.float64),
        sd=np.array([_root(size * squares - total * total, weight) for total, squares in pairs], dtype=np.float64),
        method="every sum and sum of squares that prints the mean and the standard deviation",
        references=(_ANAYA,),
    )


def _read(
    mean: object, sd: object, n: object, items: object, scale: Any, ddof: object, rounding: str, budget: object
) -> Moments:
    rule = Rounding(_validate.choice(rounding, "rounding", tuple(Rounding)))
    taken = _validate.integer(ddof, "ddof", low=0, high=1)
    people, averaged = sizes(n, "n", low=2), sizes(items, "items")
    ends = read_scale(scale)
    sides = {} if ends is None else {"scale": list(ends[0] + 0 * ends[1])}
    number, columns = rows(mean=mean, sd=sd, n=list(people), items=list(averaged), **sides)
    low, high = (None, None) if ends is None else (np.broadcast_to(end, (number,)) for end in ends)
    return Moments(
        read_column(columns["mean"], "mean", rule, number),
        read_column(columns["sd"], "sd", rule, number, signed=False),
        sizes(people, "n", number),
        sizes(averaged, "items", number),
        low,
        high,
        taken,
        _validate.integer(budget, "budget", low=1),
    )


def _first_pairs(moments: Moments, sums: Sums) -> dict[str, NDArray[Any]]:
    """Return for each row the first possible sum and the first sum of squares with it."""
    number = moments.people.size
    wide = object in (sums.total.dtype, sums.first.dtype)
    found = {name: np.full(number, -1, dtype=object if wide else np.int64) for name in ("sum", "sum_of_squares")}
    possible = np.flatnonzero(sums.stage == square_sums.POSSIBLE)
    row, first = np.unique(sums.row[possible], return_index=True)
    chosen = possible[first]
    found["sum"][row], found["sum_of_squares"][row] = sums.total[chosen], sums.first[chosen]
    return found


def _listed(moments: Moments, total: int, first: int, last: int) -> list[int]:
    """Return every sum of squares from `first` to `last` that numbers with this sum have."""
    size, items = int(moments.people[0]), int(moments.items[0])
    if moments.low is None or moments.high is None:
        return square_sums.possible_squares(total, size, first, last)
    low, width = int(moments.low[0]) * items, int(moments.high[0] - moments.low[0]) * items
    moved, shift = total - size * low, 2 * low * total - size * low * low
    if not 0 <= moved <= size * width:
        return []
    sure = square_sums.possible_squares(total, size, first, last)
    reached = int(square_sums.reached_by_steps(np.array(moved, dtype=object), np.array(width, dtype=object)))
    unsure = [squares for squares in sure if squares - shift > reached]
    if all(square_sums.certainly_on_scale(moved, squares - shift, size, width) for squares in unsure):
        return sure
    bits = squares_on_scale(moved, size, width, moments.budget)
    return [squares for squares in sure if squares >= shift and bits >> (squares - shift) & 1]


def _integers(values: list[int]) -> NDArray[Any]:
    fits = all(abs(value) < 2**63 for value in values)
    return np.array(values, dtype=np.int64 if fits else object)


def _root(top: int, weight: int) -> float:
    """Return the root of a quotient of large whole numbers, to the last digit of a float."""
    shift = max(0, 140 - top.bit_length() + weight.bit_length()) // 2 * 2
    return isqrt((top << shift) // weight) / 2.0 ** (shift // 2) if top else 0.0


@dataclass(frozen=True, slots=True)
class _Sentences:
    """Says why a row has its label."""

    moments: Moments
    failed: NDArray[np.str_]
    total: NDArray[Any]
    squares: NDArray[Any]
    holds: Mapping[str, NDArray[np.bool_]]

    def __call__(self, row: int) -> str:
        people, items = int(self.moments.people[row]), int(self.moments.items[row])
        mean, sd = (digits.at(row).text.strip() for digits in (self.moments.mean, self.moments.sd))
        if self.holds[CONSISTENT][row]:
            of_items = f", each a sum of {items}," if items > 1 else ""
            return (
                f"{row_words(people, 'whole number')}{of_items} with sum {self.total[row]} and sum of squares "
                f"{self.squares[row]} print as {mean} and {sd}."
            )
        words = {"size": row_words(people * items if self.failed[row] == "GRIM" else people, "whole number")}
        reason = _REASONS[str(self.failed[row])].format(mean=mean, sd=sd, **words)
        return f"{reason[0].upper()}{reason[1:]}.{agreement(self.holds, row)}"
