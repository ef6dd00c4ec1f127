"""Estimates read from a standard error or a printed interval."""

from __future__ import annotations

import math

import numpy as np
import pytest
from golden_means import log_sd, rows
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

import ketastats as ks
from ketastats.effects import estimate


def test_odds_ratio_from_its_printed_interval():
    # 2.03 (1.37 to 3.01): the 90 % interval holds 2, so "more than double" is not established.
    odds = estimate(2.03, low=1.37, high=3.01, measure="odds_ratio")
    assert odds.standard_error == pytest.approx(math.log(3.01 / 1.37) / (2 * stats.norm.ppf(0.975)), rel=1e-14)
    interval = odds.confidence_interval(0.90)
    assert (round(interval.low, 2), round(interval.high, 2)) == (1.46, 2.82)
    back = odds.confidence_interval(0.95)
    assert math.log(back.high / back.low) == pytest.approx(math.log(3.01 / 1.37), rel=1e-13)
    assert odds.pvalue(2.0, alternative="greater") > 0.4


@given(
    point=st.floats(-50, 50),
    se=st.floats(1e-3, 50),
    df=st.floats(1, 1e6) | st.just(math.inf),
    level=st.floats(0.5, 0.999),
)
def test_interval_holds_the_values_that_the_test_keeps(point, se, df, level):
    value = estimate(point, se, df=df)
    interval = value.confidence_interval(level)
    assert value.pvalue(interval.low) == pytest.approx(1 - level, rel=1e-6)
    assert value.pvalue(interval.high) == pytest.approx(1 - level, rel=1e-6)
    again = estimate(point, low=interval.low, high=interval.high, level=level, df=df)
    assert again.standard_error == pytest.approx(se, rel=1e-9)


def test_t_and_normal():
    t = (1.3 - 0.2) / 0.4
    assert estimate(1.3, 0.4, df=7).pvalue(0.2, alternative="greater") == pytest.approx(stats.t.sf(t, 7), rel=1e-13)
    assert estimate(1.3, 0.4).pvalue(0.2, alternative="less") == pytest.approx(stats.norm.cdf(t), rel=1e-14)
    assert "normal" in estimate(1.3, 0.4).method
    assert "Student" in estimate(1.3, 0.4, df=7).method


def test_far_tails_keep_their_digits():
    assert estimate(36.0, 1.0).pvalue(0.0, alternative="greater") == pytest.approx(stats.norm.sf(36.0), rel=1e-12)
    assert 0 < estimate(36.0, 1.0).pvalue(0.0, alternative="greater") < 1e-280


def test_no_difference_is_one_for_ratios():
    ratio = estimate(2.0, 0.3, measure="risk_ratio")
    assert ratio.pvalue() == pytest.approx(2 * stats.norm.sf(math.log(2) / 0.3), rel=1e-13)
    assert ratio.pvalue(0.0, alternative="greater") == 0.0
    assert ratio.pvalue(math.inf, alternative="less") == 0.0
    with pytest.raises(ks.InvalidArgument, match="null"):
        ratio.pvalue(-1.0)


def test_ratio_turned_around():
    one, other = (estimate(x, 0.3, df=20, measure="odds_ratio") for x in (1.7, 1 / 1.7))
    a, b = one.confidence_interval(), other.confidence_interval()
    assert (a.low, a.high) == pytest.approx((1 / b.high, 1 / b.low), rel=1e-14)


def test_infinite_null_values():
    value = estimate(1.0, 0.5, df=4)
    assert value.pvalue([-math.inf, math.inf], alternative="greater").tolist() == [0.0, 1.0]


def test_zero_standard_error():
    flat = estimate(1.0, 0.0)
    interval = flat.confidence_interval()
    assert (interval.low, interval.high) == (1.0, 1.0)
    assert flat.pvalue([0.0, 1.0, 2.0], alternative="greater").tolist() == [0.0, 1.0, 1.0]
    assert flat.pvalue([0.0, 1.0, 2.0], alternative="less").tolist() == [1.0, 1.0, 0.0]


def test_arrays_broadcast():
    many = estimate([1.0, 2.0], [[0.5], [1.0]], df=[5, math.inf])
    interval = many.confidence_interval(0.9)
    assert interval.low.shape == (2, 2)
    one = estimate(2.0, 1.0).confidence_interval(0.9)
    assert interval.low[1, 1] == pytest.approx(one.low, rel=1e-15)
    assert isinstance(one.low, float)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"estimate": 1.0}, "either se, or both"),
        ({"estimate": 1.0, "low": 0.5}, "either se, or both"),
        ({"estimate": 1.0, "se": 1.0, "low": 0.5, "high": 2.0}, "either se, or both"),
    ],
)
def test_one_source_of_the_error(arguments, message):
    with pytest.raises(ks.InvalidType, match=message):
        estimate(**arguments)


@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        ({"estimate": 3.0, "low": 0.5, "high": 2.0}, "estimate"),
        ({"estimate": -1.0, "se": 1.0, "measure": "odds_ratio"}, "estimate"),
        ({"estimate": 1.0, "low": 0.0, "high": 2.0, "measure": "odds_ratio"}, "low"),
        ({"estimate": 1.0, "se": -1.0}, "se"),
        ({"estimate": math.nan, "se": 1.0}, "estimate"),
        ({"estimate": 1.0, "se": 1.0, "df": 0}, "df"),
        ({"estimate": 1.0, "se": 1.0, "measure": "hazard"}, "measure"),
        ({"estimate": 1.0, "low": 0.0, "high": 2.0, "level": 95}, "level"),
    ],
)
def test_bad_values_are_named(arguments, name):
    with pytest.raises(ks.InvalidArgument, match=f"^{name} is"):
        estimate(**arguments)


def test_golden_ratio_of_a_crossover():
    inputs, expected = rows()["EQP-422"]
    se = log_sd(inputs["CV"]) * math.sqrt(2 / inputs["n"])
    ratio = estimate(inputs["pe"], se, df=inputs["n"] - 2, measure="risk_ratio")
    interval = ratio.confidence_interval(0.90)
    assert (interval.low, interval.high) == pytest.approx((expected["ci90_low"], expected["ci90_high"]), abs=1e-7)
    inputs, expected = rows()["EQP-424"]
    low, high = inputs["ci90"]
    ratio = estimate(math.sqrt(low * high), low=low, high=high, df=inputs["n"] - 2, level=0.9, measure="risk_ratio")
    variance = ratio.standard_error**2 * inputs["n"] / 2
    assert math.sqrt(math.expm1(variance)) == pytest.approx(expected["CV"], abs=1e-7)


def test_result_is_a_tidy_table():
    frame = estimate([1.0, 2.0], 0.5).to_frame()
    assert list(frame.columns) == ["point", "standard_error", "df", "scale"]
    assert np.isinf(frame["df"]).all()
