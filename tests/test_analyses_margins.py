"""The second figure: every compatible table against the published margins."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import _check_figures
import margins
import pytest
from _figure import ROOT, plain


@pytest.fixture(scope="module")
def numbers() -> dict[str, Any]:
    return plain(margins.compute())  # type: ignore[no-any-return]


def test_the_committed_twin_holds_these_numbers(numbers: dict[str, Any]) -> None:
    twin = json.loads((ROOT / "figures" / "margins.json").read_text(encoding="utf-8"))
    kept = {key: value for key, value in twin.items() if key not in ("matplotlib", "alt")}
    assert list(_check_figures.differences(kept, numbers)) == []


def test_margins_come_from_the_register(numbers: dict[str, Any]) -> None:
    # Half and all of the 16 points of Melander 2008, and the 10 points of ELEKT-D.
    assert [entry["size"] for entry in numbers["margins"].values()] == [0.08, 0.1, 0.16]
    assert [entry["study"] for entry in numbers["margins"].values()] == [
        "melander-2008",
        "elekt-d-2023",
        "melander-2008",
    ]


def test_an_interval_of_the_figure_agrees_with_a_golden_value(numbers: dict[str, Any]) -> None:
    golden = Path(__file__).parent / "golden" / "score_intervals.csv"
    with golden.open(encoding="utf-8") as lines:
        rows = [row for row in csv.reader(lines) if row[:4] == ["7", "37", "14", "46"]]
    tables = numbers["outcomes"]["response"]["tables"]
    at = list(zip(*(tables[key] for key in ("x1", "n1", "x2", "n2")), strict=True)).index((7, 37, 14, 46))
    assert tables["low"][at] == pytest.approx(float(rows[0][4]), abs=1e-12)
    assert tables["high"][at] == pytest.approx(float(rows[0][5]), abs=1e-12)


def test_exchanging_events_and_others_mirrors_the_interval(numbers: dict[str, Any]) -> None:
    for part in numbers["outcomes"].values():
        tables = part["tables"]
        ends = {
            key: (low, high)
            for *key_parts, low, high in zip(*(tables[k] for k in ("x1", "n1", "x2", "n2", "low", "high")), strict=True)
            for key in [tuple(key_parts)]
        }
        for (x1, n1, x2, n2), (low, high) in ends.items():
            mirrored = ends[n1 - x1, n1, n2 - x2, n2]
            assert mirrored == pytest.approx((-high, -low), abs=1e-12)


def test_no_interval_lies_within_any_margin(numbers: dict[str, Any]) -> None:
    count = 0
    for part in numbers["outcomes"].values():
        tables = part["tables"]
        for entry in numbers["margins"].values():
            inside = [
                -entry["size"] < low and high < entry["size"]
                for low, high in zip(tables["low"], tables["high"], strict=True)
            ]
            assert not any(inside)
        count += part["count"]
        far = [max(-low, high) for low, high in zip(tables["low"], tables["high"], strict=True)]
        assert tables["threshold_margin"] == pytest.approx(far)
        assert part["threshold_margin"]["all"] == pytest.approx([min(far), max(far)])
        kept = [value for value, stays in zip(far, tables["survives"], strict=True) if stays]
        assert part["threshold_margin"]["joint"] == pytest.approx([min(kept), max(kept)])
        assert {entry["ruling"] for entry in part["rulings"].values()} == {"not established"}
    assert numbers["tables"] == count == 30
    assert numbers["title"] == "None of 30 compatible tables excludes a difference of 16 points"
