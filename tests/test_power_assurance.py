"""Assurance: power averaged over a prior."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import integrate, stats

import ketastats as ks
from ketastats.power import assurance

GOLDEN = Path(__file__).parent / "golden" / "designs.csv"
ROWS = {row["id"]: row for row in csv.DictReader(GOLDEN.read_text(encoding="utf-8").splitlines())}


def test_expected_power_as_powertost():
    given_, expected = (json.loads(ROWS["EQP-431"][key]) for key in ("inputs_json", "expected_json"))
    half = given_["n"] // 2
    result = assurance(
        "bioequivalence", n1=half, n2=half, margin=1.25, cv=given_["CV"], ratio=given_["theta0"], sd_df=10
    )
    assert result.assurance == pytest.approx(expected["power"], abs=1e-7)
    single = ks.power.bioequivalence(n1=half, n2=half, margin=1.25, cv=given_["CV"], ratio=given_["theta0"])
    assert result.power == pytest.approx(single.power, rel=1e-12)


@pytest.mark.parametrize(
    ("question", "design"),
    [
        ("means", {"effect": 0.5, "alternative": "two-sided"}),
        ("means", {"effect": 0.5, "alternative": "less"}),
        ("means", {"effect": -0.3, "alternative": "greater", "sd": 2.0}),
        ("means_equivalence", {"effect": 0.1, "margin": 0.5}),
        ("means_equivalence", {"effect": 0.1, "margin": (-0.3, np.inf), "sd": 0.7}),
    ],
)
def test_prior_of_the_effect_by_quadrature(question, design):
    plan = {"n1": 20, "n2": 33, **design}
    power = {"means": ks.power.means, "means_equivalence": ks.power.means_equivalence}[question]
    nodes, weights = np.polynomial.hermite_e.hermegauss(120)
    effects = design["effect"] + 0.3 * nodes
    average = np.sum(weights * power(**{**plan, "effect": effects}).power) / np.sqrt(2 * np.pi)
    result = assurance(question, effect_sd=0.3, **plan)
    assert result.assurance == pytest.approx(average, abs=1e-9)
    assert result.power == pytest.approx(power(**plan).power, rel=1e-11)


@pytest.mark.parametrize("df", [1, 12])
def test_prior_of_the_standard_deviation_by_adaptive_quadrature(df):
    plan = {"n1": 20, "n2": 33, "effect": 0.1, "margin": 0.6}

    def integrand(q):
        spread = 1.3 * np.sqrt(df / stats.chi2.ppf(q, df))
        return ks.power.means_equivalence(sd=float(spread), **plan).power

    expected, _ = integrate.quad(integrand, 1e-14, 1, epsabs=2e-8, limit=200)
    result = assurance("means_equivalence", sd=1.3, sd_df=df, **plan)
    assert result.assurance == pytest.approx(expected, abs=2e-7)


def test_both_priors_by_simulation():
    rng = np.random.default_rng(0)
    effects, spreads = 0.1 + 0.25 * rng.standard_normal(6000), np.sqrt(8 / rng.chisquare(8, 6000))
    power = ks.power.means_equivalence(n1=64, n2=50, margin=0.6, effect=effects, sd=spreads).power
    result = assurance("means_equivalence", n1=64, n2=50, margin=0.6, effect=0.1, effect_sd=0.25, sd_df=8)
    assert abs(result.assurance - power.mean()) < 4 * power.std() / np.sqrt(6000)


@settings(max_examples=25)
@given(
    n=st.integers(2, 500), df=st.floats(1, 1e6), effect=st.floats(-1, 1), doubt=st.floats(0, 2), unit=st.floats(0.1, 50)
)
def test_units_do_not_matter_and_certainty_is_power(n, df, effect, doubt, unit):
    plan = {"n1": n, "n2": n, "margin": 0.5, "effect": effect}
    one = assurance("means_equivalence", effect_sd=doubt, sd_df=df, **plan)
    scaled = {"n1": n, "n2": n, "margin": 0.5 * unit, "effect": effect * unit, "sd": unit}
    other = assurance("means_equivalence", effect_sd=doubt * unit, sd_df=df, **scaled)
    assert 0 <= one.assurance <= 1
    assert other.assurance == pytest.approx(one.assurance, abs=1e-9)
    certain = assurance("means_equivalence", **plan)
    assert certain.assurance == pytest.approx(certain.power, rel=1e-12, abs=1e-300)


def test_the_level_is_the_assurance_without_an_effect():
    for df in (1, 4, 1e5, np.inf):
        null = assurance("means", n1=9, n2=12, effect=0.0, sd_df=df, alpha=0.02)
        assert null.assurance == pytest.approx(0.02, rel=1e-9)
    # A wide prior of the effect ends on both sides alike.
    wide = assurance("means", n1=9, n2=12, effect=0.3, effect_sd=1e6, alternative="greater")
    assert wide.assurance == pytest.approx(0.5, abs=1e-5)


def test_arrays_and_alpha_of_one_half():
    many = assurance("means", n1=[10, 20], n2=15, effect=0.4, effect_sd=[[0.0], [0.2], [0.4]], sd_df=9, alpha=0.5)
    assert many.assurance.shape == (3, 2)
    one = assurance("means", n1=20, n2=15, effect=0.4, effect_sd=0.2, sd_df=9, alpha=0.5)
    assert many.assurance[1, 1] == pytest.approx(one.assurance, rel=1e-10)
    assert assurance("means_equivalence", n1=9, n2=9, margin=1.0, sd_df=9, alpha=0.5).assurance > 0.9
    crossover = assurance("crossover_equivalence", n1=9, n2=9, margin=0.5, sd=0.5, design="2x2x4")
    direct = ks.power.crossover_equivalence(n1=9, n2=9, margin=0.5, sd=0.5, design="2x2x4")
    assert crossover.assurance == pytest.approx(direct.power, rel=1e-12)


def test_bad_questions_are_refused():
    with pytest.raises(ks.InvalidArgument, match="question is 'medians'"):
        assurance("medians", n1=3, n2=3)
    with pytest.raises(ks.InvalidType, match=r"margin is 0\.5; allowed: the arguments n1, n2, effect"):
        assurance("means", n1=3, n2=3, effect=0.1, margin=0.5)
    with pytest.raises(ks.InvalidType, match="needs margin"):
        assurance("means_equivalence", n1=3, n2=3)
    with pytest.raises(ks.InvalidArgument, match=r"sd_df is 0\.5"):
        assurance("means", n1=3, n2=3, effect=0.1, sd_df=0.5)
    with pytest.raises(ks.InvalidArgument, match="effect_sd is -1"):
        assurance("means", n1=3, n2=3, effect=0.1, effect_sd=-1.0)
