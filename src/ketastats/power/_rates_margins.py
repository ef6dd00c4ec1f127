"""Power of one-directional and minimum-effect tests of two Poisson rates."""

from __future__ import annotations

from typing import Any

from numpy.typing import ArrayLike

from ._noun import ask_minimum_effect, ask_noninferiority, ask_superiority
from ._rates import RatesPower
from ._rates_noun import rates_noun

__all__ = ["rates_minimum_effect", "rates_noninferiority", "rates_superiority"]


def rates_noninferiority(
    *,
    t1: ArrayLike,
    t2: ArrayLike,
    margin: ArrayLike,
    higher_is_better: bool,
    rate1: ArrayLike,
    rate2: ArrayLike,
    alpha: float = 0.05,
    measure: str = "ratio",
    method: str = "score",
) -> RatesPower:
    """Return the power to show that the rate of events of group 1 is not worse than that of group 2 by a margin.

    Parameters
    ----------
    t1, t2 : array_like
        Person-time in group 1 and in group 2, positive.
    margin : array_like
        How much worse is still acceptable, positive.
    higher_is_better : bool
        Whether events are good or bad.
    rate1, rate2 : array_like
        True rates, events per unit of time.
    alpha : float
        One-sided level; confirmatory trials often use 0.025.
    measure : {"ratio", "difference"}
        What the margin is about.
    method : str
        As in `rates`: a method of `ketastats.effects.rates`, whose rejected counts are enumerated, or "normal".

    Returns
    -------
    RatesPower
        The power of the one-sided test at the margin, with the design.

    Raises
    ------
    InvalidType
        If the direction is not said.
    InvalidArgument
        If a value is out of range.
    BudgetExceeded
        If so many tables are to be enumerated that it would take minutes.

    References
    ----------
    .. [1] Piaggio G, Elbourne DR, Pocock SJ, Evans SJW, Altman DG (2012). Reporting of noninferiority and equivalence
       randomized trials: extension of the CONSORT 2010 statement. JAMA 308, 2594-2604. doi:10.1001/jama.2012.87802
    .. [2] Gu K, Ng HKT, Tang ML, Schucany WR (2008). Testing the ratio of two Poisson rates. Biometrical Journal 50,
       283-298. doi:10.1002/bimj.200710403

    Examples
    --------
    >>> import ketastats as ks
    >>> plan = ks.power.rates_noninferiority(
    ...     t1=50.0, t2=50.0, margin=1.25, higher_is_better=False, rate1=2.0, rate2=2.1
    ... )
    >>> print(f"{plan.power:.3f}")
    0.619
    """
    design = rates_noun(t1, t2, rate1, rate2, measure, method)
    answer: RatesPower = ask_noninferiority(design, margin, higher_is_better, alpha)
    return answer


def rates_superiority(
    *,
    t1: ArrayLike,
    t2: ArrayLike,
    margin: ArrayLike,
    higher_is_better: bool,
    rate1: ArrayLike,
    rate2: ArrayLike,
    alpha: float = 0.05,
    measure: str = "ratio",
    method: str = "score",
) -> RatesPower:
    """Return the power to show that the rate of events of group 1 is better than that of group 2 by a margin.

    Parameters
    ----------
    t1, t2 : array_like
        Person-time in group 1 and in group 2, positive.
    margin : array_like
        How much better is not yet enough, at least 0.
    higher_is_better : bool
        Whether events are good or bad.
    rate1, rate2 : array_like
        True rates, events per unit of time.
    alpha : float
        One-sided level; confirmatory trials often use 0.025.
    measure : {"ratio", "difference"}
        What the margin is about.
    method : str
        As in `rates`: a method of `ketastats.effects.rates`, whose rejected counts are enumerated, or "normal".

    Returns
    -------
    RatesPower
        The power of the one-sided test at the margin, with the design.

    Raises
    ------
    InvalidType
        If the direction is not said.
    InvalidArgument
        If a value is out of range.
    BudgetExceeded
        If so many tables are to be enumerated that it would take minutes.

    References
    ----------
    .. [1] Piaggio G, Elbourne DR, Pocock SJ, Evans SJW, Altman DG (2012). Reporting of noninferiority and equivalence
       randomized trials: extension of the CONSORT 2010 statement. JAMA 308, 2594-2604. doi:10.1001/jama.2012.87802
    .. [2] Gu K, Ng HKT, Tang ML, Schucany WR (2008). Testing the ratio of two Poisson rates. Biometrical Journal 50,
       283-298. doi:10.1002/bimj.200710403

    Examples
    --------
    >>> import ketastats as ks
    >>> plan = ks.power.rates_superiority(t1=50.0, t2=50.0, margin=1.1, higher_is_better=True, rate1=3.0, rate2=2.0)
    >>> print(f"{plan.power:.3f}")
    0.783
    """
    design = rates_noun(t1, t2, rate1, rate2, measure, method)
    answer: RatesPower = ask_superiority(design, margin, higher_is_better, alpha)
    return answer


def rates_minimum_effect(
    *,
    t1: ArrayLike,
    t2: ArrayLike,
    margin: Any,
    rate1: ArrayLike,
    rate2: ArrayLike,
    alpha: float = 0.05,
    measure: str = "ratio",
    method: str = "score",
) -> RatesPower:
    """Return the power to show that two rates of events differ by more than a margin.

    Parameters
    ----------
    t1, t2 : array_like
        Person-time in group 1 and in group 2, positive.
    margin : float or pair
        One positive number (symmetric) or a pair, whose ends may be arrays.
    rate1, rate2 : array_like
        True rates, events per unit of time.
    alpha : float
        One-sided level, for each direction.
    measure : {"ratio", "difference"}
        What the margin is about.
    method : str
        As in `rates`: a method of `ketastats.effects.rates`, whose rejected counts are enumerated, or "normal".

    Returns
    -------
    RatesPower
        The probability that one of the two one-sided tests rejects, with the design.

    Raises
    ------
    InvalidArgument
        If a value is out of range.
    BudgetExceeded
        If so many tables are to be enumerated that it would take minutes.

    References
    ----------
    .. [1] Murphy KR, Myors B (1999). Testing the hypothesis that treatments have negligible effects: minimum-effect
       tests in the general linear model. Journal of Applied Psychology 84, 234-248. doi:10.1037/0021-9010.84.2.234
    .. [2] Gu K, Ng HKT, Tang ML, Schucany WR (2008). Testing the ratio of two Poisson rates. Biometrical Journal 50,
       283-298. doi:10.1002/bimj.200710403

    Examples
    --------
    >>> import ketastats as ks
    >>> plan = ks.power.rates_minimum_effect(t1=50.0, t2=50.0, margin=1.1, rate1=3.0, rate2=2.0)
    >>> print(f"{plan.power:.3f}")
    0.783
    """
    design = rates_noun(t1, t2, rate1, rate2, measure, method)
    answer: RatesPower = ask_minimum_effect(design, margin, alpha)
    return answer
