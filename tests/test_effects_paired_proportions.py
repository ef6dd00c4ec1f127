"""Paired proportions, Poisson rates and numbers needed to treat."""

from __future__ import annotations

import csv
import json
import math
from itertools import product
from pathlib import Path

import mpmath
import numpy as np
import pytest
from scipy import optimize, stats

import ketastats as ks
from ketastats.effects import _paired_proportions, _rates
from ketastats.errors import InvalidArgument, InvalidType

GOLDEN = Path(__file__).parent / "golden" / "rates.csv"
PAIRED = [(measure, method) for measure, rules in _paired_proportions.RULES.items() for method in rules]
RATES = [(measure, method) for measure, rules in _rates.RULES.items() for method in rules]
PAIRS = np.array([(b, c, n) for n in (1, 2, 5, 9, 14) for b in range(n + 1) for c in range(n - b + 1)]).T
COUNTS = np.array([(a, s, b, t) for a, b in product((0, 1, 2, 5, 20), repeat=2) for s, t in ((1.0, 1.0), (0.3, 7.0))]).T
DIFFERENCES = np.array([-1.2, -1.0, -0.7, -0.2, -0.05, 0.0, 0.1, 0.33, 0.8, 1.0, 1.5])
RATIOS = np.array([-1.0, 0.0, 1e-5, 0.2, 0.7, 1.0, 1.4, 9.0, 1e4, np.inf])
FAR = np.array([-100.0, -30.0, -3.0, -0.4, 0.0, 0.2, 1.0, 7.0, 25.0, 90.0])


def check_agreement(estimate, nulls, alpha) -> None:
    found, p = estimate.confidence_interval(1 - alpha), estimate.pvalue(nulls)
    assert np.all((p >= 0) & (p <= 1))
    assert not np.isnan(found.low).any()
    assert not np.isnan(found.high).any()
    clear = np.abs(p - alpha) > 1e-9  # a tail of small counts can be alpha itself
    assert np.array_equal((p < alpha)[clear], ((found.low > nulls) | (found.high < nulls))[clear])
    assert np.count_nonzero(~clear) < 0.03 * p.size


# ----------------------------------------------------------------------------------------------------- invariants
@pytest.mark.parametrize("alpha", [0.02, 0.11, 0.5])
@pytest.mark.parametrize(("measure", "method"), PAIRED)
def test_paired_interval_excludes_a_value_exactly_when_its_test_rejects(measure, method, alpha) -> None:
    nulls = DIFFERENCES if measure == "difference" else RATIOS
    check_agreement(ks.effects.paired_proportions(*PAIRS[:, :, None], measure=measure, method=method), nulls, alpha)


@pytest.mark.parametrize("alpha", [0.02, 0.11, 0.5])
@pytest.mark.parametrize(("measure", "method"), RATES)
def test_rates_interval_excludes_a_value_exactly_when_its_test_rejects(measure, method, alpha) -> None:
    x1, t1, x2, t2 = COUNTS[:, :, None]
    estimate = ks.effects.rates(x1.astype(int), t1, x2.astype(int), t2, measure=measure, method=method)
    check_agreement(estimate, FAR if measure == "difference" else RATIOS, alpha)


@pytest.mark.parametrize(("measure", "method"), PAIRED)
def test_exchanging_the_times_mirrors(measure, method) -> None:
    b, c, n = PAIRS
    one = ks.effects.paired_proportions(b, c, n, measure=measure, method=method).confidence_interval(0.9)
    other = ks.effects.paired_proportions(c, b, n, measure=measure, method=method).confidence_interval(0.9)
    with np.errstate(divide="ignore"):
        turned = -other.high if measure == "difference" else 1 / other.high
    np.testing.assert_allclose(one.low, turned, rtol=1e-11, atol=1e-14)


@pytest.mark.parametrize(("measure", "method"), RATES)
def test_exchanging_groups_mirrors_the_rates(measure, method) -> None:
    x1, t1, x2, t2 = COUNTS
    a, b = x1.astype(int), x2.astype(int)
    one = ks.effects.rates(a, t1, b, t2, measure=measure, method=method).confidence_interval(0.9)
    other = ks.effects.rates(b, t2, a, t1, measure=measure, method=method).confidence_interval(0.9)
    with np.errstate(divide="ignore"):
        turned = -other.high if measure == "difference" else 1 / other.high
    np.testing.assert_allclose(one.low, turned, rtol=1e-10, atol=1e-14)
    # The unit of time changes nothing but the unit of a difference.
    other = ks.effects.rates(a, 12 * t1, b, 12 * t2, measure=measure, method=method).confidence_interval(0.9)
    np.testing.assert_allclose(one.high, other.high * (12 if measure == "difference" else 1), rtol=1e-10)


