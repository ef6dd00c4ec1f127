"""Partial eta squared, Cohen's f and their intervals, from F."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import ketastats as ks
from ketastats.effects import f_from_p, smd_from_t, variance_explained

GOLDEN = Path(__file__).parent / "golden" / "variance.csv"
ROWS = {row["id"]: row for row in csv.DictReader(GOLDEN.read_text(encoding="utf-8").splitlines())}

statistics = st.floats(0, 200, allow_nan=False)
degrees = st.integers(1, 500)


def golden(name):
    row = ROWS[name]
    return json.loads(row["inputs_json"]), json.loads(row["expected_json"])


# ----------------------------------------------------------------------------------------------------------- invariants
@settings(max_examples=15)
@given(f=statistics, df1=degrees, df2=degrees)
def test_three_measures_are_one_noncentrality(f, df1, df2):
    eta, size, ncp = (
        variance_explained(f, df1, df2, measure=measure)
        for measure in ("partial_eta_squared", "cohens_f", "noncentrality")
    )
    for pick in (
        lambda e: e.point,
        lambda e: e.confidence_interval(0.9).low,
        lambda e: e.confidence_interval(0.9).high,
    ):
        assert pick(eta) == pytest.approx(pick(ncp) / (pick(ncp) + df2), rel=1e-13)
        assert pick(size) ** 2 * df2 == pytest.approx(pick(ncp), rel=1e-13)


@given(f=st.floats(0.01, 50), df1=degrees, df2=degrees, level=st.floats(0.5, 0.99))
def test_interval_holds_what_the_test_does_not_reject(f, df1, df2, level):
    eta = variance_explained(f, df1, df2)
    interval = eta.confidence_interval(level)
    assert 0 <= interval.low <= interval.high < 1
    tail = (1 - level) / 2
    if interval.low > 0:
        assert eta.pvalue(interval.low, alternative="greater") == pytest.approx(tail, rel=1e-8)
    else:
        assert eta.pvalue(0.0, alternative="greater") >= tail * (1 - 1e-8)
    if interval.high > 0:
        assert eta.pvalue(interval.high, alternative="less") == pytest.approx(tail, rel=1e-8)
    else:
        assert eta.pvalue(0.0, alternative="less") <= tail * (1 + 1e-8)


@given(t=st.floats(0.01, 12), n1=st.integers(2, 200), n2=st.integers(2, 200))
def test_one_numerator_degree_of_freedom_is_a_two_sided_t(t, n1, n2):
    df = n1 + n2 - 2
    effect = variance_explained(t * t, 1, df, measure="noncentrality")
    d = smd_from_t(t, n1, n2)
    assert effect.pvalue(0.0, alternative="greater") == pytest.approx(d.pvalue(), rel=1e-10)
    # F = t**2 with noncentrality delta**2 has the tails of |t|.
    delta = 1.3
    ahead, behind = smd_from_t(t, n1, n2), smd_from_t(-t, n1, n2)
    null = delta * np.sqrt(1 / n1 + 1 / n2)
    tails = ahead.pvalue(null, alternative="greater") + behind.pvalue(null, alternative="less")
    assert effect.pvalue(delta**2, alternative="greater") == pytest.approx(tails, rel=1e-10)


@given(p=st.floats(1e-6, 1), df1=degrees, df2=degrees)
def test_f_from_p_is_the_inverse_of_the_test(p, df1, df2):
    f = f_from_p(p, df1, df2)
    assert variance_explained(f, df1, df2).pvalue(0.0, alternative="greater") == pytest.approx(p, rel=1e-9)


def test_everything_broadcasts():
    eta = variance_explained([[0.3], [0.7]], [1, 4, 4], 81)
    interval = eta.confidence_interval(0.9)
    assert eta.point.shape == interval.low.shape == interval.high.shape == (2, 3)
    alone = variance_explained(0.7, 4, 81)
    assert eta.point[1, 2] == alone.point
    assert interval.high[1, 2] == pytest.approx(alone.confidence_interval(0.9).high, rel=1e-13)
    assert np.ndim(alone.point) == 0
    assert len(eta.to_frame()) == 6


# ------------------------------------------------------------------------------------------- independent recomputation
def noncentral_f_sf(f, df1, df2, ncp):
    """Upper tail by the Poisson mixture of incomplete betas, at 40 digits."""
    with mpmath.workdps(40):
        x = mpmath.mpf(df1) * f / (mpmath.mpf(df1) * f + df2)
        half = mpmath.mpf(ncp) / 2

        def term(j):
            weight = mpmath.exp(-half) * half**j / mpmath.factorial(j)
            return weight * mpmath.betainc(mpmath.mpf(df1) / 2 + j, mpmath.mpf(df2) / 2, x, 1, regularized=True)

        return mpmath.fsum(term(j) for j in range(160))


@pytest.mark.parametrize(("f", "df1", "df2"), [(0.73, 4, 324), (0.3219, 1, 81), (5, 3, 76), (2.2, 7, 19)])
def test_limits_invert_the_distribution_at_forty_digits(f, df1, df2):
    interval = variance_explained(f, df1, df2, measure="noncentrality").confidence_interval(0.9)
    assert float(noncentral_f_sf(f, df1, df2, interval.high)) == pytest.approx(0.95, rel=1e-11)
    if interval.low > 0:
        assert float(noncentral_f_sf(f, df1, df2, interval.low)) == pytest.approx(0.05, rel=1e-11)
    else:
        assert float(noncentral_f_sf(f, df1, df2, 0)) >= 0.05


# -------------------------------------------------------------------------------------------------------- golden values
def test_steiger_2004_example():
    given_, expected = golden("ES-001")
    # The upper limit is printed as 32.563, to half of the last digit 5e-4.
    ncp = variance_explained(given_["F"], given_["df1"], given_["df2"], measure="noncentrality")
    interval = ncp.confidence_interval(given_["level"])
    assert [interval.low, interval.high] == pytest.approx(expected["ncp"], abs=5e-4)
    # RMSSE = sqrt(ncp / ((k - 1) n per group)); here k = 4 groups of 20.
    rmsse = np.sqrt(np.array([interval.low, interval.high]) / (given_["df1"] * given_["n"] / (given_["df1"] + 1)))
    assert rmsse == pytest.approx(expected["rmsse"], abs=6e-5)


def test_effectsize_example():
    given_, expected = golden("ES-002")
    eta = variance_explained(given_["F"], given_["df1"], given_["df2"])
    interval = eta.confidence_interval(given_["level"])
    assert eta.point == pytest.approx(expected["eta2"], rel=1e-12)
    assert [interval.low, interval.high] == pytest.approx(expected["eta2_ci"], rel=2e-4)
    size = variance_explained(given_["F"], given_["df1"], given_["df2"], measure="cohens_f")
    interval = size.confidence_interval(given_["level"])
    assert size.point == pytest.approx(expected["f"], rel=1e-12)
    assert [interval.low, interval.high] == pytest.approx(expected["f_ci"], rel=2e-4)


# ---------------------------------------------------------------------------------------------------------------- edges
def test_no_effect_at_all_and_all_of_the_variance():
    eta = variance_explained(0.0, 4, 324)
    assert eta.point == 0.0
    assert eta.confidence_interval(0.9).low == eta.confidence_interval(0.9).high == 0.0
    assert eta.pvalue(0.0, alternative="greater") == 1.0
    some = variance_explained(2.0, 4, 324)
    assert some.pvalue(1.0, alternative="less") == 0.0
    assert some.pvalue(1.0, alternative="greater") == 1.0
    assert some.pvalue(-0.5) == some.pvalue(0.0)


@pytest.mark.parametrize(
    ("arguments", "name"),
    [((-1.0, 1, 81), "f"), ((1.0, 0, 81), "df1"), ((1.0, 1, 0), "df2"), ((1.0, 1, np.inf), "df2")],
)
def test_bad_input_is_named(arguments, name):
    with pytest.raises(ks.InvalidArgument, match=rf"^{name} is"):
        variance_explained(*arguments)


def test_p_of_nothing_is_refused():
    with pytest.raises(ks.InvalidArgument, match=r"^p is"):
        f_from_p(0.0, 1, 81)
    with pytest.raises(ks.InvalidArgument, match=r"^measure is"):
        variance_explained(1.0, 1, 81, measure="eta")
