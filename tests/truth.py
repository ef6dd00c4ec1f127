"""Is the true table found? Run on a file of real tables: python tests/truth.py FILE [--max-unknown N]

FILE is a CSV with one 2x2 table in each row: row_id, x1, n1, x2, n2, p_text (the p as printed) and, for each test to
check, prints_TEST (1 when the p of the table under that test prints as p_text, else 0) and, if known, p_TEST.
For each row and test the table is looked for among all tables that print p_text, once with the group sizes known and,
up to --max-unknown people, once with nothing known but the total. It must be there exactly when prints_TEST is 1.
It is then looked for among the tables that print what else an article says of it: both percentages, the risk
difference, the ratios with their 95 % limits and phi, each alone and all at once, with known and unknown group sizes.
Exit code: 0 when all is found, 1 when not, 2 when the file cannot be read.
"""

from __future__ import annotations

import argparse
import csv
import io
import math
import statistics
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from tqdm import tqdm

from ketastats.errors import KetastatsError
from ketastats.numerics import table_tests
from ketastats.reconstruct import tables

NEEDED = ("row_id", "x1", "n1", "x2", "n2", "p_text")
SHOWN_FAULTS = 20
LONGEST_FIELD = 1000


class UnreadableError(Exception):
    """The file cannot be used; the message says where and why."""


@dataclass(frozen=True)
class Row:
    """One table with what was printed of it."""

    name: str
    table: tuple[int, int, int, int]
    p_text: str
    prints: dict[str, bool]
    p: dict[str, float | None]


@dataclass
class Tally:
    """What was found under one test; True and False count rows that print the p and rows that do not."""

    asked: dict[bool, int] = field(default_factory=lambda: {True: 0, False: 0})
    found: dict[bool, int] = field(default_factory=lambda: {True: 0, False: 0})
    unknown_asked: dict[bool, int] = field(default_factory=lambda: {True: 0, False: 0})
    unknown_found: dict[bool, int] = field(default_factory=lambda: {True: 0, False: 0})
    compared: int = 0
    agreed: int = 0
    splits_left: list[float] = field(default_factory=list)


def read_rows(stream: io.TextIOBase) -> Iterator[Row]:
    """Yield the rows of a file one by one, or say at which line it cannot be used."""
    reader = csv.DictReader(stream, strict=True)
    try:
        names = [name or "" for name in reader.fieldnames or []]
        missing = [name for name in NEEDED if name not in names]
        tests = [test for test in table_tests.TESTS if f"prints_{test}" in names]
        if missing or not tests:
            missing += [] if tests else ["prints_TEST for at least one of " + ", ".join(table_tests.TESTS)]
            raise UnreadableError(f"line 1: no column {', '.join(missing)}")
        for record in reader:
            yield read_row(record, tests, reader.line_num)
    except (csv.Error, UnicodeDecodeError) as error:
        raise UnreadableError(f"line {reader.line_num + 1}: not a CSV in UTF-8 ({error})") from None


def read_row(record: dict[str, str | None], tests: list[str], line: int) -> Row:
    """Return one row, or say what is wrong with it."""
    if None in record or None in record.values():
        raise UnreadableError(f"line {line}: not as many fields as the first line names")
    clean = {key: (value or "").strip() for key, value in record.items()}
    x1, n1, x2, n2 = (read_count(clean[name], name, line) for name in ("x1", "n1", "x2", "n2"))
    if not (n1 >= 1 and n2 >= 1 and x1 <= n1 and x2 <= n2):
        raise UnreadableError(f"line {line}: {x1}/{n1} and {x2}/{n2} are not events among people")
    prints = {test: read_flag(clean[f"prints_{test}"], f"prints_{test}", line) for test in tests}
    p = {test: read_p(clean[f"p_{test}"], f"p_{test}", line) for test in tests if f"p_{test}" in clean}
    return Row(clean["row_id"], (x1, n1, x2, n2), clean["p_text"], prints, p)


def read_count(text: str, name: str, line: int) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 9):
        raise UnreadableError(f"line {line}: {name} is {shorten(text)}, not a whole number below a thousand million")
    return int(text)


def read_flag(text: str, name: str, line: int) -> bool:
    if text not in ("0", "1"):
        raise UnreadableError(f"line {line}: {name} is {shorten(text)}, not 0 or 1")
    return text == "1"


def read_p(text: str, name: str, line: int) -> float | None:
    if not text:
        return None
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value <= 1:
        raise UnreadableError(f"line {line}: {name} is {shorten(text)}, not a probability")
    return value


