"""Ordered whole numbers with known quantities, against every ordered sample."""

from __future__ import annotations

import itertools

import numpy as np

from ketastats.numerics.whole_order import squares_by_sum, whole_knots


def test_knots_and_squares_are_those_of_every_sample():
    rng = np.random.default_rng(0)
    for _ in range(40):
        n, low = int(rng.integers(2, 7)), int(rng.integers(-3, 2))
        high = low + int(rng.integers(1, 6))
        inner = rng.choice(np.arange(2, n), int(rng.integers(0, n - 1)), replace=False) if n > 2 else np.array([], int)
        places = np.sort(np.concatenate([[1, n], inner]))
        samples = np.array(list(itertools.combinations_with_replacement(range(low, high + 1), n)))
        rows = rng.integers(-2, 4, (int(rng.integers(0, 4)), places.size))
        knots = samples[:, places - 1]
        values = knots @ rows.T
        truth = values[rng.integers(len(samples))]
        first, last = truth - rng.integers(0, 3, truth.size), truth + rng.integers(0, 3, truth.size)
        keep = ((values >= first) & (values <= last)).all(axis=1)
        found, count = whole_knots(places.size, low, high, rows, first, last, 10**6)
        assert {tuple(row) for row in found.tolist()} == {tuple(row) for row in knots[keep].tolist()}
        assert count == len(found)
        least, most = squares_by_sum(found, np.diff(places) - 1, n * low, n * high)
        total, squares = samples.sum(axis=1), np.square(samples).sum(axis=1)
        for at, wanted in enumerate(range(n * low, n * high + 1)):
            own = squares[keep & (total == wanted)]
            if own.size:
                assert (least[at], most[at]) == (own.min(), own.max())
            else:
                assert least[at] > most[at]


def test_too_many_choices_are_counted_and_not_made():
    nothing = np.zeros((0, 4), dtype=np.int64)
    found, count = whole_knots(4, 0, 50, nothing, np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64), 1000)
    assert found.shape[0] == 0
    assert count > 1000
