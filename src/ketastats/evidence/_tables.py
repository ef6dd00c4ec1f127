"""Bayes factors of one rate, and of 2x2 tables by the way in which they were sampled."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from .. import _validate
from .._results import number
from ..errors import BudgetExceeded, InvalidArgument
from ..numerics import beta_factors as kernels
from ._base import BayesFactor

__all__ = ["proportion", "tables"]

_SIDES = {"two-sided": 0, "greater": 1, "less": -1}
_JEFFREYS = "Jeffreys 1961, Theory of Probability, 3rd ed., Oxford, section 5.1"
_DICKEY = "Gunel & Dickey 1974, doi:10.1093/biomet/61.3.545"
_JAMIL = "Jamil et al. 2017, doi:10.3758/s13428-016-0739-8"
_SAMPLING = {
    "independent": "independent binomial samples",
    "joint": "one multinomial sample",
    "poisson": "four Poisson counts",
    "hypergeometric": "fixed margins",
}
# Tables with the same margins that are added up for one answer.
_LARGEST_SUPPORT = 10_000_000


def proportion(
    x: ArrayLike,
    n: ArrayLike,
    *,
    null: ArrayLike,
    a: ArrayLike = 1.0,
    b: ArrayLike = 1.0,
    alternative: str = "two-sided",
) -> BayesFactor:
    """Return the Bayes factor of an unknown rate with a beta prior against one stated rate.

    Arguments broadcast together like those of a NumPy ufunc.

    Parameters
    ----------
    x, n : array_like of int
        Events, and people among whom they were counted.
    null : array_like
        The rate under the null, from 0 to 1; strictly between them for a one-sided alternative.
    a, b : array_like
        Parameters of the beta prior under the alternative: 1 and 1 are uniform.
    alternative : {"two-sided", "greater", "less"}
        Which rates the prior admits; one-sided priors are cut at the null and renormalised.

    Returns
    -------
    BayesFactor
        The Bayes factor of the shape of the arguments, on the log scale; infinite where the null is impossible.

    Raises
    ------
    InvalidArgument
        If there are more events than people, the null is no probability, or the prior is not positive.

    References
    ----------
    .. [1] Jeffreys H (1961). Theory of Probability, 3rd edition. Oxford University Press, section 5.1.

    Examples
    --------
    >>> import ketastats as ks
    >>> result = ks.evidence.proportion(10, 20, null=0.5)
    >>> print(f"{result.bf01:.1f}")
    3.7
    """
    side = _SIDES[_validate.choice(alternative, "alternative", _SIDES)]
    open_ends = side != 0
    values = _validate.broadcast(
        x=_validate.integers(x, "x"),
        n=_validate.integers(n, "n", low=1),
        null=_validate.array(null, "null", low=0.0, high=1.0, open_low=open_ends, open_high=open_ends),
        a=_validate.array(a, "a", low=0.0, open_low=True),
        b=_validate.array(b, "b", low=0.0, open_low=True),
    )
    columns = [np.ravel(value).astype(np.float64) for value in values]
    over = columns[0] > columns[1]
    if over.any():
        raise InvalidArgument("x", int(columns[0][over][0]), f"at most n, here {int(columns[1][over][0])}")
    text = ", ".join(number(np.asarray(value, dtype=float)) for value in (a, b))
    half = {0: "", 1: ", restricted to rates above the null", -1: ", restricted to rates below the null"}[side]
    return BayesFactor(
        log_bf10=kernels.log_one_rate(*columns, side=side).reshape(values[0].shape)[()],
        null=f"rate = {number(np.asarray(null, dtype=float))}",
        alternative={0: "rate != null", 1: "rate > null", -1: "rate < null"}[side],
        prior=f"rate ~ Beta({text})" + half,
        method="Bayes factor of a binomial rate with a beta prior",
        references=(_JEFFREYS,),
    )


def tables(
    x1: ArrayLike,
    n1: ArrayLike,
    x2: ArrayLike,
    n2: ArrayLike,
    *,
    sampling: str = "independent",
    prior: ArrayLike = 1.0,
) -> BayesFactor:
    """Return Gunel and Dickey's Bayes factor of association against independence in 2x2 tables.

    What was fixed before the data came in changes the evidence: the group sizes, the total, nothing, or both margins.
    Arguments broadcast together like those of a NumPy ufunc.

    Parameters
    ----------
    x1, n1, x2, n2 : array_like of int
        Events and people in group 1 and in group 2.
    sampling : {"independent", "joint", "poisson", "hypergeometric"}
        What was fixed: the sizes of both groups, the total, nothing, or the group sizes and the number of events.
    prior : array_like
        Prior count in each cell, above one half; 1 is uniform. The null's rates have the Beta(2 prior - 1,
        2 prior - 1) that follows from it, which for other priors than 1 is not that of `proportions`.

    Returns
    -------
    BayesFactor
        The Bayes factor of the shape of the arguments, on the log scale.

    Raises
    ------
    InvalidArgument
        If a count is negative, not whole, or larger than its group, or the prior is not above one half.
    BudgetExceeded
        If fixed margins with a prior other than 1 leave more than ten million tables to add up.

    References
    ----------
    .. [1] Gunel E, Dickey J (1974). Bayes factors for independence in contingency tables. Biometrika 61, 545-557.
       doi:10.1093/biomet/61.3.545
    .. [2] Jamil T, Ly A, Morey RD, Love J, Marsman M, Wagenmakers EJ (2017). Default "Gunel and Dickey" Bayes factors
       for contingency tables. Behavior Research Methods 49, 638-652. doi:10.3758/s13428-016-0739-8

    Examples
    --------
    >>> import ketastats as ks
    >>> for plan in ("independent", "joint", "hypergeometric"):
    ...     print(plan, f"{ks.evidence.tables(7, 37, 14, 46, sampling=plan).bf01:.2f}")
    independent 2.14
    joint 1.46
    hypergeometric 2.21
    """
    plan = _validate.choice(sampling, "sampling", _SAMPLING)
    counts = _validate.counts(x1, n1, x2, n2)
    cells = _validate.array(prior, "prior", low=0.5, open_low=True)
    values = _validate.broadcast(x1=counts[0], n1=counts[1], x2=counts[2], n2=counts[3], prior=cells)
    events1, size1, events2, size2, weight = (np.ravel(value).astype(np.float64) for value in values)
    if plan == "hypergeometric":
        low, high = kernels.support(size1, size2, events1 + events2)
        largest = int(np.max(np.where(weight == 1.0, 1.0, high - low + 1.0), initial=1.0))
        if largest > _LARGEST_SUPPORT:
            raise BudgetExceeded("tables with these margins", largest, _LARGEST_SUPPORT, "Take prior=1.")
        log_bf = kernels.log_hypergeometric(events1, size1, events2, size2, weight)
    else:
        log_bf = kernels.log_tables(events1, size1, events2, size2, weight)
        if plan != "independent":
            log_bf = log_bf + kernels.log_joint_excess(size1, size2, weight)
        if plan == "poisson":
            log_bf = log_bf + kernels.log_poisson_excess(size1, size2, weight)
    return BayesFactor(
        log_bf10=log_bf.reshape(values[0].shape)[()],
        null="group and outcome are independent",
        alternative="group and outcome are associated",
        prior=f"{number(np.asarray(prior, dtype=float))} in each cell",
        method=f"Gunel-Dickey Bayes factor, {_SAMPLING[plan]}",
        references=(_DICKEY, _JAMIL),
    )
