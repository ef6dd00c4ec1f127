"""Exact power of two proportions: the enumeration, the region it relies on, and the errors of the tests themselves."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import mpmath
import numpy as np
import pytest

import ketastats as ks
from ketastats.numerics import rates
from ketastats.numerics.binomial_power import binomial_mass, normal_power

GOLDEN = Path(__file__).parent / "golden" / "proportions.csv"


def golden(key: str) -> tuple[dict, dict]:
    with GOLDEN.open(encoding="utf-8", newline="") as file:
        row = next(row for row in csv.DictReader(file) if row["id"] == key)
    return json.loads(row["inputs_json"]), json.loads(row["expected_json"])


def grid(n1: int, n2: int) -> tuple[np.ndarray, np.ndarray]:
    return np.arange(n1 + 1)[:, None], np.arange(n2 + 1)[None, :]


def mass(n: int, p: float) -> np.ndarray:
    with mpmath.workdps(40):
        rate = mpmath.mpf(p)
        return np.array([mpmath.binomial(n, k) * rate**k * (1 - rate) ** (n - k) for k in range(n + 1)])


def brute(rejects: np.ndarray, n1: int, n2: int, p1: float, p2: float) -> float:
    """Return the chance of all tables that reject, each weighed with 40 digits."""
    weights = mass(n1, p1)[:, None] * mass(n2, p2)[None, :]
    return float(mpmath.fsum(weights[rejects]))


# ------------------------------------------------------------------------------------------------- the rejection region
def monotone(n1: int, n2: int, null: float, corrected: bool) -> bool:
    x1, x2 = (column.ravel().astype(float) for column in np.broadcast_arrays(*grid(n1, n2)))
    table = (x1, np.full_like(x1, n1), x2, np.full_like(x1, n2))
    z = rates.score_zscore(table, np.full_like(x1, null), measure="difference", corrected=corrected)
    z = np.clip(z, -1e300, 1e300).reshape(n1 + 1, n2 + 1)
    return bool(np.all(np.diff(z, axis=1) <= 1e-12) and np.all(np.diff(z, axis=0) >= -1e-12))


def test_for_each_x1_the_test_rejects_an_interval_of_x2() -> None:
    # The binary search rests on this: the statistic falls with every x2 and rises with every x1.
    nulls = (-1.0, -0.97, -0.5, -0.16, -1e-6, 0.0, 0.05, 0.1, 0.3, 0.8, 1.0)
    for n1 in range(1, 13):
        for n2 in range(1, 13):
            assert all(monotone(n1, n2, null, corrected=True) for null in nulls), (n1, n2)
    rng = np.random.default_rng(40)
    for _ in range(120):
        n1, n2 = rng.integers(1, 41, 2)
        assert monotone(int(n1), int(n2), float(rng.uniform(-1, 1)), corrected=False), (n1, n2)
    assert all(monotone(160, 90, null, corrected=True) for null in (-0.2, 0.03, 0.4))


# --------------------------------------------------------------------------------------------------------- brute force
DESIGNS = [(1, 1), (1, 7), (5, 3), (8, 8), (12, 11), (37, 46), (40, 9)]
TRUTHS = [(0.2, 0.3), (0.5, 0.5), (0.02, 0.9), (1.0, 0.4), (0.0, 0.0), (0.95, 0.97)]


@pytest.mark.parametrize(("n1", "n2"), DESIGNS)
@pytest.mark.parametrize("alternative", ["two-sided", "greater", "less"])
def test_power_of_a_difference_equals_summing_every_table(n1, n2, alternative) -> None:
    x1, x2 = grid(n1, n2)
    for method, test in (("score", "score"), ("pearson", "mee")):
        p = ks.effects.proportions(x1, n1, x2, n2, method=test).pvalue(0, alternative=alternative)
        for p1, p2 in TRUTHS:
            got = ks.power.proportions(n1=n1, n2=n2, p1=p1, p2=p2, alternative=alternative, method=method, alpha=0.06)
            assert got.power == pytest.approx(brute(p < 0.06, n1, n2, p1, p2), rel=1e-12, abs=1e-18)


@pytest.mark.parametrize(("n1", "n2"), DESIGNS)
@pytest.mark.parametrize("margin", [0.16, (-0.3, 0.1), (-0.2, np.inf), (-np.inf, 0.05), 1.0])
def test_power_of_equivalence_equals_summing_every_table(n1, n2, margin) -> None:
    x1, x2 = grid(n1, n2)
    for method in ("score", "mee"):
        established = ks.equivalence.proportions(x1, n1, x2, n2, margin=margin, alpha=0.1, method=method).established
        for p1, p2 in TRUTHS[::2]:
            got = ks.power.proportions_equivalence(n1=n1, n2=n2, p1=p1, p2=p2, margin=margin, alpha=0.1, method=method)
            assert got.power == pytest.approx(brute(established, n1, n2, p1, p2), rel=1e-12, abs=1e-15)


def test_random_designs_equal_summing_every_table() -> None:
    rng = np.random.default_rng(12)
    for _ in range(25):
        n1, n2 = (int(n) for n in rng.integers(1, 41, 2))
        p1, p2, margin = rng.random(), rng.random(), rng.uniform(0.05, 0.6)
        x1, x2 = grid(n1, n2)
        established = ks.equivalence.proportions(x1, n1, x2, n2, margin=margin).established
        got = ks.power.proportions_equivalence(n1=n1, n2=n2, p1=p1, p2=p2, margin=margin)
        assert got.power == pytest.approx(brute(established, n1, n2, p1, p2), rel=1e-12, abs=1e-15)


@pytest.mark.parametrize(("n", "p"), [(1, 0.3), (40, 0.01), (3000, 0.5), (10**6, 0.2), (10**6, 1e-6), (50, 1 - 1e-9)])
def test_binomial_masses_match_forty_digits(n, p) -> None:
    start, got = binomial_mass(n, p)
    assert got.sum() == pytest.approx(1, abs=1e-14)
    rows = np.unique(np.linspace(0, got.size - 1, 25).astype(int))
    with mpmath.workdps(60):
        rate = mpmath.mpf(p)
        for row in rows:
            k = start + int(row)
            log = mpmath.loggamma(n + 1) - mpmath.loggamma(k + 1) - mpmath.loggamma(n - k + 1)
            want = mpmath.exp(log) * rate**k * (1 - rate) ** (n - k)
            assert abs(got[row] - want) <= 2e-13 * want + 1e-21
        # What lies outside the window is nothing.
        before = mpmath.exp(log_mass(n, start - 1, rate)) if start > 0 else 0
        after = mpmath.exp(log_mass(n, start + got.size, rate)) if start + got.size <= n else 0
        assert before < 1e-20
        assert after < 1e-20


def log_mass(n, k, rate):
    log = mpmath.loggamma(n + 1) - mpmath.loggamma(k + 1) - mpmath.loggamma(n - k + 1)
    return log + k * mpmath.log(rate) + (n - k) * mpmath.log(1 - rate)


# ---------------------------------------------------------------------------------------------------------- invariants
def test_exchanging_groups_changes_nothing() -> None:
    a = ks.power.proportions(n1=37, n2=46, p1=0.2, p2=0.4).power
    b = ks.power.proportions(n1=46, n2=37, p1=0.4, p2=0.2).power
    assert a == pytest.approx(b, rel=1e-12)
    a = ks.power.proportions_equivalence(n1=137, n2=246, p1=0.2, p2=0.25, margin=(-0.2, 0.1)).power
    b = ks.power.proportions_equivalence(n1=246, n2=137, p1=0.25, p2=0.2, margin=(-0.1, 0.2)).power
    assert a == pytest.approx(b, rel=1e-12)


def test_counting_failures_changes_nothing() -> None:
    a = ks.power.proportions_equivalence(n1=90, n2=70, p1=0.2, p2=0.3, margin=0.25).power
    b = ks.power.proportions_equivalence(n1=90, n2=70, p1=0.8, p2=0.7, margin=0.25).power
    assert a == pytest.approx(b, rel=1e-12)


def test_power_grows_with_effect_and_with_margin() -> None:
    power = ks.power.proportions(n1=83, n2=83, p1=np.linspace(0.3, 0.9, 61), p2=0.3).power
    assert np.all(np.diff(power) > 0)
    before = 0.0
    for margin in (0.05, 0.1, 0.16, 0.2, 0.3, 0.5):
        power = ks.power.proportions_equivalence(n1=83, n2=83, p1=0.3, p2=0.35, margin=margin).power
        assert power >= before
        before = power
    assert ks.power.proportions_equivalence(n1=5, n2=4, p1=0.3, p2=0.9, margin=np.inf).power == pytest.approx(
        1, abs=1e-14
    )


def test_both_sides_add_up() -> None:
    design = {"n1": 28, "n2": 55, "p1": 0.2, "p2": 0.31}
    both = ks.power.proportions(**design, alpha=0.05).power
    sides = [ks.power.proportions(**design, alpha=0.025, alternative=side).power for side in ("greater", "less")]
    assert both == pytest.approx(sum(sides), rel=1e-13)


def test_arrays_of_designs_equal_single_calls() -> None:
    n1, p2 = np.array([[20], [37], [20]]), np.array([0.1, 0.5, 0.5, 1.0])
    many = ks.power.proportions_equivalence(n1=n1, n2=30, p1=0.4, p2=p2, margin=0.3)
    assert many.power.shape == (3, 4)
    for i in range(3):
        for j in range(4):
            one = ks.power.proportions_equivalence(n1=int(n1[i, 0]), n2=30, p1=0.4, p2=float(p2[j]), margin=0.3)
            assert isinstance(one.power, float)
            # Other rates in the same call only widen the window that is searched.
            assert one.power == pytest.approx(many.power[i, j], rel=1e-14, abs=1e-300)
    np.testing.assert_allclose(many.effect, 0.4 - np.broadcast_to(p2, (3, 4)))


# ---------------------------------------------------------------------------------------- how well the tests hold alpha
EQUIVALENCE_DESIGNS = [(37, 46, 0.16), (83, 83, 0.10), (28, 55, 0.16), (200, 100, 0.10), (500, 500, 0.05)]


@pytest.mark.parametrize(("n1", "n2", "margin"), EQUIVALENCE_DESIGNS)
def test_type_one_error_of_equivalence_at_the_margin(n1, n2, margin) -> None:
    # Exact, over a grid of all true rates at both ends of the margin. A score test holds its level only nearly: the
    # worst of these is .0576 (200 and 100, rates near 0 or 1), and the average stays below .05.
    lower = np.linspace(0, 1 - margin, 101)
    design = {"n1": n1, "n2": n2, "margin": margin}
    for p1, p2 in ((lower + margin, lower), (lower, lower + margin)):
        error = ks.power.proportions_equivalence(**design, p1=p1, p2=p2).power
        assert error.max() < 0.060
        assert error.mean() < 0.050


@pytest.mark.parametrize(("n1", "n2"), [(10, 10), (37, 46), (28, 55), (100, 300)])
def test_type_one_error_of_a_difference(n1, n2) -> None:
    rate = np.linspace(0.25, 0.75, 51)
    error = ks.power.proportions(n1=n1, n2=n2, p1=rate, p2=rate).power
    assert 0.035 < error.mean() < 0.052
    assert error.max() < 0.056
    pearson = ks.power.proportions(n1=n1, n2=n2, p1=rate, p2=rate, method="pearson").power
    assert np.all(pearson >= error)


def test_coverage_of_the_score_interval_by_enumeration() -> None:
    # Exact coverage of the 90 % interval: it is 1 minus what both one-sided tests at 5 % reject at the truth.
    x1, x2 = grid(37, 46)
    interval = ks.effects.proportions(x1, 37, x2, 46).confidence_interval(0.90)
    for p1, p2 in ((0.19, 0.30), (0.5, 0.5), (0.05, 0.1), (0.7, 0.3)):
        covers = (interval.low <= p1 - p2) & (p1 - p2 <= interval.high)
        assert 0.88 < brute(covers, 37, 46, p1, p2) < 0.95


# ------------------------------------------------------------------------------------------------------ golden values
def test_normal_approximation_matches_other_programs() -> None:
    inputs, expected = golden("PWR-062")  # a sample size that is not whole
    n, p2 = np.array(inputs["n1"]), np.array(inputs["p2"])
    got = normal_power((n, n), (p2 + inputs["diff"], p2), (0.0, 0.0), inputs["alpha"], "two-sided")
    assert got == pytest.approx(expected["power"], abs=1e-6)
    for key, tolerance in (("PWR-063", 1e-6), ("PWR-065", 1e-9)):
        inputs, expected = golden(key)
        n1, p2 = inputs["n1"], inputs["p2"]
        design = {"n1": n1, "n2": n1 * inputs["ratio"], "p1": p2 + inputs["diff"], "p2": p2}
        got = ks.power.proportions(**design, alpha=inputs["alpha"], method="normal").power
        assert got == pytest.approx(expected["power"], abs=tolerance)


def test_rare_events_defeat_the_normal_approximation() -> None:
    # 550 per group, .001 against .015: other programs print a power of .742; the test itself has .827.
    inputs, expected = golden("PWR-063")
    design = {"n1": 550, "n2": 550, "p1": inputs["p2"] + inputs["diff"], "p2": inputs["p2"]}
    exact = ks.power.proportions(**design, method="pearson").power
    x1, x2 = grid(15, 60)  # hardly ever more events than these
    rejects = ks.effects.proportions(x1, 550, x2, 550, method="mee").pvalue() < 0.05
    weights = mass(550, design["p1"])[:16, None] * mass(550, design["p2"])[None, :61]
    assert exact == pytest.approx(float(mpmath.fsum(weights[rejects])), abs=1e-10)
    assert exact - expected["power"] > 0.08


@pytest.mark.parametrize("key", ["EQP-513", "EQP-516", "EQP-517"])
def test_printed_sample_sizes_have_the_power_they_promise(key) -> None:
    inputs, expected = golden(key)
    n, margin = expected["n_per_group"], inputs["margin"]
    ends = (margin, np.inf) if margin < 0 else margin
    design = {"n1": n, "n2": n, "p1": inputs["p1"], "p2": inputs["p2"], "margin": ends, "alpha": inputs["alpha"]}
    assert ks.power.proportions_equivalence(**design).power == pytest.approx(inputs["power"], abs=0.004)
    assert ks.power.proportions_equivalence(**design, method="normal").power == pytest.approx(
        inputs["power"], abs=0.003
    )


def test_a_sample_size_that_another_program_inflates() -> None:
    # TOSTER gave 1448 per group for .28 against .33 within .10 at power .80; 1048 do.
    power = ks.power.proportions_equivalence(n1=[1048, 1448], n2=[1048, 1448], p1=0.28, p2=0.33, margin=0.10).power
    assert power[0] == pytest.approx(0.80, abs=0.005)
    assert power[1] > 0.89


# ------------------------------------------------------------------------------------------------- edges and bad input
def test_normal_approximation_without_variance() -> None:
    assert ks.power.proportions(n1=10, n2=10, p1=1.0, p2=0.0, method="normal").power == 1
    assert ks.power.proportions_equivalence(n1=10, n2=10, p1=1.0, p2=0.0, margin=0.1, method="normal").power == 0
    assert ks.power.proportions_equivalence(n1=10, n2=10, p1=0.5, p2=0.5, margin=0.1, method="normal").power == 0


def test_large_designs_stay_finite() -> None:
    power = ks.power.proportions_equivalence(n1=10**6, n2=10**6, p1=0.5, p2=0.501, margin=0.0035).power
    assert power == pytest.approx(
        ks.power.proportions_equivalence(n1=10**6, n2=10**6, p1=0.5, p2=0.501, margin=0.0035, method="normal").power,
        abs=1e-3,
    )
    assert ks.power.proportions(n1=10**6, n2=10**6, p1=0.5, p2=0.6).power == pytest.approx(1, abs=1e-13)


def test_results_say_what_was_computed() -> None:
    result = ks.power.proportions(n1=[37, 38], n2=[46, 45], p1=0.2, p2=0.3)
    assert "enumeration of the Miettinen-Nurminen score test" in result.method
    assert result.method.endswith("two-sided")
    assert list(result.to_frame().columns) == ["power", "n1", "n2", "effect", "alpha", "p1", "p2"]
    assert "exact" not in ks.power.proportions(n1=37, n2=46, p1=0.2, p2=0.3, method="normal").method


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"n1": 0}, "n1 is 0"),
        ({"n2": 2.5}, "n2 is 2.5"),
        ({"p1": 1.1}, "p1 is 1.1"),
        ({"p2": -0.1}, "p2 is -0.1"),
        ({"alpha": 0}, "alpha is 0"),
        ({"alternative": "both"}, "alternative is 'both'"),
        ({"method": "fisher"}, "method is 'fisher'"),
    ],
)
def test_bad_input_names_the_argument(options, message) -> None:
    design = {"n1": 37, "n2": 46, "p1": 0.2, "p2": 0.3}
    with pytest.raises(ks.InvalidArgument, match=message):
        ks.power.proportions(**{**design, **options})


def test_bad_equivalence_input_names_the_argument() -> None:
    design = {"n1": 37, "n2": 46, "p1": 0.2, "p2": 0.3}
    with pytest.raises(ks.InvalidArgument, match="margin is -1"):
        ks.power.proportions_equivalence(**design, margin=-1)
    with pytest.raises(ks.InvalidArgument, match=r"alpha is 0\.7"):
        ks.power.proportions_equivalence(**design, margin=0.1, alpha=0.7)
