"""Power of tests of a standardised mean difference, whose standard deviation is estimated."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .. import _validate
from ..numerics import noncentral_t
from ._base import PowerResult
from ._noun import Noun, ask_equivalence, ask_minimum_effect, ask_noninferiority, ask_superiority

__all__ = ["smd_equivalence", "smd_minimum_effect", "smd_noninferiority", "smd_superiority"]

Array = NDArray[np.float64]


def smd_equivalence(
    *,
    n1: ArrayLike,
    n2: ArrayLike,
    margin: Any,
    effect: ArrayLike = 0.0,
    alpha: float = 0.05,
) -> PowerResult:
    """Return the power to show that a standardised mean difference lies within a margin, exactly.

    Parameters
    ----------
    n1, n2 : array_like of int
        People in each group, at least 2.
    margin : float or pair
        One positive number (symmetric) or a pair, whose ends may be arrays, in standard deviations. An infinite end
        makes it noninferiority.
    effect : array_like
        True standardised difference, group 1 minus group 2.
    alpha : float
        One-sided level.

    Returns
    -------
    PowerResult
        The probability that both one-sided tests reject, with the design.

    Raises
    ------
    InvalidArgument
        If a value is out of range.

    References
    ----------
    .. [1] Schuirmann DJ (1987). A comparison of the two one-sided tests procedure and the power approach for assessing
       the equivalence of average bioavailability. Journal of Pharmacokinetics and Biopharmaceutics 15, 657-680.
       doi:10.1007/BF01068419
    .. [2] Hedges LV (1981). Distribution theory for Glass's estimator of effect size and related estimators. Journal of
       Educational Statistics 6, 107-128. doi:10.3102/10769986006002107

    Examples
    --------
    >>> import ketastats as ks
    >>> plan = ks.power.smd_equivalence(n1=64, n2=64, margin=0.5)
    >>> print(f"{plan.power:.3f}")
    0.760
    """
    design = _design(n1, n2, effect)
    answer: PowerResult = ask_equivalence(design, margin, alpha)
    return answer


def smd_noninferiority(
    *,
    n1: ArrayLike,
    n2: ArrayLike,
    margin: ArrayLike,
    higher_is_better: bool,
    effect: ArrayLike = 0.0,
    alpha: float = 0.05,
) -> PowerResult:
    """Return the power to show by a standardised difference that group 1 is not worse by a margin, exactly.

    Parameters
    ----------
    n1, n2 : array_like of int
        People in each group, at least 2.
    margin : array_like
        How much worse is still acceptable, positive, in standard deviations.
    higher_is_better : bool
        Whether larger values are the good ones.
    effect : array_like
        True standardised difference, group 1 minus group 2.
    alpha : float
        One-sided level; confirmatory trials often use 0.025.

    Returns
    -------
    PowerResult
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
    .. [2] Hedges LV (1981). Distribution theory for Glass's estimator of effect size and related estimators. Journal of
       Educational Statistics 6, 107-128. doi:10.3102/10769986006002107

    Examples
    --------
    >>> import ketastats as ks
    >>> plan = ks.power.smd_noninferiority(n1=64, n2=64, margin=0.5, higher_is_better=True)
    >>> print(f"{plan.power:.3f}")
    0.880
    """
    design = _design(n1, n2, effect)
    answer: PowerResult = ask_noninferiority(design, margin, higher_is_better, alpha)
    return answer


def smd_superiority(
    *,
    n1: ArrayLike,
    n2: ArrayLike,
    margin: ArrayLike,
    higher_is_better: bool,
    effect: ArrayLike,
    alpha: float = 0.05,
) -> PowerResult:
    """Return the power to show by a standardised difference that group 1 is better by a margin, exactly.

    Parameters
    ----------
    n1, n2 : array_like of int
        People in each group, at least 2.
    margin : array_like
        How much better is not yet enough, at least 0, in standard deviations.
    higher_is_better : bool
        Whether larger values are the good ones.
    effect : array_like
        True standardised difference, group 1 minus group 2.
    alpha : float
        One-sided level; confirmatory trials often use 0.025.

    Returns
    -------
    PowerResult
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
    .. [2] Hedges LV (1981). Distribution theory for Glass's estimator of effect size and related estimators. Journal of
       Educational Statistics 6, 107-128. doi:10.3102/10769986006002107

    Examples
    --------
    >>> import ketastats as ks
    >>> plan = ks.power.smd_superiority(n1=64, n2=64, margin=0.2, higher_is_better=True, effect=0.7)
    >>> print(f"{plan.power:.3f}")
    0.873
    """
    design = _design(n1, n2, effect)
    answer: PowerResult = ask_superiority(design, margin, higher_is_better, alpha)
    return answer


def smd_minimum_effect(
    *,
    n1: ArrayLike,
    n2: ArrayLike,
    margin: Any,
    effect: ArrayLike,
    alpha: float = 0.05,
) -> PowerResult:
    """Return the power to show that a standardised mean difference lies outside a margin, exactly.

    Parameters
    ----------
    n1, n2 : array_like of int
        People in each group, at least 2.
    margin : float or pair
        One positive number (symmetric) or a pair, whose ends may be arrays, in standard deviations.
    effect : array_like
        True standardised difference, group 1 minus group 2.
    alpha : float
        One-sided level, for each direction.

    Returns
    -------
    PowerResult
        The probability that one of the two one-sided tests rejects, with the design.

    Raises
    ------
    InvalidArgument
        If a value is out of range.

    References
    ----------
    .. [1] Murphy KR, Myors B (1999). Testing the hypothesis that treatments have negligible effects: minimum-effect
       tests in the general linear model. Journal of Applied Psychology 84, 234-248. doi:10.1037/0021-9010.84.2.234
    .. [2] Hedges LV (1981). Distribution theory for Glass's estimator of effect size and related estimators. Journal of
       Educational Statistics 6, 107-128. doi:10.3102/10769986006002107

    Examples
    --------
    >>> import ketastats as ks
    >>> plan = ks.power.smd_minimum_effect(n1=64, n2=64, margin=0.2, effect=0.7)
    >>> print(f"{plan.power:.3f}")
    0.873
    """
    design = _design(n1, n2, effect)
    answer: PowerResult = ask_minimum_effect(design, margin, alpha)
    return answer


def _design(n1: Any, n2: Any, effect: Any) -> Noun:
    size1, size2, true = _validate.broadcast(
        n1=_validate.integers(n1, "n1", low=2).astype(np.float64),
        n2=_validate.integers(n2, "n2", low=2).astype(np.float64),
        effect=_validate.array(effect, "effect", low=-1e6, high=1e6),
    )
    root, df = 1.0 / np.sqrt(1.0 / size1 + 1.0 / size2), size1 + size2 - 2.0

    def within(low: Array, high: Array, alpha: float) -> Array:
        return _between(_critical(low, root, df, alpha), -_critical(-high, root, df, alpha), df, true * root)

    def answer(power: Array, alpha: float, method: str, references: tuple[str, ...]) -> PowerResult:
        people1, people2, effects = (np.broadcast_to(column, power.shape) for column in (size1, size2, true))
        return PowerResult(
            power=power[()],
            n1=people1.astype(np.int64)[()],
            n2=people2.astype(np.int64)[()],
            effect=effects[()],
            alpha=alpha,
            method=f"{method}, exact noncentral t",
            references=(*references, "Hedges 1981, doi:10.3102/10769986006002107"),
        )

    return Noun(within=within, answer=answer, shape=true.shape, test="noncentral t test of a standardised difference")


def _critical(bound: Array, root: Array, df: Array, alpha: float) -> Array:
    """Return the t above which a difference larger than the bound is established; without a bound every t is."""
    some = np.isfinite(bound)
    value = noncentral_t.isf(alpha, df, np.where(some, bound, 0.0) * root)
    return np.asarray(np.where(some, value, bound))


def _between(low: Array, high: Array, df: Array, ncp: Array) -> Array:
    """Return the probability of t between two values, 0 where they are out of order, from the smaller tails."""
    far = np.where(low > 0, 1.0, -1.0)
    first, last, centre = np.where(far > 0, low, -high), np.where(far > 0, high, -low), far * ncp
    upper, beyond = (_upper(value, df, centre) for value in (first, last))
    return np.asarray(np.where(low < high, np.maximum(upper - beyond, 0.0), 0.0))


def _upper(t: Array, df: Array, ncp: Array) -> Array:
    some = np.isfinite(t)
    return np.where(some, noncentral_t.sf(np.where(some, t, 0.0), df, ncp), np.where(t > 0, 0.0, 1.0))
