"""Error rates and coverage for pairs, one sample, named standardisers and ratios of means: simulated."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import numpy as np
from calibrate_cases import Case, Data, equivalence, questions, with_r
from calibrate_correlations import products
from calibrate_means import label, summaries
from calibrate_rows import Cell, Row, Sample, coverage_rows, generator

import ketastats as ks

PAIRED = ("difference", "smd_z", "smd_av", "smd_rm")
ONE_SAMPLE = ("difference", "smd")
STANDARDISERS: dict[str, dict[str, str]] = {
    "d_av": {"by": "average_sd"},
    "Glass, SD of group 1": {"by": "sd1"},
    "Glass, SD of group 2": {"by": "sd2"},
    "Glass, SD of group 2, variances equal": {"by": "sd2", "variances": "equal"},
}
RATIOS: dict[str, dict[str, str]] = {
    "delta": {},
    "delta, variances equal": {"variances": "equal"},
    "lajeunesse": {"method": "lajeunesse"},
    "fieller": {"method": "fieller"},
}
PAIRED_RATIOS = ("delta", "lajeunesse", "fieller")


# --------------------------------------------------------------------------------------------------------------- pairs
def pairs(rng: np.random.Generator, design: dict[str, Any], difference: float, replicates: int) -> Data:
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


def unit(design: dict[str, Any], measure: str) -> float:
    """Return the true standard deviation that standardises a difference of pairs."""
    rho, (sd1, sd2) = design["r"], design["sd"]
    spread = np.sqrt(sd1**2 + sd2**2 - 2.0 * rho * sd1 * sd2)
    units = {"difference": 1.0, "smd_z": spread, "smd_rm": spread / np.sqrt(2.0 * (1.0 - rho))}
    return float(units[measure] if measure in units else np.sqrt(0.5 * (sd1**2 + sd2**2)))


def paired_intervals(design: dict[str, Any], setting: dict[str, Any]) -> Iterator[Row]:
    """Yield coverage of the difference of pairs, raw and standardised in three ways."""
    for measure in PAIRED:
        cell = Cell("effects.paired", measure, f"{_pairs(design)}, difference {design['effect']:g}")
        *data, r = pairs(generator(setting["seed"], cell), design, design["effect"], setting["replicates"])
        estimate = ks.effects.paired(*data, r=r, measure=measure)
        truth = design["effect"] / unit(design, measure)
        yield from coverage_rows(cell, Sample(setting["replicates"]), estimate, truth, setting)


def paired_cases(design: dict[str, Any]) -> Iterator[Case]:
    """Yield pairs by every measure, with the margin in its own units."""
    margin = design["margin"]
    for measure in PAIRED:
        scale = unit(design, measure)
        yield Case(
            noun="paired",
            method=measure,
            label=f"{_pairs(design)}, margin {margin:g}",
            margin=margin,
            low=-margin,
            draw=lambda rng, end, size, scale=scale: pairs(rng, design, end * scale, size),
            estimate=with_r(ks.effects.paired, measure=measure),
            test=with_r(ks.equivalence.paired, measure=measure),
        )


# ---------------------------------------------------------------------------------------------------------- one sample
def _one(rng: np.random.Generator, design: dict[str, Any], mean: float, replicates: int) -> Data:
    m, s, n, *_ = summaries(rng, {**design, "n": [design["n"], 2], "sd": [1.0, 1.0]}, mean, replicates)
    return m, s, n


def _one_label(design: dict[str, Any], name: str) -> str:
    return f"{design['n']} people, {design['shape']}, {name} {design[name]:g}"


def one_sample_intervals(design: dict[str, Any], setting: dict[str, Any]) -> Iterator[Row]:
    """Yield coverage of one mean, raw and standardised."""
    for measure in ONE_SAMPLE:
        cell = Cell("effects.one_sample", measure, _one_label(design, "effect"))
        data = _one(generator(setting["seed"], cell), design, design["effect"], setting["replicates"])
        estimate = ks.effects.one_sample(*data, measure=measure)
        yield from coverage_rows(cell, Sample(setting["replicates"]), estimate, design["effect"], setting)


def one_sample_cases(design: dict[str, Any]) -> Iterator[Case]:
    """Yield one mean by every measure."""
    margin = design["margin"]
    for measure in ONE_SAMPLE:
        yield Case(
            noun="one_sample",
            method=measure,
            label=_one_label(design, "margin"),
            margin=margin,
            low=-margin,
            draw=lambda rng, end, size: _one(rng, design, end, size),
            estimate=partial(ks.effects.one_sample, measure=measure),
            test=partial(ks.equivalence.one_sample, measure=measure),
        )


# ------------------------------------------------------------------------------------------------- named standardisers
def standardiser(design: dict[str, Any], by: str) -> float:
    """Return the true standard deviation that standardises a difference of two groups."""
    sd1, sd2 = design["sd"]
    return float({"average_sd": np.sqrt(0.5 * (sd1**2 + sd2**2)), "sd1": sd1, "sd2": sd2}[by])


def standardised_intervals(design: dict[str, Any], setting: dict[str, Any]) -> Iterator[Row]:
    """Yield coverage of the difference of two groups in a named standard deviation."""
    for name, choice in STANDARDISERS.items():
        cell = Cell("effects.standardised_means", name, label(design))
        raw = design["effect"] * standardiser(design, choice["by"])
        data = summaries(generator(setting["seed"], cell), design, raw, setting["replicates"])
        estimate = ks.effects.standardised_means(*data, **choice)
        yield from coverage_rows(cell, Sample(setting["replicates"]), estimate, design["effect"], setting)


def standardised_cases(design: dict[str, Any]) -> Iterator[Case]:
    """Yield two groups by every named standard deviation."""
    margin = design["margin"]
    for name, choice in STANDARDISERS.items():
        scale = standardiser(design, choice["by"])
        yield Case(
            noun="standardised_means",
            method=name,
            label=label(design),
            margin=margin,
            low=-margin,
            draw=lambda rng, end, size, scale=scale: summaries(rng, design, end * scale, size),
            estimate=partial(ks.effects.standardised_means, **choice),
            test=partial(ks.equivalence.standardised_means, **choice),
        )


def smd_cases(design: dict[str, Any]) -> Iterator[Case]:
    """Yield two groups by Cohen's d; its equivalence stands among the means."""
    margin = design["margin"]
    yield Case(
        noun="means",
        method="smd",
        label=label(design),
        margin=margin,
        low=-margin,
        draw=lambda rng, end, size: summaries(rng, design, end, size),
        estimate=partial(ks.effects.means, measure="smd"),
        test=partial(ks.equivalence.means, measure="smd"),
    )


