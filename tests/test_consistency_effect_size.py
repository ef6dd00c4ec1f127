"""Printed effect sizes against printed tests: every convention by its own formula, splits by brute force."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, Decimal
from math import sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from scipy.special import gammaln

import ketastats as ks

CUTS = {"half": ROUND_HALF_EVEN, "truncate": ROUND_DOWN}
ask = ks.consistency.effect_size


def printed(value: float, decimals: int, rule: str = "half") -> str:
    return str(Decimal(repr(float(value))).quantize(Decimal(1).scaleb(-decimals), rounding=CUTS[rule]) + 0)


def correction(df: float) -> float:
    return float(np.exp(gammaln(df / 2) - gammaln((df - 1) / 2)) / sqrt(df / 2))


#: Effect sizes of t with n1 and n2 people, written anew: measure and label to formula.
OF_T: dict[tuple[str, str], Callable[[float, int, int], float]] = {
    ("d", "consistent"): lambda t, a, b: t * sqrt(1 / a + 1 / b),
    ("d", "only if g, corrected for bias"): lambda t, a, b: t * sqrt(1 / a + 1 / b) * correction(a + b - 2),
    ("d", "only if 2 t / sqrt(df)"): lambda t, a, b: 2 * t / sqrt(a + b - 2),
    ("d", "only if 2 t / sqrt(n)"): lambda t, a, b: 2 * t / sqrt(a + b),
    ("d", "only if its SDs divide by n"): lambda t, a, b: t * sqrt(1 / a + 1 / b) * sqrt((a + b) / (a + b - 2)),
    ("d", "only if t / sqrt(n), the d of pairs"): lambda t, a, b: t / sqrt(a + b - 1),
    ("d", "only if t / sqrt(df), the d of pairs"): lambda t, a, b: t / sqrt(a + b - 2),
    ("g", "consistent"): lambda t, a, b: t * sqrt(1 / a + 1 / b) * correction(a + b - 2),
    ("g", "only if d, not corrected for bias"): lambda t, a, b: t * sqrt(1 / a + 1 / b),
    ("g", "only if corrected by 1 - 3 / (4 df - 1)"): lambda t, a, b: (
        t * sqrt(1 / a + 1 / b) * (1 - 3 / (4 * (a + b - 2) - 1))
    ),
    ("r", "consistent"): lambda t, a, b: t / sqrt(t * t + a + b - 2),
    ("r", "only if the statistic over sqrt(n)"): lambda t, a, b: t / sqrt(a + b),
    ("r", "only if d / sqrt(d^2 + 4)"): lambda t, a, b: (d := t * sqrt(1 / a + 1 / b)) / sqrt(d * d + 4),
}
#: Shares of variance of F with its degrees of freedom.
OF_F: dict[tuple[str, str], Callable[[float, int, int], float]] = {
    ("eta_squared", "consistent"): lambda f, a, b: f * a / (f * a + b),
    ("eta_squared", "only if omega squared"): lambda f, a, b: a * (f - 1) / (a * (f - 1) + a + b + 1),
    ("eta_squared", "only if epsilon squared"): lambda f, a, b: 1 - (1 - f * a / (f * a + b)) * (a + b) / b,
    ("eta_squared", "only if Cohen's f"): lambda f, a, b: sqrt(f * a / b),
    ("eta_squared", "only if the root of eta squared"): lambda f, a, b: sqrt(f * a / (f * a + b)),
    ("omega_squared", "consistent"): lambda f, a, b: a * (f - 1) / (a * (f - 1) + a + b + 1),
    ("omega_squared", "only if eta squared"): lambda f, a, b: f * a / (f * a + b),
    ("epsilon_squared", "consistent"): lambda f, a, b: 1 - (1 - f * a / (f * a + b)) * (a + b) / b,
    ("f", "consistent"): lambda f, a, b: sqrt(f * a / b),
    ("f", "only if the square of Cohen's f"): lambda f, a, b: f * a / b,
    ("f", "only if eta squared"): lambda f, a, b: f * a / (f * a + b),
}
TWO = {"d", "g", "r"}


@settings(max_examples=8)
@given(
    st.floats(0.3, 6),
    st.booleans(),
    st.integers(4, 90),
    st.integers(4, 90),
    st.integers(2, 3),
    st.sampled_from(list(CUTS)),
)
def test_every_convention_of_t_is_recognised(t: float, down: bool, a: int, b: int, digits: int, rule: str) -> None:
    t = -t if down else t
    text = printed(t, digits, rule)
    for (measure, label), formula in OF_T.items():
        shown = printed(formula(t, a, b), 2, rule)
        found = ask(measure, shown, test="t", statistic=text, n1=a, n2=b, rounding=rule)
        assert found.holds[label][0], label
        if label == "consistent":
            assert found.label[0] == "consistent"
            assert found["effect_low"][0] - 1e-9 <= abs(formula(t, a, b)) <= found["effect_high"][0] + 1e-9
            by_f = ask(measure, shown, test="F", statistic=printed(t * t, 6), df=a + b - 2, n1=a, n2=b, rounding=rule)
            assert by_f.agrees[0] or rule == "truncate"
            unknown = ask(measure, shown, test="t", statistic=text, df=a + b - 2, rounding=rule)
            assert unknown.agrees[0]
            if measure != "r":
                assert unknown["smaller_low"][0] <= min(a, b) <= unknown["smaller_high"][0]
            if float(shown):
                turned = ask(
                    measure, printed(-formula(t, a, b), 2, rule), test="t", statistic=text, n1=a, n2=b, rounding=rule
                )
                assert turned.label[0] == "only if the sign is turned"
        elif rule == "truncate":
            loose = ask(measure, shown, test="t", statistic=text, n1=a, n2=b)
            assert loose.holds[f"{label} and truncated"][0]


@settings(max_examples=8)
@given(st.floats(0.02, 9), st.integers(1, 6), st.integers(5, 200), st.integers(1, 3), st.sampled_from(list(CUTS)))
def test_every_convention_of_f_is_recognised(f: float, a: int, b: int, digits: int, rule: str) -> None:
    text = printed(f, digits, rule)
    for (measure, label), formula in OF_F.items():
        found = ask(measure, printed(formula(f, a, b), 3, rule), test="F", statistic=text, df1=a, df=b, rounding=rule)
        assert found.holds[label][0], label
    share = printed(0.5 * f * a / (f * a + b), 3, rule)
    found = ask("eta_squared", share, test="F", statistic=text, df1=a, df=b, rounding=rule)
    assert found.holds["only if a share of all variance, that of other terms included"][0]
    t = ask("eta_squared", printed(f * f / (f * f + b), 3, rule), test="t", statistic=text, df=b, rounding=rule)
    assert t.agrees[0]


def test_raw_data_agree_with_themselves() -> None:
    rng = np.random.default_rng(6)
    for _ in range(10):
        a, b = rng.integers(5, 40, 2)
        one, two = rng.normal(0.5, 1, a), rng.normal(0, 1, b)
        t = stats.ttest_ind(one, two).statistic
        pooled = sqrt(((a - 1) * one.var(ddof=1) + (b - 1) * two.var(ddof=1)) / (a + b - 2))
        d = (one.mean() - two.mean()) / pooled
        assert ask("d", f"{d:.3f}", test="t", statistic=f"{t:.3f}", n1=a, n2=b).agrees[0]
        population = d * pooled / sqrt(((a) * one.var() + b * two.var()) / (a + b))
        shown = ask("d", f"{population:.4f}", test="t", statistic=f"{t:.4f}", n1=a, n2=b)
        assert shown.holds["only if its SDs divide by n"][0]
        r = stats.pearsonr(np.repeat([1, 0], [a, b]), np.concatenate([one, two])).statistic
        assert ask("r", f"{r:.3f}", test="t", statistic=f"{t:.3f}", df=a + b - 2).agrees[0]
        f = stats.f_oneway(one, two, rng.normal(0, 1, 12))
        assert ask("eta_squared", "0.999", test="F", statistic=f"{f.statistic:.2f}", df1=2, df=a + b + 9).label[0] in (
            "impossible",
            "only if Cohen's f",
        )


def test_pairs_agree_with_themselves() -> None:
    rng = np.random.default_rng(10)
    for n in (3, 8, 30):
        change = rng.normal(0.4, 1, n)
        t = stats.ttest_1samp(change, 0).statistic
        d = change.mean() / change.std(ddof=1)
        for digits in (1, 3):
            assert ask("d_z", f"{d:.{digits}f}", test="t", statistic=f"{t:.{digits}f}", n=n).agrees[0]
        found = ask("d_z", f"{d * correction(n - 1):.3f}", test="t", statistic=f"{t:.3f}", df=n - 1)
        assert found.holds["only if g, corrected for bias"][0]


def test_tables() -> None:
    table = np.array([[12, 30, 8], [25, 10, 15]])
    chi2 = stats.chi2_contingency(table, correction=False).statistic
    v = stats.contingency.association(table, method="cramer")
    assert ask("cramers_v", f"{v:.3f}", test="chi2", statistic=f"{chi2:.2f}", df=2, n=100).agrees[0]
    wide = np.array([[12, 30, 8], [25, 10, 15], [5, 9, 21]])
    chi2 = stats.chi2_contingency(wide, correction=False).statistic
    v = stats.contingency.association(wide, method="cramer")
    total = int(wide.sum())
    found = ask("cramers_v", f"{v:.3f}", test="chi2", statistic=f"{chi2:.2f}", df=4, n=total)
    assert found.agrees[0]
    assert found["effect_low"][0] == pytest.approx(v, abs=1e-3)
    assert found["effect_high"][0] == pytest.approx(v * sqrt(2), abs=1e-3)  # of a table of 2 by 5
    assert ask("cramers_v", f"{v * sqrt(2):.3f}", test="chi2", statistic=f"{chi2:.2f}", df=4, n=total).agrees[0]
    c = stats.contingency.association(wide, method="pearson")
    coefficient = ask("cramers_v", f"{c:.3f}", test="chi2", statistic=f"{chi2:.2f}", df=4, n=total)
    assert coefficient.holds["only if the contingency coefficient"][0]
    two = np.array([[30, 12], [14, 44]])
    chi2 = stats.chi2_contingency(two, correction=False).statistic
    phi = stats.contingency.association(two, method="cramer")
    for measure in ("phi", "r"):
        assert ask(measure, f"{phi:.3f}", test="chi2", statistic=f"{chi2:.3f}", n=100).agrees[0]
        assert ask(measure, f"-{phi:.3f}", test="chi2", statistic=f"{chi2:.3f}", n=100).agrees[0]
        assert ask(measure, f"{phi:.3f}", test="z", statistic=f"{sqrt(chi2):.3f}", n=100).agrees[0]


@pytest.mark.parametrize("measure", ["d", "g"])
def test_splits_by_brute_force(measure: str) -> None:
    rng = np.random.default_rng(7)
    n, least = 40, 3
    for _ in range(15):
        t, value = f"{rng.uniform(0.5, 4):.2f}", f"{rng.uniform(0.1, 2):.2f}"
        j = correction(n - 2) if measure == "g" else 1.0
        fits = []
        for small in range(least, n // 2 + 1):
            size = j * sqrt(1 / small + 1 / (n - small))
            low, high = (size * (float(t) + end) for end in (-0.005, 0.005))
            if high >= float(value) - 0.005 and low <= float(value) + 0.005:
                fits.append(small)
        found = ask(measure, value, test="t", statistic=t, n=n, least=least)
        assert found.agrees[0] == bool(fits)
        assert [found["smaller_low"][0], found["smaller_high"][0]] == ([fits[0], fits[-1]] if fits else [0, 0])
        assert len(fits) == (fits[-1] - fits[0] + 1 if fits else 0)
        for small in range(least, n // 2 + 1, 3):
            one = ask(measure, value, test="t", statistic=t, n1=small, n2=n - small)
            assert one.agrees[0] == (small in fits)
            assert one.agrees[0] <= found.agrees[0]


def test_ties_are_decided_exactly() -> None:
    # With digits dropped F(2, 6) of "3" starts at eta squared 6 / 12.
    call = {"test": "F", "statistic": "3", "df1": 2, "df": 6, "rounding": "truncate"}
    assert ask("eta_squared", ["0.5", "0.4", "0.6"], **call).agrees.tolist() == [True, False, False]
    assert ask("eta_squared", ["<= 0.5", "< 0.5", ">= 0.5"], **call).agrees.tolist() == [True, False, True]
    # t = 3 and four people in each group: d = 3 / sqrt(2), whose square is 4.5; t = 4, eight in each: d = 2.
    call = {"test": "t", "statistic": "4", "n1": 8, "n2": 8, "rounding": "truncate"}
    assert ask("d", ["2.0", "1.9", "<= 2", "< 2"], **call).agrees.tolist() == [True, False, True, False]
    # The upper end of "4" without its digits is 5, never reached: d below 2.5.
    assert ask("d", [">= 2.5", "> 2.49"], **call).agrees.tolist() == [False, True]
    assert ask("d", "2.000", test="t", statistic="4.000", n=16, rounding="truncate")["smaller_high"][0] == 8


@pytest.mark.parametrize(
    ("measure", "value", "more", "label"),
    [
        ("d_z", "0.50", {"test": "t", "statistic": "2.24", "n": 20}, "consistent"),
        ("d_z", "0.50", {"test": "t", "statistic": "2.24", "df": 19}, "consistent"),
        ("d_z", "0.50", {"test": "F", "statistic": "5.00", "df": 19}, "consistent"),
        ("d_z", "0.514", {"test": "t", "statistic": "2.24", "df": 19}, "only if t / sqrt(df)"),
        ("d_z", "0.481", {"test": "t", "statistic": "2.24", "df": 19}, "only if g, corrected for bias"),
        ("d_z", "0.708", {"test": "t", "statistic": "2.24", "df": 19}, "only if t sqrt(2 / n), the d of two groups"),
        ("d_z", "-0.501", {"test": "t", "statistic": "2.24", "df": 19}, "only if the sign is turned"),
        # Twice t over the root of df, which stands for d in much software.
        ("d", "0.970", {"test": "t", "statistic": "4.00", "n1": 35, "n2": 35}, "only if 2 t / sqrt(df)"),
        ("d", "0.956", {"test": "t", "statistic": "4.00", "n1": 35, "n2": 35}, "consistent"),
        ("d", "0.970", {"test": "F", "statistic": "16.00", "df": 68, "n1": 35, "n2": 35}, "only if 2 t / sqrt(df)"),
        ("d", "0.970", {"test": "z", "statistic": "4.00", "n1": 34, "n2": 34}, "consistent"),
        ("d", "-0.956", {"test": "t", "statistic": "4.00", "n1": 35, "n2": 35}, "only if the sign is turned"),
        ("d", "-0.970", {"test": "t", "statistic": "4.00", "n1": 35, "n2": 35},
         "only if 2 t / sqrt(df) and the sign is turned"),
        ("d", "-0.956", {"test": "F", "statistic": "16.00", "n1": 35, "n2": 35}, "consistent"),
        ("d", "0.945", {"test": "t", "statistic": "4.00", "n1": 35, "n2": 35}, "only if g, corrected for bias"),
        ("d", "0.958", {"test": "t", "statistic": "4.00", "n1": 35, "n2": 35}, "only if truncated"),
        ("d", "3.00", {"test": "t", "statistic": "4.00", "n1": 35, "n2": 35}, "impossible"),
        ("d", "< 1", {"test": "t", "statistic": "4.00", "n1": 35, "n2": 35}, "consistent"),
        ("d", "0.5", {"test": "F", "statistic": "-2.0", "n1": 35, "n2": 35}, "impossible"),
        ("omega_squared", "-0.01", {"test": "F", "statistic": "0.60", "df1": 2, "df": 80}, "consistent"),
        ("eta_squared", "-0.01", {"test": "F", "statistic": "0.60", "df1": 2, "df": 80}, "only if omega squared"),
        ("eta_squared", "0.03", {"test": "F", "statistic": "4.00", "df1": 3, "df": 123},
         "only if a share of all variance, that of other terms included"),
        ("eta_squared", "0.089", {"test": "F", "statistic": "4.00", "df1": 3, "df": 123}, "consistent"),
        ("eta_squared", "0.066", {"test": "F", "statistic": "4.00", "df1": 3, "df": 123}, "only if omega squared"),
        ("eta_squared", "0.067", {"test": "F", "statistic": "4.00", "df1": 3, "df": 123}, "only if epsilon squared"),
        ("r", "0.44", {"test": "t", "statistic": "4.00", "df": 68}, "consistent"),
        ("r", "0.19", {"test": "t", "statistic": "4.00", "df": 68}, "only if the square of r"),
    ],
)  # fmt: skip
def test_labels(measure: str, value: str, more: dict, label: str) -> None:
    found = ask(measure, value, **more)
    assert found.label[0] == label
    assert not found.to_frame().isna().to_numpy().any()
    assert label.removeprefix("only if ") in found.explanation[0] or label in ("consistent", "impossible")


def test_g_of_three_people_is_zero() -> None:
    # With one degree of freedom d has no mean that a factor could correct.
    found = ask("g", ["0.00", "0.50"], test="t", statistic="2.50", n1=1, n2=2)
    assert found.agrees.tolist() == [True, False]


def test_a_column_is_its_rows() -> None:
    rng = np.random.default_rng(8)
    n = 40
    t = [printed(x, 2) for x in rng.normal(0, 2, n)]
    d = [printed(abs(float(x)) * k, 2) for x, k in zip(t, rng.uniform(0.2, 0.5, n), strict=True)]
    sizes = rng.integers(5, 40, (2, n))
    found = ask("d", d, test="t", statistic=t, n1=sizes[0], n2=sizes[1])
    assert len(set(found.label)) > 3
    for k in range(n):
        one = ask("d", d[k], test="t", statistic=t[k], n1=int(sizes[0, k]), n2=int(sizes[1, k]))
        assert one.label[0] == found.label[k]
        assert one.explanation[0] == found.explanation[k]
    mirrored = ask("d", d, test="t", statistic=t, n1=sizes[1], n2=sizes[0])
    assert np.array_equal(mirrored.label, found.label)
    # Less known, more agrees; wider digits, more agrees.
    assert np.all(found.agrees <= ask("d", d, test="t", statistic=t, n=sizes.sum(axis=0)).agrees)
    wider = [printed(float(x), 1) for x in d]
    near = np.abs(np.array(wider, dtype=float) - np.array(d, dtype=float)) < 0.044
    assert np.all((found.agrees <= ask("d", wider, test="t", statistic=t, n1=sizes[0], n2=sizes[1]).agrees)[near])


@pytest.mark.parametrize(
    ("changed", "error", "match"),
    [
        ({"measure": "delta"}, ks.InvalidArgument, "measure is 'delta'"),
        ({"test": "chi2"}, ks.InvalidArgument, "test is 'chi2'; allowed: t or z or F for d"),
        ({"value": 0.5}, ks.InvalidType, "value is 0.5"),
        ({"statistic": 2.5}, ks.InvalidType, "statistic is 2.5"),
        ({"n2": None}, ks.InvalidType, "n2 is None"),
        ({"n1": None}, ks.InvalidType, "n1 is None"),
        ({"n1": 0}, ks.InvalidArgument, "n1 is 0"),
        ({"n1": 2.5}, ks.InvalidArgument, "n1 is 2.5"),
        ({"n": 50}, ks.InvalidArgument, "n is 50; allowed: n1 + n2, here 70"),
        ({"n1": 1, "n2": 1}, ks.InvalidArgument, "at least 3 people"),
        ({"n1": None, "n2": None}, ks.InvalidType, "df is None"),
        ({"n1": None, "n2": None, "n": 20, "least": 11}, ks.InvalidArgument, "least is 11"),
        ({"df1": 1}, ks.InvalidType, "df1 is 'given'"),
        ({"test": "F", "df1": 2}, ks.InvalidArgument, "df1 is 2.0; allowed: 1 for d"),
        ({"test": "z", "df": 5}, ks.InvalidType, "df is 'given'"),
        ({"df": np.inf}, ks.InvalidArgument, "finite"),
        ({"df": 0.5}, ks.InvalidArgument, "df is 0.5; allowed: finite degrees of freedom, at least 1"),
        ({"measure": "d_z"}, ks.InvalidType, "n1 is 35; allowed: left out for d_z"),
        ({"measure": "d_z", "test": "z"}, ks.InvalidArgument, "allowed: t or F for d_z"),
        ({"rounding": "odd"}, ks.InvalidArgument, "rounding is 'odd'"),
        ({"value": [".1", ".2"], "statistic": ["1", "2", "3"]}, ks.InvalidArgument, "value 2"),
    ],
)
def test_bad_input(changed: dict, error: type[Exception], match: str) -> None:
    call = {"measure": "d", "value": "0.60", "test": "t", "statistic": "2.50", "n1": 35, "n2": 35} | changed
    with pytest.raises(error, match=re.escape(match)):
        ask(call.pop("measure"), call.pop("value"), **call)


def test_usual_names_are_the_measures() -> None:
    for usual, name in (("cohens_d", "d"), ("hedges_g", "g"), ("partial_eta_squared", "eta_squared")):
        found = [ks.consistency.effect_size(word, "0.10", test="F", statistic="4.05", df=57) for word in (usual, name)]
        assert found[0] == found[1]


def test_tables_and_z_ask_for_the_people() -> None:
    with pytest.raises(ks.InvalidType, match="the people in all, which chi2 needs"):
        ks.consistency.effect_size("phi", "0.25", test="chi2", statistic="5.20")
