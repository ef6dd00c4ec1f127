"""Power of t tests, of two one-sided t tests and of F tests."""

from __future__ import annotations

import math

import numpy as np
import pytest
from golden_means import log_sd, rows
from scipy import stats

import ketastats as ks
from ketastats.power import f_test, means, means_equivalence


# -------------------- invariants
def test_no_effect_gives_the_level():
    for alternative in ("two-sided", "greater", "less"):
        power = means(n1=[3, 37, 1000], n2=46, effect=0.0, alpha=0.03, alternative=alternative).power
        np.testing.assert_allclose(power, 0.03, rtol=1e-12)
    assert f_test(df1=4, df2=[5, 324], ncp=0.0).power == pytest.approx([0.05, 0.05], rel=1e-12)


def test_two_sided_is_symmetric_and_counts_both_sides():
    design = {"n1": 5, "n2": 9, "effect": 0.4}
    two = means(**design, alpha=0.1).power
    assert means(n1=5, n2=9, effect=-0.4, alpha=0.1).power == two
    sides = [means(**design, alpha=0.05, alternative=side).power for side in ("greater", "less")]
    assert two == pytest.approx(sum(sides), rel=1e-13)
    assert sides[0] > 0.05 > sides[1] > 0


def test_units_do_not_matter():
    one = means(n1=37, n2=46, effect=0.5).power
    assert means(n1=37, n2=46, effect=2.25, sd=4.5).power == pytest.approx(one, rel=1e-13)
    one = means_equivalence(n1=37, n2=46, margin=0.5, effect=0.1).power
    assert means_equivalence(n1=46, n2=37, margin=2.25, effect=-0.45, sd=4.5).power == pytest.approx(one, rel=1e-12)


def test_f_test_with_one_degree_of_freedom_is_the_two_sided_t_test():
    n1, n2, effect = 37, 46, 0.5
    t = means(n1=n1, n2=n2, effect=effect).power
    f = f_test(df1=1, df2=n1 + n2 - 2, ncp=effect**2 / (1 / n1 + 1 / n2)).power
    assert f == pytest.approx(t, rel=1e-12)


def test_power_against_simulation_of_raw_data():
    rng = np.random.default_rng(11)
    a, b = rng.normal(0.6, 1.5, (20_000, 12)), rng.normal(0, 1.5, (20_000, 20))
    p = stats.ttest_ind(a, b, axis=1).pvalue
    assert means(n1=12, n2=20, effect=0.6, sd=1.5).power == pytest.approx((p < 0.05).mean(), abs=0.012)
    tost = ks.equivalence.means(
        *(a.mean(axis=1), a.std(axis=1, ddof=1), 12, b.mean(axis=1), b.std(axis=1, ddof=1), 20),
        margin=(-1.0, 1.9),
        variances="equal",
    )
    found = means_equivalence(n1=12, n2=20, margin=(-1.0, 1.9), effect=0.6, sd=1.5).power
    assert found == pytest.approx(tost.established.mean(), abs=0.015)


def test_infinite_margin_is_noninferiority():
    noninferior = means_equivalence(n1=37, n2=46, margin=(-0.5, math.inf), effect=0.1).power
    shifted = means(n1=37, n2=46, effect=0.6, alpha=0.05, alternative="greater").power
    assert noninferior == pytest.approx(shifted, rel=1e-13)


def test_where_statsmodels_gives_nan():
    n = np.array([5, 20, 50, 100, 200, 500])[:, None]
    effect = np.linspace(0.1, 4, 40)
    power = means(n1=n, n2=n, effect=effect).power
    assert np.all((power > 0.05) & (power <= 1))
    assert np.all(np.diff(power, axis=1) >= 0)
    assert means(n1=100, n2=100, effect=1.3).power == pytest.approx(1.0, abs=1e-12)


def test_hopeless_equivalence_has_no_power_but_no_negative_one():
    power = means_equivalence(n1=5, n2=5, margin=[-0.1, 0.1], effect=[0.0, 0.1, 5.0]).power
    assert np.all((power >= 0) & (power < 0.05))


def test_extremes_have_the_power_of_their_limit():
    for effect, sd in ((1e40, 1e-40), (-1e40, 1.0), (5.0, 1e-30)):
        assert means(effect=effect, sd=sd, n1=37, n2=46).power == 1.0
        assert means_equivalence(n1=37, n2=46, margin=1.0, effect=effect, sd=sd).power == 0.0
    assert means(effect=1e-40, sd=1e40, n1=37, n2=46).power == pytest.approx(0.05, rel=1e-12)
    assert means_equivalence(n1=37, n2=46, margin=1e40, sd=1e-40).power == 1.0
    assert means_equivalence(n1=37, n2=46, margin=1e-40, sd=1e40).power == 0.0
    # Noncentralities of a thousand million leave the far tails in order, without long sums.
    power = f_test(df1=[1, 4, 1e9], df2=[1, 80, 1e9], ncp=[1e9, 1e9, 0.0], alpha=0.05).power
    assert power == pytest.approx([1.0, 1.0, 0.05], abs=1e-3)
    assert f_test(df1=4, df2=1, ncp=0.0, alpha=1e-100).power == pytest.approx(1e-100, rel=1e-9)


