"""Can whole numbers have this mean?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .. import _validate
from ..numerics import lattice
from ..reported import Rounding, cut_units
from ._base import CONSISTENT, Consistency, agreement, least_assumption, row_words
from ._columns import rows, sizes
from ._printed import Column, read_column
from ._roundings import branches

__all__ = ["grim"]

_REFERENCES = ("Brown & Heathers 2017, doi:10.1177/1948550616673876",)
_MOST_MISSING = 1000


def grim(mean: object, n: object, *, items: object = 1, missing: int = 0, rounding: str = "half") -> Consistency:
    """Say whether whole numbers can have the printed mean, or counts the printed percentage.

    Parameters
    ----------
    mean : str, Reported or a column of them
        Mean as printed (``"5.19"``), or a share of people (``"32.5%"``).
    n : int or a column of ints
        People over whom the mean is taken; a range asks the same mean of each n.
    items : int or a column of ints
        How many whole numbers were averaged to each person's score: 1 when scores are sums or single answers. Of
        answers with whole weights it is the sum of the weights over their greatest common divisor.
    missing : int
        At most so many of the `n` people may have given no answer; ``"only if some are missing"`` is then tried too.
    rounding : str
        How the digits were cut; see `Rounding`.

    Returns
    -------
    Consistency
        Labels ``"consistent"``, ``"only if truncated"``, ``"only if rounded away from zero"``, ``"only if some are
        missing"``, ``"impossible"``. Columns: mean, n, items; first_sum and last_sum, the sums that print so (none when
        the last is below the first); nearest_below and nearest_above, the possible means next to the printed one;
        impossible_share, which share of all numbers with as many decimals no sum prints; grim_probability, the same by
        the published formula, which lets a tie print one number only.

    Raises
    ------
    InvalidArgument, InvalidType
        If an argument cannot be used.

    References
    ----------
    Brown & Heathers (2017), doi:10.1177/1948550616673876.

    Examples
    --------
    >>> import ketastats as ks
    >>> found = ks.consistency.grim("5.19", n=28)
    >>> print(found.explanation[0])
    No sum of 28 whole numbers has a mean that prints as 5.19; the nearest print as 5.18 and 5.21.
    >>> ks.consistency.grim("5.19", n=range(20, 30)).agrees.tolist()
    [False, True, False, False, False, False, True, True, False, False]
    """
    rule = Rounding(_validate.choice(rounding, "rounding", tuple(Rounding)))
    most = _validate.integer(missing, "missing", low=0, high=_MOST_MISSING)
    people, averaged = sizes(n, "n"), sizes(items, "items")
    number, columns = rows(mean=mean, n=list(people), items=list(averaged))
    printed = read_column(columns["mean"], "mean", rule, number)
    people, averaged = sizes(people, "n", number), sizes(averaged, "items", number)
    many = _many(people, averaged)
    holds = {label: _any_sum(printed, cut, many) for label, cut in branches(rule).items()}
    if most:
        fewer = [
            _any_sum(printed, None, _many(people - gone, averaged)) & (people > gone) for gone in range(1, most + 1)
        ]
        holds["only if some are missing"] = np.logical_or.reduce(fewer)
    first, last = printed.whole().sums(many)
    below, above = _nearest(printed, many)
    shares = _shares(printed, many)
    given = {"mean": printed.texts, "n": people, "items": averaged, "first_sum": first, "last_sum": last}
    return Consistency(
        label=least_assumption(holds),
        holds=holds,
        columns={**given, "nearest_below": below, "nearest_above": above, **shares},
        method="GRIM: whole sums that print the mean, by exact arithmetic",
        references=_REFERENCES,
        assumptions=(f"each score is an average of {_items_words(averaged)}",),
        _explain=_Sentences(printed, people, averaged, first, last, holds),
    )


def _items_words(items: NDArray[Any]) -> str:
    if items.size and np.all(items == items[0]):
        return row_words(int(items[0]), "whole number")
    return "as many whole numbers as items says"


def _many(people: NDArray[Any], items: NDArray[Any]) -> NDArray[Any]:
    """Return how many whole numbers are summed; each of the two is below a billion, so that the product fits."""
    found: NDArray[Any] = np.maximum(people, 1) * items
    return found


def _any_sum(printed: Column, cut: Rounding | None, many: NDArray[Any]) -> NDArray[np.bool_]:
    first, last = printed.whole(cut).sums(many)
    return np.asarray(first <= last, dtype=bool)


def _nearest(printed: Column, many: NDArray[Any]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the possible means next to the printed number itself, which both are when it is one."""
    top, scale = printed.quotients
    wide = lattice.widest(lattice.largest(top), lattice.largest(many))
    top = top.astype(object) if wide else top
    below, above = top * many // scale, -(-top * many // scale)
    return (below / many).astype(np.float64), (above / many).astype(np.float64)


