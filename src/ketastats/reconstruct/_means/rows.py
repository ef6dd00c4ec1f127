"""Group sizes, tests and directions that printed numbers about two groups leave, each with its ranges."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...numerics import student_t
from .._sizes import IntArray
from .faces import Body, Points, Ratios, pieces
from .group_ranges import group_ranges
from .printed import PrintedMeans
from .search import Area, Measure, measure, search
from .t_ranges import solve

__all__ = ["Corners", "MeanRows", "blame", "find_rows", "is_plain"]

FloatArray = NDArray[np.float64]

#: What Student's t alone answers, for very many splits at once.
_PLAIN = {"p", "t", "f", "ci", "sd"}
_NAMES = ("t", "df", "p", "difference", "se", "sd", "d", "sd1", "sd2", "mean1", "mean2")
# What has a range when nothing was printed in the units of the scale.
_FREE = ("t", "df", "p", "d")
_EVERYWHERE = (-np.inf, np.inf)


@dataclass(frozen=True, slots=True)
class Corners:
    """Rows whose values form a polygon of which all corners are known."""

    at: NDArray[np.intp]
    points: Points

    def ranges(self, measures: Sequence[Measure]) -> tuple[FloatArray, FloatArray]:
        """Return the smallest and the largest value of each measure in each row."""
        values = [each(self.points) for each in measures]
        shape = (len(measures), self.at.size)
        low = [np.where(np.isnan(value), np.inf, value).min(axis=1) for value in values]
        high = [np.where(np.isnan(value), -np.inf, value).max(axis=1) for value in values]
        return np.reshape(low, shape), np.reshape(high, shape)

    def smallest(self, measure: Measure) -> FloatArray:
        """Return the smallest value of a measure in each row."""
        return np.asarray(self.ranges([measure])[0][0])


@dataclass(frozen=True, slots=True)
class MeanRows:
    """One row per pair of group sizes, test and direction, sorted in this order.

    Parameters
    ----------
    at : ndarray of int, shape (rows,)
        Which pair of group sizes each row has.
    test : ndarray of str, shape (rows,)
        The test of each row.
    low, high : dict of ndarray
        The ends of the range of each quantity.
    parts : tuple
        Where the rows come from: the places of the rows, and what answers further questions about them.
    """

    at: NDArray[np.intp]
    test: NDArray[np.str_]
    low: dict[str, FloatArray]
    high: dict[str, FloatArray]
    parts: tuple[tuple[NDArray[np.intp], Area | Corners], ...]

    def ranges(self, measures: Sequence[Measure]) -> tuple[FloatArray, FloatArray]:
        """Return the smallest and the largest value of each measure in each row, both of shape (measures, rows)."""
        low, high = (np.empty((len(measures), self.at.size)) for _ in range(2))
        for places, source in self.parts:
            if places.size:
                low[:, places], high[:, places] = source.ranges(measures)
        return low, high

    def smallest(self, measure: Measure) -> FloatArray:
        """Return the smallest value of a measure in each row."""
        low = np.empty(self.at.size)
        for places, source in self.parts:
            if places.size:
                low[places] = source.smallest(measure)
        return low


def is_plain(printed: PrintedMeans, test: str) -> bool:
    """Whether Student's t and the pooled SD are all that was printed."""
    return test == "student" and set(printed.numbers) <= _PLAIN


def find_rows(n1: IntArray, n2: IntArray, printed: PrintedMeans, tests: Sequence[str]) -> MeanRows:
    """Return every row that the printed numbers leave."""
    found: list[tuple[str, Area | Corners, dict[str, FloatArray], dict[str, FloatArray]]] = []
    for test in tests:
        if is_plain(printed, test):
            found.append((test, *_plain(n1, n2, printed)))
            continue
        for body in _bodies(printed, test, n1, n2):
            area = search(body, n1, n2)
            found.append((test, area, *_bounded(area, printed)))
    at = np.concatenate([source.at for _, source, _, _ in found])
    test_index = np.repeat(np.arange(len(found)), [source.at.size for _, source, _, _ in found])
    order = np.lexsort((np.arange(at.size), at))
    place = np.empty(at.size, dtype=np.intp)
    place[order] = np.arange(at.size)
    ends = np.cumsum([0, *(source.at.size for _, source, _, _ in found)])
    names = np.array([test for test, _, _, _ in found])
    return MeanRows(
        at=at[order],
        test=names[test_index][order],
        low={name: np.concatenate([low[name] for _, _, low, _ in found])[order] for name in _NAMES},
        high={name: np.concatenate([high[name] for _, _, _, high in found])[order] for name in _NAMES},
        parts=tuple((place[ends[index] : ends[index + 1]], source) for index, (_, source, _, _) in enumerate(found)),
    )


def blame(n1: IntArray, n2: IntArray, printed: PrintedMeans, tests: Sequence[str]) -> str:
    """Return the first printed number that, with those before it, leaves nothing."""
    names = printed.names()
    for count in range(1, len(names) + 1):
        part = printed.only(names[:count])
        if all(is_plain(part, test) for test in tests):
            if solve(n1, n2, part).at.size == 0:
                return names[count - 1]
        elif not any(search(body, n1, n2).at.size for test in tests for body in _bodies(part, test, n1, n2)):
            return names[count - 1]
    return ""


