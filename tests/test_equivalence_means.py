"""Equivalence of two means."""

from __future__ import annotations

import math

import numpy as np
import pytest
from golden_means import rows
from scipy import stats

import ketastats as ks
from ketastats.equivalence import means, smd_from_t

SUMMARY = (9.8, 4.5, 37, 13.7, 5.8, 46)


def summary(values):
    return np.mean(values), np.std(values, ddof=1), len(values)


@pytest.mark.parametrize("measure", ["difference", "smd", "smd_unbiased"])
@pytest.mark.parametrize("alpha", [0.025, 0.05, 0.2])
def test_interval_inside_the_margin_exactly_when_the_test_rejects(measure, alpha):
    half = np.linspace(0.05, 8.0, 160)
    result = means(*SUMMARY, margin=(-half, half), alpha=alpha, measure=measure)
    inside = (result.low > -half) & (result.high < half)
    np.testing.assert_array_equal(result.established, inside)
    np.testing.assert_array_equal(result.established, half > result.threshold_margin)
    assert np.all(np.diff(result.pvalue) <= 0)


def test_it_is_the_estimate_with_a_margin():
    value = ks.effects.means(*SUMMARY)
    result = means(*SUMMARY, margin=(-6.0, 1.0))
    other = ks.equivalence.estimate(value.point, value.standard_error, df=value.df, margin=(-6.0, 1.0))
    assert (result.p_lower, result.p_upper) == (other.p_lower, other.p_upper)
    assert "Welch" in result.method
    assert "Student" in means(*SUMMARY, margin=2.0, variances="equal").method


def test_standardised_tests_are_exact():
    result = smd_from_t(0.567, 37, 46, margin=0.5)
    h = math.sqrt(1 / 37 + 1 / 46)
    assert result.p_lower == pytest.approx(stats.nct.sf(0.567, 81, -0.5 / h), rel=1e-6)
    assert result.p_upper == pytest.approx(stats.nct.cdf(0.567, 81, 0.5 / h), rel=1e-6)
    assert smd_from_t(0.567, 37, 46, margin=result.threshold_margin).pvalue == pytest.approx(0.05, rel=1e-11)
    g = smd_from_t(0.567, 37, 46, margin=0.5, unbiased=True)
    assert g.threshold_margin < result.threshold_margin
    assert g.pvalue < result.pvalue


def test_swapping_the_groups_mirrors_the_tests():
    result = means(*SUMMARY, margin=(-3.0, 5.0), measure="smd")
    swapped = means(13.7, 5.8, 46, 9.8, 4.5, 37, margin=(-5.0, 3.0), measure="smd")
    assert (result.p_lower, result.p_upper) == pytest.approx((swapped.p_upper, swapped.p_lower), rel=1e-12)


def test_noninferiority_of_a_standardised_difference():
    result = smd_from_t(0.567, 37, 46, margin=(-0.5, math.inf))
    assert result.p_upper == 0.0
    assert result.pvalue == result.p_lower


def test_arrays_of_splits():
    n1 = np.arange(20, 63)
    result = smd_from_t(0.567, n1, 83 - n1, margin=0.5)
    assert result.pvalue.shape == n1.shape
    assert result.to_frame().shape[0] == n1.size
    # The standard error is smallest in the middle, so there the threshold is lowest.
    assert n1[np.argmin(result.threshold_margin)] in (41, 42)


# ---------------------------------------------------------------------------------------------------- golden values
def test_golden_summaries():
    for name, tolerance in (("TOST-003", {"rel": 1e-4}), ("TOST-025", {"rel": 1e-9})):
        inputs, expected = rows()[name]
        low, high = (inputs.get(key, expected.get(f"{key}_raw")) for key in ("low", "high"))
        result = means(
            *(inputs["m1"], inputs["sd1"], inputs["n1"], inputs["m2"], inputs["sd2"], inputs["n2"]),
            margin=(low, high),
            variances="equal" if inputs["var_equal"] else "unequal",
        )
        assert result.p_lower == pytest.approx(expected["p_lower"], **tolerance)
        assert result.p_upper == pytest.approx(expected["p_upper"], **tolerance)
        assert (result.low, result.high) == pytest.approx((expected["ci90_low"], expected["ci90_high"]), **tolerance)


def test_golden_eskine():
    inputs, expected = rows()["TOST-010"]
    result = means(5.25, 0.95, 95, 5.22, 0.83, 89, margin=inputs["high"], variances="equal")
    assert result.pvalue == pytest.approx(expected["p_tost"], abs=5e-6)
    assert (result.low, result.high) == pytest.approx((expected["ci90_low"], expected["ci90_high"]), abs=5e-4)
    assert result.established


@pytest.mark.parametrize("name", ["TOST-020", "TOST-021"])
def test_golden_raw(name):
    inputs, expected = rows()[name]
    model = "equal" if inputs["var_equal"] else "unequal"
    result = means(*summary(inputs["x"]), *summary(inputs["y"]), margin=1.0, variances=model)
    assert result.pvalue == pytest.approx(expected["p_tost"], abs=1e-7)


def test_golden_raw_at_another_level():
    inputs, expected = rows()["TOST-017"]
    result = means(*summary(inputs["x"]), *summary(inputs["y"]), margin=110, alpha=0.025)
    assert result.p_lower == pytest.approx(expected["p_lower"], abs=5e-6)
    assert result.p_upper == pytest.approx(expected["p_upper"], abs=5e-6)
    assert (result.low, result.high) == pytest.approx((expected["ci_low"], expected["ci_high"]), abs=5e-6 * 10)
