"""The set of all means and standard deviations behind printed quantiles."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ... import _validate
from ..._results import columns_to_frame
from ...errors import InvalidArgument
from ...reported import Rounding
from .._listed import ListedSet
from .._sizes import IntArray
from .._steps import free_name, removed
from .._words import equation
from .quantile_question import NAMES, QuantileQuestion, read_quantiles

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["CompatibleQuantiles", "find"]

FloatArray = NDArray[np.float64]
_ENDS = ("mean_low", "mean_high", "sd_low", "sd_high")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CompatibleQuantiles(ListedSet):
    """The means and standard deviations of all samples that would print the reported quantiles.

    Parameters
    ----------
    n : ndarray of int64, shape (rows,)
        People in the sample.
    definition : ndarray of str, shape (rows,)
        The definitions of the quartiles under which the numbers are possible and the ranges hold, joined by ``+``;
        among few people several definitions take the same values.
    mean_low, mean_high : ndarray, shape (rows,)
        Range of the mean; infinite where nothing bounds it.
    sd_low, sd_high : ndarray, shape (rows,)
        Range of the standard deviation (divisor n - 1).
    printed : dict
        The constraints as they were given.
    possible_rows : int
        How many sizes and definitions were looked at.
    exhaustive : bool
        Always True: the ranges hold the mean and the SD of every sample that prints so.
    assumptions : tuple of str
        What was assumed.
    emptied_by : str
        The constraint that left nothing, if nothing is left.
    steps : tuple of str
        What each call of `where` removed, one sentence each.

    Notes
    -----
    Every end is reached by some sample (`values` returns one), and with it everything between both ends.

    Examples
    --------
    >>> import ketastats as ks
    >>> found = ks.reconstruct.quantiles(n=20, minimum="2", q1="4", median="6", q3="10", maximum="14")
    >>> print(found.identifiability)
    Samples with n = 20, minimum = 2, q1 = 4, median = 6, q3 = 10, maximum = 14: the mean lies between 5.6 and 8.7, \
