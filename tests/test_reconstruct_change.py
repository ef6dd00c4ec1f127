"""Change scores and the correlation behind three SDs, against random values, raw data and printed examples."""

from __future__ import annotations

import csv
import json
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

import ketastats as ks
from ketastats.numerics.change_scores import change_sd_range, correlation_range, other_sd_range
from ketastats.reconstruct import change

with (Path(__file__).parent / "golden" / "means_more.csv").open(encoding="utf-8", newline="") as file:
    GOLDEN = {row["id"]: row for row in csv.DictReader(file)}


def golden(name):
    row = GOLDEN[name]
    return json.loads(row["inputs_json"]), json.loads(row["expected_json"]), row["tolerance"]


def test_golden_correlation():
    given_, expected, tolerance = golden("recalc_prepost_2")
    found = change(**given_)
    assert found.r_low[0] <= expected["r"] <= found.r_high[0]
    middle = 0.5 * (found.r_low[0] + found.r_high[0])
    assert middle == pytest.approx(expected["r"], abs=float(tolerance))


def test_golden_impossible_change():
    given_, expected, _ = golden("recalc_prepost_bad")
    labels = [change(sd_pre=a, sd_post=b, sd_change=c).label for a, b, c in given_["cases"]]
    assert labels == expected["verdict"]
    found = change(sd_pre="8.0", sd_post="5.0", sd_change="2.0")
    assert (len(found), found.emptied_by) == (0, "sd_change = 2.0")
    assert found.implied_r[0] == pytest.approx((7.95**2 + 5.05**2 - 2.05**2) / (2 * 7.95 * 5.05), rel=1e-12)
    assert "imply r from" in found.summary()


@pytest.mark.parametrize("texts", [("3", "5", "4"), ("2", "2", "1"), ("14.6", "8", "13"), ("1", "9", "8")])
def test_ranges_are_those_of_all_values_in_the_boxes(texts):
    ends = [[float(end) for end in (x.low, x.high)] for x in (ks.Reported(text).interval for text in texts)]
    a, b, c = (np.linspace(*end, 161) for end in ends)
    r = (a[:, None, None] ** 2 + b[:, None] ** 2 - c**2) / (2 * a[:, None, None] * b[:, None])
    low, high = correlation_range(*[tuple(np.array([x]) for x in end) for end in ends])
    assert low[0] <= r.min() + 1e-12
    assert high[0] >= r.max() - 1e-12
    assert (low[0], high[0]) == pytest.approx((r.min(), r.max()), abs=2e-4)
    found = change(sd_pre=texts[0], sd_post=texts[1], sd_change=texts[2])
    assert (found.r_low[0], found.r_high[0]) == pytest.approx((max(low[0], -1), min(high[0], 1)), abs=1e-12)


def test_the_smallest_correlation_lies_between_the_corners():
    # SDs of 3 and 5 and a change of 4 are a right angle: r is smallest at pre = 3, inside its interval.
    found = change(sd_pre="3", sd_post="5", sd_change="4")
    corners = [(a * a + b * b - 4.5**2) / (2 * a * b) for a in (2.5, 3.5) for b in (4.5, 5.5)]
    assert found.r_low[0] < min(corners) - 1e-3 or min(corners) == pytest.approx(found.r_low[0])
    a = np.linspace(2.5, 3.5, 20_001)
    assert found.r_low[0] == pytest.approx(
        min(((a * a + b * b - 4.5**2) / (2 * a * b)).min() for b in (4.5, 5.5)), abs=1e-8
    )


@pytest.mark.parametrize("r", [("-0.9", "0.9"), ("0.55", "0.65"), ("0.85", "0.95")])
def test_the_sd_of_the_change_from_a_correlation(r):
    ends = ((2.5, 3.5), (4.5, 5.5), tuple(map(float, r)))
    a, b, c = (np.linspace(*end, 161) for end in ends)
    square = a[:, None, None] ** 2 + b[:, None] ** 2 - 2 * c * a[:, None, None] * b[:, None]
    low, high = change_sd_range(*[tuple(np.array([x]) for x in end) for end in ends])
    assert low[0] <= math.sqrt(square.min()) + 1e-12
    assert (low[0], high[0]) == pytest.approx((math.sqrt(square.min()), math.sqrt(square.max())), abs=1e-3)


