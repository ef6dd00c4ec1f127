"""Power, sample size and detectable effects: one function per noun and question."""

from ._base import DetectableResult, PowerResult, SampleSizeResult
from ._means import FTestPowerResult, f_test, means, means_equivalence
from ._proportions import ProportionsPower, proportions, proportions_equivalence
from ._solve import detectable, sample_size

__all__ = [
    "DetectableResult",
    "FTestPowerResult",
    "PowerResult",
    "ProportionsPower",
    "SampleSizeResult",
    "detectable",
    "f_test",
    "means",
    "means_equivalence",
    "proportions",
    "proportions_equivalence",
    "sample_size",
]
