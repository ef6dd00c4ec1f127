"""Power of exact binomial tests of one proportion against a fixed value."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .. import _validate
from ..numerics.exact_proportion import between, fewest_rejected
from ._noun import Noun, ask_difference, ask_minimum_effect, ask_noninferiority, ask_superiority
from ._one_sample import OneSamplePowerResult

__all__ = ["proportion", "proportion_minimum_effect", "proportion_noninferiority", "proportion_superiority"]

Array = NDArray[np.float64]


def proportion(
    *,
    n: ArrayLike,
    p: ArrayLike,
    null: ArrayLike,
    alpha: float = 0.05,
    alternative: str = "two-sided",
) -> OneSamplePowerResult:
    """Return the power of the exact binomial test of one proportion, by enumeration.

    Parameters
    ----------
    n : array_like of int
        People.
    p : array_like
        True proportion, from 0 to 1.
    null : array_like
        Proportion that the test looks away from, from 0 to 1.
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
    .. [1] Clopper CJ, Pearson ES (1934). The use of confidence or fiducial limits illustrated in the case of the
       binomial. Biometrika 26, 404-413. doi:10.1093/biomet/26.4.404

    Examples
    --------
    >>> import ketastats as ks
    >>> plan = ks.power.proportion(n=100, p=0.40, null=0.27)
    >>> print(f"{plan.power:.3f}")
    0.761
    """
    design = _design(n, p, null)
    answer: OneSamplePowerResult = ask_difference(design, np.zeros(()), alternative, alpha)
    return answer


def proportion_noninferiority(
    *,
    n: ArrayLike,
    margin: ArrayLike,
    higher_is_better: bool,
    p: ArrayLike,
    null: ArrayLike,
    alpha: float = 0.05,
) -> OneSamplePowerResult:
    """Return the power to show by an exact binomial test that a proportion is not worse than a value by a margin.

    Parameters
    ----------
    n : array_like of int
        People.
    margin : array_like
        How much worse is still acceptable, positive.
    higher_is_better : bool
        Whether events are good or bad.
    p : array_like
        True proportion, from 0 to 1.
    null : array_like
        Proportion that the test looks away from, from 0 to 1.
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
    .. [2] Clopper CJ, Pearson ES (1934). The use of confidence or fiducial limits illustrated in the case of the
       binomial. Biometrika 26, 404-413. doi:10.1093/biomet/26.4.404

    Examples
    --------
    >>> import ketastats as ks
    >>> plan = ks.power.proportion_noninferiority(n=200, margin=0.10, higher_is_better=True, p=0.45, null=0.45)
    >>> print(f"{plan.power:.3f}")
    0.887
    """
    design = _design(n, p, null)
    answer: OneSamplePowerResult = ask_noninferiority(design, margin, higher_is_better, alpha)
    return answer


def proportion_superiority(
    *,
    n: ArrayLike,
    margin: ArrayLike,
    higher_is_better: bool,
    p: ArrayLike,
    null: ArrayLike,
    alpha: float = 0.05,
) -> OneSamplePowerResult:
    """Return the power to show by an exact binomial test that a proportion is better than a value by a margin.

    Parameters
    ----------
    n : array_like of int
        People.
    margin : array_like
        How much better is not yet enough, at least 0.
    higher_is_better : bool
        Whether events are good or bad.
    p : array_like
        True proportion, from 0 to 1.
    null : array_like
        Proportion that the test looks away from, from 0 to 1.
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
    .. [2] Clopper CJ, Pearson ES (1934). The use of confidence or fiducial limits illustrated in the case of the
       binomial. Biometrika 26, 404-413. doi:10.1093/biomet/26.4.404

    Examples
    --------
    >>> import ketastats as ks
    >>> plan = ks.power.proportion_superiority(n=200, margin=0.05, higher_is_better=True, p=0.60, null=0.45)
    >>> print(f"{plan.power:.3f}")
    0.860
    """
    design = _design(n, p, null)
    answer: OneSamplePowerResult = ask_superiority(design, margin, higher_is_better, alpha)
    return answer


def proportion_minimum_effect(
    *,
    n: ArrayLike,
    margin: Any,
    p: ArrayLike,
    null: ArrayLike,
    alpha: float = 0.05,
) -> OneSamplePowerResult:
    """Return the power to show by exact binomial tests that a proportion differs from a value by a margin.

    Parameters
    ----------
    n : array_like of int
        People.
    margin : float or pair
        One positive number (symmetric) or a pair, whose ends may be arrays.
    p : array_like
        True proportion, from 0 to 1.
    null : array_like
        Proportion that the test looks away from, from 0 to 1.
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
    .. [2] Clopper CJ, Pearson ES (1934). The use of confidence or fiducial limits illustrated in the case of the
       binomial. Biometrika 26, 404-413. doi:10.1093/biomet/26.4.404

    Examples
    --------
    >>> import ketastats as ks
    >>> plan = ks.power.proportion_minimum_effect(n=200, margin=0.05, p=0.60, null=0.45)
    >>> print(f"{plan.power:.3f}")
    0.860
    """
    design = _design(n, p, null)
    answer: OneSamplePowerResult = ask_minimum_effect(design, margin, alpha)
    return answer


def _design(n: Any, p: Any, null: Any) -> Noun:
    size, true, value = _validate.broadcast(
        n=_validate.integers(n, "n", low=1).astype(np.float64),
        p=_validate.array(p, "p", low=0.0, high=1.0),
        null=_validate.array(null, "null", low=0.0, high=1.0),
    )

    def within(low: Array, high: Array, alpha: float) -> Array:
        # A bound below 0 or above 1 is always passed.
        left = np.where(value + low < 0, -np.inf, value + low)
        right = np.where(value + high > 1, -np.inf, 1.0 - (value + high))
        left, right, people, rate = np.broadcast_arrays(left, right, size, true)
        first, last = fewest_rejected(people, left, alpha), people - fewest_rejected(people, right, alpha)
        return between(first, last, people, rate)

    def answer(power: Array, alpha: float, method: str, references: tuple[str, ...]) -> OneSamplePowerResult:
        people, effects = np.broadcast_to(size, power.shape), np.broadcast_to(true, power.shape)
        return OneSamplePowerResult(
            power=power[()],
            n=people.astype(np.int64)[()],
            effect=effects[()],
            alpha=alpha,
            method=f"{method}, exact, by enumeration",
            references=(*references, "Clopper & Pearson 1934, doi:10.1093/biomet/26.4.404"),
        )

    return Noun(within=within, answer=answer, shape=true.shape, test="binomial test of one proportion")
