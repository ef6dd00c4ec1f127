"""Measures of association, shares of variance and standard errors from what was printed."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import mpmath
import numpy as np
import pytest
from scipy import stats

import ketastats as ks

_FILE = Path(__file__).parent / "golden" / "conversions.csv"
GOLDEN = {row["id"]: row for row in csv.DictReader(_FILE.read_text(encoding="utf-8").splitlines())}
effects = ks.effects


def table_measures(ai: int, bi: int, ci: int, di: int) -> dict[str, float]:
    table = (ai, ai + bi, ci, ci + di)
    risks = (ai / (ai + bi), ci / (ci + di))
    return {
        "PHI": effects.association(*table, measure="phi"),
        "YUQ": effects.association(*table, measure="yule_q"),
        "YUY": effects.association(*table, measure="yule_y"),
        "RTET": effects.association(*table, measure="tetrachoric"),
        "PBIT": effects.d_from_risks(*risks, assuming="probit"),
        "OR2D": effects.d_from_risks(*risks, assuming="logistic"),
        "OR2DN": effects.d_from_risks(*risks, assuming="cox"),
    }


def log_risk_ratio(dataset: str, ai: int, n1i: int, ci: int, n2i: int) -> dict[str, float]:
    assert dataset == "dat.bcg row 1"
    ratio = effects.proportions(ai, n1i, ci, n2i, measure="ratio", method="log")
    return {"yi": np.log(ratio.point), "vi": ratio.standard_error**2}


def shares(F: float, df: float, df_error: float) -> dict[str, float]:
    names = {"eta2": "eta_squared", "epsilon2": "epsilon_squared", "omega2": "omega_squared"}
    return {key: effects.eta_squared_from_f(F, df, df_error, measure=name) for key, name in names.items()}


def wald(OR: float, p: float | None = None, ci: list[float] | None = None) -> dict[str, float]:
    if p is not None:
        found = effects.estimate(OR, effects.se_from_p(OR, p, measure="odds_ratio"), measure="odds_ratio")
        assert found.pvalue() == pytest.approx(p, rel=1e-12)
    else:
        found = effects.estimate(OR, low=ci[0], high=ci[1], measure="odds_ratio")
    return {"logOR": np.log(found.point), "variance": found.standard_error**2}


CALLS = {
    "escalc_2x2": table_measures,
    "escalc_rr_bcg1": log_risk_ratio,
    "escalc_pas": lambda xi, ni: {"yi": effects.arcsine_from_risk(xi / ni)},
    "es_F_to_eta2": shares,
    "es_F_to_eta2_b": shares,
    "wald_3": wald,
    "wald_4": wald,
    "wald_5": wald,
}


@pytest.mark.parametrize("name", GOLDEN)
def test_golden(name: str) -> None:
    row = GOLDEN[name]
    found = CALLS[name](**json.loads(row["inputs_json"]))
    for key, expected in json.loads(row["expected_json"]).items():
        assert abs(found[key] - expected) <= float(row["tolerance"]), key


def random_tables(number: int, largest: int, seed: int) -> tuple[np.ndarray, ...]:
    rng = np.random.default_rng(seed)
    n1, n2 = rng.integers(1, largest, (2, number))
    x1, x2 = rng.integers(0, n1 + 1), rng.integers(0, n2 + 1)
    keep = (x1 + x2 > 0) & (x1 + x2 < n1 + n2)
    return x1[keep], n1[keep], x2[keep], n2[keep]


def test_phi_is_the_correlation_of_raw_data_and_yule_follows_from_the_odds_ratio() -> None:
    tables = random_tables(40, 30, 1)
    for x1, n1, x2, n2 in zip(*tables, strict=True):
        group = np.repeat([1, 0], [n1, n2])
        event = np.concatenate([np.arange(n1) < x1, np.arange(n2) < x2]).astype(float)
        phi = effects.association(x1, n1, x2, n2, measure="phi")
        assert phi == pytest.approx(np.corrcoef(group, event)[0, 1], abs=1e-12)
        if min(x1 * (n2 - x2), x2 * (n1 - x1)) > 0:
            odds = x1 * (n2 - x2) / (x2 * (n1 - x1))
            q, y = (effects.association(x1, n1, x2, n2, measure=f"yule_{k}") for k in "qy")
            assert q == pytest.approx((odds - 1) / (odds + 1), abs=1e-12)
            assert y == pytest.approx((odds**0.5 - 1) / (odds**0.5 + 1), abs=1e-12)


@pytest.mark.parametrize("measure", ["phi", "yule_q", "yule_y", "tetrachoric"])
def test_mirror_and_range(measure: str) -> None:
    x1, n1, x2, n2 = random_tables(300, 60, 2)
    found = effects.association(x1, n1, x2, n2, measure=measure)
    assert np.all(np.abs(found) <= 1)
    assert not np.isnan(found).any()
    assert np.allclose(effects.association(x2, n2, x1, n1, measure=measure), -found, atol=1e-12)
    assert np.allclose(effects.association(n1 - x1, n1, n2 - x2, n2, measure=measure), -found, atol=1e-12)
    assert np.array_equal(np.sign(np.round(found, 9)), np.sign(x1 * (n2 - x2) - x2 * (n1 - x1)))
    some = (x1 > 0) & (x1 < n1)
    alike = effects.association(x1[some], n1[some], x1[some], n1[some], measure=measure)
    assert np.allclose(alike, 0.0, atol=1e-12)


def test_tetrachoric_puts_the_mass_where_the_table_has_it() -> None:
    x1, n1, x2, n2 = random_tables(12, 200, 3)
    found = effects.association(x1, n1, x2, n2, measure="tetrachoric")
    for k, rho in enumerate(found):
        a, total = x1[k], n1[k] + n2[k]
        if abs(rho) == 1:
            assert 0 in (x1[k], n1[k] - x1[k], x2[k], n2[k] - x2[k])
            continue
        cuts = [float(stats.norm.ppf(value / total)) for value in (n1[k], x1[k] + x2[k])]
        with mpmath.workdps(20):
            slope = mpmath.sqrt(1 - mpmath.mpf(rho) ** 2)
            mass = mpmath.quad(
                lambda z, rho=rho, cut=cuts[1], slope=slope: mpmath.npdf(z) * mpmath.ncdf((cut - rho * z) / slope),
                [-12, min(0.0, cuts[0]) - 1e-9, cuts[0]],
            )
        assert float(mass) == pytest.approx(a / total, abs=1e-9)


def test_scales_of_two_risks() -> None:
    rng = np.random.default_rng(4)
    one, two = rng.uniform(0.01, 0.99, (2, 200))
    odds = one / (1 - one) * (1 - two) / two
    for assuming in ("logistic", "cox"):
        assert np.allclose(
            effects.d_from_risks(one, two, assuming=assuming), effects.d_from_odds_ratio(odds, assuming=assuming)
        )
    probit = effects.d_from_odds_ratio(odds, assuming="probit", base_risk=two)
    assert np.allclose(effects.d_from_risks(one, two, assuming="probit"), probit)
    assert np.allclose(effects.cohens_h(one, two), 2 * (np.arcsin(np.sqrt(one)) - np.arcsin(np.sqrt(two))))
    assert np.allclose(np.sin(effects.arcsine_from_risk(one)) ** 2, one)
    # The arcsine of a risk has a standard error of 1 / sqrt(4 n), whatever the risk.
    n = 400
    x = np.arange(n + 1)
    for risk in (0.2, 0.5, 0.9):
        weight = stats.binom.pmf(x, n, risk)
        angle = effects.arcsine_from_risk(x / n)
        spread = np.sqrt(np.sum(weight * angle**2) - np.sum(weight * angle) ** 2)
        assert spread == pytest.approx(1 / np.sqrt(4 * n), rel=0.01)


def test_shares_of_variance_agree_with_their_interval_function() -> None:
    f, df1, df2 = np.array([0.5, 1.0, 4.0]), 3, np.array([10, 50, 123])
    eta = effects.eta_squared_from_f(f, df1, df2)
    assert np.allclose(eta, effects.variance_explained(f, df1, df2).point)
    assert np.allclose(
        effects.eta_squared_from_f(f, df1, df2, measure="epsilon_squared"), 1 - (1 - eta) * (df1 + df2) / df2
    )
    assert np.array_equal(np.sign(effects.eta_squared_from_f(f, df1, df2, measure="omega_squared")), [-1, 0, 1])


@pytest.mark.parametrize("df", [np.inf, 7.0])
def test_the_standard_error_gives_p_back(df: float) -> None:
    rng = np.random.default_rng(5)
    value, p = rng.normal(0, 3, 100), rng.uniform(1e-8, 0.999, 100)
    se = effects.se_from_p(value, p, df=df)
    assert np.allclose(effects.estimate(value, se, df=df).pvalue(), p)
    se = effects.se_from_p(np.exp(value), p, df=df, measure="risk_ratio")
    assert np.allclose(effects.estimate(np.exp(value), se, df=df, measure="risk_ratio").pvalue(), p)


@pytest.mark.parametrize(
    "ask",
    [
        lambda: effects.association(0, 5, 0, 5, measure="phi"),
        lambda: effects.association(5, 5, 5, 5, measure="tetrachoric"),
        lambda: effects.association(1, 5, 2, 5, measure="gamma"),
        lambda: effects.association(6, 5, 2, 5, measure="phi"),
        lambda: effects.d_from_risks(0, 0.5, assuming="probit"),
        lambda: effects.d_from_risks(0.4, 0.5, assuming="normal"),
        lambda: effects.cohens_h(1.2, 0.5),
        lambda: effects.arcsine_from_risk(-0.1),
        lambda: effects.eta_squared_from_f(-1, 1, 5),
        lambda: effects.eta_squared_from_f(1, 0, 5),
        lambda: effects.eta_squared_from_f(1, 1, 5, measure="r_squared"),
        lambda: effects.se_from_p(0.0, 0.5),
        lambda: effects.se_from_p(1.0, 0.5, measure="odds_ratio"),
        lambda: effects.se_from_p(-1.0, 0.5, measure="odds_ratio"),
        lambda: effects.se_from_p(2.0, 1.0),
        lambda: effects.se_from_p(2.0, 0.5, df=0),
    ],
)
def test_bad_input(ask: object) -> None:
    with pytest.raises(ks.InvalidArgument):
        ask()
