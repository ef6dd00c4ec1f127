"""Power of one contrast of groups and times in a complete repeated-measures design."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .. import _validate
from .._results import Result
from ..errors import InvalidArgument, InvalidType
from ..numerics import tost
from ._means import ALTERNATIVES, OWEN, PHILLIPS, t_power
from ._repeated import covariance_of, group_sizes, mean_table

__all__ = ["ContrastPower", "groups_by_time_contrast", "groups_by_time_contrast_equivalence"]

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class ContrastPower(Result):
    """Probability that a test of one contrast rejects.

    Parameters
    ----------
    power : float or ndarray
        Probability of rejection.
    effect : float or ndarray
        True value of the contrast.
    standard_error : float or ndarray
        True standard error of its estimate.
    df : float or ndarray
        Degrees of freedom of t: people less groups.
    margin_low, margin_high : float or ndarray
        Ends of the margin; both 0 for a test of no effect.
    alpha : float
        Level of the test.
    method : str
        The method that was used.
    references : tuple of str
        Where it was published.
    """

    power: Any
    effect: Any
    standard_error: Any
    df: Any
    margin_low: Any
    margin_high: Any
    alpha: float
    method: str
    references: tuple[str, ...] = ()


def groups_by_time_contrast(
    *,
    n: Any,
    group_weights: ArrayLike,
    time_weights: ArrayLike,
    means: ArrayLike | None = None,
    effect: ArrayLike | None = None,
    covariance: Any = "random_intercept",
    rho: ArrayLike | None = None,
    sd: ArrayLike = 1.0,
    alternative: str = "two-sided",
    alpha: float = 0.05,
) -> ContrastPower:
    """Return the power of the t test of a contrast in a complete groups by time design, exactly.

    Each person's values are weighed into one score, such as last visit less first, and the mean scores of the groups
    are compared by a t test with the variance pooled over the groups. It is exact for every covariance, which needs to
    be known for the power but not for the test.

    Parameters
    ----------
    n : sequence of int or array_like
        People in each group, one entry per group. Entries may be arrays.
    group_weights : array_like, shape (groups,)
        Weights of the groups' mean scores, such as ``(1, -1)``.
    time_weights : array_like, shape (times,)
        Weights of a person's values, such as ``(-1, 0, 0, 0, 1)`` for the change, or ``(0, 0, 0, 0, 1)`` for the last.
    means : array_like, shape (..., groups, times), optional
        True means, in the units of `sd`.
    effect : array_like, optional
        In place of `means`, the true value of the contrast.
    covariance : {"random_intercept", "ar1"} or array_like, shape (..., times, times)
        Covariance of one person's values, as in `groups_by_time`.
    rho : array_like, optional
        Correlation of a person's values, which has no default.
    sd : array_like
        Standard deviation of one value within a group.
    alternative : {"two-sided", "greater", "less"}
        What the test asks.
    alpha : float
        Level of the test.

    Returns
    -------
    ContrastPower
        The power, with the standard error that the contrast has.

    Raises
    ------
    InvalidArgument
        If a value is out of range.
    InvalidType
        If neither or both of `means` and `effect` are given, or `rho` is missing.

    References
    ----------
    .. [1] Owen DB (1965). A special case of a bivariate non-central t-distribution. Biometrika 52, 437-446.
       doi:10.1093/biomet/52.3-4.437

    Examples
    --------
    A difference of 3 points in the change over five visits:

    >>> import ketastats as ks
    >>> change = {"group_weights": (1, -1), "time_weights": (-1, 0, 0, 0, 1), "rho": 0.5, "sd": 5.0}
    >>> print(f"{ks.power.groups_by_time_contrast(n=(37, 46), effect=3.0, **change).power:.3f}")
    0.766
    """
    true, error, df, name = _contrast(n, group_weights, time_weights, means, effect, covariance, rho, sd)
    level = _validate.alpha(alpha)
    side = _validate.choice(alternative, "alternative", ALTERNATIVES)
    return ContrastPower(
        power=t_power(true / error, df, level, side)[()],
        effect=true[()],
        standard_error=error[()],
        df=df[()],
        margin_low=0.0,
        margin_high=0.0,
        alpha=level,
        method=f"t test of people's scores, {side}, {name}, exact noncentral t",
        references=(OWEN,),
    )


def groups_by_time_contrast_equivalence(
    *,
    n: Any,
    group_weights: ArrayLike,
    time_weights: ArrayLike,
    margin: Any,
    means: ArrayLike | None = None,
    effect: ArrayLike | None = None,
    covariance: Any = "random_intercept",
    rho: ArrayLike | None = None,
    sd: ArrayLike = 1.0,
    alpha: float = 0.05,
) -> ContrastPower:
    """Return the power to show that a contrast in a complete groups by time design lies within a margin, exactly.

    Parameters
    ----------
    n : sequence of int or array_like
        People in each group, one entry per group. Entries may be arrays.
    group_weights : array_like, shape (groups,)
        Weights of the groups' mean scores, such as ``(1, -1)``.
    time_weights : array_like, shape (times,)
        Weights of a person's values, such as ``(-1, 0, 0, 0, 1)`` for the change.
    margin : float or pair
        One positive number (symmetric) or a pair, whose ends may be arrays, in the units of `sd`. An infinite end makes
        it noninferiority.
    means : array_like, shape (..., groups, times), optional
        True means, in the units of `sd`.
    effect : array_like, optional
        In place of `means`, the true value of the contrast.
    covariance : {"random_intercept", "ar1"} or array_like, shape (..., times, times)
        Covariance of one person's values, as in `groups_by_time`.
    rho : array_like, optional
        Correlation of a person's values, which has no default.
    sd : array_like
        Standard deviation of one value within a group.
    alpha : float
        One-sided level.

    Returns
    -------
    ContrastPower
        The probability that both one-sided t tests reject.

    Raises
    ------
    InvalidArgument
        If a value is out of range.
    InvalidType
        If neither or both of `means` and `effect` are given, or `rho` is missing.

    References
    ----------
    .. [1] Phillips KF (1990). Power of the two one-sided tests procedure in bioequivalence. Journal of Pharmacokinetics
       and Biopharmaceutics 18, 137-144. doi:10.1007/BF01063556

    Examples
    --------
    >>> import ketastats as ks
    >>> change = {"group_weights": (1, -1), "time_weights": (-1, 0, 0, 0, 1), "rho": 0.5, "sd": 5.0}
    >>> plan = ks.power.groups_by_time_contrast_equivalence(n=(37, 46), effect=0.0, margin=3.0, **change)
    >>> print(f"{plan.power:.3f}")
    0.706
    """
    true, error, df, name = _contrast(n, group_weights, time_weights, means, effect, covariance, rho, sd)
    low, high = _validate.margins(margin)
    level = _validate.alpha(alpha)
    true, error, df, low, high = _validate.broadcast(
        effect=true, standard_error=error, df=df, margin_low=low, margin_high=high
    )
    return ContrastPower(
        power=tost.power((low - true) / error, (high - true) / error, df, level)[()],
        effect=true[()],
        standard_error=error[()],
        df=df[()],
        margin_low=low[()],
        margin_high=high[()],
        alpha=level,
        method=f"two one-sided t tests of people's scores, {name}, exact (integral over the chi density)",
        references=(PHILLIPS, OWEN),
    )


def _contrast(
    n: Any, group_weights: Any, time_weights: Any, means: Any, effect: Any, covariance: Any, rho: Any, sd: Any
) -> tuple[Array, Array, Array, str]:
    """Return the contrast's true value, its standard error, the degrees of freedom, and the covariance's name."""
    sizes = group_sizes(n)
    groups = sizes.shape[-1]
    across = _weights(group_weights, "group_weights", f"one weight per group, here {groups}", groups)
    along = _weights(time_weights, "time_weights", "one weight per time", None)
    form = covariance_of(covariance, along.size, 0.0 if along.size == 1 and rho is None else rho, sd)
    if (means is None) == (effect is None):
        raise InvalidType(
            "means", means, "either means or effect", "Give one of means and effect, not both or neither."
        )
    if effect is None:
        table = mean_table(means, groups)
        if table.shape[-1] != along.size:
            raise InvalidArgument(
                "means", f"an array of shape {table.shape}", f"{along.size} columns, as in time_weights"
            )
        true = np.asarray((table @ along) @ across)
    else:
        true = _validate.array(effect, "effect")
    variance = np.asarray(along @ form.matrix @ along)
    precision = np.sum(np.square(across) / sizes, axis=-1)
    df = np.sum(sizes, axis=-1) - groups
    true, variance, precision, df = _validate.broadcast(effect=true, covariance=variance, n=precision, df=df)
    return true, np.sqrt(variance * precision), df, form.name


def _weights(value: Any, name: str, allowed: str, size: int | None) -> Array:
    weights = _validate.array(value, name)
    if weights.ndim != 1 or (size is not None and weights.size != size):
        raise InvalidArgument(name, value, allowed)
    if not np.any(weights):
        raise InvalidArgument(name, value, f"{allowed}, not all of them 0")
    return weights
