"""Printed p-values against printed tests: golden rows, brute force over what was rounded, and what never changes."""

from __future__ import annotations

import csv
import json
import re
from decimal import (
    ROUND_CEILING,
    ROUND_DOWN,
    ROUND_FLOOR,
    ROUND_HALF_DOWN,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    ROUND_UP,
    Decimal,
)
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import stats

import ketastats as ks

_FILE = Path(__file__).parent / "golden" / "printed_tests.csv"
GOLDEN = list(csv.DictReader(_FILE.read_text(encoding="utf-8").splitlines()))
ROWS = {row["id"]: row for row in GOLDEN}
_APA = re.compile(
    r"\s*(t|F|r|chi2|Q|z|Z)\s*(?:\(([^)]*)\))?\s*([<>=] *-?[\d.]+), p\s*([<>=] *[\d.]+)(, one-tailed)?\s*"
)


def read(text: str) -> dict[str, object]:
    """The arguments behind one result in running text."""
    test, df, statistic, p, one = _APA.fullmatch(text).groups()
    parts = [] if df is None else [part.strip() for part in df.split(",")]
    call = {"test": test, "statistic": statistic, "p": p}
    if parts:
        call["df"] = parts[-1]
    if len(parts) == 2:
        call["df1"] = parts[0]
    return call | ({"alternative": "one-sided"} if one else {})


def ask(**given: object) -> ks.consistency.Consistency:
    return ks.consistency.pvalue(given.pop("test"), given.pop("statistic"), given.pop("p"), **given)


def in_text(name: str) -> tuple[ks.consistency.Consistency, dict, dict, float]:
    row = ROWS[name]
    inputs, expected = json.loads(row["inputs_json"]), json.loads(row["expected_json"])
    call = read(inputs["text"])
    if inputs.get("OneTailedTests"):
        call["alternative"] = "one-sided"
    tolerance = 0.0 if row["tolerance"] == "exact" else float(row["tolerance"])
    return ask(**call, alpha=inputs.get("alpha", 0.05)), inputs, expected, tolerance


@pytest.mark.parametrize("name", [row["id"] for row in GOLDEN if "text" in json.loads(row["inputs_json"])])
def test_golden_results_in_text(name: str) -> None:
    found, inputs, expected, tolerance = in_text(name)
    checks = {
        "error": lambda: not found.agrees[0],
        "statcheck_error": lambda: not found.agrees[0],
        "decision_error": lambda: (
            found["decision"][0] == "opposite"
            or found["decision"][0].endswith(
                "is significant" if inputs.get("p_equal_alpha_is_significant", True) else "is not significant"
            )
        ),
        "explained_by_truncation": lambda: found.label[0] == "only if p truncated",
        "computed_p": lambda: found["pvalue"][0],
        "recomputed_p": lambda: found["pvalue"][0],
    }
    for key in expected.keys() - {"computed_p_formula", "manual_reason"}:
        if isinstance(expected[key], bool):
            assert bool(checks[key]()) is expected[key], key
        else:
            assert abs(checks[key]() - expected[key]) <= tolerance, key


@pytest.mark.parametrize("name", [row["id"] for row in GOLDEN if row["topic"] == "p from test statistic"])
def test_golden_p(name: str) -> None:
    row = ROWS[name]
    inputs, expected = json.loads(row["inputs_json"]), json.loads(row["expected_json"])
    kind = {"Chi2": "chi2"}.get(inputs["type"], inputs["type"])
    df = {"df": inputs["df1"]} if kind == "chi2" else {"df": inputs["df2"]}
    df |= {"df1": inputs["df1"]} if kind == "F" else {}
    found = ask(test=kind, statistic=str(inputs["value"]), p=inputs.get("reported_p", "> 0"), **df)
    assert abs(found["pvalue"][0] - expected["computed_p"]) <= float(row["tolerance"])
    if "statcheck_error" in expected:
        assert bool(found.agrees[0]) is not expected["statcheck_error"]


