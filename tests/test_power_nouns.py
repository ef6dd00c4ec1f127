"""Power for one mean, for pairs and for a correlation."""

from __future__ import annotations

import math

import numpy as np
import pytest
from golden_nouns import rows
from scipy import optimize, special, stats

import ketastats as ks
from ketastats import InvalidArgument, InvalidType, NoSolution, power
from ketastats.numerics import noncentral_t, tost


# -------------------- one mean and pairs
@pytest.mark.parametrize("alternative", ["two-sided", "greater", "less"])
def test_power_of_one_mean_by_the_noncentral_t(alternative):
    for n, effect, alpha in ((12, 0.5, 0.05), (40, -0.3, 0.01)):
        found = power.one_sample(n=n, effect=2 * effect, sd=2.0, alpha=alpha, alternative=alternative).power
        ncp, df = effect * math.sqrt(n), n - 1
        if alternative == "two-sided":
            t = stats.t.isf(alpha / 2, df)
            expected = stats.nct.sf(t, df, ncp) + stats.nct.cdf(-t, df, ncp)
        else:
            sign = 1 if alternative == "greater" else -1
            expected = stats.nct.sf(stats.t.isf(alpha, df), df, sign * ncp)
        assert found == pytest.approx(expected, rel=1e-7)


def test_pairs_are_one_sample_of_differences():
    spread = ks.effects.sd_of_differences(8.0, 6.0, 0.5)
    pairs = power.paired(n=40, effect=3.0, sd_difference=spread)
    one = power.one_sample(n=40, effect=3.0, sd=spread)
    assert (pairs.power, pairs.n, pairs.effect) == (one.power, one.n, one.effect)
    assert "paired" in pairs.method
    both = power.paired_equivalence(n=40, margin=4.0, effect=0.5, sd_difference=spread)
    alone = power.one_sample_equivalence(n=40, margin=4.0, effect=0.5, sd=spread)
    assert both.power == alone.power
    assert "paired" in both.method


def test_power_of_equivalence_by_simulation():
    rng = np.random.default_rng(1)
    x = rng.normal(0.3, 1.0, (20_000, 15))
    for margin in (0.8, (-0.5, 1.0)):
        rejected = ks.equivalence.one_sample_from_samples(x, margin=margin).established.mean()
        exact = power.one_sample_equivalence(n=15, margin=margin, effect=0.3).power
        assert exact == pytest.approx(rejected, abs=4 * math.sqrt(exact * (1 - exact) / 20_000))


def test_noninferiority_is_a_one_sided_test():
    found = power.paired_equivalence(n=30, margin=(-0.4, math.inf), effect=0.1).power
    assert found == pytest.approx(power.paired(n=30, effect=0.5, alternative="greater").power, rel=1e-12)


def test_bad_designs():
    with pytest.raises(InvalidArgument, match="n is 1; allowed: whole numbers at least 2"):
        power.one_sample(n=1, effect=1)
    with pytest.raises(InvalidArgument, match=r"sd_difference is 0\.0; allowed: numbers above 0"):
        power.paired(n=10, effect=1, sd_difference=0.0)
    with pytest.raises(InvalidArgument, match="margin"):
        power.one_sample_equivalence(n=10, margin=0)


# -------------------- correlations
def exact_tail(z, n, zeta):
    """P(R > tanh z): x has length u, the rest of y length v, and r > tanh z where Z + u sinh(zeta) > v sinh(z)."""
    nodes, weights = np.polynomial.legendre.leggauss(200)
    reach = math.sqrt(n) + 10
    nodes, weights = (nodes + 1) * reach / 2, weights * reach / 2
    density_u = weights * stats.chi.pdf(nodes, n - 1)
    density_v = weights * stats.chi.pdf(nodes, n - 2)
    inner = special.ndtr(math.sinh(zeta) * nodes[:, None] - math.sinh(z) * nodes)
    return density_u @ inner @ density_v


@pytest.mark.parametrize(("n", "r"), [(6, 0.5), (20, 0.5)])
def test_exact_power_of_a_correlation_by_another_route(n, r):
    z = math.atanh(stats.t.isf(0.05, n - 2) / math.sqrt(stats.t.isf(0.05, n - 2) ** 2 + n - 2))
    found = power.correlation(n=n, r=r, alternative="greater").power
    assert found == pytest.approx(exact_tail(z, n, math.atanh(r)), rel=1e-11)


