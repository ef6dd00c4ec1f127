"""How many times faster than its peers ketastats is, as one table.

Peers and ketastats run in one process on one thread, and are timed by the processor time of that process, which other
work on the machine disturbs less than the clock on the wall. A peer that takes one case a call is timed on a sample.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from importlib import import_module, metadata
from math import inf
from pathlib import Path
from typing import Any

from _timing import Row, quiet, seconds

__all__ = ["MODULES", "conditions", "main", "markdown", "read"]

HERE = Path(__file__).resolve().parent
MODULES = (
    "tests_2x2",
    "score_intervals",
    "power_designs",
    "bayes_factors",
    "groups_by_time",
    "compatible_sets",
    "joint_sets",
    "means",
    "samples",
    "lattice",
    "printed_tests",
)
_PACKAGES = ("numpy", "scipy", "statsmodels", "pingouin")
_HEAD = ("Job", "Items", "ketastats, each", "Peer, each", "Ratio", "Aim", "Peer", "Beside it")
_START, _END = "<!-- The table is written by bench.py. -->\n", "<!-- End of the table. -->"


def conditions() -> dict[str, Any]:
    """Return what the numbers depend on, without a date and without the name of a machine."""
    versions = {}
    for name in _PACKAGES:
        try:
            versions[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            versions[name] = "not installed"
    return {
        "processors": os.cpu_count(),
        "machine": platform.machine(),
        "python": platform.python_version(),
        **versions,
    }


def cells(row: Row) -> list[str]:
    """Return one line of the table."""
    ratio = row.ratio
    if row.least_ratio and row.sampled:
        aim = f"{row.least_ratio:,.0f} times"
    elif row.most_seconds < inf:
        aim = f"at most {seconds(row.most_seconds)}"
    else:
        aim = ""
    return [
        row.job,
        f"{row.items:,}",
        seconds(row.mine / row.items),
        seconds(row.theirs / row.sampled) if row.sampled else "",
        "" if ratio is None else f"{ratio:,.0f}" if ratio >= 10.0 else f"{ratio:.2g}",
        aim + ("" if row.met else " (missed)"),
        f"{row.peer} ({row.sampled:,})" if row.sampled > 1 else row.peer,
        row.note,
    ]


def markdown(rows: Iterable[Row], where: dict[str, Any]) -> str:
    """Return the table as it stands in the README."""
    lines = [_HEAD, ("---", "--:", "--:", "--:", "--:", "--:", "---", "---"), *map(cells, rows)]
    table = "\n".join(f"| {' | '.join(line)} |" for line in lines)
    words = ", ".join(f"{name} {version}" for name, version in where.items() if name not in ("processors", "machine"))
    return f"{where['processors']} processors ({where['machine']}), one thread; {words}.\n\n{table}\n"


def text(rows: Iterable[Row]) -> str:
    """Return the table for a terminal."""
    lines = [list(_HEAD), *map(cells, rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    right = (1, 2, 3, 4, 5)
    return "\n".join(
        "  ".join(
            cell.rjust(width) if at in right else cell.ljust(width)
            for at, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    )


def read(path: Path) -> tuple[list[Row], dict[str, Any]]:
    """Return the rows of a stored run and its conditions."""
    stored = json.loads(path.read_text(encoding="utf-8"))
    # JSON has no infinity: a row without an aim in seconds holds null.
    rows = [
        Row(**row | {"most_seconds": inf if row["most_seconds"] is None else row["most_seconds"]})
        for row in stored["rows"]
    ]
    return rows, stored["conditions"]


def _write(rows: Sequence[Row], where: dict[str, Any], folder: Path) -> None:
    """Store the run; in the folder of this file also in its README."""
    folder.mkdir(parents=True, exist_ok=True)
    plain = [{key: None if value == inf else value for key, value in asdict(row).items()} for row in rows]
    stored = json.dumps({"conditions": where, "rows": plain}, indent=1, ensure_ascii=False)
    (folder / "results.json").write_text(stored + "\n", encoding="utf-8")
    if folder == HERE:
        readme = HERE / "README.md"
        before, rest = readme.read_text(encoding="utf-8").split(_START)
        readme.write_text(before + _START + markdown(rows, where) + _END + rest.split(_END)[1], encoding="utf-8")


def main(argv: Sequence[str] | None = None) -> None:
    """Run the benchmarks and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"which to run, of {', '.join(MODULES)}; else all")
    parser.add_argument("--out", type=Path, help="folder for results.json")
    parser.add_argument("--write", action="store_true", help="store the run in benchmarks/, README included")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args(argv)
    unknown = set(options.names) - set(MODULES)
    if unknown:
        parser.error(f"no benchmark is called {', '.join(sorted(unknown))}; there are {', '.join(MODULES)}")
    if options.write and options.names:
        parser.error("only a run of all benchmarks is stored; leave out the names, or --write")
    rows: list[Row] = []
    with quiet():
        for name in options.names or MODULES:
            print(f"{name} ...", file=sys.stderr)
            rows += import_module(name).rows(seed=options.seed)
    print(text(rows))
    for folder in filter(None, (options.out, HERE if options.write else None)):
        _write(rows, conditions(), folder)


if __name__ == "__main__":
    main()
