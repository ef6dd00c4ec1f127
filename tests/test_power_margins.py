"""Power of noninferiority, superiority by a margin and minimum-effect tests, of means and of proportions."""

from __future__ import annotations

import csv
import json
import math
from pathlib import Path

import mpmath
import numpy as np
import pytest
from scipy import integrate, stats

import ketastats as ks
from ketastats.errors import InvalidArgument, InvalidType
from ketastats.power._margins_proportions import METHODS

GOLDEN = Path(__file__).parent / "golden"
BETTER = [True, False]


# -------------------------------------------------------------------------------------------------- means
def t_by_integral(ncp: float, df: float, alpha: float) -> float:
    """P(T > c) for a noncentral t, by integrating the normal tail over the chi density."""
    critical = stats.t.isf(alpha, df)

    def inside(s):
        return stats.norm.sf(critical * s - ncp) * stats.chi.pdf(s * math.sqrt(df), df) * math.sqrt(df)

    return integrate.quad(inside, 0, 6, epsabs=1e-12, limit=200, points=[0.5, 1.0, 1.5])[0]


@pytest.mark.parametrize("higher", BETTER)
def test_power_of_means_is_the_integral(higher) -> None:
    sign = 1.0 if higher else -1.0
    n1, n2, sd, effect, margin, alpha = 23, 31, 1.7, 0.4 * sign, 0.9, 0.025
    unit = sd * math.sqrt(1 / n1 + 1 / n2)
    worse = ks.power.means_noninferiority(
        n1=n1, n2=n2, sd=sd, effect=effect, margin=margin, alpha=alpha, higher_is_better=higher
    )
    assert worse.power == pytest.approx(t_by_integral((0.4 + margin) / unit, 52, alpha), abs=1e-9)
    better = ks.power.means_superiority(
        n1=n1, n2=n2, sd=sd, effect=3 * effect, margin=0.2, alpha=alpha, higher_is_better=higher
    )
    assert better.power == pytest.approx(t_by_integral((1.2 - 0.2) / unit, 52, alpha), abs=1e-9)
    outside = ks.power.means_minimum_effect(n1=n1, n2=n2, sd=sd, effect=effect, margin=(-0.1, 0.3), alpha=alpha)
    want = t_by_integral((effect - 0.3) / unit, 52, alpha) + t_by_integral((-0.1 - effect) / unit, 52, alpha)
    assert outside.power == pytest.approx(want, abs=1e-9)


def test_power_of_means_by_simulation() -> None:
    rng = np.random.default_rng(4)
    n1, n2, margin, effect = 12, 17, 0.5, 0.3
    x, y = rng.normal(effect, 1, (20_000, n1)), rng.normal(0, 1, (20_000, n2))
    value = ks.effects.means(x.mean(1), x.std(1, ddof=1), n1, y.mean(1), y.std(1, ddof=1), n2, variances="equal")
    found = {
        "means_noninferiority": ks.equivalence.noninferiority(value, margin=margin, higher_is_better=True),
        "means_superiority": ks.equivalence.superiority(value, margin=margin, higher_is_better=True),
    }
    for name, result in found.items():
        design = {"n1": n1, "n2": n2, "margin": margin, "effect": effect, "higher_is_better": True}
        power = getattr(ks.power, name)(**design).power
        assert np.mean(result.established) == pytest.approx(power, abs=4 * math.sqrt(power / 20_000))
    outside = ks.equivalence.minimum_effect(value, margin=0.1)
    power = ks.power.means_minimum_effect(n1=n1, n2=n2, margin=0.1, effect=effect).power
    assert np.mean(outside.established) == pytest.approx(power, abs=4 * math.sqrt(power / 20_000))


def test_noninferiority_is_equivalence_with_one_end() -> None:
    one = ks.power.means_noninferiority(n1=40, n2=52, margin=0.4, effect=-0.1, higher_is_better=True)
    other = ks.power.means_equivalence(n1=40, n2=52, margin=(-0.4, math.inf), effect=-0.1)
    assert one.power == pytest.approx(other.power, rel=1e-12)
    plain = ks.power.means_superiority(n1=40, n2=52, margin=0, effect=0.5, higher_is_better=True)
    assert plain.power == pytest.approx(
        ks.power.means(n1=40, n2=52, effect=0.5, alternative="greater").power, rel=1e-12
    )
    # At the bound the power is the level.
    level = ks.power.means_noninferiority(n1=5, n2=9, margin=0.4, effect=0.4, higher_is_better=False, alpha=0.01)
    assert level.power == pytest.approx(0.01, rel=1e-11)
    narrow = ks.power.means_minimum_effect(n1=9, n2=9, margin=1e-9, effect=0.0, alpha=0.05).power
    wide = ks.power.means_minimum_effect(n1=9, n2=9, margin=5.0, effect=5.0, alpha=0.05).power
    assert (narrow, wide) == pytest.approx((0.10, 0.05), rel=1e-6)


