"""One proportion and two: test and interval are the same method, for every table."""

from __future__ import annotations

import csv
import json
import pickle
from pathlib import Path

import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import ketastats as ks
from ketastats.effects._proportions import RULES, SINGLE_RULES

METHODS = [(measure, method) for measure, rules in RULES.items() for method in rules]
GOLDEN = Path(__file__).parent / "golden" / "proportions.csv"


def golden() -> dict[str, tuple[dict, dict]]:
    with GOLDEN.open(encoding="utf-8", newline="") as file:
        return {
            row["id"]: (json.loads(row["inputs_json"]), json.loads(row["expected_json"]))
            for row in csv.DictReader(file)
        }


def all_tables(largest: int) -> np.ndarray:
    sizes = range(1, largest + 1)
    return np.array([(a, n, b, m) for n in sizes for m in sizes for a in range(n + 1) for b in range(m + 1)]).T


SMALL = all_tables(12)
TINY = all_tables(6)


def nulls(measure: str) -> np.ndarray:
    if measure == "difference":
        return np.array([-1.5, -1.0, -0.999, -0.8, -0.5, -0.3, -0.16, -0.1, 0.0, 0.05, 0.2, 0.4, 0.7, 0.95, 1.0, 2.0])
    return np.array([-1.0, 0.0, 1e-6, 0.05, 0.2, 0.5, 0.8, 1.0, 1.25, 2.0, 4.0, 30.0, 1e5, np.inf])


# --------------------------------------------------------------------------------------------------- test and interval
@pytest.mark.parametrize("alpha", [0.01, 0.5])
@pytest.mark.parametrize(("measure", "method"), METHODS)
def test_interval_excludes_a_value_exactly_when_its_test_rejects(measure, method, alpha) -> None:
    estimate = ks.effects.proportions(*SMALL[:, :, None], measure=measure, method=method)
    interval = estimate.confidence_interval(1 - alpha)
    assert not np.isnan(interval.low).any()
    assert not np.isnan(interval.high).any()
    value = nulls(measure)
    rejects = estimate.pvalue(value) < alpha
    assert np.array_equal(rejects, (value < interval.low) | (value > interval.high))


@pytest.mark.parametrize(("measure", "method"), METHODS)
def test_one_sided_tests_agree_with_the_ends_of_the_interval(measure, method) -> None:
    estimate = ks.effects.proportions(*SMALL[:, :, None], measure=measure, method=method)
    interval = estimate.confidence_interval(0.90)
    value = nulls(measure)
    assert np.array_equal(estimate.pvalue(value, alternative="greater") < 0.05, value < interval.low)
    assert np.array_equal(estimate.pvalue(value, alternative="less") < 0.05, value > interval.high)


@pytest.mark.parametrize("method", SINGLE_RULES)
def test_one_proportion_agrees_too(method) -> None:
    rows = [(x, n) for n in range(1, 41) for x in range(n + 1)]
    estimate = ks.effects.proportion(*np.array(rows).T[:, :, None], method=method)
    value = np.array([-0.1, 0.0, 0.01, 0.1, 0.25, 1 / 3, 0.5, 0.7, 0.95, 1.0, 1.1])
    for alpha in (0.01, 0.05, 0.19):  # at 0.2 the exact test of 1/1 against 0.1 ties: its tail is 0.1 itself
        interval = estimate.confidence_interval(1 - alpha)
        rejects = estimate.pvalue(value) < alpha
        assert np.array_equal(rejects, (value < interval.low) | (value > interval.high))
        assert np.all((interval.low <= estimate.point) & (estimate.point <= interval.high))


@pytest.mark.parametrize(("measure", "method"), METHODS)
def test_the_estimate_lies_inside_and_levels_nest(measure, method) -> None:
    estimate = ks.effects.proportions(*SMALL, measure=measure, method=method)
    narrow, wide = estimate.confidence_interval(0.5), estimate.confidence_interval(0.999)
    assert np.all((wide.low <= narrow.low) & (narrow.high <= wide.high))
    if method not in ("agresti_caffo", "log_half"):  # these two are centred elsewhere on purpose
        assert np.all((narrow.low <= estimate.point) & (estimate.point <= narrow.high))
    if measure == "difference":
        assert np.all((wide.low >= -1) & (wide.high <= 1))
    else:
        assert np.all(wide.low >= 0)


