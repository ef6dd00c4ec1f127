"""Sample sizes and detectable effects: the power functions, solved."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal, TypeAlias, overload

from .. import _validate
from ..errors import InvalidType
from . import (
    _chi_square,
    _invert,
    _solve_correlation,
    _solve_f,
    _solve_margins,
    _solve_means,
    _solve_one_sample,
    _solve_proportions,
    _solve_rates,
    _welch,
)
from ._base import DetectableResult, SampleSizeResult
from ._invert import EstimateDetectableResult, GroupsDetectableResult, GroupsSizeResult
from ._one_sample import OneSampleDetectableResult, OneSampleSizeResult
from ._questions import QUESTIONS
from ._solve_f import FTestDetectableResult
from ._solve_rates import PersonTimeResult, RateDetectableResult

__all__ = ["detectable", "sample_size"]

AnySize: TypeAlias = SampleSizeResult | OneSampleSizeResult | GroupsSizeResult | PersonTimeResult
AnyDetectable: TypeAlias = (
    DetectableResult
    | OneSampleDetectableResult
    | GroupsDetectableResult
    | EstimateDetectableResult
    | FTestDetectableResult
    | RateDetectableResult
)
TwoGroups: TypeAlias = Literal[
    "bioequivalence",
    "coprimary_equivalence",
    "crossover_equivalence",
    "fieller_equivalence",
    "mean_ratio",
    "mean_ratio_equivalence",
    "mean_ratio_minimum_effect",
    "mean_ratio_noninferiority",
    "mean_ratio_superiority",
    "means",
    "means_equivalence",
    "means_minimum_effect",
    "means_noninferiority",
    "means_superiority",
    "means_welch",
    "means_welch_equivalence",
    "means_welch_minimum_effect",
    "means_welch_noninferiority",
    "means_welch_superiority",
    "proportions",
    "proportions_equivalence",
    "proportions_minimum_effect",
    "proportions_noninferiority",
    "proportions_ratio_equivalence",
    "proportions_superiority",
    "rates_equivalence",
    "smd_equivalence",
    "smd_minimum_effect",
    "smd_noninferiority",
    "smd_superiority",
]
ManyGroups: TypeAlias = Literal[
    "groups_by_time",
    "groups_by_time_contrast",
    "groups_by_time_contrast_equivalence",
    "groups_by_time_equivalence",
]
OneGroup: TypeAlias = Literal[
    "chi_square",
    "correlation",
    "correlation_equivalence",
    "correlation_minimum_effect",
    "correlation_noninferiority",
    "correlation_superiority",
    "one_sample",
    "one_sample_equivalence",
    "one_sample_minimum_effect",
    "one_sample_noninferiority",
    "one_sample_superiority",
    "paired",
    "paired_equivalence",
    "paired_minimum_effect",
    "paired_noninferiority",
    "paired_proportions",
    "paired_proportions_equivalence",
    "paired_proportions_minimum_effect",
    "paired_proportions_noninferiority",
    "paired_proportions_superiority",
    "paired_superiority",
    "proportion",
    "proportion_equivalence",
    "proportion_minimum_effect",
    "proportion_noninferiority",
    "proportion_superiority",
]

_SIZES: dict[str, Callable[..., AnySize]] = {
    "means": _solve_means.size_means,
    "means_equivalence": _solve_means.size_equivalence,
    "proportions": _solve_proportions.size_proportions,
    "proportions_equivalence": _solve_proportions.size_equivalence,
    "one_sample": _solve_one_sample.size_one_sample,
    "one_sample_equivalence": _solve_one_sample.size_one_sample_equivalence,
    "paired": _solve_one_sample.size_paired,
    "paired_equivalence": _solve_one_sample.size_paired_equivalence,
    "correlation": _solve_correlation.size_correlation,
    "correlation_equivalence": _solve_correlation.size_equivalence,
    "means_minimum_effect": _solve_margins.size_means_minimum_effect,
    "means_noninferiority": _solve_margins.size_means_noninferiority,
    "means_superiority": _solve_margins.size_means_superiority,
    "means_welch_equivalence": _welch.size_welch_equivalence,
    "chi_square": _chi_square.size_chi_square,
    "proportions_minimum_effect": _solve_margins.size_proportions_minimum_effect,
    "proportions_noninferiority": _solve_margins.size_proportions_noninferiority,
    "proportions_ratio_equivalence": _solve_margins.size_proportions_ratio_equivalence,
    "proportions_superiority": _solve_margins.size_proportions_superiority,
    "f_test": _solve_f.size_f_test,
    "f_test_equivalence": _solve_f.size_f_equivalence,
    "f_test_minimum_effect": _solve_f.size_f_minimum_effect,
    "rates": _solve_rates.person_time,
    "rates_minimum_effect": _solve_rates.time_minimum_effect,
    "rates_noninferiority": _solve_rates.time_noninferiority,
    "rates_superiority": _solve_rates.time_superiority,
}
_DETECTABLE: dict[str, Callable[..., AnyDetectable]] = {
    "means": _solve_means.detectable_effect,
    "means_equivalence": _solve_means.detectable_margin,
    "proportions": _solve_proportions.detectable_difference,
    "proportions_equivalence": _solve_proportions.detectable_margin,
    "one_sample": _solve_one_sample.detectable_one_sample,
    "one_sample_equivalence": _solve_one_sample.detectable_one_sample_margin,
    "paired": _solve_one_sample.detectable_paired,
    "paired_equivalence": _solve_one_sample.detectable_paired_margin,
    "correlation": _solve_correlation.detectable_correlation,
    "correlation_equivalence": _solve_correlation.detectable_margin,
    "chi_square": _chi_square.detectable_w,
    "f_test": _solve_f.detectable_noncentrality,
    "f_test_equivalence": _solve_f.detectable_f_margin,
    "f_test_minimum_effect": _solve_f.detectable_f_effect,
    "rates": _solve_rates.detectable_rate,
    "rates_noninferiority": _solve_rates.detectable_rate_margin,
}
_WITH_SIZE = {name for name, known in QUESTIONS.items() if known.sizes != "none"}
_WITH_VALUE = {name for name, known in QUESTIONS.items() if known.put is not None}
#: What each question must be told, and what it may be told.
_SIZE_DESIGN: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "means": (("effect",), ("sd", "alternative")),
    "means_equivalence": (("margin",), ("effect", "sd")),
    "proportions": (("p1", "p2"), ("alternative", "method")),
    "proportions_equivalence": (("p1", "p2", "margin"), ("method",)),
    "one_sample": (("effect",), ("sd", "alternative")),
    "one_sample_equivalence": (("margin",), ("effect", "sd")),
    "paired": (("effect",), ("sd_difference", "alternative")),
    "paired_equivalence": (("margin",), ("effect", "sd_difference")),
    "correlation": (("r",), ("null", "alternative", "method")),
    "correlation_equivalence": (("margin",), ("r", "method")),
    "means_minimum_effect": (("margin", "effect"), ("sd",)),
    "means_noninferiority": (("margin", "higher_is_better"), ("effect", "sd")),
    "means_superiority": (("margin", "effect", "higher_is_better"), ("sd",)),
    "means_welch_equivalence": (("margin", "sd1", "sd2"), ("effect", "method")),
    "chi_square": (("df", "w"), ()),
    "proportions_minimum_effect": (("p1", "p2", "margin"), ("measure", "method")),
    "proportions_noninferiority": (("p1", "p2", "margin", "higher_is_better"), ("measure", "method")),
    "proportions_ratio_equivalence": (("p1", "p2", "margin"), ("measure", "method")),
    "proportions_superiority": (("p1", "p2", "margin", "higher_is_better"), ("measure", "method")),
    "f_test": (("df1", "f2"), ()),
    "f_test_equivalence": (("df1", "margin"), ("f2", "measure")),
    "f_test_minimum_effect": (("df1", "margin", "f2"), ("measure",)),
    "rates": (("rate1", "rate2"), ("null", "alternative", "measure", "method")),
    "rates_minimum_effect": (("rate1", "rate2", "margin"), ("measure", "method")),
    "rates_noninferiority": (("rate1", "rate2", "margin", "higher_is_better"), ("measure", "method")),
    "rates_superiority": (("rate1", "rate2", "margin", "higher_is_better"), ("measure", "method")),
}
_DETECTABLE_DESIGN: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "means": (("n1", "n2"), ("sd", "alternative")),
    "means_equivalence": (("n1", "n2"), ("effect", "sd")),
    "proportions": (("n1", "n2", "p1"), ("direction", "alternative", "method")),
    "proportions_equivalence": (("n1", "n2", "p1", "p2"), ("method",)),
    "one_sample": (("n",), ("sd", "alternative")),
    "one_sample_equivalence": (("n",), ("effect", "sd")),
    "paired": (("n",), ("sd_difference", "alternative")),
    "paired_equivalence": (("n",), ("effect", "sd_difference")),
    "correlation": (("n",), ("alternative", "method")),
    "correlation_equivalence": (("n",), ("r", "method")),
    "chi_square": (("df", "n"), ()),
    "f_test": (("df1", "df2"), ()),
    "f_test_equivalence": (("df1", "df2"), ("ncp", "measure")),
    "f_test_minimum_effect": (("df1", "df2", "margin"), ("measure",)),
    "rates": (("t1", "t2", "rate1"), ("direction", "null", "alternative", "measure", "method")),
    "rates_noninferiority": (("t1", "t2", "rate1", "rate2", "higher_is_better"), ("measure", "method")),
}


@overload
def sample_size(  # numpydoc ignore=GL08
    question: TwoGroups, *, power: float = ..., alpha: float = ..., ratio: float = ..., **design: Any
) -> SampleSizeResult: ...


@overload
def sample_size(  # numpydoc ignore=GL08
    question: OneGroup, *, power: float = ..., alpha: float = ..., ratio: float = ..., **design: Any
) -> OneSampleSizeResult: ...


@overload
def sample_size(  # numpydoc ignore=GL08
    question: ManyGroups, *, power: float = ..., alpha: float = ..., ratio: float = ..., **design: Any
) -> GroupsSizeResult: ...


@overload
def sample_size(  # numpydoc ignore=GL08
    question: str, *, power: float = ..., alpha: float = ..., ratio: float = ..., **design: Any
) -> AnySize: ...


def sample_size(
    question: str, *, power: float = 0.80, alpha: float = 0.05, ratio: float = 1.0, **design: Any
) -> AnySize:
    """Return the smallest sample with which a test reaches a power.

    Parameters
    ----------
    question : str
        The function of `ketastats.power` whose power is meant, such as ``means``, ``proportions_equivalence`` or
        ``groups_by_time``: any of them but the simulated ones.
    power : float
        Power to reach.
    alpha : float
        Level of the test, one-sided wherever there is a margin.
    ratio : float
        Size of group 2 (of every other group, if there are more) over that of group 1, from 1e-6 to 1e6; ``n2`` is
        ``ratio * n1`` rounded up. Stays 1 where there is one group.
    **design
        The other arguments of that function, except the sizes. Where it takes arrays, there may be arrays here, except
        for tests of counts of two groups (``proportions``, ``rates``). Some questions differ: those of ratios of means
        call the true one ``true_ratio``, and have equal groups; ``f_test`` takes ``df1``
        and Cohen's ``f2`` (the noncentrality over the people), and leaves ``n - df1 - 1`` degrees of freedom for the
        error; ``rates`` answers with person-time; and groups by time take ``groups``, their number, if it is not 2 and
        neither means nor weights say it.

    Returns
    -------
    SampleSizeResult, OneSampleSizeResult, GroupsSizeResult or PersonTimeResult
        By the question: two groups, one (or pairs, or people in all), groups by time, rates. Whole numbers of people,
        and the power that they give. Where the power rises with every person, one fewer (in group 1) would not do. The
        exact power of proportions moves in a sawtooth: the answer is the smallest ``n1`` that reaches the power (looked
        for one by one, from four roots of ``n1`` below a size found by halving), although some larger one may fall
        short again.

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
    >>> int(ks.power.sample_size("correlation_equivalence", margin=0.24).n)
    146
    """
    name = _validate.choice(question, "question", sorted({*_SIZES, *_WITH_SIZE}))
    _check_design(name, design, _SIZE_DESIGN[name] if name in _SIZES else QUESTIONS[name].design(detect=False))
    target, level = _validate.level(power, "power"), _validate.alpha(alpha)
    share = _validate.real(ratio, "ratio", low=1e-6, high=1e6)
    if name in _SIZES:
        return _SIZES[name](target, level, share, **design)
    return _invert.fewest_people(QUESTIONS[name], target, level, share, design)


@overload
def detectable(  # numpydoc ignore=GL08
    question: TwoGroups, *, power: float = ..., alpha: float = ..., **design: Any
) -> DetectableResult: ...


@overload
def detectable(  # numpydoc ignore=GL08
    question: OneGroup, *, power: float = ..., alpha: float = ..., **design: Any
) -> OneSampleDetectableResult: ...


@overload
def detectable(  # numpydoc ignore=GL08
    question: ManyGroups, *, power: float = ..., alpha: float = ..., **design: Any
) -> GroupsDetectableResult: ...


@overload
def detectable(  # numpydoc ignore=GL08
    question: str, *, power: float = ..., alpha: float = ..., **design: Any
) -> AnyDetectable: ...


def detectable(question: str, *, power: float = 0.80, alpha: float = 0.05, **design: Any) -> AnyDetectable:
    """Return the smallest effect that a design detects, or the smallest margin that it can rule out, with a power.

    Parameters
    ----------
    question : str
        The function of `ketastats.power` whose power is meant, such as ``means`` or ``proportions_equivalence``: any of
        them but the simulated ones.
    power : float
        Power to reach.
    alpha : float
        Level of the test, one-sided for equivalence.
    **design
        The other arguments of that function, except the one that is looked for: the margin where the question is of
        equivalence or noninferiority, else the effect (``p2`` of proportions, ``rate2`` of rates, ``r`` of a
        correlation, ``w``, ``ncp``). Arguments that may be arrays there may be arrays here, except for tests of counts
        of two groups. ``direction`` ("above" or "below") says where the second rate, or the effect outside a margin,
        is looked for. Groups by time may be given ``means``, which are then moved apart or together in proportion.

    Returns
    -------
    DetectableResult or one of the other detectable results
        By the question: two groups, one, groups by time, an estimate, an F test, rates. ``value`` is the absolute
        difference of means or of proportions, the absolute correlation, Cohen's f of groups by time, or the symmetric
        margin: of a ratio m the one from 1/m to m, of one proportion the distance from it.

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
    name = _validate.choice(question, "question", sorted({*_DETECTABLE, *QUESTIONS}))
    _check_design(
        name, design, _DETECTABLE_DESIGN[name] if name in _DETECTABLE else QUESTIONS[name].design(detect=True)
    )
    target, level = _validate.level(power, "power"), _validate.alpha(alpha)
    if name in _DETECTABLE:
        return _DETECTABLE[name](target, level, **design)
    return _invert.detect(QUESTIONS[name], target, level, design)


def _check_design(question: str, design: dict[str, Any], names: tuple[tuple[str, ...], tuple[str, ...]]) -> None:
    required, optional = names
    allowed = "the arguments " + ", ".join([*required, *(f"{name} (optional)" for name in optional)])
    foreign = [name for name in design if name not in required + optional]
    if foreign:
        raise InvalidType(foreign[0], design[foreign[0]], allowed, f"They belong to the question {question!r}.")
    missing = [name for name in required if name not in design]
    if missing:
        raise InvalidType(missing[0], None, allowed, f"The question {question!r} needs {missing[0]}.")
