"""Sums of products against Python's own whole numbers."""

from __future__ import annotations

from math import prod

import numpy as np
import pytest

from ketastats.numerics import exact_sums


@pytest.mark.parametrize(
    "bits", [(5,), (62,), (20, 30), (62, 61), (50, 25, 55), (62, 62, 62), (62, 61, 60, 59), (3,) * 9]
)
@pytest.mark.parametrize("size", [0, 1, 7, 40_000])
def test_sums_of_products_are_exact(bits: tuple[int, ...], size: int) -> None:
    rng = np.random.default_rng(sum(bits) + size)
    factors = [rng.integers(0, 2**each, size=size) for each in bits]
    for factor, each in zip(factors, bits, strict=True):
        # The largest numbers of every kind stand together.
        factor[: size // 2] = 2**each - 1
    expected = [prod(values) for values in zip(*(factor.tolist() for factor in factors), strict=True)]
    assert exact_sums.sum_of_products(factors) == sum(expected)
    assert exact_sums.products(factors).tolist() == expected
    assert all(int(each.max(initial=0)) <= exact_sums.LARGEST for each in exact_sums.packed(factors))


def test_factors_that_fit_are_packed() -> None:
    ones = np.ones(3, dtype=np.int64)
    assert len(exact_sums.packed([ones, 5 * ones, ones << 40])) == 1
    assert len(exact_sums.packed([ones << 40, ones << 40, ones])) == 2
