"""Equivalence of two proportions of the same people, and of two Poisson rates."""

from __future__ import annotations

from typing import Any

from numpy.typing import ArrayLike

from .. import effects
from ._base import EquivalenceResult
from ._questions import tost

__all__ = ["paired_proportions", "rates"]


def paired_proportions(
    b: ArrayLike,
    c: ArrayLike,
    n: ArrayLike,
    *,
    margin: Any,
    alpha: float = 0.05,
    measure: str = "difference",
    method: str = "score",
) -> EquivalenceResult:
    """Test the equivalence of two proportions of the same people by two one-sided tests.

    Parameters
    ----------
    b, c : int or array_like of int
        Pairs that changed: with the event the first time only, and the second time only.
    n : int or array_like of int
        All pairs.
    margin : float or pair
        For the difference one positive number (symmetric) or a pair, for the odds ratio one number above 1 or a pair;
        ends may be arrays. An infinite end makes it noninferiority.
    alpha : float
        One-sided level.
    measure, method : str
        As in `ketastats.effects.paired_proportions`; "score" is Tango's.

    Returns
    -------
    EquivalenceResult
        Both one-sided tests, the ``1 - 2 alpha`` interval and the threshold margin.

    Raises
    ------
    InvalidArgument
        If a count, the margin, alpha or a choice is not allowed.

    References
    ----------
    .. [1] Tango T (1998). Equivalence test and confidence interval for the difference in proportions for the
       paired-sample design. Statistics in Medicine 17, 891-908.
       doi:10.1002/(SICI)1097-0258(19980430)17:8<891::AID-SIM780>3.0.CO;2-B

    Examples
    --------
    >>> import ketastats as ks
    >>> result = ks.equivalence.paired_proportions(8, 10, 120, margin=0.10)
    >>> print(f"p = {result.pvalue:.4f}, established at any margin above {result.threshold_margin:.3f}")
    p = 0.0152, established at any margin above 0.078
    """
    return tost(effects.paired_proportions(b, c, n, measure=measure, method=method), margin=margin, alpha=alpha)


def rates(
    x1: ArrayLike,
    t1: ArrayLike,
    x2: ArrayLike,
    t2: ArrayLike,
    *,
    margin: Any,
    alpha: float = 0.05,
    measure: str = "ratio",
    method: str = "score",
) -> EquivalenceResult:
    """Test the equivalence of two Poisson rates by two one-sided tests.

    Parameters
    ----------
    x1, t1, x2, t2 : array_like
        Events (whole numbers) and the person-time in which they were counted, in group 1 and in group 2.
    margin : float or pair
        For the ratio one number above 1 (for ``1 / margin`` to ``margin``) or a pair, for the difference one positive
        number or a pair; ends may be arrays. An infinite end makes it noninferiority.
    alpha : float
        One-sided level.
    measure, method : str
        As in `ketastats.effects.rates`.

    Returns
    -------
    EquivalenceResult
        Both one-sided tests, the ``1 - 2 alpha`` interval and the threshold margin.

    Raises
    ------
    InvalidArgument
        If a count, a time, the margin, alpha or a choice is not allowed.

    References
    ----------
    .. [1] Gu K, Ng HKT, Tang ML, Schucany WR (2008). Testing the ratio of two Poisson rates. Biometrical Journal 50,
       283-298. doi:10.1002/bimj.200710403

    Examples
    --------
    >>> import ketastats as ks
    >>> result = ks.equivalence.rates(140, 520.0, 131, 498.0, margin=1.25)
    >>> print(f"p = {result.pvalue:.4f}, established at any margin above {result.threshold_margin:.3f}")
    p = 0.0497, established at any margin above 1.250
    """
    return tost(effects.rates(x1, t1, x2, t2, measure=measure, method=method), margin=margin, alpha=alpha)
