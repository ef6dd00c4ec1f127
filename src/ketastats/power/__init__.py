"""Power, sample size and detectable effects: one function per noun and question."""

from ._base import DetectableResult, PowerResult, SampleSizeResult
from ._correlation import correlation, correlation_equivalence
from ._means import FTestPowerResult, f_test, means, means_equivalence
from ._one_sample import (
    OneSampleDetectableResult,
    OneSamplePowerResult,
    OneSampleSizeResult,
    one_sample,
    one_sample_equivalence,
)
from ._paired import paired, paired_equivalence
from ._proportions import ProportionsPower, proportions, proportions_equivalence
from ._solve import detectable, sample_size

__all__ = [
    "DetectableResult",
    "FTestPowerResult",
    "OneSampleDetectableResult",
    "OneSamplePowerResult",
    "OneSampleSizeResult",
    "PowerResult",
    "ProportionsPower",
    "SampleSizeResult",
    "correlation",
    "correlation_equivalence",
    "detectable",
    "f_test",
    "means",
    "means_equivalence",
    "one_sample",
    "one_sample_equivalence",
    "paired",
    "paired_equivalence",
    "proportions",
    "proportions_equivalence",
    "sample_size",
]
