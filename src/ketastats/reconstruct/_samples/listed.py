"""Samples that were listed and looked through one by one, because what is known of them cannot be counted."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import numpy as np

from ... import _validate
from ...errors import InvalidArgument, NoSolution
from .._sizes import IntArray
from .compatible import CompatibleSamples
from .filters import medians, quantile_rank, quantiles

__all__ = ["ListedSamples"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ListedSamples(CompatibleSamples):
    """Compatible samples that are held as rows: every answer is taken from them."""

    _listed: IntArray = field(repr=False)

    @property
    def count(self) -> int:
        """How many samples there are."""
        return len(self._listed)

    def _rows(self, ranks: Any, rng: np.random.Generator | None = None) -> IntArray:  # noqa: ARG002 - as in the base
        return np.asarray(self._listed[ranks])

    def _people_within(self, first: int, last: int) -> list[int]:
        low = self._question.low
        people = self._listed[:, max(first - low, 0) : max(last - low + 1, 0)].sum(axis=1)
        return [int(many) for many in np.bincount(people, minlength=self.n + 1)]

    def people(self, *, at_least: float | None = None, at_most: float | None = None) -> IntArray:
        """Return every number of people whose value can lie in a part of the scale."""
        if at_least is None and at_most is None:
            raise InvalidArgument("at_least", None, "a number", "Give at_least, at_most or both.")
        low = -np.inf if at_least is None else _validate.real(at_least, "at_least", infinite=True)
        high = np.inf if at_most is None else _validate.real(at_most, "at_most", infinite=True)
        return np.unique(self._listed[:, (self.values >= low) & (self.values <= high)].sum(axis=1))

    def quantile_range(self, probability: float) -> tuple[float, float]:
        """Return the smallest and the largest value that a quantile can have."""
        share = _validate.real(probability, "probability", low=0.0, high=1.0)
        self._refuse_empty()
        at = quantiles(self._listed, quantile_rank(share, self.n))
        return float(self.values[at.min()]), float(self.values[at.max()])

    def median_range(self) -> tuple[float, float]:
        """Return the smallest and the largest median."""
        self._refuse_empty()
        doubled = medians(self._listed, self.n) + 2 * self._question.low
        return tuple(int(end) / (2 * self._question.items) for end in (doubled.min(), doubled.max()))  # type: ignore[return-value]

    def skewness_range(self) -> tuple[float, float]:
        """Return the smallest and the largest skewness."""
        self._refuse_empty()
        rows = self._listed[np.count_nonzero(self._listed, axis=1) > 1]
        if not len(rows):
            raise NoSolution("no sample in the set has any spread, so none has a skewness")
        places = np.arange(rows.shape[1]) - (rows @ np.arange(rows.shape[1]) / self.n)[:, None]
        square, cube = (np.einsum("ij,ij->i", rows, places**power) / self.n for power in (2, 3))
        skewness = cube / square**1.5
        return float(skewness.min()), float(skewness.max())

    def moments(self) -> dict[tuple[int, int], int]:
        """Return how many samples have each sum and sum of squares."""
        values = np.array(self._question.values, dtype=np.int64)
        pairs = np.stack([self._listed @ values, self._listed @ values**2], axis=1)
        found, times = np.unique(pairs, axis=0, return_counts=True)
        return {(int(total), int(square)): int(many) for (total, square), many in zip(found, times, strict=True)}

    def sums(self) -> list[tuple[int, int]]:
        """Return every sum and sum of squares that a sample has."""
        return sorted(self.moments())

    def frequencies(self) -> dict[float, Fraction]:
        """Return the share of people at each value, averaged over all samples, exactly."""
        self._refuse_empty()
        people = self._listed.sum(axis=0).tolist()
        whole = self.n * self.count
        return {float(value): Fraction(many, whole) for value, many in zip(self.values, people, strict=True)}
