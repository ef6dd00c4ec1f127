"""Power of equivalence in two correlated endpoints together."""

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
from ketastats import InvalidArgument, InvalidType
from ketastats.numerics import tost
from ketastats.numerics.coprimary import log_bessel, power_of_two
from ketastats.power import coprimary_equivalence, sample_size

GOLDEN = Path(__file__).parent / "golden" / "coprimary.csv"
ROWS = {row["id"]: row for row in csv.DictReader(GOLDEN.read_text(encoding="utf-8").splitlines())}


def test_golden_power() -> None:
    given, expected = (json.loads(ROWS["EQP-433"][key]) for key in ("inputs_json", "expected_json"))
    limit = math.log(1.25)
    plan = coprimary_equivalence(
        n1=given["n"] // 2,
        n2=given["n"] // 2,
        margin=(limit, limit),
        sd=given["sd_log"],
        effect=[math.log(ratio) for ratio in given["theta0"]],
        rho=given["rho"],
        design=given["design"],
    )
    assert ROWS["EQP-433"]["tolerance"] == "abs 2e-3 (simulation)"
    assert plan.power == pytest.approx(expected["power"], abs=2e-3)


@pytest.mark.parametrize(("rho", "design", "n1", "n2"), [(0.6, "parallel", 9, 14), (-0.8, "2x2x4", 4, 5)])
def test_power_by_simulation(rho, design, n1, n2) -> None:
    rng = np.random.default_rng(5)
    draws = 50_000
    constant, df = (1.0, n1 + n2 - 2) if design == "parallel" else (0.25, 3 * (n1 + n2) - 4)
    unit = np.sqrt(constant * (1 / n1 + 1 / n2))
    form = np.array([[1.0, rho], [rho, 1.0]])
    sd, effect, margin = np.array([2.0, 1.0]), np.array([0.3, -0.1]), np.array([2.0, 0.9])
    means = effect + rng.multivariate_normal([0, 0], form, draws) * sd * unit
    spread = stats.wishart(df, form).rvs(draws, random_state=rng)
    error = np.sqrt(np.stack([spread[:, 0, 0], spread[:, 1, 1]], axis=1) / df) * sd * unit
    reject = np.all(np.abs(means) + stats.t.isf(0.05, df) * error < margin, axis=1)
    plan = coprimary_equivalence(
        n1=n1, n2=n2, margin=tuple(margin), sd=tuple(sd), effect=tuple(effect), rho=rho, design=design
    )
    assert 0.1 < plan.power < 0.9
    assert plan.power == pytest.approx(reject.mean(), abs=4.5 * math.sqrt(0.25 / draws))
    assert plan.power <= min(plan.power1, plan.power2)


@pytest.mark.parametrize("df", [1.0, 2.0, 7.0, 22.0, 150.0, 1e4])
def test_without_correlation_the_powers_multiply(df) -> None:
    low, high = (-2.5, -4.0), (3.0, 2.8)
    each = [float(tost.power(low[i], high[i], df, 0.05)) for i in (0, 1)]
    assert power_of_two(low, high, 0.0, df, 0.05) == pytest.approx(each[0] * each[1], rel=1e-11)
    # An endpoint that cannot fail leaves the other, whatever their correlation.
    for rho in (-0.9, 0.3, 0.99):
        found = power_of_two((low[0], -math.inf), (high[0], math.inf), rho, df, 0.05)
        assert found == pytest.approx(each[0], rel=1e-10)


def test_endpoints_that_are_one() -> None:
    one = float(tost.power(-2.5, 3.0, 20.0, 0.05))
    for rho in (1 - 1e-12, -1 + 1e-12):
        mirrored = ((-2.5, -2.5), (3.0, 3.0)) if rho > 0 else ((-2.5, -3.0), (3.0, 2.5))
        assert power_of_two(*mirrored, rho, 20.0, 0.05) == pytest.approx(one, abs=1e-6)


def test_swapping_or_turning_endpoints_changes_nothing() -> None:
    found = power_of_two((-2.5, -4.0), (3.0, 2.8), 0.55, 12.0, 0.05)
    assert power_of_two((-4.0, -2.5), (2.8, 3.0), 0.55, 12.0, 0.05) == pytest.approx(found, rel=1e-11)
    assert power_of_two((-2.5, -2.8), (3.0, 4.0), -0.55, 12.0, 0.05) == pytest.approx(found, rel=1e-11)


@pytest.mark.parametrize("order", [-0.5, 0.0, 3.5, 59.0, 60.0, 499.0, 2e4])
def test_bessel_function_by_mpmath(order) -> None:
    for z in (1e-8, 0.3, 10.0, 500.0, 3e4):
        exact = mpmath.log(mpmath.besseli(order, z, maxterms=10**6)) - z
        assert log_bessel(order, np.array([z]))[0] == pytest.approx(float(exact), rel=1e-11, abs=1e-11)


def test_bessel_function_far_out() -> None:
    z = np.array([0.9e8, 1.1e8, 1e14])
    np.testing.assert_allclose(log_bessel(9.0, z), -0.5 * np.log(2 * np.pi * z) - 323 / (8 * z), rtol=1e-12)


def test_never_nan() -> None:
    rng = np.random.default_rng(3)
    size = 50
    n = np.rint(2 * 10 ** rng.uniform(0, 5.5, size)).astype(int)
    for alpha in (1e-12, 0.05, 0.5):
        plan = coprimary_equivalence(
            n1=n,
            n2=n[::-1],
            margin=(0.3, (-0.5, math.inf)),
            sd=(10 ** rng.uniform(-3, 2, size), 1.0),
            effect=(rng.uniform(-20, 20, size) * rng.integers(0, 2, size), 0.0),
            rho=np.clip(rng.uniform(-1.2, 1.2, size), -0.999999, 0.999999),
            alpha=alpha,
        )
        assert np.all((plan.power >= 0) & (plan.power <= 1))


def test_size_and_messages() -> None:
    told = {"margin": (0.5, 0.6), "sd": (1.0, 1.0), "rho": 0.4}
    plan = sample_size("coprimary_equivalence", **told)
    assert plan.power >= 0.8 > coprimary_equivalence(n1=plan.n1 - 1, n2=plan.n1 - 1, **told).power
    level = ks.power.significance_level("coprimary_equivalence", n1=60, n2=60, **told)
    assert level.power == pytest.approx(0.8, rel=1e-9)
    with pytest.raises(InvalidType, match=r"margin is 0\.5; allowed: a pair, for the first and for the"):
        coprimary_equivalence(n1=9, n2=9, **told | {"margin": 0.5})
    with pytest.raises(InvalidArgument, match=r"rho is 1\.0"):
        coprimary_equivalence(n1=9, n2=9, **told | {"rho": 1.0})
    with pytest.raises(InvalidArgument, match="sd is"):
        coprimary_equivalence(n1=9, n2=9, **told | {"sd": (1.0, 1.0, 1.0)})
