"""The ranges of t, of the difference and of the SD that printed numbers leave, for many group sizes at once.

Two groups compared by Student's t-test: with ``u = sqrt(1/n1 + 1/n2)`` and ``df = n1 + n2 - 2`` the printed numbers are
functions of the difference D and the pooled SD s alone: ``t = D / (s u)``, and the limits are ``D -+ t_crit s u``.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from ...numerics import student_t
from .._sizes import IntArray
from .printed import PrintedMeans

__all__ = ["Rows", "solve", "t_of_p"]

FloatArray = NDArray[np.float64]

# Corners are compared to the lines of other printed numbers within the rounding error of their own arithmetic.
_ROUNDING_ERROR = 1e-12


@dataclass(frozen=True, slots=True)
class Rows:
    """One row per pair of group sizes, or two where the sign stays open, the negative first.

    `difference` and `sd` have one column per corner of what is possible: every limit is reached at a corner.
    """

    at: NDArray[np.intp]
    t_low: FloatArray
    t_high: FloatArray
    difference: FloatArray
    sd: FloatArray


def solve(n1: IntArray, n2: IntArray, printed: PrintedMeans) -> Rows:
    """Return every row that the printed numbers leave, in the order of the group sizes."""
    df = (n1 + n2 - 2).astype(np.float64)
    unit = np.sqrt(1.0 / n1 + 1.0 / n2)
    every = np.arange(n1.size)
    parts = []
    for low, high in _pieces(df, printed):
        at = every[low <= high]
        parts.append(_cut(at, df[at], unit[at], low[at], high[at], printed))
    order = np.argsort(np.concatenate([part.at for part in parts]), kind="stable")
    joined = {name: np.concatenate([getattr(part, name) for part in parts])[order] for name in Rows.__slots__}
    return Rows(**joined)


def _pieces(df: FloatArray, printed: PrintedMeans) -> list[tuple[FloatArray, FloatArray]]:
    """Return the ranges of t that p, t and F leave; of |t| while nothing gives the sign."""
    low, high = np.zeros_like(df), np.full_like(df, np.inf)
    if "p" in printed.numbers:
        small, large = printed.ends("p")
        low = np.maximum(low, t_of_p(large, df))
        high = np.minimum(high, t_of_p(small, df))
    small, large = printed.ends("f", 0.0)
    low, high = np.maximum(low, np.sqrt(small)), np.minimum(high, np.sqrt(large))
    if "t" not in printed.signed:
        small, large = printed.ends("t", 0.0)
        low, high = np.maximum(low, small), np.minimum(high, large)
    if not printed.sign_known:
        return [(low, high)]
    bottom, top = printed.ends("t") if "t" in printed.signed else (-np.inf, np.inf)
    # From |t| = 0 on, the negative and the positive piece are one.
    whole = low == 0
    negative = np.maximum(-high, bottom), np.where(whole, -np.inf, np.minimum(-low, top))
    positive = np.maximum(np.where(whole, -high, low), bottom), np.minimum(high, top)
    return [negative, positive]


def t_of_p(p: float, df: FloatArray) -> FloatArray:
    """Return the |t| whose two-sided p-value is `p`."""
    if p <= 0:
        return np.full_like(df, np.inf)
    return np.abs(student_t.isf(0.5 * p, df))


def _cut(
    at: NDArray[np.intp], df: FloatArray, unit: FloatArray, low: FloatArray, high: FloatArray, printed: PrintedMeans
) -> Rows:
    """Return the rows that the interval and the SD leave of a range of t."""
    sd_low, sd_high = printed.ends("sd", 0.0)
    if "ci" not in printed.numbers:
        t = np.stack([low, low, high, high], axis=1)
        sd = np.broadcast_to([sd_low, sd_high, sd_low, sd_high], t.shape)
        with np.errstate(invalid="ignore"):
            difference = t * sd * unit[:, None]
        # No t at all is no difference, whatever the SD; and an unbounded t leaves any difference.
        difference = np.where(t == 0, 0.0, np.where(np.isinf(t), t, difference))
        return Rows(at, low, high, difference, np.array(sd))
    critical = student_t.isf(0.5 * (1.0 - printed.level), df)
    reach = critical * unit
    lines = _lines(printed.limits("ci"), reach * sd_low, reach * sd_high, low / critical, high / critical)
    centre, half = _corners(lines)
    keep = ~np.isnan(centre[:, 0])
    at, centre, half, critical, unit = at[keep], centre[keep], half[keep], critical[keep], unit[keep]
    with np.errstate(divide="ignore", invalid="ignore"):
        t = centre / half * critical[:, None]
    # A corner without difference and without spread has no t of its own; its neighbours have.
    t_low = np.max([np.nanmin(t, axis=1, initial=np.inf), low[keep]], axis=0)
    t_high = np.min([np.nanmax(t, axis=1, initial=-np.inf), high[keep]], axis=0)
    return Rows(at, t_low, t_high, centre, half / (critical * unit)[:, None])


def _lines(
    ends: tuple[float, ...], half_low: FloatArray, half_high: FloatArray, ratio_low: FloatArray, ratio_high: FloatArray
) -> FloatArray:
    """Return the lines ``a centre + b half >= c`` as an array of shape (rows, lines, 3), each (a, b) of length one.

    `ends` bound the lower and the upper limit. The limits are centre minus and plus half, and the ratio of centre to
    half is that of t to its critical value.
    """
    root = np.sqrt(0.5)
    zero, one = np.zeros_like(half_low), np.ones_like(half_low)
    rows = [
        (root * one, -root * one, root * ends[0] * one),
        (-root * one, root * one, -root * ends[1] * one),
        (root * one, root * one, root * ends[2] * one),
        (-root * one, -root * one, -root * ends[3] * one),
        (zero, one, half_low),
        (zero, -one, -half_high),
        # Infinite ratios turn into the line half >= 0.
        (np.cos(np.arctan(ratio_low)), -np.sin(np.arctan(ratio_low)), zero),
        (-np.cos(np.arctan(ratio_high)), np.sin(np.arctan(ratio_high)), zero),
    ]
    return np.stack([np.stack(row, axis=-1) for row in rows], axis=1)


def _corners(lines: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the corners of the convex region within the lines, one column each; NaN in rows that have none.

    Each corner is where two lines meet within all others; columns that are no corner repeat the first that is.
    """
    first, second = np.array(list(combinations(range(lines.shape[1]), 2))).T
    a1, b1, c1 = np.moveaxis(lines[:, first], -1, 0)
    a2, b2, c2 = np.moveaxis(lines[:, second], -1, 0)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        area = a1 * b2 - a2 * b1
        x, y = (c1 * b2 - c2 * b1) / area, (a1 * c2 - a2 * c1) / area
        slack = lines[:, None, :, 0] * x[..., None] + lines[:, None, :, 1] * y[..., None] - lines[:, None, :, 2]
        finite = np.where(np.isfinite(lines[..., 2]), np.abs(lines[..., 2]), 0.0)
        inside = slack >= -_ROUNDING_ERROR * finite.max(axis=1)[:, None, None]
    own = np.zeros((first.size, lines.shape[1]), dtype=bool)
    own[np.arange(first.size), first] = own[np.arange(first.size), second] = True
    good = (inside | own).all(axis=2) & np.isfinite(x) & np.isfinite(y)
    # Where the region touches half = 0, rounding may leave a corner a hair below.
    y = np.maximum(y, 0.0)
    chosen = np.argmax(good, axis=1)[:, None]
    x = np.where(good, x, np.take_along_axis(x, chosen, axis=1))
    y = np.where(good, y, np.take_along_axis(y, chosen, axis=1))
    some = good.any(axis=1)[:, None]
    return np.where(some, x, np.nan), np.where(some, y, np.nan)
