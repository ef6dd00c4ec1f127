"""Whether the numbers of a record can be true together; decided on exact decimals."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from ..reported import Reported
from . import _words as words
from ._table import Table

__all__ = ["check_interval", "check_margin", "check_p", "check_positive"]

_DIGITS = "Check the digits against the source."


def check_p(table: Table, p: Reported | None) -> None:
    """Note a p-value that is none."""
    if p is not None:
        _p(table, "p", p)


def check_positive(table: Table, numbers: Mapping[str, Reported | None]) -> None:
    """Note spreads and degrees of freedom that are not above zero."""
    for key, number in numbers.items():
        if number is not None and (number.value <= 0 or number.relation != "="):
            table.fault(key, number.text, "not above zero", _DIGITS)


def check_interval(
    table: Table,
    unit: str,
    value: Reported,
    ends: tuple[Reported | None, Reported | None],
    level: Reported | None,
    plus_minus: Reported | None,
    *,
    stated: bool,
) -> None:
    """Note a value that its unit cannot have, an interval that does not hold it, or a level without its interval."""
    _in_unit(table, "value", unit, value)
    _interval(table, unit, value, *ends)
    if None not in ends and not stated:
        table.fault("level", None, "is missing", 'Add level = "95%", or level = "not stated".')
    if level is not None:
        _level(table, level, has_interval=plus_minus is not None or ends != (None, None))


def check_margin(table: Table, scale: str, unit: str, value: Reported) -> None:
    """Note what is impossible about a margin."""
    expected = "percentage_points" if scale == "risk_difference" else scale
    if scale and unit and unit != expected:
        table.fault("unit", unit, f"not the unit of {scale}", f"Write {expected}.")
    if value.relation != "=" or value.percent or value.value <= 0:
        table.fault("value", value.text, "not a plain positive number", "A margin has no sign and no per cent sign.")
    elif unit == "percentage_points" and value.value >= 100:
        table.fault("value", value.text, "100 percentage points or more", _DIGITS)
    elif unit in words.RATIO_UNITS and value.value <= 1:
        table.fault("value", value.text, "a ratio of at most 1", "Write the ratio above 1; its inverse goes with it.")


def _interval(table: Table, unit: str, value: Reported, low: Reported | None, high: Reported | None) -> None:
    if low is None or high is None:
        if low is not high:
            key = "high" if high is None else "low"
            table.fault(key, None, "is missing", "An interval has two ends.")
        return
    for key, end in (("low", low), ("high", high)):
        if end.relation != "=":
            table.fault(key, end.text, "not a plain number", _DIGITS)
        if end.percent != value.percent:
            table.fault(key, end.text, "a per cent sign on one number only", "Print all three alike.")
        _in_unit(table, key, unit, end)
    if low.value > high.value:
        table.fault("low", low.text, f"above the upper end {high.text}", "Exchange the two.")
    elif not low.value <= value.value <= high.value:
        table.fault("value", value.text, f"outside its interval {low.text} to {high.text}", _DIGITS)


def _level(table: Table, level: Reported, *, has_interval: bool) -> None:
    top = 100 if level.percent else 1
    if level.relation != "=" or not 0 < level.value < top:
        table.fault("level", level.text, "not between 0 and 100%", 'Write level = "95%".')
    if not has_interval:
        table.fault("level", level.text, "a level without an interval", "Add low and high, or remove it.")


def _p(table: Table, key: str, p: Reported) -> None:
    if p.percent or not 0 <= p.value <= 1:
        table.fault(key, p.text, "not a p-value between 0 and 1", _DIGITS)


def _in_unit(table: Table, key: str, unit: str, number: Reported) -> None:
    value, top = number.value, Decimal(100 if number.percent else 1)
    if unit == "pvalue":
        _p(table, key, number)
    elif unit in words.SHARE_UNITS and not 0 <= value <= top:
        table.fault(key, number.text, "not between 0 and 100%", _DIGITS)
    elif unit in words.COUNT_UNITS and (value <= 0 or value != value.to_integral_value() or number.percent):
        table.fault(key, number.text, "not a positive whole number", _DIGITS)
    elif unit in words.RATIO_UNITS and value <= 0:
        table.fault(key, number.text, "a ratio that is not above zero", _DIGITS)
    elif unit in ("correlation", "reliability") and abs(value) > 1:
        table.fault(key, number.text, "not between -1 and 1", _DIGITS)
    elif unit == "percentage_points" and abs(value) > 100:
        table.fault(key, number.text, "more than 100 percentage points", _DIGITS)
    elif number.percent and unit not in words.SHARE_UNITS:
        table.fault(key, number.text, f"a per cent sign on {unit}", "Remove the sign, or mend the unit.")
