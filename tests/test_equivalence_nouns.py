"""Equivalence of the means of pairs and of one group, of standardised differences, ratios and correlations."""

from __future__ import annotations

import math

import numpy as np
import pytest
from golden_nouns import rows
from scipy import stats

import ketastats as ks
from ketastats import InvalidArgument, equivalence

GROUPS = (9.8, 4.5, 37, 13.7, 5.8, 46)
PAIRS = (5.83, 1.17, 5.75, 1.30, 65)
CALLS = {
    "one_sample": lambda **given: equivalence.one_sample(5.71, 1.79, 20, mu=6, **given),
    "one_sample smd": lambda **given: equivalence.one_sample(5.71, 1.79, 20, mu=6, measure="smd", **given),
    "paired": lambda **given: equivalence.paired(*PAIRS, r=0.745, **given),
    "paired smd_z": lambda **given: equivalence.paired(*PAIRS, r=0.745, measure="smd_z", unbiased=True, **given),
    "paired smd_av": lambda **given: equivalence.paired(*PAIRS, r=0.745, measure="smd_av", **given),
    "paired smd_rm": lambda **given: equivalence.paired(*PAIRS, sd_difference=0.9, measure="smd_rm", **given),
    "smd_z_from_t": lambda **given: equivalence.smd_z_from_t(0.5, 60, **given),
    "average_sd": lambda **given: equivalence.standardised_means(*GROUPS, by="average_sd", **given),
    "sd2": lambda **given: equivalence.standardised_means(*GROUPS, by="sd2", unbiased=True, **given),
    "correlation": lambda **given: equivalence.correlation(0.12, 50, **given),
    "correlation exact": lambda **given: equivalence.correlation(0.12, 50, method="exact", **given),
    "correlation spearman": lambda **given: equivalence.correlation(0.12, 50, kind="spearman", **given),
}


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS.keys())
@pytest.mark.parametrize("alpha", [0.025, 0.2])
def test_interval_inside_the_margin_exactly_when_the_test_rejects(call, alpha):
    half = np.linspace(0.02, 0.99, 30)
    result = call(margin=(-half, half), alpha=alpha)
    np.testing.assert_array_equal(result.established, (result.low > -half) & (result.high < half))
    np.testing.assert_array_equal(result.established, half > result.threshold_margin)
    assert np.all(np.diff(result.pvalue) <= 0)
    np.testing.assert_array_equal(result.pvalue, np.maximum(result.p_lower, result.p_upper))
    if result.threshold_margin < 1:
        assert call(margin=result.threshold_margin, alpha=alpha).pvalue == pytest.approx(alpha, rel=1e-7)


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS.keys())
def test_one_side_only(call):
    both, one = call(margin=(-0.4, 0.4)), call(margin=(-0.4, math.inf))
    assert (one.p_upper, one.pvalue) == (0.0, both.p_lower)
    assert call(margin=(-math.inf, 0.4)).pvalue == both.p_upper
    with pytest.raises(InvalidArgument, match="margin is -1"):
        call(margin=-1)


@pytest.mark.parametrize("paired", [False, True])
@pytest.mark.parametrize("method", ["delta", "lajeunesse"])
def test_ratios(paired, method):
    def call(margin, alpha=0.05):
        if paired:
            return equivalence.mean_ratio_paired(*PAIRS, r=0.7, margin=margin, alpha=alpha, method=method)
        return equivalence.mean_ratio(*GROUPS, margin=margin, alpha=alpha, method=method)

    far = np.linspace(1.01, 3.0, 60)
    result = call((1 / far, far))
    np.testing.assert_array_equal(result.established, (result.low > 1 / far) & (result.high < far))
    np.testing.assert_array_equal(result.established, far > result.threshold_margin)
    assert call(result.threshold_margin).pvalue == pytest.approx(0.05, rel=1e-9)
    assert (result.established.any(), result.established.all()) == (True, False)
    single = call((0.8, math.inf))
    assert single.pvalue == single.p_lower
    with pytest.raises(InvalidArgument, match="above 1"):
        call(0.8)


