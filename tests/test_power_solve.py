"""Sample sizes and detectable effects."""

from __future__ import annotations

import math

import numpy as np
import pytest
from golden_means import log_sd, rows

import ketastats as ks
from ketastats.power import detectable, means, means_equivalence, proportions, proportions_equivalence, sample_size


# -------------------- sample size, means
@pytest.mark.parametrize("alternative", ["two-sided", "greater", "less"])
@pytest.mark.parametrize("ratio", [1.0, 0.4, 1.1, 3.0])
def test_one_person_fewer_would_not_do(alternative, ratio):
    effect = np.array([0.05, 0.2, 0.5, 1.3, 4.0]) * (-1 if alternative == "less" else 1)
    plan = sample_size("means", effect=effect, alternative=alternative, ratio=ratio, power=0.9)
    assert np.all(plan.n2 >= ratio * plan.n1 - 1e-9)
    assert np.all(plan.n2 < np.maximum(ratio * plan.n1 + 1, 2.5))
    power = means(n1=plan.n1, n2=plan.n2, effect=effect, alternative=alternative).power
    np.testing.assert_array_equal(power, plan.power)
    assert np.all(power >= 0.9)
    some = plan.n1 > 2
    fewer = plan.n1[some] - 1
    second = np.maximum(np.ceil(np.round(ratio * fewer, 9)), 2).astype(int)
    assert some.sum() >= 3
    assert np.all(means(n1=fewer, n2=second, effect=effect[some], alternative=alternative).power < 0.9)


@pytest.mark.parametrize("ratio", [1.0, 0.5, 1.1])
def test_one_person_fewer_would_not_do_for_equivalence(ratio):
    margin = np.array([0.1, 0.24, 0.5, 1.5])
    effect = np.array([[0.0], [0.05], [-0.09]])
    plan = sample_size("means_equivalence", margin=(-margin, margin), effect=effect, ratio=ratio)
    assert plan.n1.shape == (3, 4)
    design = {"margin": (-margin, margin), "effect": effect}
    np.testing.assert_array_equal(means_equivalence(n1=plan.n1, n2=plan.n2, **design).power, plan.power)
    assert np.all(plan.power >= 0.8)
    fewer = plan.n1 - 1
    second = np.ceil(np.round(ratio * fewer, 9)).astype(int)
    assert np.all(means_equivalence(n1=fewer, n2=second, **design).power < 0.8)


def test_small_and_large_answers():
    assert sample_size("means", effect=50.0).n1 == 2
    huge = sample_size("means", effect=1e-3)
    assert huge.n1 > 15_000_000
    assert huge.power >= 0.8 > means(n1=huge.n1 - 1, n2=huge.n1 - 1, effect=1e-3).power
    assert sample_size("means", effect=0.5, power=0.01).n1 == 2
    assert isinstance(int(sample_size("means", effect=0.5).n1), int)


def test_scalars_are_the_one_element_case():
    many = sample_size("means_equivalence", margin=(-np.array([0.3, 0.5]), np.array([0.3, 0.5])))
    assert sample_size("means_equivalence", margin=0.5).n1 == many.n1[1]


@pytest.mark.parametrize(
    ("question", "design"),
    [
        ("means", {"effect": 0.0}),
        ("means", {"effect": -0.5, "alternative": "greater"}),
        ("means_equivalence", {"margin": 0.5, "effect": 0.5}),
        ("means_equivalence", {"margin": (0.1, 0.5)}),
        ("proportions", {"p1": 0.3, "p2": 0.3}),
        ("proportions", {"p1": 0.3, "p2": 0.4, "alternative": "greater"}),
        ("proportions_equivalence", {"p1": 0.3, "p2": 0.5, "margin": 0.2}),
    ],
)
def test_no_sample_is_large_enough(question, design):
    with pytest.raises(ks.NoSolution, match=r"no sample reaches power 0\.8") as caught:
        sample_size(question, **design)
    assert caught.value.nearest == 0.05


