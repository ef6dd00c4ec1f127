"""Score intervals of risk differences of many tables, against statsmodels."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from _timing import Row, best_of, each
from statsmodels.stats.proportion import confint_proportions_2indep

import ketastats as ks

__all__ = ["rows"]


def rows(share: float = 1.0, seed: int = 0) -> Iterator[Row]:
    """Give one line: random tables of two groups of 2 to 100 people."""
    rng = np.random.default_rng(seed)
    items = max(20, round(100_000 * share))
    n1, n2 = rng.integers(2, 101, (2, items))
    tables = np.array([rng.integers(0, n1 + 1), n1, rng.integers(0, n2 + 1), n2])
    sample = tables[:, : max(10, round(1000 * share))].T.tolist()

    def peer(x1: int, n1: int, x2: int, n2: int) -> bool:
        """Say whether there is an interval; what it raises is counted, too."""
        return bool(np.isfinite(confint_proportions_2indep(x1, n1, x2, n2, compare="diff", method="score")).all())

    mine, interval = best_of(3, lambda: ks.effects.proportions(*tables, method="score").confidence_interval(0.95))
    theirs, found = best_of(1, lambda: each(peer, sample))
    failed = sum(not there for there in found)
    missing = int(np.sum(~(np.isfinite(interval.low) & np.isfinite(interval.high))))
    yield Row(
        job="score interval of a risk difference",
        items=items,
        mine=mine,
        peer="statsmodels confint_proportions_2indep",
        sampled=len(sample),
        theirs=theirs,
        least_ratio=200.0,
        note=f"no interval: peer {failed} of {len(sample)}, ketastats {missing} of {items:,}",
    )
