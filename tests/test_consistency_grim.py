"""GRIM against lists of sums, published cases, and what other programs get wrong."""

from __future__ import annotations

import csv
import json
from decimal import Decimal
from fractions import Fraction
from itertools import combinations_with_replacement, product
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import ketastats as ks
from ketastats.consistency._printed import read_column
from ketastats.errors import InvalidArgument, InvalidType

GOLDEN = Path(__file__).parent / "golden" / "lattice.csv"
ROWS = {row["id"]: row for row in csv.DictReader(GOLDEN.read_text(encoding="utf-8").splitlines())}
#: What the rounding rules of the golden rows are called here.
RULES = {"up_or_down": "half", "down": "half_down", "up": "half_up", "even": "half_even", "floor": "floor"}


def golden(*topics: str) -> list[Any]:
    """The golden rows of some topics."""
    return [pytest.param(row, id=name) for name, row in ROWS.items() if row["topic"] in topics]


def rule(given: dict[str, Any]) -> str:
    """The rounding rule that a golden row names."""
    name = given.get("rounding", "up_or_down")
    if name == "up_from":
        return f"up_from_{given['threshold']}"
    # Goes up only when more than 1 - t / 10 is cut off.
    return f"up_above_{10 - given['threshold']}" if name == "down_from" else RULES[name]


@pytest.mark.parametrize("row", golden("GRIM", "GRIM rounding convention", "GRIM percent"))
def test_published_cases_of_grim(row: dict[str, str]) -> None:
    given, expected = json.loads(row["inputs_json"]), json.loads(row["expected_json"])
    mean = [f"{share}%" for share in given["percent"]] if "percent" in given else given["mean"]
    found = ks.consistency.grim(mean, given["n"], items=given.get("items", 1), rounding=rule(given))
    assert found.agrees.tolist() == np.atleast_1d(expected["consistent"]).tolist()
    if "consistent_published" in expected:
        # The peer moves candidate means by 1e-12 before it rounds them.
        assert found.agrees.tolist() != expected["consistent_published"]
    if "inconsistency_rate" in expected:
        assert 1 - found.agrees.mean() == pytest.approx(expected["inconsistency_rate"], abs=1e-12)


def test_the_nearest_possible_means_of_a_published_case() -> None:
    row = ROWS["grim_nearest_50"]
    given, expected = json.loads(row["inputs_json"]), json.loads(row["expected_json"])
    found = ks.consistency.grim(given["mean"], given["n"])
    assert bool(found) is expected["consistent"]
    nearest = [found["nearest_below"][0], found["nearest_above"][0]]
    assert [f"{value:.2f}" for value in nearest] == expected["nearest"]
    assert "5.82 and 5.84" in found.explanation[0]


def test_shares_of_possible_numbers_of_published_cases() -> None:
    given, expected = (json.loads(ROWS["grim_ratio_530"][key]) for key in ("inputs_json", "expected_json"))
    found = ks.consistency.grim(given["mean"], given["n"])
    np.testing.assert_allclose(found["grim_probability"], expected["grim_ratio"], rtol=0, atol=1e-9)
    given, expected = (json.loads(ROWS["grim_total_pct_8750"][key]) for key in ("inputs_json", "expected_json"))
    found = ks.consistency.grim(f"{given['percent']}%", given["n"])
    assert np.rint(found["grim_probability"] * 10**4).tolist() == expected["grim_total"]
    given, expected = (json.loads(ROWS["grim_flying_pigs_prob"][key]) for key in ("inputs_json", "expected_json"))
    found = ks.consistency.grim(given["mean"], given["n"])
    assert found["grim_probability"][0] == pytest.approx(expected["grim_probability"], abs=1e-9)


def test_published_case_of_an_unknown_split() -> None:
    given, expected = (json.loads(ROWS["grim_totaln_bauer"][key]) for key in ("inputs_json", "expected_json"))
    found = ks.consistency.grim_splits(given["mean1"], given["mean2"], given["N"])
    at = dict(zip(found["n1"].tolist(), found.agrees.tolist(), strict=True))
    assert (at[20], at[23]) == (expected["equal_20_20"], expected["split_23_17"])


