"""Stated power against what happens: simulated for means and F tests, enumerated for proportions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from calibrate_means import f_label, f_statistics, label, summaries
from calibrate_proportions import shifted
from calibrate_rows import Cell, Row, Sample, generator, row, tables

import ketastats as ks
from ketastats.numerics import table_tests

ALTERNATIVES = ("two-sided", "greater", "less")
Found = tuple[float, float, int, bool]


def _t_test(cell: Cell, design: dict[str, Any], setting: dict[str, Any], alternative: str = "two-sided") -> Found:
    """Return how often Student's test rejects."""
    data = summaries(generator(setting["seed"], cell), design, design["effect"], setting["replicates"])
    p = ks.effects.means(*data, variances="equal").pvalue(0.0, alternative=alternative)
    return Sample(setting["replicates"]).rate(p < setting["alpha"])


def _t_equivalence(cell: Cell, design: dict[str, Any], setting: dict[str, Any]) -> Found:
    """Return how often both one-sided t tests reject."""
    data = summaries(generator(setting["seed"], cell), design, design["effect"], setting["replicates"])
    chosen = {"margin": design["margin"], "variances": "equal", "alpha": setting["alpha"]}
    return Sample(setting["replicates"]).rate(ks.equivalence.means(*data, **chosen).established)


def means(design: dict[str, Any], setting: dict[str, Any]) -> Iterator[Row]:
    """Yield the power of t tests and of their equivalence."""
    n1, n2 = design["n"]
    given = {"n1": n1, "n2": n2, "effect": design["effect"], "alpha": setting["alpha"]}
    difference = {"n": design["n"], "effect": design["effect"]}
    for side in ALTERNATIVES:
        cell = Cell("power.means", side, label(difference))
        stated = ks.power.means(**given, alternative=side).power
        yield row(cell, "power", stated, _t_test(cell, design, setting, side))
    cell = Cell("power.means_equivalence", "two one-sided t tests", label(design))
    stated = ks.power.means_equivalence(**given, margin=design["margin"]).power
    yield row(cell, "power", stated, _t_equivalence(cell, design, setting))


def f_test(design: dict[str, Any], setting: dict[str, Any]) -> Iterator[Row]:
    """Yield the power of the F test."""
    df1, df2 = design["df"]
    cell = Cell("power.f_test", "exact noncentral F", f_label(design))
    stated = ks.power.f_test(df1=df1, df2=df2, ncp=design["ncp"], alpha=setting["alpha"]).power
    replicates = max(1, round(setting["replicates"] * setting["share_f"]))
    f = f_statistics(generator(setting["seed"], cell), design, replicates)
    p = ks.effects.variance_explained(f, df1, df2).pvalue(0.0, alternative="greater")
    yield row(cell, "power", stated, Sample(replicates).rate(p < setting["alpha"]))


def _score(n: list[int], p: list[float], alpha: float, alternative: str = "two-sided") -> Found:
    """Return how often the score test of no difference rejects."""
    sample, x1, x2 = tables(n, p)
    pvalue = ks.effects.proportions(x1, n[0], x2, n[1]).pvalue(0.0, alternative=alternative)
    return sample.rate(pvalue < alpha)


def _pearson(n: list[int], p: list[float], alpha: float) -> Found:
    sample, x1, x2 = tables(n, p)
    pvalue = table_tests.pvalue("pearson", x1, np.full(x1.shape, n[0]), x2, np.full(x1.shape, n[1]))
    return sample.rate(np.nan_to_num(pvalue, nan=1.0) < alpha)


def _score_equivalence(n: list[int], p: list[float], margin: float, alpha: float, method: str = "score") -> Found:
    sample, x1, x2 = tables(n, p)
    result = ks.equivalence.proportions(x1, n[0], x2, n[1], margin=margin, alpha=alpha, method=method)
    return sample.rate(result.established)


