"""Power of one-directional and minimum-effect tests of a correlation."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .. import _validate
from ._correlation import EQUIVALENCE_METHODS, SOURCES, correlations, ends, equivalence_power
from ._noun import Noun, ask_minimum_effect, ask_noninferiority, ask_superiority
from ._one_sample import OneSamplePowerResult

__all__ = ["correlation_minimum_effect", "correlation_noninferiority", "correlation_superiority"]

Array = NDArray[np.float64]

_TEXT = {
    "fisher_z": "normal approximation",
    "exact": "exact for bivariate normal data",
    "bonett_wright": "Spearman's, normal with Bonett and Wright's variance",
    "fieller": "Spearman's, normal with variance 1.06 / (n - 3)",
}


def correlation_noninferiority(
    *,
    n: ArrayLike,
    margin: ArrayLike,
    higher_is_better: bool,
    r: ArrayLike = 0.0,
    alpha: float = 0.05,
    method: str = "fisher_z",
) -> OneSamplePowerResult:
    """Return the power to show that a correlation is not below 0 by a margin (or above, if lower is better).

    Parameters
    ----------
    n : array_like of int
        Pairs, at least 4.
    margin : array_like
        How much worse is still acceptable, positive.
    higher_is_better : bool
        Whether larger correlations are the good ones.
    r : array_like
        True correlation, above -1 and below 1.
    alpha : float
        One-sided level; confirmatory trials often use 0.025.
    method : {"fisher_z", "exact", "bonett_wright", "fieller"}
        As in `correlation_equivalence`.

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
    .. [2] Fisher RA (1921). On the "probable error" of a coefficient of correlation deduced from a small sample. Metron
       1, 3-32.

    Examples
    --------
    >>> import ketastats as ks
    >>> plan = ks.power.correlation_noninferiority(n=80, margin=0.2, higher_is_better=True, r=0.1)
    >>> print(f"{plan.power:.3f}")
    0.845
    """
    design = _design(n, r, method)
    answer: OneSamplePowerResult = ask_noninferiority(design, margin, higher_is_better, alpha)
    return answer


def correlation_superiority(
    *,
    n: ArrayLike,
    margin: ArrayLike,
    higher_is_better: bool,
    r: ArrayLike,
    alpha: float = 0.05,
    method: str = "fisher_z",
) -> OneSamplePowerResult:
    """Return the power to show that a correlation is above a margin (or below its negative).

    Parameters
    ----------
    n : array_like of int
        Pairs, at least 4.
    margin : array_like
        How much better is not yet enough, at least 0.
    higher_is_better : bool
        Whether larger correlations are the good ones.
    r : array_like
        True correlation, above -1 and below 1.
    alpha : float
        One-sided level; confirmatory trials often use 0.025.
    method : {"fisher_z", "exact", "bonett_wright", "fieller"}
        As in `correlation_equivalence`.

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
    .. [2] Fisher RA (1921). On the "probable error" of a coefficient of correlation deduced from a small sample. Metron
       1, 3-32.

    Examples
    --------
    >>> import ketastats as ks
    >>> plan = ks.power.correlation_superiority(n=80, margin=0.1, higher_is_better=True, r=0.4)
    >>> print(f"{plan.power:.3f}")
    0.883
    """
    design = _design(n, r, method)
    answer: OneSamplePowerResult = ask_superiority(design, margin, higher_is_better, alpha)
    return answer


def correlation_minimum_effect(
    *,
    n: ArrayLike,
    margin: Any,
    r: ArrayLike,
    alpha: float = 0.05,
    method: str = "fisher_z",
) -> OneSamplePowerResult:
    """Return the power to show that a correlation lies outside a margin.

    Parameters
    ----------
    n : array_like of int
        Pairs, at least 4.
    margin : float or pair
        One positive number (symmetric) or a pair, whose ends may be arrays.
    r : array_like
        True correlation, above -1 and below 1.
    alpha : float
        One-sided level, for each direction.
    method : {"fisher_z", "exact", "bonett_wright", "fieller"}
        As in `correlation_equivalence`.

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
    .. [2] Fisher RA (1921). On the "probable error" of a coefficient of correlation deduced from a small sample. Metron
       1, 3-32.

    Examples
    --------
    >>> import ketastats as ks
    >>> plan = ks.power.correlation_minimum_effect(n=80, margin=0.1, r=-0.4)
    >>> print(f"{plan.power:.3f}")
    0.883
    """
    design = _design(n, r, method)
    answer: OneSamplePowerResult = ask_minimum_effect(design, margin, alpha)
    return answer


def _design(n: Any, r: Any, method: Any) -> Noun:
    way = _validate.choice(method, "method", EQUIVALENCE_METHODS)
    size, true = _validate.broadcast(n=_validate.integers(n, "n", low=4).astype(np.float64), r=correlations(r, "r"))

    def within(low: Array, high: Array, alpha: float) -> Array:
        # No correlation is shown to lie beyond 1, and each lies within -1 and 1.
        never = (low >= 1.0) & (low < np.inf) | (high <= -1.0) & (high > -np.inf)
        always = (low <= -1.0) & (high >= 1.0)
        left, right = (ends(np.where(never | always, 0.0, end)) for end in (low, high))
        power = equivalence_power(size, np.arctanh(true), left, right, alpha, way)
        return np.where(always, 1.0, np.where(never, 0.0, power))

    def answer(power: Array, alpha: float, method: str, references: tuple[str, ...]) -> OneSamplePowerResult:
        people, effects = np.broadcast_to(size, power.shape), np.broadcast_to(true, power.shape)
        return OneSamplePowerResult(
            power=power[()],
            n=people.astype(np.int64)[()],
            effect=effects[()],
            alpha=alpha,
            method=f"{method}, {_TEXT[way]}",
            references=(*references, *SOURCES[way]),
        )

    return Noun(within=within, answer=answer, shape=true.shape, test="Fisher z test of a correlation")
