"""Bayes factors and compatibility curves, from summaries: one function per noun."""

from ._base import BayesFactor, CompatibilityCurve
from ._compatibility import compatibility
from ._estimate import estimate
from ._means import means
from ._proportions import proportions

__all__ = ["BayesFactor", "CompatibilityCurve", "compatibility", "estimate", "means", "proportions"]
