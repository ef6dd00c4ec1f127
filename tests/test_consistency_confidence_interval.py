"""Printed intervals against estimate, standard error and p: brute force, what never changes, and every departure."""

from __future__ import annotations

import re
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

import ketastats as ks

CUTS = {"half": ROUND_HALF_EVEN, "truncate": ROUND_DOWN}
ask = ks.consistency.confidence_interval


def printed(value: float, decimals: int, rule: str = "half") -> str:
    return str(Decimal(repr(float(value))).quantize(Decimal(1).scaleb(-decimals), rounding=CUTS[rule]) + 0)


@pytest.mark.parametrize(
    ("numbers", "more", "label"),
    [
        (("1.10", "-0.83", "3.03"), {}, "consistent"),
        (("1.10", "-0.83", "3.03"), {"p": ".26"}, "consistent"),
        (("1.10", "-0.83", "3.03"), {"p": ".13"}, "only if p is one-sided"),
        (("1.10", "-0.83", "3.03"), {"p": ".13", "alternative": "one-sided"}, "consistent"),
        (("1.10", "-0.83", "3.03"), {"p": ".348"}, "only if the level is 0.9"),
        (("1.10", "-0.83", "3.03"), {"p": ".1423"}, "only if the level is 0.99"),
        (("1.10", "-0.83", "3.03"), {"p": ".26", "df": 8}, "only if normal, not t"),
        (("1.10", "-0.83", "3.03"), {"p": ".225", "df": 8}, "consistent"),
        (("1.10", "-0.83", "3.03"), {"se": "0.98"}, "consistent"),
        (("1.10", "-0.83", "3.03"), {"se": "1.17"}, "only if the level is 0.9"),
        (("1.10", "3.03", "-0.83"), {}, "only if the limits are swapped"),
        (("1.12", "-0.83", "3.03"), {}, "only if the interval is not symmetric"),
        (("1.11", "-0.83", "3.04"), {}, "consistent"),
        (("4.00", "-0.83", "3.03"), {}, "impossible"),
        (("1.10", "-0.83", "3.03"), {"p": ".04"}, "impossible"),
        (("1.60", "0.30", "3.03"), {"p": ".04"}, "only if the interval is not symmetric"),
        (("0.62", "0.39", "1.00"), {"measure": "odds_ratio"}, "consistent"),
        (("0.62", "0.39", "1.00"), {}, "only if symmetric on the log scale"),
        (("0.70", "0.39", "1.00"), {"measure": "odds_ratio"}, "only if symmetric on the plain scale"),
        (("0.39", "0.12", "1.25"), {"measure": "odds_ratio", "p": "0.12"}, "consistent"),
        (("12%", "2%", "22%"), {"measure": "risk_difference"}, "consistent"),
        # atanh(.45) = .485, and 1.96 / sqrt(40) = .310 on both sides of it: .173 and .661.
        (("0.45", "0.17", "0.66"), {"measure": "correlation"}, "consistent"),
        (("0.45", "0.17", "0.66"), {"measure": "correlation", "se": "0.158"}, "consistent"),
        (("0.45", "0.17", "0.66"), {"measure": "correlation", "p": "0.002"}, "consistent"),
        (("0.45", "0.17", "0.66"), {"measure": "smd"}, "only if the interval is not symmetric"),
        (("0.45", "0.17", "0.73"), {"measure": "correlation"}, "only if symmetric on the plain scale"),
        (("0.45", "0.17", "1.30"), {"measure": "correlation"}, "only if the interval is not symmetric"),
        ((None, "-0.83", "3.03"), {"p": ".26"}, "consistent"),
        ((None, "-0.83", "3.03"), {"p": ".04"}, "impossible"),
        # A lower limit of 0.005 at most, and p = 0.0108 there.
        ((None, "0.00", "0.50"), {"measure": "odds_ratio", "p": "> .01"}, "consistent"),
        ((None, "0.00", "0.50"), {"measure": "odds_ratio", "p": "< .01"}, "only if truncated"),
    ],
)
def test_labels(numbers: tuple, more: dict, label: str) -> None:
    found = ask(*numbers, level=0.95, **more)
    assert found.label[0] == label
    assert not found.to_frame().isna().to_numpy().any()


