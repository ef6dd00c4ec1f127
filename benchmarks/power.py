"""How long the power of repeated measures takes, beside statsmodels.

Run by hand: python benchmarks/power.py [--sets N] [--peer-sets K] [--designs M] [--seed S]

83 people at 5 times, of whom one in ten leaves after each. statsmodels fits one data set a call; ketastats draws and
fits all. Both are timed on one thread by the processor time of this process, which other work on the machine disturbs
less than the clock on the wall. The F statistics of the same data sets are compared: statsmodels takes the covariance
of the means out of the information on all parameters together, which differs from theirs alone in small samples.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
import warnings
from collections.abc import Callable
from typing import Any

# NumPy reads these once, when it is imported.
os.environ.update(dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1"))

import numpy as np
import statsmodels
from numpy.typing import NDArray
from statsmodels.regression.mixed_linear_model import MixedLM

import ketastats as ks
from ketastats.numerics import random_intercept

SIZES = np.array([37, 46])
TIMES = 5
MEANS = [[18.0, 16.0, 14.0, 12.0, 10.0], [18.0, 15.25, 12.5, 9.75, 7.0]]


def best_of(times: int, task: Callable[[], Any]) -> tuple[float, Any]:
    """Return the shortest processor time in seconds, and what the task returned."""
    shortest, result = float("inf"), None
    for _ in range(times):
        start = time.process_time()
        result = task()
        shortest = min(shortest, time.process_time() - start)
    return shortest, result


def data_sets(count: int, rng: np.random.Generator) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return values and the last time that each person is seen."""
    people = int(SIZES.sum())
    values = rng.standard_normal((count, people, 1)) + rng.standard_normal((count, people, TIMES))
    return values, 1 + np.cumprod(rng.random((count, people, TIMES - 1)) > 0.1, axis=2).sum(axis=2)


def peer_statistic(values: NDArray[np.float64], last: NDArray[np.int64]) -> float:
    """Return the F of the interaction by statsmodels, from arrays, so that no formula is paid for."""
    group = np.repeat([0, 1], SIZES)
    person, at = np.nonzero(np.arange(TIMES) < last[:, None])
    x = np.hstack([np.eye(TIMES)[at], group[person, None] * np.eye(TIMES)[at]])
    fit = MixedLM(values[person, at], x, groups=person).fit(reml=True)
    rows = np.hstack([np.zeros((TIMES - 1, TIMES)), np.diff(np.eye(TIMES), axis=0)])
    effects = rows @ fit.fe_params
    covariance = np.asarray(fit.cov_params())[: 2 * TIMES, : 2 * TIMES]
    return float(effects @ np.linalg.solve(rows @ covariance @ rows.T, effects) / len(rows))


def own_statistics(values: NDArray[np.float64], last: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the same statistics by the kernel of the simulation."""
    steps = np.diff(np.eye(TIMES), axis=0)
    model = random_intercept.fit(random_intercept.summarise(values, last, SIZES))
    return random_intercept.wald_f(model, np.stack([steps, -steps], axis=1))


def row(label: str, value: str, note: str = "") -> None:
    """Write one line of the table."""
    sys.stdout.write(f"{label:<62}{value:>14}  {note}\n")


def compare_simulation(sets: int, peer_sets: int, rng: np.random.Generator) -> None:
    """Time a simulated data set, drawing included, against one fit of statsmodels."""
    plan: dict[str, Any] = {"n": (37, 46), "means": MEANS, "rho": 0.5, "sd": 5.0, "dropout": 0.1, "rng": 1}
    mine, _ = best_of(3, lambda: ks.power.groups_by_time_simulated(simulations=sets, **plan))
    values, last = data_sets(peer_sets, rng)
    theirs, found = best_of(1, lambda: np.array([peer_statistic(*pair) for pair in zip(values, last, strict=True)]))
    apart = float(np.max(np.abs(own_statistics(values, last) / found - 1.0)))
    row("one simulated data set, drawn and fitted, ketastats", f"{mine / sets * 1e6:.1f} us")
    row("one fit, statsmodels MixedLM", f"{theirs / peer_sets * 1e3:.1f} ms")
    row(
        "ratio",
        f"{theirs / peer_sets / (mine / sets):.0f}",
        f"target 500; F differ by at most {apart:.0e} of their size",
    )


def time_exact(designs: int, rng: np.random.Generator) -> None:
    """Time exact powers, one design a call and many at once."""
    plan: dict[str, Any] = {"n": (37, 46), "rho": 0.5}
    array: dict[str, Any] = {"times": TIMES, "effect": rng.uniform(0.0, 0.5, designs)}
    weights: dict[str, Any] = {"group_weights": (1, -1), "time_weights": (-1, 0, 0, 0, 1)}
    calls: dict[str, tuple[Callable[[], Any], int]] = {
        "interaction, split-plot F": (lambda: ks.power.groups_by_time(means=MEANS, sd=5.0, **plan), 1),
        "interaction, Hotelling, AR(1)": (
            lambda: ks.power.groups_by_time(means=MEANS, sd=5.0, covariance="ar1", **plan),
            1,
        ),
        "equivalence of the interaction": (
            lambda: ks.power.groups_by_time_equivalence(margin=0.2, times=TIMES, effect=0.0, **plan),
            1,
        ),
        "equivalence of a contrast": (
            lambda: ks.power.groups_by_time_contrast_equivalence(margin=3.0, effect=0.0, sd=5.0, **weights, **plan),
            1,
        ),
        f"interaction, {designs:,} designs": (lambda: ks.power.groups_by_time(**array, **plan), designs),
        f"its equivalence, {designs:,} designs": (
            lambda: ks.power.groups_by_time_equivalence(margin=0.2, **array, **plan),
            designs,
        ),
    }
    for label, (call, count) in calls.items():
        seconds, _ = best_of(20 if count == 1 else 2, call)
        row(f"exact power a design: {label}", f"{seconds / count * 1e6:.0f} us", "target 1000")


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sets", type=int, default=20_000, help="data sets for ketastats")
    parser.add_argument("--peer-sets", type=int, default=20, help="data sets for statsmodels")
    parser.add_argument("--designs", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    # statsmodels warns of flat likelihoods on the way; only its answers count here.
    warnings.simplefilter("ignore")
    rng = np.random.default_rng(options.seed)
    sys.stdout.write(f"numpy {np.__version__}, statsmodels {statsmodels.__version__}\n")
    compare_simulation(options.sets, options.peer_sets, rng)
    time_exact(options.designs, rng)


if __name__ == "__main__":
    main()
