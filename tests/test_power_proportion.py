"""Power of exact equivalence tests of one proportion."""

from __future__ import annotations

import csv
import json
from math import comb
from pathlib import Path

import numpy as np
import pytest

import ketastats as ks
from ketastats.errors import InvalidArgument, InvalidType

GOLDEN = Path(__file__).parent / "golden" / "power_more.csv"
ROWS = {row["id"]: row for row in csv.DictReader(GOLDEN.read_text(encoding="utf-8").splitlines())}


def test_golden_power() -> None:
    given, expected = json.loads(ROWS["EQP-507"]["inputs_json"]), json.loads(ROWS["EQP-507"]["expected_json"])
    plan = ks.power.proportion_equivalence(
        n=given["n"], p=given["p_alt"], margin=(given["low"], given["high"]), alpha=given["alpha"]
    )
    assert plan.power == pytest.approx(expected["power"], abs=5e-5)
    assert [plan.reject_low[0], plan.reject_high[0]] == expected["reject_interval"]


@pytest.mark.parametrize("margin", [(0.2, 0.6), (0.0, 0.3), (0.5, 1.0), (0.35, np.inf), (-np.inf, 0.8)])
def test_enumeration(margin) -> None:
    def mass(x, n, p):
        return comb(n, x) * p**x * (1 - p) ** (n - x)

    for n in range(1, 26):
        for p in (0.0, 0.07, 0.4, 0.83, 1.0):
            rejected = [
                x
                for x in range(n + 1)
                if (np.isinf(margin[0]) or sum(mass(k, n, margin[0]) for k in range(x, n + 1)) <= 0.1)
                and (np.isinf(margin[1]) or sum(mass(k, n, margin[1]) for k in range(x + 1)) <= 0.1)
            ]
            plan = ks.power.proportion_equivalence(n=n, p=p, margin=margin, alpha=0.1)
            assert plan.power == pytest.approx(sum(mass(x, n, p) for x in rejected), rel=1e-11, abs=1e-15)
            assert list(range(plan.reject_low, plan.reject_high + 1)) == rejected


def test_level_at_the_ends_and_mirror() -> None:
    n = np.array([2, 10, 500, 10**6])
    for end in (0.5, 0.7):
        assert np.all(ks.power.proportion_equivalence(n=n, p=end, margin=(0.5, 0.7), alpha=0.05).power <= 0.05)
    plan = ks.power.proportion_equivalence(n=n, p=0.66, margin=(0.5, 0.7))
    mirrored = ks.power.proportion_equivalence(n=n, p=0.34, margin=(0.3, 0.5))
    assert plan.power == pytest.approx(mirrored.power, rel=1e-9)


def test_bad_input() -> None:
    for margin in (0.1, (0.5, 1.2), (-0.1, 0.5), (0.7, 0.5)):
        with pytest.raises(InvalidArgument, match="margin"):
            ks.power.proportion_equivalence(n=20, p=0.5, margin=margin)
    with pytest.raises(InvalidType, match="margin"):
        ks.power.proportion_equivalence(n=20, p=0.5, margin=None)
