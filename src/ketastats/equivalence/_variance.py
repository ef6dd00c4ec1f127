"""Equivalence of the share of variance that a term explains: the noncentral F test."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from .. import _validate, effects
from ..effects._variance import LARGEST
from ..errors import InvalidArgument
from ._base import EquivalenceResult

__all__ = ["variance_explained"]

_CAMPBELL = "Campbell & Lakens 2021, doi:10.1111/bmsp.12201"


def variance_explained(
    f: ArrayLike,
    df1: ArrayLike,
    df2: ArrayLike,
    *,
    margin: ArrayLike,
    measure: str = "partial_eta_squared",
    alpha: float = 0.05,
) -> EquivalenceResult:
    """Test, from an F statistic, that a term with any number of degrees of freedom is smaller than a margin.

    The size of such a term has no sign, so there is one test only, against the upper end; the lower end of the margin
    is 0 and `p_lower` is 0 as well.

    Parameters
    ----------
    f : array_like
        The F statistic, at least 0.
    df1, df2 : array_like
        Degrees of freedom of numerator and denominator.
    margin : array_like
        Largest size that still counts as none, a positive number on the scale of `measure`.
    measure : {"partial_eta_squared", "cohens_f", "noncentrality"}
        As in `ketastats.effects.variance_explained`. Programs that take the noncentrality at a partial eta squared to
        be ``N eta / (1 - eta)`` with all N values are met by ``"noncentrality"`` with that number; Wellek's test of
        groups by ``"noncentrality"`` with the mean group size times his epsilon squared.
    alpha : float
        One-sided level.

    Returns
    -------
    EquivalenceResult
        The test, the ``1 - 2 alpha`` interval of the noncentral F, and its upper end as the threshold margin.

    Raises
    ------
    InvalidArgument
        If a value is out of range.

    References
    ----------
    .. [1] Campbell H, Lakens D (2021). Can we disregard the whole model? Omnibus non-inferiority testing for R2 in
       multi-variable linear regression and eta2 in ANOVA. British Journal of Mathematical and Statistical Psychology
       74, 64-89. doi:10.1111/bmsp.12201
    .. [2] Wellek S (2010). Testing Statistical Hypotheses of Equivalence and Noninferiority, 2nd edition, chapter 7.
       CRC Press.

    Examples
    --------
    An interaction with F(4, 324) = 0.8 against a partial eta squared of 0.04:

    >>> import ketastats as ks
    >>> result = ks.equivalence.variance_explained(0.8, 4, 324, margin=0.04)
    >>> print(f"p = {result.pvalue:.3f}, established above {result.threshold_margin:.4f}")
    p = 0.007, established above 0.0226
    """
    value = effects.variance_explained(f, df1, df2, measure=measure)
    top = 1.0 if value.scale == "partial_eta_squared" else np.inf
    limit = _validate.array(margin, "margin", low=0.0, high=top, open_low=True, open_high=True)
    size = _validate.alpha(alpha)
    limit, freedom = _validate.broadcast(margin=limit, df2=np.asarray(value.df))
    far = np.square(limit) * freedom if value.scale == "cohens_f" else limit
    if np.any(far > LARGEST):
        raise InvalidArgument("margin", margin, f"a noncentrality of at most {LARGEST:g}", "No study is that large.")
    p_upper: Any = value.pvalue(limit, alternative="less")
    interval = value.confidence_interval(max(1.0 - 2.0 * size, 1e-15))
    return EquivalenceResult(
        estimate=value.point,
        margin_low=0.0,
        margin_high=limit[()],
        p_lower=np.zeros_like(p_upper)[()],
        p_upper=p_upper,
        pvalue=p_upper,
        low=interval.low,
        high=interval.high,
        threshold_margin=interval.high,
        alpha=size,
        method=f"equivalence test, {value.method}",
        references=(_CAMPBELL, *value.references),
    )