def test_a_ratio_is_a_difference_of_logarithms():
    result = equivalence.mean_ratio(*GROUPS, margin=1.25)
    value = ks.effects.mean_ratio(*GROUPS)
    t = (math.log(value.point) + math.log(1.25)) / value.standard_error
    assert result.p_lower == pytest.approx(stats.t.sf(t, value.df), rel=1e-11)


def test_labels_against_direct_one_sided_tests():
    result = equivalence.paired(*PAIRS, r=0.745, margin=(-0.2, 0.5))
    error = ks.effects.sd_of_differences(1.17, 1.30, 0.745) / math.sqrt(65)
    assert result.p_lower == pytest.approx(stats.t.sf((0.08 + 0.2) / error, 64), rel=1e-9)
    assert result.p_upper == pytest.approx(stats.t.cdf((0.08 - 0.5) / error, 64), rel=1e-9)


def test_a_standardised_margin_knows_that_the_deviation_is_estimated():
    """Taking margin times SD for fixed gives a smaller p where the bound is far from zero."""
    naive = equivalence.one_sample(0.0, 1.0, 10, margin=1.0)
    exact = equivalence.one_sample(0.0, 1.0, 10, margin=1.0, measure="smd")
    assert exact.pvalue == pytest.approx(stats.norm.sf(math.sqrt(10)), rel=1e-9)
    assert naive.pvalue > exact.pvalue


def test_raw_values_go_through_the_summaries():
    rng = np.random.default_rng(9)
    x, y = rng.normal(5, 2, (4, 20)), rng.normal(5, 2, (4, 20))
    pairs = [
        (equivalence.means_from_samples(x, y, margin=1.0), ks.effects.means_from_samples(x, y)),
        (equivalence.paired_from_samples(x, y, margin=1.0), ks.effects.paired_from_samples(x, y)),
        (equivalence.one_sample_from_samples(x, mu=5, margin=1.0), ks.effects.one_sample_from_samples(x, mu=5)),
        (
            equivalence.correlation_from_samples(x, y, margin=0.5, kind="spearman"),
            ks.effects.correlation_from_samples(x, y, kind="spearman"),
        ),
    ]
    for result, value in pairs:
        np.testing.assert_array_equal(result.estimate, value.point)
        np.testing.assert_array_equal(result.p_lower, value.pvalue(result.margin_low, alternative="greater"))
        np.testing.assert_array_equal(result.low, value.confidence_interval(0.9).low)


# -------------------- golden values
def test_golden_one_sample():
    inputs, expected = rows()["TOST-001"]
    summary = (inputs["m"], inputs["sd"], inputs["n"])
    # The source turns a margin in standard deviations into the units of the scale.
    result = equivalence.one_sample(*summary, mu=inputs["mu"], margin=inputs["high_d"] * inputs["sd"])
    assert result.estimate == pytest.approx(expected["diff"], rel=1e-4)
    assert (result.p_lower, result.p_upper) == pytest.approx((expected["p_lower"], expected["p_upper"]), rel=1e-4)
    assert (result.low, result.high) == pytest.approx((expected["ci90_low"], expected["ci90_high"]), rel=1e-4)
    wide = ks.effects.one_sample(*summary, mu=inputs["mu"]).confidence_interval(0.95)
    assert (wide.low, wide.high) == pytest.approx((expected["ci95_low"], expected["ci95_high"]), rel=1e-4)


def test_golden_lakens_one_sample():
    inputs, expected = rows()["TOST-012"]
    summary = (inputs["m"], inputs["sd"], inputs["n"])
    result = equivalence.one_sample(*summary, mu=inputs["mu"], margin=inputs["high_d"] * inputs["sd"])
    assert result.pvalue == pytest.approx(expected["p_tost"], abs=5e-4)
    assert (result.low, result.high) == pytest.approx((expected["ci90_low"], expected["ci90_high"]), abs=5e-4)
    assert result.margin_high == pytest.approx(expected["high_raw"], abs=5e-4)
    assert ks.effects.one_sample(*summary, mu=inputs["mu"]).pvalue() == pytest.approx(expected["p_nhst"], abs=5e-4)
    assert result.established
    assert "not_different" in expected["decision"]


