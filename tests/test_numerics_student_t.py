"""Far tails of Student's t, and normal probabilities between infinite ends."""

from __future__ import annotations

import mpmath as mp
import numpy as np
import pytest

from ketastats.numerics import student_t
from ketastats.numerics.special import ndtr_between


@pytest.mark.parametrize("df", [1.0, 1.018, 1.5])
@pytest.mark.parametrize("t", [1e99, 1e101, 1e154, 1e190])
def test_tails_whose_statistic_has_no_square(df, t) -> None:
    with mp.workdps(40):
        half = mp.mpf(df) / 2
        share = mp.mpf(df) / (mp.mpf(df) + mp.mpf(t) ** 2)
        expected = float(mp.betainc(half, mp.mpf(1) / 2, 0, share, regularized=True) / 2)
    assert student_t.sf(t, df) == pytest.approx(expected, rel=1e-12)
    assert student_t.isf(expected, df) == pytest.approx(t, rel=1e-12)


def test_between_infinite_ends() -> None:
    low, high = np.array([-np.inf, -np.inf, np.inf, -np.inf, 0.0]), np.array([np.inf, -np.inf, np.inf, 0.0, 1e-3])
    assert ndtr_between(low, high) == pytest.approx([1.0, 0.0, 0.0, 0.5, 1e-3 / np.sqrt(2 * np.pi)], rel=1e-6)
