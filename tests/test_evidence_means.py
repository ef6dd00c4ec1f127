"""Bayes factors of a t statistic: point null and interval null."""

from __future__ import annotations

import csv
import json
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import special

import ketastats as ks
from ketastats.evidence import means, means_interval

GOLDEN = Path(__file__).parent / "golden" / "evidence.csv"
ROWS = {row["id"]: row for row in csv.DictReader(GOLDEN.read_text(encoding="utf-8").splitlines())}
SERVED = {"BF-002", "BF-006", "BF-007", "BF-008", "BF-010", "BF-040"}

statistics = st.floats(-60, 60, allow_nan=False)
sizes = st.integers(2, 10_000_000)
scales = st.floats(0.05, 5)


def golden(name):
    row = ROWS[name]
    return json.loads(row["inputs_json"]), json.loads(row["expected_json"])


# ----------------------------------------------------------------------------------------------------------- invariants
@given(t=statistics, n1=sizes, n2=sizes, scale=scales)
def test_one_sided_factors_average_to_the_two_sided_one(t, n1, n2, scale):
    both = means(t=t, n1=n1, n2=n2, scale=scale).log_bf10
    greater = means(t=t, n1=n1, n2=n2, scale=scale, alternative="greater").log_bf10
    less = means(t=t, n1=n1, n2=n2, scale=scale, alternative="less").log_bf10
    assert np.logaddexp(greater, less) == pytest.approx(math.log(2) + both, rel=1e-13, abs=1e-12)
    assert np.all(np.isfinite([both, greater, less]))


@given(t=statistics, n1=sizes, n2=sizes, scale=scales)
def test_swapping_the_groups_changes_only_the_side(t, n1, n2, scale):
    one = means(t=t, n1=n1, n2=n2, scale=scale, alternative="greater").log_bf10
    two = means(t=-t, n1=n2, n2=n1, scale=scale, alternative="less").log_bf10
    assert two == pytest.approx(one, rel=1e-13, abs=1e-13)


def test_more_distance_is_more_evidence():
    log_bf = means(t=np.linspace(0, 60, 400), n1=40, n2=43).log_bf10
    assert np.all(np.diff(log_bf) > 0)
    assert log_bf[0] < 0


def test_a_prior_of_no_width_is_the_null():
    assert means(t=2.0, n1=40, n2=43, scale=1e-9).log_bf10 == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize("n", [100_001, 10**6, 10**7])
@pytest.mark.parametrize("alternative", ["two-sided", "greater", "less"])
def test_finite_for_huge_t_and_huge_n(n, alternative):
    # Programs in use return minus infinity or fail for n above 100,000.
    log_bf = means(t=[-60.0, 0.0, 60.0], n1=n, n2=n, alternative=alternative).log_bf10
    assert np.all(np.isfinite(log_bf))
    if alternative == "two-sided":
        assert log_bf[0] == log_bf[2] > 1700


def test_default_scale_is_the_root_of_one_half():
    assert means(t=1.0, n1=20, n2=20).log_bf10 == means(t=1.0, n1=20, n2=20, scale=math.sqrt(0.5)).log_bf10


def test_broadcasts_like_a_ufunc():
    t, n1 = np.array([0.5, 2.0, 9.0]), np.array([[10], [20]])
    table = means(t=t, n1=n1, n2=83 - n1, scale=0.707).log_bf10
    assert table.shape == (2, 3)
    for i in range(2):
        for j in range(3):
            single = means(t=t[j], n1=int(n1[i, 0]), n2=83 - int(n1[i, 0]), scale=0.707).log_bf10
            assert isinstance(single, float)
            assert table[i, j] == pytest.approx(single, abs=1e-13)
    assert means(t=[], n1=10, n2=10).log_bf10.shape == (0,)


