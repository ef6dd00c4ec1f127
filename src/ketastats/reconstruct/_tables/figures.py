"""Numbers that an article could still print of a 2x2 table, and how far each would narrow a set."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ... import _validate
from ...errors import InvalidArgument
from ...numerics import table_measures, table_sides, table_tests
from .._sizes import IntArray
from .constraints import Columns, pvalue
from .tests import EXACT

__all__ = ["COUNTED", "FIGURES", "Figure", "figures", "left_after", "narrowing", "quantity"]

COUNTED = ("x1", "n1", "x2", "n2", "events", "n")
_RATES = ("rate1", "rate2", "rate")
_MEASURES = ("risk_difference", "risk_ratio", "odds_ratio", "phi")
_TESTED = ("p", "statistic")
FIGURES = ("n1", "events", "x1", "x2", *_RATES, *_MEASURES, *_TESTED)
#: Exact tests of more tables than this are not tried unless asked for.
_MANY = 20_000
_UNDIRECTED = ("n1", "n2", "n", "events", "rate", *_TESTED)
# Codes for what has no digits.
_UNDEFINED, _INFINITE = -(2**62), 2**62


@dataclass(frozen=True, slots=True)
class Figure:
    """A number that could be printed with some decimals."""

    name: str
    decimals: int
    test: str = ""

    @property
    def directed(self) -> bool:
        """Whether it says which group is which."""
        return self.name not in _UNDIRECTED


def quantity(name: str, tables: Columns) -> Any:
    """Return a count or a measure of each table; None when there is no such thing."""
    x1, n1, x2, n2 = tables
    counts = {"x1": x1, "n1": n1, "x2": x2, "n2": n2, "events": x1 + x2, "n": n1 + n2}
    if name in counts:
        return counts[name]
    name = {"risk1": "rate1", "risk2": "rate2"}.get(name, name)
    return table_measures.value(name, *tables) if name in table_measures.BOUNDS else None


def figures(
    names: Sequence[str] | str | None, decimals: int | None, tests: Sequence[str] | str | None, size: int
) -> Iterator[Figure]:
    """Yield what could be printed."""
    chosen = _validate.choices(FIGURES if names is None else names, "figures", FIGURES)
    digits = None if decimals is None else _validate.integer(decimals, "decimals", low=0, high=6)
    every = tuple(test for test in table_tests.TESTS if size <= _MANY or test not in EXACT)
    allowed = _validate.choices(every if tests is None else tests, "tests", table_sides.TESTS)
    if names is not None and tests is not None and not set(chosen) & set(_TESTED):
        raise InvalidArgument("tests", tests, "tests of p or statistic", "Name p or statistic among the figures.")
    for name in chosen:
        if name in COUNTED:
            yield Figure(name, 0)
        elif name in _TESTED:
            for test in allowed:
                if name == "p" or test not in EXACT:
                    yield from (
                        Figure(name, number, test) for number in _decimals(digits, (2, 3) if name == "p" else (2,))
                    )
        else:
            usual = (2, 3) if name in (*_RATES, "risk_difference") else (2,)
            yield from (Figure(name, number) for number in _decimals(digits, usual))


def _decimals(given: int | None, usual: tuple[int, ...]) -> tuple[int, ...]:
    return usual if given is None else (given,)


def narrowing(figure: Figure, tables: Columns, labelled: bool, weight: Any = None) -> dict[str, Any]:
    """Return what remains of a set when a figure is printed of one of its tables, each as likely as its weight says.

    Without weights each table counts once; with weights what is left is their sum.
    """
    x1, n1, x2, n2 = tables
    member = np.arange(x1.size)
    counts = np.ones(x1.size) if weight is None else np.asarray(weight, dtype=np.float64)
    if figure.directed and not labelled:
        # Either group may be the first; what is left counts tables, whichever way round.
        tables = tuple(np.concatenate(pair) for pair in ((x1, x2), (n1, n2), (x2, x1), (n2, n1)))  # type: ignore[assignment]
        member = np.concatenate([member, member])
    return {"figure": figure.name, "test": figure.test, "decimals": figure.decimals} | left_after(
        _printed(figure, tables), member, None if weight is None else counts
    )


def left_after(codes: Any, member: IntArray, weight: Any = None) -> dict[str, Any]:
    """Return what remains of a set when one of its members prints a number.

    Parameters
    ----------
    codes : ndarray of int64
        The digits that members print, some of them perhaps in several ways.
    member : ndarray of int64
        Which member each of these is.
    weight : ndarray of float64, optional
        How much each member counts.
    """
    counts = np.ones(int(member.max(initial=-1)) + 1) if weight is None else weight
    _, code = np.unique(codes, return_inverse=True)
    pairs = np.unique(np.stack([code, member], axis=1), axis=0)
    left = np.bincount(pairs[:, 0], weights=counts[pairs[:, 1]])
    each, chance = left[code], counts[member]
    return {
        "printed": int(left.size),
        "expected": float(np.average(each, weights=chance)),
        "most": int(left.max()) if weight is None else float(left.max()),
        "bits": float(np.average(np.log2(counts.sum() / each), weights=chance)),
    }


def _printed(figure: Figure, tables: Columns) -> NDArray[np.int64]:
    """Return the digits that each table prints, rounded half up, as whole numbers."""
    if figure.name in COUNTED:
        return np.asarray(quantity(figure.name, tables))
    unit = 10**figure.decimals
    if figure.name not in _TESTED:
        parts = table_measures.fraction(figure.name, *tables)
        if parts is not None and _fits(parts, unit):
            return _digits_of_fraction(*parts, unit)
        values = table_measures.value(figure.name, *tables)
    elif figure.name == "p":
        values = pvalue(figure.test, tables)
    else:
        values = table_tests.STATISTICS[figure.test](*tables)
        values = np.sqrt(values) if figure.test in table_tests.BY_Z else values
    scaled = np.floor(np.abs(values) * unit + 0.5) * np.sign(values)
    known = np.where(np.isfinite(scaled) & (np.abs(scaled) < _INFINITE), scaled, 0.0).astype(np.int64)
    return np.where(np.isnan(values), _UNDEFINED, np.where(np.isfinite(values), known, _INFINITE))


def _fits(parts: tuple[IntArray, IntArray], unit: int) -> bool:
    return 2 * unit * int(np.max(np.abs(parts[0]), initial=0)) + int(np.max(parts[1], initial=0)) < 2**63


def _digits_of_fraction(numerator: IntArray, denominator: IntArray, unit: int) -> NDArray[np.int64]:
    safe = np.maximum(denominator, 1)
    digits = (2 * unit * np.abs(numerator) + safe) // (2 * safe) * np.sign(numerator)
    return np.where(denominator > 0, digits, np.where(numerator == 0, _UNDEFINED, _INFINITE))