def test_golden_noninferiority_power_on_the_log_scale() -> None:
    # A 2x2 crossover compares two periods within each person: n people count as n / 2 a group, with half the variance.
    with (GOLDEN / "means.csv").open(encoding="utf-8", newline="") as file:
        row = next(row for row in csv.DictReader(file) if row["id"] == "EQP-426")
    given, expected = json.loads(row["inputs_json"]), json.loads(row["expected_json"])
    half = given["n"] // 2
    sd = math.sqrt(math.log1p(given["CV"] ** 2))
    power = ks.power.means_noninferiority(
        n1=half,
        n2=half,
        sd=sd / math.sqrt(2),
        effect=math.log(given["theta0"]),
        margin=-math.log(given["margin"]),
        alpha=given["alpha"],
        higher_is_better=True,
    ).power
    assert power == pytest.approx(expected["power"], abs=1e-7)


# -------------------------------------------------------------------------------------------------------- proportions
def mass(n: int, p: float) -> np.ndarray:
    with mpmath.workdps(40):
        rate = mpmath.mpf(p)
        return np.array([mpmath.binomial(n, k) * rate**k * (1 - rate) ** (n - k) for k in range(n + 1)])


def brute(rejects: np.ndarray, n1: int, n2: int, p1: float, p2: float) -> float:
    """The chance of all tables that reject, each weighed with 40 digits."""
    return float(mpmath.fsum((mass(n1, p1)[:, None] * mass(n2, p2)[None, :])[rejects]))


EXACT = [(measure, method) for measure, methods in METHODS.items() for method in methods if method != "normal"]
BOUND = {"difference": 0.15, "ratio": 0.7, "odds_ratio": 2.2}


@pytest.mark.parametrize(("n1", "n2"), [(1, 1), (13, 11)])
@pytest.mark.parametrize(("measure", "method"), EXACT)
def test_exact_power_is_the_chance_of_all_tables_that_reject(measure, method, n1, n2) -> None:
    x1, x2 = np.arange(n1 + 1)[:, None], np.arange(n2 + 1)[None, :]
    value = ks.effects.proportions(x1, n1, x2, n2, measure=measure, method=method)
    margin, alpha = BOUND[measure], 0.1
    both = margin if measure == "difference" else max(margin, 1 / margin)
    for p1, p2 in ((0.35, 0.3), (0.9, 0.5), (0.0, 1.0)):
        design = {"n1": n1, "n2": n2, "p1": p1, "p2": p2, "measure": measure, "method": method, "alpha": alpha}
        for higher in BETTER:
            tested = {"margin": margin, "higher_is_better": higher}
            rejects = ks.equivalence.noninferiority(value, **tested, alpha=alpha).established
            power = ks.power.proportions_noninferiority(**design, **tested).power
            assert power == pytest.approx(brute(rejects, n1, n2, p1, p2), abs=1e-13)
            rejects = ks.equivalence.superiority(value, **tested, alpha=alpha).established
            power = ks.power.proportions_superiority(**design, **tested).power
            assert power == pytest.approx(brute(rejects, n1, n2, p1, p2), abs=1e-13)
        rejects = ks.equivalence.minimum_effect(value, margin=both, alpha=alpha).established
        power = ks.power.proportions_minimum_effect(**design, margin=both).power
        assert power == pytest.approx(brute(rejects, n1, n2, p1, p2), abs=1e-13)
        if measure != "difference":
            rejects = ks.equivalence.tost(value, margin=4 * both, alpha=alpha).established
            power = ks.power.proportions_ratio_equivalence(**design, margin=4 * both).power
            assert power == pytest.approx(brute(rejects, n1, n2, p1, p2), abs=1e-13)


@pytest.mark.parametrize("measure", ["ratio", "odds_ratio"])
def test_score_statistics_fall_with_each_event_in_group_2(measure) -> None:
    for n1, n2 in ((3, 8), (7, 7), (12, 5)):
        x1, x2 = np.arange(n1 + 1)[:, None], np.arange(n2 + 1)[None, :]
        for null in (0.05, 0.6, 1.0, 1.7, 30.0):
            for method in ("score", "koopman" if measure == "ratio" else "cornfield"):
                p = ks.effects.proportions(x1, n1, x2, n2, measure=measure, method=method).pvalue(
                    null, alternative="greater"
                )
                assert np.all(np.diff(p, axis=1) >= -1e-12)
                assert np.all(np.diff(p, axis=0) <= 1e-12)


