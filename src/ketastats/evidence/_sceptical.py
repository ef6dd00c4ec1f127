"""The sceptical p-value: whether a replication convinces one who doubted the original."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from .. import _validate
from .._results import Result

__all__ = ["ScepticalPValue", "sceptical_pvalue"]

Array = NDArray[np.float64]

_HELD = "Held 2020, doi:10.1111/rssa.12493"


@dataclass(frozen=True, slots=True, kw_only=True)
class ScepticalPValue(Result):
    """How far a replication convinces one who doubted the original study just enough to make it unconvincing.

    Parameters
    ----------
    pvalue : float or ndarray
        One-sided sceptical p-value, in the direction of the original estimate; never below the p-value of either study.
    two_sided : float or ndarray
        Two-sided sceptical p-value, which says nothing about the direction.
    z : float or ndarray
        The value on the normal scale that belongs to the two-sided p.
    same_direction : bool or ndarray
        Whether both estimates have the same sign.
    variance_ratio : float or ndarray
        Squared standard error of the original over that of the replication.
    method : str
        The method that was used.
    references : tuple of str
        Where it was published.
    """

    pvalue: Any
    two_sided: Any
    z: Any
    same_direction: Any
    variance_ratio: Any
    method: str
    references: tuple[str, ...] = ()


def sceptical_pvalue(
    estimate: ArrayLike, *, se: ArrayLike, original: ArrayLike, original_se: ArrayLike
) -> ScepticalPValue:
    """Return how far a replication convinces one who doubted the original study.

    The sceptic holds the normal prior about zero that just makes the original estimate unconvincing at some level; the
    sceptical p-value is the level at which the replication is then in conflict with that prior. Both studies must be
    convincing, and their estimates alike in size, for it to be small.

    Parameters
    ----------
    estimate, se : array_like
        Estimate of the replication and its standard error, on a scale where the error is normal and zero means no
        effect (ratios: their logarithm).
    original, original_se : array_like
        The same of the original study; all four broadcast together.

    Returns
    -------
    ScepticalPValue
        One-sided and two-sided.

    Raises
    ------
    InvalidArgument
        If an estimate is not finite or a standard error not positive.

    References
    ----------
    .. [1] Held L (2020). A new standard for the analysis and design of replication studies. Journal of the Royal
       Statistical Society A 183, 431-448. doi:10.1111/rssa.12493

    Examples
    --------
    >>> import ketastats as ks
    >>> result = ks.evidence.sceptical_pvalue(0.21, se=0.05, original=0.30, original_se=0.10)
    >>> print(f"one-sided {result.pvalue:.4f}")
    one-sided 0.0217
    """
    ours, error, theirs, before = _validate.broadcast(
        estimate=_validate.moderate(estimate, "estimate"),
        se=_validate.moderate(se, "se", positive=True),
        original=_validate.moderate(original, "original"),
        original_se=_validate.moderate(original_se, "original_se", positive=True),
    )
    first, second, share = np.abs(theirs / before), np.abs(ours / error), before / error
    with np.errstate(over="ignore"):
        ratio = np.square(share)
    z = _sceptical_z(first, second, share)
    alike = (np.sign(theirs) == np.sign(ours)) & (theirs != 0)
    tail = special.ndtr(-z)
    one = np.where(alike, tail, special.ndtr(z))
    return ScepticalPValue(
        pvalue=one[()],
        two_sided=np.minimum(2.0 * tail, 1.0)[()],
        z=z[()],
        same_direction=alike[()],
        variance_ratio=ratio[()],
        method="sceptical p-value, normal errors",
        references=(_HELD,),
    )


def _sceptical_z(first: Array, second: Array, share: Array) -> Array:
    """Return z with ``(first^2 / z^2 - 1) (second^2 / z^2 - 1) = share^2``, at most the smaller of both."""
    # With u = small / z and v = large / z this is (u^2 - 1) (v^2 - 1) = share^2. In units of the smaller z nothing
    # overflows, and the root of the quadratic in 1 / z^2 is taken without cancellation.
    small, large = np.minimum(first, second), np.maximum(first, second)
    safe = np.where(small > 0, small, 1.0)
    with np.errstate(over="ignore"):
        growth = np.minimum(np.where(small > 0, large, 1.0) / safe, 1e150)
    # w = (small / z)^2: growth^2 w^2 - (1 + growth^2) w + 1 - share^2 = 0, divided by growth^2.
    inverse = np.square(1.0 / growth)
    middle = 0.5 * (1.0 + inverse)
    with np.errstate(over="ignore"):
        # middle^2 - inverse (1 - share^2) = ((1 - inverse) / 2)^2 + inverse share^2
        root = np.hypot(0.5 * (1.0 - inverse), share / growth)
    return np.asarray(np.where(small > 0, safe / np.sqrt(middle + root), 0.0))
