"""Tests of two proportions: every table, both ways round, against exact fractions and other programs."""

from __future__ import annotations

import csv
import json
from fractions import Fraction
from math import comb
from pathlib import Path

import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import barnard_exact, binom

import ketastats as ks
from ketastats.effects._proportions_test import METHODS
from ketastats.numerics import conditional_digits, table_tests

GOLDEN = Path(__file__).parent / "golden" / "tests_2x2.csv"
ROWS = {row["id"]: row for row in csv.DictReader(GOLDEN.read_text(encoding="utf-8").splitlines())}
CHI_SQUARE = ("pearson", "yates", "n_minus_1", "lr", "wald")
CONDITIONAL = ("fisher", "fisher_central", "blaker", "midp")
UNCONDITIONAL = ("barnard", "barnard_unpooled", "boschloo")
EXACT = ("fisher", "fisher_central", "blaker", *UNCONDITIONAL)

proportions_test = ks.effects.proportions_test


def all_tables(largest):
    sizes = range(1, largest + 1)
    return np.array([(a, n, b, m) for n in sizes for m in sizes for a in range(n + 1) for b in range(m + 1)]).T


SMALL = all_tables(8)


def sides(test):
    return ("two-sided",) if test == "blaker" else ("two-sided", "greater", "less")


QUESTIONS = [(test, side) for test in METHODS for side in sides(test)]


def pvalue(test, side, table, **options):
    return proportions_test(*table, test=test, alternative=side, **options).pvalue


# ----------------------------------------------------------------------------------------------------------- invariants
@pytest.mark.parametrize(("test", "side"), QUESTIONS)
def test_every_table_has_a_p_between_0_and_1(test, side) -> None:
    p = pvalue(test, side, SMALL)
    assert np.all((p >= 0) & (p <= 1))


@pytest.mark.parametrize(("test", "side"), QUESTIONS)
def test_groups_and_outcomes_may_change_places(test, side) -> None:
    x1, n1, x2, n2 = SMALL
    p = pvalue(test, side, SMALL)
    other = {"greater": "less", "less": "greater"}.get(side, side)
    np.testing.assert_allclose(pvalue(test, other, (x2, n2, x1, n1)), p, rtol=3e-10)
    np.testing.assert_allclose(pvalue(test, other, (n1 - x1, n1, n2 - x2, n2)), p, rtol=3e-10)


@pytest.mark.parametrize("test", CONDITIONAL)
def test_margins_of_conditional_tests_may_change_places(test) -> None:
    x1, n1, x2, n2 = SMALL
    events = x1 + x2
    keep = (events > 0) & (events < n1 + n2)
    turned = (x1, events, n1 - x1, n1 + n2 - events)
    got = pvalue(test, "two-sided", [value[keep] for value in turned])
    np.testing.assert_allclose(got, pvalue(test, "two-sided", SMALL[:, keep]), rtol=1e-13)


@pytest.mark.parametrize("test", ["pearson", "fisher", "midp", "barnard", "barnard_unpooled", "boschloo"])
def test_one_more_event_in_group_1_makes_greater_likelier(test) -> None:
    for n1, n2 in ((7, 7), (9, 4), (3, 8)):
        p = pvalue(test, "greater", np.broadcast_arrays(np.arange(n1 + 1)[:, None], n1, np.arange(n2 + 1), n2))
        assert np.all(np.diff(p, axis=0) <= 1e-9)
        assert np.all(np.diff(p, axis=1) >= -1e-9)


def test_one_sided_tests_overlap_in_the_table_itself() -> None:
    own = np.array([comb(m, a) * comb(k, b) / comb(m + k, a + b) for a, m, b, k in SMALL.T.tolist()])
    exact = pvalue("fisher", "greater", SMALL) + pvalue("fisher", "less", SMALL)
    np.testing.assert_allclose(exact, 1 + own, rtol=1e-13)
    np.testing.assert_allclose(pvalue("midp", "greater", SMALL) + pvalue("midp", "less", SMALL), 1, rtol=1e-13)
    np.testing.assert_allclose(pvalue("fisher", "two-sided", SMALL) - pvalue("midp", "two-sided", SMALL), own / 2)


