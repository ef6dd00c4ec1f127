"""The set of t statistics, differences and SDs that would print as reported."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ... import _validate
from ..._results import columns_to_frame
from ...effects import SMDEstimate, smd_from_t
from ...errors import InvalidArgument
from ...numerics import student_t
from ...numerics.vertices import least_maximum
from .._listed import ListedSet
from .._sizes import IntArray, Splits
from .._words import counted
from .faces import Points
from .limits import MeanLimits
from .printed import PrintedMeans
from .rows import Corners, MeanRows

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["CompatibleMeans"]

FloatArray = NDArray[np.float64]

_SOURCES = {
    "student": "Student 1908, doi:10.1093/biomet/6.1.1",
    "welch": "Welch 1947, doi:10.1093/biomet/34.1-2.28",
}
_RANGES = ("t", "d", "difference", "sd", "p", "se", "sd1", "sd2", "mean1", "mean2")
_MEASURES = ("smd", "smd_unbiased", "mean_difference")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CompatibleMeans(ListedSet):
    """All t statistics and differences of two means that would print as reported, split by split.

    Parameters
    ----------
    n1, n2 : ndarray of int64, shape (rows,)
        People in each group, sorted by n1 + n2 and n1. When the groups cannot be told apart (`labelled` is False)
        each split stands once, the smaller group first. A split stands once for each test that is possible, and twice
        where the sign is partly known and t may lie on either side of a gap around zero, or where Welch's degrees of
        freedom leave open which group has the larger standard error.
    test : ndarray of str, shape (rows,)
        The test of each row, "student" or "welch".
    t_low, t_high : ndarray, shape (rows,)
        Range of the t statistic of that test; of |t| when `sign_known` is False.
    df_low, df_high : ndarray, shape (rows,)
        Range of its degrees of freedom: n1 + n2 - 2 for Student's test; for Welch's they depend on the SDs.
    p_low, p_high : ndarray, shape (rows,)
        Range of the two-sided p-value.
    d_low, d_high : ndarray, shape (rows,)
        Range of the difference in pooled standard deviations (Cohen's d), whichever the test; of |d| when the sign is
        unknown.
    difference_low, difference_high : ndarray, shape (rows,)
        Range of the difference of means in the units of the scale; unbounded unless the printed numbers bound it.
    se_low, se_high : ndarray, shape (rows,)
        Range of the standard error of the difference, as the test estimates it.
    sd_low, sd_high : ndarray, shape (rows,)
        Range of the pooled standard deviation.
    sd1_low, sd1_high, sd2_low, sd2_high : ndarray, shape (rows,)
        Range of the standard deviation of each group.
    mean1_low, mean1_high, mean2_low, mean2_high : ndarray, shape (rows,)
        Range of the mean of each group.
    sign_known : bool
        Whether the sign is known, in the order in which the printed numbers compare the groups.
    labelled : bool
        Whether it is known which group has which size.
    tests : tuple of str
        The tests that were searched.
    printed : dict
        The constraints as they were given.
    possible_splits : int
        How many pairs of group sizes were searched.
    exhaustive : bool
        Always True: for each split the ranges hold every value that prints so.
    assumptions : tuple of str
        What was assumed.
    emptied_by : str
        The constraint that left nothing, if nothing is left.
    steps : tuple of str
        What each call of `where` removed, one sentence each.

    Notes
    -----
    Each range is that of one quantity alone, over all values of the others; its ends are reached.

    Examples
    --------
    >>> import ketastats as ks
    >>> found = ks.reconstruct.means(n=83, p="0.572")
    >>> len(found)
    41
    >>> print(f"|d| from {found.d_low.min():.3f} to {found.d_high.max():.3f}")
    |d| from 0.124 to 0.572
    """

    n1: IntArray
    n2: IntArray
    test: NDArray[np.str_]
    t_low: FloatArray
    t_high: FloatArray
    df_low: FloatArray
    df_high: FloatArray
    p_low: FloatArray
    p_high: FloatArray
    d_low: FloatArray
    d_high: FloatArray
    difference_low: FloatArray
    difference_high: FloatArray
    se_low: FloatArray
    se_high: FloatArray
    sd_low: FloatArray
    sd_high: FloatArray
    sd1_low: FloatArray
    sd1_high: FloatArray
    sd2_low: FloatArray
    sd2_high: FloatArray
    mean1_low: FloatArray
    mean1_high: FloatArray
    mean2_low: FloatArray
    mean2_high: FloatArray
    sign_known: bool
    labelled: bool
    tests: tuple[str, ...]
    printed: dict[str, str]
    possible_splits: int
    exhaustive: bool
    assumptions: tuple[str, ...]
    emptied_by: str
    steps: tuple[str, ...] = ()
    _rows: MeanRows
    _printed: PrintedMeans
    _sizes: Splits
    _known_limits: dict[tuple[float, bool], tuple[FloatArray, ...]] = field(
        init=False, repr=False, default_factory=dict
    )

    def __len__(self) -> int:
        return int(self.n1.size)

    @property
    def splits(self) -> IntArray:
        """The pairs of group sizes that are left, one row (n1, n2) each."""
        return np.unique(np.stack([self.n1, self.n2], axis=1), axis=0)

    @property
    def df(self) -> FloatArray:
        """Degrees of freedom of the pooled standard deviation of each row: n1 + n2 - 2."""
        return (self.n1 + self.n2 - 2).astype(np.float64)

    @property
    def g_low(self) -> FloatArray:
        """Smallest Hedges' g (d times the exact factor J) of each row."""
        return self.d_low * self._correction

    @property
    def g_high(self) -> FloatArray:
        """Largest Hedges' g of each row."""
        return self.d_high * self._correction

    @property
    def corners(self) -> tuple[FloatArray, FloatArray]:
        """Corners of the convex set of differences and pooled SDs of each row, both of shape (rows, corners).

        Only where Student's t and the pooled SD are all that was printed: otherwise the set has more dimensions, and
        `intervals` answers what is asked of it.
        """
        sources = [(places, source) for places, source in self._rows.parts if isinstance(source, Corners)]
        if len(sources) < len(self._rows.parts):
            remedy = "Ask for intervals, or for ranges."
            raise InvalidArgument("corners", ", ".join(self.printed), "a set from p, t, f, ci and sd alone", remedy)
        ((places, source),) = sources
        return source.points.difference[np.argsort(places)], source.points.sd[np.argsort(places)]

    @property
    def identifiability(self) -> str:
        """How many splits and which effects remain, and how much the digits narrowed them."""
        printed = ", ".join(value if name == "sizes" else f"{name} {value}" for name, value in self.printed.items())
        searched = counted(self.possible_splits, "split")
        if not self:
            return f"No two-group t-test with {printed} exists: {self.emptied_by} leaves nothing of {searched}."
        name = "d" if self.sign_known else "|d|"
        within = float(np.max(self.d_high - self.d_low))
        if np.isfinite(within):
            narrowed = f"known to {within:.2g} at most when the split is known"
        else:
            narrowed = "without bound on one side at least"
        sign = "" if self.sign_known else "; the sign is unknown"
        return (
            f"{counted(len(self.splits), 'split')} of {self.possible_splits:,} with {printed}, with {name} from "
            f"{self.d_low.min():.3f} to {self.d_high.max():.3f}, {narrowed}{sign}."
        )

    def intervals(self, level: float = 0.90, *, measure: str = "smd") -> MeanLimits:
        """Return the confidence interval of every row, each limit as a range over the values that print so.

        Parameters
        ----------
        level : float
            Confidence level; equivalence at one-sided 0.05 reads the interval at 0.90.
        measure : {"smd", "smd_unbiased", "mean_difference"}
            Cohen's d or Hedges' g by the exact noncentral t distribution, for equal variances in both groups; or the
            difference in the units of the scale by the test of each row, which needs a printed SD, SE or interval.

        Returns
        -------
        MeanLimits
            The range of each limit. Where the sign is unknown they are those of a positive difference; mirror them for
            a negative one.
        """
        kind = _validate.choice(measure, "measure", _MEASURES)
        clean = _validate.level(level)
        if kind == "mean_difference":
            low_min, low_max, high_min, high_max = self._scale_limits(clean)
            method = "difference of means, " + " or ".join(test.capitalize() for test in self.tests)
            references = tuple(_SOURCES[test] for test in self.tests)
        else:
            low_min, high_min, low_max, high_max = self._smd_limits(clean, unbiased=kind == "smd_unbiased")
            estimate = smd_from_t(0.0, 2, 2, unbiased=kind == "smd_unbiased")
            method, references = estimate.method, estimate.references
        return MeanLimits(
            n1=self.n1,
            n2=self.n2,
            low_min=low_min,
            low_max=low_max,
            high_min=high_min,
            high_max=high_max,
            level=clean,
            measure=kind,
            method=method,
            references=references,
        )

    def estimates(self, end: str = "low", *, unbiased: bool = False) -> SMDEstimate:
        """Return the standardised differences at one end of their range, as estimates with intervals.

        Parameters
        ----------
        end : {"low", "high"}
            Which end of the range of d.
        unbiased : bool
            Whether to return Hedges' g instead of Cohen's d.

        Returns
        -------
        SMDEstimate
            One element per row; positive where the sign is unknown.
        """
        t = self._pooled_t[_validate.choice(end, "end", ("low", "high")) == "high"]
        if np.any(np.isinf(t)):
            remedy = "The printed numbers leave t without bound there."
            raise InvalidArgument("end", end, "an end at which t is finite", remedy)
        return smd_from_t(t, self.n1, self.n2, unbiased=unbiased)

    def where(self, *, level: float | None = None, rounding: str = "half", **printed: Any) -> CompatibleMeans:
        """Return the splits, tests and ranges that also print further numbers.

        Parameters
        ----------
        level : float, optional
            Confidence level of further intervals; there is one level for all of them.
        rounding : str
            How the further digits were cut.
        **printed
            Keywords of `means` for sizes and printed numbers, such as ``n1=37``, ``sd="5.3"`` or ``median1="6"``.

        Returns
        -------
        CompatibleMeans
            What is left, as if everything had been given to `means` at once; `steps` says what was removed.

        Raises
        ------
        InvalidArgument, InvalidType
            If an argument cannot be used.

        Examples
        --------
        >>> import ketastats as ks
        >>> found = ks.reconstruct.means(n=83, p="0.572").where(d="0.14")
        >>> print(found.steps[0])
        d = 0.14 removed 36 of 41 rows
        """
        from .where import narrowed

        return narrowed(self, printed, level=level, rounding=rounding)

    def most_informative(
        self, figures: Sequence[str] | str | None = None, *, decimals: int | None = None
    ) -> pd.DataFrame:
        """Return which further printed number would leave the fewest splits and tests.

        Parameters
        ----------
        figures : str or sequence of str, optional
            What could be printed: ``n1``, ``df``, ``t``, ``p``, ``d``, ``g``, ``difference``, ``se``, ``sd``, ``sd1``,
            ``sd2``, ``mean1``, ``mean2``; by default all of which the set bounds both ends.
        decimals : int, optional
            Decimals of every number; by default 3 of p and 2 of the others.

        Returns
        -------
        pandas.DataFrame
            One row for each number, the best first: figure, decimals, printed (how many different numbers could be
            printed), expected (rows of the set that would be left on average, if each row is as likely as the others,
            and in a row each number that it can print), most (rows that would be left at worst), bits (what the number
            would tell on average). Without rows when the set is empty.

        Raises
        ------
        InvalidArgument, InvalidType
            If an argument cannot be used.

        Examples
        --------
        >>> import ketastats as ks
        >>> found = ks.reconstruct.means(n=83, p="0.572")
        >>> found.most_informative(["n1", "d", "t"])[["figure", "printed", "expected"]].round(2)
          figure  printed  expected
        0     n1       41      1.00
        1      d       17      5.84
        2      t        1     41.00
        """
        from .figures import informative

        return informative(self, figures, decimals)

    def to_frame(self) -> pd.DataFrame:
        """Return the set as a tidy data frame.

        Returns
        -------
        pandas.DataFrame
            Columns n1, n2, df, t_low, t_high, d_low, d_high, g_low, g_high, difference_low, difference_high, sd_low,
            sd_high, test, df_low, df_high, p_low, p_high, se_low, se_high, and the ends of sd1, sd2, mean1 and mean2;
            t, d, g and difference without sign when it is unknown.
        """
        ends = ("t", "d", "g", "difference", "sd")
        more = ("df", "p", "se", "sd1", "sd2", "mean1", "mean2")
        names = ["n1", "n2", "df", *_pairs(ends), "test", *_pairs(more)]
        return columns_to_frame({name: getattr(self, name) for name in names})

    def distance_outside(self, low: float, high: float, level: float) -> FloatArray:
        """Return how far outside two ends the worse limit of the interval of the difference lies, at least.

        Parameters
        ----------
        low, high : float
            Ends in the units of the scale; at most one of them infinite.
        level : float
            Confidence level of the interval, by the test of each row.

        Returns
        -------
        ndarray, shape (rows,)
            The smallest distance over the values that print so; negative where some of them bring the whole interval
            between the ends.
        """
        clean = _validate.level(level)
        self._bounded_scale()

        def worse(points: Points) -> FloatArray:
            half = _half_width(points, clean)
            # Nobody needs a difference so large that the interval lies beyond any finite end.
            far = sum(abs(end) for end in (low, high) if np.isfinite(end)) + 2.0 * half + 1.0
            difference = np.clip(points.difference, -far, far)
            below, above = low - (difference - half), (difference + half) - high
            # An end at infinity is never the worse one.
            below, above = (below if np.isfinite(low) else above), (above if np.isfinite(high) else below)
            return least_maximum(below, above)[:, None]

        return self._rows.smallest(worse)

    def _column(self, name: str) -> Any:
        if name == "n":
            return self.n1 + self.n2
        names = ["n1", "n2", "test", "df", *_pairs((*_RANGES, "g", "df"))]
        if name not in names:
            raise InvalidArgument("name", name, "one of " + ", ".join(["n", *names]))
        return getattr(self, name)

    @property
    def _pooled_t(self) -> tuple[FloatArray, FloatArray]:
        """Student's t that belongs to each end of the range of d."""
        student = self.test == "student"
        with np.errstate(invalid="ignore"):
            ends = self.d_low / self._unit, self.d_high / self._unit
        return np.where(student, self.t_low, ends[0]), np.where(student, self.t_high, ends[1])

    @property
    def _unit(self) -> FloatArray:
        return np.sqrt(1.0 / self.n1 + 1.0 / self.n2)

    @property
    def _correction(self) -> FloatArray:
        # With one degree of freedom J is zero: gamma of zero stands in its denominator.
        return np.where(self.df > 1, student_t.hedges_correction(np.maximum(self.df, 2.0)), 0.0)

    def _smd_limits(self, level: float, *, unbiased: bool) -> tuple[FloatArray, ...]:
        """Return both limits at the lower and at the upper end of t; the set remembers them."""
        if (level, unbiased) not in self._known_limits:
            found: list[FloatArray] = []
            for t in self._pooled_t:
                endless = np.isinf(t)
                estimate = smd_from_t(np.where(endless, 0.0, t), self.n1, self.n2, unbiased=unbiased)
                interval = estimate.confidence_interval(level)
                found += [np.where(endless, t, interval.low), np.where(endless, t, interval.high)]
            self._known_limits[level, unbiased] = tuple(found)
        return tuple(limit.copy() for limit in self._known_limits[level, unbiased])

    def _scale_limits(self, level: float) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
        self._bounded_scale()
        measures = [
            lambda points: points.difference - _half_width(points, level),
            lambda points: points.difference + _half_width(points, level),
        ]
        low, high = self._rows.ranges(measures)
        return low[0], high[0], low[1], high[1]

    def _bounded_scale(self) -> None:
        if not (np.all(np.isfinite(self.sd_high))):
            remedy = "Give sd, or ci with its level; or ask for measure='smd'."
            raise InvalidArgument("measure", "mean_difference", "'smd' and 'smd_unbiased' without a printed SD", remedy)


def _half_width(points: Points, level: float) -> FloatArray:
    critical = student_t.isf(0.5 * (1.0 - level), points.ratio.df)
    return np.asarray(critical[:, None] * points.se)


def _pairs(names: tuple[str, ...]) -> list[str]:
    return [f"{name}_{end}" for name in names for end in ("low", "high")]
