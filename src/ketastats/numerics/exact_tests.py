"""p-values of single 2x2 tables against an edge, decided without rounding error.

A float p that falls next to a rounding edge cannot say on which side it lies. Here the statistic is an exact fraction
(or, for the likelihood ratio, a decimal of growing precision), and the tail is evaluated until the side is certain.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Context, Decimal, localcontext
from fractions import Fraction
from functools import cache
from math import comb, floor, log, log10

from . import conditional_digits

# A transcendental p never equals a printed edge, so growing precision ends the search; this is far past any need.
_PRECISIONS = (40, 120, 400, 1500)
_CONDITIONAL = ("fisher", "fisher_central", "blaker", "midp")


def compare_pvalue(
    test: str, x1: int, n1: int, x2: int, n2: int, edge: Fraction, alternative: str = "two-sided"
) -> int:
    """Return -1, 0 or 1 as the p-value of a table is below, at or above `edge`."""
    if test in _CONDITIONAL:
        return _compare_conditional(test, alternative, (x1, n1, x2, n2), edge)
    if alternative != "two-sided":
        return _compare_side(test, (x1, n1, x2, n2), edge, greater=alternative == "greater")
    separated = test == "wald" and _separated(x1, n1, x2, n2)
    if edge < 0 or (edge == 0 and not separated):
        return 1
    if separated:
        return -1 if edge > 0 else 0
    if edge > 1:
        return -1
    if test in _BY_LOGARITHMS:
        if x1 * n2 == x2 * n1:
            return int(edge < 1)
        return _compare_tail(lambda digits: _BY_LOGARITHMS[test](x1, n1, x2, n2, digits), edge)
    statistic = rational_statistic(test, x1, n1, x2, n2)
    if statistic == 0:
        return int(edge < 1)
    return _compare_tail(lambda digits: _decimal(statistic, digits), edge)


def _compare_side(test: str, table: tuple[int, int, int, int], edge: Fraction, *, greater: bool) -> int:
    """Compare the p of one side: half the two-sided one where the data lie on that side, else what is left of 1."""
    x1, n1, x2, n2 = table
    side = (x1 * n2 - x2 * n1) * (1 if greater else -1)
    nothing = test not in _BY_LOGARITHMS and not _separated(*table) and rational_statistic(test, *table) == 0
    if side == 0 or nothing:
        return (edge < Fraction(1, 2)) - (edge > Fraction(1, 2))
    if side > 0:
        return compare_pvalue(test, x1, n1, x2, n2, 2 * edge)
    return -compare_pvalue(test, x1, n1, x2, n2, 2 * (1 - edge))


def compare_statistic(test: str, x1: int, n1: int, x2: int, n2: int, edge: Fraction) -> int:
    """Return -1, 0 or 1 as the statistic (the square of z where the test has a z) is below, at or above `edge`."""
    if test == "wald" and _separated(x1, n1, x2, n2):
        return 1
    if test in _BY_LOGARITHMS:
        if x1 * n2 == x2 * n1:
            return (edge < 0) - (edge > 0)
        return settle(lambda digits: _BY_LOGARITHMS[test](x1, n1, x2, n2, digits), edge)
    exact = rational_statistic(test, x1, n1, x2, n2)
    return (exact > edge) - (exact < edge)


def rational_statistic(test: str, x1: int, n1: int, x2: int, n2: int) -> Fraction:
    """Return the exact chi-square, or the squared z for ``wald``."""
    total, events = n1 + n2, x1 + x2
    if test == "wald":
        variance = Fraction(x1 * (n1 - x1), n1**3) + Fraction(x2 * (n2 - x2), n2**3)
        return (Fraction(x1, n1) - Fraction(x2, n2)) ** 2 / variance
    determinant = Fraction(abs(x1 * (n2 - x2) - x2 * (n1 - x1)))
    if test == "yates":
        determinant = max(determinant - Fraction(total, 2), Fraction(0))
    factor = total - 1 if test == "n_minus_1" else total
    return determinant**2 * factor / (n1 * n2 * events * (total - events))


def chi_square_tail(statistic: Decimal, digits: int) -> Decimal:
    """Return the upper tail of chi-square with one degree of freedom, to about `digits` significant digits."""
    # erfc is 1 - erf, so as many digits are lost as the tail has leading zeros.
    whole = int(statistic)
    guard = whole // 4 + 2 * len(str(whole + 1)) + 20
    with localcontext(Context(prec=digits + guard)):
        square = statistic / 2
        term = square.sqrt()
        total = term
        k = 0
        while total + term != total or k == 0:
            k += 1
            term = term * 2 * square / (2 * k + 1)
            total += term
        return 1 - 2 * total * (-square).exp() / pi(digits + guard).sqrt()


def _separated(x1: int, n1: int, x2: int, n2: int) -> bool:
    """Whether all events are in one group and all non-events in the other, which makes Wald's z infinite."""
    return (x1, x2) in ((0, n2), (n1, 0))