def test_what_is_known_about_the_order_of_tests() -> None:
    # Fay (2010): Blaker's p never exceeds the central one. Boschloo (1970): his test is never weaker than Fisher's.
    slack = 1 + 1e-12
    assert np.all(pvalue("blaker", "two-sided", SMALL) <= pvalue("fisher_central", "two-sided", SMALL) * slack)
    for side in sides("boschloo"):
        result = proportions_test(*SMALL, test="boschloo", alternative=side)
        fisher = pvalue("fisher", side, SMALL)
        assert np.array_equal(result.statistic, fisher)
        assert np.all(result.pvalue <= fisher * slack)
        assert np.mean(result.pvalue < 0.99 * fisher) > 0.4


@pytest.mark.parametrize(("test", "side"), [(test, side) for test in EXACT for side in sides(test)])
def test_exact_tests_keep_their_level(test, side) -> None:
    p = np.linspace(0, 1, 101)
    for n1, n2 in ((6, 6), (3, 11), (10, 7)):
        x1, x2 = np.arange(n1 + 1)[:, None], np.arange(n2 + 1)
        for gamma in (0.0, 0.001) if test in UNCONDITIONAL else (0.0,):
            observed = pvalue(test, side, (x1, n1, x2, n2), berger_boos=gamma)
            first, second = binom.pmf(x1, n1, p), binom.pmf(x2[:, None], n2, p)
            for alpha in (0.01, 0.05, 0.2):
                size = np.einsum("ip,ij,jp->p", first, observed <= alpha, second)
                assert size.max() <= alpha + 1e-9


@given(st.data())
def test_many_tables_at_once_are_the_same_as_each_alone(data) -> None:
    test = data.draw(st.sampled_from(sorted(METHODS)))
    side = data.draw(st.sampled_from(sides(test)))
    n = data.draw(st.lists(st.tuples(st.integers(1, 30), st.integers(1, 30)), min_size=1, max_size=5))
    x = [(data.draw(st.integers(0, a)), data.draw(st.integers(0, b))) for a, b in n]
    tables = [(x1, n1, x2, n2) for (x1, x2), (n1, n2) in zip(x, n, strict=True)]
    many = pvalue(test, side, np.array(tables).T)
    for table, p in zip(tables, many, strict=True):
        assert pvalue(test, side, table) == pytest.approx(p, rel=3e-10)


# ------------------------------------------------------------------------------------------------ independent formulas
def conditional_distribution(x1, n1, x2, n2):
    events = x1 + x2
    places = range(max(0, events - n2), min(n1, events) + 1)
    return {a: Fraction(comb(n1, a) * comb(n2, events - a), comb(n1 + n2, events)) for a in places}


def exact_conditional(test, side, table):
    mass = conditional_distribution(*table)
    x1 = table[0]
    left = {a: sum(p for b, p in mass.items() if b <= a) for a in mass}
    right = {a: sum(p for b, p in mass.items() if b >= a) for a in mass}
    half = mass[x1] / 2 if test == "midp" else 0
    tie = 1 + Fraction(1, 10**7)
    if side != "two-sided":
        return (right if side == "greater" else left)[x1] - half
    if test == "fisher_central":
        return min(Fraction(1), 2 * min(left[x1], right[x1]))
    if test == "blaker":
        return sum(p for a, p in mass.items() if min(left[a], right[a]) <= tie * min(left[x1], right[x1]))
    return sum(p for p in mass.values() if p <= tie * mass[x1]) - half


@pytest.mark.parametrize(("test", "side"), [(test, side) for test in CONDITIONAL for side in sides(test)])
def test_conditional_tests_match_fractions(test, side) -> None:
    rng = np.random.default_rng(5)
    n1, n2 = rng.integers(1, 40, (2, 150))
    x1, x2 = rng.integers(0, n1 + 1), rng.integers(0, n2 + 1)
    tables = np.concatenate([all_tables(4), [x1, n1, x2, n2]], axis=1)
    expected = [float(exact_conditional(test, side, table)) for table in tables.T.tolist()]
    np.testing.assert_allclose(pvalue(test, side, tables), expected, rtol=1e-12)


@pytest.mark.parametrize("table", [(530, 2000, 470, 2000), (61_000, 200_000, 120_000, 400_000), (3, 10**6, 20, 10**6)])
@pytest.mark.parametrize("test", ["fisher", "midp"])
def test_large_tables(test, table) -> None:
    exact = float(conditional_digits.pvalue(test, "two-sided", *table))
    assert pvalue(test, "two-sided", table) == pytest.approx(exact, rel=1e-10)


