"""Printed tests judged with their rounding, a column in one call.

Texts are drawn as articles print them: mostly t and F with two decimals, p with two or three; one in six rows has a p
that was halved, cut or mistyped, so that every branch has work to do.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from _timing import Row, best_of
from scipy import stats

import ketastats as ks

__all__ = ["printed_intervals", "printed_shares", "printed_tests", "rows"]

_TESTS = ("t", "F", "chi2", "z", "r")
_OFTEN = (0.4, 0.35, 0.1, 0.1, 0.05)


def printed_tests(number: int, seed: int = 0) -> tuple[tuple[list[str], list[str], list[str]], dict[str, Any]]:
    """Return columns of tests, statistics and p as text, and their degrees of freedom."""
    rng = np.random.default_rng(seed)
    test = rng.choice(_TESTS, number, p=_OFTEN)
    df, df1 = rng.integers(8, 400, number), rng.integers(1, 6, number)
    size = rng.gamma(2.0, 1.0, number)
    size = np.where(test == "r", np.minimum(0.15 * size, 0.95), np.where(test == "chi2", df + size * np.sqrt(df), size))
    statistic = np.round(size, 2)
    finite = np.where(test == "z", np.inf, df)
    with np.errstate(divide="ignore"):
        t = np.where(test == "r", statistic * np.sqrt(df / (1.0 - np.square(np.minimum(statistic, 0.96)))), statistic)
    p = 2.0 * stats.t.sf(t, finite)
    p = np.where(test == "F", stats.f.sf(statistic, df1, df), np.where(test == "chi2", stats.chi2.sf(statistic, df), p))
    p = np.where(rng.uniform(size=number) < 1 / 6, p * rng.choice([0.5, 0.98, 2.0], number), p)
    digits = rng.choice([2, 3], number)
    texts = [
        "< .001" if value < 0.001 and places == 3 else f"{min(value, 1.0):.{places}f}"
        for value, places in zip(p, digits, strict=True)
    ]
    freedom = {
        "df": [None if name == "z" else int(value) for name, value in zip(test, df, strict=True)],
        "df1": [int(value) if name == "F" else None for name, value in zip(test, df1, strict=True)],
    }
    return (test.tolist(), [f"{value:.2f}" for value in statistic], texts), freedom


def printed_intervals(number: int, seed: int = 0) -> tuple[list[list[str]], list[str]]:
    """Return columns of estimates and their 95 % limits as text, and of p."""
    rng = np.random.default_rng(seed)
    estimate, error = rng.normal(0.0, 1.0, number), rng.uniform(0.1, 1.0, number)
    columns = [[f"{value:.2f}" for value in estimate + k * 1.959964 * error] for k in (0, -1, 1)]
    return columns, [f"{value:.3f}" for value in 2.0 * stats.norm.sf(np.abs(estimate / error))]


def printed_shares(number: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray, list[str], list[str]]:
    """Return counts, people, and the Wilson limits of each share as text."""
    rng = np.random.default_rng(seed)
    people = rng.integers(10, 200, number)
    counts = rng.binomial(people, 0.3)
    interval = ks.effects.proportion(counts, people).confidence_interval()
    return counts, people, [f"{value:.3f}" for value in interval.low], [f"{value:.3f}" for value in interval.high]


def rows(share: float = 1.0, seed: int = 0) -> Iterator[Row]:
    """Give a line for tests, for their table, for intervals, and for limits of proportions."""
    number = max(20, round(64_000 * share))
    texts, freedom = printed_tests(number, seed)
    mine, found = best_of(3, lambda: ks.consistency.pvalue(*texts, **freedom))
    yield Row(
        job=f"{number:,} printed tests recomputed with rounding and labelled",
        items=1,
        mine=mine,
        most_seconds=0.5,
        note=f"{np.mean(found.agrees):.0%} agree as printed, {np.mean(found.label == 'impossible'):.0%} never",
    )
    mine, _ = best_of(1, found.to_frame)
    yield Row(job=f"{number:,} answers with a sentence each as a data frame", items=1, mine=mine)
    columns, p = printed_intervals(number, seed)
    mine, agreed = best_of(3, lambda: ks.consistency.confidence_interval(*columns, level=0.95, p=p))
    yield Row(
        job=f"{number:,} printed intervals held against estimate and p",
        items=1,
        mine=mine,
        note=f"{np.mean(agreed.agrees):.0%} agree as printed",
    )
    counts = printed_shares(number, seed)
    mine, agreed = best_of(1, lambda: ks.consistency.proportion_interval(*counts))
    yield Row(
        job=f"{number:,} printed limits of proportions against their counts, by three methods",
        items=1,
        mine=mine,
        note=f"{np.mean(agreed.agrees):.0%} agree as printed",
    )
