"""Hold claims against numbers, one check for each."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product
from typing import Any

from .. import verdict
from ..claims import Claim
from ..numerics.table_sides import TESTS
from ..reconstruct import CompatibleMeans, CompatibleTables, means, outcomes, tables
from ..regions import Region, above, below, within
from ..reported import Reported
from ._articles import ArticleClaim, Nearest
from ._assessment import Check
from ._evidence import Evidence, printed_figure, read_evidence, study_label
from ._records import Register
from ._studies import Margin, Outcome
from ._words import OTHER_QUANTITY

__all__ = ["claimed_region", "held_jointly", "held_null", "held_source", "nearest_checks"]

_OF_TABLES = ("risk_difference", "risk_ratio", "odds_ratio")
_RATIOS = ("risk_ratio", "odds_ratio")
_ODDS = "an odds ratio in place of a risk ratio, which lies nearer to 1: this favours the claim"


def claimed_region(reading: Reported) -> Region:
    """Return where a printed number says that the truth lies: beyond a bound, or within its rounding interval."""
    ends = reading.proportion
    if reading.relation.startswith(">"):
        return above(float(ends.low))
    if reading.relation.startswith("<"):
        return below(float(ends.high))
    return within(float(ends.low), float(ends.high))


def _margin_region(margin: Margin) -> Region:
    size = float(margin.size)
    return within(1.0 / size, size) if margin.scale in _RATIOS else within(size)


# --- the study's own numbers ------------------------------------------------------------------------------------------


def held_null(register: Register, claim: ArticleClaim) -> list[Check]:
    """Return one check for each outcome and each margin that fits the claim."""
    checks = []
    for reference in claim.outcomes:
        outcome = register.outcome(reference)
        data, assumes, why_not = _data(outcome, claim.estimand)
        for key in claim.margins:
            margin = register.margin(key)
            asked = Claim(estimand=_estimand(margin), region=_margin_region(margin), text=claim.text, where=claim.where)
            blank = _blank(register, reference, outcome, asked, margin)
            if data is None or not _fits(margin.scale, data):
                why = why_not or f"the SD that turns {margin.scale.replace('_', ' ')} into a difference is not printed"
                checks.append(Check(**blank, because=why))
            else:
                checks.append(Check(**blank, **_ruled(verdict.judge(asked, data), assumes)))
    return checks


def _blank(register: Register, reference: str, outcome: Outcome, asked: Claim, margin: Margin) -> dict[str, Any]:
    return {
        "role": "own numbers",
        "reference": reference,
        "label": study_label(register.study(reference.partition("/")[0])),
        "printed": f"n = {outcome.n}, p = {outcome.p.text}",
        "against": f"{margin.scale} {asked.region}",
        "margin": margin.key,
    }


def _ruled(found: verdict.Verdict, assumes: tuple[str, ...]) -> dict[str, Any]:
    thresholds = tuple(found.thresholds.values())
    return {
        "ruling": str(found.ruling),
        "because": found.because,
        "threshold": thresholds[0] if len(thresholds) == 1 else (),
        "decides": found.decides,
        "assumes": (*assumes, *found.assumptions),
    }


def _estimand(margin: Margin) -> str:
    return "mean_difference" if margin.scale.endswith("_points") else margin.scale


def _fits(scale: str, data: CompatibleTables | CompatibleMeans) -> bool:
    return scale in _OF_TABLES if isinstance(data, CompatibleTables) else scale == "smd"


def _data(outcome: Outcome, estimand: str) -> tuple[CompatibleTables | CompatibleMeans | None, tuple[str, ...], str]:
    """Return every data set that prints the p-value, what that assumes, and why there is none."""
    if outcome.n is None:
        return None, (), "the number analysed is not printed"
    if estimand in _OF_TABLES:
        if outcome.test not in TESTS:
            return None, (), f"the test is {outcome.test.replace('_', ' ')}, which no table reproduces"
        return tables(n=outcome.n, p=outcome.p, test=outcome.test), (), ""
    said = outcome.test_said or outcome.test.replace("_", " ")
    reading = f"p is that of Student's t-test of two groups, where the source has {said}"
    return means(n=outcome.n, p=outcome.p), () if outcome.test == "student" else (reading,), ""


# --- parts together ---------------------------------------------------------------------------------------------------


def held_jointly(register: Register, claim: ArticleClaim) -> list[Check]:
    """Return one check for each choice of margins: parts with the same margins are held to the same one."""
    parts = [register.claim(key) for key in claim.parts]
    data: dict[str, CompatibleTables | CompatibleMeans] = {}
    margins: dict[str, tuple[str, ...]] = {}
    assumes: tuple[str, ...] = ()
    for part in parts:
        for reference in part.outcomes:
            found, assumed, _ = _data(register.outcome(reference), part.estimand)
            if found is not None:
                fitting = [key for key in part.margins if _fits(register.margin(key).scale, found)]
                data[reference], margins[reference] = found, tuple(fitting)
                assumes = (*assumes, *assumed)
    if not data:
        return []
    names = {reference: reference.partition("/")[2] for reference in data}
    nested = [
        (names[reference], inner.nested_in)
        for reference in data
        if (inner := register.outcome(reference)).nested_in in names.values()
    ]
    joined = outcomes({names[reference]: data[reference] for reference in data}, nested=nested)
    checks = []
    groups = list(dict.fromkeys(margins.values()))
    for chosen in product(*groups):
        at = {reference: register.margin(chosen[groups.index(margins[reference])]) for reference in data}
        claims = {
            names[reference]: Claim(estimand=_estimand(margin), region=_margin_region(margin))
            for reference, margin in at.items()
        }
        checks.append(
            Check(
                role="own numbers",
                reference=", ".join(data),
                label=study_label(register.study(next(iter(data)).partition("/")[0])),
                printed="; ".join(_printed_p(register, reference) for reference in data),
                against="; ".join(f"{name}: {part}" for name, part in claims.items()),
                margin=", ".join(chosen),
                **_ruled(verdict.judge(claims, joined), assumes),
            )
        )
    return checks


def _printed_p(register: Register, reference: str) -> str:
    outcome = register.outcome(reference)
    return f"{outcome.name}: n = {outcome.n}, p = {outcome.p.text}"


# --- sources and nearest evidence -------------------------------------------------------------------------------------


def held_source(register: Register, claim: ArticleClaim) -> list[Check]:
    """Return one check for each printed number that a source has too."""
    checks = []
    for printed in claim.printed:
        if not printed.found_in or printed.reading is None:
            continue
        study = register.study(printed.found_in.partition("/")[0])
        figure = register.figure(printed.found_in) if "/" in printed.found_in else None
        number = figure.value if figure is not None else Reported(str(study.n))
        agrees = _same(printed.reading, number)
        checks.append(
            Check(
                role="source",
                reference=printed.found_in,
                label=study_label(study),
                printed=number.text,
                against=printed.text,
                ruling="agrees" if agrees else "differs",
                because=printed.what,
            )
        )
    return checks


def _same(one: Reported, other: Reported) -> bool:
    """Whether two printed numbers can be the same: one rounds to the other, or both bounds leave a value."""
    if one.relation == other.relation == "=":
        pairs = ((one, other), (other, one))
        return any(value.value.scaleb(-2 * value.percent) in rounded.proportion for value, rounded in pairs)
    return not one.proportion.intersect(other.proportion).empty


def nearest_checks(register: Register, claim: ArticleClaim) -> list[Check]:
    """Return one check for each figure of the nearest evidence, and one for each study that has none."""
    checks = []
    for near in claim.nearest:
        label = study_label(register.study(near.study))
        if not near.figures:
            checks.append(Check(role="nearest evidence", reference=near.study, label=label, printed="", says=near.says))
        for reference in near.figures:
            figure, study = register.figure(reference), register.study(reference.partition("/")[0])
            base = {
                "role": "nearest evidence",
                "reference": reference,
                "label": label,
                "printed": printed_figure(figure),
                "says": near.says,
            }
            checks += _near(register, claim, near, read_evidence(figure, study), base)
    return checks


def _near(
    register: Register, claim: ArticleClaim, near: Nearest, evidence: Evidence, base: Mapping[str, Any]
) -> list[Check]:
    regions = _regions(register, claim, evidence)
    if near.bears == OTHER_QUANTITY:
        return [Check(**base, because=OTHER_QUANTITY)]
    if not regions:
        return [Check(**base, because="no claim on this scale")]
    checks = []
    for against, key, asked, assumed in regions:
        if evidence.data is None or asked is None:
            checks.append(Check(**base, against=against, margin=key, because=evidence.why_not))
        else:
            ruled = _ruled(verdict.judge(asked, evidence.data), (*assumed, *evidence.assumes))
            checks.append(Check(**base, against=against, margin=key, **ruled))
    return checks


def _regions(
    register: Register, claim: ArticleClaim, evidence: Evidence
) -> list[tuple[str, str, Claim | None, tuple[str, ...]]]:
    """Return what the claim asserts on the scale of a piece of evidence: the region, its margin, what it assumes."""
    if claim.margins:
        fitting = [register.margin(key) for key in claim.margins]
        return [
            (f"{margin.scale} {region}", margin.key, Claim(estimand=evidence.scale, region=region), ())
            for margin in fitting
            if margin.scale == evidence.scale
            for region in [_margin_region(margin)]
        ]
    reading = next((printed.reading for printed in claim.printed if printed.reading is not None), None)
    if reading is None or not claim.estimand:
        return []
    region = claimed_region(reading)
    against = f"{claim.estimand} {region}"
    if evidence.scale == claim.estimand:
        return [(against, "", Claim(estimand=evidence.scale, region=region, text=claim.text), ())]
    if claim.estimand == "risk_ratio" and evidence.scale == "odds_ratio" and region.low >= 1.0:
        asked = Claim(estimand="odds_ratio", region=region, text=claim.text)
        return [(f"odds_ratio {region}", "", asked, (_ODDS,))]
    if claim.estimand == "risk_ratio" and not evidence.scale and evidence.why_not.startswith("whether"):
        return [(against, "", None, ())]
    return []
