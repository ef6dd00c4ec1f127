"""Error rates and coverage for the other counts, exact: tests of tables, pairs, Poisson rates, exact differences."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from calibrate_rows import Cell, Row, Sample, coverage_rows, equivalence_rows, row, ruling_rows, tables
from scipy.special import gammaln
from scipy.stats import poisson

import ketastats as ks
from ketastats.effects import _paired_proportions, _rates
from ketastats.effects._proportions import RULES
from ketastats.effects._proportions_test import METHODS

#: The part of the error rate that the unconditional tests may spend on an interval for the common proportion.
BERGER_BOOS = 0.001
UNCONDITIONAL = ("barnard", "barnard_unpooled", "boschloo")
_RARE = 1e-15


def tests_of_no_difference(design: dict[str, Any], setting: dict[str, Any]) -> Iterator[Row]:
    """Yield the type I error of every named test of two proportions, two-sided and in either direction."""
    (n1, n2), rate, alpha = design["n"], design["p"], setting["alpha"]
    sample, x1, x2 = tables(design["n"], [rate, rate])
    named = {name: {"test": name} for name in METHODS}
    named |= {
        f"{name}, Berger-Boos {BERGER_BOOS:g}": {"test": name, "berger_boos": BERGER_BOOS} for name in UNCONDITIONAL
    }
    for name, choice in named.items():
        cell = Cell("effects.proportions_test", name, f"{n1} + {n2}, rates {rate:g} and {rate:g}")
        for side in ("two-sided",) if name == "blaker" else ("two-sided", "greater", "less"):
            found = ks.effects.proportions_test(x1, n1, x2, n2, alternative=side, **choice)
            quantity = "type I error" if side == "two-sided" else f"type I error, {side}"
            yield row(cell, quantity, alpha, sample.rate(found.pvalue < alpha))


def exact_intervals(design: dict[str, Any], setting: dict[str, Any]) -> Iterator[Row]:
    """Yield coverage of the exact unconditional intervals, which are too costly for large groups."""
    (n1, n2), (p1, p2) = design["n"], design["p"]
    sample, x1, x2 = tables(design["n"], design["p"])
    for measure, true in (("difference", p1 - p2), ("ratio", p1 / p2)):
        cell = Cell(f"effects.proportions, {measure}", "exact", f"{n1} + {n2}, rates {p1:g} and {p2:g}")
        estimate = ks.effects.proportions(x1, n1, x2, n2, measure=measure, method="exact")
        yield from coverage_rows(cell, sample, estimate, true, setting)


def numbers_needed(design: dict[str, Any], setting: dict[str, Any]) -> Iterator[Row]:
    """Yield how often the interval of the number needed to treat, through infinity or not, holds the true number."""
    (n1, n2), (p1, p2) = design["n"], design["p"]
    sample, x1, x2 = tables(design["n"], design["p"])
    for method in RULES["difference"]:
        cell = Cell("effects.number_needed_to_treat", method, f"{n1} + {n2}, rates {p1:g} and {p2:g}")
        found = ks.effects.number_needed_to_treat(
            x1, n1, x2, n2, event_is_good=True, level=setting["level"], method=method
        )
        yield row(cell, "coverage", setting["level"], sample.rate(_holds(found, p1 - p2)))


def _holds(found: Any, difference: float) -> Any:
    """Return which pieces, for benefit or for harm, hold one over the true difference; no difference is infinity."""
    if difference == 0.0:
        # Infinity belongs to the pieces that reach it.
        reaches = [(low < np.inf) & (high == np.inf) for low, high in _pieces(found)]
        return reaches[0] | reaches[1]
    low, high = _pieces(found)[0 if difference > 0 else 1]
    return (low <= 1.0 / abs(difference)) & (1.0 / abs(difference) <= high)


def _pieces(found: Any) -> list[tuple[Any, Any]]:
    return [(found.benefit_low, found.benefit_high), (found.harm_low, found.harm_high)]


def exact_equivalence(design: dict[str, Any], setting: dict[str, Any]) -> Iterator[Row]:
    """Yield the error rates of the exact unconditional test of equivalence, and of the ruling by it."""
    (n1, n2), p2, margin, alpha = design["n"], design["p2"], design["difference"], setting["alpha"]
    label = f"{n1} + {n2}, rate {p2:g}, margin {margin:g}"
    # All tables, tested once for both ends.
    drawn = [tables(design["n"], [p2 + end, p2], least=-1.0) for end in (-margin, margin)]
    samples, (_, x1, x2) = [sample for sample, _, _ in drawn], drawn[0]
    ends = {"difference": (-margin, margin), "ratio": (1.0 - margin / p2, 1.0 + margin / p2)}
    for measure, pair in ends.items():
        test = ks.equivalence.proportions(x1, n1, x2, n2, margin=pair, alpha=alpha, measure=measure, method="exact")
        cell = Cell(f"equivalence.proportions, {measure}", "exact", label)
        yield from equivalence_rows(cell, [(sample, test) for sample in samples], alpha)
    claim = ks.Claim(estimand="risk_difference", region=ks.within(margin))
    verdict = ks.judge(claim, ks.effects.proportions(x1, n1, x2, n2, method="exact"), alpha=alpha)
    cell = Cell("judge, one table, difference", "exact", label)
    yield from ruling_rows(cell, [(sample, verdict) for sample in samples], alpha)


def changes(n: int, p: tuple[float, float]) -> tuple[Sample, Any, Any]:
    """Return every number of pairs that changed in either direction, but for those rarer than 1e-15."""
    b, c = (grid.ravel() for grid in np.meshgrid(np.arange(n + 1), np.arange(n + 1), indexing="ij"))
    b, c = b[b + c <= n], c[b + c <= n]
    rest = n - b - c
    ways = gammaln(n + 1) - gammaln(b + 1) - gammaln(c + 1) - gammaln(rest + 1)
    mass = np.exp(ways + b * np.log(p[0]) + c * np.log(p[1]) + rest * np.log1p(-p[0] - p[1]))
    some = mass > _RARE
    return Sample(int(some.sum()), mass[some]), b[some], c[some]


def changed(measure: str, p01: float, value: float) -> float:
    """Return the rate of changes in one direction at which the effect has this value."""
    return p01 + value if measure == "difference" else p01 * value


def pair_intervals(design: dict[str, Any], setting: dict[str, Any]) -> Iterator[Row]:
    """Yield coverage for every method and measure of two proportions of the same people."""
    n, (p10, p01) = design["n"], design["p"]
    sample, b, c = changes(n, (p10, p01))
    truths = {"difference": p10 - p01, "odds_ratio": p10 / p01}
    for measure, methods in _paired_proportions.RULES.items():
        for method in methods:
            cell = Cell(f"effects.paired_proportions, {measure}", method, f"{n} pairs, changes {p10:g} and {p01:g}")
            estimate = ks.effects.paired_proportions(b, c, n, measure=measure, method=method)
            yield from coverage_rows(cell, sample, estimate, truths[measure], setting)


def pair_equivalence(design: dict[str, Any], setting: dict[str, Any]) -> Iterator[Row]:
    """Yield the error rates of equivalence of two proportions of the same people, with the truth at the margin."""
    n, p01, alpha = design["n"], design["p01"], setting["alpha"]
    for measure, methods in _paired_proportions.RULES.items():
        margin = design[measure]
        low = -margin if measure == "difference" else 1.0 / margin
        samples = [changes(n, (changed(measure, p01, end), p01)) for end in (low, margin)]
        for method in methods:
            label = f"{n} pairs, changes back {p01:g}, margin {margin:g}"
            cell = Cell(f"equivalence.paired_proportions, {measure}", method, label)
            choice = {"measure": measure, "margin": margin, "method": method, "alpha": alpha}
            ends = [(sample, ks.equivalence.paired_proportions(b, c, n, **choice)) for sample, b, c in samples]
            yield from equivalence_rows(cell, ends, alpha)


def events(means: tuple[float, float]) -> tuple[Sample, Any, Any]:
    """Return every pair of Poisson counts whose margins are not rarer than 1e-15."""
    counts = [np.arange(poisson.isf(_RARE, mean) + 1).astype(int) for mean in means]
    masses = [poisson.pmf(count, mean) for count, mean in zip(counts, means, strict=True)]
    x1, x2 = (grid.ravel() for grid in np.meshgrid(*counts, indexing="ij"))
    return Sample(x1.size, np.outer(*masses).ravel()), x1, x2


def rate_intervals(design: dict[str, Any], setting: dict[str, Any]) -> Iterator[Row]:
    """Yield coverage for every method and measure of two Poisson rates."""
    (t1, t2), (r1, r2) = design["t"], design["rates"]
    sample, x1, x2 = events((t1 * r1, t2 * r2))
    truths = {"ratio": r1 / r2, "difference": r1 - r2}
    for measure, methods in _rates.RULES.items():
        for method in methods:
            cell = Cell(f"effects.rates, {measure}", method, f"times {t1:g} and {t2:g}, rates {r1:g} and {r2:g}")
            estimate = ks.effects.rates(x1, t1, x2, t2, measure=measure, method=method)
            yield from coverage_rows(cell, sample, estimate, truths[measure], setting)


def rate_equivalence(design: dict[str, Any], setting: dict[str, Any]) -> Iterator[Row]:
    """Yield the error rates of equivalence of two Poisson rates, with the truth at the margin."""
    (t1, t2), rate, alpha = design["t"], design["rate"], setting["alpha"]
    for measure, methods in _rates.RULES.items():
        margin = design[measure]
        firsts = (rate - margin, rate + margin) if measure == "difference" else (rate / margin, rate * margin)
        samples = [events((t1 * first, t2 * rate)) for first in firsts]
        for method in methods:
            label = f"times {t1:g} and {t2:g}, rate {rate:g}, margin {margin:g}"
            cell = Cell(f"equivalence.rates, {measure}", method, label)
            choice = {"measure": measure, "margin": margin, "method": method, "alpha": alpha}
            ends = [(sample, ks.equivalence.rates(x1, t1, x2, t2, **choice)) for sample, x1, x2 in samples]
            yield from equivalence_rows(cell, ends, alpha)
