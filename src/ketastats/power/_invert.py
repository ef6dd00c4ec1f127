"""Sizes and detectable values of any power function, found through the function itself.

The questions that are asked most have solvers of their own. This one serves the others: it knows of a power function
only what a `Question` says, and evaluates it for all designs at once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy import special

from .. import _validate
from .._results import Result
from ..errors import InvalidArgument, NoSolution
from ..numerics.rootfinding import increasing_root
from ._base import DetectableResult, SampleSizeResult
from ._one_sample import OneSampleDetectableResult, OneSampleSizeResult
from ._solve_means import second_size, smallest
from ._solve_one_sample import refuse_ratio
from ._solve_proportions import first_size

__all__ = [
    "EstimateDetectableResult",
    "GroupsDetectableResult",
    "GroupsSizeResult",
    "Put",
    "Question",
    "detect",
    "fewest_people",
]

Array = NDArray[np.float64]
Index = NDArray[np.intp]
Sizes: TypeAlias = Literal["one", "two", "groups", "none"]
#: Puts a size above 0 into a design, as the effect or the margin that it stands for.
Put: TypeAlias = Callable[[Array, dict[str, Any]], dict[str, Any]]

#: Detectable values lie between these powers of e times their unit.
_REACH = 60.0
_STEP = 2.0
#: No test asks for more people than this, however many times or groups it has.
_MOST_NEEDED = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupsSizeResult(Result):
    """The fewest people of a design with any number of groups that reach a power.

    Parameters
    ----------
    n : ndarray of int, shape (groups, ...)
        People in each group, the groups on the first axis, as the power functions take them.
    power : float or ndarray
        Power that they give.
    target : float
        Power that was asked for.
    alpha : float
        Level of the test.
    method : str
        The method that was used.
    references : tuple of str
        Where it was published.
    """

    n: Any
    power: Any
    target: float
    alpha: float
    method: str
    references: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupsDetectableResult(Result):
    """The smallest effect or margin that a design with any number of groups detects or rules out with a power.

    Parameters
    ----------
    value : float or ndarray
        The effect (difference tests) or the symmetric margin (equivalence tests).
    n : ndarray of int, shape (groups, ...)
        People in each group, the groups on the first axis.
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
    n: Any
    power: float
    alpha: float
    method: str
    references: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class EstimateDetectableResult(Result):
    """The smallest effect or margin that an estimate with a known standard error detects or rules out with a power.

    Parameters
    ----------
    value : float or ndarray
        The effect (difference tests) or the symmetric margin (equivalence tests).
    standard_error, df : float or ndarray
        Standard error of the estimate, and its degrees of freedom.
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
    standard_error: Any
    df: Any
    power: float
    alpha: float
    method: str
    references: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A power function, and what its sizes and its effect are called.

    `ask` takes the design and `alpha`, and returns a result with ``.power``. `sizes` are ``n``, ``n1`` and ``n2``, or
    ``n`` with an entry per group. `put` makes a design of a detectable size x, for which `filled` need not be given and
    `more` may be; `unit` is the order of x, `top` where it ends, and `value` what is shown of it. `steps` says that
    the power moves in steps, because it counts tables.
    """

    ask: Callable[..., Any]
    sizes: Sizes
    required: tuple[str, ...]
    optional: tuple[str, ...] = ()
    put: Put | None = None
    filled: tuple[str, ...] = ()
    more: tuple[str, ...] = ()
    unit: Callable[[dict[str, Any]], Any] = lambda design: 1.0  # noqa: ARG005
    top: Callable[[dict[str, Any]], float] = lambda design: np.inf  # noqa: ARG005
    value: Callable[[Array, dict[str, Any], Any], Any] = lambda x, design, found: x  # noqa: ARG005
    steps: bool = False

    def design(self, *, detect: bool) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return the arguments that must be given and those that may, to find the size or the detectable value."""
        if not detect:
            groups = ("groups",) if self.sizes == "groups" else ()
            # The allocation is called ratio already.
            return self.required, tuple("true_ratio" if name == "ratio" else name for name in self.optional) + groups
        sizes = {"two": ("n1", "n2"), "none": ()}.get(self.sizes, ("n",))
        left = [[name for name in names if name not in self.filled] for names in (self.required, self.optional)]
        return (*sizes, *left[0]), (*left[1], *self.more)


# -------------------------------------------------------------------------------------------------------- sample sizes
def fewest_people(
    question: Question, target: float, alpha: float, ratio: float, design: dict[str, Any]
) -> SampleSizeResult | OneSampleSizeResult | GroupsSizeResult:
    """Return the smallest sample whose power reaches the target."""
    if question.sizes == "one":
        refuse_ratio(ratio)
    design = _own_ratio(question, ratio, design)
    groups = _groups(design) if question.sizes == "groups" else 0

    def ask(n: Array) -> Any:
        return question.ask(**_with_sizes(question.sizes, n, ratio, groups, design), alpha=alpha)

    least, shape = _least(ask)
    n = (_each if question.steps else _smooth)(ask, target, least, shape)
    found = ask(n)
    known = {"power": found.power, "target": target, "alpha": alpha}
    known |= {"method": found.method, "references": found.references}
    first = n.astype(np.int64)
    if question.sizes == "one":
        return OneSampleSizeResult(n=first[()], **known)
    second = _second(n, ratio).astype(np.int64)
    if question.sizes == "two":
        return SampleSizeResult(n1=first[()], n2=second[()], **known)
    return GroupsSizeResult(n=np.stack([first, *[second] * (groups - 1)]), **known)


def _own_ratio(question: Question, ratio: float, design: dict[str, Any]) -> dict[str, Any]:
    """Return the design with its true ratio under its own name, which is not that of the allocation."""
    if "ratio" not in question.optional:
        return design
    if ratio != 1.0:
        remedy = "Both groups or sequences are equal here; the true ratio of the means is true_ratio."
        raise InvalidArgument("ratio", ratio, "1 for this question", remedy)
    return {"ratio" if name == "true_ratio" else name: value for name, value in design.items()}


def _least(ask: Callable[[Array], Any]) -> tuple[int, tuple[int, ...]]:
    """Return the smallest size that the question allows, and the shape of its answers."""
    least = 2
    while True:
        try:
            return least, np.shape(ask(np.asarray(float(least))).power)
        except InvalidArgument as error:
            if error.argument[0] != "n" or least > _MOST_NEEDED:
                raise
            least += 1


def _smooth(ask: Callable[[Array], Any], target: float, least: int, shape: tuple[int, ...]) -> Array:
    """Return the smallest sizes of all designs at once, for a power that rises with every person."""
    now = np.full(int(np.prod(shape)), float(least))
    shift = least - 2.0

    def power(n: Array, at: Index) -> Array:
        now[at] = n + shift
        return np.asarray(np.broadcast_to(ask(now.reshape(shape)).power, shape)).reshape(-1)[at]

    return (smallest(power, np.full(now.size, 32.0), target) + shift).reshape(shape)


def _each(ask: Callable[[Array], Any], target: float, least: int, shape: tuple[int, ...]) -> Array:
    """Return the smallest sizes one design after the other, for a power that moves in a sawtooth."""
    found = np.empty(shape)
    for at in np.ndindex(*shape):

        def power(n: int, at: tuple[int, ...] = at) -> float:
            # All designs are asked for each: simple, and these questions are cheap.
            return float(np.broadcast_to(ask(np.asarray(float(n))).power, shape)[at])

        found[at] = first_size(power, target, 32.0, least, growth=1.4)
    return found


def _second(n1: Array, ratio: float) -> Array:
    """Return the size of every other group."""
    return np.asarray(np.maximum(second_size(n1, ratio), 1.0)) if ratio != 1.0 else n1


def _with_sizes(sizes: Sizes, n: Array, ratio: float, groups: int, design: dict[str, Any]) -> dict[str, Any]:
    if sizes == "one":
        return design | {"n": n}
    second = _second(n, ratio)
    if sizes == "two":
        return design | {"n1": n, "n2": second}
    rest = {name: value for name, value in design.items() if name != "groups"}
    return rest | {"n": (n, *[second] * (groups - 1))}


def _groups(design: dict[str, Any]) -> int:
    """Return the number of groups, as the design says it one way or another."""
    if "groups" in design:
        return _validate.integer(design["groups"], "groups", low=1)
    if design.get("means") is not None:
        table = _validate.array(design["means"], "means")
        return int(table.shape[-2]) if table.ndim > 1 else 1
    if "group_weights" in design:
        return int(np.size(design["group_weights"]))
    return 2


# --------------------------------------------------------------------------------------------------- detectable values
def detect(
    question: Question, target: float, alpha: float, design: dict[str, Any]
) -> DetectableResult | OneSampleDetectableResult | GroupsDetectableResult | EstimateDetectableResult:
    """Return the smallest effect or margin with which the power reaches the target."""
    put = question.put
    if put is None:  # pragma: no cover - every question that is listed as detectable has one
        raise NoSolution("this question has no value to look for")

    def ask(x: Array) -> Any:
        return question.ask(**put(x, design), alpha=alpha)

    top = question.top(design)
    unit = np.minimum(np.asarray(question.unit(design), dtype=np.float64), 0.5 * top)
    x = (_stepwise if question.steps else _continuous)(ask, target, unit, top)
    found = ask(x)
    value = np.asarray(question.value(x, design, found))[()]
    known = {"value": value, "power": target, "alpha": alpha, "method": found.method, "references": found.references}
    if question.sizes == "one":
        return OneSampleDetectableResult(n=found.n, **known)
    if question.sizes == "two":
        return DetectableResult(n1=found.n1, n2=found.n2, **known)
    if question.sizes == "none":
        return EstimateDetectableResult(standard_error=found.standard_error, df=found.df, **known)
    sizes = _validate.broadcast(**{f"n[{i}]": _validate.integers(size, "n") for i, size in enumerate(design["n"])})
    return GroupsDetectableResult(n=np.stack(sizes), **known)


def _continuous(ask: Callable[[Array], Any], target: float, unit: Array, top: float) -> Array:
    shape = np.broadcast_shapes(np.shape(ask(unit).power), unit.shape)
    units = np.broadcast_to(unit, shape).reshape(-1)
    end = np.log(np.nextafter(top, 0.0) / units) if np.isfinite(top) else np.full(units.size, _REACH)
    now = np.zeros(units.size)
    goal = special.ndtri(target)

    def power(u: Array, at: Index) -> Array:
        now[at] = np.clip(u, -_REACH, end[at])
        value = ask((units * np.exp(now)).reshape(shape)).power
        return np.asarray(np.broadcast_to(value, shape)).reshape(-1)[at]

    start = _within_reach(power, target, end)

    def gap(u: Array, at: Index) -> Array:
        value = np.clip(special.ndtri(power(u, at)), -38.0, 38.0) - goal
        return np.asarray(value + np.minimum(u + _REACH, 0.0) + np.maximum(u - end[at], 0.0))

    u = increasing_root(gap, start, np.ones(units.size))
    return (units * np.exp(np.clip(u, -_REACH, end))).reshape(shape)


def _within_reach(power: Callable[[Array, Index], Array], target: float, end: Array) -> Array:
    """Return a value that reaches the target, or say that nothing does, or that nothing is needed."""
    everywhere = np.arange(end.size)
    high, low = np.zeros(end.size), np.full(end.size, -_STEP)
    while True:
        found = power(high, everywhere)
        short = found < target
        if np.any(short & (high >= end)):
            _refuse_target(found[short & (high >= end)], target)
        if not short.any():
            break
        low = np.where(short, high, low)
        high = np.where(short, np.minimum(high + _STEP, end), high)
    while True:
        over = power(low, everywhere) >= target
        if not over.any():
            return high
        if np.any(over & (low <= -_REACH)):
            raise NoSolution(f"power {target:g} needs no effect: the test reaches it without any", nearest=0.0)
        high = np.where(over, low, high)
        low = np.where(over, np.maximum(low - 2.0 * _STEP, -_REACH), low)


def _stepwise(ask: Callable[[Array], Any], target: float, unit: Array, top: float) -> Array:
    """Return where a power that moves in steps, and never falls, reaches the target: the upper end of halvings."""
    shape = np.broadcast_shapes(np.shape(ask(unit).power), unit.shape)

    def reaches(x: Array) -> Any:
        return np.broadcast_to(ask(x).power, shape) >= target

    scale = np.broadcast_to(unit, shape)
    if np.any(reaches(scale * 1e-12)):
        raise NoSolution(f"power {target:g} needs no effect: the test reaches it without any", nearest=0.0)
    if np.isfinite(top):
        high = np.full(shape, np.nextafter(top, 0.0))
    else:
        high = scale * 1.0
        for _ in range(20):
            high = np.where(reaches(high), high, 4.0 * high)
    _refuse_target(np.broadcast_to(ask(high).power, shape), target)
    low = np.zeros(shape)
    for _ in range(40):
        middle = 0.5 * (low + high)
        good = reaches(middle)
        low, high = np.where(good, low, middle), np.where(good, middle, high)
    return np.asarray(high)


def _refuse_target(most: Array, target: float) -> None:
    best = float(np.min(most, initial=1.0))
    if best < target:
        raise NoSolution(f"nothing reaches power {target:g}; the highest power is {best:.4g}", nearest=best)
