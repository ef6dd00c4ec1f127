"""What every answer about printed numbers can do, whichever question was asked."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

import ketastats as ks

check = ks.consistency

#: One call of every function; each is asked twice, the second time of other numbers.
CALLS: dict[str, tuple[Callable[[], object], Callable[[], object]]] = {
    "grim": (lambda: check.grim(["5.19", "5.21"], n=28), lambda: check.grim(["5.19", "5.22"], n=28)),
    "grimmer": (lambda: check.grimmer("8.9", "2.81", n=25), lambda: check.grimmer("8.9", "2.82", n=25)),
    "admissible_sums": (
        lambda: check.admissible_sums("3.33", "1.234", n=250),
        lambda: check.admissible_sums("3.33", "1.235", n=250),
    ),
    "debit": (lambda: check.debit("0.44", "0.50", n=1683), lambda: check.debit("0.44", "0.51", n=1683)),
    "sd_limits": (
        lambda: check.sd_limits("4.2", n=5, scale=(1, 7)),
        lambda: check.sd_limits("4.2", n=10, scale=(1, 7)),
    ),
    "change_sd": (lambda: check.change_sd("8.0", "5.0", "6.0"), lambda: check.change_sd("8.0", "5.0", "2.0")),
    "confidence_interval": (
        lambda: check.confidence_interval("0.62", "0.39", "1.00", level=0.95),
        lambda: check.confidence_interval("0.62", "0.39", "1.00", level=0.90),
    ),
    "denominators": (lambda: check.denominators("71%", n=7), lambda: check.denominators("72%", n=7)),
    "effect_size": (
        lambda: check.effect_size("d", "0.97", test="t", statistic="4.00", n1=35, n2=35),
        lambda: check.effect_size("d", "0.96", test="t", statistic="4.00", n1=35, n2=35),
    ),
    "grim_splits": (lambda: check.grim_splits("5.3", "4.71", n=40), lambda: check.grim_splits("5.3", "4.72", n=40)),
    "grim_u": (lambda: check.grim_u("30.5", 10, 12), lambda: check.grim_u("30.3", 10, 12)),
    "proportion_interval": (
        lambda: check.proportion_interval(7, 37, "9.5%", "34.2%"),
        lambda: check.proportion_interval(7, 37, "9.5%", "34.3%"),
    ),
    "pvalue": (lambda: check.pvalue("t", "2.20", ".03", df=28), lambda: check.pvalue("t", "2.20", ".04", df=28)),
    "quantiles": (
        lambda: check.quantiles(n=20, minimum="2", median="6", maximum="14", mean="6.9", sd="3.1"),
        lambda: check.quantiles(n=20, minimum="2", median="6", maximum="14", mean="6.9", sd="3.2"),
    ),
    "total": (
        lambda: check.total(n=83, sizes=[37, 46], mean="17.9", means=["17.2", "18.6"]),
        lambda: check.total(n=83, sizes=[37, 46], mean="17.8", means=["17.2", "18.6"]),
    ),
    "u_pvalue": (lambda: check.u_pvalue("30", ".048", 10, 12), lambda: check.u_pvalue("30", ".049", 10, 12)),
}


def test_every_function_is_asked() -> None:
    names = {name for name in check.__all__ if name[0].islower()} - {"binary_sd"}
    assert names == set(CALLS)


@pytest.mark.parametrize("name", CALLS)
def test_answers_are_plain_data(name: str) -> None:
    first, other = (ask() for ask in CALLS[name])
    for twin in (CALLS[name][0](), copy.copy(first), copy.deepcopy(first), pickle.loads(pickle.dumps(first))):
        assert twin == first
        assert twin.summary() == first.summary()
        assert twin.to_frame().equals(first.to_frame())
    assert first != other
    assert first != "something else"


def test_one_wrong_cell_is_another_answer() -> None:
    found = check.grim(["5.19", "5.21"], n=28)
    flipped = {**found.holds, "only if truncated": ~found.holds["only if truncated"]}
    assert replace(found, holds=flipped) != found
    assert replace(found, holds=dict(reversed(found.holds.items()))) != found
    assert replace(found, columns={**found.columns, "n": found["n"] + 1}) != found
    assert replace(found, method="another") != found


def test_labels_are_counted_from_the_least_assumption_to_the_most() -> None:
    numbers = [f"{value / 100:.2f}" for value in range(100, 200)]
    found = check.grim(numbers, n=28)
    counts = found.counts()
    assert list(counts) == [label for label in (*found.holds, "impossible") if label in counts]
    assert counts["consistent"] == int(found.agrees.sum())
    assert sum(counts.values()) == len(found) == 100
    assert counts == {label: int(np.sum(found.label == label)) for label in counts}


def test_a_summary_of_many_rows_shows_those_that_do_not_agree() -> None:
    numbers = ["5.21"] * 30 + ["5.19", "5.22"]
    text = check.grim(numbers, n=28).summary()
    assert "row 30: No sum of 28" in text
    assert "row 31: No sum of 28" in text
    assert "row 0:" not in text
    assert "more that do not agree" not in text
    assert "row" not in check.grim("5.21", n=28).summary()
    few = check.grim(["5.21", "5.19"], n=28).summary()
    assert "row 0: A sum of 146" in few
    assert "row 1: No sum" in few
