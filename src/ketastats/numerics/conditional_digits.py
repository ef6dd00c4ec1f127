"""Exact conditional p-values of single 2x2 tables, as fractions."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import accumulate
from math import comb

__all__ = ["TIE", "counted_weights", "pvalue"]

#: Two tables tie when their probabilities (for Blaker's test, their tails) differ by less than one part in so many.
TIE = 10**7
# Up to here weights are whole multiples of the true probabilities; beyond they keep 400 bits.
_EXACT_PEOPLE = 5000


def pvalue(test: str, alternative: str, x1: int, n1: int, x2: int, n2: int) -> Fraction:
    """Return the p-value of a table given its margins.

    Exact up to 5,000 people; beyond, to sixty digits or more.

    Parameters
    ----------
    test : {"fisher", "fisher_central", "blaker", "midp"}
        How the two sides are joined; one side is the same for all but ``midp``.
    alternative : {"two-sided", "greater", "less"}
        "greater": the events of group 1 are more than chance allows.
    x1, n1, x2, n2 : int
        Events and people.

    Returns
    -------
    fractions.Fraction
        The p-value.
    """
    below, observed, above = counted_weights(x1, n1, x2, n2)
    left, right = observed + sum(below), observed + sum(above)
    total = left + right - observed
    half = Fraction(observed, 2) if test == "midp" else Fraction(0)
    if alternative != "two-sided":
        return (Fraction(right if alternative == "greater" else left) - half) / total
    if test == "fisher_central":
        return min(Fraction(2 * min(left, right), total), Fraction(1))
    if test == "blaker":
        return Fraction(_blaker(below, observed, above, min(left, right)), total)
    tail = sum(weight for weight in (*below, observed, *above) if weight * TIE <= observed * (TIE + 1))
    return (Fraction(tail) - half) / total


def counted_weights(x1: int, n1: int, x2: int, n2: int) -> tuple[list[int], int, list[int]]:
    """Return whole numbers in proportion to the probabilities: of fewer events in group 1, of these, and of more.

    The first list starts next to the table and goes down, the last one starts next to it and goes up.
    """
    total, events = n1 + n2, x1 + x2
    # Whole multiples of this keep every ratio exact in small tables and sixty digits in large ones.
    observed = comb(n1, x1) * comb(n2, x2) if total <= _EXACT_PEOPLE else 1 << 400
    return (
        list(_run(observed, n1 - x1, n1, total - events, n2)),
        observed,
        list(_run(observed, x1, n1, events, n2)),
    )


def _run(weight: int, x: int, n1: int, events: int, n2: int) -> Iterator[int]:
    """Yield the weights of the tables with more events in group 1, by the ratio of neighbours."""
    while x < min(n1, events) and weight:
        weight = weight * (n1 - x) * (events - x) // ((x + 1) * (n2 - events + x + 1))
        x += 1
        yield weight


def _blaker(below: list[int], observed: int, above: list[int], own: int) -> int:
    """Return the weight of all tables whose smaller tail is no larger than that of the observed one."""
    row = [*reversed(below), observed, *above]
    left = list(accumulate(row))
    right = list(accumulate(reversed(row)))[::-1]
    return sum(
        weight for weight, one, other in zip(row, left, right, strict=True) if min(one, other) * TIE <= own * (TIE + 1)
    )
