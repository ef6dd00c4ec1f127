"""Error rates and coverage for means, standardised differences, F statistics and printed estimates: simulated."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from calibrate_rows import Cell, Row, Sample, coverage_rows, equivalence_rows, generator, row, ruling_rows

import ketastats as ks

MODELS = {"Welch": "unequal", "Student": "equal"}
SMD = ("smd", "smd_unbiased")
#: Standard error of the logarithm of the odds ratio that is printed with its interval.
_PRINTED_SE = 0.25


def label(design: dict[str, Any]) -> str:
    """Name a design of two groups by its sizes and whatever else it says."""
    (n1, n2), parts = design["n"], []
    if "sd" in design:
        parts.append(f"SD {design['sd'][0]:g} and {design['sd'][1]:g}")
    if design.get("shape", "normal") != "normal":
        parts.append(design["shape"])
    parts += [f"{name} {design[name]:g}" for name in ("effect", "margin") if name in design]
    return ", ".join([f"{n1} + {n2}", *parts])


def summaries(rng: np.random.Generator, design: dict[str, Any], effect: float, replicates: int) -> tuple[Any, ...]:
    """Return m1, s1, n1, m2, s2, n2 of data sets whose true difference is `effect`."""
    columns: list[Any] = []
    for n, sd, mean in zip(design["n"], design.get("sd", (1.0, 1.0)), (effect, 0.0), strict=True):
        if design.get("shape", "normal") == "normal":
            # Mean and variance of normal data are independent.
            m = rng.normal(mean, sd / np.sqrt(n), replicates)
            s = sd * np.sqrt(rng.chisquare(n - 1, replicates) / (n - 1))
        else:
            people = rng.exponential(sd, (replicates, n))
            m, s = mean - sd + people.mean(axis=1), people.std(axis=1, ddof=1)
        columns += [m, s, n]
    return tuple(columns)


def intervals(design: dict[str, Any], setting: dict[str, Any]) -> Iterator[Row]:
    """Yield coverage of Welch's and of Student's interval."""
    for name, variances in MODELS.items():
        cell = Cell("effects.means, difference", name, label(design))
        data = summaries(generator(setting["seed"], cell), design, 0.5, setting["replicates"])
        estimate = ks.effects.means(*data, variances=variances)
        yield from coverage_rows(cell, Sample(setting["replicates"]), estimate, 0.5, setting)


def standardised(design: dict[str, Any], setting: dict[str, Any]) -> Iterator[Row]:
    """Yield coverage of the true standardised difference by the limits of d and of g."""
    for measure in SMD:
        cell = Cell(f"effects.means, {measure}", "exact noncentral t", label(design))
        data = summaries(generator(setting["seed"], cell), design, design["effect"], setting["replicates"])
        estimate = ks.effects.means(*data, measure=measure)
        yield from coverage_rows(cell, Sample(setting["replicates"]), estimate, design["effect"], setting)


def f_statistics(rng: np.random.Generator, design: dict[str, Any], replicates: int) -> Any:
    """Return F statistics of a noncentrality."""
    df1, df2 = design["df"]
    # NumPy's noncentral chi-square with a noncentrality of 0 is the central one.
    top = rng.noncentral_chisquare(df1, design["ncp"], replicates) / df1
    return top / (rng.chisquare(df2, replicates) / df2)


def f_label(design: dict[str, Any]) -> str:
    """Name a design of an F test."""
    return f"F({design['df'][0]}, {design['df'][1]}), noncentrality {design['ncp']:g}"


def variance(design: dict[str, Any], setting: dict[str, Any]) -> Iterator[Row]:
    """Yield coverage of the noncentrality; the other measures are its monotone functions."""
    cell = Cell("effects.variance_explained", "exact noncentral F", f_label(design))
    # The limits cost a hundred times those of a mean.
    replicates = max(1, round(setting["replicates"] * setting["share_f"]))
    f = f_statistics(generator(setting["seed"], cell), design, replicates)
    estimate = ks.effects.variance_explained(f, *design["df"], measure="noncentrality")
    yield from coverage_rows(cell, Sample(replicates), estimate, design["ncp"], setting)


def _estimates(design: dict[str, Any], seed: int, area: str, replicates: int) -> tuple[Cell, Callable[..., Any]]:
    """Return the cell of a design, and what draws estimates around a truth: positional and keyword arguments."""
    printed = design.get("printed")
    if printed is not None:
        cell = Cell(area, "printed interval", f"odds ratio, {printed} decimals")
    else:
        told = "normal" if np.isinf(design["told"]) else "Student t"
        cell = Cell(area, told, f"{design['df']:g} df, read as {design['told']:g}")
    rng = generator(seed, cell)

    def draw(truth: float) -> tuple[tuple[Any, ...], dict[str, Any]]:
        z = rng.standard_normal(replicates)
        if printed is not None:
            ratio = truth * np.exp(_PRINTED_SE * z)
            half = np.exp(1.959963984540054 * _PRINTED_SE)
            low, point, high = (np.round(end, printed) for end in (ratio / half, ratio, ratio * half))
            return (point,), {"low": low, "high": high, "measure": "odds_ratio"}
        df = design["df"]
        se = np.ones(replicates) if np.isinf(df) else np.sqrt(rng.chisquare(df, replicates) / df)
        return (truth + z, se), {"df": design["told"]}

    return cell, draw


def estimates(design: dict[str, Any], setting: dict[str, Any]) -> Iterator[Row]:
    """Yield coverage of an estimate read with its standard error or with its printed interval."""
    replicates = setting["replicates"]
    cell, draw = _estimates(design, setting["seed"], "effects.estimate", replicates)
    truth = 1.5
    data, options = draw(truth)
    yield from coverage_rows(cell, Sample(replicates), ks.effects.estimate(*data, **options), truth, setting)


def estimate_equivalence(design: dict[str, Any], setting: dict[str, Any]) -> Iterator[Row]:
    """Yield error rates of the equivalence of an estimate, and of the ruling on it."""
    replicates, alpha = setting["replicates"], setting["alpha"]
    printed = "printed" in design
    margin = 2.5
    low = 1.0 / margin if printed else -margin
    region = ks.within(low, margin)
    claim = ks.Claim(estimand="odds_ratio" if printed else "mean_difference", region=region)
    cell, draw = _estimates(design, setting["seed"], "equivalence.estimate", replicates)
    drawn = [draw(end) for end in (low, margin)]
    tests = [ks.equivalence.estimate(*data, margin=margin, alpha=alpha, **options) for data, options in drawn]
    sample = Sample(replicates)
    yield from equivalence_rows(cell, [(sample, test) for test in tests], alpha)
    cell = Cell("judge, one data set, estimate", cell.method, cell.design)
    verdicts = [ks.judge(claim, ks.effects.estimate(*data, **options), alpha=alpha) for data, options in drawn]
    yield from ruling_rows(cell, [(sample, verdict) for verdict in verdicts], alpha)


def equivalence(design: dict[str, Any], setting: dict[str, Any]) -> Iterator[Row]:
    """Yield error rates of the equivalence of two means, and of the ruling on them."""
    for name, variances in MODELS.items():
        yield from _both(design, setting, name, {"variances": variances})


def standardised_equivalence(design: dict[str, Any], setting: dict[str, Any]) -> Iterator[Row]:
    """Yield error rates of the equivalence of two means in standard deviations, and of the ruling on them."""
    for measure in SMD:
        yield from _both(design, setting, "exact noncentral t", {"measure": measure})


def _both(design: dict[str, Any], setting: dict[str, Any], method: str, choice: dict[str, str]) -> Iterator[Row]:
    measure = choice.get("measure", "difference")
    alpha, margin, sample = setting["alpha"], design["margin"], Sample(setting["replicates"])
    cell = Cell(f"equivalence.means, {measure}", method, label(design))
    rng = generator(setting["seed"], cell)
    drawn = [summaries(rng, design, end, sample.size) for end in (-margin, margin)]
    tests = [ks.equivalence.means(*data, margin=margin, alpha=alpha, **choice) for data in drawn]
    yield from equivalence_rows(cell, [(sample, test) for test in tests], alpha)
    claim = ks.Claim(estimand="mean_difference" if measure == "difference" else "smd", region=ks.within(margin))
    verdicts = [ks.judge(claim, ks.effects.means(*data, **choice), alpha=alpha) for data in drawn]
    cell = Cell(f"judge, one data set, {measure}", method, cell.design)
    yield from ruling_rows(cell, [(sample, verdict) for verdict in verdicts], alpha)


def evidence(design: dict[str, Any], setting: dict[str, Any]) -> Iterator[Row]:
    """Yield how often the JZS Bayes factor misleads where there is no difference: at most 1/k of the time beyond k."""
    n1, n2 = design["n"]
    cell = Cell("evidence.means", "JZS", f"{n1} + {n2}, scale {design['scale']:g}")
    t = generator(setting["seed"], cell).standard_t(n1 + n2 - 2, setting["replicates"])
    factor = ks.evidence.means(t=t, n1=n1, n2=n2, scale=design["scale"]).bf10
    for bound in (3, 10):
        found = Sample(setting["replicates"]).rate(factor >= bound)
        yield row(cell, f"Bayes factor of at least {bound}", 1.0 / bound, found)
