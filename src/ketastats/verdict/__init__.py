"""The ruling: does a reported result support the conclusion drawn from it?"""

from ._judge import judge
from ._verdict import Ruling, Verdict

__all__ = ["Ruling", "Verdict", "judge"]