def test_result_names_its_design():
    result = means(n1=[10, 20], n2=20, effect=0.5)
    assert list(result.to_frame().columns) == ["power", "n1", "n2", "effect", "alpha"]
    assert result.n1.dtype == np.int64
    assert "two-sided" in result.method
    assert list(f_test(df1=1, df2=[10, 20], ncp=3).to_frame().columns) == ["power", "df1", "df2", "ncp", "alpha"]


@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        ({"n1": 1, "n2": 5, "effect": 1.0}, "n1"),
        ({"n1": 5, "n2": 5, "effect": 1.0, "sd": 0.0}, "sd"),
        ({"n1": 5, "n2": 5, "effect": math.inf}, "effect"),
        ({"n1": 5, "n2": 5, "effect": 1.0, "alpha": 0.0}, "alpha"),
        ({"n1": 5, "n2": 5, "effect": 1.0, "alternative": "larger"}, "alternative"),
    ],
)
def test_bad_values_are_named(arguments, name):
    with pytest.raises(ks.InvalidArgument, match=f"^{name} is"):
        means(**arguments)


# -------------------- golden values
@pytest.mark.parametrize("name", ["EQP-003", "EQP-050", "EQP-350"])
def test_golden_equivalence(name):
    inputs, expected = rows()[name]
    power = means_equivalence(
        n1=inputs["n_per_group"],
        n2=inputs["n_per_group"],
        margin=(inputs["low"], inputs["high"]),
        effect=inputs["delta"],
        sd=inputs["sd"],
    ).power
    tolerance = {"EQP-003": 5e-4, "EQP-050": 5e-6, "EQP-350": 5e-3}[name]
    assert power == pytest.approx(expected["power"], abs=tolerance)


@pytest.mark.parametrize("name", ["EQP-400", "EQP-403", "EQP-404", "EQP-426"])
def test_golden_bioequivalence(name):
    inputs, expected = rows()[name]
    # A 2x2 crossover of n people has the standard error of two groups of n/2 whose variance is halved.
    crossover = inputs["design"] == "2x2"
    n1, n2 = (inputs["n"] // 2, inputs["n"] // 2) if crossover else inputs["n"]
    high = math.inf if "margin" in inputs else math.log(inputs["theta2"])
    power = means_equivalence(
        n1=n1,
        n2=n2,
        margin=(math.log(inputs.get("margin", inputs.get("theta1"))), high),
        effect=math.log(inputs["theta0"]),
        sd=log_sd(inputs["CV"]) / (math.sqrt(2) if crossover else 1),
        alpha=inputs["alpha"],
    ).power
    assert power == pytest.approx(expected["power"], abs=1e-7)


@pytest.mark.parametrize("name", ["PWR-004", "PWR-005", "PWR-006", "PWR-007", "PWR-035"])
def test_golden_t_test(name):
    inputs, expected = rows()[name]
    n1, n2 = inputs.get("n1", inputs.get("n")), inputs.get("n2", inputs.get("n"))
    alternative = "two-sided" if inputs["alt"] == "two" else "greater"
    power = means(n1=n1, n2=n2, effect=inputs["d"], alternative=alternative).power
    assert power == pytest.approx(expected["power"], abs=1e-9 if name != "PWR-035" else 1e-6)


@pytest.mark.parametrize("name", ["PWR-012", "PWR-014"])
def test_golden_regression(name):
    inputs, expected = rows()[name]
    ncp = inputs["f2"] * (inputs["u"] + inputs["v"] + 1)
    power = f_test(df1=inputs["u"], df2=inputs["v"], ncp=ncp, alpha=inputs["alpha"]).power
    assert power == pytest.approx(expected["power"], abs=1e-9)


def test_golden_analysis_of_variance():
    inputs, expected = rows()["PWR-016"]
    group, n = np.array(inputs["means"]), np.array(inputs["n"])
    ncp = np.sum(n * (group - np.average(group, weights=n)) ** 2) / inputs["sd"] ** 2
    power = f_test(df1=2, df2=n.sum() - 3, ncp=ncp).power
    assert power == pytest.approx(expected["power"], abs=1e-4)
    inputs, expected = rows()["PWR-037"]
    total = inputs["k"] * inputs["n_per_group"]
    ncp = total * inputs["eta2"] / (1 - inputs["eta2"])
    power = f_test(df1=inputs["k"] - 1, df2=total - inputs["k"], ncp=ncp).power
    assert power == pytest.approx(expected["power"], abs=1e-6)


@pytest.mark.parametrize("name", ["PWR-050", "PWR-052"])
def test_golden_repeated_measures(name):
    inputs, expected = rows()[name]
    n, m = inputs["n"], inputs["m"]
    ncp = n * m * inputs["eta2"] / (1 - inputs["eta2"]) / (1 - inputs["corr"])
    power = f_test(df1=m - 1, df2=(n - 1) * (m - 1), ncp=ncp).power
    assert power == pytest.approx(expected["power"], abs=1e-5)


def test_golden_critical_effect():
    inputs, expected = rows()["MDE-001"]
    n = inputs["n_per_group"]
    # The smallest d that is significant is the one whose p is alpha.
    limit = ks.effects.smd_from_t(stats.t.isf(inputs["alpha"] / 2, 2 * n - 2), n, n)
    assert limit.point == pytest.approx(expected["d_crit"], abs=5e-3)
    assert limit.pvalue() == pytest.approx(inputs["alpha"], rel=1e-10)
