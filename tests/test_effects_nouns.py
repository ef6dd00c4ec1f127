"""Means of the same people and of one group, standardised differences, ratios of means, correlations, raw values."""

from __future__ import annotations

import math
from fractions import Fraction

import mpmath
import numpy as np
import pytest
from golden_nouns import SERVED_BY, rows
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

import ketastats as ks
from ketastats import InvalidArgument, InvalidType, effects

GROUPS = (9.8, 4.5, 37, 13.7, 5.8, 46)
PAIRS = (5.83, 1.17, 5.75, 1.30, 65)


def ends(value, level=0.9):
    interval = value.confidence_interval(level)
    return interval.low, interval.high


# -------------------- what holds for every estimate
ESTIMATES = {
    "one sample": effects.one_sample(5.71, 1.79, 20, mu=6),
    "one sample, smd": effects.one_sample(5.71, 1.79, 20, mu=6, measure="smd", unbiased=True),
    "d_z from t": effects.smd_z_from_t(2.5, 40),
    **{f"paired {m}": effects.paired(*PAIRS, r=0.745, measure=m) for m in ("difference", "smd_z", "smd_av", "smd_rm")},
    **{f"by {by}": effects.standardised_means(*GROUPS, by=by) for by in ("pooled_sd", "average_sd", "sd1", "sd2")},
    "sd2, equal": effects.standardised_means(*GROUPS, by="sd2", variances="equal"),
    "ratio": effects.mean_ratio(*GROUPS),
    "ratio, second order": effects.mean_ratio(*GROUPS, method="lajeunesse", variances="equal"),
    "paired ratio": effects.mean_ratio_paired(*PAIRS, r=0.745),
    "pearson": effects.correlation(0.3, 40),
    "pearson, exact": effects.correlation(0.3, 40, method="exact"),
    "spearman": effects.correlation(0.3, 40, kind="spearman"),
    "spearman, fieller": effects.correlation(-0.3, 40, kind="spearman", method="fieller"),
}


@pytest.mark.parametrize("value", ESTIMATES.values(), ids=ESTIMATES.keys())
@pytest.mark.parametrize("level", [0.5, 0.9, 1 - 1e-9])
def test_the_interval_holds_exactly_the_values_that_the_test_keeps(value, level):
    low, high = ends(value, level)
    tail = 0.5 * (1 - level)
    assert low < value.point < high
    assert value.pvalue(low, alternative="greater") == pytest.approx(tail, rel=1e-7)
    assert value.pvalue(high, alternative="less") == pytest.approx(tail, rel=1e-7)
    assert value.pvalue(low) == pytest.approx(1 - level, rel=1e-7)
    assert np.isfinite([value.point, value.standard_error]).all()
    assert value.to_frame().shape[0] == 1
    assert value.method.splitlines()[0] in value.summary()


@pytest.mark.parametrize("value", ESTIMATES.values(), ids=ESTIMATES.keys())
def test_no_difference_is_the_default_null(value):
    assert value.pvalue() == value.pvalue(1.0 if value.scale == "mean_ratio" else 0.0)


# -------------------- pairs and one sample
@pytest.mark.parametrize("measure", ["difference", "smd_z", "smd_av", "smd_rm"])
@pytest.mark.parametrize("unbiased", [False, True])
def test_pairs_three_ways(measure, unbiased):
    if measure == "difference" and unbiased:
        with pytest.raises(InvalidArgument, match="unbiased is True; allowed: False"):
            effects.paired(*PAIRS, r=0.745, measure=measure, unbiased=True)
        return
    m1, s1, m2, s2, n = PAIRS
    given_r = effects.paired(*PAIRS, r=0.745, measure=measure, unbiased=unbiased)
    spread = math.sqrt(s1**2 + s2**2 - 2 * 0.745 * s1 * s2)
    assert effects.sd_of_differences(s1, s2, 0.745) == pytest.approx(spread, rel=1e-14)
    given_sd = effects.paired(*PAIRS, sd_difference=spread, measure=measure, unbiased=unbiased)
    assert ends(given_sd) == pytest.approx(ends(given_r), rel=1e-11)
    assert effects.correlation_of_pairs(s1, s2, spread) == pytest.approx(0.745, rel=1e-14)
    swapped = effects.paired(m2, s2, m1, s1, n, r=0.745, measure=measure, unbiased=unbiased)
    assert (swapped.point, *ends(swapped)) == pytest.approx((-given_r.point, *(-x for x in ends(given_r)[::-1])))
    if measure in ("difference", "smd_z"):
        name = "smd" if measure == "smd_z" else "difference"
        alone = effects.one_sample(m1 - m2, spread, n, measure=name, unbiased=unbiased)
        assert (alone.point, *ends(alone)) == pytest.approx((given_r.point, *ends(given_r)), rel=1e-12)
    assert "times J" in given_r.method or not unbiased