# ------------------------------------------------------------------------------------------------------------ symmetry
@pytest.mark.parametrize("method", RULES["difference"])
def test_exchanging_groups_mirrors_the_difference(method) -> None:
    x1, n1, x2, n2 = SMALL
    one = ks.effects.proportions(x1, n1, x2, n2, method=method)
    other = ks.effects.proportions(x2, n2, x1, n1, method=method)
    a, b = one.confidence_interval(0.90), other.confidence_interval(0.90)
    np.testing.assert_array_equal(one.point, -other.point)
    np.testing.assert_allclose(a.low, -b.high, rtol=0, atol=1e-15)
    np.testing.assert_allclose(a.high, -b.low, rtol=0, atol=1e-15)
    np.testing.assert_allclose(
        one.pvalue(0.1, alternative="greater"), other.pvalue(-0.1, alternative="less"), rtol=1e-9, atol=1e-300
    )


@pytest.mark.parametrize("method", RULES["difference"])
def test_counting_failures_instead_of_events_mirrors_the_difference(method) -> None:
    x1, n1, x2, n2 = SMALL
    a = ks.effects.proportions(x1, n1, x2, n2, method=method).confidence_interval(0.95)
    b = ks.effects.proportions(n1 - x1, n1, n2 - x2, n2, method=method).confidence_interval(0.95)
    np.testing.assert_allclose(a.low, -b.high, rtol=0, atol=5e-15)
    np.testing.assert_allclose(a.high, -b.low, rtol=0, atol=5e-15)


@pytest.mark.parametrize(("measure", "method"), [pair for pair in METHODS if pair[0] != "difference"])
def test_exchanging_groups_inverts_the_ratio(measure, method) -> None:
    x1, n1, x2, n2 = SMALL
    one = ks.effects.proportions(x1, n1, x2, n2, measure=measure, method=method)
    other = ks.effects.proportions(x2, n2, x1, n1, measure=measure, method=method)
    a, b = one.confidence_interval(0.90), other.confidence_interval(0.90)
    with np.errstate(divide="ignore"):
        np.testing.assert_allclose(one.point, 1 / other.point, rtol=1e-14)
        np.testing.assert_allclose(a.low, 1 / b.high, rtol=1e-12)
        np.testing.assert_allclose(a.high, 1 / b.low, rtol=1e-12)


@pytest.mark.parametrize("method", RULES["odds_ratio"])
def test_counting_failures_inverts_the_odds_ratio(method) -> None:
    x1, n1, x2, n2 = SMALL
    a = ks.effects.proportions(x1, n1, x2, n2, measure="odds_ratio", method=method).confidence_interval(0.95)
    b = ks.effects.proportions(n1 - x1, n1, n2 - x2, n2, measure="odds_ratio", method=method).confidence_interval(0.95)
    with np.errstate(divide="ignore"):
        np.testing.assert_allclose(a.low, 1 / b.high, rtol=1e-11)


@pytest.mark.parametrize("corrected", [True, False])
def test_the_three_score_tests_of_no_effect_are_one_chi_square(corrected) -> None:
    methods = ("score", "score", "score") if corrected else ("mee", "koopman", "cornfield")
    x1, n1, x2, n2 = SMALL.astype(float)
    pooled = (x1 + x2) / (n1 + n2)
    with np.errstate(invalid="ignore"):
        chi2 = (x1 / n1 - x2 / n2) ** 2 / (pooled * (1 - pooled) * (1 / n1 + 1 / n2))
    chi2 = np.nan_to_num(chi2) * ((n1 + n2 - 1) / (n1 + n2) if corrected else 1.0)
    want = np.array([float(mpmath.erfc(mpmath.sqrt(value / 2))) for value in chi2])
    for measure, method in zip(RULES, methods, strict=True):
        estimate = ks.effects.proportions(*SMALL, measure=measure, method=method)
        np.testing.assert_allclose(estimate.pvalue(), want, rtol=1e-11)


# -------------------------------------------------------------------------------------------------------- monotonicity
@pytest.mark.parametrize("method", ["score", "mee", "newcombe"])
def test_another_event_in_group_1_moves_the_interval_up(method) -> None:
    x1, n1, x2, n2 = SMALL[:, SMALL[0] < SMALL[1]]
    a = ks.effects.proportions(x1, n1, x2, n2, method=method).confidence_interval(0.90)
    b = ks.effects.proportions(x1 + 1, n1, x2, n2, method=method).confidence_interval(0.90)
    assert np.all(b.low > a.low)
    assert np.all((b.high > a.high) | (a.high == 1))


