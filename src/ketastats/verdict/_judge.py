"""From a claim and the data sets that print the reported digits to a ruling."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations
from typing import Any

import numpy as np

from .. import _validate
from ..claims import Claim
from ..effects import Estimate
from ..errors import InvalidArgument, InvalidType
from ..reconstruct import CompatibleMeans, CompatibleOutcomes, CompatibleSet, CompatibleTables
from ..regions import Region
from ._members import Members, from_estimate, from_means, from_outcome, from_tables
from ._verdict import Ruling, Verdict

__all__ = ["judge"]

Data = CompatibleTables | CompatibleMeans | CompatibleOutcomes | Estimate
_NAMES = {
    "risk_difference": "risk difference",
    "risk_ratio": "risk ratio",
    "odds_ratio": "odds ratio",
    "mean_difference": "mean difference",
    "smd": "standardised mean difference",
    "proportion": "proportion",
}


def judge(
    claim: Claim | Mapping[str, Claim],
    data: Data | Mapping[str, Data],
    *,
    alpha: float = 0.05,
    method: str | None = None,
) -> Verdict:
    """Rule on a claim over every data set that prints the reported digits.

    For each data set the central ``1 - 2 alpha`` interval of the estimand is held against the claimed region. Inside:
    established, which for a region between two margins is the two one-sided tests procedure at `alpha` [1]_. Wholly
    outside: refuted. Otherwise not established: absence of evidence, in either direction. The ruling over the set is
    the common one, or it depends, and the verdict names what decides.

    Parameters
    ----------
    claim : Claim or mapping of str to Claim
        What was asserted. Several claims, by name of the outcome, are ruled together by intersection-union [2]_:
        established only if all are, refuted if any is. One claim over joint outcomes is made of each of them.
    data : CompatibleTables, CompatibleMeans, CompatibleOutcomes, Estimate, or a mapping of them
        The data sets. An `Estimate` is one data set per element. A mapping holds data for each named claim, without
        a shared split; use `reconstruct.outcomes` where outcomes share one.
    alpha : float
        One-sided level, above 0 and at most 0.5.
    method : str, optional
        Interval method for proportions, see `effects.proportions`; the Miettinen-Nurminen score interval if not said.

    Returns
    -------
    Verdict
        Ruling, reason, results for every data set, threshold margin, and what decides.

    Raises
    ------
    InvalidArgument, InvalidType
        If claim and data do not fit together.

    References
    ----------
    .. [1] Schuirmann DJ (1987). A comparison of the two one-sided tests procedure and the power approach. Journal of
       Pharmacokinetics and Biopharmaceutics 15, 657-680. doi:10.1007/BF01068419
    .. [2] Berger RL (1982). Multiparameter hypothesis testing and acceptance sampling. Technometrics 24, 295-300.
       doi:10.2307/1267823

    Examples
    --------
    >>> import ketastats as ks
    >>> claim = ks.Claim(estimand="risk_difference", region=ks.within(0.16))
    >>> verdict = ks.judge(claim, ks.reconstruct.tables(n=83, p="0.230", test="pearson"))
    >>> print(verdict.ruling, f"threshold {verdict.threshold_margin[0]:.3f} to {verdict.threshold_margin[1]:.3f}")
    not established threshold 0.166 to 0.467
    """
    rate = _validate.alpha(alpha)
    level = 1.0 - 2.0 * rate
    if rate == 0.5:
        raise InvalidArgument("alpha", alpha, "above 0 and below 0.5", "At 0.5 the interval is a single point.")
    if isinstance(data, (CompatibleOutcomes, Mapping)):
        return _judge_several(claim, data, rate, level, method)
    if not isinstance(claim, Claim):
        raise InvalidType("claim", claim, "a Claim", "Several claims need joint outcomes or a mapping of data.")
    return _rule(claim, _members(claim, data, level, method), data, rate)


def _members(claim: Claim, data: object, level: float, method: str | None) -> Members:
    if isinstance(data, CompatibleTables):
        return from_tables(claim, data, level, method)
    if method is not None:
        raise InvalidArgument("method", method, "None unless the data are 2x2 tables")
    if isinstance(data, CompatibleMeans):
        return from_means(claim, data, level)
    if isinstance(data, Estimate):
        return from_estimate(claim, data, level)
    raise InvalidType("data", data, "a compatible set from ketastats.reconstruct or an Estimate from ketastats.effects")


# --- one claim ------------------------------------------------------------------------------------------------


def _rule(claim: Claim, members: Members, data: Data, alpha: float) -> Verdict:
    rulings = _each(claim.region, members)
    ruling = _common(rulings)
    thresholds = _thresholds(claim, members)
    decides = _decisive(rulings, members.details) if ruling is Ruling.DEPENDS else ()
    columns = members.columns | _limits(members) | {"threshold_margin": thresholds, "ruling": rulings}
    return Verdict(
        claim=claim,
        ruling=ruling,
        because=_because(claim, members, rulings, ruling, data, alpha, decides),
        decides=decides,
        members=columns,
        thresholds={claim.estimand: _span(thresholds)} if rulings.size else {},
        parts={},
        alpha=alpha,
        exhaustive=data.exhaustive if isinstance(data, CompatibleSet) else True,
        assumptions=data.assumptions if isinstance(data, CompatibleSet) else (),
        method=members.method,
        references=members.references,
    )


def _each(region: Region, members: Members) -> Any:
    """Return the ruling of each data set, over all values that its rounding interval allows."""
    low_min, low_max = members.low
    high_min, high_max = members.high
    inside_always = _between(region, low_min, high_max)
    inside_ever = _between(region, low_max, high_min) & members.reachable
    outside_always = (low_min > region.high) | (high_max < region.low)
    outside_ever = (low_max > region.high) | (high_min < region.low)
    if not region.inside:
        inside_always, outside_always = outside_always, inside_always
        inside_ever, outside_ever = outside_ever, inside_ever
    rulings = np.full(low_min.shape, str(Ruling.DEPENDS), dtype="<U15")
    rulings[~inside_ever & ~outside_ever] = Ruling.NOT_ESTABLISHED
    rulings[inside_always] = Ruling.ESTABLISHED
    rulings[outside_always] = Ruling.REFUTED
    return rulings


def _between(region: Region, low: Any, high: Any) -> Any:
    return Region(region.low, region.high).covers(low, high)


def _common(rulings: Any) -> Ruling:
    found = set(rulings.tolist())
    if not found:
        return Ruling.IMPOSSIBLE
    return Ruling(found.pop()) if len(found) == 1 else Ruling.DEPENDS


def _decisive(rulings: Any, details: dict[str, Any]) -> tuple[str, ...]:
    """Return the fewest unreported details that together fix the ruling."""
    if np.any(rulings == Ruling.DEPENDS):
        return ("the digits that rounding took away",)
    varying = [name for name in details if _varies(details[name])]
    for size in range(1, len(varying) + 1):
        for names in combinations(varying, size):
            if _fixed(rulings, [details[name] for name in names]):
                return names
    return (*varying, "the counts in each group")


def _varies(keys: Any) -> bool:
    return bool(keys.shape[1] > 1) if keys.ndim == 2 else np.unique(keys).size > 1


def _fixed(rulings: Any, keys: list[Any]) -> bool:
    """Whether data sets that agree in the keys always have the same ruling."""
    rows = np.arange(rulings.size)
    labels: list[Any] = []
    for key in keys:
        if key.ndim == 2:
            # A table that several tests print stands under each of them.
            at, column = np.nonzero(key[rows])
            rows, labels = rows[at], [*(label[at] for label in labels), column]
        else:
            labels.append(key[rows])
    coded = [np.unique(label, return_inverse=True)[1] for label in labels]
    group = np.unique(np.stack(coded, axis=1), axis=0, return_inverse=True)[1].ravel()
    code = np.unique(rulings, return_inverse=True)[1][rows]
    return np.unique(np.stack([group, code], axis=1), axis=0).shape[0] == np.unique(group).size


def _thresholds(claim: Claim, members: Members) -> Any:
    """Return the smallest symmetric margin at which each data set establishes equivalence, whatever was printed."""
    low, high = members.low[0], members.high[1]
    if claim.ratio:
        with np.errstate(divide="ignore"):
            return np.exp(np.maximum(np.abs(np.log(low)), np.abs(np.log(high))))
    centre = 0.0
    if claim.estimand == "proportion":
        ends = [end for end in (claim.region.low, claim.region.high) if np.isfinite(end)]
        centre = sum(ends) / len(ends)
    return np.maximum(np.abs(low - centre), np.abs(high - centre))


def _limits(members: Members) -> dict[str, Any]:
    if np.array_equal(members.low[0], members.low[1]) and np.array_equal(members.high[0], members.high[1]):
        return {"low": members.low[0], "high": members.high[0]}
    return {
        "low_min": members.low[0],
        "low_max": members.low[1],
        "high_min": members.high[0],
        "high_max": members.high[1],
    }


def _span(values: Any) -> tuple[float, float]:
    return float(values.min()), float(values.max())


def _because(
    claim: Claim, members: Members, rulings: Any, ruling: Ruling, data: Data, alpha: float, decides: tuple[str, ...]
) -> str:
    if ruling is Ruling.IMPOSSIBLE:
        why = data.identifiability if isinstance(data, CompatibleSet) else "there is no data set."
        return f"no data set prints these digits: {why}"
    count, noun = rulings.size, members.noun
    interval = f"the {100 * (1 - 2 * alpha):g} % interval of the {_NAMES[claim.estimand]}"
    every = f"in the one {noun}" if count == 1 else f"in all {count:,} {noun}s"
    if ruling is Ruling.ESTABLISHED:
        return f"{every} {interval} lies {claim.region}."
    if ruling is Ruling.REFUTED:
        return f"{every} {interval} lies wholly {~claim.region}."
    if ruling is Ruling.NOT_ESTABLISHED:
        return f"{every} {interval} reaches beyond the claimed region ({claim.region}) but not wholly out of it."
    tally = ", ".join(f"{word} in {int(np.sum(rulings == word)):,}" for word in Ruling if np.any(rulings == word))
    return f"the {count:,} {noun}s disagree ({tally}); what decides: {', '.join(decides)}."


# --- several claims -------------------------------------------------------------------------------------------


def _judge_several(claim: Any, data: Any, alpha: float, level: float, method: str | None) -> Verdict:
    names = list(data.sets if isinstance(data, CompatibleOutcomes) else data)
    claims = _named_claims(claim, names)
    if isinstance(data, CompatibleOutcomes):
        members = {name: from_outcome(claims[name], data, name, level, method) for name in claims}
        return _combine(claims, members, data, alpha)
    parts = {}
    for name, part in claims.items():
        chosen = method if isinstance(data[name], CompatibleTables) else None
        parts[name] = judge(part, data[name], alpha=alpha, method=chosen)
    return _independent(claims, parts, alpha)


def _named_claims(claim: Any, names: list[str]) -> dict[str, Claim]:
    if isinstance(claim, Claim):
        return dict.fromkeys(names, claim)
    if not isinstance(claim, Mapping) or not claim:
        raise InvalidType("claim", claim, "a Claim, or a mapping from outcome names to claims")
    for name, part in claim.items():
        _validate.choice(name, "claim", names)
        if not isinstance(part, Claim):
            raise InvalidType(f"claim[{name!r}]", part, "a Claim")
    return dict(claim)


def _combine(claims: dict[str, Claim], members: dict[str, Members], data: CompatibleOutcomes, alpha: float) -> Verdict:
    """Rule on every member of a joint set by intersection-union, then over the set."""
    claims, members = _oriented(claims, members, data)
    parts = {name: _rule(claims[name], members[name], data, alpha) for name in claims}
    each = {name: _each(claims[name].region, members[name]) for name in claims}
    rulings = _intersection_union(list(each.values()))
    ruling = _common(rulings)
    repeats = rulings.size // max(1, len(data)) if len(data) else 1
    columns: dict[str, Any] = {"n1": np.tile(data.n1, repeats), "n2": np.tile(data.n2, repeats)}
    details: dict[str, Any] = {}
    margins: dict[str, Any] = {}
    for name, part in members.items():
        margin = _thresholds(claims[name], part)
        # All outcomes must hold at once, so the largest of their thresholds counts.
        margins[claims[name].estimand] = np.maximum(margins.get(claims[name].estimand, -np.inf), margin)
        shown = part.columns | _limits(part) | {"threshold_margin": margin}
        columns |= {f"{name}_{key}": column for key, column in shown.items()} | {f"{name}_ruling": each[name]}
        details |= {_of(name, key): value for key, value in part.details.items()}
    decides = _decisive(rulings, details) if ruling is Ruling.DEPENDS else ()
    thresholds = {estimand: _span(values) for estimand, values in margins.items() if rulings.size}
    return _several(claims, parts, columns | {"ruling": rulings}, ruling, decides, thresholds, data, alpha)


def _of(name: str, key: str) -> str:
    return key if key in ("the group sizes", "which group is which") else f"{key} of {name}"


def _oriented(
    claims: dict[str, Claim], members: dict[str, Members], data: CompatibleOutcomes
) -> tuple[dict[str, Claim], dict[str, Members]]:
    """Double every part when the groups cannot be told apart and one of the claims minds which is which."""
    minds = any(
        claim.region.low * claim.region.high != 1.0 if claim.ratio else not claim.region.symmetric
        for claim in claims.values()
    )
    if data.labelled or not minds:
        return claims, members
    return claims, {name: part.mirrored(ratio=claims[name].ratio) for name, part in members.items()}


def _intersection_union(rulings: list[Any]) -> Any:
    stacked = np.stack(rulings)
    result = np.full(stacked.shape[1], str(Ruling.NOT_ESTABLISHED), dtype="<U15")
    open_ = (stacked == Ruling.DEPENDS).any(axis=0)
    settled_no = (stacked == Ruling.NOT_ESTABLISHED).any(axis=0)
    result[open_ & ~settled_no] = Ruling.DEPENDS
    result[(stacked == Ruling.ESTABLISHED).all(axis=0)] = Ruling.ESTABLISHED
    result[(stacked == Ruling.REFUTED).any(axis=0)] = Ruling.REFUTED
    return result


def _independent(claims: dict[str, Claim], parts: dict[str, Verdict], alpha: float) -> Verdict:
    """Combine verdicts on data that share nothing: each may take any of the rulings of its members."""
    options = [set(part.members["ruling"].tolist()) or {str(Ruling.IMPOSSIBLE)} for part in parts.values()]
    if any(part.ruling is Ruling.IMPOSSIBLE for part in parts.values()):
        ruling = Ruling.IMPOSSIBLE
    else:
        columns = np.stack([grid.ravel() for grid in np.meshgrid(*[sorted(o) for o in options], indexing="ij")])
        ruling = _common(_intersection_union(list(columns)))
    decides = tuple(dict.fromkeys(f"{detail} ({name})" for name, part in parts.items() for detail in part.decides))
    members = {"outcome": np.array(list(parts)), "ruling": np.array([str(part.ruling) for part in parts.values()])}
    thresholds: dict[str, tuple[float, float]] = {}
    for part in parts.values():
        for estimand, (low, high) in part.thresholds.items():
            # The sets are independent, so the ends of the largest threshold are the largest ends.
            before = thresholds.get(estimand, (low, high))
            thresholds[estimand] = (max(before[0], low), max(before[1], high))
    decides = decides if ruling is Ruling.DEPENDS else ()
    return _several(claims, parts, members, ruling, decides, thresholds, None, alpha)


def _several(
    claims: dict[str, Claim],
    parts: dict[str, Verdict],
    members: dict[str, Any],
    ruling: Ruling,
    decides: tuple[str, ...],
    thresholds: dict[str, tuple[float, float]],
    data: CompatibleOutcomes | None,
    alpha: float,
) -> Verdict:
    sentences = [sentence for part in parts.values() for sentence in part.assumptions]
    return Verdict(
        claim=claims,
        ruling=ruling,
        because=_because_several(parts, ruling, decides, data),
        decides=decides,
        members=members,
        thresholds=thresholds,
        parts=parts,
        alpha=alpha,
        exhaustive=all(part.exhaustive for part in parts.values()),
        assumptions=data.assumptions if data is not None else tuple(dict.fromkeys(sentences)),
        method="; ".join(dict.fromkeys(part.method for part in parts.values())),
        references=tuple(dict.fromkeys(source for part in parts.values() for source in part.references)),
    )


def _because_several(
    parts: dict[str, Verdict], ruling: Ruling, decides: tuple[str, ...], data: CompatibleOutcomes | None
) -> str:
    if ruling is Ruling.IMPOSSIBLE:
        why = data.identifiability if data is not None else "one of the outcomes has no compatible data set."
        return f"no data set prints these digits: {why}"
    alone = ", ".join(f"{name} {part.ruling}" for name, part in parts.items())
    if ruling is Ruling.ESTABLISHED:
        return f"every outcome is established in every data set ({alone})."
    if ruling is Ruling.REFUTED:
        return f"in every data set at least one outcome is refuted ({alone})."
    if ruling is Ruling.NOT_ESTABLISHED:
        return f"the claim needs every outcome, and in no data set are all established ({alone})."
    return (
        f"data sets that print the same digits disagree ({alone}); what decides: {', '.join(decides) or 'the parts'}."
    )
