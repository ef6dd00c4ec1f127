"""Power of tests of paired proportions: exact by enumeration of discordant counts, or by a normal approximation."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray
from scipy import special

from .binomial_power import binomial_mass
from .paired_counts import tango_null_variance

__all__ = ["count_tables", "discordant_counts", "exact_power", "normal_power"]

Array = NDArray[np.float64]
#: From b, c and n: whether the test rejects.
Rejects = Callable[[Array, Array, Array], NDArray[np.bool_]]

_ELEMENTS = 500_000


def discordant_counts(n: int, first: float, second: float) -> Iterator[tuple[Array, Array, Array]]:
    """Return counts b and c with their probabilities, chunk by chunk; what is left out is below 1e-19.

    `first` and `second` are the probabilities that a pair has the event only the first time, only the second time.
    """
    changed = first + second
    start, mass = binomial_mass(n, min(changed, 1.0))
    share = first / changed if changed > 0 else 0.0
    parts: list[tuple[Array, Array, Array]] = []
    size = 0
    for pairs, weight in enumerate(mass.tolist(), start):
        low, given = binomial_mass(pairs, share) if pairs > 0 else (0, np.ones(1))
        b = low + np.arange(given.size, dtype=np.float64)
        parts.append((b, pairs - b, weight * given))
        size += given.size
        if size > _ELEMENTS:
            yield _joined(parts)
            parts, size = [], 0
    if parts:
        yield _joined(parts)


def count_tables(n: int, first: float, second: float) -> float:
    """Return about how many pairs of counts matter."""
    changed = min(first + second, 1.0)
    pairs = min(n, 64 + 19.2 * np.sqrt(n * changed * (1.0 - changed)))
    share = first / changed if changed > 0 else 0.0
    return float(pairs * min(n * changed + 1.0, 64 + 19.2 * np.sqrt(n * changed * share * (1.0 - share))))


def exact_power(rejects: Rejects, n: int, first: float, second: float) -> float:
    """Return the probability of all counts that reject."""
    total = 0.0
    for b, c, weight in discordant_counts(n, first, second):
        total += float(np.sum(weight[rejects(b, c, np.full_like(b, float(n)))]))
    return min(total, 1.0)


def normal_power(n: Array, first: Array, second: Array, ends: tuple[Array, Array], alpha: float, measure: str) -> Array:
    """Return the normal approximation for the difference (score) or the log odds ratio (Wald); all shapes are one.

    `ends` are on the scale of the analysis, infinite where nothing is tested.
    """
    z = -special.ndtri(alpha)
    if measure == "difference":
        value = first - second
        error = np.sqrt((first + second - np.square(value)) / n)
        reaches = [z * np.sqrt(tango_null_variance((n * first, n * second, n), np.clip(end, -1, 1))) for end in ends]
    else:
        with np.errstate(divide="ignore", invalid="ignore"):
            value = np.log(first) - np.log(second)
            error = np.sqrt((1.0 / first + 1.0 / second) / n)
        # Without any change of one kind there is nothing to approximate by: nothing is promised.
        known = np.isfinite(value) & np.isfinite(error)
        value, error = np.where(known, value, 0.0), np.where(known, error, 1e300)
        reaches = [z * error, z * error]
    missed = _miss(value - ends[0] - reaches[0], error) + _miss(ends[1] - value - reaches[1], error)
    return np.asarray(np.clip(1.0 - missed, 0.0, 1.0))


def _miss(distance: Array, error: Array) -> Array:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(error > 0, special.ndtr(-distance / error), np.where(distance > 0, 0.0, 1.0))


def _joined(parts: list[tuple[Array, Array, Array]]) -> tuple[Array, Array, Array]:
    b, c, weight = (np.concatenate(column) for column in zip(*parts, strict=True))
    return b, c, weight
