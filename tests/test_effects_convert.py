"""From one statistic to another."""

from __future__ import annotations

import math

import mpmath
import numpy as np
import pytest
from golden_nouns import rows
from scipy import stats

from ketastats import InvalidArgument, InvalidType, effects

RNG = np.random.default_rng(6)
N1, N2 = RNG.integers(1, 200, 60), RNG.integers(2, 200, 60)


# -------------------- the data themselves are the judge
def test_d_r_and_t_of_the_same_data():
    for n1, n2 in ((5, 5), (20, 2), (3, 40)):
        x, y = RNG.normal(1, 1, n1), RNG.normal(0, 2, n2)
        t = stats.ttest_ind(x, y).statistic
        pooled = math.sqrt(((n1 - 1) * x.var(ddof=1) + (n2 - 1) * y.var(ddof=1)) / (n1 + n2 - 2))
        d = (x.mean() - y.mean()) / pooled
        r = np.corrcoef(np.repeat([1, 0], [n1, n2]), np.concatenate([x, y]))[0, 1]
        assert effects.d_from_t(t, n1, n2) == pytest.approx(d, rel=1e-12)
        assert effects.t_from_d(d, n1, n2) == pytest.approx(t, rel=1e-12)
        assert effects.d_from_r(r, n1, n2) == pytest.approx(d, rel=1e-10)
        assert effects.r_from_d(d, n1, n2) == pytest.approx(r, rel=1e-12)
        assert effects.r_from_t(t, n1 + n2 - 2) == pytest.approx(r, rel=1e-12)
        assert effects.t_from_r(r, n1 + n2 - 2) == pytest.approx(t, rel=1e-10)
        p = stats.ttest_ind(x, y).pvalue
        assert effects.d_from_p(p, n1, n2) == pytest.approx(abs(d), rel=1e-9)


def test_phi_of_a_table():
    table = np.array([[7, 30], [14, 32]])
    chi2 = stats.chi2_contingency(table, correction=False).statistic
    people = np.repeat([[1, 1], [1, 0], [0, 1], [0, 0]], table.ravel(), axis=0)
    assert effects.r_from_chi2(chi2, 83) == pytest.approx(abs(np.corrcoef(people.T)[0, 1]), rel=1e-12)
    with pytest.raises(InvalidArgument, match=r"chi2 is 11\.0; allowed: at most n, here 10"):
        effects.r_from_chi2(11.0, 10)


@pytest.mark.parametrize("p", [1e-300, 1e-20, 0.001, 0.3, 0.9])
@pytest.mark.parametrize("df", [1, 3.5, 81, math.inf])
def test_p_and_back(p, df):
    for alternative in ("two-sided", "greater", "less"):
        if p == 1e-300 and df == 1 and alternative != "two-sided":
            continue
        t = effects.t_from_p(p, df, alternative=alternative)
        assert effects.p_from_t(t, df, alternative=alternative) == pytest.approx(p, rel=1e-9)
    if math.isfinite(df):
        assert effects.p_from_chi2(effects.chi2_from_p(p, df), df) == pytest.approx(p, rel=1e-9)


def test_tails_against_forty_digits():
    with mpmath.workdps(40):
        for t, df in ((2.2, 28), (9.0, 81), (40.0, 12)):
            x = mpmath.mpf(df) / (df + mpmath.mpf(t) ** 2)
            exact = mpmath.betainc(mpmath.mpf(df) / 2, 0.5, 0, x, regularized=True)
            assert effects.p_from_t(t, df) == pytest.approx(float(exact), rel=1e-12)
        for chi2 in (0.1, 3.84, 600.0):
            exact = mpmath.erfc(mpmath.sqrt(mpmath.mpf(chi2) / 2))
            assert effects.p_from_chi2(chi2) == pytest.approx(float(exact), rel=1e-12)


def test_one_statistic_four_names():
    """t squared is F, z squared is chi squared: the p-values agree."""
    assert effects.p_from_t(2.2, 28) == pytest.approx(stats.f.sf(2.2**2, 1, 28), rel=1e-12)
    assert effects.f_from_p(0.03, 1, 28) == pytest.approx(effects.t_from_p(0.03, 28) ** 2, rel=1e-10)
    assert effects.chi2_from_p(0.03) == pytest.approx(effects.t_from_p(0.03) ** 2, rel=1e-14)
    assert effects.t_from_p(1.0, 5) == 0.0
    assert effects.p_from_t(-3.0, 10, alternative="less") == effects.p_from_t(3.0, 10, alternative="greater")


