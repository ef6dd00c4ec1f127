"""Mean and SD from quantiles: printed examples, definitions, quadrature against draws, and invariants."""

from __future__ import annotations

import csv
import json
import math
from pathlib import Path

import numpy as np
import pytest
from scipy import optimize, special, stats

import ketastats as ks
from ketastats.effects import mean_from_quantiles
from ketastats.numerics import quantile_estimates, quantile_fits

with (Path(__file__).parent / "golden" / "means_more.csv").open(encoding="utf-8", newline="") as file:
    GOLDEN = {row["id"]: row for row in csv.DictReader(file)}
METHODS = ["normal", "log_normal", "blue", "box_cox", "mln", "quantile"]
POSITIVE = ["log_normal", "box_cox", "mln", "quantile"]
NAMES = {"min": "minimum", "max": "maximum"}
SETS = [{"minimum": 2, "maximum": 14}, {"q1": 4, "q3": 10}, {"minimum": 2, "q1": 4, "q3": 10, "maximum": 14}]


def golden(name):
    row = GOLDEN[name]
    return json.loads(row["inputs_json"]), json.loads(row["expected_json"]), float(row["tolerance"])


def called(given, **more):
    words = {NAMES.get(name, name): value for name, value in given.items() if name not in ("method", "seed")}
    return mean_from_quantiles(**(words | more))


def test_golden_weights():
    given, expected, tolerance = golden("fivenum_case1")
    found = called(given)
    assert (found.mean, found.sd) == pytest.approx((expected["mean"], expected["sd"]), abs=tolerance)


def test_golden_best_linear_unbiased():
    given, expected, tolerance = golden("fivenum_blue")
    found = [called(given[case], n=given["n"], method="blue") for case in ("case1", "case2", "case3")]
    assert [each.mean for each in found] == pytest.approx(expected["mean"], abs=tolerance)
    assert [each.sd for each in found] == pytest.approx(expected["sd"], abs=tolerance)


def test_golden_skewed_sample():
    given, expected, tolerance = golden("fivenum_skew")
    found = called(given, method="log_normal")
    assert bool(found.skewed)
    assert (
        expected["default"]
        == f"NA (skewness test .{found.skewness * 1000:.0f} > critical .{found.critical * 1000:.0f})"
    )
    assert (found.mean, found.sd) == pytest.approx((expected["lnorm_mean"], expected["lnorm_sd"]), abs=tolerance)


def test_golden_box_cox():
    given, expected, tolerance = golden("estmeansd_bc")
    found = called(given, method="box_cox")
    assert (found.mean, found.sd) == pytest.approx((expected["mean"], expected["sd"]), abs=tolerance)


def test_nearest_quantiles_of_a_manual():
    # README of estmeansd: 4.347284 and 1.502171 by L-BFGS-B, which stops near the least squares.
    found = mean_from_quantiles(4, 100, minimum=2, maximum=9, method="quantile")
    assert (found.mean, found.sd) == pytest.approx((4.347284, 1.502171), abs=5e-5)
    assert found.distribution == "log-normal"


def test_mln_by_an_optimiser_and_random_draws():
    # At n = 20 and 2, 6, 14 the most likely power is zero: a log-normal distribution.
    n, y = 20, np.log([2.0, 6.0, 14.0])

    def minus(theta):
        z = (y - theta[0]) / theta[1]
        inside = np.log(np.diff(stats.norm.cdf(z)))
        return -(stats.norm.logpdf(z).sum() - 3 * math.log(theta[1]) + 9 * inside[0] + 8 * inside[1])

    best = optimize.minimize(minus, [1.7, 0.5], method="Nelder-Mead", options={"xatol": 1e-10, "fatol": 1e-13}).x
    found = mean_from_quantiles(6, n, minimum=2, maximum=14, method="mln")
    mean = math.exp(best[0] + best[1] ** 2 / 2)
    assert (found.mean, found.sd) == pytest.approx((mean, mean * math.sqrt(math.expm1(best[1] ** 2))), rel=1e-6)
    # metafor prints 6.436352 and 3.468935 from 10,000 random draws: within three of their standard errors.
    given, expected, _ = json.loads(UNSERVED["inputs_json"]), json.loads(UNSERVED["expected_json"]), None
    for at, case in enumerate(("case1", "case2", "case3")):
        each = called(given[case], n=given["n"], method="mln")
        assert abs(each.mean - expected["mean"][at]) < 3 * each.sd / 100
        assert abs(each.sd - expected["sd"][at]) < 0.1 * each.sd


