"""Power of the F tests of groups, times and their interaction in a complete repeated-measures design."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .. import _validate
from .._results import Result
from ..errors import InvalidArgument, InvalidType
from ..numerics import noncentral_f
from ..numerics import repeated_measures as kernel
from ._approximate_f import approximate_test
from ._repeated import TERMS, Covariance, covariance_of, group_sizes, mean_table

__all__ = ["GroupsByTimePower", "groups_by_time", "groups_by_time_equivalence"]

MEASURES = ("cohens_f", "partial_eta_squared", "noncentrality")
TESTS = ("univariate", "multivariate", "hotelling_lawley", "pillai", "greenhouse_geisser", "huynh_feldt")
_MULLER = "Muller, LaVange, Ramey & Ramey 1992, doi:10.1080/01621459.1992.10476281"
# Beyond this the sum that is the noncentral F has more terms than memory holds.
_LARGEST = 1e11
_ANDERSON = "Anderson 2003, An Introduction to Multivariate Statistical Analysis, 3rd edition, section 5.4"
_CAMPBELL = "Campbell & Lakens 2021, doi:10.1111/bmsp.12201"

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupsByTimePower(Result):
    """Probability that a test of one term of a groups by time design rejects.

    Parameters
    ----------
    power : float or ndarray
        Probability of rejection.
    df1, df2 : float or ndarray
        Degrees of freedom of the F distribution.
    ncp : float or ndarray
        Its noncentrality at the true means.
    effect : float or ndarray
        Cohen's f of the term: the root mean square of its true effects over all people and times, in standard
        deviations of one value.
    margin : float or ndarray
        Noncentrality at the margin of an equivalence test; 0 for a test of no effect.
    term : str
        The term that is tested.
    alpha : float
        Level of the test.
    method : str
        The method that was used.
    references : tuple of str
        Where it was published.
    """

    power: Any
    df1: Any
    df2: Any
    ncp: Any
    effect: Any
    margin: Any
    term: str
    alpha: float
    method: str
    references: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Term:
    """The F distribution of one term's test, and what to call it."""

    df1: Array
    df2: Array
    ncp: Array
    effect: Array
    name: str
    method: str
    reference: str
    #: Degrees of freedom that the test takes its critical value from, where they are others.
    critical: tuple[Array, Array] | None = None

    @property
    def how(self) -> str:
        """How close the power is to that of the test."""
        return "F approximation" if "approximate" in self.method else "exact noncentral F"