MIXES = [
    ("sd_pre", "sd_post", "sd_change"),
    ("sd_pre", "sd_post", "mean_change", "t"),
    ("sd_pre", "sd_post", "mean_pre", "mean_post", "p"),
    ("sd_pre", "sd_post", "ci"),
    ("sd_pre", "sd_post", "r", "mean_change"),
    ("se_change", "mean_change"),
    ("sd_pre", "sd_post", "se_change", "r", "p"),
]


@pytest.mark.parametrize("what", MIXES, ids=["+".join(mix) for mix in MIXES])
def test_the_true_data_are_in_their_own_reconstruction(what):
    rng = np.random.default_rng(4)
    for n, shift in ((12, -1.0), (83, -5.7), (30, 0.4)):
        pre = rng.normal(17.0, 4.0, n)
        post = 0.6 * pre + rng.normal(7.0 + shift, 3.0, n)
        moved = post - pre
        t = moved.mean() / moved.std(ddof=1) * math.sqrt(n)
        half = stats.t.isf(0.025, n - 1) * moved.std(ddof=1) / math.sqrt(n)
        values = {
            "mean_pre": pre.mean(), "mean_post": post.mean(), "sd_pre": pre.std(ddof=1), "sd_post": post.std(ddof=1),
            "mean_change": moved.mean(), "sd_change": moved.std(ddof=1), "t": t, "p": 2 * stats.t.sf(abs(t), n - 1),
            "se_change": moved.std(ddof=1) / math.sqrt(n), "r": np.corrcoef(pre, post)[0, 1],
        }  # fmt: skip
        printed = {name: f"{values[name]:.2f}" for name in what if name != "ci"}
        if "ci" in what:
            printed |= {"ci": (f"{moved.mean() - half:.2f}", f"{moved.mean() + half:.2f}"), "level": 0.95}
        found = change(n=range(n - 1, n + 2), **printed)
        (at,) = np.nonzero(found.n == n)[0]
        for name in ("r", "sd_change", "mean_change", "t", "p"):
            value = values[name] if found.sign_known or name in ("r", "sd_change", "p") else abs(values[name])
            assert getattr(found, f"{name}_low")[at] - 1e-9 <= value <= getattr(found, f"{name}_high")[at] + 1e-9, name


@pytest.mark.parametrize(
    ("a", "c", "r"),
    [
        ((3.5, 4.5), (5.0, 6.0), (0.2, 0.4)),
        ((3.5, 4.5), (5.0, 6.0), (-0.6, -0.4)),
        ((3.5, 4.5), (4.0, 4.2), (-1.0, 1.0)),
        ((7.5, 8.5), (5.0, 5.5), (0.7, 0.9)),
        ((7.9, 8.0), (5.0, 5.1), (0.79, 0.8)),
        ((7.5, 8.5), (2.0, 2.2), (0.5, 0.6)),
        ((7.5, 8.5), (2.0, 2.2), (-0.6, -0.5)),
        ((0.0, 4.0), (2.0, 2.2), (0.5, 0.6)),
    ],
)
def test_the_other_sd_from_one_the_change_and_the_correlation(a, c, r):
    # A grid over a, b and r: the b whose change lies between the ends of c.
    step = 0.004
    grid = np.arange(0, 16, step)
    square = (
        np.linspace(*a, 41)[:, None, None] ** 2
        + grid[:, None] ** 2
        - 2 * np.linspace(*r, 41) * np.linspace(*a, 41)[:, None, None] * grid[:, None]
    )
    seen = grid[((square >= c[0] ** 2) & (square <= c[1] ** 2)).any(axis=(0, 2))]
    for own in ((0.0, 20.0), (4.0, 6.0), (6.2, 9.0)):
        left = seen[(seen >= own[0]) & (seen <= own[1])]
        low, high = other_sd_range(*[tuple(np.array([end]) for end in ends) for ends in (a, c, r, own)])
        if not left.size:
            assert low[0] > high[0] - 0.05
            continue
        assert low[0] <= left[0] + 1e-9
        assert left[-1] <= high[0] + 1e-9
        assert (low[0], high[0]) == pytest.approx((left[0], left[-1]), abs=0.03)


MISSING = [
    ("sd_pre", "sd_change", "r"),
    ("sd_post", "t", "mean_change", "r"),
    ("sd_change", "se_change"),
    ("sd_pre", "sd_post", "r", "se_change"),
    ("sd_change", "mean_change", "t"),
    ("sd_change", "mean_change", "p"),
    ("sd_change", "ci"),
    ("sd_pre", "sd_post", "ci"),
    ("sd_post", "sd_change", "mean_pre", "mean_post", "t"),
]


