"""The noncentral t kernels against series at hundreds of digits, and where peers fail."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from golden_means import rows
from hypothesis import given
from hypothesis import strategies as st
from scipy import optimize, special, stats

from ketastats.numerics import noncentral_t as nct
from ketastats.numerics import quadrature, student_t
from ketastats.numerics.special import expm1_minus, log1p_minus, ndtr_between, stirling_error

REFERENCE = np.loadtxt(Path(__file__).parent / "golden" / "noncentral_t.csv", delimiter=",", skiprows=1)


# -------------------- independent recomputation
def test_both_tails_against_mpmath():
    t, df, ncp, log_cdf, log_sf = REFERENCE.T
    assert len(t) > 200
    assert log_cdf.min() < -500
    assert log_sf.min() < -500
    np.testing.assert_allclose(nct.logcdf(t, df, ncp), log_cdf, rtol=2e-15, atol=5e-13)
    np.testing.assert_allclose(nct.logsf(t, df, ncp), log_sf, rtol=2e-15, atol=5e-13)


def test_density_is_the_slope_of_the_distribution():
    t, df, ncp, *_ = REFERENCE.T
    # Identity between neighbours in df: t f(t) = df [F(t sqrt(1 + 2/df); df + 2) - F(t; df)].
    df, ncp = (column[df < 1000] for column in (df, ncp))
    t = nct.ppf(np.linspace(0.1, 0.9, len(df)), df, ncp)
    assert len(t) > 50
    difference = nct.cdf(t * np.sqrt(1 + 2 / df), df + 2, ncp) - nct.cdf(t, df, ncp)
    np.testing.assert_allclose(t * nct.pdf(t, df, ncp), df * difference, rtol=1e-8, atol=1e-12)


def test_golden_density():
    given_, expected = rows()["NCT-001"]
    np.testing.assert_allclose(nct.pdf(given_["x"], given_["df"], given_["nc"]), expected["pdf"], rtol=1e-10)


@pytest.mark.parametrize("nodes", [96])
def test_more_nodes_change_nothing(monkeypatch, nodes):
    t, df, ncp, *_ = REFERENCE.T
    here = nct.logcdf(t, df, ncp)
    monkeypatch.setattr(quadrature, "_TIERS", ((0.0, np.inf, nodes),))
    np.testing.assert_allclose(here, nct.logcdf(t, df, ncp), rtol=2e-15, atol=5e-13)


# -------------------- invariants
@given(t=st.floats(-80, 80), df=st.floats(1, 1e6), ncp=st.floats(-60, 60))
def test_tails_add_up_and_mirror(t, df, ncp):
    below, above = nct.cdf(t, df, ncp), nct.sf(t, df, ncp)
    assert below + above == pytest.approx(1.0, abs=1e-12)
    assert nct.cdf(-t, df, -ncp) == above


def test_central_case_is_student():
    t = np.array([-30.0, -2.0, 0.0, 1e-8, 1.0, 40.0])
    for df in (1.0, 2.5, 40.0, 1e6):
        np.testing.assert_allclose(nct.sf(t, df, 0.0), student_t.sf(t, df), rtol=2e-13)


def test_infinite_degrees_of_freedom_are_normal():
    assert nct.cdf(1.0, np.inf, 0.5) == pytest.approx(special.ndtr(0.5), rel=1e-15)
    assert nct.logcdf(1.0, 1e15, 30.0) == pytest.approx(special.log_ndtr(-29.0), rel=1e-13)
    assert nct.pdf(1.0, np.inf, 0.5) == pytest.approx(stats.norm.pdf(0.5), rel=1e-15)


def test_ends_of_the_line():
    np.testing.assert_array_equal(nct.cdf([-np.inf, np.inf], 5, 1.0), [0.0, 1.0])
    np.testing.assert_array_equal(nct.sf(2.0, 5, [-np.inf, np.inf]), [0.0, 1.0])
    assert nct.cdf(-0.0, 5, 1.0) == nct.cdf(0.0, 5, 1.0) == pytest.approx(special.ndtr(-1.0), rel=1e-14)
    # The tail of one degree of freedom falls like 1 / t.
    assert nct.sf(1e200, 1, 0.0) == pytest.approx(1e-200 / np.pi, rel=1e-12)


def test_extreme_arguments_never_give_nan():
    t = np.array([-1e300, -1e5, -5e-324, 5e-324, 1e5, 1e300])[:, None, None]
    df = np.array([1.0, 1.001, 17.0, 1e7, 1e300])[:, None]
    ncp = np.array([-1e4, -60.0, 0.0, 1e-300, 60.0, 1e4])
    value = nct.cdf(t, df, ncp)
    assert np.all((value >= 0) & (value <= 1))
    assert not np.isnan(nct.pdf(t, df, ncp)).any()


def test_shapes_broadcast_and_empty_arrays_stay_empty():
    assert nct.cdf(np.zeros((3, 1)), np.ones(4), 0.0).shape == (3, 4)
    assert nct.cdf(np.zeros(0), 1.0, 0.0).shape == (0,)


def test_order_of_the_elements_does_not_matter():
    t, df, ncp, *_ = REFERENCE.T
    order = np.random.default_rng(1).permutation(len(t))
    np.testing.assert_array_equal(nct.logcdf(t, df, ncp)[order], nct.logcdf(t[order], df[order], ncp[order]))


# -------------------- inverses
@pytest.mark.parametrize("upper", [1e-12, 0.025, 0.5, 0.95, 0.999999])
def test_noncentrality_gives_back_its_tail(upper):
    t, df, *_ = REFERENCE.T
    ncp = nct.noncentrality(t, df, upper)
    if upper <= 0.5:
        np.testing.assert_allclose(nct.sf(t, df, ncp), upper, rtol=2e-11)
    else:
        np.testing.assert_allclose(nct.cdf(t, df, ncp), 1 - upper, rtol=2e-11)


@pytest.mark.parametrize("p", [1e-30, 0.025, 0.5, 0.9])
def test_quantile_gives_back_its_probability(p):
    _, df, ncp, *_ = REFERENCE.T
    t = nct.ppf(p, df, ncp)
    tail = nct.cdf(t, df, ncp) if p <= 0.5 else nct.sf(t, df, ncp)
    np.testing.assert_allclose(tail, min(p, 1 - p), rtol=1e-10)
    np.testing.assert_allclose(nct.isf(p, df, -ncp), -t, rtol=1e-13)


def test_quantile_at_the_ends():
    np.testing.assert_array_equal(nct.ppf([0.0, 1.0], 5, 1.0), [-np.inf, np.inf])


# -------------------- where peers are wrong
def test_far_lower_tail_where_scipy_fails():
    # The lower half of the two-sided power at n = 100 per arm, d = 1.3, for which scipy's nct has returned NaN.
    ncp, df = 1.3 * np.sqrt(50), 198
    critical = student_t.isf(0.025, df)
    lower = float(nct.cdf(-critical, df, ncp))
    assert 0 < lower < 1e-25
    assert nct.logcdf(-critical, df, ncp) == pytest.approx(np.log(lower), rel=1e-12)


# -------------------- golden one-sample rows
def one_sample_power(d, n, alpha, tails):
    critical = student_t.isf(alpha / tails, n - 1)
    upper = nct.sf(critical, n - 1, d * np.sqrt(n))
    return upper + nct.cdf(-critical, n - 1, d * np.sqrt(n)) if tails == 2 else upper


def test_golden_power_of_one_sample():
    given_, expected = rows()["PWR-003"]
    assert one_sample_power(-given_["d"], given_["n"], given_["alpha"], 1) == pytest.approx(expected["power"], abs=1e-9)
    given_, expected = rows()["PWR-019"]
    assert one_sample_power(given_["d"], given_["n"], given_["alpha"], 2) == pytest.approx(expected["power"], abs=2e-6)


def test_golden_size_and_effect_of_one_sample():
    given_, expected = rows()["PWR-031"]
    size = optimize.brentq(lambda n: one_sample_power(given_["d"], n, 0.05, 2) - given_["power"], 5, 100)
    assert size == pytest.approx(expected["n"], abs=1e-4)
    given_, expected = rows()["PWR-033"]
    effect = optimize.brentq(lambda d: one_sample_power(d, given_["n"], 0.05, 2) - given_["power"], 0.1, 2)
    assert effect == pytest.approx(expected["d"], abs=1e-6)


def test_golden_critical_t_and_observed_power():
    given_, expected = rows()["MDE-002"]
    assert student_t.isf(0.025, 2 * given_["n_per_group"] - 2) == pytest.approx(expected["t_crit"], abs=5e-4)
    # A z exactly at its critical value has an observed power of one half, whatever the study.
    _, expected = rows()["OBS-001"]
    critical = student_t.isf(0.025, np.inf)
    assert nct.sf(critical, np.inf, critical) == pytest.approx(expected["observed_power_upper_tail"], abs=1e-12)


# -------------------- small functions
def test_small_functions_keep_their_digits():
    mp = pytest.importorskip("mpmath")
    with mp.workdps(40):
        for x in (-0.9, -0.19, -1e-6, 1e-9, 0.21, 0.45, 3.0):
            exact = mp.mpf(x)
            assert float(expm1_minus(x)) == pytest.approx(float(mp.expm1(exact) - exact), rel=5e-15)
            assert float(log1p_minus(x)) == pytest.approx(float(mp.log1p(exact) - exact), rel=5e-15)
        for z in (0.5, 1.0, 9.99, 10.0, 300.0, 1e7):
            exact = mp.mpf(z)
            error = mp.loggamma(exact) - (exact - 0.5) * mp.log(exact) + exact - mp.log(2 * mp.pi) / 2
            assert float(stirling_error(z)) == pytest.approx(float(error), rel=1e-13)
        for low, high in ((-1.0, 2.0), (5.0, 5.001), (-30.0, -29.0), (0.0, 1e-9), (36.0, 37.0)):
            exact = mp.ncdf(-mp.mpf(low)) - mp.ncdf(-mp.mpf(high))
            found = float(ndtr_between(np.array(low), np.array(high)))
            assert found == pytest.approx(float(exact), rel=1e-12)
    assert log1p_minus(-1.0 + 1e-17, 1e-17) == pytest.approx(np.log(1e-17) + 1.0, rel=1e-15)
    assert ndtr_between(np.array(2.0), np.array(1.0)) == 0.0


def test_far_quantiles_of_student():
    df = np.array([2.0, 3.0, 10.0, 99.5, 1e6])
    for p in (1e-300, 1e-200, 1e-60, 1e-16, 0.025, 0.5):
        t = student_t.isf(p, df)
        np.testing.assert_allclose(student_t.sf(t, df), p, rtol=1e-10)
    assert student_t.isf(1e-250, 1.0) == pytest.approx(1e250 / np.pi, rel=1e-12)
    assert student_t.isf([0.0, 1.0], 5.0).tolist() == [np.inf, -np.inf]


def test_noncentralities_without_bounds():
    t = np.array([1e6, 1e11, -1e14, 1e100])
    for df in (1.0, 7.0, 1e4):
        ncp = nct.noncentrality(t, df, 0.025)
        np.testing.assert_allclose(nct.sf(t, df, ncp), 0.025, rtol=1e-9)
    # So far out Z no longer matters: s alone decides, and s * t grows with t.
    far = nct.noncentrality([1e13, 1e100], 7.0, 0.025)
    assert far[1] / far[0] == pytest.approx(1e87, rel=1e-9)
