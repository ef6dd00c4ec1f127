"""Equivalence of two means."""

from __future__ import annotations

from typing import Any

from numpy.typing import ArrayLike

from .. import effects
from ._base import EquivalenceResult
from ._estimate import two_one_sided

__all__ = ["means", "smd_from_t"]


def means(
    m1: ArrayLike,
    s1: ArrayLike,
    n1: ArrayLike,
    m2: ArrayLike,
    s2: ArrayLike,
    n2: ArrayLike,
    *,
    margin: Any,
    alpha: float = 0.05,
    variances: str | None = None,
    measure: str = "difference",
) -> EquivalenceResult:
    """Test the equivalence of two means by two one-sided tests, from their summaries.

    Parameters
    ----------
    m1, s1, n1, m2, s2, n2 : array_like
        Mean, standard deviation (divisor ``n - 1``, not a standard error) and number of people, at least 2, of group 1
        and of group 2; all six broadcast together.
    margin : float or pair
        One positive number (symmetric) or a pair, whose ends may be arrays; in the units of the scale, or in pooled
        standard deviations for a standardised measure. An infinite end makes it noninferiority.
    alpha : float
        One-sided level.
    variances : {"unequal", "equal"}, optional
        Welch's or Student's method for the difference; Welch's if not said.
    measure : {"difference", "smd", "smd_unbiased"}
        What the margin is about, as in `ketastats.effects.means`. Standardised measures are tested with the exact
        noncentral t distribution.

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
    >>> result = ks.equivalence.means(9.8, 4.5, 37, 13.7, 5.8, 46, margin=(-2.0, 2.0))
    >>> print(f"p = {result.pvalue:.3f}, 90 % interval {result.low:.2f} to {result.high:.2f}")
    p = 0.952, 90 % interval -5.78 to -2.02
    """
    value = effects.means(m1, s1, n1, m2, s2, n2, measure=measure, variances=variances)
    return two_one_sided(value, margin, alpha)


def smd_from_t(
    t: ArrayLike, n1: ArrayLike, n2: ArrayLike, *, margin: Any, alpha: float = 0.05, unbiased: bool = False
) -> EquivalenceResult:
    """Test the equivalence of two means in standard deviations, from Student's t.

    Parameters
    ----------
    t : array_like
        Student's t with pooled variance, group 1 minus group 2.
    n1, n2 : array_like of int
        People in each group.
    margin : float or pair
        One positive number (symmetric) or a pair, whose ends may be arrays, in pooled standard deviations.
    alpha : float
        One-sided level.
    unbiased : bool
        Whether estimate and interval are Hedges' g rather than Cohen's d.

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
    .. [1] Schuirmann DJ (1987). A comparison of the two one-sided tests procedure and the power approach for assessing
       the equivalence of average bioavailability. Journal of Pharmacokinetics and Biopharmaceutics 15, 657-680.
       doi:10.1007/BF01068419
    .. [2] Owen DB (1965). A special case of a bivariate non-central t-distribution. Biometrika 52, 437-446.
       doi:10.1093/biomet/52.3-4.437

    Examples
    --------
    >>> import ketastats as ks
    >>> result = ks.equivalence.smd_from_t(0.567, 37, 46, margin=0.5)
    >>> print(f"p = {result.pvalue:.4f}, established at any margin above {result.threshold_margin:.3f}")
    p = 0.0448, established at any margin above 0.488
    """
    return two_one_sided(effects.smd_from_t(t, n1, n2, unbiased=unbiased), margin, alpha)
