"""Crossover designs: equivalence of differences and of ratios."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest
from scipy import special

import ketastats as ks
from ketastats.power import bioequivalence, crossover_equivalence

GOLDEN = Path(__file__).parent / "golden" / "designs.csv"
ROWS = {row["id"]: row for row in csv.DictReader(GOLDEN.read_text(encoding="utf-8").splitlines())}


def golden(name):
    return json.loads(ROWS[name]["inputs_json"]), json.loads(ROWS[name]["expected_json"])


def smallest(power, target, step=2):
    """Smallest even number of people in two sequences of one size that reaches the power."""
    people = np.arange(6, 402, step)
    reached = power(people // 2) >= target
    return int(people[np.argmax(reached)])


def log_margin(given):
    high = given.get("theta2", np.inf)
    return given.get("theta1", given.get("margin")), 1 / given["theta1"] if high == "1/theta1" else high


@pytest.mark.parametrize("name", ["EQP-400", "EQP-403", "EQP-404"])
def test_power_as_powertost(name):
    given, expected = golden(name)
    n1, n2 = given["n"] if isinstance(given["n"], list) else (given["n"] // 2,) * 2
    result = bioequivalence(
        n1=n1, n2=n2, margin=log_margin(given), cv=given["CV"], ratio=given["theta0"], design=given["design"]
    )
    assert result.power == pytest.approx(expected["power"], abs=1e-7)


@pytest.mark.parametrize("name", ["EQP-412", "EQP-413"])
def test_sample_size_as_powertost(name):
    given, expected = golden(name)

    def power(half):
        return bioequivalence(
            n1=half, n2=half, margin=log_margin(given), cv=given["CV"], ratio=given["theta0"], design=given["design"]
        ).power

    assert smallest(power, given["target_power"]) == expected["n_total"]
    assert power(expected["n_total"] // 2) == pytest.approx(expected["power"], abs=1e-6)


def test_noninferiority_as_powertost():
    given, expected = golden("EQP-426")
    half = given["n"] // 2
    plan = {"margin": (given["margin"], np.inf), "cv": given["CV"], "ratio": given["theta0"], "alpha": given["alpha"]}
    assert bioequivalence(n1=half, n2=half, **plan).power == pytest.approx(expected["power"], abs=1e-7)
    given, expected = golden("EQP-427")
    found = smallest(lambda half: bioequivalence(n1=half, n2=half, **plan).power, given["target_power"])
    assert found == expected["n_total"]


@pytest.mark.parametrize("name", ["EQP-450", "EQP-452"])
def test_tables_of_sample_sizes_of_ratios(name):
    given, expected = golden(name)
    for ratio, people in zip(given["theta0"], expected["n_total"], strict=True):
        found = smallest(
            lambda half, ratio=ratio: (
                bioequivalence(n1=half, n2=half, margin=log_margin(given), cv=given["CV"], ratio=ratio).power
            ),
            given["target_power"],
        )
        assert found == people


def test_table_of_sample_sizes_of_differences():
    given, expected = golden("EQP-453")
    margin = (given["theta1"], given["theta2"])
    for effect, people in zip(given["theta0"], expected["n_total"], strict=True):
        found = smallest(
            lambda half, effect=effect: (
                crossover_equivalence(n1=half, n2=half, margin=margin, sd=given["CV"], effect=effect).power
            ),
            given["target_power"],
        )
        assert found == people


def test_ratios_are_differences_of_logs_and_parallel_groups_are_means():
    sd = np.sqrt(np.log(1 + 0.3**2))
    ratio = bioequivalence(n1=10, n2=14, margin=(0.8, 1.3), cv=0.3, ratio=0.95)
    logs = crossover_equivalence(n1=10, n2=14, margin=(np.log(0.8), np.log(1.3)), sd=sd, effect=np.log(0.95))
    assert ratio.power == pytest.approx(logs.power, rel=1e-12)
    assert ratio.effect == 0.95
    parallel = crossover_equivalence(n1=10, n2=14, margin=1.2, sd=1.5, effect=0.1, design="parallel")
    assert parallel.power == ks.power.means_equivalence(n1=10, n2=14, margin=1.2, sd=1.5, effect=0.1).power
    mirrored = bioequivalence(n1=14, n2=10, margin=(1 / 1.3, 1.25), cv=0.3, ratio=1 / 0.95)
    assert mirrored.power == pytest.approx(ratio.power, rel=1e-11)


def test_standard_errors_by_the_estimates_that_they_belong_to():
    # Each sequence gives the mean over its people of a contrast of their periods; the effect is half the difference of
    # the two sequences' contrasts, which the periods' effects leave. With sd known, power is a normal probability.
    contrasts = {"2x2": [1, -1], "2x2x3": [0.5, -1, 0.5], "2x2x4": [0.5, -0.5, 0.5, -0.5]}
    n1, n2, margin, sd = 4000, 6000, 0.05, 1.0
    for design, weights in contrasts.items():
        error = 0.5 * sd * np.linalg.norm(weights) * np.sqrt(1 / n1 + 1 / n2)
        expected = 2 * special.ndtr(margin / error + special.ndtri(0.05)) - 1
        found = crossover_equivalence(n1=n1, n2=n2, margin=margin, sd=sd, design=design).power
        assert found == pytest.approx(max(expected, 0.0), abs=2e-4)
        assert found > 0.05


def test_bad_crossovers_are_refused():
    plan = {"n1": 10, "n2": 10, "margin": 1.25, "cv": 0.3}
    for change, message in (
        ({"n1": 0}, "n1 is 0"),
        ({"n1": 1, "n2": 1}, "one degree of freedom"),
        ({"margin": 0.8}, "above 1"),
        ({"margin": (1.25, 0.8)}, "low < high"),
        ({"cv": 0.0}, "cv is 0.0"),
        ({"ratio": 0.0}, "ratio is 0.0"),
        ({"design": "3x3"}, "design is '3x3'"),
        ({"alpha": 0.6}, "alpha is 0.6"),
    ):
        with pytest.raises(ks.InvalidArgument, match=message):
            bioequivalence(**{**plan, **change})
    assert np.isfinite(bioequivalence(n1=2, n2=2, margin=1.25, cv=1e40).power)
