"""Every t statistic and standardised difference that would print as reported."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ... import _validate
from ...errors import BudgetExceeded, InvalidArgument
from ...reported import Reported, Rounding
from .._sizes import Splits, read_counts, splits
from .compatible import CompatibleMeans
from .find import find
from .limits import MeanLimits
from .printed import QUANTILES, PrintedMeans, read_means, words
from .quantile_question import read_definitions, read_scale, read_whole
from .rows import is_plain

__all__ = ["CompatibleMeans", "MeanLimits", "means"]

#: Most pairs of group sizes that a search holds unless the caller allows more.
DEFAULT_BUDGET = 1_000_000
TESTS = ("student", "welch")

# Where the ratio of the SDs matters as well, a split takes as much work as this many others.
_WORK = 200
# Each size of a group whose quantiles were printed is a question of its own.
_QUANTILE_WORK = 5_000
_SPREADS = ("sd", "se", "ci", "median", "quartiles", "iqr", "range", "range_width")


def means(
    *,
    n: object = None,
    n1: object = None,
    n2: object = None,
    mean1: str | Reported | None = None,
    mean2: str | Reported | None = None,
    sd1: str | Reported | None = None,
    sd2: str | Reported | None = None,
    se1: str | Reported | None = None,
    se2: str | Reported | None = None,
    ci1: tuple[str | Reported, str | Reported] | None = None,
    ci2: tuple[str | Reported, str | Reported] | None = None,
    median1: str | Reported | None = None,
    median2: str | Reported | None = None,
    quartiles1: tuple[str | Reported, str | Reported] | None = None,
    quartiles2: tuple[str | Reported, str | Reported] | None = None,
    iqr1: str | Reported | None = None,
    iqr2: str | Reported | None = None,
    range1: tuple[str | Reported, str | Reported] | None = None,
    range2: tuple[str | Reported, str | Reported] | None = None,
    range_width1: str | Reported | None = None,
    range_width2: str | Reported | None = None,
    p: str | Reported | None = None,
    t: str | Reported | None = None,
    f: str | Reported | None = None,
    df: str | Reported | None = None,
    d: str | Reported | None = None,
    g: str | Reported | None = None,
    difference: str | Reported | None = None,
    ci: tuple[str | Reported, str | Reported] | None = None,
    level: float | None = None,
    se: str | Reported | None = None,
    sd: str | Reported | None = None,
    scale: tuple[float, float] | None = None,
    items: int | None = None,
    definition: str | Sequence[str] | None = None,
    test: str | Sequence[str] = "student",
    rounding: str = "half",
    budget: int = DEFAULT_BUDGET,
) -> CompatibleMeans:
    """Return every t statistic, difference and standard deviation of two groups that would print as reported.

    Any mix of printed numbers that limits t will do. Every value that prints so is found, for each split of the sample
    and each test that is possible; what was not printed is returned as a range as well.

    Parameters
    ----------
    n : int or range, optional
        People in both groups together; a range when outcomes may be missing.
    n1, n2 : int or range, optional
        People in each group, if printed. Groups of one are possible when the other has at least two and nothing was
        said of the spread of either.
    mean1, mean2 : str or Reported, optional
        Mean of each group as printed; of change scores likewise.
    sd1, sd2 : str or Reported, optional
        Standard deviation of each group (divisor n - 1).
    se1, se2 : str or Reported, optional
        Standard error of the mean of each group.
    ci1, ci2 : pair of str or Reported, optional
        Limits of Student's confidence interval of the mean of each group; needs `level`.
    median1, median2 : str or Reported, optional
        Median of each group.
    quartiles1, quartiles2 : pair of str or Reported, optional
        First and third quartile of each group.
    iqr1, iqr2 : str or Reported, optional
        Distance of the quartiles of each group as one number.
    range1, range2 : pair of str or Reported, optional
        Smallest and largest value of each group.
    range_width1, range_width2 : str or Reported, optional
        Distance of the smallest and the largest value of each group as one number.
    p : str or Reported, optional
        The two-sided p-value as printed, such as ``"0.572"``, ``"< .001"`` or ``"ns"`` (p > 0.05).
    t : str or Reported, optional
        The t statistic as printed. A plus or minus sign is taken as printed; without one, t may be an absolute value,
        and does not tell the sign. The same holds for `d`, `g` and `difference`.
    f : str or Reported, optional
        F with one degree of freedom in the numerator: the square of t.
    df : str or Reported, optional
        Degrees of freedom as printed. Welch's, such as ``"38.02"``, tell the ratio of the standard deviations and limit
        the split; Student's are the number of people less two.
    d : str or Reported, optional
        The difference in pooled standard deviations (Cohen's d).
    g : str or Reported, optional
        Hedges' g: d times the exact factor J, or times the usual approximation 1 - 3 / (4 df - 1).
    difference : str or Reported, optional
        The difference of the means, group 1 minus group 2.
    ci : pair of str or Reported, optional
        Limits of the confidence interval of the difference of means, in the units of the scale; needs `level`.
    level : float, optional
        Confidence level of `ci`, `ci1` and `ci2`.
    se : str or Reported, optional
        Standard error of the difference, as the test estimates it.
    sd : str or Reported, optional
        The pooled (within-group) standard deviation as printed.
    scale : pair of float, optional
        Smallest and largest possible value of one person; it counts beside the median, the quartiles or the range of a
        group.
    items : int, optional
        How many whole numbers were averaged to the value of each person (1 for whole numbers), if all values are such;
        then `scale` is needed, and means that no such values of a group have are ruled out with its size.
    definition : str or sequence of str, optional
        Definitions of the quartiles that are possible, by default all; see `quantiles`.
    test : {"student", "welch"} or sequence of them
        The test behind p, t, F, the interval and the standard error of the difference: Student's with pooled variance,
        or Welch's. With several, each row says its own.
    rounding : {"half", "half_up", "half_even", "truncate", "up", ...}
        How the digits were cut; see `Rounding`.
    budget : int
        Most splits to search; where the ratio of the two standard deviations has to be searched as well (Welch's test,
        intervals of groups) a split counts as 200, where the quantiles of groups were printed as 5,000.

    Returns
    -------
    CompatibleMeans
        One row per split and test (two where the sign or, by Welch's degrees of freedom, the larger standard error is
        left open); empty (and false) when nothing prints so.

    Raises
    ------
    InvalidArgument, InvalidType
        If an argument cannot be used, or nothing was printed from which t follows.
    BudgetExceeded
        If there is more to search than `budget`.

    Notes
    -----
    With u = sqrt(1/n1 + 1/n2), Student's t = D / (s u) for the difference D and the pooled standard deviation s, and
    the limits of the interval are D -+ t_crit s u. In the plane of D and s every printed number is a pair of straight
    lines, so that the compatible values form a convex polygon with exact corners. Welch's degrees of freedom depend on
    the ratio of the standard errors of both means. For a given ratio the compatible values form a convex body again,
    whose corners are exact; the ratio itself is searched, so that ranges need not end where the printed numbers do.

    The median, the quartiles and the range of a group bound its mean and its SD without any distribution, as sharply as
    `quantiles` does with the printed mean and SD of the group, over all definitions of the quartiles that are possible.
    Within these two bounds mean and SD are then taken freely of each other: where t, p or an interval was printed too,
    ranges may be a little wider than what is possible, never narrower.

    References
    ----------
    .. [1] Student (1908). The probable error of a mean. Biometrika 6, 1-25. doi:10.1093/biomet/6.1.1
    .. [2] Welch BL (1947). The generalization of Student's problem when several different population variances are
       involved. Biometrika 34, 28-35. doi:10.1093/biomet/34.1-2.28

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

    Means and SDs are printed, the test is not named; only Student's prints this p:

    >>> found = ks.reconstruct.means(
    ...     n1=16, n2=28, mean1="42.25", sd1="12.49", mean2="38.21", sd2="16.13", p="0.393", test=("student", "welch")
    ... )
    >>> found.test.tolist(), f"t from {found.t_low[0]:.3f} to {found.t_high[0]:.3f}"
    (['student'], 't from 0.862 to 0.864')
    """
    rule = _validate.choice(rounding, "rounding", tuple(Rounding))
    tests = _validate.choices(test, "test", TESTS)
    given: dict[str, Any] = {"mean1": mean1, "mean2": mean2, "sd1": sd1, "sd2": sd2, "se1": se1, "se2": se2}
    given |= {"ci1": ci1, "ci2": ci2, "median1": median1, "median2": median2}
    given |= {"quartiles1": quartiles1, "quartiles2": quartiles2, "iqr1": iqr1, "iqr2": iqr2}
    given |= {"range1": range1, "range2": range2, "range_width1": range_width1, "range_width2": range_width2}
    given |= {"p": p, "t": t, "f": f, "df": df, "d": d, "g": g, "difference": difference, "ci": ci, "se": se, "sd": sd}
    values: dict[str, Any] = {"scale": read_scale(scale), "whole": read_whole(items, scale)}
    printed = read_means(given, level, rule, **values, definitions=read_definitions(definition))
    sizes = _sizes(n, n1, n2, printed, tests, _validate.integer(budget, "budget", low=1))
    return find(sizes, printed, tests, {name: words(name, given[name], printed.level) for name in printed.names()})


def _sizes(n: object, n1: object, n2: object, printed: PrintedMeans, tests: tuple[str, ...], budget: int) -> Splits:
    """Return the splits to search: groups of two and more wherever the spread of a group counts."""
    searched = not all(is_plain(printed, test) for test in tests)
    slow = "welch" in tests or any(name in printed.numbers for name in ("ci1", "ci2"))
    ordered = printed.whole is not None or any(name in QUANTILES for name in printed.numbers)
    if n is not None and n1 is None and n2 is None:
        count = int(np.sum(read_counts(n, "n", low=2) // (1 if printed.by_group else 2)))
        count *= _QUANTILE_WORK if ordered else _WORK if slow else 1
        if count > budget:
            raise BudgetExceeded("splits", count, budget, "Give n1 and n2, or fewer values of n.")
    found = splits(n, n1, n2, labelled=printed.by_group)
    keep = found.n1 + found.n2 >= 3
    if searched:
        both = "welch" in tests
        for group, size in (("1", found.n1), ("2", found.n2)):
            spread = any(f"{kind}{group}" in printed.numbers for kind in _SPREADS)
            if both or spread or (printed.whole is not None and f"mean{group}" in printed.numbers):
                keep &= size >= 2
    if not keep.any():
        if (found.n1 + found.n2 < 3).all():
            raise InvalidArgument("n", n, "at least 3 people", "Two people leave no degrees of freedom.")
        raise InvalidArgument("n", n, "at least 2 people in each group", "One person has no standard deviation.")
    return Splits(found.n1[keep], found.n2[keep], found.labelled)
