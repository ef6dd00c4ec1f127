"""The set of all combinations of data sets, one per outcome, that share one split of the same people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from ... import _validate
from ...errors import InvalidArgument
from .._listed import ListedSet
from .._sizes import IntArray
from .._tables.tables import CompatibleTables
from .._taken import taken
from .._words import counted, equation
from .columns import column_of, effects_frame, members_frame, up_to_exchange
from .figures import figures_frame
from .relations import Relations
from .splits import BoolArray, CompatiblePart, distinct_pairs, oriented

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["CompatibleOutcomes"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CompatibleOutcomes(ListedSet):
    """All combinations of data sets, one per outcome, that share a split of the same people.

    Parameters
    ----------
    n1, n2 : ndarray of int64, shape (members,)
        The split that the outcomes share; the smaller group first when the groups cannot be told apart.
    sets : dict
        The compatible set of each outcome on its own, by name.
    index : dict of ndarray
        For each outcome, the row of its set that each member uses.
    swapped : dict of ndarray of bool
        For each outcome, whether that row is read with its two groups exchanged.
    relations : Relations
        What holds between the outcomes: which are nested, exclude each other, or add up.
    labelled : bool
        Whether it is known which group is which.
    exhaustive : bool
        Always True: the join returns every combination or raises `BudgetExceeded`.
    assumptions : tuple of str
        What was assumed.
    emptied_by : str
        What of the first outcome, or else which relation between them, left nothing, if nothing is left.
    steps : tuple of str
        What each call of `where` removed, one sentence each.

    Examples
    --------
    >>> import ketastats as ks
    >>> joint = ks.reconstruct.outcomes(
    ...     {"response": "0.230", "remission": "0.397"}, n=83, test="pearson", nested=[("remission", "response")]
    ... )
    >>> len(joint), joint.splits.tolist()
    (6, [[28, 55], [37, 46], [38, 45]])
    """

    n1: IntArray
    n2: IntArray
    sets: dict[str, CompatiblePart]
    index: dict[str, IntArray]
    swapped: dict[str, BoolArray]
    relations: Relations
    labelled: bool
    exhaustive: bool
    assumptions: tuple[str, ...]
    emptied_by: str
    steps: tuple[str, ...] = ()
    _samples: tuple[int, ...]
    _missing: bool
    _budget: int

    def __len__(self) -> int:
        return int(self.n1.size)

    @property
    def nested(self) -> tuple[tuple[str, str], ...]:
        """Pairs (inner, outer): everyone with the inner event has the outer one."""
        return self.relations.nested

    @property
    def splits(self) -> IntArray:
        """The splits that are left, one row (n1, n2) each."""
        return distinct_pairs(self.n1, self.n2)

    @property
    def identifiability(self) -> str:
        """How many combinations and splits remain, and how many each outcome allows on its own."""
        alone = ", ".join(f"{len(part):,} for {name}" for name, part in self.sets.items())
        if not self:
            return f"No data set fits all outcomes together: {self.emptied_by} leaves nothing (alone: {alone})."
        pairs = [f"{first}/{second}" for first, second in self.splits]
        shown = ", ".join(pairs[:8]) + (" and others" if len(pairs) > 8 else "")
        return (
            f"{counted(len(self), 'combination')} of the outcomes {'remains' if len(self) == 1 else 'remain'}, on "
            f"{counted(len(pairs), 'split')} ({shown}); alone the outcomes allow {alone}."
        )

    def table(self, name: str) -> tuple[IntArray, IntArray, IntArray, IntArray]:
        """Return the 2x2 table of one outcome in every member.

        Parameters
        ----------
        name : str
            Name of an outcome that is a proportion.

        Returns
        -------
        x1, n1 : ndarray of int64, shape (members,)
            Events and people in the first group of the shared split.
        x2, n2 : ndarray of int64, shape (members,)
            The same in the second group.

        Raises
        ------
        InvalidArgument
            If there is no such outcome, or it is not a proportion.

        Examples
        --------
        >>> import ketastats as ks
        >>> joint = ks.reconstruct.outcomes({"a": "0.230", "b": "0.397"}, n=83, test="pearson")
        >>> [column.size for column in joint.table("a")] == [len(joint)] * 4
        True
        """
        part = self.sets.get(name)
        if not isinstance(part, CompatibleTables):
            known = ", ".join(key for key, value in self.sets.items() if isinstance(value, CompatibleTables))
            raise InvalidArgument("name", name, f"one of {known}")
        return oriented(part, self.index[name], self.swapped[name])

    def part(self, name: str) -> CompatiblePart:
        """Return the members of one outcome's set that are part of at least one combination.

        Parameters
        ----------
        name : str
            Name of an outcome.

        Returns
        -------
        CompatibleTables or CompatibleMeans
            What is left of the set of the outcome on its own.

        Raises
        ------
        InvalidArgument
            If there is no such outcome.

        Examples
        --------
        >>> import ketastats as ks
        >>> joint = ks.reconstruct.outcomes({"a": "0.230", "b": "0.397"}, n=83, test="pearson")
        >>> len(joint.sets["a"]), len(joint.part("a"))
        (14, 6)
        """
        _validate.choice(name, "name", self.sets)
        part = self.sets[name]
        left: CompatiblePart = taken(part, np.unique(self.index[name]))
        return left or taken(left, np.arange(0), emptied_by=part.emptied_by or self.emptied_by)

    def where(self, outcome: str, **printed: Any) -> CompatibleOutcomes:
        """Return the combinations that also print something more.

        Parameters
        ----------
        outcome : str
            The outcome of which more is known.
        **printed
            Keywords of the method `where` of its set, such as ``events=21`` or ``rate1="18.9%"``.

        Returns
        -------
        CompatibleOutcomes
            What is left, as if everything had been given to `outcomes` at once; `steps` says what was removed. What
            tells the groups apart, such as a rate, makes one combination two where both directions print so.

        Raises
        ------
        InvalidArgument, InvalidType
            If an argument cannot be used.

        Examples
        --------
        >>> import ketastats as ks
        >>> joint = ks.reconstruct.outcomes(
        ...     {"response": "0.230", "remission": "0.397"}, n=83, test="pearson", nested=[("remission", "response")]
        ... )
        >>> joint.where("response", n1=37).steps
        ('n1 = 37 of response removed 4 of 6 combinations',)
        """
        from .combine import joined

        part = self.sets[_validate.choice(outcome, "outcome", self.sets)]
        sets = self.sets | {outcome: part.where(**printed)}
        found = joined(sets, self.relations, self._samples, missing=self._missing, budget=2 * self._budget)
        left = up_to_exchange(found) if found.labelled and not self.labelled else len(found)
        removed = max(0, len(self) - left)
        added = ", ".join(f"{name} {equation(value)}" for name, value in printed.items())
        return replace(
            found,
            emptied_by="" if found else self.emptied_by or f"{added} of {outcome}",
            steps=(*self.steps, f"{added} of {outcome} removed {removed:,} of {counted(len(self), 'combination')}"),
            _budget=self._budget,
        )

    def effects(self) -> pd.DataFrame:
        """Return the range of every effect of every outcome over the set.

        Returns
        -------
        pandas.DataFrame
            Columns outcome, effect, low, high, distinct (how many different values), and undefined (combinations in
            which it is 0/0). Group 1 is compared with group 2 as listed: where the groups cannot be told apart the
            first is the smaller one.

        Examples
        --------
        >>> import ketastats as ks
        >>> joint = ks.reconstruct.outcomes(
        ...     {"response": "0.230", "remission": "0.397"}, n=83, test="pearson", nested=[("remission", "response")]
        ... )
        >>> response = joint.effects().query("outcome == 'response'").set_index("effect")
        >>> response.loc["risk_difference", ["low", "high"]].round(3).tolist()
        [-0.129, 0.132]
        """
        return effects_frame(self)

    def most_informative(
        self,
        figures: Sequence[str] | str | None = None,
        *,
        outcomes: Sequence[str] | str | None = None,
        decimals: int | None = None,
        tests: Sequence[str] | str | None = None,
    ) -> pd.DataFrame:
        """Return which further printed number of which outcome would narrow the set most.

        Parameters
        ----------
        figures : str or sequence of str, optional
            What could be printed, as in the methods of this name of `CompatibleTables` and `CompatibleMeans`; each
            outcome takes those that it can have. By default all.
        outcomes : str or sequence of str, optional
            Of which outcomes; by default of each.
        decimals : int, optional
            Decimals of every number (two of a rate are whole per cents); by default the usual ones.
        tests : str or sequence of str, optional
            Tests of ``p`` and ``statistic``; by default all, but no exact test of very many combinations.

        Returns
        -------
        pandas.DataFrame
            One row for each number, the best first: outcome ("all" where the number is that of every outcome), figure,
            test, decimals, printed (how many different numbers could be printed), expected (combinations that would be
            left on average, if each is as likely as the others), most (combinations that would be left at worst), bits
            (what the number would tell on average). Without rows when the set is empty.

        Raises
        ------
        InvalidArgument, InvalidType
            If an argument cannot be used.

        Examples
        --------
        >>> import ketastats as ks
        >>> joint = ks.reconstruct.outcomes(
        ...     {"response": "0.230", "remission": "0.397"}, n=83, test="pearson", nested=[("remission", "response")]
        ... )
        >>> joint.most_informative(["n1", "events"])[["outcome", "figure", "printed"]]
             outcome  figure  printed
        0   response  events        5
        1  remission  events        4
        2        all      n1        3
        """
        return figures_frame(self, figures, decimals, tests, outcomes)

    def to_frame(self) -> pd.DataFrame:
        """Return the combinations as a tidy data frame.

        Returns
        -------
        pandas.DataFrame
            Columns n1, n2 of the shared split, then for each outcome its columns with its name in front.
        """
        return self._frame(slice(None))

    def _frame(self, at: Any) -> pd.DataFrame:
        return members_frame(self, at)

    def _column(self, name: str) -> Any:
        return column_of(self, name)

    @property
    def missing(self) -> bool:
        """Whether outcomes may miss people of the whole sample."""
        return self._missing