def shorten(text: str) -> str:
    return repr(text if len(text) <= 40 else text[:40] + "...")


@lru_cache(maxsize=64)
def with_unknown_split(n: int, p_text: str, test: str) -> tuple[np.ndarray, float]:
    """Return the tables of n people that print the p, packed, and the share of splits that they leave."""
    found = tables(n=n, p=p_text, test=test, budget=50_000_000)
    return pack(found.x1, found.n1, found.x2, n), np.unique(found.n1).size / found.possible_splits


def pack(x1: Any, n1: Any, x2: Any, n: int) -> Any:
    """Return one whole number for each table of n people."""
    return (n1 * (n + 1) + x1) * (n + 1) + x2


def check_row(row: Row, tallies: dict[str, Tally], max_unknown: int) -> list[str]:
    """Look for the table of one row under each test; return what is not as it must be."""
    x1, n1, x2, n2 = row.table
    faults = []
    for test, prints in row.prints.items():
        tally = tallies.setdefault(test, Tally())
        known = tables(n1=n1, n2=n2, p=row.p_text, test=test, events=x1 + x2)
        inside = x1 in known.x1
        tally.asked[prints] += 1
        tally.found[prints] += inside
        if inside != prints:
            faults.append(f"{row.name} {test}: {'missed' if prints else 'wrongly found'} with known group sizes")
        if n1 + n2 <= max_unknown:
            packed, share = with_unknown_split(n1 + n2, row.p_text, test)
            first = min((n1, x1, x2), (n2, x2, x1))
            inside = bool((packed == pack(first[1], first[0], first[2], n1 + n2)).any())
            tally.unknown_asked[prints] += 1
            tally.unknown_found[prints] += inside
            if prints:
                tally.splits_left.append(share)
            if inside != prints:
                faults.append(f"{row.name} {test}: {'missed' if prints else 'wrongly found'} with unknown split")
        faults += check_p(row, test, tally)
    return faults


def check_p(row: Row, test: str, tally: Tally) -> list[str]:
    if test not in row.p:
        return []
    value = float(table_tests.pvalue(test, *(np.array(count) for count in row.table)))
    given = row.p[test]
    tally.compared += 1
    agrees = np.isnan(value) if given is None else abs(value - given) <= max(1e-9 * given, 1e-300)
    tally.agreed += bool(agrees)
    return [] if agrees else [f"{row.name} {test}: p is {value!r}, the file says {given}"]


@dataclass
class NumberTally:
    """How often the true table was found among those that print its other numbers."""

    asked: int = 0
    found: int = 0
    left: list[int] = field(default_factory=list)


def printed_numbers(x1: int, n1: int, x2: int, n2: int) -> dict[str, Any]:
    """Return what an article prints of a table; nothing that is not defined."""
    numbers: dict[str, Any] = {
        "rate1": f"{100 * x1 / n1:.1f}%",
        "rate2": f"{100 * x2 / n2:.1f}%",
        "risk_difference": f"{100 * (x1 / n1 - x2 / n2):.1f}%".replace("-0.0%", "0.0%"),
    }
    if 0 < x1 + x2 < n1 + n2:
        total = (x1 + x2) * (n1 + n2 - x1 - x2)
        numbers["phi"] = f"{(x1 * n2 - x2 * n1) / math.sqrt(n1 * n2 * total):.3f}".replace("-0.000", "0.000")
    if x1 and x2:
        error = math.sqrt(1 / x1 - 1 / n1 + 1 / x2 - 1 / n2)
        numbers["risk_ratio"] = with_limits(x1 * n2 / (x2 * n1), error)
    if x1 and x2 and x1 < n1 and x2 < n2:
        error = math.sqrt(1 / x1 + 1 / (n1 - x1) + 1 / x2 + 1 / (n2 - x2))
        numbers["odds_ratio"] = with_limits(x1 * (n2 - x2) / (x2 * (n1 - x1)), error)
    return numbers


def with_limits(ratio: float, error: float) -> dict[str, Any]:
    ends = (ratio * math.exp(sign * 1.959963984540054 * error) for sign in (-1, 1))
    return {"value": f"{ratio:.2f}", "ci": tuple(f"{end:.2f}" for end in ends), "method": "log"}


