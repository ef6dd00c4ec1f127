"""Which ordered values make a quartile, and with which weights, by the definitions in use."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

__all__ = ["DEFINITIONS", "median_rank", "quartile_rank"]

_HALF = Fraction(1, 2)
# Between two ranks, the share p of n values lies at n p + m (Hyndman & Fan 1996, definitions 4 to 9).
_SHIFTS: dict[str, Callable[[Fraction], Fraction]] = {
    "interpolated_inverted_cdf": lambda _: Fraction(0),
    "hazen": lambda _: _HALF,
    "weibull": lambda p: p,
    "linear": lambda p: 1 - p,
    "median_unbiased": lambda p: (p + 1) / 3,
    "normal_unbiased": lambda p: p / 4 + Fraction(3, 8),
}
#: Definitions 1 to 9 of Hyndman & Fan by the names that NumPy gives them, then medians of halves.
DEFINITIONS = (
    "inverted_cdf",
    "averaged_inverted_cdf",
    "closest_observation",
    *_SHIFTS,
    "hinges",
    "halves_without_median",
)


def median_rank(n: int) -> tuple[int, Fraction]:
    """Return the median of `n` values as a rank and the weight of the value after it."""
    return ((n + 1) // 2, Fraction(0)) if n % 2 else (n // 2, _HALF)


def quartile_rank(n: int, upper: bool, definition: str) -> tuple[int, Fraction]:
    """Return a quartile of `n` values as a rank, counted from 1, and the weight of the value after it.

    The value is ``(1 - weight) x[rank] + weight x[rank + 1]`` of the ordered values.
    """
    if definition in ("hinges", "halves_without_median"):
        half = max((n + 1) // 2 if definition == "hinges" else n // 2, 1)
        rank, weight = median_rank(half)
        return _mirrored(rank, weight, n) if upper else (rank, weight)
    p = Fraction(3 if upper else 1, 4)
    place = n * p
    if definition in _SHIFTS:
        place += _SHIFTS[definition](p)
    elif definition == "closest_observation":
        place -= _HALF
    rank, weight = place.numerator // place.denominator, place % 1
    if definition not in _SHIFTS:
        # Where the place is a whole number: this value, its mean with the next one, or the even one.
        at_step = {
            "inverted_cdf": Fraction(0),
            "averaged_inverted_cdf": _HALF,
            "closest_observation": Fraction(rank % 2),
        }[definition]
        weight = Fraction(1) if weight else at_step
    if weight == 1:
        rank, weight = rank + 1, Fraction(0)
    if rank < 1:
        return 1, Fraction(0)
    return (rank, weight) if rank < n else (n, Fraction(0))


def _mirrored(rank: int, weight: Fraction, n: int) -> tuple[int, Fraction]:
    """Return the same place counted from the largest value."""
    return (n + 1 - rank, weight) if weight == 0 else (n - rank, 1 - weight)
