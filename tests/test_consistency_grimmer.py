"""GRIMMER against lists of samples, published cases, and what other programs get wrong."""

from __future__ import annotations

import csv
import json
from decimal import Decimal
from fractions import Fraction
from itertools import combinations_with_replacement
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import ketastats as ks
from ketastats.errors import BudgetExceeded, InvalidArgument, InvalidType
from ketastats.numerics import square_sums

GOLDEN = Path(__file__).parent / "golden" / "lattice.csv"
ROWS = {row["id"]: row for row in csv.DictReader(GOLDEN.read_text(encoding="utf-8").splitlines())}
RULES = ("half", "half_up", "half_even", "truncate", "up", "floor", "up_from_7")


def prints(top: int, weight: int, text: str, rounding: str = "half") -> bool:
    """Whether the root of a fraction prints as the text: by comparing squares."""
    interval = ks.Reported(text, rounding=rounding).interval
    low, high = Fraction(interval.low), Fraction(interval.high)
    above = low < 0 or (top >= low * low * weight if interval.closed_low else top > low * low * weight)
    return above and (top <= high * high * weight if interval.closed_high else top < high * high * weight)


@pytest.mark.parametrize("name", [name for name, row in ROWS.items() if row["topic"] == "GRIMMER"])
def test_published_cases(name: str) -> None:
    given, expected = (json.loads(ROWS[name][key]) for key in ("inputs_json", "expected_json"))
    found = ks.consistency.grimmer(given["mean"], given["sd"], given["n"], items=given.get("items", 1))
    assert bool(found) is expected.get("consistent", expected.get("consistent_exact"))
    if "failed" in expected:
        assert found["failed"].tolist() == [expected["failed"]]


def test_published_deviations_near_a_printed_one() -> None:
    given, expected = (json.loads(ROWS["grimmer_rsprite2_sds"][key]) for key in ("inputs_json", "expected_json"))
    found = ks.consistency.admissible_sums(given["mean"], given["sd"], given["n"])
    assert bool(ks.consistency.grimmer(given["mean"], given["sd"], given["n"])) is expected["consistent"]
    assert len(found) == 2
    assert len(ks.consistency.admissible_sums("9.0", "1.0", n=10, scale=(1, 7))) == 0
    np.testing.assert_allclose(found.sd, expected["sds"], rtol=0, atol=5e-5)


def test_a_sample_that_a_peer_rejects_exists() -> None:
    found = ks.consistency.grimmer(["8.9", "2.6"], ["2.81", "2.05"], n=25)
    assert found.agrees.tolist() == [True, False]
    assert (found["sum"][0], found["sum_of_squares"][0]) == (223, 2179)
    assert prints(25 * 2179 - 223**2, 25 * 24, "2.81")


# --------------------------------------------------------------------------------------------- against lists of samples
def samples(n: int, low: int, high: int) -> dict[int, set[int]]:
    """The sums of squares of all samples of whole numbers from `low` to `high`, by their sum."""
    found: dict[int, set[int]] = {}
    for values in combinations_with_replacement(range(low, high + 1), n):
        found.setdefault(sum(values), set()).add(sum(value * value for value in values))
    return found


@pytest.mark.parametrize(
    ("n", "items", "scale"), [(2, 1, (1, 5)), (4, 1, (0, 4)), (3, 2, (1, 3)), (7, 1, (1, 4)), (5, 1, (-2, 2))]
)
@pytest.mark.parametrize("rounding", ["half", "truncate", "up_from_7"])
def test_the_scale_is_searched_as_by_a_list(n: int, items: int, scale: tuple[int, int], rounding: str) -> None:
    listed = samples(n, scale[0] * items, scale[1] * items)
    rng = np.random.default_rng(n)
    means = [f"{value:.1f}" for value in rng.uniform(scale[0], scale[1], 15)]
    sds = [f"{value:.1f}" for value in rng.uniform(0, (scale[1] - scale[0]) / 1.4, 15)]
    for ddof in (0, 1):
        found = ks.consistency.grimmer(means, sds, n, items=items, scale=scale, ddof=ddof, rounding=rounding)
        weight = n * (n - ddof) * items**2
        for row, (mean, sd) in enumerate(zip(means, sds, strict=True)):
            pairs = [
                (total, squares)
                for total in sorted(listed)
                for squares in sorted(listed[total])
                if Decimal(mean) in ks.Rounding(rounding).printed(Fraction(total, n * items), 1)
                and prints(n * squares - total**2, weight, sd, rounding)
            ]
            assert found.agrees[row] == bool(pairs), (mean, sd)
            each = ks.consistency.admissible_sums(mean, sd, n, items=items, scale=scale, ddof=ddof, rounding=rounding)
            assert list(zip(each.sum.tolist(), each.sum_of_squares.tolist(), strict=True)) == pairs
            if pairs:
                assert (found["sum"][row], found["sum_of_squares"][row]) == pairs[0]


