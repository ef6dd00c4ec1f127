"""Raw values, through their summaries: each function computes them and calls its namesake."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .. import _validate
from .._results import Result
from ..errors import InvalidArgument
from ..numerics import summaries
from ._correlation import CorrelationEstimate, ExactCorrelationEstimate, correlation
from ._estimate import TEstimate
from ._means import SMDEstimate, means
from ._noncentral import NoncentralTEstimate
from ._one_sample import one_sample
from ._paired import paired

__all__ = [
    "SampleSummary",
    "correlation_from_samples",
    "means_from_samples",
    "one_sample_from_samples",
    "paired_from_samples",
    "summarise",
]

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleSummary(Result):
    """What a table prints of a sample.

    Parameters
    ----------
    mean, sd : float or ndarray
        Mean and standard deviation (divisor ``n - 1``).
    n : int
        Number of values.
    """

    mean: Any
    sd: Any
    n: int


def summarise(x: ArrayLike, *, axis: int = -1) -> SampleSummary:
    """Return mean, standard deviation and number of raw values.

    Parameters
    ----------
    x : array_like
        Values, at least 2 along `axis`; none may be missing.
    axis : int
        Axis along which the people lie.

    Returns
    -------
    SampleSummary
        The summaries, with the axis gone. The standard deviation is exactly zero where all values are alike.

    Raises
    ------
    InvalidArgument
        If a value is missing or infinite, or there are fewer than two.

    References
    ----------
    .. [1] Chan TF, Golub GH, LeVeque RJ (1983). Algorithms for computing the sample variance: analysis and
       recommendations. American Statistician 37, 242-247. doi:10.1080/00031305.1983.10483115

    Examples
    --------
    >>> import ketastats as ks
    >>> sample = ks.effects.summarise([4, 7, 8, 6, 3, 2])
    >>> print(f"{sample.mean:.2f} (SD {sample.sd:.2f}), n = {sample.n}")
    5.00 (SD 2.37), n = 6
    """
    values = sample(x, "x", axis)
    mean, spread = summaries.moments(values)
    return SampleSummary(mean=mean[()], sd=spread[()], n=values.shape[-1])


def means_from_samples(
    x: ArrayLike, y: ArrayLike, *, axis: int = -1, measure: str = "difference", variances: str | None = None
) -> TEstimate | SMDEstimate:
    """Compare two means from raw values: those in `x` minus those in `y`.

    Parameters
    ----------
    x, y : array_like
        Values of group 1 and of group 2, at least 2 each along `axis`; none may be missing. The other axes broadcast.
    axis : int
        Axis along which the people lie.
    measure, variances : str
        As in `means`.

    Returns
    -------
    TEstimate or SMDEstimate
        What `means` returns for the summaries.

    Raises
    ------
    InvalidArgument
        If a value is missing or infinite, or there are fewer than two.

    References
    ----------
    .. [1] Welch BL (1947). The generalization of Student's problem when several different population variances are
       involved. Biometrika 34, 28-35. doi:10.1093/biomet/34.1-2.28

    Examples
    --------
    >>> import ketastats as ks
    >>> welch = ks.effects.means_from_samples([4, 7, 8, 6, 3, 2], [6, 8, 7, 10, 11, 9])
    >>> print(f"{welch.point:.2f}, df = {welch.df:.2f}, p = {welch.pvalue():.4f}")
    -3.50, df = 9.49, p = 0.0184
    """
    one, two = sample(x, "x", axis), sample(y, "y", axis)
    (m1, s1), (m2, s2) = summaries.moments(one), summaries.moments(two)
    return means(m1, s1, one.shape[-1], m2, s2, two.shape[-1], measure=measure, variances=variances)


def paired_from_samples(
    x: ArrayLike, y: ArrayLike, *, axis: int = -1, measure: str = "difference", unbiased: bool = False
) -> TEstimate | NoncentralTEstimate:
    """Compare two means of the same people from raw values: those in `x` minus those in `y`.

    Parameters
    ----------
    x, y : array_like
        First and second measurement of the same people in the same order, at least 2 along `axis`; none may be missing.
    axis : int
        Axis along which the people lie.
    measure, unbiased : object
        As in `paired`.

    Returns
    -------
    TEstimate or NoncentralTEstimate
        What `paired` returns for the summaries, with the standard deviation of the differences from the differences.

    Raises
    ------
    InvalidArgument
        If a value is missing or infinite, there are fewer than two, or the pairs do not match.

    References
    ----------
    .. [1] Student (1908). The probable error of a mean. Biometrika 6, 1-25. doi:10.1093/biomet/6.1.1

    Examples
    --------
    >>> import ketastats as ks
    >>> change = ks.effects.paired_from_samples([4, 7, 8, 6, 3, 2], [6, 8, 7, 10, 11, 9])
    >>> print(f"{change.point:.2f}, p = {change.pvalue():.4f}")
    -3.50, p = 0.0583
    """
    one, two = pairs(x, y, axis)
    (m1, s1), (m2, s2), (_, spread) = (summaries.moments(values) for values in (one, two, one - two))
    return paired(m1, s1, m2, s2, one.shape[-1], sd_difference=spread, measure=measure, unbiased=unbiased)


def one_sample_from_samples(
    x: ArrayLike, *, mu: ArrayLike = 0.0, axis: int = -1, measure: str = "difference", unbiased: bool = False
) -> TEstimate | NoncentralTEstimate:
    """Compare one mean with a fixed value from raw values.

    Parameters
    ----------
    x : array_like
        Values, at least 2 along `axis`; none may be missing.
    mu : array_like
        The fixed value; broadcasts against what is left of `x` without the axis.
    axis : int
        Axis along which the people lie.
    measure, unbiased : object
        As in `one_sample`.

    Returns
    -------
    TEstimate or NoncentralTEstimate
        What `one_sample` returns for the summaries.

    Raises
    ------
    InvalidArgument
        If a value is missing or infinite, or there are fewer than two.

    References
    ----------
    .. [1] Student (1908). The probable error of a mean. Biometrika 6, 1-25. doi:10.1093/biomet/6.1.1

    Examples
    --------
    >>> import ketastats as ks
    >>> mean = ks.effects.one_sample_from_samples([4, 7, 8, 6, 3, 2], mu=4)
    >>> print(f"{mean.point:.2f}, p = {mean.pvalue():.4f}")
    1.00, p = 0.3481
    """
    values = sample(x, "x", axis)
    mean, spread = summaries.moments(values)
    return one_sample(mean, spread, values.shape[-1], mu=mu, measure=measure, unbiased=unbiased)


def correlation_from_samples(
    x: ArrayLike, y: ArrayLike, *, axis: int = -1, kind: str = "pearson", method: str | None = None
) -> CorrelationEstimate | ExactCorrelationEstimate:
    """Return the correlation of pairs of raw values, or of their ranks.

    Parameters
    ----------
    x, y : array_like
        Both values of the same people in the same order, at least 4 along `axis`; none may be missing.
    axis : int
        Axis along which the people lie.
    kind, method : str
        As in `correlation`. Ties share their average rank.

    Returns
    -------
    CorrelationEstimate or ExactCorrelationEstimate
        What `correlation` returns for the coefficient.

    Raises
    ------
    InvalidArgument
        If a value is missing or infinite, the pairs do not match, or one of the two never varies.

    References
    ----------
    .. [1] Fisher RA (1921). On the "probable error" of a coefficient of correlation deduced from a small sample. Metron
       1, 3-32.

    Examples
    --------
    >>> import ketastats as ks
    >>> r = ks.effects.correlation_from_samples([4, 7, 8, 6, 3, 2], [6, 8, 7, 10, 11, 9])
    >>> print(f"{r.point:.3f}")
    -0.361
    """
    _validate.choice(kind, "kind", ("pearson", "spearman"))
    one, two = pairs(x, y, axis)
    for values, name in ((one, "x"), (two, "y")):
        if np.any(np.all(values == values[..., :1], axis=-1)):
            remedy = "What never varies has no correlation."
            raise InvalidArgument(name, float(values.flat[0]), "values that are not all alike", remedy)
    if kind == "spearman":
        one, two = summaries.ranks(one), summaries.ranks(two)
    return correlation(summaries.pearson(one, two)[()], one.shape[-1], kind=kind, method=method)


def sample(x: Any, name: str, axis: Any) -> Array:
    """Return raw values with the axis of the people last."""
    allowed = "at least 2 values along the axis"
    try:
        raw = np.asarray(x)
    except ValueError:
        raw = np.empty(0)  # rows of different lengths: refused below
    if np.issubdtype(raw.dtype, np.floating) and np.isnan(raw).any():
        remedy = "A missing value is not left out silently: leave it out yourself and say how many there are."
        raise InvalidArgument(name, float("nan"), "numbers, none of them missing", remedy)
    values = _validate.array(x, name, wide=True)
    if values.ndim == 0:
        raise InvalidArgument(name, x, allowed)
    along = _validate.integer(axis, "axis", low=-values.ndim, high=values.ndim - 1)
    values = np.moveaxis(values, along, -1)
    if values.shape[-1] < 2:
        raise InvalidArgument(f"number of values in {name}", values.shape[-1], allowed)
    return values


def pairs(x: Any, y: Any, axis: Any) -> tuple[Array, Array]:
    """Return raw pairs with the axis of the people last."""
    one, two = sample(x, "x", axis), sample(y, "y", axis)
    if one.shape[-1] != two.shape[-1]:
        allowed = f"as many as in x, here {one.shape[-1]}"
        raise InvalidArgument("number of values in y", two.shape[-1], allowed, "Pairs are two values of one person.")
    one, two = _validate.broadcast(x=one, y=two)
    return one, two
