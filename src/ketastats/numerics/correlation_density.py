"""The density of a correlation coefficient, its upper tail, and its average over a prior, on the log scale.

Everything is written in Fisher's ``z = atanh(r)`` and ``zeta = atanh(rho)``. There Hotelling's density of `r` from
`n` pairs is ``C cosh(z - zeta)**(3/2 - n) sqrt(cosh(z) / cosh(zeta)) F((1 + r rho) / 2)`` with a hypergeometric
factor F that hardly varies, so that nothing cancels for large samples or for correlations near one.
All arrays are one-dimensional and of equal length.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import special

from .beta_rates import log_width
from .special import stirling_error
from .window import log_integral

__all__ = ["log_cosh", "log_halves", "log_sf"]

FloatArray = NDArray[np.float64]

# From this third parameter on, thirty terms of the hypergeometric series have all digits.
_SERIES_FROM = 30.0
_TERMS = 30
_REACH = 60.0


def log_halves(z: FloatArray, n: FloatArray, kappa: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the log likelihood ratio of `rho` against zero, averaged over either half of the prior.

    The prior is the stretched beta distribution, ``(1 + rho) / 2 ~ Beta(1/kappa, 1/kappa)``; the parts are not
    renormalised, so their sum is the average over the whole prior. An infinite `z` stands for ``r = 1``.
    """
    flip = z < 0
    away = np.abs(z)
    power, shape = (n - 1.5)[:, None], (2.0 / kappa)[:, None]
    certain = np.isinf(away)
    # With r = 1 the integrand falls as exp(-rate zeta), or rises: then the average is infinite.
    rate = 2.0 / kappa + 2.0 - n
    endless = certain & (rate <= 0)
    place = np.where(certain, 0.0, away)
    column, known = place[:, None], certain[:, None]

    def outline(zeta: FloatArray) -> FloatArray:
        gain = np.where(known, zeta, log_cosh(column) - log_cosh(zeta - column))
        return np.asarray(power * gain - (0.5 + shape) * log_cosh(zeta))

    def kernel(zeta: FloatArray) -> FloatArray:
        r = np.where(known, 1.0, np.tanh(column))
        return outline(zeta) + _log_factor(0.5 * (1.0 + r * np.tanh(zeta)), n[:, None])

    zero = np.zeros_like(place)
    slow = certain & ~endless
    far = place + _REACH + np.where(slow, _REACH / np.where(slow, rate, 1.0), 0.0)
    pull = place * (n - 1.5) / (n - 1.0 + 2.0 / kappa)
    hints = np.stack([pull, np.minimum(place, 1.0), zero], axis=1)
    opposite = log_integral(kernel, zero - _REACH, zero, hints, outline)
    between = log_integral(kernel, zero, place, hints, outline)
    beyond = log_integral(kernel, place, far, hints, outline)
    same = np.where(endless, np.inf, np.logaddexp(between, beyond))
    # log B(b, b) is 2 b log(1/2) and this width, where the first cancels against the stretching to (-1, 1).
    constant = np.log(2.0) - log_width(1.0 / kappa, 1.0 / kappa) - _log_factor(np.full_like(n, 0.5), n)
    same, opposite = same + constant, opposite + constant
    return np.where(flip, same, opposite), np.where(flip, opposite, same)


def log_sf(z: FloatArray, n: FloatArray, zeta: FloatArray) -> FloatArray:
    """Return ``log P(R > tanh(z))`` for `n` pairs whose true correlation is ``tanh(zeta)``."""
    power, centre = (n - 1.5)[:, None], zeta[:, None]

    def outline(x: FloatArray) -> FloatArray:
        return np.asarray(0.5 * log_cosh(x) - power * log_cosh(x - centre))

    def kernel(x: FloatArray) -> FloatArray:
        return outline(x) + _log_factor(0.5 * (1.0 + np.tanh(centre) * np.tanh(x)), n[:, None])

    # log of (n - 2) gamma(n - 1) / (sqrt(2 pi) gamma(n - 1/2))
    m = n - 1.0
    ratio = 0.5 - 0.5 * np.log(m) - m * np.log1p(0.5 / m) + stirling_error(m) - stirling_error(m + 0.5)
    constant = np.log(n - 2.0) - 0.5 * np.log(2.0 * np.pi) + ratio - 0.5 * log_cosh(zeta)
    parts = []
    middle = np.maximum(z, zeta)
    for low, high in ((z, middle), (middle, middle + _REACH)):
        hints = np.stack([low, high], axis=1)
        parts.append(log_integral(kernel, low, high, hints, outline))
    return np.asarray(np.minimum(np.logaddexp(*parts) + constant, 0.0))


def log_cosh(x: FloatArray) -> FloatArray:
    """Return ``log(cosh(x))`` with its relative accuracy, near zero and far from it."""
    size = np.abs(x)
    near = 0.5 * np.log1p(np.square(np.sinh(np.minimum(size, 1.0))))
    return np.asarray(np.where(size < 1.0, near, size + np.log1p(np.exp(-2.0 * size)) - np.log(2.0)))


def _log_factor(x: FloatArray, n: FloatArray) -> FloatArray:
    """Return the log of the hypergeometric function F(1/2, 1/2; n - 1/2; x)."""
    x, c = np.broadcast_arrays(x, n - 0.5)
    out = np.empty(x.shape)
    large = c >= _SERIES_FROM
    out[~large] = special.hyp2f1(0.5, 0.5, c[~large], x[~large]) - 1.0
    if large.any():
        base, place = c[large], x[large]
        series = np.zeros_like(place)
        for k in range(_TERMS, -1, -1):
            series = (1.0 + series) * ((k + 0.5) ** 2 / (k + 1.0) * place / (base + k))
        out[large] = series
    return np.log1p(out)
