"""Bayes factors and compatibility curves."""

from __future__ import annotations

import json
import math
from fractions import Fraction
from typing import Any

import _check_figures
import evidence
import mpmath
import numpy as np
import pytest
from _figure import ROOT, plain
from scipy import stats

ROUGHLY_MODERATE = (3.0, 10.0)


@pytest.fixture(scope="module")
def numbers() -> dict[str, Any]:
    return plain(evidence.compute())  # type: ignore[no-any-return]


def test_the_committed_twin_holds_these_numbers(numbers: dict[str, Any]) -> None:
    twin = json.loads((ROOT / "figures" / "evidence.json").read_text(encoding="utf-8"))
    kept = {key: value for key, value in twin.items() if key not in ("matplotlib", "alt")}
    assert list(_check_figures.differences(kept, numbers)) == []


def jzs_bf01(t: float, n1: int, n2: int, scale: float) -> float:
    """Rouder and others (2009), equation 1, with the prior's scale: the integral over g."""
    n, df = mpmath.mpf(n1) * n2 / (n1 + n2), n1 + n2 - 2
    square = mpmath.mpf(t) ** 2

    def integrand(g: Any) -> Any:
        spread = 1 + n * g * scale**2
        return (
            spread ** mpmath.mpf(-0.5)
            * (1 + square / (spread * df)) ** (-mpmath.mpf(df + 1) / 2)
            * (2 * mpmath.pi) ** mpmath.mpf(-0.5)
            * g ** mpmath.mpf(-1.5)
            * mpmath.exp(-1 / (2 * g))
        )

    null = (1 + square / df) ** (-mpmath.mpf(df + 1) / 2)
    return float(null / mpmath.quad(integrand, [0, 0.1, 0.5, 2, 10, 100, mpmath.inf]))


def test_factor_of_the_symptoms_by_another_integral(numbers: dict[str, Any]) -> None:
    scale, medium = math.sqrt(0.5), numbers["jzs"]["medium"]
    # t at the two ends of 0.5715 to 0.5725, on the most and the least even of the surviving splits.
    ends = [stats.t.isf(p / 2, 81) for p in (0.5725, 0.5715)]
    factors = [jzs_bf01(t, n1, n2, scale) for t in ends for n1, n2 in ((28, 55), (38, 45))]
    assert medium["surviving"] == pytest.approx([min(factors), max(factors)], rel=1e-8)
    assert 3.6 < medium["surviving"][0] < medium["surviving"][1] < 3.8


def test_more_even_splits_and_wider_priors_favour_no_difference_more(numbers: dict[str, Any]) -> None:
    jzs = numbers["jzs"]
    for part in (jzs["all"], jzs["surviving"]):
        assert np.all(np.diff(part["low"]) > 0)
        assert np.all(np.diff(part["high"]) > 0)
    assert np.all(np.array(jzs["all"]["low"]) < jzs["surviving"]["low"])
    assert jzs["scale"][0] == 0.1
    assert jzs["scale"][-1] == 1.5
    assert jzs["splits"] == 41


def test_inside_a_margin_by_posterior_and_prior_odds(numbers: dict[str, Any]) -> None:
    for key, margin in (("cuijpers-0.24", 0.24), ("cuijpers-0.50", 0.5)):
        part = numbers["interval"][key]
        prior = 2 * np.arctan(margin / np.array(part["scale"])) / np.pi
        assert part["prior_mass"] == pytest.approx(prior, rel=1e-10)
        for end in ("low", "high"):
            mass = np.array(part["posterior_mass"][end])
            odds = mass / (1 - mass) * (1 - prior) / prior
            assert part["surviving"][end] == pytest.approx(odds, rel=1e-8)
    small, large = (numbers["interval"][key]["medium"]["posterior_mass"] for key in evidence.SDS)
    assert 0.67 < small[0] < small[1] < 0.70
    assert 0.96 < large[0] < large[1] < 0.97


def test_curve_passes_through_the_printed_p_and_the_ends_of_the_interval(numbers: dict[str, Any]) -> None:
    for curve in numbers["compatibility"].values():
        at = int(np.argmin(np.abs(curve["value"])))
        assert curve["value"][at] == pytest.approx(0.0, abs=1e-12)
        assert curve["pvalue"][at] == pytest.approx(0.572, abs=5e-4)
        assert np.array(curve["svalue"]) == pytest.approx(-np.log2(curve["pvalue"]), rel=1e-12)
        marks = curve["at_margins"]
        # Plus 0.24 SD is more compatible than none: it lies nearer to d than zero does.
        assert marks["value"][0] == 0.24
        assert 0.572 < marks["pvalue"][0] < 0.65


def test_factor_of_every_table_as_an_exact_fraction(numbers: dict[str, Any]) -> None:
    for part in numbers["tables"].values():
        columns = part["columns"]
        rows = zip(*(columns[key] for key in ("x1", "n1", "x2", "n2", "bf01")), strict=True)
        for x1, n1, x2, n2, factor in rows:
            # Uniform rates make every count equally likely, 1 / (n + 1) in each group alone.
            ways = math.comb(n1, x1) * math.comb(n2, x2) * (n1 + 1) * (n2 + 1)
            exact = Fraction(ways, (n1 + n2 + 1) * math.comb(n1 + n2, x1 + x2))
            assert factor == pytest.approx(float(exact), rel=1e-12)
    counts = [len(part["columns"]["x1"]) for part in numbers["tables"].values()]
    assert counts == [14, 16]


def test_evidence_is_moderate_at_best(numbers: dict[str, Any]) -> None:
    low, high = ROUGHLY_MODERATE
    factors = [numbers["jzs"]["medium"]["surviving"], *(part["surviving"] for part in numbers["tables"].values())]
    assert max(value for pair in factors for value in pair) < high
    assert min(value for pair in factors for value in pair) < low


def test_title_says_the_numbers(numbers: dict[str, Any]) -> None:
    assert numbers["title"] == (
        "The data favour no difference moderately at best: Bayes factors 3.6 to 3.8 for symptoms, "
        "1.9 to 2.1 for response and 2.5 to 3.8 for remission"
    )
