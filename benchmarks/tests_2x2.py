"""Exact tests of 2x2 tables, against SciPy.

SciPy takes one table a call, so its loop over all tables is timed on a random sample of them and scaled up; ketastats
is timed on all tables, as the best of three.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from _timing import Row, best_of, each
from numpy.typing import NDArray
from scipy import stats

import ketastats as ks

__all__ = ["all_tables", "rows"]

Tables = NDArray[np.int64]

PEERS: dict[str, Any] = {
    "fisher": stats.fisher_exact,
    "barnard": stats.barnard_exact,
    "boschloo": stats.boschloo_exact,
}
AIMS = {"fisher": 1000.0, "barnard": 500.0, "boschloo": 500.0}
LARGE = (530, 1000, 480, 1000)


def all_tables(people: int) -> Tables:
    """Return every table of `people` in two groups as columns x1, n1, x2, n2."""
    return np.array(
        [(x1, n1, x2, people - n1) for n1 in range(1, people) for x1 in range(n1 + 1) for x2 in range(people - n1 + 1)]
    ).T


def rows(share: float = 1.0, seed: int = 0) -> Iterator[Row]:
    """Give one line for each test of all tables of 83 people, and two for a large table."""
    rng = np.random.default_rng(seed)
    people = 83 if share >= 1.0 else 10
    tables = all_tables(people)
    count = tables.shape[1]
    for test in PEERS:
        size = min(count, max(2, round(share * (1000 if test == "fisher" else 40))))
        sample = tables[:, rng.choice(count, size, replace=False)]
        yield _compare(f"{test}, all tables of {people} people", test, tables, sample, AIMS[test])
    if share >= 1.0:
        one = np.array(LARGE)[:, None]
        for test in ("barnard", "boschloo"):
            yield _compare(f"{test}, one table of 1000 + 1000", test, one, one, 20.0)


def _compare(job: str, test: str, tables: Tables, sample: Tables, aim: float) -> Row:
    """Time both, and say for how many tables of the sample SciPy's p is below a probability that is reached."""
    mine, _ = best_of(3, lambda: ks.effects.proportions_test(*tables, test=test))

    def peer(x1: int, n1: int, x2: int, n2: int) -> float:
        return float(PEERS[test]([[x1, x2], [n1 - x1, n2 - x2]]).pvalue)

    theirs, found = best_of(1, lambda: each(peer, sample.T.tolist()))
    note = ""
    if test == "barnard":  # the other tests of SciPy have two-sided conventions of their own, or rounding only
        own = np.atleast_1d(ks.effects.proportions_test(*sample, test=test).pvalue)
        known = np.array([np.nan if value is None else value for value in found])
        low = int(np.sum(~(known >= own - 1e-6)))
        note = f"p of the peer too low or missing in {low} of {own.size}"
    return Row(
        job=job,
        items=tables.shape[1],
        mine=mine,
        peer=f"scipy {test}_exact",
        sampled=sample.shape[1],
        theirs=theirs,
        least_ratio=aim,
        note=note,
    )