def test_no_difference_is_mcnemars_test() -> None:
    b, c, n = PAIRS
    some = b + c > 0
    want = np.ones(b.size)
    want[some] = stats.chi2.sf((b - c)[some] ** 2 / (b + c)[some], 1)
    for measure in ("difference", "odds_ratio"):
        np.testing.assert_allclose(ks.effects.paired_proportions(b, c, n, measure=measure).pvalue(), want, rtol=1e-11)


def test_pairs_without_a_change_say_nothing_about_the_odds() -> None:
    one = ks.effects.paired_proportions(6, 16, 22, measure="odds_ratio", method="midp").confidence_interval()
    other = ks.effects.paired_proportions(6, 16, 10**6, measure="odds_ratio", method="midp").confidence_interval()
    assert (one.low, one.high) == (other.low, other.high)
    nothing = ks.effects.paired_proportions(0, 0, 30, measure="odds_ratio", method="exact")
    assert (nothing.point, nothing.pvalue(), nothing.confidence_interval().high) == (1.0, 1.0, math.inf)


# ----------------------------------------------------------------------------------------- independent recomputation
@pytest.mark.parametrize(("b", "c", "n"), [(6, 16, 161), (0, 3, 20), (4, 0, 9), (30, 2, 40), (0, 0, 12)])
def test_tango_maximises_the_restricted_likelihood(b, c, n) -> None:
    for null in (-0.45, -0.1, 0.03, 0.3, 0.72):
        low, high = max(0.0, -null), (1.0 - null) / 2.0

        def loss(rare, null=null):
            cells = (rare + null, rare, 1.0 - 2.0 * rare - null)
            return -sum(k * math.log(max(p, 1e-300)) for k, p in zip((b, c, n - b - c), cells, strict=True))

        rare = optimize.minimize_scalar(loss, bounds=(low, high), method="bounded", options={"xatol": 1e-13}).x
        score = ((b - c) / n - null) / math.sqrt((2 * rare + null - null**2) / n)
        p = ks.effects.paired_proportions(b, c, n).pvalue(null, alternative="greater")
        assert p == pytest.approx(stats.norm.sf(score), rel=2e-4, abs=1e-12)


@pytest.mark.parametrize(
    ("x1", "t1", "x2", "t2"), [(60, 51.5, 30, 54.3), (0, 2.0, 4, 3.0), (3, 1.0, 0, 9.0), (0, 1.0, 0, 2.0)]
)
def test_rate_difference_maximises_the_restricted_likelihood(x1, t1, x2, t2) -> None:
    for null in (-2.0, -0.3, 0.2, 1.4):

        def loss(rate, null=null):
            one, two = rate + null, rate
            pull = x1 * math.log(max(one, 1e-300)) + x2 * math.log(max(two, 1e-300))
            return one * t1 + two * t2 - pull

        low = max(0.0, -null)
        rate = optimize.minimize_scalar(loss, bounds=(low, low + 20.0), method="bounded", options={"xatol": 1e-12}).x
        score = (x1 / t1 - x2 / t2 - null) / math.sqrt((rate + null) / t1 + rate / t2)
        p = ks.effects.rates(x1, t1, x2, t2, measure="difference").pvalue(null, alternative="greater")
        assert p == pytest.approx(stats.norm.sf(score), rel=1e-4, abs=1e-12)


@pytest.mark.parametrize("ratio", [1e-6, 0.4, 1.0, 3.7])
def test_conditional_rate_tests_sum_the_binomial(ratio) -> None:
    with mpmath.workdps(40):
        share = mpmath.mpf(ratio) * 5 / (mpmath.mpf(ratio) * 5 + 8)
        mass = [mpmath.binomial(18, k) * share**k * (1 - share) ** (18 - k) for k in range(19)]
        above, below, half = float(sum(mass[7:])), float(sum(mass[:8])), float(mass[7] / 2)
    for method, cut in (("exact", 0.0), ("midp", half)):
        estimate = ks.effects.rates(7, 5.0, 11, 8.0, method=method)
        assert estimate.pvalue(ratio, alternative="greater") == pytest.approx(above - cut, rel=1e-11)
        assert estimate.pvalue(ratio, alternative="less") == pytest.approx(below - cut, rel=1e-11)


