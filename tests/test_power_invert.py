"""Sizes, detectable values and levels of every power function, found through the function itself."""

from __future__ import annotations

import math

import numpy as np
import pytest

import ketastats as ks
from ketastats import InvalidArgument, InvalidType, NoSolution
from ketastats.power import detectable, sample_size, significance_level

CONTRAST = {"group_weights": (1, -1), "time_weights": (-1, 0, 1), "rho": 0.5, "sd": 5.0}
MEANS = [[18, 14, 10], [18, 12, 7]]
#: What each question is told beside the sizes, and what of it is not told when that is looked for.
DESIGNS = {
    "bioequivalence": ({"cv": [0.2, 0.3], "ratio": 0.95}, {"margin": 1.25}),
    "crossover_equivalence": ({"sd": 0.2, "effect": [0.0, 0.05]}, {"margin": (-0.2, 0.2)}),
    "fieller_equivalence": ({"cv": 0.2, "cv_between": 0.4, "ratio": 0.95}, {"margin": 1.25}),
    "groups_by_time": ({"times": 5, "rho": [0.5, 0.3]}, {"effect": 0.1}),
    "groups_by_time_contrast": (CONTRAST, {"effect": [3.0, 2.0]}),
    "groups_by_time_contrast_equivalence": (CONTRAST | {"effect": [0.0, 0.5]}, {"margin": 3.0}),
    "groups_by_time_equivalence": ({"times": 5, "rho": 0.5, "effect": 0.0}, {"margin": 0.2}),
    "means_welch_equivalence": ({"sd1": 2.0, "sd2": [1.0, 3.0]}, {"margin": 1.0}),
    "rates_equivalence": ({"rate1": 2.5, "rate2": [2.5, 2.4], "exposure": 0.9, "dispersion": 0.35}, {"margin": 1.25}),
    "proportion_equivalence": ({"p": [0.6, 0.61]}, {"margin": (0.5, 0.7)}),
}
GROUPS = {name for name in DESIGNS if name.startswith("groups_by_time")}


def power_of(question, **design):
    return getattr(ks.power, question)(**design)


def sizes_of(question, plan, fewer=0):
    if question in GROUPS:
        return {"n": tuple(plan.n - fewer)}
    if hasattr(plan, "n1"):
        return {"n1": plan.n1 - fewer, "n2": plan.n2 - fewer}
    return {"n": plan.n - fewer}


@pytest.mark.parametrize("question", DESIGNS)
def test_the_size_has_the_power_and_one_fewer_has_not(question):
    told, sought = DESIGNS[question]
    asked = {"true_ratio" if name == "ratio" else name: value for name, value in told.items()}
    plan = sample_size(question, power=0.85, alpha=0.04, **asked, **sought)
    found = power_of(question, **sizes_of(question, plan), **told, **sought, alpha=0.04)
    np.testing.assert_array_equal(plan.power, found.power)
    assert np.all(plan.power >= 0.85)
    assert np.all(power_of(question, **sizes_of(question, plan, 1), **told, **sought, alpha=0.04).power < 0.85)
    assert (plan.target, plan.alpha, plan.method) == (0.85, 0.04, found.method)


@pytest.mark.parametrize("question", DESIGNS)
def test_the_detectable_value_has_the_power_and_a_smaller_one_has_not(question):
    told, sought = DESIGNS[question]
    sizes = {"n": (20, 31)} if question in GROUPS else {"n": 300} if "proportion_" in question else {"n1": 20, "n2": 31}
    plan = detectable(question, power=0.7, **sizes, **told)
    (name,) = sought

    def power_at(value):
        if question in ("bioequivalence", "fieller_equivalence", "rates_equivalence"):
            put = (1.0 / value, value)
        elif question == "proportion_equivalence":
            put = (np.asarray(told["p"]) - value, np.asarray(told["p"]) + value)
        elif question == "groups_by_time_equivalence" or name == "effect":
            put = value
        else:
            put = (-value, value)
        return power_of(question, **sizes, **told, **{name: put}).power

    if question == "proportion_equivalence":
        assert np.all(power_at(plan.value) >= 0.7)
        assert np.all(power_at(plan.value * (1 - 1e-6)) < 0.7)
    else:
        np.testing.assert_allclose(power_at(plan.value), 0.7, rtol=1e-9)
    assert plan.power == 0.7
    frame = plan.to_frame()
    assert len(frame) >= np.size(plan.value)


@pytest.mark.parametrize("question", DESIGNS)
def test_the_level_has_the_power(question):
    told, sought = DESIGNS[question]
    sizes = {"n": (40, 51)} if question in GROUPS else {"n": 300} if "proportion_" in question else {"n1": 40, "n2": 51}
    plan = significance_level(question, power=0.7, **sizes, **told, **sought)
    for at, level in np.ndenumerate(plan.alpha):
        found = np.asarray(power_of(question, **sizes, **told, **sought, alpha=float(level)).power)[at]
        # One design alone and the same among others differ by rounding at most.
        assert found == pytest.approx(np.asarray(plan.power)[at], rel=1e-12)
        if question == "proportion_equivalence":
            less = power_of(question, **sizes, **told, **sought, alpha=float(level) * (1 - 1e-6)).power
            assert np.asarray(less)[at] < 0.7 <= found
        else:
            assert found == pytest.approx(0.7, rel=1e-9)


