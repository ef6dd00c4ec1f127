"""The ruling on one claim over all data sets."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..claims import Claim
from ..effects import Estimate
from ..reconstruct import CompatibleSet
from ..regions import Region
from ._decide import decisive
from ._members import Members
from ._verdict import Ruling, Verdict

__all__ = [
    "NO",
    "OPEN",
    "YES",
    "as_words",
    "common",
    "limits",
    "possible_rulings",
    "rule",
    "span",
    "tally",
    "threshold_margins",
    "what_decides",
]

#: Codes of established, not established and refuted; what a data set allows is the sum of some of them.
YES, OPEN, NO = 1, 2, 4
_CODES = {Ruling.ESTABLISHED: YES, Ruling.NOT_ESTABLISHED: OPEN, Ruling.REFUTED: NO, Ruling.DEPENDS: 0}
_WORDS = np.array([""] * (NO + 1), dtype=object)
_WORDS[list(_CODES.values())] = [str(word) for word in _CODES]

_NAMES = {
    "risk_difference": "risk difference",
    "risk_ratio": "risk ratio",
    "odds_ratio": "odds ratio",
    "mean_difference": "mean difference",
    "smd": "standardised mean difference",
    "proportion": "proportion",
}


def rule(claim: Claim, members: Members, data: CompatibleSet | Estimate, alpha: float) -> Verdict:
    """Return the verdict on one claim."""
    codes = possible_rulings(claim.region, members)
    ruling = common(codes)
    margins = threshold_margins(claim, members)
    decides = what_decides(codes, members.details) if ruling is Ruling.DEPENDS else ()
    return Verdict(
        claim=claim,
        ruling=ruling,
        because=_because(claim, members, codes, ruling, data, alpha, decides),
        decides=decides,
        members=members.columns | limits(members) | {"threshold_margin": margins, "ruling": as_words(codes)},
        thresholds={claim.estimand: span(margins)} if codes.size else {},
        parts={},
        alpha=alpha,
        exhaustive=data.exhaustive if isinstance(data, CompatibleSet) else True,
        assumptions=data.assumptions if isinstance(data, CompatibleSet) else (),
        method=members.method,
        references=members.references,
    )


def possible_rulings(region: Region, members: Members) -> Any:
    """Return which rulings each data set allows, over all values that its digits leave: a sum of the three codes.

    Limits move without jumps, so that between established and refuted there is always not established.
    """
    between = Region(region.low, region.high)
    low_min, low_max = members.low
    high_min, high_max = members.high
    inside_always = between.covers(low_min, high_max)
    inside_ever = between.covers(low_max, high_min) & members.reachable
    outside_always = (low_min > region.high) | (high_max < region.low)
    outside_ever = (low_max > region.high) | (high_min < region.low)
    yes, no = (YES, NO) if region.inside else (NO, YES)
    either = ~inside_always & ~outside_always
    return yes * inside_ever + OPEN * either + no * outside_ever


def as_words(codes: Any) -> Any:
    """Return the ruling of each data set from what it allows; few words however many data sets."""
    return _WORDS[_single(codes)]


def _single(codes: Any) -> Any:
    """Return the codes, with zero for data sets that allow more than one ruling."""
    codes = np.asarray(codes)
    return np.where((codes == YES) | (codes == OPEN) | (codes == NO), codes, 0)


def common(codes: Any) -> Ruling:
    """Return the ruling that all data sets share, from what each allows."""
    found = [word for word, count in _numbers(codes).items() if count]
    if not found:
        return Ruling.IMPOSSIBLE
    return found[0] if len(found) == 1 else Ruling.DEPENDS


def what_decides(codes: Any, details: dict[str, Any]) -> tuple[str, ...]:
    """Return the fewest unreported details that fix what each data set allows."""
    return decisive(_single(codes), details, 0)


def tally(codes: Any) -> str:
    """Return in how many data sets each ruling stands."""
    return ", ".join(f"{word} in {count:,}" for word, count in _numbers(codes).items() if count)


def _numbers(codes: Any) -> dict[Ruling, int]:
    single = _single(codes)
    return {word: int(np.count_nonzero(single == code)) for word, code in _CODES.items()}


def threshold_margins(claim: Claim, members: Members) -> Any:
    """Return the smallest symmetric margin at which each data set establishes equivalence, whatever was printed."""
    low, high = members.low[0], members.high[1]
    if claim.ratio:
        with np.errstate(divide="ignore", over="ignore"):
            return np.maximum(1.0 / low, high)
    centre = 0.0
    if claim.estimand == "proportion":
        # Around no difference means nothing here; the middle of the claimed region is what was asserted.
        ends = [end for end in (claim.region.low, claim.region.high) if np.isfinite(end)]
        centre = sum(ends) / max(1, len(ends))
    return np.maximum(np.abs(low - centre), np.abs(high - centre))


def limits(members: Members) -> dict[str, Any]:
    """Return the columns that hold the interval of each data set."""
    if np.array_equal(members.low[0], members.low[1]) and np.array_equal(members.high[0], members.high[1]):
        return {"low": members.low[0], "high": members.high[0]}
    return {
        "low_min": members.low[0],
        "low_max": members.low[1],
        "high_min": members.high[0],
        "high_max": members.high[1],
    }


def span(values: Any) -> tuple[float, float]:
    """Return the smallest and the largest value."""
    return float(values.min()), float(values.max())


def _because(
    claim: Claim,
    members: Members,
    codes: Any,
    ruling: Ruling,
    data: CompatibleSet | Estimate,
    alpha: float,
    decides: tuple[str, ...],
) -> str:
    if ruling is Ruling.IMPOSSIBLE:
        why = data.identifiability if isinstance(data, CompatibleSet) else "there is no data set."
        return f"no data set prints these digits: {why}"
    count, noun = codes.size, members.noun
    interval = f"the {100 * (1 - 2 * alpha):g} % interval of the {_NAMES[claim.estimand]}"
    every = f"in the one {noun}" if count == 1 else f"in all {count:,} {noun}s"
    if ruling is Ruling.ESTABLISHED:
        return f"{every} {interval} lies {claim.region}."
    if ruling is Ruling.REFUTED:
        return f"{every} {interval} lies wholly {~claim.region}."
    if ruling is Ruling.NOT_ESTABLISHED:
        return f"{every} {interval} reaches beyond the claimed region ({claim.region}) but not wholly out of it."
    many = f"the {count:,} {noun}s disagree" if count > 1 else f"the one {noun} rules either way"
    return f"{many} ({tally(codes)}); what decides: {', '.join(decides)}."
