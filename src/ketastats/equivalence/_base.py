"""The result of an equivalence question."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .._results import Result

__all__ = ["EquivalenceResult"]


@dataclass(frozen=True, slots=True, kw_only=True)
class EquivalenceResult(Result):
    """Two one-sided tests of an estimate against a margin, and the interval of the same method.

    Parameters
    ----------
    estimate : float or ndarray
        The estimate.
    margin_low, margin_high : float
        Ends of the margin.
    p_lower : float or ndarray
        One-sided p that the true value lies above `margin_low`.
    p_upper : float or ndarray
        One-sided p that the true value lies below `margin_high`.
    pvalue : float or ndarray
        The larger of the two: the p-value of the equivalence test.
    low, high : float or ndarray
        The central ``1 - 2 alpha`` interval, by the same method as the tests.
    threshold_margin : float or ndarray
        The smallest symmetric margin at which the data would establish equivalence at `alpha`.
    alpha : float
        One-sided level.
    method : str
        The method that was used.
    references : tuple of str
        Where it was published.
    """

    estimate: Any
    margin_low: Any
    margin_high: Any
    p_lower: Any
    p_upper: Any
    pvalue: Any
    low: Any
    high: Any
    threshold_margin: Any
    alpha: float
    method: str
    references: tuple[str, ...] = ()

    @property
    def established(self) -> Any:
        """Whether equivalence is established: p below alpha, elementwise."""
        return self.pvalue < self.alpha
