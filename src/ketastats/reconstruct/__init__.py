"""Every data set that would print as reported."""

from ._base import CompatibleSet
from ._confusion import CompatibleConfusions, confusion
from ._counts import CompatibleCounts, counts
from ._means import CompatibleMeans, MeanLimits, means
from ._outcomes import CompatibleOutcomes, outcomes
from ._subgroups import CompatibleSubgroups, subgroups
from ._tables import CompatibleTables, tables

__all__ = [
    "CompatibleConfusions",
    "CompatibleCounts",
    "CompatibleMeans",
    "CompatibleOutcomes",
    "CompatibleSet",
    "CompatibleSubgroups",
    "CompatibleTables",
    "MeanLimits",
    "confusion",
    "counts",
    "means",
    "outcomes",
    "subgroups",
    "tables",
]
