"""Type S and type M errors, and observed power."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import special, stats

import ketastats as ks
from ketastats.numerics import student_t
from ketastats.power import observed, type_s_m
from ketastats.power._means import t_power

GOLDEN = Path(__file__).parent / "golden" / "designs.csv"
ROWS = {row["id"]: row for row in csv.DictReader(GOLDEN.read_text(encoding="utf-8").splitlines())}


def test_the_examples_of_gelman_and_carlin():
    # Gelman and Carlin (2014) print .06, 24 % and 9.7 (by simulation) for an effect of 2 with standard error 8.1, and
    # .05, 46 % and 77 for 0.1 with 3.28.
    small = type_s_m([2.0, 0.1], [8.1, 3.28])
    assert small.power == pytest.approx([0.06, 0.05], abs=0.005)
    assert small.type_s == pytest.approx([0.24, 0.46], abs=0.005)
    assert small.type_m == pytest.approx([9.7, 77], rel=0.02)


@given(effect=st.floats(0.01, 8), alpha=st.floats(1e-6, 0.5))
def test_normal_closed_form(effect, alpha):
    result = type_s_m(effect, 1.0, alpha=alpha)
    z = -special.ndtri(alpha / 2)
    up, down = special.ndtr(effect - z), special.ndtr(-effect - z)
    assert result.power == pytest.approx(up + down, rel=1e-9)
    assert result.type_s == pytest.approx(down / (up + down), rel=1e-9)
    magnitude = stats.norm.pdf(z - effect) + stats.norm.pdf(z + effect) + effect * (up - down)
    assert result.type_m == pytest.approx(magnitude / effect / (up + down), rel=1e-9)


@pytest.mark.parametrize(("effect", "df", "alpha"), [(0.5, 1, 0.05), (0.01, 5, 0.05), (3.0, 12, 1e-6), (1.0, 3, 0.5)])
def test_against_mpmath(effect, df, alpha):
    result = type_s_m(effect, 1.0, df=df, alpha=alpha)
    with mpmath.workdps(30):
        c, nu, d = mpmath.mpf(float(student_t.isf(alpha / 2, df))), mpmath.mpf(df), mpmath.mpf(effect)
        cut = [0, 0.2, 0.5, 0.8, 1, 1.2, 1.5, 2, 3, 5, 9]

        scale = 2 * (nu / 2) ** (nu / 2) / mpmath.gamma(nu / 2)

        def mean(g, c=c, nu=nu, scale=scale, cut=cut):
            return mpmath.quad(lambda s: scale * s ** (nu - 1) * mpmath.exp(-nu * s * s / 2) * g(c * s), cut)

        up, down = mean(lambda a: mpmath.ncdf(d - a)), mean(lambda a: mpmath.ncdf(-d - a))
        total = mean(lambda a: mpmath.npdf(a - d) + mpmath.npdf(a + d)) + d * (up - down)
    assert result.power == pytest.approx(float(up + down), rel=1e-11)
    assert result.type_s == pytest.approx(float(down / (up + down)), rel=1e-11)
    assert result.type_m == pytest.approx(float(total / d / (up + down)), rel=1e-11)


def test_by_simulation_of_the_t_test():
    rng = np.random.default_rng(1)
    estimate = 1.5 + rng.standard_normal(200_000)
    significant = np.abs(estimate) > student_t.isf(0.05, 9) * np.sqrt(rng.chisquare(9, 200_000) / 9)
    result = type_s_m(-3.0, 2.0, df=9, alpha=0.10)
    assert result.power == pytest.approx(np.mean(significant), abs=0.005)
    assert result.type_s == pytest.approx(np.mean(estimate[significant] < 0), abs=0.001)
    assert result.type_m == pytest.approx(np.mean(np.abs(estimate[significant])) / 1.5, abs=0.01)


def test_never_nan_and_bounded():
    rng = np.random.default_rng(2)
    effect, df = 10 ** rng.uniform(-8, 3, 3000), 10 ** rng.uniform(0, 9, 3000)
    for alpha in (1e-12, 0.05, 0.5):
        result = type_s_m(effect, 1.0, df=df, alpha=alpha)
        assert np.all((result.power > 0) & (result.power <= 1))
        assert np.all((result.type_s >= 0) & (result.type_s <= 0.5 + 1e-9))
        assert np.all((result.type_m >= 1 - 1e-9) & np.isfinite(result.type_m))
    assert type_s_m(1e300, 1.0).type_m == pytest.approx(1.0)


def test_bad_input_is_refused():
    for arguments, message in (
        ((0.0, 1.0), "effect is 0.0; allowed: a number other than 0"),
        ((1.0, 0.0), "se is 0.0"),
        ((np.nan, 1.0), "effect is nan"),
    ):
        with pytest.raises(ks.InvalidArgument, match=message):
            type_s_m(*arguments)
    with pytest.raises(ks.InvalidArgument, match="df is 0"):
        type_s_m(1.0, 1.0, df=0)


def test_observed_power_is_refused_as_it_only_repeats_p():
    with pytest.raises(ks.InvalidArgument, match=r"pvalue is 0\.23; .*p-value over again.*power\.detectable.*type_s_m"):
        observed(0.23)
    with pytest.raises(ks.KetastatsError):
        observed()
    # What it would have been: with a normal statistic, p = alpha has one half in the tail, whatever the study.
    given_, expected = (json.loads(ROWS["OBS-001"][key]) for key in ("inputs_json", "expected_json"))
    z = -special.ndtri(given_["p"] / 2)
    one_tail = t_power(np.asarray(z), np.asarray(np.inf), given_["alpha"] / 2, "greater")
    assert float(one_tail) == pytest.approx(expected["observed_power_upper_tail"], abs=1e-12)
    both = t_power(np.asarray(z), np.asarray(np.inf), given_["alpha"], "two-sided")
    assert float(both) == pytest.approx(0.50002, abs=5e-5)
