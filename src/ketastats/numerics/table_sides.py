"""p-values of 2x2 tables by test and alternative: over arrays, and of one table against an edge.

A test that is not defined for a table (a chi-square without events, or with nothing else) gives NaN.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from . import conditional_tests, exact_tests, table_tests, unconditional, unconditional_digits, unconditional_solve

__all__ = ["ALTERNATIVES", "CONDITIONAL", "TESTS", "UNCONDITIONAL", "compare_pvalue", "pvalue", "ranks", "signed_z"]

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

ALTERNATIVES = ("two-sided", "greater", "less")
CONDITIONAL = conditional_tests.TESTS
UNCONDITIONAL = unconditional.TESTS
#: All tests: by a statistic, exact given the margins, exact whatever the common proportion.
TESTS = (
    *table_tests.TESTS,
    *(test for test in (*table_tests.STATISTICS, *CONDITIONAL) if test not in table_tests.TESTS),
    *UNCONDITIONAL,
)


def signed_z(test: str, x1: IntArray, n1: IntArray, x2: IntArray, n2: IntArray) -> FloatArray:
    """Return the root of the statistic, positive where group 1 has the higher rate."""
    z = np.sqrt(table_tests.STATISTICS[test](x1, n1, x2, n2))
    return np.asarray(np.copysign(z, x1 * n2 - x2 * n1))


def pvalue(test: str, alternative: str, x1: IntArray, n1: IntArray, x2: IntArray, n2: IntArray) -> FloatArray:
    """Return the p-value of each table."""
    if test in UNCONDITIONAL:
        return unconditional.pvalue(test, alternative, 0.0, x1, n1, x2, n2)[0]
    if alternative == "two-sided" and test in table_tests.TESTS:
        return table_tests.pvalue(test, x1, n1, x2, n2)
    if test in CONDITIONAL:
        return conditional_tests.pvalue(test, alternative, x1, n1, x2, n2)
    if alternative == "two-sided":
        return table_tests.chi_square_sf(table_tests.STATISTICS[test](x1, n1, x2, n2))
    z = signed_z(test, x1, n1, x2, n2)
    return np.asarray(ndtr(-z if alternative == "greater" else z))


def compare_pvalue(test: str, alternative: str, x1: int, n1: int, x2: int, n2: int, edge: Fraction) -> int:
    """Return -1, 0 or 1 as the p-value of one table is below, at or above `edge`, without rounding error."""
    if test in UNCONDITIONAL:
        return unconditional_digits.compare_pvalue(test, alternative, (x1, n1, x2, n2), edge)
    return exact_tests.compare_pvalue(test, x1, n1, x2, n2, edge, alternative)


def ranks(
    test: str, alternative: str, values: Sequence[float], x1: IntArray, n1: IntArray, x2: IntArray, n2: IntArray
) -> IntArray:
    """Return how many ascending values lie at or below the unconditional p-value of each table."""
    return unconditional_solve.ranks(test, alternative, values, x1, n1, x2, n2)
