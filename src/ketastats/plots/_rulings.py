"""Rulings of many specifications at once: one cell each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from ._style import RULING_COLOURS, axes_or_new

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["plot_ruling_key", "plot_rulings"]

#: Signs that tell the rulings apart without colour.
_SIGNS = {"established": "✓", "refuted": "✗"}
_STRENGTH = 0.6


def plot_rulings(
    rulings: ArrayLike,
    *,
    ax: Axes | None = None,
    established: ArrayLike | None = None,
    refuted: ArrayLike | None = None,
    rows: Sequence[str] = (),
    columns: Sequence[str] = (),
    **style: Any,
) -> Axes:
    """Draw a grid of rulings: colour and sign for each, hatching where no data set is possible.

    Parameters
    ----------
    rulings : array_like of str, shape (rows, columns)
        The ruling of each specification, in the words of `Ruling`.
    ax : Axes, optional
        Where to draw; a new figure if not given.
    established, refuted : array_like of int, shape (rows, columns), optional
        In how many data sets the claim is established and refuted: where a ruling depends, a tick stands for the
        former and a cross for the latter.
    rows, columns : sequence of str, optional
        Labels.
    **style
        Passed on to ``Axes.text`` for the signs.

    Returns
    -------
    Axes
        The axes, the first row on top.

    Examples
    --------
    >>> import ketastats as ks
    >>> ax = ks.plots.plot_rulings([["depends", "impossible"]], established=[[2, 0]], refuted=[[1, 0]])
    >>> [text.get_text() for text in ax.texts]
    ['✓✗']
    """
    axes = axes_or_new(ax)
    words = np.asarray(rulings)
    some = {
        "established": np.zeros(words.shape, dtype=int) if established is None else np.asarray(established),
        "refuted": np.zeros(words.shape, dtype=int) if refuted is None else np.asarray(refuted),
    }
    for row, column in np.ndindex(*words.shape):
        word = str(words[row, column])
        sign = _SIGNS.get(word, "")
        if word == "depends":
            sign = "".join(_SIGNS[end] for end, counts in some.items() if counts[row, column])
        _cell(axes, word, sign, (column, row), style)
    axes.set_xticks(range(words.shape[1]), list(columns) or None)
    axes.set_yticks(range(words.shape[0]), list(rows) or None)
    axes.set(xlim=(-0.5, words.shape[1] - 0.5), ylim=(words.shape[0] - 0.5, -0.5))
    axes.grid(visible=False)
    axes.tick_params(length=0)
    for spine in axes.spines.values():
        spine.set_visible(False)
    return axes


def plot_ruling_key(counts: Mapping[str, int], *, ax: Axes | None = None, **style: Any) -> Axes:
    """Draw what the cells of `plot_rulings` mean, and how many there are of each kind.

    Parameters
    ----------
    counts : mapping
        How many specifications have each ruling.
    ax : Axes, optional
        Where to draw; a new figure if not given.
    **style
        Passed on to ``Axes.text`` for the words.

    Returns
    -------
    Axes
        The axes, without frame.

    Examples
    --------
    >>> import ketastats as ks
    >>> ax = ks.plots.plot_ruling_key({"established": 0, "not established": 3})
    >>> ax.texts[-1].get_text()
    'not established: 3'
    """
    axes = axes_or_new(ax)
    axes.set(xlim=(0, 1), ylim=(0, 1))
    axes.set_axis_off()
    place = 0.0
    for word, count in counts.items():
        _cell(axes, word, _SIGNS.get(word, ""), (place + 0.012, 0.5), {}, size=(0.024, 0.5))
        text = f"{word}: {count:,}"
        look: dict[str, Any] = {"va": "center", "fontsize": 9, "parse_math": False} | style
        axes.text(place + 0.032, 0.5, text, **look)
        place += 0.065 + 0.011 * len(text)
    return axes


def _cell(
    axes: Axes,
    word: str,
    sign: str,
    centre: tuple[float, float],
    style: dict[str, Any],
    size: tuple[float, float] = (0.92, 0.92),
) -> None:
    from matplotlib.patches import Rectangle

    corner = (centre[0] - size[0] / 2, centre[1] - size[1] / 2)
    colour = RULING_COLOURS[word]
    if word == "impossible":
        look: dict[str, Any] = {"facecolor": "white", "edgecolor": colour, "hatch": "//////"}
    else:
        look = {"facecolor": colour, "alpha": _STRENGTH, "edgecolor": "none"}
    axes.add_patch(Rectangle(corner, *size, linewidth=0, **look))
    if sign:
        text: dict[str, Any] = {"ha": "center", "va": "center_baseline", "fontsize": 7, "fontweight": "bold"} | style
        axes.text(*centre, sign, **text)
