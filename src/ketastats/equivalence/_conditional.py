"""Conditional equivalence testing: first whether there is a difference, and only if none is found, equivalence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from .. import _validate, effects
from .._results import Result
from ._questions import tost

__all__ = ["ConditionalResult", "conditional"]

_CAMPBELL = "Campbell & Gustafson 2018, doi:10.1371/journal.pone.0195145"


@dataclass(frozen=True, slots=True, kw_only=True)
class ConditionalResult(Result):
    """A two-sided test of no difference, and the equivalence test that follows where it finds none.

    Parameters
    ----------
    estimate : float or ndarray
        The estimate.
    margin_low, margin_high : float or ndarray
        Ends of the margin.
    p_difference : float or ndarray
        Two-sided p-value of no difference.
    p_equivalence : float or ndarray
        The p-value of the equivalence test, also where it is not reached.
    conclusion : str or ndarray of str
        "different", "equivalent" or "inconclusive".
    low_difference, high_difference : float or ndarray
        The ``1 - alpha_difference`` interval.
    low_equivalence, high_equivalence : float or ndarray
        The ``1 - 2 alpha_equivalence`` interval.
    alpha_difference : float
        Two-sided level of the first step.
    alpha_equivalence : float
        One-sided level of the second.
    method : str
        The method that was used.
    references : tuple of str
        Where it was published.
    """

    estimate: Any
    margin_low: Any
    margin_high: Any
    p_difference: Any
    p_equivalence: Any
    conclusion: Any
    low_difference: Any
    high_difference: Any
    low_equivalence: Any
    high_equivalence: Any
    alpha_difference: float
    alpha_equivalence: float
    method: str
    references: tuple[str, ...] = ()


def conditional(
    estimate: effects.Estimate, *, margin: Any, alpha_difference: float = 0.05, alpha_equivalence: float = 0.05
) -> ConditionalResult:
    """Test for a difference, and where none is found for equivalence.

    This is one way to draw three conclusions from two tests, and not how this package rules on claims: a difference
    that is found stands even if it lies inside the margin, so that very large studies hardly ever conclude equivalence.
    `positions` and `tost` keep the two questions apart.

    Parameters
    ----------
    estimate : Estimate
        What a function of `ketastats.effects` returned.
    margin : float or pair
        As in `tost`.
    alpha_difference : float
        Two-sided level of the test of no difference.
    alpha_equivalence : float
        One-sided level of the equivalence test.

    Returns
    -------
    ConditionalResult
        Both p-values, the conclusion, and the interval that belongs to each step.

    Raises
    ------
    InvalidType
        If `estimate` is a bare number.
    InvalidArgument
        If a value is out of range.

    References
    ----------
    .. [1] Campbell H, Gustafson P (2018). Conditional equivalence testing: an alternative remedy for publication bias.
       PLoS ONE 13, e0195145. doi:10.1371/journal.pone.0195145

    Examples
    --------
    A difference inside the margin counts as a difference:

    >>> import ketastats as ks
    >>> estimate = ks.effects.means(7.35, 1.15, 500, 7.13, 1.21, 500)
    >>> result = ks.equivalence.conditional(estimate, margin=0.5)
    >>> print(f"{result.conclusion}; p for equivalence {result.p_equivalence:.5f}")
    different; p for equivalence 0.00009
    """
    first = _validate.level(alpha_difference, "alpha_difference")
    second = _validate.alpha(alpha_equivalence, "alpha_equivalence")
    result = tost(estimate, margin=margin, alpha=second)
    p = estimate.pvalue()
    interval = estimate.confidence_interval(1.0 - first)
    conclusion = np.where(
        np.asarray(p) < first, "different", np.where(np.asarray(result.pvalue) < second, "equivalent", "inconclusive")
    )
    return ConditionalResult(
        estimate=result.estimate,
        margin_low=result.margin_low,
        margin_high=result.margin_high,
        p_difference=p,
        p_equivalence=result.pvalue,
        conclusion=conclusion[()] if conclusion.ndim else str(conclusion),
        low_difference=interval.low,
        high_difference=interval.high,
        low_equivalence=result.low,
        high_equivalence=result.high,
        alpha_difference=first,
        alpha_equivalence=second,
        method=f"conditional equivalence testing, {estimate.method}",
        references=(_CAMPBELL, *estimate.references),
    )
