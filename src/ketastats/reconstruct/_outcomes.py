"""Several outcomes of the same people, joined on the split that they share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from .. import _validate
from ..errors import InvalidArgument, InvalidType
from ..reported import Reported
from ._join import BoolArray, CompatiblePart, Join, oriented, shared_splits
from ._listed import ListedSet
from ._means import CompatibleMeans
from ._sizes import IntArray
from ._tables import CompatibleTables, tables
from ._taken import taken
from ._words import DEFAULT_BUDGET, counted, equation

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["CompatibleOutcomes", "Printed", "outcomes", "read_nested", "read_part"]

Printed = CompatiblePart | Mapping[str, Any] | str | Reported


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
    nested : tuple of pairs of str
        Pairs (inner, outer): everyone with the inner event has the outer one.
    labelled : bool
        Whether it is known which group is which.
    exhaustive : bool
        Always True: the join returns every combination or raises `BudgetExceeded`.
    assumptions : tuple of str
        What was assumed.
    emptied_by : str
        The outcome or nesting that left nothing, if nothing is left.
    steps : tuple of str
        What each call of `where` left, one sentence each.

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
    nested: tuple[tuple[str, str], ...]
    labelled: bool
    exhaustive: bool
    assumptions: tuple[str, ...]
    emptied_by: str
    steps: tuple[str, ...] = ()
    _sample: int = 0
    _missing: bool = False

    def __len__(self) -> int:
        return int(self.n1.size)

    @property
    def splits(self) -> IntArray:
        """The splits that are left, one row (n1, n2) each."""
        return np.unique(np.stack([self.n1, self.n2], axis=1), axis=0)

    @property
    def identifiability(self) -> str:
        """How many combinations and splits remain, and how many each outcome allows on its own."""
        alone = ", ".join(f"{len(part)} for {name}" for name, part in self.sets.items())
        if not self:
            return f"No data set fits all outcomes together: {self.emptied_by} leaves nothing (alone: {alone})."
        pairs = [f"{first}/{second}" for first, second in self.splits]
        shown = ", ".join(pairs[:8]) + (" and others" if len(pairs) > 8 else "")
        noun = "combination" if len(self) == 1 else "combinations"
        return (
            f"{len(self):,} {noun} of the outcomes {'remains' if len(self) == 1 else 'remain'}, on {len(pairs)} "
            f"split{'' if len(pairs) == 1 else 's'} ({shown}); alone the outcomes allow {alone}."
        )

    def summary(self) -> str:
        """Return what is left, under which assumptions, and what was added later, as plain text.

        Returns
        -------
        str
            The sentence of `identifiability`, the assumptions, and the steps of `where`.
        """
        return "\n".join([ListedSet.summary(self), *(f"Then {step}." for step in self.steps)])

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
            The outcome of which more is known, a proportion.
        **printed
            Keywords of `CompatibleTables.where`, such as ``events=21`` or ``rate1="18.9%"``.

        Returns
        -------
        CompatibleOutcomes
            The combinations that are left; its `steps` say how many. What tells the groups apart, such as a rate, makes
            one combination two where both directions print so.

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
        ('n1 = 37 of response leaves 2 where there were 6 combinations',)
        """
        part = self.sets.get(_validate.choice(outcome, "outcome", self.sets))
        if not isinstance(part, CompatibleTables):
            raise InvalidArgument("outcome", outcome, "an outcome that is a proportion", "Narrow the means themselves.")
        sets = self.sets | {outcome: part.where(**printed)}
        found = joined(sets, self.nested, self._sample, missing=self._missing, budget=2 * len(self) + 1)
        added = ", ".join(f"{name} {equation(value)}" for name, value in printed.items())
        sentence = f"{added} of {outcome} leaves {len(found):,} where there were {counted(len(self), 'combination')}"
        return replace(found, steps=(*self.steps, sentence))

    def _column(self, name: str) -> Any:
        frame = self.to_frame()
        for each, part in self.sets.items():
            if isinstance(part, CompatibleTables):
                frame[f"{each}_events"] = frame[f"{each}_x1"] + frame[f"{each}_x2"]
        return frame[_validate.choice(name, "name", frame.columns)].to_numpy()

    def to_frame(self) -> pd.DataFrame:
        """Return the combinations as a tidy data frame.

        Returns
        -------
        pandas.DataFrame
            Columns n1, n2 of the shared split, then for each outcome its columns with its name in front.
        """
        import pandas as pd

        columns: dict[str, Any] = {"n1": self.n1, "n2": self.n2}
        for name, part in self.sets.items():
            if isinstance(part, CompatibleTables):
                for key, column in zip(("x1", "n1", "x2", "n2"), self.table(name), strict=True):
                    columns[f"{name}_{key}"] = column
            else:
                at, swapped = self.index[name], self.swapped[name]
                frame = part.to_frame().iloc[at]
                for key in frame.columns:
                    columns[f"{name}_{key}"] = frame[key].to_numpy()
                columns[f"{name}_n1"] = np.where(swapped, part.n2[at], part.n1[at])
                columns[f"{name}_n2"] = np.where(swapped, part.n1[at], part.n2[at])
        return pd.DataFrame(columns)


