"""Are printed numbers possible together, and under which assumptions?"""

from ._base import Consistency
from ._grim import grim
from ._pvalue import pvalue
from ._sizes import denominators, grim_splits

__all__ = [
    "Consistency",
    "denominators",
    "grim",
    "grim_splits",
    "pvalue",
]
