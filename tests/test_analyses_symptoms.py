"""The symptoms: what p = 0.572 excludes."""

from __future__ import annotations

import json
import math
from typing import Any

import _check_figures
import numpy as np
import pytest
import symptoms
from _figure import ROOT, plain
from scipy import special, stats


@pytest.fixture(scope="module")
def numbers() -> dict[str, Any]:
    return plain(symptoms.compute())  # type: ignore[no-any-return]


def test_the_committed_twin_holds_these_numbers(numbers: dict[str, Any]) -> None:
    twin = json.loads((ROOT / "figures" / "symptoms.json").read_text(encoding="utf-8"))
    kept = {key: value for key, value in twin.items() if key not in ("matplotlib", "alt")}
    assert list(_check_figures.differences(kept, numbers)) == []


def test_every_split_prints_the_p_of_the_article(numbers: dict[str, Any]) -> None:
    # Article trauma-link, paragraph 3: p = 0.572 with 83 people, so 81 degrees of freedom.
    splits = numbers["splits"]
    assert splits["n1"] == list(range(1, 42))
    assert all(a + b == 83 for a, b in zip(splits["n1"], splits["n2"], strict=True))
    assert 2 * special.stdtr(81, -np.array(splits["t_high"])) == pytest.approx(0.5715, abs=1e-12)
    assert 2 * special.stdtr(81, -np.array(splits["t_low"])) == pytest.approx(0.5725, abs=1e-12)


@pytest.mark.parametrize(
    ("n1", "d", "low", "high"),
    # Worked out before, for |t| = 0.567: |d|, and d plus and minus t(0.95, 81) times its standard error at no effect.
    [
        (41, "0.125", "-0.24", "0.49"),
        (33, "0.127", "-0.25", "0.50"),
        (23, "0.139", "-0.27", "0.55"),
        (13, "0.171", "-0.33", "0.67"),
    ],
)
def test_intervals_known_before(numbers: dict[str, Any], n1: int, d: str, low: str, high: str) -> None:
    splits = numbers["splits"]
    at = splits["n1"].index(n1)
    point = 0.5 * (splits["d_low"][at] + splits["d_high"][at])
    assert f"{point:.3f}" == d
    half = special.stdtrit(81, 0.95) * math.sqrt(1 / n1 + 1 / (83 - n1))
    assert [f"{point - half:.2f}", f"{point + half:.2f}"] == [low, high]
    # The exact limits differ from that approximation in the second decimal at most by one.
    exact = [0.5 * (splits[f"{end}_min"][at] + splits[f"{end}_max"][at]) for end in ("low", "high")]
    assert exact == pytest.approx([point - half, point + half], abs=0.01)


def test_limits_invert_the_noncentral_t(numbers: dict[str, Any]) -> None:
    splits = numbers["splits"]
    for at in (27, 36, 37):
        unit = math.sqrt(1 / splits["n1"][at] + 1 / splits["n2"][at])
        assert stats.nct.sf(splits["t_low"][at], 81, splits["low_min"][at] / unit) == pytest.approx(0.05, rel=1e-8)
        assert stats.nct.cdf(splits["t_high"][at], 81, splits["high_max"][at] / unit) == pytest.approx(0.05, rel=1e-8)


def test_half_a_standard_deviation_is_excluded_near_equal_groups_only(numbers: dict[str, Any]) -> None:
    splits, large = numbers["splits"], numbers["margins_sd"]["cuijpers-0.50"]
    within = [
        n1
        for n1, low, high in zip(splits["n1"], splits["low_min"], splits["high_max"], strict=True)
        if low > -0.5 and high < 0.5
    ]
    assert within == list(range(32, 42))
    assert (large["established"], large["smallest_group"], large["ruling"]) == (10, 32, "depends")
    assert large["source"] == "10.1002/da.22249"


def test_a_quarter_is_never_excluded(numbers: dict[str, Any]) -> None:
    small = numbers["margins_sd"]["cuijpers-0.24"]
    assert (small["size"], small["established"], small["ruling"]) == (0.24, 0, "not established")
    assert min(numbers["splits"]["threshold_margin"]) > 0.24


def test_points_are_students_interval_of_the_scale(numbers: dict[str, Any]) -> None:
    # 37/46 at SD 5.3, whose digits stand for 5.25 to 5.35: difference + t(0.95, 81) SD sqrt(1/37 + 1/46).
    part = numbers["points"]["sds"]["5.3"]
    at = part["limits"]["n1"].index(37)
    unit = math.sqrt(1 / 37 + 1 / 46)
    t = special.stdtrit(81, 1 - 0.5715 / 2)
    high = 5.35 * unit * (t + special.stdtrit(81, 0.95))
    assert part["limits"]["high_max"][at] == pytest.approx(high, rel=1e-10)
    assert part["sources"] == ["lipsitz-2021/non-improvers-second", "karma-dep-2/qids-sd"]


def test_points_are_read_with_the_reported_deviations(numbers: dict[str, Any]) -> None:
    spreads = numbers["points"]["sds"]
    # Lipsitz 2021 prints 4.5, 5.8, 5.7 and 5.3; KARMA-Dep 2 gives 5.3.
    assert list(spreads) == ["4.5", "5.3", "5.7", "5.8"]
    ruled = {sd: {key: row["established"] for key, row in part["rulings"].items()} for sd, part in spreads.items()}
    # A wider scale never excludes more, nor does a narrower margin.
    for key in symptoms.POINTS:
        counts = [part[key] for part in ruled.values()]
        assert counts == sorted(counts, reverse=True)
    assert all(part["nice-qids-2.3"] <= part["rush-qids-3.0"] for part in ruled.values())
    assert [part["nice-qids-2.3"] for part in ruled.values()][1:] == [0, 0, 0]


def test_f_tests_have_the_same_p(numbers: dict[str, Any]) -> None:
    one, four = numbers["f"]
    # One visit before and one after each of the four infusions: 4 and 4 (83 - 2) degrees of freedom.
    assert (one["df1"], one["df2"], four["df1"], four["df2"]) == (1, 81, 4, 324)
    for test in (one, four):
        tails = special.fdtrc(test["df1"], test["df2"], test["f_statistic"])
        assert tails == pytest.approx([0.5725, 0.5715], rel=1e-10)
        f, ncp = test["f_statistic"][1], test["noncentrality"]["high"][1]
        assert stats.ncf.cdf(f, test["df1"], test["df2"], ncp) == pytest.approx(0.05, rel=1e-8)
        eta = test["partial_eta_squared"]
        assert eta["high"][1] == pytest.approx(ncp / (ncp + test["df2"]), rel=1e-12)
        assert eta["low"] == [0.0, 0.0]
    assert one["f_statistic"][1] == pytest.approx(max(numbers["splits"]["t_high"]) ** 2, rel=1e-9)


def test_title_says_the_numbers(numbers: dict[str, Any]) -> None:
    assert numbers["title"] == (
        "p = 0.572 excludes a difference of 0.50 SD only if the smaller group has at least 32 of the 83 people, "
        "and one of 0.24 SD on no split"
    )
    assert numbers["surviving"] == [[28, 55], [37, 46], [38, 45]]
