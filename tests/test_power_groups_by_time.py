"""Groups by time: exact F tests, contrasts, and the simulation of dropout."""

from __future__ import annotations

import csv
import json
import warnings
from pathlib import Path

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize, stats

import ketastats as ks
from ketastats.numerics import random_intercept, repeated_measures
from ketastats.power import (
    groups_by_time,
    groups_by_time_contrast,
    groups_by_time_contrast_equivalence,
    groups_by_time_contrast_equivalence_simulated,
    groups_by_time_equivalence,
    groups_by_time_simulated,
)

GOLDEN = Path(__file__).parent / "golden" / "designs.csv"
ROWS = {row["id"]: row for row in csv.DictReader(GOLDEN.read_text(encoding="utf-8").splitlines())}
MEANS = np.array([[18.0, 16.0, 14.0, 12.0, 10.0], [18.0, 15.25, 12.5, 9.75, 7.0]])
PLAN = {"n": (37, 46), "means": MEANS, "rho": 0.5, "sd": 5.0}
TERMS = ("group", "time", "interaction")


def golden(name):
    return json.loads(ROWS[name]["inputs_json"]), json.loads(ROWS[name]["expected_json"])


# -------------------------------------------------------------------------------------------------------------- golden
@pytest.mark.parametrize("name", ["PWR-050", "PWR-052"])
def test_within_people_as_gpower(name):
    given_, expected = golden(name)
    f = np.sqrt(given_["eta2"] / (1 - given_["eta2"]))
    result = groups_by_time(
        n=(given_["n"],), times=given_["m"], effect=f, rho=given_["corr"], term="time", alpha=given_["alpha"]
    )
    assert result.power == pytest.approx(expected["power"], abs=1e-6)


def test_one_way_from_means_as_pass():
    given_, expected = golden("PWR-016")
    result = groups_by_time(
        n=given_["n"], means=np.array(given_["means"])[:, None], sd=given_["sd"], term="group", alpha=given_["alpha"]
    )
    assert result.power == pytest.approx(expected["power"], abs=1e-4)
    assert result.effect == pytest.approx(expected["f"], abs=6e-4)


def test_one_way_from_eta_squared():
    given_, expected = golden("PWR-037")
    f = np.sqrt(given_["eta2"] / (1 - given_["eta2"]))
    result = groups_by_time(n=[given_["n_per_group"]] * given_["k"], effect=f, times=1, term="group")
    assert result.power == pytest.approx(expected["power"], abs=1e-6)


# ---------------------------------------------------------------------------------------------------------- invariants
designs = st.fixed_dictionaries(
    {
        "n": st.lists(st.integers(2, 40), min_size=2, max_size=4),
        "times": st.integers(2, 6),
        "rho": st.floats(0.0, 0.9),
        "seed": st.integers(0, 10**6),
    }
)


def drawn(design):
    rng = np.random.default_rng(design["seed"])
    return np.round(rng.normal(size=(len(design["n"]), design["times"])), 2) * 0.4


@settings(max_examples=40)
@given(design=designs, term=st.sampled_from(TERMS), shift=st.floats(-5, 5), scale=st.floats(0.1, 20))
def test_shift_scale_and_the_order_of_the_groups_do_not_matter(design, term, shift, scale):
    means = drawn(design)
    plain = groups_by_time(n=design["n"], means=means, rho=design["rho"], term=term)
    moved = groups_by_time(n=design["n"], means=(means + shift) * scale, rho=design["rho"], sd=scale, term=term)
    turned = groups_by_time(n=design["n"][::-1], means=means[::-1, ::-1], rho=design["rho"], term=term)
    for other in (moved, turned):
        assert other.ncp == pytest.approx(plain.ncp, rel=1e-7, abs=1e-12)
        assert other.power == pytest.approx(plain.power, rel=1e-7)
        assert other.effect == pytest.approx(plain.effect, rel=1e-7, abs=1e-9)