def test_arrays_and_extremes_stay_finite():
    t = np.concatenate([[0.0, -0.0, 1e-300, 1e150], RNG.normal(0, 20, 56)])
    for result in (effects.d_from_t(t, N1, N2), effects.r_from_t(t, N1), effects.p_from_t(t, N1)):
        assert result.shape == (60,)
        assert np.isfinite(result).all()
    assert np.all(np.abs(effects.r_from_t(t, N1)) <= 1)


# -------------------- where only the sum of both groups is known
def test_ranges_hold_every_split():
    n = 83
    for least in (1, 2, 20, 41):
        n1 = np.arange(least, n - least + 1)
        for t in (0.567, -2.5):
            d = effects.d_from_t(t, n1, n - n1)
            found = effects.d_range_from_t(t, n, least=least)
            assert (found.low, found.high) == pytest.approx((d.min(), d.max()), rel=1e-14)
            assert abs(found.balanced) <= abs(found.lopsided)
        r = effects.d_range_from_r(0.3, n, least=least)
        values = effects.d_from_r(0.3, n1, n - n1)
        assert (r.low, r.high) == pytest.approx((values.min(), values.max()), rel=1e-14)
        p = effects.d_range_from_p(0.02, n, least=least)
        values = effects.d_from_p(0.02, n1, n - n1)
        assert (p.low, p.high) == pytest.approx((values.min(), values.max()), rel=1e-14)
    assert effects.d_range_from_t(np.array([1.0, 2.0]), 20).to_frame().shape[0] == 2


def test_ranges_need_room_for_two_groups():
    with pytest.raises(InvalidArgument, match="least is 6; allowed: at most n / 2, here 5"):
        effects.d_range_from_t(1.0, 11, least=6)
    with pytest.raises(InvalidArgument, match="n is 2"):
        effects.d_range_from_p(0.5, 2)


# -------------------- odds
@pytest.mark.parametrize("assuming", ["logistic", "cox", "probit"])
def test_odds_and_back(assuming):
    base = {"base_risk": 0.2} if assuming == "probit" else {}
    d = np.array([-8.0, -0.5, 0.0, 1e-3, 2.0, 8.0])
    ratio = effects.odds_ratio_from_d(d, assuming=assuming, **base)
    np.testing.assert_allclose(effects.d_from_odds_ratio(ratio, assuming=assuming, **base), d, rtol=1e-12, atol=1e-15)
    assert ratio[2] == pytest.approx(1.0, rel=1e-15)
    assert np.all(np.diff(ratio) > 0)


def test_the_logistic_assumption_is_exact_for_logistic_outcomes():
    """Cut two logistic distributions anywhere: the odds ratio is the same, and its d is their distance in SDs."""
    distance = 0.7 * math.pi / math.sqrt(3)
    for cut in (-2.0, 0.0, 1.5):
        p1, p2 = stats.logistic.sf(cut, distance), stats.logistic.sf(cut)
        ratio = p1 / (1 - p1) / (p2 / (1 - p2))
        assert effects.d_from_odds_ratio(ratio, assuming="logistic") == pytest.approx(0.7, rel=1e-12)


def test_the_probit_assumption_is_exact_for_normal_outcomes():
    for cut in (-2.0, 0.0, 1.5):
        p1, p2 = stats.norm.sf(cut, 0.7), stats.norm.sf(cut)
        ratio = p1 / (1 - p1) / (p2 / (1 - p2))
        found = effects.d_from_odds_ratio(ratio, assuming="probit", base_risk=p2)
        assert found == pytest.approx(0.7, rel=1e-12)


