"""Curves of evidence, and intervals over all splits of a sample."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from .. import _validate
from ..evidence import CompatibilityCurve
from ..reconstruct import MeanLimits
from ._columns import columns_of, numbers_of
from ._style import COLOURS, axes_or_new

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["plot_compatibility", "plot_limits"]


def plot_compatibility(curve: CompatibilityCurve | Mapping[str, Any], *, ax: Axes | None = None, **style: Any) -> Axes:
    """Draw the p-value of every hypothesised effect, with the bits of information against it on the right.

    Parameters
    ----------
    curve : CompatibilityCurve or mapping
        The curve of one estimate or of several, or its columns value and pvalue.
    ax : Axes, optional
        Where to draw; a new figure if not given.
    **style
        Passed on to ``Axes.plot``.

    Returns
    -------
    Axes
        The axes; the S-value is minus the binary logarithm of p, so its axis is the same height read otherwise.

    Raises
    ------
    InvalidType
        If `curve` is neither a result nor a mapping.
    InvalidArgument
        If a column is missing or does not fit, or a p-value is not between 0 and 1.

    Examples
    --------
    >>> import ketastats as ks
    >>> d = ks.effects.smd_from_t(0.567, 37, 46)
    >>> ax = ks.plots.plot_compatibility(ks.evidence.compatibility(d, [-0.5, 0.0, 0.125, 0.5]))
    >>> ax.get_ylabel()
    'p-value of the hypothesised effect'
    """
    columns = columns_of(curve, "curve", "a CompatibilityCurve")
    value, pvalue = numbers_of(columns, ("value", "pvalue"), "curve")
    _validate.array(pvalue, "curve['pvalue']", low=0.0, high=1.0)
    axes = axes_or_new(ax)
    # One line for each estimate: the hypothesised effects run along the last axis.
    axes.plot(np.atleast_1d(value).T, np.atleast_1d(pvalue).T, **{"color": COLOURS["blue"]} | style)
    axes.set(ylim=(0.0, 1.02), ylabel="p-value of the hypothesised effect")
    if axes.child_axes:
        # A second curve on the same axes: the right axis is there.
        return axes
    bits = axes.secondary_yaxis("right")
    bits.set_yticks([1.0, 0.5, 0.25, 0.125, 0.0625], ["0", "1", "2", "3", "4"])
    bits.set_ylabel("S-value against it (bits)")
    bits.spines["right"].set_visible(True)
    return axes


def plot_limits(limits: MeanLimits | Mapping[str, Any], *, ax: Axes | None = None, **style: Any) -> Axes:
    """Draw the interval of a difference of means on every split as a band over the size of the first group.

    Parameters
    ----------
    limits : MeanLimits or mapping
        The limits of each split, or their columns n1, low_min and high_max.
    ax : Axes, optional
        Where to draw; a new figure if not given.
    **style
        Passed on to ``Axes.fill_between``.

    Returns
    -------
    Axes
        The axes. The band runs from the smallest lower to the largest upper limit that print so.

    Examples
    --------
    >>> import ketastats as ks
    >>> ax = ks.plots.plot_limits(ks.reconstruct.means(n=83, p="0.572").intervals(0.90))
    >>> ax.get_xlabel()
    'People in the smaller group'
    """
    axes = axes_or_new(ax)
    columns = limits if isinstance(limits, Mapping) else limits.to_frame()
    n1, low, high = (np.asarray(columns[name], dtype=float) for name in ("n1", "low_min", "high_max"))
    look: dict[str, Any] = {"color": COLOURS["sky"], "alpha": 0.35, "linewidth": 0.0} | style
    axes.fill_between(n1, low, high, **look)
    axes.axhline(0.0, color=COLOURS["black"], linewidth=0.8)
    axes.set_xlabel("People in the smaller group")
    return axes
