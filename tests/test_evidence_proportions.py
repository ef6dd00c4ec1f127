"""Bayes factors of two proportions against high-precision beta functions and quadrature."""

from __future__ import annotations

import mpmath
import numpy as np
import pytest
from scipy import stats

import ketastats as ks
from ketastats.numerics.beta_rates import log_difference_above

SIZES = (1, 2, 5, 8)
SMALL = np.array([(a, n, b, m) for n in SIZES for m in SIZES for a in range(n + 1) for b in range(m + 1)]).T


def exact_log_bf(x1, n1, x2, n2, prior):
    with mpmath.workdps(40):
        a = mpmath.mpf(prior)

        def log_beta(p, q):
            return mpmath.loggamma(p) + mpmath.loggamma(q) - mpmath.loggamma(p + q)

        value = log_beta(a + x1, a + n1 - x1) + log_beta(a + x2, a + n2 - x2)
        return value - log_beta(a, a) - log_beta(a + x1 + x2, a + n1 + n2 - x1 - x2)


# ------------------------------------------------------------------------------------------------- one rate against two
@pytest.mark.parametrize("prior", [0.01, 0.5, 1.0, 7.3, 100.0])
def test_bayes_factor_matches_forty_digits(prior) -> None:
    rng = np.random.default_rng(6)
    n1, n2 = np.exp(rng.uniform(0, np.log(10**7), (2, 60))).round().astype(int)
    x1, x2 = (np.where(rng.random(60) < 0.3, 0, rng.integers(0, n + 1)) for n in (n1, n2))
    x2 = np.where(rng.random(60) < 0.3, n2, x2)
    got = ks.evidence.proportions(x1, n1, x2, n2, prior=prior).log_bf10
    for i in range(60):
        want = exact_log_bf(*(int(v[i]) for v in (x1, n1, x2, n2)), prior)
        assert abs(got[i] - want) <= 1e-13 * abs(want) + 2e-13, (x1[i], n1[i], x2[i], n2[i])


def test_close_rates_of_ten_million_people_keep_their_digits() -> None:
    # The logarithms of the beta functions are near 7e6 here: subtracting them would leave nine digits at most.
    table = (5_000_000, 10**7, 5_000_700, 10**7)
    assert ks.evidence.proportions(*table).log_bf10 == pytest.approx(float(exact_log_bf(*table, 1)), abs=1e-13)


def test_ten_million_against_none_is_finite_on_the_log_scale() -> None:
    result = ks.evidence.proportions(0, 10**7, 10**7, 10**7)
    assert np.isfinite(result.log_bf10)
    assert result.log_bf10 == pytest.approx(2 * 10**7 * np.log(2), rel=1e-5)
    assert result.bf10 == np.inf
    assert result.bf01 == 0


def test_marginal_likelihoods_are_probabilities() -> None:
    # Under both hypotheses the chances of all tables of a design add to one.
    n1, n2 = 6, 9
    x1, x2 = np.arange(n1 + 1)[:, None], np.arange(n2 + 1)[None, :]
    for prior in (0.5, 1.0, 3.0):
        null = np.array(
            [
                [
                    float(
                        mpmath.binomial(n1, a)
                        * mpmath.binomial(n2, b)
                        * mpmath.beta(prior + a + b, prior + n1 + n2 - a - b)
                        / mpmath.beta(prior, prior)
                    )
                    for b in range(n2 + 1)
                ]
                for a in range(n1 + 1)
            ]
        )
        assert null.sum() == pytest.approx(1, abs=1e-12)
        assert (null * ks.evidence.proportions(x1, n1, x2, n2, prior=prior).bf10).sum() == pytest.approx(1, abs=1e-12)


def test_groups_and_outcomes_can_be_exchanged() -> None:
    x1, n1, x2, n2 = SMALL
    one = ks.evidence.proportions(x1, n1, x2, n2).log_bf10
    np.testing.assert_allclose(ks.evidence.proportions(x2, n2, x1, n1).log_bf10, one, atol=1e-13)
    np.testing.assert_allclose(ks.evidence.proportions(n1 - x1, n1, n2 - x2, n2).log_bf10, one, atol=1e-13)


