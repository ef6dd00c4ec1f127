"""The questions of further nouns: difference, equivalence, noninferiority, superiority and minimum effect."""

from __future__ import annotations

import inspect
import math

import numpy as np
import pytest
from scipy import special, stats

import ketastats as ks
from ketastats import BudgetExceeded, InvalidArgument, InvalidType, NoSolution, power
from ketastats.numerics import f_margin, noncentral_f, noncentral_t
from ketastats.power import detectable, sample_size, significance_level

#: A sound design of each noun, without effect and margin, and the scale of its margins.
DESIGNS = {
    "one_sample": {"n": 40, "sd": 2.0},
    "paired": {"n": 40, "sd_difference": 2.0},
    "means": {"n1": 37, "n2": 46, "sd": 2.0},
    "means_welch": {"n1": 37, "n2": 46, "sd1": 1.0, "sd2": 2.0},
    "smd": {"n1": 37, "n2": 46},
    "estimate": {"se": 0.4, "df": 30},
    "mean_ratio": {"n1": 37, "n2": 46, "cv1": 0.3, "cv2": 0.4},
    "correlation": {"n": 80},
    "paired_proportions": {"n": 40},
    "rates": {"t1": 30.0, "t2": 40.0},
    "proportion": {"n": 120, "null": 0.45},
}
RATIOS = ("mean_ratio", "rates")


def truth(noun, size):
    """The arguments that say that the effect is of this size, in the same direction for every noun."""
    if noun == "mean_ratio":
        return {"effect": math.exp(size)}
    if noun == "rates":
        return {"rate1": 3.0 * math.exp(size), "rate2": 3.0}
    if noun == "correlation":
        return {"r": math.tanh(0.5 * size)}
    if noun == "paired_proportions":
        return {"p10": 0.2 + 0.15 * size, "p01": 0.2 - 0.15 * size}
    return {"p": 0.45 + 0.1 * size} if noun == "proportion" else {"effect": size}


def asked(noun, question, **design):
    name = noun if question == "difference" else f"{noun}_{question}"
    return getattr(power, name)(**DESIGNS[noun], **design)


def margin_of(noun, size, *, pair=False):
    if noun == "correlation":
        size = math.tanh(0.5 * size)
    if noun in ("paired_proportions", "proportion"):
        size = (0.3 if noun == "paired_proportions" else 0.1) * size
    if noun in RATIOS:
        return (math.exp(-size), math.exp(size)) if pair else math.exp(size)
    return (-size, size) if pair else size


@pytest.mark.parametrize("noun", DESIGNS)
@pytest.mark.parametrize("size", [-0.7, 0.0, 0.9])
def test_the_questions_of_a_noun_agree(noun, size):
    true, mirrored = truth(noun, size), truth(noun, -size)
    small = margin_of(noun, 0.5)
    higher = asked(noun, "noninferiority", margin=small, higher_is_better=True, **true)
    lower = asked(noun, "superiority", margin=small, higher_is_better=False, **true)
    better = asked(noun, "superiority", margin=small, higher_is_better=True, **true)
    outside = asked(noun, "minimum_effect", margin=margin_of(noun, 0.5, pair=True), **true)
    # One of the two one-sided tests of a minimum effect rejects: those of superiority in either direction.
    assert outside.power == pytest.approx(min(better.power + lower.power, 1.0), rel=1e-9)
    assert higher.power >= better.power
    assert "noninferiority" in higher.method
    assert "superiority by a margin" in better.method
    if noun not in ("rates", "proportion"):  # these are not symmetric
        again = asked(noun, "noninferiority", margin=small, higher_is_better=False, **mirrored)
        assert again.power == pytest.approx(higher.power, rel=1e-9)
    if noun not in ("rates", "proportion", "one_sample", "paired"):
        low, high = margin_of(noun, 0.5, pair=True)
        endless = (low, math.inf)
        assert asked(noun, "equivalence", margin=endless, **true).power == pytest.approx(higher.power, rel=1e-9)
        both = asked(noun, "equivalence", margin=(low, high), **true).power
        assert both <= higher.power * (1 + 1e-12)
    if noun not in ("smd", "correlation"):
        greater = asked(noun, "difference", alternative="greater", **true)
        none = asked(noun, "superiority", margin=1.0 if noun in RATIOS else 0.0, higher_is_better=True, **true)
        assert none.power == pytest.approx(greater.power, rel=1e-9)
        two = asked(noun, "difference", alpha=0.1, **true).power
        less = asked(noun, "difference", alternative="less", **true)
        assert two == pytest.approx(min(greater.power + less.power, 1.0), rel=1e-6)


