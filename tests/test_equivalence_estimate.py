"""Equivalence of an estimate with a standard error."""

from __future__ import annotations

import math

import golden_means
import numpy as np
import pytest
from golden_means import log_sd, rows
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

import ketastats as ks
from ketastats.equivalence import estimate


def test_every_golden_row_is_served_once():
    served = [name for names in golden_means.SERVED_BY.values() for name in names]
    assert sorted(served) == sorted(rows())
    assert len(served) == 64


@given(
    point=st.floats(-5, 5),
    se=st.floats(0.01, 5),
    df=st.floats(1, 500) | st.just(math.inf),
    half=st.floats(0.01, 8),
    alpha=st.floats(0.001, 0.45),
)
def test_interval_inside_the_margin_exactly_when_the_test_rejects(point, se, df, half, alpha):
    result = estimate(point, se, df=df, margin=half, alpha=alpha)
    # Within rounding of the boundary either answer is right.
    if abs(result.threshold_margin - half) > 1e-9 * half:
        assert result.established == bool(ks.within(half).covers(result.low, result.high))
        assert result.established == (result.threshold_margin < half)


def test_each_test_is_named_after_its_end():
    # Off the symmetric point, against the one-sided tests done by hand.
    result = estimate(0.5, 0.3, df=12, margin=(-1.0, 0.7))
    assert result.p_lower == pytest.approx(stats.t.sf(1.5 / 0.3, 12), rel=1e-12)
    assert result.p_upper == pytest.approx(stats.t.sf(0.2 / 0.3, 12), rel=1e-12)
    assert result.pvalue == max(result.p_lower, result.p_upper) == result.p_upper
    mirrored = estimate(-0.5, 0.3, df=12, margin=(-0.7, 1.0))
    assert (mirrored.p_lower, mirrored.p_upper) == (result.p_upper, result.p_lower)
    assert mirrored.threshold_margin == pytest.approx(result.threshold_margin, rel=1e-15)


def test_widening_the_margin_never_raises_p():
    half = np.linspace(0.01, 3, 200)
    p = estimate(0.4, 0.3, df=9, margin=(-half, half)).pvalue
    assert p.shape == (200,)
    assert np.all(np.diff(p) <= 0)


def test_infinite_ends_are_noninferiority():
    result = estimate(-0.5, 0.3, df=12, margin=(-1.0, math.inf))
    assert result.p_upper == 0.0
    assert result.pvalue == result.p_lower == pytest.approx(stats.t.sf(0.5 / 0.3, 12), rel=1e-12)
    assert estimate(9.0, 0.3, margin=math.inf).pvalue == 0.0


def test_margin_that_does_not_hold_zero():
    result = estimate(2.0, 0.1, margin=(1.5, 2.5))
    assert result.established
    assert not estimate(1.0, 0.1, margin=(1.5, 2.5)).established


def test_ratios_are_symmetric_on_the_log_scale():
    result = estimate(2.03, low=1.37, high=3.01, measure="odds_ratio", margin=2.0)
    assert (result.margin_low, result.margin_high) == (0.5, 2.0)
    assert result.threshold_margin == pytest.approx(result.high, rel=1e-15)
    turned = estimate(1 / 2.03, low=1 / 3.01, high=1 / 1.37, measure="odds_ratio", margin=2.0)
    assert turned.threshold_margin == pytest.approx(result.threshold_margin, rel=1e-13)
    assert turned.pvalue == pytest.approx(result.pvalue, rel=1e-12)
    assert estimate(0.9, 0.01, measure="risk_ratio", margin=(0.8, math.inf)).established
    assert estimate(0.9, 0.01, measure="risk_ratio", margin=(0.0, 1.25)).p_lower == 0.0


def test_at_the_threshold_margin_p_is_alpha():
    for measure, point in (("mean_difference", 0.4), ("odds_ratio", 0.7)):
        threshold = estimate(point, 0.3, df=9, margin=5.0, measure=measure).threshold_margin
        assert estimate(point, 0.3, df=9, margin=threshold, measure=measure).pvalue == pytest.approx(0.05, rel=1e-11)


def test_zero_standard_error_decides_by_the_point():
    assert estimate(0.5, 0.0, margin=0.6).pvalue == 0.0
    assert estimate(0.5, 0.0, margin=0.4).pvalue == 1.0
    assert estimate(0.5, 0.0, margin=0.5).pvalue == 1.0
    assert estimate(0.5, 0.0, margin=0.6).threshold_margin == 0.5