def check_numbers(row: Row, tallies: dict[str, NumberTally], max_unknown: int) -> list[str]:
    """Look for the table of one row among those that print its other numbers; return what is not as it must be."""
    x1, n1, x2, n2 = row.table
    numbers = printed_numbers(*row.table)
    questions = {name: {name: value} for name, value in numbers.items()} | {"all at once": numbers}
    faults = []
    for name, question in questions.items():
        searches: dict[str, dict[str, Any]] = {"known group sizes": {"n1": n1, "n2": n2}}
        # One printed number of nothing but a total says too little to list what it leaves.
        if name in ("all at once", "odds_ratio") and n1 + n2 <= max_unknown:
            searches["unknown split"] = {"n": n1 + n2}
        for sizes, known in searches.items():
            found = tables(**known, **question)
            inside = bool(((found.x1 == x1) & (found.n1 == n1) & (found.x2 == x2) & (found.n2 == n2)).any())
            tally = tallies.setdefault(f"{name}, {sizes}", NumberTally())
            tally.asked += 1
            tally.found += inside
            tally.left.append(len(found))
            if not inside:
                faults.append(f"{row.name} {name}: missed with {sizes}")
    return faults


def report_numbers(tallies: dict[str, NumberTally]) -> str:
    """Return as text how often the table was found among those that print its other numbers."""
    width = max(map(len, tallies), default=0)
    lines = [
        f"{name:<{width}}  {100 * tally.found / tally.asked:6.2f} % of {tally.asked:,}, among "
        f"{statistics.median(tally.left):,.0f} tables in the median"
        for name, tally in tallies.items()
    ]
    return "\n".join(lines)


def report(tallies: dict[str, Tally], rows: int, faults: list[str], max_unknown: int, others: str) -> str:
    """Return the result as text."""
    lines = [f"{rows:,} rows", ""]
    head = ("test", "prints p", "found", "does not", "found", f"n <= {max_unknown}", "found", "does not", "found")
    head += ("p agrees", "splits left: median", "mean")
    body = [head]
    for test, tally in tallies.items():
        cells = [test]
        for asked, found in ((tally.asked, tally.found), (tally.unknown_asked, tally.unknown_found)):
            for kind in (True, False):
                cells += [f"{asked[kind]:,}", f"{100 * found[kind] / asked[kind]:.2f} %" if asked[kind] else "-"]
        cells.append(f"{tally.agreed:,} of {tally.compared:,}")
        left = tally.splits_left
        cells += [f"{100 * f(left):.1f} %" if left else "-" for f in (statistics.median, statistics.fmean)]
        body.append(tuple(cells))
    widths = [max(len(row[at]) for row in body) for at in range(len(head))]
    lines += ["  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True)) for row in body]
    lines += ["", others, "", *(faults[:SHOWN_FAULTS])]
    if len(faults) > SHOWN_FAULTS:
        lines.append(f"... and {len(faults) - SHOWN_FAULTS:,} more")
    lines.append(f"{len(faults):,} faults" if faults else "Every table is where it must be.")
    return "\n".join(lines)


@contextmanager
def field_limit(length: int) -> Iterator[None]:
    """Let no field of a CSV be longer than this, for a while: the limit holds for the whole process."""
    before = csv.field_size_limit(length)
    try:
        yield
    finally:
        csv.field_size_limit(before)


def run(path: Path, max_unknown: int) -> int:
    """Check a file and print the report; return the exit code."""
    tallies: dict[str, Tally] = {}
    others: dict[str, NumberTally] = {}
    faults: list[str] = []
    rows = 0
    with field_limit(LONGEST_FIELD), path.open(encoding="utf-8-sig", newline="") as stream:
        for row in tqdm(read_rows(stream), unit=" rows", desc=path.name, disable=None):
            rows += 1
            try:
                faults += check_row(row, tallies, max_unknown)
                faults += check_numbers(row, others, max_unknown)
            except KetastatsError as error:
                raise UnreadableError(f"row {shorten(row.name)}: {error}") from None
    if not rows:
        raise UnreadableError("no rows")
    print(report(tallies, rows, faults, max_unknown, report_numbers(others)))
    return 1 if faults else 0


def main(arguments: list[str] | None = None) -> int:
    """Read the command line."""
    parser = argparse.ArgumentParser(description="Check that true tables are found again from their printed p.")
    parser.add_argument("file", type=Path, help="CSV with row_id, x1, n1, x2, n2, p_text, prints_TEST and p_TEST")
    parser.add_argument(
        "--max-unknown", type=int, default=400, metavar="N", help="largest total searched without the split (400)"
    )
    options = parser.parse_args(arguments)
    try:
        return run(options.file, options.max_unknown)
    except (UnreadableError, OSError) as error:
        print(f"{options.file}: {error}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
