"""The power of tests of pairs where nothing is left to chance, and how much work it is said to be."""

from __future__ import annotations

import numpy as np
import pytest

from ketastats.numerics import paired_power


def normal(first, second, ends):
    values = (np.array([value]) for value in (50.0, first, second))
    return paired_power.normal_power(*values, tuple(np.array([end]) for end in ends), 0.05, "difference")[0]


@pytest.mark.parametrize(
    ("end", "power"),
    [
        (0.5, 1.0),  # half a unit beyond the margin and what the test asks for
        (1.0, 0.0),  # exactly at the margin
    ],
)
def test_pairs_that_all_change_one_way(end, power):
    assert normal(1.0, 0.0, (end, np.inf)) == power
    assert normal(0.0, 1.0, (-np.inf, -end)) == power


@pytest.mark.parametrize(("n", "first", "second"), [(5, 0.0, 0.0), (12, 0.3, 0.1), (400, 0.05, 0.2), (3000, 0.5, 0.5)])
def test_the_work_is_about_that_of_the_counts(n, first, second):
    counts = sum(b.size for b, _, _ in paired_power.discordant_counts(n, first, second))
    assert counts <= 1.5 * paired_power.count_tables(n, first, second)
    assert paired_power.count_tables(n, first, second) <= 70 * counts


def test_counts_come_in_pieces_that_together_are_all(monkeypatch):
    whole = [np.concatenate(parts) for parts in zip(*paired_power.discordant_counts(60, 0.2, 0.3), strict=True)]
    monkeypatch.setattr(paired_power, "_ELEMENTS", 100)
    pieces = list(paired_power.discordant_counts(60, 0.2, 0.3))
    assert len(pieces) > 5
    assert all(100 < b.size <= 161 for b, _, _ in pieces[:-1])
    for together, parts in zip(whole, zip(*pieces, strict=True), strict=True):
        np.testing.assert_array_equal(np.concatenate(parts), together)
    assert whole[2].sum() == pytest.approx(1.0, abs=1e-14)
