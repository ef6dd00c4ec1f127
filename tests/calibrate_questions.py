"""Error rates of noninferiority, superiority by a margin and minimum effects, with the truth at the margin."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from calibrate_means import label, summaries
from calibrate_proportions import at_margin
from calibrate_rows import Cell, Row, Sample, generator, row

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
