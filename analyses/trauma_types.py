"""If no kind of childhood trauma was significant, how small a difference could any of the five have shown?"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np
from _figure import output_folder, write
from _johnson import NOT_THE_DATA, POINTS, PROPORTIONS, margin, nested, no_difference, outcome, printed

import ketastats as ks

NAME = "trauma_types"
ALPHA = 0.05
LOAD = "trauma load"
TYPES = ("emotional abuse", "physical abuse", "sexual abuse", "emotional neglect", "physical neglect")
#: The article says of the five kinds only that none decided the outcome.
NOT_SIGNIFICANT = "ns"


@cache
def joint() -> ks.reconstruct.CompatibleSubgroups:
    """Return all tables of the load, which prints its p-values, and of five kinds that were not significant."""
    load = {name: printed(name) for name in PROPORTIONS}
    other = {name: printed(name, p=NOT_SIGNIFICANT) for name in PROPORTIONS}
    return ks.reconstruct.subgroups({LOAD: load} | dict.fromkeys(TYPES, other), nested=nested())


def compute() -> dict[str, Any]:
    """Return the threshold margins of every table of one kind by its group sizes, and the rulings over all of them."""
    outcomes = {name: _outcome(name) for name in PROPORTIONS}
    margins = {key: margin(key) for key in POINTS}
    largest = max(POINTS, key=lambda key: margins[key]["size"])
    first = outcomes[PROPORTIONS[0]]
    excluded = sum(low <= margins[largest]["size"] for low in first["sizes"]["threshold_low"])
    points = margins[largest]["printed"]
    many = "No kind of trauma, however many people had it," if not excluded else f"Only {excluded} group sizes"
    return {
        "title": f"{many} could be shown to change {PROPORTIONS[0]} by less than {points} points",
        "n": outcome(PROPORTIONS[0]).n,
        "test": outcome(PROPORTIONS[0]).test,
        "level": 1.0 - 2.0 * ALPHA,
        "margins": margins,
        "kinds": TYPES,
        "combinations": joint().count,
        "outcomes": outcomes,
        "together": {key: _together(key) for key in POINTS},
        "assumes": list(joint().assumptions),
    }


def _outcome(name: str) -> dict[str, Any]:
    """Return what one kind can show of one outcome; all five can show the same."""
    part = joint().part(TYPES[0], name)
    verdicts = {key: ks.judge(no_difference(name, key), part, alpha=ALPHA) for key in POINTS}
    members = verdicts[POINTS[0]].members
    sizes = np.unique(members["n1"])
    rows = [members["n1"] == size for size in sizes]
    return {
        "events": joint().marginal(name)["events"].tolist(),
        "count": len(part),
        "threshold_margin": verdicts[POINTS[0]].threshold_margin,
        "method": verdicts[POINTS[0]].method,
        "sizes": {
            "n1": sizes,
            "threshold_low": [members["threshold_margin"][row].min() for row in rows],
            "threshold_high": [members["threshold_margin"][row].max() for row in rows],
            "largest_difference": [np.abs(members["estimate"][row]).max() for row in rows],
        },
        "rulings": {key: _tally(verdict) for key, verdict in verdicts.items()},
    }


def _tally(verdict: ks.Verdict) -> dict[str, Any]:
    each = verdict.members["ruling"].tolist()
    return {"ruling": str(verdict.ruling)} | {
        str(ruling): each.count(str(ruling)) for ruling in (ks.Ruling.ESTABLISHED, ks.Ruling.REFUTED)
    }


def _together(key: str) -> str:
    """Return the ruling on both outcomes in all five kinds and in the load."""
    claims = {name: no_difference(name, key) for name in PROPORTIONS}
    return str(ks.judge(claims, joint(), alpha=ALPHA).ruling)


def draw(numbers: dict[str, Any]) -> Any:
    """Draw the range of threshold margins against the size of the smaller group, for both outcomes."""
    with ks.plots.figure(1, 2, height=5.0, title=numbers["title"], sharey=True) as (figure, axes):
        for ax, (name, part) in zip(axes, numbers["outcomes"].items(), strict=True):
            x = part["sizes"]["n1"]
            low, high, largest = (
                [100 * value for value in part["sizes"][key]]
                for key in ("threshold_low", "threshold_high", "largest_difference")
            )
            ax.fill_between(x, low, high, color=ks.plots.COLOURS["sky"], alpha=0.45, linewidth=0)
            ax.plot(x, low, "o", color=ks.plots.COLOURS["blue"], markersize=3.5)
            ax.plot(x, largest, "s", color=ks.plots.COLOURS["orange"], markersize=3)
            for entry in numbers["margins"].values():
                ax.plot(
                    [0, 42], [100 * entry["size"]] * 2, color=ks.plots.COLOURS["red"], linewidth=1.1, linestyle="--"
                )
                # Margins of 8 and 10 points lie closer together than their labels are high.
                side = "top" if entry["size"] < 0.09 else "bottom" if entry["size"] < 0.12 else "center"
                ax.text(42.4, 100 * entry["size"], entry["printed"], fontsize=8, va=side, parse_math=False)
            ax.set(xlim=(0, 44.5), ylim=(0, 88))
            ax.set_title(f"{name.capitalize()}: {part['count']:,} tables", parse_math=False)
            ax.set_xlabel("People in the smaller group")
        axes[0].set_ylabel("Percentage points")
        _key(axes[1])
        figure.supxlabel(_note(numbers), x=0.01, ha="left", fontsize=8, parse_math=False)
    return figure


def _key(ax: Any) -> None:
    """Say what the marks are, in the empty corner of the plot."""
    lines = (
        ("s", "blue", "band: smallest margin that a table\ncould establish (threshold margin)"),
        ("o", "blue", "its lowest value"),
        ("s", "orange", "largest difference with p > 0.05"),
        ("_", "red", "published margins"),
    )
    for row, (mark, colour, words) in enumerate(lines):
        band = {"alpha": 0.45, "markersize": 9} if row == 0 else {"markersize": 4 if mark != "_" else 9}
        shade = ks.plots.COLOURS["sky" if row == 0 else colour]
        ax.plot([10], [83 - 7 * row], mark, color=shade, **band)
        ax.text(11.5, 83 - 7 * row, words, va="center", fontsize=8, parse_math=False)


def _note(numbers: dict[str, Any]) -> str:
    level, n = f"{100 * numbers['level']:g} %", numbers["n"]
    lines = [
        "Of the five kinds the article prints no number; each is read as a comparison of two groups of the",
        f"{n} people by Pearson's test with p above 0.05, the smaller group being those with or those without that",
        "kind of trauma. There are as many responders and remitters as the p-values of the trauma load allow.",
        "Threshold margins, the smallest at which a table would establish that there is no difference, from",
        f"{level} Miettinen-Nurminen intervals. {NOT_THE_DATA}",
    ]
    return "\n".join(lines)


def alt(numbers: dict[str, Any]) -> str:
    """Describe the figure for people who cannot see it."""
    lowest = {name: 100 * part["threshold_margin"][0] for name, part in numbers["outcomes"].items()}
    both = " and ".join(f"{value:.1f} points for {name}" for name, value in lowest.items())
    return (
        "Two panels, response and remission: the range of threshold margins against the size of the smaller group. "
        "Both fall from above 40 points with one person in the group to a plateau from about twenty people on. Dashed "
        f"lines mark the published margins. The lowest threshold margins are {both}."
    )


def main(argv: Sequence[str] | None = None) -> None:
    """Write the figure and its numbers."""
    folder = output_folder(argv, __doc__ or "")
    numbers = compute()
    write(folder, NAME, draw(numbers), numbers, alt=alt(numbers))


if __name__ == "__main__":
    main()
