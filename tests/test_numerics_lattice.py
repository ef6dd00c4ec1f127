"""Sums and sums of squares of whole numbers, by listing the numbers."""

from __future__ import annotations

from itertools import combinations_with_replacement
from math import prod

import numpy as np
import pytest

from ketastats.numerics import lattice


@pytest.mark.parametrize(("size", "reach"), [(1, 14), (2, 14), (3, 12), (4, 8), (5, 5), (6, 4), (7, 3)])
def test_the_sums_of_squares_that_exist_are_those_of_some_numbers(size: int, reach: int) -> None:
    """Numbers whose squares add up to at most reach^2 all lie within reach."""
    listed = combinations_with_replacement(range(-reach, reach + 1), size)
    pairs = {(sum(values), sum(value * value for value in values)) for values in listed}
    for total in range(-size * reach, size * reach + 1):
        for squares in range(reach * reach + 1):
            assert lattice.exists(total, squares, size) == ((total, squares) in pairs), (total, squares)


@pytest.mark.parametrize("size", [2, 3, 4, 5, 40])
def test_what_exists_does_not_depend_on_the_origin(size: int) -> None:
    for total in range(-7, 8):
        for squares in range(60):
            for shift in (-3, 11):
                moved = squares + 2 * shift * total + size * shift * shift
                assert lattice.exists(total + size * shift, moved, size) == lattice.exists(total, squares, size)


@pytest.mark.parametrize(("size", "low", "high"), [(1, 1, 5), (2, 0, 4), (3, -2, 3), (4, 1, 4), (5, 2, 2), (6, 0, 3)])
def test_the_least_and_greatest_sums_of_squares_are_those_of_the_list(size: int, low: int, high: int) -> None:
    found: dict[int, list[int]] = {}
    for values in combinations_with_replacement(range(low, high + 1), size):
        found.setdefault(sum(values), []).append(sum(value * value for value in values))
    total = np.array(sorted(found))
    sizes = np.full_like(total, size)
    expected = [max(found[int(entry)]) for entry in total]
    assert lattice.greatest_squares(total, sizes, np.array(low), np.array(high)).tolist() == expected
    assert lattice.least_squares(total, sizes).tolist() == [min(found[int(entry)]) for entry in total]


@pytest.mark.parametrize("kind", [np.int64, object])
def test_whole_numbers_between_two_fractions(kind: type) -> None:
    for low in range(-7, 8):
        for high in range(low, 8):
            for closed_low, closed_high in ((True, True), (True, False), (False, True), (False, False)):
                expected = [
                    k
                    for k in range(-9, 10)
                    if (low <= 3 * k if closed_low else low < 3 * k)
                    and (3 * k <= high if closed_high else 3 * k < high)
                ]
                ends = (np.array([end], dtype=kind) for end in (low, high))
                flags = (np.array([flag]) for flag in (closed_low, closed_high))
                first, last = lattice.whole_between(*ends, *flags, np.array([3], dtype=kind))
                assert list(range(int(first[0]), int(last[0]) + 1)) == expected


def test_products_that_need_more_than_64_bits_are_known() -> None:
    assert not lattice.widest(2**31, -(2**30))
    assert lattice.widest(2**31, 2**31)
    assert lattice.widest(*[10**7] * 3)
    assert not lattice.widest(0, 2**61)
    assert lattice.largest(np.array([], dtype=np.int64)) == 0
    assert lattice.largest(np.array([-7, 5])) == 7
    assert prod([2**31, 2**30]) < 2**62