def test_samples_beyond_reason():
    with pytest.raises(ks.NoSolution, match="no group of up to 1,000,000,000") as caught:
        sample_size("means", effect=1e-6)
    assert 0.05 < caught.value.nearest < 0.8
    with pytest.raises(ks.NoSolution, match="no group of up to 100,000") as caught:
        sample_size("proportions", p1=0.3, p2=0.3001)
    assert 0.05 <= caught.value.nearest < 0.8


# -------------------- detectable, means
@pytest.mark.parametrize("alternative", ["two-sided", "greater", "less"])
def test_the_detectable_effect_has_the_power(alternative):
    n1 = np.array([2, 5, 37, 400, 10**6])
    for target in (0.06, 0.33, 0.8, 0.999999):
        found = detectable("means", n1=n1, n2=46, sd=4.5, alternative=alternative, power=target)
        sign = -1 if alternative == "less" else 1
        power = means(n1=n1, n2=46, effect=sign * found.value, sd=4.5, alternative=alternative).power
        np.testing.assert_allclose(power, target, rtol=1e-10)
        assert np.all(found.value > 0)


def test_the_detectable_margin_has_the_power():
    n1 = np.array([2, 5, 37, 400, 10**6])
    effect = np.array([[0.0], [0.1], [-2.0]])
    for target in (0.01, 0.33, 0.8, 0.99999):
        found = detectable("means_equivalence", n1=n1, n2=46, effect=effect, power=target)
        margin = (-found.value, found.value)
        power = means_equivalence(n1=n1, n2=46, margin=margin, effect=effect).power
        np.testing.assert_allclose(power, target, rtol=1e-9)


def test_power_below_the_level_needs_no_effect():
    with pytest.raises(ks.NoSolution, match="needs no effect") as caught:
        detectable("means", n1=10, n2=10, power=0.05)
    assert caught.value.nearest == 0.0


# -------------------- proportions
def test_smallest_size_of_the_sawtooth():
    plan = sample_size("proportions", p1=0.2, p2=0.5)
    power = {n: proportions(n1=n, n2=n, p1=0.2, p2=0.5).power for n in range(2, plan.n1 + 1)}
    assert power[plan.n1] == plan.power >= 0.8
    assert all(value < 0.8 for n, value in power.items() if n < plan.n1)
    for p1, p2, target in ((0.05, 0.15, 0.8), (0.4, 0.55, 0.7), (0.01, 0.1, 0.9)):
        plan = sample_size("proportions", p1=p1, p2=p2, power=target)
        sizes = np.arange(1, plan.n1 + 1)
        all_powers = proportions(n1=sizes, n2=sizes, p1=p1, p2=p2).power
        assert plan.n1 == 1 + int(np.argmax(all_powers >= target))
    plan = sample_size("proportions_equivalence", p1=0.25, p2=0.2, margin=0.35, ratio=1.5)
    assert plan.n2 == math.ceil(1.5 * plan.n1)
    fewer = plan.n1 - 1
    design = {"p1": 0.25, "p2": 0.2, "margin": 0.35}
    assert proportions_equivalence(n1=fewer, n2=math.ceil(1.5 * fewer), **design).power < 0.8 <= plan.power


def test_equivalence_of_two_proportions_where_a_peer_asks_for_1448():
    # Walker & Nowacki 2011 print 1048, by a normal approximation.
    plan = sample_size("proportions_equivalence", p1=0.28, p2=0.33, margin=0.1, method="normal")
    assert plan.n1 == pytest.approx(1048, abs=5)


@pytest.mark.parametrize("direction", ["above", "below"])
def test_the_detectable_difference_has_the_power(direction):
    found = detectable("proportions", n1=60, n2=50, p1=0.5, direction=direction)
    sign = 1 if direction == "above" else -1
    power = proportions(n1=60, n2=50, p1=0.5, p2=0.5 + sign * found.value).power
    assert power == pytest.approx(0.8, abs=1e-6)
    assert power >= 0.8
    assert direction in found.method