def test_says_what_it_compared():
    result = means(t=1.0, n1=20, n2=30, scale=0.707, alternative="greater")
    assert (result.null, result.alternative) == ("delta = 0", "delta > 0")
    assert result.prior == "delta ~ Cauchy(0, 0.707) restricted to positive effects"
    assert result.method == "JZS Bayes factor of a t statistic"
    assert "informed" in means(t=1.0, n1=20, n2=30, location=0.3).method
    assert list(means(t=[1.0, 2.0], n1=20, n2=30).to_frame()["null"]) == ["delta = 0"] * 2


# --------------------------------------------------------------------------------------------------------------- golden
def test_golden_rows_are_all_served():
    assert len(SERVED) == 6
    assert set(ROWS) >= SERVED


@pytest.mark.parametrize(("name", "tolerance"), [("BF-006", {"abs": 5e-4}), ("BF-008", {"abs": 1e-3})])
def test_golden_one_sample(name, tolerance):
    inputs, expected = golden(name)
    assert means(t=inputs["t"], n1=inputs["n"], scale=inputs["r"]).bf10 == pytest.approx(expected["bf10"], **tolerance)


def test_golden_two_samples():
    inputs, expected = golden("BF-007")
    ours = means(t=inputs["t"], n1=inputs["n1"], n2=inputs["n2"], scale=inputs["r"])
    assert ours.bf10 == pytest.approx(expected["bf10"], abs=1e-3)
    assert ours.bf01 == pytest.approx(1 / expected["bf10"], rel=1e-4)


def test_golden_one_sided():
    inputs, expected = golden("BF-002")
    ours = means(t=inputs["t"], n1=inputs["n"], scale=inputs["r"], alternative="greater")
    assert ours.bf10 == pytest.approx(expected["bf10"], rel=1e-6)


def test_golden_informed():
    inputs, expected = golden("BF-010")
    ours = means(
        t=inputs["t"],
        n1=inputs["n1"],
        n2=inputs["n2"],
        location=inputs["cauchy_location"],
        scale=inputs["cauchy_scale"],
        alternative="less",
    )
    assert ours.bf10 == pytest.approx(expected["bf"], rel=1e-3)


def test_golden_interval():
    inputs, expected = golden("BF-040")
    raw = {key: inputs[key] for key in ("m1", "sd1", "n1", "m2", "sd2", "n2")}
    m1, s1, n1, m2, s2, n2 = raw.values()
    pooled = math.sqrt(((n1 - 1) * s1**2 + (n2 - 1) * s2**2) / (n1 + n2 - 2))
    t = (m1 - m2) / pooled / math.sqrt(1 / n1 + 1 / n2)
    ours = means_interval(t=t, n1=n1, n2=n2, margin=tuple(inputs["interval_d"]), scale=inputs["r"])
    found = {
        "prior_mass": ours.prior_mass,
        "posterior_mass": ours.posterior_mass,
        "bf_inside_vs_all": math.exp(ours.log_bf_inside_all),
        "bf_outside_vs_all": math.exp(ours.log_bf_outside_all),
        "bf_inside_vs_outside": ours.bf01,
    }
    assert found == pytest.approx(expected, rel=1e-6)


# ------------------------------------------------------------------------------------------------------------- informed
@given(t=st.floats(-10, 10), location=st.floats(-2, 2), scale=st.floats(0.2, 2))
def test_informed_halves_average_to_the_whole(t, location, scale):
    # Weighted by the prior mass of each half, which is not one half when the prior is off centre.
    share = 0.5 + math.atan(location / scale) / math.pi
    parts = [means(t=t, n1=20, n2=25, location=location, scale=scale, alternative=a).bf10 for a in ("greater", "less")]
    whole = means(t=t, n1=20, n2=25, location=location, scale=scale).bf10
    assert share * parts[0] + (1 - share) * parts[1] == pytest.approx(whole, rel=1e-10)


