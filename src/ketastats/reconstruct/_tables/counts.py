"""Every count of events whose share prints as reported."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ... import _validate
from ...errors import BudgetExceeded
from ...reported import Reported, Rounding
from .._constraints import count_range, read_rate
from .._listed import ListedSet
from .._sizes import IntArray, read_counts
from .._words import DEFAULT_BUDGET, counted, equation, rounding_words

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["CompatibleCounts", "counts"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CompatibleCounts(ListedSet):
    """All counts of events, among one group of people, whose share prints as reported.

    Parameters
    ----------
    x, n : ndarray of int64, shape (members,)
        Events, and people among whom they are counted; sorted by n and x.
    printed : dict
        The constraints as they were given.
    possible : int
        How many pairs of x and n were searched.
    exhaustive : bool
        Always True: every count that prints so is there.
    assumptions : tuple of str
        What was assumed.
    emptied_by : str
        The constraint that left nothing, if nothing is left.

    Examples
    --------
    >>> import ketastats as ks
    >>> found = ks.reconstruct.counts(n=190, rate="27%")
    >>> found.x.tolist()
    [51, 52]
    >>> print(found.identifiability)
    2 counts with n = 190, rate = 27%, with shares from 0.268 to 0.274.
    """

    x: IntArray
    n: IntArray
    printed: dict[str, str]
    possible: int
    exhaustive: bool
    assumptions: tuple[str, ...]
    emptied_by: str

    def __len__(self) -> int:
        return int(self.x.size)

    @property
    def identifiability(self) -> str:
        """How many counts and which shares remain."""
        printed = ", ".join(value if name == "sizes" else f"{name} {value}" for name, value in self.printed.items())
        if not self:
            return f"No count with {printed} exists: {self.emptied_by} leaves nothing of {self.possible:,} counts."
        share = self.x / self.n
        return f"{counted(len(self), 'count')} with {printed}, with shares from {share.min():.3f} to {share.max():.3f}."

    def to_frame(self) -> pd.DataFrame:
        """Return the counts as a tidy data frame.

        Returns
        -------
        pandas.DataFrame
            Columns x, n and share.
        """
        import pandas as pd

        return pd.DataFrame({"x": self.x, "n": self.n, "share": self.x / self.n})

    def _column(self, name: str) -> Any:
        columns = {"x": self.x, "n": self.n, "share": self.x / self.n}
        return columns[_validate.choice(name, "name", columns)]


def counts(
    *, n: object, rate: str | Reported, rounding: str = "half", budget: int = DEFAULT_BUDGET
) -> CompatibleCounts:
    """Return every count of events whose share prints as reported.

    Parameters
    ----------
    n : int or range
        People among whom the events are counted; a range when their number is not known.
    rate : str or Reported
        Share of events as printed, a percentage (``"27%"``) or a proportion (``"0.27"``).
    rounding : str
        How the digits were cut; see `Rounding`.
    budget : int
        Most counts to return.

    Returns
    -------
    CompatibleCounts
        All of them; empty (and false) when no count prints so.

    Raises
    ------
    InvalidArgument, InvalidType
        If an argument cannot be used.
    BudgetExceeded
        If there are more counts than `budget`.

    Examples
    --------
    >>> import ketastats as ks
    >>> bool(ks.reconstruct.counts(n=18, rate="71%"))
    False
    >>> ks.reconstruct.counts(n=range(1, 19), rate="71%").to_frame()[["x", "n"]]
        x   n
    0   5   7
    1  10  14
    2  12  17
    """
    rule = _validate.choice(rounding, "rounding", tuple(Rounding))
    sizes = read_counts(n, "n")
    printed = read_rate(rate, "rate", rule)
    first, last = count_range(printed, sizes)
    many = np.maximum(last - first + 1, 0)
    limit = _validate.integer(budget, "budget", low=1)
    if int(many.sum()) > limit:
        raise BudgetExceeded("counts", int(many.sum()), limit, "Give fewer values of n, or raise budget.")
    size = np.repeat(sizes, many)
    start = np.repeat(first - np.concatenate([[0], np.cumsum(many)[:-1]]), many)
    words = f"n = {sizes[0]}" if sizes.size == 1 else f"n from {sizes.min()} to {sizes.max()}"
    sentences = ["every person has the event or not"]
    if printed is not None and printed.reported.relation == "=":
        sentences.insert(0, "digits were " + rounding_words(printed.reported.rounding))
    return CompatibleCounts(
        x=start + np.arange(size.size),
        n=size,
        printed={"sizes": words, "rate": equation(rate)},
        possible=int((sizes + 1).sum()),
        exhaustive=True,
        assumptions=tuple(sentences),
        emptied_by="" if size.size else "rate",
    )
