"""Power of tests of two proportions: exact, by enumeration of what the test rejects."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .. import _validate
from ..numerics.binomial_power import Alternative, exact_power, normal_power
from ._base import PowerResult

__all__ = ["ProportionsPower", "proportions", "proportions_equivalence"]

_BARNARD = "Barnard 1947, doi:10.1093/biomet/34.1-2.123"
_MN = "Miettinen & Nurminen 1985, doi:10.1002/sim.4780040211"
_FM = "Farrington & Manning 1990, doi:10.1002/sim.4780091208"

# Name and reference; None where nothing is enumerated, else whether the variance is multiplied by N/(N-1).
_DIFFERENCE = {
    "score": ("exact, by enumeration of the Miettinen-Nurminen score test (the N-1 chi-square test)", _MN, True),
    "pearson": ("exact, by enumeration of the Pearson chi-square test without correction", _BARNARD, False),
    "normal": ("normal approximation, pooled variance under the null", _FM, None),
}
_EQUIVALENCE = {
    "score": ("exact, by enumeration of two one-sided Miettinen-Nurminen score tests", _MN, True),
    "mee": ("exact, by enumeration of two one-sided score tests without N/(N-1) (Mee)", _FM, False),
    "normal": ("normal approximation, variance restricted under each margin (Farrington-Manning)", _FM, None),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ProportionsPower(PowerResult):
    """Power of a comparison of two proportions.

    Parameters
    ----------
    power, n1, n2, effect, alpha, method, references : object
        As in `PowerResult`; the effect is p1 - p2.
    p1, p2 : float or ndarray
        True rates at which the power holds.

    Examples
    --------
    >>> import ketastats as ks
    >>> ks.power.proportions(n1=37, n2=46, p1=0.2, p2=0.3).to_frame().columns.tolist()
    ['power', 'n1', 'n2', 'effect', 'alpha', 'p1', 'p2']
    """

    p1: Any
    p2: Any


def proportions(
    *,
    n1: ArrayLike,
    n2: ArrayLike,
    p1: ArrayLike,
    p2: ArrayLike,
    alpha: float = 0.05,
    alternative: str = "two-sided",
    method: str = "score",
) -> ProportionsPower:
    """Return the power to find a difference between two proportions.

    Parameters
    ----------
    n1, n2 : int or array_like of int
        People in group 1 and in group 2.
    p1, p2 : float or array_like of float
        True rates, between 0 and 1. All four broadcast together; each different pair of sizes is enumerated once.
    alpha : float
        Level of the test, for "two-sided" both sides together.
    alternative : {"two-sided", "greater", "less"}
        "greater" looks for a higher rate in group 1.
    method : {"score", "pearson", "normal"}
        "score" and "pearson" enumerate every table that the test rejects: the Miettinen-Nurminen score test (which is
        the N-1 chi-square test) and the uncorrected chi-square test. "normal" approximates both.

    Returns
    -------
    ProportionsPower
        Probability of rejection; at p1 = p2 it is the true type I error of the test.

    Raises
    ------
    InvalidArgument
        If a size, a rate, alpha or a choice is not allowed.

    References
    ----------
    Miettinen & Nurminen (1985), Statistics in Medicine 4, 213-226, doi:10.1002/sim.4780040211.

    Examples
    --------
    >>> import ketastats as ks
    >>> float(ks.power.proportions(n1=37, n2=46, p1=0.19, p2=0.30).power)
    0.203
    """
    kind = _validate.choice(alternative, "alternative", ("two-sided", "greater", "less"))
    name, reference, corrected = _DIFFERENCE[_validate.choice(method, "method", _DIFFERENCE)]
    level = _validate.real(alpha, "alpha", low=0.0, high=1.0, open_low=True, open_high=True)
    design = _design(n1, n2, p1, p2)
    power = _power(design, (0.0, 0.0), level, kind, corrected)  # type: ignore[arg-type]
    return _result(design, power, level, f"{name}, {kind}", (reference,))


def proportions_equivalence(
    *,
    n1: ArrayLike,
    n2: ArrayLike,
    p1: ArrayLike,
    p2: ArrayLike,
    margin: Any,
    alpha: float = 0.05,
    method: str = "score",
) -> ProportionsPower:
    """Return the power to establish that two proportions differ by less than a margin.

    Parameters
    ----------
    n1, n2 : int or array_like of int
        People in group 1 and in group 2.
    p1, p2 : float or array_like of float
        True rates, between 0 and 1. All four broadcast together; each different pair of sizes is enumerated once.
    margin : float or pair of float
        One positive number m for -m to m, or a pair around group 1 minus group 2; an infinite end asks for
        noninferiority only.
    alpha : float
        One-sided level.
    method : {"score", "mee", "normal"}
        Enumeration of the Miettinen-Nurminen score tests or of Mee's (without N/(N-1)), or a normal approximation.

    Returns
    -------
    ProportionsPower
        Probability that both one-sided tests reject; at the margin it is the true type I error.

    Raises
    ------
    InvalidArgument
        If a size, a rate, the margin, alpha or a choice is not allowed.

    References
    ----------
    Farrington & Manning (1990), Statistics in Medicine 9, 1447-1454, doi:10.1002/sim.4780091208.

    Examples
    --------
    >>> import ketastats as ks
    >>> float(ks.power.proportions_equivalence(n1=37, n2=46, p1=0.25, p2=0.25, margin=0.16).power)
    0.041
    >>> float(ks.power.proportions_equivalence(n1=300, n2=300, p1=0.25, p2=0.25, margin=0.10).power)
    0.764
    """
    name, reference, corrected = _EQUIVALENCE[_validate.choice(method, "method", _EQUIVALENCE)]
    ends = _validate.margin(margin, reach=1.0)
    level = _validate.alpha(alpha)
    design = _design(n1, n2, p1, p2)
    power = _power(design, ends, level, "equivalence", corrected)
    return _result(design, power, level, name, (reference,))


def _design(n1: Any, n2: Any, p1: Any, p2: Any) -> list[NDArray[Any]]:
    return _validate.broadcast(
        n1=_validate.integers(n1, "n1", low=1),
        n2=_validate.integers(n2, "n2", low=1),
        p1=_validate.array(p1, "p1", low=0.0, high=1.0),
        p2=_validate.array(p2, "p2", low=0.0, high=1.0),
    )


def _power(
    design: list[NDArray[Any]], ends: tuple[float, float], alpha: float, kind: Alternative, corrected: bool | None
) -> NDArray[np.float64]:
    n1, n2, p1, p2 = (column.reshape(-1) for column in design)
    if corrected is None:
        sizes = n1.astype(np.float64), n2.astype(np.float64)
        return normal_power(sizes, (p1, p2), ends, alpha, kind).reshape(design[0].shape)
    power = np.empty(n1.shape)
    pairs, which = np.unique(np.stack([n1, n2]), axis=1, return_inverse=True)
    for i, (a, b) in enumerate(pairs.T.tolist()):
        at = np.flatnonzero(which.reshape(-1) == i)
        power[at] = exact_power((a, b), (p1[at], p2[at]), ends, alpha, kind, corrected)
    return power.reshape(design[0].shape)


def _result(
    design: list[NDArray[Any]], power: NDArray[np.float64], alpha: float, method: str, references: tuple[str, ...]
) -> ProportionsPower:
    n1, n2, p1, p2 = (column[()] for column in design)
    return ProportionsPower(
        power=power[()],
        n1=n1,
        n2=n2,
        effect=p1 - p2,
        alpha=alpha,
        method=method,
        references=references,
        p1=p1,
        p2=p2,
    )