@pytest.mark.parametrize("measure", METHODS)
def test_large_designs_bring_the_approximation_near(measure) -> None:
    margin = {"difference": 0.03, "ratio": 0.93, "odds_ratio": 0.86}[measure]
    design = {"n1": 3000, "n2": 2500, "p1": 0.42, "p2": 0.41, "measure": measure}
    tested = {"margin": margin, "higher_is_better": True}
    exact = ks.power.proportions_noninferiority(**design, **tested).power
    assert 0.5 < exact < 0.99
    normal = ks.power.proportions_noninferiority(**design, **tested, method="normal")
    assert normal.power == pytest.approx(exact, abs=0.006)
    assert "exact" not in normal.method
    both = margin if measure == "difference" else 1 / margin
    far = {**design, "p1": 0.50}
    exact = ks.power.proportions_minimum_effect(**far, margin=both).power
    normal = ks.power.proportions_minimum_effect(**far, margin=both, method="normal").power
    assert normal == pytest.approx(exact, abs=0.01)
    if measure != "difference":
        exact = ks.power.proportions_ratio_equivalence(**design, margin=1.12 * both).power
        normal = ks.power.proportions_ratio_equivalence(**design, margin=1.12 * both, method="normal").power
        assert normal == pytest.approx(exact, abs=0.01)


def test_difference_is_the_one_of_the_other_functions() -> None:
    design = {"n1": 30, "n2": 40, "p1": 0.6, "p2": 0.55}
    one = ks.power.proportions_noninferiority(**design, margin=0.2, higher_is_better=True).power
    assert one == ks.power.proportions_equivalence(**design, margin=(-0.2, math.inf)).power
    plain = ks.power.proportions_superiority(**design, margin=0, higher_is_better=True).power
    assert plain == ks.power.proportions(**design, alternative="greater").power
    same = ks.power.proportions_superiority(**design, margin=1, measure="odds_ratio", higher_is_better=True).power
    assert same == pytest.approx(plain, abs=1e-13)  # the three score tests of no effect are one


def test_events_that_are_bad_mirror_events_that_are_good() -> None:
    good = ks.power.proportions_noninferiority(n1=20, n2=25, p1=0.7, p2=0.65, margin=0.2, higher_is_better=True)
    bad = ks.power.proportions_noninferiority(n1=20, n2=25, p1=0.3, p2=0.35, margin=0.2, higher_is_better=False)
    assert good.power == pytest.approx(bad.power, abs=1e-13)
    odds = {"margin": 1.8, "measure": "odds_ratio"}
    good = ks.power.proportions_noninferiority(n1=20, n2=25, p1=0.7, p2=0.65, **odds, higher_is_better=True)
    bad = ks.power.proportions_noninferiority(n1=20, n2=25, p1=0.3, p2=0.35, **odds, higher_is_better=False)
    assert good.power == pytest.approx(bad.power, abs=1e-13)


def test_margins_with_one_end() -> None:
    design = {"n1": 20, "n2": 25, "p1": 0.7, "p2": 0.65, "measure": "ratio"}
    for method in ("score", "normal"):
        one = ks.power.proportions_noninferiority(**design, margin=0.8, higher_is_better=True, method=method).power
        both = ks.power.proportions_ratio_equivalence(**design, margin=(0.8, math.inf), method=method).power
        assert one == pytest.approx(both, abs=1e-15)
        outside = ks.power.proportions_minimum_effect(**design, margin=(0.0, 1.2), method=method).power
        better = ks.power.proportions_superiority(**design, margin=1.2, higher_is_better=True, method=method).power
        assert outside == pytest.approx(better, abs=1e-15)


def test_a_printed_noninferiority_size() -> None:
    # pwrss, examples: .55 against .50, margin .01, power .80 at one-sided .05 needs 855 per group (normal).
    design = {"p1": 0.55, "p2": 0.50, "margin": 0.01, "higher_is_better": True}
    for method in ("score", "normal"):
        power = ks.power.proportions_noninferiority(n1=855, n2=855, **design, method=method).power
        assert power == pytest.approx(0.80, abs=0.003)


