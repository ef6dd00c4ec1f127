"""Several outcomes of the same people, joined on the split that they share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import numpy as np
from numpy.typing import NDArray

from .. import _validate
from ..errors import BudgetExceeded, InvalidArgument, InvalidType
from ..reported import Reported
from ._base import CompatibleSet
from ._means import CompatibleMeans
from ._sizes import IntArray
from ._tables import DEFAULT_BUDGET, CompatibleTables, tables

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["CompatibleOutcomes", "outcomes"]

BoolArray = NDArray[np.bool_]
Printed = CompatibleTables | CompatibleMeans | Mapping[str, Any] | str | Reported
_ADVICE = "Give n1 and n2, more printed digits, or fewer values of n; or raise budget."


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CompatibleOutcomes(CompatibleSet):
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
    sets: dict[str, CompatibleTables | CompatibleMeans]
    index: dict[str, IntArray]
    swapped: dict[str, BoolArray]
    nested: tuple[tuple[str, str], ...]
    labelled: bool
    exhaustive: bool
    assumptions: tuple[str, ...]
    emptied_by: str

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

    def table(self, name: str) -> tuple[IntArray, IntArray, IntArray, IntArray]:
        """Return the 2x2 table of one outcome in every member.

        Parameters
        ----------
        name : str
            Name of an outcome that is a proportion.

        Returns
        -------
        x1, n1, x2, n2 : ndarray of int64, shape (members,)
            Events and people in each group of the shared split.

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
        return _oriented(part, self.index[name], self.swapped[name])

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
                frame = part.to_frame().iloc[self.index[name]]
                for key in frame.columns:
                    columns[f"{name}_{key}"] = frame[key].to_numpy()
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
    only by people whose outer outcome is missing: ``x_inner - x_outer <= N - n_outer``, and outer non-events can
    exceed inner ones only by people whose inner outcome is missing. Both together are necessary and sufficient.

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
    if not isinstance(printed, Mapping) or not printed:
        raise InvalidType("printed", printed, "a mapping from the name of each outcome to what was printed of it")
    sets = {name: _read(name, value, common) for name, value in printed.items()}
    pairs = _read_nested(nested, sets)
    limit = _validate.integer(budget, "budget", low=1)
    labelled = any(part.labelled for part in sets.values())
    sample, given = _whole_sample(sets, total)
    joined = _Join(sets, pairs, labelled, missing=given)
    for n1, n2 in _shared_splits(sets, sample, labelled, missing=given):
        joined.add(int(n1), int(n2), limit)
    return joined.result(_assumptions(sets, pairs, sample if given else None))


class _Join:
    """Collects the members split by split, and remembers at which stage nothing was left."""

    def __init__(
        self,
        sets: dict[str, CompatibleTables | CompatibleMeans],
        nested: tuple[tuple[str, str], ...],
        labelled: bool,
        *,
        missing: bool,
    ) -> None:
        self.sets = sets
        self.nested = nested
        self.labelled = labelled
        self.missing = missing
        self.stages: dict[str, int] = {}
        self.members = 0
        self.pieces: list[tuple[int, int, dict[str, tuple[IntArray, BoolArray]]]] = []

    def add(self, n1: int, n2: int, budget: int) -> None:
        """Join the outcomes on one split."""
        rows: dict[str, tuple[IntArray, BoolArray]] = {}
        size = 1
        for name, part in self.sets.items():
            index, swapped = _fitting(part, n1, n2, missing=self.missing)
            if size * index.size > 50 * budget:
                raise BudgetExceeded("combinations to try on one split", size * index.size, 50 * budget, _ADVICE)
            old, new = (grid.ravel() for grid in np.indices((size, index.size)))
            rows = {key: (at[old], turned[old]) for key, (at, turned) in rows.items()}
            rows[name] = (index[new], swapped[new])
            size = index.size * size
            self._note(name, size)
            for inner, outer in self.nested:
                if name in (inner, outer) and inner in rows and outer in rows:
                    keep = _nests(self._columns(inner, rows), self._columns(outer, rows), n1, n2)
                    rows = {key: (at[keep], turned[keep]) for key, (at, turned) in rows.items()}
                    size = int(keep.sum())
                    self._note(f"nesting {inner} in {outer}", size)
        if n1 == n2 and not self.labelled:
            keep = self._canonical(rows, size)
            rows = {key: (at[keep], turned[keep]) for key, (at, turned) in rows.items()}
            size = int(keep.sum())
        if size:
            self.members += size
            if self.members > budget:
                raise BudgetExceeded("combinations or more", self.members, budget, _ADVICE)
            self.pieces.append((n1, n2, rows))

    def result(self, assumptions: tuple[str, ...]) -> CompatibleOutcomes:
        """Return the members of all splits together."""
        sizes = [piece[2][next(iter(self.sets))][0].size for piece in self.pieces]
        empty = next((name for name, part in self.sets.items() if not part), "")
        last = next((stage for stage, size in self.stages.items() if size == 0), "the split that they share")
        return CompatibleOutcomes(
            n1=np.repeat(np.array([piece[0] for piece in self.pieces], dtype=np.int64), sizes),
            n2=np.repeat(np.array([piece[1] for piece in self.pieces], dtype=np.int64), sizes),
            sets=self.sets,
            index={name: self._gather(name, 0, np.int64) for name in self.sets},
            swapped={name: self._gather(name, 1, np.bool_) for name in self.sets},
            nested=self.nested,
            labelled=self.labelled,
            exhaustive=all(part.exhaustive for part in self.sets.values()),
            assumptions=assumptions,
            emptied_by="" if self.members else (empty or last),
        )

    def _gather(self, name: str, which: int, kind: type) -> Any:
        return np.concatenate([np.zeros(0, dtype=kind), *(piece[2][name][which] for piece in self.pieces)])

    def _note(self, stage: str, size: int) -> None:
        self.stages[stage] = self.stages.get(stage, 0) + size

    def _columns(self, name: str, rows: dict[str, tuple[IntArray, BoolArray]]) -> tuple[IntArray, ...]:
        return _oriented(cast(CompatibleTables, self.sets[name]), *rows[name])

    def _canonical(self, rows: dict[str, tuple[IntArray, BoolArray]], size: int) -> BoolArray:
        """Of each member and its mirror image keep one: groups of equal size cannot be told apart."""
        keep = np.ones(size, dtype=bool)
        undecided = np.ones(size, dtype=bool)
        for name, part in self.sets.items():
            if not isinstance(part, CompatibleTables):
                continue
            x1, n1, x2, n2 = self._columns(name, rows)
            lower = (n1 < n2) | ((n1 == n2) & (x1 < x2))
            higher = (n1 > n2) | ((n1 == n2) & (x1 > x2))
            keep &= ~(undecided & higher)
            undecided &= ~(lower | higher)
        return keep