def groups_by_time(
    *,
    n: Any,
    means: ArrayLike | None = None,
    effect: ArrayLike | None = None,
    times: int | None = None,
    term: str = "interaction",
    covariance: Any = "random_intercept",
    rho: ArrayLike | None = None,
    sd: ArrayLike = 1.0,
    test: str | None = None,
    alpha: float = 0.05,
) -> GroupsByTimePower:
    """Return the power of the F test of a term in a complete groups by time design.

    Every person is seen at every time and belongs to one group; the values of a person are normal with the same
    covariance in all groups.

    Parameters
    ----------
    n : sequence of int or array_like
        People in each group, one entry per group; ``(n,)`` is a design within one group. Entries may be arrays.
    means : array_like, shape (..., groups, times), optional
        True means, in the units of `sd`. With one column the design is a one-way analysis of variance.
    effect : array_like, optional
        In place of `means`, Cohen's f of the term: the root mean square of its effects over all people and times, in
        standard deviations of one value. It needs `times`, and a covariance that it suffices for: any for the groups,
        the random intercept for times and interaction.
    times : int, optional
        Number of times, when `effect` is given.
    term : {"interaction", "group", "time"}
        What is tested. Interaction: that the groups' profiles are parallel. Group: that the groups' means over the
        times are equal, people counting alike. Time: that the mean of the groups' profiles is flat, groups counting
        alike.
    covariance : {"random_intercept", "ar1"} or array_like, shape (..., times, times)
        Covariance of one person's values: any two correlated by `rho`, or by `rho` to the power of the visits between
        them, or as the matrix says.
    rho : array_like, optional
        Correlation of a person's values, which has no default.
    sd : array_like
        Standard deviation of one value within a group.
    test : str, optional
        For times and interaction: "univariate", the split-plot F test, which needs the random intercept;
        "multivariate", Hotelling's T squared of the contrasts of the times, for every covariance (with more than two
        groups the Hotelling-Lawley trace of the interaction, "hotelling_lawley"); "pillai", the Pillai-Bartlett trace;
        or the split-plot test after "greenhouse_geisser" or "huynh_feldt". The traces (with more than two groups and
        times) and the corrected tests are approximated by F distributions, to about 0.02 in power, and `.method` says
        so; the rest is exact. Without it: univariate for the random intercept, else multivariate.
    alpha : float
        Level of the test.

    Returns
    -------
    GroupsByTimePower
        The power, with the degrees of freedom and the noncentrality.

    Raises
    ------
    InvalidArgument
        If a value is out of range, or the test is not one of this term under this covariance.
    InvalidType
        If neither or both of `means` and `effect` are given, or `rho` or `times` is missing.

    References
    ----------
    .. [1] Muller KE, LaVange LM, Ramey SL, Ramey CT (1992). Power calculations for general linear multivariate models
       including repeated measures applications. Journal of the American Statistical Association 87, 1209-1226.
       doi:10.1080/01621459.1992.10476281
    .. [2] Anderson TW (2003). An Introduction to Multivariate Statistical Analysis, 3rd edition, section 5.4. Wiley.
    .. [3] Muller KE, Edwards LJ, Simpson SL, Taylor DJ (2007). Statistical tests with accurate size and power for
       balanced linear mixed models. Statistics in Medicine 26, 3639-3660. doi:10.1002/sim.2827

    Examples
    --------
    83 people in two groups at five visits; one group ends 3 points lower, by equal steps:

    >>> import ketastats as ks
    >>> means = [[18.0, 16.0, 14.0, 12.0, 10.0], [18.0, 15.25, 12.5, 9.75, 7.0]]
    >>> result = ks.power.groups_by_time(n=(37, 46), means=means, rho=0.5, sd=5.0)
    >>> print(f"{result.power:.3f} with F({result.df1:.0f}, {result.df2:.0f})")
    0.669 with F(4, 324)
    >>> print(f"{ks.power.groups_by_time(n=(37, 46), means=means, covariance='ar1', rho=0.5, sd=5.0).power:.3f}")
    0.302
    """
    design = _term(n, means, effect, times, term, covariance, rho, sd, test)
    level = _validate.alpha(alpha)
    critical = noncentral_f.isf(level, *(design.critical or (design.df1, design.df2)))
    power = noncentral_f.sf(critical, design.df1, design.df2, design.ncp)
    return _result(design, power, np.zeros(()), level, f"{design.method}, {design.how}", (design.reference,))


