"""Every claim of the five articles: the committed numbers, the table that is drawn, and what the title says."""

from __future__ import annotations

import json
from typing import Any

import _check_figures
import articles
import pytest
from _figure import DATA, ROOT, plain

import ketastats as ks


@pytest.fixture(scope="module")
def numbers() -> dict[str, Any]:
    return plain(articles.compute())  # type: ignore[no-any-return]


def test_the_committed_twin_holds_these_numbers(numbers: dict[str, Any]) -> None:
    twin = json.loads((ROOT / "figures" / "articles.json").read_text(encoding="utf-8"))
    kept = {key: value for key, value in twin.items() if key not in ("matplotlib", "alt")}
    assert list(_check_figures.differences(kept, numbers)) == []
    assert twin["alt"] == articles.alt(numbers)


def test_every_claim_of_the_register_is_there_once(numbers: dict[str, Any]) -> None:
    register = ks.register.load(DATA)
    assert list(numbers["claims"]) == [claim.id for claim in register.claims]
    assert numbers["claims_in_all"] == len(register.claims) == 29
    assert sum(numbers["by_outcome"].values()) == 29
    assert [key for part in numbers["articles"].values() for key in part["claims"]] == list(numbers["claims"])
    for key, row in numbers["claims"].items():
        claim = register.claim(key)
        assert row["claim"] == claim.text
        assert row["printed"] == [printed.text for printed in claim.printed]
        # The nearest evidence of the register is all there, with its numbers.
        references = [reference for near in claim.nearest for reference in near.figures]
        assert set(references) <= {one["reference"] for one in row["held_against"]}


def test_the_title_counts_what_the_claims_say(numbers: dict[str, Any]) -> None:
    outcomes = [row["outcome"] for row in numbers["claims"].values()]
    assert numbers["by_outcome"] == {outcome: outcomes.count(outcome) for outcome in ks.register.OUTCOMES}
    assert numbers["by_outcome"] == {
        "established": 0, "refuted": 1, "not established": 4, "depends": 2, "impossible": 0,
        "source agrees": 2, "source differs": 3, "no ruling": 17,
    }  # fmt: skip
    assert numbers["title"] == (
        "Of 29 claims in five articles seven can be ruled on and none is established; "
        "three misquote their source, 17 print nothing to rule on"
    )
    other = numbers | {"by_outcome": numbers["by_outcome"] | {"established": 2}}
    assert "nine can be ruled on and two established" in articles._title(other)
    assert "17 no ruling" in articles.alt(numbers)
    assert "impossible" not in articles.alt(numbers)


def test_key_numbers_stand_where_they_are_cited_from(numbers: dict[str, Any]) -> None:
    claims = numbers["claims"]
    # By hand: log(3.01/1.37) / (2 x 1.959964) = 0.20079; exp(log 2.03 + 1.644854 x 0.20079) = 2.8245.
    li = claims["A1.1"]["held_against"][0]
    assert (li["reference"], li["printed"], li["ruling"]) == (
        "li-2016/depression",
        "2.03 (1.37 to 3.01)",
        "not established",
    )
    assert li["threshold"] == pytest.approx([2.8245] * 2, abs=5e-4)
    response = [one for one in claims["A1.5"]["held_against"] if one["margin"] == "melander-16"]
    assert response[0]["threshold"] == pytest.approx([0.1675, 0.4202], abs=5e-5)
    shown = numbers["equivalence_shown_elsewhere"]
    assert (shown["ruling"], shown["printed"], shown["margin"]) == (
        "established",
        "0.016 (-0.094 to 0.125)",
        "cuijpers-0.24",
    )
    assert numbers["earlier_studies"] == {"agrees": 2, "agrees in part": 1, "disagrees": 1}
    assert numbers["no_ruling_lacks"] == {"no number": 3, "no number, no source": 14}


def test_the_table_draws_every_claim_with_its_outcome_and_a_reason(numbers: dict[str, Any]) -> None:
    figure = articles.draw(numbers)
    (ax,) = figure.axes
    texts = [text.get_text() for text in ax.texts]
    for key, row in numbers["claims"].items():
        assert texts.count(key) == 1
        at = texts.index(key)
        assert texts[at + 1].replace("\n", " ").replace("- ", "-") == row["claim"].replace("- ", "-")
        assert texts[at + 3] == row["outcome"]
        assert texts[at + (5 if row["lacks"] else 4)]
    assert texts[-1].startswith("A1.4, A1.5, A1.6, A1.8: Reconstructed from printed p-values")
    # One line of text has the height that it needs, and nothing leaves the figure or the column beside it.
    figure.canvas.draw()
    width, height = figure.bbox.size
    boxes = [text.get_window_extent() for text in ax.texts]
    assert all(box.x0 >= 0 and box.x1 <= width and box.y0 >= 0 and box.y1 <= height for box in boxes)
    for one in range(len(boxes)):
        for two in range(one):
            overlap = boxes[one].overlaps(boxes[two])
            assert not overlap or not (boxes[one].width and boxes[two].width), (texts[two], texts[one])


def test_a_claim_without_evidence_keeps_its_own_reason(numbers: dict[str, Any]) -> None:
    rows = {row["id"]: row for row in articles._rows(numbers) if "id" in row}
    assert rows["A5.3"]["because"] == "No number and no source, and the register holds no study of pain."
    assert rows["A3.1"]["because"].startswith("Nearest: Feder 2014: ")
    assert rows["A1.7"]["because"] == numbers["claims"]["A1.7"]["because"]
    assert rows["A1.1"]["lacks"] == "no source"
