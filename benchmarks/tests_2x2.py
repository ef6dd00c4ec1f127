"""How many times faster than SciPy the exact tests of 2x2 tables are.

Run by hand: python benchmarks/tests_2x2.py [--people N] [--sample K] [--seed S]

SciPy takes one table a call, so its loop over all tables is timed on a random sample of them and scaled up; ketastats
is timed on all tables, as the best of three. Both run in this process on one thread, and both are timed by the
processor time of this process, which other work on the machine disturbs less than the clock on the wall.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
import warnings
from collections.abc import Callable, Iterable
from typing import Any

# NumPy reads these once, when it is imported.
os.environ.update(dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1"))

import numpy as np
import scipy
from numpy.typing import NDArray
from scipy import stats

import ketastats as ks

Tables = NDArray[np.int64]
Peer = Callable[..., Any]

PEERS: dict[str, Peer] = {
    "fisher": stats.fisher_exact,
    "barnard": stats.barnard_exact,
    "boschloo": stats.boschloo_exact,
}
TARGETS = {"fisher": 1000, "barnard": 500, "boschloo": 500}
SINGLE = ((530, 1000, 480, 1000), 20)


def all_tables(people: int) -> Tables:
    """Return every table of `people` in two groups as columns x1, n1, x2, n2."""
    return np.array(
        [(x1, n1, x2, people - n1) for n1 in range(1, people) for x1 in range(n1 + 1) for x2 in range(people - n1 + 1)]
    ).T


def best_of(times: int, task: Callable[[], Any]) -> tuple[float, Any]:
    """Return the shortest processor time in seconds, and what the task returned."""
    shortest, result = float("inf"), None
    for _ in range(times):
        start = time.process_time()
        result = task()
        shortest = min(shortest, time.process_time() - start)
    return shortest, result


def peer_pvalues(peer: Peer, tables: Iterable[Iterable[int]]) -> list[float]:
    """Return SciPy's p-values, table by table, groups as columns; NaN where it raises."""
    found = []
    for x1, n1, x2, n2 in tables:
        try:
            found.append(float(peer([[x1, x2], [n1 - x1, n2 - x2]]).pvalue))
        except (ValueError, ArithmeticError):
            found.append(float("nan"))
    return found


def row(*cells: str) -> None:
    """Write one line of the table."""
    sys.stdout.write(
        "".join(f"{cell:>{width}}" for cell, width in zip(cells, (32, 12, 14, 9, 8, 20), strict=True)) + "\n"
    )


def compare(label: str, test: str, tables: Tables, sample: Tables, target: int) -> None:
    """Time both, and say in how many tables of the sample SciPy's p is below a probability that is reached."""
    mine, _ = best_of(3, lambda: ks.effects.proportions_test(*tables, test=test))
    theirs, found = best_of(1, lambda: peer_pvalues(PEERS[test], sample.T.tolist()))
    theirs *= tables.shape[1] / sample.shape[1]
    note = "-"
    if test == "barnard":  # the other tests of SciPy have two-sided conventions of their own, or rounding only
        own = ks.effects.proportions_test(*sample, test=test).pvalue
        note = f"{np.sum(~(np.array(found) >= own - 1e-6))} of {sample.shape[1]}"
    row(f"{test}, {label}", f"{mine:.4f} s", f"{theirs:.1f} s", f"{theirs / mine:.0f}", f"{target}", note)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=83)
    parser.add_argument(
        "--sample", type=int, default=40, help="tables for SciPy's unconditional tests (Fisher: 25 times)"
    )
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    # SciPy warns of overflow and of maxima on the way; only its answers count here.
    warnings.simplefilter("ignore")
    rng = np.random.default_rng(options.seed)
    tables = all_tables(options.people)
    sys.stdout.write(f"numpy {np.__version__}, scipy {scipy.__version__}; all tables: {tables.shape[1]:,}\n")
    row("", "ketastats", "scipy", "ratio", "target", "p of scipy too low")
    for test in PEERS:
        size = min(tables.shape[1], options.sample * (25 if test == "fisher" else 1))
        sample = tables[:, rng.choice(tables.shape[1], size, replace=False)]
        compare(f"all tables of {options.people}", test, tables, sample, TARGETS[test])
    one = np.array(SINGLE[0])[:, None]
    for test in ("barnard", "boschloo"):
        compare("one table 1000 + 1000", test, one, one, SINGLE[1])


if __name__ == "__main__":
    main()
