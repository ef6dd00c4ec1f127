"""Power of tests of two Poisson rates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtr, ndtri

from .. import _validate
from .._results import Result
from ..effects._rates import RULES
from ..errors import BudgetExceeded, InvalidArgument
from ..numerics.poisson_power import exact_power
from ..numerics.score import Table

__all__ = ["RatesPower", "rates"]

_GU = "Gu, Ng, Tang & Schucany 2008, doi:10.1002/bimj.200710403"
ALTERNATIVES = ("two-sided", "greater", "less")
#: Expected events in both groups together beyond which nothing is enumerated.
LARGEST = 2_000_000

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class RatesPower(Result):
    """Probability that a test of two Poisson rates rejects, at stated true rates.

    Parameters
    ----------
    power : float or ndarray
        Probability of rejection.
    t1, t2 : float or ndarray
        Person-time in each group.
    rate1, rate2 : float or ndarray
        True rates at which the power holds.
    null : float
        Ratio or difference that is tested.
    alpha : float
        Level of the test.
    method : str
        The method that was used.
    references : tuple of str
        Where it was published.
    """

    power: Any
    t1: Any
    t2: Any
    rate1: Any
    rate2: Any
    null: float
    alpha: float
    method: str
    references: tuple[str, ...] = ()


def rates(
    *,
    t1: ArrayLike,
    t2: ArrayLike,
    rate1: ArrayLike,
    rate2: ArrayLike,
    null: float | None = None,
    alpha: float = 0.05,
    alternative: str = "two-sided",
    measure: str = "ratio",
    method: str = "score",
) -> RatesPower:
    """Return the power of a test of two Poisson rates.

    Parameters
    ----------
    t1, t2 : array_like
        Person-time in group 1 and in group 2, positive.
    rate1, rate2 : array_like
        True rates, events per unit of time; all four broadcast together.
    null : float, optional
        Ratio or difference that is tested; no difference if not given. With a margin here and a one-sided
        alternative this is noninferiority or superiority by a margin.
    alpha : float
        Level of the test, for "two-sided" both sides together.
    alternative : {"two-sided", "greater", "less"}
        "greater" looks for a ratio or difference above `null`.
    measure : {"ratio", "difference"}
        What is tested.
    method : str
        A method of `ketastats.effects.rates` for this measure, whose rejected tables are enumerated; or "normal", the
        Wald approximation with the variance at the true rates (of the log ratio, or of the difference).

    Returns
    -------
    RatesPower
        The power, with the design.

    Raises
    ------
    InvalidArgument
        If a value is out of range.
    BudgetExceeded
        If so many events are expected that enumeration would take minutes.

    References
    ----------
    .. [1] Gu K, Ng HKT, Tang ML, Schucany WR (2008). Testing the ratio of two Poisson rates. Biometrical Journal 50,
       283-298. doi:10.1002/bimj.200710403

    Examples
    --------
    >>> import ketastats as ks
    >>> plan = ks.power.rates(t1=6, t2=8, rate1=15, rate2=10, measure="difference", alternative="greater")
    >>> print(f"{plan.power:.3f}")
    0.840
    """
    kind = _validate.choice(measure, "measure", RULES)
    name = _validate.choice(method, "method", (*RULES[kind], "normal"))
    side = _validate.choice(alternative, "alternative", ALTERNATIVES)
    level = _validate.real(alpha, "alpha", low=0.0, high=1.0, open_low=True, open_high=True)
    none = 1.0 if kind == "ratio" else 0.0
    value = none if null is None else _validate.real(null, "null")
    if kind == "ratio" and value <= 0:
        raise InvalidArgument("null", null, "a positive ratio", "No difference is a ratio of 1.")
    design = _validate.broadcast(
        t1=_validate.array(t1, "t1", low=0.0, open_low=True),
        t2=_validate.array(t2, "t2", low=0.0, open_low=True),
        rate1=_validate.array(rate1, "rate1", low=0.0),
        rate2=_validate.array(rate2, "rate2", low=0.0),
    )
    if name == "normal":
        power, text = _normal(design, kind, value, level, side), "normal approximation, variance at the true rates"
    else:
        power, text = (
            _exact(design, kind, name, value, level, side),
            f"exact, by enumeration of {RULES[kind][name].name}",
        )
    first, second, one, two = (column[()] for column in design)
    return RatesPower(
        power=power[()],
        t1=first,
        t2=second,
        rate1=one,
        rate2=two,
        null=value,
        alpha=level,
        method=f"{kind} of two Poisson rates, {side}, {text}",
        references=(_GU,),
    )


def _exact(design: list[Array], measure: str, method: str, null: float, alpha: float, side: str) -> Array:
    rule = RULES[measure][method]

    def reject(table: Table) -> NDArray[np.bool_]:
        greater, less = rule.one_sided(table, np.full_like(table[0], null))
        if side == "two-sided":
            return np.asarray(2.0 * np.minimum(greater, less) < alpha)
        return np.asarray((greater if side == "greater" else less) < alpha)

    flat = [column.ravel() for column in design]
    power = np.empty(flat[0].shape)
    for i, (time1, time2, rate1, rate2) in enumerate(zip(*(column.tolist() for column in flat), strict=True)):
        means = time1 * rate1, time2 * rate2
        if sum(means) > LARGEST:
            raise BudgetExceeded("expected events", int(sum(means)), LARGEST, "Use method='normal'.")
        power[i] = exact_power(reject, means, (time1, time2))
    return power.reshape(design[0].shape)


def _normal(design: list[Array], measure: str, null: float, alpha: float, side: str) -> Array:
    time1, time2, rate1, rate2 = design
    z = -float(ndtri(0.5 * alpha if side == "two-sided" else alpha))
    with np.errstate(divide="ignore", invalid="ignore"):
        if measure == "ratio":
            distance = np.log(rate1) - np.log(rate2) - np.log(null)
            error = np.sqrt(1.0 / (time1 * rate1) + 1.0 / (time2 * rate2))
        else:
            distance, error = rate1 - rate2 - null, np.sqrt(rate1 / time1 + rate2 / time2)
        share = distance / error
    # Without events no approximation holds: nothing is promised.
    known = np.isfinite(share)
    share = np.where(known, share, 0.0)
    greater, less = np.where(known, ndtr(share - z), 0.0), np.where(known, ndtr(-share - z), 0.0)
    return {"greater": greater, "less": less, "two-sided": greater + less}[side]
