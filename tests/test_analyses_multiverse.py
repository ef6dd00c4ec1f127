"""The multiverse of specifications, the headline, and the table that is printed at the end."""

from __future__ import annotations

import json
from collections import Counter
from itertools import product
from typing import Any

import _check_figures
import _rulings
import multiverse
import numpy as np
import pytest
from _figure import ROOT, plain
from scipy import optimize, stats

import ketastats as ks

WORDS = [str(word) for word in ks.Ruling]


@pytest.fixture(scope="module")
def numbers() -> dict[str, Any]:
    return plain(multiverse.compute())  # type: ignore[no-any-return]


def test_the_committed_twin_holds_these_numbers(numbers: dict[str, Any]) -> None:
    twin = json.loads((ROOT / "figures" / "multiverse.json").read_text(encoding="utf-8"))
    kept = {key: value for key, value in twin.items() if key not in ("matplotlib", "alt")}
    assert list(_check_figures.differences(kept, numbers)) == []
    assert twin["alt"] == multiverse.alt(numbers)


def test_every_specification_is_there_and_counted_once(numbers: dict[str, Any]) -> None:
    parts = [
        (name, test, rounding, key, ruling)
        for name, tests in numbers["rulings"].items()
        for test, roundings in tests.items()
        for rounding, part in roundings.items()
        for key, cell in part["margins"].items()
        for ruling in cell["ruling"]
    ]
    # Two outcomes, seven tests, two ways to cut digits, three margins, nine sizes.
    assert len(parts) == numbers["specifications"]["count"] == 2 * 7 * 2 * 3 * 9 == 756
    counted = Counter(part[-1] for part in parts)
    assert numbers["specifications"]["by_ruling"] == {word: counted[word] for word in WORDS}
    assert sum(numbers["specifications"]["share"].values()) == pytest.approx(1.0)


def test_a_ruling_follows_from_its_tables(numbers: dict[str, Any]) -> None:
    for tests, test, rounding, key in product(
        numbers["rulings"].values(), multiverse.TESTS, multiverse.ROUNDINGS, multiverse.POINTS
    ):
        part = tests[test][rounding]
        cell = part["margins"][key]
        for at, ruling in enumerate(cell["ruling"]):
            tables, inside, beyond = part["tables"][at], cell["established"][at], cell["refuted"][at]
            wanted = "not established" if not inside + beyond else "depends"
            wanted = {inside: "established", beyond: "refuted"}.get(tables, wanted) if tables else "impossible"
            assert ruling == wanted
            if tables:
                low, high = part["threshold_margin"][at]
                size = numbers["margins"][key]["size"]
                assert (inside > 0, inside == tables) == (low < size, high < size)


def test_wider_margins_establish_no_fewer_tables(numbers: dict[str, Any]) -> None:
    for tests in numbers["rulings"].values():
        for roundings in tests.values():
            for part in roundings.values():
                inside = np.array([part["margins"][key]["established"] for key in multiverse.POINTS])
                beyond = np.array([part["margins"][key]["refuted"] for key in multiverse.POINTS])
                assert (np.diff(inside, axis=0) >= 0).all()
                assert (np.diff(beyond, axis=0) <= 0).all()


def test_the_finding_of_the_title(numbers: dict[str, Any]) -> None:
    assert numbers["title"] == "None of 756 specifications establishes that trauma makes no difference"
    assert numbers["specifications"]["by_ruling"]["established"] == 0
    assert numbers["specifications"]["threshold_margin"][0] > 0.08
    assert numbers["half_rules_agree"] is True


def test_the_usual_specification_is_that_of_the_other_figures(numbers: dict[str, Any]) -> None:
    margins = json.loads((ROOT / "figures" / "margins.json").read_text(encoding="utf-8"))
    for name, part in margins["outcomes"].items():
        cell = numbers["rulings"][name]["pearson"]["half"]
        assert cell["tables"][-1] == part["count"] == numbers["table"][name]["count"]
        assert cell["threshold_margin"][-1] == pytest.approx(part["threshold_margin"]["all"])
        for key, entry in part["rulings"].items():
            assert cell["margins"][key]["ruling"][-1] == entry["ruling"] == "not established"
            assert numbers["table"][name]["rows"][key]["ruling"] == "not established"


def test_the_symptoms_depend_on_the_split_at_half_a_standard_deviation(numbers: dict[str, Any]) -> None:
    rows = numbers["table"]["symptoms"]["rows"]
    assert rows["cuijpers-0.24"]["ruling"] == "not established"
    assert rows["cuijpers-0.50"]["ruling"] == "depends"
    assert rows["cuijpers-0.50"]["decides"] == ["the group sizes"]
    # The upper limit of d: the noncentrality that leaves 5 % below the largest t that prints p = 0.572.
    t = stats.t.isf(0.5715 / 2, 81)
    noncentrality = optimize.brentq(lambda value: stats.nct.cdf(t, 81, value) - 0.05, 0, 10)
    sizes = np.arange(1, 42)
    upper = noncentrality * np.sqrt(1 / sizes + 1 / (83 - sizes))
    assert rows["cuijpers-0.50"]["established"] == np.sum(upper < 0.50) == 10
    assert rows["cuijpers-0.24"]["established"] == np.sum(upper < 0.24) == 0
    assert rows["cuijpers-0.24"]["threshold_margin"]["smd"] == pytest.approx([upper.min(), upper.max()], abs=1e-9)


def test_the_headline_is_nowhere_established(numbers: dict[str, Any]) -> None:
    together = numbers["table"]["together"]
    assert together == numbers["headline"]["pearson"]
    assert list(together["without_number"]) == ["A1.7"]
    assert (together["count"], together["splits"]) == (6, 3)
    assert len(together["rows"]) == 3 * 2
    assert {row["ruling"] for row in together["rows"].values()} == {"not established"}
    # No data set prints both p-values under Fisher's test at n = 83.
    assert {row["ruling"] for row in numbers["headline"]["fisher"]["rows"].values()} == {"impossible"}
    for entry in numbers["headline"].values():
        assert all(row["established"] == 0 for row in entry["rows"].values())


def test_the_printed_table_fits_and_says_what_the_numbers_say(numbers: dict[str, Any]) -> None:
    text = _rulings.ruling_table(numbers["table"])
    assert text == (ROOT / "figures" / "rulings.txt").read_text(encoding="utf-8")
    lines = text.splitlines()
    assert max(map(len, lines)) <= 110
    for name, group in numbers["table"].items():
        start = next(at for at, line in enumerate(lines) if line.startswith((f"{name}, p = ", f"{name} (")))
        for offset, row in enumerate(group["rows"].values()):
            line = lines[start + offset]
            assert f"  {row['ruling']}" in line
            assert f"  {row['established']} of {group['count']}  " in line
    assert "not the study's data" in text
    assert "not medical advice" in text