def test_level_of_one_half_reads_the_point():
    result = estimate(0.5, 0.3, margin=0.6, alpha=0.5)
    assert result.low == pytest.approx(result.high, abs=1e-14) == pytest.approx(0.5, abs=1e-14)
    assert result.established


@pytest.mark.parametrize("margin", [0.0, -1.0, (1.0, -1.0), (1.0, 1.0), (1.0,), math.nan])
def test_margins_that_are_none(margin):
    with pytest.raises(ks.InvalidArgument, match="margin"):
        estimate(0.0, 1.0, margin=margin)


def test_margin_has_no_default():
    with pytest.raises(TypeError):
        estimate(0.0, 1.0)
    with pytest.raises(ks.InvalidType, match="no default"):
        estimate(0.0, 1.0, margin=None)
    with pytest.raises(ks.InvalidArgument, match="margin"):
        estimate(1.0, 1.0, margin=0.9, measure="odds_ratio")


# ---------------------------------------------------------------------------------------------------- golden values
def check(result, expected, tolerance):
    names = {"p_lower": "p_lower", "p_upper": "p_upper", "ci90_low": "low", "ci90_high": "high", "p_tost": "pvalue"}
    seen = 0
    for key, field in names.items():
        if key in expected:
            assert getattr(result, field) == pytest.approx(expected[key], **tolerance), key
            seen += 1
    assert seen


def test_golden_one_sample_and_paired():
    inputs, expected = rows()["TOST-001"]
    se = inputs["sd"] / math.sqrt(inputs["n"])
    result = estimate(inputs["m"] - inputs["mu"], se, df=99, margin=(expected["low_raw"], expected["high_raw"]))
    check(result, expected, {"rel": 1e-4})
    inputs, expected = rows()["TOST-006"]
    s1, s2, r = inputs["sd1"], inputs["sd2"], inputs["r"]
    se = math.sqrt((s1**2 + s2**2 - 2 * r * s1 * s2) / inputs["n"])
    result = estimate(inputs["m1"] - inputs["m2"], se, df=64, margin=(inputs["low"], inputs["high"]))
    check(result, expected, {"rel": 1e-4})
    inputs, expected = rows()["TOST-012"]
    se = inputs["sd"] / math.sqrt(inputs["n"])
    result = estimate(inputs["m"] - inputs["mu"], se, df=19, margin=(expected["low_raw"], expected["high_raw"]))
    check(result, expected, {"abs": 5e-4})
    assert result.established


def test_golden_paired_raw():
    inputs, expected = rows()["TOST-024"]
    difference = np.subtract(inputs["x"], inputs["y"])
    se = difference.std(ddof=1) / math.sqrt(len(difference))
    result = estimate(difference.mean(), se, df=len(difference) - 1, margin=(inputs["low"], inputs["high"]))
    check(result, expected, {"abs": 1e-7})


def test_golden_normal():
    inputs, expected = rows()["TOST-008"]
    result = estimate(inputs["es"], inputs["se"], margin=(inputs["low"], inputs["high"]))
    check(result, expected, {"rel": 1e-4})
    inputs, expected = rows()["TOST-014"]
    se = 1 / math.sqrt(inputs["n"] - 3)
    result = estimate(math.atanh(inputs["r"]), se, margin=math.atanh(inputs["high_r"]))
    assert result.pvalue == pytest.approx(expected["p_tost"], abs=1e-4)
    assert math.tanh(result.low) == pytest.approx(expected["ci90_low"], abs=1e-6)
    assert math.tanh(result.high) == pytest.approx(expected["ci90_high"], abs=1e-6)


def test_golden_bioequivalence():
    inputs, expected = rows()["EQP-421"]
    se = log_sd(inputs["CV"]) * math.sqrt(2 / inputs["n"])
    margin = (inputs["theta1"], inputs["theta2"])
    result = estimate(inputs["pe"], se, df=inputs["n"] - 2, measure="risk_ratio", margin=margin)
    assert result.pvalue == pytest.approx(expected["p_tost"], abs=1e-8)
    assert result.low == pytest.approx(expected["ci90_low"], abs=5e-5)
