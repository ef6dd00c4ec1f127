"""Bayes factors and compatibility curves, from summaries: one function per noun."""

from ._base import BayesFactor, CompatibilityCurve, IntervalBayesFactor
from ._compatibility import compatibility
from ._correlation import correlation, correlation_jzs
from ._estimate import estimate
from ._log_odds_ratio import log_odds_ratio
from ._means import means, means_interval
from ._proportions import proportions, proportions_interval
from ._replication import replication_estimate, replication_means
from ._reverse import Credibility, PriorRange, credibility, reverse_bayes
from ._robustness import RobustnessRegion, robustness_region
from ._sceptical import ScepticalPValue, sceptical_pvalue
from ._severity import SeverityCurve, severity
from ._sgpv import SecondGenerationP, sgpv, svalue
from ._tables import proportion, tables
from ._telescopes import (
    SmallEffect,
    SmallTelescopes,
    small_effect,
    small_effect_correlation,
    small_telescopes,
    small_telescopes_correlation,
)

__all__ = [
    "BayesFactor",
    "CompatibilityCurve",
    "Credibility",
    "IntervalBayesFactor",
    "PriorRange",
    "RobustnessRegion",
    "ScepticalPValue",
    "SecondGenerationP",
    "SeverityCurve",
    "SmallEffect",
    "SmallTelescopes",
    "compatibility",
    "correlation",
    "correlation_jzs",
    "credibility",
    "estimate",
    "log_odds_ratio",
    "means",
    "means_interval",
    "proportion",
    "proportions",
    "proportions_interval",
    "replication_estimate",
    "replication_means",
    "reverse_bayes",
    "robustness_region",
    "sceptical_pvalue",
    "severity",
    "sgpv",
    "small_effect",
    "small_effect_correlation",
    "small_telescopes",
    "small_telescopes_correlation",
    "svalue",
    "tables",
]
