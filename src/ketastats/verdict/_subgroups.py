"""Claims on several subgroup variables together, over a joint set that is never listed."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..claims import Claim
from ..reconstruct import CompatibleMeans, CompatibleSubgroups, CompatibleTables
from ._members import Members, exchangeable, from_columns, from_means, from_tables
from ._several import of_one
from ._single import NO, OPEN, YES, possible_rulings, rule, span, threshold_margins
from ._verdict import Ruling, Verdict

__all__ = ["across"]

# So many of the details that decide make a sentence.
_NAMED = 4

Pair = tuple[str, str]
Codes = dict[Pair, Any]


def across(
    claims: dict[str, Claim], data: CompatibleSubgroups, alpha: float, level: float, method: str | None
) -> Verdict:
    """Rule by intersection-union on every outcome in every variable, counting the combinations that allow each ruling.

    A combination is established only if all its tables are, and refuted if any of them is. How many combinations are
    made of tables of some kind only is counted exactly, which answers both.
    """
    pairs = [(variable, name) for variable, parts in data.sets.items() for name in parts if name in claims]
    parts: dict[str, Verdict] = {}
    margins: Codes = {}
    codes: Codes = {}
    known: dict[Any, Any] = {}
    for variable, name in pairs:
        # Variables of which the same was printed have the same verdicts.
        key = (name, *map(id, data.sets[variable].values()))
        if key not in known:
            pair = (variable, name)
            known[key] = of_one(name, lambda claim, pair=pair: _one(claim, data, pair, alpha, level, method), claims)
        parts[f"{name} by {variable}"], codes[variable, name], margins[variable, name] = known[key]
    numbers = _tally(claims, data, codes)
    allowed = [word for word, number in numbers.items() if number]
    ruling = Ruling.IMPOSSIBLE if not data else allowed[0] if len(allowed) == 1 else Ruling.DEPENDS
    single = all(np.isin(code, (YES, OPEN, NO)).all() for code in codes.values())
    decides = tuple(
        f"{detail} of {name}" for name, part in parts.items() for detail in part.decides if ruling is Ruling.DEPENDS
    )
    return Verdict(
        claim={f"{name} by {variable}": claims[name] for variable, name in pairs},
        ruling=ruling,
        because=_because(parts, ruling, data, numbers if single else {}, decides),
        decides=decides,
        members={
            "outcome": np.array(list(parts)),
            "ruling": np.array([str(part.ruling) for part in parts.values()]),
        },
        thresholds=_thresholds(claims, data, margins) if data else {},
        parts=parts,
        alpha=alpha,
        exhaustive=data.exhaustive,
        assumptions=data.assumptions,
        method="; ".join(dict.fromkeys(part.method for part in parts.values())),
        references=tuple(dict.fromkeys(source for part in parts.values() for source in part.references)),
    )


def _one(
    claim: Claim, data: CompatibleSubgroups, pair: Pair, alpha: float, level: float, method: str | None
) -> tuple[Verdict, Any, Any]:
    """Return the verdict on what is left of one outcome of one variable, and of all its tables what they allow.

    Codes stand for the tables as listed and with their groups exchanged; threshold margins are the same for both.
    """
    variable, name = pair
    left, part = data.part(variable, name), data.sets[variable][name]
    if isinstance(part, CompatibleMeans) or isinstance(left, CompatibleMeans):
        return _one_of_means(claim, left, part, alpha, level)
    verdict = rule(claim, from_tables(claim, left, level, method), left, alpha)
    sides = [_listed(claim, part, level, method, turned=False)]
    sides.append(sides[0] if exchangeable(claim) else _listed(claim, part, level, method, turned=True))
    codes = np.stack([possible_rulings(claim.region, side) for side in sides])
    return verdict, codes, threshold_margins(claim, sides[0])


def _one_of_means(claim: Claim, left: Any, part: Any, alpha: float, level: float) -> tuple[Verdict, Any, Any]:
    verdict = rule(claim, from_means(claim, left, level), left, alpha)
    members = from_means(claim, part, level)
    # Where the sign was not printed every split stands twice, and its sign turns alone.
    codes = np.bitwise_or.reduce(possible_rulings(claim.region, members).reshape(-1, len(part)), axis=0)
    margins = threshold_margins(claim, members).reshape(-1, len(part)).max(axis=0)
    return verdict, np.stack([codes, codes]), margins


def _listed(claim: Claim, part: CompatibleTables, level: float, method: str | None, *, turned: bool) -> Members:
    x1, n1, x2, n2 = part.x1, part.n1, part.x2, part.n2
    columns = {"x1": x2, "n1": n2, "x2": x1, "n2": n1} if turned else {"x1": x1, "n1": n1, "x2": x2, "n2": n2}
    return from_columns(claim, columns, {}, level, method)


def _tally(claims: dict[str, Claim], data: CompatibleSubgroups, codes: Codes) -> dict[Ruling, int]:
    """Return how many combinations allow each ruling; groups that a claim tells apart stand in both directions."""
    directed = {
        variable
        for variable, name in codes
        if not exchangeable(claims[name]) and not isinstance(data.sets[variable][name], CompatibleMeans)
    }

    def count(kinds: Any) -> int:
        return data.count_of({pair: kinds(code) for pair, code in codes.items()}, directed=directed)

    total = count(lambda code: np.ones(code.shape, dtype=bool))
    established = count(lambda code: code & YES > 0)
    open_or_established = count(lambda code: code & (YES | OPEN) > 0)
    certain = count(lambda code: (code & YES > 0) & (code & OPEN == 0))
    unrefuted = count(lambda code: code & NO == 0)
    return {
        Ruling.ESTABLISHED: established,
        Ruling.NOT_ESTABLISHED: open_or_established - certain,
        Ruling.REFUTED: total - unrefuted,
    }


def _thresholds(claims: dict[str, Claim], data: CompatibleSubgroups, margins: Codes) -> dict[str, tuple[float, float]]:
    """Return for each estimand the smallest and largest margin at which all its outcomes would be established."""
    found = {}
    for estimand in dict.fromkeys(claims[name].estimand for _, name in margins):
        own = {pair: values for pair, values in margins.items() if claims[pair[1]].estimand == estimand}
        left = [values[data.places(*pair)] for pair, values in own.items()]
        lowest, highest = (max(ends) for ends in zip(*map(span, left), strict=True))
        steps = np.unique(np.concatenate(left))
        found[estimand] = (_least(data, own, steps[steps >= lowest]), highest)
    return found


def _least(data: CompatibleSubgroups, margins: Codes, steps: Any) -> float:
    """Return the smallest of some margins at which a combination with margins no larger exists."""
    first, last = 0, steps.size - 1
    place = 0
    while first < last:
        if data.count_of({pair: values <= steps[place] for pair, values in margins.items()}):
            last = place
        else:
            first = place + 1
        place = (first + last) // 2
    return float(steps[first])


def _because(
    parts: dict[str, Verdict],
    ruling: Ruling,
    data: CompatibleSubgroups,
    numbers: dict[Ruling, int],
    decides: tuple[str, ...],
) -> str:
    if ruling is Ruling.IMPOSSIBLE:
        return f"no data set prints these digits: {data.identifiability}"
    alone = ", ".join(f"{name} {part.ruling}" for name, part in parts.items())
    if ruling is Ruling.ESTABLISHED:
        return f"every outcome is established in every variable and combination ({alone})."
    if ruling is Ruling.REFUTED:
        return f"in every combination at least one outcome is refuted in one variable ({alone})."
    if ruling is Ruling.NOT_ESTABLISHED:
        return f"the claim needs every outcome in every variable, and in no combination are all established ({alone})."
    tally = ", ".join(f"{word} in {number:,}" for word, number in numbers.items() if number)
    named = ", ".join(decides[:_NAMED]) + (f" and {len(decides) - _NAMED} more" if len(decides) > _NAMED else "")
    return f"combinations that print the same digits disagree ({tally or alone}); what decides: {named}."
