"""More closed-form intervals of ratios of rates and odds, and the statistics that they invert.

As in `rates`: a `table` is a tuple of flat float arrays x1, n1, x2, n2; where the interval at the normal quantile `z`
ends, the statistic of that null value is `z` or `-z`. Where a method needs a count that is zero, its interval is from 0
to infinity and its statistic 0.
"""

from __future__ import annotations

import numpy as np

from .chandrupatla import FloatArray, IndexArray, find_roots
from .rates import Ends, Measure, sample_ratio, wilson_interval
from .score import BoolArray, Table

__all__ = ["asinh_interval", "asinh_zscore", "mover_interval", "mover_zscore", "smoothed_interval", "smoothed_zscore"]

#: Beyond 40 standard deviations the normal tail is below the smallest float.
_FAR = 40.0


def _cells(table: Table) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    x1, n1, x2, n2 = table
    return x1, n1 - x1, x2, n2 - x2


def _pieces(table: Table, measure: Measure, added: float, more: float) -> tuple[FloatArray, FloatArray]:
    """Return the log ratio with `added` to each cell and its standard error with `more`; the error may be infinite."""
    a, b, c, d = _cells(table)
    with np.errstate(divide="ignore", invalid="ignore"):
        if measure == "ratio":
            variance = b / (table[1] * a) + d / (table[3] * c)
            return np.log(sample_ratio(table, measure)), np.sqrt(variance)
        log_ratio = np.log((a + added) / (c + added)) + np.log((d + added) / (b + added))
        return log_ratio, np.sqrt(sum(1.0 / (cell + more) for cell in (a, b, c, d)))


def _log_ends(centre: FloatArray, reach: FloatArray) -> Ends:
    known = np.isfinite(centre) & np.isfinite(reach)
    middle, half = np.where(known, centre, 0.0), np.where(known, reach, 0.0)
    with np.errstate(over="ignore"):
        return np.where(known, np.exp(middle - half), 0.0), np.where(known, np.exp(middle + half), np.inf)


def _log_zscore(centre: FloatArray, error: FloatArray, null: FloatArray, *, curved: bool) -> FloatArray:
    known = np.isfinite(centre) & np.isfinite(error)
    inside = known & (null > 0) & (null < np.inf)
    distance = np.where(known, centre, 0.0) - np.log(np.where(inside, null, 1.0))
    distance = 2.0 * np.sinh(0.5 * distance) if curved else distance
    error = np.where(known, error, 1.0)
    # A ratio of rates without any failures is 1 without error.
    with np.errstate(divide="ignore", invalid="ignore"):
        score = np.where(distance == 0, 0.0, distance / error)
    low = np.where(known | (null < 0), np.inf, 0.0)
    return np.where(inside, score, np.where(null <= 0, low, np.where(known & (null == np.inf), -np.inf, 0.0)))


def asinh_interval(table: Table, z: float, *, measure: Measure, added: float = 0.0, more: float = 0.0) -> Ends:
    """Return the inverse sinh interval: log ratio plus and minus 2 asinh(z SE / 2); Newcombe 2001."""
    centre, error = _pieces(table, measure, added, more)
    return _log_ends(centre, 2.0 * np.arcsinh(0.5 * z * error))


def asinh_zscore(
    table: Table, null: FloatArray, *, measure: Measure, added: float = 0.0, more: float = 0.0
) -> FloatArray:
    """Return 2 sinh(half the distance on the log scale) over the standard error."""
    return _log_zscore(*_pieces(table, measure, added, more), null, curved=True)


def _smoothed(table: Table) -> tuple[FloatArray, FloatArray]:
    """Return the log odds ratio and its error with what independence expects of two people added; Agresti 1999."""
    a, b, c, d = _cells(table)
    n1, n2 = table[1], table[3]
    share = 2.0 / np.square(n1 + n2)
    smooth = [
        cell + share * row * column
        for cell, row, column in ((a, n1, a + c), (b, n1, b + d), (c, n2, a + c), (d, n2, b + d))
    ]
    # Without events, or without failures, two cells stay empty and the table says nothing.
    with np.errstate(divide="ignore", invalid="ignore"):
        error = np.sqrt(sum(1.0 / cell for cell in smooth))
        return np.log(smooth[0] / smooth[2]) + np.log(smooth[3] / smooth[1]), error


def smoothed_interval(table: Table, z: float) -> Ends:
    """Return the logit interval of the odds ratio, smoothed towards independence."""
    centre, error = _smoothed(table)
    return _log_ends(centre, z * error)


