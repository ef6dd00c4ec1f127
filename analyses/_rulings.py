"""The table of rulings: each outcome against each margin, and the headline that needs them all."""

from __future__ import annotations

from itertools import product
from typing import Any

from _johnson import POINTS, PROPORTIONS, SDS, joint, margin, no_difference, outcome, register, symptoms, tables

import ketastats as ks

ALPHA = 0.05
HEADLINE = "A1.8"
CLAIMS = {"symptoms": "A1.4", "response": "A1.5", "remission": "A1.6"}
_SHORT = {"risk_difference": ("points", 100.0, 1), "smd": ("SD", 1.0, 2)}
_WIDTHS = (22, 20, 21, 10, 17, 19)


def ruling_groups() -> dict[str, dict[str, Any]]:
    """Return the rulings on each outcome at each margin, then those on the headline."""
    groups = {"symptoms": _group("symptoms", symptoms(), SDS, "smd")}
    groups |= {name: _group(name, tables(name), POINTS, "risk_difference") for name in PROPORTIONS}
    return groups | {"together": headline()}


def headline(**options: Any) -> dict[str, Any]:
    """Return the rulings on all outcomes together, which share one split, at each pair of margins."""
    found = joint("symptoms", **options)
    parts = [register().claim(key) for key in register().claim(HEADLINE).parts]
    rows = {}
    for points, sd in product(POINTS, SDS):
        claims = {name: no_difference(name, points) for name in PROPORTIONS}
        claims["symptoms"] = no_difference("symptoms", sd, "smd")
        rows[f"{points} and {sd}"] = _row([points, sd], ks.judge(claims, found, alpha=ALPHA))
    missing = {part.id: part.text for part in parts if not part.outcomes}
    return {"claim": HEADLINE} | _found(found, "pairs") | {"without_number": missing, "rows": rows}


def _group(name: str, found: Any, margins: tuple[str, ...], scale: str) -> dict[str, Any]:
    rows = {key: _row([key], ks.judge(no_difference(name, key, scale), found, alpha=ALPHA)) for key in margins}
    noun = "splits" if scale == "smd" else "tables"
    return {"claim": CLAIMS[name], "p": outcome(name).p.text} | _found(found, noun) | {"rows": rows}


def _found(found: ks.reconstruct.CompatibleSet, noun: str) -> dict[str, Any]:
    splits = found.splits.tolist()  # type: ignore[attr-defined]
    return {"count": len(found), "noun": noun, "splits": len(splits), "says": found.identifiability}


def _row(margins: list[str], verdict: ks.Verdict) -> dict[str, Any]:
    each = verdict.members["ruling"].tolist()
    return {
        "margins": margins,
        "ruling": str(verdict.ruling),
        "because": verdict.because,
        "decides": list(verdict.decides),
        "established": each.count("established"),
        "refuted": each.count("refuted"),
        "threshold_margin": dict(verdict.thresholds),
    }


def ruling_table(groups: dict[str, dict[str, Any]]) -> str:
    """Return the table as plain text, at most 110 columns wide."""
    missing = ", ".join(groups["together"]["without_number"])
    n, level = outcome(PROPORTIONS[0]).n, f"{100 - 200 * ALPHA:g} %"
    lines = [
        'Does the printed null support "trauma does not affect the outcome"? Ruling over every compatible data set.',
        f"n = {n}; response and remission by Pearson's chi-square without correction, symptoms as a two-group t-test.",
        f"Inside: the {level} interval of the difference lies within the margin (one-sided alpha {ALPHA:g}).",
        "",
        _line(("outcome", "margin", "compatible", "inside", "ruling", "threshold margin")),
        "-" * sum(_WIDTHS),
        *(line for name, group in groups.items() for line in [*_group_lines(name, group), ""]),
        *_deciders(groups),
        f"{HEADLINE} claims all three, and that no kind of trauma matters ({missing}). {missing} has no number:",
        f"whatever the three say, {HEADLINE} can be refuted but not established.",
        "Threshold margin: the smallest margin at which a data set would establish no difference; range over the sets.",
        "Reconstructed from printed p-values, not the study's data. About numbers in articles; not medical advice.",
    ]
    return "\n".join(lines) + "\n"


def _group_lines(name: str, group: dict[str, Any]) -> list[str]:
    label = f"{name}, p = {group['p']}" if "p" in group else f"{name} ({group['claim']})"
    found = f"{group['count']} {group['noun']}"
    if group["noun"] != "splits":
        found += f", {group['splits']} splits"
    thresholds = _thresholds(next(iter(group["rows"].values()))["threshold_margin"])
    lines = []
    for at, row in enumerate(group["rows"].values()):
        inside = f"{row['established']} of {group['count']}"
        margins = ", ".join(_margin(key) for key in row["margins"])
        # What holds for the whole group stands once.
        first = (label, found) if at == 0 else ("", "")
        threshold = thresholds[at] if at < len(thresholds) else ""
        lines.append(_line((first[0], margins, first[1], inside, row["ruling"], threshold)))
    return lines


def _margin(key: str) -> str:
    entry = margin(key)
    return f"{entry['printed']} {_SHORT[entry['scale']][0]}"


def _thresholds(thresholds: dict[str, tuple[float, float]]) -> list[str]:
    texts = []
    for scale, (low, high) in thresholds.items():
        unit, factor, digits = _SHORT[scale]
        texts.append(f"{factor * low:.{digits}f} to {factor * high:.{digits}f} {unit}")
    return texts


def _deciders(groups: dict[str, dict[str, Any]]) -> list[str]:
    return [
        f"What decides at {', '.join(_margin(key) for key in row['margins'])} ({name}): {', '.join(row['decides'])}."
        for name, group in groups.items()
        for row in group["rows"].values()
        if row["decides"]
    ]


def _line(cells: tuple[str, ...]) -> str:
    return "".join(cell.ljust(width) for cell, width in zip(cells, _WIDTHS, strict=True)).rstrip()
