"""Confusion matrices from their scores: brute force, golden rows, and what their words mean."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from small_tables import LARGEST, golden

import ketastats as ks
from ketastats.errors import BudgetExceeded, InvalidArgument, KetastatsError
from ketastats.numerics import table_measures
from ketastats.reconstruct import confusion, tables
from ketastats.reconstruct._tables import candidates as _candidates

Matrix = tuple[int, int, int, int]


def rows_of(found: ks.reconstruct.CompatibleConfusions) -> set[Matrix]:
    return {tuple(row) for row in np.stack([found.tp, found.fn, found.fp, found.tn], axis=1).tolist()}


def over(above: int, below: int) -> Fraction | float | None:
    if below == 0:
        return None if above == 0 else math.inf
    return Fraction(above, below)


SCORES: dict[str, Callable[[int, int, int, int], Fraction | float | None]] = {
    "sensitivity": lambda tp, fn, fp, tn: Fraction(tp, tp + fn),
    "specificity": lambda tp, fn, fp, tn: Fraction(tn, tn + fp),
    "ppv": lambda tp, fn, fp, tn: over(tp, tp + fp),
    "npv": lambda tp, fn, fp, tn: over(tn, tn + fn),
    "accuracy": lambda tp, fn, fp, tn: Fraction(tp + tn, tp + fn + fp + tn),
    "balanced_accuracy": lambda tp, fn, fp, tn: (Fraction(tp, tp + fn) + Fraction(tn, tn + fp)) / 2,
    "f1": lambda tp, fn, fp, tn: Fraction(2 * tp, 2 * tp + fp + fn) if tp + fp + fn else None,
    "youden": lambda tp, fn, fp, tn: Fraction(tp, tp + fn) + Fraction(tn, tn + fp) - 1,
    "odds_ratio": lambda tp, fn, fp, tn: over(tp * tn, fp * fn),
    "positive_likelihood_ratio": lambda tp, fn, fp, tn: over(tp * (fp + tn), fp * (tp + fn)),
    "negative_likelihood_ratio": lambda tp, fn, fp, tn: over(fn * (fp + tn), tn * (tp + fn)),
    "prevalence": lambda tp, fn, fp, tn: Fraction(tp + fn, tp + fn + fp + tn),
}
# Scores that are roots: compared by their squares.
SQUARES: dict[str, Callable[[int, int, int, int], Fraction | float | None]] = {
    "fowlkes_mallows": lambda tp, fn, fp, tn: over(tp * tp, (tp + fp) * (tp + fn)),
    "mcc": lambda tp, fn, fp, tn: over(
        (tp * tn - fp * fn) * abs(tp * tn - fp * fn), (tp + fn) * (fp + tn) * (tp + fp) * (fn + tn)
    ),
}
TEXTS = ("0.50", "0.67", "0.3", "0.0", "1.0", "> 0.8")


def every_matrix() -> list[Matrix]:
    return [
        (tp, n1 - tp, fp, n - n1 - fp)
        for n in range(2, LARGEST + 1)
        for n1 in range(1, n)
        for tp in range(n1 + 1)
        for fp in range(n - n1 + 1)
    ]


def lies(value: Fraction | float | None, text: str, *, squared: bool) -> bool:
    if value is None:
        return False
    if text.startswith(">"):
        edge = Fraction(text[1:].strip())
        return value > (edge * edge if squared else edge)
    half = Fraction(1, 2 * 10 ** len(text.partition(".")[2]))
    low, high = Fraction(text) - half, Fraction(text) + half
    if squared:
        low, high = low * abs(low), high * abs(high)
    return low <= value <= high


@pytest.mark.parametrize("few", [200_000, 0])
@pytest.mark.parametrize("name", [*SCORES, *SQUARES])
def test_every_matrix_with_a_printed_score_and_no_other_is_found(
    name: str, few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_candidates, "_FEW", few)
    score = SCORES.get(name) or SQUARES[name]
    scores = [(matrix, score(*matrix)) for matrix in every_matrix()]
    for text in TEXTS:
        found = confusion(n=range(2, LARGEST + 1), **{name: text})
        want = {matrix for matrix, value in scores if lies(value, text, squared=name in SQUARES)}
        assert rows_of(found) == want, text
        assert len(found) == len(want)
        assert found.exhaustive


def test_counts_in_their_own_words() -> None:
    every = every_matrix()
    assert rows_of(confusion(n=range(2, LARGEST + 1), fn=2, tn=range(3, 5))) == {
        matrix for matrix in every if matrix[1] == 2 and matrix[3] in (3, 4)
    }
    assert rows_of(confusion(n=range(2, LARGEST + 1), tp=[1, 3], predicted=4)) == {
        matrix for matrix in every if matrix[0] in (1, 3) and matrix[0] + matrix[2] == 4
    }
    assert rows_of(confusion(positives=4, negatives=range(2, 4), fp=0)) == {
        (tp, 4 - tp, 0, tn) for tp in range(5) for tn in (2, 3)
    }


def test_scores_together_leave_what_each_leaves() -> None:
    scores = {"sensitivity": "80.0%", "ppv": "0.541", "f1": "0.645"}
    each = [rows_of(confusion(n=83, **{name: text})) for name, text in scores.items()]
    together = confusion(n=83, **scores)
    assert rows_of(together) == set.intersection(*each) == {(20, 5, 17, 41)}
    frame = together.to_frame()
    assert list(frame.columns) == [
        *("tp", "fn", "fp", "tn", "sensitivity", "specificity", "ppv", "npv", "accuracy", "balanced_accuracy", "f1")
    ]
    assert frame.loc[0, "accuracy"] == pytest.approx(61 / 83)
    assert "1 confusion matrix with n = 83" in together.identifiability
    assert "2x2" not in together.summary()


def test_the_words_are_those_of_tables() -> None:
    matrices = confusion(
        positives=25, negatives=58, sensitivity={"value": "80%", "ci": ("61%", "91%"), "method": "wilson"}
    )
    found = tables(n1=25, n2=58, rate1={"value": "80%", "ci": ("61%", "91%"), "method": "wilson"})
    assert matrices.tp.tolist() == found.x1.tolist()
    assert len(matrices) == 59
    drawn = matrices.draw(200, rng=3)
    assert set(drawn["tp"]) == {20}
    assert matrices.marginal("predicted")["members"].tolist() == [1] * 59
    with pytest.raises(InvalidArgument, match="one of tp"):
        matrices.marginal("x1")


@pytest.mark.parametrize("row", golden("scores of one confusion matrix"), ids=lambda row: row["id"])
def test_scores_of_one_matrix(row: dict[str, Any]) -> None:
    inputs = row["inputs"]
    names = {"acc": "accuracy", "sens": "sensitivity", "spec": "specificity", "f1p": "f1", "fm": "fowlkes_mallows"}
    decimals = {0.0001: 4, 0.01: 2}[inputs["eps"]]
    scores = {names[key]: f"{value:.{decimals}f}" for key, value in inputs.items() if key in names}
    # An uncertainty of one unit of the last digit either way: cut off or rounded up.
    found = confusion(positives=inputs["p"], negatives=inputs["n"], **scores, rounding=("truncate", "up"))
    assert bool(found) != row["expected"]["inconsistency"]
    assert bool(found) == (found.emptied_by == "")


@pytest.mark.parametrize("row", golden("best confusion matrix from N only"), ids=lambda row: row["id"])
def test_the_matrix_nearest_to_scores_that_none_prints(row: dict[str, Any]) -> None:
    inputs, expected = row["inputs"], row["expected"]
    scores = {"sensitivity": str(inputs["sens"]), "specificity": str(inputs["spec"])}
    # 0.70588 is 12/17, and no share of three people prints as 0.8.
    assert confusion(n=inputs["N"], **scores).emptied_by == "specificity"
    frame = confusion(n=inputs["N"], tp=range(inputs["N"] + 1)).to_frame()
    far = (frame["sensitivity"] - inputs["sens"]).abs() + (frame["specificity"] - inputs["spec"]).abs()
    best = frame.loc[far.idxmin(), ["tp", "tn", "fp", "fn"]]
    assert best.tolist() == [expected[key] for key in ("TP", "TN", "FP", "FN")]
    assert (8, 2, 3, 7) in rows_of(confusion(n=20, sensitivity="0.8", specificity="0.7"))


@pytest.mark.parametrize(
    ("change", "argument"),
    [
        ({}, "sensitivity"),
        ({"sensitivity": "1.2"}, "sensitivity"),
        ({"specificity": "120%"}, "specificity"),
        ({"mcc": "-1.5"}, "mcc"),
        ({"f1": 0.8}, "f1"),
        ({"tp": 84}, "tp"),
        ({"tp": 3.5}, "tp"),
        ({"f1": {"value": "0.8", "ci": ("0.6", "0.9"), "method": "wilson"}}, "f1"),
    ],
)
def test_what_cannot_be_used_is_named(change: dict[str, Any], argument: str) -> None:
    with pytest.raises(KetastatsError) as caught:
        confusion(n=83, **change)
    assert getattr(caught.value, "argument") == argument  # noqa: B009 - the base class does not promise it


@pytest.mark.parametrize(
    ("sizes", "message"),
    [
        ({"n": 83, "positives": 90}, "positives is 90; allowed: fewer people than both groups have. n is 83."),
        ({"positives": 30}, "Give n, or both positives and negatives."),
        ({"n": 83, "positives": 30, "negatives": 50}, "positives=30 and negatives=50 cannot."),
        ({"n": 83, "positives": 30, "tp": 31}, "tp is 31; allowed: at most positives, here 30."),
    ],
)
def test_messages_speak_of_people_with_and_without_the_condition(sizes: dict[str, int], message: str) -> None:
    with pytest.raises(KetastatsError) as caught:
        confusion(sensitivity="80%", **sizes)
    assert message in str(caught.value)


def test_a_search_beyond_the_budget_is_refused() -> None:
    with pytest.raises(BudgetExceeded):
        confusion(n=100_000, accuracy="0.8")


def test_measures_of_large_tables_do_not_overflow() -> None:
    big = 10**9
    for name in table_measures.BOUNDS:
        value = float(table_measures.value(name, *(np.array([count]) for count in (big - 1, big, 3, big)))[0])
        exact = Fraction(value)
        for step, side in ((Fraction(1, 10**6), -1), (Fraction(-1, 10**6), 1)):
            assert table_measures.compare(name, big - 1, big, 3, big, exact * (1 + step)) == side


@pytest.mark.parametrize("score", ["specificity", "ppv", "npv", "accuracy", "prevalence", "sensitivity"])
@pytest.mark.parametrize("method", ["wilson", "clopper_pearson", "wald"])
def test_scores_that_are_shares_have_limits(score: str, method: str) -> None:
    counted = {
        "specificity": lambda tp, fn, fp, tn: (tn, tn + fp),
        "sensitivity": lambda tp, fn, fp, tn: (tp, tp + fn),
        "ppv": lambda tp, fn, fp, tn: (tp, tp + fp),
        "npv": lambda tp, fn, fp, tn: (tn, tn + fn),
        "accuracy": lambda tp, fn, fp, tn: (tp + tn, tp + fn + fp + tn),
        "prevalence": lambda tp, fn, fp, tn: (tp + fn, tp + fn + fp + tn),
    }[score]
    sizes = range(1, 9)
    rows = [(a, p - a, 9 - p - d, d) for p in sizes for a in range(p + 1) for d in range(9 - p + 1)]
    shares = [counted(*row) for row in rows]
    limits = [ks.effects.proportion(x, n, method=method).confidence_interval(0.9) if n else None for x, n in shares]
    some = False
    for low, high in ((4, 9), (3, 9), (3, 10), (2, 7)):
        texts = {"ci": (f"{low / 10}", f"{high / 10}"), "method": method, "level": 0.9}
        found = ks.reconstruct.confusion(n=9, **{score: texts})
        want = {
            row
            for row, ends in zip(rows, limits, strict=True)
            if ends is not None and abs(10 * ends.low - low) <= 0.5 and abs(10 * ends.high - high) <= 0.5
        }
        columns = (found.tp, found.fn, found.fp, found.tn)
        assert set(zip(*(column.tolist() for column in columns), strict=True)) == want
        some |= bool(want)
    assert some
