"""Power of groups by time designs that people leave, by simulation."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from .. import _validate
from .._results import Result
from ..errors import InvalidArgument, NoSolution
from ..numerics import random_intercept, student_t
from ..numerics import repeated_measures as kernel
from ._repeated import TERMS, covariance_of, group_sizes, mean_table

__all__ = ["SimulatedPower", "groups_by_time_contrast_equivalence_simulated", "groups_by_time_simulated"]

_LAIRD = "Laird & Ware 1982, doi:10.2307/2529876"
_PINHEIRO = "Pinheiro & Bates 2000, doi:10.1007/b98882"
_WILSON = "Wilson 1927, doi:10.1080/01621459.1927.10502953"
#: Values drawn at a time: enough to keep the loop cheap, few enough to stay near the processor.
_CHUNK = 500_000

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]
#: From fits, people and values seen to whether each data set rejects.
Decision = Callable[[random_intercept.Fit, Array, Array], Mask]


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulatedPower(Result):
    """Share of simulated data sets in which a test rejects, with its Monte Carlo error.

    Parameters
    ----------
    power : float
        Rejections among the data sets that could be analysed.
    standard_error : float
        Monte Carlo standard error of `power`.
    low, high : float
        Its 95 % interval (Wilson score), which allows for the number of data sets only.
    simulations : int
        Data sets drawn.
    failures : int
        Data sets that could not be analysed, as a group had nobody left at some time or the likelihood had no maximum;
        they count neither as rejections nor as the opposite.
    boundary : int
        Analysed data sets whose variance between people is estimated as 0.
    completers : float
        Share of people seen at the last time.
    alpha : float
        Level of the test.
    method : str
        The method that was used.
    references : tuple of str
        Where it was published.
    """

    power: float
    standard_error: float
    low: float
    high: float
    simulations: int
    failures: int
    boundary: int
    completers: float
    alpha: float
    method: str
    references: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Design:
    """One design, in units of the standard deviation of a value: what is drawn."""

    sizes: NDArray[np.int64]
    means: Array
    root: Array
    stay: Array
    unit: float
    name: str


def groups_by_time_simulated(
    *,
    n: Any,
    means: ArrayLike,
    dropout: ArrayLike,
    term: str = "interaction",
    covariance: Any = "random_intercept",
    rho: float | None = None,
    sd: float = 1.0,
    alpha: float = 0.05,
    simulations: int = 10_000,
    rng: Any = None,
) -> SimulatedPower:
    """Return the power of a mixed model's F test of a term when people drop out, by simulation.

    Each data set is analysed as published trials are: a mixed model with a mean for each group and time and a random
    intercept, fitted by restricted maximum likelihood to all values seen, and the Wald F test of the term. Without
    dropout and with a random intercept this is the split-plot F test of `groups_by_time`, whose power is exact.

    Parameters
    ----------
    n : sequence of int
        People in each group at the first time, one number per group.
    means : array_like, shape (groups, times)
        True means, in the units of `sd`.
    dropout : array_like
        Probability that a person seen at one time is missing at the next and from then on, whatever the values: one
        number, one per interval ``(times - 1,)``, or ``(groups, times - 1)``.
    term : {"interaction", "group", "time"}
        What is tested, as in `groups_by_time`; the mean over the times, and over the groups, is that of the fitted cell
        means, counting alike.
    covariance : {"random_intercept", "ar1"} or array_like, shape (times, times)
        True covariance of one person's values. The model fitted has a random intercept whatever is true.
    rho : float, optional
        Correlation of a person's values, which has no default.
    sd : float
        Standard deviation of one value within a group.
    alpha : float
        Level of the test.
    simulations : int
        Data sets to draw.
    rng : None, int or numpy.random.Generator
        Source of the random numbers.

    Returns
    -------
    SimulatedPower
        The share of rejections with its Monte Carlo error; data sets without a fit are counted apart.

    Raises
    ------
    InvalidArgument
        If a value is out of range.
    NoSolution
        If no data set could be analysed.

    Notes
    -----
    Denominator degrees of freedom: within people, values less people less ``groups * (times - 1)``; for the groups,
    people less groups.

    References
    ----------
    .. [1] Laird NM, Ware JH (1982). Random-effects models for longitudinal data. Biometrics 38, 963-974.
       doi:10.2307/2529876
    .. [2] Pinheiro JC, Bates DM (2000). Mixed-Effects Models in S and S-PLUS, section 2.4. Springer.
       doi:10.1007/b98882

    Examples
    --------
    >>> import ketastats as ks
    >>> means = [[18.0, 16.0, 14.0, 12.0, 10.0], [18.0, 15.25, 12.5, 9.75, 7.0]]
    >>> result = ks.power.groups_by_time_simulated(
    ...     n=(37, 46), means=means, rho=0.5, sd=5.0, dropout=0.10, simulations=2000, rng=1
    ... )
    >>> print(f"{result.power:.2f} with standard error {result.standard_error:.2f}, {result.failures} failures")
    0.52 with standard error 0.01, 0 failures
    """
    design = _design(n, means, dropout, covariance, rho, sd)
    name = _validate.choice(term, "term", TERMS)
    level = _validate.alpha(alpha)
    contrasts = _contrasts(name, *design.means.shape)

    def rejects(model: random_intercept.Fit, people: Array, values: Array) -> Mask:
        """Say which data sets have an F beyond its critical value."""
        statistic = random_intercept.wald_f(model, contrasts)
        df = _denominator(name == "group", design, people, values)
        return np.asarray(special.fdtrc(float(len(contrasts)), df, statistic) < level)

    method = f"random intercept by REML, Wald F test of {name}; {design.name} and dropout at random, simulated"
    return _simulate(design, rejects, level, simulations, rng, method)


def groups_by_time_contrast_equivalence_simulated(
    *,
    n: Any,
    group_weights: ArrayLike,
    time_weights: ArrayLike,
    margin: Any,
    means: ArrayLike,
    dropout: ArrayLike,
    covariance: Any = "random_intercept",
    rho: float | None = None,
    sd: float = 1.0,
    alpha: float = 0.05,
    simulations: int = 10_000,
    rng: Any = None,
) -> SimulatedPower:
    """Return the power to show that a contrast lies within a margin when people drop out, by simulation.

    The mixed model is that of `groups_by_time_simulated`; both one-sided t tests of the contrast of its fitted means
    must reject.

    Parameters
    ----------
    n : sequence of int
        People in each group at the first time, one number per group.
    group_weights : array_like, shape (groups,)
        Weights of the groups, such as ``(1, -1)``.
    time_weights : array_like, shape (times,)
        Weights of the times, such as ``(-1, 0, 0, 0, 1)`` for the change.
    margin : float or pair
        One positive number (symmetric) or a pair, in the units of `sd`. An infinite end makes it noninferiority.
    means : array_like, shape (groups, times)
        True means, in the units of `sd`.
    dropout : array_like
        Probability of leaving before the next time, as in `groups_by_time_simulated`.
    covariance : {"random_intercept", "ar1"} or array_like, shape (times, times)
        True covariance of one person's values.
    rho : float, optional
        Correlation of a person's values, which has no default.
    sd : float
        Standard deviation of one value within a group.
    alpha : float
        One-sided level.
    simulations : int
        Data sets to draw.
    rng : None, int or numpy.random.Generator
        Source of the random numbers.

    Returns
    -------
    SimulatedPower
        The share of data sets that show equivalence, with its Monte Carlo error.

    Raises
    ------
    InvalidArgument
        If a value is out of range.
    NoSolution
        If no data set could be analysed.

    Notes
    -----
    Degrees of freedom: within people where the weights of the times add up to 0, else people less groups.

    References
    ----------
    .. [1] Laird NM, Ware JH (1982). Random-effects models for longitudinal data. Biometrics 38, 963-974.
       doi:10.2307/2529876

    Examples
    --------
    >>> import ketastats as ks
    >>> result = ks.power.groups_by_time_contrast_equivalence_simulated(
    ...     n=(37, 46), group_weights=(1, -1), time_weights=(-1, 0, 0, 0, 1), margin=3.0,
    ...     means=[[18, 16, 14, 12, 10], [18, 16, 14, 12, 10]], rho=0.5, sd=5.0, dropout=0.10,
    ...     simulations=2000, rng=1,
    ... )
    >>> print(f"{result.power:.2f}")
    0.52
    """
    design = _design(n, means, dropout, covariance, rho, sd)
    across = _weights(group_weights, "group_weights", design.means.shape[0])
    along = _weights(time_weights, "time_weights", design.means.shape[1])
    ends = _validate.margin(margin)
    low, high = ends[0] / design.unit, ends[1] / design.unit
    level = _validate.alpha(alpha)
    balanced = abs(float(np.sum(along))) <= 1e-12 * float(np.sum(np.abs(along)))

    def rejects(model: random_intercept.Fit, people: Array, values: Array) -> Mask:
        """Say in which data sets the interval lies within the margin."""
        estimate = np.einsum("g,t,gts->s", across, along, model.means)
        variance = np.einsum("g,t,u,gtus->s", np.square(across), along, along, model.covariance)
        reach = student_t.isf(level, _denominator(not balanced, design, people, values))
        reach = reach * np.sqrt(variance * model.within)
        return np.asarray((estimate - reach > low) & (estimate + reach < high))

    method = f"random intercept by REML, two one-sided t tests; {design.name} and dropout at random, simulated"
    return _simulate(design, rejects, level, simulations, rng, method)


def _design(n: Any, means: Any, dropout: Any, covariance: Any, rho: Any, sd: Any) -> _Design:
    sizes = group_sizes(n)
    if sizes.ndim > 1:
        raise InvalidArgument("n", n, "one whole number per group: one design at a time is simulated")
    table = mean_table(means, sizes.size)
    if table.ndim > 2 or table.shape[1] < 2:
        raise InvalidArgument("means", f"an array of shape {table.shape}", "groups by times, with two times or more")
    times = table.shape[1]
    form = covariance_of(covariance, times, rho, sd)
    if form.matrix.ndim > 2:
        raise InvalidArgument("covariance", f"an array of shape {form.matrix.shape}", "that of one design")
    leave = _validate.array(dropout, "dropout", low=0.0, high=1.0, open_high=True)
    try:
        leave = np.broadcast_to(leave, (sizes.size, times - 1))
    except ValueError:
        allowed = f"one number, {times - 1} numbers (one per interval), or {sizes.size} rows of them"
        raise InvalidArgument("dropout", f"an array of shape {leave.shape}", allowed) from None
    unit = float(np.sqrt(form.variance))
    return _Design(
        sizes=sizes.astype(np.int64),
        means=table / unit,
        root=np.asarray(np.linalg.cholesky(form.matrix / unit**2), dtype=np.float64),
        stay=np.repeat(1.0 - leave, sizes.astype(np.int64), axis=0),
        unit=unit,
        name=form.name,
    )


def _weights(value: Any, name: str, size: int) -> Array:
    weights = _validate.array(value, name)
    if weights.shape != (size,) or not np.any(weights):
        raise InvalidArgument(name, value, f"{size} weights, not all of them 0")
    return weights


def _contrasts(term: str, groups: int, times: int) -> Array:
    """Return the rows of a term's hypothesis on the cell means, ``(rows, groups, times)``."""
    if term != "time" and groups < 2:
        raise InvalidArgument("term", term, "'time', as there is one group")
    across = np.full((1, groups), 1.0 / groups) if term == "time" else kernel.helmert(groups)
    along = np.full((1, times), 1.0 / times) if term == "group" else kernel.helmert(times)
    return np.asarray(np.einsum("ag,bt->abgt", across, along)).reshape(-1, groups, times)


