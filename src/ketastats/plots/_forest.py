"""Intervals of many data sets below each other, against the margins that a claim of no difference could use."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from ..verdict import Verdict
from ._style import COLOURS, axes_or_new

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["plot_forest"]

_DASHES = ("-", "--", ":")


def plot_forest(
    members: Verdict | Mapping[str, Any],
    *,
    ax: Axes | None = None,
    margins: Sequence[float] = (),
    marked: ArrayLike | None = None,
    scale: float = 100.0,
    **style: Any,
) -> Axes:
    """Draw the interval of each data set on a line of its own, its threshold margin at the right.

    Parameters
    ----------
    members : Verdict or mapping
        A verdict on 2x2 tables, or its columns x1, n1, x2, n2, estimate, low, high and threshold_margin.
    ax : Axes, optional
        Where to draw; a new figure if not given.
    margins : sequence of float
        Symmetric margins to shade and label, on the scale of the estimate.
    marked : array_like of bool, optional
        Data sets to draw filled and bold; by default all.
    scale : float
        What the numbers are multiplied by; 100 shows risk differences in percentage points.
    **style
        Passed on to ``Axes.hlines`` for the intervals.

    Returns
    -------
    Axes
        The axes, the first data set on top.

    Examples
    --------
    >>> import ketastats as ks
    >>> claim = ks.Claim(estimand="risk_difference", region=ks.within(0.10))
    >>> verdict = ks.judge(claim, ks.reconstruct.tables(n=83, p="0.230", test="pearson"))
    >>> ax = ks.plots.plot_forest(verdict, margins=[0.10])
    >>> len(ax.get_yticks())
    14
    """
    axes = axes_or_new(ax)
    columns = members.members if isinstance(members, Verdict) else members
    low, high, point, threshold = (
        scale * np.asarray(columns[name], dtype=float) for name in ("low", "high", "estimate", "threshold_margin")
    )
    rows = range(low.size)
    shown = np.ones(low.shape, dtype=bool) if marked is None else np.asarray(marked, dtype=bool)
    _margins(axes, scale * np.sort(np.asarray(margins, dtype=float)))
    colours = np.where(shown, COLOURS["blue"], COLOURS["grey"])
    axes.hlines(rows, low, high, **{"colors": colours, "linewidth": np.where(shown, 2.2, 1.2)} | style)
    axes.plot(point[shown], np.nonzero(shown)[0], "D", color=COLOURS["blue"], markersize=5)
    axes.plot(
        point[~shown],
        np.nonzero(~shown)[0],
        "o",
        markerfacecolor="white",
        markeredgecolor=COLOURS["grey"],
        markersize=5,
    )
    labels = [f"{a}/{b} v {c}/{d}" for a, b, c, d in zip(*(columns[k] for k in ("x1", "n1", "x2", "n2")), strict=True)]
    axes.set_yticks(rows, labels)
    for row, label in zip(rows, axes.get_yticklabels(), strict=True):
        weight = "bold" if shown[row] else "normal"
        label.set_fontweight(weight)
        axes.text(1.13, row, f"{threshold[row]:.1f}", transform=axes.get_yaxis_transform(), ha="right", va="center",
                  fontsize=9, fontweight=weight)  # fmt: skip
    axes.tick_params(axis="y", length=0)
    axes.grid(visible=False, axis="y")
    axes.spines["left"].set_visible(False)
    axes.set_ylim(low.size - 0.4, -1.6)
    return axes


def _margins(axes: Axes, margins: Any) -> None:
    """Draw the line of no difference, and a labelled pair of lines for each margin."""
    axes.axvline(0.0, color=COLOURS["black"], linewidth=0.8)
    for at, margin in enumerate(margins):
        for side in (-margin, margin):
            axes.axvline(side, color=COLOURS["red"], linewidth=1.1, linestyle=_DASHES[at % len(_DASHES)])
        # The narrowest margin is labelled towards zero, where there is room, the others away from it.
        inwards = at == 0 and len(margins) > 1
        for sign in (-1, 1):
            right = (sign > 0) != inwards
            axes.annotate(
                f"{margin:g}",
                (sign * margin, -1.0),
                xytext=(1.5 if right else -1.5, 0),
                textcoords="offset points",
                ha="left" if right else "right",
                va="center",
                fontsize=7.5,
                color=COLOURS["red"],
            )
