"""The share of responders that a mean fall leaves room for."""

from __future__ import annotations

import json
from typing import Any

import _check_figures
import pytest
import response_and_change
from _figure import ROOT, plain

import ketastats as ks


@pytest.fixture(scope="module")
def numbers() -> dict[str, Any]:
    return plain(response_and_change.compute())  # type: ignore[no-any-return]


def test_the_committed_twin_holds_these_numbers(numbers: dict[str, Any]) -> None:
    twin = json.loads((ROOT / "figures" / "response_and_change.json").read_text(encoding="utf-8"))
    kept = {key: value for key, value in twin.items() if key not in ("matplotlib", "alt")}
    assert list(_check_figures.differences(kept, numbers)) == []


def test_what_is_printed_comes_from_the_register(numbers: dict[str, Any]) -> None:
    # Article trauma-link, paragraph 4; abstract of Johnson 2025. 57 / 83 is 68.7 %, 58 / 83 69.9 %, 59 / 83 71.1 %.
    assert (numbers["claimed"]["printed"], numbers["mean_fall"], numbers["n"]) == ("70%", "5.7", 83)
    assert numbers["claimed"]["people"] == [58]
    assert [(reading["start"], reading["need"]) for reading in numbers["readings"]] == [
        (21, 1),
        (12, 6),
        (17, 9),
        (19, 10),
        (21, 11),
    ]
    # The SDs 4.06 and 5.80 of a table: sqrt(4.06^2 + 5.80^2 - 2 r 4.06 * 5.80).
    assert [row["sd"] for row in numbers["likely_sd"]] == pytest.approx([7.0798, 5.1552], abs=1e-4)


def test_no_share_exceeds_what_the_sum_of_the_falls_allows(numbers: dict[str, Any]) -> None:
    # Falls of 83 people that print a mean of 5.7 add up to at most 477. If k people fell by `need` and the others got
    # as much worse as the scale allows, k need + (83 - k)(start - 27) <= 477.
    for reading in numbers["readings"]:
        worst = reading["start"] - 27
        most = min(83, (477 - 83 * worst) // (reading["need"] - worst))
        assert all(many <= most for many in reading["most"])
        assert reading["most_at_any_sd"] <= most
    by_start = {(reading["start"], reading["need"]): reading for reading in numbers["readings"]}
    # Half of 21: (477 + 83 * 6) // 17 = 57 people, one fewer than 70 % of 83.
    assert by_start[21, 11]["most_at_any_sd"] == 57
    assert by_start[21, 11]["least_sd"] is None


def test_the_share_meets_the_one_sided_chebyshev_inequality(numbers: dict[str, Any]) -> None:
    # Cantelli: with mean m and variance v (dividing by n) at most v / (v + (a - m)^2) of the people have a or more.
    for reading in numbers["readings"]:
        if reading["need"] > 5.75:
            for sd, share in zip(numbers["sds"], reading["share"], strict=True):
                variance = (float(sd) + 0.05) ** 2 * 82 / 83
                assert share <= variance / (variance + (reading["need"] - 5.75) ** 2) + 1e-12


def test_the_smallest_sd_is_sharp(numbers: dict[str, Any]) -> None:
    wanted = min(numbers["claimed"]["people"])
    for reading in numbers["readings"]:
        if reading["least_sd"] not in (None, numbers["sds"][0]):
            tenths = round(10 * float(reading["least_sd"]))
            scale = (reading["start"] - 27, reading["start"])
            for tenth, reached in ((tenths, True), (tenths - 1, False)):
                found = ks.reconstruct.samples(mean="5.7", sd=f"{tenth / 10:.1f}", n=83, scale=scale)
                assert bool(found.people(at_least=reading["need"]).max() >= wanted) is reached


def test_the_title_says_what_the_numbers_say(numbers: dict[str, Any]) -> None:
    assert numbers["title"] == (
        "With a mean fall of 5.7 points, 70 % can have halved a score of 17 or 19 only if the SD of the falls is at "
        "least 5.0 or 6.5, and a score of 21 at no SD"
    )
