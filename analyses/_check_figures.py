"""Compare figures made anew with those in the repository: ``_check_figures.py COMMITTED MADE``.

The JSON twin of each figure holds every number drawn; its numbers must agree to 1e-9 on any machine. The pictures and
texts must agree byte by byte, the pictures only where the same minor version of Matplotlib drew both.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

TOLERANCE = 1e-9
PICTURES = {".svg", ".png"}
# Says what drew the figure, not what the figure says.
VERSION = "matplotlib"


def minor(version: object) -> tuple[str, ...]:
    """Return the first two parts of a version."""
    return tuple(str(version).split(".")[:2])


def differences(old: Any, new: Any, where: str = "") -> Iterator[str]:
    """Yield each place where two JSON values differ by more than the tolerance."""
    numbers = all(isinstance(value, int | float) and not isinstance(value, bool) for value in (old, new))
    if numbers:
        same = math.isclose(old, new, rel_tol=TOLERANCE, abs_tol=TOLERANCE) or (math.isnan(old) and math.isnan(new))
        if not same:
            yield f"{where}: {old!r} is now {new!r}"
    elif isinstance(old, dict) and isinstance(new, dict):
        for key in sorted(old.keys() | new.keys()):
            place = f"{where}.{key}" if where else key
            if key in old and key in new:
                yield from differences(old[key], new[key], place)
            else:
                yield f"{place}: only in the {'old' if key in old else 'new'} file"
    elif isinstance(old, list) and isinstance(new, list):
        if len(old) != len(new):
            yield f"{where}: {len(old)} items are now {len(new)}"
        for index, (before, after) in enumerate(zip(old, new, strict=False)):
            yield from differences(before, after, f"{where}[{index}]")
    elif old != new or type(old) is not type(new):
        yield f"{where}: {old!r} is now {new!r}"


def twin(path: Path) -> dict[str, Any]:
    """Return the numbers of a figure, or nothing for a file without a twin."""
    beside = path.with_suffix(".json")
    return dict(json.loads(beside.read_text(encoding="utf-8"))) if beside.is_file() else {}


def compare(old: Path, new: Path) -> list[str]:
    """Return what differs between two versions of one file; nothing when they agree."""
    if not (old.is_file() and new.is_file()):
        return [f"only in {(old if old.is_file() else new).parent}"]
    before, after = twin(old), twin(new)
    if old.suffix == ".json":
        return list(differences({**before, VERSION: None}, {**after, VERSION: None}))
    same_maker = minor(before.get(VERSION)) == minor(after.get(VERSION))
    if old.suffix in PICTURES and not same_maker:
        return []
    return [] if old.read_bytes() == new.read_bytes() else ["the bytes differ"]


def main(arguments: list[str] | None = None) -> int:
    """Compare two folders, print every difference and return 1 if there is one."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("committed", type=Path)
    parser.add_argument("made", type=Path)
    folders = parser.parse_args(arguments)
    names = sorted({path.name for folder in (folders.committed, folders.made) for path in folder.iterdir()})
    faults = 0
    for name in names:
        found = compare(folders.committed / name, folders.made / name)
        faults += bool(found)
        for line in found[:10]:
            print(f"{name}: {line}")
        if len(found) > 10:
            print(f"{name}: and {len(found) - 10} more")
    print(f"{len(names) - faults} of {len(names)} files agree.")
    return 1 if faults or not names else 0


if __name__ == "__main__":
    sys.exit(main())
