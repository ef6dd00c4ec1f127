"""Every sample of whole numbers behind a mean and a standard deviation."""

from __future__ import annotations

import csv
import importlib
import json
from collections import Counter
from decimal import Decimal
from fractions import Fraction
from itertools import combinations_with_replacement
from math import comb, sqrt
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

import ketastats as ks
from ketastats.reported import Interval

with (Path(__file__).parent / "golden" / "samples.csv").open(encoding="utf-8", newline="") as _file:
    GOLDEN = list(csv.DictReader(_file))

Sample = tuple[int, ...]


def golden(topic: str) -> list[Any]:
    rows = [row for row in GOLDEN if row["topic"] == topic]
    assert rows
    return [
        pytest.param(json.loads(row["inputs_json"]), json.loads(row["expected_json"]), row["tolerance"], id=row["id"])
        for row in rows
    ]


def around(text: object, half_width: float) -> Interval:
    middle, half = Decimal(str(text)), Decimal(str(half_width))
    return Interval(middle - half, middle + half)


# -------------------------------------------------------------------------------------------------------- golden values
@pytest.mark.parametrize(("inputs", "expected", "tolerance"), golden("count of integer samples with given mean and SD"))
def test_published_counts(inputs: dict[str, Any], expected: dict[str, Any], tolerance: str) -> None:
    assert tolerance == "exact"
    found = ks.reconstruct.samples(
        mean=around(inputs["mean"], inputs["mean_half_width"]),
        sd=around(inputs["sd"], inputs["sd_half_width"]),
        n=inputs["n"],
        scale=(inputs["min"], inputs["max"]),
    )
    assert {"count": found.count} == expected


@pytest.mark.parametrize(("inputs", "expected", "tolerance"), golden("sample horns"))
def test_published_horns_of_a_set(inputs: dict[str, Any], expected: dict[str, Any], tolerance: str) -> None:
    found = ks.reconstruct.samples(
        mean=inputs["mean"], sd=inputs["sd"], n=inputs["n"], scale=(inputs["min"], inputs["max"])
    )
    low, mean, high = found.horns_range()
    rows = found.counts()
    each = ks.reconstruct.horns(rows, scale=(inputs["min"], inputs["max"]))
    np.testing.assert_allclose([each.min(), each.mean(), each.max()], [low, mean, high], rtol=1e-12)
    assert found.expand(rows).size == expected["values"]
    got = {"count": found.count, "values": rows.sum(), "horns_mean": mean, "horns_min": low, "horns_max": high}
    assert got == pytest.approx(expected, abs=float(tolerance))


@pytest.mark.parametrize(("inputs", "expected", "tolerance"), golden("horns index"))
def test_published_horns(inputs: dict[str, Any], expected: dict[str, Any], tolerance: str) -> None:
    got = ks.reconstruct.horns(inputs["freqs"], scale=(inputs["min"], inputs["max"]))
    assert {"horns": got} == pytest.approx(expected, abs=float(tolerance))


@pytest.mark.parametrize(("inputs", "expected", "tolerance"), golden("complete recovery (Diophantine)"))
def test_published_recovery(inputs: dict[str, Any], expected: dict[str, Any], tolerance: str) -> None:
    found = ks.reconstruct.samples(
        mean=around(inputs["mean"], 0),
        sd=around(sqrt(inputs["variance"]), 0),
        n=inputs["n"],
        scale=(inputs["min"], inputs["max"]),
    )
    assert {"samples": found.expand(found.counts()).tolist()} == expected
    assert tolerance == "exact"


@pytest.mark.parametrize(
    ("n", "mean", "sd", "scale", "exists"),
    [
        # Found by SPRITE: QuentinAndre/pysprite@d1d9d9c pysprite/test/test_pysprite.py, values_success.
        (39, "37.21", "20.01", (-2, 76), True),
        (41, "1.98", "2.02", (-1, 6), True),
        (21, "3.10", "4.86", (-3, 13), True),
        (43, "33.81", "22.26", (-1, 77), True),
        # Its values_GRIMfail, and an example that prints no mean of 20 whole numbers: 20 * 3.02 = 60.4.
        (20, "4.21", "2.12", (0, 10), False),
        (10, "8.00", "2.12", (0, 7), False),
        (20, "3.02", "2.14", (1, 7), False),
    ],
)
def test_a_sample_exists_where_a_search_finds_one(
    n: int, mean: str, sd: str, scale: tuple[int, int], exists: bool
) -> None:
    assert ks.reconstruct.sample_exists(mean=mean, sd=sd, n=n, scale=scale) is exists


