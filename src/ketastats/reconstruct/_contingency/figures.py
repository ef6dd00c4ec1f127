"""Effects in tables with several rows and columns, and what a further printed number would leave of a set of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from ... import _validate
from ...errors import InvalidArgument
from ...numerics import rxc
from .._frames import best_first
from .._sizes import IntArray
from .._tables.figures import left_after
from .fisher import fisher_pvalues

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["EFFECTS", "column_of", "columns_of", "informative", "labels"]

EFFECTS = ("cramers_v", "contingency_coefficient", "gamma", "correlation")
_COUNTED = ("n", "row", "column", "cell")
_TESTED = ("p", "statistic")
_FIGURES = ("cell", "share", "row", "column", "n", "cramers_v", *_TESTED)
# A code for what has no digits.
_UNDEFINED = -(2**62)


def labels(shape: tuple[int, ...]) -> list[str]:
    """Return the names of all cells, row by row: 11, 12, ..., or 1_1, 1_2, ... where there are ten lines or more."""
    gap = "" if max(shape) < 10 else "_"
    return [f"{row + 1}{gap}{column + 1}" for row in range(shape[0]) for column in range(shape[1])]


def columns_of(shape: tuple[int, ...]) -> list[str]:
    """Return the names of all counts and measures of a table."""
    lines = [f"{axis}{at + 1}" for axis, many in zip(("row", "column"), shape, strict=True) for at in range(many)]
    cells = [f"{kind}{label}" for kind in ("x", "share") for label in labels(shape)]
    return ["n", *cells, *lines, "chi_square", *EFFECTS]


def column_of(name: str, cells: IntArray) -> Any:
    """Return a count or a measure of each table, NaN where it is 0/0."""
    if name == "n":
        return cells.sum(axis=(1, 2))
    if name == "chi_square":
        return rxc.statistic("pearson", cells)
    if name in EFFECTS:
        return _effect(name, cells)
    for axis, line in ((2, "row"), (1, "column")):
        if name.startswith(line):
            return cells.sum(axis=axis)[:, int(name.removeprefix(line)) - 1]
    kind = "share" if name.startswith("share") else "x"
    row, column = divmod(labels(cells.shape[1:]).index(name.removeprefix(kind)), cells.shape[2])
    return cells[:, row, column] if kind == "x" else cells[:, row, column] / cells[:, row].sum(axis=1)


def _effect(name: str, cells: IntArray) -> Any:
    """Return one of EFFECTS."""
    if name == "cramers_v":
        return rxc.cramers_v(cells)
    with np.errstate(invalid="ignore", divide="ignore"):
        if name == "contingency_coefficient":
            square = rxc.statistic("pearson", cells)
            return np.sqrt(square / (square + cells.sum(axis=(1, 2))))
        if name == "gamma":
            return _gamma(cells)
        between, squares1, squares2, _ = rxc.trend_sums(cells)
        return between / np.sqrt(squares1.astype(np.float64) * squares2)


def _gamma(cells: IntArray) -> Any:
    """Return Goodman and Kruskal's gamma: how much more often pairs of people are ordered alike than not."""
    later = np.cumsum(cells[:, ::-1], axis=1)[:, ::-1]
    right, left = np.zeros_like(cells), np.zeros_like(cells)
    right[:, :-1, :-1] = np.cumsum(later[:, 1:, ::-1], axis=2)[:, :, ::-1][:, :, 1:]
    left[:, :-1, 1:] = np.cumsum(later[:, 1:], axis=2)[:, :, :-1]
    alike, unlike = np.sum(cells * right, axis=(1, 2)), np.sum(cells * left, axis=(1, 2))
    return (alike - unlike) / (alike + unlike)


def informative(cells: IntArray, names: Any, decimals: Any, tests: Any, *, labelled: bool) -> pd.DataFrame:
    """Return what each number that could be printed would leave of some tables."""
    rows = [
        {"figure": figure, "test": test, "decimals": digits} | left_after(codes, np.tile(np.arange(len(cells)), sides))
        for figure, test, digits, codes, sides in _printed(cells, names, decimals, tests, labelled=labelled)
        if len(cells)
    ]
    return best_first(rows, "figure", "test")


def _printed(
    cells: IntArray, names: Any, decimals: Any, tests: Any, *, labelled: bool
) -> Iterator[tuple[str, str, int, Any, int]]:
    """Yield every number, its test and decimals, the digits that each table prints, and in how many ways."""
    chosen = _validate.choices(_FIGURES if names is None else names, "figures", _FIGURES)
    given = None if decimals is None else _validate.integer(decimals, "decimals", low=0, high=6)
    usual = [name for name in rxc.TESTS if name != "fisher" and (labelled or name not in rxc.TREND)]
    allowed = _validate.choices(usual if tests is None else tests, "tests", rxc.TESTS)
    if names is not None and tests is not None and not set(chosen) & set(_TESTED):
        raise InvalidArgument("tests", tests, "tests of p or statistic", "Name p or statistic among the figures.")
    for name in chosen:
        if name == "n":
            yield "n", "", 0, cells.sum(axis=(1, 2)), 1
        elif name in ("cell", "share", "row"):
            yield from _of_groups(name, cells, given, labelled=labelled)
        elif name == "column":
            yield from ((f"column{at + 1}", "", 0, cells[:, :, at].sum(axis=1), 1) for at in range(cells.shape[2]))
        elif name == "cramers_v":
            yield from (("cramers_v", "", d, _digits(rxc.cramers_v(cells), d), 1) for d in _decimals(given, (2,)))
        else:
            for test in allowed:
                if name == "p" or test != "fisher":
                    values = _values(name, test, cells)
                    yield from (
                        (name, test, d, _digits(values, d), 1)
                        for d in _decimals(given, (2, 3) if name == "p" else (2,))
                    )


def _of_groups(
    name: str, cells: IntArray, given: int | None, *, labelled: bool
) -> Iterator[tuple[str, str, int, Any, int]]:
    """Yield the numbers of single groups; of one that may be any of them where they cannot be told apart."""
    height, width = cells.shape[1:]
    names = labels((height, width))
    for row in range(height if labelled else 1):
        groups = cells[:, row] if labelled else np.concatenate([cells[:, each] for each in range(height)])
        sides = 1 if labelled else height
        if name == "row":
            yield f"row{row + 1}", "", 0, groups.sum(axis=1), sides
            continue
        for column in range(width):
            label = f"{name}{names[row * width + column]}"
            if name == "cell":
                yield label, "", 0, groups[:, column], sides
                continue
            size = groups.sum(axis=1)
            for digits in _decimals(given, (2, 3)):
                yield label, "", digits, (2 * 10**digits * groups[:, column] + size) // (2 * size), sides


def _values(name: str, test: str, cells: IntArray) -> Any:
    if test == "fisher":
        return fisher_pvalues(cells)
    values = rxc.statistic(test, cells)
    if name == "statistic":
        return values
    return rxc.chi_square_sf(values, rxc.degrees_of_freedom(test, (cells.shape[1], cells.shape[2])))


def _decimals(given: int | None, usual: tuple[int, ...]) -> tuple[int, ...]:
    return usual if given is None else (given,)


def _digits(values: Any, decimals: int) -> IntArray:
    """Return digits rounded half up as whole numbers."""
    scaled = np.floor(np.nan_to_num(values) * 10**decimals + 0.5).astype(np.int64)
    return np.where(np.isnan(values), _UNDEFINED, scaled)