# ------------------------------------------------------------------------------------------------------ golden values
def test_golden_one_sided_tests_of_a_rate_ratio() -> None:
    with GOLDEN.open(encoding="utf-8", newline="") as file:
        row = next(row for row in csv.DictReader(file) if row["id"] == "PRP-073")
    inputs, expected = json.loads(row["inputs_json"]), json.loads(row["expected_json"])
    names = {"wald": "wald", "score": "score", "wald_log": "log", "sqrt": "sqrt"}
    for key, method in names.items():
        p = ks.effects.rates(**inputs, method=method).pvalue(alternative="greater")
        assert p == pytest.approx(expected[f"p_one_sided_{key}"], abs=5e-6)


def test_rates_of_other_programs() -> None:
    # R exactci::poisson.exact and ratesci::scoreci as printed in statsmodels' tests of Poisson rates.
    table = (60, 51477.5, 30, 54308.7)
    for method, greater, less in (
        ("exact", 0.006651774552714537, 0.9964625674930079),
        ("midp", 0.005094603529853279, 0.9949053964701466),
    ):
        estimate = ks.effects.rates(*table, method=method)
        assert estimate.pvalue(1.2, alternative="greater") == pytest.approx(greater, rel=1e-12)
        assert estimate.pvalue(1.2, alternative="less") == pytest.approx(less, rel=1e-12)
    exact = ks.effects.rates(*table, method="exact").confidence_interval()
    assert (exact.low, exact.high) == pytest.approx((1.339735721772650, 3.388365573616252), rel=1e-12)
    score = ks.effects.rates(*table).confidence_interval()
    assert (score.low, score.high) == pytest.approx((1.365962, 3.259306), abs=5e-6)
    scaled = ks.effects.rates(60, 51.4775, 30, 54.3087, measure="difference").confidence_interval()
    assert (scaled.low, scaled.high) == pytest.approx((0.265796, 0.989192), abs=5e-6)


def test_pairs_of_other_programs() -> None:
    # cran/contingencytables, tests of chapter 8: Cavo et al. 2012, and 25 against 2.
    ends = {"score": (-0.1240, -0.0054), "wald": (-0.1184, -0.0058), "bonett_price": (-0.1195, -0.0032)}
    for method, want in ends.items():
        found = ks.effects.paired_proportions(6, 16, 161, method=method).confidence_interval()
        assert (found.low, found.high) == pytest.approx(want, abs=5e-5)
    for method, p in (("score", 0.033006), ("exact", 0.052479), ("midp", 0.034690)):
        estimate = ks.effects.paired_proportions(6, 16, 161, measure="odds_ratio", method=method)
        assert estimate.pvalue() == pytest.approx(p, abs=5e-7)
    for method, want in (("exact", (3.1169, 108.8892)), ("midp", (3.4681, 78.2972))):
        found = ks.effects.paired_proportions(25, 2, 60, measure="odds_ratio", method=method).confidence_interval()
        assert (found.low, found.high) == pytest.approx(want, abs=5e-5)
    wilson = ks.effects.paired_proportions(6, 16, 161, measure="odds_ratio").confidence_interval()
    assert (wilson.low, wilson.high) == pytest.approx((0.1514, 0.9287), abs=5e-5)


# -------------------------------------------------------------------------------------------------- numbers needed
def test_number_needed_passes_through_infinity() -> None:
    found = ks.effects.number_needed_to_treat(14, 46, 7, 37, event_is_good=True)
    interval = ks.effects.proportions(14, 46, 7, 37).confidence_interval()
    assert found.benefit == pytest.approx(1 / (14 / 46 - 7 / 37))
    assert found.benefit_low == pytest.approx(1 / interval.high)
    assert found.harm_low == pytest.approx(-1 / interval.low)
    assert (found.benefit_high, found.harm_high, found.harm) == (math.inf, math.inf, math.inf)
    assert found.through_infinity
    assert found.text.startswith("NNTB 8.7 (NNTB ")
    assert " to infinity to NNTH " in found.text


