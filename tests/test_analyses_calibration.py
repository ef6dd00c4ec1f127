"""The figure of error rates: every mark is a stored result, and the title says what the marks show."""

from __future__ import annotations

import json
from typing import Any

import _check_figures
import calibrate
import calibration
import pytest
from _figure import ROOT, plain

STORED = calibrate.read()


@pytest.fixture(scope="module")
def numbers() -> dict[str, Any]:
    return plain(calibration.compute())  # type: ignore[no-any-return]


def test_the_committed_twin_holds_these_numbers(numbers: dict[str, Any]) -> None:
    twin = json.loads((ROOT / "figures" / "calibration.json").read_text(encoding="utf-8"))
    kept = {key: value for key, value in twin.items() if key not in ("matplotlib", "alt")}
    assert list(_check_figures.differences(kept, numbers)) == []


def test_every_coverage_of_a_method_in_the_figure_is_drawn(numbers: dict[str, Any]) -> None:
    drawn = sorted(point["error"] for row in numbers["rows"] for point in row["intervals"])
    shown = {(spec[2], spec[4]) for spec in calibration._specs()}
    stored = [1.0 - row.estimate for row in STORED if row.quantity == "coverage" and row[:2] in shown]
    assert len(shown) > 20
    assert drawn == pytest.approx(sorted(stored), abs=1e-9)


def test_every_equivalence_test_and_ruling_in_the_figure_is_drawn_at_its_worse_end(numbers: dict[str, Any]) -> None:
    worst: dict[tuple[str, ...], float] = {}
    shown = {(spec[3], spec[4]) for spec in calibration._specs()}
    for row in STORED:
        if row[:2] not in shown:
            continue
        set_ruling = row.area.startswith("judge, reconstructed") and row.quantity.startswith("established")
        if row.quantity.startswith("equivalence error") or set_ruling:
            worst[row[:3]] = max(worst.get(row[:3], 0.0), row.estimate)
    drawn = sorted(point["error"] for row in numbers["rows"] for point in row["tests"])
    assert drawn == pytest.approx(sorted(worst.values()), abs=1e-9)


def test_the_title_says_what_was_found(numbers: dict[str, Any]) -> None:
    def worst(area: str, method: str) -> float:
        return max(1 - x.estimate for x in STORED if x[:2] == (area, method) and x.quantity == "coverage")

    sets = max(
        x.estimate
        for x in STORED
        if x.area.startswith("judge, reconstructed") and x.method.startswith("n") and "established" in x.quantity
    )
    said = [worst("effects.proportions, difference", "score"), worst("effects.proportion", "wald"), sets]
    for share in said:
        assert f"{100 * share:.1f} %" in numbers["title"]
    assert said[0] < 0.06
    assert said[1] > 0.3
    assert sets < 0.055
