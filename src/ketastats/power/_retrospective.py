"""What significance does to estimates, and why power at the estimate is refused."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NoReturn

import numpy as np
from numpy.typing import ArrayLike

from .. import _validate
from .._results import Result
from ..errors import InvalidArgument
from ..numerics import significance, student_t

__all__ = ["SignificanceErrors", "observed", "type_s_m"]

_GELMAN = "Gelman & Carlin 2014, doi:10.1177/1745691614551642"
_LU = "Lu, Qiu & Deng 2019, doi:10.1111/bmsp.12132"
_HOENIG = "Hoenig & Heisey 2001, doi:10.1198/000313001300339897"


@dataclass(frozen=True, slots=True, kw_only=True)
class SignificanceErrors(Result):
    """How often a significant estimate has the wrong sign, and by how much it exaggerates.

    Parameters
    ----------
    power : float or ndarray
        Probability of a significant estimate, of either sign.
    type_s : float or ndarray
        Probability that a significant estimate has the wrong sign.
    type_m : float or ndarray
        Mean size of the significant estimates over the true size: the exaggeration ratio.
    effect, standard_error, df : float or ndarray
        The design.
    alpha : float
        Two-sided level.
    method : str
        The method that was used.
    references : tuple of str
        Where it was published.
    """

    power: Any
    type_s: Any
    type_m: Any
    effect: Any
    standard_error: Any
    df: Any
    alpha: float
    method: str
    references: tuple[str, ...] = ()


def type_s_m(effect: ArrayLike, se: ArrayLike, *, df: ArrayLike = np.inf, alpha: float = 0.05) -> SignificanceErrors:
    """Return the errors of sign (type S) and of magnitude (type M) among significant estimates, exactly.

    Parameters
    ----------
    effect : array_like
        True effect, not 0, as other evidence has it: never the estimate of the study itself.
    se : array_like
        True standard error of the estimate.
    df : array_like
        Degrees of freedom of its t test; infinite for the normal distribution.
    alpha : float
        Two-sided level of the test.

    Returns
    -------
    SignificanceErrors
        Power, type S error and exaggeration ratio.

    Raises
    ------
    InvalidArgument
        If a value is out of range.

    Notes
    -----
    The statistic is the estimate over its own standard error, so that it has a noncentral t distribution. Programs that
    add the effect to a t-distributed error are the same for infinite degrees of freedom only.

    References
    ----------
    .. [1] Gelman A, Carlin J (2014). Beyond power calculations: assessing type S (sign) and type M (magnitude) errors.
       Perspectives on Psychological Science 9, 641-651. doi:10.1177/1745691614551642
    .. [2] Lu J, Qiu Y, Deng A (2019). A note on type S/M errors in hypothesis testing. British Journal of Mathematical
       and Statistical Psychology 72, 1-17. doi:10.1111/bmsp.12132

    Examples
    --------
    >>> import ketastats as ks
    >>> result = ks.power.type_s_m(2.0, 8.1)
    >>> print(f"power {result.power:.3f}, wrong sign {result.type_s:.2f}, exaggeration {result.type_m:.1f}")
    power 0.057, wrong sign 0.24, exaggeration 9.5
    """
    true, error, freedom = _validate.broadcast(
        effect=_validate.array(effect, "effect", wide=True),
        se=_validate.array(se, "se", low=0.0, open_low=True),
        df=_validate.array(df, "df", low=0.0, open_low=True, infinite=True),
    )
    if np.any(true == 0):
        raise InvalidArgument("effect", 0.0, "a number other than 0", "An effect of 0 has no sign and no size.")
    level = _validate.alpha(alpha)
    with np.errstate(over="ignore"):
        size = np.minimum(np.abs(true) / error, 1e300)
    critical = student_t.isf(0.5 * level, freedom)
    above, below = significance.tails(size, freedom, critical)
    power = above + below
    with np.errstate(over="ignore"):  # what is hardly there at all is exaggerated without limit
        magnitude = significance.mean_magnitude(size, freedom, critical) / (size * power)
    return SignificanceErrors(
        power=np.minimum(power, 1.0)[()],
        type_s=(below / power)[()],
        type_m=magnitude[()],
        effect=true[()],
        standard_error=error[()],
        df=freedom[()],
        alpha=level,
        method="significant estimates, exact noncentral t",
        references=(_GELMAN, _LU),
    )


def observed(pvalue: object = None) -> NoReturn:
    """Refuse to compute observed power, and say what to compute instead.

    Power at the effect that the study itself estimated is a function of its p-value and says nothing beyond it: with a
    normal statistic, p = 0.05 has observed power 0.50 whatever the study.

    Parameters
    ----------
    pvalue : object, optional
        Whatever was to be turned into power.

    Returns
    -------
    NoReturn
        It always raises.

    Raises
    ------
    InvalidArgument
        Always; the message says what to use.

    References
    ----------
    .. [1] Hoenig JM, Heisey DM (2001). The abuse of power: the pervasive fallacy of power calculations for data
       analysis. The American Statistician 55, 19-24. doi:10.1198/000313001300339897

    Examples
    --------
    >>> import ketastats as ks
    >>> try:
    ...     ks.power.observed(0.23)
    ... except ks.InvalidArgument as error:
    ...     print(error)
    pvalue is 0.23; allowed: nothing: power at the observed effect is the p-value over again. ...
    """
    raise InvalidArgument(
        "pvalue",
        pvalue,
        "nothing: power at the observed effect is the p-value over again",
        "Ask what the study could have seen (power.detectable), what its interval excludes (effects, equivalence), "
        f"or what significance does to estimates (power.type_s_m). {_HOENIG}.",
    )
