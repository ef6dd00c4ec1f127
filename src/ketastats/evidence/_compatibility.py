"""The p-value of every hypothesised effect."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from .. import _validate
from ..effects import Estimate
from ..errors import InvalidType
from ._base import CompatibilityCurve

__all__ = ["compatibility"]

_RAFI = "Rafi & Greenland 2020, doi:10.1186/s12874-020-01105-9"


def compatibility(estimate: Estimate, values: ArrayLike) -> CompatibilityCurve:
    """Return how compatible each hypothesised effect is with the data.

    Parameters
    ----------
    estimate : Estimate
        One estimate or an array of them, from `ketastats.effects`.
    values : array_like
        Hypothesised effects on the scale of the estimate: one number, or a grid in one dimension.

    Returns
    -------
    CompatibilityCurve
        Two-sided p and S-value; the shape is that of the estimate, followed by that of `values`.

    Raises
    ------
    InvalidType
        If `estimate` is not an `Estimate`.
    InvalidArgument
        If a value is not a number.

    References
    ----------
    .. [1] Rafi Z, Greenland S (2020). Semantic and cognitive tools to aid statistical science: replace confidence and
       significance by compatibility and surprise. BMC Medical Research Methodology 20, 244.
       doi:10.1186/s12874-020-01105-9

    Examples
    --------
    >>> import ketastats as ks
    >>> risk_difference = ks.effects.proportions(7, 37, 14, 46)
    >>> curve = ks.evidence.compatibility(risk_difference, [-0.2, -0.1, 0.0])
    >>> [f"{p:.2f}" for p in curve.pvalue]
    ['0.36', '0.87', '0.23']
    """
    if not isinstance(estimate, Estimate):
        raise InvalidType("estimate", estimate, "an Estimate", "Make one with ketastats.effects.")
    grid = _validate.array(values, "values")
    shape = np.shape(estimate.point)
    # The grid goes in front, so that it broadcasts against estimates of any shape, and is then moved to the end.
    stacked = np.asarray(estimate.pvalue(grid.reshape(grid.shape + (1,) * len(shape))))
    stacked = np.broadcast_to(stacked, grid.shape + shape)
    pvalue = np.moveaxis(stacked, range(grid.ndim), range(-grid.ndim, 0)) if grid.ndim else stacked
    with np.errstate(divide="ignore"):
        # Adding zero makes the S-value of p = 1 a plain zero.
        svalue = 0.0 - np.log2(pvalue)
    return CompatibilityCurve(
        value=grid[()],
        pvalue=pvalue[()],
        svalue=svalue[()],
        method=f"compatibility curve, {estimate.method}",
        references=(_RAFI, *estimate.references),
    )
