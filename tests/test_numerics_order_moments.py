"""Ranges of mean and SD of ordered values: quantile ranks, corners, the smallest and the largest spread."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest

from ketastats.numerics.order_chain import chain, corners, edges
from ketastats.numerics.order_moments import moments
from ketastats.numerics.quantile_ranks import DEFINITIONS, median_rank, quartile_rank

EVERYWHERE = (-math.inf, math.inf)


def value(place, ordered):
    rank, weight = place
    return float(1 - weight) * ordered[rank - 1] + (float(weight) * ordered[rank] if weight else 0.0)


def weights(place):
    rank, weight = place
    return {rank: 1.0 - float(weight)} | ({rank + 1: float(weight)} if weight else {})


def quantities(n, definition):
    lower, upper = (weights(quartile_rank(n, side, definition)) for side in (False, True))
    rows = {"minimum": {1: 1.0}, "q1": lower, "median": weights(median_rank(n)), "q3": upper, "maximum": {n: 1.0}}
    rows["iqr"] = {rank: upper.get(rank, 0.0) - lower.get(rank, 0.0) for rank in {*lower, *upper}}
    return rows | {"width": {n: 1.0, 1: -1.0}}


def linear(row, samples):
    return sum(weight * samples[..., rank - 1] for rank, weight in row.items())


# ---------------------------------------------------------------------------------------------------------------- ranks
@pytest.mark.parametrize("definition", DEFINITIONS[:9])
def test_quartiles_are_those_of_numpy(definition):
    for n in range(1, 31):
        ordered = np.cumsum(np.random.default_rng(n).exponential(size=n))
        for upper, share in ((False, 0.25), (True, 0.75)):
            expected = np.quantile(ordered, share, method=definition)
            assert value(quartile_rank(n, upper, definition), ordered) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("n", [2, 3, 4, 5, 6, 7, 8, 9, 21])
def test_hinges_and_halves_are_medians_of_halves(n):
    ordered = np.cumsum(np.random.default_rng(n).exponential(size=n))
    assert value(median_rank(n), ordered) == pytest.approx(np.median(ordered))
    for definition, size in (("hinges", (n + 1) // 2), ("halves_without_median", n // 2)):
        for upper, half in ((False, ordered[:size]), (True, ordered[n - size :])):
            assert value(quartile_rank(n, upper, definition), ordered) == pytest.approx(np.median(half))


# -------------------------------------------------------------------------------------------------------------- corners
def test_corners_and_edges_of_a_cut_triangle():
    # Two ordered values between 0 and 2 whose sum is at least 1.
    body = chain(2, [({1: 1.0}, 0.0, math.inf), ({2: 1.0}, -math.inf, 2.0), ({1: 1.0, 2: 1.0}, 1.0, math.inf)])
    points = corners(body)
    expected = {(0.0, 1.0), (0.5, 0.5), (0.0, 2.0), (2.0, 2.0)}
    assert {tuple(np.round(point, 12)) for point in points} == expected
    joined = {frozenset(tuple(np.round(points[at], 12)) for at in pair) for pair in edges(body, points)}
    around = [(0.0, 1.0), (0.5, 0.5), (2.0, 2.0), (0.0, 2.0)]
    assert {frozenset(pair) for pair in itertools.pairwise([*around, around[0]])} <= joined


def test_a_contradiction_has_no_corner():
    body = chain(4, [({1: 1.0}, 3.0, 4.0), ({4: 1.0}, 1.0, 2.0)])
    assert corners(body).shape == (0, 2)
    assert moments(body, EVERYWHERE, (0.0, math.inf)) is None


# -------------------------------------------------------------------------------------------------------------- moments
def test_five_numbers_by_hand():
    # Of five people each value is one of the five numbers; with all at 2.5, 4.5, 6.5, 9.5 and 13.5 the squares about
    # the mean add up to 74.8, with all at 1.5, 3.5, 5.5 (or 6.5), 10.5 and 14.5 to the most.
    rows = quantities(5, "hinges")
    printed = {"minimum": 2, "q1": 4, "median": 6, "q3": 10, "maximum": 14}
    body = chain(5, [(rows[name], number - 0.5, number + 0.5) for name, number in printed.items()])
    found = moments(body, EVERYWHERE, (0.0, math.inf))
    assert found.mean == pytest.approx((6.7, 7.7), rel=1e-12)
    assert found.sd == pytest.approx((math.sqrt(74.8 / 4), np.std([1.5, 3.5, 5.5, 10.5, 14.5], ddof=1)), rel=1e-12)


def brute(n, top, step, rows, limits, mean, sd):
    """Mean and SD of every ordered sample on a grid that meets all limits."""
    grid = np.arange(0, top + 1e-9, step)
    samples = np.array(list(itertools.combinations_with_replacement(grid, n)))
    keep = np.ones(len(samples), dtype=bool)
    for name, (low, high) in limits.items():
        found = linear(rows[name], samples)
        keep &= (found >= low - 1e-12) & (found <= high + 1e-12)
    means, sds = samples.mean(axis=1), samples.std(axis=1, ddof=1)
    keep &= (means >= mean[0] - 1e-12) & (means <= mean[1] + 1e-12) & (sds >= sd[0] - 1e-12) & (sds <= sd[1] + 1e-12)
    return means[keep], sds[keep]


def test_no_sample_on_a_grid_lies_outside_and_every_end_is_reached():
    rng = np.random.default_rng(8)
    close = []
    for _ in range(60):
        n, top = int(rng.integers(2, 6)), int(rng.integers(3, 6))
        rows = quantities(n, DEFINITIONS[rng.integers(11)])
        truth = np.sort(rng.integers(0, top + 1, n)).astype(float)
        half = float(rng.choice([0.0, 0.25, 0.5]))
        names = [name for name in rows if rng.random() < 0.5] or ["median"]
        limits = {name: (linear(rows[name], truth) - half, linear(rows[name], truth) + half) for name in names}
        mean = EVERYWHERE if rng.random() < 0.5 else (truth.mean() - 0.3, truth.mean() + 0.2)
        sd = (0.0, math.inf) if rng.random() < 0.5 else (max(truth.std(ddof=1) - 0.2, 0.0), truth.std(ddof=1) + 0.3)
        scale = [({1: 1.0}, 0.0, math.inf), ({n: 1.0}, -math.inf, float(top))]
        found = moments(chain(n, [*((rows[name], *ends) for name, ends in limits.items()), *scale]), mean, sd)
        means, sds = brute(n, top, 0.5 if n > 3 else 0.25, rows, limits, mean, sd)
        for seen, ends in ((means, found.mean), (sds, found.sd)):
            assert ends[0] - 1e-9 <= seen.min() <= seen.max() <= ends[1] + 1e-9
        close.append(max(means.min() - found.mean[0], found.mean[1] - means.max(), found.sd[1] - sds.max()))
        for sample, spread in ((found.least, found.sd[0]), (found.most, found.sd[1])):
            assert np.all(np.diff(sample) >= -1e-9)
            assert all(low - 1e-9 <= linear(rows[name], sample) <= high + 1e-9 for name, (low, high) in limits.items())
            assert mean[0] - 1e-9 <= sample.mean() <= mean[1] + 1e-9
            assert sd != (0.0, math.inf) or sample.std(ddof=1) == pytest.approx(spread, abs=1e-9)
    # The ends are no wider than the grid is coarse.
    assert np.median(close) < 0.05
    assert max(close) < 0.5


def test_units_do_not_matter():
    rows = quantities(11, "linear")
    limits = {"q1": (3.5, 4.5), "median": (5.5, 6.5), "maximum": (13.5, 14.5)}
    for shift, unit in ((0.0, 1.0), (1e6, 1.0), (-3.0, 1e-8), (0.0, 1e12)):
        body = chain(
            11, [(rows[name], low * unit + shift, high * unit + shift) for name, (low, high) in limits.items()]
        )
        found = moments(body, (5 * unit + shift, 7 * unit + shift), (0.0, 4 * unit))
        scaled = [*((end - shift) / unit for end in found.mean), *(end / unit for end in found.sd)]
        if shift == 0.0 and unit == 1.0:
            first = scaled
        assert scaled == pytest.approx(first, rel=1e-7)