def test_number_needed_on_one_side() -> None:
    found = ks.effects.number_needed_to_treat(56, 70, 48, 80, event_is_good=True)
    assert not found.through_infinity
    assert found.benefit_low < found.benefit < found.benefit_high < math.inf
    assert (found.harm, found.harm_low, found.harm_high) == (math.inf, math.inf, math.inf)
    assert found.text == "NNTB 5 (NNTB 3 to 19)"
    bad = ks.effects.number_needed_to_treat(56, 70, 48, 80, event_is_good=False)
    assert (bad.harm, bad.harm_low, bad.harm_high) == (found.benefit, found.benefit_low, found.benefit_high)
    assert bad.text == "NNTH 5 (NNTH 3 to 19)"


def test_number_needed_without_a_difference() -> None:
    found = ks.effects.number_needed_to_treat([5, 0, 10], [10, 10, 10], [5, 10, 0], [10, 10, 10], event_is_good=False)
    assert found.text[0].startswith("none (NNTB ")
    assert found.harm.tolist() == [math.inf, math.inf, 1.0]
    assert found.benefit.tolist() == [math.inf, 1.0, math.inf]
    assert len(found.to_frame()) == 3
    nothing = ks.effects.number_needed_to_treat(0, 5, 0, 5, event_is_good=True, method="wald")
    assert nothing.text == "none (no benefit and no harm)"


# ------------------------------------------------------------------------------------------- equivalence and refusals
def test_equivalence_of_pairs_and_rates() -> None:
    pairs = ks.equivalence.paired_proportions(8, 10, 120, margin=0.10)
    value = ks.effects.paired_proportions(8, 10, 120)
    assert pairs.p_lower == value.pvalue(-0.10, alternative="greater")
    assert pairs.established == (pairs.threshold_margin < 0.10)
    rates = ks.equivalence.rates(140, 520.0, 131, 498.0, margin=1.25)
    assert (rates.margin_low, rates.margin_high) == (0.8, 1.25)
    assert rates.established == (rates.low > 0.8 and rates.high < 1.25)
    difference = ks.equivalence.rates(140, 520.0, 131, 498.0, margin=0.06, measure="difference")
    assert difference.established == (difference.threshold_margin < 0.06)
    worse = ks.equivalence.noninferiority(ks.effects.rates(140, 520.0, 131, 498.0), margin=1.25, higher_is_better=False)
    assert worse.p_noninferiority == rates.p_upper


def test_large_counts_and_tiny_levels_stay_finite() -> None:
    for level in (0.5, 0.95, 1 - 2e-12):
        for measure, method in PAIRED:
            found = ks.effects.paired_proportions([3, 0, 400_000], [9, 1, 10], 10**6, measure=measure, method=method)
            interval = found.confidence_interval(level)
            assert np.all(interval.low <= interval.high)
        for measure, method in RATES:
            found = ks.effects.rates([3, 0, 10**6], [1e-3, 1.0, 1e9], [1, 0, 4], 5.0, measure=measure, method=method)
            interval = found.confidence_interval(level)
            assert np.all(interval.low <= interval.high)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (
            lambda: ks.effects.paired_proportions(6, 16, 20),
            InvalidArgument,
            "b \\+ c is 22; allowed: at most n, here 20",
        ),
        (lambda: ks.effects.paired_proportions(-1, 16, 20), InvalidArgument, "b is -1"),
        (lambda: ks.effects.paired_proportions(1, 2, 20, method="newcombe"), InvalidArgument, "method is 'newcombe'"),
        (lambda: ks.effects.rates(1, 0.0, 2, 3.0), InvalidArgument, "t1 is 0"),
        (lambda: ks.effects.rates(1.5, 1.0, 2, 3.0), InvalidArgument, "x1 is 1"),
        (lambda: ks.effects.rates(1, 1.0, 2, 3.0).pvalue(math.nan), InvalidArgument, "null is nan"),
        (
            lambda: ks.effects.number_needed_to_treat(1, 5, 2, 5, event_is_good="no"),
            InvalidType,
            "Say whether an event is a good outcome",
        ),
    ],
)
def test_refusals(call, error, message) -> None:
    with pytest.raises(error, match=message):
        call()
