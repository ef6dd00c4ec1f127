"""The set of analyses of variance that would print as reported."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ..._results import columns_to_frame
from ...errors import InvalidArgument
from .._listed import ListedSet
from .._words import counted
from .anova_solve import RANGES, Part

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["CompatibleAnova"]

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CompatibleAnova(ListedSet):
    """All analyses of variance of several groups that would print as reported.

    Parameters
    ----------
    n : ndarray of int64, shape (groups,)
        People in each group; 0 where the printed numbers leave more than one size.
    sizes : ndarray of int64, shape (rows, groups)
        Every choice of group sizes that is left, one row each; a single row when all were printed.
    df1, df2 : int
        Degrees of freedom between and within groups.
    f_low, f_high : float
        Range of F, over all choices of group sizes like every range here; `by_sizes` has one for each.
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
    group_mean_low, group_mean_high : ndarray, shape (groups,)
        Range of the mean of each group, likewise.
    printed : dict
        The constraints as they were given.
    exhaustive : bool
        Always True: the ranges hold every value that prints so.
    assumptions : tuple of str
        What was assumed.
    emptied_by : str
        The constraint that left nothing, if nothing is left; the ranges are those before it.
    possible_sizes : int
        How many choices of group sizes were searched.
    steps : tuple of str
        What each call of `where` removed, one sentence each.

    Examples
    --------
    >>> import ketastats as ks
    >>> found = ks.reconstruct.anova(n=[20, 22, 19], means=["5.1", "4.2", "6.0"], sds=["1.9", "2.2", "2.0"])
    >>> print(f"F from {found.f_low:.2f} to {found.f_high:.2f}")
    F from 3.36 to 4.65
    """

    n: NDArray[np.int64]
    sizes: NDArray[np.int64]
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
    group_mean_low: FloatArray
    group_mean_high: FloatArray
    printed: dict[str, str]
    exhaustive: bool
    assumptions: tuple[str, ...]
    emptied_by: str
    possible_sizes: int
    steps: tuple[str, ...] = ()
    _ranges: dict[str, tuple[FloatArray, FloatArray]]
    _searched: NDArray[np.int64]
    _parts: dict[str, Part]

    def __len__(self) -> int:
        return int(self.sizes.shape[0])

    @property
    def identifiability(self) -> str:
        """Which F and p remain, in one sentence."""
        printed = ", ".join(f"{name} {value}" for name, value in self.printed.items())
        groups = counted(self.n.size, "group")
        if not self:
            return f"No analysis of variance of {groups} with {printed} exists: {self.emptied_by} leaves nothing."
        sizes = "" if self.possible_sizes == 1 else f", {len(self):,} of {self.possible_sizes:,} choices of group sizes"
        return (
            f"{groups} with {printed}{sizes}: F({self.df1}, {self.df2}) lies between {self.f_low:.3g} and "
            f"{self.f_high:.3g}, p between {self.p_low:.3g} and {self.p_high:.3g}."
        )

    def to_frame(self) -> pd.DataFrame:
        """Return the set as a tidy data frame.

        Returns
        -------
        pandas.DataFrame
            One row per quantity with columns quantity, group (0 for the whole), low and high; no row when the set is
            empty.
        """
        names = [*RANGES, *["group_sd"] * self.n.size, *["group_mean"] * self.n.size]
        low, high = (
            [*(getattr(self, f"{name}_{end}") for name in RANGES), *sds, *means]
            for end, sds, means in (
                ("low", self.group_sd_low, self.group_mean_low),
                ("high", self.group_sd_high, self.group_mean_high),
            )
        )
        group = [*[0] * len(RANGES), *range(1, self.n.size + 1), *range(1, self.n.size + 1)]
        keep = slice(None) if self else slice(0)
        columns = {"quantity": names[keep], "group": group[keep], "low": low[keep], "high": high[keep]}
        return columns_to_frame(columns)

    def by_sizes(self) -> pd.DataFrame:
        """Return the ranges of every choice of group sizes that is left.

        Returns
        -------
        pandas.DataFrame
            Columns n1, n2, ... and the two ends of f, p, eta_squared, between, within and sd; one row for each choice.
        """
        names = [*(f"n{at}" for at in range(1, self.n.size + 1))]
        names += [f"{name}_{end}" for name in RANGES for end in ("low", "high")]
        return columns_to_frame({name: self._column(name) for name in names})

    def where(self, *, rounding: str = "half", **printed: Any) -> CompatibleAnova:
        """Return what further printed numbers leave.

        Parameters
        ----------
        rounding : str
            How the further digits were cut.
        **printed
            Keywords of `anova` for printed numbers, such as ``p="0.02"`` or ``sds=["1.9", None, None]``.

        Returns
        -------
        CompatibleAnova
            What is left, as if everything had been given to `anova` at once; `steps` says what was removed.

        Raises
        ------
        InvalidArgument, InvalidType
            If an argument cannot be used.

        Examples
        --------
        >>> import ketastats as ks
        >>> found = ks.reconstruct.anova(n=[20, None, None], total=61, means=["5.1", "4.2", "6.0"], sd="2.04")
        >>> print(found.where(f="4.02").steps[0])
        f = 4.02 removed 22 of 40 rows
        """
        from .anova_find import narrowed

        return narrowed(self, printed, rounding)

    def _frame(self, at: Any) -> pd.DataFrame:
        frame: pd.DataFrame = self.by_sizes().iloc[at]
        return frame

    def _column(self, name: str) -> Any:
        sizes = {f"n{at}": column for at, column in enumerate(self.sizes.T, 1)}
        if name in sizes:
            return sizes[name]
        ends = {f"{each}_{end}": (each, at) for each in RANGES for at, end in enumerate(("low", "high"))}
        if name not in ends:
            raise InvalidArgument("name", name, "one of " + ", ".join((*sizes, *ends)))
        each, at = ends[name]
        return self._ranges[each][at]
