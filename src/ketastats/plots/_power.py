"""Power against the true effect or the margin, and the people needed for it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from ..power import PowerResult
from ._style import COLOURS, axes_or_new

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["plot_power", "plot_sample_sizes"]

_MARKERS = ("o", "D", "s", "^")
_FILLS = ("white", COLOURS["blue"], COLOURS["green"], COLOURS["red"])


def plot_power(
    power: PowerResult | Mapping[str, Any],
    *,
    ax: Axes | None = None,
    x: str = "effect",
    scale: float = 1.0,
    target: float | None = 0.80,
    **style: Any,
) -> Axes:
    """Draw one curve of power.

    Parameters
    ----------
    power : PowerResult or mapping
        The power of one design at several effects, or columns of which `x` and "power" are drawn.
    ax : Axes, optional
        Where to draw; a new figure if not given.
    x : str
        Column on the horizontal axis, such as "effect" or "margin".
    scale : float
        What that column is multiplied by; 100 shows percentage points.
    target : float, optional
        Power at which to draw a horizontal line; None for no line.
    **style
        Passed on to ``Axes.plot`` for the curve.

    Returns
    -------
    Axes
        The axes, power from 0 to 1.

    Examples
    --------
    >>> import ketastats as ks
    >>> ax = ks.plots.plot_power(ks.power.means(n1=37, n2=46, effect=[0.0, 0.5, 1.0]))
    >>> len(ax.lines)
    2
    """
    axes = axes_or_new(ax)
    columns = power if isinstance(power, Mapping) else power.to_frame()
    if target is not None:
        axes.axhline(target, color=COLOURS["grey"], linewidth=0.9, linestyle=(0, (1, 2)))
    across = scale * np.asarray(columns[x], dtype=float)
    axes.plot(across, np.asarray(columns["power"], dtype=float), **{"color": COLOURS["blue"]} | style)
    axes.set(ylim=(0.0, 1.0), yticks=np.linspace(0.0, 1.0, 6), ylabel="Power")
    return axes


def plot_sample_sizes(
    rows: Mapping[str, Mapping[str, Any]],
    *,
    ax: Axes | None = None,
    have: int | None = None,
    **style: Any,
) -> Axes:
    """Draw how many people are needed, one line of the plot for each question and one mark for each power.

    Parameters
    ----------
    rows : mapping
        For each label from top to bottom, a mapping from the power in words to the smallest and the largest number of
        people, e.g. ``{"±10 points": {"80 %": (648, 814), "90 %": (818, 1028)}}``.
    ax : Axes, optional
        Where to draw; a new figure if not given.
    have : int, optional
        People that there were, drawn as a vertical line.
    **style
        Passed on to ``Axes.plot`` for the marks.

    Returns
    -------
    Axes
        The axes, with people in all on a logarithmic scale.

    Examples
    --------
    >>> import ketastats as ks
    >>> ax = ks.plots.plot_sample_sizes({"±10 points": {"80 %": (648, 814), "90 %": (818, 1028)}}, have=83)
    >>> [label.get_text() for label in ax.get_yticklabels()]
    ['±10 points']
    """
    axes = axes_or_new(ax)
    if have is not None:
        axes.axvline(have, color=COLOURS["black"], linewidth=1.0, linestyle="--")
    for row, powers in enumerate(rows.values()):
        for at, (power, (low, high)) in enumerate(powers.items()):
            height = row + 0.34 * (at - 0.5 * (len(powers) - 1))
            colour = COLOURS["blue"]
            look: dict[str, Any] = {
                "marker": _MARKERS[at % 4],
                "markerfacecolor": _FILLS[at % 4],
                "linewidth": 2.0,
            } | style
            axes.plot([low, high], [height, height], color=colour, markeredgecolor=colour, **look)
            people = f"{low:,}" if low == high else f"{low:,} to {high:,}"
            axes.annotate(
                f"{people} for {power}",
                (high, height),
                xytext=(7, 0),
                textcoords="offset points",
                va="center",
                fontsize=8.5,
                parse_math=False,
            )
    axes.set_xscale("log")
    axes.set_yticks(range(len(rows)), list(rows), parse_math=False)
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.set_xlabel("People needed in both groups together")
    return axes
