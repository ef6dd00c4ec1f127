"""Power of tests of two proportions of the same people, by the pairs that change."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from ._noun import ask_difference, ask_equivalence, ask_minimum_effect, ask_noninferiority, ask_superiority
from ._paired_counts import PairedProportionsPower, paired_noun

__all__ = [
    "paired_proportions",
    "paired_proportions_equivalence",
    "paired_proportions_minimum_effect",
    "paired_proportions_noninferiority",
    "paired_proportions_superiority",
]


def paired_proportions(
    *,
    n: ArrayLike,
    p10: ArrayLike,
    p01: ArrayLike,
    alpha: float = 0.05,
    alternative: str = "two-sided",
    measure: str = "difference",
    method: str = "score",
) -> PairedProportionsPower:
    """Return the power to find a difference between two proportions of the same people, by McNemar's test.

    Parameters
    ----------
    n : array_like of int
        All pairs.
    p10 : array_like
        True share of pairs with the event the first time only.
    p01 : array_like
        True share of pairs with the event the second time only; the two add up to at most 1.
    alpha : float
        Level of the test.
    alternative : {"two-sided", "greater", "less"}
        What the test asks. The two-sided power counts rejections on either side.
    measure : {"difference", "odds_ratio"}
        Rate at the first time minus rate at the second, or the odds ratio within pairs, ``p10 / p01``.
    method : str
        A method of `ketastats.effects.paired_proportions` for this measure, whose rejected counts are enumerated:
        "score" (Tango, at no difference McNemar's test), "bonett_price", "wald", or for the odds ratio "score",
        "exact", "midp"; or "normal", an approximation.

    Returns
    -------
    PairedProportionsPower
        The power, with the design.

    Raises
    ------
    InvalidArgument
        If a value is out of range.
    BudgetExceeded
        If so many tables are to be enumerated that it would take minutes.

    References
    ----------
    .. [1] Tango T (1998). Equivalence test and confidence interval for the difference in proportions for the
       paired-sample design. Statistics in Medicine 17, 891-908.
       doi:10.1002/(SICI)1097-0258(19980430)17:8<891::AID-SIM780>3.0.CO;2-B

    Examples
    --------
    >>> import ketastats as ks
    >>> plan = ks.power.paired_proportions(n=161, p10=0.04, p01=0.10)
    >>> print(f"{plan.power:.3f}")
    0.554
    """
    design = paired_noun(n, p10, p01, measure, method)
    answer: PairedProportionsPower = ask_difference(design, np.zeros(()), alternative, alpha)
    return answer


def paired_proportions_equivalence(
    *,
    n: ArrayLike,
    margin: Any,
    p10: ArrayLike,
    p01: ArrayLike,
    alpha: float = 0.05,
    measure: str = "difference",
    method: str = "score",
) -> PairedProportionsPower:
    """Return the power to show that two proportions of the same people differ by less than a margin.

    Parameters
    ----------
    n : array_like of int
        All pairs.
    margin : float or pair
        One positive number (symmetric) or a pair, whose ends may be arrays. An infinite end makes it noninferiority.
    p10 : array_like
        True share of pairs with the event the first time only.
    p01 : array_like
        True share of pairs with the event the second time only; the two add up to at most 1.
    alpha : float
        One-sided level.
    measure : {"difference", "odds_ratio"}
        Rate at the first time minus rate at the second, or the odds ratio within pairs, ``p10 / p01``.
    method : str
        A method of `ketastats.effects.paired_proportions` for this measure, whose rejected counts are enumerated:
        "score" (Tango, at no difference McNemar's test), "bonett_price", "wald", or for the odds ratio "score",
        "exact", "midp"; or "normal", an approximation.

    Returns
    -------
    PairedProportionsPower
        The probability that both one-sided tests reject, with the design.

    Raises
    ------
    InvalidArgument
        If a value is out of range.
    BudgetExceeded
        If so many tables are to be enumerated that it would take minutes.

    References
    ----------
    .. [1] Schuirmann DJ (1987). A comparison of the two one-sided tests procedure and the power approach for assessing
       the equivalence of average bioavailability. Journal of Pharmacokinetics and Biopharmaceutics 15, 657-680.
       doi:10.1007/BF01068419
    .. [2] Tango T (1998). Equivalence test and confidence interval for the difference in proportions for the
       paired-sample design. Statistics in Medicine 17, 891-908.
       doi:10.1002/(SICI)1097-0258(19980430)17:8<891::AID-SIM780>3.0.CO;2-B

    Examples
    --------
    >>> import ketastats as ks
    >>> plan = ks.power.paired_proportions_equivalence(n=161, p10=0.07, p01=0.07, margin=0.10)
    >>> print(f"{plan.power:.3f}")
    0.892
    """
    design = paired_noun(n, p10, p01, measure, method)
    answer: PairedProportionsPower = ask_equivalence(design, margin, alpha)
    return answer


def paired_proportions_noninferiority(
    *,
    n: ArrayLike,
    margin: ArrayLike,
    higher_is_better: bool,
    p10: ArrayLike,
    p01: ArrayLike,
    alpha: float = 0.05,
    measure: str = "difference",
    method: str = "score",
) -> PairedProportionsPower:
    """Return the power to show that the first of two proportions of the same people is not worse by a margin.

    Parameters
    ----------
    n : array_like of int
        All pairs.
    margin : array_like
        How much worse is still acceptable, positive.
    higher_is_better : bool
        Whether events are good (response) or bad (relapse).
    p10 : array_like
        True share of pairs with the event the first time only.
    p01 : array_like
        True share of pairs with the event the second time only; the two add up to at most 1.
    alpha : float
        One-sided level; confirmatory trials often use 0.025.
    measure : {"difference", "odds_ratio"}
        Rate at the first time minus rate at the second, or the odds ratio within pairs, ``p10 / p01``.
    method : str
        A method of `ketastats.effects.paired_proportions` for this measure, whose rejected counts are enumerated:
        "score" (Tango, at no difference McNemar's test), "bonett_price", "wald", or for the odds ratio "score",
        "exact", "midp"; or "normal", an approximation.

    Returns
    -------
    PairedProportionsPower
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
    .. [2] Tango T (1998). Equivalence test and confidence interval for the difference in proportions for the
       paired-sample design. Statistics in Medicine 17, 891-908.
       doi:10.1002/(SICI)1097-0258(19980430)17:8<891::AID-SIM780>3.0.CO;2-B

    Examples
    --------
    >>> import ketastats as ks
    >>> plan = ks.power.paired_proportions_noninferiority(n=161, margin=0.10, higher_is_better=True, p10=0.07, p01=0.07)
    >>> print(f"{plan.power:.3f}")
    0.946
    """
    design = paired_noun(n, p10, p01, measure, method)
    answer: PairedProportionsPower = ask_noninferiority(design, margin, higher_is_better, alpha)
    return answer


def paired_proportions_superiority(
    *,
    n: ArrayLike,
    margin: ArrayLike,
    higher_is_better: bool,
    p10: ArrayLike,
    p01: ArrayLike,
    alpha: float = 0.05,
    measure: str = "difference",
    method: str = "score",
) -> PairedProportionsPower:
    """Return the power to show that the first of two proportions of the same people is better by a margin.

    Parameters
    ----------
    n : array_like of int
        All pairs.
    margin : array_like
        How much better is not yet enough, at least 0.
    higher_is_better : bool
        Whether events are good (response) or bad (relapse).
    p10 : array_like
        True share of pairs with the event the first time only.
    p01 : array_like
        True share of pairs with the event the second time only; the two add up to at most 1.
    alpha : float
        One-sided level; confirmatory trials often use 0.025.
    measure : {"difference", "odds_ratio"}
        Rate at the first time minus rate at the second, or the odds ratio within pairs, ``p10 / p01``.
    method : str
        A method of `ketastats.effects.paired_proportions` for this measure, whose rejected counts are enumerated:
        "score" (Tango, at no difference McNemar's test), "bonett_price", "wald", or for the odds ratio "score",
        "exact", "midp"; or "normal", an approximation.

    Returns
    -------
    PairedProportionsPower
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
    .. [2] Tango T (1998). Equivalence test and confidence interval for the difference in proportions for the
       paired-sample design. Statistics in Medicine 17, 891-908.
       doi:10.1002/(SICI)1097-0258(19980430)17:8<891::AID-SIM780>3.0.CO;2-B

    Examples
    --------
    >>> import ketastats as ks
    >>> plan = ks.power.paired_proportions_superiority(n=161, margin=0.02, higher_is_better=True, p10=0.16, p01=0.04)
    >>> print(f"{plan.power:.3f}")
    0.913
    """
    design = paired_noun(n, p10, p01, measure, method)
    answer: PairedProportionsPower = ask_superiority(design, margin, higher_is_better, alpha)
    return answer


def paired_proportions_minimum_effect(
    *,
    n: ArrayLike,
    margin: Any,
    p10: ArrayLike,
    p01: ArrayLike,
    alpha: float = 0.05,
    measure: str = "difference",
    method: str = "score",
) -> PairedProportionsPower:
    """Return the power to show that two proportions of the same people differ by more than a margin.

    Parameters
    ----------
    n : array_like of int
        All pairs.
    margin : float or pair
        One positive number (symmetric) or a pair, whose ends may be arrays.
    p10 : array_like
        True share of pairs with the event the first time only.
    p01 : array_like
        True share of pairs with the event the second time only; the two add up to at most 1.
    alpha : float
        One-sided level, for each direction.
    measure : {"difference", "odds_ratio"}
        Rate at the first time minus rate at the second, or the odds ratio within pairs, ``p10 / p01``.
    method : str
        A method of `ketastats.effects.paired_proportions` for this measure, whose rejected counts are enumerated:
        "score" (Tango, at no difference McNemar's test), "bonett_price", "wald", or for the odds ratio "score",
        "exact", "midp"; or "normal", an approximation.

    Returns
    -------
    PairedProportionsPower
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
    .. [2] Tango T (1998). Equivalence test and confidence interval for the difference in proportions for the
       paired-sample design. Statistics in Medicine 17, 891-908.
       doi:10.1002/(SICI)1097-0258(19980430)17:8<891::AID-SIM780>3.0.CO;2-B

    Examples
    --------
    >>> import ketastats as ks
    >>> plan = ks.power.paired_proportions_minimum_effect(n=161, margin=0.02, p10=0.04, p01=0.16)
    >>> print(f"{plan.power:.3f}")
    0.913
    """
    design = paired_noun(n, p10, p01, measure, method)
    answer: PairedProportionsPower = ask_minimum_effect(design, margin, alpha)
    return answer
