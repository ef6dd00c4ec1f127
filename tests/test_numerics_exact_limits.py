"""Confidence limits against edges that no float can tell from them: mpmath at 45 digits, and edges met exactly."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import mpmath
import numpy as np
import pytest

import ketastats as ks
from ketastats.numerics import exact_limits, score_digits, supremum_digits, tail_limits
from ketastats.reconstruct import tables
from ketastats.reconstruct._tables.limits import METHODS

Table = tuple[int, int, int, int]
TABLE = (17, 57, 9, 61)
KINDS = {"risk_difference": "difference", "risk_ratio": "ratio", "odds_ratio": "odds_ratio"}
SHARES = ("rate1", "rate2", "rate")
EVERY = [(name, method) for name, methods in METHODS.items() if name in (*KINDS, *SHARES) for method in methods]


def interval(measure: str, method: str, table: Table, level: float) -> tuple[float, float]:
    """The interval in floats."""
    x1, n1, x2, n2 = table
    if measure in KINDS:
        ends = ks.effects.proportions(*table, measure=KINDS[measure], method=method).confidence_interval(level)
    else:
        x, n = {"rate1": (x1, n1), "rate2": (x2, n2), "rate": (x1 + x2, n1 + n2)}[measure]
        ends = ks.effects.proportion(x, n, method=method).confidence_interval(level)
    return float(ends.low), float(ends.high)


# ------------------------------------------------------------------------------------------- against the float kernels
@pytest.mark.parametrize(("measure", "method"), EVERY)
def test_ends_lie_where_the_floats_say(measure: str, method: str) -> None:
    slow = method == "exact" and measure != "odds_ratio"
    every = (
        [(5, 9, 2, 7), (0, 6, 3, 8)] if slow else [TABLE, (1, 9, 10, 11), (0, 12, 5, 9), (7, 7, 3, 8), (30, 90, 29, 31)]
    )
    for table, level in zip(every, (0.9, 0.95, 0.95, 0.99, 0.8), strict=False):
        for upper, end in enumerate(interval(measure, method, table, level)):
            same: dict[str, Any] = {"level": level, "upper": bool(upper)}
            if np.isinf(end):
                assert exact_limits.compare(measure, method, table, **same, edge=Fraction(10**9)) == 1
                continue
            step = Fraction(1, 10**10) * max(abs(Fraction(end)), Fraction(1, 1000))
            assert exact_limits.compare(measure, method, table, **same, edge=Fraction(end) - step) == 1
            assert exact_limits.compare(measure, method, table, **same, edge=Fraction(end) + step) == -1


# -------------------------------------------------------------------------------------------------- against 45 digits
def quantile(level: float) -> Any:
    return mpmath.sqrt(2) * mpmath.erfinv(mpmath.mpf(str(level)))


def log_likelihood_slope(table: Table, measure: str, null: Any, rate: Any) -> Any:
    """The slope along the curve on which the measure is `null`, by the chain rule."""
    x1, n1, x2, n2 = table
    if measure == "risk_difference":
        first, moves = rate + null, mpmath.mpf(1)
    elif measure == "risk_ratio":
        first, moves = rate * null, null
    else:
        odds = null * rate / (1 - rate)
        first = odds / (1 + odds)
        moves = first * (1 - first) / (rate * (1 - rate))
    return moves * (x1 - n1 * first) / (first * (1 - first)) + (x2 - n2 * rate) / (rate * (1 - rate))


def score_end(measure: str, table: Table, level: float, factor: Any, start: float) -> Any:
    """Where the squared score statistic is the squared quantile: one equation inside another."""
    x1, n1, x2, n2 = table

    def statistic(null: Any) -> Any:
        most = 1 - null if measure == "risk_difference" else min(1, 1 / null) if measure == "risk_ratio" else 1
        least = -null if measure == "risk_difference" and null < 0 else 0
        ends = (least + mpmath.mpf("1e-9"), min(most, 1) - mpmath.mpf("1e-9"))
        rate = mpmath.findroot(lambda p: log_likelihood_slope(table, measure, null, p), ends, solver="ridder")
        if measure == "risk_difference":
            first, distance, slope = rate + null, mpmath.mpf(x1) / n1 - mpmath.mpf(x2) / n2 - null, 1
        elif measure == "risk_ratio":
            first, distance, slope = rate * null, mpmath.mpf(x1) / n1 - null * mpmath.mpf(x2) / n2, null
        else:
            # The score of the log odds ratio and its information, the rate of group 2 being estimated too.
            odds = null * rate / (1 - rate)
            first = odds / (1 + odds)
            one, two = n1 * first * (1 - first), n2 * rate * (1 - rate)
            return (x1 - n1 * first) ** 2 * (1 / one + 1 / two) / factor
        return distance**2 / (factor * (first * (1 - first) / n1 + slope**2 * rate * (1 - rate) / n2))

    return mpmath.findroot(lambda null: statistic(null) - quantile(level) ** 2, (start, start + 1e-6))


def wilson(x: int, n: int, z: Any) -> tuple[Any, Any]:
    middle, reach = x + z * z / 2, z * mpmath.sqrt(mpmath.mpf(x) * (n - x) / n + z * z / 4)
    return (middle - reach) / (n + z * z), (middle + reach) / (n + z * z)


def end_of(measure: str, method: str, table: Table, level: float, upper: bool, start: float) -> Any:
    """One limit by its textbook definition."""
    x1, n1, x2, n2 = (mpmath.mpf(count) for count in table)
    a, b, c, d, z = x1, n1 - x1, x2, n2 - x2, quantile(level)
    people = n1 + n2
    tail = (1 - mpmath.mpf(str(level))) / 2
    side = 1 if upper else -1
    if method in ("score", "mee", "koopman", "cornfield"):
        return score_end(measure, table, level, people / (people - 1) if method == "score" else mpmath.mpf(1), start)
    if method in ("asinh", "asinh_adjusted"):
        point, spread = ([cell + more for cell in (a, b, c, d)] for more in (
            (mpmath.mpf("0.45"), mpmath.mpf("0.25")) if method == "asinh_adjusted" else (0, 0)))  # fmt: skip
        centre, variance = mpmath.log(point[0] * point[3] / (point[1] * point[2])), sum(1 / cell for cell in spread)
        if measure == "risk_ratio":
            centre, variance = mpmath.log(x1 * n2 / (x2 * n1)), 1 / x1 - 1 / n1 + 1 / x2 - 1 / n2
        return mpmath.exp(centre + side * 2 * mpmath.asinh(z * mpmath.sqrt(variance) / 2))
    if method == "smoothed":
        expected = [row * column / people**2 for row in (n1, n2) for column in (a + c, b + d)]
        w, x, y, v = (cell + 2 * more for cell, more in zip((a, b, c, d), expected, strict=True))
        return w * v / (x * y) * mpmath.exp(side * z * mpmath.sqrt(1 / w + 1 / x + 1 / y + 1 / v))
    if method == "mover":
        low1, high1, low2, high2 = (*wilson(table[0], table[1], z), *wilson(table[2], table[3], z))
        one, two = x1 / n1, x2 / n2
        if measure == "odds_ratio":
            one, two, low1, high1, low2, high2 = (p / (1 - p) for p in (one, two, low1, high1, low2, high2))
        down, up = (high1 - one, two - low2) if upper else (one - low1, high2 - two)
        root = mpmath.sqrt((one * two) ** 2 - (down**2 - one**2) * (up**2 - two**2))
        return (one * two + side * root) / (two**2 - up**2)
    if method == "clopper_pearson":
        x, n = table[:2]
        # The lower tail of the events is the upper tail of the others.
        yes, no = (n - x, x + 1) if upper else (x, n - x + 1)
        found = mpmath.findroot(
            lambda p: mpmath.betainc(yes, no, 0, p, regularized=True) - tail, 1 - start if upper else start
        )
        return 1 - found if upper else found
    events, half = int(a + c), mpmath.mpf(1) / 2 if method == "midp" else 1

    def conditional(ratio: Any) -> Any:
        weight = [mpmath.binomial(n1, k) * mpmath.binomial(n2, events - k) * ratio**k for k in range(events + 1)]
        own = table[0]
        beyond = sum(weight[:own]) if upper else sum(weight[own + 1 :])
        return (beyond + half * weight[own]) / sum(weight) - tail

    return mpmath.findroot(conditional, start)


PRECISE = [
    *(("risk_difference", method) for method in ("score", "mee")),
    *(("risk_ratio", method) for method in ("score", "koopman", "asinh", "mover")),
    *(
        ("odds_ratio", m)
        for m in ("score", "cornfield", "asinh", "asinh_adjusted", "smoothed", "mover", "exact", "midp")
    ),
    ("rate1", "clopper_pearson"),
]


@pytest.mark.parametrize(("measure", "method"), PRECISE)
@pytest.mark.parametrize("upper", [False, True])
def test_ends_are_decided_where_a_float_cannot(measure: str, method: str, upper: bool) -> None:
    start = interval(measure, method, TABLE, 0.9)[upper]
    with mpmath.workdps(45):
        scaled = mpmath.floor(end_of(measure, method, TABLE, 0.9, upper, start) * 10**32)
    below = Fraction(int(scaled), 10**32)
    assert abs(float(below) - start) < 1e-9
    same: dict[str, Any] = {"level": 0.9, "upper": upper}
    assert exact_limits.compare(measure, method, TABLE, **same, edge=below) == 1
    assert exact_limits.compare(measure, method, TABLE, **same, edge=below + Fraction(1, 10**32)) == -1


# ---------------------------------------------------------------------------------------------------- edges met exactly
@pytest.mark.parametrize(
    ("measure", "method", "level", "upper", "edge"),
    [
        # One of one: the rate itself is its tail.
        ("rate1", "clopper_pearson", 0.95, False, Fraction(1, 40)),
        # One of one against none of one: psi / (1 + psi) is the tail.
        ("odds_ratio", "exact", 0.95, False, Fraction(1, 39)),
        ("odds_ratio", "midp", 0.9, False, Fraction(1, 9)),
        # The largest p (1 - p) ratio is a quarter of the ratio.
        ("risk_ratio", "exact", 0.95, False, Fraction(1, 10)),
        # The largest (p + d)(1 - p) is ((1 + d) / 2)^2.
        ("risk_difference", "exact", 0.955, False, Fraction(-7, 10)),
        ("risk_difference", "exact", 0.955, True, Fraction(1)),
        ("rate2", "clopper_pearson", 0.95, False, Fraction(0)),
        ("rate2", "clopper_pearson", 0.95, True, Fraction(39, 40)),
        ("risk_difference", "score", 0.95, True, Fraction(1)),
    ],
)
def test_an_end_exactly_at_an_edge_is_equal_to_it(
    measure: str, method: str, level: float, upper: bool, edge: Fraction
) -> None:
    same: dict[str, Any] = {"level": level, "upper": upper}
    table = (1, 1, 0, 1)
    assert exact_limits.compare(measure, method, table, **same, edge=edge) == 0
    small = Fraction(1, 10**30)
    assert exact_limits.compare(measure, method, table, **same, edge=edge - small) == 1
    assert exact_limits.compare(measure, method, table, **same, edge=edge + small) == -1


def test_a_limit_exactly_at_a_rounding_edge_follows_the_rule() -> None:
    one = {"n1": 1, "n2": 9, "x1": 1, "x2": 4}
    prints = {
        (text, rule): bool(tables(**one, rate1={"ci": (text, None), "method": "clopper_pearson"}, rounding=rule))
        for text in ("0.02", "0.03")
        for rule in ("half", "half_up", "half_even", "truncate")
    }
    assert [rule for (text, rule), does in prints.items() if does and text == "0.02"] == [
        "half",
        "half_even",
        "truncate",
    ]
    assert [rule for (text, rule), does in prints.items() if does and text == "0.03"] == ["half", "half_up"]


@pytest.mark.parametrize("midp", [False, True])
def test_many_people_are_decided_by_decimals_as_by_whole_numbers(midp: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: dict[str, Any] = {"midp": midp, "level": 0.95}
    edges = [Fraction(k, 10) for k in range(3, 50, 7)]
    both = [
        [
            tail_limits.compare_conditional(TABLE, **asked, upper=upper, edge=edge)
            for edge in edges
            for upper in (False, True)
        ]
        + [tail_limits.compare_clopper_pearson(17, 57, level=0.95, upper=False, edge=edge / 10) for edge in edges]
        for _ in (monkeypatch.setattr(tail_limits, "_EXACT_PEOPLE", limit) for limit in (2000, 10))
    ]
    assert both[0] == both[1]
    assert {-1, 1} <= set(both[0])


def test_the_highest_of_several_peaks_is_compared() -> None:
    # p^2 (1 - p)^6 + 3 p^6 (1 - p)^2 has two peaks, and the higher one is 3 times the lower.
    counts = [0, 0, 1, 0, 0, 0, 3, 0, 0]
    low, high = Fraction(1, 4) ** 2 * Fraction(3, 4) ** 6, 3 * Fraction(1, 4) ** 2 * Fraction(3, 4) ** 6
    assert supremum_digits.compare_mixture(counts, low) == 1
    assert supremum_digits.compare_mixture(counts, high) == 1
    assert supremum_digits.compare_mixture(counts, high + low) == -1
    assert supremum_digits.compare_mixture([1, 0, 0, 0], Fraction(1)) == 0
    assert supremum_digits.compare_mixture([0, 0, 1, 0, 0], Fraction(1, 16)) == 0


def test_the_largest_value_may_lie_at_an_end() -> None:
    def curve(rate: Any, rest: Any) -> Any:
        return rate * rest

    asked = [(Fraction(1, 10), Fraction(1, 5)), (Fraction(1, 8), Fraction(1, 8)), (Fraction(1, 4), Fraction(1, 4))]
    assert [supremum_digits.compare_largest(curve, [0.4], edge, ends=ends) for edge, ends in asked] == [1, 1, 0]
    assert supremum_digits.compare_largest(curve, [], Fraction(1, 4), ends=Fraction(1, 4)) == 0
    assert supremum_digits.compare_largest(curve, [], Fraction(1, 4), ends=Fraction(1, 8)) == -1


@pytest.mark.parametrize(
    ("measure", "method", "upper", "edge", "side"),
    [
        ("risk_difference", "exact", False, -1, 1),
        ("risk_difference", "exact", False, 1, -1),
        ("risk_ratio", "exact", False, 0, 1),
        ("risk_ratio", "exact", True, 0, 1),
        ("odds_ratio", "exact", False, 0, 1),
        ("odds_ratio", "midp", True, 0, 1),
        ("risk_ratio", "koopman", False, 0, 1),
        ("risk_difference", "mee", True, 1, -1),
        ("risk_difference", "mee", True, 2, -1),
        ("risk_difference", "score", False, 0, -1),
        ("risk_difference", "score", True, 0, 1),
        ("rate1", "clopper_pearson", False, 0, 1),
        ("rate1", "clopper_pearson", False, 1, -1),
        ("rate1", "clopper_pearson", True, 1, -1),
    ],
)
def test_ends_of_the_scale_and_no_effect(measure: str, method: str, upper: bool, edge: int, side: int) -> None:
    got = exact_limits.compare(measure, method, (5, 9, 2, 7), level=0.95, upper=upper, edge=Fraction(edge))
    assert got == side


def test_no_effect_is_an_edge_for_fewer_events_too() -> None:
    asked: dict[str, Any] = {"corrected": True, "level": 0.95, "edge": Fraction(0)}
    # 2 of 30 against 20 of 30: the whole interval lies below 0.
    sides = [score_digits.compare("risk_difference", (2, 30, 20, 30), upper=upper, **asked) for upper in (False, True)]
    assert sides == [-1, -1]


def test_a_score_interval_never_ends_on_the_side_of_its_point() -> None:
    for measure, point in (
        ("risk_difference", Fraction(17, 57) - Fraction(9, 61)),
        ("risk_ratio", Fraction(17 * 61, 57 * 9)),
    ):
        for upper in (False, True):
            side = score_digits.compare(measure, TABLE, corrected=True, level=0.5, upper=upper, edge=point)
            assert side == (1 if upper else -1)
