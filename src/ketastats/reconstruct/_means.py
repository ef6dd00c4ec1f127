"""Every t statistic and standardised difference that would print as reported."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from .. import _validate
from .._results import Result, columns_to_frame
from ..effects import SMDEstimate, smd_from_t
from ..errors import BudgetExceeded, InvalidArgument
from ..numerics import student_t
from ..reported import Reported, Rounding
from ._base import CompatibleSet
from ._printed_means import PrintedMeans, read_means
from ._sizes import IntArray, Splits, read_counts, splits
from ._t_ranges import blame, solve
from ._words import counted, equation, rounding_words

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["CompatibleMeans", "MeanLimits", "means"]

FloatArray = NDArray[np.float64]

#: Most pairs of group sizes that a search holds unless the caller allows more.
DEFAULT_BUDGET = 1_000_000

_STUDENT: tuple[str, ...] = ("Student 1908, doi:10.1093/biomet/6.1.1",)
_MEASURES = ("smd", "smd_unbiased", "mean_difference")


@dataclass(frozen=True, slots=True, kw_only=True)
class MeanLimits(Result):
    """Between which values each limit of a confidence interval lies, over the values that would print so.

    Parameters
    ----------
    n1, n2 : ndarray of int64, shape (rows,)
        People in each group.
    low_min, low_max : ndarray, shape (rows,)
        Smallest and largest lower limit.
    high_min, high_max : ndarray, shape (rows,)
        Smallest and largest upper limit.
    level : float
        Confidence level.
    measure : str
        What the limits are limits of.
    method : str
        The method that was used.
    references : tuple of str
        Where the method was published.
    """

    n1: Any
    n2: Any
    low_min: Any
    low_max: Any
    high_min: Any
    high_max: Any
    level: float
    measure: str
    method: str
    references: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CompatibleMeans(CompatibleSet):
    """All t statistics and differences of two means that would print as reported, split by split.

    Parameters
    ----------
    n1, n2 : ndarray of int64, shape (rows,)
        People in each group, sorted by n1 + n2 and n1. When the groups cannot be told apart (`labelled` is False)
        each split stands once, the smaller group first. A split stands twice where the sign is partly known and t
        may lie on either side of a gap around zero.
    t_low, t_high : ndarray, shape (rows,)
        Range of Student's t; of |t| when `sign_known` is False. Exact, by inversion of the printed numbers at the
        ends of their rounding intervals.
    difference_low, difference_high : ndarray, shape (rows,)
        Range of the difference of means in the units of the scale; unbounded unless an SD or an interval was printed.
    sd_low, sd_high : ndarray, shape (rows,)
        Range of the pooled standard deviation, likewise.
    sign_known : bool
        Whether the sign is known, in the order in which the printed numbers compare the groups.
    labelled : bool
        Whether it is known which group has which size.
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
    t_low: FloatArray
    t_high: FloatArray
    difference_low: FloatArray
    difference_high: FloatArray
    sd_low: FloatArray
    sd_high: FloatArray
    sign_known: bool
    labelled: bool
    printed: dict[str, str]
    possible_splits: int
    exhaustive: bool
    assumptions: tuple[str, ...]
    emptied_by: str
    _difference: FloatArray
    _sd: FloatArray

    def __len__(self) -> int:
        return int(self.n1.size)

    @property
    def splits(self) -> IntArray:
        """The pairs of group sizes that are left, one row (n1, n2) each."""
        return np.unique(np.stack([self.n1, self.n2], axis=1), axis=0)

    @property
    def df(self) -> FloatArray:
        """Degrees of freedom of each row: n1 + n2 - 2."""
        return (self.n1 + self.n2 - 2).astype(np.float64)

    @property
    def d_low(self) -> FloatArray:
        """Smallest standardised difference (Cohen's d, pooled SD) of each row; of |d| when the sign is unknown."""
        return self.t_low * self._unit

    @property
    def d_high(self) -> FloatArray:
        """Largest standardised difference of each row."""
        return self.t_high * self._unit

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
        """Corners of the convex set of differences and pooled SDs of each row, both of shape (rows, corners)."""
        return self._difference, self._sd

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
            Cohen's d or Hedges' g by the exact noncentral t distribution; or the difference in the units of the
            scale by Student's method, which needs a printed SD or interval.

        Returns
        -------
        MeanLimits
            Both limits grow with t, so that each range runs from `t_low` to `t_high`. Where the sign is unknown they
            are those of a positive difference; mirror them for a negative one.
        """
        kind = _validate.choice(measure, "measure", _MEASURES)
        clean = _validate.level(level)
        if kind == "mean_difference":
            low_min, low_max, high_min, high_max = self._scale_limits(clean)
            method, references = "difference of means, Student", _STUDENT
        else:
            ends = [self._smd_limits(t, clean, unbiased=kind == "smd_unbiased") for t in (self.t_low, self.t_high)]
            (low_min, high_min), (low_max, high_max) = ends
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
        """Return the standardised differences at one end of the range of t, as estimates with intervals.

        Parameters
        ----------
        end : {"low", "high"}
            Which end of the range of t.
        unbiased : bool
            Whether to return Hedges' g instead of Cohen's d.

        Returns
        -------
        SMDEstimate
            One element per row; positive where the sign is unknown.
        """
        t = self.t_low if _validate.choice(end, "end", ("low", "high")) == "low" else self.t_high
        if np.any(np.isinf(t)):
            remedy = "The printed numbers leave t without bound there."
            raise InvalidArgument("end", end, "an end at which t is finite", remedy)
        return smd_from_t(t, self.n1, self.n2, unbiased=unbiased)

    def to_frame(self) -> pd.DataFrame:
        """Return the set as a tidy data frame.

        Returns
        -------
        pandas.DataFrame
            Columns n1, n2, df, t_low, t_high, d_low, d_high, g_low, g_high, difference_low, difference_high, sd_low,
            sd_high; t, d, g and difference without sign when it is unknown.
        """
        names = ("n1", "n2", "df", "t_low", "t_high", "d_low", "d_high", "g_low", "g_high")
        scale = ("difference_low", "difference_high", "sd_low", "sd_high")
        return columns_to_frame({name: getattr(self, name) for name in (*names, *scale)})

    @property
    def _unit(self) -> FloatArray:
        return np.sqrt(1.0 / self.n1 + 1.0 / self.n2)

    @property
    def _correction(self) -> FloatArray:
        # With one degree of freedom J is zero: gamma of zero stands in its denominator.
        return np.where(self.df > 1, student_t.hedges_correction(np.maximum(self.df, 2.0)), 0.0)

    def _smd_limits(self, t: FloatArray, level: float, *, unbiased: bool) -> tuple[FloatArray, FloatArray]:
        endless = np.isinf(t)
        interval = smd_from_t(np.where(endless, 0.0, t), self.n1, self.n2, unbiased=unbiased).confidence_interval(level)
        return np.where(endless, t, interval.low), np.where(endless, t, interval.high)

    def _scale_limits(self, level: float) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
        if not (np.all(np.isfinite(self.sd_high))):
            remedy = "Give sd, or ci with its level; or ask for measure='smd'."
            raise InvalidArgument("measure", "mean_difference", "'smd' and 'smd_unbiased' without a printed SD", remedy)
        # The limits are linear in the difference and the SD, so they are extreme at corners.
        half = (student_t.isf(0.5 * (1.0 - level), self.df) * self._unit)[:, None] * self._sd
        low, high = self._difference - half, self._difference + half
        return low.min(axis=1), low.max(axis=1), high.min(axis=1), high.max(axis=1)


def means(
    *,
    n: object = None,
    n1: object = None,
    n2: object = None,
    p: str | Reported | None = None,
    t: str | Reported | None = None,
    f: str | Reported | None = None,
    ci: tuple[str | Reported, str | Reported] | None = None,
    level: float | None = None,
    sd: str | Reported | None = None,
    test: str = "student",
    rounding: str = "half",
    budget: int = DEFAULT_BUDGET,
) -> CompatibleMeans:
    """Return every t statistic, standardised difference and difference of means that would print as reported.

    For each split of the sample the printed numbers are inverted at the ends of their rounding intervals; given
    together, they are intersected.

    Parameters
    ----------
    n : int or range, optional
        People in both groups together; a range when outcomes may be missing.
    n1, n2 : int or range, optional
        People in each group, if printed. Groups of one are possible when the other has at least two.
    p : str or Reported, optional
        The two-sided p-value as printed, such as ``"0.572"``, ``"< .001"`` or ``"ns"`` (p > 0.05).
    t : str or Reported, optional
        Student's t as printed. A plus or minus sign is taken as printed; without one, t may be an absolute value, and
        the sign is unknown.
    f : str or Reported, optional
        F with 1 and n1 + n2 - 2 degrees of freedom: the square of t.
    ci : pair of str or Reported, optional
        Limits of the confidence interval of the difference of means, in the units of the scale; needs `level`.
    level : float, optional
        Confidence level of `ci`.
    sd : str or Reported, optional
        The pooled (within-group) standard deviation as printed.
    test : {"student"}
        The test behind the numbers: Student's, with pooled variance. Welch's test cannot be inverted without both
        standard deviations.
    rounding : {"half", "half_up", "half_even", "truncate", "up"}
        How the digits were cut; see `Rounding`.
    budget : int
        Most splits to search.

    Returns
    -------
    CompatibleMeans
        One row per split; empty (and false) when nothing prints so.

    Raises
    ------
    InvalidArgument, InvalidType
        If an argument cannot be used, or nothing was printed from which t follows.
    BudgetExceeded
        If there are more splits than `budget`.

    Notes
    -----
    With u = sqrt(1/n1 + 1/n2), t = D / (s u) for the difference D and the pooled standard deviation s, and the limits
    of the interval are D -+ t_crit s u. In the plane of D and s every printed number is a pair of straight lines, so
    that the compatible values form a convex polygon with exact corners.

    References
    ----------
    .. [1] Student (1908). The probable error of a mean. Biometrika 6, 1-25. doi:10.1093/biomet/6.1.1

    Examples
    --------
    >>> import ketastats as ks
    >>> found = ks.reconstruct.means(n=83, p="0.572", sd="5.3")
    >>> limits = found.intervals(0.90, measure="smd")
    >>> at = 32  # groups of 33 and 50
    >>> print(f"{found.n1[at]}/{found.n2[at]}: {limits.low_min[at]:.2f} to {limits.high_max[at]:.2f}")
    33/50: -0.24 to 0.50
    >>> bool(ks.reconstruct.means(n1=37, n2=46, p="0.572", t="1.24"))
    False
    """
    rule = _validate.choice(rounding, "rounding", tuple(Rounding))
    _student(test)
    printed = read_means(rule, p, t, f, ci, level, sd)
    sizes = _sizes(n, n1, n2, _validate.integer(budget, "budget", low=1))
    keep = sizes.n1 + sizes.n2 >= 3
    if not keep.any():
        raise InvalidArgument("n", n, "at least 3 people", "Two people leave no degrees of freedom.")
    size1, size2 = sizes.n1[keep], sizes.n2[keep]
    rows = solve(size1, size2, printed)
    given = {"p": p, "t": t, "f": f, "sd": sd}
    words = {name: equation(value) for name, value in given.items() if value is not None}
    if ci is not None:
        words["ci"] = f"{ci[0]} to {ci[1]} at level {printed.level:g}"
    culprit = "" if rows.at.size else blame(size1, size2, printed)
    return CompatibleMeans(
        n1=size1[rows.at],
        n2=size2[rows.at],
        t_low=rows.t_low,
        t_high=rows.t_high,
        difference_low=rows.difference.min(axis=1),
        difference_high=rows.difference.max(axis=1),
        sd_low=rows.sd.min(axis=1),
        sd_high=rows.sd.max(axis=1),
        sign_known=printed.sign_known,
        labelled=sizes.labelled,
        printed={"sizes": sizes.describe()} | words,
        possible_splits=int(keep.sum()),
        exhaustive=True,
        assumptions=_assumptions(printed, sizes),
        emptied_by=f"{culprit} {words[culprit]}" if culprit else "",
        _difference=rows.difference,
        _sd=rows.sd,
    )


def _student(test: object) -> None:
    if isinstance(test, str) and test == "welch":
        remedy = "Welch's t depends on both SDs: with means and SDs printed, use ketastats.effects.means."
        raise InvalidArgument("test", test, "student", remedy)
    _validate.choice(test, "test", ("student",))


def _sizes(n: object, n1: object, n2: object, budget: int) -> Splits:
    if n is not None and n1 is None and n2 is None:
        count = int(np.sum(read_counts(n, "n", low=2) // 2))
        if count > budget:
            raise BudgetExceeded("splits", count, budget, "Give n1 and n2, or fewer values of n.")
    return splits(n, n1, n2)


def _assumptions(printed: PrintedMeans, sizes: Splits) -> tuple[str, ...]:
    sentences = ["the test was Student's t-test of two groups with pooled variance and no covariates, two-sided"]
    parts = (printed.p, printed.t, printed.f, printed.ci_low, printed.ci_high, printed.sd)
    reported = [part.reported for part in parts if part is not None]
    rules = dict.fromkeys(r.rounding for r in reported if r.relation == "=")
    if rules:
        sentences.append("digits were " + " or ".join(rounding_words(rule) for rule in rules))
    if printed.ci_low is not None:
        sentences.append("the confidence interval is Student's, of the difference of means in the units of the scale")
    if printed.sd is not None:
        sentences.append("the SD is the pooled SD within groups, in the units of the scale")
    if not sizes.labelled:
        sentences.append("it is not known which group has which size: the smaller one stands first")
    if not printed.sign_known:
        sentences.append("the sign is unknown: t, d and the difference are absolute values")
    return tuple(sentences)