@settings(max_examples=40)
@given(design=designs, term=st.sampled_from(TERMS))
def test_effect_and_means_say_the_same(design, term):
    # A mean of the groups counting alike and one of people agree only if the groups are of one size.
    n = [design["n"][0]] * len(design["n"]) if term == "time" else design["n"]
    full = groups_by_time(n=n, means=drawn(design), rho=design["rho"], term=term)
    short = groups_by_time(n=n, effect=full.effect, times=design["times"], rho=design["rho"], term=term)
    assert short.ncp == pytest.approx(full.ncp, rel=1e-9, abs=1e-12)
    assert (short.df1, short.df2) == (full.df1, full.df2)


@settings(max_examples=30)
@given(design=designs, term=st.sampled_from(TERMS))
def test_a_matrix_with_equal_correlations_is_the_random_intercept(design, term):
    times, rho = design["times"], design["rho"]
    matrix = np.where(np.eye(times, dtype=bool), 4.0, 4.0 * rho)
    n = [size + times for size in design["n"][:2]]
    means = drawn(design)[:2]
    by_name = groups_by_time(
        n=n, means=means, rho=rho, sd=2.0, term=term, test=None if term == "group" else "multivariate"
    )
    by_matrix = groups_by_time(n=n, means=means, covariance=matrix, term=term)
    assert by_matrix.power == pytest.approx(by_name.power, rel=1e-10)
    # The noncentrality is the same under both tests; the univariate has more degrees of freedom for the error.
    univariate = groups_by_time(n=n, means=means, rho=rho, sd=2.0, term=term)
    assert univariate.ncp == pytest.approx(by_name.ncp, rel=1e-9, abs=1e-12)
    assert univariate.power >= by_name.power - 1e-12


def test_two_groups_at_two_times_are_a_t_test_of_the_change():
    means = [[0.0, 1.0], [0.3, 0.6]]
    for covariance in ("random_intercept", "ar1"):
        result = groups_by_time(n=(11, 17), means=means, rho=0.6, sd=2.0, covariance=covariance)
        contrast = groups_by_time_contrast(
            n=(11, 17), group_weights=(1, -1), time_weights=(-1, 1), means=means, rho=0.6, sd=2.0
        )
        t_test = ks.power.means(n1=11, n2=17, effect=0.7, sd=2.0 * np.sqrt(2 * 0.4))
        assert result.power == pytest.approx(contrast.power, rel=1e-10)
        assert result.power == pytest.approx(t_test.power, rel=1e-10)


def test_group_term_is_a_t_test_of_the_people_s_means():
    result = groups_by_time(**PLAN, term="group")
    difference = np.mean(MEANS[0] - MEANS[1])
    t_test = ks.power.means(n1=37, n2=46, effect=difference, sd=5.0 * np.sqrt((1 + 4 * 0.5) / 5))
    assert result.power == pytest.approx(t_test.power, rel=1e-10)


@pytest.mark.parametrize("covariance", ["random_intercept", "ar1"])
def test_no_effect_is_rejected_at_the_level(covariance):
    for term in TERMS:
        flat = groups_by_time(n=(9, 12), means=np.ones((2, 4)), rho=0.3, covariance=covariance, term=term, alpha=0.03)
        assert flat.power == pytest.approx(0.03, rel=1e-11)


def test_arrays_of_designs_are_the_single_designs():
    n1, rho = np.array([10, 20, 40])[:, None], np.array([0.2, 0.7])
    means = MEANS / 5.0
    many = groups_by_time(n=(n1, 15), means=means, rho=rho, covariance="ar1")
    assert many.power.shape == (3, 2)
    for i, size in enumerate(n1[:, 0]):
        for j, value in enumerate(rho):
            one = groups_by_time(n=(size, 15), means=means, rho=value, covariance="ar1")
            assert many.power[i, j] == pytest.approx(one.power, rel=1e-12)
    stacked = groups_by_time(n=(10, 15), means=np.stack([means, 2 * means]), rho=0.4, term="time")
    assert stacked.ncp[1] == pytest.approx(4 * stacked.ncp[0])
    assert len(many.to_frame()) == 6