def test_powers_of_correlations_by_simulation():
    rng = np.random.default_rng(2)
    n, rho = 25, 0.35
    x = rng.standard_normal((20_000, n))
    y = rho * x + math.sqrt(1 - rho**2) * rng.standard_normal((20_000, n))
    r = ks.effects.correlation_from_samples(x, y).point
    t = r * np.sqrt((n - 2) / (1 - r**2))
    exact = power.correlation(n=n, r=rho).power
    assert exact == pytest.approx(np.mean(2 * stats.t.sf(np.abs(t), n - 2) < 0.05), abs=0.012)
    margin = (-0.2, 0.7)
    established = ks.equivalence.correlation(r, n, margin=margin).established.mean()
    exact = power.correlation_equivalence(n=n, r=rho, margin=margin, method="exact").power
    assert exact == pytest.approx(established, abs=0.012)


def test_the_level_is_the_power_without_an_effect():
    for n in (3, 4, 30, 10_000):
        assert power.correlation(n=n, r=0.0, alpha=0.01).power == pytest.approx(0.01, rel=1e-10)
    assert power.correlation(n=30, r=0.3, null=0.3, method="fisher_z").power == pytest.approx(0.05, rel=1e-12)
    assert power.one_sample(n=5, effect=0.0, alpha=1e-12).power == pytest.approx(1e-12, rel=1e-9)


def test_methods_agree_in_large_samples_and_mirror():
    for method in ("exact", "fisher_z", "t_fisher_z"):
        one = power.correlation(n=4000, r=0.05, method=method).power
        assert one == pytest.approx(power.correlation(n=4000, r=0.05).power, abs=1e-3)
        assert power.correlation(n=4000, r=-0.05, method=method).power == pytest.approx(one, rel=1e-12)
        up = power.correlation(n=50, r=0.2, method=method, alternative="greater").power
        down = power.correlation(n=50, r=-0.2, method=method, alternative="less").power
        assert up == pytest.approx(down, rel=1e-12)
    exact = power.correlation_equivalence(n=4000, margin=0.1, r=0.02, method="exact").power
    assert exact == pytest.approx(power.correlation_equivalence(n=4000, margin=0.1, r=0.02).power, abs=1e-3)


def test_one_side_of_a_margin_of_a_correlation():
    for far in (1.0, 3.0, math.inf):
        one = power.correlation_equivalence(n=50, margin=(-0.2, far), r=0.1).power
        assert one == pytest.approx(
            power.correlation(n=50, r=0.1, null=-0.2, method="fisher_z", alternative="greater").power, rel=1e-12
        )


def test_bad_correlations():
    with pytest.raises(InvalidArgument, match=r"null is 0\.2; allowed: 0 with method='exact'"):
        power.correlation(n=20, r=0.5, null=0.2)
    with pytest.raises(InvalidArgument, match=r"r is 1\.0; allowed: numbers above -1 and below 1"):
        power.correlation(n=20, r=1.0)
    with pytest.raises(InvalidArgument, match="n is 3; allowed: whole numbers at least 4"):
        power.correlation(n=3, r=0.5, method="fisher_z")
    with pytest.raises(InvalidArgument, match=r"null is 0\.2; allowed: 0 with method='t_fisher_z'"):
        power.sample_size("correlation", r=0.5, null=0.2, method="t_fisher_z")


# -------------------- sample sizes and what is detectable
QUESTIONS = {
    "one_sample": {"effect": np.array([-0.2, 0.5, 3.0])},
    "one_sample_equivalence": {"margin": (-np.array([0.2, 0.5, 3.0]), 0.6), "effect": 0.1},
    "paired": {"effect": np.array([2.0, 5.0]), "sd_difference": 6.0},
    "paired_equivalence": {"margin": np.float64(4.0), "effect": np.array([0.0, -1.0]), "sd_difference": 6.0},
    "correlation": {"r": np.array([-0.6, 0.1, 0.3, 0.95])},
    "correlation_equivalence": {"margin": (-0.3, 0.35), "r": np.array([0.0, 0.1])},
}
VARIANTS = [
    *((question, {}) for question in QUESTIONS),
    ("correlation", {"method": "fisher_z", "null": 0.2}),
    ("correlation", {"method": "t_fisher_z"}),
    ("correlation_equivalence", {"method": "exact"}),
]


