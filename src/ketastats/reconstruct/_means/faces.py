"""Printed numbers about two groups as the faces of a convex body.

Two means m1 and m2 and the standard error e of their difference, as the test estimates it, are the coordinates. Each
group has its SD: ``s1 / sqrt(n1)`` and ``s2 / sqrt(n2)`` are the sine and the cosine of an angle, times Welch's
standard error. For a given angle everything else is linear: a printed SD bounds e, a printed p, t or d bounds
``(m1 - m2) / e``, a limit of an interval is ``m1 - m2`` or a mean plus or minus a multiple of e.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from ...numerics import student_t
from ...numerics.vertices import corners, direction, half_space
from .group_ranges import GroupRanges
from .printed import PLACES, PrintedMeans
from .t_ranges import t_of_p

__all__ = ["Body", "Points", "Ratios", "pieces"]

FloatArray = NDArray[np.float64]

# A coordinate that nothing bounds ends here, in units of the printed numbers, and is then read as infinite.
_FAR = 2.0**44
# Much nearer than that a coordinate already counts as infinite: at a corner only one of several may reach the end.
_ENDLESS = 2.0**-16
_ABSOLUTE = tuple(f"{kind}{group}" for kind in PLACES for group in "12")


@dataclass(frozen=True, slots=True)
class Points:
    """What holds at the corners of the bodies of some rows, shape (rows, corners); NaN in rows without any."""

    mean1: FloatArray
    mean2: FloatArray
    difference: FloatArray
    se: FloatArray
    t: FloatArray
    ratio: Ratios

    def taken(self, at: NDArray[np.intp]) -> Points:
        """Return some of the rows."""
        parts = (self.mean1, self.mean2, self.difference, self.se, self.t)
        mean1, mean2, difference, se, t = (part[at] for part in parts)
        return Points(mean1, mean2, difference, se, t, self.ratio.taken(at))

    @property
    def df(self) -> FloatArray:
        """Degrees of freedom."""
        return np.where(np.isnan(self.t), np.nan, self.ratio.df[:, None])

    @property
    def p(self) -> FloatArray:
        """Two-sided p-value at the smallest and the largest size of t; between two signs the smallest is zero."""
        empty = np.asarray(np.isnan(self.t).all(axis=1))
        size = np.where(np.isnan(self.t), -np.inf, np.abs(self.t)).max(axis=1)
        low = np.where(np.isnan(self.t), np.inf, self.t).min(axis=1)
        high = np.where(np.isnan(self.t), -np.inf, self.t).max(axis=1)
        least = np.maximum(np.maximum(low, -high), 0.0)
        ends = np.where(empty[:, None], 0.0, np.stack([least, size], axis=1))
        return np.where(empty[:, None], np.nan, 2.0 * student_t.sf(ends, self.ratio.df[:, None]))

    @property
    def sd(self) -> FloatArray:
        """Pooled SD."""
        return self.se / self.ratio.kappa[:, None]

    @property
    def d(self) -> FloatArray:
        """Difference in pooled SDs."""
        with np.errstate(invalid="ignore"):
            return self.t * self.ratio.kappa[:, None]

    @property
    def sd1(self) -> FloatArray:
        """SD of group 1."""
        return _times(self.se, self.ratio.sd1)

    @property
    def sd2(self) -> FloatArray:
        """SD of group 2."""
        return _times(self.se, self.ratio.sd2)


@dataclass(frozen=True, slots=True)
class Body:
    """One printed comparison under one test, with one direction of the difference.

    Parameters
    ----------
    printed : PrintedMeans
        What was printed.
    welch : bool
        Whether the test was Welch's; Student's otherwise.
    sign : {-1, 0, 1}
        Direction of the difference; 0 when it may be either without a gap between them.
    branch : {-1, 1}
        Welch's degrees of freedom are largest at one angle: where they were printed, the smaller angles or the larger
        ones. The first branch has both where they meet.
    known : dict of str to GroupRanges
        What the quantiles of a group leave of its mean and SD, for the groups of which any were printed.
    """

    printed: PrintedMeans
    welch: bool
    sign: int
    branch: int = -1
    known: Mapping[str, GroupRanges] = field(default_factory=dict)

    @property
    def turns(self) -> bool:
        """Whether the angle matters: Student's test knows only the pooled SD, unless groups have intervals."""
        return self.welch or any(name in self.printed.numbers for name in ("ci1", "ci2"))

    @property
    def unit(self) -> float:
        """A size that the printed numbers on the scale have."""
        ends = [abs(end) for name in self._scale_names() for end in self.printed.all_ends(name) if np.isfinite(end)]
        return max(ends, default=0.0) or 1.0

    @property
    def centre(self) -> float:
        """A mean from which both means are counted, so that their difference keeps its digits."""
        for name in _ABSOLUTE:
            if name in self.printed.numbers:
                ends = [end for end in self.printed.all_ends(name) if np.isfinite(end)]
                return 0.5 * (ends[0] + ends[-1]) if ends else 0.0
        return 0.0

    def angles(self, n1: FloatArray, n2: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return the smallest and the largest angle that the printed SDs of the groups leave."""
        low1, high1 = self.spread("1", n1)
        low2, high2 = self.spread("2", n2)
        one, two = np.sqrt(n1), np.sqrt(n2)
        low, high = np.arctan2(low1 / one, high2 / two), np.arctan2(high1 / one, low2 / two)
        if self.welch and "df" in self.printed.numbers:
            least, most = self._by_df(n1 - 1.0, n2 - 1.0)
            low, high = np.maximum(low, least), np.minimum(high, most)
        return low, high

    def fits(self, n1: FloatArray, n2: FloatArray) -> NDArray[np.bool_]:
        """Return where Student's degrees of freedom and the quantiles of groups print so; Welch's df need the angle."""
        low, high = self.printed.ends("df", 0.0)
        df = n1 + n2 - 2.0
        fits = (df >= low) & ((df <= high) | self.welch)
        for group, n in (("1", n1), ("2", n2)):
            if group in self.known:
                fits &= self.known[group].fits(n)
        return np.asarray(fits)

    def _by_df(self, df1: FloatArray, df2: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return the angles at which Welch's degrees of freedom print so.

        For the share c of the first group in the squared standard error, 1 / df is a parabola in c, smallest at
        df1 / (df1 + df2) with the value 1 / (df1 + df2).
        """
        total, bend, centre = df1 + df2, 1.0 / df1 + 1.0 / df2, df1 / (df1 + df2)
        with np.errstate(divide="ignore"):
            near, far = (
                np.sqrt(np.maximum(1.0 / end - 1.0 / total, 0.0) / bend) for end in reversed(self.printed.ends("df"))
            )
        joined = near == 0
        if self.branch < 0:
            low, high = centre - far, np.where(joined, centre + far, centre - near)
        else:
            # Where the branches meet, the other one has both.
            low, high = np.where(joined, np.inf, centre + near), centre + far
        empty = (low > 1) | (high < 0)
        angles = [np.arcsin(np.sqrt(np.clip(end, 0.0, 1.0))) for end in (low, high)]
        return np.where(empty, np.inf, angles[0]), np.where(empty, -np.inf, angles[1])

    def spread(self, group: str, n: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return the smallest and the largest SD of a group from its printed SD, standard error and quantiles."""
        low, high = self.printed.ends(f"sd{group}", 0.0)
        error_low, error_high = self.printed.ends(f"se{group}", 0.0)
        root = np.sqrt(n)
        least, most = np.maximum(low, error_low * root), np.minimum(high, error_high * root)
        if group not in self.known:
            return least, most
        bottom, top = self.known[group].sds(n)
        return np.maximum(least, bottom), np.minimum(most, top)

    def points(self, n1: FloatArray, n2: FloatArray, angle: FloatArray) -> tuple[Points, FloatArray]:
        """Return the corners at given angles, and how far from empty each row is."""
        ratio = Ratios(n1, n2, angle, self.welch)
        low, high = self.band(n1, n2, ratio)
        found, slack = corners(np.stack(self._faces(n1, n2, ratio, low, high), axis=1))
        # Where no t is left, a body without difference and without spread may remain: it has no t either.
        none = low > high
        with np.errstate(invalid="ignore"):
            gap = np.where(none, (high - low) / (np.abs(high) + np.abs(low)), 0.0)
        slack = np.where(none, np.minimum(slack, np.where(np.isnan(gap), -1.0, gap)), slack)
        found = np.where(none[:, None, None], np.nan, found)
        far = _ENDLESS * _FAR * self.unit
        mean1, mean2, error = found[..., 0], found[..., 1], np.maximum(found[..., 2], 0.0)
        difference = mean1 - mean2
        with np.errstate(divide="ignore", invalid="ignore"):
            t = difference / error
        # Rounding must not carry t over the ends of what was printed of it; far out only one of both is infinite.
        t = np.clip(t, low[:, None], np.maximum(low, high)[:, None])
        t = np.where((error >= far) & (np.abs(difference) < far), np.clip(0.0, low, np.maximum(low, high))[:, None], t)
        difference, error = (np.where(np.abs(x) >= far, np.copysign(np.inf, x), x) for x in (difference, error))
        points = Points(
            mean1=np.where(np.abs(mean1) >= far, np.copysign(np.inf, mean1), mean1 + self.centre),
            mean2=np.where(np.abs(mean2) >= far, np.copysign(np.inf, mean2), mean2 + self.centre),
            difference=difference,
            se=error,
            t=t,
            ratio=ratio,
        )
        return points, slack

    def band(self, n1: FloatArray, n2: FloatArray, ratio: Ratios) -> tuple[FloatArray, FloatArray]:
        """Return the smallest and the largest t, with its sign."""
        low, high = np.zeros_like(n1), np.full_like(n1, np.inf)
        bottom, top = np.full_like(n1, -np.inf), np.full_like(n1, np.inf)
        for name, small, large in self._of_t(n1, n2, ratio):
            if name in self.printed.signed:
                bottom, top = np.maximum(bottom, small), np.minimum(top, large)
            else:
                low, high = np.maximum(low, small), np.minimum(high, large)
        if self.sign > 0:
            return np.maximum(low, bottom), np.minimum(high, top)
        return np.maximum(-high, bottom), np.minimum(high if self.sign == 0 else -low, top)

    def _of_t(self, n1: FloatArray, n2: FloatArray, ratio: Ratios) -> list[tuple[str, FloatArray, FloatArray]]:
        """Return the range of t that each printed number leaves by itself."""
        out: list[tuple[str, FloatArray, FloatArray]] = []
        printed = self.printed
        if "p" in printed.numbers:
            small, large = printed.ends("p")
            out.append(("p", t_of_p(large, ratio.df), t_of_p(small, ratio.df)))
        if "f" in printed.numbers:
            small, large = printed.ends("f")
            out.append(("f", np.full_like(n1, np.sqrt(small)), np.full_like(n1, np.sqrt(large))))
        if "t" in printed.numbers:
            small, large = printed.ends("t")
            out.append(("t", np.full_like(n1, small), np.full_like(n1, large)))
        if "d" in printed.numbers:
            small, large = printed.ends("d")
            out.append(("d", small / ratio.kappa, large / ratio.kappa))
        if "g" in printed.numbers:
            factors = _corrections(n1 + n2 - 2.0)
            small, large = printed.ends("g")
            with np.errstate(divide="ignore", invalid="ignore"):
                ends = [np.stack([end / factor for factor in factors]) / ratio.kappa for end in (small, large)]
            # Without any degree of freedom to spare g is zero whatever d is.
            none = factors[0] <= 0
            out.append(("g", np.where(none, -np.inf, ends[0].min(0)), np.where(none, np.inf, ends[1].max(0))))
        return out

    def _faces(
        self, n1: FloatArray, n2: FloatArray, ratio: Ratios, low: FloatArray, high: FloatArray
    ) -> list[FloatArray]:
        size, far = n1.size, _FAR * self.unit
        error_low, error_high = self._error(n1, n2, ratio)
        faces = [
            half_space(0.0, 0.0, 1.0, error_low, size),
            half_space(0.0, 0.0, -1.0, -np.minimum(error_high, far), size),
        ]
        if np.isfinite(low).any() or np.isfinite(high).any():
            # An infinite t turns into e >= 0.
            (flat, steep), (flat_high, steep_high) = direction(low), direction(high)
            faces.append(half_space(flat, -flat, -steep, 0.0, size))
            faces.append(half_space(-flat_high, flat_high, steep_high, 0.0, size))
        names = self.printed.numbers.keys()
        if "difference" in names or not all({f"mean{group}", f"ci{group}"} & names for group in "12"):
            faces += self._difference_faces(far, size)
        if "ci" in self.printed.numbers:
            reach = student_t.isf(0.5 * (1.0 - self.printed.level), ratio.df)
            faces += _interval_faces(1.0, -1.0, reach, self.printed.limits("ci"), size)
        for group, n, part in (("1", n1, ratio.sd1), ("2", n2, ratio.sd2)):
            axis = (1.0, 0.0) if group == "1" else (0.0, 1.0)
            if f"ci{group}" in self.printed.numbers:
                reach = student_t.isf(0.5 * (1.0 - self.printed.level), n - 1.0) / np.sqrt(n) * part
                limits = [end - self.centre for end in self.printed.limits(f"ci{group}")]
                faces += _interval_faces(*axis, reach, limits, size)
            if f"mean{group}" in self.printed.numbers:
                small, large = self.printed.ends(f"mean{group}")
                faces += _between(*axis, small - self.centre, large - self.centre, size)
            if group in self.known and self.printed.located(group):
                bottom, top = (end - self.centre for end in self.known[group].means(n))
                faces += _between(*axis, np.maximum(bottom, -far), np.minimum(top, far), size)
        if not any(name in self.printed.numbers for name in _ABSOLUTE):
            # Only the difference counts: the second mean may as well be zero.
            faces += _between(0.0, 1.0, 0.0, 0.0, size)
        return faces

    def _difference_faces(self, far: float, size: int) -> list[FloatArray]:
        low, high = -np.inf, np.inf
        if "difference" in self.printed.numbers:
            low, high = self.printed.ends("difference")
            if "difference" not in self.printed.signed:
                low, high = {1: (low, high), -1: (-high, -low), 0: (-high, high)}[self.sign]
        # A gap between both directions must not be reached from the wrong side when e is zero.
        low = max(low, 0.0) if self.sign > 0 else low
        high = min(high, 0.0) if self.sign < 0 else high
        return _between(1.0, -1.0, max(low, -far), min(high, far), size)

    def _error(self, n1: FloatArray, n2: FloatArray, ratio: Ratios) -> tuple[FloatArray, FloatArray]:
        """Return the smallest and the largest standard error of the difference."""
        low, high = (np.full_like(n1, end) for end in self.printed.ends("se", 0.0))
        small, large = self.printed.ends("sd", 0.0)
        low, high = np.maximum(low, small * ratio.kappa), np.minimum(high, large * ratio.kappa)
        (low1, high1), (low2, high2) = self.spread("1", n1), self.spread("2", n2)
        if not self.turns:
            with np.errstate(invalid="ignore"):
                ends = [
                    np.sqrt(((n1 - 1.0) * _square(one) + (n2 - 1.0) * _square(two)) / (n1 + n2 - 2.0)) * ratio.kappa
                    for one, two in ((low1, low2), (high1, high2))
                ]
            # A group of one has no SD, and no share in the pooled one.
            ends = [np.where(np.isnan(end), np.inf, end) for end in ends]
            return np.maximum(low, ends[0]), np.minimum(high, ends[1])
        for part, small_sd, large_sd in ((ratio.sd1, low1, high1), (ratio.sd2, low2, high2)):
            none = part <= 0
            some = np.where(none, 1.0, part)
            low = np.maximum(low, np.where(none, np.where(small_sd > 0, np.inf, 0.0), small_sd / some))
            high = np.minimum(high, np.where(none, np.inf, large_sd / some))
        return low, high

    def _scale_names(self) -> list[str]:
        return [name for name in self.printed.numbers if name not in ("p", "t", "f", "d", "g", "df")]


class Ratios:
    """What follows from the angle alone: the SDs as multiples of the standard error, and the degrees of freedom."""

    def taken(self, at: NDArray[np.intp]) -> Ratios:
        """Return some of the rows."""
        out = Ratios.__new__(Ratios)
        out.df, out.kappa, out.sd1, out.sd2 = (part[at] for part in (self.df, self.kappa, self.sd1, self.sd2))
        return out

    def __init__(self, n1: FloatArray, n2: FloatArray, angle: FloatArray, welch: bool) -> None:
        sine, cosine = np.sin(angle), np.cos(angle)
        # cos(pi / 2) is not quite zero.
        cosine = np.where(cosine < 1e-16, 0.0, cosine)
        pooled = (n1 - 1.0) * n1 * np.square(sine) + (n2 - 1.0) * n2 * np.square(cosine)
        pooled = np.sqrt(pooled / (n1 + n2 - 2.0))
        unit = np.sqrt(1.0 / n1 + 1.0 / n2)
        with np.errstate(divide="ignore"):
            # The standard error of the test, in units of the pooled SD; and Welch's, in units of that of the test.
            self.kappa = 1.0 / pooled if welch else unit
            welch_error = 1.0 if welch else 1.0 / (pooled * unit)
        self.sd1 = np.sqrt(n1) * sine * welch_error
        self.sd2 = np.sqrt(n2) * cosine * welch_error
        self.df = n1 + n2 - 2.0
        if welch:
            self.df = 1.0 / (np.power(sine, 4) / (n1 - 1.0) + np.power(cosine, 4) / (n2 - 1.0))


def pieces(printed: PrintedMeans) -> list[int]:
    """Return the directions to search, the negative first; 1 alone when t stands for its size without a sign."""
    if not printed.sign_known:
        return [1]
    apart = [name for name in ("p", "f", "t", "d", "g", "difference") if name in printed.numbers]
    apart = [name for name in apart if name not in printed.signed]
    gap = any(printed.ends("p")[1] < 1 if name == "p" else printed.ends(name)[0] > 0 for name in apart)
    if not gap:
        return [0]
    first, second = printed.ends("mean1"), printed.ends("mean2")
    possible = {-1: first[0] <= second[1], 1: first[1] >= second[0]}
    return [sign for sign in (-1, 1) if possible[sign]]


def _between(x: float, y: float, low: FloatArray | float, high: FloatArray | float, size: int) -> list[FloatArray]:
    return [half_space(x, y, 0.0, low, size), half_space(-x, -y, 0.0, -high, size)]


def _interval_faces(x: float, y: float, reach: FloatArray, limits: Sequence[float], size: int) -> list[FloatArray]:
    """Return the faces of both limits, ``x m1 + y m2`` minus and plus `reach` times e."""
    low_min, low_max, high_min, high_max = limits
    return [
        half_space(x, y, -reach, low_min, size),
        half_space(-x, -y, reach, -low_max, size),
        half_space(x, y, reach, high_min, size),
        half_space(-x, -y, -reach, -high_max, size),
    ]


def _corrections(df: FloatArray) -> FloatArray:
    """Return the exact factor of Hedges' g and the usual approximation to it."""
    exact = np.where(df > 1, student_t.hedges_correction(np.maximum(df, 2.0)), 0.0)
    return np.stack([exact, np.where(df > 1, 1.0 - 3.0 / (4.0 * df - 1.0), 0.0)])


def _square(x: FloatArray) -> FloatArray:
    return np.asarray(np.square(x))


def _times(error: FloatArray, part: FloatArray) -> FloatArray:
    """Return a multiple of the standard error; none of an infinite one is nothing."""
    with np.errstate(invalid="ignore"):
        return np.where(part[:, None] == 0, np.where(np.isnan(error), np.nan, 0.0), error * part[:, None])