# --------------------------------------------------------------------------------------------- independent computation
def least_squares_ncp(n, means, rho, term):
    """Noncentrality by projections on a design matrix with a row for every person and time."""
    groups, times = means.shape
    group = np.repeat(np.arange(groups), n)
    cell = (group[:, None] * times + np.arange(times)).ravel()
    expected = means.ravel()[cell]
    full = np.eye(groups * times)[cell]
    root = np.linalg.inv(np.linalg.cholesky(rho * np.ones((times, times)) + (1 - rho) * np.eye(times)))
    whiten = np.kron(np.eye(len(group)), root)
    # The hypothesis, as rows on the cell means, by plain differences.
    along, across = np.diff(np.eye(times), axis=0), np.diff(np.eye(groups), axis=0)
    rows = {
        "interaction": np.kron(across, along),
        "time": np.kron(np.ones((1, groups)) / groups, along),
        "group": np.kron(across, np.ones((1, times)) / times),
    }[term]
    x = whiten @ full
    values = rows @ np.linalg.lstsq(full, expected, rcond=None)[0]
    return values @ np.linalg.solve(rows @ np.linalg.inv(x.T @ x) @ rows.T, values)


@pytest.mark.parametrize("term", TERMS)
def test_noncentrality_is_that_of_generalised_least_squares(term):
    rng = np.random.default_rng(3)
    for n, times, rho in (((5, 9), 3, 0.4), ((4, 7, 6), 4, 0.0), ((3, 3, 8, 5), 5, 0.8)):
        means = rng.normal(size=(len(n), times))
        expected = least_squares_ncp(n, means, rho, term)
        assert groups_by_time(n=n, means=means, rho=rho, term=term).ncp == pytest.approx(expected, rel=1e-10)


def test_hotelling_noncentrality_by_plain_differences():
    # Any full set of contrasts gives the same; here successive differences and an explicit inverse.
    rng = np.random.default_rng(4)
    root = rng.normal(size=(4, 4))
    covariance = root @ root.T + 0.5 * np.eye(4)
    means = rng.normal(size=(2, 4))
    steps = np.diff(np.eye(4), axis=0)
    middle = np.linalg.inv(steps @ covariance @ steps.T)
    gap, mean = steps @ (means[0] - means[1]), steps @ means.mean(axis=0)
    result = groups_by_time(n=(8, 13), means=means, covariance=covariance)
    assert result.ncp == pytest.approx(8 * 13 / 21 * gap @ middle @ gap, rel=1e-10)
    assert (result.df1, result.df2) == (3, 17)
    time = groups_by_time(n=(8, 13), means=means, covariance=covariance, term="time")
    assert time.ncp == pytest.approx(4 / (1 / 8 + 1 / 13) * mean @ middle @ mean, rel=1e-10)


def test_split_plot_and_hotelling_by_simulation_of_their_textbook_formulas():
    rng = np.random.default_rng(5)
    n, rho, sets = (6, 9), 0.6, 2000
    means = np.array([[0.0, 0.4, 0.9], [0.0, 0.0, 0.1]])
    covariance = 0.6 ** np.abs(np.subtract.outer(np.arange(3), np.arange(3)))
    noise = rng.standard_normal((sets, 15, 3))
    split = hotelling = 0
    for z in noise:
        y = np.repeat(means, n, axis=0) + np.sqrt(rho) * z[:, :1] + np.sqrt(1 - rho) * rng.standard_normal((15, 3))
        y = y - y.mean(axis=1, keepdims=True)
        a, b = y[:6], y[6:]
        ssi = 6 * np.sum((a.mean(0) - y.mean(0)) ** 2) + 9 * np.sum((b.mean(0) - y.mean(0)) ** 2)
        sse = np.sum((a - a.mean(0)) ** 2) + np.sum((b - b.mean(0)) ** 2)
        split += stats.f.sf(ssi / 2 / (sse / 26), 2, 26) < 0.05
        w = np.diff(np.repeat(means, n, axis=0) + z @ np.linalg.cholesky(covariance).T, axis=1)
        a, b = w[:6], w[6:]
        pooled = (5 * np.cov(a.T) + 8 * np.cov(b.T)) / 13
        gap = a.mean(0) - b.mean(0)
        t2 = 6 * 9 / 15 * gap @ np.linalg.solve(pooled, gap)
        hotelling += stats.f.sf(t2 * 12 / (13 * 2), 2, 12) < 0.05
    for hits, kind in ((split, "random_intercept"), (hotelling, "ar1")):
        power = groups_by_time(n=n, means=means, rho=rho, covariance=kind).power
        assert abs(hits / sets - power) < 4.0 * np.sqrt(power * (1 - power) / sets)


