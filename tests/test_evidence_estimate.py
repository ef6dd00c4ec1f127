"""Bayes factors of an estimate and its standard error."""

from __future__ import annotations

import csv
import json
import math
from pathlib import Path

import mpmath as mp
import numpy as np
import pytest

import ketastats as ks
from ketastats.evidence import estimate

GOLDEN = Path(__file__).parent / "golden" / "evidence.csv"
ROWS = {row["id"]: row for row in csv.DictReader(GOLDEN.read_text(encoding="utf-8").splitlines())}
SERVED = ["BF-030", "BF-031", "BF-033"]
PRIORS = {
    "normal": {"prior_mean": 0.5, "prior_sd": 2.0},
    "half_normal": {"prior_sd": 2.0},
    "uniform": {"prior_low": -1.0, "prior_high": 3.0},
    "cauchy": {"prior_scale": 0.7},
}


def prior_density(family, theta):
    given = {key: mp.mpf(value) for key, value in PRIORS[family].items()}
    if family == "normal":
        return mp.npdf(theta, given["prior_mean"], given["prior_sd"])
    if family == "half_normal":
        return 2 * mp.npdf(theta, 0, given["prior_sd"])
    if family == "uniform":
        return 1 / (given["prior_high"] - given["prior_low"])
    return given["prior_scale"] / (mp.pi * (given["prior_scale"] ** 2 + theta**2))


def exact(family, x, se, df):
    def likelihood(theta):
        z = (mp.mpf(x) - theta) / se
        return mp.npdf(z) if math.isinf(df) else (1 + z * z / df) ** (-(mp.mpf(df) + 1) / 2)

    null = likelihood(mp.mpf(0))
    reach = 60 if math.isinf(df) else 4000
    marks = sorted({-reach, -20, -6, -3, -1, 0, 1, 3, 6, 20, reach, x, x - 2 * se, x + 2 * se, x - 6 * se, x + 6 * se})
    if family == "half_normal":
        marks = [mark for mark in marks if mark >= 0]
    elif family == "uniform":
        marks = [-1, *(mark for mark in marks if -1 < mark < 3), 3]
    elif family == "cauchy":
        marks = [-mp.inf, *marks, mp.inf]
    return mp.log(mp.quad(lambda theta: prior_density(family, theta) * likelihood(theta), marks) / null)


@pytest.mark.parametrize("df", [math.inf, 5.0, 60.0])
@pytest.mark.parametrize(("x", "se"), [(-0.002, 1.35), (2.5, 0.8), (-6.0, 1.0)])
@pytest.mark.parametrize("family", PRIORS)
def test_agrees_with_quadrature(family, x, se, df):
    ours = estimate(x, se=se, df=df, prior=family, **PRIORS[family]).log_bf10
    with mp.workdps(20):
        assert ours == pytest.approx(float(exact(family, x, se, df)), abs=1e-10)


def test_golden_rows_are_all_served():
    assert {name for name in ROWS if "dienes" in ROWS[name]["topic"]} == set(SERVED)


@pytest.mark.parametrize("name", SERVED)
def test_golden(name):
    inputs, expected = json.loads(ROWS[name]["inputs_json"]), json.loads(ROWS[name]["expected_json"])
    family, *numbers = inputs["prior"]
    keys = {
        "uniform": ("prior_low", "prior_high"),
        "halfnormal": ("prior_sd",),
        "normal": ("prior_mean", "prior_sd"),
    }[family]
    family = "half_normal" if family == "halfnormal" else family
    ours = estimate(inputs["mean"], se=inputs["se"], prior=family, **dict(zip(keys, numbers, strict=True)))
    assert ours.bf10 == pytest.approx(expected["bf10"], abs=5e-3)


@pytest.mark.parametrize("family", PRIORS)
def test_many_degrees_of_freedom_tend_to_infinitely_many(family):
    many = estimate(1.3, se=0.9, df=1e12, prior=family, **PRIORS[family]).log_bf10
    assert many == pytest.approx(estimate(1.3, se=0.9, prior=family, **PRIORS[family]).log_bf10, abs=1e-9)


@pytest.mark.parametrize("df", [math.inf, 30.0])
@pytest.mark.parametrize("x", [-60.0, 60.0])
@pytest.mark.parametrize("family", PRIORS)
def test_far_tails_are_finite(family, x, df):
    log_bf = estimate(x, se=1.0, df=df, prior=family, **PRIORS[family]).log_bf10
    assert np.isfinite(log_bf)
    if x < 0 and family == "half_normal":
        assert log_bf < 0


def test_uniform_prior_far_from_the_estimate():
    # Mills: the normal tail beyond z is density / z (1 - 1/z^2 + 3/z^4 - ...), here at z = 50 and z = 54.
    def log_tail(z):
        return -0.5 * z * z - 0.5 * math.log(2 * math.pi) - math.log(z) + math.log1p(-1 / z**2 + 3 / z**4)

    null = -0.5 * 55**2 - 0.5 * math.log(2 * math.pi)
    ours = estimate(-55.0, se=1.0, prior="uniform", prior_low=-5.0, prior_high=-1.0).log_bf10
    assert ours == pytest.approx(log_tail(50.0) - math.log(4) - null, abs=1e-6)