def test_equal_rates_favour_one_rate_ever_more() -> None:
    n = 10 ** np.arange(1, 8)
    log_bf = ks.evidence.proportions(n // 2, n, n // 2, n).log_bf10
    assert np.all(np.diff(log_bf) < 0)
    # Each tenfold sample is worth half a power of ten.
    assert np.diff(log_bf)[-1] == pytest.approx(-0.5 * np.log(10), rel=1e-5)


# ---------------------------------------------------------------------------------------------- inside against outside
def exact_tail(a1, b1, a2, b2, margin):
    """Return P(p1 - p2 > margin) at 25 digits by quadrature in many pieces."""
    with mpmath.workdps(25):
        m = mpmath.mpf(margin)
        a1, b1, a2, b2 = (mpmath.mpf(v) for v in (a1, b1, a2, b2))
        first, last = max(mpmath.mpf(0), m), min(mpmath.mpf(1), 1 + m)
        mean, sd = a1 / (a1 + b1), mpmath.sqrt(a1 * b1 / (a1 + b1) ** 3)
        cuts = {first, last, *(first + (last - first) * k / 16 for k in range(1, 16))}
        cuts |= {mean + k * sd for k in (-6, -3, 0, 3, 6) if first < mean + k * sd < last}

        def inner(x):
            return mpmath.betainc(a2, b2, 0, x - m, regularized=True)

        def integrand(x):
            return x ** (a1 - 1) * (1 - x) ** (b1 - 1) * inner(x) / mpmath.beta(a1, b1)

        above = mpmath.quad(integrand, sorted(cuts))
        return above + mpmath.betainc(a1, b1, last, 1, regularized=True) if last < 1 else above


TAILS = [
    (1, 1, 1, 1, 0.1),
    (1, 1, 1, 1, -0.3),
    (8, 31, 15, 33, 0.1),
    (8, 31, 15, 33, -0.6),
    (1, 42, 1, 43, -0.02),
    (41, 2, 2, 42, -0.1),
    (2, 41, 41, 3, 0.2),
    (1, 6, 6, 1, 0.9),
    (2.5, 3.5, 1.5, 9.5, 0.25),
]


@pytest.mark.parametrize(("a1", "b1", "a2", "b2", "margin"), TAILS)
def test_tails_of_the_difference_match_quadrature(a1, b1, a2, b2, margin) -> None:
    got = log_difference_above(tuple(np.array([float(v)]) for v in (a1, b1, a2, b2)), np.array([margin]))[0]
    want = mpmath.log(exact_tail(a1, b1, a2, b2, margin))
    assert abs(got - want) < 1e-12


@pytest.mark.parametrize("n", [3, 2001, 10**5, 10**7])
@pytest.mark.parametrize("margin", [0.1, 0.7])
def test_tails_far_below_the_smallest_float_match_a_closed_form(n, margin) -> None:
    # p1 ~ Beta(1, n), p2 ~ Beta(n, 1): the integral is n (1 - m)^(2n) B(n + 1, n), for n = 1e7 exp(-4e7).
    one, many = np.array([1.0]), np.array([float(n)])
    got = log_difference_above((one, many, many, one), np.array([margin]))[0]
    with mpmath.workdps(40):
        want = mpmath.log(n) + 2 * n * mpmath.log(1 - mpmath.mpf(margin))
        want += mpmath.loggamma(n + 1) + mpmath.loggamma(n) - mpmath.loggamma(2 * n + 1)
    assert got == pytest.approx(float(want), rel=1e-14)


def test_both_sides_of_any_difference_add_to_one() -> None:
    # Two integrals over different regions, for parameters from 0.01 to a million.
    rng = np.random.default_rng(2)
    a1, b1, a2, b2 = np.exp(rng.uniform(np.log(0.01), np.log(1e6), (4, 100)))
    centre = a1 / (a1 + b1) - a2 / (a2 + b2)
    margin = np.clip(centre + rng.normal(0, 0.02, 100), -0.999, 0.999)
    above = log_difference_above((a1, b1, a2, b2), margin)
    below = log_difference_above((a2, b2, a1, b1), -margin)
    np.testing.assert_allclose(np.exp(above) + np.exp(below), 1, atol=1e-12)


def test_both_sides_of_no_difference_add_to_one_for_priors_close_to_nothing() -> None:
    # Much of the mass is nearer to 0 or 1 than floats come to 1, and the integrals need several halvings.
    rng = np.random.default_rng(3)
    a1, b1, a2, b2 = np.exp(rng.uniform(np.log(0.01), np.log(300), (4, 100)))
    above, below = (log_difference_above(betas, np.zeros(100)) for betas in ((a1, b1, a2, b2), (a2, b2, a1, b1)))
    np.testing.assert_allclose(np.exp(above) + np.exp(below), 1, atol=1e-12)


@pytest.mark.parametrize(
    ("a1", "b1", "b2"),
    [(0.02, 0.03, 0.05), (1.0, 0.01, 0.01), (2.0, 0.001, 0.002), (30.0, 0.02, 4.0), (7.0, 40.0, 3.0)],
)
def test_the_larger_of_two_rates_by_a_closed_form(a1, b1, b2) -> None:
    # p2 ~ Beta(1, b2) lies below x with probability 1 - (1 - x)^b2: P(p1 > p2) = 1 - B(a1, b1 + b2) / B(a1, b1).
    got = log_difference_above(tuple(np.array([v]) for v in (a1, b1, 1.0, b2)), np.zeros(1))[0]
    with mpmath.workdps(40):
        want = mpmath.log(1 - mpmath.beta(a1, mpmath.mpf(b1) + b2) / mpmath.beta(a1, b1))
    assert got == pytest.approx(float(want), abs=1e-12)


def test_uniform_rates_have_a_triangular_difference() -> None:
    # With Beta(1, 1) the mass within M is 1 - (1 - M)**2; with one person's data the polynomials stay simple.
    for margin in (1e-3, 0.05, 0.16, 0.5, 0.99):
        result = ks.evidence.proportions_interval(1, 2, 1, 2, margin=margin)
        assert result.prior_mass == pytest.approx(margin * (2 - margin), rel=1e-11)
    one_sided = ks.evidence.proportions_interval(0, 1, 0, 1, margin=(-np.inf, 0.25))
    assert one_sided.prior_mass == pytest.approx(1 - 0.75**2 / 2, rel=1e-13)


def test_large_samples_agree_with_the_normal_distribution() -> None:
    n = 10**7
    x1, x2 = n // 2, n // 2 + 1000
    result = ks.evidence.proportions_interval(x1, n, x2, n, margin=3e-4)
    error = np.sqrt(2 * 0.25 / n)
    inside = stats.norm.cdf((3e-4 + 1e-4) / error) - stats.norm.cdf((-3e-4 + 1e-4) / error)
    assert result.posterior_mass == pytest.approx(inside, rel=1e-4)
    far = ks.evidence.proportions_interval(0, n, n, n, margin=0.1)
    assert np.isfinite(far.log_bf10)
    assert far.log_bf10 > 1e6


def test_the_inside_keeps_its_digits_when_almost_nothing_is_there() -> None:
    # 40/41 against 1/42: the inside of 0.1 has mass near 1e-30, a difference of two tails, not 1 minus something.
    result = ks.evidence.proportions_interval(40, 41, 1, 42, margin=0.1)
    want = exact_tail(2, 41, 41, 2, -0.1) - exact_tail(2, 41, 41, 2, 0.1)
    assert result.posterior_mass < 1e-15
    assert result.posterior_mass == pytest.approx(float(want), rel=1e-9)
    mirrored = ks.evidence.proportions_interval(1, 42, 40, 41, margin=0.1)
    assert mirrored.posterior_mass == pytest.approx(float(result.posterior_mass), rel=1e-11)


def test_parts_make_the_whole() -> None:
    for margin in (0.1, (-0.3, 0.05), (-np.inf, 0.16), (0.1, 0.3)):
        result = ks.evidence.proportions_interval(*SMALL, margin=margin)
        inside, outside = np.exp(result.log_bf_inside_all), np.exp(result.log_bf_outside_all)
        whole = result.prior_mass * inside + (1 - result.prior_mass) * outside
        np.testing.assert_allclose(whole, 1, rtol=1e-11)
        np.testing.assert_allclose(result.log_bf10, result.log_bf_outside_all - result.log_bf_inside_all, rtol=1e-12)
        np.testing.assert_allclose(result.posterior_mass, result.prior_mass * inside, rtol=1e-11)


def test_exchanging_groups_mirrors_the_margin() -> None:
    x1, n1, x2, n2 = SMALL
    one = ks.evidence.proportions_interval(x1, n1, x2, n2, margin=(-0.2, 0.1))
    other = ks.evidence.proportions_interval(x2, n2, x1, n1, margin=(-0.1, 0.2))
    np.testing.assert_allclose(one.log_bf10, other.log_bf10, atol=1e-11)


def test_posterior_mass_agrees_with_simulation() -> None:
    rng = np.random.default_rng(83)
    draws = rng.beta(8, 31, 400_000) - rng.beta(15, 33, 400_000)
    result = ks.evidence.proportions_interval(7, 37, 14, 46, margin=0.10)
    # Four standard errors of the simulation.
    assert result.posterior_mass == pytest.approx(np.mean(np.abs(draws) < 0.10), abs=0.0032)


# ------------------------------------------------------------------------------------------------- edges and bad input
def test_results_say_what_was_computed() -> None:
    result = ks.evidence.proportions([7, 6], 37, 14, 46, prior=[[1.0], [0.5]])
    assert result.log_bf10.shape == (2, 2)
    assert "independent binomial" in result.method
    assert "Beta(0.5 to 1, 0.5 to 1)" in result.prior
    assert isinstance(ks.evidence.proportions(7, 37, 14, 46).log_bf10, float)
    interval = ks.evidence.proportions_interval(7, 37, 14, 46, margin=0.1)
    assert isinstance(interval.log_bf10, float)
    assert interval.null == "p1 - p2 between -0.1 and 0.1"
    assert len(interval.to_frame()) == 1


@pytest.mark.parametrize("margin", [1.0, 2, np.inf, (1.0, 1.5), (-3, -1.0), 0, (0.2, 0.1)])
def test_margins_without_an_inside_or_an_outside_are_refused(margin) -> None:
    with pytest.raises(ks.InvalidArgument, match="margin"):
        ks.evidence.proportions_interval(7, 37, 14, 46, margin=margin)


def test_bad_input_names_the_argument() -> None:
    with pytest.raises(ks.InvalidArgument, match="prior is 0"):
        ks.evidence.proportions(7, 37, 14, 46, prior=0)
    with pytest.raises(ks.InvalidArgument, match="x1 is 38"):
        ks.evidence.proportions_interval(38, 37, 14, 46, margin=0.1)
