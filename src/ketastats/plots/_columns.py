"""The numbers of a drawing, from a result or from plain columns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .. import _validate
from ..errors import InvalidArgument, InvalidType

__all__ = ["FloatArray", "columns_of", "numbers_of", "one_of_each"]

FloatArray = NDArray[np.float64]


def columns_of(source: Any, argument: str, results: str) -> Mapping[str, Any]:
    """Return what a result or a mapping holds, by name; `results` says in words which results will do."""
    if isinstance(source, Mapping):
        return source
    fields = getattr(source, "__dataclass_fields__", None)
    if fields is not None:
        return {name: getattr(source, name) for name in fields}
    if hasattr(source, "keys") and hasattr(source, "__getitem__"):
        # A data frame.
        return {str(name): source[name] for name in source.keys()}  # noqa: SIM118
    raise InvalidType(argument, source, f"{results}, or a mapping from names to numbers")


def numbers_of(columns: Mapping[str, Any], names: Iterable[str], argument: str) -> list[FloatArray]:
    """Return the named columns as numbers, broadcast together; infinite ones are allowed, NaN is not."""
    wanted = tuple(names)
    missing = [name for name in wanted if name not in columns]
    if missing:
        raise InvalidArgument(
            argument,
            list(columns),
            f"something with {', '.join(wanted)}",
            f"There is no {' and no '.join(missing)}: give a mapping with it.",
        )
    clean = {name: _validate.array(columns[name], f"{argument}[{name!r}]", infinite=True) for name in wanted}
    return _validate.broadcast(**clean)


def one_of_each(columns: Iterable[FloatArray]) -> list[FloatArray]:
    """Return columns laid out in one dimension."""
    return [np.atleast_1d(column).ravel() for column in columns]
