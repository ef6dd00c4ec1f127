"""How many people a study needs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from .. import _validate
from ..errors import InvalidArgument, InvalidType
from ..power import OneSampleSizeResult, SampleSizeResult
from ._columns import columns_of, numbers_of, one_of_each
from ._style import COLOURS, axes_or_new, plain_log_ticks

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["plot_sample_size_curve", "plot_sample_sizes"]

_MARKERS = ("o", "D", "s", "^")
_FILLS = ("white", COLOURS["blue"], COLOURS["green"], COLOURS["red"])


def plot_sample_size_curve(
    sizes: SampleSizeResult | OneSampleSizeResult | Mapping[str, Any],
    *,
    at: ArrayLike | None = None,
    ax: Axes | None = None,
    x: str = "effect",
    scale: float = 1.0,
    have: int | None = None,
    **style: Any,
) -> Axes:
    """Draw how many people are needed against the effect, the margin, or whatever was varied.

    Parameters
    ----------
    sizes : SampleSizeResult, OneSampleSizeResult or mapping
        The sizes found; or columns `x` and either "n" or both "n1" and "n2".
    at : array_like, optional
        The effects or margins that the sizes were asked for, which a result of sizes does not hold; not for a mapping.
    ax : Axes, optional
        Where to draw; a new figure if not given.
    x : str
        Column of a mapping on the horizontal axis.
    scale : float
        What the horizontal numbers are multiplied by; 100 shows percentage points.
    have : int, optional
        People that there were, drawn as a horizontal line.
    **style
        Passed on to ``Axes.plot`` for the curve.

    Returns
    -------
    Axes
        The axes, with people in all (both groups together where there are two) on a logarithmic scale.

    Raises
    ------
    InvalidType
        If `sizes` is neither a result nor a mapping.
    InvalidArgument
        If columns are missing or do not fit, or `at` is missing or not wanted.

    Examples
    --------
    >>> import numpy as np
    >>> import ketastats as ks
    >>> margins = np.array([0.3, 0.4, 0.5])
    >>> plan = ks.power.sample_size("means_equivalence", margin=(-margins, margins), power=0.90)
    >>> ax = ks.plots.plot_sample_size_curve(plan, at=margins, have=83)
    >>> [int(people) for people in ax.lines[-1].get_ydata()]
    [484, 272, 176]
    """
    columns = dict(columns_of(sizes, "sizes", "the result of ketastats.power.sample_size"))
    if isinstance(sizes, Mapping) and at is not None:
        raise InvalidArgument("at", at, "nothing beside a mapping", f"Give the mapping a column {x!r}.")
    if not isinstance(sizes, Mapping):
        if at is None:
            raise InvalidArgument("at", at, "the effects or margins that the sizes were asked for")
        columns[x] = at
    groups = ("n",) if "n" in columns else ("n1", "n2")
    across, *counts = one_of_each(numbers_of(columns, (x, *groups), "sizes"))
    people = np.sum(counts, axis=0)
    there = None if have is None else _validate.integer(have, "have", low=1)
    axes = axes_or_new(ax)
    if there is not None:
        axes.axhline(there, color=COLOURS["black"], linewidth=1.0, linestyle="--")
        axes.annotate(f"{there:,} in the study", (1.0, there), xycoords=("axes fraction", "data"), xytext=(-3, 3),
                      textcoords="offset points", ha="right", fontsize=8.5)  # fmt: skip
    look: dict[str, Any] = {"color": COLOURS["blue"], "marker": "o", "markersize": 3.5} | style
    axes.plot(_validate.real(scale, "scale") * across, people, **look)
    axes.set_yscale("log")
    plain_log_ticks(axes.yaxis)
    axes.set_ylabel("People needed in both groups together" if len(groups) == 2 else "People needed")
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

    Raises
    ------
    InvalidType
        If `rows` is not a mapping of mappings, or a number of people is not whole.
    InvalidArgument
        If a number of people is not positive, or a range runs downwards.

    Examples
    --------
    >>> import ketastats as ks
    >>> ax = ks.plots.plot_sample_sizes({"±10 points": {"80 %": (648, 814), "90 %": (818, 1028)}}, have=83)
    >>> [label.get_text() for label in ax.get_yticklabels()]
    ['±10 points']
    """
    ranges = _ranges(rows)
    people_there = None if have is None else _validate.integer(have, "have", low=1)
    axes = axes_or_new(ax)
    if people_there is not None:
        axes.axvline(people_there, color=COLOURS["black"], linewidth=1.0, linestyle="--")
    for row, powers in enumerate(ranges):
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


def _ranges(rows: Any) -> list[dict[str, tuple[int, int]]]:
    """Return the smallest and the largest number of people of each row and power."""
    if not isinstance(rows, Mapping) or not all(isinstance(powers, Mapping) for powers in rows.values()):
        raise InvalidType("rows", rows, "a mapping from labels to mappings from powers to pairs of whole numbers")
    ranges = []
    for label, powers in rows.items():
        found = {}
        for power, pair in powers.items():
            name = f"rows[{label!r}][{power!r}]"
            if np.shape(pair) != (2,):
                raise InvalidArgument(name, pair, "the smallest and the largest number of people")
            low, high = (_validate.integer(people, name, low=1) for people in pair)
            if low > high:
                raise InvalidArgument(name, pair, "the smaller number of people first")
            found[power] = (low, high)
        ranges.append(found)
    return ranges
