"""Power of equivalence of two rates of events."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from .. import _validate
from ..numerics import tost
from ._base import PowerResult

__all__ = ["rates_equivalence"]


def rates_equivalence(
    *,
    n1: ArrayLike,
    n2: ArrayLike,
    rate1: ArrayLike,
    rate2: ArrayLike,
    margin: Any,
    exposure: ArrayLike = 1.0,
    dispersion: ArrayLike = 0.0,
    alpha: float = 0.05,
) -> PowerResult:
    """Return the power of two one-sided Wald tests of a ratio of two rates, by a normal approximation.

    Counts are Poisson or, where people differ, negative binomial: a person's count has the mean ``rate * exposure`` and
    the variance ``mean + dispersion * mean**2``.

    Parameters
    ----------
    n1, n2 : array_like of int
        People in each group.
    rate1, rate2 : array_like
        True events per unit of exposure in group 1 and in group 2, above 0.
    margin : float or pair
        One number above 1, such as 1.25, for ``1 / margin`` to ``margin``, or a pair of ratios, whose ends may be
        arrays; ``(0.8, inf)`` makes it noninferiority.
    exposure : array_like
        Time, or other exposure, of each person.
    dispersion : array_like
        Dispersion of the negative binomial distribution, taken as known; 0 is Poisson.
    alpha : float
        One-sided level.

    Returns
    -------
    PowerResult
        The probability that both tests reject, with the design; the effect is ``rate1 / rate2``.

    Raises
    ------
    InvalidArgument
        If a value is out of range.

    References
    ----------
    .. [1] Zhu H (2017). Sample size calculation for comparing two Poisson or negative binomial rates in noninferiority
       or equivalence trials. Statistics in Biopharmaceutical Research 9, 107-115. doi:10.1080/19466315.2016.1225594

    Examples
    --------
    >>> import ketastats as ks
    >>> design = {"n1": 965, "n2": 965, "rate1": 2.5, "rate2": 2.5, "exposure": 0.9}
    >>> print(f"{ks.power.rates_equivalence(**design, margin=8 / 7, dispersion=0.35).power:.3f}")
    0.900
    >>> print(f"{ks.power.rates_equivalence(**design, margin=8 / 7).power:.3f}")
    0.994
    """
    ends = _validate.margins(margin, ratio=True)
    with np.errstate(divide="ignore"):
        low, high = np.log(ends[0]), np.log(ends[1])
    level = _validate.alpha(alpha)
    size1, size2, first, second, time, spread, low, high = _validate.broadcast(
        n1=_validate.integers(n1, "n1", low=1).astype(np.float64),
        n2=_validate.integers(n2, "n2", low=1).astype(np.float64),
        rate1=_rate(rate1, "rate1"),
        rate2=_rate(rate2, "rate2"),
        exposure=_rate(exposure, "exposure"),
        dispersion=_validate.array(dispersion, "dispersion", low=0.0, high=1e100),
        margin_low=low,
        margin_high=high,
    )
    # The variance of a log rate is that of its count over the squared mean.
    error = np.sqrt((1.0 / (time * first) + spread) / size1 + (1.0 / (time * second) + spread) / size2)
    true = np.log(first) - np.log(second)
    return PowerResult(
        power=tost.power((low - true) / error, (high - true) / error, np.inf, level)[()],
        n1=size1.astype(np.int64)[()],
        n2=size2.astype(np.int64)[()],
        effect=(first / second)[()],
        alpha=level,
        method="two one-sided Wald tests of a log rate ratio, normal approximation",
        references=("Zhu 2017, doi:10.1080/19466315.2016.1225594",),
    )


def _rate(value: Any, name: str) -> np.ndarray[Any, np.dtype[np.float64]]:
    return _validate.array(value, name, low=1e-100, high=1e100)
