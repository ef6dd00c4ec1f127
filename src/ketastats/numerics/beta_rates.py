"""Two rates with independent beta distributions: evidence for one common rate, and tails of their difference."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.special import betainc, betaincc, log_expit

from .special import log1p_minus, stirling_error

__all__ = ["deviance", "log_bayes_factor", "log_cdf", "log_difference_above", "log_width"]

Array = NDArray[np.float64]
Betas = tuple[Array, Array, Array, Array]

# What lies this many natural logarithms below the peak adds less than 1e-18 of the integral.
_DROP = 42.0
_POINTS = 17
_CHUNK = 512


def log_bayes_factor(x1: Array, n1: Array, x2: Array, n2: Array, prior: Array) -> Array:
    """Return the log Bayes factor of two rates over one common rate, each rate with a Beta(prior, prior).

    The quotient of beta functions is written as divergences from the pooled rate, logarithms of the sizes, and the
    small remainders of Stirling's formula: for millions of people the beta functions alone would leave 1e-9.
    """
    a1, b1, a2, b2 = x1 + prior, n1 - x1 + prior, x2 + prior, n2 - x2 + prior
    a0, b0 = a1 + a2 - prior, b1 + b2 - prior
    rate, rest = a0 / (a0 + b0), b0 / (a0 + b0)
    divergence = prior * (np.log(rate) + np.log(rest))
    for a, b in ((a1, b1), (a2, b2)):
        m, k = (a + b) * rate, (a + b) * rest
        # (a+b) times the divergence of (a, b)/(a+b) from the pooled rate; the linear terms cancel exactly.
        divergence = divergence + deviance(a, m) + deviance(b, k)
    halves = log_width(a1, b1) + log_width(a2, b2) - log_width(a0, b0) - log_width(prior, prior)
    return np.asarray(divergence + halves + prior * 2 * np.log(2))


def deviance(x: Array, m: Array) -> Array:
    """Return x log(x / m) + m - x, which is never negative."""
    return -x * _log_ratio((m - x) / x, np.log(m) - np.log(x))


def log_width(a: Array, b: Array) -> Array:
    """Return log B(a, b) less the log of r**a (1-r)**b at r = a / (a + b)."""
    remainder = stirling_error(a) + stirling_error(b) - stirling_error(a + b)
    return np.asarray(0.5 * (np.log(2 * np.pi) + np.log(a + b) - np.log(a) - np.log(b)) + remainder)


def log_difference_above(betas: Betas, margin: Array) -> Array:
    """Return log P(p1 - p2 > margin) for p1 ~ Beta(a1, b1), p2 ~ Beta(a2, b2); also where it is far below 1e-300.

    The integral runs over the narrower of the two distributions, so that the other is smooth on its scale.
    """
    a1, b1, a2, b2 = betas
    spread1, spread2 = _variance(a1, b1), _variance(a2, b2)
    turn = spread2 < spread1
    # 1 - p exchanges the parameters of each and the roles of the two.
    a1, b1, a2, b2 = (np.where(turn, new, old) for new, old in ((b2, a1), (a2, b1), (b1, a2), (a1, b2)))
    out = np.where(margin <= -1, 0.0, -np.inf)
    for negative in (False, True):
        rows = np.flatnonzero((np.abs(margin) < 1) & ((margin < 0) == negative))
        for first in range(0, rows.size, _CHUNK):
            at = rows[first : first + _CHUNK]
            part = a1[at], b1[at], a2[at], b2[at]
            out[at] = _below_zero(part, -margin[at]) if negative else _above_zero(part, margin[at])
    return np.minimum(out, 0.0)


def _variance(a: Array, b: Array) -> Array:
    return a * b / ((a + b) ** 2 * (a + b + 1))


def _above_zero(betas: Betas, shift: Array) -> Array:
    """Integrate the density of p1 = shift + width s times P(p2 < width s) over s."""
    a1, b1, a2, b2 = betas

    def integrand(t: Array) -> Array:
        low, high, jacobian = _places(t, shift[:, None])
        outer = _log_density(high, a1[:, None], b1[:, None])
        return outer + log_cdf(low, a2[:, None], b2[:, None]) + jacobian

    return _log_integral(integrand, betas)


def _below_zero(betas: Betas, shift: Array) -> Array:
    """Integrate the density of p1 = width s times P(p2 < shift + width s), and add P(p1 > width)."""
    a1, b1, a2, b2 = betas

    def integrand(t: Array) -> Array:
        low, high, jacobian = _places(t, shift[:, None])
        outer = _log_density(low, a1[:, None], b1[:, None])
        return outer + log_cdf(high, a2[:, None], b2[:, None]) + jacobian

    with np.errstate(divide="ignore"):
        place = np.stack([shift, 1 - shift, np.log(shift), np.log1p(-shift)])
    return np.logaddexp(_log_integral(integrand, betas), log_cdf(place, b1, a1))


def _places(t: Array, shift: Array) -> tuple[Array, Array, Array]:
    """Return width s and shift + width s for s = expit(t), and the log of width ds/dt.

    Each place is its value, its complement, and the logs of both.
    """
    log_s, log_r = log_expit(t), log_expit(-t)
    s, r = np.exp(log_s), np.exp(log_r)
    width, log_width = 1 - shift, np.log1p(-shift)
    with np.errstate(divide="ignore"):
        log_up = np.where(shift > 0, np.log(shift + width * s), log_s)
        log_down = np.where(shift > 0, np.log(shift + width * r), log_r)
    low = np.stack([width * s, shift + width * r, log_width + log_s, log_down])
    high = np.stack([shift + width * s, width * r, log_up, log_width + log_r])
    return low, high, log_width + log_s + log_r


def _log_density(place: Array, a: Array, b: Array) -> Array:
    """Return the log of the beta density, written around its mean so that nothing cancels for large a and b."""
    x, y, log_x, log_y = place
    mean, rest = a / (a + b), b / (a + b)
    # x - mean, from whichever of x and 1 - x is the smaller.
    distance = np.where(x < y, x - mean, rest - y)
    up = _log_ratio(distance / mean, log_x - np.log(mean))
    down = _log_ratio(-distance / rest, log_y - np.log(rest))
    return np.asarray(a * up + b * down - log_x - log_y - log_width(a, b))


def _log_ratio(u: Array, log_ratio: Array) -> Array:
    """Return log(1 + u) - u; near u = -1 from the logarithm itself."""
    return np.where(u < -0.5, log_ratio - u, log1p_minus(np.maximum(u, -0.5)))


def log_cdf(place: Array, a: Array, b: Array) -> Array:
    """Return the log of the beta distribution function, also where it or its complement is too small for a float."""
    x, y = place[0], place[1]
    a, b = (np.broadcast_to(parameter, x.shape) for parameter in (a, b))
    # Next to 1 the place itself has lost what is left of it; its complement has not.
    low = x <= y
    value = np.empty_like(x)
    value[low], value[~low] = betainc(a[low], b[low], x[low]), betaincc(b[~low], a[~low], y[~low])
    with np.errstate(divide="ignore"):
        out = np.log(value)
    tiny = value < 1e-280
    if tiny.any():
        out[tiny] = _log_far_tail(place[:, tiny], a[tiny], b[tiny])
    # A small b leaves much above places whose complement is below any float.
    full = ~tiny & (y < 1e-280)
    if full.any():
        above = _log_far_tail(place[[1, 0, 3, 2]][:, full], b[full], a[full])
        with np.errstate(divide="ignore"):
            out[full] = np.log1p(-np.exp(np.minimum(above, 0.0)))
    return np.asarray(out)


def _log_far_tail(place: Array, a: Array, b: Array) -> Array:
    return np.asarray(_log_density(place, a, b) + place[2] + place[3] - np.log(a) + _log_fraction(place[0], a, b))


def _log_fraction(x: Array, a: Array, b: Array) -> Array:
    """Return the log of the continued fraction of the incomplete beta function, by Lentz's method, far in the tail."""
    d = 1 / (1 - (a + b) * x / (a + 1))
    c, value = np.ones_like(x), d.copy()
    for m in range(1, 400):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        for term in (even, odd):
            d, c = 1 / (1 + term * d), 1 + term / c
            value = value * d * c
        if np.all(np.abs(d * c - 1) < 1e-15):
            break
    return np.log(value)


