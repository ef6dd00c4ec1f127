"""Several subgroup variables of the same people, joined on the totals of the outcomes that they share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from .. import _validate
from ..errors import BudgetExceeded, InvalidArgument
from ._base import CompatibleSet
from ._join import CompatiblePart
from ._outcomes import Printed, read_nested
from ._sizes import IntArray
from ._subgroup_blame import blame
from ._subgroup_frames import drawn_frame, marginal_of_outcome, marginal_of_table, members_frame, remaining
from ._subgroup_join import Sample, Sets, samples
from ._subgroup_read import assumed, check_given, one_of_each, read_once, sample_sizes, with_more, words
from ._tables import CompatibleTables
from ._words import DEFAULT_BUDGET

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["CompatibleSubgroups", "subgroups"]

Given = Mapping[str, Mapping[str, Printed]]


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
        What each call of `where` removed, one sentence each.

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
    _samples: tuple[Sample, ...]
    _given: dict[str, dict[str, Any]]
    _options: dict[str, Any]

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
        at = [
            sample.totals[name][sample.keys[:, list(sample.totals).index(name)], 1]
            for sample in self._samples
            if len(sample.keys)
        ]
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
        found = []
        for sample in self._samples:
            group = sample.groups[variable]
            if len(sample.keys):
                left = [bool(sample.at_keys(variable, table).any()) for table in group.counts_by_split()]
                found.append(group.splits[np.array(left, dtype=bool)])
        return np.concatenate(found) if found else np.zeros((0, 2), dtype=np.int64)

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
        self._check(variable, outcome)
        return remaining(self._samples, self.sets[variable][outcome], variable, outcome, self.emptied_by)

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
            One row per draw; columns as in `to_frame`.

        Raises
        ------
        InvalidArgument
            If the set is empty.

        Examples
        --------
        >>> import ketastats as ks
        >>> joint = ks.reconstruct.subgroups({"a": {"x": "ns"}, "b": {"x": "ns"}}, n=83, test="pearson")
        >>> joint.draw(3, rng=1).shape
        (3, 12)
        """
        number = _validate.integer(size, "size", low=1, high=10_000_000)
        if not self:
            raise InvalidArgument("size", size, "0 draws from an empty set", self.identifiability)
        return drawn_frame(self._samples, self.sets, number, _validate.rng(rng))

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
        # Two arguments, because a class with slots is made anew by its decorator.
        return "\n".join([super(CompatibleSubgroups, self).summary(), *(f"Then {step}." for step in self.steps)])

    def where(self, outcome: str, *, variable: str | None = None, **printed: Any) -> CompatibleSubgroups:
        """Return the combinations that also print something more.

        Parameters
        ----------
        outcome : str
            The outcome of which more is known.
        variable : str, optional
            The variable by which it is known; by default what is added holds for every variable that has the outcome.
        **printed
            Keywords of `tables`, such as ``events=21`` or ``rate1="18.9%"``.

        Returns
        -------
        CompatibleSubgroups
            The combinations that are left; its `steps` say how many were removed.

        Raises
        ------
        InvalidArgument
            If the outcome was given as a compatible set instead of by its keywords, or already has such a keyword.

        Examples
        --------
        >>> import ketastats as ks
        >>> joint = ks.reconstruct.subgroups({"a": {"x": "0.230"}, "b": {"x": "0.397"}}, n=83, test="pearson")
        >>> joint.where("x", events=range(0, 40)).steps
        ('events from 0 to 39 of x removed 3 of 6 combinations',)
        """
        if variable is None:
            _validate.choice(outcome, "outcome", self.outcomes)
        else:
            self._check(variable, outcome)
        given = {name: dict(parts) for name, parts in self._given.items()}
        for name, parts in given.items():
            if outcome in parts and variable in (None, name):
                parts[outcome] = with_more(parts[outcome], self._options, outcome, printed)
        found = subgroups(given, **self._options)
        place = f"{outcome}" if variable is None else f"{outcome} by {variable}"
        added = ", ".join(words(name, value) for name, value in printed.items())
        sentence = f"{added} of {place} removed {self.count - found.count:,} of {self.count:,} combinations"
        return replace(found, steps=(*self.steps, sentence))


def subgroups(
    printed: Given,
    *,
    nested: Iterable[tuple[str, str]] = (),
    total: int | None = None,
    budget: int = DEFAULT_BUDGET,
    **common: Any,
) -> CompatibleSubgroups:
    """Return every combination of tables of several subgroup variables, each of which splits the same people its way.

    Parameters
    ----------
    printed : mapping of mappings
        For each subgroup variable by name, for each outcome by name: a compatible set from `tables` or `means`, the
        keywords of `tables` as a mapping, or just the printed p-value as text (``"ns"`` for not significant).
    nested : iterable of pairs of str, optional
        Pairs (inner, outer) of outcomes: everyone with the inner event has the outer one, as remitters are responders.
    total : int, optional
        People in the whole sample. Give it when an outcome may miss people; who misses an outcome misses it in every
        variable. By default the same people have all outcomes; when no single n serves all of them, the largest is
        taken as the total.
    budget : int
        Most combinations to list with `to_frame`; counting, drawing and judging need no list.
    **common
        Keywords of `tables` that hold for every outcome that does not give its own, such as ``n=83``.

    Returns
    -------
    CompatibleSubgroups
        All combinations, counted exactly; empty (and false) when the variables exclude each other.

    Raises
    ------
    InvalidArgument, InvalidType
        If an argument cannot be used.
    BudgetExceeded
        If there are too many combinations of totals to count.

    Notes
    -----
    Given the totals of the outcomes, what one variable shows says nothing about what another one shows, so that the
    number of combinations is a sum over the totals of products over the variables. Where every outcome is nested in
    the next and none is missing, each combination can be made of people; otherwise only the totals are compared, and
    how outcomes that are not nested overlap in people is not.

    Examples
    --------
    >>> import ketastats as ks
    >>> types = ["emotional abuse", "physical abuse", "sexual abuse", "emotional neglect", "physical neglect"]
    >>> joint = ks.reconstruct.subgroups({name: {"response": "ns"} for name in types}, n=83, test="pearson")
    >>> f"{joint.count:.1e}"
    '8.4e+13'
    """
    given = check_given(printed)
    known: dict[str, CompatiblePart] = {}
    sets = {
        variable: {name: read_once(name, value, common, known) for name, value in parts.items()}
        for variable, parts in given.items()
    }
    pairs = read_nested(nested, one_of_each(sets))
    limit = _validate.integer(budget, "budget", low=1)
    sizes, missing = sample_sizes(sets, total)
    found = samples(sets, pairs, sizes, missing=missing)
    count = sum(sample.count for sample in found)
    return CompatibleSubgroups(
        sets=sets,
        nested=pairs,
        count=count,
        budget=limit,
        exhaustive=all(part.exhaustive for parts in sets.values() for part in parts.values()),
        assumptions=assumed(sets, pairs, sizes, missing=missing),
        emptied_by="" if count else blame(sets, pairs, sizes, missing=missing),
        steps=(),
        _samples=found,
        _given=given,
        _options={"nested": pairs, "total": total, "budget": limit} | common,
    )