def test_standardised_pairs_by_their_definitions():
    m1, s1, m2, s2, n = PAIRS
    spread = math.sqrt(s1**2 + s2**2 - 2 * 0.745 * s1 * s2)
    difference = m1 - m2
    expected = {
        "smd_z": difference / spread,
        "smd_av": difference / math.sqrt((s1**2 + s2**2) / 2),
        "smd_rm": difference / spread * math.sqrt(2 * (1 - 0.745)),
    }
    for measure, value in expected.items():
        assert effects.paired(*PAIRS, r=0.745, measure=measure).point == pytest.approx(value, rel=1e-13)
    d = effects.paired(*PAIRS, r=0.745, measure="smd_z")
    t = difference / spread * math.sqrt(n)
    assert d.pvalue() == pytest.approx(2 * stats.t.sf(t, n - 1), rel=1e-12)
    assert d.pvalue(0.2, alternative="less") == pytest.approx(stats.nct.cdf(t, n - 1, 0.2 * math.sqrt(n)), rel=1e-7)
    j = math.exp(math.lgamma(32) - math.lgamma(31.5)) / math.sqrt(32)
    assert effects.paired(*PAIRS, r=0.745, measure="smd_z", unbiased=True).point == pytest.approx(
        j * d.point, rel=1e-12
    )


def test_equal_spread_makes_all_standardisers_of_pairs_meet():
    values = [effects.paired(3.0, 2.0, 2.0, 2.0, 30, r=0.6, measure=m) for m in ("smd_av", "smd_rm")]
    assert [v.point for v in values] == pytest.approx([0.5, 0.5])
    assert [v.df for v in values] == pytest.approx([2 * 29 / (1 + 0.36)] * 2)
    # With r = 1/2 the differences vary as much as each measurement.
    alike = effects.paired(3.0, 2.0, 2.0, 2.0, 30, r=0.5, measure="smd_z")
    assert alike.point == pytest.approx(0.5)


@pytest.mark.parametrize("measure", ["smd_z", "smd_av", "smd_rm"])
def test_degrees_of_freedom_are_those_of_the_variance_of_the_standardiser(measure):
    """Var(log s^2) by simulation is 2 / df to first order."""
    rng = np.random.default_rng(7)
    n, rho, s2 = 200, 0.5, 1.5
    x = rng.standard_normal((4000, n))
    y = s2 * (rho * x + math.sqrt(1 - rho**2) * rng.standard_normal((4000, n)))
    v1, v2, vd = (np.var(a, axis=1, ddof=1) for a in (x, y, x - y))
    r = (v1 + v2 - vd) / (2 * np.sqrt(v1 * v2))
    square = {"smd_z": vd, "smd_av": (v1 + v2) / 2, "smd_rm": vd / (2 * (1 - r))}[measure]
    df = effects.paired(0.0, 1.0, 0.0, s2, n, r=rho, measure=measure).df
    assert 2 / np.var(np.log(square)) == pytest.approx(df, rel=0.08)


