"""The SDs of two measurements of the same people, of their change, and the correlation that ties them together."""

from __future__ import annotations

from itertools import product

import numpy as np
from numpy.typing import NDArray

__all__ = ["change_sd_range", "correlation_range", "other_sd_range"]

Array = NDArray[np.float64]

_ROUNDING_ERROR = 1e-12


def correlation_range(
    pre: tuple[Array, Array], post: tuple[Array, Array], change: tuple[Array, Array]
) -> tuple[Array, Array]:
    """Return the smallest and the largest ``(a**2 + b**2 - c**2) / (2 a b)`` over ranges of a, b and c.

    It falls with c. In a it falls until ``a**2 = b**2 - c**2`` and rises from there on, in b likewise, so that the
    largest value lies at a corner and the smallest at a corner or at such a turn. Values beyond -1 and 1 are returned
    as they are: no people have them.
    """
    corners = list(product(pre, post))
    largest = np.max([_correlation(a, b, change[0]) for a, b in corners], axis=0)
    c = change[1]
    turns = [(_turn(b, c, pre), b) for b in post] + [(a, _turn(a, c, post)) for a in pre]
    smallest = np.min([_correlation(a, b, c) for a, b in corners + turns], axis=0)
    return np.asarray(smallest), np.asarray(largest)


def change_sd_range(pre: tuple[Array, Array], post: tuple[Array, Array], r: tuple[Array, Array]) -> tuple[Array, Array]:
    """Return the smallest and the largest ``sqrt(a**2 + b**2 - 2 r a b)`` over ranges of a, b and r.

    Its square falls with r and is convex in a and b: the largest value lies at a corner, the smallest at a corner or
    where ``a = r b`` or ``b = r a``.
    """
    corners = list(product(pre, post))
    largest = np.max([_square(a, b, r[0]) for a, b in corners], axis=0)
    turns = [(np.clip(r[1] * b, pre[0], pre[1]), b) for b in post] + [
        (a, np.clip(r[1] * a, post[0], post[1])) for a in pre
    ]
    smallest = np.min([_square(a, b, r[1]) for a, b in corners + turns], axis=0)
    return np.sqrt(np.maximum(smallest, 0.0)), np.sqrt(np.maximum(largest, 0.0))


def other_sd_range(
    known: tuple[Array, Array], change: tuple[Array, Array], r: tuple[Array, Array], own: tuple[Array, Array]
) -> tuple[Array, Array]:
    """Return the least and the largest b between its ends with ``c**2 = a**2 + b**2 - 2 r a b`` for some a, c and r.

    For each b the smallest c belongs to the largest r. Its square is convex in b, so that it is small enough between
    two values of b. The largest c belongs to the smallest r and an end of a; its square is convex too, so that it is
    large enough outside of two values of b. The smallest is above the largest where no b is left.
    """
    low, high = _reach(known, change[1], r[1])
    low, high = np.maximum(low, own[0]), np.minimum(high, own[1])
    gaps = [_roots(a, change[0], r[0]) for a in known]
    start, stop = np.maximum(gaps[0][0], gaps[1][0]), np.minimum(gaps[0][1], gaps[1][1])
    within = start < stop
    low, high = (
        np.where(within & (low > start) & (low < stop), stop, low),
        np.where(within & (high > start) & (high < stop), start, high),
    )
    return np.asarray(low), np.asarray(high)


def _reach(known: tuple[Array, Array], change: Array, r: Array) -> tuple[Array, Array]:
    """Return between which b some a has a change as small as the largest that is possible."""
    rest = np.maximum((1.0 - r) * (1.0 + r), 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        limit = np.where(r >= 0, np.where(rest > 0, change / np.sqrt(rest), np.inf), change)
        turn = np.where(r > 0, np.where(rest > 0, r * change / np.sqrt(rest), np.inf), 0.0)
    most = np.minimum(known[1], limit)
    high = _upper(np.clip(turn, known[0], np.maximum(most, known[0])), change, r)
    low = np.where(r > 0, -_upper(known[0], change, -r), 0.0)
    empty = known[0] > limit * (1.0 + _ROUNDING_ERROR)
    return np.where(empty, np.inf, np.maximum(low, 0.0)), np.where(empty, -np.inf, high)


def _upper(a: Array, change: Array, r: Array) -> Array:
    inner = np.square(change) - (1.0 - r) * (1.0 + r) * np.square(a)
    return np.asarray(r * a + np.sqrt(np.maximum(inner, 0.0)))


def _roots(a: Array, change: Array, r: Array) -> tuple[Array, Array]:
    """Return both b with this a, c and r; the first above the second where there are none."""
    inner = np.square(change) - (1.0 - r) * (1.0 + r) * np.square(a)
    root = np.sqrt(np.maximum(inner, 0.0))
    return np.where(inner > 0, r * a - root, np.inf), np.where(inner > 0, r * a + root, -np.inf)


def _turn(other: Array, change: Array, limits: tuple[Array, Array]) -> Array:
    with np.errstate(invalid="ignore"):
        turn = np.sqrt(np.maximum(np.square(other) - np.square(change), 0.0))
    return np.asarray(np.clip(turn, limits[0], limits[1]))


def _correlation(a: Array, b: Array, c: Array) -> Array:
    # The two squares that are nearest to each other are subtracted as a product.
    with np.errstate(divide="ignore", invalid="ignore"):
        value = (np.square(a) + (b - c) * (b + c)) / (2.0 * a * b)
    # Without spread before or after, any correlation will do: the caller looks at the other ends.
    return np.where(np.isnan(value), 0.0, value)


def _square(a: Array, b: Array, r: Array) -> Array:
    return np.asarray(np.square(a - b) + 2.0 * (1.0 - r) * a * b)
