"""Exact power of two one-sided Welch tests.

Let W1 and W2 be the sums of squares over their variances. Their sum T and the share B = W1 / T are independent:
T is chi-squared and B follows a beta distribution. B alone decides the degrees of freedom of Welch's test and the ratio
of the estimated to the true standard error at a given T; so given B the power is that of two one-sided t tests with
an odd critical value, and the power is its average over B.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import special

from . import student_t, tost
from .special import stirling_error

__all__ = ["welch_power"]

Array = NDArray[np.float64]

#: Nodes where the smaller group has at least six people (twelve digits and more), and where it has fewer: at six nodes
#: per unit of the logit the kinks of a test on one or two degrees of freedom leave six digits at usual levels.
_NODES = 128
_MANY_NODES = 640
_FEW_PEOPLE = 6.0
_CHUNK = 256
#: Below exp(-40) of the density of the logit of B nothing counts.
_DROP = 40.0


def welch_power(
    ends: tuple[Array, Array], variances: tuple[Array, Array], sizes: tuple[Array, Array], alpha: float
) -> Array:
    """Return the power; `ends` are those of the margin less the true difference, `variances` those of people.

    All arrays are one-dimensional and of equal length.
    """
    arrays = (*ends, *variances, *sizes)
    few = np.minimum(*sizes) < _FEW_PEOPLE
    out = np.empty_like(ends[0])
    for rows, nodes in ((np.flatnonzero(few), _MANY_NODES), (np.flatnonzero(~few), _NODES)):
        for start in range(0, rows.size, _CHUNK):
            at = rows[start : start + _CHUNK]
            out[at] = _average(*(array[at] for array in arrays), alpha=alpha, nodes=nodes)
    return out


def _average(
    low: Array, high: Array, var1: Array, var2: Array, n1: Array, n2: Array, *, alpha: float, nodes: int
) -> Array:
    f1, f2 = n1 - 1.0, n2 - 1.0
    df = f1 + f2
    x, weight = _shares(0.5 * f1, 0.5 * f2, nodes)
    share, rest = special.expit(x), special.expit(-x)
    # Of the squared standard error, the part of group 1 and that of group 2, over the true total.
    total = var1 / n1 + var2 / n2
    part1 = (var1 / n1 / total)[:, None] * share * (df / f1)[:, None]
    part2 = (var2 / n2 / total)[:, None] * rest * (df / f2)[:, None]
    both = part1 + part2
    welch = 1.0 / (np.square(part1 / both) / f1[:, None] + np.square(part2 / both) / f2[:, None])
    critical = student_t.isf(alpha, welch) * np.sqrt(both)
    root = np.sqrt(total)
    given = tost.power_beyond((low / root)[:, None], (high / root)[:, None], df[:, None], critical)
    return np.asarray(np.minimum(np.sum(weight * given, axis=1), 1.0))


def _shares(a: Array, b: Array, nodes: int) -> tuple[Array, Array]:
    """Return nodes of the logit of a beta variable and their weights: equal steps, which converge geometrically."""
    peak = np.log(a / b)
    low, high = peak - _reach(a, b), peak + _reach(b, a)
    step = (high - low) / (nodes - 1)
    x = low[:, None] + step[:, None] * np.arange(nodes)
    log_density = _log_logit_beta(x, a[:, None], b[:, None])
    return x, np.exp(log_density) * step[:, None]


def _reach(a: Array, b: Array) -> Array:
    """Return how far from the peak towards a share of 0 the density of the logit has fallen by the drop."""
    out = 9.0 / np.sqrt(a * b / (a + b))
    for _ in range(40):
        fall = -(_kernel(-out, a, b))
        out = np.where(fall < _DROP, out * 1.25, out)
    return np.asarray(out)


def _kernel(y: Array, a: Array, b: Array) -> Array:
    """Return the log density of the logit at the distance y from its peak, less that at the peak."""
    share = a / (a + b)
    return np.asarray(a * y - (a + b) * np.log1p(share * np.expm1(y)))


def _log_logit_beta(x: Array, a: Array, b: Array) -> Array:
    c = a + b
    y = x - np.log(a / b)
    # log of 1 / B(a, b) at the peak, where no large logarithms cancel.
    scale = 0.5 * np.log(a * b / (2.0 * np.pi * c)) + stirling_error(c) - stirling_error(a) - stirling_error(b)
    return np.asarray(scale + _kernel(y, a, b))
