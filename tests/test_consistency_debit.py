"""DEBIT against lists of counts, published cases, and what other programs get wrong."""

from __future__ import annotations

import csv
import json
import statistics
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import ketastats as ks
from ketastats.errors import InvalidArgument, InvalidType
from ketastats.numerics import binary

GOLDEN = Path(__file__).parent / "golden" / "lattice.csv"
ROWS = {row["id"]: row for row in csv.DictReader(GOLDEN.read_text(encoding="utf-8").splitlines())}


def names(topic: str) -> list[str]:
    """The golden rows of a topic."""
    return [name for name, row in ROWS.items() if row["topic"] == topic]


@pytest.mark.parametrize("name", names("DEBIT"))
def test_published_cases(name: str) -> None:
    given, expected = (json.loads(ROWS[name][key]) for key in ("inputs_json", "expected_json"))
    found = ks.consistency.debit(given["mean"], given["sd"], given["n"])
    assert found["intervals_meet"].tolist() == [expected["consistent"]]
    assert bool(found) is expected.get("consistent_on_lattice", expected["consistent"])


@pytest.mark.parametrize("name", names("SD of a binary variable"))
def test_published_deviations(name: str) -> None:
    given, expected = (json.loads(ROWS[name][key]) for key in ("inputs_json", "expected_json"))
    n = given.get("n", given["group0"] + given.get("group1", 0))
    assert ks.consistency.binary_sd(n - given["group0"], n) == pytest.approx(expected["sd"], abs=1e-6)


def test_the_deviation_is_that_of_the_zeros_and_ones() -> None:
    for x, n in ((0, 5), (1, 2), (7, 9), (12, 30)):
        values = [1] * x + [0] * (n - x)
        assert ks.consistency.binary_sd(x, n) == pytest.approx(statistics.stdev(values), rel=1e-14)
        assert ks.consistency.binary_sd(x, n, ddof=0) == pytest.approx(statistics.pstdev(values), rel=1e-14)
    assert isinstance(ks.consistency.binary_sd(3, 9), float)
    assert ks.consistency.binary_sd([1, 2], [[4], [5]]).shape == (2, 2)
    assert ks.consistency.binary_sd(0, 1, ddof=0) == 0.0


@pytest.mark.parametrize("rounding", ["half", "truncate", "up_above_3"])
@pytest.mark.parametrize("ddof", [0, 1])
def test_counts_are_those_of_a_list(rounding: str, ddof: int) -> None:
    rule = ks.Rounding(rounding)
    means, sds = [f"{k / 20:.2f}" for k in range(0, 21, 2)], [f"{k / 25:.2f}" for k in range(0, 19, 2)]
    pairs = [(mean, sd) for mean in means for sd in sds]
    for n in (2, 9, 40):
        found = ks.consistency.debit(
            [mean for mean, _ in pairs], [sd for _, sd in pairs], n, ddof=ddof, rounding=rounding
        )
        weight = n * (n - ddof)
        for row, (mean, sd) in enumerate(pairs):
            interval = ks.Reported(sd, rounding=rule).interval
            low, high = Fraction(interval.low), Fraction(interval.high)
            counts = [
                x
                for x in range(n + 1)
                if Decimal(mean) in rule.printed(Fraction(x, n), 2)
                and (
                    low < 0
                    or (x * (n - x) >= low**2 * weight if interval.closed_low else x * (n - x) > low**2 * weight)
                )
                and (x * (n - x) <= high**2 * weight if interval.closed_high else x * (n - x) < high**2 * weight)
            ]
            assert found["count"][row] == (counts[0] if counts else -1), (mean, sd, n)
            assert found.agrees[row] == bool(counts)


def test_what_counts_allow_the_intervals_allow() -> None:
    texts = [(f"{k / 50:.2f}", f"{j / 50:.2f}") for k in range(51) for j in range(26)]
    for n in (5, 33, 400):
        found = ks.consistency.debit([mean for mean, _ in texts], [sd for _, sd in texts], n)
        assert np.all(found["intervals_meet"] | ~found.agrees)
        # Yes and no may be swapped.
        swapped = ks.consistency.debit([f"{1 - Decimal(mean)}" for mean, _ in texts], [sd for _, sd in texts], n)
        assert swapped.agrees.tolist() == found.agrees.tolist()


def test_labels_say_what_would_have_to_be_assumed() -> None:
    # 3 of 10: a deviation of 0.4830..., or of 0.4583 when it is divided by n.
    found = ks.consistency.debit("30%", ["0.48", "0.46", "0.45", "0.49", "0.40"], n=10)
    assert found.label.tolist() == [
        "consistent",
        "only if the SD divides by n",
        "only if truncated and the SD divides by n",
        "only if rounded away from zero",
        "impossible",
    ]
    assert found["failed"].tolist() == ["", "SD", "SD", "SD", "SD"]
    assert found.explanation[0] == "3 of 10 people print as 30% and 0.48."
    assert (
        "No count of 10 people that prints as 30% has a deviation of 0.46. It agrees only if the SD"
        in found.explanation[1]
    )
    missing = ks.consistency.debit("0.11", "0.31", n=40)
    assert missing["failed"].tolist() == ["GRIM"]
    assert missing.explanation == ["No count of 40 people prints as 0.11."]


def test_huge_samples_stay_exact() -> None:
    n = 10**9
    assert ks.consistency.debit("0.500000000", "0.500000000", n=n).agrees.all()
    found = ks.consistency.debit("0.300000001", "0.458257570", n=n)
    assert found["count"].tolist() == [300000001]
    assert ks.consistency.debit("0.300000001", "0.458257575", n=n).agrees.tolist() == [False]
    # A row that needs wide arithmetic does not change its neighbour, nor the other way round.
    both = ks.consistency.debit(["0.30", "0.300000001"], ["0.48", "0.458257570"], n=[10, n])
    assert both["count"].tolist() == [3, 300000001]
    roots = np.array([0, 1, 3, 4, 10**18, 10**18 - 1, 2**62 - 1, (2**31 - 1) ** 2], dtype=np.int64)
    assert binary.integer_root(roots).tolist() == [0, 1, 1, 2, 10**9, 10**9 - 1, 2**31 - 1, 2**31 - 1]


@pytest.mark.parametrize(
    ("call", "error", "match"),
    [
        (lambda: ks.consistency.debit("1.2", "0.3", n=40), InvalidArgument, "mean is '1.2'"),
        (lambda: ks.consistency.debit("12", "0.3", n=40), InvalidArgument, 'Write mean="12%"'),
        (lambda: ks.consistency.debit("-0.1", "0.3", n=40), InvalidArgument, "mean is '-0.1'"),
        (lambda: ks.consistency.debit("0.1", "-0.3", n=40), InvalidArgument, "sd is '-0.3'"),
        (lambda: ks.consistency.debit("0.1", 0.3, n=40), InvalidType, "sd is 0.3"),
        (lambda: ks.consistency.debit("0.1", "0.3", n=1), InvalidArgument, "n is 1"),
        (lambda: ks.consistency.binary_sd(5, 4), InvalidArgument, "x is 5"),
        (lambda: ks.consistency.binary_sd(0, 1), InvalidArgument, "n is 1"),
    ],
)
def test_what_cannot_be_asked_is_refused(call: Any, error: type[Exception], match: str) -> None:
    with pytest.raises(error, match=match):
        call()
