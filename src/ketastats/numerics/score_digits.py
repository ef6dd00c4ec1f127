"""Ends of score intervals of one 2x2 table against an edge, decided without rounding error.

An end lies beyond an edge when the score statistic at the edge is smaller than the normal quantile, which is evaluated
with more and more decimals until the side is certain. Only upper ends are needed: exchanging the groups turns a lower
end into one.
"""

from __future__ import annotations

from decimal import Context, Decimal, getcontext, localcontext
from fractions import Fraction

from .normal_digits import quantile

__all__ = ["compare"]

Counts = tuple[int, int, int, int]
_PRECISIONS = (40, 120, 400)
_GUARD = 40
_STEPS = 2000


def compare(measure: str, table: Counts, *, corrected: bool, level: float, upper: bool, edge: Fraction) -> int:
    """Return -1, 0 or 1 as the end of a score interval is below, at or above `edge`.

    Parameters
    ----------
    measure : {"risk_difference", "risk_ratio", "odds_ratio"}
        What is compared.
    table : tuple of int
        Events and people in group 1, events and people in group 2.
    corrected : bool
        Whether the variance is multiplied by N/(N - 1).
    level : float
        Confidence level.
    upper : bool
        Whether the upper end is compared.
    edge : Fraction
        What it is compared with.
    """
    x1, n1, x2, n2 = table
    if upper:
        return _compare_upper(measure, table, corrected, level, edge)
    turned = x2, n2, x1, n1
    if measure == "risk_difference":
        return -_compare_upper(measure, turned, corrected, level, -edge)
    if edge > 0:
        return -_compare_upper(measure, turned, corrected, level, 1 / edge)
    return 0 if edge == 0 and _unbounded(measure, turned) else 1


def _unbounded(measure: str, table: Counts) -> bool:
    """Whether the data allow an infinite ratio."""
    x1, n1, x2, _ = table
    return x2 == 0 or (measure == "odds_ratio" and x1 == n1)


def _compare_upper(measure: str, table: Counts, corrected: bool, level: float, edge: Fraction) -> int:
    x1, n1, x2, n2 = table
    if measure == "risk_difference":
        point = Fraction(x1, n1) - Fraction(x2, n2)
        if point == 1 or edge >= 1:
            return (point == 1 and edge < 1) - (edge > 1 or (edge == 1 and point < 1))
    else:
        if _unbounded(measure, table):
            return 1
        above, below = (x1 * n2, x2 * n1) if measure == "risk_ratio" else (x1 * (n2 - x2), x2 * (n1 - x1))
        point = Fraction(above, below)
    # An interval reaches beyond its point.
    if edge <= max(point, -1 if measure == "risk_difference" else 0):
        return 1
    factor = Fraction(n1 + n2, n1 + n2 - 1) if corrected else Fraction(1)
    for digits in _PRECISIONS:
        with localcontext(Context(prec=digits + _GUARD)):
            z = quantile(level, digits + _GUARD)
            distance, variance = _PIECES[measure](table, edge)
            square, allowed = distance * distance, z * z * variance * _decimal(factor)
            if abs(square - allowed) * Decimal(10) ** (digits - 10) > square:
                return -1 if square > allowed else 1
    return 0


def _decimal(value: Fraction) -> Decimal:
    return Decimal(value.numerator) / Decimal(value.denominator)


def _difference(table: Counts, null: Fraction) -> tuple[Decimal, Decimal]:
    """Return the distance of the risk difference from a null between -1 and 1, and its restricted variance."""
    x1, n1, x2, n2 = table
    low, high = max(Fraction(0), -null), min(Fraction(1), 1 - null)
    rate = _restricted(table, null, low, high)
    first = rate + _decimal(null)
    distance = _decimal(Fraction(x1, n1) - Fraction(x2, n2) - null)
    return distance, first * (1 - first) / n1 + rate * (1 - rate) / n2


def _restricted(table: Counts, null: Fraction, low: Fraction, high: Fraction) -> Decimal:
    """Return the rate of group 2 at which the likelihood is the largest where the rates differ by `null`."""
    x1, n1, x2, n2 = table
    if null == 0:
        return Decimal(x1 + x2) / (n1 + n2)
    # Where no one of the data pulls away from an end the maximum may sit there.
    at_low, at_high = (x2 if null > 0 else x1), (n1 - x1 if null > 0 else n2 - x2)
    if at_low == 0 and _slope(table, null, low) <= 0:
        return _decimal(low)
    if at_high == 0 and _slope(table, null, high) >= 0:
        return _decimal(high)
    return _root(table, _decimal(null), _decimal(low), _decimal(high))


def _slope(table: Counts, null: Fraction, rate: Fraction) -> Fraction:
    """Return the slope of the log likelihood; what no one in the data weighs is left out."""
    x1, n1, x2, n2 = table
    parts = ((x1, rate + null), (x1 - n1, 1 - rate - null), (x2, rate), (x2 - n2, 1 - rate))
    return sum((count / place for count, place in parts if count), Fraction(0))


def _root(table: Counts, null: Decimal, low: Decimal, high: Decimal) -> Decimal:
    """Return where the slope of the log likelihood, which falls from end to end, is zero."""
    x1, n1, x2, n2 = table
    parts = ((x1, null, 1), (n1 - x1, 1 - null, -1), (x2, Decimal(0), 1), (n2 - x2, Decimal(1), -1))
    weights = [(count, shift, sign) for count, shift, sign in parts if count]
    rate = (low + high) / 2
    close = (high - low).scaleb(8 - getcontext().prec)
    for _ in range(_STEPS):
        terms = [(count, shift + sign * rate, sign) for count, shift, sign in weights]
        slope = sum((sign * count / place for count, place, sign in terms), Decimal(0))
        low, high = (rate, high) if slope > 0 else (low, rate)
        step = slope / sum((count / (place * place) for count, place, _ in terms), Decimal(0))
        following = rate + step
        following = following if low < following < high else (low + high) / 2
        if abs(following - rate) <= close:
            return following
        rate = following
    return rate


def _ratio(table: Counts, null: Fraction) -> tuple[Decimal, Decimal]:
    """Return the distance of the rates from a null ratio, and its restricted variance (Koopman 1984)."""
    x1, n1, x2, n2 = table
    ratio = _decimal(null)
    half = ratio * (n1 + x2) + n2 + x1
    rate = 2 * (x1 + x2) / (half + (half * half - 4 * ratio * (n1 + n2) * (x1 + x2)).sqrt())
    first = min(ratio * rate, Decimal(1))
    distance = _decimal(Fraction(x1, n1) - null * Fraction(x2, n2))
    return distance, first * (1 - first) / n1 + ratio * ratio * rate * (1 - rate) / n2


def _odds(table: Counts, null: Fraction) -> tuple[Decimal, Decimal]:
    """Return the distance of `x1` from its expectation at a null odds ratio, and its variance (Cornfield 1956)."""
    x1, n1, x2, n2 = table
    events, ratio = x1 + x2, _decimal(null)
    linear, constant = n2 - events + ratio * (n1 + events), ratio * n1 * events
    expected = 2 * constant / (linear + (linear * linear + 4 * (1 - ratio) * constant).sqrt())
    cells = expected, n1 - expected, events - expected, n2 - events + expected
    return x1 - expected, 1 / sum((1 / cell for cell in cells), Decimal(0))


_PIECES = {"risk_difference": _difference, "risk_ratio": _ratio, "odds_ratio": _odds}