@pytest.mark.parametrize(
    ("call", "label"),
    [
        ({"test": "t", "df": 101, "statistic": "-2.00", "p": ".04"}, "only if p truncated"),
        ({"test": "F", "df1": 1, "df": 380, "statistic": "3.15", "p": ".07"}, "only if p truncated"),
        ({"test": "t", "df": 28, "statistic": "2.20", "p": ".018"}, "only if one-sided"),
        ({"test": "t", "df": 28, "statistic": "2.20", "p": ".982"}, "only if one-sided in the other direction"),
        ({"test": "z", "statistic": "2.20", "p": ".0834", "factors": 3}, "only if corrected by a factor of 3"),
        ({"test": "z", "statistic": "0.50", "p": "1.00", "factors": 3}, "only if corrected by a factor of 3"),
        ({"test": "F", "df1": 4, "df": 80, "statistic": "2.60", "p": ".081", "epsilons": 0.55},
         "only if corrected by epsilon 0.55"),
        ({"test": "z", "statistic": "3.40", "p": ".000"}, "only if a p of 0 means below its last digit"),
        ({"test": "z", "statistic": "3.60", "p": ".000"}, "consistent"),
        ({"test": "t", "df": 5, "statistic": "2.20", "p": ".0755"}, "only if df rounded"),
        ({"test": "z", "statistic": "1.9", "p": ".052"}, "consistent"),
        ({"test": "z", "statistic": "1.9", "p": ".048"}, "only if statistic truncated"),
        ({"test": "t", "df": "5.4", "statistic": "2.20", "p": ".0755"}, "consistent"),
        ({"test": "r", "df": 16, "statistic": "26.05", "p": ".10"}, "impossible"),
        ({"test": "F", "df1": 2, "df": 9, "statistic": "-2.2", "p": ".10"}, "impossible"),
        ({"test": "z", "statistic": "0.1", "p": "1.2"}, "impossible"),
        ({"test": "z", "statistic": "2.20", "p": ".014", "alternative": "greater"}, "consistent"),
        ({"test": "z", "statistic": "-2.20", "p": ".014", "alternative": "greater"},
         "only if one-sided in the other direction"),
        ({"test": "z", "statistic": "-2.20", "p": ".028", "alternative": "less"}, "only if two-sided"),
        ({"test": "z", "statistic": "0.00", "p": ".498", "alternative": "less"}, "consistent"),
        ({"test": "z", "statistic": "0.00", "p": ".502", "alternative": "less"}, "consistent"),
        ({"test": "t", "df": 40, "statistic": "< 1", "p": "ns"}, "consistent"),
        # p of |t| < 1 is above 0.32, and half of it above 0.16.
        ({"test": "t", "df": 40, "statistic": "< 1", "p": ".16"}, "only if one-sided"),
        ({"test": "t", "df": 40, "statistic": "< 1", "p": ".15"}, "impossible"),
        # 1 - (1 - .0278)^3 = .0811, and 1.96^2 = 3.84 with one degree of freedom.
        ({"test": "z", "statistic": "2.20", "p": ".0811", "sidak": 3}, "only if corrected by Sidak for 3 tests"),
        ({"test": "Wald", "statistic": "3.84", "p": ".050"}, "consistent"),
        ({"test": "wald", "statistic": "3.84", "p": ".025"}, "only if one-sided"),
        ({"test": "Wald", "df": 2, "statistic": "5.99", "p": ".050"}, "consistent"),
        ({"test": "LR", "df": 1, "statistic": "3.84", "p": ".05"}, "consistent"),
        ({"test": "F", "df1": 7, "df": 12, "statistic": "3.28", "p": ".068"}, "only if doubled"),
        ({"test": "F", "df1": 2, "df": 8, "statistic": "5.00", "p": ".0376"}, "only if df rounded"),
        ({"test": "F", "df1": 2, "df": "8.3", "statistic": "5.00", "p": ".0376"}, "consistent"),
        ({"test": "F", "df1": "1.46", "df": "27.7", "statistic": "4.10", "p": ".039"}, "consistent"),
        # Between p = .0244 of F(2, 38) and .0572 of F(1, 19).
        ({"test": "F", "df1": 2, "df": 38, "statistic": "4.10", "p": ".030"}, "only if corrected by some epsilon"),
        ({"test": "F", "df1": 2, "df": 38, "statistic": "4.10", "p": ".062"}, "impossible"),
        ({"test": "t", "df": 101, "statistic": "-2.000", "p": ".05", "rounding": "truncate"}, "only if p rounded"),
        ({"test": "z", "statistic": "2.2", "p": ".0300", "rounding": "truncate"}, "only if statistic rounded"),
        # p = .0111.
        ({"test": "chi2", "df": 2, "statistic": "9.00", "p": "ns"}, "impossible"),
        ({"test": "chi2", "df": 2, "statistic": "9.00", "p": "n.s.", "alpha": 0.01}, "consistent"),
        ({"test": "chi2", "df": 2, "statistic": "9.00", "p": "NS", "alpha": 0.03}, "impossible"),
        ({"test": "z", "statistic": "1.99", "p": "< .05"}, "consistent"),
        ({"test": "z", "statistic": "1.90", "p": "< .05"}, "only if one-sided"),
        ({"test": "z", "statistic": "0.00", "p": "1.00"}, "consistent"),
        ({"test": "z", "statistic": "0.02", "p": "1.00"}, "only if doubled"),
        ({"test": "t", "df": 28, "statistic": "2.20", "p": ".018", "alternative": "one-tailed"}, "consistent"),
        ({"test": "t", "df": 28, "statistic": "t = 2.20", "p": "p-value = .036"}, "consistent"),
    ],
)  # fmt: skip
def test_labels(call: dict[str, object], label: str) -> None:
    assert ask(**call).label[0] == label


