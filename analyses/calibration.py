"""How often do the intervals miss, and the equivalence tests and rulings err, when the truth is known?"""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from typing import Any

from _figure import ROOT, output_folder, write

import ketastats as ks

NAME = "calibration"
RESULTS = ROOT / "tests" / "calibration" / "results.csv"
# What stands in the figure: a heading, and under it each row with what it is called in the results.
PROPORTIONS = {
    "difference": ("score", "mee", "newcombe", "agresti_caffo", "wald"),
    "ratio": ("score", "koopman", "log", "log_half"),
    "odds_ratio": ("score", "cornfield", "log", "log_half"),
}
HEADINGS = {
    "difference": "Risk difference",
    "ratio": "Risk ratio",
    "odds_ratio": "Odds ratio",
}
# Of other nouns: heading, function, and its methods with their labels.
OTHERS: tuple[tuple[str, str, dict[str, str]], ...] = (
    (
        "Pairs",
        "paired",
        {"difference": "Student", "smd_z": "d_z", "smd_av": "d_av", "smd_rm": "d_rm"},
    ),
    ("One sample", "one_sample", {"difference": "Student", "smd": "Cohen's d"}),
    (
        "Named standardiser",
        "standardised_means",
        {
            "d_av": "d_av",
            "Glass, SD of group 2": "Glass",
            "Glass, SD of group 2, variances equal": "Glass, variances equal",
        },
    ),
    (
        "Correlation",
        "correlation",
        {
            "exact": "exact",
            "fisher_z": "Fisher z",
            "bonett_wright": "ranks, Bonett-Wright",
            "fieller": "ranks, Fieller",
        },
    ),
    (
        "Pooled studies",
        "pool",
        {"fixed": "fixed effect", "reml": "REML", "reml, Knapp-Hartung": "REML, Knapp-Hartung"},
    ),
)
LABELS = {
    "score": "Miettinen-Nurminen",
    "mee": "Mee",
    "newcombe": "Newcombe",
    "agresti_caffo": "Agresti-Caffo",
    "wald": "Wald",
    "koopman": "Koopman",
    "cornfield": "Cornfield",
    "log": "log",
    "log_half": "log, 1/2 added",
}
MARKS = {
    "holds": ("o", "green", "at most {0:g} %, but for chance"),
    "near": ("D", "blue", "up to {1:g} %"),
    "above": ("^", "orange", "up to {2:g} %"),
    "misses": ("X", "red", "beyond {2:g} %"),
}
CLIP = 0.15


def compute() -> dict[str, Any]:
    """Return the error rates of every row of the figure at each of its designs."""
    with RESULTS.open(newline="", encoding="utf-8") as file:
        results = list(csv.DictReader(file))
    rows = [_row(results, *spec) for spec in _specs()]
    worst = {row["key"]: max((point["error"] for point in row["intervals"]), default=0.0) for row in rows}
    rulings = max(
        point["error"] for row in rows if row["heading"].startswith("Ruling") for point in row["tests"] if row["over"]
    )
    title = (
        f"Score intervals of a risk difference miss at most {_percent(worst['difference score'])}, Wald's of one "
        f"proportion up to {_percent(worst['proportion wald'])}; rulings over reconstructed data err at most "
        f"{_percent(rulings)}"
    )
    return {
        "title": title,
        "level": 0.05,
        "worst_interval": worst,
        "worst_ruling_over_a_set": rulings,
        "replicates": max(int(row["replicates"]) for row in results),
        "rows": rows,
    }


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"


def _specs() -> list[tuple[str, str, str, str, str, str]]:
    """Return heading, label, and area and method of interval and of equivalence test, for each row."""
    specs = [
        (
            HEADINGS[measure],
            LABELS[name],
            f"effects.proportions, {measure}",
            f"equivalence.proportions, {measure}",
            name,
        )
        for measure, names in PROPORTIONS.items()
        for name in names
    ]
    specs += [
        ("One proportion", label, "effects.proportion", "", name)
        for name, label in (("clopper_pearson", "Clopper-Pearson"), ("wilson", "Wilson"), ("wald", "Wald"))
    ]
    specs += [
        ("Means", f"{name}", "effects.means, difference", "equivalence.means, difference", name)
        for name in ("Welch", "Student")
    ]
    specs += [
        ("Means", label, f"effects.means, {measure}", f"equivalence.means, {measure}", "exact noncentral t")
        for measure, label in (("smd", "Cohen's d"), ("smd_unbiased", "Hedges' g"))
    ]
    for heading, area, methods in OTHERS:
        test = "" if area == "pool" else f"equivalence.{area}"
        specs += [(heading, label, f"effects.{area}", test, name) for name, label in methods.items()]
    specs += [("F test", "noncentral F", "effects.variance_explained", "", "exact noncentral F")]
    specs += [
        ("Printed estimate", label, "effects.estimate", "equivalence.estimate", name)
        for name, label in (("Student t", "SE and df"), ("normal", "SE, no df"), ("printed interval", "95 % interval"))
    ]
    for kind, itself in (("tables", "the table itself"), ("means", "the data themselves")):
        specs += [
            (f"Ruling on {kind}", label, "", f"judge, reconstructed {kind}", name)
            for name, label in ((itself, "data known"), ("n1 and n2", "p, n1, n2 known"), ("n only", "p, n known"))
        ]
    return [(*spec, _key(spec[2] or spec[3], spec[4])) for spec in specs]


def _key(area: str, method: str) -> str:
    return f"{re.split('[.,] ?', area)[-1]} {method}"


