"""Power of one-directional and minimum-effect tests of two means, exactly."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .. import _validate
from ..errors import InvalidType
from ..numerics import noncentral_t, student_t
from ._base import PowerResult
from ._means import OWEN

__all__ = ["means_minimum_effect", "means_noninferiority", "means_superiority"]

PIAGGIO = "Piaggio et al. 2012, doi:10.1001/jama.2012.87802"
MURPHY = "Murphy & Myors 1999, doi:10.1037/0021-9010.84.2.234"

Array = NDArray[np.float64]


def means_noninferiority(
    *,
    n1: ArrayLike,
    n2: ArrayLike,
    margin: ArrayLike,
    higher_is_better: bool,
    effect: ArrayLike = 0.0,
    sd: ArrayLike = 1.0,
    alpha: float = 0.05,
) -> PowerResult:
    """Return the power to show that group 1 is not worse than group 2 by a margin, exactly.

    Parameters
    ----------
    n1, n2 : array_like of int
        People in each group, at least 2.
    margin : array_like
        How much worse is still acceptable, positive, in the units of `sd`.
    higher_is_better : bool
        Whether larger values are the good ones.
    effect : array_like
        True difference, group 1 minus group 2, in the units of `sd`.
    sd : array_like
        True standard deviation, the same in both groups.
    alpha : float
        One-sided level; confirmatory trials often use 0.025.

    Returns
    -------
    PowerResult
        The power of the one-sided t test at the margin.

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

    Examples
    --------
    >>> import ketastats as ks
    >>> plan = ks.power.means_noninferiority(n1=64, n2=64, margin=0.5, higher_is_better=True)
    >>> print(f"{plan.power:.3f}")
    0.879
    """
    sign = direction(higher_is_better)
    size = _validate.array(margin, "margin", low=0.0, open_low=True)
    return _one_sided(n1, n2, effect, sd, alpha, sign * size, sign, "noninferiority")


def means_superiority(
    *,
    n1: ArrayLike,
    n2: ArrayLike,
    margin: ArrayLike,
    higher_is_better: bool,
    effect: ArrayLike,
    sd: ArrayLike = 1.0,
    alpha: float = 0.05,
) -> PowerResult:
    """Return the power to show that group 1 is better than group 2 by more than a margin, exactly.

    Parameters
    ----------
    n1, n2 : array_like of int
        People in each group, at least 2.
    margin : array_like
        How much better is not yet enough, at least 0, in the units of `sd`.
    higher_is_better : bool
        Whether larger values are the good ones.
    effect : array_like
        True difference, group 1 minus group 2, in the units of `sd`.
    sd : array_like
        True standard deviation, the same in both groups.
    alpha : float
        One-sided level; confirmatory trials often use 0.025.

    Returns
    -------
    PowerResult
        The power of the one-sided t test at the margin.

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

    Examples
    --------
    >>> import ketastats as ks
    >>> plan = ks.power.means_superiority(n1=64, n2=64, margin=0.2, effect=0.5, higher_is_better=True)
    >>> print(f"{plan.power:.3f}")
    0.517
    """
    sign = direction(higher_is_better)
    size = _validate.array(margin, "margin", low=0.0)
    return _one_sided(n1, n2, effect, sd, alpha, -sign * size, sign, "superiority by a margin")


def means_minimum_effect(
    *, n1: ArrayLike, n2: ArrayLike, margin: Any, effect: ArrayLike, sd: ArrayLike = 1.0, alpha: float = 0.05
) -> PowerResult:
    """Return the power to show that a difference of means lies outside a margin, exactly.

    Parameters
    ----------
    n1, n2 : array_like of int
        People in each group, at least 2.
    margin : float or pair
        One positive number (symmetric) or a pair, whose ends may be arrays, in the units of `sd`.
    effect : array_like
        True difference, group 1 minus group 2, in the units of `sd`.
    sd : array_like
        True standard deviation, the same in both groups.
    alpha : float
        One-sided level, for each direction.

    Returns
    -------
    PowerResult
        The probability that one of the two one-sided t tests rejects.

    Raises
    ------
    InvalidArgument
        If a value is out of range.

    References
    ----------
    .. [1] Murphy KR, Myors B (1999). Testing the hypothesis that treatments have negligible effects: minimum-effect
       tests in the general linear model. Journal of Applied Psychology 84, 234-248. doi:10.1037/0021-9010.84.2.234

    Examples
    --------
    >>> import ketastats as ks
    >>> print(f"{ks.power.means_minimum_effect(n1=64, n2=64, margin=0.2, effect=0.7).power:.3f}")
    0.879
    """
    low, high = _validate.margins(margin)
    size1, size2, true, spread, low, high = _design(n1, n2, effect, sd, margin_low=low, margin_high=high)
    level = _validate.alpha(alpha)
    power = outside_power(true, spread, (low, high), (size1, size2), level)
    return _result(
        power, size1, size2, true, level, "minimum-effect test, two one-sided t tests, exact", (MURPHY, OWEN)
    )


def direction(higher_is_better: Any) -> float:
    """Return the sign of better."""
    if not isinstance(higher_is_better, (bool, np.bool_)):
        raise InvalidType("higher_is_better", higher_is_better, "True or False", "Say which direction is the good one.")
    return 1.0 if higher_is_better else -1.0


def one_sided_power(distance: Array, sd: Array, sizes: tuple[Array, Array], alpha: float) -> Array:
    """Return the power of a one-sided t test whose bound lies `distance` behind the truth."""
    n1, n2 = sizes
    df = n1 + n2 - 2.0
    return noncentral_t.sf(student_t.isf(alpha, df), df, distance / (sd * np.sqrt(1.0 / n1 + 1.0 / n2)))


def outside_power(
    effect: Array, sd: Array, margin: tuple[Array, Array], sizes: tuple[Array, Array], alpha: float
) -> Array:
    """Return the power of two one-sided t tests, of which at most one can reject."""
    power = np.zeros(np.broadcast_shapes(*(value.shape for value in (effect, sd, *margin, *sizes))))
    for distance in (margin[0] - effect, effect - margin[1]):
        finite = np.isfinite(distance)
        power = power + np.where(finite, one_sided_power(np.where(finite, distance, 0.0), sd, sizes, alpha), 0.0)
    return np.asarray(np.minimum(power, 1.0))


def _one_sided(
    n1: Any, n2: Any, effect: Any, sd: Any, alpha: float, shift: Array, sign: float, question: str
) -> PowerResult:
    """Return the power of one t test; `shift` is what the margin adds to the difference."""
    size1, size2, true, spread, shift = _design(n1, n2, effect, sd, margin=shift)
    level = _validate.alpha(alpha)
    power = one_sided_power(sign * (true + shift), spread, (size1, size2), level)
    method = f"{question}, one-sided t test, exact noncentral t, {'higher' if sign > 0 else 'lower'} is better"
    return _result(power, size1, size2, true, level, method, (PIAGGIO, OWEN))


def _design(n1: Any, n2: Any, effect: Any, sd: Any, **margins: Array) -> list[Array]:
    return _validate.broadcast(
        n1=_validate.integers(n1, "n1", low=2).astype(np.float64),
        n2=_validate.integers(n2, "n2", low=2).astype(np.float64),
        effect=_validate.array(effect, "effect"),
        sd=_validate.array(sd, "sd", low=0.0, open_low=True),
        **margins,
    )


def _result(
    power: Array, n1: Array, n2: Array, effect: Array, alpha: float, method: str, references: tuple[str, ...]
) -> PowerResult:
    return PowerResult(
        power=power[()],
        n1=n1.astype(np.int64)[()],
        n2=n2.astype(np.int64)[()],
        effect=effect[()],
        alpha=alpha,
        method=method,
        references=references,
    )
