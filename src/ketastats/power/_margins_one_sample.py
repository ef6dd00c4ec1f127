"""Power of one-directional and minimum-effect tests of one mean and of paired means, exactly."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..numerics import tost
from ._means import OWEN
from ._noun import Noun, ask_minimum_effect, ask_noninferiority, ask_superiority
from ._one_sample import OneSamplePowerResult
from ._one_sample import design as read_design

__all__ = [
    "one_sample_minimum_effect",
    "one_sample_noninferiority",
    "one_sample_superiority",
    "paired_minimum_effect",
    "paired_noninferiority",
    "paired_superiority",
]

Array = NDArray[np.float64]


def one_sample_noninferiority(
    *,
    n: ArrayLike,
    margin: ArrayLike,
    higher_is_better: bool,
    effect: ArrayLike = 0.0,
    sd: ArrayLike = 1.0,
    alpha: float = 0.05,
) -> OneSamplePowerResult:
    """Return the power to show that one mean is not worse than a fixed value by a margin, exactly.

    Parameters
    ----------
    n : array_like of int
        People, at least 2.
    margin : array_like
        How much worse is still acceptable, positive, in the units of `sd`.
    higher_is_better : bool
        Whether larger values are the good ones.
    effect : array_like
        True mean minus the fixed value, in the units of `sd`.
    sd : array_like
        True standard deviation.
    alpha : float
        One-sided level; confirmatory trials often use 0.025.

    Returns
    -------
    OneSamplePowerResult
        The power of the one-sided test at the margin, with the design.

    Raises
    ------
    InvalidType
        If the direction is not said.
    InvalidArgument
        If a value is out of range.

    References
    ----------
    .. [1] Piaggio G, Elbourne DR, Pocock SJ, Evans SJW, Altman DG (2012). Reporting of noninferiority and equivalence
       randomized trials: extension of the CONSORT 2010 statement. JAMA 308, 2594-2604. doi:10.1001/jama.2012.87802
    .. [2] Owen DB (1965). A special case of a bivariate non-central t-distribution. Biometrika 52, 437-446.
       doi:10.1093/biomet/52.3-4.437

    Examples
    --------
    >>> import ketastats as ks
    >>> plan = ks.power.one_sample_noninferiority(n=40, margin=0.4, higher_is_better=True)
    >>> print(f"{plan.power:.3f}")
    0.800
    """
    design = _design(n, effect, sd, "sd", "one mean")
    answer: OneSamplePowerResult = ask_noninferiority(design, margin, higher_is_better, alpha)
    return answer


def one_sample_superiority(
    *,
    n: ArrayLike,
    margin: ArrayLike,
    higher_is_better: bool,
    effect: ArrayLike,
    sd: ArrayLike = 1.0,
    alpha: float = 0.05,
) -> OneSamplePowerResult:
    """Return the power to show that one mean is better than a fixed value by more than a margin, exactly.

    Parameters
    ----------
    n : array_like of int
        People, at least 2.
    margin : array_like
        How much better is not yet enough, at least 0, in the units of `sd`.
    higher_is_better : bool
        Whether larger values are the good ones.
    effect : array_like
        True mean minus the fixed value, in the units of `sd`.
    sd : array_like
        True standard deviation.
    alpha : float
        One-sided level; confirmatory trials often use 0.025.

    Returns
    -------
    OneSamplePowerResult
        The power of the one-sided test at the margin, with the design.

    Raises
    ------
    InvalidType
        If the direction is not said.
    InvalidArgument
        If a value is out of range.

    References
    ----------
    .. [1] Piaggio G, Elbourne DR, Pocock SJ, Evans SJW, Altman DG (2012). Reporting of noninferiority and equivalence
       randomized trials: extension of the CONSORT 2010 statement. JAMA 308, 2594-2604. doi:10.1001/jama.2012.87802
    .. [2] Owen DB (1965). A special case of a bivariate non-central t-distribution. Biometrika 52, 437-446.
       doi:10.1093/biomet/52.3-4.437

    Examples
    --------
    >>> import ketastats as ks
    >>> plan = ks.power.one_sample_superiority(n=40, margin=0.2, higher_is_better=True, effect=0.6)
    >>> print(f"{plan.power:.3f}")
    0.800
    """
    design = _design(n, effect, sd, "sd", "one mean")
    answer: OneSamplePowerResult = ask_superiority(design, margin, higher_is_better, alpha)
    return answer


def one_sample_minimum_effect(
    *,
    n: ArrayLike,
    margin: Any,
    effect: ArrayLike,
    sd: ArrayLike = 1.0,
    alpha: float = 0.05,
) -> OneSamplePowerResult:
    """Return the power to show that one mean differs from a fixed value by more than a margin, exactly.

    Parameters
    ----------
    n : array_like of int
        People, at least 2.
    margin : float or pair
        One positive number (symmetric) or a pair, whose ends may be arrays, in the units of `sd`.
    effect : array_like
        True mean minus the fixed value, in the units of `sd`.
    sd : array_like
        True standard deviation.
    alpha : float
        One-sided level, for each direction.

    Returns
    -------
    OneSamplePowerResult
        The probability that one of the two one-sided tests rejects, with the design.

    Raises
    ------
    InvalidArgument
        If a value is out of range.

    References
    ----------
    .. [1] Murphy KR, Myors B (1999). Testing the hypothesis that treatments have negligible effects: minimum-effect
       tests in the general linear model. Journal of Applied Psychology 84, 234-248. doi:10.1037/0021-9010.84.2.234
    .. [2] Owen DB (1965). A special case of a bivariate non-central t-distribution. Biometrika 52, 437-446.
       doi:10.1093/biomet/52.3-4.437

    Examples
    --------
    >>> import ketastats as ks
    >>> plan = ks.power.one_sample_minimum_effect(n=40, margin=0.2, effect=0.7)
    >>> print(f"{plan.power:.3f}")
    0.928
    """
    design = _design(n, effect, sd, "sd", "one mean")
    answer: OneSamplePowerResult = ask_minimum_effect(design, margin, alpha)
    return answer


def paired_noninferiority(
    *,
    n: ArrayLike,
    margin: ArrayLike,
    higher_is_better: bool,
    effect: ArrayLike = 0.0,
    sd_difference: ArrayLike = 1.0,
    alpha: float = 0.05,
) -> OneSamplePowerResult:
    """Return the power to show that the first of two paired means is not worse by a margin, exactly.

    Parameters
    ----------
    n : array_like of int
        Pairs, at least 2.
    margin : array_like
        How much worse is still acceptable, positive, in the units of `sd_difference`.
    higher_is_better : bool
        Whether larger values are the good ones.
    effect : array_like
        True difference of the two means, in the units of `sd_difference`.
    sd_difference : array_like
        True standard deviation of the differences; `ketastats.effects.sd_of_differences` makes it.
    alpha : float
        One-sided level; confirmatory trials often use 0.025.

    Returns
    -------
    OneSamplePowerResult
        The power of the one-sided test at the margin, with the design.

    Raises
    ------
    InvalidType
        If the direction is not said.
    InvalidArgument
        If a value is out of range.

    References
    ----------
    .. [1] Piaggio G, Elbourne DR, Pocock SJ, Evans SJW, Altman DG (2012). Reporting of noninferiority and equivalence
       randomized trials: extension of the CONSORT 2010 statement. JAMA 308, 2594-2604. doi:10.1001/jama.2012.87802
    .. [2] Owen DB (1965). A special case of a bivariate non-central t-distribution. Biometrika 52, 437-446.
       doi:10.1093/biomet/52.3-4.437

    Examples
    --------
    >>> import ketastats as ks
    >>> plan = ks.power.paired_noninferiority(n=40, margin=3.0, higher_is_better=True, sd_difference=8.0)
    >>> print(f"{plan.power:.3f}")
    0.753
    """
    design = _design(n, effect, sd_difference, "sd_difference", "paired means")
    answer: OneSamplePowerResult = ask_noninferiority(design, margin, higher_is_better, alpha)
    return answer


def paired_superiority(
    *,
    n: ArrayLike,
    margin: ArrayLike,
    higher_is_better: bool,
    effect: ArrayLike,
    sd_difference: ArrayLike = 1.0,
    alpha: float = 0.05,
) -> OneSamplePowerResult:
    """Return the power to show that the first of two paired means is better by more than a margin, exactly.

    Parameters
    ----------
    n : array_like of int
        Pairs, at least 2.
    margin : array_like
        How much better is not yet enough, at least 0, in the units of `sd_difference`.
    higher_is_better : bool
        Whether larger values are the good ones.
    effect : array_like
        True difference of the two means, in the units of `sd_difference`.
    sd_difference : array_like
        True standard deviation of the differences; `ketastats.effects.sd_of_differences` makes it.
    alpha : float
        One-sided level; confirmatory trials often use 0.025.

    Returns
    -------
    OneSamplePowerResult
        The power of the one-sided test at the margin, with the design.

    Raises
    ------
    InvalidType
        If the direction is not said.
    InvalidArgument
        If a value is out of range.

    References
    ----------
    .. [1] Piaggio G, Elbourne DR, Pocock SJ, Evans SJW, Altman DG (2012). Reporting of noninferiority and equivalence
       randomized trials: extension of the CONSORT 2010 statement. JAMA 308, 2594-2604. doi:10.1001/jama.2012.87802
    .. [2] Owen DB (1965). A special case of a bivariate non-central t-distribution. Biometrika 52, 437-446.
       doi:10.1093/biomet/52.3-4.437

    Examples
    --------
    >>> import ketastats as ks
    >>> plan = ks.power.paired_superiority(n=40, margin=1.0, higher_is_better=False, effect=-5.0, sd_difference=8.0)
    >>> print(f"{plan.power:.3f}")
    0.928
    """
    design = _design(n, effect, sd_difference, "sd_difference", "paired means")
    answer: OneSamplePowerResult = ask_superiority(design, margin, higher_is_better, alpha)
    return answer


def paired_minimum_effect(
    *,
    n: ArrayLike,
    margin: Any,
    effect: ArrayLike,
    sd_difference: ArrayLike = 1.0,
    alpha: float = 0.05,
) -> OneSamplePowerResult:
    """Return the power to show that two paired means differ by more than a margin, exactly.

    Parameters
    ----------
    n : array_like of int
        Pairs, at least 2.
    margin : float or pair
        One positive number (symmetric) or a pair, whose ends may be arrays, in the units of `sd_difference`.
    effect : array_like
        True difference of the two means, in the units of `sd_difference`.
    sd_difference : array_like
        True standard deviation of the differences; `ketastats.effects.sd_of_differences` makes it.
    alpha : float
        One-sided level, for each direction.

    Returns
    -------
    OneSamplePowerResult
        The probability that one of the two one-sided tests rejects, with the design.

    Raises
    ------
    InvalidArgument
        If a value is out of range.

    References
    ----------
    .. [1] Murphy KR, Myors B (1999). Testing the hypothesis that treatments have negligible effects: minimum-effect
       tests in the general linear model. Journal of Applied Psychology 84, 234-248. doi:10.1037/0021-9010.84.2.234
    .. [2] Owen DB (1965). A special case of a bivariate non-central t-distribution. Biometrika 52, 437-446.
       doi:10.1093/biomet/52.3-4.437

    Examples
    --------
    >>> import ketastats as ks
    >>> plan = ks.power.paired_minimum_effect(n=40, margin=1.0, effect=5.0, sd_difference=8.0)
    >>> print(f"{plan.power:.3f}")
    0.928
    """
    design = _design(n, effect, sd_difference, "sd_difference", "paired means")
    answer: OneSamplePowerResult = ask_minimum_effect(design, margin, alpha)
    return answer


def _design(n: Any, effect: Any, sd: Any, name: str, what: str) -> Noun:
    size, true, spread = read_design(n, effect, sd, name)
    unit, df = spread / np.sqrt(size), size - 1.0

    def within(low: Array, high: Array, alpha: float) -> Array:
        return tost.power((low - true) / unit, (high - true) / unit, df, alpha)

    def answer(power: Array, alpha: float, method: str, references: tuple[str, ...]) -> OneSamplePowerResult:
        people, effects = np.broadcast_to(size, power.shape), np.broadcast_to(true, power.shape)
        return OneSamplePowerResult(
            power=power[()],
            n=people.astype(np.int64)[()],
            effect=effects[()],
            alpha=alpha,
            method=f"{method}, exact noncentral t",
            references=(*references, OWEN),
        )

    return Noun(within=within, answer=answer, shape=size.shape, test=f"t test of {what}")
