"""Are a mean and a standard deviation possible with a median, quartiles and a range?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .. import _validate
from ..errors import InvalidArgument
from ..numerics.order_sample import distinct_definitions, sample_moments
from ..numerics.quantile_ranks import DEFINITIONS
from ..reported import Rounding
from ._base import CONSISTENT, Consistency, agreement, least_assumption
from ._columns import rows, sizes
from ._printed import Column, read_column
from ._roundings import Reading, readings

__all__ = ["quantiles", "read_scale"]

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]
Ends = tuple[float, float]

_ENDLESS = (-np.inf, np.inf)
_UNSIGNED = ("iqr", "range_width", "sd")
_REFERENCES = ("Hyndman & Fan 1996, doi:10.1080/00031305.1996.10473566",)
# How far an end that does not belong to an interval is moved in, in units of the last printed digit.
_OPEN = 1e-9


def quantiles(
    mean: object = None,
    sd: object = None,
    *,
    n: object,
    minimum: object = None,
    q1: object = None,
    median: object = None,
    q3: object = None,
    maximum: object = None,
    iqr: object = None,
    range_width: object = None,
    scale: tuple[float, float] | None = None,
    definition: str | Sequence[str] | None = None,
    rounding: str = "half",
) -> Consistency:
    """Say whether a printed mean and SD are possible with a printed median, quartiles and range.

    No distribution is assumed: a row is impossible only if no values whatever print so.

    Parameters
    ----------
    mean, sd : str, Reported or a column of them, optional
        Mean and standard deviation (divisor n - 1) as printed.
    n : int or a column of ints
        People, at least 2.
    minimum, q1, median, q3, maximum : str, Reported or a column of them, optional
        Smallest value, first quartile, median, third quartile and largest value.
    iqr, range_width : str, Reported or a column of them, optional
        Distance of the quartiles, and of the smallest and the largest value, each as one number.
    scale : pair of float, optional
        Smallest and largest possible value of one person.
    definition : str or sequence of str, optional
        The definitions of the quartiles that are stated, by default all in use; see `ketastats.reconstruct.quantiles`.
    rounding : str
        How the digits were cut; see `Rounding`.

    Returns
    -------
    Consistency
        Labels ``"consistent"`` (by a stated definition), ``"only if the quartiles are ..."``, ``"only if truncated"``,
        ``"only if the SD is a standard error"`` and so on, ``"impossible"``. Columns: what was printed; mean_low,
        mean_high, sd_low and sd_high, what the quantiles alone leave by the stated definitions (the lower above the
        upper where they leave nothing).

    Raises
    ------
    InvalidArgument, InvalidType
        If an argument cannot be used, or no quantile was printed.

    References
    ----------
    Hyndman & Fan (1996), doi:10.1080/00031305.1996.10473566.

    Examples
    --------
    >>> import ketastats as ks
    >>> found = ks.consistency.quantiles(["6.9", "6.9", "9.1"], ["4.1", "1.1", "4.1"], n=20, median="6", minimum="2",
    ...                                  maximum="14")
    >>> found.label.tolist()
    ['consistent', 'only if the SD is a standard error', 'consistent']
    >>> print(found.explanation[0])
    The quantiles leave a mean of 4.1 to 9.9 and an SD of 1.84 to 6.55.
    """
    rule = Rounding(_validate.choice(rounding, "rounding", tuple(Rounding)))
    given = {"mean": mean, "sd": sd, "minimum": minimum, "q1": q1, "median": median, "q3": q3, "maximum": maximum}
    given |= {"iqr": iqr, "range_width": range_width}
    given = {name: value for name, value in given.items() if value is not None}
    if not given.keys() - {"mean", "sd"}:
        raise InvalidArgument("median", median, "a printed quantile", "Give what was printed as text.")
    stated = DEFINITIONS if definition is None else _validate.choices(definition, "definition", DEFINITIONS)
    people = sizes(n, "n", low=2)
    number, columns = rows(**given, n=list(people))
    people = np.broadcast_to(people, (number,))
    printed = {name: read_column(columns[name], name, rule, number, signed=name not in _UNSIGNED) for name in given}
    question = _Question(printed, people, read_scale(scale), stated)
    holds = question.holds(rule)
    left = question.alone()
    return Consistency(
        label=least_assumption(holds),
        holds=holds,
        columns={
            **{name: column.texts for name, column in printed.items()},
            "n": people,
            **dict(zip(("mean_low", "mean_high", "sd_low", "sd_high"), left.T, strict=True)),
        },
        method="ranges of mean and standard deviation over all values with these quantiles",
        references=_REFERENCES,
        assumptions=("all numbers are of the same people",),
        _explain=_Sentences(left, holds),
    )


@dataclass(frozen=True, slots=True)
class _Question:
    """Rows of printed numbers, with the scale and the stated definitions of quartiles."""

    printed: Mapping[str, Column]
    people: NDArray[np.int64]
    scale: Ends
    stated: tuple[str, ...]

    def holds(self, rule: Rounding) -> dict[str, BoolArray]:
        """Return for every assumption in which rows the numbers agree under it."""
        of_quartiles = {"q1", "q3", "iqr"} & self.printed.keys()
        others = [name for name in DEFINITIONS if name not in self.stated] if of_quartiles else []
        found = {CONSISTENT: self._agree(Reading(), self.stated)}
        found |= {f"only if the quartiles are {name}": self._agree(Reading(), (name,)) for name in others}
        needed = {"mean": "the mean", "sd": "the SD"}
        missing = [words for name, words in needed.items() if name not in self.printed]
        for label, reading in readings(rule, 1).items():
            if label != CONSISTENT and not any(words in label for words in missing):
                found[label] = self._agree(reading, self.stated)
        return found

    def alone(self) -> FloatArray:
        """Return what the quantiles of each row leave of mean and SD, shape (rows, 4)."""
        out = np.tile([np.inf, -np.inf, np.inf, -np.inf], (self.people.size, 1))
        for row in range(self.people.size):
            for same in distinct_definitions(int(self.people[row]), self.stated):
                found = sample_moments(
                    int(self.people[row]), same[0], self._quantities(row, None), self.scale, _ENDLESS, (0.0, np.inf)
                )
                if found is not None:
                    out[row, 0::2] = np.minimum(out[row, 0::2], [found.mean[0], found.sd[0]])
                    out[row, 1::2] = np.maximum(out[row, 1::2], [found.mean[1], found.sd[1]])
        return out

    def _agree(self, reading: Reading, names: Sequence[str]) -> BoolArray:
        return np.array([self._possible(row, reading, names) for row in range(self.people.size)], dtype=bool)

    def _possible(self, row: int, reading: Reading, names: Sequence[str]) -> bool:
        n = int(self.people[row])
        mean, sd = self._ends("mean", row, reading.mean), self._ends("sd", row, reading.sd)
        # To the divisor n - 1, and from the error of the mean to the deviation of a value.
        factor = np.sqrt((n / (n - 1.0) if reading.ddof == 0 else 1.0) * (n if reading.error else 1.0))
        sd = max(sd[0], 0.0) * float(factor), sd[1] * float(factor)
        # Where all digits were cut in another way, those of the quantiles were too.
        quantities = self._quantities(row, reading.mean if reading.mean is reading.sd else None)
        return any(
            sample_moments(n, same[0], quantities, self.scale, mean, sd) is not None
            for same in distinct_definitions(n, names)
        )

    def _quantities(self, row: int, rule: Rounding | None) -> tuple[tuple[str, Ends], ...]:
        names = [name for name in self.printed if name not in ("mean", "sd")]
        return tuple((name, self._ends(name, row, rule)) for name in names)

    def _ends(self, name: str, row: int, rule: Rounding | None) -> Ends:
        if name not in self.printed:
            return _ENDLESS
        column = self.printed[name]
        interval, inch = column.exact(int(column.code[row]), rule), _OPEN * 10.0 ** -column.at(row).decimals
        low, high = float(interval.low), float(interval.high)
        return low if interval.closed_low else low + inch, high if interval.closed_high else high - inch


def read_scale(value: Any) -> Ends:
    """Return the smallest and the largest possible value."""
    if value is None:
        return _ENDLESS
    allowed = "a pair (lowest, highest), the lowest first"
    if not isinstance(value, (tuple, list)) or len(value) != 2:
        raise InvalidArgument("scale", value, allowed)
    low, high = (_validate.real(end, "scale") for end in value)
    if low >= high:
        raise InvalidArgument("scale", value, allowed)
    return low, high


@dataclass(frozen=True, slots=True)
class _Sentences:
    """Says why a row has its label."""

    left: FloatArray
    holds: Mapping[str, BoolArray]

    def __call__(self, row: int) -> str:
        low, high, sd_low, sd_high = self.left[row]
        if low > high:
            return "No values have these quantiles." + agreement(self.holds, row)
        sentence = f"The quantiles leave a mean of {low:.3g} to {high:.3g} and an SD of {sd_low:.3g} to {sd_high:.3g}."
        return sentence if self.holds[CONSISTENT][row] else sentence + agreement(self.holds, row)
