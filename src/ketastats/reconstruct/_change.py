"""Every change score and pre-post correlation that would print as reported."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from .. import _validate
from .._results import columns_to_frame
from ..errors import InvalidArgument
from ..numerics import student_t
from ..numerics.change_scores import change_sd_range, correlation_range
from ..numerics.vertices import corners, direction, half_space
from ..reported import Reported, Rounding
from ._base import CompatibleSet
from ._printed_means import PrintedMeans, read_change
from ._sizes import IntArray, read_counts
from ._t_ranges import t_of_p
from ._words import equation, rounding_words

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["CompatibleChange", "change"]

FloatArray = NDArray[np.float64]
Range = tuple[FloatArray, FloatArray]

# A coordinate that nothing bounds ends here, in units of the printed numbers; far beyond any that prints so.
_FAR = 2.0**44
_ENDLESS = 2.0**-16
_WITH_N = ("se_change", "t", "p", "ci")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CompatibleChange(CompatibleSet):
    """All changes of one group between two measurements that would print as reported.

    Parameters
    ----------
    n : ndarray of int64, shape (rows,)
        People measured twice, one row for each number that is possible; 0 when n was not given.
    r_low, r_high : ndarray, shape (rows,)
        Range of the correlation between both measurements.
    sd_change_low, sd_change_high : ndarray, shape (rows,)
        Range of the standard deviation of the changes (divisor n - 1).
    mean_change_low, mean_change_high : ndarray, shape (rows,)
        Range of the mean change, after minus before; of its size when `sign_known` is False.
    t_low, t_high : ndarray, shape (rows,)
        Range of the paired t statistic; infinite where n is not known.
    p_low, p_high : ndarray, shape (rows,)
        Range of its two-sided p-value.
    implied_r : tuple of float
        The smallest and the largest correlation that the three standard deviations imply, also where it is beyond -1
        or 1 and no people have it; over all numbers of people.
    sign_known : bool
        Whether the direction of the change is known.
    printed : dict
        The constraints as they were given.
    exhaustive : bool
        Always True: the ranges hold every value that prints so.
    assumptions : tuple of str
        What was assumed.
    emptied_by : str
        The constraint that left nothing, if nothing is left.

    Examples
    --------
    >>> import ketastats as ks
    >>> found = ks.reconstruct.change(sd_pre="14.58", sd_post="7.79", sd_change="13.01")
    >>> print(f"r from {found.r_low[0]:.3f} to {found.r_high[0]:.3f}")
    r from 0.457 to 0.459
    """

    n: IntArray
    r_low: FloatArray
    r_high: FloatArray
    sd_change_low: FloatArray
    sd_change_high: FloatArray
    mean_change_low: FloatArray
    mean_change_high: FloatArray
    t_low: FloatArray
    t_high: FloatArray
    p_low: FloatArray
    p_high: FloatArray
    implied_r: tuple[float, float]
    sign_known: bool
    printed: dict[str, str]
    exhaustive: bool
    assumptions: tuple[str, ...]
    emptied_by: str

    def __len__(self) -> int:
        return int(self.n.size)

    @property
    def label(self) -> str:
        """What the numbers are together: "possible", "r > 1", "r < -1" or "impossible"."""
        if self:
            return "possible"
        low, high = self.implied_r
        return "r > 1" if low > 1 else "r < -1" if high < -1 else "impossible"

    @property
    def identifiability(self) -> str:
        """Which correlations remain, in one sentence."""
        printed = ", ".join(f"{name} {value}" for name, value in self.printed.items())
        low, high = self.implied_r
        if not self:
            why = (
                f"the SDs imply r from {low:.3f} to {high:.3f}"
                if low > 1 or high < -1
                else "they contradict each other"
            )
            return f"No change with {printed} exists: {self.emptied_by} leaves nothing ({why})."
        return f"With {printed}, r lies between {self.r_low.min():.3f} and {self.r_high.max():.3f}."

    def to_frame(self) -> pd.DataFrame:
        """Return the set as a tidy data frame.

        Returns
        -------
        pandas.DataFrame
            Columns n and the two ends of r, sd_change, mean_change, t and p; one row for each number of people.
        """
        names = [f"{name}_{end}" for name in ("r", "sd_change", "mean_change", "t", "p") for end in ("low", "high")]
        return columns_to_frame({name: getattr(self, name) for name in ["n", *names]})


def change(
    *,
    n: object = None,
    mean_pre: str | Reported | None = None,
    mean_post: str | Reported | None = None,
    sd_pre: str | Reported | None = None,
    sd_post: str | Reported | None = None,
    mean_change: str | Reported | None = None,
    sd_change: str | Reported | None = None,
    se_change: str | Reported | None = None,
    ci: tuple[str | Reported, str | Reported] | None = None,
    level: float | None = None,
    t: str | Reported | None = None,
    p: str | Reported | None = None,
    r: str | Reported | None = None,
    rounding: str = "half",
) -> CompatibleChange:
    """Return every change of one group between two measurements that would print as reported.

    The standard deviations before and after, that of the change and the correlation between both measurements determine
    each other; so do the mean change, its standard deviation, t and p. The function says what is left of each, and
    whether the printed numbers are possible together at all.

    Parameters
    ----------
    n : int or range, optional
        People measured twice; needed with `se_change`, `ci`, `t` or `p`.
    mean_pre, mean_post : str or Reported, optional
        Means before and after, as printed.
    sd_pre, sd_post : str or Reported, optional
        Standard deviations before and after (divisor n - 1), above zero.
    mean_change : str or Reported, optional
        Mean change, after minus before. Without a printed sign it is the size of the change, in either direction; the
        same holds for `t`.
    sd_change, se_change : str or Reported, optional
        Standard deviation of the changes; standard error of the mean change.
    ci : pair of str or Reported, optional
        Limits of Student's confidence interval of the mean change; needs `level`.
    level : float, optional
        Confidence level of `ci`.
    t, p : str or Reported, optional
        The paired t statistic and its two-sided p-value, with n - 1 degrees of freedom.
    r : str or Reported, optional
        Pearson's correlation between the measurements.
    rounding : {"half", "half_up", "half_even", "truncate", "up", ...}
        How the digits were cut; see `Rounding`.

    Returns
    -------
    CompatibleChange
        One row for each number of people; empty (and false) when nothing prints so, with its `label` saying why.

    Raises
    ------
    InvalidArgument, InvalidType
        If an argument cannot be used, nothing was printed, or n is missing where it is needed.

    Notes
    -----
    With a, b and c for the standard deviations before, after and of the change, r = (a^2 + b^2 - c^2) / (2 a b). It
    falls and rises again in a and in b, so that its smallest value over the rounding intervals need not lie at their
    ends.

    References
    ----------
    .. [1] Higgins JPT, Li T, Deeks JJ (2019). Choosing effect measures and computing estimates of effect. In: Cochrane
       Handbook for Systematic Reviews of Interventions, chapter 6. doi:10.1002/9781119536604.ch6

    Examples
    --------
    >>> import ketastats as ks
    >>> ks.reconstruct.change(sd_pre="8.0", sd_post="5.0", sd_change="2.0").label
    'r > 1'
    >>> found = ks.reconstruct.change(n=83, mean_change="-5.7", p="< .001", sd_pre="4.1", sd_post="5.2")
    >>> print(f"SD of the change from {found.sd_change_low[0]:.2f} to {found.sd_change_high[0]:.2f}")
    SD of the change from 1.00 to 9.40
    """
    rule = _validate.choice(rounding, "rounding", tuple(Rounding))
    given: dict[str, Any] = {
        "mean_pre": mean_pre,
        "mean_post": mean_post,
        "sd_pre": sd_pre,
        "sd_post": sd_post,
        "mean_change": mean_change,
        "sd_change": sd_change,
        "se_change": se_change,
        "ci": ci,
        "t": t,
        "p": p,
        "r": r,
    }
    printed = read_change(given, level, rule)
    sizes = _people(n, printed)
    rows, implied = _solve(sizes, printed)
    culprit = "" if rows["n"].size else _blame(sizes, printed)
    words = {name: _words(name, given[name], printed.level) for name in printed.names()}
    return CompatibleChange(
        **rows,
        implied_r=implied,
        sign_known=_sign_known(printed),
        printed=({} if n is None else {"n": equation(n)}) | words,
        exhaustive=True,
        assumptions=_assumptions(printed),
        emptied_by=f"{culprit} {words[culprit]}" if culprit else "",
    )


def _people(n: object, printed: PrintedMeans) -> IntArray:
    if n is not None:
        return read_counts(n, "n", low=2)
    needs = [name for name in _WITH_N if name in printed.numbers]
    if needs:
        raise InvalidArgument("n", n, f"a whole number of at least 2 or a range, with {', '.join(needs)}")
    return np.array([0], dtype=np.int64)


def _sign_known(printed: PrintedMeans) -> bool:
    return bool(printed.signed) or "ci" in printed.numbers or {"mean_pre", "mean_post"} <= printed.numbers.keys()


def _blame(sizes: IntArray, printed: PrintedMeans) -> str:
    names = printed.names()
    for count in range(1, len(names) + 1):
        if _solve(sizes, printed.only(names[:count]))[0]["n"].size == 0:
            return names[count - 1]
    return ""


def _solve(sizes: IntArray, printed: PrintedMeans) -> tuple[dict[str, Any], tuple[float, float]]:
    """Return the ranges by name, and the correlations that the printed standard deviations imply."""
    n = np.maximum(sizes.astype(np.float64), 1.0)
    pre, post = (_ends(printed, name, n) for name in ("sd_pre", "sd_post"))
    limits = _ends(printed, "r", n)
    limits = np.maximum(limits[0], -1.0), np.minimum(limits[1], 1.0)
    both = {"sd_pre", "sd_post"} <= printed.numbers.keys()
    by_r = change_sd_range(pre, post, limits) if both else (np.zeros_like(n), np.full_like(n, np.inf))
    parts = [_polygon(n, printed, sign, by_r) for sign in _pieces(printed)]
    low = {name: np.min([part[0][name] for part in parts], axis=0) for name in parts[0][0]}
    high = {name: np.max([part[1][name] for part in parts], axis=0) for name in parts[0][1]}
    keep = low["sd_change"] <= high["sd_change"]
    r_low, r_high = limits
    implied = -1.0, 1.0
    if both:
        free = _implied(n, printed, pre, post)
        implied = float(free[0].min()), float(free[1].max())
        spread = np.where(keep, low["sd_change"], 0.0), np.where(keep, high["sd_change"], np.inf)
        found = correlation_range(pre, post, spread)
        r_low, r_high = np.maximum(r_low, found[0]), np.minimum(r_high, found[1])
    ends = {"r": (r_low, r_high)} | {name: (low[name], high[name]) for name in low}
    columns = {
        f"{name}_{end}": part[keep]
        for name, pair in ends.items()
        for end, part in zip(("low", "high"), pair, strict=True)
    }
    return {"n": sizes[keep], **columns}, implied


def _implied(n: FloatArray, printed: PrintedMeans, pre: Range, post: Range) -> Range:
    """Return the correlations that the standard deviations imply by themselves, whatever people can have."""
    every = np.zeros_like(n), np.full_like(n, np.inf)
    parts = [_polygon(n, printed, sign, every) for sign in _pieces(printed)]
    low = np.min([part[0]["sd_change"] for part in parts], axis=0)
    high = np.max([part[1]["sd_change"] for part in parts], axis=0)
    some = low <= high
    return correlation_range(pre, post, (np.where(some, low, 0.0), np.where(some, high, np.inf)))


def _pieces(printed: PrintedMeans) -> list[int]:
    """Return the directions to search; 1 alone when the sign is unknown and the change stands for its size."""
    if not _sign_known(printed):
        return [1]
    names = [name for name in ("mean_change", "t", "p") if name in printed.numbers and name not in printed.signed]
    gap = any(printed.ends("p")[1] < 1 if name == "p" else printed.ends(name)[0] > 0 for name in names)
    return [-1, 1] if gap else [0]


def _polygon(
    n: FloatArray, printed: PrintedMeans, sign: int, by_r: Range
) -> tuple[dict[str, FloatArray], dict[str, FloatArray]]:
    """Return the ranges that the mean change and its standard error leave; inf and -inf where there is nothing."""
    unit = max([1e-300, *(abs(end) for name in printed.names() for end in printed.all_ends(name) if np.isfinite(end))])
    root = np.sqrt(n)
    low, high = _band(n, printed, sign)
    found, _ = corners(np.stack(_faces(n, printed, sign, by_r, (low, high), _FAR * unit), axis=1))
    far = _ENDLESS * _FAR * unit
    mean, error = found[..., 0], np.maximum(found[..., 2], 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        t = np.clip(mean / error, low[:, None], np.maximum(low, high)[:, None])
    t = np.where((error >= far) & (np.abs(mean) < far), np.clip(0.0, low, np.maximum(low, high))[:, None], t)
    mean, error = (np.where(np.abs(x) >= far, np.copysign(np.inf, x), x) for x in (mean, error))
    values = {"sd_change": error * root[:, None], "mean_change": mean, "t": t}
    empty = low > high
    lows = {name: _least(value, empty) for name, value in values.items()}
    highs = {name: -_least(-value, empty) for name, value in values.items()}
    if np.all(n == 1):
        # Without the number of people there is no t.
        lows["t"], highs["t"] = np.full_like(n, -np.inf if sign <= 0 else 0.0), np.full_like(n, np.inf)
    nearest = np.maximum(np.maximum(lows["t"], -highs["t"]), 0.0)
    furthest = np.maximum(np.abs(lows["t"]), np.abs(highs["t"]))
    df = np.maximum(n - 1.0, 1.0)
    gone = ~(lows["sd_change"] <= highs["sd_change"])
    lows["p"] = np.where(gone, np.inf, 2.0 * student_t.sf(np.where(gone, 0.0, furthest), df))
    highs["p"] = np.where(gone, -np.inf, 2.0 * student_t.sf(np.where(gone, 0.0, nearest), df))
    return lows, highs


def _least(values: FloatArray, empty: NDArray[np.bool_]) -> FloatArray:
    return np.where(empty, np.inf, np.where(np.isnan(values), np.inf, values).min(axis=1))


def _band(n: FloatArray, printed: PrintedMeans, sign: int) -> Range:
    """Return the smallest and the largest t."""
    low, high = np.zeros_like(n), np.full_like(n, np.inf)
    bottom, top = -np.inf, np.inf
    if "p" in printed.numbers:
        small, large = printed.ends("p")
        low, high = t_of_p(large, n - 1.0), t_of_p(small, n - 1.0)
    if "t" in printed.signed:
        bottom, top = printed.ends("t")
    elif "t" in printed.numbers:
        small, large = printed.ends("t")
        low, high = np.maximum(low, small), np.minimum(high, large)
    if sign > 0:
        return np.maximum(low, bottom), np.minimum(high, top)
    return np.maximum(-high, bottom), np.minimum(high if sign == 0 else -low, top)


def _faces(n: FloatArray, printed: PrintedMeans, sign: int, by_r: Range, band: Range, far: float) -> list[FloatArray]:
    size, root = n.size, np.sqrt(n)
    low, high = by_r
    small, large = printed.ends("sd_change", 0.0)
    error_low, error_high = printed.ends("se_change", 0.0)
    low = np.maximum(np.maximum(low, small) / root, error_low)
    high = np.minimum(np.minimum(high, large) / root, error_high)
    mean_low, mean_high = _mean_ends(printed, sign)
    faces = [
        half_space(0.0, 0.0, 1.0, low, size),
        half_space(0.0, 0.0, -1.0, -np.minimum(high, far), size),
        half_space(1.0, 0.0, 0.0, max(mean_low, -far), size),
        half_space(-1.0, 0.0, 0.0, -min(mean_high, far), size),
        half_space(0.0, 1.0, 0.0, 0.0, size),
        half_space(0.0, -1.0, 0.0, 0.0, size),
    ]
    (flat, steep), (flat_high, steep_high) = (direction(end) for end in band)
    faces.append(half_space(flat, 0.0, -steep, 0.0, size))
    faces.append(half_space(-flat_high, 0.0, steep_high, 0.0, size))
    if "ci" in printed.numbers:
        reach = student_t.isf(0.5 * (1.0 - printed.level), n - 1.0)
        low_min, low_max, high_min, high_max = printed.limits("ci")
        faces.append(half_space(1.0, 0.0, -reach, low_min, size))
        faces.append(half_space(-1.0, 0.0, reach, -low_max, size))
        faces.append(half_space(1.0, 0.0, reach, high_min, size))
        faces.append(half_space(-1.0, 0.0, -reach, -high_max, size))
    return faces


def _mean_ends(printed: PrintedMeans, sign: int) -> tuple[float, float]:
    low, high = -np.inf, np.inf
    if "mean_change" in printed.numbers:
        low, high = printed.ends("mean_change")
        if "mean_change" not in printed.signed:
            low, high = {1: (low, high), -1: (-high, -low), 0: (-high, high)}[sign]
    before, after = printed.ends("mean_pre"), printed.ends("mean_post")
    low, high = max(low, after[0] - before[1]), min(high, after[1] - before[0])
    return (max(low, 0.0) if sign > 0 else low), (min(high, 0.0) if sign < 0 else high)


def _ends(printed: PrintedMeans, name: str, n: FloatArray) -> Range:
    low, high = printed.ends(name, -1.0 if name == "r" else 0.0)
    return np.full_like(n, low), np.full_like(n, high)


def _words(name: str, value: Any, level: float) -> str:
    if name != "ci":
        return equation(value)
    low, high = (end.text if isinstance(end, Reported) else end for end in value)
    return f"{low} to {high} at level {level:g}"


def _assumptions(printed: PrintedMeans) -> tuple[str, ...]:
    sentences = ["the same people were measured before and after, and all of them stand behind every number"]
    rules = dict.fromkeys(reported.rounding for reported in printed.reported() if reported.relation == "=")
    if rules:
        sentences.append("digits were " + " or ".join(rounding_words(rule) for rule in rules))
    sentences.append("the SDs have the divisor n - 1")
    if printed.numbers.keys() & {"t", "p", "ci"}:
        sentences.append("t, p and the interval are those of the paired t-test, two-sided")
    if not _sign_known(printed):
        sentences.append("the direction is unknown: t and the mean change are absolute values")
    return tuple(sentences)
