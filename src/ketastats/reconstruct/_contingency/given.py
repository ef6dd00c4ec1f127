"""From the keywords of `contingency` to constraints, in the order in which they were given."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from ... import _validate
from ...errors import InvalidArgument, InvalidType
from ...numerics.rxc import TESTS, TREND
from ...reported import Reported, Rounding
from .._constraints import Printed, read_probability, read_rate, read_statistic
from .._sizes import read_counts
from .constraints import Cell, Constraint, Share, Strength, Tested, Total
from .read import read_line

__all__ = ["KEYWORDS", "Given", "follows_order", "read_roundings"]

_SHARES = {"rates": "row", "column_rates": "column", "total_rates": "table"}
_TESTED = ("p", "statistic")
#: Everything that can be printed of one table.
KEYWORDS = (*_TESTED, "cramers_v", "cells", *_SHARES, "rows", "columns", "n")
_WITH_STATISTIC = ", ".join(test for test in TESTS if test != "fisher")


def read_roundings(value: object) -> tuple[str, ...]:
    """Return one or several ways in which digits may have been cut."""
    return _validate.choices(value, "rounding", tuple(Rounding))


def follows_order(constraints: Iterable[Constraint], tests: tuple[str, ...]) -> bool:
    """Whether a test of a trend is among the tests, for which the order of the lines matters."""
    named = {name for each in constraints for name in each.options}
    return bool((named | set(tests)) & set(TREND))


class Given:
    """What was given, and how it is read.

    Parameters
    ----------
    given : mapping
        Keywords in their order.
    shape : (int, int)
        Rows and columns of the table.
    roundings : tuple of str
        Ways in which digits may have been cut.
    labelled : bool
        Whether it is known which row is which.
    """

    def __init__(
        self, given: Mapping[str, Any], shape: tuple[int, int], roundings: tuple[str, ...], *, labelled: bool
    ) -> None:
        self.given, self.shape, self.roundings, self.labelled = given, shape, roundings, labelled

    def tests(self, test: object) -> tuple[str, ...]:
        """Return the tests behind the numbers that name none of their own."""
        items = [(name, item) for name in _TESTED for item in _items(self.given.get(name))]
        common = [name for name, (_, options) in items if "test" not in options]
        if not common:
            return ()
        if test is None:
            allowed = "one or several of " + ", ".join(TESTS)
            raise InvalidArgument(
                "test", None, allowed, "Name the test behind the printed number: it is never guessed."
            )
        return self._read_tests(test, "test", with_statistic="statistic" in common)

    def _read_tests(self, test: object, name: str, *, with_statistic: bool) -> tuple[str, ...]:
        tests = _validate.choices(test, name, TESTS)
        if with_statistic and "fisher" in tests:
            raise InvalidArgument(name, test, _WITH_STATISTIC, "fisher has no statistic; leave statistic out.")
        for each in tests:
            if each in TREND and not self.labelled and self.shape[0] > 2:
                remedy = "A trend goes over groups in their order: give rows as a sequence, None for unknown totals."
                raise InvalidArgument(name, test, "tests without an order of the groups", remedy)
        return tests

    def constraints(self) -> tuple[Constraint, ...]:
        """Return all constraints."""
        found: list[Constraint] = []
        for name, value in self.given.items():
            if name in _TESTED:
                found += self._tested(name, value)
            elif name == "cramers_v":
                found += [
                    Strength(label, self._printed(item, options, label, read_probability))
                    for label, (item, options) in _labelled(name, value)
                ]
            elif name == "cells":
                found += self._cells(value)
            elif name in _SHARES:
                found += self._shares(name, value)
            else:
                found += self._totals(name, value)
        return tuple(found)

    def _printed(
        self, value: object, options: Mapping[str, Any], label: str, read: Callable[..., Any]
    ) -> tuple[Printed, ...]:
        rules = read_roundings(options["rounding"]) if "rounding" in options else self.roundings
        if isinstance(value, Reported):
            rules = (value.rounding,)
        return tuple(read(value, rule, label) for rule in rules)

    def _tested(self, name: str, value: object) -> Iterator[Tested]:
        for label, (item, options) in _labelled(name, value):
            read: Callable[..., Any] = (
                read_probability if name == "p" else lambda text, rule, _: read_statistic(text, rule)
            )
            tests = None
            if "test" in options:
                tests = self._read_tests(options["test"], f"{label} test", with_statistic=name == "statistic")
            yield Tested(label, name, self._printed(item, options, label, read), tests)

    def _cells(self, value: object) -> Iterator[Cell]:
        for row, column, entry in self._grid("cells", value, "whole numbers or ranges"):
            yield Cell("cells", row, column, read_counts(entry, "cells", low=0))

    def _shares(self, name: str, value: object) -> Iterator[Share]:
        for row, column, entry in self._grid(name, value, "printed shares"):
            read: Callable[..., Any] = lambda text, rule, label: read_rate(text, label, rule)  # noqa: E731
            yield Share(name, row, column, _SHARES[name], self._printed(entry, {}, name, read))

    def _grid(self, name: str, value: object, what: str) -> Iterator[tuple[int, int, Any]]:
        """Yield what was given of each cell."""
        height, width = self.shape
        allowed = f"{height} rows of {width} {what}, None where nothing was printed"
        if not _is_line(value):
            raise InvalidType(name, value, allowed)
        lines = list(value)  # type: ignore[call-overload]
        if len(lines) != height or any(not _is_line(line) or len(line) != width for line in lines):
            raise InvalidArgument(name, value, allowed)
        for row, line in enumerate(lines):
            yield from ((row, column, entry) for column, entry in enumerate(line) if entry is not None)

    def _totals(self, name: str, value: object) -> Iterator[Total]:
        if name == "n":
            yield Total("n", "table", 0, read_counts(value, "n", low=2))
            return
        size = self.shape[name == "columns"]
        if not _is_line(value) or len(value) != size:  # type: ignore[arg-type]
            raise InvalidArgument(name, value, f"{size} totals, None where one is unknown")
        for place, entry in enumerate(value):  # type: ignore[arg-type, var-annotated]
            line = read_line(entry, name, self.roundings, least=int(name == "rows"))
            if isinstance(line, tuple):
                yield Total(name, name.removesuffix("s"), place, None, line)
            elif line is not None:
                yield Total(name, name.removesuffix("s"), place, line)


def _is_line(value: object) -> bool:
    if isinstance(value, np.ndarray):
        return value.ndim > 0
    return isinstance(value, Sequence) and not isinstance(value, (str, bytes, range))


def _items(value: object) -> list[tuple[Any, Mapping[str, Any]]]:
    """Return what was given under one keyword, once or several times, each with what was said about it."""
    entries = value if isinstance(value, list) else [] if value is None else [value]
    return [(entry.get("value"), entry) if isinstance(entry, Mapping) else (entry, {}) for entry in entries]


def _labelled(name: str, value: object) -> Iterator[tuple[str, tuple[Any, Mapping[str, Any]]]]:
    if isinstance(value, list) and not value:
        raise InvalidArgument(name, value, "what was printed", "The list is empty.")
    items = _items(value)
    known = ("value", "rounding", *(["test"] if name in _TESTED else []))
    for place, (item, options) in enumerate(items):
        label = f"{name}[{place}]" if len(items) > 1 else name
        for key in options:
            if key not in known:
                raise InvalidArgument(label, key, "one of " + ", ".join(known))
        if item is None:
            raise InvalidArgument(label, dict(options), "a mapping with value")
        yield label, (item, options)
