"""What every set can do whose members are listed one by one."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, Any

import numpy as np

from .. import _validate
from ._base import CompatibleSet

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["ListedSet"]


class ListedSet(CompatibleSet):
    """A compatible set that holds its members as rows."""

    __slots__ = ()

    #: What further numbers removed, one sentence each, in the sets that can be narrowed.
    steps: tuple[str, ...]

    def summary(self) -> str:
        """Return what is left, what further numbers removed, and under which assumptions, as plain text.

        Returns
        -------
        str
            The sentence of `identifiability`, one for each further number, then the assumptions.
        """
        first, *rest = CompatibleSet.summary(self).split("\n")
        return "\n".join([first, *(f"{step}." for step in getattr(self, "steps", ())), *rest])

    @abstractmethod
    def _column(self, name: str) -> Any:
        """Return one unknown of every member; an error names those that there are."""

    def marginal(self, name: str) -> pd.DataFrame:
        """Return how many members have each value of one unknown.

        Parameters
        ----------
        name : str
            An unknown: a column of `to_frame`, or another count or measure of its members.

        Returns
        -------
        pandas.DataFrame
            Columns `name` (ascending), members, and share of the set. Each member counts once: that is a description of
            the set, not a probability of the data.

        Raises
        ------
        InvalidArgument
            If there is no such unknown.
        """
        import pandas as pd

        column = np.asarray(self._column(name))
        if column.dtype.kind == "f":
            # Equal fractions may differ in their last bit.
            column = np.round(column, 12) + 0.0
        value, members = np.unique(column, return_counts=True)
        return pd.DataFrame({name: value, "members": members, "share": members / max(1, len(self))})

    def draw(self, size: int, *, rng: Any = None) -> pd.DataFrame:
        """Return members drawn at random, each with the same chance, with replacement.

        Parameters
        ----------
        size : int
            How many to draw.
        rng : int, numpy.random.Generator or None
            Where the randomness comes from; see `numpy.random.default_rng`.

        Returns
        -------
        pandas.DataFrame
            The rows of `to_frame` that were drawn, in the order drawn; without rows when the set is empty.

        Raises
        ------
        InvalidArgument, InvalidType
            If `size` or `rng` cannot be used.
        """
        number = _validate.integer(size, "size", low=1)
        generator = _validate.rng(rng)
        at = generator.integers(0, len(self), number) if self else np.zeros(0, dtype=np.int64)
        return self._frame(at).reset_index(drop=True)

    def _frame(self, at: Any) -> pd.DataFrame:
        """Return some rows of `to_frame`."""
        rows: pd.DataFrame = self.to_frame().iloc[at]
        return rows
