"""Drawings of results: each takes a result and axes, computes nothing, and returns the axes."""

from ._claims import plot_claims
from ._curves import plot_compatibility, plot_limits
from ._forest import plot_forest
from ._power import plot_power, plot_power_surface
from ._robustness import plot_robustness
from ._rulings import plot_ruling_key, plot_rulings
from ._sample_sizes import plot_sample_size_curve, plot_sample_sizes
from ._style import COLOURS, RULING_COLOURS, figure, save, style
from ._tables import plot_tables

__all__ = [
    "COLOURS",
    "RULING_COLOURS",
    "figure",
    "plot_claims",
    "plot_compatibility",
    "plot_forest",
    "plot_limits",
    "plot_power",
    "plot_power_surface",
    "plot_robustness",
    "plot_ruling_key",
    "plot_rulings",
    "plot_sample_size_curve",
    "plot_sample_sizes",
    "plot_tables",
    "save",
    "style",
]