@pytest.mark.parametrize(("question", "more"), VARIANTS)
@pytest.mark.parametrize("target", [0.3, 0.9])
def test_one_person_fewer_would_not_do(question, more, target):
    design = {**QUESTIONS[question], **more}
    plan = power.sample_size(question, power=target, **design)
    reach = getattr(power, question)
    np.testing.assert_allclose(reach(n=plan.n, **design).power, plan.power, rtol=1e-12)
    assert np.all(plan.power >= target)
    least = {"correlation": 4 if "method" in more else 3, "correlation_equivalence": 4}.get(question, 2)
    fewer = np.maximum(plan.n - 1, least)
    assert np.all((reach(n=fewer, **design).power < target) | (plan.n == least))
    assert plan.to_frame().shape[0] == plan.n.size


@pytest.mark.parametrize("question", ["one_sample", "paired", "correlation"])
@pytest.mark.parametrize("alternative", ["two-sided", "greater", "less"])
def test_the_detectable_effect_has_the_power(question, alternative):
    n = np.array([5, 20, 500])
    found = power.detectable(question, n=n, alternative=alternative, power=0.7)
    sign = -1 if alternative == "less" else 1
    name = "r" if question == "correlation" else "effect"
    reach = getattr(power, question)(n=n, alternative=alternative, **{name: sign * found.value})
    np.testing.assert_allclose(reach.power, 0.7, rtol=1e-10)
    assert np.all(np.diff(found.value) < 0)


@pytest.mark.parametrize("question", ["one_sample", "paired", "correlation"])
@pytest.mark.parametrize("true", [0.0, 0.3])
def test_the_detectable_margin_has_the_power(question, true):
    n = np.array([6, 20, 500])
    name = "r" if question == "correlation" else "effect"
    for method in (None, *(("exact",) if question == "correlation" else ())):
        more = {} if method is None else {"method": method}
        found = power.detectable(f"{question}_equivalence", n=n, power=0.7, **{name: true}, **more)
        reach = getattr(power, f"{question}_equivalence")
        got = reach(n=n, margin=(-found.value, found.value), **{name: true}, **more)
        np.testing.assert_allclose(got.power, 0.7, rtol=1e-9)
        assert np.all(found.value > true)


def test_no_solution():
    for question, design in (
        ("one_sample", {"effect": 0.0}),
        ("paired", {"effect": -1.0, "alternative": "greater"}),
        ("correlation", {"r": 0.0}),
        ("paired_equivalence", {"margin": 0.5, "effect": 0.5}),
        ("correlation_equivalence", {"margin": 0.2, "r": -0.3}),
    ):
        with pytest.raises(NoSolution, match=r"no sample reaches power 0\.8") as caught:
            power.sample_size(question, **design)
        assert caught.value.nearest == 0.05
    for question in ("one_sample", "correlation"):
        with pytest.raises(NoSolution, match="needs no effect") as caught:
            power.detectable(question, n=10, power=0.05)
        assert caught.value.nearest == 0.0


def test_questions_take_their_own_arguments():
    with pytest.raises(InvalidArgument, match=r"ratio is 2\.0; allowed: 1 for one group and for pairs"):
        power.sample_size("paired", effect=1.0, ratio=2.0)
    with pytest.raises(InvalidType, match="sd is 2; allowed: the arguments effect, sd_difference"):
        power.sample_size("paired", effect=1.0, sd=2)
    with pytest.raises(InvalidType, match="needs margin"):
        power.sample_size("correlation_equivalence")


def test_no_power_is_ever_nan():
    rng = np.random.default_rng(3)
    size = 1200
    n = np.floor(10 ** rng.uniform(math.log10(4), 6, size)).astype(int)
    effect = rng.uniform(-20, 20, size) * 10 ** rng.uniform(-4, 0, size)
    r = np.tanh(rng.normal(0, 1.5, size))
    for alpha in (1e-12, 1e-4, 0.5):
        for value in (
            power.one_sample(n=n, effect=effect, alpha=alpha),
            power.one_sample_equivalence(n=n, effect=effect, margin=(-1.0, 2.0), alpha=alpha),
            power.correlation(n=n, r=r, alpha=alpha, method="fisher_z"),
            power.correlation(n=n, r=r, alpha=alpha, method="t_fisher_z"),
            power.correlation_equivalence(n=n, r=r, margin=(-0.3, 0.5), alpha=alpha),
            power.correlation(n=n[:100], r=r[:100], alpha=alpha),
            power.correlation_equivalence(n=n[:100], r=r[:100], margin=0.4, alpha=alpha, method="exact"),
        ):
            assert np.all((value.power >= 0) & (value.power <= 1))


