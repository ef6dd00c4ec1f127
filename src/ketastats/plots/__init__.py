"""Drawings of results: each takes a result and axes, computes nothing, and returns the axes."""

from ._curves import plot_compatibility, plot_limits
from ._power import plot_power, plot_sample_sizes
from ._style import COLOURS, RULING_COLOURS, figure, save, style

__all__ = [
    "COLOURS",
    "RULING_COLOURS",
    "figure",
    "plot_compatibility",
    "plot_limits",
    "plot_power",
    "plot_sample_sizes",
    "save",
    "style",
]
