"""Assurance of one sample, of pairs, of F tests and of proportions."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

import ketastats as ks
from ketastats import BudgetExceeded, InvalidArgument, InvalidType
from ketastats.numerics.assured_counts import beta_binomial
from ketastats.power import assurance, assurance_proportions


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("one_sample", {"effect": 0.5, "sd": 1.3}),
        ("one_sample_equivalence", {"margin": 0.9, "effect": 0.1, "sd": 1.3}),
        ("paired", {"effect": -0.5, "sd_difference": 1.3, "alternative": "less"}),
        ("paired_equivalence", {"margin": (-0.9, 1.2), "sd_difference": 1.3}),
    ],
)
def test_one_group_by_quadrature(question, told):
    ask = getattr(ks.power, question)
    known = ask(n=25, **told)
    found = assurance(question, n=25, effect_sd=0.3, **told)
    assert found.power == pytest.approx(known.power, rel=1e-12)
    nodes, weights = np.polynomial.hermite_e.hermegauss(120)
    centre = told.get("effect", 0.0)
    powers = ask(n=25, **told | {"effect": centre + 0.3 * nodes}).power
    assert found.assurance == pytest.approx(np.sum(weights * powers) / math.sqrt(2 * math.pi), abs=1e-8)
    # Of the standard deviation as well, by simulation.
    rng = np.random.default_rng(3)
    name = "sd" if "sd" in told else "sd_difference"
    sd = 1.3 * np.sqrt(12 / rng.chisquare(12, 4_000))
    powers = ask(n=25, **told | {name: sd}).power
    assert assurance(question, n=25, sd_df=12, **told).assurance == pytest.approx(powers.mean(), abs=0.02)


def test_f_test_by_simulation():
    rng = np.random.default_rng(4)
    centre = np.array([2.0, 1.0, -1.0])
    effects = centre + 0.8 * rng.normal(size=(60_000, 3))
    powers = ks.power.f_test(df1=3, df2=60, ncp=np.sum(effects**2, axis=1)[:4000]).power
    found = assurance("f_test", df1=3, df2=60, ncp=6.0, effect_sd=0.8)
    assert found.assurance == pytest.approx(powers.mean(), abs=0.02)
    assert found.power == ks.power.f_test(df1=3, df2=60, ncp=6.0).power
    # With one degree of freedom it is the two-sided t test.
    unit = math.sqrt(1 / 37 + 1 / 46)
    t = assurance("means", n1=37, n2=46, effect=0.5, effect_sd=0.2)
    f = assurance("f_test", df1=1, df2=81, ncp=(0.5 / unit) ** 2, effect_sd=0.2 / unit)
    assert f.assurance == pytest.approx(t.assurance, rel=1e-10)
    # Without doubt it is the power.
    assert assurance("f_test", df1=1, df2=81, ncp=4.0).assurance == ks.power.f_test(df1=1, df2=81, ncp=4.0).power
    with pytest.raises(InvalidArgument, match="sd_df is 9"):
        assurance("f_test", df1=1, df2=81, ncp=4.0, sd_df=9)
    with pytest.raises(InvalidType, match="spread is 1"):
        assurance("f_test", df1=1, df2=81, ncp=4.0, spread=1)


def test_beta_binomial_probabilities():
    for n, a, b in ((1, 1.0, 1.0), (30, 0.3, 7.0), (400, 80.0, 160.0)):
        x = np.arange(n + 1)
        np.testing.assert_allclose(beta_binomial(n, a, b), stats.betabinom.pmf(x, n, a, b), rtol=1e-9, atol=1e-300)


@pytest.mark.parametrize(
    ("told", "question"),
    [
        ({}, "proportions"),
        ({"alternative": "less"}, "proportions"),
        ({"margin": 0.25}, "proportions_equivalence"),
        ({"margin": (-0.3, math.inf)}, "proportions_equivalence"),
        ({"margin": (-0.2, 0.3), "method": "mee"}, "proportions_equivalence"),
    ],
)
def test_proportions_by_quadrature(told, question):
    n1, n2, prior1, prior2 = 23, 31, (8.0, 9.0), (13.0, 9.0)
    found = assurance_proportions(n1=n1, n2=n2, prior1=prior1, prior2=prior2, **told)
    # Gauss-Legendre over both priors: the power is a polynomial in each rate.
    nodes, weights = np.polynomial.legendre.leggauss(60)
    p = 0.5 * (nodes + 1)
    w1, w2 = (0.5 * weights * stats.beta.pdf(p, *prior) for prior in (prior1, prior2))
    powers = getattr(ks.power, question)(n1=n1, n2=n2, p1=p[:, None], p2=p, **told).power
    assert found.assurance == pytest.approx(w1 @ powers @ w2, rel=1e-9)
    centre = getattr(ks.power, question)(n1=n1, n2=n2, p1=8 / 17, p2=13 / 22, **told).power
    assert found.power == pytest.approx(centre, rel=1e-12)
    sharp = assurance_proportions(n1=n1, n2=n2, prior1=(8e6, 9e6), prior2=(13e6, 9e6), **told)
    assert sharp.assurance == pytest.approx(centre, abs=1e-5)


def test_shapes_and_messages():
    many = assurance_proportions(n1=[10, 20, 40], n2=30, prior1=(1, 1), prior2=(2, 3))
    assert many.assurance.shape == (3,)
    assert np.all(np.diff(many.assurance) > 0)
    assert len(many.to_frame()) == 3
    with pytest.raises(InvalidType, match=r"prior1 is 0\.5; allowed: a pair"):
        assurance_proportions(n1=9, n2=9, prior1=0.5, prior2=(1, 1))
    with pytest.raises(InvalidArgument, match="prior2 is 0"):
        assurance_proportions(n1=9, n2=9, prior1=(1, 1), prior2=(0, 1))
    with pytest.raises(InvalidArgument, match="left out beside a margin"):
        assurance_proportions(n1=9, n2=9, prior1=(1, 1), prior2=(1, 1), margin=0.1, alternative="less")
    with pytest.raises(BudgetExceeded):
        assurance_proportions(n1=10**7, n2=9, prior1=(1, 1), prior2=(1, 1))
