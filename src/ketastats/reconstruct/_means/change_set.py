"""The set of changes between two measurements that would print as reported."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ..._results import columns_to_frame
from ...errors import InvalidArgument
from .._listed import ListedSet
from .._sizes import IntArray
from .change_limits import ChangeLimits, distance_outside, intervals
from .printed import PrintedMeans

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["RANGES", "CompatibleChange"]

FloatArray = NDArray[np.float64]
#: What has a range in every row.
RANGES = ("r", "sd_change", "mean_change", "t", "p", "sd_pre", "sd_post")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CompatibleChange(ListedSet):
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
    sd_pre_low, sd_pre_high, sd_post_low, sd_post_high : ndarray, shape (rows,)
        Range of the standard deviation before and after.
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
    steps : tuple of str
        What each call of `where` removed, one sentence each.

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
    sd_pre_low: FloatArray
    sd_pre_high: FloatArray
    sd_post_low: FloatArray
    sd_post_high: FloatArray
    implied_r: tuple[float, float]
    sign_known: bool
    printed: dict[str, str]
    exhaustive: bool
    assumptions: tuple[str, ...]
    emptied_by: str
    steps: tuple[str, ...] = ()
    _printed: PrintedMeans
    _sizes: IntArray

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

    def intervals(self, level: float = 0.90) -> ChangeLimits:
        """Return the confidence interval of the mean change, each limit as a range over the values that print so.

        Parameters
        ----------
        level : float
            Confidence level; equivalence at one-sided 0.05 reads the interval at 0.90.

        Returns
        -------
        ChangeLimits
            The range of each limit, after minus before. Where the sign is unknown they are those of a rise; mirror them
            for a fall.

        Raises
        ------
        InvalidArgument
            If the number of people is unknown, or nothing bounds the mean change or its standard deviation.

        Examples
        --------
        >>> import ketastats as ks
        >>> limits = ks.reconstruct.change(n=83, mean_change="-5.7", sd_change="5.9").intervals(0.90)
        >>> print(f"{limits.low_min[0]:.2f} to {limits.high_max[0]:.2f}")
        -6.84 to -4.56
        """
        return intervals(self, level)

    def distance_outside(self, low: float, high: float, level: float) -> FloatArray:
        """Return how far outside two ends the worse limit of the interval of the mean change lies, at least.

        Parameters
        ----------
        low, high : float
            Ends in the units of the scale; at most one of them infinite.
        level : float
            Confidence level of the interval.

        Returns
        -------
        ndarray, shape (rows,)
            The smallest distance over the values that print so; negative where some of them bring the whole interval
            between the ends.

        Raises
        ------
        InvalidArgument
            If the number of people is unknown, or nothing bounds the mean change or its standard deviation.

        Examples
        --------
        >>> import ketastats as ks
        >>> found = ks.reconstruct.change(n=83, mean_change="-5.7", sd_change="5.9")
        >>> bool(found.distance_outside(-7.0, -4.0, 0.90)[0] < 0)
        True
        """
        return distance_outside(self, low, high, level)

    def where(self, *, level: float | None = None, rounding: str = "half", **printed: Any) -> CompatibleChange:
        """Return what further printed numbers leave.

        Parameters
        ----------
        level : float, optional
            Confidence level of a further interval.
        rounding : str
            How the further digits were cut.
        **printed
            Keywords of `change`, such as ``sd_change="5.9"`` or ``n=83``.

        Returns
        -------
        CompatibleChange
            What is left, as if everything had been given to `change` at once; `steps` says what was removed.

        Raises
        ------
        InvalidArgument, InvalidType
            If an argument cannot be used.

        Examples
        --------
        >>> import ketastats as ks
        >>> found = ks.reconstruct.change(sd_pre="4.1", sd_post="5.2").where(sd_change="5.9")
        >>> print(f"r from {found.r_low[0]:.3f} to {found.r_high[0]:.3f}")
        r from 0.180 to 0.242
        """
        from .change_find import narrowed

        return narrowed(self, printed, level=level, rounding=rounding)

    def _column(self, name: str) -> Any:
        names = ["n", *(f"{name}_{end}" for name in RANGES for end in ("low", "high"))]
        if name not in names:
            raise InvalidArgument("name", name, "one of " + ", ".join(names))
        return getattr(self, name)

    def to_frame(self) -> pd.DataFrame:
        """Return the set as a tidy data frame.

        Returns
        -------
        pandas.DataFrame
            Columns n and the two ends of r, sd_change, mean_change, t, p, sd_pre and sd_post; one row for each number
            of people.
        """
        names = [f"{name}_{end}" for name in RANGES for end in ("low", "high")]
        return columns_to_frame({name: getattr(self, name) for name in ["n", *names]})
