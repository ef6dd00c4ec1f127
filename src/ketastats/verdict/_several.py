"""Several claims together, by intersection-union."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ..claims import Claim
from ..errors import InvalidArgument
from ..reconstruct import CompatibleMeans, CompatibleOutcomes, CompatibleSet
from ._decide import ROUNDING
from ._members import GROUPS, SPLIT, Members, exchangeable, from_outcome, in_sample
from ._single import (
    NO,
    OPEN,
    YES,
    as_words,
    common,
    limits,
    possible_rulings,
    rule,
    span,
    tally,
    threshold_margins,
    what_decides,
)
from ._verdict import Ruling, Verdict

__all__ = ["aligned", "independent", "joint", "of_one"]


def joint(
    claims: dict[str, Claim], data: CompatibleOutcomes, alpha: float, level: float, method: str | None
) -> Verdict:
    """Rule on every member of a joint set by intersection-union, then over the set."""
    found = {
        name: of_one(name, lambda claim, name=name: from_outcome(claim, data, name, level, method), claims)
        for name in claims
    }
    turns = _turns(claims, data)
    # What an outcome can be is ruled once, however many members have it.
    parts = {
        name: rule(claims[name], _turned(own, name, turns, claims), data, alpha) for name, (own, _) in found.items()
    }
    members = {
        name: _turned(in_sample(own, data, place), name, turns, claims, all_turns=True)
        for name, (own, place) in found.items()
    }
    repeats = 2 ** len(turns)
    columns = {"n1": np.tile(data.n1, repeats), "n2": np.tile(data.n2, repeats)}
    return aligned(claims, parts, members, columns, data, alpha, shared=(SPLIT, *turns))


def aligned(
    claims: dict[str, Claim],
    parts: dict[str, Verdict],
    members: dict[str, Members],
    columns: dict[str, Any],
    data: CompatibleSet,
    alpha: float,
    *,
    shared: tuple[str, ...],
    noun: str = "outcome",
) -> Verdict:
    """Rule on each data set by intersection-union, then over all of them.

    `members` holds for each claim the same data sets in the same order; `shared` names the details (and columns) that
    are the same for all claims.
    """
    each = {name: possible_rulings(claims[name].region, members[name]) for name in claims}
    codes = _intersection_union(list(each.values()))
    ruling = common(codes)
    columns = dict(columns)
    details: dict[str, Any] = {}
    margins: dict[str, Any] = {}
    for name, part in members.items():
        margin = threshold_margins(claims[name], part)
        # All claims must hold at once, so the largest of their thresholds counts.
        margins[claims[name].estimand] = np.maximum(margins.get(claims[name].estimand, -np.inf), margin)
        shown = part.columns | limits(part) | {"threshold_margin": margin}
        columns |= {key if key in shared else f"{name}_{key}": column for key, column in shown.items()}
        columns[f"{name}_ruling"] = as_words(each[name])
        details |= {key if key in shared else f"{key} of {name}": value for key, value in part.details.items()}
    decides = what_decides(codes, details) if ruling is Ruling.DEPENDS else ()
    thresholds = {estimand: span(values) for estimand, values in margins.items() if codes.size}
    because = _because(parts, ruling, decides, data.identifiability, tally(codes), noun)
    return _several(
        claims,
        parts,
        columns | {"ruling": as_words(codes)},
        ruling,
        because,
        decides,
        thresholds,
        alpha,
        data.assumptions,
    )


def of_one(name: str, read: Any, claims: Mapping[str, Claim]) -> Any:
    """Return what `read` makes of the claim of one name; an error says which claim it is."""
    try:
        return read(claims[name])
    except InvalidArgument as error:
        if error.argument != "claim":
            raise
        remedy = error.remedy or f"Give each outcome a claim of its own: {{{name!r}: ...}}."
        raise InvalidArgument(f"claim[{name!r}]", error.value, error.allowed, remedy) from None


def _turns(claims: dict[str, Claim], data: CompatibleOutcomes) -> dict[str, set[str]]:
    """Return each unknown direction that a claim minds, and the outcomes that it turns.

    Which group is which turns all tables at once; the sign of a t that was printed without one turns alone.
    """
    means = {name for name in claims if isinstance(data.sets[name], CompatibleMeans)}
    minding = {name for name in claims if not exchangeable(claims[name])}
    turns: dict[str, set[str]] = {}
    if minding - means and not data.labelled:
        turns[GROUPS] = {name for name in set(claims) - means if claims[name].estimand != "proportion"}
    for name in sorted(means & minding):
        part = data.sets[name]
        if isinstance(part, CompatibleMeans) and not part.sign_known:
            turns[f"the sign of {name}"] = {name}
    return turns


def _turned(
    members: Members, name: str, turns: dict[str, set[str]], claims: dict[str, Claim], *, all_turns: bool = False
) -> Members:
    """Return the data sets of one outcome in both directions wherever it turns; with `all_turns` also beside others."""
    for label, affected in turns.items():
        if all_turns or name in affected:
            members = members.doubled(label, turned=name in affected, ratio=claims[name].ratio)
    return members


def _intersection_union(codes: Any) -> Any:
    """Return what the claims together allow, from what each allows (first axis): all must hold, none may fail."""
    stacked = np.asarray(codes)
    yes = (stacked & YES > 0).all(axis=0)
    no = (stacked & NO > 0).any(axis=0)
    # Some outcome open, and none of them refuted.
    open_ = (stacked & (YES | OPEN) > 0).all(axis=0) & (stacked & OPEN > 0).any(axis=0)
    return YES * yes + OPEN * open_ + NO * no


def independent(
    claims: dict[str, Claim], data: Mapping[str, Any], alpha: float, members: dict[str, Members]
) -> Verdict:
    """Combine claims on data that share nothing: each may take any of the rulings of its data sets."""
    parts = {name: rule(claims[name], members[name], data[name], alpha) for name in claims}
    found = {name: np.unique(possible_rulings(claims[name].region, members[name])) for name in claims}
    # One row per outcome, one column per combination; none at all if an outcome has no data set.
    columns = np.stack([grid.ravel() for grid in np.meshgrid(*found.values(), indexing="ij")])
    codes = _intersection_union(columns)
    ruling = common(codes)
    decides: tuple[str, ...] = ()
    if ruling is Ruling.DEPENDS:
        keys = dict(zip(claims, columns, strict=True))
        decisive_names = what_decides(codes, keys)
        # An outcome whose own digits leave it open has one code, and decides all the same.
        by_digits = {name for name in claims if ROUNDING in decisive_names and ROUNDING in parts[name].decides}
        names = [name for name in claims if name in decisive_names or name in by_digits]
        decides = tuple(f"{detail} of {name}" for name in names for detail in parts[name].decides)
    thresholds: dict[str, tuple[float, float]] = {}
    for part in parts.values():
        for estimand, (low, high) in part.thresholds.items():
            # The sets are independent, so the ends of the largest threshold are the largest ends.
            before = thresholds.get(estimand, (low, high))
            thresholds[estimand] = (max(before[0], low), max(before[1], high))
    shown = {"outcome": np.array(list(parts)), "ruling": np.array([str(part.ruling) for part in parts.values()])}
    empty = [name for name, part in parts.items() if part.ruling is Ruling.IMPOSSIBLE]
    because = _because(parts, ruling, decides, f"there is none for {', '.join(empty)}.", "", "outcome")
    sentences = tuple(dict.fromkeys(sentence for part in parts.values() for sentence in part.assumptions))
    return _several(claims, parts, shown, ruling, because, decides, thresholds, alpha, sentences)


def _several(
    claims: dict[str, Claim],
    parts: dict[str, Verdict],
    members: dict[str, Any],
    ruling: Ruling,
    because: str,
    decides: tuple[str, ...],
    thresholds: dict[str, tuple[float, float]],
    alpha: float,
    assumptions: tuple[str, ...],
) -> Verdict:
    """Return the verdict on several claims from the verdicts on each."""
    return Verdict(
        claim=claims,
        ruling=ruling,
        because=because,
        decides=decides,
        members=members,
        thresholds=thresholds if ruling is not Ruling.IMPOSSIBLE else {},
        parts=parts,
        alpha=alpha,
        exhaustive=all(part.exhaustive for part in parts.values()),
        assumptions=assumptions,
        method="; ".join(dict.fromkeys(part.method for part in parts.values())),
        references=tuple(dict.fromkeys(source for part in parts.values() for source in part.references)),
    )


def _because(
    parts: dict[str, Verdict], ruling: Ruling, decides: tuple[str, ...], empty: str, numbers: str, noun: str
) -> str:
    """Return the reason in one sentence: what rules, or what decides."""
    if ruling is Ruling.IMPOSSIBLE:
        return f"no data set prints these digits: {empty}"
    alone = ", ".join(f"{name} {part.ruling}" for name, part in parts.items())
    same = ", ".join(name for name, part in parts.items() if part.ruling is ruling)
    if ruling is Ruling.ESTABLISHED:
        return f"every {noun} is established in every data set ({alone})."
    if ruling is Ruling.REFUTED:
        which = f"; in every one: {same}" if same else ""
        return f"in every data set at least one {noun} is refuted{which} ({alone})."
    if ruling is Ruling.NOT_ESTABLISHED:
        which = f"established in no data set: {same}" if same else "in no data set are all established"
        return f"the claim needs every {noun}; {which} ({alone})."
    found = f"{numbers}; alone: {alone}" if numbers else alone
    return f"data sets that print the same digits disagree ({found}); what decides: {', '.join(decides)}."
