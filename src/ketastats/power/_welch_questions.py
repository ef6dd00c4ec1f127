"""Power of Welch's t tests of two means."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .. import _validate
from ._base import PowerResult
from ._noun import Noun, ask_difference, ask_minimum_effect, ask_noninferiority, ask_superiority
from ._welch import NAMES, WELCH, welch_within

__all__ = ["means_welch", "means_welch_minimum_effect", "means_welch_noninferiority", "means_welch_superiority"]

Array = NDArray[np.float64]


def means_welch(
    *,
    n1: ArrayLike,
    n2: ArrayLike,
    effect: ArrayLike,
    sd1: ArrayLike,
    sd2: ArrayLike,
    alpha: float = 0.05,
    alternative: str = "two-sided",
    method: str = "exact",
) -> PowerResult:
    """Return the power of Welch's t test of two means, exactly.

    Parameters
    ----------
    n1, n2 : array_like of int
        People in each group, at least 2.
    effect : array_like
        True difference, group 1 minus group 2.
    sd1, sd2 : array_like
        True standard deviation of each group.
    alpha : float
        Level of the test.
    alternative : {"two-sided", "greater", "less"}
        What the test asks. The two-sided power counts rejections on either side.
    method : {"exact", "normal"}
        As in `means_welch_equivalence`.

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
    .. [1] Welch BL (1947). The generalization of Student's problem when several different population variances are
       involved. Biometrika 34, 28-35. doi:10.1093/biomet/34.1-2.28

    Examples
    --------
    >>> import ketastats as ks
    >>> plan = ks.power.means_welch(n1=37, n2=46, effect=2.0, sd1=2.6, sd2=4.1)
    >>> print(f"{plan.power:.3f}")
    0.760
    """
    design = _difference(n1, n2, effect, sd1, sd2, method)
    answer: PowerResult = ask_difference(design, np.zeros(()), alternative, alpha)
    return answer


def means_welch_noninferiority(
    *,
    n1: ArrayLike,
    n2: ArrayLike,
    margin: ArrayLike,
    higher_is_better: bool,
    sd1: ArrayLike,
    sd2: ArrayLike,
    effect: ArrayLike = 0.0,
    alpha: float = 0.05,
    method: str = "exact",
) -> PowerResult:
    """Return the power of Welch's t test to show that group 1 is not worse than group 2 by a margin, exactly.

    Parameters
    ----------
    n1, n2 : array_like of int
        People in each group, at least 2.
    margin : array_like
        How much worse is still acceptable, positive.
    higher_is_better : bool
        Whether larger values are the good ones.
    sd1, sd2 : array_like
        True standard deviation of each group.
    effect : array_like
        True difference, group 1 minus group 2.
    alpha : float
        One-sided level; confirmatory trials often use 0.025.
    method : {"exact", "normal"}
        As in `means_welch_equivalence`.

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
    .. [2] Welch BL (1947). The generalization of Student's problem when several different population variances are
       involved. Biometrika 34, 28-35. doi:10.1093/biomet/34.1-2.28

    Examples
    --------
    >>> import ketastats as ks
    >>> plan = ks.power.means_welch_noninferiority(n1=37, n2=46, margin=2.0, higher_is_better=True, sd1=2.6, sd2=4.1)
    >>> print(f"{plan.power:.3f}")
    0.849
    """
    design = _difference(n1, n2, effect, sd1, sd2, method)
    answer: PowerResult = ask_noninferiority(design, margin, higher_is_better, alpha)
    return answer


def means_welch_superiority(
    *,
    n1: ArrayLike,
    n2: ArrayLike,
    margin: ArrayLike,
    higher_is_better: bool,
    effect: ArrayLike,
    sd1: ArrayLike,
    sd2: ArrayLike,
    alpha: float = 0.05,
    method: str = "exact",
) -> PowerResult:
    """Return the power of Welch's t test to show that group 1 is better than group 2 by a margin, exactly.

    Parameters
    ----------
    n1, n2 : array_like of int
        People in each group, at least 2.
    margin : array_like
        How much better is not yet enough, at least 0.
    higher_is_better : bool
        Whether larger values are the good ones.
    effect : array_like
        True difference, group 1 minus group 2.
    sd1, sd2 : array_like
        True standard deviation of each group.
    alpha : float
        One-sided level; confirmatory trials often use 0.025.
    method : {"exact", "normal"}
        As in `means_welch_equivalence`.

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
    .. [2] Welch BL (1947). The generalization of Student's problem when several different population variances are
       involved. Biometrika 34, 28-35. doi:10.1093/biomet/34.1-2.28

    Examples
    --------
    >>> import ketastats as ks
    >>> plan = ks.power.means_welch_superiority(
    ...     n1=37, n2=46, margin=0.5, higher_is_better=False, effect=-2.5, sd1=2.6, sd2=4.1
    ... )
    >>> print(f"{plan.power:.3f}")
    0.849
    """
    design = _difference(n1, n2, effect, sd1, sd2, method)
    answer: PowerResult = ask_superiority(design, margin, higher_is_better, alpha)
    return answer


def means_welch_minimum_effect(
    *,
    n1: ArrayLike,
    n2: ArrayLike,
    margin: Any,
    effect: ArrayLike,
    sd1: ArrayLike,
    sd2: ArrayLike,
    alpha: float = 0.05,
    method: str = "exact",
) -> PowerResult:
    """Return the power of Welch's t tests to show that a difference lies outside a margin, exactly.

    Parameters
    ----------
    n1, n2 : array_like of int
        People in each group, at least 2.
    margin : float or pair
        One positive number (symmetric) or a pair, whose ends may be arrays.
    effect : array_like
        True difference, group 1 minus group 2.
    sd1, sd2 : array_like
        True standard deviation of each group.
    alpha : float
        One-sided level, for each direction.
    method : {"exact", "normal"}
        As in `means_welch_equivalence`.

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
    .. [2] Welch BL (1947). The generalization of Student's problem when several different population variances are
       involved. Biometrika 34, 28-35. doi:10.1093/biomet/34.1-2.28

    Examples
    --------
    >>> import ketastats as ks
    >>> plan = ks.power.means_welch_minimum_effect(n1=37, n2=46, margin=0.5, effect=2.5, sd1=2.6, sd2=4.1)
    >>> print(f"{plan.power:.3f}")
    0.849
    """
    design = _difference(n1, n2, effect, sd1, sd2, method)
    answer: PowerResult = ask_minimum_effect(design, margin, alpha)
    return answer


def _difference(n1: Any, n2: Any, effect: Any, sd1: Any, sd2: Any, method: Any) -> Noun:
    way = _validate.choice(method, "method", NAMES)
    size1, size2, true, first, second = _validate.broadcast(
        n1=_validate.integers(n1, "n1", low=2).astype(np.float64),
        n2=_validate.integers(n2, "n2", low=2).astype(np.float64),
        effect=_validate.moderate(effect, "effect"),
        sd1=_validate.moderate(sd1, "sd1", positive=True),
        sd2=_validate.moderate(sd2, "sd2", positive=True),
    )

    def within(low: Array, high: Array, alpha: float) -> Array:
        return welch_within((low - true, high - true), (first, second), (size1, size2), alpha, way)

    def answer(power: Array, alpha: float, method: str, references: tuple[str, ...]) -> PowerResult:
        people1, people2, effects = (np.broadcast_to(column, power.shape) for column in (size1, size2, true))
        return PowerResult(
            power=power[()],
            n1=people1.astype(np.int64)[()],
            n2=people2.astype(np.int64)[()],
            effect=effects[()],
            alpha=alpha,
            method=f"{method}, {_TEXT[way]}",
            references=(*references, WELCH),
        )

    return Noun(within=within, answer=answer, shape=true.shape, test="Welch's t test")


_TEXT = {"exact": "exact (averaged over the share of the variances)", "normal": "normal approximation"}