# -------------------------------------------------------------------------------------------------- each noun by itself
def test_an_estimate_is_a_t_test_with_a_known_error():
    unit = math.sqrt(1 / 37 + 1 / 46)
    found = power.estimate(effect=0.5, se=unit, df=81).power
    assert found == pytest.approx(power.means(n1=37, n2=46, effect=0.5).power, rel=1e-12)
    z = power.estimate(effect=1.0, se=0.4, alternative="greater").power
    assert z == pytest.approx(special.ndtr(2.5 - special.ndtri(0.95)), rel=1e-12)
    shifted = power.estimate(effect=1.0, se=0.4, null=0.3, alternative="greater").power
    assert shifted == pytest.approx(special.ndtr(1.75 - special.ndtri(0.95)), rel=1e-12)


@pytest.mark.parametrize("method", ["exact", "normal"])
def test_welch_by_simulation_and_by_its_limit(method):
    rng = np.random.default_rng(4)
    x, y = rng.normal(0.9, 1.0, (40_000, 8)), rng.normal(0.0, 2.0, (40_000, 15))
    p = stats.ttest_ind(x, y, axis=1, equal_var=False).pvalue
    exact = power.means_welch(n1=8, n2=15, effect=0.9, sd1=1.0, sd2=2.0, method=method).power
    assert exact == pytest.approx(np.mean(p < 0.05), abs=0.01 if method == "exact" else 0.04)
    many = power.means_welch(n1=4000, n2=4000, effect=0.06, sd1=1.0, sd2=1.0, method=method).power
    assert many == pytest.approx(power.means(n1=4000, n2=4000, effect=0.06).power, abs=2e-4)


def test_the_ratio_of_means_by_simulation():
    rng = np.random.default_rng(6)
    draws = 20_000
    x, y = rng.normal(1.1, 1.1 * 0.2, (draws, 30)), rng.normal(1.0, 0.3, (draws, 40))
    summary = (x.mean(axis=1), x.std(axis=1, ddof=1), 30, y.mean(axis=1), y.std(axis=1, ddof=1), 40)
    seen = ks.equivalence.mean_ratio(*summary, margin=1.25).established.mean()
    found = power.mean_ratio_equivalence(n1=30, n2=40, margin=1.25, effect=1.1, cv1=0.2, cv2=0.3).power
    assert found == pytest.approx(seen, abs=0.015)


def test_a_standardised_difference_is_tested_where_its_interval_ends():
    rng = np.random.default_rng(8)
    t = stats.nct.rvs(35.0, 0.2 / math.sqrt(1 / 15 + 1 / 22), size=2_000, random_state=rng)
    seen = ks.equivalence.smd_from_t(t, 15, 22, margin=(-0.6, 0.9)).established.mean()
    found = power.smd_equivalence(n1=15, n2=22, margin=(-0.6, 0.9), effect=0.2).power
    assert found == pytest.approx(seen, abs=0.035)
    # At an end of a wide margin the level is alpha, exactly.
    assert power.smd_equivalence(n1=50, n2=60, margin=2.0, effect=2.0).power == pytest.approx(0.05, rel=1e-9)
    # A tail of 1e-60 keeps its digits.
    far = power.smd_superiority(n1=50, n2=60, margin=1.5, effect=-2.0, higher_is_better=True).power
    root = 1 / math.sqrt(1 / 50 + 1 / 60)
    critical = noncentral_t.isf(0.05, 108.0, 1.5 * root)
    assert far == pytest.approx(float(noncentral_t.sf(critical, 108.0, -2.0 * root)), rel=1e-9)
    assert 0 < far < 1e-40


