"""Pooling: four variances between studies, Knapp-Hartung, prediction, and equivalence of what is pooled."""

from __future__ import annotations

import importlib
import math

import mpmath
import numpy as np
import pytest
from scipy import optimize, stats

import ketastats as ks
from ketastats.effects._pool import METHODS
from ketastats.errors import InvalidArgument
from ketastats.numerics import pooling

# Thirteen trials of BCG against tuberculosis (Colditz et al. 1994): cases and others, vaccinated and control.
BCG = np.array(
    [
        (4, 119, 11, 128),
        (6, 300, 29, 274),
        (3, 228, 11, 209),
        (62, 13536, 248, 12619),
        (33, 5036, 47, 5761),
        (180, 1361, 372, 1079),
        (8, 2537, 10, 619),
        (505, 87886, 499, 87892),
        (29, 7470, 45, 7232),
        (17, 1699, 65, 1600),
        (186, 50448, 141, 27197),
        (5, 2493, 3, 2338),
        (27, 16886, 29, 17825),
    ],
    dtype=float,
)
BY_YEAR = [0, 1, 5, 2, 9, 8, 11, 4, 6, 10, 12, 3, 7]
RANDOM = [name for name in METHODS if name != "fixed"]


def log_risk_ratios() -> tuple[np.ndarray, np.ndarray]:
    a, b, c, d = BCG.T
    return np.log(a / (a + b)) - np.log(c / (c + d)), np.sqrt(1 / a - 1 / (a + b) + 1 / c - 1 / (c + d))


def samples(count: int):
    rng = np.random.default_rng(17)
    for _ in range(count):
        k = int(rng.integers(2, 12))
        error = 10 ** rng.uniform(-1.5, 0.5, k)
        yield rng.normal(0, rng.choice([0.0, 0.2, 1.0]), k) + rng.normal(0, error), error


# ------------------------------------------------------------------------------------------------- published numbers
def test_bcg_trials_as_metafor_prints_them() -> None:
    y, error = log_risk_ratios()
    # metafor, dat.bcg, measure RR: FE, DL, REML, PM; estimate, SE, tau^2 as printed to four decimals.
    printed = {
        "fixed": (-0.4303, 0.0405, 0.0),
        "dersimonian_laird": (-0.7141, 0.1787, 0.3088),
        "reml": (-0.7145, 0.1798, 0.3132),
        "paule_mandel": (-0.7150, 0.1809, 0.3181),
    }
    for method, (point, se, tau2) in printed.items():
        pooled = ks.effects.pool(np.exp(y), error, method=method, measure="risk_ratio")
        assert math.log(pooled.point) == pytest.approx(point, abs=5e-5)
        assert pooled.standard_error == pytest.approx(se, abs=5e-5)
        assert pooled.tau2 == pytest.approx(tau2, abs=5e-5)
        assert pooled.q == pytest.approx(152.233008082373, rel=1e-12)
        assert pooled.p_heterogeneity == pytest.approx(1.99676459084592e-26, rel=1e-9)
        assert pooled.studies == 13


def test_knapp_hartung_in_a_cumulative_pooling() -> None:
    # metafor: cumul(rma(yi, vi, method = "REML", test = "knha"), order = year), tight convergence.
    y, error = log_risk_ratios()
    printed = {
        2: (-1.32500344224488, -5.60470865844108, 2.95470177395133, 0.0),
        3: (-0.972079931812824, -1.95119919485508, 0.00703933122943246, 0.087206792838218),
        7: (-0.901251100272772, -1.40314344022821, -0.399358760317336, 0.120459721860583),
        13: (-0.714532342158211, -1.10844371368566, -0.320620970630764, 0.313243258137274),
    }
    for k, want in printed.items():
        first = BY_YEAR[:k]
        pooled = ks.effects.pool(y[first], error[first], method="reml", knapp_hartung=True)
        interval = pooled.confidence_interval(0.95)
        assert (pooled.point, interval.low, interval.high, pooled.tau2) == pytest.approx(want, rel=1e-9)
        assert pooled.df == k - 1