def test_a_tie_is_decided_exactly() -> None:
    # p of F(2, 2) is 1 / (1 + F): 0.5 at 1, the edge of what prints as 0.50 when digits are dropped, and of 0.49.
    found = ask(test="F", df1=2, df=2, statistic="1.00", p=["0.50", "0.49", "0.51"], rounding="truncate")
    assert found.label.tolist() == ["consistent", "consistent", "only if df rounded"]
    # The largest F that prints as 1.00 without rounding is below 1.01, whose p is 1 / 2.01: not reached.
    edge = "0.4975124378109452736318407960199004975124378109452"
    assert not ask(test="F", df1=2, df=2, statistic="1.00", p=f"<= {edge}", rounding="truncate").agrees[0]
    assert ask(test="F", df1=2, df=2, statistic="1.00", p=f"<= {edge}8", rounding="truncate").agrees[0]
    # r(2) = .50 has exactly p = 1 - r; [.495, .505] has p from .495 to .505.
    found = ask(test="r", df=2, statistic=".50", p=["<= .495", "< .495", ">= .505", "> .505"])
    assert found.agrees.tolist() == [True, False, True, False]
    assert ask(test="t", df=1, statistic="1.0", p="< .5", rounding="truncate").agrees[0]
    assert not ask(test="t", df=1, statistic="1.0", p="> .5", rounding="truncate").agrees[0]
    assert ask(test="t", df=1, statistic="1.0", p=">= .5", rounding="truncate").agrees[0]


def test_names_of_statistics_stand_once() -> None:
    found = ask(test="t", df=28, statistic=["t = 2.20", "2.20", "= 2.20"], p=".036")
    assert all(sentence.startswith("t(28) = 2.20 gives p") for sentence in found.explanation)


def test_far_tails() -> None:
    found = ask(test="z", statistic=["38.00", "38.00", "45.0"], p=["5.8e-316", "5e-300", "< 1e-300"])
    assert found.agrees.tolist() == [True, False, True]
    assert ask(test="F", df1=1, df=10**9, statistic="4.00", p=".0455").agrees[0]


CUTS = {"half": ROUND_HALF_EVEN, "truncate": ROUND_DOWN}


def printed(value: float, decimals: int, rule: str = "half") -> str:
    return str(Decimal(repr(float(value))).quantize(Decimal(1).scaleb(-decimals), rounding=CUTS[rule]))


def by_scipy(test: str, x: np.ndarray, df1: float, df: float) -> np.ndarray:
    """Two-sided or upper p, written anew."""
    if test in ("t", "z"):
        return 2 * stats.t.sf(np.abs(x), np.inf if test == "z" else df)
    if test == "r":
        return 2 * stats.t.sf(np.abs(x) * np.sqrt(df / (1 - x**2)), df)
    return stats.f.sf(x, df1, df) if test == "F" else stats.chi2.sf(x, df)


