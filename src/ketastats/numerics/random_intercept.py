"""Restricted maximum likelihood of random-intercept models with a mean for each group and time, many data sets at once.

People leave and do not come back: a person who is seen at the first k times belongs to pattern k. Given the ratio theta
of the variance between people to that within, the inverse covariance of the k values of a person is, in units of the
variance within,

    I - c_k 1 1',    c_k = theta / (1 + k theta),

so that the sums of each group, pattern and time, and the sum of squared totals of each pattern, hold all that the data
say. The cell means of each group solve equations of the size of the number of times, which are factored here by array
operations over all data sets. The ratio is where the restricted likelihood has slope zero. Arrays have the data sets on
the *last* axis, so that each step of the algebra runs along contiguous memory.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .rootfinding import increasing_root

__all__ = ["Fit", "Sums", "fit", "summarise", "wald_f"]

Array = NDArray[np.float64]
Index = NDArray[np.intp]

#: A logit of the correlation beyond this is no longer an estimate of anything.
_LARGEST = 30.0


class Sums(NamedTuple):
    """What the data say: all that a random-intercept model needs to know of them.

    `counts` are people by group and last time seen, ``(groups, times, sets)``; `totals` the sums of the values by
    group, last time seen and time, ``(groups, times, times, sets)``; `squares` the sum of all squared values
    ``(sets)``, and `person_squares` the sum of the squared totals of people by last time seen, ``(times, sets)``.
    """

    counts: Array
    totals: Array
    squares: Array
    person_squares: Array

    def take(self, at: Index) -> Sums:
        """Return the data sets at some positions."""
        return Sums(self.counts[..., at], self.totals[..., at], self.squares[at], self.person_squares[..., at])


class Fit(NamedTuple):
    """The fitted models: `means` (groups, times, sets), their covariance by group, and the two variances' ratio.

    `estimable` says where there is a fit at all: every cell has people and the likelihood a maximum.
    """

    means: Array
    covariance: Array
    within: Array
    ratio: Array
    estimable: NDArray[np.bool_]


def summarise(values: Array, last: NDArray[np.integer], groups: NDArray[np.integer]) -> Sums:
    """Return the sums of data sets ``(sets, people, times)`` in which each person is seen at the first `last` times.

    `groups` gives the number of people of each group, who stand in this order.
    """
    sets, _, times = values.shape
    seen = np.arange(times) < last[..., None]
    values = np.where(seen, values, 0.0)
    pattern = (last[..., None] == np.arange(1, times + 1)).astype(np.float64)
    edges = np.concatenate([[0], np.cumsum(groups)])
    counts, totals = np.empty((groups.size, times, sets)), np.empty((groups.size, times, times, sets))
    for g in range(groups.size):
        rows = slice(edges[g], edges[g + 1])
        counts[g] = np.sum(pattern[:, rows], axis=1).T
        totals[g] = np.moveaxis(np.swapaxes(pattern[:, rows], 1, 2) @ values[:, rows], 0, -1)
    person = np.square(np.sum(values, axis=2))
    return Sums(
        counts=counts,
        totals=totals,
        squares=np.einsum("sit,sit->s", values, values),
        person_squares=np.einsum("sik,si->ks", pattern, person),
    )


def fit(sums: Sums) -> Fit:
    """Fit the models by restricted maximum likelihood; the variance between people is not negative."""
    groups, times, sets = sums.counts.shape
    observed = np.sum(_remaining(sums.counts), axis=(0, 1))
    people = np.sum(sums.counts, axis=(0, 1))
    # Each cell needs people, and the means must leave something over from which to learn both variances.
    cells = np.all(_remaining(sums.counts)[:, -1] > 0, axis=0)
    (at,) = np.nonzero(cells & (observed - people - groups * (times - 1) > 0) & (people > groups))
    means, covariance = np.zeros((groups, times, sets)), np.zeros((groups, times, times, sets))
    within, ratio = np.ones(sets), np.zeros(sets)
    estimable = np.zeros(sets, dtype=bool)
    if at.size:
        usable = sums.take(at)
        theta, found = _ratio(usable)
        beta, spread, scale = _at_ratio(usable, theta)
        means[..., at], covariance[..., at] = beta, spread
        within[at], ratio[at], estimable[at] = scale, theta, found & (scale > 0)
    return Fit(means, covariance, within, ratio, estimable)


def wald_f(model: Fit, contrasts: Array) -> Array:
    """Return the F statistics of ``contrasts @ means = 0``, contrasts ``(rows, groups, times)``; 0 where no fit is."""
    at = model.estimable
    rows, _, times = contrasts.shape
    values = np.einsum("rgt,gts->sr", contrasts, model.means[..., at])
    spread = np.zeros((values.shape[0], rows, rows))
    for g in range(contrasts.shape[1]):
        weights = np.ascontiguousarray(contrasts[:, g])
        block = np.moveaxis(model.covariance[g][..., at], -1, 0)
        spread += weights @ block @ weights.T
    out = np.zeros(at.size)
    solved = np.linalg.solve(spread, values[..., None])[..., 0] if times else values
    out[at] = np.sum(values * solved, axis=-1) / (rows * model.within[at])
    return out


def _remaining(counts: Array) -> Array:
    """Return the people who are still seen at each time."""
    return np.asarray(np.cumsum(counts[:, ::-1], axis=1)[:, ::-1])


def _ratio(sums: Sums) -> tuple[Array, NDArray[np.bool_]]:
    """Return where the slope of the restricted likelihood is zero, or 0 where it falls from there on."""
    theta = np.zeros(sums.squares.size)
    (rising,) = np.nonzero(_slope(sums, theta) > 0)
    found = np.ones(theta.size, dtype=bool)
    if rising.size:
        part = sums.take(rising)

        def gap(x: Array, at: Index) -> Array:
            here = part if at.size == rising.size else part.take(at)
            return -_slope(here, np.exp(np.clip(x, -_LARGEST, _LARGEST)))

        start = np.log(_moment_ratio(part))
        x = increasing_root(gap, start, np.full(rising.size, 0.25), tolerance=1e-9, rounds=60)
        theta[rising] = np.exp(np.clip(x, -_LARGEST, _LARGEST))
        # A slope that is not zero, on its own scale (it lies between minus and plus one), is no maximum.
        found[rising] = (np.abs(gap(x, np.arange(x.size))) < 1e-6) & (np.abs(x) < _LARGEST)
    return theta, found


def _moment_ratio(sums: Sums) -> Array:
    """Return a first guess of the ratio, by the squares of people's totals against all squares."""
    times = np.arange(1.0, sums.counts.shape[1] + 1.0)[:, None]
    observed = np.sum(np.sum(sums.counts, axis=0) * times, axis=0)
    total = sums.squares / observed
    pairs = np.sum(np.sum(sums.counts, axis=0) * times * (times - 1.0), axis=0)
    shared = (np.sum(sums.person_squares, axis=0) - sums.squares) / np.maximum(pairs, 1.0)
    correlation = np.clip(shared / np.where(total > 0, total, 1.0), 0.02, 0.98)
    return np.asarray(correlation / (1.0 - correlation))


