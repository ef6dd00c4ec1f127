"""The set of all samples of whole numbers that would print a mean and a standard deviation."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ... import _validate
from ...errors import BudgetExceeded, InvalidArgument
from ...numerics import sample_ranks, sample_small
from ...numerics.sample_counts import Halves, count_blocks
from ...reported import Interval, Reported
from .._base import CompatibleSet
from .._sizes import IntArray
from .._words import DEFAULT_BUDGET, counted
from .bounds import SampleBounds
from .files import write_samples
from .question import Question
from .spread import SampleSpread

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["CompatibleSamples"]

FloatArray = NDArray[np.float64]
_ADVICE = "Draw from the set, go through it in chunks, or write it to files."


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CompatibleSamples(SampleBounds, SampleSpread, CompatibleSet):
    """All samples on a scale that would print a mean and a standard deviation.

    A sample says how often each value of the scale occurs: which person has which value is left open. The samples
    are counted without being listed, and have an order, so that each can be found by its rank.

    Parameters
    ----------
    n : int
        People in the sample.
    values : ndarray of float64, shape (values,)
        The values of the scale, ascending.
    printed : dict
        The constraints as they were given.
    possible : int
        How many samples of `n` people on this scale there are at all.
    exhaustive : bool
        Always True: every sample that prints so is counted.
    assumptions : tuple of str
        What was assumed.
    emptied_by : str
        The first constraint, in the order mean, sd, counts, that left nothing; empty text when something is left.
    steps : tuple of str
        What each further number that was given to `where` removed, one sentence each.

    Attributes
    ----------
    count : int
        How many samples there are, exactly. They are counted when this is first asked; bounds need no count.

    Examples
    --------
    >>> import ketastats as ks
    >>> found = ks.reconstruct.samples(mean="3.50", sd="1.20", n=40, scale=(1, 7))
    >>> found.count
    393
    >>> found.draw(2, rng=1).sum(axis=1)
    array([40, 40])
    """

    n: int
    values: FloatArray
    printed: dict[str, str]
    possible: int
    exhaustive: bool
    assumptions: tuple[str, ...]
    emptied_by: str
    steps: tuple[str, ...] = ()
    _question: Question = field(repr=False)
    _halves: Halves = field(repr=False)
    _kept: dict[str, Any] = field(repr=False, default_factory=dict)

    def __len__(self) -> int:
        """Return the number of samples; Python's `len` stops at `sys.maxsize`, `count` never does."""
        return min(self.count, sys.maxsize)

    def __bool__(self) -> bool:
        return not self.emptied_by

    @property
    def count(self) -> int:
        """How many samples there are, exactly."""
        if self.emptied_by:
            return 0
        if "count" not in self._kept:
            small = "blocks" not in self._kept and sample_small.is_small(self._halves)
            self._kept["count"] = sample_small.count(self._halves) if small else sum(block[2] for block in self._blocks)
        found: int = self._kept["count"]
        return found

    @property
    def _blocks(self) -> list[tuple[int, int, int]]:
        """How many samples each sum and energy of the left half has; counted once."""
        if "blocks" not in self._kept:
            self._halves.build()
            self._kept["blocks"] = count_blocks(self._halves)
        found: list[tuple[int, int, int]] = self._kept["blocks"]
        return found

    @property
    def identifiability(self) -> str:
        """How many samples remain of how many."""
        printed = ", ".join(f"{name} {value}" for name, value in self.printed.items())
        if not self:
            return f"No sample of {self.n} people with {printed} exists: {self.emptied_by} leaves nothing."
        return f"{counted(self.count, 'sample')} with {printed}, of {self.possible:,} on this scale."

    def counts(self, start: int = 0, stop: int | None = None, *, budget: int = DEFAULT_BUDGET) -> IntArray:
        """Return how often each value occurs, in the samples from one rank up to another.

        Parameters
        ----------
        start : int
            Rank of the first sample, from 0.
        stop : int, optional
            Rank after the last one; by default the end of the set.
        budget : int
            Most samples to return.

        Returns
        -------
        ndarray of int64, shape (samples, values)
            One row per sample.

        Raises
        ------
        InvalidArgument, InvalidType
            If a rank lies outside the set.
        BudgetExceeded
            If there are more samples than `budget`.

        Examples
        --------
        >>> import ketastats as ks
        >>> found = ks.reconstruct.samples(mean="2.0", sd="0.82", n=4, scale=(1, 5))
        >>> found.counts()
        array([[1, 2, 1, 0, 0]])
        """
        last = self.count if stop is None else _validate.integer(stop, "stop", high=self.count)
        first = _validate.integer(start, "start", high=last)
        limit = _validate.integer(budget, "budget", low=1)
        if last - first > limit:
            raise BudgetExceeded("samples", last - first, limit, _ADVICE)
        wide = self.count >= 1 << 62
        ranks = np.array(range(first, last), dtype=object) if wide else np.arange(first, last, dtype=np.int64)
        return self._rows(ranks)

    def chunks(self, size: int = 100_000, *, start: int = 0) -> Iterator[IntArray]:
        """Go through the samples without holding them all.

        Parameters
        ----------
        size : int
            Samples at a time.
        start : int
            Rank to begin with.

        Yields
        ------
        ndarray of int64, shape (at most size, values)
            How often each value occurs, one row per sample, in the order of their ranks.

        Examples
        --------
        >>> import ketastats as ks
        >>> found = ks.reconstruct.samples(mean="3.50", sd="1.20", n=40, scale=(1, 7))
        >>> [rows.shape for rows in found.chunks(200)]
        [(200, 7), (193, 7)]
        """
        many = _validate.integer(size, "size", low=1)
        first = _validate.integer(start, "start", high=self.count)
        for at in range(first, self.count, many):
            yield self.counts(at, min(at + many, self.count), budget=many)

    def draw(self, size: int, *, rng: Any = None) -> IntArray:
        """Draw samples, each with the same probability, with replacement.

        Parameters
        ----------
        size : int
            How many.
        rng : None, int or numpy.random.Generator
            Source of randomness.

        Returns
        -------
        ndarray of int64, shape (size, values)
            How often each value occurs, one row per sample drawn.

        Raises
        ------
        InvalidArgument, InvalidType
            If an argument cannot be used.
        NoSolution
            If the set is empty.

        Notes
        -----
        A rank is drawn from all whole numbers below `count` and the sample with this rank is returned: the draw is
        exactly uniform. It says what most *samples* look like, not what is likely: people do not answer uniformly.

        Examples
        --------
        >>> import ketastats as ks
        >>> found = ks.reconstruct.samples(mean="14.2", sd="5.3", n=20, scale=(0, 27))
        >>> found.draw(3, rng=1) @ found.values / 20
        array([14.2 , 14.2 , 14.25])
        """
        many = _validate.integer(size, "size", low=1, high=DEFAULT_BUDGET)
        generator = _validate.rng(rng)
        self._refuse_empty()
        return self._rows(sample_ranks.ranks_below(self.count, many, generator), generator)

    def write(
        self, folder: str | os.PathLike[str], *, form: str = "csv", size: int = 1_000_000, progress: bool = False
    ) -> tuple[Path, ...]:
        """Write all samples to files in a folder, part by part.

        An interrupt leaves whole files only, and the same call goes on where it stopped: parts that are there are not
        written again.

        Parameters
        ----------
        folder : str or path
            An empty or new folder, or one in which the same list was begun. ``samples.json`` in it says what it holds.
        form : {"csv", "parquet"}
            Form of the files; Parquet needs pyarrow.
        size : int
            Samples in each file.
        progress : bool
            Whether to show a progress bar on standard error.

        Returns
        -------
        tuple of Path
            The files in order: one column per value of the scale, one row per sample.

        Raises
        ------
        InvalidArgument, InvalidType
            If an argument cannot be used, the folder holds something else, or pyarrow is missing.

        Examples
        --------
        >>> import ketastats as ks
        >>> import tempfile
        >>> found = ks.reconstruct.samples(mean="3.50", sd="1.20", n=40, scale=(1, 7))
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     [path.name for path in found.write(folder, size=200)]
        ['part-000000.csv', 'part-000001.csv']
        """
        return write_samples(self, folder, form, size, progress)

    def expand(self, counts: Any) -> FloatArray:
        """Return the values of the people, ascending, from how often each occurs.

        Parameters
        ----------
        counts : array_like of int, shape (samples, values)
            Rows such as `draw` and `counts` return.

        Returns
        -------
        ndarray of float64, shape (samples, n)
            One row per sample, one column per person.

        Raises
        ------
        InvalidArgument, InvalidType
            If the rows are not samples of this set's size and scale.

        Examples
        --------
        >>> import ketastats as ks
        >>> found = ks.reconstruct.samples(mean="2.0", sd="0.82", n=4, scale=(1, 5))
        >>> found.expand(found.counts())
        array([[1., 2., 2., 3.]])
        """
        rows = np.atleast_2d(_validate.integers(counts, "counts"))
        if rows.ndim != 2 or rows.shape[1] != self.values.size or np.any(rows.sum(axis=1) != self.n):
            allowed = f"rows of {self.values.size} counts that add up to {self.n}"
            raise InvalidArgument("counts", rows.shape, allowed)
        return np.repeat(np.tile(self.values, rows.shape[0]), rows.ravel()).reshape(rows.shape[0], self.n)

    def where(
        self,
        *,
        mean: str | Reported | Interval | None = None,
        sd: str | Reported | Interval | None = None,
        counts: Mapping[float, int | tuple[int, int]] | None = None,
        minimum: float | None = None,
        maximum: float | None = None,
        at_least: Mapping[float, int | tuple[int, int]] | None = None,
        at_most: Mapping[float, int | tuple[int, int]] | None = None,
        median: str | int | Reported | Interval | None = None,
        quantiles: Mapping[float, str | int | Reported | Interval] | None = None,
        skewness: str | Reported | Interval | None = None,
        rounding: str = "half",
        budget: int = DEFAULT_BUDGET,
    ) -> CompatibleSamples:
        """Return the samples that also print further numbers.

        Parameters
        ----------
        mean, sd : str, Reported or Interval, optional
            With more digits.
        counts : mapping, optional
            How many people have single values, or a pair (least, most), as in `samples`.
        minimum, maximum : float, optional
            The smallest and the largest value that anybody has.
        at_least, at_most : mapping, optional
            From a cut-off to how many people lie beyond it, itself included, or a pair (least, most).
        median : str, int, Reported or Interval, optional
            Median, the midpoint of the two middle values when `n` is even; a whole number is exact.
        quantiles : mapping, optional
            From a share to the quantile, as in `quantile_range`.
        skewness : str, Reported or Interval, optional
            Skewness, as in `skewness_range`; samples without spread have none.
        rounding : {"half", "half_up", "half_even", "truncate", "up", ...}
            How the further digits were cut; see `Rounding`.
        budget : int
            Most samples to look through one by one.

        Returns
        -------
        CompatibleSamples
            What is left; `steps` says what each number removed. Those that can be counted (mean, sd, counts, minimum,
            maximum, and people at the ends of the scale) come first, the others look through the samples one by one.

        Raises
        ------
        InvalidArgument, InvalidType
            If an argument cannot be used, or none is given.
        BudgetExceeded
            If there are more samples to look through than `budget`.

        Examples
        --------
        >>> import ketastats as ks
        >>> found = ks.reconstruct.samples(mean="3.50", sd="1.20", n=40, scale=(1, 7))
        >>> left = found.where(maximum=6, median=3)
        >>> print(*left.steps, sep="; ")
        maximum = 6 removed 229 of 393 samples; median = 3 removed 80 of 164 samples
        """
        from .where import narrowed

        given = {
            "mean": mean,
            "sd": sd,
            "counts": counts,
            "minimum": minimum,
            "maximum": maximum,
            "at_least": at_least,
            "at_most": at_most,
            "median": median,
            "quantiles": quantiles,
            "skewness": skewness,
        }
        return narrowed(self, {name: value for name, value in given.items() if value is not None}, rounding, budget)

    def summary(self) -> str:
        """Return what is left, what further numbers removed, and under which assumptions, as plain text.

        Returns
        -------
        str
            The sentence of `identifiability`, one for each further number, then the assumptions.
        """
        first, *rest = CompatibleSet.summary(self).split("\n")
        return "\n".join([first, *(f"{step}." for step in self.steps), *rest])

    def to_frame(self) -> pd.DataFrame:
        """Return the samples as a tidy data frame.

        Returns
        -------
        pandas.DataFrame
            One row per sample and one column per value of the scale, which says how often it occurs.

        Raises
        ------
        BudgetExceeded
            If there are more samples than a frame should hold.
        """
        import pandas as pd

        return pd.DataFrame(self.counts(), columns=[f"{value:g}" for value in self.values])

    def _rows(self, ranks: Any, rng: np.random.Generator | None = None) -> IntArray:
        """Return the samples with the given ranks, every value of the scale in its column."""
        question, halves = self._question, self._halves
        rows = np.tile(np.array(question.least, dtype=np.int64), (len(ranks), 1))
        if len(ranks) == 0:
            return rows
        found = sample_ranks.unrank(halves, self._blocks, ranks, rng)
        origin = question.origin() - question.low
        at = [origin - x for x, _ in reversed(halves.left)] + [origin]
        at += [origin + 1] if origin + 1 < rows.shape[1] else []
        at += [origin + 1 + x for x, _ in halves.right]
        kept = np.ones(found.shape[1], dtype=bool)
        kept[len(halves.left) + 1] = origin + 1 < rows.shape[1]
        rows[:, at] += found[:, kept]
        return rows
