"""Mean and SD from the median, quartiles and range by fitting a distribution to them: Box-Cox, MLN and least squares.

Values are positive, strictly increasing, and of shape (rows, 3) or (rows, 5).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy import special

from .quantile_estimates import equal_weights, order_ranks

__all__ = ["FAMILIES", "box_cox", "least_squares", "mln"]

Array = NDArray[np.float64]
IntArray = NDArray[np.int64]

#: The families that `least_squares` chooses from.
FAMILIES = ("normal", "log-normal", "gamma", "Weibull")

_GOLDEN = 0.5 * (np.sqrt(5.0) - 1.0)
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(300)
_GRID = 121
_TINY = 1e-300


def box_cox(x: Array, n: Array, kind: str) -> tuple[Array, Array]:
    """Return mean and SD of the power-normal distribution that makes the quantiles symmetric (McGrath et al. 2020)."""

    def asymmetry(power: Array) -> Array:
        y = special.boxcox(x, power[:, None])
        middle = y.shape[1] // 2
        total = np.zeros_like(power)
        for step in range(1, middle + 1):
            upper, lower = y[:, middle + step] - y[:, middle], y[:, middle] - y[:, middle - step]
            total += np.square(upper / lower - 1.0)
        return -total

    power = _maximise(asymmetry, np.zeros_like(n), np.full_like(n, 3.0))
    y = special.boxcox(x, power[:, None])
    return _moments(*equal_weights(y, n, kind), power)


def mln(x: Array, n: Array, kind: str) -> tuple[Array, Array]:
    """Return mean and SD of the power-normal distribution of greatest likelihood (Cai, Zhou and Pan 2021)."""
    ranks = order_ranks(n, kind)

    def likelihood(power: Array) -> Array:
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            y = special.boxcox(x, power[:, None])
            mean, sd = equal_weights(y, n, kind)
            found = _likelihood(y, 1.0 / sd, -mean / sd, ranks, n)
        # Powers of huge values overflow; they are never the most likely.
        return np.where(np.isnan(found), -np.inf, found)

    power = _maximise(likelihood, np.zeros_like(n), np.full_like(n, 10.0))
    y = special.boxcox(x, power[:, None])
    mean, sd = equal_weights(y, n, kind)
    slope, shift = _most_likely(y, 1.0 / sd, -mean / sd, ranks, n)
    return _moments(-shift / slope, 1.0 / slope, power)


def least_squares(x: Array, n: Array, kind: str) -> tuple[Array, Array, IntArray]:
    """Return mean, SD and family of the distribution whose quantiles are nearest (McGrath et al. 2020)."""
    outer = [1.0 / n], [1.0 - 1.0 / n]
    quarters = [np.full_like(n, part) for part in (0.25, 0.5, 0.75)]
    columns = {
        "range": [*outer[0], quarters[1], *outer[1]],
        "quartiles": quarters,
        "both": [*outer[0], *quarters, *outer[1]],
    }
    p = np.stack(columns[kind], axis=1)
    z = special.ndtri(p)
    fits = [_fit_normal(x, z)]
    shapes: list[tuple[Callable[[Array], Array], float, float, Callable[[Array, Array], tuple[Array, Array]]]] = [
        (lambda shape: np.exp(shape[:, None] * z), 1e-4, 8.0, _log_normal_moments),
        (lambda shape: special.gammaincinv(shape[:, None], p), 1e-2, 1e6, _gamma_moments),
        (lambda shape: np.power(-np.log1p(-p), 1.0 / shape[:, None]), 0.1, 1e4, _weibull_moments),
    ]
    for quantiles, low, high, moments in shapes:
        fits.append(_fit_scale(x, quantiles, low, high, moments))
    family = np.argmin([fit[2] for fit in fits], axis=0)
    rows = np.arange(n.size)
    mean, sd = (np.stack([fit[which] for fit in fits])[family, rows] for which in (0, 1))
    return mean, sd, family.astype(np.int64)


def _fit_normal(x: Array, z: Array) -> tuple[Array, Array, Array]:
    mean, centre = x.mean(axis=1), z.mean(axis=1)
    rest = z - centre[:, None]
    sd = np.sum(rest * x, axis=1) / np.sum(np.square(rest), axis=1)
    mean = mean - sd * centre
    return mean, sd, np.sum(np.square(mean[:, None] + sd[:, None] * z - x), axis=1)


def _fit_scale(
    x: Array,
    quantiles: Callable[[Array], Array],
    low: float,
    high: float,
    moments: Callable[[Array, Array], tuple[Array, Array]],
) -> tuple[Array, Array, Array]:
    """Return mean, SD and squared distance of the best member of a family with a scale and a shape."""

    def fit(shape: Array) -> tuple[Array, Array]:
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            unit = quantiles(shape)
            # A factor keeps the squares of huge quantiles finite.
            largest = unit.max(axis=1, keepdims=True)
            unit = unit / largest
            scale = np.sum(unit * x, axis=1) / np.sum(np.square(unit), axis=1)
            error = np.sum(np.square(scale[:, None] * unit - x), axis=1)
        return scale / largest[:, 0], np.where(np.isfinite(error), error, np.inf)

    ends = np.full(x.shape[0], np.log(low)), np.full(x.shape[0], np.log(high))
    shape = np.exp(_maximise(lambda log_shape: -fit(np.exp(log_shape))[1], *ends))
    scale, error = fit(shape)
    mean, sd = moments(scale, shape)
    return mean, sd, error


def _log_normal_moments(scale: Array, shape: Array) -> tuple[Array, Array]:
    mean = scale * np.exp(0.5 * np.square(shape))
    return mean, mean * np.sqrt(np.expm1(np.square(shape)))


def _gamma_moments(scale: Array, shape: Array) -> tuple[Array, Array]:
    return scale * shape, scale * np.sqrt(shape)


def _weibull_moments(scale: Array, shape: Array) -> tuple[Array, Array]:
    first, second = special.gammaln(1.0 + 1.0 / shape), special.gammaln(1.0 + 2.0 / shape)
    return scale * np.exp(first), scale * np.exp(first) * np.sqrt(np.maximum(np.expm1(second - 2.0 * first), 0.0))


def _moments(mean: Array, sd: Array, power: Array) -> tuple[Array, Array]:
    """Return mean and SD behind normal Box-Cox values, cut symmetrically to those that have an inverse."""
    with np.errstate(divide="ignore"):
        reach = np.where(power > 0, mean + 1.0 / power, np.inf)
    # Nothing that counts lies farther out: a log-normal variance has its weight at 2 sd**2 above the mean.
    below = np.minimum(reach, 9.0 * sd)
    above = np.minimum(reach, 9.0 * sd + 2.0 * np.square(sd))
    middle, half = mean + 0.5 * (above - below), 0.5 * (above + below)
    y = middle[:, None] + half[:, None] * _NODES
    weight = _WEIGHTS * np.exp(-0.5 * np.square((y - mean[:, None]) / sd[:, None]))
    weight /= weight.sum(axis=1, keepdims=True)
    # At the lower end rounding may leave no inverse; the value there is zero.
    least = np.where(power > 0, -1.0 / np.where(power > 0, power, 1.0), -np.inf)
    x = special.inv_boxcox(np.maximum(y, least[:, None]), power[:, None])
    centre = np.sum(weight * x, axis=1)
    return centre, np.sqrt(np.sum(weight * np.square(x - centre[:, None]), axis=1))


def _likelihood(y: Array, slope: Array, shift: Array, ranks: IntArray, n: Array) -> Array:
    """Return the log likelihood of normal order statistics, the normal scores being ``slope y + shift``."""
    z = slope[:, None] * y + shift[:, None]
    inside, counts = _gaps(z, ranks, n)
    density = -0.5 * np.square(z).sum(axis=1) + y.shape[1] * np.log(slope)
    return np.asarray(density + np.sum(counts * np.log(np.maximum(inside, _TINY)), axis=1))


def _gaps(z: Array, ranks: IntArray, n: Array) -> tuple[Array, Array]:
    """Return the probability between neighbouring scores and beyond the outer ones, and how many people lie there."""
    edge = np.full((z.shape[0], 1), np.inf)
    low, high = np.concatenate([-edge, z], axis=1), np.concatenate([z, edge], axis=1)
    upper = low > 0
    inside = np.where(upper, special.ndtr(-low) - special.ndtr(-high), special.ndtr(high) - special.ndtr(low))
    places = np.concatenate([np.zeros((z.shape[0], 1)), ranks, n[:, None] + 1.0], axis=1)
    return inside, np.diff(places, axis=1) - 1.0


def _most_likely(y: Array, slope: Array, shift: Array, ranks: IntArray, n: Array) -> tuple[Array, Array]:
    """Return the slope and the shift of greatest likelihood, which is concave in both, by Newton's method."""
    value = _likelihood(y, slope, shift, ranks, n)
    for _ in range(60):
        gradient, hessian = _derivatives(y, slope, shift, ranks, n)
        step = -np.linalg.solve(hessian, gradient[..., None])[..., 0]
        size = np.ones_like(slope)
        for _ in range(40):
            new_slope, new_shift = slope + size * step[:, 0], shift + size * step[:, 1]
            bad = new_slope <= 0
            new = _likelihood(y, np.where(bad, slope, new_slope), np.where(bad, shift, new_shift), ranks, n)
            worse = bad | (new < value)
            if not worse.any():
                break
            size = np.where(worse, 0.5 * size, size)
        slope, shift = np.where(worse, slope, new_slope), np.where(worse, shift, new_shift)
        done = np.abs(new - value) <= 1e-14 * (1.0 + np.abs(value))
        value = np.where(worse, value, new)
        if np.all(done | worse):
            break
    return slope, shift


