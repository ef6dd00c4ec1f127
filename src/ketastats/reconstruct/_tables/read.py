"""From the keywords of `tables` to constraints on one 2x2 table."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from decimal import Decimal
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from ... import _validate
from ...errors import InvalidArgument, InvalidType
from ...numerics.table_measures import BOUNDS, SIGNED
from ...reported import Interval, Reported, Rounding
from .._constraints import Printed, read_probability, read_rate, read_reported, read_statistic
from .._sizes import read_counts
from .constraints import Among, Constraint, Measured, Share, Tested
from .limits import METHODS, Limits
from .tests import parted, read_sides, read_tests

__all__ = [
    "COUNTS",
    "KEYWORDS",
    "MEASURES",
    "TESTED",
    "Reader",
    "in_order",
    "read_roundings",
    "remembers_order",
]

P = ParamSpec("P")
R = TypeVar("R")


COUNTS = ("x1", "x2", "events", "y1", "y2", "nonevents", "n1", "n2", "n")
RATES = ("rate1", "rate2", "rate")
TESTED = ("p", "statistic", "z")
MEASURES = ("risk_difference", "risk_ratio", "odds_ratio", "phi", "yule_q", "yule_y")
#: Everything that can be printed of one table.
KEYWORDS = (*TESTED, *COUNTS, *RATES, *MEASURES)
_PROPORTIONAL = tuple(name for name, (_, high) in BOUNDS.items() if high == 1.0)


def read_roundings(value: object) -> tuple[str, ...]:
    """Return one or several ways in which digits may have been cut."""
    return _validate.choices(value, "rounding", tuple(Rounding))


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that was printed: the text (or counts), and what was said about it."""

    label: str
    keyword: str
    value: Any
    options: Mapping[str, Any]