designs = st.tuples(
    st.sampled_from(["t", "z", "r", "F", "chi2", "Q"]),
    st.floats(0.02, 0.98),
    st.integers(1, 6),
    st.integers(3, 300),
    st.booleans(),
    st.integers(1, 3),
    st.integers(1, 4),
)


def truth(design: tuple) -> tuple[dict, float, float]:
    """A random test with the statistic and p that it had."""
    test, share, df1, df, flip, _, _ = design
    x = share if test == "r" else 5 * share * (df1 if test == "F" else df if test in ("chi2", "Q") else 1) ** 0.5
    x = -x if flip and test in ("t", "z", "r") else x
    given = {"test": test, **({} if test == "z" else {"df": df}), **({"df1": df1} if test == "F" else {})}
    return given, x, float(by_scipy(test, np.array(x), df1, df))


@settings(max_examples=18)
@given(designs, st.sampled_from(["half", "truncate"]))
def test_what_was_printed_from_a_true_test_always_agrees(design: tuple, rule: str) -> None:
    given, x, p = truth(design)
    digits, more = design[5:]
    assume(p < 1 - 1e-9)
    found = ask(**given, statistic=printed(x, digits, rule), p=printed(p, more, rule), rounding=rule)
    assert found.agrees[0]
    assert found["p_low"][0] <= p * (1 + 1e-9)
    assert found["p_high"][0] >= p * (1 - 1e-9)
    other = ask(**given, statistic=printed(x, digits, "truncate"), p=printed(p, more, "truncate"))
    label = "only if p truncated and statistic truncated"
    zero = "only if a p of 0 means below its last digit and statistic truncated"
    assert other.holds[label][0] or other.holds[zero][0]
    if given["test"] in ("t", "z", "r"):
        text = printed(x, digits)
        assert ask(**given, statistic=text, p=printed(p / 2, more)).holds["only if one-sided"][0]
        against = ask(**given, statistic=text, p=printed(1 - p / 2, more))
        assert against.holds["only if one-sided in the other direction"][0]
        direction = "greater" if x > 0 else "less"
        assert ask(**given, statistic=text, p=printed(p / 2, more), alternative=direction).agrees[0]
    corrected = ask(**given, statistic=printed(x, digits), p=printed(min(1.0, 4 * p), more), factors=[4])
    assert corrected.holds["only if corrected by a factor of 4"][0]


@settings(max_examples=18)
@given(designs, st.floats(0, 1))
def test_brute_force_over_what_was_rounded(design: tuple, share: float) -> None:
    given, x, _ = truth(design)
    digits, more = design[5:]
    text = printed(x, digits)
    value, unit = float(text), 10.0**-digits
    inside = np.linspace(value - unit / 2, value + unit / 2, 4001)
    inside = inside[(np.abs(inside) < 1) if given["test"] == "r" else (inside >= 0 if x > 0 else inside < np.inf)]
    every = by_scipy(given["test"], inside, design[2], design[3])
    shown = printed(share, more)
    width = 0.5 * 10.0**-more
    reached = (every.max() >= float(shown) - width) & (every.min() <= float(shown) + width)
    slack = 1e-7 + np.abs(np.diff(every)).max()
    edge = min(abs(every.max() - (float(shown) - width)), abs(every.min() - (float(shown) + width))) < slack
    found = ask(**given, statistic=text, p=shown)
    assert edge or bool(found.agrees[0]) == reached
    wider = np.linspace(abs(value), abs(value) + unit, 2001)[:-1]
    wider = wider[wider < 1] if given["test"] == "r" else wider
    assume(wider.size)
    cut = by_scipy(given["test"], wider, design[2], design[3])
    reached = (cut.max() >= float(shown) - width) & (cut.min() <= float(shown) + width)
    edge = min(abs(cut.max() - (float(shown) - width)), abs(cut.min() - (float(shown) + width))) < slack
    assert edge or bool(found.holds["only if statistic truncated"][0]) == reached


