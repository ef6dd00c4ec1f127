"""Power of equivalence in crossover designs, on a scale of differences or of ratios."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .. import _validate
from ..errors import InvalidArgument
from ..numerics import tost
from ._base import PowerResult
from ._means import OWEN, PHILLIPS

__all__ = ["bioequivalence", "crossover_design", "crossover_equivalence", "log_sd"]

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class _Constants:
    """``var = constant * sd**2 * (1 / n1 + 1 / n2)`` and ``df = per_person * people - lost``."""

    constant: float
    per_person: float
    lost: float


#: Designs with two sequences of treatments; sd is that within people, in "parallel" that of people.
_DESIGNS = {
    "parallel": _Constants(1.0, 1.0, 2.0),
    "2x2": _Constants(0.5, 1.0, 2.0),
    "2x2x3": _Constants(0.375, 2.0, 3.0),
    "2x2x4": _Constants(0.25, 3.0, 4.0),
}


def crossover_equivalence(
    *,
    n1: ArrayLike,
    n2: ArrayLike,
    margin: Any,
    sd: ArrayLike,
    effect: ArrayLike = 0.0,
    design: str = "2x2",
    alpha: float = 0.05,
) -> PowerResult:
    """Return the power of two one-sided t tests of a difference of treatments in a crossover design, exactly.

    Parameters
    ----------
    n1, n2 : array_like of int
        People in each sequence of treatments (in each group of a parallel design).
    margin : float or pair
        One positive number (symmetric) or a pair, whose ends may be arrays, in the units of `sd`. An infinite end makes
        it noninferiority.
    sd : array_like
        Standard deviation within people; in the parallel design that of people.
    effect : array_like
        True difference of the treatments.
    design : {"2x2", "2x2x3", "2x2x4", "parallel"}
        Two treatments in two sequences over two, three (such as ABA and BAB) or four periods (ABAB and BABA), analysed
        with effects of sequence, period and person; or two groups.
    alpha : float
        One-sided level.

    Returns
    -------
    PowerResult
        The probability that both tests reject, with the design.

    Raises
    ------
    InvalidArgument
        If a value is out of range.

    References
    ----------
    .. [1] Phillips KF (1990). Power of the two one-sided tests procedure in bioequivalence. Journal of Pharmacokinetics
       and Biopharmaceutics 18, 137-144. doi:10.1007/BF01063556
    .. [2] Chow SC, Liu JP (2009). Design and Analysis of Bioavailability and Bioequivalence Studies, 3rd edition.
       Chapman & Hall/CRC. doi:10.1201/9781420011678

    Examples
    --------
    >>> import ketastats as ks
    >>> print(f"{ks.power.crossover_equivalence(n1=12, n2=12, margin=0.2, sd=0.2, effect=0.05).power:.3f}")
    0.803
    """
    size1, size2, true, spread = _validate.broadcast(
        n1=_validate.integers(n1, "n1", low=1).astype(np.float64),
        n2=_validate.integers(n2, "n2", low=1).astype(np.float64),
        effect=_validate.array(effect, "effect"),
        sd=_validate.array(sd, "sd", low=0.0, open_low=True),
    )
    low, high = _validate.margins(margin)
    return _power(size1, size2, true, spread, low, high, design, _validate.alpha(alpha), true)


def bioequivalence(
    *,
    n1: ArrayLike,
    n2: ArrayLike,
    margin: Any,
    cv: ArrayLike,
    ratio: ArrayLike = 1.0,
    design: str = "2x2",
    alpha: float = 0.05,
) -> PowerResult:
    """Return the power of two one-sided t tests of a ratio of treatments' geometric means, exactly.

    The tests are those of `crossover_equivalence`, on the log scale.

    Parameters
    ----------
    n1, n2 : array_like of int
        People in each sequence of treatments (in each group of a parallel design).
    margin : float or pair
        One number above 1, such as 1.25, for ``1 / margin`` to ``margin``, or a pair of ratios, whose ends may be
        arrays; ``(0.8, inf)`` makes it noninferiority.
    cv : array_like
        Coefficient of variation within people, such as 0.3; in the parallel design that of people.
    ratio : array_like
        True ratio of the treatments; the `effect` of the result.
    design : {"2x2", "2x2x3", "2x2x4", "parallel"}
        As in `crossover_equivalence`.
    alpha : float
        One-sided level.

    Returns
    -------
    PowerResult
        The probability that both tests reject, with the design.

    Raises
    ------
    InvalidArgument
        If a value is out of range.

    References
    ----------
    .. [1] Phillips KF (1990). Power of the two one-sided tests procedure in bioequivalence. Journal of Pharmacokinetics
       and Biopharmaceutics 18, 137-144. doi:10.1007/BF01063556

    Examples
    --------
    >>> import ketastats as ks
    >>> print(f"{ks.power.bioequivalence(n1=20, n2=20, margin=1.25, cv=0.3, ratio=0.95).power:.4f}")
    0.8158
    """
    size1, size2, true, share = _validate.broadcast(
        n1=_validate.integers(n1, "n1", low=1).astype(np.float64),
        n2=_validate.integers(n2, "n2", low=1).astype(np.float64),
        ratio=_validate.array(ratio, "ratio", low=0.0, open_low=True),
        cv=_validate.array(cv, "cv", low=0.0, open_low=True),
    )
    ends = _validate.margins(margin, ratio=True)
    with np.errstate(divide="ignore"):
        low, high = np.log(ends[0]), np.log(ends[1])
    level = _validate.alpha(alpha)
    return _power(size1, size2, np.log(true), log_sd(share), low, high, design, level, true)


def log_sd(cv: Array) -> Array:
    """Return the standard deviation of the log of a lognormal value with this coefficient of variation."""
    # Beyond 1e8 the square would lose the 1 anyway, and far beyond overflow.
    return np.asarray(np.sqrt(np.where(cv < 1e8, np.log1p(np.square(np.minimum(cv, 1e8))), 2.0 * np.log(cv))))


def crossover_design(n1: Array, n2: Array, design: object) -> tuple[Array, Array]:
    """Return the standard error per unit of sd, and the degrees of freedom."""
    constants = _DESIGNS[_validate.choice(design, "design", _DESIGNS)]
    df = constants.per_person * (n1 + n2) - constants.lost
    if np.any(df < 1):
        raise InvalidArgument("n1", int(np.min(n1)), f"people enough for one degree of freedom in a {design} design")
    return np.sqrt(constants.constant * (1.0 / n1 + 1.0 / n2)), df


def _power(
    n1: Array, n2: Array, true: Array, sd: Array, low: Array, high: Array, design: str, alpha: float, shown: Array
) -> PowerResult:
    unit, df = crossover_design(n1, n2, design)
    n1, n2, shown, true, error, df, low, high = _validate.broadcast(
        n1=n1, n2=n2, effect=shown, true=true, sd=sd * unit, df=df, margin_low=low, margin_high=high
    )
    return PowerResult(
        power=tost.power((low - true) / error, (high - true) / error, df, alpha)[()],
        n1=n1.astype(np.int64)[()],
        n2=n2.astype(np.int64)[()],
        effect=shown[()],
        alpha=alpha,
        method=f"two one-sided t tests, {design} design, exact (integral over the chi density)",
        references=(PHILLIPS, OWEN),
    )