def outcomes(
    printed: Mapping[str, Printed],
    *,
    nested: Iterable[tuple[str, str]] = (),
    total: int | None = None,
    budget: int = DEFAULT_BUDGET,
    **common: Any,
) -> CompatibleOutcomes:
    """Return every combination of data sets, one per outcome, that share one split of the same people.

    Parameters
    ----------
    printed : mapping
        For each outcome by name: a compatible set from `tables` or `means`, the keywords of `tables` as a mapping, or
        just the printed p-value as text.
    nested : iterable of pairs of str, optional
        Pairs (inner, outer) of outcomes: everyone with the inner event has the outer one, as remitters are responders.
    total : int, optional
        People in the whole sample. Give it when an outcome may miss people: each outcome's groups are then parts of
        the groups of the whole sample. By default the same people have all outcomes; when no single n serves all of
        them, the largest is taken as the total.
    budget : int
        Most combinations to return.
    **common
        Keywords of `tables` that hold for every outcome that does not give its own, such as ``n=83``.

    Returns
    -------
    CompatibleOutcomes
        All combinations; empty (and false) when the outcomes exclude each other.

    Raises
    ------
    InvalidArgument, InvalidType
        If an argument cannot be used.
    BudgetExceeded
        If there are more combinations than `budget`.

    Notes
    -----
    The sets are joined split by split, never as a product. With missing outcomes, inner events can exceed outer ones
    only by people whose outer outcome is missing: ``x_inner - x_outer <= N - n_outer`` in each group of N people. For
    every pair, also those that follow from chains of pairs, this is necessary and together it is sufficient.

    Examples
    --------
    >>> import ketastats as ks
    >>> joint = ks.reconstruct.outcomes(
    ...     {"response": {"p": "0.230"}, "remission": {"p": "0.397"}},
    ...     n=83,
    ...     test="pearson",
    ...     nested=[("remission", "response")],
    ... )
    >>> joint.to_frame().iloc[2].to_dict()["response_x1"]
    7
    """
    _check_printed(printed)
    if common and all(isinstance(value, (CompatibleTables, CompatibleMeans)) for value in printed.values()):
        remedy = "The sets were found already; give their keywords to tables."
        raise InvalidArgument(next(iter(common)), next(iter(common.values())), "no keywords of tables here", remedy)
    sets = {name: read_part(name, value, common) for name, value in printed.items()}
    pairs = read_nested(nested, sets)
    limit = _validate.integer(budget, "budget", low=1)
    sample, given = _whole_sample(sets, total)
    return joined(sets, pairs, sample, missing=given, budget=limit)