@pytest.mark.parametrize(("measure", "ratio"), [("smd_z", 2.0), ("smd_av", 2.0), ("smd_rm", 1.0)])
def test_intervals_of_pairs_cover(measure, ratio):
    rng = np.random.default_rng(11)
    n, rho, delta = 20, 0.6, 0.8
    true_sd = {
        "smd_z": math.sqrt(1 + ratio**2 - 2 * rho * ratio),
        "smd_av": math.sqrt((1 + ratio**2) / 2),
        "smd_rm": 1.0,
    }[measure]
    x = rng.standard_normal((3000, n))
    y = ratio * (rho * x + math.sqrt(1 - rho**2) * rng.standard_normal((3000, n)))
    p = effects.paired_from_samples(x + delta * true_sd, y, measure=measure).pvalue(delta)
    # The standard error of the share is 0.0055.
    assert np.mean(p >= 0.1) == pytest.approx(0.9, abs=0.017)


def test_impossible_pairs_are_refused():
    with pytest.raises(InvalidType, match="either r or sd_difference"):
        effects.paired(*PAIRS)
    with pytest.raises(InvalidType, match="either r or sd_difference"):
        effects.paired(*PAIRS, r=0.5, sd_difference=1.0)
    with pytest.raises(InvalidArgument, match=r"sd_difference is 3\.0; allowed: between \|s1 - s2\| and s1 \+ s2"):
        effects.paired(*PAIRS, sd_difference=3.0)
    with pytest.raises(InvalidArgument, match=r"r is 1\.2"):
        effects.paired(*PAIRS, r=1.2)
    with pytest.raises(InvalidArgument, match=r"sd_difference is 0\.0; allowed: a positive"):
        effects.paired(3, 1, 2, 1, 10, r=1.0, measure="smd_z")
    with pytest.raises(InvalidArgument, match=r"r is 1\.0; allowed: below 1"):
        effects.paired(3, 1, 2, 2, 10, r=1.0, measure="smd_rm")
    with pytest.raises(InvalidArgument, match="n is 2; allowed: at least 3"):
        effects.paired(3, 1, 2, 2, 2, r=0.5, measure="smd_z", unbiased=True)
    with pytest.raises(InvalidArgument, match=r"s is 0\.0; allowed: a positive"):
        effects.one_sample(3, 0.0, 10, measure="smd")
    with pytest.raises(InvalidArgument, match="unbiased is 'yes'"):
        effects.one_sample(3, 1.0, 10, measure="smd", unbiased="yes")
    with pytest.raises(InvalidArgument, match="more than one degree of freedom"):
        effects.paired(3, 1, 2, 3, 3, r=0.99, measure="smd_rm", unbiased=True)
    # No spread at all still has a difference.
    assert effects.paired(3, 0, 2, 0, 10, r=0.0).pvalue() == 0.0


def test_golden_changes():
    inputs, expected = rows()["recalc_prepost_2"]
    three = (float(inputs[name]) for name in ("sd_pre", "sd_post", "sd_change"))
    assert effects.correlation_of_pairs(*three) == pytest.approx(expected["r"], abs=0.0005)
    inputs, expected = rows()["recalc_prepost_bad"]
    for case, verdict in zip(inputs["cases"], expected["verdict"], strict=True):
        pre, post, change = map(float, case)
        if verdict == "possible":
            assert -1 < effects.correlation_of_pairs(pre, post, change) < 1
        else:
            with pytest.raises(InvalidArgument, match="sd_difference"):
                effects.correlation_of_pairs(pre, post, change)


# -------------------- two groups in standard deviations
def test_pooled_is_the_smd_of_means():
    for unbiased, measure in ((False, "smd"), (True, "smd_unbiased")):
        one = effects.standardised_means(*GROUPS, by="pooled_sd", unbiased=unbiased)
        two = effects.means(*GROUPS, measure=measure)
        assert (one.point, one.standard_error, *ends(one)) == pytest.approx(
            (two.point, two.standard_error, *ends(two)), rel=1e-12
        )


