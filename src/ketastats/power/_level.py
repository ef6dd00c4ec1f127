"""The level at which a test has a power: the power functions, solved for alpha."""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import special

from .. import _validate
from .._results import Result
from ..errors import InvalidType, NoSolution
from ..numerics.rootfinding import increasing_root
from ._chi_square import chi_square
from ._correlation import correlation, correlation_equivalence
from ._f_margins import f_test_equivalence, f_test_minimum_effect
from ._means import f_test, means, means_equivalence
from ._one_sample import one_sample, one_sample_equivalence
from ._paired import paired, paired_equivalence
from ._proportions import proportions, proportions_equivalence
from ._questions import QUESTIONS
from ._rates import rates
from ._rates_margins import rates_minimum_effect, rates_noninferiority, rates_superiority

__all__ = ["SignificanceLevelResult", "significance_level"]

Array = NDArray[np.float64]

#: No level below this one is looked for.
_LEAST = 1e-100
_MOST = 0.5
#: Powers that move in steps are halved down to this, relative to the level.
_CLOSE = 1e-10


@dataclass(frozen=True, slots=True, kw_only=True)
class SignificanceLevelResult(Result):
    """The smallest level at which a design has a power.

    Parameters
    ----------
    alpha : float or ndarray
        Level of the test, of each one-sided test wherever there is a margin.
    power : float or ndarray
        Power at this level.
    target : float
        Power that was asked for.
    method : str
        The method that was used.
    references : tuple of str
        Where it was published.
    """

    alpha: Any
    power: Any
    target: float
    method: str
    references: tuple[str, ...] = ()


def significance_level(question: str, *, power: float = 0.80, **design: Any) -> SignificanceLevelResult:
    """Return the smallest level alpha at which a design has a power.

    Parameters
    ----------
    question : str
        The function of `ketastats.power` whose power is meant, such as ``means`` or ``proportions_equivalence``: every
        one that `sample_size` knows.
    power : float
        Power to reach.
    **design
        The arguments of that function except ``alpha``; those that may be arrays there may be arrays here.

    Returns
    -------
    SignificanceLevelResult
        The level, at most 0.5, and the power at it, which is more than was asked for where an exact test of counts has
        no level of its own in between.

    Raises
    ------
    NoSolution
        If no level up to 0.5 reaches the power (`nearest` is the power at 0.5), or every level down to 1e-100 does.
    InvalidArgument
        If a value is out of range.
    InvalidType
        If an argument of the question is missing or foreign to it.

    References
    ----------
    .. [1] Cohen J (1988). Statistical power analysis for the behavioral sciences, 2nd ed. Erlbaum.

    Examples
    --------
    >>> import ketastats as ks
    >>> level = ks.power.significance_level("means", n1=37, n2=46, effect=0.5, power=0.80)
    >>> print(f"{level.alpha:.3f}")
    0.159
    """
    name = _validate.choice(question, "question", sorted(_ASK))
    ask = _ASK[name]
    _check_design(name, ask, design)
    target = _validate.level(power, "power")
    found = ask(**design, alpha=0.05)
    shape = np.shape(found.power)
    alpha, reached = np.empty(shape), np.empty(shape)
    for at in np.ndindex(*shape):
        one = {argument: _element(name, argument, value, shape, at) for argument, value in design.items()}
        power_at = partial(_power_at, ask, one)
        alpha[at] = _solve(power_at, target, steps=name in _STEPS)
        reached[at] = power_at(float(alpha[at]))
    return SignificanceLevelResult(
        alpha=alpha[()], power=reached[()], target=target, method=found.method, references=found.references
    )


def _power_at(ask: Callable[..., Any], design: dict[str, Any], level: float) -> float:
    return float(ask(**design, alpha=level).power)