def smoothed_zscore(table: Table, null: FloatArray) -> FloatArray:
    """Return the distance on the log scale over the standard error, both smoothed towards independence."""
    return _log_zscore(*_smoothed(table), null, curved=False)


# --------------------------------------------------------------------------------------------------------------- MOVER
def _single(x: FloatArray, n: FloatArray, z: float | FloatArray, measure: Measure) -> tuple[FloatArray, ...]:
    """Return rate or odds of one group and the distances to the ends of its Wilson interval."""
    low, high = wilson_interval((x, n), z)
    point = x / n
    if measure == "ratio":
        return point, point - low, high - point
    rest, above, below = (n - x) / n, 1.0 - low, 1.0 - high
    return point / rest, (point - low) / (rest * above), (high - point) / (rest * below)


def _known(table: Table, measure: Measure) -> BoolArray:
    a, b, c, d = _cells(table)
    if measure == "ratio":
        return np.asarray(a + c > 0)
    return np.asarray((a > 0) & (b > 0) & (c > 0) & (d > 0))


def _mover_low(table: Table, z: float | FloatArray, measure: Measure) -> FloatArray:
    """Return the ratio at which the distance of group 1 from it times group 2 equals the two margins of error."""
    x1, n1, x2, n2 = table
    point1, down, _ = _single(x1, n1, z, measure)
    point2, _, up = _single(x2, n2, z, measure)
    # The quadratic A t^2 - 2 p1 p2 t + C = 0; this root, without cancellation, is the smaller or the positive one.
    first, last = (point2 - up) * (point2 + up), (point1 - down) * (point1 + down)
    product = point1 * point2
    with np.errstate(divide="ignore", invalid="ignore"):
        low = last / (product + np.sqrt(np.maximum(product * product - first * last, 0.0)))
    return np.where(last > 0, low, 0.0)


def _exchanged(table: Table) -> Table:
    x1, n1, x2, n2 = table
    return x2, n2, x1, n1


def _safe(table: Table, known: BoolArray) -> Table:
    """Return the table, with one event of two where there is nothing to compute."""
    x1, n1, x2, n2 = table
    return np.where(known, x1, 1.0), np.where(known, n1, 2.0), np.where(known, x2, 1.0), np.where(known, n2, 2.0)


def mover_interval(table: Table, z: float, *, measure: Measure) -> Ends:
    """Return the ends that square and add margins of error of two Wilson intervals (MOVER-R); Donner & Zou 2012."""
    known = _known(table, measure)
    safe = _safe(table, known)
    low = _mover_low(safe, z, measure)
    with np.errstate(divide="ignore"):
        high = 1.0 / _mover_low(_exchanged(safe), z, measure)
    return np.where(known, low, 0.0), np.where(known, high, np.inf)


def mover_zscore(table: Table, null: FloatArray, *, measure: Measure) -> FloatArray:
    """Return the normal quantile at which an end of the interval reaches `null`."""
    known = _known(table, measure)
    safe = _safe(table, known)
    point = sample_ratio(safe, measure)
    above = null > point
    x1, n1, x2, n2 = (np.where(above, other, own) for own, other in zip(safe, _exchanged(safe), strict=True))
    with np.errstate(divide="ignore"):
        target = np.where(above, np.where(null > 0, 1.0 / null, 0.0), null)
    limit = np.clip(target, 0.0, np.finfo(np.float64).max)

    def gap(z: FloatArray, rows: IndexArray) -> FloatArray:
        point1, down, _ = _single(x1[rows], n1[rows], z, measure)
        point2, _, up = _single(x2[rows], n2[rows], z, measure)
        # Where both are zero or infinite the quotient says nothing, and the ends settle it.
        with np.errstate(over="ignore", invalid="ignore"):
            reach = np.hypot(down, limit[rows] * up)
            distance = np.abs(point1 - limit[rows] * point2)
            value = (reach - distance) / (reach + distance)
        return np.where(np.isnan(value), 0.0, value)

    rows = np.arange(limit.size)
    far = gap(np.full_like(limit, _FAR), rows)
    z = find_roots(gap, (np.zeros_like(limit), np.full_like(limit, _FAR)), (np.full_like(limit, -1.0), far))
    z = np.where(far < 0, np.inf, z)
    # No interval holds a ratio below 0, and each one without events reaches 0, each one without them below infinity.
    z = np.where((target < 0) | ((target == 0) & (x1 > 0)), np.inf, np.where(target == 0, 0.0, z))
    value = np.where(null == point, 0.0, np.where(above, -z, z))
    return np.where(known, value, np.where(null < 0, np.inf, 0.0))
