"""Assurance of tests of two proportions: power averaged over beta priors of both rates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from .. import _validate
from .._results import Result
from ..errors import BudgetExceeded, InvalidArgument, InvalidType
from ..numerics.assured_counts import assured_power
from ..numerics.binomial_power import Alternative, exact_power

__all__ = ["ProportionsAssurance", "assurance_proportions"]

_OHAGAN = "O'Hagan, Stevens & Campbell 2005, doi:10.1002/pst.175"
_METHODS: dict[str, tuple[str, bool]] = {
    "score": ("Miettinen-Nurminen score test", True),
    "mee": ("Mee's score test", False),
}
#: Larger groups would take minutes, and a normal prior then says the same.
_LARGEST = 200_000


@dataclass(frozen=True, slots=True, kw_only=True)
class ProportionsAssurance(Result):
    """Probability that a study of two proportions succeeds, over what is not known of both rates.

    Parameters
    ----------
    assurance : float or ndarray
        Power averaged over both priors.
    power : float or ndarray
        Power at the means of the priors, as if they were known.
    n1, n2 : int or ndarray
        People in each group.
    p1, p2 : float
        Means of the priors.
    alpha : float
        Level of the test.
    method : str
        The method that was used.
    references : tuple of str
        Where it was published.
    """

    assurance: Any
    power: Any
    n1: Any
    n2: Any
    p1: float
    p2: float
    alpha: float
    method: str
    references: tuple[str, ...] = ()


def assurance_proportions(
    *,
    n1: ArrayLike,
    n2: ArrayLike,
    prior1: tuple[float, float],
    prior2: tuple[float, float],
    margin: Any = None,
    alternative: str = "two-sided",
    alpha: float = 0.05,
    method: str = "score",
) -> ProportionsAssurance:
    """Return the power of a test of two proportions averaged over beta priors of both rates, exactly.

    Parameters
    ----------
    n1, n2 : array_like of int
        People in each group.
    prior1, prior2 : pair of float
        The beta distributions of the two true rates, as their parameters a and b: 1 more than events and non-events
        already seen in such people, if nothing else was known.
    margin : float or pair, optional
        For equivalence, as in `proportions_equivalence`; an infinite end makes it noninferiority. Without it the test
        is of no difference.
    alternative : {"two-sided", "greater", "less"}
        What a test of no difference asks.
    alpha : float
        Level of the test, one-sided with a margin.
    method : {"score", "mee"}
        As in `proportions_equivalence`; every table that the test rejects is enumerated.

    Returns
    -------
    ProportionsAssurance
        The assurance, beside the power at the means of the priors.

    Raises
    ------
    InvalidArgument
        If a value is out of range.
    InvalidType
        If a prior is not a pair.
    BudgetExceeded
        If a group is larger than 200,000.

    References
    ----------
    .. [1] O'Hagan A, Stevens JW, Campbell MJ (2005). Assurance in clinical trial design. Pharmaceutical Statistics 4,
       187-201. doi:10.1002/pst.175

    Examples
    --------
    After a pilot with 7 of 20 and 12 of 20 responders:

    >>> import ketastats as ks
    >>> plan = ks.power.assurance_proportions(n1=80, n2=80, prior1=(8, 14), prior2=(13, 9))
    >>> print(f"power {plan.power:.3f}, assurance {plan.assurance:.3f}")
    power 0.822, assurance 0.689
    """
    name, corrected = _METHODS[_validate.choice(method, "method", _METHODS)]
    side: Any = _validate.choice(alternative, "alternative", ("two-sided", "greater", "less"))
    level = _validate.alpha(alpha)
    asked: Alternative = side if margin is None else "equivalence"
    ends = (0.0, 0.0) if margin is None else _validate.margin(margin, reach=1.0)
    if margin is not None and side != "two-sided":
        raise InvalidArgument("alternative", alternative, "left out beside a margin", "A margin says the direction.")
    priors = _prior(prior1, "prior1"), _prior(prior2, "prior2")
    size1, size2 = _validate.broadcast(n1=_validate.integers(n1, "n1", low=1), n2=_validate.integers(n2, "n2", low=1))
    if max(np.max(size1, initial=1), np.max(size2, initial=1)) > _LARGEST:
        largest = int(max(np.max(size1), np.max(size2)))
        raise BudgetExceeded("people in a group", largest, _LARGEST, "Use smaller groups.")
    rates = tuple(np.array([a / (a + b)]) for a, b in priors)
    found, known = np.empty(size1.shape), np.empty(size1.shape)
    for at in np.ndindex(*size1.shape):
        sizes = int(size1[at]), int(size2[at])
        found[at] = assured_power(sizes, priors, ends, level, asked, corrected)
        known[at] = exact_power(sizes, (rates[0], rates[1]), ends, level, asked, corrected)[0]
    return ProportionsAssurance(
        assurance=found[()],
        power=known[()],
        n1=size1[()],
        n2=size2[()],
        p1=float(rates[0][0]),
        p2=float(rates[1][0]),
        alpha=level,
        method=f"{name}, {asked}, exact, averaged over beta priors",
        references=(_OHAGAN,),
    )


def _prior(value: Any, name: str) -> tuple[float, float]:
    allowed = "a pair (a, b), the parameters of a beta distribution, from 1e-6 to 1e9"
    if not isinstance(value, (tuple, list)):
        raise InvalidType(name, value, allowed, "There is no default prior.")
    if len(value) != 2:
        raise InvalidArgument(name, value, allowed)
    a, b = (_validate.real(part, name, low=1e-6, high=1e9) for part in value)
    return a, b
