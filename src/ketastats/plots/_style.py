"""One style for every figure, and files that are the same byte for byte when they are drawn again."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, cast

from ..errors import InvalidType

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis
    from matplotlib.figure import Figure

__all__ = ["COLOURS", "RULING_COLOURS", "axes_or_new", "figure", "plain_log_ticks", "save", "style"]

#: Okabe and Ito's palette, which people with colour-blindness can tell apart.
COLOURS = {
    "black": "#000000",
    "orange": "#E69F00",
    "sky": "#56B4E9",
    "green": "#009E73",
    "yellow": "#F0E442",
    "blue": "#0072B2",
    "red": "#D55E00",
    "purple": "#CC79A7",
    "grey": "#767676",
    "light": "#D9D9D9",
}
#: One colour and one word for each ruling.
RULING_COLOURS = {
    "established": COLOURS["green"],
    "refuted": COLOURS["red"],
    "not established": COLOURS["orange"],
    "depends": COLOURS["purple"],
    "impossible": COLOURS["grey"],
}
_WIDTH = 8.0
_DPI = 150
_SETTINGS: dict[str, Any] = {
    "font.family": "DejaVu Sans",
    "font.size": 10.0,
    "axes.titlesize": 11.0,
    "axes.titlelocation": "left",
    "axes.labelsize": 10.0,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "axes.edgecolor": "#444444",
    "axes.grid": True,
    "grid.color": "#E6E6E6",
    "grid.linewidth": 0.6,
    "legend.frameon": False,
    "legend.fontsize": 9.0,
    "xtick.labelsize": 9.0,
    "ytick.labelsize": 9.0,
    "figure.titlesize": 13.0,
    "figure.titleweight": "bold",
    "figure.dpi": 100.0,
    "savefig.dpi": _DPI,
    "svg.fonttype": "path",
    "svg.hashsalt": "ketastats",
    "path.simplify": False,
}


@contextmanager
def style() -> Iterator[None]:
    """Set the style of the figures for the length of a block, and leave everything else as it was.

    Returns
    -------
    context manager
        For a ``with`` block.

    Examples
    --------
    >>> import ketastats as ks
    >>> with ks.plots.style():
    ...     pass
    """
    import matplotlib as mpl

    with mpl.rc_context():
        mpl.rcdefaults()
        # The stubs know the name of every setting, which a plain dictionary cannot promise.
        mpl.rcParams.update(cast(Any, _SETTINGS))
        yield


@contextmanager
def figure(
    rows: int = 1, columns: int = 1, *, height: float = 4.5, title: str = "", **options: Any
) -> Iterator[tuple[Figure, Any]]:
    """Give a figure of README width and its axes, in the style, for the length of a block.

    Parameters
    ----------
    rows, columns : int
        Number of axes.
    height : float
        Height in inches; the width is always 8.
    title : str
        The finding, in a sentence; wrapped and left-aligned above the axes.
    **options
        Passed on to ``Figure.subplots``.

    Returns
    -------
    context manager
        For a ``with`` block; gives the Matplotlib figure, and its axes (an array of them when there are several).

    Examples
    --------
    >>> import ketastats as ks
    >>> with ks.plots.figure(title="Nothing was found, and nothing was ruled out") as (fig, ax):
    ...     line = ax.plot([0, 1], [0, 1])
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    with style():
        drawn = Figure(figsize=(_WIDTH, height), layout="constrained")
        FigureCanvasAgg(drawn)
        axes = drawn.subplots(rows, columns, **options)
        if title:
            drawn.suptitle(title, x=0.01, ha="left", wrap=True, parse_math=False)
        yield drawn, axes


def save(drawn: Figure, path: str | os.PathLike[str], *, alt: str) -> None:
    """Write a figure as SVG and PNG, without dates, so that the same numbers give the same bytes.

    Parameters
    ----------
    drawn : matplotlib.figure.Figure
        The figure; its axes stay where the layout has put them.
    path : path-like
        Where to, without the ending.
    alt : str
        What the figure shows, for people who cannot see it; stored in both files.

    Returns
    -------
    None
        Two files are written.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> import ketastats as ks
    >>> with tempfile.TemporaryDirectory() as folder, ks.plots.figure() as (fig, ax):
    ...     ks.plots.save(fig, pathlib.Path(folder) / "empty", alt="Empty axes.")
    ...     sorted(made.suffix for made in pathlib.Path(folder).iterdir())
    ['.png', '.svg']
    """
    base = os.fspath(path)
    with style():
        _settle(drawn)
        drawn.savefig(f"{base}.svg", format="svg", metadata={"Date": None, "Creator": None, "Description": alt})
        drawn.savefig(f"{base}.png", format="png", metadata={"Software": None, "Description": alt})


def _settle(drawn: Figure) -> None:
    """Lay the figure out, once, and round where its axes are.

    The solver of the layout sums in the order of memory addresses, so that two runs can differ in the last bit of a
    position, and the names of the clip paths in an SVG are hashes of all bits.
    """
    drawn.draw_without_rendering()
    drawn.set_layout_engine("none")
    for axes in drawn.axes:
        left, bottom, width, height = (round(float(bound), 6) for bound in axes.get_position().bounds)
        axes.set_position((left, bottom, width, height))


def axes_or_new(ax: Axes | None) -> Axes:
    """Return the given axes, or those of a new figure without a window."""
    from matplotlib.axes import Axes

    if isinstance(ax, Axes):
        return ax
    if ax is not None:
        raise InvalidType("ax", ax, "Axes of Matplotlib, or None for a new figure")
    with figure() as (_, fresh):
        return fresh  # type: ignore[no-any-return]


def plain_log_ticks(axis: Axis) -> None:
    """Write 0.5 or 200 on a logarithmic axis that has its data, not powers of ten; 2 and 5 only where there is room."""
    from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

    low, high = axis.get_data_interval()
    near = low > 0.0 and high < 1000.0 * low
    axis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0) if near else (1.0,)))
    axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,g}"))
    axis.set_minor_formatter(NullFormatter())