def test_published_cases_of_rounding() -> None:
    given, expected = (json.loads(ROWS["unround_45_digits"][key]) for key in ("inputs_json", "expected_json"))
    for decimals, lower in zip(given["decimals"], expected["lower"], strict=True):
        text = f"{Decimal(given['x']):.{decimals}f}"
        assert float(ks.Reported(text).interval.low) == pytest.approx(lower, abs=1e-12)
    given, expected = (json.loads(ROWS["unround_8.2_down"][key]) for key in ("inputs_json", "expected_json"))
    interval = ks.Reported(given["x"], rounding=rule(given)).interval
    assert [float(interval.low), float(interval.high)] == [expected["lower"], expected["upper"]]
    assert [interval.closed_low, interval.closed_high] == [expected["incl_lower"], expected["incl_upper"]]
    for name in ("round_down", "round_up"):
        given, expected = (json.loads(ROWS[name][key]) for key in ("inputs_json", "expected_json"))
        found = ks.Rounding(rule(given)).printed(Decimal(str(given["x"])), given["decimals"])
        assert [float(value) for value in found] == [expected["value"]]


def test_a_mean_moved_by_a_tiny_fraction_is_not_accepted() -> None:
    """4.75 over 40 does not truncate to 4.74, whatever 1e-12 is taken off it."""
    found = ks.consistency.grim("4.74", n=40, rounding="truncate")
    assert found.label.tolist() == ["impossible"]


# ----------------------------------------------------------------------------------------------- against lists of sums
@pytest.mark.parametrize("rounding", list(ks.Rounding))
def test_the_sums_are_those_that_print_so(rounding: ks.Rounding) -> None:
    texts = [f"{number / 100:.2f}" for number in range(-60, 130, 13)] + ["1.3", "-0.5", "2", "0", "0.000"]
    for n in (1, 3, 8, 40):
        found = ks.consistency.grim(texts, n=n, rounding=rounding)
        for row, text in enumerate(texts):
            decimals = len(text.partition(".")[2])
            sums = [s for s in range(-n, 3 * n) if Decimal(text) in rounding.printed(Fraction(s, n), decimals)]
            first, last = found["first_sum"][row], found["last_sum"][row]
            assert list(range(first, last + 1)) == sums, (text, n)


@pytest.mark.parametrize("rounding", list(ks.Rounding))
@pytest.mark.parametrize("text", ["0.00", "-0.00", "0.05", "-0.05", "7", "-3", "1E+3", "-2.5e1", "12.5%", "5e-3"])
def test_columns_have_the_intervals_of_printed_numbers(text: str, rounding: ks.Rounding) -> None:
    ends = read_column([text, ks.Reported(text, rounding=rounding)], "mean", rounding, 2).whole()
    interval = ks.Reported(text, rounding=rounding).proportion
    for row in range(2):
        low, high = (Fraction(int(end[row]), int(ends.scale[row])) for end in (ends.low, ends.high))
        assert (low, high) == (Fraction(interval.low), Fraction(interval.high))
        assert (ends.closed_low[row], ends.closed_high[row]) == (interval.closed_low, interval.closed_high)


@pytest.mark.parametrize("rounding", ["half", "half_up", "truncate", "up_from_3"])
def test_the_share_of_impossible_numbers_is_that_of_a_list(rounding: str) -> None:
    for n in (1, 4, 7, 8, 16, 20, 24, 40, 60, 99, 100, 160):
        found = ks.consistency.grim([f"{k / 100:.2f}" for k in range(100)], n=n, rounding=rounding)
        assert found["impossible_share"][0] == pytest.approx(1 - found.agrees.mean(), abs=1e-12), n


def test_items_are_as_good_as_more_people() -> None:
    texts = [f"{k / 1000:.3f}" for k in range(400)]
    items = ks.consistency.grim(texts, n=30, items=4)
    people = ks.consistency.grim(texts, n=120)
    assert items.label.tolist() == people.label.tolist()
    assert items["first_sum"].tolist() == people["first_sum"].tolist()


@settings(max_examples=50)
@given(st.integers(-500, 500), st.integers(1, 60), st.integers(0, 3))
def test_a_true_mean_is_always_consistent(total: int, n: int, decimals: int) -> None:
    for rounding in ("half", "half_even", "truncate", "ceiling"):
        for value in ks.Rounding(rounding).printed(Fraction(total, n), decimals):
            text = f"{value:f}"
            assert ks.consistency.grim(text, n=n, rounding=rounding).agrees.all()
            # A wider rule never takes away.
            assert rounding != "half_even" or ks.consistency.grim(text, n=n).agrees.all()


