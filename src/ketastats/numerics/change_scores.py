"""The SDs of two measurements of the same people, of their change, and the correlation that ties them together."""

from __future__ import annotations

from itertools import product

import numpy as np
from numpy.typing import NDArray

__all__ = ["change_sd_range", "correlation_range"]

Array = NDArray[np.float64]


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
