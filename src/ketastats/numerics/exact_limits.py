"""Confidence limits of one 2x2 table against an edge, decided without rounding error.

A limit that falls next to a rounding edge as a float cannot say on which side it lies. One of closed form is evaluated
here with more and more decimals until the side is certain; the others are decided by the test that they invert.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Context, Decimal, localcontext
from fractions import Fraction
from functools import partial

from . import score_digits, supremum_limits, tail_limits
from .normal_digits import quantile

_PRECISIONS = (40, 120, 400)
Counts = tuple[int, int, int, int]
Ends = tuple[Decimal, Decimal]
_HALF = Decimal("0.5")


def compare(measure: str, method: str, table: Counts, *, level: float, upper: bool, edge: Fraction) -> int:
    """Return -1, 0 or 1 as the lower (or upper) limit of one table is below, at or above `edge`."""
    if (measure, method) in _BY_TEST:
        return _BY_TEST[measure, method](table, level=level, upper=upper, edge=edge)
    for digits in _PRECISIONS:
        with localcontext(Context(prec=digits + 20)):
            end = _ENDS[measure, method](table, quantile(level, digits + 20))[upper]
            if not end.is_finite():
                return 1 if end > 0 else -1
            value = Fraction(end)
        if abs(value - edge) * 10 ** (digits - 10) > max(abs(edge), abs(value)):
            return 1 if value > edge else -1
    return 0


def _cells(table: Counts) -> tuple[Decimal, Decimal, Decimal, Decimal]:
    x1, n1, x2, n2 = table
    return Decimal(x1), Decimal(n1 - x1), Decimal(x2), Decimal(n2 - x2)


def _exponential(centre: Decimal, reach: Decimal) -> Ends:
    return (centre - reach).exp(), (centre + reach).exp()


def _ratio(table: Counts, z: Decimal, half: Decimal) -> Ends:
    x1, n1, x2, n2 = (Decimal(count) + half for count in table)
    if x1 == 0 or x2 == 0:
        return Decimal(0), Decimal("Infinity")
    variance = (n1 - x1) / (n1 * x1) + (n2 - x2) / (n2 * x2)
    return _exponential((x1 * n2 / (x2 * n1)).ln(), z * variance.sqrt())


def _odds(table: Counts, z: Decimal, half: Decimal) -> Ends:
    a, b, c, d = (cell + half for cell in _cells(table))
    if 0 in (a, b, c, d):
        return Decimal(0), Decimal("Infinity")
    return _exponential((a * d / (b * c)).ln(), z * (1 / a + 1 / b + 1 / c + 1 / d).sqrt())


def _difference(table: Counts, z: Decimal, more: int) -> Ends:
    x1, n1, x2, n2 = table[0] + more, table[1] + 2 * more, table[2] + more, table[3] + 2 * more
    point = Decimal(x1) / n1 - Decimal(x2) / n2
    variance = Decimal(x1 * (n1 - x1)) / n1**3 + Decimal(x2 * (n2 - x2)) / n2**3
    reach = z * variance.sqrt()
    return max(point - reach, Decimal(-1)), min(point + reach, Decimal(1))


def _wilson(x: int, n: int, z: Decimal) -> Ends:
    square = z * z
    root = z * (Decimal(4 * x * (n - x)) / n + square).sqrt()
    low = (2 * x + square - root) / (2 * (n + square))
    high = (2 * x + square + root) / (2 * (n + square))
    return (low if x else Decimal(0)), (high if x < n else Decimal(1))


def _newcombe(table: Counts, z: Decimal) -> Ends:
    x1, n1, x2, n2 = table
    (low1, high1), (low2, high2) = _wilson(x1, n1, z), _wilson(x2, n2, z)
    rate1, rate2 = Decimal(x1) / n1, Decimal(x2) / n2
    down = ((rate1 - low1) ** 2 + (high2 - rate2) ** 2).sqrt()
    up = ((high1 - rate1) ** 2 + (rate2 - low2) ** 2).sqrt()
    return rate1 - rate2 - down, rate1 - rate2 + up


def _wald(x: int, n: int, z: Decimal) -> Ends:
    point, reach = Decimal(x) / n, z * (Decimal(x * (n - x)) / n**3).sqrt()
    return max(point - reach, Decimal(0)), min(point + reach, Decimal(1))


def _inverse_sinh(table: Counts, z: Decimal, *, odds: bool, added: str = "0", more: str = "0") -> Ends:
    """Return the log ratio plus and minus 2 asinh(z SE / 2), with so much added to the cells of each."""
    x1, n1, x2, n2 = table
    point = [cell + Decimal(added) for cell in _cells(table)]
    if not odds:
        if x1 == 0 or x2 == 0:
            return Decimal(0), Decimal("Infinity")
        variance = Decimal(n1 - x1) / (n1 * x1) + Decimal(n2 - x2) / (n2 * x2)
        centre = (Decimal(x1 * n2) / (x2 * n1)).ln()
    else:
        spread = [cell + Decimal(more) for cell in _cells(table)]
        if 0 in spread:
            return Decimal(0), Decimal("Infinity")
        variance = sum((1 / cell for cell in spread), Decimal(0))
        centre = (point[0] * point[3] / (point[1] * point[2])).ln()
    half = z * variance.sqrt() / 2
    return _exponential(centre, 2 * (half + (half * half + 1).sqrt()).ln())


def _smoothed(table: Counts, z: Decimal) -> Ends:
    """Return the logit interval with what independence expects of two people added to the cells."""
    x1, n1, x2, n2 = table
    people, events = n1 + n2, x1 + x2
    if events in (0, people):
        return Decimal(0), Decimal("Infinity")
    shares = ((n1, events), (n1, people - events), (n2, events), (n2, people - events))
    a, b, c, d = (
        cell + Decimal(2 * row * column) / people**2 for cell, (row, column) in zip(_cells(table), shares, strict=True)
    )
    return _exponential((a * d / (b * c)).ln(), z * (1 / a + 1 / b + 1 / c + 1 / d).sqrt())


def _mover(table: Counts, z: Decimal, *, odds: bool) -> Ends:
    """Return the ends that square and add margins of error of two Wilson intervals, of rates or odds."""
    x1, n1, x2, n2 = table
    if (odds and 0 in _cells(table)) or x1 + x2 == 0:
        return Decimal(0), Decimal("Infinity")
    turned = _mover_low((x2, n2, x1, n1), z, odds)
    return _mover_low(table, z, odds), 1 / turned if turned else Decimal("Infinity")


def _mover_low(table: Counts, z: Decimal, odds: bool) -> Decimal:
    x1, n1, x2, n2 = table
    (low, _), (_, high) = _wilson(x1, n1, z), _wilson(x2, n2, z)
    one, two = Decimal(x1) / n1, Decimal(x2) / n2
    if odds:
        low, high, one, two = (rate / (1 - rate) for rate in (low, high, one, two))
    # Where a point stands from its end, squares of it less those of its margin: p^2 - (p - l)^2 = l (2 p - l).
    first, last = high * (2 * two - high), low * (2 * one - low)
    if last <= 0:
        return Decimal(0)
    product = one * two
    return last / (product + max(product * product - first * last, Decimal(0)).sqrt())


def _single(ends: Callable[[int, int, Decimal], Ends]) -> dict[str, Callable[[Counts, Decimal], Ends]]:
    return {
        "rate1": lambda table, z: ends(table[0], table[1], z),
        "rate2": lambda table, z: ends(table[2], table[3], z),
        "rate": lambda table, z: ends(table[0] + table[2], table[1] + table[3], z),
    }


_ENDS: dict[tuple[str, str], Callable[[Counts, Decimal], Ends]] = {
    ("risk_ratio", "log"): lambda table, z: _ratio(table, z, Decimal(0)),
    ("risk_ratio", "log_half"): lambda table, z: _ratio(table, z, _HALF),
    ("odds_ratio", "log"): lambda table, z: _odds(table, z, Decimal(0)),
    ("odds_ratio", "log_half"): lambda table, z: _odds(table, z, _HALF),
    ("risk_difference", "wald"): lambda table, z: _difference(table, z, 0),
    ("risk_difference", "agresti_caffo"): lambda table, z: _difference(table, z, 1),
    ("risk_difference", "newcombe"): _newcombe,
    **{(measure, "wilson"): ends for measure, ends in _single(_wilson).items()},
    **{(measure, "wald"): ends for measure, ends in _single(_wald).items()},
    ("risk_ratio", "asinh"): partial(_inverse_sinh, odds=False),
    ("risk_ratio", "mover"): partial(_mover, odds=False),
    ("odds_ratio", "asinh"): partial(_inverse_sinh, odds=True),
    ("odds_ratio", "asinh_adjusted"): partial(_inverse_sinh, odds=True, added="0.45", more="0.25"),
    ("odds_ratio", "smoothed"): _smoothed,
    ("odds_ratio", "mover"): partial(_mover, odds=True),
}


def _clopper_pearson(which: str) -> Callable[..., int]:
    def compare_single(table: Counts, *, level: float, upper: bool, edge: Fraction) -> int:
        x1, n1, x2, n2 = table
        x, n = {"rate1": (x1, n1), "rate2": (x2, n2), "rate": (x1 + x2, n1 + n2)}[which]
        return tail_limits.compare_clopper_pearson(x, n, level=level, upper=upper, edge=edge)

    return compare_single


def _score(measure: str, *, corrected: bool) -> Callable[..., int]:
    return lambda table, **rest: score_digits.compare(measure, table, corrected=corrected, **rest)


_BY_TEST: dict[tuple[str, str], Callable[..., int]] = {
    ("risk_difference", "score"): _score("risk_difference", corrected=True),
    ("risk_difference", "mee"): _score("risk_difference", corrected=False),
    ("risk_difference", "exact"): supremum_limits.compare_difference,
    ("risk_ratio", "score"): _score("risk_ratio", corrected=True),
    ("risk_ratio", "koopman"): _score("risk_ratio", corrected=False),
    ("risk_ratio", "exact"): supremum_limits.compare_ratio,
    ("odds_ratio", "score"): _score("odds_ratio", corrected=True),
    ("odds_ratio", "cornfield"): _score("odds_ratio", corrected=False),
    ("odds_ratio", "exact"): partial(tail_limits.compare_conditional, midp=False),
    ("odds_ratio", "midp"): partial(tail_limits.compare_conditional, midp=True),
    **{(which, "clopper_pearson"): _clopper_pearson(which) for which in ("rate1", "rate2", "rate")},
}