@pytest.mark.parametrize("method", ["bonett_wright", "fieller"])
def test_rank_correlations_reject_where_their_tests_do(method):
    rng = np.random.default_rng(2)
    n, zeta = 30, math.atanh(0.4)
    spread = math.sqrt((1 + 0.4**2 / 2 if method == "bonett_wright" else 1.06) / (n - 3))
    r = np.tanh(rng.normal(zeta, spread, 40_000))
    estimates = ks.effects.correlation(r, n, kind="spearman", method=method)
    seen = np.mean(estimates.pvalue(0.0) < 0.05)
    assert power.correlation(n=n, r=0.4, method=method).power == pytest.approx(seen, abs=0.01)
    seen = np.mean(estimates.pvalue(0.2, alternative="greater") < 0.05)
    found = power.correlation(n=n, r=0.4, null=0.2, alternative="greater", method=method).power
    assert found == pytest.approx(seen, abs=0.01)
    seen = ks.equivalence.correlation(r, n, margin=0.7, kind="spearman", method=method).established.mean()
    assert power.correlation_equivalence(n=n, r=0.4, margin=0.7, method=method).power == pytest.approx(seen, abs=0.01)
    plan = sample_size("correlation", r=-0.4, null=-0.1, method=method)
    assert plan.power >= 0.8 > power.correlation(n=plan.n - 1, r=-0.4, null=-0.1, method=method).power
    value = detectable("correlation", n=50, method=method).value
    assert power.correlation(n=50, r=value, method=method).power == pytest.approx(0.8, rel=1e-9)


# ------------------------------------------------------------------------------------------------------- paired counts
def all_counts(n, p10, p01):
    b, c = (grid.ravel() for grid in np.meshgrid(np.arange(n + 1), np.arange(n + 1)))
    b, c = b[b + c <= n], c[b + c <= n]
    chance = stats.multinomial.pmf(np.stack([b, c, n - b - c], axis=1), n, [p10, p01, 1 - p10 - p01])
    return b, c, chance


@pytest.mark.parametrize(
    ("measure", "method"),
    [("difference", "score"), ("difference", "bonett_price"), ("odds_ratio", "exact"), ("odds_ratio", "midp")],
)
def test_pairs_by_brute_force(measure, method):
    n, p10, p01 = 23, 0.3, 0.1
    b, c, chance = all_counts(n, p10, p01)
    estimates = ks.effects.paired_proportions(b, c, n, measure=measure, method=method)
    told = {"n": n, "p10": p10, "p01": p01, "measure": measure, "method": method}
    none = 1.0 if measure == "odds_ratio" else 0.0
    sides = [estimates.pvalue(none, alternative=side) < 0.05 / 2 for side in ("greater", "less")]
    assert power.paired_proportions(**told).power == pytest.approx(chance[sides[0] | sides[1]].sum(), rel=1e-9)
    margin = 12.0 if measure == "odds_ratio" else 0.45
    kept = ks.equivalence.paired_proportions(b, c, n, margin=margin, measure=measure, method=method).established
    expected = chance[kept].sum()
    assert expected > 0.05
    assert power.paired_proportions_equivalence(**told, margin=margin).power == pytest.approx(expected, rel=1e-9)
    bound = 1 / margin if measure == "odds_ratio" else -margin
    expected = chance[estimates.pvalue(bound, alternative="greater") < 0.05].sum()
    found = power.paired_proportions_noninferiority(**told, margin=margin, higher_is_better=True).power
    assert found == pytest.approx(expected, rel=1e-9)


def test_mcnemar_exact_by_binomial_tests():
    b, c, chance = all_counts(14, 0.4, 0.1)
    p = np.array([stats.binomtest(int(i), int(i + j), 0.5).pvalue if i + j else 1.0 for i, j in zip(b, c, strict=True)])
    found = power.paired_proportions(n=14, p10=0.4, p01=0.1, measure="odds_ratio", method="exact")
    assert found.power == pytest.approx(chance[p < 0.05].sum(), rel=1e-9)
    assert found.effect == pytest.approx(4.0)


