"""Bayes factors of a replication, small telescopes, and priors that would change the conclusion."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest
from scipy import special, stats

import ketastats as ks
from ketastats.evidence import replication_estimate, replication_means
from ketastats.numerics import noncentral_t

GOLDEN = Path(__file__).parent / "golden" / "evidence_more.csv"
ROWS = {row["id"]: row for row in csv.DictReader(GOLDEN.read_text(encoding="utf-8").splitlines())}


# ------------------------------------------------------------------------------------------------- replication factors
def by_grid(t, size, df, original, prior):
    """Trapezoidal sum over the effect of the noncentral densities, which have all digits at these steps."""
    t0, size0, df0 = original
    centre, step = t0 / np.sqrt(size0), 0.005 / np.sqrt(size0)
    effect = centre + step * np.arange(-3000, 3001)
    weight = np.exp(noncentral_t.logpdf(t0, df0, effect * np.sqrt(size0))) * prior(effect)
    density = noncentral_t.logpdf(t, df, effect * np.sqrt(size)) - noncentral_t.logpdf(t, df, 0.0)
    return np.log((weight * np.exp(density)).sum() / weight.sum())


def test_agrees_with_a_fine_grid() -> None:
    design = {"t": 0.2, "n1": 80, "n2": 80, "original_t": 2.5, "original_n1": 20, "original_n2": 20}
    flat = by_grid(0.2, 40, 158, (2.5, 10, 38), np.ones_like)
    assert replication_means(**design).log_bf10 == pytest.approx(flat, abs=1e-11)
    cauchy = by_grid(0.2, 40, 158, (2.5, 10, 38), lambda d: 1 / (1 + (d / 0.7) ** 2))
    assert replication_means(**design, scale=0.7).log_bf10 == pytest.approx(cauchy, abs=1e-11)


def test_evidence_does_not_depend_on_the_order_of_the_studies() -> None:
    # All data against none is one factor, whichever study is called the original.
    a, b = {"t": 2.5, "n1": 20, "n2": 25}, {"t": -0.4, "n1": 90, "n2": 60}
    for scale in (0.2, 0.707, 3.0):
        new_b = replication_means(**b, original_t=2.5, original_n1=20, original_n2=25, scale=scale).log_bf10
        new_a = replication_means(**a, original_t=-0.4, original_n1=90, original_n2=60, scale=scale).log_bf10
        one = ks.evidence.means(**a, scale=scale).log_bf10 + new_b
        assert one == pytest.approx(ks.evidence.means(**b, scale=scale).log_bf10 + new_a, abs=1e-11)


@pytest.mark.parametrize("scale", [0.2, 0.707, 3.0])
def test_order_of_huge_studies_of_a_large_effect(scale) -> None:
    # The likelihoods are needles near 0.42 and 0.4, which no grid over the prior would meet by chance.
    a, b = {"t": 300.0, "n1": 10**6, "n2": 10**6}, {"t": 900.0, "n1": 10**7, "n2": 10**7}
    new_a, new_b = (
        replication_means(**x, **{f"original_{key}": value for key, value in y.items()}, scale=scale).log_bf10
        for x, y in ((a, b), (b, a))
    )
    one = ks.evidence.means(**a, scale=scale).log_bf10 + new_b
    assert one == pytest.approx(ks.evidence.means(**b, scale=scale).log_bf10 + new_a, rel=1e-12)


@pytest.mark.parametrize("scale", [np.inf, 0.707])
def test_signs_mirror_and_sides_add_up(scale) -> None:
    design = {"n1": 80, "n2": 70, "original_n1": 20, "original_n2": 20, "scale": scale}
    one = replication_means(t=1.2, original_t=2.0, **design).log_bf10
    assert replication_means(t=-1.2, original_t=-2.0, **design).log_bf10 == pytest.approx(one, abs=1e-12)
    greater = replication_means(t=1.2, original_t=2.0, alternative="greater", **design).log_bf10
    mirrored = replication_means(t=-1.2, original_t=-2.0, alternative="less", **design).log_bf10
    assert mirrored == pytest.approx(greater, abs=1e-12)
    less = replication_means(t=1.2, original_t=2.0, alternative="less", **design).log_bf10
    # The whole is a mixture of its halves, weighted by the original's posterior of the sign.
    effect = np.arange(-4.0, 4.0, 0.001) + 0.0005
    weight = np.exp(noncentral_t.logpdf(2.0, 38.0, effect * np.sqrt(10)))
    weight /= 1.0 if np.isinf(scale) else 1 + (effect / scale) ** 2
    positive = weight[effect > 0].sum() / weight.sum()
    mixed = positive * np.exp(greater) + (1 - positive) * np.exp(less)
    assert np.exp(one) == pytest.approx(mixed, rel=1e-6)


def test_replication_is_never_nan() -> None:
    rng = np.random.default_rng(5)
    t, t0 = rng.uniform(-60, 60, (2, 40))
    n, n0 = np.exp(rng.uniform(np.log(2), np.log(1e7), (2, 40))).astype(int)
    for scale in (np.inf, 0.5):
        result = replication_means(t=t, n1=n, n2=n, original_t=t0, original_n1=n0, original_n2=n0, scale=scale)
        assert np.all(np.isfinite(result.log_bf10))


def test_large_samples_are_normal() -> None:
    n = 10**6
    se = np.sqrt(2 / n)
    exact = replication_means(t=1.5, n1=n, n2=n, original_t=2.5, original_n1=n, original_n2=n).log_bf10
    normal = replication_estimate(1.5 * se, se=se, original=2.5 * se, original_se=se).log_bf10
    assert exact == pytest.approx(normal, abs=1e-5)


def test_estimate_is_the_normal_prior_of_the_original() -> None:
    ours = replication_estimate([0.05, -3.0], se=0.1, original=0.6, original_se=0.25)
    prior = ks.evidence.estimate([0.05, -3.0], se=0.1, prior="normal", prior_mean=0.6, prior_sd=0.25)
    np.testing.assert_allclose(ours.log_bf10, prior.log_bf10, rtol=1e-13)
    want = stats.norm.logpdf(0.05, 0.6, np.hypot(0.1, 0.25)) - stats.norm.logpdf(0.05, 0, 0.1)
    assert ours.log_bf10[0] == pytest.approx(want, rel=1e-13)


def test_bad_replications_are_refused() -> None:
    with pytest.raises(ks.InvalidArgument, match="original_n1"):
        replication_means(t=1, n1=10, original_t=1, original_n1=1)
    with pytest.raises(ks.InvalidArgument, match="scale"):
        replication_means(t=1, n1=10, original_t=1, original_n1=10, scale=-np.inf)
    with pytest.raises(ks.InvalidArgument, match="original_se"):
        replication_estimate(0.1, se=0.1, original=0.2, original_se=0)
    with pytest.raises(ks.InvalidArgument, match="shapes"):
        replication_means(t=[1, 2, 3], n1=[10, 20], original_t=1, original_n1=10)


# ---------------------------------------------------------------------------------------------------- small telescopes
def test_golden_small_telescopes() -> None:
    inputs, expected = (json.loads(ROWS["SMT-001"][key]) for key in ("inputs_json", "expected_json"))
    ours = ks.evidence.small_effect(inputs["n"], power=inputs["power"], alpha=inputs["alpha"]).effect
    assert ours == pytest.approx(expected["d"], abs=5e-4)
    inputs, expected = (json.loads(ROWS["SMT-004"][key]) for key in ("inputs_json", "expected_json"))
    for key, power in (("r_power_033", 0.33), ("r_power_third", 1 / 3)):
        ours = ks.evidence.small_effect_correlation(inputs["n"], power=power, alpha=inputs["alpha"]).effect
        assert ours == pytest.approx(expected[key], abs=6e-4)


def test_small_effect_has_the_power() -> None:
    n1, n2 = np.array([2, 5, 20, 1000, 10**6]), np.array([3, 5, 90, 1000, 10**6])
    for power, alpha in ((0.33, 0.05), (0.0501, 0.05), (0.999, 0.001)):
        effect = ks.evidence.small_effect(n1, n2, power=power, alpha=alpha).effect
        df, ncp = n1 + n2 - 2.0, effect * np.sqrt(n1 * n2 / (n1 + n2))
        critical = special.stdtrit(df, 1 - alpha / 2)
        got = noncentral_t.sf(critical, df, ncp) + noncentral_t.cdf(-critical, df, ncp)
        np.testing.assert_allclose(got, power, rtol=1e-9)
    assert np.all(np.diff(ks.evidence.small_effect([10, 20, 40, 1000]).effect) < 0)


def test_small_correlation_has_the_power_by_simulation() -> None:
    rng = np.random.default_rng(9)
    n, draws = 25, 40_000
    rho = ks.evidence.small_effect_correlation(n).effect
    x, noise = rng.standard_normal((2, draws, n))
    y = rho * x + np.sqrt(1 - rho**2) * noise
    x, y = x - x.mean(axis=1, keepdims=True), y - y.mean(axis=1, keepdims=True)
    r = (x * y).sum(axis=1) / np.sqrt((x * x).sum(axis=1) * (y * y).sum(axis=1))
    t = r * np.sqrt((n - 2) / (1 - r * r))
    rejected = np.mean(np.abs(t) > stats.t.isf(0.025, n - 2))
    assert rejected == pytest.approx(0.33, abs=4 * np.sqrt(0.33 * 0.67 / draws))


def test_small_telescopes_is_a_test_at_its_level() -> None:
    # An observed effect at the boundary quantile has p just the quantile; a mirrored claim has the same p.
    small = ks.evidence.small_effect(20, 20).effect
    t = float(noncentral_t.ppf(0.05, 198.0, small * np.sqrt(50)))
    result = ks.evidence.small_telescopes(t=t, n1=100, n2=100, original_n1=20, original_n2=20)
    assert result.pvalue == pytest.approx(0.05, rel=1e-9)
    assert result.small_effect == small
    mirrored = ks.evidence.small_telescopes(t=-t, n1=100, n2=100, original_n1=20, original_n2=20, direction="less")
    assert mirrored.pvalue == pytest.approx(0.05, rel=1e-9)
    assert mirrored.small_effect == -small
    climb = ks.evidence.small_telescopes(t=np.linspace(-3, 5, 30), n1=50, original_n1=20).pvalue
    assert np.all(np.diff(climb) > 0)


def test_small_telescopes_of_correlations() -> None:
    small = ks.evidence.small_effect_correlation(150).effect
    at = ks.evidence.small_telescopes_correlation(r=small, n=10**6, original_n=150)
    assert at.pvalue == pytest.approx(0.5, abs=1e-3)
    one = ks.evidence.small_telescopes_correlation(r=0.02, n=1000, original_n=150)
    two = ks.evidence.small_telescopes_correlation(r=-0.02, n=1000, original_n=150, direction="less")
    assert one.pvalue == two.pvalue
    # With three pairs and a strict test the small correlation rounds to one, and the p-value is still a number.
    extreme = ks.evidence.small_telescopes_correlation(r=0.5, n=100, original_n=3, power=0.9, alpha=1e-12)
    assert extreme.small_effect == 1
    assert extreme.pvalue >= 0
    z = (np.arctanh(0.02) - np.arctanh(small)) * np.sqrt(997)
    assert one.pvalue == pytest.approx(special.ndtr(z), rel=0.01)


def test_small_telescopes_shapes_and_limits() -> None:
    result = ks.evidence.small_telescopes(t=[[0.1], [0.2]], n1=[50, 60, 70], original_n1=20)
    assert result.pvalue.shape == (2, 3)
    assert isinstance(ks.evidence.small_telescopes(t=0.1, n1=50, original_n1=20).pvalue, float)
    assert ks.evidence.small_effect([10, 20]).effect.shape == (2,)
    with pytest.raises(ks.NoSolution, match="needs no effect") as caught:
        ks.evidence.small_effect(20, power=0.05)
    assert caught.value.nearest == 0.05
    with pytest.raises(ks.InvalidArgument, match="original_n1"):
        ks.evidence.small_telescopes(t=0.1, n1=50, original_n1=1)
    with pytest.raises(ks.InvalidArgument, match="n1"):
        ks.evidence.small_effect(1, 1)
    with pytest.raises(ks.InvalidArgument, match="r is 1"):
        ks.evidence.small_telescopes_correlation(r=1.0, n=1000, original_n=150)


# -------------------------------------------------------------------------------------------------------- reverse Bayes
def posterior(prior_mean, prior_sd, point, se):
    precision = prior_sd**-2 + se**-2
    return (prior_mean / prior_sd**2 + point / se**2) / precision, precision**-0.5


@pytest.mark.parametrize("level", [0.90, 0.95, 0.99])
def test_critical_prior_puts_the_posterior_just_at_zero(level) -> None:
    critical = stats.norm.isf((1 - level) / 2)
    point = np.array([0.1, 0.3, 0.39, 0.5, 2.0, -0.1, -0.3, -0.6])
    result = ks.evidence.credibility(point, se=0.2, level=level)
    centre, spread = posterior(result.prior_mean, result.prior_sd, point, 0.2)
    np.testing.assert_allclose(np.abs(centre), critical * spread, rtol=1e-9)
    assert np.array_equal(result.significant, np.abs(point / 0.2) > critical)
    sceptical = result.significant
    np.testing.assert_allclose(result.prior_low[sceptical], -result.prior_high[sceptical], rtol=1e-12)
    near = np.minimum(np.abs(result.prior_low), np.abs(result.prior_high))
    assert np.all(near[~sceptical] == 0)


def test_limits_are_the_published_formulas() -> None:
    # Matthews 2001: (U - L)^2 / (4 sqrt(U L)), and -(U + L) (U - L)^2 / (2 U L), of the ends of the interval.
    z = stats.norm.isf(0.025)
    low, high = 0.5 - z * 0.2, 0.5 + z * 0.2
    result = ks.evidence.credibility(0.5, se=0.2)
    assert result.prior_high == pytest.approx((high - low) ** 2 / (4 * np.sqrt(high * low)), rel=1e-12)
    low, high = 0.1 - z * 0.2, 0.1 + z * 0.2
    result = ks.evidence.credibility(0.1, se=0.2)
    assert result.prior_high == pytest.approx(-(high + low) * (high - low) ** 2 / (2 * high * low), rel=1e-12)


def test_intrinsic_credibility_is_an_estimate_that_the_sceptic_did_not_expect() -> None:
    z = np.linspace(1.97, 5, 60)
    result = ks.evidence.credibility(z, se=1.0)
    # Held 2019: the estimate is in conflict with what the sceptical prior predicts of it.
    conflict = z / np.hypot(1.0, result.prior_sd)
    np.testing.assert_array_equal(result.intrinsic_pvalue < 0.05, conflict > stats.norm.isf(0.025))
    assert result.intrinsic_pvalue[30] == pytest.approx(2 * stats.norm.sf(z[30] / np.sqrt(2)), rel=1e-12)
    # At the 5 % level this takes a p-value below 0.0056.
    edge = stats.norm.isf(0.0056 / 2)
    assert ks.evidence.credibility(edge, se=1.0).intrinsic_pvalue == pytest.approx(0.05, abs=1e-3)


def test_no_estimate_at_all_and_the_edge_of_significance() -> None:
    zero = ks.evidence.credibility(0.0, se=0.2)
    assert (zero.prior_low, zero.prior_high, zero.prior_sd) == (0, 0, 0)
    edge = ks.evidence.credibility(-special.ndtri(0.025), se=1.0)
    assert not np.any(np.isnan([edge.prior_low, edge.prior_high, edge.prior_sd, edge.prior_mean]))
    rng = np.random.default_rng(1)
    wild = ks.evidence.credibility(rng.standard_normal(2000) * 10.0 ** rng.uniform(-300, 300, 2000), se=1.0)
    assert not any(np.isnan(getattr(wild, name)).any() for name in ("prior_low", "prior_high", "prior_sd"))


def test_reverse_bayes_meets_the_factor() -> None:
    point, se = np.array([0.5, 0.61, -0.9, 3.0]), np.array([0.2, 0.2, 0.3, 0.25])
    result = ks.evidence.reverse_bayes(point, se=se, bf10=3)
    for sd in (result.prior_sd_low, result.prior_sd_high):
        finite = sd < 1e8
        factor = ks.evidence.estimate(point[finite], se=se[finite], prior="normal", prior_sd=sd[finite])
        np.testing.assert_allclose(factor.bf10, 3, rtol=1e-9)
    assert np.all(result.prior_sd_low < result.prior_sd_high)
    best = np.sqrt(np.square(point / se) - 1) * se
    largest = ks.evidence.estimate(point, se=se, prior="normal", prior_sd=best).log_bf10
    np.testing.assert_allclose(result.log_largest_bf10, largest, rtol=1e-12)


def test_reverse_bayes_for_absence() -> None:
    point = np.array([0.0, 0.1, 0.2, 0.5])
    result = ks.evidence.reverse_bayes(point, se=0.2, bf10=1 / 3)
    assert np.all(result.prior_sd_low == 0)
    factor = ks.evidence.estimate(point, se=0.2, prior="normal", prior_sd=result.prior_sd_high)
    np.testing.assert_allclose(factor.bf01, 3, rtol=1e-11)
    assert result.prior_sd_high[0] == pytest.approx(0.2 * np.sqrt(8), rel=1e-12)


def test_reverse_bayes_without_a_solution() -> None:
    with pytest.raises(ks.NoSolution, match=r"largest is 1\.06") as caught:
        ks.evidence.reverse_bayes([0.5, 0.25], se=0.2, bf10=3)
    assert caught.value.nearest == pytest.approx(np.exp(0.5 * (1.25**2 - 1)) / 1.25, rel=1e-12)
    with pytest.raises(ks.NoSolution):
        ks.evidence.reverse_bayes(0.0, se=0.2, bf10=1.01)
    assert ks.evidence.reverse_bayes(0.0, se=0.2, bf10=1).prior_sd_high == 0
    with pytest.raises(ks.InvalidArgument, match="bf10"):
        ks.evidence.reverse_bayes(0.5, se=0.2, bf10=0)
    far = ks.evidence.reverse_bayes(100.0, se=1.0, bf10=3)
    assert far.prior_sd_high == np.inf
    assert 0 < far.prior_sd_low < 0.1
