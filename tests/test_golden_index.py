"""Every golden value of the inference core is served, or says why not."""

from __future__ import annotations

import csv
from pathlib import Path

GOLDEN = Path(__file__).parent / "golden"
#: Rows that no test serves: the number is to fall, and to be seen to change.
UNSERVED = 0


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_row_is_served_or_has_a_reason() -> None:
    index = {row["id"]: row["topic"] for row in rows(GOLDEN / "index.csv")}
    assert len(index) == 132
    served: dict[str, str] = {}
    for path in sorted(GOLDEN.glob("*.csv")):
        if path.name not in {"index.csv", "unserved.csv"}:
            served |= {row["id"]: row["topic"] for row in rows(path) if "id" in row}
    reasons = {row["id"]: row["reason"] for row in rows(GOLDEN / "unserved.csv")}
    assert all(len(reason) > 40 for reason in reasons.values())
    assert served.keys() & reasons.keys() == set()
    assert index.keys() - served.keys() == reasons.keys()
    assert {name: served[name] for name in index if name in served} == {n: t for n, t in index.items() if n in served}
    assert len(reasons) == UNSERVED


def test_every_file_of_golden_rows_is_read_by_a_test() -> None:
    tests = "\n".join(path.read_text(encoding="utf-8") for path in GOLDEN.parent.glob("*.py"))
    assert [
        path.name for path in GOLDEN.glob("*.csv") if f'"{path.name}"' not in tests and path.name not in tests
    ] == []
