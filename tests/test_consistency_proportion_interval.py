"""Limits of one proportion against its counts, recomputed by SciPy for every count."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from scipy import stats

import ketastats as ks
from ketastats.errors import BudgetExceeded, InvalidArgument, InvalidType

METHODS = {"wilson": "wilson", "clopper_pearson": "exact"}


def limits(x: int, n: int, method: str, level: float) -> tuple[float, float]:
    if method == "wald":
        reach = stats.norm.isf((1 - level) / 2) * math.sqrt(x * (n - x) / n**3)
        return max(x / n - reach, 0.0), min(x / n + reach, 1.0)
    found = stats.binomtest(x, n).proportion_ci(level, method=METHODS[method])
    return float(found.low), float(found.high)


TABLES = [(x, n) for n in (1, 2, 7, 20) for x in range(n + 1)]


@pytest.mark.parametrize("level", [0.90, 0.95])
@pytest.mark.parametrize("method", ["wilson", "clopper_pearson", "wald"])
def test_limits_agree_by_their_own_method_and_no_other(method: str, level: float) -> None:
    ends = np.array([limits(x, n, method, level) for x, n in TABLES])
    texts = [[f"{value:.6f}" for value in ends[:, k]] for k in (0, 1)]
    x, n = zip(*TABLES, strict=True)
    found = ks.consistency.proportion_interval(x, n, *texts, level=level, method=method)
    assert found.agrees.all()
    assert set(found["agrees_by"]) == {method}
    assert found["count"].tolist() == list(x)
    for other in {"wilson", "clopper_pearson", "wald"} - {method}:
        theirs = np.array([limits(a, b, other, level) for a, b in TABLES])
        same = np.all(np.abs(theirs - ends) < 1e-6, axis=1)
        assert (
            ks.consistency.proportion_interval(x, n, *texts, level=level, method=other).agrees.tolist() == same.tolist()
        )
    moved = [texts[0], [f"{value - 1e-5:.6f}" for value in ends[:, 1]]]
    assert not ks.consistency.proportion_interval(x, n, *moved, level=level).agrees.any()


@pytest.mark.parametrize(
    ("call", "label"),
    [
        ({"method": "wald"}, "only if by the Clopper-Pearson method"),
        ({"level": 0.9}, "only if the level is 0.95"),
        ({"low": "7.9%", "high": "35.1%"}, "only if truncated"),
        ({"low": "7.9%", "high": "35.1%", "level": 0.9}, "only if truncated and the level is 0.95"),
        ({"estimate": "18.9%"}, "consistent"),
        ({"estimate": "18.8%"}, "impossible"),
        ({"low": "8.1%"}, "impossible"),
        ({"low": None}, "only if the limit is one of two"),
        ({"low": None, "high": "32.6%"}, "consistent"),
        ({"low": None, "level": 0.975}, "consistent"),
        ({"high": None, "level": 0.975}, "consistent"),
    ],
)
def test_labels(call: dict[str, object], label: str) -> None:
    # 7 of 37: Clopper-Pearson 0.07960 to 0.35156, and 0.32616 as an upper limit alone.
    given = {"x": 7, "n": 37, "low": "8.0%", "high": "35.2%"} | call
    found = ks.consistency.proportion_interval(**given)
    assert found.label.tolist() == [label]
    assert label == "consistent" or label.removeprefix("only if ") in found.explanation[0] or label == "impossible"
    assert not found.to_frame().isna().to_numpy().any()


def test_nobody_of_some() -> None:
    """The rule of three, and both exact limits of no event."""
    upper = [f"{1 - 0.05 ** (1 / n):.4f}" for n in (10, 30, 100)]
    assert ks.consistency.proportion_interval(0, [10, 30, 100], None, upper, method="clopper_pearson").agrees.all()
    both = [f"{1 - 0.025 ** (1 / n):.4f}" for n in (10, 30, 100)]
    assert ks.consistency.proportion_interval(0, [10, 30, 100], "0", both, method="clopper_pearson").agrees.all()


def test_limits_of_wald_may_be_printed_beyond_the_scale() -> None:
    # 2 of 12: 0.1667 plus and minus 1.96 * 0.1076.
    found = ks.consistency.proportion_interval(2, 12, ["-4.4%", "0", "0.0%", "-4.3%"], "37.8%", method="wald")
    assert found.agrees.tolist() == [True, True, True, False]
    assert ks.consistency.proportion_interval(10, 12, "62.2%", ["104.4%", "100%"], method="wald").agrees.all()


def test_unknown_counts_are_all_that_print_the_estimate() -> None:
    low, high = ["1.2%", "6.9%", "7.1%"], ["16.5%", "28.6%", "30.0%"]
    found = ks.consistency.proportion_interval(None, 60, low, high, estimate=["5%", "15%", "15%"])
    for row in range(3):
        interval = ks.Reported(["5%", "15%", "15%"][row]).proportion
        counts = [x for x in range(61) if Fraction(x, 60) in interval]
        one = ks.consistency.proportion_interval(counts, 60, low[row], high[row])
        assert found.agrees[row] == one.agrees.any()
        assert [found["first_x"][row], found["last_x"][row]] == [counts[0], counts[-1]]
    none = ks.consistency.proportion_interval(None, 7, "1%", "50%", estimate="20%")
    assert none.label.tolist() == ["impossible"]
    assert none.explanation == ["No count of 7 people prints as 20%."]


def test_an_edge_is_decided_exactly() -> None:
    # The upper limit of none of one person is 1 - 0.025, and 0.05 is the lower one of one of one at 90 %.
    for text, rule, expected in (("97.5%", "truncate", True), ("97.4%", "truncate", False), ("97.50%", "up", True)):
        found = ks.consistency.proportion_interval(0, 1, "0", text, method="clopper_pearson", rounding=rule)
        assert found.agrees.tolist() == [expected]
    found = ks.consistency.proportion_interval(
        1, 1, ["0.05", "0.04"], "1", level=0.9, method="clopper_pearson", rounding="truncate"
    )
    assert found.agrees.tolist() == [True, False]


@pytest.mark.parametrize(
    ("changed", "error", "match"),
    [
        ({"x": 38}, InvalidArgument, "x is 38; allowed: at most n, here 37"),
        ({"x": None}, InvalidType, "counts, or the printed proportion"),
        ({"low": None, "high": None}, InvalidType, "at least one limit"),
        ({"low": None, "level": 0.4}, InvalidArgument, "above 0.5"),
        ({"low": 0.08}, InvalidType, "low is 0.08"),
        ({"low": "< 8%"}, InvalidArgument, "without < or >"),
        ({"n": 0}, InvalidArgument, "n is 0"),
        ({"method": "score"}, InvalidArgument, "method is 'score'"),
        ({"level": 95}, InvalidArgument, "level is 95"),
        ({"x": [7, 8], "n": [37, 37, 37]}, InvalidArgument, "columns of one length"),
    ],
)
def test_what_cannot_be_asked_is_refused(changed: dict[str, object], error: type[Exception], match: str) -> None:
    with pytest.raises(error, match=match):
        ks.consistency.proportion_interval(**{"x": 7, "n": 37, "low": "8.0%", "high": "35.2%"} | changed)


def test_too_many_counts_are_counted_first() -> None:
    with pytest.raises(BudgetExceeded, match="counts"):
        ks.consistency.proportion_interval(None, 10**9, "1%", "9%", estimate="5%")
