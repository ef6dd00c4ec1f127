"""Regions of a scale, and what intervals say about them."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import ketastats as ks

REGIONS = [ks.within(1.0), ks.within(-2.0, 0.5), ks.above(0.3), ks.below(-0.3)]
ends = st.tuples(st.floats(-5, 5), st.floats(-5, 5)).map(sorted)


@pytest.mark.parametrize("region", [*REGIONS, *(~region for region in REGIONS)], ids=str)
@given(interval=ends)
def test_an_interval_is_inside_or_outside_or_undecided(region, interval):
    low, high = interval
    covers, excludes = bool(region.covers(low, high)), bool(region.excludes(low, high))
    assert not (covers and excludes)
    assert bool((~region).covers(low, high)) == excludes
    assert bool((~region).excludes(low, high)) == covers
    # By the points of the interval themselves.
    points = np.linspace(low, high, 50)
    inside = (points > region.low) & (points < region.high)
    if not region.inside:
        inside = ~((points >= region.low) & (points <= region.high))
    assert covers <= inside.all()
    assert excludes <= (not inside.any())


@given(interval=ends, more=st.floats(0, 2))
def test_shorter_intervals_decide_no_less(interval, more):
    low, high = interval
    for region in REGIONS:
        if region.covers(low - more, high + more):
            assert region.covers(low, high)
        if region.excludes(low - more, high + more):
            assert region.excludes(low, high)


def test_touching_is_not_inside_and_not_outside():
    region = ks.within(1.0)
    assert not region.covers(-1.0, 0.5)
    assert not region.covers(-0.5, 1.0)
    assert not region.excludes(1.0, 2.0)
    assert region.excludes(math.nextafter(1.0, 2.0), 2.0)
    assert not region.excludes(-2.0, -1.0)
    assert region.excludes(-2.0, math.nextafter(-1.0, -2.0))
    assert region.covers(math.nextafter(-1.0, 0.0), 0.5)


def test_infinite_intervals():
    assert ks.above(0.0).covers(0.1, math.inf)
    assert ks.below(0.0).covers(-math.inf, -0.1)
    assert not ks.within(1.0).covers(-math.inf, 0.0)
    assert ks.above(0.0).excludes(-math.inf, -0.1)


def test_arrays_broadcast():
    region = ks.within(0.1)
    assert region.covers([[-0.05], [-0.2]], [0.05, 0.15]).tolist() == [[True, False], [False, False]]
    assert region.excludes([[0.2], [0.0]], [0.3, 0.5]).tolist() == [[True, True], [False, False]]


def test_complement_twice_is_the_region():
    for region in REGIONS:
        assert ~~region == region
        assert hash(~~region) == hash(region)
        assert ~region != region


def test_symmetry():
    assert ks.within(0.1).symmetric
    assert (~ks.within(0.1)).symmetric
    assert not ks.within(-0.1, 0.2).symmetric
    assert not ks.above(0.0).symmetric


def test_text():
    assert str(ks.within(-2, 3)) == "within -2 to 3"
    assert str(~ks.within(0.1)) == "outside -0.1 to 0.1"
    assert [str(ks.above(2)), str(~ks.above(2))] == ["above 2", "at or below 2"]
    assert [str(ks.below(2)), str(~ks.below(2))] == ["below 2", "at or above 2"]


@pytest.mark.parametrize("half", [0.0, -1.0, math.nan, math.inf])
def test_half_widths_are_positive(half):
    with pytest.raises(ks.InvalidArgument, match=r"^low is"):
        ks.within(half)


def test_ends_stand_in_order():
    for low, high in ((1.0, 1.0), (2.0, 1.0)):
        with pytest.raises(ks.InvalidArgument, match=r"^high is"):
            ks.within(low, high)
    with pytest.raises(ks.InvalidArgument):
        ks.above(math.nan)
    with pytest.raises(ks.InvalidArgument):
        ks.below(-math.inf)
    with pytest.raises(ks.InvalidType):
        ks.above("2")


def test_frozen():
    with pytest.raises(AttributeError):
        ks.within(1.0).low = 2.0


def test_a_region_without_ends_claims_nothing():
    with pytest.raises(ks.InvalidArgument, match="high is inf; allowed: a finite end"):
        ks.Region(-math.inf, math.inf)
    with pytest.raises(ks.InvalidArgument, match="claims nothing"):
        ks.within(-math.inf, math.inf)