PROPORTIONS = {
    "proportions_noninferiority": ({"p1": 0.7, "p2": 0.72, "higher_is_better": True}, "margin"),
    "proportions_ratio_equivalence": ({"p1": 0.7, "p2": 0.7}, "margin"),
    "proportions_superiority": ({"p1": 0.7, "margin": 0.05, "higher_is_better": True}, "p2"),
    "proportions_minimum_effect": ({"p1": 0.7, "margin": 0.05, "direction": "below"}, "p2"),
}


@pytest.mark.parametrize("question", PROPORTIONS)
@pytest.mark.parametrize("measure", ["difference", "ratio"])
def test_detectable_margins_and_rates_of_exact_tests(question, measure):
    told, name = PROPORTIONS[question]
    if question == "proportions_ratio_equivalence":
        measure = "odds_ratio" if measure == "difference" else measure
    if name == "p2" and measure == "ratio":
        told = told | {"margin": 1.05}
    plan = detectable(question, n1=60, n2=50, measure=measure, **told)
    rest = {key: value for key, value in told.items() if key != "direction"}

    def power_at(value):
        put = told["p1"] - value if name == "p2" else value
        return power_of(question, n1=60, n2=50, measure=measure, **rest, **{name: put}).power

    assert power_at(plan.value) >= 0.8 - 1e-12
    smaller = 1 + (plan.value - 1) * (1 - 1e-6) if name == "margin" and measure != "difference" else plan.value - 1e-7
    assert power_at(smaller) < 0.8


def test_one_contrast_of_one_time_is_a_t_test():
    groups = {"group_weights": (1, -1), "time_weights": (1,), "rho": None}
    effect = np.array([0.3, 0.6])
    ours, theirs = (
        sample_size("groups_by_time_contrast", effect=effect, ratio=2.0, **groups),
        sample_size("means", effect=effect, ratio=2.0),
    )
    np.testing.assert_array_equal(ours.n, [theirs.n1, theirs.n2])
    ours = detectable("groups_by_time_contrast_equivalence", n=(37, 46), effect=0.1, **groups)
    assert ours.value == pytest.approx(detectable("means_equivalence", n1=37, n2=46, effect=0.1).value, rel=1e-10)
    parallel = sample_size("crossover_equivalence", margin=0.5, sd=1.0, design="parallel")
    assert parallel.n1 == sample_size("means_equivalence", margin=0.5).n1


def test_an_f_test_with_one_degree_of_freedom_is_a_t_test():
    found = detectable("f_test", df1=1, df2=81)
    effect = detectable("means", n1=37, n2=46).value
    assert found.value == pytest.approx(effect**2 / (1 / 37 + 1 / 46), rel=1e-10)
    d = np.array([0.2, 0.5, 3.0])
    people = sample_size("f_test", df1=1, f2=d**2 / 4)
    each = sample_size("means", effect=d)
    assert np.all(np.abs(people.n - 2 * each.n1) <= 1)
    level = significance_level("f_test", df1=1, df2=81, ncp=found.value)
    assert level.alpha == pytest.approx(0.05, rel=1e-8)


def test_an_f_test_of_many_terms_has_the_power():
    people = sample_size("f_test", df1=[1, 4, 40], f2=0.15)
    df1 = np.array([1, 4, 40])
    for fewer, enough in ((0, True), (1, False)):
        n = people.n - fewer
        power = ks.power.f_test(df1=df1, df2=n - df1 - 1, ncp=0.15 * n).power
        assert np.all((power >= 0.8) == enough)
    # G*Power's and pwr's answer: five predictors, f2 = 0.15, 92 people.
    assert sample_size("f_test", df1=5, f2=0.15).n == 92


def test_means_of_groups_by_time_are_moved_in_proportion():
    design = {"covariance": "ar1", "rho": 0.5, "sd": 5.0}
    found = detectable("groups_by_time", n=(37, 46), means=MEANS, **design)
    now = ks.power.groups_by_time(n=(37, 46), means=MEANS, **design)
    share = found.value / now.effect
    moved = ks.power.groups_by_time(n=(37, 46), means=share * np.asarray(MEANS), **design)
    assert moved.power == pytest.approx(0.8, rel=1e-9)
    assert moved.effect == pytest.approx(found.value, rel=1e-12)
    three = sample_size("groups_by_time", means=[[1.0, 2], [1, 3], [1, 4]], rho=0.5, sd=2.0, ratio=0.5)
    assert three.n.shape == (3,)
    assert three.n[1] == three.n[2] == math.ceil(three.n[0] / 2)


