"""Power against the true effect, the margin or the size of the study."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from .. import _validate
from ..errors import InvalidArgument
from ..power import PowerResult
from ._columns import FloatArray, columns_of, numbers_of, one_of_each
from ._style import COLOURS, axes_or_new

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["plot_power", "plot_power_surface"]

_WANTED = "a result of a question about power"


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
        Column on the horizontal axis, such as "effect", "n1" or "margin".
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

    Raises
    ------
    InvalidType
        If `power` is neither a result nor a mapping.
    InvalidArgument
        If a column is missing or does not fit, or a power or the target is not between 0 and 1.

    Examples
    --------
    >>> import ketastats as ks
    >>> ax = ks.plots.plot_power(ks.power.means(n1=37, n2=46, effect=[0.0, 0.5, 1.0]))
    >>> len(ax.lines)
    2
    """
    across, heights = one_of_each(_grid(power, (x,)))
    scale = _validate.real(scale, "scale")
    line = None if target is None else _validate.real(target, "target", low=0.0, high=1.0)
    axes = axes_or_new(ax)
    if line is not None:
        axes.axhline(line, color=COLOURS["grey"], linewidth=0.9, linestyle=(0, (1, 2)))
    axes.plot(scale * across, heights, **{"color": COLOURS["blue"]} | style)
    axes.set(ylim=(0.0, 1.0), yticks=np.linspace(0.0, 1.0, 6), ylabel="Power")
    return axes


def plot_power_surface(
    power: PowerResult | Mapping[str, Any],
    *,
    ax: Axes | None = None,
    x: str = "n1",
    y: str = "effect",
    scale: float = 1.0,
    levels: Sequence[float] = (0.5, 0.8, 0.9),
    **style: Any,
) -> Axes:
    """Draw power over the size of a study and the true effect, darker where it is higher.

    Parameters
    ----------
    power : PowerResult or mapping
        Power on a grid in two dimensions, as broadcasting a column of sizes against a row of effects gives it; or
        columns `x`, `y` and "power" that broadcast to one.
    ax : Axes, optional
        Where to draw; a new figure if not given. A bar of colours is set beside it.
    x, y : str
        Columns on the horizontal and the vertical axis, such as "n1", "n", "effect" or "margin".
    scale : float
        What the vertical column is multiplied by; 100 shows percentage points.
    levels : sequence of float
        Powers at which to draw labelled lines, as far as the grid reaches them.
    **style
        Passed on to ``Axes.pcolormesh``.

    Returns
    -------
    Axes
        The axes, with one cell for each computed power; the lines are drawn straight between the computed points.

    Raises
    ------
    InvalidType
        If `power` is neither a result nor a mapping.
    InvalidArgument
        If a column is missing, or the numbers are not a grid of at least two by two.

    Examples
    --------
    >>> import ketastats as ks
    >>> sizes = [[20], [40], [80]]
    >>> power = ks.power.means(n1=sizes, n2=sizes, effect=[0.2, 0.5, 0.8])
    >>> ax = ks.plots.plot_power_surface(power)
    >>> ax.collections[0].get_array().shape
    (3, 3)
    """
    across, up, heights = _lattice(*_grid(power, (x, y)), names=(x, y))
    up = _validate.real(scale, "scale", low=0.0, open_low=True) * up
    wanted = np.unique(_validate.array(levels, "levels", low=0.0, high=1.0))
    axes = axes_or_new(ax)
    look: dict[str, Any] = {"cmap": "Blues", "vmin": 0.0, "vmax": 1.0, "shading": "nearest", "rasterized": True}
    mesh = axes.pcolormesh(across, up, heights, **look | style)
    inside = wanted[(wanted > heights.min()) & (wanted < heights.max())]
    if inside.size:
        lines = axes.contour(across, up, heights, levels=inside, colors=COLOURS["black"], linewidths=1.2,
                             linestyles=_dashes(wanted, inside))  # fmt: skip
        _outline(axes.clabel(lines, fmt=lambda level: f"{100 * level:g} %", fontsize=9))
    bar = axes.figure.colorbar(mesh, ax=axes, label="Power")
    bar.set_ticks(np.linspace(0.0, 1.0, 6).tolist())
    axes.set(xlabel=_words(x), ylabel=_words(y))
    axes.grid(visible=False)
    return axes


def _grid(power: Any, names: tuple[str, ...]) -> list[FloatArray]:
    """Return the named columns and the power, broadcast together."""
    columns = columns_of(power, "power", _WANTED)
    numbers = numbers_of(columns, (*names, "power"), "power")
    _validate.array(numbers[-1], "power['power']", low=0.0, high=1.0)
    return numbers


def _lattice(across: FloatArray, up: FloatArray, heights: FloatArray, *, names: tuple[str, str]) -> list[FloatArray]:
    """Return the two axes and the heights with one row for each place on the vertical axis, both axes rising."""
    if heights.ndim == 2 and min(heights.shape) > 1:
        for x, y, z in ((across, up, heights), (across.T, up.T, heights.T)):
            if np.all(x == x[:1]) and np.all(y == y[:, :1]):
                columns, rows = np.argsort(x[0]), np.argsort(y[:, 0])
                return [x[0, columns], y[rows, 0], z[np.ix_(rows, columns)]]
    raise InvalidArgument(
        "power",
        f"{' and '.join(names)} of shape {heights.shape}",
        f"a grid of at least two values of {names[0]} by two of {names[1]}",
        f"Ask for the power with {names[0]} as a column, {names[0]}=[[20], [40]], and {names[1]} as a row.",
    )


def _dashes(wanted: FloatArray, inside: FloatArray) -> list[str]:
    """Return one style for each line, the same for a level whichever others are drawn."""
    styles = dict(zip(wanted.tolist(), (":", "-", "--", "-.") * len(wanted), strict=False))
    return [styles[level] for level in inside.tolist()]


def _outline(labels: Any) -> None:
    """Set labels off from the colours behind them."""
    from matplotlib.patheffects import withStroke

    for label in labels:
        label.set_path_effects([withStroke(linewidth=2.5, foreground="white")])


def _words(name: str) -> str:
    """Return the words for a column that a reader knows."""
    known = {
        "n": "People",
        "n1": "People in group 1",
        "n2": "People in group 2",
        "effect": "True effect",
        "margin": "Margin",
    }
    return known.get(name, name)