def test_groups_by_their_definitions():
    m1, s1, n1, m2, s2, n2 = GROUPS
    values = {by: effects.standardised_means(*GROUPS, by=by) for by in ("average_sd", "sd1", "sd2")}
    assert values["average_sd"].point == pytest.approx((m1 - m2) / math.sqrt((s1**2 + s2**2) / 2), rel=1e-13)
    assert (values["sd1"].point, values["sd2"].point) == pytest.approx(((m1 - m2) / s1, (m1 - m2) / s2), rel=1e-13)
    assert (values["sd1"].df, values["sd2"].df) == (36, 45)
    df = (s1**2 + s2**2) ** 2 / (s1**4 / (n1 - 1) + s2**4 / (n2 - 1))
    assert values["average_sd"].df == pytest.approx(df, rel=1e-13)
    welch = effects.means(*GROUPS)
    assert all(v.statistic == pytest.approx(welch.point / welch.standard_error, rel=1e-13) for v in values.values())
    exact = effects.standardised_means(*GROUPS, by="sd2", variances="equal")
    t = (m1 - m2) / s2 / math.sqrt(1 / n1 + 1 / n2)
    assert exact.pvalue(-0.5, alternative="less") == pytest.approx(
        stats.nct.cdf(t, 45, -0.5 / math.sqrt(1 / n1 + 1 / n2)), rel=1e-7
    )


def test_groups_mirror():
    m1, s1, n1, m2, s2, n2 = GROUPS
    for by, other in (("average_sd", "average_sd"), ("sd1", "sd2"), ("pooled_sd", "pooled_sd")):
        one = effects.standardised_means(*GROUPS, by=by)
        two = effects.standardised_means(m2, s2, n2, m1, s1, n1, by=other)
        assert (one.point, *ends(one)) == pytest.approx((-two.point, *(-x for x in ends(two)[::-1])), rel=1e-12)


@pytest.mark.parametrize("by", ["average_sd", "sd2"])
def test_intervals_of_groups_that_vary_unequally_cover(by):
    rng = np.random.default_rng(3)
    n1, n2, s1, delta = 12, 25, 2.0, 0.8
    true_sd = math.sqrt((s1**2 + 1) / 2) if by == "average_sd" else 1.0
    x, y = delta * true_sd + s1 * rng.standard_normal((3000, n1)), rng.standard_normal((3000, n2))
    (m1, sd1), (m2, sd2) = ((a.mean(axis=1), a.std(axis=1, ddof=1)) for a in (x, y))
    p = effects.standardised_means(m1, sd1, n1, m2, sd2, n2, by=by).pvalue(delta)
    assert np.mean(p >= 0.1) == pytest.approx(0.9, abs=0.025)


def test_bad_standardisers():
    with pytest.raises(InvalidArgument, match="variances is 'unequal'; allowed: 'equal' with by='pooled_sd'"):
        effects.standardised_means(*GROUPS, by="pooled_sd", variances="unequal")
    with pytest.raises(InvalidArgument, match=r"sd2 is 0\.0; allowed: a positive"):
        effects.standardised_means(1, 1, 10, 2, 0, 10, by="sd2")
    with pytest.raises(InvalidArgument, match=r"average_sd is 0\.0"):
        effects.standardised_means(1, 0, 10, 2, 0, 10, by="average_sd")
    with pytest.raises(InvalidArgument, match="by is 'sd3'"):
        effects.standardised_means(*GROUPS, by="sd3")


def test_golden_hedges_g():
    inputs, expected = rows()["escalc_smd_normand"]
    columns = (inputs[name] for name in ("m1i", "sd1i", "n1i", "m2i", "sd2i", "n2i"))
    g = effects.standardised_means(*columns, by="pooled_sd", unbiased=True)
    np.testing.assert_allclose(g.point, expected["yi"], atol=6e-5)


