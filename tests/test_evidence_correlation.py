"""Bayes factors of a correlation: Jeffreys' exact one and the JZS one."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import mpmath as mp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import ketastats as ks
from ketastats.evidence import correlation, correlation_jzs
from ketastats.numerics import correlation_density

GOLDEN = Path(__file__).parent / "golden" / "evidence_more.csv"
ROWS = {row["id"]: row for row in csv.DictReader(GOLDEN.read_text(encoding="utf-8").splitlines())}
SERVED = {"BF-051", "BF-052"}


def golden(name):
    return json.loads(ROWS[name]["inputs_json"]), json.loads(ROWS[name]["expected_json"])


def exact(r, n, kappa):
    """Ly et al. 2016, equation 25, after Euler's transformation, which is positive term by term."""
    with mp.workdps(40):
        r, n, kappa = (mp.mpf(float(v)) for v in (r, n, kappa))
        a, b, c = (n - 1) / 2, 1 / kappa, 1 / kappa + n / 2
        series = mp.hyp2f1(c - a, c - a, c, r * r)
        value = (1 - 2 * b) * mp.log(2) + mp.log(mp.pi) / 2 - mp.log(mp.beta(b, b))
        value += mp.loggamma(b + (n - 1) / 2) - mp.loggamma(c) + mp.log(series)
        return value + (c - 2 * a) * mp.log1p(-r * r)


# ----------------------------------------------------------------------------------------------------------- invariants
@settings(max_examples=25)
@given(r=st.floats(-1, 1), n=st.integers(3, 1_000_000), kappa=st.floats(0.001, 50))
def test_sides_average_and_mirror(r, n, kappa) -> None:
    both = correlation(r, n, kappa=kappa).log_bf10
    greater = correlation(r, n, kappa=kappa, alternative="greater").log_bf10
    less = correlation(r, n, kappa=kappa, alternative="less").log_bf10
    assert not np.any(np.isnan([both, greater, less]))
    assert np.logaddexp(greater, less) == pytest.approx(np.log(2) + both, rel=1e-13, abs=1e-12)
    assert correlation(-r, n, kappa=kappa, alternative="less").log_bf10 == pytest.approx(greater, rel=1e-13, abs=1e-12)
    if r > 1e-6:
        assert greater > less


def test_never_nan_and_more_correlation_is_more_evidence() -> None:
    rng = np.random.default_rng(3)
    n = np.exp(rng.uniform(np.log(3), np.log(1e6), 400)).astype(int)
    r = np.where(rng.random(400) < 0.2, np.sign(rng.random(400) - 0.5) * (1 - 10.0 ** rng.uniform(-16, -1, 400)), 0)
    r = np.where(r == 0, rng.uniform(-1, 1, 400), r)
    for side in ("two-sided", "greater", "less"):
        assert np.all(np.isfinite(correlation(r, n, alternative=side).log_bf10))
        assert np.all(np.isfinite(correlation_jzs(r, n, alternative=side).log_bf10))
    climb = np.linspace(0, 0.99, 40)
    assert np.all(np.diff(correlation(climb, 30).log_bf10) > 0)
    assert np.all(np.diff(correlation(climb, 30, alternative="less").log_bf10) < 0)