# --------------------------------------------------------------------------------------------------------- equivalence
def noncentral_f_mass(f, df1, df2, ncp):
    """P(F <= f) as the textbook sum, at 30 digits."""
    with mpmath.workdps(30):
        x = mpmath.mpf(df1) * f / (mpmath.mpf(df1) * f + df2)
        half = mpmath.mpf(ncp) / 2
        return sum(
            mpmath.exp(-half + j * mpmath.log(half) - mpmath.loggamma(j + 1))
            * mpmath.betainc(mpmath.mpf(df1) / 2 + j, mpmath.mpf(df2) / 2, 0, x, regularized=True)
            for j in range(150)
        )


def test_equivalence_critical_value_against_mpmath():
    rows = ((0.05, 4, 324, 12.96), (0.01, 1, 20, 2.0), (1e-6, 3, 40, 60.0), (0.5, 8, 12, 0.3), (0.5, 1, 2, 0.03125))
    for alpha, df1, df2, ncp in rows:
        f = float(repeated_measures.equivalence_critical(alpha, df1, df2, ncp))
        assert float(noncentral_f_mass(f, df1, df2, ncp)) == pytest.approx(alpha, rel=1e-11)


@settings(max_examples=40)
@given(design=designs, term=st.sampled_from(TERMS), margin=st.floats(0.05, 1.0), alpha=st.floats(1e-6, 0.5))
def test_equivalence_at_the_margin_has_the_level_and_inside_more(design, term, margin, alpha):
    plan = {"n": design["n"], "times": design["times"], "rho": design["rho"], "term": term, "alpha": alpha}
    none = groups_by_time_equivalence(effect=0.0, margin=margin, **plan)
    assert none.margin == pytest.approx(none.df2 * margin**2)
    unit = groups_by_time(effect=1.0, **plan).ncp
    at_margin = groups_by_time_equivalence(effect=np.sqrt(none.margin / unit), margin=margin, **plan)
    assert at_margin.power == pytest.approx(alpha, rel=1e-9)
    assert none.power > at_margin.power
    assert groups_by_time_equivalence(effect=0.0, margin=1.1 * margin, **plan).power >= none.power


def test_equivalence_is_the_test_that_data_get():
    plan = {"n": (37, 46), "effect": 0.0, "times": 5, "rho": 0.5}
    result = groups_by_time_equivalence(margin=0.2, **plan)
    critical = float(repeated_measures.equivalence_critical(0.05, 4, 324, result.margin))
    for f, rejects in ((critical * (1 - 1e-9), True), (critical * (1 + 1e-9), False)):
        test = ks.equivalence.variance_explained(f, 4, 324, margin=0.2, measure="cohens_f")
        assert bool(test.established) is rejects
    other = groups_by_time_equivalence(margin=0.04 / 1.04, measure="partial_eta_squared", **plan)
    direct = groups_by_time_equivalence(margin=0.04 * 324, measure="noncentrality", **plan)
    assert other.power == pytest.approx(result.power, rel=1e-10)
    assert direct.power == pytest.approx(result.power, rel=1e-10)


def test_contrast_equivalence_is_that_of_two_means():
    weights = {"group_weights": (1, -1), "time_weights": (-1, 0, 0, 0, 1)}
    sd = 5.0 * np.sqrt(2 * (1 - 0.5**4))
    for effect, margin in ((0.0, 3.0), (1.0, (-2.0, 4.0)), (0.5, (-3.0, np.inf))):
        result = groups_by_time_contrast_equivalence(
            n=(37, 46), margin=margin, effect=effect, covariance="ar1", rho=0.5, sd=5.0, **weights
        )
        two = ks.power.means_equivalence(n1=37, n2=46, margin=margin, effect=effect, sd=sd)
        assert result.power == pytest.approx(two.power, rel=1e-11)
    by_means = groups_by_time_contrast(**PLAN, **weights)
    assert by_means.effect == pytest.approx(3.0)
    assert by_means.power == pytest.approx(ks.power.means(n1=37, n2=46, effect=3.0, sd=5.0).power, rel=1e-11)


