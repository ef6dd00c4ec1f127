"""Power to show equivalence in two correlated endpoints together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .. import _validate
from ..errors import InvalidArgument, InvalidType
from ..numerics import tost
from ..numerics.coprimary import power_of_two
from ._base import PowerResult
from ._crossover import crossover_design
from ._means import PHILLIPS

__all__ = ["CoprimaryPower", "coprimary_equivalence"]

Array = NDArray[np.float64]

_HUA = "Hua, Xu & D'Agostino 2015, doi:10.1002/sim.6388"


@dataclass(frozen=True, slots=True, kw_only=True)
class CoprimaryPower(PowerResult):
    """Power of equivalence tests of two endpoints, together and each alone.

    Parameters
    ----------
    power, n1, n2, effect, alpha, method, references : object
        As in `PowerResult`; the power is that of both endpoints together, the effect that in the first endpoint.
    effect2 : float or ndarray
        True difference in the second endpoint.
    power1, power2 : float or ndarray
        Power in each endpoint alone.
    rho : float or ndarray
        Correlation of the endpoints.
    """

    effect2: Any
    power1: Any
    power2: Any
    rho: Any


def coprimary_equivalence(
    *,
    n1: ArrayLike,
    n2: ArrayLike,
    margin: tuple[Any, Any],
    sd: tuple[ArrayLike, ArrayLike],
    rho: ArrayLike,
    effect: tuple[ArrayLike, ArrayLike] = (0.0, 0.0),
    design: str = "parallel",
    alpha: float = 0.05,
) -> CoprimaryPower:
    """Return the power to establish equivalence in two correlated endpoints together, exactly.

    Each endpoint has its two one-sided t tests; all four must reject. No correction of alpha is needed for that.

    Parameters
    ----------
    n1, n2 : array_like of int
        People in each group, or in each sequence of treatments.
    margin : pair
        The margin of the first and of the second endpoint, each one positive number (symmetric) or a pair, whose ends
        may be arrays. For ratios take logs of everything.
    sd : pair of array_like
        Standard deviation of each endpoint: of people in the parallel design, within people in a crossover.
    rho : array_like
        Correlation of the endpoints, above -1 and below 1; there is no default.
    effect : pair of array_like
        True difference in each endpoint.
    design : {"parallel", "2x2", "2x2x3", "2x2x4"}
        Two groups, or as in `crossover_equivalence`.
    alpha : float
        One-sided level of each test.

    Returns
    -------
    CoprimaryPower
        The probability that all four tests reject, beside that of each endpoint alone, for normal data whose
        covariance is estimated.

    Raises
    ------
    InvalidArgument
        If a value is out of range.
    InvalidType
        If there are not two margins, two standard deviations and two effects.

    References
    ----------
    .. [1] Hua SY, Xu S, D'Agostino RB (2015). Multiplicity adjustments in testing for bioequivalence. Statistics in
       Medicine 34, 215-231. doi:10.1002/sim.6388
    .. [2] Phillips KF (1990). Power of the two one-sided tests procedure in bioequivalence. Journal of Pharmacokinetics
       and Biopharmaceutics 18, 137-144. doi:10.1007/BF01063556

    Examples
    --------
    Two log endpoints of a crossover with 24 people, both 5 % higher under one treatment:

    >>> import math
    >>> import ketastats as ks
    >>> limit, true = math.log(1.25), math.log(1.05)
    >>> plan = ks.power.coprimary_equivalence(
    ...     n1=12, n2=12, margin=(limit, limit), sd=(0.3, 0.3), effect=(true, true), rho=0.75, design="2x2"
    ... )
    >>> print(f"together {plan.power:.4f}, each alone {plan.power1:.4f}")
    together 0.3884, each alone 0.5389
    """
    level = _validate.alpha(alpha)
    ends = [_validate.margins(part) for part in _both(margin, "margin")]
    spreads = [_validate.array(part, "sd", low=0.0, open_low=True) for part in _both(sd, "sd")]
    truths = [_validate.array(part, "effect") for part in _both(effect, "effect")]
    size1, size2 = (_validate.integers(n, name, low=1).astype(np.float64) for n, name in ((n1, "n1"), (n2, "n2")))
    known = _validate.broadcast(
        n1=size1,
        n2=size2,
        rho=_validate.array(rho, "rho", low=-1.0, high=1.0, open_low=True, open_high=True),
        **{f"effect[{i}]": truth for i, truth in enumerate(truths)},
        **{f"sd[{i}]": spread for i, spread in enumerate(spreads)},
        **{f"margin[{i}][{j}]": end for i, pair in enumerate(ends) for j, end in enumerate(pair)},
    )
    size1, size2, together, true1, true2, sd1, sd2, *limits = known
    unit, df = crossover_design(size1, size2, design)
    lows = (limits[0] - true1) / (sd1 * unit), (limits[2] - true2) / (sd2 * unit)
    highs = (limits[1] - true1) / (sd1 * unit), (limits[3] - true2) / (sd2 * unit)
    power = np.empty(size1.shape)
    for at in np.ndindex(*size1.shape):
        low, high = (float(lows[0][at]), float(lows[1][at])), (float(highs[0][at]), float(highs[1][at]))
        power[at] = power_of_two(low, high, float(together[at]), float(df[at]), level)
    alone = [tost.power(lows[i], highs[i], df, level) for i in (0, 1)]
    return CoprimaryPower(
        power=np.minimum(power, np.minimum(*alone))[()],
        n1=size1.astype(np.int64)[()],
        n2=size2.astype(np.int64)[()],
        effect=true1[()],
        effect2=true2[()],
        power1=alone[0][()],
        power2=alone[1][()],
        rho=together[()],
        alpha=level,
        method=f"two one-sided t tests in each of two endpoints, {design} design, exact (double integral)",
        references=(_HUA, PHILLIPS),
    )


def _both(value: Any, name: str) -> tuple[Any, Any]:
    """Return what is said of the first and of the second endpoint."""
    allowed = "a pair, for the first and for the second endpoint"
    if not isinstance(value, (tuple, list)):
        raise InvalidType(name, value, allowed, "Write it twice if both endpoints share it.")
    if len(value) != 2:
        raise InvalidArgument(name, value, allowed)
    return value[0], value[1]
