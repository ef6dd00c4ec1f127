"""What printed means, SDs, F and p of several groups leave of each other, for many choices of group sizes at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

from ...numerics.between_groups import between_range, reach
from .._constraints import Printed

__all__ = ["RANGES", "Part", "solve"]

FloatArray = NDArray[np.float64]
Range = tuple[FloatArray, FloatArray]

#: What has one range for all groups together.
RANGES = ("f", "p", "eta_squared", "between", "within", "sd")


@dataclass(frozen=True, slots=True)
class Part:
    """What was printed under one name: one number for each group, None where there is none, or one for all."""

    numbers: tuple[Printed | None, ...]
    words: str
    floor: float = 0.0

    def ends(self) -> Range:
        """Return the smallest and the largest value of each number; anything where there is none."""
        low = [self.floor if each is None else float(each.interval.low) for each in self.numbers]
        high = [np.inf if each is None else float(each.interval.high) for each in self.numbers]
        return np.array(low), np.array(high)

    def only(self) -> tuple[float, float]:
        """Return both ends of a number that is one for all groups."""
        low, high = self.ends()
        return float(low[0]), float(high[0])


def solve(sizes: NDArray[np.int64], parts: Mapping[str, Part]) -> tuple[NDArray[np.bool_], dict[str, Range]]:
    """Return which rows of group sizes are left, and the ranges of the rows that are.

    Ranges of groups have the shape (rows, groups).
    """
    n = sizes.astype(np.float64)
    groups = n.shape[1]
    df1, df2 = groups - 1.0, float(n[0].sum()) - groups
    low, high = _group_sds(n, parts)
    weight = np.where(n > 1, n - 1.0, 0.0)
    # A group of one adds nothing to what varies within groups, whatever its SD would be.
    within = tuple(
        np.sum(np.where(n > 1, weight * np.square(np.where(n > 1, end, 0.0)), 0.0), axis=1) / df2 for end in (low, high)
    )
    if "sd" in parts:
        ends = parts["sd"].only()
        within = np.maximum(within[0], ends[0] ** 2), np.minimum(within[1], ends[1] ** 2)
    means = parts["means"].ends() if "means" in parts else (np.full(groups, -np.inf), np.full(groups, np.inf))
    between = between_range(means[0], means[1], n)
    f = tuple(np.full(n.shape[0], end) for end in _band(parts, df1, df2))
    keep = (low <= high).all(axis=1) & (within[0] <= within[1]) & (f[0] <= f[1])
    # F = between / (df1 within): each of the three is cut to what the other two leave of it.
    f = _meet((f[0], f[1]), (_ratio(between[0], df1 * within[1], 0.0), _ratio(between[1], df1 * within[0], np.inf)))
    keep &= f[0] <= f[1]
    new = _meet(between, (_times(f[0], df1 * within[0], 0.0), _times(f[1], df1 * within[1], np.inf)))
    within = _meet(
        (within[0], within[1]), (_ratio(between[0], df1 * f[1], 0.0), _ratio(between[1], df1 * f[0], np.inf))
    )
    found = {"f": f, "between": new, "within": within, "sd": (np.sqrt(within[0]), np.sqrt(within[1]))}
    found["p"] = _tail(f[1], df1, df2), _tail(f[0], df1, df2)
    found["eta_squared"] = _share(f[0], df1, df2), _share(f[1], df1, df2)
    kept = {name: (pair[0][keep], pair[1][keep]) for name, pair in found.items()}
    kept["group_sd"] = _narrowed(weight[keep], low[keep], high[keep], kept["within"], df2)
    kept["group_mean"] = _group_means(n[keep], means, kept["between"][1])
    return keep, kept


def _group_sds(n: FloatArray, parts: Mapping[str, Part]) -> Range:
    low, high = np.zeros_like(n), np.full_like(n, np.inf)
    for name, factor in (("sds", np.ones_like(n)), ("ses", np.sqrt(n))):
        if name in parts:
            ends = parts[name].ends()
            low, high = np.maximum(low, ends[0] * factor), np.minimum(high, ends[1] * factor)
    return low, high


def _band(parts: Mapping[str, Part], df1: float, df2: float) -> tuple[float, float]:
    """Return the range of F that F, p and eta squared leave."""
    low, high = 0.0, np.inf
    for name in ("f", "p", "eta_squared"):
        if name not in parts:
            continue
        small, large = parts[name].only()
        if name == "p":
            small, large = (_f_of_p(end, df1, df2) for end in (large, small))
        elif name == "eta_squared":
            small, large = (np.inf if end >= 1 else end / (1.0 - end) * df2 / df1 for end in (small, large))
        low, high = max(low, small), min(high, large)
    return low, high


def _f_of_p(p: float, df1: float, df2: float) -> float:
    if p <= 0:
        return float("inf")
    # By the upper tail, which keeps its digits however far out.
    share = float(special.betaincinv(0.5 * df2, 0.5 * df1, min(p, 1.0)))
    return df2 * (1.0 - share) / (df1 * share) if share > 0 else float("inf")


def _tail(f: FloatArray, df1: float, df2: float) -> FloatArray:
    return np.where(np.isfinite(f), special.fdtrc(df1, df2, np.where(np.isfinite(f), np.maximum(f, 0.0), 0.0)), 0.0)


def _share(f: FloatArray, df1: float, df2: float) -> FloatArray:
    finite = np.where(np.isfinite(f), f, 0.0)
    return np.where(np.isfinite(f), finite * df1 / (finite * df1 + df2), 1.0)


def _narrowed(weight: FloatArray, low: FloatArray, high: FloatArray, within: Range, df2: float) -> Range:
    """Return what the mean square within groups and the SDs of the other groups leave of each SD."""
    own = weight > 0
    with np.errstate(invalid="ignore"):
        least_squares, most_squares = (np.where(own, weight * np.square(end), 0.0) for end in (low, high))
    endless = np.isinf(most_squares)
    finite = np.where(endless, 0.0, most_squares)
    # All others together; where one of them has no bound they may take everything.
    others = np.where(endless.sum(axis=1, keepdims=True) > endless, np.inf, finite.sum(axis=1, keepdims=True) - finite)
    rest = least_squares.sum(axis=1, keepdims=True) - least_squares
    least, most = df2 * within[0][:, None] - others, df2 * within[1][:, None] - rest
    some = np.maximum(weight, 1.0)
    new_low, new_high = (np.sqrt(np.maximum(end, 0.0) / some) for end in (least, most))
    return np.where(own, np.maximum(low, new_low), low), np.where(own, np.minimum(high, new_high), high)


def _group_means(n: FloatArray, means: Range, most: FloatArray) -> Range:
    """Return what the sum of squares between groups and the means of the other groups leave of each mean."""
    low, high = (np.broadcast_to(end, n.shape).copy() for end in means)
    known = np.isfinite(means[0]) & np.isfinite(means[1])
    bounded = np.isfinite(most)
    for at in range(n.shape[1]):
        if (known & (np.arange(known.size) != at)).any() and bounded.any():
            bottom, top = reach(means[0], means[1], n[bounded], at, most[bounded])
            low[bounded, at], high[bounded, at] = (
                np.maximum(low[bounded, at], bottom),
                np.minimum(high[bounded, at], top),
            )
    return low, high


def _meet(one: Range, two: Range) -> Range:
    return np.maximum(one[0], two[0]), np.minimum(one[1], two[1])


def _ratio(top: FloatArray, bottom: FloatArray, otherwise: float) -> FloatArray:
    """Return a quotient; `otherwise` where it is not defined, or the end that nothing bounds."""
    with np.errstate(divide="ignore", invalid="ignore"):
        found = top / bottom
    odd = (bottom == 0) | (np.isinf(top) & np.isinf(bottom))
    return np.where(odd, np.where((top == 0) | np.isinf(bottom), otherwise, np.inf), found)


def _times(one: FloatArray, two: FloatArray, otherwise: float) -> FloatArray:
    """Return a product; `otherwise` for nothing times infinity."""
    with np.errstate(invalid="ignore"):
        found = one * two
    return np.where(((one == 0) & np.isinf(two)) | ((two == 0) & np.isinf(one)), otherwise, found)
