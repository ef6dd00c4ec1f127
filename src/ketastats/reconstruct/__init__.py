"""Every data set that would print as reported."""

from ._base import CompatibleSet
from ._contingency.contingency import CompatibleContingency, contingency
from ._means.anova import CompatibleAnova, anova
from ._means.change import CompatibleChange, change
from ._means.change_limits import ChangeLimits
from ._means.means import CompatibleMeans, MeanLimits, means
from ._means.quantiles import CompatibleQuantiles, quantiles
from ._outcomes.outcomes import CompatibleOutcomes, outcomes
from ._samples.compatible import CompatibleSamples
from ._samples.groups import CompatibleSampleGroups, sample_groups
from ._samples.samples import horns, sample_exists, samples
from ._subgroups.subgroups import CompatibleSubgroups, subgroups
from ._tables.confusion import CompatibleConfusions, confusion
from ._tables.counts import CompatibleCounts, counts
from ._tables.tables import CompatibleTables, tables

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