def test_golden_margin_in_average_standard_deviations():
    inputs, expected = rows()["TOST-003"]
    summary = tuple(inputs[name] for name in ("m1", "sd1", "n1", "m2", "sd2", "n2"))
    unit = math.sqrt((inputs["sd1"] ** 2 + inputs["sd2"] ** 2) / 2)
    result = equivalence.means(*summary, margin=inputs["high_d"] * unit)
    assert result.margin_high == pytest.approx(expected["high_raw"], rel=1e-4)
    assert (result.p_lower, result.p_upper) == pytest.approx((expected["p_lower"], expected["p_upper"]), rel=1e-4)
    # Counting that the standard deviation is estimated changes little here.
    exact = equivalence.standardised_means(*summary, by="average_sd", margin=inputs["high_d"])
    assert exact.pvalue == pytest.approx(expected["p_upper"], rel=0.15)


def test_golden_pairs():
    inputs, expected = rows()["TOST-006"]
    summary = tuple(inputs[name] for name in ("m1", "sd1", "m2", "sd2", "n"))
    result = equivalence.paired(*summary, r=inputs["r"], margin=(inputs["low"], inputs["high"]))
    assert (result.p_lower, result.p_upper) == pytest.approx((expected["p_lower"], expected["p_upper"]), rel=1e-4)
    assert (result.low, result.high) == pytest.approx((expected["ci90_low"], expected["ci90_high"]), rel=1e-4)


def test_golden_correlation():
    inputs, expected = rows()["TOST-014"]
    result = equivalence.correlation(inputs["r"], inputs["n"], margin=inputs["high_r"])
    assert result.pvalue == pytest.approx(expected["p_tost"], abs=1e-6)
    assert (result.low, result.high) == pytest.approx((expected["ci90_low"], expected["ci90_high"]), abs=1e-6)


@pytest.mark.parametrize("name", ["TOST-020", "TOST-021", "TOST-024"])
def test_golden_raw_values(name):
    inputs, expected = rows()[name]
    if inputs.get("paired"):
        result = equivalence.paired_from_samples(inputs["x"], inputs["y"], margin=inputs["high"])
    else:
        model = "equal" if inputs["var_equal"] else "unequal"
        result = equivalence.means_from_samples(inputs["x"], inputs["y"], margin=inputs["high"], variances=model)
        df = ks.effects.means_from_samples(inputs["x"], inputs["y"], variances=model).df
        assert df == pytest.approx(expected["df"], abs=5e-3)
    assert result.pvalue == pytest.approx(expected["p_tost"], abs=1e-7)


def test_golden_raw_values_at_another_level():
    inputs, expected = rows()["TOST-017"]
    margin = (inputs["low"], inputs["high"])
    result = equivalence.means_from_samples(inputs["x"], inputs["y"], margin=margin, alpha=inputs["alpha"])
    assert (result.p_lower, result.p_upper) == pytest.approx((expected["p_lower"], expected["p_upper"]), abs=5e-6)
    assert (result.low, result.high) == pytest.approx((expected["ci_low"], expected["ci_high"]), abs=5e-5)
    value = ks.effects.means_from_samples(inputs["x"], inputs["y"])
    assert value.df == pytest.approx(expected["df"], abs=5e-4)
    assert (value.point, value.standard_error) == pytest.approx((expected["diff"], expected["se"]), rel=1e-7)


def test_golden_decisions():
    inputs, expected = rows()["DEC-012"]
    words = []
    for t, df in zip(inputs["t"], inputs["df"], strict=True):
        # d = 2 t / sqrt(df) is the d of two groups of df / 2 each, whose t has, to a hair, these degrees of freedom.
        half = df // 2
        interval = ks.effects.smd_from_t(t, half, df - half).confidence_interval(inputs["ci"])
        region = ks.within(-inputs["range_d"], inputs["range_d"])
        inside = bool(region.covers(interval.low, interval.high))
        outside = bool(region.excludes(interval.low, interval.high))
        words.append("Accepted" if inside else "Rejected" if outside else "Undecided")
    assert words == expected["decision"]
