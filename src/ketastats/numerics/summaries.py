"""Means, standard deviations and correlations of raw values, along the last axis, without needless rounding."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["moments", "pearson", "ranks"]

Array = NDArray[np.float64]


def moments(x: Array) -> tuple[Array, Array]:
    """Return mean and standard deviation (divisor ``n - 1``); exactly zero where all values are alike."""
    scale = _scale(x)
    mean, rest = _centred(x / scale)
    spread = np.sqrt(np.sum(np.square(rest), axis=-1) / (x.shape[-1] - 1.0))
    factor = scale[..., 0]
    return mean * factor, spread * factor


def pearson(x: Array, y: Array) -> Array:
    """Return the correlation of pairs, none of which is constant."""
    left, right = (_centred(values / _scale(values))[1] for values in (x, y))
    left = left / _length(left)[..., None]
    right = right / _length(right)[..., None]
    r = np.sum(left * right, axis=-1)
    # Near one the distance of the two directions has the digits that their product has lost.
    apart, against = (0.5 * np.sum(np.square(d), axis=-1) for d in (left - right, left + right))
    near = np.where(r > 0.5, 1.0 - apart, np.where(r < -0.5, against - 1.0, r))
    return np.asarray(np.clip(near, -1.0, 1.0))


def ranks(x: Array) -> Array:
    """Return ranks from 1, ties sharing their average."""
    order = np.argsort(x, axis=-1, kind="stable")
    ordered = np.take_along_axis(x, order, axis=-1)
    place = np.broadcast_to(np.arange(1.0, x.shape[-1] + 1.0), x.shape)
    new = np.ones(x.shape, dtype=bool)
    new[..., 1:] = ordered[..., 1:] != ordered[..., :-1]
    last = np.ones(x.shape, dtype=bool)
    last[..., :-1] = new[..., 1:]
    first = np.maximum.accumulate(np.where(new, place, 0.0), axis=-1)
    end = np.flip(np.minimum.accumulate(np.flip(np.where(last, place, np.inf), axis=-1), axis=-1), axis=-1)
    out = np.empty(x.shape)
    np.put_along_axis(out, order, 0.5 * (first + end), axis=-1)
    return out


def _scale(x: Array) -> Array:
    """Return a power of two near the largest value, so that no square overflows or vanishes."""
    _, exponent = np.frexp(np.max(np.abs(x), axis=-1, keepdims=True))
    return np.asarray(np.ldexp(1.0, np.clip(exponent, -1000, 1000)))


def _centred(x: Array) -> tuple[Array, Array]:
    """Return the mean, and the values less their mean."""
    first = x[..., :1]
    mean = np.mean(x, axis=-1, keepdims=True)
    rest = x - mean
    # The mean is rounded; what it misses is the mean of what is left.
    missed = np.mean(rest, axis=-1, keepdims=True)
    mean, rest = mean + missed, rest - missed
    alike = np.all(x == first, axis=-1, keepdims=True)
    return np.where(alike, first, mean)[..., 0], np.where(alike, 0.0, rest)


def _length(rest: Array) -> Array:
    return np.asarray(np.sqrt(np.sum(np.square(rest), axis=-1)))
