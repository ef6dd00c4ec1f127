"""The normal quantile of a confidence level to any number of digits."""

from __future__ import annotations

from decimal import Context, Decimal, localcontext
from fractions import Fraction
from functools import lru_cache

from .exact_tests import chi_square_tail, pi

__all__ = ["quantile", "tail"]


def tail(level: float) -> Fraction:
    """Return half of what a level leaves, the level read as the decimal that it prints."""
    return (1 - Fraction(repr(level))) / 2


@lru_cache(maxsize=64)
def quantile(level: float, digits: int) -> Decimal:
    """Return the normal quantile of the central interval at a level."""
    both = 2 * tail(level)
    with localcontext(Context(prec=digits + 10)):
        target = Decimal(both.numerator) / Decimal(both.denominator)
        # Newton's method on the tail of z^2; the float is a start good to 15 digits, and each step doubles them.
        z = _start(float(target))
        for _ in range(2 + digits.bit_length()):
            density = (-z * z / 2).exp() * (2 / pi(digits + 10)).sqrt()
            step = (chi_square_tail(z * z, digits + 10) - target) / density
            z += step
            if abs(step) < Decimal(10) ** (-digits):
                break
    return z


def _start(both: float) -> Decimal:
    from scipy.special import ndtri

    return Decimal(float(-ndtri(0.5 * both)))