@given(
    st.integers(1, 10**6).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))),
    st.integers(1, 10**6).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))),
    st.floats(0.001, 0.9999),
)
def test_any_table_has_a_finite_interval_around_its_difference(one, two, level) -> None:
    for method in RULES["difference"]:
        estimate = ks.effects.proportions(*one, *two, method=method)
        interval = estimate.confidence_interval(level)
        assert -1 <= interval.low <= interval.high <= 1
        assert 0 <= estimate.pvalue(0.1) <= 1
        if method in ("score", "mee", "newcombe"):
            assert interval.low <= estimate.point <= interval.high


def test_one_pass_over_a_hundred_thousand_tables_equals_one_call_each() -> None:
    rng = np.random.default_rng(3)
    n1, n2 = rng.integers(1, 200, (2, 100_000))
    x1, x2 = rng.integers(0, n1 + 1), rng.integers(0, n2 + 1)
    many = ks.effects.proportions(x1, n1, x2, n2).confidence_interval(0.90)
    for i in range(0, 100_000, 9_973):
        one = ks.effects.proportions(int(x1[i]), int(n1[i]), int(x2[i]), int(n2[i])).confidence_interval(0.90)
        assert isinstance(one.low, float)
        assert (one.low, one.high) == pytest.approx((many.low[i], many.high[i]), abs=1e-15)


# ------------------------------------------------------------------------------------------------------ golden values
CASES = {
    "PRP-001": ("difference", "newcombe", 5e-5),
    "PRP-002": ("difference", "newcombe", 5e-5),
    "PRP-003": ("difference", "newcombe", 5e-5),
    "PRP-020": ("difference", "wald", 5e-5),
    "PRP-023": ("difference", "mee", 5e-5),
    "PRP-026": ("ratio", "log_half", 5e-4),
    "PRP-028": ("ratio", "koopman", 5e-4),
    "PRP-029": ("ratio", "score", 5e-4),
    "PRP-040": ("difference", "score", 5e-5),
    "PRP-068": ("difference", "score", 5e-5),
}


@pytest.mark.parametrize("key", CASES)
def test_golden_interval(key) -> None:
    inputs, expected = golden()[key]
    measure, method, tolerance = CASES[key]
    estimate = ks.effects.proportions(**inputs, measure=measure, method=method)
    interval = estimate.confidence_interval(0.95)
    assert interval.low == pytest.approx(expected["low"], abs=tolerance)
    assert interval.high == pytest.approx(expected["high"], abs=tolerance)
    if "diff" in expected:
        assert estimate.point == pytest.approx(expected["diff"], abs=tolerance)


def test_golden_rows_with_several_answers() -> None:
    rows = golden()

    def ends(key, name, relative=0.0, absolute=0.0, **options):
        inputs, expected = rows[key]
        interval = ks.effects.proportions(**inputs, **options).confidence_interval(0.95)
        got = np.stack([interval.low, interval.high], axis=-1)
        np.testing.assert_allclose(got, expected[name], rtol=relative, atol=absolute)

    ends("PRP-010", "score_mn", absolute=5e-4, measure="ratio")
    ends("PRP-033", "diff_score_mn", absolute=1e-6)
    ends("PRP-033", "or_score", relative=5e-4, measure="odds_ratio")
    ends("PRP-033", "ratio_score", absolute=1e-6, measure="ratio", method="koopman")
    ends("PRP-042", "miettinen_nurminen", absolute=5e-5, measure="odds_ratio")


def test_golden_single_proportions() -> None:
    inputs, expected = golden()["PRP-071"]
    interval = ks.effects.proportion(**inputs, method="clopper_pearson").confidence_interval(0.95)
    np.testing.assert_allclose(np.stack([interval.low, interval.high], axis=-1), expected["ci"], atol=5e-5)
    inputs, expected = golden()["TOST-027"]
    estimate = ks.effects.proportion(inputs["count"], inputs["n"], method="wald")
    interval = estimate.confidence_interval(0.90)
    assert (interval.low, interval.high) == pytest.approx((expected["ci90_low"], expected["ci90_high"]), abs=5e-5)
    for bound, z, side in ((inputs["low"], "z_lower", "greater"), (inputs["high"], "z_upper", "less")):
        tail = float(mpmath.erfc(abs(expected[z]) / mpmath.sqrt(2)) / 2)
        assert estimate.pvalue(bound, alternative=side) == pytest.approx(tail, rel=5e-4)


