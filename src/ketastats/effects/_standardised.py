"""Standardised differences of two groups, by the standard deviation that standardises."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .. import _validate
from ..errors import InvalidArgument
from ._means import VARIANCES, _pooled_sd, _summaries
from ._noncentral import NoncentralTEstimate, standardised
from ._one_sample import OWEN, refuse_unbiased

__all__ = ["standardised_means"]

#: What standardises, which assumption about the variances goes with it (the last where none is said), and its name.
BY = {
    "pooled_sd": (("equal",), "Cohen's d (pooled SD)"),
    "average_sd": (("unequal",), "d_av (root mean square of both SDs)"),
    "sd1": (("equal", "unequal"), "Glass's delta (SD of group 1)"),
    "sd2": (("equal", "unequal"), "Glass's delta (SD of group 2)"),
}
_HEDGES = "Hedges 1981, doi:10.3102/10769986006002107"
_DELACRE = "Delacre et al. 2021, doi:10.31234/osf.io/tu6mp"

Array = NDArray[np.float64]


def standardised_means(
    m1: ArrayLike,
    s1: ArrayLike,
    n1: ArrayLike,
    m2: ArrayLike,
    s2: ArrayLike,
    n2: ArrayLike,
    *,
    by: str,
    variances: str | None = None,
    unbiased: bool = False,
) -> NoncentralTEstimate:
    """Compare two means in standard deviations, and say in which: group 1 minus group 2.

    Parameters
    ----------
    m1, s1, n1, m2, s2, n2 : array_like
        Mean, standard deviation (divisor ``n - 1``, not a standard error) and number of people, at least 2, of group 1
        and of group 2; all six broadcast together.
    by : {"pooled_sd", "average_sd", "sd1", "sd2"}
        The standard deviation that standardises: the pooled one (Cohen's d), the root mean square of both (d_av), or
        that of one group (Glass's delta; by custom that of the control group).
    variances : {"equal", "unequal"}, optional
        Whether the groups are taken to vary alike. The pooled one takes only "equal", d_av only "unequal", Glass's
        delta "unequal" unless said. The limits are exact with "equal". With "unequal" the ratio of the variances is
        estimated too: at 90 % they cover 88 to 92 % from 8 people per group up, where limits that take unequal
        variances for equal cover as little as 64 %.
    unbiased : bool
        Whether to multiply estimate and limits by Hedges' factor J at the degrees of freedom of what standardises.

    Returns
    -------
    NoncentralTEstimate
        The standardised difference with its interval and p-value function.

    Raises
    ------
    InvalidArgument
        If a value is out of range, `variances` does not fit `by`, or what should standardise is zero.

    References
    ----------
    .. [1] Hedges LV (1981). Distribution theory for Glass's estimator of effect size and related estimators. Journal of
       Educational Statistics 6, 107-128. doi:10.3102/10769986006002107
    .. [2] Delacre M, Lakens D, Ley C, Liu L, Leys C (2021). Why Hedges' g*s based on the non-pooled standard deviation
       should be reported with Welch's t-test. PsyArXiv. doi:10.31234/osf.io/tu6mp

    Examples
    --------
    >>> import ketastats as ks
    >>> for by in ("pooled_sd", "average_sd", "sd1", "sd2"):
    ...     d = ks.effects.standardised_means(9.8, 4.5, 37, 13.7, 5.8, 46, by=by)
    ...     interval = d.confidence_interval(0.95)
    ...     print(f"{by}: {d.point:.3f} ({interval.low:.3f} to {interval.high:.3f})")
    pooled_sd: -0.741 (-1.187 to -0.291)
    average_sd: -0.751 (-1.192 to -0.307)
    sd1: -0.867 (-1.393 to -0.330)
    sd2: -0.672 (-1.076 to -0.263)
    """
    kind = _validate.choice(by, "by", BY)
    models, name = BY[kind]
    model = models[-1] if variances is None else _validate.choice(variances, "variances", VARIANCES)
    if model not in models:
        raise InvalidArgument("variances", variances, f"{models[0]!r} with by={kind!r}")
    mean1, sd1, size1, mean2, sd2, size2 = _summaries(m1, s1, n1, m2, s2, n2)
    refuse_unbiased(unbiased, True, 3)
    spread, df = _standardiser(kind, sd1, size1, sd2, size2)
    if np.any(spread == 0):
        remedy = "Without spread there is no standardised difference; use effects.means."
        raise InvalidArgument(kind, 0.0, "a positive standard deviation", remedy)
    if model == "equal":
        unit, kept = np.sqrt(1.0 / size1 + 1.0 / size2), "exact noncentral t for equal variances"
    else:
        unit = np.hypot(sd1 / spread / np.sqrt(size1), sd2 / spread / np.sqrt(size2))
        kept = "noncentral t with the estimated ratio of variances"
    with np.errstate(over="ignore"):
        t = (mean1 - mean2) / spread / unit
    return standardised(
        _validate.moderate(np.clip(t, -1e300, 1e300), "(m1 - m2) / its standard error"),
        unit,
        df,
        unbiased=bool(unbiased),
        name=f"{name}, {kept}",
        references=(_HEDGES, OWEN) if model == "equal" else (_DELACRE, OWEN),
    )


def _standardiser(kind: str, s1: Array, n1: Array, s2: Array, n2: Array) -> tuple[Array, Array]:
    """Return the standard deviation that standardises, and its degrees of freedom."""
    if kind == "pooled_sd":
        return _pooled_sd(s1, n1, s2, n2), n1 + n2 - 2.0
    if kind in ("sd1", "sd2"):
        return (s1, n1 - 1.0) if kind == "sd1" else (s2, n2 - 1.0)
    both = np.hypot(s1, s2)
    some = np.where(both > 0, both, 1.0)
    share1, share2 = np.square(s1 / some), np.square(s2 / some)
    spread = np.where(both > 0, np.square(share1) / (n1 - 1.0) + np.square(share2) / (n2 - 1.0), 1.0)
    return both / np.sqrt(2.0), np.asarray(1.0 / spread)