def test_never_nan():
    rng = np.random.default_rng(6)
    count = 500
    n = [np.floor(10 ** rng.uniform(0.5, 6, count)).astype(int) for _ in range(2)]
    plan = {"effect": 10 ** rng.uniform(-6, 1.3, count), "rho": rng.uniform(0, 0.99, count), "times": 5}
    # Such noncentralities are long sums: fewer of the largest.
    ncp = groups_by_time(n=n, **plan).ncp
    keep = ncp < 1e5
    n, plan = [size[keep] for size in n], {"times": 5, "effect": plan["effect"][keep], "rho": plan["rho"][keep]}
    for alpha in (1e-12, 0.05, 0.5):
        power = groups_by_time(n=n, alpha=alpha, **plan).power
        assert np.all((power >= alpha * (1 - 1e-9)) & (power <= 1))
    assert np.all(np.isfinite(groups_by_time(n=(10**6, 10**6), effect=20.0, rho=0.9, times=3).power))
    equivalence = groups_by_time_equivalence(
        n=[size[:300] for size in n], times=5, effect=plan["effect"][:300], rho=plan["rho"][:300], margin=0.1
    )
    assert np.all((equivalence.power >= 0) & (equivalence.power <= 1))


def test_power_is_one_however_large_the_effect():
    weights = {"group_weights": (1, -1), "time_weights": (-1, 1), "rho": 0.5}
    effects = np.geomspace(10, 1e9, 60)
    for n in ((5, 6), (100, 90), (10**6, 10**5)):
        assert groups_by_time_contrast(n=n, effect=effects, **weights).power == pytest.approx(1.0, abs=1e-6)
        inside = groups_by_time_contrast_equivalence(n=n, effect=0.0, margin=(-effects, np.full(60, np.inf)), **weights)
        assert inside.power == pytest.approx(1.0, abs=1e-6)


# ---------------------------------------------------------------------------------------------------------- simulation
def one_data_set(seed, n=(9, 12), times=4, rho=0.5, stay=0.8):
    rng = np.random.default_rng(seed)
    people = sum(n)
    values = np.sqrt(rho) * rng.standard_normal((1, people, 1)) + np.sqrt(1 - rho) * rng.standard_normal(
        (1, people, times)
    )
    last = 1 + np.cumprod(rng.random((1, people, times - 1)) < stay, axis=2).sum(axis=2)
    return values, last, np.array(n)


def dense_fit(values, last, n):
    """REML by dense matrices and a scalar minimiser: ratio, variance within, F of the interaction."""
    _, people, times = values.shape
    group = np.repeat(np.arange(len(n)), n)
    seen = [(i, t) for i in range(people) for t in range(last[0, i])]
    y = np.array([values[0, i, t] for i, t in seen])
    x = np.eye(len(n) * times)[[group[i] * times + t for i, t in seen]]
    same = np.array([[a == b for b, _ in seen] for a, _ in seen], dtype=float)

    def parts(theta):
        inverse = np.linalg.inv(np.eye(len(y)) + theta * same)
        information = x.T @ inverse @ x
        beta = np.linalg.solve(information, x.T @ inverse @ y)
        rest = y - x @ beta
        scale = rest @ inverse @ rest / (len(y) - x.shape[1])
        deviance = (len(y) - x.shape[1]) * np.log(scale) - np.linalg.slogdet(inverse)[1]
        return deviance + np.linalg.slogdet(information)[1], beta, information, scale

    best = optimize.minimize_scalar(
        lambda u: parts(np.exp(u))[0], bounds=(-12, 6), method="bounded", options={"xatol": 1e-10}
    )
    theta = np.exp(best.x) if best.fun < parts(0.0)[0] else 0.0
    _, beta, information, scale = parts(theta)
    rows = np.kron(np.diff(np.eye(len(n)), axis=0), np.diff(np.eye(times), axis=0))
    effects = rows @ beta
    f = effects @ np.linalg.solve(rows @ np.linalg.inv(information) @ rows.T, effects) / len(rows) / scale
    return theta, scale, f


