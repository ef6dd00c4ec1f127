"""Several outcomes of the same people, joined on the split that they share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ... import _validate
from .._tables.tables import CompatibleTables
from .._words import DEFAULT_BUDGET
from .combine import joined
from .compatible import CompatibleOutcomes
from .read import Printed, read_parts, whole_samples
from .relations import read_relations
from .splits import CompatiblePart

__all__ = ["CompatibleOutcomes", "outcomes"]


def outcomes(
    printed: Mapping[str, Printed],
    *,
    nested: Iterable[tuple[str, str]] = (),
    exclusive: Iterable[Sequence[str]] = (),
    sums: Mapping[str, Sequence[str]] | None = None,
    same_test: bool = False,
    total: int | range | None = None,
    budget: int = DEFAULT_BUDGET,
    **common: Any,
) -> CompatibleOutcomes:
    """Return every combination of data sets, one per outcome, that share one split of the same people.

    Parameters
    ----------
    printed : mapping
        For each outcome by name: a compatible set from `tables` or `means`, the keywords of `tables` or of `means` as a
        mapping, or just the printed p-value as text. An outcome is a mean where its ``test`` is ``"student"`` or
        ``"welch"``, or where it has a keyword that only `means` has, such as ``mean1``.
    nested : iterable of pairs of str, optional
        Pairs (inner, outer) of outcomes: everyone with the inner event has the outer one, as remitters are responders.
    exclusive : iterable of groups of str, optional
        Outcomes of which nobody has more than one, as remission and relapse at the same visit.
    sums : mapping, optional
        Outcomes that add up, ``{"response": ("partial response", "remission")}``: whoever has the total has exactly one
        of its parts, known of the same people. The total ``"n"`` is everyone.
    same_test : bool
        Whether, of several possible tests, all outcomes that are proportions had the same one, and all means.
    total : int or range, optional
        People in the whole sample. Give it when an outcome may miss people: each outcome's groups are then parts of
        the groups of the whole sample. By default the same people have all outcomes; when no single n serves all of
        them, the largest is taken as the total.
    budget : int
        Most combinations to return.
    **common
        Keywords of `tables` and `means` that hold for every outcome that has no such keyword of its own, such as
        ``n=83``. Of several tests each outcome takes those that it can have.

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
    The sets are joined split by split, never as a product. A group of N people is made of those who were seen with an
    event and those who were seen without it; where nobody can be in two such states at once, together they must not be
    more than N. That is asked of all states that exclude each other, also by chains of relations, such as
    ``x_inner + (n_outer - x_outer) <= N`` for nested outcomes. It is necessary, and enough unless five or more outcomes
    exclude each other in a ring.

    Examples
    --------
    >>> import ketastats as ks
    >>> joint = ks.reconstruct.outcomes(
    ...     {"symptoms": {"p": "0.572", "test": "student"}, "response": "0.230", "remission": "0.397"},
    ...     n=83,
    ...     test="pearson",
    ...     nested=[("remission", "response")],
    ... )
    >>> len(joint), joint.splits.tolist()
    (6, [[28, 55], [37, 46], [38, 45]])
    >>> joint.to_frame().iloc[2].to_dict()["response_x1"]
    7
    """
    sets: dict[str, CompatiblePart] = read_parts(printed, common)
    proportions = [name for name, part in sets.items() if isinstance(part, CompatibleTables)]
    relations = read_relations(nested, exclusive, sums, same_test, proportions)
    limit = _validate.integer(budget, "budget", low=1)
    samples, missing = whole_samples(sets, total)
    return joined(sets, relations, samples, missing=missing, budget=limit)