def test_every_interval_row_of_the_golden_file_is_used() -> None:
    elsewhere = {key for key in golden() if key.startswith(("PWR", "EQP"))}
    used = {*CASES, "PRP-010", "PRP-033", "PRP-042", "PRP-071", "TOST-027"}
    assert used | elsewhere == set(golden())
    assert len(used) == 15


# ------------------------------------------------------------------------------------------------ independent formulas
def test_closed_forms_match_forty_digits() -> None:
    rng = np.random.default_rng(8)
    n1, n2 = rng.integers(1, 400, (2, 60))
    x1, x2 = rng.integers(0, n1 + 1), rng.integers(0, n2 + 1)
    z = mpmath.sqrt(2) * mpmath.erfinv(mpmath.mpf("0.9"))
    for method in ("newcombe", "agresti_caffo", "wald"):
        interval = ks.effects.proportions(x1, n1, x2, n2, method=method).confidence_interval(0.9)
        with mpmath.workdps(40):
            for i in range(60):
                low, high = exact_difference(method, *(int(v[i]) for v in (x1, n1, x2, n2)), z)
                assert interval.low[i] == pytest.approx(float(low), abs=1e-14)
                assert interval.high[i] == pytest.approx(float(high), abs=1e-14)


def exact_wilson(x, n, z):
    p = mpmath.mpf(x) / n
    centre, reach = p + z**2 / (2 * n), z * mpmath.sqrt(p * (1 - p) / n + z**2 / (4 * n * n))
    return (centre - reach) / (1 + z**2 / n), (centre + reach) / (1 + z**2 / n)


def exact_difference(method, x1, n1, x2, n2, z):
    if method == "newcombe":
        (l1, u1), (l2, u2) = exact_wilson(x1, n1, z), exact_wilson(x2, n2, z)
        p1, p2 = mpmath.mpf(x1) / n1, mpmath.mpf(x2) / n2
        down, up = mpmath.sqrt((p1 - l1) ** 2 + (u2 - p2) ** 2), mpmath.sqrt((u1 - p1) ** 2 + (p2 - l2) ** 2)
        return p1 - p2 - down, p1 - p2 + up
    if method == "agresti_caffo":
        x1, n1, x2, n2 = x1 + 1, n1 + 2, x2 + 1, n2 + 2
    p1, p2 = mpmath.mpf(x1) / n1, mpmath.mpf(x2) / n2
    reach = z * mpmath.sqrt(p1 * (1 - p1) / n1 + p2 * (1 - p2) / n2)
    return max(p1 - p2 - reach, mpmath.mpf(-1)), min(p1 - p2 + reach, mpmath.mpf(1))


def test_single_intervals_match_forty_digits() -> None:
    z = mpmath.sqrt(2) * mpmath.erfinv(mpmath.mpf("0.95"))
    for x, n in ((0, 1), (1, 1), (3, 9), (14, 46), (1, 10**6), (999_999, 10**6), (0, 10**6)):
        got = ks.effects.proportion(x, n).confidence_interval(0.95)
        with mpmath.workdps(40):
            low, high = exact_wilson(x, n, z)
        assert got.low == pytest.approx(float(low), rel=1e-13, abs=1e-30)
        assert got.high == pytest.approx(float(high), rel=1e-13)


@pytest.mark.parametrize(("x", "n", "null"), [(0, 5, 0.2), (5, 5, 0.9), (3, 17, 0.4), (70, 200, 0.3), (14, 46, 1 / 3)])
def test_exact_single_tests_sum_the_binomial(x, n, null) -> None:
    with mpmath.workdps(40):
        p = mpmath.mpf(null)
        mass = [mpmath.binomial(n, k) * p**k * (1 - p) ** (n - k) for k in range(n + 1)]
        above, below = float(sum(mass[x:])), float(sum(mass[: x + 1]))
    estimate = ks.effects.proportion(x, n, method="clopper_pearson")
    assert estimate.pvalue(null, alternative="greater") == pytest.approx(above, rel=1e-12)
    assert estimate.pvalue(null, alternative="less") == pytest.approx(below, rel=1e-12)


