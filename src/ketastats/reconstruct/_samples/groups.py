"""Samples of several groups that together must print a mean and a standard deviation of all people."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction
from math import prod, sqrt
from typing import TYPE_CHECKING, Any

import numpy as np

from ... import _validate
from ...errors import BudgetExceeded, InvalidArgument, InvalidType, NoSolution
from ...reported import Interval, Reported, Rounding
from .._base import CompatibleSet
from .._sizes import IntArray
from .._words import DEFAULT_BUDGET, counted, equation
from .compatible import CompatibleSamples
from .question import Question, read_moment, squares
from .sums import MOST_PAIRS, as_array, combined, emptied_by, holding, holds, summary

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["CompatibleSampleGroups", "sample_groups"]

_ANYTHING = Interval(Decimal("-Infinity"), Decimal("Infinity"), False, False)
_LEAST_SHARE = Fraction(1, 100_000)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CompatibleSampleGroups(CompatibleSet):
    """All combinations of samples, one per group, that together print a mean and a standard deviation.

    Parameters
    ----------
    groups : dict
        The samples of each group on its own, by name.
    printed : dict
        What was printed of all people together.
    exhaustive : bool
        Always True: every combination is counted.
    assumptions : tuple of str
        What was assumed.
    emptied_by : str
        The group, or mean or sd of all people, that left nothing; empty text when something is left.
    steps : tuple of str
        What each call of `where` left, one sentence each.

    Attributes
    ----------
    count : int
        How many combinations there are, exactly. They are counted when this is first asked.

    Examples
    --------
    >>> import ketastats as ks
    >>> parts = {
    ...     "high": ks.reconstruct.samples(mean="3.2", sd="1.1", n=12, scale=(1, 5)),
    ...     "low": ks.reconstruct.samples(mean="2.6", sd="1.0", n=15, scale=(1, 5)),
    ... }
    >>> both = ks.reconstruct.sample_groups(parts, mean="2.85", sd="1.06")
    >>> parts["high"].count * parts["low"].count, both.count
    (108, 36)
    """

    groups: dict[str, CompatibleSamples]
    printed: dict[str, str]
    exhaustive: bool
    assumptions: tuple[str, ...]
    emptied_by: str
    steps: tuple[str, ...] = ()
    _total: Question = field(repr=False)
    _allowed: dict[int, tuple[int, int]] = field(repr=False)
    _kept: dict[str, int] = field(repr=False, default_factory=dict)

    def __len__(self) -> int:
        """Return the number of combinations; Python's `len` stops at `sys.maxsize`, `count` never does."""
        return min(self.count, sys.maxsize)

    def __bool__(self) -> bool:
        return not self.emptied_by

    @property
    def count(self) -> int:
        """How many combinations there are, exactly."""
        if "count" not in self._kept:
            together = combined([part.moments() for part in self.groups.values()]) if self else {}
            self._kept["count"] = sum(ways for cell, ways in together.items() if holds(self._allowed, *cell))
        return self._kept["count"]

    @property
    def alone(self) -> int:
        """How many combinations there are without what was printed of all people together."""
        return prod(group.count for group in self.groups.values())

    @property
    def identifiability(self) -> str:
        """How many combinations remain of how many."""
        printed = ", ".join(f"{name} {value}" for name, value in self.printed.items())
        people = " and ".join(f"{group.n} in {name}" for name, group in self.groups.items())
        if not self:
            return f"No samples of {people} with {printed or 'these groups'} exist: {self.emptied_by} leaves nothing."
        found = counted(self.count, "combination")
        return f"{found} of samples of {people}" + (f" with {printed}, of {self.alone:,}." if printed else ".")

    def draw(self, size: int, *, rng: Any = None) -> dict[str, IntArray]:
        """Draw combinations, each with the same probability, with replacement.

        Parameters
        ----------
        size : int
            How many.
        rng : None, int or numpy.random.Generator
            Source of randomness.

        Returns
        -------
        dict of str to ndarray of int64, shape (size, values)
            For each group, how often each value of its scale occurs, one row per combination.

        Raises
        ------
        InvalidArgument, InvalidType
            If an argument cannot be used.
        NoSolution
            If the set is empty.
        BudgetExceeded
            If so few combinations remain that too many would have to be tried.

        Notes
        -----
        Samples of the groups are drawn independently and kept when together they print the mean and the standard
        deviation, which leaves every combination the same probability.

        Examples
        --------
        >>> import ketastats as ks
        >>> part = ks.reconstruct.samples(mean="3.2", sd="1.1", n=12, scale=(1, 5))
        >>> both = ks.reconstruct.sample_groups({"a": part, "b": part}, mean="3.17")
        >>> {name: rows.shape for name, rows in both.draw(4, rng=1).items()}
        {'a': (4, 5), 'b': (4, 5)}
        """
        many = _validate.integer(size, "size", low=1, high=DEFAULT_BUDGET)
        generator = _validate.rng(rng)
        if not self:
            raise NoSolution(self.identifiability)
        share = Fraction(self.count, self.alone)
        if share < _LEAST_SHARE:
            tried = int(many / share)
            raise BudgetExceeded("samples to try", tried, int(many / _LEAST_SHARE), "Draw from each group alone.")
        kept: list[dict[str, IntArray]] = []
        while sum(len(next(iter(rows.values()))) for rows in kept) < many:
            batch = {name: group.draw(int(many / share) + 10, rng=generator) for name, group in self.groups.items()}
            fits = self._fits(batch)
            kept.append({name: rows[fits] for name, rows in batch.items()})
        return {name: np.concatenate([rows[name] for rows in kept])[:many] for name in self.groups}

    def to_frame(self) -> pd.DataFrame:
        """Return the means and standard deviations that the groups can have together.

        Returns
        -------
        pandas.DataFrame
            For each group its mean and standard deviation, and how many combinations of samples have them; one row
            per combination of sums and sums of squares.

        Raises
        ------
        BudgetExceeded
            If there are too many rows to look through.
        """
        import pandas as pd

        found = self.summaries()
        columns = {}
        for name, group in self.groups.items():
            columns[f"{name}_mean"] = found[f"{name}_mean"]
            # The deviation as it was printed.
            divisor = 1.0 if not self._total.population else sqrt((group.n - 1) / group.n)
            columns[f"{name}_sd"] = found[f"{name}_sd"] * divisor
        samples: Any = np.ones(len(found[f"{name}_sum"]), dtype=object)
        for name, group in self.groups.items():
            ways = group.moments()
            pairs = zip(found[f"{name}_sum"].tolist(), found[f"{name}_squares"].tolist(), strict=True)
            samples = samples * np.array([ways[pair] for pair in pairs], dtype=object)
        return pd.DataFrame(columns | {"samples": samples}).infer_objects()

    def summaries(self) -> dict[str, Any]:
        """Return the means and standard deviations that the groups can have together, as arrays.

        Returns
        -------
        dict of str to ndarray, shape (combinations of sums and sums of squares,)
            For each group ``<name>_mean`` and ``<name>_sd`` (dividing by its people less 1) in units of the scale,
            ``<name>_sum`` and ``<name>_squares`` in its steps. How many combinations have them is left to `to_frame`.

        Raises
        ------
        BudgetExceeded
            If there are too many combinations to look through.

        Examples
        --------
        >>> import ketastats as ks
        >>> part = ks.reconstruct.samples(mean="3.2", sd="1.1", n=12, scale=(1, 5))
        >>> both = ks.reconstruct.sample_groups({"a": part, "b": part}, mean="3.17")
        >>> both.summaries()["a_sum"].tolist()
        [38]
        """
        cells = {name: as_array(group.sums()) for name, group in self.groups.items()}
        pairs = prod(len(part) for part in cells.values())
        if pairs > MOST_PAIRS:
            raise BudgetExceeded("rows", pairs, MOST_PAIRS, "Give more digits of the means and SDs.")
        grids = np.meshgrid(*(np.arange(len(part)) for part in cells.values()), indexing="ij")
        sums = {name: part[grid.ravel()] for (name, part), grid in zip(cells.items(), grids, strict=True)}
        together = sum(sums.values())
        kept = holding(self._allowed, together[:, 0], together[:, 1])  # type: ignore[index]
        found: dict[str, Any] = {}
        for name, group in self.groups.items():
            found |= {f"{name}_{key}": value for key, value in summary(group, sums[name][kept]).items()}
        return found

    def where(
        self,
        *,
        mean: str | Reported | Interval | None = None,
        sd: str | Reported | Interval | None = None,
        groups: Mapping[str, Mapping[str, Any]] | None = None,
        rounding: str = "half",
    ) -> CompatibleSampleGroups:
        """Return the combinations that also print further numbers.

        Parameters
        ----------
        mean, sd : str, Reported or Interval, optional
            Of all people together.
        groups : mapping, optional
            From the name of a group to keywords of `CompatibleSamples.where`, such as ``{"high": {"maximum": 4}}``.
        rounding : {"half", "half_up", "half_even", "truncate", "up", ...}
            How the digits of all people together were cut; a group has its own.

        Returns
        -------
        CompatibleSampleGroups
            What is left; `steps` says what was removed.

        Raises
        ------
        InvalidArgument, InvalidType
            If an argument cannot be used, or none is given.
        BudgetExceeded
            If there are too many samples or sums to look through.

        Examples
        --------
        >>> import ketastats as ks
        >>> part = ks.reconstruct.samples(mean="3.2", sd="1.1", n=12, scale=(1, 5))
        >>> both = ks.reconstruct.sample_groups({"a": part, "b": part})
        >>> print(*both.where(groups={"a": {"maximum": 4}}).steps)
        maximum = 4 removed 13 of 18 samples of a; left: 90 of 324 combinations
        """
        rule = _validate.choice(rounding, "rounding", tuple(Rounding))
        given = {name: value for name, value in {"mean": mean, "sd": sd}.items() if value is not None}
        if not given and not groups:
            raise InvalidArgument("where", {}, "at least one further number", 'Write where(mean="2.85").')
        if not isinstance(groups or {}, Mapping):
            raise InvalidType("groups", groups, "a mapping from names of groups to keywords of where")
        parts = dict(self.groups)
        for name, options in (groups or {}).items():
            _validate.choice(name, "groups", parts)
            if not isinstance(options, Mapping):
                raise InvalidType(f"groups[{name!r}]", options, "keywords of where", 'Write {"high": {"maximum": 4}}.')
            parts[name] = parts[name].where(**options)
        total = self._total
        if mean is not None:
            total = replace(total, mean=read_moment(mean, "mean", rule).intersect(total.mean))
        if sd is not None:
            total = replace(total, sd=read_moment(sd, "sd", rule).intersect(total.sd))
        printed = self.printed | {name: _words(value) for name, value in given.items()}
        words = [f"{name} {_words(value)}" for name, value in given.items()]
        words += [
            f"{step} of {name}" for name in groups or {} for step in parts[name].steps[len(self.groups[name].steps) :]
        ]
        left = _joined(parts, total, printed)
        step = f"{', '.join(words)}; left: {left.count:,} of {counted(self.count, 'combination')}"
        return replace(left, emptied_by=self.emptied_by or left.emptied_by, steps=(*self.steps, step))

    def summary(self) -> str:
        """Return what is left, what further numbers removed, and under which assumptions, as plain text.

        Returns
        -------
        str
            The sentence of `identifiability`, one for each call of `where`, then the assumptions.
        """
        first, *rest = CompatibleSet.summary(self).split("\n")
        return "\n".join([first, *(f"{step}." for step in self.steps), *rest])

    def _fits(self, batch: dict[str, IntArray]) -> Any:
        """Return which combinations print what was printed of all people."""
        total = square = np.zeros(1, dtype=np.int64)
        for name, group in self.groups.items():
            values = np.array(group._question.values, dtype=np.int64)
            total = total + batch[name] @ values
            square = square + batch[name] @ values**2
        return holding(self._allowed, total, square)


