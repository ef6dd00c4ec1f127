"""Rulings on tables of several groups and on diagnostic tests, against the definition table by table."""

from __future__ import annotations

import itertools
from functools import cache

import numpy as np
import pytest
from rulings import RD, claim, together, word

import ketastats as ks
from ketastats.errors import BudgetExceeded, InvalidArgument, InvalidType

MEASURES = {RD: "difference", "risk_ratio": "ratio", "odds_ratio": "odds_ratio"}


def by_pairs(cells: np.ndarray, part: ks.Claim, categories: range) -> str:
    """The ruling on one table: every pair of groups, every category."""
    words = []
    for category, (one, other) in itertools.product(categories, itertools.combinations(range(len(cells)), 2)):
        table = (cells[one, category], cells[one].sum(), cells[other, category], cells[other].sum())
        words.append(word(*limits(tuple(map(int, table)), part.estimand), part.region))
    return together(words)


@cache
def limits(table: tuple[int, ...], estimand: str) -> tuple[float, float]:
    interval = ks.effects.proportions(*table, measure=MEASURES[estimand]).confidence_interval(0.90)
    return float(interval.low), float(interval.high)


@pytest.mark.parametrize(
    ("part", "given"),
    [
        (claim(ks.within(0.38)), {"rows": (28, 28, 27), "columns": (62, 21)}),
        (claim(ks.within(0.2, 6.0), "odds_ratio"), {"rows": (12, 10, 9), "columns": (17, 14)}),
        (claim(ks.above(-0.45)), {"rows": (8, 6, 5), "columns": (11, 8)}),
        (claim(ks.within(0.55)), {"rows": (8, 7), "columns": (4, 6, 5)}),
    ],
)
def test_a_claim_on_several_groups_is_made_of_every_pair(part: ks.Claim, given: dict) -> None:
    found = ks.reconstruct.contingency(p="0.2", test="pearson", **given)
    verdict = ks.judge(part, found)
    categories = range(found.cells.shape[2] if found.cells.shape[2] > 2 else 1)
    expected = [by_pairs(cells, part, categories) for cells in found.cells]
    assert verdict.members["ruling"].tolist() == expected
    assert len(verdict.parts) == len(categories) * len(list(itertools.combinations(range(found.cells.shape[1]), 2)))
    assert verdict.ruling == (expected[0] if len(set(expected)) == 1 else "depends")
    low, high = verdict.threshold_margin
    assert ks.judge(part, found).threshold_margin == (low, high)


def test_groups_that_cannot_be_told_apart_stand_in_every_order() -> None:
    found = ks.reconstruct.contingency(rows=3, columns=2, n=9, p="0.2", test="pearson")
    assert not found.labelled
    part = claim(ks.above(-0.5))
    verdict = ks.judge(part, found)
    expected = {
        (at, by_pairs(found.cells[at][list(order)], part, range(1)))
        for at in range(len(found))
        for order in itertools.permutations(range(3))
    }
    assert set(zip(verdict.members["table"].tolist(), verdict.members["ruling"].tolist(), strict=True)) == expected
    assert len(verdict) == 6 * len(found)
    # A claim that looks the same either way needs one order only.
    assert len(ks.judge(claim(ks.within(0.5)), found)) == len(found)


def test_two_groups_of_two_categories_are_ruled_as_the_same_two_by_two_tables() -> None:
    many = ks.judge(
        claim(ks.within(0.27)), ks.reconstruct.contingency(rows=2, columns=2, n=83, p="0.230", test="pearson")
    )
    tables = ks.judge(claim(ks.within(0.27)), ks.reconstruct.tables(n=83, p="0.230", test="pearson"))
    assert many.threshold_margin == pytest.approx(tables.threshold_margin, rel=1e-12)
    assert many.ruling is tables.ruling
    assert set(many.decides) == {
        f"{name} of group 1 against group 2" if "events" in name else name for name in tables.decides
    }


