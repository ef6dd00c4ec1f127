"""Every data set that would print as reported."""

from ._anova import CompatibleAnova, anova
from ._base import CompatibleSet
from ._change import CompatibleChange, change
from ._change_limits import ChangeLimits
from ._confusion import CompatibleConfusions, confusion
from ._contingency import CompatibleContingency, contingency
from ._counts import CompatibleCounts, counts
from ._means import CompatibleMeans, MeanLimits, means
from ._outcomes import CompatibleOutcomes, outcomes
from ._quantiles import CompatibleQuantiles, quantiles
from ._sample_groups import CompatibleSampleGroups, sample_groups
from ._sample_set import CompatibleSamples
from ._samples import horns, sample_exists, samples
from ._subgroups import CompatibleSubgroups, subgroups
from ._tables import CompatibleTables, tables

__all__ = [
    "ChangeLimits",
    "CompatibleAnova",
    "CompatibleChange",
    "CompatibleConfusions",
    "CompatibleContingency",
    "CompatibleCounts",
    "CompatibleMeans",
    "CompatibleOutcomes",
    "CompatibleQuantiles",
    "CompatibleSampleGroups",
    "CompatibleSamples",
    "CompatibleSet",
    "CompatibleSubgroups",
    "CompatibleTables",
    "MeanLimits",
    "anova",
    "change",
    "confusion",
    "contingency",
    "counts",
    "horns",
    "means",
    "outcomes",
    "quantiles",
    "sample_exists",
    "sample_groups",
    "samples",
    "subgroups",
    "tables",
]
