"""The sceptical p-value of a replication."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import optimize, special, stats

import ketastats as ks
from ketastats.evidence import credibility, sceptical_pvalue


def by_definition(zo, zr, c):
    """The level at which the replication just conflicts with the prior that takes the original's significance away."""

    def conflict(z):
        # Sceptical prior variance, in units of the replication's variance, and the replication's own.
        prior = c / ((zo / z) ** 2 - 1)
        return abs(zr) / math.sqrt(prior + 1) - z

    return optimize.brentq(conflict, 1e-9, min(abs(zo), abs(zr)) * (1 - 1e-13), xtol=1e-15)


@pytest.mark.parametrize(("zo", "zr", "c"), [(3.0, 4.2, 4.0), (2.1, 2.0, 1.0), (5.0, 1.7, 0.3), (1.2, 9.0, 50.0)])
def test_it_is_the_level_of_conflict(zo, zr, c):
    found = sceptical_pvalue(zr, se=1.0, original=zo * math.sqrt(c), original_se=math.sqrt(c))
    z = by_definition(zo, zr, c)
    assert found.z == pytest.approx(z, rel=1e-9)
    assert found.two_sided == pytest.approx(2 * stats.norm.sf(z), rel=1e-9)
    assert found.pvalue == pytest.approx(stats.norm.sf(z), rel=1e-9)
    # The textbook's form, by the arithmetic and the harmonic mean of the squares.
    mean, harmonic = (zo**2 + zr**2) / 2, 2 / (1 / zo**2 + 1 / zr**2)
    square = harmonic / 2 if c == 1 else (math.sqrt(mean * (mean + (c - 1) * harmonic)) - mean) / (c - 1)
    assert found.z**2 == pytest.approx(square, rel=1e-9)
    assert found.variance_ratio == pytest.approx(c)


def test_it_agrees_with_the_analysis_of_credibility():
    level = 0.9
    original, original_se, se = 0.5, 0.2, 0.1
    prior = credibility(original, se=original_se, level=level)
    critical = special.ndtri(0.5 * (1 + level))
    edge = critical * math.hypot(prior.prior_sd, se)
    found = sceptical_pvalue(edge, se=se, original=original, original_se=original_se)
    assert found.two_sided == pytest.approx(1 - level, rel=1e-9)


def test_neither_study_alone_convinces():
    rng = np.random.default_rng(1)
    zo, zr = rng.normal(0, 3, 500), rng.normal(0, 3, 500)
    c = 10 ** rng.uniform(-4, 4, 500)
    found = sceptical_pvalue(zr, se=1.0, original=zo * np.sqrt(c), original_se=np.sqrt(c))
    assert np.all(found.two_sided >= 2 * stats.norm.sf(np.minimum(abs(zo), abs(zr))) * (1 - 1e-12))
    assert np.all((found.pvalue <= 0.5) == found.same_direction)
    turned = sceptical_pvalue(-zr, se=1.0, original=zo * np.sqrt(c), original_se=np.sqrt(c))
    np.testing.assert_allclose(turned.pvalue + found.pvalue, 1.0, atol=1e-15)
    more = sceptical_pvalue(zr, se=1.0, original=1.1 * zo * np.sqrt(c), original_se=np.sqrt(c))
    assert np.all(more.two_sided <= found.two_sided)


def test_ends_of_the_scale():
    none = sceptical_pvalue(0.0, se=1.0, original=3.0, original_se=1.0)
    assert (none.z, none.two_sided, none.pvalue) == (0.0, 1.0, 0.5)
    for z, share in ((1e30, 1.0), (50.0, 1e-20), (50.0, 1e20), (1e-30, 1.0)):
        found = sceptical_pvalue(z, se=1.0, original=2 * z * share, original_se=share)
        assert 0 <= found.two_sided <= 1
        assert 0 <= found.z <= z
    with pytest.raises(ks.InvalidArgument, match="se is 0"):
        sceptical_pvalue(1.0, se=0.0, original=1.0, original_se=1.0)
    frame = sceptical_pvalue([1.0, 2.0], se=0.5, original=2.0, original_se=0.7).to_frame()
    assert len(frame) == 2