@pytest.mark.parametrize("n", [2, 3, 4, 5])
def test_an_endless_scale_is_searched_as_by_a_list(n: int) -> None:
    """Numbers with a deviation of at most 2 and a mean of 0 to 1 lie within 8 of it."""
    listed = samples(n, -6, 7)
    for k in range(0, 11, 3):
        mean = f"{k / 10:.1f}"
        sds = [f"{j / 10:.1f}" for j in range(20)]
        found = ks.consistency.grimmer(mean, sds, n)
        for row, sd in enumerate(sds):
            expected = any(
                Decimal(mean) in ks.Rounding.HALF.printed(Fraction(total, n), 1)
                and any(prints(n * squares - total**2, n * (n - 1), sd) for squares in listed[total])
                for total in listed
            )
            assert found.agrees[row] == expected, (mean, sd)


@settings(max_examples=25, deadline=None)
@given(
    values=st.lists(st.integers(1, 7), min_size=2, max_size=30),
    rounding=st.sampled_from(RULES),
    ddof=st.sampled_from([0, 1]),
    decimals=st.integers(0, 3),
)
def test_true_numbers_are_always_consistent(values: list[int], rounding: str, ddof: int, decimals: int) -> None:
    n, total, squares = len(values), sum(values), sum(value * value for value in values)
    weight = n * (n - ddof)
    mean = f"{ks.Rounding(rounding).printed(Fraction(total, n), decimals)[0]:f}"
    near = round(((n * squares - total**2) / weight) ** 0.5 * 10**decimals)
    texts = [f"{k / 10**decimals:.{decimals}f}" for k in range(max(near - 1, 0), near + 2)]
    sd = next(text for text in texts if prints(n * squares - total**2, weight, text, rounding))
    arguments = {"n": n, "ddof": ddof, "rounding": rounding}
    assert ks.consistency.grimmer(mean, sd, **arguments)
    bounded = ks.consistency.grimmer(mean, sd, scale=(1, 7), **arguments)
    assert bounded
    # A wider rule never takes away, and a scale never adds.
    assert rounding not in ("half_up", "half_even") or ks.consistency.grimmer(mean, sd, n=n, ddof=ddof)
    assert (total, squares) in zip(
        *(
            getattr(ks.consistency.admissible_sums(mean, sd, scale=(1, 7), **arguments), part).tolist()
            for part in ("sum", "sum_of_squares")
        ),
        strict=True,
    )


@pytest.mark.parametrize(("size", "width"), [(5, 4), (8, 3), (10, 2), (7, 5), (6, 5)])
def test_tables_of_sums_of_squares_are_those_of_a_list(size: int, width: int) -> None:
    listed = samples(size, 0, width)
    layers = square_sums.layers(width)
    layer = [next(layers) for _ in range(size)][-1]
    for total in range(size * width + 1):
        bits = square_sums.squares_on_scale(total, size, width)
        assert bits == layer[total]
        assert {place for place in range(bits.bit_length()) if bits >> place & 1} == listed[total]
        reached = int(square_sums.reached_by_steps(np.array(total), np.array(width)))
        steps = {squares for squares in range(min(listed[total]), reached + 1) if (squares - total) % 2 == 0}
        assert steps <= listed[total]
        for squares in range(size * width**2 + 1):
            if square_sums.certainly_on_scale(total, squares, size, width):
                assert squares in listed[total]
        first = min((squares for squares in listed[total] if squares >= 20), default=-1)
        assert square_sums.first_bit(bits, 20, 10**6) == first
        assert square_sums.first_bit(bits, 20, 19) == -1


def test_how_far_steps_reach_and_how_few_numbers_are_enough() -> None:
    # Three times ten, less 1 * 2 + 2 * 1, and one more.
    assert square_sums.reached_by_steps(np.array(10), np.array(3)) == 27
    assert square_sums.certainly_on_scale(10, 20, 5, 4)
    assert not square_sums.certainly_on_scale(10, 21, 5, 4)
    assert not square_sums.certainly_on_scale(21, 89, 5, 4)


