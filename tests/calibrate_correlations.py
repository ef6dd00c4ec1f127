"""Error rates and coverage for correlations of values and of ranks: simulated."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import numpy as np
from calibrate_cases import Case, by_pvalue, equivalence, questions
from calibrate_rows import Cell, Row, Sample, coverage_rows, event_rows, generator
from numpy.typing import NDArray
from scipy.stats import rankdata

import ketastats as ks

METHODS = {"fisher_z": "pearson", "exact": "pearson", "bonett_wright": "spearman", "fieller": "spearman"}
# Data sets ranked at a time.
_BATCH = 10_000
# Values at which a rule is tried at a time.
_TRIED = 50

Hits = Callable[[NDArray[np.float64]], Any]


def products(rng: np.random.Generator, n: int, rho: float, replicates: int) -> tuple[Any, Any, Any]:
    """Return both standard deviations and the correlation of n pairs of standard normal values, by Bartlett (1933)."""
    first, rest = np.sqrt(rng.chisquare(n - 1, replicates)), np.sqrt(rng.chisquare(n - 2, replicates))
    shared, alone = rng.standard_normal(replicates), np.sqrt(1.0 - rho * rho)
    along, across = rho * first + alone * shared, alone * rest
    second = np.hypot(along, across)
    return first / np.sqrt(n - 1), second / np.sqrt(n - 1), along / second


def correlations(rng: np.random.Generator, n: int, rho: float, kind: str, replicates: int) -> Any:
    """Return correlations of n bivariate normal pairs, of the values or of their ranks."""
    if kind == "pearson":
        return products(rng, n, rho, replicates)[2]
    found = []
    for start in range(0, replicates, _BATCH):
        one, two = rng.standard_normal((2, min(_BATCH, replicates - start), n))
        two = rho * one + np.sqrt(1.0 - rho * rho) * two
        gap = rankdata(one, axis=1) - rankdata(two, axis=1)
        found.append(1.0 - 6.0 * np.sum(gap * gap, axis=1) / (n * (n * n - 1.0)))
    return np.clip(np.concatenate(found), -1.0, 1.0)


def _normal_rho(kind: str, value: float) -> float:
    """Return the correlation of normal values at which that of values or ranks, in the population, is `value`."""
    # Pearson (1907): the correlation of ranks is 6/pi arcsin(rho / 2).
    return value if kind == "pearson" else float(2.0 * np.sin(np.pi * value / 6.0))


def upward(values: NDArray[np.float64], hits: Hits) -> NDArray[np.bool_]:
    """Return where a rule hits that hits whatever lies above a value that it hits; it is tried at few of them."""
    order = np.sort(values)
    low, high = 0, order.size
    while low < high:
        at = np.unique(np.linspace(low, high - 1, _TRIED).astype(np.intp))
        seen = np.asarray(hits(order[at]))
        assert np.all(seen[:-1] <= seen[1:]), "the rule hits a value and misses a larger one"
        misses = int(np.sum(~seen))
        low, high = (at[misses - 1] + 1 if misses else low), (at[misses] if misses < at.size else high)
    return values >= (order[low] if low < order.size else np.inf)


def downward(values: NDArray[np.float64], hits: Hits) -> NDArray[np.bool_]:
    """Return where a rule hits that hits whatever lies below a value that it hits."""
    return upward(-values, lambda x: hits(-x))


def _exact_rejects(n: int, estimate: Any, bound: float, side: str, alpha: float) -> Any:
    """Return which correlations reject a bound by the exact distribution, which is costly for each of 100,000."""
    search = upward if side == "greater" else downward

    def hits(r: NDArray[np.float64]) -> Any:
        return by_pvalue(ks.effects.correlation(r, n, method="exact"), bound, side, alpha)

    return search(np.asarray(estimate.point), hits)


def exact_rows(cell: Cell, n: int, r: NDArray[np.float64], truth: float, setting: dict[str, Any]) -> Iterator[Row]:
    """Yield the rows of `coverage_rows` for the exact interval, which is tried at few of the correlations."""
    level, alpha, middle = setting["level"], setting["alpha"], float(np.median(r))
    estimate = partial(ks.effects.correlation, n=n, method="exact")
    below = upward(r, lambda x: estimate(x).confidence_interval(level).low > truth)
    above = downward(r, lambda x: estimate(x).confidence_interval(level).high < truth)
    rejected = upward(r, lambda x: (estimate(x).pvalue(truth) < alpha) & (x > middle))
    rejected |= downward(r, lambda x: (estimate(x).pvalue(truth) < alpha) & (x < middle))
    yield from event_rows(cell, Sample(r.size), (below, above, rejected), setting)


def intervals(design: dict[str, Any], setting: dict[str, Any]) -> Iterator[Row]:
    """Yield coverage of a correlation by every method."""
    n, rho = design["n"], design["rho"]
    for method, kind in METHODS.items():
        cell = Cell("effects.correlation", method, f"{n} pairs, correlation {rho:g}")
        rng = generator(setting["seed"], cell)
        r = correlations(rng, n, _normal_rho(kind, rho), kind, setting["replicates"])
        if method == "exact":
            yield from exact_rows(cell, n, r, rho, setting)
        else:
            estimate = ks.effects.correlation(r, n, kind=kind, method=method)
            yield from coverage_rows(cell, Sample(setting["replicates"]), estimate, rho, setting)


def cases(design: dict[str, Any]) -> Iterator[Case]:
    """Yield the equivalence of a correlation with none, by every method."""
    n, margin = design["n"], design["margin"]
    for method, kind in METHODS.items():

        def draw(rng: np.random.Generator, end: float, size: int, kind: str = kind) -> tuple[Any, ...]:
            return (correlations(rng, n, _normal_rho(kind, end), kind, size),)

        asked: dict[str, Any] = {"n": n, "kind": kind, "method": method}
        yield Case(
            noun="correlation",
            method=method,
            label=f"{n} pairs, margin {margin:g}",
            margin=margin,
            low=-margin,
            draw=draw,
            estimate=partial(ks.effects.correlation, **asked),
            test=partial(ks.equivalence.correlation, **asked),
            rejects=partial(_exact_rejects, n) if method == "exact" else by_pvalue,
        )


def correlation_equivalence(design: dict[str, Any], setting: dict[str, Any]) -> Iterator[Row]:
    """Yield error rates of the equivalence of a correlation with none."""
    for case in cases(design):
        yield from equivalence(case, setting)


def correlation_questions(design: dict[str, Any], setting: dict[str, Any]) -> Iterator[Row]:
    """Yield the errors of the other questions about a correlation."""
    for case in cases(design):
        yield from questions(case, setting)