def _slope(sums: Sums, theta: Array) -> Array:
    """Return the slope of the restricted log likelihood in the log of `theta`, per person; at 0 that in `theta`."""
    groups, times, _ = sums.counts.shape
    size = np.arange(1.0, times + 1.0)[:, None]
    grown = 1.0 + size * theta
    shrink, change = theta / grown, 1.0 / np.square(grown)
    people = np.sum(sums.counts, axis=0)
    observed = np.sum(people * size, axis=0)
    rest = sums.squares - np.sum(shrink * sums.person_squares, axis=0)
    rest_change = -np.sum(change * sums.person_squares, axis=0)
    logs = np.sum(people * size / grown, axis=0)
    for g in range(groups):
        lower, pivots = _factor(sums.counts[g], shrink)
        right, right_change = _right_side(sums.totals[g], shrink, change)
        beta = _solve(lower, pivots, right)
        rest = rest - np.sum(right * beta, axis=0)
        # The sum of the first k cell means, and the variance of that sum, for each pattern.
        sums_of_means = np.cumsum(beta, axis=0)
        weight = sums.counts[g] * change
        rest_change = rest_change - 2.0 * np.sum(right_change * beta, axis=0)
        rest_change = rest_change - np.sum(weight * np.square(sums_of_means), axis=0)
        logs = logs - np.sum(weight * _sum_variances(lower, pivots), axis=0)
    free = observed - groups * times
    with np.errstate(divide="ignore", invalid="ignore"):
        slope = -0.5 * (free * rest_change / rest + logs) / np.sum(people, axis=0)
    slope = np.where(np.isfinite(slope), slope, 0.0)
    return np.asarray(np.where(theta > 0, slope * theta, slope))


