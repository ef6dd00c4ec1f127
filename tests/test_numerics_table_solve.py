"""Tables solved for, against tables tried."""

from __future__ import annotations

import mpmath
import numpy as np
import pytest

from ketastats.numerics import table_solve, table_tests


def tried(test: str, low: float, high: float, n1: int, n2: int, events: np.ndarray) -> set[tuple[int, ...]]:
    x1, x2 = (grid.ravel() for grid in np.meshgrid(np.arange(n1 + 1), np.arange(n2 + 1)))
    size1, size2 = np.full(x1.shape, n1), np.full(x1.shape, n2)
    with np.errstate(invalid="ignore"):
        value = table_tests.STATISTICS[test](x1, size1, x2, size2)
        inside = (value >= low) & (value <= high) & np.isin(x1 + x2, events)
    return set(
        zip(x1[inside].tolist(), size1[inside].tolist(), x2[inside].tolist(), size2[inside].tolist(), strict=True)
    )


RANGES = [(0.0, 0.01), (1.43, 1.45), (3.8, np.inf), (0.0, np.inf), (250.0, np.inf), (0.0, 0.0)]


@pytest.mark.parametrize("test", table_solve.SOLVABLE)
@pytest.mark.parametrize(("low", "high"), RANGES)
def test_the_net_holds_every_table_and_each_once(test: str, low: float, high: float) -> None:
    for total in (2, 3, 12, 31):
        n1 = np.arange(1, total)
        n2, events = total - n1, np.arange(1, total)
        columns = table_solve.expand(*table_solve.candidates(test, low, high, n1, n2, events), n1, n2, events)
        rows = list(zip(*(column.tolist() for column in columns), strict=True))
        assert len(rows) == len(set(rows))
        expected = set().union(*(tried(test, low, high, int(a), int(b), events) for a, b in zip(n1, n2, strict=True)))
        assert expected <= set(rows)
        x1, size1, x2, size2 = columns
        assert ((x1 >= 0) & (x1 <= size1) & (x2 >= 0) & (x2 <= size2) & (x1 + x2 > 0)).all()


@pytest.mark.parametrize("test", table_solve.SOLVABLE)
def test_the_net_is_not_much_wider_than_the_set(test: str) -> None:
    n1 = np.arange(1, 200)
    n2, events = 200 - n1, np.arange(1, 200)
    columns = table_solve.expand(*table_solve.candidates(test, 1.43, 1.45, n1, n2, events), n1, n2, events)
    values = table_tests.STATISTICS[test](*columns)
    assert columns[0].size > 1000
    assert np.mean((values >= 1.43) & (values <= 1.45)) > 0.99


@pytest.mark.parametrize("test", table_solve.SOLVABLE)
@pytest.mark.parametrize(("low", "high"), RANGES)
def test_what_is_called_certain_is_in_the_set(test: str, low: float, high: float) -> None:
    total = 31
    n1 = np.arange(1, total)
    n2, events = total - n1, np.arange(1, total)
    first, last = table_solve.certain(test, low, high, n1, n2, events)
    some = 0
    for i, j in np.ndindex(first.shape):
        for x1 in np.arange(first[i, j], last[i, j] + 1):
            x2 = events[j] - x1
            value = table_tests.STATISTICS[test](*(np.array(int(v)) for v in (x1, n1[i], x2, n2[i])))
            assert low <= value <= high
            assert x1 * total > n1[i] * events[j]
            some += 1
    assert some > 0 or high - low < 0.1 or low > total


def test_nothing_to_solve() -> None:
    none, one = np.zeros(0, dtype=np.int64), np.array([3])
    for n1, events in ((none, one), (one, none)):
        first, last = table_solve.candidates("pearson", 0.0, 1.0, n1, n1, events)
        assert first.shape == (n1.size, events.size)
        assert not (last >= first).any()


@pytest.mark.parametrize("n1", [3, 40, 10**6, 10**9])
@pytest.mark.parametrize("events", [2, 35, 10**5])
@pytest.mark.parametrize("statistic", [1e-9, 1e-5, 0.3, 1.44, 20.0, 900.0])
def test_the_root_of_the_likelihood_ratio_at_forty_digits(n1: int, events: int, statistic: float) -> None:
    total = 2 * n1 + events
    n2 = total - n1
    away = float(table_solve.offsets("lr", statistic, np.array([n1]), np.array([n2]), np.array([events]))[0, 0])
    with mpmath.workdps(40):
        e11 = mpmath.mpf(n1) * events / total
        cells = [(e11, 1), (n1 - e11, -1), (events - e11, -1), (n2 - events + e11, 1)]

        def ratio(u: mpmath.mpf) -> mpmath.mpf:
            return 2 * sum((e + s * u) * mpmath.log((e + s * u) / e) for e, s in cells if e + s * u > 0)

        most = min(n1 - e11, events - e11)
        if ratio(most) < statistic:
            assert away > most
            return
        for step, side in ((-2e-6, -1), (2e-6, 1)):
            u = min(max(away + step, mpmath.mpf(0)), most)
            assert (ratio(u) - statistic) * side >= 0 or u in (0, most)
