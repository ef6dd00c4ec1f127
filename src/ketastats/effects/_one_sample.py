"""One mean against a fixed value, in the units of the scale or in standard deviations."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from .. import _validate
from ..errors import InvalidArgument
from ._estimate import TEstimate
from ._noncentral import NoncentralTEstimate, standardised

__all__ = ["one_sample", "smd_z_from_t"]

MEASURES = ("difference", "smd")
OWEN = "Owen 1965, doi:10.1093/biomet/52.3-4.437"
STUDENT = "Student 1908, doi:10.1093/biomet/6.1.1"


def one_sample(
    m: ArrayLike,
    s: ArrayLike,
    n: ArrayLike,
    *,
    mu: ArrayLike = 0.0,
    measure: str = "difference",
    unbiased: bool = False,
) -> TEstimate | NoncentralTEstimate:
    """Compare one mean with a fixed value.

    The mean and standard deviation of differences within pairs make it the paired comparison.

    Parameters
    ----------
    m, s, n : array_like
        Mean, standard deviation (divisor ``n - 1``, not a standard error) and number of people or pairs, at least 2.
    mu : array_like
        The fixed value; all four broadcast together.
    measure : {"difference", "smd"}
        ``m - mu`` in the units of the scale, or divided by `s`.
    unbiased : bool
        Whether to multiply a standardised difference and its limits by Hedges' exact factor J; needs an `n` of at
        least 3.

    Returns
    -------
    TEstimate or NoncentralTEstimate
        The estimate with its interval and p-value function, exact for normal data. Skewed data take more: of 37
        exponential values, equivalence tests at 5 % erred in up to 9.4 %, standardised ones in 10.5 %.

    Raises
    ------
    InvalidArgument
        If a value is out of range, or a standard deviation of zero leaves nothing to standardise by.

    References
    ----------
    .. [1] Student (1908). The probable error of a mean. Biometrika 6, 1-25. doi:10.1093/biomet/6.1.1
    .. [2] Owen DB (1965). A special case of a bivariate non-central t-distribution. Biometrika 52, 437-446.
       doi:10.1093/biomet/52.3-4.437

    Examples
    --------
    >>> import ketastats as ks
    >>> change = ks.effects.one_sample(5.71, 1.79, 20, mu=6)
    >>> interval = change.confidence_interval(0.90)
    >>> print(f"{change.point:.2f} ({interval.low:.2f} to {interval.high:.2f})")
    -0.29 (-0.98 to 0.40)
    >>> d = ks.effects.one_sample(5.71, 1.79, 20, mu=6, measure="smd")
    >>> print(f"{d.point:.3f}, p = {d.pvalue():.3f}")
    -0.162, p = 0.478
    """
    kind = _validate.choice(measure, "measure", MEASURES)
    mean, spread, size, value = _validate.broadcast(
        m=_validate.array(m, "m"),
        s=_validate.array(s, "s", low=0.0),
        n=_validate.integers(n, "n", low=2).astype(np.float64),
        mu=_validate.array(mu, "mu"),
    )
    refuse_unbiased(unbiased, kind != "difference", size)
    difference, error, df = mean - value, spread / np.sqrt(size), size - 1.0
    if kind == "difference":
        return difference_of(difference, error, df, "mean against a value, Student")
    if np.any(spread == 0):
        remedy = "Without spread there is no standardised difference; use measure='difference'."
        raise InvalidArgument("s", 0.0, "a positive standard deviation", remedy)
    return _d_z(difference / error, size, unbiased, "Cohen's d of one sample")


def smd_z_from_t(t: ArrayLike, n: ArrayLike, *, unbiased: bool = False) -> NoncentralTEstimate:
    """Read the standardised difference out of the t of one sample or of pairs.

    Parameters
    ----------
    t : array_like
        The t statistic with ``n - 1`` degrees of freedom.
    n : array_like of int
        People or pairs, at least 2.
    unbiased : bool
        Whether to multiply estimate and limits by Hedges' exact factor J; needs an `n` of at least 3.

    Returns
    -------
    NoncentralTEstimate
        ``t / sqrt(n)``: for pairs in standard deviations of the differences (d_z), with exact limits.

    Raises
    ------
    InvalidArgument
        If a value is out of range.

    References
    ----------
    .. [1] Owen DB (1965). A special case of a bivariate non-central t-distribution. Biometrika 52, 437-446.
       doi:10.1093/biomet/52.3-4.437

    Examples
    --------
    >>> import ketastats as ks
    >>> d = ks.effects.smd_z_from_t(2.5, 40)
    >>> interval = d.confidence_interval(0.95)
    >>> print(f"{d.point:.3f} ({interval.low:.3f} to {interval.high:.3f})")
    0.395 (0.071 to 0.715)
    """
    statistic, size = _validate.broadcast(
        t=_validate.array(t, "t"), n=_validate.integers(n, "n", low=2).astype(np.float64)
    )
    refuse_unbiased(unbiased, True, size)
    return _d_z(statistic, size, unbiased, "Cohen's d_z (SD of the differences, or of one sample)")


def difference_of(difference: Any, error: Any, df: Any, method: str) -> TEstimate:
    """Return a difference in the units of the scale, with Student's interval."""
    return TEstimate(
        point=difference[()],
        standard_error=error[()],
        df=df[()],
        scale="mean_difference",
        method=method,
        references=(STUDENT,),
    )


def refuse_unbiased(unbiased: Any, standardised: bool, n: Any) -> None:
    """Refuse a correction of what needs none, or without the degrees of freedom for it."""
    if not isinstance(unbiased, bool | np.bool_):
        raise InvalidArgument("unbiased", unbiased, "True or False")
    if unbiased and not standardised:
        remedy = "A difference in the units of the scale has no bias; ask for a standardised measure."
        raise InvalidArgument("unbiased", True, "False with measure='difference'", remedy)
    if unbiased and np.any(n < 3):
        raise InvalidArgument("n", int(np.min(n)), "at least 3", "Hedges' J needs two degrees of freedom.")


def _d_z(t: Any, n: Any, unbiased: bool, name: str) -> NoncentralTEstimate:
    method = f"{name}, exact noncentral t"
    return standardised(t, 1.0 / np.sqrt(n), n - 1.0, unbiased=bool(unbiased), name=method, references=(OWEN,))