@pytest.mark.parametrize(("size", "width"), [(30, 5), (60, 4), (25, 3), (9, 2)])
def test_losses_are_those_of_the_tables(size: int, width: int) -> None:
    """Where enough numbers stand at both ends, what is missing from the greatest sum of squares decides."""
    reach = width * (width * width - 1) // 6
    for total in range(reach, size * width - reach + 1, 4):
        bits = square_sums.squares_on_scale(total, size, width)
        for squares in range(width * total - reach, width * total + 5):
            found = square_sums.first_with_loss(total, width, squares, squares)
            assert found == (squares if bits >> squares & 1 else -1), (total, squares)


def test_sums_of_squares_near_the_greatest_are_those_of_the_tables() -> None:
    rng = np.random.default_rng(3)
    for _ in range(400):
        width, size = int(rng.integers(2, 9)), int(rng.integers(1, 10))
        total, first = int(rng.integers(0, size * width + 1)), int(rng.integers(0, size * width * width + 2))
        last = first + int(rng.integers(0, 30))
        expected = square_sums.first_bit(square_sums.squares_on_scale(total, size, width), first, last)
        found = square_sums.first_near_greatest(total, size, width, first, last)
        assert found == expected, (total, size, width, first, last)


@pytest.mark.parametrize(
    ("mean", "sd", "n", "scale"),
    [("13.2", "13.5", 83, (0, 27)), ("3.23", "13.5", 200, (-10, 17)), ("50.2", "50.3", 60, (0, 100))],
)
def test_people_at_both_ends_of_a_wide_scale_are_found_at_once(
    mean: str, sd: str, n: int, scale: tuple[int, int]
) -> None:
    found = ks.consistency.grimmer(mean, sd, n, scale=scale, budget=200_000_000)
    assert found.label.tolist() == ["consistent"]
    # Farther apart than both ends nobody stands.
    apart = f"{float(sd) + 0.8:.1f}"
    assert ks.consistency.grimmer(mean, apart, n, scale=scale, budget=200_000_000)["failed"].tolist() == ["scale"]


def test_the_scale_is_searched_alike_by_one_table_and_row_by_row(monkeypatch: pytest.MonkeyPatch) -> None:
    from ketastats.consistency import _scale

    rng = np.random.default_rng(5)
    means = [f"{value:.1f}" for value in rng.uniform(1, 5, 150)]
    sds = [f"{value:.1f}" for value in rng.uniform(0.2, 2.2, 150)]
    n = rng.integers(6, 14, 150)
    together = ks.consistency.grimmer(means, sds, n, scale=(1, 5))
    monkeypatch.setattr(_scale, "_LITTLE", -1)
    apart = ks.consistency.grimmer(means, sds, n, scale=(1, 5))
    assert apart.label.tolist() == together.label.tolist()
    assert apart["sum_of_squares"].tolist() == together["sum_of_squares"].tolist()
    assert {"", "GRIM", "scale"} <= set(together["failed"].tolist())
    single = ks.consistency.grimmer(means[0], sds[0], n[0], scale=(1, 5))
    assert single.label[0] == together.label[0]


# ---------------------------------------------------------------------------------------------- labels and other ends
def test_labels_name_the_least_assumption() -> None:
    # 1, 2, 3, 4 have a deviation of 1.290..., or of 1.118... when it is divided by n.
    found = ks.consistency.grimmer("2.50", ["1.29", "1.12", "1.11", "1.30", "1.20"], n=4)
    assert found.label.tolist() == [
        "consistent",
        "only if the SD divides by n",
        "only if truncated and the SD divides by n",
        "only if rounded away from zero",
        "impossible",
    ]
    assert ks.consistency.grimmer("2.50", "1.29", n=4, ddof=0).label.tolist() == ["only if the SD divides by n - 1"]
    assert found.explanation[0] == "4 whole numbers with sum 10 and sum of squares 30 print as 2.50 and 1.29."
    assert "prints as 1.12. It agrees only if the SD divides by n, or" in found.explanation[1]
    assert found["failed"].tolist()[:2] == ["", "GRIMMER test 1"]
    # A deviation of 0 asks for a sum of squares of 25, which is odd, while the sum is even.
    assert ks.consistency.grimmer("2.50", "0.00", n=4)["failed"].tolist() == ["GRIMMER test 3"]
    assert ks.consistency.grimmer("2.50", "1.6", n=2)["failed"].tolist() == ["no whole numbers"]
    assert ks.consistency.grimmer("2.00", "0.00", n=4).agrees.all()


def test_the_order_of_rows_does_not_matter() -> None:
    rng = np.random.default_rng(8)
    n = rng.integers(2, 60, 400)
    means, sds = ([f"{value:.2f}" for value in rng.uniform(low, high, 400)] for low, high in ((1, 7), (0.1, 3)))
    found = ks.consistency.grimmer(means, sds, n)
    order = rng.permutation(400)
    other = ks.consistency.grimmer([means[k] for k in order], [sds[k] for k in order], n[order])
    assert other.label.tolist() == found.label[order].tolist()
    shifted = ks.consistency.grimmer([f"{Decimal(mean) + 50}" for mean in means], sds, n)
    assert shifted.label.tolist() == found.label.tolist()


