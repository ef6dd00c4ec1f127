"""Every F of several groups that would print as reported, from means and SDs, and back."""

from __future__ import annotations

from collections.abc import Sequence
from math import comb
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ... import _validate
from ...errors import BudgetExceeded, InvalidArgument, InvalidType
from ...reported import Reported, Rounding
from .._sizes import read_counts
from .anova_find import find, read_parts
from .anova_set import CompatibleAnova

__all__ = ["CompatibleAnova", "anova"]

IntArray = NDArray[np.int64]

#: Most combinations of the ends of all means that are looked at unless the caller allows more.
DEFAULT_BUDGET = 1 << 20
_ALLOWED = "the number of people in each of two or more groups"


def anova(
    *,
    n: Sequence[object],
    total: int | None = None,
    means: Sequence[str | Reported | None] | None = None,
    sds: Sequence[str | Reported | None] | None = None,
    ses: Sequence[str | Reported | None] | None = None,
    sd: str | Reported | None = None,
    f: str | Reported | None = None,
    p: str | Reported | None = None,
    eta_squared: str | Reported | None = None,
    rounding: str = "half",
    budget: int = DEFAULT_BUDGET,
) -> CompatibleAnova:
    """Return every F of independent groups that would print as reported; from F also what the SDs can have been.

    Parameters
    ----------
    n : sequence of int, range or None
        People in each group, at least two groups and more people than groups. A range where a size is known only
        within limits, None where it was not printed; then `total` is needed.
    total : int, optional
        People in all groups together.
    means : sequence of str, Reported or None, optional
        Mean of each group as printed; None where it was not printed.
    sds : sequence of str, Reported or None, optional
        Standard deviation of each group (divisor n - 1); None where it was not printed.
    ses : sequence of str, Reported or None, optional
        Standard error of the mean of each group, likewise.
    sd : str or Reported, optional
        Pooled standard deviation: the root of the mean square within groups.
    f : str or Reported, optional
        F with one degree of freedom less than there are groups, and people minus groups.
    p : str or Reported, optional
        Its p-value, such as ``"0.03"`` or ``"< .001"``.
    eta_squared : str or Reported, optional
        Share of variance between groups.
    rounding : {"half", "half_up", "half_even", "truncate", "up", ...}
        How the digits were cut; see `Rounding`.
    budget : int
        Most combinations of the ends of all means, over all choices of group sizes; each choice takes 2 to the power
        of the number of groups.

    Returns
    -------
    CompatibleAnova
        The ranges; false when no data print so.

    Raises
    ------
    InvalidArgument, InvalidType
        If an argument cannot be used, or nothing was printed.
    BudgetExceeded
        If there are too many groups for `budget`.

    Notes
    -----
    The sum of squares between groups is convex in the means: over their rounding intervals it is largest at a corner,
    but smallest where as many means as possible are equal, which is seldom a corner. Means and SDs vary freely of each
    other, so that F, the sum of squares between and the mean square within take every value between their ends. Where
    group sizes are not known every choice of them is searched.

    References
    ----------
    .. [1] Fisher RA (1925). Statistical Methods for Research Workers. Oliver and Boyd, Edinburgh.
    .. [2] Cohen J (1988). Statistical Power Analysis for the Behavioral Sciences, 2nd edition. Lawrence Erlbaum.
       doi:10.4324/9780203771587

    Examples
    --------
    >>> import ketastats as ks
    >>> bool(ks.reconstruct.anova(n=[20, 22, 19], means=["5.1", "4.2", "6.0"], sds=["1.9", "2.2", "2.0"], f="5.9"))
    False
    >>> found = ks.reconstruct.anova(n=[20, 22, 19], means=["5.1", "4.2", "6.0"], f="4.02")
    >>> print(f"pooled SD from {found.sd_low:.2f} to {found.sd_high:.2f}")
    pooled SD from 1.91 to 2.15
    """
    rule = _validate.choice(rounding, "rounding", tuple(Rounding))
    most = _validate.integer(budget, "budget", low=1)
    given: dict[str, Any] = {"means": means, "sds": sds, "ses": ses, "sd": sd, "f": f, "p": p}
    given |= {"eta_squared": eta_squared}
    given = {name: value for name, value in given.items() if value is not None}
    sizes = _sizes(n, total, most, by_means=means is not None)
    parts = read_parts(sizes, rule, given)
    if not parts:
        raise InvalidArgument("f", None, "a printed number", "Give means, sds, f or p as text.")
    for name in ("sds", "ses"):
        # A group with an SD has two people at least.
        for at, number in enumerate(parts[name].numbers if name in parts else ()):
            sizes = sizes if number is None else sizes[sizes[:, at] >= 2]
    if not sizes.size:
        raise InvalidArgument("n", n, "at least two people in each group with an SD")
    return find(sizes, parts, {name: part.words for name, part in parts.items()})


def _sizes(n: Any, total: int | None, budget: int, *, by_means: bool) -> IntArray:
    """Return every choice of group sizes, shape (rows, groups)."""
    listed = n.ndim == 1 if isinstance(n, np.ndarray) else isinstance(n, Sequence) and not isinstance(n, (str, bytes))
    if not listed:
        raise InvalidType("n", n, _ALLOWED)

    if len(n) < 2:
        raise InvalidArgument("n", n, _ALLOWED)
    people = None if total is None else _validate.integer(total, "total", low=len(n) + 1)
    options = [None if each is None else read_counts(each, "n") for each in n]
    known = all(each is not None and each.size == 1 for each in options)
    if people is None and not known:
        raise InvalidArgument("total", total, "a whole number, as group sizes are not known")
    if people is None:
        people = sum(int(each[0]) for each in options if each is not None)
    rows = _count(options, people)
    work = rows * 2 ** len(n) if by_means else rows
    if work > budget:
        advice = "Leave out the means, or raise budget." if known else "Give more of the group sizes, or raise budget."
        raise BudgetExceeded("combinations of the ends of all means", work, budget, advice)
    sizes = _choices(options, people)
    if not sizes.size:
        raise InvalidArgument("total", people, "a number to which the group sizes can add up")
    if people <= len(n):
        raise InvalidArgument("n", n, _ALLOWED, "There must be more people than groups.")
    return sizes


def _count(options: list[IntArray | None], people: int) -> int:
    """Return how many choices there are at most."""
    known = 1
    for each in options:
        known *= 1 if each is None else each.size
    unknown = sum(each is None for each in options)
    left = people - sum(int(each.min()) for each in options if each is not None)
    return known * (comb(max(left - 1, 0), unknown - 1) if unknown > 1 else 1)


def _choices(options: list[IntArray | None], people: int) -> IntArray:
    """Return all choices of one size for each group that add up, in order."""
    rows = np.zeros((1, 0), dtype=np.int64)
    for at, each in enumerate(options):
        rest = len(options) - at - 1
        sizes = np.arange(1, people - rest + 1) if each is None else each
        left = people - rows.sum(axis=1)
        if rest == 0:
            fits = np.isin(left, sizes)
            return np.concatenate([rows[fits], left[fits, None]], axis=1)
        first, second = (part.ravel() for part in np.meshgrid(np.arange(rows.shape[0]), sizes, indexing="ij"))
        fits = second <= left[first] - rest
        rows = np.concatenate([rows[first[fits]], second[fits, None]], axis=1)
    return rows
