"""Tables from measures, limits, shares and several numbers at once: brute force, golden rows, and what must hold."""

from __future__ import annotations

import math
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from functools import cache
from itertools import combinations
from typing import Any

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_tables import LARGEST, Table, every_table, golden

import ketastats as ks
from ketastats.errors import BudgetExceeded, InvalidArgument, InvalidType, KetastatsError
from ketastats.numerics import exact_limits, table_measures
from ketastats.reconstruct import tables
from ketastats.reconstruct._tables import candidates as _candidates
from ketastats.reconstruct._tables import limits as _table_limits
from ketastats.reconstruct._tables import search as _search

RULES = ("half", "half_up", "half_even", "truncate", "up")
Number = Fraction | mpmath.mpf | float | None


def rows_of(found: ks.reconstruct.CompatibleTables) -> list[Table]:
    return [tuple(row) for row in np.stack([found.x1, found.n1, found.x2, found.n2], axis=1).tolist()]


@pytest.fixture(params=["tried", "solved"])
def plan(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Small searches try every table; the solving of large ones must find the same."""
    if request.param == "solved":
        monkeypatch.setattr(_candidates, "_FEW", 0)


# ------------------------------------------------------------------------------------------ the brute force
def over(numerator: int, denominator: int) -> Number:
    if denominator == 0:
        return None if numerator == 0 else math.inf
    return Fraction(numerator, denominator)


def root(square: Fraction) -> mpmath.mpf:
    return mpmath.sqrt(mpmath.mpf(square.numerator) / square.denominator)


def phi(x1: int, n1: int, x2: int, n2: int) -> Number:
    a, b, c, d = x1, n1 - x1, x2, n2 - x2
    product = (a + b) * (c + d) * (a + c) * (b + d)
    return None if product == 0 else mpmath.mpf(a * d - b * c) / mpmath.sqrt(product)


def yule_y(x1: int, n1: int, x2: int, n2: int) -> Number:
    above, below = mpmath.sqrt(x1 * (n2 - x2)), mpmath.sqrt(x2 * (n1 - x1))
    return None if above + below == 0 else (above - below) / (above + below)


MEASURES: dict[str, Callable[[int, int, int, int], Number]] = {
    "risk_difference": lambda a, n, c, m: Fraction(a, n) - Fraction(c, m),
    "risk_ratio": lambda a, n, c, m: over(a * m, c * n),
    "odds_ratio": lambda a, n, c, m: over(a * (m - c), c * (n - a)),
    "phi": phi,
    "yule_q": lambda a, n, c, m: over(a * (m - c) - c * (n - a), a * (m - c) + c * (n - a)),
    "yule_y": yule_y,
    "rate": lambda a, n, c, m: Fraction(a + c, n + m),
}
TEXTS = {
    "risk_difference": ("0.25", "-0.1", "0.0", "-33%", "1.00", "> 0.5", "<= 0"),
    "risk_ratio": ("0.5", "1.00", "2.50", "0.0", "> 3", "<= 0.5"),
    "odds_ratio": ("0.5", "1.0", "2.25", "0.0", "> 9", "< .2"),
    "phi": ("0.25", "-0.5", "0.0", "1.0", "> 0.6"),
    "yule_q": ("0.5", "-0.25", "0.0", "1.0", "<= -0.9"),
    "yule_y": ("0.5", "-0.3", "0.0", "1.0", "> 0.6"),
    "rate": ("0.25", "33%", "0.0", "37.5%"),
}


def printed_as(value: Number, text: str, rule: str) -> bool:
    """Whether a value prints as the text, by cutting the value."""
    if value is None:
        return False
    if isinstance(value, mpmath.mpf) and abs(value * 10**6 - mpmath.nint(value * 10**6)) < 1e-25:
        value = Fraction(int(mpmath.nint(value * 10**6)), 10**6)  # a root of a square
    unit = Fraction(1, 100) if text.endswith("%") else Fraction(1)
    digits = text.rstrip("%")
    for sign in ("<=", ">=", "<", ">"):
        if digits.startswith(sign):
            edge = Fraction(digits.removeprefix(sign).strip())
            return {"<=": value <= edge, ">=": value >= edge, "<": value < edge, ">": value > edge}[sign]
    if value in (math.inf, -math.inf):
        return False
    decimals = len(digits.partition(".")[2])
    with mpmath.workdps(40):
        scaled = value * 10**decimals / unit if isinstance(value, Fraction) else value * 10**decimals * int(1 / unit)
        size = abs(scaled)
        whole = int(mpmath.floor(size)) if isinstance(size, mpmath.mpf) else math.floor(size)
        rest = size - whole
        down, up = whole + (rest > Fraction(1, 2)), whole + (rest >= Fraction(1, 2))
    cut = {
        "half": (down, up),
        "half_up": (up,),
        "half_even": (up if whole % 2 else down,),
        "truncate": (whole,),
        "up": (whole + (rest > 0),),
    }[rule]
    target = round(Fraction(digits) * 10**decimals)
    # Nothing but digits is left of a value that prints as zero.
    return abs(target) in cut and (target == 0 or (scaled < 0) == (target < 0))


@cache
def values(measure: str) -> tuple[Number, ...]:
    with mpmath.workdps(40):
        return tuple(MEASURES[measure](*table) for table in every_table())


@cache
def expected(measure: str, text: str, rule: str, *, absolute: bool = False) -> set[Table]:
    found = zip(every_table(), values(measure), strict=True)
    return {table for table, value in found if printed_as(abs(value) if absolute and value else value, text, rule)}


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("measure", MEASURES)
def test_every_table_with_a_printed_measure_and_no_other_is_found(measure: str, rule: str, plan: None) -> None:
    for text in TEXTS[measure]:
        found = tables(n=range(2, LARGEST + 1), **{measure: text}, rounding=rule)
        want = expected(measure, text, rule)
        if measure == "rate":
            want = {table for table in want if (table[1], table[0]) <= (table[3], table[2])}
        assert set(rows_of(found)) == want, text
        assert len(found) == len(want)
        assert found.labelled == (measure != "rate")


@pytest.mark.parametrize("measure", ["risk_difference", "phi", "yule_q", "yule_y"])
def test_a_measure_without_its_sign_does_not_tell_the_groups_apart(measure: str, plan: None) -> None:
    for text in ("0.25", "0.5", "0.0", "> 0.6"):
        found = tables(n=range(2, LARGEST + 1), **{measure: {"value": text, "signed": False}})
        assert not found.labelled
        want = expected(measure, text, "half", absolute=True)
        assert set(rows_of(found)) == {row for row in want if (row[1], row[0]) <= (row[3], row[2])}


@pytest.mark.parametrize(("first", "second"), list(combinations(("p", "risk_ratio", "odds_ratio", "rate", "phi"), 2)))
def test_two_numbers_leave_what_each_leaves(first: str, second: str, plan: None) -> None:
    texts = {"p": "0.3", "risk_ratio": "1.5", "odds_ratio": "2.0", "rate": "50%", "phi": "0.3"}
    common = {"n": range(2, 21), "n1": range(1, 20), "test": "pearson"}
    sets = [set(rows_of(tables(**common, **{name: texts[name]}))) for name in (first, second)]
    both = tables(**common, **{name: texts[name] for name in (first, second)})
    assert set(rows_of(both)) == sets[0] & sets[1]
    assert sets[0]
    assert sets[1]


def test_shares_counts_and_a_measure_narrow_rows_and_margins(plan: None) -> None:
    everything = every_table()
    kept = [t for t in everything if 3 <= t[0] <= 5 and t[2] in (1, 4) and t[0] + t[2] != 6]
    found = tables(n=range(2, LARGEST + 1), x1=range(3, 6), x2=[1, 4], events=[2, 4, 5, 7, 8, 9])
    assert set(rows_of(found)) == set(kept)
    found = tables(n=range(2, LARGEST + 1), x1=range(3, 6), x2=[1, 4], events=[2, 4, 5, 7, 8, 9], risk_ratio="> 1")
    assert set(rows_of(found)) == {t for t in kept if t[0] * t[3] > t[2] * t[1]}
    found = tables(n=range(2, LARGEST + 1), x1=3, p="ns", test="pearson")
    free = tables(n=range(2, LARGEST + 1), n1=range(1, LARGEST), p="ns", test="pearson")
    assert set(rows_of(found)) == {t for t in rows_of(free) if t[0] == 3}


# ------------------------------------------------------------------------------------------ test statistics
@pytest.mark.parametrize("test", ["pearson", "yates", "n_minus_1", "lr", "wald"])
def test_a_sign_of_z_tells_the_groups_apart(test: str, plan: None) -> None:
    above = tables(n=30, z="+1.2", test=test)
    below = tables(n=30, z="-1.2", test=test)
    free = tables(n=30, z="1.2", test=test)
    assert (above.labelled, below.labelled, free.labelled) == (True, True, False)
    assert (above.x1 * above.n2 > above.x2 * above.n1).all()
    mirrored = {(c, m, a, n) for a, n, c, m in rows_of(below)}
    assert set(rows_of(above)) == mirrored
    assert set(rows_of(free)) == {t for t in {*mirrored, *rows_of(below)} if (t[1], t[0]) <= (t[3], t[2])}
    squared = tables(n=30, statistic="> 1.3225", test=test) if test != "wald" else tables(n=30, z="> 1.15", test=test)
    assert set(rows_of(free)) <= set(rows_of(squared)) | {t for t in rows_of(free) if test == "wald"}


@pytest.mark.parametrize("test", ["pearson", "wald"])
def test_z_by_brute_force(test: str, plan: None) -> None:
    def z(a: int, n: int, c: int, m: int) -> Number:
        gap = Fraction(a, n) - Fraction(c, m)
        pooled = Fraction(a + c, n + m)
        apart = Fraction(a * (n - a), n**3) + Fraction(c * (m - c), m**3)
        variance = apart if test == "wald" else pooled * (1 - pooled) * (Fraction(1, n) + Fraction(1, m))
        if variance == 0:
            return (math.inf if gap > 0 else -math.inf) if gap else None
        return mpmath.sign(gap.numerator) * root(gap * gap / variance)

    with mpmath.workdps(40):
        scores = [(table, z(*table)) for table in every_table()]
    for text in ("-1.2", "+0.5", "+2", "-0.0"):
        found = tables(n=range(2, LARGEST + 1), z=text, test=test)
        assert set(rows_of(found)) == {t for t, value in scores if printed_as(value, text.lstrip("+"), "half")}


def test_numbers_of_different_tests_stand_together() -> None:
    sizes, table = {"n1": 40, "n2": 43}, (19, 40, 13, 43)
    chi2 = f"{float(ks.effects.proportions_test(*table, test='pearson').statistic):.2f}"
    exact, asymptotic = (
        f"{float(ks.effects.proportions_test(*table, test=t).pvalue):.3f}" for t in ("fisher", "pearson")
    )
    pearson = tables(**sizes, statistic=chi2, test="pearson")
    fisher = tables(**sizes, p=exact, test="fisher")
    both = tables(**sizes, statistic={"value": chi2, "test": "pearson"}, p={"value": exact, "test": "fisher"})
    assert set(rows_of(both)) == set(rows_of(pearson)) & set(rows_of(fisher))
    assert table in rows_of(both)
    assert both.tests == ()
    one = tables(**sizes, statistic=chi2, test="pearson", p={"value": exact, "test": "fisher"})
    assert rows_of(one) == rows_of(both)
    # Two p-values of two tests, in a list.
    listed = tables(**sizes, p=[{"value": asymptotic, "test": "pearson"}, {"value": exact, "test": "fisher"}])
    assert table in rows_of(listed)
    assert set(rows_of(listed)) <= set(rows_of(fisher))
    wrong = tables(**sizes, p=[{"value": asymptotic, "test": "pearson"}, {"value": "0.999", "test": "fisher"}])
    assert wrong.emptied_by == "p[1]"


def test_alternatives_of_one_number_say_which_of_them_prints_each_table() -> None:
    several = tables(n1=40, n2=43, p={"value": "0.26", "test": ("pearson", "fisher", "yates")})
    alone = [set(rows_of(tables(n1=40, n2=43, p="0.26", test=test))) for test in ("pearson", "fisher", "yates")]
    assert set(rows_of(several)) == set.union(*alone)
    names, prints = several.alternatives["p_test"]
    assert names == ("pearson", "fisher", "yates")
    for column, only in enumerate(alone):
        assert {row for row, hit in zip(rows_of(several), prints[:, column], strict=True) if hit} == only
    frame = several.to_frame()
    assert list(frame.columns)[-1] == "p_test"
    assert set(frame["p_test"]) <= {"pearson", "fisher", "yates", "pearson+fisher", "fisher+yates", "pearson+yates"}


# ------------------------------------------------------------------------------------------ rounding by rule
def test_each_number_has_its_own_rounding() -> None:
    common = {"n1": 30, "n2": 31}
    cut = tables(**common, rate1=ks.Reported("16.6%", rounding="truncate"), rate2="32.3%")
    assert rows_of(cut) == [(5, 30, 10, 31)]
    assert not tables(**common, rate1="16.6%", rate2="32.3%")
    assert rows_of(tables(**common, rate1={"value": "16.6%", "rounding": "truncate"}, rate2="32.3%")) == rows_of(cut)
    either = tables(**common, rate1="16.6%", rate2="32.3%", rounding=("half", "truncate"))
    assert rows_of(either) == rows_of(cut)
    assert "digits were rounded half either way or cut off" in either.assumptions


def test_every_rule_of_rounding_is_read_and_said() -> None:
    for rule in ks.Rounding:
        found = tables(n1=8, n2=9, rate1="37%", rounding=rule)
        exact = [x for x in range(9) if Fraction(x, 8) * 100 in ks.Reported("37", rounding=rule).interval]
        assert sorted(set(found.x1.tolist())) == exact
        assert any(sentence.startswith("digits were ") for sentence in found.assumptions)


@settings(max_examples=40)
@given(
    st.sampled_from(["risk_ratio", "odds_ratio", "risk_difference", "phi", "rate1", "rate"]),
    st.sampled_from(["0.2", "0.5", "0.33", "0.71"]),
    st.lists(st.sampled_from(RULES), min_size=1, max_size=3, unique=True),
    st.integers(10, 30),
)
def test_several_roundings_are_the_union_and_never_fewer(name: str, text: str, rules: list[str], n: int) -> None:
    each = [set(rows_of(tables(n=n, **{name: text}, rounding=rule))) for rule in rules]
    assert set(rows_of(tables(n=n, **{name: text}, rounding=rules))) == set.union(*each)


# ------------------------------------------------------------------------------------------ limits of effects
def quantile(level: float) -> mpmath.mpf:
    return mpmath.sqrt(2) * mpmath.erfinv(mpmath.mpf(str(level)))


def limits(measure: str, method: str, table: Table, level: float) -> tuple[mpmath.mpf, mpmath.mpf]:
    """The interval by its textbook formula, at 40 digits."""
    more = {"log_half": mpmath.mpf(1) / 2, "agresti_caffo": mpmath.mpf(1)}.get(method, mpmath.mpf(0))
    z = quantile(level)
    if measure == "risk_difference":
        x1, n1, x2, n2 = table[0] + more, table[1] + 2 * more, table[2] + more, table[3] + 2 * more
        error = mpmath.sqrt(x1 * (n1 - x1) / n1**3 + x2 * (n2 - x2) / n2**3)
        return max(x1 / n1 - x2 / n2 - z * error, -1), min(x1 / n1 - x2 / n2 + z * error, 1)
    if measure == "risk_ratio":
        x1, n1, x2, n2 = (count + more for count in table)
        point, variance = x1 * n2 / (x2 * n1), 1 / x1 - 1 / n1 + 1 / x2 - 1 / n2
    else:
        a, b = table[0] + more, table[1] - table[0] + more
        c, d = table[2] + more, table[3] - table[2] + more
        point, variance = a * d / (b * c), 1 / a + 1 / b + 1 / c + 1 / d
    return point * mpmath.exp(-z * mpmath.sqrt(variance)), point * mpmath.exp(z * mpmath.sqrt(variance))


CLOSED = [
    ("risk_difference", "wald"),
    ("risk_difference", "agresti_caffo"),
    ("risk_ratio", "log"),
    ("risk_ratio", "log_half"),
    ("odds_ratio", "log"),
    ("odds_ratio", "log_half"),
]


@pytest.mark.parametrize(("measure", "method"), CLOSED)
def test_limits_of_closed_form_by_brute_force(measure: str, method: str, plan: None) -> None:
    inner = [(a, 9, c, 11) for a in range(1, 9) for c in range(1, 11)]
    with mpmath.workdps(40):
        ends = {table: limits(measure, method, table, 0.9) for table in inner}
    for centre in ((4, 9, 3, 11), (1, 9, 10, 11)):
        texts = tuple(f"{Decimal(str(mpmath.nstr(end, 30))):.1f}" for end in ends[centre])
        ci = {"ci": texts, "level": 0.9, "method": method}
        found = tables(n1=9, n2=11, x1=range(1, 9), x2=range(1, 11), **{measure: ci})
        want = {
            t
            for t, (low, high) in ends.items()
            if printed_as(low, texts[0], "half") and printed_as(high, texts[1], "half")
        }
        assert set(rows_of(found)) == want
        assert centre in want
        upper = tables(n1=9, n2=11, x1=range(1, 9), x2=range(1, 11), **{measure: {**ci, "ci": (None, texts[1])}})
        assert set(rows_of(upper)) == {t for t, (_, high) in ends.items() if printed_as(high, texts[1], "half")}


@pytest.mark.parametrize(("measure", "method"), CLOSED)
def test_limits_are_decided_where_a_float_cannot(measure: str, method: str) -> None:
    table = (17, 57, 9, 61)
    with mpmath.workdps(60):
        for upper in (False, True):
            end = limits(measure, method, table, 0.95)[upper]
            for digits in (12, 30, 45):
                edge = Fraction(str(mpmath.nstr(mpmath.nint(end * 10**digits), 60).split(".")[0])) / 10**digits
                side = exact_limits.compare(measure, method, table, level=0.95, upper=upper, edge=edge)
                assert side == (1 if end * 10**digits > mpmath.nint(end * 10**digits) else -1)


@pytest.mark.parametrize("method", ["score", "koopman", "log", "log_half", "asinh", "mover"])
def test_the_true_table_prints_its_own_limits_under_every_method_of_the_ratio(method: str) -> None:
    check_own_limits("risk_ratio", "ratio", method)


@pytest.mark.parametrize("method", ["score", "mee", "newcombe", "agresti_caffo", "wald", "exact"])
def test_the_true_table_prints_its_own_limits_under_every_method_of_the_difference(method: str) -> None:
    check_own_limits("risk_difference", "difference", method)


@pytest.mark.parametrize(
    "method", ["score", "cornfield", "log", "log_half", "asinh", "asinh_adjusted", "smoothed", "mover", "exact", "midp"]
)
def test_the_true_table_prints_its_own_limits_under_every_method_of_the_odds_ratio(method: str) -> None:
    check_own_limits("odds_ratio", "odds_ratio", method)


def check_own_limits(name: str, kind: str, method: str) -> None:
    n1, n2 = (6, 5) if method == "exact" else (23, 27)
    interval = ks.effects.proportions(5, n1, 3, n2, measure=kind, method=method).confidence_interval(0.95)
    low, high = f"{float(interval.low):.2f}", f"{float(interval.high):.2f}"
    found = tables(n1=n1, n2=n2, **{name: {"ci": (low, high), "method": method}})
    assert (5, n1, 3, n2) in rows_of(found)
    assert len(found) < 24
    true = {"n1": n1, "n2": n2, "x1": 5, "x2": 3}
    assert not tables(**true, **{name: {"ci": (low, f"{float(high) + 0.02:.2f}"), "method": method}})
    assert not tables(**true, **{name: {"ci": (low, high), "method": method, "level": 0.9}})


@pytest.mark.parametrize(
    ("name", "method"),
    [
        ("risk_difference", ("score", "mee", "newcombe", "wald")),
        ("risk_difference", ("agresti_caffo",)),
        ("risk_ratio", ("log", "asinh")),
        ("risk_ratio", ("score", "koopman", "log", "mover")),
        ("odds_ratio", ("log",)),
        ("odds_ratio", ("cornfield", "asinh")),
        ("odds_ratio", ("log_half", "smoothed")),
    ],
)
def test_limits_narrow_the_search_and_lose_nothing(
    name: str, method: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    ends = {"risk_difference": ("-0.2", "0.6"), "risk_ratio": ("0.5", "4.0"), "odds_ratio": ("0.4", "9.0")}[name]
    more = [ends, (ends[0], None), (None, ends[1]), ("< 0.1", "> 0.8")]
    questions = [{"n": 14, name: {"ci": ci, "method": method, "level": 0.9}} for ci in more]
    tried = [rows_of(tables(**question)) for question in questions]
    assert any(tried)
    monkeypatch.setattr(_candidates, "_FEW", 0)
    assert [rows_of(tables(**question)) for question in questions] == tried


def test_the_limits_of_rates_narrow_the_counts() -> None:
    found = tables(n=50, n1=range(1, 50), rate1={"value": "30%", "ci": ("14.5%", "51.9%"), "method": "wilson"}, x2=0)
    assert rows_of(found) == [(6, 20, 0, 30)]


def test_methods_of_an_interval_are_alternatives() -> None:
    ci = {"value": "2.05", "ci": ("1.21", "3.49")}
    both = tables(n1=122, n2=118, odds_ratio={**ci, "method": ("log", "score")})
    alone = [set(rows_of(tables(n1=122, n2=118, odds_ratio={**ci, "method": name}))) for name in ("log", "score")]
    assert set(rows_of(both)) == alone[0] | alone[1]
    names, prints = both.alternatives["odds_ratio_ci_method"]
    assert names == ("log", "score")
    assert [int(column.sum()) for column in prints.T] == [len(rows) for rows in alone]


# ------------------------------------------------------------------------------------------ order and emptiness
def test_the_first_constraint_in_the_order_given_is_named() -> None:
    sizes = {"n1": 10, "n2": 10}
    assert tables(**sizes, events=5, p="0.0000", test="pearson").emptied_by == "p"
    assert tables(**sizes, p="0.0000", test="pearson", events=5).emptied_by == "events"
    assert tables(**sizes, risk_ratio="2.0", odds_ratio="0.6").emptied_by == "odds_ratio"
    assert tables(**sizes, odds_ratio="0.6", risk_ratio="2.0").emptied_by == "risk_ratio"
    assert tables(**sizes, rate1="33%", odds_ratio="0.6").emptied_by == "rate1"
    wrong = {"value": "2.00", "ci": ("5.0", "9.0"), "method": "log"}
    assert tables(**sizes, risk_ratio=wrong).emptied_by == "risk_ratio ci"
    assert tables(**sizes, risk_ratio=wrong, rate2="33%").emptied_by == "risk_ratio ci"


def test_where_looking_takes_too_long_the_answer_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: dict[str, Any] = {"n": 30, "rate": "50%", "risk_ratio": "1.5", "phi": "0.9", "rate1": "20%"}
    assert tables(**asked).emptied_by == "phi"
    monkeypatch.setattr(_search, "_TRIES_TO_BLAME", 0)
    # Where there is nothing to try, or the first tables that are tried hold one, nothing is in doubt.
    assert tables(**{**asked, "rate": "51%"}).emptied_by == "rate"
    assert tables(n=30, rate="50%", risk_difference="0.999").emptied_by == "risk_difference"
    # That the first three leave nothing takes a search.
    found = tables(**asked)
    assert found.emptied_by == "rate1 or one given before it"
    assert "rate1 or one given before it leaves nothing" in found.identifiability


@settings(max_examples=50)
@given(
    st.integers(0, 12),
    st.integers(0, 15),
    st.permutations(["p", "risk_ratio", "odds_ratio", "rate1", "rate", "events", "phi"]),
    st.integers(1, 6),
)
def test_adding_a_constraint_never_grows_the_set_and_the_truth_stays(
    x1: int, x2: int, names: list[str], last: int
) -> None:
    kwargs = true_numbers(x1, 12, x2, 15)
    chosen = [name for name in names if name in kwargs]
    before: set[Table] | None = None
    for place in range(1, min(last, len(chosen)) + 1):
        found = tables(n1=12, n2=15, test="pearson", **{name: kwargs[name] for name in chosen[:place]})
        now = set(rows_of(found))
        assert (x1, 12, x2, 15) in now
        assert before is None or now <= before
        before = now


def true_numbers(x1: int, n1: int, x2: int, n2: int) -> dict[str, Any]:
    """What a paper may print of one table; nothing of what is not defined."""
    numbers: dict[str, Any] = {
        "rate1": percent(x1, n1),
        "rate": percent(x1 + x2, n1 + n2),
        "events": x1 + x2,
    }
    if 0 < x1 + x2 < n1 + n2:
        numbers["p"] = f"{float(ks.effects.proportions_test(x1, n1, x2, n2, test='pearson').pvalue):.3f}"
        numbers["phi"] = f"{float(table_measures.value('phi', x1, n1, x2, n2)):.2f}".replace("-0.00", "0.00")
    if x2:
        numbers["risk_ratio"] = f"{x1 * n2 / (x2 * n1):.2f}"
    if x2 and x1 < n1:
        numbers["odds_ratio"] = f"{x1 * (n2 - x2) / (x2 * (n1 - x1)):.2f}"
    return numbers


def percent(x: int, n: int) -> str:
    tenths = Fraction(1000 * x, n)
    return f"{Decimal(round(tenths)) / 10}%"


@settings(max_examples=40)
@given(st.integers(0, 12), st.integers(0, 15), st.sampled_from(["risk_ratio", "odds_ratio", "phi", "risk_difference"]))
def test_relabelling_the_groups_mirrors_the_set(x1: int, x2: int, name: str) -> None:
    value = float(table_measures.value(name, x1, 12, x2, 15))
    if not math.isfinite(value):
        return
    text, signed = f"{value:.3f}", name in ("phi", "risk_difference")
    one = rows_of(tables(n1=12, n2=15, **{name: text}))
    if signed:
        other = rows_of(tables(n1=15, n2=12, **{name: f"{-value:.3f}"}))
        assert sorted(one) == sorted((c, m, a, n) for a, n, c, m in other)
    elif value > 0:
        interval = ks.Reported(text).interval
        inside = [Fraction(1, 1) / Fraction(end) if end > 0 else None for end in (interval.high, interval.low)]
        low, high = inside
        images = {(c, m, a, n) for a, n, c, m in rows_of(tables(n1=15, n2=12, **{name: "> 0"}))}
        assert low is not None
        kept = {t for t in images if (v := MEASURES[name](*t)) is not None and v not in (math.inf, 0)}
        assert set(one) == {
            t for t in kept if 1 / MEASURES[name](*t) >= low and (high is None or 1 / MEASURES[name](*t) <= high)
        }  # type: ignore[operator]


# ------------------------------------------------------------------------------------------ golden rows
@pytest.mark.parametrize("row", golden("2x2 from N, margins and one statistic"), ids=lambda row: row["id"])
def test_margins_and_one_statistic_give_the_table(row: dict[str, Any]) -> None:
    inputs, (a, b, c, d) = row["inputs"], row["expected"]["table"]
    n, n1, events = inputs["ni"], inputs["n1"], inputs["n2"]
    sizes = {"n": n, "n1": n1, "events": events}
    test = "yates" if inputs.get("correct") else "pearson"
    if "OR" in inputs:
        found = tables(**sizes, odds_ratio=str(inputs["OR"]))
    elif "phi" in inputs:
        found = tables(**sizes, phi=str(inputs["phi"]))
    elif "chi2" in inputs:
        chi2 = inputs["chi2"]
        if isinstance(chi2, str):
            assert chi2.endswith("of the table 28,14,12,18")
            chi2 = f"{float(ks.effects.proportions_test(28, 42, 12, 30, test='pearson').statistic):.6f}"
        found = tables(**sizes, statistic=str(chi2), test=test)
    else:
        p = float(ks.effects.proportions_test(28, 42, 12, 30, test="pearson").pvalue)
        found = tables(**sizes, p=f"{p:.2f}", test=test)
    assert (a, a + b, c, c + d) in rows_of(found)
    above = [row for row in rows_of(found) if row[0] * row[3] > row[2] * row[1]]
    if "phi" in inputs:
        # Two decimals of phi leave several tables: this one is the nearest to 0.15 and 0.54 themselves.
        value = table_measures.value("phi", found.x1, found.n1, found.x2, found.n2)
        assert rows_of(found)[int(np.argmin(np.abs(value - inputs["phi"])))] == (a, a + b, c, c + d)
    else:
        # A chi-square or p has no sign: at most the table on the other side of expectation prints the same.
        assert len(above) == 1


def test_a_statistic_of_another_test_leaves_nothing() -> None:
    """A solver that takes 5.04 for Yates' chi-square rounds to 29 of 42, whose own is 6.18."""
    sizes = {"n": 72, "n1": 42, "events": 40}
    assert not tables(**sizes, statistic="5.04", test="yates")
    assert rows_of(tables(**sizes, statistic="5.04", test="pearson")) == [(28, 42, 12, 30)]
    assert (29, 42, 11, 30) in rows_of(tables(**sizes, statistic="6.18", test="yates"))


@pytest.mark.parametrize("row", golden("2x2 from effect, CI, arm sizes and event total"), ids=lambda row: row["id"])
def test_an_effect_its_limits_and_the_events_give_the_tables(row: dict[str, Any]) -> None:
    inputs, expect = row["inputs"], row["expected"]
    effect = {"value": inputs["es"], "ci": tuple(inputs["ci"]), "method": "log"}
    found = tables(n1=inputs["m1"], n2=inputs["m2"], events=inputs["events"], odds_ratio=effect)
    pairs = [[a, c] for a, _, c, _ in rows_of(found)]
    assert pairs == expect["tables_a_c"]
    assert pairs != expect["published"]


@pytest.mark.parametrize("row", golden("2x2 from effect, CI and arm sizes (range)"), ids=lambda row: row["id"])
def test_an_effect_and_its_limits_leave_a_range(row: dict[str, Any]) -> None:
    inputs, expect = row["inputs"], row["expected"]
    effect = {"value": inputs["es"], "ci": tuple(inputs["ci"]), "method": "log"}
    found = tables(n1=inputs["m1"], n2=inputs["m2"], risk_ratio=effect)
    assert len(found) == expect["n_tables"]
    assert [int(found.x1.min()), int(found.x1.max())] == expect["a_range"] != expect["published_a_range"]
    assert [int(found.x2.min()), int(found.x2.max())] == expect["c_range"] != expect["published_c_range"]
    a, c = expect["true"]
    assert (a, inputs["m1"], c, inputs["m2"]) in rows_of(found)


# ------------------------------------------------------------------------------------------ exact tests, row by row
@pytest.mark.parametrize("test", ["fisher", "midp"])
def test_solving_rows_of_exact_tests_finds_what_trying_finds(test: str, monkeypatch: pytest.MonkeyPatch) -> None:
    questions: list[dict[str, Any]] = [
        {"n": range(20, 42), "p": "0.230"},
        {"n": 40, "p": "1.00"},
        {"n": 40, "p": "0.5", "events": [3, 20, 30]},
        {"n1": 21, "n2": 24, "p": "< .05", "rate": "40%"},
        {"n": 33, "p": "ns", "rate1": "33%"},
        {"n": 30, "p": "<= 0"},
    ]
    tried = [tables(**question, test=test) for question in questions]
    monkeypatch.setattr(_candidates, "_FEW", 0)
    monkeypatch.setattr(_candidates, "_TRIES_PER_ROW", 0)
    for question, expect in zip(questions, tried, strict=True):
        assert rows_of(tables(**question, test=test)) == rows_of(expect)


def test_exact_tests_of_many_people_are_solved_within_the_budget() -> None:
    found = tables(n=600, n1=range(280, 321), p="0.230", test="fisher")
    assert len(found) == len(set(rows_of(found)))
    for at in range(0, len(found), 97):
        row = rows_of(found)[at]
        assert f"{float(ks.effects.proportions_test(*row, test='fisher').pvalue):.3f}" == "0.230"
    with pytest.raises(BudgetExceeded, match="roughly"):
        tables(n=700, p="< 0.9", test="fisher", budget=10)


# ------------------------------------------------------------------------------------------ bad input
@pytest.mark.parametrize(
    ("change", "argument", "kind"),
    [
        ({"risk_ratio": 0.6}, "risk_ratio", InvalidType),
        ({"risk_ratio": "-0.6"}, "risk_ratio", InvalidArgument),
        ({"risk_ratio": "60%"}, "risk_ratio", InvalidArgument),
        ({"odds_ratio": "< 0"}, "odds_ratio", InvalidArgument),
        ({"phi": "1.2"}, "phi", InvalidArgument),
        ({"risk_difference": "16"}, "risk_difference", InvalidArgument),
        ({"rate": "101%"}, "rate", InvalidArgument),
        ({"x1": 11}, "x1", InvalidArgument),
        ({"x2": -1}, "x2", InvalidArgument),
        ({"x1": 1.5}, "x1", InvalidType),
        ({"x1": {"value": 3}}, "x1", KetastatsError),
        ({"risk_ratio": {"value": "0.6", "ci": ("0.4", "0.9")}}, "risk_ratio method", InvalidArgument),
        ({"risk_ratio": {"ci": ("0.9", "0.4"), "method": "log"}}, "risk_ratio ci", InvalidArgument),
        ({"risk_ratio": {"ci": "0.4-0.9", "method": "log"}}, "risk_ratio ci", InvalidType),
        ({"risk_ratio": {"ci": (None, None), "method": "log"}}, "risk_ratio ci", InvalidType),
        ({"risk_ratio": {"ci": ("0.4", "0.9"), "method": "wilson"}}, "risk_ratio method", InvalidArgument),
        ({"risk_ratio": {"ci": ("0.4", "0.9"), "method": "log", "level": 95}}, "risk_ratio level", InvalidArgument),
        ({"risk_ratio": {}}, "risk_ratio", InvalidArgument),
        ({"risk_ratio": {"value": "0.6", "signed": False}}, "risk_ratio", InvalidArgument),
        ({"phi": {"value": "0.2", "signed": "no"}}, "phi signed", InvalidType),
        ({"phi": {"value": "0.2", "ci": ("0.1", "0.3"), "method": "log"}}, "phi", InvalidArgument),
        ({"p": {"value": "0.2", "tail": 1, "test": "pearson"}}, "p", InvalidArgument),
        ({"p": {"value": "0.2", "test": "t"}}, "test", InvalidArgument),
        ({"z": {"value": "0.2", "test": "fisher"}}, "test", InvalidArgument),
        ({"z": "0.2"}, "test", InvalidArgument),
        ({"rate1": []}, "rate1", InvalidArgument),
        ({"rate1": "20%", "rounding": ()}, "rounding", InvalidArgument),
    ],
)
def test_what_cannot_be_used_is_named(change: dict[str, Any], argument: str, kind: type[KetastatsError]) -> None:
    with pytest.raises(kind) as caught:
        tables(**{"n1": 10, "n2": 10, **change})
    assert getattr(caught.value, "argument") == argument  # noqa: B009 - the base class does not promise it


def test_a_measure_of_too_many_people_is_refused_by_its_count() -> None:
    with pytest.raises(BudgetExceeded) as caught:
        tables(n=2500, risk_ratio="2", budget=1000)
    assert caught.value.count > caught.value.budget
    assert len(tables(n=1500, risk_ratio="1.2345", x1=100)) > 0


@pytest.mark.parametrize(
    ("name", "method"),
    [
        *(("risk_difference", method) for method in ("score", "mee")),
        *(("risk_ratio", method) for method in ("score", "koopman")),
        *(("odds_ratio", method) for method in ("score", "cornfield", "exact", "midp")),
    ],
)
def test_limits_are_told_by_their_tests_as_by_their_intervals(
    name: str, method: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    kind = {"risk_difference": "difference", "risk_ratio": "ratio", "odds_ratio": "odds_ratio"}[name]
    asked = []
    for table in ((5, 11, 3, 12), (0, 9, 2, 8), (7, 7, 5, 9), (1, 10, 9, 10)):
        interval = ks.effects.proportions(*table, measure=kind, method=method).confidence_interval(0.9)
        ci = tuple(f"{float(end):.1f}" if math.isfinite(end) else None for end in (interval.low, interval.high))
        asked.append({"n1": table[1], "n2": table[3], name: {"ci": ci, "level": 0.9, "method": method}})
    asked.append({"n": 12, name: {"ci": ("< 0.3", "> 0.4"), "level": 0.8, "method": method}})
    by_test = [rows_of(tables(**each)) for each in asked]
    assert all(by_test)
    monkeypatch.setattr(_table_limits, "_BY_TEST", ())
    assert [rows_of(tables(**each)) for each in asked] == by_test


def test_unconditional_intervals_of_many_tables_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    ci = {"ci": ("-0.06", "0.35"), "method": "exact"}
    with pytest.raises(BudgetExceeded, match="people in tables to check"):
        tables(n=83, risk_difference=ci)
    # Where parts of what was given take too long, the blame is in doubt.
    monkeypatch.setattr(_table_limits, "_PEOPLE", 10)
    assert tables(n=12, risk_difference=ci, events=5, rate="90%").emptied_by == "rate or one given before it"
