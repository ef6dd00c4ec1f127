"""Equivalence of two means in standard deviations, and of their ratio."""

from __future__ import annotations

from typing import Any

from numpy.typing import ArrayLike

from .. import effects
from ._base import EquivalenceResult
from ._estimate import two_one_sided

__all__ = ["mean_ratio", "mean_ratio_paired", "standardised_means"]


def standardised_means(
    m1: ArrayLike,
    s1: ArrayLike,
    n1: ArrayLike,
    m2: ArrayLike,
    s2: ArrayLike,
    n2: ArrayLike,
    *,
    margin: Any,
    by: str,
    variances: str | None = None,
    alpha: float = 0.05,
    unbiased: bool = False,
) -> EquivalenceResult:
    """Test the equivalence of two means in standard deviations, and say in which.

    Parameters
    ----------
    m1, s1, n1, m2, s2, n2 : array_like
        Mean, standard deviation (divisor ``n - 1``, not a standard error) and number of people, at least 2, of group 1
        and of group 2; all six broadcast together.
    margin : float or pair
        One positive number (symmetric) or a pair, whose ends may be arrays, in the standard deviations that `by` names.
    by : {"pooled_sd", "average_sd", "sd1", "sd2"}
        The standard deviation that standardises, as in `ketastats.effects.standardised_means`.
    variances : {"equal", "unequal"}, optional
        Whether the groups are taken to vary alike, as there.
    alpha : float
        One-sided level.
    unbiased : bool
        Whether estimate and interval carry Hedges' factor J.

    Returns
    -------
    EquivalenceResult
        Both one-sided tests by the noncentral t distribution, the ``1 - 2 alpha`` interval and the threshold margin.

    Raises
    ------
    InvalidArgument
        If a value is out of range.

    References
    ----------
    .. [1] Delacre M, Lakens D, Ley C, Liu L, Leys C (2021). Why Hedges' g*s based on the non-pooled standard deviation
       should be reported with Welch's t-test. PsyArXiv. doi:10.31234/osf.io/tu6mp

    Examples
    --------
    >>> import ketastats as ks
    >>> result = ks.equivalence.standardised_means(5.25, 0.95, 95, 5.22, 0.83, 89, margin=0.43, by="average_sd")
    >>> print(f"p = {result.pvalue:.4f}, established at any margin above {result.threshold_margin:.3f}")
    p = 0.0035, established at any margin above 0.276
    """
    value = effects.standardised_means(m1, s1, n1, m2, s2, n2, by=by, variances=variances, unbiased=unbiased)
    return two_one_sided(value, margin, alpha)


def mean_ratio(
    m1: ArrayLike,
    s1: ArrayLike,
    n1: ArrayLike,
    m2: ArrayLike,
    s2: ArrayLike,
    n2: ArrayLike,
    *,
    margin: Any,
    alpha: float = 0.05,
    method: str = "delta",
    variances: str = "unequal",
) -> EquivalenceResult:
    """Test the equivalence of two means by their ratio.

    Parameters
    ----------
    m1, s1, n1, m2, s2, n2 : array_like
        Mean, above 0, standard deviation (divisor ``n - 1``, not a standard error) and number of people, at least 2, of
        group 1 and of group 2; all six broadcast together.
    margin : float or pair
        One number above 1, for ``1 / margin`` to ``margin``, or a pair of ratios, whose ends may be arrays.
    alpha : float
        One-sided level.
    method : {"delta", "lajeunesse", "fieller"}
        As in `ketastats.effects.mean_ratio`.
    variances : {"unequal", "equal"}
        As there.

    Returns
    -------
    EquivalenceResult
        Both one-sided tests on the log scale, the ``1 - 2 alpha`` interval of the ratio and the threshold margin.

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
    >>> result = ks.equivalence.mean_ratio(101.0, 20.0, 50, 98.0, 22.0, 50, margin=1.25)
    >>> print(f"p = {result.pvalue:.6f}, 90 % interval {result.low:.3f} to {result.high:.3f}")
    p = 0.000008, 90 % interval 0.961 to 1.106
    """
    value = effects.mean_ratio(m1, s1, n1, m2, s2, n2, method=method, variances=variances)
    return two_one_sided(value, margin, alpha)


def mean_ratio_paired(
    m1: ArrayLike,
    s1: ArrayLike,
    m2: ArrayLike,
    s2: ArrayLike,
    n: ArrayLike,
    *,
    margin: Any,
    r: ArrayLike,
    alpha: float = 0.05,
    method: str = "delta",
) -> EquivalenceResult:
    """Test the equivalence of two means of the same people by their ratio.

    Parameters
    ----------
    m1, s1, m2, s2 : array_like
        Mean, above 0, and standard deviation (divisor ``n - 1``) of the first and of the second measurement.
    n : array_like of int
        Pairs, at least 2; all arguments broadcast together.
    margin : float or pair
        One number above 1, for ``1 / margin`` to ``margin``, or a pair of ratios, whose ends may be arrays.
    r : array_like
        Correlation of the two measurements.
    alpha : float
        One-sided level.
    method : {"delta", "lajeunesse", "fieller"}
        As in `ketastats.effects.mean_ratio`.

    Returns
    -------
    EquivalenceResult
        Both one-sided tests on the log scale, the ``1 - 2 alpha`` interval of the ratio and the threshold margin.

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
    >>> result = ks.equivalence.mean_ratio_paired(101.0, 20.0, 98.0, 22.0, 50, r=0.7, margin=1.25)
    >>> print(f"90 % interval {result.low:.3f} to {result.high:.3f}")
    90 % interval 0.991 to 1.072
    """
    return two_one_sided(effects.mean_ratio_paired(m1, s1, m2, s2, n, r=r, method=method), margin, alpha)
