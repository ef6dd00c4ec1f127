"""Small telescopes: could the original study have seen the effect that the replication shows?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from .. import _validate
from .._results import Result
from ..errors import InvalidArgument, NoSolution
from ..numerics import correlation_density, noncentral_t, student_t
from ..numerics.rootfinding import increasing_root

__all__ = [
    "SmallEffect",
    "SmallTelescopes",
    "small_effect",
    "small_effect_correlation",
    "small_telescopes",
    "small_telescopes_correlation",
]

FloatArray = NDArray[np.float64]
IndexArray = NDArray[np.intp]

_SIMONSOHN = "Simonsohn 2015, doi:10.1177/0956797614567341"


@dataclass(frozen=True, slots=True, kw_only=True)
class SmallEffect(Result):
    """The effect that a study of a given size detects with little power.

    Parameters
    ----------
    effect : float or ndarray
        Standardised mean difference or correlation; positive.
    power : float
        Power of the two-sided test against it.
    alpha : float
        Two-sided error rate of that test.
    method : str
        The method that was used.
    references : tuple of str
        Where it was published.
    """

    effect: Any
    power: float
    alpha: float
    method: str
    references: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SmallTelescopes(Result):
    """Whether a replication finds an effect too small for the original study to have seen.

    Parameters
    ----------
    small_effect : float or ndarray
        The effect against which the original study had the stated power; it has the sign of the claimed direction.
    replication_effect : float or ndarray
        Effect that the replication observed, on the same scale.
    pvalue : float or ndarray
        Probability of an observed effect at most as large as the replication's, if the true one were the small effect.
        Below the error rate the true effect is smaller than the original could see.
    power : float
        Power of the original study against the small effect.
    alpha : float
        Two-sided error rate of the original test.
    method : str
        The method that was used.
    references : tuple of str
        Where it was published.
    """

    small_effect: Any
    replication_effect: Any
    pvalue: Any
    power: float
    alpha: float
    method: str
    references: tuple[str, ...] = ()


def small_effect(
    n1: ArrayLike, n2: ArrayLike | None = None, *, power: float = 0.33, alpha: float = 0.05
) -> SmallEffect:
    """Return the standardised difference that a study of this size detects with the stated power, 33 % by custom.

    Parameters
    ----------
    n1 : array_like of int
        People in group 1, or pairs, or the people of a single sample.
    n2 : array_like of int, optional
        People in group 2; left out for paired differences and single samples.
    power : float
        Power of the two-sided t test, above alpha.
    alpha : float
        Two-sided error rate, at most 0.5.

    Returns
    -------
    SmallEffect
        The effect, of the shape of the sizes.

    Raises
    ------
    InvalidArgument
        If a sample leaves no degrees of freedom, or power or alpha is no probability.
    NoSolution
        If the power is not above alpha: no effect has it.

    References
    ----------
    .. [1] Simonsohn U (2015). Small telescopes: detectability and the evaluation of replication results. Psychological
       Science 26, 559-569. doi:10.1177/0956797614567341

    Examples
    --------
    >>> import ketastats as ks
    >>> print(f"{ks.evidence.small_effect(20, 20).effect:.3f}")
    0.493
    """
    level, goal = _levels(power, alpha)
    shape, size, df = _groups(n1, n2, "")
    return SmallEffect(
        effect=_small_d(size, df, level, goal).reshape(shape)[()],
        power=goal,
        alpha=level,
        method="effect of low power, two-sided t test, exact noncentral t",
        references=(_SIMONSOHN,),
    )


def small_effect_correlation(n: ArrayLike, *, power: float = 0.33, alpha: float = 0.05) -> SmallEffect:
    """Return the correlation that a study of this size detects with the stated power, 33 % by custom.

    Parameters
    ----------
    n : array_like of int
        Pairs of observations, at least 3.
    power : float
        Power of the two-sided test of no correlation, above alpha.
    alpha : float
        Two-sided error rate, at most 0.5.

    Returns
    -------
    SmallEffect
        The correlation, of the shape of `n`.

    Raises
    ------
    InvalidArgument
        If a sample has fewer than three pairs, or power or alpha is no probability.
    NoSolution
        If the power is not above alpha: no correlation has it.

    References
    ----------
    .. [1] Simonsohn U (2015). Small telescopes: detectability and the evaluation of replication results. Psychological
       Science 26, 559-569. doi:10.1177/0956797614567341

    Examples
    --------
    >>> import ketastats as ks
    >>> print(f"{ks.evidence.small_effect_correlation(150).effect:.3f}")
    0.124
    """
    level, goal = _levels(power, alpha)
    size = _validate.integers(n, "n", low=3)
    return SmallEffect(
        effect=np.tanh(_small_zeta(np.ravel(size).astype(np.float64), level, goal)).reshape(size.shape)[()],
        power=goal,
        alpha=level,
        method="correlation of low power, two-sided t test, exact distribution of r",
        references=(_SIMONSOHN,),
    )


def small_telescopes(
    *,
    t: ArrayLike,
    n1: ArrayLike,
    n2: ArrayLike | None = None,
    original_n1: ArrayLike,
    original_n2: ArrayLike | None = None,
    direction: str = "greater",
    power: float = 0.33,
    alpha: float = 0.05,
) -> SmallTelescopes:
    """Return whether a replication's t statistic shows an effect that the original study could not have seen.

    Parameters
    ----------
    t : array_like
        Student's t statistic of the replication, group 1 minus group 2.
    n1 : array_like of int
        People in group 1 of the replication, or pairs, or the people of a single sample.
    n2 : array_like of int, optional
        People in group 2 of the replication; left out for paired differences and single samples.
    original_n1 : array_like of int
        People in group 1 of the original, or pairs, or the people of a single sample.
    original_n2 : array_like of int, optional
        People in group 2 of the original; left out for paired differences and single samples.
    direction : {"greater", "less"}
        Sign of the effect that the original claimed.
    power : float
        Power of the original study against the small effect, above alpha.
    alpha : float
        Two-sided error rate of the original test, at most 0.5.

    Returns
    -------
    SmallTelescopes
        The small effect, the observed one, and the one-sided p of an observed effect so small.

    Raises
    ------
    InvalidArgument
        If a statistic is not finite, a sample leaves no degrees of freedom, or power or alpha is no probability.
    NoSolution
        If the power is not above alpha: no effect has it.

    References
    ----------
    .. [1] Simonsohn U (2015). Small telescopes: detectability and the evaluation of replication results. Psychological
       Science 26, 559-569. doi:10.1177/0956797614567341

    Examples
    --------
    >>> import ketastats as ks
    >>> result = ks.evidence.small_telescopes(t=0.3, n1=100, n2=100, original_n1=20, original_n2=20)
    >>> print(f"d = {result.replication_effect:.2f} against {result.small_effect:.2f}: p = {result.pvalue:.4f}")
    d = 0.04 against 0.49: p = 0.0007
    """
    level, goal = _levels(power, alpha)
    sign = 1.0 if _validate.choice(direction, "direction", ("greater", "less")) == "greater" else -1.0
    first, size, df = _groups(n1, n2, "")
    second, original_size, original_df = _groups(original_n1, original_n2, "original_")
    small = _small_d(original_size, original_df, level, goal).reshape(second)
    values = _validate.broadcast(
        t=_validate.array(t, "t"), n1=size.reshape(first), df=df.reshape(first), original_n1=small
    )
    statistic, effective, degrees, effect = values
    pvalue = noncentral_t.cdf(sign * statistic, degrees, effect * np.sqrt(effective))
    return SmallTelescopes(
        small_effect=(sign * effect)[()],
        replication_effect=np.asarray(statistic / np.sqrt(effective))[()],
        pvalue=np.asarray(pvalue)[()],
        power=goal,
        alpha=level,
        method="small telescopes, t test, exact noncentral t",
        references=(_SIMONSOHN,),
    )


def small_telescopes_correlation(
    *,
    r: ArrayLike,
    n: ArrayLike,
    original_n: ArrayLike,
    direction: str = "greater",
    power: float = 0.33,
    alpha: float = 0.05,
) -> SmallTelescopes:
    """Return whether a replication shows a correlation that the original study could not have seen.

    Parameters
    ----------
    r : array_like
        Correlation in the replication, between -1 and 1.
    n : array_like of int
        Pairs of observations in the replication, at least 3.
    original_n : array_like of int
        Pairs of observations in the original study, at least 3.
    direction : {"greater", "less"}
        Sign of the correlation that the original claimed.
    power : float
        Power of the original study against the small correlation, above alpha.
    alpha : float
        Two-sided error rate of the original test, at most 0.5.

    Returns
    -------
    SmallTelescopes
        The small correlation, the observed one, and the one-sided p of an observed correlation so small.

    Raises
    ------
    InvalidArgument
        If a correlation is not between -1 and 1, a sample has fewer than three pairs, or power or alpha is no
        probability.
    NoSolution
        If the power is not above alpha: no correlation has it.

    References
    ----------
    .. [1] Simonsohn U (2015). Small telescopes: detectability and the evaluation of replication results. Psychological
       Science 26, 559-569. doi:10.1177/0956797614567341

    Examples
    --------
    >>> import ketastats as ks
    >>> result = ks.evidence.small_telescopes_correlation(r=0.02, n=1000, original_n=150)
    >>> print(f"{result.small_effect:.3f}, p = {result.pvalue:.4f}")
    0.124, p = 0.0005
    """
    level, goal = _levels(power, alpha)
    sign = 1.0 if _validate.choice(direction, "direction", ("greater", "less")) == "greater" else -1.0
    values = _validate.broadcast(
        r=_validate.array(r, "r", low=-1.0, high=1.0, open_low=True, open_high=True),
        n=_validate.integers(n, "n", low=3),
        original_n=_validate.integers(original_n, "original_n", low=3),
    )
    observed, size, original = (np.ravel(value).astype(np.float64) for value in values)
    # On Fisher's scale, where a correlation that rounds to one is still finite.
    small = _small_zeta(original, level, goal)
    # P(R < r) at a positive correlation is P(R > -r) at the negative one.
    log_p = correlation_density.log_sf(-sign * np.arctanh(observed), size, -small)
    shape = values[0].shape
    return SmallTelescopes(
        small_effect=(sign * np.tanh(small)).reshape(shape)[()],
        replication_effect=observed.reshape(shape)[()],
        pvalue=np.exp(log_p).reshape(shape)[()],
        power=goal,
        alpha=level,
        method="small telescopes, correlation, exact distribution of r",
        references=(_SIMONSOHN,),
    )


def _levels(power: float, alpha: float) -> tuple[float, float]:
    level, goal = _validate.alpha(alpha), _validate.level(power, "power")
    if goal <= level:
        raise NoSolution(
            f"power {goal:g} needs no effect: the two-sided level alpha = {level:g} reaches it", nearest=level
        )
    return level, goal


def _groups(n1: ArrayLike, n2: ArrayLike | None, prefix: str) -> tuple[tuple[int, ...], FloatArray, FloatArray]:
    """Return the shape of the sizes, and flat arrays of effective size and degrees of freedom."""
    first = _validate.integers(n1, f"{prefix}n1", low=1 if n2 is not None else 2).astype(np.float64)
    if n2 is None:
        return first.shape, first.ravel(), first.ravel() - 1.0
    second = _validate.integers(n2, f"{prefix}n2", low=1).astype(np.float64)
    first, second = _validate.broadcast(**{f"{prefix}n1": first, f"{prefix}n2": second})
    if np.any(first + second < 3):
        raise InvalidArgument(f"{prefix}n1", 1, "n1 + n2 of at least 3", "Two people leave no degrees of freedom.")
    size = first * (second / (first + second))
    return first.shape, size.ravel(), (first + second - 2.0).ravel()


def _small_d(size: FloatArray, df: FloatArray, alpha: float, power: float) -> FloatArray:
    critical = student_t.isf(0.5 * alpha, df)
    goal = special.ndtri(power)

    def gap(ncp: FloatArray, at: IndexArray) -> FloatArray:
        away = np.maximum(ncp, 0.0)
        log_power = np.logaddexp(
            noncentral_t.logsf(critical[at], df[at], away), noncentral_t.logsf(critical[at], df[at], -away)
        )
        return np.asarray(special.ndtri_exp(np.minimum(log_power, -1e-300)) - goal + np.minimum(ncp, 0.0))

    start = np.maximum(-special.ndtri(0.5 * alpha) + goal, 0.1)
    return np.asarray(increasing_root(gap, np.full_like(size, start), np.ones_like(size)) / np.sqrt(size))


def _small_zeta(n: FloatArray, alpha: float, power: float) -> FloatArray:
    # atanh of the critical correlation t / sqrt(t^2 + df)
    critical = np.arcsinh(student_t.isf(0.5 * alpha, n - 2.0) / np.sqrt(n - 2.0))
    goal, scale = special.ndtri(power), np.sqrt(n - 2.0)

    def gap(scaled: FloatArray, at: IndexArray) -> FloatArray:
        zeta = np.maximum(scaled, 0.0) / scale[at]
        log_power = np.logaddexp(
            correlation_density.log_sf(critical[at], n[at], zeta),
            correlation_density.log_sf(critical[at], n[at], -zeta),
        )
        return np.asarray(special.ndtri_exp(np.minimum(log_power, -1e-300)) - goal + np.minimum(scaled, 0.0))

    start = np.maximum(critical * scale + goal, 0.1)
    return np.asarray(increasing_root(gap, start, np.ones_like(n)) / scale)
