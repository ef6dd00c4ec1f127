"""No function answers a valid question with NaN: the rest of the public functions, and every method of each.

The designs are those of the sweep beside this one; what solves a question is asked for fewer of them.
"""

from __future__ import annotations

import dataclasses
import inspect
import re
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from test_never_nan import ALPHAS, GROUPS, LEVELS, RATES, RISKS, SMALL, D, Draws, F, finite_or_ends
from test_strange_arguments import CALLS as README_CALLS

import ketastats as ks
from ketastats.effects._correlation import METHODS as CORRELATIONS
from ketastats.effects._paired_proportions import RULES as PAIRED_RULES
from ketastats.effects._proportions import RULES, SINGLE_RULES
from ketastats.effects._proportions_more import EXACT_RULES, MORE_RULES
from ketastats.effects._proportions_test import METHODS as TESTS_OF_TABLES
from ketastats.effects._rates import RULES as RATES_RULES

effects, equivalence, power, evidence = ks.effects, ks.equivalence, ks.power, ks.evidence
ROOMS = {"effects": effects, "equivalence": equivalence, "power": power, "evidence": evidence}
#: What takes data sets, and runs through the same code as its neighbour that takes summaries.
FROM_SAMPLES = re.compile("_from_samples$|^summarise$")
#: Fields that are probabilities.
PROBABILITY = re.compile(r"^p_|^pvalue$|^power$|^assurance$|^severity$|^posterior_mass$|^alpha$")
#: Fewer designs, for what searches, integrates or sums at each of them.
G, H, SMALLEST = Draws(87, 12), Draws(88, 5), Draws(89, 6, 40)
FEW = (H.effect, H.sd1, H.n1, 0.0, H.sd2, H.n2)


def check_sound(result: Any) -> None:
    """Hold every number of a result: none is NaN, probabilities lie in 0 to 1, and ends in their order."""
    if not dataclasses.is_dataclass(result):
        assert finite_or_ends(result)
        return
    values = {field.name: np.asarray(getattr(result, field.name)) for field in dataclasses.fields(result)}
    for name, value in values.items():
        if value.dtype.kind == "f":
            assert not np.isnan(value).any(), name
            if PROBABILITY.search(name):
                assert np.all((value >= 0.0) & (value <= 1.0)), name
    for name, value in values.items():
        high = name.replace("low", "high")
        if name.startswith(("low", "difference_low", "margin_low")) and high in values and value.dtype.kind == "f":
            assert np.all(value <= values[high]), name


# -------------------------------------------------------------------------------- every method of proportions and rates
def by_proportions(measure: str, method: str) -> Callable[[], Any]:
    """Return a question about two proportions; what sums over tables is asked for few or small ones."""
    exact = {"difference": SMALLEST, "ratio": SMALLEST, "odds_ratio": H}[measure]
    draws = exact if method in ("exact", "midp") else F
    return partial(effects.proportions, draws.x1, draws.n1, draws.x2, draws.n2, measure=measure, method=method)


PAIRS = (H.effect, H.sd1, 0.0, H.sd2, H.n1)
METHODS: dict[str, Callable[[], Any]] = {
    f"proportions, {measure}, {method}": by_proportions(measure, method)
    for measure in RISKS
    for method in (*RULES[measure], *MORE_RULES[measure], *EXACT_RULES[measure])
}
METHODS |= {
    f"paired_proportions, {measure}, {method}": partial(
        effects.paired_proportions, F.b, F.c, F.n1, measure=measure, method=method
    )
    for measure, methods in PAIRED_RULES.items()
    for method in methods
}
METHODS |= {
    f"rates, {measure}, {method}": partial(effects.rates, F.x1, F.times, F.x2, F.times, measure=measure, method=method)
    for measure, methods in RATES_RULES.items()
    for method in methods
}
METHODS |= {
    f"correlation, {kind}, {method}": partial(effects.correlation, 0.999 * H.r, H.n1 + 3, kind=kind, method=method)
    for kind, methods in CORRELATIONS.items()
    for method in methods
}
METHODS |= {f"proportion, {method}": partial(effects.proportion, D.x1, D.n1, method=method) for method in SINGLE_RULES}
METHODS |= {
    f"paired, {measure}": partial(effects.paired, *PAIRS, r=0.9 * H.r, measure=measure)
    for measure in ("smd_z", "smd_av", "smd_rm")
}
METHODS |= {
    f"standardised_means, {by}": partial(effects.standardised_means, *FEW, by=by)
    for by in ("pooled_sd", "average_sd", "sd1")
}
METHODS["mean_ratio, lajeunesse"] = partial(
    effects.mean_ratio, np.exp(D.effect / 20), D.sd1 / 10, D.n1, 1.0, D.sd2 / 10, D.n2, method="lajeunesse"
)


