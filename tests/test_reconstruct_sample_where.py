"""Further numbers about samples: what is left is what a look through all of them leaves."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

import ketastats as ks

FOUND = {"mean": "3.5", "sd": "1.2", "n": 18, "scale": (1, 7)}


@pytest.fixture(scope="module")
def found() -> ks.reconstruct.CompatibleSamples:
    return ks.reconstruct.samples(**FOUND)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def listed(found: ks.reconstruct.CompatibleSamples) -> list[np.ndarray]:
    return list(found.expand(found.counts()))


def inverse(values: np.ndarray, share: Fraction) -> float:
    return float(values[max(1, -int(-(share * len(values)) // 1)) - 1])


NUMBERS: list[tuple[dict[str, Any], Any]] = [
    ({"minimum": 2}, lambda x: x[0] == 2),
    ({"maximum": 5}, lambda x: x[-1] == 5),
    ({"minimum": 1, "maximum": 6}, lambda x: (x[0], x[-1]) == (1, 6)),
    ({"counts": {1: 0, 4: (5, 7)}}, lambda x: 1 not in x and 5 <= sum(x == 4) <= 7),
    ({"at_least": {7: 1}}, lambda x: sum(x >= 7) == 1),
    ({"at_least": {6: 0}}, lambda x: sum(x >= 6) == 0),
    ({"at_least": {5: 3, 6: (1, 2)}}, lambda x: sum(x >= 5) == 3 and 1 <= sum(x >= 6) <= 2),
    ({"at_most": {2.5: (0, 3)}}, lambda x: sum(x <= 2) <= 3),
    ({"median": 4}, lambda x: np.median(x) == 4),
    ({"median": "3.5"}, lambda x: np.median(x) == 3.5),
    ({"median": "3"}, lambda x: 2.5 <= np.median(x) <= 3.5),
    (
        {"quantiles": {0.25: 3, 0.9: "5"}},
        lambda x: inverse(x, Fraction(1, 4)) == 3 and inverse(x, Fraction(9, 10)) == 5,
    ),
    ({"skewness": "0.3"}, lambda x: 0.25 <= stats.skew(x) <= 0.35),
    ({"skewness": "-0.41"}, lambda x: -0.415 <= stats.skew(x) <= -0.405),
    ({"sd": "1.20"}, lambda x: 1.195 <= x.std(ddof=1) <= 1.205),
    (
        {"mean": "3.500", "maximum": 6, "median": "3"},
        lambda x: x.mean() == 3.5 and x[-1] == 6 and 2.5 <= np.median(x) <= 3.5,
    ),
]


@pytest.mark.parametrize(("options", "holds"), NUMBERS, ids=[str(options) for options, _ in NUMBERS])
def test_what_is_left_is_what_a_look_through_all_leaves(
    found: ks.reconstruct.CompatibleSamples, listed: list[np.ndarray], options: dict[str, Any], holds: Any
) -> None:
    left = found.where(**options)
    expected = sorted(tuple(each) for each in listed if holds(each))
    assert left.count == len(left) == len(expected)
    assert bool(left) == bool(expected)
    assert sorted(tuple(row) for row in left.expand(left.counts())) == expected
    assert len(left.steps) == len(options)
    assert all(step in left.summary() for step in left.steps)
    last = len(expected)
    assert sum(int(step.split(" removed ")[1].split(" of ")[0]) for step in left.steps) == found.count - last
    if not expected:
        assert left.emptied_by in options
        with pytest.raises(ks.NoSolution):
            left.draw(1)
        return
    raw = np.array(expected)
    assert left.people(at_least=4).tolist() == sorted({int(many) for many in (raw >= 4).sum(axis=1)})
    members = left.marginal(at_least=4)
    assert dict(zip(members["people"], members["members"], strict=True)) == Counter((raw >= 4).sum(axis=1).tolist())
    medians = np.median(raw, axis=1)
    assert left.median_range() == (medians.min(), medians.max())
    lower = [inverse(row, Fraction(1, 4)) for row in raw]
    assert left.quantile_range(0.25) == (min(lower), max(lower))
    skews = stats.skew(raw, axis=1)
    assert left.skewness_range() == pytest.approx((skews.min(), skews.max()), abs=1e-9)
    assert left.sums() == sorted(left.moments())
    assert Counter(left.moments()) == Counter((int(row.sum()), int((row**2).sum())) for row in raw)
    shares = left.frequencies()
    assert [float(shares[value]) for value in left.values] == pytest.approx([(raw == v).mean() for v in left.values])
    np.testing.assert_array_equal(left.draw(5, rng=1).sum(axis=1), 18)


def test_numbers_one_after_the_other_leave_what_all_at_once_leave(found: ks.reconstruct.CompatibleSamples) -> None:
    once = found.where(median="3.5", maximum=6, at_least={5: 4}, counts={1: (0, 1)})
    chain = found.where(median="3.5").where(at_least={5: 4}).where(counts={1: (0, 1)}).where(maximum=6)
    assert 0 < once.count == chain.count
    assert sorted(once.counts().tolist()) == sorted(chain.counts().tolist())
    assert chain.where(mean="3.500").count == chain.count
    # What can be counted says the same as when it is given from the start.
    direct = ks.reconstruct.samples(**FOUND, counts={1: (0, 2), 7: 0})  # type: ignore[arg-type]
    assert found.where(counts={1: (0, 2)}, at_least={7: 0}).counts().tolist() == direct.counts().tolist()


@settings(max_examples=6)
@given(
    least=st.integers(0, 6),
    median=st.sampled_from(["3", "3.5", "4"]),
    cut=st.integers(2, 7),
    rounding=st.sampled_from(["half", "half_up", "truncate"]),
)
def test_further_numbers_never_grow_a_set_and_a_wider_rounding_never_shrinks_it(
    least: int, median: str, cut: int, rounding: str
) -> None:
    before = ks.reconstruct.samples(mean="3.5", sd="1.2", n=12, scale=(1, 7))
    narrow = before.where(median=median, at_least={cut: (least, 12)}, rounding=rounding)
    rows = {tuple(row) for row in narrow.counts().tolist()}
    assert rows <= {tuple(row) for row in before.counts().tolist()}
    half = ks.Interval(Decimal(median) - 1, Decimal(median) + 1, True, True)
    wide = before.where(median=half, at_least={cut: (max(least - 1, 0), 12)})
    assert rows <= {tuple(row) for row in wide.counts().tolist()}


def test_a_skewness_on_the_edge_is_decided_exactly() -> None:
    # 0 0 0 0 2 and turned round: a skewness of 1.5 and -1.5, exactly on the edge of what prints 1 and 2.
    skewed = ks.reconstruct.samples(mean="0.4", sd="0.9", n=5, scale=(0, 2))
    assert [0, 0, 0, 0, 2] in skewed.expand(skewed.counts()).tolist()
    edge = {
        rule: skewed.where(skewness="2", rounding=rule).count for rule in ("half", "half_up", "half_down", "truncate")
    }
    assert edge == {"half": 1, "half_up": 1, "half_down": 0, "truncate": 0}
    turned = ks.reconstruct.samples(mean="1.6", sd="0.9", n=5, scale=(0, 2))
    assert turned.where(skewness="-2").count == 1
    assert turned.where(skewness="-1", rounding="truncate").count == 1


@pytest.mark.parametrize(
    ("options", "argument"),
    [
        ({}, "where"),
        ({"minimum": 9}, "minimum"),
        ({"maximum": "six"}, "maximum"),
        ({"median": 3.5}, "median"),
        ({"median": "4", "rounding": "odd"}, "rounding"),
        ({"median": "4", "budget": 0}, "budget"),
        ({"quantiles": "4"}, "quantiles"),
        ({"quantiles": {2: "4"}}, "quantiles"),
        ({"at_least": 3}, "at_least"),
        ({"at_least": {3: 19}}, "at_least[3]"),
        ({"at_least": {3: (2, 1)}}, "at_least[3]"),
        ({"at_most": {3: (2, 3, 4)}}, "at_most[3]"),
        ({"skewness": "a"}, "skewness"),
        ({"counts": {9: 1}}, "counts"),
    ],
)
def test_arguments_that_cannot_be_used_are_named(
    found: ks.reconstruct.CompatibleSamples, options: dict[str, Any], argument: str
) -> None:
    with pytest.raises((ks.InvalidArgument, ks.InvalidType)) as caught:
        found.where(**options)
    assert caught.value.argument == argument


def test_looking_through_too_many_samples_is_refused_with_their_number() -> None:
    many = ks.reconstruct.samples(mean="14.12", sd="5.30", n=25, scale=(0, 27))
    with pytest.raises(ks.BudgetExceeded, match="decided sample by sample") as caught:
        many.where(median="14")
    assert caught.value.count == many.count
    assert 0 < many.where(maximum=24).count < many.count


def test_the_most_informative_number_is_the_one_that_leaves_fewest(found: ks.reconstruct.CompatibleSamples) -> None:
    frame = found.most_informative()
    assert frame["expected"].is_monotonic_increasing
    assert (frame["error"] == 0).all()
    rows = found.counts()
    for figure, value, column in (
        ("count", 4.0, rows[:, 3]),
        ("at_least", 5.0, rows[:, 4:].sum(axis=1)),
        ("median", np.nan, np.median(found.expand(rows), axis=1)),
        ("maximum", np.nan, found.expand(rows).max(axis=1)),
        ("lower quartile", np.nan, found.expand(rows)[:, 4]),
    ):
        times = np.unique(column, return_counts=True)[1]
        same = frame[(frame["figure"] == figure) & ((frame["value"] == value) | np.isnan(value))].iloc[0]
        assert same["printed"] == times.size
        assert same["expected"] == pytest.approx((times**2).sum() / found.count)
        assert same["most"] == times.max()
        assert same["bits"] == pytest.approx(stats.entropy(times, base=2))
    drawn = found.most_informative("count", size=30, rng=4)
    exact = found.most_informative("count").set_index("value")["expected"]
    for _, row in drawn.iterrows():
        assert abs(row["expected"] - exact[row["value"]]) < 5 * row["error"] + 1e-9
    assert len(ks.reconstruct.samples(mean="3.51", sd="1.20", n=50, scale=(1, 7)).most_informative()) == 0
    with pytest.raises(ks.InvalidArgument):
        found.most_informative("mode")
