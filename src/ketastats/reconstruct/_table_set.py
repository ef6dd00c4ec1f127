"""The set of all 2x2 tables that would print as reported."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from ._base import CompatibleSet
from ._sizes import IntArray
from ._words import counted, percentage

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["CompatibleTables"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CompatibleTables(CompatibleSet):
    """All 2x2 tables that would print as reported.

    Parameters
    ----------
    x1, n1, x2, n2 : ndarray of int64, shape (tables,)
        Events and people in each group, sorted by n1 + n2, n1, x1, x2. When the groups cannot be told apart
        (`labelled` is False) each table stands once, the smaller group first.
    tests : tuple of str
        The tests that were allowed; empty when no p-value or statistic was given.
    printed_by : ndarray of bool, shape (tables, tests)
        Which tests print the reported digits from each table.
    labelled : bool
        Whether it is known which group is which.
    printed : dict
        The constraints as they were given.
    possible : int
        How many tables of these sizes there are at all.
    possible_splits : int
        How many pairs of group sizes were searched.
    exhaustive : bool
        Always True: the search returns every table or raises `BudgetExceeded`.
    assumptions : tuple of str
        What was assumed.
    emptied_by : str
        The first constraint, in the order given, with which nothing is left; empty text when something is.
    alternatives : dict
        For every other constraint with alternatives (tests of its own, methods of an interval) their names and, in an
        array of shape (tables, alternatives), which of them print it.
    steps : tuple of str
        What each call of `where` removed, one sentence each.

    Examples
    --------
    >>> import ketastats as ks
    >>> found = ks.reconstruct.tables(n=83, p="0.230", test="pearson")
    >>> len(found), len(found.splits)
    (14, 7)
    """

    x1: IntArray
    n1: IntArray
    x2: IntArray
    n2: IntArray
    tests: tuple[str, ...]
    printed_by: Any
    labelled: bool
    printed: dict[str, str]
    possible: int
    possible_splits: int
    exhaustive: bool
    assumptions: tuple[str, ...]
    emptied_by: str
    alternatives: dict[str, tuple[tuple[str, ...], Any]] = field(default_factory=dict)
    steps: tuple[str, ...] = ()

    def __len__(self) -> int:
        return int(self.x1.size)

    @property
    def splits(self) -> IntArray:
        """The pairs of group sizes that are left, one row (n1, n2) each."""
        return np.unique(np.stack([self.n1, self.n2], axis=1), axis=0)

    @property
    def risk_difference(self) -> Any:
        """Risk difference of each table, group 1 minus group 2."""
        return self.x1 / self.n1 - self.x2 / self.n2

    @property
    def identifiability(self) -> str:
        """How many tables, splits and effects remain, and how much the digits narrowed them."""
        printed = ", ".join(value if name == "sizes" else f"{name} {value}" for name, value in self.printed.items())
        if not self:
            return f"No 2x2 table with {printed} exists: {self.emptied_by} leaves nothing of {self.possible:,} tables."
        effects = np.unique(np.round(self.risk_difference, 12))
        share = 1.0 - len(self) / self.possible
        return (
            f"{counted(len(self), 'table')} with {printed} on {counted(len(self.splits), 'split')} of "
            f"{self.possible_splits:,}, with {counted(effects.size, 'risk difference')} from {effects[0]:+.3f} to "
            f"{effects[-1]:+.3f}: the digits ruled out {percentage(share)} of {self.possible:,} tables."
        )

    def to_frame(self) -> pd.DataFrame:
        """Return the tables as a tidy data frame.

        Returns
        -------
        pandas.DataFrame
            Columns x1, n1, x2, n2, risk1, risk2, risk_difference (group 1 minus group 2), tests; then one column for
            each constraint with alternatives of its own. Alternatives that print the same are joined by ``+``.
        """
        import pandas as pd

        columns = {
            "x1": self.x1,
            "n1": self.n1,
            "x2": self.x2,
            "n2": self.n2,
            "risk1": self.x1 / self.n1,
            "risk2": self.x2 / self.n2,
            "risk_difference": self.risk_difference,
            "tests": _joined_names(self.tests, self.printed_by, len(self)),
        }
        for name, (options, prints) in self.alternatives.items():
            columns[name] = _joined_names(options, prints, len(self))
        return pd.DataFrame(columns)


def _joined_names(options: tuple[str, ...], prints: Any, size: int) -> Any:
    names = np.array(["" for _ in range(size)], dtype=object)
    for column, option in enumerate(options):
        hit = prints[:, column]
        names[hit] = [f"{name}+{option}" if name else option for name in names[hit]]
    return names
