"""The exact unconditional interval of a risk difference, and the one-sided tests that it inverts.

For the lower end, tables are ordered once, by the lower end of their 95 % score interval (Mee's); for the upper end by
the upper one. Like the score statistic, both rise with every event in group 1 and fall with every event in group 2.
The tables at least as extreme as the observed one have, at true rates (p2 + delta, p2), a probability that moves in the
same way, so its largest value over p2, which is the p-value of `delta`, rises with delta: each end of the interval is
one root, and intervals of all levels are nested. Whatever the true rates, an end is beyond the truth with at most its
nominal probability, and no limit that ranks the tables in this order is closer (Buehler 1957, JASA 52, 482-493). At the
end itself this is the order of the statistic that Chan & Zhang (1999, Biometrics 55, 1202-1209) invert.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import numpy as np
from scipy.special import gammaln

from .binomial_power import largest_rejected
from .chandrupatla import FloatArray, IndexArray, find_roots
from .score import Table, interval_difference

__all__ = ["POINTS", "binomial_masses", "ends", "interval", "largest_on_curve", "log_binomial", "sides", "tails"]

Ends = tuple[FloatArray, FloatArray]

#: Points of the grid per square root of the people.
POINTS = 12
_ROUNDS = 7
_INNER = 9
_TIE = 1e-9
#: The score intervals that order the tables are those of the 95 % level, whatever level is asked for.
_ORDER = 1.959963984540054


class Extreme(Protocol):
    """The tables at least as extreme as one."""

    def pvalue(self, null: float) -> float:
        """Return how probable they are at most where the measure is `null`."""

    def lower(self, tail: float) -> float:
        """Return the value of the measure at which the p-value is `tail`."""


Make = Callable[[float, float, float, float], Extreme]


def sides(make: Make, table: Table, null: FloatArray, mirrored: Callable[[float], float]) -> Ends:
    """Return the p-values of a measure above, and below, each null value, which is `mirrored` for exchanged groups."""
    x1, n1, x2, n2 = table
    result = np.empty((2, null.size))
    last, one, other = (-1.0,) * 4, None, None
    for i in range(null.size):
        key = float(x1[i]), float(n1[i]), float(x2[i]), float(n2[i])
        # Many nulls of one table stand beside each other.
        if key != last or one is None or other is None:
            last, one, other = key, make(*key), make(key[2], key[3], key[0], key[1])
        value = float(null[i])
        result[:, i] = one.pvalue(value), other.pvalue(mirrored(value))
    return result[0], result[1]


def ends(make: Make, table: Table, tail: float, mirrored: Callable[[float], float]) -> Ends:
    """Return the values of a measure at which its p-values fall to `tail`."""
    rows = list(zip(*(column.tolist() for column in table), strict=True))
    low = [make(*row).lower(tail) for row in rows]
    high = [mirrored(make(x2, n2, x1, n1).lower(tail)) for x1, n1, x2, n2 in rows]
    return np.array(low), np.array(high)


def tails(table: Table, null: FloatArray) -> Ends:
    """Return the p-values of a difference above, and below, each null value."""
    return sides(_Extreme, table, null, lambda value: -value)


def interval(table: Table, tail: float) -> Ends:
    """Return the differences at which the p-values fall to `tail`, within -1 and 1."""
    return ends(_Extreme, table, tail, lambda value: -value)


class _Extreme:
    """The tables at least as extreme as one, and how probable they are."""

    def __init__(self, x1: float, n1: float, x2: float, n2: float) -> None:
        self.sizes = int(n1), int(n2)
        self.all = x1 == 0 and x2 == n2
        k = np.arange(self.sizes[0] + 1, dtype=np.float64)
        table = tuple(np.array([value]) for value in (x1, n1, x2, n2))
        limit = interval_difference((table[0], table[1], table[2], table[3]), _ORDER, np.ones(1))[0]
        # The limit of another table is no lower where its statistic at this limit is no smaller; ties count.
        reach = largest_rejected(k, self.sizes, np.full_like(k, limit[0]), _ORDER - _TIE, 1.0)
        used = reach >= 0
        self.first, self.upto = k[used], reach[used]
        self.log_first = log_binomial(self.sizes[0])[used]
        self.log_second = log_binomial(self.sizes[1])
        self.steps = max(24, int(POINTS * np.sqrt(n1 + n2)))

    def lower(self, tail: float) -> float:
        """Return the difference at which the p-value is `tail`."""

        def gap(delta: FloatArray, rows: IndexArray) -> FloatArray:
            logs = [np.log(max(self.pvalue(value), 1e-320)) for value in delta[: rows.size].tolist()]
            return np.asarray(np.array(logs) - target)

        target = np.log(tail)
        if self.all or self.first.size == 0:
            return -1.0
        ends = np.array([-1.0]), np.array([1.0])
        return float(find_roots(gap, ends, (np.array([-1.0]), np.array([-target])), atol=1e-13)[0])

    def pvalue(self, delta: float) -> float:
        """Return the largest probability over p2 where p1 = p2 + delta."""
        if abs(delta) >= 1.0:
            return float(delta >= 1.0 or (delta == -1.0 and self.all))
        low, high = max(0.0, -delta), min(1.0, 1.0 - delta)
        return largest_on_curve(lambda angle: self._probability(low, high, delta, angle), self.steps)

    def _probability(self, low: float, high: float, delta: float, angle: FloatArray) -> FloatArray:
        """Return the probability at p2 = low + (high - low) sin^2(angle / 2)."""
        width = high - low
        up, down = width * np.sin(0.5 * angle) ** 2, width * np.cos(0.5 * angle) ** 2
        # Each rate and its complement as sums of numbers that are not negative.
        p2, q2 = low + up, (1.0 - high) + down
        p1, q1 = max(0.0, delta) + up, max(0.0, -delta) + down
        n1, n2 = self.sizes
        first = binomial_masses(self.log_first, self.first, n1 - self.first, p1, q1)
        k = np.arange(n2 + 1, dtype=np.float64)
        below = np.cumsum(binomial_masses(self.log_second, k, n2 - k, p2, q2), axis=1)
        return np.asarray(np.einsum("ij,ij->i", first, below[:, self.upto]))


def largest_on_curve(probability: Callable[[FloatArray], FloatArray], steps: int) -> float:
    """Return the largest probability over angles from 0 to pi: the best of a grid, refined around its peaks."""
    # Equal steps of the angle lie closer where the standard error of a rate is smaller.
    angle = np.linspace(0.0, np.pi, steps + 1)
    value = probability(angle)
    at = _peaks(value)
    middle, step = angle[at], np.pi / steps
    best = float(value.max())
    for _ in range(_ROUNDS):
        around = np.clip(middle[:, None] + step * np.linspace(-1.0, 1.0, _INNER), 0.0, np.pi)
        found = probability(around.ravel()).reshape(around.shape)
        top = found.max(axis=1)
        middle = around[np.arange(top.size), found.argmax(axis=1)]
        step *= 2.0 / (_INNER - 1)
        gain, best = float(top.max()) - best, max(best, float(top.max()))
        middle = middle[top >= best * (1.0 - 1e-3)]
        if gain <= 1e-15 * best and step < 1e-5:
            break
    return min(best, 1.0)


def binomial_masses(logs: FloatArray, k: FloatArray, rest: FloatArray, p: FloatArray, q: FloatArray) -> FloatArray:
    """Return binomial probabilities of the counts `k`, one row per rate."""
    # A rate of 0 counts as one too small for any float to notice.
    log_p, log_q = np.log(np.maximum(p, 1e-300)), np.log(np.maximum(q, 1e-300))
    return np.asarray(np.exp(logs + log_p[:, None] * k + log_q[:, None] * rest))


def log_binomial(n: int) -> FloatArray:
    """Return the logs of the binomial coefficients of 0 to n."""
    k = np.arange(n + 1.0)
    return np.asarray(gammaln(n + 1.0) - gammaln(k + 1.0) - gammaln(n - k + 1.0))


def _peaks(value: FloatArray) -> IndexArray:
    """Return where the values have their local maxima, those that may come near the highest."""
    padded = np.concatenate([[-1.0], value, [-1.0]])
    local = (padded[1:-1] >= padded[:-2]) & (padded[1:-1] >= padded[2:])
    return np.flatnonzero(local & (value >= 0.9 * value.max()))
