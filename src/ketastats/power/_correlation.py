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
from ._means import ALTERNATIVES
from ._one_sample import OneSamplePowerResult

__all__ = ["correlation", "correlation_equivalence"]

#: The smallest sample of each method.
LEAST = {"exact": 3, "fisher_z": 4, "t_fisher_z": 4}
EQUIVALENCE_METHODS = ("fisher_z", "exact")
_FISHER = "Fisher 1921, Metron 1, 3-32"
SOURCES = {
    "exact": ("Hotelling 1953, Journal of the Royal Statistical Society B 15, 193-232",),
    "fisher_z": (_FISHER,),
    "t_fisher_z": (_FISHER, "Cohen 1988, Statistical power analysis, 2nd ed., p. 546"),
}
NAMES = {
    "exact": "t test of a correlation, {}, exact for bivariate normal data",
    "fisher_z": "Fisher z test of a correlation, {}, normal approximation",
    "t_fisher_z": "t test of a correlation, {}, Fisher z approximation with bias term",
}
EQUIVALENCE_NAMES = {
    "fisher_z": "two one-sided Fisher z tests of a correlation, normal approximation",
    "exact": "two one-sided Fisher z tests of a correlation, exact for bivariate normal data",
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
    """Return the power of the test of a Pearson correlation.

    Parameters
    ----------
    n : array_like of int
        Pairs, at least 3 for "exact" and at least 4 else.
    r : array_like
        True correlation, above -1 and below 1.
    null : array_like
        Correlation that the test looks away from; other than 0 only with "fisher_z".
    alpha : float
        Level of the test.
    alternative : {"two-sided", "greater", "less"}
        What the test asks. The two-sided power counts rejections on either side.
    method : {"exact", "fisher_z", "t_fisher_z"}
        The probability that the t test rejects for bivariate normal data; that of the Fisher z test with Fisher's z
        taken as normal; or the t test's critical value with Fisher's z taken as normal about
        ``atanh(r) + r / (2 (n - 1))``, as common programs do.

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
    if way != "fisher_z" and np.any(zero != 0):
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
    method : {"fisher_z", "exact"}
        With Fisher's z taken as normal; or the probability that these very tests reject for bivariate normal data.

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
    if method == "fisher_z":
        away, z = sign * (zeta - zero) * np.sqrt(n - 3.0), special.ndtri(tail)
        power, other = special.ndtr(away + z), special.ndtr(z - away)
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
    """Return the power of two one-sided Fisher z tests, everything on Fisher's scale."""
    error = 1.0 / np.sqrt(n - 3.0)
    if method == "fisher_z":
        return tost.power((low - zeta) / error, (high - zeta) / error, np.inf, alpha)
    critical = -special.ndtri(alpha) * error
    return exact.between(low + critical, high - critical, n, zeta)


def correlations(value: Any, name: str) -> Array:
    """Return correlations strictly between -1 and 1."""
    return _validate.array(value, name, low=-1.0, high=1.0, open_low=True, open_high=True)


def ends(margin: Array) -> Array:
    """Return ends of a margin on Fisher's scale, infinite at and beyond 1."""
    with np.errstate(divide="ignore"):
        return np.asarray(np.arctanh(np.clip(margin, -1.0, 1.0)))
