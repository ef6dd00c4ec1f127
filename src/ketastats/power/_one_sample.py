"""Power for one mean against a fixed value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .. import _validate
from .._results import Result
from ..numerics import tost
from ._means import ALTERNATIVES, OWEN, PHILLIPS, t_power

__all__ = [
    "OneSampleDetectableResult",
    "OneSamplePowerResult",
    "OneSampleSizeResult",
    "one_sample",
    "one_sample_equivalence",
]

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class OneSamplePowerResult(Result):
    """Probability that a design with one group, or with pairs, rejects at a stated true effect.

    Parameters
    ----------
    power : float or ndarray
        Probability of rejection.
    n : int or ndarray
        People or pairs.
    effect : float or ndarray
        True effect at which the power holds.
    alpha : float
        Level of the test (one-sided for equivalence, two-sided otherwise unless the method says so).
    method : str
        The method that was used.
    references : tuple of str
        Where it was published.
    """

    power: Any
    n: Any
    effect: Any
    alpha: float
    method: str
    references: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OneSampleSizeResult(Result):
    """The fewest people or pairs that reach a power.

    Parameters
    ----------
    n : int or ndarray
        People or pairs, whole numbers.
    power : float or ndarray
        Power that they give.
    target : float
        Power that was asked for.
    alpha : float
        Level of the test.
    method : str
        The method that was used.
    references : tuple of str
        Where it was published.
    """

    n: Any
    power: Any
    target: float
    alpha: float
    method: str
    references: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OneSampleDetectableResult(Result):
    """The smallest effect or margin that one group, or pairs, detect or rule out with a stated power.

    Parameters
    ----------
    value : float or ndarray
        The effect (difference tests) or the symmetric margin (equivalence tests).
    n : int or ndarray
        People or pairs.
    power : float
        Power that was asked for.
    alpha : float
        Level of the test.
    method : str
        The method that was used.
    references : tuple of str
        Where it was published.
    """

    value: Any
    n: Any
    power: float
    alpha: float
    method: str
    references: tuple[str, ...] = ()


def one_sample(
    *,
    n: ArrayLike,
    effect: ArrayLike,
    sd: ArrayLike = 1.0,
    alpha: float = 0.05,
    alternative: str = "two-sided",
) -> OneSamplePowerResult:
    """Return the power of the t test of one mean against a fixed value, exactly.

    Parameters
    ----------
    n : array_like of int
        People, at least 2.
    effect : array_like
        True mean minus the fixed value, in the units of `sd`.
    sd : array_like
        True standard deviation; with 1 the effect is in standard deviations.
    alpha : float
        Level of the test.
    alternative : {"two-sided", "greater", "less"}
        What the test asks. The two-sided power counts rejections on either side.

    Returns
    -------
    OneSamplePowerResult
        The power, with the design.

    Raises
    ------
    InvalidArgument
        If a value is out of range.

    References
    ----------
    .. [1] Owen DB (1965). A special case of a bivariate non-central t-distribution. Biometrika 52, 437-446.
       doi:10.1093/biomet/52.3-4.437

    Examples
    --------
    >>> import ketastats as ks
    >>> print(f"{ks.power.one_sample(n=25, effect=-0.25).power:.4f}")
    0.2245
    """
    return t_test(n, effect, sd, alpha, alternative, ("sd", "t test of one mean"))


def one_sample_equivalence(
    *,
    n: ArrayLike,
    margin: Any,
    effect: ArrayLike = 0.0,
    sd: ArrayLike = 1.0,
    alpha: float = 0.05,
) -> OneSamplePowerResult:
    """Return the power of two one-sided t tests that one mean is equivalent to a fixed value, exactly.

    Parameters
    ----------
    n : array_like of int
        People, at least 2.
    margin : float or pair
        One positive number (symmetric) or a pair, whose ends may be arrays, in the units of `sd`. An infinite end makes
        it noninferiority.
    effect : array_like
        True mean minus the fixed value, in the units of `sd`.
    sd : array_like
        True standard deviation.
    alpha : float
        One-sided level.

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
    .. [1] Phillips KF (1990). Power of the two one-sided tests procedure in bioequivalence. Journal of Pharmacokinetics
       and Biopharmaceutics 18, 137-144. doi:10.1007/BF01063556

    Examples
    --------
    >>> import ketastats as ks
    >>> print(f"{ks.power.one_sample_equivalence(n=20, margin=0.68).power:.3f}")
    0.801
    """
    return equivalence(n, margin, effect, sd, alpha, ("sd", "one mean"))


def t_test(n: Any, effect: Any, sd: Any, alpha: Any, alternative: Any, words: tuple[str, str]) -> OneSamplePowerResult:
    """Return the power of a t test on ``n - 1`` degrees of freedom; `words` name the deviation and the test."""
    size, true, spread = design(n, effect, sd, words[0])
    level = _validate.alpha(alpha)
    side = _validate.choice(alternative, "alternative", ALTERNATIVES)
    return OneSamplePowerResult(
        power=t_power(true / spread * np.sqrt(size), size - 1.0, level, side)[()],
        n=size.astype(np.int64)[()],
        effect=true[()],
        alpha=level,
        method=f"{words[1]}, {side}, exact noncentral t",
        references=(OWEN,),
    )


def equivalence(n: Any, margin: Any, effect: Any, sd: Any, alpha: Any, words: tuple[str, str]) -> OneSamplePowerResult:
    """Return the power of two one-sided t tests on ``n - 1`` degrees of freedom."""
    size, true, spread = design(n, effect, sd, words[0])
    low, high = _validate.margins(margin)
    level = _validate.alpha(alpha)
    size, true, spread, low, high = _validate.broadcast(
        n=size, effect=true, **{words[0]: spread}, margin_low=low, margin_high=high
    )
    unit = spread / np.sqrt(size)
    return OneSamplePowerResult(
        power=tost.power((low - true) / unit, (high - true) / unit, size - 1.0, level)[()],
        n=size.astype(np.int64)[()],
        effect=true[()],
        alpha=level,
        method=f"two one-sided t tests of {words[1]}, exact (integral over the chi density)",
        references=(PHILLIPS, OWEN),
    )


def design(n: Any, effect: Any, sd: Any, name: str) -> list[Array]:
    """Return sizes, true effects and standard deviations, broadcast together."""
    return _validate.broadcast(
        n=_validate.integers(n, "n", low=2).astype(np.float64),
        effect=_validate.array(effect, "effect"),
        **{name: _validate.array(sd, name, low=0.0, open_low=True)},
    )