@pytest.mark.parametrize("measure", ["difference", "odds_ratio"])
def test_pairs_by_normal_approximation(measure):
    told = {"n": [400, 900], "p10": 0.12, "p01": 0.08, "measure": measure}
    close, exact = (power.paired_proportions(**told, method=way).power for way in ("normal", "score"))
    np.testing.assert_allclose(close, exact, atol=0.02)
    margin = 0.08 if measure == "difference" else 2.5
    close, exact = (
        power.paired_proportions_equivalence(**told, margin=margin, method=way).power for way in ("normal", "score")
    )
    np.testing.assert_allclose(close, exact, atol=0.03)


def test_pairs_at_the_ends_of_the_scale():
    assert power.paired_proportions(n=30, p10=0.0, p01=0.0).power == 0.0
    assert power.paired_proportions(n=30, p10=1.0, p01=0.0).power == pytest.approx(1.0, abs=1e-12)
    assert power.paired_proportions_equivalence(n=300, p10=0.0, p01=0.0, margin=0.1).power == 1.0
    for method in ("score", "normal"):
        for rates in ((0.0, 0.0), (1.0, 0.0), (0.0, 1.0), (0.5, 0.5), (1e-9, 0.0)):
            for measure in ("difference", "odds_ratio"):
                told = {"n": [1, 2, 50], "p10": rates[0], "p01": rates[1], "measure": measure, "method": method}
                for alpha in (1e-12, 0.5):
                    chance = power.paired_proportions(**told, alpha=alpha).power
                    assert np.all((chance >= 0) & (chance <= 1))
    with pytest.raises(InvalidArgument, match=r"p10 \+ p01 is 1\.2; allowed: at most 1"):
        power.paired_proportions(n=9, p10=0.6, p01=0.6)
    with pytest.raises(BudgetExceeded, match="Use method='normal'"):
        power.paired_proportions(n=10**9, p10=0.3, p01=0.3)


# ------------------------------------------------------------------------------------------------------ one proportion
@pytest.mark.parametrize("p", [0.0, 0.2, 0.55, 1.0])
def test_one_proportion_by_brute_force(p):
    x = np.arange(31)
    chance = stats.binom.pmf(x, 30, p)
    greater, less = stats.binom.sf(x - 1, 30, 0.3), stats.binom.cdf(x, 30, 0.3)
    expected = chance[(greater <= 0.025) | (less <= 0.025)].sum()
    assert power.proportion(n=30, p=p, null=0.3).power == pytest.approx(expected, abs=1e-12)
    expected = chance[stats.binom.sf(x - 1, 30, 0.2) <= 0.05].sum()
    found = power.proportion_noninferiority(n=30, p=p, null=0.3, margin=0.1, higher_is_better=True).power
    assert found == pytest.approx(expected, abs=1e-12)
    # A bound below 0 is always passed.
    assert power.proportion_noninferiority(n=30, p=p, null=0.3, margin=0.4, higher_is_better=True).power == 1.0


# --------------------------------------------------------------------------------------------------------------- rates
def test_rates_against_a_margin_are_those_of_the_null():
    told = {"t1": 30.0, "t2": 40.0, "rate1": 3.0, "rate2": 3.2}
    for measure, margin, bound in (("ratio", 1.3, 1 / 1.3), ("difference", 0.8, -0.8)):
        for method in ("score", "normal"):
            ours = power.rates_noninferiority(
                **told, margin=margin, higher_is_better=True, measure=measure, method=method
            )
            theirs = power.rates(**told, null=bound, alternative="greater", measure=measure, method=method)
            assert ours.power == pytest.approx(theirs.power, rel=1e-9)


def test_person_time_against_a_margin():
    told = {"rate1": 3.0, "rate2": 1.5, "margin": 1.1, "higher_is_better": True}
    plan = sample_size("rates_superiority", **told)
    assert plan.power == pytest.approx(0.8, abs=1e-6)
    assert sample_size("rates_minimum_effect", rate1=3.0, rate2=1.5, margin=1.1).t1 == pytest.approx(plan.t1, rel=1e-5)
    plan = sample_size("rates_noninferiority", **told | {"rate1": 1.6, "margin": 1.4}, ratio=2.0)
    assert plan.t2 == 2 * plan.t1
    told = {"t1": 12.0, "t2": 10.0, "rate1": 3.0, "rate2": 3.2, "higher_is_better": True}
    found = detectable("rates_noninferiority", **told)
    assert power.rates_noninferiority(**told, margin=found.value).power >= 0.8
    assert power.rates_noninferiority(**told, margin=found.value * (1 - 1e-7)).power < 0.8