def _derivatives(y: Array, slope: Array, shift: Array, ranks: IntArray, n: Array) -> tuple[Array, Array]:
    z = slope[:, None] * y + shift[:, None]
    inside, counts = _gaps(z, ranks, n)
    inside = np.maximum(inside, _TINY)
    density = np.exp(-0.5 * np.square(z)) / np.sqrt(2.0 * np.pi)
    below, above = density / inside[:, :-1], density / inside[:, 1:]
    before, after = counts[:, :-1], counts[:, 1:]
    by_score = -z + before * below - after * above
    own = -1.0 - before * (z * below + np.square(below)) + after * (z * above - np.square(above))
    matrix = np.zeros((*z.shape, z.shape[1]))
    index = np.arange(z.shape[1])
    matrix[:, index, index] = own
    cross = after[:, :-1] * above[:, :-1] * below[:, 1:]
    matrix[:, index[:-1], index[1:]] = matrix[:, index[1:], index[:-1]] = cross
    design = np.stack([y, np.ones_like(y)], axis=-1)
    hessian = np.swapaxes(design, 1, 2) @ matrix @ design
    hessian[:, 0, 0] -= y.shape[1] / np.square(slope)
    gradient = np.einsum("rkj,rk->rj", design, by_score)
    gradient[:, 0] += y.shape[1] / slope
    return gradient, hessian


def _maximise(value: Callable[[Array], Array], low: Array, high: Array) -> Array:
    """Return where a function of each row is largest: the best point of a grid, refined by golden sections."""
    grid = low[:, None] + np.linspace(0.0, 1.0, _GRID) * (high - low)[:, None]
    seen = np.stack([value(grid[:, at]) for at in range(_GRID)], axis=1)
    best = np.where(np.isnan(seen), -np.inf, seen).argmax(axis=1)
    rows = np.arange(low.size)
    left, right = grid[rows, np.maximum(best - 1, 0)], grid[rows, np.minimum(best + 1, _GRID - 1)]
    for _ in range(70):
        one, two = right - _GOLDEN * (right - left), left + _GOLDEN * (right - left)
        keep = value(one) >= value(two)
        left, right = np.where(keep, left, one), np.where(keep, two, right)
    middle = 0.5 * (left + right)
    # At an end of the range the section only comes near to it.
    for end in (low, high):
        middle = np.where(value(end) >= value(middle), end, middle)
    return np.asarray(middle)
