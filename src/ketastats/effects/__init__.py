"""Estimates and their intervals, from summaries: one function per noun."""

from ._base import ConfidenceInterval, Estimate
from ._estimate import TEstimate, estimate
from ._means import SMDEstimate, means, smd_from_t
from ._proportions import ProportionEstimate, ProportionsEstimate, proportion, proportions
from ._proportions_test import ChiSquareTest, TableTest, UnconditionalTest, proportions_test
from ._variance import VarianceEstimate, f_from_p, variance_explained

__all__ = [
    "ChiSquareTest",
    "ConfidenceInterval",
    "Estimate",
    "ProportionEstimate",
    "ProportionsEstimate",
    "SMDEstimate",
    "TEstimate",
    "TableTest",
    "UnconditionalTest",
    "VarianceEstimate",
    "estimate",
    "f_from_p",
    "means",
    "proportion",
    "proportions",
    "proportions_test",
    "smd_from_t",
    "variance_explained",
]