def _bodies(printed: PrintedMeans, test: str, n1: IntArray, n2: IntArray) -> list[Body]:
    """Return everything to search under one test."""
    welch = test == "welch"
    branches = (-1, 1) if welch and "df" in printed.numbers else (-1,)
    ranges = {group: group_ranges(printed, group, sizes) for group, sizes in (("1", n1), ("2", n2))}
    known = {group: found for group, found in ranges.items() if found is not None}
    return [Body(printed, welch, sign, branch, known) for sign in pieces(printed) for branch in branches]


def _plain(
    n1: IntArray, n2: IntArray, printed: PrintedMeans
) -> tuple[Corners, dict[str, FloatArray], dict[str, FloatArray]]:
    rows = solve(n1, n2, printed)
    first, second = n1[rows.at].astype(np.float64), n2[rows.at].astype(np.float64)
    ratio = Ratios(first, second, np.full(first.size, 0.25 * np.pi), welch=False)
    unit = ratio.kappa[:, None]
    with np.errstate(divide="ignore", invalid="ignore"):
        t = rows.difference / (rows.sd * unit)
    unknown = np.zeros_like(t)
    points = Points(unknown, unknown, rows.difference, rows.sd * unit, t, ratio)
    low = {"t": rows.t_low, "difference": rows.difference.min(axis=1), "sd": rows.sd.min(axis=1)}
    high = {"t": rows.t_high, "difference": rows.difference.max(axis=1), "sd": rows.sd.max(axis=1)}
    for end in (low, high):
        end["df"], end["d"], end["se"] = ratio.df, end["t"] * ratio.kappa, end["sd"] * ratio.kappa
    nearest = np.maximum(np.maximum(low["t"], -high["t"]), 0.0)
    low["p"] = 2.0 * student_t.sf(np.maximum(np.abs(low["t"]), np.abs(high["t"])), ratio.df)
    high["p"] = 2.0 * student_t.sf(nearest, ratio.df)
    _add_group_sds(low, high, first, second, [(np.zeros_like(first), np.full_like(first, np.inf))] * 2)
    for name in ("mean1", "mean2"):
        low[name], high[name] = (np.full_like(first, end) for end in _EVERYWHERE)
    return Corners(rows.at, points), low, high


def _bounded(area: Area, printed: PrintedMeans) -> tuple[dict[str, FloatArray], dict[str, FloatArray]]:
    """Return the ranges of an area, by name."""
    located = [printed.located(group) for group in "12"]
    names = [name for name in _NAMES if printed.scaled or name in _FREE]
    names = [name for name in names if any(located) or name not in ("mean1", "mean2")]
    low_all, high_all = area.ranges([measure(name) for name in names])
    low, high = dict(zip(names, low_all, strict=True)), dict(zip(names, high_all, strict=True))
    if not printed.scaled:
        # Without a unit every size is possible, in the directions that t may have.
        nothing, endless = np.zeros_like(area.n1), np.full_like(area.n1, np.inf)
        for name in ("se", "sd", "sd1", "sd2"):
            low[name], high[name] = nothing, endless
        low["difference"] = np.where(low["t"] < 0, -np.inf, 0.0)
        high["difference"] = np.where(high["t"] > 0, np.inf, 0.0)
    elif not area.body.turns:
        _add_group_sds(low, high, area.n1, area.n2, [area.body.spread("1", area.n1), area.body.spread("2", area.n2)])
    first, second = located
    for own, other, known, other_known in (("mean1", "mean2", first, second), ("mean2", "mean1", second, first)):
        if not known and not other_known:
            low[own], high[own] = (np.full_like(area.n1, end) for end in _EVERYWHERE)
        elif not known and not printed.sign_known:
            # The difference may go either way from the mean that is known.
            low[own] = low[other] - high["difference"]
            high[own] = high[other] + high["difference"]
    return low, high


def _add_group_sds(
    low: dict[str, FloatArray],
    high: dict[str, FloatArray],
    n1: FloatArray,
    n2: FloatArray,
    spreads: Sequence[tuple[FloatArray, FloatArray]],
) -> None:
    """Add what the pooled SD, and the SD of the other group as far as it is known, leave of the SD of each group."""
    df = n1 + n2 - 2.0
    for name, n, other_n, own, other in (
        ("sd1", n1, n2, spreads[0], spreads[1]),
        ("sd2", n2, n1, spreads[1], spreads[0]),
    ):
        # A group of one has no SD: nothing is known of it.
        some = np.maximum(n - 1.0, 1.0)
        with np.errstate(invalid="ignore"):
            least = (df * np.square(low["sd"]) - (other_n - 1.0) * np.square(other[1])) / some
            most = (df * np.square(high["sd"]) - (other_n - 1.0) * np.square(other[0])) / some
        least = np.where(np.isnan(least), 0.0, np.maximum(least, 0.0))
        most = np.where(np.isnan(most), np.inf, np.maximum(most, 0.0))
        low[name] = np.where(n > 1, np.maximum(own[0], np.sqrt(least)), 0.0)
        high[name] = np.where(n > 1, np.minimum(own[1], np.sqrt(most)), np.inf)
