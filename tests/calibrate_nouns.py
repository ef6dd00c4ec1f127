"""Error rates and coverage for pairs, one sample, ratios of means and correlations: simulated."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from types import SimpleNamespace
from typing import Any

import numpy as np
from calibrate_means import label, summaries
from calibrate_rows import Cell, Row, Sample, coverage_rows, equivalence_rows, generator
from scipy.stats import rankdata

import ketastats as ks

RATIOS = {
    "delta": {},
    "delta, variances equal": {"variances": "equal"},
    "lajeunesse": {"method": "lajeunesse"},
}
CORRELATIONS = {"fisher_z": "pearson", "bonett_wright": "spearman", "fieller": "spearman"}
# Data sets ranked at a time.
_BATCH = 10_000
# Data sets that are tested by the equivalence function itself.
_FIRST = 200


def products(rng: np.random.Generator, n: int, rho: float, replicates: int) -> tuple[Any, Any, Any]:
    """Return both standard deviations and the correlation of n pairs of standard normal values, by Bartlett (1933)."""
    first, rest = np.sqrt(rng.chisquare(n - 1, replicates)), np.sqrt(rng.chisquare(n - 2, replicates))
    shared, alone = rng.standard_normal(replicates), np.sqrt(1.0 - rho * rho)
    along, across = rho * first + alone * shared, alone * rest
    second = np.hypot(along, across)
    return first / np.sqrt(n - 1), second / np.sqrt(n - 1), along / second


def pairs(rng: np.random.Generator, design: dict[str, Any], difference: float, replicates: int) -> tuple[Any, ...]:
    """Return m1, s1, m2, s2, n and r of pairs whose true difference is `difference`, around a mean of `mean`."""
    n, rho, (sd1, sd2) = design["n"], design["r"], design["sd"]
    one, two = rng.standard_normal((2, replicates))
    base = design.get("mean", 0.0)
    m1 = base + difference + sd1 * one / np.sqrt(n)
    m2 = base + sd2 * (rho * one + np.sqrt(1.0 - rho * rho) * two) / np.sqrt(n)
    s1, s2, r = products(rng, n, rho, replicates)
    return m1, sd1 * s1, m2, sd2 * s2, n, r


def _pairs(design: dict[str, Any]) -> str:
    return f"{design['n']} pairs, SD {design['sd'][0]:g} and {design['sd'][1]:g}, correlation {design['r']:g}"


def paired_intervals(design: dict[str, Any], setting: dict[str, Any]) -> Iterator[Row]:
    """Yield coverage of the difference of pairs."""
    cell = Cell("effects.paired", "difference", f"{_pairs(design)}, difference {design['effect']:g}")
    *data, r = pairs(generator(setting["seed"], cell), design, design["effect"], setting["replicates"])
    estimate = ks.effects.paired(*data, r=r)
    yield from coverage_rows(cell, Sample(setting["replicates"]), estimate, design["effect"], setting)


def paired_equivalence(design: dict[str, Any], setting: dict[str, Any]) -> Iterator[Row]:
    """Yield error rates of the equivalence of pairs."""
    margin = design["margin"]
    cell = Cell("equivalence.paired", "difference", f"{_pairs(design)}, margin {margin:g}")

    def draw(rng: np.random.Generator, end: float, size: int) -> tuple[Any, ...]:
        return pairs(rng, design, end, size)

    parts = _by_r(ks.effects.paired, {}), _by_r(ks.equivalence.paired, {})
    yield from _ends(cell, setting, (-margin, margin), margin, draw, parts)


Draw = Callable[[np.random.Generator, float, int], tuple[Any, ...]]
Test = Callable[..., Any]


def _by_r(function: Test, choice: dict[str, Any]) -> Test:
    """Return a function of pairs that takes their correlation as the last of its positional arguments."""

    def named(*data: Any, **asked: Any) -> Any:
        return function(*data[:-1], r=data[-1], **choice, **asked)

    return named


def _ends(
    cell: Cell, setting: dict[str, Any], ends: tuple[float, float], margin: float, draw: Draw, parts: tuple[Test, Test]
) -> Iterator[Row]:
    """Yield error rates of an equivalence test, with the truth at either end.

    Its two p-values are those of the estimate, without the interval that costs ten times as much; that they are is
    held for the first data sets.
    """
    rng, alpha = generator(setting["seed"], cell), setting["alpha"]
    sample = Sample(setting["replicates"])
    estimate, test = parts
    found = []
    for end in ends:
        data = draw(rng, end, sample.size)
        low = 1.0 / margin if "ratio" in cell.area else -margin
        value = estimate(*data)
        p_lower, p_upper = value.pvalue(low, alternative="greater"), value.pvalue(margin, alternative="less")
        first = test(*(x[:_FIRST] if np.ndim(x) else x for x in data), margin=margin, alpha=alpha)
        np.testing.assert_allclose(first.p_lower, p_lower[:_FIRST], rtol=1e-9, atol=1e-300)
        np.testing.assert_allclose(first.p_upper, p_upper[:_FIRST], rtol=1e-9, atol=1e-300)
        np.testing.assert_array_equal(first.established, np.maximum(p_lower, p_upper)[:_FIRST] < alpha)
        both = np.maximum(p_lower, p_upper) < alpha
        found.append((sample, SimpleNamespace(p_lower=p_lower, p_upper=p_upper, established=both)))
    yield from equivalence_rows(cell, found, alpha)


def _one(rng: np.random.Generator, design: dict[str, Any], mean: float, replicates: int) -> tuple[Any, ...]:
    m, s, n, *_ = summaries(rng, {**design, "n": [design["n"], 2], "sd": [1.0, 1.0]}, mean, replicates)
    return m, s, n


def _one_label(design: dict[str, Any], name: str) -> str:
    return f"{design['n']} people, {design['shape']}, {name} {design[name]:g}"


def one_sample_intervals(design: dict[str, Any], setting: dict[str, Any]) -> Iterator[Row]:
    """Yield coverage of one mean."""
    for measure in ("difference",):
        cell = Cell("effects.one_sample", measure, _one_label(design, "effect"))
        data = _one(generator(setting["seed"], cell), design, design["effect"], setting["replicates"])
        estimate = ks.effects.one_sample(*data, measure=measure)
        yield from coverage_rows(cell, Sample(setting["replicates"]), estimate, design["effect"], setting)


def one_sample_equivalence(design: dict[str, Any], setting: dict[str, Any]) -> Iterator[Row]:
    """Yield error rates of the equivalence of one mean with a value."""
    margin = design["margin"]
    for measure in ("difference",):
        cell = Cell("equivalence.one_sample", measure, _one_label(design, "margin"))

        def draw(rng: np.random.Generator, end: float, size: int) -> tuple[Any, ...]:
            return _one(rng, design, end, size)

        parts = partial(ks.effects.one_sample, measure=measure), partial(ks.equivalence.one_sample, measure=measure)
        yield from _ends(cell, setting, (-margin, margin), margin, draw, parts)


def _means(rng: np.random.Generator, design: dict[str, Any], ratio: float, replicates: int) -> tuple[Any, ...]:
    """Return the summaries of two groups around means of `ratio` times `mean`, and of `mean`."""
    base = design["mean"]
    m1, s1, n1, m2, s2, n2 = summaries(rng, design, (ratio - 1.0) * base, replicates)
    return m1 + base, s1, n1, m2 + base, s2, n2


def ratio_intervals(design: dict[str, Any], setting: dict[str, Any]) -> Iterator[Row]:
    """Yield coverage of the ratio of two means, of two groups and of pairs."""
    shape = {key: design[key] for key in ("n", "sd", "shape")}
    name = f"{label(shape)}, mean {design['mean']:g}, ratio {design['ratio']:g}"
    for method, choice in RATIOS.items():
        cell = Cell("effects.mean_ratio", method, name)
        data = _means(generator(setting["seed"], cell), design, design["ratio"], setting["replicates"])
        estimate = ks.effects.mean_ratio(*data, **choice)
        yield from coverage_rows(cell, Sample(setting["replicates"]), estimate, design["ratio"], setting)
    both = {**design, "n": min(design["n"])}
    for method in ("delta", "lajeunesse"):
        cell = Cell("effects.mean_ratio_paired", method, _ratio_pairs(both, f"ratio {design['ratio']:g}"))
        difference = (design["ratio"] - 1.0) * design["mean"]
        *data, r = pairs(generator(setting["seed"], cell), both, difference, setting["replicates"])
        estimate = ks.effects.mean_ratio_paired(*data, r=r, method=method)
        yield from coverage_rows(cell, Sample(setting["replicates"]), estimate, design["ratio"], setting)


def _ratio_pairs(design: dict[str, Any], last: str) -> str:
    return f"{_pairs(design)}, mean {design['mean']:g}, {last}"


def ratio_equivalence(design: dict[str, Any], setting: dict[str, Any]) -> Iterator[Row]:
    """Yield error rates of the equivalence of two means by their ratio."""
    margin = design["margin"]
    ends = (1.0 / margin, margin)
    shape = {key: design[key] for key in ("n", "sd", "shape", "margin")}
    for method, choice in RATIOS.items():
        cell = Cell("equivalence.mean_ratio", method, f"{label(shape)}, mean {design['mean']:g}")

        def draw(rng: np.random.Generator, end: float, size: int) -> tuple[Any, ...]:
            return _means(rng, design, end, size)

        asked: dict[str, Any] = choice
        parts = partial(ks.effects.mean_ratio, **asked), partial(ks.equivalence.mean_ratio, **asked)
        yield from _ends(cell, setting, ends, margin, draw, parts)
    both = {**design, "n": min(design["n"])}
    for method in ("delta", "lajeunesse"):
        cell = Cell("equivalence.mean_ratio_paired", method, _ratio_pairs(both, f"margin {margin:g}"))

        def draw_pairs(rng: np.random.Generator, end: float, size: int) -> tuple[Any, ...]:
            return pairs(rng, both, (end - 1.0) * design["mean"], size)

        named = {"method": method}
        both_parts = _by_r(ks.effects.mean_ratio_paired, named), _by_r(ks.equivalence.mean_ratio_paired, named)
        yield from _ends(cell, setting, ends, margin, draw_pairs, both_parts)


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


def correlation_intervals(design: dict[str, Any], setting: dict[str, Any]) -> Iterator[Row]:
    """Yield coverage of a correlation by every method."""
    n, rho = design["n"], design["rho"]
    for method, kind in CORRELATIONS.items():
        cell = Cell("effects.correlation", method, f"{n} pairs, correlation {rho:g}")
        rng = generator(setting["seed"], cell)
        r = correlations(rng, n, _normal_rho(kind, rho), kind, setting["replicates"])
        estimate = ks.effects.correlation(r, n, kind=kind, method=method)
        yield from coverage_rows(cell, Sample(setting["replicates"]), estimate, rho, setting)
