"""Are printed numbers possible together, and under which assumptions?"""

from ._base import Consistency
from ._confidence_interval import confidence_interval
from ._grim import grim
from ._pvalue import pvalue
from ._sizes import denominators, grim_splits

__all__ = [
    "Consistency",
    "confidence_interval",
    "denominators",
    "grim",
    "grim_splits",
    "pvalue",
]
