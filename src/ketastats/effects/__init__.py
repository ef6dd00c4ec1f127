"""Estimates and their intervals, from summaries: one function per noun."""

from ._base import ConfidenceInterval, Estimate
from ._estimate import estimate
from ._means import means
from ._proportions import proportions

__all__ = ["ConfidenceInterval", "Estimate", "estimate", "means", "proportions"]
