"""Which sizes of the groups could print these means or percentages?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .. import _validate
from ..errors import InvalidArgument, InvalidType
from ..reported import Reported, Rounding
from ._base import CONSISTENT, Consistency, least_assumption, row_words
from ._columns import sizes
from ._printed import Column, read_column
from ._roundings import branches

__all__ = ["denominators", "grim_splits"]

_BROWN = "Brown & Heathers 2017, doi:10.1177/1948550616673876"
_BAUER = "Bauer & Francis 2021, doi:10.1177/09567976211058727"
_MOST_SIZES = 10_000_000


def denominators(
    numbers: object, n: object, *, items: int = 1, add_up: bool = False, rounding: str = "half"
) -> Consistency:
    """Say which numbers of people could print all of these percentages, or means of whole numbers.

    Parameters
    ----------
    numbers : str, Reported or a sequence of them
        Percentages (``"71%"``), proportions or means of the same people.
    n : int or range of int
        How many people there may have been, one row each.
    items : int
        How many whole numbers were averaged to each person's score; 1 for counts.
    add_up : bool
        Whether the numbers are the shares of parts that make up all people, so that their counts add up to n.
    rounding : str
        How the digits were cut; see `Rounding`.

    Returns
    -------
    Consistency
        One row per number of people. Columns: n, and first_1, last_1, ... : the counts or sums that print as the first
        number and so on, none where the last is below the first.

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
    >>> found = ks.consistency.denominators(["71%", "29%", "43%"], n=range(1, 30))
    >>> found["n"][found.agrees].tolist()
    [7, 14, 21, 28]
    >>> ks.consistency.denominators(["33%", "33%", "33%"], n=range(1, 12), add_up=True).agrees.nonzero()[0] + 1
    array([3, 6, 9])
    """
    rule = Rounding(_validate.choice(rounding, "rounding", tuple(Rounding)))
    column = _several(numbers, "numbers")
    people = sizes(n, "n")
    many = people * _validate.integer(items, "items", low=1, high=10**6)
    whole = _validate.flag(add_up, "add_up")
    printed = [read_column([cell], "numbers", rule, people.size, share=whole) for cell in column]
    pairs = [(entry, many) for entry in printed]
    holds = {label: _all_possible(pairs, cut, add_up=whole) for label, cut in branches(rule).items()}
    columns: dict[str, NDArray[Any]] = {"n": people}
    for place, entry in enumerate(printed, start=1):
        columns[f"first_{place}"], columns[f"last_{place}"] = entry.whole().sums(many)
    texts = ", ".join(entry.at(0).text.strip() for entry in printed) if people.size else ""
    return Consistency(
        label=least_assumption(holds),
        holds=holds,
        columns=columns,
        method="GRIM over unknown sizes: whole counts or sums that print every number",
        references=(_BROWN,),
        assumptions=(
            "all numbers are of the same people",
            f"each score is an average of {row_words(items, 'whole number')}",
        ),
        _explain=_SizeSentence(people, texts, holds),
    )


def grim_splits(
    mean1: str | Reported, mean2: str | Reported, n: int, *, items: int = 1, rounding: str = "half"
) -> Consistency:
    """Say which splits of the people into two groups could print these two means.

    Parameters
    ----------
    mean1, mean2 : str or Reported
        Means of the two groups as printed, or their percentages.
    n : int
        People in both groups together.
    items : int
        How many whole numbers were averaged to each person's score.
    rounding : str
        How the digits were cut; see `Rounding`.

    Returns
    -------
    Consistency
        One row per split, from one person in the first group to one in the second. Columns: n1, n2, first_sum1,
        last_sum1, first_sum2, last_sum2. Where no row agrees, no split prints both means.

    Raises
    ------
    InvalidArgument, InvalidType
        If an argument cannot be used.

    References
    ----------
    Bauer & Francis (2021), doi:10.1177/09567976211058727.

    Examples
    --------
    >>> import ketastats as ks
    >>> found = ks.consistency.grim_splits("5.3", "4.71", n=40)
    >>> found["n1"][found.agrees].tolist()
    [6, 9, 12, 16, 19, 23, 26, 33]
    """
    rule = Rounding(_validate.choice(rounding, "rounding", tuple(Rounding)))
    total = _validate.integer(n, "n", low=2, high=_MOST_SIZES)
    averaged = _validate.integer(items, "items", low=1, high=10**6)
    n1 = np.arange(1, total, dtype=np.int64)
    groups = [(mean1, "mean1", n1), (mean2, "mean2", total - n1)]
    printed = [(read_column([mean], name, rule, n1.size), size * averaged) for mean, name, size in groups]
    holds = {label: _all_possible(printed, cut) for label, cut in branches(rule).items()}
    columns: dict[str, NDArray[Any]] = {"n1": n1, "n2": total - n1}
    for place, (entry, many) in enumerate(printed, start=1):
        columns[f"first_sum{place}"], columns[f"last_sum{place}"] = entry.whole().sums(many)
    words = " and ".join(entry.at(0).text.strip() for entry, _ in printed)
    return Consistency(
        label=least_assumption(holds),
        holds=holds,
        columns=columns,
        method="GRIM over every split of the people into two groups",
        references=(_BROWN, _BAUER),
        assumptions=(f"each score is an average of {row_words(averaged, 'whole number')}",),
        _explain=_SplitSentence(n1, total, words, holds),
    )


def _several(numbers: object, name: str) -> list[Any]:
    allowed = "one printed number or several"
    if isinstance(numbers, (str, Reported)):
        return [numbers]
    if isinstance(numbers, (bytes, dict)) or getattr(numbers, "ndim", 1) == 0 or not isinstance(numbers, Iterable):
        raise InvalidType(name, numbers, allowed, f'Write {name}=["71%", "29%"] with every printed digit.')
    found = list(numbers)
    if not found:
        raise InvalidArgument(name, numbers, allowed)
    return found


def _all_possible(
    printed: list[tuple[Column, NDArray[Any]]], cut: Rounding | None, *, add_up: bool = False
) -> NDArray[np.bool_]:
    held = np.ones(printed[0][1].shape, dtype=bool)
    least, most = 0, 0
    for entry, many in printed:
        first, last = entry.whole(cut).sums(many)
        held &= np.asarray(first <= last, dtype=bool)
        least, most = least + np.maximum(first, 0), most + np.minimum(last, many)
    if add_up:
        # Each count may be any whole number of its range, and so may their sum.
        many = printed[0][1]
        held &= np.asarray((least <= many) & (many <= most), dtype=bool)
    return held


def _agreement(holds: Mapping[str, NDArray[np.bool_]], row: int) -> str:
    others = [label for label, column in holds.items() if column[row] and label != CONSISTENT]
    return f"can print so {' or '.join(others)}" if others else "cannot print so"


@dataclass(frozen=True, slots=True)
class _SizeSentence:
    people: NDArray[Any]
    texts: str
    holds: Mapping[str, NDArray[np.bool_]]

    def __call__(self, row: int) -> str:
        word = "can print so" if self.holds[CONSISTENT][row] else _agreement(self.holds, row)
        return f"{row_words(int(self.people[row]), 'person').replace('persons', 'people')} {word}: {self.texts}."


@dataclass(frozen=True, slots=True)
class _SplitSentence:
    n1: NDArray[Any]
    total: int
    texts: str
    holds: Mapping[str, NDArray[np.bool_]]

    def __call__(self, row: int) -> str:
        word = "can print so" if self.holds[CONSISTENT][row] else _agreement(self.holds, row)
        return f"Groups of {self.n1[row]} and {self.total - self.n1[row]} {word}: means of {self.texts}."