@settings(max_examples=18)
@given(designs, st.integers(2, 20))
def test_corrected_p_agree_under_their_correction(design: tuple, tests: int) -> None:
    given, x, p = truth(design)
    digits, more = design[5:]
    text = printed(x, digits)
    assume(p < 1)
    raised = -np.expm1(tests * np.log1p(-p))
    found = ask(**given, statistic=text, p=printed(raised, more), sidak=[tests], factors=[tests])
    assert found.holds[f"only if corrected by Sidak for {tests} tests"][0]
    found = ask(**given, statistic=text, p=printed(min(1.0, tests * p), more), sidak=[tests], factors=[tests])
    assert found.holds[f"only if corrected by a factor of {tests}"][0]
    doubled = ask(**given, statistic=text, p=printed(min(1.0, 2 * p), more))
    assert doubled.holds["only if doubled"][0]
    # Tenfold is never a doubling, unless both are 1.
    if 0.001 < p < 0.1:
        assert not ask(**given, statistic=printed(x, 6), p=printed(10 * p, 6)).holds["only if doubled"][0]


def test_sidak_is_decided_next_to_an_edge() -> None:
    # t(1) = 1 has p = 1/2, which for two tests is 3/4, and 1 - 2^-1/2 = 0.29289... of one that was raised to 1/2.
    near = "0.7499999999999999999999999999999999"
    call = {"test": "t", "df": 1, "statistic": "1.0", "rounding": "truncate", "sidak": 2}
    name = "only if corrected by Sidak for 2 tests"
    assert [bool(ask(**call, p=p).holds[name][0]) for p in ("<= .75", f"<= {near}", f"> {near}", "> .76")] == [
        True, True, True, False,
    ]  # fmt: skip
    assert [bool(ask(**call, p=p).holds[name][0]) for p in (">= .75", "> .75")] == [True, False]


@pytest.mark.parametrize(("f", "df1"), [(0.3, 4), (0.7, 20), (0.97, 60), (2.5, 8)])
def test_rounded_denominators_cover_every_one_in_between(f: float, df1: int) -> None:
    for df in (2, 30):
        inside = stats.f.sf(f, df1, np.linspace(df - 0.5, df + 0.5, 1001))
        p = [inside.min(), inside.max(), np.median(inside), inside.min() - 1e-7, inside.max() + 1e-7]
        found = ask(test="F", df1=df1, df=df, statistic=f"{f:.12f}", p=[f"{value:.9f}" for value in p])
        assert found.holds["only if df rounded"].tolist() == [True, True, True, False, False]


@settings(max_examples=10)
@given(st.integers(2, 6), st.integers(4, 90), st.floats(0.3, 8), st.floats(0.01, 0.99))
def test_any_epsilon_is_some_epsilon(df1: int, df: int, f: float, share: float) -> None:
    text = printed(f, 4)
    epsilon = 1 / df1 + share * (1 - 1 / df1)
    p = float(stats.f.sf(float(text), epsilon * df1, epsilon * df))
    found = ask(test="F", df1=df1, df=df, statistic=text, p=printed(p, 4))
    # Far from F = 1 p rises as epsilon falls; next to it, it may turn between the epsilons that are tried.
    assert f < 2.5 or found.holds["only if corrected by some epsilon"][0]
    beyond = float(stats.f.sf(float(text), 1, df / df1)) + 0.01
    if f > 2.5 and beyond < 1:
        far = ask(test="F", df1=df1, df=df, statistic=text, p=printed(beyond, 4))
        assert not far.holds["only if corrected by some epsilon"][0]


@settings(max_examples=18)
@given(designs, st.floats(0, 1))
def test_what_never_changes(design: tuple, share: float) -> None:
    given, x, _ = truth(design)
    text, shown = printed(x, 2), printed(share, 3)
    found = ask(**given, statistic=text, p=shown)
    # Fewer digits never rule out what more digits allow, nor does dropping "=" for a bound that holds them.
    shorter = printed(share, 2)
    if abs(float(shorter) - share) < 0.0044:
        assert found.agrees[0] <= ask(**given, statistic=text, p=shorter).agrees[0]
    assert found.agrees[0] <= ask(**given, statistic=text, p=f"<= {float(shown) + 0.001:.3f}").agrees[0]
    if given["test"] in ("t", "z", "r"):
        mirrored = ask(**given, statistic=text.removeprefix("-") if x < 0 else f"-{text}", p=shown)
        assert {name: column.tolist() for name, column in mirrored.holds.items()} == {
            name: column.tolist() for name, column in found.holds.items()
        }
    if given["test"] == "t":
        square = x * x
        as_f = ask(test="F", df1=1, df=given["df"], statistic=printed(square, 12), p=shown)
        as_t = ask(test="t", df=given["df"], statistic=printed(abs(x), 14), p=shown)
        assert as_f.agrees[0] == as_t.agrees[0]


