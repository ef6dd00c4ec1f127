"""Printed constraints on one comparison of two means, read once."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from decimal import Decimal

from .. import _validate
from ..errors import InvalidArgument, InvalidType
from ..reported import Interval, Reported
from ._constraints import Printed, read_probability, read_reported

__all__ = ["PrintedMeans", "read_means"]

_NON_NEGATIVE = Interval(Decimal(0), Decimal("Infinity"), True, False)


@dataclass(frozen=True, slots=True)
class PrintedMeans:
    """What was printed about one comparison of two means; None where nothing was.

    `t` is on the scale of |t| unless `signed`; the interval is in the units of the scale.
    """

    p: Printed | None
    t: Printed | None
    f: Printed | None
    ci_low: Printed | None
    ci_high: Printed | None
    sd: Printed | None
    signed: bool
    level: float

    @property
    def sign_known(self) -> bool:
        """Whether the printed numbers give the sign, in the order in which they compare the groups."""
        return self.signed or self.ci_low is not None

    def names(self) -> list[str]:
        """Return the names of what was printed, the interval once."""
        found = [field.name for field in fields(self) if isinstance(getattr(self, field.name), Printed)]
        return ["ci" if name == "ci_low" else name for name in found if name != "ci_high"]

    def only(self, names: list[str]) -> PrintedMeans:
        """Return some of the constraints."""
        return PrintedMeans(
            p=self.p if "p" in names else None,
            t=self.t if "t" in names else None,
            f=self.f if "f" in names else None,
            ci_low=self.ci_low if "ci" in names else None,
            ci_high=self.ci_high if "ci" in names else None,
            sd=self.sd if "sd" in names else None,
            signed=self.signed and "t" in names,
            level=self.level,
        )


def read_means(rule: str, p: object, t: object, f: object, ci: object, level: float | None, sd: object) -> PrintedMeans:
    """Return what was printed about one comparison, or say what is wrong with it."""
    if p is None and t is None and f is None and ci is None:
        raise InvalidArgument("p", None, "a printed p-value", "Give p, t, f or ci as text.")
    if (ci is None) != (level is None):
        raise InvalidArgument("level", level, "the level of ci, with ci", "Give both ci and level, or neither.")
    low, high = (None, None) if ci is None else _limits(ci, rule)
    statistic, signed = _statistic(t, rule)
    return PrintedMeans(
        p=read_probability(p, rule),
        t=statistic,
        f=_not_negative(f, "f", rule),
        ci_low=low,
        ci_high=high,
        sd=_deviation(sd, rule),
        signed=signed,
        level=_level(level),
    )


def _level(value: float | None) -> float:
    if value is None:
        return 0.95
    level = _validate.level(value)
    if 1.0 - level == 1.0:
        raise InvalidArgument("level", value, "at least 1e-15", "Below it the interval is a single point.")
    return level


def _limits(ci: object, rule: str) -> tuple[Printed, Printed]:
    allowed = 'a pair of printed limits such as ("-1.2", "3.4")'
    if not isinstance(ci, (tuple, list)) or len(ci) != 2:
        raise InvalidType("ci", ci, allowed)
    low, high = (_number(end, "ci", rule) for end in ci)
    if low.relation != "=" or high.relation != "=":
        raise InvalidArgument("ci", ci, allowed, "A limit is one number, without < or >.")
    if low.value > high.value:
        raise InvalidArgument("ci", ci, "the lower limit first")
    return Printed(low, low.interval), Printed(high, high.interval)


def _statistic(value: object, rule: str) -> tuple[Printed | None, bool]:
    """Return a printed t, and whether a sign was printed with it."""
    if value is None:
        return None, False
    reported = _number(value, "t", rule)
    if reported.value.is_signed() or re.search(r"(?<![eE])\+", reported.text):
        return Printed(reported, reported.interval), True
    return _not_negative(reported, "t", rule), False


def _not_negative(value: object, name: str, rule: str) -> Printed | None:
    if value is None:
        return None
    reported = _number(value, name, rule)
    interval = reported.interval.intersect(_NON_NEGATIVE)
    if reported.value.is_signed() or interval.empty:
        raise InvalidArgument(name, reported.text, "a number that is not negative")
    return Printed(reported, interval)


def _deviation(value: object, rule: str) -> Printed | None:
    if value is None:
        return None
    reported = _number(value, "sd", rule)
    if reported.relation != "=" or reported.value <= 0:
        raise InvalidArgument("sd", reported.text, "a printed number above zero, without < or >")
    return Printed(reported, reported.interval)


def _number(value: object, name: str, rule: str) -> Reported:
    reported = read_reported(value, name, rule)
    if reported.percent:
        raise InvalidArgument(name, reported.text, "a number without a per cent sign")
    return reported
