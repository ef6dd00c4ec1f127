"""Assurance: power averaged over what is not known about the effect and the standard deviation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.polynomial.legendre import leggauss
from numpy.typing import ArrayLike, NDArray

from .. import _validate
from .._results import Result
from ..errors import InvalidArgument, InvalidType
from ..numerics import noncentral_f, noncentral_t, student_t, tost
from ..numerics.special import chi_log_density
from ._crossover import crossover_design, log_sd
from ._means import ALTERNATIVES

__all__ = ["AssuranceResult", "assurance"]

Array = NDArray[np.float64]

_OHAGAN = "O'Hagan, Stevens & Campbell 2005, doi:10.1002/pst.175"
_JULIOUS = "Julious 2010, Sample Sizes for Clinical Trials, Chapman & Hall/CRC"
#: What reads a question, what it must be told, and what it may be told.
_Reader: TypeAlias = tuple[Callable[..., Any], tuple[str, ...], tuple[str, ...]]
#: Panels and Gauss-Legendre nodes over the prior of the standard deviation.
_PANELS, _NODES = 24, 16
_CROWD = np.array([-1.2, -0.7, -0.4, -0.2, -0.1, 0.0, 0.1, 0.2, 0.4, 0.7, 1.2, 2.0, 3.0])
#: Priors beyond these degrees of freedom are one number, to the last digit.
_CERTAIN = 1e12


@dataclass(frozen=True, slots=True, kw_only=True)
class AssuranceResult(Result):
    """Probability that a study succeeds, over what is not known of its effect and standard deviation.

    Parameters
    ----------
    assurance : float or ndarray
        Power averaged over the prior.
    power : float or ndarray
        Power at the centre of the prior, as if it were known.
    effect, effect_sd : float or ndarray
        Mean and standard deviation of the normal prior of the effect.
    sd, sd_df : float or ndarray
        Standard deviation, and the degrees of freedom with which it was estimated.
    alpha : float
        Level of the test.
    method : str
        The method that was used.
    references : tuple of str
        Where it was published.
    """

    assurance: Any
    power: Any
    effect: Any
    effect_sd: Any
    sd: Any
    sd_df: Any
    alpha: float
    method: str
    references: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plan:
    """A t test: the prior mean of the effect, its standard deviation, the error per unit of it, and what rejects."""

    effect: Array
    sd: Array
    unit: Array
    df: Array
    ends: tuple[Array, Array] | None
    side: str
    name: str


def assurance(
    question: str,
    *,
    effect_sd: ArrayLike = 0.0,
    sd_df: ArrayLike = np.inf,
    alpha: float = 0.05,
    **design: Any,
) -> AssuranceResult:
    """Return the power of a test averaged over a stated prior of the effect, of the standard deviation, or of both.

    Parameters
    ----------
    question : str
        The function of `ketastats.power` whose power is averaged: ``means``, ``one_sample``, ``paired``, one of these
        with ``_equivalence`` behind it, ``crossover_equivalence``, ``bioequivalence`` or ``f_test``. For proportions
        there is `assurance_proportions`.
    effect_sd : array_like
        Standard deviation of the normal prior around ``effect``, in the same units; for ``bioequivalence`` that of the
        log of the ratio; for ``f_test`` that of each of the `df1` independent effects whose squares add up to ``ncp``.
        With 0 the effect is taken as known.
    sd_df : array_like
        Degrees of freedom with which ``sd`` (or ``cv``) was estimated, at least 1: the true variance is
        ``sd**2 * sd_df`` over a chi-squared variable. Infinite for a known standard deviation, and for ``f_test``.
    alpha : float
        Level of the test, one-sided for equivalence.
    **design
        The other arguments of that function.

    Returns
    -------
    AssuranceResult
        The assurance, beside the power at the centre of the prior. The normal prior is taken into the distribution of
        the test exactly; the prior of the standard deviation is integrated by quadrature to better than 1e-7.

    Raises
    ------
    InvalidArgument
        If a value is out of range.
    InvalidType
        If an argument of the question is missing or foreign to it.

    References
    ----------
    .. [1] O'Hagan A, Stevens JW, Campbell MJ (2005). Assurance in clinical trial design. Pharmaceutical Statistics 4,
       187-201. doi:10.1002/pst.175
    .. [2] Julious SA (2010). Sample Sizes for Clinical Trials. Chapman & Hall/CRC.

    Examples
    --------
    A difference of half a standard deviation, give or take a quarter, and a standard deviation from 20 people:

    >>> import ketastats as ks
    >>> plan = ks.power.assurance("means", n1=64, n2=64, effect=0.5, effect_sd=0.25, sd=1.0, sd_df=19)
    >>> print(f"power {plan.power:.3f}, assurance {plan.assurance:.3f}")
    power 0.801, assurance 0.673
    """
    name = _validate.choice(question, "question", (*_PLANS, "f_test"))
    level = _validate.alpha(alpha)
    prior = _validate.array(effect_sd, "effect_sd", low=0.0, high=1e6)
    freedom = _validate.array(sd_df, "sd_df", low=1.0, infinite=True)
    if name == "f_test":
        return _f_test(design, prior, freedom, level)
    plan = _planned(name, _PLANS[name], design)
    low, high = plan.ends if plan.ends is not None else (np.zeros(()), np.zeros(()))
    true, sd, unit, df, low, high, prior, freedom = _validate.broadcast(
        effect=plan.effect, sd=plan.sd, n=plan.unit, df=plan.df, low=low, high=high, effect_sd=prior, sd_df=freedom
    )

    def power(spread: Array, doubt: Array) -> Array:
        """Return the power, averaged over the effect, at some standard deviations."""
        error = spread * unit[..., None]
        wide = np.hypot(error, doubt)
        reach = student_t.isf(0.5 * level if plan.side == "two-sided" else level, df)[..., None] * (error / wide)
        if plan.ends is None:
            return _difference(true[..., None] / wide, reach, df[..., None], plan.side)
        ends = ((low - true)[..., None] / wide, (high - true)[..., None] / wide)
        return tost.power(*ends, df[..., None], student_t.sf(reach, df[..., None]))

    known = power(sd[..., None], np.zeros(1))[..., 0]
    critical = np.maximum(student_t.isf(level, df), 1e-3)
    turns = [np.abs(true)] if plan.ends is None else [np.minimum(high - true, true - low), 0.5 * (high - low)]
    ratio, weights = _nodes(freedom, [turn / (sd * unit * critical) for turn in turns])
    average = np.sum(weights * power(sd[..., None] * ratio, prior[..., None]), axis=-1)
    return AssuranceResult(
        assurance=np.minimum(average, 1.0)[()],
        power=known[()],
        effect=true[()],
        effect_sd=prior[()],
        sd=sd[()],
        sd_df=freedom[()],
        alpha=level,
        method=f"{plan.name}, averaged over a normal effect and a scaled inverse chi-squared variance",
        references=(_OHAGAN, _JULIOUS),
    )


def _nodes(df: Array, turns: list[Array]) -> tuple[Array, Array]:
    """Return true over estimated standard deviations, and their weights, on a new last axis.

    Where the true one is as many times the estimated one as one of the `turns`, the power falls steeply: panels crowd
    there.
    """
    if np.all(df >= _CERTAIN):
        return np.ones((*df.shape, 1)), np.ones((*df.shape, 1))
    finite = np.minimum(df, _CERTAIN)[..., None]
    # Beyond these the density of x = log s is less than 1e-18 of its peak.
    width = 9.0 / np.sqrt(2.0 * finite)
    left, right = -(width + 42.0 / finite), width + 0.5 * np.log1p(84.0 / finite)
    corners = [-np.log(np.clip(turn, 1e-30, 1e30))[..., None] + _CROWD for turn in turns]
    even = left + (right - left) * np.linspace(0.0, 1.0, _PANELS + 1)
    edges = np.sort(np.clip(np.concatenate([even, *corners], axis=-1), left, right), axis=-1)
    points, weights = leggauss(_NODES)
    half = 0.5 * np.diff(edges, axis=-1)[..., None]
    x = (edges[..., :-1, None] + half * (1.0 + points)).reshape(*df.shape, -1)
    share = np.broadcast_to(half * weights, (*half.shape[:-1], _NODES)).reshape(*df.shape, -1)
    return np.exp(-x), np.exp(chi_log_density(x, finite)) * share


def _difference(ncp: Array, critical: Array, df: Array, side: str) -> Array:
    if side == "two-sided":
        return np.minimum(noncentral_t.sf(critical, df, ncp) + noncentral_t.cdf(-critical, df, ncp), 1.0)
    return noncentral_t.sf(critical, df, ncp if side == "greater" else -ncp)


def _f_test(design: dict[str, Any], prior: Array, freedom: Array, level: float) -> AssuranceResult:
    """Return the assurance of an F test, whose numerator the prior only stretches."""
    if np.any(np.isfinite(freedom)):
        raise InvalidArgument("sd_df", float(np.min(freedom)), "infinite for 'f_test'")
    columns = _planned("f_test", (_f_design, ("df1", "df2", "ncp"), ()), design)
    top, bottom, ncp, spread = _validate.broadcast(**columns, effect_sd=prior)
    critical = noncentral_f.isf(level, top, bottom)
    stretch = 1.0 + np.square(spread)
    return AssuranceResult(
        assurance=noncentral_f.sf(critical / stretch, top, bottom, ncp / stretch)[()],
        power=noncentral_f.sf(critical, top, bottom, ncp)[()],
        effect=ncp[()],
        effect_sd=spread[()],
        sd=np.ones(ncp.shape)[()],
        sd_df=np.full(ncp.shape, np.inf)[()],
        alpha=level,
        method="F test, averaged over normal effects, exact noncentral F",
        references=(_OHAGAN,),
    )


def _f_design(df1: Any, df2: Any, ncp: Any) -> dict[str, Array]:
    return {
        "df1": _validate.array(df1, "df1", low=1.0, high=1e9),
        "df2": _validate.array(df2, "df2", low=1.0, high=1e9),
        "ncp": _validate.array(ncp, "ncp", low=0.0, high=1e9),
    }


def _planned(question: str, known: _Reader, design: dict[str, Any]) -> Any:
    reader, required, optional = known
    allowed = "the arguments " + ", ".join([*required, *(f"{name} (optional)" for name in optional)])
    for name, value in design.items():
        if name not in required + optional:
            raise InvalidType(name, value, allowed, f"They belong to the question {question!r}.")
    for name in required:
        if name not in design:
            raise InvalidType(name, None, allowed, f"The question {question!r} needs {name}.")
    return reader(**design)


def _means(n1: Any, n2: Any, effect: Any, sd: Any = 1.0, alternative: str = "two-sided") -> _Plan:
    side = _validate.choice(alternative, "alternative", ALTERNATIVES)
    unit, df = _two_groups(n1, n2)
    true, spread = _validate.array(effect, "effect"), _validate.array(sd, "sd", low=0.0, open_low=True)
    name = f"Student's t test, {side}"
    return _Plan(effect=true, sd=spread, unit=unit, df=df, ends=None, side=side, name=name)


def _means_equivalence(n1: Any, n2: Any, margin: Any, effect: Any = 0.0, sd: Any = 1.0) -> _Plan:
    unit, df = _two_groups(n1, n2)
    return _equivalence(effect, sd, unit, df, _validate.margins(margin), "two one-sided t tests")


def _one_sample(n: Any, effect: Any, sd: Any = 1.0, alternative: str = "two-sided", name: str = "sd") -> _Plan:
    side = _validate.choice(alternative, "alternative", ALTERNATIVES)
    true, spread = _validate.array(effect, "effect"), _validate.array(sd, name, low=0.0, open_low=True)
    unit, df = _one_group(n)
    what = "t test of one mean" if name == "sd" else "paired t test"
    return _Plan(effect=true, sd=spread, unit=unit, df=df, ends=None, side=side, name=f"{what}, {side}")


def _one_sample_equivalence(n: Any, margin: Any, effect: Any = 0.0, sd: Any = 1.0) -> _Plan:
    unit, df = _one_group(n)
    return _equivalence(effect, sd, unit, df, _validate.margins(margin), "two one-sided t tests of one mean")


def _paired(n: Any, effect: Any, sd_difference: Any = 1.0, alternative: str = "two-sided") -> _Plan:
    return _one_sample(n, effect, sd_difference, alternative, "sd_difference")


def _paired_equivalence(n: Any, margin: Any, effect: Any = 0.0, sd_difference: Any = 1.0) -> _Plan:
    unit, df = _one_group(n)
    ends, name = _validate.margins(margin), "two one-sided paired t tests"
    return _equivalence(effect, sd_difference, unit, df, ends, name, "sd_difference")


def _crossover(n1: Any, n2: Any, margin: Any, sd: Any, effect: Any = 0.0, design: str = "2x2") -> _Plan:
    size1, size2 = _people(n1, n2, 1)
    unit, df = crossover_design(size1, size2, design)
    return _equivalence(effect, sd, unit, df, _validate.margins(margin), f"two one-sided t tests, {design} design")


def _bioequivalence(n1: Any, n2: Any, margin: Any, cv: Any, ratio: Any = 1.0, design: str = "2x2") -> _Plan:
    size1, size2 = _people(n1, n2, 1)
    unit, df = crossover_design(size1, size2, design)
    true = np.log(_validate.array(ratio, "ratio", low=0.0, open_low=True))
    ends = _validate.margins(margin, ratio=True)
    with np.errstate(divide="ignore"):
        logs = np.log(ends[0]), np.log(ends[1])
    spread = log_sd(_validate.array(cv, "cv", low=0.0, open_low=True))
    return _equivalence(true, spread, unit, df, logs, f"two one-sided t tests of logs, {design} design")


def _equivalence(
    effect: Any, sd: Any, unit: Array, df: Array, ends: tuple[Array, Array], name: str, word: str = "sd"
) -> _Plan:
    true, spread = _validate.array(effect, "effect"), _validate.array(sd, word, low=0.0, open_low=True)
    return _Plan(effect=true, sd=spread, unit=unit, df=df, ends=ends, side="equivalence", name=name)


def _people(n1: Any, n2: Any, low: int) -> list[Array]:
    return _validate.broadcast(
        n1=_validate.integers(n1, "n1", low=low).astype(np.float64),
        n2=_validate.integers(n2, "n2", low=low).astype(np.float64),
    )


def _one_group(n: Any) -> tuple[Array, Array]:
    size = _validate.integers(n, "n", low=2).astype(np.float64)
    return 1.0 / np.sqrt(size), size - 1.0


def _two_groups(n1: Any, n2: Any) -> tuple[Array, Array]:
    size1, size2 = _people(n1, n2, 2)
    return np.sqrt(1.0 / size1 + 1.0 / size2), size1 + size2 - 2.0


#: What reads each question, what it must be told, and what it may be told.
_PLANS: dict[str, _Reader] = {
    "one_sample": (_one_sample, ("n", "effect"), ("sd", "alternative")),
    "one_sample_equivalence": (_one_sample_equivalence, ("n", "margin"), ("effect", "sd")),
    "paired": (_paired, ("n", "effect"), ("sd_difference", "alternative")),
    "paired_equivalence": (_paired_equivalence, ("n", "margin"), ("effect", "sd_difference")),
    "means": (_means, ("n1", "n2", "effect"), ("sd", "alternative")),
    "means_equivalence": (_means_equivalence, ("n1", "n2", "margin"), ("effect", "sd")),
    "crossover_equivalence": (_crossover, ("n1", "n2", "margin", "sd"), ("effect", "design")),
    "bioequivalence": (_bioequivalence, ("n1", "n2", "margin", "cv"), ("ratio", "design")),
}
