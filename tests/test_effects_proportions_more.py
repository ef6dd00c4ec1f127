"""Hyperbolic, smoothed, MOVER and exact intervals of two proportions."""

from __future__ import annotations

import csv
import json
import math
from pathlib import Path

import mpmath
import numpy as np
import pytest
from scipy import stats

import ketastats as ks
from ketastats.effects._proportions_more import EXACT_RULES, MORE_RULES
from ketastats.errors import BudgetExceeded

GOLDEN = Path(__file__).parent / "golden" / "rates.csv"
CLOSED = [(measure, method) for measure, rules in MORE_RULES.items() for method in rules]
CONDITIONAL = ["exact", "midp"]


def golden(key: str) -> tuple[dict, dict]:
    with GOLDEN.open(encoding="utf-8", newline="") as file:
        rows = {row["id"]: row for row in csv.DictReader(file)}
    return json.loads(rows[key]["inputs_json"]), json.loads(rows[key]["expected_json"])


def all_tables(sizes) -> np.ndarray:
    return np.array([(a, n, b, m) for n in sizes for m in sizes for a in range(n + 1) for b in range(m + 1)]).T


SMALL = all_tables((1, 2, 6, 11))
TINY = all_tables((1, 3))
NULLS = np.array([-1.0, 0.0, 1e-6, 0.05, 0.2, 0.5, 0.8, 1.0, 1.25, 2.0, 4.0, 30.0, 1e5, np.inf])


def interval(table, level=0.95, **options) -> tuple[float, float]:
    found = ks.effects.proportions(*table, **options).confidence_interval(level)
    return found.low, found.high


# ------------------------------------------------------------------------------ test and interval
@pytest.mark.parametrize("alpha", [0.01, 0.5])
@pytest.mark.parametrize(("measure", "method"), [*CLOSED, ("odds_ratio", "exact"), ("odds_ratio", "midp")])
def test_interval_excludes_a_ratio_exactly_when_its_test_rejects(measure, method, alpha) -> None:
    estimate = ks.effects.proportions(*SMALL[:, :, None], measure=measure, method=method)
    found = estimate.confidence_interval(1 - alpha)
    assert not np.isnan(found.low).any()
    assert not np.isnan(found.high).any()
    p = estimate.pvalue(NULLS)
    assert np.all((p >= 0) & (p <= 1))
    # Conditional tails of small tables can be alpha itself: 0.01, 0.1 and 0.5 are then right either way.
    clear = np.abs(p - alpha) > 1e-9
    outside = (found.low > NULLS) | (found.high < NULLS)
    assert np.array_equal((p < alpha)[clear], outside[clear])
    assert np.count_nonzero(~clear) < 0.02 * p.size


@pytest.mark.parametrize(("measure", "method"), [*CLOSED, ("odds_ratio", "exact"), ("odds_ratio", "midp")])
def test_exchanging_groups_inverts_the_ratio(measure, method) -> None:
    x1, n1, x2, n2 = SMALL
    a = ks.effects.proportions(x1, n1, x2, n2, measure=measure, method=method).confidence_interval(0.90)
    b = ks.effects.proportions(x2, n2, x1, n1, measure=measure, method=method).confidence_interval(0.90)
    with np.errstate(divide="ignore"):
        np.testing.assert_allclose(a.low, 1 / b.high, rtol=1e-11)
        np.testing.assert_allclose(a.high, 1 / b.low, rtol=1e-11)
    if measure == "odds_ratio" and method != "mover":  # MOVER of odds is not one of odds of failure
        c = ks.effects.proportions(n1 - x1, n1, n2 - x2, n2, measure=measure, method=method).confidence_interval(0.90)
        with np.errstate(divide="ignore"):
            np.testing.assert_allclose(a.low, 1 / c.high, rtol=1e-11)


