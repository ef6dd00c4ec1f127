"""Kernels of raw values: mean and spread, correlation and ranks, over the last axis of any shape."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from ketastats.numerics import summaries

X = np.random.default_rng(88).normal(5.0, 2.0, (3, 4, 9))
Y = 0.5 * X + np.random.default_rng(89).standard_normal((3, 4, 9))


@pytest.mark.parametrize("unit", [1.0, 1e-200, 1e200, -3.0])
def test_moments_and_correlation_in_any_unit(unit: float) -> None:
    mean, sd = summaries.moments(X * unit)
    np.testing.assert_allclose(mean, X.mean(axis=-1) * unit, rtol=1e-13)
    np.testing.assert_allclose(sd, X.std(axis=-1, ddof=1) * abs(unit), rtol=1e-13)
    expected = [[np.corrcoef(X[i, j], Y[i, j])[0, 1] for j in range(4)] for i in range(3)]
    np.testing.assert_allclose(summaries.pearson(X * unit, Y), np.multiply(expected, np.sign(unit)), rtol=1e-12)


def test_ranks_with_ties() -> None:
    x = np.random.default_rng(90).integers(0, 5, (3, 4, 9)).astype(float)
    np.testing.assert_array_equal(summaries.ranks(x), stats.rankdata(x, axis=-1))
