"""Rulings against tests, brute force, published decisions, and themselves."""

from __future__ import annotations

import csv
import itertools
import json
import math
from dataclasses import FrozenInstanceError
from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from rulings import RD, claim, together, word
from scipy import stats

import ketastats as ks
from ketastats.verdict._decide import ROUNDING, _fixed, decisive

GOLDEN = Path(__file__).resolve().parent / "golden" / "decisions.csv"
WORDS = {"Accepted": "established", "Rejected": "refuted", "Undecided": "not established"}


def tables(p: str = "0.230", **given_: object) -> ks.reconstruct.CompatibleTables:
    return ks.reconstruct.tables(p=p, **({"n": 83, "test": "pearson"} | given_))


def every_table(n1: int, n2: int) -> tuple[np.ndarray, ...]:
    x1, x2 = (grid.ravel() for grid in np.meshgrid(np.arange(n1 + 1), np.arange(n2 + 1)))
    return x1, np.full_like(x1, n1), x2, np.full_like(x2, n2)


# ---------------------------------------------------------------------------------------- one data set: the tests agree
@pytest.mark.parametrize("alpha", [0.025, 0.05, 0.2])
@pytest.mark.parametrize(("measure", "estimand"), [("difference", RD), ("ratio", "risk_ratio"), ("odds_ratio",) * 2])
def test_ruling_is_tost_and_minimum_effect_test_over_all_small_tables(
    measure: str, estimand: str, alpha: float
) -> None:
    margins = [(-0.3, 0.3), (-0.1, 0.45), (-math.inf, 0.2)] if measure == "difference" else [(0.5, 2.0), (0.2, 9.0)]
    seen = set()
    for n1, n2 in [(5, 5), (12, 12), (7, 12), (12, 3)]:
        table = every_table(n1, n2)
        estimate = ks.effects.proportions(*table, measure=measure)
        for low, high in margins:
            verdict = ks.judge(claim(ks.within(low, high), estimand), estimate, alpha=alpha)
            tost = ks.equivalence.proportions(*table, margin=(low, high), measure=measure, alpha=alpha)
            clear = estimate.pvalue(high, alternative="greater") < alpha
            if np.isfinite(low):
                clear = clear | (estimate.pvalue(low, alternative="less") < alpha)
            expected = np.where(tost.established, "established", np.where(clear, "refuted", "not established"))
            assert verdict.members["ruling"].tolist() == expected.tolist()
            seen |= set(expected.tolist())
    assert seen == {"established", "refuted", "not established"}


@settings(max_examples=50)
@given(
    x1=st.integers(0, 40), x2=st.integers(0, 60), low=st.floats(-0.9, 0.9), width=st.floats(0.01, 1.5),
    alpha=st.floats(0.001, 0.4),
)  # fmt: skip
def test_one_table_is_ruled_by_its_interval_and_its_complement_by_the_opposite(x1, x2, low, width, alpha) -> None:
    region = ks.within(low, min(low + width, 1.0))
    found = ks.reconstruct.tables(n1=40, n2=60, rate1=f"{100 * x1 / 40:.1f}%", rate2=f"{100 * x2 / 60:.4f}%")
    assert len(found) == 1
    interval = ks.effects.proportions(x1, 40, x2, 60).confidence_interval(1 - 2 * alpha)
    verdict = ks.judge(claim(region), found, alpha=alpha)
    assert verdict.ruling == word(interval.low, interval.high, region)
    opposite = {"established": "refuted", "refuted": "established", "not established": "not established"}
    assert ks.judge(claim(~region), found, alpha=alpha).ruling == opposite[verdict.ruling]


def test_exchanged_groups_and_an_exchanged_region_give_the_same_ruling() -> None:
    x1, n1, x2, n2 = every_table(12, 21)
    for low, high in [(-0.1, 0.4), (-0.5, 0.05), (-0.2, math.inf)]:
        one = ks.judge(claim(ks.within(low, high)), ks.effects.proportions(x1, n1, x2, n2))
        two = ks.judge(claim(ks.within(-high, -low)), ks.effects.proportions(x2, n2, x1, n1))
        assert one.members["ruling"].tolist() == two.members["ruling"].tolist()
        assert len(set(one.members["ruling"].tolist())) > 1
        np.testing.assert_allclose(one.members["threshold_margin"], two.members["threshold_margin"], rtol=1e-9)


# ------------------------------------------------------------------------------------------ five rulings, real examples
def test_established_by_a_pooled_difference_in_conventional_treatment() -> None:
    # Kuzminskaite 2022: g = 0.016 (-0.094 to 0.125); its interval lies within 0.24 SD of none.
    pooled = ks.effects.estimate(0.016, low=-0.094, high=0.125, measure="smd")
    verdict = ks.judge(claim(ks.within(0.24), "smd"), pooled)
    assert verdict.ruling is ks.Ruling.ESTABLISHED
    # 1.645/1.960 of the half-width 0.1095, added to the point.
    assert verdict.threshold_margin[0] == pytest.approx(0.016 + 0.1095 * 1.6448536 / 1.9599640, abs=1e-6)


def test_not_established_by_an_odds_ratio_whose_interval_reaches_below_two() -> None:
    # Li 2016: OR 2.03 (1.37 to 3.01) does not establish "more than double".
    pooled = ks.effects.estimate(2.03, low=1.37, high=3.01, measure="odds_ratio")
    verdict = ks.judge(claim(ks.above(2), "odds_ratio"), pooled)
    assert verdict.ruling is ks.Ruling.NOT_ESTABLISHED
    assert len(verdict) == 1
    assert verdict.decides == ()


def test_refuted_by_a_share_far_from_the_claim() -> None:
    # McIntyre 2020: 27 % of 190 responded, not 70 %: 51 of 190 print 27 %, and so do 52.
    verdict = ks.judge(claim(ks.within(0.695, 0.705), "proportion"), ks.effects.proportion([51, 52], 190))
    assert verdict.ruling is ks.Ruling.REFUTED
    assert len(verdict) == 2