# ------------------------------------------------------------------------------------------------------ ratios of means
def _means(rng: np.random.Generator, design: dict[str, Any], ratio: float, replicates: int) -> Data:
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
    for method in PAIRED_RATIOS:
        cell = Cell("effects.mean_ratio_paired", method, _ratio_pairs(both, f"ratio {design['ratio']:g}"))
        difference = (design["ratio"] - 1.0) * design["mean"]
        *data, r = pairs(generator(setting["seed"], cell), both, difference, setting["replicates"])
        estimate = ks.effects.mean_ratio_paired(*data, r=r, method=method)
        yield from coverage_rows(cell, Sample(setting["replicates"]), estimate, design["ratio"], setting)


def _ratio_pairs(design: dict[str, Any], last: str) -> str:
    return f"{_pairs(design)}, mean {design['mean']:g}, {last}"


def ratio_cases(design: dict[str, Any]) -> Iterator[Case]:
    """Yield ratios of two means by every method, of two groups and of pairs."""
    margin = design["margin"]
    ends = {"margin": margin, "low": 1.0 / margin}
    shape = {key: design[key] for key in ("n", "sd", "shape", "margin")}
    for method, choice in RATIOS.items():
        yield Case(
            noun="mean_ratio",
            method=method,
            label=f"{label(shape)}, mean {design['mean']:g}",
            draw=lambda rng, end, size: _means(rng, design, end, size),
            estimate=partial(ks.effects.mean_ratio, **choice),
            test=partial(ks.equivalence.mean_ratio, **choice),
            **ends,
        )
    both = {**design, "n": min(design["n"])}
    for method in PAIRED_RATIOS:
        yield Case(
            noun="mean_ratio_paired",
            method=method,
            label=_ratio_pairs(both, f"margin {margin:g}"),
            draw=lambda rng, end, size: pairs(rng, both, (end - 1.0) * design["mean"], size),
            estimate=with_r(ks.effects.mean_ratio_paired, method=method),
            test=with_r(ks.equivalence.mean_ratio_paired, method=method),
            **ends,
        )


# ------------------------------------------------------------------------------------------------ what is asked of each
Part = Callable[[dict[str, Any], dict[str, Any]], Iterator[Row]]


def asked(cases: Callable[[dict[str, Any]], Iterator[Case]], ask: Callable[..., Iterator[Row]]) -> Part:
    """Return the part of the calibration that asks each case of a design: `equivalence` or `questions`."""
    return partial(_ask, cases, ask)


def _ask(cases: Any, ask: Any, design: dict[str, Any], setting: dict[str, Any]) -> Iterator[Row]:
    for case in cases(design):
        yield from ask(case, setting)


paired_equivalence, paired_questions = asked(paired_cases, equivalence), asked(paired_cases, questions)
one_sample_equivalence, one_sample_questions = asked(one_sample_cases, equivalence), asked(one_sample_cases, questions)
standardised_equivalence = asked(standardised_cases, equivalence)
standardised_questions = asked(standardised_cases, questions)
smd_questions = asked(smd_cases, questions)
ratio_equivalence, ratio_questions = asked(ratio_cases, equivalence), asked(ratio_cases, questions)
