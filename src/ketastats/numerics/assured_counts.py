"""Power of tests of two proportions averaged over beta priors: sums of beta-binomial probabilities of what rejects."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import special

from .binomial_power import Alternative, limits

__all__ = ["assured_power", "beta_binomial"]

Array = NDArray[np.float64]


def beta_binomial(n: int, a: float, b: float) -> Array:
    """Return the probabilities of 0 to n events among n people whose common rate is beta distributed."""
    x = np.arange(n + 1, dtype=np.float64)
    steps = np.log((n - x[:-1]) / (x[:-1] + 1.0)) + np.log((a + x[:-1]) / (b + n - 1.0 - x[:-1]))
    logs = np.concatenate([[0.0], np.cumsum(steps)])
    mass = np.exp(logs - special.logsumexp(logs))
    return np.asarray(mass / np.sum(mass))


def assured_power(
    sizes: tuple[int, int],
    priors: tuple[tuple[float, float], tuple[float, float]],
    ends: tuple[float, float],
    alpha: float,
    alternative: Alternative,
    corrected: bool,
) -> float:
    """Return the probability of rejection over both priors; the tests are those of `binomial_power.exact_power`."""
    n1, n2 = sizes
    first, second = (beta_binomial(n, *prior) for n, prior in zip(sizes, priors, strict=True))
    above, below = limits(sizes, np.arange(n1 + 1, dtype=np.float64), ends, alpha, alternative, corrected)
    up_to = np.concatenate([[0.0], np.cumsum(second)])
    onwards = np.concatenate([np.cumsum(second[::-1])[::-1], [0.0]])
    left, right = up_to[above + 1], onwards[below]
    if alternative == "equivalence":
        # Both tests reject from `below` up to `above`.
        inside = np.where(below <= above, up_to[above + 1] - up_to[np.minimum(below, n2)], 0.0)
        return float(np.clip(first @ np.maximum(inside, 0.0), 0.0, 1.0))
    return float(np.clip(first @ (left + right), 0.0, 1.0))
