"""A printed p-value against the printed U of Mann and Whitney."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache, partial
from math import ceil, erfc, floor, sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .. import _validate
from ..numerics import rank_sums
from ..numerics.tail_digits import compare_tail
from ..reported import Interval, Rounding
from ._base import CONSISTENT, IMPOSSIBLE, Consistency, least_assumption
from ._columns import cells, lengths, sizes
from ._printed import Column, read_column

__all__ = ["u_pvalue"]

METHODS = ("exact", "normal", "corrected")
_TIED = "only if values are tied"
_SIDES = {"": "", "one-sided": "one-sided", "other": "one-sided in the other direction"}
# Software computes exact tails of small groups only.
_EXACT_BELOW = 50
_NEAR = 1e-9
#: More candidates than a printed whole number leaves stand for no printed number.
_MOST_CANDIDATES = 10_000


def u_pvalue(
    u: Any,
    p: Any,
    n1: Any,
    n2: Any,
    *,
    method: Any = METHODS,
    alternative: str = "two-sided",
    rounding: str = "half",
) -> Consistency:
    """Ask whether a printed p-value follows from the printed U of Mann and Whitney's test.

    Parameters
    ----------
    u : str or sequence of str
        U as printed, of either group; it is a multiple of one half.
    p : str or sequence of str
        The p-value as printed.
    n1, n2 : int or sequence of int
        People in each group.
    method : str or sequence of str
        How p may have been computed: ``"exact"`` (no ties, and fewer than 50 people in each group), ``"normal"``, or
        ``"corrected"`` for continuity; all of these unless stated.
    alternative : {"two-sided", "one-sided"}
        What was stated; one-sided is the tail on which U lies.
    rounding : str
        How digits were cut, one of `Rounding`.

    Returns
    -------
    Consistency
        One row per test. Columns: u, p, n1, n2, and the two-sided p of the U that is nearest to the printed one:
        p_exact (1 where there is none), p_normal and p_corrected. ``"only if values are tied"`` asks least: ties make
        the normal p, corrected for continuity or not, smaller by an amount that was not printed.

    Raises
    ------
    InvalidType
        If a printed number is no text.
    InvalidArgument
        If an argument is out of range, or the columns differ in length.

    References
    ----------
    .. [1] Mann HB, Whitney DR (1947). On a test of whether one of two random variables is stochastically larger than
       the other. Annals of Mathematical Statistics 18, 50-60. doi:10.1214/aoms/1177730491

    Examples
    --------
    >>> import ketastats as ks
    >>> found = ks.consistency.u_pvalue(["30", "30"], [".050", ".025"], n1=10, n2=12)
    >>> found.label.tolist()
    ['consistent', 'only if one-sided']
    >>> print(f"{found['p_exact'][0]:.4f} {found['p_normal'][0]:.4f} {found['p_corrected'][0]:.4f}")
    0.0503 0.0479 0.0518
    """
    rule = Rounding(_validate.choice(rounding, "rounding", tuple(Rounding)))
    methods = _validate.choices(method, "method", METHODS)
    side = _validate.choice(alternative, "alternative", ("two-sided", "one-sided"))
    rows = {name: cells(value, name) for name, value in {"u": u, "p": p, "n1": n1, "n2": n2}.items()}
    number = lengths(**rows)
    size1, size2 = (np.broadcast_to(sizes(rows[name], name), (number,)) for name in ("n1", "n2"))
    printed_u, printed_p = (read_column(rows[name], name, rule, number, relations=name == "p") for name in ("u", "p"))
    work = _Work(printed_u, printed_p, methods, one_sided=side == "one-sided", truncates=rule is Rounding.TRUNCATE)
    answers = [work.row(at, int(a), int(b)) for at, (a, b) in enumerate(zip(size1, size2, strict=True))]
    holds = {label: np.array([label in answer for answer in answers], dtype=bool) for label in work.labels()}
    label = least_assumption(holds)
    columns = _columns(printed_u, printed_p, size1, size2)
    return Consistency(
        label=label,
        holds=holds,
        columns=columns,
        method="p-value recomputed from Mann and Whitney's U",
        references=("Mann & Whitney 1947, doi:10.1214/aoms/1177730491",),
        assumptions=(
            f"U and p were cut by the rule {rule.value!r}.",
            f"p was computed by one of: {', '.join(methods)}.",
            "No values are tied across the groups, unless the label says so.",
        ),
        _explain=partial(_sentence, columns, label),
    )


class _Work:
    """Decides rows, each distinct one once."""

    def __init__(self, u: Column, p: Column, methods: tuple[str, ...], *, one_sided: bool, truncates: bool) -> None:
        self.u, self.p, self.methods, self.one_sided = u, p, methods, one_sided
        self.rules = {"": None} if truncates else {"": None, "truncated": Rounding.TRUNCATE}
        self._known: dict[tuple[int, int, int, int], frozenset[str]] = {}
        self.branches = list(self._branches())
        self._values: dict[tuple[int, Rounding | None, int], list[Fraction]] = {}
        self._targets: dict[tuple[int, Rounding | None, str], _Target] = {}

    def labels(self) -> list[str]:
        """Return every assumption, from the least to the most."""
        return [label for label, _, _ in self.branches] + [_TIED]

    def _branches(self) -> Iterator[tuple[str, str, Rounding | None]]:
        """Yield label, side and rule, fewest departures first."""
        turned = (
            {"": "two-sided", "other": _SIDES["other"]} if self.one_sided else {k: v for k, v in _SIDES.items() if k}
        )
        sides = [("one-sided" if self.one_sided else "", "")]
        sides += list(turned.items())
        found = []
        for side, words in sides:
            for cut, rule in self.rules.items():
                given = " and ".join(part for part in (words, cut) if part)
                count = bool(words) + bool(cut)
                found.append((count, f"only if {given}" if given else CONSISTENT, side, rule))
        for _, label, side, rule in sorted(found, key=lambda entry: entry[0]):
            yield label, side, rule

    def row(self, at: int, n1: int, n2: int) -> frozenset[str]:
        """Return the assumptions under which a row agrees."""
        key = (int(self.u.code[at]), int(self.p.code[at]), n1, n2)
        if key not in self._known:
            self._known[key] = frozenset(self._decide(*key))
        return self._known[key]

    def _decide(self, place_u: int, place_p: int, n1: int, n2: int) -> Iterator[str]:
        values = {rule: self._candidates(place_u, rule, n1 * n2) for rule in self.rules.values()}
        for label, side, rule in self.branches:
            target = self._target(place_p, rule, side)
            if any(target.holds(value, n1, n2, method) for value in values[rule] for method in self.methods):
                yield label
        # What is corrected for continuity is larger, and ties make that smaller as well.
        approximate = next((method for method in ("corrected", "normal") if method in self.methods), None)
        stated = self._target(place_p, None, "one-sided" if self.one_sided else "")
        if (
            approximate
            and stated.high > 0
            and any(_compare(value, n1, n2, approximate, stated.low) >= 0 for value in values[None])
        ):
            yield _TIED

    def _candidates(self, place_u: int, rule: Rounding | None, most: int) -> list[Fraction]:
        """Return the multiples of one half, from 0 to `most`, that print so."""
        key = (place_u, rule, most)
        if key not in self._values:
            self._values[key] = _candidates(self.u.exact(place_u, rule), most)
        return self._values[key]

    def _target(self, place_p: int, rule: Rounding | None, side: str) -> _Target:
        key = (place_p, rule, side)
        if key not in self._targets:
            self._targets[key] = _Target.of(self.p.exact(place_p, rule), side)
        return self._targets[key]


def _candidates(interval: Interval, most: int) -> list[Fraction]:
    if interval.high < 0 or interval.low > most:
        return []
    first = max(ceil(2 * Fraction(interval.low)), 0)
    last = min(floor(2 * Fraction(interval.high)), 2 * most)
    return [
        value for k in range(first, min(last, first + _MOST_CANDIDATES) + 1) if (value := Fraction(k, 2)) in interval
    ]


@dataclass(frozen=True, slots=True)
class _Target:
    """Between which ends the two-sided p of U lies when the p of a side prints so."""

    low: Fraction | float
    high: Fraction | float
    closed_low: bool
    closed_high: bool

    @classmethod
    def of(cls, interval: Interval, side: str) -> _Target:
        """Return the ends; the tail of U is half of both, and the other one is what is left."""
        low, high = _exact(interval.low), _exact(interval.high)
        if side == "one-sided":
            return cls(2 * low, 2 * high, interval.closed_low, interval.closed_high)
        if side == "other":
            return cls(2 * (1 - high), 2 * (1 - low), interval.closed_high, interval.closed_low)
        return cls(low, high, interval.closed_low, interval.closed_high)

    def holds(self, u: Fraction, n1: int, n2: int, method: str) -> bool:
        """Whether the p of U by one method lies between the ends."""
        if method == "exact" and (u.denominator != 1 or max(n1, n2) >= _EXACT_BELOW):
            return False
        first = _compare(u, n1, n2, method, self.low)
        if first < 0 or (first == 0 and not self.closed_low):
            return False
        last = _compare(u, n1, n2, method, self.high)
        return last < 0 or (last == 0 and self.closed_high)


def _exact(end: Any) -> Fraction | float:
    return Fraction(end) if end.is_finite() else float(end)


@lru_cache(maxsize=100_000)
def _near(u: Fraction, n1: int, n2: int, method: str) -> float:
    """Return the float next to the two-sided p of U."""
    if method == "exact":
        return float(rank_sums.exact_tail(int(u), n1, n2))
    return erfc(sqrt(rank_sums.squared_z(u, n1, n2, corrected=method == "corrected") / 2))


def _compare(u: Fraction, n1: int, n2: int, method: str, edge: Fraction | float) -> int:
    """Return -1, 0 or 1 as the two-sided p of U is below, at or above an edge."""
    near, end = _near(u, n1, n2, method), float(edge)
    if isinstance(edge, float) or (abs(near - end) > _NEAR * abs(end) and near > 1e-290):
        return 1 if near > end else -1
    if method == "exact":
        p = rank_sums.exact_tail(int(u), n1, n2)
        return int(p > edge) - int(p < edge)
    square = rank_sums.squared_z(u, n1, n2, corrected=method == "corrected")
    return compare_tail("chi2", square, Fraction(1), Fraction(0), edge)


def _columns(u: Column, p: Column, n1: NDArray[np.int64], n2: NDArray[np.int64]) -> dict[str, NDArray[Any]]:
    value = np.clip(np.rint(2.0 * u.values[u.code]) / 2.0, 0.0, n1 * n2)
    found: dict[tuple[float, int, int], tuple[float, float, float]] = {}
    for key in zip(value.tolist(), n1.tolist(), n2.tolist(), strict=True):
        if key not in found:
            exact = key[0].is_integer() and max(key[1:]) < _EXACT_BELOW
            squares = (
                rank_sums.squared_z(Fraction(key[0]), *key[1:], corrected=corrected) for corrected in (False, True)
            )
            found[key] = (
                float(rank_sums.exact_tail(int(key[0]), *key[1:])) if exact else 1.0,
                *(erfc(sqrt(square / 2)) for square in squares),  # type: ignore[assignment]
            )
    each = np.array([found[key] for key in zip(value.tolist(), n1.tolist(), n2.tolist(), strict=True)]).reshape(-1, 3)
    names = ("p_exact", "p_normal", "p_corrected")
    return {"u": u.texts, "p": p.texts, "n1": n1, "n2": n2, **{name: each[:, k] for k, name in enumerate(names)}}


def _sentence(columns: dict[str, NDArray[Any]], label: NDArray[np.str_], row: int) -> str:
    value = {name: column[row] for name, column in columns.items()}
    verdict = str(label[row])
    end = {
        CONSISTENT: f"and {value['p']} was printed; they agree",
        IMPOSSIBLE: f"but {value['p']} was printed; nothing makes them agree",
    }.get(verdict, f"but {value['p']} was printed; they agree {verdict}")
    exact = "" if max(value["n1"], value["n2"]) >= _EXACT_BELOW else f"{value['p_exact']:.4g} exactly, "
    gives = f"{exact}{value['p_normal']:.4g} by the normal distribution and {value['p_corrected']:.4g} corrected"
    return f"U = {value['u']} of {value['n1']} and {value['n2']} people gives p of {gives}, {end}."
