"""Compatibility curves: the p-value of every hypothesised effect."""

from __future__ import annotations

import numpy as np
import pytest

import ketastats as ks
from ketastats.evidence import compatibility


def estimates():
    return {
        "score": ks.effects.proportions(7, 37, 14, 46),
        "smd": ks.effects.smd_from_t(0.567, 37, 46),
        "means": ks.effects.means(17.9, 4.6, 37, 18.4, 5.1, 46),
        "estimate": ks.effects.estimate(-0.002, se=1.35, df=60),
    }


@pytest.mark.parametrize("name", ["score", "smd", "means", "estimate"])
@pytest.mark.parametrize("level", [0.5, 0.9, 0.95])
def test_the_curve_meets_the_interval_of_the_same_method(name, level):
    estimate = estimates()[name]
    interval = estimate.confidence_interval(level)
    curve = compatibility(estimate, [interval.low, interval.high])
    np.testing.assert_allclose(curve.pvalue, 1 - level, rtol=1e-7)
    np.testing.assert_allclose(curve.svalue, -np.log2(1 - level), rtol=1e-7)


@pytest.mark.parametrize("name", ["score", "means", "estimate"])
def test_the_estimate_itself_is_fully_compatible(name):
    estimate = estimates()[name]
    curve = compatibility(estimate, estimate.point)
    assert curve.pvalue == pytest.approx(1.0, abs=1e-7)
    assert curve.svalue == pytest.approx(0.0, abs=1e-7)


def test_the_curve_rises_to_the_estimate_and_falls_behind_it():
    grid = np.linspace(-0.6, 0.4, 101)
    curve = compatibility(estimates()["score"], grid)
    top = int(np.argmax(curve.pvalue))
    assert np.all(np.diff(curve.pvalue[: top + 1]) >= 0)
    assert np.all(np.diff(curve.pvalue[top:]) <= 0)
    np.testing.assert_allclose(curve.svalue, -np.log2(curve.pvalue), rtol=1e-13)


def test_arrays_of_estimates_meet_a_grid():
    n1 = np.array([[13, 23, 33], [41, 30, 20]])
    several = ks.effects.smd_from_t(0.567, n1, 83 - n1)
    grid = np.array([-0.5, -0.24, 0.0, 0.24, 0.5])
    curve = compatibility(several, grid)
    assert curve.pvalue.shape == (2, 3, 5)
    assert curve.svalue.shape == (2, 3, 5)
    one = compatibility(ks.effects.smd_from_t(0.567, 33, 50), grid)
    np.testing.assert_allclose(curve.pvalue[0, 2], one.pvalue, rtol=1e-12)
    assert compatibility(several, 0.0).pvalue.shape == (2, 3)
    assert len(curve.to_frame()) == 30


def test_scalars_stay_scalars():
    curve = compatibility(estimates()["smd"], 0.0)
    assert isinstance(curve.pvalue, float)
    assert curve.pvalue == pytest.approx(0.5722, abs=5e-4)
    assert curve.method == "compatibility curve, Cohen's d (pooled SD), exact noncentral t"


def test_an_impossible_value_holds_infinite_information_without_a_warning():
    curve = compatibility(ks.effects.estimate(0.0, se=1.0), [0.0, 1e6])
    assert curve.svalue.tolist() == [0.0, np.inf]


def test_only_estimates_have_curves():
    with pytest.raises(ks.KetastatsError, match=r"^estimate is 0\.3"):
        compatibility(0.3, [0.0])
    with pytest.raises(ks.InvalidArgument, match=r"^values is"):
        compatibility(ks.effects.estimate(0.0, se=1.0), [0.0, np.nan])