class Reader:
    """Reads keywords into constraints, in the order in which they were given."""

    def __init__(self, given: Mapping[str, Any], roundings: tuple[str, ...], aliases: Mapping[str, str]) -> None:
        self.items = [
            item
            for name, value in given.items()
            for item in _items(name, value, counts=aliases.get(name, name) in COUNTS)
        ]
        self.roundings = roundings
        # Other words for the same quantity, such as sensitivity for the rate of group 1.
        self.aliases = aliases

    def needs_test(self) -> bool:
        """Whether anything is printed of a test that is not named beside it."""
        return any(item.keyword in TESTED and "test" not in item.options for item in self.items)

    def allows_exact_test(self) -> bool:
        """Whether a test without a statistic can be the common test."""
        return not any(item.keyword in ("statistic", "z") and "test" not in item.options for item in self.items)

    def constraints(self, tests: tuple[str, ...]) -> tuple[Constraint, ...]:
        """Return all constraints; `tests` are those of numbers that name none."""
        return tuple(constraint for item in self.items for constraint in self._read(item, tests))

    def _read(self, item: Item, tests: tuple[str, ...]) -> list[Constraint]:
        name = self.aliases.get(item.keyword, item.keyword)
        if name in COUNTS:
            _refuse_options(item, ())
            low = {"n": 2, "n1": 1, "n2": 1}.get(name, 0)
            return [Among(item.label, name, read_counts(item.value, item.label, low=low))]
        if name in TESTED:
            return [self._tested(item, name, tests)]
        found: list[Constraint] = []
        if item.value is not None:
            found.append(self._measured(item, name))
        if item.options.get("ci") is not None:
            found.append(self._limits(item, name))
        if not found:
            raise InvalidArgument(item.label, dict(item.options), "a mapping with value, ci or both")
        return found

    def _hull(self, item: Item, value: Any, read: Any) -> Printed:
        """Return the values that print so under any of the roundings: each holds the printed number itself."""
        if isinstance(value, Reported):
            return read(value, value.rounding)  # type: ignore[no-any-return]
        rules = read_roundings(item.options["rounding"]) if "rounding" in item.options else self.roundings
        parts = [read(value, rule) for rule in rules]
        hull = parts[0].interval
        for part in parts[1:]:
            hull = _joined(hull, part.interval)
        return Printed(parts[0].reported, hull, rules if len(rules) > 1 else ())

    def _tested(self, item: Item, name: str, common: tuple[str, ...]) -> Tested:
        own = ("value", "test", "rounding")
        _refuse_options(item, (*own, "alternative", "alpha") if name == "p" else own)
        tests = sides = None
        if "alternative" in item.options:
            sides = read_sides(item.options["alternative"], f"{item.label} alternative")
        if "test" in item.options:
            tests = read_tests(
                item.options["test"], sides or "two-sided", needed=True, exact=name == "p", name=item.label
            )
            sides = None
        if name == "p":
            printed = self._hull(item, _above_alpha(item), _probability(item.label))
            one_sided = any(side != "two-sided" for side in sides or (parted(test)[1] for test in tests or common))
            return Tested(item.label, name, printed, tests, sides, one_sided)
        if name == "statistic":
            return Tested(item.label, name, self._hull(item, item.value, read_statistic), tests)
        text = item.value.text if isinstance(item.value, Reported) else str(item.value)
        kind = "z" if re.search(r"(?<![eE\d])[+\-\u2212]", text) else "|z|"
        bounds = (-float("inf") if kind == "z" else 0.0, float("inf"))
        return Tested(item.label, kind, self._hull(item, item.value, _bounded(item.label, bounds, False)), tests)

    def _measured(self, item: Item, name: str) -> Constraint:
        if name in RATES:
            _refuse_options(item, ("value", "ci", "level", "method", "rounding", "of"))
            return Share(item.label, name, self._hull(item, item.value, _rate(item.label)), _of_nonevents(item))
        signed = name in SIGNED
        known = ("value", "rounding", *(("ci", "level", "method") if name in METHODS else ()))
        _refuse_options(item, (*known, "signed") if signed else known)
        absolute = not _validate.flag(item.options.get("signed", True), f"{item.label} signed")
        bounds = (0.0, BOUNDS[name][1]) if absolute else BOUNDS[name]
        printed = self._hull(item, item.value, _bounded(item.label, bounds, name in _PROPORTIONAL))
        return Measured(item.label, name, printed, absolute)

    def _limits(self, item: Item, name: str) -> Limits:
        known = METHODS.get(name, ())
        _refuse_options(item, ("value", "ci", "level", "method", "rounding", *(("of",) if name in RATES else ())))
        ci, label = item.options["ci"], f"{item.label} ci"
        allowed = 'a pair of printed limits such as ("0.4", "0.9"), None for one that was not printed'
        if not isinstance(ci, (tuple, list)) or len(ci) != 2 or ci[0] is ci[1] is None:
            raise InvalidType(label, ci, allowed)
        if item.options.get("method") is None:
            remedy = "Name the method behind the printed interval: it is never guessed."
            raise InvalidArgument(f"{item.label} method", None, "one or several of " + ", ".join(known), remedy)
        read = _bounded(label, BOUNDS[name], name in _PROPORTIONAL)
        low, high = (None if end is None else self._hull(item, end, read) for end in ci)
        if low is not None and high is not None and low.reported.value > high.reported.value:
            raise InvalidArgument(label, ci, "the lower limit first")
        methods = _validate.choices(item.options["method"], f"{item.label} method", known)
        level = _validate.level(item.options.get("level", 0.95), f"{item.label} level")
        return Limits(label, name, low, high, level, methods, _of_nonevents(item))


def _of_nonevents(item: Item) -> bool:
    """Whether a rate was printed of the people without the event."""
    options = ("events", "nonevents")
    return _validate.choice(item.options.get("of", "events"), f"{item.label} of", options) == "nonevents"


