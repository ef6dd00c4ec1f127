"""Compatible 2x2 tables: how many people the smaller group has, against the risk difference."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from ..reconstruct import CompatibleTables
from ._style import COLOURS, axes_or_new

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["plot_tables"]

#: Marked tables with fewer people than this between their first groups are labelled on different sides.
_CLOSE = 4
#: Where on a label its line to the point begins, from the lower left corner.
_ANCHORS = {"left": (0.05, 0.5), "right": (0.95, 0.5), "center": (0.5, 0.5)}


def plot_tables(
    tables: CompatibleTables | Mapping[str, Any],
    *,
    ax: Axes | None = None,
    marked: ArrayLike | None = None,
    **style: Any,
) -> Axes:
    """Draw each compatible table as a point: the size of its first group against its risk difference.

    Parameters
    ----------
    tables : CompatibleTables or mapping
        The tables, or their columns x1, n1, x2, n2 and risk_difference (group 1 minus group 2).
    ax : Axes, optional
        Where to draw; a new figure if not given.
    marked : array_like of bool, optional
        Tables to draw filled and to label with their counts; by default none.
    **style
        Passed on to ``Axes.plot`` for the marked tables.

    Returns
    -------
    Axes
        The axes; risk differences are in percentage points.

    Examples
    --------
    >>> import ketastats as ks
    >>> ax = ks.plots.plot_tables(ks.reconstruct.tables(n=83, p="0.230", test="pearson"))
    >>> len(ax.lines[1].get_xdata())
    14
    """
    axes = axes_or_new(ax)
    columns = tables if isinstance(tables, Mapping) else tables.to_frame()
    x1, n1, x2, n2 = (np.asarray(columns[name], dtype=int) for name in ("x1", "n1", "x2", "n2"))
    points = 100.0 * np.asarray(columns["risk_difference"], dtype=float)
    shown = np.zeros(n1.shape, dtype=bool) if marked is None else np.asarray(marked, dtype=bool)
    axes.axhline(0.0, color=COLOURS["black"], linewidth=0.8)
    axes.plot(n1[~shown], points[~shown], "o", markerfacecolor="white", markeredgecolor=COLOURS["grey"], markersize=6)
    axes.plot(n1[shown], points[shown], **{"marker": "D", "linestyle": "", "color": COLOURS["blue"]} | style)
    for at in np.nonzero(shown)[0]:
        same_side = shown & (np.sign(points) == np.sign(points[at]))
        gaps = n1[same_side] - n1[at]
        _label(axes, f"{x1[at]}/{n1[at]} v {x2[at]}/{n2[at]}", (n1[at], points[at]), gaps)
    axes.set_xlabel("People in the smaller group")
    axes.set_ylabel("Risk difference, smaller minus\nlarger group (percentage points)")
    return axes


def _label(axes: Axes, text: str, point: tuple[float, float], gaps: Any) -> None:
    """Write farther from zero than a point, and away from a close neighbour: `gaps` says how far the others are."""
    before, after = bool(np.any((gaps < 0) & (gaps > -_CLOSE))), bool(np.any((gaps > 0) & (gaps < _CLOSE)))
    side = "left" if before and not after else "right" if after and not before else "center"
    axes.annotate(
        text,
        point,
        xytext=({"left": -2, "right": 2, "center": 0}[side], 24 if point[1] > 0 else -24),
        textcoords="offset points",
        ha=side,
        va="center",
        fontsize=8.5,
        parse_math=False,
        arrowprops={"arrowstyle": "-", "linewidth": 0.6, "color": COLOURS["grey"], "relpos": _ANCHORS[side]},
    )
