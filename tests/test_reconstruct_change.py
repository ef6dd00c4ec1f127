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
from ketastats.numerics.change_scores import change_sd_range, correlation_range
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
    assert frame.shape == (2, 11)
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
        ({"p": "0.03"}, "n"),
        ({"t": "2.1"}, "n"),
        ({"n": 1, "t": "2.1"}, "n"),
        ({"n": 20, "ci": ("1", "2")}, "level"),
        ({"sd_pre": "3", "rounding": "down"}, "rounding"),
    ],
)
def test_bad_arguments_are_named(given_, name):
    with pytest.raises(ks.KetastatsError, match=rf"^{name} is"):
        change(**given_)
