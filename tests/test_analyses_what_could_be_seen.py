"""Power, detectable differences and people needed."""

from __future__ import annotations

import json
import math
from typing import Any

import _check_figures
import numpy as np
import pytest
import what_could_be_seen
from _figure import ROOT, plain
from scipy import integrate, special, stats


@pytest.fixture(scope="module")
def numbers() -> dict[str, Any]:
    return plain(what_could_be_seen.compute())  # type: ignore[no-any-return]


def tost_power(n1: int, n2: int, margin: float) -> float:
    """Power of two one-sided t tests at no difference: the integral over the chi density of the SD."""
    df, unit = n1 + n2 - 2, math.sqrt(1 / n1 + 1 / n2)
    critical = special.stdtrit(df, 0.95)

    def inside(s: float) -> float:
        reach = margin / unit - critical * s
        density = 2 * df * s * stats.chi2.pdf(df * s * s, df)
        return density * (special.ndtr(reach) - special.ndtr(-reach)) if reach > 0 else 0.0

    top = margin / unit / critical
    return integrate.quad(inside, 0, top, limit=200, points=[0.9 * top, min(1.0, top)])[0]


def test_the_committed_twin_holds_these_numbers(numbers: dict[str, Any]) -> None:
    twin = json.loads((ROOT / "figures" / "what_could_be_seen.json").read_text(encoding="utf-8"))
    kept = {key: value for key, value in twin.items() if key not in ("matplotlib", "alt")}
    assert list(_check_figures.differences(kept, numbers)) == []


def test_designs_are_the_surviving_splits(numbers: dict[str, Any]) -> None:
    # Shares of responders of the six pairs of tables: 21, 62, 32, 51 and (twice) 55 of 83.
    assert list(numbers["response"]) == [
        "28/55, 55/83",
        "37/46, 21/83",
        "37/46, 62/83",
        "38/45, 32/83",
        "38/45, 51/83",
    ]


def test_power_to_find_sixteen_points_by_listing_every_table(numbers: dict[str, Any]) -> None:
    n1, n2, rate = 37, 46, 21 / 83
    p1, p2 = rate + 0.16 * n2 / 83, rate - 0.16 * n1 / 83
    x1, x2 = np.arange(n1 + 1)[:, None], np.arange(n2 + 1)
    events = x1 + x2
    with np.errstate(invalid="ignore"):
        chi = (x1 * (n2 - x2) - x2 * (n1 - x1)) ** 2 * 83.0 / (n1 * n2 * events * (83 - events))
    rejected = np.nan_to_num(chi) > special.chdtri(1, 0.05)
    likely = stats.binom.pmf(x1, n1, p1) * stats.binom.pmf(x2, n2, p2)
    found = numbers["response"]["37/46, 21/83"]["difference"]["at_margins"]["melander-16"][0]
    assert found == pytest.approx(float(np.sum(likely[rejected])), rel=1e-9)
    assert found == pytest.approx(0.380, abs=5e-4)


def test_exchanging_responders_and_others_mirrors_the_power(numbers: dict[str, Any]) -> None:
    for one, other in (("37/46, 21/83", "37/46, 62/83"), ("38/45, 32/83", "38/45, 51/83")):
        first, second = (numbers["response"][name] for name in (one, other))
        assert first["difference"]["power"] == pytest.approx(second["difference"]["power"][::-1], rel=1e-9)
        assert first["equivalence"]["power"] == pytest.approx(second["equivalence"]["power"], rel=1e-9, abs=1e-15)


def test_power_in_symptoms(numbers: dict[str, Any]) -> None:
    part = numbers["symptoms"]["37/46"]
    ncp, critical = 0.5 / math.sqrt(1 / 37 + 1 / 46), special.stdtrit(81, 0.975)
    power = stats.nct.sf(critical, 81, ncp) + stats.nct.cdf(-critical, 81, ncp)
    assert part["difference"]["at_margins"]["cuijpers-0.50"] == pytest.approx(power, rel=1e-9)
    # Worked out before: 0.62 to 0.63 SD is detected with 80 % power when the groups are about equal.
    assert 0.62 <= part["difference"]["detectable"] < 0.63
    assert part["equivalence"]["at_margins"]["cuijpers-0.50"] == pytest.approx(tost_power(37, 46, 0.5), rel=1e-7)
    assert tost_power(37, 46, part["equivalence"]["can_rule_out"]) == pytest.approx(0.8, rel=1e-7)


def test_no_published_margin_in_response_could_be_ruled_out(numbers: dict[str, Any]) -> None:
    for design in numbers["response"].values():
        assert max(design["equivalence"]["at_margins"].values()) < 0.04
        assert 0.28 < design["equivalence"]["can_rule_out"] < 0.32
        # At no difference the chi-square test rejects in about one study of twenty.
        middle = design["difference"]["effect"].index(0.0)
        assert design["difference"]["power"][middle] == pytest.approx(0.05, abs=0.006)


def test_people_needed_in_symptoms(numbers: dict[str, Any]) -> None:
    per_group = {key: row["per_group"] for key, row in numbers["needed"]["symptoms"].items()}
    for key, margin in (("cuijpers-0.24", 0.24), ("cuijpers-0.50", 0.5)):
        for target, plans in per_group[key].items():
            n = plans["any"]
            assert tost_power(n, n, margin) >= float(target) > tost_power(n - 1, n - 1, margin)


def test_people_needed_in_response_are_near_the_normal_formula(numbers: dict[str, Any]) -> None:
    sizes = {"half-melander-8": 0.08, "elekt-d-10": 0.10, "melander-16": 0.16}
    for key, margin in sizes.items():
        for target, plans in numbers["needed"]["response"][key]["per_group"].items():
            z = special.ndtri(0.95) + special.ndtri((1 + float(target)) / 2)
            for share, n in plans.items():
                count, people = map(int, share.split("/"))
                rate = count / people
                assert n == pytest.approx(2 * rate * (1 - rate) * (z / margin) ** 2, rel=0.03)


def test_title_says_the_numbers(numbers: dict[str, Any]) -> None:
    ten = numbers["needed"]["response"]["elekt-d-10"]["people"]["0.8"]
    assert ten == [648, 814]
    assert numbers["title"] == (
        "Had trauma made no difference, this study had at most a 4 % chance to rule out 16 points in response; "
        "ruling out 10 takes 648 to 814 people"
    )


def test_power_is_never_taken_at_the_observed_difference(numbers: dict[str, Any]) -> None:
    assert "observed" not in json.dumps(numbers)