@pytest.mark.parametrize(("measure", "method"), [*CLOSED, ("odds_ratio", "exact"), ("odds_ratio", "midp")])
def test_levels_nest_around_the_estimate(measure, method) -> None:
    estimate = ks.effects.proportions(*SMALL, measure=measure, method=method)
    narrow, wide = estimate.confidence_interval(0.4), estimate.confidence_interval(0.999)
    assert np.all((wide.low <= narrow.low) & (narrow.high <= wide.high))
    if method in ("asinh_adjusted", "smoothed"):  # these two are centred elsewhere on purpose
        return
    assert np.all((wide.low <= estimate.point) & (estimate.point <= wide.high) & (wide.low >= 0))
    assert np.all((narrow.low <= 1) & (narrow.high >= 1) | (estimate.point != 1))


@pytest.mark.parametrize("measure", ["ratio", "odds_ratio"])
def test_large_groups_bring_all_methods_together(measure) -> None:
    table = (30_000, 100_000, 26_000, 100_000)
    want = interval(table, measure=measure)
    for method in [*MORE_RULES[measure], *EXACT_RULES[measure]]:
        np.testing.assert_allclose(interval(table, measure=measure, method=method), want, rtol=2e-4)


# ---------------------------------------------------------------------------- forty digits by hand
def exact_ends(measure, method, x1, n1, x2, n2, z):
    a, b, c, d = (mpmath.mpf(v) for v in (x1, n1 - x1, x2, n2 - x2))
    if method == "mover":
        return mover_ends(measure, x1, n1, x2, n2, z)
    if measure == "ratio":
        point, error = (a / n1) / (c / n2), mpmath.sqrt(1 / a - mpmath.mpf(1) / n1 + 1 / c - mpmath.mpf(1) / n2)
    elif method == "smoothed":
        total = mpmath.mpf(n1 + n2)
        a, b = a + 2 * n1 * (x1 + x2) / total**2, b + 2 * n1 * (n1 + n2 - x1 - x2) / total**2
        c, d = c + 2 * n2 * (x1 + x2) / total**2, d + 2 * n2 * (n1 + n2 - x1 - x2) / total**2
        point, error = a * d / (b * c), mpmath.sqrt(1 / a + 1 / b + 1 / c + 1 / d)
        return point * mpmath.exp(-z * error), point * mpmath.exp(z * error)
    else:
        first, second = (mpmath.mpf("0.45"), mpmath.mpf("0.25")) if method == "asinh_adjusted" else (0, 0)
        point = (a + first) * (d + first) / ((b + first) * (c + first))
        error = mpmath.sqrt(sum(1 / (cell + second) for cell in (a, b, c, d)))
    reach = 2 * mpmath.asinh(z * error / 2)
    return point * mpmath.exp(-reach), point * mpmath.exp(reach)


def mover_ends(measure, x1, n1, x2, n2, z):
    def single(x, n):
        p = mpmath.mpf(x) / n
        centre, reach = p + z**2 / (2 * n), z * mpmath.sqrt(p * (1 - p) / n + z**2 / (4 * n * n))
        three = [(centre - reach) / (1 + z**2 / n), p, (centre + reach) / (1 + z**2 / n)]
        return three if measure == "ratio" else [value / (1 - value) for value in three]

    (l1, p1, u1), (l2, p2, u2) = single(x1, n1), single(x2, n2)
    product = p1 * p2
    low = (product - mpmath.sqrt(product**2 - l1 * u2 * (2 * p1 - l1) * (2 * p2 - u2))) / (u2 * (2 * p2 - u2))
    high = (product + mpmath.sqrt(product**2 - u1 * l2 * (2 * p1 - u1) * (2 * p2 - l2))) / (l2 * (2 * p2 - l2))
    return low, high


