"""Sample sizes and detectable effects: the power functions, solved."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .. import _validate
from ..errors import InvalidType
from . import _solve_means, _solve_proportions
from ._base import DetectableResult, SampleSizeResult

__all__ = ["detectable", "sample_size"]

_SIZES: dict[str, Callable[..., SampleSizeResult]] = {
    "means": _solve_means.size_means,
    "means_equivalence": _solve_means.size_equivalence,
    "proportions": _solve_proportions.size_proportions,
    "proportions_equivalence": _solve_proportions.size_equivalence,
}
_DETECTABLE: dict[str, Callable[..., DetectableResult]] = {
    "means": _solve_means.detectable_effect,
    "means_equivalence": _solve_means.detectable_margin,
    "proportions": _solve_proportions.detectable_difference,
    "proportions_equivalence": _solve_proportions.detectable_margin,
}
#: What each question must be told, and what it may be told.
_SIZE_DESIGN: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "means": (("effect",), ("sd", "alternative")),
    "means_equivalence": (("margin",), ("effect", "sd")),
    "proportions": (("p1", "p2"), ("alternative", "method")),
    "proportions_equivalence": (("p1", "p2", "margin"), ("method",)),
}
_DETECTABLE_DESIGN: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "means": (("n1", "n2"), ("sd", "alternative")),
    "means_equivalence": (("n1", "n2"), ("effect", "sd")),
    "proportions": (("n1", "n2", "p1"), ("direction", "alternative", "method")),
    "proportions_equivalence": (("n1", "n2", "p1", "p2"), ("method",)),
}


def sample_size(
    question: str, *, power: float = 0.80, alpha: float = 0.05, ratio: float = 1.0, **design: Any
) -> SampleSizeResult:
    """Return the smallest sample with which a test reaches a power.

    Parameters
    ----------
    question : {"means", "means_equivalence", "proportions", "proportions_equivalence"}
        The function of `ketastats.power` whose power is meant.
    power : float
        Power to reach.
    alpha : float
        Level of the test, one-sided for equivalence.
    ratio : float
        Size of group 2 over that of group 1; ``n2`` is ``ratio * n1`` rounded up.
    **design
        The other arguments of that function, except the sizes: ``effect``, ``sd``, ``alternative`` for means;
        ``margin``, ``effect``, ``sd`` for their equivalence; ``p1``, ``p2``, ``alternative``, ``method`` for
        proportions; ``p1``, ``p2``, ``margin``, ``method`` for their equivalence. Those of means may be arrays.

    Returns
    -------
    SampleSizeResult
        Whole numbers of people, and the power that they give. The power of means rises with every person, so one fewer
        in group 1 would not do. The exact power of proportions moves in a sawtooth: the answer is the smallest ``n1``
        that reaches the power (looked for one by one, from four roots of ``n1`` below a size found by halving),
        although some larger one may fall short again.

    Raises
    ------
    NoSolution
        If no sample reaches the power; `nearest` is the highest power that can be approached.
    InvalidArgument
        If a value is out of range.
    InvalidType
        If an argument of the question is missing or foreign to it.

    References
    ----------
    .. [1] Phillips KF (1990). Power of the two one-sided tests procedure in bioequivalence. Journal of Pharmacokinetics
       and Biopharmaceutics 18, 137-144. doi:10.1007/BF01063556

    Examples
    --------
    >>> import ketastats as ks
    >>> plan = ks.power.sample_size("means_equivalence", margin=0.5, power=0.90)
    >>> int(plan.n1), int(plan.n2)
    (88, 88)
    """
    name = _validate.choice(question, "question", _SIZES)
    _check_design(name, design, _SIZE_DESIGN[name])
    target = _validate.level(power, "power")
    share = _validate.real(ratio, "ratio", low=0.0, open_low=True)
    return _SIZES[name](target, _validate.alpha(alpha), share, **design)


def detectable(question: str, *, power: float = 0.80, alpha: float = 0.05, **design: Any) -> DetectableResult:
    """Return the smallest effect that a design detects, or the smallest margin that it can rule out, with a power.

    Parameters
    ----------
    question : {"means", "means_equivalence", "proportions", "proportions_equivalence"}
        The function of `ketastats.power` whose power is meant.
    power : float
        Power to reach.
    alpha : float
        Level of the test, one-sided for equivalence.
    **design
        ``n1`` and ``n2``, and: ``sd``, ``alternative`` for means; ``effect``, ``sd`` for their equivalence; ``p1``,
        ``direction`` ("above" or "below": where ``p2`` is looked for), ``alternative``, ``method`` for proportions;
        ``p1``, ``p2``, ``method`` for their equivalence. Those of means may be arrays.

    Returns
    -------
    DetectableResult
        The absolute difference of means or of proportions, or the symmetric margin.

    Raises
    ------
    NoSolution
        If nothing is detected with this power; `nearest` is the highest power there is, or the effect 0 where the level
        alone reaches the power.
    InvalidArgument
        If a value is out of range.
    InvalidType
        If an argument of the question is missing or foreign to it.

    References
    ----------
    .. [1] Phillips KF (1990). Power of the two one-sided tests procedure in bioequivalence. Journal of Pharmacokinetics
       and Biopharmaceutics 18, 137-144. doi:10.1007/BF01063556

    Examples
    --------
    >>> import ketastats as ks
    >>> print(f"{ks.power.detectable('means', n1=37, n2=46).value:.3f}")
    0.626
    >>> print(f"{ks.power.detectable('means_equivalence', n1=37, n2=46).value:.3f}")
    0.652
    """
    name = _validate.choice(question, "question", _DETECTABLE)
    _check_design(name, design, _DETECTABLE_DESIGN[name])
    return _DETECTABLE[name](_validate.level(power, "power"), _validate.alpha(alpha), **design)


def _check_design(question: str, design: dict[str, Any], names: tuple[tuple[str, ...], tuple[str, ...]]) -> None:
    required, optional = names
    allowed = "the arguments " + ", ".join([*required, *(f"{name} (optional)" for name in optional)])
    foreign = [name for name in design if name not in required + optional]
    if foreign:
        raise InvalidType(foreign[0], design[foreign[0]], allowed, f"They belong to the question {question!r}.")
    missing = [name for name in required if name not in design]
    if missing:
        raise InvalidType(missing[0], None, allowed, f"The question {question!r} needs {missing[0]}.")
