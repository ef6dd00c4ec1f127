"""Mean and SD from the median, quartiles and range by formulas: weights for normal and log-normal samples, and BLUE.

Values have the shape (rows, 3) for minimum, median and maximum or for the quartiles, and (rows, 5) for all of them.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import special

__all__ = ["blue", "log_normal", "normal", "order_ranks", "skewness"]

Array = NDArray[np.float64]
IntArray = NDArray[np.int64]


def normal(x: Array, n: Array, kind: str) -> tuple[Array, Array]:
    """Return mean and SD by the weights of Luo et al. (2018), Wan et al. (2014) and Shi et al. (2020)."""
    return _mean(x, n, kind), _sd(x, n, kind)


def equal_weights(x: Array, n: Array, kind: str) -> tuple[Array, Array]:
    """Return mean and SD, the SD from all five values with equal weights, as Wan et al. (2014) had it."""
    if kind != "both":
        return normal(x, n, kind)
    return _mean(x, n, kind), 0.5 * ((x[:, 4] - x[:, 0]) / _xi(n) + (x[:, 3] - x[:, 1]) / _eta(n))


def skewness(x: Array, n: Array, kind: str) -> tuple[Array, Array]:
    """Return the statistic of the test of skewness by Shi et al. (2023), and its critical value at level 0.05."""
    middle = x[:, x.shape[1] // 2]
    if kind == "range":
        return _asymmetry(x[:, 0], middle, x[:, 2]), 1.0 / np.log(n + 9.0) + 2.5 / (n + 1.0)
    if kind == "quartiles":
        return _asymmetry(x[:, 0], middle, x[:, 2]), 2.65 / np.sqrt(n) - 6.0 / np.square(n)
    factor = 2.65 * np.log(0.6 * n) / np.sqrt(n)
    outer = factor * _asymmetry(x[:, 0], middle, x[:, 4])
    inner = _asymmetry(x[:, 1], middle, x[:, 3])
    return np.maximum(outer, inner), 3.0 / np.sqrt(n) - 40.0 / np.power(n, 3)


def log_normal(x: Array, n: Array, kind: str) -> tuple[Array, Array]:
    """Return mean and SD of a log-normal sample by Shi et al. (2020), nearly without bias."""
    logs = np.log(x)
    mean, spread = _mean(logs, n, kind), _sd(logs, n, kind)
    if kind == "range":
        square, fourth = 1.01 + 0.25 / np.square(np.log(n)), 1.0 + 2.23 / np.square(np.log(n))
        first, second = 0.565, 1.48
    elif kind == "quartiles":
        square, fourth = 1.0 + 1.58 / n, 1.0 + 19.2 / np.power(n, 1.2)
        first, second = 0.57, 3.0
    else:
        square, fourth = 1.0 + 0.28 / np.square(np.log(n)), 1.0 + 3.93 / n
        first, second = 0.405, 1.26
    variance, quartic = np.square(spread) / square, np.power(spread, 4) / fourth
    shrink = 1.0 + first * variance / n + 0.25 * second * quartic / n
    large = 1.0 + 4.0 * first * variance / n + 4.0 * second * quartic / n
    small = 1.0 + 4.0 * first * variance / n + second * quartic / n
    centre = np.exp(mean + 0.5 * variance)
    spread_squared = np.square(centre) * (np.exp(variance) / large - 1.0 / small)
    # With hardly any spread the two terms may cross.
    return centre / shrink, np.sqrt(np.maximum(spread_squared, 0.0))


def order_ranks(n: Array, kind: str) -> IntArray:
    """Return which of the ordered values each quantile is, counted from 1, shape (rows, values)."""
    first, last = np.ones_like(n), n
    quarters = [np.floor(0.25 * part * n) + 1.0 for part in (1, 2, 3)]
    columns = {"range": [first, quarters[1], last], "quartiles": quarters, "both": [first, *quarters, last]}[kind]
    return np.stack(columns, axis=1).astype(np.int64)


def blue(x: Array, n: Array, kind: str) -> tuple[Array, Array]:
    """Return the best linear unbiased mean and SD of a normal sample, by David's and Johnson's moments of its ranks."""
    ranks = order_ranks(n, kind)
    centre, covariance = _order_moments(ranks.astype(np.float64), n)
    design = np.stack([np.ones_like(centre), centre], axis=-1)
    weighted = np.linalg.solve(covariance, design)
    information = np.swapaxes(design, 1, 2) @ weighted
    found = np.linalg.solve(information, np.einsum("rkj,rk->rj", weighted, x)[..., None])[..., 0]
    return found[:, 0], found[:, 1]


def _order_moments(ranks: Array, n: Array) -> tuple[Array, Array]:
    """Return expectations and covariances of order statistics of the standard normal, to the order of (n + 2)**-2."""
    p = ranks / (n + 1.0)[:, None]
    q, m = 1.0 - p, (n + 2.0)[:, None]
    z = special.ndtri(p)
    density = np.exp(-0.5 * np.square(z)) / np.sqrt(2.0 * np.pi)
    d1, d2 = 1.0 / density, z / np.square(density)
    d3, d4 = (1.0 + 2.0 * np.square(z)) / np.power(density, 3), z * (7.0 + 6.0 * np.square(z)) / np.power(density, 4)
    centre = z + p * q / (2.0 * m) * d2 + p * q / np.square(m) * ((q - p) / 3.0 * d3 + p * q / 8.0 * d4)

    def pair(left: Array, right: Array) -> Array:
        return left[:, :, None] * right[:, None, :]

    first = pair(p, q)
    second = (
        pair((q - p) * d2, d1)
        + pair(d1, (q - p) * d2)
        + 0.5 * pair(p * q * d3, d1)
        + 0.5 * pair(d1, p * q * d3)
        + 0.5 * first * pair(d2, d2)
    )
    upper = first * pair(d1, d1) / m[:, :, None] + first * second / np.square(m)[:, :, None]
    # The formula holds for a rank and one that is not smaller.
    rows, columns = np.triu_indices(ranks.shape[1])
    covariance = np.empty_like(upper)
    covariance[:, rows, columns] = covariance[:, columns, rows] = upper[:, rows, columns]
    return centre, covariance


def _mean(x: Array, n: Array, kind: str) -> Array:
    middle = x[:, x.shape[1] // 2]
    outer = 0.5 * (x[:, 0] + x[:, -1])
    if kind == "range":
        weight = 4.0 / (4.0 + np.power(n, 0.75))
        return np.asarray(weight * outer + (1.0 - weight) * middle)
    if kind == "quartiles":
        weight = 0.7 + 0.39 / n
        return np.asarray(weight * outer + (1.0 - weight) * middle)
    weight, inner = 2.2 / (2.2 + np.power(n, 0.75)), 0.7 - 0.72 / np.power(n, 0.55)
    return np.asarray(weight * outer + inner * 0.5 * (x[:, 1] + x[:, 3]) + (1.0 - weight - inner) * middle)


def _sd(x: Array, n: Array, kind: str) -> Array:
    if kind == "range":
        return np.asarray((x[:, 2] - x[:, 0]) / _xi(n))
    if kind == "quartiles":
        return np.asarray((x[:, 2] - x[:, 0]) / _eta(n))
    weight = 1.0 / (1.0 + 0.07 * np.power(n, 0.6))
    return np.asarray(weight * (x[:, 4] - x[:, 0]) / _xi(n) + (1.0 - weight) * (x[:, 3] - x[:, 1]) / _eta(n))


def _xi(n: Array) -> Array:
    return np.asarray(2.0 * special.ndtri((n - 0.375) / (n + 0.25)))


def _eta(n: Array) -> Array:
    return np.asarray(2.0 * special.ndtri((0.75 * n - 0.125) / (n + 0.25)))


def _asymmetry(low: Array, middle: Array, high: Array) -> Array:
    width = high - low
    return np.abs((high - middle) - (middle - low)) / np.where(width > 0, width, 1.0)
