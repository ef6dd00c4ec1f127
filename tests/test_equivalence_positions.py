"""Six positions of an interval, and conditional equivalence testing."""

from __future__ import annotations

import csv
import json
import math
from itertools import product
from pathlib import Path

import numpy as np
import pytest

import ketastats as ks
from ketastats.equivalence import Position, conditional, positions
from ketastats.errors import InvalidArgument, InvalidType
from ketastats.numerics import noncentral_t

GOLDEN = Path(__file__).parent / "golden" / "positions.csv"


def golden() -> dict[str, tuple[dict, dict]]:
    with GOLDEN.open(encoding="utf-8", newline="") as file:
        return {
            row["id"]: (json.loads(row["inputs_json"]), json.loads(row["expected_json"]))
            for row in csv.DictReader(file)
        }


def expected_position(low: float, high: float, left: float, right: float) -> tuple[Position, int]:
    """The definition, one interval at a time."""
    side = (low > 0) - (high < 0)
    crossed = (low <= left and not math.isinf(left), high >= right and not math.isinf(right))
    if side:
        if low > right or high < left:
            return Position.IMPORTANTLY_DIFFERENT, side
        return (Position.DIFFERENT if any(crossed) else Position.EQUIVALENT_BUT_DIFFERENT), side
    if all(crossed):
        return Position.INCONCLUSIVE, 0
    if any(crossed):
        return Position.ONE_DIRECTION_OPEN, 1 if crossed[1] else -1
    return Position.EQUIVALENT, 0


GRID = [-math.inf, -3.0, -2.0, -1.0, -0.5, 0.0, 0.4, 1.0, 1.5, 2.0, 7.0, math.inf]
INTERVALS = [(a, b) for a, b in product(GRID, GRID) if a <= b]
MARGINS = [(-1.0, 1.0), (-2.0, 1.5), (-math.inf, 1.0), (-0.5, math.inf), (-math.inf, math.inf)]


@pytest.mark.parametrize("margin", MARGINS)
def test_every_interval_has_its_position(margin) -> None:
    low, high = np.array(INTERVALS).T
    found = positions(low, high, margin=margin)
    expected = [expected_position(a, b, *margin) for a, b in INTERVALS]
    assert list(zip(found.position, found.direction, strict=True)) == expected
    for sentence in [*found.may_write, *found.may_not_write]:
        assert sentence.endswith(".")
        assert "inf" not in sentence
        assert "{" not in sentence


def test_all_six_occur_and_no_sentence_is_both_allowed_and_forbidden() -> None:
    low, high = np.array(INTERVALS).T
    found = positions(low, high, margin=1.0)
    assert set(found.position) == set(Position)
    assert not set(found.may_write) & set(found.may_not_write)


def test_positions_say_what_the_tests_say() -> None:
    rng = np.random.default_rng(5)
    value = ks.effects.estimate(rng.normal(0, 1.2, 800), rng.uniform(0.05, 1.5, 800))
    interval = value.confidence_interval(0.90)
    place = positions(interval.low, interval.high, margin=1.0).position
    inside = ks.equivalence.tost(value, margin=1.0).established
    outside = ks.equivalence.minimum_effect(value, margin=1.0).established
    differs = value.pvalue() < 0.10
    assert np.array_equal(np.isin(place, [Position.EQUIVALENT, Position.EQUIVALENT_BUT_DIFFERENT]), inside)
    assert np.array_equal(place == Position.IMPORTANTLY_DIFFERENT, outside)
    shown = [Position.EQUIVALENT_BUT_DIFFERENT, Position.IMPORTANTLY_DIFFERENT, Position.DIFFERENT]
    assert np.array_equal(np.isin(place, shown), differs)


def test_ratios_are_read_around_one() -> None:
    low, high = np.array([(a, b) for a, b in INTERVALS if math.isfinite(a) and math.isfinite(b)]).T
    plain = positions(low, high, margin=1.0)
    ratio = positions(np.exp(low), np.exp(high), margin=(math.exp(-1.0), math.exp(1.0)), ratio=True)
    assert list(ratio.position) == list(plain.position)
    assert list(ratio.direction) == list(plain.direction)
    assert positions(0.0, math.inf, margin=2.0, ratio=True).position is Position.INCONCLUSIVE
    assert positions(0.0, 1.4, margin=(0.0, 1.5), ratio=True).position is Position.EQUIVALENT
    assert positions(0.0, 1.4, margin=(0.0, 1.5), ratio=True).may_write.startswith(
        "Every compatible value lies below 1.5"
    )


def test_sentences_name_the_ends() -> None:
    one = positions(-0.266, 0.045, margin=0.16)
    assert (
        one.may_write == "No difference was shown; one of 0.16 or beyond is ruled out, one of -0.16 or beyond is not."
    )
    assert one.may_not_write == "There is no difference."
    two = positions(0.045, 0.266, margin=(-0.1, 0.16))
    assert two.may_write == "There is a difference, above 0; whether it exceeds 0.16 and so matters is open."
    assert (
        positions(0.1, 0.2, margin=(-0.1, math.inf)).may_write == "There is a difference, above 0, where none matters."
    )
    assert positions(-0.3, 0.2, margin=(-0.1, math.inf)).may_write == (
        "No difference was shown; one of -0.1 or beyond is not ruled out."
    )


def test_shapes_and_frame() -> None:
    found = positions([[-1.0], [0.2]], [0.3, 0.5, 4.0], margin=1.0)
    assert found.position.shape == found.direction.shape == found.may_write.shape == (2, 3)
    frame = found.to_frame()
    assert len(frame) == 6
    assert frame["position"].tolist()[:3] == ["one direction open", "one direction open", "inconclusive"]
    assert "one direction open" in positions(-1.0, 0.3, margin=1.0).summary()