def test_ties_of_the_middle_are_decided_exactly() -> None:
    # The limits allow middles from 1.095 to 1.105, the estimate 1.105 to 1.115: only the tie is common.
    assert ask("1.11", "-0.83", "3.03", level=0.95).agrees[0]
    assert not ask("1.11", "-0.83", "3.03", level=0.95, rounding="half_up").agrees[0]
    assert not ask("1.11", "-0.83", "3.03", level=0.95, rounding="half_down").agrees[0]
    # 0.245 * 0.645 = 0.158025 = 0.3975 ** 2, and 0.3975 is where 0.397 ends and 0.398 begins.
    top = {"low": ["0.24", "0.24"], "high": ["0.64", "0.64"], "level": 0.95, "measure": "risk_ratio"}
    assert np.sqrt(0.245 * 0.645) == pytest.approx(0.3975226, abs=1e-6)
    assert ask(["0.397", "0.398"], **top).agrees.tolist() == [True, True]
    # 0.5 * 2 = 1 exactly: with digits dropped, 0.5 and 2 are the smallest of what prints so.
    low = {"low": "0.5", "high": "2", "level": 0.95, "measure": "risk_ratio", "rounding": "truncate"}
    assert ask("1.0", **low).agrees[0]
    assert not ask("0.9", **low).agrees[0]
    # Fisher's z of 0.6 is the middle of those of 0 and 15/17: (1 + r) / (1 - r) is 4, 1 and 16. Cut, all are least.
    fisher = {"low": "0.00000", "high": "0.88235", "level": 0.95, "measure": "correlation", "rounding": "truncate"}
    assert ask("0.60000", **fisher).agrees[0]
    exact = {"low": "0.20", "high": "0.50", "level": 0.95, "measure": "correlation", "rounding": "truncate"}
    # exp(2 z) of 0.2 is 3 / 2, of 0.5 it is 3; their product is 4.5, and 4.5 = 2.1213 ** 2 belongs to 0.3592.
    assert ask(["0.35", "0.36"], **exact).agrees.tolist() == [True, True]
    assert ask(["0.3591", "0.3592"], **exact).agrees.tolist() == [False, True]
    # Many digits take the way of fractions.
    assert ask("1.00000000000", "0.50000000000", "2.00000000000", level=0.95, measure="risk_ratio").agrees[0]
    assert not ask("1.00000000002", "0.50000000000", "2.00000000000", level=0.95, measure="risk_ratio").agrees[0]


def test_correlations_agree_with_the_interval_of_fisher() -> None:
    rng = np.random.default_rng(9)
    for r, n in zip(rng.uniform(-0.95, 0.95, 30), rng.integers(8, 200, 30), strict=True):
        z, se = np.arctanh(r), 1 / np.sqrt(n - 3)
        shown = [printed(np.tanh(z + k * 1.959964 * se), 2) for k in (0, -1, 1)]
        p = 2 * stats.norm.sf(abs(z) / se)
        found = ask(*shown, level=0.95, measure="correlation", se=printed(se, 3), p=printed(p, 3))
        assert found.agrees[0]
        assert found["middle_low"][0] <= r <= found["middle_high"][0]
        assert found["se_low"][0] <= se <= found["se_high"][0]
        assert found["p_low"][0] <= p <= found["p_high"][0]


def test_a_limit_of_no_difference_has_p_of_one_less_level() -> None:
    # Digits cut upwards: a lower limit of 0.1 may be anything above 0 up to 0.1, an estimate of 1 anything up to 1.
    found = ask("1.0", "0.1", "2.0", level=0.95, p=[".05", "> .05", "< .05"], rounding="up")
    assert found.agrees.tolist() == [True, False, True]


