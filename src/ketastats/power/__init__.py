"""Power, sample size and detectable effects: one function per noun and question."""

from ._assurance import AssuranceResult, assurance
from ._assurance_proportions import ProportionsAssurance, assurance_proportions
from ._base import DetectableResult, PowerResult, SampleSizeResult
from ._chi_square import ChiSquarePowerResult, chi_square
from ._contrasts_by_time import ContrastPower, groups_by_time_contrast, groups_by_time_contrast_equivalence
from ._coprimary import CoprimaryPower, coprimary_equivalence
from ._correlation import correlation, correlation_equivalence
from ._correlation_margins import correlation_minimum_effect, correlation_noninferiority, correlation_superiority
from ._crossover import bioequivalence, crossover_equivalence
from ._estimate import (
    EstimatePower,
    estimate,
    estimate_equivalence,
    estimate_minimum_effect,
    estimate_noninferiority,
    estimate_superiority,
)
from ._f_margins import f_test_equivalence, f_test_minimum_effect
from ._fieller import fieller_equivalence
from ._groups_by_time import GroupsByTimePower, groups_by_time, groups_by_time_equivalence
from ._invert import EstimateDetectableResult, GroupsDetectableResult, GroupsSizeResult
from ._level import SignificanceLevelResult, significance_level
from ._margins_means import means_minimum_effect, means_noninferiority, means_superiority
from ._margins_one_sample import (
    one_sample_minimum_effect,
    one_sample_noninferiority,
    one_sample_superiority,
    paired_minimum_effect,
    paired_noninferiority,
    paired_superiority,
)
from ._margins_proportions import (
    proportions_minimum_effect,
    proportions_noninferiority,
    proportions_ratio_equivalence,
    proportions_superiority,
)
from ._mean_ratio import (
    mean_ratio,
    mean_ratio_equivalence,
    mean_ratio_minimum_effect,
    mean_ratio_noninferiority,
    mean_ratio_superiority,
)
from ._means import FTestPowerResult, f_test, means, means_equivalence
from ._one_sample import (
    OneSampleDetectableResult,
    OneSamplePowerResult,
    OneSampleSizeResult,
    one_sample,
    one_sample_equivalence,
)
from ._paired import paired, paired_equivalence
from ._paired_counts import PairedProportionsPower
from ._paired_proportions import (
    paired_proportions,
    paired_proportions_equivalence,
    paired_proportions_minimum_effect,
    paired_proportions_noninferiority,
    paired_proportions_superiority,
)
from ._proportion import ProportionPower, proportion_equivalence
from ._proportion_questions import (
    proportion,
    proportion_minimum_effect,
    proportion_noninferiority,
    proportion_superiority,
)
from ._proportions import ProportionsPower, proportions, proportions_equivalence
from ._rates import RatesPower, rates
from ._rates_equivalence import rates_equivalence
from ._rates_margins import rates_minimum_effect, rates_noninferiority, rates_superiority
from ._retrospective import SignificanceErrors, observed, type_s_m
from ._simulated import SimulatedPower, groups_by_time_contrast_equivalence_simulated, groups_by_time_simulated
from ._smd import smd_equivalence, smd_minimum_effect, smd_noninferiority, smd_superiority
from ._solve import detectable, sample_size
from ._solve_f import FTestDetectableResult
from ._solve_rates import PersonTimeResult, RateDetectableResult
from ._welch import means_welch_equivalence
from ._welch_questions import (
    means_welch,
    means_welch_minimum_effect,
    means_welch_noninferiority,
    means_welch_superiority,
)

__all__ = [
    "AssuranceResult",
    "ChiSquarePowerResult",
    "ContrastPower",
    "CoprimaryPower",
    "DetectableResult",
    "EstimateDetectableResult",
    "EstimatePower",
    "FTestDetectableResult",
    "FTestPowerResult",
    "GroupsByTimePower",
    "GroupsDetectableResult",
    "GroupsSizeResult",
    "OneSampleDetectableResult",
    "OneSamplePowerResult",
    "OneSampleSizeResult",
    "PairedProportionsPower",
    "PersonTimeResult",
    "PowerResult",
    "ProportionPower",
    "ProportionsAssurance",
    "ProportionsPower",
    "RateDetectableResult",
    "RatesPower",
    "SampleSizeResult",
    "SignificanceErrors",
    "SignificanceLevelResult",
    "SimulatedPower",
    "assurance",
    "assurance_proportions",
    "bioequivalence",
    "chi_square",
    "coprimary_equivalence",
    "correlation",
    "correlation_equivalence",
    "correlation_minimum_effect",
    "correlation_noninferiority",
    "correlation_superiority",
    "crossover_equivalence",
    "detectable",
    "estimate",
    "estimate_equivalence",
    "estimate_minimum_effect",
    "estimate_noninferiority",
    "estimate_superiority",
    "f_test",
    "f_test_equivalence",
    "f_test_minimum_effect",
    "fieller_equivalence",
    "groups_by_time",
    "groups_by_time_contrast",
    "groups_by_time_contrast_equivalence",
    "groups_by_time_contrast_equivalence_simulated",
    "groups_by_time_equivalence",
    "groups_by_time_simulated",
    "mean_ratio",
    "mean_ratio_equivalence",
    "mean_ratio_minimum_effect",
    "mean_ratio_noninferiority",
    "mean_ratio_superiority",
    "means",
    "means_equivalence",
    "means_minimum_effect",
    "means_noninferiority",
    "means_superiority",
    "means_welch",
    "means_welch_equivalence",
    "means_welch_minimum_effect",
    "means_welch_noninferiority",
    "means_welch_superiority",
    "observed",
    "one_sample",
    "one_sample_equivalence",
    "one_sample_minimum_effect",
    "one_sample_noninferiority",
    "one_sample_superiority",
    "paired",
    "paired_equivalence",
    "paired_minimum_effect",
    "paired_noninferiority",
    "paired_proportions",
    "paired_proportions_equivalence",
    "paired_proportions_minimum_effect",
    "paired_proportions_noninferiority",
    "paired_proportions_superiority",
    "paired_superiority",
    "proportion",
    "proportion_equivalence",
    "proportion_minimum_effect",
    "proportion_noninferiority",
    "proportion_superiority",
    "proportions",
    "proportions_equivalence",
    "proportions_minimum_effect",
    "proportions_noninferiority",
    "proportions_ratio_equivalence",
    "proportions_superiority",
    "rates",
    "rates_equivalence",
    "rates_minimum_effect",
    "rates_noninferiority",
    "rates_superiority",
    "sample_size",
    "significance_level",
    "smd_equivalence",
    "smd_minimum_effect",
    "smd_noninferiority",
    "smd_superiority",
    "type_s_m",
]
