"""Does the ruling survive other tests, other numbers of people, other ways of rounding?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np
from _figure import output_folder, write
from _johnson import NOT_THE_DATA, POINTS, PROPORTIONS, SDS, margin, no_difference, outcome, symptoms, tables
from _rulings import ALPHA, headline, ruling_groups, ruling_table

import ketastats as ks

NAME = "multiverse"
TESTS = {
    "pearson": "Pearson",
    "yates": "Yates",
    "n_minus_1": "N - 1",
    "lr": "likelihood ratio",
    "fisher": "Fisher",
    "midp": "mid-p",
    "wald": "Wald",
}
SIZES = tuple(range(75, 84))
_ANY_SIZE = range(SIZES[0], SIZES[-1] + 1)
#: Either half rule, and digits cut off.
ROUNDINGS = {"half": "rounded", "truncate": "cut off"}


def compute() -> dict[str, Any]:
    """Return the ruling of every specification, and the table of rulings under the likeliest one."""
    grid = {name: {test: _specifications(name, test) for test in TESTS} for name in PROPORTIONS}
    counts = _counts(grid)
    return {
        "title": _title(counts),
        "alpha": ALPHA,
        "sizes": SIZES,
        "margins": {key: margin(key) for key in (*POINTS, *SDS)},
        "specifications": counts,
        "half_rules_agree": all(_half_rules_agree(name, test) for name in PROPORTIONS for test in TESTS),
        "rulings": grid,
        "symptoms": {rounding: _symptoms(rounding) for rounding in ROUNDINGS},
        "headline": {test: headline(test=test) for test in TESTS},
        "table": ruling_groups(),
    }


def _specifications(name: str, test: str) -> dict[str, Any]:
    """Return the rulings of one outcome under one test: for each rounding and margin, one for each n."""
    result = {}
    for rounding in ROUNDINGS:
        found = _tables(name, test, rounding)
        verdicts = {key: ks.judge(no_difference(name, key), found, alpha=ALPHA) for key in POINTS}
        parts = _by_size(verdicts[POINTS[0]])
        result[rounding] = {
            "tables": [int(np.count_nonzero(part)) for part in parts],
            "splits": [np.unique(found.n1[part]).size for part in parts],
            "threshold_margin": [_span(verdicts[POINTS[0]].members["threshold_margin"][part]) for part in parts],
            "margins": {key: _cells(verdict) for key, verdict in verdicts.items()},
        }
    return result


@cache
def _tables(name: str, test: str, rounding: str) -> ks.reconstruct.CompatibleTables:
    """Return the tables of every n together."""
    return tables(name, test=test, n=_ANY_SIZE, rounding=rounding)


def _by_size(verdict: ks.Verdict) -> list[Any]:
    """Return which data sets have each n."""
    people = verdict.members["n1"] + verdict.members["n2"]
    return [people == n for n in SIZES]


def _span(values: Any) -> tuple[float, float] | None:
    return (float(values.min()), float(values.max())) if values.size else None


def _cells(verdict: ks.Verdict) -> dict[str, list[Any]]:
    each = [verdict.members["ruling"][part].tolist() for part in _by_size(verdict)]
    return {
        "ruling": [_common(words) for words in each],
        "established": [words.count("established") for words in each],
        "refuted": [words.count("refuted") for words in each],
    }


def _common(words: list[str]) -> str:
    """Return the ruling that the data sets of one n share."""
    kinds = set(words)
    if len(kinds) == 1:
        return kinds.pop()
    return str(ks.Ruling.DEPENDS if kinds else ks.Ruling.IMPOSSIBLE)


def _symptoms(rounding: str) -> dict[str, Any]:
    found = symptoms(n=_ANY_SIZE, rounding=rounding)
    return {key: _cells(ks.judge(no_difference("symptoms", key, "smd"), found, alpha=ALPHA)) for key in SDS}


def _half_rules_agree(name: str, test: str) -> bool:
    """Whether rounding half up and half to even each leave as many tables as allowing for both."""
    both = _tables(name, test, "half")
    # Each rule alone leaves none that both together do not.
    printed = outcome(name).p.text
    return all(len(both.where(p=printed, rounding=rule)) == len(both) for rule in ("half_up", "half_even"))


def _counts(grid: dict[str, Any]) -> dict[str, Any]:
    parts = [part for tests in grid.values() for roundings in tests.values() for part in roundings.values()]
    cells = [part["margins"][key] for part in parts for key in POINTS]
    words = Counter(word for cell in cells for word in cell["ruling"])
    ends = [ends for part in parts for ends in part["threshold_margin"] if ends]
    return {
        "count": sum(words.values()),
        "by_ruling": {str(ruling): words[str(ruling)] for ruling in ks.Ruling},
        "share": {str(ruling): words[str(ruling)] / sum(words.values()) for ruling in ks.Ruling},
        "some_tables_establish": sum(count > 0 for cell in cells for count in cell["established"]),
        "some_tables_refute": sum(count > 0 for cell in cells for count in cell["refuted"]),
        "threshold_margin": (min(low for low, _ in ends), max(high for _, high in ends)),
    }


def _title(counts: dict[str, Any]) -> str:
    established, total = counts["by_ruling"]["established"], counts["count"]
    how_many = (
        f"{established} of {total} specifications establish"
        if established
        else (f"None of {total} specifications establishes")
    )
    return f"{how_many} that trauma makes no difference"


def draw(numbers: dict[str, Any]) -> Any:
    """Draw a grid of rulings for each outcome and margin, and the range of the threshold margin."""
    ratios = {"width_ratios": [1, 1, 1, 0.8], "height_ratios": [1, 1, 0.08]}
    with ks.plots.figure(3, 4, height=8.2, title=numbers["title"], gridspec_kw=ratios) as (figure, axes):
        for row, (name, tests) in enumerate(numbers["rulings"].items()):
            for column, key in enumerate(POINTS):
                _grid(axes[row, column], tests, key, numbers["sizes"], labelled=column == 0)
                points = numbers["margins"][key]["printed"]
                axes[row, column].set_title(f"{name.capitalize()}, ±{points} points", fontsize=9.5, parse_math=False)
            _ranges(axes[row, 3], tests, numbers["margins"])
        for ax in axes[1, :3]:
            ax.set_xlabel("People analysed (n)", fontsize=9)
        axes[1, 3].set_xlabel("Percentage points", fontsize=9)
        key_axes = figure.add_subplot(axes[2, 0].get_gridspec()[2, :])
        for ax in axes[2]:
            ax.remove()
        ks.plots.plot_ruling_key(numbers["specifications"]["by_ruling"], ax=key_axes, fontsize=8.5)
        figure.supxlabel(_note(numbers), x=0.01, ha="left", fontsize=8, parse_math=False)
    return figure


def _grid(ax: Any, tests: dict[str, Any], key: str, sizes: Sequence[int], *, labelled: bool) -> None:
    parts = [tests[test][rounding]["margins"][key] for test in TESTS for rounding in ROUNDINGS]
    cells = {word: np.array([part[word] for part in parts]) for word in ("ruling", "established", "refuted")}
    labels = [TESTS[test] if word == "rounded" else word for test in TESTS for word in ROUNDINGS.values()]
    shown = [str(n) if n % 2 else "" for n in sizes]
    ks.plots.plot_rulings(
        cells["ruling"], ax=ax, established=cells["established"], refuted=cells["refuted"], columns=shown
    )
    ax.set_yticks(range(len(labels)), labels if labelled else [""] * len(labels), fontsize=8.5)
    for label in ax.get_yticklabels()[1::2]:
        label.set_color(ks.plots.COLOURS["grey"])
    for edge in range(2, len(labels), len(ROUNDINGS)):
        ax.axhline(edge - 0.5, color=ks.plots.COLOURS["grey"], linewidth=0.6)
    ax.tick_params(axis="x", labelsize=8)


def _ranges(ax: Any, tests: dict[str, Any], margins: dict[str, Any]) -> None:
    """Draw from the smallest to the largest threshold margin of each row of the grids; the full sample thick."""
    for row, part in enumerate(tests[test][rounding] for test in TESTS for rounding in ROUNDINGS):
        ends = [ends for ends in part["threshold_margin"] if ends]
        low, high = 100 * min(end[0] for end in ends), 100 * max(end[1] for end in ends)
        ax.hlines(row, low, high, color=ks.plots.COLOURS["grey"], linewidth=1.2)
        if part["threshold_margin"][-1]:
            low, high = part["threshold_margin"][-1]
            ax.hlines(row, 100 * low, 100 * high, color=ks.plots.COLOURS["blue"], linewidth=4)
    for key, dash in zip(POINTS, ("-", "--", ":"), strict=True):
        ax.axvline(100 * margins[key]["size"], color=ks.plots.COLOURS["red"], linewidth=1, linestyle=dash)
    rows = len(TESTS) * len(ROUNDINGS)
    ax.set(xlim=(0, 100), ylim=(rows - 0.5, -0.5), xticks=range(0, 101, 25))
    ax.set_yticks(range(rows), [""] * rows)
    ax.tick_params(length=0, labelsize=8)
    ax.grid(visible=False, axis="y")
    ax.spines["left"].set_visible(False)
    ax.set_title("Threshold margin", fontsize=9.5)


def _note(numbers: dict[str, Any]) -> str:
    half = "half up and half to even give the same tables" if numbers["half_rules_agree"] else "either half rule"
    first, last = numbers["sizes"][0], numbers["sizes"][-1]
    return (
        "✓ some of the tables that print the p-value establish the claim, ✗ some refute it, the others leave it open.\n"
        f"Each test has two rows: digits rounded ({half}), and digits cut off.\n"
        f"Threshold margin: range over the tables, thick for n = {last}, thin for n = {first} to {last}; lines at the "
        f"three margins.\n{NOT_THE_DATA}"
    )


def alt(numbers: dict[str, Any]) -> str:
    """Describe the figure for people who cannot see it."""
    found = numbers["specifications"]
    tally = ", ".join(f"{count} {word}" for word, count in found["by_ruling"].items())
    margins = ", ".join(numbers["margins"][key]["printed"] for key in POINTS)
    return (
        f"Six grids of coloured cells, response and remission at margins of {margins} points: one row per test and way "
        f"of cutting digits, one column per number of people from {numbers['sizes'][0]} to {numbers['sizes'][-1]}, "
        f"coloured by ruling: {tally}. At the right the range of the threshold margin of each row; the smallest is "
        f"{100 * found['threshold_margin'][0]:.1f} points."
    )


def main(argv: Sequence[str] | None = None) -> None:
    """Write the figure, its numbers and the table of rulings."""
    folder = output_folder(argv, __doc__ or "")
    numbers = compute()
    write(folder, NAME, draw(numbers), numbers, alt=alt(numbers))
    (folder / "rulings.txt").write_text(ruling_table(numbers["table"]), encoding="utf-8")


if __name__ == "__main__":
    main()
