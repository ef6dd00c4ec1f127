"""How long the compatible means take; there is no peer."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from typing import Any

from _timing import Row

import ketastats as ks

__all__ = ["rows"]

_SUMMARIES: dict[str, Any] = {"n1": 16, "n2": 28, "mean1": "42.25", "sd1": "12.49", "mean2": "38.21", "sd2": "16.13"}
_INTERVALS: dict[str, Any] = {"n1": 16, "n2": 28, "ci1": ("35.6", "48.9"), "ci2": ("31.9", "44.5"), "level": 0.95}


def rows(share: float = 1.0, seed: int = 0) -> Iterator[Row]:
    """Give a line for each kind of search: a polygon, the ratio of the SDs, and every split of a sample."""
    del seed  # nothing is random here
    people = max(20, round(200 * share))
    jobs: dict[str, tuple[int, Callable[[], object]]] = {
        "t, d and p left by means, SDs and Student's p": (1, lambda: ks.reconstruct.means(**_SUMMARIES, p="0.393")),
        "the same by Welch's p": (1, lambda: ks.reconstruct.means(**_SUMMARIES, p="0.36", test="welch")),
        "the same by intervals of both groups": (1, lambda: ks.reconstruct.means(**_INTERVALS, p="0.4", test="welch")),
        f"every split of {people:,} people with Welch's p": (
            people // 2,
            lambda: ks.reconstruct.means(n=people, p="0.572", test="welch"),
        ),
        f"every split of {people:,} people with Student's p": (
            people // 2,
            lambda: ks.reconstruct.means(n=people, p="0.572"),
        ),
        "F left by the means and SDs of ten groups": (
            1,
            lambda: ks.reconstruct.anova(n=[12] * 10, means=["5.1", "4.2"] * 5, sds=["1.9", "2.2"] * 5),
        ),
        "mean and SD of 1,000 samples from five quantiles, by greatest likelihood": (
            1000,
            lambda: ks.effects.mean_from_quantiles([6.0] * 1000, 20, minimum=2, q1=4, q3=10, maximum=14, method="mln"),
        ),
    }
    times = 5 if share >= 1.0 else 1
    for job, (items, run) in jobs.items():
        run()
        yield Row(job=job, items=items, mine=min(_seconds(run) for _ in range(times)), most_seconds=math.inf)


def _seconds(run: Callable[[], object]) -> float:
    start = time.process_time()
    run()
    return time.process_time() - start
