"""Power of tests of two Poisson rates."""

from __future__ import annotations

import csv
import json
import math
from pathlib import Path

import mpmath
import numpy as np
import pytest
from scipy import stats

import ketastats as ks
from ketastats.effects._rates import RULES
from ketastats.errors import BudgetExceeded, InvalidArgument
from ketastats.numerics.poisson_power import poisson_mass

GOLDEN = Path(__file__).parent / "golden" / "rates.csv"
METHODS = [(measure, method) for measure, rules in RULES.items() for method in rules]


def test_golden_power_of_a_difference() -> None:
    with GOLDEN.open(encoding="utf-8", newline="") as file:
        row = next(row for row in csv.DictReader(file) if row["id"] == "EQP-511")
    given, expected = json.loads(row["inputs_json"]), json.loads(row["expected_json"])
    power = ks.power.rates(
        t1=given["n1"],
        t2=given["n2"],
        rate1=given["rate1"],
        rate2=given["rate2"],
        alpha=given["alpha"],
        alternative="greater",
        measure="difference",
        method="normal",
    ).power
    assert power == pytest.approx(expected["power"], abs=5e-5)


@pytest.mark.parametrize(("rate1", "n", "power"), [(1.8, 29, 0.90056), (1.9, 39, 0.90649), (2.2, 115, 0.90014)])
def test_printed_noninferiority_of_a_ratio(rate1, n, power) -> None:
    # PASS, noninferiority of the ratio of two Poisson rates, as printed in statsmodels' tests; exposure 2.5.
    plan = ks.power.rates(
        t1=2.5 * n, t2=2.5 * n, rate1=rate1, rate2=2.2, null=1.2, alpha=0.025, alternative="less", method="normal"
    )
    assert plan.power == pytest.approx(power, abs=5e-5)
    exact = ks.power.rates(t1=2.5 * n, t2=2.5 * n, rate1=rate1, rate2=2.2, null=1.2, alpha=0.025, alternative="less")
    assert exact.power == pytest.approx(power, abs=0.01)


@pytest.mark.parametrize("alternative", ["two-sided", "greater", "less"])
@pytest.mark.parametrize(("measure", "method"), METHODS)
def test_exact_power_is_the_chance_of_all_counts_that_reject(measure, method, alternative) -> None:
    null = 1.3 if measure == "ratio" else 0.2
    t1, t2, rate1, rate2 = 4.0, 7.0, 1.4, 0.5
    x1, x2 = np.arange(60)[:, None], np.arange(60)[None, :]
    p = ks.effects.rates(x1, t1, x2, t2, measure=measure, method=method).pvalue(null, alternative=alternative)
    weights = stats.poisson.pmf(x1, t1 * rate1) * stats.poisson.pmf(x2, t2 * rate2)
    design = {"t1": t1, "t2": t2, "rate1": rate1, "rate2": rate2, "null": null, "alternative": alternative}
    power = ks.power.rates(**design, measure=measure, method=method).power
    assert power == pytest.approx(float(weights[p < 0.05].sum()), abs=1e-12)


def test_the_exact_test_keeps_its_level() -> None:
    rate = np.array([0.05, 0.3, 1.0, 4.0, 20.0])
    for alternative in ("greater", "two-sided"):
        size = ks.power.rates(t1=3.0, t2=5.0, rate1=rate, rate2=rate, alternative=alternative, method="exact").power
        assert np.all(size <= 0.05)


def test_mass_at_forty_digits() -> None:
    for mean in (1e-9, 0.3, 7.0, 1234.5):
        start, mass = poisson_mass(mean)
        with mpmath.workdps(40):
            for i in range(0, mass.size, max(1, mass.size // 7)):
                k = start + i
                want = mpmath.exp(k * mpmath.log(mpmath.mpf(mean)) - mpmath.mpf(mean) - mpmath.loggamma(k + 1))
                assert mass[i] == pytest.approx(float(want), rel=1e-11, abs=1e-300)
        assert math.fsum(mass) == pytest.approx(1.0, abs=1e-14)


def test_edges_and_refusals() -> None:
    for method in ("score", "normal"):
        assert ks.power.rates(t1=1.0, t2=2.0, rate1=0.0, rate2=0.0, method=method).power == 0.0
    plan = ks.power.rates(t1=[1.0, 2.0], t2=3.0, rate1=[[1.0], [2.0], [5.0]], rate2=0.5)
    assert plan.power.shape == (3, 2)
    assert len(plan.to_frame()) == 6
    with pytest.raises(BudgetExceeded, match="expected events"):
        ks.power.rates(t1=1e7, t2=1.0, rate1=1.0, rate2=1.0)
    with pytest.raises(InvalidArgument, match="a positive ratio"):
        ks.power.rates(t1=1.0, t2=1.0, rate1=1.0, rate2=1.0, null=0.0)
    with pytest.raises(InvalidArgument, match="method is 'exact'"):
        ks.power.rates(t1=1.0, t2=1.0, rate1=1.0, rate2=1.0, measure="difference", method="exact")
