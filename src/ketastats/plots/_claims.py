"""Claims as a table: what is claimed, what becomes of it, and why."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ._style import COLOURS, RULING_COLOURS, axes_or_new

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["plot_claims"]

#: One colour and one sign for each outcome; the word stands beside it.
_COLOURS = RULING_COLOURS | {
    "source agrees": COLOURS["blue"],
    "source differs": COLOURS["yellow"],
    "no ruling": COLOURS["light"],
}
_SIGNS = {
    "established": "✓",
    "refuted": "✗",
    "not established": "○",
    "depends": "±",
    "impossible": "∅",
    "source agrees": "=",
    "source differs": "≠",
    "no ruling": "\N{EN DASH}",
}
#: Where the columns begin, as shares of the width, and how many characters fit.
_COLUMNS = {"id": 0.0, "claim": 0.062, "outcome": 0.438, "because": 0.625}
_CHARACTERS = {"claim": 46, "because": 46, "note": 126}
_GAP, _HEADING = 0.55, 1.5
_STRENGTH = 0.55


def plot_claims(
    rows: Sequence[Mapping[str, Any]],
    *,
    ax: Axes | None = None,
    heads: Sequence[str] = ("claim", "what becomes of it", "because"),
    **style: Any,
) -> Axes:
    """Draw one row for each claim: its id and words, a sign and a word for its outcome, and the reason.

    Parameters
    ----------
    rows : sequence of mapping
        Each with ``id``, ``claim``, ``outcome`` (a ruling, or source agrees, source differs, no ruling), ``lacks`` (a
        text below the outcome, may be empty) and ``because``; or with ``heading`` alone, a line above the next rows; or
        with ``note`` alone, small print.
    ax : Axes, optional
        Where to draw; a new figure if not given. One unit of the vertical axis is one line of text, so that a figure
        of 0.145 inches for each unit fits the text.
    heads : sequence of str
        The heads of the three columns.
    **style
        Passed on to ``Axes.text`` for the words.

    Returns
    -------
    Axes
        The axes, without frame, the first row on top.

    Examples
    --------
    >>> import ketastats as ks
    >>> row = {"id": "A9.1", "claim": "It helps.", "outcome": "no ruling", "lacks": "no number", "because": "None."}
    >>> ax = ks.plots.plot_claims([{"heading": "An article"}, row])
    >>> [text.get_text() for text in ax.texts][-2:]
    ['no number', 'None.']
    """
    axes = axes_or_new(ax)
    look: dict[str, Any] = {"fontsize": 8.0, "va": "top", "linespacing": 1.12, "parse_math": False} | style
    at = 0.0
    for place, head in zip(("claim", "outcome", "because"), heads, strict=True):
        axes.text(_COLUMNS[place], at, head, **(look | {"color": "#444444", "fontstyle": "italic"}))
    at += _HEADING
    for row in rows:
        if "heading" in row:
            axes.text(0.0, at + 0.35, row["heading"], **(look | {"fontsize": 9.0, "fontweight": "bold"}))
            at += _HEADING + 0.35
        elif "note" in row:
            note = textwrap.wrap(row["note"], _CHARACTERS["note"])
            axes.axhline(at - 0.3, color="#DDDDDD", linewidth=0.6)
            axes.text(0.0, at + 0.1, "\n".join(note), **(look | {"fontsize": 7.0, "color": "#555555"}))
            at += len(note) + _GAP
        else:
            at += _row(axes, row, at, look)
    for text in axes.texts:
        # The columns fit the width of the axes: the layout need not make room for them.
        text.set_in_layout(False)
    axes.set(xlim=(0.0, 1.0), ylim=(at + 0.3, -0.3))
    axes.set_axis_off()
    return axes


def _row(axes: Axes, row: Mapping[str, Any], at: float, look: dict[str, Any]) -> float:
    """Draw one row and return its height in lines."""
    claim = textwrap.wrap(row["claim"], _CHARACTERS["claim"])
    because = textwrap.wrap(row["because"], _CHARACTERS["because"])
    height = max(len(claim), len(because), 2 if row["lacks"] else 1) + _GAP
    axes.axhline(at - 0.3, color="#DDDDDD", linewidth=0.6)
    axes.text(_COLUMNS["id"], at, row["id"], **(look | {"fontweight": "bold"}))
    axes.text(_COLUMNS["claim"], at, "\n".join(claim), **look)
    _chip(axes, row["outcome"], at, height, look)
    if row["lacks"]:
        axes.text(
            _COLUMNS["outcome"] + 0.036, at + 1.08, row["lacks"], **(look | {"fontsize": 7.0, "color": "#555555"})
        )
    axes.text(_COLUMNS["because"], at, "\n".join(because), **look)
    return height


def _chip(axes: Axes, outcome: str, at: float, height: float, look: dict[str, Any]) -> None:
    from matplotlib.patches import Rectangle

    left, width = _COLUMNS["outcome"], 0.026
    box = Rectangle((left, at - 0.18), width, height - 0.28, facecolor=_COLOURS[outcome], alpha=_STRENGTH, linewidth=0)
    axes.add_patch(box)
    middle = {"ha": "center", "fontweight": "bold"}
    axes.text(left + width / 2, at, _SIGNS[outcome], **(look | middle))
    weight = "normal" if outcome == "no ruling" else "bold"
    axes.text(left + 0.036, at, outcome, **(look | {"fontweight": weight}))
