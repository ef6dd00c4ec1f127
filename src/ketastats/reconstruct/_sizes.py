"""Group sizes: known, or every split that the total allows."""

from __future__ import annotations

from collections.abc import Iterable, Sized
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .. import _validate
from ..errors import BudgetExceeded, InvalidArgument, InvalidType

__all__ = ["Splits", "read_counts", "splits"]

IntArray = NDArray[np.int64]

# Products of two counts, such as x1 * (n2 - x2), must stay whole numbers of 64 bits.
_LARGEST = 10**9
_MOST_PAIRS = 10_000_000


@dataclass(frozen=True, slots=True)
class Splits:
    """All pairs of group sizes to search.

    Parameters
    ----------
    n1, n2 : ndarray of int64
        Group sizes, sorted by total and then by `n1`.
    labelled : bool
        Whether the two groups can be told apart; if not, group 1 is the smaller one.
    """

    n1: IntArray
    n2: IntArray
    labelled: bool

    def __len__(self) -> int:
        return int(self.n1.size)

    def tables(self) -> int:
        """Return how many 2x2 tables these sizes allow."""
        first, second = self.n1.astype(object), self.n2.astype(object)
        number = (first + 1) * (second + 1)
        if not self.labelled:
            number = np.where(first == second, (first + 1) * (first + 2) // 2, number)
        return int(number.sum())

    def describe(self) -> str:
        """Return the sizes in words."""
        if len(self) == 1:
            return f"groups of {self.n1[0]} and {self.n2[0]}"
        totals = np.unique(self.n1 + self.n2)
        text = f"n = {totals[0]}" if totals.size == 1 else f"n from {totals[0]} to {totals[-1]}"
        return text if self.labelled else f"{text}, unknown split"


def read_counts(value: object, name: str, *, low: int = 1) -> IntArray:
    """Return the whole numbers that `value` allows: an int, or a range (or other collection) of ints."""
    allowed = f"a whole number of at least {low}, or a range of them"
    if isinstance(value, np.ndarray) and value.ndim == 0:
        value = value[()]
    if isinstance(value, (str, bytes, float)):
        raise InvalidType(name, value, allowed, f"Give {name} as an int or a range.")
    if isinstance(value, Iterable):
        if isinstance(value, Sized) and len(value) > _MOST_PAIRS:
            raise InvalidArgument(name, value, f"at most {_MOST_PAIRS:,} values")
        numbers = sorted({_validate.integer(item, name, low=low, high=_LARGEST) for item in value})
        if not numbers:
            raise InvalidArgument(name, value, allowed, "The range is empty.")
        return np.array(numbers, dtype=np.int64)
    return np.array([_validate.integer(value, name, low=low, high=_LARGEST)], dtype=np.int64)


def splits(n: object, n1: object, n2: object, *, labelled: bool = False) -> Splits:
    """Return every split that a total or the group sizes allow.

    Parameters
    ----------
    n, n1, n2 : int, range or None
        Total and group sizes, as far as they are known.
    labelled : bool
        Whether something else tells the groups apart; known group sizes always do.

    Returns
    -------
    Splits
        All pairs of sizes.

    Raises
    ------
    InvalidArgument
        If the total is missing, or the sizes cannot add up to it.
    """
    if n is None and (n1 is None or n2 is None):
        raise InvalidArgument("n", n, "a whole number or a range", "Give n, or both n1 and n2.")
    if n1 is not None and n2 is not None:
        first, second = _pairs(read_counts(n1, "n1"), read_counts(n2, "n2"))
        known = np.isin(first + second, read_counts(n, "n", low=2)) if n is not None else np.ones(first.size, bool)
    else:
        totals = read_counts(n, "n", low=2)
        given = n1 if n1 is not None else n2
        name = "n1" if n1 is not None else "n2"
        if given is not None:
            sizes = read_counts(given, name)
        else:
            _refuse_pairs(int(totals.max()) * totals.size)
            sizes = np.arange(1, int(totals.max()))
        one, total = _pairs(sizes, totals)
        other = total - one
        first, second = (other, one) if n2 is not None else (one, other)
        known = other >= 1
    if not known.any():
        if n1 is None or n2 is None:
            raise InvalidArgument(name, given, "fewer people than both groups have", f"n is {n!r}.")
        raise InvalidArgument("n", n, "a total that n1 and n2 can add up to", f"n1={n1!r} and n2={n2!r} cannot.")
    told_apart = labelled or n1 is not None or n2 is not None
    if not told_apart:
        known &= first <= second
    first, second = first[known], second[known]
    order = np.lexsort((first, first + second))
    return Splits(first[order], second[order], told_apart)


def _pairs(a: IntArray, b: IntArray) -> tuple[IntArray, IntArray]:
    _refuse_pairs(a.size * b.size)
    one, two = np.meshgrid(a, b, indexing="ij")
    return one.ravel(), two.ravel()


def _refuse_pairs(number: int) -> None:
    if number > _MOST_PAIRS:
        raise BudgetExceeded("pairs of group sizes", number, _MOST_PAIRS, "Give n1 and n2, or fewer values of them.")
