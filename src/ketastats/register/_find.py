"""Look a record up by its name, or say which names there are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, TypeVar

from ..errors import InvalidArgument

__all__ = ["find"]


class _Named(Protocol):
    @property
    def name(self) -> str: ...


_N = TypeVar("_N", bound=_Named)


def find(records: Sequence[_N], name: str, argument: str) -> _N:
    """Return the record of this name."""
    for record in records:
        if record.name == name:
            return record
    known = ", ".join(record.name for record in records) or "nothing, none is recorded"
    raise InvalidArgument(argument, name, f"one of {known}")