def _shares(printed: Column, many: NDArray[Any]) -> dict[str, NDArray[np.float64]]:
    """Return which share of the numbers with as many decimals cannot be printed, exactly and by the known formula."""
    # Finer steps than these are met by no sum of a sample that exists.
    units = np.minimum((printed.scale // np.minimum(printed.step, printed.scale))[printed.code], 10**17).astype(
        np.int64
    )
    sums = many.astype(np.int64)
    half = (printed.rule == tuple(Rounding).index(Rounding.HALF))[printed.code]
    common = np.gcd(sums, 2 * units)
    # Sums lie 2 units / sums half units apart; each second of those on a half unit is a tie, and prints two numbers.
    ties = np.where(half & (2 * units // common % 2 == 1), common // 2, 0)
    simple = np.maximum(1.0 - sums / units, 0.0)
    return {"impossible_share": np.maximum(1.0 - (sums + ties) / units, 0.0), "grim_probability": simple}


@dataclass(frozen=True, slots=True)
class _Sentences:
    """Says why a row has its label."""

    printed: Column
    people: NDArray[Any]
    items: NDArray[Any]
    first: NDArray[Any]
    last: NDArray[Any]
    holds: Mapping[str, NDArray[np.bool_]]

    def __call__(self, row: int) -> str:
        place = int(self.printed.code[row])
        text, size = self.printed.text(place), int(self.people[row] * self.items[row])
        first, last = int(self.first[row]), int(self.last[row])
        if self.holds[CONSISTENT][row]:
            sums = f"A sum of {first}" if first == last else f"Sums from {first} to {last}"
            verb = "prints" if first == last else "print"
            return f"{sums} over {row_words(size, 'whole number')} {verb} as {text}."
        nearest = " and ".join(dict.fromkeys(_nearest_texts(self.printed, place, size)))
        whole = row_words(size, "whole number")
        sentence = f"No sum of {whole} has a mean that prints as {text}; the nearest print as {nearest}."
        return sentence + agreement(self.holds, row)


def _nearest_texts(printed: Column, place: int, size: int) -> tuple[str, str]:
    """Return as what the possible means below and above a printed number would be printed."""
    units, step, scale = (int(part[place]) for part in (printed.units, printed.step, printed.scale))
    rule, percent = tuple(Rounding)[printed.rule[place]], bool(printed.percent[place])
    exact = (-units if printed.negative[place] else units) * step * size
    below, above = (
        cut_units(rule, total * scale, size * step)[side]
        for total, side in ((exact // scale, -1), (-(-exact // scale), 0))
    )
    decimals = len(str(scale)) - 1 - 2 * percent
    return _text(below * step, decimals, percent), _text(above * step, decimals, percent)


def _text(units: int, decimals: int, percent: bool) -> str:
    digits = str(abs(units)).rjust(decimals + 1, "0")
    point = len(digits) - decimals
    number = f"{digits[:point]}.{digits[point:]}" if decimals else digits
    return f"{'-' if units < 0 else ''}{number}{'%' if percent else ''}"
