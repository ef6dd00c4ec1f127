"""Upper tails of z, t, r, F and chi-squared to any number of digits, to decide a p next to a printed edge.

Every one of these p-values is a regularised incomplete beta or gamma function of fractions, because the statistic and
its degrees of freedom were printed. Both are evaluated by continued fractions whose terms are decimals.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Context, Decimal, localcontext
from fractions import Fraction
from functools import cache
from math import comb

from .exact_tests import pi

__all__ = ["beta_tail", "compare_tail", "gamma_tail", "tail"]

# A p that agrees with an edge to this many digits is the edge: F(2, 2) = 1 has exactly p = 1/2.
_PRECISIONS = (30, 90)
_GUARD = 25
#: The series for the log of the gamma function starts here; below it the argument is raised step by step.
_STIRLING_FROM = 60
_STIRLING_TERMS = 60
#: Beyond it a fraction takes too many steps, and t and F do not differ from z and chi-squared in any printed digit.
_MOST = 10**9


def compare_tail(family: str, statistic: Fraction, df1: Fraction, df2: Fraction, edge: Fraction) -> int:
    """Return -1, 0 or 1 as the two-sided (or upper) p-value of a printed test is below, at or above `edge`.

    `family` is t, r, F or chi2; z is t with `df2` of 0, which stands for infinitely many; chi2 takes `df1`, t and r
    take `df2`.
    """
    if edge <= 0:
        return 1
    if statistic <= 0:
        return (edge < 1) - (edge > 1)
    # Only a statistic of 0 has a p of 1.
    if edge >= 1:
        return -1
    for digits in _PRECISIONS:
        value = Fraction(tail(family, statistic, df1, df2, digits))
        if abs(value - edge) * 10 ** (digits - 10) > edge:
            return 1 if value > edge else -1
    return 0


def tail(family: str, statistic: Fraction, df1: Fraction, df2: Fraction, digits: int) -> Decimal:
    """Return the two-sided p of t, r or z, or the upper p of F or chi2, of a statistic above 0 (see `compare_tail`)."""
    square = statistic * statistic
    half = Fraction(1, 2)
    if family == "chi2":
        return gamma_tail(df1 / 2, statistic / 2, digits)
    if family == "r":
        return beta_tail(df2 / 2, half, 1 - square, digits) if square < 1 else Decimal(0)
    if family == "t":
        if not 0 < df2 <= _MOST:
            return gamma_tail(half, square / 2, digits)
        return beta_tail(df2 / 2, half, df2 / (df2 + square), digits)
    if df2 > _MOST:
        return gamma_tail(df1 / 2, df1 * statistic / 2, digits)
    return beta_tail(df2 / 2, df1 / 2, df2 / (df2 + df1 * statistic), digits)


def beta_tail(a: Fraction, b: Fraction, x: Fraction, digits: int) -> Decimal:
    """Return the regularised incomplete beta function ``I_x(a, b)`` for ``0 < x < 1`` to about `digits` digits."""
    if x * (a + b + 2) > a + 1:
        # The other tail may be all but 1; what is left of it keeps its digits only if it is computed with more.
        other = _beta_small(b, a, 1 - x, digits)
        lost = max(0, -(1 - other).adjusted()) if other < 1 else digits
        if lost:
            other = _beta_small(b, a, 1 - x, digits + lost + 5)
        with localcontext(Context(prec=digits + lost + _GUARD)):
            return 1 - other
    return _beta_small(a, b, x, digits)


def gamma_tail(a: Fraction, x: Fraction, digits: int) -> Decimal:
    """Return the regularised upper incomplete gamma function ``Q(a, x)`` for ``x > 0`` to about `digits` digits."""
    precision = _working(digits, a, x)
    with localcontext(Context(prec=precision)):
        log_front = _decimal(a) * _decimal(x).ln() - _decimal(x) - _log_gamma(a, precision)
        if x > a + 1:
            start = x + 1 - a

            def step(k: int) -> tuple[Decimal, Decimal]:
                return _decimal(-k * (k - a)), _decimal(start + 2 * k)

            return log_front.exp() / _fraction(_decimal(start), step, precision)
        term = total = 1 / _decimal(a)
        k = 0
        while term > total.scaleb(-precision):
            k += 1
            term = term * _decimal(x) / _decimal(a + k)
            total += term
        return 1 - total * log_front.exp()


def _beta_small(a: Fraction, b: Fraction, x: Fraction, digits: int) -> Decimal:
    """Return ``I_x(a, b)`` below the mean, where its continued fraction converges in about ``sqrt(a + b)`` steps."""
    precision = _working(digits, a, b)
    with localcontext(Context(prec=precision)):
        log_front = _decimal(a) * _decimal(x).ln() + _decimal(b) * _decimal(1 - x).ln() - _decimal(a).ln()
        log_front -= _log_gamma(a, precision) + _log_gamma(b, precision) - _log_gamma(a + b, precision)
        da, db, dx = _decimal(a), _decimal(b), _decimal(x)

        def step(k: int) -> tuple[Decimal, Decimal]:
            m = Decimal(k // 2)
            if k % 2 == 0:
                return m * (db - m) * dx / ((da + 2 * m - 1) * (da + 2 * m)), Decimal(1)
            return -(da + m) * (da + db + m) * dx / ((da + 2 * m) * (da + 2 * m + 1)), Decimal(1)

        return log_front.exp() / _fraction(Decimal(1), step, precision)


def _fraction(first: Decimal, step: Callable[[int], tuple[Decimal, Decimal]], precision: int) -> Decimal:
    """Return ``first + a1 / (b1 + a2 / (b2 + ...))`` by the method of Lentz, in the current context."""
    tiny = Decimal((0, (1,), -4 * precision))
    value = c = first
    d = Decimal(0)
    close = Decimal((0, (1,), 3 - precision))
    k = 0
    while True:
        k += 1
        numerator, denominator = step(k)
        if numerator == 0:
            return value
        d = denominator + numerator * d
        c = denominator + numerator / c
        d = 1 / (d or tiny)
        c = c or tiny
        change = c * d
        value *= change
        if abs(change - 1) < close:
            return value


def _log_gamma(z: Fraction, precision: int) -> Decimal:
    """Return the log of the gamma function by Stirling's series, after raising a small argument."""
    raised, product = z, Fraction(1)
    while raised < max(_STIRLING_FROM, precision):
        product *= raised
        raised += 1
    value = _decimal(raised)
    total = (value - Decimal("0.5")) * value.ln() - value + (2 * pi(precision)).ln() / 2
    power = value
    square = value * value
    for k in range(1, _STIRLING_TERMS):
        term = _decimal(_bernoulli(2 * k) / (2 * k * (2 * k - 1))) / power
        total += term
        if abs(term) < Decimal((0, (1,), -precision)):
            break
        power *= square
    return total - _decimal(product).ln()


@cache
def _bernoulli(n: int) -> Fraction:
    return -sum((comb(n + 1, k) * _bernoulli(k) for k in range(n)), Fraction(0)) / (n + 1) if n else Fraction(1)


def _working(digits: int, *sizes: Fraction) -> int:
    """Return a precision at which the logs of the front factor, which grow with the sizes, leave `digits` digits."""
    return digits + _GUARD + max(len(str(int(size))) for size in sizes)


def _decimal(value: Fraction) -> Decimal:
    return Decimal(value.numerator) / Decimal(value.denominator)
