"""Bayes factors of an estimate and its standard error."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .. import _validate
from .._results import number
from ..errors import InvalidArgument
from ..numerics import bayes_estimate as kernels
from ._base import BayesFactor

__all__ = ["estimate"]

_DIENES = "Dienes 2014, doi:10.3389/fpsyg.2014.00781"
_FUNCTIONS: dict[str, Callable[..., NDArray[np.float64]]] = {
    "normal": kernels.log_marginal_normal,
    "half_normal": kernels.log_marginal_half_normal,
    "uniform": kernels.log_marginal_uniform,
    "cauchy": kernels.log_marginal_cauchy,
}
_PARAMETERS = {
    "normal": ("prior_mean", "prior_sd"),
    "half_normal": ("prior_sd",),
    "uniform": ("prior_low", "prior_high"),
    "cauchy": ("prior_scale",),
}
_WORDS = {
    "normal": "normal with mean {} and SD {}",
    "half_normal": "positive half of a normal with mean 0 and SD {}",
    "uniform": "uniform from {} to {}",
    "cauchy": "Cauchy about 0 with scale {}",
}


def estimate(
    estimate: ArrayLike,
    *,
    se: ArrayLike,
    df: ArrayLike = np.inf,
    prior: str = "normal",
    prior_mean: ArrayLike | None = None,
    prior_sd: ArrayLike | None = None,
    prior_scale: ArrayLike | None = None,
    prior_low: ArrayLike | None = None,
    prior_high: ArrayLike | None = None,
) -> BayesFactor:
    """Return the Bayes factor of an effect with a stated prior against no effect, from an estimate and its SE.

    Arguments broadcast together like those of a NumPy ufunc.

    Parameters
    ----------
    estimate : array_like
        The estimate, on a scale where its error is normal (ratios: their logarithm).
    se : array_like
        Its standard error.
    df : array_like
        Degrees of freedom of the standard error; infinite for a known one.
    prior : {"normal", "half_normal", "uniform", "cauchy"}
        Family of the prior of the true effect.
    prior_mean : array_like, optional
        Mean of the normal prior; zero when left out.
    prior_sd : array_like, optional
        Standard deviation of the normal prior, or of the normal whose positive half is the half-normal. For effects
        expected below zero, change the sign of the estimate.
    prior_scale : array_like, optional
        Half-width at half-maximum of the Cauchy prior about zero.
    prior_low, prior_high : array_like, optional
        Ends of the uniform prior.

    Returns
    -------
    BayesFactor
        The Bayes factor of the shape of the arguments, on the log scale.

    Raises
    ------
    InvalidArgument
        If a parameter of the prior is missing, belongs to another prior, or is out of range.

    References
    ----------
    .. [1] Dienes Z (2014). Using Bayes to get the most out of non-significant results. Frontiers in Psychology 5, 781.
       doi:10.3389/fpsyg.2014.00781

    Examples
    --------
    >>> import ketastats as ks
    >>> result = ks.evidence.estimate(5.5, se=32.35, prior="half_normal", prior_sd=13.3)
    >>> print(f"{result.bf10:.2f}")
    0.97
    """
    family = _validate.choice(prior, "prior", _FUNCTIONS)
    given = {
        "prior_mean": prior_mean,
        "prior_sd": prior_sd,
        "prior_scale": prior_scale,
        "prior_low": prior_low,
        "prior_high": prior_high,
    }
    parameters = _parameters(family, given)
    names = {
        "estimate": _validate.moderate(estimate, "estimate"),
        "se": _validate.moderate(se, "se", positive=True),
        "df": _validate.array(df, "df", low=1.0, infinite=True),
    }
    arrays = _validate.broadcast(**names, **parameters)
    shape = arrays[0].shape
    point, error, degrees, *rest = (np.ravel(array) for array in arrays)
    if family == "uniform" and np.any(rest[0] >= rest[1]):
        raise InvalidArgument("prior_high", prior_high, "above prior_low")
    marginal = partial(_call, _FUNCTIONS[family], tuple(rest))
    log_bf = kernels.log_bayes_factor(point, error, degrees, marginal)
    return BayesFactor(
        log_bf10=log_bf.reshape(shape)[()],
        null="effect = 0",
        alternative="effect > 0" if family == "half_normal" else "effect != 0",
        prior=_WORDS[family].format(*(number(value) for value in parameters.values())),
        method=f"Bayes factor of an estimate, {family.replace('_', '-')} prior",
        references=(_DIENES,),
    )


def _parameters(family: str, given: dict[str, ArrayLike | None]) -> dict[str, NDArray[np.float64]]:
    """Return the parameters of one family of priors, and refuse those of others."""
    wanted = _PARAMETERS[family]
    for name, value in given.items():
        if value is not None and name not in wanted:
            raise InvalidArgument(name, value, f"nothing: prior={family!r} takes {' and '.join(wanted)}")
    clean = {}
    for name in wanted:
        value = 0.0 if name == "prior_mean" and given[name] is None else given[name]
        if value is None:
            raise InvalidArgument(name, value, "numbers", f"prior={family!r} needs {' and '.join(wanted)}.")
        positive = name in ("prior_sd", "prior_scale")
        clean[name] = _validate.moderate(value, name, positive=positive)
    return clean


def _call(
    function: Callable[..., NDArray[np.float64]],
    parameters: tuple[NDArray[np.float64], ...],
    point: NDArray[np.float64],
    error: NDArray[np.float64],
) -> NDArray[np.float64]:
    return function(point, error, *parameters)