# Values as in pysprite@d1d9d9c, values_twoitems, values_threeitems and values_exclusions.
@pytest.mark.parametrize(
    ("n", "mean", "sd", "scale", "items", "counts"),
    [
        (26, "3.29", "2.15", (0, 7), 2, None),
        (48, "3.39", "1.89", (0, 6), 2, None),
        (27, "3.07", "1.60", (0, 6), 3, None),
        (25, "2.96", "1.81", (0, 6), 3, None),
        (35, "2.31", "1.62", (0, 6), 1, {4: 0}),
        (47, "1.60", "1.64", (0, 5), 1, {2: 0}),
    ],
)
def test_samples_of_several_items_and_without_a_value_exist(
    n: int, mean: str, sd: str, scale: tuple[int, int], items: int, counts: dict[float, int] | None
) -> None:
    options: dict[str, Any] = {"mean": mean, "sd": sd, "n": n, "scale": scale, "items": items, "counts": counts}
    assert ks.reconstruct.sample_exists(**options)
    one = ks.reconstruct.samples(**options)
    raw = one.expand(one.draw(1, rng=0))[0]
    assert abs(Fraction(mean) - Fraction(round(float(raw.sum()) * items), n * items)) <= Fraction(1, 200)
    assert raw.std(ddof=1) == pytest.approx(float(sd), abs=0.005 + 1e-9)
    assert not counts or not np.isin(raw, list(counts)).any()


# ------------------------------------------------------------------------------------------------------- brute force
def prints(exact: Fraction, text: str) -> bool:
    """Whether a value prints so, half either way; the root is decided by its square."""
    half = Fraction(5, 10 ** (len(text.partition(".")[2]) + 1))
    return abs(exact - Fraction(text)) <= half


def sd_prints(square: Fraction, text: str) -> bool:
    half = Fraction(5, 10 ** (len(text.partition(".")[2]) + 1))
    low, high = max(Fraction(text) - half, Fraction(0)), Fraction(text) + half
    return low**2 <= square <= high**2


def every(
    mean: str, sd: str, n: int, scale: tuple[int, int], items: int = 1, divisor: int = 1, limits: Any = None
) -> list[Sample]:
    """Every sample, as sorted values times the number of items."""
    kept = []
    for each in combinations_with_replacement(range(scale[0] * items, scale[1] * items + 1), n):
        average = Fraction(sum(each), n)
        square = (sum(v * v for v in each) - n * average**2) / (n - divisor) / items**2
        if prints(average / items, mean) and sd_prints(square, sd):
            times = Counter(each)
            if all(low <= times[round(v * items)] <= high for v, (low, high) in (limits or {}).items()):
                kept.append(each)
    return kept


CASES: list[dict[str, Any]] = [
    {"mean": "2.8", "sd": "1.3", "n": 6, "scale": (1, 5)},
    {"mean": "2.83", "sd": "1.17", "n": 6, "scale": (1, 5)},
    {"mean": "0.4", "sd": "1.1", "n": 7, "scale": (-2, 3)},
    {"mean": "3.5", "sd": "0.5", "n": 8, "scale": (1, 7)},
    {"mean": "1.0", "sd": "0.0", "n": 5, "scale": (1, 4)},
    {"mean": "4.0", "sd": "0", "n": 5, "scale": (1, 4)},
    {"mean": "2", "sd": "1", "n": 4, "scale": (0, 4)},
    {"mean": "2.3", "sd": "0.8", "n": 5, "scale": (1, 3), "items": 2},
    {"mean": "2.33", "sd": "0.67", "n": 4, "scale": (1, 4), "items": 3},
    {"mean": "2.8", "sd": "1.3", "n": 6, "scale": (1, 5), "sd_divisor": "n"},
    {"mean": "2.9", "sd": "1.3", "n": 7, "scale": (1, 5), "counts": {1: 2}},
    {"mean": "2.8", "sd": "1.5", "n": 9, "scale": (1, 5), "counts": {1: (1, 3), 3: 0, 5: (0, 2)}},
    {"mean": "2.3", "sd": "0.6", "n": 5, "scale": (1, 3), "items": 2, "counts": {1.5: (1, 2), 3: (0, 1)}},
]


