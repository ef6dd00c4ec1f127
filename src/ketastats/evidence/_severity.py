"""How severely a claim about an effect has been tested."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from .. import _validate
from .._results import Result
from ..effects import Estimate
from ..errors import InvalidType

__all__ = ["SeverityCurve", "severity"]

_MAYO = "Mayo & Spanos 2006, doi:10.1093/bjps/axl003"


@dataclass(frozen=True, slots=True, kw_only=True)
class SeverityCurve(Result):
    """How severely each claim of the form "the effect is above (or below) this value" has been tested.

    Parameters
    ----------
    value : ndarray
        The values that the claims name.
    severity : ndarray
        Probability of data that fit the claim less than these do, if the effect were just at the value.
    claim : str
        "greater": the effect is above the value; "less": below it.
    method : str
        The method that was used.
    references : tuple of str
        Where it was published.
    """

    value: Any
    severity: Any
    claim: str
    method: str
    references: tuple[str, ...] = ()


def severity(estimate: Estimate, values: ArrayLike, *, claim: str) -> SeverityCurve:
    """Return how severely the data have tested the claims that the effect lies above, or below, each value.

    A non-significant result speaks for "the effect is below this value" only where that claim has high severity.

    Parameters
    ----------
    estimate : Estimate
        One estimate or an array of them, from `ketastats.effects`.
    values : array_like
        Values that the claims name, on the scale of the estimate: one number, or a grid in one dimension.
    claim : {"greater", "less"}
        Whether the claim is that the effect is above the value or below it.

    Returns
    -------
    SeverityCurve
        Severity between 0 and 1; the shape is that of the estimate, followed by that of `values`.

    Raises
    ------
    InvalidType
        If `estimate` is not an `Estimate`.
    InvalidArgument
        If a value is not a number or the claim is neither "greater" nor "less".

    References
    ----------
    .. [1] Mayo DG, Spanos A (2006). Severe testing as a basic concept in a Neyman-Pearson philosophy of induction.
       British Journal for the Philosophy of Science 57, 323-357. doi:10.1093/bjps/axl003

    Examples
    --------
    >>> import ketastats as ks
    >>> difference = ks.effects.estimate(0.2, se=0.2)
    >>> curve = ks.evidence.severity(difference, [0.2, 0.4, 0.6], claim="less")
    >>> [f"{value:.3f}" for value in curve.severity]
    ['0.500', '0.841', '0.977']
    """
    if not isinstance(estimate, Estimate):
        raise InvalidType("estimate", estimate, "an Estimate", "Make one with ketastats.effects.")
    side = _validate.choice(claim, "claim", ("greater", "less"))
    grid = _validate.array(values, "values")
    shape = np.shape(estimate.point)
    # Data that fit "above" less are those further below: the lower tail at the value, which is the other claim's p.
    other = "less" if side == "greater" else "greater"
    stacked = np.asarray(estimate.pvalue(grid.reshape(grid.shape + (1,) * len(shape)), alternative=other))
    stacked = np.broadcast_to(stacked, grid.shape + shape)
    moved = np.moveaxis(stacked, range(grid.ndim), range(-grid.ndim, 0)) if grid.ndim else stacked
    return SeverityCurve(
        value=grid[()],
        severity=moved[()],
        claim=side,
        method=f"severity, {estimate.method}",
        references=(_MAYO, *estimate.references),
    )