def test_depends_on_the_split_and_becomes_impossible_with_a_p_that_nothing_prints() -> None:
    verdict = ks.judge(claim(ks.within(0.5), "smd"), ks.reconstruct.means(n=83, p="0.572"))
    assert verdict.ruling is ks.Ruling.DEPENDS
    assert verdict.decides == ("the group sizes",)
    assert "10" in verdict.because
    empty = ks.judge(claim(ks.within(0.5)), tables("0.2300000"))
    assert empty.ruling is ks.Ruling.IMPOSSIBLE
    assert not empty
    assert empty.thresholds == {}
    assert "0.2300000" in empty.because
    with pytest.raises(ks.NoSolution, match="no data set"):
        empty.threshold_margin  # noqa: B018
    assert empty.to_frame().shape[0] == 0


def test_no_table_of_johnson_2025_excludes_16_points_in_response() -> None:
    verdict = ks.judge(claim(ks.within(0.16)), tables())
    assert verdict.ruling is ks.Ruling.NOT_ESTABLISHED
    assert verdict.threshold_margin == pytest.approx((0.1675, 0.4202), abs=5e-5)
    assert verdict.exhaustive
    # The same by hand: the interval of each of the 14 tables.
    found = tables()
    reach = []
    for x1, n1, x2, n2 in zip(found.x1, found.n1, found.x2, found.n2, strict=True):
        interval = ks.effects.proportions(int(x1), int(n1), int(x2), int(n2)).confidence_interval(0.90)
        reach.append(max(-interval.low, interval.high))
    assert len(reach) == 14
    assert (min(reach), max(reach)) == pytest.approx(verdict.threshold_margin, rel=1e-12)


# ---------------------------------------------------------------------------------------------- direction of the effect
@pytest.mark.parametrize("region", [ks.above(-0.25), ks.below(0.2), ks.within(-0.05, 0.5), ~ks.within(-0.1, 0.3)])
@pytest.mark.parametrize("estimand", [RD, "risk_ratio", "odds_ratio"])
def test_groups_without_labels_are_read_both_ways(region: ks.Region, estimand: str) -> None:
    measure = {RD: "difference", "risk_ratio": "ratio", "odds_ratio": "odds_ratio"}[estimand]
    if estimand != RD:
        low = 0.0 if region.low == -math.inf else math.exp(2 * region.low)
        region = ks.Region(low, math.exp(2 * region.high) if region.high < math.inf else math.inf, region.inside)
    found = tables()
    verdict = ks.judge(claim(region, estimand), found)
    assert len(verdict) == 2 * len(found)
    expected = []
    for way in (("x1", "n1", "x2", "n2"), ("x2", "n2", "x1", "n1")):
        columns = [getattr(found, name) for name in way]
        interval = ks.effects.proportions(*columns, measure=measure).confidence_interval(0.90)
        expected += [word(low, high, region) for low, high in zip(interval.low, interval.high, strict=True)]
    assert verdict.members["ruling"].tolist() == expected
    assert "directed tables" in verdict.because


def test_labels_or_a_symmetric_claim_need_no_second_reading() -> None:
    labelled = tables(n=None, n1=37, n2=46)
    assert len(ks.judge(claim(ks.above(-0.1)), labelled)) == len(labelled)
    assert len(ks.judge(claim(ks.within(0.1)), tables())) == 14
    # 1/1.43 is rounded, and the margin is symmetric all the same.
    assert len(ks.judge(claim(ks.within(1 / 1.43, 1.43), "odds_ratio"), tables())) == 14


def test_what_decides_a_noninferiority_claim_is_the_direction() -> None:
    labelled = ks.judge(claim(ks.above(-0.2)), tables(n=None, n1=37, n2=46))
    assert labelled.decides == ("the direction of the difference",)
    by_direction = labelled.to_frame().assign(up=lambda frame: frame["estimate"] > 0).groupby("up")["ruling"].unique()
    assert {up: list(rulings) for up, rulings in by_direction.items()} == {
        False: ["not established"],
        True: ["established"],
    }
    unlabelled = ks.judge(claim(ks.above(-0.15)), tables())
    assert unlabelled.decides == ("the direction of the difference",)
    frame = unlabelled.to_frame()
    half = len(frame) // 2
    assert np.allclose(frame["estimate"][:half], -frame["estimate"][half:])
    assert frame["which group is which"].tolist() == ["as listed"] * half + ["exchanged"] * half


# ----------------------------------------------------------------------------------------------------- threshold margin
@pytest.mark.parametrize(
    ("estimand", "data"),
    [
        (RD, tables()),
        ("odds_ratio", tables("0.397")),
        ("risk_ratio", tables("0.397", n=40)),
        ("smd", ks.reconstruct.means(n=7, p="0.572")),
        ("mean_difference", ks.reconstruct.means(n=range(11, 13), p="0.572", sd="5.3")),
        ("mean_difference", ks.effects.means([9.8, 3.0], 4.5, 37, 13.7, 5.8, 46)),
        ("smd", ks.effects.means([9.8, 3.0], 4.5, 37, 13.7, 5.8, 46, measure="smd")),
    ],
    ids=["difference", "odds ratio", "ratio", "smd", "points", "Welch", "d"],
)
def test_slightly_above_the_threshold_is_established_and_slightly_below_is_not(estimand: str, data) -> None:
    ratio = estimand in ("risk_ratio", "odds_ratio")
    wide = ks.judge(claim(ks.within(1 / 3, 3) if ratio else ks.within(0.1), estimand), data)
    for at, threshold in enumerate(wide.members["threshold_margin"]):
        for factor, ruling in ((1 + 1e-7, "established"), (1 - 1e-7, "not established")):
            margin = float(threshold * factor)
            region = ks.within(1 / margin, margin) if ratio else ks.within(margin)
            members = ks.judge(claim(region, estimand), data).members["ruling"]
            # Below its threshold a data set is not established; it is never refuted there.
            assert (members[at] in ("not established", "depends")) if ruling != "established" else members[at] == ruling
    low, high = wide.threshold_margin
    assert ks.judge(wide.claim, data).thresholds == {estimand: (low, high)}


