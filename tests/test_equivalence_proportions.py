"""Equivalence of two proportions: the tests, the interval and the threshold margin say the same."""

from __future__ import annotations

import mpmath
import numpy as np
import pytest

import ketastats as ks
from ketastats.effects._proportions import RULES

METHODS = [(measure, method) for measure, rules in RULES.items() for method in rules]


def all_tables(largest: int) -> np.ndarray:
    sizes = range(1, largest + 1)
    return np.array([(a, n, b, m) for n in sizes for m in sizes for a in range(n + 1) for b in range(m + 1)]).T


SMALL = all_tables(7)
MARGINS = {
    "difference": (0.08, 0.16, (-0.3, 0.1), (0.05, 0.5), 0.999, 1.0, (-np.inf, 0.1), (-0.2, np.inf)),
    "ratio": (1.25, 0.5, (0.7, 3.0), (0, 2.0), (0.5, np.inf), (1.1, 4.0)),
}
MARGINS["odds_ratio"] = MARGINS["ratio"]


@pytest.mark.parametrize("alpha", [0.05, 0.2])
@pytest.mark.parametrize(("measure", "method"), METHODS)
def test_established_exactly_when_the_interval_lies_inside_the_margin(measure, method, alpha) -> None:
    tables = all_tables(12) if (measure, method, alpha) == ("difference", "score", 0.05) else SMALL
    for margin in MARGINS[measure]:
        result = ks.equivalence.proportions(*tables, margin=margin, alpha=alpha, measure=measure, method=method)
        region = ks.Region(result.margin_low, result.margin_high)
        assert np.array_equal(result.established, region.covers(result.low, result.high))
        assert np.array_equal(result.pvalue, np.maximum(result.p_lower, result.p_upper))


@pytest.mark.parametrize(("measure", "method"), METHODS)
def test_the_interval_is_that_of_the_estimate(measure, method) -> None:
    margin = 0.1 if measure == "difference" else 1.25
    result = ks.equivalence.proportions(*SMALL, margin=margin, alpha=0.025, measure=measure, method=method)
    interval = ks.effects.proportions(*SMALL, measure=measure, method=method).confidence_interval(0.95)
    np.testing.assert_allclose(result.low, interval.low, rtol=1e-13, atol=1e-15)
    np.testing.assert_allclose(result.high, interval.high, rtol=1e-13, atol=1e-15)


@pytest.mark.parametrize("measure", RULES)
def test_the_threshold_margin_is_where_the_ruling_turns(measure) -> None:
    rows = [(7, 37, 14, 46), (0, 41, 0, 42), (30, 60, 31, 60), (5, 5, 5, 6), (10, 10, 0, 10), (90, 200, 80, 210)]
    for row in rows:
        start = 0.1 if measure == "difference" else 1.25
        threshold = ks.equivalence.proportions(*row, margin=start, measure=measure).threshold_margin
        if threshold in (1.0, np.inf):
            continue
        for step, established in ((1 + 1e-9, True), (1 - 1e-9, False)):
            margin = threshold * step
            assert ks.equivalence.proportions(*row, margin=margin, measure=measure).established == established


def test_a_wider_margin_never_raises_p() -> None:
    before = np.full(SMALL.shape[1], np.inf)
    for margin in (0.01, 0.05, 0.10, 0.16, 0.3, 0.6, 0.99, 1.0, np.inf):
        result = ks.equivalence.proportions(*SMALL, margin=margin)
        assert np.all(result.pvalue <= before + 1e-15)
        before = result.pvalue
    assert np.all(before == 0)


def test_exchanging_groups_exchanges_the_labels() -> None:
    x1, n1, x2, n2 = SMALL
    one = ks.equivalence.proportions(x1, n1, x2, n2, margin=(-0.1, 0.2))
    other = ks.equivalence.proportions(x2, n2, x1, n1, margin=(-0.2, 0.1))
    np.testing.assert_allclose(one.p_lower, other.p_upper, rtol=1e-12, atol=1e-300)
    np.testing.assert_allclose(one.p_upper, other.p_lower, rtol=1e-12, atol=1e-300)
    np.testing.assert_array_equal(one.estimate, -other.estimate)


def test_labels_belong_to_their_ends() -> None:
    # 60 % against 30 %: surely above -10 points, not below +10 points.
    result = ks.equivalence.proportions(60, 100, 30, 100, margin=0.10)
    assert result.p_lower < 1e-8
    assert result.p_upper > 0.99
    assert result.pvalue == result.p_upper
    assert not result.established


def score_tail(x1, n1, x2, n2, null, upper):
    """Return the one-sided score p at 40 digits by bisecting the slope of the likelihood."""
    with mpmath.workdps(40):
        d = mpmath.mpf(null)
        low, high = max(mpmath.mpf(0), -d), min(mpmath.mpf(1), 1 - d)
        for _ in range(120):
            p = (low + high) / 2
            slope = (x1 / (p + d) if x1 else 0) - ((n1 - x1) / (1 - p - d) if x1 < n1 else 0)
            slope += (x2 / p if x2 else 0) - ((n2 - x2) / (1 - p) if x2 < n2 else 0)
            low, high = (p, high) if slope > 0 else (low, p)
        variance = ((p + d) * (1 - p - d) / n1 + p * (1 - p) / n2) * (n1 + n2) / (n1 + n2 - 1)
        z = (mpmath.mpf(x1) / n1 - mpmath.mpf(x2) / n2 - d) / mpmath.sqrt(variance)
        return float(mpmath.erfc((z if upper else -z) / mpmath.sqrt(2)) / 2)


