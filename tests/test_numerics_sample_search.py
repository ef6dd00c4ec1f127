"""One sample with a sum and an energy, against a list of all small samples."""

from __future__ import annotations

from itertools import combinations_with_replacement

import numpy as np
import pytest

from ketastats.numerics.sample_counts import Target
from ketastats.numerics.sample_reach import energy
from ketastats.numerics.sample_search import spread, trace

WIDTH = 5


def listed(people):
    """Every sum and energy that so many people with values from 0 to 4 can have."""
    samples = combinations_with_replacement(range(WIDTH), people)
    return {(sum(sample), sum(map(energy, sample))) for sample in samples}


def steps(people):
    return [(value, people) for value in range(WIDTH)]


def belongs(counts, people, target):
    values = np.arange(WIDTH)
    total, sum_of_energies = int(counts @ values), int(counts @ [energy(value) for value in values])
    assert counts.min() >= 0
    assert (counts.sum(), total) == (people, target.total)
    assert target.first <= sum_of_energies <= target.last


@pytest.mark.parametrize("people", [1, 2, 3, 5, 8])
def test_a_sample_is_found_where_there_is_one_and_nowhere_else(people):
    known = listed(people)
    found = 0
    for total in range(-1, (WIDTH - 1) * people + 2):
        for level in range(people * energy(WIDTH - 1) + 2):
            target = Target(total=total, first=level, last=level)
            quick, sure = spread(steps(people), people, [target]), trace(steps(people), people, [target])
            assert (sure is not None) == ((total, level) in known)
            for counts in (quick, sure):
                if counts is not None:
                    belongs(counts, people, target)
            found += quick is not None
    # Moving the widest pairs first comes out exactly for nearly all of them.
    assert 0.85 * len(known) <= found <= len(known)


@pytest.mark.parametrize("people", [2, 5, 9])
def test_people_moved_apart_meet_every_window(people):
    for total in range((WIDTH - 1) * people + 1):
        levels = sorted(level for other, level in listed(people) if other == total)
        for first, last in ((levels[0], levels[-1]), (levels[-1] - WIDTH, levels[-1]), (levels[0], levels[0] + WIDTH)):
            target = Target(total=total, first=first, last=last)
            counts = spread(steps(people), people, [target])
            assert counts is not None
            belongs(counts, people, target)
