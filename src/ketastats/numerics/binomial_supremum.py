"""The largest probability that a common proportion can give to a set of outcomes, with a proof of how large it is.

Given the number of events s among N people, a set of 2x2 tables has probability h(s), whatever the common proportion.
So its unconditional probability is pi = sum of h(s) C(N, s) p^s (1 - p)^(N - s), and only the N + 1 numbers h matter.
In the angle u with p = sin^2(u / 2), pi is an even trigonometric polynomial, and at a complex angle u + iv

    |pi(u + iv)| <= M cosh(v)^N,    M = max pi on the real line,

because |sin^2| + |cos^2| of the half angle is cosh v. Cauchy's estimate turns this into a bound on every derivative,
and that into a bound on the error of interpolation: through 16 points that lie pi/20 standard errors of the angle
apart it is less than 1e-11 M. So between two points of the grid the probability is a polynomial of degree 15, and its
Bernstein coefficients bound it from above; halving the intervals that may hold the maximum settles it.
"""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from math import ceil, comb, cosh, exp, log, pi, prod, sqrt

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln

__all__ = ["TOLERANCE", "supremum"]

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

#: The search ends when no point can exceed the largest value found by more than this, relatively.
TOLERANCE = 1e-10
_NODES = 16
_POINTS = 20  # per square root of N
_ELEMENTS = 4_000_000
_HALVINGS = 60


