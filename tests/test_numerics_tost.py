"""The exact power of two one-sided t tests."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from golden_means import log_sd, rows
from hypothesis import given
from hypothesis import strategies as st
from scipy import optimize, special

from ketastats.numerics import noncentral_t as nct
from ketastats.numerics import quadrature, student_t, tost

REFERENCE = np.loadtxt(Path(__file__).parent / "golden" / "tost.csv", delimiter=",", skiprows=1)


# -------------------- independent recomputation
def test_against_mpmath():
    low, high, df, alpha, power = REFERENCE.T
    assert len(low) > 60
    np.testing.assert_allclose(tost.power(low, high, df, alpha), power, rtol=1e-11)


def test_against_simulation():
    rng = np.random.default_rng(7)
    draws, df, low, high = 200_000, 6, -2.0, 2.6
    z, s = rng.standard_normal(draws), np.sqrt(rng.chisquare(df, draws) / df)
    critical = student_t.isf(0.05, df)
    hits = ((z - low) / s > critical) & ((z - high) / s < -critical)
    assert float(tost.power(low, high, df, 0.05)) == pytest.approx(hits.mean(), abs=4 * np.sqrt(0.25 / draws))


def test_more_nodes_change_nothing(monkeypatch):
    low, high, df, alpha, _ = REFERENCE.T
    here = tost.power(low, high, df, alpha)
    monkeypatch.setattr(quadrature, "_TIERS", ((0.0, np.inf, 96),))
    np.testing.assert_allclose(here, tost.power(low, high, df, alpha), rtol=1e-11)


# -------------------- invariants
@given(
    half=st.floats(1e-3, 60), shift=st.floats(-70, 70), df=st.floats(1, 1e6), alpha=st.sampled_from([0.001, 0.05, 0.5])
)
def test_power_is_a_probability_that_mirrors(half, shift, df, alpha):
    power = float(tost.power(-half - shift, half - shift, df, alpha))
    assert 0.0 <= power <= 1.0
    assert float(tost.power(-half + shift, half + shift, df, alpha)) == pytest.approx(power, rel=1e-9, abs=1e-300)


def test_power_rises_with_the_margin_and_falls_with_the_effect():
    half = np.linspace(0.1, 6, 80)
    assert np.all(np.diff(tost.power(-half, half, 20, 0.05)) > 0)
    shift = np.linspace(0, 8, 60)
    assert np.all(np.diff(tost.power(-4 - shift, 4 - shift, 20, 0.05)) < 0)


def test_it_never_exceeds_either_one_sided_test():
    shift = np.linspace(-5, 5, 41)
    both = tost.power(-4 - shift, 4 - shift, 9, 0.05)
    critical = student_t.isf(0.05, 9)
    one = nct.sf(critical, 9, 4 + shift)
    other = nct.sf(critical, 9, 4 - shift)
    assert np.all(both <= np.minimum(one, other) * (1 + 1e-12))
    # Where the margin is wide, little is lost: inclusion and exclusion.
    wide = tost.power(-40 - shift, 4 - shift, 9, 0.05)
    np.testing.assert_allclose(wide, other, rtol=1e-4)


def test_infinite_margins_are_noninferiority():
    critical = student_t.isf(0.025, 30)
    assert tost.power(-3.0, np.inf, 30, 0.025) == nct.sf(critical, 30, 3.0)
    assert tost.power(-np.inf, 3.0, 30, 0.025) == nct.sf(critical, 30, 3.0)
    assert tost.power(-np.inf, np.inf, 30, 0.025) == 1.0


def test_margins_too_narrow_for_any_rejection():
    power = tost.power(-0.01, 0.01, [1e4, 1.0], 0.05)
    assert power[0] == 0.0
    # Two standard deviations that are both tiny are still possible with one degree of freedom.
    assert 0.0 < power[1] < 1e-3
    # Margins out of order and true effects far outside.
    assert tost.power(-60.0, -50.0, 1e6, 0.05) == pytest.approx(0.0, abs=1e-300)


def test_level_is_reached_at_the_end_of_a_wide_margin():
    assert tost.power(-30.0, 0.0, 15, 0.05) == pytest.approx(0.05, abs=1e-12)


def test_known_standard_deviation_and_median_level():
    z = special.ndtri(0.95)
    assert tost.power(-3.0, 3.0, np.inf, 0.05) == pytest.approx(2 * special.ndtr(3 - z) - 1, rel=1e-14)
    assert tost.power(-3.0, 3.0, 1e12, 0.05) == pytest.approx(2 * special.ndtr(3 - z) - 1, rel=1e-9)
    assert tost.power(-1.0, 1.0, 5, 0.5) == pytest.approx(2 * special.ndtr(1) - 1, rel=1e-14)
    assert tost.power(-1.0, 1.0, np.inf, 0.05) == 0.0


def test_shapes_broadcast():
    assert tost.power(np.full((3, 1), -3.0), 3.0, np.arange(1, 5), 0.05).shape == (3, 4)


# -------------------- golden values
def paired_power(n, inputs):
    se = inputs["sd"] / np.sqrt(n)
    return float(
        tost.power((inputs["low"] - inputs["delta"]) / se, (inputs["high"] - inputs["delta"]) / se, n - 1, 0.05)
    )


@pytest.mark.parametrize("name", ["EQP-230", "EQP-250"])
def test_golden_paired_power(name):
    inputs, expected = rows()[name]
    assert paired_power(inputs["n"], inputs) == pytest.approx(expected["power"], abs=5e-6)


@pytest.mark.parametrize("name", ["EQP-300", "EQP-305", "EQP-331"])
def test_golden_paired_sample_size(name):
    inputs, expected = rows()[name]
    size = optimize.brentq(lambda n: paired_power(n, inputs) - inputs["power"], 3, 200)
    if "n" in expected:
        assert size == pytest.approx(expected["n"], abs=5e-4)
    else:
        assert np.ceil(size) == expected["n_ceiling"]


def test_golden_three_period_crossover():
    inputs, expected = rows()["EQP-413"]
    n = np.arange(8, 200, 2)
    se = log_sd(inputs["CV"]) * np.sqrt(1.5 / n)
    low, high, true = np.log(inputs["theta1"]), -np.log(inputs["theta1"]), np.log(inputs["theta0"])
    power = tost.power((low - true) / se, (high - true) / se, 2 * n - 3, 0.05)
    first = int(np.argmax(power >= 0.8))
    assert n[first] == expected["n_total"]
    assert power[first] == pytest.approx(expected["power"], abs=1e-6)


def test_golden_owens_q():
    inputs, expected = rows()["EQP-430"]
    # Q(t, delta; 0, b) is the integral of the noncentral t up to s = b / sqrt(nu).
    t, df, ncp = (np.array([float(inputs[key])]) for key in ("t", "nu", "delta"))
    end = np.log(inputs["b"] / np.sqrt(df))
    mode, width = nct._cdf_mode(t, df, ncp)
    start = np.minimum(mode, end - 1e-3)
    q = np.exp(quadrature.log_integral(nct._cdf_integrand, (t, df, ncp), df, start, width, (), end))
    assert q[0] == pytest.approx(expected["Q"], abs=1e-8)