the SD between 2.514 and 5.256.
    """

    n: IntArray
    definition: NDArray[np.str_]
    mean_low: FloatArray
    mean_high: FloatArray
    sd_low: FloatArray
    sd_high: FloatArray
    printed: dict[str, str]
    possible_rows: int
    exhaustive: bool
    assumptions: tuple[str, ...]
    emptied_by: str
    steps: tuple[str, ...] = ()
    _question: QuantileQuestion

    def __len__(self) -> int:
        return int(self.n.size)

    @property
    def identifiability(self) -> str:
        """Which means and SDs remain, in one sentence."""
        printed = ", ".join(f"{name} {value}" for name, value in self.printed.items())
        if not self:
            return f"No sample with {printed} exists: {self.emptied_by} leaves nothing."
        return (
            f"Samples with {printed}: the mean lies between {self.mean_low.min():.4g} and {self.mean_high.max():.4g}, "
            f"the SD between {self.sd_low.min():.4g} and {self.sd_high.max():.4g}."
        )

    def to_frame(self) -> pd.DataFrame:
        """Return the set as a tidy data frame.

        Returns
        -------
        pandas.DataFrame
            Columns n, definition, mean_low, mean_high, sd_low and sd_high.
        """
        return columns_to_frame({name: getattr(self, name) for name in ("n", "definition", *_ENDS)})

    def _refuse_whole(self, name: str, value: object) -> None:
        if self._question.whole is not None:
            remedy = "Leave out items; or ask samples, whose members are whole numbers."
            raise InvalidArgument(name, value, "asked of a set of any values", remedy)

    def _column(self, name: str) -> Any:
        names = ("n", "definition", *_ENDS)
        return getattr(self, _validate.choice(name, "name", names))

    def values(self, end: str, row: int = 0) -> FloatArray:
        """Return a sample that reaches an end of the mean or of the SD.

        Parameters
        ----------
        end : {"mean_low", "mean_high", "sd_low", "sd_high"}
            The end, which must be finite.
        row : int
            The row of the set.

        Returns
        -------
        ndarray, shape (n,)
            The values of all people, in order.

        Raises
        ------
        InvalidArgument, InvalidType
            If there is no such row or end.
        """
        which = _validate.choice(end, "end", _ENDS)
        if not self:
            raise InvalidArgument("row", row, "a row of a set that is not empty")
        at = _validate.integer(row, "row", high=len(self) - 1)
        self._refuse_whole("end", end)
        limit = float(getattr(self, which)[at])
        if not np.isfinite(limit):
            raise InvalidArgument("end", end, "an end that is finite", "The printed numbers leave it without bound.")
        # At an end of the mean any SD will do that it leaves.
        mean = (limit, limit) if which.startswith("mean") else (float(self.mean_low[at]), float(self.mean_high[at]))
        definition = str(self.definition[at]).split("+")[0]
        found = self._question.within(int(self.n[at]), definition, mean, self._question.ends("sd"))
        if found is None:
            raise AssertionError("an end is reached")  # pragma: no cover
        if np.isinf(found.sd[1]):
            return found.least
        return found.sample(found.sd[1] if which == "sd_high" else found.sd[0])

    def outline(self, size: int = 41) -> pd.DataFrame:
        """Return the range of the SD at each of several means: the outline of what is possible together.

        Parameters
        ----------
        size : int
            How many means, evenly spaced between the ends of their range, which must be finite.

        Returns
        -------
        pandas.DataFrame
            Columns n, definition, mean, sd_low and sd_high.

        Raises
        ------
        InvalidArgument, InvalidType
            If `size` cannot be used, or nothing bounds the mean.
        """
        number = _validate.integer(size, "size", low=2, high=10_000)
        self._refuse_whole("size", size)
        if not np.isfinite([self.mean_low, self.mean_high]).all():
            raise InvalidArgument(
                "size", size, "a set whose means are bounded", "Give minimum and maximum, or a scale."
            )
        rows = []
        for at in range(len(self)):
            n, names = int(self.n[at]), str(self.definition[at])
            for mean in np.linspace(self.mean_low[at], self.mean_high[at], number):
                found = self._question.within(n, names.split("+", 1)[0], (mean, mean), self._question.ends("sd"))
                if found is not None:
                    rows.append((n, names, float(mean), *found.sd))
        columns = zip(*rows, strict=True) if rows else [[]] * 5
        return columns_to_frame(dict(zip(("n", "definition", "mean", "sd_low", "sd_high"), columns, strict=True)))

    def where(self, *, rounding: str = "half", **printed: Any) -> CompatibleQuantiles:
        """Return what further printed numbers leave.

        Parameters
        ----------
        rounding : str
            How the further digits were cut.
        **printed
            Keywords of `quantiles`, such as ``mean="6.9"`` or ``maximum="14"``.

        Returns
        -------
        CompatibleQuantiles
            What is left, as if everything had been given to `quantiles` at once; `steps` says what was removed.

        Raises
        ------
        InvalidArgument, InvalidType
            If an argument cannot be used.

        Examples
        --------
        >>> import ketastats as ks
        >>> found = ks.reconstruct.quantiles(n=20, minimum="2", median="6", maximum="14").where(mean="6.9")
        >>> print(found.steps[0])
        mean = 6.9 removed 0 of 1 row, and left the SD between 1.843 and 5.958
        """
        rule = _validate.choice(rounding, "rounding", tuple(Rounding))
        unknown = [name for name in printed if name not in NAMES]
        if unknown or not printed:
            raise InvalidArgument("where", unknown[0] if unknown else {}, "one of " + ", ".join(NAMES))
        new = read_quantiles(printed, rule)
        words = {free_name(name, self.printed): equation(printed[name]) for name, _ in new}
        question = replace(self._question, numbers=(*self._question.numbers, *new))
        found = find(question, self.printed | words, self.assumptions)
        cases = question.cases()
        # With the first quartile every definition has its own row.
        same = len(cases) == len(self._question.cases())
        before = len(self) if same else sum(n in self.n for n, _ in cases)
        step = removed(words, before, len(found), "row")
        if found:
            step += f", and left the SD between {found.sd_low.min():.4g} and {found.sd_high.max():.4g}"
        return replace(found, steps=(*self.steps, step), emptied_by=self.emptied_by or found.emptied_by)


def find(question: QuantileQuestion, printed: dict[str, str], assumptions: tuple[str, ...]) -> CompatibleQuantiles:
    """Return the set of what is left of the sizes and definitions of a question."""
    cases = question.cases()
    left = [(n, names, found) for n, names in cases if (found := question.left(n, names[0])) is not None]
    ends = np.array([(*mean, *sd) for _, _, (mean, sd) in left]).reshape(-1, len(_ENDS))
    return CompatibleQuantiles(
        n=np.array([n for n, _, _ in left], dtype=np.int64),
        definition=np.array(["+".join(names) for _, names, _ in left], dtype=np.str_),
        mean_low=ends[:, 0],
        mean_high=ends[:, 1],
        sd_low=ends[:, 2],
        sd_high=ends[:, 3],
        printed=printed,
        possible_rows=len(cases),
        exhaustive=True,
        assumptions=assumptions,
        emptied_by="" if left else _blame(question, printed),
        _question=question,
    )


def _blame(question: QuantileQuestion, printed: dict[str, str]) -> str:
    """Return the first printed number that, with those before it, leaves nothing."""
    labels = [f"{name} {value}" for name, value in printed.items() if name not in ("n", "scale")]
    for count, label in enumerate(labels, 1):
        part = question.first(count)
        if all(part.left(n, names[0]) is None for n, names in part.cases()):
            return label
    return labels[-1]
