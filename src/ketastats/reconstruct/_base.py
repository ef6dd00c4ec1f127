"""What every compatible set can say of itself."""

from __future__ import annotations

import html
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["CompatibleSet"]


class CompatibleSet(ABC):
    """All data sets that would print as reported.

    Subclasses are frozen dataclasses. A set is false when it is empty; an empty set is a finding, not an error, and
    `emptied_by` names the constraint that emptied it.
    """

    __slots__ = ()

    #: Whether the set holds every data set that would print so.
    exhaustive: bool
    #: What was assumed, one sentence each.
    assumptions: tuple[str, ...]
    #: The first constraint that left nothing; empty text when the set is not empty.
    emptied_by: str

    @abstractmethod
    def __len__(self) -> int:
        """Return how many data sets there are."""

    def __bool__(self) -> bool:
        return len(self) > 0

    @property
    @abstractmethod
    def identifiability(self) -> str:
        """How much remains unknown and how much the digits narrowed it, in one sentence."""

    @abstractmethod
    def to_frame(self) -> pd.DataFrame:
        """Return the set as a tidy data frame, one row per data set."""

    def summary(self) -> str:
        """Return what is left and under which assumptions, as plain text.

        Returns
        -------
        str
            The sentence of `identifiability`, then the assumptions.
        """
        lines = [self.identifiability, "A reconstruction from printed digits, not the study's data. It assumes:"]
        return "\n".join([*lines, *(f"  - {sentence}" for sentence in self.assumptions)])

    def _repr_html_(self) -> str:
        return f"<pre>{html.escape(self.summary())}</pre>"
