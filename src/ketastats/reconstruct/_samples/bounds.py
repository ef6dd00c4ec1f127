"""Sharp bounds over all samples of a set, found without listing them."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from ... import _validate
from ...errors import BudgetExceeded, InvalidArgument, NoSolution
from ...numerics import sample_marginals, sample_reach
from ...numerics.sample_counts import Target, mirrored_targets
from .._sizes import IntArray
from .filters import quantile_rank

if TYPE_CHECKING:
    from .question import Question

__all__ = ["SampleBounds"]

# Of 32 bits each: as many bytes as the tables that count take by default.
_MOST_CELLS = 120_000_000


class SampleBounds:
    """What all samples of a set have in common: each bound is attained by one of them."""

    __slots__ = ()

    n: int
    emptied_by: str
    _question: Question
    _halves: Any

    @property
    def _blocks(self) -> list[tuple[int, int, int]]:
        raise NotImplementedError

    def people(self, *, at_least: float | None = None, at_most: float | None = None) -> IntArray:
        """Return every number of people whose value can lie in a part of the scale.

        Parameters
        ----------
        at_least, at_most : float, optional
            Ends of the part, both included; give one or both.

        Returns
        -------
        ndarray of int64
            Ascending; each number occurs in some sample of the set, and no other does. Empty when the set is.

        Raises
        ------
        InvalidArgument, InvalidType
            If neither end is given, or one is no number.

        Examples
        --------
        How many of 40 people can have answered 6 or 7?

        >>> import ketastats as ks
        >>> found = ks.reconstruct.samples(mean="3.50", sd="1.20", n=40, scale=(1, 7))
        >>> found.people(at_least=6)
        array([0, 1, 2, 3, 4, 5, 6, 7])
        """
        if at_least is None and at_most is None:
            raise InvalidArgument("at_least", None, "a number", "Give at_least, at_most or both.")
        low = -np.inf if at_least is None else _validate.real(at_least, "at_least", infinite=True)
        high = np.inf if at_most is None else _validate.real(at_most, "at_most", infinite=True)
        question, halves = self._question, self._halves
        inside: list[tuple[int, int]] = []
        outside: list[tuple[int, int]] = []
        already = 0
        for (step, cap), value, least in zip(self._steps(), question.values, question.least, strict=True):
            within = low <= value / question.items <= high
            (inside if within else outside).append((step, cap))
            already += least if within else 0
        if self.emptied_by:
            return np.zeros(0, dtype=np.int64)
        return already + sample_reach.possible_counts(inside, outside, halves.people, halves.wanted)

    def quantile_range(self, probability: float) -> tuple[float, float]:
        """Return the smallest and the largest value that a quantile can have.

        Parameters
        ----------
        probability : float
            From 0 to 1: 0 is the smallest value of a sample, 1 the largest.

        Returns
        -------
        tuple of float
            Both ends; each is attained. The quantile is the smallest value that at least this share of the people do
            not exceed (the inverse of the distribution function).

        Raises
        ------
        InvalidArgument, InvalidType
            If `probability` is not between 0 and 1.
        NoSolution
            If the set is empty.

        Examples
        --------
        >>> import ketastats as ks
        >>> found = ks.reconstruct.samples(mean="3.50", sd="1.20", n=40, scale=(1, 7))
        >>> found.quantile_range(0.25)
        (2.0, 4.0)
        """
        share = _validate.real(probability, "probability", low=0.0, high=1.0)
        self._refuse_empty()
        rank = quantile_rank(share, self.n)
        values = self._question.values
        # The value at a rank is at most v when at least `rank` people have no more than v: turned round, when at
        # most n - rank people have more.
        low = -_largest(-values[-1], -values[0], lambda v: self._possible(above={-v: self.n - rank}))
        high = _largest(values[0], values[-1], lambda v: self._possible(below={v: rank - 1}))
        return low / self._question.items, high / self._question.items

    def median_range(self) -> tuple[float, float]:
        """Return the smallest and the largest median, the midpoint of the two middle values when `n` is even.

        Returns
        -------
        tuple of float
            Both ends; each is attained.

        Raises
        ------
        NoSolution
            If the set is empty.

        Examples
        --------
        >>> import ketastats as ks
        >>> ks.reconstruct.samples(mean="3.50", sd="1.20", n=40, scale=(1, 7)).median_range()
        (3.0, 4.0)
        """
        self._refuse_empty()
        half = self.n // 2
        first, last = self._question.values[0], self._question.values[-1]
        if self.n % 2:
            low = -2 * _largest(-last, -first, lambda v: self._possible(above={-v: half}))
            high = 2 * _largest(first, last, lambda v: self._possible(below={v: half}))
        else:
            # The lower middle value is at least `a`, the upper one at least `b`; mirrored for the other end.
            low = -_largest_sum(-last, -first, lambda a, b: self._possible(above=_both(-a, half - 1, -b, half)))
            high = _largest_sum(first, last, lambda a, b: self._possible(below=_both(a, half - 1, b, half)))
        return low / (2 * self._question.items), high / (2 * self._question.items)

    def skewness_range(self) -> tuple[float, float]:
        """Return the smallest and the largest skewness.

        Returns
        -------
        tuple of float
            Both ends. Third central moment over the cube of the standard deviation, both dividing by `n`; both ends are
            attained. Samples without spread have no skewness and are left out.

        Raises
        ------
        NoSolution
            If the set is empty or no sample in it has any spread.
        BudgetExceeded
            If the tables of third moments would be too large.

        Examples
        --------
        >>> import ketastats as ks
        >>> low, high = ks.reconstruct.samples(mean="3.50", sd="1.20", n=40, scale=(1, 7)).skewness_range()
        >>> round(low, 2), round(high, 2)
        (-1.49, 2.22)
        """
        self._refuse_empty()
        return _skewness_range(self._question, self._halves, self._steps())

    def horns_range(self) -> tuple[float, float, float]:
        """Return the smallest, the mean and the largest horns index over all samples.

        Returns
        -------
        tuple of float
            Smallest, mean and largest. The index is the variance (dividing by `n`) over the largest that the scale
            allows, half of its width squared: 0 for a sample without spread, 1 when half of the people are at either
            end.

        Raises
        ------
        NoSolution
            If the set is empty.

        Examples
        --------
        >>> import ketastats as ks
        >>> low, mean, high = ks.reconstruct.samples(mean="3.50", sd="1.20", n=40, scale=(1, 7)).horns_range()
        >>> round(mean, 3)
        0.156
        """
        self._refuse_empty()
        question = self._question
        most = Fraction((question.high - question.low) ** 2, 4)
        found: dict[Fraction, int] = {}
        for (total, square), many in self.moments().items():
            horns = (Fraction(square, self.n) - Fraction(total, self.n) ** 2) / most
            found[horns] = found.get(horns, 0) + many
        mean = sum((horns * many for horns, many in found.items()), Fraction(0)) / sum(found.values())
        return float(min(found)), float(mean), float(max(found))

    def moments(self) -> dict[tuple[int, int], int]:
        """Return how many samples have each sum and sum of squares.

        Returns
        -------
        dict from pairs of int to int
            Sum and sum of squares, both in steps of the scale (values times `items`), and the number of samples with
            both, exactly.

        Examples
        --------
        >>> import ketastats as ks
        >>> ks.reconstruct.samples(mean="2.0", sd="0.8", n=4, scale=(1, 5)).moments()
        {(8, 18): 1}
        """
        # Asked for the blocks, the set counts its samples if it has not yet.
        used = {index for index, _, _ in self._blocks} if not self.emptied_by else set()
        found = {}
        for target in (self._halves.wanted[index] for index in sorted(used)):
            for energy, many in sorted(sample_marginals.by_energy(self._halves, target).items()):
                found[self._sums(target, energy)] = many
        return found

    def sums(self) -> list[tuple[int, int]]:
        """Return every sum and sum of squares that a sample has, without counting how many have them.

        Returns
        -------
        list of pairs of int
            Sum and sum of squares, both in steps of the scale (values times `items`), ascending.

        Examples
        --------
        >>> import ketastats as ks
        >>> ks.reconstruct.samples(mean="2.0", sd="0.8", n=4, scale=(1, 5)).sums()
        [(8, 18)]
        """
        if self.emptied_by:
            return []
        halves = self._halves
        reached = sample_reach.energies(self._steps(), halves.people, halves.wanted)
        pairs = zip(halves.wanted, reached, strict=True)
        return sorted(self._sums(target, energy) for target, energies in pairs for energy in energies)

    def _sums(self, target: Target, energy: int) -> tuple[int, int]:
        """Return sum and sum of squares from those about the lower origin."""
        question, people, origin = self._question, self._halves.people, self._question.origin()
        one = target.total + people * origin
        square = 2 * energy + target.total + 2 * origin * one - people * origin * origin
        placed = list(zip(question.values, question.least, strict=True))
        return one + sum(v * many for v, many in placed), square + sum(v * v * many for v, many in placed)

    def _steps(self) -> list[tuple[int, int]]:
        """Return the values of the scale from the lower origin, and how often each may yet occur."""
        question = self._question
        origin = question.origin()
        return [
            (value - origin, most - least)
            for value, least, most in zip(question.values, question.least, question.most, strict=True)
        ]

    def _possible(self, *, below: dict[int, int] | None = None, above: dict[int, int] | None = None) -> bool:
        """Return whether a sample has at most so many people below, or above, each of some values."""
        question, halves, steps = self._question, self._halves, self._steps()
        origin = question.origin()
        placed = list(zip(question.values, question.least, strict=True))
        people, wanted = halves.people, halves.wanted
        if below is not None:
            most = {
                value - 1 - origin: many - sum(least for at, least in placed if at < value)
                for value, many in below.items()
            }
        else:
            # The mirrored scale, counted from the upper origin.
            steps = [(1 - step, cap) for step, cap in reversed(steps)]
            wanted = mirrored_targets(wanted, people)
            most = {
                origin - value: many - sum(least for at, least in placed if at > value)
                for value, many in (above or {}).items()
            }
        if min(most.values()) < 0:
            return False
        return sample_reach.attainable(steps, people, wanted, {at: min(many, people) for at, many in most.items()})

    def _refuse_empty(self) -> None:
        if self.emptied_by:
            raise NoSolution("the set is empty: no sample prints so")


def _largest(first: int, last: int, possible: Callable[[int], bool]) -> int:
    """Return the largest whole number that is possible: `first` is, and what is larger than another asks for more."""
    while first < last:
        middle = (first + last + 1) // 2
        first, last = (middle, last) if possible(middle) else (first, middle - 1)
    return first


def _largest_sum(first: int, last: int, possible: Callable[[int, int], bool]) -> int:
    """Return the largest sum of two ordered numbers that are possible together; larger ones ask for more."""
    low = _largest(first, last, lambda value: possible(value, value))
    best, high = 2 * low, low + 1
    # Only pairs with a larger sum are tried: along the stairs that bound what is possible.
    while low >= first and high <= last:
        if possible(low, high):
            best, high = low + high, high + 1
        else:
            low -= 1
            high = best - low + 1
    return best


def _both(first: int, many: int, other: int, more: int) -> dict[int, int]:
    """Return two bounds; of two at the same value the smaller one holds."""
    return {first: min(many, more)} if first == other else {first: many, other: more}


def _skewness_range(question: Question, halves: Any, steps: list[tuple[int, int]]) -> tuple[float, float]:
    """Return the ends of the skewness over all targets."""
    n, origin = question.n, question.origin()
    forced = list(zip(question.values, question.least, strict=True))
    total = sum((value - origin) * many for value, many in forced)
    energies = sum((value - origin) * (value - origin - 1) // 2 * many for value, many in forced)
    cubes = sum((value - origin) ** 3 * many for value, many in forced)
    cells = sample_reach.cube_cells(steps, halves.people, halves.wanted)
    if cells > _MOST_CELLS:
        raise BudgetExceeded("cells", cells, _MOST_CELLS, "Draw from the set to see the skewness of most samples.")
    ends: list[float] = []
    found = sample_reach.cube_range(steps, halves.people, halves.wanted)
    for target, rows in zip(halves.wanted, found, strict=True):
        for energy, least, most in rows.tolist():
            mean = Fraction(target.total + total, n)
            square = Fraction(2 * (energy + energies) + target.total + total, n)
            variance = square - mean**2
            if variance > 0:
                third = [Fraction(cube + cubes, n) - 3 * mean * square + 2 * mean**3 for cube in (least, most)]
                ends += [float(end) / float(variance) ** 1.5 for end in third]
    if not ends:
        raise NoSolution("no sample in the set has any spread, so none has a skewness")
    return min(ends), max(ends)
