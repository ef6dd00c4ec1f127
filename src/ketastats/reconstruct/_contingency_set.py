"""The set of all tables with several rows and columns that would print as reported."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from .. import _validate
from ..numerics import rxc
from ._listed import ListedSet
from ._sizes import IntArray
from ._words import counted, percentage

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

    def _column(self, name: str) -> Any:
        frame = self.to_frame().drop(columns="tests").assign(chi_square=self.chi_square)
        return frame[_validate.choice(name, "name", frame.columns)].to_numpy()

    def to_frame(self) -> pd.DataFrame:
        """Return the tables as a tidy data frame.

        Returns
        -------
        pandas.DataFrame
            One row per table: columns n, x11, x12, ... (group, then category), cramers_v, tests.
        """
        import pandas as pd

        columns: dict[str, Any] = {"n": self.n}
        for row in range(self.cells.shape[1]):
            for column in range(self.cells.shape[2]):
                columns[f"x{row + 1}{column + 1}" if max(self.cells.shape[1:]) < 10 else f"x{row + 1}_{column + 1}"] = (
                    self.cells[:, row, column]
                )
        names = np.array([""] * len(self), dtype=object)
        for place, test in enumerate(self.tests):
            hit = self.printed_by[:, place]
            names[hit] = [f"{name}+{test}" if name else test for name in names[hit]]
        return pd.DataFrame(columns | {"cramers_v": self.cramers_v, "tests": names})
