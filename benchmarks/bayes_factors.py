"""JZS Bayes factors of many t statistics, against pingouin."""

from __future__ import annotations

import importlib
from collections.abc import Iterator

import numpy as np
from _timing import Row, best_of, each

import ketastats as ks

__all__ = ["rows"]


def rows(share: float = 1.0, seed: int = 0) -> Iterator[Row]:
    """Give one line; without pingouin it has no peer, and says so."""
    rng = np.random.default_rng(seed)
    items = max(20, round(10_000 * share))
    some = max(5, round(1000 * share))
    t = rng.normal(0.0, 2.5, items)
    n1, n2 = rng.integers(5, 200, (2, items))
    mine, own = best_of(3, lambda: ks.evidence.means(t=t, n1=n1, n2=n2, scale=0.707).log_bf10)
    job = "JZS Bayes factor of two groups"
    try:
        pingouin = importlib.import_module("pingouin")
    except ImportError:
        yield Row(job=job, items=items, mine=mine, note="pingouin is not installed: nothing to compare with")
        return

    def peer(t: float, n1: int, n2: int) -> float:
        return float(pingouin.bayesfactor_ttest(t, n1, n2, r=0.707))

    cases = list(zip(t[:some].tolist(), n1[:some].tolist(), n2[:some].tolist(), strict=True))
    theirs, found = best_of(1, lambda: each(peer, cases))
    gap = np.abs(np.log(np.array(found, dtype=float)) - own[:some]).max()
    yield Row(
        job=job,
        items=items,
        mine=mine,
        peer="pingouin bayesfactor_ttest",
        sampled=some,
        theirs=theirs,
        least_ratio=20.0,
        note=f"largest difference of the logarithms {gap:.0e}",
    )