@pytest.mark.parametrize("name", METHODS)
def test_every_method(name: str) -> None:
    estimate = METHODS[name]()
    check_sound(estimate)
    for level in LEVELS:
        interval = estimate.confidence_interval(level)
        check_sound(interval)
        assert np.all(np.asarray(interval.low) <= interval.high)
    null = 1.0 if "ratio" in str(estimate.scale) else 0.5 if estimate.scale == "proportion" else 0.0
    for alternative in ("two-sided", "greater", "less"):
        p = np.asarray(estimate.pvalue(null, alternative=alternative))
        assert np.all((p >= 0.0) & (p <= 1.0))  # false for NaN


@pytest.mark.parametrize("name", TESTS_OF_TABLES)
def test_every_test_of_tables(name: str) -> None:
    tables = SMALLEST if name.startswith(("barnard", "boschloo")) else F
    for side in ("two-sided",) if name == "blaker" else ("two-sided", "greater", "less"):
        check_sound(effects.proportions_test(tables.x1, tables.n1, tables.x2, tables.n2, test=name, alternative=side))


# ---------------------------------------------------------------------------------------------------------- conversions
SPLIT = D.n1 + 4
CONVERSIONS: dict[str, Callable[[], Any]] = {
    "correlation_of_pairs": lambda: effects.correlation_of_pairs(
        D.sd1, D.sd2, effects.sd_of_differences(D.sd1, D.sd2, 0.9 * D.r)
    ),
    "d_from_odds_ratio": lambda: [
        effects.d_from_odds_ratio(D.sd1, assuming="logistic"),
        effects.d_from_odds_ratio(D.sd1, assuming="probit", base_risk=np.clip(D.p1, 1e-6, 1 - 1e-6)),
    ],
    "d_from_r": lambda: effects.d_from_r(0.999 * D.r, D.n1, D.n2),
    "d_from_z": lambda: effects.d_from_z(D.t, D.n1, D.n2),
    "d_range_from_p": lambda: effects.d_range_from_p(D.p, SPLIT),
    "d_range_from_r": lambda: effects.d_range_from_r(0.999 * D.r, SPLIT),
    "d_range_from_t": lambda: effects.d_range_from_t(D.t, SPLIT),
    "arcsine_from_risk": lambda: effects.arcsine_from_risk(D.p1),
    "association": lambda: [
        effects.association(F.x1, F.n1, F.x2, F.n2, measure=measure) for measure in ("phi", "yule_q", "yule_y")
    ],
    "cohens_h": lambda: effects.cohens_h(D.p1, D.p2),
    "d_from_risks": lambda: effects.d_from_risks(
        np.clip(D.p1, 1e-6, 1 - 1e-6), np.clip(D.p2, 1e-6, 1 - 1e-6), assuming="probit"
    ),
    "eta_squared_from_f": lambda: effects.eta_squared_from_f(D.f, np.rint(D.df), D.n1, measure="omega_squared"),
    "se_from_p": lambda: effects.se_from_p(D.effect + 30.0, D.p, df=D.df),
    "mean_from_quantiles": lambda: [
        effects.mean_from_quantiles(D.effect, D.n1 + 3, q1=D.effect - D.sd1, q3=D.effect + D.sd2, method="normal"),
        effects.mean_from_quantiles(
            30.0 + SMALL.effect, SMALL.n1 + 3, minimum=30.0 - SMALL.sd1 - 20.0, maximum=60.0 + SMALL.sd2, method="blue"
        ),
        *(
            effects.mean_from_quantiles(20.0, G.n1 + 3, q1=20.0 - G.sd1, q3=20.0 + G.sd2, method=method)
            for method in ("log_normal", "box_cox", "mln", "quantile")
        ),
    ],
    "odds_ratio_from_risk_ratio": lambda: effects.odds_ratio_from_risk_ratio(
        D.sd1, np.clip(D.p1, 1e-6, 1 - 1e-6) / (1.0 + D.sd1)
    ),
    "r_from_chi2": lambda: effects.r_from_chi2(D.n1 * np.square(D.r), D.n1),
    "risk_difference_from_odds_ratio": lambda: effects.risk_difference_from_odds_ratio(D.sd1, D.p1),
    "risk_ratio_from_odds_ratio": lambda: effects.risk_ratio_from_odds_ratio(D.sd1, D.p1),
    "sd_of_differences": lambda: effects.sd_of_differences(D.sd1, D.sd2, D.r),
    "t_from_r": lambda: effects.t_from_r(0.999 * D.r, D.n1),
    "number_needed_to_treat": lambda: [
        effects.number_needed_to_treat(D.x1, D.n1, D.x2, D.n2, event_is_good=good, level=level)
        for good in (True, False)
        for level in LEVELS
    ],
}