def interaction_rows(groups, times):
    across, along = np.diff(np.eye(groups), axis=0), np.diff(np.eye(times), axis=0)
    return np.einsum("ag,bt->abgt", across, along).reshape(-1, groups, times)


@pytest.mark.parametrize("n", [(9, 12), (6, 8, 7)])
def test_fits_are_those_of_dense_matrices(n):
    boundary = 0
    for seed in range(12):
        data = one_data_set(seed, n=n, rho=0.05 if seed % 3 == 0 else 0.5)
        model = random_intercept.fit(random_intercept.summarise(*data))
        complete = (data[1][0] == 4).astype(int)
        # The last cell of a group without completers has no mean.
        assert model.estimable[0] == np.all(np.add.reduceat(complete, np.cumsum([0, *n[:-1]])) > 0)
        if not model.estimable[0]:
            continue
        theta, scale, f = dense_fit(*data)
        # The minimiser knows the place of a flat minimum to half of its digits.
        assert model.ratio[0] == pytest.approx(theta, rel=2e-5, abs=2e-5)
        assert model.within[0] == pytest.approx(scale, rel=1e-5)
        assert random_intercept.wald_f(model, interaction_rows(len(n), 4))[0] == pytest.approx(f, rel=1e-5)
        boundary += model.ratio[0] == 0
    assert 0 < boundary < 8


def test_fits_are_those_of_statsmodels():
    from statsmodels.regression.mixed_linear_model import MixedLM

    values, last, n = one_data_set(2, n=(37, 46), times=5)
    seen = [(i, t) for i in range(83) for t in range(last[0, i])]
    group = np.repeat([0, 1], n)
    # Columns: means of the first group, and what the second adds, whose differences are the interaction.
    x = np.array([[*np.eye(5)[t], *(group[i] * np.eye(5)[t])] for i, t in seen])
    y = np.array([values[0, i, t] for i, t in seen])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        peer = MixedLM(y, x, groups=np.array([i for i, _ in seen])).fit(reml=True)
    rows = np.hstack([np.zeros((4, 5)), np.diff(np.eye(5), axis=0)])
    effects = rows @ peer.fe_params
    f = effects @ np.linalg.solve(rows @ np.asarray(peer.cov_params())[:10, :10] @ rows.T, effects) / 4
    model = random_intercept.fit(random_intercept.summarise(values, last, n))
    assert model.ratio[0] == pytest.approx(peer.cov_re[0, 0] / peer.scale, rel=1e-4)
    assert random_intercept.wald_f(model, interaction_rows(2, 5))[0] == pytest.approx(f, rel=1e-3)


def test_complete_data_give_the_split_plot_f():
    values, _, n = one_data_set(1, rho=0.6)
    model = random_intercept.fit(random_intercept.summarise(values, np.full((1, 21), 4), n))
    y = values[0]
    own = y - y.mean(axis=1, keepdims=True)
    cells = np.stack([own[:9].mean(0), own[9:].mean(0)])
    error = np.sum((own - np.repeat(cells, n, axis=0)) ** 2) / (19 * 3)
    between = np.sum(n[:, None] * (cells - own.mean(0)) ** 2) / 3
    assert random_intercept.wald_f(model, interaction_rows(2, 4))[0] == pytest.approx(between / error, rel=1e-8)
    assert model.within[0] == pytest.approx(error, rel=1e-8)


@pytest.mark.parametrize("term", TERMS)
def test_without_dropout_the_simulation_meets_the_exact_power(term):
    plan = PLAN if term != "time" else {**PLAN, "means": [[18.0, 18.5, 17.5, 18.7, 18.0]] * 2}
    result = groups_by_time_simulated(**plan, dropout=0.0, term=term, simulations=6000, rng=8)
    exact = groups_by_time(**plan, term=term).power
    assert result.failures == 0
    assert result.completers == 1.0
    assert abs(result.power - exact) < 4 * result.standard_error
    assert result.low < result.power < result.high


