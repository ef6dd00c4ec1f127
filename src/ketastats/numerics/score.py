"""Score statistics of two proportions, and the intervals that invert them.

Every measure gives two pieces: the distance of the data from the null value, and its variance at the maximum of
the likelihood under that null. Their quotient is the statistic; the interval is where the statistic stays small.
Counts are float arrays of one shape; `x` counts events among `n`.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from .chandrupatla import FloatArray, IndexArray, find_roots

__all__ = [
    "difference_pieces",
    "interval_difference",
    "interval_ratio",
    "odds_pieces",
    "ratio_pieces",
    "restricted_rates",
    "sample_difference",
    "statistic",
]

Table = tuple[FloatArray, FloatArray, FloatArray, FloatArray]
Pieces = Callable[[Table, FloatArray], tuple[FloatArray, FloatArray]]
BoolArray = NDArray[np.bool_]

# Rows that go through the root finder together: their temporaries stay in the processor's cache.
CHUNK = 16_384
# Logarithm of a ratio that no table reaches, and whose square still is a float.
_FAR = 300.0


def sample_difference(table: Table) -> FloatArray:
    """Return the difference of the observed proportions, exact where the cross products fit a float."""
    x1, n1, x2, n2 = table
    return np.asarray((x1 * n2 - x2 * n1) / (n1 * n2))


def statistic(pieces: tuple[FloatArray, FloatArray], factor: FloatArray | float = 1.0) -> FloatArray:
    """Return distance over standard deviation; `factor` multiplies the variance.

    Without variance a distance of nothing is 0 (the limit, since data and null then agree), any other is infinite.
    """
    distance, variance = pieces
    with np.errstate(divide="ignore", invalid="ignore"):
        value = distance / np.sqrt(variance * factor)
    return np.where(distance == 0, 0.0, value)


# ------------------------------------------------------------------------------------------------- risk difference
def restricted_rates(table: Table, null: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """Return p1, 1 - p1, p2, 1 - p2 that maximise the likelihood where p1 - p2 = `null`, 0 <= null <= 1.

    The lower rate u solves a cubic with one root in each gap between the poles -null, 0, 1 - null and 1 of the
    score (Miettinen & Nurminen 1985, appendix), so it is the middle one of three real roots and needs no choice of
    branch. Where two roots lie close together the closed form keeps only half the digits; Newton steps on the
    score itself, whose terms all fall, bring back the rest.
    """
    x1, n1, x2, n2 = table
    y1, y2 = n1 - x1, n2 - x2
    width = 1 - null
    pooled = (x1 + x2) / (n1 + n2)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        # Without events (or without failures) at an end the maximum may sit there; elsewhere it cannot.
        bottom = (x2 == 0) & ~(x1 / null - y1 / width - y2 > 0) | (width <= 0)
        top = (y1 == 0) & ~(x1 + x2 / width - y2 / null < 0) & ~bottom
    equal = null == 0
    inside = ~(bottom | top | equal)
    start = np.where(inside, _middle_root(table, null), 0.5 * width)
    u = _newton((x1, y1, x2, y2), null, start, inside)
    u = np.where(bottom, 0.0, np.where(top, width, u))
    u = np.where(equal, pooled, u)
    rest = np.where(equal, (y1 + y2) / (n1 + n2), width - u)
    return u + null, rest, u, np.where(equal, rest, 1 - u)


def _middle_root(table: Table, null: FloatArray) -> FloatArray:
    """Return the middle root of the cubic for the lower of the two restricted rates."""
    x1, n1, x2, n2 = table
    total, width = n1 + n2, 1 - null
    shift = -(n1 * width + x1 + (n2 + x2) * width - (n2 - x2) * null) / (3 * total)
    linear = (x1 * width - (n1 - x1) * null + x2 * (width - null * (1 + width)) - (n2 - x2) * null * width) / total
    constant = x2 * null * width / total
    p = linear - 3 * shift**2
    q = (2 * shift**2 - linear) * shift + constant
    radius = 2 * np.sqrt(np.maximum(-p, 0.0) / 3)
    with np.errstate(divide="ignore", invalid="ignore"):
        sine = np.where(radius > 0, -3 * q / (p * radius), 0.0)
    return np.asarray(radius * np.sin(np.arcsin(np.clip(sine, -1.0, 1.0)) / 3) - shift)


def _newton(cells: Table, null: FloatArray, start: FloatArray, inside: BoolArray) -> FloatArray:
    """Polish the lower restricted rate on the score; steps never leave the gap between the poles."""
    x1, y1, x2, y2 = cells
    width = 1 - null
    u = np.where((start > 0) & (start < width), start, 0.5 * width)
    for _ in range(100):
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            a, b, c, d = x1 / (u + null), y1 / (width - u), x2 / u, y2 / (1 - u)
            slope = a / (u + null) + b / (width - u) + c / u + d / (1 - u)
            step = np.where(inside, (a - b + c - d) / slope, 0.0)
        step = np.where(np.isfinite(step), step, 0.0)
        u = np.where(u + step <= 0, 0.5 * u, np.where(u + step >= width, 0.5 * (u + width), u + step))
        # The next step would be the square of this relative one.
        if np.all(np.abs(step) <= 1e-8 * np.minimum(u, width - u)):
            break
    return u


def difference_pieces(table: Table, null: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return distance and restricted variance (without N/(N-1)) of the difference p1 - p2."""
    x1, n1, x2, n2 = table
    swap = null < 0
    m1, m2 = np.where(swap, n2, n1), np.where(swap, n1, n2)
    swapped = (np.where(swap, x2, x1), m1, np.where(swap, x1, x2), m2)
    p1, q1, p2, q2 = restricted_rates(swapped, np.minimum(np.abs(null), 1.0))
    # A difference beyond -1 or 1 has no likelihood: no variance, and a distance that keeps its sign.
    return np.where(np.abs(null) > 1, -np.sign(null), sample_difference(table) - null), p1 * q1 / m1 + p2 * q2 / m2