# ---------------------------------------------------------------------------------------------- known errors of others
@pytest.mark.parametrize("table", [(9, 10, 3, 10), (6, 7, 2, 7), (5, 56, 0, 29), (0, 10, 0, 20), (10, 10, 0, 10)])
def test_tables_on_which_other_programs_fail(table) -> None:
    # statsmodels' confint_proportions_2indep(method="score") raises ValueError on the first three.
    estimate = ks.effects.proportions(*table)
    interval = estimate.confidence_interval(0.95)
    assert -1 <= interval.low <= estimate.point <= interval.high <= 1
    for end, side in ((interval.low, "greater"), (interval.high, "less")):
        if abs(end) < 1:
            assert estimate.pvalue(end, alternative=side) == pytest.approx(0.025, rel=1e-9)


def test_an_upper_end_that_other_programs_get_wrong() -> None:
    # statsmodels gives 0.3440.
    assert ks.effects.proportions(56, 70, 48, 80).confidence_interval(0.95).high == pytest.approx(0.3382, abs=5e-5)


# ------------------------------------------------------------------------------------------------- edges and bad input
def test_tables_that_say_nothing_about_a_ratio() -> None:
    for measure in ("ratio", "odds_ratio"):
        for method in RULES[measure]:
            estimate = ks.effects.proportions(0, 41, 0, 41, measure=measure, method=method)
            interval = estimate.confidence_interval(0.95)
            assert estimate.point == 1
            assert estimate.pvalue() == 1
            if method != "log_half":
                assert (interval.low, interval.high) == (0, np.inf)


def test_differences_that_cannot_be_are_excluded() -> None:
    for method in RULES["difference"]:
        estimate = ks.effects.proportions([0, 5, 3], 5, [0, 0, 2], 5, method=method)
        assert np.all(estimate.pvalue(1.2, alternative="less") == 0)
        assert np.all(estimate.pvalue(-np.inf, alternative="greater") == 0)
        assert np.all(estimate.pvalue(1.2, alternative="greater") == 1)


def test_shapes_follow_numpy_and_counts_stay_with_the_result() -> None:
    estimate = ks.effects.proportions([[1], [2]], 10, [3, 4, 5], 20)
    assert estimate.point.shape == (2, 3)
    assert estimate.pvalue(0.1).shape == (2, 3)
    assert estimate.confidence_interval().low.shape == (2, 3)
    frame = estimate.to_frame()
    assert list(frame.columns) == ["point", "standard_error", "df", "scale", "x1", "n1", "x2", "n2"]
    assert len(frame) == 6
    assert "Miettinen" in estimate.summary()
    assert estimate.method.startswith("Miettinen-Nurminen")
    assert "Miettinen & Nurminen 1985, doi" in estimate.references[0]
    # Work that is mapped over processes sends results back and forth.
    assert pickle.loads(pickle.dumps(estimate)).pvalue(0.1).tolist() == estimate.pvalue(0.1).tolist()


@pytest.mark.parametrize(
    ("arguments", "options", "message"),
    [
        ((5, 4, 1, 4), {}, "x1 is 5"),
        ((1, 4, 5, 4), {}, "x2 is 5"),
        ((-1, 4, 1, 4), {}, "x1 is -1"),
        ((1, 0, 1, 4), {}, "n1 is 0"),
        ((1.5, 4, 1, 4), {}, "x1 is 1.5"),
        ((1, 4, 1, 4), {"measure": "rate"}, "measure is 'rate'"),
        ((1, 4, 1, 4), {"method": "koopman"}, "method is 'koopman'"),
        (([1, 2], 4, [1, 2, 3], 4), {}, "shapes"),
    ],
)
def test_bad_input_names_the_argument(arguments, options, message) -> None:
    with pytest.raises(ks.InvalidArgument, match=message):
        ks.effects.proportions(*arguments, **options)


def test_bad_single_input_names_the_argument() -> None:
    with pytest.raises(ks.InvalidArgument, match="x is 5; allowed: at most n, here 4"):
        ks.effects.proportion([1, 5], [4, 4])
    with pytest.raises(ks.InvalidArgument, match="method is 'score'"):
        ks.effects.proportion(1, 4, method="score")
    with pytest.raises(ks.InvalidType, match="x1"):
        ks.effects.proportions("7", 37, 14, 46)
