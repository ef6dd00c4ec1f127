"""What every result can do: be a tidy table, a text, and safe HTML."""

from __future__ import annotations

import html
from collections.abc import Mapping
from dataclasses import fields
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Result", "columns_to_frame", "number"]


def number(value: Any, digits: int = 4) -> str:
    """Return a number as text with `digits` significant digits; arrays as their range, of words as those there are."""
    values = np.asarray(value)
    if values.ndim == 0:
        item = values.item()
        return f"{item:.{digits}g}" if isinstance(item, float) else str(item)
    if values.size == 0:
        return "none"
    if values.dtype.kind == "U":
        return ", ".join(np.unique(values).tolist())
    return f"{number(values.min(), digits)} to {number(values.max(), digits)}"


def columns_to_frame(columns: Mapping[str, Any]) -> pd.DataFrame:
    """Return named columns, broadcast together and laid out in one dimension, as a data frame."""
    import pandas as pd

    names = list(columns)
    arrays = np.broadcast_arrays(*[np.asarray(columns[name]) for name in names])
    return pd.DataFrame({name: array.reshape(-1) for name, array in zip(names, arrays, strict=True)})


class Result:
    """Base of the frozen results; subclasses are dataclasses whose fields are the columns."""

    __slots__ = ()

    def to_frame(self) -> pd.DataFrame:
        """Return the result as a tidy data frame, one row per element.

        Returns
        -------
        pandas.DataFrame
            One column per field; text that describes the whole result is left out.
        """
        return columns_to_frame(self._columns())

    def summary(self) -> str:
        """Return the result as a few lines of plain text.

        Returns
        -------
        str
            One line per field.
        """
        rows = {name: number(value) for name, value in self._columns().items()}
        width = max(map(len, rows))
        title = getattr(self, "method", type(self).__name__)
        return "\n".join([title, *(f"  {name:<{width}}  {value}" for name, value in rows.items())])

    def _repr_html_(self) -> str:
        return f"<pre>{html.escape(self.summary())}</pre>"

    def _columns(self) -> dict[str, Any]:
        hidden = {"references", "method"}
        return {
            field.name: getattr(self, field.name)
            for field in fields(self)  # type: ignore[arg-type]
            if field.name not in hidden and not field.name.startswith("_")
        }