def test_never_nan_at_extreme_rates() -> None:
    for measure, methods in METHODS.items():
        for method in methods:
            power = ks.power.proportions_noninferiority(
                n1=[1, 2, 50],
                n2=[1, 7, 3],
                p1=[[0.0], [1.0], [0.5], [1e-9]],
                p2=[0.0, 1.0, 0.3],
                margin=0.2,
                higher_is_better=True,
                measure=measure,
                method=method,
                alpha=1e-12,
            ).power
            assert power.shape == (4, 3)
            assert np.all((power >= 0) & (power <= 1))


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (
            lambda **k: ks.power.proportions_noninferiority(margin=0.0, higher_is_better=True, **k),
            InvalidArgument,
            "margin is 0",
        ),
        (
            lambda **k: ks.power.proportions_noninferiority(margin=1.5, higher_is_better=True, **k),
            InvalidArgument,
            "margin is 1",
        ),
        (
            lambda **k: ks.power.proportions_noninferiority(margin=1, higher_is_better=True, measure="ratio", **k),
            InvalidArgument,
            "no difference",
        ),
        (lambda **k: ks.power.proportions_superiority(margin=0.1, higher_is_better=1, **k), InvalidType, "good one"),
        (
            lambda **k: ks.power.proportions_superiority(margin=0.1, higher_is_better=True, method="wald", **k),
            InvalidArgument,
            "method is 'wald'",
        ),
        (
            lambda **k: ks.power.proportions_minimum_effect(margin=([-0.1, -0.2], 0.3), **k),
            InvalidArgument,
            "one margin",
        ),
        (
            lambda **k: ks.power.proportions_ratio_equivalence(margin=1.2, measure="difference", **k),
            InvalidArgument,
            "measure is 'difference'",
        ),
    ],
)
def test_refusals(call, error, message) -> None:
    with pytest.raises(error, match=message):
        call(n1=10, n2=10, p1=0.5, p2=0.5)


# -------------------------------------------------------------------------------------------------------- sample sizes
@pytest.mark.parametrize(
    ("question", "design"),
    [
        ("means_noninferiority", {"margin": 0.4, "higher_is_better": True, "effect": -0.05}),
        ("means_superiority", {"margin": 0.2, "higher_is_better": False, "effect": -0.8}),
        ("means_minimum_effect", {"margin": (-0.3, 0.1), "effect": 0.5}),
    ],
)
@pytest.mark.parametrize("ratio", [1.0, 1.6])
def test_sample_size_of_means_is_the_smallest(question, design, ratio) -> None:
    plan = ks.power.sample_size(question, power=0.9, alpha=0.025, ratio=ratio, **design)
    ask = getattr(ks.power, question)
    assert plan.power == pytest.approx(ask(n1=plan.n1, n2=plan.n2, alpha=0.025, **design).power, rel=1e-12)
    assert plan.power >= 0.9
    fewer = int(plan.n1) - 1
    assert ask(n1=fewer, n2=math.ceil(round(ratio * fewer, 9)), alpha=0.025, **design).power < 0.9


@pytest.mark.parametrize(
    ("question", "design"),
    [
        ("proportions_noninferiority", {"p1": 0.7, "p2": 0.7, "margin": 0.2, "higher_is_better": True}),
        (
            "proportions_noninferiority",
            {"p1": 0.2, "p2": 0.2, "margin": 2.5, "higher_is_better": False, "measure": "odds_ratio"},
        ),
        (
            "proportions_superiority",
            {"p1": 0.8, "p2": 0.4, "margin": 1.2, "higher_is_better": True, "measure": "ratio"},
        ),
        ("proportions_minimum_effect", {"p1": 0.8, "p2": 0.4, "margin": 0.1}),
        ("proportions_ratio_equivalence", {"p1": 0.8, "p2": 0.8, "margin": 1.4}),
    ],
)
def test_sample_size_of_proportions_is_the_first_that_reaches_the_power(question, design) -> None:
    plan = ks.power.sample_size(question, power=0.8, **design)
    ask = getattr(ks.power, question)
    n = np.arange(2, int(plan.n1) + 1)
    power = ask(n1=n, n2=n, **design).power
    assert power[-1] == plan.power >= 0.8
    assert np.all(power[:-1] < 0.8)


def test_printed_sizes_of_other_programs() -> None:
    # PowerTOST, sampleN.noninf: CV 0.3, margin 0.8, ratio 0.95, alpha 0.025: 48 people, 24 per sequence.
    sd = math.sqrt(math.log1p(0.09)) / math.sqrt(2)
    plan = ks.power.sample_size(
        "means_noninferiority",
        alpha=0.025,
        sd=sd,
        effect=math.log(0.95),
        margin=-math.log(0.8),
        higher_is_better=True,
    )
    assert 2 * plan.n1 == 48
    # pwrss: 855 per group by a normal approximation.
    plan = ks.power.sample_size(
        "proportions_noninferiority", p1=0.55, p2=0.5, margin=0.01, higher_is_better=True, method="normal"
    )
    assert plan.n1 == pytest.approx(855, abs=2)


def test_no_sample_can_show_what_is_not_true() -> None:
    with pytest.raises(ks.NoSolution, match="not on the side of the margin") as caught:
        ks.power.sample_size("means_noninferiority", margin=0.4, effect=-0.5, higher_is_better=True)
    assert caught.value.nearest == 0.05
    with pytest.raises(ks.NoSolution, match="the true rates"):
        ks.power.sample_size("proportions_superiority", p1=0.5, p2=0.5, margin=0.0, higher_is_better=True)
    with pytest.raises(InvalidType, match="higher_is_better"):
        ks.power.sample_size("means_superiority", margin=0.4, effect=0.5)
