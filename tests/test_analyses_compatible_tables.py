"""The first figure: which tables print the two p-values, alone and together."""

from __future__ import annotations

import json
import math
from itertools import product
from typing import Any

import _check_figures
import compatible_tables
import pytest
from _figure import ROOT, plain


@pytest.fixture(scope="module")
def numbers() -> dict[str, Any]:
    return plain(compatible_tables.compute())  # type: ignore[no-any-return]


def test_the_committed_twin_holds_these_numbers(numbers: dict[str, Any]) -> None:
    twin = json.loads((ROOT / "figures" / "compatible_tables.json").read_text(encoding="utf-8"))
    assert {"matplotlib", "alt"} <= twin.keys()
    kept = {key: value for key, value in twin.items() if key not in ("matplotlib", "alt")}
    assert list(_check_figures.differences(kept, numbers)) == []


def pearson(x1: int, n1: int, x2: int, n2: int) -> float:
    """Return the p-value of a table from the textbook formula of chi-square and the complementary error function."""
    events, total = x1 + x2, n1 + n2
    chi_square = total * (x1 * (n2 - x2) - x2 * (n1 - x1)) ** 2 / (n1 * n2 * events * (total - events))
    return math.erfc(math.sqrt(chi_square / 2))


def brute_force(low: float, high: float, n: int) -> set[tuple[int, int, int, int]]:
    """Try every table."""
    return {
        (x1, n1, x2, n - n1)
        for n1 in range(1, n // 2 + 1)
        for x1, x2 in product(range(n1 + 1), range(n - n1 + 1))
        if 0 < x1 + x2 < n and low <= pearson(x1, n1, x2, n - n1) <= high
    }


@pytest.mark.parametrize(("name", "low", "high"), [("response", 0.2295, 0.2305), ("remission", 0.3965, 0.3975)])
def test_the_tables_are_those_of_brute_force(numbers: dict[str, Any], name: str, low: float, high: float) -> None:
    tables = numbers["outcomes"][name]["tables"]
    found = set(zip(*(tables[key] for key in ("x1", "n1", "x2", "n2")), strict=True))
    assert found == brute_force(low, high, 83)
    assert len(found) == numbers["outcomes"][name]["count"] == {"response": 14, "remission": 16}[name]


def test_the_pairs_share_a_split_and_remitters_are_responders(numbers: dict[str, Any]) -> None:
    tables = {name: numbers["outcomes"][name]["tables"] for name in ("response", "remission")}
    rows = {
        name: list(zip(*(part[key] for key in ("x1", "n1", "x2", "n2")), strict=True)) for name, part in tables.items()
    }
    wanted = {
        (outer, inner)
        for outer, inner in product(rows["response"], rows["remission"])
        if outer[1::2] == inner[1::2] and inner[0] <= outer[0] and inner[2] <= outer[2]
    }
    columns = numbers["pairs"]["columns"]
    found = {
        tuple(tuple(columns[f"{name}_{key}"][row] for key in ("x1", "n1", "x2", "n2")) for name in rows)
        for row in range(numbers["pairs"]["count"])
    }
    assert found == wanted
    assert len(found) == 6
    assert numbers["pairs"]["splits"] == [[28, 55], [37, 46], [38, 45]]
    for at, name in enumerate(rows):
        kept = {row for row, stays in zip(rows[name], tables[name]["survives"], strict=True) if stays}
        assert kept == {pair[at] for pair in wanted}


def test_the_title_says_what_was_counted(numbers: dict[str, Any]) -> None:
    assert numbers["title"] == "Two printed p-values leave six pairs of tables on three splits"


def test_the_other_tests_leave_the_published_counts(numbers: dict[str, Any]) -> None:
    # Half of the ordered tables: 28 and 48 under Yates, 56 and 24 under Fisher, 56 and 32 under the likelihood ratio,
    # 96 and 40 under N - 1, 36 and 36 under Wald; mid-p by this package alone.
    counts = {test: (entry["response"], entry["remission"]) for test, entry in numbers["tests"].items()}
    assert counts == {
        "pearson": (14, 16),
        "yates": (14, 24),
        "n_minus_1": (48, 20),
        "lr": (28, 16),
        "fisher": (28, 12),
        "midp": (40, 24),
        "wald": (18, 18),
    }
