"""Bayes factors and compatibility curves, from summaries: one function per noun."""

from ._base import BayesFactor, CompatibilityCurve, IntervalBayesFactor
from ._compatibility import compatibility
from ._estimate import estimate
from ._means import means, means_interval
from ._proportions import proportions, proportions_interval

__all__ = [
    "BayesFactor",
    "CompatibilityCurve",
    "IntervalBayesFactor",
    "compatibility",
    "estimate",
    "means",
    "means_interval",
    "proportions",
    "proportions_interval",
]
