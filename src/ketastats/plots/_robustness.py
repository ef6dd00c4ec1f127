"""The Bayes factor against the scale of the prior."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from .. import _validate
from ..errors import InvalidArgument
from ..evidence import BayesFactor, RobustnessRegion
from ._columns import columns_of, numbers_of, one_of_each
from ._style import COLOURS, axes_or_new, plain_log_ticks

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["plot_robustness"]

_LOG_10 = float(np.log(10.0))
# Whole numbers for the ticks while the curve stays near 1, powers of ten beyond.
_NEAR = (1, 3, 10, 30, 100, 300, 1000)


def plot_robustness(
    factor: BayesFactor | Mapping[str, Any],
    *,
    scale: ArrayLike | None = None,
    region: RobustnessRegion | None = None,
    threshold: float | None = None,
    ax: Axes | None = None,
    **style: Any,
) -> Axes:
    """Draw a Bayes factor over the scale of the prior, and where the conclusion from it stays the same.

    Parameters
    ----------
    factor : BayesFactor or mapping
        The factors at several scales, or columns "scale" and "log_bf10".
    scale : array_like, optional
        The scales that the factors were asked for, which a `BayesFactor` does not hold; not for a mapping.
    region : RobustnessRegion, optional
        The range of scales about the stated one that leave the conclusion unchanged: shaded, the stated scale marked.
    threshold : float, optional
        The Bayes factor, either way, that counts as support, drawn as two lines; by default that of `region`.
    ax : Axes, optional
        Where to draw; a new figure if not given.
    **style
        Passed on to ``Axes.plot`` for the curve.

    Returns
    -------
    Axes
        The axes. Heights are decimal logarithms, so that no factor is too large to draw; the ticks say the factors.

    Raises
    ------
    InvalidType
        If `factor` is neither a result nor a mapping.
    InvalidArgument
        If columns are missing or do not fit, a scale is not positive, or a threshold is not above 1.

    Examples
    --------
    >>> import numpy as np
    >>> import ketastats as ks
    >>> def factor(scale):
    ...     return ks.evidence.means(t=0.567, n1=37, n2=46, scale=scale)
    >>> scales = np.geomspace(0.1, 2.0, 25)
    >>> region = ks.evidence.robustness_region(factor, 0.707, threshold=3)
    >>> ax = ks.plots.plot_robustness(factor(scales), scale=scales, region=region)
    >>> ax.get_xscale()
    'log'
    """
    across, logs = _curve(factor, scale)
    bar = region.threshold if region is not None and threshold is None else threshold
    height = None if bar is None else np.log10(_validate.real(bar, "threshold", low=1.0, open_low=True))
    if region is not None and np.ndim(region.scale):
        raise InvalidArgument("region", np.shape(region.scale), "the region of one set of data")
    axes = axes_or_new(ax)
    axes.set_xscale("log")
    axes.axhline(0.0, color=COLOURS["black"], linewidth=0.8)
    for side in () if height is None else (-height, height):
        axes.axhline(side, color=COLOURS["red"], linewidth=1.0, linestyle="--")
    if region is not None:
        axes.axvspan(max(region.low, across.min()), min(region.high, across.max()), color=COLOURS["sky"], alpha=0.2,
                     linewidth=0.0)  # fmt: skip
    axes.plot(across, logs / _LOG_10, **{"color": COLOURS["blue"]} | style)
    if region is not None:
        axes.plot([region.scale], [region.log_bf10 / _LOG_10], "D", color=COLOURS["blue"], markersize=6)
    plain_log_ticks(axes.xaxis)
    _ticks(axes)
    axes.set(xlabel="Scale of the prior", ylabel="Bayes factor of the alternative\nover the null")
    return axes


def _curve(factor: Any, scale: Any) -> list[Any]:
    """Return scales and natural logarithms of the factors, in one dimension."""
    columns = dict(columns_of(factor, "factor", "a BayesFactor"))
    if isinstance(factor, Mapping) and scale is not None:
        raise InvalidArgument("scale", scale, "nothing beside a mapping", "Give the mapping a column 'scale'.")
    if not isinstance(factor, Mapping):
        if scale is None:
            raise InvalidArgument("scale", scale, "the scales of the prior that the factors were asked for")
        columns["scale"] = scale
    numbers = numbers_of(columns, ("scale", "log_bf10"), "factor")
    _validate.array(numbers[0], "scale", low=0.0, open_low=True)
    _validate.array(numbers[1], "factor['log_bf10']")
    return one_of_each(numbers)


def _ticks(axes: Axes) -> None:
    """Write the factors that the heights stand for, 1/10 and not 0.1."""
    from matplotlib.ticker import MaxNLocator, NullFormatter

    heights = np.concatenate([np.atleast_1d(np.asarray(line.get_ydata(), dtype=float)) for line in axes.lines])
    reach = float(np.abs(heights).max())
    if reach <= np.log10(_NEAR[-1]):
        known = [sign * np.log10(step) for step in _NEAR for sign in (-1, 1)]
        inside = [place for place in known if heights.min() - 0.3 <= place <= heights.max() + 0.3]
        places = sorted(set(inside))
    else:
        places = list(MaxNLocator(nbins=8, integer=True).tick_values(heights.min(), heights.max()))
    axes.set_yticks(places, [_factor(place) for place in places], parse_math=False)
    axes.yaxis.set_minor_formatter(NullFormatter())
    axes.set_ylim(min(places[0], heights.min() - 0.15), max(places[-1], heights.max() + 0.15))


def _factor(place: float) -> str:
    """Return ten to a power as a factor for one side or the other."""
    size = f"{10 ** abs(place):,.0f}" if abs(place) < 4.5 else f"1e{abs(place):.0f}"
    return size if place >= 0.0 else f"1/{size}"
