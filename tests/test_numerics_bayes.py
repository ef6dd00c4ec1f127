"""Bayes factors of a t statistic against 30-digit arithmetic, and two derivations against each other."""

from __future__ import annotations

import mpmath as mp
import numpy as np
import pytest
from scipy import special

from ketastats.numerics import bayes, log_student


@pytest.fixture(autouse=True)
def _digits():
    with mp.workdps(30):
        yield


def column(*values):
    return [np.array([float(value)]) for value in values]


def exact_log_t_sf(z, df):
    z, df = mp.mpf(z), mp.mpf(df)
    tail = mp.betainc(df / 2, mp.mpf(1) / 2, 0, df / (df + z * z), regularized=True) / 2
    return mp.log(tail if z >= 0 else 1 - tail)


def exact_log_jzs(t, size, df, scale, side=0):
    """Equation 1 of Rouder et al. 2009, as an integral over log g by the trapezoid rule, which is geometric here.

    What it leaves out at either end, and between its steps, is less than 1e-13 of the whole.
    """
    t, size, df, scale = map(mp.mpf, (t, size, df, scale))
    low = mp.log(scale**2 / 80)
    high = mp.log(scale**2 + t * t / size + 1 / size) + 36
    step = mp.mpf(2) / 7
    total = mp.mpf(0)
    for index in range(int((high - low) / step) + 1):
        g = mp.exp(low + index * step)
        shrunk = 1 / (1 + size * g)
        value = mp.sqrt(shrunk / g) * mp.exp(-scale * scale / (2 * g))
        value *= ((1 + t * t / df * shrunk) / (1 + t * t / df)) ** (-(df + 1) / 2)
        if side:
            z = -side * t * mp.sqrt((1 - shrunk) * (df + 1) / (df + t * t * shrunk))
            value *= 2 * mp.exp(exact_log_t_sf(z, df + 1))
        total += value
    return mp.log(total * step * scale / mp.sqrt(2 * mp.pi))


def exact_log_ratio(delta, t, size, df):
    """Density of the noncentral t over that of t, by confluent hypergeometric functions."""
    delta, t, size, df = map(mp.mpf, (delta, t, size, df))
    mu = delta * mp.sqrt(size)
    y = mu * t / mp.sqrt(df + t * t)
    # The two terms cancel for negative y: as many digits more as they lose.
    with mp.workdps(50 + int(y * y / 2)):
        even = mp.hyp1f1((df + 1) / 2, mp.mpf(1) / 2, y * y / 2)
        odd = mp.hyp1f1(df / 2 + 1, mp.mpf(3) / 2, y * y / 2) * mp.gammaprod([df / 2 + 1], [(df + 1) / 2])
        odd *= y * mp.sqrt(2)
        return -mu * mu / 2 + mp.log(even + odd)


@pytest.mark.parametrize("df", [1.0, 2.0, 7.5, 81.0, 1500.0])
def test_log_tail_of_t(df):
    z = np.array([-9.0, -2.0, 0.0, 0.3, 1.7, 5.0, 11.999, 12.001, 20.0, 300.0])
    expected = [exact_log_t_sf(value, df) for value in z]
    ours = log_student.log_t_sf(z, np.full_like(z, df))
    errors = [abs(a / b - 1) for a, b in zip(map(mp.mpf, ours), expected, strict=True)]
    assert max(errors) < 1e-12


def test_log_tail_of_t_tends_to_the_normal_one():
    # Abramowitz and Stegun 26.7.8 has df = 1e13 differ from the normal by less than z^4 / (4 df).
    z = 60.0
    expected = mp.log(mp.erfc(mp.mpf(z) / mp.sqrt(2)) / 2)
    assert log_student.log_t_sf(*column(z, 1e13))[0] == pytest.approx(float(expected), abs=1e-6)


def test_log_jzs_at_60_points():
    rng = np.random.default_rng(7)
    t = np.round(rng.normal(0, 4, 60), 3)
    n1, n2 = rng.integers(1, 300, 60), rng.integers(2, 300, 60)
    scale = np.round(10 ** rng.uniform(-1, 0.5, 60), 3)
    size, df = n1 * n2 / (n1 + n2), n1 + n2 - 2.0
    ours = bayes.log_jzs(t, size, df, scale)
    expected = [float(exact_log_jzs(*row)) for row in zip(t, size, df, scale, strict=True)]
    np.testing.assert_allclose(ours, expected, rtol=0, atol=1e-12)


