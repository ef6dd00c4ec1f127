"""Every F of several groups that would print as reported, from means and SDs, and back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from scipy import special

from .. import _validate
from .._results import columns_to_frame
from ..errors import BudgetExceeded, InvalidArgument, InvalidType
from ..numerics.between_groups import between_range
from ..reported import Reported, Rounding
from ._base import CompatibleSet
from ._constraints import Printed, read_probability
from ._printed_means import read_number, read_size, read_spread
from ._words import counted, equation, rounding_words

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["CompatibleAnova", "anova"]

FloatArray = NDArray[np.float64]
Range = tuple[float, float]

#: Most combinations of the ends of all means that are looked at unless the caller allows more.
DEFAULT_BUDGET = 1 << 20
_EVERYTHING: Range = (0.0, float("inf"))
_RANGES = ("f", "p", "eta_squared", "between", "within", "sd")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CompatibleAnova(CompatibleSet):
    """All analyses of variance of several groups that would print as reported.

    Parameters
    ----------
    n : ndarray of int64, shape (groups,)
        People in each group.
    df1, df2 : int
        Degrees of freedom between and within groups.
    f_low, f_high : float
        Range of F.
    p_low, p_high : float
        Range of its p-value.
    eta_squared_low, eta_squared_high : float
        Range of the share of variance between groups.
    between_low, between_high : float
        Range of the sum of squares between groups.
    within_low, within_high : float
        Range of the mean square within groups.
    sd_low, sd_high : float
        Range of the pooled standard deviation, its root.
    group_sd_low, group_sd_high : ndarray, shape (groups,)
        Range of the standard deviation of each group, also of those that were not printed.
    printed : dict
        The constraints as they were given.
    exhaustive : bool
        Always True: the ranges hold every value that prints so.
    assumptions : tuple of str
        What was assumed.
    emptied_by : str
        The constraint that left nothing, if nothing is left; the ranges are those before it.

    Examples
    --------
    >>> import ketastats as ks
    >>> found = ks.reconstruct.anova(n=[20, 22, 19], means=["5.1", "4.2", "6.0"], sds=["1.9", "2.2", "2.0"])
    >>> print(f"F from {found.f_low:.2f} to {found.f_high:.2f}")
    F from 3.36 to 4.65
    """

    n: NDArray[np.int64]
    df1: int
    df2: int
    f_low: float
    f_high: float
    p_low: float
    p_high: float
    eta_squared_low: float
    eta_squared_high: float
    between_low: float
    between_high: float
    within_low: float
    within_high: float
    sd_low: float
    sd_high: float
    group_sd_low: FloatArray
    group_sd_high: FloatArray
    printed: dict[str, str]
    exhaustive: bool
    assumptions: tuple[str, ...]
    emptied_by: str

    def __len__(self) -> int:
        return 0 if self.emptied_by else 1

    @property
    def identifiability(self) -> str:
        """Which F and p remain, in one sentence."""
        printed = ", ".join(f"{name} {value}" for name, value in self.printed.items())
        groups = counted(self.n.size, "group")
        if not self:
            return f"No analysis of variance of {groups} with {printed} exists: {self.emptied_by} leaves nothing."
        return (
            f"{groups} with {printed}: F({self.df1}, {self.df2}) lies between {self.f_low:.3g} and {self.f_high:.3g}, "
            f"p between {self.p_low:.3g} and {self.p_high:.3g}."
        )

    def to_frame(self) -> pd.DataFrame:
        """Return the set as a tidy data frame.

        Returns
        -------
        pandas.DataFrame
            One row per quantity with columns quantity, group (0 for the whole), low and high; no row when the set is
            empty.
        """
        names = [*_RANGES, *["group_sd"] * self.n.size]
        low = [*(getattr(self, f"{name}_low") for name in _RANGES), *self.group_sd_low]
        high = [*(getattr(self, f"{name}_high") for name in _RANGES), *self.group_sd_high]
        group = [*[0] * len(_RANGES), *range(1, self.n.size + 1)]
        keep = slice(None) if self else slice(0)
        columns = {"quantity": names[keep], "group": group[keep], "low": low[keep], "high": high[keep]}
        return columns_to_frame(columns)


def anova(
    *,
    n: Sequence[int],
    means: Sequence[str | Reported] | None = None,
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
    n : sequence of int
        People in each group, at least two groups and more people than groups.
    means : sequence of str or Reported, optional
        Mean of every group as printed.
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
        Most combinations of the ends of all means; 2 to the power of the number of groups are needed.

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
    other, so that F, the sum of squares between and the mean square within take every value between their ends.

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
    size = _people(n)
    if means is not None and 2**size.size > most:
        advice = "Leave out the means, or raise budget."
        raise BudgetExceeded("combinations of the ends of all means", 2**size.size, most, advice)
    parts = _read(
        size, rule, {"means": means, "sds": sds, "ses": ses, "sd": sd, "f": f, "p": p, "eta_squared": eta_squared}
    )
    if not parts:
        raise InvalidArgument("f", None, "a printed number", "Give means, sds, f or p as text.")
    words = {name: part.words for name, part in parts.items()}
    found, culprit = _solve(size, parts)
    return CompatibleAnova(
        n=size,
        df1=size.size - 1,
        df2=int(size.sum()) - size.size,
        **found,
        printed=words,
        exhaustive=True,
        assumptions=_assumptions(parts),
        emptied_by=f"{culprit} {words[culprit]}" if culprit else "",
    )


@dataclass(frozen=True, slots=True)
class _Part:
    """What was printed under one name: one number for each group, None where there is none, or one for all."""

    numbers: tuple[Printed | None, ...]
    words: str

    def ends(self) -> tuple[FloatArray, FloatArray]:
        """Return the smallest and the largest value of each number; anything where there is none."""
        low = [0.0 if each is None else float(each.interval.low) for each in self.numbers]
        high = [np.inf if each is None else float(each.interval.high) for each in self.numbers]
        return np.array(low), np.array(high)


def _people(n: object) -> NDArray[np.int64]:
    allowed = "the number of people in each of two or more groups"
    if isinstance(n, (str, bytes)) or not isinstance(n, (Sequence, np.ndarray)):
        raise InvalidType("n", n, allowed)
    size = np.array([_validate.integer(each, "n", low=1) for each in n], dtype=np.int64)
    if size.size < 2 or size.sum() <= size.size:
        raise InvalidArgument("n", n, allowed, "There must be more people than groups.")
    return size


def _read(size: NDArray[np.int64], rule: str, given: dict[str, Any]) -> dict[str, _Part]:
    readers = {"means": read_number, "sds": read_spread, "ses": read_spread, "sd": read_spread}
    parts = {}
    for name, value in given.items():
        if value is None:
            continue
        if name in ("means", "sds", "ses"):
            if isinstance(value, (str, bytes, Reported)) or not isinstance(value, Sequence) or len(value) != size.size:
                raise InvalidType(name, value, f"one printed number for each of the {size.size} groups")
            numbers = tuple(
                None if each is None and name != "means" else readers[name](each, f"{name}[{at}]", rule)
                for at, each in enumerate(value)
            )
            _refuse_unusable(name, numbers, size)
            texts = ("?" if each is None else each.text if isinstance(each, Reported) else str(each) for each in value)
            parts[name] = _Part(numbers, "= " + ", ".join(texts))
            continue
        number = readers[name](value, name, rule) if name in readers else _share_or_f(value, name, rule)
        parts[name] = _Part((number,), equation(value))
    return parts


def _refuse_unusable(name: str, numbers: tuple[Printed | None, ...], size: NDArray[np.int64]) -> None:
    for at, number in enumerate(numbers):
        if name == "means" and number is not None and number.reported.relation != "=":
            raise InvalidArgument(f"means[{at}]", number.reported.text, "a printed mean, without < or >")
        if name != "means" and number is not None and size[at] < 2:
            raise InvalidArgument(f"{name}[{at}]", number.reported.text, "None for a group of one person")


def _share_or_f(value: object, name: str, rule: str) -> Printed | None:
    return read_size(value, name, rule) if name == "f" else read_probability(value, rule, name)


def _solve(size: NDArray[np.int64], parts: dict[str, _Part]) -> tuple[dict[str, Any], str]:
    """Return the ranges, and the first constraint that leaves nothing; then the ranges are those before it."""
    names = list(parts)
    best = _ranges(size, {})
    for count in range(1, len(names) + 1):
        found = _ranges(size, {name: parts[name] for name in names[:count]})
        if found is None:
            return best or {}, names[count - 1]
        best = found
    return best or {}, ""


def _ranges(size: NDArray[np.int64], parts: dict[str, _Part]) -> dict[str, Any] | None:
    n = size.astype(np.float64)
    df1, df2 = n.size - 1.0, float(n.sum() - n.size)
    low, high = _group_sds(n, parts)
    if np.any(low > high):
        return None
    # A group of one adds nothing to what varies within groups, whatever its SD would be.
    squares = [
        float(np.sum(np.where(n > 1, (n - 1.0) * np.square(end), 0.0))) / df2
        for end in (low, np.where(n > 1, high, 0.0))
    ]
    within = _meet(_EVERYTHING, (squares[0], squares[1]))
    if "sd" in parts:
        ends = parts["sd"].ends()
        within = _meet(within, (float(ends[0][0]) ** 2, float(ends[1][0]) ** 2))
    between = _EVERYTHING
    if "means" in parts:
        between = between_range(*parts["means"].ends(), n)
    f = _bands(parts, df1, df2)
    if within[0] > within[1] or f[0] > f[1]:
        return None
    # F = between / (df1 within): each of the three is cut to what the other two leave of it.
    f = _meet(f, (_ratio(between[0], df1 * within[1], 0.0), _ratio(between[1], df1 * within[0], np.inf)))
    if f[0] > f[1]:
        return None
    new = _meet(between, (_times(f[0], df1 * within[0]), _times(f[1], df1 * within[1], np.inf)))
    within = _meet(within, (_ratio(between[0], df1 * f[1], 0.0), _ratio(between[1], df1 * f[0], np.inf)))
    group_low, group_high = _narrowed(n, low, high, within, df2)
    shares = [1.0 if np.isinf(end) else end * df1 / (end * df1 + df2) for end in f]
    p = [float(special.fdtrc(df1, df2, end)) if np.isfinite(end) else 0.0 for end in f]
    pairs = {"f": f, "p": (p[1], p[0]), "eta_squared": shares, "between": new, "within": within}
    pairs["sd"] = float(np.sqrt(within[0])), float(np.sqrt(within[1]))
    out: dict[str, Any] = {f"{name}_low": float(pair[0]) for name, pair in pairs.items()}
    out |= {f"{name}_high": float(pair[1]) for name, pair in pairs.items()}
    return out | {"group_sd_low": group_low, "group_sd_high": group_high}


def _group_sds(n: FloatArray, parts: dict[str, _Part]) -> tuple[FloatArray, FloatArray]:
    low, high = np.zeros_like(n), np.full_like(n, np.inf)
    for name, factor in (("sds", np.ones_like(n)), ("ses", np.sqrt(n))):
        if name in parts:
            ends = parts[name].ends()
            low, high = np.maximum(low, ends[0] * factor), np.minimum(high, ends[1] * factor)
    return low, high


def _bands(parts: dict[str, _Part], df1: float, df2: float) -> Range:
    """Return the range of F that F, p and eta squared leave."""
    f = _EVERYTHING
    for name in ("f", "p", "eta_squared"):
        if name not in parts:
            continue
        small, large = (float(end[0]) for end in parts[name].ends())
        if name == "p":
            small, large = (_f_of_p(end, df1, df2) for end in (large, small))
        elif name == "eta_squared":
            small, large = (np.inf if end >= 1 else end / (1.0 - end) * df2 / df1 for end in (small, large))
        f = _meet(f, (small, large))
    return f


def _f_of_p(p: float, df1: float, df2: float) -> float:
    if p <= 0:
        return float("inf")
    # By the upper tail, which keeps its digits however far out.
    share = float(special.betaincinv(0.5 * df2, 0.5 * df1, min(p, 1.0)))
    return df2 * (1.0 - share) / (df1 * share) if share > 0 else float("inf")


def _narrowed(
    n: FloatArray, low: FloatArray, high: FloatArray, within: Range, df2: float
) -> tuple[FloatArray, FloatArray]:
    """Return what the mean square within groups and the SDs of the other groups leave of each SD."""
    new_low, new_high = low.copy(), high.copy()
    weight = np.where(n > 1, n - 1.0, 0.0)
    for at in range(n.size):
        if n[at] < 2:
            continue
        others = np.arange(n.size) != at
        others &= weight > 0
        least = df2 * within[0] - float(np.sum(weight[others] * np.square(high[others])))
        most = df2 * within[1] - float(np.sum(weight[others] * np.square(low[others])))
        new_low[at] = max(low[at], float(np.sqrt(max(least, 0.0) / weight[at])))
        new_high[at] = min(high[at], float(np.sqrt(max(most, 0.0) / weight[at])))
    return new_low, new_high


def _meet(one: Range, two: Range) -> Range:
    return max(one[0], two[0]), min(one[1], two[1])


def _ratio(top: float, bottom: float, otherwise: float) -> float:
    """Return a quotient; `otherwise` where it is not defined, or the end that nothing bounds."""
    if bottom == 0 or (np.isinf(top) and np.isinf(bottom)):
        return otherwise if top == 0 or np.isinf(bottom) else float("inf")
    return top / bottom


def _times(one: float, two: float, otherwise: float = 0.0) -> float:
    """Return a product; `otherwise` for nothing times infinity."""
    return otherwise if (one == 0 and np.isinf(two)) or (two == 0 and np.isinf(one)) else one * two


def _assumptions(parts: dict[str, _Part]) -> tuple[str, ...]:
    sentences = ["the analysis of variance was of independent groups with one factor, without covariates or weights"]
    reported = [each.reported for part in parts.values() for each in part.numbers if each is not None]
    rules = dict.fromkeys(each.rounding for each in reported if each.relation == "=")
    if rules:
        sentences.append("digits were " + " or ".join(rounding_words(rule) for rule in rules))
    if "sds" in parts:
        sentences.append("the SDs of the groups have the divisor n - 1")
    return tuple(sentences)
