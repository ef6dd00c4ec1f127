"""The printed interval of one proportion against its counts."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from itertools import product
from typing import Any, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from .. import _validate
from ..errors import BudgetExceeded, InvalidArgument, InvalidType
from ..numerics import exact_limits, rates
from ..reported import Rounding
from ._base import CONSISTENT, IMPOSSIBLE, Consistency, least_assumption
from ._columns import cells, lengths, several, sizes
from ._printed import EQUAL, Column, Ends, read_column
from ._roundings import branches

__all__ = ["proportion_interval"]

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]
_Option = TypeVar("_Option")


def _wald(table: tuple[FloatArray, FloatArray], z: float) -> tuple[FloatArray, FloatArray]:
    """Return the proportion plus and minus z standard errors, also where that is beyond 0 or 1."""
    x, n = table
    reach = z * np.sqrt(x * (n - x) / n**3)
    return x / n - reach, x / n + reach


#: How the limits are made, and the float of each.
METHODS = {"wilson": rates.wilson_interval, "clopper_pearson": rates.clopper_pearson_interval, "wald": _wald}
_NAMES = {"wilson": "Wilson", "clopper_pearson": "Clopper-Pearson", "wald": "Wald"}
_MOST_COUNTS = 10_000_000
# A float limit this close to an edge leaves the decision to as many digits as it takes.
_NEAR = 1e-9
_REFERENCES = (
    "Wilson 1927, doi:10.1080/01621459.1927.10502953",
    "Clopper & Pearson 1934, doi:10.1093/biomet/26.4.404",
)


def proportion_interval(
    x: Any,
    n: Any,
    low: Any,
    high: Any,
    *,
    estimate: Any = None,
    level: float = 0.95,
    method: Any = tuple(METHODS),
    levels: ArrayLike = (0.90, 0.95, 0.99),
    rounding: str = "half",
) -> Consistency:
    """Ask whether the printed limits of a proportion follow from its counts, and by which method.

    Each argument but `level`, `method` and `levels` may be a column.

    Parameters
    ----------
    x : int or sequence of int, or None
        People with the event; None where they were not printed, and every count that prints the estimate is tried.
    n : int or sequence of int
        People in all.
    low, high : str or sequence of str, or None
        The limits as printed, ``"8.9%"`` or ``"0.089"``; None in place of all of one side for one-sided intervals.
    estimate : str or sequence of str, optional
        The proportion as printed.
    level : float
        Confidence level, strictly between 0 and 1; above one half for one-sided intervals.
    method : str or sequence of str
        How the limits may have been made: ``"wilson"``, ``"clopper_pearson"``, ``"wald"``, whose
        limits may have been printed as 0 or 1 where they are beyond; all of these unless stated.
    levels : array_like
        Other levels that the interval may have.
    rounding : str
        How digits were cut, one of `Rounding`.

    Returns
    -------
    Consistency
        One row per interval. Labels ``"consistent"``, ``"only if truncated"``, ``"only if the level is 0.9"``, ``"only
        if by the Wald method"`` where another was stated, ``"only if the limit is one of two"`` for one-sided
        intervals, and so on. Columns: what was printed; agrees_by, the methods by which the numbers agree as stated;
        count, the first count that agrees, or -1.

    Raises
    ------
    InvalidType
        If a printed number is no text, or neither counts nor estimates are given.
    InvalidArgument
        If an argument is out of range, or the columns differ in length.
    BudgetExceeded
        If more than ten million counts print as the estimates.

    References
    ----------
    .. [1] Wilson EB (1927). Probable inference, the law of succession, and statistical inference. Journal of the
       American Statistical Association 22, 209-212. doi:10.1080/01621459.1927.10502953
    .. [2] Clopper CJ, Pearson ES (1934). The use of confidence or fiducial limits illustrated in the case of the
       binomial. Biometrika 26, 404-413. doi:10.1093/biomet/26.4.404

    Examples
    --------
    >>> import ketastats as ks
    >>> found = ks.consistency.proportion_interval(7, 37, "9.5%", "34.2%", estimate="18.9%", method="clopper_pearson")
    >>> found.label.tolist(), found["agrees_by"].tolist()
    (['only if by the Wilson method'], [''])
    >>> print(found.explanation[0])
    95 % limits of 9.5% to 34.2% do not follow from 7 of 37; they agree only if by the Wilson method.
    """
    rule = Rounding(_validate.choice(rounding, "rounding", tuple(Rounding)))
    chance, others = _validate.level(level), several(levels, "levels", low=0.0, high=1.0)
    methods = _validate.choices(method, "method", METHODS)
    single = (low is None) != (high is None)
    if low is None and high is None:
        raise InvalidType("low", None, "at least one limit", "Give low, high, or both.")
    if single and chance <= 0.5:
        raise InvalidArgument("level", chance, "above 0.5 where there is a single limit")
    work = _read({"x": x, "n": n, "low": low, "high": high, "estimate": estimate}, rule)
    # As much is beyond the limit of a one-sided interval as beyond both of a wider one.
    widths = {"": chance} | {f"the level is {other:g}": other for other in others}
    if single:
        widths = {words: 2.0 * width - 1.0 for words, width in widths.items() if width > 0.5}
        widths["the limit is one of two"] = chance
    holds = _holds(work, widths, methods, rule)
    label = least_assumption(holds)
    columns = _columns(work, widths[""], methods)
    return Consistency(
        label=label,
        holds=holds,
        columns=columns,
        method="limits of a proportion recomputed from its counts",
        references=_REFERENCES,
        assumptions=(
            f"All numbers were cut by the rule {rule.value!r}.",
            f"The limits were made by one of: {', '.join(methods)}.",
        ),
        _explain=_Sentences(columns, label, chance),
    )


@dataclass(frozen=True, slots=True)
class _Work:
    """Every count that each row may have, one after the other, and what was printed of it.

    Parameters
    ----------
    row, x, n : ndarray of int
        The row of each count, the count, and the people in all.
    low, high, estimate : Column or None
        What was printed.
    people : ndarray of int
        People in all of each row.
    """

    row: IntArray
    x: IntArray
    n: IntArray
    low: Column | None
    high: Column | None
    estimate: Column | None
    people: IntArray
    _limits: dict[tuple[str, float], tuple[FloatArray, FloatArray]] = field(default_factory=dict)

    def rows(self, found: BoolArray) -> BoolArray:
        """Return the rows of which some count was found."""
        out = np.zeros(self.people.shape, dtype=bool)
        out[self.row[found]] = True
        return out

    def limits(self, method: str, level: float) -> tuple[FloatArray, FloatArray]:
        """Return the limits of each count."""
        key = method, level
        if key not in self._limits:
            z = float(-special.ndtri(0.5 * (1.0 - level)))
            self._limits[key] = METHODS[method]((self.x.astype(np.float64), self.n.astype(np.float64)), z)
        return self._limits[key]

    def prints(self, method: str, level: float, cut: Rounding | None) -> BoolArray:
        """Return which counts print the estimate and both limits."""
        out = np.ones(self.x.shape, dtype=bool)
        if self.estimate is not None:
            first, last = self.estimate.whole(cut).sums(self.people)
            out &= np.asarray((self.x >= first[self.row]) & (self.x <= last[self.row]), dtype=bool)
        for column, value, upper in zip((self.low, self.high), self.limits(method, level), (False, True), strict=True):
            if column is not None:
                code = column.code[self.row]
                ends = column.ends(cut).take(code)
                cut_off = np.clip(value, 0.0, 1.0)
                inside = _inside(value, ends) | _inside(cut_off, ends)
                for k in np.flatnonzero(out & (value == cut_off) & _close(value, ends)):
                    inside[k] = self._exactly(int(k), column, method, level, cut, upper=upper)
                out &= inside
        return out

    def _exactly(self, k: int, column: Column, method: str, level: float, cut: Rounding | None, *, upper: bool) -> bool:
        """Decide one limit next to an edge with as many digits as it takes."""
        interval = column.exact(int(column.code[self.row[k]]), cut)
        table = int(self.x[k]), int(self.n[k]), 0, 1
        low, high = (
            exact_limits.compare("rate1", method, table, level=level, upper=upper, edge=Fraction(edge))
            for edge in (interval.low, interval.high)
        )
        return (low > 0 or (low == 0 and interval.closed_low)) and (high < 0 or (high == 0 and interval.closed_high))


def _holds(work: _Work, widths: dict[str, float], methods: tuple[str, ...], rule: Rounding) -> dict[str, BoolArray]:
    """Return what was stated, each departure from it alone, then every two."""
    cuts = {label.removeprefix("only if ").removeprefix(CONSISTENT): cut for label, cut in branches(rule).items()}
    used = {"": methods} | {f"by the {_NAMES[name]} method": (name,) for name in METHODS if name not in methods}
    every = [[word for word in words if word] for words in product(cuts, widths, used)]
    holds: dict[str, BoolArray] = {}
    for words in sorted((words for words in every if len(words) <= 2), key=len):
        cut, width, names = _chosen(words, cuts), _chosen(words, widths), _chosen(words, used)
        found = [work.rows(work.prints(name, width, cut)) for name in names]
        holds[f"only if {' and '.join(words)}" if words else CONSISTENT] = np.logical_or.reduce(found)
    return holds


def _chosen(words: list[str], options: dict[str, _Option]) -> _Option:
    return next((options[word] for word in words if word in options), options[""])


def _inside(value: FloatArray, ends: Ends) -> BoolArray:
    return np.asarray((value >= ends.low) & (value <= ends.high))


def _close(value: FloatArray, ends: Ends) -> BoolArray:
    return np.asarray((np.abs(value - ends.low) <= _NEAR) | (np.abs(value - ends.high) <= _NEAR))


def _read(given: dict[str, Any], rule: Rounding) -> _Work:
    rows = {name: cells(value, name) for name, value in given.items()}
    number = lengths(**rows)
    people = np.broadcast_to(sizes(rows["n"], "n"), (number,))
    columns: dict[str, Column | None] = {}
    for name in ("low", "high", "estimate"):
        printed = None if given[name] is None else read_column(rows[name], name, rule, number, relations=True)
        if printed is not None and printed.relation.any():
            place = int(np.nonzero(printed.relation != EQUAL)[0][0])
            raise InvalidArgument(name, printed.text(place), "one printed number, without < or >")
        columns[name] = printed
    first, last = _counts(given, rows["x"], columns["estimate"], people, rule)
    many = np.maximum(last - first + 1, 0)
    if int(many.sum()) > _MOST_COUNTS:
        raise BudgetExceeded("counts", int(many.sum()), _MOST_COUNTS, "Give x, or more digits of the estimate.")
    row = np.repeat(np.arange(number), many)
    x = first[row] + np.arange(row.size) - np.repeat(np.cumsum(many) - many, many)
    return _Work(row, x, people[row], columns["low"], columns["high"], columns["estimate"], people)


def _counts(
    given: dict[str, Any], cells_x: list[Any], estimate: Column | None, people: IntArray, rule: Rounding
) -> tuple[IntArray, IntArray]:
    """Return the first and last count of each row that any way of cutting digits leaves."""
    if given["x"] is not None:
        x = np.broadcast_to(_validate.integers(cells_x, "x"), people.shape)
        if np.any(x > people):
            at = int(np.argmax(x > people))
            raise InvalidArgument("x", int(x[at]), f"at most n, here {int(people[at])}", "x counts the events among n.")
        return x, x
    if estimate is None:
        raise InvalidType("x", None, "counts, or the printed proportion", "Give x, or estimate.")
    ends = [estimate.whole(cut).sums(people) for cut in branches(rule).values()]
    first = np.min([first for first, _ in ends], axis=0).astype(np.int64)
    last = np.max([last for _, last in ends], axis=0).astype(np.int64)
    return np.maximum(first, 0), np.minimum(last, people)


def _columns(work: _Work, level: float, methods: tuple[str, ...]) -> dict[str, NDArray[Any]]:
    found = {name: work.prints(name, level, None) for name in methods}
    agrees = {name: work.rows(counts) for name, counts in found.items()}
    by = [", ".join(name for name in methods if agrees[name][row]) for row in range(work.people.size)]
    count = np.full(work.people.shape, -1, dtype=np.int64)
    any_method = np.logical_or.reduce(list(found.values()))
    # The last assignment wins, so that the first count of each row is left.
    count[work.row[any_method][::-1]] = work.x[any_method][::-1]
    single = np.zeros(work.people.shape, dtype="<U1")
    texts = {
        name: column.texts if column is not None else single
        for name, column in (("estimate", work.estimate), ("low", work.low), ("high", work.high))
    }
    least, most = np.full(work.people.shape, 1, dtype=np.int64), np.zeros(work.people.shape, dtype=np.int64)
    least[work.row[::-1]], most[work.row] = work.x[::-1], work.x
    return {
        "first_x": least,
        "last_x": most,
        "n": work.people,
        **texts,
        "agrees_by": np.array(by, dtype=np.str_),
        "count": count,
    }


@dataclass(frozen=True, slots=True)
class _Sentences:
    """Says why a row has its label."""

    columns: dict[str, NDArray[Any]]
    label: NDArray[np.str_]
    level: float

    def __call__(self, row: int) -> str:
        value = {name: column[row] for name, column in self.columns.items()}
        limits = f"limits of {value['low']} to {value['high']}"
        if not (value["low"] and value["high"]):
            limits = f"limit of {value['low'] or value['high']}"
        if value["first_x"] > value["last_x"]:
            return f"No count of {value['n']} people prints as {value['estimate']}."
        one = value["first_x"] == value["last_x"]
        counts = f"{value['first_x']}" if one else f"{value['first_x']} to {value['last_x']}"
        given, label = f"{100 * self.level:g} % {limits}", str(self.label[row])
        verbs = ("follow", "do") if " to " in limits else ("follows", "does")
        if label == CONSISTENT:
            return f"{given} {verbs[0]} from {value['count']} of {value['n']} by {value['agrees_by']}."
        end = "nothing makes them agree" if label == IMPOSSIBLE else f"they agree {label}"
        return f"{given} {verbs[1]} not follow from {counts} of {value['n']}; {end}."
