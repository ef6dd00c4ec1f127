"""Equivalence tests, from summaries: one function per noun."""

from ._base import EquivalenceResult
from ._estimate import estimate
from ._means import means, smd_from_t
from ._proportions import proportions

__all__ = ["EquivalenceResult", "estimate", "means", "proportions", "smd_from_t"]