@pytest.mark.parametrize("what", MISSING, ids=["+".join(mix) for mix in MISSING])
def test_what_is_missing_is_inside_what_is_left_also_the_number_of_people(what):
    rng = np.random.default_rng(11)
    n = 17
    pre = rng.normal(17.0, 4.0, n)
    post = 0.5 * pre + rng.normal(5.0, 3.0, n)
    values, printed = measured(pre, post, what)
    unknown = change(**printed) if {"se_change", "t", "p", "ci"} & set(what) and "sd_post" not in what[:1] else None
    for found in [change(n=n, **printed), *([unknown] if unknown is not None else [])]:
        (at,) = np.nonzero(found.n == n)[0]
        for name in ("r", "sd_change", "mean_change", "t", "p", "sd_pre", "sd_post"):
            value = values[name] if found.sign_known or name in ("r", "sd_change", "p") else abs(values[name])
            assert getattr(found, f"{name}_low")[at] - 1e-9 <= value <= getattr(found, f"{name}_high")[at] + 1e-9, name


def measured(pre, post, what):
    """What is true of both measurements, and what of it is printed."""
    moved, n = post - pre, pre.size
    spread = moved.std(ddof=1)
    t = moved.mean() / spread * math.sqrt(n)
    values = {"mean_pre": pre.mean(), "mean_post": post.mean(), "sd_pre": pre.std(ddof=1), "sd_post": post.std(ddof=1)}
    values |= {"mean_change": moved.mean(), "sd_change": spread, "se_change": spread / math.sqrt(n), "t": t}
    values |= {"p": 2 * stats.t.sf(abs(t), n - 1), "r": np.corrcoef(pre, post)[0, 1]}
    printed = {name: f"{values[name]:.2g}" if name == "p" else f"{values[name]:.2f}" for name in what if name != "ci"}
    if "ci" in what:
        half = stats.t.isf(0.025, n - 1) * spread / math.sqrt(n)
        printed |= {"ci": (f"{moved.mean() - half:.2f}", f"{moved.mean() + half:.2f}"), "level": 0.95}
    return values, printed


def test_the_number_of_people_follows_from_an_sd_and_its_standard_error():
    found = change(sd_change="6.00", se_change="1.00")
    # (6.005 / 0.995)^2 = 36.4, (5.995 / 1.005)^2 = 35.6.
    assert found.n.tolist() == [36]
    assert change(sd_change="6.0", mean_change="-2.0", p="0.05").n.tolist() == [
        n
        for n in range(3, 80)
        if 2 * stats.t.sf(1.95 / 6.05 * math.sqrt(n), n - 1) >= 0.045
        and 2 * stats.t.sf(2.05 / 5.95 * math.sqrt(n), n - 1) <= 0.055
    ]
    for nothing in ({"sd_change": "6.0", "p": "< .001", "mean_change": "2"}, {"t": "2.1"}, {"p": "0.03", "r": "0.5"}):
        with pytest.raises(ks.errors.InvalidArgument, match=r"^n is"):
            change(**nothing)
    with pytest.raises(ks.errors.BudgetExceeded, match="numbers of people"):
        change(sd_change="6.0", se_change="0.01", budget=1000)


def test_one_sd_the_correlation_and_the_change_may_contradict_each_other():
    # c is at least a sqrt(1 - r^2): 8 * 0.87.
    found = change(sd_pre="8.0", r="0.50", sd_change="2.0")
    assert (bool(found), found.emptied_by) == (False, "r = 0.50")
    least = change(sd_pre="8.0", r="0.50").sd_change_low[0]
    assert least == pytest.approx(7.95 * math.sqrt(1 - 0.505**2), rel=1e-9)
    alone = change(sd_pre="8.0", sd_change="2.0")
    assert alone.r_low[0] == pytest.approx(math.sqrt(1 - (2.05 / 7.95) ** 2), rel=1e-9)
    assert (alone.sd_post_low[0], alone.sd_post_high[0]) == pytest.approx((5.9, 10.1), rel=1e-9)
    assert change(sd_pre="8.0").sd_post_high[0] == math.inf


