"""The noncentral F kernels."""

from __future__ import annotations

from pathlib import Path

import mpmath as mp
import numpy as np
import pytest
from golden_means import rows
from scipy import stats

from ketastats.numerics import noncentral_f as ncf
from ketastats.numerics import noncentral_t as nct

REFERENCE = np.loadtxt(Path(__file__).parent / "golden" / "noncentral_f.csv", delimiter=",", skiprows=1)


def test_both_tails_against_mpmath():
    f, df1, df2, ncp, log_cdf, log_sf = REFERENCE.T
    assert len(f) > 80
    np.testing.assert_allclose(np.log(ncf.cdf(f, df1, df2, ncp)), log_cdf, rtol=0, atol=5e-13)
    np.testing.assert_allclose(np.log(ncf.sf(f, df1, df2, ncp)), log_sf, rtol=0, atol=5e-13)


def test_one_numerator_degree_of_freedom_is_t_squared():
    t, df, ncp = (np.array(column) for column in ([0.1, 2.0, 9.0, 30.0], [3.0, 40.0, 1e5, 12.5], [0.5, 4.0, 2.0, 60.0]))
    both = nct.sf(t, df, ncp) + nct.cdf(-t, df, ncp)
    np.testing.assert_allclose(ncf.sf(t**2, 1.0, df, ncp**2), both, rtol=2e-13)


def test_central_case_and_its_quantile():
    df1, df2 = np.array([1.0, 4.0, 4.0, 30.0]), np.array([81.0, 324.0, 10.5, 1e6])
    for p in (1e-200, 1e-10, 0.05, 0.5, 0.999):
        f = ncf.isf(p, df1, df2)
        assert np.all(f > 0)
        np.testing.assert_allclose(ncf.sf(f, df1, df2, 0.0), p, rtol=5e-12)
    # scipy's own tail loses digits where df2 is large.
    np.testing.assert_allclose(ncf.sf(2.5, df1, df2, 0.0), stats.f.sf(2.5, df1, df2), rtol=5e-11)
    # With one degree of freedom the tail falls like the root of f, out of the range of a float.
    assert ncf.isf(1e-200, 1, 1) == np.inf
    assert ncf.isf(1e-150, 1, 1) == pytest.approx((2 / np.pi) ** 2 * 1e300, rel=1e-9)


def test_ends_of_the_line():
    np.testing.assert_array_equal(ncf.cdf([0.0, np.inf], 2, 5, 1.0), [0.0, 1.0])
    np.testing.assert_array_equal(ncf.sf([0.0, np.inf], 2, 5, 1.0), [1.0, 0.0])
    assert ncf.isf(0.0, 2, 5) == np.inf
    assert ncf.isf(1.0, 2, 5) == 0.0


def test_weights_from_nobody_on() -> None:
    j = np.arange(0.0, 6.0)
    for m in (1e-3, 0.7, 4.0, 30.0):
        exact = [float(-mp.mpf(m) + k * mp.log(m) - mp.log(mp.factorial(k))) for k in range(6)]
        np.testing.assert_allclose(ncf._log_poisson(j, np.full(6, m)), exact, atol=1e-13, rtol=1e-13)


def test_very_different_noncentralities_in_one_call():
    ncp = np.array([0.0, 1e-6, 1.0, 3000.0])
    together = ncf.sf(3.0, 4, 50, ncp)
    assert together.tolist() == [float(ncf.sf(3.0, 4, 50, one)) for one in ncp]
    assert np.all(np.diff(together) > 0)


@pytest.mark.parametrize("upper", [0.025, 0.5, 0.95])
def test_noncentrality_gives_back_its_tail(upper):
    f, df1, df2, *_ = REFERENCE.T
    ncp = ncf.noncentrality(f, df1, df2, upper)
    central = ncf.sf(f, df1, df2, 0.0)
    np.testing.assert_array_equal(ncp == 0, central >= upper)
    found = ncf.sf(f, df1, df2, ncp)[ncp > 0]
    assert found.size > 40
    np.testing.assert_allclose(found, upper, rtol=2e-11)


def test_golden_limits():
    given_, expected = rows()["ES-001"]
    ncp = ncf.noncentrality(given_["F"], given_["df1"], given_["df2"], [0.025, 0.975])
    np.testing.assert_allclose(ncp, expected["ncp"], atol=1e-4)
    rmsse = np.sqrt(ncp / ((given_["df1"]) * given_["n"] / (given_["df1"] + 1)))
    np.testing.assert_allclose(rmsse, expected["rmsse"], atol=6e-5)
    given_, expected = rows()["ES-002"]
    ncp = ncf.noncentrality(given_["F"], given_["df1"], given_["df2"], [0.05, 0.95])
    np.testing.assert_allclose(ncp / (ncp + given_["df2"]), expected["eta2_ci"], atol=2e-4)
    np.testing.assert_allclose(np.sqrt(ncp / given_["df2"]), expected["f_ci"], rtol=2e-4)


def test_golden_equivalence_tests_of_f():
    given_, expected = rows()["EQP-501"]
    total = given_["df1"] + given_["df2"] + 1
    bound = given_["eqbound_pes"]
    p = ncf.cdf(given_["F"], given_["df1"], given_["df2"], total * bound / (1 - bound))
    assert p == pytest.approx(expected["p"], rel=1e-3)
    given_, expected = rows()["EQP-503"]
    bound, total = given_["eqbound_pes"], given_["df1"] + given_["df2"] + 1
    ncp = total * bound / (1 - bound)
    assert ncf.cdf(given_["F"], 5, 66, ncp) == pytest.approx(expected["p_equiv"], rel=5e-4)
    assert ncf.sf(given_["F"], 5, 66, ncp) == pytest.approx(expected["p_met"], rel=5e-4)
    assert ncf.sf(given_["F"], 5, 66, 0.0) == pytest.approx(expected["p_nhst"], rel=5e-4)