@pytest.mark.parametrize(
    ("low", "high", "options", "message"),
    [
        (1.0, 0.0, {"margin": 1.0}, "low is 1.0; allowed: at most high, here 0"),
        (math.nan, 0.0, {"margin": 1.0}, "low is nan"),
        (0.0, 1.0, {"margin": (0.5, 1.0)}, "a margin around no difference, which is 0"),
        (0.5, 1.5, {"margin": (0.5, 0.9), "ratio": True}, "a margin around no difference, which is 1"),
        (-0.5, 1.5, {"margin": 2.0, "ratio": True}, "low is -0.5"),
    ],
)
def test_refusals(low, high, options, message) -> None:
    with pytest.raises(InvalidArgument, match=message):
        positions(low, high, **options)


# ---------------------------------------------------------------------------------------- golden rows
SERVED = ["DEC-002", "DEC-003", "DEC-005", "DEC-012", "DEC-013", "DEC-014", "DEC-016"]
WORDS = {
    "different_and_equivalent": Position.EQUIVALENT_BUT_DIFFERENT,
    "Accepted": {Position.EQUIVALENT, Position.EQUIVALENT_BUT_DIFFERENT},
    "Rejected": {Position.IMPORTANTLY_DIFFERENT},
}


def test_every_golden_row_is_served() -> None:
    assert sorted(golden()) == SERVED


@pytest.mark.parametrize("key", ["DEC-002", "DEC-003", "DEC-005"])
def test_difference_and_equivalence_asked_together(key) -> None:
    given_, expected = golden()[key]
    value = ks.effects.means(*(given_[name] for name in ("m1", "sd1", "n1", "m2", "sd2", "n2")))
    interval = value.confidence_interval(1 - 2 * given_["alpha"])
    place = positions(interval.low, interval.high, margin=(given_["low"], given_["high"])).position
    both = conditional(value, margin=(given_["low"], given_["high"]), alpha_difference=given_["alpha"])
    if expected["decision"] == "inconclusive":
        assert place is Position.ONE_DIRECTION_OPEN
        assert both.conclusion == "inconclusive"
    else:
        assert place is WORDS[expected["decision"]]
        assert both.p_difference < 0.05
        assert both.p_equivalence < 0.05
        assert both.conclusion == "different"


def test_standardised_differences_inside_outside_or_across_a_range() -> None:
    given_, expected = golden()["DEC-012"]
    t, df = np.array(given_["t"]), np.array(given_["df"], dtype=float)
    tail = 0.5 * (1 - given_["ci"])
    low = 2 * noncentral_t.noncentrality(t, df, tail) / np.sqrt(df)
    high = -2 * noncentral_t.noncentrality(-t, df, tail) / np.sqrt(df)
    for place, word in zip(positions(low, high, margin=given_["range_d"]).position, expected["decision"], strict=True):
        undecided = not any(place in WORDS[name] for name in ("Accepted", "Rejected"))
        assert undecided if word == "Undecided" else place in WORDS[word]


def test_a_range_without_a_lower_end() -> None:
    # A program once called this equivalence: the interval lies wholly above the range.
    given_, expected = golden()["DEC-013"]
    found = positions(*given_["ci90"], margin=(float(given_["low"]), given_["high"]))
    assert expected["ROPE_Equivalence"] == "Rejected"
    assert found.position is Position.IMPORTANTLY_DIFFERENT


def test_an_excluded_margin_does_not_make_no_effect() -> None:
    given_, expected = golden()["DEC-014"]
    found = positions(-0.01, given_["ci95_arr_upper"], margin=given_["clinically_important_arr"])
    assert (found.position is Position.EQUIVALENT) == expected["excludes_margin"]
    assert (found.may_not_write != "There is no difference.") == expected["no_effect_wording_justified"]


def test_wide_intervals_are_no_evidence_of_absence() -> None:
    given_, expected = golden()["DEC-016"]
    low, high = np.array(given_["ci95"]).T
    found = positions(low, high, margin=1.25, ratio=True)
    assert set(found.position) == {Position.INCONCLUSIVE}
    assert expected["evidence_of_absence"] is False
    assert set(found.may_not_write) == {"No difference was found, and so there is none."}


# ---------------------------------------------------------------------------------------- conditional
def test_conditional_steps() -> None:
    value = ks.effects.estimate([2.0, 0.1, 0.1], [0.5, 0.2, 2.0])
    found = conditional(value, margin=1.0)
    assert found.conclusion.tolist() == ["different", "equivalent", "inconclusive"]
    np.testing.assert_array_equal(found.p_difference, value.pvalue())
    np.testing.assert_array_equal(found.p_equivalence, ks.equivalence.tost(value, margin=1.0).pvalue)
    ninety, wide = value.confidence_interval(0.90), value.confidence_interval(0.95)
    np.testing.assert_array_equal(found.low_equivalence, ninety.low)
    np.testing.assert_array_equal(found.high_difference, wide.high)
    assert "conditional equivalence testing" in found.method


def test_conditional_levels_are_two() -> None:
    value = ks.effects.estimate(0.45, 0.25)
    assert conditional(value, margin=1.0).conclusion == "equivalent"
    assert conditional(value, margin=1.0, alpha_difference=0.10).conclusion == "different"
    assert conditional(value, margin=1.0, alpha_equivalence=0.01).conclusion == "inconclusive"
    with pytest.raises(InvalidArgument, match="alpha_equivalence is"):
        conditional(value, margin=1.0, alpha_equivalence=0.7)
    with pytest.raises(InvalidType, match="an Estimate"):
        conditional(0.45, margin=1.0)
