"""Which further number would narrow a set of means, when each row prints one of the numbers in its range."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ... import _validate
from .._frames import best_first

if TYPE_CHECKING:
    import pandas as pd

    from .compatible import CompatibleMeans

__all__ = ["FIGURES", "informative"]

FloatArray = NDArray[np.float64]

#: Numbers that an article could print of two means.
FIGURES = ("n1", "df", "t", "p", "d", "g", "difference", "se", "sd", "sd1", "sd2", "mean1", "mean2")
# So many digits of a number no article prints; and floats still tell them apart.
_MOST_DECIMALS = 12


def informative(
    found: CompatibleMeans, figures: Sequence[str] | str | None, decimals: int | None, at: Any = slice(None)
) -> pd.DataFrame:
    """Return what each further number would leave of the rows `at`, the best first."""
    chosen = FIGURES if figures is None else _validate.choices(figures, "figures", FIGURES)
    digits = None if decimals is None else _validate.integer(decimals, "decimals", low=0, high=_MOST_DECIMALS)
    rows = []
    for name in chosen if found else ():
        places = 0 if name == "n1" else digits if digits is not None else 3 if name == "p" else 2
        low, high = (
            (found.n1, found.n1) if name == "n1" else (getattr(found, f"{name}_{end}") for end in ("low", "high"))
        )
        low, high = low[at], high[at]
        if np.isfinite(low).all() and np.isfinite(high).all():
            rows.append({"figure": name, "decimals": places} | _narrowing(_digits(low, places), _digits(high, places)))
    return best_first(rows, "figure")


def _digits(values: Any, places: int) -> FloatArray:
    """Return what values print, rounded half up, as whole numbers."""
    scaled = np.abs(np.asarray(values, dtype=np.float64)) * 10.0**places
    return np.asarray(np.floor(scaled + 0.5) * np.sign(values))


def _narrowing(low: FloatArray, high: FloatArray) -> dict[str, Any]:
    """Return what a number leaves of rows that each print one of the whole numbers from `low` to `high`."""
    cuts = np.unique(np.concatenate([low, high + 1.0]))
    # Between two cuts every number is printed by the same rows.
    size = np.diff(cuts)
    middle = cuts[:-1]
    begun, ended = np.searchsorted(np.sort(low), middle, side="right"), np.searchsorted(np.sort(high), middle)
    rows = begun - ended
    first, last = np.searchsorted(cuts, low), np.searchsorted(cuts, high + 1.0)
    weighted = np.concatenate([[0.0], np.cumsum(size * rows)])
    bits = np.concatenate([[0.0], np.cumsum(size * np.log2(low.size / np.maximum(rows, 1)))])
    width = high - low + 1.0
    return {
        "printed": int(size[rows > 0].sum()),
        "expected": float(np.mean((weighted[last] - weighted[first]) / width)),
        "most": int(rows.max()),
        "bits": float(np.mean((bits[last] - bits[first]) / width)),
    }