def supremum(
    share: FloatArray, row: IntArray, low: FloatArray, high: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return the largest probability over intervals of the common proportion.

    Parameters
    ----------
    share : ndarray of float64, shape (sets, N + 1)
        Probability of each set of tables given 0, ..., N events.
    row : ndarray of int64, shape (questions,)
        Which set each question is about.
    low, high : ndarray of float64, shape (questions,)
        The interval of the proportion.

    Returns
    -------
    value, maximiser, bound : ndarray of float64, shape (questions,)
        The probability, where it is reached, and how much larger the true supremum can be at the very most.
    """
    people = share.shape[1] - 1
    cells = max(_NODES, ceil(_POINTS * sqrt(people)))
    grid = _grid_values(share, cells)
    ends = _angle(low), _angle(high)
    value, maximiser, bound = (np.empty(row.size) for _ in range(3))
    step = max(1, _ELEMENTS // max(cells, people))
    for start in range(0, row.size, step):
        part = slice(start, start + step)
        angle, top, slack = _branch_and_bound(grid[row[part]], ends[0][part], ends[1][part], people)
        value[part] = _probability(share[row[part]], angle)
        maximiser[part] = np.clip(np.sin(0.5 * angle) ** 2, low[part], high[part])
        bound[part] = np.maximum(top * (1.0 + TOLERANCE) + slack - value[part], TOLERANCE * value[part])
    return value, maximiser, bound


def _angle(proportion: FloatArray) -> FloatArray:
    return 2.0 * np.arctan2(np.sqrt(proportion), np.sqrt(1.0 - proportion))


def _log_binomial(n: int) -> FloatArray:
    k = np.arange(n + 1.0)
    return np.asarray(gammaln(n + 1.0) - gammaln(k + 1.0) - gammaln(n - k + 1.0))


def _logs(angle: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return log p and log(1 - p); a proportion of 0 counts as one too small for any float to notice."""
    half = 0.5 * angle
    return 2.0 * np.log(np.maximum(np.sin(half), 1e-160)), 2.0 * np.log(np.maximum(np.cos(half), 1e-160))


def _grid_values(share: FloatArray, cells: int) -> FloatArray:
    """Return the probability of each set at `cells` + 1 equal steps of the angle from 0 to pi."""
    people = share.shape[1] - 1
    log_p, log_q = _logs(np.linspace(0.0, pi, cells + 1))
    logs = _log_binomial(people)
    total = np.zeros((share.shape[0], cells + 1))
    step = max(1, _ELEMENTS // (cells + 1))
    for start in range(0, people + 1, step):
        s = np.arange(start, min(start + step, people + 1))[:, None]
        total += share[:, s[:, 0]] @ np.exp(logs[s] + s * log_p + (people - s) * log_q)
    return total


def _probability(share: FloatArray, angle: FloatArray) -> FloatArray:
    """Return the probability of each set at its own angle."""
    people = share.shape[1] - 1
    s = np.arange(people + 1)
    log_p, log_q = (value[:, None] for value in _logs(angle))
    terms = np.exp(_log_binomial(people) + s * log_p + (people - s) * log_q)
    return np.asarray(np.einsum("ij,ij->i", share, terms))


def _branch_and_bound(
    grid: FloatArray, low: FloatArray, high: FloatArray, people: int
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return the best angle, the largest value found, and the error of interpolation."""
    cells = grid.shape[1] - 1
    width = pi / cells
    # No maximum is further than half a step from a point of the grid, and there the slope is zero.
    scale = np.minimum(grid.max(axis=1) / (1.0 - _error(2, people, width)), 1.0)
    points = np.linspace(0.0, pi, cells + 1)
    inside = np.where((points >= low[:, None]) & (points <= high[:, None]), grid, -1.0)
    at = inside.argmax(axis=1)
    top = inside[np.arange(at.size), at]
    found = top >= 0.0
    angle, top = np.where(found, points[at], low), np.where(found, top, 0.0)
    item, cell = _hopeful(grid, top * (1.0 + TOLERANCE), scale, people, (low, high))
    left, size = points[cell], np.full(cell.size, width)
    coefficients = _local(grid, item, cell, _NODES)
    first, last = (low[item] - left) / width, (high[item] - left) / width
    cut = (first > 0.0) | (last < 1.0)
    if cut.any():
        first, last = np.clip(first, 0.0, 1.0), np.clip(last, 0.0, 1.0)
        coefficients[cut] = _restrict(coefficients[cut], first[cut], last[cut])
        left, size = left + first * width, (last - first) * width
    _halve(coefficients, item, left, size, angle, top)
    return angle, top, _error(_NODES, people, width) * scale


def _hopeful(
    grid: FloatArray, level: FloatArray, scale: FloatArray, people: int, ends: tuple[FloatArray, FloatArray]
) -> tuple[IntArray, IntArray]:
    """Return the intervals, as row and column, in which the probability may exceed the level of the row."""
    width = pi / (grid.shape[1] - 1)
    # No probability exceeds 1, so where the level does there is nothing to search.
    needed = np.where(level < 1.0, level - _error(2, people, width) * scale, np.inf)
    item, cell = np.nonzero(np.maximum(grid[:, :-1], grid[:, 1:]) > needed[:, None])
    low, high = (end / width for end in ends)
    near = (cell <= high[item]) & (cell + 1 >= low[item])
    item, cell = item[near], cell[near]
    # A cubic is cheaper than the full polynomial and rules out most of what straight lines leave.
    needed = level - _error(4, people, width) * scale
    keep = _local(grid, item, cell, 4).max(axis=1) > needed[item]
    return item[keep], cell[keep]


def _halve(
    coefficients: FloatArray, item: IntArray, left: FloatArray, size: FloatArray, angle: FloatArray, top: FloatArray
) -> None:
    """Raise `top` and move `angle` until no interval can exceed it by more than the tolerance."""
    for end, where in ((0, left), (-1, left + size)):
        _improve(coefficients[:, end], item, where, angle, top)
    lower, upper = _halving()
    for _ in range(_HALVINGS):
        keep = coefficients.max(axis=1) > top[item] * (1.0 + TOLERANCE)
        if not keep.any():
            return
        coefficients, item, left, size = coefficients[keep], item[keep], left[keep], 0.5 * size[keep]
        coefficients = np.concatenate([coefficients @ lower, coefficients @ upper])
        middle = left + size
        _improve(coefficients[: item.size, -1], item, middle, angle, top)
        item, left, size = np.tile(item, 2), np.concatenate([left, middle]), np.tile(size, 2)


def _improve(value: FloatArray, item: IntArray, where: FloatArray, angle: FloatArray, top: FloatArray) -> None:
    better = np.flatnonzero(value > top[item])
    # Of several assignments to one place the last stays, and that is to be the largest.
    better = better[np.argsort(value[better], kind="stable")]
    top[item[better]], angle[item[better]] = value[better], where[better]


def _local(grid: FloatArray, item: IntArray, cell: IntArray, nodes: int) -> FloatArray:
    """Return the Bernstein coefficients, on its interval, of the polynomial through the points around it."""
    cells = grid.shape[1] - 1
    at = np.abs(cell[:, None] + np.array(_around(nodes)))
    # The probability is even around both ends.
    at = cells - np.abs(cells - at)
    return np.asarray(grid[item[:, None], at] @ _interpolation(nodes))


def _error(nodes: int, people: int, width: float) -> float:
    """Return the error of interpolation between the middle two of equal steps of the angle, over the maximum."""
    # Cauchy: |f^(k)| / k! <= M cosh(v)^N / v^k for any v; this one is the best for many people.
    v = sqrt(nodes / people)
    distances = prod(abs(0.5 - node) for node in _around(nodes))
    return distances * exp(people * log(cosh(v)) + nodes * log(width / v))


def _around(nodes: int) -> range:
    return range(1 - nodes // 2, nodes // 2 + 1)


@cache
def _interpolation(nodes: int) -> FloatArray:
    """Return the matrix from values at the nodes to Bernstein coefficients between the middle two, rounded once."""
    return np.array([[float(b) for b in _bernstein(_lagrange(node, _around(nodes)))] for node in _around(nodes)])


def _lagrange(node: int, nodes: range) -> list[Fraction]:
    """Return the powers' coefficients of the polynomial that is 1 at `node` and 0 at the others."""
    powers = [Fraction(1)]
    for other in nodes:
        if other != node:
            shifted, scaled = [Fraction(0), *powers], [*(other * value for value in powers), Fraction(0)]
            powers = [(a - b) / (node - other) for a, b in zip(shifted, scaled, strict=True)]
    return powers


def _bernstein(powers: list[Fraction]) -> list[Fraction]:
    """Return the Bernstein coefficients on [0, 1] of a polynomial."""
    degree = len(powers) - 1
    scaled = [power / comb(degree, i) for i, power in enumerate(powers)]
    return [sum((comb(k, i) * scaled[i] for i in range(k + 1)), Fraction(0)) for k in range(degree + 1)]


@cache
def _halving() -> tuple[FloatArray, FloatArray]:
    """Return the matrices from Bernstein coefficients to those of the left and of the right half."""
    left = np.array([[comb(k, i) / 2**k for k in range(_NODES)] for i in range(_NODES)])
    return left, left[::-1, ::-1].copy()


def _restrict(coefficients: FloatArray, first: FloatArray, last: FloatArray) -> FloatArray:
    """Return the Bernstein coefficients between two points of [0, 1], by de Casteljau's algorithm."""
    upper = _cut(coefficients, last)
    with np.errstate(invalid="ignore", divide="ignore"):
        rest = np.where(last > 0.0, first / last, 0.0)
    # The part above a point is the part below it, seen from the other end.
    return _cut(upper[:, ::-1], 1.0 - rest)[:, ::-1]


def _cut(coefficients: FloatArray, at: FloatArray) -> FloatArray:
    """Return the Bernstein coefficients between 0 and `at`."""
    work, result = coefficients.copy(), np.empty_like(coefficients)
    for k in range(_NODES):
        result[:, k] = work[:, 0]
        work = work[:, :-1] + at[:, None] * (work[:, 1:] - work[:, :-1])
    return result