def test_noninferior_and_superior_means_by_closed_form():
    unit, t = math.sqrt(1 / 64 + 1 / 64), ks.power.detectable("means", n1=64, n2=64, alternative="greater").value
    found = detectable("means_noninferiority", n1=64, n2=64, higher_is_better=True, effect=[0.1, -0.1], sd=2.0)
    np.testing.assert_allclose(found.value, 2 * t - np.array([0.1, -0.1]), rtol=1e-9)
    found = detectable("means_superiority", n1=64, n2=64, margin=0.2, higher_is_better=False)
    assert found.value == pytest.approx(0.2 + t, rel=1e-9)
    for way, size in (("above", 0.3 + t), ("below", 0.1 + t)):
        found = detectable("means_minimum_effect", n1=64, n2=64, margin=(-0.1, 0.3), direction=way)
        # The other test has next to no power here.
        assert found.value == pytest.approx(size, rel=1e-6)
    assert unit < t


def test_person_time_and_rates():
    plan = sample_size("rates", rate1=6.0, rate2=2.0, ratio=1.5)
    assert plan.t2 == 1.5 * plan.t1
    assert plan.power == pytest.approx(0.8, abs=1e-6)
    assert plan.power == ks.power.rates(t1=plan.t1, t2=plan.t2, rate1=6.0, rate2=2.0).power
    for way in ("above", "below"):
        found = detectable("rates", t1=4.0, t2=5.0, rate1=8.0, direction=way)
        assert (found.value > 8.0) == (way == "above")
        power = ks.power.rates(t1=4.0, t2=5.0, rate1=8.0, rate2=found.value).power
        assert power == pytest.approx(0.8, abs=1e-6)
    level = significance_level("rates", t1=4.0, t2=5.0, rate1=8.0, rate2=14.0)
    power = ks.power.rates(t1=4.0, t2=5.0, rate1=8.0, rate2=14.0, alpha=level.alpha).power
    assert power == level.power >= 0.8


def test_levels_of_counts_are_those_that_reject_one_table_more():
    level = significance_level("proportions", n1=37, n2=46, p1=0.2, p2=0.5)
    design = {"n1": 37, "n2": 46, "p1": 0.2, "p2": 0.5}
    assert ks.power.proportions(**design, alpha=level.alpha).power == level.power >= 0.8
    assert ks.power.proportions(**design, alpha=level.alpha * (1 - 1e-8)).power < 0.8


@pytest.mark.parametrize(
    ("ask", "nearest"),
    [
        (lambda: sample_size("crossover_equivalence", margin=0.2, sd=0.2, effect=0.3), 0.0),
        (lambda: sample_size("rates", rate1=10.0, rate2=10.0), 0.05),
        (lambda: sample_size("rates", rate1=10.0, rate2=10.0, power=0.05), 0.0),
        (lambda: sample_size("f_test", df1=3, f2=0.0), 0.05),
        (lambda: detectable("f_test", df1=3, df2=20, power=0.05), 0.0),
        (lambda: detectable("groups_by_time", n=(10, 10), times=3, rho=0.5, power=0.05), 0.0),
        (lambda: detectable("rates", t1=1.0, t2=1.0, rate1=2.0, direction="below"), 0.14),
        (lambda: detectable("rates", t1=1.0, t2=1.0, rate1=2.0, alternative="greater"), 0.05),
        (lambda: detectable("proportions_superiority", n1=8, n2=8, p1=0.4, margin=0.3, higher_is_better=True), 0.0),
        (lambda: significance_level("means", n1=3, n2=3, effect=0.01), 0.5),
        (lambda: significance_level("means", n1=30000, n2=30000, effect=2.0), 1e-100),
    ],
)
def test_no_answer_says_how_near_it_comes(ask, nearest):
    with pytest.raises(NoSolution) as caught:
        ask()
    assert caught.value.nearest == pytest.approx(nearest, abs=0.06)


def test_strange_designs():
    with pytest.raises(InvalidArgument, match=r"ratio is 0\.95; allowed: 1 for this question"):
        sample_size("bioequivalence", margin=1.25, cv=0.3, ratio=0.95)
    with pytest.raises(InvalidArgument, match="question is 'mean'; allowed: one of"):
        significance_level("mean", n1=3, n2=3, effect=1.0)
    with pytest.raises(InvalidType, match="effec is 1"):
        significance_level("means", n1=3, n2=3, effec=1)
    with pytest.raises(InvalidType, match="effect is None"):
        significance_level("means", n1=3, n2=3)
    with pytest.raises(InvalidArgument, match="direction is 'up'"):
        detectable("means_minimum_effect", n1=9, n2=9, margin=0.2, direction="up")
    with pytest.raises(InvalidType, match="rho is None"):
        sample_size("groups_by_time", effect=0.1, times=4)
    with pytest.raises(InvalidArgument, match="ratio is 2"):
        sample_size("proportion_equivalence", p=0.5, margin=(0.4, 0.6), ratio=2.0)