@pytest.mark.parametrize(("measure", "method"), CLOSED)
def test_closed_forms_match_forty_digits(measure, method) -> None:
    rng = np.random.default_rng(8)
    n1, n2 = rng.integers(2, 400, (2, 25))
    x1, x2 = rng.integers(1, n1), rng.integers(1, n2)
    low, high = interval((x1, n1, x2, n2), 0.9, measure=measure, method=method)
    with mpmath.workdps(40):
        z = mpmath.sqrt(2) * mpmath.erfinv(mpmath.mpf("0.9"))
        for i in range(25):
            want = exact_ends(measure, method, *(int(v[i]) for v in (x1, n1, x2, n2)), z)
            assert low[i] == pytest.approx(float(want[0].real), rel=1e-12)
            assert high[i] == pytest.approx(float(want[1].real), rel=1e-12)


@pytest.mark.parametrize(
    "table", [(9, 13, 4, 14), (2, 12, 15, 18), (0, 5, 3, 8), (70, 200, 90, 180), (3, 6000, 11, 5000)]
)
def test_conditional_tails_sum_the_noncentral_hypergeometric(table) -> None:
    x1, n1, x2, n2 = table
    for null in (1e-7, 0.3, 1.0, 6.5, 1e40):
        with mpmath.workdps(60):
            low, high = max(0, x1 + x2 - n2), min(n1, x1 + x2)
            mass = {
                k: mpmath.binomial(n1, k) * mpmath.binomial(n2, x1 + x2 - k) * mpmath.mpf(null) ** k
                for k in range(low, high + 1)
            }
            whole = sum(mass.values())
            above, below = (
                sum(v for k, v in mass.items() if k >= x1) / whole,
                sum(v for k, v in mass.items() if k <= x1) / whole,
            )
            half = mass[x1] / whole / 2
            expected = {"exact": (above, below), "midp": (above - half, below - half)}
        for method, (upper, lower) in expected.items():
            estimate = ks.effects.proportions(*table, measure="odds_ratio", method=method)
            assert estimate.pvalue(null, alternative="greater") == pytest.approx(float(upper), rel=1e-9, abs=1e-300)
            assert estimate.pvalue(null, alternative="less") == pytest.approx(float(lower), rel=1e-9, abs=1e-300)


def test_conditional_tests_of_no_effect_are_fishers() -> None:
    exact = ks.effects.proportions(*SMALL, measure="odds_ratio", method="exact")
    for side in ("greater", "less"):
        want = ks.effects.proportions_test(*SMALL, test="fisher", alternative=side).pvalue
        np.testing.assert_allclose(exact.pvalue(alternative=side), want, rtol=1e-11)
        want = ks.effects.proportions_test(*SMALL, test="midp", alternative=side).pvalue
        midp = ks.effects.proportions(*SMALL, measure="odds_ratio", method="midp")
        np.testing.assert_allclose(midp.pvalue(alternative=side), want, rtol=1e-11)


def test_conditional_intervals_of_huge_groups_and_tiny_levels() -> None:
    for table in ((1, 10**6, 3, 10**6), (0, 10**6, 5, 900_000), (4_000, 10**6, 3_900, 10**6)):
        for level in (0.5, 1 - 2e-12):
            for method in CONDITIONAL:
                estimate = ks.effects.proportions(*table, measure="odds_ratio", method=method)
                found = estimate.confidence_interval(level)
                assert 0 <= found.low <= estimate.point <= found.high
                if found.low > 0:
                    tail = estimate.pvalue(found.low, alternative="greater")
                    assert tail == pytest.approx(0.5 * (1 - level), rel=1e-6)


# ------------------------------------------------------------------------ exact unconditional
def brute_force(table, delta, side):
    """The largest probability over a dense grid of rates, of the tables whose 95 % Mee limit is as far or farther."""
    x1, n1, x2, n2 = table
    k, j = np.meshgrid(np.arange(n1 + 1), np.arange(n2 + 1), indexing="ij")
    mee = ks.effects.proportions(k, n1, j, n2, method="mee").confidence_interval(0.95)
    extreme = mee.low >= mee.low[x1, x2] - 1e-9 if side == "greater" else mee.high <= mee.high[x1, x2] + 1e-9
    p2 = np.linspace(max(0.0, -delta), min(1.0, 1.0 - delta), 4001)
    first = stats.binom.pmf(np.arange(n1 + 1)[:, None], n1, np.clip(p2 + delta, 0, 1))
    second = stats.binom.pmf(np.arange(n2 + 1)[:, None], n2, p2)
    return float(np.einsum("ip,jp,ij->p", first, second, extreme.astype(float)).max())


