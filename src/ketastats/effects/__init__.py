"""Estimates and their intervals, from summaries: one function per noun."""

from ._base import ConfidenceInterval, Estimate
from ._estimate import TEstimate, estimate
from ._means import SMDEstimate, means, smd_from_t
from ._proportions import ProportionEstimate, ProportionsEstimate, proportion, proportions

__all__ = [
    "ConfidenceInterval",
    "Estimate",
    "ProportionEstimate",
    "ProportionsEstimate",
    "SMDEstimate",
    "TEstimate",
    "estimate",
    "means",
    "proportion",
    "proportions",
    "smd_from_t",
]