UNSERVED = {
    "inputs_json": '{"method": "mln", "n": 20, "case1": {"min": 2, "median": 6, "max": 14}, '
    '"case2": {"q1": 4, "median": 6, "q3": 10}, '
    '"case3": {"min": 2, "q1": 4, "median": 6, "q3": 10, "max": 14}}',
    "expected_json": '{"mean": [6.436352, 7.19551, 6.782542], "sd": [3.468935, 4.972998, 4.098021]}',
}


@pytest.mark.parametrize(("power", "mean", "sd"), [(0.5, 3.0, 1.2), (2.0, 4.0, 3.0), (0.0, 1.0, 0.7), (0.02, 2.0, 0.6)])
def test_moments_behind_a_transformation_are_those_of_draws(power, mean, sd):
    y = np.random.default_rng(1).normal(mean, sd, 400_000)
    if power > 0:
        y = y[(y > -1 / power) & (y < 2 * mean + 1 / power)]
    x = special.inv_boxcox(y, power)
    found = quantile_fits._moments(*(np.array([value]) for value in (mean, sd, power)))
    assert found[0][0] == pytest.approx(x.mean(), abs=5 * x.std() / math.sqrt(x.size))
    assert found[1][0] == pytest.approx(x.std(), rel=0.02)


@pytest.mark.parametrize("n", [5, 20, 101])
def test_moments_of_order_statistics_are_near_those_of_samples(n):
    ranks = quantile_estimates.order_ranks(np.array([float(n)]), "both")
    centre, covariance = quantile_estimates._order_moments(ranks.astype(float), np.array([float(n)]))
    draws = np.sort(np.random.default_rng(2).normal(size=(60_000, n)), axis=1)[:, ranks[0] - 1]
    # David's and Johnson's series leaves out terms of the order of n**-3.
    assert centre[0] == pytest.approx(draws.mean(axis=0), abs=0.02 + 1.0 / n**2)
    assert covariance[0] == pytest.approx(np.cov(draws.T), rel=0.1 + 2.0 / n, abs=0.01)


def test_best_linear_unbiased_weights_meet_their_conditions():
    # A sample that equals its expected order statistics has mean zero and SD one, and follows a change of units.
    for kind, size in (("range", 3), ("quartiles", 3), ("both", 5)):
        n = np.array([37.0])
        centre, _ = quantile_estimates._order_moments(quantile_estimates.order_ranks(n, kind).astype(float), n)
        assert centre.shape == (1, size)
        assert quantile_estimates.blue(5.0 + 2.0 * centre, n, kind) == pytest.approx((5.0, 2.0), abs=1e-10)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("given", SETS, ids=["range", "quartiles", "both"])
def test_scalar_is_the_array_of_one_and_units_do_not_matter(method, given):
    one = mean_from_quantiles(6, 20, method=method, **given)
    many = mean_from_quantiles([6, 6], [20, 50], method=method, **given)
    assert isinstance(one.mean, float)
    assert many.mean.shape == (2,)
    assert (many.mean[0], many.sd[0], many.skewed[0]) == (pytest.approx(one.mean), pytest.approx(one.sd), one.skewed)
    assert len(many.to_frame()) == 2
    if method != "mln":
        scaled = mean_from_quantiles(6e3, 20, method=method, **{name: 1e3 * value for name, value in given.items()})
        assert (scaled.mean, scaled.sd) == pytest.approx((1e3 * one.mean, 1e3 * one.sd), rel=1e-6)