def test_both_tests_match_forty_digits() -> None:
    rng = np.random.default_rng(17)
    n1, n2 = rng.integers(1, 500, (2, 40))
    x1, x2 = rng.integers(0, n1 + 1), rng.integers(0, n2 + 1)
    result = ks.equivalence.proportions(x1, n1, x2, n2, margin=(-0.16, 0.08))
    for i in range(40):
        row = [int(v[i]) for v in (x1, n1, x2, n2)]
        # A normal tail z deviations out magnifies the error of z by z squared.
        assert result.p_lower[i] == pytest.approx(score_tail(*row, -0.16, True), rel=1e-10, abs=1e-300)
        assert result.p_upper[i] == pytest.approx(score_tail(*row, 0.08, False), rel=1e-10, abs=1e-300)


# ---------------------------------------------------------------------------------------------- known errors of others
def test_no_events_at_all_are_not_perfect_evidence() -> None:
    # The Wald test of statsmodels and TOSTER has no variance here and rejects at p = 0; its interval has no width.
    wald = ks.equivalence.proportions(0, 41, 0, 42, margin=0.10, method="wald")
    score = ks.equivalence.proportions(0, 41, 0, 42, margin=0.10)
    assert wald.pvalue == 0
    assert score.pvalue == pytest.approx(0.017, abs=5e-4)
    assert score.threshold_margin == pytest.approx(0.0626, abs=5e-5)
    assert ks.equivalence.proportions(0, 10, 0, 10, margin=0.10).pvalue > 0.05


def test_the_larger_p_rules() -> None:
    # Away from the symmetric point the smaller of the two p-values is no p-value at all (statsmodels 8213).
    result = ks.equivalence.proportions(52, 100, 45, 100, margin=0.10)
    assert result.p_lower < 0.05 < result.p_upper
    assert result.pvalue == result.p_upper


# ------------------------------------------------------------------------------------------------- edges and bad input
def test_margins_that_nothing_can_exceed() -> None:
    assert np.all(ks.equivalence.proportions(*SMALL, margin=np.inf).pvalue == 0)
    for margin in (1.0000001, 10, (-10, np.inf)):
        # Whoever writes 10 for ten percentage points must not read that equivalence is established.
        with pytest.raises(ks.InvalidArgument, match=r"^margin is 1.*at most 1 in size.*percentage points are 0.10"):
            ks.equivalence.proportions(*SMALL, margin=margin)
        with pytest.raises(ks.InvalidArgument, match="percentage points"):
            ks.equivalence.tost(ks.effects.proportions(7, 37, 14, 46), margin=margin)
        with pytest.raises(ks.InvalidArgument, match="percentage points"):
            ks.power.proportions_equivalence(n1=37, n2=46, p1=0.2, p2=0.2, margin=margin)
    at_one = ks.equivalence.proportions(*SMALL, margin=1.0)
    assert np.array_equal(at_one.pvalue > 0, np.abs(at_one.estimate) == 1)


def test_noninferiority_needs_one_test_only() -> None:
    result = ks.equivalence.proportions(80, 100, 78, 100, margin=(-0.10, np.inf))
    assert result.p_upper == 0
    assert result.pvalue == result.p_lower == score_tail_of_noninferiority()
    for measure in ("ratio", "odds_ratio"):
        for method in RULES[measure]:
            options = {"measure": measure, "method": method}
            assert ks.equivalence.proportions(10, 10, 0, 10, margin=(0.5, np.inf), **options).p_upper == 0
            assert ks.equivalence.proportions(0, 10, 10, 10, margin=(0, 2.0), **options).p_lower == 0


def score_tail_of_noninferiority():
    return ks.effects.proportions(80, 100, 78, 100).pvalue(-0.10, alternative="greater")


def test_scalars_in_scalars_out_and_a_frame() -> None:
    result = ks.equivalence.proportions(7, 37, 14, 46, margin=0.10)
    assert all(isinstance(getattr(result, name), float) for name in ("pvalue", "low", "high", "threshold_margin"))
    assert result.to_frame().shape == (1, 10)
    assert "Miettinen-Nurminen" in result.method
    assert len(ks.equivalence.proportions([7, 6], 37, 14, 46, margin=0.10).to_frame()) == 2


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"margin": 0}, "margin is 0"),
        ({"margin": -0.1}, "margin is -0.1"),
        ({"margin": (0.1, -0.1)}, "margin is"),
        ({"margin": 0.1, "alpha": 0.6}, "alpha is 0.6"),
        ({"margin": 1, "measure": "ratio"}, "margin is 1"),
        ({"margin": (-0.5, 2), "measure": "ratio"}, "Ratios are never negative"),
        ({"margin": 0.1, "method": "fisher"}, "method is 'fisher'"),
    ],
)
def test_bad_input_names_the_argument(options, message) -> None:
    with pytest.raises(ks.InvalidArgument, match=message):
        ks.equivalence.proportions(7, 37, 14, 46, **options)


def test_there_is_no_default_margin() -> None:
    with pytest.raises(TypeError):
        ks.equivalence.proportions(7, 37, 14, 46)
    with pytest.raises(ks.InvalidType, match="no default"):
        ks.equivalence.proportions(7, 37, 14, 46, margin=None)
    with pytest.raises(ks.InvalidType, match="margin"):
        ks.equivalence.proportions(7, 37, 14, 46, margin="0.1", measure="ratio")