# -------------------------------------------------------------------------------------------------------------- F tests
def test_f_tests_against_a_margin():
    design = {"df1": 4, "df2": 324}
    for measure, margin in (("partial_eta_squared", 0.04), ("cohens_f", 0.2), ("noncentrality", 13.0)):
        limit = {"partial_eta_squared": 324 * 0.04 / 0.96, "cohens_f": 324 * 0.04, "noncentrality": 13.0}[measure]
        f = stats.ncf.ppf(0.05, 4, 324, limit)
        found = power.f_test_equivalence(**design, margin=margin, measure=measure, ncp=2.0).power
        assert found == pytest.approx(stats.ncf.cdf(f, 4, 324, 2.0), rel=1e-6)
        assert ks.equivalence.variance_explained(f * 0.999, 4, 324, margin=margin, measure=measure).established
        f = stats.ncf.isf(0.05, 4, 324, limit)
        found = power.f_test_minimum_effect(**design, margin=margin, measure=measure, ncp=40.0).power
        assert found == pytest.approx(stats.ncf.sf(f, 4, 324, 40.0), rel=1e-6)
    critical = f_margin.minimum_effect_critical(1e-30, 3.0, [5.0, 200.0, 1e8], [0.5, 80.0, 1e4])
    tail = noncentral_f.sf(critical, 3.0, np.array([5.0, 200.0, 1e8]), np.array([0.5, 80.0, 1e4]))
    np.testing.assert_allclose(tail, 1e-30, rtol=1e-9)


def test_f_tests_against_a_margin_are_solved():
    people = sample_size("f_test_equivalence", df1=4, margin=[0.04, 0.1])
    for i, margin in enumerate((0.04, 0.1)):
        n = int(people.n[i])
        assert power.f_test_equivalence(df1=4, df2=n - 5, margin=margin).power >= 0.8
        assert power.f_test_equivalence(df1=4, df2=n - 6, margin=margin).power < 0.8
    people = sample_size("f_test_minimum_effect", df1=3, margin=0.02, f2=0.15)
    n = int(people.n)
    told = {"df1": 3, "margin": 0.02}
    assert power.f_test_minimum_effect(**told, df2=n - 4, ncp=0.15 * n).power >= 0.8
    assert power.f_test_minimum_effect(**told, df2=n - 5, ncp=0.15 * (n - 1)).power < 0.8
    for measure in ("partial_eta_squared", "cohens_f", "noncentrality"):
        found = detectable("f_test_equivalence", df1=4, df2=[100, 324], ncp=1.0, measure=measure)
        again = power.f_test_equivalence(df1=4, df2=[100, 324], ncp=1.0, margin=found.value, measure=measure).power
        np.testing.assert_allclose(again, 0.8, rtol=1e-8)
    found = detectable("f_test_minimum_effect", df1=4, df2=324, margin=0.02)
    assert power.f_test_minimum_effect(df1=4, df2=324, margin=0.02, ncp=found.value).power == pytest.approx(
        0.8, rel=1e-8
    )
    with pytest.raises(NoSolution):
        sample_size("f_test_equivalence", df1=4, margin=0.04, f2=0.5)


# ---------------------------------------------------------------------------------------------------- solved, all nouns
MARGINS = {"noninferiority": 0.6, "superiority": 0.2, "minimum_effect": 0.2, "equivalence": 0.8}


def question_of(noun, question, size=None):
    if question == "difference":
        return noun, truth(noun, 0.8)
    told = {"margin": margin_of(noun, MARGINS[question])}
    if question in ("noninferiority", "superiority"):
        told["higher_is_better"] = True
    size = {"noninferiority": 0.0, "equivalence": 0.0}.get(question, 0.9) if size is None else size
    return f"{noun}_{question}", told | truth(noun, size)