def interval_difference(table: Table, z: float, factor: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return both ends of the score interval of the difference; `z` is the normal quantile, `factor` N/(N-1) or 1."""
    x1, n1, x2, n2 = table
    return -_upper_difference((x2, n2, x1, n1), z, factor), _upper_difference(table, z, factor)


def _upper_difference(table: Table, z: float, factor: FloatArray) -> FloatArray:
    point = sample_difference(table)
    values = np.full(point.shape, z * z), np.where(point < 1, -1.0, 0.0)
    return _invert(difference_pieces, table, z, factor, (point, np.ones_like(point)), values)


def _invert(
    pieces: Pieces,
    table: Table,
    z: float,
    factor: FloatArray,
    ends: tuple[FloatArray, FloatArray],
    values: tuple[FloatArray, FloatArray],
) -> FloatArray:
    """Solve distance**2 = z**2 variance in the given brackets, some rows at a time.

    The sum of both sides divides their difference: bounded, without poles, with the sign and root of the original.
    """
    result = np.empty_like(ends[0])
    for first in range(0, result.size, CHUNK):
        part = slice(first, first + CHUNK)
        x1, n1, x2, n2, scale = (column[part] for column in (*table, factor))

        def gap(
            null: FloatArray,
            rows: IndexArray,
            columns: tuple[FloatArray, ...] = (x1, n1, x2, n2, scale),
        ) -> FloatArray:
            a, b, c, d, e = (column[rows] for column in columns)
            distance, variance = pieces((a, b, c, d), null)
            square, variance = distance**2, variance * e
            with np.errstate(invalid="ignore"):
                value = (z * z * variance - square) / (variance + square)
            return np.where(square + variance > 0, value, z * z)

        result[part] = find_roots(gap, (ends[0][part], ends[1][part]), (values[0][part], values[1][part]))
    return result


# ------------------------------------------------------------------------------------------------ ratios of rates, odds
def ratio_pieces(table: Table, null: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return distance and restricted variance (without N/(N-1)) of the ratio p1 / p2 at a positive null.

    Koopman (1984), Biometrics 40, 513-517. The discriminant is written as a sum of terms that are never negative.
    A null below 1 is the mirror of one above: both pieces are divided by it, which leaves their quotient alone.
    """
    x1, n1, x2, n2, null, sign = _above_one(table, null)
    root = np.sqrt((null * (n1 + x2) - (n2 + x1)) ** 2 + 4 * null * (n1 - x1) * (n2 - x2))
    sum_ = null * (n1 + x2) + n2 + x1
    p2 = 2 * (x1 + x2) / (sum_ + root)
    slope = sum_ - 2 * (n1 + n2)
    excess = null - 1
    with np.errstate(divide="ignore", invalid="ignore"):
        q1 = np.where(slope > 0, 2 * (n1 - x1) * excess / (slope + root), (root - slope) / (2 * (n1 + n2)))
    p1, q2 = np.minimum(null * p2, 1.0), (excess + q1) / null
    distance = (x1 * n2 - null * x2 * n1) / (n1 * n2)
    return sign * distance, p1 * q1 / n1 + null * null * p2 * q2 / n2


def odds_pieces(table: Table, null: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return distance and restricted variance (without N/(N-1)) of the odds ratio at a positive null.

    With the margins of the table held, the null fixes its four expected cells (Cornfield 1956); the smallest of the
    cells that shrink as the odds ratio grows solves a quadratic without cancellation.
    """
    x1, n1, x2, n2, null, sign = _above_one(table, null)
    events = x1 + x2
    fewer = events <= n1
    s, t = np.where(fewer, events, n1), np.where(fewer, n2, n1 + n2 - events)
    gap = np.abs(n1 - events)
    b = null * gap + s + t
    with np.errstate(divide="ignore", invalid="ignore"):
        small = 2 * s * t / (b + np.sqrt(b * b + 4 * (null - 1) * s * t))
        small = np.where(s * t > 0, small, 0.0)
        inverse = 1 / small + 1 / (gap + small) + 1 / (s - small) + 1 / (t - small)
        variance = 1 / inverse
    # Without events, or without failures, every odds ratio fits the table.
    known = (events > 0) & (events < n1 + n2)
    distance = np.where(fewer, small - x2, small - (n1 - x1))
    return np.where(known, sign * distance, 0.0), np.where(known, variance, 0.0)


def _above_one(
    table: Table, null: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray, FloatArray, FloatArray]:
    """Exchange the groups where the null ratio is below 1, so that it is at least 1; the sign says where."""
    x1, n1, x2, n2 = table
    swap = null < 1
    return (
        np.where(swap, x2, x1),
        np.where(swap, n2, n1),
        np.where(swap, x1, x2),
        np.where(swap, n1, n2),
        np.where(swap, 1 / null, null),
        np.where(swap, -1.0, 1.0),
    )


def interval_ratio(
    pieces: Pieces, table: Table, point: FloatArray, z: float, factor: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Return both ends of the score interval of a ratio, found on the log scale; ends may be 0 or infinite."""
    x1, n1, x2, n2 = table
    with np.errstate(divide="ignore"):
        turned = _upper_ratio(pieces, (x2, n2, x1, n1), 1 / point, z, factor)
        return 1 / turned, _upper_ratio(pieces, table, point, z, factor)


def _upper_ratio(pieces: Pieces, table: Table, point: FloatArray, z: float, factor: FloatArray) -> FloatArray:
    def logarithmic(part: Table, null: FloatArray) -> tuple[FloatArray, FloatArray]:
        return pieces(part, np.exp(null))

    with np.errstate(divide="ignore"):
        low = np.clip(np.log(point), -_FAR, _FAR)
    far = np.full_like(low, _FAR)
    distance, variance = logarithmic(table, far)
    bounded = (np.isfinite(point)) & (distance**2 > z * z * variance * factor)
    values = np.full(low.shape, z * z), np.where(bounded, -1.0, 1.0)
    log_upper = _invert(logarithmic, table, z, factor, (low, far), values)
    return np.where(bounded, np.exp(log_upper), np.inf)
