"""The results of questions about evidence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from .._results import Result

__all__ = ["BayesFactor", "CompatibilityCurve", "IntervalBayesFactor"]


@dataclass(frozen=True, slots=True, kw_only=True)
class BayesFactor(Result):
    """How much better one hypothesis predicts the data than another, kept on the log scale.

    Parameters
    ----------
    log_bf10 : float or ndarray
        Natural logarithm of the Bayes factor of the alternative over the null.
    null, alternative : str
        The two hypotheses in words.
    prior : str
        The prior under the alternative, with its scale.
    method : str
        The method that was used.
    references : tuple of str
        Where it was published.
    """

    log_bf10: Any
    null: str
    alternative: str
    prior: str
    method: str
    references: tuple[str, ...] = ()

    @property
    def bf10(self) -> Any:
        """Bayes factor of the alternative over the null; 0 or infinite beyond the range of floats."""
        with np.errstate(over="ignore", under="ignore"):
            return np.exp(self.log_bf10)

    @property
    def bf01(self) -> Any:
        """Bayes factor of the null over the alternative."""
        with np.errstate(over="ignore", under="ignore"):
            return np.exp(-self.log_bf10)


@dataclass(frozen=True, slots=True, kw_only=True)
class CompatibilityCurve(Result):
    """The p-value of every hypothesised effect, and the information that the data hold against it.

    Parameters
    ----------
    value : ndarray
        Hypothesised effects.
    pvalue : ndarray
        Two-sided p of each, by the method of the estimate's interval.
    svalue : ndarray
        Bits of information against each: minus the binary logarithm of p.
    method : str
        The method that was used.
    references : tuple of str
        Where it was published.
    """

    value: Any
    pvalue: Any
    svalue: Any
    method: str
    references: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class IntervalBayesFactor(BayesFactor):
    """How much better effects outside a margin predict the data than effects inside it.

    The factor `log_bf10` compares the prior outside the margin with the prior inside it; the two overlapping
    comparisons, each part against the whole prior, are fields of their own.

    Parameters
    ----------
    log_bf10 : float or ndarray
        Natural logarithm of the Bayes factor of the outside over the inside.
    null, alternative : str
        The inside and the outside in words.
    prior : str
        The prior that the margin cuts, with its scale.
    method : str
        The method that was used.
    references : tuple of str
        Where it was published.
    margin_low, margin_high : float
        Ends of the margin.
    prior_mass : float or ndarray
        Prior probability of the inside.
    posterior_mass : float or ndarray
        Posterior probability of the inside, under the whole prior.
    log_bf_inside_all : float or ndarray
        Natural logarithm of the Bayes factor of the inside over the whole prior.
    log_bf_outside_all : float or ndarray
        Natural logarithm of the Bayes factor of the outside over the whole prior.
    """

    margin_low: float
    margin_high: float
    prior_mass: Any
    posterior_mass: Any
    log_bf_inside_all: Any
    log_bf_outside_all: Any
