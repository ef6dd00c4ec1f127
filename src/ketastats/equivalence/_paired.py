"""Equivalence of one mean to a value, and of two means of the same people."""

from __future__ import annotations

from typing import Any

from numpy.typing import ArrayLike

from .. import effects
from ._base import EquivalenceResult
from ._estimate import two_one_sided

__all__ = ["one_sample", "paired", "smd_z_from_t"]


def one_sample(
    m: ArrayLike,
    s: ArrayLike,
    n: ArrayLike,
    *,
    margin: Any,
    mu: ArrayLike = 0.0,
    alpha: float = 0.05,
    measure: str = "difference",
    unbiased: bool = False,
) -> EquivalenceResult:
    """Test whether one mean is equivalent to a fixed value, by two one-sided tests.

    Parameters
    ----------
    m, s, n : array_like
        Mean, standard deviation (divisor ``n - 1``, not a standard error) and number of people or pairs, at least 2.
    margin : float or pair
        One positive number (symmetric) or a pair, whose ends may be arrays, about ``m - mu``: in the units of the
        scale, or in standard deviations for "smd". An infinite end makes it noninferiority.
    mu : array_like
        The fixed value.
    alpha : float
        One-sided level.
    measure : {"difference", "smd"}
        What the margin is about. A standardised margin is tested with the exact noncentral t distribution, which counts
        that the standard deviation is estimated.
    unbiased : bool
        Whether estimate and interval of a standardised measure carry Hedges' factor J.

    Returns
    -------
    EquivalenceResult
        Both one-sided tests, the ``1 - 2 alpha`` interval and the threshold margin.

    Raises
    ------
    InvalidArgument
        If a value is out of range.

    References
    ----------
    .. [1] Schuirmann DJ (1987). A comparison of the two one-sided tests procedure and the power approach for assessing
       the equivalence of average bioavailability. Journal of Pharmacokinetics and Biopharmaceutics 15, 657-680.
       doi:10.1007/BF01068419

    Examples
    --------
    >>> import ketastats as ks
    >>> result = ks.equivalence.one_sample(0.54, 1.2, 100, mu=0.5, margin=0.36)
    >>> print(f"p = {result.pvalue:.4f}, 90 % interval {result.low:.2f} to {result.high:.2f}")
    p = 0.0045, 90 % interval -0.16 to 0.24
    """
    value = effects.one_sample(m, s, n, mu=mu, measure=measure, unbiased=unbiased)
    return two_one_sided(value, margin, alpha)


def paired(
    m1: ArrayLike,
    s1: ArrayLike,
    m2: ArrayLike,
    s2: ArrayLike,
    n: ArrayLike,
    *,
    margin: Any,
    r: ArrayLike | None = None,
    sd_difference: ArrayLike | None = None,
    alpha: float = 0.05,
    measure: str = "difference",
    unbiased: bool = False,
) -> EquivalenceResult:
    """Test the equivalence of two means of the same people by two one-sided tests, from their summaries.

    Parameters
    ----------
    m1, s1, m2, s2 : array_like
        Mean and standard deviation (divisor ``n - 1``) of the first and of the second measurement.
    n : array_like of int
        Pairs, at least 2; all arguments broadcast together.
    margin : float or pair
        One positive number (symmetric) or a pair, whose ends may be arrays; in the units of the scale, or in the
        standard deviations that `measure` names. An infinite end makes it noninferiority.
    r, sd_difference : array_like, optional
        Correlation of the two measurements, or standard deviation of the differences; one of the two must be known.
    alpha : float
        One-sided level.
    measure : {"difference", "smd_z", "smd_av", "smd_rm"}
        What the margin is about, as in `ketastats.effects.paired`, which says how exact each is.
    unbiased : bool
        Whether estimate and interval of a standardised measure carry Hedges' factor J.

    Returns
    -------
    EquivalenceResult
        Both one-sided tests, the ``1 - 2 alpha`` interval and the threshold margin.

    Raises
    ------
    InvalidType
        If neither `r` nor `sd_difference` is given, or both are.
    InvalidArgument
        If a value is out of range.

    References
    ----------
    .. [1] Schuirmann DJ (1987). A comparison of the two one-sided tests procedure and the power approach for assessing
       the equivalence of average bioavailability. Journal of Pharmacokinetics and Biopharmaceutics 15, 657-680.
       doi:10.1007/BF01068419

    Examples
    --------
    >>> import ketastats as ks
    >>> result = ks.equivalence.paired(5.83, 1.17, 5.75, 1.30, 65, r=0.745, margin=0.34)
    >>> print(f"p = {result.pvalue:.4f}, 90 % interval {result.low:.2f} to {result.high:.2f}")
    p = 0.0108, 90 % interval -0.10 to 0.26
    """
    value = effects.paired(m1, s1, m2, s2, n, r=r, sd_difference=sd_difference, measure=measure, unbiased=unbiased)
    return two_one_sided(value, margin, alpha)


def smd_z_from_t(
    t: ArrayLike, n: ArrayLike, *, margin: Any, alpha: float = 0.05, unbiased: bool = False
) -> EquivalenceResult:
    """Test equivalence in standard deviations of the differences, from the t of one sample or of pairs.

    Parameters
    ----------
    t : array_like
        The t statistic with ``n - 1`` degrees of freedom.
    n : array_like of int
        People or pairs, at least 2.
    margin : float or pair
        One positive number (symmetric) or a pair, whose ends may be arrays, in standard deviations (d_z).
    alpha : float
        One-sided level.
    unbiased : bool
        Whether estimate and interval carry Hedges' factor J.

    Returns
    -------
    EquivalenceResult
        Both one-sided tests by the exact noncentral t distribution, the interval and the threshold margin.

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
    >>> result = ks.equivalence.smd_z_from_t(0.5, 60, margin=0.4)
    >>> print(f"p = {result.pvalue:.4f}, established at any margin above {result.threshold_margin:.3f}")
    p = 0.0047, established at any margin above 0.277
    """
    return two_one_sided(effects.smd_z_from_t(t, n, unbiased=unbiased), margin, alpha)
