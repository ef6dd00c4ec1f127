"""Are printed numbers possible together, and under which assumptions?"""

from ._base import Consistency
from ._pvalue import pvalue

__all__ = [
    "Consistency",
    "pvalue",
]
