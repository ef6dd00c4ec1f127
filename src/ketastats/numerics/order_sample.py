"""Samples of which the median, the quartiles or the range are known: what they leave of mean and SD."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import lru_cache

import numpy as np

from .order_chain import Chain, chain
from .order_moments import Moments, moments
from .quantile_ranks import median_rank, quartile_rank

__all__ = ["distinct_definitions", "quantity_weights", "sample_moments"]

Ends = tuple[float, float]


def distinct_definitions(n: int, names: Sequence[str]) -> list[tuple[str, ...]]:
    """Return the definitions of quartiles that differ among n values, each with those that do not."""
    found: dict[object, list[str]] = {}
    for name in names:
        found.setdefault((quartile_rank(n, False, name), quartile_rank(n, True, name)), []).append(name)
    return [tuple(same) for same in found.values()]


@lru_cache(maxsize=4096)
def sample_moments(
    n: int, definition: str, quantities: tuple[tuple[str, Ends], ...], scale: Ends, mean: Ends, sd: Ends
) -> Moments | None:
    """Return the ranges of mean and SD of n values with quantities between ends, both within ends of their own.

    Quantities are called minimum, q1, median, q3, maximum, iqr (the distance of the quartiles) and range_width; the
    quartiles follow a definition. All values lie on the scale. None when no values do so.
    """
    if mean[0] > mean[1] or sd[0] > sd[1]:
        return None
    return moments(_chain(n, definition, quantities, scale), mean, sd)


def quantity_weights(n: int, definition: str) -> dict[str, dict[int, Fraction]]:
    """Return every quantity of n ordered values as weights by rank, multiples of 1/48."""
    first, last = {1: Fraction(1)}, {n: Fraction(1)}
    lower, upper = (_weights(*quartile_rank(n, side, definition)) for side in (False, True))
    return {
        "minimum": first,
        "q1": lower,
        "median": _weights(*median_rank(n)),
        "q3": upper,
        "maximum": last,
        "iqr": _less(upper, lower),
        "range_width": _less(last, first),
    }


def _chain(n: int, definition: str, quantities: tuple[tuple[str, Ends], ...], scale: Ends) -> Chain:
    weights = quantity_weights(n, definition)
    rows = [(weights[name], *ends) for name, ends in quantities]
    rows += [(weights[name], *scale) for name in ("minimum", "maximum") if np.isfinite(scale).any()]
    return chain(n, [({rank: float(part) for rank, part in row.items()}, low, high) for row, low, high in rows])


def _weights(rank: int, weight: Fraction) -> dict[int, Fraction]:
    return {rank: 1 - weight} | ({rank + 1: weight} if weight else {})


def _less(one: Mapping[int, Fraction], two: Mapping[int, Fraction]) -> dict[int, Fraction]:
    return {rank: one.get(rank, Fraction(0)) - two.get(rank, Fraction(0)) for rank in sorted({*one, *two})}
