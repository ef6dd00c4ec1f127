"""Octagons against linear programmes."""

from __future__ import annotations

import numpy as np
from scipy.optimize import linprog

from ketastats.numerics import octagons

ROWS = 36
FACES = [[1, 0], [-1, 0], [0, 1], [0, -1], [1, 1], [-1, -1], [-1, 1], [1, -1]]


def test_bounds_and_corners_are_those_of_the_linear_programme() -> None:
    rng = np.random.default_rng(1)

    def pair(middle: float, width: float, spread: float = 1.0) -> tuple[np.ndarray, np.ndarray]:
        centre, half = rng.normal(middle, spread, ROWS), rng.uniform(0, width, ROWS)
        return centre - half, centre + half

    given = pair(0, 0.9, 0.5), pair(1.5, 0.9, 0.5), pair(1.5, 1.2), pair(1.5, 1.2)
    *tight, slack = octagons.tighten(*given)
    total, width = octagons.corners(*tight)
    assert np.allclose(slack, np.min([high - low for low, high in tight], axis=0), rtol=0, atol=1e-12)
    some = 0
    for row in range(ROWS):
        low, high, both, apart = ((pair[0][row], pair[1][row]) for pair in given)
        bounds = [low[1], -low[0], high[1], -high[0], both[1], -both[0], apart[1], -max(apart[0], 0)]
        best = [linprog(np.negative(face), A_ub=FACES, b_ub=bounds, bounds=[(None, None)] * 2) for face in FACES]
        assert (best[0].status == 0) == (slack[row] >= -1e-12)
        if best[0].status == 0:
            some += 1
            expected = np.array([-one.fun for one in best])
            found = [value for one in tight for value in (one[1][row], -one[0][row])]
            assert np.allclose(found, expected, atol=1e-9)
            point = np.stack([total[:, row] - width[:, row], total[:, row] + width[:, row]]) / 2
            assert np.all(np.array(FACES) @ point <= np.array(bounds)[:, None] + 1e-9)
            # Each face is met by two corners, so that nothing of the octagon lies beyond them.
            assert np.allclose((np.array(FACES) @ point).max(axis=1), expected, atol=1e-9)
    assert 5 < some < ROWS