# Its variance between studies may be negative, and the error of its pooled estimate then no number.
@pytest.mark.filterwarnings("ignore:invalid value:RuntimeWarning")
def test_statsmodels_agrees_where_its_answer_is_closed() -> None:
    meta = importlib.import_module("statsmodels.stats.meta_analysis")
    for y, error in samples(12):
        other = meta.combine_effects(y, error**2, method_re="chi2")
        ours = ks.effects.pool(y, error, method="dersimonian_laird")
        assert ours.tau2 == pytest.approx(max(other.tau2, 0.0), rel=1e-11, abs=1e-11)
        if other.tau2 > 0:
            assert ours.point == pytest.approx(other.mean_effect_re, rel=1e-11, abs=1e-13)
            assert ours.standard_error == pytest.approx(other.sd_eff_w_re, rel=1e-11)
            hartung = ks.effects.pool(y, error, method="dersimonian_laird", knapp_hartung=True)
            assert hartung.standard_error == pytest.approx(other.sd_eff_w_re_hksj, rel=1e-11)
        fixed = ks.effects.pool(y, error, method="fixed")
        assert fixed.point == pytest.approx(other.mean_effect_fe, rel=1e-11, abs=1e-13)
        assert fixed.standard_error == pytest.approx(other.sd_eff_w_fe, rel=1e-11)
        assert fixed.q == pytest.approx(other.q, rel=1e-10)


def test_a_variance_that_another_program_misses() -> None:
    # Two studies have a closed form, ((y1 - y2)^2 - v1 - v2) / 2; statsmodels 0.15 iterates to 0 here.
    pooled = ks.effects.pool([-5.28, 0.92], [1.94, 1.46], method="paule_mandel")
    assert pooled.tau2 == pytest.approx((6.2**2 - 1.94**2 - 1.46**2) / 2, rel=1e-12)
    assert ks.effects.pool([-5.28, 0.92], [1.94, 1.46], method="reml").tau2 > 0


# ----------------------------------------------------------------------------------------- independent recomputation
def minus_restricted_likelihood(tau2: float, y: np.ndarray, v: np.ndarray) -> float:
    weight = 1 / (v + tau2)
    centre = np.sum(weight * y) / weight.sum()
    return 0.5 * (np.sum(np.log(v + tau2)) + math.log(weight.sum()) + np.sum(weight * (y - centre) ** 2))


def test_reml_has_the_highest_restricted_likelihood() -> None:
    positive = 0
    for y, error in samples(25):
        found = ks.effects.pool(y, error, method="reml").tau2
        top = minus_restricted_likelihood(found, y, error**2)
        for tau2 in [0.0, *np.geomspace(1e-6, 1e3, 100)]:
            assert top <= minus_restricted_likelihood(tau2, y, error**2) + 1e-10
        if found > 0:
            positive += 1
            best = optimize.minimize_scalar(
                minus_restricted_likelihood, bounds=(0.5 * found, 2 * found), args=(y, error**2), method="bounded"
            )
            assert best.x == pytest.approx(found, rel=1e-2)
    assert 5 < positive < 25


def test_reml_takes_the_higher_of_two_peaks() -> None:
    # Two precise studies far apart and one vague: the likelihood is looked at everywhere.
    y, error = np.array([0.0, 6.0, 40.0, 41.0]), np.array([4.0, 4.0, 20.0, 0.1])
    found = ks.effects.pool(y, error).tau2
    grid = np.geomspace(1e-8, 1e6, 4_000)
    best = min(minus_restricted_likelihood(tau2, y, error**2) for tau2 in grid)
    assert minus_restricted_likelihood(found, y, error**2) <= best + 1e-9


def test_paule_mandel_makes_q_what_is_expected() -> None:
    for y, error in samples(40):
        found = ks.effects.pool(y, error, method="paule_mandel").tau2
        q = pooling.cochran_q(y, error**2, found)
        if found > 0:
            assert q == pytest.approx(y.size - 1, rel=1e-12)
        else:
            assert q <= y.size - 1