# -------------------- ratios of means
def test_ratio_of_means_by_its_formulas():
    m1, s1, n1, m2, s2, n2 = GROUPS
    v1, v2 = s1**2 / (n1 * m1**2), s2**2 / (n2 * m2**2)
    delta = effects.mean_ratio(*GROUPS)
    assert (delta.point, delta.standard_error) == pytest.approx((m1 / m2, math.sqrt(v1 + v2)), rel=1e-13)
    assert delta.df == pytest.approx((v1 + v2) ** 2 / (v1**2 / (n1 - 1) + v2**2 / (n2 - 1)), rel=1e-13)
    assert ends(delta)[0] == pytest.approx(
        math.exp(math.log(m1 / m2) - stats.t.isf(0.05, delta.df) * math.sqrt(v1 + v2)), rel=1e-12
    )
    second = effects.mean_ratio(*GROUPS, method="lajeunesse")
    assert math.log(second.point) == pytest.approx(math.log(m1 / m2) + (v1 - v2) / 2, rel=1e-12)
    assert second.standard_error**2 == pytest.approx(v1 + v2 + (v1**2 + v2**2) / 2, rel=1e-12)
    pooled = math.sqrt(((n1 - 1) * s1**2 + (n2 - 1) * s2**2) / (n1 + n2 - 2))
    equal = effects.mean_ratio(*GROUPS, variances="equal")
    assert equal.df == 81
    assert equal.standard_error == pytest.approx(pooled * math.hypot(1 / m1 / n1**0.5, 1 / m2 / n2**0.5), rel=1e-13)


def test_paired_ratio_of_means():
    m1, s1, m2, s2, n = PAIRS
    one, two = s1 / m1, s2 / m2
    error = math.sqrt((one**2 + two**2 - 2 * 0.745 * one * two) / n)
    value = effects.mean_ratio_paired(*PAIRS, r=0.745)
    assert (value.point, value.standard_error, value.df) == pytest.approx((m1 / m2, error, n - 1), rel=1e-12)
    swapped = effects.mean_ratio_paired(m2, s2, m1, s1, n, r=0.745, method="lajeunesse")
    mirrored = effects.mean_ratio_paired(*PAIRS, r=0.745, method="lajeunesse")
    assert ends(swapped) == pytest.approx(tuple(1 / x for x in ends(mirrored)[::-1]), rel=1e-12)


def test_ratios_need_means_above_zero():
    with pytest.raises(InvalidArgument, match=r"m2 is 0\.0; allowed: numbers above 0"):
        effects.mean_ratio(1, 1, 10, 0, 1, 10)
    huge = effects.mean_ratio(1, 100, 2, 1, 1, 2).confidence_interval(1 - 1e-9)
    assert (huge.low, huge.high) == (0.0, math.inf)
    assert effects.mean_ratio(2, 0, 10, 1, 0, 10).confidence_interval().low == 2.0


# -------------------- correlations
def exact_tail(z, n, zeta):
    """P(R > tanh z) at 25 digits by Hotelling's density."""
    with mpmath.workdps(25):
        n, rho, start = mpmath.mpf(n), mpmath.tanh(mpmath.mpf(zeta)), mpmath.mpf(z)
        constant = (n - 2) * mpmath.gamma(n - 1) / (mpmath.sqrt(2 * mpmath.pi) * mpmath.gamma(n - 0.5))

        def density(x):
            r = mpmath.tanh(x)
            factor = mpmath.hyp2f1(0.5, 0.5, n - 0.5, (1 + rho * r) / 2)
            return (1 - rho**2) ** ((n - 1) / 2) * mpmath.sech(x) ** (n - 2) * (1 - rho * r) ** (1.5 - n) * factor

        step = 1 / mpmath.sqrt(n)
        points = [start, *(start + k * step for k in (1, 2, 4, 8, 16)), start + 60]
        return float(constant * mpmath.quad(density, points))


@pytest.mark.parametrize(("r", "n", "rho"), [(0.3, 10, 0.5), (-0.2, 25, 0.4), (0.9, 4, 0.1), (0.1, 83, 0.0)])
def test_exact_p_of_a_correlation(r, n, rho):
    value = effects.correlation(r, n, method="exact")
    tail = exact_tail(math.atanh(r), n, math.atanh(rho))
    assert value.pvalue(rho, alternative="greater") == pytest.approx(tail, rel=1e-11)
    assert value.pvalue(rho, alternative="less") == pytest.approx(1 - tail, rel=1e-9)