@settings(max_examples=20)
@given(
    low=st.floats(-0.8, 0.6), width=st.floats(0.05, 0.8), left=st.floats(0, 0.5), right=st.floats(0, 0.5),
    p=st.sampled_from(["0.230", "0.397", "0.04", "<0.001", "0.98"]),
)  # fmt: skip
def test_a_wider_region_never_takes_an_established_claim_back(low, width, left, right, p) -> None:
    found = tables(p, n=24)
    assume(len(found) > 0)
    narrow = ks.judge(claim(ks.within(low, min(low + width, 1.0))), found)
    wide = ks.judge(claim(ks.within(max(low - left, -1.0), min(low + width + right, 1.0))), found)
    rank = {"refuted": 0, "not established": 1, "established": 2}
    if len(narrow) == len(wide):  # a symmetric region is read one way only
        before = [rank[ruling] for ruling in narrow.members["ruling"]]
        after = [rank[ruling] for ruling in wide.members["ruling"]]
        assert all(a <= b for a, b in zip(before, after, strict=True))
    if narrow.ruling is ks.Ruling.ESTABLISHED:
        assert wide.ruling is ks.Ruling.ESTABLISHED


def test_a_claimed_proportion_has_its_threshold_around_the_claim() -> None:
    verdict = ks.judge(claim(ks.within(0.65, 0.75), "proportion"), ks.effects.proportion(17, 24))
    interval = ks.effects.proportion(17, 24).confidence_interval(0.90)
    assert verdict.threshold_margin[0] == pytest.approx(max(0.70 - interval.low, interval.high - 0.70))
    one_sided = ks.judge(claim(ks.above(0.5), "proportion"), ks.effects.proportion(17, 24))
    assert one_sided.threshold_margin[0] == pytest.approx(interval.high - 0.5)


def test_a_proportion_claimed_of_tables_is_that_of_both_groups_together() -> None:
    found = tables()
    part = claim(ks.within(0.6, 0.8), "proportion")
    verdict = ks.judge(part, found)
    interval = ks.effects.proportion(found.x1 + found.x2, 83).confidence_interval(0.90)
    expected = [word(low, high, part.region) for low, high in zip(interval.low, interval.high, strict=True)]
    assert verdict.members["ruling"].tolist() == expected
    assert verdict.decides == ("the number of events",)
    exact = ks.judge(part, found, method="clopper_pearson")
    assert exact.threshold_margin[0] > verdict.threshold_margin[0]
    # Which group is which turns the difference, and leaves the proportion.
    both = ks.judge({"response": part, "remission": claim(ks.above(-0.1))}, johnson())
    for side in ("as listed", "exchanged"):
        rows = both.to_frame().loc[lambda frame, side=side: frame["which group is which"] == side]
        x1, n1, x2, n2 = (rows[f"response_{name}"].to_numpy() for name in ("x1", "n1", "x2", "n2"))
        limits = ks.effects.proportion(x1 + x2, n1 + n2).confidence_interval(0.90)
        np.testing.assert_allclose(rows[["response_low", "response_high"]].T, [limits.low, limits.high], rtol=1e-12)


# --------------------------------------------------------------------------------------------------------- what decides
DETAILS = {
    "the direction of the difference": lambda f: np.sign(f.x1 * f.n2 - f.x2 * f.n1) * f.way,
    "the number analysed": lambda f: f.n1 + f.n2,
    "the test": lambda f: f.test,
    "the group sizes": lambda f: f.n1 * 1000 + f.n2,
    "the events in each group": lambda f: f.x1 * 1000 + f.x2,
    "which group is which": lambda f: f.way,
}


def brute_decisive(verdict: ks.Verdict, found: ks.reconstruct.CompatibleTables) -> tuple[int, list[tuple[str, ...]]]:
    """Every smallest set of details within which all rulings agree, by grouping rows in plain Python."""
    rows = []
    for i in range(len(verdict)):
        at = i % len(found)
        way = 1 if i < len(found) else -1
        for column in np.nonzero(found.printed_by[at])[0]:
            row = {"x1": found.x1[at], "n1": found.n1[at], "x2": found.x2[at], "n2": found.n2[at]}
            rows.append((row | {"way": way, "test": int(column)}, verdict.members["ruling"][i]))

    class Row:
        def __init__(self, values: dict[str, int]) -> None:
            self.__dict__ |= {key: int(value) for key, value in values.items()}

    keyed = [({name: int(key(Row(row))) for name, key in DETAILS.items()}, ruling) for row, ruling in rows]
    for size in range(1, len(DETAILS) + 1):
        good = []
        for names in itertools.combinations(DETAILS, size):
            groups: dict[tuple[int, ...], set[str]] = {}
            for key, ruling in keyed:
                groups.setdefault(tuple(key[name] for name in names), set()).add(ruling)
            if all(len(group) == 1 for group in groups.values()):
                good.append(names)
        if good:
            return size, good
    raise AssertionError("nothing decides")


