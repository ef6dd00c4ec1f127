"""Which tables could have printed the two p-values for response and remission, alone and together?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from _figure import output_folder, write
from _johnson import NOT_THE_DATA, PROPORTIONS, joint, outcome, survivors, word

import ketastats as ks

NAME = "compatible_tables"
TESTS = ("pearson", "yates", "n_minus_1", "lr", "fisher", "midp", "wald")
TEST_NAMES = {
    "pearson": "Pearson",
    "yates": "Yates",
    "n_minus_1": "N - 1",
    "lr": "likelihood ratio",
    "fisher": "Fisher",
    "midp": "mid-p",
    "wald": "Wald",
}


def compute() -> dict[str, Any]:
    """Return every compatible table, those that fit together, and how many there are under other tests."""
    found = joint()
    outcomes = {name: _outcome(found, name) for name in PROPORTIONS}
    pairs, splits = len(found), len(found.splits)
    return {
        "title": f"Two printed p-values leave {word(pairs)} pairs of tables on {word(splits)} splits",
        "n": outcome("response").n,
        "test": outcome("response").test,
        "outcomes": outcomes,
        "pairs": {
            "count": pairs,
            "splits": found.splits.tolist(),
            "columns": found.to_frame().to_dict("list"),
            "says": found.identifiability,
        },
        "tests": {test: _other_test(test) for test in TESTS},
        "assumes": list(found.assumptions),
    }


def _outcome(found: ks.reconstruct.CompatibleOutcomes, name: str) -> dict[str, Any]:
    part = found.sets[name]
    columns = part.to_frame().drop(columns="tests").to_dict("list")
    return {
        "p": outcome(name).p.text,
        "count": len(part),
        "splits": part.splits.tolist(),
        "says": part.identifiability,
        "tables": columns | {"survives": survivors(found, name)},
    }


def _other_test(test: str) -> dict[str, Any]:
    found = joint(test=test)
    counts = {name: len(found.sets[name]) for name in PROPORTIONS}
    return counts | {"pairs": len(found), "splits": found.splits.tolist()}


def draw(numbers: dict[str, Any]) -> Any:
    """Draw the tables of each outcome above the splits that both allow, and list the pairs."""
    splits = [first for first, _ in numbers["pairs"]["splits"]]
    ratios = {"height_ratios": [1.0, 1.0, 0.86]}
    with ks.plots.figure(3, 1, height=8.4, title=numbers["title"], gridspec_kw=ratios) as (figure, axes):
        for ax, (name, part) in zip(axes, numbers["outcomes"].items(), strict=False):
            for split in splits:
                ax.axvline(split, color=ks.plots.COLOURS["sky"], alpha=0.3, linewidth=7)
            ks.plots.plot_tables(part["tables"], ax=ax, marked=part["tables"]["survives"])
            ax.set(xlim=(0, 47), ylim=(-29, 29), xticks=[0, 5, 10, 15, 20, 25, 30, 35, 40], yticks=range(-20, 21, 10))
            head = f"{name.capitalize()}, p = {part['p']}: {part['count']} tables on {len(part['splits'])} splits"
            ax.set_title(head, parse_math=False)
        axes[0].set_xlabel("")
        _key(axes[0])
        _lists(axes[2], numbers)
    return figure


def _key(ax: Any) -> None:
    """Say what the two kinds of points are, in the empty middle of the plot."""
    ax.plot([1.2], [5], "D", color=ks.plots.COLOURS["blue"])
    both = "fits a table of the other outcome:\nsame split, and every remitter is a responder"
    ax.text(2.2, 5, both, va="center", fontsize=8.5)
    ax.plot([1.2], [-5], "o", markerfacecolor="white", markeredgecolor=ks.plots.COLOURS["grey"])
    ax.text(2.2, -5, "fits this outcome only", va="center", fontsize=8.5)


def _lists(ax: Any, numbers: dict[str, Any]) -> None:
    """List the pairs on the left and what other tests would leave on the right."""
    ax.set_axis_off()
    ax.set(xlim=(0, 1), ylim=(9.2, -0.5))
    columns = numbers["pairs"]["columns"]
    _row(ax, 0, ("Split", "Response", "Remission"), (0.0, 0.1, 0.3), weight="bold")
    for row in range(numbers["pairs"]["count"]):
        cells = [f"{columns['n1'][row]}/{columns['n2'][row]}"]
        cells += [_shares(columns, name, row) for name in PROPORTIONS]
        _row(ax, row + 1, cells, (0.0, 0.1, 0.3))
    heads = ("If the test was", "Response", "Remission", "Pairs")
    _row(ax, 0, heads, (0.55, 0.73, 0.84, 0.96), weight="bold")
    for row, (test, counts) in enumerate(numbers["tests"].items(), start=1):
        cells = [TEST_NAMES[test], *(str(counts[key]) for key in (*PROPORTIONS, "pairs"))]
        _row(ax, row, cells, (0.55, 0.73, 0.84, 0.96))
    n = numbers["n"]
    note = (
        f"n = {n}; Pearson's chi-square without correction unless said otherwise. Which group has the higher load\n"
        f"of trauma is not known: the smaller group stands first. {NOT_THE_DATA}"
    )
    ax.text(0, 8.3, note, va="center", fontsize=8)


def _shares(columns: dict[str, Any], name: str, row: int) -> str:
    x1, n1, x2, n2 = (columns[f"{name}_{key}"][row] for key in ("x1", "n1", "x2", "n2"))
    return f"{x1}/{n1} v {x2}/{n2}"


def _row(ax: Any, row: int, cells: Sequence[str], places: Sequence[float], **style: Any) -> None:
    for cell, place in zip(cells, places, strict=True):
        ax.text(place, row, cell, va="center", fontsize=8.5, parse_math=False, **style)


ALT = (
    "Two stacked scatter plots, response and remission: size of the smaller group against risk difference. Every table "
    "has a mirror image below or above zero. Vertical bands mark the splits on which both outcomes have tables; the "
    "tables that fit together are filled and labelled with their counts, and listed below as pairs, beside the number "
    "of tables and pairs that other tests would leave."
)


def main(argv: Sequence[str] | None = None) -> None:
    """Write the figure and its numbers."""
    folder = output_folder(argv, __doc__ or "")
    numbers = compute()
    write(folder, NAME, draw(numbers), numbers, alt=ALT)


if __name__ == "__main__":
    main()
