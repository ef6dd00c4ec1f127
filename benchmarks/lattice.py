"""Means, deviations, shares and totals judged with their rounding, a column in one call.

Texts are drawn as articles print them: two decimals, 10 to 100 people; half of the means belong to whole numbers.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from _timing import Row, best_of

import ketastats as ks

__all__ = ["printed_moments", "printed_totals", "rows"]


def printed_moments(number: int, seed: int = 0) -> tuple[list[str], list[str], np.ndarray]:
    """Return columns of means and deviations on a scale from 1 to 7 as text, and the people."""
    rng = np.random.default_rng(seed)
    people = rng.integers(10, 100, number)
    mean, sd = rng.uniform(1.0, 7.0, number), rng.uniform(0.5, 2.0, number)
    mean = np.where(rng.uniform(size=number) < 0.5, np.rint(mean * people) / people, mean)
    return [f"{value:.2f}" for value in mean], [f"{value:.2f}" for value in sd], people


def printed_totals(number: int, seed: int = 0) -> tuple[list[str], list[list[str]]]:
    """Return a column of means of 83 people, and those of two subgroups of 37 and 46 of them, as text."""
    rng = np.random.default_rng(seed)
    means = np.round(rng.uniform(10.0, 20.0, (2, number)), 1)
    return [f"{value:.1f}" for value in (37 * means[0] + 46 * means[1]) / 83], [
        [f"{value:.1f}" for value in column] for column in means
    ]


def rows(share: float = 1.0, seed: int = 0) -> Iterator[Row]:
    """Give a line for means alone, for means with deviations, for both on a scale, for shares, and for totals."""
    number = max(20, round(64_000 * share))
    mean, sd, people = printed_moments(number, seed)
    whole, parts = printed_totals(number, seed)
    shares = [f"{value:.2f}" for value in np.random.default_rng(seed).uniform(size=number)]
    jobs = {
        "printed means held against whole numbers (GRIM)": lambda: ks.consistency.grim(mean, people),
        "means and deviations against whole numbers (GRIMMER)": lambda: ks.consistency.grimmer(mean, sd, people),
        "the same on a scale from 1 to 7": lambda: ks.consistency.grimmer(mean, sd, people, scale=(1, 7)),
        "shares and deviations of yes and no (DEBIT)": lambda: ks.consistency.debit(shares, sd, people),
        "means of two subgroups against that of all": lambda: ks.consistency.total(
            n=83, sizes=[37, 46], mean=whole, means=parts
        ),
    }
    for job, task in jobs.items():
        time, found = best_of(3 if share >= 1.0 else 1, task)
        yield Row(job=job, items=number, mine=time, note=f"{found.agrees.mean():.0%} agree as they stand")
