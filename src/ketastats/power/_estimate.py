"""Power of tests of an estimate, whatever was estimated, from its standard error."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .. import _validate
from .._results import Result
from ..numerics import tost
from ._noun import Noun, ask_difference, ask_equivalence, ask_minimum_effect, ask_noninferiority, ask_superiority

__all__ = [
    "EstimatePower",
    "estimate",
    "estimate_equivalence",
    "estimate_minimum_effect",
    "estimate_noninferiority",
    "estimate_superiority",
]

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class EstimatePower(Result):
    """Probability that a test of an estimate rejects.

    Parameters
    ----------
    power : float or ndarray
        Probability of rejection.
    effect : float or ndarray
        True value at which the power holds.
    standard_error, df : float or ndarray
        Standard error of the estimate, and its degrees of freedom.
    alpha : float
        Level of the test.
    method : str
        The method that was used.
    references : tuple of str
        Where it was published.
    """

    power: Any
    effect: Any
    standard_error: Any
    df: Any
    alpha: float
    method: str
    references: tuple[str, ...] = ()


def estimate(
    *,
    effect: ArrayLike,
    se: ArrayLike,
    df: ArrayLike = np.inf,
    null: ArrayLike = 0.0,
    alpha: float = 0.05,
    alternative: str = "two-sided",
) -> EstimatePower:
    """Return the power of a test of an estimate with a known standard error, whatever is estimated.

    Parameters
    ----------
    effect : array_like
        True value of what is estimated; of a ratio take the logarithm.
    se : array_like
        Its standard error, the same under every truth; for a ratio that of its logarithm.
    df : array_like
        Degrees of freedom; infinite for the normal distribution.
    null : array_like
        Value that is tested.
    alpha : float
        Level of the test.
    alternative : {"two-sided", "greater", "less"}
        What the test asks. The two-sided power counts rejections on either side.

    Returns
    -------
    EstimatePower
        The power, with the design.

    Raises
    ------
    InvalidArgument
        If a value is out of range.

    References
    ----------
    .. [1] Student (1908). The probable error of a mean. Biometrika 6, 1-25. doi:10.1093/biomet/6.1.1

    Examples
    --------
    >>> import ketastats as ks
    >>> plan = ks.power.estimate(effect=3.0, se=1.35, df=60)
    >>> print(f"{plan.power:.3f}")
    0.590
    """
    design = _design(effect, se, df)
    answer: EstimatePower = ask_difference(design, _validate.array(null, "null"), alternative, alpha)
    return answer


def estimate_equivalence(
    *,
    margin: Any,
    se: ArrayLike,
    effect: ArrayLike = 0.0,
    df: ArrayLike = np.inf,
    alpha: float = 0.05,
) -> EstimatePower:
    """Return the power to show that what is estimated lies within a margin.

    Parameters
    ----------
    margin : float or pair
        One positive number (symmetric) or a pair, whose ends may be arrays. An infinite end makes it noninferiority.
    se : array_like
        Its standard error, the same under every truth; for a ratio that of its logarithm.
    effect : array_like
        True value of what is estimated; of a ratio take the logarithm.
    df : array_like
        Degrees of freedom; infinite for the normal distribution.
    alpha : float
        One-sided level.

    Returns
    -------
    EstimatePower
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
    .. [2] Student (1908). The probable error of a mean. Biometrika 6, 1-25. doi:10.1093/biomet/6.1.1

    Examples
    --------
    >>> import ketastats as ks
    >>> plan = ks.power.estimate_equivalence(margin=4.0, se=1.35, df=60)
    >>> print(f"{plan.power:.3f}")
    0.801
    """
    design = _design(effect, se, df)
    answer: EstimatePower = ask_equivalence(design, margin, alpha)
    return answer


def estimate_noninferiority(
    *,
    margin: ArrayLike,
    higher_is_better: bool,
    se: ArrayLike,
    effect: ArrayLike = 0.0,
    df: ArrayLike = np.inf,
    alpha: float = 0.05,
) -> EstimatePower:
    """Return the power to show that what is estimated is not worse than nothing by a margin.

    Parameters
    ----------
    margin : array_like
        How much worse is still acceptable, positive.
    higher_is_better : bool
        Whether larger values are the good ones.
    se : array_like
        Its standard error, the same under every truth; for a ratio that of its logarithm.
    effect : array_like
        True value of what is estimated; of a ratio take the logarithm.
    df : array_like
        Degrees of freedom; infinite for the normal distribution.
    alpha : float
        One-sided level; confirmatory trials often use 0.025.

    Returns
    -------
    EstimatePower
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
    .. [2] Student (1908). The probable error of a mean. Biometrika 6, 1-25. doi:10.1093/biomet/6.1.1

    Examples
    --------
    >>> import ketastats as ks
    >>> plan = ks.power.estimate_noninferiority(margin=3.0, higher_is_better=True, se=1.35)
    >>> print(f"{plan.power:.3f}")
    0.718
    """
    design = _design(effect, se, df)
    answer: EstimatePower = ask_noninferiority(design, margin, higher_is_better, alpha)
    return answer


def estimate_superiority(
    *,
    margin: ArrayLike,
    higher_is_better: bool,
    effect: ArrayLike,
    se: ArrayLike,
    df: ArrayLike = np.inf,
    alpha: float = 0.05,
) -> EstimatePower:
    """Return the power to show that what is estimated is better than nothing by more than a margin.

    Parameters
    ----------
    margin : array_like
        How much better is not yet enough, at least 0.
    higher_is_better : bool
        Whether larger values are the good ones.
    effect : array_like
        True value of what is estimated; of a ratio take the logarithm.
    se : array_like
        Its standard error, the same under every truth; for a ratio that of its logarithm.
    df : array_like
        Degrees of freedom; infinite for the normal distribution.
    alpha : float
        One-sided level; confirmatory trials often use 0.025.

    Returns
    -------
    EstimatePower
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
    .. [2] Student (1908). The probable error of a mean. Biometrika 6, 1-25. doi:10.1093/biomet/6.1.1

    Examples
    --------
    >>> import ketastats as ks
    >>> plan = ks.power.estimate_superiority(margin=1.0, higher_is_better=True, effect=5.0, se=1.35)
    >>> print(f"{plan.power:.3f}")
    0.906
    """
    design = _design(effect, se, df)
    answer: EstimatePower = ask_superiority(design, margin, higher_is_better, alpha)
    return answer


def estimate_minimum_effect(
    *,
    margin: Any,
    effect: ArrayLike,
    se: ArrayLike,
    df: ArrayLike = np.inf,
    alpha: float = 0.05,
) -> EstimatePower:
    """Return the power to show that what is estimated lies outside a margin.

    Parameters
    ----------
    margin : float or pair
        One positive number (symmetric) or a pair, whose ends may be arrays.
    effect : array_like
        True value of what is estimated; of a ratio take the logarithm.
    se : array_like
        Its standard error, the same under every truth; for a ratio that of its logarithm.
    df : array_like
        Degrees of freedom; infinite for the normal distribution.
    alpha : float
        One-sided level, for each direction.

    Returns
    -------
    EstimatePower
        The probability that one of the two one-sided tests rejects, with the design.

    Raises
    ------
    InvalidArgument
        If a value is out of range.

    References
    ----------
    .. [1] Murphy KR, Myors B (1999). Testing the hypothesis that treatments have negligible effects: minimum-effect
       tests in the general linear model. Journal of Applied Psychology 84, 234-248. doi:10.1037/0021-9010.84.2.234
    .. [2] Student (1908). The probable error of a mean. Biometrika 6, 1-25. doi:10.1093/biomet/6.1.1

    Examples
    --------
    >>> import ketastats as ks
    >>> plan = ks.power.estimate_minimum_effect(margin=1.0, effect=5.0, se=1.35)
    >>> print(f"{plan.power:.3f}")
    0.906
    """
    design = _design(effect, se, df)
    answer: EstimatePower = ask_minimum_effect(design, margin, alpha)
    return answer


def _design(effect: Any, se: Any, df: Any) -> Noun:
    true, error, freedom = _validate.broadcast(
        effect=_validate.array(effect, "effect"),
        se=_validate.moderate(se, "se", positive=True),
        df=_validate.array(df, "df", low=1.0, infinite=True),
    )

    def within(low: Array, high: Array, alpha: float) -> Array:
        return tost.power((low - true) / error, (high - true) / error, freedom, alpha)

    def answer(power: Array, alpha: float, method: str, references: tuple[str, ...]) -> EstimatePower:
        columns = (np.broadcast_to(column, power.shape)[()] for column in (true, error, freedom))
        effects, errors, dfs = columns
        return EstimatePower(
            power=power[()],
            effect=effects,
            standard_error=errors,
            df=dfs,
            alpha=alpha,
            method=f"{method}, exact noncentral t",
            references=(*references, _STUDENT),
        )

    return Noun(within=within, answer=answer, shape=true.shape, test="t test of an estimate")


_STUDENT = "Student 1908, doi:10.1093/biomet/6.1.1"
