"""The largest variance of ordered values between knots, for every mean.

Variance is convex in the values: over all values with a given mean it is largest on an edge of the body of all values.
On such an edge the lower free values stand at the knot before them and the higher ones at the knot after them, and
either one of them is on its way from one knot to the other, or the knots move along an edge of their own body.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .order_chain import Chain, edges

__all__ = ["Reached", "largest", "mean_ends", "means_reaching"]

Array = NDArray[np.float64]
IntArray = NDArray[np.int64]

# Edges handled at once.
_CHUNK = 1 << 19
_ROUNDING_ERROR = 1e-12


class Reached(NamedTuple):
    """The largest sum of squares about the mean, and values that have it."""

    squares: float
    values: Array


class _Edges(NamedTuple):
    """Edges of the body of all values: means and sums of squares at both ends, and the bend between them.

    With the share s of the way from the first end, the sum of squares is ``(1 - s) S1 + s S2 - s (1 - s) bend``.
    """

    mean: tuple[Array, Array]
    squares: tuple[Array, Array]
    bend: Array
    # How to find the values again: the knots at both ends, and how many free values stand low there.
    knots: tuple[IntArray, IntArray]
    low: tuple[IntArray, IntArray]


def mean_ends(body: Chain, points: Array) -> tuple[float, float]:
    """Return the smallest and the largest mean."""
    free = int(body.between.sum())
    low, high = (points @ _weights(body, np.array([count]))[0] / body.n for count in (free, 0))
    return float(low.min()), float(high.max())


def largest(body: Chain, points: Array, low: float, high: float) -> Reached | None:
    """Return the largest sum of squares of values whose mean lies between two ends; None when no mean does."""
    best: Reached | None = None
    for part in _edges(body, points):
        one, two = part.mean
        with np.errstate(divide="ignore", invalid="ignore"):
            ends = [np.where(one == two, float(at), (end - one) / (two - one)) for at, end in enumerate((low, high))]
        first, last = np.clip(np.minimum(*ends), 0.0, 1.0), np.clip(np.maximum(*ends), 0.0, 1.0)
        slack = _ROUNDING_ERROR * (1.0 + np.abs(one))
        for share in (first, last):
            mean = (1.0 - share) * one + share * two
            squares = np.where((mean >= low - slack) & (mean <= high + slack), _along(part, share), -np.inf)
            at = int(np.argmax(squares))
            if np.isfinite(squares[at]) and (best is None or squares[at] > best.squares):
                best = Reached(float(squares[at]), _values(body, points, part, at, float(share[at])))
    return best


def means_reaching(body: Chain, points: Array, squares: float, low: float, high: float) -> tuple[float, float]:
    """Return the smallest and the largest mean between two ends at which a sum of squares is reached or passed."""
    least, most = np.inf, -np.inf
    slack = _ROUNDING_ERROR * (1.0 + abs(low) + abs(high)) if np.isfinite(low + high) else 0.0
    for part in _edges(body, points):
        one, two = part.squares
        linear = two - one - part.bend
        with np.errstate(divide="ignore", invalid="ignore"):
            root = np.sqrt(np.square(linear) - 4.0 * part.bend * (one - squares))
            # Without a bend there is one root at most.
            straight = (squares - one) / linear
            left = np.where(part.bend > 0, (-linear - root) / (2.0 * part.bend), np.where(linear < 0, straight, -1.0))
            right = np.where(part.bend > 0, (-linear + root) / (2.0 * part.bend), np.where(linear > 0, straight, 2.0))
        # No real roots, or nothing but one value: all of it passes if an end does.
        none = np.isnan(root) | ((part.bend <= 0) & (linear == 0))
        left, right = np.where(none, 1.0, left), np.where(none, 0.0, right)
        for start, stop, some in (
            (np.zeros_like(left), np.minimum(left, 1.0), (left >= 0) & (one >= squares)),
            (np.maximum(right, 0.0), np.ones_like(right), (right <= 1) & (two >= squares)),
        ):
            ends = [(1.0 - share) * part.mean[0] + share * part.mean[1] for share in (start, stop)]
            bottom, top = np.maximum(np.minimum(*ends), low - slack), np.minimum(np.maximum(*ends), high + slack)
            fine = some & (bottom <= top)
            least = min(least, float(np.where(fine, bottom, np.inf).min(initial=np.inf)))
            most = max(most, float(np.where(fine, top, -np.inf).max(initial=-np.inf)))
    if least > most:
        return np.inf, -np.inf
    return min(max(least, low), high), max(min(most, high), low)


def _edges(body: Chain, points: Array) -> Iterator[_Edges]:
    """Yield all edges, and perhaps some chords, a part at a time."""
    pairs = edges(body, points)
    free = int(body.between.sum())
    gaps = np.diff(points, axis=1)
    step = max(1, _CHUNK // max(1, points.shape[0] + pairs.shape[0]))
    block = np.repeat(np.arange(body.between.size), body.between)
    for start in range(0, free + 1, step):
        low = np.arange(start, min(start + step, free + 1) + (start + step <= free))
        weights = _weights(body, low)
        mean = points @ weights.T / body.n
        squares = np.maximum(np.square(points) @ weights.T - body.n * np.square(mean), 0.0)
        corner, counts = (part.ravel() for part in np.indices(mean.shape))
        if not pairs.size and free == 0:
            flat = mean.ravel(), squares.ravel()
            yield _Edges((flat[0],) * 2, (flat[1],) * 2, np.zeros_like(flat[0]), (corner,) * 2, (low[counts],) * 2)
            continue
        if low.size > 1:
            bend = np.square(gaps[:, block[low[:-1]]]) * (1.0 - 1.0 / body.n)
            ends = [(part[:, :-1].ravel(), part[:, 1:].ravel()) for part in (mean, squares)]
            knots, counts = (part.ravel() for part in np.indices((points.shape[0], low.size - 1)))
            yield _Edges(ends[0], ends[1], bend.ravel(), (knots, knots), (low[counts], low[counts + 1]))
        if pairs.size:
            moved = points[pairs[:, 1]] - points[pairs[:, 0]]
            bend = np.square(moved) @ weights.T - np.square(moved @ weights.T) / body.n
            ends = [(part[pairs[:, 0]].ravel(), part[pairs[:, 1]].ravel()) for part in (mean, squares)]
            which, counts = (part.ravel() for part in np.indices((pairs.shape[0], low.size)))
            places = pairs[which, 0], pairs[which, 1]
            yield _Edges(ends[0], ends[1], np.maximum(bend, 0.0).ravel(), places, (low[counts],) * 2)


def _weights(body: Chain, low: IntArray) -> Array:
    """Return how many values stand at each knot when the given numbers of free values stand low, (counts, knots)."""
    between = body.between
    before = np.concatenate([[0], np.cumsum(between)[:-1]]) if between.size else between
    left = np.clip(low[:, None] - before, 0, between)
    out = np.ones((low.size, body.places.size))
    out[:, :-1] += left
    out[:, 1:] += between - left
    return out


def _along(part: _Edges, share: Array) -> Array:
    one, two = part.squares
    return np.asarray((1.0 - share) * one + share * two - share * (1.0 - share) * part.bend)


def _values(body: Chain, points: Array, part: _Edges, at: int, share: float) -> Array:
    """Return the ordered values at a share of the way along one edge."""
    ends = []
    for knots, low in zip(part.knots, part.low, strict=True):
        own, count = points[knots[at]], int(low[at])
        lower = np.concatenate([own[:1], *(np.full(k + 1, own[j]) for j, k in enumerate(body.between, 1))])
        free = np.ones(body.n, dtype=bool)
        free[body.places - 1] = False
        rank = np.flatnonzero(free)
        block = np.repeat(np.arange(body.between.size), body.between)
        lower[body.places - 1] = own
        lower[rank] = np.where(np.arange(rank.size) < count, own[block], own[block + 1])
        ends.append(lower)
    return (1.0 - share) * ends[0] + share * ends[1]
