"""Every data set that would print as reported."""

from ._base import CompatibleSet
from ._counts import CompatibleCounts, counts
from ._means import CompatibleMeans, MeanLimits, means
from ._outcomes import CompatibleOutcomes, outcomes
from ._subgroups import CompatibleSubgroups, subgroups
from ._tables import CompatibleTables, tables

__all__ = [
    "CompatibleCounts",
    "CompatibleMeans",
    "CompatibleOutcomes",
    "CompatibleSet",
    "CompatibleSubgroups",
    "CompatibleTables",
    "MeanLimits",
    "counts",
    "means",
    "outcomes",
    "subgroups",
    "tables",
]
