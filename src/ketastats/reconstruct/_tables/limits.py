"""Printed confidence limits as a constraint on one 2x2 table."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from ... import effects
from ...effects import Estimate
from ...errors import BudgetExceeded
from ...numerics import exact_limits, table_measures
from ...numerics.table_measures import BOUNDS
from ...reported import Interval
from .._constraints import Printed
from .constraints import BoolArray, Columns, Compare, deciding, inside, settled, taken

__all__ = ["METHODS", "Limits"]

#: The methods of an interval by the measure that it belongs to.
METHODS: dict[str, tuple[str, ...]] = {
    "risk_difference": ("score", "mee", "newcombe", "agresti_caffo", "wald", "exact"),
    "risk_ratio": ("score", "koopman", "log", "log_half", "asinh", "mover", "exact"),
    "odds_ratio": (
        "score",
        "cornfield",
        "log",
        "log_half",
        "asinh",
        "asinh_adjusted",
        "smoothed",
        "mover",
        "exact",
        "midp",
    ),
    # Shares of one group of people, whichever they are.
    **dict.fromkeys(
        ("rate1", "rate2", "rate", "specificity", "ppv", "npv", "accuracy", "prevalence"),
        ("wilson", "clopper_pearson", "wald"),
    ),
}
_COMPARED = {"risk_difference": "difference", "risk_ratio": "ratio", "odds_ratio": "odds_ratio"}
# Those of closed form, from counts; the rest are found by iteration or sum over tables.
_QUICK = ("log", "log_half", "asinh", "asinh_adjusted", "smoothed", "wald", "agresti_caffo", "newcombe", "wilson")
# Those whose ends take long to find, and whose tests do not.
_BY_TEST = ("score", "mee", "koopman", "cornfield", "exact", "midp")
# A p this close to the tail, in proportion, does not decide.
_DOUBT = 1e-7
_PEOPLE_AT_ONCE = 200_000
# People in all tables together whose exact unconditional interval is found, which takes minutes.
_PEOPLE = 500_000
# Intervals that always hold the observed measure, and those of them that are symmetric on the log scale.
_HOLDING = {"score", "mee", "koopman", "cornfield", "log", "asinh", "newcombe", "wald"}
_LOG_SYMMETRIC = {"log", "asinh"}


def _float_ends(printed: Printed) -> tuple[float, float]:
    return float(printed.interval.low), float(printed.interval.high)


@dataclass(frozen=True, slots=True)
class Limits:
    """The printed ends of a confidence interval, made by one of several methods; None for an end not printed."""

    label: str
    measure: str
    low: Printed | None
    high: Printed | None
    level: float
    options: tuple[str, ...]
    nonevents: bool = False

    @property
    def directed(self) -> bool:
        """Whether it tells the two groups apart."""
        return self.measure != "rate"

    @property
    def cost(self) -> int:
        """How long the check takes, in classes."""
        return 5 if set(self.options) <= set(_QUICK) else 6

    def point_range(self) -> tuple[float, float] | None:
        """Return where the measure itself must lie; None where the interval need not hold it."""
        if not set(self.options) <= _HOLDING or self.measure not in _COMPARED:
            return None
        least, most = BOUNDS[self.measure]
        low = (least, most) if self.low is None else _float_ends(self.low)
        high = (least, most) if self.high is None else _float_ends(self.high)
        if set(self.options) <= _LOG_SYMMETRIC:
            # The point is the geometric mean of the ends.
            with np.errstate(invalid="ignore"):
                ends = np.sqrt([low[0] * high[0], low[1] * high[1]])
            return float(np.nan_to_num(ends[0], nan=least)), float(np.nan_to_num(ends[1], nan=most, posinf=np.inf))
        return low[0], high[1]

    @property
    def numbers(self) -> tuple[Printed, ...]:
        """The printed numbers."""
        return tuple(end for end in (self.low, self.high) if end is not None)

    def keep(self, tables: Columns, option: str | None) -> BoolArray:
        """Return which tables print so, under one alternative or under any."""
        result = np.zeros(tables[0].shape, dtype=bool)
        for method in self.options if option is None else (option,):
            rest = np.nonzero(~result)[0]
            if rest.size:
                result[rest] = self._prints(taken(tables, rest), method)
        return result

    def _prints(self, tables: Columns, method: str) -> BoolArray:
        if self.measure not in _COMPARED:
            known = np.asarray(self._share(*tables)[1] > 0)
            if not known.all():
                # A share of no one has no limits.
                known[known] = self._prints(taken(tables, known), method)
                return known
        result = np.ones(tables[0].shape, dtype=bool)
        bounds = (-1.0, 1.0) if self.measure == "risk_difference" else (0.0, np.inf)
        for part in self._portions(tables, method):
            some = taken(tables, part)
            estimate = self._estimate(some, method)
            ends = ((self.low, False), (self.high, True))
            given = [(end.interval, upper) for end, upper in ends if end is not None]
            if self._is_tested(method):
                for interval, upper in given:
                    result[part] &= self._by_test(estimate, some, interval, bounds, method, upper)
                continue
            found = estimate.confidence_interval(self.level)
            for interval, upper in given:
                values = found.high if upper else found.low
                result[part] &= inside(values, interval, bounds, some, self._exact(method, upper))
        return result

    def _is_tested(self, method: str) -> bool:
        # The unconditional interval and its test take equally long.
        return method in _BY_TEST and not self._is_unconditional(method)

    def _is_unconditional(self, method: str) -> bool:
        return method == "exact" and self.measure != "odds_ratio"

    def _portions(self, tables: Columns, method: str) -> Iterator[slice]:
        """Yield so many tables at a time as an estimate takes."""
        size = tables[0].size
        step = max(1, size)
        if size and self._is_unconditional(method):
            people = tables[1] + tables[3]
            if int(people.sum()) > _PEOPLE:
                advice = "Exact unconditional intervals take long: print more, give n1 and n2, or another method."
                raise BudgetExceeded("people in tables to check", int(people.sum()), _PEOPLE, advice)
            step = max(1, _PEOPLE_AT_ONCE // int(people.max()))
        for start in range(0, size, step):
            yield slice(start, start + step)

    def _by_test(
        self,
        estimate: Estimate,
        tables: Columns,
        interval: Interval,
        bounds: tuple[float, float],
        method: str,
        upper: bool,
    ) -> BoolArray:
        """Return for which tables an end lies in an interval, by the test of the interval's edges.

        The end lies above an edge when the p against a value above (for the upper end: below) it says so; that is much
        quicker than to look for the end.
        """
        tail = 0.5 * (1.0 - self.level)
        result = np.ones(tables[0].shape, dtype=bool)
        doubt = np.zeros(tables[0].shape, dtype=bool)
        for edge in deciding(interval, bounds):
            p = np.asarray(estimate.pvalue(edge, alternative="less" if upper else "greater"))
            above = p > tail if upper else p < tail
            result &= above if edge == float(interval.low) else ~above
            doubt |= ~(np.abs(p - tail) > _DOUBT * tail)
        return settled(result, doubt, interval, tables, self._exact(method, upper))

    def _estimate(self, tables: Columns, method: str) -> Estimate:
        x1, n1, x2, n2 = tables
        if self.measure in _COMPARED:
            return effects.proportions(x1, n1, x2, n2, measure=_COMPARED[self.measure], method=method)
        return effects.proportion(*self._share(x1, n1, x2, n2), method=method)

    def _share(self, x1: Any, n1: Any, x2: Any, n2: Any) -> tuple[Any, Any]:
        """Return the people that a share counts, and those among whom it counts them."""
        counted, people = table_measures.share(self.measure, x1, n1, x2, n2)
        return (people - counted if self.nonevents else counted), people

    def _exact(self, method: str, upper: bool) -> Compare:
        """Return how to compare an end with an edge exactly."""

        def compare(x1: int, n1: int, x2: int, n2: int, edge: Fraction) -> int:
            table, measure = (x1, n1, x2, n2), self.measure
            if measure not in _COMPARED:
                table, measure = (*self._share(*table), 0, 1), "rate1"
            return exact_limits.compare(measure, method, table, level=self.level, upper=upper, edge=edge)

        return compare
