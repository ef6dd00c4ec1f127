"""Which sums, and which sums of squares, whole numbers can have: exact integers in arrays.

Arrays hold int64, or Python's own integers where products would not fit (`widest` decides).
"""

from __future__ import annotations

from math import isqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

BoolArray = NDArray[np.bool_]
# Half of what 64 bits hold: one more doubling or addition stays safe.
_FITS = 2**62


def widest(*factors: Any) -> bool:
    """Return whether a product of these factors, each the largest of its column, may be too large for 64 bits."""
    product = 1
    for factor in factors:
        product *= max(int(abs(factor)), 1)
    return product >= _FITS


def largest(values: NDArray[Any]) -> int:
    """Return the largest size among whole numbers, 0 if there are none."""
    return int(np.max(np.abs(values))) if values.size else 0


def whole_between(
    low: NDArray[Any], high: NDArray[Any], closed_low: BoolArray, closed_high: BoolArray, divisor: NDArray[Any]
) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return the first and last whole number between ``low / divisor`` and ``high / divisor``.

    The last is below the first when there is none.
    """
    first = -(-low // divisor)
    last = high // divisor
    first = first + ((first * divisor == low) & ~closed_low)
    last = last - ((last * divisor == high) & ~closed_high)
    return first, last


def least_squares(total: NDArray[Any], size: NDArray[Any]) -> NDArray[Any]:
    """Return the smallest sum of squares of `size` whole numbers with sum `total`."""
    share, left = total // size, total % size
    found: NDArray[Any] = size * share * share + left * (2 * share + 1)
    return found


def _two_squares(total: int, squares: int) -> bool:
    """Whether two whole numbers have this sum and sum of squares: their squared difference is ``2 Q - S^2``."""
    rest = 2 * squares - total * total
    return rest >= 0 and isqrt(rest) ** 2 == rest


def _three_squares(total: int, squares: int) -> bool:
    """Whether three whole numbers have this sum and sum of squares.

    With differences u and v of neighbours ``u^2 + u v + v^2 = (3 Q - S^2) / 2``; the remainders modulo 3 then fit by
    themselves, up to the signs of both.
    """
    rest = 3 * squares - total * total
    if rest < 0 or rest % 2:
        return False
    half = rest // 2
    # u^2 + u v + v^2 = half has a solution in v for this u when 4 half - 3 u^2 is a square of the parity of u.
    for u in range(isqrt(4 * half // 3) + 1):
        inner = 4 * half - 3 * u * u
        if inner >= 0 and isqrt(inner) ** 2 == inner:
            return True
    return False


def _four_squares(total: int, squares: int) -> bool:
    """Whether four whole numbers have this sum and sum of squares.

    ``4 Q - S^2`` must be a sum of three squares of one parity. For odd S it is 3 modulo 8, which always is; for even S
    a quarter of it must not be of the form ``4^a (8 b + 7)`` (Legendre).
    """
    rest = 4 * squares - total * total
    if rest < 0:
        return False
    if total % 2:
        return True
    rest //= 4
    while rest and rest % 4 == 0:
        rest //= 4
    return rest % 8 != 7


def exists(total: int, squares: int, size: int) -> bool:
    """Return whether `size` whole numbers have this sum and sum of squares.

    From five numbers on, every sum of squares of the parity of the sum is reached, from the smallest one up. For five:
    leave out one number t of the other parity than S, within 1 of S / 5; the other four then have an odd sum, and exist
    if ``Q - S^2 / 5 >= 5 / 4``, which only the smallest sum of squares fails. For more: leave out the number nearest
    to S / n, and the others can have their smallest sum of squares and all above it.
    """
    if (squares - total) % 2:
        return False
    if size == 1:
        return squares == total * total
    if size in _FEW:
        return _FEW[size](total, squares)
    share, left = divmod(total, size)
    return squares >= size * share * share + left * (2 * share + 1)


_FEW = {2: _two_squares, 3: _three_squares, 4: _four_squares}


def greatest_squares(total: NDArray[Any], size: NDArray[Any], low: NDArray[Any], high: NDArray[Any]) -> NDArray[Any]:
    """Return the largest sum of squares of `size` whole numbers from `low` to `high` with sum `total`.

    As many as possible stand at the ends, and one between them.
    """
    width = np.maximum(high - low, 1)
    at_top = (total - size * low) // width
    at_top = np.minimum(at_top, size - 1)
    between = total - at_top * high - (size - 1 - at_top) * low
    found: NDArray[Any] = at_top * high * high + (size - 1 - at_top) * low * low + between * between
    return found