def test_missing_people_are_an_assumption_of_their_own() -> None:
    found = ks.consistency.grim("5.19", n=28, missing=2)
    assert found.label.tolist() == ["only if some are missing"]
    assert not ks.consistency.grim("5.19", n=28, missing=0).holds.keys() & {"only if some are missing"}
    assert ks.consistency.grim("5.19", n=28, missing=1).agrees.tolist() == [False]
    # Nobody is left when all are missing.
    assert ks.consistency.grim("0.50", n=1, missing=5).label.tolist() == ["impossible"]


def test_huge_numbers_stay_exact() -> None:
    found = ks.consistency.grim("123456789.123456789", n=10**9, items=10**6)
    assert found.agrees.all()
    exact = ks.consistency.grim("0.33333333333333", n=3, rounding="truncate")
    assert exact["first_sum"].tolist() == [1]
    assert ks.consistency.grim("0.33333333333334", n=3, rounding="truncate").agrees.tolist() == [False]
    assert ks.consistency.grim("1e300", n=7)["last_sum"][0] >= 7 * 10**300


# ------------------------------------------------------------------------------------------------ what a result can do
def test_a_result_is_a_table_and_a_text() -> None:
    found = ks.consistency.grim(["5.19", "5.21", "32.5%"], n=[28, 28, 438])
    assert found.label.tolist() == ["impossible", "consistent", "only if rounded away from zero"]
    frame = found.to_frame()
    assert frame["label"].tolist() == found.label.tolist()
    assert frame["explanation"].tolist() == found.explanation
    assert {"mean", "n", "items", "consistent", "only if truncated", "nearest_above"} <= set(frame.columns)
    assert "impossible: 1" in found.summary()
    assert found.explanation[1] == "A sum of 146 over 28 whole numbers prints as 5.21."
    assert found.explanation[2].endswith(
        "the nearest print as 32.4% and 32.6%. It agrees only if rounded away from zero."
    )
    assert len(found) == 3
    assert not found
    assert "&lt;" not in found._repr_html_()
    long = ks.consistency.grim("5.19", n=range(1, 60))
    assert "... and 21 rows more that do not agree as stated" in long.summary()
    assert ks.consistency.grim("5", n=1000).explanation == [
        "Sums from 4500 to 5500 over 1,000 whole numbers print as 5."
    ]


def test_no_rows_are_an_answer_too() -> None:
    found = ks.consistency.grim([], n=28)
    assert len(found) == 0
    assert found.summary()


def test_many_rows_are_judged_in_one_call() -> None:
    rng = np.random.default_rng(11)
    n = rng.integers(5, 120, 64_000)
    total = rng.integers(0, 7 * n)
    texts = [f"{value:.2f}" for value in total / n]
    found = ks.consistency.grim(texts, n)
    # Python prints halves of its floats either way, as the rule allows.
    assert found.agrees.all()


# ---------------------------------------------------------------------------------------------- sizes that are unknown
def test_denominators_are_those_of_a_list() -> None:
    shares = ["71%", "29%", "43%"]
    found = ks.consistency.denominators(shares, n=range(1, 60))
    for row, n in enumerate(found["n"].tolist()):
        possible = [[x for x in range(n + 1) if Fraction(100 * x, n) in ks.Reported(text).interval] for text in shares]
        assert found.agrees[row] == all(possible)
        for place, counts in enumerate(possible, start=1):
            first, last = found[f"first_{place}"][row], found[f"last_{place}"][row]
            assert list(range(first, last + 1)) == counts
    fewer = ks.consistency.denominators(shares[:2], n=range(1, 60))
    assert np.all(fewer.agrees | ~found.agrees)
    assert found.explanation[6] == "7 people can print so: 71%, 29%, 43%."
    assert found.explanation[0] == "1 person cannot print so: 71%, 29%, 43%."
    assert bool(ks.consistency.denominators("50%", n=2))


@pytest.mark.parametrize("rounding", ["half", "half_up", "truncate"])
def test_parts_add_up_as_by_a_list(rounding: str) -> None:
    rule = ks.Rounding(rounding)
    for shares in (["33%", "33%", "33%"], ["0.5", "0.3", "0.3"], ["12%", "88%"], ["0%", "100%"], ["20%", "30%", "40%"]):
        found = ks.consistency.denominators(shares, n=range(1, 26), add_up=True, rounding=rounding)
        for row, n in enumerate(found["n"].tolist()):
            sums = {0}
            for text in shares:
                interval = ks.Reported(text, rounding=rule).proportion
                counts = [x for x in range(n + 1) if Fraction(x, n) in interval]
                sums = {total + x for total in sums for x in counts}
            assert found.agrees[row] == (n in sums), (shares, n)
        loose = ks.consistency.denominators(shares, n=range(1, 26), rounding=rounding)
        assert np.all(loose.agrees | ~found.agrees)


