"""Bayes factors of two binomial samples with a normal prior on the log odds ratio."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest
from scipy.special import expit

import ketastats as ks
from ketastats.evidence import log_odds_ratio
from ketastats.numerics import log_odds

GOLDEN = Path(__file__).parent / "golden" / "evidence_more.csv"
ROWS = {row["id"]: row for row in csv.DictReader(GOLDEN.read_text(encoding="utf-8").splitlines())}


def brute_force(x1, n1, x2, n2, mean, sd, grand_mean, grand_sd):
    """Sum over a fine grid of both parameters; the steps are so small that the sum has twelve digits."""
    psi = np.arange(-12.0, 12.0 + 1e-9, 0.02)
    beta = np.arange(-16.0, 16.0 + 1e-9, 0.02)[:, None]

    def log_likelihood(effect):
        high, low = expit(beta + effect / 2), expit(beta - effect / 2)
        with np.errstate(divide="ignore"):
            return (
                x1 * np.log(high) + (n1 - x1) * np.log1p(-high) + x2 * np.log(low) + (n2 - x2) * np.log1p(-low)
            ) - 0.5 * ((beta - grand_mean) / grand_sd) ** 2

    null = np.exp(log_likelihood(0.0)).sum()
    curve = np.exp(log_likelihood(psi)).sum(axis=0) / null
    weight = np.exp(-0.5 * ((psi - mean) / sd) ** 2) * 0.02 / (sd * np.sqrt(2 * np.pi))
    total = curve * weight
    return np.log(total.sum())


@pytest.mark.parametrize(
    "case",
    [
        (5, 25, 10, 27, 0.0, 1.0, 0.0, 1.0),
        (0, 12, 3, 9, 0.3, 0.5, 0.0, 1.0),
        (4, 4, 0, 4, -0.5, 1.2, 0.5, 1.5),
        (7, 37, 14, 46, 0.0, 0.4, -1.0, 0.7),
    ],
)
def test_agrees_with_a_fine_grid(case) -> None:
    names = ("prior_mean", "prior_sd", "grand_mean", "grand_sd")
    ours = log_odds_ratio(*case[:4], **dict(zip(names, case[4:], strict=True)))
    assert ours.log_bf10 == pytest.approx(brute_force(*case), abs=1e-11)


@pytest.mark.parametrize(
    "case",
    [
        (0, 40, 0, 60, 0.0, 0.7, 0.0, 1.8),  # no events: the overall rate has a long tail on one side only
        (40, 40, 60, 60, 0.2, 0.7, 1.0, 1.6),
    ],
)
def test_agrees_with_a_fine_grid_where_nobody_or_everybody_has_an_event(case) -> None:
    names = ("prior_mean", "prior_sd", "grand_mean", "grand_sd")
    ours = log_odds_ratio(*case[:4], **dict(zip(names, case[4:], strict=True)))
    assert ours.log_bf10 == pytest.approx(brute_force(*case), abs=1e-11)


@pytest.mark.parametrize("psi", [-60.0, -8.0, 0.0, 3.0, 60.0])
def test_the_peak_over_the_overall_rate_is_a_peak(psi) -> None:
    x1, n1, x2, n2 = np.array([[0, 9, 3, 9], [5, 25, 10, 27], [0, 10**6, 10**6, 10**6], [1, 1, 0, 1], [0, 40, 0, 60]]).T
    fill = [np.full(5, value) for value in (0.0, 1.0, 0.5, 5.0)]
    design = log_odds.Design(*(value.astype(float) for value in (x1, n1, x2, n2)), *fill)
    beta, bend = log_odds._mode(np.full(5, psi), design)
    slope, _ = log_odds._slopes(beta, np.full(5, psi), design)
    # In standard deviations; without any event the search may stop a little short, which the sum allows for.
    assert np.all(np.abs(slope) / np.sqrt(bend) < 0.1)


def test_one_sided_factors_agree_with_nested_quadrature() -> None:
    # mpmath, nested quadrature at 25 digits over each half of the prior: 5/25 against 10/27, standard normal priors.
    less = log_odds_ratio(5, 25, 10, 27, alternative="less").bf10
    greater = log_odds_ratio(5, 25, 10, 27, alternative="greater").bf10
    both = log_odds_ratio(5, 25, 10, 27).bf10
    assert (less, greater) == pytest.approx((1.78320691710008, 0.253123892330005), rel=1e-12)
    assert both == pytest.approx(0.5 * (less + greater), rel=1e-13)


def test_parts_of_a_shifted_prior_make_up_the_whole() -> None:
    from scipy.special import ndtr

    given = {"prior_mean": 0.4, "prior_sd": 0.8}
    sides = [log_odds_ratio(9, 30, 4, 28, alternative=side, **given).bf10 for side in ("greater", "less")]
    mass = ndtr(0.5)
    assert mass * sides[0] + ndtr(-0.5) * sides[1] == pytest.approx(
        log_odds_ratio(9, 30, 4, 28, **given).bf10, rel=1e-12
    )


def test_groups_and_outcomes_mirror() -> None:
    x1, n1, x2, n2 = np.array([[0, 12, 3, 9], [5, 25, 10, 27], [400, 500, 1, 2]]).T
    one = log_odds_ratio(x1, n1, x2, n2, prior_mean=0.2, alternative="greater").log_bf10
    swapped = log_odds_ratio(x2, n2, x1, n1, prior_mean=-0.2, alternative="less").log_bf10
    turned = log_odds_ratio(n1 - x1, n1, n2 - x2, n2, prior_mean=-0.2, alternative="less").log_bf10
    np.testing.assert_allclose(swapped, one, atol=1e-12)
    np.testing.assert_allclose(turned, one, atol=1e-12)


def test_a_narrow_prior_says_nothing_and_large_samples_say_much() -> None:
    assert log_odds_ratio(7, 37, 14, 46, prior_sd=1e-6).log_bf10 == pytest.approx(0, abs=1e-9)
    # Far from one half the grand mean hardly matters, and the factor is that of the estimate and its standard error.
    x1, n1, x2, n2 = 500_500, 1_000_000, 500_000, 1_000_000
    estimate = np.log(x1 / (n1 - x1)) - np.log(x2 / (n2 - x2))
    se = np.sqrt(1 / x1 + 1 / (n1 - x1) + 1 / x2 + 1 / (n2 - x2))
    normal = ks.evidence.estimate(estimate, se=se, prior="normal", prior_sd=1.0).log_bf10
    assert log_odds_ratio(x1, n1, x2, n2).log_bf10 == pytest.approx(normal, abs=1e-5)


def test_never_nan() -> None:
    rng = np.random.default_rng(0)
    n1, n2 = np.exp(rng.uniform(0, 14, (2, 30))).round().astype(int)
    x1 = np.where(rng.random(30) < 0.3, 0, rng.integers(0, n1 + 1))
    x2 = np.where(rng.random(30) < 0.3, n2, rng.integers(0, n2 + 1))
    sd, grand = np.exp(rng.uniform(-4, 2.5, (2, 30)))
    for side in ("greater", "less"):
        result = log_odds_ratio(x1, n1, x2, n2, prior_sd=sd, grand_sd=grand, alternative=side)
        assert np.all(np.isfinite(result.log_bf10))


def test_golden_jasp() -> None:
    # JASP's own test draws 100 importance samples and states 5 %; the exact factors lie 8 % and 5.5 % from its draw.
    # Its log odds ratio is group 2 over group 1.
    inputs, expected = (json.loads(ROWS["BF-054"][key]) for key in ("inputs_json", "expected_json"))
    table = inputs["y1"], inputs["n1"], inputs["y2"], inputs["n2"]
    plus, minus = (log_odds_ratio(*table, alternative=side).bf10 for side in ("less", "greater"))
    assert plus == pytest.approx(expected["bf_plus0"], rel=0.09)
    assert minus == pytest.approx(expected["bf_minus0"], rel=0.06)
    total = 0.5 + 0.25 * plus + 0.25 * minus
    assert 0.5 / total == pytest.approx(expected["p_h0"], rel=5e-2)
    assert 0.25 * plus / total == pytest.approx(expected["p_h_plus"], rel=5e-2)


def test_bad_arguments_are_named() -> None:
    for name in ("prior_sd", "grand_sd"):
        with pytest.raises(ks.InvalidArgument, match=name):
            log_odds_ratio(1, 2, 1, 2, **{name: 0})
    with pytest.raises(ks.InvalidArgument, match="x2"):
        log_odds_ratio(1, 2, 3, 2)
