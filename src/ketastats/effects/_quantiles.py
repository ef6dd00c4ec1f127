"""Mean and standard deviation estimated from the median, the quartiles and the range."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .. import _validate
from .._results import Result
from ..errors import InvalidArgument
from ..numerics import quantile_estimates, quantile_fits

__all__ = ["MeanFromQuantiles", "mean_from_quantiles"]

Array = NDArray[np.float64]

_SOURCES = {
    "normal": (
        "Luo et al. 2018, doi:10.1177/0962280216669183",
        "Wan et al. 2014, doi:10.1186/1471-2288-14-135",
        "Shi et al. 2020, doi:10.1002/jrsm.1429",
    ),
    "log_normal": ("Shi, Tong, Wang & Genton 2020, doi:10.4310/SII.2020.v13.n4.a9",),
    "blue": (
        "Yang et al. 2022, doi:10.1080/02664763.2021.1967890",
        "David & Johnson 1954, doi:10.1093/biomet/41.1-2.228",
    ),
    "box_cox": ("McGrath et al. 2020, doi:10.1177/0962280219889080",),
    "mln": ("Cai, Zhou & Pan 2021, doi:10.1177/09622802211047348",),
    "quantile": ("McGrath et al. 2020, doi:10.1177/0962280219889080",),
}
_TEST_SOURCE = "Shi et al. 2023, doi:10.1177/09622802231172043"
_WORDS = {
    "normal": "weights for a normal sample",
    "log_normal": "weights for a log-normal sample",
    "blue": "best linear unbiased estimate for a normal sample",
    "box_cox": "Box-Cox transformation to symmetric quantiles",
    "mln": "Box-Cox transformation of greatest likelihood",
    "quantile": "nearest quantiles of a normal, log-normal, gamma or Weibull distribution",
}
_KINDS = {"range": "minimum, median, maximum", "quartiles": "quartiles", "both": "quartiles and range"}


@dataclass(frozen=True, slots=True, kw_only=True)
class MeanFromQuantiles(Result):
    """Mean and standard deviation as estimated from quantiles: estimates, not what the sample had.

    Parameters
    ----------
    mean, sd : float or ndarray
        Estimated mean and standard deviation of the sample.
    distribution : str or ndarray of str
        The distribution that the estimate takes the sample to have.
    skewness, critical : float or ndarray
        Statistic of the test of skewness from the same quantiles, and the value that it reaches in one of twenty normal
        samples.
    skewed : bool or ndarray of bool
        Whether the statistic reaches that value: then estimates that take the sample to be normal mislead.
    n : int or ndarray of int
        People.
    method : str
        How mean and SD were estimated, and from which quantiles.
    references : tuple of str
        Where the method was published.
    """

    mean: Any
    sd: Any
    distribution: Any
    skewness: Any
    critical: Any
    skewed: Any
    n: Any
    method: str
    references: tuple[str, ...]


def mean_from_quantiles(
    median: ArrayLike,
    n: ArrayLike,
    *,
    q1: ArrayLike | None = None,
    q3: ArrayLike | None = None,
    minimum: ArrayLike | None = None,
    maximum: ArrayLike | None = None,
    method: str = "normal",
) -> MeanFromQuantiles:
    """Estimate the mean and the standard deviation of a sample from its median and its quartiles, its range, or both.

    Parameters
    ----------
    median : array_like
        Median of the sample.
    n : array_like of int
        People, at least 5.
    q1, q3 : array_like, optional
        First and third quartile (not their distance); both or neither.
    minimum, maximum : array_like, optional
        Smallest and largest value; both or neither. All values broadcast together.
    method : {"normal", "log_normal", "blue", "box_cox", "mln", "quantile"}
        Weights for normal samples (the default; see `skewed` in the result) or for log-normal ones; the best linear
        unbiased estimate for normal samples; a Box-Cox transformation that makes the quantiles symmetric, or the one of
        greatest likelihood ("mln"); or the nearest quantiles among four families. All but "normal" and "blue" need
        positive values; all but "normal" and "log_normal" values that differ from each other.

    Returns
    -------
    MeanFromQuantiles
        Mean and SD with the test of skewness, and the distribution that was assumed.

    Raises
    ------
    InvalidArgument
        If a value is out of range or order, a pair is incomplete, or the method cannot use the values.

    Notes
    -----
    After a Box-Cox transformation the mean and the SD on the original scale are integrals over the normal distribution
    of the transformed values, cut to where the transformation has an inverse and symmetrically on the other side. They
    are computed by quadrature: programs that draw random numbers instead differ by the error of their draws. The
    likelihood of "mln" is that of the transformed values, as published, without the Jacobian of the transformation: it
    alone depends on the units. The beta distribution, which needs values below 1, is not among the four families.

    References
    ----------
    .. [1] Luo D, Wan X, Liu J, Tong T (2018). Optimally estimating the sample mean from the sample size, median,
       mid-range, and/or mid-quartile range. Statistical Methods in Medical Research 27, 1785-1805.
       doi:10.1177/0962280216669183
    .. [2] Wan X, Wang W, Liu J, Tong T (2014). Estimating the sample mean and standard deviation from the sample size,
       median, range and/or interquartile range. BMC Medical Research Methodology 14, 135. doi:10.1186/1471-2288-14-135
    .. [3] Shi J, Luo D, Weng H, et al. (2020). Optimally estimating the sample standard deviation from the five-number
       summary. Research Synthesis Methods 11, 641-654. doi:10.1002/jrsm.1429
    .. [4] McGrath S, Zhao X, Steele R, et al. (2020). Estimating the sample mean and standard deviation from commonly
       reported quantiles in meta-analysis. Statistical Methods in Medical Research 29, 2520-2537.
       doi:10.1177/0962280219889080
    .. [5] Cai S, Zhou J, Pan J (2021). Estimating the sample mean and standard deviation from order statistics and
       sample size in meta-analysis. Statistical Methods in Medical Research 30, 2701-2719.
       doi:10.1177/09622802211047348

    Examples
    --------
    >>> import ketastats as ks
    >>> found = ks.effects.mean_from_quantiles(6, 20, minimum=2, maximum=14)
    >>> print(f"mean {found.mean:.2f}, SD {found.sd:.2f}, skewed: {found.skewed}")
    mean 6.59, SD 3.21, skewed: False
    """
    name = _validate.choice(method, "method", tuple(_SOURCES))
    kind, x, size = _values(median, n, q1, q3, minimum, maximum)
    _refuse(x, name)
    shape = size.shape
    values, people = np.stack([part.ravel() for part in x], axis=1), size.ravel().astype(np.float64)
    # Units do not matter but to "mln"; values near one keep every power of them finite.
    unit = np.max(np.abs(values), axis=1)
    unit = np.where((unit > 0) & (name != "mln"), unit, 1.0)
    family = {"log_normal": "log-normal", "box_cox": "power-normal", "mln": "power-normal"}.get(name, "normal")
    distribution = np.full(people.shape, family, dtype="<U12")
    scaled = values / unit[:, None]
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        if name == "quantile":
            mean, sd, chosen = quantile_fits.least_squares(scaled, people, kind)
            distribution = np.array(quantile_fits.FAMILIES, dtype="<U12")[chosen]
        else:
            mean, sd = _ESTIMATORS[name](scaled, people, kind)
    if not (np.isfinite(mean * unit).all() and np.isfinite(sd * unit).all()):
        remedy = "The values are so far apart that the mean of such a distribution is no float."
        raise InvalidArgument("method", name, "'normal' or 'blue' for such values", remedy)
    statistic, critical = quantile_estimates.skewness(scaled, people, kind)
    columns = {"mean": mean * unit, "sd": sd * unit, "distribution": distribution, "skewness": statistic}
    columns |= {"critical": critical, "skewed": statistic >= critical}
    clean: dict[str, Any] = {key: column.reshape(shape)[()] for key, column in columns.items()}
    return MeanFromQuantiles(
        **clean,
        n=size[()],
        method=f"{_WORDS[name]}, from {_KINDS[kind]}",
        references=(*_SOURCES[name], _TEST_SOURCE),
    )


_ESTIMATORS = {
    "normal": quantile_estimates.normal,
    "log_normal": quantile_estimates.log_normal,
    "blue": quantile_estimates.blue,
    "box_cox": quantile_fits.box_cox,
    "mln": quantile_fits.mln,
}


def _values(
    median: ArrayLike,
    n: ArrayLike,
    q1: ArrayLike | None,
    q3: ArrayLike | None,
    minimum: ArrayLike | None,
    maximum: ArrayLike | None,
) -> tuple[str, list[Array], NDArray[np.int64]]:
    """Return which quantiles there are, and their values in order."""
    pairs = {"q1": (q1, "q3", q3), "minimum": (minimum, "maximum", maximum)}
    for name, (low, other, high) in pairs.items():
        if (low is None) != (high is None):
            missing = name if low is None else other
            raise InvalidArgument(missing, None, f"a number, as {name} and {other} go together")
    if q1 is None and minimum is None:
        raise InvalidArgument("q1", None, "the quartiles, or minimum and maximum", "The median alone has no spread.")
    kind = "range" if q1 is None else "quartiles" if minimum is None else "both"
    given = {"minimum": minimum, "q1": q1, "median": median, "q3": q3, "maximum": maximum}
    arrays = {
        name: _validate.array(value, name) for name, value in given.items() if name == "median" or value is not None
    }
    size = _validate.integers(n, "n", low=5)
    *parts, size = _validate.broadcast(**arrays, n=size)
    for (lower, low), (upper, high) in pairwise(zip(arrays, parts, strict=True)):
        if np.any(low > high):
            at = np.unravel_index(int(np.argmax(low > high)), low.shape)
            raise InvalidArgument(lower, float(low[at]), f"at most {upper}, here {float(high[at]):g}")
    return kind, [np.asarray(part, dtype=np.float64) for part in parts], size


def _refuse(x: list[Array], name: str) -> None:
    """Refuse values that a method cannot use."""
    if name not in ("normal", "blue") and np.any(x[0] <= 0):
        remedy = "Use method='normal', or add a constant to all values and subtract it from the mean."
        raise InvalidArgument("method", name, "'normal' or 'blue' for values that are not all above zero", remedy)
    equal = any(np.any(low == high) for low, high in pairwise(x))
    if name not in ("normal", "log_normal") and equal:
        raise InvalidArgument("method", name, "'normal' or 'log_normal' where quantiles are equal to each other")
