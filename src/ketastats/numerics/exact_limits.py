"""Confidence limits of closed form for one 2x2 table against an edge, decided without rounding error.

A limit that falls next to a rounding edge as a float cannot say on which side it lies. Here it is evaluated with more
and more decimals until the side is certain.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Context, Decimal, localcontext
from fractions import Fraction
from functools import lru_cache

from .exact_tests import chi_square_tail, pi

_PRECISIONS = (40, 120, 400)
Counts = tuple[int, int, int, int]
Ends = tuple[Decimal, Decimal]
_HALF = Decimal("0.5")


def decides(measure: str, method: str) -> bool:
    """Whether the limits of a method can be decided here."""
    return (measure, method) in _ENDS


def compare(measure: str, method: str, table: Counts, *, level: float, upper: bool, edge: Fraction) -> int:
    """Return -1, 0 or 1 as the lower (or upper) limit of one table is below, at or above `edge`."""
    for digits in _PRECISIONS:
        with localcontext(Context(prec=digits + 20)):
            end = _ENDS[measure, method](table, _quantile(level, digits + 20))[upper]
            if not end.is_finite():
                return 1 if end > 0 else -1
            value = Fraction(end)
        if abs(value - edge) * 10 ** (digits - 10) > max(abs(edge), abs(value)):
            return 1 if value > edge else -1
    return 0


@lru_cache(maxsize=64)
def _quantile(level: float, digits: int) -> Decimal:
    """Return the normal quantile of the central interval at a level, which is read as the decimal that it prints."""
    tail = 1 - Decimal(repr(level))
    with localcontext(Context(prec=digits + 10)):
        # Newton's method on the tail of z^2; the float is a start good to 15 digits, and each step doubles them.
        z = _start(float(tail))
        for _ in range(2 + digits.bit_length()):
            density = (-z * z / 2).exp() * (2 / pi(digits + 10)).sqrt()
            step = (chi_square_tail(z * z, digits + 10) - tail) / density
            z += step
            if abs(step) < Decimal(10) ** (-digits):
                break
    return z


def _start(tail: float) -> Decimal:
    from scipy.special import ndtri

    return Decimal(float(-ndtri(0.5 * tail)))


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
}