def _log_integral(log_f: Callable[[Array], Array], betas: Betas) -> Array:
    """Return the log of the integral of exp(log_f(t)) over all t: one peak, tails that fall at least exponentially.

    A knee narrower than 1e-6 can stand beside a tail a thousand wide, so the variable is a sinh around the peak; the
    trapezoidal rule, which for such integrands gains all digits at once, is halved until it stands still.
    """
    peak, spacing = _find_peak(log_f, 60 + 60 / np.minimum.reduce(betas))
    height = log_f(peak[:, None])[:, 0]
    left, width_left = _reach(log_f, peak, height, -spacing)
    right, width_right = _reach(log_f, peak, height, spacing)
    scale = np.minimum(width_left, width_right)

    def integrand(v: Array) -> Array:
        return log_f(peak[:, None] + scale[:, None] * np.sinh(v)) - height[:, None] + np.log(np.cosh(v))

    return np.asarray(
        height + np.log(scale * _trapezoid(integrand, -np.arcsinh(left / scale), np.arcsinh(right / scale)))
    )


def _find_peak(log_f: Callable[[Array], Array], reach: Array) -> tuple[Array, Array]:
    """Return the highest point of a grid so fine that its neighbours are less than 1 below it, and its spacing."""
    left, right = -reach, reach
    steps = np.linspace(0, 1, _POINTS)
    pick = np.arange(left.size)
    for _ in range(40):
        t = left[:, None] + (right - left)[:, None] * steps
        values = log_f(t)
        best = np.argmax(values, axis=1)
        first, last = np.maximum(best - 1, 0), np.minimum(best + 1, _POINTS - 1)
        top = values[pick, best]
        if np.all(top - np.minimum(values[pick, first], values[pick, last]) < 1):
            break
        left, right = t[pick, first], t[pick, last]
    return t[pick, best], (right - left) / (_POINTS - 1)


def _reach(log_f: Callable[[Array], Array], peak: Array, height: Array, step: Array) -> tuple[Array, Array]:
    """Return how far from the peak the integrand stops to count, and how far it is down by about 1."""
    far, width = np.abs(step), np.abs(step)
    for _ in range(200):
        drop = height - log_f((peak + np.sign(step) * far)[:, None])[:, 0]
        width = np.where(drop < 1, far, width)
        if np.all(drop > _DROP):
            break
        far = np.where(drop > _DROP, far, 2 * far)
    return far, width


def _trapezoid(log_f: Callable[[Array], Array], left: Array, right: Array) -> Array:
    count = 2 * _POINTS
    step = (right - left) / count
    total = step * np.exp(log_f(left[:, None] + step[:, None] * np.arange(count + 1))).sum(axis=1)
    for _ in range(8):
        between = log_f(left[:, None] + step[:, None] * (np.arange(count) + 0.5))
        before, total = total, 0.5 * (total + step * np.exp(between).sum(axis=1))
        count, step = 2 * count, 0.5 * step
        # Half the step squares the error, so what the last halving changed is the root of what is left.
        if np.all(np.abs(total - before) <= 1e-9 * total):
            break
    return np.asarray(total)
