"""What the tests of reconstructed tables share: every small table, and rows of golden/tables_more.csv."""

from __future__ import annotations

import csv
import json
from functools import cache
from pathlib import Path
from typing import Any

GOLDEN = Path(__file__).parent / "golden" / "tables_more.csv"
#: People in the largest of the tables that are all tried.
LARGEST = 9
Table = tuple[int, int, int, int]


@cache
def every_table() -> tuple[Table, ...]:
    """Every table x1, n1, x2, n2 of up to so many people, the groups in either order."""
    return tuple(
        (x1, n1, x2, total - n1)
        for total in range(2, LARGEST + 1)
        for n1 in range(1, total)
        for x1 in range(n1 + 1)
        for x2 in range(total - n1 + 1)
    )


def golden(topic: str) -> list[dict[str, Any]]:
    """The rows of one topic, with what goes in and what is expected."""
    with GOLDEN.open(encoding="utf-8", newline="") as stream:
        rows = [row for row in csv.DictReader(stream) if row["topic"] == topic]
    assert rows, topic
    return [
        {**row, "inputs": json.loads(row["inputs_json"]), "expected": json.loads(row["expected_json"])} for row in rows
    ]