ASKED = [
    (noun, question)
    for noun in DESIGNS
    for question in ("difference", *MARGINS)
    if hasattr(power, question_of(noun, question)[0])
    # These take longer, and are asked elsewhere or like the others.
    and noun != "rates"
    and (noun, question) != ("proportion", "equivalence")
    and (noun != "smd" or question == "equivalence")
]


@pytest.mark.parametrize(
    ("noun", "question"),
    [
        asked
        for i, asked in enumerate(ASKED)
        if asked[1] in ("difference", "equivalence") or (asked[1] != "minimum_effect" and i % 2)
    ],
)
def test_every_question_is_solved_for_size_and_level(noun, question):
    name, told = question_of(noun, question)
    sizes = ("n", "n1", "n2", "t1", "t2")
    rest = {key: value for key, value in DESIGNS[noun].items() if key not in sizes}
    ask = getattr(power, name)
    level = significance_level(name, **DESIGNS[noun], **told, power=0.3)
    assert ask(**DESIGNS[noun], **told, alpha=level.alpha).power == pytest.approx(level.power, rel=1e-12)
    assert level.power >= 0.3 * (1 - 1e-9)
    assert ask(**DESIGNS[noun], **told, alpha=level.alpha * (1 - 1e-6)).power < 0.3
    if noun == "estimate":
        with pytest.raises(InvalidArgument, match="question is"):
            sample_size(name, **rest, **told)
        return
    plan = sample_size(name, **rest, **told)
    size = {"n": plan.n} if hasattr(plan, "n") else {"n1": plan.n1, "n2": plan.n2}
    assert ask(**size, **rest, **told).power == pytest.approx(plan.power, rel=1e-12)
    assert ask(**{key: value - 1 for key, value in size.items()}, **rest, **told).power < 0.8 <= plan.power


EFFECTS = {"correlation": "r", "paired_proportions": "p10", "proportion": "p"}


@pytest.mark.parametrize(
    ("noun", "question"),
    [
        asked
        for i, asked in enumerate(ASKED)
        if asked[1] in ("difference", "equivalence") or (asked[1] != "superiority" and i % 2)
    ],
)
def test_every_question_is_solved_for_effect_or_margin(noun, question):
    name, told = question_of(noun, question)
    sought = "margin" if question in ("noninferiority", "equivalence") else EFFECTS.get(noun, "effect")
    told = {key: value for key, value in told.items() if key != sought}
    found = detectable(name, **DESIGNS[noun], **told, power=0.6)
    value = found.value
    if noun == "paired_proportions" and sought == "p10":
        value = told["p01"] + found.value
    again = getattr(power, name)(**DESIGNS[noun], **told, **{sought: value}).power
    if noun in ("paired_proportions", "proportion"):
        assert again >= 0.6 * (1 - 1e-9)
        assert getattr(power, name)(**DESIGNS[noun], **told, **{sought: value * (1 - 1e-6)}).power < 0.6
    else:
        assert again == pytest.approx(0.6, rel=1e-9)


def test_effects_below_a_margin():
    for noun in ("means_welch", "mean_ratio", "correlation", "proportion"):
        name, told = question_of(noun, "minimum_effect")
        sought = EFFECTS.get(noun, "effect")
        found = detectable(name, **DESIGNS[noun], margin=told["margin"], direction="below")
        value = found.value if noun in ("mean_ratio", "proportion") else -found.value
        again = getattr(power, name)(**DESIGNS[noun], margin=told["margin"], **{sought: value}).power
        assert again == pytest.approx(0.8, abs=1e-6 if noun == "proportion" else 1e-9)


