"""Questions about an estimate and a margin: noninferiority, superiority, minimum effect, equivalence."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

import ketastats as ks
from ketastats.effects._proportions import RULES
from ketastats.errors import InvalidArgument, InvalidType

TABLES = np.array([(a, n, b, m) for n in (1, 3, 7) for m in (2, 5, 7) for a in range(n + 1) for b in range(m + 1)]).T
CLOSED = [(measure, method) for measure, rules in RULES.items() for method in rules if "exact" not in method]


# ----------------------------------------------------------------------------- interval and p agree
@pytest.mark.parametrize("alpha", [0.025, 0.05, 0.3])
@pytest.mark.parametrize("higher", [True, False])
@pytest.mark.parametrize(("measure", "method"), CLOSED)
def test_counts_interval_beyond_the_bound_exactly_when_p_is_below_alpha(measure, method, higher, alpha) -> None:
    value = ks.effects.proportions(*TABLES[:, :, None], measure=measure, method=method)
    margin = np.array([0.07, 0.2, 0.55]) if measure == "difference" else np.array([1.3, 0.6, 4.5])
    worse = ks.equivalence.noninferiority(value, margin=margin, higher_is_better=higher, alpha=alpha)
    better = ks.equivalence.superiority(value, margin=margin, higher_is_better=higher, alpha=alpha)
    for result in (worse, better):
        beyond = result.low > result.bound if higher else result.high < result.bound
        assert np.array_equal(result.established, beyond)
    outside = ks.equivalence.minimum_effect(value, margin=0.2 if measure == "difference" else 1.4, alpha=alpha)
    apart = (outside.low > outside.margin_high) | (outside.high < outside.margin_low)
    assert np.array_equal(outside.established, apart)


@given(
    point=st.floats(-5, 5),
    se=st.floats(0.01, 5),
    df=st.floats(1, 500) | st.just(math.inf),
    margin=st.floats(0.01, 8),
    alpha=st.floats(0.001, 0.45),
    higher=st.booleans(),
)
def test_threshold_margins_are_where_the_conclusion_turns(point, se, df, margin, alpha, higher) -> None:
    value = ks.effects.estimate(point, se, df=df)
    worse = ks.equivalence.noninferiority(value, margin=margin, higher_is_better=higher, alpha=alpha)
    better = ks.equivalence.superiority(value, margin=margin, higher_is_better=higher, alpha=alpha)
    if abs(worse.threshold_margin - margin) > 1e-9 * margin:
        assert worse.established == (worse.threshold_margin < margin)
    if abs(better.threshold_margin - margin) > 1e-9 * margin:
        assert better.established == (better.threshold_margin > margin)
    # Not worse by any positive margin: then superior to no difference.
    assert better.threshold_margin == -worse.threshold_margin


@given(
    ratio=st.floats(0.05, 20),
    se=st.floats(0.01, 2),
    margin=st.floats(1.01, 9),
    alpha=st.floats(0.001, 0.45),
    higher=st.booleans(),
)
def test_threshold_margins_of_ratios(ratio, se, margin, alpha, higher) -> None:
    value = ks.effects.estimate(ratio, se, measure="odds_ratio")
    worse = ks.equivalence.noninferiority(value, margin=margin, higher_is_better=higher, alpha=alpha)
    better = ks.equivalence.superiority(value, margin=1 / margin, higher_is_better=higher, alpha=alpha)
    assert worse.bound == (1 / margin if higher else margin)
    assert better.bound == pytest.approx(margin if higher else 1 / margin, rel=1e-15)
    if abs(math.log(worse.threshold_margin / margin)) > 1e-9:
        assert worse.established == (worse.threshold_margin < margin)
    if abs(math.log(better.threshold_margin / margin)) > 1e-9:
        assert better.established == (better.threshold_margin > margin)
    assert better.threshold_margin * worse.threshold_margin == pytest.approx(1.0, rel=1e-12)


# ---- by hand, and symmetry
def test_each_p_is_the_one_sided_test_of_its_bound() -> None:
    value = ks.effects.estimate(0.5, 0.3, df=12)
    worse = ks.equivalence.noninferiority(value, margin=0.7, higher_is_better=True)
    assert worse.p_noninferiority == pytest.approx(stats.t.sf(1.2 / 0.3, 12), rel=1e-12)
    assert worse.p_superiority == pytest.approx(stats.t.sf(0.5 / 0.3, 12), rel=1e-12)
    symptoms = ks.equivalence.noninferiority(value, margin=0.7, higher_is_better=False)
    assert symptoms.bound == 0.7
    assert symptoms.p_noninferiority == pytest.approx(stats.t.sf(0.2 / 0.3, 12), rel=1e-12)
    assert symptoms.p_superiority == pytest.approx(stats.t.sf(-0.5 / 0.3, 12), rel=1e-12)
    better = ks.equivalence.superiority(value, margin=0.1, higher_is_better=True)
    assert better.p_superiority == pytest.approx(stats.t.sf(0.4 / 0.3, 12), rel=1e-12)
    outside = ks.equivalence.minimum_effect(value, margin=(-0.2, 0.1))
    assert outside.p_above == pytest.approx(stats.t.sf(0.4 / 0.3, 12), rel=1e-12)
    assert outside.p_below == pytest.approx(stats.t.cdf(0.7 / 0.3, 12), rel=1e-12)
    assert outside.pvalue == outside.p_above


def test_plain_superiority_is_the_test_of_no_difference() -> None:
    value = ks.effects.proportions(56, 70, 48, 80)
    better = ks.equivalence.superiority(value, margin=0, higher_is_better=True)
    assert better.p_superiority == value.pvalue(alternative="greater")
    ratio = ks.effects.proportions(56, 70, 48, 80, measure="ratio")
    better = ks.equivalence.superiority(ratio, margin=1, higher_is_better=False)
    assert better.p_superiority == ratio.pvalue(alternative="less")


@pytest.mark.parametrize("measure", ["difference", "ratio", "odds_ratio"])
def test_exchanging_groups_turns_the_good_direction(measure) -> None:
    margin = 0.12 if measure == "difference" else 0.7
    one = ks.equivalence.noninferiority(
        ks.effects.proportions(30, 40, 33, 50, measure=measure), margin=margin, higher_is_better=True
    )
    other = ks.equivalence.noninferiority(
        ks.effects.proportions(33, 50, 30, 40, measure=measure), margin=margin, higher_is_better=False
    )
    assert one.p_noninferiority == pytest.approx(other.p_noninferiority, rel=1e-9)
    assert one.threshold_margin == pytest.approx(other.threshold_margin, rel=1e-12)


def test_noninferiority_is_equivalence_with_one_end() -> None:
    value = ks.effects.means(9.8, 4.5, 37, 10.7, 5.8, 46)
    worse = ks.equivalence.noninferiority(value, margin=2.0, higher_is_better=False)
    one_end = ks.equivalence.tost(value, margin=(-math.inf, 2.0))
    assert worse.p_noninferiority == one_end.pvalue == one_end.p_upper
    assert one_end.p_lower == 0.0


def test_equivalence_of_an_estimate_is_that_of_its_noun() -> None:
    direct = ks.equivalence.proportions(7, 37, 14, 46, margin=0.16)
    generic = ks.equivalence.tost(ks.effects.proportions(7, 37, 14, 46), margin=0.16)
    assert (generic.p_lower, generic.p_upper, generic.threshold_margin) == (
        direct.p_lower,
        direct.p_upper,
        direct.threshold_margin,
    )


def test_both_questions_about_one_margin_exclude_each_other() -> None:
    rng = np.random.default_rng(3)
    value = ks.effects.estimate(rng.normal(0, 2, 500), rng.uniform(0.1, 2, 500), df=rng.uniform(2, 90, 500))
    inside = ks.equivalence.tost(value, margin=0.8)
    outside = ks.equivalence.minimum_effect(value, margin=0.8)
    assert inside.established.any()
    assert outside.established.any()
    assert not np.any(inside.established & outside.established)
    # The two tests at one end look at the same tail from both sides.
    np.testing.assert_allclose(inside.p_upper + outside.p_above, 1.0, rtol=0, atol=1e-14)


def test_sizes_without_direction() -> None:
    eta = ks.effects.variance_explained(34.70228, 5, 66)
    outside = ks.equivalence.minimum_effect(eta, margin=0.35)
    ncp = 0.35 / 0.65 * 66
    assert outside.p_above == pytest.approx(stats.ncf.sf(34.70228, 5, 66, ncp), rel=1e-6)
    assert outside.p_below == 1.0
    assert outside.margin_low == -math.inf
    small = ks.equivalence.tost(ks.effects.variance_explained(0.49348, 2, 4577), margin=0.01)
    assert small.pvalue == pytest.approx(1.14e-9, rel=0.01)
    for question in (ks.equivalence.noninferiority, ks.equivalence.superiority):
        with pytest.raises(InvalidArgument, match="estimate is 'partial_eta_squared'"):
            question(eta, margin=0.1, higher_is_better=True)


def test_infinite_estimates_and_margins() -> None:
    # Every event in group 1: the ratio is infinite, and nothing is nearer to a margin that is not there.
    value = ks.effects.proportions(5, 10, 0, 10, measure="ratio")
    assert ks.equivalence.tost(value, margin=(0.5, math.inf)).p_upper == 0.0
    assert ks.equivalence.minimum_effect(value, margin=(0.0, 1.2)).p_below == 1.0
    worse = ks.equivalence.noninferiority(value, margin=math.inf, higher_is_better=True)
    assert (worse.bound, worse.p_noninferiority, worse.established) == (0.0, 0.0, True)
    better = ks.equivalence.superiority(value, margin=math.inf, higher_is_better=True)
    assert (better.bound, better.p_superiority, better.established) == (math.inf, 1.0, False)


def test_never_nan() -> None:
    rng = np.random.default_rng(11)
    n1, n2 = (np.round(10 ** rng.uniform(0.31, 6, 300)).astype(int) for _ in range(2))
    effect = rng.uniform(0, 20, 300) * rng.choice([-1, 1], 300)
    margin = 10 ** rng.uniform(-3, 1.3, 300)
    values = [
        ks.effects.means(effect, 1.0, n1, 0.0, 1.5, n2),
        ks.effects.means(effect, 1.0, n1, 0.0, 1.5, n2, measure="smd"),
        ks.effects.estimate(np.exp(effect), 0.3, measure="risk_ratio"),
    ]
    for value in values:
        size = 1 + margin if value.scale == "risk_ratio" else margin
        pair = (1 / size, size) if value.scale == "risk_ratio" else (-size, size)
        for alpha in (1e-12, 0.05, 0.5):
            results = [
                ks.equivalence.noninferiority(value, margin=size, higher_is_better=True, alpha=alpha),
                ks.equivalence.superiority(value, margin=size, higher_is_better=False, alpha=alpha),
                ks.equivalence.minimum_effect(value, margin=pair, alpha=alpha),
            ]
            for result in results:
                frame = result.to_frame().select_dtypes("number")
                assert not frame.isna().any().any()
                p = frame[[name for name in frame if name.startswith("p")]]
                assert ((p >= 0) & (p <= 1)).all().all()


# ----------------------------------------------------------------------------------------- bad input
VALUE = ks.effects.estimate(0.5, 0.3)
RATIO = ks.effects.estimate(1.5, 0.3, measure="risk_ratio")


@pytest.mark.parametrize(
    ("value", "options", "error", "message"),
    [
        (0.5, {"margin": 1.0, "higher_is_better": True}, InvalidType, "estimate is 0.5; allowed: an Estimate"),
        (VALUE, {"margin": 0.0, "higher_is_better": True}, InvalidArgument, "margin is 0.0; allowed: a positive"),
        (VALUE, {"margin": -1.0, "higher_is_better": True}, InvalidArgument, "higher_is_better says the direction"),
        (VALUE, {"margin": None, "higher_is_better": True}, InvalidType, "there is no default"),
        (VALUE, {"margin": "1", "higher_is_better": True}, InvalidType, "margin is '1'"),
        (VALUE, {"margin": math.nan, "higher_is_better": True}, InvalidArgument, "margin is nan"),
        (VALUE, {"margin": 1.0, "higher_is_better": "yes"}, InvalidType, "higher_is_better is 'yes'"),
        (VALUE, {"margin": 1.0, "higher_is_better": None}, InvalidType, "Say which direction"),
        (VALUE, {"margin": 1.0, "higher_is_better": True, "alpha": 0.6}, InvalidArgument, "alpha is 0.6"),
        (RATIO, {"margin": 1.0, "higher_is_better": True}, InvalidArgument, "A ratio of 1 is no difference"),
        (RATIO, {"margin": 0.0, "higher_is_better": True}, InvalidArgument, "margin is 0.0"),
    ],
)
def test_refusals(value, options, error, message) -> None:
    with pytest.raises(error, match=message):
        ks.equivalence.noninferiority(value, **options)


def test_one_proportion_needs_a_pair() -> None:
    value = ks.effects.proportion(228, 762, method="wald")
    with pytest.raises(InvalidArgument, match="One proportion has no value of no difference"):
        ks.equivalence.tost(value, margin=0.1)
    with pytest.raises(InvalidArgument, match="estimate is 'proportion'"):
        ks.equivalence.superiority(value, margin=0.1, higher_is_better=True)
    result = ks.equivalence.tost(value, margin=(0.18, 0.38))
    # SAS/STAT, PROC FREQ, equivalence of one proportion: z 7.1865 and -4.8701.
    assert result.p_lower == pytest.approx(stats.norm.sf(7.1865), rel=2e-3)
    assert result.p_upper == pytest.approx(stats.norm.sf(4.8701), rel=2e-3)
    assert (result.low, result.high) == pytest.approx((0.2719, 0.3265), abs=5e-5)
