"""Corners of many small convex bodies in three dimensions, each given by its faces."""

from __future__ import annotations

from itertools import combinations

import numpy as np
from numpy.typing import NDArray

__all__ = ["corners", "direction", "half_space", "least_maximum"]

Array = NDArray[np.float64]

# A corner is compared to the other faces within the rounding error of its own coordinates.
_ROUNDING_ERROR = 1e-12
# Its own faces it only meets by and by when they are almost parallel.
_OWN_ERROR = 1e-9


def half_space(x: Array | float, y: Array | float, z: Array | float, bound: Array | float, size: int) -> Array:
    """Return the half space ``x u + y v + z w >= bound`` for many bodies, shape (size, 4), its normal of length one.

    A bound of minus infinity asks nothing; a bound of infinity cannot be met.
    """
    out = np.empty((size, 4))
    for at, part in enumerate((x, y, z, bound)):
        out[:, at] = part
    length = np.sqrt(out[:, 0] * out[:, 0] + out[:, 1] * out[:, 1] + out[:, 2] * out[:, 2])
    return np.asarray(out / length[:, None])


def direction(ratio: Array) -> tuple[Array, Array]:
    """Return cosine and sine of the angle whose tangent is given; of an infinite one the cosine is exactly zero."""
    endless = np.isinf(ratio)
    finite = np.where(endless, 1.0, ratio)
    length = np.hypot(1.0, finite)
    return np.where(endless, 0.0, 1.0 / length), np.where(endless, np.sign(ratio), finite / length)


def corners(faces: Array) -> tuple[Array, Array]:
    """Return the corners of each body, and how far the body is from being empty.

    Parameters
    ----------
    faces : ndarray, shape (bodies, faces, 4)
        Half spaces ``a x >= c`` as (a, c), each a of length one; together they must leave a bounded body.

    Returns
    -------
    points : ndarray, shape (bodies, triples, 3)
        Where three faces meet within all others; triples that make no corner repeat one that does. NaN in bodies that
        are empty.
    slack : ndarray, shape (bodies,)
        The largest relative distance inside all other faces of any point where three faces meet; negative when the
        body is empty.
    """
    first, second, third = np.array(list(combinations(range(faces.shape[1]), 3))).T
    one, two, three = faces[:, first], faces[:, second], faces[:, third]
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        point = _meet(one, two, three)
        normals = np.swapaxes(faces[..., :3], 1, 2)
        value, size = point @ normals, np.abs(point) @ np.abs(normals)
        bound = faces[:, None, :, 3]
        # A bound that asks nothing leaves all the room there is.
        room = np.where(np.isneginf(bound), np.inf, (value - bound) / (size + np.abs(bound) + 1e-300))
        own = np.zeros((first.size, faces.shape[1]), dtype=bool)
        for index in (first, second, third):
            own[np.arange(first.size), index] = True
        met = np.where(own, room >= -_OWN_ERROR, True).all(axis=2) & np.isfinite(point).all(axis=2)
        least = np.where(own, np.inf, room).min(axis=2)
    least = np.where(met & ~np.isnan(least), least, -np.inf)
    good = least >= -_ROUNDING_ERROR
    chosen = np.argmax(good, axis=1)[:, None, None]
    point = np.where(good[..., None], point, np.take_along_axis(point, chosen, axis=1))
    slack = least.max(axis=1)
    empty = slack < -_ROUNDING_ERROR
    return np.where(empty[:, None, None], np.nan, point), np.where(empty, slack, np.maximum(slack, 0.0))


def _meet(one: Array, two: Array, three: Array) -> Array:
    """Return where three planes meet, by Cramer's rule."""
    a, b, c = one[..., :3], two[..., :3], three[..., :3]
    first = _cross(b, c)
    volume = np.sum(a * first, axis=-1)
    top = one[..., 3:] * first + two[..., 3:] * _cross(c, a) + three[..., 3:] * _cross(a, b)
    return np.asarray(top / volume[..., None])


def _cross(a: Array, b: Array) -> Array:
    out = np.empty(np.broadcast_shapes(a.shape, b.shape))
    for at in range(3):
        left, right = (at + 1) % 3, (at + 2) % 3
        out[..., at] = a[..., left] * b[..., right] - a[..., right] * b[..., left]
    return out


def least_maximum(first: Array, second: Array) -> Array:
    """Return the smallest of ``max(f, g)`` over each body, for linear f and g given by their values at its corners.

    By duality it is the largest of ``min over the corners of w f + (1 - w) g`` over the weights w between 0 and 1,
    which is concave in w. Corners with NaN are left out; both arrays have the shape (bodies, corners).
    """
    none = np.isnan(first) | np.isnan(second)
    f, g = np.where(none, np.inf, first), np.where(none, np.inf, second)
    left, right = np.zeros(first.shape[0]), np.ones(first.shape[0])

    def least(weight: Array) -> Array:
        with np.errstate(invalid="ignore"):
            mixed = weight[:, None] * f + (1.0 - weight[:, None]) * g
        return np.asarray(np.where(none, np.inf, mixed).min(axis=1))

    best = np.maximum(least(left), least(right))
    for _ in range(64):
        third = (right - left) / 3.0
        one, two = left + third, right - third
        at_one, at_two = least(one), least(two)
        best = np.maximum(best, np.maximum(at_one, at_two))
        left, right = np.where(at_one < at_two, one, left), np.where(at_one < at_two, right, two)
    return best
