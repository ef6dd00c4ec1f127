"""How many samples of a set hold each number of people, and which further number would narrow it."""

from __future__ import annotations

from collections import Counter
from math import log10
from typing import Any

import numpy as np
import pytest
from scipy import stats

import ketastats as ks
from ketastats.numerics import sample_estimate
from ketastats.reconstruct._samples.question import squares

CASES: list[dict[str, Any]] = [
    {"mean": "2.8", "sd": "1.3", "n": 6, "scale": (1, 5)},
    {"mean": "0.4", "sd": "1.1", "n": 7, "scale": (-2, 3)},
    {"mean": "1.0", "sd": "0.0", "n": 5, "scale": (1, 4)},
    {"mean": "2.33", "sd": "0.67", "n": 4, "scale": (1, 4), "items": 3},
    {"mean": "4.75", "sd": "0.7", "n": 8, "scale": (1, 5)},
    {"mean": "2.8", "sd": "1.5", "n": 9, "scale": (1, 5), "counts": {1: (1, 3), 3: 0, 5: (0, 2)}},
    {"mean": "3.5", "sd": "1.2", "n": 18, "scale": (1, 7)},
    {"mean": "1.6", "sd": "0.5", "n": 8, "scale": (1, 2)},
]


def times(frame: Any) -> dict[int, int]:
    assert list(frame.columns) == ["people", "members", "share"]
    return dict(zip(frame["people"].tolist(), frame["members"].tolist(), strict=True))


@pytest.mark.parametrize("case", CASES, ids=str)
def test_marginals_are_those_of_the_listed_samples(case: dict[str, Any]) -> None:
    found = ks.reconstruct.samples(**case)
    rows = found.counts()
    for at, value in enumerate(found.values.tolist()):
        assert times(found.marginal(value)) == Counter(rows[:, at].tolist())
        assert times(found.marginal(at_least=value)) == Counter(rows[:, at:].sum(axis=1).tolist())
        assert times(found.marginal(at_most=value)) == Counter(rows[:, : at + 1].sum(axis=1).tolist())
    assert found.marginal(at_least=found.values[1])["share"].sum() == pytest.approx(1.0, abs=1e-12)
    assert times(found.marginal(at_least=found.values[-1] + 1)) == {0: found.count}
    assert times(found.marginal(at_most=np.inf)) == {case["n"]: found.count}


def test_marginals_of_a_set_that_cannot_be_listed_add_up_and_meet_the_bounds() -> None:
    found = ks.reconstruct.samples(mean="14.12", sd="5.30", n=25, scale=(0, 27))
    frame = found.marginal(at_least=20)
    assert sum(frame["members"]) == found.count
    assert frame["people"].tolist() == found.people(at_least=20).tolist()
    one = found.marginal(13)
    mean = sum(people * many for people, many in times(one).items())
    assert mean == found.frequencies()[13.0] * found.count * found.n


def test_draws_from_a_set_that_cannot_be_listed_meet_the_exact_marginals() -> None:
    found = ks.reconstruct.samples(mean="14.12", sd="5.30", n=25, scale=(0, 27))
    size = 100_000
    rows = found.draw(size, rng=12)
    for options, people in (
        ({"value": 9}, rows[:, 9]),
        ({"at_least": 20}, rows[:, 20:].sum(axis=1)),
        ({"at_most": 11}, rows[:, :12].sum(axis=1)),
    ):
        frame = found.marginal(**options)  # type: ignore[arg-type]
        expected = size * frame["share"].to_numpy()
        observed = np.bincount(people, minlength=int(frame["people"].max()) + 1)[frame["people"].to_numpy()]
        assert observed.sum() == size
        rare = expected < 10
        groups = [np.append(column[~rare], column[rare].sum()) for column in (observed, expected)]
        assert stats.chisquare(groups[0], groups[1] * (size / groups[1].sum())).pvalue > 1e-3


def test_marginals_of_an_empty_set_have_no_rows() -> None:
    assert len(ks.reconstruct.samples(mean="3.51", sd="1.20", n=50, scale=(1, 7)).marginal(3)) == 0


@pytest.mark.parametrize(
    "options", [{}, {"value": 3, "at_least": 4}, {"value": 9}, {"value": "three"}, {"at_most": "x"}]
)
def test_marginals_name_arguments_that_cannot_be_used(options: dict[str, Any]) -> None:
    found = ks.reconstruct.samples(mean="3.50", sd="1.20", n=50, scale=(1, 7))
    with pytest.raises((ks.InvalidArgument, ks.InvalidType)) as caught:
        found.marginal(**options)
    assert caught.value.argument == (next(iter(options)) if len(options) == 1 else "marginal")


@pytest.mark.parametrize(
    "options",
    [
        {"mean": "3.50", "sd": "1.20", "n": 100, "scale": (1, 7)},
        {"mean": "14.12", "sd": "5.30", "n": 25, "scale": (0, 27)},
        {"mean": "3.5", "sd": "2.8", "n": 50, "scale": (1, 7)},
        {"mean": "5.5", "sd": "2.2", "n": 20, "scale": (1, 10)},
    ],
    ids=str,
)
def test_the_number_of_samples_is_estimated_well(options: dict[str, Any]) -> None:
    found = ks.reconstruct.samples(**options)
    about = sample_estimate.log10_samples(found._question.values, found.n, squares(found._question))
    assert about == pytest.approx(log10(found.count), abs=0.12)


def test_what_is_too_large_says_about_how_many_samples_there_are() -> None:
    with pytest.raises(ks.BudgetExceeded, match=r"There are about 10\^12 samples"):
        ks.reconstruct.samples(mean="3.50", sd="1.20", n=2000, scale=(1, 7), budget=1000)
    # Next to the end of the scale there is nothing to estimate by; no warning either.
    with pytest.raises(ks.BudgetExceeded, match="raise budget"):
        ks.reconstruct.samples(mean="1.01", sd="0.1", n=100_000, scale=(0, 1000))
    assert sample_estimate.log10_samples(range(2), 5, [(3, 3, 3)]) == -np.inf
    assert sample_estimate.log10_samples(range(5), 5, []) == -np.inf
