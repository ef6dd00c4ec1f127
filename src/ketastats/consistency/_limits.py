"""How small and how large can a standard deviation be?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .. import _validate
from ..errors import InvalidArgument
from ..numerics import lattice
from ..reported import Rounding
from ._base import Plain
from ._columns import rows, sizes
from ._printed import read_column
from ._scale import read_scale

__all__ = ["SdLimits", "sd_limits"]

_REFERENCES = ("Heathers, Anaya, van der Zee & Brown 2018, doi:10.7287/peerj.preprints.26968v1",)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SdLimits(Plain):
    """The smallest and the largest standard deviation that scores on a scale can have.

    Parameters
    ----------
    low, high : ndarray, shape (rows,)
        Ends, both attained; where no scores on the scale print the mean, ``low`` is infinite and ``high`` is 0.
    possible : ndarray of bool, shape (rows,)
        Whether any scores on the scale print the mean.
    method : str
        How the limits were found.
    references : tuple of str
        Where they were published.

    Examples
    --------
    >>> import ketastats as ks
    >>> limits = ks.consistency.sd_limits("4.2", n=5, scale=(1, 7), items=2)
    >>> print(f"{limits.low[0]:.2f} to {limits.high[0]:.2f}")
    0.27 to 3.03
    """

    low: NDArray[np.float64]
    high: NDArray[np.float64]
    possible: NDArray[np.bool_]
    method: str
    references: tuple[str, ...] = ()

    def __len__(self) -> int:
        return int(self.low.size)


def sd_limits(
    mean: object,
    n: object,
    *,
    scale: tuple[object, object],
    items: object = 1,
    ddof: int = 1,
    rounding: str = "half",
) -> SdLimits:
    """Return the limits of the standard deviation of scores on a scale with a printed mean.

    Parameters
    ----------
    mean : str, Reported or a column of them
        Mean as printed.
    n : int or a column of ints
        People, at least 2.
    scale : pair
        Lowest and highest possible score, whole numbers or columns of them.
    items : int or a column of ints
        How many whole numbers were averaged to each person's score.
    ddof : {1, 0}
        Whether the variance is divided by n - 1 or by n.
    rounding : str
        How the digits of the mean were cut; see `Rounding`.

    Returns
    -------
    SdLimits
        Over every sum of whole numbers that prints the mean.

    Raises
    ------
    InvalidArgument, InvalidType
        If an argument cannot be used.

    References
    ----------
    Heathers, Anaya, van der Zee & Brown (2018), doi:10.7287/peerj.preprints.26968v1.

    Examples
    --------
    >>> import ketastats as ks
    >>> limits = ks.consistency.sd_limits(["1.5", "6.99"], n=20, scale=(1, 7))
    >>> [f"{low:.2f} to {high:.2f}" for low, high in zip(limits.low, limits.high)]
    ['0.51 to 1.70', 'inf to 0.00']
    """
    rule = Rounding(_validate.choice(rounding, "rounding", tuple(Rounding)))
    taken = _validate.integer(ddof, "ddof", low=0, high=1)
    people, averaged = sizes(n, "n", low=2), sizes(items, "items")
    ends = read_scale(scale)
    if ends is None:
        raise InvalidArgument("scale", scale, "a pair (lowest, highest) of whole numbers, the lowest first")
    number, columns = rows(mean=mean, n=list(people), items=list(averaged), scale=list(ends[0]))
    printed = read_column(columns["mean"], "mean", rule, number)
    people, averaged = (np.broadcast_to(column, (number,)) for column in (people, averaged))
    width = np.broadcast_to(ends[1] - ends[0], (number,)) * averaged
    low = np.broadcast_to(ends[0], (number,)) * averaged
    first, last = printed.whole().sums(people * averaged)
    # Counted from the lower end of the scale; whole numbers without end, because squares of large sums are taken.
    size, span = people.astype(object), width.astype(object)
    first, last = np.maximum(first - size * low, 0), np.minimum(last - size * low, size * span)
    possible = np.asarray(first <= last, dtype=bool)
    first, last = np.where(possible, first, 0), np.where(possible, last, 0)
    weight = (size * (size - taken) * averaged.astype(object) ** 2).astype(np.float64)
    least, greatest = _least(first, last, size), _greatest(first, last, size, span)
    return SdLimits(
        low=np.where(possible, np.sqrt(least.astype(np.float64) / weight), np.inf),
        high=np.where(possible, np.sqrt(greatest.astype(np.float64) / weight), 0.0),
        possible=possible,
        method="limits of the deviation over every sum of whole numbers that prints the mean",
        references=_REFERENCES,
    )


def _least(first: NDArray[Any], last: NDArray[Any], size: NDArray[Any]) -> NDArray[Any]:
    """Return the least ``n Q - S^2`` over a range of sums: at an end of it, or 0 where all numbers may be equal."""
    ends = [(end % size) * (size - end % size) for end in (first, last)]
    equal = -(-first // size) * size <= last
    found: NDArray[Any] = np.where(np.asarray(equal, dtype=bool), 0, np.minimum(*ends))
    return found


def _greatest(first: NDArray[Any], last: NDArray[Any], size: NDArray[Any], width: NDArray[Any]) -> NDArray[Any]:
    """Return the greatest ``n Q - S^2`` over a range of sums of numbers from 0 to `width`.

    Between two multiples of the width, one number lies between the ends and the product is convex in the sum, so that
    it is greatest at a multiple or at an end of the range; over the multiples it is greatest next to the middle.
    """
    nearest = np.minimum(np.maximum(size // 2 * width, -(-first // width) * width), last // width * width)
    sums = [first, last, np.where(np.asarray((nearest >= first) & (nearest <= last), dtype=bool), nearest, first)]
    zero = 0 * size
    found = [size * lattice.greatest_squares(total, size, zero, width) - total * total for total in sums]
    greatest: NDArray[Any] = np.maximum(np.maximum(found[0], found[1]), found[2])
    return greatest