def groups_by_time_equivalence(
    *,
    n: Any,
    margin: ArrayLike,
    measure: str = "cohens_f",
    means: ArrayLike | None = None,
    effect: ArrayLike | None = None,
    times: int | None = None,
    term: str = "interaction",
    covariance: Any = "random_intercept",
    rho: ArrayLike | None = None,
    sd: ArrayLike = 1.0,
    test: str | None = None,
    alpha: float = 0.05,
) -> GroupsByTimePower:
    """Return the power to show that a term of a complete groups by time design is smaller than a margin, exactly.

    The test rejects when F falls below the lower `alpha` quantile of its distribution at the margin, which is when
    ``effects.variance_explained(F, df1, df2, measure=measure).pvalue(margin, alternative="less")`` is below `alpha`.

    Parameters
    ----------
    n : sequence of int or array_like
        People in each group, one entry per group. Entries may be arrays.
    margin : array_like
        Largest size of the term that still counts as none, a positive number on the scale of `measure`.
    measure : {"cohens_f", "partial_eta_squared", "noncentrality"}
        As in `ketastats.effects.variance_explained`: ``sqrt(ncp / df2)``, ``ncp / (ncp + df2)`` or `ncp` itself. These
        are in units of the error that F divides by; for a margin in points use `groups_by_time_contrast_equivalence`.
    means : array_like, shape (..., groups, times), optional
        True means, in the units of `sd`.
    effect : array_like, optional
        In place of `means`, Cohen's f of the term in standard deviations of one value, as in `groups_by_time`; 0 for no
        effect at all.
    times : int, optional
        Number of times, when `effect` is given.
    term : {"interaction", "group", "time"}
        What is tested.
    covariance : {"random_intercept", "ar1"} or array_like, shape (..., times, times)
        Covariance of one person's values.
    rho : array_like, optional
        Correlation of a person's values, which has no default.
    sd : array_like
        Standard deviation of one value within a group.
    test : str, optional
        As in `groups_by_time`, without the corrected tests.
    alpha : float
        One-sided level.

    Returns
    -------
    GroupsByTimePower
        The probability of showing equivalence; `margin` is its noncentrality.

    Raises
    ------
    InvalidArgument
        If a value is out of range, or if no F test of this term is exact under this covariance.
    InvalidType
        If neither or both of `means` and `effect` are given, or `rho` or `times` is missing.

    References
    ----------
    .. [1] Campbell H, Lakens D (2021). Can we disregard the whole model? Omnibus non-inferiority testing for R2 in
       multi-variable linear regression and eta2 in ANOVA. British Journal of Mathematical and Statistical Psychology
       74, 64-89. doi:10.1111/bmsp.12201
    .. [2] Wellek S (2010). Testing Statistical Hypotheses of Equivalence and Noninferiority, 2nd edition, chapter 7.
       CRC Press.

    Examples
    --------
    >>> import ketastats as ks
    >>> plan = {"n": (37, 46), "effect": 0.0, "times": 5, "rho": 0.5}
    >>> print(f"{ks.power.groups_by_time_equivalence(margin=0.2, **plan).power:.3f}")
    0.802
    """
    design = _term(n, means, effect, times, term, covariance, rho, sd, test)
    level = _validate.alpha(alpha)
    limit = _margin(margin, _validate.choice(measure, "measure", MEASURES), design.df2)
    critical = kernel.equivalence_critical(level, design.df1, design.df2, limit)
    power = noncentral_f.cdf(critical, design.df1, design.df2, design.ncp)
    if design.critical is not None:
        allowed = "'univariate' or a multivariate test"
        raise InvalidArgument("test", test, allowed, "A corrected F test has no margin of its own.")
    method = f"equivalence by the {design.method}, {design.how}"
    return _result(design, power, limit, level, method, (_CAMPBELL, design.reference))


def _margin(margin: Any, measure: str, df2: Array) -> Array:
    top = 1.0 if measure == "partial_eta_squared" else np.inf
    value = _validate.array(margin, "margin", low=0.0, high=top, open_low=True, open_high=True)
    value, bottom = _validate.broadcast(margin=value, design=df2)
    if measure != "noncentrality":
        value = np.asarray(bottom * (np.square(value) if measure == "cohens_f" else value / (1.0 - value)))
    if np.any(value > _LARGEST):
        raise InvalidArgument("margin", margin, f"a noncentrality of at most {_LARGEST:g}", "No study is that large.")
    return value


def _result(
    design: _Term, power: Array, margin: Array, alpha: float, method: str, references: tuple[str, ...]
) -> GroupsByTimePower:
    return GroupsByTimePower(
        power=power[()],
        df1=design.df1[()],
        df2=design.df2[()],
        ncp=design.ncp[()],
        effect=design.effect[()],
        margin=margin[()],
        term=design.name,
        alpha=alpha,
        method=method,
        references=references,
    )


