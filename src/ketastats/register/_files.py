"""Read the files of a register: regular files of a bounded size, inside one folder, checked before they are parsed."""

from __future__ import annotations

import os
import stat
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..errors import InvalidType
from ._faults import Faults, shown
from ._text import problems_in

__all__ = ["Files", "path_text", "read"]

# Together they bound the time: the parser reads about one MiB per second.
LARGEST_FILE = 256 * 1024
LARGEST_REGISTER = 2 * 1024 * 1024
MOST_FILES = 1000

_FOLDERS = ("articles", "studies")
_FILES = ("margins.toml", "README.md")
_LAYOUT = "A register holds README.md, margins.toml, articles/<key>.toml and studies/<key>.toml."


@dataclass(slots=True)
class Files:
    """What was read: parsed tables by relative name, and the names of files that could not be read."""

    tables: dict[str, dict[str, Any]] = field(default_factory=dict)
    broken: set[str] = field(default_factory=set)
    size: int = 0
    # Files whose text holds a forbidden character: reported by line already, not once more by key.
    dirty: set[str] = field(default_factory=set)


def read(path: str, faults: Faults) -> Files:
    """Return the parsed files below `path`; whatever cannot be read becomes a fault."""
    files = Files()
    root = _root(path, faults)
    if root is None:
        return files
    for name, entry in _entries(root, faults):
        if len(files.tables) + len(files.broken) >= MOST_FILES:
            faults.add(".", "", "", f"more than {MOST_FILES} files", "Split the register.", unreadable=True)
            break
        table = _table(name, entry, files, faults)
        if table is None:
            files.broken.add(name)
        else:
            files.tables[name] = table
    if "margins.toml" not in files.tables and "margins.toml" not in files.broken:
        files.broken.add("margins.toml")
        faults.add("margins.toml", "", "", "the file is missing", _LAYOUT)
    return files


def path_text(path: object) -> str:
    """Return a path as text; numbers, which the system would take for open files, and bytes are refused."""
    text = os.fspath(path) if isinstance(path, os.PathLike) else path
    if not isinstance(text, str):
        raise InvalidType("path", path, "the folder of a register, as text or a path", "Such as 'data'.")
    return text


def _root(path: str, faults: Faults) -> Path | None:
    remedy = "Give the folder that holds margins.toml, articles and studies."
    try:
        # Empty text would become the current folder, which nobody named.
        if path and stat.S_ISDIR(Path(path).stat().st_mode):
            return Path(path)
        problem = "not a folder"
    except (OSError, ValueError) as error:
        problem = _reason(error)
    faults.add(path or "(empty path)", "", "", problem, remedy, unreadable=True)
    return None


def _reason(error: Exception) -> str:
    # An OSError's own text repeats the path; a ValueError is a NUL byte or a character no file name can hold.
    return str(error.strerror).lower() if isinstance(error, OSError) and error.strerror else "not a path"


def _entries(root: Path, faults: Faults) -> Iterator[tuple[str, Path]]:
    """Yield the TOML files that belong to a register; everything else that lies there is a fault."""
    for name, entry in _children(root, "", faults):
        if name in _FOLDERS:
            if entry.is_dir():
                for inner, file in _children(entry, f"{name}/", faults):
                    if inner.endswith(".toml") and file.is_file():
                        yield inner, file
                    else:
                        faults.add(inner, "", "", "not a register file", _LAYOUT)
            else:
                faults.add(name, "", "", "not a folder", _LAYOUT)
        elif name not in _FILES or not entry.is_file():
            faults.add(name, "", "", "not a register file", _LAYOUT)
        elif name.endswith(".toml"):
            yield name, entry


def _children(folder: Path, prefix: str, faults: Faults) -> Iterator[tuple[str, Path]]:
    """Yield name and path of everything in a folder but links and what is neither file nor folder."""
    names: list[str] = []
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if len(names) > MOST_FILES:
                    break
                names.append(entry.name)
    except OSError as error:
        faults.add(prefix or ".", "", "", _reason(error), "Make the folder readable.", unreadable=True)
    for name in sorted(names):
        path = folder / name
        try:
            mode = path.lstat().st_mode
        except OSError as error:
            faults.add(prefix + name, "", "", _reason(error), "Make the folder readable.", unreadable=True)
            continue
        if stat.S_ISLNK(mode):
            faults.add(prefix + name, "", "", "a link", "Put the file itself here; links are not followed.")
        elif stat.S_ISREG(mode) or stat.S_ISDIR(mode):
            yield prefix + name, path
        else:
            faults.add(prefix + name, "", "", "neither a file nor a folder", "Remove it; it is not opened.")


def _table(name: str, path: Path, files: Files, faults: Faults) -> dict[str, Any] | None:
    raw = _bytes(name, path, files, faults)
    text = None if raw is None else _decoded(name, raw, files, faults)
    if text is None:
        return None
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError, MemoryError) as error:
        # ValueError covers TOMLDecodeError and an integer literal with too many digits.
        faults.add(name, "", "", f"not TOML: {shown(_first_line(error))}", "Mend the line named.", unreadable=True)
        return None


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]


def _bytes(name: str, path: Path, files: Files, faults: Faults) -> bytes | None:
    """Return the bytes of a regular file of allowed size; it is checked once more after it has been opened."""
    # A link or a pipe put here since the folder was listed is neither followed nor waited for.
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    try:
        with os.fdopen(os.open(path, flags), "rb") as stream:
            if not stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
                faults.add(name, "", "", "not a regular file", "Remove it.", unreadable=True)
                return None
            raw = stream.read(LARGEST_FILE + 1)
    except OSError as error:
        faults.add(name, "", "", _reason(error), "Make the file readable.", unreadable=True)
        return None
    files.size += len(raw)
    if len(raw) > LARGEST_FILE or files.size > LARGEST_REGISTER:
        what, limit = ("file", LARGEST_FILE) if len(raw) > LARGEST_FILE else ("register", LARGEST_REGISTER)
        problem = f"the {what} is larger than {limit // 1024} KiB"
        faults.add(name, "", "", problem, "A study or an article takes a few KiB; split it.", unreadable=True)
        return None
    return raw


def _decoded(name: str, raw: bytes, files: Files, faults: Faults) -> str | None:
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        problem = f"byte {error.start} is not UTF-8"
        faults.add(name, "", "", problem, "Save the file as UTF-8.", unreadable=True)
        return None
    fatal = False
    for found in problems_in(text):
        files.dirty.add(name)
        fatal |= found.fatal
        faults.add(name, f"line {found.line}", found.text, found.what, found.remedy, unreadable=found.fatal)
    return None if fatal else text