def test_every_rounding_rule() -> None:
    rng = np.random.default_rng(11)
    t = rng.normal(0, 2, 60)
    p = by_scipy("t", t, 1, 20)
    rules = {
        "half_up": ROUND_HALF_UP,
        "half_down": ROUND_HALF_DOWN,
        "half_even": ROUND_HALF_EVEN,
        "truncate": ROUND_DOWN,
        "up": ROUND_UP,
        "floor": ROUND_FLOOR,
        "ceiling": ROUND_CEILING,
    }
    for rule, mode in rules.items():
        texts = [
            [str(Decimal(repr(float(x))).quantize(Decimal(1).scaleb(-digits), rounding=mode)) for x in column]
            for column, digits in ((t, 1), (p, 2))
        ]
        found = ask(test="t", df=20, statistic=texts[0], p=texts[1], rounding=rule)
        assert found.agrees.all(), rule
        # The default takes a tie either way: it allows whatever one of the half rules allows.
        loose = ask(test="t", df=20, statistic=texts[0], p=texts[1])
        assert not rule.startswith("half") or np.all(found.agrees <= loose.agrees)
    texts = [[f"{x:.1f}" for x in t], [f"{x:.2f}" for x in rng.uniform(0, 1, 60)]]
    half = ask(test="t", df=20, statistic=texts[0], p=texts[1]).agrees
    assert 0 < half.sum() < 60
    for rule in ("half_up", "half_down", "half_even"):
        assert np.all(ask(test="t", df=20, statistic=texts[0], p=texts[1], rounding=rule).agrees <= half)


def test_a_column_is_its_rows() -> None:
    rng = np.random.default_rng(4)
    n = 60
    test = rng.choice(["t", "z", "r", "F", "chi2", "Q"], n)
    statistic = [f"{x / 6 if t == 'r' else x:.2f}" for t, x in zip(test, rng.uniform(0, 5, n), strict=True)]
    df = [None if t == "z" else int(k) for t, k in zip(test, rng.integers(2, 60, n), strict=True)]
    df1 = [int(k) if t == "F" else None for t, k in zip(test, rng.integers(1, 5, n), strict=True)]
    p = [f"{x:.2f}" for x in rng.uniform(0, 1, n) ** 3]
    side = rng.choice(["two-sided", "one-sided", "greater", "less"], n)
    whole = ks.consistency.pvalue(test, statistic, p, df=df, df1=df1, alternative=side, factors=2, epsilons=[0.8])
    assert len(whole) == n
    assert len(set(whole.label)) > 3
    for k in range(n):
        one = ks.consistency.pvalue(
            test[k], statistic[k], p[k], df=df[k], df1=df1[k], alternative=str(side[k]), factors=2, epsilons=[0.8]
        )
        assert one.label[0] == whole.label[k]
        assert one.explanation[0] == whole.explanation[k]
        assert {name: column[0] for name, column in one.columns.items()} == {
            name: column[k] for name, column in whole.columns.items()
        }
    assert not whole.to_frame().isna().to_numpy().any()
    assert not np.isnan(np.stack([whole["pvalue"], whole["p_low"], whole["p_high"]])).any()


def test_decisions() -> None:
    found = ask(
        test="z",
        statistic=["2.20", "2.20", "1.20", "2.20", "1.96", "2.20", "1.20"],
        p=[".06", "= .05", "= .05", "< .10", ".06", "> .05", "< .05"],
    )
    assert found["decision"].tolist() == [
        "opposite",
        "opposite only if p = alpha is not significant",
        "opposite only if p = alpha is significant",
        "undecided",
        "same",
        "opposite",
        "opposite",
    ]


