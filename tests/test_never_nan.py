"""No function answers a valid question with NaN, a probability outside 0 and 1, or ends in the wrong order.

Designs are drawn over n from 2 to 1e6, effects from 0 to 20 standard deviations and alpha from 1e-12 to 0.5, all
log-uniform.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import ketastats as ks

POINTS = 300
ALPHAS = np.geomspace(1e-12, 0.5, 4).tolist()
effects, equivalence, power, evidence = ks.effects, ks.equivalence, ks.power, ks.evidence


class Draws:
    """Random designs: `n1`, `n2`, counts below them, an effect, its test statistic, a margin around it."""

    def __init__(self, seed: int, points: int = POINTS, largest: float = 1e6) -> None:
        rng = np.random.default_rng(seed)

        def spread(low: float, high: float) -> np.ndarray[Any, np.dtype[np.float64]]:
            return np.exp(rng.uniform(np.log(low), np.log(high), points))

        self.n1, self.n2 = (np.rint(spread(2, largest)).astype(np.int64) for _ in range(2))
        sign = rng.choice([-1.0, 1.0], points)
        self.effect = sign * np.where(rng.uniform(size=points) < 0.1, 0.0, spread(1e-4, 20))
        self.sd1, self.sd2 = spread(0.1, 10), spread(0.1, 10)
        self.margin = (-spread(1e-3, 30), spread(1e-3, 30))
        self.ratios = (np.exp(self.margin[0]), np.exp(self.margin[1]))
        self.t = self.effect * np.sqrt(self.n1 / (1 + self.n1 / self.n2))
        self.p1, self.p2 = rng.beta(0.5, 0.5, points), rng.beta(0.5, 0.5, points)
        self.x1, self.x2 = rng.binomial(self.n1, self.p1), rng.binomial(self.n2, self.p2)
        self.b = rng.binomial(self.n1, 0.3 * self.p1)
        self.c = rng.binomial(self.n1 - self.b, 0.3 * self.p2)
        self.r = np.tanh(self.effect / 4)
        self.r_margin = (np.tanh(self.margin[0]), np.tanh(self.margin[1]))
        self.df = spread(1, 1e4)
        self.f = np.square(self.effect) + 1e-3
        self.share = np.where(self.margin[1] < 0.9, self.margin[1], 0.5)
        self.times = spread(0.1, 1e3)
        self.p = spread(1e-300, 1.0)


D = Draws(83)
#: For what inverts a noncentral distribution at each point, and for what enumerates.
F = Draws(84, 16)
SMALL = Draws(85, 12, 60)
GROUPS = (D.effect, D.sd1, D.n1, 0.0, D.sd2, D.n2)
FEWER = (F.effect, F.sd1, F.n1, 0.0, F.sd2, F.n2)
LEVELS = [1e-12, 0.5, 0.9, 0.999999]
RISKS = ("difference", "ratio", "odds_ratio")

ESTIMATES: dict[str, Callable[[], Any]] = {
    "means": lambda: effects.means(*GROUPS),
    "means_student": lambda: effects.means(*GROUPS, variances="equal"),
    "means_smd": lambda: effects.means(*FEWER, measure="smd", variances="equal"),
    "mean_ratio": lambda: effects.mean_ratio(
        np.exp(D.effect / 20), D.sd1 / 10, D.n1, 1.0, D.sd2 / 10, D.n2, method="delta"
    ),
    "mean_ratio_paired": lambda: effects.mean_ratio_paired(np.exp(D.effect / 20), D.sd1, 1.0, D.sd2, D.n1, r=D.r),
    "one_sample": lambda: effects.one_sample(D.effect, D.sd1, D.n1),
    "one_sample_smd": lambda: effects.one_sample(F.effect, F.sd1, F.n1, measure="smd"),
    "paired": lambda: effects.paired(D.effect, D.sd1, 0.0, D.sd2, D.n1, r=0.9 * D.r),
    "correlation": lambda: effects.correlation(0.999 * D.r, D.n1 + 2),
    "spearman": lambda: effects.correlation(0.999 * D.r, D.n1 + 2, kind="spearman"),
    "estimate": lambda: effects.estimate(D.effect, D.sd1, df=D.df),
    "proportion": lambda: effects.proportion(D.x1, D.n1),
    "rates": lambda: effects.rates(D.x1, D.times, D.x2, 2 * D.times),
    "rates_difference": lambda: effects.rates(D.x1, D.times, D.x2, 2 * D.times, measure="difference"),
    "smd_from_t": lambda: effects.smd_from_t(F.t, F.n1, F.n2),
    "smd_z_from_t": lambda: effects.smd_z_from_t(F.t, F.n1),
    "standardised_means": lambda: effects.standardised_means(*FEWER, by="sd2"),
    "variance_explained": lambda: effects.variance_explained(F.f, F.df, F.n1),
    **{f"proportions_{m}": (lambda m=m: effects.proportions(D.x1, D.n1, D.x2, D.n2, measure=m)) for m in RISKS},
    **{f"paired_{m}": (lambda m=m: effects.paired_proportions(D.b, D.c, D.n1, measure=m)) for m in RISKS[::2]},
}


def finite_or_ends(value: Any) -> bool:
    return not np.any(np.isnan(np.asarray(value, dtype=np.float64)))


@pytest.mark.parametrize("name", ESTIMATES)
def test_estimates_and_intervals(name: str) -> None:
    estimate = ESTIMATES[name]()
    assert finite_or_ends(estimate.point)
    before = None
    for level in LEVELS:
        interval = estimate.confidence_interval(level)
        low, high = np.asarray(interval.low), np.asarray(interval.high)
        assert finite_or_ends(low)
        assert finite_or_ends(high)
        assert np.all(low <= high)
        if before is not None:  # a wider level holds the narrower one, to the digits that both have
            slack = 1e-9 * (
                1 + np.where(np.isfinite(low), np.abs(low), 0) + np.where(np.isfinite(high), np.abs(high), 0)
            )
            assert np.all(low <= before[0] + slack)
            assert np.all(high >= before[1] - slack)
        before = low, high
    for alternative in ("two-sided", "greater", "less"):
        null = 1.0 if np.asarray(estimate.point).min() >= 0 and "ratio" in str(estimate.scale) else 0.0
        p = np.asarray(estimate.pvalue(null, alternative=alternative))
        assert finite_or_ends(p)
        assert np.all((p >= 0) & (p <= 1))


EQUIVALENCE: dict[str, Callable[[float], Any]] = {
    "means": lambda a: equivalence.means(*GROUPS, margin=D.margin, alpha=a),
    "means_smd": lambda a: equivalence.means(*FEWER, margin=F.margin, alpha=a, measure="smd", variances="equal"),
    "mean_ratio": lambda a: equivalence.mean_ratio(
        np.exp(D.effect / 20), D.sd1 / 10, D.n1, 1.0, D.sd2 / 10, D.n2, margin=D.ratios, alpha=a
    ),
    "one_sample": lambda a: equivalence.one_sample(D.effect, D.sd1, D.n1, margin=D.margin, alpha=a),
    "paired": lambda a: equivalence.paired(D.effect, D.sd1, 0.0, D.sd2, D.n1, r=0.9 * D.r, margin=D.margin, alpha=a),
    "correlation": lambda a: equivalence.correlation(0.999 * D.r, D.n1 + 2, margin=D.r_margin, alpha=a),
    "estimate": lambda a: equivalence.estimate(D.effect, D.sd1, df=D.df, margin=D.margin, alpha=a),
    "proportions": lambda a: equivalence.proportions(D.x1, D.n1, D.x2, D.n2, margin=0.1, alpha=a),
    "proportions_ratio": lambda a: equivalence.proportions(
        D.x1, D.n1, D.x2, D.n2, margin=1.25, alpha=a, measure="ratio"
    ),
    "paired_proportions": lambda a: equivalence.paired_proportions(D.b, D.c, D.n1, margin=0.1, alpha=a),
    "rates": lambda a: equivalence.rates(D.x1, D.times, D.x2, D.times, margin=1.25, alpha=a),
    "smd_from_t": lambda a: equivalence.smd_from_t(F.t, F.n1, F.n2, margin=F.margin, alpha=a),
    "variance_explained": lambda a: equivalence.variance_explained(F.f, F.df, F.n1, margin=F.share, alpha=a),
}


@pytest.mark.parametrize("name", EQUIVALENCE)
def test_equivalence(name: str) -> None:
    for alpha in ALPHAS:
        found = EQUIVALENCE[name](alpha)
        for p in (found.p_lower, found.p_upper, found.pvalue):
            assert finite_or_ends(p)
            assert np.all((np.asarray(p) >= 0) & (np.asarray(p) <= 1))
        assert np.all(found.pvalue == np.maximum(found.p_lower, found.p_upper))
        assert np.all(found.low <= found.high)
        assert finite_or_ends(found.threshold_margin)
        assert np.all(found.threshold_margin >= 0)


RATES = {"n1": SMALL.n1, "n2": SMALL.n2, "p1": SMALL.p1, "p2": SMALL.p2}
SIZES = {"n1": D.n1, "n2": D.n2}
POWER: dict[str, Callable[[float], Any]] = {
    "bioequivalence": lambda a: power.bioequivalence(
        n1=D.n1, n2=D.n2, margin=D.ratios, cv=D.sd1, ratio=np.exp(D.effect), alpha=a
    ),
    "chi_square": lambda a: power.chi_square(df=np.rint(D.df), w=np.abs(D.effect), n=D.n1, alpha=a),
    "correlation": lambda a: power.correlation(n=F.n1 + 2, r=0.999 * F.r, alpha=a),
    "correlation_equivalence": lambda a: power.correlation_equivalence(
        n=D.n1 + 2, r=0.999 * D.r, margin=D.r_margin, alpha=a
    ),
    "crossover_equivalence": lambda a: power.crossover_equivalence(
        **SIZES, margin=D.margin, sd=D.sd1, effect=D.effect, alpha=a
    ),
    "f_test": lambda a: power.f_test(df1=D.df, df2=D.n1, ncp=np.square(D.effect), alpha=a),
    "fieller_equivalence": lambda a: power.fieller_equivalence(
        **SIZES, margin=D.ratios, cv=D.sd1, cv_between=D.sd2, ratio=np.exp(D.effect), alpha=a
    ),
    "means": lambda a: power.means(**SIZES, effect=D.effect, sd=D.sd1, alpha=a),
    "means_equivalence": lambda a: power.means_equivalence(**SIZES, margin=D.margin, effect=D.effect, alpha=a),
    "means_minimum_effect": lambda a: power.means_minimum_effect(**SIZES, margin=D.margin, effect=D.effect, alpha=a),
    "means_noninferiority": lambda a: power.means_noninferiority(
        **SIZES, margin=D.margin[1], effect=D.effect, higher_is_better=True, alpha=a
    ),
    "means_superiority": lambda a: power.means_superiority(
        **SIZES, margin=D.margin[1], effect=D.effect, higher_is_better=False, alpha=a
    ),
    "means_welch_equivalence": lambda a: power.means_welch_equivalence(
        n1=F.n1, n2=F.n2, margin=F.margin, sd1=F.sd1, sd2=F.sd2, effect=F.effect, alpha=a
    ),
    "one_sample": lambda a: power.one_sample(n=D.n1, effect=D.effect, alpha=a),
    "one_sample_equivalence": lambda a: power.one_sample_equivalence(n=D.n1, margin=D.margin, effect=D.effect, alpha=a),
    "paired": lambda a: power.paired(n=D.n1, effect=D.effect, alpha=a, alternative="less"),
    "paired_equivalence": lambda a: power.paired_equivalence(n=D.n1, margin=D.margin, effect=D.effect, alpha=a),
    "proportion_equivalence": lambda a: power.proportion_equivalence(n=D.n1, p=D.p1, margin=(0.2, 0.7), alpha=a),
    "proportions": lambda a: power.proportions(**RATES, alpha=a),
    "proportions_equivalence": lambda a: power.proportions_equivalence(**RATES, margin=0.2, alpha=a),
    "proportions_minimum_effect": lambda a: power.proportions_minimum_effect(**RATES, margin=0.2, alpha=a),
    "proportions_ratio_equivalence": lambda a: power.proportions_ratio_equivalence(**RATES, margin=1.5, alpha=a),
    "rates": lambda a: power.rates(t1=SMALL.n1, t2=SMALL.n2, rate1=SMALL.sd1, rate2=SMALL.sd2, alpha=a),
    "rates_equivalence": lambda a: power.rates_equivalence(
        **SIZES, rate1=D.sd1, rate2=D.sd2, margin=D.ratios, exposure=D.times, dispersion=D.sd1, alpha=a
    ),
}


@pytest.mark.parametrize("name", POWER)
def test_power(name: str) -> None:
    for alpha in ALPHAS:
        chance = np.asarray(POWER[name](alpha).power)
        assert chance.size >= 12
        assert np.all((chance >= 0) & (chance <= 1))


def test_sign_and_size_of_significant_errors() -> None:
    for alpha in ALPHAS:
        found = power.type_s_m(F.effect + (F.effect == 0), F.sd1, df=F.df + 2, alpha=alpha)
        for value in found.to_frame().select_dtypes("number").to_numpy().T:
            assert finite_or_ends(value)


FACTORS: dict[str, Callable[[], Any]] = {
    "correlation": lambda: evidence.correlation(0.999 * D.r, D.n1 + 2),
    "correlation_jzs": lambda: evidence.correlation_jzs(0.999 * D.r, D.n1 + 2),
    "estimate": lambda: evidence.estimate(D.effect, se=D.sd1, df=D.df, prior_mean=0.0, prior_sd=D.sd2),
    "log_odds_ratio": lambda: evidence.log_odds_ratio(F.x1, F.n1, F.x2, F.n2),
    "means": lambda: evidence.means(t=D.t, n1=D.n1, n2=D.n2, scale=D.sd1),
    "means_greater": lambda: evidence.means(t=D.t, n1=D.n1, n2=D.n2, alternative="greater"),
    "means_informed": lambda: evidence.means(
        t=F.t, n1=F.n1, n2=F.n2, scale=F.sd1, location=F.effect, alternative="less"
    ),
    "means_interval": lambda: evidence.means_interval(t=F.t, n1=F.n1, n2=F.n2, margin=0.3),
    "proportion": lambda: evidence.proportion(D.x1, D.n1, null=0.3),
    "proportions": lambda: evidence.proportions(D.x1, D.n1, D.x2, D.n2),
    "proportions_interval": lambda: evidence.proportions_interval(F.x1, F.n1, F.x2, F.n2, margin=0.1),
    "replication_estimate": lambda: evidence.replication_estimate(
        D.effect, se=D.sd1, original=D.effect[::-1], original_se=D.sd2
    ),
    "replication_means": lambda: evidence.replication_means(
        t=F.t, n1=F.n1, n2=F.n2, original_t=F.t[::-1], original_n1=F.n2, original_n2=F.n1
    ),
    "tables": lambda: evidence.tables(SMALL.x1, SMALL.n1, SMALL.x2, SMALL.n2),
}


@pytest.mark.parametrize("name", FACTORS)
def test_bayes_factors(name: str) -> None:
    found = FACTORS[name]()
    if name.endswith("interval"):  # a hypothesis without any posterior mass is infinitely against
        assert finite_or_ends(found.log_bf10)
        assert np.all((found.posterior_mass >= 0) & (found.posterior_mass <= 1))
    else:
        assert np.all(np.isfinite(found.log_bf10))


def test_curves_and_conversions() -> None:
    estimate = effects.estimate(D.effect, D.sd1, df=D.df)
    assert np.all(evidence.svalue(D.p) >= 0)
    curve = evidence.compatibility(effects.estimate(0.3, 0.2, df=20.0), D.effect)
    assert np.all((curve.pvalue >= 0) & (curve.pvalue <= 1))
    interval = estimate.confidence_interval(0.9)
    second = evidence.sgpv(interval.low, interval.high, margin=0.3)
    assert finite_or_ends(second.to_frame().select_dtypes("number").to_numpy())
    back = effects.t_from_p(D.p, D.df)
    assert np.all(np.isfinite(back))
    assert np.all(np.abs(np.log(effects.p_from_t(back, D.df)) / np.log(D.p) - 1)[D.p < 0.99] < 1e-9)
    for value in (
        effects.d_from_t(D.t, D.n1, D.n2),
        effects.t_from_d(D.effect, D.n1, D.n2),
        effects.d_from_p(D.p, D.n1, D.n2),
        effects.r_from_t(D.t, D.df),
        effects.r_from_d(D.effect, D.n1, D.n2),
        effects.f_from_p(D.p, 3.0, D.df),
        effects.chi2_from_p(D.p),
        effects.p_from_chi2(np.square(D.effect)),
        effects.odds_ratio_from_d(D.effect, assuming="logistic"),
    ):
        assert finite_or_ends(value)
