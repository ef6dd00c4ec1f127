"""The noncentral t distribution, accurate to 1e-12 in both tails.

T = (Z + ncp) / s with Z standard normal and ``df * s**2`` chi-squared, so that

    P(T <= t) = integral of Phi(t s - ncp) over the density of s,

a positive integrand with one peak. Its integral is taken on the log scale around that peak, which keeps the relative
accuracy in tails as small as floating point holds (Owen 1965, Biometrika 52, 437-446, gives the integral).
All functions broadcast; `df` is positive and may be infinite.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from .quadrature import log_integral
from .rootfinding import increasing_root
from .special import chi_log_density

__all__ = ["cdf", "isf", "logcdf", "logpdf", "logsf", "noncentrality", "pdf", "ppf", "sf"]

Array = NDArray[np.float64]

_LOG_ROOT_2PI = 0.5 * np.log(2.0 * np.pi)
#: Phi(u) bends between -7 and 7; outside it is smooth on the scale of the chi density.
_BEND = 7.0
#: Further out than this t is infinite for every purpose, and beyond as many degrees of freedom T is normal.
_LARGEST_T, _LARGEST_DF = 1e290, 1e20
#: Beside a noncentrality beyond this, Z is nothing.
_LARGEST_NCP = 1e12


def logcdf(t: ArrayLike, df: ArrayLike, ncp: ArrayLike) -> Array:
    """Return ``log P(T <= t)``."""
    return _apply(_log_lower, t, df, ncp)


def logsf(t: ArrayLike, df: ArrayLike, ncp: ArrayLike) -> Array:
    """Return ``log P(T > t)``."""
    return logcdf(np.negative(t), df, np.negative(ncp))


def cdf(t: ArrayLike, df: ArrayLike, ncp: ArrayLike) -> Array:
    """Return ``P(T <= t)``."""
    return np.exp(logcdf(t, df, ncp))


def sf(t: ArrayLike, df: ArrayLike, ncp: ArrayLike) -> Array:
    """Return ``P(T > t)``."""
    return np.exp(logsf(t, df, ncp))


def logpdf(t: ArrayLike, df: ArrayLike, ncp: ArrayLike) -> Array:
    """Return the log density."""
    return _apply(_log_density, t, df, ncp)


def pdf(t: ArrayLike, df: ArrayLike, ncp: ArrayLike) -> Array:
    """Return the density."""
    return np.exp(logpdf(t, df, ncp))


def ppf(p: ArrayLike, df: ArrayLike, ncp: ArrayLike) -> Array:
    """Return t with ``P(T <= t) = p``."""
    p, df, ncp = np.broadcast_arrays(*(np.asarray(v, dtype=np.float64) for v in (p, df, ncp)))
    flip = p > 0.5
    sign = np.where(flip, -1.0, 1.0)
    return sign * _lower_quantile(np.where(flip, 1.0 - p, p), df, sign * ncp)


def isf(p: ArrayLike, df: ArrayLike, ncp: ArrayLike) -> Array:
    """Return t with ``P(T > t) = p``."""
    return -ppf(p, df, np.negative(ncp))


def noncentrality(t: ArrayLike, df: ArrayLike, upper: ArrayLike) -> Array:
    """Return the noncentrality for which ``P(T > t) = upper``.

    On the probit scale the probability is almost a straight line in the noncentrality, so few steps do.
    """
    arrays = np.broadcast_arrays(*(np.asarray(v, dtype=np.float64) for v in (t, df, upper)))
    shape = arrays[0].shape
    t, df, upper = (array.ravel() for array in arrays)
    # The smaller of the two tails carries the digits.
    sign = np.where(upper > 0.5, -1.0, 1.0)
    target = special.ndtri(np.where(upper > 0.5, 1.0 - upper, upper))
    steep = 1.0 / np.hypot(1.0, t / np.sqrt(2.0 * df))

    def gap(ncp: Array, at: NDArray[np.intp]) -> Array:
        return np.asarray(special.ndtri_exp(logsf(sign[at] * t[at], df[at], ncp)) - target[at])

    return (sign * increasing_root(gap, sign * t + target / steep, steep)).reshape(shape)


def _apply(kernel: Callable[[Array, Array, Array], Array], t: ArrayLike, df: ArrayLike, ncp: ArrayLike) -> Array:
    arrays = np.broadcast_arrays(*(np.asarray(v, dtype=np.float64) for v in (t, df, ncp)))
    shape = arrays[0].shape
    flat = [np.array(array.ravel()) for array in arrays]
    return kernel(*flat).reshape(shape)


def _log_lower(t: Array, df: Array, ncp: Array) -> Array:
    out = _log_lower_limit(t, df, ncp)
    at = np.isfinite(t) & (np.abs(ncp) < _LARGEST_NCP) & (df < _LARGEST_DF)
    if not at.any():
        return out
    t, df, ncp = np.clip(t[at], -_LARGEST_T, _LARGEST_T), df[at], ncp[at]
    mode, width = _cdf_mode(t, df, ncp)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        step, bend = np.where(t == 0, 0.0, ncp / t), _BEND / np.abs(t)
        breaks = [np.log(np.maximum(step + k * bend, 0.0)) for k in (-1.0, 0.0, 1.0)]
    out[at] = np.minimum(log_integral(_cdf_integrand, (t, df, ncp), df, mode, width, breaks), 0.0)
    return out


def _log_lower_limit(t: Array, df: Array, ncp: Array) -> Array:
    """Return the log probability where s is 1, or else Z is 0, for all practical purposes."""
    out = special.log_ndtr(t - ncp)
    same_side = np.sign(t) * np.sign(ncp) > 0
    at = np.isfinite(t) & np.isfinite(ncp) & (np.abs(ncp) >= _LARGEST_NCP) & same_side & (df < _LARGEST_DF)
    half = 0.5 * df[at]
    with np.errstate(divide="ignore", over="ignore"):
        edge = half * np.square(np.minimum(ncp[at] / t[at], 1e150))
        out[at] = np.log(np.where(t[at] > 0, special.gammaincc(half, edge), special.gammainc(half, edge)))
    return out


def _cdf_integrand(x: Array, t: Array, df: Array, ncp: Array) -> Array:
    return np.asarray(chi_log_density(x, df) + special.log_ndtr(t * np.exp(x) - ncp))


def _cdf_mode(t: Array, df: Array, ncp: Array) -> tuple[Array, Array]:
    """Return the peak of the integrand in x, and the width of the peak.

    The slope divided by s falls steadily in s, so Newton's method inside a bracket cannot miss.
    """
    s = _gaussian_mode(t, df, ncp, df)
    # Where Phi is 1 at s = 1 already, nothing pulls the peak away from there.
    flat = ((t > 0) & (t * s > ncp)) | ((t < 0) & (t - ncp > 9.0))
    x = np.log(np.where(flat, 1.0, s))
    low, high = np.full_like(x, -np.inf), np.full_like(x, np.inf)
    bend = -2.0 * df
    for _ in range(8):
        s = np.exp(x)
        # The clip only keeps squares finite: Phi is 1 long before.
        ts = np.clip(t * s, -1e150, 1e150)
        u = ts - ncp
        with np.errstate(over="ignore"):
            mills = np.sqrt(2.0 / np.pi) / special.erfcx(-u / np.sqrt(2.0))
        slope = -df * np.expm1(2.0 * x) + ts * mills
        bend = -df - df * s * s - np.square(ts) * np.clip(mills * (mills + u), 0.0, 1.0)
        low, high = np.where(slope > 0, x, low), np.where(slope <= 0, x, high)
        new = x + np.clip(-slope / bend, -3.0, 3.0)
        middle = np.where(np.isfinite(low) & np.isfinite(high), 0.5 * (low + high), x)
        x = np.where((new > low) & (new < high), new, middle)
    return x, 1.0 / np.sqrt(-bend)


def _gaussian_mode(t: Array, df: Array, ncp: Array, power: Array) -> Array:
    """Return the peak of ``s**power * exp(-df s**2 / 2 - (t s - ncp)**2 / 2)``."""
    length = np.hypot(np.sqrt(df), t)
    pull = ncp * (t / length)
    root = np.hypot(pull, 2.0 * np.sqrt(power))
    return np.asarray(np.where(pull > 0, 0.5 * (pull + root), 2.0 * power / (root + np.abs(pull))) / length)


def _log_density(t: Array, df: Array, ncp: Array) -> Array:
    """Return the log density: the same integral with s phi(t s - ncp) in place of Phi."""
    out: Array = -0.5 * np.square(np.clip(t - ncp, -1e150, 1e150)) - _LOG_ROOT_2PI
    at = np.isfinite(t) & (df < _LARGEST_DF)
    if not at.any():
        return out
    t, df, ncp = np.clip(t[at], -_LARGEST_T, _LARGEST_T), df[at], ncp[at]
    s = _gaussian_mode(t, df, ncp, df + 1.0)
    width = 1.0 / np.sqrt(df + 1.0 + np.square(s * np.hypot(np.sqrt(df), t)))
    out[at] = log_integral(_pdf_integrand, (t, df, ncp), df, np.log(s), width)
    return out


def _pdf_integrand(x: Array, t: Array, df: Array, ncp: Array) -> Array:
    return np.asarray(x + chi_log_density(x, df) - 0.5 * np.square(t * np.exp(x) - ncp) - _LOG_ROOT_2PI)


def _lower_quantile(p: Array, df: Array, ncp: Array) -> Array:
    """Return the quantile for ``p <= 0.5``, by secants on the probit scale in ``asinh t``."""
    shape = p.shape
    p, df, ncp = p.ravel(), df.ravel(), ncp.ravel()
    target = special.ndtri(p)
    spread = np.sqrt(1.0 + np.square(ncp) / (2.0 * df))
    guess = ncp + target * spread

    def gap(w: Array, at: NDArray[np.intp]) -> Array:
        t = np.sinh(np.clip(w, -660.0, 660.0))
        return np.asarray(special.ndtri_exp(logcdf(t, df[at], ncp[at])) - target[at])

    out = np.where(p <= 0, -np.inf, np.nan)
    (at,) = np.nonzero(p > 0)
    w = increasing_root(lambda v, i: gap(v, at[i]), np.arcsinh(guess[at]), (np.hypot(1.0, guess) / spread)[at])
    out[at] = np.sinh(np.clip(w, -660.0, 660.0))
    return out.reshape(shape)
