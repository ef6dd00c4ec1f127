"""Every data set that would print as reported."""

from ._base import CompatibleSet
from ._means import CompatibleMeans, MeanLimits, means
from ._outcomes import CompatibleOutcomes, outcomes
from ._tables import CompatibleTables, tables

__all__ = [
    "CompatibleMeans",
    "CompatibleOutcomes",
    "CompatibleSet",
    "CompatibleTables",
    "MeanLimits",
    "means",
    "outcomes",
    "tables",
]