@pytest.mark.parametrize(
    ("found", "region"),
    [
        (tables(), ks.within(0.30)),
        (tables(), ks.above(-0.2)),
        (tables(n=range(79, 84)), ks.within(0.25)),
        (tables(test=["pearson", "yates", "fisher"]), ks.within(0.27)),
        (tables(test=["pearson", "yates"], n=range(38, 41)), ks.within(-0.15, 0.55)),
        (tables("0.04", n=30, test=["pearson", "lr"]), ~ks.within(0.02)),
        (tables("0.04", n=None, n1=14, n2=16), ks.within(-0.05, 0.6)),
        (tables("< 0.05", n=14, test=["pearson", "yates"]), ks.below(0.4)),
    ],
)
def test_the_details_named_fix_the_ruling_and_no_fewer_do(found, region) -> None:
    verdict = ks.judge(claim(region), found)
    assert verdict.ruling is ks.Ruling.DEPENDS
    size, sets = brute_decisive(verdict, found)
    assert len(verdict.decides) == size
    assert set(verdict.decides) in [set(names) for names in sets]


def test_the_test_alone_can_decide() -> None:
    # Two tables: one printed by both tests, one by the second only. Only the second test leaves the ruling open.
    printed = np.array([[True, True], [False, True]])
    rulings = np.array(["established", "refuted"])
    assert decisive(rulings, {"the test": printed}, "depends") == ("the test",)  # all that there is to name
    apart = np.array([[True, False], [False, True]])
    assert decisive(rulings, {"the test": apart, "events": np.array([1, 2])}, "depends") == ("the test",)
    assert decisive(rulings, {"the test": printed, "events": np.array([1, 2])}, "depends") == ("events",)


