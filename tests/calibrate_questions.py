"""Error rates of noninferiority, superiority by a margin, minimum effects and conditional equivalence."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from calibrate_cases import FIRST
from calibrate_correlations import correlations, downward
from calibrate_counts import changed, changes, events
from calibrate_means import f_label, f_statistics, label, summaries
from calibrate_proportions import at_margin
from calibrate_rows import Cell, Row, Sample, generator, row, tables

import ketastats as ks

MEASURES = ("difference", "ratio", "odds_ratio")


def means(design: dict[str, Any], setting: dict[str, Any]) -> Iterator[Row]:
    """Yield the error rates of each question about two means, by Welch's method: simulated."""
    name, size = label(design), setting["replicates"]
    rng = generator(setting["seed"], Cell("equivalence", "questions", name))
    margin = design["margin"]
    ends = [
        (Sample(size), ks.effects.means(*summaries(rng, design, end, size), variances="unequal"))
        for end in (-margin, margin)
    ]
    yield from _questions("Welch", name, ends, margin, setting["alpha"])


def proportions(design: dict[str, Any], setting: dict[str, Any]) -> Iterator[Row]:
    """Yield the error rates of each question about two proportions, by score methods: exact."""
    (n1, n2), p2 = design["n"], design["p2"]
    for measure in MEASURES:
        margin = design[measure]
        ends = [
            (sample, ks.effects.proportions(x1, n1, x2, n2, measure=measure))
            for sample, x1, x2 in at_margin(design, measure)
        ]
        name = f"{n1} + {n2}, rate {p2:g}, margin {margin:g}"
        yield from _questions(f"score, {measure}", name, ends, margin, setting["alpha"])


def _questions(method: str, name: str, ends: list[tuple[Sample, Any]], margin: float, alpha: float) -> Iterator[Row]:
    """Yield, for each end, the errors of the test that is wrong to reject there."""
    for (sample, estimate), end in zip(ends, ("low", "high"), strict=True):
        low = end == "low"
        asked = {"margin": margin, "alpha": alpha}
        p = ks.equivalence.noninferiority(estimate, higher_is_better=low, **asked).p_noninferiority
        cell = Cell("equivalence.noninferiority", method, name)
        yield row(cell, f"type I error at the {end} end", alpha, sample.rate(p < alpha))
        p = ks.equivalence.superiority(estimate, higher_is_better=not low, **asked).p_superiority
        cell = Cell("equivalence.superiority", method, name)
        yield row(cell, f"type I error at the {end} end", alpha, sample.rate(p < alpha))
        p = ks.equivalence.minimum_effect(estimate, **asked).pvalue
        cell = Cell("equivalence.minimum_effect", method, name)
        yield row(cell, f"type I error at the {end} end", alpha, sample.rate(p < alpha))


def paired_proportions(design: dict[str, Any], setting: dict[str, Any]) -> Iterator[Row]:
    """Yield the error rates of each question about two proportions of the same people, by score methods: exact."""
    n, p01 = design["n"], design["p01"]
    for measure in ("difference", "odds_ratio"):
        margin = design[measure]
        low = -margin if measure == "difference" else 1.0 / margin
        drawn = [changes(n, (changed(measure, p01, end), p01)) for end in (low, margin)]
        ends = [(sample, ks.effects.paired_proportions(b, c, n, measure=measure)) for sample, b, c in drawn]
        name = f"{n} pairs, changes back {p01:g}, margin {margin:g}"
        yield from _questions(f"paired_proportions, score, {measure}", name, ends, margin, setting["alpha"])


def rates(design: dict[str, Any], setting: dict[str, Any]) -> Iterator[Row]:
    """Yield the error rates of each question about two Poisson rates, by score methods: exact."""
    (t1, t2), rate = design["t"], design["rate"]
    for measure in ("ratio", "difference"):
        margin = design[measure]
        firsts = (rate - margin, rate + margin) if measure == "difference" else (rate / margin, rate * margin)
        drawn = [events((t1 * first, t2 * rate)) for first in firsts]
        ends = [(sample, ks.effects.rates(x1, t1, x2, t2, measure=measure)) for sample, x1, x2 in drawn]
        name = f"times {t1:g} and {t2:g}, rate {rate:g}, margin {margin:g}"
        yield from _questions(f"rates, score, {measure}", name, ends, margin, setting["alpha"])


def estimates(design: dict[str, Any], setting: dict[str, Any]) -> Iterator[Row]:
    """Yield the error rates of each question about an estimate with its standard error: simulated."""
    n1, n2 = design["n"]
    df, size, margin = n1 + n2 - 2, setting["replicates"], design["margin"]
    name = f"{df} df, margin {margin:g}"
    rng = generator(setting["seed"], Cell("equivalence", "questions, estimate", name))
    ends = []
    for end in (-margin, margin):
        error = np.sqrt((1.0 / n1 + 1.0 / n2) * np.array([1.0, 1.0 / df]))
        point, se = end + error[0] * rng.standard_normal(size), error[1] * np.sqrt(rng.chisquare(df, size))
        ends.append((Sample(size), ks.effects.estimate(point, se, df=df)))
    yield from _questions("estimate, Student t", name, ends, margin, setting["alpha"])


