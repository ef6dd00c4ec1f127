"""One table of a register file, read field by field; each fault is noted and reading goes on."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import Any

from ..errors import KetastatsError
from ..reported import Reported
from ._faults import Faults, Remedy
from ._text import forbidden, name_of

__all__ = ["KEY", "Exists", "Table", "nearest"]

# ASCII only, lower case: two keys that look alike are alike.
KEY = re.compile(r"[a-z0-9]+(?:[.-][a-z0-9]+)*")
_COUNT = re.compile(r"[1-9][0-9]{0,8}")
_LONGEST_COMPARED = 40
# Given a reference: None if the register holds it, else what to do.
Exists = Callable[[str], Remedy | None]


def nearest(word: str, known: Iterable[str]) -> str:
    """Return a hint at the known words: the one that was probably meant, or all if they are few."""
    words = sorted(known)
    close = difflib.get_close_matches(word, words, n=1) if len(word) <= _LONGEST_COMPARED else []
    if close:
        return f"Did you mean {close[0]}?"
    return f"Use one of {', '.join(words)}." if 0 < len(words) <= 20 else "Mend the name, or add what it names."


class Table:
    """A table and where it stands.

    A field that is missing or wrong is noted in `faults` and comes back empty; `sound` says whether all was well.
    """

    def __init__(
        self, raw: Mapping[str, Any], file: str, faults: Faults, *, path: str = "", clean: bool = True
    ) -> None:
        self._raw = raw
        self._faults = faults
        self._path = path
        # Whether the text of the file holds no forbidden character; an escape can still bring one in.
        self._clean = clean
        self._known: list[str] = []
        self.file = file
        self.sound = True

    def fault(self, key: str, value: object, problem: str, remedy: Remedy) -> None:
        """Note a fault of the field `key`."""
        self.sound = False
        self._faults.add(self.file, f"{self._path}.{key}" if self._path else key, value, problem, remedy)

    def text(self, key: str, *, required: bool = False) -> str:
        """Return a text, empty if there is none."""
        self._known.append(key)
        if key not in self._raw:
            if required:
                self.fault(key, None, "is missing", f'Add {key} = "...".')
            return ""
        return self._checked(key, self._raw[key])

    def _checked(self, key: str, value: object) -> str:
        if not isinstance(value, str):
            what = {bool: "a truth value", dict: "a table", list: "a list"}.get(type(value), "a number or date")
            self.fault(key, value, f"{what}, not text", 'Put it in quotes, with every printed digit: "0.230".')
            return ""
        if not value.strip() or value != value.strip():
            self.fault(key, value, "empty text, or space at an end", "Write the text, or leave the line out.")
            return ""
        character = forbidden(value)
        if character:
            if self._clean:
                problem = f"holds the character {name_of(character)}"
                self.fault(key, value, problem, "Delete it; only visible characters are allowed.")
            self.sound = False
            return ""
        return value

    def matching(self, key: str, pattern: re.Pattern[str], example: str, *, required: bool = False) -> str:
        """Return a text of a given form."""
        value = self.text(key, required=required)
        if value and not pattern.fullmatch(value):
            self.fault(key, value, "malformed", f'Write it like "{example}".')
            return ""
        return value

    def word(self, key: str, words: Iterable[str], *, required: bool = False) -> str:
        """Return one of the words of the register."""
        value = self.text(key, required=required)
        if value and value not in words:
            self.fault(key, value, "an unknown word", partial(nearest, value, words))
            return ""
        return value

    def number(self, key: str, *, required: bool = False) -> Reported | None:
        """Return a printed number."""
        value = self.text(key, required=required)
        if not value:
            return None
        try:
            number = Reported(value)
        except KetastatsError:
            self.fault(key, value, "not a number", 'Write it as printed, such as "0.230", "< .001" or "70%".')
            return None
        if not any(c.isdigit() for c in value):
            # "ns" reads as a bound on p, which is no number that anybody printed.
            self.fault(key, value, "words, not a number", "Leave the number out and say so in note.")
            return None
        return number

    def count(self, key: str) -> int | None:
        """Return a positive whole number."""
        value = self.text(key)
        if not value:
            return None
        if not _COUNT.fullmatch(value):
            self.fault(key, value, "not a positive whole number", 'Write digits only, such as "83".')
            return None
        return int(value)

    def year(self, key: str) -> int | None:
        """Return a year of publication."""
        value = self.matching(key, re.compile(r"(?:19|20)[0-9]{2}"), "2025")
        return int(value) if value else None

    def texts(self, key: str, words: Iterable[str] | None = None) -> tuple[str, ...]:
        """Return a list of texts, each once, from the given words if there are any."""
        self._known.append(key)
        values = self._raw.get(key, [])
        if not isinstance(values, list):
            self.fault(key, values, "not a list", f'Write {key} = ["...", "..."].')
            return ()
        found: list[str] = []
        seen: set[str] = set()
        for position, value in enumerate(values, 1):
            place = f"{key}[{position}]"
            text = self._checked(place, value)
            if text and words is not None and text not in words:
                self.fault(place, text, "an unknown word", partial(nearest, text, words))
            elif text in seen:
                self.fault(place, text, "stands twice", "Keep one.")
            elif text:
                seen.add(text)
                found.append(text)
        return tuple(found)

    def references(self, key: str, exists: Exists) -> tuple[str, ...]:
        """Return a list of references."""
        values = self.texts(key)
        for position, value in enumerate(values, 1):
            remedy = exists(value)
            if remedy is not None:
                self.fault(f"{key}[{position}]", value, "refers to nothing in the register", remedy)
        return values

    def reference(self, key: str, exists: Exists, *, required: bool = False) -> str:
        """Return one reference."""
        value = self.text(key, required=required)
        remedy = exists(value) if value else None
        if remedy is not None:
            self.fault(key, value, "refers to nothing in the register", remedy)
        return value

    def tables(self, key: str) -> Iterator[Table]:
        """Yield the tables of a list of tables, as long as faults of the file are kept."""
        self._known.append(key)
        values = self._raw.get(key, [])
        if not isinstance(values, list) or not all(isinstance(value, dict) for value in values):
            self.fault(key, values, "not a list of tables", f"Write [[{key}]] above each.")
            return
        for position, value in enumerate(values, 1):
            if self._faults.full(self.file):
                return
            yield self._inner(value, f"{key}[{position}]")

    def table(self, key: str) -> Table | None:
        """Return the table of that name, if there is one."""
        self._known.append(key)
        value = self._raw.get(key)
        if value is not None and not isinstance(value, dict):
            self.fault(key, value, "not a table", f"Write {key} = {{ ... }}.")
            return None
        return None if value is None else self._inner(value, key)

    def _inner(self, raw: Mapping[str, Any], name: str) -> Table:
        path = f"{self._path}.{name}" if self._path else name
        return Table(raw, self.file, self._faults, path=path, clean=self._clean)

    def unique(self, key: str, value: str, seen: dict[str, str]) -> None:
        """Note a fault if another record has the same name."""
        if value and value in seen:
            self.fault(key, value, f"stands in {seen[value]} too", "Give each its own.")
        elif value:
            seen[value] = self.file

    def close(self) -> bool:
        """Note every field that nothing asked for, and return whether the table is sound."""
        for key in self._raw:
            if self._faults.full(self.file):
                self.sound = False
                break
            if key not in self._known:
                self.fault(key, None, "an unknown key", partial(nearest, key, self._known))
        return self.sound
