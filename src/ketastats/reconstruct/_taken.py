"""Some members of a compatible set as a set of its own."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import numpy as np

from ._sizes import IntArray

__all__ = ["taken"]


def taken(part: Any, at: IntArray, **changes: Any) -> Any:
    """Return some members of a compatible set as a set of its own."""
    size = len(part)
    # What a set remembers of its answers is no longer true of a part of it.
    kept = [field.name for field in fields(part) if field.init]
    columns = {name: _rows_of(getattr(part, name), at, size) for name in kept}
    return replace(part, **(columns | changes))


def _rows_of(value: Any, at: IntArray, size: int) -> Any:
    """Return the rows of whatever has one for each member."""
    if isinstance(value, np.ndarray):
        return value[at] if len(value) == size else value
    if isinstance(value, dict):
        return {name: _rows_of(entry, at, size) for name, entry in value.items()}
    if isinstance(value, tuple):
        return tuple(_rows_of(entry, at, size) for entry in value)
    return value
