"""Bayes factors of one rate and of 2x2 tables under four sampling plans."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import mpmath as mp
import numpy as np
import pytest

import ketastats as ks
from ketastats.evidence import proportion, proportions, tables

GOLDEN = Path(__file__).parent / "golden" / "evidence_more.csv"
ROWS = {row["id"]: row for row in csv.DictReader(GOLDEN.read_text(encoding="utf-8").splitlines())}
BINOMIAL = {"BF-020": 1e-5, "BF-022": 1e-5, "BF-023": 1e-5, "BF-024": 1e-5, "BF-027": None}
PLANS = ("independent", "joint", "poisson", "hypergeometric")


def log_dirichlet(*values):
    return sum(mp.loggamma(value) for value in values) - mp.loggamma(sum(values))


def exact_table(x1, n1, x2, n2, prior, plan):
    """Gunel & Dickey 1974, equations 4.2, 4.4, 4.7 and 4.11, from the gamma functions themselves."""
    with mp.workdps(40):
        a = mp.mpf(prior)
        xi, total, events = 2 * a - 1, n1 + n2, x1 + x2
        cells = (x1, n1 - x1, x2, n2 - x2)
        columns = log_dirichlet(xi, xi) - log_dirichlet(events + xi, total - events + xi)
        rows = log_dirichlet(xi, xi) - log_dirichlet(n1 + xi, n2 + xi)
        data = log_dirichlet(*(y + a for y in cells)) - log_dirichlet(a, a, a, a)
        if plan == "independent":
            return columns + log_dirichlet(2 * a, 2 * a) - log_dirichlet(n1 + 2 * a, n2 + 2 * a) + data
        if plan == "joint":
            return columns + rows + data
        if plan == "poisson":
            b = 4 * a / total
            many = mp.loggamma(4 * a - 1) - mp.loggamma(total + 4 * a - 1) - mp.log(1 + 1 / b)
            return many + columns + rows + sum(mp.loggamma(a + y) - mp.loggamma(a) for y in cells)

        def weight(k):
            return mp.fprod(mp.gamma(y + a) / mp.factorial(y) for y in (k, n1 - k, events - k, n2 - events + k))

        support = range(max(0, events - n2), min(n1, events) + 1)
        null = mp.binomial(n1, x1) * mp.binomial(n2, x2) / mp.binomial(total, events)
        return mp.log(weight(x1) / sum(weight(k) for k in support) / null)


def random_tables(count, largest, seed):
    rng = np.random.default_rng(seed)
    n1, n2 = np.exp(rng.uniform(0, np.log(largest), (2, count))).round().astype(int)
    x1, x2 = (np.where(rng.random(count) < 0.3, 0, rng.integers(0, n + 1)) for n in (n1, n2))
    return x1, n1, np.where(rng.random(count) < 0.3, n2, x2), n2


# ----------------------------------------------------------------------------------------------------------- 2x2 tables
@pytest.mark.parametrize("plan", PLANS)
@pytest.mark.parametrize("prior", [0.6, 1.0, 2.3, 40.0])
def test_tables_agree_with_forty_digits(plan, prior) -> None:
    table = random_tables(12, 300 if plan == "hypergeometric" else 10**7, 4)
    ours = tables(*table, sampling=plan, prior=prior).log_bf10
    for i, row in enumerate(zip(*table, strict=True)):
        want = exact_table(*(int(v) for v in row), prior, plan)
        assert abs(ours[i] - want) <= 1e-12 * max(1, abs(want)), row


def test_probabilities_of_all_tables_add_to_one() -> None:
    # Weighted by the null's probabilities, the factors of all tables of a design average to one.
    n1, n2 = 7, 5
    x1, x2 = (value.ravel() for value in np.meshgrid(np.arange(n1 + 1), np.arange(n2 + 1)))
    for prior in (0.7, 1.0, 3.0):
        xi = 2 * prior - 1
        null = [
            float(
                mp.binomial(n1, int(a))
                * mp.binomial(n2, int(b))
                * mp.beta(xi + a + b, xi + n1 + n2 - a - b)
                / mp.beta(xi, xi)
            )
            for a, b in zip(x1, x2, strict=True)
        ]
        assert np.sum(null * tables(x1, n1, x2, n2, prior=prior).bf10) == pytest.approx(1, abs=1e-12)
        for events in range(n1 + n2 + 1):
            at = x1 + x2 == events
            fixed = [float(mp.binomial(n1, int(a)) * mp.binomial(n2, events - int(a))) for a in x1[at]]
            factor = tables(x1[at], n1, x2[at], n2, sampling="hypergeometric", prior=prior).bf10
            assert np.dot(fixed, factor) / np.sum(fixed) == pytest.approx(1, abs=1e-12)


def test_uniform_prior_is_that_of_proportions() -> None:
    table = random_tables(40, 10**6, 8)
    np.testing.assert_allclose(tables(*table).log_bf10, proportions(*table).log_bf10, rtol=1e-13, atol=1e-12)


@pytest.mark.parametrize("plan", PLANS)
def test_groups_and_outcomes_can_be_exchanged(plan) -> None:
    x1, n1, x2, n2 = random_tables(40, 500, 5)
    for prior in (1.0, 1.7):
        one = tables(x1, n1, x2, n2, sampling=plan, prior=prior).log_bf10
        swapped = tables(x2, n2, x1, n1, sampling=plan, prior=prior).log_bf10
        turned = tables(n1 - x1, n1, n2 - x2, n2, sampling=plan, prior=prior).log_bf10
        np.testing.assert_allclose(swapped, one, rtol=1e-12, atol=1e-12)
        np.testing.assert_allclose(turned, one, rtol=1e-12, atol=1e-12)


def test_rows_and_columns_can_be_exchanged_where_neither_is_fixed_first() -> None:
    a, b, c, d = 7, 30, 14, 32
    for plan in ("joint", "poisson", "hypergeometric"):
        by_rows = tables(a, a + b, c, c + d, sampling=plan, prior=1.3).log_bf10
        assert tables(a, a + c, b, b + d, sampling=plan, prior=1.3).log_bf10 == pytest.approx(by_rows, abs=1e-12)


def test_one_table_with_the_margins_holds_no_evidence() -> None:
    assert tables(0, 5, 0, 9, sampling="hypergeometric").log_bf10 == pytest.approx(0, abs=1e-14)
    assert tables(5, 5, 9, 9, sampling="hypergeometric", prior=2.0).log_bf10 == pytest.approx(0, abs=1e-14)


def test_large_hypergeometric_sums_are_done_in_parts() -> None:
    whole = tables(300_000, 600_000, 299_000, 600_000, sampling="hypergeometric", prior=1 + 1e-13).log_bf10
    assert whole == pytest.approx(
        tables(300_000, 600_000, 299_000, 600_000, sampling="hypergeometric").log_bf10, abs=1e-8
    )
    with pytest.raises(ks.BudgetExceeded, match="prior=1"):
        tables(10**8, 2 * 10**8, 10**8, 2 * 10**8, sampling="hypergeometric", prior=2.0)


def test_tables_are_never_nan() -> None:
    table = random_tables(1000, 10**9, 11)
    for plan in ("independent", "joint", "poisson"):
        assert np.all(np.isfinite(tables(*table, sampling=plan).log_bf10))
    assert np.all(np.isfinite(tables(*table, sampling="hypergeometric").log_bf10))


def test_bad_tables_are_refused() -> None:
    with pytest.raises(ks.InvalidArgument, match="sampling"):
        tables(1, 2, 1, 2, sampling="columns")
    with pytest.raises(ks.InvalidArgument, match=r"prior is 0\.5"):
        tables(1, 2, 1, 2, prior=0.5)
    with pytest.raises(ks.InvalidArgument, match="x1"):
        tables(3, 2, 1, 2)


# ------------------------------------------------------------------------------------------------------------- one rate
@pytest.mark.parametrize("name", BINOMIAL)
def test_golden_binomial(name) -> None:
    inputs, expected = json.loads(ROWS[name]["inputs_json"]), json.loads(ROWS[name]["expected_json"])
    ours = proportion(inputs["x"], inputs["n"], null=inputs["p0"], a=inputs["a"], b=inputs["b"]).bf01
    tolerance = {"rel": BINOMIAL[name]} if BINOMIAL[name] else {"abs": 5e-3}
    assert ours == pytest.approx(expected["bf01"], **tolerance)


def test_one_rate_agrees_with_forty_digits() -> None:
    rng = np.random.default_rng(2)
    n = np.exp(rng.uniform(0, np.log(1e7), 80)).astype(int)
    x = np.choose(rng.integers(0, 3, 80), [np.zeros_like(n), n, rng.integers(0, n + 1)])
    null = rng.choice([0.5, 0.1, 1e-6, 0.99, 0.3], 80)
    a, b = np.exp(rng.uniform(-2, 4, (2, 80)))
    ours = proportion(x, n, null=null, a=a, b=b).log_bf10
    for i in range(80):
        with mp.workdps(40):
            first, second, p = mp.mpf(a[i]), mp.mpf(b[i]), mp.mpf(null[i])
            hits, misses = int(x[i]), int(n[i] - x[i])
            want = log_dirichlet(first + hits, second + misses) - log_dirichlet(first, second)
            want -= hits * mp.log(p) + misses * mp.log(1 - p)
        assert abs(ours[i] - want) <= 1e-12 * max(1, abs(want)), i


def test_one_sided_factors_of_a_rate() -> None:
    with mp.workdps(25):
        above = mp.log(mp.quad(lambda p: p**16 * (1 - p) ** 4 * 2, [0.5, 0.8, 1]) * 2**20)
    assert proportion(16, 20, null=0.5, alternative="greater").log_bf10 == pytest.approx(float(above), abs=1e-12)
    # The parts of the prior, weighted by their masses, make up the whole.
    for null in (0.2, 0.5):
        factors = [proportion(5, 20, null=null, alternative=side).bf10 for side in ("greater", "less")]
        assert (1 - null) * factors[0] + null * factors[1] == pytest.approx(
            proportion(5, 20, null=null).bf10, rel=1e-12
        )
    assert np.isfinite(proportion(10**6, 10**6, null=0.5, alternative="less").log_bf10)


def test_certain_nulls() -> None:
    assert proportion(0, 5, null=0.0).bf01 == pytest.approx(6, rel=1e-13)
    assert proportion(5, 5, null=1.0).bf01 == pytest.approx(6, rel=1e-13)
    assert proportion(1, 5, null=0.0).log_bf10 == np.inf
    assert proportion(4, 5, null=1.0).log_bf10 == np.inf
    with pytest.raises(ks.InvalidArgument, match="null"):
        proportion(1, 5, null=0.0, alternative="greater")


def test_bad_rates_are_refused() -> None:
    with pytest.raises(ks.InvalidArgument, match="x is 6; allowed: at most n, here 5"):
        proportion(6, 5, null=0.5)
    with pytest.raises(ks.InvalidArgument, match="null"):
        proportion(1, 5, null=1.5)
    with pytest.raises(ks.InvalidArgument, match="a is 0"):
        proportion(1, 5, null=0.5, a=0)