@pytest.mark.parametrize("table", [(0, 6, 4, 9), (5, 5, 2, 7), (9, 10, 3, 10)])
def test_exact_difference_matches_a_dense_grid(table) -> None:
    estimate = ks.effects.proportions(*table, method="exact")
    for delta in (-0.7, 0.0, 0.13):
        for side in ("greater", "less"):
            p = estimate.pvalue(delta, alternative=side)
            grid = brute_force(table, delta, side)
            assert grid <= p * (1 + 1e-12)
            assert p == pytest.approx(grid, rel=1e-5, abs=1e-12)


def test_exact_difference_interval_and_test_agree() -> None:
    nulls = np.array([-1.2, -1.0, -0.6, 0.0, 0.1, 1.0])
    estimate = ks.effects.proportions(*TINY[:, :, None], method="exact")
    found = estimate.confidence_interval(0.93)
    p = estimate.pvalue(nulls)
    assert np.array_equal(p < 0.07, (found.low > nulls) | (found.high < nulls))
    assert np.all(
        (found.low >= -1) & (found.low <= estimate.point) & (estimate.point <= found.high) & (found.high <= 1)
    )
    wide = estimate.confidence_interval(0.99)
    assert np.all((wide.low <= found.low) & (found.high <= wide.high))


def test_exact_difference_mirrors() -> None:
    x1, n1, x2, n2 = TINY
    one = interval((x1, n1, x2, n2), 0.9, method="exact")
    # All tables are there, so that those of exchanged groups and of failures stand among them.
    low, high = ({tuple(table): end for table, end in zip(TINY.T.tolist(), ends, strict=True)} for ends in one)
    for a, n, b, m in TINY.T.tolist():
        assert low[a, n, b, m] == pytest.approx(-high[b, m, a, n], abs=1e-12)
        assert low[a, n, b, m] == pytest.approx(-high[n - a, n, m - b, m], abs=1e-12)


@pytest.mark.parametrize(("n1", "n2"), [(5, 7)])
def test_exact_difference_covers_at_its_level_everywhere(n1, n2) -> None:
    k, j = (grid.ravel() for grid in np.meshgrid(np.arange(n1 + 1), np.arange(n2 + 1), indexing="ij"))
    low, high = interval((k, n1, j, n2), 0.90, method="exact")
    p1, p2 = (grid.ravel() for grid in np.meshgrid(np.linspace(0, 1, 41), np.linspace(0, 1, 41)))
    mass = stats.binom.pmf(k[:, None], n1, p1) * stats.binom.pmf(j[:, None], n2, p2)
    truth = p1 - p2
    for missed in (low[:, None] > truth + 1e-12, high[:, None] < truth - 1e-12):
        error = np.sum(mass * missed, axis=0)
        assert error.max() <= 0.05 + 1e-9
        assert error.max() > 0.03


def test_exact_difference_has_a_budget() -> None:
    with pytest.raises(BudgetExceeded, match="people"):
        ks.effects.proportions(5, 150_000, 7, 150_000, method="exact")


# ---------------------------------------------------------------------------------- golden values
def test_golden_rows() -> None:
    inputs, expected = golden("PRP-010")
    low, high = interval(tuple(inputs[key] for key in ("x1", "n1", "x2", "n2")), measure="ratio", method="mover")
    np.testing.assert_allclose(np.stack([low, high], axis=-1), expected["mover_wilson"], atol=5e-4)
    inputs, expected = golden("PRP-027")
    got = interval(tuple(inputs.values()), measure="ratio", method="asinh")
    assert got == pytest.approx((expected["low"], expected["high"]), abs=5e-4)
    inputs, expected = golden("PRP-008")
    got = interval(tuple(inputs.values()), method="mee")
    assert got == pytest.approx((expected["low_uncorrected"], expected["high_uncorrected"]), abs=5e-4)
    # cran/contingencytables, chapter 4 tests: MOVER-R ratio of 7/34 and 1/34.
    assert interval((7, 34, 1, 34), measure="ratio", method="mover") == pytest.approx((1.1537, 41.9763), abs=5e-4)