def test_uniform_prior_narrower_than_a_float_beside_the_estimate():
    # So narrow a prior is one value: the Bayes factor is the ratio of two normal densities.
    for x, se, half in ((1e8, 1e-10, 1e-10), (-1.0, 0.7, 1e-40), (5.0, 1e3, 1e-30), (0.3, 1.0, 1e-16)):
        assert estimate(x, se=se, prior="uniform", prior_low=-half, prior_high=half).log_bf10 == pytest.approx(
            0.0, abs=1e-12 * (1 + (x / se) ** 2)
        )
    ours = estimate(3.0, se=0.5, prior="uniform", prior_low=1.0, prior_high=1.0 + 1e-12).log_bf10
    assert ours == pytest.approx(0.5 * (6.0**2 - 4.0**2), rel=1e-10)


@pytest.mark.parametrize("x", [12.0, 35.0, 400.0, 3e7])
@pytest.mark.parametrize("width", [1e-9, 1e-3, 0.05, 1.0, 30.0])
def test_uniform_prior_of_any_width_far_away(x, width):
    ours = estimate(x, se=1.0, prior="uniform", prior_low=-width, prior_high=0.0).log_bf10
    with mp.workdps(40):
        # The density over u standard errors beyond 0, over that at 0, averaged.
        stop = min(mp.mpf(width), 100 / mp.mpf(x))
        mean = mp.quad(lambda u: mp.exp(-x * u - u * u / 2), mp.linspace(0, stop, 9)) / width
        assert ours == pytest.approx(float(mp.log(mean)), rel=1e-11, abs=1e-13 * x * x)


def test_change_of_units_and_sign_leaves_it_alone():
    one = estimate([0.3, 4.0], se=1.2, df=[20, np.inf], prior_mean=1.0, prior_sd=2.0).log_bf10
    two = estimate([-3.0, -40.0], se=12.0, df=[20, np.inf], prior_mean=-10.0, prior_sd=20.0).log_bf10
    np.testing.assert_allclose(one, two, rtol=0, atol=1e-12)


@pytest.mark.parametrize("unit", [1e-4, 1e4])
@pytest.mark.parametrize("family", PRIORS)
def test_units_leave_a_far_estimate_alone(family, unit):
    # At 60 standard errors nearly all the mass over the standard error lies far from the printed one.
    given = PRIORS[family]
    one = estimate(60.0, se=1.0, df=300, prior=family, **given).log_bf10
    two = estimate(60.0 * unit, se=unit, df=300, prior=family, **{key: value * unit for key, value in given.items()})
    assert two.log_bf10 == pytest.approx(one, abs=1e-9)


def test_halves_of_the_normal_average_to_the_whole():
    x = np.linspace(-5, 5, 21)
    half = estimate(x, se=1.1, prior="half_normal", prior_sd=2.0)
    other = estimate(-x, se=1.1, prior="half_normal", prior_sd=2.0)
    whole = estimate(x, se=1.1, prior="normal", prior_sd=2.0)
    np.testing.assert_allclose(np.logaddexp(half.log_bf10, other.log_bf10), np.log(2) + whole.log_bf10, atol=1e-12)


def test_broadcasts_and_names_what_it_did():
    table = estimate(np.array([0.1, 2.0]), se=np.array([[1.0], [2.0], [3.0]]), prior_sd=1.0)
    assert table.log_bf10.shape == (3, 2)
    assert table.log_bf10[2, 1] == pytest.approx(estimate(2.0, se=3.0, prior_sd=1.0).log_bf10, abs=1e-14)
    assert isinstance(estimate(2.0, se=3.0, prior_sd=1.0).log_bf10, float)
    assert table.prior == "normal with mean 0 and SD 1"
    half = estimate(1.0, se=1.0, prior="half_normal", prior_sd=2.0)
    assert (half.alternative, half.method) == ("effect > 0", "Bayes factor of an estimate, half-normal prior")


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"se": 0.0}, "se"),
        ({"df": 0.0}, "df"),
        ({"df": -math.inf}, "df"),
        ({"estimate": math.inf}, "estimate"),
        ({"prior": "beta"}, "prior"),
        ({"prior_sd": None}, "prior_sd"),
        ({"prior_sd": 0.0}, "prior_sd"),
        ({"prior_scale": 1.0}, "prior_scale"),
        ({"prior": "half_normal", "prior_mean": 0.0}, "prior_mean"),
        ({"prior": "uniform", "prior_sd": None, "prior_low": 0.0}, "prior_high"),
        ({"prior": "uniform", "prior_sd": None, "prior_low": 2.0, "prior_high": 2.0}, "prior_high"),
    ],
)
def test_bad_arguments_are_named(change, name):
    arguments = {"estimate": 1.0, "se": 1.0, "prior_sd": 1.0} | change
    with pytest.raises(ks.KetastatsError, match=rf"^{name} is"):
        estimate(arguments.pop("estimate"), **arguments)