@given(t=st.floats(-10, 10), location=st.floats(-2, 2), prior_df=st.sampled_from([1.0, 3.0, math.inf]))
def test_halves_of_any_prior_average_to_the_whole(t, location, prior_df):
    share = special.ndtr(location / 0.5) if math.isinf(prior_df) else special.stdtr(prior_df, location / 0.5)
    prior = {"n1": 20, "n2": 25, "location": location, "scale": 0.5, "prior_df": prior_df}
    parts = [means(t=t, **prior, alternative=a).bf10 for a in ("greater", "less")]
    assert share * parts[0] + (1 - share) * parts[1] == pytest.approx(means(t=t, **prior).bf10, rel=1e-9)


def test_a_normal_prior_at_zero_has_a_closed_form():
    # t of the marginal is Student's, stretched by sqrt(1 + size variance).
    t, n1, n2, sd = 2.3, 20, 30, 0.4
    size, df = n1 * n2 / (n1 + n2), n1 + n2 - 2
    stretch = 1 + size * sd**2
    expected = -0.5 * math.log(stretch) - (df + 1) / 2 * (math.log1p(t * t / df / stretch) - math.log1p(t * t / df))
    result = means(t=t, n1=n1, n2=n2, scale=sd, prior_df=math.inf)
    assert result.log_bf10 == pytest.approx(expected, abs=1e-12)
    assert result.prior == "delta ~ Normal(0, 0.4)"
    assert means(t=t, n1=n1, n2=n2, location=0.35, scale=0.102, prior_df=3).prior == "delta ~ t(3 df, 0.35, 0.102)"
    # Ever more degrees of freedom tend to it.
    near = means(t=t, n1=n1, n2=n2, scale=sd, prior_df=1e9).log_bf10
    assert near == pytest.approx(expected, abs=1e-7)


@pytest.mark.parametrize("prior_df", [1.0, 4.0, math.inf])
def test_interval_factors_of_any_prior_are_the_change_of_odds(prior_df):
    ours = means_interval(t=1.1, n1=37, n2=46, margin=(-0.1, 0.3), location=0.2, scale=0.3, prior_df=prior_df)
    odds = ours.posterior_mass / (1 - ours.posterior_mass) * (1 - ours.prior_mass) / ours.prior_mass
    assert ours.bf01 == pytest.approx(odds, rel=1e-9)
    t = special.ndtr if math.isinf(prior_df) else lambda z: special.stdtr(prior_df, z)
    assert ours.prior_mass == pytest.approx(t(0.1 / 0.3) - t(-1), rel=1e-12)


@pytest.mark.parametrize("prior_df", [1.0, 2.5, math.inf])
def test_any_prior_is_finite_for_huge_t_and_huge_n(prior_df):
    t = np.array([-60.0, 0.0, 60.0])[:, None]
    for alternative in ("two-sided", "greater", "less"):
        priors = {"location": np.array([-1.0, 0.0, 0.35]), "scale": 0.102, "prior_df": prior_df}
        assert np.all(np.isfinite(means(t=t, n1=10**7, n2=10**7, alternative=alternative, **priors).log_bf10))
        assert np.all(np.isfinite(means(t=t, n1=20, n2=25, alternative=alternative, **priors).log_bf10))


def test_informed_prior_tends_to_the_centred_one():
    near = means(t=1.7, n1=20, n2=25, location=1e-9).log_bf10
    assert near == pytest.approx(means(t=1.7, n1=20, n2=25).log_bf10, abs=1e-8)


# ------------------------------------------------------------------------------------------------------------- interval
@given(t=st.floats(-8, 8), margin=st.floats(0.01, 2), n1=st.integers(1, 200), n2=st.integers(2, 200))
def test_interval_factors_are_the_change_of_odds(t, margin, n1, n2):
    ours = means_interval(t=t, n1=n1, n2=n2, margin=margin, scale=0.707)
    prior, posterior = ours.prior_mass, ours.posterior_mass
    assert prior == pytest.approx(2 / math.pi * math.atan(margin / 0.707), rel=1e-12)
    assert math.exp(ours.log_bf_inside_all) == pytest.approx(posterior / prior, rel=1e-12)
    parts = prior * math.exp(ours.log_bf_inside_all) + (1 - prior) * math.exp(ours.log_bf_outside_all)
    assert parts == pytest.approx(1)
    if 1e-6 < posterior < 1 - 1e-6:
        assert ours.bf01 == pytest.approx(posterior / (1 - posterior) * (1 - prior) / prior, rel=1e-8)