def test_dropout_costs_power_and_the_level_holds():
    whole = groups_by_time_simulated(**PLAN, dropout=0.0, simulations=3000, rng=1)
    less = groups_by_time_simulated(**PLAN, dropout=[0.0, 0.1, 0.2, 0.3], simulations=3000, rng=1)
    assert less.power + 5 * less.standard_error < whole.power
    assert less.completers == pytest.approx(0.9 * 0.8 * 0.7, abs=0.01)
    flat = {**PLAN, "means": np.ones((2, 5))}
    null = groups_by_time_simulated(**flat, dropout=[[0.1] * 4, [0.2] * 4], simulations=6000, rng=2)
    assert abs(null.power - 0.05) < 4 * null.standard_error


def test_contrast_equivalence_without_dropout_meets_the_exact_power():
    plan = {"n": (37, 46), "group_weights": (1, -1), "rho": 0.5, "sd": 5.0}
    shared = {**plan, "margin": 3.0, "means": np.full((2, 5), 7.0), "dropout": 0.0, "simulations": 6000, "rng": 3}
    # The model pools the variance within people over all visits: 324 degrees of freedom in place of 81.
    change = groups_by_time_contrast_equivalence_simulated(time_weights=(-1, 0, 0, 0, 1), **shared)
    error = 5.0 * np.sqrt(2 * 0.5 * (1 / 37 + 1 / 46))
    exact = ks.power.means_equivalence(n1=163, n2=163, margin=3.0 / error * np.sqrt(2 / 163)).power
    assert abs(change.power - exact) < 4 * change.standard_error
    level = groups_by_time_contrast_equivalence_simulated(time_weights=(0.2,) * 5, **shared)
    exact = groups_by_time_contrast_equivalence(time_weights=(0.2,) * 5, margin=3.0, effect=0.0, **plan).power
    assert abs(level.power - exact) < 4 * level.standard_error


def test_data_sets_without_a_fit_are_counted_apart():
    plan = {"n": (4, 4), "means": np.zeros((2, 4)), "rho": 0.3, "simulations": 2000, "rng": 4}
    result = groups_by_time_simulated(dropout=0.25, **plan)
    gone = 1 - (1 - (1 - 0.75**3) ** 4) ** 2
    assert abs(result.failures / 2000 - gone) < 4 * np.sqrt(gone * (1 - gone) / 2000)
    assert 0 < result.boundary < 2000 - result.failures
    # Were failures counted as not significant, the share would be smaller.
    assert result.power * (2000 - result.failures) == pytest.approx(round(result.power * (2000 - result.failures)))
    with pytest.raises(ks.NoSolution, match="none of 2000"):
        groups_by_time_simulated(dropout=0.99999, **plan)


def test_the_same_seed_gives_the_same_power_in_any_unit():
    one = groups_by_time_simulated(**PLAN, dropout=0.1, simulations=500, rng=5)
    again = groups_by_time_simulated(
        **{**PLAN, "means": MEANS * 1e-9 + 4e-9, "sd": 5e-9}, dropout=0.1, simulations=500, rng=5
    )
    assert one.power == again.power
    assert "Wald" in one.method
    assert list(one.to_frame().columns)[:4] == ["power", "standard_error", "low", "high"]