def _term(
    n: Any, means: Any, effect: Any, times: Any, term: str, covariance: Any, rho: Any, sd: Any, test: str | None
) -> _Term:
    name = _validate.choice(term, "term", TERMS)
    sizes = group_sizes(n)
    groups = sizes.shape[-1]
    if (means is None) == (effect is None):
        raise InvalidType(
            "means", means, "either means or effect", "Give one of means and effect, not both or neither."
        )
    if effect is None:
        table = mean_table(means, groups)
        count = table.shape[-1]
        if times is not None and times != count:
            raise InvalidArgument("times", times, f"left out, or {count}, the columns of means")
    else:
        table = None
        if times is None:
            raise InvalidType("times", times, "the number of times, beside effect")
        count = _validate.integer(times, "times", low=1)
    _check_shape(name, groups, count)
    # With one time there is nothing to correlate.
    form = covariance_of(covariance, count, 0.0 if count == 1 and rho is None else rho, sd)
    if name == "group":
        found = _group(sizes, form, table, effect)
    elif effect is not None:
        found = _from_effect(name, sizes, form, effect, _choose(test, form))
    else:
        found = _from_means(name, sizes, form, np.asarray(table), _choose(test, form))
    if np.any(found.ncp > _LARGEST):
        given, value = ("means", means) if effect is None else ("effect", effect)
        raise InvalidArgument(given, value, f"a noncentrality of at most {_LARGEST:g}", "No study is that large.")
    return found


def _check_shape(term: str, groups: int, times: int) -> None:
    if term != "time" and groups < 2:
        raise InvalidArgument("term", term, "'time', as there is one group")
    if term != "group" and times < 2:
        raise InvalidArgument("term", term, "'group', as there is one time")


def _choose(test: str | None, form: Covariance) -> str:
    """Return the test, if it holds for this covariance."""
    chosen = None if test is None else _validate.choice(test, "test", TESTS)
    if chosen == "univariate" and not form.spherical:
        allowed = "another test under this covariance, or covariance='random_intercept'"
        remedy = "The split-plot F test is exact only where all contrasts vary alike."
        raise InvalidArgument("test", test, allowed, remedy)
    return chosen or ("univariate" if form.spherical else "multivariate")


def _group(sizes: Array, form: Covariance, table: Array | None, effect: Any) -> _Term:
    """Return the one-way analysis of variance of the people's means over the times, exact for every covariance."""
    people, groups = np.sum(sizes, axis=-1), sizes.shape[-1]
    if table is None:
        f = _validate.array(effect, "effect", low=0.0)
        f, people, variance, between = _validate.broadcast(effect=f, n=people, sd=form.variance, rho=form.between)
        ncp = people * np.square(f) * variance / between
    else:
        _fit(sizes.shape[:-1], table.shape[:-2], form.variance.shape)
        off = kernel.mean_effects(np.mean(table, axis=-1), sizes)
        squares = np.sum(sizes * np.square(off), axis=-1)
        squares, people, variance, between = np.broadcast_arrays(squares, people, form.variance, form.between)
        ncp, f = squares / between, np.sqrt(squares / (people * variance))
    return _Term(
        df1=np.full(ncp.shape, groups - 1.0),
        df2=people - groups,
        ncp=ncp,
        effect=f,
        name="group",
        method=f"F test of people's means, {form.name}" if form.matrix.shape[-1] > 1 else "one-way F test",
        reference=_MULLER,
    )


def _from_effect(term: str, sizes: Array, form: Covariance, effect: Any, test: str) -> _Term:
    if not form.spherical or test not in TESTS[:2]:
        allowed = "left out: under this covariance, or by this test, the power depends on the means"
        raise InvalidArgument("effect", effect, allowed, "Give means, or covariance='random_intercept'.")
    times = form.matrix.shape[-1]
    weight = np.sum(sizes, axis=-1) if term == "interaction" else kernel.people_behind_mean(sizes)
    f = _validate.array(effect, "effect", low=0.0)
    f, weight, variance, within = _validate.broadcast(effect=f, n=weight, sd=form.variance, rho=form.within)
    ncp = weight * times * np.square(f) * variance / within
    return _within(term, sizes, form, ncp, f, test)