def _denominator(between: bool, design: _Design, people: Array, values: Array) -> Array:
    groups, times = design.means.shape
    # Data sets without a fit have any degrees of freedom; they are not asked.
    return np.asarray(np.maximum(people - groups if between else values - people - groups * (times - 1.0), 1.0))


def _draw(design: _Design, sets: int, generator: np.random.Generator) -> Iterator[tuple[Array, NDArray[np.int64]]]:
    """Yield what is added to the true means, ``(some sets, people, times)``, and the last time each person is seen."""
    people, gaps = design.stay.shape
    chunk = max(1, _CHUNK // (people * (gaps + 1)))
    for start in range(0, sets, chunk):
        size = min(chunk, sets - start)
        noise = generator.standard_normal((size, people, gaps + 1)) @ design.root.T
        stays = generator.random((size, people, gaps)) < design.stay
        yield noise, 1 + np.sum(np.cumprod(stays, axis=2), axis=2)


def _simulate(
    design: _Design, rejects: Decision, alpha: float, simulations: Any, rng: Any, method: str
) -> SimulatedPower:
    sets = _validate.integer(simulations, "simulations", low=1)
    people, times = float(np.sum(design.sizes)), design.means.shape[1]
    hits = fits = edge = complete = 0
    for noise, last in _draw(design, sets, _validate.rng(rng)):
        drawn = random_intercept.fit(random_intercept.summarise(noise, last, design.sizes))
        at = drawn.estimable
        model = drawn._replace(means=drawn.means + design.means[..., None])
        rejected = rejects(model, np.full(at.size, people), np.sum(last, axis=1).astype(np.float64))
        hits += int(np.sum(rejected & at))
        fits += int(np.sum(at))
        edge += int(np.sum((drawn.ratio == 0) & at))
        complete += int(np.sum(last == times))
    if not fits:
        raise NoSolution(
            f"none of {sets} data sets could be analysed: with this dropout some group has nobody left at some time",
            nearest=None,
        )
    low, high = _wilson(hits, fits)
    share = hits / fits
    return SimulatedPower(
        power=share,
        standard_error=float(np.sqrt(share * (1.0 - share) / fits)),
        low=low,
        high=high,
        simulations=sets,
        failures=sets - fits,
        boundary=edge,
        completers=complete / (sets * people),
        alpha=alpha,
        method=method,
        references=(_LAIRD, _PINHEIRO, _WILSON),
    )


def _wilson(hits: int, total: int) -> tuple[float, float]:
    """Return the 95 % score interval of a share."""
    z = float(special.ndtri(0.975))
    middle = (hits + 0.5 * z * z) / (total + z * z)
    half = z / (total + z * z) * float(np.sqrt(hits * (total - hits) / total + 0.25 * z * z))
    return max(0.0, middle - half), min(1.0, middle + half)
