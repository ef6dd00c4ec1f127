"""Power of groups by time for more than two groups whose contrasts do not vary alike."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

import ketastats as ks
from ketastats.numerics import corrected_f
from ketastats.numerics.repeated_measures import helmert
from ketastats.power import groups_by_time, groups_by_time_equivalence

TIMES = 4
AR1 = 0.7 ** np.abs(np.subtract.outer(np.arange(TIMES), np.arange(TIMES)))
UNEVEN = np.diag([1.0, 2.0, 3.0, 6.0]) + 0.5
MEANS = np.array([[0, 0, 0, 0], [0, 0.3, 0.5, 0.8], [0, 0.1, 0.2, 1.0]])
TESTS = ("greenhouse_geisser", "huynh_feldt", "hotelling_lawley", "pillai")


def simulated(sizes, means, covariance, draws, seed):
    """The share of data sets in which each test rejects at 5 %, from sums of squares and products."""
    rng = np.random.default_rng(seed)
    rows = helmert(TIMES)
    sigma, b, a = rows @ covariance @ rows.T, TIMES - 1, len(sizes) - 1
    people, free = sum(sizes), sum(sizes) - len(sizes)
    lower = np.linalg.cholesky(sigma)
    groups = np.stack(
        [
            rng.normal(size=(draws, b)) @ lower.T / math.sqrt(n) + rows @ mean
            for n, mean in zip(sizes, means, strict=True)
        ],
        axis=1,
    )
    off = groups - np.average(groups, axis=1, weights=sizes)[:, None]
    h = np.einsum("g,rgi,rgj->rij", np.asarray(sizes, float), off, off)
    e = stats.wishart(free, sigma).rvs(draws, random_state=rng)
    trace = np.trace(e, axis1=1, axis2=2)
    f = np.trace(h, axis1=1, axis2=2) / (a * b) / (trace / (b * free))
    box = trace**2 / (b * np.sum(e * e, axis=(1, 2)))
    lecoutre = np.minimum(((free + 1) * b * box - 2) / (b * (free - b * box)), 1.0)
    s = min(a, b)
    v = np.trace(np.linalg.solve(h + e, h), axis1=1, axis2=2)
    u = np.trace(np.linalg.solve(e, h), axis1=1, axis2=2)
    g = (free**2 - free * (2 * b + 3) + b * (b + 3)) / (free * (a + b + 1) - (a + 2 * b + b * b - 1))
    df2, bottom = 4 + (a * b + 2) * g, s * (free + s - b)
    scale = (df2 - 2) / (free - b - 1)
    p = {
        "greenhouse_geisser": stats.f.sf(f, a * b * box, b * free * box),
        "huynh_feldt": stats.f.sf(f, a * b * lecoutre, b * free * lecoutre),
        "hotelling_lawley": stats.f.sf(u / scale * df2 / (a * b), a * b, df2),
        "pillai": stats.f.sf(v / (a * b) / ((s - v) / bottom), a * b, bottom),
    }
    assert people == free + len(sizes)
    return {name: float(np.mean(value < 0.05)) for name, value in p.items()}


@pytest.mark.parametrize("covariance", [AR1, UNEVEN], ids=["ar1", "uneven"])
@pytest.mark.parametrize("factor", [0.0, 1.2])
@pytest.mark.parametrize("sizes", [(10, 12, 14), (40, 25, 30)])
def test_power_by_simulation(covariance, factor, sizes):
    draws = 20_000
    seen = simulated(sizes, factor * MEANS, covariance, draws, 7)
    for test in TESTS:
        found = groups_by_time(n=sizes, means=factor * MEANS, covariance=covariance, test=test)
        assert found.power == pytest.approx(seen[test], abs=0.02), test
        assert "approximate" in found.method
        assert found.method.endswith("F approximation")


@pytest.mark.parametrize("term", ["time", "interaction"])
def test_the_traces_are_exact_with_one_degree_of_freedom_between_groups(term):
    design = {"n": (9, 13), "means": MEANS[:2], "covariance": AR1, "term": term}
    hotelling = groups_by_time(**design)
    for test in ("hotelling_lawley", "pillai"):
        found = groups_by_time(**design, test=test)
        assert found.power == pytest.approx(hotelling.power, rel=1e-12)
        assert (found.df1, found.df2) == pytest.approx((hotelling.df1, hotelling.df2))
        assert "approximate" not in found.method
        assert found.method.endswith("exact noncentral F")


def test_corrections_vanish_where_all_contrasts_vary_alike():
    design = {"n": (200, 200, 200), "means": 0.2 * MEANS, "rho": 0.5}
    exact = groups_by_time(**design)
    huynh = groups_by_time(**design, test="huynh_feldt")
    assert huynh.power == pytest.approx(exact.power, rel=1e-6)
    assert huynh.df1 == pytest.approx(exact.df1)
    assert huynh.ncp == pytest.approx(exact.ncp)
    assert groups_by_time(**design, test="greenhouse_geisser").power < exact.power
    flat = np.stack([np.eye(3), np.eye(3) * 4])
    np.testing.assert_allclose(corrected_f.sphericity(flat), 1.0)
    assert corrected_f.sphericity(np.diag([1.0, 1e-12, 1e-12])) == pytest.approx(1 / 3)


def test_expected_corrections_by_simulation():
    rng = np.random.default_rng(1)
    sigma, free = np.diag([1.0, 2.0, 5.0]), 14
    draws = stats.wishart(free, sigma).rvs(20_000, random_state=rng)
    trace, squares = np.trace(draws, axis1=1, axis2=2), np.sum(draws**2, axis=(1, 2))
    box = trace**2 / (3 * squares)
    found = corrected_f.expected_epsilon(sigma, np.asarray(float(free)), "greenhouse_geisser")
    assert found == pytest.approx(np.mean(trace**2) / (3 * np.mean(squares)), rel=0.01)
    assert found == pytest.approx(box.mean(), rel=0.08)
    found = corrected_f.expected_epsilon(sigma, np.asarray(float(free)), "huynh_feldt")
    assert found == pytest.approx(np.mean(((free + 1) * 3 * box - 2) / (3 * (free - 3 * box))), rel=0.08)


def test_what_it_is_solved_for_and_what_is_refused():
    told = {"means": MEANS, "covariance": AR1}
    plan = ks.power.sample_size("groups_by_time", **told)
    assert plan.n.shape == (3,)
    assert plan.power >= 0.8 > groups_by_time(n=tuple(plan.n - 1), **told).power
    assert "Hotelling-Lawley" in plan.method
    with pytest.raises(ks.InvalidArgument, match="'univariate' or a multivariate test"):
        groups_by_time_equivalence(n=(20, 20, 20), margin=0.3, test="huynh_feldt", **told)
    assert 0 <= groups_by_time_equivalence(n=(90, 90, 90), margin=0.5, **told).power <= 1
    with pytest.raises(ks.InvalidArgument, match="the power depends on the means"):
        groups_by_time(n=(20, 20, 20), effect=0.2, times=4, rho=0.5, test="pillai")


def test_many_designs_at_once_and_never_nan():
    rng = np.random.default_rng(2)
    means = rng.normal(0, 10 ** rng.uniform(-3, 1, (60, 1, 1)), (60, 3, TIMES))
    n = tuple(np.rint(10 ** rng.uniform(1, 5.5, 60)).astype(int) for _ in range(3))
    for test in TESTS:
        for alpha in (1e-12, 0.05, 0.5):
            power = groups_by_time(n=n, means=means, covariance=UNEVEN, test=test, alpha=alpha).power
            assert power.shape == (60,)
            assert np.all((power >= 0) & (power <= 1))
        one = groups_by_time(n=tuple(size[7] for size in n), means=means[7], covariance=UNEVEN, test=test).power
        many = groups_by_time(n=n, means=means, covariance=UNEVEN, test=test).power
        assert one == pytest.approx(many[7], rel=1e-9)
