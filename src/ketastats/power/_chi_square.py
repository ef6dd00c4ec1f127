"""Power of chi-square tests of fit and of tables, from Cohen's w."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from .. import _validate
from .._results import Result
from ..errors import NoSolution
from ..numerics import noncentral_chi2
from ..numerics.rootfinding import increasing_root
from ._one_sample import OneSampleDetectableResult, OneSampleSizeResult
from ._solve_one_sample import fewest, refuse_ratio

__all__ = ["ChiSquarePowerResult", "chi_square", "detectable_w", "size_chi_square"]

Array = NDArray[np.float64]
Index = NDArray[np.intp]

_METHOD = "chi-square test, large-sample noncentral chi-squared distribution"
_SOURCES = (
    "Cohen 1988, Statistical power analysis, 2nd ed., chapter 7",
    "Patnaik 1949, doi:10.1093/biomet/36.1-2.202",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChiSquarePowerResult(Result):
    """Probability that a chi-square test rejects.

    Parameters
    ----------
    power : float or ndarray
        Probability of rejection.
    df : float or ndarray
        Degrees of freedom of the test.
    w : float or ndarray
        True effect at which the power holds.
    n : int or ndarray
        People in all.
    alpha : float
        Level of the test.
    method : str
        The method that was used.
    references : tuple of str
        Where it was published.
    """

    power: Any
    df: Any
    w: Any
    n: Any
    alpha: float
    method: str
    references: tuple[str, ...] = ()


def chi_square(*, df: ArrayLike, w: ArrayLike, n: ArrayLike, alpha: float = 0.05) -> ChiSquarePowerResult:
    """Return the power of a chi-square test of fit or of a contingency table, for large samples.

    For two groups and two outcomes `proportions` has the exact power.

    Parameters
    ----------
    df : array_like
        Degrees of freedom: cells less one for a test of fit, ``(rows - 1) (columns - 1)`` for a table.
    w : array_like
        Cohen's w, the root of the sum over cells of ``(p1 - p0)**2 / p0``, with the true shares p1 and those under the
        null p0. In a 2x2 table it is the true phi.
    n : array_like of int
        People in all.
    alpha : float
        Level of the test.

    Returns
    -------
    ChiSquarePowerResult
        The power, with the design.

    Raises
    ------
    InvalidArgument
        If a value is out of range.

    References
    ----------
    .. [1] Cohen J (1988). Statistical power analysis for the behavioral sciences, 2nd ed., chapter 7. Erlbaum.
    .. [2] Patnaik PB (1949). The non-central chi-square and F-distributions and their applications. Biometrika 36,
       202-232. doi:10.1093/biomet/36.1-2.202

    Examples
    --------
    >>> import ketastats as ks
    >>> print(f"{ks.power.chi_square(df=1, w=0.3, n=83).power:.3f}")
    0.780
    """
    freedom, effect, size = _validate.broadcast(
        df=_freedom(df), w=_effect(w), n=_validate.integers(n, "n", low=1).astype(np.float64)
    )
    level = _validate.alpha(alpha)
    return ChiSquarePowerResult(
        power=_power(freedom, effect, size, level)[()],
        df=freedom[()],
        w=effect[()],
        n=size.astype(np.int64)[()],
        alpha=level,
        method=_METHOD,
        references=_SOURCES,
    )


def size_chi_square(target: float, alpha: float, ratio: float, *, df: Any, w: Any) -> OneSampleSizeResult:
    """Return the number of people of a chi-square test."""
    refuse_ratio(ratio)
    freedom, effect = _validate.broadcast(df=_freedom(df), w=_effect(w))
    if np.any(effect == 0):
        raise NoSolution(f"no sample reaches power {target:g}: w is 0, and the power stays alpha = {alpha:g}", alpha)

    def power(n: Array, at: Index) -> Array:
        return _power(freedom.flat[at], effect.flat[at], n, alpha)

    need = _noncentrality(freedom, target, alpha) if target > alpha else np.zeros_like(freedom)
    guess = need / np.square(effect)
    return fewest(power, guess, target, alpha, 1, _METHOD, _SOURCES)


def detectable_w(target: float, alpha: float, *, df: Any, n: Any) -> OneSampleDetectableResult:
    """Return the smallest w that a chi-square test detects."""
    freedom, size = _validate.broadcast(df=_freedom(df), n=_validate.integers(n, "n", low=1).astype(np.float64))
    return OneSampleDetectableResult(
        value=np.sqrt(_noncentrality(freedom, target, alpha) / size)[()],
        n=size.astype(np.int64)[()],
        power=target,
        alpha=alpha,
        method=_METHOD,
        references=_SOURCES,
    )


def _power(df: Array, w: Array, n: Array, alpha: float) -> Array:
    with np.errstate(over="ignore"):
        ncp = np.minimum(n * np.square(w), 1e300)
    return noncentral_chi2.sf(noncentral_chi2.isf(alpha, df), df, ncp)


def _noncentrality(df: Array, target: float, alpha: float) -> Array:
    """Return the noncentrality at which the test has the power."""
    if target <= alpha:
        raise NoSolution(f"power {target:g} needs no effect: the level alpha = {alpha:g} reaches it", nearest=0.0)
    flat = df.ravel()
    critical, goal = noncentral_chi2.isf(alpha, flat), special.ndtri(target)

    def gap(root: Array, at: Index) -> Array:
        value = special.ndtri(noncentral_chi2.sf(critical[at], flat[at], np.square(np.maximum(root, 0.0))))
        return np.asarray(np.clip(value, -38.0, 38.0) - goal + np.minimum(root, 0.0))

    # On the scale of the root the power rises like a normal probability.
    start = np.sqrt(np.maximum(critical - flat + 1.0, 1.0)) + max(float(goal), 0.0)
    return np.square(increasing_root(gap, start, np.ones_like(flat))).reshape(df.shape)


def _freedom(df: Any) -> Array:
    return _validate.array(df, "df", low=0.0, open_low=True, high=1e6)


def _effect(w: Any) -> Array:
    return _validate.array(w, "w", low=0.0)
