"""Power of equivalence of two rates."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest
from scipy import special

import ketastats as ks
from ketastats.errors import InvalidArgument

GOLDEN = Path(__file__).parent / "golden" / "power_more.csv"
ROWS = {row["id"]: row for row in csv.DictReader(GOLDEN.read_text(encoding="utf-8").splitlines())}


def test_golden_power() -> None:
    given, expected = json.loads(ROWS["EQP-512"]["inputs_json"]), json.loads(ROWS["EQP-512"]["expected_json"])
    plan = ks.power.rates_equivalence(
        n1=given["n_per_group"],
        n2=given["n_per_group"],
        margin=(given["low"], given["high"]),
        **{key: given[key] for key in ("rate1", "rate2", "exposure", "dispersion", "alpha")},
    )
    assert plan.power == pytest.approx(expected["power"], abs=5e-5)


def test_variance_of_a_log_rate_by_simulation() -> None:
    # With many people the standard error is exact: noninferiority at a margin one error away has a known power.
    n1, n2, rate1, rate2, time, spread = 400, 700, 1.2, 0.9, 2.0, 0.6
    rng = np.random.default_rng(5)
    draws = [
        np.log(rng.poisson(rng.gamma(n / spread, spread * rate * time, 200_000)) / (n * time))
        for n, rate in ((n1, rate1), (n2, rate2))
    ]
    error = np.std(draws[0] - draws[1])
    plan = {"n1": n1, "n2": n2, "rate1": rate1, "rate2": rate2, "exposure": time, "dispersion": spread}
    found = ks.power.rates_equivalence(**plan, margin=(rate1 / rate2 * np.exp(-3 * error), np.inf)).power
    assert found == pytest.approx(special.ndtr(3 + special.ndtri(0.05)), abs=2e-3)


def test_mirror_and_bad_input() -> None:
    plan = ks.power.rates_equivalence(n1=90, n2=50, rate1=1.0, rate2=1.1, margin=(0.7, 1.6), dispersion=0.1).power
    turned = ks.power.rates_equivalence(n1=50, n2=90, rate1=1.1, rate2=1.0, margin=(1 / 1.6, 1 / 0.7), dispersion=0.1)
    assert turned.power == pytest.approx(plan, rel=1e-12)
    for change in ({"n1": 0}, {"rate1": 0.0}, {"exposure": 0.0}, {"dispersion": -0.1}, {"margin": 0.5}):
        with pytest.raises(InvalidArgument, match=next(iter(change))):
            ks.power.rates_equivalence(**{"n1": 9, "n2": 9, "rate1": 1.0, "rate2": 1.0, "margin": 1.2, **change})