@pytest.mark.parametrize(
    ("t", "size", "df", "scale"),
    [
        (60.0, 5e6, 2e7 - 2, 0.707),  # two groups of ten million: peers overflow or cancel
        (60.0, 2 / 3, 1.0, 0.707),
        (0.0, 5e6, 2e7 - 2, 0.707),
        (400.0, 20.0, 81.0, 0.707),
        (1e8, 20.0, 81.0, 0.707),
        (2.0, 20.0, 81.0, 1e-3),
        (60.0, 20.0, 81.0, 1e-3),
        (2.0, 20.0, 81.0, 1e3),
    ],
)
def test_log_jzs_at_extremes(t, size, df, scale):
    expected = float(exact_log_jzs(t, size, df, scale))
    assert bayes.log_jzs(*column(t, size, df, scale))[0] == pytest.approx(expected, abs=1e-10)


@pytest.mark.parametrize(("t", "size", "df", "scale"), [(0.567, 20.5, 81, 0.707), (3.5, 10, 38, 0.3), (9.0, 2, 3, 2)])
@pytest.mark.parametrize("side", [1, -1])
def test_one_sided_log_jzs(t, size, df, scale, side):
    expected = float(exact_log_jzs(t, size, df, scale, side))
    assert bayes.log_jzs(*column(t, size, df, scale), side)[0] == pytest.approx(expected, abs=1e-11)


@pytest.mark.parametrize(
    "case",
    [(0.3, 2, 20, 81), (-1.0, 2, 20, 81), (0.0, 3, 5, 8), (2.0, 30, 0.67, 1), (-2, 30, 0.67, 1), (0.1, 1, 900, 4e3)],
)
def test_log_likelihood_ratio(case):
    expected = float(exact_log_ratio(*case))
    assert bayes.log_likelihood_ratio(*column(*case))[0] == pytest.approx(expected, abs=1e-11)


def test_log_likelihood_ratio_with_many_degrees_of_freedom_is_that_of_the_normal():
    # The ratio tends to exp(mu t - mu^2 / 2); with df = 1e14 what is left is below mu^2 t^2 / df.
    mu, t = 12.0, 14.0
    assert bayes.log_likelihood_ratio(*column(mu, t, 1.0, 1e14))[0] == pytest.approx(mu * t - mu * mu / 2, abs=1e-9)


@pytest.mark.parametrize("df", [1.0, 2.0, 5.0, 11.0, 38.0, 4e4, 2e7])
def test_integral_over_effects_equals_integral_over_variances(df):
    # Two derivations that share no formula: noncentral t over delta, and normals over g.
    t, scale = (x.ravel() for x in np.meshgrid([0.0, 1.3, 8.0, 60.0], [0.1, 0.707, 2.0]))
    one = np.ones_like(t)
    size, df = (df + 2) / 4 * one, df * one
    for side, low, high in ((0, -np.inf, np.inf), (1, 0.0, np.inf), (-1, -np.inf, 0.0)):
        over_g = bayes.log_jzs(t, size, df, scale, side) - (np.log(2) if side else 0)
        over_delta = bayes.log_prior_average(t, size, df, low * one, high * one, 0 * one, scale, one)
        np.testing.assert_allclose(over_delta, over_g, rtol=1e-12, atol=1e-11, err_msg=str(side))


@pytest.mark.parametrize(
    ("t", "size", "df", "low", "high", "location", "scale"),
    [
        (0.567, 20.5, 81, -0.24, 0.24, 0, 0.707),
        (0.567, 20.5, 81, 0.24, 9.0, 0.3, 0.5),
        (6.0, 10.0, 38, -0.1, 0.1, 0, 0.707),
        (-2.0, 3.0, 8, 0.5, 0.500001, 0, 1.0),
    ],
)
def test_integral_over_an_interval(t, size, df, low, high, location, scale):
    def density(delta):
        prior = scale / (mp.pi * (scale**2 + (delta - location) ** 2))
        return prior * mp.exp(exact_log_ratio(delta, t, size, df))

    with mp.workdps(20):
        expected = mp.log(mp.quad(density, np.linspace(low, high, 7).tolist()))
    ours = bayes.log_prior_average(*column(t, size, df, low, high, location, scale, 1))[0]
    assert ours == pytest.approx(float(expected), abs=1e-10)


@pytest.mark.parametrize(
    ("low", "high"), [(-0.1, 0.2), (3.0, 5.0), (-7.0, -6.0), (1e9, 1e10), (-1e-9, 1e-9), (2.0, np.inf), (-np.inf, -2e8)]
)
def test_prior_mass(low, high):
    def angle(x):
        return mp.sign(x) * mp.pi / 2 if mp.isinf(x) else mp.atan(x)

    expected = mp.log((angle((mp.mpf(high) - mp.mpf(0.5)) / 2) - angle((mp.mpf(low) - mp.mpf(0.5)) / 2)) / mp.pi)
    assert log_student.log_mass(*column(low, high, 0.5, 2.0, 1))[0] == pytest.approx(float(expected), rel=1e-13)