def joined(
    sets: dict[str, CompatiblePart], nested: tuple[tuple[str, str], ...], sample: int, *, missing: bool, budget: int
) -> CompatibleOutcomes:
    """Return every combination of sets that were found already."""
    labelled = any(part.labelled for part in sets.values())
    join = Join(sets, nested, labelled, missing=missing)
    for n1, n2 in shared_splits(sets, sample, labelled, missing=missing):
        join.add(int(n1), int(n2), budget)
    first, second, index, swapped = join.columns()
    return CompatibleOutcomes(
        n1=first,
        n2=second,
        sets=sets,
        index=index,
        swapped=swapped,
        nested=nested,
        labelled=labelled,
        exhaustive=all(part.exhaustive for part in sets.values()),
        assumptions=_assumptions(sets, nested, sample if missing else None),
        emptied_by=join.emptied_by(),
        _sample=sample,
        _missing=missing,
    )


def _check_printed(printed: object) -> None:
    allowed = "a mapping from the name of each outcome to what was printed of it"
    if not isinstance(printed, Mapping):
        raise InvalidType("printed", printed, allowed)
    if not printed:
        raise InvalidArgument("printed", printed, allowed)


def read_part(name: object, value: object, common: dict[str, Any]) -> CompatiblePart:
    """Return the compatible set of one outcome from whatever was given of it."""
    if not isinstance(name, str) or not name:
        raise InvalidType("printed", name, "names of outcomes as text")
    if isinstance(value, (CompatibleTables, CompatibleMeans)):
        return value
    if isinstance(value, (str, Reported)):
        return tables(p=value, **common)
    if isinstance(value, Mapping):
        return tables(**{**common, **value})
    allowed = "a compatible set, keywords of tables, or a printed p-value as text"
    raise InvalidType(f"printed[{name!r}]", value, allowed)


def read_nested(nested: object, sets: dict[str, CompatiblePart]) -> tuple[tuple[str, str], ...]:
    """Return the pairs (inner, outer) of outcomes that are proportions."""
    proportions = [name for name, part in sets.items() if isinstance(part, CompatibleTables)]
    allowed = "pairs (inner, outer) of outcome names"
    pairs = []
    if isinstance(nested, (str, np.ndarray)) or not isinstance(nested, Iterable):
        raise InvalidType("nested", nested, allowed, 'Write nested=[("remission", "response")].')
    for pair in nested:
        if not isinstance(pair, (tuple, list)) or len(pair) != 2:
            raise InvalidType("nested", pair, allowed, 'Write nested=[("remission", "response")].')
        for name in pair:
            _validate.choice(name, "nested", proportions)
        pairs.append((pair[0], pair[1]))
    return tuple(pairs)


def _whole_sample(sets: dict[str, CompatiblePart], total: int | None) -> tuple[int, bool]:
    """Return the size of the whole sample, and whether outcomes may miss people of it."""
    sizes = [set((part.n1 + part.n2).tolist()) for part in sets.values() if part]
    largest = max((max(values) for values in sizes), default=0)
    if total is not None:
        whole = _validate.integer(total, "total", low=2)
        if whole < largest:
            raise InvalidArgument("total", total, f"at least the largest n, here {largest}")
        return whole, True
    common = set.intersection(*sizes) if sizes else set()
    return largest, bool(sizes) and not common


def _assumptions(
    sets: dict[str, CompatiblePart], nested: tuple[tuple[str, str], ...], sample: int | None
) -> tuple[str, ...]:
    shared = set.intersection(*(set(part.assumptions) for part in sets.values()))
    sentences = [
        sentence if sentence in shared else f"{name}: {sentence}"
        for name, part in sets.items()
        for sentence in part.assumptions
    ]
    sentences += [f"everyone with {inner} has {outer}" for inner, outer in nested]
    if sample is None:
        sentences.append("the same people have every outcome")
    else:
        sentences.append(f"the whole sample has {sample} people, of whom each outcome may miss some")
    return tuple(dict.fromkeys(sentences))