def test_golden_odds_ratios_and_two_labels_that_are_wrong() -> None:
    inputs, expected = golden("PRP-042")
    table = tuple(inputs.values())
    names = {"inverse_sinh": "asinh", "adjusted_inverse_sinh": "asinh_adjusted", "independence_smoothed": "smoothed"}
    for key, method in names.items():
        assert interval(table, measure="odds_ratio", method=method) == pytest.approx(expected[key], abs=5e-5)
    # What the source calls exact is mid-p: its lower end lies above 1, yet Fisher's one-sided p is 0.041.
    assert interval(table, measure="odds_ratio", method="midp") == pytest.approx(expected["cornfield_exact"], abs=5e-5)
    exact = interval(table, measure="odds_ratio", method="exact")
    assert exact == pytest.approx((0.8472, 40.4374), abs=5e-5)
    fisher = ks.effects.proportions_test(*table, test="fisher", alternative="greater").pvalue
    assert 0.025 < fisher == pytest.approx(0.04123, abs=5e-6)
    # The source puts Wilson limits of rates where those of odds belong; its interval of 5.6 is not one of odds.
    low, high = interval(table, measure="odds_ratio", method="mover")
    assert math.sqrt(low * high) == pytest.approx(5.625, rel=0.01)
    published = expected["mover_r_wilson"]
    assert math.sqrt(published[0] * published[1]) < 4.7


def test_exact_odds_ratios_of_other_programs() -> None:
    # R, examples of fisher.test (its root finder leaves four digits): tea tasting "greater", convictions "less".
    tea = ks.effects.proportions(3, 4, 1, 4, measure="odds_ratio", method="exact").confidence_interval(0.90)
    assert tea.low == pytest.approx(0.3135693, rel=1e-4)
    convictions = ks.effects.proportions(2, 12, 15, 18, measure="odds_ratio", method="exact")
    assert convictions.confidence_interval(0.90).high == pytest.approx(0.2849601, rel=1e-4)
    assert convictions.confidence_interval(0.95).high == pytest.approx(0.363182271, rel=1e-4)
    # cran/contingencytables, chapter 4 tests: Cornfield mid-p of the tea tasting.
    midp = interval((3, 4, 1, 4), measure="odds_ratio", method="midp")
    assert midp == pytest.approx((0.3101, 308.5568), abs=5e-5)


def test_equivalence_takes_the_new_methods() -> None:
    result = ks.equivalence.proportions(30, 60, 29, 58, margin=0.25, method="exact")
    assert result.established == (result.pvalue < 0.05) == (max(-result.low, result.high) < 0.25)
    odds = ks.equivalence.proportions(30, 60, 29, 58, margin=2.5, measure="odds_ratio", method="midp")
    assert odds.established == (odds.low > 0.4 and odds.high < 2.5)


def test_tables_of_all_or_none_stand_beside_large_ones() -> None:
    # One row of such a table is computed together with large ones, where its likelihood ratio is 0/0.
    for method in CONDITIONAL:
        found = ks.effects.proportions(
            [26, 0, 900], [26, 5, 9000], [12, 0, 700], [12, 8, 7500], measure="odds_ratio", method=method
        )
        interval_ = found.confidence_interval()
        assert interval_.low.tolist()[:2] == [0.0, 0.0]
        assert interval_.high.tolist()[:2] == [math.inf, math.inf]
        assert found.pvalue().tolist()[:2] == [1.0, 1.0]
        assert 0 < interval_.low[2] < found.point[2] < interval_.high[2]
