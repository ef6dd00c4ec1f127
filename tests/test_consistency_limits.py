"""Limits of deviations and of U, by listing samples and ranks."""

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

import ketastats as ks
from ketastats.errors import InvalidArgument, InvalidType

GOLDEN = Path(__file__).parent / "golden" / "lattice.csv"
ROWS = {row["id"]: row for row in csv.DictReader(GOLDEN.read_text(encoding="utf-8").splitlines())}


def test_published_limits() -> None:
    given, expected = (json.loads(ROWS["sdlim_5_items2"][key]) for key in ("inputs_json", "expected_json"))
    found = ks.consistency.sd_limits(
        given["mean"], given["n"], scale=(given["min"], given["max"]), items=given["items"]
    )
    assert found.low[0] == pytest.approx(expected["sd_min"], abs=0.005)
    assert found.high[0] == pytest.approx(expected["sd_max"], abs=0.005)


def test_published_deviations_on_a_scale() -> None:
    given, expected = (json.loads(ROWS["boundary_ok"][key]) for key in ("inputs_json", "expected_json"))
    scale = (given["min"], given["max"])
    found = ks.consistency.grimmer(given["mean"], given["sd"], given["n"], scale=scale)
    assert found.agrees.tolist() == expected["possible"]
    limits = ks.consistency.sd_limits(given["mean"], given["n"], scale=scale)
    assert [limits.low[0] <= float(sd) <= limits.high[0] for sd in given["sd"]] == expected["possible"]


@pytest.mark.parametrize(
    ("n", "items", "scale"), [(2, 1, (1, 5)), (3, 2, (1, 3)), (5, 1, (-2, 2)), (6, 1, (0, 3)), (4, 1, (2, 3))]
)
@pytest.mark.parametrize("ddof", [0, 1])
def test_limits_are_those_of_a_list(n: int, items: int, scale: tuple[int, int], ddof: int) -> None:
    listed: dict[int, list[int]] = {}
    for values in combinations_with_replacement(range(scale[0] * items, scale[1] * items + 1), n):
        listed.setdefault(sum(values), []).append(n * sum(value**2 for value in values) - sum(values) ** 2)
    texts = [f"{k / 10:.1f}" for k in range(10 * scale[0] - 3, 10 * scale[1] + 4, 2)] + [
        str(scale[0]),
        str(scale[1] - 1),
    ]
    found = ks.consistency.sd_limits(texts, n, scale=scale, items=items, ddof=ddof)
    for row, text in enumerate(texts):
        decimals = len(text.partition(".")[2])
        spreads = [
            spread
            for total, each in listed.items()
            for spread in each
            if Decimal(text) in ks.Rounding.HALF.printed(Fraction(total, n * items), decimals)
        ]
        assert found.possible[row] == bool(spreads)
        if spreads:
            ends = [(end / (n * (n - ddof) * items**2)) ** 0.5 for end in (min(spreads), max(spreads))]
            np.testing.assert_allclose([found.low[row], found.high[row]], ends, rtol=1e-13)
        else:
            assert (found.low[row], found.high[row]) == (np.inf, 0.0)


def test_a_wider_rule_never_narrows_the_limits_and_a_mirrored_scale_keeps_them() -> None:
    texts = [f"{k / 20:.2f}" for k in range(20, 141, 3)]
    half = ks.consistency.sd_limits(texts, 17, scale=(1, 7))
    even = ks.consistency.sd_limits(texts, 17, scale=(1, 7), rounding="half_even")
    assert np.all(half.low <= even.low)
    assert np.all(half.high >= even.high)
    mirrored = ks.consistency.sd_limits([f"{8 - Decimal(text)}" for text in texts], 17, scale=(1, 7))
    np.testing.assert_array_equal(half.low, mirrored.low)
    np.testing.assert_array_equal(half.high, mirrored.high)
    assert half.to_frame().columns.tolist() == ["low", "high", "possible"]
    assert len(half) == len(texts)


def test_limits_of_huge_samples() -> None:
    found = ks.consistency.sd_limits("13.5", 10**9, scale=(0, 27))
    # The mean is at least 13.45: 45 of 100 at 14 and 55 at 13.
    assert found.low[0] == pytest.approx((0.45 * 0.55) ** 0.5, rel=1e-8)
    assert found.high[0] == pytest.approx(13.5, rel=1e-8)


# ------------------------------------------------------------------------------------------------------ Mann-Whitney U
def test_published_values_of_u() -> None:
    given, expected = (json.loads(ROWS["grimu_u"][key]) for key in ("inputs_json", "expected_json"))
    found = ks.consistency.grim_u([f"{u:g}" for u in given["U"]], n1=given["n1"], n2=given["n2"])
    assert found.agrees.tolist() == expected["possible"]


@pytest.mark.parametrize(("n1", "n2"), [(1, 1), (1, 3), (2, 2), (2, 3)])
def test_values_of_u_are_those_of_a_list(n1: int, n2: int) -> None:
    values: dict[bool, set[Fraction]] = {True: set(), False: set()}
    for group1 in combinations_with_replacement(range(2 * (n1 + n2)), n1):
        for group2 in combinations_with_replacement(range(0, 2 * (n1 + n2), 2), n2):
            wins = sum(Fraction((a > b) - (a < b) + 1, 2) for a, b in product(group1, group2))
            values[bool(set(group1) & set(group2))].add(wins)
    texts = [f"{k / 4:.2f}" for k in range(-3, 4 * n1 * n2 + 6)]
    for ties in (True, False):
        found = ks.consistency.grim_u(texts, n1, n2, ties=ties)
        allowed = values[False] | (values[True] if ties else set())
        assert found.agrees.tolist() == [Fraction(text) in allowed for text in texts]
    assert found.holds["only with ties"].tolist() == [Fraction(text) in values[True] | values[False] for text in texts]


def test_labels_and_reasons_of_u() -> None:
    found = ks.consistency.grim_u(["30", "30.5", "30.3", "30.6"], n1=10, n2=12, ties=False)
    assert found.label.tolist() == ["consistent", "only with ties", "impossible", "impossible"]
    assert found["needs_ties"].tolist() == [False, True, False, False]
    assert found["largest"].tolist() == [120] * 4
    tied = "Half a pair is left in every U that prints as 30.5, so values are tied across the groups."
    tied += " It agrees only with ties."
    assert found.explanation == [
        "A whole number of 120 pairs prints as 30.",
        tied,
        "No multiple of one half from 0 to 120 prints as 30.3.",
        "No multiple of one half from 0 to 120 prints as 30.6.",
    ]


@pytest.mark.parametrize(
    ("call", "error", "match"),
    [
        (lambda: ks.consistency.sd_limits("3.5", 40, scale=None), InvalidArgument, "scale is None"),
        (lambda: ks.consistency.sd_limits("3.5", 40, scale=(7, 1)), InvalidArgument, "scale is"),
        (lambda: ks.consistency.sd_limits(3.5, 40, scale=(1, 7)), InvalidType, "mean is 3.5"),
        (lambda: ks.consistency.grim_u("30", 0, 12), InvalidArgument, "n1 is 0"),
        (lambda: ks.consistency.grim_u(30, 10, 12), InvalidType, "u is 30"),
        (lambda: ks.consistency.grim_u("30", 10, 12, ties="no"), InvalidType, "ties is 'no'"),
    ],
)
def test_what_cannot_be_asked_is_refused(call: Any, error: type[Exception], match: str) -> None:
    with pytest.raises(error, match=match):
        call()
