"""Every data set that would print as reported."""

from ._base import CompatibleSet
from ._counts import CompatibleCounts, counts
from ._means import CompatibleMeans, MeanLimits, means
from ._outcomes import CompatibleOutcomes, outcomes
from ._tables import CompatibleTables, tables

__all__ = [
    "CompatibleCounts",
    "CompatibleMeans",
    "CompatibleOutcomes",
    "CompatibleSet",
    "CompatibleTables",
    "MeanLimits",
    "counts",
    "means",
    "outcomes",
    "tables",
]