def sample_groups(
    groups: Mapping[str, CompatibleSamples],
    *,
    mean: str | Reported | Interval | None = None,
    sd: str | Reported | Interval | None = None,
    rounding: str = "half",
) -> CompatibleSampleGroups:
    """Return all combinations of samples of several groups that together print a mean and a standard deviation.

    Parameters
    ----------
    groups : mapping
        The samples of each group, as `samples` returns them, by name; all in the same steps, with the same divisor.
    mean, sd : str, Reported or Interval, optional
        Mean and standard deviation of all people together, as printed.
    rounding : {"half", "half_up", "half_even", "truncate", "up", ...}
        How the digits were cut; see `Rounding`.

    Returns
    -------
    CompatibleSampleGroups
        All of them; empty (and false) when the groups cannot make up the total.

    Raises
    ------
    InvalidArgument, InvalidType
        If an argument cannot be used.
    BudgetExceeded
        If the groups have too many sums and sums of squares to combine.

    Examples
    --------
    >>> import ketastats as ks
    >>> part = ks.reconstruct.samples(mean="3.2", sd="1.1", n=12, scale=(1, 5))
    >>> bool(ks.reconstruct.sample_groups({"a": part, "b": part}, mean="3.4"))
    False
    """
    rule = _validate.choice(rounding, "rounding", tuple(Rounding))
    parts = _read(groups)
    questions = [part._question for part in parts.values()]
    first = questions[0]
    total = Question(
        n=sum(question.n for question in questions),
        items=first.items,
        low=min(question.low for question in questions),
        high=max(question.high for question in questions),
        mean=_ANYTHING if mean is None else read_moment(mean, "mean", rule),
        sd=read_moment(_ANYTHING if sd is None else sd, "sd", rule),
        population=first.population,
        least=(),
        most=(),
    )
    printed = {"mean": mean, "sd": sd}
    return _joined(parts, total, {name: _words(value) for name, value in printed.items() if value is not None})