def _check_design(question: str, ask: Callable[..., Any], design: dict[str, Any]) -> None:
    """Refuse arguments that the power function does not take, and say which ones it needs."""
    parameters = {name: value for name, value in inspect.signature(ask).parameters.items() if name != "alpha"}
    required = [name for name, value in parameters.items() if value.default is inspect.Parameter.empty]
    allowed = "the arguments " + ", ".join(f"{name}{'' if name in required else ' (optional)'}" for name in parameters)
    for name, value in design.items():
        if name not in parameters:
            raise InvalidType(name, value, allowed, f"They belong to the question {question!r}.")
    for name in required:
        if name not in design:
            raise InvalidType(name, None, allowed, f"The question {question!r} needs {name}.")


def _solve(reached: Callable[[float], float], target: float, *, steps: bool) -> float:
    most = reached(_MOST)
    if most < target:
        raise NoSolution(f"no level up to {_MOST:g} reaches power {target:g}: at {_MOST:g} it is {most:.4g}", most)
    if reached(_LEAST) >= target:
        raise NoSolution(f"every level from {_LEAST:g} on reaches power {target:g}", nearest=_LEAST)
    low, high = math.log(_LEAST), math.log(_MOST)
    if not steps:
        goal = float(special.ndtri(target))

        def gap(x: Array, at: Any) -> Array:
            del at
            here = float(np.clip(x[0], low, high))
            value = float(np.clip(special.ndtri(reached(math.exp(here))), -38.0, 38.0))
            return np.array([value - goal + (x[0] - here)])

        return min(math.exp(float(increasing_root(gap, np.array([-3.0]), np.array([0.3]))[0])), _MOST)
    while high - low > _CLOSE:
        middle = 0.5 * (low + high)
        low, high = (low, middle) if reached(math.exp(middle)) >= target else (middle, high)
    return min(math.exp(high), _MOST)


def _element(question: str, name: str, value: Any, shape: tuple[int, ...], at: tuple[int, ...]) -> Any:
    """Return one design's share of an argument."""
    if value is None or isinstance(value, (str, bytes, bool, np.bool_)) or name.endswith("weights"):
        return value
    if name in ("means", "covariance"):
        table = np.asarray(value)
        return np.broadcast_to(table, (*shape, *table.shape[-2:]))[at]
    pair = name == "margin" and not question.endswith(_ONE_NUMBER)
    several = name == "n" and question.startswith("groups_by_time")
    endpoints = question == "coprimary_equivalence" and name in ("margin", "sd", "effect")
    if isinstance(value, (tuple, list, np.ndarray)) and (pair or several or endpoints):
        # Each of two endpoints has a margin, which may be a pair in turn.
        inner = "means_equivalence" if endpoints else ""
        within = name if name == "margin" and endpoints else ""
        return tuple(_element(inner, within, part, shape, at) for part in value)
    return value if np.ndim(value) == 0 else np.broadcast_to(np.asarray(value), shape)[at].item()


#: Questions whose margin is one number, or an array of them, and never a pair.
_ONE_NUMBER = (
    "noninferiority",
    "superiority",
    "groups_by_time_equivalence",
    "f_test_equivalence",
    "f_test_minimum_effect",
)
_OTHERS: tuple[Callable[..., Any], ...] = (
    chi_square,
    correlation,
    correlation_equivalence,
    f_test,
    f_test_equivalence,
    f_test_minimum_effect,
    means,
    means_equivalence,
    one_sample,
    one_sample_equivalence,
    paired,
    paired_equivalence,
    proportions,
    proportions_equivalence,
    rates,
    rates_minimum_effect,
    rates_noninferiority,
    rates_superiority,
)
_ASK: dict[str, Callable[..., Any]] = {ask.__name__: ask for ask in _OTHERS}
_ASK |= {name: question.ask for name, question in QUESTIONS.items()}
#: Questions whose tests count tables, so that their power moves in steps.
_STEPS = {"proportions", "proportions_equivalence", *(ask.__name__ for ask in _OTHERS if ask.__name__[:5] == "rates")}
_STEPS |= {name for name, question in QUESTIONS.items() if question.steps}
