"""Whole numbers of more than 64 bits in arrays, each kept as what divisions leave of it.

A number stands in layers. In one layer it stands itself, below 2**63. In two layers stand what division by 2**64 and by
a prime of 31 bits leaves, which together fix every number below 2**95. The first of them needs no division at all,
since sums and products of whole numbers of 64 bits wrap round by themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

IntArray = NDArray[np.int64]
#: One array, or one for each of two divisors.
Layers = tuple[IntArray, ...]

#: What the second layer is divided by.
PRIME = (1 << 31) - 1
#: Numbers in one layer, and their sums, are below this; those in two layers below the other.
NARROW, WIDE = 2.0**61, 2.0**94

_WORD = 1 << 64
_INVERSE = pow(_WORD, -1, PRIME)
_LIMB = 24
_CHUNK = 1_000_000
# Sums of products of this many bits still are whole numbers of 64 bits.
_SAFE_BITS = 62


def moduli(layers: int) -> tuple[int, ...]:
    """Return what each layer is divided by; 0 stands for 2**64."""
    return (0, PRIME)[:layers]


def high_words(layers: Layers) -> IntArray:
    """Return numbers in two layers divided by 2**64, rounded down."""
    low = (layers[0].view(np.uint64) % np.uint64(PRIME)).astype(np.int64)
    return np.asarray((layers[1] - low) % PRIME * _INVERSE % PRIME, dtype=np.int64)


def floats(layers: Layers) -> NDArray[np.float64]:
    """Return numbers in floating point, each within a part in 2**52."""
    if len(layers) == 1:
        return layers[0].astype(np.float64)
    return np.asarray(layers[0].view(np.uint64) + high_words(layers) * 2.0**64, dtype=np.float64)


def whole(layers: Layers) -> NDArray[Any]:
    """Return the numbers: of 64 bits from one layer, Python's from two."""
    if len(layers) == 1:
        return layers[0]
    return np.asarray(layers[0].view(np.uint64).astype(object) + high_words(layers).astype(object) * _WORD)


def rests(layers: Layers, modulus: int) -> IntArray:
    """Return what division by a number of at most 31 bits leaves; by 0, that is 2**64, the first layer. A new array."""
    found = layers[0].copy()
    for start in range(0, found.size if modulus else 0, _CHUNK):
        # Piece by piece, since large tables leave no room for several more of their size.
        part = tuple(layer[start : start + _CHUNK] for layer in layers)
        rest = (part[0].view(np.uint64) % np.uint64(modulus)).astype(np.int64)
        if len(layers) > 1:
            rest += high_words(part) % modulus * (_WORD % modulus)
        found[start : start + _CHUNK] = rest % modulus
    return found


def not_zero(layers: Layers) -> NDArray[np.bool_]:
    """Return which numbers are not 0."""
    found: NDArray[np.bool_] = layers[0] != 0
    return found if len(layers) == 1 else found | (layers[1] != 0)


def at(layers: Layers, where: Any) -> Layers:
    """Return the numbers at some places."""
    return tuple(layer[where] for layer in layers)


def dot(a: Layers, b: Layers) -> int:
    """Return the sum of products of two arrays of numbers that are not negative, exactly, however large."""
    if len(a) == 1:
        return exact_dot(a[0], b[0])
    first, second = _limbs(a), _limbs(b)
    return sum(exact_dot(one, two) << _LIMB * (i + j) for i, one in enumerate(first) for j, two in enumerate(second))


def _limbs(layers: Layers) -> list[IntArray]:
    """Return numbers in two layers in pieces of 24 bits, the last first."""
    low, high = layers[0].view(np.uint64), high_words(layers)
    mask = np.uint64((1 << _LIMB) - 1)
    pieces = [(low >> np.uint64(shift) & mask).astype(np.int64) for shift in (0, _LIMB, 2 * _LIMB)]
    pieces[2] += (high & 0xFF) << 16
    return [*pieces, high >> 8]


def exact_dot(a: IntArray, b: IntArray) -> int:
    """Return the sum of products of two arrays of non-negative whole numbers of 64 bits, exactly, however large."""
    if a.size == 0:
        return 0
    bits_a, bits_b = int(a.max()).bit_length(), int(b.max()).bit_length()
    room = _SAFE_BITS - a.size.bit_length()
    if bits_a + bits_b <= room:
        return int(np.dot(a, b))
    width = room // 2
    mask = (1 << width) - 1
    result = 0
    for i in range(0, bits_a, width):
        first = (a >> i) & mask
        for j in range(0, bits_b, width):
            result += int(np.dot(first, (b >> j) & mask)) << (i + j)
    return result


def from_rests(ask: Callable[[int], Sequence[int]], most: int) -> list[int]:
    """Return whole numbers from what divisions leave of them.

    Parameters
    ----------
    ask : callable
        Returns for a divisor (0 stands for 2**64, others are primes of 31 bits) what it leaves of each number.
    most : int
        At least as large as each of the numbers.

    Returns
    -------
    list of int
        Exact, by the Chinese remainder theorem.
    """
    values = [int(rest) % _WORD for rest in ask(0)]
    modulus, primes = _WORD, _primes()
    while modulus <= most:
        prime = next(primes)
        inverse = pow(modulus, -1, prime)
        values = [
            value + modulus * ((int(rest) - value) * inverse % prime)
            for value, rest in zip(values, ask(prime), strict=True)
        ]
        modulus *= prime
    return values


def _primes() -> Iterator[int]:
    """Give the primes below 2**31, the largest first: products of two rests are whole numbers of 62 bits."""
    divisors = np.arange(3, 46_341, 2)
    for number in range(PRIME, 1 << 30, -2):
        if np.all(number % divisors):
            yield number