def _row(
    results: list[dict[str, str]], heading: str, label: str, interval: str, test: str, method: str, key: str
) -> dict[str, Any]:
    quantity = "established" if heading.startswith("Ruling") else "equivalence error"
    return {
        "key": key,
        "heading": heading,
        "label": label,
        "over": method.startswith("n"),
        "intervals": _points(results, interval, method, "coverage"),
        "tests": _points(results, test, method, quantity),
    }


def _points(results: list[dict[str, str]], area: str, method: str, quantity: str) -> list[dict[str, Any]]:
    """Return the error at each design; of the two ends of a margin the worse."""
    points: dict[str, dict[str, Any]] = {}
    for row in results:
        if (row["area"], row["method"]) != (area, method) or not row["quantity"].startswith(quantity):
            continue
        rate = float(row["estimate"])
        # Conservative is no fault of an error rate here.
        status = "holds" if row["status"] == "conservative" else row["status"]
        point = {"design": row["design"], "error": 1.0 - rate if quantity == "coverage" else rate, "status": status}
        if row["design"] not in points or point["error"] > points[row["design"]]["error"]:
            points[row["design"]] = point
    return list(points.values())


def draw(numbers: dict[str, Any]) -> Any:
    """Draw one line per method and one mark per design, intervals at the left and tests at the right."""
    places = _places(numbers["rows"])
    options = {"sharey": True, "sharex": True, "gridspec_kw": {"wspace": 0.04}}
    with ks.plots.figure(1, 2, height=13.2, title=numbers["title"], **options) as (figure, axes):
        heads = ("95 % intervals: truth missed", "Equivalence at 0.05: wrongly established")
        for ax, kind, head in zip(axes, ("intervals", "tests"), heads, strict=True):
            ax.axvline(numbers["level"], color=ks.plots.COLOURS["black"], linewidth=1.0)
            for row, y in zip(numbers["rows"], places, strict=True):
                _marks(ax, row[kind], y)
            ax.set_title(head, fontsize=10)
            ax.set(xlim=(-0.004, CLIP + 0.006), xticks=[0.0, 0.05, 0.10, 0.15], ylim=(max(places) + 0.8, -1.2))
            ax.set_xticklabels(["0 %", "5 %", "10 %", "15 %"])
            ax.set_xlabel("Error rate")
        axes[0].set_yticks(places, [row["label"] for row in numbers["rows"]], parse_math=False)
        for ax in axes:
            ax.tick_params(axis="y", length=0)
        previous = ""
        for row, y in zip(numbers["rows"], places, strict=True):
            if row["heading"] != previous:
                previous = row["heading"]
                style = {"ha": "right", "va": "center", "fontsize": 9, "fontweight": "bold"}
                axes[0].text(-0.03, y - 1, previous, transform=axes[0].get_yaxis_transform(), **style)
        _legend(axes[0], numbers)
        _note(figure, numbers)
    return figure


def _places(rows: list[dict[str, Any]]) -> list[float]:
    """Return where each row stands, with room for a heading above each group."""
    places: list[float] = []
    y, previous = -1.0, ""
    for row in rows:
        y += 1.0 if row["heading"] == previous else 2.0
        previous = row["heading"]
        places.append(y)
    return places


def _marks(ax: Any, points: list[dict[str, Any]], y: float) -> None:
    for point in points:
        shape, colour, _ = MARKS[point["status"]]
        style = {"color": ks.plots.COLOURS[colour], "markersize": 5, "markeredgewidth": 0, "alpha": 0.85}
        ax.plot(min(point["error"], CLIP), y, shape, clip_on=False, **style)
    beyond = sorted(point["error"] for point in points if point["error"] > CLIP)
    if beyond:
        span = _percent(beyond[0]) if len(beyond) == 1 else f"{100 * beyond[0]:.0f} to {100 * beyond[-1]:.0f} %"
        text = f"{span} \N{RIGHTWARDS ARROW} "
        ax.text(CLIP, y - 0.38, text, ha="right", va="center", fontsize=7)


def _legend(ax: Any, numbers: dict[str, Any]) -> None:
    limits = [100 * numbers["level"] * factor for factor in (1.0, 1.1, 1.5)]
    handles = [
        ax.plot([], [], shape, color=ks.plots.COLOURS[colour], markeredgewidth=0, label=words.format(*limits))[0]
        for shape, colour, words in MARKS.values()
    ]
    box = {"frameon": True, "framealpha": 1.0, "facecolor": "white", "edgecolor": "none"}
    title = "Error rate at one design"
    ax.legend(handles=handles, loc="lower right", fontsize=9, title=title, title_fontsize=9, alignment="left", **box)


def _note(figure: Any, numbers: dict[str, Any]) -> None:
    note = (
        "One mark per design, five for each method (the three ways to read an estimate share five). Proportions are\n"
        f"exact, by enumeration of every table; the others are simulated, {numbers['replicates']:,} data sets each.\n"
        "For tests and rulings the true effect lies at the margin; the worse of its two ends is shown.\n"
        "Pooled studies: 20,000 data sets. Rates, tests of tables and further methods: see the table of results."
    )
    figure.supxlabel(note, x=0.01, ha="left", fontsize=8, parse_math=False)


ALT = (
    "Two dot plots that share their rows, one row per method: how often 95 % intervals miss the truth, and how often "
    "equivalence is established at 0.05 with the truth at the margin. Marks of score, exact and t methods lie near or "
    "below the line at 5 %; those of Wald methods, of Student's with unequal variances, of Glass's delta that takes "
    "unequal variances for equal, and of pooled studies that differ lie far beyond it. Rulings "
    "over reconstructed data lie at or below those on the data themselves."
)


def main(argv: Sequence[str] | None = None) -> None:
    """Write the figure and its numbers."""
    folder = output_folder(argv, __doc__ or "")
    numbers = compute()
    write(folder, NAME, draw(numbers), numbers, alt=ALT)


if __name__ == "__main__":
    main()