def brute(case: dict[str, Any]) -> list[Sample]:
    limits = {
        value: many if isinstance(many, tuple) else (many, many) for value, many in case.get("counts", {}).items()
    }
    divisor = 0 if case.get("sd_divisor") == "n" else 1
    return every(case["mean"], case["sd"], case["n"], case["scale"], case.get("items", 1), divisor, limits)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_set_is_every_sample_that_prints_so(case: dict[str, Any]) -> None:
    found, expected, items = ks.reconstruct.samples(**case), brute(case), case.get("items", 1)
    assert found.count == len(found) == len(expected) > 0
    assert ks.reconstruct.sample_exists(**case)
    rows = found.counts()
    whole = np.rint(found.expand(rows) * items).astype(int)
    assert sorted(map(tuple, whole.tolist())) == expected
    assert found.possible == comb(case["n"] + found.values.size - 1, case["n"])
    shares = Counter(value for each in expected for value in each)
    assert found.frequencies() == {
        value / items: Fraction(shares[value], len(expected) * case["n"])
        for value in range(case["scale"][0] * items, case["scale"][1] * items + 1)
    }


@pytest.mark.parametrize("case", CASES, ids=str)
def test_bounds_are_those_of_the_listed_samples(case: dict[str, Any]) -> None:
    found, listed, items = ks.reconstruct.samples(**case), brute(case), case.get("items", 1)
    for cut in np.unique(found.values).tolist():
        below = sorted({sum(v <= cut * items for v in each) for each in listed})
        assert found.people(at_most=cut).tolist() == below
        assert found.people(at_least=cut, at_most=cut).tolist() == sorted(
            {sum(v == round(cut * items) for v in each) for each in listed}
        )
    n = case["n"]
    for share in (0.0, 0.25, 0.5, 0.9, 1.0):
        rank = max(1, -(-int(share * 100) * n // 100))
        values = [each[rank - 1] / items for each in listed]
        assert found.quantile_range(share) == (min(values), max(values))
    medians = [float(np.median(each)) / items for each in listed]
    assert found.median_range() == (min(medians), max(medians))
    spread = [each for each in listed if len(set(each)) > 1]
    if spread:
        skews = [float(stats.skew(each)) for each in spread]
        assert found.skewness_range() == pytest.approx((min(skews), max(skews)), abs=1e-9)
    else:
        with pytest.raises(ks.NoSolution, match="has a skewness"):
            found.skewness_range()
    sums = sorted({(sum(each), sum(v * v for v in each)) for each in listed})
    assert found.sums() == sorted(found.moments()) == sums
    width = case["scale"][1] - case["scale"][0]
    horns = [4.0 * float(np.var(each)) / (width * items) ** 2 for each in listed]
    assert found.horns_range() == pytest.approx((min(horns), np.mean(horns), max(horns)), abs=1e-12)


@pytest.mark.parametrize("rounding", list(ks.Rounding))
def test_every_rounding_rule_is_exact(rounding: ks.Rounding) -> None:
    # All samples of 4 people on 0 to 4, with their exact means; those that print "1.2" or "1.3" under the rule.
    for text in ("1.2", "1.3", "1.7", "1.8", "0.2", "0.3"):
        expected = 0
        for each in combinations_with_replacement(range(5), 4):
            printed = ks.Reported(text, rounding=rounding)
            expected += Fraction(sum(each), 4) in printed.interval
        any_sd = Interval(Decimal(0), Decimal("Infinity"), True, False)
        found = ks.reconstruct.samples(mean=text, sd=any_sd, n=4, scale=(0, 4), rounding=rounding)
        assert found.count == expected


# --------------------------------------------------------------------------------------------------------- properties
@settings(max_examples=15)
@given(
    n=st.integers(2, 30),
    high=st.integers(2, 8),
    values=st.lists(st.integers(0, 8), min_size=30, max_size=30),
    decimals=st.integers(1, 2),
)
def test_the_true_sample_is_in_its_own_set(n: int, high: int, values: list[int], decimals: int) -> None:
    sample = np.array([value % (high + 1) for value in values[:n]])
    mean, sd = f"{sample.mean():.{decimals}f}", f"{sample.std(ddof=1):.{decimals}f}"
    found = ks.reconstruct.samples(mean=mean, sd=sd, n=n, scale=(0, high))
    assert found
    truth = np.bincount(sample, minlength=high + 1)
    assert int((sample >= 2).sum()) in found.people(at_least=2)
    exact = ks.reconstruct.samples(
        mean=mean, sd=sd, n=n, scale=(0, high), counts={v: int(many) for v, many in enumerate(truth)}
    )
    assert exact.count == 1
    assert exact.counts()[0].tolist() == truth.tolist()


@settings(max_examples=15)
@given(
    mean=st.sampled_from(["2.1", "2.13", "3.0", "3.25"]),
    sd=st.sampled_from(["0.9", "1.21", "1.5"]),
    n=st.integers(5, 40),
    value=st.integers(1, 5),
    most=st.integers(0, 6),
)
def test_adding_what_is_known_never_grows_the_set(mean: str, sd: str, n: int, value: int, most: int) -> None:
    found = ks.reconstruct.samples(mean=mean, sd=sd, n=n, scale=(1, 5))
    fewer = ks.reconstruct.samples(mean=mean, sd=sd, n=n, scale=(1, 5), counts={value: (0, min(most, n))})
    parts = [
        ks.reconstruct.samples(mean=mean, sd=sd, n=n, scale=(1, 5), counts={value: many}).count
        for many in range(min(most, n) + 1)
    ]
    assert sum(parts) == fewer.count <= found.count
    wider = ks.reconstruct.samples(mean=mean, sd=sd, n=n, scale=(0, 5))
    assert wider.count >= found.count
    coarse = ks.reconstruct.samples(mean=around(mean, 0.06), sd=around(sd, 0.06), n=n, scale=(1, 5))
    assert coarse.count >= found.count


@settings(max_examples=15)
@given(n=st.integers(4, 60), total=st.integers(0, 400), sd=st.sampled_from(["0.8", "1.25", "1.9"]))
def test_turning_the_scale_round_or_moving_it_changes_nothing(n: int, total: int, sd: str) -> None:
    mean = Decimal(total) / 100 + 1
    found = ks.reconstruct.samples(mean=f"{mean:.2f}", sd=sd, n=n, scale=(1, 5))
    turned = ks.reconstruct.samples(mean=f"{6 - mean:.2f}", sd=sd, n=n, scale=(1, 5))
    moved = ks.reconstruct.samples(mean=f"{mean + 10:.2f}", sd=sd, n=n, scale=(11, 15))
    assert found.count == turned.count == moved.count
    if found and found.count < 3000:
        rows = sorted(map(tuple, found.counts().tolist()))
        assert rows == sorted(tuple(row[::-1]) for row in turned.counts().tolist())
        assert rows == sorted(map(tuple, moved.counts().tolist()))


# -------------------------------------------------------------------------------------------------- draws and listing
def test_draws_are_uniform_over_the_samples_and_meet_the_exact_frequencies() -> None:
    found = ks.reconstruct.samples(mean="3.50", sd="1.20", n=28, scale=(1, 7))
    size = 100_000
    rows = found.draw(size, rng=7)
    rank = {tuple(row): at for at, row in enumerate(found.counts().tolist())}
    times = np.bincount([rank[tuple(row)] for row in rows.tolist()], minlength=found.count)
    # Chi-square over all samples: beyond its 0.999 quantile once in a thousand seeds.
    statistic = float(((times - size / found.count) ** 2 / (size / found.count)).sum())
    assert statistic < stats.chi2.ppf(0.999, found.count - 1)
    expected = np.array([float(share) for share in found.frequencies().values()])
    deviation = rows.mean(axis=0) / found.n - expected
    assert np.all(np.abs(deviation) < 5 * rows.std(axis=0) / found.n / sqrt(size) + 1e-12)


@pytest.mark.parametrize("numbers_of_two_layers", [False, True])
def test_draws_beyond_64_bits_are_uniform(monkeypatch: pytest.MonkeyPatch, numbers_of_two_layers: bool) -> None:
    # Small numbers treated as large ones: cells are found in floating point, and exactly where that leaves a doubt.
    ranks = importlib.import_module("ketastats.numerics.sample_ranks")
    monkeypatch.setattr(ranks, "_SAFE", 0)
    monkeypatch.setattr(ranks, "_DOUBT", 1e-2)
    if numbers_of_two_layers:
        monkeypatch.setattr(importlib.import_module("ketastats.numerics.sample_numbers"), "NARROW", 0.0)
    found = ks.reconstruct.samples(mean="2.9", sd="1.2", n=14, scale=(1, 5))
    size = 6_000
    rank = {tuple(row): at for at, row in enumerate(found.counts().tolist())}
    times = np.bincount([rank[tuple(row)] for row in found.draw(size, rng=9).tolist()], minlength=found.count)
    statistic = float(((times - size / found.count) ** 2 / (size / found.count)).sum())
    assert statistic < stats.chi2.ppf(0.999, found.count - 1)


def test_draws_from_a_set_that_cannot_be_listed_print_so_and_meet_the_exact_frequencies() -> None:
    found = ks.reconstruct.samples(mean="14.12", sd="5.30", n=25, scale=(0, 27))
    assert found.count > 2**28
    rows = found.draw(800, rng=3)
    raw = found.expand(rows)
    assert np.all(np.abs(raw.mean(axis=1) - 14.12) <= 0.005 + 1e-9)
    assert np.all(np.abs(raw.std(axis=1, ddof=1) - 5.30) <= 0.005 + 1e-9)
    expected = np.array([float(share) for share in found.frequencies().values()])
    assert sum(found.frequencies().values()) == 1
    deviation = rows.mean(axis=0) / found.n - expected
    assert np.all(np.abs(deviation) < 5 * rows.std(axis=0) / found.n / sqrt(800))
    np.testing.assert_array_equal(rows, found.draw(800, rng=np.random.default_rng(3)))


def test_chunks_and_slices_are_the_list() -> None:
    found = ks.reconstruct.samples(mean="3.50", sd="1.20", n=50, scale=(1, 7))
    rows = found.counts()
    assert rows.shape == (843, 7)
    np.testing.assert_array_equal(np.concatenate(list(found.chunks(100))), rows)
    np.testing.assert_array_equal(np.concatenate(list(found.chunks(100, start=250))), rows[250:])
    np.testing.assert_array_equal(found.counts(40, 60), rows[40:60])
    assert found.counts(5, 5).shape == (0, 7)
    frame = found.to_frame()
    assert list(frame.columns) == ["1", "2", "3", "4", "5", "6", "7"]
    np.testing.assert_array_equal(frame.to_numpy(), rows)


def test_the_search_that_stops_early_is_no_list() -> None:
    # SPRITE programs found 381 of these and are read as "all": the exact number is 843.
    assert ks.reconstruct.samples(mean="3.50", sd="1.20", n=50, scale=(1, 7)).count == 843


# ------------------------------------------------------------------------------------------------- empty sets, errors
@pytest.mark.parametrize(
    ("options", "emptied_by"),
    [
        ({"mean": "3.51"}, "mean"),
        ({"mean": "8.00"}, "mean"),
        ({"sd": "4.00"}, "sd"),
        ({"sd": "0.00"}, "sd"),
        ({"counts": {1: 50}}, "counts"),
        ({"counts": {1: (30, 50), 7: (30, 50)}}, "counts"),
        ({"sd": "4.00", "counts": {1: 50}}, "sd"),
        ({"mean": "3.51", "counts": {1: 50}}, "mean"),
    ],
)
def test_an_empty_set_names_what_emptied_it(options: dict[str, Any], emptied_by: str) -> None:
    given = {"mean": "3.50", "sd": "1.20", "n": 50, "scale": (1, 7)} | options
    found = ks.reconstruct.samples(**given)
    assert not found
    assert (found.count, len(found), found.emptied_by) == (0, 0, emptied_by)
    assert f"{emptied_by} leaves nothing" in found.summary()
    assert found.counts().shape == (0, 7)
    assert found.people(at_least=3).size == 0
    for ask in (found.frequencies, found.median_range, found.skewness_range, found.horns_range):
        with pytest.raises(ks.NoSolution, match="empty"):
            ask()
    with pytest.raises(ks.NoSolution, match="empty"):
        found.draw(1)
    with pytest.raises(ks.NoSolution, match="empty"):
        found.quantile_range(0.5)


@pytest.mark.parametrize(
    ("options", "argument"),
    [
        ({"scale": (7, 1)}, "scale"),
        ({"scale": (3, 3)}, "scale"),
        ({"scale": 7}, "scale"),
        ({"scale": (1, 2, 3)}, "scale"),
        ({"scale": (1.0, 7.0)}, "scale"),
        ({"n": 1}, "n"),
        ({"n": 5.5}, "n"),
        ({"mean": 3.5}, "mean"),
        ({"mean": "70%"}, "mean"),
        ({"sd": "-1.2"}, "sd"),
        ({"sd": 1.2}, "sd"),
        ({"items": 0}, "items"),
        ({"sd_divisor": "N"}, "sd_divisor"),
        ({"rounding": "bankers"}, "rounding"),
        ({"budget": 0}, "budget"),
        ({"counts": [1, 2]}, "counts"),
        ({"counts": {9: 1}}, "counts"),
        ({"counts": {1.5: 1}}, "counts"),
        ({"counts": {1: 51}}, "counts[1]"),
        ({"counts": {1: (3, 2)}}, "counts[1]"),
        ({"counts": {1: (1, 2, 3)}}, "counts[1]"),
    ],
)
def test_arguments_that_cannot_be_used_are_named(options: dict[str, Any], argument: str) -> None:
    given = {"mean": "3.50", "sd": "1.20", "n": 50, "scale": (1, 7)} | options
    with pytest.raises((ks.InvalidArgument, ks.InvalidType)) as caught:
        ks.reconstruct.samples(**given)
    assert caught.value.argument == argument


def test_methods_name_arguments_that_cannot_be_used() -> None:
    found = ks.reconstruct.samples(mean="3.50", sd="1.20", n=50, scale=(1, 7))
    for ask, argument in (
        (found.people, "at_least"),
        (lambda: found.people(at_least="six"), "at_least"),
        (lambda: found.quantile_range(1.5), "probability"),
        (lambda: found.draw(0), "size"),
        (lambda: found.counts(0, 900), "stop"),
        (lambda: found.counts(5, 4), "start"),
        (lambda: found.expand([[1, 2, 3]]), "counts"),
        (lambda: found.expand(found.counts(0, 1) + 1), "counts"),
        (lambda: list(found.chunks(0)), "size"),
        (lambda: ks.reconstruct.horns([3], scale=(1, 5)), "counts"),
        (lambda: ks.reconstruct.horns([0, 0], scale=(1, 5)), "counts"),
        (lambda: ks.reconstruct.horns([1, 2], scale=(5, 1)), "scale"),
        (lambda: ks.reconstruct.horns([1, 2], scale=5), "scale"),
    ):
        with pytest.raises((ks.InvalidArgument, ks.InvalidType)) as caught:
            ask()
        assert caught.value.argument == argument


def test_work_beyond_the_budget_says_how_large_it_is() -> None:
    with pytest.raises(ks.BudgetExceeded, match=r"cells.*budget=1,000") as caught:
        ks.reconstruct.samples(mean="14.1", sd="5.3", n=83, scale=(0, 27), budget=1000)
    assert caught.value.count > 1000
    with pytest.raises(ks.BudgetExceeded, match="cells"):
        ks.reconstruct.samples(mean="500.1", sd="250.0", n=100_000, scale=(0, 1000))
    found = ks.reconstruct.samples(mean="3.50", sd="1.20", n=50, scale=(1, 7))
    with pytest.raises(ks.BudgetExceeded, match="843 samples"):
        found.counts(budget=842)
    assert found.counts(budget=843).shape == (843, 7)


def test_tables_beyond_64_bits_answer_as_others_do(monkeypatch: pytest.MonkeyPatch) -> None:
    usual = ks.reconstruct.samples(mean="3.50", sd="1.20", n=50, scale=(1, 7))
    monkeypatch.setattr(importlib.import_module("ketastats.numerics.sample_numbers"), "NARROW", 0.0)
    found = ks.reconstruct.samples(mean="3.50", sd="1.20", n=50, scale=(1, 7))
    assert found._halves.cells == 2 * usual._halves.cells
    assert found.count == usual.count == 843
    np.testing.assert_array_equal(found.counts(), usual.counts())
    np.testing.assert_array_equal(found.draw(50, rng=3), usual.draw(50, rng=3))
    assert found.frequencies() == usual.frequencies()
    assert found.moments() == usual.moments()
    assert found.people(at_least=6).tolist() == usual.people(at_least=6).tolist()


def test_the_set_says_what_was_assumed() -> None:
    found = ks.reconstruct.samples(
        mean="2.3",
        sd=ks.Reported("0.8", rounding="truncate"),
        n=5,
        scale=(1, 3),
        items=2,
        sd_divisor="n",
    )
    words = " ".join(found.assumptions)
    assert "in steps of 1/2" in words
    assert "divides by n" in words
    assert "rounded half either way or cut off" in words
    assert found.exhaustive
    assert found.identifiability in found.summary()
