"""Error rates and coverage for proportions: exact, by enumerating every table."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from calibrate_rows import Cell, Row, Sample, coverage_rows, equivalence_rows, row, ruling_rows, tables
from scipy.special import betaln, gammaln
from scipy.stats import binom

import ketastats as ks
from ketastats.effects._proportions import RULES, SINGLE_RULES
from ketastats.effects._proportions_more import EXACT_RULES, MORE_RULES
from ketastats.numerics import table_tests

ESTIMANDS = {"difference": "risk_difference", "ratio": "risk_ratio", "odds_ratio": "odds_ratio"}

#: Every method of each measure, but for the exact interval of a difference: it has designs of its own.
METHODS = {
    measure: [*RULES[measure], *MORE_RULES[measure], *(EXACT_RULES[measure] if measure != "difference" else ())]
    for measure in RULES
}


def _two(design: dict[str, Any]) -> str:
    (n1, n2), (p1, p2) = design["n"], design["p"]
    return f"{n1} + {n2}, rates {p1:g} and {p2:g}"


def effect(measure: str, p1: float, p2: float) -> float:
    """Return the true effect of two rates."""
    if measure == "difference":
        return p1 - p2
    return p1 / p2 if measure == "ratio" else p1 * (1.0 - p2) / (p2 * (1.0 - p1))


def shifted(measure: str, p2: float, value: float) -> float:
    """Return the rate of group 1 at which the effect has this value."""
    if measure == "difference":
        return p2 + value
    if measure == "ratio":
        return p2 * value
    return value * p2 / (1.0 - p2 + value * p2)


def intervals(design: dict[str, Any], setting: dict[str, Any]) -> Iterator[Row]:
    """Yield coverage for every method and measure of two proportions."""
    (n1, n2), (p1, p2) = design["n"], design["p"]
    sample, x1, x2 = tables(design["n"], design["p"])
    for measure, methods in METHODS.items():
        for method in methods:
            cell = Cell(f"effects.proportions, {measure}", method, _two(design))
            estimate = ks.effects.proportions(x1, n1, x2, n2, measure=measure, method=method)
            yield from coverage_rows(cell, sample, estimate, effect(measure, p1, p2), setting)


def single_intervals(design: dict[str, Any], setting: dict[str, Any]) -> Iterator[Row]:
    """Yield coverage for every method of one proportion."""
    n, p = design["n"], design["p"]
    count = np.arange(n + 1)
    sample = Sample(n + 1, binom.pmf(count, n, p))
    for method in SINGLE_RULES:
        cell = Cell("effects.proportion", method, f"{n}, rate {p:g}")
        yield from coverage_rows(cell, sample, ks.effects.proportion(count, n, method=method), p, setting)


def tests_of_no_difference(design: dict[str, Any], setting: dict[str, Any]) -> Iterator[Row]:
    """Yield the type I error of every test that a reconstruction may name."""
    rates = [design["p"], design["p"]]
    sample, x1, x2 = tables(design["n"], rates)
    sizes = (np.full(x1.shape, size) for size in design["n"])
    n1, n2 = sizes
    for test in table_tests.TESTS:
        cell = Cell("reconstruct.tables, test", test, _two({"n": design["n"], "p": rates}))
        # A test that is not defined for a table does not reject.
        p = np.nan_to_num(table_tests.pvalue(test, x1, n1, x2, n2), nan=1.0)
        yield row(cell, "type I error", setting["alpha"], sample.rate(p < setting["alpha"]))


def equivalence(design: dict[str, Any], setting: dict[str, Any]) -> Iterator[Row]:
    """Yield the error rates of equivalence tests, with the truth at each end of the margin."""
    (n1, n2), p2, alpha = design["n"], design["p2"], setting["alpha"]
    for measure, methods in METHODS.items():
        margin = design[measure]
        samples = at_margin(design, measure)
        label = f"{n1} + {n2}, rate {p2:g}, margin {margin:g}"
        for method in methods:
            cell = Cell(f"equivalence.proportions, {measure}", method, label)
            choice = {"measure": measure, "margin": margin, "method": method, "alpha": alpha}
            ends = [(sample, ks.equivalence.proportions(x1, n1, x2, n2, **choice)) for sample, x1, x2 in samples]
            yield from equivalence_rows(cell, ends, alpha)


def at_margin(design: dict[str, Any], measure: str) -> list[tuple[Sample, Any, Any]]:
    """Return the tables with the true effect at the low and at the high end of the margin."""
    margin, p2 = design[measure], design["p2"]
    low = -margin if measure == "difference" else 1.0 / margin
    return [tables(design["n"], [shifted(measure, p2, end), p2]) for end in (low, margin)]


def rulings(design: dict[str, Any], setting: dict[str, Any]) -> Iterator[Row]:
    """Yield how often the ruling on a single table is wrong."""
    (n1, n2), p2 = design["n"], design["p2"]
    for measure, methods in METHODS.items():
        margin = design[measure]
        region = ks.within(margin) if measure == "difference" else ks.within(1.0 / margin, margin)
        claim = ks.Claim(estimand=ESTIMANDS[measure], region=region)
        samples = at_margin(design, measure)
        for method in methods:
            cell = Cell(f"judge, one table, {measure}", method, f"{n1} + {n2}, rate {p2:g}, margin {margin:g}")
            ends = []
            for sample, x1, x2 in samples:
                estimate = ks.effects.proportions(x1, n1, x2, n2, measure=measure, method=method)
                ends.append((sample, ks.judge(claim, estimate, alpha=setting["alpha"])))
            yield from ruling_rows(cell, ends, setting["alpha"])


def evidence(design: dict[str, Any], setting: dict[str, Any]) -> Iterator[Row]:
    """Yield how often a Bayes factor misleads where the null is true, averaged over the prior of the common rate.

    Its mean is then 1, so that it exceeds k with a probability of at most 1/k.
    """
    del setting
    n1, n2 = design["n"]
    x1, x2 = (grid.ravel() for grid in np.meshgrid(np.arange(n1 + 1), np.arange(n2 + 1), indexing="ij"))
    ways = sum(gammaln(n + 1) - gammaln(x + 1) - gammaln(n - x + 1) for n, x in ((n1, x1), (n2, x2)))
    sample = Sample(x1.size, np.exp(ways + betaln(x1 + x2 + 1, n1 + n2 - x1 - x2 + 1)))
    factor = ks.evidence.proportions(x1, n1, x2, n2).bf10
    cell = Cell("evidence.proportions", "uniform priors", f"{n1} + {n2}")
    yield row(cell, "mean Bayes factor under the null", 1.0, (float(sample.weights @ factor), 0.0, 0, True))
    for bound in (3, 10):
        yield row(cell, f"Bayes factor of at least {bound}", 1.0 / bound, sample.rate(factor >= bound))