def test_interval_that_shrinks_becomes_the_point_null():
    # The Savage-Dickey ratio: density at zero after and before.
    for t in (0.0, 1.2, 6.0):
        point = means(t=t, n1=37, n2=46, scale=0.707).log_bf10
        assert means_interval(t=t, n1=37, n2=46, margin=1e-9, scale=0.707).log_bf10 == pytest.approx(point, abs=1e-8)


def test_half_lines_are_the_one_sided_factors():
    ours = means_interval(t=1.4, n1=20, n2=30, margin=(-math.inf, 0.0))
    greater = means(t=1.4, n1=20, n2=30, alternative="greater").log_bf10
    less = means(t=1.4, n1=20, n2=30, alternative="less").log_bf10
    assert ours.log_bf10 == pytest.approx(greater - less, abs=1e-12)
    assert ours.prior_mass == pytest.approx(0.5, rel=1e-14)


def test_asymmetric_margin_mirrors_with_the_groups():
    one = means_interval(t=1.4, n1=20, n2=30, margin=(-0.2, 0.5), location=0.1)
    two = means_interval(t=-1.4, n1=30, n2=20, margin=(-0.5, 0.2), location=-0.1)
    assert (one.log_bf10, one.posterior_mass) == pytest.approx((two.log_bf10, two.posterior_mass), abs=1e-12)


def test_interval_factor_far_from_the_data_is_finite():
    ours = means_interval(t=[-60.0, 0.0, 60.0], n1=10**7, n2=10**7, margin=1e-6)
    assert np.all(np.isfinite(ours.log_bf10))
    assert ours.log_bf10[0] == pytest.approx(ours.log_bf10[2], rel=1e-12)
    assert ours.log_bf10[0] > 1700
    assert ours.log_bf10[1] < 0
    inside = means_interval(t=60.0, n1=50, n2=50, margin=20.0)
    assert np.isfinite(inside.log_bf10)
    assert inside.bf01 > 1e3


def test_interval_result_is_a_table():
    frame = means_interval(t=[0.1, 0.2], n1=20, n2=30, margin=0.3).to_frame()
    assert len(frame) == 2
    assert {"log_bf10", "prior_mass", "posterior_mass", "log_bf_inside_all", "margin_low"} <= set(frame.columns)
    assert isinstance(means_interval(t=0.1, n1=20, n2=30, margin=0.3), ks.evidence.BayesFactor)


# --------------------------------------------------------------------------------------------------------------- errors
@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"t": math.inf}, "t"),
        ({"t": "0.567"}, "t"),
        ({"n1": 0}, "n1"),
        ({"n1": 1, "n2": 1}, "n1"),
        ({"n1": 1, "n2": None}, "n1"),
        ({"scale": 0.0}, "scale"),
        ({"location": math.nan}, "location"),
        ({"prior_df": 0.5}, "prior_df"),
        ({"prior_df": -math.inf}, "prior_df"),
        ({"alternative": "larger"}, "alternative"),
        ({"t": [1.0, 2.0], "n1": [3, 4, 5]}, "shapes"),
    ],
)
def test_bad_arguments_are_named(change, name):
    with pytest.raises(ks.KetastatsError, match=rf"^{name} is"):
        means(**({"t": 1.0, "n1": 20, "n2": 30} | change))


@pytest.mark.parametrize("margin", [math.inf, (-math.inf, math.inf), 0.0, (0.3, 0.1)])
def test_bad_margins_are_named(margin):
    with pytest.raises(ks.InvalidArgument, match=r"^margin is"):
        means_interval(t=1.0, n1=20, n2=30, margin=margin)