# -------------------- golden values
@pytest.mark.parametrize("name", ["EQP-230", "EQP-250"])
def test_golden_equivalence_power(name):
    inputs, expected = rows()[name]
    margin = (inputs["low"], inputs["high"])
    found = power.paired_equivalence(n=inputs["n"], margin=margin, effect=inputs["delta"], sd_difference=inputs["sd"])
    assert found.power == pytest.approx(expected["power"], abs=5e-6)


@pytest.mark.parametrize("name", ["EQP-300", "EQP-305"])
def test_golden_number_of_pairs(name):
    inputs, expected = rows()[name]
    plan = power.sample_size(
        "paired_equivalence",
        power=inputs["power"],
        margin=(inputs["low"], inputs["high"]),
        effect=inputs["delta"],
        sd_difference=inputs["sd"],
    )
    assert plan.n == expected["n_ceiling"]


def fraction(function, low, high):
    return optimize.brentq(function, low, high, xtol=1e-10)


def test_golden_fractional_sample_sizes():
    """Where the source prints a fraction of a person, the whole number above it is the answer."""
    inputs, expected = rows()["EQP-331"]
    plan = power.sample_size("one_sample_equivalence", margin=inputs["high"], power=inputs["power"])
    assert plan.n == math.ceil(expected["n"])
    root = fraction(lambda n: tost.power(-0.68 * n**0.5, 0.68 * n**0.5, n - 1, 0.05).item() - inputs["power"], 15, 30)
    assert root == pytest.approx(expected["n"], abs=5e-4)
    inputs, expected = rows()["PWR-031"]
    assert power.sample_size("one_sample", effect=inputs["d"], power=inputs["power"]).n == math.ceil(expected["n"])
    root = fraction(
        lambda n: noncentral_t.sf(stats.t.isf(0.025, n - 1), n - 1, 0.5 * n**0.5).item() - inputs["power"], 20, 50
    )
    assert root == pytest.approx(expected["n"], abs=1e-4)
    inputs, expected = rows()["EQP-500"]
    plan = power.sample_size("correlation_equivalence", margin=inputs["bound"], r=inputs["rho"], power=inputs["power"])
    assert plan.n == math.ceil(expected["n"])
    z = math.atanh(inputs["bound"])
    root = fraction(
        lambda n: tost.power(-z * (n - 3) ** 0.5, z * (n - 3) ** 0.5, np.inf, 0.05).item() - inputs["power"], 50, 300
    )
    assert root == pytest.approx(expected["n"], abs=2e-4)


def test_golden_t_tests():
    inputs, expected = rows()["PWR-003"]
    found = power.one_sample(n=inputs["n"], effect=inputs["d"], alternative="less")
    assert found.power == pytest.approx(expected["power"], abs=1e-9)
    inputs, expected = rows()["PWR-019"]
    assert power.one_sample(n=inputs["n"], effect=inputs["d"]).power == pytest.approx(expected["power"], abs=2e-6)
    inputs, expected = rows()["PWR-033"]
    found = power.detectable("one_sample", n=inputs["n"], power=inputs["power"])
    assert found.value == pytest.approx(expected["d"], abs=1e-6)


def test_golden_correlation():
    inputs, expected = rows()["PWR-038"]
    found = power.correlation(n=inputs["n"], r=inputs["r"], method="t_fisher_z")
    assert found.power == pytest.approx(expected["power"], abs=1e-6)


def test_golden_small_telescopes():
    inputs, expected = rows()["SMT-001"]
    found = power.detectable("one_sample", n=inputs["n"], power=inputs["power"])
    assert found.value == pytest.approx(expected["d"], abs=5e-4)
    inputs, expected = rows()["SMT-004"]
    for target, name in ((0.33, "r_power_033"), (1 / 3, "r_power_third")):
        for method in ("t_fisher_z", "exact"):
            found = power.detectable("correlation", n=inputs["n"], power=target, method=method)
            assert found.value == pytest.approx(expected[name], abs=6e-4)
