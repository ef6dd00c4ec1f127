"""What every check of printed numbers answers: under which assumptions they agree, row by row."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from .._results import Result, columns_to_frame

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["CONSISTENT", "IMPOSSIBLE", "Consistency", "Plain", "agreement", "least_assumption", "row_words"]

#: The first assumption of every check: the numbers agree as they are stated.
CONSISTENT = "consistent"
#: The label where the numbers agree under none of the assumptions.
IMPOSSIBLE = "impossible"
_MOST_SENTENCES = 20


def least_assumption(holds: Mapping[str, NDArray[np.bool_]]) -> NDArray[np.str_]:
    """Return for each row the first assumption that holds, in the order given, or that none does."""
    names = [*holds, IMPOSSIBLE]
    rows = np.array([np.asarray(column, dtype=bool).reshape(-1) for column in holds.values()])
    any_row = np.vstack([rows, np.ones((1, rows.shape[1]), dtype=bool)])
    found: NDArray[np.str_] = np.array(names)[np.argmax(any_row, axis=0)]
    return found


def agreement(holds: Mapping[str, NDArray[np.bool_]], row: int) -> str:
    """Return under which assumptions a row agrees after all, as a sentence that follows another."""
    others = [label for label, column in holds.items() if column[row]]
    return f" It agrees {', or '.join(others)}." if others else ""


def row_words(many: object, noun: str) -> str:
    """Return a count with its noun."""
    return f"{many:,} {noun}{'' if many == 1 else 's'}"


class Plain(Result):
    """A result of plain data: it can be copied and stored, and equals another with the same fields."""

    __slots__ = ()
    __hash__ = None  # type: ignore[assignment]

    def __eq__(self, other: object) -> bool:
        if type(self) is not type(other):
            return NotImplemented
        names = [entry.name for entry in fields(self) if entry.compare]  # type: ignore[arg-type]
        return all(_same(getattr(self, name), getattr(other, name)) for name in names)


def _same(first: Any, second: Any) -> bool:
    if isinstance(first, dict) and isinstance(second, dict):
        return list(first) == list(second) and all(_same(first[name], second[name]) for name in first)
    return np.array_equal(first, second) if isinstance(first, np.ndarray) else bool(first == second)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Consistency(Plain):
    """Whether printed numbers are possible together, and under which assumptions.

    One row per set of printed numbers; single values give one row. It is true when every row agrees as it is stated,
    and ``result["name"]`` is a column.

    Parameters
    ----------
    label : ndarray of str, shape (rows,)
        The least assumption under which the numbers agree: ``"consistent"``, ``"only if ..."`` or ``"impossible"``.
    holds : dict of str to ndarray of bool, shape (rows,)
        For every assumption, from the least to the most, whether the numbers agree under it.
    columns : dict of str to ndarray, shape (rows,)
        What was printed, and what follows from it.
    method : str
        The check that was made.
    references : tuple of str
        Where it was published.
    assumptions : tuple of str
        What was assumed in every row, one sentence each.

    Examples
    --------
    >>> import ketastats as ks
    >>> found = ks.consistency.grim(["5.19", "5.21"], n=28)
    >>> found.label.tolist()
    ['impossible', 'consistent']
    >>> bool(found)
    False
    """

    label: NDArray[np.str_]
    holds: dict[str, NDArray[np.bool_]]
    columns: dict[str, NDArray[Any]]
    method: str
    references: tuple[str, ...] = ()
    assumptions: tuple[str, ...] = ()
    # A sentence per row is made when it is asked for: for a column of 64,000 rows that takes longer than the check.
    _explain: Callable[[int], str] = field(repr=False, compare=False)

    def __len__(self) -> int:
        return int(self.label.size)

    def __bool__(self) -> bool:
        return bool(self.agrees.all())

    def __getitem__(self, name: str) -> NDArray[Any]:
        return self.columns[name]

    @property
    def agrees(self) -> NDArray[np.bool_]:
        """Whether the numbers of each row agree as they are stated."""
        return self.holds[CONSISTENT]

    @property
    def explanation(self) -> list[str]:
        """Why each row has its label, one sentence each."""
        return [self._explain(row) for row in range(len(self))]

    def to_frame(self) -> pd.DataFrame:
        """Return the rows as a tidy data frame.

        Returns
        -------
        pandas.DataFrame
            The columns of `columns`, then label, one column per assumption, and explanation.
        """
        given = {**self.columns, "label": self.label, **self.holds}
        return columns_to_frame({**given, "explanation": np.array(self.explanation, dtype=object)})

    def summary(self) -> str:
        """Return how many rows have each label, and why, as plain text.

        Returns
        -------
        str
            The method, one line per label, sentences (of many rows, of the first 20 that do not agree as they are
            stated), and the assumptions.
        """
        rows = len(self)
        lines = [self.method, *(f"  {label}: {count}" for label, count in self.counts().items())]
        # Of many rows those are of interest that do not agree as they stand.
        asked = np.arange(rows) if rows <= _MOST_SENTENCES else np.flatnonzero(~self.agrees)
        for row in asked[:_MOST_SENTENCES].tolist():
            mark = f"row {row}: " if rows > 1 else ""
            lines.append(f"  {mark}{self._explain(row)}")
        if asked.size > _MOST_SENTENCES:
            lines.append(f"  ... and {row_words(asked.size - _MOST_SENTENCES, 'row')} more that do not agree as stated")
        if self.assumptions:
            lines += ["It assumes:", *(f"  - {sentence}" for sentence in self.assumptions)]
        return "\n".join(lines)

    def counts(self) -> dict[str, int]:
        """Return how many rows have each label, from the least assumption to the most.

        Returns
        -------
        dict of str to int
            Labels that no row has are left out.

        Examples
        --------
        >>> import ketastats as ks
        >>> ks.consistency.grim(["5.19", "5.21", "5.22"], n=28).counts()
        {'consistent': 1, 'only if rounded away from zero': 1, 'impossible': 1}
        """
        labels, many = np.unique(self.label, return_counts=True)
        found = dict(zip(labels.tolist(), many.tolist(), strict=True))
        return {label: found[label] for label in (*self.holds, IMPOSSIBLE) if label in found}
