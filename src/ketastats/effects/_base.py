"""An estimate and the interval that goes with it."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from typing import Any

import numpy as np

from .. import _validate
from .._results import Result

__all__ = ["ConfidenceInterval", "Estimate"]

ALTERNATIVES = ("two-sided", "greater", "less")
#: Scales on which no difference is 1 and the method works with logarithms.
RATIOS = ("risk_ratio", "odds_ratio", "mean_ratio", "rate_ratio")


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfidenceInterval(Result):
    """The two ends of a confidence interval, with its level and its method.

    Parameters
    ----------
    low, high : float or ndarray
        Ends of the interval, on the scale of the estimate.
    level : float
        Confidence level, e.g. 0.90.
    method : str
        The method that was used.
    references : tuple of str
        Where the method was published.

    Examples
    --------
    >>> import ketastats as ks
    >>> interval = ks.effects.proportions(7, 37, 14, 46).confidence_interval(0.90)
    >>> print(f"{interval.low:.3f} to {interval.high:.3f}")
    -0.266 to 0.045
    """

    low: Any
    high: Any
    level: float
    method: str
    references: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate(Result):
    """An estimate that knows its own interval and p-value function.

    Parameters
    ----------
    point : float or ndarray
        The estimate; differences are group 1 minus group 2, ratios group 1 over group 2.
    standard_error : float or ndarray
        Standard error on the scale on which the method works (the log scale for ratios).
    df : float or ndarray
        Degrees of freedom; infinite where the method uses the normal distribution.
    scale : str
        What is estimated: one of the estimands of `Claim`.
    method : str
        The method that the interval uses.
    references : tuple of str
        Where the method was published.
    """

    point: Any
    standard_error: Any
    df: Any
    scale: str
    method: str
    references: tuple[str, ...] = ()

    def confidence_interval(self, level: float = 0.95) -> ConfidenceInterval:
        """Return the central confidence interval.

        Parameters
        ----------
        level : float
            Confidence level; equivalence at one-sided 0.05 reads the interval at 0.90.

        Returns
        -------
        ConfidenceInterval
            Ends of the same shape as the estimate.
        """
        clean = _validate.level(level)
        low, high = self._interval(clean)
        return ConfidenceInterval(low=low, high=high, level=clean, method=self.method, references=self.references)

    def pvalue(self, null: Any = None, *, alternative: str = "two-sided") -> Any:
        """Return the p-value of a hypothesised value, by the same method as the interval.

        The two-sided p is twice the smaller one-sided p, so that the central interval at level ``1 - a`` holds
        exactly the values with p at least ``a``.

        Parameters
        ----------
        null : array_like, optional
            Hypothesised value; broadcasts against the estimate. No difference if not given: 0, and 1 for ratios.
        alternative : {"two-sided", "greater", "less"}
            "greater" asks whether the true value lies above `null`.

        Returns
        -------
        float or ndarray
            The p-value.
        """
        side = _validate.choice(alternative, "alternative", ALTERNATIVES)
        none = 1.0 if self.scale in RATIOS else 0.0
        values = _validate.array(none if null is None else null, "null", infinite=True, wide=True)
        greater, less = self._one_sided(values)
        if side == "greater":
            return greater
        if side == "less":
            return less
        return np.minimum(1.0, 2.0 * np.minimum(greater, less))

    @abstractmethod
    def _interval(self, level: float) -> tuple[Any, Any]:
        """Return the ends of the central interval."""

    @abstractmethod
    def _one_sided(self, null: Any) -> tuple[Any, Any]:
        """Return the p-values against "greater" and "less"."""
