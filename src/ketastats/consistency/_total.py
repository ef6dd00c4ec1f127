"""Can subgroups make up the total that was printed for all?"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import inf, sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .. import _validate
from ..errors import BudgetExceeded
from ..reported import Rounding
from ._base import CONSISTENT, IMPOSSIBLE, Consistency, least_assumption
from ._pooled import Box, Ends, corners, greatest_between, least_between
from ._roundings import Reading, branches, readings
from ._subgroups import Figures, Reach, read_figures

__all__ = ["total"]

BoolArray = NDArray[np.bool_]

_IN_NONE, _OVERLAP = "only if some are in no subgroup", "only if subgroups overlap"
_UNWEIGHTED = "only if the mean of all is not weighted by the sizes"
_POOLED = "only if the SD of all is the one within subgroups"
_DEFAULT_BUDGET = 1_000_000


def total(
    *,
    n: Any,
    sizes: Any,
    mean: Any = None,
    means: Any = None,
    count: Any = None,
    counts: Any = None,
    sd: Any = None,
    sds: Any = None,
    items: int | None = None,
    ddof: int = 1,
    rounding: str = "half",
    budget: int = _DEFAULT_BUDGET,
) -> Consistency:
    """Say whether subgroups can make up the mean, the percentage or the standard deviation of all people.

    Every figure may lie anywhere in its rounding interval; the ranges over all of them are exact. Each argument of all
    people may be a column, and each entry of the lists, which have one entry per subgroup, may be one too: one row per
    question.

    Parameters
    ----------
    n : int or a column of ints
        All people.
    sizes : sequence of int or of columns
        People in each subgroup.
    mean : str, Reported, None or a column of them
        Mean of all people as printed, or their percentage; None where it was not printed.
    means : sequence of str, Reported, None or of columns, optional
        Means, or percentages, of the subgroups; None for a subgroup without.
    count : int or a column of ints, optional
        People with the event, in place of the percentage of all.
    counts : sequence of int or of columns, optional
        People with the event in each subgroup, in place of `means`.
    sd : str, Reported, None or a column of them, optional
        Standard deviation over all people.
    sds : sequence of str, Reported, None or of columns, optional
        Standard deviations of the subgroups.
    items : int, optional
        How many whole numbers were averaged to each person's score; without it scores may be any numbers. Percentages
        are counts of people.
    ddof : {1, 0}
        Whether variances were divided by n - 1 or by n.
    rounding : str
        How the digits were cut; see `Rounding`.
    budget : int
        Most sums of people times means at the corners of the rounding intervals, where standard deviations are given.

    Returns
    -------
    Consistency
        One row per question. Labels ``"consistent"``, ``"only if truncated"``, ``"only if the SD divides by n"`` and so
        on; ``"only if the mean of all is not weighted by the sizes"`` and ``"only if the SD of all is the one within
        subgroups"``, two slips; ``"only if some are in no subgroup"`` when the sizes add up to less than `n` and the
        rest can make up the difference; ``"only if subgroups overlap"`` when they add up to more; ``"impossible"``.
        Columns: n, sum_of_sizes; failed (``"sizes"``, ``"mean"``, ``"sd"`` or nothing); mean_low and mean_high, sd_low
        and sd_high: what the subgroups give for all people. They are infinite where nothing limits them, and the lower
        one is the larger where no whole numbers have the means of the subgroups.

    Raises
    ------
    InvalidArgument, InvalidType
        If an argument cannot be used.
    BudgetExceeded
        If the corners have more sums than `budget`.

    Examples
    --------
    >>> import ketastats as ks
    >>> found = ks.consistency.total(n=83, sizes=[37, 46], mean="17.9", means=["17.2", "18.6"])
    >>> print(found.explanation[0])
    Subgroups of 37 and 46 give a mean of 17.93 to 18.03, and 17.9 was printed.
    >>> found.label.tolist()
    ['consistent']
    >>> ks.consistency.total(n=83, sizes=[37, 46], mean=["25%", "26%"], counts=[7, [14, 16]]).label.tolist()
    ['consistent', 'impossible']
    """
    rule = Rounding(_validate.choice(rounding, "rounding", tuple(Rounding)))
    taken = _validate.integer(ddof, "ddof", low=0, high=1)
    limit = _validate.integer(budget, "budget", low=1)
    given = {"n": n, "mean": mean, "count": count, "sd": sd}
    figures = read_figures({**given, "sizes": sizes, "means": means, "counts": counts, "sds": sds}, items, rule)
    spreads = sd is not None or sds is not None
    alike = {label: Reading(cut, cut, taken) for label, cut in branches(rule).items()}
    cuts = readings(rule, taken) if spreads else alike
    reaches = {cut: figures.reach(cut) for cut in {reading.mean for reading in cuts.values()}}
    answers = {label: _Answer(figures, reading, reaches[reading.mean], limit) for label, reading in cuts.items()}
    stated, people, found = answers[CONSISTENT], figures.whole.size, figures.given
    holds = {label: answer.fits & (found == people) for label, answer in answers.items()}
    holds[_UNWEIGHTED] = (found == people) & stated.unweighted()
    if spreads:
        holds[_POOLED] = (found == people) & stated.pooled()
    holds[_IN_NONE] = (found < people) & stated.fits
    holds[_OVERLAP] = (found > people) & np.logical_and.reduce([part.size <= people for part in figures.parts])
    failed = np.where(found != people, "sizes", np.where(~stated.reach.fits, "mean", np.where(stated.fits, "", "sd")))
    label = least_assumption(holds)
    return Consistency(
        label=label,
        holds=holds,
        columns={"n": people, "sum_of_sizes": found, "failed": failed, **stated.columns()},
        method="ranges of the total over the rounding intervals of the subgroups, by exact arithmetic",
        assumptions=("nobody is in two subgroups",),
        _explain=_Sentences(figures, stated, label),
    )


class _Answer:
    """What the subgroups give for all people under one reading, row by row."""

    def __init__(self, figures: Figures, reading: Reading, reach: Reach, budget: int) -> None:
        self.figures, self.reading, self.reach, self.budget = figures, reading, reach, budget
        self.limits = figures.limits(reading.mean)
        self.whole = figures.whole.limits(reading.mean, figures.items, share=figures.share)
        rows = figures.whole.size.size
        self.fits = reach.fits.copy()
        self.sd_low, self.sd_high = np.zeros(rows), np.full(rows, inf)
        asked = np.logical_or.reduce([part.knows_sd for part in (figures.whole, *figures.parts)])
        self.has_sd = asked & ~reach.nothing & (figures.given <= figures.whole.size)
        for row in np.flatnonzero(self.has_sd & reach.fits).tolist():
            found = self._spread(row, self.whole.at(row))
            self.fits[row] = found.meets(self._printed(row))
            self.sd_low[row] = sqrt(found.low or 0)
            self.sd_high[row] = inf if found.high is None else sqrt(found.high)

    def _printed(self, row: int) -> Ends:
        return self.figures.whole.spread(row, self.reading.sd, error=self.reading.error)

    def _within(self, row: int) -> tuple[Ends, int]:
        """Return the sum of squares within subgroups of one row, and its degrees of freedom."""
        low, high, free = Fraction(0), Fraction(0), False
        closed_low = closed_high = True
        # One person alone does not differ from anyone.
        parts = [part for part in self.figures.parts if part.size[row] > 1]
        weights = [int(part.size[row]) - self.reading.ddof for part in parts]
        for part, weight in zip(parts, weights, strict=True):
            ends = part.spread(row, self.reading.sd, error=self.reading.error)
            low, high = low + weight * (ends.low or 0), high + weight * (ends.high or 0)
            free |= ends.high is None
            closed_low, closed_high = closed_low and ends.closed_low, closed_high and ends.closed_high
        return Ends(low, None if free else high, closed_low, closed_high), sum(weights)

    def _spread(self, row: int, whole: Ends) -> Ends:
        """Return the variance of all people in one row when their mean lies in `whole`."""
        pairs = zip(self.figures.parts, self.limits, strict=True)
        boxes = [Box(int(part.size[row]), ends.at(row)) for part, ends in pairs]
        people = int(self.figures.whole.size[row])
        rest = people - sum(box.size for box in boxes)
        if rest:
            boxes.append(Box(rest, Ends(Fraction(0), Fraction(1)) if self.figures.share else Ends(None, None)))
        if (sums := corners(boxes)) > self.budget:
            raise BudgetExceeded("sums at the corners", sums, self.budget, "Join subgroups, or leave out sds.")
        low, low_reached = least_between(boxes, whole)
        high, high_reached = greatest_between(boxes, whole)
        within, _ = self._within(row)
        # Those in no subgroup may differ among each other as much as they like.
        open_end = high is None or within.high is None or rest > 0
        number, none = max(people - self.reading.ddof, 1), Fraction(0)
        return Ends(
            (low + (within.low or none)) / number,
            None if open_end else ((high or none) + (within.high or none)) / number,
            low_reached and within.closed_low,
            high_reached and within.closed_high,
        )

    def unweighted(self) -> BoolArray:
        """Return where the plain average of the means meets the mean of all, and the deviation is right."""
        out = self.figures.averaged(self.reading.mean)
        for row in np.flatnonzero(out & self.has_sd).tolist():
            out[row] = self._spread(row, Ends(None, None)).meets(self._printed(row))
        return out

    def pooled(self) -> BoolArray:
        """Return where the deviation within subgroups meets that of all."""
        out = np.zeros(self.fits.shape, dtype=bool)
        for row in np.flatnonzero(self.figures.whole.knows_sd & self.reach.fits):
            within, freedom = self._within(int(row))
            if freedom > 0 and within.low is not None and within.high is not None:
                ends = Ends(within.low / freedom, within.high / freedom, within.closed_low, within.closed_high)
                out[row] = ends.meets(self._printed(int(row)))
        return out

    def columns(self) -> dict[str, NDArray[np.float64]]:
        """Return what the subgroups give for all people."""
        nothing = self.reach.nothing
        return {
            "mean_low": np.where(nothing, inf, self.reach.low),
            "mean_high": np.where(nothing, -inf, self.reach.high),
            "sd_low": np.where(nothing, inf, self.sd_low),
            "sd_high": np.where(nothing, 0.0, self.sd_high),
        }


@dataclass(frozen=True, slots=True)
class _Sentences:
    """Says why a row has its label."""

    figures: Figures
    stated: _Answer
    label: NDArray[np.str_]

    def __call__(self, row: int) -> str:
        part, label = self._part(row), str(self.label[row])
        return f"{part}." if label in (CONSISTENT, IMPOSSIBLE) else f"{part}. It agrees {label}."

    def _part(self, row: int) -> str:
        figures, stated = self.figures, self.stated
        sizes = " and ".join(str(part.size[row]) for part in figures.parts)
        given, people = int(figures.given[row]), int(figures.whole.size[row])
        if given != people:
            return f"Subgroups of {sizes} are {given} people, and all are {people}"
        if stated.reach.nothing[row]:
            return f"No whole numbers of {sizes} people have these means"
        if stated.has_sd[row] and stated.reach.fits[row]:
            noun, ends = "a deviation", (stated.sd_low[row], stated.sd_high[row])
            column, known = figures.whole.sd, figures.whole.knows_sd[row]
        else:
            noun, column, known = self._noun(), figures.whole.mean, figures.whole.knows_mean[row]
            scale = 100 if figures.share else 1
            ends = (stated.reach.low[row] * scale, stated.reach.high[row] * scale)
        limits = " to ".join("any size" if abs(end) == inf else f"{end:.4g}" for end in ends)
        printed = column.text(int(column.code[row])) if column is not None and known else "nothing"
        return f"Subgroups of {sizes} give {noun} of {limits}, and {printed} was printed"

    def _noun(self) -> str:
        return "a percentage" if self.figures.share else "a mean"
