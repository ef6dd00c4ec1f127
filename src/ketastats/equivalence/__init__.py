"""Equivalence tests, from summaries: one function per noun."""

from ._base import EquivalenceResult
from ._conditional import ConditionalResult, conditional
from ._correlation import correlation
from ._counts import paired_proportions, rates
from ._estimate import estimate
from ._means import means, smd_from_t
from ._one_sided import NoninferiorityResult, SuperiorityResult, noninferiority, superiority
from ._paired import one_sample, paired, smd_z_from_t
from ._positions import Position, Positions, positions
from ._proportions import proportions
from ._questions import MinimumEffectResult, minimum_effect, tost
from ._samples import correlation_from_samples, means_from_samples, one_sample_from_samples, paired_from_samples
from ._standardised import mean_ratio, mean_ratio_paired, standardised_means
from ._variance import variance_explained

__all__ = [
    "ConditionalResult",
    "EquivalenceResult",
    "MinimumEffectResult",
    "NoninferiorityResult",
    "Position",
    "Positions",
    "SuperiorityResult",
    "conditional",
    "correlation",
    "correlation_from_samples",
    "estimate",
    "mean_ratio",
    "mean_ratio_paired",
    "means",
    "means_from_samples",
    "minimum_effect",
    "noninferiority",
    "one_sample",
    "one_sample_from_samples",
    "paired",
    "paired_from_samples",
    "paired_proportions",
    "positions",
    "proportions",
    "rates",
    "smd_from_t",
    "smd_z_from_t",
    "standardised_means",
    "superiority",
    "tost",
    "variance_explained",
]
