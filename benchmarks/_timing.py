"""What every benchmark shares: how time is taken, and what one line of the table says."""

from __future__ import annotations

import math
import os
import time
import warnings
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

# NumPy reads these once, when it is imported; bench.py imports this module before the first benchmark.
os.environ.update(dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1"))

__all__ = ["Row", "best_of", "each", "quiet", "seconds"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One comparison.

    Parameters
    ----------
    job : str
        What was done.
    items : int
        How many of them ketastats did, in one pass.
    mine : float
        Seconds that ketastats took for all of them.
    peer : str
        What it was compared with; empty where there is no peer.
    sampled : int
        How many the peer did; the rest is scaled.
    theirs : float
        Seconds that the peer took for these.
    least_ratio : float
        How many times faster than the peer ketastats is meant to be, per item; 0 for no such aim.
    most_seconds : float
        How long ketastats may take per item; infinite for no such aim.
    note : str
        What else the run showed.
    """

    job: str
    items: int
    mine: float
    peer: str = ""
    sampled: int = 0
    theirs: float = 0.0
    least_ratio: float = 0.0
    most_seconds: float = math.inf
    note: str = ""

    @property
    def ratio(self) -> float | None:
        """Time of the peer over that of ketastats, per item; None where there is no peer."""
        return (self.theirs / self.sampled) / (self.mine / self.items) if self.sampled else None

    @property
    def met(self) -> bool:
        """Whether the aims are reached."""
        fast = self.mine / self.items <= self.most_seconds
        return fast and (not self.sampled or (self.ratio or 0.0) >= self.least_ratio)


def seconds(value: float) -> str:
    """Return a time with three digits and the unit that suits it."""
    for unit, size in (("s", 1.0), ("ms", 1e-3), ("µs", 1e-6)):
        if value >= size:
            return f"{value / size:.3g} {unit}"
    return f"{value / 1e-9:.3g} ns"


def best_of(times: int, task: Callable[[], Any]) -> tuple[float, Any]:
    """Return the shortest processor time of this process in seconds, and what the task returned."""
    shortest, result = math.inf, None
    for _ in range(times):
        start = time.process_time()
        result = task()
        shortest = min(shortest, time.process_time() - start)
    return shortest, result


def each(task: Callable[..., Any], arguments: Iterable[Iterable[Any]]) -> list[Any]:
    """Return what a function that takes one case a call returns, case by case; None where it raises."""
    found = []
    for case in arguments:
        try:
            found.append(task(*case))
        except (ValueError, ArithmeticError, RuntimeError):
            found.append(None)
    return found


@contextmanager
def quiet() -> Iterator[None]:
    """Silence warnings: peers warn of overflow and of maxima on the way, and only their answers count here."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