@pytest.mark.parametrize("name", CONVERSIONS)
def test_conversions(name: str) -> None:
    found = CONVERSIONS[name]()
    for one in found if isinstance(found, list) else [found]:
        check_sound(one)


@pytest.mark.parametrize("method", ["fixed", "dersimonian_laird", "paule_mandel", "reml"])
def test_pooling(method: str) -> None:
    rng = np.random.default_rng(86)
    for _ in range(40):
        count = int(rng.integers(2, 12))
        y, se = rng.choice(D.effect, count), rng.choice(D.sd1, count) * 10.0 ** rng.uniform(-3, 3)
        for knapp in (False,) if method == "fixed" else (False, True):
            for measure in ("mean_difference", "odds_ratio"):
                point = np.exp(y) if measure == "odds_ratio" else y
                found = effects.pool(point, se, method=method, knapp_hartung=knapp, measure=measure)
                check_sound(found)
                check_sound(found.confidence_interval(0.95))
                if method != "fixed" and count > 2:
                    check_sound(found.prediction_interval(0.95))


# ----------------------------------------------------------------------------------------------- questions of estimates
NOUNS: dict[str, tuple[Callable[[], Any], Any]] = {
    "means": (lambda: effects.means(*GROUPS), D.margin[1]),
    "smd": (lambda: effects.means(*FEW, measure="smd"), H.margin[1]),
    "estimate": (lambda: effects.estimate(D.effect, D.sd1, df=D.df), D.margin[1]),
    "proportions": (lambda: effects.proportions(D.x1, D.n1, D.x2, D.n2), 0.1),
    "odds ratio": (lambda: effects.proportions(D.x1, D.n1, D.x2, D.n2, measure="odds_ratio"), 1.0 + D.margin[1]),
    "rates": (lambda: effects.rates(D.x1, D.times, D.x2, D.times), 1.0 + D.margin[1]),
    "correlation": (lambda: effects.correlation(0.999 * D.r, D.n1 + 2), D.r_margin[1]),
    "exact correlation": (lambda: effects.correlation(0.99 * H.r, H.n1 + 2, method="exact"), H.r_margin[1]),
    "mean_ratio": (
        lambda: effects.mean_ratio(np.exp(D.effect / 20), D.sd1 / 10, D.n1, 1.0, D.sd2 / 10, D.n2),
        1.0 + D.margin[1],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", NOUNS)
def test_questions_of_every_noun(name: str) -> None:
    make, size = NOUNS[name]
    estimate = make()
    ratio = "ratio" in str(estimate.scale)
    margin = (1.0 / size, size) if ratio else (-size, size)
    # What inverts a noncentral distribution is asked at both ends.
    for alpha in ALPHAS[::3] if name in ("smd", "exact correlation") else ALPHAS:
        check_sound(equivalence.tost(estimate, margin=margin, alpha=alpha))
        check_sound(equivalence.minimum_effect(estimate, margin=margin, alpha=alpha))
        if not np.any(np.asarray(size) == 1.0):
            for good in (True, False):
                check_sound(equivalence.noninferiority(estimate, margin=size, higher_is_better=good, alpha=alpha))
                check_sound(equivalence.superiority(estimate, margin=size, higher_is_better=good, alpha=alpha))
        found = equivalence.conditional(estimate, margin=margin, alpha_difference=alpha, alpha_equivalence=alpha)
        check_sound(found)
        assert set(np.unique(found.conclusion)) <= {"different", "equivalent", "inconclusive"}
    interval = estimate.confidence_interval(0.9)
    check_sound(equivalence.positions(interval.low, interval.high, margin=margin, ratio=ratio))
    check_sound(evidence.severity(estimate, 1.1 if ratio else 0.1, claim="less"))


MORE_EQUIVALENCE: dict[str, Callable[[float], Any]] = {
    "mean_ratio_paired": lambda a: equivalence.mean_ratio_paired(
        np.exp(D.effect / 20), D.sd1 / 10, 1.0, D.sd2 / 10, D.n1, r=0.9 * D.r, margin=D.ratios, alpha=a
    ),
    "smd_z_from_t": lambda a: equivalence.smd_z_from_t(F.t, F.n1, margin=F.margin, alpha=a),
    "standardised_means": lambda a: equivalence.standardised_means(*FEW, by="average_sd", margin=H.margin, alpha=a),
}


@pytest.mark.parametrize("name", MORE_EQUIVALENCE)
def test_more_equivalence(name: str) -> None:
    for alpha in ALPHAS:
        check_sound(MORE_EQUIVALENCE[name](alpha))


# ---------------------------------------------------------------------------------------------------------------- power
RHO = 0.98 * np.abs(G.r)
BY_TIME_DESIGN: dict[str, Any] = {"n": (G.n1, G.n2), "rho": RHO, "sd": G.sd1}
CONTRAST = {"group_weights": [1.0, -1.0], "time_weights": [-1.0, 0.0, 1.0]}
MEANS_BY_TIME = {"means": G.effect[:, None, None] * np.array([[0.0, 0.5, 1.0], [0.0, 0.0, 0.0]])}


def several(question: Callable[..., Any]) -> list[Any]:
    """Return the answer for each covariance and term that a design of two groups and three times allows."""
    return [
        question(term=term, covariance=name)
        for name in ("random_intercept", "ar1")
        for term in ("interaction", "group")
    ]


MORE_POWER: dict[str, Callable[[float], Any]] = {
    "groups_by_time": lambda a: several(partial(power.groups_by_time, **BY_TIME_DESIGN, **MEANS_BY_TIME, alpha=a)),
    "groups_by_time, effect": lambda a: power.groups_by_time(
        **BY_TIME_DESIGN, effect=np.abs(G.effect), times=5, alpha=a
    ),
    "groups_by_time_equivalence": lambda a: several(
        partial(power.groups_by_time_equivalence, **BY_TIME_DESIGN, **MEANS_BY_TIME, margin=G.margin[1], alpha=a)
    ),
    "groups_by_time_contrast": lambda a: [
        power.groups_by_time_contrast(**BY_TIME_DESIGN, **CONTRAST, effect=G.effect, alpha=a, alternative=side)
        for side in ("two-sided", "greater", "less")
    ],
    "groups_by_time_contrast_equivalence": lambda a: power.groups_by_time_contrast_equivalence(
        **BY_TIME_DESIGN, **CONTRAST, effect=G.effect, margin=G.margin, alpha=a
    ),
    "assurance, means": lambda a: power.assurance("means", n1=G.n1, n2=G.n2, effect=G.effect, effect_sd=G.sd2, alpha=a),
    "assurance, SD": lambda a: power.assurance(
        "means_equivalence", n1=F.n1, n2=F.n2, margin=F.margin, effect=F.effect, effect_sd=F.sd2, sd_df=F.df, alpha=a
    ),
    "assurance, proportions": lambda a: [
        power.assurance_proportions(n1=SMALL.n1, n2=SMALL.n2, prior1=prior, prior2=(1e-3, 1e5), alpha=a)
        for prior in ((1e-6, 1e9), (0.5, 0.5), (1e6, 1.0))
    ],
    "coprimary_equivalence": lambda a: power.coprimary_equivalence(
        n1=H.n1 + 1,
        n2=H.n2 + 1,
        margin=(H.margin, (H.margin[0], 2 * H.margin[1])),
        sd=(H.sd1, H.sd2),
        rho=0.98 * H.r,
        effect=(H.effect, 0.0),
        alpha=a,
    ),
    "proportions_noninferiority": lambda a: [
        power.proportions_noninferiority(**RATES, margin=0.1, higher_is_better=good, alpha=a) for good in (True, False)
    ],
    "proportions_superiority": lambda a: [
        power.proportions_superiority(**RATES, margin=0.1, higher_is_better=good, alpha=a) for good in (True, False)
    ],
}


@pytest.mark.parametrize("name", MORE_POWER)
def test_more_power(name: str) -> None:
    for alpha in ALPHAS:
        found = MORE_POWER[name](alpha)
        for one in found if isinstance(found, list) else [found]:
            check_sound(one)


@pytest.mark.parametrize("dropout", [0.0, 0.3, 0.9])
def test_simulated_power(dropout: float) -> None:
    means = [[0.0, 0.5, 1.0], [0.0, 0.0, 0.0]]
    design: dict[str, Any] = {"n": (6, 40), "means": means, "dropout": dropout, "rho": 0.5, "rng": 1}
    check_sound(power.groups_by_time_simulated(**design, simulations=200))
    check_sound(power.groups_by_time_contrast_equivalence_simulated(**design, **CONTRAST, margin=0.5, simulations=200))


def solved(solve: Callable[..., Any], *args: Any, **asked: Any) -> Any:
    """Return a sound answer, or None where there is none and the nearest that is feasible is a number."""
    try:
        found = solve(*args, **asked)
    except ks.NoSolution as error:
        nearest = error.nearest
    else:
        check_sound(found)
        return found
    assert np.all(np.isfinite(np.asarray(nearest, dtype=np.float64)))
    return None


#: What each question is asked for besides sizes: arguments of one design, by its row.
ASKED: dict[str, Callable[[int], dict[str, Any]]] = {
    "means": lambda i: {"effect": F.effect[i], "sd": F.sd1[i]},
    "means_equivalence": lambda i: {"margin": F.margin[1][i], "sd": F.sd1[i]},
    "means_noninferiority": lambda i: {"margin": F.margin[1][i], "higher_is_better": True, "sd": F.sd1[i]},
    "means_minimum_effect": lambda i: {"margin": F.margin[1][i], "effect": 1.2 * F.margin[1][i], "sd": F.sd1[i]},
    "one_sample": lambda i: {"effect": F.effect[i], "sd": F.sd1[i]},
    "paired_equivalence": lambda i: {"margin": F.margin[1][i], "sd_difference": F.sd1[i]},
    "correlation": lambda i: {"r": 0.999 * F.r[i]},
    "proportions": lambda i: {"p1": SMALL.p1[i], "p2": 0.5},
    "proportions_equivalence": lambda i: {"p1": SMALL.p1[i], "p2": SMALL.p1[i], "margin": 0.3},
}
ONE_GROUP = ("one_sample", "paired_equivalence", "correlation")


def sizes(question: str, draws: Draws, i: int) -> dict[str, Any]:
    """Return the people of one design."""
    if question in ONE_GROUP:
        return {"n": draws.n1[i] + 4}
    return {"n1": draws.n1[i] + 2, "n2": draws.n2[i] + 2}


@pytest.mark.parametrize("question", ASKED)
def test_sample_sizes(question: str) -> None:
    for i, alpha in enumerate((1e-9, 0.05, 0.5)):
        found = solved(power.sample_size, question, power=0.8, alpha=alpha, **ASKED[question](i))
        assert found is None or np.all(found.power >= 0.8)


@pytest.mark.parametrize(
    "question", ["means", "means_equivalence", "one_sample", "proportions", "proportions_equivalence", "correlation"]
)
def test_detectable(question: str) -> None:
    for i, alpha in enumerate((1e-9, 0.05, 0.5)):
        rest = {"proportions": ("p1",), "proportions_equivalence": ("p1", "p2")}.get(question, ())
        given = sizes(question, SMALL if rest else F, i) | dict.fromkeys(rest, SMALL.p1[i])
        found = solved(power.detectable, question, power=0.8, alpha=alpha, **given)
        assert found is None or np.all(found.power >= 0.8 - 1e-9)


@pytest.mark.parametrize("question", [name for name in ASKED if not name.startswith("proportions")])
def test_significance_levels(question: str) -> None:
    for i in range(3):
        found = solved(power.significance_level, question, power=0.8, **sizes(question, F, i), **ASKED[question](i))
        assert found is None or np.all(found.power >= 0.8 - 1e-9)


# ------------------------------------------------------------- the other questions of power, each argument by its name
def design_of(name: str, draws: Draws, at: Any) -> dict[str, Any]:
    """Return random values of every argument that a question about power may have, the margin aside."""
    few = {"n": draws.n1[at] + 4, "n1": draws.n1[at] + 2, "n2": draws.n2[at] + 2}
    spreads = {"sd": draws.sd1, "sd1": draws.sd1, "sd2": draws.sd2, "sd_difference": draws.sd2, "se": draws.sd1}
    shares = {"cv1": draws.sd1 / 10, "cv2": draws.sd2 / 10, "r": 0.99 * draws.r, "df": draws.df + 1}
    rates = {"p": draws.p1, "p10": 0.5 * draws.p1, "p01": 0.5 * draws.p2, "rate1": draws.sd1, "rate2": draws.sd2}
    terms = {"df1": np.rint(draws.df / 1e3) + 1, "df2": np.rint(draws.df) + 2, "ncp": np.square(draws.effect)}
    effect = np.exp(draws.effect / 4) if "ratio" in name else draws.effect
    others = {"effect": effect, "t1": draws.times / 20, "t2": draws.times / 10}
    return few | {key: value[at] for key, value in (spreads | shares | rates | terms | others).items()}


ASKED_ABOVE = ("groups_by_time", "coprimary", "type_s_m", "assurance", "observed")
POWER_BY_NAME = {
    name: arguments
    for name, arguments in README_CALLS.items()
    if name.startswith("power.") and "question" not in arguments and not any(word in name for word in ASKED_ABOVE)
}


@pytest.mark.parametrize("name", POWER_BY_NAME)
def test_power_by_the_names_of_its_arguments(name: str) -> None:
    function = getattr(power, name.removeprefix("power."))
    known = inspect.signature(function).parameters
    counts = any(word in name for word in ("proportion", "rates"))
    # What enumerates takes one small design at a time.
    for draws, at in [(SMALLEST, i) for i in range(2)] if counts else [(G, slice(None))]:
        values = {key: value for key, value in design_of(name, draws, at).items() if key in known}
        for alpha in (1e-12, 0.05, 0.5):
            found = function(**POWER_BY_NAME[name] | values | {"alpha": alpha})
            check_sound(found)
            assert np.size(found.power) == (1 if counts else G.n1.size)


# ------------------------------------------------------------------------------------------------------------- evidence
EVIDENCE: dict[str, Callable[[], Any]] = {
    "credibility": lambda: [evidence.credibility(D.effect, se=D.sd1, level=level) for level in LEVELS],
    "reverse_bayes": lambda: [
        evidence.reverse_bayes(D.effect, se=D.sd1, bf10=0.5),
        evidence.reverse_bayes(D.effect, se=D.sd1, bf10=1e-100),
    ],
    "sceptical_pvalue": lambda: evidence.sceptical_pvalue(
        D.effect, se=D.sd1, original=D.effect[::-1], original_se=D.sd2
    ),
    "small_effect": lambda: [evidence.small_effect(F.n1, F.n2, alpha=a, power=0.6) for a in ALPHAS],
    "small_effect_correlation": lambda: [
        evidence.small_effect_correlation(F.n1 + 2, alpha=a, power=0.6) for a in ALPHAS
    ],
    "small_telescopes": lambda: [
        evidence.small_telescopes(t=F.t, n1=F.n1, n2=F.n2, original_n1=F.n2, original_n2=F.n1, alpha=a, power=0.6)
        for a in ALPHAS
    ],
    "small_telescopes_correlation": lambda: [
        evidence.small_telescopes_correlation(r=0.999 * F.r, n=F.n1 + 2, original_n=F.n2 + 2, alpha=a, power=0.6)
        for a in ALPHAS
    ],
    "robustness_region": lambda: evidence.robustness_region(
        lambda scale: evidence.means(t=F.t, n1=F.n1, n2=F.n2, scale=scale), 0.7, threshold=3.0
    ),
}


@pytest.mark.parametrize("name", EVIDENCE)
def test_more_evidence(name: str) -> None:
    found = EVIDENCE[name]()
    for one in found if isinstance(found, list) else [found]:
        check_sound(one)


# ---------------------------------------------------------------------------------------------------------- all of them
def test_every_function_is_asked() -> None:
    here = Path(__file__).resolve()
    by_name = {("power", name.removeprefix("power.")) for name in POWER_BY_NAME}
    source = "".join(here.with_name(name).read_text(encoding="utf-8") for name in ("test_never_nan.py", here.name))
    asked = by_name | set(re.findall(r"\b(effects|equivalence|power|evidence)\.(\w+)", source))
    for room, module in ROOMS.items():
        functions = {name for name in module.__all__ if inspect.isfunction(getattr(module, name))}
        left = {name for name in functions if not FROM_SAMPLES.search(name) and (room, name) not in asked}
        # Observed power is refused.
        assert left <= {"observed"}, (room, left)
