"""Every golden value of the inference and the reconstruction core is served, or says why not."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

GOLDEN = Path(__file__).parent / "golden"
#: The list of all rows, the list of those that no test serves with the reason, and how many rows each list has. The
#: second number is to fall, and to be seen to change.
LISTS = {
    "inference": ("index.csv", "unserved.csv", 132, 0),
    "reconstruction": ("index_reconstruction.csv", "unserved_reconstruction.csv", 170, 14),
}
_NOT_SERVED = {name for lists in LISTS.values() for name in lists[:2]}


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("part", LISTS)
def test_every_row_is_served_or_has_a_reason(part: str) -> None:
    all_rows, without, number, unserved = LISTS[part]
    index = {row["id"]: row["topic"] for row in rows(GOLDEN / all_rows)}
    assert len(index) == number
    served: dict[str, str] = {}
    for path in sorted(GOLDEN.glob("*.csv")):
        if path.name not in _NOT_SERVED:
            served |= {row["id"]: row["topic"] for row in rows(path) if "id" in row}
    reasons = {row["id"]: row["reason"] for row in rows(GOLDEN / without)}
    assert all(len(reason) > 40 for reason in reasons.values())
    assert served.keys() & reasons.keys() == set()
    assert index.keys() - served.keys() == reasons.keys()
    assert {name: served[name] for name in index if name in served} == {n: t for n, t in index.items() if n in served}
    assert len(reasons) == unserved


def test_every_file_of_golden_rows_is_read_by_a_test() -> None:
    tests = "\n".join(path.read_text(encoding="utf-8") for path in GOLDEN.parent.glob("*.py"))
    assert [
        path.name for path in GOLDEN.glob("*.csv") if f'"{path.name}"' not in tests and path.name not in tests
    ] == []