# ----------------------------------------------------------------------------------------------------------- bad input
@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"n": 83}, ks.InvalidType, r"n is 83; allowed: one whole number of people per group"),
        ({"n": ()}, ks.InvalidArgument, "n is "),
        ({"n": (1, 1)}, ks.InvalidArgument, "more people than groups"),
        ({"n": (37, 46.5)}, ks.InvalidArgument, r"n\[1\] is 46.5"),
        ({"n": (37, 46, 3)}, ks.InvalidArgument, "one row per group"),
        ({"means": [1.0, 2.0]}, ks.InvalidArgument, "one row per group"),
        ({"effect": 0.1}, ks.InvalidType, "either means or effect"),
        ({"means": None, "effect": 0.1}, ks.InvalidType, "number of times"),
        ({"means": None, "effect": 0.1, "times": 1}, ks.InvalidArgument, "'group', as there is one time"),
        ({"means": None, "effect": 0.1, "times": 5, "covariance": "ar1"}, ks.InvalidArgument, "depends on the means"),
        ({"times": 4}, ks.InvalidArgument, "left out, or 5"),
        ({"rho": None}, ks.InvalidType, "no default correlation"),
        ({"rho": -0.25}, ks.InvalidArgument, "rho is -0.25"),
        ({"rho": 1.0}, ks.InvalidArgument, "rho is 1.0"),
        ({"sd": 0.0}, ks.InvalidArgument, "sd is 0.0"),
        ({"term": "sex"}, ks.InvalidArgument, "term is 'sex'"),
        ({"covariance": np.eye(5)}, ks.InvalidArgument, "rho is 0.5; allowed: nothing beside"),
        ({"covariance": np.eye(4), "rho": None, "sd": 1.0}, ks.InvalidArgument, "5 by 5"),
        ({"covariance": np.ones((5, 5)), "rho": None, "sd": 1.0}, ks.InvalidArgument, "eigenvalue"),
        ({"covariance": np.tri(5), "rho": None, "sd": 1.0}, ks.InvalidArgument, "not symmetric"),
        ({"covariance": "ar1", "test": "univariate"}, ks.InvalidArgument, "another test under this covariance"),
        ({"n": (3, 2), "test": "multivariate"}, ks.InvalidArgument, "at least 6 people"),
        ({"n": (3, 3, 3), "means": np.ones((3, 5)), "covariance": "ar1"}, ks.InvalidArgument, "at least 10 people"),
        ({"n": (30,), "means": MEANS[:1]}, ks.InvalidArgument, "'time', as there is one group"),
        ({"n": ([3, 4], [5, 6]), "means": np.ones((3, 2, 5))}, ks.InvalidArgument, "shapes"),
    ],
)
def test_bad_designs_are_refused(change, error, message):
    with pytest.raises(error, match=message):
        groups_by_time(**{**PLAN, **change})


def test_bad_contrasts_margins_and_dropouts_are_refused():
    weights = {"group_weights": (1, -1), "time_weights": (-1, 0, 0, 0, 1)}
    with pytest.raises(ks.InvalidArgument, match="one weight per group, here 2"):
        groups_by_time_contrast(**{**PLAN, **weights, "group_weights": (1, 0, -1)})
    with pytest.raises(ks.InvalidArgument, match="not all of them 0"):
        groups_by_time_contrast(**{**PLAN, **weights, "time_weights": (0, 0)})
    with pytest.raises(ks.InvalidArgument, match="2 columns"):
        groups_by_time_contrast(**{**PLAN, **weights, "time_weights": (1, -1)})
    with pytest.raises(ks.InvalidType, match="either means or effect"):
        groups_by_time_contrast(**PLAN, **weights, effect=3.0)
    with pytest.raises(ks.InvalidArgument, match="margin is 0"):
        groups_by_time_equivalence(**PLAN, margin=0.0)
    with pytest.raises(ks.InvalidArgument, match="dropout is 1"):
        groups_by_time_simulated(**PLAN, dropout=1.0)
    with pytest.raises(ks.InvalidArgument, match="4 numbers"):
        groups_by_time_simulated(**PLAN, dropout=[0.1, 0.2])
    with pytest.raises(ks.InvalidArgument, match="one design at a time"):
        groups_by_time_simulated(**{**PLAN, "n": ([3, 4], 5)}, dropout=0.1)
    with pytest.raises(ks.InvalidArgument, match="two times or more"):
        groups_by_time_simulated(**{**PLAN, "means": [[1.0], [2.0]]}, dropout=0.1)
    with pytest.raises(ks.InvalidArgument, match="one design"):
        groups_by_time_simulated(**{**PLAN, "rho": [0.1, 0.2]}, dropout=0.1)
    with pytest.raises(ks.InvalidArgument, match="'time', as there is one group"):
        groups_by_time_simulated(n=(9,), means=MEANS[:1], rho=0.5, dropout=0.1)
    with pytest.raises(ks.InvalidArgument, match="5 weights"):
        groups_by_time_contrast_equivalence_simulated(
            **PLAN, group_weights=(1, -1), time_weights=(1, -1), margin=1.0, dropout=0.1
        )
