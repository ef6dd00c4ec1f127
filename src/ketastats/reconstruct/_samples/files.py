"""A long list of samples, written to a folder part by part: an interrupted list goes on where it stopped."""

from __future__ import annotations

import importlib
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ... import _validate
from ...errors import InvalidArgument, InvalidType
from .._sizes import IntArray

if TYPE_CHECKING:
    from .compatible import CompatibleSamples

__all__ = ["write_samples"]

_MANIFEST = "samples.json"
_SUFFIXES = {"csv": ".csv", "parquet": ".parquet"}
_MOST_PARTS = 1_000_000


def write_samples(found: CompatibleSamples, folder: Any, form: str, size: int, progress: bool) -> tuple[Path, ...]:
    """Write all samples to files of `size` samples each; parts that are there already are left as they are."""
    kind = _validate.choice(form, "form", tuple(_SUFFIXES))
    many = _validate.integer(size, "size", low=1)
    shown = _validate.flag(progress, "progress")
    parts = -(-found.count // many)
    if parts > _MOST_PARTS:
        allowed = f"at least {-(-found.count // _MOST_PARTS):,} samples a file, for at most {_MOST_PARTS:,} files"
        raise InvalidArgument("size", many, allowed, "Draw from the set instead of writing all of it.")
    writer = _WRITERS[kind]()
    home = _folder(folder)
    _claim(home, _manifest(found, kind, many))
    for left in home.glob(".part-*"):
        # What an interrupt left half written.
        left.unlink()
    paths = tuple(home / f"part-{at:06d}{_SUFFIXES[kind]}" for at in range(parts))
    names = [f"{value:g}" for value in found.values]
    with _bar(shown, found.count) as bar:
        for at, path in enumerate(paths):
            start, stop = at * many, min((at + 1) * many, found.count)
            if not path.exists():
                half = home / f".{path.name}"
                writer(half, names, found.counts(start, stop, budget=many))
                # A part is whole or not there: the new name comes with its last byte.
                half.replace(path)
            bar.update(stop - start)
    return paths


def _folder(folder: Any) -> Path:
    if not isinstance(folder, (str, os.PathLike)):
        raise InvalidType("folder", folder, "the path of a folder")
    home = Path(folder)
    if home.exists() and not home.is_dir():
        raise InvalidArgument("folder", str(folder), "a folder, or a path where none is yet")
    home.mkdir(parents=True, exist_ok=True)
    return home


def _manifest(found: CompatibleSamples, kind: str, size: int) -> str:
    """Return what the files hold, as text: the same question gives the same bytes."""
    record = {
        "question": found.identifiability,
        "assumptions": list(found.assumptions),
        "n": found.n,
        "values": [f"{value:g}" for value in found.values],
        "least": list(found._question.least),
        "most": list(found._question.most),
        "samples": found.count,
        "samples_per_file": size,
        "form": kind,
    }
    return json.dumps(record, indent=1) + "\n"


def _claim(home: Path, manifest: str) -> None:
    """Mark a folder as that of these samples; refuse one that holds something else."""
    path = home / _MANIFEST
    if path.exists():
        if path.read_text(encoding="utf-8") == manifest:
            return
    elif not any(home.iterdir()):
        half = home / f".part-{_MANIFEST}"
        half.write_text(manifest, encoding="utf-8")
        half.replace(path)
        return
    allowed = "an empty folder, or one in which the same list was begun"
    raise InvalidArgument("folder", str(home), allowed, "Give another folder, or empty this one.")


def _csv() -> Callable[[Path, list[str], IntArray], None]:
    def write(path: Path, names: list[str], rows: IntArray) -> None:
        with path.open("w", encoding="utf-8", newline="") as stream:
            np.savetxt(stream, rows, fmt="%d", delimiter=",", header=",".join(names), comments="")

    return write


def _parquet() -> Callable[[Path, list[str], IntArray], None]:
    try:
        arrow, parquet = importlib.import_module("pyarrow"), importlib.import_module("pyarrow.parquet")
    except ImportError:
        raise InvalidArgument("form", "parquet", "csv where pyarrow is not installed", "Install pyarrow.") from None

    def write(path: Path, names: list[str], rows: IntArray) -> None:
        parquet.write_table(arrow.table(dict(zip(names, rows.T, strict=True))), str(path))

    return write


_WRITERS: dict[str, Callable[[], Callable[[Path, list[str], IntArray], None]]] = {"csv": _csv, "parquet": _parquet}


class _Silent:
    """A progress bar that shows nothing."""

    def __enter__(self) -> _Silent:
        return self

    def __exit__(self, *details: object) -> None:
        pass

    def update(self, number: int) -> None:
        """Take note of nothing."""


def _bar(shown: bool, total: int) -> Any:
    if not shown:
        return _Silent()
    from tqdm import tqdm

    return tqdm(total=total, desc="samples", unit="sample", unit_scale=True, leave=False)
