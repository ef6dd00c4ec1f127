"""Which further number would narrow a set of samples most."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from ... import _validate
from .._sizes import IntArray
from .filters import medians, quantile_rank, quantiles

__all__ = ["FIGURES", "narrowing"]

#: What could be printed of a sample.
FIGURES = ("minimum", "maximum", "median", "lower quartile", "upper quartile", "count", "at_least")
COLUMNS = ("figure", "value", "printed", "expected", "most", "bits", "error")


def narrowing(rows: IntArray, values: Any, count: int, figures: Sequence[str] | str | None) -> list[tuple[Any, ...]]:
    """Return one line for each number that could be printed.

    Parameters
    ----------
    rows : ndarray of int64, shape (samples, values)
        All samples of the set, or some of them drawn at random.
    values : ndarray, shape (values,)
        The scale.
    count : int
        How many samples the set has.
    figures : str or sequence of str, optional
        Which numbers; all by default.

    Returns
    -------
    list of tuple
        Figure, value of the scale where it has one, how many different numbers were seen, samples expected to be left,
        samples left at most, bits, and the standard error of the expected ones.
    """
    chosen = FIGURES if figures is None else _validate.choices(figures, "figures", FIGURES)
    drawn = len(rows) < count
    found = []
    for figure, value, column in _columns(rows, values, chosen):
        times = np.unique(column, return_counts=True)[1].astype(np.float64)
        share = times / len(rows)
        # Two different samples of those drawn agree as often as two of the set do.
        agree = float((times * (times - drawn)).sum() / (len(rows) * (len(rows) - drawn)))
        spread = float((share**3).sum() - (share**2).sum() ** 2)
        error = 2.0 * count * np.sqrt(max(spread, 0.0) / len(rows)) if drawn else 0.0
        bits = float(-(share * np.log2(share)).sum()) + 0.0
        found.append((figure, value, times.size, count * agree, count * float(share.max()), bits, float(error)))
    return found


def _columns(rows: IntArray, values: Any, figures: Sequence[str]) -> Iterator[tuple[str, float, IntArray]]:
    """Give each figure of every sample; cut-offs at the lowest value say nothing and are left out."""
    people = int(rows[0].sum())
    ranks = {
        "minimum": 1,
        "maximum": people,
        "lower quartile": quantile_rank(0.25, people),
        "upper quartile": quantile_rank(0.75, people),
    }
    for figure in figures:
        if figure in ranks:
            yield figure, np.nan, quantiles(rows, ranks[figure])
        elif figure == "median":
            yield figure, np.nan, medians(rows, people)
        else:
            table = rows if figure == "count" else np.cumsum(rows[:, ::-1], axis=1)[:, ::-1]
            for at in range(figure == "at_least", len(values)):
                yield figure, float(values[at]), table[:, at]