def _from_means(term: str, sizes: Array, form: Covariance, table: Array, test: str) -> _Term:
    times = form.matrix.shape[-1]
    lead = _fit(sizes.shape[:-1], table.shape[:-2], form.variance.shape)
    if term == "interaction":
        effects = kernel.interaction_effects(table, sizes)
        weights = sizes / np.sum(sizes, axis=-1, keepdims=True)
        behind = np.sum(sizes, axis=-1)
    else:
        profile = np.mean(table, axis=-2, keepdims=True)
        effects = profile - np.mean(profile, axis=-1, keepdims=True)
        weights, behind = np.ones(1), kernel.people_behind_mean(sizes)
    share = np.sum(weights[..., None] * np.square(effects), axis=(-2, -1))
    f = np.broadcast_to(np.sqrt(share / (times * form.variance)), lead)
    groups = sizes.shape[-1]
    approximate = term == "interaction" and groups > 2 and times > 2
    if test == "univariate" or (test == "multivariate" and not approximate):
        if test == "univariate":
            ncp = behind * share / form.within
        else:
            rotated = effects @ kernel.helmert(times).T
            spread = np.broadcast_to(form.contrasts[..., None, :, :], (*lead, 1, times - 1, times - 1))
            forms = kernel.quadratic_form(np.broadcast_to(rotated, (*lead, *rotated.shape[-2:])), spread)
            ncp = behind * np.sum(weights * forms, axis=-1)
        return _within(term, sizes, form, np.broadcast_to(ncp, lead), f, test)
    rotated = np.broadcast_to(effects @ kernel.helmert(times).T, (*lead, effects.shape[-2], times - 1))
    scaled = rotated * np.sqrt(behind[..., None] * weights)[..., None]
    ranks = groups - 1.0 if term == "interaction" else 1.0
    people = np.broadcast_to(np.sum(sizes, axis=-1), lead)
    found = approximate_test(test, form, np.swapaxes(scaled, -1, -2) @ scaled, ranks, groups, people)
    return _Term(effect=np.array(f), name=term, **found)


def _within(term: str, sizes: Array, form: Covariance, ncp: Array, effect: Array, test: str) -> _Term:
    """Return the F test of a term within people: of times or interaction."""
    groups, contrasts = sizes.shape[-1], form.matrix.shape[-1] - 1.0
    free = np.broadcast_to(np.sum(sizes, axis=-1) - groups, ncp.shape)
    ranks = groups - 1.0 if term == "interaction" else 1.0
    if test == "univariate" or contrasts == 1:
        top, bottom = ranks * contrasts, free * contrasts
        method, reference = f"split-plot F test, {form.name}", _MULLER
    else:
        # One of two groups' difference and one mean profile: Hotelling's T squared of the contrasts.
        top, bottom = contrasts, free - contrasts + 1.0
        method, reference = f"Hotelling's T squared of the contrasts of the times, {form.name}", _ANDERSON
        if np.any(bottom < 1):
            allowed = f"at least {int(contrasts) + groups} people in all for the multivariate test"
            raise InvalidArgument("n", f"{int(np.min(free)) + groups} people", allowed)
    return _Term(
        df1=np.full(ncp.shape, top),
        df2=np.array(bottom, dtype=np.float64),
        ncp=np.array(ncp),
        effect=np.array(effect),
        name=term,
        method=method,
        reference=reference,
    )


def _fit(*shapes: tuple[int, ...]) -> tuple[int, ...]:
    """Return the common shape of the designs, or say which shapes do not fit."""
    names = ("n", "means", "covariance")
    arrays = {name: np.empty(shape) for name, shape in zip(names, shapes, strict=True)}
    return tuple(_validate.broadcast(**arrays)[0].shape)