designs = st.tuples(
    st.booleans(),
    st.floats(-3, 3),
    st.floats(0.05, 1.5),
    st.sampled_from([0.9, 0.95, 0.99]),
    st.sampled_from([np.inf, 4.0, 37.0]),
    st.integers(1, 3),
    st.sampled_from(["half", "truncate"]),
)


@settings(max_examples=9)
@given(designs)
def test_what_was_printed_from_a_true_interval_always_agrees(design: tuple) -> None:
    ratio, effect, se, level, df, digits, rule = design
    half = stats.t.isf((1 - level) / 2, df) * se
    points = [effect, effect - half, effect + half]
    shown = [printed(np.exp(x) if ratio else x, digits, rule) for x in points]
    p = float(2 * stats.t.sf(abs(effect / se), df))
    same = {"level": level, "df": df, "measure": "odds_ratio" if ratio else "smd"}
    found = ask(*shown, se=printed(se, 3, rule), p=printed(p, 3, rule), rounding=rule, **same)
    assert found.agrees[0]
    assert ask(*shown, p=printed(p, 3, rule), rounding=rule, **same).agrees[0]
    assert ask(None, *shown[1:], p=printed(p, 2, rule), rounding=rule, **same).agrees[0]
    assert found["p_low"][0] - 1e-9 <= p <= found["p_high"][0] + 1e-9
    assert found["se_low"][0] - 1e-9 <= se <= found["se_high"][0] + 1e-9
    one = ask(*shown, p=printed(p / 2, 3, rule), rounding=rule, **same)
    assert one.holds["only if p is one-sided"][0]
    if float(shown[1]) < float(shown[2]):
        assert ask(shown[0], shown[2], shown[1], rounding=rule, **same).holds["only if the limits are swapped"][0]
    other = next(value for value in (0.9, 0.95, 0.99) if value != level)
    wrong = ask(*shown, p=printed(p, 3, rule), rounding=rule, **(same | {"level": other}))
    assert wrong.holds[f"only if the level is {level:g}"][0]
    turned = ask(*shown, rounding=rule, **(same | {"measure": "smd" if ratio else "odds_ratio"}))
    if ratio or min(map(float, shown)) > 0:
        assert turned.holds[f"only if symmetric on the {'log' if ratio else 'plain'} scale"][0]
    if rule == "truncate":
        assert ask(*shown, p=printed(p, 3, rule), **same).holds["only if truncated"][0]


@settings(max_examples=15)
@given(designs, st.integers(0, 10**6))
def test_draws_inside_the_rounding_boxes_stay_in_the_ranges_and_reach_them(design: tuple, seed: int) -> None:
    ratio, effect, se, level, df, digits, _ = design
    half = stats.t.isf((1 - level) / 2, df) * se
    points = [effect - half, effect + half]
    low, high = (printed(np.exp(x) if ratio else x, digits) for x in points)
    found = ask(None, low, high, level=level, df=df, measure="odds_ratio" if ratio else "smd")
    rng = np.random.default_rng(seed)
    unit = 10.0**-digits
    draws = [
        float(text) + unit * np.append(rng.uniform(-0.5, 0.5, 500), [-0.5, -0.5, 0.5, 0.5][k::2] * 2)
        for k, text in enumerate((low, high))
    ]
    size = min(map(len, draws))
    a, b = (np.maximum(draw[:size], 0) if ratio else draw[:size] for draw in draws)
    keep = (b > a) & (a > 0) if ratio else b > a
    a, b = a[keep], b[keep]
    a, b = (np.log(a), np.log(b)) if ratio else (a, b)
    p = 2 * stats.t.sf(np.abs((a + b) / (b - a)) * stats.t.isf((1 - level) / 2, df), df)
    assert p.min() >= found["p_low"][0] * (1 - 1e-9)
    assert p.max() <= found["p_high"][0] * (1 + 1e-9)
    middle = (a + b) / 2
    middle = np.exp(middle) if ratio else middle
    assert middle.min() >= found["middle_low"][0] - 1e-9
    assert middle.max() <= found["middle_high"][0] + 1e-9


