"""The set of all combinations of tables of several subgroup variables of the same people."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from ... import _validate
from ...errors import BudgetExceeded, InvalidType
from .._base import CompatibleSet
from .._outcomes.splits import CompatiblePart
from .._sizes import IntArray
from .._tables.tables import CompatibleTables
from .._taken import taken
from .figures import effects_frame, informative_frame
from .frames import drawn_frame, marginal_of_outcome, marginal_of_table, members_frame, remaining
from .join import Sets
from .read import narrowed, read_masks, words
from .samples import Samples

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["CompatibleSubgroups"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CompatibleSubgroups(CompatibleSet):
    """All combinations of tables, one per subgroup variable and outcome, of the same people.

    Each variable splits the same people its own way; every outcome has the same number of events whichever way they
    are split. The set is counted, drawn from and searched by these totals and never has to be listed.

    Parameters
    ----------
    sets : dict of dict
        The compatible set of each outcome of each variable on its own.
    nested : tuple of pairs of str
        Pairs (inner, outer) of outcomes: everyone with the inner event has the outer one.
    count : int
        How many combinations there are, exactly.
    budget : int
        Most combinations that `to_frame` lists.
    exhaustive : bool
        Always True: the count is over every combination.
    assumptions : tuple of str
        What was assumed.
    emptied_by : str
        The first outcome of a variable, in the order given, with which nothing is left; empty text when something is.
    steps : tuple of str
        What each call of `where` left, one sentence each.

    Examples
    --------
    >>> import ketastats as ks
    >>> joint = ks.reconstruct.subgroups(
    ...     {"neglect": {"response": "0.230"}, "abuse": {"response": "0.397"}}, n=83, test="pearson"
    ... )
    >>> joint.count
    6
    >>> joint.splits("neglect").tolist()
    [[21, 62], [28, 55], [32, 51]]
    """

    sets: Sets
    nested: tuple[tuple[str, str], ...]
    count: int
    budget: int
    exhaustive: bool
    assumptions: tuple[str, ...]
    emptied_by: str
    steps: tuple[str, ...]
    _samples: Samples
    _missing: bool

    def __len__(self) -> int:
        return self.count

    def __bool__(self) -> bool:
        # A count beyond 64 bits has no length in Python, but a truth.
        return self.count > 0

    @property
    def outcomes(self) -> tuple[str, ...]:
        """The outcomes in the order in which they first stand."""
        return tuple(dict.fromkeys(name for parts in self.sets.values() for name in parts))

    @property
    def identifiability(self) -> str:
        """How many combinations and totals remain, and how many tables each variable allows on its own."""
        alone = "; ".join(
            f"{variable}: " + ", ".join(f"{len(part):,} for {name}" for name, part in parts.items())
            for variable, parts in self.sets.items()
        )
        if not self:
            return f"No data set fits all variables together: {self.emptied_by} leaves nothing (alone {alone})."
        events = [f"{self._events(name)} for {name}" for name in self.outcomes if self._counted(name)]
        totals = f", with {', '.join(events)}" if events else ""
        noun = "combination remains" if self.count == 1 else "combinations remain"
        return f"{self.count:,} {noun}{totals}; alone the tables are {alone}."

    def _counted(self, name: str) -> bool:
        return any(isinstance(parts.get(name), CompatibleTables) for parts in self.sets.values())

    def _events(self, name: str) -> str:
        at = [sample.totals[name][sample.keys[:, list(sample.totals).index(name)], 1] for sample in self._samples]
        events = np.unique(np.concatenate(at))
        if events.size == 1:
            return f"{events[0]} event{'' if events[0] == 1 else 's'}"
        return f"{events[0]} to {events[-1]} events"

    def splits(self, variable: str) -> IntArray:
        """Return the splits of the whole sample by one variable that are left.

        Parameters
        ----------
        variable : str
            Name of the variable.

        Returns
        -------
        ndarray of int64, shape (splits, 2)
            Rows (n1, n2); the smaller group first when the groups cannot be told apart.

        Raises
        ------
        InvalidArgument
            If there is no such variable.

        Examples
        --------
        >>> import ketastats as ks
        >>> joint = ks.reconstruct.subgroups({"a": {"x": "0.230"}, "b": {"x": "0.397"}}, n=83, test="pearson")
        >>> joint.splits("b").tolist()
        [[12, 71], [28, 55], [38, 45]]
        """
        _validate.choice(variable, "variable", self.sets)
        found = [np.zeros((0, 2), dtype=np.int64)]
        for sample in self._samples:
            group, keys = sample.groups[variable], sample.keys_of(variable)
            found.append(group.splits[group.split_sums(keys, np.ones(len(keys))) > 0])
        left = np.concatenate(found)
        return left[np.sort(np.unique(left, axis=0, return_index=True)[1])]

    def part(self, variable: str, outcome: str) -> CompatiblePart:
        """Return the tables of one outcome and variable that are part of at least one combination.

        Parameters
        ----------
        variable : str
            Name of the variable.
        outcome : str
            Name of one of its outcomes.

        Returns
        -------
        CompatibleTables or CompatibleMeans
            The members of the set on its own that are left.

        Raises
        ------
        InvalidArgument
            If there is no such variable or outcome.

        Examples
        --------
        >>> import ketastats as ks
        >>> joint = ks.reconstruct.subgroups({"a": {"x": "0.230"}, "b": {"x": "0.397"}}, n=83, test="pearson")
        >>> len(joint.sets["a"]["x"]), len(joint.part("a", "x"))
        (14, 6)
        """
        at = self.places(variable, outcome)
        part = self.sets[variable][outcome]
        left: CompatiblePart = taken(part, at)
        return left or taken(left, at, emptied_by=part.emptied_by or self.emptied_by)

    def places(self, variable: str, outcome: str) -> IntArray:
        """Return which members of one of the `sets` are part of at least one combination.

        Parameters
        ----------
        variable : str
            Name of the variable.
        outcome : str
            Name of one of its outcomes.

        Returns
        -------
        ndarray of int64
            Places in ``sets[variable][outcome]``, ascending.

        Raises
        ------
        InvalidArgument
            If there is no such variable or outcome.

        Examples
        --------
        >>> import ketastats as ks
        >>> joint = ks.reconstruct.subgroups({"a": {"x": "0.230"}, "b": {"x": "0.397"}}, n=83, test="pearson")
        >>> joint.places("a", "x").tolist()
        [2, 3, 4, 5, 6, 7]
        """
        self._check(variable, outcome)
        return remaining(self._samples, variable, outcome, len(self.sets[variable][outcome]))

    def count_of(self, members: Mapping[Any, Any], *, directed: Collection[str] = ()) -> int:
        """Return how many combinations are made of given members only, such as tables with a large difference.

        Parameters
        ----------
        members : mapping from (variable, outcome) to ndarray of bool
            Which members of ``sets[variable][outcome]`` count, of shape (members,); or of shape (2, members) for
            those as listed and those with their groups exchanged. All members of what is left out count.
        directed : collection of str
            Variables of which the two directions count each where the groups cannot be told apart.

        Returns
        -------
        int
            The exact number.

        Raises
        ------
        InvalidArgument, InvalidType
            If there is no such variable or outcome, or the shape is another.

        Examples
        --------
        >>> import ketastats as ks
        >>> joint = ks.reconstruct.subgroups({"a": {"x": "ns"}, "b": {"x": "ns"}}, n=83, test="pearson")
        >>> small = abs(joint.sets["a"]["x"].risk_difference) < 0.10
        >>> print(f"{joint.count_of({('a', 'x'): small, ('b', 'x'): small}) / joint.count:.2f}")
        0.22
        """
        masks = read_masks(members, self.sets)
        if isinstance(directed, (str, np.ndarray)) or not isinstance(directed, Iterable):
            raise InvalidType("directed", directed, "names of variables")
        for variable in directed:
            _validate.choice(variable, "directed", self.sets)
        return sum(sample.count_of(masks, directed) for sample in self._samples)

    def _check(self, variable: object, outcome: object) -> None:
        _validate.choice(variable, "variable", self.sets)
        _validate.choice(outcome, "outcome", self.sets[str(variable)])

    def marginal(self, outcome: str, variable: str | None = None) -> pd.DataFrame:
        """Return in which share of all combinations each total of an outcome, or each of its tables, stands.

        Parameters
        ----------
        outcome : str
            Name of an outcome.
        variable : str, optional
            Name of a variable: then its tables are told apart, not only the totals that all variables share.

        Returns
        -------
        pandas.DataFrame
            Columns n, events, combinations (exact) and share; or with a variable the columns of the table and share.
            Shares are of combinations, every one counted alike: they are no probabilities of what was observed.

        Raises
        ------
        InvalidArgument
            If there is no such variable or outcome.

        Examples
        --------
        >>> import ketastats as ks
        >>> joint = ks.reconstruct.subgroups({"a": {"x": "0.230"}, "b": {"x": "0.397"}}, n=83, test="pearson")
        >>> int(joint.marginal("x")["combinations"].sum()) == joint.count
        True
        """
        if variable is None:
            _validate.choice(outcome, "outcome", self.outcomes)
            return marginal_of_outcome(self._samples, outcome, self.count)
        self._check(variable, outcome)
        return marginal_of_table(self._samples, self.sets[variable][outcome], variable, outcome, self.count)

    def effects(self) -> pd.DataFrame:
        """Return the range of every effect over the combinations, for each outcome of each variable.

        Returns
        -------
        pandas.DataFrame
            Columns variable and outcome, then those of `CompatibleTables.effects`; outcomes that are means have none.

        Examples
        --------
        >>> import ketastats as ks
        >>> joint = ks.reconstruct.subgroups({"a": {"x": "0.230"}, "b": {"x": "0.397"}}, n=83, test="pearson")
        >>> joint.effects().query("effect == 'risk_difference'")[["variable", "low", "high"]].round(3).values.tolist()
        [['a', -0.151, 0.151], ['b', -0.131, 0.131]]
        """
        return effects_frame(self)

    def most_informative(
        self,
        figures: Sequence[str] | str | None = None,
        *,
        decimals: int | None = None,
        tests: Sequence[str] | str | None = None,
    ) -> pd.DataFrame:
        """Return which further printed number, of which outcome by which variable, would narrow the set most.

        Parameters
        ----------
        figures : str or sequence of str, optional
            What could be printed of an outcome; these three are as in `CompatibleTables.most_informative`.
        decimals : int, optional
            Decimals of every number.
        tests : str or sequence of str, optional
            Tests of ``p`` and ``statistic``.

        Returns
        -------
        pandas.DataFrame
            One row for each number, the best first: outcome, variable (empty where every variable tells the same), then
            the columns of `CompatibleTables.most_informative`; expected and most are combinations.

        Raises
        ------
        InvalidArgument, InvalidType
            If an argument cannot be used.

        Examples
        --------
        >>> import ketastats as ks
        >>> joint = ks.reconstruct.subgroups({"a": {"x": "0.230"}, "b": {"x": "0.397"}}, n=83, test="pearson")
        >>> joint.most_informative(["n1", "events"])[["outcome", "variable", "figure", "printed", "bits"]].round(3)
          outcome variable  figure  printed   bits
        0       x           events        6  2.585
        1       x        a      n1        3  1.585
        2       x        b      n1        3  1.585
        """
        return informative_frame(self, figures, decimals, tests)

    def draw(self, size: int, *, rng: Any = None) -> pd.DataFrame:
        """Return combinations drawn at random, each as likely as any other, without listing the set.

        Parameters
        ----------
        size : int
            How many to draw, with replacement.
        rng : int, numpy.random.Generator or None
            Where the randomness comes from; see `numpy.random.default_rng`.

        Returns
        -------
        pandas.DataFrame
            One row per draw, columns as in `to_frame`; without rows when the set is empty.

        Raises
        ------
        InvalidArgument, InvalidType
            If `size` or `rng` cannot be used.

        Examples
        --------
        >>> import ketastats as ks
        >>> joint = ks.reconstruct.subgroups({"a": {"x": "ns"}, "b": {"x": "ns"}}, n=83, test="pearson")
        >>> joint.draw(3, rng=1).shape
        (3, 12)
        """
        number = _validate.integer(size, "size", low=1, high=10_000_000)
        generator = _validate.rng(rng)
        return drawn_frame(self._samples, self.sets, number, generator) if self else self.to_frame()

    def to_frame(self) -> pd.DataFrame:
        """Return the combinations as a data frame, one row each.

        Returns
        -------
        pandas.DataFrame
            For each variable the columns n1 and n2 of its split with the name of the variable in front, then for
            each outcome x1, n1, x2, n2 with both names in front; for means only n1 and n2.

        Raises
        ------
        BudgetExceeded
            If there are more combinations than `budget`.
        """
        if self.count > self.budget:
            advice = "Draw from the set, ask for marginals, add what is known with where, or raise budget."
            raise BudgetExceeded("combinations", self.count, self.budget, advice)
        return members_frame(self._samples, self.sets)

    def summary(self) -> str:
        """Return what is left, under which assumptions, and what was added later, as plain text.

        Returns
        -------
        str
            The sentence of `identifiability`, the assumptions, and the steps of `where`.
        """
        return "\n".join([CompatibleSet.summary(self), *(f"Then {step}." for step in self.steps)])

    def where(self, outcome: str, *, variable: str | None = None, **printed: Any) -> CompatibleSubgroups:
        """Return the combinations that also print something more.

        Parameters
        ----------
        outcome : str
            The outcome of which more is known, a proportion.
        variable : str, optional
            The variable by which it is known; by default what is added holds for every variable that has the outcome.
        **printed
            Keywords of `CompatibleTables.where`, such as ``events=21`` or ``rate1="18.9%"``.

        Returns
        -------
        CompatibleSubgroups
            The combinations that are left; its `steps` say how many. What tells the groups apart, such as a rate, makes
            one combination two where both directions print so.

        Raises
        ------
        InvalidArgument, InvalidType
            If an argument cannot be used.

        Examples
        --------
        >>> import ketastats as ks
        >>> joint = ks.reconstruct.subgroups({"a": {"x": "0.230"}, "b": {"x": "0.397"}}, n=83, test="pearson")
        >>> joint.where("x", events=range(0, 40)).steps
        ('events from 0 to 39 of x leaves 3 where there were 6 combinations',)
        """
        # The search makes these sets, and this method searches anew.
        from .subgroups import joined

        if variable is None:
            _validate.choice(outcome, "outcome", self.outcomes)
        else:
            self._check(variable, outcome)
        sets = narrowed(self.sets, outcome, variable, printed)
        found = joined(sets, self.nested, self._samples.sizes, missing=self._missing, budget=self.budget)
        added = ", ".join(words(name, value) for name, value in printed.items())
        place = outcome if variable is None else f"{outcome} by {variable}"
        sentence = f"{added} of {place} leaves {found.count:,} where there were {self.count:,} combinations"
        return replace(found, steps=(*self.steps, sentence))
