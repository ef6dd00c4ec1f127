"""Which names a register holds, so that references can be checked while the files are being read."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import PurePosixPath
from typing import Any

from ._faults import Remedy
from ._files import Files
from ._table import nearest

__all__ = ["Known"]


def _names(table: Mapping[str, Any], key: str, name: str) -> set[str]:
    """Return the names in a list of tables, whatever else is wrong with it."""
    rows = table.get(key)
    if not isinstance(rows, list):
        return set()
    return {row[name] for row in rows if isinstance(row, dict) and isinstance(row.get(name), str)}


class Known:
    """The names in all files; a file that could not be read is taken to hold whatever it is asked for."""

    def __init__(self, files: Files) -> None:
        self._studies: dict[str, dict[str, set[str]] | None] = {}
        self._claims: set[str] = set()
        self._margins: set[str] = set()
        self._no_margins = "margins.toml" in files.broken
        self._no_article = any(name.startswith("articles/") for name in files.broken)
        for name in files.broken:
            if name.startswith("studies/"):
                self._studies[PurePosixPath(name).stem] = None
        for name, table in files.tables.items():
            place = PurePosixPath(name)
            if place.parent.name == "studies":
                self._studies[place.stem] = {kind: _names(table, kind, "name") for kind in ("outcome", "figure")}
            elif place.parent.name == "articles":
                self._claims |= _names(table, "claim", "id")
            else:
                self._margins |= _names(table, "margin", "key")

    def study(self, key: str) -> Remedy | None:
        """Return what to do about a reference to a study that is not there."""
        return None if key in self._studies else partial(nearest, key, self._studies)

    def outcome(self, reference: str) -> Remedy | None:
        """Return what to do about a reference to an outcome that is not there."""
        return self._part(reference, "outcome")

    def figure(self, reference: str) -> Remedy | None:
        """Return what to do about a reference to a figure that is not there."""
        return self._part(reference, "figure")

    def number(self, reference: str) -> Remedy | None:
        """Return what to do about a reference to a study's number of participants or figure that is not there."""
        return self.figure(reference) if "/" in reference else self.study(reference)

    def _part(self, reference: str, kind: str) -> Remedy | None:
        study, slash, name = reference.partition("/")
        if not slash:
            return f"Write study/{kind}."
        if study not in self._studies:
            return self.study(study)
        table = self._studies[study]
        if table is None:
            return None
        names = table[kind]
        return None if name in names else partial(nearest, name, names)

    def margin(self, key: str) -> Remedy | None:
        """Return what to do about a reference to a margin that is not there."""
        return None if self._no_margins or key in self._margins else partial(nearest, key, self._margins)

    def claim(self, key: str) -> Remedy | None:
        """Return what to do about a reference to a claim that is not there."""
        return None if self._no_article or key in self._claims else partial(nearest, key, self._claims)