def test_tails_beyond_any_float_are_zero_and_the_other_tails_one() -> None:
    table = (900_000, 10**6, 100_000, 10**6)
    for test in CONDITIONAL:
        assert pvalue(test, "two-sided", table) == 0
    assert pvalue("fisher", "greater", table) == 0
    assert pvalue("fisher", "less", table) == 1
    assert pvalue("fisher", "less", (100_000, 10**6, 900_000, 10**6)) == 0
    assert pvalue("midp", "greater", (100_000, 10**6, 900_000, 10**6)) == 1


def test_small_and_very_large_groups_together() -> None:
    tables = np.array([(1, 5, 2, 5), (1, 10**9, 4, 10**9), (0, 3 * 10**9, 5, 10**9), (3, 7, 1, 9)])
    together = pvalue("fisher", "two-sided", tables.T)
    # Of 5 events none falls into three quarters of the people.
    assert together[2] == pytest.approx(0.25**5, rel=1e-6)
    assert together[1] == pytest.approx(12 / 32, rel=1e-6)
    for table, p in zip(tables, together, strict=True):
        assert pvalue("fisher", "two-sided", table) == pytest.approx(p, rel=1e-13)


@pytest.mark.parametrize("test", CHI_SQUARE)
def test_chi_square_tests_match_forty_digits(test) -> None:
    rng = np.random.default_rng(6)
    n1, n2 = rng.integers(1, 300, (2, 60))
    x1, x2 = rng.integers(0, n1 + 1), rng.integers(0, n2 + 1)
    result = proportions_test(x1, n1, x2, n2, test=test)
    greater = pvalue(test, "greater", (x1, n1, x2, n2))
    for i, table in enumerate(zip(x1.tolist(), n1.tolist(), x2.tolist(), n2.tolist(), strict=True)):
        with mpmath.workdps(40):
            z = mpmath.sqrt(exact_statistic(test, *table))
            sign = -1 if table[0] * table[3] < table[2] * table[1] else 1
            two_sided, upper = mpmath.erfc(z / mpmath.sqrt(2)), mpmath.erfc(sign * z / mpmath.sqrt(2)) / 2
        assert result.zscore[i] == pytest.approx(float(sign * z), rel=1e-12, abs=1e-15)
        assert result.statistic[i] == pytest.approx(float(z) ** 2, rel=1e-12, abs=1e-15)
        assert result.pvalue[i] == pytest.approx(float(two_sided), rel=1e-10)
        assert greater[i] == pytest.approx(float(upper), rel=1e-10)


def exact_statistic(test, x1, n1, x2, n2):
    if x1 * n2 == x2 * n1:
        return mpmath.mpf(0)
    if test == "lr":
        total = mpmath.mpf(0)
        for count, size, margin in (
            (x1, n1, x1 + x2),
            (n1 - x1, n1, n1 + n2 - x1 - x2),
            (x2, n2, x1 + x2),
            (n2 - x2, n2, n1 + n2 - x1 - x2),
        ):
            if count:
                total += 2 * count * mpmath.log(mpmath.mpf(count) * (n1 + n2) / (mpmath.mpf(size) * margin))
        return total
    p1, p2, pooled = mpmath.mpf(x1) / n1, mpmath.mpf(x2) / n2, mpmath.mpf(x1 + x2) / (n1 + n2)
    if test == "wald":
        variance = p1 * (1 - p1) / n1 + p2 * (1 - p2) / n2
        return (p1 - p2) ** 2 / variance
    size = mpmath.mpf(1) / n1 + mpmath.mpf(1) / n2
    difference = max(abs(p1 - p2) - (size / 2 if test == "yates" else 0), 0)
    factor = mpmath.mpf(n1 + n2 - 1) / (n1 + n2) if test == "n_minus_1" else 1
    return difference**2 / (pooled * (1 - pooled) * size) * factor


