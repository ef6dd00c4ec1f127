"""Two binomial samples under a normal prior on the log odds ratio, on the log scale.

The log odds of the groups are ``beta + psi / 2`` and ``beta - psi / 2``; `beta` is normal too. The inner integral, over
`beta`, has a log-concave integrand and is done by equal steps around its peak; what it leaves is log-concave in `psi`.
All arrays are one-dimensional and of equal length.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from .window import log_integral

__all__ = ["Design", "log_halves"]

Array = NDArray[np.float64]

_DROP = 42.0
_CHUNK = 16
_ROUNDS = 80


class Design(NamedTuple):
    """Counts of the two groups, and means and standard deviations of the priors of `psi` and `beta`."""

    x1: Array
    n1: Array
    x2: Array
    n2: Array
    mean: Array
    sd: Array
    grand_mean: Array
    grand_sd: Array


def log_halves(design: Design) -> tuple[Array, Array]:
    """Return the log of the likelihood averaged over negative and over positive `psi`, over that at `psi` zero.

    The prior is not renormalised to either part, so the sum of the two is the average over the whole prior.
    """
    size = design.x1.size
    below, above = np.empty(size), np.empty(size)
    for first in range(0, size, _CHUNK):
        part = Design(*(field[first : first + _CHUNK] for field in design))
        below[first : first + _CHUNK], above[first : first + _CHUNK] = _log_halves(part)
    return below, above


def _log_halves(design: Design) -> tuple[Array, Array]:
    tall = Design(*(field[:, None] for field in design))
    zero = np.zeros((design.x1.size, 1))
    null = _log_over_beta(zero, tall)[:, 0]

    def prior(psi: Array) -> Array:
        return np.asarray(-0.5 * ((psi - tall.mean) / tall.sd) ** 2 - np.log(tall.sd) - 0.5 * np.log(2.0 * np.pi))

    def outline(psi: Array) -> Array:
        mode, bend = _mode(psi, tall)
        return np.asarray(prior(psi) + _log_joint(mode, psi, tall) - 0.5 * np.log(bend))

    def kernel(psi: Array) -> Array:
        return prior(psi) + _log_over_beta(psi, tall)

    observed = _log_odds(design.x1, design.n1) - _log_odds(design.x2, design.n2)
    reach = np.abs(design.mean) + np.abs(observed) + 10.0 * design.sd
    hints = np.stack([observed, design.mean], axis=1)
    below = log_integral(kernel, -reach, zero[:, 0], hints, outline)
    above = log_integral(kernel, zero[:, 0], reach, hints, outline)
    return below - null, above - null


def _log_odds(x: Array, n: Array) -> Array:
    return np.asarray(np.log(x + 0.5) - np.log(n - x + 0.5))


def _log_likelihood(eta: Array, x: Array, n: Array) -> Array:
    """Return the binomial log likelihood at the log odds `eta`, relative to that near the observed rate."""
    p, q = (x + 0.5) / (n + 1.0), (n - x + 0.5) / (n + 1.0)
    step = eta - _log_odds(x, n)
    # The larger of the two exponentials is taken out, and what is left is a small difference.
    down = -np.abs(step)
    share, count = np.where(step > 0, q, p), np.where(step > 0, n - x, x)
    return np.asarray(count * down - n * np.log1p(share * np.expm1(down)))


def _log_joint(beta: Array, psi: Array, design: Design) -> Array:
    """Return the log likelihood plus the log prior of `beta`, up to a constant."""
    value = _log_likelihood(beta + 0.5 * psi, design.x1, design.n1)
    value = value + _log_likelihood(beta - 0.5 * psi, design.x2, design.n2)
    return np.asarray(value - 0.5 * ((beta - design.grand_mean) / design.grand_sd) ** 2)


def _slopes(beta: Array, psi: Array, design: Design) -> tuple[Array, Array]:
    """Return the first derivative of `_log_joint` in `beta`, and minus the second."""
    high, low = beta + 0.5 * psi, beta - 0.5 * psi
    p1, p2 = expit(high), expit(low)
    precision = design.grand_sd**-2
    slope = design.x1 - design.n1 * p1 + design.x2 - design.n2 * p2 - (beta - design.grand_mean) * precision
    bend = design.n1 * p1 * expit(-high) + design.n2 * p2 * expit(-low) + precision
    return slope, bend


def _mode(psi: Array, design: Design) -> tuple[Array, Array]:
    """Return the peak in `beta`, by Newton's method kept inside a bracket, and the curvature there."""
    ends = [_log_odds(design.x1, design.n1) - 0.5 * psi, _log_odds(design.x2, design.n2) + 0.5 * psi]
    ends.append(np.broadcast_to(design.grand_mean, psi.shape))
    # The half that the log odds add keeps them finite, but can push them past the peak by a little.
    low, high = np.minimum.reduce(ends) - 1.0, np.maximum.reduce(ends) + 1.0
    beta = _start(ends, psi, design, low, high)
    for _ in range(_ROUNDS):
        slope, bend = _slopes(beta, psi, design)
        low, high = np.where(slope > 0, beta, low), np.where(slope < 0, beta, high)
        new = beta + slope / bend
        new = np.where((new > low) & (new < high), new, 0.5 * (low + high))
        moved = np.abs(new - beta) * np.sqrt(bend)
        beta = new
        # The sum needs the peak only to a fraction of a standard deviation.
        if np.all(moved < 1e-3):
            break
    return beta, _slopes(beta, psi, design)[1]


def _start(ends: list[Array], psi: Array, design: Design, low: Array, high: Array) -> Array:
    heights = np.stack([_log_joint(end, psi, design) for end in ends])
    best = np.argmax(heights, axis=0)
    return np.asarray(np.clip(np.choose(best, ends), low, high), dtype=np.float64)


def _log_over_beta(psi: Array, design: Design) -> Array:
    """Return the log of the integral over `beta`."""
    mode, bend = _mode(psi, design)
    top = _log_joint(mode, psi, design)
    width = 1.0 / np.sqrt(bend)
    # A step of 0.3 keeps fourteen digits of anything that is as smooth as the logistic function.
    step = np.minimum(0.4 * width, 0.3)
    left, right = (_reach(partial_side, mode, top, width) for partial_side in _sides(psi, design))
    first, last = np.ceil(left / step), np.ceil(right / step)
    total = np.zeros_like(mode)
    for k in range(-int(first.max()), int(last.max()) + 1):
        height = _log_joint(mode + k * step, psi, design) - top
        total += np.exp(height)
    return np.asarray(top + np.log(total * step))


def _sides(psi: Array, design: Design) -> list[Callable[[Array, Array], Array]]:
    def left(mode: Array, distance: Array) -> Array:
        return _log_joint(mode - distance, psi, design)

    def right(mode: Array, distance: Array) -> Array:
        return _log_joint(mode + distance, psi, design)

    return [left, right]


def _reach(side: Callable[[Array, Array], Array], mode: Array, top: Array, width: Array) -> Array:
    """Return how far from the peak the integrand stops to count."""
    far = 8.0 * width
    for _ in range(60):
        short = side(mode, far) > top - _DROP
        if not short.any():
            break
        far = np.where(short, 1.3 * far, far)
    return far
