"""Several subgroup variables of the same people, joined on the totals of the outcomes that they share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ... import _validate
from .._outcomes.read import Printed
from .._outcomes.relations import read_nested
from .._outcomes.splits import CompatiblePart
from .._tables.tables import CompatibleTables
from .._words import DEFAULT_BUDGET
from .blame import blame
from .compatible import CompatibleSubgroups
from .join import Sets
from .read import assumed, check_given, one_of_each, read_once, sample_sizes, with_overall
from .samples import Samples

__all__ = ["CompatibleSubgroups", "joined", "subgroups"]

Given = Mapping[str, Mapping[str, Printed]]


def subgroups(
    printed: Given,
    *,
    nested: Iterable[tuple[str, str]] = (),
    overall: Mapping[str, Mapping[str, Any]] | None = None,
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
    overall : mapping of mappings, optional
        For an outcome by name what was printed of all people together, as keywords of `tables`: ``rate`` and
        ``events``, and ``n`` when its number of people differs.
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
    >>> rate = {"response": {"rate": "25%"}}
    >>> joint = ks.reconstruct.subgroups({"load": {"response": "0.230"}}, n=83, test="pearson", overall=rate)
    >>> joint.splits("load").tolist()
    [[37, 46]]
    """
    given = with_overall(check_given(printed), overall)
    known: dict[str, CompatiblePart] = {}
    sets = {
        variable: {name: read_once(name, value, common, known) for name, value in parts.items()}
        for variable, parts in given.items()
    }
    proportions = [name for name, part in one_of_each(sets).items() if isinstance(part, CompatibleTables)]
    pairs = read_nested(nested, proportions)
    limit = _validate.integer(budget, "budget", low=1)
    sizes, missing = sample_sizes(sets, total)
    return joined(sets, pairs, sizes, missing=missing, budget=limit)


def joined(
    sets: Sets, nested: tuple[tuple[str, str], ...], sizes: list[int], *, missing: bool, budget: int
) -> CompatibleSubgroups:
    """Return every combination of sets that were found already, in a sample of one of some sizes."""
    found = Samples(sets, nested, sizes, missing=missing)
    count = sum(found.counts())
    return CompatibleSubgroups(
        sets=sets,
        nested=nested,
        count=count,
        budget=budget,
        exhaustive=all(part.exhaustive for parts in sets.values() for part in parts.values()),
        assumptions=assumed(sets, nested, sizes, missing=missing),
        emptied_by="" if count else blame(sets, nested, sizes, missing=missing),
        steps=(),
        _samples=found,
        _missing=missing,
    )
