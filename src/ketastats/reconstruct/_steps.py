"""What further printed numbers are called, and what they removed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ._words import counted

__all__ = ["free_name", "removed"]


def free_name(name: str, taken: Mapping[str, Any]) -> str:
    """Return a name under which nothing stands yet: the name, or the name with a number."""
    free, number = name, 1
    while free in taken:
        number += 1
        free = f"{name} ({number})"
    return free


def removed(words: Mapping[str, str], before: int, after: int, noun: str) -> str:
    """Return how many members further numbers removed, as a sentence without its stop."""
    what = ", ".join(f"{name} {value}" for name, value in words.items())
    return f"{what} removed {before - after:,} of {counted(before, noun)}"
