"""Sums of products of whole numbers, exact however large they are."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

IntArray = NDArray[np.int64]

#: Products are formed in 64 bits up to here.
LARGEST = 2**62
# Numbers are cut into limbs of so many bits, by the number of factors, that sums of this many products fit 64 bits.
_CHUNK = 1 << 14
_BITS = {1: 47, 2: 24, 3: 16}


def packed(factors: list[IntArray]) -> list[IntArray]:
    """Return fewer factors with the same products, none of them above 2^62.

    Parameters
    ----------
    factors : list of ndarray of int64
        Arrays of one shape, of whole numbers that are not negative.
    """
    result: list[IntArray] = []
    most = LARGEST
    for factor in factors:
        largest = max(1, int(factor.max(initial=0)))
        if most * largest < LARGEST:
            result[-1] = result[-1] * factor
            most *= largest
        else:
            result.append(factor)
            most = largest
    return result


def products(factors: list[IntArray]) -> NDArray[np.object_]:
    """Return the products of some arrays of whole numbers, as whole numbers of any size."""
    result, *rest = (factor.astype(object) for factor in packed(factors))
    for factor in rest:
        result = result * factor
    return np.asarray(result, dtype=object)


def sum_of_products(factors: list[IntArray]) -> int:
    """Return the sum of the products of some arrays of whole numbers that are not negative."""
    few = packed(factors)
    if len(few) not in _BITS:
        return int(sum(products(few).tolist()))
    bits = _BITS[len(few)]
    total = 0
    for start in range(0, few[0].size, _CHUNK):
        limbs = [_limbs(factor[start : start + _CHUNK], bits) for factor in few]
        total += _chunk_sum(limbs, bits)
    return total


def _limbs(factor: IntArray, bits: int) -> list[IntArray]:
    """Return the digits of numbers to the base of a power of two, as many as the largest of them has."""
    many = max(1, -(-int(factor.max(initial=0)).bit_length() // bits))
    mask = (1 << bits) - 1
    return [(factor >> (bits * place)) & mask for place in range(many)]


def _chunk_sum(limbs: list[list[IntArray]], bits: int) -> int:
    *heads, last = limbs
    # Products of all factors but the last, with the place of each.
    parts: list[tuple[int, IntArray | None]] = [(0, None)]
    for head in heads:
        parts = [
            (place + at, limb if part is None else part * limb) for place, part in parts for at, limb in enumerate(head)
        ]
    return sum(
        int(limb.sum() if part is None else np.dot(part, limb)) << (bits * (place + at))
        for place, part in parts
        for at, limb in enumerate(last)
    )
