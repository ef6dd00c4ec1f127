"""Power of equivalence of two means whose standard deviations differ."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from .. import _validate
from ..numerics import tost
from ..numerics.welch_power import welch_power
from ._base import PowerResult, SampleSizeResult
from ._means import OWEN, PHILLIPS
from ._solve_means import _sized, normal_precision, second_size
from ._solve_one_sample import refuse_margin

__all__ = ["NAMES", "WELCH", "means_welch_equivalence", "size_welch_equivalence", "welch_within"]

Array = NDArray[np.float64]
Index = NDArray[np.intp]

NAMES = {
    "exact": "two one-sided Welch tests, exact (integrals over both standard deviations)",
    "normal": "two one-sided z tests with standard deviations known, normal approximation to Welch's test",
}
WELCH = "Welch 1947, doi:10.1093/biomet/34.1-2.28"
_SOURCES = (PHILLIPS, OWEN, WELCH)


def means_welch_equivalence(
    *,
    n1: ArrayLike,
    n2: ArrayLike,
    margin: Any,
    sd1: ArrayLike,
    sd2: ArrayLike,
    effect: ArrayLike = 0.0,
    alpha: float = 0.05,
    method: str = "exact",
) -> PowerResult:
    """Return the power of two one-sided Welch tests of the equivalence of two means with unequal deviations.

    Parameters
    ----------
    n1, n2 : array_like of int
        People in each group, at least 2.
    margin : float or pair
        One positive number (symmetric) or a pair, whose ends may be arrays, in the units of the means. An infinite end
        makes it noninferiority.
    sd1, sd2 : array_like
        True standard deviations of people in group 1 and in group 2.
    effect : array_like
        True difference, group 1 minus group 2.
    alpha : float
        One-sided level.
    method : {"exact", "normal"}
        The probability that Welch's tests reject for normal data; or the approximation that takes the standard
        deviations as known, which promises too much for small groups.

    Returns
    -------
    PowerResult
        The probability that both tests reject, with the design.

    Raises
    ------
    InvalidArgument
        If a value is out of range.

    References
    ----------
    .. [1] Welch BL (1947). The generalization of Student's problem when several different population variances are
       involved. Biometrika 34, 28-35. doi:10.1093/biomet/34.1-2.28
    .. [2] Phillips KF (1990). Power of the two one-sided tests procedure in bioequivalence. Journal of Pharmacokinetics
       and Biopharmaceutics 18, 137-144. doi:10.1007/BF01063556

    Examples
    --------
    >>> import ketastats as ks
    >>> for method in ("exact", "normal"):
    ...     plan = ks.power.means_welch_equivalence(n1=37, n2=46, margin=2.0, sd1=2.6, sd2=4.1, method=method)
    ...     print(f"{method}: {plan.power:.4f}")
    exact: 0.6981
    normal: 0.7093
    """
    way = _validate.choice(method, "method", NAMES)
    level = _validate.alpha(alpha)
    low, high = _validate.margins(margin)
    size1, size2, true, first, second, low, high = _validate.broadcast(
        n1=_validate.integers(n1, "n1", low=2).astype(np.float64),
        n2=_validate.integers(n2, "n2", low=2).astype(np.float64),
        effect=_validate.array(effect, "effect"),
        sd1=_deviation(sd1, "sd1"),
        sd2=_deviation(sd2, "sd2"),
        margin_low=low,
        margin_high=high,
    )
    flat = [array.ravel() for array in (low - true, high - true, first, second, size1, size2)]
    return PowerResult(
        power=_power(*flat, alpha=level, method=way).reshape(true.shape)[()],
        n1=size1.astype(np.int64)[()],
        n2=size2.astype(np.int64)[()],
        effect=true[()],
        alpha=level,
        method=NAMES[way],
        references=_SOURCES,
    )


def size_welch_equivalence(
    target: float,
    alpha: float,
    ratio: float,
    *,
    margin: Any,
    sd1: Any,
    sd2: Any,
    effect: Any = 0.0,
    method: str = "exact",
) -> SampleSizeResult:
    """Return the sample size of two one-sided Welch tests."""
    way = _validate.choice(method, "method", NAMES)
    low, high = _validate.margins(margin)
    true, first, second, low, high = _validate.broadcast(
        effect=_validate.array(effect, "effect"),
        sd1=_deviation(sd1, "sd1"),
        sd2=_deviation(sd2, "sd2"),
        margin_low=low,
        margin_high=high,
    )
    refuse_margin(true, low, high, target, alpha)
    below, above = low - true, high - true

    def power(n1: Array, at: Index) -> Array:
        parts = [value.flat[at] for value in (below, above, first, second)]
        sizes = [n1, second_size(n1, ratio)]
        return _power(*parts, *sizes, alpha=alpha, method=way)

    unit = np.hypot(first, second / np.sqrt(ratio))
    tail = special.ndtri(alpha)
    near, far = np.minimum(-below, above) / unit, np.maximum(-below, above) / unit
    guess = np.square(normal_precision(near, far, tail, target))
    return _sized(power, guess, target, alpha, ratio, NAMES[way], _SOURCES)


def welch_within(
    ends: tuple[Array, Array],
    deviations: tuple[Array, Array],
    sizes: tuple[Array, Array],
    alpha: float,
    method: str,
) -> Array:
    """Return the probability that the tests at both ends, less the true difference, reject; everything broadcasts."""
    arrays = np.broadcast_arrays(*ends, *deviations, *sizes)
    flat = [np.array(array, dtype=np.float64).ravel() for array in arrays]
    return _power(*flat, alpha=alpha, method=method).reshape(arrays[0].shape)


def _power(
    low: Array, high: Array, sd1: Array, sd2: Array, n1: Array, n2: Array, *, alpha: float, method: str
) -> Array:
    # In units of the larger deviation no square overflows.
    unit = np.maximum(sd1, sd2)
    low, high, sd1, sd2 = low / unit, high / unit, sd1 / unit, sd2 / unit
    if method == "exact":
        return welch_power((low, high), (np.square(sd1), np.square(sd2)), (n1, n2), alpha)
    error = np.hypot(sd1 / np.sqrt(n1), sd2 / np.sqrt(n2))
    return tost.power(low / error, high / error, np.inf, alpha)


def _deviation(value: Any, name: str) -> Array:
    return _validate.array(value, name, low=0.0, open_low=True)
