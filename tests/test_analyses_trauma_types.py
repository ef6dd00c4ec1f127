"""What five kinds of trauma that were not significant could have shown, against tables that are tried one by one."""

from __future__ import annotations

import json
import math
from typing import Any

import _check_figures
import numpy as np
import pytest
import trauma_types
from _figure import ROOT, plain

import ketastats as ks

N = 83


@pytest.fixture(scope="module")
def numbers() -> dict[str, Any]:
    return plain(trauma_types.compute())  # type: ignore[no-any-return]


def test_the_committed_twin_holds_these_numbers(numbers: dict[str, Any]) -> None:
    twin = json.loads((ROOT / "figures" / "trauma_types.json").read_text(encoding="utf-8"))
    kept = {key: value for key, value in twin.items() if key not in ("matplotlib", "alt")}
    assert list(_check_figures.differences(kept, numbers)) == []


def not_significant(events: int) -> list[tuple[int, int, int, int]]:
    """Try every table of 83 people with so many events, by the textbook formula of chi-square."""
    found = []
    for n1 in range(1, N // 2 + 1):
        n2 = N - n1
        for x1 in range(max(0, events - n2), min(n1, events) + 1):
            x2 = events - x1
            chi_square = N * (x1 * (n2 - x2) - x2 * (n1 - x1)) ** 2 / (n1 * n2 * events * (N - events))
            if math.erfc(math.sqrt(chi_square / 2)) > 0.05:
                found.append((x1, n1, x2, n2))
    return found


@pytest.mark.parametrize("name", ["response", "remission"])
def test_the_tables_are_those_with_the_events_that_the_load_allows(numbers: dict[str, Any], name: str) -> None:
    part = numbers["outcomes"][name]
    tables = [table for events in part["events"] for table in not_significant(events)]
    assert len(tables) == part["count"]
    x1, n1, x2, n2 = np.array(tables).T
    interval = ks.effects.proportions(x1, n1, x2, n2, method="score").confidence_interval(0.90)
    margins = np.maximum(np.abs(interval.low), np.abs(interval.high))
    for at, size in enumerate(part["sizes"]["n1"]):
        row = n1 == size
        assert part["sizes"]["threshold_low"][at] == pytest.approx(margins[row].min(), abs=1e-9)
        assert part["sizes"]["threshold_high"][at] == pytest.approx(margins[row].max(), abs=1e-9)
        difference = np.abs(x1 / n1 - x2 / n2)[row].max()
        assert part["sizes"]["largest_difference"][at] == pytest.approx(difference, abs=1e-12)
    assert part["sizes"]["n1"] == list(range(1, 42))


def test_the_events_are_those_of_the_six_pairs(numbers: dict[str, Any]) -> None:
    """21/83, 62/83, 32/83, 51/83 and 55/83 responded in the six pairs of tables that the load leaves."""
    assert numbers["outcomes"]["response"]["events"] == [21, 32, 51, 55, 62]
    assert numbers["outcomes"]["remission"]["events"] == [12, 28, 38, 45]


def test_the_rulings_are_those_of_the_thresholds(numbers: dict[str, Any]) -> None:
    for key, entry in numbers["margins"].items():
        for part in numbers["outcomes"].values():
            reached = any(low <= entry["size"] for low in part["sizes"]["threshold_low"])
            assert (part["rulings"][key]["established"] > 0) == reached
            assert part["rulings"][key]["refuted"] == 0
        # The load alone keeps the claim from being established, whatever the five kinds showed.
        assert numbers["together"][key] == "not established"


def test_the_combinations_are_counted_for_each_pair_of_totals(numbers: dict[str, Any]) -> None:
    joint = trauma_types.joint()
    one = ks.reconstruct.subgroups(
        {"one": joint.sets["sexual abuse"], "load": joint.sets["trauma load"]}, nested=joint.nested
    )
    frame = one.draw(200, rng=83)
    assert (frame["one_remission_x1"] <= frame["one_response_x1"]).all()
    # Given the totals the five kinds are free of each other: for each pair of totals the fifth power.
    weights = [weight for sample in one._samples for weight in sample.weights().tolist()]
    assert numbers["combinations"] == joint.count == sum(weight**5 for weight in weights)
    assert len(weights) == 6


def test_the_title_says_what_was_found(numbers: dict[str, Any]) -> None:
    assert min(numbers["outcomes"]["response"]["sizes"]["threshold_low"]) > 0.16
    assert numbers["title"] == (
        "No kind of trauma, however many people had it, could be shown to change response by less than 16 points"
    )