def test_huge_numbers_stay_exact() -> None:
    wide = ks.consistency.grimmer("123456789.5", "4321.0987654321", n=2)
    assert wide["failed"].tolist() == ["GRIMMER test 1"]
    # Two numbers 2d apart have a deviation of d times the root of 2.
    wide = ks.consistency.grimmer("1000000000000", "1414213562373.0950488016887", n=2)
    assert wide.agrees.all()
    assert int(wide["sum_of_squares"][0]) == 2 * 10**24 + 2 * 10**24
    pair = ks.consistency.admissible_sums("1000000000000", "1414213562373.0950488016887", n=2)
    assert pair.sd[0] == pytest.approx(1414213562373.0950488, rel=1e-15)
    assert ks.consistency.grimmer("3.5", "1.1", n=10**7).agrees.all()


def test_large_samples_on_a_scale_need_no_table() -> None:
    found = ks.consistency.grimmer("3.500", "1.2000", n=10**6, scale=(1, 7))
    assert found.agrees.all()
    assert found["sum"].tolist() == [3499500]
    assert ks.consistency.grimmer("26.9", "0.9", n=2000, scale=(0, 27)).agrees.all()
    # Half of the people at each end is the most that there is.
    assert ks.consistency.grimmer("4.00", "3.02", n=10**4, scale=(1, 7))["failed"].tolist() == ["scale"]
    assert ks.consistency.grimmer("2.00", "1.00", n=1000, scale=(1, 3)).agrees.all()
    found = ks.consistency.grimmer("13.50", "13.50", n=10**5, scale=(0, 27))
    assert found.agrees.all()
    # A wide scale, near its end and near its middle.
    wide = ks.consistency.grimmer(["5.0", "500000.0"], ["1.0", "3.0"], n=10, scale=(0, 10**6), items=10**6)
    assert wide.agrees.all()


def test_work_beyond_the_budget_is_counted_first() -> None:
    with pytest.raises(BudgetExceeded, match="1,000,001 sums") as caught:
        ks.consistency.grimmer("3", "0.00001", n=10**6, budget=1000)
    assert caught.value.count == 10**6 + 1
    with pytest.raises(BudgetExceeded, match="steps"):
        ks.consistency.grimmer("0.50", "4.4", n=500, scale=(0, 40), budget=1000)
    with pytest.raises(BudgetExceeded, match="pairs"):
        ks.consistency.admissible_sums("3.50", "1.2", n=1000, budget=10)


@pytest.mark.parametrize(
    ("call", "error", "match"),
    [
        (lambda: ks.consistency.grimmer("3.5", 1.2, n=40), InvalidType, "sd is 1.2"),
        (lambda: ks.consistency.grimmer("3.5", "-1.2", n=40), InvalidArgument, "sd is '-1.2'"),
        (lambda: ks.consistency.grimmer("3.5", "1.2", n=1), InvalidArgument, "n is 1"),
        (lambda: ks.consistency.grimmer("3.5", "1.2", n=40, scale=(7, 1)), InvalidArgument, "scale is"),
        (lambda: ks.consistency.grimmer("3.5", "1.2", n=40, scale=(1, 7.5)), InvalidArgument, "scale is"),
        (lambda: ks.consistency.grimmer("3.5", "1.2", n=40, scale="1-7"), InvalidArgument, "scale is"),
        (lambda: ks.consistency.grimmer("3.5", "1.2", n=40, scale=7), InvalidArgument, "scale is"),
        (lambda: ks.consistency.grimmer("3.5", "1.2", n=40, ddof=2), InvalidArgument, "ddof is 2"),
        (lambda: ks.consistency.grimmer("3.5", "1.2", n=40, budget=0), InvalidArgument, "budget is 0"),
        (lambda: ks.consistency.admissible_sums(["3.5", "3.6"], "1.2", n=40), InvalidArgument, "one set"),
    ],
)
def test_what_cannot_be_asked_is_refused(call: Any, error: type[Exception], match: str) -> None:
    with pytest.raises(error, match=match):
        call()


def test_no_rows_and_no_pairs() -> None:
    assert len(ks.consistency.grimmer([], [], n=28)) == 0
    assert len(ks.consistency.admissible_sums("9.0", "1.0", n=10, scale=(1, 7))) == 0