@pytest.mark.parametrize("test", CHI_SQUARE)
@pytest.mark.parametrize("n", [10**9, 10**11, 2**52])
def test_counts_whose_products_exceed_the_integers(test, n) -> None:
    # Two standard errors away, where all large-sample tests agree.
    shift = round(n**0.5)
    result = proportions_test(n // 2 + shift, n, n // 2 - shift, n, test=test)
    assert result.statistic == pytest.approx(8 * shift**2 / n, rel=3e-4)


@pytest.mark.parametrize("test", ["pearson", "yates", "n_minus_1", "lr", "wald", "fisher", "midp"])
def test_same_p_as_the_search_for_tables(test) -> None:
    x1, n1, x2, n2 = SMALL
    known = (x1 + x2 > 0) & (x1 + x2 < n1 + n2)
    expected = table_tests.pvalue(test, *SMALL[:, known])
    np.testing.assert_allclose(pvalue(test, "two-sided", SMALL[:, known]), expected, rtol=1e-12)


# ------------------------------------------------------------------------------------------------------- golden values
def golden(key):
    row = ROWS[key]
    inputs = json.loads(row["inputs_json"])
    if "table" in inputs:
        (a, b), (c, d) = inputs["table"]
        inputs = {"x1": a, "n1": a + c, "x2": b, "n2": b + d}
    return [inputs[name] for name in ("x1", "n1", "x2", "n2")], json.loads(row["expected_json"])


def test_a_table_with_an_empty_cell() -> None:
    table, expected = golden("PRP-041")
    assert pvalue("fisher", "two-sided", table) == pytest.approx(expected["p_fisher"], abs=5e-6)
    assert pvalue("midp", "two-sided", table) == pytest.approx(expected["p_fisher_midp"], abs=5e-6)
    wald, yates = (proportions_test(*table, test=test) for test in ("wald", "yates"))
    assert wald.pvalue == pytest.approx(expected["p_z_unpooled"], abs=5e-6)
    assert wald.zscore == pytest.approx(expected["z_unpooled"], abs=5e-4)
    assert yates.statistic == pytest.approx(expected["chi2_cc"], abs=5e-4)
    assert yates.pvalue == pytest.approx(expected["p_chi2_cc"], abs=5e-5)  # printed with four decimals


@pytest.mark.parametrize("key", ["PRP-060", "PRP-063", "PRP-064"])
def test_barnard_as_in_r(key) -> None:
    table, expected = golden(key)
    result = proportions_test(*table, test="barnard")
    assert (result.statistic, result.pvalue) == pytest.approx((expected["z"], expected["p"]), rel=1e-7)
    assert result.error_bound < 1e-9 * result.pvalue


@pytest.mark.parametrize("key", [key for key in ROWS if key.startswith("BOS")])
def test_boschloo_as_in_r(key) -> None:
    table, expected = golden(key)
    result = proportions_test(*table, test="boschloo", alternative="less")
    assert (result.statistic, result.pvalue) == pytest.approx((expected["p_fisher"], expected["p"]), abs=1e-7)


def test_conditional_tests_as_in_exact2x2() -> None:
    table, expected = golden("CON-001")
    for test in ("fisher", "fisher_central", "blaker"):
        assert pvalue(test, "two-sided", table) == pytest.approx(expected[f"p_{test}"], abs=5e-6)


@pytest.mark.parametrize(("key", "tolerance"), [("SXT-001", 5e-5), ("SXT-002", 5e-9), ("SXT-003", 5e-5)])
def test_unconditional_tests_as_in_statxact(key, tolerance) -> None:
    table, expected = golden(key)
    for name, value in expected.items():
        _, test, side = name.split("_", 2)
        assert pvalue(test, side.replace("_", "-"), table) == pytest.approx(value, abs=tolerance)


def test_every_golden_row_is_used() -> None:
    assert {key.split("-")[0] for key in ROWS} == {"PRP", "BOS", "CON", "SXT"}
    assert sorted(key for key in ROWS if key.startswith("PRP")) == [
        "PRP-041",
        "PRP-050",
        "PRP-060",
        "PRP-063",
        "PRP-064",
    ]


# ---------------------------------------------------------------------------------------------- known errors of others
def test_a_maximum_that_scipy_misses() -> None:
    table, expected = golden("PRP-050")
    result = proportions_test(*table, test="barnard")
    assert result.pvalue == pytest.approx(expected["p_gamma0"], abs=5e-4)
    assert result.pvalue == pytest.approx(0.0611418, abs=5e-7)
    x1, n1, x2, n2 = table
    assert barnard_exact([[x1, x2], [n1 - x1, n2 - x2]]).pvalue == pytest.approx(0.0381, abs=5e-4)
    narrow = proportions_test(*table, test="barnard", berger_boos=0.001)
    assert narrow.pvalue == pytest.approx(expected["p_gamma_001_package"], abs=5e-6)
    assert "Berger-Boos" in narrow.method
    assert any("Berger" in reference for reference in narrow.references)


@pytest.mark.parametrize("table", [(3, 5, 3, 5), (0, 5, 0, 5), (5, 5, 5, 5), (0, 5, 0, 29), (1, 1, 1, 1), (2, 4, 3, 6)])
def test_boschloo_where_others_give_two_or_nothing(table) -> None:
    # scipy.stats.boschloo_exact doubles a one-sided p, which gave 2.0 or NaN.
    for test in UNCONDITIONAL:
        result = proportions_test(*table, test=test)
        assert result.pvalue == pytest.approx(1, abs=1e-12)
        assert 0 <= result.maximiser <= 1
        assert result.pvalue + result.error_bound <= 1 + 1e-12


# -------------------------------------------------------------------------------------------------------------- results
def test_tables_in_which_nothing_differs() -> None:
    for test in METHODS:
        for table in ((0, 4, 0, 9), (4, 4, 9, 9)):
            assert pvalue(test, "two-sided", table) == (0.5 if test == "midp" else 1)
    for test in CHI_SQUARE:
        result = proportions_test(0, 4, 0, 9, test=test)
        assert (result.statistic, result.zscore) == (0, 0)


def test_wald_is_certain_of_all_against_none() -> None:
    result = proportions_test([4, 0], 4, [0, 3], 3, test="wald")
    assert result.zscore.tolist() == [np.inf, -np.inf]
    assert result.pvalue.tolist() == [0, 0]
    assert proportions_test(4, 4, 0, 3, test="barnard_unpooled").statistic == np.inf


@pytest.mark.parametrize("test", METHODS)
def test_shapes_names_and_frames(test) -> None:
    one = proportions_test(7, 37, 14, 46, test=test)
    assert isinstance(one.pvalue, float)
    grid = proportions_test(np.arange(4)[:, None], 12, np.arange(3), 9, test=test)
    assert grid.pvalue.shape == (4, 3)
    assert proportions_test([], 12, 3, 9, test=test).pvalue.shape == (0,)
    assert one.method == METHODS[test][0]
    assert one.alternative == "two-sided"
    assert all("doi:" in reference for reference in one.references)
    frame = grid.to_frame()
    assert len(frame) == 12
    assert frame["pvalue"].tolist() == grid.pvalue.ravel().tolist()
    assert str(one.method) in one.summary()


def test_kinds_of_result() -> None:
    kinds = {test: type(proportions_test(1, 3, 2, 4, test=test)).__name__ for test in METHODS}
    assert {kinds[test] for test in CHI_SQUARE} == {"ChiSquareTest"}
    assert {kinds[test] for test in CONDITIONAL} == {"TableTest"}
    assert {kinds[test] for test in UNCONDITIONAL} == {"UnconditionalTest"}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"x1": 38}, "x1 is 38"),
        ({"n2": 0}, "n2"),
        ({"x2": -1}, "x2"),
        ({"x2": 1.5}, "x2"),
        ({"test": "chi2"}, "test is 'chi2'"),
        ({"alternative": "larger"}, "alternative is 'larger'"),
        ({"test": "blaker", "alternative": "less"}, "two-sided for test='blaker'"),
        ({"berger_boos": 0.001}, "0 for test='pearson'"),
        ({"test": "barnard", "berger_boos": 1.0}, "berger_boos is 1.0"),
        ({"test": "barnard", "berger_boos": -0.1}, "berger_boos is -0.1"),
        ({"test": "barnard", "budget": 0}, "budget is 0"),
        ({"x1": [1, 2], "x2": [1, 2, 3]}, "broadcast"),
    ],
)
def test_bad_input_says_what_is_wrong(change, words) -> None:
    arguments = {"x1": 7, "n1": 37, "x2": 14, "n2": 46, "test": "pearson"} | change
    with pytest.raises(ks.errors.InvalidArgument) as caught:
        proportions_test(**arguments)
    assert words in str(caught.value)


def test_wrong_types_are_refused() -> None:
    with pytest.raises(ks.errors.InvalidType):
        proportions_test("7", 37, 14, 46, test="pearson")
    with pytest.raises(ks.errors.InvalidType):
        proportions_test(7, 37, 14, 46, test=None)


@pytest.mark.parametrize(("test", "size", "count"), [("barnard", 10**5, (10**5 + 1) ** 2), ("fisher", 5000, None)])
def test_work_beyond_the_budget_is_refused_before_it_starts(test, size, count) -> None:
    with pytest.raises(ks.errors.BudgetExceeded) as caught:
        proportions_test(size // 2, size, size // 2, size, test=test, budget=1000)
    assert caught.value.budget == 1000
    assert caught.value.count == count if count else caught.value.count > 1000
