"""Tests of single tables with several rows and columns against an edge, decided without rounding error."""

from __future__ import annotations

from decimal import Context, Decimal, localcontext
from fractions import Fraction
from math import factorial, prod

import numpy as np
from numpy.typing import NDArray

from . import rxc
from .rxc_grow import tables
from .tail_digits import compare_tail, tail

IntArray = NDArray[np.int64]

# Logarithms of fractions are transcendental, so that growing precision ends the search; this is far past any need.
_PRECISIONS = (40, 120, 400)
_TIE = 10**7


def compare_pvalue(test: str, cells: IntArray, edge: Fraction) -> int:
    """Return -1, 0 or 1 as the p-value of a table is below, at or above `edge`."""
    df = Fraction(rxc.degrees_of_freedom(test, (cells.shape[0], cells.shape[1])))
    if test == "fisher":
        exact = fisher_pvalue(cells)
        return (exact > edge) - (exact < edge)
    if test != "lr":
        return compare_tail("chi2", exact_statistic(test, cells), df, Fraction(0), edge)
    if edge <= 0:
        return 1
    if df == 2:
        likelihood = lr_tail_of_two(cells)
        return (likelihood > edge) - (likelihood < edge)
    for digits in _PRECISIONS:
        value = lr_statistic(cells, digits + 20)
        if value <= 0:
            return 1 if edge < 1 else -int(edge > 1)
        found = Fraction(tail("chi2", value, df, Fraction(0), digits))
        if abs(found - edge) * 10 ** (digits - 10) > edge:
            return 1 if found > edge else -1
    return 0


def compare_statistic(test: str, cells: IntArray, edge: Fraction) -> int:
    """Return -1, 0 or 1 as the chi-square of a table is below, at or above `edge`."""
    if test != "lr":
        exact = exact_statistic(test, cells)
        return (exact > edge) - (exact < edge)
    for digits in _PRECISIONS:
        value = lr_statistic(cells, digits)
        if abs(value - edge) * 10 ** (digits - 15) > abs(edge):
            return 1 if value > edge else -1
    return 0


def compare_cramers_v(cells: IntArray, edge: Fraction) -> int:
    """Return -1, 0 or 1 as Cramer's V of a table is below, at or above `edge`."""
    if edge < 0:
        return 1
    square = pearson_statistic(cells) / int(cells.sum() * (min(cells.shape) - 1))
    return (square > edge * edge) - (square < edge * edge)


def exact_statistic(test: str, cells: IntArray) -> Fraction:
    """Return a chi-square that is a fraction: Pearson's, or that of a trend."""
    if test == "pearson":
        return pearson_statistic(cells)
    between, squares1, squares2, people = (int(part[0]) for part in rxc.trend_sums(cells[None]))
    return Fraction((people - 1 if test == "linear" else people) * between**2, squares1 * squares2)


def pearson_statistic(cells: IntArray) -> Fraction:
    """Return Pearson's chi-square as a fraction."""
    rows, columns, people = _margins(cells)
    squares = Fraction(0)
    for i, row in enumerate(rows):
        for j, column in enumerate(columns):
            squares += Fraction(int(cells[i, j]) ** 2, row * column)
    return (squares - 1) * people


def lr_statistic(cells: IntArray, digits: int) -> Fraction:
    """Return the likelihood-ratio chi-square to about `digits` digits after the point."""
    rows, columns, people = _margins(cells)
    # With every cell as expected all logarithms cancel, but their digits do not quite.
    if all(int(cells[i, j]) * people == row * column for i, row in enumerate(rows) for j, column in enumerate(columns)):
        return Fraction(0)
    with localcontext(Context(prec=digits + 2 * len(str(people)) + 20)):
        total = Decimal(0)
        for i, row in enumerate(rows):
            for j, column in enumerate(columns):
                number = int(cells[i, j])
                if number:
                    total += 2 * number * (Decimal(number * people) / Decimal(row * column)).ln()
        return Fraction(total)


def lr_tail_of_two(cells: IntArray) -> Fraction:
    """Return the p of the likelihood ratio with two degrees of freedom, exp(-G/2), which is a fraction."""
    rows, columns, people = _margins(cells)
    product = Fraction(1)
    for i, row in enumerate(rows):
        for j, column in enumerate(columns):
            number = int(cells[i, j])
            product *= Fraction(row * column, people * number) ** number if number else 1
    return product


def fisher_pvalue(cells: IntArray) -> Fraction:
    """Return the Fisher-Freeman-Halton p: all tables no likelier than this one, ties within 1e-7 counted as equal."""
    rows, columns, _ = _margins(cells)
    whole = prod(map(factorial, rows))
    observed = _weight(cells, whole)
    tail_sum = everything = 0
    for _, found in tables(np.array([rows]), np.array([columns])):
        for other in found:
            weight = _weight(other, whole)
            everything += weight
            tail_sum += weight if weight * _TIE <= observed * (_TIE + 1) else 0
    return Fraction(tail_sum, everything)


def _weight(cells: IntArray, whole: int) -> int:
    # A product of multinomial coefficients, so that the division leaves no rest.
    return whole // prod(map(factorial, cells.ravel().tolist()))


def _margins(cells: IntArray) -> tuple[list[int], list[int], int]:
    rows, columns = cells.sum(axis=1).tolist(), cells.sum(axis=0).tolist()
    return rows, columns, sum(rows)