def test_prior_mass_of_everything_and_nothing():
    assert log_student.log_mass(*column(-np.inf, np.inf, 0.0, 1.0, 1))[0] == 0.0
    assert log_student.log_mass(*column(1.0, 1.0, 0.0, 1.0, 1))[0] == -np.inf


def test_pieces_of_a_long_array_are_put_together_in_order():
    t = np.linspace(0, 5, 9000)
    ours = bayes.log_jzs(t, np.full_like(t, 20.0), np.full_like(t, 78.0), np.full_like(t, 0.707))
    assert ours.shape == t.shape
    assert np.all(np.diff(ours) > 0)
    alone = bayes.log_jzs(*column(t[8500], 20.0, 78.0, 0.707))[0]
    assert ours[8500] == pytest.approx(alone, abs=1e-13)


# ----------------------------------------------------------------------------------------- priors with other tails
def exact_log_t_density(z, df):
    z, df = mp.mpf(z), mp.mpf(df)
    if mp.isinf(df):
        return -z * z / 2 - mp.log(2 * mp.pi) / 2
    constant = mp.loggamma((df + 1) / 2) - mp.loggamma(df / 2) - mp.log(df * mp.pi) / 2
    return constant - (df + 1) / 2 * mp.log1p(z * z / df)


@pytest.mark.parametrize("df", [1.0, 1.5, 3.0, 30.0, 1e9, np.inf])
def test_log_density_of_t(df):
    z = np.array([-1e200 if np.isfinite(df) else -1e100, -40.0, -2.0, 0.0, 1e-9, 0.3, 7.0])
    ours = log_student.log_t_density(z, np.full_like(z, df))
    expected = [float(exact_log_t_density(value, df)) for value in z]
    assert ours == pytest.approx(expected, rel=1e-13, abs=1e-13)


@pytest.mark.parametrize("df", [1.5, 4.0, 30.0, np.inf])
@pytest.mark.parametrize(
    ("low", "high"), [(-0.1, 0.2), (3.0, 5.0), (-7.0, -6.9), (8.0, np.inf), (-1e-9, 1e-9), (-np.inf, 0.5), (2.0, 2.5)]
)
def test_mass_of_a_prior_with_other_tails(df, low, high):
    with mp.workdps(40):
        ends = [mp.mpf(low), mp.mpf(high)]
        inner = [end for end in (mp.mpf(0), mp.mpf(10)) if ends[0] < end < ends[1]]
        mass = mp.quad(lambda z: mp.exp(exact_log_t_density(z, df)), sorted([*ends, *inner]))
        expected = float(mp.log(mass))
    ours = log_student.log_mass(*column(2 * low, 2 * high, 0.0, 2.0, df))[0]
    assert ours == pytest.approx(expected, rel=1e-12, abs=1e-12)


def log_average_over_a_normal(t, size, df, location, variance):
    """The t of a normal prior is a noncentral t, stretched by what the prior adds to its variance."""
    stretch = np.sqrt(1.0 + size * variance)
    central = log_student.log_t_density(t / stretch, df) - np.log(stretch) - log_student.log_t_density(t, df)
    return central + bayes.log_likelihood_ratio(location * np.sqrt(size) / stretch, t / stretch, 1.0, df)


@pytest.mark.parametrize("prior_df", [1.0, 3.0, 25.0, np.inf])
@pytest.mark.parametrize(
    ("t", "size", "df", "location", "scale"),
    [
        (0.567, 20.5, 81.0, 0.35, 0.102),
        (6.0, 10.0, 38.0, 0.0, 0.1),
        (-4.0, 3.0, 8.0, 1.0, 2.0),
        (30.0, 100.0, 198.0, 0.0, 0.2),
        (-60.0, 5e6, 1e7, 0.3, 0.05),
    ],
)
def test_a_prior_with_other_tails_is_a_mixture_of_normals(prior_df, t, size, df, location, scale):
    ours = bayes.log_prior_average(*column(t, size, df, -np.inf, np.inf, location, scale, prior_df))[0]
    if np.isinf(prior_df):
        expected = log_average_over_a_normal(np.array(t), size, df, location, scale**2)
    else:
        # The variance is scale^2 times prior_df over a chi-squared of prior_df degrees of freedom.
        u = np.linspace(-60.0, 12.0, 6001)[:, None]
        chi2 = np.exp(u)
        weight = 0.5 * prior_df * (u - np.log(2.0)) - 0.5 * chi2 - special.gammaln(0.5 * prior_df)
        average = log_average_over_a_normal(np.array([[t]]), size, df, location, scale**2 * prior_df / chi2)
        expected = special.logsumexp(weight + average) + np.log(u[1, 0] - u[0, 0])
    assert ours == pytest.approx(expected, rel=1e-11, abs=1e-10)
