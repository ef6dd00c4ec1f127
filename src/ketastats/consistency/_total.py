"""Can subgroups make up the total that was printed for all?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from math import ceil, floor, sqrt
from typing import Any

import numpy as np

from .. import _validate
from ..errors import BudgetExceeded, InvalidArgument, InvalidType
from ..reported import Reported, Rounding
from ._base import CONSISTENT, Consistency, least_assumption
from ._pooled import Box, Ends, greatest_between, least_between, mean_range
from ._printed import Column, read_column
from ._roundings import branches, divisor_branches

__all__ = ["total"]

_MOST_SUBGROUPS = 12
_LARGEST = 10**9


def total(
    *,
    n: int,
    sizes: Sequence[int],
    mean: str | Reported,
    means: Sequence[str | Reported],
    sd: str | Reported | None = None,
    sds: Sequence[str | Reported] | None = None,
    items: int | None = None,
    ddof: int = 1,
    rounding: str = "half",
) -> Consistency:
    """Say whether subgroups can make up the mean, the percentage or the standard deviation of all people.

    Every figure may lie anywhere in its rounding interval; the ranges over all of them are exact.

    Parameters
    ----------
    n : int
        All people.
    sizes : sequence of int
        People in each subgroup.
    mean : str or Reported
        Mean of all people as printed, or their percentage.
    means : sequence of str or Reported
        Means, or percentages, of the subgroups.
    sd : str or Reported, optional
        Standard deviation over all people.
    sds : sequence of str or Reported, optional
        Standard deviations of the subgroups; given with `sd`.
    items : int, optional
        How many whole numbers were averaged to each person's score; without it scores may be any numbers. Percentages
        are counts of people.
    ddof : {1, 0}
        Whether variances were divided by n - 1 or by n.
    rounding : str
        How the digits were cut; see `Rounding`.

    Returns
    -------
    Consistency
        One row. Labels ``"consistent"``, ``"only if truncated"``, ``"only if the SD divides by n"`` and so on;
        ``"only if some are in no subgroup"`` when the sizes add up to less than `n` and the rest can make up the
        difference; ``"only if subgroups overlap"`` when they add up to more; ``"impossible"``. Columns: n,
        sum_of_sizes; failed (``"sizes"``, ``"mean"``, ``"sd"`` or nothing); mean_low and mean_high, sd_low and sd_high:
        what the subgroups give for all people. They are infinite where nothing limits them, and the lower one is the
        larger where no whole numbers have the means of the subgroups.

    Raises
    ------
    InvalidArgument, InvalidType
        If an argument cannot be used.
    BudgetExceeded
        If there are more than 12 subgroups with standard deviations: their corners double with each.

    Examples
    --------
    >>> import ketastats as ks
    >>> found = ks.consistency.total(n=83, sizes=[37, 46], mean="17.9", means=["17.2", "18.6"])
    >>> print(found.explanation[0])
    Subgroups of 37 and 46 give a mean of 17.93 to 18.03, and 17.9 was printed.
    >>> found.label.tolist()
    ['consistent']
    >>> ks.consistency.total(n=83, sizes=[37, 46], mean="25%", means=["18.9%", "34.8%"]).label.tolist()
    ['impossible']
    """
    rule = Rounding(_validate.choice(rounding, "rounding", tuple(Rounding)))
    taken = _validate.integer(ddof, "ddof", low=0, high=1)
    figures = _read(n, sizes, mean, means, sd, sds, items, rule)
    answers = {
        label: _answer(figures, cut, divisor)
        for label, (cut, divisor) in divisor_branches(branches(rule), taken).items()
        if divisor == taken or figures.sds
    }
    stated = answers[CONSISTENT]
    given = sum(figures.sizes)
    agree = {label: answer.failed == "" and given == figures.n for label, answer in answers.items()}
    if given < figures.n:
        agree["only if some are in no subgroup"] = stated.failed == ""
    if given > figures.n:
        agree["only if subgroups overlap"] = max(figures.sizes) <= figures.n
    holds = {label: np.array([held]) for label, held in agree.items()}
    failed = "sizes" if given != figures.n else stated.failed
    label = least_assumption(holds)
    return Consistency(
        label=label,
        holds=holds,
        columns={
            "n": np.array([figures.n]),
            "sum_of_sizes": np.array([given]),
            "failed": np.array([failed]),
            **{name: np.array([value]) for name, value in _limits(stated).items()},
        },
        method="ranges of the total over the rounding intervals of the subgroups, by exact arithmetic",
        assumptions=("nobody is in two subgroups",),
        _explain=partial(_sentence, figures, stated, str(label[0])),
    )


@dataclass(frozen=True, slots=True)
class _Figures:
    """What was printed of all people and of the subgroups."""

    n: int
    sizes: list[int]
    mean: Column
    means: list[Column]
    sd: Column | None
    sds: list[Column]
    #: How many whole numbers stand behind each person's score; 0 where scores may be any numbers.
    items: int


@dataclass(frozen=True, slots=True)
class _Answer:
    """What the subgroups give for all people; the deviation squared. None has no end."""

    failed: str
    mean_low: Fraction | None
    mean_high: Fraction | None
    sd_low: Fraction | None
    sd_high: Fraction | None
    #: Whether no whole numbers have the means of the subgroups.
    nothing: bool = False


def _read(
    n: object, sizes: object, mean: object, means: object, sd: object, sds: object, items: object, rule: Rounding
) -> _Figures:
    people = _validate.integer(n, "n", low=1, high=_LARGEST)
    groups = [_validate.integer(size, "sizes", low=1, high=_LARGEST) for size in _sequence(sizes, "sizes")]
    if not groups:
        raise InvalidArgument("sizes", sizes, "at least one subgroup")
    whole = read_column([mean], "mean", rule, 1)
    parts = [read_column([cell], "means", rule, 1) for cell in _sequence(means, "means")]
    if len(parts) != len(groups):
        raise InvalidArgument("means", means, f"as many as sizes, here {len(groups)}")
    kinds = {bool(entry.percent[0]) for entry in [whole, *parts]}
    if len(kinds) == 2:
        raise InvalidArgument("means", means, "percentages throughout, or numbers throughout")
    if (sd is None) != (sds is None):
        raise InvalidArgument("sds", sds, "deviations of the subgroups with that of the total, or neither")
    spread = None if sd is None else read_column([sd], "sd", rule, 1, signed=False)
    spreads = (
        [] if sds is None else [read_column([cell], "sds", rule, 1, signed=False) for cell in _sequence(sds, "sds")]
    )
    if sds is not None and len(spreads) != len(groups):
        raise InvalidArgument("sds", sds, f"as many as sizes, here {len(groups)}")
    if spreads and min([people, *groups]) < 2:
        raise InvalidArgument("sizes", sizes, "at least 2 people in each subgroup with a standard deviation")
    if spreads and len(groups) > _MOST_SUBGROUPS:
        raise BudgetExceeded("corners", 2 ** len(groups), 2**_MOST_SUBGROUPS, "Join subgroups, or leave out sds.")
    averaged = 0 if items is None else _validate.integer(items, "items", low=1, high=10**6)
    return _Figures(people, groups, whole, parts, spread, spreads, 1 if kinds == {True} else averaged)


def _sequence(values: object, name: str) -> list[Any]:
    if isinstance(values, (str, bytes, dict, Reported)) or not isinstance(values, Iterable):
        raise InvalidType(name, values, "a list with one entry per subgroup")
    if getattr(values, "ndim", 1) != 1:
        raise InvalidArgument(name, values, "a list with one entry per subgroup")
    return list(values)


def _ends(printed: Column, cut: Rounding | None) -> Ends:
    found = printed.whole(cut)
    low, high = (Fraction(int(end[0]), int(found.scale[0])) for end in (found.low, found.high))
    return Ends(low, high, bool(found.closed_low[0]), bool(found.closed_high[0]))


def _lattice(ends: Ends, size: int) -> Ends | None:
    """Return the interval from the first to the last mean of so many whole numbers, or None where there is none."""
    if ends.low is None or ends.high is None:
        return ends
    first, last = ceil(ends.low * size), floor(ends.high * size)
    first += Fraction(first, size) not in ends
    last -= Fraction(last, size) not in ends
    return Ends(Fraction(first, size), Fraction(last, size)) if first <= last else None


def _answer(figures: _Figures, cut: Rounding | None, ddof: int) -> _Answer:
    """Return what the subgroups give under one rule of rounding and one divisor."""
    nothing = _Answer("mean", None, None, None, None, nothing=True)
    whole, boxes = _ends(figures.mean, cut), []
    for size, printed in zip(figures.sizes, figures.means, strict=True):
        ends: Ends | None = _ends(printed, cut)
        ends = _lattice(_ends(printed, cut), size * figures.items) if figures.items else ends
        if ends is None:
            return nothing
        boxes.append(Box(size, ends))
    rest = figures.n - sum(figures.sizes)
    if rest > 0:
        share = bool(figures.mean.percent[0])
        boxes.append(Box(rest, Ends(Fraction(0), Fraction(1)) if share else Ends(None, None)))
    reach = mean_range(boxes)
    fits = whole.meets(reach)
    if figures.items and rest >= 0:
        # All people have a whole sum too, and every whole sum between the least and the greatest can be made.
        sums, wanted = (_lattice(ends, figures.n * figures.items) for ends in (reach, whole))
        fits = sums is not None and wanted is not None and sums.meets(wanted)
        whole = whole if wanted is None else wanted
    if not figures.sds or not fits or rest < 0:
        return _Answer("" if fits else "mean", reach.low, reach.high, None, None)
    return _spread(figures, cut, ddof, boxes, whole, reach)


def _spread(figures: _Figures, cut: Rounding | None, ddof: int, boxes: list[Box], whole: Ends, reach: Ends) -> _Answer:
    inside = [_squared(_ends(printed, cut)) for printed in figures.sds]
    weights = [size - ddof for size in figures.sizes]
    low, low_reached = least_between(boxes, whole)
    high, high_reached = greatest_between(boxes, whole)
    # Those in no subgroup may differ among each other as much as they like.
    open_end = high is None or len(boxes) > len(figures.sds)
    lows, highs = low, high or Fraction(0)
    for weight, ends in zip(weights, inside, strict=True):
        lows, highs = lows + weight * (ends.low or Fraction(0)), highs + weight * (ends.high or Fraction(0))
    number = figures.n - ddof
    found = Ends(
        lows / number,
        None if open_end else highs / number,
        low_reached and all(ends.closed_low for ends in inside),
        high_reached and all(ends.closed_high for ends in inside),
    )
    printed = _squared(_ends(figures.sd, cut)) if figures.sd is not None else found
    return _Answer("" if found.meets(printed) else "sd", reach.low, reach.high, found.low, found.high)


def _squared(ends: Ends) -> Ends:
    low, high = ends.low or Fraction(0), ends.high or Fraction(0)
    # Below zero there is no deviation, and zero then belongs to the interval.
    return Ends(max(low, Fraction(0)) ** 2, high**2, ends.closed_low or low < 0, ends.closed_high)


def _limits(answer: _Answer) -> dict[str, float]:
    if answer.nothing:
        return {"mean_low": np.inf, "mean_high": -np.inf, "sd_low": np.inf, "sd_high": 0.0}
    return {
        "mean_low": -np.inf if answer.mean_low is None else float(answer.mean_low),
        "mean_high": np.inf if answer.mean_high is None else float(answer.mean_high),
        "sd_low": sqrt(answer.sd_low or 0),
        "sd_high": np.inf if answer.sd_high is None else sqrt(answer.sd_high),
    }


def _sentence(figures: _Figures, answer: _Answer, label: str, row: int) -> str:
    del row  # there is one
    sizes, given = " and ".join(map(str, figures.sizes)), sum(figures.sizes)
    if given != figures.n:
        part = f"Subgroups of {sizes} are {given} people, and all are {figures.n}"
    elif answer.nothing:
        part = f"No whole numbers of {sizes} people have these means"
    elif answer.sd_low is not None:
        upper = "any size" if answer.sd_high is None else f"{sqrt(answer.sd_high):.4g}"
        printed = figures.sd.at(0).text.strip() if figures.sd is not None else ""
        part = (
            f"Subgroups of {sizes} give a deviation of {sqrt(answer.sd_low):.4g} to {upper}, and {printed} was printed"
        )
    else:
        scale = 100 if figures.mean.percent[0] else 1
        low, high = (
            f"{float(end * scale):.4g}" if end is not None else "?" for end in (answer.mean_low, answer.mean_high)
        )
        noun = "a percentage" if scale == 100 else "a mean"
        part = f"Subgroups of {sizes} give {noun} of {low} to {high}, and {figures.mean.at(0).text.strip()} was printed"
    return f"{part}." if label in (CONSISTENT, "impossible") else f"{part}. It agrees {label}."
