"""Power of tests of the ratio of two means, by the delta method."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .. import _validate
from ._base import PowerResult
from ._noun import Noun, ask_difference, ask_equivalence, ask_minimum_effect, ask_noninferiority, ask_superiority
from ._welch import WELCH, welch_within

__all__ = [
    "mean_ratio",
    "mean_ratio_equivalence",
    "mean_ratio_minimum_effect",
    "mean_ratio_noninferiority",
    "mean_ratio_superiority",
]

Array = NDArray[np.float64]


def mean_ratio(
    *,
    n1: ArrayLike,
    n2: ArrayLike,
    effect: ArrayLike,
    cv1: ArrayLike,
    cv2: ArrayLike,
    alpha: float = 0.05,
    alternative: str = "two-sided",
) -> PowerResult:
    """Return the power to find that the ratio of two means is not 1, with the logs of both means taken as normal.

    Parameters
    ----------
    n1, n2 : array_like of int
        People in each group, at least 2.
    effect : array_like
        True mean of group 1 over that of group 2, above 0.
    cv1, cv2 : array_like
        True standard deviation over true mean in each group.
    alpha : float
        Level of the test.
    alternative : {"two-sided", "greater", "less"}
        What the test asks. The two-sided power counts rejections on either side.

    Returns
    -------
    PowerResult
        The power, with the design.

    Raises
    ------
    InvalidArgument
        If a value is out of range.

    References
    ----------
    .. [1] Hedges LV, Gurevitch J, Curtis PS (1999). The meta-analysis of response ratios in experimental ecology.
       Ecology 80, 1150-1156. doi:10.2307/177062

    Examples
    --------
    >>> import ketastats as ks
    >>> plan = ks.power.mean_ratio(n1=37, n2=46, effect=1.25, cv1=0.3, cv2=0.4)
    >>> print(f"{plan.power:.3f}")
    0.818
    """
    design = _ratio(n1, n2, effect, cv1, cv2)
    answer: PowerResult = ask_difference(design, np.zeros(()), alternative, alpha)
    return answer


def mean_ratio_equivalence(
    *,
    n1: ArrayLike,
    n2: ArrayLike,
    margin: Any,
    cv1: ArrayLike,
    cv2: ArrayLike,
    effect: ArrayLike = 1.0,
    alpha: float = 0.05,
) -> PowerResult:
    """Return the power to show that the ratio of two means lies within a margin, by the delta method.

    Parameters
    ----------
    n1, n2 : array_like of int
        People in each group, at least 2.
    margin : float or pair
        One number above 1, for ``1 / margin`` to ``margin``, or a pair of ratios, whose ends may be arrays. An infinite
        end makes it noninferiority.
    cv1, cv2 : array_like
        True standard deviation over true mean in each group.
    effect : array_like
        True mean of group 1 over that of group 2, above 0.
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
    .. [2] Hedges LV, Gurevitch J, Curtis PS (1999). The meta-analysis of response ratios in experimental ecology.
       Ecology 80, 1150-1156. doi:10.2307/177062

    Examples
    --------
    >>> import ketastats as ks
    >>> plan = ks.power.mean_ratio_equivalence(n1=37, n2=46, margin=1.25, cv1=0.3, cv2=0.4)
    >>> print(f"{plan.power:.3f}")
    0.782
    """
    design = _ratio(n1, n2, effect, cv1, cv2)
    answer: PowerResult = ask_equivalence(design, margin, alpha)
    return answer


def mean_ratio_noninferiority(
    *,
    n1: ArrayLike,
    n2: ArrayLike,
    margin: ArrayLike,
    higher_is_better: bool,
    cv1: ArrayLike,
    cv2: ArrayLike,
    effect: ArrayLike = 1.0,
    alpha: float = 0.05,
) -> PowerResult:
    """Return the power to show by their ratio that one mean is not worse than another, by the delta method.

    Parameters
    ----------
    n1, n2 : array_like of int
        People in each group, at least 2.
    margin : array_like
        How much worse is still acceptable, a ratio (0.8 and 1.25 are the same).
    higher_is_better : bool
        Whether larger values are the good ones.
    cv1, cv2 : array_like
        True standard deviation over true mean in each group.
    effect : array_like
        True mean of group 1 over that of group 2, above 0.
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
    .. [2] Hedges LV, Gurevitch J, Curtis PS (1999). The meta-analysis of response ratios in experimental ecology.
       Ecology 80, 1150-1156. doi:10.2307/177062

    Examples
    --------
    >>> import ketastats as ks
    >>> plan = ks.power.mean_ratio_noninferiority(n1=37, n2=46, margin=0.8, higher_is_better=True, cv1=0.3, cv2=0.4)
    >>> print(f"{plan.power:.3f}")
    0.891
    """
    design = _ratio(n1, n2, effect, cv1, cv2)
    answer: PowerResult = ask_noninferiority(design, margin, higher_is_better, alpha)
    return answer


def mean_ratio_superiority(
    *,
    n1: ArrayLike,
    n2: ArrayLike,
    margin: ArrayLike,
    higher_is_better: bool,
    effect: ArrayLike,
    cv1: ArrayLike,
    cv2: ArrayLike,
    alpha: float = 0.05,
) -> PowerResult:
    """Return the power to show by their ratio that one mean is better than another, by the delta method.

    Parameters
    ----------
    n1, n2 : array_like of int
        People in each group, at least 2.
    margin : array_like
        How much better is not yet enough, a ratio (0.8 and 1.25 are the same).
    higher_is_better : bool
        Whether larger values are the good ones.
    effect : array_like
        True mean of group 1 over that of group 2, above 0.
    cv1, cv2 : array_like
        True standard deviation over true mean in each group.
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
    .. [2] Hedges LV, Gurevitch J, Curtis PS (1999). The meta-analysis of response ratios in experimental ecology.
       Ecology 80, 1150-1156. doi:10.2307/177062

    Examples
    --------
    >>> import ketastats as ks
    >>> plan = ks.power.mean_ratio_superiority(
    ...     n1=37, n2=46, margin=1.05, higher_is_better=True, effect=1.4, cv1=0.3, cv2=0.4
    ... )
    >>> print(f"{plan.power:.3f}")
    0.981
    """
    design = _ratio(n1, n2, effect, cv1, cv2)
    answer: PowerResult = ask_superiority(design, margin, higher_is_better, alpha)
    return answer


def mean_ratio_minimum_effect(
    *,
    n1: ArrayLike,
    n2: ArrayLike,
    margin: Any,
    effect: ArrayLike,
    cv1: ArrayLike,
    cv2: ArrayLike,
    alpha: float = 0.05,
) -> PowerResult:
    """Return the power to show that the ratio of two means lies outside a margin, by the delta method.

    Parameters
    ----------
    n1, n2 : array_like of int
        People in each group, at least 2.
    margin : float or pair
        One number above 1, for ``1 / margin`` to ``margin``, or a pair of ratios, whose ends may be arrays.
    effect : array_like
        True mean of group 1 over that of group 2, above 0.
    cv1, cv2 : array_like
        True standard deviation over true mean in each group.
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
    .. [2] Hedges LV, Gurevitch J, Curtis PS (1999). The meta-analysis of response ratios in experimental ecology.
       Ecology 80, 1150-1156. doi:10.2307/177062

    Examples
    --------
    >>> import ketastats as ks
    >>> plan = ks.power.mean_ratio_minimum_effect(n1=37, n2=46, margin=1.05, effect=1.4, cv1=0.3, cv2=0.4)
    >>> print(f"{plan.power:.3f}")
    0.981
    """
    design = _ratio(n1, n2, effect, cv1, cv2)
    answer: PowerResult = ask_minimum_effect(design, margin, alpha)
    return answer


def _ratio(n1: Any, n2: Any, effect: Any, cv1: Any, cv2: Any) -> Noun:
    size1, size2, true, first, second = _validate.broadcast(
        n1=_validate.integers(n1, "n1", low=2).astype(np.float64),
        n2=_validate.integers(n2, "n2", low=2).astype(np.float64),
        effect=_validate.moderate(effect, "effect", positive=True),
        cv1=_validate.moderate(cv1, "cv1", positive=True),
        cv2=_validate.moderate(cv2, "cv2", positive=True),
    )
    logs = np.log(true)

    def within(low: Array, high: Array, alpha: float) -> Array:
        return welch_within((low - logs, high - logs), (first, second), (size1, size2), alpha, "exact")

    def answer(power: Array, alpha: float, method: str, references: tuple[str, ...]) -> PowerResult:
        people1, people2, effects = (np.broadcast_to(column, power.shape) for column in (size1, size2, true))
        return PowerResult(
            power=power[()],
            n1=people1.astype(np.int64)[()],
            n2=people2.astype(np.int64)[()],
            effect=effects[()],
            alpha=alpha,
            method=f"{method}, the log of each mean taken as normal",
            references=(*references, "Hedges, Gurevitch & Curtis 1999, doi:10.2307/177062", WELCH),
        )

    return Noun(
        within=within, answer=answer, shape=true.shape, test="Welch's t test of a log ratio of means", ratio=True
    )
