"""Ends of exact intervals of one table against an edge, decided by exact sums of probabilities.

The end is where a tail has a given size, and the tail grows with the rate (or the odds ratio): so its size at the edge
says on which side of the edge the end lies.
"""

from __future__ import annotations

from decimal import Context, Decimal, localcontext
from fractions import Fraction
from math import comb

from .conditional_digits import counted_weights
from .exact_tests import settle
from .normal_digits import tail
from .tail_digits import beta_tail

__all__ = ["compare_clopper_pearson", "compare_conditional"]

Counts = tuple[int, int, int, int]
# Up to here sums of whole numbers take no longer than decimals.
_EXACT_PEOPLE = 2000


def compare_clopper_pearson(x: int, n: int, *, level: float, upper: bool, edge: Fraction) -> int:
    """Return -1, 0 or 1 as the end of the Clopper-Pearson interval is below, at or above `edge`."""
    if upper:
        # The upper end of the events is the lower end of the others, seen from 1.
        return -compare_clopper_pearson(n - x, n, level=level, upper=False, edge=1 - edge)
    if x == 0:
        return (edge < 0) - (edge > 0)
    if not 0 < edge < 1:
        return 1 if edge <= 0 else -1
    if n <= _EXACT_PEOPLE:
        return -_sign(_binomial_tail(x, n, edge), tail(level))
    return -settle(lambda digits: beta_tail(Fraction(x), Fraction(n - x + 1), edge, digits), tail(level))


def _binomial_tail(x: int, n: int, rate: Fraction) -> Fraction:
    """Return the probability of at least `x` events."""
    yes, whole = rate.numerator, rate.denominator
    no = whole - yes
    total, power = 0, no ** (n - x)
    for k in range(x, n + 1):
        total += comb(n, k) * yes**k * power
        power //= no
    return Fraction(total, whole**n)


def compare_conditional(table: Counts, *, midp: bool, level: float, upper: bool, edge: Fraction) -> int:
    """Return -1, 0 or 1 as the end of the exact interval of the odds ratio is below, at or above `edge`."""
    x1, n1, x2, n2 = table
    if upper:
        # Exchanging the groups turns the odds ratio.
        turned = x2, n2, x1, n1
        return 1 if edge <= 0 else -compare_conditional(turned, midp=midp, level=level, upper=False, edge=1 / edge)
    if x1 == max(0, x1 + x2 - n2):
        return (edge < 0) - (edge > 0)
    if edge <= 0:
        return 1
    if n1 + n2 <= _EXACT_PEOPLE:
        return -_sign(_exact_tail(table, edge, midp), tail(level))
    return -settle(lambda digits: _decimal_tail(table, edge, midp, digits), tail(level))


def _exact_tail(table: Counts, ratio: Fraction, midp: bool) -> Fraction:
    """Return the probability of at least `x1` events in group 1 at an odds ratio."""
    below, own, above = counted_weights(*table)
    times, over = ratio.numerator, ratio.denominator
    # Every weight times the same power of numerator and denominator stays whole.
    most, least = over ** len(above), times ** len(below)
    higher = sum(weight * times**k * over ** (len(above) - k) for k, weight in enumerate(above, 1)) * least
    lower = sum(weight * over**k * times ** (len(below) - k) for k, weight in enumerate(below, 1)) * most
    middle = own * most * least
    return Fraction(2 * higher + (1 if midp else 2) * middle, 2 * (higher + middle + lower))


def _decimal_tail(table: Counts, ratio: Fraction, midp: bool, digits: int) -> Decimal:
    """Return the same for many people, from sums that stop where nothing is left to add."""
    x1, n1, x2, n2 = table
    with localcontext(Context(prec=digits + 20)):
        odds = Decimal(ratio.numerator) / Decimal(ratio.denominator)
        higher = _run(x1, n1, x2, n2, odds, digits)
        lower = _run(n1 - x1, n1, n2 - x2, n2, 1 / odds, digits)
        return (higher + (Decimal("0.5") if midp else 1)) / (higher + lower + 1)


def _run(x1: int, n1: int, x2: int, n2: int, odds: Decimal, digits: int) -> Decimal:
    """Return the weight of all tables with more events in group 1, that of the table being 1."""
    total, term, k = Decimal(0), Decimal(1), 0
    while True:
        ratio = odds * ((n1 - x1 - k) * (x2 - k)) / ((x1 + k + 1) * (n2 - x2 + k + 1))
        term *= ratio
        total += term
        k += 1
        # Ratios fall: once below 1 they leave no more than a geometric series.
        if term == 0 or (ratio < 1 and term < (total + 1) * (1 - ratio) * Decimal(10) ** (-digits)):
            return total


def _sign(value: Fraction, target: Fraction) -> int:
    return (value > target) - (value < target)
