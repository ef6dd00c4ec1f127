"""Rulings over subgroup variables that are counted, against the same rulings over a list."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

import ketastats as ks
from ketastats.errors import InvalidArgument, InvalidType
from ketastats.reconstruct import CompatibleSubgroups, means, outcomes, subgroups
from ketastats.verdict._members import exchangeable

TYPES = ("emotional abuse", "physical abuse", "sexual abuse", "emotional neglect", "physical neglect")
NESTED = [("remission", "response")]
KEYS = ("x1", "n1", "x2", "n2")
CLAIMS = {
    "narrow": ks.Claim(estimand="risk_difference", region=ks.within(0.30)),
    "wide": ks.Claim(estimand="risk_difference", region=ks.within(0.60)),
    "one-sided": ks.Claim(estimand="risk_difference", region=ks.above(-0.30)),
    "refutable": ks.Claim(estimand="risk_difference", region=ks.within(0.01, 0.2)),
    "odds": ks.Claim(estimand="odds_ratio", region=ks.within(0.2, 5.0)),
    "odds one way": ks.Claim(estimand="odds_ratio", region=ks.below(3.0)),
}


def example() -> CompatibleSubgroups:
    """Two variables of 20 people, one of them with two outcomes."""
    return subgroups(
        {"a": {"x": "> .6", "y": "> .9"}, "b": {"x": {"p": "< .30", "n1": range(5, 11)}}},
        n=20,
        test="pearson",
        nested=[("y", "x")],
    )


def by_list(joint: CompatibleSubgroups, claim: ks.Claim) -> tuple[Counter[str], list[float]]:
    """Rule on every member, in both directions of each variable where the claim minds them."""
    frame = joint.to_frame()
    minds = not exchangeable(claim)
    tally: Counter[str] = Counter()
    thresholds = []
    sides = dict.fromkeys(joint.sets, (0, 1) if minds else (0,))
    labelled = {variable for variable, parts in joint.sets.items() if any(part.labelled for part in parts.values())}
    sides |= dict.fromkeys(labelled, (0,))
    shape = [len(side) for side in sides.values()]
    for turns in np.ndindex(*shape):
        rulings, margins = [], []
        for (variable, parts), turned in zip(joint.sets.items(), turns, strict=True):
            for outcome in parts:
                x1, n1, x2, n2 = (frame[f"{variable}_{outcome}_{key}"].to_numpy() for key in KEYS)
                columns = (x2, n2, x1, n1) if turned else (x1, n1, x2, n2)
                measure = "difference" if claim.estimand == "risk_difference" else "odds_ratio"
                interval = ks.effects.proportions(*columns, measure=measure).confidence_interval(0.90)
                low, high = np.asarray(interval.low), np.asarray(interval.high)
                inside = (low > claim.region.low) & (high < claim.region.high)
                outside = (low > claim.region.high) | (high < claim.region.low)
                rulings.append(np.where(inside, "established", np.where(outside, "refuted", "not established")))
                with np.errstate(divide="ignore"):
                    margins.append(np.maximum(1 / low, high) if claim.ratio else np.maximum(np.abs(low), np.abs(high)))
        stacked = np.stack(rulings)
        joined = np.where(
            (stacked == "refuted").any(axis=0),
            "refuted",
            np.where((stacked == "established").all(axis=0), "established", "not established"),
        )
        keep = np.ones(len(frame), dtype=bool)
        for variable, turned in zip(joint.sets, turns, strict=True):
            if turned:
                # A variable that is its own mirror image has one direction only.
                cells = frame[[f"{variable}_{o}_{key}" for o in joint.sets[variable] for key in KEYS]].to_numpy()
                cells = cells.reshape(len(frame), -1, 4)
                keep &= (cells != cells[:, :, [2, 3, 0, 1]]).any(axis=(1, 2))
        tally.update(joined[keep].tolist())
        thresholds += np.max(margins, axis=0).tolist()
    return tally, thresholds


@pytest.mark.parametrize("name", CLAIMS)
def test_the_tally_and_the_thresholds_are_those_of_the_list(name: str) -> None:
    joint, claim = example(), CLAIMS[name]
    tally, thresholds = by_list(joint, claim)
    verdict = ks.judge(claim, joint)
    assert verdict.ruling == (next(iter(tally)) if len(tally) == 1 else "depends")
    low, high = verdict.threshold_margin
    assert low == pytest.approx(min(thresholds), rel=1e-9)
    assert high == pytest.approx(max(thresholds), rel=1e-9)
    if len(tally) > 1:
        for word, number in tally.items():
            assert f"{word} in {number:,}" in verdict.because.replace(")", ",")
    assert set(verdict.parts) == {"x by a", "y by a", "x by b"}
    assert verdict.exhaustive


def test_one_variable_is_ruled_as_the_outcomes_are() -> None:
    printed = {"response": "0.230", "remission": "0.397"}
    claim = {
        "response": ks.Claim(estimand="risk_difference", region=ks.within(0.30)),
        "remission": ks.Claim(estimand="risk_difference", region=ks.within(0.25)),
    }
    one = ks.judge(claim, subgroups({"load": printed}, n=83, test="pearson", nested=NESTED))
    two = ks.judge(claim, outcomes(printed, n=83, test="pearson", nested=NESTED))
    assert one.ruling == two.ruling
    assert one.threshold_margin == pytest.approx(two.threshold_margin)
    assert {name.split(" by ")[0]: part.ruling for name, part in one.parts.items()} == {
        name: part.ruling for name, part in two.parts.items()
    }


def test_five_trauma_types_do_not_establish_that_none_of_them_matters() -> None:
    """Of all the ways in which five types can fail to reach significance, few put every difference within 16 points."""
    joint = subgroups({kind: {"response": "ns"} for kind in TYPES}, n=83, test="pearson")
    verdict = ks.judge(ks.Claim(estimand="risk_difference", region=ks.within(0.16)), joint)
    assert verdict.ruling == "depends"
    assert len(verdict.parts) == len(verdict) == 5
    established = int(verdict.because.split("established in ")[1].split(", not")[0].replace(",", ""))
    assert 0 < established < 1e-3 * joint.count
    # At a margin of 5 points no combination at all would establish it.
    assert verdict.threshold_margin[0] > 0.07


def test_means_and_tables_are_ruled_together() -> None:
    joint = subgroups(
        {"load": {"response": "0.230", "symptoms": means(n=83, p="0.572")}, "abuse": {"response": "ns"}},
        n=83,
        test="pearson",
    )
    claims = {
        "response": ks.Claim(estimand="risk_difference", region=ks.within(0.9)),
        "symptoms": ks.Claim(estimand="smd", region=ks.within(0.24)),
    }
    verdict = ks.judge(claims, joint)
    assert verdict.parts["symptoms by load"].ruling == "not established"
    assert verdict.ruling == "not established"
    assert set(verdict.thresholds) == {"risk_difference", "smd"}
    only = ks.judge({"symptoms": ks.Claim(estimand="smd", region=ks.above(-3.0))}, joint)
    assert only.ruling == "established"
    assert list(only.parts) == ["symptoms by load"]


def test_an_empty_set_is_impossible() -> None:
    joint = subgroups({"a": {"x": "0.230"}, "b": {"x": {"p": "0.397", "events": 3}}}, n=83, test="pearson")
    verdict = ks.judge(CLAIMS["narrow"], joint)
    assert verdict.ruling == "impossible"
    assert "x by b leaves nothing" in verdict.because
    assert verdict.thresholds == {}


def test_what_does_not_fit_is_refused() -> None:
    with pytest.raises(InvalidArgument, match="one of x, y"):
        ks.judge({"z": CLAIMS["narrow"]}, example())
    with pytest.raises(InvalidArgument):
        ks.judge(ks.Claim(estimand="smd", region=ks.within(0.5)), example())
    joint = example()
    with pytest.raises(InvalidArgument, match="arrays of bool"):
        joint.count_of({("a", "x"): np.ones(3, dtype=bool)})
    with pytest.raises(InvalidArgument, match="directed"):
        joint.count_of({}, directed=["c"])
    for members, directed in ((None, ()), ([], ()), ({}, "a"), ({}, None)):
        with pytest.raises(InvalidType):
            joint.count_of(members, directed=directed)
    with pytest.raises(InvalidArgument, match="members"):
        joint.count_of({"a": np.ones(3, dtype=bool)})
    assert joint.count_of({}) == joint.count
    assert joint.count_of({("a", "y"): np.zeros(len(joint.sets["a"]["y"]), dtype=bool)}) == 0
