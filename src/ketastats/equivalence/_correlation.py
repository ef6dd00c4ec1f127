"""Equivalence of a correlation to zero, or to any region."""

from __future__ import annotations

from typing import Any

from numpy.typing import ArrayLike

from .. import effects
from ._base import EquivalenceResult
from ._estimate import two_one_sided

__all__ = ["correlation"]


def correlation(
    r: ArrayLike,
    n: ArrayLike,
    *,
    margin: Any,
    alpha: float = 0.05,
    kind: str = "pearson",
    method: str | None = None,
) -> EquivalenceResult:
    """Test whether a correlation is too weak to matter, by two one-sided tests.

    Parameters
    ----------
    r : array_like
        The correlation, between -1 and 1.
    n : array_like of int
        Pairs, at least 4 (3 for "exact").
    margin : float or pair
        One positive number (symmetric) or a pair, whose ends may be arrays. An end beyond -1 or 1, or an infinite one,
        asks for one side only.
    alpha : float
        One-sided level.
    kind : {"pearson", "spearman"}
        Correlation of the values or of their ranks.
    method : {"fisher_z", "exact", "bonett_wright", "fieller"}, optional
        As in `ketastats.effects.correlation`.

    Returns
    -------
    EquivalenceResult
        Both one-sided tests, the ``1 - 2 alpha`` interval and the threshold margin.

    Raises
    ------
    InvalidArgument
        If a value is out of range.

    References
    ----------
    .. [1] Goertzen JR, Cribbie RA (2010). Detecting a lack of association: an equivalence testing approach. British
       Journal of Mathematical and Statistical Psychology 63, 527-537. doi:10.1348/000711009X475853

    Examples
    --------
    >>> import ketastats as ks
    >>> result = ks.equivalence.correlation(0.121, 105, margin=0.4)
    >>> print(f"p = {result.pvalue:.6f}, 90 % interval {result.low:.3f} to {result.high:.3f}")
    p = 0.001142, 90 % interval -0.041 to 0.277
    """
    return two_one_sided(effects.correlation(r, n, kind=kind, method=method), margin, alpha)