def test_correlation_of_one() -> None:
    # Infinite evidence, unless the prior allows so much that three or four pairs on a line are no surprise.
    assert correlation(1.0, 10).log_bf10 == np.inf
    assert correlation(-1.0, 10).bf01 == 0
    assert correlation(1.0, 3).bf10 == pytest.approx(2, rel=1e-11)
    assert correlation([1.0, -1.0], 4, kappa=0.5).log_bf10 == pytest.approx(float(mp.log(2.5)), rel=1e-11)
    # The integrand falls, or not, by the sign of 2 / kappa + 2 - n; where it stands still its integral is infinite too.
    assert correlation(1.0, [4, 5], kappa=1.0).log_bf10.tolist() == [np.inf, np.inf]
    assert correlation(1.0, [6, 7], kappa=0.5).log_bf10.tolist() == [np.inf, np.inf]
    near = correlation(1 - 1e-14, 5, kappa=0.5).log_bf10
    assert correlation(1.0, 5, kappa=0.5).log_bf10 == pytest.approx(near, rel=1e-5)
    assert np.isfinite(correlation(1.0, 10, alternative="less").log_bf10)
    np.testing.assert_allclose(
        correlation(1.0, 10, alternative="less").log_bf10, correlation(1 - 1e-13, 10, alternative="less").log_bf10
    )
    assert correlation_jzs(1.0, 10).log_bf10 == np.inf
    np.testing.assert_allclose(
        correlation_jzs(1.0, 10, alternative="less").log_bf10,
        correlation_jzs(1 - 1e-12, 10, alternative="less").log_bf10,
        rtol=1e-5,
    )


def test_no_correlation_has_an_elementary_factor() -> None:
    # At r = 0 the likelihood ratio is (1 - rho^2)^((n-1)/2), whose mean under a uniform prior is elementary.
    assert correlation(0.0, 3).bf10 == pytest.approx(2 / 3, rel=1e-13)
    assert correlation(0.0, 5).bf10 == pytest.approx(8 / 15, rel=1e-13)


# ----------------------------------------------------------------------------------------------------------- references
def test_agrees_with_forty_digits() -> None:
    rng = np.random.default_rng(1)
    size = 60
    n = np.exp(rng.uniform(np.log(3), np.log(1e5), size)).astype(int)
    r = np.choose(
        rng.integers(0, 4, size), [rng.uniform(-1, 1, size), rng.uniform(-0.1, 0.1, size), 0 * n, 0 * n + 0.9999]
    )
    kappa = np.exp(rng.uniform(-6, 4, size))
    ours = correlation(r, n, kappa=kappa).log_bf10
    for i in range(size):
        want = exact(r[i], n[i], kappa[i])
        assert abs(ours[i] - want) <= 1e-12 * max(1, abs(want)), (r[i], n[i], kappa[i])


@pytest.mark.parametrize(("r", "n", "kappa"), [(0.6, 20, 1.0), (-0.2, 50, 0.3), (0.95, 8, 2.0), (0.05, 400, 1.0)])
def test_one_sided_factors_agree_with_quadrature_of_the_original_formula(r, n, kappa) -> None:
    with mp.workdps(25):
        b, m = 1 / mp.mpf(kappa), mp.mpf(n)

        def integrand(rho):
            prior = 2 * (1 - rho * rho) ** (b - 1) * 2 ** (1 - 2 * b) / mp.beta(b, b)
            tilt = mp.hyp2f1(0.5, 0.5, m - 0.5, (1 + r * rho) / 2) / mp.hyp2f1(0.5, 0.5, m - 0.5, 0.5)
            return prior * (1 - rho * rho) ** ((m - 1) / 2) * (1 - r * rho) ** (1.5 - m) * tilt

        marks = sorted({-1, -0.9, -0.6, -0.3, -0.1, 0, 0.1, 0.3, 0.6, 0.9, 1, r})
        plus = mp.log(mp.quad(integrand, [mark for mark in marks if mark >= 0]))
        minus = mp.log(mp.quad(integrand, [mark for mark in marks if mark <= 0]))
    assert correlation(r, n, kappa=kappa, alternative="greater").log_bf10 == pytest.approx(float(plus), abs=1e-11)
    assert correlation(r, n, kappa=kappa, alternative="less").log_bf10 == pytest.approx(float(minus), abs=1e-11)