@settings(max_examples=15)
@given(designs, st.integers(-3, 3), st.integers(0, 100))
def test_brute_force_of_estimate_and_p(design: tuple, shift: int, percent: int) -> None:
    _, effect, se, level, _, _, _ = design
    half = stats.norm.isf((1 - level) / 2) * se
    unit = 0.1
    low, high = (round(effect + sign * half, 1) + 0.0 for sign in (-1, 1))
    middle = round(effect + shift * unit / 2, 1) + 0.0
    shown = f"{percent / 100:.2f}"
    grid = np.linspace(-0.5, 0.5, 81) * unit
    a, b = np.meshgrid(low + grid, high + grid)
    a, b = a[b > a], b[b > a]
    inside = np.abs((a + b) / 2 - middle) <= unit / 2 + 1e-12
    found = ask(f"{middle:.1f}", f"{low:.1f}", f"{high:.1f}", level=level, p=shown)
    if not inside.any():
        assert not found.agrees[0]
        return
    ratio = np.abs((a + b) / (b - a))[inside]
    p = 2 * stats.norm.sf(ratio * stats.norm.isf((1 - level) / 2))
    reached = bool(np.any(np.abs(p - percent / 100) <= 0.005))
    if reached:
        assert found.agrees[0]
    elif p.min() - 0.02 > percent / 100 + 0.005 or p.max() + 0.02 < percent / 100 - 0.005:
        assert not found.agrees[0]


def test_mirror_and_column() -> None:
    rng = np.random.default_rng(3)
    n = 40
    effect, se = rng.normal(0, 1, n), rng.uniform(0.1, 1, n)
    texts = [[printed(x, 1) for x in effect + k * 1.96 * se] for k in (0, -1, 1)]
    p = [printed(x, 2) for x in 2 * stats.norm.sf(np.abs(effect / se)) * rng.choice([1, 1, 0.5], n)]
    p = [None if k % 7 == 0 else text for k, text in enumerate(p)]
    found = ask(*texts, level=0.95, p=p)
    assert len(set(found.label)) >= 3
    flip = [[printed(-float(text), 1) for text in column] for column in texts]
    mirrored = ask(flip[0], flip[2], flip[1], level=0.95, p=p)
    assert np.array_equal(mirrored.agrees, found.agrees)
    assert np.allclose(mirrored["p_high"], found["p_high"])
    for k in range(n):
        one = ask(*(column[k] for column in texts), level=0.95, p=p[k])
        assert one.label[0] == found.label[k]
        assert one.explanation[0] == found.explanation[k]
    # More printed about the same interval never makes more agree.
    assert np.all(found.agrees <= ask(*texts, level=0.95).agrees)
    assert np.all(ask(*texts, level=0.95).agrees <= ask(None, *texts[1:], level=0.95).agrees)


