"""Power for a correlation."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from .. import _validate
from ..errors import InvalidArgument
from ..numerics import correlation as exact
from ..numerics import student_t, tost
from ..numerics.rootfinding import increasing_root
from ..numerics.special import ndtr_between
from ._means import ALTERNATIVES
from ._one_sample import OneSamplePowerResult

__all__ = ["correlation", "correlation_equivalence"]

#: The smallest sample of each method.
LEAST = {"exact": 3, "fisher_z": 4, "t_fisher_z": 4, "bonett_wright": 4, "fieller": 4}
EQUIVALENCE_METHODS = ("fisher_z", "exact", "bonett_wright", "fieller")
#: Methods that test a null other than 0, and those for ranks.
ANY_NULL = ("fisher_z", "bonett_wright", "fieller")
SPEARMAN = ("bonett_wright", "fieller")
_FISHER = "Fisher 1921, Metron 1, 3-32"
SOURCES = {
    "exact": ("Hotelling 1953, Journal of the Royal Statistical Society B 15, 193-232",),
    "fisher_z": (_FISHER,),
    "t_fisher_z": (_FISHER, "Cohen 1988, Statistical power analysis, 2nd ed., p. 546"),
    "bonett_wright": ("Bonett & Wright 2000, doi:10.1007/BF02294183",),
    "fieller": ("Fieller, Hartley & Pearson 1957, doi:10.1093/biomet/44.3-4.470",),
}
NAMES = {
    "exact": "t test of a correlation, {}, exact for bivariate normal data",
    "fisher_z": "Fisher z test of a correlation, {}, normal approximation",
    "t_fisher_z": "t test of a correlation, {}, Fisher z approximation with bias term",
    "bonett_wright": "Fisher z test of Spearman's correlation, {}, normal with Bonett and Wright's variance",
    "fieller": "Fisher z test of Spearman's correlation, {}, normal with variance 1.06 / (n - 3)",
}
EQUIVALENCE_NAMES = {
    "fisher_z": "two one-sided Fisher z tests of a correlation, normal approximation",
    "exact": "two one-sided Fisher z tests of a correlation, exact for bivariate normal data",
    "bonett_wright": "two one-sided Fisher z tests of Spearman's correlation, normal with Bonett and Wright's variance",
    "fieller": "two one-sided Fisher z tests of Spearman's correlation, normal with variance 1.06 / (n - 3)",
}

Array = NDArray[np.float64]


def correlation(
    *,
    n: ArrayLike,
    r: ArrayLike,
    null: ArrayLike = 0.0,
    alpha: float = 0.05,
    alternative: str = "two-sided",
    method: str = "exact",
) -> OneSamplePowerResult:
    """Return the power of the test of a correlation, Pearson's or Spearman's.

    Parameters
    ----------
    n : array_like of int
        Pairs, at least 3 for "exact" and at least 4 else.
    r : array_like
        True correlation, above -1 and below 1.
    null : array_like
        Correlation that the test looks away from; other than 0 not with "exact" and "t_fisher_z".
    alpha : float
        Level of the test.
    alternative : {"two-sided", "greater", "less"}
        What the test asks. The two-sided power counts rejections on either side.
    method : {"exact", "fisher_z", "t_fisher_z", "bonett_wright", "fieller"}
        The probability that the t test rejects for bivariate normal data; that of the Fisher z test with Fisher's z
        taken as normal; or the t test's critical value with Fisher's z taken as normal about
        ``atanh(r) + r / (2 (n - 1))``, as common programs do. For Spearman's correlation, with Fisher's z taken as
        normal: its variance ``(1 + r**2 / 2) / (n - 3)`` (Bonett and Wright) or ``1.06 / (n - 3)`` (Fieller, Hartley
        and Pearson).

    Returns
    -------
    OneSamplePowerResult
        The power, with the design.

    Raises
    ------
    InvalidArgument
        If a value is out of range, or `null` does not fit the method.

    References
    ----------
    .. [1] Hotelling H (1953). New light on the correlation coefficient and its transforms. Journal of the Royal
       Statistical Society B 15, 193-232.
    .. [2] Cohen J (1988). Statistical power analysis for the behavioral sciences, 2nd ed., p. 546. Erlbaum.
    .. [3] Bonett DG, Wright TA (2000). Sample size requirements for estimating Pearson, Kendall and Spearman
       correlations. Psychometrika 65, 23-28. doi:10.1007/BF02294183
    .. [4] Fieller EC, Hartley HO, Pearson ES (1957). Tests for rank correlation coefficients. I. Biometrika 44,
       470-481. doi:10.1093/biomet/44.3-4.470

    Examples
    --------
    >>> import ketastats as ks
    >>> for method in ("exact", "fisher_z", "t_fisher_z"):
    ...     print(f"{method}: {ks.power.correlation(n=20, r=0.5, method=method).power:.4f}")
    exact: 0.6417
    fisher_z: 0.6198
    t_fisher_z: 0.6379
    """
    way = _validate.choice(method, "method", LEAST)
    side = _validate.choice(alternative, "alternative", ALTERNATIVES)
    level = _validate.alpha(alpha)
    size, true, zero = _validate.broadcast(
        n=_validate.integers(n, "n", low=LEAST[way]).astype(np.float64),
        r=correlations(r, "r"),
        null=correlations(null, "null"),
    )
    if way not in ANY_NULL and np.any(zero != 0):
        remedy = "The t test of a correlation asks about 0 only."
        raise InvalidArgument("null", float(zero[zero != 0][0]), f"0 with method={way!r}", remedy)
    return OneSamplePowerResult(
        power=power_of(size, np.arctanh(true), np.arctanh(zero), level, side, way)[()],
        n=size.astype(np.int64)[()],
        effect=true[()],
        alpha=level,
        method=NAMES[way].format(side),
        references=SOURCES[way],
    )


def correlation_equivalence(
    *,
    n: ArrayLike,
    margin: Any,
    r: ArrayLike = 0.0,
    alpha: float = 0.05,
    method: str = "fisher_z",
) -> OneSamplePowerResult:
    """Return the power of two one-sided Fisher z tests that a correlation is too weak to matter.

    Parameters
    ----------
    n : array_like of int
        Pairs, at least 4.
    margin : float or pair
        One positive number (symmetric) or a pair, whose ends may be arrays. An end beyond -1 or 1, or an infinite one,
        asks for one side only.
    r : array_like
        True correlation, above -1 and below 1.
    alpha : float
        One-sided level.
    method : {"fisher_z", "exact", "bonett_wright", "fieller"}
        With Fisher's z taken as normal; or the probability that these very tests reject for bivariate normal data; or
        for Spearman's correlation, as in `correlation`.

    Returns
    -------
    OneSamplePowerResult
        The probability that both tests reject, with the design.

    Raises
    ------
    InvalidArgument
        If a value is out of range.

    References
    ----------
    .. [1] Goertzen JR, Cribbie RA (2010). Detecting a lack of association: an equivalence testing approach. British
       Journal of Mathematical and Statistical Psychology 63, 527-537. doi:10.1348/000711009X475853

    Examples
    --------
    >>> import ketastats as ks
    >>> for method in ("fisher_z", "exact"):
    ...     print(f"{ks.power.correlation_equivalence(n=146, margin=0.24, method=method).power:.4f}")
    0.8002
    0.8006
    """
    way = _validate.choice(method, "method", EQUIVALENCE_METHODS)
    low, high = _validate.margins(margin)
    level = _validate.alpha(alpha)
    size, true, low, high = _validate.broadcast(
        n=_validate.integers(n, "n", low=4).astype(np.float64), r=correlations(r, "r"), margin_low=low, margin_high=high
    )
    return OneSamplePowerResult(
        power=equivalence_power(size, np.arctanh(true), ends(low), ends(high), level, way)[()],
        n=size.astype(np.int64)[()],
        effect=true[()],
        alpha=level,
        method=EQUIVALENCE_NAMES[way],
        references=(*SOURCES[way], "Goertzen & Cribbie 2010, doi:10.1348/000711009X475853"),
    )


def power_of(n: Array, zeta: Array, zero: Array, alpha: float, side: str, method: str) -> Array:
    """Return the power of a test of a correlation; `zeta` and `zero` are on Fisher's scale."""
    sign = np.where(zeta < zero, -1.0, 1.0) if side == "two-sided" else 1.0 if side == "greater" else -1.0
    tail = alpha / 2 if side == "two-sided" else alpha
    if method in ANY_NULL:
        endless = np.asarray(np.inf)
        power = equivalence_power(n, sign * zeta, sign * zero, endless, tail, method)
        other = equivalence_power(n, -sign * zeta, -sign * zero, endless, tail, method)
    else:
        t = student_t.isf(tail, n - 2.0)
        # The critical correlation is t / sqrt(t^2 + df), which on Fisher's scale is asinh(t / sqrt(df)).
        critical = np.arcsinh(t / np.sqrt(n - 2.0))
        away = sign * zeta
        if method == "exact":
            power, other = exact.sf(critical, n, away), exact.cdf(-critical, n, away)
        else:
            away, root = away + np.tanh(away) / (2.0 * (n - 1.0)), np.sqrt(n - 3.0)
            power, other = special.ndtr((away - critical) * root), special.ndtr((-away - critical) * root)
    return np.asarray(np.minimum(power + other, 1.0) if side == "two-sided" else power)