@pytest.mark.parametrize("method", ["normal", "blue"])
def test_methods_for_normal_samples_move_with_the_origin_and_mirror(method):
    given = {"minimum": -2.0, "q1": 1.0, "q3": 3.5, "maximum": 7.0}
    one = mean_from_quantiles(2.0, 41, method=method, **given)
    mirrored = {"minimum": -7.0, "q1": -3.5, "q3": -1.0, "maximum": 2.0}
    two = mean_from_quantiles(-2.0, 41, method=method, **mirrored)
    # n / 2 + 1 is the middle rank of odd numbers alone, and n / 4 + 1 and 3 n / 4 + 1 mirror each other then.
    assert (two.mean, two.sd) == pytest.approx((-one.mean, one.sd), rel=1e-10)
    moved = mean_from_quantiles(102.0, 41, method=method, **{name: value + 100 for name, value in given.items()})
    assert (moved.mean, moved.sd) == pytest.approx((one.mean + 100, one.sd), rel=1e-10)


def test_estimates_come_near_the_samples():
    rng = np.random.default_rng(6)
    draws = {
        "normal": lambda: rng.normal(20, 4, 200),
        "log_normal": lambda: rng.lognormal(1.0, 0.6, 200),
        "box_cox": lambda: rng.lognormal(1.0, 0.6, 200),
        "quantile": lambda: rng.gamma(3.0, 2.0, 200),
        "mln": lambda: rng.gamma(3.0, 2.0, 200),
    }
    for method, draw in draws.items():
        x = np.stack([draw() for _ in range(60)])
        low, q1, middle, q3, high = np.quantile(x, (0, 0.25, 0.5, 0.75, 1), axis=1)
        found = mean_from_quantiles(middle, 200, minimum=low, q1=q1, q3=q3, maximum=high, method=method)
        assert np.mean(found.mean / x.mean(axis=1)) == pytest.approx(1.0, abs=0.03), method
        assert np.mean(found.sd / x.std(axis=1, ddof=1)) == pytest.approx(1.0, abs=0.08), method


def test_the_test_of_skewness_keeps_its_level_in_normal_samples():
    x = np.random.default_rng(3).normal(size=(8_000, 81))
    low, q1, middle, q3, high = np.quantile(x, (0, 0.25, 0.5, 0.75, 1), axis=1)
    for given in ({"minimum": low, "maximum": high}, {"q1": q1, "q3": q3}):
        assert np.mean(mean_from_quantiles(middle, 81, **given).skewed) == pytest.approx(0.05, abs=0.012)


def test_a_constant_sample_has_no_spread():
    found = mean_from_quantiles(3.0, 9, minimum=3.0, q1=3.0, q3=3.0, maximum=3.0)
    assert (found.mean, found.sd, found.skewness, found.skewed) == (3.0, 0.0, 0.0, False)


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"q1": None, "q3": None}, "q1"),
        ({"q3": None}, "q3"),
        ({"minimum": 1.0}, "maximum"),
        ({"n": 4}, "n"),
        ({"n": 20.5}, "n"),
        ({"median": 11}, "median"),
        ({"q1": 7}, "q1"),
        ({"median": math.nan}, "median"),
        ({"method": "mean"}, "method"),
        ({"method": "mln", "q1": -1}, "method"),
        ({"method": "box_cox", "q1": 6}, "method"),
        ({"n": [20, 30], "median": [5, 6, 7]}, "shapes"),
    ],
)
def test_bad_arguments_are_named(change, name):
    with pytest.raises(ks.KetastatsError, match=rf"^{name} is|^shapes"):
        mean_from_quantiles(**({"median": 6, "n": 20, "q1": 4, "q3": 10} | change))
