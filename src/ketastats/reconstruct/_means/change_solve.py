"""What printed numbers about two measurements of the same people leave of each other."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...numerics import student_t
from ...numerics.change_scores import change_sd_range, correlation_range, other_sd_range
from ...numerics.vertices import corners, direction, half_space
from .._sizes import IntArray
from .printed import PrintedMeans
from .t_ranges import t_of_p

__all__ = ["blame", "points", "sign_known", "solve"]

FloatArray = NDArray[np.float64]
Range = tuple[FloatArray, FloatArray]

# A coordinate that nothing bounds ends here, in units of the printed numbers; far beyond any that prints so.
_FAR = 2.0**44
_ENDLESS = 2.0**-16
_ROUNDING_ERROR = 1e-12
_SDS = ("sd_pre", "sd_post")


def sign_known(printed: PrintedMeans) -> bool:
    """Whether the direction of the change is known."""
    return bool(printed.signed) or "ci" in printed.numbers or {"mean_pre", "mean_post"} <= printed.numbers.keys()


def blame(sizes: IntArray, printed: PrintedMeans) -> str:
    """Return the first printed number that, with those before it, leaves nothing."""
    names = printed.names()
    for count in range(1, len(names) + 1):
        if solve(sizes, printed.only(names[:count]))[0]["n"].size == 0:
            return names[count - 1]
    return ""


def solve(sizes: IntArray, printed: PrintedMeans) -> tuple[dict[str, Any], tuple[float, float]]:
    """Return the ranges by name, and the correlations that the printed standard deviations imply."""
    n = np.maximum(sizes.astype(np.float64), 1.0)
    far = _FAR * _unit(printed)
    pre, post = ((low, np.minimum(high, far)) for low, high in (_ends(printed, name, n) for name in _SDS))
    limits = _ends(printed, "r", n)
    limits = np.maximum(limits[0], -1.0), np.minimum(limits[1], 1.0)
    known = [name in printed.numbers for name in _SDS]
    by_r = _by_correlation(n, printed)
    parts = [_polygon(n, printed, sign, by_r) for sign in _pieces(printed)]
    low = {name: np.min([part[0][name] for part in parts], axis=0) for name in parts[0][0]}
    high = {name: np.max([part[1][name] for part in parts], axis=0) for name in parts[0][1]}
    keep = low["sd_change"] <= high["sd_change"]
    spread = np.where(keep, low["sd_change"], 0.0), np.where(keep, np.minimum(high["sd_change"], far), far)
    r_low, r_high = limits
    implied = -1.0, 1.0
    if all(known) and n.size:
        free = _implied(n, printed, pre, post)
        implied = float(free[0].min()), float(free[1].max())
    if any(known):
        found = correlation_range(pre, post, spread)
        r_low, r_high = np.maximum(r_low, found[0]), np.minimum(r_high, found[1])
    ends = {"r": (r_low, r_high)} | {name: (low[name], _endless(high[name], far)) for name in low}
    for name, own, other in (("sd_pre", pre, post), ("sd_post", post, pre)):
        low_sd, high_sd = other_sd_range(other, spread, limits, own)
        keep &= low_sd <= high_sd * (1.0 + _ROUNDING_ERROR)
        ends[name] = low_sd, np.maximum(low_sd, _endless(high_sd, far))
    columns = {
        f"{name}_{end}": part[keep]
        for name, pair in ends.items()
        for end, part in zip(("low", "high"), pair, strict=True)
    }
    return {"n": sizes[keep], **columns}, implied


def _by_correlation(n: FloatArray, printed: PrintedMeans) -> Range:
    """Return the standard deviations of the change that the correlation and the other two leave."""
    if not any(name in printed.numbers for name in _SDS):
        return np.zeros_like(n), np.full_like(n, np.inf)
    far = _FAR * _unit(printed)
    pre, post = ((low, np.minimum(high, far)) for low, high in (_ends(printed, name, n) for name in _SDS))
    limits = _ends(printed, "r", n)
    return change_sd_range(pre, post, (np.maximum(limits[0], -1.0), np.minimum(limits[1], 1.0)))


def points(sizes: IntArray, printed: PrintedMeans) -> list[Range]:
    """Return for each direction the mean change and its standard error at the corners of what the numbers leave.

    Both of shape (sizes, corners); NaN stands for a corner that is not there.
    """
    n = np.maximum(sizes.astype(np.float64), 1.0)
    by_r = _by_correlation(n, printed)
    found = [_points(n, printed, sign, by_r) for sign in _pieces(printed)]
    return [(np.where(empty[:, None], np.nan, mean), error) for mean, error, _, empty in found]


def _endless(high: FloatArray, far: float) -> FloatArray:
    """Return largest values, those that nothing bounds as infinite."""
    return np.where(high >= _ENDLESS * far, np.inf, high)


def _unit(printed: PrintedMeans) -> float:
    """Return a size that the printed numbers have."""
    ends = (abs(end) for name in printed.names() for end in printed.all_ends(name))
    return max([1e-300, *(end for end in ends if np.isfinite(end))])


def _implied(n: FloatArray, printed: PrintedMeans, pre: Range, post: Range) -> Range:
    """Return the correlations that the standard deviations imply by themselves, whatever people can have."""
    every = np.zeros_like(n), np.full_like(n, np.inf)
    parts = [_polygon(n, printed, sign, every) for sign in _pieces(printed)]
    low = np.min([part[0]["sd_change"] for part in parts], axis=0)
    high = np.max([part[1]["sd_change"] for part in parts], axis=0)
    some = low <= high
    return correlation_range(pre, post, (np.where(some, low, 0.0), np.where(some, high, np.inf)))


def _pieces(printed: PrintedMeans) -> list[int]:
    """Return the directions to search; 1 alone when the sign is unknown and the change stands for its size."""
    if not sign_known(printed):
        return [1]
    names = [name for name in ("mean_change", "t", "p") if name in printed.numbers and name not in printed.signed]
    gap = any(printed.ends("p")[1] < 1 if name == "p" else printed.ends(name)[0] > 0 for name in names)
    return [-1, 1] if gap else [0]


def _polygon(
    n: FloatArray, printed: PrintedMeans, sign: int, by_r: Range
) -> tuple[dict[str, FloatArray], dict[str, FloatArray]]:
    """Return the ranges that the mean change and its standard error leave; inf and -inf where there is nothing."""
    mean, error, t, empty = _points(n, printed, sign, by_r)
    values = {"sd_change": error * np.sqrt(n)[:, None], "mean_change": mean, "t": t}
    lows = {name: _least(value, empty) for name, value in values.items()}
    highs = {name: -_least(-value, empty) for name, value in values.items()}
    if np.all(n == 1):
        # Without the number of people there is no t.
        lows["t"], highs["t"] = np.full_like(n, -np.inf if sign <= 0 else 0.0), np.full_like(n, np.inf)
    nearest = np.maximum(np.maximum(lows["t"], -highs["t"]), 0.0)
    furthest = np.maximum(np.abs(lows["t"]), np.abs(highs["t"]))
    df = np.maximum(n - 1.0, 1.0)
    gone = ~(lows["sd_change"] <= highs["sd_change"])
    lows["p"] = np.where(gone, np.inf, 2.0 * student_t.sf(np.where(gone, 0.0, furthest), df))
    highs["p"] = np.where(gone, -np.inf, 2.0 * student_t.sf(np.where(gone, 0.0, nearest), df))
    return lows, highs


def _points(
    n: FloatArray, printed: PrintedMeans, sign: int, by_r: Range
) -> tuple[FloatArray, FloatArray, FloatArray, NDArray[np.bool_]]:
    """Return mean change, standard error and t at the corners, and which bodies are empty."""
    unit = _unit(printed)
    low, high = _band(n, printed, sign)
    found, _ = corners(np.stack(_faces(n, printed, sign, by_r, (low, high), _FAR * unit), axis=1))
    far = _ENDLESS * _FAR * unit
    mean, error = found[..., 0], np.maximum(found[..., 2], 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        t = np.clip(mean / error, low[:, None], np.maximum(low, high)[:, None])
    t = np.where((error >= far) & (np.abs(mean) < far), np.clip(0.0, low, np.maximum(low, high))[:, None], t)
    mean, error = (np.where(np.abs(x) >= far, np.copysign(np.inf, x), x) for x in (mean, error))
    return mean, error, t, low > high


def _least(values: FloatArray, empty: NDArray[np.bool_]) -> FloatArray:
    return np.where(empty, np.inf, np.where(np.isnan(values), np.inf, values).min(axis=1))


def _band(n: FloatArray, printed: PrintedMeans, sign: int) -> Range:
    """Return the smallest and the largest t."""
    low, high = np.zeros_like(n), np.full_like(n, np.inf)
    bottom, top = -np.inf, np.inf
    if "p" in printed.numbers:
        small, large = printed.ends("p")
        low, high = t_of_p(large, n - 1.0), t_of_p(small, n - 1.0)
    if "t" in printed.signed:
        bottom, top = printed.ends("t")
    elif "t" in printed.numbers:
        small, large = printed.ends("t")
        low, high = np.maximum(low, small), np.minimum(high, large)
    if sign > 0:
        return np.maximum(low, bottom), np.minimum(high, top)
    return np.maximum(-high, bottom), np.minimum(high if sign == 0 else -low, top)


def _faces(n: FloatArray, printed: PrintedMeans, sign: int, by_r: Range, band: Range, far: float) -> list[FloatArray]:
    size, root = n.size, np.sqrt(n)
    low, high = by_r
    small, large = printed.ends("sd_change", 0.0)
    error_low, error_high = printed.ends("se_change", 0.0)
    low = np.maximum(np.maximum(low, small) / root, error_low)
    high = np.minimum(np.minimum(high, large) / root, error_high)
    mean_low, mean_high = _mean_ends(printed, sign)
    faces = [
        half_space(0.0, 0.0, 1.0, low, size),
        half_space(0.0, 0.0, -1.0, -np.minimum(high, far), size),
        half_space(1.0, 0.0, 0.0, max(mean_low, -far), size),
        half_space(-1.0, 0.0, 0.0, -min(mean_high, far), size),
        half_space(0.0, 1.0, 0.0, 0.0, size),
        half_space(0.0, -1.0, 0.0, 0.0, size),
    ]
    (flat, steep), (flat_high, steep_high) = (direction(end) for end in band)
    faces.append(half_space(flat, 0.0, -steep, 0.0, size))
    faces.append(half_space(-flat_high, 0.0, steep_high, 0.0, size))
    if "ci" in printed.numbers:
        reach = student_t.isf(0.5 * (1.0 - printed.level), n - 1.0)
        low_min, low_max, high_min, high_max = printed.limits("ci")
        faces.append(half_space(1.0, 0.0, -reach, low_min, size))
        faces.append(half_space(-1.0, 0.0, reach, -low_max, size))
        faces.append(half_space(1.0, 0.0, reach, high_min, size))
        faces.append(half_space(-1.0, 0.0, -reach, -high_max, size))
    return faces


def _mean_ends(printed: PrintedMeans, sign: int) -> tuple[float, float]:
    low, high = -np.inf, np.inf
    if "mean_change" in printed.numbers:
        low, high = printed.ends("mean_change")
        if "mean_change" not in printed.signed:
            low, high = {1: (low, high), -1: (-high, -low), 0: (-high, high)}[sign]
    before, after = printed.ends("mean_pre"), printed.ends("mean_post")
    low, high = max(low, after[0] - before[1]), min(high, after[1] - before[0])
    return (max(low, 0.0) if sign > 0 else low), (min(high, 0.0) if sign < 0 else high)


def _ends(printed: PrintedMeans, name: str, n: FloatArray) -> Range:
    low, high = printed.ends(name, -1.0 if name == "r" else 0.0)
    return np.full_like(n, low), np.full_like(n, high)
