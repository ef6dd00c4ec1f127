"""Does any table that prints the p-values exclude a difference as large as a published margin?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from _figure import output_folder, write
from _johnson import (
    NOT_THE_DATA,
    POINTS,
    PROPORTIONS,
    joint,
    margin,
    no_difference,
    outcome,
    survivors,
    word,
)

import ketastats as ks

NAME = "margins"
ALPHA = 0.05
COLUMNS = ("x1", "n1", "x2", "n2", "estimate", "low", "high", "threshold_margin")


def compute() -> dict[str, Any]:
    """Return the interval of every compatible table, its threshold margin, and the ruling at each margin."""
    found = joint()
    outcomes = {name: _outcome(found, name) for name in PROPORTIONS}
    margins = {key: margin(key) for key in POINTS}
    largest = max(POINTS, key=lambda key: margins[key]["size"])
    tables = sum(part["count"] for part in outcomes.values())
    established = sum(part["rulings"][largest]["established"] for part in outcomes.values())
    points = margins[largest]["printed"]
    how_many = (
        f"{word(established).capitalize()} of {tables} compatible tables exclude"
        if established
        else (f"None of {tables} compatible tables excludes")
    )
    return {
        "title": f"{how_many} a difference of {points} points",
        "n": outcome(PROPORTIONS[0]).n,
        "test": outcome(PROPORTIONS[0]).test,
        "level": 1.0 - 2.0 * ALPHA,
        "margins": margins,
        "tables": tables,
        "outcomes": outcomes,
    }


def _outcome(found: ks.reconstruct.CompatibleOutcomes, name: str) -> dict[str, Any]:
    part, kept = found.sets[name], survivors(found, name)
    verdicts = {key: ks.judge(no_difference(name, key), part, alpha=ALPHA) for key in POINTS}
    together = ks.judge(no_difference(name, POINTS[0]), found, alpha=ALPHA).parts[name]
    first = verdicts[POINTS[0]]
    return {
        "p": outcome(name).p.text,
        "count": len(part),
        "threshold_margin": {"all": first.threshold_margin, "joint": together.threshold_margin},
        "method": first.method,
        "tables": {column: first.members[column] for column in COLUMNS} | {"survives": kept},
        "rulings": {key: _tally(verdict) for key, verdict in verdicts.items()},
    }


def _tally(verdict: ks.Verdict) -> dict[str, Any]:
    each = verdict.members["ruling"].tolist()
    return {"ruling": str(verdict.ruling), "because": verdict.because} | {
        str(ruling): each.count(str(ruling)) for ruling in (ks.Ruling.ESTABLISHED, ks.Ruling.REFUTED)
    }


def draw(numbers: dict[str, Any]) -> Any:
    """Draw the intervals of both outcomes side by side against the margins."""
    sizes = [entry["size"] for entry in numbers["margins"].values()]
    rows = max(part["count"] for part in numbers["outcomes"].values())
    with ks.plots.figure(1, 2, height=6.4, title=numbers["title"], gridspec_kw={"wspace": 0.06}) as (figure, axes):
        for ax, (name, part) in zip(axes, numbers["outcomes"].items(), strict=True):
            ks.plots.plot_forest(part["tables"], ax=ax, margins=sizes, marked=part["tables"]["survives"])
            ax.set(xlim=(-46, 46), xticks=range(-40, 41, 20), ylim=(rows - 0.4, -1.6))
            ax.set_title(f"{name.capitalize()}, p = {part['p']}", parse_math=False)
            ax.set_xlabel("Risk difference (percentage points)")
            head = "threshold\nmargin"
            ax.text(1.13, -1.0, head, transform=ax.get_yaxis_transform(), ha="right", va="center", fontsize=8)
        figure.supxlabel(_note(numbers), x=0.01, ha="left", fontsize=8, parse_math=False)
    return figure


def _note(numbers: dict[str, Any]) -> str:
    level, n = f"{100 * numbers['level']:g} %", numbers["n"]
    lines = [
        f"{level} Miettinen-Nurminen intervals, smaller minus larger group; n = {n}, Pearson's test uncorrected.",
        "Filled and bold: fits the other outcome too. Threshold margin (points): the smallest margin at which",
        "the table would establish that there is no difference. Margins:",
        *(f"  {entry['printed']}: {entry['about']}" for entry in numbers["margins"].values()),
        NOT_THE_DATA,
    ]
    return "\n".join(lines)


def alt(numbers: dict[str, Any]) -> str:
    """Describe the figure for people who cannot see it."""
    smallest = min(part["threshold_margin"]["all"][0] for part in numbers["outcomes"].values())
    return (
        "Two forest plots, response and remission: one line per compatible table with the "
        f"{100 * numbers['level']:g} % interval of its risk difference, vertical lines at the published margins, and "
        f"the threshold margin at the right. The smallest threshold margin is {100 * smallest:.1f} points."
    )


def main(argv: Sequence[str] | None = None) -> None:
    """Write the figure and its numbers."""
    folder = output_folder(argv, __doc__ or "")
    numbers = compute()
    write(folder, NAME, draw(numbers), numbers, alt=alt(numbers))


if __name__ == "__main__":
    main()
