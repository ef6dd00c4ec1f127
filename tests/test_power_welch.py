"""Power of equivalence of two means with unequal deviations."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest
from scipy import integrate, special, stats

import ketastats as ks
from ketastats.errors import InvalidArgument, NoSolution

GOLDEN = Path(__file__).parent / "golden" / "power_more.csv"
ROWS = {row["id"]: row for row in csv.DictReader(GOLDEN.read_text(encoding="utf-8").splitlines())}


def test_golden_sample_size() -> None:
    given, expected = json.loads(ROWS["EQP-514"]["inputs_json"]), json.loads(ROWS["EQP-514"]["expected_json"])
    plan = {key: given[key] for key in ("sd1", "sd2", "margin", "alpha", "power")}
    normal = ks.power.sample_size("means_welch_equivalence", effect=0.0, method="normal", **plan)
    assert abs(normal.n1 - expected["n_per_group"]) <= 2
    exact = ks.power.sample_size("means_welch_equivalence", effect=0.0, **plan)
    assert exact.n1 == exact.n2 == expected["n_per_group"]


@pytest.mark.parametrize(
    ("n1", "n2", "sd1", "sd2", "margin"), [(4, 7, 1.0, 3.1, 4.0), (12, 6, 2.0, 1.0, 2.0), (3, 3, 1.0, 2.0, 6.0)]
)
def test_integral_over_both_variances(n1, n2, sd1, sd2, margin) -> None:
    error = np.hypot(sd1 / np.sqrt(n1), sd2 / np.sqrt(n2))

    def given(a, b):
        # a and b are normal quantiles of the two sample variances.
        v1 = sd1**2 / n1 * stats.chi2.isf(special.ndtr(-a), n1 - 1) / (n1 - 1)
        v2 = sd2**2 / n2 * stats.chi2.isf(special.ndtr(-b), n2 - 1) / (n2 - 1)
        df = (v1 + v2) ** 2 / (v1**2 / (n1 - 1) + v2**2 / (n2 - 1))
        reach = stats.t.isf(0.05, df) * np.sqrt(v1 + v2)
        high, low = special.ndtr((margin - reach - 0.3) / error), special.ndtr((reach - margin - 0.3) / error)
        return np.maximum(high - low, 0.0) * stats.norm.pdf(a) * stats.norm.pdf(b)

    grid = np.linspace(-7.0, 7.0, 561)
    values = given(grid[:, None], grid[None, :])
    expected = integrate.trapezoid(integrate.trapezoid(values, grid, axis=1), grid)
    found = ks.power.means_welch_equivalence(n1=n1, n2=n2, margin=margin, sd1=sd1, sd2=sd2, effect=0.3).power
    assert found == pytest.approx(expected, abs=1e-5)


def test_one_sided_level_is_that_of_welch_at_the_margin() -> None:
    # Welch's test keeps its level closely, never exactly.
    n1, n2 = np.array([5, 20, 200]), np.array([9, 30, 90])
    found = ks.power.means_welch_equivalence(n1=n1, n2=n2, margin=(-1.0, np.inf), sd1=1.0, sd2=2.5, effect=-1.0).power
    assert found == pytest.approx(0.05, abs=3e-3)


def test_mirror_scale_and_large_samples() -> None:
    plan = {"n1": 9, "n2": 30, "sd1": 2.0, "sd2": 1.0, "margin": (-1.5, 2.0), "effect": 0.4}
    power = ks.power.means_welch_equivalence(**plan).power
    swapped = ks.power.means_welch_equivalence(n1=30, n2=9, sd1=1.0, sd2=2.0, margin=(-2.0, 1.5), effect=-0.4).power
    assert swapped == pytest.approx(power, rel=1e-11)
    unit = 1e30
    scaled = {"sd1": 2 * unit, "sd2": unit, "margin": (-1.5 * unit, 2 * unit), "effect": 0.4 * unit}
    assert ks.power.means_welch_equivalence(n1=9, n2=30, **scaled).power == pytest.approx(power, rel=1e-11)
    many = {"n1": 10**6, "n2": 10**5, "sd1": 20.0, "sd2": 10.0, "margin": 0.1}
    exact = ks.power.means_welch_equivalence(**many).power
    assert exact == pytest.approx(ks.power.means_welch_equivalence(**many, method="normal").power, rel=1e-4)


def test_bad_input() -> None:
    plan = {"n1": 9, "n2": 30, "sd1": 2.0, "sd2": 1.0, "margin": 1.0}
    for change, message in (({"n1": 1}, "n1 is 1"), ({"sd2": 0.0}, "sd2 is 0"), ({"method": "z"}, "method is 'z'")):
        with pytest.raises(InvalidArgument, match=message):
            ks.power.means_welch_equivalence(**{**plan, **change})
    with pytest.raises(NoSolution, match="not inside"):
        ks.power.sample_size("means_welch_equivalence", sd1=1.0, sd2=2.0, margin=1.0, effect=1.0)