def test_where_is_everything_at_once_and_says_what_it_removed():
    found = change(n=range(10, 30), sd_pre="4.1", sd_post="5.2", mean_change="-2.0")
    narrowed = found.where(t="-1.9", r="0.4")
    together = change(n=range(10, 30), sd_pre="4.1", sd_post="5.2", mean_change="-2.0", t="-1.9", r="0.4")
    assert narrowed.n.tolist() == together.n.tolist()
    assert narrowed.to_frame().equals(together.to_frame())
    assert narrowed.steps == (f"t = -1.9, r = 0.4 removed {20 - len(narrowed)} of 20 rows",)
    assert found.where(n=[12, 40]).n.tolist() == [12]
    assert found.where(n=40).emptied_by == "n = 40"
    assert found.where(r="0.9", sd_change="9").emptied_by == "sd_change = 9"
    assert change(sd_pre="4.1", sd_post="5.2").where(n=20, se_change="1.0").n.tolist() == [20]
    assert found.marginal("n")["members"].sum() == 20
    for wrong in ({}, {"sd1": "3"}, {"ci": ("1", "2")}):
        with pytest.raises(ks.errors.InvalidArgument):
            found.where(**wrong)
    with pytest.raises(ks.errors.InvalidArgument, match="level"):
        change(n=20, ci=("1", "2"), level=0.9).where(ci=("1", "2"), level=0.95)
    with pytest.raises(ks.errors.InvalidArgument, match="name"):
        found.marginal("mean")
    assert len(found.draw(3, rng=1)) == 3


def test_t_p_and_the_mean_change_give_the_sd_of_the_change():
    found = change(n=83, mean_change="-5.7", t="-9.1")
    assert found.sd_change_low[0] == pytest.approx(5.65 * math.sqrt(83) / 9.15, rel=1e-9)
    assert found.sd_change_high[0] == pytest.approx(5.75 * math.sqrt(83) / 9.05, rel=1e-9)
    assert found.sign_known
    assert found.p_high[0] == pytest.approx(2 * stats.t.sf(9.05, 82), rel=1e-9)
    size = change(n=83, mean_change="5.7", t="9.1")
    assert not size.sign_known
    assert size.mean_change_low[0] == pytest.approx(5.65)
    assert any("absolute" in sentence for sentence in size.assumptions)


@settings(max_examples=25)
@given(st.integers(20, 90), st.integers(20, 90), st.integers(10, 150), st.integers(-9, 9))
def test_more_numbers_never_widen(a, b, c, r):
    texts = {"sd_pre": f"{a / 10}", "sd_post": f"{b / 10}", "sd_change": f"{c / 10}"}
    wide, narrow = change(**texts), change(**texts, r=f"{r / 10}")
    finer = change(**{name: text + "0" for name, text in texts.items()})
    for part in (narrow, finer):
        if part:
            assert wide
            assert wide.r_low[0] <= part.r_low[0] + 1e-12
            assert part.r_high[0] <= wide.r_high[0] + 1e-12
            assert part.sd_change_high[0] <= wide.sd_change_high[0] + 1e-9
    # Before and after may change places: the correlation and the change are the same.
    turned = change(sd_pre=texts["sd_post"], sd_post=texts["sd_pre"], sd_change=texts["sd_change"])
    assert turned.label == wide.label
    assert turned.r_low.tolist() == pytest.approx(wide.r_low.tolist(), abs=1e-12)


def test_table_and_words():
    found = change(n=(20, 21), mean_pre="17.0", mean_post="12.0", p="< .001", sd_pre="4", sd_post="5")
    frame = found.to_frame()
    assert frame.columns[0] == "n"
    assert frame.shape == (2, 15)
    assert "r lies between" in found.identifiability
    assert not frame.isna().any().any()


@pytest.mark.parametrize(
    ("given_", "name"),
    [
        ({}, "sd_change"),
        ({"sd_pre": 4.0}, "sd_pre"),
        ({"sd_pre": "0.0"}, "sd_pre"),
        ({"sd_change": "-1"}, "sd_change"),
        ({"r": "1.2"}, "r"),
        ({"r": "50%"}, "r"),
        ({"budget": 0, "sd_pre": "3"}, "budget"),
        ({"n": 1, "t": "2.1"}, "n"),
        ({"n": 20, "ci": ("1", "2")}, "level"),
        ({"sd_pre": "3", "rounding": "down"}, "rounding"),
    ],
)
def test_bad_arguments_are_named(given_, name):
    with pytest.raises(ks.KetastatsError, match=rf"^{name} is"):
        change(**given_)