def _at_ratio(sums: Sums, theta: Array) -> tuple[Array, Array, Array]:
    """Return the cell means, their covariance in units of the variance within, and that variance."""
    groups, times, sets = sums.counts.shape
    size = np.arange(1.0, times + 1.0)[:, None]
    shrink = theta / (1.0 + size * theta)
    means, covariance = np.empty((groups, times, sets)), np.empty((groups, times, times, sets))
    rest = sums.squares - np.sum(shrink * sums.person_squares, axis=0)
    unit = np.zeros((times, sets))
    for g in range(groups):
        lower, pivots = _factor(sums.counts[g], shrink)
        right, _ = _right_side(sums.totals[g], shrink, shrink)
        means[g] = _solve(lower, pivots, right)
        rest = rest - np.sum(right * means[g], axis=0)
        for t in range(times):
            unit[t] = 1.0
            covariance[g, :, t] = _solve(lower, pivots, unit)
            unit[t] = 0.0
    observed = np.sum(np.sum(sums.counts, axis=0) * size, axis=0)
    return means, covariance, rest / (observed - groups * times)


def _right_side(totals: Array, shrink: Array, change: Array) -> tuple[Array, Array]:
    """Return the right side of a group's equations, and its slope in theta."""
    pattern = np.sum(totals, axis=1)
    still = np.cumsum((shrink * pattern)[::-1], axis=0)[::-1]
    slope = np.cumsum((change * pattern)[::-1], axis=0)[::-1]
    return np.asarray(np.sum(totals, axis=0) - still), np.asarray(-slope)


def _factor(counts: Array, shrink: Array) -> tuple[list[list[Array]], list[Array]]:
    """Return L and D of the equations of a group: people seen on the diagonal, less the shared part of those who stay.

    The entry of rows s < t is minus the sum of ``counts * shrink`` over the patterns that reach t.
    """
    times = counts.shape[0]
    seen = np.cumsum(counts[::-1], axis=0)[::-1]
    shared = np.cumsum((counts * shrink)[::-1], axis=0)[::-1]
    lower: list[list[Array]] = []
    pivots: list[Array] = []
    for t in range(times):
        scaled: list[Array] = []
        row: list[Array] = []
        pivot = seen[t] - shared[t]
        for s in range(t):
            entry = -shared[t]
            for r in range(s):
                entry = entry - scaled[r] * lower[s][r]
            scaled.append(entry)
            row.append(entry / pivots[s])
            pivot = pivot - entry * row[s]
        lower.append(row)
        pivots.append(pivot)
    return lower, pivots


def _forward(lower: list[list[Array]], right: Array) -> list[Array]:
    out: list[Array] = []
    for t, row in enumerate(lower):
        value = right[t]
        for s, entry in enumerate(row):
            value = value - entry * out[s]
        out.append(value)
    return out


def _solve(lower: list[list[Array]], pivots: list[Array], right: Array) -> Array:
    half = [value / pivot for value, pivot in zip(_forward(lower, right), pivots, strict=True)]
    for t in range(len(half) - 1, 0, -1):
        for s in range(t):
            half[s] = half[s] - lower[t][s] * half[t]
    return np.stack(half)


def _sum_variances(lower: list[list[Array]], pivots: list[Array]) -> Array:
    """Return the variances of the sums of the first k cell means, for k from 1 to the number of times."""
    times = len(pivots)
    out = []
    for k in range(1, times + 1):
        ones = [np.ones_like(pivots[0]) if t < k else np.zeros_like(pivots[0]) for t in range(times)]
        half = _forward(lower, np.stack(ones))
        out.append(sum(value * value / pivot for value, pivot in zip(half, pivots, strict=True)))
    return np.stack([np.asarray(value) for value in out])