def variance(design: dict[str, Any], setting: dict[str, Any]) -> Iterator[Row]:
    """Yield the error rates of equivalence and of the minimum effect of an F test, with the truth at the margin."""
    (df1, df2), ncp, alpha, size = design["df"], design["ncp"], setting["alpha"], setting["replicates"]
    name = f_label(design)
    f = f_statistics(generator(setting["seed"], Cell("equivalence", "variance_explained", name)), design, size)
    estimate = ks.effects.variance_explained(f, df1, df2, measure="noncentrality")
    method = "exact noncentral F"
    for area, side in (("equivalence.variance_explained", "less"), ("equivalence.minimum_effect", "greater")):
        hits = estimate.pvalue(ncp, alternative=side) < alpha
        if side == "less":
            asked = {"margin": ncp, "measure": "noncentrality", "alpha": alpha}
            test: Any = ks.equivalence.variance_explained(f[:FIRST], df1, df2, **asked)
        else:
            first = ks.effects.variance_explained(f[:FIRST], df1, df2, measure="noncentrality")
            test = ks.equivalence.minimum_effect(first, margin=ncp, alpha=alpha)
        np.testing.assert_array_equal(test.established, hits[:FIRST])
        quantity = "equivalence error at the high end" if side == "less" else "type I error at the high end"
        yield row(Cell(area, method, name), quantity, alpha, Sample(size).rate(hits))


# -------------------------------------------------------------------------------------- first a difference, then none
def conditional_means(design: dict[str, Any], setting: dict[str, Any]) -> Iterator[Row]:
    """Yield how often conditional equivalence testing of two means, by Welch's method, concludes wrongly: simulated."""
    name, size, margin = label(design), setting["replicates"], design["margin"]
    cell = Cell("equivalence.conditional", "Welch", name)
    rng = generator(setting["seed"], cell)
    truths = [(Sample(size), ks.effects.means(*summaries(rng, design, x, size))) for x in (0.0, -margin, margin)]
    yield from _conditional(cell, truths, margin, setting["alpha"])


def conditional_proportions(design: dict[str, Any], setting: dict[str, Any]) -> Iterator[Row]:
    """Yield how often conditional equivalence testing of two proportions, by scores, concludes wrongly: exact."""
    (n1, n2), p2 = design["n"], design["p2"]
    for measure in MEASURES:
        margin = design[measure]
        drawn = [tables(design["n"], [p2, p2]), *at_margin(design, measure)]
        truths = [(sample, ks.effects.proportions(x1, n1, x2, n2, measure=measure)) for sample, x1, x2 in drawn]
        name = f"{n1} + {n2}, rate {p2:g}, margin {margin:g}"
        cell = Cell("equivalence.conditional", f"score, {measure}", name)
        yield from _conditional(cell, truths, margin, setting["alpha"])


def _conditional(cell: Cell, truths: list[tuple[Sample, Any]], margin: float, alpha: float) -> Iterator[Row]:
    told = {"margin": margin, "alpha_difference": alpha, "alpha_equivalence": alpha}
    found = [(sample, ks.equivalence.conditional(estimate, **told).conclusion) for sample, estimate in truths]
    quantities = (
        "type I error",
        "equivalence error at the low end",
        "equivalence error at the high end",
    )
    for (sample, conclusion), quantity, wrong in zip(
        found, quantities, ("different", "equivalent", "equivalent"), strict=True
    ):
        yield row(cell, quantity, alpha, sample.rate(conclusion == wrong))


# --------------------------------------------------------------------------------- what an original study could not see
def telescopes(design: dict[str, Any], setting: dict[str, Any]) -> Iterator[Row]:
    """Yield how often a replication denies an effect that has exactly the small size: simulated."""
    (n1, n2), (o1, o2), size = design["n"], design["original"], setting["replicates"]
    name = f"original {o1} + {o2}, replication {n1} + {n2}"
    cell = Cell("evidence.small_telescopes", "exact noncentral t", name)
    rng, df, unit = generator(setting["seed"], cell), n1 + n2 - 2, np.sqrt(1.0 / n1 + 1.0 / n2)
    effect = float(ks.evidence.small_effect(o1, o2).effect)
    t = (effect / unit + rng.standard_normal(size)) / np.sqrt(rng.chisquare(df, size) / df)
    p = ks.evidence.small_telescopes(t=t, n1=n1, n2=n2, original_n1=o1, original_n2=o2).pvalue
    yield row(cell, "type I error", setting["alpha"], Sample(size).rate(p < setting["alpha"]))
    pairs, original = n1 + n2, o1 + o2
    cell = Cell("evidence.small_telescopes_correlation", "exact", f"original {original} pairs, replication {pairs}")
    rho = float(ks.evidence.small_effect_correlation(original).effect)
    r = correlations(generator(setting["seed"], cell), pairs, rho, "pearson", size)

    def denied(x: Any) -> Any:
        found = ks.evidence.small_telescopes_correlation(r=x, n=pairs, original_n=original)
        return found.pvalue < setting["alpha"]

    yield row(cell, "type I error", setting["alpha"], Sample(size).rate(downward(r, denied)))
