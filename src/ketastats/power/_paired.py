"""Power for two means of the same people."""

from __future__ import annotations

from typing import Any

from numpy.typing import ArrayLike

from ._one_sample import OneSamplePowerResult, equivalence, t_test

__all__ = ["paired", "paired_equivalence"]


def paired(
    *,
    n: ArrayLike,
    effect: ArrayLike,
    sd_difference: ArrayLike = 1.0,
    alpha: float = 0.05,
    alternative: str = "two-sided",
) -> OneSamplePowerResult:
    """Return the power of the paired t test, exactly.

    Parameters
    ----------
    n : array_like of int
        Pairs, at least 2.
    effect : array_like
        True difference of the two means, in the units of `sd_difference`.
    sd_difference : array_like
        True standard deviation of the differences; `ketastats.effects.sd_of_differences` makes it from both standard
        deviations and the correlation. With 1 the effect is d_z, in standard deviations of the differences.
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
    >>> spread = ks.effects.sd_of_differences(8.0, 8.0, 0.5)
    >>> print(f"{ks.power.paired(n=40, effect=3.0, sd_difference=spread).power:.3f}")
    0.638
    """
    return t_test(n, effect, sd_difference, alpha, alternative, ("sd_difference", "paired t test"))


def paired_equivalence(
    *,
    n: ArrayLike,
    margin: Any,
    effect: ArrayLike = 0.0,
    sd_difference: ArrayLike = 1.0,
    alpha: float = 0.05,
) -> OneSamplePowerResult:
    """Return the power of two one-sided paired t tests of the equivalence of two means, exactly.

    Parameters
    ----------
    n : array_like of int
        Pairs, at least 2.
    margin : float or pair
        One positive number (symmetric) or a pair, whose ends may be arrays, in the units of `sd_difference`. An
        infinite end makes it noninferiority.
    effect : array_like
        True difference of the two means, in the units of `sd_difference`.
    sd_difference : array_like
        True standard deviation of the differences.
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
    >>> plan = ks.power.paired_equivalence(n=30, margin=19.2, effect=-4, sd_difference=25.4558)
    >>> print(f"{plan.power:.5f}")
    0.93855
    """
    return equivalence(n, margin, effect, sd_difference, alpha, ("sd_difference", "paired means"))
