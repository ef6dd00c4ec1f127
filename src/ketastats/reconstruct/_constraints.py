"""Printed constraints on one 2x2 table, read once."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import cast

import numpy as np

from ..errors import InvalidArgument, InvalidType
from ..reported import Interval, Reported, Rounding
from ._sizes import IntArray

__all__ = ["Printed", "count_range", "read_probability", "read_rate", "read_reported", "read_statistic"]

_UNIT = Interval(Decimal(0), Decimal(1))
_NON_NEGATIVE = Interval(Decimal(0), Decimal("Infinity"), True, False)


@dataclass(frozen=True, slots=True)
class Printed:
    """A printed number and the values that it allows, on the scale of the quantity."""

    reported: Reported
    interval: Interval
    #: The ways in which the digits may have been cut, if there is more than one.
    rules: tuple[str, ...] = ()


def read_reported(value: object, name: str, rounding: str) -> Reported:
    """Return a printed number from text, or one that was read before."""
    if isinstance(value, Reported):
        return value
    if not isinstance(value, str):
        remedy = f'Write {name}="0.230" with every printed digit: a number has lost them.'
        raise InvalidType(name, value, "the text that was printed", remedy)
    try:
        return Reported(value, rounding=cast(Rounding, rounding))
    except InvalidArgument as error:
        remedy = error.remedy
        if re.search(r"\d.*[\[(].*\d", value):
            remedy = 'A number with its limits is a mapping: {"value": "2.05", "ci": ("1.21", "3.49"), "method": ...}.'
        raise InvalidArgument(name, value, error.allowed, remedy) from None


def read_probability(value: object, rounding: str, name: str = "p") -> Printed | None:
    """Return a printed probability, cut to the range from 0 to 1."""
    if value is None:
        return None
    reported = read_reported(value, name, rounding)
    interval = reported.proportion.intersect(_UNIT)
    # "1.04" could print a value of 1 only under a rule that does not exist, and "-0.00" is printed of negative values.
    beyond = not 0 <= reported.value <= (100 if reported.percent else 1) or reported.value.is_signed()
    if interval.empty or (reported.relation == "=" and beyond):
        raise InvalidArgument(name, reported.text, "a probability between 0 and 1")
    return Printed(reported, interval)


def read_rate(value: object, name: str, rounding: str) -> Printed | None:
    """Return a printed share of events, as a proportion."""
    if value is None:
        return None
    reported = read_reported(value, name, rounding)
    top = 100 if reported.percent else 1
    if not 0 <= reported.value <= top or reported.value.is_signed():
        remedy = f'Write {name}="{reported.text}%" if it is a percentage.' if 1 < reported.value <= 100 else ""
        raise InvalidArgument(name, reported.text, "a percentage from 0% to 100% or a proportion from 0 to 1", remedy)
    return Printed(reported, reported.proportion.intersect(_UNIT))


def read_statistic(value: object, rounding: str) -> Printed | None:
    """Return a printed test statistic without its sign."""
    if value is None:
        return None
    reported = read_reported(value, "statistic", rounding)
    if reported.percent:
        raise InvalidArgument("statistic", reported.text, "a statistic, not a percentage")
    if reported.value.is_signed() and reported.relation == "=":
        positive = Reported(reported.text.replace("\u2212", "-").replace("-", "", 1), rounding=reported.rounding)
        return Printed(reported, positive.interval.intersect(_NON_NEGATIVE))
    interval = reported.interval.intersect(_NON_NEGATIVE)
    if interval.empty:
        raise InvalidArgument("statistic", reported.text, "a statistic that is not negative")
    return Printed(reported, interval)


def count_range(printed: Printed | None, sizes: IntArray) -> tuple[IntArray, IntArray]:
    """Return the smallest and largest number of events whose share prints so, for each group size."""
    if printed is None:
        return np.zeros_like(sizes), sizes.copy()
    return _whole(printed.interval.low, printed.interval.closed_low, sizes, up=True), _whole(
        printed.interval.high, printed.interval.closed_high, sizes, up=False
    )


def _whole(end: Decimal, closed: bool, sizes: IntArray, *, up: bool) -> IntArray:
    """Return the first (or last) whole number within an end times each size."""
    part = Fraction(end)
    above, below = part.numerator, part.denominator
    # Beyond 64 bits whole numbers of any size take over.
    wide = abs(above) * int(np.max(sizes, initial=1)) >= 2**62 or below >= 2**62
    size = sizes.astype(object) if wide else sizes
    product = size * above
    whole = -((-product) // below) if up else product // below
    if not closed:
        whole = whole + np.where(whole * below == product, 1 if up else -1, 0)
    return np.asarray(whole, dtype=np.int64)
