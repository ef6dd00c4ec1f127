"""What was printed about the quantiles of one sample, read once, and what it leaves of mean and SD."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from ... import _validate
from ...consistency._quantiles import read_scale
from ...errors import InvalidArgument
from ...numerics.order_moments import Moments
from ...numerics.order_sample import distinct_definitions, sample_moments
from ...numerics.quantile_ranks import DEFINITIONS
from .._constraints import Printed
from .printed import read_number, read_size
from .whole_quantiles import WholeNumbers

__all__ = [
    "NAMES",
    "QuantileQuestion",
    "float_ends",
    "quantile_words",
    "read_definitions",
    "read_quantiles",
    "read_scale",
    "read_whole",
]

#: What can be printed of one sample, in the order of the documentation.
NAMES = ("minimum", "q1", "median", "q3", "maximum", "iqr", "range_width", "mean", "sd")
_SIZES = ("iqr", "range_width", "sd")
_ENDLESS = (-np.inf, np.inf)
# How far an end that does not belong to an interval is moved in, in units of the last printed digit.
_OPEN = 1e-9

Ends = tuple[float, float]


@dataclass(frozen=True, slots=True)
class QuantileQuestion:
    """Printed numbers of one sample whose size and definition of quartiles may still vary.

    Parameters
    ----------
    numbers : tuple of (str, Printed)
        What was printed, in the order given; a name may stand there more than once.
    scale : tuple of float
        Smallest and largest possible value.
    sizes : tuple of int
        How many people there may be.
    names : tuple of str
        The definitions of the quartiles that are possible.
    whole : WholeNumbers, optional
        The whole numbers behind the values, if they are such.
    """

    numbers: tuple[tuple[str, Printed], ...]
    scale: Ends
    sizes: tuple[int, ...]
    names: tuple[str, ...]
    whole: WholeNumbers | None = None

    def first(self, count: int) -> QuantileQuestion:
        """Return the question without the numbers after the first few."""
        return replace(self, numbers=self.numbers[:count])

    def cases(self) -> list[tuple[int, tuple[str, ...]]]:
        """Return every size with every definition that gives other values, each with those that give the same."""
        if not {"q1", "q3", "iqr"} & {name for name, _ in self.numbers}:
            return [(n, self.names) for n in self.sizes]
        return [(n, same) for n in self.sizes for same in distinct_definitions(n, self.names)]

    def left(self, n: int, definition: str) -> tuple[Ends, Ends] | None:
        """Return the ends of the means and the SDs that n people can have; None when nobody prints so."""
        if self.whole is not None:
            return self.whole.ends(n, definition, self.numbers)
        found = self.within(n, definition, self.ends("mean"), self.ends("sd"))
        return None if found is None else (found.mean, found.sd)

    def within(self, n: int, definition: str, mean: Ends, sd: Ends) -> Moments | None:
        """Return the means and SDs of any values that lie between ends of their own."""
        quantities = tuple((name, float_ends(part)) for name, part in self.numbers if name not in ("mean", "sd"))
        return sample_moments(n, definition, quantities, self.scale, mean, (max(sd[0], 0.0), sd[1]))

    def ends(self, wanted: str) -> Ends:
        """Return the smallest and the largest value that was printed of one quantity; infinite when none was."""
        ends = [float_ends(part) for name, part in self.numbers if name == wanted]
        return max([low for low, _ in ends], default=-np.inf), min([high for _, high in ends], default=np.inf)


def float_ends(printed: Printed) -> Ends:
    """Return both ends of what prints so; an end that does not belong to it is moved in by next to nothing."""
    interval, inch = printed.interval, _OPEN * 10.0**-printed.reported.decimals
    low, high = float(interval.low), float(interval.high)
    return low if interval.closed_low else low + inch, high if interval.closed_high else high - inch


def read_quantiles(given: Mapping[str, object], rule: str) -> tuple[tuple[str, Printed], ...]:
    """Return what was printed of one sample; None was not printed."""
    return tuple(
        (name, (read_size if name in _SIZES else read_number)(value, name, rule))
        for name, value in given.items()
        if value is not None
    )


def quantile_words(names: Collection[str], definitions: tuple[str, ...]) -> list[str]:
    """Return what is assumed of quantiles that were printed, one sentence each."""
    sentences = []
    if "median" in names:
        sentences.append("the median is the middle value, or the midpoint of the two in the middle")
    if {"q1", "q3", "iqr", "quartiles"}.intersection(names):
        whose = "any definition in use" if definitions == DEFINITIONS else "the definition " + " or ".join(definitions)
        sentences.append(f"the quartiles are those of {whose}")
    return sentences


def read_definitions(value: object) -> tuple[str, ...]:
    """Return the definitions of quartiles that are possible; all of them when nothing is said."""
    return DEFINITIONS if value is None else _validate.choices(value, "definition", DEFINITIONS)


def read_whole(items: object, scale: tuple[float, float] | None) -> WholeNumbers | None:
    """Return the whole numbers behind the values of a scale, or None when the values may be any."""
    if items is None:
        return None
    many = _validate.integer(items, "items", low=1, high=10**6)
    if scale is None:
        raise InvalidArgument("scale", scale, "a pair (lowest, highest), as items are given")
    ends = [Fraction(end) * many for end in read_scale(scale)]
    if any(end.denominator != 1 or abs(end) > 10**6 for end in ends):
        raise InvalidArgument("scale", scale, "a pair of whole steps of one over items, at most a million of them")
    return WholeNumbers(many, int(ends[0]), int(ends[1]))
