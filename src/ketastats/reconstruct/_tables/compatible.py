"""The set of all 2x2 tables that would print as reported."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from ...errors import InvalidArgument
from ...numerics import table_measures
from .._frames import best_first, effect_ranges
from .._listed import ListedSet
from .._sizes import IntArray, Splits
from .._words import counted, joined_names, percentage
from .figures import COUNTED, narrowing, quantity
from .figures import figures as _possible_figures
from .read import KEYWORDS

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["CompatibleTables"]

_EFFECTS = ("rate1", "rate2", "rate", "risk_difference", "risk_ratio", "odds_ratio", "phi", "yule_q", "yule_y")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CompatibleTables(ListedSet):
    """All 2x2 tables that would print as reported.

    Parameters
    ----------
    x1, n1, x2, n2 : ndarray of int64, shape (tables,)
        Events and people in each group, sorted by n1 + n2, n1, x1, x2. When the groups cannot be told apart
        (`labelled` is False) each table stands once, the smaller group first.
    tests : tuple of str
        The tests that were allowed, those of one side with it, as in ``fisher (greater)``; empty when no p-value or
        statistic was given.
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
    sizes : Splits
        The pairs of group sizes that were searched, as columns n1 and n2.

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
    sizes: Splits

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
        return self._frame(slice(None))

    def _frame(self, at: Any) -> pd.DataFrame:
        import pandas as pd

        x1, n1, x2, n2 = self.x1[at], self.n1[at], self.x2[at], self.n2[at]
        columns = {
            "x1": x1,
            "n1": n1,
            "x2": x2,
            "n2": n2,
            "risk1": x1 / n1,
            "risk2": x2 / n2,
            "risk_difference": self.risk_difference[at],
            "tests": joined_names(self.tests, self.printed_by[at], x1.size),
        }
        for name, (options, prints) in self.alternatives.items():
            columns[name] = joined_names(options, prints[at], x1.size)
        return pd.DataFrame(columns)

    def effects(self) -> pd.DataFrame:
        """Return the range of every effect over the set.

        Returns
        -------
        pandas.DataFrame
            Columns effect, low, high, distinct (how many different values), and undefined (tables in which it is 0/0);
            effects that no table has are left out. Group 1 is compared with group 2 as listed: where the groups cannot
            be told apart the first is the smaller one.

        Examples
        --------
        >>> import ketastats as ks
        >>> found = ks.reconstruct.tables(n=83, p="0.230", test="pearson")
        >>> found.effects().set_index("effect").loc["risk_difference", ["low", "high"]].round(3).tolist()
        [-0.249, 0.249]
        """
        return effect_ranges((name, self._column(name)) for name in _EFFECTS)

    def most_informative(
        self,
        figures: Sequence[str] | str | None = None,
        *,
        decimals: int | None = None,
        tests: Sequence[str] | str | None = None,
    ) -> pd.DataFrame:
        """Return which further printed number would narrow the set most.

        Parameters
        ----------
        figures : str or sequence of str, optional
            What could be printed: ``n1``, ``events``, ``x1``, ``x2``, ``rate1``, ``rate2``, ``rate``,
            ``risk_difference``, ``risk_ratio``, ``odds_ratio``, ``phi``, ``p``, ``statistic``; by default all.
        decimals : int, optional
            Decimals of every number (two of a rate are whole per cents); by default the usual ones.
        tests : str or sequence of str, optional
            Tests of ``p`` and ``statistic``; by default all, but no exact test of more than 20,000 tables.

        Returns
        -------
        pandas.DataFrame
            One row for each number, the best first: figure, test, decimals, printed (how many different numbers could
            be printed), expected (tables that would be left on average, if each table of the set is as likely as the
            others), most (tables that would be left at worst), bits (what the number would tell on average). Without
            rows when the set is empty.

        Raises
        ------
        InvalidArgument, InvalidType
            If an argument cannot be used.

        Examples
        --------
        >>> import ketastats as ks
        >>> found = ks.reconstruct.tables(n=83, p="0.230", test="pearson")
        >>> found.most_informative(["n1", "events", "rate1"], decimals=2)[["figure", "printed", "expected"]]
           figure  printed  expected
        0  events       14  1.000000
        1   rate1       27  1.071429
        2      n1        7  2.000000
        """
        chosen = list(_possible_figures(figures, decimals, tests, len(self)))
        tables = (self.x1, self.n1, self.x2, self.n2)
        rows = [narrowing(figure, tables, self.labelled) for figure in chosen] if self else []
        return best_first(rows, "figure", "test")

    def where(
        self,
        *,
        test: str | Sequence[str] | None = None,
        alternative: str | Sequence[str] | None = None,
        rounding: str | Sequence[str] = "half",
        **printed: Any,
    ) -> CompatibleTables:
        """Return the tables that also print further numbers.

        Parameters
        ----------
        test : str or sequence of str, optional
            The test behind a further p, statistic or z; by default the one that printed what the set was found by.
        alternative : str or sequence of str, optional
            The alternative of a further p, as in `tables`.
        rounding : str or sequence of str
            How the further digits were cut.
        **printed
            Keywords of `tables`, such as ``events=21``, ``n1=37`` or ``rate1="18.9%"``.

        Returns
        -------
        CompatibleTables
            What is left, as if everything had been given to `tables` at once; `steps` says what was removed.

        Raises
        ------
        InvalidArgument, InvalidType
            If an argument cannot be used.

        Examples
        --------
        >>> import ketastats as ks
        >>> found = ks.reconstruct.tables(n=83, p="0.230", test="pearson").where(rate1="18.9%")
        >>> print(found.steps[0])
        rate1 = 18.9% removed 13 of 14 tables
        """
        from .where import narrowed

        unknown = [name for name in printed if name not in KEYWORDS]
        if unknown:
            raise InvalidArgument("where", unknown[0], "one of " + ", ".join(KEYWORDS))
        given = {name: value for name, value in printed.items() if value is not None}
        return narrowed(self, given, test=test, alternative=alternative, rounding=rounding)

    def _column(self, name: str) -> Any:
        column = quantity(name, (self.x1, self.n1, self.x2, self.n2))
        if column is None:
            raise InvalidArgument("name", name, "one of " + ", ".join((*COUNTED, *table_measures.BOUNDS)))
        return column
