"""p-values of all families in one array, and their ends over boxes of what was rounded."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from ketastats.numerics import printed_pvalues as pp
from ketastats.numerics import tail_digits

RNG_ROWS = 150


def designs(seed: int) -> tuple[np.ndarray, ...]:
    rng = np.random.default_rng(seed)
    family = rng.integers(0, 4, RNG_ROWS)
    df1 = np.round(np.exp(rng.uniform(np.log(1), np.log(60), RNG_ROWS)))
    df2 = np.round(np.exp(rng.uniform(np.log(1), np.log(3000), RNG_ROWS)), 1)
    statistic = np.round(rng.uniform(0, 6, RNG_ROWS), 3)
    statistic = np.where(family == pp.R, np.round(statistic / 6.5, 3), statistic)
    statistic = np.where(family == pp.CHI2, statistic * df1, statistic)
    return family, statistic, df1, df2


def test_against_forty_digits() -> None:
    family, statistic, df1, df2 = designs(1)
    found = pp.pvalue(family, statistic, df1, df2)
    for row in range(RNG_ROWS):
        args = [Fraction(repr(float(v[row]))) for v in (statistic, df1, df2)]
        if args[0] > 0:
            expected = float(tail_digits.tail(pp.FAMILIES[family[row]], *args, 40))
            assert found[row] == pytest.approx(expected, rel=1e-10), (pp.FAMILIES[family[row]], args)


def test_ends_of_the_scale() -> None:
    family = np.array([pp.T, pp.R, pp.F, pp.CHI2])
    one = np.ones(4)
    assert pp.pvalue(family, 0 * one, one, 5 * one).tolist() == [1, 1, 1, 1]
    assert pp.pvalue(family, np.inf * one, one, 5 * one).tolist() == [0, 0, 0, 0]
    assert pp.pvalue(family[[0, 2]], np.array([np.inf, np.inf]), one[:2], np.inf * one[:2]).tolist() == [0, 0]
    z, chi2 = pp.pvalue(np.array([pp.T, pp.F]), np.array([1.5, 2.25]), one[:2], np.inf * one[:2])
    assert z == pytest.approx(chi2, rel=1e-12)


def test_draws_from_the_box_stay_between_the_ends_and_reach_them() -> None:
    rng = np.random.default_rng(2)
    family, low, df1, df2 = designs(3)
    high = np.where(family == pp.R, np.minimum(low + 0.01, 1), low + 0.1)
    df1, df2 = (df1, df1 + rng.choice([0.0, 0.3], RNG_ROWS)), (df2, df2 + rng.choice([0.0, 1.0], RNG_ROWS))
    least, most, at_least, at_most = pp.ends(family, low, high, df1, df2)
    assert np.allclose(pp.pvalue(family, high, *at_least), least, rtol=1e-12)
    assert np.allclose(pp.pvalue(family, low, *at_most), most, rtol=1e-12)
    for _ in range(40):
        inside = [a + rng.uniform(size=RNG_ROWS) * (b - a) for a, b in ((low, high), df1, df2)]
        p = pp.pvalue(family, *inside)
        assert np.all(p >= least * (1 - 1e-9))
        assert np.all(p <= most * (1 + 1e-9))


def test_p_of_f_turns_inside_a_wide_box_of_degrees_of_freedom() -> None:
    # At F = 2.2 with 40 numerator degrees of freedom the tail first falls and then rises with the denominator's, or the
    # other way; a wide box shows it, and its corners alone would miss the extreme.
    grid = np.geomspace(1.0, 400.0, 4000)
    turned = 0
    for f, df1 in ((0.8, 4.0), (0.9, 40.0), (1.0, 12.0), (0.97, 6.0)):
        n = grid.size
        p = pp.pvalue(np.full(n, pp.F), np.full(n, f), np.full(n, df1), grid)
        row = np.array([f])
        box = (np.array([df1]), np.array([df1])), (grid[:1], grid[-1:])
        least, most, _, _ = pp.ends(np.array([pp.F]), row, row, *box)
        assert least[0] <= p.min() * (1 + 1e-12)
        assert most[0] >= p.max() * (1 - 1e-12)
        assert most[0] == pytest.approx(p.max(), rel=1e-6)
        assert least[0] == pytest.approx(p.min(), rel=1e-6)
        turned += max(p[0], p[-1]) < p.max() * (1 - 1e-6) or min(p[0], p[-1]) > p.min() * (1 + 1e-6)
    assert turned >= 1


def test_overlap_says_where_floats_cannot_tell() -> None:
    least, most = np.array([0.02, 0.02, 0.02, 0.0]), np.array([0.03, 0.03, 0.03, 0.0])
    low, high = np.array([0.025, 0.03, 0.031, 1e-320]), np.array([0.1, 0.1, 0.1, 1e-310])
    meets, near_low, near_high = pp.overlap(least, most, low, high)
    assert meets.tolist() == [True, True, False, False]
    assert near_low.tolist() == [False, True, False, True]
    assert near_high.tolist() == [False, False, False, True]
