"""Are printed numbers possible together, and under which assumptions?"""

from ._base import Consistency
from ._confidence_interval import confidence_interval
from ._debit import binary_sd, debit
from ._grim import grim
from ._grimmer import AdmissibleSums, admissible_sums, grimmer
from ._pvalue import pvalue
from ._sizes import denominators, grim_splits

__all__ = [
    "AdmissibleSums",
    "Consistency",
    "admissible_sums",
    "binary_sd",
    "confidence_interval",
    "debit",
    "denominators",
    "grim",
    "grim_splits",
    "grimmer",
    "pvalue",
]
