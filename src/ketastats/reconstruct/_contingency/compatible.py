"""The set of all tables with several rows and columns that would print as reported."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from ... import _validate
from ...numerics import rxc
from .._frames import effect_ranges
from .._listed import ListedSet
from .._sizes import IntArray
from .._words import counted, joined_names, percentage
from .figures import EFFECTS, column_of, columns_of, informative, labels

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["CompatibleContingency"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CompatibleContingency(ListedSet):
    """All tables of groups by categories that would print as reported.

    Parameters
    ----------
    cells : ndarray of int64, shape (tables, rows, columns)
        People in each group (row) and category (column), sorted by their number, row totals, column totals and cells.
        When the groups cannot be told apart (`labelled` is False) each table stands once, the smaller groups first.
    tests : tuple of str
        The tests that were allowed; empty when no p-value or statistic was given.
    printed_by : ndarray of bool, shape (tables, tests)
        Which tests print the reported digits from each table.
    labelled : bool
        Whether it is known which group is which.
    printed : dict
        The constraints as they were given.
    possible : int or None
        How many tables have such totals, groups told apart; None where that was not counted.
    exhaustive : bool
        Always True: the search returns every table or raises `BudgetExceeded`.
    assumptions : tuple of str
        What was assumed.
    emptied_by : str
        The first constraint, in the order given, with which nothing is left; empty text when something is.
    alternatives : dict
        For every number with several tests of its own their names and, in an array of shape (tables, tests), which of
        them print it.
    steps : tuple of str
        What each call of `where` removed, one sentence each.

    Examples
    --------
    >>> import ketastats as ks
    >>> found = ks.reconstruct.contingency(rows=(28, 28, 27), columns=(62, 21), p="0.2", test="pearson")
    >>> found.cells.shape
    (10, 3, 2)
    >>> print(f"{found.cramers_v.min():.3f} to {found.cramers_v.max():.3f}")
    0.186 to 0.213
    """

    cells: IntArray
    tests: tuple[str, ...]
    printed_by: Any
    labelled: bool
    printed: dict[str, str]
    possible: int | None
    exhaustive: bool
    assumptions: tuple[str, ...]
    emptied_by: str
    alternatives: dict[str, tuple[tuple[str, ...], Any]] = field(default_factory=dict)
    steps: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.cells)

    @property
    def row_totals(self) -> IntArray:
        """People in each group of every table, of shape (tables, rows)."""
        return np.asarray(self.cells.sum(axis=2))

    @property
    def column_totals(self) -> IntArray:
        """People in each category of every table, of shape (tables, columns)."""
        return np.asarray(self.cells.sum(axis=1))

    @property
    def n(self) -> IntArray:
        """People in every table."""
        return np.asarray(self.cells.sum(axis=(1, 2)))

    @property
    def shares(self) -> Any:
        """Share of each category in each group, of shape (tables, rows, columns)."""
        return self.cells / self.cells.sum(axis=2, keepdims=True)

    @property
    def chi_square(self) -> Any:
        """Pearson's chi-square of every table; NaN where a category is empty."""
        return rxc.statistic("pearson", self.cells)

    @property
    def cramers_v(self) -> Any:
        """Cramer's V of every table; NaN where a category is empty."""
        return rxc.cramers_v(self.cells)

    @property
    def identifiability(self) -> str:
        """How many tables, totals and effects remain, and how much the digits narrowed them."""
        printed = ", ".join(f"{name} {value}" for name, value in self.printed.items())
        of = "" if self.possible is None else f" of {counted(self.possible, 'table')}"
        if not self:
            return f"No table with {printed} exists: {self.emptied_by} leaves nothing{of}."
        effects = self.cramers_v
        effects = effects[~np.isnan(effects)]
        span = f", with Cramer's V from {effects.min():.3f} to {effects.max():.3f}" if effects.size else ""
        totals = len(np.unique(np.concatenate([self.row_totals, self.column_totals], axis=1), axis=0))
        kinds = "1 pair" if totals == 1 else f"{totals:,} pairs"
        narrowed = ""
        if self.labelled and self.possible is not None:
            narrowed = f": the digits ruled out {percentage(1.0 - len(self) / self.possible)}{of}"
        return f"{counted(len(self), 'table')} with {printed}, with {kinds} of row and column totals{span}{narrowed}."

    def summary(self) -> str:
        """Return what is left, what further numbers removed, and under which assumptions, as plain text.

        Returns
        -------
        str
            The sentence of `identifiability`, one for each further constraint, then the assumptions.
        """
        first, *rest = ListedSet.summary(self).split("\n")
        return "\n".join([first, *(f"{step}." for step in self.steps), *rest])

    def effects(self) -> pd.DataFrame:
        """Return the range of every effect over the set.

        Returns
        -------
        pandas.DataFrame
            Columns effect, low, high, distinct (how many different values), and undefined (tables in which it is 0/0):
            Cramer's V, the contingency coefficient, Goodman and Kruskal's gamma and the correlation of the ranks of
            group and category (which go by their order), and the share of each category in each group. Where the groups
            cannot be told apart they stand as listed.

        Examples
        --------
        >>> import ketastats as ks
        >>> found = ks.reconstruct.contingency(rows=(28, 28, 27), columns=(62, 21), p="0.2", test="pearson")
        >>> found.effects().set_index("effect").loc["share11", ["low", "high"]].round(3).tolist()
        [0.643, 0.857]
        """
        shares = [f"share{label}" for label in labels(self.cells.shape[1:])]
        return effect_ranges((name, column_of(name, self.cells)) for name in (*EFFECTS, *shares))

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
            What could be printed: ``cell`` (people), ``share`` (of a group), ``row``, ``column`` (totals), ``n``,
            ``cramers_v``, ``p``, ``statistic``; by default all.
        decimals : int, optional
            Decimals of every number (two of a share are whole per cents); by default the usual ones.
        tests : str or sequence of str, optional
            Tests of ``p`` and ``statistic``; by default all but the exact one.

        Returns
        -------
        pandas.DataFrame
            One row for each number, the best first: figure (with the place of a cell or total, as in ``cell12``), test,
            decimals, printed (how many different numbers could be printed), expected (tables that would be left on
            average, if each table of the set is as likely as the others), most (tables that would be left at worst),
            bits (what the number would tell on average). Where the groups cannot be told apart, numbers are of a group,
            whichever it is. Without rows when the set is empty.

        Raises
        ------
        InvalidArgument, InvalidType
            If an argument cannot be used.

        Examples
        --------
        >>> import ketastats as ks
        >>> found = ks.reconstruct.contingency(rows=(28, 28, 27), columns=(62, 21), p="0.2", test="pearson")
        >>> found.most_informative(["cell", "cramers_v"], decimals=2)[["figure", "printed", "expected"]].head(2)
           figure  printed  expected
        0  cell11        6       2.0
        1  cell12        6       2.0
        """
        return informative(self.cells, figures, decimals, tests, labelled=self.labelled)

    def where(
        self, *, test: str | Sequence[str] | None = None, rounding: str | Sequence[str] = "half", **printed: Any
    ) -> CompatibleContingency:
        """Return the tables that also print further numbers.

        Parameters
        ----------
        test : str or sequence of str, optional
            The test behind a further p or statistic; by default the one that printed what the set was found by.
        rounding : str or sequence of str
            How the further digits were cut.
        **printed
            Keywords of `contingency`, such as ``cells=[[7, None], [None, None]]``, ``p="0.04"``, ``n=83`` or
            ``rows=(30, None, None)``.

        Returns
        -------
        CompatibleContingency
            What is left, as if everything had been given to `contingency` at once; `steps` says what was removed.

        Raises
        ------
        InvalidArgument, InvalidType
            If an argument cannot be used.

        Examples
        --------
        >>> import ketastats as ks
        >>> found = ks.reconstruct.contingency(rows=(28, 28, 27), columns=(62, 21), p="0.2", test="pearson")
        >>> found.where(rates=[["86%", None], [None, None], [None, None]]).steps
        ('rates as printed removed 7 of 10 tables',)
        """
        from .where import narrowed

        return narrowed(self, printed, test=test, rounding=rounding)

    def _column(self, name: str) -> Any:
        return column_of(_validate.choice(name, "name", columns_of(self.cells.shape[1:])), self.cells)

    def _frame(self, at: Any) -> pd.DataFrame:
        rows: pd.DataFrame = self._framed(at)
        return rows

    def to_frame(self) -> pd.DataFrame:
        """Return the tables as a tidy data frame.

        Returns
        -------
        pandas.DataFrame
            One row per table: columns n, x11, x12, ... (group, then category), cramers_v, tests; then one column for
            each number with several tests of its own.
        """
        return self._framed(slice(None))

    def _framed(self, at: Any) -> pd.DataFrame:
        import pandas as pd

        cells = self.cells[at]
        names = labels(cells.shape[1:])
        flat = cells.reshape(len(cells), len(names)).T
        columns: dict[str, Any] = {"n": cells.sum(axis=(1, 2))}
        columns |= {f"x{name}": column for name, column in zip(names, flat, strict=True)}
        columns |= {
            "cramers_v": rxc.cramers_v(cells),
            "tests": joined_names(self.tests, self.printed_by[at], len(cells)),
        }
        for name, (options, prints) in self.alternatives.items():
            columns[name] = joined_names(options, prints[at], len(cells))
        return pd.DataFrame(columns)