def proportions(design: dict[str, Any], setting: dict[str, Any]) -> Iterator[Row]:
    """Yield the power of tests of two proportions and of their equivalence, by testing every table."""
    n, p, margin, alpha = design["n"], design["p"], design["margin"], setting["alpha"]
    given = {"n1": n[0], "n2": n[1], "p1": p[0], "p2": p[1], "alpha": alpha}
    name = f"{n[0]} + {n[1]}, rates {p[0]:g} and {p[1]:g}"
    for side in ALTERNATIVES:
        stated = ks.power.proportions(**given, alternative=side).power
        cell = Cell("power.proportions", f"score, {side}", name)
        yield row(cell, "power", stated, _score(n, p, alpha, side))
    actual = {"pearson": _pearson(n, p, alpha), "normal": _score(n, p, alpha)}
    for method, found in actual.items():
        stated = ks.power.proportions(**given, method=method).power
        yield row(Cell("power.proportions", method, name), "power", stated, found)
    for method in ("score", "mee", "normal"):
        stated = ks.power.proportions_equivalence(**given, margin=margin, method=method).power
        cell = Cell("power.proportions_equivalence", method, f"{name}, margin {margin:g}")
        found = _score_equivalence(n, p, margin, alpha, "mee" if method == "mee" else "score")
        yield row(cell, "power", stated, found)


def sample_sizes(design: dict[str, Any], setting: dict[str, Any]) -> Iterator[Row]:
    """Yield the power at the sample size that a plan asks for."""
    alpha, p = setting["alpha"], design["p"]
    asked = {"power": design["power"], "ratio": design["ratio"], "alpha": alpha}
    for question, options in _questions(design).items():
        plan = ks.power.sample_size(question, **asked, **options)
        n = [int(plan.n1), int(plan.n2)]
        cell = Cell("power.sample_size", question, f"{_plan(design, options)}: {n[0]} + {n[1]}")
        shape = {"n": n, "effect": 0.0} | options
        if question == "means":
            found = _t_test(cell, shape, setting)
        elif question == "means_equivalence":
            found = _t_equivalence(cell, shape, setting)
        elif question == "proportions":
            found = _score(n, p, alpha)
        else:
            found = _score_equivalence(n, [p[1], p[1]], options["margin"], alpha)
        yield row(cell, "power", plan.power, found)


def _questions(design: dict[str, Any]) -> dict[str, dict[str, Any]]:
    p1, p2 = design["p"]
    return {
        "means": {"effect": design["effect"]},
        "means_equivalence": {"margin": design["margin"]},
        "proportions": {"p1": p1, "p2": p2},
        "proportions_equivalence": {"p1": p2, "p2": p2, "margin": design["rate_margin"]},
    }


def _plan(design: dict[str, Any], options: dict[str, Any]) -> str:
    given = ", ".join(f"{name} {value:g}" for name, value in options.items())
    return f"power {design['power']:g}, {given}, ratio {design['ratio']:g}"


def detectable(design: dict[str, Any], setting: dict[str, Any]) -> Iterator[Row]:
    """Yield the power at the effect, or for the margin, that a design is said to be able to detect."""
    n, p, alpha = design["n"], design["p"], setting["alpha"]
    given = {"n1": n[0], "n2": n[1], "alpha": alpha}
    name = f"{n[0]} + {n[1]}"

    cell = Cell("power.detectable", "means", name)
    value = float(ks.power.detectable("means", **given).value)
    yield row(cell, "power", 0.80, _t_test(cell, {"n": n, "effect": value}, setting))

    cell = Cell("power.detectable", "means_equivalence", name)
    value = float(ks.power.detectable("means_equivalence", **given).value)
    yield row(cell, "power", 0.80, _t_equivalence(cell, {"n": n, "effect": 0.0, "margin": value}, setting))

    cell = Cell("power.detectable", "proportions", f"{name}, rate {p[1]:g}")
    value = float(ks.power.detectable("proportions", **given, p1=p[1]).value)
    found = _score([n[0], n[1]], [p[1], shifted("difference", p[1], value)], alpha)
    yield row(cell, "power", 0.80, found)

    # The power rises in steps with the margin.
    cell = Cell("power.detectable", "proportions_equivalence", f"{name}, rate {p[1]:g}")
    value = float(ks.power.detectable("proportions_equivalence", **given, p1=p[1], p2=p[1]).value)
    found = _score_equivalence(n, [p[1], p[1]], value, alpha)
    yield row(cell, "at least this power", 0.80, found)
