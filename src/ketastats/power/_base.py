"""The results of questions about power."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .._results import Result

__all__ = ["DetectableResult", "PowerResult", "SampleSizeResult"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PowerResult(Result):
    """Probability that a design rejects, at a stated true effect.

    Parameters
    ----------
    power : float or ndarray
        Probability of rejection.
    n1, n2 : int or ndarray
        People in each group.
    effect : float or ndarray
        True effect at which the power holds.
    alpha : float
        Level of the test (one-sided for equivalence, two-sided otherwise unless the method says so).
    method : str
        The method that was used.
    references : tuple of str
        Where it was published.
    """

    power: Any
    n1: Any
    n2: Any
    effect: Any
    alpha: float
    method: str
    references: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleSizeResult(Result):
    """The smallest sample that reaches a power.

    Parameters
    ----------
    n1, n2 : int or ndarray
        People in each group, whole numbers.
    power : float or ndarray
        Power that this sample has.
    target : float
        Power that was asked for.
    alpha : float
        Level of the test.
    method : str
        The method that was used.
    references : tuple of str
        Where it was published.
    """

    n1: Any
    n2: Any
    power: Any
    target: float
    alpha: float
    method: str
    references: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DetectableResult(Result):
    """The smallest effect or margin that a design detects or rules out with a stated power.

    Parameters
    ----------
    value : float or ndarray
        The effect (difference tests) or the symmetric margin (equivalence tests).
    n1, n2 : int or ndarray
        People in each group.
    power : float
        Power that was asked for.
    alpha : float
        Level of the test.
    method : str
        The method that was used.
    references : tuple of str
        Where it was published.
    """

    value: Any
    n1: Any
    n2: Any
    power: float
    alpha: float
    method: str
    references: tuple[str, ...] = ()
