"""Power, sample size and detectable effects: one function per noun and question."""

from ._assurance import AssuranceResult, assurance
from ._base import DetectableResult, PowerResult, SampleSizeResult
from ._chi_square import ChiSquarePowerResult, chi_square
from ._contrasts_by_time import ContrastPower, groups_by_time_contrast, groups_by_time_contrast_equivalence
from ._coprimary import CoprimaryPower, coprimary_equivalence
from ._correlation import correlation, correlation_equivalence
from ._crossover import bioequivalence, crossover_equivalence
from ._fieller import fieller_equivalence
from ._groups_by_time import GroupsByTimePower, groups_by_time, groups_by_time_equivalence
from ._invert import GroupsDetectableResult, GroupsSizeResult
from ._level import SignificanceLevelResult, significance_level
from ._margins_means import means_minimum_effect, means_noninferiority, means_superiority
from ._margins_proportions import (
    proportions_minimum_effect,
    proportions_noninferiority,
    proportions_ratio_equivalence,
    proportions_superiority,
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
from ._proportion import ProportionPower, proportion_equivalence
from ._proportions import ProportionsPower, proportions, proportions_equivalence
from ._rates import RatesPower, rates
from ._rates_equivalence import rates_equivalence
from ._retrospective import SignificanceErrors, observed, type_s_m
from ._simulated import SimulatedPower, groups_by_time_contrast_equivalence_simulated, groups_by_time_simulated
from ._solve import detectable, sample_size
from ._solve_f import FTestDetectableResult
from ._solve_rates import PersonTimeResult, RateDetectableResult
from ._welch import means_welch_equivalence

__all__ = [
    "AssuranceResult",
    "ChiSquarePowerResult",
    "ContrastPower",
    "CoprimaryPower",
    "DetectableResult",
    "FTestDetectableResult",
    "FTestPowerResult",
    "GroupsByTimePower",
    "GroupsDetectableResult",
    "GroupsSizeResult",
    "OneSampleDetectableResult",
    "OneSamplePowerResult",
    "OneSampleSizeResult",
    "PersonTimeResult",
    "PowerResult",
    "ProportionPower",
    "ProportionsPower",
    "RateDetectableResult",
    "RatesPower",
    "SampleSizeResult",
    "SignificanceErrors",
    "SignificanceLevelResult",
    "SimulatedPower",
    "assurance",
    "bioequivalence",
    "chi_square",
    "coprimary_equivalence",
    "correlation",
    "correlation_equivalence",
    "crossover_equivalence",
    "detectable",
    "f_test",
    "fieller_equivalence",
    "groups_by_time",
    "groups_by_time_contrast",
    "groups_by_time_contrast_equivalence",
    "groups_by_time_contrast_equivalence_simulated",
    "groups_by_time_equivalence",
    "groups_by_time_simulated",
    "means",
    "means_equivalence",
    "means_minimum_effect",
    "means_noninferiority",
    "means_superiority",
    "means_welch_equivalence",
    "observed",
    "one_sample",
    "one_sample_equivalence",
    "paired",
    "paired_equivalence",
    "proportion_equivalence",
    "proportions",
    "proportions_equivalence",
    "proportions_minimum_effect",
    "proportions_noninferiority",
    "proportions_ratio_equivalence",
    "proportions_superiority",
    "rates",
    "rates_equivalence",
    "sample_size",
    "significance_level",
    "type_s_m",
]
