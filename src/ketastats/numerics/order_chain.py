"""Ordered values of which some are known to lie between limits: the corners of what the others leave of them.

Of n ordered values only a few, the knots, matter by themselves; the others lie anywhere between two of them. Printed
quantities are linear in the knots, so that the knots form a convex body.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import combinations, product
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

__all__ = ["Chain", "chain", "corners", "edges"]

Array = NDArray[np.float64]
IntArray = NDArray[np.int64]

# Weights of quantiles are multiples of 1/12: what is much smaller is a singular system.
_SINGULAR = 1e-9
_ROUNDING_ERROR = 1e-12
_SAME = 1e-9


class Chain(NamedTuple):
    """Knots of n ordered values, and the limits of what is linear in them.

    Parameters
    ----------
    places : ndarray of int, shape (knots,)
        Rank of each knot, from 1 to n, both of which are knots.
    rows : ndarray, shape (quantities, knots)
        Each quantity as weights of the knots.
    low, high : ndarray, shape (quantities,)
        Limits of each quantity; infinite where there is none.
    """

    places: IntArray
    rows: Array
    low: Array
    high: Array

    @property
    def n(self) -> int:
        """How many values there are."""
        return int(self.places[-1])

    @property
    def between(self) -> IntArray:
        """How many free values lie between each two knots, shape (knots - 1,)."""
        return np.diff(self.places) - 1

    def moved(self, centre: float, unit: float) -> Chain:
        """Return the chain of the values less `centre`, in units of `unit`."""
        shift = self.rows.sum(axis=1) * centre
        return self._replace(low=(self.low - shift) / unit, high=(self.high - shift) / unit)


def chain(n: int, quantities: Sequence[tuple[Mapping[int, float], float, float]]) -> Chain:
    """Return the knots behind quantities, each given as weights by rank with its limits."""
    places = np.array(sorted({1, n}.union(*(weights for weights, _, _ in quantities))), dtype=np.int64)
    rows = np.zeros((len(quantities), places.size))
    for at, (weights, _, _) in enumerate(quantities):
        for rank, weight in weights.items():
            rows[at, np.searchsorted(places, rank)] += weight
    return Chain(
        places, rows, np.array([low for _, low, _ in quantities]), np.array([high for _, _, high in quantities])
    )


def corners(body: Chain) -> Array:
    """Return the corners of the body of all knots, shape (corners, knots); none when it is empty.

    Every quantity at one side of the body must be bounded. At a corner some neighbours are equal, and as many
    quantities as there are different values stand at one of their limits.
    """
    knots, number = body.places.size, body.low.size
    found = []
    for size in range(1, min(knots, number) + 1):
        ties, chosen = _choices(knots, number, size)
        if not ties.size:
            continue
        system = np.einsum("tqk,tkm->tqm", body.rows[chosen], ties)
        some = np.abs(np.linalg.det(system)) > _SINGULAR
        inverse = np.linalg.inv(system[some])
        for ends in product((body.low, body.high), repeat=size):
            wanted = np.stack([end[chosen[some, at]] for at, end in enumerate(ends)], axis=1)
            fine = np.isfinite(wanted).all(axis=1)
            values = np.einsum("tms,ts->tm", inverse[fine], wanted[fine])
            found.append(np.einsum("tkm,tm->tk", ties[some][fine], values))
    points = np.concatenate(found) if found else np.zeros((0, knots))
    return _distinct(points[_fits(body, points)])


def edges(body: Chain, points: Array) -> IntArray:
    """Return pairs of corners, among them all that an edge of the body joins, shape (pairs, 2)."""
    size = points.shape[1] - 1
    scale = 1.0 + np.abs(points).max(axis=1, initial=0.0)[:, None]
    values = points @ body.rows.T
    with np.errstate(invalid="ignore"):
        touched = [np.diff(points, axis=1), values - body.low, body.high - values]
        faces = np.concatenate([np.abs(part) <= _SAME * scale for part in touched], axis=1).astype(np.float32)
    first, second = np.nonzero(np.triu(faces @ faces.T >= size, 1))
    return np.stack([first, second], axis=1)


@lru_cache(maxsize=64)
def _choices(knots: int, number: int, size: int) -> tuple[Array, IntArray]:
    """Return every way to tie neighbours to `size` different values, with every choice of so many quantities."""
    ties, chosen = [], []
    for breaks in combinations(range(1, knots), size - 1):
        group = np.searchsorted(breaks, np.arange(knots), side="right")
        tied = (group[:, None] == np.arange(size)).astype(np.float64)
        for some in combinations(range(number), size):
            ties.append(tied)
            chosen.append(some)
    return np.array(ties), np.array(chosen, dtype=np.int64)


def _fits(body: Chain, points: Array) -> NDArray[np.bool_]:
    # Each limit within the rounding error of what it limits: another knot may lie far out.
    size = np.abs(points)
    error = _ROUNDING_ERROR * (1.0 + size @ np.abs(body.rows).T)
    values = points @ body.rows.T
    inside = (values >= body.low - error) & (values <= body.high + error)
    rising = np.diff(points, axis=1) >= -_ROUNDING_ERROR * (1.0 + size[:, 1:] + size[:, :-1])
    return np.asarray(inside.all(axis=1) & rising.all(axis=1))


def _distinct(points: Array) -> Array:
    """Return points that differ by more than rounding, each one of those that are the same."""
    scale = 1.0 + np.abs(points).max(axis=1, initial=0.0)[:, None]
    _, first = np.unique(np.round(points / (_SAME * scale)), axis=0, return_index=True)
    return points[np.sort(first)]
