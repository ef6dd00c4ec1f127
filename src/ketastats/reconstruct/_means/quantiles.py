"""Which means and standard deviations do a median, quartiles and a range leave? Exact ranges, no distribution."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ... import _validate
from ...errors import BudgetExceeded, InvalidArgument
from ...reported import Reported, Rounding
from .._sizes import read_counts
from .._words import equation, rounding_words
from .quantile_question import (
    QuantileQuestion,
    quantile_words,
    read_definitions,
    read_quantiles,
    read_scale,
    read_whole,
)
from .quantile_set import CompatibleQuantiles, find

__all__ = ["CompatibleQuantiles", "quantiles"]

#: Most values of all samples together that are looked at unless the caller allows more.
DEFAULT_BUDGET = 200_000


def quantiles(
    *,
    n: object,
    minimum: str | Reported | None = None,
    q1: str | Reported | None = None,
    median: str | Reported | None = None,
    q3: str | Reported | None = None,
    maximum: str | Reported | None = None,
    iqr: str | Reported | None = None,
    range_width: str | Reported | None = None,
    mean: str | Reported | None = None,
    sd: str | Reported | None = None,
    scale: tuple[float, float] | None = None,
    items: int | None = None,
    definition: str | Sequence[str] | None = None,
    rounding: str = "half",
    budget: int = DEFAULT_BUDGET,
) -> CompatibleQuantiles:
    """Return the exact ranges of mean and SD over all samples that would print a median, quartiles and a range.

    No distribution is assumed: the ranges hold for any values whatever. Any of the numbers may be left out. With the
    mean or the SD printed as well the question is whether they are possible together, and what each leaves of the
    other. For estimates under a distribution see `ketastats.effects.mean_from_quantiles`.

    Parameters
    ----------
    n : int or range
        People in the sample, at least 2.
    minimum, q1, median, q3, maximum : str or Reported, optional
        Smallest value, first quartile, median, third quartile and largest value as printed.
    iqr : str or Reported, optional
        The interquartile range as one number, the distance of the quartiles.
    range_width : str or Reported, optional
        The range as one number, the distance of the smallest and the largest value.
    mean, sd : str or Reported, optional
        Mean and standard deviation (divisor n - 1) as printed.
    scale : pair of float, optional
        Smallest and largest value that is possible at all.
    items : int, optional
        How many whole numbers were averaged to each value (1 for whole numbers), if all values are such; then `scale`
        is needed, and only such values are looked at.
    definition : str or sequence of str, optional
        Definitions of the quartiles that are possible; by default all of them. The nine of Hyndman and Fan [1]_ under
        the names of `numpy.quantile`: ``"inverted_cdf"``, ``"averaged_inverted_cdf"`` (SAS, Stata),
        ``"closest_observation"``, ``"interpolated_inverted_cdf"``, ``"hazen"``, ``"weibull"`` (SPSS, Minitab),
        ``"linear"`` (R, Excel), ``"median_unbiased"``, ``"normal_unbiased"``; and the medians of both halves of the
        sample with the median in both (``"hinges"``, Tukey) or in neither (``"halves_without_median"``).
    rounding : {"half", "half_up", "half_even", "truncate", "up", ...}
        How the digits were cut; see `Rounding`.
    budget : int
        Most values of all samples together, over the sizes and definitions.

    Returns
    -------
    CompatibleQuantiles
        One row for each size and each definition that gives other quartiles; empty (and false) when no sample prints
        so.

    Raises
    ------
    InvalidArgument, InvalidType
        If an argument cannot be used, or no quantile was printed.
    BudgetExceeded
        If there are more values to look at than `budget`.

    Notes
    -----
    The median is the middle value, or the midpoint of the two in the middle. Each quantile is a weighted mean of one or
    two of the ordered values, so that all samples that print so form a convex body. The mean is largest and smallest at
    corners of this body. The variance is convex: with the mean given it is largest on an edge, where all values but one
    stand as far out as they can, and smallest at the point that is nearest to all values being equal, which is found by
    least squares with signs [2]_. Between both ends every SD is reached. Of whole numbers every choice of those behind
    the quantiles is looked at, with exact integers, and for each sum the least and the most spread; between both ends
    not every SD is reached, and an end that comes from a printed SD need not be: for that see `samples`.

    References
    ----------
    .. [1] Hyndman RJ, Fan Y (1996). Sample quantiles in statistical packages. The American Statistician 50, 361-365.
       doi:10.1080/00031305.1996.10473566
    .. [2] Lawson CL, Hanson RJ (1995). Solving Least Squares Problems. SIAM. doi:10.1137/1.9781611971217

    Examples
    --------
    >>> import ketastats as ks
    >>> found = ks.reconstruct.quantiles(n=20, minimum="2", median="6", maximum="14")
    >>> print(f"mean {found.mean_low[0]:.2f} to {found.mean_high[0]:.2f}, SD at most {found.sd_high[0]:.2f}")
    mean 4.10 to 9.90, SD at most 6.55

    Can the mean be 9.1 with these quartiles and this range?

    >>> found = ks.reconstruct.quantiles(n=20, minimum="2", q1="4", median="6", q3="10", maximum="14", mean="9.1")
    >>> bool(found), found.emptied_by
    (False, 'mean = 9.1')
    """
    rule = _validate.choice(rounding, "rounding", tuple(Rounding))
    given: dict[str, Any] = {"minimum": minimum, "q1": q1, "median": median, "q3": q3, "maximum": maximum}
    given |= {"iqr": iqr, "range_width": range_width, "mean": mean, "sd": sd}
    numbers = read_quantiles(given, rule)
    if all(name in ("mean", "sd") for name, _ in numbers):
        raise InvalidArgument("median", median, "a printed quantile", "Give what was printed as text.")
    names = read_definitions(definition)
    sizes = read_counts(n, "n", low=2)
    most = _validate.integer(budget, "budget", low=1)
    if int(sizes.sum()) > most:
        raise BudgetExceeded("values", int(sizes.sum()), most, "Give fewer values of n, or raise budget.")
    question = QuantileQuestion(
        numbers, read_scale(scale), tuple(int(size) for size in sizes), names, read_whole(items, scale)
    )
    count = sum(size for size, _ in question.cases())
    if count > most:
        raise BudgetExceeded("values", count, most, "Give fewer values of n, one definition, or raise budget.")
    printed = {"n": equation(n)} | {name: equation(given[name]) for name, _ in numbers}
    if scale is not None:
        printed["scale"] = f"from {scale[0]:g} to {scale[1]:g}"
    return find(question, printed, _assumptions(question))


def _assumptions(question: QuantileQuestion) -> tuple[str, ...]:
    used = {name for name, _ in question.numbers}
    sentences = ["all numbers are of the same people"]
    sentences += quantile_words(used, question.names)
    if question.whole is not None:
        sentences.append(f"every value averages {question.whole.items} whole numbers and lies on the scale")
    if "sd" in used:
        sentences.append("the SD has the divisor n - 1")
    rules = dict.fromkeys(part.reported.rounding for _, part in question.numbers if part.reported.relation == "=")
    if rules:
        sentences.append("digits were " + " or ".join(rounding_words(rule) for rule in rules))
    return tuple(sentences)
