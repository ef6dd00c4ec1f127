"""Printed constraints on one comparison of two means, read once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, cast

from ... import _validate
from ...errors import InvalidArgument, InvalidType
from ...numerics.quantile_ranks import DEFINITIONS
from ...reported import Interval, Reported
from .._constraints import Printed, read_probability, read_reported
from .._words import equation
from .whole_quantiles import WholeNumbers

__all__ = [
    "CHANGE",
    "COMPARISON",
    "GROUP",
    "INTERVALS",
    "PAIRS",
    "PLACES",
    "QUANTILES",
    "PrintedMeans",
    "read_change",
    "read_means",
    "read_more",
    "read_number",
    "read_size",
    "read_spread",
    "words",
]

_CORRELATION = Interval(Decimal(-1), Decimal(1))
_NON_NEGATIVE = Interval(Decimal(0), Decimal("Infinity"), True, False)

#: What is said of the quantiles of one group, and of one group at all.
QUANTILES = tuple(f"{kind}{group}" for kind in ("median", "quartiles", "iqr", "range", "range_width") for group in "12")
GROUP = ("mean1", "mean2", "sd1", "sd2", "se1", "se2", "ci1", "ci2", *QUANTILES)
#: What is said of the comparison.
COMPARISON = ("p", "t", "f", "df", "d", "g", "difference", "ci", "se", "sd")
#: What is said of two measurements of the same people.
CHANGE = ("mean_pre", "mean_post", "sd_pre", "sd_post", "mean_change", "sd_change", "se_change", "ci", "t", "p", "r")
#: What is printed as a pair of limits.
INTERVALS = ("ci", "ci1", "ci2")
#: What is printed as a pair of values.
PAIRS = ("quartiles1", "quartiles2", "range1", "range2")
#: What tells where a group lies.
PLACES = ("mean", "ci", "median", "quartiles", "range")
_SIGNED = ("t", "d", "g", "difference", "mean_change")
_SPREADS = ("sd", "se", "sd1", "sd2", "se1", "se2", "sd_pre", "sd_post", "sd_change", "se_change")
# Each of these, or the two means and their spread, limits t.
_ENOUGH = ("p", "t", "f", "d", "g", "ci")


@dataclass(frozen=True, slots=True)
class PrintedMeans:
    """What was printed about one comparison of two means.

    Parameters
    ----------
    numbers : dict
        For each name the printed number, or both limits of an interval. Numbers of `signed` stand on their own scale;
        t, d, g and difference without a sign stand on the scale of their absolute values.
    signed : frozenset of str
        The numbers that were printed with a sign.
    level : float
        Confidence level of all intervals.
    scale : tuple of float
        Smallest and largest possible value of one person.
    definitions : tuple of str
        The definitions of quartiles that are possible.
    whole : WholeNumbers, optional
        The whole numbers behind the values of all people, if they are such.
    """

    numbers: Mapping[str, tuple[Printed, ...]]
    signed: frozenset[str]
    level: float
    scale: tuple[float, float] = (-float("inf"), float("inf"))
    definitions: tuple[str, ...] = DEFINITIONS
    whole: WholeNumbers | None = None

    @property
    def sign_known(self) -> bool:
        """Whether the printed numbers give the sign, in the order in which they compare the groups."""
        return bool(self.signed) or "ci" in self.numbers or all(self.located(group) for group in "12")

    def located(self, group: str) -> bool:
        """Whether anything tells where a group lies."""
        return any(f"{kind}{group}" in self.numbers for kind in PLACES)

    @property
    def scaled(self) -> bool:
        """Whether anything was printed in the units of the scale."""
        return any(name not in ("p", "t", "f", "d", "g", "df") for name in self.numbers)

    @property
    def by_group(self) -> bool:
        """Whether anything was said of one group, which tells the groups apart."""
        return any(name in self.numbers for name in GROUP)

    def names(self) -> list[str]:
        """Return the names of what was printed."""
        return list(self.numbers)

    def only(self, names: Iterable[str]) -> PrintedMeans:
        """Return some of the constraints."""
        kept = {name: self.numbers[name] for name in names}
        return replace(self, numbers=kept, signed=self.signed & kept.keys())

    def joined(self, new: PrintedMeans) -> PrintedMeans:
        """Return both together; of what was printed twice the values that print both."""
        numbers = dict(self.numbers)
        for name, parts in new.numbers.items():
            if name not in numbers:
                numbers[name] = parts
                continue
            one, two = numbers[name], parts
            if (name in self.signed) != (name in new.signed):
                # A number without its sign may have either: it takes that of the other one.
                minus = (one if name in self.signed else two)[0].reported.value.is_signed()
                one = one if name in self.signed else tuple(_turned(part, minus) for part in one)
                two = two if name in new.signed else tuple(_turned(part, minus) for part in two)
            numbers[name] = tuple(
                Printed(second.reported, first.interval.intersect(second.interval))
                for first, second in zip(one, two, strict=True)
            )
        level = new.level if any(name in new.numbers for name in INTERVALS) else self.level
        return replace(self, numbers=numbers, signed=self.signed | new.signed, level=level)

    def reported(self) -> list[Reported]:
        """Return the printed numbers."""
        return [part.reported for parts in self.numbers.values() for part in parts]

    def ends(self, name: str, low: float = -float("inf")) -> tuple[float, float]:
        """Return the smallest and the largest value of a number; `low` and infinity when it was not printed."""
        if name not in self.numbers:
            return low, float("inf")
        (part,) = self.numbers[name]
        return float(part.interval.low), float(part.interval.high)

    def all_ends(self, name: str) -> list[float]:
        """Return every end of the values of a number, or of both limits of an interval."""
        return [float(end) for part in self.numbers[name] for end in (part.interval.low, part.interval.high)]

    def limits(self, name: str) -> tuple[float, float, float, float]:
        """Return the smallest and the largest value of the lower and then of the upper limit of an interval."""
        low, high = (part.interval for part in self.numbers[name])
        return float(low.low), float(low.high), float(high.low), float(high.high)


def read_means(
    given: Mapping[str, object],
    level: float | None,
    rule: str,
    *,
    scale: tuple[float, float] = (-float("inf"), float("inf")),
    definitions: tuple[str, ...] = DEFINITIONS,
    whole: WholeNumbers | None = None,
) -> PrintedMeans:
    """Return what was printed about one comparison, or say what is wrong with it; None was not printed."""
    present = {name: value for name, value in given.items() if value is not None}
    _refuse_too_little(present)
    return replace(_read(present, level, rule), scale=scale, definitions=definitions, whole=whole)


def read_more(given: Mapping[str, object], level: float | None, rule: str) -> PrintedMeans:
    """Return further numbers about one comparison, however few."""
    return _read(given, level, rule)


def read_change(given: Mapping[str, object], level: float | None, rule: str) -> PrintedMeans:
    """Return what was printed about two measurements of the same people; None was not printed."""
    present = {name: value for name, value in given.items() if value is not None}
    if not present:
        raise InvalidArgument("sd_change", None, "a printed number", "Give what was printed as text.")
    return _read(present, level, rule)


def _read(present: Mapping[str, object], level: float | None, rule: str) -> PrintedMeans:
    intervals = [name for name in INTERVALS if name in present]
    if bool(intervals) != (level is not None):
        remedy = "Give both ci and level, or neither."
        raise InvalidArgument("level", level, "the level of " + (", ".join(intervals) or "ci") + ", with it", remedy)
    numbers: dict[str, tuple[Printed, ...]] = {}
    signed = set()
    for name, value in present.items():
        if name in INTERVALS:
            numbers[name] = _limits(value, name, rule)
            continue
        if name in PAIRS:
            numbers[name] = _pair(value, name, rule)
            continue
        part, has_sign = _one(value, name, rule)
        numbers[name] = (part,)
        signed |= {name} if has_sign else set()
    return PrintedMeans(numbers, frozenset(signed), _level(level))


def words(name: str, value: Any, level: float) -> str:
    """Return what was printed under a name."""
    if name in INTERVALS:
        return "{} to {} at level {:g}".format(
            *(end.text if isinstance(end, Reported) else end for end in value), level
        )
    if name in PAIRS:
        return "{} to {}".format(*(end.text if isinstance(end, Reported) else end for end in value))
    return equation(value)


def read_number(value: object, name: str, rule: str) -> Printed:
    """Return a printed number of any sign."""
    reported = _number(value, name, rule)
    return Printed(reported, reported.interval)


def read_size(value: object, name: str, rule: str) -> Printed:
    """Return a printed number that is not negative."""
    return _not_negative(_number(value, name, rule), name)


def read_spread(value: object, name: str, rule: str) -> Printed:
    """Return a printed standard deviation or standard error."""
    return _deviation(value, name, rule)


def _one(value: object, name: str, rule: str) -> tuple[Printed, bool]:
    """Return one printed number, and whether its sign was printed and means something."""
    if name == "p":
        return cast(Printed, read_probability(value, rule)), False
    if name in _SPREADS:
        return _deviation(value, name, rule), False
    if name in _SIGNED:
        return _directed(value, name, rule)
    reported = _number(value, name, rule)
    if name == "r":
        interval = reported.interval.intersect(_CORRELATION)
        if interval.empty or abs(reported.value) > 1:
            raise InvalidArgument(name, reported.text, "a correlation from -1 to 1")
        return Printed(reported, interval), False
    if name.startswith(("mean", "median")):
        return Printed(reported, reported.interval), False
    return _not_negative(reported, name), False


def _turned(part: Printed, minus: bool) -> Printed:
    """Return a size as a number with a minus sign, or as it is."""
    if not minus:
        return part
    interval = part.interval
    low, high = interval.high.copy_negate(), interval.low.copy_negate()
    return Printed(part.reported, Interval(low, high, interval.closed_high, interval.closed_low))


def _refuse_too_little(present: Mapping[str, object]) -> None:
    if any(name in present for name in _ENOUGH):
        return
    located = "difference" in present or all({f"{kind}{group}" for kind in PLACES} & present.keys() for group in "12")
    spread = ("sd", "se", "ci", "quartiles", "iqr", "range", "range_width")
    groups = [{f"{kind}{group}" for kind in spread} & present.keys() for group in "12"]
    if not located or not ({"sd", "se"} & present.keys() or all(groups)):
        remedy = "Give p, t, f, d, g or ci as text; or the means with their SDs, SEs or intervals."
        raise InvalidArgument("p", None, "a printed p-value", remedy)


def _level(value: float | None) -> float:
    if value is None:
        return 0.95
    level = _validate.level(value)
    if 1.0 - level == 1.0:
        raise InvalidArgument("level", value, "at least 1e-15", "Below it the interval is a single point.")
    return level


def _limits(ci: object, name: str, rule: str) -> tuple[Printed, Printed]:
    allowed = 'a pair of printed limits such as ("-1.2", "3.4")'
    if not isinstance(ci, (tuple, list)) or len(ci) != 2:
        raise InvalidType(name, ci, allowed)
    low, high = (_number(end, name, rule) for end in ci)
    if low.relation != "=" or high.relation != "=":
        raise InvalidArgument(name, ci, allowed, "A limit is one number, without < or >.")
    if low.value > high.value:
        raise InvalidArgument(name, ci, "the lower limit first")
    return Printed(low, low.interval), Printed(high, high.interval)


def _pair(value: object, name: str, rule: str) -> tuple[Printed, Printed]:
    allowed = 'a pair of printed values such as ("4", "10")'
    if not isinstance(value, (tuple, list)) or len(value) != 2:
        raise InvalidType(name, value, allowed)
    low, high = (read_number(end, name, rule) for end in value)
    if low.reported.value > high.reported.value:
        raise InvalidArgument(name, value, "the smaller value first")
    return low, high


def _directed(value: object, name: str, rule: str) -> tuple[Printed, bool]:
    """Return a number that may have a sign, and whether one was printed with it."""
    reported = _number(value, name, rule)
    if reported.value.is_signed() or re.search(r"(?<![eE])\+", reported.text):
        return Printed(reported, reported.interval), True
    return _not_negative(reported, name), False


def _not_negative(reported: Reported, name: str) -> Printed:
    interval = reported.interval.intersect(_NON_NEGATIVE)
    if reported.value.is_signed() or interval.empty:
        raise InvalidArgument(name, reported.text, "a number that is not negative")
    return Printed(reported, interval)


def _deviation(value: object, name: str, rule: str) -> Printed:
    reported = _number(value, name, rule)
    # The SD of one group, or of a change, may be so small that it is printed as zero.
    zero = reported.value == 0 and (name in (*GROUP, "sd_change") or name.endswith("]"))
    if reported.relation != "=" or reported.value.is_signed() or not (reported.value > 0 or zero):
        raise InvalidArgument(name, reported.text, "a printed number above zero, without < or >")
    return Printed(reported, reported.interval.intersect(_NON_NEGATIVE))


def _number(value: object, name: str, rule: str) -> Reported:
    reported = read_reported(value, name, rule)
    if reported.percent:
        raise InvalidArgument(name, reported.text, "a number without a per cent sign")
    return reported
