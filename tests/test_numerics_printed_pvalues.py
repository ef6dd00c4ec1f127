"""p-values of all families in one array, and their ends over boxes of what was rounded."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from scipy import special

from ketastats.numerics import printed_pvalues as pp
from ketastats.numerics import tail_digits

RNG_ROWS = 60


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


def test_p_of_f_turns_inside_wide_boxes_of_degrees_of_freedom() -> None:
    rng = np.random.default_rng(0)
    n = 250
    f, df1, df2 = rng.uniform(0.3, 2.5, n), rng.uniform(1, 10, n), rng.uniform(1, 20, n)
    wide1, wide2 = df1 * rng.uniform(1, 8, n), df2 * rng.uniform(1, 20, n)
    # Some boxes have only one side.
    wide1[::3], wide2[1::3] = df1[::3], df2[1::3]
    least, most, at_least, at_most = pp.ends(np.full(n, pp.F), f, f, (df1, wide1), (df2, wide2))
    share = np.linspace(0, 1, 31)
    a = (df1[:, None] + (wide1 - df1)[:, None] * share)[:, :, None]
    b = (df2[:, None] * (wide2 / df2)[:, None] ** share)[:, None, :]
    grid = special.fdtrc(a, b, f[:, None, None])
    assert np.all(most >= grid.max(axis=(1, 2)) * (1 - 1e-12))
    assert np.all(least <= grid.min(axis=(1, 2)) * (1 + 1e-12))
    assert np.allclose(most, grid.max(axis=(1, 2)), rtol=1e-3)
    assert np.allclose(least, grid.min(axis=(1, 2)), rtol=1e-3)
    assert np.allclose(special.fdtrc(*at_most, f), most, rtol=1e-12)
    assert np.allclose(special.fdtrc(*at_least, f), least, rtol=1e-12)
    corners = grid[:, ::30, ::30].max(axis=(1, 2))
    # The corners alone would miss the largest p of some boxes.
    missed = most > corners * (1 + 1e-6)
    assert min(np.sum(missed[1::3]), np.sum(missed[2::3])) >= 2


def test_p_of_f_turns_with_the_degrees_of_freedom_of_the_denominator_next_to_f_of_one() -> None:
    f, df1 = (np.array(part) for part in zip((0.8, 4), (0.9, 40), (1.0, 12), (0.97, 6), (0.7, 2), strict=True))
    grid = np.geomspace(1.0, 400.0, 4000)
    p = special.fdtrc(df1[:, None], grid, f[:, None])
    one = np.ones(f.size)
    least, most, _, _ = pp.ends(np.full(f.size, pp.F), f, f, (1.0 * df1, 1.0 * df1), (one, 400 * one))
    assert np.all(most >= p.max(axis=1) * (1 - 1e-14))
    assert np.all(least <= p.min(axis=1) * (1 + 1e-14))
    assert np.allclose(most, p.max(axis=1), rtol=1e-6)
    assert np.allclose(least, p.min(axis=1), rtol=1e-6)
    ends = p[:, [0, -1]]
    assert (
        np.sum((p.max(axis=1) > ends.max(axis=1) * (1 + 1e-6)) | (p.min(axis=1) < ends.min(axis=1) * (1 - 1e-6))) >= 1
    )


def test_many_degrees_of_freedom_and_boxes_of_the_others() -> None:
    # The tail of t and r gets shorter with the degrees of freedom, that of chi-squared longer.
    one = np.ones(1)
    for family, longer in ((pp.T, 0), (pp.R, 0), (pp.CHI2, 1)):
        x, kind = 0.6 * one, np.array([family])
        box = (3.0 * one, 5.0 * one)
        least, most, at_least, at_most = pp.ends(kind, x, x, box, box)
        values = [pp.pvalue(kind, x, df, df)[0] for df in box]
        assert (least[0], most[0]) == (min(values), max(values))
        assert values[longer] == max(values)
        axis = 0 if family == pp.CHI2 else 1
        assert (at_most[axis, 0], at_least[axis, 0]) == ((5.0, 3.0) if longer else (3.0, 5.0))


def test_overlap_says_where_floats_cannot_tell() -> None:
    cases = [
        # least, most, low, high; meets, near_low, near_high
        (0.02, 0.03, 0.025, 0.1, True, False, False),
        (0.02, 0.03, 0.03, 0.1, True, True, False),
        (0.02, 0.03, 0.031, 0.1, False, False, False),
        (0.02, 0.03, 0.03 * (1 + 1e-9), 0.1, False, True, False),
        (0.02, 0.03, 0.01, 0.02, True, False, True),
        (0.02, 0.03, 0.01, 0.02 * (1 - 1e-9), False, False, True),
        (0.02, 0.02, 0.02, 0.02, True, True, True),
        # What fails clearly on one side is in no doubt on the other.
        (0.02, 0.03, 0.03, 0.01, False, False, False),
        (0.02, 0.03, 0.05, 0.02, False, False, False),
        # Edges of 0 and below are never in doubt, and neither is a tiny p beside a large edge.
        (0.0, 0.0, -0.1, 0.0, True, False, False),
        (0.0, 0.0, 0.0, 0.1, True, False, False),
        (0.0, 1e-300, 0.025, 0.1, False, False, False),
        (0.0, 0.0, 1e-320, 1e-310, False, True, True),
        (1e-295, 1e-294, 1e-299, 1e-298, False, True, True),
    ]
    columns = [np.array(column) for column in zip(*cases, strict=True)]
    found = pp.overlap(*columns[:4])
    for name, mine, expected in zip(("meets", "near_low", "near_high"), found, columns[4:], strict=True):
        assert mine.tolist() == expected.tolist(), name
