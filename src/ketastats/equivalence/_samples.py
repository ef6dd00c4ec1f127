"""Equivalence from raw values, through their summaries."""

from __future__ import annotations

from typing import Any

from numpy.typing import ArrayLike

from .. import effects
from ._base import EquivalenceResult
from ._estimate import two_one_sided

__all__ = [
    "correlation_from_samples",
    "means_from_samples",
    "one_sample_from_samples",
    "paired_from_samples",
]


def means_from_samples(
    x: ArrayLike,
    y: ArrayLike,
    *,
    margin: Any,
    axis: int = -1,
    alpha: float = 0.05,
    variances: str | None = None,
    measure: str = "difference",
) -> EquivalenceResult:
    """Test the equivalence of two means from raw values.

    Parameters
    ----------
    x, y : array_like
        Values of group 1 and of group 2, at least 2 each along `axis`; none may be missing. The other axes broadcast.
    margin : float or pair
        As in `means`.
    axis : int
        Axis along which the people lie.
    alpha : float
        One-sided level.
    variances, measure : str
        As in `means`.

    Returns
    -------
    EquivalenceResult
        What `means` returns for the summaries.

    Raises
    ------
    InvalidArgument
        If a value is missing or infinite, or there are fewer than two.

    References
    ----------
    .. [1] Schuirmann DJ (1987). A comparison of the two one-sided tests procedure and the power approach for assessing
       the equivalence of average bioavailability. Journal of Pharmacokinetics and Biopharmaceutics 15, 657-680.
       doi:10.1007/BF01068419

    Examples
    --------
    >>> import ketastats as ks
    >>> result = ks.equivalence.means_from_samples([4, 7, 8, 6, 3, 2], [6, 8, 7, 10, 11, 9], margin=1)
    >>> print(f"p = {result.pvalue:.7f}")
    p = 0.9643479
    """
    value = effects.means_from_samples(x, y, axis=axis, measure=measure, variances=variances)
    return two_one_sided(value, margin, alpha)


def paired_from_samples(
    x: ArrayLike,
    y: ArrayLike,
    *,
    margin: Any,
    axis: int = -1,
    alpha: float = 0.05,
    measure: str = "difference",
    unbiased: bool = False,
) -> EquivalenceResult:
    """Test the equivalence of two means of the same people from raw values.

    Parameters
    ----------
    x, y : array_like
        First and second measurement of the same people in the same order, at least 2 along `axis`; none may be missing.
    margin : float or pair
        As in `paired`.
    axis : int
        Axis along which the people lie.
    alpha : float
        One-sided level.
    measure, unbiased : object
        As in `paired`.

    Returns
    -------
    EquivalenceResult
        What `paired` returns for the summaries.

    Raises
    ------
    InvalidArgument
        If a value is missing or infinite, there are fewer than two, or the pairs do not match.

    References
    ----------
    .. [1] Schuirmann DJ (1987). A comparison of the two one-sided tests procedure and the power approach for assessing
       the equivalence of average bioavailability. Journal of Pharmacokinetics and Biopharmaceutics 15, 657-680.
       doi:10.1007/BF01068419

    Examples
    --------
    >>> import ketastats as ks
    >>> result = ks.equivalence.paired_from_samples([4, 7, 8, 6, 3, 2], [6, 8, 7, 10, 11, 9], margin=2)
    >>> print(f"p = {result.pvalue:.7f}")
    p = 0.8286101
    """
    value = effects.paired_from_samples(x, y, axis=axis, measure=measure, unbiased=unbiased)
    return two_one_sided(value, margin, alpha)


def one_sample_from_samples(
    x: ArrayLike,
    *,
    margin: Any,
    mu: ArrayLike = 0.0,
    axis: int = -1,
    alpha: float = 0.05,
    measure: str = "difference",
    unbiased: bool = False,
) -> EquivalenceResult:
    """Test whether one mean is equivalent to a fixed value, from raw values.

    Parameters
    ----------
    x : array_like
        Values, at least 2 along `axis`; none may be missing.
    margin : float or pair
        As in `one_sample`.
    mu : array_like
        The fixed value.
    axis : int
        Axis along which the people lie.
    alpha : float
        One-sided level.
    measure, unbiased : object
        As in `one_sample`.

    Returns
    -------
    EquivalenceResult
        What `one_sample` returns for the summaries.

    Raises
    ------
    InvalidArgument
        If a value is missing or infinite, or there are fewer than two.

    References
    ----------
    .. [1] Schuirmann DJ (1987). A comparison of the two one-sided tests procedure and the power approach for assessing
       the equivalence of average bioavailability. Journal of Pharmacokinetics and Biopharmaceutics 15, 657-680.
       doi:10.1007/BF01068419

    Examples
    --------
    >>> import ketastats as ks
    >>> result = ks.equivalence.one_sample_from_samples([4, 7, 8, 6, 3, 2], mu=5, margin=3)
    >>> print(f"p = {result.pvalue:.4f}")
    p = 0.0133
    """
    value = effects.one_sample_from_samples(x, mu=mu, axis=axis, measure=measure, unbiased=unbiased)
    return two_one_sided(value, margin, alpha)


def correlation_from_samples(
    x: ArrayLike,
    y: ArrayLike,
    *,
    margin: Any,
    axis: int = -1,
    alpha: float = 0.05,
    kind: str = "pearson",
    method: str | None = None,
) -> EquivalenceResult:
    """Test whether the correlation of raw values is too weak to matter.

    Parameters
    ----------
    x, y : array_like
        Both values of the same people in the same order, at least 4 along `axis`; none may be missing.
    margin : float or pair
        As in `correlation`.
    axis : int
        Axis along which the people lie.
    alpha : float
        One-sided level.
    kind, method : str
        As in `correlation`.

    Returns
    -------
    EquivalenceResult
        What `correlation` returns for the coefficient.

    Raises
    ------
    InvalidArgument
        If a value is missing or infinite, the pairs do not match, or one of the two never varies.

    References
    ----------
    .. [1] Goertzen JR, Cribbie RA (2010). Detecting a lack of association: an equivalence testing approach. British
       Journal of Mathematical and Statistical Psychology 63, 527-537. doi:10.1348/000711009X475853

    Examples
    --------
    >>> import ketastats as ks
    >>> result = ks.equivalence.correlation_from_samples([4, 7, 8, 6, 3, 2], [6, 8, 7, 10, 11, 9], margin=0.5)
    >>> bool(result.established)
    False
    """
    value = effects.correlation_from_samples(x, y, axis=axis, kind=kind, method=method)
    return two_one_sided(value, margin, alpha)