def test_risks_and_odds():
    p1, p2 = RNG.uniform(0.001, 0.999, 50), RNG.uniform(0.001, 0.999, 50)
    odds = p1 / (1 - p1) / (p2 / (1 - p2))
    np.testing.assert_allclose(effects.risk_ratio_from_odds_ratio(odds, p2), p1 / p2, rtol=1e-12)
    np.testing.assert_allclose(effects.odds_ratio_from_risk_ratio(p1 / p2, p2), odds, rtol=1e-9)
    np.testing.assert_allclose(effects.risk_difference_from_odds_ratio(odds, p2), p1 - p2, rtol=1e-9, atol=1e-13)
    extreme = np.array([1e-308, 1e308])
    assert effects.risk_difference_from_odds_ratio(extreme, 0.4).tolist() == pytest.approx([-0.4, 0.6])
    assert effects.risk_ratio_from_odds_ratio(extreme, 0.4)[1] == pytest.approx(2.5)


def test_assumptions_are_said():
    with pytest.raises(TypeError, match="assuming"):
        effects.d_from_odds_ratio(2.0)
    with pytest.raises(InvalidArgument, match="assuming is 'normal'; allowed: one of logistic, cox, probit"):
        effects.d_from_odds_ratio(2.0, assuming="normal")
    with pytest.raises(InvalidType, match="base_risk is None; allowed: a risk with assuming='probit'"):
        effects.d_from_odds_ratio(2.0, assuming="probit")
    with pytest.raises(InvalidType, match=r"base_risk is 0\.1; allowed: left out with assuming='cox'"):
        effects.odds_ratio_from_d(0.2, assuming="cox", base_risk=0.1)
    with pytest.raises(InvalidArgument, match=r"risk_ratio is 3\.0; allowed: below 1 / base_risk, here 2\.5"):
        effects.odds_ratio_from_risk_ratio(3.0, 0.4)
    with pytest.raises(InvalidArgument, match=r"odds_ratio is 0\.0"):
        effects.risk_ratio_from_odds_ratio(0.0, 0.4)
    with pytest.raises(InvalidArgument, match="n1 \\+ n2 is 2; allowed: at least 3"):
        effects.d_from_t(1.0, 1, 1)


# -------------------- golden values
def test_golden_d_from_unequal_groups():
    inputs, expected = rows()["ES-006"]
    assert effects.d_from_r(inputs["r"], inputs["n1"], inputs["n2"]) == pytest.approx(expected["d"], abs=1e-6)
    # What is used without group sizes is 2 r / sqrt(1 - r^2): the limit of many people in equal groups.
    many = effects.d_from_r(inputs["r"], 10**9, 10**9)
    assert many == pytest.approx(expected["d_unknown_n"], abs=1e-6)


def test_golden_d_from_t():
    inputs, expected = rows()["es_F_to_d"]
    t, n = math.sqrt(inputs["F"]), inputs["df_error"] + 2
    assert 2 * t / math.sqrt(inputs["df_error"]) == pytest.approx(expected["d"], abs=1e-3)
    # That formula is of no split: with 35 and 35 people d is .956, and no split reaches lower.
    exact = effects.d_from_t(t, 35, 35)
    assert exact == pytest.approx(0.956, abs=5e-4)
    assert effects.d_range_from_t(t, n).low == exact
    assert effects.d_from_t(t, 34, 34) == pytest.approx(expected["d"], abs=1e-3)


def test_golden_d_from_z():
    inputs, expected = rows()["es_z_to_d"]
    half = inputs["n"] // 2
    values = effects.d_from_z(inputs["z"] + np.array([0.0, -1.959964, 1.959964]), half, half)
    assert values.tolist() == pytest.approx([expected["d"], *expected["ci"]], abs=1e-3)


def test_golden_odds():
    inputs, expected = rows()["es_or_to_d"]
    assert effects.d_from_odds_ratio(inputs["OR"], assuming="logistic") == pytest.approx(expected["d"], abs=5e-4)
    inputs, expected = rows()["es_or_rr_arr"]
    odds = expected["OR"]
    assert effects.risk_ratio_from_odds_ratio(odds, inputs["p0"]) == pytest.approx(expected["RR"], abs=1e-6)
    assert effects.risk_difference_from_odds_ratio(odds, inputs["p0"]) == pytest.approx(expected["ARR"], abs=1e-6)
    assert effects.odds_ratio_from_risk_ratio(expected["RR"], inputs["p0"]) == pytest.approx(odds, abs=1e-6)
    inputs, expected = rows()["es_chen_0.01"]
    found = effects.d_from_odds_ratio(inputs["OR"], assuming="probit", base_risk=inputs["p0"])
    np.testing.assert_allclose(found, expected["d"], atol=1e-3)
