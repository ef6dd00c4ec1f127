"""Faults of a register: what is wrong, where, and what to do about it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

__all__ = ["Fault", "Faults", "Remedy", "shown"]

# A hint that takes a search is made only if the fault is kept.
Remedy = str | Callable[[], str]

_LONGEST_SHOWN = 60
# A file with more faults than this is not a register file with mistakes but something else.
_MOST_PER_FILE = 100


def shown(value: object) -> str:
    """Return a value as short text that is safe to print: nothing in it can move or hide other text."""
    if isinstance(value, dict):
        return "a table"
    if isinstance(value, list):
        return "a list"
    text = value if isinstance(value, str) else str(value)
    cut = text[:_LONGEST_SHOWN] + ("..." if len(text) > _LONGEST_SHOWN else "")
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in cut)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing that is wrong in a register.

    Parameters
    ----------
    file : str
        File, relative to the register's folder.
    key : str
        Where in the file, such as ``outcome[2].p`` or ``line 12``; empty for the file as a whole.
    value : str
        What stands there, shortened and safe to print.
    problem, remedy : str
        What is wrong and what to do about it.
    unreadable : bool
        Whether it kept the file from being read, so that more faults may follow.

    Examples
    --------
    >>> from ketastats.register import Fault
    >>> print(Fault(file="studies/a.toml", key="n", value="83.0", problem="not text", remedy="Quote it."))
    studies/a.toml: n is '83.0': not text. Quote it.
    """

    file: str
    key: str
    value: str
    problem: str
    remedy: str
    unreadable: bool = False

    def __str__(self) -> str:
        subject = f"{self.key} is '{self.value}'" if self.key and self.value else self.key or self.value
        return f"{self.file}: {subject}{': ' if subject else ''}{self.problem}. {self.remedy}"


class Faults:
    """A growing list of faults that stays short whatever a file holds."""

    def __init__(self) -> None:
        self._found: list[Fault] = []
        self._counts: dict[str, int] = {}

    def __iter__(self) -> Iterator[Fault]:
        return iter(self._found)

    def __len__(self) -> int:
        return sum(self._counts.values())

    def full(self, file: str) -> bool:
        """Return whether this file has so many faults that no more are kept."""
        return self._counts.get(file, 0) > _MOST_PER_FILE

    def add(
        self, file: str, key: str, value: object, problem: str, remedy: Remedy, *, unreadable: bool = False
    ) -> None:
        """Note one fault; of a file with too many, note only that there are more."""
        if self.full(file):
            return
        self._counts[file] = self._counts.get(file, 0) + 1
        if self.full(file):
            key, value, unreadable = "", "", False
            problem = f"more than {_MOST_PER_FILE} faults, the others are not listed"
            remedy = "Mend these first, then check again."
        text = "" if value is None else shown(value)
        hint = remedy if isinstance(remedy, str) else remedy()
        self._found.append(
            Fault(file=shown(file), key=shown(key), value=text, problem=problem, remedy=hint, unreadable=unreadable)
        )
