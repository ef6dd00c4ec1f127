"""Single numbers that are printed of 2x2 tables: forwards over arrays, exactly for one table, and solved for `x2`.

Counts are ``int64`` arrays of one shape or Python ints: `x1` events among `n1` people, `x2` among `n2`. In the words of
a confusion matrix group 1 are the people with the condition and the event is a positive test: `x1` true positives,
`x2` false positives.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import inf
from typing import Any

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

#: The smallest and the largest value of each measure.
BOUNDS: dict[str, tuple[float, float]] = {
    "rate1": (0.0, 1.0),
    "rate2": (0.0, 1.0),
    "rate": (0.0, 1.0),
    "risk_difference": (-1.0, 1.0),
    "risk_ratio": (0.0, inf),
    "odds_ratio": (0.0, inf),
    "phi": (-1.0, 1.0),
    "yule_q": (-1.0, 1.0),
    "yule_y": (-1.0, 1.0),
    "specificity": (0.0, 1.0),
    "ppv": (0.0, 1.0),
    "npv": (0.0, 1.0),
    "accuracy": (0.0, 1.0),
    "f1": (0.0, 1.0),
    "fowlkes_mallows": (0.0, 1.0),
    "balanced_accuracy": (0.0, 1.0),
    "negative_likelihood_ratio": (0.0, inf),
    "prevalence": (0.0, 1.0),
}
#: Measures that are the same for both ways to call the groups 1 and 2.
UNDIRECTED = ("rate",)
#: Measures that change only their sign when the groups are exchanged.
SIGNED = ("risk_difference", "phi", "yule_q", "yule_y")

# Numerator and denominator of those that are fractions of whole numbers. Both stay below 2**63 up to 10**9 people.
_FRACTIONS: dict[str, Callable[[Any, Any, Any, Any], tuple[Any, Any]]] = {
    "rate1": lambda x1, n1, x2, n2: (x1, n1 + 0 * x2),  # noqa: ARG005 - every measure takes the whole table
    "rate2": lambda x1, n1, x2, n2: (x2, n2 + 0 * x1),  # noqa: ARG005 - same
    "rate": lambda x1, n1, x2, n2: (x1 + x2, n1 + n2),
    "risk_difference": lambda x1, n1, x2, n2: (x1 * n2 - x2 * n1, n1 * n2),
    "risk_ratio": lambda x1, n1, x2, n2: (x1 * n2, x2 * n1),
    "odds_ratio": lambda x1, n1, x2, n2: (x1 * (n2 - x2), x2 * (n1 - x1)),
    "yule_q": lambda x1, n1, x2, n2: (x1 * (n2 - x2) - x2 * (n1 - x1), x1 * (n2 - x2) + x2 * (n1 - x1)),
    "specificity": lambda x1, n1, x2, n2: (n2 - x2, n2 + 0 * x1),  # noqa: ARG005 - same
    "ppv": lambda x1, n1, x2, n2: (x1, x1 + x2),  # noqa: ARG005 - same
    "npv": lambda x1, n1, x2, n2: (n2 - x2, n1 - x1 + n2 - x2),
    "accuracy": lambda x1, n1, x2, n2: (x1 + n2 - x2, n1 + n2),
    "f1": lambda x1, n1, x2, n2: (2 * x1, n1 + x1 + x2),  # noqa: ARG005 - same
    "balanced_accuracy": lambda x1, n1, x2, n2: (n1 * n2 + x1 * n2 - x2 * n1, 2 * n1 * n2),
    "negative_likelihood_ratio": lambda x1, n1, x2, n2: ((n1 - x1) * n2, (n2 - x2) * n1),
    "prevalence": lambda x1, n1, x2, n2: (n1 + 0 * x1, n1 + n2 + 0 * x2),
}


def fraction(measure: str, x1: Any, n1: Any, x2: Any, n2: Any) -> tuple[Any, Any] | None:
    """Return numerator and denominator as whole numbers; None for a measure that is no fraction of counts."""
    return _FRACTIONS[measure](x1, n1, x2, n2) if measure in _FRACTIONS else None


def share(measure: str, x1: Any, n1: Any, x2: Any, n2: Any) -> tuple[Any, Any]:
    """Return the people that a measure counts and all among whom it counts them, for one that is such a share."""
    return _FRACTIONS[measure](x1, n1, x2, n2)


def value(measure: str, x1: Any, n1: Any, x2: Any, n2: Any) -> FloatArray:
    """Return a measure of each table; NaN where it is not defined (0/0), infinite where it has no bound."""
    with np.errstate(divide="ignore", invalid="ignore"):
        parts = fraction(measure, x1, n1, x2, n2)
        if parts is not None:
            return np.asarray(np.true_divide(*parts))
        a, n, c, m = (np.asarray(count, dtype=np.float64) for count in (x1, n1, x2, n2))
        if measure == "phi":
            determinant = np.asarray(x1 * n2 - x2 * n1, dtype=np.float64)
            return np.asarray(determinant / (np.sqrt(n * m) * np.sqrt((a + c) * (n - a + m - c))))
        if measure == "fowlkes_mallows":
            return np.asarray(a / np.sqrt((a + c) * n))
        # The difference of the roots of both products, over their sum, without cancellation.
        root1, root2 = np.sqrt(a * (m - c)), np.sqrt(c * (n - a))
        numerator = np.asarray(x1 * (n2 - x2) - x2 * (n1 - x1), dtype=np.float64)
        return np.asarray(numerator / (root1 + root2) ** 2)


def compare(measure: str, x1: int, n1: int, x2: int, n2: int, edge: Fraction) -> int | None:
    """Return -1, 0 or 1 as the measure of one table is below, at or above `edge`, exactly; None if not defined."""
    parts = fraction(measure, x1, n1, x2, n2)
    if parts is not None:
        return _compare_fraction(*parts, edge)
    if measure == "phi":
        determinant = x1 * n2 - x2 * n1
        return _compare_root(determinant, determinant**2, n1 * n2 * (x1 + x2) * (n1 + n2 - x1 - x2), edge)
    if measure == "fowlkes_mallows":
        return _compare_root(x1, x1**2, (x1 + x2) * n1, edge)
    above, below = x1 * (n2 - x2), x2 * (n1 - x1)
    if above == below == 0:
        return None
    if not -1 <= edge < 1:
        return 1 if edge < -1 else (-1 if below or edge > 1 else 0)
    # (r - 1) / (r + 1) grows with the root r of the odds ratio.
    return _compare_fraction(above, below, ((1 + edge) / (1 - edge)) ** 2)


def _compare_fraction(numerator: int, denominator: int, edge: Fraction) -> int | None:
    if denominator == 0:
        return None if numerator == 0 else 1
    exact = Fraction(numerator, denominator)
    return (exact > edge) - (exact < edge)


def _compare_root(sign: int, square: int, denominator: int, edge: Fraction) -> int | None:
    """Compare the root of a fraction, with a sign of its own."""
    if denominator == 0:
        return None
    side, other = (sign > 0) - (sign < 0), (edge > 0) - (edge < 0)
    if side != other or side == 0:
        return (side > other) - (side < other)
    exact = Fraction(square, denominator)
    return side * ((exact > edge * edge) - (exact < edge * edge))


def _odds(ratio: Any, x1: FloatArray, n1: FloatArray, n2: FloatArray) -> FloatArray:
    return np.asarray(n2 * x1 / (x1 + ratio * (n1 - x1)))


_SOLUTIONS: dict[str, Callable[[float, FloatArray, FloatArray, FloatArray], Any]] = {
    "risk_difference": lambda v, x1, n1, n2: n2 * (x1 / n1 - v),
    "risk_ratio": lambda v, x1, n1, n2: x1 * n2 / (n1 * v),
    "odds_ratio": _odds,
    "yule_q": lambda v, x1, n1, n2: _odds(np.divide(1.0 + v, 1.0 - v), x1, n1, n2),
    "yule_y": lambda v, x1, n1, n2: _odds(np.square(np.divide(1.0 + v, 1.0 - v)), x1, n1, n2),
    "ppv": lambda v, x1, n1, n2: x1 * (1.0 - v) / v,  # noqa: ARG005 - every solution takes the same arguments
    "npv": lambda v, x1, n1, n2: (n2 - v * (n1 - x1 + n2)) / (1.0 - v),
    "accuracy": lambda v, x1, n1, n2: x1 + n2 - v * (n1 + n2),
    "f1": lambda v, x1, n1, n2: 2.0 * x1 / v - n1 - x1,  # noqa: ARG005 - same
    "balanced_accuracy": lambda v, x1, n1, n2: n2 * (x1 / n1 - (2.0 * v - 1.0)),
    "fowlkes_mallows": lambda v, x1, n1, n2: x1 * x1 / (v * v * n1) - x1,  # noqa: ARG005 - same
}
#: Measures that, for fixed `x1` and group sizes, fall as `x2` grows, and can be solved for it.
SOLVABLE = tuple(_SOLUTIONS)
_SLACK = 1e-6


def x2_range(
    measure: str, low: float, high: float, x1: FloatArray, n1: FloatArray, n2: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Return the first and last `x2` of each row at which a measure can lie between two values.

    Parameters
    ----------
    measure : str
        One of `SOLVABLE`.
    low, high : float
        Values within the bounds of the measure.
    x1, n1, n2 : ndarray of float64, shape (rows,)
        Events in group 1 and group sizes.

    Returns
    -------
    first, last : ndarray of float64, shape (rows,)
        Whole numbers, possibly infinite; the net is slightly wide, so that what it holds must be checked.
    """
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        last = np.asarray(_SOLUTIONS[measure](np.float64(low), x1, n1, n2))
        first = np.asarray(_SOLUTIONS[measure](np.float64(high), x1, n1, n2))
    slack = _SLACK * (1.0 + 1e-3 * np.sqrt(n2))
    # Where 0/0 leaves the value open, so does it leave x2.
    return np.where(np.isnan(first), -np.inf, np.ceil(first - slack)), np.where(
        np.isnan(last), np.inf, np.floor(last + slack)
    )
