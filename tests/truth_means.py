"""Are the true means and SDs found? Run on a file of real comparisons: python tests/truth_means.py FILE [options]

FILE is a CSV with one comparison of two groups in each row: row_id, mean1, sd1, n1, mean2, sd2, n2 as printed, p_text
(the p as printed) and, for student and welch, possible_TEST (1 when some means and SDs within their rounding intervals
give a p that prints as p_text), p_TEST_low and p_TEST_high (the ends of that p, on a grid of SDs with the corners).
For each row and test with possible 1 the set from all numbers must not be empty; its p without p_text must hold both
ends of the file; and when one number is left out, what the others leave of it must meet its rounding interval. Up to
--max-unknown people the true split must be among those left when only the total is known.
Exit code: 0 when all is found, 1 when not, 2 when the file cannot be read.
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tqdm import tqdm

from ketastats.errors import KetastatsError
from ketastats.reconstruct import means
from ketastats.reported import Reported

NUMBERS = ("mean1", "sd1", "mean2", "sd2")
TESTS = ("student", "welch")
NEEDED = ("row_id", *NUMBERS, "n1", "n2", "p_text", *(f"possible_{test}" for test in TESTS))
SHOWN_FAULTS = 20
#: The file has the ends of p on a grid of SDs: between its points p may go a little farther.
GRID = 1e-3


class UnreadableError(Exception):
    """The file cannot be used; the message says where and why."""


def read_rows(path: Path) -> Iterator[dict[str, str]]:
    """Yield the rows of a file, or say what is missing."""
    with path.open(encoding="utf-8-sig", newline="") as stream:
        reader = csv.DictReader(stream, strict=True)
        missing = [name for name in NEEDED if name not in (reader.fieldnames or [])]
        if missing:
            raise UnreadableError(f"line 1: no column {', '.join(missing)}")
        try:
            yield from reader
        except (csv.Error, UnicodeDecodeError) as error:
            raise UnreadableError(f"line {reader.line_num + 1}: not a CSV in UTF-8 ({error})") from None


def check_row(row: dict[str, str], test: str, tally: Counter[str], unknown: int, left_out: bool) -> list[str]:
    """Check one row under one test; return what is not as it must be."""
    sizes: dict[str, Any] = {"n1": int(row["n1"]), "n2": int(row["n2"])}
    printed: dict[str, Any] = {name: row[name] for name in NUMBERS}
    possible = row[f"possible_{test}"] == "1"
    name = f"{row['row_id']} {test}"
    tally[f"{test}: rows {'that can' if possible else 'that cannot'} print the p"] += 1
    found = means(**sizes, **printed, p=row["p_text"], test=test)
    faults = []
    if possible and not found:
        return [f"{name}: missed"]
    if found and not possible and not near(row, test):
        faults.append(f"{name}: found, although p runs from {row[f'p_{test}_low']} to {row[f'p_{test}_high']}")
    faults += check_p(row, test, means(**sizes, **printed, test=test), name)
    if not possible:
        return faults
    tally[f"{test}: found with known sizes"] += 1
    for one in NUMBERS if left_out else ():
        others = {other: printed[other] for other in NUMBERS if other != one}
        if not meets(means(**sizes, **others, p=row["p_text"], test=test), one, row[one]):
            faults.append(f"{name}: {one} is not in what the others leave of it")
        tally[f"{test}: numbers left out and found"] += 1
    if sizes["n1"] + sizes["n2"] <= unknown:
        every = means(n=sizes["n1"] + sizes["n2"], **printed, p=row["p_text"], test=test)
        if sizes["n1"] not in every.n1:
            faults.append(f"{name}: missed with unknown split")
        tally[f"{test}: found with unknown split"] += 1
    return faults


def near(row: dict[str, str], test: str) -> bool:
    """Whether the printed p lies within the error of the grid of what the means and SDs give."""
    interval = Reported(row["p_text"]).interval
    low, high = (float(row[f"p_{test}_{end}"]) for end in ("low", "high"))
    return float(interval.low) <= high * (1 + GRID) and low * (1 - GRID) <= float(interval.high)


def check_p(row: dict[str, str], test: str, found: Any, name: str) -> list[str]:
    """Compare the range of p with that of the file."""
    faults = []
    low, high = float(row[f"p_{test}_low"]), float(row[f"p_{test}_high"])
    if found.p_low[0] > low * (1 + 1e-8) + 1e-300 or found.p_high[0] < high * (1 - 1e-8):
        faults.append(f"{name}: p from {found.p_low[0]:.9g} to {found.p_high[0]:.9g} leaves out what the file has")
    return faults


def meets(found: Any, name: str, text: str) -> bool:
    """Whether the range of a number meets the rounding interval of its text, in some row."""
    interval = Reported(text).interval
    low, high = getattr(found, f"{name}_low"), getattr(found, f"{name}_high")
    slack = 1e-9 * (1 + abs(float(interval.high)))
    return bool(((low <= float(interval.high) + slack) & (float(interval.low) - slack <= high)).any())


def run(path: Path, unknown: int, every: int, left_out: list[str]) -> int:
    """Check a file and print the result; return the exit code."""
    tally: Counter[str] = Counter()
    faults: list[str] = []
    for at, row in enumerate(tqdm(list(read_rows(path)), unit=" rows", desc=path.name, disable=None)):
        if at % every:
            continue
        for test in TESTS:
            try:
                faults += check_row(row, test, tally, unknown, test in left_out)
            except (KetastatsError, ValueError) as error:
                raise UnreadableError(f"row {row['row_id'][:40]!r}: {error}") from None
    if not tally:
        raise UnreadableError("no rows")
    for line, count in sorted(tally.items()):
        print(f"{count:8,}  {line}")
    print(*faults[:SHOWN_FAULTS], sep="\n")
    print(f"{len(faults):,} faults" if faults else "Every comparison is where it must be.")
    return 1 if faults else 0


def main(arguments: list[str] | None = None) -> int:
    """Read the command line."""
    parser = argparse.ArgumentParser(description="Check that true means and SDs are found again from printed numbers.")
    parser.add_argument("file", type=Path, help="CSV with means, SDs, sizes, p_text and the ends of p")
    parser.add_argument(
        "--max-unknown", type=int, default=30, metavar="N", help="largest total searched without a split"
    )
    parser.add_argument("--every", type=int, default=1, metavar="K", help="check every K-th row only")
    parser.add_argument(
        "--left-out", nargs="*", default=["student"], choices=TESTS, help="tests under which to leave out"
    )
    options = parser.parse_args(arguments)
    try:
        return run(options.file, options.max_unknown, options.every, options.left_out)
    except (UnreadableError, OSError) as error:
        print(f"{options.file}: {error}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
