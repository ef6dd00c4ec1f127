"""The exact unconditional interval of a risk ratio, and the one-sided tests that it inverts.

As for the difference (see `exact_difference`), tables are ordered once, by the lower end of their 95 % score interval
(Koopman's), which rises with every event in group 1 and falls with every event in group 2. With true rates p1 = ratio *
p2 the probability of the tables at least as extreme as the observed one, at its largest over the rates, rises with the
ratio: from one ratio to a larger one, either p1 can rise at the same p2 or p2 can fall at the same p1. Each end of the
interval is one root, and is beyond the truth with at most its nominal probability (Buehler 1957, JASA 52, 482-493).
"""

from __future__ import annotations

import numpy as np

from .chandrupatla import FloatArray, IndexArray, find_roots
from .exact_difference import POINTS, Ends, binomial_masses, ends, largest_on_curve, log_binomial, sides
from .rates import score_interval
from .ratio_power import turning_point
from .score import Table

__all__ = ["interval", "tails"]

_TIE = 1e-9
#: The score intervals that order the tables are those of the 95 % level, whatever level is asked for.
_ORDER = 1.959963984540054
#: No ratio that a table can tell from 0 or infinity lies beyond these powers of e.
_FAR = 80.0


def tails(table: Table, null: FloatArray) -> Ends:
    """Return the p-values of a ratio above, and below, each null value."""
    return sides(_Extreme, table, null, _inverse)


def interval(table: Table, tail: float) -> Ends:
    """Return the ratios at which the p-values fall to `tail`."""
    return ends(_Extreme, table, tail, _inverse)


def _inverse(ratio: float) -> float:
    return np.inf if ratio <= 0 else 1.0 / ratio


class _Extreme:
    """The tables at least as extreme as one, and how probable they are."""

    def __init__(self, x1: float, n1: float, x2: float, n2: float) -> None:
        self.sizes = int(n1), int(n2)
        # Without events in group 1 no table shows a smaller ratio.
        self.all = x1 == 0
        k = np.arange(self.sizes[0] + 1, dtype=np.float64)
        table = np.array([x1]), np.array([n1]), np.array([x2]), np.array([n2])
        limit = 0.0 if self.all else float(score_interval(table, _ORDER, measure="ratio", corrected=False)[0][0])
        reach = turning_point(k, self.sizes, limit, _ORDER - _TIE, "ratio", False, above=True)
        used = reach >= 0
        self.first, self.upto = k[used], reach[used]
        self.log_first, self.log_second = log_binomial(self.sizes[0])[used], log_binomial(self.sizes[1])
        self.steps = max(24, int(POINTS * np.sqrt(n1 + n2)))

    def lower(self, tail: float) -> float:
        """Return the ratio at which the p-value is `tail`."""
        if self.all:
            return 0.0
        target = np.log(tail)

        def gap(log_ratio: FloatArray, rows: IndexArray) -> FloatArray:
            logs = [np.log(max(self.pvalue(np.exp(value)), 1e-320)) for value in log_ratio[: rows.size].tolist()]
            return np.asarray(np.array(logs) - target)

        ends = np.array([-_FAR]), np.array([_FAR])
        every = np.zeros(1, dtype=np.intp)
        values = gap(ends[0], every), gap(ends[1], every)
        return float(np.exp(find_roots(gap, ends, values, atol=1e-13)[0]))

    def pvalue(self, ratio: float) -> float:
        """Return the largest probability over both rates where p1 = ratio * p2."""
        if self.all or ratio == np.inf:
            return 1.0
        if ratio <= 0.0:
            return 0.0
        return largest_on_curve(lambda angle: self._probability(ratio, angle), self.steps)

    def _probability(self, ratio: float, angle: FloatArray) -> FloatArray:
        """Return the probability where the larger of both rates is sin^2(angle / 2)."""
        large, rest = np.sin(0.5 * angle) ** 2, np.cos(0.5 * angle) ** 2
        share = min(ratio, 1.0 / ratio)
        small, others = share * large, (1.0 - share) + share * rest
        (p1, q1), (p2, q2) = ((small, others), (large, rest)) if ratio <= 1 else ((large, rest), (small, others))
        n1, n2 = self.sizes
        first = binomial_masses(self.log_first, self.first, n1 - self.first, p1, q1)
        k = np.arange(n2 + 1, dtype=np.float64)
        below = np.cumsum(binomial_masses(self.log_second, k, n2 - k, p2, q2), axis=1)
        return np.asarray(np.einsum("ij,ij->i", first, below[:, self.upto]))