@pytest.mark.parametrize(
    ("changed", "error", "match"),
    [
        ({"estimate": 1.1}, ks.InvalidType, "estimate is 1.1"),
        ({"low": None, "high": None}, ks.InvalidType, "low is None; allowed: at least one limit"),
        ({"low": None, "level": 0.4}, ks.InvalidArgument, "level is 0.4; allowed: above 0.5"),
        ({"n": -1}, ks.InvalidArgument, "n is -1"),
        ({"high": "< 3"}, ks.InvalidArgument, "high is '< 3'"),
        ({"se": "> 3"}, ks.InvalidArgument, "se is '> 3'"),
        (
            {"level": 95},
            ks.InvalidArgument,
            "above 0 and below 1. Write 0.95 for 95 %.",
        ),
        ({"level": "0.95"}, ks.InvalidType, "level is '0.95'"),
        ({"levels": [0.9, 1.0]}, ks.InvalidArgument, "levels is 1"),
        ({"df": 0}, ks.InvalidArgument, "df is 0"),
        ({"measure": "beta"}, ks.InvalidArgument, "measure is 'beta'"),
        ({"alternative": "less"}, ks.InvalidArgument, "alternative is 'less'"),
        ({"rounding": ""}, ks.InvalidArgument, "rounding is ''"),
        ({"p": [".1", ".2"], "level": [0.9, 0.95, 0.99]}, ks.InvalidArgument, "p 2"),
    ],
)
def test_bad_input(changed: dict, error: type[Exception], match: str) -> None:
    call = {"estimate": "1.10", "low": "-0.83", "high": "3.03", "level": 0.95} | changed
    with pytest.raises(error, match=re.escape(match)):
        ask(call.pop("estimate"), call.pop("low"), call.pop("high"), **call)


# ------------------------------------------------------------------------------------- single limits and other slips
def published(number: int, level: float, seed: int, one_sided: bool) -> tuple[dict, np.ndarray, np.ndarray]:
    """Estimates with the multiple of their standard error that a limit is away, as text."""
    rng = np.random.default_rng(seed)
    estimate, error = rng.normal(0, 1, number), rng.uniform(0.1, 1, number)
    away = stats.norm.isf(1 - level if one_sided else (1 - level) / 2) * error
    texts = {
        "estimate": [f"{value:.2f}" for value in estimate],
        "low": [f"{value:.2f}" for value in estimate - away],
        "high": [f"{value:.2f}" for value in estimate + away],
        "p": [f"{value:.3f}" for value in 2 * stats.norm.sf(np.abs(estimate / error))],
    }
    return texts, estimate, error


@pytest.mark.parametrize("missing", ["low", "high"])
@pytest.mark.parametrize("level", [0.9, 0.975])
def test_single_limits_agree_with_what_they_came_from(missing: str, level: float) -> None:
    texts, _, error = published(60, level, 5, one_sided=True)
    given = {**texts, missing: None, "se": [f"{value:.3f}" for value in error]}
    found = ks.consistency.confidence_interval(**given, level=level)
    assert found.agrees.all()
    assert ks.consistency.confidence_interval(**{**given, "p": None}, level=level).agrees.all()
    assert ks.consistency.confidence_interval(**{**given, "se": None}, level=level).agrees.all()
    # Two limits of a wider interval with the same standard error say no more.
    both = ks.consistency.confidence_interval(**{**texts, "se": given["se"]}, level=2 * level - 1)
    assert both.agrees.all()
    assert not found.to_frame().isna().to_numpy().any()
    assert found["low" if missing == "low" else "high"].tolist() == [""] * 60
    word = "below" if missing == "low" else "above"
    assert all(f"% interval {word} " in sentence for sentence in found.explanation)


def test_a_single_limit_of_a_two_sided_interval_is_named() -> None:
    texts, _, error = published(40, 0.95, 6, one_sided=False)
    given = {**texts, "high": None, "se": [f"{value:.4f}" for value in error], "p": None}
    found = ks.consistency.confidence_interval(**given, level=0.95)
    assert found.holds["only if the limit is one of two"].all()
    # 1.96 and 1.645 standard errors of at least 0.1 differ by more than the digits hide.
    assert not found.agrees.any()
    assert np.mean(found.label == "only if the limit is one of two") > 0.9
    # Of a limit without an estimate nothing follows, but for its own place.
    alone = ks.consistency.confidence_interval(None, "1.2", None, level=0.95)
    assert (alone.agrees[0], alone["p_low"][0], alone["p_high"][0]) == (True, 0.0, 1.0)


