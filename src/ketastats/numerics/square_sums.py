"""Sums of squares of whole numbers behind a standard deviation: exact integers in arrays."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .lattice import exists, least_squares, whole_between

BoolArray = NDArray[np.bool_]
#: How far a sum comes: no sum at all, no whole sum of squares in the range, none of its parity, no numbers that have
#: both, none of them on the scale, or some.
NO_SUM, NO_SQUARES, WRONG_PARITY, NO_NUMBERS, OFF_SCALE, POSSIBLE = range(6)
# From this size on every sum of squares of the right parity exists, from the least one up.
_PLENTY = 5
_MOST_TOPS = 2048


def centred(total: NDArray[Any], size: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return sums moved by a whole number for each of the `size` numbers, to be at most half of it, and that number."""
    shift = (2 * total + size) // (2 * size)
    return total - size * shift, shift


def uncentred(squares: NDArray[Any], total: NDArray[Any], shift: NDArray[Any], size: NDArray[Any]) -> NDArray[Any]:
    """Return sums of squares before their numbers were moved; `total` is the centred sum."""
    found: NDArray[Any] = squares + 2 * shift * total + size * shift * shift
    return found


def too_wide(size: NDArray[Any], weight: NDArray[Any], high: NDArray[Any], scale: NDArray[Any]) -> BoolArray:
    """Return where `squares_between` needs more than 64 bits."""
    sizes, weights, highs, scales = (np.asarray(part, dtype=np.float64) for part in (size, weight, high, scale))
    reach: BoolArray = (sizes * scales) ** 2 + highs**2 * weights + sizes * scales**2 > 2.0**61
    return reach