def _joined(parts: dict[str, CompatibleSamples], total: Question, printed: dict[str, str]) -> CompatibleSampleGroups:
    """Return the combinations of samples of each group that together answer a question."""
    allowed = {one: (low, high) for one, low, high in squares(total)}
    return CompatibleSampleGroups(
        groups=parts,
        printed=printed,
        exhaustive=True,
        assumptions=tuple(
            dict.fromkeys(f"{name}: {sentence}" for name, part in parts.items() for sentence in part.assumptions)
        ),
        emptied_by=emptied_by(parts, total, allowed),
        _total=total,
        _allowed=allowed,
    )


def _read(groups: object) -> dict[str, CompatibleSamples]:
    allowed = "a mapping from the name of each group to its samples, all in the same steps and with the same divisor"
    if not isinstance(groups, Mapping):
        raise InvalidType("groups", groups, allowed)
    if not groups:
        raise InvalidArgument("groups", groups, allowed)
    for name, part in groups.items():
        if not isinstance(name, str) or not isinstance(part, CompatibleSamples):
            raise InvalidType("groups", part, allowed, "Give what ks.reconstruct.samples returns.")
    kinds = {(part._question.items, part._question.population) for part in groups.values()}
    if len(kinds) > 1:
        raise InvalidArgument("groups", list(groups), allowed)
    return dict(groups)


def _words(value: Any) -> str:
    return f"in {value}" if isinstance(value, Interval) else equation(value)