def test_moments_and_the_pooled_estimate_at_forty_digits() -> None:
    with mpmath.workdps(40):
        for y, error in samples(10):
            a, v = [mpmath.mpf(x) for x in y], [mpmath.mpf(x) ** 2 for x in error]
            w = [1 / x for x in v]
            centre = sum(p * q for p, q in zip(w, a, strict=True)) / sum(w)
            q = sum(p * (x - centre) ** 2 for p, x in zip(w, a, strict=True))
            tau2 = max((q - len(a) + 1) / (sum(w) - sum(p * p for p in w) / sum(w)), 0)
            w = [1 / (x + tau2) for x in v]
            centre = sum(p * x for p, x in zip(w, a, strict=True)) / sum(w)
            pooled = ks.effects.pool(y, error, method="dersimonian_laird")
            assert pooled.tau2 == pytest.approx(float(tau2), rel=1e-11, abs=1e-14)
            assert pooled.point == pytest.approx(float(centre), rel=1e-12, abs=1e-14)
            assert pooled.standard_error == pytest.approx(float(1 / mpmath.sqrt(sum(w))), rel=1e-12)
            np.testing.assert_allclose(pooled.weights, [float(p / sum(w)) for p in w], rtol=1e-12)


# ----------------------------------------------------------------------------------------------------- invariants
@pytest.mark.parametrize("method", METHODS)
def test_order_shift_and_scale_do_not_matter(method) -> None:
    for y, error in samples(8):
        one = ks.effects.pool(y, error, method=method)
        turned = ks.effects.pool(y[::-1], error[::-1], method=method)
        moved = ks.effects.pool(10.0 - 3.0 * y, 3.0 * error, method=method)
        assert turned.point == pytest.approx(one.point, rel=1e-9, abs=1e-12)
        assert moved.point == pytest.approx(10.0 - 3.0 * one.point, rel=1e-8)
        assert moved.tau2 == pytest.approx(9.0 * one.tau2, rel=1e-7, abs=1e-9)
        assert moved.standard_error == pytest.approx(3.0 * one.standard_error, rel=1e-7)


@pytest.mark.parametrize("method", METHODS)
def test_studies_that_agree_have_no_variance_between_them(method) -> None:
    pooled = ks.effects.pool([0.3] * 5, [0.1, 0.2, 0.3, 0.4, 0.5], method=method)
    assert (pooled.point, pooled.tau2, pooled.q, pooled.i2) == (pytest.approx(0.3), 0.0, pytest.approx(0.0), 0.0)
    assert pooled.p_heterogeneity == pytest.approx(1.0)


def test_ratios_are_pooled_on_the_log_scale() -> None:
    y, error = log_risk_ratios()
    ratio = ks.effects.pool(np.exp(y), error, measure="odds_ratio")
    plain = ks.effects.pool(y, error)
    assert ratio.point == pytest.approx(math.exp(plain.point), rel=1e-12)
    interval, logs = ratio.confidence_interval(0.9), plain.confidence_interval(0.9)
    assert (interval.low, interval.high) == pytest.approx((math.exp(logs.low), math.exp(logs.high)), rel=1e-12)
    assert ratio.pvalue() == pytest.approx(plain.pvalue(), rel=1e-9)
    ahead, before = ratio.prediction_interval(), plain.prediction_interval()
    assert (ahead.low, ahead.high) == pytest.approx((math.exp(before.low), math.exp(before.high)), rel=1e-10)


@pytest.mark.parametrize("method", RANDOM)
def test_prediction_interval_by_hand(method) -> None:
    y, error = log_risk_ratios()
    pooled = ks.effects.pool(y, error, method=method)
    ahead = pooled.prediction_interval(0.90)
    half = stats.t.isf(0.05, 11) * math.sqrt(pooled.tau2 + pooled.standard_error**2)
    assert (ahead.low, ahead.high) == pytest.approx((pooled.point - half, pooled.point + half), rel=1e-12)
    assert (ahead.df, ahead.level) == (11, 0.90)
    interval = pooled.confidence_interval(0.90)
    assert ahead.low < interval.low < interval.high < ahead.high


