"""Power of equivalence of a ratio of two means by Fieller's method."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .. import _validate
from ..errors import InvalidArgument
from ..numerics import noncentral_t, student_t
from ..numerics.bivariate import power_of_both
from ._base import PowerResult

__all__ = ["fieller_equivalence"]

Array = NDArray[np.float64]

_NAMES = {
    "parallel": "two one-sided Fieller tests of a ratio of means, two groups, exact (bivariate noncentral t)",
    "2x2": "two one-sided Fieller tests of a ratio of means, 2x2 crossover, bivariate noncentral t with one standard "
    "deviation for both tests",
}
_HAUSCHKE = "Hauschke et al. 1999, Statistics in Medicine 18, 93-105"
_SASABUCHI = "Sasabuchi 1988, Memoirs of the Faculty of Science, Kyushu University A 42, 9-18"


def fieller_equivalence(
    *,
    n1: ArrayLike,
    n2: ArrayLike,
    margin: Any,
    cv: ArrayLike,
    cv_between: ArrayLike = 0.0,
    ratio: ArrayLike = 1.0,
    design: str = "2x2",
    alpha: float = 0.05,
) -> PowerResult:
    """Return the power to establish by Fieller's method that a ratio of two means of normal data lies in a range.

    Parameters
    ----------
    n1, n2 : array_like of int
        People in each sequence of treatments; in the parallel design those with the treatment and with the reference.
    margin : float or pair
        One number above 1, such as 1.25, for ``1 / margin`` to ``margin``, or a pair of ratios, whose ends may be
        arrays; ``(0.8, inf)`` makes it noninferiority.
    cv : array_like
        Standard deviation over the mean of the reference: that within people in the crossover, that of people in the
        parallel design.
    cv_between : array_like
        The same of the differences between people, in the crossover only.
    ratio : array_like
        True mean of the treatment over that of the reference; the `effect` of the result.
    design : {"2x2", "parallel"}
        Two treatments in two sequences over two periods, or two groups.
    alpha : float
        One-sided level.

    Returns
    -------
    PowerResult
        The probability that both tests reject, with the design. In the parallel design it is exact. In the crossover
        each test has an estimated standard deviation of its own; here, as in the tables that are in use, both
        share one.

    Raises
    ------
    InvalidArgument
        If a value is out of range, or a parallel design is told of people's differences twice.

    References
    ----------
    .. [1] Hauschke D, Kieser M, Diletti E, Burke M (1999). Sample size determination for proving equivalence based on
       the ratio of two means for normally distributed data. Statistics in Medicine 18, 93-105.
    .. [2] Sasabuchi S (1988). A multivariate test with composite hypotheses determined by linear inequalities when the
       covariance matrix has an unknown scale factor. Memoirs of the Faculty of Science, Kyushu University A 42, 9-18.

    Examples
    --------
    >>> import ketastats as ks
    >>> design = {"n1": 14, "n2": 14, "cv": 0.2, "cv_between": 0.4, "ratio": 0.95}
    >>> print(f"{ks.power.fieller_equivalence(**design, margin=1.25, alpha=0.025).power:.4f}")
    0.8078
    """
    way = _validate.choice(design, "design", _NAMES)
    low, high = _validate.margins(margin, ratio=True)
    level = _validate.alpha(alpha)
    size1, size2, true, within, between, low, high = _validate.broadcast(
        n1=_validate.integers(n1, "n1", low=1).astype(np.float64),
        n2=_validate.integers(n2, "n2", low=1).astype(np.float64),
        ratio=_validate.array(ratio, "ratio", low=0.0, open_low=True),
        cv=_validate.array(cv, "cv", low=0.0, open_low=True),
        cv_between=_validate.array(cv_between, "cv_between", low=0.0),
        margin_low=low,
        margin_high=high,
    )
    if np.any(size1 + size2 < 3):
        raise InvalidArgument("n1", 1, "n1 + n2 of at least 3", "Two people leave no degrees of freedom.")
    if way == "parallel" and np.any(between > 0):
        remedy = "Give the coefficient of variation of people as cv."
        raise InvalidArgument("cv_between", float(np.max(between)), "0 in a parallel design", remedy)
    flat = [value.ravel() for value in (size1, size2, true, within, between, low, high)]
    return PowerResult(
        power=_power(*flat, alpha=level, design=way).reshape(true.shape)[()],
        n1=size1.astype(np.int64)[()],
        n2=size2.astype(np.int64)[()],
        effect=true[()],
        alpha=level,
        method=_NAMES[way],
        references=(_HAUSCHKE, _SASABUCHI),
    )


def _power(
    n1: Array,
    n2: Array,
    true: Array,
    within: Array,
    between: Array,
    low: Array,
    high: Array,
    *,
    alpha: float,
    design: str,
) -> Array:
    df = n1 + n2 - 2.0
    # Variances of the mean of the treatment and of the reference, and their covariance, in units of the reference.
    with np.errstate(over="ignore"):
        if design == "parallel":
            own1, own2, together = np.square(within) / n1, np.square(within) / n2, np.zeros_like(true)
        else:
            share = 0.25 * (1.0 / n1 + 1.0 / n2)
            together = np.square(between) * share
            own1 = own2 = np.square(within) * share
    var1, var2 = own1 + together, own2 + together
    top = np.where(np.isfinite(high), high, 1.0)
    first, second = (np.sqrt(var1 + end * end * var2 - 2.0 * end * together) for end in (low, top))
    ncp1, ncp2 = (true - low) / first, (top - true) / second
    # Both contrasts are tested upwards, so the second has the other sign.
    rho = -(var1 + low * top * var2 - (low + top) * together) / (first * second)
    rest = np.abs(top - low) * np.sqrt(own1 * own2 + (own1 + own2) * together) / (first * second)
    out = noncentral_t.sf(student_t.isf(alpha, df), df, ncp1)
    (at,) = np.nonzero(np.isfinite(high))
    out[at] = power_of_both(ncp1[at], ncp2[at], rho[at], rest[at], df[at], alpha)
    return out