def squares_between(
    total: NDArray[Any],
    size: NDArray[Any],
    weight: NDArray[Any],
    low: NDArray[Any],
    high: NDArray[Any],
    scale: NDArray[Any],
    closed_low: BoolArray,
    closed_high: BoolArray,
) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return the first and last whole sum of squares whose deviation lies in an interval.

    The deviation is the root of ``(size Q - total^2) / weight`` and lies between ``low / scale`` and ``high / scale``,
    neither below zero.
    """
    base, unit = total * total * scale * scale, scale * scale
    return whole_between(base + low * low * weight, base + high * high * weight, closed_low, closed_high, size * unit)


def first_squares(total: NDArray[Any], size: NDArray[Any], first: NDArray[Any]) -> NDArray[Any]:
    """Return the smallest sum of squares from `first` on that has the parity of the sum and is at least the least."""
    start = np.maximum(first, least_squares(total, size))
    found: NDArray[Any] = start + (start - total) % 2
    return found


def stages(
    total: NDArray[Any], size: NDArray[Any], first: NDArray[Any], last: NDArray[Any]
) -> tuple[NDArray[np.int64], NDArray[Any]]:
    """Return how far each sum comes with sums of squares from `first` to `last`, on an endless scale.

    With it comes the first sum of squares that exists, where one does.
    """
    start = first_squares(total, size, first)
    found = np.where(np.asarray(start <= last, dtype=bool), POSSIBLE, NO_NUMBERS)
    parity = first + (first - total) % 2
    found = np.where(np.asarray(parity > last, dtype=bool), WRONG_PARITY, found)
    found = np.where(np.asarray(first > last, dtype=bool), NO_SQUARES, found).astype(np.int64)
    for place in np.flatnonzero((size < _PLENTY) & (found == POSSIBLE)):
        wanted = range(int(start[place]), int(last[place]) + 1, 2)
        there = (squares for squares in wanted if exists(int(total[place]), squares, int(size[place])))
        squares = next(there, None)
        if squares is None:
            found[place] = NO_NUMBERS
        else:
            start[place] = squares
    return found, start


def possible_squares(total: int, size: int, first: int, last: int) -> list[int]:
    """Return every sum of squares from `first` to `last` that `size` whole numbers with this sum have."""
    start = int(
        first_squares(np.array(total, dtype=object), np.array(size, dtype=object), np.array(first, dtype=object))
    )
    return [squares for squares in range(start, last + 1, 2) if size >= _PLENTY or exists(total, squares, size)]


def reached_by_steps(total: NDArray[Any], width: NDArray[Any]) -> NDArray[Any]:
    """Return up to which sum of squares numbers from 0 to `width` reach all from the least one on, by steps of two.

    Two equal numbers between the ends can move apart by one each, which adds two. Numbers without such a pair have a
    sum of squares of ``width * total`` less the sum of ``v (width - v)``, over different v, so that it is at least
    ``width * total - width (width^2 - 1) / 6``; below that there always is a pair.
    """
    found: NDArray[Any] = width * total - width * (width * width - 1) // 6 + 1
    return found


@lru_cache(maxsize=8)
def losses(width: int) -> tuple[int, ...]:
    """Return for each loss which remainders of the sum go with it, as bits.

    The loss is what is missing from ``width * total``, the sum of squares if all numbers stood at the ends: the sum of
    ``v (width - v)``. It is listed up to ``width (width^2 - 1) / 6``, beyond which `reached_by_steps` answers.
    """
    found = [1] + [0] * (width * (width * width - 1) // 6)
    mask = (1 << width) - 1
    for value in range(1, width):
        cost = value * (width - value)
        for loss in range(cost, len(found)):
            bits = found[loss - cost]
            found[loss] |= ((bits << value) | (bits >> (width - value))) & mask
    return tuple(found)


def first_with_loss(total: int, width: int, first: int, last: int) -> int:
    """Return the first sum of squares from `first` to `last` of many numbers from 0 to `width`, or -1.

    Only for sums so far from both ends of the scale that there are enough numbers at either end, whatever stands
    between them: each number between them adds at most its loss to the sum.
    """
    table, residue = losses(width), total % width
    for squares in range(max(first, width * total - len(table) + 1), min(last, width * total) + 1):
        if table[width * total - squares] >> residue & 1:
            return squares
    return -1


def loss_work(total: int, size: int, width: int, first: int) -> int:
    """Return how many steps of 64 bits `first_near_greatest` takes, about."""
    reach = min(total, size * width - total)
    most = max(width * total - first, 0)
    return (most + 1) * (width - 1) * (1 + min(reach, most) // 4)


def first_near_greatest(total: int, size: int, width: int, first: int, last: int) -> int:
    """Return the first sum of squares from `first` to `last` of numbers from 0 to `width`, or -1.

    For each loss and each sum of the numbers that stand between the ends, the fewest such numbers are found: then
    those at the top make up the rest of the sum, and as many as possible are left for the bottom.
    """
    if 2 * total > size * width:
        # The scale is turned round: numbers between the ends add little to the sum then.
        turned = width * (size * width - 2 * total)
        found = first_near_greatest(size * width - total, size, width, first + turned, last + turned)
        return found if found < 0 else found - turned
    least, most = max(width * total - last, 0), width * total - first
    # Whoever stands between the ends adds no more to the sum than to the loss.
    sums = np.arange(min(total, max(most, 0)) + 1)
    fewest = _fewest_between(most, sums.size, size, width)
    top, left = np.divmod(total - sums, width)
    for loss in range(most, least - 1, -1):
        if np.any((left == 0) & (top + fewest[loss] <= size)):
            return width * total - loss
    return -1


def _fewest_between(most: int, sums: int, size: int, width: int) -> NDArray[Any]:
    """Return how few numbers between the ends have each loss up to `most` and each sum below `sums`.

    `size` + 1 stands for none at all.
    """
    kind = next(each for each in (np.uint8, np.uint16, np.int64) if size < np.iinfo(each).max)
    fewest: NDArray[Any] = np.full((max(most, 0) + 1, sums), size + 1, dtype=kind)
    fewest[0, 0] = 0
    for value in range(1, min(width, sums)):
        cost = value * (width - value)
        # As many rows at once as do not build on each other.
        for start in range(cost, most + 1, cost):
            rows = slice(start, min(start + cost, most + 1))
            before = fewest[start - cost : rows.stop - cost, : sums - value]
            np.minimum(fewest[rows, value:], np.minimum(before, size) + kind(1), out=fewest[rows, value:])
    return fewest


def certainly_on_scale(total: int, squares: int, size: int, width: int) -> bool:
    """Return whether numbers from 0 to `width` with this sum and sum of squares are sure to exist.

    Put j of them at the top and i at the bottom. The m others exist somewhere on the endless scale if there are five
    or more, and lie within the root of ``(m - 1) / m`` of their squared deviations of their mean: if that reaches
    neither end, they stand on the scale. For each j the m that leave the least deviations are tried. False says
    nothing.
    """
    if (squares - total) % 2 or size < _PLENTY or not 0 <= total <= size * width:
        return False
    kind: Any = object if (size * width) ** 2 * size > 2**62 else np.int64
    top = np.unique(np.linspace(0, size - _PLENTY, min(size - _PLENTY + 1, _MOST_TOPS)).astype(np.int64)).astype(kind)
    rest, left = total - width * top, squares - width * width * top
    keep = (rest >= 0) & (left > 0)
    top, rest, left = top[keep], rest[keep], left[keep]
    fewest = np.maximum(-(-rest * rest // left), _PLENTY)
    for more in range(3):
        others = fewest + more
        room = np.minimum(rest, width * others - rest)
        fits = (others + top <= size) & (room >= 0) & (left >= least_squares(rest, others))
        if np.any(fits & ((others - 1) * (others * left - rest * rest) <= room * room)):
            return True
    return False


def scale_work(total: int, size: int, width: int) -> int:
    """Return how many steps of 64 bits `squares_on_scale` takes, about."""
    reach = min(total, size * width - total) + 1
    return size * reach * (width + 1) * (1 + reach * width // 64)


def squares_on_scale(total: int, size: int, width: int) -> int:
    """Return which sums of squares numbers from 0 to `width` with this sum have: bit Q is set when Q is one."""
    if total > size * width - total:
        # The scale is turned round, so that fewer steps are needed.
        mirrored = squares_on_scale(size * width - total, size, width)
        shift = size * width * width - 2 * width * (size * width - total)
        return mirrored << shift if shift >= 0 else mirrored >> -shift
    layer = {0: 1}
    for people in range(1, size + 1):
        least = max(0, total - (size - people) * width)
        grown: dict[int, int] = {}
        for reached in range(least, min(total, people * width) + 1):
            bits = 0
            for value in range(min(width, reached) + 1):
                bits |= layer.get(reached - value, 0) << (value * value)
            grown[reached] = bits
        layer = grown
    return layer.get(total, 0)


def layers_work(size: int, width: int) -> int:
    """Return how many steps of 64 bits `layers` takes up to `size`, about."""
    return size * size * width * (width + 1) * (1 + size * width * width // 128) // 2


def layers(width: int) -> Iterator[list[int]]:
    """Yield for one number from 0 to `width`, for two, ... the sums of squares that go with each sum, as bits."""
    layer = [1]
    steps = [value * value for value in range(width + 1)]
    while True:
        grown = [0] * (len(layer) + width)
        for reached, bits in enumerate(layer):
            for value, shift in enumerate(steps):
                grown[reached + value] |= bits << shift
        layer = grown
        yield layer


def first_bit(bits: int, first: int, last: int) -> int:
    """Return the first place from `first` to `last` where a bit is set, or -1."""
    left = bits >> max(first, 0) & ((1 << max(last - max(first, 0) + 1, 0)) - 1)
    return max(first, 0) + (left & -left).bit_length() - 1 if left else -1