def _oriented(
    part: CompatibleTables, at: IntArray, swapped: BoolArray
) -> tuple[IntArray, IntArray, IntArray, IntArray]:
    """Return rows of a set, with the two groups exchanged where asked."""
    x1, n1, x2, n2 = part.x1[at], part.n1[at], part.x2[at], part.n2[at]
    return (
        np.where(swapped, x2, x1),
        np.where(swapped, n2, n1),
        np.where(swapped, x1, x2),
        np.where(swapped, n1, n2),
    )


def _fitting(
    part: CompatibleTables | CompatibleMeans, n1: int, n2: int, *, missing: bool
) -> tuple[IntArray, BoolArray]:
    """Return the rows of a set that fit a split, in either orientation, and which of them are exchanged."""

    def fits(first: IntArray, second: IntArray) -> IntArray:
        inside = (first <= n1) & (second <= n2) if missing else (first == n1) & (second == n2)
        return np.nonzero(inside)[0]

    straight = fits(part.n1, part.n2)
    turnable = isinstance(part, CompatibleTables) and not part.labelled
    if not turnable:
        return straight, np.zeros(straight.size, dtype=bool)
    turned = fits(part.n2, part.n1)
    # A table that is its own mirror image stands once.
    alike = (part.n1[turned] == part.n2[turned]) & (part.x1[turned] == part.x2[turned])
    turned = turned[~alike]
    swapped = np.repeat([False, True], [straight.size, turned.size])
    return np.concatenate([straight, turned]), swapped


def _nests(inner: tuple[IntArray, ...], outer: tuple[IntArray, ...], n1: int, n2: int) -> BoolArray:
    result: BoolArray = np.ones(inner[0].shape, dtype=bool)
    for at, size in ((0, n1), (2, n2)):
        x_inner, n_inner, x_outer, n_outer = inner[at], inner[at + 1], outer[at], outer[at + 1]
        result &= x_inner - x_outer <= size - n_outer
        result &= (n_outer - x_outer) - (n_inner - x_inner) <= size - n_inner
    return result


def _read(name: str, value: Printed, common: dict[str, Any]) -> CompatibleTables | CompatibleMeans:
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


def _read_nested(
    nested: Iterable[tuple[str, str]], sets: dict[str, CompatibleTables | CompatibleMeans]
) -> tuple[tuple[str, str], ...]:
    proportions = [name for name, part in sets.items() if isinstance(part, CompatibleTables)]
    pairs = []
    for pair in nested:
        if isinstance(pair, str) or len(pair) != 2:
            raise InvalidType("nested", pair, "pairs (inner, outer) of outcome names")
        for name in pair:
            _validate.choice(name, "nested", proportions)
        pairs.append((pair[0], pair[1]))
    return tuple(pairs)


def _whole_sample(sets: dict[str, CompatibleTables | CompatibleMeans], total: int | None) -> tuple[int, bool]:
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


def _shared_splits(
    sets: dict[str, CompatibleTables | CompatibleMeans], sample: int, labelled: bool, *, missing: bool
) -> IntArray:
    if missing:
        first = np.arange(1, sample if labelled else sample // 2 + 1)
        return np.stack([first, sample - first], axis=1)
    pairs = [np.stack([part.n1, part.n2], axis=1) for part in sets.values()]
    if labelled:
        # A set without labels fits either way round.
        pairs = [
            pair if part.labelled else np.concatenate([pair, pair[:, ::-1]])
            for pair, part in zip(pairs, sets.values(), strict=True)
        ]
    shared = set.intersection(*(set(map(tuple, pair.tolist())) for pair in pairs))
    return np.array(sorted(shared), dtype=np.int64).reshape(-1, 2)


def _assumptions(
    sets: dict[str, CompatibleTables | CompatibleMeans], nested: tuple[tuple[str, str], ...], sample: int | None
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
