"""How the samples of a set spread over the scale: shares of people, and how many samples hold each number of them."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from ... import _validate
from ...errors import InvalidArgument
from ...numerics import sample_marginals
from ...numerics.sample_counts import Halves
from .._sizes import IntArray
from .informative import COLUMNS, narrowing
from .question import Question, place

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["SampleSpread"]

# Tables about another origin may be larger by twice and by so many cells.
_ROOM = 1_000_000


class SampleSpread:
    """How often each value occurs over all samples of a set, exactly and without listing them."""

    __slots__ = ()

    n: int
    emptied_by: str
    values: Any
    _question: Question
    _halves: Halves

    @property
    def count(self) -> int:
        """How many samples there are, exactly."""
        raise NotImplementedError

    @property
    def _blocks(self) -> list[tuple[int, int, int]]:
        raise NotImplementedError

    def counts(self, start: int = 0, stop: int | None = None) -> IntArray:
        """Return how often each value occurs, in the samples from one rank up to another."""
        raise NotImplementedError

    def draw(self, size: int, *, rng: Any = None) -> IntArray:
        """Draw samples, each with the same probability."""
        raise NotImplementedError

    def _refuse_empty(self) -> None:
        raise NotImplementedError

    def frequencies(self) -> dict[float, Fraction]:
        """Return the share of people at each value, averaged over all samples, exactly.

        Returns
        -------
        dict of float to Fraction
            From each value of the scale to its share; they add up to 1.

        Raises
        ------
        NoSolution
            If the set is empty.

        Examples
        --------
        >>> import ketastats as ks
        >>> ks.reconstruct.samples(mean="2.0", sd="0.82", n=4, scale=(1, 5)).frequencies()[2.0]
        Fraction(1, 2)
        """
        self._refuse_empty()
        question, halves, blocks = self._question, self._halves, self._blocks
        times = dict.fromkeys(question.values, 0)
        left, right = sample_marginals.occurrences(halves)
        origin = question.origin()
        times |= {origin - x: many for (x, _), many in zip(halves.left, left, strict=True)}
        times |= {origin + 1 + x: many for (x, _), many in zip(halves.right, right, strict=True)}
        # The two origins take what is left of the people and of the sums.
        totals = dict.fromkeys(range(len(halves.wanted)), 0)
        for index, _, many in blocks:
            totals[index] += many
        people = halves.people * self.count - sum(times.values())
        moved = sum(many * halves.wanted[index].total for index, many in totals.items())
        upper = moved - sum((value - origin) * many for value, many in times.items())
        times[origin] += people - upper
        if origin + 1 in times:
            times[origin + 1] += upper
        forced = dict(zip(question.values, question.least, strict=True))
        whole = self.count * self.n
        return {
            float(value): Fraction(times[key] + forced[key] * self.count, whole)
            for key, value in zip(question.values, self.values, strict=True)
        }

    def marginal(
        self, value: float | None = None, *, at_least: float | None = None, at_most: float | None = None
    ) -> pd.DataFrame:
        """Return how many samples hold each number of people at a value, or beyond a cut-off.

        Parameters
        ----------
        value : float, optional
            A value of the scale.
        at_least, at_most : float, optional
            A cut-off, itself included; give exactly one of the three.

        Returns
        -------
        pandas.DataFrame
            Columns people (ascending), members (how many samples, exactly; Python's whole numbers beyond 64 bits), and
            share of the set. Each sample counts once: that is a description of the set, not a probability of the data.
            Without rows when the set is empty.

        Raises
        ------
        InvalidArgument, InvalidType
            If not exactly one of the three is given, or `value` is not on the scale.

        Notes
        -----
        No sample is listed: the frequency is weighted by the number of ways to fill the rest of the scale.

        Examples
        --------
        >>> import ketastats as ks
        >>> found = ks.reconstruct.samples(mean="2.1", sd="1.1", n=14, scale=(1, 5))
        >>> found.marginal(at_least=4)[["people", "members"]]
           people  members
        0       1        6
        1       2        5
        2       3        2
        """
        import pandas as pd

        given = [
            name for name, one in (("value", value), ("at_least", at_least), ("at_most", at_most)) if one is not None
        ]
        if len(given) != 1:
            allowed = "exactly one of value, at_least and at_most"
            raise InvalidArgument("marginal", ", ".join(given) or None, allowed, "Write marginal(at_least=6).")
        first, last = self._part(value, at_least, at_most)
        members = [] if self.emptied_by else self._people_within(first, last)
        rows = [(people, many) for people, many in enumerate(members) if many]
        frame = pd.DataFrame(rows, columns=["people", "members"])
        frame["share"] = [many / self.count for _, many in rows]
        return frame

    def most_informative(
        self, figures: Sequence[str] | str | None = None, *, size: int = 20_000, rng: Any = None
    ) -> pd.DataFrame:
        """Return which further number would narrow the set most.

        Parameters
        ----------
        figures : str or sequence of str, optional
            What could be printed: ``minimum``, ``maximum``, ``median``, ``lower quartile``, ``upper quartile``,
            ``count`` (people at a value), ``at_least`` (people from a value on); by default all.
        size : int
            Sets of at most so many samples are looked through; from larger ones so many are drawn.
        rng : None, int or numpy.random.Generator
            Source of randomness of the draw.

        Returns
        -------
        pandas.DataFrame
            One row for each number, the best first: figure, value (of the scale, where it has one), printed (how
            many different numbers there are among the samples looked at), expected (samples that would be left on
            average, if each sample is as likely as the others), most (left at worst), bits (what the number would tell
            on average), and error, the standard error of expected: 0 where all samples were looked at. Without rows
            when the set is empty.

        Raises
        ------
        InvalidArgument, InvalidType
            If an argument cannot be used.

        Examples
        --------
        >>> import ketastats as ks
        >>> found = ks.reconstruct.samples(mean="3.50", sd="1.20", n=40, scale=(1, 7))
        >>> found.most_informative(["median", "maximum", "count"])[["figure", "value", "expected"]].head(2)
          figure  value   expected
        0  count    3.0  14.246819
        1  count    4.0  14.842239
        """
        import pandas as pd

        most = _validate.integer(size, "size", low=2)
        generator = _validate.rng(rng)
        lines: list[tuple[Any, ...]] = []
        if not self.emptied_by:
            rows = self.counts() if self.count <= most else self.draw(most, rng=generator)
            lines = narrowing(rows, self.values, self.count, figures)
        frame = pd.DataFrame(lines, columns=list(COLUMNS))
        return frame.sort_values(["expected", "most"], kind="stable", ignore_index=True)

    def _part(self, value: float | None, at_least: float | None, at_most: float | None) -> tuple[int, int]:
        """Return the first and the last value of a part of the scale, in its steps; empty if the last comes first."""
        question = self._question
        if value is not None:
            at = place(value, question.low, question.high, question.items, name="value")
            return question.low + at, question.low + at
        if at_least is not None:
            low = _validate.real(at_least, "at_least", infinite=True)
            return next((v for v in question.values if v / question.items >= low), question.high + 1), question.high
        high = _validate.real(at_most, "at_most", infinite=True)
        return question.low, next(
            (v for v in reversed(question.values) if v / question.items <= high), question.low - 1
        )

    def _people_within(self, first: int, last: int) -> list[int]:
        """Return how many samples hold 0, 1, ... people from one value to another, one value or up to an end."""
        question, origin = self._question, self._question.origin()
        if first > last or (first, last) == (question.low, question.high):
            found = [0] * (self.n + 1)
            found[self.n if first <= last else 0] = self.count
            return found
        # The tables leave out the origin and the value above it.
        rest = (question.low, first - 1) if last == question.high else (last + 1, question.high)
        if last < origin or first > origin + 1:
            return self._people_in_half(first, last, origin)
        if question.low in (first, rest[0]) and (rest[1] < origin or rest[0] > origin + 1):
            return self._people_in_half(*rest, origin)[::-1]
        if last < question.high:
            return self._people_in_half(first, last, last + 1)
        return self._people_in_half(*rest, first)[::-1]

    def _people_in_half(self, first: int, last: int, origin: int) -> list[int]:
        """Return the same where all values lie on one side of an origin of the tables."""
        question = self._question
        # The tables are built when the samples are first counted.
        halves = self._halves if self._blocks and origin == question.origin() else None
        if halves is None:
            halves = question.halves(2 * self._halves.cells + _ROOM, origin)
            halves.build()
        below = last < origin
        inside = [origin - v if below else v - origin - 1 for v in range(first, last + 1)]
        free = sample_marginals.distribution(halves if below else halves.mirrored(), inside, self.count)
        already = sum(question.least[first - question.low : last - question.low + 1])
        return ([0] * already + free + [0] * (self.n - halves.people - already))[: self.n + 1]
