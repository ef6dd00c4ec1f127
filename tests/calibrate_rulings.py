"""How often the ruling over all data sets that print the same digits is wrong, with the truth at the margin."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

import numpy as np
from calibrate_rows import Cell, Row, Sample, generator, row, tables
from scipy.stats import t as student

import ketastats as ks
from ketastats.numerics import table_tests

ESTABLISHED = ks.Ruling.ESTABLISHED


def printed(p: Any, decimals: int) -> Any:
    """Return p-values as an article prints them; an empty text where the test is not defined."""
    least = f"< {10.0**-decimals:.{decimals}f}"
    texts = [
        "" if np.isnan(value) else least if value < 10.0**-decimals else f"{value:.{decimals}f}" for value in p.tolist()
    ]
    return np.array(texts)


def after_tables(design: dict[str, Any], setting: dict[str, Any]) -> Iterator[Row]:
    """Yield the errors of the ruling over all tables that print Pearson's p: exact, over every table."""
    (n1, n2), p2, margin = design["n"], design["p2"], design["margin"]
    label = f"{n1} + {n2}, rate {p2:g}, margin {margin:g}, p to {design['decimals']} decimals"
    known = {"n only": {"n": n1 + n2}, "n1 and n2": {"n1": n1, "n2": n2}}
    for name, sizes in known.items():
        cell = Cell("judge, reconstructed tables", name, label)
        for quantity, p1, nominal in _truths(p2, margin, setting["alpha"]):
            sample, x1, x2 = tables(design["n"], [p1, p2])
            texts = _pearson_texts(x1, n1, x2, n2, design["decimals"])
            ruled = {text: _ruled_tables(text, tuple(sizes.items()), margin) for text in np.unique(texts).tolist()}
            wrong = np.array([ruled[text][0] for text in texts.tolist()])
            yield row(cell, quantity, nominal, sample.rate(wrong))
        lost = [(x1[i], x2[i]) not in ruled[text][1] for i, text in enumerate(texts.tolist()) if text]
        yield row(cell, "true table missing from its set", 0.0, (float(np.mean(lost)), 0.0, 0, True))
    cell = Cell("judge, reconstructed tables", "the table itself", label)
    claim = ks.Claim(estimand="risk_difference", region=ks.within(margin))
    for quantity, p1, nominal in _truths(p2, margin, setting["alpha"]):
        sample, x1, x2 = tables(design["n"], [p1, p2])
        rulings = ks.judge(claim, ks.effects.proportions(x1, n1, x2, n2), alpha=setting["alpha"]).members["ruling"]
        yield row(cell, quantity, nominal, sample.rate(rulings == ESTABLISHED))


def _truths(p2: float, margin: float, alpha: float) -> list[tuple[str, float, float]]:
    return [
        ("established at the low end", p2 - margin, alpha),
        ("established at the high end", p2 + margin, alpha),
    ]


def _pearson_texts(x1: Any, n1: int, x2: Any, n2: int, decimals: int) -> Any:
    p = table_tests.pvalue("pearson", x1, np.full(x1.shape, n1), x2, np.full(x1.shape, n2))
    return printed(p, decimals)


@cache
def _ruled_tables(text: str, sizes: tuple[tuple[str, int], ...], margin: float) -> tuple[bool, set[tuple[int, int]]]:
    """Return whether equivalence is ruled established, and the counts of the tables in either order."""
    if not text:
        return False, set()
    found = ks.reconstruct.tables(p=text, test="pearson", **dict(sizes))
    claim = ks.Claim(estimand="risk_difference", region=ks.within(margin))
    pairs = set(zip(found.x1.tolist(), found.x2.tolist(), strict=True))
    return ks.judge(claim, found).ruling is ESTABLISHED, pairs | {(b, a) for a, b in pairs}


def after_means(design: dict[str, Any], setting: dict[str, Any]) -> Iterator[Row]:
    """Yield the errors of the ruling over all splits and values of t that print Student's p: simulated."""
    (n1, n2), margin = design["n"], design["margin"]
    label = f"{n1} + {n2}, margin {margin:g}, p to {design['decimals']} decimals"
    known = {"n only": {"n": n1 + n2}, "n1 and n2": {"n1": n1, "n2": n2}}
    df, unit = n1 + n2 - 2, np.sqrt(1.0 / n1 + 1.0 / n2)
    # The same data sets for both, drawn without the library's own noncentral t.
    rng = generator(setting["seed"], Cell("judge, reconstructed means", "data", label))
    size = setting["replicates"]
    t = (rng.standard_normal(size) + margin / unit) / np.sqrt(rng.chisquare(df, size) / df)
    texts, which = np.unique(printed(2.0 * student.sf(np.abs(t), df), design["decimals"]), return_inverse=True)
    for name, sizes in known.items():
        cell = Cell("judge, reconstructed means", name, label)
        wrong = np.array([_ruled_means(text, tuple(sizes.items()), margin) for text in texts.tolist()])
        yield row(cell, "established at the high end", setting["alpha"], Sample(size).rate(wrong[which]))
    cell = Cell("judge, reconstructed means", "the data themselves", label)
    claim = ks.Claim(estimand="smd", region=ks.within(margin))
    rulings = ks.judge(claim, ks.effects.smd_from_t(t, n1, n2), alpha=setting["alpha"]).members["ruling"]
    yield row(cell, "established at the high end", setting["alpha"], Sample(size).rate(rulings == ESTABLISHED))


@cache
def _ruled_means(text: str, sizes: tuple[tuple[str, int], ...], margin: float) -> bool:
    found = ks.reconstruct.means(p=text, **dict(sizes))
    return ks.judge(ks.Claim(estimand="smd", region=ks.within(margin)), found).ruling is ESTABLISHED