def test_splits_mirror_when_the_groups_swap() -> None:
    found = ks.consistency.grim_splits("5.3", "4.71", 40)
    swapped = ks.consistency.grim_splits("4.71", "5.3", 40)
    assert found.label.tolist() == swapped.label.tolist()[::-1]
    for row, n1 in enumerate(found["n1"].tolist()):
        one, other = ks.consistency.grim("5.3", n=n1), ks.consistency.grim("4.71", n=40 - n1)
        assert found.agrees[row] == (one.agrees[0] and other.agrees[0])
    assert found.explanation[22] == "Groups of 23 and 17 can print so: means of 5.3 and 4.71."


@pytest.mark.parametrize(
    ("call", "error", "match"),
    [
        (lambda: ks.consistency.grim(5.19, n=28), InvalidType, "mean is 5.19"),
        (lambda: ks.consistency.grim("< 5", n=28), InvalidArgument, "without < or >"),
        (lambda: ks.consistency.grim("five", n=28), InvalidArgument, "mean is 'five'"),
        (lambda: ks.consistency.grim("120%", n=28), InvalidArgument, "0% to 100%"),
        (lambda: ks.consistency.grim("5.19", n=0), InvalidArgument, "n is 0"),
        (lambda: ks.consistency.grim("5.19", n=28.5), InvalidArgument, "n is 28.5"),
        (lambda: ks.consistency.grim("5.19", n=28, items=0), InvalidArgument, "items is 0"),
        (lambda: ks.consistency.grim(["5.19", "5.20"], n=[1, 2, 3]), InvalidArgument, "rows is"),
        (lambda: ks.consistency.grim("5.19", n=[[1, 2]]), InvalidArgument, "in one dimension"),
        (lambda: ks.consistency.grim("5.19", n=28, rounding="nearest"), InvalidArgument, "rounding is"),
        (lambda: ks.consistency.grim("5.19", n=28, missing=-1), InvalidArgument, "missing is -1"),
        (lambda: ks.consistency.grim_splits("5.19", "5.2", n=1), InvalidArgument, "n is 1"),
        (lambda: ks.consistency.denominators(["5.2"], n=5, add_up=True), InvalidArgument, "numbers is '5.2'"),
        (lambda: ks.consistency.denominators([], n=5), InvalidArgument, "numbers is"),
        (lambda: ks.consistency.denominators(0.5, n=5), InvalidType, "numbers is 0.5"),
        (lambda: ks.consistency.denominators([0.5], n=5), InvalidType, "numbers is 0.5"),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_is_refused(call: Any, error: type[Exception], match: str) -> None:
    with pytest.raises(error, match=match):
        call()


def test_a_percentage_beyond_all_people_is_not_advised_to_be_one() -> None:
    with pytest.raises(InvalidArgument, match=r"150%.*from 0 to 1\.$"):
        ks.consistency.grim("150%", n=28)


def test_percentages_are_proportions() -> None:
    shares = [f"{k / 10:.1f}" for k in range(0, 1001, 7)]
    percent = ks.consistency.grim([f"{share}%" for share in shares], n=83)
    plain = ks.consistency.grim([f"{Decimal(share) / 100:.3f}" for share in shares], n=83)
    assert percent.label.tolist() == plain.label.tolist()
    assert percent["first_sum"].tolist() == plain["first_sum"].tolist()
    assert 10 < percent.agrees.sum() < 140


@pytest.mark.parametrize(("weights", "items"), [((2, 1, 1), 4), ((2, 2, 4), 4), ((3, 1), 4), ((2, 4), 3)])
def test_weighted_scores_are_averages_of_more_items(weights: tuple[int, ...], items: int) -> None:
    people = 3
    scores = {
        Fraction(sum(weight * answer for weight, answer in zip(weights, answers, strict=True)), sum(weights))
        for answers in product(range(5), repeat=len(weights))
    }
    sums = {sum(triple) for triple in combinations_with_replacement(scores, people)}
    # Whatever three people answer, they print one of the means that so many items leave, and nothing but those.
    texts = [f"{k / 100:.2f}" for k in range(100, 300, 3)]
    found = ks.consistency.grim(texts, n=people, items=items)
    possible = [any(value / people in ks.Reported(text).interval for value in sums) for text in texts]
    assert found.agrees.tolist() == possible