@pytest.mark.parametrize(
    ("r", "n", "rho"), [(0.3, 20, 0.1), (0.16, 150, 0.124), (-0.5, 10, 0.3), (0.2, 4, -0.7), (0.5, 3, 0.2)]
)
def test_tail_of_the_correlation_agrees_with_quadrature(r, n, rho) -> None:
    with mp.workdps(25):
        m, half = mp.mpf(n), mp.mpf(1) / 2
        constant = (m - 2) * mp.gamma(m - 1) / (mp.sqrt(2 * mp.pi) * mp.gamma(m - half))

        def density(z):
            x = mp.tanh(z)
            shape = (1 - mp.mpf(rho) ** 2) ** ((m - 1) / 2) * mp.sech(z) ** (m - 2) * (1 - rho * x) ** (3 * half - m)
            return constant * shape * mp.hyp2f1(half, half, m - half, (1 + rho * x) / 2)

        start = mp.atanh(mp.mpf(r))
        tail = mp.quad(density, [start + step for step in (0, 0.1, 0.3, 0.6, 1, 2, 4, 8, 16, 40)])
    ours = correlation_density.log_sf(*(np.array([float(v)]) for v in (np.arctanh(r), n, np.arctanh(rho))))[0]
    assert ours == pytest.approx(float(mp.log(tail)), abs=1e-11)


def test_tail_without_correlation_is_students() -> None:
    from scipy import stats

    r, n = np.array([0.1, 0.5, -0.3, 0.9]), np.array([3.0, 10.0, 40.0, 200.0])
    want = stats.t.logsf(r * np.sqrt((n - 2) / (1 - r * r)), n - 2)
    np.testing.assert_allclose(correlation_density.log_sf(np.arctanh(r), n, np.zeros(4)), want, rtol=1e-11)


def test_jzs_agrees_with_the_published_integral() -> None:
    # Wetzels & Wagenmakers 2012, equation 13.
    r, n = 0.35, 27
    with mp.workdps(25):

        def integrand(g):
            tails = (1 + g) ** (mp.mpf(n - 2) / 2) * (1 + (1 - mp.mpf(r) ** 2) * g) ** (-mp.mpf(n - 1) / 2)
            return tails * g ** mp.mpf(-1.5) * mp.exp(-n / (2 * g))

        want = mp.sqrt(mp.mpf(n) / 2) / mp.gamma(0.5) * mp.quad(integrand, [0, 1, 5, 20, 100, 1000, mp.inf])
    assert correlation_jzs(r, n).bf10 == pytest.approx(float(want), rel=1e-10)


# --------------------------------------------------------------------------------------------------------------- golden
def test_golden_jeffreys() -> None:
    inputs, expected = golden("BF-051")
    for key, side in (("bf10", "two-sided"), ("bf_plus0", "greater"), ("bf_minus0", "less")):
        ours = correlation(inputs["r"], inputs["n"], kappa=inputs["kappa"], alternative=side).bf10
        assert ours == pytest.approx(expected[key], abs=5.01e-4)


def test_golden_jzs() -> None:
    inputs, expected = golden("BF-052")
    assert correlation_jzs(inputs["r"], inputs["n"]).bf10 == pytest.approx(expected["bf10"], abs=5e-4)


# ------------------------------------------------------------------------------------------------------------ interface
def test_broadcasts_and_tells_its_prior() -> None:
    result = correlation([[0.1], [0.2]], [20, 40, 80])
    assert result.log_bf10.shape == (2, 3)
    assert result.log_bf10[1, 2] == correlation(0.2, 80).log_bf10
    assert "kappa 1" in result.prior
    assert isinstance(correlation(0.1, 20).log_bf10, float)
    assert len(result.to_frame()) == 6


@pytest.mark.parametrize("function", [correlation, correlation_jzs])
@pytest.mark.parametrize(("r", "n", "name"), [(1.1, 20, "r"), (np.nan, 20, "r"), (0.1, 2, "n"), (0.1, 20.5, "n")])
def test_bad_arguments_are_named(function, r, n, name) -> None:
    with pytest.raises(ks.InvalidArgument) as caught:
        function(r, n)
    assert caught.value.argument == name


def test_width_of_the_prior_is_positive() -> None:
    with pytest.raises(ks.InvalidArgument, match="kappa"):
        correlation(0.1, 20, kappa=0)
    with pytest.raises(ks.InvalidArgument, match="scale"):
        correlation_jzs(0.1, 20, scale=-1)
