"""Drawings of results: each takes a result and axes, computes nothing, and returns the axes."""

from ._style import COLOURS, RULING_COLOURS, figure, save, style

__all__ = ["COLOURS", "RULING_COLOURS", "figure", "save", "style"]
