"""Printed p-values against the U of Mann and Whitney."""

from __future__ import annotations

import re
from fractions import Fraction
from itertools import combinations

import numpy as np
import pytest
from scipy import stats

import ketastats as ks
from ketastats.numerics import rank_sums

ask = ks.consistency.u_pvalue


@pytest.mark.parametrize(("n1", "n2"), [(1, 1), (1, 5), (3, 4), (4, 4), (5, 3), (2, 7)])
def test_exact_tails_by_every_order(n1: int, n2: int) -> None:
    values = [sum(ranks) - n1 * (n1 + 1) // 2 for ranks in combinations(range(1, n1 + n2 + 1), n1)]
    for u in range(n1 * n2 + 1):
        low, high = (sum(v <= u for v in values), sum(v >= u for v in values))
        assert rank_sums.exact_tail(u, n1, n2) == min(Fraction(1), Fraction(2 * min(low, high), len(values)))


def test_every_method_against_scipy() -> None:
    rng = np.random.default_rng(1)
    for n1, n2 in ((4, 9), (12, 7), (30, 25), (60, 20)):
        one, two = rng.normal(0.4, 1, n1), rng.normal(0, 1, n2)
        u = stats.mannwhitneyu(one, two).statistic
        found = ask(f"{u:.0f}", "0.5", n1, n2)
        for column, options in (
            ("p_exact", {"method": "exact"}),
            ("p_normal", {"method": "asymptotic", "use_continuity": False}),
            ("p_corrected", {"method": "asymptotic", "use_continuity": True}),
        ):
            p = stats.mannwhitneyu(one, two, **options).pvalue
            name = column.removeprefix("p_")
            if name == "exact" and n1 >= 50:
                assert found[column][0] == 1
                assert not ask(f"{u:.0f}", f"{p:.3f}", n1, n2, method="exact").holds["consistent"][0]
                continue
            assert found[column][0] == pytest.approx(p, rel=1e-9)
            assert ask(f"{u:.0f}", f"{p:.4f}", n1, n2, method=name).agrees[0]
            assert ask(f"{n1 * n2 - u:.0f}", f"{p:.4f}", n2, n1, method=name).agrees[0]
            assert ask(f"{u:.0f}", f"{p / 2:.4f}", n1, n2, method=name).holds["only if one-sided"][0]
            assert ask(f"{u:.0f}", f"{p / 2:.4f}", n1, n2, method=name, alternative="one-sided").agrees[0]
            other = ask(f"{u:.0f}", f"{1 - p / 2:.4f}", n1, n2, method=name)
            assert other.holds["only if one-sided in the other direction"][0]


def test_ties_make_p_smaller() -> None:
    rng = np.random.default_rng(2)
    one, two = rng.integers(0, 4, 20), rng.integers(1, 5, 25)
    tied = stats.mannwhitneyu(one, two, method="asymptotic", use_continuity=False)
    found = ask(f"{tied.statistic:.1f}", f"{tied.pvalue:.4f}", 20, 25)
    assert found.holds["only if values are tied"][0]
    assert tied.pvalue < found["p_normal"][0]
    assert not ask("100.0", "0.90", 20, 25).holds["only if values are tied"][0]
    assert not ask("100", "0.001", 20, 25, method="exact").holds["only if values are tied"][0]


@pytest.mark.parametrize("side", ["two-sided", "one-sided"])
def test_ties_make_a_corrected_p_smaller_too(side: str) -> None:
    one, two = [4, 0, 4, 3, 3, 1, 4, 0, 0, 2], [0, 4, 0, 3, 4, 4, 2, 3]
    tied = stats.mannwhitneyu(one, two, method="asymptotic", use_continuity=True, alternative="two-sided")
    p = tied.pvalue / (2 if side == "one-sided" else 1)
    found = ask(f"{tied.statistic:.1f}", f"{p:.4f}", 10, 8, alternative=side)
    assert found.label.tolist() == ["only if values are tied"]
    assert found["p_normal"][0] < tied.pvalue < found["p_corrected"][0]
    assert not ask(f"{tied.statistic:.1f}", "0.72", 10, 8, alternative=side).holds["only if values are tied"][0]
    found = ask("100.0", "0.47", 20, 25, alternative="one-sided", method="normal")
    assert not found.holds["only if values are tied"][0]


@pytest.mark.parametrize(
    ("u", "p", "more", "label"),
    [
        ("30", ".050", {}, "consistent"),
        ("30", ".048", {"method": "exact"}, "impossible"),
        ("30", ".048", {"method": ("exact", "normal")}, "consistent"),
        ("30", ".025", {}, "only if one-sided"),
        ("30", ".975", {}, "only if one-sided in the other direction"),
        ("30", ".025", {"alternative": "one-sided"}, "consistent"),
        ("30", ".0503", {"alternative": "one-sided"}, "only if two-sided"),
        ("30.0", ".051", {}, "only if truncated"),
        ("30.0", ".01", {"method": "normal"}, "only if values are tied"),
        ("30.0", ".8", {}, "impossible"),
        ("30.3", ".05", {}, "impossible"),  # no multiple of one half
        ("200", ".01", {}, "impossible"),  # above 10 * 12
        ("-1", ".01", {}, "impossible"),
        ("60", "1.00", {}, "consistent"),
        ("60", "1.000", {"method": "corrected"}, "consistent"),
        ("60.5", "1.000", {"method": "corrected"}, "consistent"),
        ("60", "> .9", {}, "consistent"),
        ("30", "1.2", {}, "impossible"),
    ],
)
def test_labels(u: str, p: str, more: dict, label: str) -> None:
    found = ask(u, p, 10, 12, **more)
    assert found.label[0] == label
    assert label.removeprefix("only if ") in found.explanation[0] or label in ("consistent", "impossible")
    assert not found.to_frame().isna().to_numpy().any()


def test_a_tie_at_an_edge_is_decided_exactly() -> None:
    # Of 3 and 3 people, U = 1 has p = 2 * 2 / 20 = 1 / 5.
    assert rank_sums.exact_tail(1, 3, 3) == Fraction(1, 5)
    found = ask("1.0", ["< .2", "<= .2", "> .2", ".2", ".1"], 3, 3, method="exact", rounding="truncate")
    assert found.agrees.tolist() == [False, True, False, True, False]


def test_a_column_is_its_rows() -> None:
    u, p = ["30", "41.5", "12", "99"], [".05", ".21", ".01", ".02"]
    found = ask(u, p, [10, 10, 8, 12], 12)
    for k, n1 in enumerate((10, 10, 8, 12)):
        one = ask(u[k], p[k], n1, 12)
        assert one.label[0] == found.label[k]
        assert one.explanation[0] == found.explanation[k]
    # A method more, never fewer rows that agree.
    assert np.all(ask(u, p, [10, 10, 8, 12], 12, method="exact").agrees <= found.agrees)


@pytest.mark.parametrize(
    ("changed", "error", "match"),
    [
        ({"u": 30}, ks.InvalidType, "u is 30"),
        ({"u": "< 30"}, ks.InvalidArgument, "u is '< 30'"),
        ({"p": 0.05}, ks.InvalidType, "p is 0.05"),
        ({"n1": 0}, ks.InvalidArgument, "n1 is 0"),
        ({"n2": "12"}, ks.InvalidType, "n2 is"),
        ({"method": "asymptotic"}, ks.InvalidArgument, "method is 'asymptotic'"),
        ({"alternative": "less"}, ks.InvalidArgument, "alternative is 'less'"),
        ({"rounding": "fair"}, ks.InvalidArgument, "rounding is 'fair'"),
        ({"u": ["1", "2"], "p": [".1", ".2", ".3"]}, ks.InvalidArgument, "u 2, p 3"),
    ],
)
def test_bad_input(changed: dict, error: type[Exception], match: str) -> None:
    call = {"u": "30", "p": ".05", "n1": 10, "n2": 12} | changed
    with pytest.raises(error, match=re.escape(match)):
        ask(**call)