def _compare_conditional(test: str, alternative: str, table: tuple[int, int, int, int], edge: Fraction) -> int:
    x1, n1, x2, n2 = table
    if edge == 1 and (test, alternative) == ("fisher", "two-sided"):
        # p is 1 for the likeliest table and those tied with it; anything else lacks at least that table.
        events, tie = x1 + x2, conditional_digits.TIE
        mode = (n1 + 1) * (events + 1) // (n1 + n2 + 2)
        return 0 if comb(n1, mode) * comb(n2, events - mode) * tie <= comb(n1, x1) * comb(n2, x2) * (tie + 1) else -1
    exact = conditional_digits.pvalue(test, alternative, x1, n1, x2, n2)
    return (exact > edge) - (exact < edge)


def _compare_tail(statistic: Callable[[int], Decimal], edge: Fraction) -> int:
    # erfc(z) < exp(-z^2) settles the far tail, whose digits would cost the most.
    if statistic(_PRECISIONS[0]) > Decimal(2.0 * (log(edge.denominator) - log(edge.numerator) + 1.0)):
        return -1
    return settle(lambda digits: chi_square_tail(statistic(digits), digits), edge)


def settle(evaluate: Callable[[int], Decimal], edge: Fraction) -> int:
    """Return -1, 0 or 1 as a number, evaluated with more and more digits, is below, at or above `edge`."""
    for digits in _PRECISIONS:
        value = Fraction(evaluate(digits))
        if abs(value - edge) * 10 ** (digits - 10) > abs(edge):
            return 1 if value > edge else -1
    return 0


def _lr_statistic(x1: int, n1: int, x2: int, n2: int, digits: int) -> Decimal:
    total, events = n1 + n2, x1 + x2
    guard = 2 * len(str(total)) + 20
    with localcontext(Context(prec=digits + guard)):
        statistic = Decimal(0)
        for count, size, margin in (
            (x1, n1, events),
            (n1 - x1, n1, total - events),
            (x2, n2, events),
            (n2 - x2, n2, total - events),
        ):
            if count:
                statistic += 2 * count * (Decimal(count * total) / Decimal(size * margin)).ln()
        return statistic


def _log_ratio_statistic(x1: int, n1: int, x2: int, n2: int, digits: int) -> Decimal:
    """Return the squared z of the log risk ratio."""
    variance = Fraction(n1 - x1, n1 * x1) + Fraction(n2 - x2, n2 * x2)
    return _log_statistic(Fraction(x1 * n2, x2 * n1), variance, digits)


def _log_odds_statistic(x1: int, n1: int, x2: int, n2: int, digits: int) -> Decimal:
    """Return the squared z of the log odds ratio."""
    variance = Fraction(n1, x1 * (n1 - x1)) + Fraction(n2, x2 * (n2 - x2))
    return _log_statistic(Fraction(x1 * (n2 - x2), x2 * (n1 - x1)), variance, digits)


def _log_statistic(ratio: Fraction, variance: Fraction, digits: int) -> Decimal:
    # Next to 1 the logarithm is as small as the distance, which the counts bound.
    with localcontext(Context(prec=digits + 2 * len(str(ratio.denominator)) + 20)):
        log_ratio = Decimal(ratio.numerator).ln() - Decimal(ratio.denominator).ln()
        return log_ratio * log_ratio * variance.denominator / variance.numerator


_BY_LOGARITHMS: dict[str, Callable[[int, int, int, int, int], Decimal]] = {
    "lr": _lr_statistic,
    "log_risk_ratio": _log_ratio_statistic,
    "log_odds_ratio": _log_odds_statistic,
}


def _decimal(value: Fraction, digits: int) -> Decimal:
    size = max(0, floor(log10(value.numerator) - log10(value.denominator))) if value else 0
    with localcontext(Context(prec=digits + size + 30)):
        return Decimal(value.numerator) / Decimal(value.denominator)


@cache
def pi(digits: int) -> Decimal:
    """Return pi by Machin's formula."""
    with localcontext(Context(prec=digits + 10)):
        return 4 * (4 * _arctan_of_inverse(5) - _arctan_of_inverse(239))


def _arctan_of_inverse(x: int) -> Decimal:
    """Return arctan(1/x) to the precision of the current context."""
    power = Decimal(1) / x
    total, k = power, 1
    while True:
        power /= -(x * x)
        k += 2
        if total + power / k == total:
            return total
        total += power / k
