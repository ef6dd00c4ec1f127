"""p-values of printed tests: t, z, r, F and chi-squared in one array, over boxes of what was rounded."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product

import numpy as np
from numpy.typing import NDArray
from scipy import special

__all__ = ["CHI2", "FAMILIES", "F", "R", "T", "ends", "overlap", "pvalue"]

Array = NDArray[np.float64]
Bools = NDArray[np.bool_]
Codes = NDArray[np.int64]
#: Rows, and for each of them the degrees of freedom, to a value.
Function = Callable[[Codes, Array, Array], Array]

#: Families of tests; z is t with infinitely many degrees of freedom, Q is chi-squared.
FAMILIES = ("t", "r", "F", "chi2")
T, R, F, CHI2 = range(4)

# A float p this close to an edge, in parts of the edge, does not say on which side it lies.
_NEAR = 1e-8
_TINY = 1e-290
_GOLDEN = 0.5 * (np.sqrt(5.0) - 1.0)
_STEPS = 45
_ROUNDS = 3


def pvalue(family: Codes, statistic: Array, df1: Array, df2: Array) -> Array:
    """Return the two-sided p of t and r, and the upper p of F and chi-squared, of statistics of at least 0.

    t and r take `df2`, chi-squared takes `df1`; one-dimensional arrays of one length.
    """
    out = np.empty(statistic.shape)
    for code, function in enumerate((_two_sided_t, _two_sided_r, _upper_f, _upper_chi2)):
        at = np.nonzero(family == code)[0]
        if at.size:
            out[at] = function(statistic[at], df1[at], df2[at])
    return out


def _two_sided_t(t: Array, _: Array, df: Array) -> Array:
    out = 2.0 * special.stdtr(df, -t)
    endless = np.nonzero(np.isinf(df))[0]
    out[endless] = special.erfc(np.minimum(t[endless], 100.0) * np.sqrt(0.5))
    return np.asarray(out)


def _two_sided_r(r: Array, _: Array, df: Array) -> Array:
    size = np.minimum(r, 1.0)
    return np.asarray(special.betainc(0.5 * df, 0.5, (1.0 - size) * (1.0 + size)))


def _upper_f(f: Array, df1: Array, df2: Array) -> Array:
    with np.errstate(invalid="ignore"):
        p = special.fdtrc(df1, df2, f)
        endless = np.nonzero(np.isinf(df2))[0]
        p[endless] = special.chdtrc(df1[endless], df1[endless] * f[endless])
    return np.where(np.isinf(f), 0.0, p)


def _upper_chi2(x: Array, df: Array, _: Array) -> Array:
    return np.where(np.isinf(x), 0.0, special.chdtrc(df, x))


def ends(
    family: Codes, low: Array, high: Array, df1: tuple[Array, Array], df2: tuple[Array, Array]
) -> tuple[Array, Array, Array, Array]:
    """Return the smallest and the largest p over boxes of statistic and degrees of freedom.

    Parameters
    ----------
    family, low, high : ndarray
        Families and the ends of the absolute statistics.
    df1, df2 : pair of ndarray
        Smallest and largest degrees of freedom.

    Returns
    -------
    least, most : ndarray
        p at the ends; p falls as the statistic grows, so the first belongs to `high`.
    at_least, at_most : ndarray, shape (2, rows)
        Degrees of freedom at which they are reached.
    """
    # More degrees of freedom make the tail of t and r shorter and that of chi-squared longer; F goes both ways.
    longer, shorter = np.stack([df1[1], df2[0]]), np.stack([df1[0], df2[1]])
    least, most = pvalue(family, high, *shorter), pvalue(family, low, *longer)
    at_least, at_most = shorter, longer
    for end, sign, value, place in ((low, 1.0, most, at_most), (high, -1.0, least, at_least)):
        # From F = 1 on, its tail too is the shorter the more degrees of freedom the denominator has.
        unclear = (df1[0] < df1[1]) | ((df2[0] < df2[1]) & (end < 1.0))
        box = np.nonzero((family == F) & unclear)[0]
        if box.size:
            value[box], place[:, box] = _over_boxes(end[box], sign, df1, df2, box)
    return least, most, at_least, at_most


def _over_boxes(
    statistic: Array, sign: float, df1: tuple[Array, Array], df2: tuple[Array, Array], box: Codes
) -> tuple[Array, Array]:
    """Return the largest p of F over boxes of degrees of freedom, or the smallest if `sign` is -1, and where it is."""
    limits = [(low[box], high[box]) for low, high in (df1, df2)]
    found, place = _largest(lambda at, a, b: sign * _upper_f(statistic[at], a, b), limits)
    return sign * found, place


def _largest(p: Function, limits: list[tuple[Array, Array]]) -> tuple[Array, Array]:
    """Return the largest value over boxes of degrees of freedom, and where: at a corner unless p turns inside."""
    sides = [k for k, (low, high) in enumerate(limits) if np.any(low < high)]
    rows = np.arange(limits[0][0].size)
    corners = list(product(*(limits[k] if k in sides else limits[k][:1] for k in (0, 1))))
    values = np.stack([p(rows, *corner) for corner in corners])
    best = np.argmax(values, axis=0)
    place = np.stack([np.stack([corner[k] for corner in corners])[best, rows] for k in (0, 1)])
    value = values[best, rows]
    turns = np.nonzero(_turns(p, limits, sides))[0]
    if turns.size:
        inside = [(low[turns], high[turns]) for low, high in limits]
        for _ in range(_ROUNDS if len(sides) > 1 else 1):
            for k in sides:
                value[turns], place[:, turns] = _search(p, turns, inside[k], value[turns], place[:, turns], k)
    return value, place


def _turns(p: Function, limits: list[tuple[Array, Array]], sides: list[int]) -> Bools:
    """Whether p does not rise, or does not fall, all the way along a side of the box."""
    rows = np.arange(limits[0][0].size)
    found = np.zeros(rows.shape, dtype=bool)
    for k in sides:
        low, high = limits[k]
        step = 1e-3 * (high - low)
        for other in limits[1 - k] if 1 - k in sides else limits[1 - k][:1]:
            first, after, before, last = (
                p(rows, *((value, other) if k == 0 else (other, value)))
                for value in (low, low + step, high - step, high)
            )
            # What the first step from either end does the whole side must do.
            found |= ((after - first) * (last - first) < 0) | ((before - last) * (first - last) < 0)
    return found


def _search(
    p: Function, rows: Codes, limits: tuple[Array, Array], value: Array, place: Array, k: int
) -> tuple[Array, Array]:
    """Improve one coordinate by golden sections."""

    def at(x: Array) -> Array:
        return p(rows, x, place[1]) if k == 0 else p(rows, place[0], x)

    low, high = limits
    x1, x2 = high - _GOLDEN * (high - low), low + _GOLDEN * (high - low)
    f1, f2 = at(x1), at(x2)
    for _ in range(_STEPS):
        left = f1 >= f2
        high, low = np.where(left, x2, high), np.where(left, low, x1)
        fresh = np.where(left, high - _GOLDEN * (high - low), low + _GOLDEN * (high - low))
        f_new = at(fresh)
        x1, x2 = np.where(left, fresh, x2), np.where(left, x1, fresh)
        f1, f2 = np.where(left, f_new, f2), np.where(left, f1, f_new)
    found = np.maximum(f1, f2)
    better = found > value
    place = place.copy()
    place[k] = np.where(better, np.where(f1 >= f2, x1, x2), place[k])
    return np.where(better, found, value), place


def overlap(least: Array, most: Array, low: Array, high: Array) -> tuple[Bools, Bools, Bools]:
    """Return whether two ranges of p meet, and where the floats at the lower and at the upper edge cannot tell.

    `least` to `most` is what the statistic gives, `low` to `high` what was printed; edges outside 0 to 1 never are in
    doubt, nor infinite ones.
    """
    above, below = most >= low, least <= high
    near_low = (np.abs(most - low) <= _NEAR * np.abs(low)) & (low > 0)
    near_high = (np.abs(least - high) <= _NEAR * np.abs(high)) & (high > 0) & np.isfinite(high)
    # Towards the smallest floats all p are alike.
    near_low |= (low > 0) & (low < _TINY) & (most < _TINY)
    near_high |= (high > 0) & (high < _TINY) & (least < _TINY)
    return above & below, near_low & (below | near_high), near_high & (above | near_low)