def test_a_single_limit_with_a_p_is_searched_as_by_draws() -> None:
    """The estimate and the limit leave a range of p, which draws from both boxes fill."""
    rng = np.random.default_rng(1)
    estimate, low = 1.10 + rng.uniform(-0.005, 0.005, 40_000), 0.25 + rng.uniform(-0.005, 0.005, 40_000)
    p = 2 * stats.norm.sf(estimate / ((estimate - low) / stats.norm.isf(0.05)))
    shown = [f"{value:.6f}" for value in (p.min(), p.max(), p.min() - 1e-3, p.max() + 1e-3)]
    found = ks.consistency.confidence_interval("1.10", "0.25", None, level=0.95, p=shown)
    assert found.agrees.tolist() == [True, True, False, False]


def test_limits_one_standard_error_away_are_named() -> None:
    rng = np.random.default_rng(2)
    estimate, error = rng.normal(5, 1, 30), rng.uniform(0.2, 1, 30)
    texts = [[f"{value:.2f}" for value in estimate + k * error] for k in (0, -1, 1)]
    found = ks.consistency.confidence_interval(*texts, level=0.95, se=[f"{value:.3f}" for value in error])
    assert set(found.label) == {"only if the limits are one standard error away"}


def test_a_standard_deviation_in_place_of_its_error_is_named() -> None:
    # SD 4.5 of 36 people: standard error 0.75, limits 1.96 times as far away.
    call = {"estimate": "17.2", "low": "15.73", "high": "18.67", "level": 0.95}
    assert ks.consistency.confidence_interval(**call, se="0.75").agrees[0]
    found = ks.consistency.confidence_interval(**call, se=["0.75", "4.5", "4.5"], n=[36, 36, 30])
    name = "only if the standard error is a standard deviation"
    other = "only if the interval is not symmetric"
    assert found.label.tolist() == ["consistent", name, other]
    assert ks.consistency.confidence_interval(**call, se="4.5").label.tolist() == [other]


@pytest.mark.parametrize(("short", "name"), [("OR", "odds_ratio"), ("MD", "mean_difference"), ("r", "correlation")])
def test_abbreviations_are_their_measures(short: str, name: str) -> None:
    found = [
        ks.consistency.confidence_interval("0.35", "0.06", "0.58", level=0.95, measure=word) for word in (short, name)
    ]
    assert found[0] == found[1]
    assert found[0]["measure"].tolist() == [name]


def test_a_tie_on_the_scale_of_correlations_is_decided_exactly() -> None:
    """Limits of -0.50 and 0.50 have their middle at 0 exactly, which an open end at 0 leaves out."""
    call = {"low": "-0.50", "high": "0.50", "level": 0.95, "measure": "correlation"}
    up = ks.consistency.confidence_interval(["0.01", "0.00"], **call, rounding="ceiling")
    assert up.agrees.tolist() == [False, True]
    down = ks.consistency.confidence_interval(["-0.01", "0.00"], **call, rounding="floor")
    assert down.agrees.tolist() == [False, True]


@pytest.mark.parametrize("n", [5, 12, 40])
def test_the_t_of_a_mean_is_named_where_no_degrees_of_freedom_were_stated(n: int) -> None:
    away = 0.75 * stats.t.isf(0.025, n - 1)
    limits = {"low": f"{17.2 - away:.3f}", "high": f"{17.2 + away:.3f}"}
    call = {"estimate": "17.200", **limits, "se": "0.750", "level": 0.95}
    p = f"{2 * stats.t.sf(17.2 / 0.75, n - 1):.2e}"
    found = ks.consistency.confidence_interval(**call, n=n, p=p)
    assert found.label.tolist() == ["only if t with n - 1, not normal"]
    assert ks.consistency.confidence_interval(**call, df=n - 1, n=n, p=p).agrees.tolist() == [True]
    assert not ks.consistency.confidence_interval(**call, n=n + 1, p=p).holds["only if t with n - 1, not normal"][0]
