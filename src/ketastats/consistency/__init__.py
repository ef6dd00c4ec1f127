"""Are printed numbers possible together, and under which assumptions?"""

from ._base import Consistency
from ._change_sd import change_sd
from ._confidence_interval import confidence_interval
from ._debit import binary_sd, debit
from ._effect_size import effect_size
from ._grim import grim
from ._grimmer import AdmissibleSums, admissible_sums, grimmer
from ._limits import SdLimits, sd_limits
from ._proportion_interval import proportion_interval
from ._pvalue import pvalue
from ._quantiles import quantiles
from ._sizes import denominators, grim_splits
from ._total import total
from ._u import grim_u
from ._u_pvalue import u_pvalue

__all__ = [
    "AdmissibleSums",
    "Consistency",
    "SdLimits",
    "admissible_sums",
    "binary_sd",
    "change_sd",
    "confidence_interval",
    "debit",
    "denominators",
    "effect_size",
    "grim",
    "grim_splits",
    "grim_u",
    "grimmer",
    "proportion_interval",
    "pvalue",
    "quantiles",
    "sd_limits",
    "total",
    "u_pvalue",
]