def _above_alpha(item: Item) -> Any:
    """Return a printed p, where "ns" means above the level that was said to be significant."""
    if "alpha" not in item.options:
        return item.value
    alpha = Decimal(repr(_validate.real(item.options["alpha"], f"{item.label} alpha", low=0.0, high=1.0)))
    text = item.value.text if isinstance(item.value, Reported) else item.value
    if not isinstance(text, str) or not re.search(r"n\.?s", text, re.IGNORECASE):
        remedy = f'Write "< {alpha:f}" for a significant result, or leave alpha out.'
        raise InvalidArgument(f"{item.label} alpha", item.options["alpha"], 'alpha beside the text "ns"', remedy)
    return f"> {alpha:f}"


def _items(name: str, value: Any, *, counts: bool) -> list[Item]:
    """Return what was given under one keyword: once, or several times in a list."""
    if isinstance(value, tuple) and not counts:
        listed = f"Several printed numbers stand in a list: {name}=[...]."
        limits = ' Limits stand in a mapping: {"value": "2.05", "ci": ("1.21", "3.49"), "method": ...}.'
        raise InvalidType(name, value, "what was printed, as text", listed + limits)
    several = isinstance(value, list) and not counts
    if several and not value:
        raise InvalidArgument(name, value, "what was printed", "The list is empty.")
    found = []
    for place, entry in enumerate(value if several else [value]):
        label = f"{name}[{place}]" if several and len(value) > 1 else name
        if isinstance(entry, Mapping):
            found.append(Item(label, name, entry.get("value"), entry))
        else:
            found.append(Item(label, name, entry, {}))
    return found


def _refuse_options(item: Item, known: tuple[str, ...]) -> None:
    for key in item.options:
        if key not in known:
            allowed = "one of " + ", ".join(known) if known else "a count, not a mapping"
            raise InvalidArgument(item.label, key, allowed)


def _joined(one: Interval, two: Interval) -> Interval:
    """Return the smallest interval that holds two intervals with a common point."""
    low = min((one.low, not one.closed_low), (two.low, not two.closed_low))
    high = max((one.high, one.closed_high), (two.high, two.closed_high))
    return Interval(low[0], high[0], not low[1], high[1])


def _probability(label: str) -> Any:
    return lambda value, rule: read_probability(value, rule, label)


def _rate(label: str) -> Any:
    return lambda value, rule: read_rate(value, label, rule)


def _bounded(label: str, bounds: tuple[float, float], proportional: bool) -> Any:
    """Return a reader of numbers within bounds; percentages are read where they make sense."""

    def read(value: object, rule: str) -> Printed:
        reported = read_reported(value, label, rule)
        low, high = (Decimal(repr(bound)) for bound in bounds)
        allowed = f"a printed number between {bounds[0]:g} and {bounds[1]:g}"
        if reported.percent and not proportional:
            raise InvalidArgument(label, reported.text, allowed, "A percentage makes no sense here.")
        whole = Interval(low, high, low.is_finite(), high.is_finite())
        interval = reported.proportion.intersect(whole)
        unit = 100 if reported.percent else 1
        if interval.empty or (reported.relation == "=" and not low * unit <= reported.value <= high * unit):
            remedy = f'Write "{reported.text}%" if it is a percentage.' if proportional and not reported.percent else ""
            raise InvalidArgument(label, reported.text, allowed, remedy)
        return Printed(reported, interval)

    return read


# --- the order in which a caller gave what was printed --------------------------------------------------------

_ORDER: ContextVar[tuple[str, ...]] = ContextVar("_ORDER", default=())


def remembers_order(function: Callable[P, R]) -> Callable[P, R]:
    """Let a function ask, by `in_order`, in which order its keywords were given."""

    @wraps(function)
    def call(*args: P.args, **kwargs: P.kwargs) -> R:
        token = _ORDER.set(tuple(kwargs))
        try:
            return function(*args, **kwargs)
        finally:
            _ORDER.reset(token)

    return call


def in_order(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the keywords that were given, in the caller's order, to a function that remembers it."""
    order = {name: place for place, name in enumerate(_ORDER.get())}
    names = sorted((name for name, value in given.items() if value is not None), key=lambda name: order.get(name, 0))
    return {name: given[name] for name in names}
