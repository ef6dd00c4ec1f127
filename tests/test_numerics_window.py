"""Integrals whose mass hides in a small part of the range."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import special

from ketastats.numerics.window import log_integral, log_sum_exp


def normal(mean, sd):
    return lambda x: -0.5 * ((x - mean) / sd) ** 2 - np.log(sd) - 0.5 * np.log(2 * np.pi)


@pytest.mark.parametrize("sd", [1e-6, 1e-3, 1.0, 30.0])
@pytest.mark.parametrize("mean", [-40.0, 0.123, 70.0])
def test_a_peak_is_found_however_narrow(mean, sd):
    low, high = np.array([-100.0]), np.array([100.0])
    kernel = normal(mean, sd)
    expected = special.ndtr((high - mean) / sd) - special.ndtr((low - mean) / sd)
    ours = log_integral(kernel, low, high, np.array([[mean]]), kernel)
    # Steps of x near the mean are rounded to about 1e-16 of it.
    assert ours[0] == pytest.approx(np.log(expected[0]), abs=1e-11 + 1e-16 * abs(mean) / sd)


@pytest.mark.parametrize("gap", [0.0, 5.0, 37.0, 1000.0])
def test_only_the_flank_of_a_peak_lies_in_the_range(gap):
    # From `gap` standard deviations above the mean: the normal tail, by its own log.
    kernel = normal(0.0, 1.0)
    ours = log_integral(kernel, np.array([gap]), np.array([gap + 50.0]), np.zeros((1, 1)), kernel)
    assert ours[0] == pytest.approx(special.log_ndtr(-gap), abs=1e-9)


def test_two_peaks_of_different_width():
    def kernel(x):
        return np.logaddexp(normal(-3.0, 0.5)(x), normal(4.0, 0.1)(x))

    ours = log_integral(kernel, np.array([-20.0]), np.array([20.0]), np.array([[-3.0, 4.0]]), kernel)
    assert ours[0] == pytest.approx(np.log(2), abs=1e-8)


def test_log_sum_exp_of_nothing_is_nothing():
    assert log_sum_exp(np.array([[-np.inf, -np.inf], [0.0, 0.0]])).tolist() == [-np.inf, pytest.approx(np.log(2))]


def test_an_empty_range_holds_nothing():
    kernel = normal(0.0, 1.0)
    assert log_integral(kernel, np.array([1.0]), np.array([1.0]), np.zeros((1, 1)), kernel)[0] == -np.inf