def test_a_claim_may_name_the_comparison_and_several_tests_may_decide() -> None:
    found = ks.reconstruct.contingency(rows=(9, 9, 9), columns=(14, 13), p="0.3", test=("pearson", "lr"))
    one = ks.judge({"group 1 against group 3": claim(ks.within(0.5))}, found)
    assert list(one.parts) == ["group 1 against group 3"]
    with pytest.raises(InvalidArgument, match="group 1 against group 2"):
        ks.judge({"group 1 against group 4": claim(ks.within(0.5))}, found)
    with pytest.raises(InvalidArgument, match="risk_difference"):
        ks.judge(claim(ks.within(0.5), "smd"), found)
    with pytest.raises(InvalidArgument, match="between groups"):
        ks.judge(claim(ks.within(0.2, 0.5), "proportion"), found)
    nothing = ks.reconstruct.contingency(rows=(4, 4, 4), columns=(6, 6), p="0.99999", test="pearson")
    assert ks.judge(claim(ks.within(0.5)), nothing).ruling is ks.Ruling.IMPOSSIBLE
    assert ks.judge(claim(ks.above(0.5)), nothing).ruling is ks.Ruling.IMPOSSIBLE


def test_too_many_orders_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    found = ks.reconstruct.contingency(rows=3, columns=2, n=12, p="0.2", test="pearson")
    monkeypatch.setattr("ketastats.verdict._groups._MOST", 6 * len(found) - 1)
    with pytest.raises(BudgetExceeded, match="Say which group is which") as caught:
        ks.judge(claim(ks.above(-0.5)), found)
    assert caught.value.count == 6 * len(found)


# ------------------------------------------------------------------------------------------------- diagnostic tests
SHARES = {
    "sensitivity": lambda tp, fn, fp, tn: (tp, tp + fn),
    "specificity": lambda tp, fn, fp, tn: (tn, tn + fp),
    "ppv": lambda tp, fn, fp, tn: (tp, tp + fp),
    "npv": lambda tp, fn, fp, tn: (tn, tn + fn),
    "accuracy": lambda tp, fn, fp, tn: (tp + tn, tp + fn + fp + tn),
    "prevalence": lambda tp, fn, fp, tn: (tp + fn, tp + fn + fp + tn),
}


@pytest.mark.parametrize("score", SHARES)
def test_claims_on_scores_are_ruled_matrix_by_matrix(score: str) -> None:
    found = ks.reconstruct.confusion(n=83, sensitivity="80.0%", accuracy="73%")
    claims = {score: claim(ks.above(0.55), "proportion"), "npv": claim(ks.above(0.2), "proportion")}
    verdict = ks.judge(claims, found)
    expected = []
    for cells in zip(found.tp, found.fn, found.fp, found.tn, strict=True):
        words = []
        for name, part in claims.items():
            interval = ks.effects.proportion(*(int(x) for x in SHARES[name](*cells))).confidence_interval(0.90)
            words.append(word(interval.low, interval.high, part.region))
        expected.append(together(words))
    assert verdict.members["ruling"].tolist() == expected
    assert list(verdict.parts) == list(claims)


def test_scores_that_compare_groups_are_those_of_the_tables() -> None:
    found = ks.reconstruct.confusion(n=83, sensitivity="80.0%", accuracy="73%")
    for estimand, name in [(RD, "youden"), ("risk_ratio", "positive_likelihood_ratio"), ("odds_ratio",) * 2]:
        part = claim(ks.above(0.4 if estimand == RD else 2.0), estimand)
        verdict = ks.judge(part, found)
        interval = ks.effects.proportions(
            found.tables.x1, found.tables.n1, found.tables.x2, found.tables.n2, measure=MEASURES[estimand]
        ).confidence_interval(0.90)
        expected = [word(low, high, part.region) for low, high in zip(interval.low, interval.high, strict=True)]
        assert verdict.members["ruling"].tolist() == expected
        assert list(verdict.parts) == [name]
        assert len(set(expected)) == 2
        assert verdict.decides == ("the number with the condition",)


def test_a_share_of_nobody_is_not_established_and_scores_need_their_own_estimand() -> None:
    nobody = ks.reconstruct.confusion(n=12, tp=0, fp=0, fn=3, sensitivity="0%")
    verdict = ks.judge({"ppv": claim(ks.above(0.1), "proportion")}, nobody)
    assert verdict.ruling is ks.Ruling.NOT_ESTABLISHED
    assert (verdict.members["ppv_low"].tolist(), verdict.members["ppv_high"].tolist()) == ([0.0], [1.0])
    with pytest.raises(InvalidType, match="name of the score"):
        ks.judge(claim(ks.above(0.1), "proportion"), nobody)
    with pytest.raises(InvalidArgument, match="proportion, the estimand of ppv"):
        ks.judge({"ppv": claim(ks.above(0.1))}, nobody)
    with pytest.raises(InvalidArgument, match="sensitivity, specificity"):
        ks.judge({"auc": claim(ks.above(0.1), "proportion")}, nobody)
