"""Tables with an exact p in a range, found row by row, against all tables; p-values against whole numbers."""

from __future__ import annotations

import numpy as np
import pytest

from ketastats.numerics import conditional_digits, exact_solve, table_tests

RANGES = [
    (0.2295, 0.2305),
    (0.0, 1.0),
    (0.0005, 0.0015),
    (0.45, 0.55),
    (0.995, 1.0),
    (0.0, 0.0),
    (0.05, 1.0),
    (1.0, 1.0),
]


def margins(total: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    n1, events = (grid.ravel() for grid in np.meshgrid(np.arange(1, total), np.arange(total + 1)))
    return n1, total - n1, events


def every_table(total: int) -> np.ndarray:
    rows = [(a, n1, c, total - n1) for n1 in range(1, total) for a in range(n1 + 1) for c in range(total - n1 + 1)]
    return np.array(rows).T


@pytest.mark.parametrize("midp", [False, True])
@pytest.mark.parametrize(("low", "high"), RANGES)
def test_the_net_holds_every_table_in_the_range_and_hardly_any_other(low: float, high: float, midp: bool) -> None:
    for total in (2, 3, 7, 20, 33):
        columns = exact_solve.candidates(low, high, *margins(total), midp=midp)
        rows = list(zip(*(column.tolist() for column in columns), strict=True))
        assert len(rows) == len(set(rows))
        tables = every_table(total)
        p = table_tests.pvalue("midp" if midp else "fisher", *tables)
        sure = (p >= low) & (p <= high)
        near = (p >= low * (1 - 1e-5) - 1e-9) & (p <= high * (1 + 1e-5) + 1e-9)
        assert set(map(tuple, tables.T[sure].tolist())) <= set(rows) <= set(map(tuple, tables.T[near].tolist()))


@pytest.mark.parametrize("midp", [False, True])
def test_large_rows_against_whole_rows(midp: bool) -> None:
    rng = np.random.default_rng(4)
    n1 = rng.integers(1, 900, 40)
    n2, events = rng.integers(300, 900, 40), rng.integers(0, 1200, 40)
    events = np.minimum(events, n1 + n2)
    for low, high in ((0.2295, 0.2305), (0.01, 0.3), (1e-40, 1e-6)):
        columns = exact_solve.candidates(low, high, n1, n2, events, midp=midp)
        found = set(zip(*(column.tolist() for column in columns), strict=True))
        for size1, size2, margin in zip(n1.tolist(), n2.tolist(), events.tolist(), strict=True):
            x1 = np.arange(max(0, margin - size2), min(size1, margin) + 1)
            tables = (x1, np.full_like(x1, size1), margin - x1, np.full_like(x1, size2))
            p = table_tests.pvalue("midp" if midp else "fisher", *tables)
            inside = (p >= low) & (p <= high)
            assert {tuple(row) for row in np.stack(tables, axis=1)[inside].tolist()} <= found


def test_p_values_to_the_last_digits() -> None:
    rng = np.random.default_rng(8)
    n1, n2 = rng.integers(200, 2500, 200), rng.integers(200, 2500, 200)
    rate = rng.uniform(0.05, 0.95, 200)
    x1, x2 = rng.binomial(n1, rate), rng.binomial(n2, rate)
    for midp in (False, True):
        p = exact_solve.pvalues(x1, n1, x2, n2, midp=midp)
        whole = table_tests.pvalue("midp" if midp else "fisher", x1, n1, x2, n2)
        known = ~np.isnan(p)
        assert known.mean() > 0.95
        assert (whole[~known] < 1e-7).all()
        np.testing.assert_allclose(p[known], whole[known], rtol=1e-9)
        for at in np.nonzero(known)[0][:12]:
            exact = conditional_digits.pvalue(
                "midp" if midp else "fisher", "two-sided", *(int(c[at]) for c in (x1, n1, x2, n2))
            )
            assert p[at] == pytest.approx(float(exact), rel=2e-12)


def test_small_p_values_are_left_to_another_kernel() -> None:
    x1, n1 = np.array([0, 300, 150]), np.array([600, 600, 600])
    x2, n2 = np.array([400, 310, 300]), np.array([600, 600, 600])
    p = exact_solve.pvalues(x1, n1, x2, n2, midp=False)
    assert np.isnan(p).tolist() == [True, False, True]


def test_nothing_to_solve() -> None:
    none = np.zeros(0, dtype=np.int64)
    assert all(column.size == 0 for column in exact_solve.candidates(0.1, 0.2, none, none, none, midp=False))
    assert exact_solve.pvalues(none, none, none, none, midp=True).size == 0