@pytest.mark.parametrize(
    ("changed", "error", "match"),
    [
        ({"statistic": 2.2}, ks.InvalidType, "statistic is 2.2; allowed: the text that was printed"),
        ({"p": 0.03}, ks.InvalidType, "every printed digit"),
        ({"p": "about .03"}, ks.InvalidArgument, "p is 'about .03'"),
        ({"statistic": "2.2%"}, ks.InvalidArgument, "not a percentage"),
        ({"test": "U"}, ks.InvalidArgument, "test is 'U'; allowed: one of t, z, r, F, chi2, Q"),
        ({"test": 3}, ks.InvalidType, "test is 3"),
        ({"df": None}, ks.InvalidType, "Row 0 is a t test with df missing"),
        ({"df1": 2}, ks.InvalidType, "Row 0 is a t test with df1 given"),
        ({"df": 0}, ks.InvalidArgument, "df is 0"),
        ({"df": True}, ks.InvalidType, "df is True"),
        ({"df": "-3"}, ks.InvalidArgument, "df is '-3'"),
        ({"df": "< 3"}, ks.InvalidArgument, "df is '< 3'"),
        ({"test": "chi2", "df": np.inf}, ks.InvalidArgument, "finite"),
        ({"factors": 1}, ks.InvalidArgument, "factors is 1"),
        ({"epsilons": [0.5, 1.0]}, ks.InvalidArgument, "epsilons is 1"),
        ({"alpha": 0}, ks.InvalidArgument, "alpha is 0"),
        ({"alternative": "larger"}, ks.InvalidArgument, "alternative is 'larger'"),
        ({"rounding": "fair"}, ks.InvalidArgument, "rounding is 'fair'"),
        ({"statistic": ["2.2", "2.3"], "p": [".1", ".2", ".3"]}, ks.InvalidArgument, "statistic 2, p 3"),
        ({"statistic": np.array([["2.2"]])}, ks.InvalidArgument, "one dimension"),
    ],
)  # fmt: skip
def test_bad_input(changed: dict[str, object], error: type[Exception], match: str) -> None:
    with pytest.raises(error, match=re.escape(match)):
        ask(**({"test": "t", "statistic": "2.20", "p": ".036", "df": 28} | changed))


def test_reported_numbers_keep_their_own_rule() -> None:
    p = ks.Reported(".04", rounding="truncate")
    assert ask(test="t", df=101, statistic="-2.00", p=p).label[0] == "consistent"
    assert ask(test="t", df=101, statistic=ks.Reported("-2.00"), p=[".05", "1e-3"]).agrees.tolist() == [True, False]


def test_columns_of_a_data_frame() -> None:
    frame = pd.DataFrame({"test": ["t", "z"], "value": ["2.20", "2.20"], "p": [".036", ".028"], "df": [28.0, None]})
    for df in (frame["df"], frame["df"].astype("Int64"), frame["df"].to_numpy(), ["28", ""]):
        assert ks.consistency.pvalue(frame["test"], frame["value"], frame["p"], df=df).agrees.all()


def test_no_rows() -> None:
    found = ask(test="t", statistic=[], p=[], df=[])
    assert len(found) == 0
    assert found.explanation == []


def test_numbers_that_were_read_before_keep_their_rule() -> None:
    # t(1) = 1 has p = 1/2 exactly: the lower edge of what prints as 0.50 when digits are dropped.
    statistic = ks.Reported("1.000000000000", rounding="truncate")
    found = ask(test="t", df=1, statistic=statistic, p=[ks.Reported("0.50"), ks.Reported("0.51")])
    assert found.agrees.tolist() == [True, False]
    assert found.holds["only if p truncated"].tolist() == [True, False]


def test_statistics_beyond_every_float() -> None:
    found = ask(test="z", statistic=["1e400", "-1e400", "> 1e400"], p=["< .001", "< .001", ".5"])
    assert found.agrees.tolist() == [True, True, False]
    assert "outside what r or p can be" in ask(test="r", df=16, statistic="26.05", p=".10").explanation[0]
