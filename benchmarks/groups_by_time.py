"""Power of the interaction of groups and time, against fits of a mixed model by statsmodels."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from _timing import Row, best_of, each
from numpy.typing import NDArray
from statsmodels.regression.mixed_linear_model import MixedLM

import ketastats as ks

__all__ = ["rows"]

SIZES = (37, 46)
MEANS = np.array([[18.0, 16.0, 14.0, 12.0, 10.0], [18.0, 15.25, 12.5, 9.75, 7.0]])
SD, RHO, DROPOUT = 5.0, 0.5, 0.10
PEER = "statsmodels MixedLM, one fit and its F test"

Array = NDArray[np.float64]


def rows(share: float = 1.0, seed: int = 0) -> Iterator[Row]:
    """Give the lines of 83 people at five times: the exact power, and the simulated one with dropout."""
    design: dict[str, Any] = {"n": SIZES, "means": MEANS, "rho": RHO, "sd": SD}
    fits = max(2, round(15 * share))
    theirs, found = best_of(1, lambda: each(_reject, [(_draw(seed + at),) for at in range(fits)]))
    missing = sum(answer is None for answer in found)
    calls = max(5, round(200 * share))
    exact, _ = best_of(3, lambda: [ks.power.groups_by_time(**design) for _ in range(calls)])
    yield Row(
        job="power of groups by time, complete, exact",
        items=calls,
        mine=exact,
        peer=PEER,
        sampled=fits,
        theirs=theirs,
        most_seconds=1e-3,
        note="the peer would need thousands of fits for one power",
    )
    sets = max(100, round(10_000 * share))
    simulated, power = best_of(
        2, lambda: ks.power.groups_by_time_simulated(**design, dropout=DROPOUT, simulations=sets, rng=seed)
    )
    yield Row(
        job="power of groups by time, dropout, per simulated data set",
        items=sets,
        mine=simulated,
        peer=PEER,
        sampled=fits,
        theirs=theirs,
        least_ratio=500.0,
        note=f"not converged: peer {missing} of {fits}, ketastats {power.failures} of {sets:,}",
    )


def _draw(seed: int) -> tuple[Array, Array, Array]:
    """Return values, design of the ten means and people of one data set with dropout."""
    rng = np.random.default_rng(seed)
    group = np.repeat([0, 1], SIZES)
    people, times = group.size, MEANS.shape[1]
    between = rng.normal(0.0, SD * np.sqrt(RHO), (people, 1))
    values = MEANS[group] + between + rng.normal(0.0, SD * np.sqrt(1.0 - RHO), (people, times))
    stays = rng.random((people, times - 1)) >= DROPOUT
    seen = np.column_stack([np.ones(people, dtype=bool), np.cumprod(stays, axis=1).astype(bool)])
    cell = group[:, None] * times + np.arange(times)
    cells = np.eye(2 * times)[cell[seen]]
    return values[seen], cells, np.broadcast_to(np.arange(people)[:, None], seen.shape)[seen]


def _reject(data: tuple[Array, Array, Array]) -> bool:
    """Say whether the interaction is significant; fail where the fit does."""
    values, cells, person = data
    fit = MixedLM(values, cells, groups=person).fit(reml=True)
    if not fit.converged:
        raise RuntimeError
    times = MEANS.shape[1]
    steps = np.diff(np.eye(times), axis=0)
    return bool(fit.f_test(np.hstack([steps, -steps, np.zeros((times - 1, 1))])).pvalue < 0.05)
