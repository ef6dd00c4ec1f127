"""Equivalence of the variance that a term explains."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import ketastats as ks
from ketastats.equivalence import variance_explained

GOLDEN = Path(__file__).parent / "golden" / "designs.csv"
ROWS = {row["id"]: row for row in csv.DictReader(GOLDEN.read_text(encoding="utf-8").splitlines())}


def golden(name):
    return json.loads(ROWS[name]["inputs_json"]), json.loads(ROWS[name]["expected_json"])


def test_partial_eta_squared_as_toster():
    given_, expected = golden("EQP-501")
    share, df1, df2 = given_["eqbound_pes"], given_["df1"], given_["df2"]
    margin = (df1 + df2 + 1) * share / (1 - share)
    result = variance_explained(given_["F"], df1, df2, margin=margin, measure="noncentrality")
    assert result.pvalue == pytest.approx(expected["p"], rel=1e-3)


def test_groups_as_wellek():
    given_, expected = golden("EQP-505")
    groups = [np.array(group) for group in given_["groups"]]
    everyone = np.concatenate(groups)
    df1, df2 = len(groups) - 1, everyone.size - len(groups)
    between = sum(g.size * (g.mean() - everyone.mean()) ** 2 for g in groups) / df1
    within = sum(np.sum((g - g.mean()) ** 2) for g in groups) / df2
    margin = everyone.size / len(groups) * given_["eps"] ** 2
    result = variance_explained(between / within, df1, df2, margin=margin, measure="noncentrality")
    assert between / within == pytest.approx(expected["F"], abs=1e-3)
    assert (df1, df2) == (expected["df1"], expected["df2"])
    assert result.pvalue == pytest.approx(expected["p"], abs=1e-3)


@settings(max_examples=30)
@given(
    f=st.floats(0.0, 5.0),
    df1=st.integers(1, 12),
    df2=st.integers(3, 400),
    margin=st.floats(0.01, 0.6),
    alpha=st.floats(0.001, 0.4),
)
def test_established_exactly_when_the_interval_ends_inside(f, df1, df2, margin, alpha):
    result = variance_explained(f, df1, df2, margin=margin, alpha=alpha)
    if abs(result.pvalue - alpha) > 1e-9:
        assert bool(result.established) == bool(result.high < margin)
    assert result.threshold_margin == result.high
    assert result.p_lower == 0.0
    at_threshold = variance_explained(f, df1, df2, margin=max(float(result.high), 1e-6), alpha=alpha)
    if result.high > 1e-6:
        assert at_threshold.pvalue == pytest.approx(alpha, rel=1e-7)


def test_one_numerator_degree_is_both_tails_of_t():
    # F(1, df) = t**2: |t| lies below 1.1 with the probability of both tails of the noncentral t.
    smd = ks.effects.smd_from_t(1.1, 20, 30)
    unit = np.sqrt(1 / 20 + 1 / 30)
    result = variance_explained(1.21, 1, 48, margin=2.0**2, measure="noncentrality")
    below = smd.pvalue(2.0 * unit, alternative="less")
    far = ks.effects.smd_from_t(-1.1, 20, 30).pvalue(2.0 * unit, alternative="less")
    assert result.pvalue == pytest.approx(below - far, rel=1e-9)


def test_bad_margins_are_refused():
    for margin in (0.0, 1.0, -0.1, np.nan):
        with pytest.raises(ks.InvalidArgument, match="margin is"):
            variance_explained(1.0, 2, 30, margin=margin)
    with pytest.raises(ks.InvalidType, match="margin is"):
        variance_explained(1.0, 2, 30, margin="0.1")
    arrays = variance_explained([0.5, 1.0], 2, 30, margin=[[0.05], [0.1]])
    assert arrays.pvalue.shape == (2, 2)
    assert arrays.p_lower.shape == (2, 2)
    assert variance_explained(0.5, 2, 30, margin=0.1, alpha=0.5).high == 0.0
