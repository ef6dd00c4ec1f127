"""The noncentral F distribution: both tails as sums of positive terms.

    P(F <= f) = sum over j of Poisson(j; ncp / 2) * I_x(df1 / 2 + j, df2 / 2),    x = df1 f / (df1 f + df2),

and the upper tail with the complement of I, so that neither is ever found as one minus the other. The incomplete
beta functions of all j come from one of them by adding positive terms, downwards in j for the lower tail, upwards for
the upper. Only the j around the largest product count. All functions broadcast; degrees of freedom are positive and
finite.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from .rootfinding import increasing_root
from .special import log1p_minus, stirling_error

__all__ = ["cdf", "isf", "noncentrality", "sf"]

Array = NDArray[np.float64]

_CHUNK_TERMS = 400_000


def cdf(f: ArrayLike, df1: ArrayLike, df2: ArrayLike, ncp: ArrayLike) -> Array:
    """Return ``P(F <= f)``."""
    return _apply(f, df1, df2, ncp, upper=False)


def sf(f: ArrayLike, df1: ArrayLike, df2: ArrayLike, ncp: ArrayLike) -> Array:
    """Return ``P(F > f)``."""
    return _apply(f, df1, df2, ncp, upper=True)


def isf(p: ArrayLike, df1: ArrayLike, df2: ArrayLike) -> Array:
    """Return f with ``P(F > f) = p`` for the central distribution."""
    arrays = np.broadcast_arrays(*(np.asarray(v, dtype=np.float64) for v in (p, df1, df2)))
    shape = arrays[0].shape
    p, df1, df2 = (np.array(array.ravel()) for array in arrays)
    # Of the share x and its complement the smaller keeps its digits.
    x, y = special.betainccinv(0.5 * df1, 0.5 * df2, p), special.betaincinv(0.5 * df2, 0.5 * df1, p)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        f = df2 / df1 * np.where(x < 0.5, x / (1.0 - x), (1.0 - y) / y)
        miss = np.abs(np.log(_central_sf(f, df1, df2) / p))
    # The inverse beta functions fail in some far tails; a root found on the log scale does not.
    (at,) = np.nonzero((p > 0) & (p < 1) & ~(miss < 1e-11))
    if at.size:
        f[at] = _far_quantile(p[at], df1[at], df2[at])
    return np.asarray(f).reshape(shape)


def _far_quantile(p: Array, df1: Array, df2: Array) -> Array:
    def gap(log_f: Array, i: NDArray[np.intp]) -> Array:
        with np.errstate(divide="ignore"):
            tail = np.log(_central_sf(np.exp(np.clip(log_f, -700.0, 700.0)), df1[i], df2[i]))
        return np.asarray(np.log(p[i]) - np.maximum(tail, -1e4))

    # Far out the tail falls like f to the power of -df2 / 2, and sooner if df2 is large.
    start = np.log1p(np.minimum(-2.0 * np.log(p) / df2, 600.0))
    with np.errstate(over="ignore"):
        return np.asarray(np.exp(increasing_root(gap, start, 0.5 * df2)))


def _central_sf(f: Array, df1: Array, df2: Array) -> Array:
    ratio = df1 / df2 * np.minimum(f, 1e300)
    return _beta_tail(0.5 * df2, 0.5 * df1, 1.0 / (1.0 + ratio), ratio / (1.0 + ratio))


def noncentrality(f: ArrayLike, df1: ArrayLike, df2: ArrayLike, upper: ArrayLike) -> Array:
    """Return the noncentrality for which ``P(F > f) = upper``, and 0 where the central tail is larger already."""
    arrays = np.broadcast_arrays(*(np.asarray(v, dtype=np.float64) for v in (f, df1, df2, upper)))
    shape = arrays[0].shape
    f, df1, df2, upper = (np.array(array.ravel()) for array in arrays)
    out = np.zeros_like(f)
    (at,) = np.nonzero(sf(f, df1, df2, 0.0) < upper)
    f, df1, df2, upper = f[at], df1[at], df2[at], upper[at]
    low_tail = upper > 0.5
    target = np.where(low_tail, -special.ndtri(1.0 - upper), special.ndtri(upper))

    def gap(ncp: Array, i: NDArray[np.intp]) -> Array:
        tails = _tail(f[i], df1[i], df2[i], np.maximum(ncp, 0.0), ~low_tail[i])
        probit = np.where(low_tail[i], -1.0, 1.0) * np.clip(special.ndtri(tails), -38.0, 38.0)
        # A straight line below zero keeps the function increasing.
        return np.asarray(probit + np.minimum(ncp, 0.0) - target[i])

    # Mean and variance of df1 f given the noncentrality, taken at the noncentrality that df1 f itself suggests.
    steep = 1.0 / np.sqrt(2.0 * df1 + 4.0 * df1 * f + 2.0 * np.square(df1 * f) / df2)
    start = np.maximum(df1 * f - df1 + target / steep, 0.1)
    out[at] = np.maximum(increasing_root(gap, start, steep), 0.0)
    return out.reshape(shape)


def _apply(f: ArrayLike, df1: ArrayLike, df2: ArrayLike, ncp: ArrayLike, *, upper: bool) -> Array:
    arrays = np.broadcast_arrays(*(np.asarray(v, dtype=np.float64) for v in (f, df1, df2, ncp)))
    f, df1, df2, ncp = (np.array(array.ravel()) for array in arrays)
    return _tail(f, df1, df2, ncp, np.full(f.shape, upper)).reshape(arrays[0].shape)


def _tail(f: Array, df1: Array, df2: Array, ncp: Array, upper: NDArray[np.bool_]) -> Array:
    # An f so small that it is lost beside its degrees of freedom is 0.
    f = np.where(df1 / df2 * f > 0, f, 0.0)
    out = np.where(f > 0, np.where(upper, 0.0, 1.0), np.where(upper, 1.0, 0.0))
    for side in (False, True):
        (at,) = np.nonzero((upper == side) & (f > 0) & np.isfinite(f))
        if not at.size:
            continue
        a, b, m = 0.5 * df1[at], 0.5 * df2[at], 0.5 * ncp[at]
        ratio = df1[at] / df2[at] * f[at]
        x, y = ratio / (1.0 + ratio), 1.0 / (1.0 + ratio)
        first, last = _window(a, b, m, x, side)
        if side:
            # Where even the first beta tail leaves nothing below f, all do: the Poisson weights add up to 1.
            sure = special.betainc(a + first, b, x) < 1e-18
            out[at[sure]] = 1.0
            at = at[~sure]
            a, b, m, x, y, first, last = (value[~sure] for value in (a, b, m, x, y, first, last))
            if not at.size:
                continue
        # Similar widths go together, so that one long sum does not lengthen all.
        order = np.argsort(last - first, kind="stable")
        step = max(1, int(_CHUNK_TERMS // (np.max(last - first) + 1)))
        for start in range(0, order.size, step):
            i = order[start : start + step]
            out[at[i]] = _sum(a[i], b[i], m[i], x[i], y[i], first[i], last[i], side)
    return out


def _window(a: Array, b: Array, m: Array, x: Array, upper: bool) -> tuple[Array, Array]:
    """Return the first and last j that count, around the largest product of Poisson weight and beta tail.

    Deep in a tail the beta tails of neighbours stand in the ratio ``x (a + b + j) / (a + j + 1)``; otherwise the
    Poisson weights alone decide. Both have the curvature of a Poisson distribution or more.
    """
    linear = a + 2.0 - m * x
    rest = a + 1.0 - m * x * (a + b)
    root = np.sqrt(np.maximum(np.square(linear) - 4.0 * rest, 0.0))
    deep = np.where(linear > 0, -2.0 * rest / (linear + root), 0.5 * (root - linear))
    peak = np.maximum(deep, m) if upper else np.clip(deep, 0.0, m)
    reach = 11.0 * np.sqrt(peak) + 40.0
    return np.floor(np.maximum(peak - reach, 0.0)), np.ceil(np.maximum(peak, 0.0) + reach)


def _sum(a: Array, b: Array, m: Array, x: Array, y: Array, first: Array, last: Array, upper: bool) -> Array:
    count = int(np.max(last - first)) + 1
    j = first[:, None] + np.arange(count)
    # The first weight and the first step in full, the others by their ratios: a log each.
    with np.errstate(divide="ignore"):
        more = np.log(m[:, None] / j[:, 1:])
    grow = np.log(x[:, None] * (a[:, None] + j[:, :-1] + b[:, None]) / (a[:, None] + j[:, 1:]))
    weights = np.exp(np.cumsum(np.column_stack([_log_poisson(first, m), more]), axis=1))
    steps = np.exp(np.cumsum(np.column_stack([_log_step(a + first, b, x, y), grow]), axis=1))
    if upper:
        base = _beta_tail(b, a + first, y, x)[:, None]
        tails = base + np.cumsum(steps, axis=1) - steps
    else:
        base = _beta_tail(a + j[:, -1] + 1.0, b, x, y)[:, None]
        tails = base + np.cumsum(steps[:, ::-1], axis=1)[:, ::-1]
    return np.asarray(np.minimum(np.sum(weights * tails, axis=1), 1.0))


def _beta_tail(p: Array, q: Array, x: Array, y: Array) -> Array:
    """Return the regularised incomplete beta ``I_x(p, q)`` with ``y = 1 - x``.

    Of x and y the smaller is used, as it has the more digits, and so is the smaller of both tails.
    """
    small = x < 0.5
    lower = np.where(small, special.betainc(p, q, x), special.betaincc(q, p, y))
    upper = np.where(small, special.betaincc(p, q, x), special.betainc(q, p, y))
    return np.asarray(np.where(lower <= 0.5, lower, 1.0 - upper))


def _log_step(p: Array, q: Array, x: Array, y: Array) -> Array:
    """Return ``log[I_x(p, q) - I_x(p + 1, q)]``, the log of ``x**p y**q / (p B(p, q))``.

    Written like Loader's binomial probability (2000, Fast and accurate computation of binomial probabilities), where
    no large logarithms cancel.
    """
    excess = x * q - y * p
    total = p + q
    main = p * log1p_minus(excess / p, x * total / p) + q * log1p_minus(-excess / q, y * total / q)
    scale = 0.5 * np.log(q / (2.0 * np.pi * p * total))
    return np.asarray(main + scale + stirling_error(total) - stirling_error(p) - stirling_error(q))


def _log_poisson(j: Array, m: Array) -> Array:
    safe = np.maximum(j, 1.0)
    main = safe * log1p_minus((m - safe) / safe, m / safe) - 0.5 * np.log(2.0 * np.pi * safe) - stirling_error(safe)
    return np.asarray(np.where(j > 0, main, -m))