@pytest.mark.parametrize("n", [3, 4, 10, 83, 100_000])
def test_exact_p_against_zero_is_that_of_the_t_test(n):
    r = min(0.9, 4 / math.sqrt(n))
    t = r * math.sqrt((n - 2) / (1 - r * r))
    value = effects.correlation(r, n, method="exact")
    assert value.pvalue() == pytest.approx(2 * stats.t.sf(t, n - 2), rel=1e-10)


def test_fisher_z_by_its_formulas():
    for kind, method, factor in (
        ("pearson", "fisher_z", 1.0),
        ("spearman", "bonett_wright", 1 + 0.6**2 / 2),
        ("spearman", "fieller", 1.06),
    ):
        value = effects.correlation(0.6, 28, kind=kind, method=method)
        half = stats.norm.isf(0.05) * math.sqrt(factor / 25)
        expected = (math.tanh(math.atanh(0.6) - half), math.tanh(math.atanh(0.6) + half))
        assert ends(value) == pytest.approx(expected, rel=1e-12)
    assert effects.correlation(0.6, 28, kind="spearman").method.endswith("variance (1 + r^2 / 2) / (n - 3)")


def test_sign_flips_mirror_correlations():
    for method in ("fisher_z", "exact"):
        one, two = effects.correlation(0.4, 20, method=method), effects.correlation(-0.4, 20, method=method)
        assert ends(one) == pytest.approx(tuple(-x for x in ends(two)[::-1]), rel=1e-12)


@pytest.mark.parametrize("method", ["fisher_z", "exact"])
def test_perfect_correlations_leave_only_the_point(method):
    value = effects.correlation(np.array([1.0, -1.0]), 10, method=method)
    interval = value.confidence_interval()
    assert interval.low.tolist() == interval.high.tolist() == [1.0, -1.0]
    assert value.pvalue(0.0).tolist() == [0.0, 0.0]
    assert value.pvalue(1.0).tolist() == [1.0, 0.0]
    weak = effects.correlation(0.2, 10, method=method)
    assert weak.pvalue(np.array([-1.0, 1.0, -math.inf, 2.0])).tolist() == [0.0] * 4
    assert weak.pvalue(1.0, alternative="greater") == 1.0


def test_fisher_z_and_exact_agree_in_large_samples():
    one, two = (effects.correlation(0.3, 10**5, method=method) for method in ("fisher_z", "exact"))
    assert ends(one) == pytest.approx(ends(two), abs=2e-5)


def test_bad_correlations():
    with pytest.raises(InvalidArgument, match="method is 'exact'; allowed: one of bonett_wright, fieller"):
        effects.correlation(0.1, 10, kind="spearman", method="exact")
    with pytest.raises(InvalidArgument, match="n is 3; allowed: whole numbers at least 4"):
        effects.correlation(0.1, 3)
    with pytest.raises(InvalidArgument, match=r"r is 1\.5"):
        effects.correlation(1.5, 30)


# -------------------- never NaN
def test_no_estimate_is_ever_nan():
    rng = np.random.default_rng(5)
    size = 16
    n = np.floor(10 ** rng.uniform(math.log10(3), 6, size)).astype(int)
    effect = rng.choice([0.0, 1.0], size, p=[0.1, 0.9]) * rng.uniform(-20, 20, size)
    s2, r = 10 ** rng.uniform(-1, 1, size), rng.uniform(-0.99, 0.99, size)
    values = [
        effects.one_sample(effect, 1.0, n, measure="smd"),
        *(effects.paired(effect, 1.0, 0.0, s2, n, r=r, measure=m) for m in ("smd_z", "smd_av", "smd_rm")),
        *(effects.standardised_means(effect, 1.0, n, 0.0, s2, n, by=by) for by in ("average_sd", "sd1", "sd2")),
        effects.mean_ratio(np.abs(effect) + 0.1, 1.0, n, 2.0, s2, n),
        effects.correlation(r, n + 1),
    ]
    for value in values:
        for one in (1e-12, 0.3):
            interval = value.confidence_interval(max(1 - 2 * one, 1e-9))
            assert not np.isnan(interval.low).any()
            assert np.all(interval.low <= interval.high)
        assert np.all((value.pvalue(0.3) >= 0) & (value.pvalue(0.3) <= 1))
    few = slice(0, 6)
    interval = effects.correlation(r[few], n[few], method="exact").confidence_interval(1 - 1e-9)
    assert np.all((interval.low < r[few]) & (r[few] < interval.high))