def test_details_with_very_many_values_are_told_apart() -> None:
    """Four details of 70,000 values each: no whole number of 64 bits holds all combinations."""
    every = np.arange(70_000)
    assert _fixed([every, every[::-1], every, every], every % 2)
    assert not _fixed([every // 2, every[::-1] // 2, every // 2, every // 2], every % 2)


def test_digits_are_named_only_where_they_decide() -> None:
    open_ = np.array(["depends", "depends"])
    assert decisive(open_, {"split": np.array([1, 2])}, "depends") == (ROUNDING,)
    some = np.array(["depends", "established"])
    assert decisive(some, {"split": np.array([1, 2])}, "depends") == ("split", ROUNDING)
    same = np.array(["established", "established"])
    assert decisive(same, {"split": np.array([1, 2])}, "depends") == ()


def test_each_estimate_is_a_data_set_of_its_own() -> None:
    two = ks.effects.estimate([2.03, 2.66], low=[1.37, 2.38], high=[3.01, 2.98], measure="odds_ratio")
    verdict = ks.judge(claim(ks.above(2), "odds_ratio"), two)
    assert verdict.members["ruling"].tolist() == ["not established", "established"]
    assert verdict.ruling is ks.Ruling.DEPENDS
    assert verdict.decides == ("which of the estimates it is",)


# ----------------------------------------------------------------------------------------------------- mean differences
WIDE = [
    ks.reconstruct.means(n=9, p="ns"),
    ks.reconstruct.means(n=8, p="0.4"),
    ks.reconstruct.means(n1=9, n2=14, t="1.2"),
    ks.reconstruct.means(n1=9, n2=14, t="-1"),
    ks.reconstruct.means(n1=5, n2=4, p="<0.05"),
]
REGIONS = [
    ks.within(0.8), ks.within(-0.2, 1.5), ks.within(-1.2, 0.7), ks.above(-0.6), ks.below(0.9), ~ks.within(-0.3, 0.1),
    ks.within(0.05, 2.2), ks.within(-2.5, -0.1), ks.within(-0.45, 0.52),
]  # fmt: skip


def words_over_grid(region: ks.Region, low: np.ndarray, high: np.ndarray) -> str:
    found = {word(a, b, region) for a, b in zip(low, high, strict=True)}
    return found.pop() if len(found) == 1 else "depends"


@pytest.mark.parametrize("means", WIDE, ids=["ns", "p 0.4", "t 1.2", "t -1", "p < 0.05"])
def test_smd_over_a_wide_rounding_range_is_ruled_as_a_fine_grid_of_t_is(means) -> None:
    t = np.linspace(means.t_low, np.minimum(means.t_high, 25.0), 81)
    interval = ks.effects.smd_from_t(t, means.n1, means.n2).confidence_interval(0.90)
    for region in REGIONS:
        rulings = iter(ks.judge(claim(region, "smd"), means).members["ruling"])
        for way in [1] if means.sign_known or region.symmetric else [1, -1]:
            low, high = (interval.low, interval.high) if way == 1 else (-interval.high, -interval.low)
            for at in range(len(means)):
                assert next(rulings) == words_over_grid(region, low[:, at], high[:, at]), (region, way, at)
        assert next(rulings, None) is None


POINTS = [
    ks.reconstruct.means(n1=9, n2=14, p="ns", sd="2"),
    ks.reconstruct.means(n1=9, n2=14, t="-1", sd="1.9"),
    ks.reconstruct.means(n1=6, n2=6, ci=("-1", "3"), level=0.95),
    ks.reconstruct.means(n1=6, n2=6, ci=("1", "3"), level=0.95),
    ks.reconstruct.means(n=8, p="0.4", sd="1"),
]


@pytest.mark.parametrize("means", POINTS, ids=["ns", "t -1", "interval", "interval off zero", "p 0.4"])
def test_points_over_a_wide_rounding_range_are_ruled_as_random_points_are(means) -> None:
    difference, sd = means.corners
    rng = np.random.default_rng(5)
    # Corners, edges and the inside of the polygon.
    share = np.concatenate([np.eye(difference.shape[1]), rng.dirichlet(np.full(difference.shape[1], 0.3), 4000)])
    d, s = share @ difference.T, share @ sd.T
    half = stats.t.isf(0.05, means.df) * s * np.sqrt(1 / means.n1 + 1 / means.n2)
    for region in REGIONS:
        scaled = ks.Region(2 * region.low, 2 * region.high, region.inside)
        rulings = iter(ks.judge(claim(scaled, "mean_difference"), means).members["ruling"])
        for way in [1] if means.sign_known or region.symmetric else [1, -1]:
            for at in range(len(means)):
                low, high = way * d[:, at] - half[:, at], way * d[:, at] + half[:, at]
                assert next(rulings) == words_over_grid(scaled, low, high), (region, way, at)
        assert next(rulings, None) is None


def test_without_a_printed_sign_a_one_sided_claim_has_two_readings() -> None:
    verdict = ks.judge(claim(ks.below(0.9), "smd"), ks.reconstruct.means(n1=40, n2=43, p="0.0010"))
    frame = verdict.to_frame()
    assert frame["the sign of the difference"].tolist() == ["as listed", "exchanged"]
    assert frame["ruling"].tolist() == ["not established", "established"]
    assert verdict.decides == ("the direction of the difference",)


# --------------------------------------------------------------------------------------------------------- joint claims
def johnson(**more: object) -> ks.reconstruct.CompatibleOutcomes:
    printed: dict[str, object] = {"response": "0.230", "remission": "0.397"}
    return ks.reconstruct.outcomes(printed | more, n=83, test="pearson", nested=[("remission", "response")])


@pytest.mark.parametrize("margin", [0.05, 0.1, 0.27, 0.28, 0.29, 0.5])
def test_a_joint_claim_is_ruled_by_intersection_union_member_by_member(margin: float) -> None:
    data = johnson()
    region = ks.within(margin)
    verdict = ks.judge(claim(region), data)
    expected, reach = [], []
    for at in range(len(data)):
        parts = []
        ends = []
        for name in ("response", "remission"):
            x1, n1, x2, n2 = (int(column[at]) for column in data.table(name))
            interval = ks.effects.proportions(x1, n1, x2, n2).confidence_interval(0.90)
            parts.append(word(interval.low, interval.high, region))
            ends += [-interval.low, interval.high]
        expected.append(together(parts))
        reach.append(max(ends))
    assert verdict.members["ruling"].tolist() == expected
    assert verdict.ruling == (expected[0] if len(set(expected)) == 1 else "depends")
    assert verdict.threshold_margin == pytest.approx((min(reach), max(reach)), rel=1e-12)
    assert set(verdict.parts) == {"response", "remission"}
    if verdict.ruling is ks.Ruling.DEPENDS:
        groups = verdict.to_frame().groupby(["n1", "n2"])["ruling"].nunique()
        assert (groups.max() == 1) == (verdict.decides == ("the group sizes",))


def test_johnson_2025_joint_claim_at_ten_points_is_not_established() -> None:
    verdict = ks.judge(claim(ks.within(0.10)), johnson())
    assert verdict.ruling is ks.Ruling.NOT_ESTABLISHED
    assert len(verdict) == 6
    assert "response not established" in verdict.because


def test_means_and_proportions_are_ruled_together_and_the_reason_names_what_fails() -> None:
    data = johnson(symptoms={"p": "0.572", "test": "student"})
    claims = {name: claim(ks.within(0.10)) for name in ("response", "remission")}
    verdict = ks.judge(claims | {"symptoms": claim(ks.within(0.5), "smd")}, data)
    assert verdict.ruling is ks.Ruling.NOT_ESTABLISHED
    assert "established in no data set: response, remission (" in verdict.because
    assert verdict.parts["symptoms"].decides == ("the group sizes",)
    assert set(verdict.thresholds) == {RD, "smd"}
    assert verdict.summary().startswith(
        "Claim: response, remission: risk_difference within -0.1 to 0.1\nClaim: symptoms"
    )
    wide = {name: claim(ks.within(0.27)) for name in ("response", "remission")} | {
        "symptoms": claim(ks.within(0.5), "smd")
    }
    depends = ks.judge(wide, data)
    assert "established in 2, not established in 4; alone: " in depends.because
    assert depends.because.endswith("what decides: the group sizes.")
    with pytest.raises(ks.InvalidArgument, match="measure is 'mean_difference'"):
        ks.judge({"symptoms": claim(ks.within(2), "mean_difference")}, data)
    with pytest.raises(ks.InvalidArgument, match=r"claim\['symptoms'\] is 'risk_difference'.*claim of its own"):
        ks.judge(claim(ks.within(0.1)), data)


def test_what_an_outcome_can_be_is_ruled_once_and_counted_once() -> None:
    data = ks.reconstruct.outcomes({"a": "0.5", "b": "ns"}, n=14, test="pearson")
    verdict = ks.judge(claim(ks.within(0.4)), data)
    for name in "ab":
        rows = set(zip(*(column.tolist() for column in data.table(name)), strict=True))
        assert len(verdict.parts[name]) == len(rows) < len(data)
        part = verdict.parts[name].to_frame().set_index(["x1", "n1", "x2", "n2"])["ruling"]
        columns = [verdict.members[f"{name}_{key}"].tolist() for key in ("x1", "n1", "x2", "n2")]
        rulings = verdict.members[f"{name}_ruling"].tolist()
        assert [part[row] for row in zip(*columns, strict=True)] == rulings


def test_one_refuted_outcome_refutes_the_joint_claim() -> None:
    claims = {"response": claim(ks.within(0.5)), "remission": claim(~ks.within(0.5))}
    verdict = ks.judge(claims, johnson())
    assert verdict.ruling is ks.Ruling.REFUTED
    assert {name: str(part.ruling) for name, part in verdict.parts.items()} == {
        "response": "established",
        "remission": "refuted",
    }
    # A claim on some of the outcomes leaves the others out.
    assert set(ks.judge({"response": claim(ks.within(0.5))}, johnson()).parts) == {"response"}


def test_all_unlabelled_outcomes_of_a_joint_claim_turn_together() -> None:
    data = johnson()
    claims = {"response": claim(ks.above(-0.05)), "remission": claim(ks.above(-0.2))}
    verdict = ks.judge(claims, data)
    assert len(verdict) == 2 * len(data)
    expected = []
    for way in (1, -1):
        for at in range(len(data)):
            parts = []
            for name, part in claims.items():
                x1, n1, x2, n2 = (int(column[at]) for column in data.table(name))
                table = (x1, n1, x2, n2) if way == 1 else (x2, n2, x1, n1)
                interval = ks.effects.proportions(*table).confidence_interval(0.90)
                parts.append(word(interval.low, interval.high, part.region))
            expected.append(together(parts))
    assert verdict.members["ruling"].tolist() == expected
    assert verdict.to_frame()["which group is which"].tolist() == ["as listed"] * 6 + ["exchanged"] * 6


@pytest.mark.parametrize("labelled", [False, True])
def test_a_sign_that_was_not_printed_turns_alone(labelled: bool) -> None:
    if labelled:
        data = ks.reconstruct.outcomes(
            {
                "response": tables(n=None, n1=37, n2=46),
                "symptoms": ks.reconstruct.means(n1=37, n2=46, p="0.0500"),
            }
        )
    else:
        data = johnson(symptoms=ks.reconstruct.means(n=83, p="0.0500"))
    claims = {"response": claim(ks.above(-0.1)), "symptoms": claim(ks.below(0.3), "smd")}
    verdict = ks.judge(claims, data)
    ways = [1] if labelled else [1, -1]
    expected = set()
    for at in range(len(data)):
        x1, n1, x2, n2 = (int(column[at]) for column in data.table("response"))
        part = data.sets["symptoms"]
        row = data.index["symptoms"][at]
        for way, sign in itertools.product(ways, (1, -1)):
            table = (x1, n1, x2, n2) if way == 1 else (x2, n2, x1, n1)
            interval = ks.effects.proportions(*table).confidence_interval(0.90)
            t = 0.5 * (part.t_low[row] + part.t_high[row])
            limits = ks.effects.smd_from_t(sign * t, int(part.n1[row]), int(part.n2[row])).confidence_interval(0.90)
            parts = [
                word(interval.low, interval.high, claims["response"].region),
                word(limits.low, limits.high, claims["symptoms"].region),
            ]
            expected.add((at, way, sign, together(parts)))
    frame = verdict.to_frame()
    members = len(data)
    ways_seen = [1] * len(frame) if labelled else np.where(frame["which group is which"] == "as listed", 1, -1)
    signs = np.where(frame["the sign of symptoms"] == "as listed", 1, -1)
    got = {(i % members, int(ways_seen[i]), int(signs[i]), frame["ruling"][i]) for i in range(len(frame))}
    assert got == expected
    assert len({ruling for *_, ruling in got}) > 1


def test_missing_outcomes_can_decide_a_joint_claim() -> None:
    data = ks.reconstruct.outcomes(
        {"response": tables(n=range(81, 84)), "remission": tables("0.397", n=range(81, 84))},
        nested=[("remission", "response")],
        total=83,
    )
    verdict = ks.judge(claim(ks.within(0.25)), data)
    assert verdict.ruling is ks.Ruling.DEPENDS
    frame = verdict.to_frame()
    for name in ("response", "remission"):
        frame[f"{name}_n"] = frame[f"{name}_n1"] + frame[f"{name}_n2"]
    keys = {
        "the group sizes": ["n1", "n2"],
        "the number analysed of response": ["response_n"],
        "the number analysed of remission": ["remission_n"],
        "the group sizes analysed of response": ["response_n1", "response_n2"],
        "the group sizes analysed of remission": ["remission_n1", "remission_n2"],
        "the events in each group of response": ["response_x1", "response_x2"],
        "the events in each group of remission": ["remission_x1", "remission_x2"],
    }
    columns = [column for name in verdict.decides for column in keys[name]]
    assert frame.groupby(columns)["ruling"].nunique().max() == 1


def test_digits_that_leave_one_outcome_open_leave_the_joint_claim_open() -> None:
    # "ns" alone: the interval of d may lie within 0.9 SD of none or reach beyond, by digits that were not printed.
    wide = ks.reconstruct.means(n1=41, n2=42, p="ns")
    symptoms = claim(ks.within(0.5), "smd")
    assert ks.judge(symptoms, wide).ruling is ks.Ruling.DEPENDS
    assert ks.judge(symptoms, wide).decides == (ROUNDING,)
    response = tables("0.2", n=None, n1=41, n2=42)
    data = ks.reconstruct.outcomes({"response": response, "symptoms": wide})
    open_ = ks.judge({"response": claim(ks.within(0.9)), "symptoms": symptoms}, data)
    assert open_.ruling is ks.Ruling.DEPENDS
    assert open_.decides == (ROUNDING,)
    # Where the other outcome is not established whatever they were, the digits decide nothing.
    closed = ks.judge({"response": claim(ks.within(0.01)), "symptoms": symptoms}, data)
    assert closed.ruling is ks.Ruling.NOT_ESTABLISHED
    # But digits that can refute it still do.
    far = ks.judge({"response": claim(ks.within(0.01)), "symptoms": claim(~ks.within(0.5), "smd")}, data)
    assert far.ruling is ks.Ruling.DEPENDS


# ----------------------------------------------------------------------------------------------------- independent data
def test_independent_data_are_ruled_over_every_combination() -> None:
    data = {"a": tables(), "b": tables("0.397"), "c": ks.reconstruct.means(n=83, p="0.572")}
    for margin, smd in [(0.1, 0.24), (0.3, 0.5), (0.5, 0.5), (0.5, 2.5)]:
        claims = {"a": claim(ks.within(margin)), "b": claim(ks.within(margin)), "c": claim(ks.within(smd), "smd")}
        verdict = ks.judge(claims, data)
        alone = {name: ks.judge(part, data[name]) for name, part in claims.items()}
        found = {
            together(list(parts))
            for parts in itertools.product(*(sorted(set(v.members["ruling"].tolist())) for v in alone.values()))
        }
        assert verdict.ruling == (found.pop() if len(found) == 1 else "depends")
        assert verdict.parts["a"].because == alone["a"].because
        highest = max(alone[name].threshold_margin[1] for name in "ab")
        assert verdict.thresholds[RD][1] == pytest.approx(highest, rel=1e-12)
        assert verdict.thresholds["smd"] == alone["c"].threshold_margin
        with pytest.raises(ks.NoSolution, match="different scales"):
            verdict.threshold_margin  # noqa: B018
    assert verdict.ruling is ks.Ruling.ESTABLISHED


def test_independent_data_name_only_what_decides() -> None:
    data = {"a": tables(), "b": ks.reconstruct.means(n=83, p="0.572")}
    depends = ks.judge({"a": claim(ks.within(0.5)), "b": claim(ks.within(0.5), "smd")}, data)
    assert depends.decides == ("the group sizes of b",)
    assert depends.ruling is ks.Ruling.DEPENDS
    settled = ks.judge({"a": claim(ks.within(0.05)), "b": claim(ks.within(0.5), "smd")}, data)
    assert settled.ruling is ks.Ruling.NOT_ESTABLISHED
    assert settled.decides == ()
    wide = {"a": tables(), "b": ks.reconstruct.means(n1=41, n2=42, p="ns")}
    digits = ks.judge({"a": claim(ks.within(0.5)), "b": claim(ks.within(0.5), "smd")}, wide)
    assert digits.decides == (f"{ROUNDING} of b",)


def test_one_impossible_outcome_makes_the_claim_impossible() -> None:
    verdict = ks.judge(claim(ks.within(0.1)), {"a": tables(), "b": tables("0.2300000")})
    assert verdict.ruling is ks.Ruling.IMPOSSIBLE
    assert verdict.because.endswith("there is none for b.")
    together = ks.reconstruct.outcomes({"a": "0.230", "b": "0.2300000"}, n=83, test="pearson")
    assert ks.judge(claim(ks.within(0.1)), together).ruling is ks.Ruling.IMPOSSIBLE
    assert "0.2300000" in ks.judge(claim(ks.within(0.1)), together).because or not together


# ------------------------------------------------------------------------------------------ decisions of other programs
def golden() -> list[dict[str, str]]:
    with GOLDEN.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("row", golden(), ids=lambda row: row["id"])
def test_published_decisions(row) -> None:
    given_, expected = json.loads(row["inputs_json"]), json.loads(row["expected_json"])
    if row["topic"] == "decision_nhst_plus_tost":
        summary = [given_[key] for key in ("m1", "sd1", "n1", "m2", "sd2", "n2")]
        welch = ks.effects.means(*summary)
        ruling = ks.judge(claim(ks.within(given_["low"], given_["high"]), "mean_difference"), welch, alpha=0.05).ruling
        different = welch.pvalue() < given_["alpha"]
        decision = {("established", True): "different_and_equivalent", ("not established", False): "inconclusive"}
        assert decision[str(ruling), bool(different)] == expected["decision"]
    elif row["topic"] == "decision_rules_classic_cet_hdi_rope":
        sizes = [((df + 2) // 2, df + 2 - (df + 2) // 2) for df in given_["df"]]
        n1, n2 = zip(*sizes, strict=True)
        alpha = 0.5 * (1 - given_["ci"])
        for t, df, a, b, decision in zip(given_["t"], given_["df"], n1, n2, expected["decision"], strict=True):
            # The source takes d = 2 t / sqrt(df), so its margin is a little wider or narrower on the scale of d.
            margin = given_["range_d"] * math.sqrt(1 / a + 1 / b) / (2 / math.sqrt(df))
            verdict = ks.judge(claim(ks.within(margin), "smd"), ks.effects.smd_from_t(t, a, b), alpha=alpha)
            assert verdict.ruling == WORDS[decision]
    elif row["topic"] == "decision_half_infinite_bound":
        low, high = given_["ci90"]
        estimate = ks.effects.estimate(0.5 * (low + high), low=low, high=high, level=0.90)
        verdict = ks.judge(claim(ks.Region(float(given_["low"]), given_["high"]), "mean_difference"), estimate)
        assert verdict.ruling == WORDS[expected["ROPE_Equivalence"]]
    else:
        assert row["topic"] == "claim_language_ci_only"
        low, high = zip(*given_["ci95"], strict=True)
        estimate = ks.effects.estimate(given_["irr"], low=low, high=high, measure="risk_ratio")
        # Even with 1.25, wide for a rate ratio, neither interval is evidence of absence.
        rulings = ks.judge(claim(ks.within(1 / 1.25, 1.25), "risk_ratio"), estimate).members["ruling"]
        assert (rulings == "established").tolist() == [expected["evidence_of_absence"]] * 2


def test_a_region_without_lower_end_does_not_accept_what_lies_above_it() -> None:
    # R's parameters called the interval 4.9 to 5.1 accepted for the range -Inf to 0.1 (its issue 982).
    estimate = ks.effects.estimate(5.0, low=4.9, high=5.1, level=0.90)
    assert ks.judge(claim(ks.below(0.1), "mean_difference"), estimate).ruling is ks.Ruling.REFUTED
    assert ks.judge(claim(ks.below(5.2), "mean_difference"), estimate).ruling is ks.Ruling.ESTABLISHED


def test_lower_and_upper_bound_are_not_exchanged() -> None:
    # JASP's labels were (its issue 3145): a difference of +0.3 is clear of the lower end of +-0.4, not of the upper.
    estimate = ks.effects.estimate(0.3, se=0.1)
    assert ks.judge(claim(ks.above(-0.4), "mean_difference"), estimate).ruling is ks.Ruling.ESTABLISHED
    assert ks.judge(claim(ks.below(0.4), "mean_difference"), estimate).ruling is ks.Ruling.NOT_ESTABLISHED
    assert ks.judge(claim(ks.below(0.1), "mean_difference"), estimate).ruling is ks.Ruling.REFUTED


def test_a_wald_interval_of_width_zero_is_no_equivalence_under_the_default() -> None:
    # 0 of 41 against 0 of 42: Wald finds equivalence at any margin; the score interval does not at 5 points.
    nothing = ks.effects.proportions(0, 41, 0, 42)
    assert ks.judge(claim(ks.within(0.05)), nothing).ruling is ks.Ruling.NOT_ESTABLISHED
    assert ks.judge(claim(ks.within(0.10)), nothing).ruling is ks.Ruling.ESTABLISHED


# ----------------------------------------------------------------------------------------------- arguments and printing
@pytest.mark.parametrize("alpha", [1e-15, 1e-9, 0.001, 0.49, 0.4999999])
def test_alpha_may_be_extreme(alpha: float) -> None:
    for data, estimand in [(tables(), RD), (ks.reconstruct.means(n=83, p="0.572"), "smd")]:
        verdict = ks.judge(claim(ks.within(0.01), estimand), data, alpha=alpha)
        assert np.isfinite(verdict.threshold_margin).all()
        assert verdict.alpha == alpha
    small = ks.judge(claim(ks.within(0.2)), tables(), alpha=alpha).threshold_margin[1]
    usual = ks.judge(claim(ks.within(0.2)), tables()).threshold_margin[1]
    assert (small > usual) == (alpha < 0.05)


@pytest.mark.parametrize("alpha", [0.0, -0.1, 0.5, 0.6, 1.0, math.nan, 1e-17])
def test_alpha_outside_its_range_is_refused_by_name(alpha: float) -> None:
    with pytest.raises(ks.InvalidArgument, match=r"^alpha is"):
        ks.judge(claim(ks.within(0.1)), tables(), alpha=alpha)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("response does not differ", tables()), "claim is .* allowed: a Claim"),
        ((claim(ks.within(0.1)), 0.23), "data is 0.23; allowed: a compatible set"),
        ((claim(ks.within(0.1)), {}), "data is {}; allowed: data for at least one outcome"),
        ((claim(ks.within(0.1)), {"a": 1}), "data is 1; allowed"),
        (({}, johnson()), "claim is {}; allowed: a Claim, or a mapping"),
        (({"respons": claim(ks.within(0.1))}, johnson()), "claim is 'respons'; allowed: one of response, remission"),
        (({"response": "none"}, johnson()), r"claim\['response'\] is 'none'; allowed: a Claim"),
        ((claim(ks.within(0.1), "smd"), tables()), "claim is 'smd'; allowed: one of risk_difference"),
        ((claim(ks.within(0.1)), ks.reconstruct.means(n=83, p="0.5")), "claim is 'risk_difference'; allowed: smd"),
        ((claim(ks.within(0.1)), ks.effects.proportion(3, 9)), "claim is 'risk_difference'; allowed: the estimand"),
        ((claim(ks.within(1), "mean_difference"), ks.reconstruct.means(n=83, p="0.5")), "measure is 'mean_difference'"),
    ],
)
def test_claim_and_data_that_do_not_fit_are_refused_with_a_remedy(arguments, message) -> None:
    with pytest.raises(ks.KetastatsError, match=message):
        ks.judge(*arguments)


def test_the_method_of_proportions_can_be_chosen_and_of_nothing_else() -> None:
    wald = ks.judge(claim(ks.within(0.16)), tables(), method="wald")
    assert wald.method != ks.judge(claim(ks.within(0.16)), tables()).method
    assert wald.threshold_margin != ks.judge(claim(ks.within(0.16)), tables()).threshold_margin
    both = ks.judge(
        {"a": claim(ks.within(0.1)), "b": claim(ks.within(0.1), "smd")},
        {"a": tables(), "b": ks.reconstruct.means(n=83, p="0.5")},
        method="wald",
    )
    assert both.parts["a"].method == wald.method
    for data in (ks.effects.proportion(3, 9), {"a": ks.effects.proportion(3, 9)}):
        with pytest.raises(ks.InvalidArgument, match="method is 'wald'; allowed: None unless"):
            ks.judge(claim(ks.within(0, 0.1), "proportion"), data, method="wald")


def test_summary_and_html_say_everything_and_escape_it() -> None:
    words = "<script>alert(1)</script> & 'more'"
    for verdict in (
        ks.judge(claim(ks.within(0.30), text=words), tables()),
        ks.judge(claim(ks.within(0.10), text=words), johnson()),
        ks.judge(claim(ks.within(0.10), text=words), tables("0.2300000")),
    ):
        text = verdict.summary()
        assert words in text
        assert f"Ruling: {verdict.ruling}" in text
        assert verdict.because in text
        assert ("Threshold margin" in text) == bool(len(verdict))
        assert ("What decides" in text) == bool(verdict.decides)
        for sentence in verdict.assumptions:
            assert sentence in text
        html = verdict._repr_html_()
        assert "<script>" not in html
        assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; &#x27;more&#x27;" in html
        assert str(verdict.ruling) in html


def test_a_verdict_is_frozen_tidy_and_names_its_method() -> None:
    verdict = ks.judge(claim(ks.within(0.10)), tables())
    with pytest.raises(FrozenInstanceError):
        verdict.ruling = ks.Ruling.ESTABLISHED
    frame = verdict.to_frame()
    assert list(frame.columns) == ["x1", "n1", "x2", "n2", "estimate", "low", "high", "threshold_margin", "ruling"]
    assert len(frame) == len(verdict) == 14
    assert verdict.method.startswith("Miettinen-Nurminen")
    assert verdict.references
    assert verdict.parts == {}
    means = ks.judge(claim(ks.within(0.10), "smd"), ks.reconstruct.means(n=83, p="0.572")).to_frame()
    assert list(means.columns)[2:6] == ["low_min", "low_max", "high_min", "high_max"]
