"""The distribution of a correlation where it is certain, and where only one tail has digits."""

from __future__ import annotations

import mpmath as mp
import numpy as np
import pytest

from ketastats.numerics import correlation


@pytest.mark.parametrize(
    ("z", "zeta", "above"),
    [
        (np.inf, 0.3, 0.0),  # no sample of a true correlation below 1 shows 1
        (-np.inf, 0.3, 1.0),
        (0.3, np.inf, 1.0),  # a true correlation of 1 shows itself
        (0.3, -np.inf, 0.0),
        (np.inf, np.inf, 0.0),
        (-np.inf, np.inf, 1.0),
    ],
)
def test_what_is_certain(z, zeta, above):
    assert correlation.sf(z, 20, zeta) == above
    assert correlation.cdf(-z, 20, -zeta) == above


def exact_between(low, high, n):
    """The probability without any true correlation: that of Student's t, as an integral over r."""
    with mp.workdps(40):
        front = 1 / mp.beta(mp.mpf(1) / 2, mp.mpf(n - 2) / 2)
        power = mp.mpf(n - 4) / 2
        return float(front * mp.quad(lambda r: (1 - r * r) ** power, [mp.tanh(low), mp.tanh(high)]))


@pytest.mark.parametrize(("low", "high"), [(1.2, 1.3), (-1.3, -1.2), (-0.4, 0.1), (2.0, 2.5), (-2.5, -2.0)])
def test_either_tail_keeps_its_digits(low, high):
    expected = exact_between(low, high, 30)
    assert correlation.between(low, high, 30, 0.0) == pytest.approx(expected, rel=1e-9, abs=0.0)
    assert correlation.between(high, low, 30, 0.0) == 0.0