def test_limits_at_the_edge_of_numbers():
    # The narrowest interval is a point, whose two ends are not to change places by rounding.
    effect = np.linspace(0.1, 20, 50)
    for value in (effects.smd_z_from_t(effect * 1000, 10**6), effects.correlation(effect / 21, 3, method="exact")):
        interval = value.confidence_interval(1e-15)
        assert np.all(interval.low <= interval.high)
    # A relative error of thousands leaves no ratio, but numbers all the same.
    for s1, s2 in ((1e4, 1.0), (1.0, 1e4), (1e300, 1e300)):
        wild = effects.mean_ratio(1.0, s1, 2, 1.0, s2, 2, method="lajeunesse").confidence_interval()
        assert (wild.low, wild.high) == (0.0, math.inf)
    assert ks.equivalence.mean_ratio(1.0, 1e3, 3, 1.0, 1.0, 3, margin=2.0).threshold_margin == math.inf


# -------------------- raw values
def test_summaries_of_raw_values_are_exact_to_the_last_digits():
    rng = np.random.default_rng(2)
    for offset in (0.0, 1e8, -1e15):
        x = offset + rng.standard_normal(50)
        exact = [Fraction(v) for v in x]
        mean = sum(exact) / 50
        variance = sum((v - mean) ** 2 for v in exact) / 49
        result = effects.summarise(x)
        assert result.mean == pytest.approx(float(mean), rel=1e-15)
        assert result.sd == pytest.approx(math.sqrt(variance), rel=1e-14)
    assert effects.summarise([0.1] * 10).sd == 0.0
    assert effects.summarise([0.1] * 10).mean == 0.1
    tiny, huge = effects.summarise([1e-300, 3e-300]), effects.summarise([1e300, 3e300])
    assert (tiny.sd, huge.sd) == pytest.approx((math.sqrt(2) * 1e-300, math.sqrt(2) * 1e300))
    assert tiny.to_frame()["n"].tolist() == [2]


@given(st.lists(st.integers(-5, 5), min_size=2, max_size=9), st.integers(-3, 3), st.sampled_from([0.5, 1.0, 4.0]))
def test_summaries_move_with_the_data(values, shift, scale):
    one, two = effects.summarise(values), effects.summarise(np.array(values) * scale + shift)
    assert two.mean == pytest.approx(one.mean * scale + shift, abs=1e-12)
    assert two.sd == pytest.approx(one.sd * scale, abs=1e-12)


def test_raw_values_go_through_the_summaries():
    rng = np.random.default_rng(9)
    x, y = rng.normal(5, 2, 20), rng.normal(6, 3, 30)
    raw = effects.means_from_samples(x, y)
    table = effects.means(x.mean(), x.std(ddof=1), 20, y.mean(), y.std(ddof=1), 30)
    assert (raw.point, *ends(raw)) == pytest.approx((table.point, *ends(table)), rel=1e-11)
    assert raw.pvalue() == pytest.approx(stats.ttest_ind(x, y, equal_var=False).pvalue, rel=1e-11)
    short = y[:20]
    pair = effects.paired_from_samples(x, short)
    assert pair.pvalue() == pytest.approx(stats.ttest_rel(x, short).pvalue, rel=1e-11)
    r = np.corrcoef(x, short)[0, 1]
    for measure in ("difference", "smd_z", "smd_av", "smd_rm"):
        one = effects.paired_from_samples(x, short, measure=measure)
        table = effects.paired(x.mean(), x.std(ddof=1), short.mean(), short.std(ddof=1), 20, r=r, measure=measure)
        assert ends(one) == pytest.approx(ends(table), rel=1e-9)
    alone = effects.one_sample_from_samples(x, mu=5, measure="smd", unbiased=True)
    assert alone.pvalue() == pytest.approx(stats.ttest_1samp(x, 5).pvalue, rel=1e-11)