def test_the_detectable_margin_of_proportions_is_the_smallest():
    design = {"n1": 40, "n2": 43, "p1": 0.3, "p2": 0.3}
    found = detectable("proportions_equivalence", **design)
    assert proportions_equivalence(**design, margin=found.value).power >= 0.8
    assert proportions_equivalence(**design, margin=found.value - 2e-8).power < 0.8


def test_differences_that_nothing_detects():
    with pytest.raises(ks.NoSolution, match="no rate above p1") as caught:
        detectable("proportions", n1=5, n2=5, p1=0.9)
    assert 0 < caught.value.nearest < 0.8
    with pytest.raises(ks.NoSolution, match="needs no difference"):
        detectable("proportions", n1=50, n2=50, p1=0.5, power=0.01)
    with pytest.raises(ks.NoSolution, match="no margin below 1") as caught:
        detectable("proportions_equivalence", n1=1, n2=1, p1=0.5, p2=0.5)
    assert caught.value.nearest < 0.8


# -------------------- what is refused
def test_arguments_belong_to_their_question():
    with pytest.raises(ks.InvalidType, match=r"margin is 0\.5; allowed: the arguments effect"):
        sample_size("means", effect=0.5, margin=0.5)
    with pytest.raises(ks.InvalidType, match="needs effect"):
        sample_size("means")
    with pytest.raises(ks.InvalidType, match="needs n1"):
        detectable("means", n2=5)
    with pytest.raises(ks.InvalidArgument, match="question"):
        sample_size("medians", effect=1)
    with pytest.raises(ks.InvalidArgument, match="power is"):
        sample_size("means", effect=1, power=1.0)
    with pytest.raises(ks.InvalidArgument, match="ratio"):
        sample_size("means", effect=1, ratio=0.0)


# -------------------- golden values
@pytest.mark.parametrize("name", ["EQP-100", "EQP-103", "EQP-340", "EQP-341", "EQP-345"])
def test_golden_two_groups(name):
    inputs, expected = rows()[name]
    plan = sample_size(
        "means_equivalence",
        margin=(inputs["low"], inputs["high"]),
        effect=inputs["delta"],
        sd=inputs["sd"],
        power=inputs["power"],
    )
    assert plan.n1 == expected.get("n_ceiling", expected.get("n_rounded"))


def crossover(inputs, margin, true, sd, alpha=0.05):
    plan = sample_size("means_equivalence", margin=margin, effect=true, sd=sd / math.sqrt(2), alpha=alpha)
    return plan.n1 + plan.n2, plan.power


def test_golden_crossovers():
    inputs, expected = rows()["EQP-412"]
    end = -math.log(inputs["theta1"])
    total, power = crossover(inputs, end, math.log(inputs["theta0"]), log_sd(inputs["CV"]))
    assert total == expected["n_total"]
    assert power == pytest.approx(expected["power"], abs=1e-6)
    inputs, expected = rows()["EQP-427"]
    margin = (math.log(inputs["margin"]), math.inf)
    total, _ = crossover(inputs, margin, math.log(inputs["theta0"]), log_sd(inputs["CV"]), inputs["alpha"])
    assert total == expected["n_total"]


@pytest.mark.parametrize("name", ["EQP-450", "EQP-452", "EQP-453"])
def test_golden_tables(name):
    inputs, expected = rows()[name]
    log = inputs.get("logscale", True)
    scale = np.log if log else np.asarray
    margin = (float(scale(inputs["theta1"])), float(scale(inputs["theta2"])))
    sd = log_sd(inputs["CV"]) if log else inputs["CV"]
    total, _ = crossover(inputs, margin, scale(inputs["theta0"]), sd)
    np.testing.assert_array_equal(total, expected["n_total"])


def test_golden_detectable_effect():
    inputs, expected = rows()["PWR-034"]
    n = inputs["n_per_group"]
    value = detectable("means", n1=n, n2=n, power=inputs["power"]).value
    # The printed value carries its solver's tolerance; the exact root is known better.
    assert value == pytest.approx(expected["d"], abs=5e-5)
    assert value == pytest.approx(0.909129, abs=5e-7)