def test_pooled_effect_goes_into_every_question() -> None:
    pooled = ks.effects.pool([0.22, -0.15, 0.30, 0.04], [0.10, 0.12, 0.15, 0.09], measure="smd", knapp_hartung=True)
    result = ks.equivalence.tost(pooled, margin=0.5)
    assert result.p_upper == pytest.approx(stats.t.sf((0.5 - pooled.point) / pooled.standard_error, 3), rel=1e-10)
    assert result.established == (result.threshold_margin < 0.5)
    worse = ks.equivalence.noninferiority(pooled, margin=0.5, higher_is_better=True)
    assert worse.p_noninferiority == result.p_lower
    place = ks.equivalence.positions(result.low, result.high, margin=0.5)
    assert place.position in set(ks.equivalence.Position)
    assert len(pooled.to_frame()) == 1


def test_extreme_scales_stay_finite() -> None:
    for scale in (1e-150, 1.0, 1e120):
        for method in METHODS:
            pooled = ks.effects.pool([1.0 * scale, 2.0 * scale, 7.0 * scale], [0.5 * scale] * 3, method=method)
            assert pooled.point == pytest.approx(10 / 3 * scale, rel=1e-12)
            assert np.isfinite(pooled.standard_error)
    for method in METHODS:
        pooled = ks.effects.pool([0.0, 1.0, 2.0], [1e-8, 1.0, 1e8], method=method)
        assert np.isfinite([pooled.point, pooled.tau2, pooled.q, pooled.pvalue()]).all()


# ------------------------------------------------------------------------------------------------- refusals
@pytest.mark.parametrize(
    ("args", "options", "message"),
    [
        (([0.1], [0.2]), {}, "at least 2 estimates"),
        (([], []), {"method": "fixed"}, "at least 1 estimate in one dimension"),
        (([[0.1, 0.2]], [[0.1, 0.2]]), {}, "one dimension"),
        (([0.1, 0.2], [0.1, 0.0]), {}, "standard_errors is 0"),
        (([0.1, math.nan], [0.1, 0.1]), {}, "estimates is nan"),
        (([0.1, -0.2], [0.1, 0.1]), {"measure": "risk_ratio"}, "estimates is -0"),
        (([0.1, 0.2], [0.1, 0.1]), {"method": "mean"}, "method is 'mean'"),
        (([0.1, 0.2], [0.1, 0.1]), {"method": "fixed", "knapp_hartung": True}, "knapp_hartung is True"),
    ],
)
def test_refusals(args, options, message) -> None:
    with pytest.raises(InvalidArgument, match=message):
        ks.effects.pool(*args, **options)


def test_predictions_that_cannot_be_made() -> None:
    with pytest.raises(InvalidArgument, match="Pool with method='reml'"):
        ks.effects.pool([0.1, 0.2, 0.4], 0.1, method="fixed").prediction_interval()
    with pytest.raises(ks.NoSolution, match="2 studies leave no degrees of freedom"):
        ks.effects.pool([0.1, 0.2], [0.1, 0.1]).prediction_interval()
    assert ks.effects.pool([0.7], [0.1], method="fixed").point == pytest.approx(0.7)


def test_the_restricted_likelihood_at_forty_digits() -> None:
    y, v = np.array([0.1, 0.9, -0.4, 0.3]), np.array([0.02, 0.3, 0.1, 0.05])
    with mpmath.workdps(40):

        def restricted(tau2: float) -> mpmath.mpf:
            total = [mpmath.mpf(x) + mpmath.mpf(tau2) for x in v.tolist()]
            weight = [1 / x for x in total]
            centre = mpmath.fsum(w * mpmath.mpf(x) for w, x in zip(weight, y.tolist(), strict=True)) / mpmath.fsum(
                weight
            )
            squares = mpmath.fsum(w * (mpmath.mpf(x) - centre) ** 2 for w, x in zip(weight, y.tolist(), strict=True))
            return -(mpmath.fsum(mpmath.log(x) for x in total) + mpmath.log(mpmath.fsum(weight)) + squares) / 2

        for tau2 in (0.0, 0.01, 0.2, 3.0):
            assert pooling._log_likelihood(y, v, tau2) == pytest.approx(float(restricted(tau2)), rel=1e-13)
            slope = float(2 * mpmath.diff(restricted, tau2)) if tau2 else None
            # In units of the smallest total variance.
            found = pooling._slope(y, v, np.array([tau2]))[0] / (v.min() + tau2)
            assert slope is None or found == pytest.approx(slope, rel=1e-10)