@pytest.mark.parametrize("axis", [0, 1, -1])
def test_the_axis_of_the_people(axis):
    rng = np.random.default_rng(4)
    x, y = rng.normal(size=(6, 6)), rng.normal(size=(6, 6))
    at = 1 if axis == -1 else axis
    for function in (effects.means_from_samples, effects.paired_from_samples, effects.correlation_from_samples):
        many = function(x, y, axis=axis)
        single = [function(x.take(i, axis=1 - at), y.take(i, axis=1 - at)) for i in range(6)]
        np.testing.assert_allclose(many.point, [one.point for one in single], rtol=1e-13)
        np.testing.assert_allclose(many.pvalue(), [one.pvalue() for one in single], rtol=1e-12)


def test_correlations_of_raw_values():
    rng = np.random.default_rng(8)
    x = rng.integers(0, 6, (40, 25)).astype(float)
    y = x + rng.integers(0, 6, (40, 25))
    pearson = effects.correlation_from_samples(x, y)
    spearman = effects.correlation_from_samples(x, y, kind="spearman")
    for i in range(40):
        assert pearson.point[i] == pytest.approx(stats.pearsonr(x[i], y[i]).statistic, rel=1e-12)
        assert spearman.point[i] == pytest.approx(stats.spearmanr(x[i], y[i]).statistic, rel=1e-12)
    line = effects.correlation_from_samples([1.0, 2.0, 3.0, 4.5], [2.0, 4.0, 6.0, 9.0])
    assert line.point == 1.0
    assert effects.correlation_from_samples([1, 2, 3, 4], [-1e300, -2e300, -3e300, -4e300]).point == -1.0


def test_missing_and_unfit_values_are_refused():
    with pytest.raises(InvalidArgument, match="x is nan; allowed: numbers, none of them missing"):
        effects.means_from_samples([1.0, math.nan, 2.0], [1.0, 2.0])
    with pytest.raises(InvalidArgument, match="y is inf"):
        effects.means_from_samples([1.0, 2.0], [1.0, math.inf])
    with pytest.raises(InvalidArgument, match="number of values in x is 1; allowed: at least 2"):
        effects.summarise([1.0])
    with pytest.raises(InvalidArgument, match=r"x is 3\.0; allowed: at least 2 values"):
        effects.summarise(3.0)
    with pytest.raises(InvalidArgument, match="number of values in y is 3; allowed: as many as in x, here 2"):
        effects.paired_from_samples([1, 2], [1, 2, 3])
    with pytest.raises(InvalidArgument, match=r"y is 3\.0; allowed: values that are not all alike"):
        effects.correlation_from_samples([1, 2, 3, 4], [3, 3, 3, 3])
    with pytest.raises(InvalidArgument, match="axis is 2; allowed: a whole number at least -1 and at most 0"):
        effects.summarise([1, 2, 3], axis=2)
    with pytest.raises(InvalidType, match="x is"):
        effects.summarise(["a", "b"])


# -------------------- golden values
def test_every_golden_row_is_served_once():
    served = [name for names in SERVED_BY.values() for name in names]
    assert sorted(served) == sorted(rows())


def test_the_package_shows_its_nouns():
    nouns = {"paired", "one_sample", "correlation", "standardised_means", "mean_ratio", "means_from_samples"}
    assert nouns <= set(ks.effects.__all__)
    assert nouns <= set(ks.equivalence.__all__)