# ---------------------------------------------------------------------------------------------------- strange questions
def test_never_nan():
    rng = np.random.default_rng(12)
    size = 16
    n = np.rint(2 * 10 ** rng.uniform(0, 5.7, size)).astype(int)
    effect = rng.uniform(-20, 20, size) * rng.integers(0, 2, size) + rng.normal(0, 0.3, size)
    sd = 10 ** rng.uniform(-3, 2, size)
    low = -(10 ** rng.uniform(-3, 1.5, size))
    margin = (low, np.where(rng.random(size) < 0.1, np.inf, -low[::-1]))
    ratios = (np.exp(np.maximum(low, -5)), np.exp(np.minimum(margin[1], 5)))
    few = slice(0, 3)
    for alpha in (1e-12, 1e-3, 0.5):
        answers = [
            power.estimate_equivalence(effect=effect, se=sd, df=n, margin=margin, alpha=alpha),
            power.estimate(effect=effect, se=sd, df=np.where(n > 1000, np.inf, n), alpha=alpha),
            power.one_sample_minimum_effect(n=n, effect=effect, sd=sd, margin=margin, alpha=alpha),
            power.paired_noninferiority(n=n, effect=effect, margin=-low, higher_is_better=False, alpha=alpha),
            power.smd_equivalence(n1=n, n2=n[::-1], effect=effect, margin=margin, alpha=alpha),
            power.smd_minimum_effect(n1=n, n2=n[::-1], effect=effect, margin=margin, alpha=alpha),
            power.correlation_minimum_effect(n=n + 2, r=np.tanh(effect) * 0.999, margin=0.2, alpha=alpha),
            power.correlation(n=n + 2, r=np.tanh(effect) * 0.999, method="bonett_wright", alpha=alpha),
            power.f_test_equivalence(df1=np.minimum(n, 500), df2=n[::-1], ncp=effect**2, margin=0.1, alpha=alpha),
            power.f_test_minimum_effect(df1=np.minimum(n, 500), df2=n[::-1], ncp=effect**2, margin=0.1, alpha=alpha),
            power.proportion(n=n, p=rng.random(size), null=rng.random(size), alpha=alpha),
            power.means_welch_minimum_effect(
                n1=n[few], n2=n[few][::-1], effect=effect[few], sd1=sd[few], sd2=1.0, margin=0.3, alpha=alpha
            ),
            power.mean_ratio_equivalence(
                n1=n[few],
                n2=n[few][::-1],
                effect=np.exp(effect[few]),
                cv1=sd[few],
                cv2=0.5,
                margin=(ratios[0][few], ratios[1][few]),
                alpha=alpha,
            ),
        ]
        for answer in answers:
            assert np.all((answer.power >= 0) & (answer.power <= 1)), answer.method


def test_strange_margins():
    with pytest.raises(InvalidArgument, match=r"margin is 1\.0; allowed: a ratio other than 1"):
        power.mean_ratio_noninferiority(n1=9, n2=9, cv1=0.2, cv2=0.2, margin=1.0, higher_is_better=True)
    with pytest.raises(InvalidType, match="higher_is_better is 1"):
        power.estimate_superiority(effect=1.0, se=1.0, margin=0.1, higher_is_better=1)
    with pytest.raises(InvalidArgument, match="shapes is"):
        power.estimate_equivalence(effect=[1.0, 2.0], se=1.0, margin=([-1.0, -2.0, -3.0], 1.0))
    with pytest.raises(InvalidArgument, match="margin is"):
        power.f_test_equivalence(df1=3, df2=30, margin=1.0)
    with pytest.raises(NoSolution):
        sample_size("smd_equivalence", margin=0.2, effect=0.3)
    assert power.estimate_minimum_effect(effect=9.0, se=1.0, margin=(-math.inf, 2.0)).power > 0.999


@pytest.mark.parametrize("method", ["fisher_z", "exact", "bonett_wright"])
def test_no_correlation_is_shown_to_lie_beyond_one(method):
    for margin in (1.0, 2.0, (-0.1, 1.5)):
        outside = power.correlation_minimum_effect(n=80, margin=margin, r=0.9, method=method).power
        assert outside == pytest.approx(0.0, abs=1e-12)
    assert power.correlation_noninferiority(n=80, margin=1.0, higher_is_better=True, method=method).power == 1.0


def test_shapes_and_frames():
    found = power.estimate_equivalence(effect=0.1, se=1.0, margin=([-3.0, -4.0], [3.0, 4.0]))
    assert found.power.shape == found.effect.shape == (2,)
    assert len(found.to_frame()) == 2
    for name in ("one_sample_superiority", "smd_equivalence", "paired_proportions", "rates_superiority"):
        parameters = inspect.signature(getattr(power, name)).parameters
        assert all(value.kind is inspect.Parameter.KEYWORD_ONLY for value in parameters.values())