def equivalence_power(n: Array, zeta: Array, low: Array, high: Array, alpha: float, method: str) -> Array:
    """Return the probability that the Fisher z tests at both ends reject, everything on Fisher's scale."""
    error = 1.0 / np.sqrt(n - 3.0)
    if method == "bonett_wright":
        true = error * _widening(zeta)
        first, last = _rejected_above(low, error, alpha), -_rejected_above(-high, error, alpha)
        return ndtr_between((first - zeta) / true, (last - zeta) / true)
    if method in ("fisher_z", "fieller"):
        error = error if method == "fisher_z" else np.sqrt(1.06) * error
        return tost.power((low - zeta) / error, (high - zeta) / error, np.inf, alpha)
    critical = -special.ndtri(alpha) * error
    return exact.between(low + critical, high - critical, n, zeta)


def _widening(zeta: Array) -> Array:
    """Return by how much the standard error of Spearman's z exceeds that at a correlation of 0."""
    return np.asarray(np.sqrt(1.0 + 0.5 * np.square(np.tanh(zeta))))


def _rejected_above(bound: Array, error: Array, alpha: float) -> Array:
    """Return the z from which on a bound is rejected, with the standard error that belongs to that z."""
    shape = np.broadcast_shapes(np.shape(bound), np.shape(error))
    limit, unit = np.broadcast_to(bound, shape).ravel(), np.broadcast_to(error, shape).ravel() * -special.ndtri(alpha)
    some = np.isfinite(limit)
    start = np.where(some, limit, 0.0)

    def gap(z: Array, at: NDArray[np.intp]) -> Array:
        return np.asarray(z - start[at] - unit[at] * _widening(z))

    root = increasing_root(gap, start + np.sqrt(1.5) * unit, np.ones_like(start))
    return np.where(some, root, limit).reshape(shape)


def correlations(value: Any, name: str) -> Array:
    """Return correlations strictly between -1 and 1."""
    return _validate.array(value, name, low=-1.0, high=1.0, open_low=True, open_high=True)


def ends(margin: Array) -> Array:
    """Return ends of a margin on Fisher's scale, infinite at and beyond 1."""
    with np.errstate(divide="ignore"):
        return np.asarray(np.arctanh(np.clip(margin, -1.0, 1.0)))
